//! The regularised incomplete gamma functions P and Q, and their inverse.

use super::kernel::{GammaKernel, expm1mx};
use super::ln_gamma::ln_gamma_1p;
use super::log_root::{Tail, log_root};
use super::normal::normal_quantile_tails;
use super::tail_quadrature::tail_integral;

/// The pair (P(a, x), Q(a, x)); see [`IncompleteGamma`].
pub fn incomplete_gamma(a: f64, x: f64) -> (f64, f64) {
    IncompleteGamma::new(a).tails(x)
}

/// The x with P(a, x) = `lower` and Q(a, x) = `upper`; see [`IncompleteGamma::inverse`].
pub fn inverse_incomplete_gamma(a: f64, lower: f64, upper: f64) -> f64 {
    IncompleteGamma::new(a).inverse(lower, upper)
}

/// P(a, x) = ∫₀ˣ tᵃ⁻¹ e⁻ᵗ dt / Γ(a) and Q = 1 − P for one shape a, whose constants it keeps.
///
/// - Formula: Taylor series below the median; continued fraction above it; for shapes from 200 on, where both
///   become slow, the tail integrated from x outwards in ln t; Gautschi's form for shapes and arguments below
///   1 and 1.5. The tail computed is the smaller one (or one not near 1), the other its complement.
/// - Domain: a > 0, x ≥ 0, no unit.
/// - Accuracy: relative error ≤ 1e-12 of either tail down to 1e-300 for shapes 1e-3 … 1e8, inverse included;
///   held through the families, `agrees_with_the_reference`.
/// - Source: DLMF 8.7.1, 8.9.2; Gautschi (1979), ACM TOMS 5, 466–481, doi:10.1145/355853.355863; Gil, Segura
///   & Temme (2012), SIAM J. Sci. Comput. 34, A2965–A2981, doi:10.1137/120872553, for the plan.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IncompleteGamma {
    shape: f64,
    kernel: GammaKernel,
}

impl IncompleteGamma {
    /// The functions of shape `shape` > 0.
    pub fn new(shape: f64) -> Self {
        Self { shape, kernel: GammaKernel::new(shape) }
    }

    /// xᵃ e⁻ˣ / Γ(a), the density in ln x.
    pub fn kernel(&self, x: f64) -> f64 {
        self.kernel.at(x)
    }

    /// (P, Q) at x ≥ 0; (0, 1) below.
    pub fn tails(&self, x: f64) -> (f64, f64) {
        let a = self.shape;
        if x.is_nan() {
            return (f64::NAN, f64::NAN);
        }
        if x <= 0.0 {
            return (0.0, 1.0);
        }
        if x == f64::INFINITY {
            return (1.0, 0.0);
        }
        if a < 1.0 && x < SMALL {
            return self.gautschi(x);
        }
        let below = x < a - 1.0 / 3.0;
        if !below && x < SMALL {
            return with_complement(self.kernel.at(x) * self.series(x));
        }
        let kernel = self.kernel.at(x);
        if kernel == 0.0 {
            return if below { (0.0, 1.0) } else { (1.0, 0.0) };
        }
        let near = a > SERIES_UP_TO && (x - a).abs() < 0.5 * a;
        if below {
            with_complement(kernel * if near { self.quadrature(x, -1.0) } else { self.series(x) })
        } else {
            let (upper, lower) =
                with_complement(kernel * if near { self.quadrature(x, 1.0) } else { self.fraction(x) });
            (lower, upper)
        }
    }

