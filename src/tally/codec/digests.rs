//! Digests of the outputs' values.

use std::collections::BTreeMap;

use super::{Malformed, Reader, Writer};
use crate::tally::Digests;

impl Digests {
    /// Runs of a range, number of ranges, then each as its distance from the one before and its digest of 64 bits.
    pub fn write(&self, to: &mut Writer) {
        to.count(self.length());
        to.count(self.sums().len() as u64);
        let mut before = 0;
        for (&range, &sum) in self.sums() {
            to.count(range - before);
            to.word(sum);
            before = range;
        }
    }

    /// # Errors
    /// When the bytes are no digests.
    pub fn read(from: &mut Reader<'_>) -> Result<Digests, Malformed> {
        let length = from.count()?;
        if length == 0 {
            return Err(from.malformed());
        }
        let (mut sums, mut range) = (BTreeMap::new(), 0u64);
        for number in 0..from.length()? {
            let step = from.count()?;
            range = range.checked_add(step).filter(|_| number == 0 || step > 0).ok_or(from.malformed())?;
            sums.insert(range, from.word()?);
        }
        Ok(Digests::from_sums(length, sums))
    }
}
