//! Eight numbers at a time: the generator, the tables in registers, the functions.
//!
//! Only loads, stores and views of vectors as numbers need `unsafe`.

use std::arch::x86_64::*;

use super::direct::{correct_cagr, correct_losses};
use super::model::{
    CENTRES, COST_REST, COST_RHO, IMPACT_REST, IMPACT_RHO, LAST_MARKET, LN_NO_EVENT, SPREADS,
};
use super::seed::lane_seeds;
use super::tables::{HALF_SQUARE, LARGEST_SCORE, Pieces, STEP, USUAL_GROWTH};
use super::tally::{BEND, BIN_OFFSETS, BIN_SCALES, SKEW};

pub const LANES: usize = 8;

/// Eight generators side by side: Overton's RomuDuoJr (2020, arXiv:2002.11331), a multiplication, a subtraction and
/// a rotation for eight words. A mix of a counter costs nine operations.
#[derive(Clone, Copy)]
pub struct Stream {
    x: __m512i,
    y: __m512i,
}

impl Stream {
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    pub fn new(seed: u64, chunk: u64) -> Self {
        let mut stream =
            Stream { x: load_words(&lane_seeds(seed, chunk, 0)), y: load_words(&lane_seeds(seed, chunk, 1)) };
        for _ in 0..16 {
            stream.next();
        }
        stream
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    pub fn next(&mut self) -> __m512i {
        let word = self.x;
        self.x = _mm512_mullo_epi64(self.y, _mm512_set1_epi64(0xD383_3E80_4F4C_574B_u64 as i64));
        self.y = _mm512_rol_epi64::<27>(_mm512_sub_epi64(self.y, word));
        word
    }
}

/// A table in N + 2 registers.
#[derive(Clone, Copy)]
pub struct Resident<const N: usize> {
    low: __m512d,
    high: __m512d,
    higher: [__m512; N],
}

impl<const N: usize> Resident<N> {
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    pub fn new(pieces: &Pieces<N>) -> Self {
        // Safety: both arrays hold 64 bytes from where they are read.
        unsafe {
            Resident {
                low: _mm512_loadu_pd(pieces.constant.as_ptr()),
                high: _mm512_loadu_pd(pieces.constant.as_ptr().add(LANES)),
                higher: std::array::from_fn(|k| _mm512_loadu_ps(pieces.higher[k].as_ptr().cast())),
            }
        }
    }

    /// The polynomial of each lane's piece, told by the lowest four bits of both halves of `index`, at `t`.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    fn at(&self, index: __m512i, t: __m512d) -> __m512d {
        let mut sum = _mm512_castps_pd(_mm512_permutexvar_ps(index, self.higher[N - 1]));
        for row in self.higher[..N - 1].iter().rev() {
            sum = _mm512_fmadd_pd(sum, t, _mm512_castps_pd(_mm512_permutexvar_ps(index, *row)));
        }
        _mm512_fmadd_pd(sum, t, _mm512_permutex2var_pd(self.low, index, self.high))
    }

    /// By octaves, for a symmetric law: `word` is a position as a signed number, its sign the tail.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    pub fn at_word(&self, word: __m512d) -> __m512d {
        let bits = _mm512_castpd_si512(word);
        // Eight bits from the exponent's lowest up, in the lowest byte of both halves.
        let index = _mm512_multishift_epi64_epi8(_mm512_set1_epi64(0x34_0000_0034), bits);
        let mantissa = _mm512_set1_epi64((1 << 52) - 1);
        let one = _mm512_set1_epi64(0x3FF0_0000_0000_0000);
        // bits & mantissa | one
        let m = _mm512_castsi512_pd(_mm512_ternarylogic_epi64::<0xEA>(bits, mantissa, one));
        let t = _mm512_sub_pd(m, _mm512_set1_pd(1.5));
        let below = self.at(index, t);
        // below ^ bits & sign
        let sign = _mm512_set1_epi64(i64::MIN);
        _mm512_castsi512_pd(_mm512_ternarylogic_epi64::<0x78>(_mm512_castpd_si512(below), bits, sign))
    }

    /// By steps of the score.
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    pub fn at_step(&self, step: Step) -> __m512d {
        self.at(step.index, step.t)
    }
}

/// 1.5 * 2^52: what is added to it is rounded to a whole number, which stands in the lowest bits of the sum.
const MAGIC: f64 = 6_755_399_441_055_744.0;

/// Where a score lies among the steps.
#[derive(Clone, Copy)]
pub struct Step {
    index: __m512i,
    t: __m512d,
}

