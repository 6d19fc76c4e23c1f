//! Once a thread's machine and tally have seen a few blocks, evaluating and tallying more runs allocates nothing.
//!
//! Counted is every allocation of the one thread that simulates: twenty spans of a long simulation must make as many as
//! four, whatever machine, tally and the pool itself need. The simulation is long so that its digests are few: they are
//! never more than 4,096, but a short simulation has one for each block. The one exception grows with the logarithm of the values,
//! not with the runs: where a value lies further out than any before, the window of counters of a quantile sketch is
//! replaced by one of more pages. Such an allocation is known by its size, and there may be four for each cell, two
//! for each width of its counters.
#![allow(unsafe_code, reason = "an allocator that counts can only be written so")]

use std::alloc::{self, GlobalAlloc, System};
use std::cell::Cell;
use std::sync::Mutex;

use rayon::ThreadPool;

use riskband::engine::{self, Collected, Control, Layout, Plan, SPAN, Work};
use riskband::tally::{RunSet, Shape};

mod common;

/// The system's allocator, which counts what each thread asks of it.
struct Counting;

/// Allocations of a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Count {
    /// Of whole pages of a sketch's window.
    pages: usize,
    others: usize,
}

/// Bytes of a page of a sketch's window: 2,048 counters of 16 bits; those of 32 bits take two.
const PAGE: usize = 2048 * 2;

thread_local! {
    static COUNT: Cell<Count> = const { Cell::new(Count { pages: 0, others: 0 }) };
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: every call goes to `System` with the arguments it came with. The counter of a thread is a number that needs
// neither memory nor a destructor, so that counting does not allocate.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: alloc::Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: as promised by the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: alloc::Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: as promised by the caller.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: alloc::Layout, size: usize) -> *mut u8 {
        count(size);
        // SAFETY: as promised by the caller.
        unsafe { System.realloc(memory, layout, size) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: alloc::Layout) {
        // SAFETY: as promised by the caller.
        unsafe { System.dealloc(memory, layout) }
    }
}

fn count(size: usize) {
    let Count { pages, others } = COUNT.get();
    COUNT.set(if size.is_multiple_of(PAGE) {
        Count { pages: pages + 1, others }
    } else {
        Count { pages, others: others + 1 }
    });
}

/// Of the simulation whose first spans are computed.
const RUNS: u64 = 1_000_000_000;

/// What the pool's only thread allocates during so many spans.
fn allocations(plan: &Plan, shapes: &[Shape], spans: u64, pool: &ThreadPool) -> Count {
    let collected = Mutex::new(Collected::empty(Layout::new(plan.design, RUNS)));
    let runs = RunSet::of(0..spans * SPAN);
    let before = pool.install(|| COUNT.get());
    engine::collect(plan, shapes, &Work::of(&runs), pool, &Control::default(), &collected);
    let after = pool.install(|| COUNT.get());
    assert_eq!(collected.into_inner().unwrap().runs, runs);
    Count { pages: after.pages - before.pages, others: after.others - before.others }
}

#[test]
fn more_runs_need_no_more_allocations() {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let sums = "[inputs]
        x = { dist = 'compound(poisson(3), gamma(2, 1), limit = 4)', assumption = 'a test' }
        noise = { dist = 'normal(0, 1)', assumption = 'without atoms, whose bins keep their extremes in a map' }
        [outputs.y]
        formula = 'x + noise'";
    for (file, scenario) in [
        ("r1.toml", common::file("tests/reference/r1.toml")),
        ("cell-gene-2031.toml", common::file("scenarios/cell-gene-2031.toml")),
        ("sums of events", common::text(sums)),
    ] {
        let plan = Plan::new(&scenario).unwrap();
        let shapes = engine::shapes(&plan.program);
        let few = allocations(&plan, &shapes, 4, &pool);
        let many = allocations(&plan, &shapes, 20, &pool);
        // A thread that is not counted would allocate nothing at all.
        assert!(few.others > plan.program.draws.len(), "{file}: {few:?}");
        assert_eq!(many.others, few.others, "{file}: allocations of 20 and of 4 spans");
        let windows = many.pages - few.pages;
        assert!(windows <= 4 * plan.program.cells.len(), "{file}: {windows} more windows");
    }
}
