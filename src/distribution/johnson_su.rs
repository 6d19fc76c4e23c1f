//! Johnson's unbounded system: a normal score stretched by a hyperbolic sine, for any skewness and heavy tails.

use super::parameters::required;
use super::table::{Arguments, FamilyEntry, Form, Parameter};
use super::{Family, Law, ParameterError, ensure};
use crate::math;

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "johnson_su",
    summary: "A bell of any skewness with tails heavier than the normal law's.",
    forms: FORMS,
    example: "johnson_su(-1, 2, 10, 3)",
};

pub(super) const GAMMA: Parameter = required("gamma", "skewness: below 0 the longer side is the upper one");
pub(super) const DELTA: Parameter = required("delta", "shape: the larger, the closer to the normal law");

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[
            GAMMA,
            DELTA,
            required("location", "where the hyperbolic sine is 0"),
            required("scale", "scale, in the unit of the input"),
        ]),
        build: |x| JohnsonSu::new(x[0], x[1], x[2], x[3]).map(Law::from),
    },
    super::solve::families::JOHNSON_SU,
];

/// Johnson's S_U distribution; γ and δ without unit, location, scale and draws in the input's unit.
///
/// - Formula: X = location + scale · sinh((Z − γ) / δ), Z standard normal.
/// - Domain: |γ| ≤ 100, δ ≥ 0.001, scale > 0, all finite. Moments beyond the range of numbers count as infinite.
/// - Accuracy: quantile to a relative 1e-12. cdf and sf to a relative 1e-12 for |γ| ≤ 5; held by
///   `tests::agrees_with_the_reference`. Beyond, γ cancels and costs digits as it grows.
/// - Source: Johnson (1949), Biometrika 36(1/2), 149–176, doi:10.1093/biomet/36.1-2.149.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JohnsonSu {
    gamma: f64,
    delta: f64,
    location: f64,
    scale: f64,
}

/// Refuses parameters that neither of Johnson's systems takes.
pub(super) fn ensure_johnson(
    gamma: f64,
    delta: f64,
    location: f64,
    scale: f64,
) -> Result<(), ParameterError> {
    ensure(gamma.abs() <= 100.0, "gamma", gamma, "lie between -100 and 100")?;
    ensure(delta > 0.0 && delta.is_finite(), "delta", delta, "be above 0 and finite")?;
    ensure(
        delta <= 1e100,
        "delta",
        delta,
        "be at most 1e100, beyond which the spread is lost; write `normal`",
    )?;
    ensure(location.is_finite(), "location", location, "be a finite number")?;
    ensure(scale > 0.0 && scale.is_finite(), "scale", scale, "be above 0 and finite")
}

impl JohnsonSu {
    /// From γ, δ, location and scale.
    ///
    /// # Errors
    /// Parameters that are not finite, δ or scale not above 0, γ beyond ±100, δ below 0.001.
    pub fn new(gamma: f64, delta: f64, location: f64, scale: f64) -> Result<Self, ParameterError> {
        ensure_johnson(gamma, delta, location, scale)?;
        ensure(delta >= 1e-3, "delta", delta, "be at least 0.001")?;
        Ok(Self { gamma, delta, location, scale })
    }

    fn standard(&self, x: f64) -> f64 {
        (x - self.location) / self.scale
    }

    /// The normal score of x.
    fn score(&self, x: f64) -> f64 {
        self.gamma + self.delta * libm::asinh(self.standard(x))
    }
}

impl Family for JohnsonSu {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        let z = math::normal_quantile_tails(lower, upper);
        self.location + self.scale * libm::sinh((z - self.gamma) / self.delta)
    }

    fn cdf(&self, x: f64) -> f64 {
        math::normal_cdf(self.score(x))
    }

    fn sf(&self, x: f64) -> f64 {
        math::normal_sf(self.score(x))
    }

    fn density(&self, x: f64) -> f64 {
        let stretch = libm::hypot(1.0, self.standard(x));
        math::normal_density(self.score(x)) * (self.delta / stretch) / self.scale
    }

    fn mean(&self) -> Option<f64> {
        let root = math::exp(0.5 / self.delta / self.delta);
        let mean = self.location - self.scale * (root * libm::sinh(self.gamma / self.delta));
        Some(mean).filter(|mean| mean.is_finite())
    }

    fn variance(&self) -> Option<f64> {
        let ln_omega = 1.0 / self.delta / self.delta;
        let spread = math::exp(ln_omega) * libm::cosh(2.0 * self.gamma / self.delta) + 1.0;
        let variance = self.scale * (self.scale * (0.5 * math::exp_m1(ln_omega) * spread));
        Some(variance).filter(|variance| variance.is_finite())
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use super::JohnsonSu;
    use crate::distribution::{Family, laws, reference};

    laws!(
        super::JohnsonSu,
        [(-1.0, 2.0, 10.0, 3.0), (0.0, 1.0, 0.0, 1.0), (2.0, 0.8, -5.0, 1e-3), (0.5, 1e6, 0.0, 1e6)]
    );

    #[test]
    fn agrees_with_the_reference() {
        let bounds = reference::Bounds { probability: 0.0, moments: 1e-12 };
        reference::check_within(&bounds, "johnson_su", |p| JohnsonSu::new(p[0], p[1], p[2], p[3]));
    }

    #[test]
    fn parameters_out_of_their_domain_are_refused() {
        let refused = |g, d, l, s| JohnsonSu::new(g, d, l, s).unwrap_err().parameter;
        assert_eq!(refused(1e3, 1.0, 0.0, 1.0), "gamma");
        assert_eq!(refused(0.0, 1e-4, 0.0, 1.0), "delta");
        assert_eq!(refused(0.0, 1.0, f64::INFINITY, 1.0), "location");
        assert_eq!(refused(0.0, 1.0, 0.0, 0.0), "scale");
        assert_eq!(JohnsonSu::new(0.0, 0.01, 0.0, 1.0).unwrap().variance(), None);
    }
}
