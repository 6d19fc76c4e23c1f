//! An output conditioned on the rank of each input: the tornado, without a stored sample.
//!
//! The position u of an input in its own law is its rank, so two tables suffice. For each bin of u: how many runs
//! and the sum of the output (conditional means, tenths, first-order shares). For each class of the output: how many
//! runs and the sum of u (Spearman's coefficient).

use super::classes::Classes;
use super::grouping::Grouping;
use super::rank_bins::MOST_BINS;
use super::rank_sums::{LANES, RANK_BITS, Rows, add_ranks};
use super::shape::CLASSES;
use super::{RankBins, RankBlock, Ranks, Shape};
use crate::math::simd::vectorised;

/// Fixed point of the totals: sums of (y − centre) / spread in units of 2⁻²⁰.
const FIXED_POINT: f64 = 1_048_576.0;
/// Steps of the ranks that are summed by class.
const RANK_UNITS: f64 = (1u32 << RANK_BITS) as f64;

/// Conditional sums of one output cell over all inputs.
#[derive(Clone, Debug)]
pub struct Conditional {
    shape: Shape,
    pub(super) inputs: Vec<InputSums>,
    /// Since the words were last moved, an input and bin: runs in the upper 16 bits, sum of the output in units of
    /// 2⁻²⁰ in the others.
    sums: Vec<[i64; MOST_BINS]>,
    classes: Classes,
    /// Since the words were last moved: a row of sixteen a group and class, the classes' count + 1 rows a group.
    pending_ranks: Vec<[u32; LANES]>,
    /// Sums of ranks in the same rows; the first lane of the first group counts runs.
    pub(super) ranks: Vec<[u64; LANES]>,
    /// Runs whose words have not been moved to the totals.
    pending: usize,
    scratch: Scratch,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct InputSums {
    bins: RankBins,
    pub(super) counts: Vec<u64>,
    /// Fixed-point totals; `None` once a value was too far out to be one.
    pub(super) totals: Option<Vec<i128>>,
}

/// Columns of the block at hand.
#[derive(Clone, Debug, Default)]
struct Scratch {
    /// (y − centre) / spread as whole numbers of 2⁻²⁰, with one run counted in bit 48; 0 where a value is not finite.
    words: Vec<i64>,
    classes: Vec<u16>,
    rows: Rows,
    /// The same numbers of a block with a value too far out for words; `None` where a value is not finite.
    wild: Vec<Option<i128>>,
}

/// The bit from which a word counts runs: neither sums nor counts of [`MOST_PENDING`] runs below [`TAME`] overflow, nor
/// do 16-bit ranks summed in 32 bits.
const WORD_COUNT: u32 = 48;
const MOST_PENDING: usize = 1 << 14;
/// Deviations below this many spreads are tame.
const TAME: f64 = 1024.0;
/// Deviations up to this many spreads are summed, [`super::MOST_RUNS`] of them without overflow.
const FARTHEST: f64 = 7.2e16;

/// What is known of an output where an input is in one of its bins.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bin {
    /// Lower and upper probability of the input's position.
    pub low: f64,
    pub high: f64,
    /// Whether the bin is one value of the input.
    pub is_value: bool,
    pub count: u64,
    /// Mean of the output; NaN without runs.
    pub mean: f64,
}

impl Conditional {
    /// An empty table for an output of this shape and inputs with these bins.
    pub fn new(shape: Shape, bins: Vec<RankBins>) -> Conditional {
        let classes = Classes::new(&shape.class_edges, !shape.atoms.is_empty());
        let rows = Ranks::groups_of(bins.len()) * (classes.count() + 1);
        let sums = vec![[0; MOST_BINS]; bins.len()];
        let inputs = bins
            .into_iter()
            .map(|bins| InputSums {
                counts: vec![0; bins.count()],
                totals: Some(vec![0; bins.count()]),
                bins,
            })
            .collect();
        Conditional {
            shape,
            inputs,
            sums,
            classes,
            pending_ranks: vec![[0; LANES]; rows],
            ranks: vec![[0; LANES]; rows],
            pending: 0,
            scratch: Scratch::default(),
        }
    }

    /// About how many bytes the table of so many inputs takes.
    pub fn memory(inputs: usize) -> u64 {
        let of_input = MOST_BINS * (size_of::<i64>() + size_of::<u64>() + size_of::<i128>());
        let of_group = 2 * CLASSES * LANES * (size_of::<u32>() + size_of::<u64>());
        (inputs * of_input + Ranks::groups_of(inputs) * of_group) as u64
    }

