//! An output conditioned on the rank of each input: the tornado, without a stored sample.
//!
//! The position u of an input in its own law is its rank, so two tables suffice. For each bin of u: how many runs
//! and the sum of the output (conditional means, tenths, first-order shares). For each class of the output: how many
//! runs and the sum of u (Spearman's coefficient).

use super::rank_bins::{MOST_BINS, even_bin};
use super::{RankBins, Shape};

/// Fixed point of the totals: sums of (y − centre) / spread in units of 2⁻⁴⁰.
const FIXED_POINT: f64 = 1_099_511_627_776.0;
/// Ranks are summed in units of 2⁻²⁴.
const RANK_SHIFT: u32 = 8;
const RANK_UNITS: f64 = 16_777_216.0;

/// Conditional sums of one output cell over all inputs.
#[derive(Clone, Debug)]
pub struct Conditional {
    shape: Shape,
    inputs: Vec<InputSums>,
    /// Runs in each class of the output.
    class_counts: Vec<u64>,
    scratch: Scratch,
}

#[derive(Clone, Debug, PartialEq)]
struct InputSums {
    bins: RankBins,
    counts: Vec<u64>,
    /// Runs and sum of the output in each bin in the current span, in run order.
    span: Box<[(u64, f64); MOST_BINS]>,
    /// Fixed-point totals; `None` once a span's sum was too large to be one.
    totals: Option<Vec<i128>>,
    /// Sum of ranks by class of the output, as many as there are classes.
    ranks: Box<[u64; MOST_CLASSES]>,
}

/// Room for every class: [`super::shape::CLASSES`], and as many again for atoms.
const MOST_CLASSES: usize = 2 * super::shape::CLASSES;

/// Columns of the block at hand.
#[derive(Clone, Debug, Default)]
struct Scratch {
    /// (y − centre) / spread of the finite values.
    deviations: Vec<f64>,
    classes: Vec<u16>,
    /// Offsets of the finite values where not all are.
    kept: Vec<u32>,
}

/// What is known of an output given one input.
#[derive(Clone, Debug, PartialEq)]
pub struct ConditionalMeans {
    /// Bins of the input's position u: (lower u, upper u, runs, mean of the output in them).
    pub bins: Vec<(f64, f64, u64, f64)>,
    /// Bins `..lowest` make the lowest tenth, `highest..` the highest.
    pub lowest: usize,
    pub highest: usize,
    /// Spearman's rank correlation of output and u; an estimate, which may lead a little beyond ±1.
    pub spearman: f64,
}

impl Conditional {
    /// An empty table for an output of this shape and inputs with these bins.
    pub fn new(shape: Shape, bins: Vec<RankBins>) -> Conditional {
        let classes = shape.class_edges.len() + 1;
        let inputs = bins
            .into_iter()
            .map(|bins| InputSums {
                counts: vec![0; bins.count()],
                span: Box::new([(0, 0.0); MOST_BINS]),
                totals: Some(vec![0; bins.count()]),
                ranks: Box::new([0; MOST_CLASSES]),
                bins,
            })
            .collect();
        Conditional { shape, inputs, class_counts: vec![0; classes], scratch: Scratch::default() }
    }

    /// Adds a block: the output's values and, a column an input, the ranks of the same runs. Runs whose value is
    /// not finite are left out.
    pub fn add(&mut self, values: &[f64], ranks: &[Vec<u32>]) {
        let Scratch { deviations, classes, kept } = &mut self.scratch;
        let scale = 1.0 / self.shape.spread;
        kept.clear();
        deviations.clear();
        classes.clear();
        for (offset, &value) in values.iter().enumerate().filter(|(_, v)| v.is_finite()) {
            kept.push(offset as u32);
            deviations.push((value - self.shape.centre) * scale);
            classes.push(self.shape.class_edges.partition_point(|&edge| edge <= value) as u16);
        }
        for &class in classes.iter() {
            self.class_counts[class as usize] += 1;
        }
        let all = kept.len() == values.len();
        for (input, ranks) in self.inputs.iter_mut().zip(ranks) {
            if all {
                input.add(deviations, classes, ranks.iter().copied());
            } else {
                input.add(deviations, classes, kept.iter().map(|&offset| ranks[offset as usize]));
            }
        }
    }

