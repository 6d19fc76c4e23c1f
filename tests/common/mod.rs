//! What several test files need: a scenario simulated in process, and figures compared with k standard errors.
#![allow(dead_code, reason = "each test file uses a part of it")]

pub mod program;

use std::collections::BTreeMap;
use std::path::Path;

use riskband::analysis::{Summary, summarise};
use riskband::distribution::Law;
use riskband::engine::{self, Control, Outcome, Plan};
use riskband::program::DrawLaw;
use riskband::program::{BLOCK, Machine, Program, Scope};
use riskband::sampling::Design;
use riskband::scenario::{LoadFailure, Loaded, Scenario, load, load_text};

/// A scenario file that must load without a word.
#[track_caller]
pub fn file(path: impl AsRef<Path>) -> Scenario {
    flawless(load(path.as_ref(), &[]))
}

/// The text of a scenario that must load without a word.
#[track_caller]
pub fn text(text: &str) -> Scenario {
    flawless(load_text("test.toml", text, &[]))
}

#[track_caller]
fn flawless(result: Result<Loaded, LoadFailure>) -> Scenario {
    let (said, sources) = match result {
        Ok(loaded) if loaded.warnings.is_empty() => return loaded.scenario,
        Ok(loaded) => (loaded.warnings, loaded.sources),
        Err(LoadFailure::Rejected { diagnostics, sources }) => (diagnostics, sources),
        Err(LoadFailure::Unreadable { path, error }) => panic!("{}: {error}", path.display()),
    };
    panic!("{}", said.iter().map(|d| sources.render_plain(d)).collect::<Vec<_>>().join("\n"))
}

/// A scenario of one input `x` with this law and one output, `x` itself.
#[track_caller]
pub fn one_input(dist: &str) -> Scenario {
    text(&format!(
        "[inputs]\nx = {{ dist = '{dist}', assumption = 'a' }}\n[outputs]\ny = {{ formula = 'x', tornado = false }}"
    ))
}

/// The law of a `dist` string with fixed parameters.
#[track_caller]
pub fn law(dist: &str) -> Law {
    let program = Plan::new(&one_input(dist)).unwrap().program;
    let DrawLaw::Fixed { law, .. } = &program.draws[0].law else { panic!("`{dist}` has fixed parameters") };
    law.clone()
}

/// A pool of two threads.
pub fn pool() -> rayon::ThreadPool {
    rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap()
}

/// The tally of a scenario's first `runs` runs, with the plan it belongs to.
pub fn outcome(scenario: &Scenario, runs: u64) -> (Plan, Outcome) {
    outcome_of(scenario, Design::MonteCarlo, runs)
}

/// The tally of all runs of a design.
pub fn outcome_of(scenario: &Scenario, design: Design, runs: u64) -> (Plan, Outcome) {
    let plan = Plan::of_design(scenario, design).unwrap();
    let shapes = engine::shapes(&plan.program);
    let outcome = engine::run(&plan, &shapes, runs, &pool(), &Control::default());
    assert_eq!(outcome.runs.count(), runs);
    (plan, outcome)
}

/// The results of a scenario's first `runs` runs.
pub fn summary(scenario: &Scenario, runs: u64) -> Summary {
    let (plan, outcome) = outcome(scenario, runs);
    summarise(scenario, &plan, &outcome)
}

/// The results as `summary.json` has them.
pub fn json(scenario: &Scenario, runs: u64) -> serde_json::Value {
    json_of(scenario, Design::MonteCarlo, runs)
}

/// The results of all runs of a design, as `summary.json` has them.
pub fn json_of(scenario: &Scenario, design: Design, runs: u64) -> serde_json::Value {
    let (plan, outcome) = outcome_of(scenario, design, runs);
    let summary = summarise(scenario, &plan, &outcome);
    serde_json::from_str(&riskband::report::summary_json(&summary)).unwrap()
}

/// Columns of all cells of a scenario in runs 0 … `runs` − 1, a multiple of the block, by name.
pub fn columns(runs: usize, scenario: &Scenario) -> BTreeMap<String, Vec<f64>> {
    let program = Program::compile(scenario, Scope::Everything).unwrap();
    let mut machine = Machine::new(&program, &[]);
    let mut columns = vec![Vec::with_capacity(runs); program.cells.len()];
    for first in (0..runs as u64).step_by(BLOCK) {
        machine
            .run(first, 0..BLOCK, &mut |cell: usize, values: &[f64]| columns[cell].extend_from_slice(values));
    }
    program.cells.iter().map(|cell| cell.name.clone()).zip(columns).collect()
}

/// Panics unless `estimate` lies within `k` standard errors of `expected`; gives the distance in standard errors.
#[track_caller]
pub fn assert_within(what: &str, estimate: f64, expected: f64, standard_error: f64, k: f64) -> f64 {
    let z = (estimate - expected) / standard_error;
    assert!(z.abs() <= k, "{what}: {estimate} is {z:.2} standard errors ({standard_error}) from {expected}");
    z
}
