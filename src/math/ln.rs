//! Natural and decimal logarithms.

use super::double::{Product, Split, fast_two_sum, two_product, two_sum};
use super::polynomial::{even_odd, horner};

/// ln 2 to 42 bits, so that its product with |k| < 2¹¹ is exact.
const LN2_HIGH: f64 = 0.693_147_180_559_890_3;
/// ln 2 − `LN2_HIGH`.
const LN2_LOW: f64 = 5.497_923_018_708_371e-14;

// LN: degree 7 on [0.0, 0.0294402], relative error 5.55e-17
const LN: [f64; 8] = [
    0.6666666666666666,
    0.4000000000000088,
    0.2857142857080323,
    0.2222222239180047,
    0.18181795630884753,
    0.15386240205813478,
    0.13268759668560612,
    0.13086767009948175,
];

/// Natural logarithm.
///
/// - Formula: x = 2ᵏ m, ½√2 ≤ m < √2, f = m − 1, s = f / (2 + f); ln m = f − (½f² − s (½f² + z L(z))), z = s², L the
///   tail of the series of ln((1 + s) / (1 − s)) as a polynomial of degree 7.
/// - Domain: all x. ln 0 = −∞, NaN below 0, ln +∞ = +∞; subnormals keep full accuracy.
/// - Accuracy: error ≤ 0.75 ulp on the reference points; held by `tests::error_bound`.
/// - Source: Cody and Waite (1980), Software Manual for the Elementary Functions, ch. 5; coefficients by
///   `tests/reference/coefficients.py`.
#[inline(always)]
pub fn ln(x: f64) -> f64 {
    let (k, f) = reduce(x);
    let s = f / (2.0 + f);
    let z = s * s;
    let half_square = 0.5 * f * f;
    let tail = z * horner(&LN, z);
    let value = k * LN2_HIGH - ((half_square - (s * (half_square + tail) + k * LN2_LOW)) - f);
    at_the_edges(x, value)
}

/// Decimal logarithm.
///
/// - Formula: log₁₀ e times the logarithm as a pair of f64, so that powers of ten give integers.
/// - Domain: as [`ln`].
/// - Accuracy: error ≤ 0.55 ulp on the reference points, exact at powers of ten; held by `tests::error_bound`.
#[inline(always)]
pub fn log10(x: f64) -> f64 {
    /// log₁₀ e − its f64.
    const LOG10_E_LOW: f64 = 1.098_319_650_216_765e-17;
    let inside = x > 0.0 && x < f64::INFINITY;
    let (high, low) = ln_pair::<Split, false>(if inside { x } else { 1.0 });
    let (product, rest) = two_product(high, std::f64::consts::LOG10_E);
    let value = product + (rest + (low * std::f64::consts::LOG10_E + high * LOG10_E_LOW));
    at_the_edges(x, value)
}

/// ln(1 − `lower`) where `upper` = 1 − `lower` is given as well, each with the digits its holder has.
///
/// - Formula: ln `upper` plus the correction of its rounding, (1 − `upper` − `lower`) / `upper`, while `lower` is the
///   smaller of the two.
/// - Domain: both in [0, 1].
/// - Accuracy: error ≤ 0.75 ulp on the reference points, into both tails; held by `tests::error_bound`.
#[inline(always)]
pub fn ln_complement(lower: f64, upper: f64) -> f64 {
    let rest = ((1.0 - upper) - lower) / upper;
    ln(upper) + if lower < upper { rest } else { 0.0 }
}

/// ln(`x`) − `mu`, with the digits that a plain subtraction would lose where the two are close.
///
/// - Domain: `x` positive and finite, otherwise the edge values of [`ln`].
#[inline(always)]
pub fn ln_ratio(x: f64, mu: f64) -> f64 {
    let inside = x > 0.0 && x < f64::INFINITY;
    let (high, low) = ln_pair::<Split, false>(if inside { x } else { 1.0 });
    let (sum, rest) = two_sum(high, -mu);
    at_the_edges(x, sum + (rest + low))
}

