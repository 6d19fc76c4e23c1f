//! The tornado: how an output moves with each input, from conditional means of the same pass.

use crate::engine::InputTenths;
use crate::math::{normal_density, normal_quantile};
use crate::tally::{Conditional, ConditionalMeans};

/// The tornado of one output cell, bars sorted by the size of their swing.
#[derive(Clone, Debug, PartialEq)]
pub struct Tornado {
    /// Index into the outputs of the scenario.
    pub output: usize,
    /// E.g. `market[2031]`.
    pub cell: String,
    pub mean: f64,
    pub rows: Vec<TornadoRow>,
}

/// One bar.
#[derive(Clone, Debug, PartialEq)]
pub struct TornadoRow {
    /// E.g. `impact[approvals]`.
    pub input: String,
    pub label: String,
    pub group: Option<String>,
    pub unit: Option<String>,
    /// Spearman's rank correlation of input and output.
    pub spearman: f64,
    /// Share of the output's variance that the input alone explains, bias-corrected.
    pub first_order: f64,
    /// Its standard error.
    pub first_order_error: f64,
    /// Mean of the output where the input is in its lowest and in its highest tenth.
    pub low_mean: f64,
    pub high_mean: f64,
    /// Mean of the input itself there.
    pub low_value: f64,
    pub high_value: f64,
    /// high_mean − low_mean.
    pub swing: f64,
}

/// What a row takes over from the input.
#[derive(Clone, Debug)]
pub struct RowLabels {
    pub input: String,
    pub label: String,
    pub group: Option<String>,
    pub unit: Option<String>,
    pub tenths: InputTenths,
    /// The output can be expected to vary smoothly with the input's rank.
    pub is_continuous: bool,
    /// Σp³ over the values of a discrete input.
    pub tied: f64,
}

/// The row of input `index`; `None` where the output is too wild for conditional means.
pub fn row(conditional: &Conditional, index: usize, variance: f64, labels: RowLabels) -> Option<TornadoRow> {
    let means = conditional.means(index)?;
    let low_mean = mean_of(&means.bins[..means.lowest])?;
    let high_mean = mean_of(&means.bins[means.highest..])?;
    let groups = Groups::new(&means, variance, labels.is_continuous);
    let first_order = groups.first_order();
    Some(TornadoRow {
        input: labels.input,
        label: labels.label,
        group: labels.group,
        unit: labels.unit,
        // The position within a tied value says nothing of the output: with mid-ranks only their spread changes.
        spearman: if labels.tied < 1.0 {
            (means.spearman / (1.0 - labels.tied).sqrt()).clamp(-1.0, 1.0)
        } else {
            0.0
        },
        first_order,
        first_order_error: groups.first_order_error(),
        low_mean,
        high_mean,
        low_value: labels.tenths.low,
        high_value: labels.tenths.high,
        swing: high_mean - low_mean,
    })
}

fn mean_of(bins: &[(f64, f64, u64, f64)]) -> Option<f64> {
    let filled = bins.iter().filter(|bin| bin.2 > 0);
    let count: f64 = filled.clone().map(|bin| bin.2 as f64).sum();
    let first = filled.clone().next()?.3;
    Some(first + filled.map(|bin| bin.2 as f64 * (bin.3 - first)).sum::<f64>() / count)
}

/// Bins that hold runs, as the groups of a one-way analysis of variance.
struct Groups {
    counts: Vec<f64>,
    means: Vec<f64>,
    /// Mean and variance of the input's normal score within each group.
    scores: Vec<(f64, f64)>,
    total: f64,
    variance: f64,
    within: f64,
    is_continuous: bool,
}

impl Groups {
    fn new(means: &ConditionalMeans, variance: f64, is_continuous: bool) -> Groups {
        let filled = || means.bins.iter().filter(|bin| bin.2 > 0);
        let mut groups = Groups {
            counts: filled().map(|bin| bin.2 as f64).collect(),
            means: filled().map(|bin| bin.3).collect(),
            scores: filled().map(|bin| score_moments(bin.0, bin.1)).collect(),
            total: filled().map(|bin| bin.2 as f64).sum(),
            variance,
            within: 0.0,
            is_continuous,
        };
        let free = (groups.total - groups.counts.len() as f64).max(1.0);
        groups.within = ((variance - groups.between()).max(0.0)) * groups.total / free;
        groups
    }

    /// Mean of the group means, weighted by runs.
    fn mean(&self) -> f64 {
        let first = self.means.first().copied().unwrap_or(0.0);
        let deviations = self.counts.iter().zip(&self.means).map(|(n, m)| n * (m - first));
        first + deviations.sum::<f64>() / self.total
    }

    /// Variance of the group means, weighted by runs.
    fn between(&self) -> f64 {
        let mean = self.mean();
        let squares = self.counts.iter().zip(&self.means).map(|(n, m)| n * (m - mean) * (m - mean));
        squares.sum::<f64>() / self.total
    }

