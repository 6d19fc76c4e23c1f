//! Everything remembered of one reported cell.

use std::cell::RefCell;
use std::sync::Arc;

use super::block::add_and_place;
use super::sketch::CHUNK;
use super::{MomentSums, Moments, Shape, Sketch, SketchBin};

/// Runs whose value was not finite.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NonFinite {
    pub count: u64,
    /// The first such run.
    pub first_run: Option<u64>,
}

impl NonFinite {
    /// Counts the values that are not finite.
    pub fn add(&mut self, first_run: u64, values: &[f64]) {
        for (offset, _) in values.iter().enumerate().filter(|(_, v)| !v.is_finite()) {
            self.count += 1;
            let run = first_run + offset as u64;
            self.first_run = Some(self.first_run.map_or(run, |known| known.min(run)));
        }
    }

    /// Adds the counts of other runs.
    pub fn merge(&mut self, other: &NonFinite) {
        self.count += other.count;
        self.first_run = match (self.first_run, other.first_run) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        };
    }
}

/// Moments, extremes, sketch and non-finite count of one cell of an output.
#[derive(Clone, Debug, PartialEq)]
pub struct CellTally {
    shape: Arc<Shape>,
    pub(super) sums: MomentSums,
    pub(super) sketch: Sketch,
    pub non_finite: NonFinite,
}

thread_local! {
    /// Counters of the block at hand: room to work in.
    static PLACES: RefCell<[u32; CHUNK]> = const { RefCell::new([0; CHUNK]) };
}

impl CellTally {
    /// An empty tally.
    pub fn new(shape: impl Into<Arc<Shape>>) -> CellTally {
        CellTally::among(shape, 1)
    }

    /// The same as one of so many, which share the room for values that wait to be counted.
    pub fn among(shape: impl Into<Arc<Shape>>, cells: usize) -> CellTally {
        let shape = shape.into();
        CellTally {
            sums: MomentSums::default(),
            sketch: Sketch::among(&shape, cells),
            non_finite: NonFinite::default(),
            shape,
        }
    }

    /// About how many bytes the tally of one of so many cells takes after so many runs.
    pub fn memory(cells: usize, runs: u64) -> u64 {
        size_of::<CellTally>() as u64 + Sketch::memory(cells, runs)
    }

    /// Adds the values of consecutive runs from `first_run` on, a block or the part of one that is tallied together.
    pub fn add(&mut self, first_run: u64, values: &[f64]) {
        let (centre, scale) = (self.shape.centre, 1.0 / self.shape.spread);
        let window = self.sketch.window();
        if self.sketch.is_smooth() && window.is_plain(centre, scale) && values.len() <= CHUNK {
            // Sums and bins start from the same deviation: one loop for both.
            let mut running = self.sums.running();
            let taken = PLACES.with_borrow_mut(|places| {
                let places = &mut places[..values.len()];
                let greatest = add_and_place(&mut running, values, centre, scale, &window, places);
                let taken = self.sums.take(&running, values.len());
                if taken {
                    self.sketch.place(values, places, greatest);
                }
                taken
            });
            if taken {
                return;
            }
        }
        if self.sums.add(&self.shape, values) > 0 {
            self.non_finite.add(first_run, values);
        }
        self.sketch.add(&self.shape, values);
    }

    /// See [`super::Tally::merge`].
    pub fn merge(&mut self, other: &CellTally) {
        self.sums.merge(&other.sums);
        self.sketch.merge(&other.sketch);
        self.non_finite.merge(&other.non_finite);
    }

    /// Finite values seen.
    pub fn count(&self) -> u64 {
        self.sums.count
    }

    /// Least and greatest finite value.
    pub fn extremes(&self) -> (f64, f64) {
        self.sums.extremes()
    }

    /// The bins that hold runs, ascending.
    pub fn bins(&self) -> Vec<SketchBin> {
        self.sketch.bins(&self.shape)
    }

    /// Moments about the mean.
    pub fn moments(&self) -> Moments {
        self.sums.moments(&self.shape)
    }
}
