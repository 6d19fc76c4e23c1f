//! Mergeable statistics of outputs, in memory that does not grow with the number of runs.
//!
//! *Takes* blocks of output values and ranks of inputs, *gives* counts, exact sums, a quantile sketch and conditional
//! means, *knows nothing of* where the runs came from. Merging is commutative and associative to the bit: counts are
//! integers, sums of each block are kept exactly, deviations in fixed point.

mod block;
mod cell;
mod classes;
mod codec;
mod conditional;
mod digests;
mod exact_sum;
mod grid;
mod grouping;
mod moments;
mod rank_bins;
mod rank_sums;
mod ranks;
mod resolution;
mod run_set;
mod shape;
mod sketch;

pub use cell::{CellTally, NonFinite};
pub use codec::{Malformed, Reader, Writer};
pub use conditional::{Bin, Conditional};
pub use digests::Digests;
pub use exact_sum::ExactSum;
pub use grouping::Grouping;
pub use moments::{MomentSums, Moments};
pub use rank_bins::RankBins;
pub use ranks::{RankBlock, Ranks};
pub use resolution::{Resolution, Scale};
pub use run_set::RunSet;
pub use shape::Shape;
pub use sketch::{Sketch, SketchBin};

/// Most runs of a simulation: the sum of so many ranks of 16 bits fits in 64, wherever they fall.
pub const MOST_RUNS: u64 = 100_000_000_000_000;

/// Everything that is remembered of a set of runs: a tally a reported cell and one a tornado.
///
/// ```
/// use riskband::tally::{CellTally, Shape, Tally};
/// let shape = Shape::from_pilot(&mut [1.0, 2.0, 3.0, 4.0]);
/// let mut left = Tally { cells: vec![CellTally::new(shape)], conditionals: vec![] };
/// let mut right = left.clone();
/// left.cells[0].add(0, &[1.0, 2.0]);
/// right.cells[0].add(2, &[3.0, 4.0]);
/// left.merge(&right);
/// assert_eq!(left.cells[0].moments().mean, Some(2.5));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// One a reported cell.
    pub cells: Vec<CellTally>,
    /// One a tornado.
    pub conditionals: Vec<Conditional>,
}

impl Tally {
    /// Moves everything that waits in short counters to the totals: to be called before a tally is read or merged.
    pub fn settle(&mut self) {
        self.conditionals.iter_mut().for_each(Conditional::settle);
    }

    /// Adds another tally of the same scenario and seed; any order gives the same bits.
    pub fn merge(&mut self, other: &Tally) {
        for (mine, theirs) in self.cells.iter_mut().zip(&other.cells) {
            mine.merge(theirs);
        }
        for (mine, theirs) in self.conditionals.iter_mut().zip(&other.conditionals) {
            mine.merge(theirs);
        }
    }
}
