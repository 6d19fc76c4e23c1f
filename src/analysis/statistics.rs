//! The figures reported of one cell, each with its Monte Carlo error.

use super::Distribution;
use super::interval::{Interval, normal_factor, order_statistics, wilson};
use crate::tally::{CellTally, NonFinite};

/// Percentiles that are reported, in %.
pub const PERCENTILES: [u32; 9] = [1, 5, 10, 25, 50, 75, 90, 95, 99];

/// Share of the sum of squares that one run may carry before mean and sd are called unstable.
const HEAVIEST_SHARE: f64 = 0.05;

/// A percentile and its 95 % order-statistic interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percentile {
    pub percent: u32,
    pub value: f64,
    pub interval: Interval,
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
    /// Mean of the lowest and of the highest 5 %.
    pub mean_below_5: Option<f64>,
    pub mean_above_95: Option<f64>,
    pub non_finite: NonFinite,
    /// One run carries more than a twentieth of the sum of squares: moments do not settle with more runs.
    pub unstable: bool,
}

/// The figures of a cell; `is_truth` marks a probability, whose interval is Wilson's.
///
/// - Formula: mean ± z·sd/√n; sd ± z·sd·√((κ + 2)/n)/2 with κ the excess kurtosis (delta method; Kendall & Stuart,
///   The Advanced Theory of Statistics, vol. 1, section 10.6).
/// - Fails: where fourth moments do not exist; `unstable` flags what the sample shows of that.
pub fn statistics(tally: &CellTally, distribution: &Distribution, is_truth: bool) -> Statistics {
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
    let percentiles = PERCENTILES
        .iter()
        .filter(|_| some)
        .map(|&percent| {
            let (low, high) = order_statistics(tally.count(), f64::from(percent) / 100.0);
            Percentile {
                percent,
                value: distribution.percentile(percent),
                interval: Interval {
                    low: distribution.order_statistic(low),
                    high: distribution.order_statistic(high),
                },
            }
        })
        .collect();
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
        mean_below_5: some.then(|| distribution.mean_below(5)),
        mean_above_95: some.then(|| distribution.mean_above(95)),
        non_finite: tally.non_finite,
        unstable,
    }
}
