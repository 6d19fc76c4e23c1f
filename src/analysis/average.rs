//! How far the mean of independent runs may be off, whatever the skewness of what is averaged: means, variances and tail
//! means are all averages over the runs.
//!
//! - Formula: with T = (m − μ)/(s/√n) the interval takes every μ with min(−z, h(−z)) ≤ T ≤ max(z, h(z)). z is the 97.5 %
//!   quantile (Student's, n − 1 degrees of freedom), h the inverse of Hall's cubic transformation,
//!   h(x) = 3/a·[(1 + a·(x − a/6))^⅓ − 1] with a = 1.25·γ/√n and γ the skewness of the sample. So it reaches as far as
//!   the symmetric interval on either side, and farther where the long tail says so.
//! - The factor of 1.25: a sample's skewness is nearly always less than its law's. Chosen by simulation over gamma,
//!   lognormal, Pareto and compound laws (`docs/methods.md#intervals`).
//! - Source: Hall (1992), On the removal of skewness by transformation, Journal of the Royal Statistical Society B 54(1),
//!   221–228, equation (2.2); Johnson (1978), Modified t tests and confidence intervals for asymmetrical populations,
//!   Journal of the American Statistical Association 73(363), 536–544.
//! - Fails: where a few runs carry the average. [`Spread::heavy`] finds what a sample shows of that.

use super::Withheld;
use super::interval::{Interval, normal_factor, student_factor};
use crate::math::ln;

/// Runs that a moment's error needs.
pub const FEWEST: u64 = 20;
/// What the sample's skewness is multiplied by.
const MORE_SKEWED: f64 = 1.25;
/// Above it the third moment, over √n, rests on about five runs or fewer.
const FEW_CARRY: f64 = 0.45;
/// Up to here the tail need not be looked at.
const NONE_CARRY: f64 = 0.15;

/// What runs say of the error of an average over them.
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    count: f64,
    sd: f64,
    skewness: f64,
    /// E|w − m|³/sd³: as the skewness, but both tails add up.
    third: f64,
    tail_index: f64,
}

impl Spread {
    /// Of an average over values, each with its runs; those farthest from the average stand first and last.
    ///
    /// # Errors
    /// [`Withheld::AllEqual`] where the values do not differ, [`Withheld::BeyondRange`] where something leaves the range of
    /// f64.
    pub fn of(
        average: f64,
        values: impl DoubleEndedIterator<Item = (f64, u64)> + Clone,
    ) -> Result<Spread, Withheld> {
        let distances = values.map(|(w, runs)| (w - average, runs));
        let farthest = |of: Option<(f64, u64)>| of.map_or(0.0, |(d, _)| d.abs());
        // No power of a distance in its units leaves the range.
        let unit = farthest(distances.clone().next()).max(farthest(distances.clone().next_back()));
        if unit == 0.0 {
            return Err(Withheld::AllEqual);
        }
        let (inverse, mut count) = (1.0 / unit, 0);
        let (mut squares, mut cubes, mut sizes) = (0.0, 0.0, 0.0);
        for (d, runs) in distances.clone() {
            let d = d * inverse;
            let square = d * d * runs as f64;
            squares += square;
            cubes += square * d;
            sizes += square * d.abs();
            count += runs;
        }
        let count = count as f64;
        let sd = (squares / count).sqrt();
        if !(sd > 0.0 && (sd * unit).is_finite()) {
            return Err(Withheld::BeyondRange);
        }
        let third = |sum: f64| sum / count / (sd * sd * sd);
        Ok(Spread {
            count,
            sd: sd * unit,
            skewness: third(cubes),
            third: third(sizes),
            tail_index: tail_index(count, distances.map(|(d, runs)| (d.abs() * inverse, runs as f64))),
        })
    }

    /// Whether the runs show that the interval would not cover: about five of them or fewer carry the third moment, or
    /// some dozen do and the tail behind them falls so slowly that it may have no variance.
    ///
    /// - Formula: E|w − m|³/sd³/√n above 0.45; or above 0.15 and Hill's tail index of |w − m| over the largest √n runs below
    ///   2 − 1.6·n^(−1/10). The index of a lognormal tail falls towards its middle and that of a moved power too, so few
    ///   runs show less than there is; the bound rises to 2, where the variance ends.
    /// - Source: Hill (1975), A simple general approach to inference about the tail of a distribution, Annals of
    ///   Statistics 3(5), 1163–1174.
    pub fn heavy(&self) -> bool {
        let carried = self.third / self.count.sqrt();
        let least = 2.0 - 1.6 / libm::pow(self.count, 0.1);
        carried > FEW_CARRY || carried > NONE_CARRY && self.tail_index < least
    }

    /// Whether replicates of a design may have estimates so skewed that Student's interval does not cover: strata take out
    /// what the bulk adds to the error and leave what the end of the tail adds.
    ///
    /// - Formula: Hill's tail index below 2.4; with eight replicates the interval then covers 80 to 93 %.
    pub fn heavy_for_replicates(&self) -> bool {
        self.heavy() || self.tail_index < 2.4
    }

    /// Skewness of what is averaged.
    pub fn skewness(&self) -> f64 {
        self.skewness
    }

