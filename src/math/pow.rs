//! Powers with real exponents.

use super::double::{Product, Split, two_product};
use super::exp::{exp, exp_pair, exp_pair_normal};
use super::ln::{ln, ln_pair, ln_quotient};

/// xʸ.
///
/// - Formula: exp(y ln |x|), the logarithm and its product with y as pairs of f64, the low part corrected in exp.
/// - Domain: all x and y. Special cases as C99, annex F: x⁰ = 1ʸ = 1 even for NaN, (−1)^±∞ = 1, NaN for x < 0 with a
///   y that is no integer, signs of zero and of infinity kept for odd y.
/// - Accuracy: error ≤ 0.8 ulp on the reference points; held by `tests::error_bound`.
/// - Source: Dekker (1971) for the pairs, doi:10.1007/BF01397083; coefficients by `tests/reference/coefficients.py`.
#[inline(always)]
pub fn pow(x: f64, y: f64) -> f64 {
    pow_by::<Split>(x, y)
}

/// [`pow`] with products of pairs found one way or the other; the bits are the same.
#[inline(always)]
pub fn pow_by<P: Product>(x: f64, y: f64) -> f64 {
    let size = x.abs();
    let ordinary = size > 0.0 && size < f64::INFINITY;
    let (high, low) = ln_pair::<P, false>(if ordinary { size } else { 1.0 });
    // |ln x| is 0 or above 2⁻⁵⁴: beyond 2⁶⁵ the size of y no longer matters, and the product cannot overflow.
    let y_cut = if y > 36_893_488_147_419_103_232.0 { 36_893_488_147_419_103_232.0 } else { y };
    let y_cut = if y_cut < -36_893_488_147_419_103_232.0 { -36_893_488_147_419_103_232.0 } else { y_cut };
    let (product, rest) = P::two(high, y_cut);
    let correction = if product.abs() < 800.0 { rest + low * y_cut } else { 0.0 };
    let power = exp_pair(product, correction);

    let of_zero = if y > 0.0 { 0.0 } else { f64::INFINITY };
    let of_infinity = if y > 0.0 { f64::INFINITY } else { 0.0 };
    let value = if size == 0.0 { of_zero } else { power };
    let value = if size == f64::INFINITY { of_infinity } else { value };
    let integer = is_integer(y);
    let odd = integer && !is_integer(0.5 * y);
    let value = if odd && x.is_sign_negative() { -value } else { value };
    let value = if x < 0.0 && size < f64::INFINITY && !integer { f64::NAN } else { value };
    let value = if x.is_nan() || y.is_nan() { f64::NAN } else { value };
    if x == 1.0 || y == 0.0 { 1.0 } else { value }
}

/// Largest exponent, either way, that [`pow_ordinary`] takes, and the bounds of its bases.
pub const ORDINARY_EXPONENT: f64 = 8.0;
pub const ORDINARY_BASES: (f64, f64) = (1.0 / 18_446_744_073_709_551_616.0, 18_446_744_073_709_551_616.0);

/// [`pow`], to the bit, of a base from 2⁻⁶⁴ to 2⁶⁴ and an exponent from −8 to 8: nothing special can happen.
#[inline(always)]
pub fn pow_ordinary<P: Product>(x: f64, y: f64) -> f64 {
    let (high, low) = ln_pair::<P, true>(x);
    let (product, rest) = P::two(high, y);
    exp_pair_normal(product, rest + low * y)
}

/// (a / b)ʸ for positive a and b, with what the rounding of the quotient leaves out put back.
///
/// - Formula: q = a / b rounded, a / b = q (1 + d); qʸ (1 + y d); exp(y ln(a / b)) where q leaves the normal range.
/// - Domain: a > 0 and b > 0, finite, |y| below 1e8.
/// - Accuracy: relative error ≤ 2 ulp for |y| ≤ 1e5; held by `tests::a_quotient_keeps_its_digits`.
#[inline(always)]
pub fn pow_quotient(a: f64, b: f64, y: f64) -> f64 {
    let quotient = a / b;
    if !(f64::MIN_POSITIVE..f64::INFINITY).contains(&quotient) {
        return exp(y * ln_quotient(a, b));
    }
    let (product, rest) = two_product(quotient, b);
    let correction = y * (((a - product) - rest) / a);
    let power = pow(quotient, y);
    if correction.abs() < 1e-3 && power < f64::INFINITY { power + power * correction } else { power }
}

/// s xʸ for positive s and x, where xʸ alone may leave the range of numbers.
///
/// - Formula: s times [`pow`]; exp(y ln x + ln s) where that leaves the normal range.
/// - Domain: s > 0 and finite, x ≥ 0, y ≠ 0.
/// - Accuracy: error ≤ 1.3 ulp; where the power leaves the range, relative error ≤ 1e-12; held by
///   `tests::a_power_out_of_range_meets_its_scale`.
#[inline(always)]
pub fn scaled_pow(s: f64, x: f64, y: f64) -> f64 {
    let power = pow(x, y);
    if (f64::MIN_POSITIVE..f64::INFINITY).contains(&power) { s * power } else { exp(y * ln(x) + ln(s)) }
}

/// True for integers and infinities, without the rounding instructions that older processors lack.
#[inline(always)]
fn is_integer(y: f64) -> bool {
    /// 2⁵²: adding it drops the fraction; at and above it every f64 is an integer.
    const TWO52: f64 = 4_503_599_627_370_496.0;
    let size = y.abs();
    size >= TWO52 || (size + TWO52) - TWO52 == size
}

#[cfg(test)]
mod tests {
    use super::{ORDINARY_BASES, ORDINARY_EXPONENT, pow, pow_by, pow_ordinary, pow_quotient, scaled_pow};
    use crate::math::double::Fused;
    use crate::math::reference;

