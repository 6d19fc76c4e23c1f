//! The figures reported of one cell, each with its Monte Carlo error.

use super::average::{FEWEST, Spread};
use super::interval::{Interval, KnownRanks, wilson};
use super::{Distribution, replicates, strata};
use crate::sampling::Design;
use crate::scenario::{Convention, Levels, Percent};
use crate::tally::{CellTally, NonFinite, SketchBin};

/// Runs of a tail that the error of its mean needs.
const FEWEST_OF_A_TAIL: f64 = 500.0;

/// The variance of replicates that share out strata must be so many times what the strata leave: the interval is then
/// at most 7 % too long.
const MOSTLY: f64 = 8.0;

/// Why a figure has no interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Withheld {
    /// Fewer finite values than an error can be told from.
    FewRuns,
    /// All values, or the estimates of all replicates, are equal: what did not happen yet is not known.
    AllEqual,
    /// A few runs carry the figure: no interval would cover as often as it says.
    HeavyTail,
    /// A power of the values leaves the range of f64.
    BeyondRange,
    /// A design leaves so little error that it cannot be told: the replicates of a Latin hypercube share out its strata, or
    /// the bins of the sketch are too wide. What they say is longer than the interval would be.
    Stratified(Interval),
}

impl Withheld {
    /// An interval that is longer than that of the figure, where one is known.
    pub fn longer(self) -> Option<Interval> {
        match self {
            Withheld::Stratified(interval) => Some(interval),
            _ => None,
        }
    }
}

/// A percentile and its 95 % interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Percentile {
    /// Of the runs at or below.
    pub level: Percent,
    pub value: f64,
    pub interval: Option<Interval>,
    pub withheld: Option<Withheld>,
}

/// The mean of a tail.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TailMean {
    /// Below 50 %: of as large a share of the lowest values. From 50 % on: of the highest, all but as large a share.
    pub level: Percent,
    pub value: f64,
    pub interval: Option<Interval>,
    pub withheld: Option<Withheld>,
}

impl TailMean {
    /// `below_5`, `above_99.5`: on which side of which percentile its values lie.
    pub fn name(&self, convention: Convention) -> String {
        TailMean::name_of(self.level, convention)
    }

    /// The name of that of a level.
    pub fn name_of(level: Percent, convention: Convention) -> String {
        let side = if level.is_low() { "below" } else { "above" };
        format!("{side}_{}", convention.number(level))
    }
}

/// Everything reported of one cell. `None`: does not exist for these values, or nothing finite was seen.
#[derive(Clone, Debug, PartialEq)]
pub struct Statistics {
    /// Finite values.
    pub count: u64,
    pub mean: Option<f64>,
    pub mean_interval: Option<Interval>,
    /// Why there is no interval of the mean.
    pub mean_withheld: Option<Withheld>,
    pub sd: Option<f64>,
    pub sd_interval: Option<Interval>,
    pub sd_withheld: Option<Withheld>,
    pub skewness: Option<f64>,
    pub excess_kurtosis: Option<f64>,
    pub min: Option<f64>,
    pub max: Option<f64>,
    pub percentiles: Vec<Percentile>,
    pub tail_means: Vec<TailMean>,
    pub non_finite: NonFinite,
}

impl Statistics {
    /// Whether a few runs carry mean or sd, so that they do not settle with more runs.
    pub fn is_unstable(&self) -> bool {
        [self.mean_withheld, self.sd_withheld].contains(&Some(Withheld::HeavyTail))
    }
}

/// One replicate of a cell.
#[derive(Debug)]
pub struct Part<'a> {
    tally: &'a CellTally,
    distribution: Distribution,
}

