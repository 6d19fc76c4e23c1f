//! Inverse Gaussian distribution: the time a drifting random walk needs to reach a level.

use super::parameters::{MEAN, required};
use super::{Arguments, Family, FamilyEntry, Form, ParameterError, ensure};
use crate::math::{self, Tail, log_root};

/// Inverse Gaussian (Wald) distribution of mean μ and shape λ; both and draws in the input's unit.
///
/// - Formula: with a = √(λ/x) (x/μ − 1), b = √(λ/x) (x/μ + 1) and Mills' ratio R, F = φ(a) (R(−a) + R(b)) and
///   1 − F = φ(a) (R(a) − R(b)), as e^(2λ/μ) φ(b) = φ(a); the quantile inverts the smaller tail.
/// - Domain: μ > 0, λ > 0, finite, λ/μ from 1e-12 to 1e15.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12, tails down to 1e-300; held by
///   `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kotz & Balakrishnan (1994), Continuous Univariate Distributions 1, 2nd ed., ch. 15; Giner and
///   Smyth (2016), The R Journal 8(1), 339–351, doi:10.32614/RJ-2016-024, for its numerical pitfalls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InverseGaussian {
    mean: f64,
    shape: f64,
}

impl InverseGaussian {
    /// From mean and shape; the variance is mean³ / shape.
    ///
    /// # Errors
    /// Parameters that are not above 0 and finite, or more than 1e12 and 1e15 times apart.
    pub fn new(mean: f64, shape: f64) -> Result<Self, ParameterError> {
        ensure(mean > 0.0 && mean.is_finite(), "mean", mean, "be above 0 and finite")?;
        ensure(shape > 0.0 && shape.is_finite(), "shape", shape, "be above 0 and finite")?;
        let ratio = shape / mean;
        ensure((1e-12..=1e15).contains(&ratio), "shape", shape, "be 1e-12 to 1e15 times `mean`")?;
        Ok(Self { mean, shape })
    }

    /// √(λ/x), x/μ − 1 and exp(−½a²).
    fn parts(&self, x: f64) -> (f64, f64, f64) {
        let (rate, excess) = (self.shape / x, (x - self.mean) / self.mean);
        (rate.sqrt(), excess, math::exp(-0.5 * (rate * excess) * excess))
    }

    /// P(X ≤ x) and P(X > x).
    fn tails(&self, x: f64) -> (f64, f64) {
        if x <= 0.0 {
            return (0.0, 1.0);
        }
        if x == f64::INFINITY {
            return (1.0, 0.0);
        }
        let (root, excess, bell) = self.parts(x);
        let density = ROOT * bell;
        if density == 0.0 {
            return if excess < 0.0 { (0.0, 1.0) } else { (1.0, 0.0) };
        }
        let a = root * excess;
        if excess < 0.0 {
            let lower = density * (math::mills_ratio(-a) + math::mills_ratio(a + 2.0 * root));
            if lower < 0.5 {
                return (lower, 1.0 - lower);
            }
        }
        let upper = density * math::mills_difference(a, 2.0 * root);
        (1.0 - upper, upper)
    }

    /// x times the density.
    fn kernel(&self, x: f64) -> f64 {
        let (root, _, bell) = self.parts(x);
        if bell == 0.0 { 0.0 } else { ROOT * root * bell }
    }

    /// The smaller tail at x in ln x (`side` 1) or −ln x (−1).
    fn tail(&self, x: f64, side: f64) -> Tail {
        let (lower, upper) = self.tails(x);
        let (half, ratio) = (0.5 * self.shape / self.mean, x / self.mean);
        Tail {
            probability: if side > 0.0 { lower } else { upper },
            kernel: self.kernel(x),
            slope: -side * (0.5 + half * (ratio - 1.0 / ratio)),
            curvature: half * (ratio + 1.0 / ratio),
        }
    }

    /// `mean`, `shape`, in the order of the first form.
    pub fn parameters(&self) -> [f64; 2] {
        [self.mean, self.shape]
    }
}

/// 1 / √(2π)
const ROOT: f64 = 0.398_942_280_401_432_7;

impl Family for InverseGaussian {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        // where Φ(a) alone reaches the probability
        let z = math::normal_quantile_tails(lower, upper);
        let half = 0.5 * z.abs() * (self.mean / self.shape).sqrt();
        let root = half + (1.0 + half * half).sqrt();
        let start = if z < 0.0 { self.mean / root / root } else { self.mean * root * root };
        if lower <= upper {
            log_root(start, lower, |x| self.tail(x, 1.0), |x, step| x * libm::exp(step))
        } else {
            log_root(start, upper, |x| self.tail(x, -1.0), |x, step| x * libm::exp(-step))
        }
    }

    fn cdf(&self, x: f64) -> f64 {
        self.tails(x).0
    }

    fn sf(&self, x: f64) -> f64 {
        self.tails(x).1
    }

    fn density(&self, x: f64) -> f64 {
        if x > 0.0 && x < f64::INFINITY { self.kernel(x) / x } else { 0.0 }
    }

    fn mean(&self) -> Option<f64> {
        Some(self.mean)
    }

    fn variance(&self) -> Option<f64> {
        Some(self.mean * (self.mean / self.shape) * self.mean).filter(|variance| variance.is_finite())
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[
            MEAN,
            required("shape", "shape, in the unit of the input: mean³ / variance"),
        ]),
        build: |x| InverseGaussian::new(x[0], x[1]).map(super::Law::from),
    },
    super::solve::families::INVERSE_GAUSSIAN,
];

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "inverse_gaussian",
    summary: "The time a drifting random walk needs to reach a level: a wear-out, a right-skewed cost.",
    forms: FORMS,
    example: "inverse_gaussian(3, 8)",
};

#[cfg(test)]
mod tests {
    use super::InverseGaussian;
    use crate::distribution::{Family, laws, reference};

    laws!(
        super::InverseGaussian,
        [(1.0, 1.0), (3.0, 8.0), (2.0, 0.1), (10.0, 1e4), (1e-3, 1e3), (5.0, 5e-3)]
    );

    #[test]
    fn agrees_with_the_reference() {
        reference::check("inverse_gaussian", |p| InverseGaussian::new(p[0], p[1]));
    }

    #[test]
    fn parameters_out_of_their_domain_are_refused() {
        let refused = |mean, shape| InverseGaussian::new(mean, shape).unwrap_err().parameter;
        assert_eq!((refused(0.0, 1.0), refused(f64::INFINITY, 1.0)), ("mean", "mean"));
        assert_eq!(
            (refused(1.0, -1.0), refused(1.0, 1e-13), refused(1.0, 2e15)),
            ("shape", "shape", "shape")
        );
        assert_eq!(InverseGaussian::new(2.0, 4.0).unwrap().variance(), Some(2.0));
    }
}
