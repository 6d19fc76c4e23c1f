//! What a simulation of many cells takes: the estimate that `check` and `run` give, beside what the allocator is asked for.
#![allow(unsafe_code, reason = "an allocator that counts can only be written so")]

use std::alloc::{self, GlobalAlloc, System};
use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use riskband::analysis::summarise_whole;
use riskband::engine::{self, Control, Outcome, Plan};
use riskband::report;
use riskband::scenario::Scenario;

mod common;

/// The system's allocator, which knows the bytes in use and the most there were.
struct Counting;

static IN_USE: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

#[global_allocator]
static ALLOCATOR: Counting = Counting;

// SAFETY: every call goes to `System` with the arguments it came with.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: alloc::Layout) -> *mut u8 {
        let in_use = IN_USE.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(in_use, Ordering::Relaxed);
        // SAFETY: as promised by the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: alloc::Layout) {
        IN_USE.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as promised by the caller.
        unsafe { System.dealloc(memory, layout) }
    }
}

/// What the estimate allows for the program and its stacks, of which the allocator knows nothing.
const PROCESS: usize = 16 << 20;

/// A scenario with so many reported cells, each a normal variable.
fn cells(count: usize) -> Scenario {
    let mut members = String::new();
    (0..count).for_each(|member| write!(members, "'m{member}', ").unwrap());
    common::text(&format!(
        "[axes]\nmember = [{members}]\n[inputs]\nx = {{ dist = 'normal(0, 1)', assumption = 'a test' }}\n\
         level = {{ over = ['member'], dist = 'constant(3)', assumption = 'a test' }}\n\
         [outputs.y]\nformula = 'x * level'\n"
    ))
}

fn outcome(scenario: &Scenario, plan: &Plan, runs: u64, threads: usize) -> Outcome {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let shapes = pool.install(|| engine::shapes(&plan.program));
    assert_eq!(scenario.outputs.len(), 1);
    engine::run(plan, &shapes, runs, &pool, &Control::default())
}

#[test]
fn memory_is_as_it_was_estimated() {
    // In one test: what others allocate at the same time would count.
    for (count, runs) in [(400, 20_000), (1200, 1000), (1200, 20_000)] {
        let scenario = cells(count);
        let plan = Plan::new(&scenario).unwrap();
        for threads in [1, 2] {
            let before = IN_USE.load(Ordering::Relaxed);
            MOST.store(before, Ordering::Relaxed);
            let summary = summarise_whole(&scenario, &plan, outcome(&scenario, &plan, runs, threads));
            let texts = [report::bands_csv(&summary), report::summary_json(&summary)];
            let found = (MOST.load(Ordering::Relaxed) + PROCESS) as f64;
            drop((summary, texts));
            let estimated = engine::memory(&plan, runs, threads) as f64;
            let ratio = estimated / found;
            assert!(
                (1.0 / 1.3..1.3).contains(&ratio),
                "{count} cells, {runs} runs, {threads} threads: {estimated} for {found}"
            );
        }
    }
    // Values that are handed over before they are counted are counted as others are.
    let scenario = cells(3000);
    let plan = Plan::new(&scenario).unwrap();
    let alone = outcome(&scenario, &plan, 40_000, 1);
    let together = outcome(&scenario, &plan, 40_000, 3);
    assert!(alone.tally == together.tally, "three threads do not give the tally of one");
    let few = cells(2);
    let plan = Plan::new(&few).unwrap();
    assert!(
        outcome(&few, &plan, 40_000, 1).tally.cells[..] == alone.tally.cells[2998..],
        "cells of one kind differ"
    );
}