    /// Adds a block of at most 16,384 runs: the output's values and the ranks of the same runs. Runs whose value is
    /// not finite are left out.
    pub fn add(&mut self, values: &[f64], ranks: &RankBlock<'_>) {
        debug_assert!(values.len() <= MOST_PENDING);
        if self.pending + values.len() > MOST_PENDING {
            self.settle();
        }
        self.pending += values.len();
        let Scratch { words, classes, rows, wild } = &mut self.scratch;
        words.resize(values.len(), 0);
        classes.resize(values.len(), 0);
        let mut widest = 0.0;
        fill_words(values, self.shape.centre, 1.0 / self.shape.spread, words, &mut widest);
        self.classes.fill(values, classes);
        let groups = self.pending_ranks.chunks_mut(self.classes.count() + 1);
        for (group, sums) in groups.enumerate() {
            add_ranks(&ranks.group(group, values.len()), classes, sums, rows);
        }
        if widest >= TAME {
            let (centre, scale) = (self.shape.centre, 1.0 / self.shape.spread);
            wild.clear();
            wild.extend(
                values.iter().map(|value| value.is_finite().then(|| fixed((value - centre) * scale))),
            );
            for (number, input) in self.inputs.iter_mut().enumerate() {
                input.add_wild(ranks.column(number), wild, widest);
            }
            return;
        }
        let (fours, rest) = self.sums.as_chunks_mut::<4>();
        let first_of_rest = fours.len() * 4;
        for (four, sums) in fours.iter_mut().enumerate() {
            add_words(std::array::from_fn(|k| ranks.column(4 * four + k)), words, sums);
        }
        for (input, sums) in rest.iter_mut().enumerate() {
            add_words([ranks.column(first_of_rest + input)], words, std::array::from_mut(sums));
        }
    }

    /// See [`super::Tally::settle`]: moves words and ranks, which are whole numbers, to the totals.
    pub fn settle(&mut self) {
        for (input, words) in self.inputs.iter_mut().zip(&mut self.sums) {
            input.close_words(words);
        }
        for (totals, pending) in
            self.ranks.as_flattened_mut().iter_mut().zip(self.pending_ranks.as_flattened_mut())
        {
            *totals += u64::from(std::mem::take(pending));
        }
        self.pending = 0;
    }

    /// See [`super::Tally::merge`].
    pub fn merge(&mut self, other: &Conditional) {
        let ranks = self.ranks.as_flattened_mut().iter_mut();
        ranks.zip(other.ranks.as_flattened()).for_each(|(mine, theirs)| *mine += theirs);
        for (mine, theirs) in self.inputs.iter_mut().zip(&other.inputs) {
            mine.merge(theirs);
        }
    }

    /// Runs and mean of the output in each bin of input `index`. `None` where a value of the output is too far out to
    /// be summed.
    pub fn means(&self, index: usize) -> Option<Vec<Bin>> {
        let input = &self.inputs[index];
        let totals = input.totals.as_ref()?;
        let bins = totals.iter().zip(&input.counts).enumerate().map(|(bin, (&total, &count))| {
            let (low, high) = input.bins.interval(bin);
            let deviation = total as f64 / FIXED_POINT / count as f64;
            let mean = self.shape.centre + self.shape.spread * deviation;
            Bin { low, high, is_value: input.bins.is_value(bin), count, mean }
        });
        Some(bins.collect())
    }

    /// Bins of the position of input `index`.
    pub fn bins(&self, index: usize) -> &RankBins {
        &self.inputs[index].bins
    }

    /// The classes of the output, for [`Conditional::spearman`] of any input.
    pub fn grouping(&self) -> Grouping {
        let runs = self.ranks[..self.classes.count()].iter().map(|row| row[0]);
        Grouping::new(runs.enumerate().map(|(class, count)| (count, self.is_atom(class))))
    }

