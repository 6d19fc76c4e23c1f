//! The same bits: for any number of threads, any vector width, any length of a run, and beside any other input.

mod common;

use std::collections::HashMap;
use std::process::Command;

use riskband::analysis::summarise;
use riskband::engine::{self, Control, Plan, SPAN, replay};
use riskband::math::simd::Level;
use riskband::report::summary_json;
use riskband::sampling::Design;
use riskband::tally::RunSet;

/// A few spans, the last one begun and not filled.
const RUNS: &str = "50_000";

/// `summary.json` of a run of the binary.
fn summary_of(scenario: &str, arguments: &[&str], simd: Option<&str>) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_riskband"));
    command
        .args(["run", scenario, "--runs", RUNS, "--format", "json", "--quiet", "--out"])
        .arg(folder.path());
    command.args(arguments).env_remove("RISKBAND_SIMD");
    if let Some(level) = simd {
        command.env("RISKBAND_SIMD", level);
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    if let Some(level) = simd {
        let manifest = std::fs::read_to_string(folder.path().join("manifest.json")).unwrap();
        let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
        let used = manifest["simd"].as_str().unwrap();
        // A processor without the level that is asked for takes the best it has.
        let [used, asked] = [used, level].map(|name| Level::named(name).unwrap());
        assert!(used <= asked, "{used:?} was used instead of {asked:?}");
    }
    std::fs::read_to_string(folder.path().join("summary.json")).unwrap()
}

const SCENARIOS: [&str; 7] = [
    "tests/golden/copulas.toml",
    "tests/golden/dependence.toml",
    "tests/golden/families.toml",
    "tests/golden/frailties.toml",
    "tests/golden/sums.toml",
    "tests/golden/years.toml",
    "tests/reference/r1.toml",
];

/// Designs whose replicates end within blocks and spans.
const DESIGNED: [(&str, &str); 9] = [
    ("tests/golden/copulas.toml", "lhs"),
    ("tests/golden/copulas.toml", "sobol"),
    ("tests/golden/dependence.toml", "lhs"),
    ("tests/golden/dependence.toml", "sobol"),
    ("tests/golden/frailties.toml", "lhs"),
    ("tests/golden/frailties.toml", "sobol"),
    ("tests/golden/ties.toml", "lhs"),
    ("tests/reference/r1.toml", "lhs"),
    ("tests/golden/ties.toml", "sobol"),
];

#[test]
fn threads_change_nothing() {
    for (scenario, design) in SCENARIOS.map(|name| (name, "mc")).into_iter().chain(DESIGNED) {
        let arguments = |threads| ["--design", design, "--threads", threads];
        let one = summary_of(scenario, &arguments("1"), None);
        for threads in ["2", "3"] {
            let several = summary_of(scenario, &arguments(threads), None);
            assert_eq!(several, one, "{scenario}, {design}, {threads} threads");
        }
    }
}

#[test]
fn the_width_of_vectors_changes_nothing() {
    for (scenario, design) in SCENARIOS.map(|name| (name, "mc")).into_iter().chain(DESIGNED) {
        let arguments = ["--design", design];
        let base = summary_of(scenario, &arguments, Some("base"));
        for level in ["avx2", "avx512"] {
            assert_eq!(summary_of(scenario, &arguments, Some(level)), base, "{scenario}, {design}, {level}");
        }
    }
}

#[test]
fn another_seed_changes_every_figure_of_a_continuous_output() {
    let figures = |seed: &str| {
        let text = summary_of("tests/reference/r1.toml", &["--seed", seed], None);
        let summary: serde_json::Value = serde_json::from_str(&text).unwrap();
        let cell = &summary["outputs"]["market"]["2031"];
        [&cell["mean"], &cell["min"], &cell["percentiles"]["50"]].map(|value| value.as_f64().unwrap())
    };
    let (one, two) = (figures("1"), figures("2"));
    assert!(one.iter().zip(two).all(|(a, b)| *a != b), "{one:?} {two:?}");
}

