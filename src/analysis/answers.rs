//! What a finished run answers when it is asked for more percentiles, or how often a bound is missed.

use super::interval::KnownRanks;
use super::replicates::probability;
use super::statistics::{Part, statistics};
use super::{Distribution, Interval, Statistics, wilson};
use crate::engine::{Outcome, Plan};
use crate::scenario::{Scenario, Symbol};

/// Bounds that values are held against.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Bounds {
    pub below: Vec<f64>,
    pub above: Vec<f64>,
}

/// The share of the runs with a value on one side of a bound, the bound itself left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    pub bound: f64,
    pub share: f64,
    pub interval: Interval,
}

/// What one cell answers.
#[derive(Clone, Debug)]
pub struct Answer {
    /// E.g. `market[2031]`.
    pub cell: String,
    pub unit: Option<String>,
    pub is_truth: bool,
    pub statistics: Statistics,
    /// None where there is no finite value.
    pub below: Vec<Share>,
    pub above: Vec<Share>,
}

/// Asks cells, by their places among those of the program, for the levels of their outputs and for shares.
pub fn answers(
    scenario: &Scenario,
    plan: &Plan,
    outcome: &Outcome,
    cells: &[usize],
    bounds: &Bounds,
) -> Vec<Answer> {
    let ranks = KnownRanks::default();
    let answer = |&place: &usize| {
        let cell = &plan.program.cells[place];
        let output = scenario.outputs.iter().find(|o| Symbol::Variable(o.variable) == cell.symbol)?;
        let tally = &outcome.tally.cells[place];
        let all = Distribution::new(tally);
        let parts: Vec<Part<'_>> =
            outcome.replicates.iter().map(|part| Part::new(&part.cells[place])).collect();
        let shares = |side: Side, bounds: &[f64]| -> Vec<Share> {
            let bounds = bounds.iter().filter(|_| all.count() > 0);
            bounds.map(|&bound| side.share(bound, &all, &parts)).collect()
        };
        Some(Answer {
            cell: cell.name.clone(),
            unit: scenario.variables[output.variable.0].unit.clone(),
            is_truth: output.is_truth,
            statistics: statistics(tally, &parts, plan.design, &all, (&output.levels, &ranks), output.values),
            below: shares(Side::Below, &bounds.below),
            above: shares(Side::Above, &bounds.above),
        })
    };
    cells.iter().filter_map(answer).collect()
}

/// Which side of a bound is counted.
#[derive(Clone, Copy, Debug)]
enum Side {
    Below,
    Above,
}

impl Side {
    /// Runs whose bins lie on this side as a whole, and those of the bin that the bound parts, with the share of it that
    /// is taken for lying on this side.
    fn count(self, bound: f64, distribution: &Distribution) -> (u64, u64, f64) {
        let (mut whole, mut parted, mut share) = (0, 0, 0.0);
        for bin in distribution.bins() {
            let (low, high) = distribution.seen(bin);
            let is_here = match self {
                Side::Below => high < bound || (high == bound && low < bound),
                Side::Above => low > bound || (low == bound && high > bound),
            };
            if is_here {
                whole += bin.count;
            } else if low < bound && bound < high {
                let below = (bound - low) / (high - low);
                (parted, share) = (bin.count, if matches!(self, Side::Below) { below } else { 1.0 - below });
            }
        }
        (whole, parted, share)
    }

    /// - Formula: the interval of a probability from the number of hits, by replicates where there are some. Of the bin
    ///   that the bound parts nothing is known but its runs: the lower end takes none of them for hits, the upper all.
    /// - Source: see [`wilson`] and [`super::replicates`].
    fn share(self, bound: f64, all: &Distribution, parts: &[Part<'_>]) -> Share {
        let (whole, parted, share) = self.count(bound, all);
        let n = all.count() as f64;
        let counts: Vec<(u64, u64)> = parts
            .iter()
            .map(|part| {
                let (whole, parted, _) = self.count(bound, part.distribution());
                (whole, parted)
            })
            .collect();
        let runs: Vec<u64> = parts.iter().map(|part| part.distribution().count()).collect();
        let interval = |hits: u64, of: &dyn Fn(&(u64, u64)) -> u64| {
            let found: Vec<u64> = counts.iter().map(of).collect();
            probability(&found, &runs).unwrap_or_else(|| wilson(hits as f64, n))
        };
        Share {
            bound,
            share: (whole as f64 + share * parted as f64) / n,
            interval: Interval {
                low: interval(whole, &|(whole, _)| *whole).low,
                high: interval(whole + parted, &|(whole, parted)| whole + parted).high,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::{CellTally, Shape};

    fn of(values: &[f64]) -> CellTally {
        let mut tally = CellTally::new(Shape::from_pilot(&mut values.to_vec()));
        tally.add(0, values);
        tally
    }

    #[test]
    fn a_bound_that_is_a_value_belongs_to_neither_side() {
        let tally = of(&(0..1000).map(|k| f64::from(k % 10)).collect::<Vec<_>>());
        let all = Distribution::new(&tally);
        let shares = [(3.0, 0.3, 0.6), (3.5, 0.4, 0.6), (-1.0, 0.0, 1.0), (9.0, 0.9, 0.0), (20.0, 1.0, 0.0)];
        for (bound, below, above) in shares {
            let found = [Side::Below, Side::Above].map(|side| side.share(bound, &all, &[]));
            assert_eq!(found.map(|share| share.share), [below, above], "{bound}");
            let expected = [below, above].map(|share| wilson(1000.0 * share, 1000.0));
            assert_eq!(found.map(|share| share.interval), expected, "{bound}");
        }
    }

    #[test]
    fn the_bin_that_a_bound_parts_widens_the_interval() {
        let values: Vec<f64> = (0..20_000).map(|k| libm::sin(f64::from(k)) * 3.0 + 100.0).collect();
        let all = Distribution::new(&of(&values));
        for bound in [97.2, 99.0, 100.0, 102.9] {
            let exact = values.iter().filter(|value| **value < bound).count() as f64;
            let found = Side::Below.share(bound, &all, &[]);
            assert!((found.share - exact / 20_000.0).abs() < 1e-3, "{bound}: {found:?}");
            let plain = wilson(exact, 20_000.0);
            assert!(
                found.interval.low <= plain.low && plain.high <= found.interval.high,
                "{bound}: {found:?}"
            );
        }
    }

    #[test]
    fn replicates_say_how_far_a_share_may_be_off() {
        let replicates = [2, 3, 2, 3]
            .map(|zeros| (0..1000).map(|k| if k % 10 < zeros { 0.0 } else { 1.0 }).collect::<Vec<f64>>());
        let tallies = replicates.each_ref().map(|values| of(values));
        let all = of(&replicates.concat());
        let parts: Vec<Part<'_>> = tallies.iter().map(Part::new).collect();
        let found = Side::Below.share(0.5, &Distribution::new(&all), &parts);
        // Shares 0.2, 0.3, 0.2, 0.3: s = 0.0577, the error 0.0289, Student's factor of three degrees 3.1824.
        assert_eq!(found.share, 0.25);
        assert!((found.interval.high - 0.25 - 3.1824 * 0.028_868).abs() < 1e-5, "{found:?}");
    }
}
