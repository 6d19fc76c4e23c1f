//! The exponential function.

use super::polynomial::even_odd;

/// eˣ.
///
/// - Formula: x = k ln 2 + r, |r| ≤ ½ ln 2; eʳ = 1 + (r + r² Q(r)), Q of degree 10; scaled by 2ᵏ in two steps, so
///   that a subnormal result is rounded once.
/// - Domain: all x. Overflow gives +∞, underflow passes through the subnormals to 0, NaN stays NaN.
/// - Accuracy: error ≤ 0.8 ulp on the reference points; held by `tests::error_bound`.
/// - Source: Cody and Waite (1980), Software Manual for the Elementary Functions, ch. 6; coefficients by
///   `tests/reference/coefficients.py`.
#[inline(always)]
pub fn exp(x: f64) -> f64 {
    exp_pair(x, 0.0)
}

/// eˣ − 1, as the `libm` crate computes it on every machine.
#[inline]
pub fn exp_m1(x: f64) -> f64 {
    libm::expm1(x)
}

/// 1.5 · 2⁵²: adding it rounds to an integer, which then stands in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;
/// ln 2 to 32 bits, so that its product with |k| < 2¹¹ is exact.
const LN2_HIGH: f64 = 0.693_147_180_369_123_8;
/// ln 2 − `LN2_HIGH`.
const LN2_LOW: f64 = 1.908_214_929_270_587_7e-10;

// EXP: degree 10 on [-0.346608, 0.346608], relative error 4.88e-18
const EXP: [f64; 11] = [
    0.5,
    0.1666666666666667,
    0.04166666666666667,
    0.008333333333326136,
    0.0013888888888883748,
    0.00019841269874820627,
    2.4801587325547743e-05,
    2.7557255400206422e-06,
    2.75572736431103e-07,
    2.5105217004720745e-08,
    2.0914686968086876e-09,
];

/// eˣ for x = `high` + `low` given as a pair, |`low`| far below 1.
#[inline(always)]
pub(super) fn exp_pair(high: f64, low: f64) -> f64 {
    // Beyond these bounds the result is +∞ or 0 anyway; comparisons are false for NaN, which so passes.
    let x = if high > 710.0 { 710.0 } else { high };
    let x = if x < -746.0 { -746.0 } else { x };
    let (mantissa, rounded) = mantissa_of(x, low);
    // k + 2048 is positive; its halves give two powers of two that are both normal.
    let shifted = rounded.to_bits().wrapping_sub(ROUNDER.to_bits()).wrapping_add(2048);
    let half = shifted >> 1;
    let first = f64::from_bits(half.wrapping_sub(1) << 52);
    let second = f64::from_bits(shifted.wrapping_sub(half).wrapping_sub(1) << 52);
    mantissa * first * second
}

/// [`exp_pair`] where |`high`| is below 700: the result is a normal number.
#[inline(always)]
pub(super) fn exp_pair_normal(high: f64, low: f64) -> f64 {
    let (mantissa, rounded) = mantissa_of(high, low);
    let k = rounded.to_bits().wrapping_sub(ROUNDER.to_bits());
    f64::from_bits(mantissa.to_bits().wrapping_add(k << 52))
}

/// eˣ / 2ᵏ for x = `x` + `low`, and k in the low bits of a number near [`ROUNDER`].
#[inline(always)]
fn mantissa_of(x: f64, low: f64) -> (f64, f64) {
    let rounded = x * std::f64::consts::LOG2_E + ROUNDER;
    let k = rounded - ROUNDER;
    let r_high = x - k * LN2_HIGH;
    let r_low = low - k * LN2_LOW;
    let r = r_high + r_low;
    let r_rest = (r_high - r) + r_low;
    (1.0 + (r + (r_rest + r * r * even_odd(&EXP, r))), rounded)
}

#[cfg(test)]
mod tests {
    use super::{exp, exp_m1};
    use crate::math::reference;

    #[test]
    fn error_bound() {
        reference::check("exp", 0.8, |x, _| exp(x));
    }

    #[test]
    fn the_ends_of_the_range_are_exact() {
        assert_eq!(exp(0.0), 1.0);
        assert_eq!(exp(-0.0), 1.0);
        assert_eq!(exp(f64::INFINITY), f64::INFINITY);
        assert_eq!(exp(709.79), f64::INFINITY);
        assert_eq!(exp(1e300), f64::INFINITY);
        assert_eq!(exp(-745.2), 0.0);
        assert_eq!(exp(-1e300), 0.0);
        assert_eq!(exp(f64::NEG_INFINITY), 0.0);
        assert_eq!(exp(-745.0).to_bits(), 1);
        assert!(exp(709.78).is_finite());
        assert!(exp(f64::NAN).is_nan());
    }

    #[test]
    fn exp_m1_keeps_small_arguments() {
        assert_eq!(exp_m1(1e-300), 1e-300);
    }
}
