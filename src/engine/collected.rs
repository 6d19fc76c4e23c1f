//! What is known of a set of runs: the mergeable state of a simulation.

use rayon::prelude::*;

use super::{Layout, Outcome};
use crate::sampling::Design;
use crate::tally::{Digests, NonFinite, RunSet, Tally};

/// The runs that were computed, and for each portion of the layout what is remembered of those in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Collected {
    pub layout: Layout,
    pub runs: RunSet,
    /// One a portion of the layout.
    pub portions: Vec<Portion>,
}

/// What is remembered of the runs of a portion.
#[derive(Clone, Debug, PartialEq)]
pub struct Portion {
    /// Without cells where no run of the portion was computed.
    pub tally: Tally,
    /// Draws whose parameters were outside their domain, one entry a draw of the program; none without runs.
    pub refused: Vec<NonFinite>,
    pub digests: Digests,
}

impl Portion {
    /// Of no runs.
    pub fn empty(layout: Layout) -> Portion {
        let digests = Digests::new(layout.runs(), crate::program::BLOCK as u64);
        Portion { tally: Tally::default(), refused: Vec::new(), digests }
    }

    /// Whether no run of the portion was computed.
    pub fn is_empty(&self) -> bool {
        self.tally.cells.is_empty()
    }

    /// Takes what is remembered of other runs, without a copy where there were none before.
    pub fn take(&mut self, other: Portion) {
        match self.is_empty() {
            true if !other.is_empty() => *self = other,
            _ => self.merge(&other),
        }
    }

    /// Adds what is remembered of other runs, with the help of the other threads where it is done on one of a pool.
    pub fn merge(&mut self, other: &Portion) {
        match (self.is_empty(), other.is_empty()) {
            (_, true) => {}
            (true, false) => self.clone_from(other),
            (false, false) => {
                if rayon::current_thread_index().is_some() {
                    let cells = self.tally.cells.par_iter_mut().zip(&other.tally.cells);
                    cells.for_each(|(mine, theirs)| mine.merge(theirs));
                    let conditionals = self.tally.conditionals.iter_mut().zip(&other.tally.conditionals);
                    conditionals.for_each(|(mine, theirs)| mine.merge(theirs));
                } else {
                    self.tally.merge(&other.tally);
                }
                self.refused.iter_mut().zip(&other.refused).for_each(|(mine, theirs)| mine.merge(theirs));
                self.digests.merge(&other.digests);
            }
        }
    }
}

impl Collected {
    /// Of no runs.
    pub fn empty(layout: Layout) -> Collected {
        let portions = (0..layout.portions()).map(|_| Portion::empty(layout)).collect();
        Collected { layout, runs: RunSet::default(), portions }
    }

    /// Adds what is known of other runs of the same scenario and layout; any order gives the same bits.
    pub fn merge(&mut self, other: &Collected) {
        self.runs.merge(&other.runs);
        self.portions.iter_mut().zip(&other.portions).for_each(|(mine, theirs)| mine.merge(theirs));
    }

    /// The same runs as part of another number of them, as far as they belong to it: of a Monte Carlo simulation the
    /// whole blocks of a longer or equally long one. `None` where nothing can be carried over: runs of a design
    /// depend on how many there are, and a tally cannot be made shorter.
    pub fn carried_to(mut self, layout: Layout) -> Option<Collected> {
        if self.layout == layout {
            return Some(self);
        }
        let independent = [self.layout, layout].iter().all(|layout| layout.design() == Design::MonteCarlo);
        if !independent || layout.runs() < self.layout.runs() {
            return None;
        }
        let mut carried = Collected::empty(layout);
        carried.runs = self.runs.within(0..self.layout.start(1));
        let blocks = &mut self.portions[0];
        blocks.digests = blocks.digests.coarser(carried.portions[0].digests.length());
        carried.portions[0] = blocks.clone();
        Some(carried)
    }

    /// What all portions say together.
    pub fn outcome(self) -> Outcome {
        let layout = self.layout;
        let runs = self.runs;
        let whole = |portion: u64| {
            let (first, end) = (layout.start(portion), layout.start(portion + 1));
            first < end && runs.within(first..end).count() == end - first
        };
        let mut sum = Portion::empty(layout);
        let mut replicates = Vec::new();
        for (number, portion) in (0..).zip(self.portions) {
            if layout.design() == Design::MonteCarlo {
                sum.take(portion);
            } else {
                sum.merge(&portion);
                replicates.extend(whole(number).then_some(portion.tally));
            }
        }
        Outcome { tally: sum.tally, replicates, runs, asked: layout.runs(), refused: sum.refused }
    }

    /// Digests of all runs, by range.
    pub fn digests(&self) -> Digests {
        let mut sum = Portion::empty(self.layout).digests;
        self.portions.iter().for_each(|portion| sum.merge(&portion.digests));
        sum
    }
}
