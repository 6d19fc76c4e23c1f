//! Four numbers at a time: the generator, the rows, the functions.

use std::arch::x86_64::*;

use super::model::{CENTRES, LAST_MARKET, LN_NO_EVENT, RANK_UNITS, SPREADS};
use super::rows::{CubicRow, Octaves, SHORT_STEP, Scores};
use super::seed::lane_seeds;
use super::tables::{HALF_SQUARE, LARGEST_SCORE, LEAST_WORD, USUAL_GROWTH};
use super::tally::{BEND, BIN_OFFSETS, BIN_SCALES, BINS, SKEW};

pub const LANES: usize = 4;
/// 1.5 * 2^52: what is added to it is rounded to a whole number, which stands in the lowest bits of the sum.
const MAGIC: f64 = 6_755_399_441_055_744.0;

/// Four of the generators of the wider kernel, side by side; the multiplication is put together from three.
#[derive(Clone, Copy)]
pub struct Stream {
    x: __m256i,
    y: __m256i,
}

impl Stream {
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub fn new(seed: u64, chunk: u64) -> Self {
        let words = |part| {
            let seeds = lane_seeds(seed, chunk, part);
            // Safety: eight seeds are more than the 32 bytes read.
            unsafe { _mm256_loadu_si256(seeds.as_ptr().cast()) }
        };
        let mut stream = Stream { x: words(0), y: words(1) };
        for _ in 0..16 {
            stream.next();
        }
        stream
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub fn next(&mut self) -> __m256i {
        let word = self.x;
        let (low, high) = (_mm256_set1_epi64x(0x4F4C_574B), _mm256_set1_epi64x(0xD383_3E80));
        let cross = _mm256_add_epi64(
            _mm256_mul_epu32(self.y, high),
            _mm256_mul_epu32(_mm256_srli_epi64::<32>(self.y), low),
        );
        self.x = _mm256_add_epi64(_mm256_mul_epu32(self.y, low), _mm256_slli_epi64::<32>(cross));
        let difference = _mm256_sub_epi64(self.y, word);
        self.y = _mm256_or_si256(_mm256_slli_epi64::<27>(difference), _mm256_srli_epi64::<37>(difference));
        word
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub fn draw(&mut self) -> Draw {
        let word = self.next();
        // 52 bits under the exponent of 2^63, less nearly 2^63: from 2^10 up to nearly 2^63.
        let exponent = _mm256_set1_epi64x((1023 + 63) << 52);
        let bits = _mm256_or_si256(_mm256_srli_epi64::<12>(word), exponent);
        let size = _mm256_sub_pd(_mm256_castsi256_pd(bits), _mm256_set1_pd(0.5 * RANK_UNITS - 1024.0));
        Draw { size, side: _mm256_castsi256_pd(_mm256_slli_epi64::<63>(word)) }
    }
}

/// A position: its distance from the nearer end in units of 2^-64, and the sign bit set where that is the upper end.
#[derive(Clone, Copy)]
pub struct Draw {
    pub size: __m256d,
    side: __m256d,
}

impl Draw {
    /// The position in units of 2^-64.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub fn position(self) -> __m256d {
        _mm256_blendv_pd(self.size, _mm256_sub_pd(_mm256_set1_pd(RANK_UNITS), self.size), self.side)
    }

    /// The signed form that `direct` takes.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub fn word(self) -> __m256d {
        self.signed(self.size)
    }

    /// Of a symmetric law: what is below the centre on the lower side, its opposite on the upper.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub fn signed(self, below: __m256d) -> __m256d {
        _mm256_xor_pd(below, self.side)
    }

    /// The value of a symmetric law.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub fn quantile(self, rows: &Octaves) -> __m256d {
        let bits = _mm256_castpd_si256(self.size);
        let index = _mm256_and_si256(_mm256_srli_epi64::<49>(bits), _mm256_set1_epi64x(127));
        let rest = _mm256_and_si256(bits, _mm256_set1_epi64x((1 << 49) - 1));
        let mantissa = _mm256_castsi256_pd(_mm256_or_si256(rest, _mm256_set1_epi64x(1023 << 52)));
        self.signed(cubic(rows, index, _mm256_sub_pd(mantissa, _mm256_set1_pd(1.0625))))
    }
}

/// Where a score lies among the short steps.
#[derive(Clone, Copy)]
pub struct Step {
    index: __m256i,
    t: __m256d,
}

