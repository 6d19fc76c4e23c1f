//! Errors of a designed simulation, from the spread of its replicates.
//!
//! Runs of a Latin hypercube or a Sobol' design are not independent of each other, so no formula for independent runs
//! gives their error. Replicates are: what each of them estimates is compared instead.
//!
//! - Formula: x ± t·s/√R, with s the standard deviation of the R replicates' estimates and t the 97.5 % quantile of
//!   Student's law with R − 1 degrees of freedom. What is compared are averages over the runs alone: of the values, of
//!   their squared distances from the common mean, of what lies beyond a common percentile, and shares of runs.
//! - Source: L'Ecuyer, Nakayama, Owen & Tuffin (2023), Confidence intervals for randomized quasi-Monte Carlo estimators,
//!   Proceedings of the Winter Simulation Conference, section 3.
//! - The replicates of a Latin hypercube share out the strata among them and so compensate for each other. Where what
//!   their own strata leave is a small part of their spread that is of no matter; where it is most of it, the spread says
//!   up to eight times too much, and no interval is given.

use super::interval::{Interval, student_factor, wilson};
use super::{Distribution, Withheld};
use crate::scenario::Percent;

/// Hits, or misses, of all replicates from which on their spread tells the error of a share.
const ENOUGH_HITS: u64 = 16;

/// Share that the bins at both ends may have of the interval of a designed simulation. Half of them is more than the error
/// asks for, so the interval is at most a ninth too long: Student's law of seven degrees then covers 96.6 %.
pub const COARSE: f64 = 0.2;
/// Runs on either side of a percentile that say how dense they lie.
const AROUND: u64 = 64;
/// Runs of a replicate that must lie beyond a percentile: between the last of them a straight line is wrong.
const FEWEST_BEYOND: f64 = 4.0;
/// As many where counts are even: such counts take two or three values, and with 12.5 runs beyond 92 to 93 % were covered
/// (benches/coverage).
const FEWEST_BEYOND_EVEN: f64 = 16.0;
/// Standard deviation of the replicates' counts, in runs, below which they are even: of one input or few, whose strata
/// leave less than a run.
pub const EVEN: f64 = 1.0;

/// Variance of estimates, divided by one fewer than they are; `None` for fewer than two.
pub fn variance(estimates: &[f64]) -> Option<f64> {
    if estimates.len() < 2 {
        return None;
    }
    let n = estimates.len() as f64;
    let mean = estimates.iter().sum::<f64>() / n;
    let squares: f64 = estimates.iter().map(|x| (x - mean) * (x - mean)).sum();
    Some(squares / (n - 1.0))
}

/// Standard error of the mean of estimates; `None` for fewer than two.
pub fn standard_error(estimates: &[f64]) -> Option<f64> {
    Some((variance(estimates)? / estimates.len() as f64).sqrt())
}

/// The interval around a value that so many estimates give; `None` for fewer than two, or where they are all equal.
pub fn around(value: f64, estimates: &[f64]) -> Option<Interval> {
    let reach = student_factor(estimates.len() as f64 - 1.0) * standard_error(estimates)?;
    (reach > 0.0 && reach.is_finite()).then_some(Interval { low: value - reach, high: value + reach })
}

/// How far the share may be off of which the replicates have so many hits among so many runs. A count is a whole number
/// and its expectation seldom is: to the variance of the counts, at least that of counts of which one differs by 1, comes
/// Sheppard's 1/12.
fn reach(counts: impl Iterator<Item = (u64, u64)>) -> f64 {
    let (mut shares, mut step) = (Vec::new(), 0.0);
    for (hits, runs) in counts {
        shares.push(hits as f64 / runs as f64);
        step += 1.0 / runs as f64;
    }
    let n = shares.len() as f64;
    let step = step / n;
    let error = standard_error(&shares).unwrap_or(f64::INFINITY).max(step / n);
    student_factor(n - 1.0) * (error * error + step * step / 12.0 / n).sqrt()
}

/// The interval of a probability; `None` for fewer than two replicates. Where hits or misses are few, that of
/// independent runs: a design spreads them at least as evenly.
pub fn probability(hits: &[u64], runs: &[u64]) -> Option<Interval> {
    let (all_hits, all_runs) = (hits.iter().sum::<u64>(), runs.iter().sum::<u64>());
    if hits.len() < 2 || runs.contains(&0) {
        return None;
    }
    if all_hits.min(all_runs - all_hits) < ENOUGH_HITS {
        return Some(wilson(all_hits as f64, all_runs as f64));
    }
    let share = all_hits as f64 / all_runs as f64;
    let reach = reach(hits.iter().copied().zip(runs.iter().copied()));
    Some(Interval { low: (share - reach).max(0.0), high: (share + reach).min(1.0) })
}

