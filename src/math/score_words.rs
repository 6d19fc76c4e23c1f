//! From normal scores to words: Φ as a fraction of 2³².
//!
//! The smaller tail Φ(−|z|) has one polynomial a quarter of a unit of |z|, up to 4; rarer scores go to the tail
//! function itself. In an interval of half-width ⅛ six derivatives of Φ leave an error below 10⁻¹¹ (Trefethen 2013,
//! Approximation Theory and Approximation Practice, theorem 7.2), a twentieth of a word's step.

use std::sync::OnceLock;

use super::normal::normal_sf;
#[cfg(target_arch = "x86_64")]
use super::simd::x86::{load_f64, load_f64_eight, store_u32_eight};
use super::simd::{Level, vectorised};
use super::{tail_of_score, word_of_tail};

const SEGMENTS: usize = 16;
const COEFFICIENTS: usize = 7;
/// Segments a unit of |z|.
const PER_UNIT: f64 = 4.0;
/// |z| from here on goes to the tail function.
const END: f64 = SEGMENTS as f64 / PER_UNIT;
const WHOLE: f64 = 4_294_967_296.0;
/// The greatest smaller tail in steps: that of z = 0 is one less than half.
const MOST: f64 = 2_147_483_647.0;

/// Coefficients by rising power of the place −½ … ½ within a segment, in steps of 2⁻³².
#[derive(Debug)]
#[repr(align(64))]
struct Table([[f64; SEGMENTS]; COEFFICIENTS]);

/// Words of these normal scores: [`word_of_tail`] of [`tail_of_score`], a twentieth of a step off at most.
pub fn fill_words_of_scores(scores: &[f64], words: &mut [u32]) {
    if !fill(table(), scores, words) {
        return;
    }
    for (word, &score) in words.iter_mut().zip(scores) {
        if score.abs() >= END {
            *word = word_of_tail(tail_of_score(score));
        }
    }
}

/// Words of the scores inside the table; whether any lies outside.
#[allow(unsafe_code)]
fn fill(table: &Table, scores: &[f64], words: &mut [u32]) -> bool {
    let (whole, mut outside) = match Level::current() {
        // Safety: `Level::current` never exceeds what the processor was found to have.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { fill_avx512(table, scores, words) },
        _ => (0, false),
    };
    if whole < scores.len() {
        fill_rest(table, &scores[whole..], &mut words[whole..], &mut outside);
    }
    outside
}

vectorised! {
    fn fill_rest(table: &Table, scores: &[f64], words: &mut [u32], outside: &mut bool) {
        let mut farthest = 0.0;
        for (word, &score) in words.iter_mut().zip(scores) {
            *word = word_of(table, score);
            let size = score.abs();
            farthest = if size > farthest { size } else { farthest };
        }
        *outside |= farthest >= END;
    }
}

#[inline(always)]
fn word_of(table: &Table, score: f64) -> u32 {
    let scaled = score.abs() * PER_UNIT;
    let segment = scaled as i32;
    let x = (scaled - f64::from(segment)) - 0.5;
    let segment = segment as usize % SEGMENTS;
    let mut sum = table.0[COEFFICIENTS - 1][segment];
    for coefficients in table.0[..COEFFICIENTS - 1].iter().rev() {
        sum = sum * x + coefficients[segment];
    }
    let depth = (if sum < MOST { sum } else { MOST }) as i32 as u32;
    if score < 0.0 { depth } else { !depth }
}

/// As far as groups of eight go; returns how many scores that were and whether any lay outside of the table.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
fn fill_avx512(table: &Table, scores: &[f64], words: &mut [u32]) -> (usize, bool) {
    use std::arch::x86_64::*;
    let rows: [[__m512d; 2]; COEFFICIENTS] =
        std::array::from_fn(|power| [load_f64(&table.0[power]), load_f64(&table.0[power][8..])]);
    let pick = |row: [__m512d; 2], segment| _mm512_permutex2var_pd(row[0], segment, row[1]);
    let (scores, _) = scores.as_chunks::<8>();
    let groups = scores.iter().zip(words.as_chunks_mut::<8>().0);
    let mut outside = 0;
    for (score, words) in groups {
        let score = load_f64_eight(score);
        let size = _mm512_abs_pd(score);
        outside |= _mm512_cmp_pd_mask::<_CMP_GE_OQ>(size, _mm512_set1_pd(END));
        let scaled = _mm512_mul_pd(size, _mm512_set1_pd(PER_UNIT));
        let whole = _mm512_cvttpd_epi32(scaled);
        let x = _mm512_sub_pd(_mm512_sub_pd(scaled, _mm512_cvtepi32_pd(whole)), _mm512_set1_pd(0.5));
        let segment = _mm512_cvtepi32_epi64(whole);
        let mut sum = pick(rows[COEFFICIENTS - 1], segment);
        for row in rows[..COEFFICIENTS - 1].iter().rev() {
            sum = _mm512_add_pd(_mm512_mul_pd(sum, x), pick(*row, segment));
        }
        let depth = _mm512_cvttpd_epi32(_mm512_min_pd(sum, _mm512_set1_pd(MOST)));
        let upper = _mm512_cmp_pd_mask::<_CMP_NLT_UQ>(score, _mm512_setzero_pd());
        let ones = _mm256_set1_epi32(-1);
        store_u32_eight(words, _mm256_mask_xor_epi32(depth, upper, depth, ones));
    }
    (scores.len() * 8, outside != 0)
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table([[0.0; SEGMENTS]; COEFFICIENTS]);
        for segment in 0..SEGMENTS {
            let at = |place: f64| WHOLE * normal_sf((segment as f64 + 0.5 + place) / PER_UNIT);
            for (row, c) in table.0.iter_mut().zip(interpolate(at)) {
                row[segment] = c;
            }
        }
        table
    })
}

/// Coefficients by rising power of the interpolant at the Chebyshev points of [−½, ½]: Newton's form, expanded.
fn interpolate(f: impl Fn(f64) -> f64) -> [f64; COEFFICIENTS] {
    const N: usize = COEFFICIENTS;
    let nodes: [f64; N] =
        std::array::from_fn(|k| 0.5 * libm::cos(std::f64::consts::PI * (k as f64 + 0.5) / N as f64));
    let mut differences = nodes.map(f);
    for order in 1..N {
        for k in (order..N).rev() {
            differences[k] = (differences[k] - differences[k - 1]) / (nodes[k] - nodes[k - order]);
        }
    }
    let mut result = [0.0; N];
    for k in (0..N).rev() {
        for power in (0..N).rev() {
            let lower = if power > 0 { result[power - 1] } else { 0.0 };
            result[power] = lower - nodes[k] * result[power];
        }
        result[0] += differences[k];
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_scores_are_those_of_the_tail_function_but_for_one_step() {
        let scores: Vec<f64> = (-50_003..50_003).map(|k| f64::from(k) / 8_191.3).collect();
        let mut words = vec![0; scores.len()];
        fill_words_of_scores(&scores, &mut words);
        for (&score, &word) in scores.iter().zip(&words) {
            assert!(word.abs_diff(word_of_tail(tail_of_score(score))) <= 1, "{score}");
        }
        // Monotone to within the same step.
        assert!(words.windows(2).all(|pair| pair[0] <= pair[1] + 1));
    }

    #[test]
    fn zero_and_its_neighbours_have_a_word() {
        let mut words = [0; 4];
        fill_words_of_scores(&[0.0, -0.0, f64::MIN_POSITIVE, -1e-30], &mut words);
        assert_eq!(words, [1 << 31, 1 << 31, 1 << 31, (1 << 31) - 1]);
    }
}
