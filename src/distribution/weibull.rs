//! Weibull distribution: lifetimes whose failure rate rises or falls as a power of age.

use super::{Family, ParameterError, ensure};
use crate::math;

/// Weibull distribution; shape without unit, scale and draws in the input's unit.
///
/// - Formula: Q(u) = scale · (−ln(1 − u))^(1 / shape).
/// - Domain: shape > 0, scale > 0, both finite.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12; held by `tests::agrees_with_the_reference`. Moments whose
///   gamma function overflows (shape below about 0.012) count as infinite.
/// - Source: Johnson, Kotz and Balakrishnan (1994), Continuous Univariate Distributions 1, 2nd ed., ch. 21.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Weibull {
    shape: f64,
    scale: f64,
    inverse_shape: f64,
}

impl Weibull {
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

    /// −ln S(x) = (x / scale)^shape for x > 0.
    fn cumulative_hazard(&self, x: f64) -> f64 {
        math::pow_quotient(x, self.scale, self.shape)
    }

    /// `shape`, `scale`, in the order of the first form.
    pub fn parameters(&self) -> [f64; 2] {
        [self.shape, self.scale]
    }
}

impl Family for Weibull {
    #[inline(always)]
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        math::scaled_pow(self.scale, -math::ln_complement(lower, upper), self.inverse_shape)
    }

    fn cdf(&self, x: f64) -> f64 {
        if x > 0.0 { -math::exp_m1(-self.cumulative_hazard(x)) } else { 0.0 }
    }

    fn sf(&self, x: f64) -> f64 {
        if x > 0.0 { math::exp(-self.cumulative_hazard(x)) } else { 1.0 }
    }

    fn density(&self, x: f64) -> f64 {
        if x < 0.0 {
            return 0.0;
        }
        if x == 0.0 {
            return self.shape / self.scale * math::pow(0.0, self.shape - 1.0);
        }
        let hazard = self.cumulative_hazard(x);
        let survival = math::exp(-hazard);
        if survival == 0.0 { 0.0 } else { self.shape * (hazard / x) * survival }
    }

    fn mean(&self) -> Option<f64> {
        let mean = self.scale * libm::tgamma(1.0 + self.inverse_shape);
        mean.is_finite().then_some(mean)
    }

    fn variance(&self) -> Option<f64> {
        let mean = libm::tgamma(1.0 + self.inverse_shape);
        let unit = if self.inverse_shape > 0.25 {
            libm::tgamma(1.0 + 2.0 * self.inverse_shape) - mean * mean
        } else {
            mean * mean * math::exp_m1(curvature_of_ln_gamma(self.inverse_shape))
        };
        let variance = self.scale * (self.scale * unit);
        variance.is_finite().then_some(variance)
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}

/// ζ(n) − 1 for n = 2, 3, …
const ZETA_MINUS_ONE: [f64; 26] = [
    0.6449340668482264,
    0.20205690315959424,
    0.08232323371113814,
    0.03692775514336999,
    0.017343061984449237,
    0.008349277381922926,
    0.0040773561979443596,
    0.002008392826082117,
    0.000994575127817976,
    0.0004941886041194277,
    0.00024608655330804474,
    0.00012271334757851804,
    6.124813505881122e-05,
    3.058823630697205e-05,
    1.5282259408611054e-05,
    7.637197637855309e-06,
    3.8172932650404334e-06,
    1.908212716505986e-06,
    9.53962033811706e-07,
    4.769329868814509e-07,
    2.384505026764572e-07,
    1.1921992593144637e-07,
    5.960818905137444e-08,
    2.980350344294891e-08,
    1.4901554878932188e-08,
    7.450711825285339e-09,
];

/// ln Γ(1 + 2x) − 2 ln Γ(1 + x) for |x| ≤ ¼, without the cancellation of that difference.
///
/// - Formula: 2 ln(1 + x) − ln(1 + 2x) + Σ (−1)ⁿ (ζ(n) − 1) ((2x)ⁿ − 2 xⁿ) / n from n = 2.
/// - Accuracy: held by the variances of `tests::agrees_with_the_reference`.
/// - Source: Abramowitz and Stegun (1964), 6.1.33; values by `tests/reference/coefficients.py`.
pub(super) fn curvature_of_ln_gamma(x: f64) -> f64 {
    // 2 ln(1 + x) − ln(1 + 2x) = ln(1 + x² / (1 + 2x))
    let mut sum = math::ln_1p(x * x / (1.0 + 2.0 * x));
    let (mut double_power, mut power, mut sign) = (2.0 * x, x, 1.0);
    for (k, zeta) in ZETA_MINUS_ONE.iter().enumerate() {
        double_power *= 2.0 * x;
        power *= x;
        sum += sign * zeta * (double_power - 2.0 * power) / (k as f64 + 2.0);
        sign = -sign;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::Weibull;
    use crate::distribution::{Family, laws, reference};

    laws!(super::Weibull, [(1.0, 1.0), (1.5, 100.0), (0.5, 2.0), (8.0, 1e-3), (300.0, 5.0)]);

    #[test]
    fn agrees_with_the_reference() {
        reference::check("weibull", |p| Weibull::new(p[0], p[1]));
    }

    #[test]
    fn the_density_at_zero_follows_the_shape() {
        let at_zero = |shape: f64| Weibull::new(shape, 2.0).unwrap().density(0.0);
        assert_eq!((at_zero(0.5), at_zero(1.0), at_zero(2.0)), (f64::INFINITY, 0.5, 0.0));
        assert_eq!(Weibull::new(0.001, 1.0).unwrap().mean(), None);
        assert_eq!(Weibull::new(2.0, 0.0).unwrap_err().parameter, "scale");
        assert_eq!(Weibull::new(f64::INFINITY, 1.0).unwrap_err().parameter, "shape");
    }
}
