//! A block of an ordinary output added to its cell: moments and counters in one pass, as both start from the same
//! deviation.
//!
//! The vector versions repeat the scalar one lane by lane, the sums in the same eight lanes, so that the bits are the
//! same. They are written out because what the compiler makes of eight-lane sums changes with the code around them.

use super::grid::Window;
use super::moments::{LANES, Running};
use crate::math::simd::Level;

/// Adds values to the sums and finds their counters in the window, whose scale is that of the sums; returns the
/// greatest of them.
///
/// As many places as values. Where a value is not finite, the sum of the fourth powers is not either.
#[allow(unsafe_code)]
pub fn add_and_place(
    running: &mut Running,
    values: &[f64],
    centre: f64,
    scale: f64,
    window: &Window,
    places: &mut [u32],
) -> u32 {
    let (chunks, rest) = values.as_chunks::<LANES>();
    let (to, to_rest) = places.as_chunks_mut::<LANES>();
    let greatest = match Level::current() {
        // Safety: `Level::current` never exceeds what the processor was found to have.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { avx512(running, chunks, centre, scale, window, to) },
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe { avx2(running, chunks, centre, scale, window, to) },
        _ => {
            let groups = chunks.iter().zip(to);
            groups.fold(0, |greatest, (values, places)| {
                greatest.max(portable(running, values, centre, scale, window, places))
            })
        }
    };
    greatest.max(portable(running, rest, centre, scale, window, to_rest))
}

