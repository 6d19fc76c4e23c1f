//! The pilot: a look at the first runs that fixes the bins of the tally.

use rayon::prelude::*;

use crate::program::{BLOCK, Machine, Program};
use crate::tally::Shape;

/// Runs of the pilot, always numbers 0 … 8,191 of the scenario, however many runs are asked for.
pub const PILOT_RUNS: u64 = 8_192;

/// Centre, spread and atoms of every cell: a function of scenario and seed alone.
pub fn shapes(program: &Program) -> Vec<Shape> {
    // Few parts: each needs a machine of its own.
    const PARTS: u64 = 4;
    let parts: Vec<Vec<Vec<f64>>> = (0..PARTS)
        .into_par_iter()
        .map(|part| {
            let mut columns = vec![Vec::with_capacity((PILOT_RUNS / PARTS) as usize); program.cells.len()];
            let mut machine = Machine::new(program, &[]);
            let first = part * (PILOT_RUNS / PARTS);
            for first_run in (first..first + PILOT_RUNS / PARTS).step_by(BLOCK) {
                machine.run(first_run, 0..BLOCK, &mut |cell: usize, values: &[f64]| {
                    columns[cell].extend_from_slice(values);
                });
            }
            columns
        })
        .collect();
    (0..program.cells.len())
        .into_par_iter()
        .map(|cell| {
            let mut values: Vec<f64> =
                parts.iter().flat_map(|columns| columns[cell].iter().copied()).collect();
            Shape::from_pilot(&mut values)
        })
        .collect()
}
