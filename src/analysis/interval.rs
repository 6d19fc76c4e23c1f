//! 95 % confidence intervals: how far an estimate may be off because the number of runs is finite.

use crate::distribution::{Binomial, Family};
use crate::math::normal_quantile;

/// Lower and upper end of a 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

/// Probability left out on each side.
pub const SIDE: f64 = 0.025;
/// Up to here the ranks of an order-statistic interval come from the binomial law itself.
const EXACT_UP_TO: u64 = 10_000;

/// The standard normal's 97.5 % quantile.
pub fn normal_factor() -> f64 {
    normal_quantile(1.0 - SIDE)
}

/// Ranks (1 … n) of the order statistics that enclose the p-quantile with probability 95 %, whatever the law.
///
/// - Formula: the number of runs below the quantile is binomial(n, p); its 2.5 % and 97.5 % quantiles, the upper one
///   plus 1. Beyond 10,000 runs by the normal approximation, rounded outwards.
/// - Source: David & Nagaraja (2003), Order Statistics, 3rd ed., section 7.1.
pub fn order_statistics(n: u64, p: f64) -> (u64, u64) {
    let (low, high) = if n <= EXACT_UP_TO
        && let Ok(below) = Binomial::new(n as f64, p)
    {
        (below.quantile(SIDE) as u64, below.upper_quantile(SIDE) as u64 + 1)
    } else {
        let mean = n as f64 * p;
        let reach = normal_factor() * (mean * (1.0 - p)).sqrt();
        ((mean - reach).floor().max(0.0) as u64, (mean + reach).ceil() as u64 + 1)
    };
    (low.clamp(1, n.max(1)), high.clamp(1, n.max(1)))
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
    fn the_ranks_cover_the_quantile_with_at_least_95_percent() {
        for (n, p) in [(100, 0.5), (1000, 0.05), (50, 0.99)] {
            let (low, high) = order_statistics(n, p);
            let below = Peer::new(p, n).unwrap();
            let miss_low = if low > 1 { below.cdf(low - 1) } else { 0.0 };
            let miss_high = if high < n { 1.0 - below.cdf(high - 1) } else { 0.0 };
            assert!(miss_low < 0.025 && miss_high <= 0.025 + 1e-12, "{n} {p}: {miss_low} {miss_high}");
        }
    }

    #[test]
    fn exact_and_approximate_ranks_meet() {
        let (exact_low, exact_high) = order_statistics(10_000, 0.25);
        let (low, high) = order_statistics(10_001, 0.25);
        assert!(low.abs_diff(exact_low) <= 2 && high.abs_diff(exact_high) <= 2);
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
