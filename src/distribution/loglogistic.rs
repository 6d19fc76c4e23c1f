//! Log-logistic distribution: a positive quantity whose odds follow a power of it.

use std::f64::consts::PI;

use super::parameters::{SHAPE, required};
use super::table::{Arguments, FamilyEntry, Form};
use super::{Family, Law, ParameterError, ensure};
use crate::math;

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "loglogistic",
    summary: "A duration or a size whose odds follow a power of it; a heavy tail.",
    forms: FORMS,
    example: "loglogistic(4, 10)",
};

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[SHAPE, required("scale", "median, in the unit of the input")]),
        build: |x| Loglogistic::new(x[0], x[1]).map(Law::from),
    },
    super::solve::families::LOGLOGISTIC,
];

/// Log-logistic distribution; shape without unit, scale (the median) and draws in the input's unit.
///
/// - Formula: Q(u) = scale · (u / (1 − u))^(1 / shape).
/// - Domain: shape > 0, scale > 0, both finite. Mean for shape > 1, variance for shape > 2.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12; held by `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kotz and Balakrishnan (1995), Continuous Univariate Distributions 2, 2nd ed., ch. 23, section 11.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Loglogistic {
    shape: f64,
    scale: f64,
    inverse_shape: f64,
}

impl Loglogistic {
    /// From shape and scale.
    ///
    /// # Errors
    /// Parameters that are not above 0 and finite.
    pub fn new(shape: f64, scale: f64) -> Result<Self, ParameterError> {
        ensure(shape > 0.0 && shape.is_finite(), "shape", shape, "be above 0 and finite")?;
        ensure((1.0 / shape).is_finite(), "shape", shape, "be large enough for its inverse to be a number")?;
        ensure(scale > 0.0 && scale.is_finite(), "scale", scale, "be above 0 and finite")?;
        Ok(Self { shape, scale, inverse_shape: 1.0 / shape })
    }

    /// F / S at x > 0.
    fn odds(&self, x: f64) -> f64 {
        math::pow_quotient(x, self.scale, self.shape)
    }

    /// sin(π / shape), to the last digits also where shape is near 1.
    fn sine(&self) -> f64 {
        let part = if self.shape < 2.0 { (self.shape - 1.0) / self.shape } else { 1.0 / self.shape };
        math::sin(PI * part)
    }
}

impl Family for Loglogistic {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        math::scaled_pow(self.scale, lower / upper, self.inverse_shape)
    }

    fn cdf(&self, x: f64) -> f64 {
        if x > 0.0 { 1.0 / (1.0 + 1.0 / self.odds(x)) } else { 0.0 }
    }

    fn sf(&self, x: f64) -> f64 {
        if x > 0.0 { 1.0 / (1.0 + self.odds(x)) } else { 1.0 }
    }

    fn density(&self, x: f64) -> f64 {
        if x < 0.0 {
            return 0.0;
        }
        if x == 0.0 {
            return self.shape / self.scale * math::pow(0.0, self.shape - 1.0);
        }
        self.shape * (self.cdf(x) / x) * self.sf(x)
    }

    fn mean(&self) -> Option<f64> {
        let mean = self.scale * (PI / self.shape / self.sine());
        (self.shape > 1.0 && mean.is_finite()).then_some(mean)
    }

    fn variance(&self) -> Option<f64> {
        let angle = PI / self.shape;
        // tan(angle) / angle − 1, by its continued fraction (DLMF 4.39.1) where it is small.
        let excess = if angle < 0.8 {
            let square = angle * angle;
            let below = (2..14).rev().fold(0.0, |below, k| square / (f64::from(2 * k + 1) - below));
            let quotient = square / (3.0 - below);
            quotient / (1.0 - quotient)
        } else {
            self.sine() / math::sin(PI * (self.shape - 2.0) / (2.0 * self.shape)) / angle - 1.0
        };
        let mean = self.scale * (angle / self.sine());
        let variance = mean * mean * excess;
        (self.shape > 2.0 && variance.is_finite()).then_some(variance)
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use super::Loglogistic;
    use crate::distribution::{Family, laws, reference};

    laws!(super::Loglogistic, [(4.0, 10.0), (1.5, 1e-3), (0.5, 2.0), (2.5, 1.0), (300.0, 5.0)]);

    #[test]
    fn agrees_with_the_reference() {
        reference::check("loglogistic", |p| Loglogistic::new(p[0], p[1]));
    }

    #[test]
    fn the_density_at_zero_follows_the_shape() {
        let at_zero = |shape: f64| Loglogistic::new(shape, 2.0).unwrap().density(0.0);
        assert_eq!((at_zero(0.5), at_zero(1.0), at_zero(2.0)), (f64::INFINITY, 0.5, 0.0));
        let law = Loglogistic::new(1.0, 2.0).unwrap();
        assert_eq!((law.mean(), law.variance()), (None, None));
        assert_eq!(Loglogistic::new(2.0, 0.0).unwrap_err().parameter, "scale");
    }
}
