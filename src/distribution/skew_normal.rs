//! Skew normal distribution: a bell with one side heavier than the other.

use super::parameters::{SCALE, required};
use super::{Arguments, Family, FamilyEntry, Form, ParameterError, ensure, ensure_location_scale};
use crate::math::{self, Tail, log_root, tail_integral};

/// Skew normal distribution of shape α, moved and stretched; `location`, `scale` and draws in the input's unit.
///
/// - Formula: density 2 φ(z) Φ(αz) of z = (x − location) / scale. With J(z) = 2 ∫ φ(t) Φ(−αt) dt from z ≥ 0 to ∞, by
///   Gauss–Legendre over the fall of its integrand: F(−z) = J(z), F(z) = erf(z/√2) + J(z), 1 − F(z) = 2Φ(−z) − J(z) for
///   α ≥ 0, where J ≤ Φ(−z); mirrored for α < 0. No side cancels. The quantile inverts the smaller tail.
/// - Domain: scale > 0, |α| ≤ 1e12, all finite.
/// - Accuracy: quantile (from the location), cdf and sf to a relative 1e-12, both tails down to 1e-300; held by
///   `tests::agrees_with_the_reference`.
/// - Source: Azzalini (1985), Scandinavian Journal of Statistics 12(2), 171–178; Azzalini and Capitanio (2014), The
///   Skew-Normal and Related Families, ch. 2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SkewNormal {
    location: f64,
    scale: f64,
    shape: f64,
    /// |α|
    size: f64,
    /// √(1 + α²): how much shorter than a normal tail the light one is.
    stretch: f64,
}

impl SkewNormal {
    /// From location, scale and shape; shape 0 is the normal law, a positive one has the heavier tail above.
    ///
    /// # Errors
    /// A location that is not finite, a scale that is not above 0 and finite, a shape beyond ±1e12.
    pub fn new(location: f64, scale: f64, shape: f64) -> Result<Self, ParameterError> {
        ensure_location_scale(location, scale)?;
        ensure(shape.abs() <= 1e12, "shape", shape, "be from -1e12 to 1e12")?;
        Ok(Self { location, scale, shape, size: shape.abs(), stretch: (1.0 + shape * shape).sqrt() })
    }

    /// z of the law with its heavier tail above.
    fn score(&self, x: f64) -> f64 {
        let z = (x - self.location) / self.scale;
        if self.shape < 0.0 { -z } else { z }
    }

    fn density_at(&self, z: f64) -> f64 {
        if z.is_infinite() { 0.0 } else { 2.0 * math::normal_density(z) * math::normal_cdf(self.size * z) }
    }

    /// J(z), z ≥ 0.
    fn light(&self, z: f64) -> f64 {
        if z > 40.0 {
            return 0.0;
        }
        let start = self.size * z;
        let ratio = math::mills_ratio(start);
        let density = 2.0 * math::normal_density(z) * math::normal_density(start) * ratio;
        if density == 0.0 {
            return 0.0;
        }
        let square = self.stretch * self.stretch;
        let slope = z + self.size / ratio;
        let guess = 80.0 / (slope + (slope * slope + 80.0 * square).sqrt());
        density
            * tail_integral(guess, f64::INFINITY, |v| {
                let here = math::mills_ratio(start + self.size * v);
                let exponent = math::ln(here / ratio) - square * v * (z + 0.5 * v);
                (exponent, -(z + v) - self.size / here)
            })
    }

    /// F and 1 − F.
    fn tails(&self, z: f64) -> (f64, f64) {
        if z < 0.0 {
            let lower = self.light(-z);
            return (lower, 1.0 - lower);
        }
        let light = self.light(z);
        let root_half = std::f64::consts::FRAC_1_SQRT_2;
        (libm::erf(z * root_half) + light, 2.0 * math::normal_sf(z) - light)
    }

    /// First and second derivative of the density's logarithm.
    fn bend(&self, z: f64) -> (f64, f64) {
        let hazard = 1.0 / math::mills_ratio(-self.size * z);
        let slope = self.size * hazard - z;
        (slope, -1.0 - self.size * self.size * hazard * (hazard + self.size * z))
    }

