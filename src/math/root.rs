//! Roots of whole degree: what a power with exponent 1/n is, at a third of its cost.

use super::ln::reduce_normal;
use super::polynomial::even_odd;
use super::pow::{ORDINARY_BASES, pow};

/// Degrees that [`degree_of`] finds.
const DEGREES: std::ops::RangeInclusive<usize> = 3..=12;

/// n where `exponent` is 1/n rounded to f64, for n from 3 to 12.
#[inline]
pub fn degree_of(exponent: f64) -> Option<usize> {
    if !(0.08..0.34).contains(&exponent) {
        return None;
    }
    DEGREES.into_iter().find(|&degree| 1.0 / degree as f64 == exponent)
}

/// x to the power of 1/n rounded to f64, for n given by [`degree_of`].
///
/// - Formula: `root` for bases from 2⁻⁶⁴ to 2⁶⁴, otherwise [`pow`].
/// - Accuracy: error ≤ 0.8 ulp on the reference points; held by `tests::error_bound`.
pub fn power_of_root(x: f64, degree: usize) -> f64 {
    match degree {
        3 => either::<3>(x),
        4 => either::<4>(x),
        5 => either::<5>(x),
        6 => either::<6>(x),
        7 => either::<7>(x),
        8 => either::<8>(x),
        9 => either::<9>(x),
        10 => either::<10>(x),
        11 => either::<11>(x),
        12 => either::<12>(x),
        _ => pow(x, 1.0 / degree as f64),
    }
}

fn either<const N: usize>(x: f64) -> f64 {
    let (least, most) = ORDINARY_BASES;
    if x >= least && x <= most { root::<N>(x) } else { pow(x, 1.0 / N as f64) }
}

// ROOT_LOG2: degree 5 on [-0.292893, 0.414214], relative error 8.34e-6
const ROOT_LOG2: [f64; 6] = [
    1.4427004400134948,
    -0.7211957523938682,
    0.47992557347080755,
    -0.3669257709575621,
    0.3168981871562629,
    -0.20228926372875827,
];

// ROOT_EXP2: degree 4 on [-0.5, 0.5], relative error 3.49e-6
const ROOT_EXP2: [f64; 5] =
    [1.0, 0.6931210452034271, 0.2402234903802036, 0.05592197584225585, 0.009666368515385448];

/// 1.5 · 2⁵²: adding it rounds to an integer, which then stands in the low bits.
const ROUNDER: f64 = 6_755_399_441_055_744.0;

/// x to the power of 1/`N` rounded to f64, for x from 2⁻⁶⁴ to 2⁶⁴ and `N` from 3 to 12.
///
/// - Formula: r ≈ 2^(log₂x / N) by two short polynomials, rounded to 17 bits, so that r³ is exact and rᴺ loses little;
///   d = 1 − rᴺ / x, below 1.5·10⁻⁴; (1 − d)^(−1/N) = 1 + d (c₁ + d (c₂ + d c₃)), the next term below 2⁻⁵⁶. The
///   rounding of the exponent, κ, is put in as κ ln x.
/// - Source: the binomial series; coefficients by `tests/reference/coefficients.py`.
#[inline(always)]
pub fn root<const N: usize>(x: f64) -> f64 {
    let exponent = 1.0 / N as f64;
    let (k, f) = reduce_normal(x);
    let log2 = k + f * even_odd(&ROOT_LOG2, f);
    let scaled = log2 * exponent;
    let rounded = scaled + ROUNDER;
    let mantissa = even_odd(&ROOT_EXP2, scaled - (rounded - ROUNDER));
    let whole = rounded.to_bits().wrapping_sub(ROUNDER.to_bits()) << 52;
    // To 17 bits: the 36 below them are rounded away.
    let bits = mantissa.to_bits().wrapping_add(whole).wrapping_add(1 << 35) & !((1 << 36) - 1);
    let r = f64::from_bits(bits);
    let power = whole_power::<N>(r);
    // The reciprocal does not wait for the rest, as a quotient of rᴺ would.
    let d = (x - power) * (1.0 / x);
    let c1 = 1.0 / N as f64;
    let c2 = c1 * (c1 + 1.0) / 2.0;
    let c3 = c2 * (c1 + 2.0) / 3.0;
    r + r * (d * (c1 + d * (c2 + d * c3)) + log2 * excess::<N>())
}

/// rᴺ by squaring, the leading digits of `N` first.
#[inline(always)]
fn whole_power<const N: usize>(r: f64) -> f64 {
    let mut power = r;
    let mut digit = usize::BITS - 1 - N.leading_zeros();
    while digit > 0 {
        digit -= 1;
        power *= power;
        if N >> digit & 1 == 1 {
            power *= r;
        }
    }
    power
}

/// κ ln 2, κ what rounding has added to 1/`N`.
#[inline(always)]
const fn excess<const N: usize>() -> f64 {
    let exponent = 1.0 / N as f64;
    // The upper 32 bits of the mantissa and the rest: their products with N are exact.
    let high = f64::from_bits(exponent.to_bits() & !0xF_FFFF);
    let low = exponent - high;
    -((1.0 - high * N as f64) - low * N as f64) / N as f64 * std::f64::consts::LN_2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::reference;

    #[test]
    fn error_bound() {
        reference::check("root", 0.8, |x, n| power_of_root(x, n as usize));
    }

    #[test]
    fn only_reciprocals_of_whole_degrees_are_found() {
        for degree in DEGREES {
            assert_eq!(degree_of(1.0 / degree as f64), Some(degree));
        }
        assert_eq!(degree_of((1.0f64 / 6.0).next_up()), None);
        assert_eq!(degree_of(0.5), None);
    }

    #[test]
    fn beyond_ordinary_bases_it_is_the_power() {
        for x in [0.0, -0.0, -8.0, f64::INFINITY, f64::NAN, 1e-300, 1e300] {
            assert_eq!(power_of_root(x, 3).to_bits(), pow(x, 1.0 / 3.0).to_bits());
        }
    }

    #[test]
    fn perfect_powers_have_their_roots() {
        // The exponent 1/n is rounded, which here moves no result by half a step.
        for (x, n, expected) in [(1.0, 6, 1.0), (8.0, 3, 2.0), (64.0, 6, 2.0), (1.771_561, 6, 1.1)] {
            assert_eq!(power_of_root(x, n), expected, "{x} to the power of 1/{n}");
        }
    }
}