    /// What the slope over each group adds to the variance between them.
    fn slopes(&self) -> impl Iterator<Item = Slope> {
        let k = if self.is_continuous && self.counts.len() > 2 { self.counts.len() } else { 0 };
        (0..k).map(move |group| {
            let (left, right) = (group.saturating_sub(1), (group + 1).min(k - 1));
            let run = self.scores[right].0 - self.scores[left].0;
            let weight = self.counts[group] / self.total * self.scores[group].1 / (run * run);
            Slope { left, right, weight }
        })
    }

    /// Variance of a group's mean.
    fn noise(&self, group: usize) -> f64 {
        self.within / self.counts[group]
    }

    /// First-order share of variance, Var(E[Y | X]) / Var(Y).
    ///
    /// - Formula: variance between groups, less what noise alone puts there, (k − 1)·s²/n; plus the variance of the
    ///   conditional mean inside the groups, from its slope between neighbours in the input's normal score (less
    ///   that slope's own noise), for a continuous input.
    /// - Source: Saltelli et al. (2008), Global Sensitivity Analysis: The Primer, section 1.2.6 (the index);
    ///   Cochran (1977), Sampling Techniques, 3rd ed., chapter 5A (variance between strata).
    fn first_order(&self) -> f64 {
        if self.variance <= 0.0 {
            return 0.0;
        }
        let noise = (self.counts.len() as f64 - 1.0) * self.within / self.total;
        let inside = self.slopes().map(|Slope { left, right, weight }| {
            let rise = self.means[right] - self.means[left];
            weight * (rise * rise - self.noise(left) - self.noise(right))
        });
        (self.between() - noise + inside.sum::<f64>()) / self.variance
    }

    /// Standard error of the share, the group means being normal with their noise as variance.
    ///
    /// - Formula: the share is a quadratic form m'Am of the means, A symmetric, whose variance is
    ///   4 m'ADAm + 2 tr(ADAD) with D the diagonal of their noise. A is that of the variance between groups, B, and a
    ///   band C of the slopes; tr(BDBD) = (k − 1)·s⁴/n².
    /// - Source: Searle (1971), Linear Models, section 2.5, corollary 1.3.
    fn first_order_error(&self) -> f64 {
        if self.variance <= 0.0 {
            return 0.0;
        }
        let (k, mean) = (self.counts.len(), self.mean());
        let share = |group: usize| self.counts[group] / self.total;
        let mut gradient: Vec<f64> = (0..k).map(|group| share(group) * (self.means[group] - mean)).collect();
        // C[i][i + step] for steps 0, 1 and 2.
        let mut band = vec![[0.0; 3]; k];
        for Slope { left, right, weight } in self.slopes() {
            let rise = self.means[right] - self.means[left];
            gradient[left] -= weight * rise;
            gradient[right] += weight * rise;
            band[left][0] += weight;
            band[right][0] += weight;
            band[left][right - left] -= weight;
        }
        let linear: f64 = gradient.iter().enumerate().map(|(i, g)| g * g * self.noise(i)).sum();
        let noise = self.within / self.total;
        let mut square = (k as f64 - 1.0) * noise * noise;
        for (i, steps) in band.iter().enumerate() {
            for (step, &c) in steps.iter().enumerate().filter(|(_, c)| **c != 0.0) {
                let j = i + step;
                let b = if step == 0 { share(i) * (1.0 - share(i)) } else { -share(i) * share(j) };
                let times = if step == 0 { 1.0 } else { 2.0 };
                square += times * c * (2.0 * b + c) * self.noise(i) * self.noise(j);
            }
        }
        (4.0 * linear + 2.0 * square).sqrt() / self.variance
    }
}

/// A group's neighbours, between which the slope over it is taken, and what the square of their difference counts.
struct Slope {
    left: usize,
    right: usize,
    weight: f64,
}

