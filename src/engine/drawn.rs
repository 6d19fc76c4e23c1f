//! What inputs draw, run by run: for those who hold draws against their law.

use std::collections::HashMap;

use crate::program::{BLOCK, Machine, Program};
use crate::scenario::{InputElement, Symbol};

/// Values of draws of a program in runs 0 … `runs` − 1, a column each; `numbers` are indices into [`Program::draws`]. The
/// column of a draw that no cell of the program shows is empty. `runs` is a multiple of [`BLOCK`].
pub fn drawn(program: &Program, numbers: &[usize], runs: u64) -> Vec<Vec<f64>> {
    let elements = numbers.iter().map(|&number| program.draws[number].element);
    let columns: HashMap<InputElement, usize> = elements.zip(0..).collect();
    let column_of: Vec<Option<usize>> = (program.cells.iter())
        .map(|cell| match cell.symbol {
            Symbol::Input(input) => columns.get(&InputElement { input, element: cell.index }).copied(),
            _ => None,
        })
        .collect();
    let mut values = vec![Vec::new(); numbers.len()];
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
