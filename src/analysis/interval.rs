//! 95 % confidence intervals: how far an estimate may be off because the number of runs is finite.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::distribution::{Binomial, Family};
use crate::math::{StudentTails, normal_quantile};
use crate::scenario::Percent;

/// Lower and upper end of a 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

/// Probability left out on each side.
pub const SIDE: f64 = 0.025;
/// Up to this variance of the number of runs below a quantile, ranks come from the binomial law itself.
const EXACT_UP_TO: f64 = 10_000.0;
/// From so many degrees of freedom on Student's quantile is the normal one to six digits.
const NORMAL_FROM: f64 = 3e6;

/// The standard normal's 97.5 % quantile.
pub fn normal_factor() -> f64 {
    normal_quantile(1.0 - SIDE)
}

/// The 97.5 % quantile of Student's law.
pub fn student_factor(df: f64) -> f64 {
    if df < NORMAL_FROM { StudentTails::new(df).distance(SIDE) } else { normal_factor() }
}

/// Ranks (1 … n) of the order statistics that enclose the p-quantile with probability 95 %, whatever the law. `None` where
/// no two of n values do: too few lie on one side of it.
///
/// - Formula: the number of runs below the quantile is binomial(n, p); its 2.5 % and 97.5 % quantiles, the upper one
///   plus 1. Of these two ranks and the next ones inwards, the pair that misses most often without missing more than 5 %.
///   Where the variance of the number is above 10,000, by the normal approximation, rounded outwards.
/// - Source: David & Nagaraja (2003), Order Statistics, 3rd ed., section 7.1.
pub fn order_statistics(n: u64, p: f64) -> Option<(u64, u64)> {
    let mean = n as f64 * p;
    let variance = mean * (1.0 - p);
    let (low, high) = match Binomial::new(n as f64, p) {
        Ok(below) if variance <= EXACT_UP_TO => exact_ranks(&below),
        _ => {
            let reach = normal_factor() * variance.sqrt();
            ((mean - reach).floor(), (mean + reach).ceil() + 1.0)
        }
    };
    (low >= 1.0 && high <= n as f64).then_some((low as u64, high as u64))
}

/// Ranks of two order statistics, where there are such.
type Ranks = Option<(u64, u64)>;

/// Ranks of [`order_statistics`] that were asked for before: cells with as many values share them.
#[derive(Debug, Default)]
pub struct KnownRanks(RefCell<BTreeMap<(u64, Percent), Ranks>>);

impl KnownRanks {
    pub fn of(&self, n: u64, level: Percent) -> Ranks {
        *self.0.borrow_mut().entry((n, level)).or_insert_with(|| order_statistics(n, level.share()))
    }
}

/// The ranks by the law of the number of runs below the quantile.
fn exact_ranks(below: &Binomial) -> (f64, f64) {
    let (low, high) = (below.quantile(SIDE), below.upper_quantile(SIDE) + 1.0);
    let missed = |(low, high): (f64, f64)| below.cdf(low - 1.0) + below.sf(high - 1.0);
    [(low, high), (low + 1.0, high), (low, high - 1.0), (low + 1.0, high - 1.0)]
        .into_iter()
        .filter(|&(low, high)| low < high && missed((low, high)) <= 2.0 * SIDE)
        .max_by(|&a, &b| missed(a).total_cmp(&missed(b)))
        .unwrap_or((low, high))
}

/// Wilson's score interval of a probability.
///
/// - Source: Wilson (1927), Probable inference, the law of succession, and statistical inference, Journal of the
///   American Statistical Association 22(158), 209–212, doi:10.1080/01621459.1927.10502953.
pub fn wilson(successes: f64, n: f64) -> Interval {
    let z = normal_factor();
    let p = successes / n;
    let centre = (p + z * z / (2.0 * n)) / (1.0 + z * z / n);
    let reach = z / (1.0 + z * z / n) * (p * (1.0 - p) / n + z * z / (4.0 * n * n)).sqrt();
    // At the ends the two terms are equal, and what rounding leaves of their difference is not shown.
    Interval {
        low: if successes > 0.0 { (centre - reach).max(0.0) } else { 0.0 },
        high: if successes < n { (centre + reach).min(1.0) } else { 1.0 },
    }
}

#[cfg(test)]
mod tests {
    use statrs::distribution::{Binomial as Peer, DiscreteCDF};

    use super::*;

    #[test]
    fn the_ranks_cover_the_quantile_with_95_percent_and_hardly_more() {
        for (n, p, most) in [(100, 0.5, 0.955), (1000, 0.05, 0.96), (2000, 0.005, 0.965), (500, 0.99, 0.98)] {
            let (low, high) = order_statistics(n, p).unwrap();
            let below = Peer::new(p, n).unwrap();
            let covered = below.cdf(high - 1) - below.cdf(low - 1);
            assert!((0.95..most).contains(&covered), "{n} {p}: {covered}");
        }
    }

    #[test]
    fn where_too_few_values_lie_beyond_a_quantile_no_ranks_enclose_it() {
        // All of five values lie on one side of the median with probability 2·0.5⁵ > 5 %, of six with less.
        assert_eq!((order_statistics(5, 0.5), order_statistics(6, 0.5)), (None, Some((1, 6))));
        assert_eq!((order_statistics(1, 0.5), order_statistics(2000, 0.999)), (None, None));
        assert!(order_statistics(10_000, 0.999).is_some());
    }

    #[test]
    fn exact_and_approximate_ranks_meet() {
        let (exact_low, exact_high) = order_statistics(40_000, 0.5).unwrap();
        let (low, high) = order_statistics(40_004, 0.5).unwrap();
        assert!(low.abs_diff(exact_low + 2) <= 2 && high.abs_diff(exact_high + 2) <= 2);
    }

    #[test]
    fn wilson_stays_inside_the_unit_interval_and_around_the_share() {
        let none = wilson(0.0, 1000.0);
        assert_eq!(none.low, 0.0);
        assert!(none.high > 0.003 && none.high < 0.004);
        assert_eq!(wilson(1000.0, 1000.0).high, 1.0);
        // Newcombe (1998), Statistics in Medicine 17, 857–872, Table I: 81 of 263 gives 0.2553 to 0.3662.
        let some = wilson(81.0, 263.0);
        assert!((some.low - 0.2553).abs() < 5e-5 && (some.high - 0.3662).abs() < 5e-5);
    }
}
