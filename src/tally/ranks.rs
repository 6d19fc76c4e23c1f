//! The ranks of a block of runs, arranged the way every tornado adds them up.
//!
//! A run's rank in an input is its word, the position u as a fraction of 2³². Conditional means need the bin of each
//! rank, a column an input: the same for every tornado and found once a block. Rank correlations need the ranks of all
//! inputs of a run side by side, so that one vector addition serves sixteen of them: [`super::rank_sums`].

use super::RankBins;
use super::rank_bins::{Edges, even_bin};
use super::rank_sums::{LANES, RANK_BITS};
use crate::math::simd::vectorised;

/// Bins of the inputs' ranks, and those of the block at hand.
#[derive(Clone, Debug)]
pub struct Ranks {
    bins: Vec<RankBins>,
    /// Bin of each run, a column an input.
    columns: Vec<Vec<u8>>,
    /// Ranks with those of a repeated value at their middle, a column an input that has some.
    middles: Vec<Option<Vec<u32>>>,
    /// A column of ones, which counts the runs, and one of zeros, for lanes without an input.
    one: Vec<u32>,
    zero: Vec<u32>,
}

/// The ranks of a block and their bins.
#[derive(Clone, Copy, Debug)]
pub struct RankBlock<'a> {
    ranks: &'a Ranks,
    words: &'a [Vec<u32>],
    /// The first of the columns' runs that belongs to the block.
    first: usize,
}

impl Ranks {
    /// For inputs with these bins and blocks of up to `runs` runs.
    pub fn new(bins: Vec<RankBins>, runs: usize) -> Ranks {
        Ranks {
            columns: vec![vec![0; runs]; bins.len()],
            middles: bins.iter().map(|bins| has_values(bins).then(|| vec![0; runs])).collect(),
            bins,
            one: vec![1 << (32 - RANK_BITS); runs],
            zero: vec![0; runs],
        }
    }

    /// Groups of sixteen that hold so many inputs and the count of runs, the first lane of the first group.
    pub fn groups_of(inputs: usize) -> usize {
        (inputs + 1).div_ceil(LANES)
    }

    /// Group and lane of an input.
    pub fn place(input: usize) -> (usize, usize) {
        ((input + 1) / LANES, (input + 1) % LANES)
    }

    /// Takes the ranks of a block, a column an input from its run `first` on, each as long as the blocks this was made
    /// for or shorter.
    pub fn block<'a>(&'a mut self, words: &'a [Vec<u32>], first: usize) -> RankBlock<'a> {
        let columns = self.bins.iter().zip(&mut self.columns).zip(&mut self.middles);
        for (((bins, column), middles), words) in columns.zip(words) {
            let words = &words[first..];
            match bins {
                RankBins::Even => fill_even(words, column),
                RankBins::Uneven(edges) => match edges.few() {
                    Some(few) => {
                        column.fill(0);
                        few.iter().for_each(|&edge| count_edge(words, edge, column));
                    }
                    None => {
                        for (bin, &word) in column.iter_mut().zip(words) {
                            *bin = edges.bin(word);
                        }
                    }
                },
            }
            if let (RankBins::Uneven(edges), Some(middles)) = (bins, middles) {
                fill_middles(edges, words, column, middles);
            }
        }
        RankBlock { ranks: self, words, first }
    }
}

impl RankBlock<'_> {
    /// Bin of each run of the block in an input.
    pub fn column(&self, input: usize) -> &[u8] {
        &self.ranks.columns[input]
    }

    /// Ranks of a group, a column a lane, cut to so many runs.
    pub fn group(&self, group: usize, runs: usize) -> [&[u32]; LANES] {
        std::array::from_fn(|lane| {
            let column = match (group * LANES + lane).checked_sub(1) {
                None => &self.ranks.one[..],
                Some(input) => match self.ranks.middles.get(input) {
                    Some(Some(middles)) => &middles[..],
                    _ => self.words.get(input).map_or(&self.ranks.zero[..], |words| &words[self.first..]),
                },
            };
            &column[..runs]
        })
    }
}

fn has_values(bins: &RankBins) -> bool {
    (0..bins.count()).any(|bin| bins.is_value(bin))
}

/// The rank of each run, `bins` being the bins of these words: the middle of its value's, where that repeats.
fn fill_middles(edges: &Edges, words: &[u32], bins: &[u8], middles: &mut [u32]) {
    let of_bins = edges.middles();
    if let [Some(low), Some(high)] = *of_bins {
        fill_two(bins, low, high, middles);
        return;
    }
    for ((middle, &bin), &word) in middles.iter_mut().zip(bins).zip(words) {
        *middle = of_bins[usize::from(bin)].unwrap_or(word);
    }
}

vectorised! {
    fn fill_two(bins: &[u8], low: u32, high: u32, middles: &mut [u32]) {
        for (middle, &bin) in middles.iter_mut().zip(bins) {
            *middle = if bin == 0 { low } else { high };
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_and_lanes_are_those_of_the_ranks() {
        let inputs = 20;
        let word = |input: usize, run: usize| {
            (input as u32).wrapping_mul(0x9E37_79B9).wrapping_add(run as u32).wrapping_mul(0x85EB_CA6B)
        };
        let columns: Vec<Vec<u32>> =
            (0..inputs).map(|input| (0..64).map(|run| word(input, run)).collect()).collect();
        let mut bins = vec![RankBins::Even; inputs];
        bins[7] = RankBins::discrete(&[0.3, 0.7]);
        let mut ranks = Ranks::new(bins.clone(), 64);
        let block = ranks.block(&columns, 0);
        assert_eq!(block.group(0, 60)[0], [1 << (32 - RANK_BITS); 60]);
        assert_eq!(block.group(1, 64)[inputs + 1 - LANES..], [[0; 64]; 2 * LANES - 21]);
        for (input, (column, bins)) in columns.iter().zip(&bins).enumerate() {
            let (group, lane) = Ranks::place(input);
            let placed = block.group(group, 64)[lane];
            match bins {
                RankBins::Even => assert_eq!(placed, column),
                // 0.15, 0.5 and 0.85, less half a step of the 16 bits that are summed.
                RankBins::Uneven(_) => {
                    for (&rank, &word) in placed.iter().zip(column) {
                        let u = f64::from(word) / 4_294_967_296.0;
                        let middle = [0.15, 0.5, 0.85][usize::from(u >= 0.3) + usize::from(u >= 0.7)];
                        assert!((f64::from(rank) / 4_294_967_296.0 + 0.5 / 65_536.0 - middle).abs() < 1e-9);
                    }
                }
            }
            for (&word, &bin) in column.iter().zip(block.column(input)) {
                let (low, high) = bins.interval(bin.into());
                let u = f64::from(word) / 4_294_967_296.0;
                assert!(low <= u + 3e-10 && u < high + 3e-10);
            }
        }
    }
}