    /// See [`super::Tally::close_span`].
    pub fn close_span(&mut self) {
        self.inputs.iter_mut().for_each(InputSums::close_span);
    }

    /// See [`super::Tally::merge`].
    pub fn merge(&mut self, other: &Conditional) {
        for (mine, theirs) in self.class_counts.iter_mut().zip(&other.class_counts) {
            *mine += theirs;
        }
        for (mine, theirs) in self.inputs.iter_mut().zip(&other.inputs) {
            mine.merge(theirs);
        }
    }

    /// Conditional means and rank correlation with input `index`; `None` where the output is too wild to be summed.
    pub fn means(&self, index: usize) -> Option<ConditionalMeans> {
        let input = &self.inputs[index];
        let totals = input.totals.as_ref()?;
        let bins = totals
            .iter()
            .zip(&input.counts)
            .enumerate()
            .map(|(bin, (&total, &count))| {
                let (low, high) = input.bins.interval(bin);
                let deviation = total as f64 / FIXED_POINT / count as f64;
                (low, high, count, self.shape.centre + self.shape.spread * deviation)
            })
            .collect();
        let (lowest, highest) = input.bins.tenths();
        Some(ConditionalMeans { bins, lowest, highest, spearman: self.spearman(input) })
    }

    /// Spearman's coefficient from the mean rank of the input in each class of the output.
    ///
    /// - Formula: 12·cov(R, U + δ(U)) with R the mid-rank of the output's class and δ the difference between the
    ///   empirical and the true cdf of U, so that the coefficient is that of the sample's own ranks. Grouping
    ///   continuous values loses the share Σp³ of the covariance (p: share of a class), which is added back; tied
    ///   values (classes that are one atom) shrink the mid-ranks' own spread instead.
    /// - Source: Kendall & Gibbons (1990), Rank Correlation Methods, 5th ed., sections 3.7–3.8 (ties).
    fn spearman(&self, input: &InputSums) -> f64 {
        let n = self.class_counts.iter().sum::<u64>() as f64;
        let (mut below, mut covariance, mut tied, mut grouped) = (0.0, 0.0, 0.0, 0.0);
        for (class, (&count, &ranks)) in self.class_counts.iter().zip(&*input.ranks).enumerate() {
            let share = count as f64 / n;
            let sum = (ranks as f64 + 0.5 * count as f64) / RANK_UNITS;
            // The mid-ranks average to ½ exactly, so the mean of U drops out.
            covariance += (below + 0.5 * share - 0.5) * (sum / n);
            *(if self.is_atom(class) { &mut tied } else { &mut grouped }) += share * share * share;
            below += share;
        }
        12.0 * (covariance + self.empirical_shift(input, n)) / ((1.0 - tied).sqrt() * (1.0 - grouped))
    }

    /// cov(R, δ(U)): the part of the rank covariance that comes from the sample's u not being evenly spread.
    ///
    /// E[R | u] is taken as linear in the conditional mean of the output, with the slope 1/(2√π·sd) of a normal law;
    /// a poor slope costs precision of order 1/√n, never bias.
    fn empirical_shift(&self, input: &InputSums, n: f64) -> f64 {
        let edges = &self.shape.class_edges;
        let Some(totals) = input.totals.as_ref().filter(|_| !edges.is_empty()) else { return 0.0 };
        let sd = (edges[edges.len() * 3 / 4] - edges[edges.len() / 4]) / self.shape.spread / 1.349;
        if sd <= 0.0 {
            return 0.0;
        }
        let total: f64 = totals.iter().map(|&t| t as f64 / FIXED_POINT).sum();
        let (mut below, mut shift) = (0.0, 0.0);
        for (bin, (&sum, &count)) in
            totals.iter().zip(&input.counts).enumerate().filter(|(_, (_, c))| **c > 0)
        {
            let (low, high) = input.bins.interval(bin);
            let share = count as f64 / n;
            let delta = below + 0.5 * share - 0.5 * (low + high);
            let deviation = sum as f64 / FIXED_POINT / count as f64 - total / n;
            shift += share * (0.282_094_791_773_878 / sd * deviation).clamp(-0.5, 0.5) * delta;
            below += share;
        }
        shift
    }

    /// Whether a class is a single value: its edges are neighbours among the f64s.
    fn is_atom(&self, class: usize) -> bool {
        let edges = &self.shape.class_edges;
        class > 0 && class < edges.len() && edges[class] == edges[class - 1].next_up()
    }
}

