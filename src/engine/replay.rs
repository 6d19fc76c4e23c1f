//! One run again, with everything it drew and computed.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::program::{BLOCK, CompileError, Draw, DrawLaw, Machine, Program, Sampler, Scope};
use crate::sampling::Design;
use crate::scenario::{InputElement, InputId, Scenario, Symbol};

use super::PILOT_RUNS;

/// One value of a replayed run.
#[derive(Clone, Debug, PartialEq)]
pub struct Replayed {
    pub symbol: Symbol,
    /// E.g. `market[2031]`.
    pub name: String,
    pub value: f64,
}

/// Every input, formula and output of run `run` of a design, inputs first, in declared order.
///
/// # Errors
/// See [`Program::compile`].
pub fn replay(scenario: &Scenario, run: u64, design: Design) -> Result<Vec<Replayed>, CompileError> {
    let program = Program::compile(scenario, Scope::Everything)?;
    program.fits(design)?;
    let lane = (run % BLOCK as u64) as usize;
    let mut values = vec![f64::NAN; program.cells.len()];
    let mut machine = Machine::of_design(&program, &[], design);
    machine.run(run - lane as u64, lane..lane + 1, &mut |cell: usize, column: &[f64]| {
        values[cell] = column[0];
    });
    Ok(program
        .cells
        .iter()
        .zip(values)
        .map(|(cell, value)| Replayed { symbol: cell.symbol, name: cell.name.clone(), value })
        .collect())
}

/// Two figures of an input, of its lowest and of its highest class.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ends {
    pub low: f64,
    pub high: f64,
}

/// What draws of a program are worth on average in their lowest and highest class, such as a tenth; `numbers` are indices
/// into [`Program::draws`], `shares` the probabilities of the two classes of each.
///
/// Laws with fixed parameters are integrated (midpoint rule in √u, 64 points); those whose parameters change, and
/// mixtures, are averaged over the runs of the pilot, and so are sums of events, by their own order.
pub fn input_ends(scenario: &Scenario, program: &Program, numbers: &[usize], shares: &[Ends]) -> Vec<Ends> {
    let draws: Vec<(&Draw, Ends)> =
        numbers.iter().zip(shares).map(|(&number, &share)| (&program.draws[number], share)).collect();
    let drawn: Vec<(InputElement, Ends)> = draws
        .iter()
        .filter(|(draw, _)| matches!(draw.law, DrawLaw::Drawn(_) | DrawLaw::Chosen(_)))
        .map(|(draw, share)| (draw.element, *share))
        .collect();
    let sampled = sampled_ends(scenario, &drawn);
    let unknown = Ends { low: f64::NAN, high: f64::NAN };
    draws
        .par_iter()
        .map(|(draw, share)| match &draw.law {
            DrawLaw::Fixed { sampler, .. } => ends_of(draw.ranked(sampler), *share),
            DrawLaw::Compound(_) => draw.ranks.as_ref().map_or(unknown, |table| {
                let (low, high) = table.ends(share.low, share.high);
                Ends { low, high }
            }),
            DrawLaw::Drawn(_) | DrawLaw::Chosen(_) => sampled
                .iter()
                .find(|(element, _)| *element == draw.element)
                .map_or(unknown, |(_, ends)| *ends),
        })
        .collect()
}

/// The value of a draw at a position of its law; `None` where its law changes from run to run.
pub fn value_at(draw: &Draw, position: f64) -> Option<f64> {
    match &draw.law {
        DrawLaw::Fixed { sampler, .. } => {
            Some(draw.ranked(sampler).at(if position <= 0.5 { position } else { position - 1.0 }))
        }
        _ => None,
    }
}

fn ends_of(sampler: &Sampler, share: Ends) -> Ends {
    const POINTS: usize = 64;
    let roots: Vec<f64> = (0..POINTS).map(|point| (point as f64 + 0.5) / POINTS as f64).collect();
    let mean = |side: f64, share: f64| {
        // Positions from one end to the other, as signed tails.
        let tail = |u: f64| side * if u <= 0.5 { u } else { u - 1.0 };
        let values: Vec<f64> = roots.iter().map(|root| sampler.at(tail(share * root * root))).collect();
        if values.iter().all(|&value| value == values[0]) {
            return values[0];
        }
        let sum: f64 = roots.iter().zip(&values).map(|(root, value)| root * value).sum();
        sum / roots.iter().sum::<f64>()
    };
    Ends { low: mean(1.0, share.low), high: mean(-1.0, share.high) }
}

/// The same of elements whose parameters change, from the pilot.
fn sampled_ends(scenario: &Scenario, elements: &[(InputElement, Ends)]) -> Vec<(InputElement, Ends)> {
    let inputs: BTreeSet<InputId> = elements.iter().map(|(element, _)| element.input).collect();
    let inputs: Vec<InputId> = inputs.into_iter().collect();
    if inputs.is_empty() {
        return Vec::new();
    }
    let Ok(program) = Program::compile(scenario, Scope::Inputs(&inputs)) else { return Vec::new() };
    let places: Vec<Option<usize>> = (program.cells.iter())
        .map(|cell| match cell.symbol {
            Symbol::Input(input) => {
                elements.iter().position(|(e, _)| *e == InputElement { input, element: cell.index })
            }
            _ => None,
        })
        .collect();
    let draw_of: Vec<Option<usize>> = elements
        .iter()
        .map(|(element, _)| program.draws.iter().position(|draw| draw.element == *element))
        .collect();
    let mut sums = vec![[(0.0, 0u32); 2]; elements.len()];
    let mut machine = Machine::new(&program, &(0..program.draws.len()).collect::<Vec<_>>());
    let mut columns = vec![Vec::new(); elements.len()];
    for first_run in (0..PILOT_RUNS).step_by(BLOCK) {
        machine.run(first_run, 0..BLOCK, &mut |cell: usize, values: &[f64]| {
            if let Some(place) = places[cell] {
                columns[place] = values.to_vec();
            }
        });
        for (place, (column, draw)) in columns.iter().zip(&draw_of).enumerate() {
            let (Some(draw), (_, share)) = (draw, &elements[place]) else { continue };
            for (value, &rank) in column.iter().zip(&machine.ranks()[*draw]) {
                let u = f64::from(rank) / 4_294_967_296.0;
                for (side, inside) in [u < share.low, u >= 1.0 - share.high].into_iter().enumerate() {
                    if value.is_finite() && inside {
                        let (sum, count) = &mut sums[place][side];
                        *sum += value;
                        *count += 1;
                    }
                }
            }
        }
    }
    let mean = |(sum, count): (f64, u32)| sum / f64::from(count);
    let ends = sums.iter().map(|s| Ends { low: mean(s[0]), high: mean(s[1]) });
    elements.iter().map(|(element, _)| *element).zip(ends).collect()
}
