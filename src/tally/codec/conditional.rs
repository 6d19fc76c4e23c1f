//! What a tornado is made of.

use super::{Malformed, Reader, Writer};
use crate::tally::Conditional;

impl Conditional {
    /// For each input: runs of each bin, then 0 or, where all values could be summed, 1 and the sum of each bin. Then
    /// the sums of ranks, row by row.
    pub(super) fn write(&self, to: &mut Writer) {
        for input in &self.inputs {
            input.counts.iter().for_each(|&count| to.count(count));
            to.count(input.totals.is_some().into());
            input.totals.iter().flatten().for_each(|&total| to.signed(total));
        }
        self.ranks.as_flattened().iter().for_each(|&sum| to.count(sum));
    }

    pub(super) fn read(&mut self, from: &mut Reader<'_>) -> Result<(), Malformed> {
        for input in &mut self.inputs {
            for count in &mut input.counts {
                *count = from.count()?;
            }
            match (from.count()?, &mut input.totals) {
                (0, totals) => *totals = None,
                (1, Some(totals)) => {
                    for total in totals {
                        *total = from.signed()?;
                    }
                }
                _ => return Err(from.malformed()),
            }
        }
        for sum in self.ranks.as_flattened_mut() {
            *sum = from.count()?;
        }
        Ok(())
    }
}
