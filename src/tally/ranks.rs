//! The ranks of a block of runs, arranged the way every tornado adds them up.
//!
//! A run's rank in an input is its word, the position u as a fraction of 2³². Conditional means need the bin of each
//! rank, a column an input; rank correlations need the ranks of all inputs of a run side by side, so that one vector
//! addition serves sixteen of them. Both are the same for every tornado and made once a block.

use super::RankBins;
use super::rank_bins::even_bin;
use crate::math::simd::vectorised;

/// Ranks added at once.
pub const LANES: usize = 16;
/// Ranks in rows are cut to their upper 16 bits.
pub const ROW_BITS: u32 = 16;

/// Bins and rows of a block.
#[derive(Clone, Debug)]
pub struct Ranks {
    bins: Vec<RankBins>,
    /// Bin of each run, a column an input.
    columns: Vec<Vec<u8>>,
    /// Upper 16 bits of the ranks, a row a run, sixteen inputs a group; the first lane of the first group is 1, which
    /// counts the runs.
    groups: Vec<Vec<[u16; LANES]>>,
    /// A column of ones and one of zeros, for the lanes without an input.
    one: Vec<u32>,
    zero: Vec<u32>,
    scratch: Interleaved,
}

/// Columns of a group on their way to rows.
#[derive(Clone, Debug, Default)]
struct Interleaved {
    pairs: [Vec<u32>; 8],
    fours: [Vec<u64>; 4],
}

impl Ranks {
    /// For inputs with these bins and blocks of up to `runs` runs.
    pub fn new(bins: Vec<RankBins>, runs: usize) -> Ranks {
        Ranks {
            columns: vec![vec![0; runs]; bins.len()],
            groups: vec![vec![[0; LANES]; runs]; Ranks::groups_of(bins.len())],
            bins,
            one: vec![1 << ROW_BITS; runs],
            zero: vec![0; runs],
            scratch: Interleaved {
                pairs: std::array::from_fn(|_| vec![0; runs]),
                fours: std::array::from_fn(|_| vec![0; runs]),
            },
        }
    }

    /// Groups of sixteen that hold so many inputs and the count.
    pub fn groups_of(inputs: usize) -> usize {
        (inputs + 1).div_ceil(LANES)
    }

    /// Group and lane of an input.
    pub fn place(input: usize) -> (usize, usize) {
        ((input + 1) / LANES, (input + 1) % LANES)
    }

    /// Takes the ranks of a block, a column an input, each as long as the blocks this was made for.
    pub fn fill<'a>(&mut self, words: impl Fn(usize) -> &'a [u32]) {
        for (input, (bins, column)) in self.bins.iter().zip(&mut self.columns).enumerate() {
            match bins {
                RankBins::Even => fill_even(words(input), column),
                RankBins::Uneven(edges) => {
                    if let Some(few) = edges.few() {
                        column.fill(0);
                        few.iter().for_each(|&edge| count_edge(words(input), edge, column));
                        continue;
                    }
                    for (bin, &word) in column.iter_mut().zip(words(input)) {
                        *bin = edges.bin(word);
                    }
                }
            }
        }
        for (group, rows) in self.groups.iter_mut().enumerate() {
            let lane = |lane: usize| -> &[u32] {
                match (group * LANES + lane).checked_sub(1) {
                    None => &self.one,
                    Some(input) if input < self.bins.len() => words(input),
                    Some(_) => &self.zero,
                }
            };
            let Interleaved { pairs, fours } = &mut self.scratch;
            for (k, pair) in pairs.iter_mut().enumerate() {
                interleave_halves(lane(2 * k), lane(2 * k + 1), pair);
            }
            for (k, four) in fours.iter_mut().enumerate() {
                interleave(&pairs[2 * k], &pairs[2 * k + 1], four);
            }
            let [a, b, c, d] = &*fours;
            fill_rows(a, b, c, d, rows);
        }
    }

    /// Bins of an input.
    pub fn bins(&self) -> &[RankBins] {
        &self.bins
    }

    /// Bin of each run of the block in an input.
    pub fn column(&self, input: usize) -> &[u8] {
        &self.columns[input]
    }

    /// Rows of each group.
    pub fn groups(&self) -> &[Vec<[u16; LANES]>] {
        &self.groups
    }
}

vectorised! {
    fn fill_even(words: &[u32], bins: &mut [u8]) {
        for (bin, &word) in bins.iter_mut().zip(words) {
            *bin = even_bin(word);
        }
    }
}

vectorised! {
    fn count_edge(words: &[u32], edge: u32, bins: &mut [u8]) {
        for (bin, &word) in bins.iter_mut().zip(words) {
            *bin += u8::from(word >= edge);
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_and_bins_are_those_of_the_ranks() {
        let inputs = 20;
        let word = |input: usize, run: usize| {
            (input as u32).wrapping_mul(0x9E37_79B9).wrapping_add(run as u32).wrapping_mul(0x85EB_CA6B)
        };
        let columns: Vec<Vec<u32>> =
            (0..inputs).map(|input| (0..64).map(|run| word(input, run)).collect()).collect();
        let mut bins = vec![RankBins::Even; inputs];
        bins[7] = RankBins::discrete(&[0.3, 0.7]);
        let mut ranks = Ranks::new(bins, 64);
        ranks.fill(|input| &columns[input]);
        assert_eq!(ranks.groups().len(), 2);
        for run in 0..64 {
            assert_eq!(ranks.groups()[0][run][0], 1);
            for (input, column) in columns.iter().enumerate() {
                let (group, lane) = Ranks::place(input);
                assert_eq!(u32::from(ranks.groups()[group][run][lane]), column[run] >> ROW_BITS);
                let (low, high) = ranks.bins()[input].interval(ranks.column(input)[run].into());
                let u = f64::from(column[run]) / 4_294_967_296.0;
                assert!(low <= u + 3e-10 && u < high + 3e-10);
            }
            assert_eq!(ranks.groups()[1][run][inputs + 1 - LANES..], [0; 2 * LANES - 21]);
        }
    }
}
