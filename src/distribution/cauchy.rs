//! Cauchy distribution: a bell whose tails are too heavy for a mean.

use std::f64::consts::{FRAC_1_PI, PI};

use super::parameters::{LOCATION, SCALE};
use super::table::{Arguments, FamilyEntry, Form};
use super::{Family, Law, ParameterError, ensure_location_scale};

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "cauchy",
    summary: "A bell with tails so heavy that it has no mean: a ratio of errors.",
    forms: FORMS,
    example: "cauchy(10, 2)",
};

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[LOCATION, SCALE]),
        build: |x| Cauchy::new(x[0], x[1]).map(Law::from),
    },
    super::solve::families::CAUCHY,
];

/// Cauchy distribution; location, scale and draws in the input's unit.
///
/// - Formula: Q(u) = location − scale · cot(π u), or + scale · tan(π (u − ½)) in the middle.
/// - Domain: scale > 0, both finite. No mean, no variance.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12; held by `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kotz and Balakrishnan (1994), Continuous Univariate Distributions 1, 2nd ed., ch. 16.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cauchy {
    location: f64,
    scale: f64,
}

impl Cauchy {
    /// From location (the middle) and scale.
    ///
    /// # Errors
    /// A location that is not finite, a scale that is not above 0 and finite.
    pub fn new(location: f64, scale: f64) -> Result<Self, ParameterError> {
        ensure_location_scale(location, scale)?;
        Ok(Self { location, scale })
    }

    fn standard(&self, x: f64) -> f64 {
        let difference = x - self.location;
        if difference.is_finite() {
            difference / self.scale
        } else {
            x / self.scale - self.location / self.scale
        }
    }

    /// `location`, `scale`, in the order of the first form.
    pub fn parameters(&self) -> [f64; 2] {
        [self.location, self.scale]
    }
}

impl Family for Cauchy {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        let p = lower.min(upper);
        let distance =
            if p < 0.25 { self.scale / libm::tan(PI * p) } else { self.scale * libm::tan(PI * (0.5 - p)) };
        if lower < upper { self.location - distance } else { self.location + distance }
    }

    fn cdf(&self, x: f64) -> f64 {
        libm::atan2(1.0, -self.standard(x)) / PI
    }

    fn sf(&self, x: f64) -> f64 {
        libm::atan2(1.0, self.standard(x)) / PI
    }

    fn density(&self, x: f64) -> f64 {
        let falling = 1.0 / libm::hypot(1.0, self.standard(x));
        falling * (falling / self.scale) * FRAC_1_PI
    }

    fn mean(&self) -> Option<f64> {
        None
    }

    fn variance(&self) -> Option<f64> {
        None
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use super::Cauchy;
    use crate::distribution::{Family, laws, reference};

    laws!(super::Cauchy, [(0.0, 1.0), (10.0, 2.0), (-1e6, 3.0), (2.6, 1e-3)]);

    #[test]
    fn agrees_with_the_reference() {
        reference::check("cauchy", |p| Cauchy::new(p[0], p[1]));
    }

    #[test]
    fn parameters_out_of_their_domain_are_refused() {
        assert_eq!(Cauchy::new(0.0, 0.0).unwrap_err().parameter, "scale");
        assert_eq!(Cauchy::new(f64::INFINITY, 1.0).unwrap_err().parameter, "location");
        assert_eq!(Cauchy::new(0.0, 1.0).unwrap().density(f64::INFINITY), 0.0);
    }
}
