//! The polynomials of octaves, scalar: what every processor can do, and the definition the vector versions repeat.

use super::{GROUP, OCTAVES, Octaves, SEGMENTS};

/// See [`Octaves::fill`].
pub fn fill<const TERMS: usize>(
    table: &Octaves,
    words: &[[u32; GROUP]],
    values: &mut [[f64; GROUP]],
    outer: &mut [u16],
) {
    for ((words, values), outer) in words.iter().zip(values).zip(outer) {
        let (mut places, mut segments, mut xs) = ([0; GROUP], [0; GROUP], [0.0; GROUP]);
        let mut mask = 0;
        for (lane, &word) in words.iter().enumerate() {
            let sign = (word as i32 >> 31) as u32;
            // Twice the smaller tail in steps of 2⁻³², an odd number.
            let doubled = ((word << 1) ^ sign) | 1;
            let octave = doubled.leading_zeros();
            places[lane] = (doubled << octave).wrapping_sub(0xC000_0000) as i32;
            segments[lane] = (octave | (sign & OCTAVES as u32)) as usize % SEGMENTS;
            xs[lane] = places[lane] as f32 * SCALE;
            mask |= u16::from(octave >= OCTAVES as u32) << lane;
        }
        *outer = mask;
        // Power by power over all lanes, so that the steps of different runs do not wait for one another.
        let mut slopes = segments.map(|segment| table.slopes[TERMS - 1][segment]);
        for coefficients in table.slopes[..TERMS - 1].iter().rev() {
            let terms = segments.map(|segment| coefficients[segment]);
            for ((slope, x), term) in slopes.iter_mut().zip(xs).zip(terms) {
                *slope = fused(*slope, x, term);
            }
        }
        for (lane, value) in values.iter_mut().enumerate() {
            let variation = f64::from(places[lane]) * f64::from(slopes[lane]);
            *value = table.offsets[segments[lane]] + variation;
        }
    }
}

/// a·b + c, rounded once, as the fused operation of the vector units does.
///
/// - Formula: the product is exact in f64; the sum of it and c is rounded to odd there, which leaves the last rounding,
///   to f32, the right one.
/// - Source: Boldo & Melquiond (2008), Emulation of FMA and correctly rounded sums: proved algorithms using rounding
///   to odd, IEEE Transactions on Computers 57(4), doi:10.1109/TC.2007.70819.
#[inline(always)]
pub fn fused(a: f32, b: f32, c: f32) -> f32 {
    // Every processor of this kind has the operation.
    #[cfg(target_arch = "aarch64")]
    #[allow(clippy::disallowed_methods, reason = "rounded once, as IEEE 754 defines it")]
    return a.mul_add(b, c);
    #[cfg(not(target_arch = "aarch64"))]
    emulated(a, b, c)
}

#[cfg(any(not(target_arch = "aarch64"), test))]
#[inline(always)]
fn emulated(a: f32, b: f32, c: f32) -> f32 {
    let (product, c) = (f64::from(a) * f64::from(b), f64::from(c));
    let sum = product + c;
    let part = sum - product;
    let rest = (product - (sum - part)) + (c - part);
    let bits = sum.to_bits();
    // Away from zero where the rest has the sign of the sum, towards it otherwise.
    let odd = if (rest > 0.0) == (sum > 0.0) { bits + 1 } else { bits.wrapping_sub(1) };
    let is_exact = rest == 0.0;
    f64::from_bits(if is_exact || bits & 1 == 1 { bits } else { odd }) as f32
}

/// 2⁻³¹: places as numbers from −½ to ½.
pub const SCALE: f32 = 1.0 / 2_147_483_648.0;

#[cfg(test)]
mod tests {
    use super::emulated;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_emulated_operation_rounds_once(a in prop::num::f32::NORMAL, b in -4f32..4.0, c in prop::num::f32::NORMAL, near in -3i32..4) {
            for c in [c, c * 1e-9, -(a * b), f32::from_bits((-(a * b)).to_bits().wrapping_add_signed(near))] {
                let (found, exact) = (emulated(a, b, c), libm::fmaf(a, b, c));
                prop_assert!(found.to_bits() == exact.to_bits() || !exact.is_finite(), "{a:e} {b:e} {c:e}: {found:e} for {exact:e}");
            }
        }
    }
}