impl InputSums {
    fn add(&mut self, deviations: &[f64], classes: &[u16], ranks: impl Iterator<Item = u32>) {
        let (span, sums) = (&mut *self.span, &mut *self.ranks);
        match &self.bins {
            RankBins::Even => sort_in(span, sums, deviations, classes, ranks, even_bin),
            RankBins::Uneven(table) => {
                sort_in(span, sums, deviations, classes, ranks, |rank| table.bin(rank))
            }
        }
    }

    fn close_span(&mut self) {
        let mut too_large = false;
        for (bin, (count, sum)) in self.span[..self.counts.len()].iter_mut().enumerate() {
            self.counts[bin] += *count;
            too_large |= sum.is_nan() || sum.abs() > 1e18;
            if let Some(totals) = &mut self.totals {
                totals[bin] += (*sum * FIXED_POINT) as i128;
            }
            (*count, *sum) = (0, 0.0);
        }
        if too_large {
            self.totals = None;
        }
    }

    fn merge(&mut self, other: &InputSums) {
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
        for (mine, theirs) in self.ranks.iter_mut().zip(&*other.ranks) {
            *mine += theirs;
        }
        match (&mut self.totals, &other.totals) {
            (Some(mine), Some(theirs)) => mine.iter_mut().zip(theirs).for_each(|(a, b)| *a += b),
            _ => self.totals = None,
        }
    }
}

/// Adds each run to the bin of its rank and its rank to the class of the output.
#[inline(always)]
fn sort_in(
    span: &mut [(u64, f64); MOST_BINS],
    sums: &mut [u64; MOST_CLASSES],
    deviations: &[f64],
    classes: &[u16],
    ranks: impl Iterator<Item = u32>,
    bin: impl Fn(u32) -> u8,
) {
    for ((&deviation, &class), rank) in deviations.iter().zip(classes).zip(ranks) {
        let (count, sum) = &mut span[bin(rank) as usize];
        *count += 1;
        *sum += deviation;
        sums[class as usize % MOST_CLASSES] += u64::from(rank >> RANK_SHIFT);
    }
}

impl PartialEq for Conditional {
    fn eq(&self, other: &Self) -> bool {
        self.inputs == other.inputs && self.class_counts == other.class_counts
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
        let mut table = Conditional::new(shape, vec![RankBins::Even]);
        table.add(&values, &[ranks]);
        table.close_span();
        table
    }

    #[test]
    fn a_monotone_output_has_rank_correlation_one_and_a_falling_one_minus_one() {
        for (sign, expected) in [(1.0, 1.0), (-1.0, -1.0)] {
            let means = tabulated(100_000, |u| sign * u * u * u).means(0).unwrap();
            assert!((means.spearman - expected).abs() < 1e-4, "{}", means.spearman);
        }
    }

    #[test]
    fn ties_take_the_usual_correction() {
        // y = 1 for u > 0.7: mid-ranks 0.35 and 0.85, Spearman = √(3·0.7·0.3).
        let means = tabulated(100_000, |u| f64::from(u > 0.7)).means(0).unwrap();
        assert!((means.spearman - (3.0f64 * 0.7 * 0.3).sqrt()).abs() < 1e-4, "{}", means.spearman);
    }

    #[test]
    fn tenths_hold_the_mean_of_the_output_there() {
        let means = tabulated(100_000, |u| 10.0 * u).means(0).unwrap();
        let mean_of = |bins: &[(f64, f64, u64, f64)]| {
            bins.iter().map(|b| b.2 as f64 * b.3).sum::<f64>() / bins.iter().map(|b| b.2 as f64).sum::<f64>()
        };
        assert!((mean_of(&means.bins[..means.lowest]) - 0.5).abs() < 1e-3);
        assert!((mean_of(&means.bins[means.highest..]) - 9.5).abs() < 1e-3);
    }

    #[test]
    fn a_span_too_wild_to_sum_gives_no_means_instead_of_wrong_ones() {
        let shape = Shape::plain(0.0, 1.0, vec![]);
        let mut table = Conditional::new(shape, vec![RankBins::Even]);
        table.add(&[1e200, 1.0], &[vec![0, u32::MAX]]);
        table.close_span();
        assert!(table.means(0).is_none());
    }
}
