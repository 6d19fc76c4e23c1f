//! The regularised incomplete beta function, its complement and its inverse.

use super::incomplete_gamma::IncompleteGamma;
use super::kernel::{BetaKernel, expm1mx, log1pmx};
use super::ln_gamma::ln_beta;
use super::log_root::{Tail, log_root};
use super::normal::normal_quantile_tails;
use super::tail_quadrature::tail_integral;

/// The pair (I_x(a, b), I_y(b, a)), y = 1 − x; see [`IncompleteBeta`].
pub fn incomplete_beta(a: f64, b: f64, x: f64, y: f64) -> (f64, f64) {
    IncompleteBeta::new(a, b).tails(x, y)
}

/// The pair (x, 1 − x) with I_x(a, b) = `lower` and I_y(b, a) = `upper`; see [`IncompleteBeta::inverse`].
pub fn inverse_incomplete_beta(a: f64, b: f64, lower: f64, upper: f64) -> (f64, f64) {
    IncompleteBeta::new(a, b).inverse(lower, upper)
}

/// I_x(a, b) = ∫₀ˣ tᵃ⁻¹ (1 − t)ᵇ⁻¹ dt / B(a, b) and its complement for one pair of shapes, whose constants it
/// keeps.
///
/// - Formula: the side of the mean on which x lies is computed, the other is its complement. Where few terms
///   suffice, the series of positive terms I = xᵃ yᵇ / (a B) Σ (a+b)ₖ / (a+1)ₖ xᵏ; elsewhere the tail is
///   integrated from x outwards in ln(1 − t), after raising a small shape by the first terms of that series.
/// - Domain: a, b > 0; x + y = 1, x, y ≥ 0, the smaller of them taken as exact.
/// - Accuracy: relative error ≤ 1e-12 of either tail down to 1e-300 for shapes 1e-2 … 1e7, inverse included
///   (in x and in y); held through the families, `agrees_with_the_reference`.
/// - Source: DLMF 8.17.7–8.17.8; the plan of sides follows DiDonato & Morris (1992), ACM TOMS 18, 360–373,
///   doi:10.1145/131766.131776.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IncompleteBeta {
    a: f64,
    b: f64,
    kernel: BetaKernel,
}

impl IncompleteBeta {
    /// The function of shapes `a`, `b` > 0.
    pub fn new(a: f64, b: f64) -> Self {
        Self { a, b, kernel: BetaKernel::new(a, b) }
    }

    /// xᵃ yᵇ / B(a, b), the density in ln(x/y).
    pub fn kernel(&self, x: f64, y: f64) -> f64 {
        self.kernel.at(x, y)
    }

    /// (I_x(a, b), I_y(b, a)); (0, 1) for x ≤ 0 and (1, 0) for y ≤ 0.
    pub fn tails(&self, x: f64, y: f64) -> (f64, f64) {
        if !(x + y).is_finite() {
            return (f64::NAN, f64::NAN);
        }
        if x <= 0.0 {
            return (0.0, 1.0);
        }
        if y <= 0.0 {
            return (1.0, 0.0);
        }
        if self.lower_is_direct(x, y) {
            let lower = self.lower_tail(x, y);
            (lower, 1.0 - lower)
        } else {
            let upper = self.mirrored().lower_tail(y, x);
            (1.0 - upper, upper)
        }
    }

    /// The pair (x, y) with I_x(a, b) = `lower` and I_y(b, a) = `upper`; the smaller of the two decides.
    ///
    /// - Formula: start values from the power law at the end, a gamma law for one small shape, or a normal
    ///   approximation, then Halley's iteration on the logarithm of the smaller tail in ln(x/y), x and y
    ///   carried side by side.
    /// - Domain: `lower` + `upper` = 1, both in [0, 1]; NaN outside. No allocation.
    /// - Accuracy: as the function itself, relative in x and in y. Below 1e-308 a component is 0 or
    ///   subnormal.
    /// - Source: Abramowitz & Stegun 26.5.22 for the normal approximation.
    pub fn inverse(&self, lower: f64, upper: f64) -> (f64, f64) {
        let in_domain = (0.0..=1.0).contains(&lower) && (0.0..=1.0).contains(&upper);
        if !in_domain {
            return (f64::NAN, f64::NAN);
        }
        if lower <= upper {
            self.lower_inverse(lower)
        } else {
            let (y, x) = self.mirrored().lower_inverse(upper);
            (x, y)
        }
    }

    fn mirrored(&self) -> Self {
        Self { a: self.b, b: self.a, kernel: self.kernel.mirrored() }
    }

    /// Whether the lower tail is the one to compute: below the mean, or as far as a small shape's power law
    /// reaches.
    fn lower_is_direct(&self, x: f64, y: f64) -> bool {
        let total = self.a + self.b;
        match (self.a < 1.0, self.b < 1.0) {
            (true, true) => x <= 0.5,
            (true, false) => x * total <= 1.0,
            (false, true) => y * total > 1.0,
            (false, false) => self.kernel.slope(x, y) >= 0.0,
        }
    }

