//! Ranks by value, for a draw whose position does not order its values: the place among the values of the pilot.

use crate::tally::RankBins;

/// Values of the pilot in rising order.
///
/// - Formula: n values make n + 1 steps, each of probability 1 / (n + 1). A value between two neighbours stands somewhere
///   in the step between them, one that is equal to some of them anywhere in the steps from before the first to after
///   the last; a word says where.
/// - Source: Wilks (1948), Order statistics, Bulletin of the AMS 54, section 3: the steps of a sample are of that
///   probability on average, whatever the law.
/// - Error: a step is 1 / 8,193 on average, so a rank is that far off; the frequency of a rank is that of the pilot.
#[derive(Clone, Debug)]
pub struct RankTable {
    sorted: Vec<f64>,
}

/// Share of the pilot from which a repeated value has bins of its own.
const ATOM: f64 = 0.005;

impl RankTable {
    /// From the values of the pilot in any order; those that are not finite are left out.
    pub fn new(mut values: Vec<f64>) -> RankTable {
        values.retain(|value| value.is_finite());
        values.sort_unstable_by(f64::total_cmp);
        RankTable { sorted: values }
    }

    /// Rank of a value as a fraction of 2³², `word` its place within the step.
    pub fn rank(&self, value: f64, word: u32) -> u32 {
        let first = self.sorted.partition_point(|&other| other < value) as u64;
        let last = self.sorted.partition_point(|&other| other <= value) as u64;
        let steps = self.sorted.len() as u64 + 1;
        // Below 2³² steps of 2³² words each, so nothing overflows.
        (((first << 32) + (last - first + 1) * u64::from(word)) / steps) as u32
    }

    /// Lower and upper rank of each value that repeats in the pilot, in rising order.
    fn ties(&self) -> Vec<(f64, f64)> {
        let n = self.sorted.len();
        let mut ties = Vec::new();
        let mut first = 0;
        for next in 1..=n {
            if next == n || self.sorted[next] != self.sorted[first] {
                if next - first > 1 {
                    let at = |place: usize| place as f64 / (n + 1) as f64;
                    ties.push((at(first), at(next + 1)));
                }
                first = next;
            }
        }
        ties
    }

    /// True where no value has a probability worth a bin.
    pub fn is_continuous(&self) -> bool {
        self.atoms().is_empty()
    }

    fn atoms(&self) -> Vec<(f64, f64)> {
        self.ties().into_iter().filter(|(low, high)| high - low >= ATOM).collect()
    }

    /// Bins of the rank: hundredths, but none inside an atom, whose ends are edges instead.
    pub fn bins(&self) -> RankBins {
        RankBins::with_atoms(&self.atoms())
    }

    /// Mean of the lowest and of the highest values that make these shares of the pilot; NaN where it has no value.
    pub fn ends(&self, low: f64, high: f64) -> (f64, f64) {
        let n = self.sorted.len();
        let count = |share: f64| ((share * n as f64).round() as usize).clamp(n.min(1), n);
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        (mean(&self.sorted[..count(low)]), mean(&self.sorted[n - count(high)..]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HALF: u32 = 1 << 31;

    #[test]
    fn a_value_stands_between_its_neighbours() {
        let table = RankTable::new(vec![3.0, 1.0, 2.0, f64::NAN]);
        let quarter = 1 << 30;
        assert_eq!(table.rank(0.5, 0), 0);
        assert_eq!(table.rank(1.5, 0), quarter);
        assert_eq!(table.rank(1.5, HALF), quarter + quarter / 2);
        assert_eq!(table.rank(9.0, u32::MAX), u32::MAX);
        // Equal to one of them: anywhere in the two steps around it.
        assert_eq!(table.rank(2.0, 0), quarter);
        assert_eq!(table.rank(2.0, HALF), 2 * quarter);
        assert_eq!(RankTable::new(Vec::new()).rank(1.0, 77), 77);
    }

    #[test]
    fn atoms_have_bins_of_their_own() {
        let mut values = vec![0.0; 60];
        values.extend((1..=40).map(f64::from));
        let table = RankTable::new(values);
        assert!(!table.is_continuous());
        let bins = table.bins();
        let inside: Vec<usize> = (0..bins.count()).filter(|&bin| bins.interval(bin).0 < 0.6 - 1e-9).collect();
        assert_eq!(inside, [0]);
        assert!(bins.is_value(0) && !bins.is_value(1));
        assert_eq!(table.ends(0.6, 0.1), (0.0, 35.5));
        assert!(RankTable::new((0..100).map(f64::from).collect()).is_continuous());
    }
}
