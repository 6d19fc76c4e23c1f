//! The pilot: a look at the first runs that fixes the bins of the tally.

use std::ops::Range;

use rayon::prelude::*;

use crate::program::{BLOCK, CompileError, Machine, Program, RankTable, Scope};
use crate::scenario::{InputElement, InputId, Scenario, Symbol};
use crate::tally::Shape;

/// Runs of the pilot, always numbers 0 … 8,191 of the scenario, however many runs are asked for.
pub const PILOT_RUNS: u64 = 8_192;

/// Cells whose values of the pilot are held at a time.
pub const PILOT_CELLS: usize = 1_000;

/// Centre, spread and atoms of every cell: a function of scenario and seed alone.
pub fn shapes(program: &Program) -> Vec<Shape> {
    let mut shapes = Vec::with_capacity(program.cells.len());
    for first in (0..program.cells.len()).step_by(PILOT_CELLS) {
        let parts = parts(program, first..program.cells.len().min(first + PILOT_CELLS));
        let shape = |cell: usize| Shape::from_pilot(&mut values(&parts, cell));
        shapes.par_extend((0..parts[0].len()).into_par_iter().map(shape));
    }
    shapes
}

/// What the elements of these inputs are worth in the pilot, as tables to rank them by.
///
/// # Errors
/// See [`Program::compile`].
pub fn rank_tables(
    scenario: &Scenario,
    inputs: &[InputId],
) -> Result<Vec<(InputElement, RankTable)>, CompileError> {
    let program = Program::compile(scenario, Scope::Inputs(inputs))?;
    let parts = parts(&program, 0..program.cells.len());
    let tables = program.cells.par_iter().enumerate().filter_map(|(cell, place)| {
        let Symbol::Input(input) = place.symbol else { return None };
        Some((InputElement { input, element: place.index }, RankTable::new(values(&parts, cell))))
    });
    Ok(tables.collect())
}

/// The values of one of the cells in all parts.
fn values(parts: &[Vec<Vec<f64>>], cell: usize) -> Vec<f64> {
    parts.iter().flat_map(|columns| columns[cell].iter().copied()).collect()
}

/// Values of these cells in the runs of the pilot: columns of some runs each, in their order.
fn parts(program: &Program, cells: Range<usize>) -> Vec<Vec<Vec<f64>>> {
    // Few parts: each needs a machine of its own.
    const PARTS: u64 = 4;
    (0..PARTS)
        .into_par_iter()
        .map(|part| {
            let mut columns = vec![Vec::with_capacity((PILOT_RUNS / PARTS) as usize); cells.len()];
            let mut machine = Machine::new(program, &[]);
            let first = part * (PILOT_RUNS / PARTS);
            for first_run in (first..first + PILOT_RUNS / PARTS).step_by(BLOCK) {
                machine.run(first_run, 0..BLOCK, &mut |cell: usize, values: &[f64]| {
                    if cells.contains(&cell) {
                        columns[cell - cells.start].extend_from_slice(values);
                    }
                });
            }
            columns
        })
        .collect()
}