    /// Spearman's coefficient from the mean rank of the input in each class of the output; `None` where one of the two
    /// has a single value. An estimate, which may lead a little beyond ±1.
    ///
    /// - Formula: 12·cov(R, U + δ(U)) / √((1 − Σp³)(1 − Σq³)) with R the rank of the output (`Grouping::covariance`), U
    ///   that of the input, both mid-ranks where values repeat, and δ the difference between the empirical and the true
    ///   cdf of the input, so that the coefficient is that of the sample's own ranks. p and q are the sample's shares of
    ///   repeated values of the output and of the input: they shrink the spread of mid-ranks by that root.
    /// - `ranks`: the mean rank of the output in each bin of the input less ½, as far as it is known, else NaN. What is
    ///   off in them costs precision of order 1/√n, never bias, for δ is 0 on average.
    /// - Source: Kendall & Gibbons (1990), Rank Correlation Methods, 5th ed., sections 3.7–3.8 (ties).
    pub fn spearman(&self, index: usize, grouping: &Grouping, ranks: &[f64]) -> Option<f64> {
        let count = self.classes.count();
        let (group, lane) = Ranks::place(index);
        let sums = &self.ranks[group * (count + 1)..][..count];
        let mean = |class: usize| (sums[class][lane] as f64 / self.ranks[class][0] as f64 + 0.5) / RANK_UNITS;
        let n = self.ranks[..count].iter().map(|row| row[0]).sum::<u64>() as f64;
        let input = &self.inputs[index];
        let (mut below, mut shift, mut tied) = (0.0, 0.0, 0.0);
        for (bin, &count) in input.counts.iter().enumerate().filter(|(_, count)| **count > 0) {
            let (low, high) = input.bins.interval(bin);
            let share = count as f64 / n;
            let delta = below + 0.5 * share - 0.5 * (low + high);
            below += share;
            shift += share * ranks.get(bin).copied().filter(|rank| rank.is_finite()).unwrap_or(0.0) * delta;
            tied += if input.bins.is_value(bin) { share * share * share } else { 0.0 };
        }
        let spread = ((1.0 - tied) * (1.0 - grouping.tied())).sqrt();
        // A single value leaves a rounding of the shares at most.
        (spread > 1e-12).then(|| 12.0 * (grouping.covariance(mean) + shift) / spread)
    }

    /// Whether a class is a single value: its edges are neighbours among the f64s.
    fn is_atom(&self, class: usize) -> bool {
        let edges = self.classes.exact_edges().unwrap_or_default();
        class > 0 && class < edges.len() && edges[class] == edges[class - 1].next_up()
    }
}

impl InputSums {
    fn close_words(&mut self, words: &mut [i64; MOST_BINS]) {
        for bin in 0..self.counts.len() {
            let word = std::mem::take(&mut words[bin]);
            // Rounding to the nearest multiple of 2⁴⁸ parts the count from a sum of either sign.
            let count = (word + (1 << (WORD_COUNT - 1))) >> WORD_COUNT;
            let sum = word - (count << WORD_COUNT);
            self.counts[bin] += count as u64;
            if let Some(totals) = &mut self.totals {
                totals[bin] += i128::from(sum);
            }
        }
    }

    /// Adds the deviations of a block, of which `widest` is the largest, to their bins.
    fn add_wild(&mut self, bins: &[u8], deviations: &[Option<i128>], widest: f64) {
        let finite =
            || bins.iter().zip(deviations).filter_map(|(&bin, &value)| Some((usize::from(bin), value?)));
        finite().for_each(|(bin, _)| self.counts[bin] += 1);
        if widest > FARTHEST {
            self.totals = None;
        }
        if let Some(totals) = &mut self.totals {
            finite().for_each(|(bin, value)| totals[bin] += value);
        }
    }

    fn merge(&mut self, other: &InputSums) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
        match (&mut self.totals, &other.totals) {
            (Some(mine), Some(theirs)) => mine.iter_mut().zip(theirs).for_each(|(a, b)| *a += b),
            _ => self.totals = None,
        }
    }
}

/// A deviation in fixed point, rounded to nearest as in words.
fn fixed(deviation: f64) -> i128 {
    let scaled = deviation * FIXED_POINT;
    // Beyond 2⁵¹ an f64 has at most one fraction bit, which truncation takes.
    let rounded = if scaled.abs() < MAGIC / 3.0 { scaled + MAGIC - MAGIC } else { scaled };
    rounded as i128
}

/// 1.5·2⁵²: added to a number below 2⁵¹ it leaves the whole part, rounded to nearest, in the sum's low bits.
const MAGIC: f64 = 6_755_399_441_055_744.0;

/// Adds words to the bins of several inputs: each word is read once, and while an addition waits for the one before it
/// in the same bin those of the other inputs go on.
fn add_words<const N: usize>(bins: [&[u8]; N], words: &[i64], sums: &mut [[i64; MOST_BINS]; N]) {
    let bins = bins.map(|bins| &bins[..words.len()]);
    for (run, &word) in words.iter().enumerate() {
        for (bins, sums) in bins.iter().zip(&mut *sums) {
            sums[bins[run] as usize] += word;
        }
    }
}

vectorised! {
    /// Words of the values; `widest` is the largest finite deviation, infinite where it left the range of f64.
    fn fill_words(values: &[f64], centre: f64, scale: f64, words: &mut [i64], widest: &mut f64) {
        let mut most = 0.0;
        for (word, &value) in words.iter_mut().zip(values) {
            let deviation = (value - centre) * scale;
            let finite = value.abs() < f64::INFINITY;
            let size = if finite { deviation.abs() } else { 0.0 };
            most = if size > most { size } else { most };
            let shifted = deviation * FIXED_POINT + MAGIC;
            let whole = (shifted.to_bits() as i64).wrapping_sub(MAGIC.to_bits() as i64).wrapping_add(1 << WORD_COUNT);
            *word = if finite { whole } else { 0 };
        }
        *widest = most;
    }
}

