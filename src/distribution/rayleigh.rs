//! Rayleigh distribution: the distance from an aim that is missed equally in two directions.

use super::parameters::SCALE;
use super::table::{Arguments, FamilyEntry, Form};
use super::{Family, Law, ParameterError, ensure};
use crate::math;

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "rayleigh",
    summary: "A distance or a speed made by two normal directions: wind, waves, misses.",
    forms: FORMS,
    example: "rayleigh(8)",
};

const FORMS: &[Form] = &[
    Form { arguments: Arguments::Named(&[SCALE]), build: |x| Rayleigh::new(x[0]).map(Law::from) },
    super::solve::families::RAYLEIGH,
];

/// Rayleigh distribution; scale (the most likely value) and draws in the input's unit.
///
/// - Formula: Q(u) = scale · √(−2 ln(1 − u)).
/// - Domain: scale > 0, finite.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12; held by `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kotz and Balakrishnan (1994), Continuous Univariate Distributions 1, 2nd ed., ch. 18.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rayleigh {
    scale: f64,
}

impl Rayleigh {
    /// From the scale.
    ///
    /// # Errors
    /// A scale that is not above 0 and finite.
    pub fn new(scale: f64) -> Result<Self, ParameterError> {
        ensure(scale > 0.0 && scale.is_finite(), "scale", scale, "be above 0 and finite")?;
        Ok(Self { scale })
    }

    /// −ln S(x) = ½ (x / scale)² for x > 0.
    fn cumulative_hazard(&self, x: f64) -> f64 {
        let z = x / self.scale;
        0.5 * z * z
    }

    /// `scale`.
    pub fn parameters(&self) -> [f64; 1] {
        [self.scale]
    }
}

impl Family for Rayleigh {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        self.scale * (-2.0 * math::ln_complement(lower, upper)).sqrt()
    }

    fn cdf(&self, x: f64) -> f64 {
        if x > 0.0 { -math::exp_m1(-self.cumulative_hazard(x)) } else { 0.0 }
    }

    fn sf(&self, x: f64) -> f64 {
        if x > 0.0 { math::exp(-self.cumulative_hazard(x)) } else { 1.0 }
    }

    fn density(&self, x: f64) -> f64 {
        let survival = self.sf(x);
        if x <= 0.0 || survival == 0.0 { 0.0 } else { x / self.scale * (survival / self.scale) }
    }

    fn mean(&self) -> Option<f64> {
        Some(self.scale * (0.5 * std::f64::consts::PI).sqrt()).filter(|mean| mean.is_finite())
    }

    fn variance(&self) -> Option<f64> {
        /// 2 − π / 2
        const UNIT: f64 = 0.429_203_673_205_103_4;
        Some(UNIT * self.scale * self.scale).filter(|variance| variance.is_finite())
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use super::Rayleigh;
    use crate::distribution::{Family, laws, reference};

    laws!(super::Rayleigh, [(1.0), (8.0), (1e-100)]);

    #[test]
    fn agrees_with_the_reference() {
        reference::check("rayleigh", |p| Rayleigh::new(p[0]));
    }

    #[test]
    fn the_density_vanishes_at_both_ends() {
        let law = Rayleigh::new(2.0).unwrap();
        assert_eq!((law.density(0.0), law.density(f64::INFINITY)), (0.0, 0.0));
        assert_eq!(Rayleigh::new(0.0).unwrap_err().parameter, "scale");
    }
}
