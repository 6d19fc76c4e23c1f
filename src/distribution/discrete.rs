//! Discrete distribution: given values with given weights.

use super::{Family, ParameterError, ensure};

/// Discrete distribution on a list of values, each as likely as its weight says.
///
/// - Formula: Q(u) = the smallest value whose weights up to it reach u of their sum, found by bisection.
/// - Domain: finite values; weights finite and not negative, at least one above 0. Weights need not sum to one.
/// - Accuracy: cdf and sf are sums of weights over their sum, each tail summed from its own end; held by
///   `tests::agrees_with_the_reference`.
#[derive(Clone, Debug, PartialEq)]
pub struct Discrete {
    /// Values in rising order, each with a weight above 0.
    values: Vec<f64>,
    /// Probability of each value.
    probabilities: Vec<f64>,
    /// P(X ≤ value).
    cdf: Vec<f64>,
    /// P(X > value).
    sf: Vec<f64>,
}

impl Discrete {
    /// From pairs (value, weight) in any order; equal values are merged, values without weight dropped.
    ///
    /// # Errors
    /// A value that is not finite, a weight that is negative or not finite, weights that are all 0.
    pub fn new(pairs: &[(f64, f64)]) -> Result<Self, ParameterError> {
        for &(value, weight) in pairs {
            ensure(value.is_finite(), "value", value, "be a finite number")?;
            ensure(weight >= 0.0 && weight.is_finite(), "weight", weight, "be finite and not negative")?;
        }
        let mut sorted: Vec<(f64, f64)> = pairs.iter().copied().filter(|&(_, weight)| weight > 0.0).collect();
        sorted.sort_by(|first, second| first.0.total_cmp(&second.0));
        // Adding 0 turns −0 into 0, which are one value.
        let (mut values, mut weights): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
        for (value, weight) in sorted.into_iter().map(|(value, weight)| (value + 0.0, weight)) {
            match (values.last(), weights.last_mut()) {
                (Some(&last), Some(sum)) if last == value => *sum += weight,
                _ => {
                    values.push(value);
                    weights.push(weight);
                }
            }
        }
        let total: f64 = weights.iter().sum();
        ensure(total > 0.0, "weight", 0.0, "be above 0 for at least one value")?;
        ensure(
            total.is_finite(),
            "weight",
            total,
            "be small enough for the sum of all weights to be a number",
        )?;
        let mut cdf = running_sums(weights.iter());
        let mut sf = running_sums(weights.iter().rev());
        sf.reverse();
        sf.remove(0);
        sf.push(0.0);
        let share = |weight: &f64| (weight / total).min(1.0);
        cdf = cdf.iter().map(share).collect();
        sf = sf.iter().map(share).collect();
        cdf[values.len() - 1] = 1.0;
        Ok(Self { probabilities: weights.iter().map(share).collect(), values, cdf, sf })
    }

    /// From value, weight, value, weight, … as a map literal is flattened.
    ///
    /// # Errors
    /// As [`Discrete::new`].
    pub fn from_flat(numbers: &[f64]) -> Result<Self, ParameterError> {
        let pairs: Vec<(f64, f64)> = numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        Self::new(&pairs)
    }

    /// Values in rising order, those without weight left out.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Index of the last value not above x.
    fn at_or_below(&self, x: f64) -> Option<usize> {
        self.values.partition_point(|&value| value <= x).checked_sub(1)
    }

    /// Values and their probabilities, in rising order.
    pub fn pairs(&self) -> impl Iterator<Item = (f64, f64)> {
        self.values.iter().copied().zip(self.probabilities.iter().copied())
    }
}

impl Family for Discrete {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        let last = self.values.len() - 1;
        let index = if lower < upper {
            self.cdf.partition_point(|&reached| reached < lower)
        } else {
            self.sf.partition_point(|&left| left > upper)
        };
        self.values[index.min(last)]
    }

    fn cdf(&self, x: f64) -> f64 {
        self.at_or_below(x).map_or(0.0, |index| self.cdf[index])
    }

    fn sf(&self, x: f64) -> f64 {
        self.at_or_below(x).map_or(1.0, |index| self.sf[index])
    }

    fn density(&self, x: f64) -> f64 {
        match self.at_or_below(x) {
            Some(index) if self.values[index] == x => self.probabilities[index],
            _ => 0.0,
        }
    }

    fn mean(&self) -> Option<f64> {
        Some(self.values.iter().zip(&self.probabilities).map(|(value, p)| value * p).sum())
    }

    fn variance(&self) -> Option<f64> {
        let mean = self.mean()?;
        let squares =
            self.values.iter().zip(&self.probabilities).map(|(value, p)| p * (value - mean) * (value - mean));
        Some(squares.sum())
    }

    fn support(&self) -> (f64, f64) {
        (self.values[0], self.values[self.values.len() - 1])
    }

    fn is_discrete(&self) -> bool {
        true
    }

    fn point_from(&self, x: f64) -> f64 {
        let index = self.values.partition_point(|&value| value < x);
        self.values.get(index).copied().unwrap_or(f64::INFINITY)
    }

    fn point_until(&self, x: f64) -> f64 {
        let after = self.values.partition_point(|&value| value <= x);
        after.checked_sub(1).map_or(f64::NEG_INFINITY, |last| self.values[last])
    }

    fn sums(&self, from: f64, to: f64, about: f64) -> Option<[f64; 3]> {
        let points = self.values.iter().zip(&self.probabilities);
        let inside = points.filter(|(x, _)| from <= **x && **x <= to);
        Some(inside.fold([0.0; 3], |sums, (x, p)| {
            let offset = x - about;
            [sums[0] + p, sums[1] + p * offset, sums[2] + p * offset * offset]
        }))
    }
}

/// The sums of the first, the first two, … numbers.
fn running_sums<'a>(numbers: impl Iterator<Item = &'a f64>) -> Vec<f64> {
    numbers
        .scan(0.0, |sum, number| {
            *sum += number;
            Some(*sum)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Discrete;
    use crate::distribution::{Family, laws, reference};

    #[test]
    fn the_laws_hold() {
        laws::hold(&Discrete::new(&[(1.0, 0.2), (2.0, 0.5), (10.0, 0.3)]).unwrap());
        laws::hold(&Discrete::new(&[(-0.5, 3.0), (0.25, 1e-9), (7.0, 8.0)]).unwrap());
        laws::hold(&Discrete::new(&[(3.0, 1.0)]).unwrap());
    }

    #[test]
    fn agrees_with_the_reference() {
        reference::check("discrete", Discrete::from_flat);
    }

    #[test]
    fn equal_values_are_merged_and_values_without_weight_dropped() {
        let law = Discrete::new(&[(2.0, 1.0), (0.0, 1.0), (5.0, 0.0), (2.0, 1.0), (-0.0, 1.0)]).unwrap();
        assert_eq!(law.values(), [0.0, 2.0]);
        assert_eq!((law.density(2.0), law.density(5.0), law.support()), (0.5, 0.0, (0.0, 2.0)));
        assert_eq!((law.quantile(0.5), law.quantile(0.5f64.next_up())), (0.0, 2.0));
    }

    #[test]
    fn negative_and_absent_weights_are_refused() {
        for pairs in [&[(1.0, -1.0)][..], &[(1.0, 0.0)], &[], &[(1.0, f64::NAN)], &[(1.0, f64::INFINITY)]] {
            assert_eq!(Discrete::new(pairs).unwrap_err().parameter, "weight");
        }
        assert_eq!(Discrete::new(&[(f64::NAN, 1.0)]).unwrap_err().parameter, "value");
    }
}
