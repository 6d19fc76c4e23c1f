//! Fréchet distribution: the largest of many values with a heavy tail.

use super::gev::gamma_variance;
use super::parameters::{SCALE, SHAPE, optional};
use super::table::{Arguments, FamilyEntry, Form};
use super::{Family, Law, ParameterError, ensure};
use crate::math::{self, two_sum};

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "frechet",
    summary: "The largest of many values with a heavy tail.",
    forms: FORMS,
    example: "frechet(4, 100)",
};

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[SHAPE, SCALE, optional("location", 0.0, "least value")]),
        build: |x| Frechet::new(x[0], x[1], x[2]).map(Law::from),
    },
    super::solve::families::FRECHET,
];

/// Fréchet distribution; shape without unit, scale, location and draws in the input's unit.
///
/// - Formula: Q(u) = location + scale · (−ln u)^(−1 / shape).
/// - Domain: shape > 0, scale > 0, all finite. Mean for shape > 1, variance for shape > 2.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12; held by `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kotz and Balakrishnan (1995), Continuous Univariate Distributions 2, 2nd ed., ch. 22.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Frechet {
    shape: f64,
    scale: f64,
    location: f64,
    inverse_shape: f64,
}

impl Frechet {
    /// From shape, scale and location (the least value).
    ///
    /// # Errors
    /// Shape or scale that are not above 0 and finite, a location that is not finite.
    pub fn new(shape: f64, scale: f64, location: f64) -> Result<Self, ParameterError> {
        ensure(shape > 0.0 && shape.is_finite(), "shape", shape, "be above 0 and finite")?;
        ensure((1.0 / shape).is_finite(), "shape", shape, "be large enough for its inverse to be a number")?;
        ensure(scale > 0.0 && scale.is_finite(), "scale", scale, "be above 0 and finite")?;
        ensure(location.is_finite(), "location", location, "be a finite number")?;
        Ok(Self { shape, scale, location, inverse_shape: 1.0 / shape })
    }

    /// −ln F(x) = ((x − location) / scale)^−shape for x above the location.
    fn hazard(&self, x: f64) -> f64 {
        let (distance, rest) = two_sum(x, -self.location);
        let hazard = math::pow_quotient(distance, self.scale, -self.shape);
        let correction = -self.shape * (rest / distance);
        if correction.abs() < 1e-3 && hazard < f64::INFINITY { hazard + hazard * correction } else { hazard }
    }

    /// `shape`, `scale`, `location`, in the order of the first form.
    pub fn parameters(&self) -> [f64; 3] {
        [self.shape, self.scale, self.location]
    }
}

impl Family for Frechet {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        self.location + math::scaled_pow(self.scale, -math::ln_complement(upper, lower), -self.inverse_shape)
    }

    fn cdf(&self, x: f64) -> f64 {
        if x > self.location { math::exp(-self.hazard(x)) } else { 0.0 }
    }

    fn sf(&self, x: f64) -> f64 {
        if x > self.location { -math::exp_m1(-self.hazard(x)) } else { 1.0 }
    }

    fn density(&self, x: f64) -> f64 {
        if x <= self.location {
            return 0.0;
        }
        let hazard = self.hazard(x);
        let below = math::exp(-hazard);
        if below == 0.0 { 0.0 } else { self.shape * (hazard / (x - self.location)) * below }
    }

    fn mean(&self) -> Option<f64> {
        let mean = self.location + self.scale * libm::tgamma((self.shape - 1.0) / self.shape);
        (self.shape > 1.0 && mean.is_finite()).then_some(mean)
    }

    fn variance(&self) -> Option<f64> {
        let (first, second) = ((self.shape - 1.0) / self.shape, (self.shape - 2.0) / self.shape);
        let variance = self.scale * (self.scale * gamma_variance(self.inverse_shape, first, second));
        (self.shape > 2.0 && variance.is_finite()).then_some(variance)
    }

    fn support(&self) -> (f64, f64) {
        (self.location, f64::INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use super::Frechet;
    use crate::distribution::{Family, laws, reference};

    laws!(
        super::Frechet,
        [(4.0, 100.0, 0.0), (1.5, 1e-3, 0.0), (0.5, 2.0, 1.0), (2.5, 1.0, -3.0), (300.0, 5.0, 0.0)]
    );

    #[test]
    fn agrees_with_the_reference() {
        reference::check("frechet", |p| Frechet::new(p[0], p[1], p[2]));
    }

    #[test]
    fn moments_exist_by_the_shape() {
        let law = Frechet::new(1.0, 1.0, 0.0).unwrap();
        assert_eq!((law.mean(), law.variance(), law.density(0.0)), (None, None, 0.0));
        assert_eq!(Frechet::new(1.0, -1.0, 0.0).unwrap_err().parameter, "scale");
        assert_eq!(Frechet::new(1.0, 1.0, f64::INFINITY).unwrap_err().parameter, "location");
    }
}
