//! The densities of the gamma and beta laws with full relative accuracy at any shape.
//!
//! Both are written as a deviance (how far x lies from where the law peaks, zero there) plus a scale that
//! depends on the shapes alone, so that nothing large cancels.

use super::double::{two_product, two_sum};
use super::ln_gamma::stirling_remainder;
use super::polynomial::horner;

/// xᵃ e⁻ˣ / Γ(a) as a function of x: the density of the gamma law in ln x.
///
/// - Formula: exp(−D − δ(a)) √(a / 2π), D = a ln(a/x) + x − a.
/// - Domain: a > 0, x > 0. Accuracy: relative error ≤ 1e-12 down to 1e-300 for shapes 1e-3 … 1e8; held
///   through the families, `agrees_with_the_reference`.
/// - Source: Loader (2000), Fast and Accurate Computation of Binomial Probabilities, eqs. (3)–(5).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GammaKernel {
    shape: f64,
    ln_scale: f64,
}

impl GammaKernel {
    /// Precomputes what depends on the shape alone.
    pub fn new(shape: f64) -> Self {
        let ln_scale = 0.5 * libm::log(shape / TWO_PI) - stirling_remainder(shape);
        Self { shape, ln_scale }
    }

    /// The kernel at x > 0.
    pub fn at(&self, x: f64) -> f64 {
        let a = self.shape;
        let excess = (x - a) / a;
        let deviance =
            if excess >= FAR_BELOW { -a * log1pmx(excess) } else { a * libm::log(a / x) + (x - a) };
        libm::exp(self.ln_scale - deviance)
    }
}

/// xᵃ yᵇ / B(a, b), y = 1 − x, as a function of (x, y): the density of the beta law in ln(x/y).
///
/// - Formula: exp(−D + δ(n) − δ(a) − δ(b)) √(a b / (2π n)), n = a + b, D = a ln(a / (n x)) + b ln(b / (n y));
///   the deviations a − n x come from a product carried in two words.
/// - Domain: a, b > 0; x, y > 0, of which the smaller is taken as exact. Accuracy: relative error ≤ 1e-12
///   down to 1e-300 for shapes 1e-2 … 1e7; held as above.
/// - Source: Loader (2000), as above.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BetaKernel {
    a: f64,
    b: f64,
    total: f64,
    total_error: f64,
    ln_scale: f64,
}

impl BetaKernel {
    /// Precomputes what depends on the shapes alone.
    pub fn new(a: f64, b: f64) -> Self {
        let (total, total_error) = two_sum(a, b);
        let remainder = stirling_remainder(total) - stirling_remainder(a) - stirling_remainder(b);
        // the smaller shape and the ratio apart, so that a·b cannot overflow
        let square = a.min(b) / TWO_PI * (a.max(b) / total);
        Self { a, b, total, total_error, ln_scale: 0.5 * libm::log(square) + remainder }
    }

    /// The same kernel with the two ends exchanged.
    pub fn mirrored(&self) -> Self {
        Self { a: self.b, b: self.a, ..*self }
    }

    /// a y − b x, the slope of the kernel's logarithm in ln(x/y); the smaller of x and y is taken as exact.
    pub fn slope(&self, x: f64, y: f64) -> f64 {
        if x <= y { self.deficit(self.a, x) } else { -self.deficit(self.b, y) }
    }

    /// The kernel at (x, y).
    pub fn at(&self, x: f64, y: f64) -> f64 {
        let slope = self.slope(x, y);
        let deviance = self.one_sided(self.a, x, -slope) + self.one_sided(self.b, y, slope);
        libm::exp(self.ln_scale - deviance)
    }

    /// shape − (a + b) x.
    fn deficit(&self, shape: f64, x: f64) -> f64 {
        let (product, product_error) = two_product(self.total, x);
        ((shape - product) - product_error) - self.total_error * x
    }

    /// shape · ln(shape / (n x)) + excess, where excess = n x − shape.
    fn one_sided(&self, shape: f64, x: f64, excess: f64) -> f64 {
        let relative = excess / shape;
        if relative >= FAR_BELOW {
            -shape * log1pmx(relative)
        } else {
            shape * libm::log(shape / (self.total * x)) + excess
        }
    }
}

const TWO_PI: f64 = 2.0 * std::f64::consts::PI;

/// Below this relative deviation the logarithm is taken of the ratio itself.
const FAR_BELOW: f64 = -0.6;

/// ln(1 + z) − z without cancellation.
///
/// - Formula: with r = z / (2 + z), −z r + 2 r³ (1/3 + r²/5 + r⁴/7 + …) for −0.6 ≤ z ≤ 1.5, the definition
///   elsewhere.
/// - Domain: z > −1. Accuracy: relative error ≤ 2e-15; held by
///   `tests::log1pmx_and_expm1mx_keep_their_digits`.
/// - Source: DLMF 4.6.4.
pub fn log1pmx(z: f64) -> f64 {
    if !(-0.6..=1.5).contains(&z) {
        return libm::log1p(z) - z;
    }
    let r = z / (2.0 + z);
    let square = r * r;
    let series = if square < 0.0125 { horner(&FEW_ODD, square) } else { horner(&MANY_ODD, square) };
    2.0 * r * square * series - z * r
}

/// As many terms as |r| ≤ 0.11 and |r| ≤ 0.43 need.
const FEW_ODD: [f64; 8] = odd_reciprocals();
const MANY_ODD: [f64; 21] = odd_reciprocals();

/// 1/3, 1/5, 1/7, …
const fn odd_reciprocals<const N: usize>() -> [f64; N] {
    let mut list = [0.0; N];
    let mut k = 0;
    while k < N {
        list[k] = 1.0 / (2 * k + 3) as f64;
        k += 1;
    }
    list
}

/// eᵛ − 1 − v without cancellation.
///
/// - Formula: power series for |v| ≤ ½, the definition elsewhere.
/// - Domain: any v. Accuracy: relative error ≤ 2e-15; held by `tests::log1pmx_and_expm1mx_keep_their_digits`.
/// - Source: DLMF 4.2.19.
pub fn expm1mx(v: f64) -> f64 {
    if v.abs() > 0.5 {
        return libm::expm1(v) - v;
    }
    v * v * horner(&INVERSE_FACTORIALS, v)
}

/// 1/2!, 1/3!, 1/4!, …
const INVERSE_FACTORIALS: [f64; 13] = {
    let mut list = [0.0; 13];
    let (mut k, mut factorial) = (0, 2.0);
    while k < list.len() {
        list[k] = 1.0 / factorial;
        k += 1;
        factorial *= (k + 2) as f64;
    }
    list
};

#[cfg(test)]
mod tests {
    use super::super::ln_gamma::tests::{largest, relative};
    use super::{expm1mx, log1pmx};

    #[test]
    fn log1pmx_and_expm1mx_keep_their_digits() {
        let worst = largest("log1pmx", |z, _| log1pmx(z), relative);
        assert!(worst <= 2e-15, "{worst:e}");
        let worst = largest("expm1mx", |v, _| expm1mx(v), relative);
        assert!(worst <= 2e-15, "{worst:e}");
        assert_eq!((log1pmx(0.0), expm1mx(0.0)), (0.0, 0.0));
    }
}
