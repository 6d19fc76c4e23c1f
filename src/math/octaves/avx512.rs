//! The polynomials of octaves with AVX-512: sixteen runs a register, a permutation a coefficient.

use std::arch::x86_64::*;

use super::portable::SCALE;
use super::{GROUP, OCTAVES, Octaves};
use crate::math::simd::x86::{load_f32, load_f64, load_u32, store_f64};

/// Groups worked on side by side: a polynomial is a chain of dependent steps, and several chains fill the waits.
const CHAINS: usize = 2;

/// See [`Octaves::fill`].
#[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
pub fn fill<const TERMS: usize>(
    table: &Octaves,
    words: &[[u32; GROUP]],
    values: &mut [[f64; GROUP]],
    outer: &mut [u16],
) {
    let registers = Registers::<TERMS>::load(table);
    let (chunks, rest) = words.as_chunks::<CHAINS>();
    let (out, rest_out) = values.as_chunks_mut::<CHAINS>();
    let (masks, rest_masks) = outer.as_chunks_mut::<CHAINS>();
    for ((words, values), outer) in chunks.iter().zip(out).zip(masks) {
        registers.fill(words, values, outer);
    }
    for ((words, values), outer) in rest.iter().zip(rest_out).zip(rest_masks) {
        registers.fill(&[*words], std::array::from_mut(values), std::array::from_mut(outer));
    }
}

/// The coefficients of a table, a register a power.
#[derive(Clone, Copy)]
struct Registers<const TERMS: usize> {
    slopes: [__m512; TERMS],
    offsets: [__m512d; 2],
}

impl<const TERMS: usize> Registers<TERMS> {
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
    fn load(table: &Octaves) -> Self {
        let mut slopes = [_mm512_setzero_ps(); TERMS];
        for (to, from) in slopes.iter_mut().zip(&table.slopes) {
            *to = load_f32(from);
        }
        let (lower, upper) = table.offsets.split_at(OCTAVES);
        Registers { slopes, offsets: [load_f64(lower), load_f64(upper)] }
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
    fn fill<const N: usize>(
        &self,
        words: &[[u32; GROUP]; N],
        values: &mut [[f64; GROUP]; N],
        outer: &mut [u16; N],
    ) {
        let one = _mm512_set1_epi32(1);
        let upper_side = _mm512_set1_epi32(OCTAVES as i32);
        let last_octave = _mm512_set1_epi32(OCTAVES as i32 - 1);
        let middle = _mm512_set1_epi32(0xC000_0000_u32 as i32);
        let to_unit = _mm512_set1_ps(SCALE);
        let mut places = [_mm512_setzero_si512(); N];
        let mut segments = [_mm512_setzero_si512(); N];
        let mut xs = [_mm512_setzero_ps(); N];
        for k in 0..N {
            let word = load_u32(&words[k]);
            let sign = _mm512_srai_epi32::<31>(word);
            // (2·word ⊕ sign) | 1
            let doubled = _mm512_ternarylogic_epi32::<0xF6>(one, _mm512_add_epi32(word, word), sign);
            let octave = _mm512_lzcnt_epi32(doubled);
            // A rotation, as only zeros leave: the compiler would surround a shift with a case for no bit at all.
            places[k] = _mm512_sub_epi32(_mm512_rolv_epi32(doubled, octave), middle);
            // octave | (sign & 8)
            segments[k] = _mm512_ternarylogic_epi32::<0xF8>(octave, sign, upper_side);
            outer[k] = _mm512_cmpgt_epu32_mask(octave, last_octave);
            xs[k] = _mm512_mul_ps(_mm512_cvtepi32_ps(places[k]), to_unit);
        }
        let mut slopes = [_mm512_setzero_ps(); N];
        for k in 0..N {
            slopes[k] = _mm512_permutexvar_ps(segments[k], self.slopes[TERMS - 1]);
        }
        for coefficients in self.slopes[..TERMS - 1].iter().rev() {
            for k in 0..N {
                let coefficient = _mm512_permutexvar_ps(segments[k], *coefficients);
                slopes[k] = _mm512_fmadd_ps(slopes[k], xs[k], coefficient);
            }
        }
        for k in 0..N {
            let (first, second) = values[k].split_at_mut(GROUP / 2);
            let low = _mm512_castsi512_si256;
            self.finish(low(places[k]), low(segments[k]), _mm512_castps512_ps256(slopes[k]), first);
            let high = _mm512_extracti64x4_epi64::<1>;
            let slope = _mm512_extractf32x8_ps::<1>(slopes[k]);
            self.finish(high(places[k]), high(segments[k]), slope, second);
        }
    }

    /// Eight values from place, segment and slope.
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
    fn finish(&self, place: __m256i, segment: __m256i, slope: __m256, values: &mut [f64]) {
        let offset = _mm512_permutex2var_pd(self.offsets[0], _mm512_cvtepu32_epi64(segment), self.offsets[1]);
        let variation = _mm512_mul_pd(_mm512_cvtepi32_pd(place), _mm512_cvtps_pd(slope));
        store_f64(values, _mm512_add_pd(offset, variation));
    }
}
