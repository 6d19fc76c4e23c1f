//! Rayon over spans: each thread has a machine and a tally of its own, merged with those of the others.

use std::ops::Range;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};
use std::time::{Duration, Instant};

use rayon::{ThreadPool, Yield};

use super::{Blank, Collected, Control, Layout, Plan, Portion, Work};
use crate::program::{BLOCK, Machine};
use crate::tally::{NonFinite, Ranks, RunSet, Shape, Sketch, Tally};

/// A block that takes longer is handed over before the next one, once its thread has had [`AT_HAND`] of work: of a span
/// of such blocks a signal would find nothing.
const LONG_BLOCK: Duration = Duration::from_millis(100);
const AT_HAND: Duration = Duration::from_secs(1);
/// Of its time a thread spends at most one part in so many on handing over.
const PARTS_OF_TIME: u32 = 20;
/// While another thread hands over, and nothing of that is left to help with.
const MOMENT: Duration = Duration::from_micros(20);

/// What a simulation gave.
#[derive(Debug)]
pub struct Outcome {
    pub tally: Tally,
    /// Tallies of the replicates of the plan's design that are complete; none of a Monte Carlo run.
    pub replicates: Vec<Tally>,
    /// Runs completed: all that were asked for, unless it was stopped or a part of it is missing.
    pub runs: RunSet,
    pub asked: u64,
    /// Draws whose parameters were outside their domain, one entry a draw of the program.
    pub refused: Vec<NonFinite>,
}

/// Evaluates runs 0 … `runs` − 1 on the threads of `pool`; `runs` is that of the plan's design, where it has one.
///
/// A stop asked for through `control` takes effect after the spans at hand, so what is completed is the runs up to some
/// number: of a Monte Carlo run the outcome equals that of a run of that length, to the bit. Only [`Control::hurry`] ends
/// spans in their midst.
pub fn run(plan: &Plan, shapes: &[Shape], runs: u64, pool: &ThreadPool, control: &Control) -> Outcome {
    let collected = Mutex::new(Collected::empty(Layout::new(plan.design, runs)));
    collect(plan, shapes, &Work::of(&RunSet::of(0..runs)), pool, control, &collected);
    collected.into_inner().unwrap_or_else(PoisonError::into_inner).outcome()
}

/// Evaluates the runs of `work` on the threads of `pool` and adds them to `collected`, whose layout they belong to.
///
/// Each thread hands over what it has at the end, when it comes to another portion, and whenever [`Control::ask`]
/// wants it; always whole blocks, so at any moment `collected` knows exactly the runs that it says. A stop takes effect
/// after the spans at hand, or with [`Control::hurry`] after the blocks at hand.
///
/// # Panics
/// When a thread does: the others are stopped, and hand over what they have, before the panic goes on to the caller.
pub fn collect(
    plan: &Plan,
    shapes: &[Shape],
    work: &Work,
    pool: &ThreadPool,
    control: &Control,
    collected: &Mutex<Collected>,
) {
    let layout = collected.lock().unwrap_or_else(PoisonError::into_inner).layout;
    let blank = Blank::new(plan, shapes);
    pool.broadcast(|_| {
        let _ends = EndsAll { control, work };
        let mut worker = Worker::new(plan, &blank, layout, collected);
        let mut asked = control.asked();
        while !control.is_stopped() {
            let Some(span) = work.take() else { break };
            worker.span(span, control);
            if control.asked() != asked {
                asked = control.asked();
                worker.hand_over();
            }
        }
        worker.hand_over();
    });
}

/// When one thread panics, nobody is to compute on for a result that will not be, or to wait for work for ever.
struct EndsAll<'a> {
    control: &'a Control,
    work: &'a Work,
}

impl Drop for EndsAll<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.control.stop();
            self.work.close();
        }
    }
}

struct Worker<'a> {
    blank: &'a Blank<'a>,
    layout: Layout,
    machine: Machine<'a>,
    /// Of the runs of a portion that were not handed over yet.
    at_hand: Portion,
    portion: u64,
    /// Portions that ended within the block at hand, by number: they wait until their runs count as computed.
    ended: Vec<(u64, Portion)>,
    runs: RunSet,
    /// What all threads have handed over.
    collected: &'a Mutex<Collected>,
    ranks: Ranks,
    /// For each cell the number of its tornado.
    tornado_of: Vec<Option<usize>>,
    /// Values of the tornado cells in the block at hand.
    columns: Vec<Vec<f64>>,
    /// Most runs at hand: of many cells the values that wait are handed over before each thread has counters of its own
    /// for them. `None` where there are few cells.
    room: Option<u64>,
    /// When something was last handed over, and how long that took.
    handed_over: Instant,
    cost: Duration,
}

