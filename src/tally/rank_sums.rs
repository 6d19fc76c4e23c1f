//! Sums of the inputs' ranks by class of the output, sixteen inputs in one addition.
//!
//! The ranks come a column an input and are needed a row a run. Sixteen runs are turned around in registers; without
//! AVX-512 rows are put together in three passes over memory.

use crate::math::simd::Level;
use crate::math::simd::vectorised;

/// Ranks added at once.
pub const LANES: usize = 16;
/// Ranks are cut to their upper 16 bits.
pub const RANK_BITS: u32 = 16;

/// Columns of a group on their way to rows.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    pairs: [Vec<u32>; 8],
    fours: [Vec<u64>; 4],
    rows: Vec<[u16; LANES]>,
}

/// Adds the upper 16 bits of each run's ranks to the row of its class. All columns have as many runs as `classes`.
#[allow(unsafe_code)]
pub fn add_ranks(columns: &[&[u32]; LANES], classes: &[u16], sums: &mut [[u32; LANES]], rows: &mut Rows) {
    let done = match Level::current() {
        // Safety: `Level::current` never exceeds what the processor was found to have.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { avx512(columns, classes, sums) },
        _ => 0,
    };
    if done == classes.len() {
        return;
    }
    let Rows { pairs, fours, rows } = rows;
    let classes = &classes[done..];
    for (k, pair) in pairs.iter_mut().enumerate() {
        pair.resize(classes.len(), 0);
        interleave_halves(&columns[2 * k][done..], &columns[2 * k + 1][done..], pair);
    }
    for (k, four) in fours.iter_mut().enumerate() {
        four.resize(classes.len(), 0);
        interleave(&pairs[2 * k], &pairs[2 * k + 1], four);
    }
    rows.resize(classes.len(), [0; LANES]);
    let [a, b, c, d] = &*fours;
    fill_rows(a, b, c, d, rows);
    add_rows(classes, rows, sums);
}

/// As far as groups of sixteen runs go; returns how many runs that were.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl")]
fn avx512(columns: &[&[u32]; LANES], classes: &[u16], sums: &mut [[u32; LANES]]) -> usize {
    use crate::math::simd::x86::{load_u32, store_u32};
    use std::arch::x86_64::*;
    // Quarters 0, 1 of the first register beside those of the second; likewise 2, 3.
    let first = _mm512_setr_epi64(0, 1, 8, 9, 2, 3, 10, 11);
    let second = _mm512_setr_epi64(4, 5, 12, 13, 6, 7, 14, 15);
    let (groups, _) = classes.as_chunks::<16>();
    for (group, classes) in groups.iter().enumerate() {
        let runs = |lane: usize| load_u32(&columns[lane].as_chunks::<16>().0[group]);
        // Of lanes 2k and 2k + 1 the upper halves, side by side.
        let mut pairs = [_mm512_setzero_si512(); 8];
        for (k, pair) in pairs.iter_mut().enumerate() {
            let low = _mm512_srli_epi32::<16>(runs(2 * k));
            *pair = _mm512_mask_mov_epi16(low, 0xAAAA_AAAA, runs(2 * k + 1));
        }
        // A four by four transposition inside each quarter: lanes 0 to 7 of runs j, 4 + j, 8 + j, 12 + j.
        let turned = |a, b, c, d| {
            let (ab_low, ab_high) = (_mm512_unpacklo_epi32(a, b), _mm512_unpackhi_epi32(a, b));
            let (cd_low, cd_high) = (_mm512_unpacklo_epi32(c, d), _mm512_unpackhi_epi32(c, d));
            [
                _mm512_unpacklo_epi64(ab_low, cd_low),
                _mm512_unpackhi_epi64(ab_low, cd_low),
                _mm512_unpacklo_epi64(ab_high, cd_high),
                _mm512_unpackhi_epi64(ab_high, cd_high),
            ]
        };
        let [p0, p1, p2, p3, p4, p5, p6, p7] = pairs;
        let (lower, upper) = (turned(p0, p1, p2, p3), turned(p4, p5, p6, p7));
        for j in 0..4 {
            let quarters = [
                _mm512_permutex2var_epi64(lower[j], first, upper[j]),
                _mm512_permutex2var_epi64(lower[j], second, upper[j]),
            ];
            for (half, two) in quarters.into_iter().enumerate() {
                let rows = [_mm512_castsi512_si256(two), _mm512_extracti64x4_epi64::<1>(two)];
                for (part, row) in rows.into_iter().enumerate() {
                    let run = 4 * (2 * half + part) + j;
                    let sum = &mut sums[classes[run] as usize];
                    store_u32(sum, _mm512_add_epi32(load_u32(sum), _mm512_cvtepu16_epi32(row)));
                }
            }
        }
    }
    groups.len() * 16
}

vectorised! {
    /// Upper halves of two words, the first in the lower half.
    fn interleave_halves(low: &[u32], high: &[u32], pairs: &mut [u32]) {
        for ((pair, &low), &high) in pairs.iter_mut().zip(low).zip(high) {
            *pair = (low >> 16) | (high & 0xFFFF_0000);
        }
    }
}

vectorised! {
    fn interleave(low: &[u32], high: &[u32], pairs: &mut [u64]) {
        for ((pair, &low), &high) in pairs.iter_mut().zip(low).zip(high) {
            *pair = u64::from(low) | (u64::from(high) << 32);
        }
    }
}

vectorised! {
    fn fill_rows(a: &[u64], b: &[u64], c: &[u64], d: &[u64], rows: &mut [[u16; LANES]]) {
        for ((((row, &a), &b), &c), &d) in rows.iter_mut().zip(a).zip(b).zip(c).zip(d) {
            let halves = |four: u64| [four as u16, (four >> 16) as u16, (four >> 32) as u16, (four >> 48) as u16];
            let (fours, _) = row.as_chunks_mut::<4>();
            fours[0] = halves(a);
            fours[1] = halves(b);
            fours[2] = halves(c);
            fours[3] = halves(d);
        }
    }
}

vectorised! {
    /// Adds the row of ranks of each run to the row of its class.
    fn add_rows(classes: &[u16], rows: &[[u16; LANES]], sums: &mut [[u32; LANES]]) {
        for (&class, row) in classes.iter().zip(rows) {
            for (sum, &rank) in sums[class as usize].iter_mut().zip(row) {
                *sum += u32::from(rank);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_has_the_sum_of_its_runs() {
        // Not a multiple of sixteen runs, so that both ways are gone.
        let runs = 75;
        let columns: Vec<Vec<u32>> = (0..LANES as u32)
            .map(|lane| {
                (0..runs).map(|run: u32| (run * 97 + lane * 31 + 1).wrapping_mul(0x9E37_79B9)).collect()
            })
            .collect();
        let classes: Vec<u16> = (0..runs as u16).map(|run| run * 7 % 5).collect();
        let mut sums = [[0; LANES]; 5];
        let group = std::array::from_fn(|lane| columns[lane].as_slice());
        add_ranks(&group, &classes, &mut sums, &mut Rows::default());
        let mut expected = [[0; LANES]; 5];
        for (run, &class) in classes.iter().enumerate() {
            for (sum, column) in expected[class as usize].iter_mut().zip(&columns) {
                *sum += column[run] >> (32 - RANK_BITS);
            }
        }
        assert_eq!(sums, expected);
    }
}
