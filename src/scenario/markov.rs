//! `markov({state: {state: weight, …}, …}, start = )`: a value that jumps between states, by the year.
//!
//! A row has the weights of next year's states; they need not sum to 1. In one year the state is found by inversion:
//! targets in rising order of their values, the first whose cumulative probability lies above the year's uniform
//! shock. Without `start` the base year has the stationary law, by the elimination of Grassmann, Taksar & Heyman
//! (1985), Regenerative analysis and steady state distributions for Markov chains, Operations Research 33(5),
//! 1107–1116, doi:10.1287/opre.33.5.1107: it subtracts nothing, so every probability keeps its digits.

use super::expression::{BinaryOp, Expr};
use super::forms::Bound;
use super::model::Recurrence;
use super::processes::{Driver, Hidden, Path, Symbols, drawn};
use super::resolve::Resolver;
use super::syntax::{Argument, Ast, AstKind, Word};
use super::terms::{before, binary, choose, now, number};
use crate::diagnostic::{Diagnostic, PARAMETERS};
use crate::distribution::{Arguments, FamilyEntry, Form, Law, ParameterError, Uniform, ensure};

/// Its row of the table. `build` receives 1 and the start or two zeros, then a state, its target and a weight,
/// again and again.
pub const ENTRY: FamilyEntry = FamilyEntry {
    name: "markov",
    summary: "A value that jumps between states; each row has the weights of next year's states. `start` may follow.",
    forms: &[Form {
        arguments: Arguments::Map { key: "state", value: "{state: weight, …}" },
        build: |values| Chain::new(values).and_then(|_| Uniform::new(0.0, 1.0).map(Law::from)),
    }],
    example: "markov({100: {100: 0.9, 60: 0.1}, 60: {100: 0.3, 60: 0.7}}, start = 100)",
};

const USAGE: &str =
    "write `markov({100: {100: 0.9, 60: 0.1}, 60: {100: 0.3, 60: 0.7}})`; `start = 100` may follow";

/// The arguments in the order of `build`; `None` after a report.
pub fn bind(word: &Word, arguments: &[Argument], resolver: &mut Resolver<'_>) -> Option<Vec<Bound>> {
    let (rows, start) = match arguments {
        [Argument { name: None, value: rows }] => (rows, None),
        [Argument { name: None, value: rows }, Argument { name: Some(name), value }]
            if name.text == "start" =>
        {
            (rows, Some(value))
        }
        _ => {
            let report =
                Diagnostic::error(&PARAMETERS, "`markov` takes a map of states, and perhaps `start`");
            return resolver.refuse(report.label(word.span, "with other arguments").help(USAGE));
        }
    };
    let mut bound = match start {
        Some(start) => vec![plain("start", 1.0), typed("start", start, resolver)?],
        None => vec![plain("start", 0.0), plain("start", 0.0)],
    };
    for (state, targets) in entries(rows, "a map of states", resolver)? {
        for (target, weight) in entries(targets, "next year's states and their weights", resolver)? {
            bound.push(typed("state", state, resolver)?);
            bound.push(typed("target", target, resolver)?);
            bound.push(typed("weight", weight, resolver)?);
        }
    }
    Some(bound)
}

fn entries<'a>(ast: &'a Ast, what: &str, resolver: &mut Resolver<'_>) -> Option<&'a [(Ast, Ast)]> {
    match &ast.kind {
        AstKind::Map(entries) => Some(entries),
        _ => resolver.refuse(
            Diagnostic::error(&PARAMETERS, format!("`markov` needs {what} here"))
                .label(ast.span, "not a map `{…}`")
                .help(USAGE),
        ),
    }
}

fn plain(name: &str, x: f64) -> Bound {
    Bound { name: name.to_string(), expr: number(x), axes: Vec::new(), span: None }
}

fn typed(name: &str, ast: &Ast, resolver: &mut Resolver<'_>) -> Option<Bound> {
    Some(Bound::typed(name, resolver.resolve(ast)?, ast.span))
}

/// States in rising order and the probabilities of going from one to another.
#[derive(Clone, Debug, PartialEq)]
struct Chain {
    states: Vec<f64>,
    /// A row a state, each with a sum of 1.
    rows: Vec<Vec<f64>>,
    start: Option<usize>,
}

