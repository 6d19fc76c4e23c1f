//! The pilot: a look at the first runs that fixes the bins of the tally.

use rayon::prelude::*;

use crate::program::{BLOCK, Machine, Program};
use crate::tally::Shape;

/// Runs of the pilot, always numbers 0 … 8,191 of the scenario, however many runs are asked for.
pub const PILOT_RUNS: u64 = 8_192;

/// Centre, spread and atoms of every cell: a function of scenario and seed alone.
pub fn shapes(program: &Program) -> Vec<Shape> {
    let mut columns = vec![Vec::with_capacity(PILOT_RUNS as usize); program.cells.len()];
    let mut machine = Machine::new(program, false);
    for first_run in (0..PILOT_RUNS).step_by(BLOCK) {
        machine.run(first_run, BLOCK, &mut |cell: usize, values: &[f64]| {
            columns[cell].extend_from_slice(values)
        });
    }
    columns.par_iter_mut().map(|values| Shape::from_pilot(values)).collect()
}