    #[test]
    fn error_bound() {
        reference::check("pow", 0.8, pow);
    }

    #[test]
    fn fused_products_and_the_ordinary_case_give_the_same_bits() {
        for k in 0..20_000 {
            let x = libm::exp2(f64::from(k % 977) * 0.31 - 150.0) * (1.0 + f64::from(k) * 1e-9);
            let y = f64::from(k % 101) * 0.071 - 3.0 + f64::from(k) * 1e-7;
            assert_eq!(pow_by::<Fused>(x, y).to_bits(), pow(x, y).to_bits(), "{x:e} ^ {y}");
            let (least, most) = ORDINARY_BASES;
            let (x, y) = (x.clamp(least, most), y.clamp(-ORDINARY_EXPONENT, ORDINARY_EXPONENT));
            assert_eq!(pow_ordinary::<Fused>(x, y).to_bits(), pow(x, y).to_bits(), "{x:e} ^ {y}");
        }
    }

    #[test]
    fn special_cases_are_those_of_c99() {
        const INF: f64 = f64::INFINITY;
        const NAN: f64 = f64::NAN;
        let cases: &[(f64, f64, f64)] = &[
            (0.0, 3.0, 0.0),
            (-0.0, 3.0, -0.0),
            (-0.0, 2.0, 0.0),
            (0.0, -3.0, INF),
            (-0.0, -3.0, -INF),
            (-0.0, -2.0, INF),
            (0.0, 0.0, 1.0),
            (NAN, 0.0, 1.0),
            (INF, 0.0, 1.0),
            (1.0, NAN, 1.0),
            (1.0, INF, 1.0),
            (-1.0, INF, 1.0),
            (-1.0, -INF, 1.0),
            (0.5, INF, 0.0),
            (0.5, -INF, INF),
            (-2.0, INF, INF),
            (-2.0, -INF, 0.0),
            (0.0, INF, 0.0),
            (0.0, -INF, INF),
            (INF, 2.5, INF),
            (INF, -2.5, 0.0),
            (INF, INF, INF),
            (INF, -INF, 0.0),
            (-INF, 3.0, -INF),
            (-INF, 2.5, INF),
            (-INF, -3.0, -0.0),
            (-INF, -2.0, 0.0),
            (-2.0, 3.0, -8.0),
            (-2.0, 4.0, 16.0),
            (-2.0, -1.0, -0.5),
            (-8.0, 1.0 / 3.0, NAN),
            (NAN, 1.0, NAN),
            (2.0, NAN, NAN),
            (2.0, 1024.0, INF),
            (2.0, -1075.0, 0.0),
            (2.0, -1074.0, f64::from_bits(1)),
            (2.0, 1023.0, f64::MAX / 2.0 + f64::MAX * f64::EPSILON / 4.0),
            (1.0 + f64::EPSILON, 1e300, INF),
            (1.0 - f64::EPSILON, 1e300, 0.0),
            (1e-320, 1.0, 1e-320),
            (10.0, 1e-320, 1.0),
            (-3.0, 9_007_199_254_740_992.0, INF),
        ];
        for &(x, y, expected) in cases {
            let got = pow(x, y);
            assert!(
                got.to_bits() == expected.to_bits() || (got.is_nan() && expected.is_nan()),
                "{x}^{y} = {got}"
            );
        }
    }

    #[test]
    fn a_quotient_keeps_its_digits() {
        // (7 / 5)^y = 7^y / 5^y, whose powers need no quotient.
        for y in [300.0, -250.5, 12.0] {
            let expected = pow(7.0, y) / pow(5.0, y);
            assert!((pow_quotient(7.0, 5.0, y) / expected - 1.0).abs() < 4.0 * f64::EPSILON, "y = {y}");
        }
        // (3 + 4ε) / 3 = 1 + 4ε/3 rounds to 1 + ε: over the power that would show in the twelfth digit.
        let (got, expected) =
            (pow_quotient(3.0 + 4.0 * f64::EPSILON, 3.0, 1e5), 1.0 + 4e5 / 3.0 * f64::EPSILON);
        assert!((got - expected).abs() < 8.0 * f64::EPSILON, "{got} {expected}");
    }
    #[test]
    fn a_quotient_out_of_range_has_its_power() {
        // (1e300 / 1e-200)^y = 1e500^y, and its inverse.
        for (a, b) in [(1e300, 1e-200), (1e-200, 1e300)] {
            let sign = if a > b { 1.0 } else { -1.0 };
            for (y, expected) in [(0.1, 1e50), (-0.5, 1e-250), (1e-300, 1.0)] {
                let got = if sign > 0.0 { pow_quotient(a, b, y) } else { pow_quotient(a, b, -y) };
                assert!((got / expected - 1.0).abs() < 1e-12, "({a} / {b})^{y}: {got}");
            }
        }
        // A power that overflows stays infinite where the quotient is exact.
        assert_eq!(pow_quotient(0.75, 1.0, -1e200), f64::INFINITY);
    }

    #[test]
    fn a_power_out_of_range_meets_its_scale() {
        for (s, x, y, expected) in [(1e-300, 10.0, 500.0, 1e200), (1e300, 0.1, 500.0, 1e-200)] {
            let got = scaled_pow(s, x, y);
            assert!((got / expected - 1.0).abs() < 1e-12, "{s} {x}^{y}: {got}");
        }
        assert_eq!(scaled_pow(3.0, 7.0, 1.5).to_bits(), (3.0 * pow(7.0, 1.5)).to_bits());
        assert_eq!((scaled_pow(2.0, 0.0, 3.0), scaled_pow(2.0, 0.0, -3.0)), (0.0, f64::INFINITY));
    }
}