impl<'a> Part<'a> {
    pub fn new(tally: &'a CellTally) -> Part<'a> {
        Part { tally, distribution: Distribution::new(tally) }
    }

    /// Of its own runs.
    pub fn distribution(&self) -> &Distribution {
        &self.distribution
    }
}

/// The figures of a cell. `parts` are the replicates of the design, none where its runs are independent; `values` are
/// the only two that a cell takes, as 0 and 1 of a probability: its mean has an interval from how often it takes the upper.
pub fn statistics(
    tally: &CellTally,
    parts: &[Part<'_>],
    design: Design,
    distribution: &Distribution,
    (levels, ranks): (&Levels, &KnownRanks),
    values: Option<[f64; 2]>,
) -> Statistics {
    let share_strata = matches!(design, Design::Hypercube { .. });
    let cell = Cell { tally, parts, share_strata, distribution, ranks };
    let moments = tally.moments();
    let some = tally.count() > 0;
    let (mean, sd) = (moments.mean.filter(|_| some), moments.sd.filter(|_| some));
    let of_mean = match (mean, values.filter(|values| can_be_told_apart(*values))) {
        (Some(mean), Some(values)) => Ok(cell.of_two(mean, values)),
        (Some(mean), None) => {
            cell.average(mean, distribution.middles(), |y| y, |part| part.tally.moments().mean)
        }
        (None, _) => Err(cell.nothing()),
    };
    let of_sd = match mean.zip(sd) {
        Some((mean, sd)) => cell.sd(mean, sd),
        None => Err(cell.nothing()),
    };
    let percentiles = levels.percentiles.iter().filter(|_| some).map(|&level| {
        let found = cell.percentile(level);
        Percentile {
            level,
            value: distribution.percentile(level),
            interval: found.ok(),
            withheld: found.err(),
        }
    });
    let tail_means = levels.tail_means.iter().filter(|_| some).map(|&level| cell.tail_mean(level));
    let (min, max) = tally.extremes();
    Statistics {
        count: tally.count(),
        mean,
        mean_interval: of_mean.ok(),
        mean_withheld: of_mean.err(),
        sd,
        sd_interval: of_sd.ok(),
        sd_withheld: of_sd.err(),
        skewness: moments.skewness.filter(|_| some),
        excess_kurtosis: moments.excess_kurtosis.filter(|_| some),
        min: some.then_some(min),
        max: some.then_some(max),
        percentiles: percentiles.collect(),
        tail_means: tail_means.collect(),
        non_finite: tally.non_finite,
    }
}

/// Whether a mean says how often it is the mean of which of two values: the hits of 10⁹ runs are told to a tenth where the
/// values differ by a millionth of themselves.
fn can_be_told_apart([a, b]: [f64; 2]) -> bool {
    (b - a).is_finite() && b - a > 1e-6 * a.abs().max(b.abs())
}

/// Values whose average is the mean of a tail, with their runs: those beyond the bound as `value` has them, the bound for
/// all others, which stand on their side of the tail.
fn with_tail<'a>(
    distribution: &'a Distribution,
    bound: f64,
    below: bool,
    value: impl Fn(f64) -> f64 + Copy + 'a,
) -> impl DoubleEndedIterator<Item = (f64, u64)> + Clone + 'a {
    let tail = distribution.beyond(bound, below);
    let rest = distribution.count() - tail.iter().map(|bin| bin.count).sum::<u64>();
    let rest = Some((bound, rest)).filter(|(_, runs)| *runs > 0);
    let tail = tail.iter().map(move |bin| (value(distribution.middle(bin)), bin.count));
    rest.filter(|_| !below).into_iter().chain(tail).chain(rest.filter(|_| below))
}

/// A cell whose intervals are asked for.
struct Cell<'a> {
    tally: &'a CellTally,
    parts: &'a [Part<'a>],
    /// Whether the replicates share out the strata of one Latin hypercube.
    share_strata: bool,
    distribution: &'a Distribution,
    ranks: &'a KnownRanks,
}

