//! What inputs draw, run by run: for those who hold draws against their law.

use std::collections::HashMap;

use crate::program::{BLOCK, Machine, Program};
use crate::scenario::{InputElement, Symbol};

/// Values of input elements in runs 0 … `runs` − 1, a column each, in this order. The column of one that no cell of the
/// program shows is empty. `runs` is a multiple of [`BLOCK`].
pub fn drawn(program: &Program, elements: &[InputElement], runs: u64) -> Vec<Vec<f64>> {
    let columns: HashMap<InputElement, usize> = elements.iter().copied().zip(0..).collect();
    let column_of: Vec<Option<usize>> = (program.cells.iter())
        .map(|cell| match cell.symbol {
            Symbol::Input(input) => columns.get(&InputElement { input, element: cell.index }).copied(),
            _ => None,
        })
        .collect();
    let mut values = vec![Vec::with_capacity(runs as usize); elements.len()];
    let mut machine = Machine::new(program, &[]);
    for first_run in (0..runs).step_by(BLOCK) {
        machine.run(first_run, 0..BLOCK, &mut |cell: usize, block: &[f64]| {
            if let Some(column) = column_of[cell] {
                values[column].extend_from_slice(block);
            }
        });
    }
    values
}