/// Up to eight values, one a lane.
#[inline(always)]
fn portable(
    running: &mut Running,
    values: &[f64],
    centre: f64,
    scale: f64,
    window: &Window,
    places: &mut [u32],
) -> u32 {
    let mut greatest = 0;
    for (lane, (&value, place)) in values.iter().zip(places).enumerate() {
        let d = (value - centre) * scale;
        let square = d * d;
        running.sums[0][lane] += d;
        running.sums[1][lane] += square;
        running.sums[2][lane] += square * d;
        running.sums[3][lane] += square * square;
        running.min = if value < running.min { value } else { running.min };
        running.max = if value > running.max { value } else { running.max };
        *place = window.plain_place(d);
        greatest = greatest.max(*place);
    }
    greatest
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
fn avx512(
    running: &mut Running,
    values: &[[f64; LANES]],
    centre: f64,
    scale: f64,
    window: &Window,
    places: &mut [[u32; LANES]],
) -> u32 {
    use crate::math::simd::x86::{load_f64_eight, store_f64, store_u32_eight};
    use std::arch::x86_64::*;
    let [mut first, mut second, mut third, mut fourth] = {
        let [a, b, c, d] = &running.sums;
        [load_f64_eight(a), load_f64_eight(b), load_f64_eight(c), load_f64_eight(d)]
    };
    let (mut min, mut max) = (_mm512_set1_pd(running.min), _mm512_set1_pd(running.max));
    let (centre, scale) = (_mm512_set1_pd(centre), _mm512_set1_pd(scale));
    let one = _mm512_set1_pd(1.0);
    let (below, above) = window.plain_firsts();
    let (below, above) = (_mm256_set1_epi32(below as i32), _mm256_set1_epi32(above as i32));
    let length = _mm256_set1_epi32(window.length() as i32);
    let mut greatest = _mm256_setzero_si256();
    for (values, places) in values.iter().zip(places) {
        let value = load_f64_eight(values);
        let d = _mm512_mul_pd(_mm512_sub_pd(value, centre), scale);
        let square = _mm512_mul_pd(d, d);
        first = _mm512_add_pd(first, d);
        second = _mm512_add_pd(second, square);
        third = _mm512_add_pd(third, _mm512_mul_pd(square, d));
        fourth = _mm512_add_pd(fourth, _mm512_mul_pd(square, square));
        min = _mm512_min_pd(value, min);
        max = _mm512_max_pd(value, max);
        let size = _mm512_castpd_si512(_mm512_add_pd(one, _mm512_abs_pd(d)));
        let bin = _mm512_cvtepi64_epi32(_mm512_srli_epi64::<{ Window::SHIFT }>(size));
        let negative = _mm512_movepi64_mask(_mm512_castpd_si512(d));
        // −1 − k and its first counter for negative deviations: below − bin, the constants taken together.
        let place = _mm256_mask_sub_epi32(_mm256_sub_epi32(bin, above), negative, below, bin);
        let place = _mm256_min_epu32(place, length);
        greatest = _mm256_max_epu32(greatest, place);
        store_u32_eight(places, place);
    }
    let [a, b, c, d] = &mut running.sums;
    store_f64(a, first);
    store_f64(b, second);
    store_f64(c, third);
    store_f64(d, fourth);
    running.min = _mm512_reduce_min_pd(min);
    running.max = _mm512_reduce_max_pd(max);
    let mut lanes = [0; LANES];
    store_u32_eight(&mut lanes, greatest);
    lanes.into_iter().fold(0, u32::max)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,bmi1,bmi2,fma")]
fn avx2(
    running: &mut Running,
    values: &[[f64; LANES]],
    centre: f64,
    scale: f64,
    window: &Window,
    places: &mut [[u32; LANES]],
) -> u32 {
    use crate::math::simd::x86::{load_f64_four, store_f64_four, store_u32_four};
    use std::arch::x86_64::*;
    let (below, above) = window.plain_firsts();
    let (below, above) = (_mm_set1_epi32(below as i32), _mm_set1_epi32(above as i32));
    let length = _mm_set1_epi32(window.length() as i32);
    let (centre, scale) = (_mm256_set1_pd(centre), _mm256_set1_pd(scale));
    let (one, sign) = (_mm256_set1_pd(1.0), _mm256_set1_pd(-0.0));
    let mut least = [_mm256_set1_pd(running.min); 2];
    let mut greatest = [_mm256_set1_pd(running.max); 2];
    let mut most = _mm_setzero_si128();
    // Half of the lanes at a time, so that all sums stay in registers.
    for half in 0..2 {
        let mut sums = [_mm256_setzero_pd(); 4];
        for (sum, lanes) in sums.iter_mut().zip(&running.sums) {
            *sum = load_f64_four(&lanes.as_chunks::<4>().0[half]);
        }
        let (mut min, mut max) = (least[half], greatest[half]);
        for (values, places) in values.iter().zip(&mut *places) {
            let value = load_f64_four(&values.as_chunks::<4>().0[half]);
            let d = _mm256_mul_pd(_mm256_sub_pd(value, centre), scale);
            let square = _mm256_mul_pd(d, d);
            sums[0] = _mm256_add_pd(sums[0], d);
            sums[1] = _mm256_add_pd(sums[1], square);
            sums[2] = _mm256_add_pd(sums[2], _mm256_mul_pd(square, d));
            sums[3] = _mm256_add_pd(sums[3], _mm256_mul_pd(square, square));
            min = _mm256_min_pd(value, min);
            max = _mm256_max_pd(value, max);
            let size = _mm256_castpd_si256(_mm256_add_pd(one, _mm256_andnot_pd(sign, d)));
            let bin = narrow(_mm256_srli_epi64::<{ Window::SHIFT as i32 }>(size));
            let negative = narrow(_mm256_shuffle_epi32::<0xF5>(_mm256_castpd_si256(d)));
            let upper = _mm_sub_epi32(bin, above);
            let lower = _mm_sub_epi32(below, bin);
            let place =
                _mm_blendv_ps(_mm_castsi128_ps(upper), _mm_castsi128_ps(lower), _mm_castsi128_ps(negative));
            let place = _mm_min_epu32(_mm_castps_si128(place), length);
            most = _mm_max_epu32(most, place);
            store_u32_four(&mut places.as_chunks_mut::<4>().0[half], place);
        }
        (least[half], greatest[half]) = (min, max);
        for (sum, lanes) in sums.iter().zip(&mut running.sums) {
            store_f64_four(&mut lanes.as_chunks_mut::<4>().0[half], *sum);
        }
    }
    let mut ends = [[0.0; 4]; 2];
    store_f64_four(&mut ends[0], _mm256_min_pd(least[0], least[1]));
    store_f64_four(&mut ends[1], _mm256_max_pd(greatest[0], greatest[1]));
    running.min = ends[0].iter().fold(running.min, |a, &b| a.min(b));
    running.max = ends[1].iter().fold(running.max, |a, &b| a.max(b));
    let mut lanes = [0; 4];
    store_u32_four(&mut lanes, most);
    lanes.into_iter().fold(0, u32::max)
}

/// The lower halves of four 64-bit lanes.
#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2")]
fn narrow(lanes: std::arch::x86_64::__m256i) -> std::arch::x86_64::__m128i {
    use std::arch::x86_64::*;
    let even = _mm256_permutevar8x32_epi32(lanes, _mm256_setr_epi32(0, 2, 4, 6, 0, 2, 4, 6));
    _mm256_castsi256_si128(even)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::{MomentSums, Shape, Sketch};

    #[test]
    fn every_width_gives_the_bits_of_the_scalar_loop() {
        let shape = Shape::plain(1.0, 0.5, vec![]);
        let mut sketch = Sketch::new(&shape);
        let values: Vec<f64> = (0..77).map(|k| 1.0 + libm::sin(f64::from(k)) * f64::from(k) * 0.1).collect();
        sketch.add(&shape, &values[..40]);
        let window = sketch.window();
        let start = MomentSums::default().running();
        let (mut scalar, mut expected) = (start, vec![0; values.len()]);
        for (values, places) in values.chunks(LANES).zip(expected.chunks_mut(LANES)) {
            portable(&mut scalar, values, 1.0, 2.0, &window, places);
        }
        let (mut found, mut places) = (start, vec![0; values.len()]);
        add_and_place(&mut found, &values, 1.0, 2.0, &window, &mut places);
        assert_eq!((found, &places), (scalar, &expected));
        #[cfg(target_arch = "x86_64")]
        if Level::current() >= Level::Avx2 {
            let (chunks, rest) = values.as_chunks::<LANES>();
            let (mut found, mut places) = (start, vec![0; values.len()]);
            let (to, to_rest) = places.as_chunks_mut::<LANES>();
            #[allow(unsafe_code)]
            // Safety: the level says that the processor has it.
            unsafe {
                avx2(&mut found, chunks, 1.0, 2.0, &window, to);
            }
            portable(&mut found, rest, 1.0, 2.0, &window, to_rest);
            assert_eq!((found, &places), (scalar, &expected));
        }
    }
}
