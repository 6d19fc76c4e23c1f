//! The empirical distribution of an output, read off its sketch.

use super::interval::Interval;
use crate::scenario::Percent;
use crate::tally::{CellTally, SketchBin};

/// Sorted bins with their counts: answers for order statistics, tail means and shares.
#[derive(Clone, Debug)]
pub struct Distribution {
    bins: Vec<SketchBin>,
    /// Runs in all bins before each.
    before: Vec<u64>,
    count: u64,
    min: f64,
    max: f64,
}

impl Distribution {
    /// Of the finite values of a cell.
    pub fn new(tally: &CellTally) -> Distribution {
        let bins = tally.bins();
        let before = bins
            .iter()
            .scan(0, |sum, bin| {
                let here = *sum;
                *sum += bin.count;
                Some(here)
            })
            .collect();
        let (min, max) = tally.extremes();
        Distribution { bins, before, count: tally.count(), min, max }
    }

    /// Number of finite values.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The bins that hold runs, ascending.
    pub fn bins(&self) -> &[SketchBin] {
        &self.bins
    }

    /// Middle of each bin, as far as values were seen there, with its runs; ascending.
    pub fn middles(&self) -> impl DoubleEndedIterator<Item = (f64, u64)> + Clone + '_ {
        self.bins.iter().map(|bin| (self.middle(bin), bin.count))
    }

    /// Middle of a bin, as far as values were seen there.
    pub fn middle(&self, bin: &SketchBin) -> f64 {
        let (low, high) = self.seen(bin);
        0.5 * low + 0.5 * high
    }

    /// Lower and upper edge of a bin, as far as values were seen there.
    pub fn seen(&self, bin: &SketchBin) -> (f64, f64) {
        (bin.low.max(self.min), bin.high.min(self.max))
    }

    /// The bins whose middles lie beyond a bound: below it, or above.
    pub fn beyond(&self, bound: f64, below: bool) -> &[SketchBin] {
        match below {
            true => &self.bins[..self.bins.partition_point(|bin| self.middle(bin) < bound)],
            false => &self.bins[self.bins.partition_point(|bin| self.middle(bin) <= bound)..],
        }
    }

    /// Mean width of some of the bins, each as often as it has runs.
    pub fn mean_width(&self, bins: &[SketchBin]) -> f64 {
        let (width, runs) = bins.iter().fold((0.0, 0), |(width, runs), bin| {
            let (low, high) = self.seen(bin);
            (width + (high - low) * bin.count as f64, runs + bin.count)
        });
        if runs > 0 { width / runs as f64 } else { 0.0 }
    }

    /// Place among the bins of the one that holds the `rank`-th smallest value, 1 ≤ rank ≤ count.
    pub fn bin_of(&self, rank: u64) -> usize {
        self.before.partition_point(|&before| before < rank) - 1
    }

    /// Runs in the bins up to and with the one at a place.
    pub fn count_through(&self, place: usize) -> u64 {
        self.before[place] + self.bins[place].count
    }

    /// Runs in the bins that end at x or below.
    pub fn count_up_to(&self, x: f64) -> u64 {
        let bins = self.bins.partition_point(|bin| bin.high <= x);
        self.before.get(bins).copied().unwrap_or(self.count)
    }

    /// Whether the bin at a place is a value that several runs share.
    pub fn is_atom(&self, place: usize) -> bool {
        let bin = &self.bins[place];
        bin.count > 1 && bin.low == bin.high
    }

    /// Runs up to x if those of a bin lay half on either side of its middle, and half a run on either side of each, all
    /// spread evenly between middles; a value that several runs share stays a step.
    pub fn polygon(&self, x: f64) -> f64 {
        let next = self.bins.partition_point(|bin| self.middle(bin) <= x);
        let half = |place: usize| {
            let beside = if self.is_atom(place) { 0.0 } else { 0.5 * self.bins[place].count as f64 };
            (self.middle(&self.bins[place]), beside)
        };
        let (Some(last), true) = (next.checked_sub(1), next < self.bins.len()) else {
            return if next == 0 { 0.0 } else { self.count as f64 };
        };
        let ((from, beside), (to, ahead)) = (half(last), half(next));
        let (start, end) = (self.count_through(last) as f64 - beside, self.before[next] as f64 + ahead);
        start + (end - start) * ((x - from) / (to - from))
    }

    /// Where the values of two ranks lie for sure: from the lower edge of the one's bin to the upper edge of the other's.
    pub fn between(&self, low: u64, high: u64) -> Interval {
        Interval {
            low: self.seen(&self.bins[self.bin_of(low)]).0,
            high: self.seen(&self.bins[self.bin_of(high)]).1,
        }
    }

    /// The `rank`-th smallest value, 1 ≤ rank ≤ count; within a bin the runs are taken as evenly spread.
    pub fn order_statistic(&self, rank: u64) -> f64 {
        if rank <= 1 {
            return self.min;
        }
        if rank >= self.count {
            return self.max;
        }
        let index = self.bin_of(rank);
        let bin = &self.bins[index];
        let place = ((rank - self.before[index]) as f64 - 0.5) / bin.count as f64;
        (bin.low + place * (bin.high - bin.low)).clamp(self.min, self.max)
    }

    /// Inverse of the empirical cdf at a level: the smallest value with at least that share at or below.
    pub fn percentile(&self, level: Percent) -> f64 {
        self.order_statistic(level.rank(self.count))
    }

    /// Mean of the smallest values, as large a share of all as the level says.
    pub fn mean_below(&self, level: Percent) -> f64 {
        let wanted = level.rank(self.count);
        let last = self.order_statistic(wanted);
        self.mean_of(wanted, last, self.bins.iter()).clamp(self.min, last)
    }

    /// Mean of the largest values, all but as large a share as the level says.
    pub fn mean_above(&self, level: Percent) -> f64 {
        let wanted = level.complement().rank(self.count);
        let first = self.order_statistic(self.count - wanted + 1);
        self.mean_of(wanted, first, self.bins.iter().rev()).clamp(first, self.max)
    }

    /// Mean of the first `wanted` values in the order of `bins`, which come from one end; `nearest` is the last of
    /// them. Distances from it are summed, so that no value far from the tail takes digits away.
    fn mean_of<'a>(
        &self,
        wanted: u64,
        nearest: f64,
        bins: impl Iterator<Item = &'a SketchBin> + Clone,
    ) -> f64 {
        let (mut left, mut sum) = (wanted, 0.0);
        let rising = bins.clone().next().map(|bin| bin.low) == self.bins.first().map(|bin| bin.low);
        for bin in bins {
            let taken = left.min(bin.count);
            let share = taken as f64 / bin.count as f64;
            let (low, high) = self.seen(bin);
            let middle =
                if rising { low + 0.5 * share * (high - low) } else { high - 0.5 * share * (high - low) };
            sum += taken as f64 * (middle - nearest);
            left -= taken;
            if left == 0 {
                break;
            }
        }
        nearest + sum / wanted as f64
    }

    /// Share of the values at or below x.
    pub fn share_up_to(&self, x: f64) -> f64 {
        let index = self.bins.partition_point(|bin| bin.high <= x);
        let whole = self.before.get(index).copied().unwrap_or(self.count) as f64;
        let part = self
            .bins
            .get(index)
            .filter(|bin| bin.low < x)
            .map_or(0.0, |bin| (x - bin.low) / (bin.high - bin.low) * bin.count as f64);
        (whole + part) / self.count as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::Shape;

    fn level(percent: f64) -> Percent {
        Percent::new(percent).unwrap()
    }

    fn of(values: &[f64]) -> Distribution {
        let shape = Shape::from_pilot(&mut values.to_vec());
        let mut tally = CellTally::new(shape);
        tally.add(0, values);
        Distribution::new(&tally)
    }

    #[test]
    fn percentiles_of_counts_are_counts() {
        let values: Vec<f64> = (0..1000).map(|k| f64::from(k % 10)).collect();
        let found = of(&values);
        assert_eq!([10.0, 10.1, 50.0, 99.0].map(|p| found.percentile(level(p))), [0.0, 1.0, 4.0, 9.0]);
        assert_eq!(found.share_up_to(4.0), 0.5);
    }

    #[test]
    fn every_order_statistic_is_within_its_bin() {
        let mut values: Vec<f64> = (0..5000).map(|k| libm::sin(f64::from(k)) * 3.0 + 100.0).collect();
        let found = of(&values);
        values.sort_by(f64::total_cmp);
        for rank in 1..=5000 {
            let error = (found.order_statistic(rank) - values[rank as usize - 1]).abs();
            assert!(error < 8.0 / 4096.0, "rank {rank}: {error}");
        }
    }

    #[test]
    fn tail_means_are_means_of_the_tail() {
        let mut values: Vec<f64> = (0..20_000).map(|k| libm::exp(libm::sin(f64::from(k)))).collect();
        let found = of(&values);
        values.sort_by(f64::total_cmp);
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
        assert!((found.mean_below(level(5.0)) - mean(&values[..1000])).abs() < 2e-4);
        assert!((found.mean_above(level(95.0)) - mean(&values[19_000..])).abs() < 2e-4);
    }

    #[test]
    fn runs_are_spread_from_each_to_the_next_but_for_shared_values() {
        // Three runs at 0, and one each at 1, 3 and 4.
        let shape = Shape::from_pilot(&mut [0.0, 0.0, 0.0, 0.5, 2.0, 9.0]);
        let mut tally = CellTally::new(shape);
        tally.add(0, &[0.0, 4.0, 0.0, 1.0, 0.0, 3.0]);
        let found = Distribution::new(&tally);
        let counts = [-0.1, 0.0, 0.5, 1.0, 2.0, 3.0, 3.5, 4.0].map(|x| found.polygon(x));
        assert_eq!(counts, [0.0, 3.0, 3.25, 3.5, 4.0, 4.5, 5.0, 6.0]);
        assert_eq!([0, 1, 2, 3].map(|place| found.is_atom(place)), [true, false, false, false]);
    }

    #[test]
    fn a_single_value_is_every_percentile() {
        let found = of(&[7.25; 100]);
        let (low, high) = (level(1.0), level(99.9));
        let figures =
            [found.percentile(low), found.percentile(high), found.mean_below(low), found.mean_above(high)];
        assert_eq!(figures, [7.25; 4]);
    }
}