/// The interval of a percentile: all values that the replicates do not speak against.
///
/// - Formula: x is kept where the share of runs at or below it is not smaller than the level, and the share below it not
///   greater, by more than t·s/√R, s the standard deviation of the replicates' shares. So no density is needed, and values
///   with a probability of their own are met. At a value that several runs share, shares are counts. Elsewhere a count is
///   a step where strata are even, and its spread says little: there the runs of a replicate are spread evenly from each
///   to the next ([`Distribution::polygon`]), as the share of the whole is. x goes through the bins of the sketch, and
///   between them; a bin that x is in is kept whole.
/// - Source: the interval that inverts a test, Lehmann & Romano (2005), Testing Statistical Hypotheses, 3rd ed., 3.5;
///   Avramidis & Wilson (1998), Correlation-induction techniques for estimating quantiles in simulation experiments,
///   Operations Research 46(4), 574–591 (quantiles from replicates).
///
/// A value with a probability of its own has an interval in any case, which then may cover more than 95 %.
///
/// # Errors
/// [`Withheld::FewRuns`] where nothing speaks against the least or the greatest value, and for fewer than two replicates.
/// [`Withheld::Stratified`] where the design leaves less error than can be told.
pub fn percentile(
    all: &Distribution,
    parts: &[&Distribution],
    share_strata: bool,
    level: Percent,
) -> Result<Interval, Withheld> {
    if parts.len() < 2 || parts.iter().any(|part| part.count() == 0) {
        return Err(Withheld::FewRuns);
    }
    let here = all.bin_of(level.rank(all.count()));
    let of_atom = all.is_atom(here);
    let share = level.share();
    let runs = parts.iter().map(|part| part.count()).min().unwrap_or(0) as f64;
    let beyond = runs * share.min(1.0 - share);
    if !of_atom && beyond < FEWEST_BEYOND {
        return Err(Withheld::FewRuns);
    }
    let search = Search { all, parts, share, factor: student_factor(parts.len() as f64 - 1.0) };
    let (low, high) = (search.low_end(here), search.high_end(here));
    // At an end of what was seen: whether a share of none, or of all, is spoken against.
    let least = reach(parts.iter().map(|part| (0, part.count())));
    let is_first = low.place == 0 && least >= share;
    if is_first || high.place + 1 == all.bins().len() && 1.0 - least <= share {
        return Err(Withheld::FewRuns);
    }
    let interval = Interval { low: low.at, high: high.at };
    let is_told = || {
        let deviation = deviation_of_counts(all, parts);
        if deviation < EVEN {
            return !share_strata && beyond >= FEWEST_BEYOND_EVEN && search.is_told(here, deviation);
        }
        let has_strata = share_strata && counts_are_even(parts, all.bins()[here].high);
        !has_strata && low.inside + high.inside <= COARSE * (interval.high - interval.low)
    };
    if of_atom || is_told() { Ok(interval) } else { Err(Withheld::Stratified(interval)) }
}

/// The standard deviation of a replicate's count of runs up to a value, as the mean over the deciles tells it: by a single
/// level those would seem even that are so by chance.
pub fn deviation_of_counts(all: &Distribution, parts: &[&Distribution]) -> f64 {
    let deciles = [1, 2, 3, 4, 5, 6, 7, 8, 9].map(|tenth| Percent::whole(10 * tenth));
    let variances = deciles.map(|level| {
        let x = all.percentile(level);
        let counts: Vec<f64> = parts.iter().map(|part| part.polygon(x)).collect();
        variance(&counts).unwrap_or(f64::INFINITY)
    });
    (variances.iter().sum::<f64>() / variances.len() as f64).sqrt()
}

/// The ends of an interval, looked for from its middle outwards.
struct Search<'a> {
    all: &'a Distribution,
    parts: &'a [&'a Distribution],
    share: f64,
    /// Student's.
    factor: f64,
}

/// One end of an interval.
struct End {
    /// Of the last bin that belongs to it.
    place: usize,
    at: f64,
    /// Width of the bin where the end lies somewhere inside it, and the bin is kept whole.
    inside: f64,
}

