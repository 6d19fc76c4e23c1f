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
///   greater, by more than t·s/√R, s the standard deviation of the replicates' shares. x goes through the bins of the
///   sketch, and whole bins are kept. So no density is needed, and values with a probability of their own are met.
/// - Source: the interval that inverts a test, Lehmann & Romano (2005), Testing Statistical Hypotheses, 3rd ed., 3.5;
///   Avramidis & Wilson (1998), Correlation-induction techniques for estimating quantiles in simulation experiments,
///   Operations Research 46(4), 574–591 (quantiles from replicates).
///
/// A value with a probability of its own has an interval in any case, which then may cover more than 95 %.
///
/// # Errors
/// [`Withheld::FewRuns`] where nothing speaks against the least or the greatest value, and for fewer than two replicates.
/// [`Withheld::Stratified`] where the replicates share out the strata of a Latin hypercube and their counts differ by no
/// more than strata make them differ, so that the strata of all together leave less than can be told.
pub fn percentile(
    all: &Distribution,
    parts: &[&Distribution],
    share_strata: bool,
    level: Percent,
) -> Result<Interval, Withheld> {
    if parts.len() < 2 || parts.iter().any(|part| part.count() == 0) {
        return Err(Withheld::FewRuns);
    }
    let share = level.share();
    // Share of all runs in the bins up to and with one, and its reach.
    let through = |place: usize| {
        let edge = all.bins()[place].high;
        let counts = parts.iter().map(|part| (part.count_up_to(edge), part.count()));
        (all.count_through(place) as f64 / all.count() as f64, reach(counts))
    };
    let here = all.bin_of(level.rank(all.count()));
    let bin = &all.bins()[here];
    let stratified = share_strata && bin.low < bin.high && counts_are_even(parts, bin.high);
    let mut low = here;
    while low > 0 && {
        let (found, reach) = through(low - 1);
        found + reach >= share
    } {
        low -= 1;
    }
    let mut high = here;
    while high + 1 < all.bins().len() && {
        let (found, reach) = through(high);
        found - reach <= share
    } {
        high += 1;
    }
    // At an end of what was seen: whether a share of none, or of all, is spoken against.
    let least = reach(parts.iter().map(|part| (0, part.count())));
    let ends = (low == 0 && least >= share, high + 1 == all.bins().len() && 1.0 - least <= share);
    let (low, high) = (all.seen(&all.bins()[low]).0, all.seen(&all.bins()[high]).1);
    match ends {
        (false, false) if stratified => Err(Withheld::Stratified(Interval { low, high })),
        (false, false) => Ok(Interval { low, high }),
        _ => Err(Withheld::FewRuns),
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

    #[test]
    fn few_hits_have_the_interval_of_independent_runs() {
        assert_eq!(probability(&[0; 8], &[250; 8]), Some(wilson(0.0, 2000.0)));
        assert_eq!(probability(&[1, 0, 0, 0, 1, 0, 0, 0], &[250; 8]), Some(wilson(2.0, 2000.0)));
        let found = probability(&[10, 12, 11, 9, 10, 11, 8, 9], &[20; 8]).unwrap();
        assert!(found.low > 0.4 && found.high < 0.6, "{found:?}");
        assert_eq!(probability(&[1], &[2]), None);
    }
}
