//! A cell: counts, extremes, sums, sketch.

use super::{Malformed, Reader, Writer};
use crate::tally::{CellTally, ExactSum, MomentSums, NonFinite, Sketch};

impl CellTally {
    pub(super) fn write(&self, to: &mut Writer) {
        self.non_finite.write(to);
        self.sums.write(to);
        self.sketch.write(to);
    }

    pub(super) fn read(&mut self, from: &mut Reader<'_>) -> Result<(), Malformed> {
        self.non_finite = NonFinite::read(from)?;
        self.sums = MomentSums::read(from)?;
        self.sketch.read(from)
    }
}

impl NonFinite {
    /// The count and, where it is not 0, the first run.
    pub fn write(&self, to: &mut Writer) {
        to.count(self.count);
        if self.count > 0 {
            to.count(self.first_run.unwrap_or(0));
        }
    }

    /// # Errors
    /// When the bytes are no such counts.
    pub fn read(from: &mut Reader<'_>) -> Result<NonFinite, Malformed> {
        let count = from.count()?;
        let first_run = if count > 0 { Some(from.count()?) } else { None };
        Ok(NonFinite { count, first_run })
    }
}

impl MomentSums {
    fn write(&self, to: &mut Writer) {
        to.count(self.count);
        let (min, max) = self.extremes();
        to.float(min);
        to.float(max);
        self.totals.iter().for_each(|total| total.write(to));
    }

    fn read(from: &mut Reader<'_>) -> Result<MomentSums, Malformed> {
        let mut sums = MomentSums { count: from.count()?, ..MomentSums::default() };
        sums.min = from.float()?;
        sums.max = from.float()?;
        if sums.min.is_nan() || sums.max.is_nan() {
            return Err(from.malformed());
        }
        for total in &mut sums.totals {
            *total = ExactSum::read(from)?;
        }
        Ok(sums)
    }
}

impl ExactSum {
    /// Whether a term was not finite, the place of the first digit that is not 0, how many digits follow, the digits.
    fn write(&self, to: &mut Writer) {
        let digits = self.canonical();
        let first = digits.iter().position(|&digit| digit != 0).unwrap_or(0);
        let end = digits.iter().rposition(|&digit| digit != 0).map_or(first, |last| last + 1);
        to.count(self.is_not_finite().into());
        to.count(first as u64);
        to.count((end - first) as u64);
        digits[first..end].iter().for_each(|&digit| to.signed(digit.into()));
    }

    fn read(from: &mut Reader<'_>) -> Result<ExactSum, Malformed> {
        let not_finite = match from.count()? {
            0 => false,
            1 => true,
            _ => return Err(from.malformed()),
        };
        let first = usize::try_from(from.count()?).unwrap_or(usize::MAX);
        let length = from.length()?;
        let mut digits = Vec::with_capacity(length);
        for _ in 0..length {
            digits.push(i64::try_from(from.signed()?).map_err(|_| from.malformed())?);
        }
        ExactSum::from_canonical(first, &digits, not_finite).ok_or(from.malformed())
    }
}

impl Sketch {
    /// The bins that hold runs, each as its distance from the one before and its count; of a sketch with atoms then
    /// the least and greatest value of each of them.
    fn write(&self, to: &mut Writer) {
        let totals = self.totals();
        to.count(totals.len() as u64);
        let mut before = 0;
        for &(bin, count) in &totals {
            to.signed(i128::from(bin) - i128::from(before));
            to.count(count);
            before = bin;
        }
        to.count(self.extremes.len() as u64);
        for (index, seen) in &self.extremes {
            to.signed((*index).into());
            to.float(seen.0);
            to.float(seen.1);
        }
    }

    fn read(&mut self, from: &mut Reader<'_>) -> Result<(), Malformed> {
        let mut bin = 0;
        let length = from.length()?;
        let mut totals = Vec::with_capacity(length);
        for _ in 0..length {
            let next = i128::from(bin) + from.signed()?;
            bin = i64::try_from(next).map_err(|_| from.malformed())?;
            if totals.last().is_some_and(|&(before, _)| before >= bin) {
                return Err(from.malformed());
            }
            totals.push((bin, from.count()?));
        }
        let length = from.length()?;
        let mut extremes = Vec::with_capacity(length);
        for _ in 0..length {
            let bin = i64::try_from(from.signed()?).map_err(|_| from.malformed())?;
            let seen = (from.float()?, from.float()?);
            if seen.0.is_nan() || seen.1.is_nan() || seen.0 > seen.1 {
                return Err(from.malformed());
            }
            extremes.push((bin, seen));
        }
        if !self.add_totals(&totals, &extremes) {
            return Err(from.malformed());
        }
        Ok(())
    }
}