impl Step {
    #[inline]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    pub fn new(z: __m512d) -> Self {
        let magic = _mm512_set1_pd(MAGIC);
        let per_step = _mm512_set1_pd(1.0 / STEP);
        let rounded = _mm512_fmadd_pd(z, per_step, magic);
        let index = _mm512_castps_si512(_mm512_moveldup_ps(_mm512_castpd_ps(rounded)));
        let t = _mm512_fmsub_pd(z, per_step, _mm512_sub_pd(rounded, magic));
        Step { index, t }
    }
}

#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
pub fn load_words(words: &[u64; LANES]) -> __m512i {
    // Safety: the array holds 64 bytes.
    unsafe { _mm512_loadu_si512(words.as_ptr().cast()) }
}

/// The numbers of a row of vectors.
pub fn numbers(row: &[__m512d]) -> &[f64] {
    // Safety: a vector is eight f64 in a row and more strictly aligned.
    unsafe { std::slice::from_raw_parts(row.as_ptr().cast(), row.len() * LANES) }
}

pub fn numbers_mut(row: &mut [__m512d]) -> &mut [f64] {
    // Safety: as in `numbers`; the borrow is exclusive.
    unsafe { std::slice::from_raw_parts_mut(row.as_mut_ptr().cast(), row.len() * LANES) }
}

/// The eight numbers of a vector.
pub fn lanes(vector: &__m512d) -> &[f64] {
    numbers(std::slice::from_ref(vector))
}

pub fn lanes_mut(vector: &mut __m512d) -> &mut [f64] {
    numbers_mut(std::slice::from_mut(vector))
}

#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
pub fn largest_size(a: __m512d, b: __m512d) -> __m512d {
    _mm512_range_pd::<0b1011>(a, b)
}

/// A random word as a position from 0 to 2^64, cut, not rounded, so that 2^64 itself does not occur.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
pub fn to_position(word: __m512i) -> __m512d {
    _mm512_cvt_roundepu64_pd::<{ _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC }>(word)
}

/// A random word as a signed number: the position from the lower end where positive, from the upper where negative.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
pub fn to_word(word: __m512i) -> __m512d {
    _mm512_cvt_roundepi64_pd::<{ _MM_FROUND_TO_ZERO | _MM_FROUND_NO_EXC }>(word)
}

/// The second score of a pair: that of the impacts (0) or of the costs (1).
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
pub fn correlated<const PAIR: usize>(first: __m512d, own: __m512d) -> __m512d {
    let (rho, rest) = [(IMPACT_RHO, IMPACT_REST), (COST_RHO, COST_REST)][PAIR];
    _mm512_fmadd_pd(first, _mm512_set1_pd(rho), _mm512_mul_pd(own, _mm512_set1_pd(rest)))
}

#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
pub fn outside(largest_score: __m512d) -> bool {
    _mm512_cmp_pd_mask::<_CMP_GE_OQ>(largest_score, _mm512_set1_pd(LARGEST_SCORE)) != 0
}

/// True if one of the words lies beyond the octaves: these are the exponents 1072 to 1085, which both contain 48, and
/// a smaller one lacks a bit of it. So bits are gathered of many words, and tested once.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
pub fn beyond<const N: usize>(words: &[__m512d; N]) -> bool {
    let common = words[1..].iter().fold(_mm512_castpd_si512(words[0]), |common, &word| {
        _mm512_and_si512(common, _mm512_castpd_si512(word))
    });
    let needed = _mm512_set1_epi64(48 << 52);
    _mm512_cmpneq_epi64_mask(_mm512_and_si512(common, needed), needed) != 0
}

/// Square root for 0 < x: the 14-bit estimate of its inverse and two steps of Goldschmidt; the instruction would take
/// as long as two quantiles.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
pub fn square_root(x: __m512d) -> __m512d {
    let inverse = _mm512_rsqrt14_pd(x);
    let half = _mm512_mul_pd(inverse, _mm512_set1_pd(0.5));
    let root = _mm512_mul_pd(x, inverse);
    let root = _mm512_fmadd_pd(root, _mm512_fnmadd_pd(root, half, _mm512_set1_pd(0.5)), root);
    _mm512_fmadd_pd(_mm512_fnmadd_pd(root, root, x), half, root)
}

#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
pub fn horner<const N: usize>(coefficients: &[f64; N], t: __m512d) -> __m512d {
    let mut sum = _mm512_set1_pd(coefficients[N - 1]);
    for &coefficient in coefficients[..N - 1].iter().rev() {
        sum = _mm512_fmadd_pd(sum, t, _mm512_set1_pd(coefficient));
    }
    sum
}

/// An impact as a share of its mode, from its score.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
pub fn impact(z: __m512d, coefficients: &[f64; 8]) -> __m512d {
    let square = _mm512_fmsub_pd(z, z, _mm512_set1_pd(HALF_SQUARE));
    _mm512_mul_pd(z, horner(coefficients, square))
}