    /// The x with P = `lower` and Q = `upper`; the smaller of the two decides.
    ///
    /// - Formula: start values from the power law near 0, the exponential tail of small shapes or the
    ///   cube-root (Wilson–Hilferty) normal approximation, then Halley's iteration on the logarithm of the
    ///   smaller tail in ln x.
    /// - Domain: `lower` + `upper` = 1, both in [0, 1]; 0 and ∞ at the ends, NaN outside. No allocation.
    /// - Accuracy: as the functions themselves, relative in x. Below 1e-308 the result is 0 or subnormal.
    /// - Source: Gil, Segura & Temme (2012) as above; Wilson & Hilferty (1931), PNAS 17, 684–688.
    pub fn inverse(&self, lower: f64, upper: f64) -> f64 {
        let in_domain = (0.0..=1.0).contains(&lower) && (0.0..=1.0).contains(&upper);
        if !in_domain {
            return f64::NAN;
        }
        if lower == 0.0 {
            return 0.0;
        }
        if upper == 0.0 {
            return f64::INFINITY;
        }
        let a = self.shape;
        let ln_lower = if lower <= upper { libm::log(lower) } else { libm::log1p(-upper) };
        let power_law = libm::exp((ln_lower + ln_gamma_1p(a)) / a);
        if power_law < 1e-17 {
            return power_law;
        }
        let start = self.start(lower, upper, power_law);
        if lower <= upper {
            let tail = |x: f64| Tail {
                probability: self.tails(x).0,
                kernel: self.kernel.at(x),
                slope: a - x,
                curvature: x,
            };
            log_root(start, lower, tail, |x, step| x * libm::exp(step))
        } else {
            let tail = |x: f64| Tail {
                probability: self.tails(x).1,
                kernel: self.kernel.at(x),
                slope: x - a,
                curvature: x,
            };
            log_root(start, upper, tail, |x, step| x * libm::exp(-step))
        }
    }

    fn start(&self, lower: f64, upper: f64, power_law: f64) -> f64 {
        let a = self.shape;
        if power_law < 0.2 * (a + 1.0) {
            // P ≈ xᵃ (1 − a x / (a + 1)) / Γ(a + 1)
            return power_law * (1.0 + power_law / (a + 1.0));
        }
        if a < 1.0 {
            // Q ≈ xᵃ⁻¹ e⁻ˣ / Γ(a)
            let first = (-libm::log(upper) - ln_gamma_1p(a) + libm::log(a)).max(0.5);
            return (first + (a - 1.0) * libm::log(first)).max(0.5 * first);
        }
        let z = normal_quantile_tails(lower, upper);
        let root = 1.0 - 1.0 / (9.0 * a) + z / (3.0 * a.sqrt());
        if root > 0.3 { a * root * root * root } else { power_law.min(0.5 * a) }
    }

    /// P / kernel = 1/a + x/(a (a+1)) + …: DLMF 8.7.1.
    fn series(&self, x: f64) -> f64 {
        let (mut shape, mut term, mut sum) = (self.shape, 1.0, 1.0);
        while term > f64::EPSILON * 0.1 * sum {
            shape += 1.0;
            term *= x / shape;
            sum += term;
        }
        sum / self.shape
    }

    /// Q / kernel by the even part of the continued fraction DLMF 8.9.2, evaluated by Lentz's rule.
    fn fraction(&self, x: f64) -> f64 {
        let mut b = x + 1.0 - self.shape;
        let mut d = 1.0 / b;
        let (mut c, mut value) = (f64::MAX, d);
        for k in 1..MOST_FRACTIONS {
            let k = k as f64;
            let numerator = k * (self.shape - k);
            b += 2.0;
            d = 1.0 / (b + numerator * d);
            c = b + numerator / c;
            let factor = c * d;
            value *= factor;
            if (factor - 1.0).abs() < 0.5 * f64::EPSILON {
                break;
            }
        }
        value
    }

    /// The tail beyond x (`side` 1) or below it (−1) over the kernel: ∫ exp(a s v − x (e^(s v) − 1)) dv, s =
    /// `side`.
    fn quadrature(&self, x: f64, side: f64) -> f64 {
        let slope = side * (self.shape - x);
        let guess = (slope + (slope * slope + 80.0 * x).sqrt()) / x;
        tail_integral(guess, f64::INFINITY, |v| {
            let exponent = slope * v - x * expm1mx(side * v);
            (exponent, slope - x * side * libm::expm1(side * v))
        })
    }

