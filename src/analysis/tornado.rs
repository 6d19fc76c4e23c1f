//! The tornado: how an output moves with each input, from conditional means of the same pass.

use rand_distr::{Distribution as _, StandardNormal};

use crate::engine::InputTenths;
use crate::math::{normal_density, normal_quantile};
use crate::sampling::{Key, Stream};
use crate::tally::{Conditional, ConditionalMeans};

/// Replicates of the bootstrap standard error.
const REPLICATES: usize = 64;

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
    pub key: Key,
}

/// The row of input `index`; `None` where the output is too wild for conditional means.
pub fn row(conditional: &Conditional, index: usize, variance: f64, labels: RowLabels) -> Option<TornadoRow> {
    let means = conditional.means(index)?;
    let low_mean = mean_of(&means.bins[..means.lowest])?;
    let high_mean = mean_of(&means.bins[means.highest..])?;
    let groups = Groups::new(&means, variance, labels.is_continuous);
    let first_order = groups.first_order(&groups.means);
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
        first_order_error: groups.bootstrap_error(labels.key),
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
        groups.within = ((variance - groups.between(&groups.means)).max(0.0)) * groups.total / free;
        groups
    }

    /// Variance of the group means, weighted by runs.
    fn between(&self, means: &[f64]) -> f64 {
        let pairs = || self.counts.iter().zip(means);
        let first = means.first().copied().unwrap_or(0.0);
        let mean = first + pairs().map(|(n, m)| n * (m - first)).sum::<f64>() / self.total;
        pairs().map(|(n, m)| n * (m - mean) * (m - mean)).sum::<f64>() / self.total
    }

    /// First-order share of variance, Var(E[Y | X]) / Var(Y).
    ///
    /// - Formula: variance between groups, less what noise alone puts there, (k − 1)·s²/n; plus the variance of the
    ///   conditional mean inside the groups, from its slope between neighbours in the input's normal score (less
    ///   that slope's own noise), for a continuous input.
    /// - Source: Saltelli et al. (2008), Global Sensitivity Analysis: The Primer, section 1.2.6 (the index);
    ///   Cochran (1977), Sampling Techniques, 3rd ed., chapter 5A (variance between strata).
    fn first_order(&self, means: &[f64]) -> f64 {
        if self.variance <= 0.0 {
            return 0.0;
        }
        let k = self.counts.len();
        let noise = (k as f64 - 1.0) * self.within / self.total;
        let mut inside = 0.0;
        if self.is_continuous && k > 2 {
            for group in 0..k {
                let (left, right) = (group.saturating_sub(1), (group + 1).min(k - 1));
                let run = self.scores[right].0 - self.scores[left].0;
                let slope = (means[right] - means[left]) / run;
                let slope_noise =
                    self.within * (1.0 / self.counts[left] + 1.0 / self.counts[right]) / (run * run);
                inside +=
                    self.counts[group] / self.total * self.scores[group].1 * (slope * slope - slope_noise);
            }
        }
        (self.between(means) - noise + inside) / self.variance
    }

    /// Standard deviation of the share over parametric bootstrap replicates of the group means.
    ///
    /// - Source: Efron & Tibshirani (1993), An Introduction to the Bootstrap, section 6.5.
    fn bootstrap_error(&self, key: Key) -> f64 {
        let mut stream = Stream::new(key, Stream::BOOTSTRAP);
        let centre = self.first_order(&self.means);
        let mut means = self.means.clone();
        let (mut sum, mut squares) = (0.0, 0.0);
        for _ in 0..REPLICATES {
            for ((mean, &known), count) in means.iter_mut().zip(&self.means).zip(&self.counts) {
                let z: f64 = StandardNormal.sample(&mut stream);
                *mean = known + z * (self.within / count).sqrt();
            }
            let deviation = self.first_order(&means) - centre;
            sum += deviation;
            squares += deviation * deviation;
        }
        let n = REPLICATES as f64;
        ((squares - sum * sum / n).max(0.0) / (n - 1.0)).sqrt()
    }
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
    use crate::tally::{RankBins, Ranks, Shape};

    fn add(conditional: &mut Conditional, bins: RankBins, values: &[f64], ranks: &[u32]) {
        let mut block = Ranks::new(vec![bins], 512);
        for (values, ranks) in values.chunks(512).zip(ranks.chunks(512)) {
            conditional.add(values, &block.block(&[ranks.to_vec()]));
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
        conditional.close_span();
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
            key: Key::new(1, "x", &[]),
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
    fn an_output_that_is_a_discrete_input_has_rank_correlation_one() {
        let n = 100_000;
        let u = |k: u32| (f64::from(k) + 0.5) / f64::from(n);
        let values: Vec<f64> = (0..n).map(|k| f64::from(u(k) > 0.7)).collect();
        let ranks: Vec<u32> = (0..n).map(|k| (u(k) * 4_294_967_296.0) as u32).collect();
        let shape = Shape::from_pilot(&mut values.clone());
        let mut conditional = Conditional::new(shape, vec![RankBins::discrete(&[0.7])]);
        add(&mut conditional, RankBins::discrete(&[0.7]), &values, &ranks);
        conditional.close_span();
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
