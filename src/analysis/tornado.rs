//! The tornado: how an output moves with each input, from conditional means of the same pass.

use super::first_order::{Groups, Score};
use crate::engine::InputTenths;
use crate::tally::{Conditional, Grouping};

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
    /// Σp³ over the values of a discrete input.
    pub tied: f64,
}

/// An output of known variance, conditioned on each input.
#[derive(Debug)]
pub struct Conditioned<'a> {
    conditional: &'a Conditional,
    grouping: Grouping,
    variance: f64,
}

impl<'a> Conditioned<'a> {
    pub fn new(conditional: &'a Conditional, variance: f64) -> Conditioned<'a> {
        Conditioned { conditional, grouping: conditional.grouping(), variance }
    }
}

/// The row of input `index`; `None` where the output is too wild for conditional means. `scores` are those of the bins
/// of an input with whose rank the output can be expected to vary smoothly, none of another.
pub fn row(
    output: &Conditioned<'_>,
    index: usize,
    scores: &[Score],
    labels: RowLabels,
) -> Option<TornadoRow> {
    let means = output.conditional.means(index, &output.grouping)?;
    let low_mean = mean_of(&means.bins[..means.lowest])?;
    let high_mean = mean_of(&means.bins[means.highest..])?;
    let groups = Groups::new(&means.bins, output.variance, scores);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::normal_quantile;
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
            tied: 0.0,
        }
    }

    fn row_of(conditional: &Conditional, variance: f64) -> Option<TornadoRow> {
        let scores = Score::of_bins(&RankBins::Even);
        row(&Conditioned::new(conditional, variance), 0, &scores, labels())
    }

    #[test]
    fn the_share_of_a_normal_input_is_not_lost_inside_the_bins() {
        let (conditional, variance) = table(1.0, 0.0, 65_536);
        let row = row_of(&conditional, variance).unwrap();
        assert!((row.first_order - 1.0).abs() < 5e-4, "{}", row.first_order);
    }

    #[test]
    fn share_and_error_agree_with_theory() {
        let (conditional, variance) = table(3.0, 4.0, 65_536);
        let row = row_of(&conditional, variance).unwrap();
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
        conditional.settle();
        let tied = 0.7f64 * 0.7 * 0.7 + 0.3 * 0.3 * 0.3;
        let row = row(&Conditioned::new(&conditional, 0.21), 0, &[], RowLabels { tied, ..labels() }).unwrap();
        assert!((row.spearman - 1.0).abs() < 1e-4, "{}", row.spearman);
    }
}
