//! Empirical law: every value of a sample equally likely, or a straight line between each two that follow each other.

use std::sync::Arc;

use super::{Family, ParameterError, ensure};

/// The law of a sample x₁ ≤ … ≤ xₙ.
///
/// - Formula: as steps, Q(u) = x_k with k = ⌈n u⌉, which gives each row the probability 1/n. Smooth, Q(u) is the straight
///   line through the points ((k − 1)/(n − 1), x_k): no value beyond the least and the greatest, and equal values keep a
///   probability of their own.
/// - Domain: finite values, at least one; smooth: two that differ.
/// - Accuracy: k is exact but for the rounding of n u; moments are sums of two passes.
/// - Source: Hyndman & Fan (1996), Sample quantiles in statistical packages, The American Statistician 50(4), 361–365,
///   definitions 1 and 7; Law (2015), Simulation Modeling and Analysis, 5th ed., section 6.2.4, for drawing from the
///   second. A kernel instead would need a width that nobody has given and would put values beyond the data.
#[derive(Clone, Debug, PartialEq)]
pub struct Empirical {
    sorted: Arc<[f64]>,
    is_smooth: bool,
    /// True where a value stands there twice.
    has_ties: bool,
    mean: f64,
    variance: f64,
}

impl Empirical {
    /// From a sample in any order.
    ///
    /// # Errors
    /// A sample without values, or a value that is not finite; smooth: no two values that differ.
    pub fn new(values: &[f64], is_smooth: bool) -> Result<Self, ParameterError> {
        ensure(!values.is_empty(), "values", 0.0, "hold at least one number")?;
        if let Some(&wrong) = values.iter().find(|value| !value.is_finite()) {
            ensure(false, "values", wrong, "be finite numbers")?;
        }
        // Adding 0 turns −0 into 0, which are one value.
        let mut sorted: Vec<f64> = values.iter().map(|value| value + 0.0).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let (least, greatest) = (sorted[0], sorted[sorted.len() - 1]);
        ensure(!is_smooth || least < greatest, "values", least, "hold two that differ, to be smooth")?;
        // Parts of equal probability: the values themselves, or the lines between neighbours.
        let ends = |k: usize| if is_smooth { (sorted[k], sorted[k + 1]) } else { (sorted[k], sorted[k]) };
        let parts = sorted.len() - usize::from(is_smooth);
        let average = |of: &dyn Fn(f64, f64) -> f64| {
            (0..parts).map(ends).map(|(a, b)| of(a, b)).sum::<f64>() / parts as f64
        };
        let mean = least + average(&|a, b| 0.5 * (a - least) + 0.5 * (b - least));
        let variance = average(&|a, b| {
            let (middle, width) = (0.5 * (a - mean) + 0.5 * (b - mean), b - a);
            middle * middle + width * width / 12.0
        });
        let has_ties = sorted.windows(2).any(|pair| pair[0] == pair[1]);
        Ok(Self { sorted: sorted.into(), is_smooth, has_ties, mean, variance })
    }

    /// Number of values.
    fn count(&self) -> f64 {
        self.sorted.len() as f64
    }

    /// Index of the last value of the sample, as a number.
    fn last(&self) -> f64 {
        self.count() - 1.0
    }

    /// The lower tail of a smooth law at x, values and shares counted in `sorted` or from its end.
    fn share_up_to(&self, x: f64) -> f64 {
        let after = self.sorted.partition_point(|&value| value <= x);
        match self.sorted.get(after) {
            None => 1.0,
            Some(_) if after == 0 => 0.0,
            Some(&next) => {
                let before = self.sorted[after - 1];
                ((after - 1) as f64 + (x - before) / (next - before)) / self.last()
            }
        }
    }

