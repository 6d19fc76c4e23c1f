//! What strata leave of the variance of an output.

use super::Distribution;

/// The variance of `value` within strata of `size` runs each, averaged over the strata, if the output were a function of
/// one input alone that rises with it: the order of its values is then that of the strata.
///
/// - Formula: of each group of `size` neighbouring values the variance, and of a bin that holds several groups that of
///   values spread evenly.
/// - Source: Stein (1987), Large sample properties of simulations using Latin hypercube sampling, Technometrics 29(2),
///   143–151: of a sum of functions of one input each what is left is left of each of them.
pub fn left_within(distribution: &Distribution, size: f64, value: impl Fn(f64) -> f64) -> f64 {
    let count = distribution.count() as f64;
    let (mut sum, mut group) = (0.0, Group::default());
    for bin in distribution.bins() {
        let (low, high) = distribution.seen(bin);
        let width = value(high) - value(low);
        let runs = bin.count as f64;
        let within = width * (size / runs).min(1.0);
        sum += runs * within * within / 12.0;
        let mut left = runs;
        while left > 0.0 {
            let taken = left.min(size - group.runs);
            // The runs of a bin are evenly spread in it.
            let place = (runs - left + 0.5 * taken) / runs;
            group.add(value((1.0 - place) * low + place * high), taken);
            left -= taken;
            if group.runs >= size {
                sum += group.squares;
                group = Group::default();
                // What whole groups of one bin have within is in the sum already.
                left %= size;
            }
        }
    }
    (sum + group.squares) / count
}

/// Some neighbouring values.
#[derive(Default)]
struct Group {
    runs: f64,
    mean: f64,
    /// Σ (w − mean)².
    squares: f64,
}

impl Group {
    fn add(&mut self, value: f64, runs: f64) {
        let distance = value - self.mean;
        self.runs += runs;
        self.mean += distance * runs / self.runs;
        self.squares += distance * (value - self.mean) * runs;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::{CellTally, Shape};

    #[test]
    fn of_even_values_a_group_is_left() {
        // A group of eight of n even values spans 8/n: of it a twelfth of the square, less what eight points miss.
        for n in [2000u32, 200_000] {
            let values: Vec<f64> = (0..n).map(|k| (f64::from(k) + 0.5) / f64::from(n)).collect();
            let mut tally = CellTally::new(Shape::from_pilot(&mut values.clone()));
            values.chunks(512).for_each(|part| tally.add(0, part));
            let found = left_within(&Distribution::new(&tally), 8.0, |y| y);
            let span = 8.0 / f64::from(n);
            assert!((found / (span * span / 12.0) - 1.0).abs() < 0.25, "{n}: {found} {}", span * span / 12.0);
        }
    }
}