impl Chain {
    /// From the flattened arguments of the call.
    fn new(values: &[f64]) -> Result<Chain, ParameterError> {
        let (start, triples) = values.split_at(2);
        let triples = || triples.chunks_exact(3).map(|t| (t[0], t[1], t[2]));
        let mut states: Vec<f64> = triples().map(|(state, ..)| state).collect();
        for &state in &states {
            ensure(state.is_finite(), "state", state, "be a finite number")?;
        }
        states.sort_by(f64::total_cmp);
        states.dedup();
        let place = |x: f64| states.iter().position(|state| *state == x);
        let mut rows = vec![vec![None; states.len()]; states.len()];
        for (state, target, weight) in triples() {
            let requirement = "be a state with a row of its own";
            let to = place(target).ok_or(ParameterError {
                parameter: "target",
                value: target,
                requirement: requirement.into(),
            })?;
            ensure(weight >= 0.0 && weight.is_finite(), "weight", weight, "be 0 or above and finite")?;
            let slot = place(state).map(|from| &mut rows[from][to]);
            let first = slot.is_some_and(|slot| slot.replace(weight).is_none());
            ensure(first, "target", target, "stand once in its row")?;
        }
        let rows: Vec<Vec<f64>> = rows
            .into_iter()
            .map(|row| row.into_iter().map(|weight| weight.unwrap_or(0.0)).collect())
            .collect();
        let mut shares = Vec::new();
        for (row, &state) in rows.iter().zip(&states) {
            let sum: f64 = row.iter().sum();
            ensure(sum > 0.0 && sum.is_finite(), "state", state, "lead somewhere: its weights are all 0")?;
            shares.push(row.iter().map(|weight| weight / sum).collect());
        }
        let start = match start {
            [1.0, x] => {
                let requirement = "be one of the states";
                let missing =
                    ParameterError { parameter: "start", value: *x, requirement: requirement.into() };
                Some(place(*x).ok_or(missing)?)
            }
            _ => None,
        };
        let chain = Chain { states, rows: shares, start };
        if chain.start.is_none()
            && let Some(second) = chain.closed_classes().get(1)
        {
            let requirement = "be reachable from all others; else give `start`, the state of the base year";
            ensure(false, "state", chain.states[second[0]], requirement)?;
        }
        Ok(chain)
    }

    /// Sets of states that, once entered, are never left; of states that reach each other.
    fn closed_classes(&self) -> Vec<Vec<usize>> {
        let reach: Vec<Vec<bool>> = (0..self.states.len())
            .map(|from| {
                let mut seen = vec![false; self.states.len()];
                let mut open = vec![from];
                while let Some(state) = open.pop() {
                    if !std::mem::replace(&mut seen[state], true) {
                        open.extend((0..self.states.len()).filter(|&to| self.rows[state][to] > 0.0));
                    }
                }
                seen
            })
            .collect();
        let mut classes: Vec<Vec<usize>> = Vec::new();
        for (from, reached) in reach.iter().enumerate() {
            let class: Vec<usize> = (0..self.states.len()).filter(|&to| reached[to]).collect();
            if class.iter().all(|&to| reach[to][from]) && !classes.contains(&class) {
                classes.push(class);
            }
        }
        classes
    }

    /// The stationary law: of the states that are never left, 0 elsewhere.
    fn stationary(&self) -> Vec<f64> {
        let mut law = vec![0.0; self.states.len()];
        let Some(class) = self.closed_classes().into_iter().next() else { return law };
        let n = class.len();
        let mut a: Vec<Vec<f64>> =
            class.iter().map(|&i| class.iter().map(|&j| self.rows[i][j]).collect()).collect();
        for k in (1..n).rev() {
            let leaving: f64 = a[k][..k].iter().sum();
            for i in 0..k {
                a[i][k] /= leaving;
                for j in 0..k {
                    a[i][j] += a[i][k] * a[k][j];
                }
            }
        }
        let mut weights = vec![1.0; n];
        for k in 1..n {
            weights[k] = (0..k).map(|i| weights[i] * a[i][k]).sum();
        }
        let sum: f64 = weights.iter().sum();
        for (&state, weight) in class.iter().zip(weights) {
            law[state] = weight / sum;
        }
        law
    }

