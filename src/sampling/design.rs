//! Sampling designs: how the runs cover the unit cube of all positions.

use super::Key;
use super::hypercube::Hypercube;
use super::sobol::{self, Net};
use super::stream::{Layout, Stream};

/// Independent parts of a design, whose spread is the error of what they give together.
pub const REPLICATES: u64 = 8;

/// Most runs of a design other than Monte Carlo: beyond, strata are narrower than the step of a word.
pub const MOST_DESIGNED_RUNS: u64 = 1 << 32;

/// How the runs of a simulation are laid out; but for Monte Carlo their number is part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Design {
    /// Every position drawn for itself.
    MonteCarlo,
    /// Each input has one run in each of as many equally likely strata as there are runs.
    Hypercube { runs: u64 },
    /// A scrambled digital net a replicate.
    Sobol { runs: u64 },
}

/// One axis of the unit cube: an input element, or something random that several inputs share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coordinate {
    pub key: Key,
    /// Which dimension of a Sobol' sequence it gets ([`super::dimensions`]).
    pub dimension: usize,
}

impl Design {
    /// The word of the command line.
    pub fn name(self) -> &'static str {
        match self {
            Design::MonteCarlo => "mc",
            Design::Hypercube { .. } => "lhs",
            Design::Sobol { .. } => "sobol",
        }
    }

    /// The design of that name with so many runs.
    pub fn named(name: &str, runs: u64) -> Option<Design> {
        let designs = [Design::MonteCarlo, Design::Hypercube { runs }, Design::Sobol { runs }];
        designs.into_iter().find(|design| design.name() == name)
    }

    /// Most coordinates a scenario may have; `None` for any number.
    pub fn most_dimensions(self) -> Option<usize> {
        matches!(self, Design::Sobol { .. }).then_some(sobol::DIMENSIONS)
    }

    /// The parts whose results are compared for the error: one for Monte Carlo.
    pub fn replicates(self) -> u64 {
        if self == Design::MonteCarlo { 1 } else { REPLICATES }
    }

    /// First run of a replicate; of the one after the last: the number of runs.
    pub fn start(self, replicate: u64) -> u64 {
        match self {
            Design::MonteCarlo if replicate == 0 => 0,
            Design::MonteCarlo => u64::MAX,
            Design::Hypercube { runs } | Design::Sobol { runs } => start(runs, replicate),
        }
    }

    /// The replicate of a run.
    pub fn replicate(self, run: u64) -> u64 {
        match self {
            Design::MonteCarlo => 0,
            Design::Hypercube { runs } | Design::Sobol { runs } => place(runs, run).0,
        }
    }

    /// Where the words of a coordinate come from.
    ///
    /// # Panics
    /// When a Sobol' design is asked for a dimension it does not have ([`Design::most_dimensions`]).
    pub fn stream(self, coordinate: Coordinate) -> Stream {
        let Coordinate { key, dimension } = coordinate;
        let layout = match self {
            Design::MonteCarlo => Layout::Independent,
            Design::Hypercube { runs } => Layout::Hypercube(Hypercube::new(key, runs)),
            Design::Sobol { runs } => Layout::Net(Box::new(Net::new(key, dimension, runs))),
        };
        Stream::new(key, layout)
    }
}

/// First run of a replicate: the first `runs % REPLICATES` have one run more than the others.
pub(super) fn start(runs: u64, replicate: u64) -> u64 {
    replicate * (runs / REPLICATES) + replicate.min(runs % REPLICATES)
}

/// The replicate of a run and its number within it.
pub(super) fn place(runs: u64, run: u64) -> (u64, u64) {
    let (size, longer) = (runs / REPLICATES, runs % REPLICATES);
    let replicate = if run < longer * (size + 1) {
        run / (size + 1)
    } else {
        longer + (run - longer * (size + 1)) / size
    };
    (replicate, run - start(runs, replicate))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn replicates_part_the_runs_and_differ_by_one_at_most() {
        for runs in [1, 7, 8, 9, 1000, 4096, 100_003] {
            let mut sizes = Vec::new();
            for replicate in 0..REPLICATES {
                let (first, next) = (start(runs, replicate), start(runs, replicate + 1));
                sizes.push(next - first);
                for run in
                    [first, next.saturating_sub(1)].into_iter().filter(|run| (first..next).contains(run))
                {
                    assert_eq!(place(runs, run), (replicate, run - first), "{runs} {run}");
                }
            }
            assert_eq!((start(runs, 0), start(runs, REPLICATES)), (0, runs));
            assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= 1);
        }
    }
}