/// ln(a / b) for positive a and b, with what the rounding of the quotient leaves out put back.
///
/// - Formula: q = a / b rounded, ln q + (a − q b) / a; ln a − ln b where q leaves the normal range.
/// - Domain: a > 0 and b > 0; either may be infinite or the quotient out of range.
/// - Accuracy: relative error ≤ 2 ulp, also where a is close to b; held by `tests::a_quotient_keeps_its_digits`.
#[inline]
pub fn ln_quotient(a: f64, b: f64) -> f64 {
    let quotient = a / b;
    let (product, rest) = two_product(quotient, b);
    let correction = ((a - product) - rest) / a;
    if correction.abs() <= f64::EPSILON { ln(quotient) + correction } else { ln(a) - ln(b) }
}

/// ln(1 + x), as the `libm` crate computes it on every machine.
#[inline]
pub fn ln_1p(x: f64) -> f64 {
    libm::log1p(x)
}

// LN_LOW: degree 7 on [0.0, 0.0294402], relative error 6.45e-17
const LN_LOW: [f64; 8] = [
    0.4,
    0.28571428571429364,
    0.22222222221655885,
    0.18181818335392802,
    0.1538459496251843,
    0.1333480469384731,
    0.11706236339491206,
    0.11723178623876518,
];

/// Natural logarithm of a positive finite `x` (a normal one, where `NORMAL`) as a pair (high, low) with relative error
/// below 2⁻⁶⁴.
///
/// - Formula: as [`ln`], ln m = 2s + s z (⅔ + z P(z)), with s, z and ⅔ as pairs of f64 and P a polynomial.
/// - Accuracy: held by the error bound of `pow`, which would show it a thousandfold.
#[inline(always)]
pub(super) fn ln_pair<P: Product, const NORMAL: bool>(x: f64) -> (f64, f64) {
    /// ⅔ − its f64.
    const TWO_THIRDS_LOW: f64 = 3.700_743_415_417_188e-17;
    let (k, f) = if NORMAL { reduce_normal(x) } else { reduce(x) };
    // s = f / (2 + f): the quotient, and the rest of the division over the divisor.
    let (divisor, divisor_rest) = fast_two_sum(2.0, f);
    let inverse = 1.0 / divisor;
    let s = f * inverse;
    let (back, back_rest) = P::two(s, divisor);
    let s_rest = ((f - back) - back_rest - s * divisor_rest) * inverse;
    let (z, z_product_rest) = P::two(s, s);
    let z_rest = z_product_rest + 2.0 * s * s_rest;
    // t = ⅔ + z P(z)
    let (t, t_sum_rest) = fast_two_sum(2.0 / 3.0, z * even_odd(&LN_LOW, z));
    let t_rest = t_sum_rest + TWO_THIRDS_LOW;
    // s z t
    let (sz, sz_product_rest) = P::two(s, z);
    let sz_rest = sz_product_rest + (s * z_rest + s_rest * z);
    let (cubic, cubic_product_rest) = P::two(sz, t);
    let cubic_rest = cubic_product_rest + (sz * t_rest + sz_rest * t);
    // k ln 2 + 2 s + s z t
    let (mantissa, mantissa_rest) = fast_two_sum(2.0 * s, cubic);
    let (sum, sum_rest) = two_sum(k * LN2_HIGH, mantissa);
    fast_two_sum(sum, sum_rest + (mantissa_rest + (2.0 * s_rest + cubic_rest) + k * LN2_LOW))
}

/// Exponent k and f = m − 1 of a positive finite x = 2ᵏ m, ½√2 ≤ m < √2.
#[inline(always)]
fn reduce(x: f64) -> (f64, f64) {
    let subnormal = x < f64::MIN_POSITIVE;
    // 2⁵⁴ lifts every subnormal into the normal range.
    let (k, f) = reduce_normal(if subnormal { x * 18_014_398_509_481_984.0 } else { x });
    (if subnormal { k - 54.0 } else { k }, f)
}

