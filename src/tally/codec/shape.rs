//! The shape of an output: where its bins lie.

use super::Writer;
use crate::tally::{Scale, Shape};

impl Shape {
    /// Centre, spread, the split of the bins, anchor and scale below and above it, then the atoms and the class edges,
    /// each led by its number.
    pub fn write(&self, to: &mut Writer) {
        to.float(self.centre);
        to.float(self.spread);
        to.float(self.resolution.split);
        for Scale { anchor, scale } in [self.resolution.low, self.resolution.high] {
            to.float(anchor);
            to.float(scale);
        }
        for values in [&self.atoms, &self.class_edges] {
            to.count(values.len() as u64);
            values.iter().for_each(|&value| to.float(value));
        }
    }
}
