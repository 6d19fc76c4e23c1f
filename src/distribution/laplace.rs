//! Laplace distribution: an exponential fall on both sides of a peak.

use super::parameters::{LOCATION, SCALE};
use super::table::{Arguments, FamilyEntry, Form};
use super::{Family, Law, ParameterError, ensure_location_scale};
use crate::math;

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "laplace",
    summary: "A sharp peak with an exponential fall on both sides: errors, returns.",
    forms: FORMS,
    example: "laplace(10, 2)",
};

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[LOCATION, SCALE]),
        build: |x| Laplace::new(x[0], x[1]).map(Law::from),
    },
    super::solve::families::LAPLACE,
];

/// Laplace distribution; location, scale and draws in the input's unit.
///
/// - Formula: Q(u) = location + scale · ln(2u) below ½, location − scale · ln(2(1 − u)) above.
/// - Domain: scale > 0, both finite.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12; held by `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kotz and Balakrishnan (1995), Continuous Univariate Distributions 2, 2nd ed., ch. 24.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Laplace {
    location: f64,
    scale: f64,
}

impl Laplace {
    /// From location (the peak) and scale.
    ///
    /// # Errors
    /// A location that is not finite, a scale that is not above 0 and finite.
    pub fn new(location: f64, scale: f64) -> Result<Self, ParameterError> {
        ensure_location_scale(location, scale)?;
        Ok(Self { location, scale })
    }

    /// Half of exp(−|x − location| / scale): the tail beyond x.
    fn tail(&self, x: f64) -> f64 {
        0.5 * math::exp(-((x - self.location) / self.scale).abs())
    }

    /// `location`, `scale`, in the order of the first form.
    pub fn parameters(&self) -> [f64; 2] {
        [self.location, self.scale]
    }
}

impl Family for Laplace {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        let distance = self.scale * math::ln(2.0 * lower.min(upper));
        if lower < upper { self.location + distance } else { self.location - distance }
    }

    fn cdf(&self, x: f64) -> f64 {
        if x < self.location { self.tail(x) } else { 1.0 - self.tail(x) }
    }

    fn sf(&self, x: f64) -> f64 {
        if x < self.location { 1.0 - self.tail(x) } else { self.tail(x) }
    }

    fn density(&self, x: f64) -> f64 {
        self.tail(x) / self.scale
    }

    fn mean(&self) -> Option<f64> {
        Some(self.location)
    }

    fn variance(&self) -> Option<f64> {
        Some(2.0 * self.scale * self.scale).filter(|variance| variance.is_finite())
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }

    fn corners(&self) -> Vec<f64> {
        vec![self.location]
    }
}

#[cfg(test)]
mod tests {
    use super::Laplace;
    use crate::distribution::{Family, laws, reference};

    laws!(super::Laplace, [(0.0, 1.0), (10.0, 2.0), (-1e6, 3.0), (2.6, 1e-3)]);

    #[test]
    fn agrees_with_the_reference() {
        reference::check("laplace", |p| Laplace::new(p[0], p[1]));
    }

    #[test]
    fn parameters_out_of_their_domain_are_refused() {
        assert_eq!(Laplace::new(0.0, 0.0).unwrap_err().parameter, "scale");
        assert_eq!(Laplace::new(f64::INFINITY, 1.0).unwrap_err().parameter, "location");
        assert_eq!(Laplace::new(0.0, 1.0).unwrap().density(f64::INFINITY), 0.0);
    }
}