impl Cell<'_> {
    /// Why a figure that does not exist has no interval.
    fn nothing(&self) -> Withheld {
        if self.tally.count() < FEWEST { Withheld::FewRuns } else { Withheld::BeyondRange }
    }

    /// The interval of a figure that is the average of `value` over the runs, whose values with their runs are `values`;
    /// `of` is that of a replicate.
    fn average(
        &self,
        average: f64,
        values: impl DoubleEndedIterator<Item = (f64, u64)> + Clone,
        value: impl Fn(f64) -> f64,
        of: impl Fn(&Part<'_>) -> Option<f64>,
    ) -> Result<Interval, Withheld> {
        let (min, max) = self.tally.extremes();
        if self.tally.count() < FEWEST {
            return Err(Withheld::FewRuns);
        }
        if min == max {
            return Err(Withheld::AllEqual);
        }
        let spread = Spread::of(average, values)?;
        if self.parts.len() < 2 {
            return if spread.heavy() { Err(Withheld::HeavyTail) } else { Ok(spread.interval(average)) };
        }
        if spread.heavy_for_replicates() {
            return Err(Withheld::HeavyTail);
        }
        let estimates: Option<Vec<f64>> = self.parts.iter().map(of).collect();
        let estimates = estimates.ok_or(Withheld::FewRuns)?;
        let interval = replicates::around(average, &estimates).ok_or(Withheld::AllEqual)?;
        let stratified = self.share_strata && self.is_stratified(&estimates, value);
        if stratified { Err(Withheld::Stratified(interval)) } else { Ok(interval) }
    }

    /// Whether the spread of the replicates of a Latin hypercube is mostly what their own strata leave, which those of all
    /// replicates together take out.
    fn is_stratified(&self, estimates: &[f64], value: impl Fn(f64) -> f64) -> bool {
        let runs = self.tally.count() as f64 / estimates.len() as f64;
        let left = strata::left_within(self.distribution, estimates.len() as f64, value) / runs;
        replicates::variance(estimates).is_some_and(|variance| variance < MOSTLY * left)
    }

    /// The interval of the standard deviation: that of the variance, which is an average of squares.
    fn sd(&self, mean: f64, sd: f64) -> Result<Interval, Withheld> {
        let square = |y: f64| (y - mean) * (y - mean);
        let of = |part: &Part<'_>| {
            let moments = part.tally.moments();
            moments.sd.zip(moments.mean).map(|(sd, own)| sd * sd + square(own))
        };
        let root = |Interval { low, high }| Interval { low: f64::max(low, 0.0).sqrt(), high: high.sqrt() };
        let values = self.distribution.middles().map(|(y, runs)| (square(y), runs));
        match self.average(sd * sd, values, square, of) {
            Err(Withheld::Stratified(variance)) => Err(Withheld::Stratified(root(variance))),
            variance => variance.map(root),
        }
    }

    /// The interval of the mean of values that are one of two.
    ///
    /// - Formula: the mean of a and b is a + (b − a)·p, with p the probability of b: its interval has the ends of that of
    ///   p in place of p.
    fn of_two(&self, mean: f64, [a, b]: [f64; 2]) -> Interval {
        let runs: Vec<u64> = self.parts.iter().map(|part| part.tally.count()).collect();
        let hits = |mean: f64, runs: u64| ((mean - a) / (b - a) * runs as f64).round();
        let of = |part: &Part<'_>| Some(hits(part.tally.moments().mean?, part.tally.count()) as u64);
        let found: Option<Vec<u64>> = self.parts.iter().map(of).collect();
        let n = self.tally.count();
        let share = found
            .and_then(|found| replicates::probability(&found, &runs))
            .unwrap_or_else(|| wilson(hits(mean, n), n as f64));
        let at = |share: f64| (a + share * (b - a)).clamp(a, b);
        Interval { low: at(share.low), high: at(share.high) }
    }

    fn percentile(&self, level: Percent) -> Result<Interval, Withheld> {
        if self.parts.len() < 2 {
            let ranks = self.ranks.of(self.tally.count(), level);
            let (low, high) = ranks.ok_or(Withheld::FewRuns)?;
            return Ok(self.distribution.between(low, high));
        }
        let parts: Vec<&Distribution> = self.parts.iter().map(|part| &part.distribution).collect();
        replicates::percentile(self.distribution, &parts, self.share_strata, level)
    }

    /// The mean of a tail with its interval.
    ///
    /// - Formula: of the values above the percentile q of level p it is the average of q + max(y − q, 0)/(1 − p) over all
    ///   runs, so that its error, to first order, is that of an average with q held fixed.
    /// - Source: Rockafellar & Uryasev (2000), Optimization of conditional value-at-risk, Journal of Risk 2(3), 21–41;
    ///   Trindade, Uryasev, Shapiro & Zrazhevsky (2007), Financial prediction with constrained tail risk, Journal of
    ///   Banking & Finance 31(11), 3524–3538 (its error).
    fn tail_mean(&self, level: Percent) -> TailMean {
        let bound = self.distribution.percentile(level);
        let (value, beyond, side) = match level.is_low() {
            true => (self.distribution.mean_below(level), level.share(), -1.0),
            false => (self.distribution.mean_above(level), level.complement().share(), 1.0),
        };
        let below = level.is_low();
        let excess = move |y: f64| bound + side * (side * (y - bound)).max(0.0) / beyond;
        let of = |part: &Part<'_>| {
            let runs = part.tally.count() as f64;
            let values = with_tail(&part.distribution, bound, below, excess);
            Some(values.map(|(w, count)| w * (count as f64 / runs)).sum())
        };
        // A bin's runs lie anywhere in it: beside the error of the average stands half the mean width of the bins.
        let width = self.distribution.mean_width(self.distribution.beyond(bound, below));
        let within = |Interval { low, high }: Interval| match below {
            true => Interval { low: low - 0.5 * width, high: (high + 0.5 * width).min(bound.max(value)) },
            false => Interval { low: (low - 0.5 * width).max(bound.min(value)), high: high + 0.5 * width },
        };
        let runs = beyond * self.tally.count() as f64;
        let found = match self.average(value, with_tail(self.distribution, bound, below, excess), excess, of)
        {
            _ if runs + 0.5 < FEWEST_OF_A_TAIL => Err(Withheld::FewRuns),
            Ok(_) if self.has_one_value(self.distribution.beyond(bound, below), runs) => {
                Err(Withheld::AllEqual)
            }
            Err(Withheld::Stratified(interval)) => Err(Withheld::Stratified(within(interval))),
            Ok(average) => {
                let interval = within(average);
                let is_coarse = || {
                    let parts: Vec<&Distribution> = self.parts.iter().map(Part::distribution).collect();
                    let place = self.distribution.bin_of(level.rank(self.distribution.count()));
                    let deviation = replicates::deviation_of_counts(self.distribution, &parts);
                    let is_even = !self.distribution.is_atom(place) && deviation < replicates::EVEN;
                    is_even || width > 0.5 * replicates::COARSE * (interval.high - interval.low)
                };
                if self.parts.len() > 1 && is_coarse() {
                    Err(Withheld::Stratified(interval))
                } else {
                    Ok(interval)
                }
            }
            Err(why) => Err(why),
        };
        TailMean { level, value, interval: found.ok(), withheld: found.err() }
    }

    /// Whether so many runs of a tail are those of one value, but for fewer than chance moves across its bound: the
    /// percentile may then as well be that value, which moves the mean to first order.
    fn has_one_value(&self, tail: &[SketchBin], runs: f64) -> bool {
        let equal = tail.iter().filter(|bin| bin.low == bin.high).map(|bin| bin.count).max().unwrap_or(0);
        runs - (equal as f64) < 2.0 * runs.sqrt()
    }
}