/// Mean and variance of a standard normal score given that its probability lies in (low, high).
fn score_moments(low: f64, high: f64) -> (f64, f64) {
    let edge = |u: f64| {
        if u <= 0.0 || u >= 1.0 {
            (0.0, 0.0)
        } else {
            let z = normal_quantile(u);
            (normal_density(z), z * normal_density(z))
        }
    };
    let ((density_low, moment_low), (density_high, moment_high)) = (edge(low), edge(high));
    let mass = high - low;
    let mean = (density_low - density_high) / mass;
    (mean, (1.0 + (moment_low - moment_high) / mass - mean * mean).max(0.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{normal_score, tail_of_word};
    use crate::sampling::{Key, LANES, fill_words};
    use crate::tally::{RankBins, Ranks, Shape};

    fn add(conditional: &mut Conditional, bins: RankBins, values: &[f64], ranks: &[u32]) {
        let mut block = Ranks::new(vec![bins], 512);
        for (values, ranks) in values.chunks(512).zip(ranks.chunks(512)) {
            conditional.add(values, &block.block(&[ranks.to_vec()], 0));
        }
    }

    /// Y = a·z(U) + b·E with U and E evenly spread: the share of U is a²/(a² + b²) exactly.
    fn table(a: f64, b: f64, n: u32) -> (Conditional, f64) {
        let u = |k: u32| (f64::from(k) + 0.5) / f64::from(n);
        // An odd multiplier spreads E evenly and unrelated to U.
        let e = |k: u32| u(k.wrapping_mul(40_503) % n);
        let values: Vec<f64> =
            (0..n).map(|k| a * normal_quantile(u(k)) + b * normal_quantile(e(k))).collect();
        let ranks: Vec<u32> = (0..n).map(|k| (u(k) * 4_294_967_296.0) as u32).collect();
        let mut conditional = Conditional::new(Shape::from_pilot(&mut values.clone()), vec![RankBins::Even]);
        add(&mut conditional, RankBins::Even, &values, &ranks);
        conditional.settle();
        let mean = values.iter().sum::<f64>() / f64::from(n);
        let variance = values.iter().map(|y| (y - mean) * (y - mean)).sum::<f64>() / f64::from(n);
        (conditional, variance)
    }

    fn labels() -> RowLabels {
        RowLabels {
            input: "x".into(),
            label: "x".into(),
            group: None,
            unit: None,
            tenths: InputTenths { low: 0.0, high: 1.0 },
            is_continuous: true,
            tied: 0.0,
        }
    }

    #[test]
    fn the_share_of_a_normal_input_is_not_lost_inside_the_bins() {
        let (conditional, variance) = table(1.0, 0.0, 65_536);
        let row = row(&conditional, 0, variance, labels()).unwrap();
        assert!((row.first_order - 1.0).abs() < 5e-4, "{}", row.first_order);
    }

    #[test]
    fn share_and_error_agree_with_theory() {
        let (conditional, variance) = table(3.0, 4.0, 65_536);
        let row = row(&conditional, 0, variance, labels()).unwrap();
        assert!((row.first_order - 0.36).abs() < 5.0 * row.first_order_error, "{row:?}");
        // Of an R² with one regressor: 2·√(S(1 − S)²/n), here a little more for 100 groups instead of a line.
        let theory = 2.0 * (0.36f64 * 0.64 / 65_536.0).sqrt() * 0.8;
        assert!(
            row.first_order_error > 0.5 * theory && row.first_order_error < 2.0 * theory,
            "{row:?} {theory}"
        );
    }

    #[test]
    fn the_error_is_the_spread_of_the_share_over_draws_of_the_means() {
        let (conditional, variance) = table(3.0, 4.0, 4_096);
        let means = conditional.means(0).unwrap();
        let known = Groups::new(&means, variance, true);
        let k = known.counts.len();
        let replicates = 4_000;
        let mut words = vec![0; (replicates * k).next_multiple_of(LANES)];
        fill_words(Key::new(1, "replicates", &[]), 0, &mut words);
        let mut shares = Vec::new();
        for words in words.chunks_exact(k).take(replicates) {
            let mut drawn = Groups::new(&means, variance, true);
            for (group, &word) in words.iter().enumerate() {
                drawn.means[group] += normal_score(tail_of_word(word)) * known.noise(group).sqrt();
            }
            // The noise stays the known one; only the means move.
            drawn.within = known.within;
            shares.push(drawn.first_order());
        }
        let n = replicates as f64;
        let mean = shares.iter().sum::<f64>() / n;
        let sd = (shares.iter().map(|s| (s - mean) * (s - mean)).sum::<f64>() / (n - 1.0)).sqrt();
        // A standard deviation of nearly normal values is known to 1/√(2n); five of these.
        assert!((sd / known.first_order_error() - 1.0).abs() < 5.0 / (2.0 * n).sqrt(), "{sd}");
    }

    #[test]
    fn an_output_that_is_a_discrete_input_has_rank_correlation_one() {
        let n = 100_000;
        let u = |k: u32| (f64::from(k) + 0.5) / f64::from(n);
        let values: Vec<f64> = (0..n).map(|k| f64::from(u(k) > 0.7)).collect();
        let ranks: Vec<u32> = (0..n).map(|k| (u(k) * 4_294_967_296.0) as u32).collect();
        let shape = Shape::from_pilot(&mut values.clone());
        let mut conditional = Conditional::new(shape, vec![RankBins::discrete(&[0.7])]);
        add(&mut conditional, RankBins::discrete(&[0.7]), &values, &ranks);
        conditional.settle();
        let tied = 0.7f64 * 0.7 * 0.7 + 0.3 * 0.3 * 0.3;
        let row = row(&conditional, 0, 0.21, RowLabels { tied, is_continuous: false, ..labels() }).unwrap();
        assert!((row.spearman - 1.0).abs() < 1e-4, "{}", row.spearman);
    }

    #[test]
    fn score_moments_add_up_to_those_of_a_standard_normal() {
        let bins: Vec<(f64, f64)> = (0..50).map(|k| (f64::from(k) / 50.0, f64::from(k + 1) / 50.0)).collect();
        let (mut mean, mut square) = (0.0, 0.0);
        for &(low, high) in &bins {
            let (m, v) = score_moments(low, high);
            mean += m / 50.0;
            square += (v + m * m) / 50.0;
        }
        assert!(mean.abs() < 1e-12 && (square - 1.0).abs() < 1e-12);
    }
}