    /// The upper tail of a smooth law at x, from its end.
    fn share_beyond(&self, x: f64) -> f64 {
        let after = self.sorted.partition_point(|&value| value <= x);
        match self.sorted.get(after) {
            None => 0.0,
            Some(_) if after == 0 => 1.0,
            Some(&next) => {
                let before = self.sorted[after - 1];
                ((self.sorted.len() - 1 - after) as f64 + (next - x) / (next - before)) / self.last()
            }
        }
    }

    /// Runs of equal values, as first and behind the last index.
    fn groups(&self) -> impl Iterator<Item = &[f64]> {
        self.sorted.chunk_by(|a, b| a == b)
    }

    /// True where every value is a whole number and none lies between them.
    pub fn is_whole(&self) -> bool {
        !self.is_smooth && self.sorted.iter().all(|value| value.fract() == 0.0)
    }

    /// Cumulative probabilities at which the steps jump, in rising order; `None` for more than `most`, and where smooth.
    pub fn jumps(&self, most: usize) -> Option<Vec<f64>> {
        let mut jumps = Vec::new();
        let mut up_to = 0;
        for group in self.groups().filter(|_| !self.is_smooth) {
            up_to += group.len();
            jumps.push(up_to as f64 / self.count());
            if jumps.len() > most {
                return None;
            }
        }
        (!self.is_smooth).then_some(jumps)
    }
}

impl Family for Empirical {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        let most = self.sorted.len() - 1;
        if !self.is_smooth {
            let index = if lower <= 0.5 {
                ((lower * self.count()).ceil() as usize).saturating_sub(1)
            } else {
                most.saturating_sub((upper * self.count()).floor() as usize)
            };
            return self.sorted[index.min(most)];
        }
        // From whichever end is nearer: so many steps, and a share of the next one.
        let steps = if lower <= 0.5 { lower } else { upper } * self.last();
        let whole = (steps.floor() as usize).min(most - 1);
        let share = steps - whole as f64;
        let (from, to) = if lower <= 0.5 {
            (self.sorted[whole], self.sorted[whole + 1])
        } else {
            (self.sorted[most - whole], self.sorted[most - whole - 1])
        };
        from + share * (to - from)
    }

    fn cdf(&self, x: f64) -> f64 {
        if self.is_smooth {
            return self.share_up_to(x);
        }
        self.sorted.partition_point(|&value| value <= x) as f64 / self.count()
    }

    fn sf(&self, x: f64) -> f64 {
        if self.is_smooth {
            return self.share_beyond(x);
        }
        (self.sorted.len() - self.sorted.partition_point(|&value| value <= x)) as f64 / self.count()
    }

    fn density(&self, x: f64) -> f64 {
        let before = self.sorted.partition_point(|&value| value < x);
        let after = self.sorted.partition_point(|&value| value <= x);
        if !self.is_smooth {
            return (after - before) as f64 / self.count();
        }
        match (self.sorted.get(after), after) {
            (_, 0) | (None, _) => 0.0,
            (Some(next), after) => 1.0 / (self.last() * (next - self.sorted[after - 1])),
        }
    }

    fn mean(&self) -> Option<f64> {
        Some(self.mean)
    }

    fn variance(&self) -> Option<f64> {
        Some(self.variance)
    }

    fn support(&self) -> (f64, f64) {
        (self.sorted[0], self.sorted[self.sorted.len() - 1])
    }

    fn corners(&self) -> Vec<f64> {
        let mut inside: Vec<f64> =
            self.groups().map(|group| group[0]).filter(|_| self.is_smooth).skip(1).collect();
        inside.pop();
        inside
    }

    fn is_discrete(&self) -> bool {
        !self.is_smooth
    }

    fn has_atoms(&self) -> bool {
        !self.is_smooth || self.has_ties
    }

    fn probability(&self, x: f64) -> f64 {
        let equal = self.sorted.partition_point(|&value| value <= x)
            - self.sorted.partition_point(|&value| value < x);
        let (equal, parts) =
            if self.is_smooth { (equal.saturating_sub(1), self.last()) } else { (equal, self.count()) };
        equal as f64 / parts
    }

    fn point_from(&self, x: f64) -> f64 {
        match self.sorted.get(self.sorted.partition_point(|&value| value < x)) {
            None => f64::INFINITY,
            Some(_) if self.is_smooth => x.max(self.sorted[0]),
            Some(&value) => value,
        }
    }

    fn point_until(&self, x: f64) -> f64 {
        match self.sorted.partition_point(|&value| value <= x).checked_sub(1) {
            None => f64::NEG_INFINITY,
            Some(_) if self.is_smooth => x.min(self.sorted[self.sorted.len() - 1]),
            Some(last) => self.sorted[last],
        }
    }

    fn sums(&self, from: f64, to: f64, about: f64) -> Option<[f64; 3]> {
        let parts = self.sorted.len() - usize::from(self.is_smooth);
        let mut sums = [0.0; 3];
        for k in 0..parts {
            let (least, greatest) = (self.sorted[k], self.sorted[k + usize::from(self.is_smooth)]);
            let (low, high) = (least.max(from), greatest.min(to));
            if low > high {
                continue;
            }
            // A part is spread evenly from its least to its greatest value, or sits on one.
            let share = if greatest > least { (high - low) / (greatest - least) } else { 1.0 };
            let (middle, width) = (0.5 * (low - about) + 0.5 * (high - about), high - low);
            sums[0] += share;
            sums[1] += share * middle;
            sums[2] += share * (middle * middle + width * width / 12.0);
        }
        Some(sums.map(|sum| sum / parts as f64))
    }
}

