//! Sets of run numbers, as ranges.

use std::ops::Range;

/// A set of run numbers: disjoint ranges, ascending, none empty, none touching the next.
///
/// ```
/// use riskband::tally::RunSet;
/// let mut done = RunSet::default();
/// done.insert(20..30);
/// done.insert(0..10);
/// done.insert(10..20);
/// assert_eq!(done.ranges(), [0..30]);
/// assert_eq!(done.missing(50).ranges(), [30..50]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RunSet {
    ranges: Vec<Range<u64>>,
}

impl RunSet {
    /// The runs of one range.
    pub fn of(range: Range<u64>) -> RunSet {
        let mut set = RunSet::default();
        set.insert(range);
        set
    }

    /// Its ranges, ascending.
    pub fn ranges(&self) -> &[Range<u64>] {
        &self.ranges
    }

    /// Number of runs.
    pub fn count(&self) -> u64 {
        self.ranges.iter().map(|range| range.end - range.start).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// Adds the runs of a range.
    pub fn insert(&mut self, range: Range<u64>) {
        if range.is_empty() {
            return;
        }
        // The ranges that touch it become one with it.
        let first = self.ranges.partition_point(|known| known.end < range.start);
        let last = self.ranges.partition_point(|known| known.start <= range.end);
        let touched = &self.ranges[first..last.max(first)];
        let start = touched.first().map_or(range.start, |known| known.start.min(range.start));
        let end = touched.last().map_or(range.end, |known| known.end.max(range.end));
        self.ranges.splice(first..last.max(first), std::iter::once(start..end));
    }

    /// Adds the runs of another set.
    pub fn merge(&mut self, other: &RunSet) {
        other.ranges.iter().for_each(|range| self.insert(range.clone()));
    }

    /// The runs that both sets have.
    pub fn common(&self, other: &RunSet) -> RunSet {
        let mut common = RunSet::default();
        for range in &self.ranges {
            common.ranges.extend(other.within(range.clone()).ranges);
        }
        common
    }

    /// The runs of a range that the set has.
    pub fn within(&self, range: Range<u64>) -> RunSet {
        let first = self.ranges.partition_point(|known| known.end <= range.start);
        let touched = self.ranges[first..].iter().take_while(|known| known.start < range.end);
        let cut = touched.map(|known| known.start.max(range.start)..known.end.min(range.end));
        RunSet { ranges: cut.filter(|range| !range.is_empty()).collect() }
    }

    /// The runs 0 … `runs` − 1 that the set does not have.
    pub fn missing(&self, runs: u64) -> RunSet {
        let mut missing = RunSet::default();
        let mut next = 0;
        for range in &self.ranges {
            missing.insert(next..range.start.min(runs));
            next = range.end;
        }
        missing.insert(next..runs.max(next));
        missing
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn members(set: &RunSet) -> BTreeSet<u64> {
        set.ranges().iter().cloned().flatten().collect()
    }

    proptest! {
        #[test]
        fn a_set_of_ranges_is_a_set(ranges in prop::collection::vec((0u64..60, 0u64..20), 0..12), cut in 0u64..60, length in 0u64..30) {
            let (mut set, mut expected) = (RunSet::default(), BTreeSet::new());
            for (start, length) in ranges {
                set.insert(start..start + length);
                expected.extend(start..start + length);
                prop_assert_eq!(members(&set), expected.clone());
                prop_assert!(set.ranges().windows(2).all(|pair| pair[0].end < pair[1].start));
            }
            prop_assert_eq!(set.count(), expected.len() as u64);
            let within: BTreeSet<u64> = (cut..cut + length).filter(|run| expected.contains(run)).collect();
            prop_assert_eq!(members(&set.within(cut..cut + length)), within.clone());
            prop_assert_eq!(members(&set.common(&RunSet::of(cut..cut + length))), within);
            let missing: BTreeSet<u64> = (0..cut).filter(|run| !expected.contains(run)).collect();
            prop_assert_eq!(members(&set.missing(cut)), missing);
        }
    }
}