    /// Both tails for a < 1, x < 1.5: with w = xᵃ / Γ(1 + a) and J = Σ (−x)ⁿ / (n! (a + n)), P = w (1 + a J),
    /// Q = (1 − w) − w a J.
    fn gautschi(&self, x: f64) -> (f64, f64) {
        let a = self.shape;
        let ln_power = a * libm::log(x) - ln_gamma_1p(a);
        let (mut power, mut sum, mut n) = (1.0, 0.0, 0.0);
        loop {
            n += 1.0;
            power *= -x / n;
            let term = power / (a + n);
            sum += term;
            if term.abs() <= 0.1 * f64::EPSILON * f64::abs(sum) {
                break;
            }
        }
        let lower = libm::exp(ln_power) * (1.0 + a * sum);
        if lower < 0.5 {
            return with_complement(lower);
        }
        let (upper, lower) = with_complement(-libm::expm1(ln_power) - libm::exp(ln_power) * a * sum);
        (lower, upper)
    }
}

/// Arguments up to which the series for both tails lose nothing.
const SMALL: f64 = 1.5;

/// Shapes up to which series and continued fraction need fewer steps than the quadrature.
const SERIES_UP_TO: f64 = 200.0;

const MOST_FRACTIONS: usize = 10_000;

fn with_complement(tail: f64) -> (f64, f64) {
    (tail, 1.0 - tail)
}

#[cfg(test)]
mod tests {
    use super::{IncompleteGamma, incomplete_gamma, inverse_incomplete_gamma};

    #[test]
    fn ends_and_nan_are_answered_as_documented() {
        for a in [1e-3, 1.0, 50.0, 1e6] {
            let integral = IncompleteGamma::new(a);
            assert_eq!((integral.tails(0.0), integral.tails(-1.0)), ((0.0, 1.0), (0.0, 1.0)));
            assert_eq!(integral.tails(f64::INFINITY), (1.0, 0.0));
            assert!(integral.tails(f64::NAN).0.is_nan());
            assert_eq!((integral.inverse(0.0, 1.0), integral.inverse(1.0, 0.0)), (0.0, f64::INFINITY));
            assert!(integral.inverse(f64::NAN, 0.5).is_nan() && integral.inverse(1.5, -0.5).is_nan());
        }
    }

    #[test]
    fn neighbouring_shapes_differ_by_one_density() {
        // P(a, x) − P(a + 1, x) = xᵃ e⁻ˣ / Γ(a + 1) joins all regions
        for a in [0.001, 0.3, 0.999, 1.2, 7.0, 199.5, 200.5, 450.0, 1e5] {
            for relative in [0.01, 0.4, 0.6, 0.97, 1.0, 1.03, 1.6, 3.0] {
                let x = a * relative;
                let ((lower, upper), next) = (incomplete_gamma(a, x), incomplete_gamma(a + 1.0, x));
                let step = IncompleteGamma::new(a).kernel(x) / a;
                assert!((lower - next.0 - step).abs() <= 1e-13 * lower + 1e-300, "P({a}, {x})");
                assert!((next.1 - upper - step).abs() <= 1e-13 * next.1 + 1e-300, "Q({a}, {x})");
            }
        }
    }

    #[test]
    fn the_inverse_returns_to_its_probability_over_the_whole_domain() {
        for a in (-12..=32).map(|k| libm::exp2(f64::from(k) * 0.83)) {
            for p in [1e-300, 1e-150, 1e-40, 1e-8, 0.03, 0.2, 0.4, 0.5] {
                let integral = IncompleteGamma::new(a);
                for (found, x) in [
                    (integral.tails(inverse_incomplete_gamma(a, p, 1.0 - p)).0, integral.inverse(p, 1.0 - p)),
                    (integral.tails(inverse_incomplete_gamma(a, 1.0 - p, p)).1, integral.inverse(1.0 - p, p)),
                ] {
                    // what the error in p means for x, relative
                    let error = (found - p) / integral.kernel(x);
                    assert!(x < 1e-290 || error.abs() <= 5e-13, "shape {a}, probability {p:e}: {error:e}");
                }
            }
        }
    }
}