    /// The z with F(z) = `lower`, in units in which the light tail falls like a normal one.
    fn lower_score(&self, lower: f64) -> f64 {
        // J(0) = atan(1/α) / π
        let rest = lower - libm::atan2(1.0, self.size) / std::f64::consts::PI;
        let start = if rest > 0.0 {
            math::normal_quantile_tails(0.5 + 0.5 * rest, 0.5 - 0.5 * rest) * self.stretch
        } else {
            math::normal_quantile_tails(lower, 1.0 - lower)
        };
        let tail = |w: f64| {
            let z = w / self.stretch;
            let (slope, bend) = self.bend(z);
            Tail {
                probability: self.tails(z).0,
                kernel: self.density_at(z) / self.stretch,
                slope: slope / self.stretch,
                curvature: -bend / self.stretch / self.stretch,
            }
        };
        log_root(start, lower, tail, |w, step| w + step) / self.stretch
    }

    /// The z with 1 − F(z) = `upper`.
    fn upper_score(&self, upper: f64) -> f64 {
        let start = -math::normal_quantile_tails(0.5 * upper, 1.0 - 0.5 * upper);
        let tail = |z: f64| {
            let (slope, bend) = self.bend(z);
            Tail { probability: self.tails(z).1, kernel: self.density_at(z), slope: -slope, curvature: -bend }
        };
        log_root(start, upper, tail, |z, step| z - step)
    }

    /// `location`, `scale`, `shape`, in the order of the first form.
    pub fn parameters(&self) -> [f64; 3] {
        [self.location, self.scale, self.shape]
    }
}

impl Family for SkewNormal {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        let mirrored = self.shape < 0.0;
        let (lower, upper) = if mirrored { (upper, lower) } else { (lower, upper) };
        let z = if lower <= upper { self.lower_score(lower) } else { self.upper_score(upper) };
        if mirrored { self.location - self.scale * z } else { self.location + self.scale * z }
    }

    fn cdf(&self, x: f64) -> f64 {
        let (lower, upper) = self.tails(self.score(x));
        if self.shape < 0.0 { upper } else { lower }
    }

    fn sf(&self, x: f64) -> f64 {
        let (lower, upper) = self.tails(self.score(x));
        if self.shape < 0.0 { lower } else { upper }
    }

    fn density(&self, x: f64) -> f64 {
        self.density_at(self.score(x)) / self.scale
    }

    fn mean(&self) -> Option<f64> {
        Some(self.location + self.scale * (self.shape / self.stretch) * ROOT_TWO_OVER_PI)
    }

    fn variance(&self) -> Option<f64> {
        let offset = self.shape / self.stretch * ROOT_TWO_OVER_PI;
        Some(self.scale * self.scale * (1.0 - offset * offset)).filter(|variance| variance.is_finite())
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }
}

/// √(2/π)
const ROOT_TWO_OVER_PI: f64 = 0.797_884_560_802_865_4;

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[
            required("location", "where the bell stood without skewness, in the unit of the input"),
            SCALE,
            required("shape", "skewness: 0 is the normal law, above 0 the upper tail is the heavier"),
        ]),
        build: |x| SkewNormal::new(x[0], x[1], x[2]).map(super::Law::from),
    },
    super::solve::families::SKEW_NORMAL,
];

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "skew_normal",
    summary: "A bell with one side heavier than the other.",
    forms: FORMS,
    example: "skew_normal(0, 1, 4)",
};

#[cfg(test)]
mod tests {
    use super::SkewNormal;
    use crate::distribution::{Family, Normal, laws, reference};

    laws!(
        super::SkewNormal,
        [(0.0, 1.0, 0.0), (0.0, 1.0, 4.0), (10.0, 3.0, -1.5), (0.0, 2.0, 60.0), (0.0, 1.0, 1e3)]
    );

    #[test]
    fn agrees_with_the_reference() {
        reference::check("skew_normal", |p| SkewNormal::new(p[0], p[1], p[2]));
    }

    #[test]
    fn shape_zero_is_the_normal_law() {
        let (law, normal) = (SkewNormal::new(2.0, 3.0, 0.0).unwrap(), Normal::new(2.0, 3.0).unwrap());
        for x in [-90.0, -3.0, 2.0, 2.5, 80.0] {
            assert!((law.cdf(x) / normal.cdf(x) - 1.0).abs() < 1e-14, "{x}");
            assert!((law.sf(x) / normal.sf(x) - 1.0).abs() < 1e-14, "{x}");
        }
        assert_eq!(law.mean(), Some(2.0));
    }

    #[test]
    fn parameters_out_of_their_domain_are_refused() {
        let refused = |location, scale, shape| SkewNormal::new(location, scale, shape).unwrap_err().parameter;
        assert_eq!(refused(f64::INFINITY, 1.0, 1.0), "location");
        assert_eq!(refused(0.0, 0.0, 1.0), "scale");
        assert_eq!(refused(0.0, 1.0, 1e13), "shape");
    }
}
