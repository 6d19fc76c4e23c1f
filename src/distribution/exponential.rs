//! Exponential distribution: the waiting time for an event that comes at a constant rate.

use super::{Family, ParameterError, ensure};
use crate::math;

/// Exponential distribution with the given mean, in the input's unit.
///
/// - Formula: Q(u) = −mean · ln(1 − u).
/// - Domain: mean > 0, finite.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12; held by `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kotz and Balakrishnan (1994), Continuous Univariate Distributions 1, 2nd ed., ch. 19.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Exponential {
    mean: f64,
}

impl Exponential {
    /// From the mean.
    ///
    /// # Errors
    /// A mean that is not above 0 and finite.
    pub fn new(mean: f64) -> Result<Self, ParameterError> {
        ensure(mean > 0.0 && mean.is_finite(), "mean", mean, "be above 0 and finite")?;
        Ok(Self { mean })
    }

    /// From the rate 1 / mean.
    ///
    /// # Errors
    /// A rate that is not above 0 and finite, or so small that the mean is not.
    pub fn from_rate(rate: f64) -> Result<Self, ParameterError> {
        ensure(rate > 0.0 && rate.is_finite(), "rate", rate, "be above 0 and finite")?;
        ensure((1.0 / rate).is_finite(), "rate", rate, "be large enough for its inverse to be a number")?;
        Self::new(1.0 / rate)
    }

    /// `mean`.
    pub fn parameters(&self) -> [f64; 1] {
        [self.mean]
    }
}

impl Family for Exponential {
    #[inline(always)]
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        -self.mean * math::ln_complement(lower, upper)
    }

    fn cdf(&self, x: f64) -> f64 {
        if x > 0.0 { -math::exp_m1(-x / self.mean) } else { 0.0 }
    }

    fn sf(&self, x: f64) -> f64 {
        if x > 0.0 { math::exp(-x / self.mean) } else { 1.0 }
    }

    fn density(&self, x: f64) -> f64 {
        if x >= 0.0 { math::exp(-x / self.mean) / self.mean } else { 0.0 }
    }

    fn mean(&self) -> Option<f64> {
        Some(self.mean)
    }

    fn variance(&self) -> Option<f64> {
        Some(self.mean * self.mean).filter(|variance| variance.is_finite())
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use super::Exponential;
    use crate::distribution::{laws, reference};

    laws!(super::Exponential, [(1.0,), (0.004,), (3e7,)]);

    #[test]
    fn agrees_with_the_reference() {
        reference::check("exponential", |p| Exponential::new(p[0]));
    }

    #[test]
    fn a_rate_is_the_inverse_of_the_mean() {
        assert_eq!(Exponential::from_rate(4.0), Exponential::new(0.25));
        assert_eq!(Exponential::from_rate(0.0).unwrap_err().parameter, "rate");
        assert_eq!(Exponential::from_rate(1e-320).unwrap_err().parameter, "rate");
        assert_eq!(Exponential::new(-1.0).unwrap_err().parameter, "mean");
    }
}