#[cfg(test)]
mod tests {
    use super::Empirical;
    use crate::distribution::{Family, laws, reference};

    const SAMPLE: [f64; 6] = [3.5, -1.0, 2.0, 2.25, 10.0, 7.0];

    #[test]
    fn laws_hold() {
        laws::hold(&Empirical::new(&SAMPLE, false).unwrap());
        laws::hold(&Empirical::new(&[1.0, 2.0, 2.0, 2.0, 4.0], false).unwrap());
        // Corners at the quartiles, which no integral of the battery reaches across.
        laws::hold(&Empirical::new(&[3.5, -1.0, 2.0, 10.0, 7.0], true).unwrap());
    }

    #[test]
    fn agrees_with_the_reference() {
        reference::check("empirical", |values| Empirical::new(values, false));
        reference::check("empirical_smooth", |values| Empirical::new(values, true));
    }

    #[test]
    fn a_row_is_met_by_its_own_share_of_positions() {
        let law = Empirical::new(&SAMPLE, false).unwrap();
        assert_eq!(
            [0.01, 1.0 / 6.0, 0.17, 0.5, 0.51, 0.99].map(|u| law.quantile(u)),
            [-1.0, -1.0, 2.0, 2.25, 3.5, 10.0]
        );
        assert_eq!(law.jumps(6).unwrap().len(), 6);
        assert!(law.jumps(5).is_none());
    }

    #[test]
    fn equal_values_keep_their_probability_when_smooth() {
        let law = Empirical::new(&[0.0, 1.0, 1.0, 1.0, 2.0], true).unwrap();
        assert_eq!([0.125, 0.25, 0.5, 0.75, 0.875].map(|u| law.quantile(u)), [0.5, 1.0, 1.0, 1.0, 1.5]);
        assert_eq!((law.cdf(0.5), law.cdf(1.0), law.sf(1.0), law.sf(1.5)), (0.125, 0.75, 0.25, 0.125));
        assert_eq!(law.corners(), [1.0]);
    }

    #[test]
    fn a_sample_must_hold_numbers() {
        assert_eq!(Empirical::new(&[], false).unwrap_err().parameter, "values");
        assert!(Empirical::new(&[1.0, f64::NAN], false).is_err());
        assert!(Empirical::new(&[1.0, 1.0], true).is_err() && Empirical::new(&[1.0, 1.0], false).is_ok());
    }
}