/// The same for a normal x.
#[inline(always)]
pub(super) fn reduce_normal(x: f64) -> (f64, f64) {
    /// Bits of ½√2, rounded in its 33rd bit.
    const HALF_SQRT2_BITS: u64 = 0x3FE6_A09E_0000_0000;
    const ONE_BITS: u64 = 0x3FF0_0000_0000_0000;
    /// 2⁵²; an integer below 2⁵² put into its low bits adds to it.
    const TWO52: f64 = 4_503_599_627_370_496.0;
    let bits = x.to_bits();
    let biased = bits.wrapping_add(ONE_BITS - HALF_SQRT2_BITS) >> 52;
    let m = f64::from_bits(bits.wrapping_sub(biased << 52).wrapping_add(ONE_BITS));
    let k = f64::from_bits(TWO52.to_bits() | biased) - (TWO52 + 1023.0);
    (k, m - 1.0)
}

/// `value` for a positive finite `x`, otherwise what a logarithm is there.
#[inline(always)]
fn at_the_edges(x: f64, value: f64) -> f64 {
    let value = if x < f64::INFINITY { value } else { x };
    let value = if x == 0.0 { f64::NEG_INFINITY } else { value };
    if x < 0.0 { f64::NAN } else { value }
}

#[cfg(test)]
mod tests {
    use super::{ln, ln_1p, ln_complement, ln_quotient, ln_ratio, log10};
    use crate::math::reference;

    #[test]
    fn error_bound() {
        reference::check("ln", 0.75, |x, _| ln(x));
        reference::check("log10", 0.55, |x, _| log10(x));
        reference::check("ln_complement", 0.75, ln_complement);
    }

    #[test]
    fn the_edges_of_the_domain_are_exact() {
        for f in [ln, log10] {
            assert_eq!(f(1.0), 0.0);
            assert_eq!(f(0.0), f64::NEG_INFINITY);
            assert_eq!(f(-0.0), f64::NEG_INFINITY);
            assert_eq!(f(f64::INFINITY), f64::INFINITY);
            assert!(f(-1.0).is_nan());
            assert!(f(f64::NEG_INFINITY).is_nan());
            assert!(f(f64::NAN).is_nan());
        }
        assert_eq!(ln_complement(1e-300, 1.0), -1e-300);
        assert_eq!(ln_complement(1.0, 0.0), f64::NEG_INFINITY);
        assert_eq!(ln_1p(1e-300), 1e-300);
    }

    #[test]
    fn a_quotient_keeps_its_digits() {
        // (3 + 4ε) / 3 = 1 + 4ε/3, whose logarithm is 4ε/3 to the last digit.
        let expected = 4.0 / 3.0 * f64::EPSILON;
        assert!((ln_quotient(3.0 + 4.0 * f64::EPSILON, 3.0) / expected - 1.0).abs() < 1e-15);
        assert_eq!(ln_quotient(7.0, 7.0), 0.0);
        assert!((ln_quotient(1e300, 1e-300) / (600.0 * std::f64::consts::LN_10) - 1.0).abs() < 1e-15);
        assert_eq!(ln_quotient(f64::INFINITY, 2.0), f64::INFINITY);
    }

    #[test]
    fn powers_of_ten_have_integer_logarithms() {
        for k in -307..=308 {
            let power: f64 = format!("1e{k}").parse().unwrap();
            assert_eq!(log10(power), f64::from(k));
        }
    }

    #[test]
    fn a_logarithm_close_to_mu_keeps_its_digits() {
        // Neighbours of e⁷ differ by a quarter of a step of 7, which ln(x) − 7 would round to nothing or to four.
        let x: f64 = 1_096.633_158_428_458_5;
        let step = x.next_up() - x;
        let slope = (ln_ratio(x + step, 7.0) - ln_ratio(x, 7.0)) / step;
        assert!((slope * x - 1.0).abs() < 1e-2, "slope {slope}");
    }
}