impl Search<'_> {
    /// Share of the runs up to the upper edge of the bin at a place, and how far it may be off.
    fn through(&self, place: usize) -> (f64, f64) {
        let edge = self.all.bins()[place].high;
        if !self.all.is_atom(place) {
            return self.at(self.all.seen(&self.all.bins()[place]).1);
        }
        let counts = self.parts.iter().map(|part| (part.count_up_to(edge), part.count()));
        (self.all.count_through(place) as f64 / self.all.count() as f64, reach(counts))
    }

    /// The same up to a value that no other run has.
    fn at(&self, x: f64) -> (f64, f64) {
        let counts = self.parts.iter().map(|part| (part.polygon(x), part.count() as f64));
        let shares: Vec<f64> = counts.clone().map(|(count, runs)| count / runs).collect();
        let (count, runs) = counts.fold((0.0, 0.0), |(c, n), (count, runs)| (c + count, n + runs));
        let error = standard_error(&shares).unwrap_or(f64::INFINITY);
        (count / runs, self.factor * error)
    }

    /// Whether counts that are even, with this standard deviation, tell the error of the percentile in a bin: they must
    /// not all be equal, as a stratum then ends there and the interval would cover 98 %; and the bin must hold less than a
    /// tenth of the runs that lie in the interval on average, 2·t·s·√R. By the interval that was found, those that are long
    /// by chance would be told.
    fn is_told(&self, here: usize, deviation: f64) -> bool {
        let (all, parts) = (self.all, self.parts);
        let bin = &all.bins()[here];
        let are_equal =
            parts.windows(2).all(|two| two[0].count_up_to(bin.high) == two[1].count_up_to(bin.high));
        let rank = all.count_through(here);
        let beside = AROUND.min(rank - 1).min(all.count() - rank);
        let around = all.order_statistic(rank + beside) - all.order_statistic(rank - beside);
        let (low, high) = all.seen(bin);
        let within = 2.0 * beside as f64 * (high - low);
        let expected = 2.0 * self.factor * deviation * (parts.len() as f64).sqrt();
        !are_equal && within <= 0.5 * COARSE * expected * around
    }

    /// How far the share is from being too small, below 0 where it is.
    fn not_below(&self, (found, reach): (f64, f64)) -> f64 {
        found + reach - self.share
    }

    /// How far the share is from being too great, below 0 where it is.
    fn not_above(&self, (found, reach): (f64, f64)) -> f64 {
        self.share - (found - reach)
    }

    fn low_end(&self, here: usize) -> End {
        let (all, mut place) = (self.all, here);
        loop {
            let (edge, top) = all.seen(&all.bins()[place]);
            let kept = if all.is_atom(place) { None } else { Some(self.not_below(self.at(edge))) };
            if kept.is_some_and(|kept| kept < 0.0) || place == 0 {
                return End { place, at: edge, inside: top - edge };
            }
            let next = self.not_below(self.through(place - 1));
            if next < 0.0 {
                let from = all.seen(&all.bins()[place - 1]).1;
                let at = match kept.filter(|_| !all.is_atom(place - 1)) {
                    Some(kept) => from + (edge - from) * (next / (next - kept)),
                    None => edge,
                };
                return End { place, at, inside: 0.0 };
            }
            place -= 1;
        }
    }

    fn high_end(&self, here: usize) -> End {
        let (all, mut place) = (self.all, here);
        loop {
            let (bottom, edge) = all.seen(&all.bins()[place]);
            let kept = self.not_above(self.through(place));
            if kept < 0.0 || place + 1 == all.bins().len() {
                return End { place, at: edge, inside: edge - bottom };
            }
            if !all.is_atom(place) && !all.is_atom(place + 1) {
                let to = all.seen(&all.bins()[place + 1]).0;
                let next = self.not_above(self.at(to));
                if next < 0.0 {
                    return End { place, at: to + (edge - to) * (next / (next - kept)), inside: 0.0 };
                }
            }
            place += 1;
        }
    }
}

