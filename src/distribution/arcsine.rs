//! Arcsine distribution: a quantity that swings between two bounds and lingers at both.

use std::f64::consts::PI;

use super::parameters::{GREATEST, LEAST, between};
use super::table::{Arguments, FamilyEntry, Form};
use super::{Family, ParameterError, ensure};
use crate::math;

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "arcsine",
    summary: "A quantity that swings between two bounds and lingers at both.",
    forms: FORMS,
    example: "arcsine(0, 10)",
};

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[LEAST, GREATEST]),
        build: |x| between(x, |b| Arcsine::new(b[0], b[1])),
    },
    super::solve::families::ARCSINE,
];

/// Arcsine distribution on [a, b]; parameters and draws in the input's unit.
///
/// - Formula: Q(u) = a + (b − a) sin²(π u / 2), counted from the nearer end.
/// - Domain: a < b, both finite, and so is b − a.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12; held by `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kotz and Balakrishnan (1995), Continuous Univariate Distributions 2, 2nd ed., ch. 25.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Arcsine {
    a: f64,
    b: f64,
    width: f64,
}

impl Arcsine {
    /// From the two bounds.
    ///
    /// # Errors
    /// Bounds that are not finite, or not in order.
    pub fn new(a: f64, b: f64) -> Result<Self, ParameterError> {
        ensure(a.is_finite(), "a", a, "be a finite number")?;
        ensure(b.is_finite(), "b", b, "be a finite number")?;
        ensure(a < b, "b", b, "be above `a`")?;
        ensure((b - a).is_finite(), "b", b, "lie closer to `a`: the width is beyond the range of numbers")?;
        Ok(Self { a, b, width: b - a })
    }

    /// Probability of the values nearer to an end than `distance`, at most a half of the width.
    fn tail(&self, distance: f64) -> f64 {
        libm::asin((distance / self.width).sqrt()) / (0.5 * PI)
    }

    /// `a`, `b`, in the order of the first form.
    pub fn parameters(&self) -> [f64; 2] {
        [self.a, self.b]
    }
}

impl Family for Arcsine {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        let sine = math::sin(0.5 * PI * lower.min(upper));
        let distance = self.width * (sine * sine);
        if lower < upper { self.a + distance } else { self.b - distance }
    }

    fn cdf(&self, x: f64) -> f64 {
        if x <= self.a {
            0.0
        } else if x >= self.b {
            1.0
        } else if x - self.a <= self.b - x {
            self.tail(x - self.a)
        } else {
            1.0 - self.tail(self.b - x)
        }
    }

    fn sf(&self, x: f64) -> f64 {
        if x <= self.a {
            1.0
        } else if x >= self.b {
            0.0
        } else if x - self.a <= self.b - x {
            1.0 - self.tail(x - self.a)
        } else {
            self.tail(self.b - x)
        }
    }

    fn density(&self, x: f64) -> f64 {
        if self.a <= x && x <= self.b { 1.0 / (PI * (x - self.a).sqrt() * (self.b - x).sqrt()) } else { 0.0 }
    }

    fn mean(&self) -> Option<f64> {
        Some(0.5 * self.a + 0.5 * self.b)
    }

    fn variance(&self) -> Option<f64> {
        Some(self.width * self.width / 8.0).filter(|variance| variance.is_finite())
    }

    fn support(&self) -> (f64, f64) {
        (self.a, self.b)
    }
}

#[cfg(test)]
mod tests {
    use super::Arcsine;
    use crate::distribution::{Family, laws, reference};

    laws!(super::Arcsine, [(0.0, 1.0), (-5.0, 3.0), (1e6, 1e6 + 1.0), (-7.0, 0.0)]);

    #[test]
    fn agrees_with_the_reference() {
        reference::check("arcsine", |p| Arcsine::new(p[0], p[1]));
    }

    #[test]
    fn the_density_runs_to_infinity_at_both_bounds() {
        let law = Arcsine::new(-1.0, 1.0).unwrap();
        assert_eq!((law.density(-1.0), law.density(1.0)), (f64::INFINITY, f64::INFINITY));
        assert_eq!(Arcsine::new(1.0, 1.0).unwrap_err().parameter, "b");
        assert_eq!(Arcsine::new(-1e308, 1e308).unwrap_err().parameter, "b");
    }
}