impl Step {
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub fn new(z: __m256d) -> Self {
        let (magic, per_step) = (_mm256_set1_pd(MAGIC), _mm256_set1_pd(1.0 / SHORT_STEP));
        let rounded = _mm256_fmadd_pd(z, per_step, magic);
        let index = _mm256_and_si256(_mm256_castpd_si256(rounded), _mm256_set1_epi64x(63));
        Step { index, t: _mm256_fmsub_pd(z, per_step, _mm256_sub_pd(rounded, magic)) }
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    pub fn at(self, rows: &Scores) -> __m256d {
        cubic(rows, self.index, self.t)
    }
}

/// The cubic of each lane's row at `t`: four loads and eight shuffles, where gathers would load sixteen times.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn cubic<const N: usize>(rows: &[CubicRow; N], index: __m256i, t: __m256d) -> __m256d {
    let (low, high) = (_mm256_castsi256_si128(index), _mm256_extracti128_si256::<1>(index));
    // Safety: a row is four f64.
    let row = |index: i64| unsafe { _mm256_load_pd(rows[index as usize % N].0.as_ptr()) };
    let a = row(_mm_cvtsi128_si64(low));
    let b = row(_mm_extract_epi64::<1>(low));
    let c = row(_mm_cvtsi128_si64(high));
    let d = row(_mm_extract_epi64::<1>(high));
    let (ab02, ab13) = (_mm256_unpacklo_pd(a, b), _mm256_unpackhi_pd(a, b));
    let (cd02, cd13) = (_mm256_unpacklo_pd(c, d), _mm256_unpackhi_pd(c, d));
    let c0 = _mm256_permute2f128_pd::<0x20>(ab02, cd02);
    let c1 = _mm256_permute2f128_pd::<0x20>(ab13, cd13);
    let c2 = _mm256_permute2f128_pd::<0x31>(ab02, cd02);
    let c3 = _mm256_permute2f128_pd::<0x31>(ab13, cd13);
    let sum = _mm256_fmadd_pd(c3, t, c2);
    _mm256_fmadd_pd(_mm256_fmadd_pd(sum, t, c1), t, c0)
}

/// The numbers of a row of vectors.
pub fn numbers(row: &[__m256d]) -> &[f64] {
    // Safety: a vector is four f64 in a row and more strictly aligned.
    unsafe { std::slice::from_raw_parts(row.as_ptr().cast(), row.len() * LANES) }
}

pub fn numbers_mut(row: &mut [__m256d]) -> &mut [f64] {
    // Safety: as in `numbers`; the borrow is exclusive.
    unsafe { std::slice::from_raw_parts_mut(row.as_mut_ptr().cast(), row.len() * LANES) }
}

pub fn lanes(vector: &__m256d) -> &[f64] {
    numbers(std::slice::from_ref(vector))
}

pub fn lanes_mut(vector: &mut __m256d) -> &mut [f64] {
    numbers_mut(std::slice::from_mut(vector))
}

#[inline]
#[target_feature(enable = "avx2,fma")]
pub fn size(x: __m256d) -> __m256d {
    _mm256_andnot_pd(_mm256_set1_pd(-0.0), x)
}

/// True if one of the draws lies so far out that it is taken from its law.
#[inline]
#[target_feature(enable = "avx2,fma")]
pub fn beyond<const N: usize>(draws: &[Draw; N]) -> bool {
    let least = draws[1..].iter().fold(draws[0].size, |least, draw| _mm256_min_pd(least, draw.size));
    _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_LT_OQ>(least, _mm256_set1_pd(LEAST_WORD))) != 0
}

/// True if one of the scores lies outside the steps.
#[inline]
#[target_feature(enable = "avx2,fma")]
pub fn outside<const N: usize>(scores: &[__m256d; N]) -> bool {
    let largest = scores[1..].iter().fold(size(scores[0]), |largest, &z| _mm256_max_pd(largest, size(z)));
    _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_GE_OQ>(largest, _mm256_set1_pd(LARGEST_SCORE))) != 0
}

#[inline]
#[target_feature(enable = "avx2,fma")]
pub fn horner<const N: usize>(coefficients: &[f64; N], t: __m256d) -> __m256d {
    let mut sum = _mm256_set1_pd(coefficients[N - 1]);
    for &coefficient in coefficients[..N - 1].iter().rev() {
        sum = _mm256_fmadd_pd(sum, t, _mm256_set1_pd(coefficient));
    }
    sum
}