impl<'a> Worker<'a> {
    fn new(
        plan: &'a Plan,
        blank: &'a Blank<'a>,
        layout: Layout,
        collected: &'a Mutex<Collected>,
    ) -> Worker<'a> {
        let mut tornado_of = vec![None; plan.program.cells.len()];
        for (number, tornado) in plan.tornados.iter().enumerate() {
            tornado_of[tornado.cell] = Some(number);
        }
        Worker {
            blank,
            layout,
            machine: Machine::of_design(&plan.program, &plan.ranked, plan.design),
            at_hand: Portion::empty(layout),
            portion: 0,
            ended: Vec::new(),
            runs: RunSet::default(),
            collected,
            ranks: Ranks::new(blank.bins().to_vec(), BLOCK),
            tornado_of,
            columns: vec![Vec::with_capacity(BLOCK); plan.tornados.len()],
            room: Sketch::scarce_room(plan.program.cells.len()),
            handed_over: Instant::now(),
            cost: Duration::ZERO,
        }
    }

    /// Evaluates the runs of a span, which begins where a block does.
    fn span(&mut self, runs: Range<u64>, control: &Control) {
        let layout = self.layout;
        for first_run in runs.clone().step_by(BLOCK) {
            let begun = Instant::now();
            let lanes = (runs.end - first_run).min(BLOCK as u64) as usize;
            let mut done = 0;
            while done < lanes {
                let run = first_run + done as u64;
                let portion = layout.portion(run);
                if portion != self.portion {
                    self.end_portion();
                    self.portion = portion;
                }
                if self.at_hand.is_empty() {
                    self.at_hand.tally = self.blank.tally();
                }
                let left = layout.start(portion + 1) - first_run;
                let part = done..lanes.min(usize::try_from(left).unwrap_or(lanes));
                done = part.end;
                self.part(first_run, part);
            }
            self.runs.insert(first_run..first_run + lanes as u64);
            control.add(lanes as u64);
            if !self.ended.is_empty() || self.is_full() || self.is_due(begun) {
                self.hand_over();
            }
            if control.is_stopped() && control.is_hurried() {
                break;
            }
        }
    }

    /// Whether a further block would be more than may wait.
    fn is_full(&self) -> bool {
        self.room.is_some_and(|room| self.runs.count() + BLOCK as u64 > room)
    }

    /// Whether what is at hand is too much to be lost, after a block that was begun then.
    fn is_due(&self, begun: Instant) -> bool {
        begun.elapsed() > LONG_BLOCK
            && self.handed_over.elapsed() > AT_HAND.max(self.cost.saturating_mul(PARTS_OF_TIME))
    }

    /// Evaluates a block and adds those of its runs that belong to the portion at hand.
    fn part(&mut self, first_run: u64, lanes: Range<usize>) {
        let Worker { machine, at_hand: Portion { tally, digests, .. }, ranks, tornado_of, columns, .. } =
            self;
        let first = first_run + lanes.start as u64;
        machine.run(first_run, lanes.clone(), &mut |cell: usize, values: &[f64]| {
            tally.cells[cell].add(first, values);
            digests.add(cell, first, values);
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

    /// Puts what is at hand aside, for another portion comes.
    fn end_portion(&mut self) {
        let mut at_hand = std::mem::replace(&mut self.at_hand, Portion::empty(self.layout));
        if !at_hand.is_empty() {
            at_hand.tally.settle();
            at_hand.refused = self.machine.take_refused();
            self.ended.push((self.portion, at_hand));
        }
    }

    /// Adds what this thread has to what all have, runs and tallies at once. To be called between blocks.
    fn hand_over(&mut self) {
        let begun = Instant::now();
        self.end_portion();
        let runs = std::mem::take(&mut self.runs);
        let mut collected = lock_helping(self.collected);
        collected.runs.merge(&runs);
        for (number, portion) in self.ended.drain(..) {
            collected.portions[number as usize].take(portion);
        }
        drop(collected);
        (self.handed_over, self.cost) = (Instant::now(), begun.elapsed());
    }
}

/// Takes what all threads have handed over; while another thread has it, helps that one to merge its cells.
fn lock_helping(collected: &Mutex<Collected>) -> MutexGuard<'_, Collected> {
    loop {
        match collected.try_lock() {
            Ok(taken) => return taken,
            Err(TryLockError::Poisoned(poisoned)) => return poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => {
                if rayon::yield_now() != Some(Yield::Executed) {
                    std::thread::sleep(MOMENT);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::shapes;
    use crate::sampling::Design;

    /// A model whose every block takes long.
    fn plan(dist: &str, design: Design) -> Plan {
        let text = format!(
            "[inputs.x]\ndist = '{dist}'\nassumption = 'a'\n[outputs.y]\nformula = 'x'\ntornado = false"
        );
        let loaded = crate::scenario::load_text("test.toml", &text, &[]).unwrap();
        Plan::of_design(&loaded.scenario, design).unwrap()
    }

    fn pool() -> ThreadPool {
        rayon::ThreadPoolBuilder::new().num_threads(3).build().unwrap()
    }

    #[test]
    fn a_thread_that_panics_ends_those_that_wait_for_work() {
        let design = Design::Hypercube { runs: 4096 };
        let plan = plan("normal(0, 1)", design);
        let shapes = shapes(&plan.program);
        let collected = Mutex::new(Collected::empty(Layout::new(design, 4096)));
        // An open queue, which nobody closes, and runs that the design does not have: handing them over panics.
        let (work, control, pool) = (Work::open(), Control::default(), pool());
        std::thread::scope(|scope| {
            let computing = scope.spawn(|| collect(&plan, &shapes, &work, &pool, &control, &collected));
            while !computing.is_finished() {
                control.ask();
                work.push(1 << 20..(1 << 20) + 512);
                std::thread::yield_now();
            }
            assert!(computing.join().is_err());
        });
        assert!(control.is_stopped() && collected.is_poisoned());
    }

    #[test]
    fn a_stop_in_a_hurry_keeps_whole_blocks_of_a_span() {
        let plan = plan("compound(constant(1000), uniform(0, 1))", Design::MonteCarlo);
        let shapes = shapes(&plan.program);
        let control = Control::default();
        let outcome = std::thread::scope(|scope| {
            scope.spawn(|| {
                while control.completed() < BLOCK as u64 {
                    std::thread::yield_now();
                }
                control.stop();
                control.hurry();
            });
            run(&plan, &shapes, 1 << 40, &pool(), &control)
        });
        let runs = outcome.runs.count();
        assert!(runs >= BLOCK as u64 && runs < 3 * crate::engine::SPAN, "{runs} runs");
        assert!(outcome.runs.ranges().iter().all(|range| range.end % BLOCK as u64 == 0));
        assert_eq!(outcome.tally.cells[0].count(), runs);
    }
}
