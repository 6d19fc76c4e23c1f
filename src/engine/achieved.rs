//! Rank correlations that the draws of a scenario have, beside those it asks for.

use std::collections::HashMap;

use super::{PILOT_RUNS, drawn};
use crate::distribution::Family;
use crate::program::{CompileError, DrawLaw, Program, Scope};
use crate::scenario::{Copula, CorrelationGroup, InputElement, InputId, Scenario};

/// Groups of the jackknife.
const PARTS: usize = 32;
/// Standard errors by which a coefficient differs from what was asked before that is said.
const NOTED: f64 = 4.0;
/// Pairs that are looked through for those that a run has to speak of.
const LOOKED_AT: usize = 10_000;

/// A pair that the scenario ties.
#[derive(Clone, Debug, PartialEq)]
pub struct TiedPair {
    pub names: [String; 2],
    /// Spearman's coefficient of continuous inputs with this copula, where it is known.
    pub asked: Option<f64>,
    /// That of the values; `None` where one of them does not vary.
    pub achieved: Option<Achieved>,
    /// Why it may be smaller than asked for, with the member it is said of: 0 or 1.
    pub loosened: Vec<(usize, Loosened)>,
    /// Runs in which one of the two has no value; they are not counted.
    pub without_value: usize,
}

impl TiedPair {
    /// What was reached, and what was asked, where they differ by more than chance.
    pub fn missed(&self) -> Option<(Achieved, f64)> {
        let (achieved, asked) = (self.achieved?, self.asked?);
        ((achieved.spearman - asked).abs() > NOTED * achieved.error).then_some((achieved, asked))
    }
}

/// Spearman's coefficient of a sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Achieved {
    pub spearman: f64,
    pub error: f64,
    /// What the same values have when they rise together, or where it is negative fall together: no tie reaches more.
    pub bound: f64,
}

/// What keeps the ranks of values from being those of positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loosened {
    /// Values that occur more than once.
    Repeats,
    /// The number of events is tied, not their sum.
    Sum,
    /// The place within the component is tied, not the component.
    Mixture,
    /// The law has parameters that are drawn.
    Varies,
}

/// Pairs of a scenario that are tied: those of its copulas, of its factors, and of one year with the next; the first
/// `most` of them, and how many there are.
///
/// Coefficients are those of runs 0 … 8,191, of mid-ranks; errors by the jackknife that leaves out each of 32 groups of
/// consecutive runs in turn, exact to about an eighth of themselves.
///
/// - Source: Kendall & Gibbons (1990), Rank Correlation Methods, 5th ed., chapter 3 (ties); Kott (2001), The
///   delete-a-group jackknife, Journal of Official Statistics 17(4), 521–526.
///
/// # Errors
/// See [`Program::compile`].
pub fn tied_pairs(scenario: &Scenario, most: usize) -> Result<(Vec<TiedPair>, usize), CompileError> {
    let (pairs, count) = asked_pairs(scenario, most);
    Ok((measured(scenario, pairs)?, count))
}

/// Tied pairs of a program whose coefficient is not that asked for: of the first `most` with a member whose values may
/// repeat, or that is a sum or a mixture or has parameters that are drawn. See [`tied_pairs`].
///
/// # Errors
/// See [`Program::compile`].
pub fn missed_pairs(
    scenario: &Scenario,
    program: &Program,
    most: usize,
) -> Result<Vec<TiedPair>, CompileError> {
    let laws: HashMap<InputElement, &DrawLaw> =
        program.draws.iter().map(|draw| (draw.element, &draw.law)).collect();
    let is_plain = |law: &DrawLaw| matches!(law, DrawLaw::Fixed { law, .. } if !law.has_atoms());
    let (mut pairs, _) = asked_pairs(scenario, LOOKED_AT);
    pairs.retain(|(pair, asked)| {
        let of_pair = pair.map(|element| laws.get(&element));
        let all_drawn = of_pair.iter().all(Option::is_some);
        asked.is_some() && all_drawn && of_pair.into_iter().flatten().any(|law| !is_plain(law))
    });
    pairs.truncate(most);
    let mut missed = measured(scenario, pairs)?;
    missed.retain(|pair| pair.missed().is_some());
    Ok(missed)
}

