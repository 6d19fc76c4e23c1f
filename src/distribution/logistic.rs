//! Logistic distribution: a bell with tails a little heavier than the normal law's.

use std::f64::consts::PI;

use super::parameters::{LOCATION, SCALE};
use super::table::{Arguments, FamilyEntry, Form};
use super::{Family, Law, ParameterError, ensure_location_scale};
use crate::math;

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "logistic",
    summary: "A bell with exponential tails: growth, demand, thresholds.",
    forms: FORMS,
    example: "logistic(10, 2)",
};

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[LOCATION, SCALE]),
        build: |x| Logistic::new(x[0], x[1]).map(Law::from),
    },
    super::solve::families::LOGISTIC,
];

/// Logistic distribution; location, scale and draws in the input's unit.
///
/// - Formula: Q(u) = location + scale · ln(u / (1 − u)).
/// - Domain: scale > 0, both finite.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12; held by `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kotz and Balakrishnan (1995), Continuous Univariate Distributions 2, 2nd ed., ch. 23.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Logistic {
    location: f64,
    scale: f64,
}

impl Logistic {
    /// From location (the middle) and scale.
    ///
    /// # Errors
    /// A location that is not finite, a scale that is not above 0 and finite.
    pub fn new(location: f64, scale: f64) -> Result<Self, ParameterError> {
        ensure_location_scale(location, scale)?;
        Ok(Self { location, scale })
    }

    fn standard(&self, x: f64) -> f64 {
        (x - self.location) / self.scale
    }
}

impl Family for Logistic {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        self.location + self.scale * (math::ln(lower) - math::ln(upper))
    }

    fn cdf(&self, x: f64) -> f64 {
        1.0 / (1.0 + math::exp(-self.standard(x)))
    }

    fn sf(&self, x: f64) -> f64 {
        1.0 / (1.0 + math::exp(self.standard(x)))
    }

    fn density(&self, x: f64) -> f64 {
        let falling = math::exp(-self.standard(x).abs());
        falling / self.scale / ((1.0 + falling) * (1.0 + falling))
    }

    fn mean(&self) -> Option<f64> {
        Some(self.location)
    }

    fn variance(&self) -> Option<f64> {
        let sd = PI * self.scale;
        Some(sd * sd / 3.0).filter(|variance| variance.is_finite())
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use super::Logistic;
    use crate::distribution::{Family, laws, reference};

    laws!(super::Logistic, [(0.0, 1.0), (10.0, 2.0), (-1e6, 3.0), (2.6, 1e-3)]);

    #[test]
    fn agrees_with_the_reference() {
        reference::check("logistic", |p| Logistic::new(p[0], p[1]));
    }

    #[test]
    fn parameters_out_of_their_domain_are_refused() {
        assert_eq!(Logistic::new(0.0, 0.0).unwrap_err().parameter, "scale");
        assert_eq!(Logistic::new(f64::INFINITY, 1.0).unwrap_err().parameter, "location");
        assert_eq!(Logistic::new(0.0, 1.0).unwrap().density(f64::INFINITY), 0.0);
    }
}
