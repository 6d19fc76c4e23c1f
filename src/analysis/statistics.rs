//! The figures reported of one cell, each with its Monte Carlo error.

use super::Distribution;
use super::interval::{Interval, normal_factor, order_statistics, wilson};
use crate::scenario::{Convention, Levels, Percent};
use crate::tally::{CellTally, NonFinite};

/// Share of the sum of squares that one run may carry before mean and sd are called unstable.
const HEAVIEST_SHARE: f64 = 0.05;

/// A percentile and its 95 % order-statistic interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percentile {
    /// Of the runs at or below.
    pub level: Percent,
    pub value: f64,
    pub interval: Interval,
}

/// The mean of a tail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TailMean {
    /// Below 50 %: of as large a share of the lowest values. From 50 % on: of the highest, all but as large a share.
    pub level: Percent,
    pub value: f64,
}

impl TailMean {
    /// `below_5`, `above_99.5`: on which side of which percentile its values lie.
    pub fn name(&self, convention: Convention) -> String {
        let side = if self.level.is_low() { "below" } else { "above" };
        format!("{side}_{}", convention.number(self.level))
    }
}

/// Everything reported of one cell. `None`: does not exist for these values, or nothing finite was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// Finite values.
    pub count: u64,
    pub mean: Option<f64>,
    /// None where the mean is unstable.
    pub mean_interval: Option<Interval>,
    pub sd: Option<f64>,
    pub sd_interval: Option<Interval>,
    pub skewness: Option<f64>,
    pub excess_kurtosis: Option<f64>,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub percentiles: Vec<Percentile>,
    pub tail_means: Vec<TailMean>,
    pub non_finite: NonFinite,
    /// One run carries more than a twentieth of the sum of squares: moments do not settle with more runs.
    pub unstable: bool,
}

/// The figures of a cell; `is_truth` marks a probability, whose interval is Wilson's.
///
/// - Formula: mean ± z·sd/√n; sd ± z·sd·√((κ + 2)/n)/2 with κ the excess kurtosis (delta method; Kendall & Stuart,
///   The Advanced Theory of Statistics, vol. 1, section 10.6).
/// - Fails: where fourth moments do not exist; `unstable` flags what the sample shows of that.
pub fn statistics(
    tally: &CellTally,
    distribution: &Distribution,
    levels: &Levels,
    is_truth: bool,
) -> Statistics {
    let moments = tally.moments();
    let n = tally.count() as f64;
    let some = tally.count() > 0;
    let unstable = some
        && (moments.heaviest_share.is_nan() || moments.heaviest_share > HEAVIEST_SHARE)
        && tally.count() > 400;
    let z = normal_factor();
    let around = |value: f64, reach: f64| Interval { low: value - reach, high: value + reach };
    let mean_interval = match (moments.mean, moments.sd) {
        _ if unstable => None,
        (Some(mean), _) if is_truth => Some(wilson(mean * n, n)),
        (Some(mean), Some(sd)) => Some(around(mean, z * sd / n.sqrt())),
        _ => None,
    };
    let sd_interval = match (moments.sd, moments.excess_kurtosis) {
        _ if unstable => None,
        (Some(sd), Some(kurtosis)) => Some(around(sd, z * sd * ((kurtosis + 2.0).max(0.0) / n).sqrt() / 2.0)),
        (Some(sd), None) => Some(around(sd, 0.0)),
        _ => None,
    };
    let percentiles = levels
        .percentiles
        .iter()
        .filter(|_| some)
        .map(|&level| {
            let (low, high) = order_statistics(tally.count(), level.share());
            Percentile {
                level,
                value: distribution.percentile(level),
                interval: Interval {
                    low: distribution.order_statistic(low),
                    high: distribution.order_statistic(high),
                },
            }
        })
        .collect();
    let tail_means = levels.tail_means.iter().filter(|_| some).map(|&level| TailMean {
        level,
        value: match level.is_low() {
            true => distribution.mean_below(level),
            false => distribution.mean_above(level),
        },
    });
    let (min, max) = tally.extremes();
    Statistics {
        count: tally.count(),
        mean: moments.mean.filter(|_| some),
        mean_interval,
        sd: moments.sd.filter(|_| some),
        sd_interval,
        skewness: moments.skewness.filter(|_| some),
        excess_kurtosis: moments.excess_kurtosis.filter(|_| some),
        min: some.then_some(min),
        max: some.then_some(max),
        percentiles,
        tail_means: tail_means.collect(),
        non_finite: tally.non_finite,
        unstable,
    }
}
