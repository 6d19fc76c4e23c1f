//! Rayon over spans: each thread has a machine and a tally of its own, merged once at the end.

use std::sync::atomic::{AtomicU64, Ordering};

use rayon::ThreadPool;

use super::{Control, Plan};
use crate::program::{BLOCK, Machine};
use crate::tally::{CellTally, Conditional, NonFinite, RankBins, Ranks, Shape, Tally};

/// Runs of a span: the unit of work, and what the sums of a tally are rounded once for.
pub const SPAN: u64 = 32 * BLOCK as u64;

/// What a run gave.
#[derive(Debug)]
pub struct Outcome {
    pub tally: Tally,
    /// Runs completed: numbers 0 … runs − 1. Fewer than asked for after a stop.
    pub runs: u64,
    /// Draws whose parameters were outside their domain, one entry a draw of the program.
    pub refused: Vec<NonFinite>,
}

/// Evaluates runs 0 … `runs` − 1 on the threads of `pool`.
///
/// A stop asked for through `control` takes effect after the spans at hand, so what is completed is always the runs
/// up to some number: the outcome equals that of a run of that length, to the bit.
pub fn run(plan: &Plan, shapes: &[Shape], runs: u64, pool: &ThreadPool, control: &Control) -> Outcome {
    let spans = runs.div_ceil(SPAN);
    let next = AtomicU64::new(0);
    let bins: Vec<RankBins> = plan.ranked.iter().map(|&draw| plan.program.draws[draw].rank_bins()).collect();
    let mut parts = pool
        .broadcast(|_| {
            let mut worker = Worker::new(plan, shapes, &bins);
            while !control.is_stopped() {
                let span = next.fetch_add(1, Ordering::Relaxed);
                if span >= spans {
                    break;
                }
                worker.span(span * SPAN, runs.min((span + 1) * SPAN), control);
            }
            (worker.tally, worker.machine.refused().to_vec())
        })
        .into_iter();
    let (mut tally, mut refused) = parts.next().unwrap_or_default();
    for (other, others) in parts {
        tally.merge(&other);
        refused.iter_mut().zip(&others).for_each(|(mine, theirs)| mine.merge(theirs));
    }
    let completed = next.load(Ordering::Relaxed).min(spans);
    Outcome { tally, runs: runs.min(completed * SPAN), refused }
}

struct Worker<'a> {
    machine: Machine<'a>,
    tally: Tally,
    ranks: Ranks,
    /// For each cell the number of its tornado.
    tornado_of: Vec<Option<usize>>,
    /// Values of the tornado cells in the block at hand.
    columns: Vec<Vec<f64>>,
}

impl<'a> Worker<'a> {
    fn new(plan: &'a Plan, shapes: &[Shape], bins: &[RankBins]) -> Worker<'a> {
        let mut tornado_of = vec![None; plan.program.cells.len()];
        for (number, tornado) in plan.tornados.iter().enumerate() {
            tornado_of[tornado.cell] = Some(number);
        }
        Worker {
            machine: Machine::new(&plan.program, &plan.ranked),
            ranks: Ranks::new(bins.to_vec(), BLOCK),
            tally: Tally {
                cells: shapes.iter().cloned().map(CellTally::new).collect(),
                conditionals: plan
                    .tornados
                    .iter()
                    .map(|tornado| Conditional::new(shapes[tornado.cell].clone(), bins.to_vec()))
                    .collect(),
            },
            tornado_of,
            columns: vec![Vec::with_capacity(BLOCK); plan.tornados.len()],
        }
    }

    fn span(&mut self, first: u64, end: u64, control: &Control) {
        for first_run in (first..end).step_by(BLOCK) {
            let lanes = (end - first_run).min(BLOCK as u64) as usize;
            let Worker { machine, tally, ranks, tornado_of, columns } = self;
            machine.run(first_run, lanes, &mut |cell: usize, values: &[f64]| {
                tally.cells[cell].add(first_run, values);
                if let Some(number) = tornado_of[cell] {
                    columns[number].clear();
                    columns[number].extend_from_slice(values);
                }
            });
            if !columns.is_empty() {
                let block = ranks.block(machine.ranks());
                for (conditional, column) in tally.conditionals.iter_mut().zip(columns) {
                    conditional.add(column, &block);
                }
            }
            control.add(lanes as u64);
        }
        self.tally.close_span();
    }
}