/// Impacts as shares of their mode, from their scores.
#[inline]
#[target_feature(enable = "avx2,fma")]
pub fn impact(z: __m256d, coefficients: &[f64; 8]) -> __m256d {
    let square = _mm256_fmsub_pd(z, z, _mm256_set1_pd(HALF_SQUARE));
    _mm256_mul_pd(z, horner(coefficients, square))
}

/// Geometric distances from 1 up: one more than the whole part of ln(u) / ln(0.92), u = size / 2^63.
#[inline]
#[target_feature(enable = "avx2,fma")]
pub fn geometric(draw: Draw, log2: &[f64; 9]) -> __m128i {
    let bits = _mm256_castpd_si256(draw.size);
    // The exponent as the lowest bits of 2^52, so that a subtraction makes it a number.
    let shifted = _mm256_or_si256(_mm256_srli_epi64::<52>(bits), _mm256_set1_epi64x((1023 + 52) << 52));
    let exponent =
        _mm256_sub_pd(_mm256_castsi256_pd(shifted), _mm256_set1_pd(4_503_599_627_370_496.0 + 1086.0));
    let rest = _mm256_and_si256(bits, _mm256_set1_epi64x((1 << 52) - 1));
    let mantissa = _mm256_castsi256_pd(_mm256_or_si256(rest, _mm256_set1_epi64x(1023 << 52)));
    let log = _mm256_add_pd(exponent, horner(log2, _mm256_sub_pd(mantissa, _mm256_set1_pd(1.5))));
    let scale = _mm256_set1_pd(std::f64::consts::LN_2 / LN_NO_EVENT);
    _mm256_cvttpd_epi32(_mm256_fmadd_pd(log, scale, _mm256_set1_pd(1.0)))
}

/// cagr from the growth of six years, as the wider kernel does it; and whether a growth is out of the series' reach.
#[inline]
#[target_feature(enable = "avx2,fma")]
pub fn cagr(growth: __m256d, sixth_root: &[f64; 6]) -> (__m256d, bool) {
    let c = _mm256_set1_pd;
    let w = horner(sixth_root, _mm256_sub_pd(growth, c(USUAL_GROWTH)));
    let w2 = _mm256_mul_pd(w, w);
    let near = _mm256_mul_pd(_mm256_mul_pd(growth, w), _mm256_mul_pd(w2, w2));
    let e = _mm256_fnmadd_pd(near, w, c(1.0));
    let series = horner(&[1.0, 5.0 / 6.0, 55.0 / 72.0, 935.0 / 1296.0], e);
    let cagr = _mm256_fmsub_pd(_mm256_mul_pd(near, series), c(100.0), c(100.0));
    (cagr, _mm256_movemask_pd(_mm256_cmp_pd::<_CMP_GT_OQ>(size(e), c(1e-3))) != 0)
}

/// Bin of a value in the lowest bits, cut to the number of bins, and the bits that a bin within reach does not have.
#[inline]
#[target_feature(enable = "avx2,fma")]
pub fn bin(value: __m256d, output: usize) -> (__m256i, __m256i) {
    let offset = _mm256_set1_pd(BIN_OFFSETS[output] - 0.5 + MAGIC);
    let place = _mm256_castpd_si256(_mm256_fmadd_pd(value, _mm256_set1_pd(BIN_SCALES[output]), offset));
    let within = _mm256_set1_epi64x(BINS as i64 - 1);
    let magic = _mm256_castpd_si256(_mm256_set1_pd(MAGIC));
    (_mm256_and_si256(place, within), _mm256_andnot_si256(within, _mm256_xor_si256(place, magic)))
}

/// [`super::tally::near_rank`] of four markets.
#[inline]
#[target_feature(enable = "avx2,fma")]
pub fn near_rank(market: __m256d) -> __m256d {
    let c = _mm256_set1_pd;
    let middle = CENTRES[LAST_MARKET] / SPREADS[LAST_MARKET];
    let distance = _mm256_fmsub_pd(market, c(1.0 / SPREADS[LAST_MARKET]), c(middle));
    let score =
        _mm256_fnmadd_pd(_mm256_mul_pd(distance, distance), c(SKEW), _mm256_add_pd(distance, c(SKEW)));
    let square = _mm256_fmadd_pd(_mm256_mul_pd(score, score), c(BEND), c(1.0));
    _mm256_div_pd(score, _mm256_sqrt_pd(square))
}
