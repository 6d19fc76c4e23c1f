//! Probabilities of neighbouring whole numbers, added up from both ends once: for laws whose cdf has no short form.

use std::sync::Arc;

/// P(X ≤ k) and P(X > k) for every k from a first one on; beyond them nothing that f64 can tell.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TailSums {
    first: f64,
    /// P(X ≤ k) and P(X > k).
    tails: Arc<[(f64, f64)]>,
}

/// Probabilities that a chain of ratios gives before another is computed by itself.
const BLOCK: usize = 256;

/// Probability from which a chain of ratios keeps its digits.
const DEEP: f64 = 1e-280;

impl TailSums {
    /// The sums of `masses`, the probabilities of `first`, `first` + 1, …
    ///
    /// Each sum is compensated and divided by the sum of all.
    /// Source: Neumaier (1974), Zeitschrift für Angewandte Mathematik und Mechanik 54, 39–51.
    pub(super) fn new(first: f64, masses: &[f64]) -> Self {
        let lower = running(masses.iter());
        let upper = running(masses.iter().rev());
        let last = masses.len() - 1;
        let total = lower[last];
        let tails = (0..=last).map(|k| match k {
            k if k == last => (1.0, 0.0),
            k => ((lower[k] / total).min(1.0), (upper[last - k - 1] / total).min(1.0)),
        });
        Self { first, tails: tails.collect() }
    }

    /// The smallest k with F(k) ≥ `lower`, decided as P(X > k) ≤ `upper` where `upper` is the smaller.
    pub(super) fn inverse(&self, lower: f64, upper: f64) -> f64 {
        if !((0.0..=1.0).contains(&lower) && (0.0..=1.0).contains(&upper)) {
            return f64::NAN;
        }
        let index = if lower <= upper {
            self.tails.partition_point(|tails| tails.0 < lower)
        } else {
            self.tails.partition_point(|tails| tails.1 > upper)
        };
        self.first + index as f64
    }

    /// P(X ≤ x).
    pub(super) fn cdf(&self, x: f64) -> f64 {
        self.at(x, (0.0, 1.0)).0
    }

    /// P(X > x).
    pub(super) fn sf(&self, x: f64) -> f64 {
        self.at(x, (0.0, 1.0)).1
    }

    fn at(&self, x: f64, below: (f64, f64)) -> (f64, f64) {
        let offset = x.floor() - self.first;
        if offset.is_nan() {
            (f64::NAN, f64::NAN)
        } else if offset < 0.0 {
            below
        } else {
            self.tails[(offset as usize).min(self.tails.len() - 1)]
        }
    }
}

/// The probabilities of `count` neighbours from `first` on: `mass` gives the first and last of every block by
/// themselves, and `ratio(k)` = P(k + 1) / P(k) leads on from the greater of the two.
pub(super) fn masses(
    first: f64,
    count: usize,
    mass: impl Fn(f64) -> f64,
    ratio: impl Fn(f64) -> f64,
) -> Vec<f64> {
    let mut masses = vec![0.0; count];
    for (index, block) in masses.chunks_mut(BLOCK).enumerate() {
        let start = first + (index * BLOCK) as f64;
        let last = block.len() - 1;
        let (left, right) = (mass(start), mass(start + last as f64));
        if left.max(right) < DEEP {
            block.iter_mut().enumerate().for_each(|(k, value)| *value = mass(start + k as f64));
        } else if left >= right {
            block[0] = left;
            for k in 0..last {
                block[k + 1] = block[k] * ratio(start + k as f64);
            }
        } else {
            block[last] = right;
            for k in (0..last).rev() {
                block[k] = block[k + 1] / ratio(start + k as f64);
            }
        }
    }
    masses
}

/// The sums of the first, the first two, … numbers, none negative.
fn running<'a>(numbers: impl Iterator<Item = &'a f64>) -> Vec<f64> {
    let (mut sum, mut error) = (0.0f64, 0.0);
    numbers
        .map(|&number| {
            let next = sum + number;
            error += if sum >= number { (sum - next) + number } else { (number - next) + sum };
            sum = next;
            sum + error
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{TailSums, masses, running};

    #[test]
    fn small_numbers_are_not_lost_beside_large_ones() {
        let numbers: Vec<f64> = std::iter::once(1.0).chain(std::iter::repeat_n(1e-17, 100_000)).collect();
        assert_eq!(running(numbers.iter())[100_000], 1.0 + 1e-12);
    }

    #[test]
    fn a_chain_of_ratios_gives_what_each_probability_is() {
        let mass = |k: f64| libm::exp(-k * 3.0);
        let chained = masses(0.0, 600, mass, |_| libm::exp(-3.0));
        for (k, value) in chained.iter().enumerate().filter(|(_, value)| **value > 1e-300) {
            assert!((value / mass(k as f64) - 1.0).abs() < 1e-12, "{k}");
        }
    }

    #[test]
    fn both_ends_are_asked_in_their_own_tail() {
        let sums = TailSums::new(5.0, &[1.0, 0.0, 2.0, 1.0]);
        assert_eq!([0.0, 0.25, 0.3, 0.75].map(|u| sums.inverse(u, 1.0 - u)), [5.0, 5.0, 7.0, 7.0]);
        assert_eq!([0.2, 0.0].map(|q| sums.inverse(1.0 - q, q)), [8.0, 8.0]);
        assert_eq!([4.9, 5.0, 6.5, 7.0, 99.0].map(|x| sums.cdf(x)), [0.0, 0.25, 0.25, 0.75, 1.0]);
        assert_eq!([4.9, 5.0, 6.5, 7.0, 99.0].map(|x| sums.sf(x)), [1.0, 0.75, 0.75, 0.25, 0.0]);
        assert!(sums.inverse(f64::NAN, 0.5).is_nan() && sums.cdf(f64::NAN).is_nan());
    }
}
