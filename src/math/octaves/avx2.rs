//! The polynomials of octaves with AVX2: eight runs at a time, two permutations and a blend a coefficient.

use std::arch::x86_64::*;

use super::portable::SCALE;
use super::{GROUP, OCTAVES, Octaves};
use crate::math::simd::x86::{load_f32_eight, load_u32_eight, store_f64_four};

/// Exponent bits of an f32 for 2³⁰.
const EXPONENT_OF_30: i32 = 127 + 30;

/// See [`Octaves::fill`].
#[target_feature(enable = "avx2,bmi1,bmi2,fma")]
pub fn fill<const TERMS: usize>(
    table: &Octaves,
    words: &[[u32; GROUP]],
    values: &mut [[f64; GROUP]],
    outer: &mut [u16],
) {
    // Of each power the lower tail's coefficients and the upper one's.
    let slopes: [[__m256; 2]; TERMS] = std::array::from_fn(|term| {
        let (lower, upper) = table.slopes[term].split_at(OCTAVES);
        [load_f32_eight(lower), load_f32_eight(upper)]
    });
    // The offsets' lower and upper halves apart, as permutations move 32 bits.
    let half = |shift: u32, side: usize| -> __m256i {
        let halves: [u32; OCTAVES] =
            std::array::from_fn(|k| (table.offsets[side * OCTAVES + k].to_bits() >> shift) as u32);
        load_u32_eight(&halves)
    };
    let (low, high) = ([half(0, 0), half(0, 1)], [half(32, 0), half(32, 1)]);
    let one = _mm256_set1_epi32(1);
    let exponent = _mm256_set1_epi32(EXPONENT_OF_30);
    let last_octave = _mm256_set1_epi32(OCTAVES as i32 - 1);
    let middle = _mm256_set1_epi32(0xC000_0000_u32 as i32);
    let to_unit = _mm256_set1_ps(SCALE);
    for ((words, values), outer) in words.iter().zip(values).zip(outer) {
        let mut mask = 0;
        for (half, (words, values)) in
            words.as_chunks::<8>().0.iter().zip(values.as_chunks_mut::<8>().0).enumerate()
        {
            let word = load_u32_eight(words);
            let sign = _mm256_srai_epi32::<31>(word);
            let doubled = _mm256_or_si256(_mm256_xor_si256(_mm256_add_epi32(word, word), sign), one);
            // Leading zeros from the exponent of an f32; a bit below the leading one is cleared, so that rounding
            // cannot carry into it.
            let halved = _mm256_srli_epi32::<1>(doubled);
            let leading = _mm256_andnot_si256(_mm256_srli_epi32::<1>(halved), halved);
            let bits = _mm256_castps_si256(_mm256_cvtepi32_ps(leading));
            let octave = _mm256_sub_epi32(exponent, _mm256_srli_epi32::<23>(bits));
            let place = _mm256_sub_epi32(_mm256_sllv_epi32(doubled, octave), middle);
            let beyond = _mm256_cmpgt_epi32(octave, last_octave);
            mask |= (_mm256_movemask_ps(_mm256_castsi256_ps(beyond)) as u16) << (8 * half);
            let side = _mm256_castsi256_ps(sign);
            let pick = |pair: &[__m256; 2]| {
                let lower = _mm256_permutevar8x32_ps(pair[0], octave);
                _mm256_blendv_ps(lower, _mm256_permutevar8x32_ps(pair[1], octave), side)
            };
            let x = _mm256_mul_ps(_mm256_cvtepi32_ps(place), to_unit);
            let mut slope = pick(&slopes[TERMS - 1]);
            for coefficients in slopes[..TERMS - 1].iter().rev() {
                slope = _mm256_fmadd_ps(slope, x, pick(coefficients));
            }
            let pick_bits = |pair: &[__m256i; 2]| {
                _mm256_castps_si256(pick(&[_mm256_castsi256_ps(pair[0]), _mm256_castsi256_ps(pair[1])]))
            };
            let (low, high) = (pick_bits(&low), pick_bits(&high));
            // Runs 0, 1, 4, 5 and 2, 3, 6, 7.
            let (even, odd) = (_mm256_unpacklo_epi32(low, high), _mm256_unpackhi_epi32(low, high));
            let offsets =
                [_mm256_permute2x128_si256::<0x20>(even, odd), _mm256_permute2x128_si256::<0x31>(even, odd)];
            let parts = [
                (_mm256_castsi256_si128(place), _mm256_castps256_ps128(slope)),
                (_mm256_extracti128_si256::<1>(place), _mm256_extractf128_ps::<1>(slope)),
            ];
            for (((place, slope), offset), values) in
                parts.into_iter().zip(offsets).zip(values.as_chunks_mut::<4>().0)
            {
                let variation = _mm256_mul_pd(_mm256_cvtepi32_pd(place), _mm256_cvtps_pd(slope));
                store_f64_four(values, _mm256_add_pd(_mm256_castsi256_pd(offset), variation));
            }
        }
        *outer = mask;
    }
}