/// The coefficients of pairs.
fn measured(scenario: &Scenario, pairs: Vec<Asked>) -> Result<Vec<TiedPair>, CompileError> {
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let mut inputs: Vec<InputId> = pairs.iter().flat_map(|(pair, _)| pair.map(|e| e.input)).collect();
    inputs.sort_unstable();
    inputs.dedup();
    let program = Program::compile(scenario, Scope::Inputs(&inputs))?;
    let mut elements: Vec<InputElement> = pairs.iter().flat_map(|(pair, _)| *pair).collect();
    elements.sort_unstable();
    elements.dedup();
    let columns = drawn(&program, &elements, PILOT_RUNS);
    let of = |element: InputElement| elements.binary_search(&element).ok();
    let tied = pairs.into_iter().filter_map(|(pair, asked)| {
        let [x, y] = [&columns[of(pair[0])?], &columns[of(pair[1])?]];
        let (x, y): (Vec<f64>, Vec<f64>) =
            x.iter().zip(y).filter(|(x, y)| !x.is_nan() && !y.is_nan()).map(|(x, y)| (*x, *y)).unzip();
        let names = pair.map(|element| {
            let input = &scenario.inputs[element.input.0];
            scenario.cell_name(&input.name, &input.over, element.element)
        });
        let loosened =
            [&x, &y].into_iter().zip(pair).enumerate().filter_map(|(member, (values, element))| {
                Some((member, loosened(values, law(&program, element)?)?))
            });
        let loosened = loosened.collect();
        let achieved = achieved(&x, &y, asked);
        Some(TiedPair { names, asked, achieved, loosened, without_value: PILOT_RUNS as usize - x.len() })
    });
    Ok(tied.collect())
}

type Asked = ([InputElement; 2], Option<f64>);

/// The first pairs with what is asked of them, and the number of all.
fn asked_pairs(scenario: &Scenario, most: usize) -> (Vec<Asked>, usize) {
    let mut pairs = Vec::new();
    let mut count = 0;
    for group in &scenario.correlations {
        let tied = group_pairs(group);
        count += tied.len();
        pairs.extend(tied.into_iter().take(most.saturating_sub(pairs.len())));
    }
    let gaussian = |rho: f64| Copula::Gaussian.spearman(rho);
    for group in &scenario.factors {
        let loaded: Vec<&(InputElement, f64)> = group.members.iter().filter(|(_, w)| *w != 0.0).collect();
        count += loaded.len() * (loaded.len() + 1) / 2;
        let to_factor = loaded.iter().map(|(element, w)| ([group.factor, *element], gaussian(*w)));
        let mutual = loaded
            .iter()
            .enumerate()
            .flat_map(|(k, (a, v))| loaded[k + 1..].iter().map(move |(b, w)| ([*a, *b], gaussian(v * w))));
        let left = most.saturating_sub(pairs.len());
        pairs.extend(to_factor.chain(mutual).take(left));
    }
    let years = scenario.year_axis().map_or(1, |axis| scenario.axes[axis.0].members.len());
    for (id, input) in scenario.inputs.iter().enumerate() {
        let Some(share) = input.persistence.filter(|share| *share != 0.0) else { continue };
        // The year is the last axis.
        let cells = scenario.cells(&input.over);
        count += cells - cells / years;
        let next = (0..cells).filter(|cell| cell % years + 1 < years).map(|cell| {
            ([cell, cell + 1].map(|element| InputElement { input: InputId(id), element }), gaussian(share))
        });
        let left = most.saturating_sub(pairs.len());
        pairs.extend(next.take(left));
    }
    (pairs, count)
}

/// Pairs of one copula; of a Gaussian one those whose correlation is not 0.
fn group_pairs(group: &CorrelationGroup) -> Vec<Asked> {
    let n = group.elements.len();
    let places = (0..n).flat_map(|i| (i + 1..n).map(move |j| (i, j)));
    let rho = |i: usize, j: usize| group.matrix.get(i * n + j).copied().unwrap_or(0.0);
    places
        .filter(|&(i, j)| group.copula != Copula::Gaussian || rho(i, j) != 0.0)
        .map(|(i, j)| ([group.elements[i], group.elements[j]], group.copula.spearman(rho(i, j))))
        .collect()
}

fn law(program: &Program, element: InputElement) -> Option<&DrawLaw> {
    program.draws.iter().find(|draw| draw.element == element).map(|draw| &draw.law)
}

fn loosened(values: &[f64], law: &DrawLaw) -> Option<Loosened> {
    match law {
        DrawLaw::Compound(_) => Some(Loosened::Sum),
        DrawLaw::Chosen(_) => Some(Loosened::Mixture),
        DrawLaw::Drawn(_) => Some(Loosened::Varies),
        DrawLaw::Fixed { law, .. } => {
            let order = order(values);
            let repeats = order.windows(2).any(|pair| values[pair[0]] == values[pair[1]]);
            // Values of a continuous law coincide only where its table cannot tell them apart.
            (law.has_atoms() && repeats).then_some(Loosened::Repeats)
        }
    }
}