    /// The state that a uniform shock leads to.
    fn chosen(&self, shares: &[f64], shock: &Expr) -> Expr {
        let mut below = 0.0;
        let mut steps: Vec<(f64, f64)> = Vec::new();
        for (&state, &share) in self.states.iter().zip(shares).filter(|(_, share)| **share > 0.0) {
            below += share;
            steps.push((below, state));
        }
        let Some((_, last)) = steps.pop() else { return number(f64::NAN) };
        steps.into_iter().rev().fold(number(last), |rest, (below, state)| {
            choose(binary(BinaryOp::Less, shock.clone(), number(below)), number(state), rest)
        })
    }
}

/// The recurrence; arguments that are no numbers or make no chain have been refused before.
pub fn path(_: usize, arguments: &[Expr], symbols: &Symbols) -> Path {
    let shock = now(symbols.hidden(0));
    let values: Vec<f64> =
        arguments.iter().filter_map(|x| if let Expr::Number(x) = x { Some(*x) } else { None }).collect();
    let value = match Chain::new(&values) {
        Ok(chain) => {
            let initial = match chain.start {
                Some(start) => number(chain.states[start]),
                None => chain.chosen(&chain.stationary(), &shock),
            };
            let mut rows = chain.states.iter().zip(&chain.rows).rev();
            let last = rows.next().map_or(number(f64::NAN), |(_, row)| chain.chosen(row, &shock));
            let formula = rows.fold(last, |rest, (&state, row)| {
                let here = binary(BinaryOp::Equal, before(symbols.own()), number(state));
                choose(here, chain.chosen(row, &shock), rest)
            });
            Recurrence { initial: Some(initial), formula }
        }
        Err(_) => Recurrence { initial: None, formula: number(f64::NAN) },
    };
    let uniform = drawn("uniform", vec![number(0.0), number(1.0)]);
    let hidden = Hidden { name: "shock", unit: None };
    Path { value, hidden: uniform.map(|law| (hidden, Driver::Drawn(law))).into_iter().collect() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(rows: &[(f64, f64, f64)]) -> Result<Chain, ParameterError> {
        let mut values = vec![0.0, 0.0];
        values.extend(rows.iter().flat_map(|&(from, to, weight)| [from, to, weight]));
        Chain::new(&values)
    }

    #[test]
    fn the_stationary_law_is_kept_by_a_step_and_leaves_out_what_is_left_for_good() {
        let rows = [
            (1.0, 1.0, 5.0),
            (1.0, 2.0, 3.0),
            (1.0, 3.0, 2.0),
            (2.0, 1.0, 0.25),
            (2.0, 3.0, 0.75),
            (3.0, 2.0, 1e-9),
            (3.0, 3.0, 1.0),
            (9.0, 1.0, 1.0),
        ];
        let chain = chain(&rows).unwrap();
        let law = chain.stationary();
        assert_eq!(law[3], 0.0);
        assert!((law.iter().sum::<f64>() - 1.0).abs() < 1e-15);
        for to in 0..4 {
            let next: f64 = (0..4).map(|from| law[from] * chain.rows[from][to]).sum();
            assert!((next - law[to]).abs() <= 1e-15 * law[to].max(1e-9), "{to}: {next} {}", law[to]);
        }
    }

    #[test]
    fn what_is_no_chain_is_refused() {
        assert_eq!(chain(&[(1.0, 2.0, 1.0)]).unwrap_err().parameter, "target");
        assert_eq!(chain(&[(1.0, 1.0, -1.0)]).unwrap_err().parameter, "weight");
        assert_eq!(chain(&[(1.0, 1.0, 0.0)]).unwrap_err().parameter, "state");
        assert_eq!(chain(&[(1.0, 1.0, 0.5), (1.0, 1.0, 0.5)]).unwrap_err().parameter, "target");
        let apart = chain(&[(1.0, 1.0, 1.0), (2.0, 2.0, 1.0)]).unwrap_err();
        assert_eq!((apart.parameter, apart.value), ("state", 2.0));
    }
}
