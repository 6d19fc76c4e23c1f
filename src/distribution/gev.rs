//! Generalised extreme value distribution: the largest of many values, whatever their tail.

use super::parameters::{SCALE, required};
use super::power_scale::PowerScale;
use super::table::{Arguments, FamilyEntry, Form};
use super::weibull::curvature_of_ln_gamma;
use super::{Family, Law, ParameterError, ensure};
use crate::math;

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "gev",
    summary: "The largest of many values, whatever the weight of their tail.",
    forms: FORMS,
    example: "gev(100, 20, 0.1)",
};

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[
            required("location", "value with a probability of 1/e below it"),
            SCALE,
            required("shape", "above 0 a heavy tail, at 0 the gumbel law, below 0 an end"),
        ]),
        build: |x| Gev::new(x[0], x[1], x[2]).map(Law::from),
    },
    super::solve::families::GEV,
];

/// Generalised extreme value distribution; location, scale and draws in the input's unit, shape ξ without unit.
///
/// - Formula: F(x) = exp(−h), h = (1 + ξ (x − location) / scale)^(−1 / ξ); Q(u) = location + scale · (h^−ξ − 1) / ξ with
///   h = −ln u; the Gumbel law at ξ = 0, met continuously.
/// - Domain: scale > 0, |ξ| ≤ 1000, all finite; a shape nearer to 0 than 1e-30 counts as 0. Values end at
///   location − scale / ξ: above for ξ < 0, below for ξ > 0. Mean for ξ < 1, variance for ξ < ½; moments whose gamma
///   function overflows (ξ below about −85) count as infinite.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12; held by `tests::agrees_with_the_reference`.
/// - Source: Jenkinson (1955), Quarterly Journal of the Royal Meteorological Society 81, 158–171,
///   doi:10.1002/qj.49708134804.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gev {
    law: PowerScale,
}

impl Gev {
    /// From location, scale and shape.
    ///
    /// # Errors
    /// Parameters that are not finite, a scale that is not above 0, a shape beyond ±1000.
    pub fn new(location: f64, scale: f64, shape: f64) -> Result<Self, ParameterError> {
        ensure(shape.is_nan() || shape.abs() <= 1e3, "shape", shape, "lie between -1000 and 1000")?;
        PowerScale::new(location, scale, shape).map(|law| Self { law })
    }
}

/// Γ(1 − ξ) − 1 for ξ < 1.
fn gamma_m1(shape: f64) -> f64 {
    let argument = 1.0 - shape;
    if shape.abs() <= 0.5 {
        math::exp_m1(math::ln_gamma_1p(-shape))
    } else if argument < 3.0 {
        math::exp_m1(math::ln_gamma(argument))
    } else {
        libm::tgamma(argument) - 1.0
    }
}

/// Γ(1 − 2ξ) − Γ(1 − ξ)² for ξ < ½; `first` is 1 − ξ and `second` 1 − 2ξ.
pub(super) fn gamma_variance(shape: f64, first: f64, second: f64) -> f64 {
    let mean = libm::tgamma(first);
    if shape.abs() > 0.25 {
        libm::tgamma(second) - mean * mean
    } else {
        mean * mean * math::exp_m1(curvature_of_ln_gamma(-shape))
    }
}

impl Family for Gev {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        self.law.at(-math::ln(-math::ln_complement(upper, lower)))
    }

    fn cdf(&self, x: f64) -> f64 {
        math::exp(-self.law.decay(x))
    }

    fn sf(&self, x: f64) -> f64 {
        -math::exp_m1(-self.law.decay(x))
    }

    fn density(&self, x: f64) -> f64 {
        let (hazard, slope) = (self.law.decay(x), self.law.slope(x));
        if slope <= 0.0 || hazard == f64::INFINITY {
            return 0.0;
        }
        if slope == f64::INFINITY {
            return match self.law.shape {
                shape if shape < -1.0 => f64::INFINITY,
                -1.0 => 1.0 / self.law.scale,
                _ => 0.0,
            };
        }
        hazard * (math::exp(-hazard) * slope)
    }

    fn mean(&self) -> Option<f64> {
        /// Euler's constant γ.
        const EULER: f64 = 0.577_215_664_901_532_9;
        let PowerScale { location, scale, shape, .. } = self.law;
        let unit = if shape.abs() < 1e-17 { EULER } else { gamma_m1(shape) / shape };
        let mean = location + scale * unit;
        (shape < 1.0 && mean.is_finite()).then_some(mean)
    }

    fn variance(&self) -> Option<f64> {
        let PowerScale { scale, shape, .. } = self.law;
        let sd_of_gumbel = std::f64::consts::PI * scale;
        let variance = if shape.abs() < 1e-17 {
            sd_of_gumbel * sd_of_gumbel / 6.0
        } else {
            let unit = scale / shape;
            unit * (unit * gamma_variance(shape, 1.0 - shape, 1.0 - 2.0 * shape))
        };
        (shape < 0.5 && variance.is_finite()).then_some(variance)
    }

    fn support(&self) -> (f64, f64) {
        (self.law.least(), self.law.greatest())
    }
}

#[cfg(test)]
mod tests {
    use super::Gev;
    use crate::distribution::{Family, Gumbel, laws, reference};

    laws!(
        super::Gev,
        [
            (0.0, 1.0, 0.0),
            (100.0, 20.0, 0.1),
            (0.0, 3.0, 1e-12),
            (-5.0, 1.0, -1e-9),
            (-1.0, 1.0, -1.0),
            (0.0, 1.0, -0.3),
            (1.0, 1.0, 1.0),
            (2.0, 1e-3, 5.0),
        ]
    );

    #[test]
    fn agrees_with_the_reference() {
        reference::check("gev", |p| Gev::new(p[0], p[1], p[2]));
    }

    #[test]
    fn without_a_shape_it_is_the_gumbel_law() {
        let gumbel = Gumbel::new(7.0, 2.0).unwrap();
        for shape in [0.0, 1e-18, -1e-18, 1e-320] {
            let law = Gev::new(7.0, 2.0, shape).unwrap();
            for u in [1e-20, 0.3, 0.999] {
                assert!((law.quantile(u) / gumbel.quantile(u) - 1.0).abs() < 1e-14);
            }
            assert!((law.variance().unwrap() / gumbel.variance().unwrap() - 1.0).abs() < 1e-14);
        }
    }

    #[test]
    fn moments_exist_by_the_shape() {
        assert_eq!(Gev::new(0.0, 1.0, 1.0).unwrap().mean(), None);
        assert_eq!(Gev::new(0.0, 1.0, 0.5).unwrap().variance(), None);
        assert_eq!(Gev::new(0.0, 1.0, 1e4).unwrap_err().parameter, "shape");
    }
}
