//! Bernoulli distribution: 1 with probability p, otherwise 0.

use super::{Family, ParameterError, ensure};

/// Bernoulli distribution: whether something happens.
///
/// - Formula: Q(u) = 1 where u > 1 − p, else 0.
/// - Domain: 0 ≤ p ≤ 1; the ends are accepted, because p is often a rate drawn by another input.
/// - Accuracy: exact but for the rounding of 1 − p; held by `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions, 3rd ed., section 3.2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bernoulli {
    p: f64,
}

impl Bernoulli {
    /// From the probability of a 1.
    ///
    /// # Errors
    /// A probability outside [0, 1].
    pub fn new(p: f64) -> Result<Self, ParameterError> {
        ensure((0.0..=1.0).contains(&p), "p", p, "lie between 0 and 1")?;
        Ok(Self { p })
    }

    /// `p`.
    pub fn parameters(&self) -> [f64; 1] {
        [self.p]
    }
}

impl Family for Bernoulli {
    #[inline(always)]
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        // u > 1 − p in the tail that holds p, or 1 − p, without rounding.
        let by_upper = upper < self.p;
        let by_lower = lower > 1.0 - self.p;
        let happens = if self.p < 0.5 { by_upper } else { by_lower };
        if happens { 1.0 } else { 0.0 }
    }

    fn cdf(&self, x: f64) -> f64 {
        if x < 0.0 {
            0.0
        } else if x < 1.0 {
            1.0 - self.p
        } else {
            1.0
        }
    }

    fn sf(&self, x: f64) -> f64 {
        if x < 0.0 {
            1.0
        } else if x < 1.0 {
            self.p
        } else {
            0.0
        }
    }

    fn density(&self, x: f64) -> f64 {
        if x == 0.0 {
            1.0 - self.p
        } else if x == 1.0 {
            self.p
        } else {
            0.0
        }
    }

    fn mean(&self) -> Option<f64> {
        Some(self.p)
    }

    fn variance(&self) -> Option<f64> {
        Some(self.p * (1.0 - self.p))
    }

    fn support(&self) -> (f64, f64) {
        (0.0, 1.0)
    }

    fn is_discrete(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Bernoulli;
    use crate::distribution::{Family, laws, reference};

    laws!(super::Bernoulli, [(0.3,), (0.9,), (0.5,), (1e-12,)]);

    #[test]
    fn agrees_with_the_reference() {
        reference::check("bernoulli", |p| Bernoulli::new(p[0]));
    }

    #[test]
    fn certain_events_are_accepted() {
        let (never, always) = (Bernoulli::new(0.0).unwrap(), Bernoulli::new(1.0).unwrap());
        for u in [1e-300, 0.5, 1.0 - f64::EPSILON / 2.0] {
            assert_eq!((never.quantile(u), always.quantile(u)), (0.0, 1.0));
        }
        assert_eq!(never.upper_quantile(1e-300), 0.0);
        assert_eq!(Bernoulli::new(1.5).unwrap_err().parameter, "p");
        assert_eq!(Bernoulli::new(-1e-300).unwrap_err().parameter, "p");
    }
}
