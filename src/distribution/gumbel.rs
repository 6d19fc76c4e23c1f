//! Gumbel distribution of largest values: the highest flood of a year, the worst loss of many.

use super::{Family, ParameterError, ensure_location_scale};
use crate::math;

/// Gumbel distribution of largest values; location, scale and draws in the input's unit.
///
/// - Formula: Q(u) = location − scale · ln(−ln u).
/// - Domain: scale > 0, both finite.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12; held by `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kotz and Balakrishnan (1995), Continuous Univariate Distributions 2, 2nd ed., ch. 22.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gumbel {
    location: f64,
    scale: f64,
}

impl Gumbel {
    /// From location (the most likely value) and scale.
    ///
    /// # Errors
    /// A location that is not finite, a scale that is not above 0 and finite.
    pub fn new(location: f64, scale: f64) -> Result<Self, ParameterError> {
        ensure_location_scale(location, scale)?;
        Ok(Self { location, scale })
    }

    /// −ln F(x) = exp(−(x − location) / scale).
    fn hazard(&self, x: f64) -> f64 {
        math::exp(-(x - self.location) / self.scale)
    }

    /// `location`, `scale`, in the order of the first form.
    pub fn parameters(&self) -> [f64; 2] {
        [self.location, self.scale]
    }
}

impl Family for Gumbel {
    #[inline(always)]
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        self.location - self.scale * math::ln(-math::ln_complement(upper, lower))
    }

    fn cdf(&self, x: f64) -> f64 {
        math::exp(-self.hazard(x))
    }

    fn sf(&self, x: f64) -> f64 {
        -math::exp_m1(-self.hazard(x))
    }

    fn density(&self, x: f64) -> f64 {
        let hazard = self.hazard(x);
        if hazard < f64::INFINITY { hazard * (math::exp(-hazard) / self.scale) } else { 0.0 }
    }

    fn mean(&self) -> Option<f64> {
        /// Euler's constant γ.
        const EULER: f64 = 0.577_215_664_901_532_9;
        Some(self.location + EULER * self.scale)
    }

    fn variance(&self) -> Option<f64> {
        let sd = std::f64::consts::PI * self.scale;
        Some(sd * sd / 6.0).filter(|variance| variance.is_finite())
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use super::Gumbel;
    use crate::distribution::{Family, laws, reference};

    laws!(super::Gumbel, [(0.0, 1.0), (1013.0, 558.0), (-3.0, 0.01)]);

    #[test]
    fn agrees_with_the_reference() {
        reference::check("gumbel", |p| Gumbel::new(p[0], p[1]));
    }

    #[test]
    fn density_is_zero_far_below() {
        let law = Gumbel::new(0.0, 1.0).unwrap();
        assert_eq!(law.density(-1e4), 0.0);
        assert_eq!(law.density(f64::NEG_INFINITY), 0.0);
        assert_eq!(Gumbel::new(0.0, 0.0).unwrap_err().parameter, "scale");
    }
}
