//! How much memory a simulation takes, before it is begun.

use super::{Plan, SPAN};
use crate::program::BLOCK;
use crate::sampling::Design;
use crate::tally::{CellTally, Conditional};

/// Bytes of a column of the machine.
const COLUMN: u64 = (BLOCK * size_of::<f64>()) as u64;

/// About as many bytes as what is said of a cell takes: its figures, as they are kept and as the text of a file.
const FIGURES: u64 = 12_000;

/// About how many bytes a simulation of so many runs takes on so many threads.
///
/// Counted are the tallies: one a thread that has work, and of a design those of its replicates, of which the sum is made;
/// and the columns of the machines; or afterwards the tallies that are left with the figures, if that is more. A tally
/// whose values fill more or fewer bins than those of a normal law, and the values of an output with atoms, are not
/// foreseen: two or three times as much is possible.
pub fn memory(plan: &Plan, runs: u64, threads: usize) -> u64 {
    let at_work = (threads as u64).min(runs.div_ceil(SPAN)).max(1);
    let each = runs / at_work;
    let cells = plan.program.cells.len();
    let of_runs = |runs: u64| {
        let of_cells = cells as u64 * CellTally::memory(cells, runs);
        of_cells + plan.tornados.len() as u64 * Conditional::memory(plan.ranked.len())
    };
    let (computing, left) = match plan.design {
        Design::MonteCarlo => (at_work * of_runs(each), of_runs(runs)),
        design => {
            let replicates = design.replicates();
            let left = replicates * of_runs(runs / replicates) + of_runs(runs);
            (at_work * of_runs(each.min(runs / replicates)) + left, left)
        }
    };
    let columns = at_work * plan.program.columns() as u64 * COLUMN;
    (computing + columns).max(left + cells as u64 * FIGURES)
}
