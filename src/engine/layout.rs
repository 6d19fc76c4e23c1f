//! How the runs of a simulation are parted into what is tallied together.

use crate::program::BLOCK;
use crate::sampling::Design;

/// Design and number of runs: what fixes which runs are tallied together.
///
/// The runs come in portions, each with a tally of its own: of a designed simulation its replicates; of a Monte Carlo
/// simulation the whole blocks and the rest behind them, so that a longer simulation can go on from the whole blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    design: Design,
    runs: u64,
}

impl Layout {
    /// `runs` is that of the design, where it has one.
    pub fn new(design: Design, runs: u64) -> Layout {
        Layout { design, runs }
    }

    pub fn design(&self) -> Design {
        self.design
    }

    /// Runs of the whole simulation.
    pub fn runs(&self) -> u64 {
        self.runs
    }

    /// Number of portions.
    pub fn portions(&self) -> u64 {
        match self.design {
            Design::MonteCarlo => 2,
            _ => self.design.replicates(),
        }
    }

    /// First run of a portion; of the one after the last: the number of runs.
    pub fn start(&self, portion: u64) -> u64 {
        match (self.design, portion) {
            (Design::MonteCarlo, 0) => 0,
            (Design::MonteCarlo, 1) => self.runs / BLOCK as u64 * BLOCK as u64,
            (Design::MonteCarlo, _) => self.runs,
            (design, _) => design.start(portion),
        }
    }

    /// The portion of a run.
    pub fn portion(&self, run: u64) -> u64 {
        match self.design {
            Design::MonteCarlo => u64::from(run >= self.start(1)),
            design => design.replicate(run),
        }
    }

    /// Blocks of the whole simulation, the last one perhaps not full.
    pub fn blocks(&self) -> u64 {
        self.runs.div_ceil(BLOCK as u64)
    }
}