    /// I_x(a, b) for an x that [`Self::lower_is_direct`] accepts.
    fn lower_tail(&self, x: f64, y: f64) -> f64 {
        let kernel = self.kernel.at(x, y);
        if kernel == 0.0 {
            return 0.0;
        }
        if self.terms(x, y) < MOST_TERMS {
            return kernel / self.a * self.series(x, f64::INFINITY).0;
        }
        let raise = (RAISED_TO - self.a).ceil().max(0.0);
        let excess = self.kernel.slope(x, y) + raise * y;
        if raise == 0.0 {
            return kernel / x * self.quadrature(x, y, excess);
        }
        let (sum, term) = self.series(x, raise);
        let raised = Self { a: self.a + raise, ..*self };
        kernel / self.a * (sum + term * raised.a / x * raised.quadrature(x, y, excess))
    }

    /// About how many terms of the series count.
    fn terms(&self, x: f64, y: f64) -> f64 {
        const LN_ROUNDING: f64 = 38.0;
        if self.b <= 1.0 {
            return LN_ROUNDING / y;
        }
        let first_loss = (1.0 + self.kernel.slope(x, y)).max(0.0) / (self.a + 1.0);
        let bell = (2.0 * LN_ROUNDING * (self.a + 1.0) * (1.0 + (self.a + 1.0) / self.b)).sqrt();
        bell.min(LN_ROUNDING / first_loss)
    }

    /// Σ (a+b)ₖ / (a+1)ₖ xᵏ over k < `count`, and the term at k = `count`: DLMF 8.17.8.
    fn series(&self, x: f64, count: f64) -> (f64, f64) {
        let total = self.a + self.b;
        let (mut k, mut term, mut sum) = (0.0, 1.0, 0.0);
        while k < count && term > 0.1 * f64::EPSILON * sum {
            sum += term;
            term *= (total + k) / (self.a + 1.0 + k) * x;
            k += 1.0;
        }
        (sum, term)
    }

    /// I_x(a, b) · x / kernel as the integral over s = 1 − t = y eᵛ: ∫ e^(b v) (1 − (y/x)(eᵛ − 1))ᵃ⁻¹ dv from
    /// 0 to ln(1/y).
    /// `excess` is a y − b x.
    fn quadrature(&self, x: f64, y: f64, excess: f64) -> f64 {
        let odds = y / x;
        let power = self.a - 1.0;
        // of the exponent at 0: b − (a − 1) y/x
        let slope = (y - excess) / x;
        let curvature = power * odds * (1.0 + odds);
        let bound = -libm::log(y) * (1.0 - 1e-9);
        let bell = (slope + (slope * slope + 80.0 * curvature).sqrt()) / curvature;
        let double_exponential = libm::log1p((40.0 + 8.0 * self.b) / (power * odds));
        let guess = if self.b < 4.0 { bell.min(double_exponential) } else { bell };
        tail_integral(guess, bound, |v| {
            let grown = odds * libm::expm1(v);
            let exponent = slope * v + power * (log1pmx(-grown) - odds * expm1mx(v));
            (exponent, self.b - power * (odds + grown) / (1.0 - grown))
        })
    }

    fn lower_inverse(&self, lower: f64) -> (f64, f64) {
        if lower == 0.0 {
            return (0.0, 1.0);
        }
        let (a, b) = (self.a, self.b);
        let ln_beta = ln_beta(a, b);
        let power_law = libm::exp((libm::log(lower) + libm::log(a) + ln_beta) / a);
        if power_law * (1.0 + b) < 1e-17 {
            return (power_law, 1.0);
        }
        let upper_power_law = libm::exp((libm::log1p(-lower) + libm::log(b) + ln_beta) / b);
        if upper_power_law * (1.0 + a) < 1e-17 {
            return (1.0, upper_power_law);
        }
        let start = self.start(lower, power_law, upper_power_law);
        let total = a + b;
        let tail = |(x, y): (f64, f64)| Tail {
            probability: self.tails(x, y).0,
            kernel: self.kernel.at(x, y),
            slope: self.kernel.slope(x, y),
            curvature: total * x * y,
        };
        log_root(start, lower, tail, |(x, y), step| {
            // factors up to 1, so that nothing overflows
            let factor = libm::exp(-step.abs());
            let (x, y) = if step > 0.0 { (x, y * factor) } else { (x * factor, y) };
            (x / (x + y), y / (x + y))
        })
    }