impl PartialEq for Conditional {
    fn eq(&self, other: &Self) -> bool {
        self.inputs == other.inputs && self.sums == other.sums && self.ranks == other.ranks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// n runs of y = f(u), with u at the middle of the k-th of n equal parts.
    fn tabulated(n: u32, f: impl Fn(f64) -> f64) -> Conditional {
        let u = |k: u32| (f64::from(k) + 0.5) / f64::from(n);
        let values: Vec<f64> = (0..n).map(|k| f(u(k))).collect();
        let ranks: Vec<u32> = (0..n).map(|k| (u(k) * 4_294_967_296.0) as u32).collect();
        let shape = Shape::from_pilot(&mut values.clone());
        let bins = vec![RankBins::Even];
        let (mut table, mut block) = (Conditional::new(shape, bins.clone()), Ranks::new(bins, 500));
        for (values, ranks) in values.chunks(500).zip(ranks.chunks(500)) {
            table.add(values, &block.block(&[ranks.to_vec()], 0));
        }
        table.settle();
        table
    }

    fn spearman(table: &Conditional) -> f64 {
        table.spearman(0, &table.grouping(), &[]).unwrap()
    }

    #[test]
    fn a_monotone_output_has_rank_correlation_one_and_a_falling_one_minus_one() {
        for (sign, expected) in [(1.0, 1.0), (-1.0, -1.0)] {
            let found = spearman(&tabulated(100_000, |u| sign * u * u * u));
            assert!((found - expected).abs() < 1e-4, "{found}");
        }
    }

    #[test]
    fn ties_take_the_usual_correction() {
        // y = 1 for u > 0.7: mid-ranks 0.35 and 0.85, Spearman = √(3·0.7·0.3).
        let found = spearman(&tabulated(100_000, |u| f64::from(u > 0.7)));
        assert!((found - (3.0f64 * 0.7 * 0.3).sqrt()).abs() < 1e-4, "{found}");
    }

    #[test]
    fn an_output_that_is_a_discrete_input_has_rank_correlation_one() {
        // A sample in which the shares are not those of the law: 0.7 and 0.9 instead of 0.69 and 0.92.
        let n = 100_000;
        let u = |k: u32| (f64::from(k) + 0.5) / f64::from(n);
        let bins = vec![RankBins::discrete(&[0.69, 0.92])];
        let rank = |k: u32| match u(k) {
            u if u < 0.7 => 0.1,
            u if u < 0.9 => 0.8,
            _ => 0.95,
        };
        let values: Vec<f64> = (0..n).map(|k| f64::from(rank(k) > 0.7) + f64::from(rank(k) > 0.9)).collect();
        let words = vec![(0..n).map(|k| (rank(k) * 4_294_967_296.0) as u32).collect::<Vec<u32>>()];
        let shape = Shape::from_pilot(&mut values.clone());
        let mut table = Conditional::new(shape, bins.clone());
        let mut block = Ranks::new(bins, 500);
        for (first, values) in (0..).step_by(500).zip(values.chunks(500)) {
            table.add(values, &block.block(&words, first));
        }
        table.settle();
        // Mean ranks of the output in the bins: the middles of 0 … 0.7, 0.7 … 0.9 and 0.9 … 1, less ½.
        let found = table.spearman(0, &table.grouping(), &[-0.15, 0.3, 0.45]).unwrap();
        assert!((found - 1.0).abs() < 1e-4, "{found}");
    }

    #[test]
    fn tenths_hold_the_mean_of_the_output_there() {
        let bins = tabulated(100_000, |u| 10.0 * u).means(0).unwrap();
        let mean_of = |bins: &[Bin]| {
            let runs: f64 = bins.iter().map(|bin| bin.count as f64).sum();
            bins.iter().map(|bin| bin.count as f64 * bin.mean).sum::<f64>() / runs
        };
        assert!((mean_of(&bins[..10]) - 0.5).abs() < 1e-3);
        assert!((mean_of(&bins[90..]) - 9.5).abs() < 1e-3);
    }

    #[test]
    fn a_value_too_far_out_to_sum_gives_no_means_instead_of_wrong_ones() {
        let shape = Shape::plain(0.0, 1.0, vec![]);
        let bins = vec![RankBins::Even];
        let (mut table, mut block) = (Conditional::new(shape, bins.clone()), Ranks::new(bins, 2));
        table.add(&[1e200, 1.0], &block.block(&[vec![0, u32::MAX]], 0));
        table.settle();
        assert!(table.means(0).is_none());
    }
}
