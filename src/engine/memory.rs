//! How much memory a simulation takes, before it is begun.

use super::pilot::{PILOT_CELLS, PILOT_RUNS};
use super::{Plan, SPAN};
use crate::program::BLOCK;
use crate::sampling::Design;
use crate::tally::{CellTally, Conditional, Shape, Sketch};

/// Bytes of a column of the machine.
const COLUMN: u64 = (BLOCK * size_of::<f64>()) as u64;

/// About as many bytes as what is said of a cell takes: its figures, as they are kept and as the text of a file.
const FIGURES: u64 = 12_000;

/// Those of the program itself, and of what it knows of a cell beside its tally: names, nodes, instructions.
const PROCESS: u64 = 16 << 20;
const COMPILED: u64 = 2_000;

/// About how many bytes a simulation of so many runs takes on so many threads.
///
/// Counted are the tallies: one a thread that has work, or of many cells the values at hand of each and one of all
/// ([`Sketch::scarce_room`]); of a design those of its replicates, of which the sum is made; and the columns of the
/// machines; or before that the values of the pilot, or afterwards the tallies that are left with the figures, if that is
/// more. A tally whose values fill more or fewer bins than those of a normal law, and the values of an output with atoms,
/// are not foreseen: two or three times as much is possible.
pub fn memory(plan: &Plan, runs: u64, threads: usize) -> u64 {
    let at_work = (threads as u64).min(runs.div_ceil(SPAN)).max(1);
    let cells = plan.program.cells.len();
    let of_runs = |runs: u64| {
        let of_cells = cells as u64 * CellTally::memory(cells, runs);
        of_cells + plan.tornados.len() as u64 * Conditional::memory(plan.ranked.len())
    };
    let (each, left) = match plan.design {
        Design::MonteCarlo => (runs / at_work, of_runs(runs)),
        design => {
            let of_each = runs / design.replicates();
            (of_each.min(runs / at_work), design.replicates() * of_runs(of_each) + of_runs(runs))
        }
    };
    let handed_over = Sketch::scarce_room(cells).filter(|&room| runs > room);
    let computing = match (handed_over, plan.design) {
        (Some(room), _) => at_work * of_runs(each.min(room)) + left,
        // What one thread has becomes what all have.
        (None, Design::MonteCarlo) => at_work * of_runs(each),
        (None, _) => at_work * of_runs(each) + left,
    };
    let columns = at_work * plan.program.columns() as u64 * COLUMN;
    let pilot = cells.min(PILOT_CELLS) as u64 * PILOT_RUNS * size_of::<f64>() as u64;
    let known = PROCESS + cells as u64 * (COMPILED + Shape::MEMORY);
    known + (computing + columns).max(left + cells as u64 * FIGURES).max(pilot)
}
