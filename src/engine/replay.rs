//! One run again, with everything it drew and computed.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::program::{BLOCK, CompileError, Draw, DrawLaw, Machine, Program, RankTable, Sampler, Scope};
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

/// Mean of an input in its lowest and highest tenth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InputTenths {
    pub low: f64,
    pub high: f64,
}

/// What draws of a program are worth in their lowest and highest tenth; `numbers` are indices into
/// [`Program::draws`].
///
/// Laws with fixed parameters are integrated (midpoint rule in √u, 64 points); those whose parameters change, and
/// mixtures, are averaged over the runs of the pilot, and so are sums of events, by their own order.
pub fn input_tenths(scenario: &Scenario, program: &Program, numbers: &[usize]) -> Vec<InputTenths> {
    let draws: Vec<&Draw> = numbers.iter().map(|&number| &program.draws[number]).collect();
    let drawn: BTreeSet<InputId> = draws
        .iter()
        .filter(|draw| !matches!(draw.law, DrawLaw::Fixed { .. }))
        .map(|draw| draw.element.input)
        .collect();
    let sampled = sampled_tenths(scenario, drawn.into_iter().collect());
    draws
        .par_iter()
        .map(|draw| match &draw.law {
            DrawLaw::Fixed { sampler, .. } => tenths_of(draw.ranked(sampler)),
            DrawLaw::Compound(_) => {
                let (low, high) = draw.ranks.as_ref().map_or((f64::NAN, f64::NAN), RankTable::tenths);
                InputTenths { low, high }
            }
            DrawLaw::Drawn(_) | DrawLaw::Chosen(_) => sampled
                .iter()
                .find(|(element, _)| *element == draw.element)
                .map_or(InputTenths { low: f64::NAN, high: f64::NAN }, |(_, tenths)| *tenths),
        })
        .collect()
}

fn tenths_of(sampler: &Sampler) -> InputTenths {
    const POINTS: usize = 64;
    let roots: Vec<f64> = (0..POINTS).map(|point| (point as f64 + 0.5) / POINTS as f64).collect();
    let mean = |side: f64| {
        let value = |root: f64| sampler.at(side * 0.1 * root * root);
        let sum: f64 = roots.iter().map(|&root| root * value(root)).sum();
        sum / roots.iter().sum::<f64>()
    };
    InputTenths { low: mean(1.0), high: mean(-1.0) }
}

fn sampled_tenths(scenario: &Scenario, inputs: Vec<InputId>) -> Vec<(InputElement, InputTenths)> {
    if inputs.is_empty() {
        return Vec::new();
    }
    let Ok(program) = Program::compile(scenario, Scope::Inputs(&inputs)) else { return Vec::new() };
    let mut sums = vec![[(0.0, 0u32); 2]; program.cells.len()];
    let mut machine = Machine::new(&program, &(0..program.draws.len()).collect::<Vec<_>>());
    let mut columns = vec![Vec::new(); program.cells.len()];
    let draw_of: Vec<Option<usize>> = program
        .cells
        .iter()
        .map(|cell| program.draws.iter().position(|draw| draw.name == cell.name))
        .collect();
    for first_run in (0..PILOT_RUNS).step_by(BLOCK) {
        machine.run(first_run, 0..BLOCK, &mut |cell: usize, values: &[f64]| columns[cell] = values.to_vec());
        for ((cell, column), draw) in columns.iter().enumerate().zip(&draw_of) {
            let Some(draw) = draw else { continue };
            for (value, &rank) in column.iter().zip(&machine.ranks()[*draw]) {
                let u = f64::from(rank) / 4_294_967_296.0;
                let side = if u < 0.1 { 0 } else { 1 };
                if value.is_finite() && !(0.1..0.9).contains(&u) {
                    let (sum, count) = &mut sums[cell][side];
                    *sum += value;
                    *count += 1;
                }
            }
        }
    }
    let elements = program.cells.iter().filter_map(|cell| match cell.symbol {
        Symbol::Input(input) => Some(InputElement { input, element: cell.index }),
        _ => None,
    });
    let mean = |(sum, count): (f64, u32)| sum / f64::from(count);
    elements
        .zip(&sums)
        .map(|(element, s)| (element, InputTenths { low: mean(s[0]), high: mean(s[1]) }))
        .collect()
}