    /// A pair (x, 1 − x) not far from the one sought.
    fn start(&self, lower: f64, power_law: f64, upper_power_law: f64) -> (f64, f64) {
        let (a, b) = (self.a, self.b);
        if power_law < 0.5 && power_law * (b - 1.0).abs() < 0.3 * (a + 1.0) {
            return (power_law, 1.0 - power_law);
        }
        if b < 1.0 && upper_power_law < 0.5 && upper_power_law * (a - 1.0).abs() < 0.3 * (b + 1.0) {
            return (1.0 - upper_power_law, upper_power_law);
        }
        let mean = a / (a + b);
        if a < 1.0 && b < 1.0 {
            return (mean, 1.0 - mean);
        }
        let z = normal_quantile_tails(lower, 1.0 - lower);
        let (p, q) = (1.0 / (2.0 * a - 1.0), 1.0 / (2.0 * b - 1.0));
        let harmonic = 2.0 / (p + q);
        let shift = (z * z - 3.0) / 6.0;
        if a < 1.0 || b < 1.0 || shift > 0.5 * harmonic {
            // the law of the smaller shape is nearly gamma
            let law = IncompleteGamma::new(a.min(b));
            let rate = 0.5 * (a + b - 1.0) + 0.5 * a.max(b);
            return if a < b {
                let x = (law.inverse(lower, 1.0 - lower) / rate).min(0.9);
                (x, 1.0 - x)
            } else {
                let y = (law.inverse(1.0 - lower, lower) / rate).min(0.9);
                (1.0 - y, y)
            };
        }
        // Abramowitz & Stegun count z from the upper tail
        let w = -z * (harmonic + shift).max(0.0).sqrt() / harmonic
            - (q - p) * (shift + 5.0 / 6.0 - 2.0 / (3.0 * harmonic));
        let (x, y) = (a, b * libm::exp((2.0 * w).clamp(-700.0, 700.0)));
        (x / (x + y), y / (x + y))
    }
}

/// Longer series are replaced by the quadrature.
const MOST_TERMS: f64 = 250.0;

/// Least first shape for the quadrature: its integrand then ends smoothly.
const RAISED_TO: f64 = 16.0;

#[cfg(test)]
mod tests {
    use super::{IncompleteBeta, incomplete_beta, inverse_incomplete_beta};

    const SHAPES: [f64; 12] = [0.01, 0.3, 0.99, 1.0, 1.7, 5.0, 15.5, 17.0, 120.0, 3e3, 2e5, 1e7];

    #[test]
    fn ends_and_nan_are_answered_as_documented() {
        let integral = IncompleteBeta::new(2.0, 0.5);
        assert_eq!((integral.tails(0.0, 1.0), integral.tails(1.0, 0.0)), ((0.0, 1.0), (1.0, 0.0)));
        assert!(integral.tails(f64::NAN, 0.5).1.is_nan());
        assert_eq!((integral.inverse(0.0, 1.0), integral.inverse(1.0, 0.0)), ((0.0, 1.0), (1.0, 0.0)));
        assert!(integral.inverse(f64::NAN, 0.5).0.is_nan() && integral.inverse(-0.5, 1.5).1.is_nan());
    }

    #[test]
    fn exchanging_the_shapes_exchanges_the_tails_bit_for_bit() {
        for (a, b) in SHAPES.iter().flat_map(|&a| SHAPES.map(|b| (a, b))).filter(|(a, b)| a != b) {
            let mean = a / (a + b);
            for x in [0.3 * mean, mean, mean + 0.6 * (1.0 - mean)] {
                let (lower, upper) = incomplete_beta(a, b, x, 1.0 - x);
                assert_eq!(incomplete_beta(b, a, 1.0 - x, x), (upper, lower), "{a}, {b} at {x}");
            }
        }
    }

    #[test]
    fn neighbouring_shapes_differ_by_one_density() {
        // I_x(a, b) − I_x(a + 1, b) = xᵃ yᵇ / (a B(a, b)) joins all regions
        for (a, b) in SHAPES.iter().flat_map(|&a| SHAPES.map(|b| (a, b))).filter(|(a, _)| *a < 1e5) {
            for u in [1e-9, 0.1, 0.5, 0.9, 1.0 - 1e-9] {
                let (x, y) = inverse_incomplete_beta(a, b, u, 1.0 - u);
                let (x, y) = if x <= y { (x, 1.0 - x) } else { (1.0 - y, y) };
                let ((lower, upper), next) = (incomplete_beta(a, b, x, y), incomplete_beta(a + 1.0, b, x, y));
                let step = IncompleteBeta::new(a, b).kernel(x, y) / a;
                assert!((lower - next.0 - step).abs() <= 1e-13 * lower, "I({a}, {b}) at {x}");
                assert!((next.1 - upper - step).abs() <= 1e-13 * next.1, "1 − I({a}, {b}) at {x}");
            }
        }
    }

    #[test]
    fn the_inverse_returns_to_its_probability_over_the_whole_domain() {
        for (a, b) in SHAPES.iter().flat_map(|&a| SHAPES.map(|b| (a, b))) {
            let integral = IncompleteBeta::new(a, b);
            for p in [1e-300, 1e-150, 1e-40, 1e-8, 0.03, 0.2, 0.4, 0.5] {
                let (x, y) = integral.inverse(p, 1.0 - p);
                // what the error in p means for x/y, relative
                let error = (integral.tails(x, y).0 - p) / integral.kernel(x, y);
                assert!(x.min(y) < 1e-290 || error.abs() <= 5e-13, "{a}, {b}, probability {p:e}: {error:e}");
                assert!((x + y - 1.0).abs() <= f64::EPSILON);
            }
        }
    }
}