    /// The interval around the average.
    pub fn interval(&self, average: f64) -> Interval {
        let error = self.sd / (self.count - 1.0).sqrt();
        let z = student_factor(self.count - 1.0);
        let a = MORE_SKEWED * self.skewness / self.count.sqrt();
        Interval {
            low: average - z.max(unbent(z, a)) * error,
            high: average - (-z).min(unbent(-z, a)) * error,
        }
    }
}

/// How much farther than normal the longer side of the interval of a ratio of variances reaches, where the squares have
/// this skewness in so many values.
///
/// The factor of 2 in place of 1.25: where a few values carry one of the variances, the ratio is too near 0 or 1 in the very
/// samples that show little of their skewness. Chosen by simulation (`docs/methods.md#first-order-share`).
pub fn farther(skewness: f64, count: f64) -> f64 {
    let z = normal_factor();
    let a = 2.0 * skewness / count.sqrt();
    z.max(unbent(z, a)).max(-unbent(-z, a)) / z
}

/// Whether no rule of [`Spread::heavy`] can hold for the squares of the distances from the mean, known from the share of
/// the heaviest run in their sum and the kurtosis of the values: E|w|³/s³ ≤ max|w|/s.
pub fn none_carries_squares(heaviest_share: f64, kurtosis: f64, count: f64) -> bool {
    heaviest_share * count.sqrt() <= NONE_CARRY * (kurtosis - 1.0).sqrt()
}

/// The inverse of Hall's transformation.
fn unbent(z: f64, a: f64) -> f64 {
    // To first order it is z − a/6 − a·z²/3.
    if a.abs() < 1e-6 { z } else { 3.0 / a * (libm::cbrt(1.0 + a * (z - a / 6.0)) - 1.0) }
}

/// Hill's estimate over the largest √count of `sizes`, each with its runs, the largest of which stand at the ends; infinite
/// where they are equal.
fn tail_index(count: f64, mut sizes: impl DoubleEndedIterator<Item = (f64, f64)>) -> f64 {
    let tail = count.sqrt().ceil();
    let (mut first, mut last) = (sizes.next(), sizes.next_back());
    let (mut left, mut sum) = (tail, 0.0);
    while let Some((largest, runs)) = match (first, last) {
        (Some(a), Some(b)) if a.0 < b.0 => std::mem::replace(&mut last, sizes.next_back()),
        (Some(_), _) => std::mem::replace(&mut first, sizes.next()),
        (None, _) => std::mem::replace(&mut last, sizes.next_back()),
    } {
        if runs > left {
            // The run behind the tail: what the others are measured by.
            return tail / (sum + (left - tail) * ln(largest)).max(0.0);
        }
        sum += runs * ln(largest);
        left -= runs;
    }
    0.0
}

#[cfg(test)]
mod tests {
    use super::super::Distribution;
    use super::*;
    use crate::math::normal_quantile;
    use crate::tally::{CellTally, Shape};

    /// The spread of an output whose runs are its quantile function at even steps.
    fn spread(quantile: impl Fn(f64) -> f64) -> Spread {
        let values: Vec<f64> = (0..2000).map(|k| quantile((f64::from(k) + 0.5) / 2000.0)).collect();
        let mut tally = CellTally::new(Shape::from_pilot(&mut values.clone()));
        values.chunks(512).for_each(|part| tally.add(0, part));
        let average = values.iter().sum::<f64>() / 2000.0;
        Spread::of(average, Distribution::new(&tally).middles()).unwrap()
    }

    #[test]
    fn halls_transformation_is_undone() {
        for a in [-0.4, -1e-7, 1e-7, 0.05, 0.4] {
            for z in [-1.96, 0.0, 1.96] {
                let t = unbent(z, a);
                let back = t + a * t * t / 3.0 + a * a * t * t * t / 27.0 + a / 6.0;
                assert!((back - z).abs() < 1e-6, "{a} {z}: {back}");
            }
        }
    }

    #[test]
    fn without_skewness_the_interval_is_students() {
        let found = spread(normal_quantile);
        let interval = found.interval(10.0);
        let reach = 1.961_151 * found.sd / 1999f64.sqrt();
        assert!((interval.high - 10.0 - reach).abs() < 1e-4 * reach, "{interval:?} {reach}");
        assert!((10.0 - interval.low - reach).abs() < 1e-4 * reach);
        assert!(!found.heavy());
    }

    #[test]
    fn a_long_tail_makes_its_side_longer() {
        let found = spread(|u| libm::exp(normal_quantile(u)));
        let Interval { low, high } = found.interval(0.0);
        assert!(high > -1.1 * low && high < -1.4 * low, "{low} {high}");
        assert!(!found.heavy());
    }

    #[test]
    fn tails_that_carry_the_average_are_found() {
        // Hill's estimate of a Pareto tail is its index, but for the distance from the mean.
        let found = spread(|u| libm::pow(1.0 - u, -1.0));
        assert!((0.8..1.1).contains(&found.tail_index), "{}", found.tail_index);
        assert!(found.heavy());
        // Three of two thousand runs.
        assert!(spread(|u| f64::from(u > 0.9985)).heavy());
        assert!(!spread(|u| f64::from(u > 0.97)).heavy());
        assert!(spread(|u| if u < 0.5 { -1.0 / u } else { 1.0 / (1.0 - u) }).heavy());
    }
}