fn order(values: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
    order
}

/// Twice the mid-ranks of the runs that count, by their rising order; whole numbers.
fn mid_ranks(values: &[f64], order: &[usize], counts: impl Fn(usize) -> bool) -> Vec<f64> {
    let mut ranks = vec![0.0; values.len()];
    let kept: Vec<usize> = order.iter().copied().filter(|&run| counts(run)).collect();
    let mut below = 0;
    for tied in kept.chunk_by(|&a, &b| values[a] == values[b]) {
        let rank = (2 * below + tied.len() + 1) as f64;
        tied.iter().for_each(|&run| ranks[run] = rank);
        below += tied.len();
    }
    ranks
}

/// Correlation of the ranks of the runs that count.
fn correlation(x: &[f64], y: &[f64], counts: impl Fn(usize) -> bool) -> Option<f64> {
    let (mut n, mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0, 0.0);
    let runs = || (0..x.len()).filter(|&run| counts(run));
    runs().for_each(|_| n += 1.0);
    let middle = n + 1.0;
    for run in runs() {
        let (dx, dy) = (x[run] - middle, y[run] - middle);
        xx += dx * dx;
        yy += dy * dy;
        xy += dx * dy;
    }
    (xx > 0.0 && yy > 0.0).then(|| xy / (xx * yy).sqrt())
}

fn achieved(x: &[f64], y: &[f64], asked: Option<f64>) -> Option<Achieved> {
    let n = x.len();
    let orders = [order(x), order(y)];
    let spearman = |counts: &dyn Fn(usize) -> bool| {
        let ranks = [mid_ranks(x, &orders[0], counts), mid_ranks(y, &orders[1], counts)];
        correlation(&ranks[0], &ranks[1], counts)
    };
    let whole = spearman(&|_| true)?;
    let parts: Vec<f64> = (0..PARTS).filter_map(|part| spearman(&|run| run * PARTS / n != part)).collect();
    let count = parts.len() as f64;
    let mean = parts.iter().sum::<f64>() / count;
    let spread: f64 = parts.iter().map(|part| (part - mean) * (part - mean)).sum();
    let error = ((count - 1.0) / count * spread).sqrt();
    let sorted = |values: &[f64], order: &[usize]| -> Vec<f64> {
        let ranks = mid_ranks(values, order, |_| true);
        order.iter().map(|&run| ranks[run]).collect()
    };
    let (low, mut high) = (sorted(x, &orders[0]), sorted(y, &orders[1]));
    if asked.unwrap_or(whole) < 0.0 {
        high.reverse();
    }
    let bound = correlation(&low, &high, |_| true)?;
    Some(Achieved { spearman: whole, error, bound })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ties_share_the_middle_of_their_ranks() {
        // Ranks 1, 3.5, 3.5, 2, 5 and 5, 3, 4, 1, 2: 1 − 6 Σd² / 120 does not hold with ties, Pearson's does.
        let (x, y) = ([1.0, 3.0, 3.0, 2.0, 9.0], [9.0, 5.0, 7.0, 1.0, 2.0]);
        let found = achieved(&x, &y, None).unwrap();
        // Σ dx dy = −4 + 0 + 0.5 + 2 − 2 = −3.5; Σ dx² = 9.5, Σ dy² = 10.
        assert!((found.spearman - -3.5 / 95f64.sqrt()).abs() < 1e-15, "{found:?}");
    }

    #[test]
    fn the_bound_of_two_values_is_that_of_their_shares() {
        // One member is 1 in a quarter of the runs, the other ranks all: the most is √(3 p (1 − p)) for many runs.
        let n = 8000;
        let x: Vec<f64> = (0..n).map(|run| if run % 4 == 0 { 1.0 } else { 0.0 }).collect();
        let y: Vec<f64> = (0..n).map(|run| ((run * 7919) % n) as f64).collect();
        for asked in [0.5, -0.5] {
            let found = achieved(&x, &y, Some(asked)).unwrap();
            assert!((found.bound.abs() - (3.0f64 * 0.25 * 0.75).sqrt()).abs() < 1e-6, "{found:?}");
            assert_eq!(found.bound.signum(), asked.signum());
        }
    }

    #[test]
    fn what_does_not_vary_has_no_coefficient() {
        assert_eq!(achieved(&[1.0; 64], &[2.0; 64], Some(0.3)), None);
    }
}