#[test]
fn an_interrupted_run_equals_a_run_of_its_length() {
    let scenario = common::file("tests/golden/years.toml");
    let plan = Plan::new(&scenario).unwrap();
    let shapes = engine::shapes(&plan.program);
    let control = Control::default();
    let asked = 1_000_000_000_000;
    let mut interrupted = std::thread::scope(|scope| {
        scope.spawn(|| {
            while control.completed() < 2 * SPAN {
                std::thread::yield_now();
            }
            control.stop();
        });
        engine::run(&plan, &shapes, asked, &common::pool(), &control)
    });
    let runs = interrupted.runs.count();
    assert!(runs >= 2 * SPAN && runs < asked, "{runs} runs");
    assert_eq!(interrupted.runs, RunSet::of(0..runs));
    let whole = engine::run(&plan, &shapes, runs, &common::pool(), &Control::default());
    interrupted.asked = runs;
    let text = |outcome| summary_json(&summarise(&scenario, &plan, outcome));
    assert_eq!(text(&interrupted), text(&whole));
}

#[test]
fn the_pilot_does_not_depend_on_the_number_of_runs() {
    let shapes = |runs: u64| {
        let text = std::fs::read_to_string("tests/golden/families.toml").unwrap();
        let text = text.replace("[scenario]", &format!("[scenario]\nruns = {runs}"));
        let scenario = common::text(&text);
        assert_eq!(scenario.runs, runs);
        engine::shapes(&Plan::new(&scenario).unwrap().program)
    };
    assert_eq!(shapes(1), shapes(1_000_000_000));
}

/// Every value of a run by its name, as bits.
fn values(text: &str, run: u64) -> HashMap<String, u64> {
    let values = replay(&common::text(text), run, Design::MonteCarlo).unwrap();
    values.into_iter().map(|value| (value.name, value.value.to_bits())).collect()
}

const BASE: &str = "
[scenario]
seed = 7
years = [2025, 2027]
[axes]
region = ['north', 'south']
[inputs.a]
dist = 'normal(0, 1)'
assumption = 'an example'
[inputs.b]
over = ['region', 'year']
dist = 'gamma(2, 3)'
assumption = 'an example'
[inputs.c]
dist = 'pert(1, 2, 4)'
assumption = 'an example'
[inputs.n]
dist = 'poisson(abs(a))'
assumption = 'an example'
[[correlations]]
between = ['a', 'c']
rho = 0.6
[outputs.y]
formula = 'a + sum(b, region) + c + n'
";

#[test]
fn another_input_another_year_and_another_member_move_no_draw() {
    let first_input = "[inputs.early]\ndist = 'beta(2, 3)'\nassumption = 'an example'\n[inputs.a]";
    let wider = BASE
        .replace("[2025, 2027]", "[2025, 2030]")
        .replace("['north', 'south']", "['west', 'north', 'south']")
        .replace("[inputs.a]", first_input)
        .replace("a + sum", "early + a + sum");
    for run in [0, 1, 511, 512, 99_999] {
        let (base, wider) = (values(BASE, run), values(&wider, run));
        let inputs = base.iter().filter(|(name, _)| !name.starts_with('y'));
        let mut compared = 0;
        for (name, bits) in inputs {
            assert_eq!(wider.get(name), Some(bits), "{name} in run {run}");
            compared += 1;
        }
        assert_eq!(compared, 9);
        assert!(wider["y[2026]"] != base["y[2026]"], "the wider scenario computes nothing else");
    }
}

#[test]
fn a_draw_belongs_to_its_name() {
    let renamed = BASE.replace("[inputs.c]", "[inputs.d]").replace("'c'", "'d'").replace("+ c +", "+ d +");
    let (base, renamed) = (values(BASE, 5), values(&renamed, 5));
    assert_eq!(base["a"], renamed["a"]);
    assert_ne!(base["c"], renamed["d"]);
}

#[test]
fn a_replayed_run_is_the_run_itself() {
    let scenario = common::text(BASE);
    let runs = 600;
    let (plan, outcome) = common::outcome(&scenario, runs);
    let place = plan.program.cells.iter().position(|cell| cell.name == "y[2027]").unwrap();
    let tally = &outcome.tally.cells[place];
    let mut seen: Vec<f64> = (0..runs).map(|run| f64::from_bits(values(BASE, run)["y[2027]"])).collect();
    let mean = seen.iter().sum::<f64>() / runs as f64;
    assert!((tally.moments().mean.unwrap() - mean).abs() < 1e-12 * mean.abs());
    seen.sort_by(f64::total_cmp);
    assert_eq!(tally.extremes(), (seen[0], seen[seen.len() - 1]));
}