/// A geometric distance from 1 up: one more than the whole part of ln(u) / ln(0.92).
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
pub fn geometric(position: __m512d, log2: &[f64; 9]) -> __m512i {
    let exponent = _mm512_getexp_pd(position);
    let t = _mm512_sub_pd(
        _mm512_getmant_pd::<_MM_MANT_NORM_1_2, _MM_MANT_SIGN_SRC>(position),
        _mm512_set1_pd(1.5),
    );
    let log = _mm512_add_pd(_mm512_sub_pd(exponent, _mm512_set1_pd(64.0)), horner(log2, t));
    let scale = _mm512_set1_pd(std::f64::consts::LN_2 / LN_NO_EVENT);
    _mm512_cvttpd_epi64(_mm512_fmadd_pd(log, scale, _mm512_set1_pd(1.0)))
}

/// Lane k: the sum of lanes 0 to k.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
pub fn running_sum(x: __m512i) -> __m512i {
    let zero = _mm512_setzero_si512();
    let x = _mm512_add_epi64(x, _mm512_alignr_epi64::<7>(x, zero));
    let x = _mm512_add_epi64(x, _mm512_alignr_epi64::<6>(x, zero));
    _mm512_add_epi64(x, _mm512_alignr_epi64::<4>(x, zero))
}

/// What an event of score `z` takes, in units of a shock's standard deviation.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
pub fn exponential(z: __m512d, severity: &[f64; 11]) -> __m512d {
    let mut loss = horner(severity, z);
    if outside(_mm512_abs_pd(z)) {
        correct_losses(lanes_mut(&mut loss), lanes(&z));
    }
    loss
}

/// cagr from the growth of six years.
///
/// w, near growth^(-1/6), comes from a polynomial; e = 1 - growth w^6 is then below 10^-3, and
/// growth^(1/6) = growth w^5 (1 - e)^(-5/6), whose series to e^3 leaves less than 10^-12.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
pub fn cagr(growth: __m512d, sixth_root: &[f64; 6]) -> __m512d {
    let c = _mm512_set1_pd;
    let w = horner(sixth_root, _mm512_sub_pd(growth, c(USUAL_GROWTH)));
    let w2 = _mm512_mul_pd(w, w);
    let near = _mm512_mul_pd(_mm512_mul_pd(growth, w), _mm512_mul_pd(w2, w2));
    let e = _mm512_fnmadd_pd(near, w, c(1.0));
    let series = horner(&[1.0, 5.0 / 6.0, 55.0 / 72.0, 935.0 / 1296.0], e);
    let mut cagr = _mm512_fmsub_pd(_mm512_mul_pd(near, series), c(100.0), c(100.0));
    let unusual = _mm512_cmp_pd_mask::<_CMP_GT_OQ>(_mm512_abs_pd(e), c(1e-3));
    if unusual != 0 {
        correct_cagr(lanes_mut(&mut cagr), lanes(&growth));
    }
    cagr
}

/// Bin of a value, in the lowest bits of the number: no conversion is needed.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
pub fn bin(value: __m512d, output: usize) -> __m512d {
    let offset = _mm512_set1_pd(BIN_OFFSETS[output] - 0.5 + MAGIC);
    _mm512_fmadd_pd(value, _mm512_set1_pd(BIN_SCALES[output]), offset)
}

/// Adds to `stray` the bits of `bin` that a bin within reach does not have.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
pub fn note_stray(stray: __m512i, bin: __m512d) -> __m512i {
    let magic = _mm512_castpd_si512(_mm512_set1_pd(MAGIC));
    // stray | bin ^ magic
    _mm512_ternarylogic_epi64::<0xF6>(stray, _mm512_castpd_si512(bin), magic)
}

/// [`super::tally::near_rank`] of eight markets; the estimate of the root is enough, being the same for every run of
/// a market.
#[inline]
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
pub fn near_rank(market: __m512d) -> __m512d {
    let c = _mm512_set1_pd;
    let distance = _mm512_fmadd_pd(
        market,
        c(1.0 / SPREADS[LAST_MARKET]),
        c(-CENTRES[LAST_MARKET] / SPREADS[LAST_MARKET]),
    );
    let score =
        _mm512_fmadd_pd(_mm512_mul_pd(distance, distance), c(-SKEW), _mm512_add_pd(distance, c(SKEW)));
    let square = _mm512_fmadd_pd(_mm512_mul_pd(score, score), c(BEND), c(1.0));
    _mm512_mul_pd(score, _mm512_rsqrt14_pd(square))
}