/// Whether the replicates' counts up to x have a variance below ½. A count of stratified runs is one of two neighbours and
/// has a variance of at most ¼.
fn counts_are_even(parts: &[&Distribution], x: f64) -> bool {
    let counts: Vec<f64> = parts.iter().map(|part| part.count_up_to(x) as f64).collect();
    variance(&counts).is_some_and(|variance| variance < 0.5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::{CellTally, Shape};

    fn of(values: &[f64]) -> Distribution {
        let mut tally = CellTally::new(Shape::from_pilot(&mut [0.0, 1.0, 2.0, 0.0, 1.0, 2.0, 3.0, 3.0]));
        tally.add(0, values);
        Distribution::new(&tally)
    }

    #[test]
    fn the_interval_is_students() {
        // Mean 3, s² = 2.5, five estimates: the error is √0.5, t with four degrees of freedom 2.776445.
        let estimates = [1.0, 2.0, 3.0, 4.0, 5.0];
        assert_eq!(standard_error(&estimates), Some(0.5f64.sqrt()));
        let found = around(3.0, &estimates).unwrap();
        assert!((found.high - 3.0 - 2.776_445_105 * 0.5f64.sqrt()).abs() < 1e-8, "{found:?}");
        assert_eq!(standard_error(&[1.0]), None);
        assert_eq!(around(1.0, &[1.0; 8]), None);
    }

    #[test]
    fn a_percentile_among_atoms_is_an_atom_or_two() {
        // Shares of 0 are 0.2, 0.3, 0.2, 0.3: 0.25 ± 0.10; of 0 and 1 together 0.6 always, but for what a count may hide.
        let replicate = |zeros: usize| {
            let values: Vec<f64> = (0..10)
                .map(|k| {
                    if k < zeros {
                        0.0
                    } else if k < 6 {
                        1.0
                    } else {
                        2.0
                    }
                })
                .collect();
            values
        };
        let values = [2, 3, 2, 3].map(replicate);
        let parts: Vec<Distribution> = values.iter().map(|values| of(values)).collect();
        let parts: Vec<&Distribution> = parts.iter().collect();
        let all = of(&values.concat());
        let found = |percent| percentile(&all, &parts, false, Percent::new(percent).unwrap());
        assert_eq!(found(50.0), Ok(Interval { low: 1.0, high: 1.0 }));
        assert_eq!(found(30.0), Ok(Interval { low: 0.0, high: 1.0 }));
        assert_eq!(found(12.0), Ok(Interval { low: 0.0, high: 0.0 }));
        assert_eq!(found(99.0), Err(Withheld::FewRuns));
    }

    /// A distribution whose replicates are values at even steps, each moved by so many steps.
    fn even(runs: u32, moved: [f64; 8]) -> (Distribution, Vec<Distribution>) {
        let replicate = |by: f64| (0..runs).map(move |k| (f64::from(k) + 0.5 + by) / f64::from(runs));
        let shape = Shape::from_pilot(&mut replicate(0.1).collect::<Vec<f64>>());
        let of = |values: Vec<f64>| {
            let mut tally = CellTally::new(shape.clone());
            values.chunks(512).for_each(|part| tally.add(0, part));
            Distribution::new(&tally)
        };
        let parts = moved.map(|by| of(replicate(by).collect())).into_iter().collect();
        (of(moved.iter().flat_map(|&by| replicate(by)).collect()), parts)
    }

    #[test]
    fn evenly_laid_out_runs_have_an_interval_between_them() {
        // The counts at a percentile move as the replicates do: s = 0.2 steps of 1/100, its error s/√8.
        let moved = [-0.3, -0.2, -0.1, 0.0, 0.0, 0.1, 0.2, 0.3];
        let (all, parts) = even(100, moved);
        let parts: Vec<&Distribution> = parts.iter().collect();
        let reach = 2.364_624 * (0.28f64 / 7.0).sqrt() / 8f64.sqrt() / 100.0;
        for percent in [20.5, 40.5, 62.5] {
            let found = percentile(&all, &parts, false, Percent::new(percent).unwrap()).unwrap();
            let expected = [percent / 100.0 - reach, percent / 100.0 + reach];
            for (found, expected) in [found.low, found.high].into_iter().zip(expected) {
                assert!((found - expected).abs() < 0.3 * reach, "{percent}: {found} {expected} {reach}");
            }
        }
        // 10.5 runs of a replicate beyond it are too few.
        let few = percentile(&all, &parts, false, Percent::new(10.5).unwrap());
        assert!(matches!(few, Err(Withheld::Stratified(_))), "{few:?}");
    }

    #[test]
    fn an_error_below_the_bins_is_not_told() {
        let (all, parts) = even(20_000, [-0.3, -0.2, -0.1, 0.0, 0.0, 0.1, 0.2, 0.3]);
        let parts: Vec<&Distribution> = parts.iter().collect();
        match percentile(&all, &parts, false, Percent::MEDIAN) {
            Err(Withheld::Stratified(longer)) => {
                assert!(longer.low <= 0.5 && 0.5 <= longer.high, "{longer:?}")
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn few_hits_have_the_interval_of_independent_runs() {
        assert_eq!(probability(&[0; 8], &[250; 8]), Some(wilson(0.0, 2000.0)));
        assert_eq!(probability(&[1, 0, 0, 0, 1, 0, 0, 0], &[250; 8]), Some(wilson(2.0, 2000.0)));
        let found = probability(&[10, 12, 11, 9, 10, 11, 8, 9], &[20; 8]).unwrap();
        assert!(found.low > 0.4 && found.high < 0.6, "{found:?}");
        assert_eq!(probability(&[1], &[2]), None);
    }
}
