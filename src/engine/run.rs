//! Rayon over spans: each thread has a machine and a tally of its own, merged with those of the others.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

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
    /// Tallies of the replicates of the plan's design that are complete; none of a Monte Carlo run.
    pub replicates: Vec<Tally>,
    /// Runs completed: numbers 0 … runs − 1. Fewer than asked for after a stop.
    pub runs: u64,
    /// Draws whose parameters were outside their domain, one entry a draw of the program.
    pub refused: Vec<NonFinite>,
}

/// Evaluates runs 0 … `runs` − 1 on the threads of `pool`; `runs` is that of the plan's design, where it has one.
///
/// A stop asked for through `control` takes effect after the spans at hand, so what is completed is always the runs
/// up to some number: of a Monte Carlo run the outcome equals that of a run of that length, to the bit.
pub fn run(plan: &Plan, shapes: &[Shape], runs: u64, pool: &ThreadPool, control: &Control) -> Outcome {
    let spans = runs.div_ceil(SPAN);
    let next = AtomicU64::new(0);
    let bins: Vec<RankBins> = plan.ranked.iter().map(|&draw| plan.program.draws[draw].rank_bins()).collect();
    let replicates = plan.design.replicates() as usize;
    let shared = Mutex::new(vec![Tally::default(); replicates]);
    let refused = pool.broadcast(|_| {
        let mut worker = Worker::new(plan, shapes, &bins, &shared);
        while !control.is_stopped() {
            let span = next.fetch_add(1, Ordering::Relaxed);
            if span >= spans {
                break;
            }
            worker.span(span * SPAN, runs.min((span + 1) * SPAN), control);
        }
        worker.hand_over();
        worker.machine.refused().to_vec()
    });
    let refused = refused.into_iter().reduce(|mut all, part| {
        all.iter_mut().zip(&part).for_each(|(all, part)| all.merge(part));
        all
    });
    let completed = runs.min(next.load(Ordering::Relaxed).min(spans) * SPAN);
    let mut parts = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
    let tally = if replicates > 1 { merged(&parts) } else { parts.pop().unwrap_or_default() };
    let whole = |replicate: u64| {
        let (first, next) = (plan.design.start(replicate), plan.design.start(replicate + 1));
        first < next && next <= completed
    };
    parts.truncate((0..parts.len() as u64).filter(|&replicate| whole(replicate)).count());
    Outcome { tally, replicates: parts, runs: completed, refused: refused.unwrap_or_default() }
}

/// The sum of those that hold anything.
fn merged(parts: &[Tally]) -> Tally {
    let mut parts = parts.iter().filter(|part| !part.cells.is_empty());
    let mut sum = parts.next().cloned().unwrap_or_default();
    parts.for_each(|part| sum.merge(part));
    sum
}

struct Worker<'a> {
    plan: &'a Plan,
    shapes: &'a [Shape],
    bins: &'a [RankBins],
    machine: Machine<'a>,
    /// Of the replicate at hand.
    tally: Tally,
    replicate: u64,
    /// What all threads have handed over, one tally a replicate.
    shared: &'a Mutex<Vec<Tally>>,
    ranks: Ranks,
    /// For each cell the number of its tornado.
    tornado_of: Vec<Option<usize>>,
    /// Values of the tornado cells in the block at hand.
    columns: Vec<Vec<f64>>,
}

impl<'a> Worker<'a> {
    fn new(
        plan: &'a Plan,
        shapes: &'a [Shape],
        bins: &'a [RankBins],
        shared: &'a Mutex<Vec<Tally>>,
    ) -> Worker<'a> {
        let mut tornado_of = vec![None; plan.program.cells.len()];
        for (number, tornado) in plan.tornados.iter().enumerate() {
            tornado_of[tornado.cell] = Some(number);
        }
        Worker {
            plan,
            shapes,
            bins,
            machine: Machine::of_design(&plan.program, &plan.ranked, plan.design),
            ranks: Ranks::new(bins.to_vec(), BLOCK),
            tally: empty(plan, shapes, bins),
            replicate: 0,
            shared,
            tornado_of,
            columns: vec![Vec::with_capacity(BLOCK); plan.tornados.len()],
        }
    }

    fn span(&mut self, first: u64, end: u64, control: &Control) {
        let design = self.plan.design;
        for first_run in (first..end).step_by(BLOCK) {
            let lanes = (end - first_run).min(BLOCK as u64) as usize;
            let mut done = 0;
            while done < lanes {
                let run = first_run + done as u64;
                let replicate = design.replicate(run);
                if replicate != self.replicate {
                    self.hand_over();
                    self.replicate = replicate;
                    self.tally = empty(self.plan, self.shapes, self.bins);
                }
                let left = design.start(replicate + 1) - first_run;
                let part = done..lanes.min(usize::try_from(left).unwrap_or(lanes));
                done = part.end;
                self.part(first_run, part);
            }
            control.add(lanes as u64);
        }
        self.tally.close_span();
    }

    /// Evaluates a block and adds those of its runs that belong to the replicate at hand.
    fn part(&mut self, first_run: u64, lanes: Range<usize>) {
        let Worker { machine, tally, ranks, tornado_of, columns, .. } = self;
        machine.run(first_run, lanes.clone(), &mut |cell: usize, values: &[f64]| {
            tally.cells[cell].add(first_run + lanes.start as u64, values);
            if let Some(number) = tornado_of[cell] {
                columns[number].clear();
                columns[number].extend_from_slice(values);
            }
        });
        if !columns.is_empty() {
            let block = ranks.block(machine.ranks(), lanes.start);
            for (conditional, column) in tally.conditionals.iter_mut().zip(columns) {
                conditional.add(column, &block);
            }
        }
    }

    /// Adds the tally to what all threads have of the replicate at hand.
    fn hand_over(&mut self) {
        self.tally.close_span();
        let tally = std::mem::take(&mut self.tally);
        let mut shared = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let all = &mut shared[self.replicate as usize];
        match all.cells.is_empty() {
            true => *all = tally,
            false => all.merge(&tally),
        }
    }
}

/// A tally without runs.
fn empty(plan: &Plan, shapes: &[Shape], bins: &[RankBins]) -> Tally {
    let conditional = |cell: usize| Conditional::new(shapes[cell].clone(), bins.to_vec());
    Tally {
        cells: shapes.iter().cloned().map(CellTally::new).collect(),
        conditionals: plan.tornados.iter().map(|tornado| conditional(tornado.cell)).collect(),
    }
}
