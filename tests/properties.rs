//! What holds of every scenario, tried on scenarios nobody wrote: random formulas, and good files with damage in them.

mod common;

use std::fs;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use riskband::engine::{Plan, replay};
use riskband::sampling::Design;
use riskband::scenario::{LoadFailure, load_text};

/// The same cases in every run of the tests.
fn config(cases: u32) -> Config {
    Config { cases, rng_seed: RngSeed::Fixed(2031), failure_persistence: None, ..Config::default() }
}

/// Texts of the scenarios that ship and of those the tests are made with.
fn texts() -> Vec<String> {
    let mut texts = Vec::new();
    for folder in ["scenarios", "scenarios/learn", "tests/golden", "tests/cases", "tests/reference"] {
        let entries = fs::read_dir(Path::new(folder)).unwrap().map(|entry| entry.unwrap().path());
        let mut paths: Vec<_> =
            entries.filter(|path| path.extension().is_some_and(|e| e == "toml")).collect();
        paths.sort();
        texts.extend(paths.iter().map(|path| fs::read_to_string(path).unwrap()));
    }
    texts
}

/// One injury of a text: its place as a share of the length, and what happens there.
#[derive(Clone, Debug)]
enum Damage {
    Delete(usize),
    Double(usize),
    Insert(&'static str),
}

fn damage() -> impl Strategy<Value = (f64, Damage)> {
    let words = [
        "(", ")", "[", "]", "\"", "'", "=", ",", "-", "^", "*", ".", "{", "}", "\n", "#", "0", "9", "1e999",
        " nan ", "previous", "sum(", "year", "if(", "normal(", "시장", "\u{301}", "é", "\\", "\\u0041", "\t",
        "\r", "[[", "and",
    ];
    let kind = prop_oneof![
        (1_usize..12).prop_map(Damage::Delete),
        (1_usize..40).prop_map(Damage::Double),
        prop::sample::select(words.to_vec()).prop_map(Damage::Insert),
    ];
    (0.0..1.0, kind)
}

fn damaged(text: &str, damages: &[(f64, Damage)]) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    for (share, damage) in damages {
        let at = (share * letters.len() as f64) as usize;
        match damage {
            Damage::Delete(length) => drop(letters.drain(at..letters.len().min(at + length))),
            Damage::Double(length) => {
                let piece = letters[at..letters.len().min(at + length)].to_vec();
                letters.splice(at..at, piece);
            }
            Damage::Insert(word) => drop(letters.splice(at..at, word.chars())),
        }
    }
    letters.into_iter().collect()
}

/// A formula over the inputs a, b and n, at most a few levels deep.
fn formula() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("a".to_string()),
        Just("b".to_string()),
        Just("n".to_string()),
        (-9_i32..10).prop_map(|k| format!("({})", f64::from(k) / 2.0)),
    ];
    leaf.prop_recursive(4, 24, 3, |inner| {
        let pair = (inner.clone(), inner.clone());
        let operators = ["+", "-", "*", "/", "^", "<", ">=", "==", "!=", "and", "or"];
        let functions =
            ["abs", "exp", "ln", "log10", "sqrt", "sin", "cos", "floor", "ceil", "round", "normal_cdf"];
        prop_oneof![
            (prop::sample::select(operators.to_vec()), pair.clone())
                .prop_map(|(op, (x, y))| format!("(({x}) {op} ({y}))")),
            (prop::sample::select(functions.to_vec()), inner.clone()).prop_map(|(f, x)| format!("{f}({x})")),
            pair.clone().prop_map(|(x, y)| format!("max({x}, {y})")),
            (pair.clone(), inner.clone()).prop_map(|((x, y), z)| format!("if({x}, {y}, {z})")),
            (pair, inner).prop_map(|((x, y), z)| format!("clamp({x}, {y}, {z})")),
        ]
    })
}

fn scenario_of(formula: &str) -> String {
    format!(
        "[scenario]
         seed = 3
         [inputs]
         a = {{ dist = 'normal(0, 3)', assumption = 'a' }}
         b = {{ dist = 'lognormal(median = 2, sigma = 0.7)', assumption = 'a' }}
         n = {{ dist = 'poisson(2)', assumption = 'a' }}
         [outputs]
         y = {{ formula = '{formula} + 0 * (a + b + n)', tornado = true }}"
    )
}

proptest! {
    #![proptest_config(config(1_000))]

    #[test]
    fn a_damaged_scenario_is_read_or_refused_at_a_place(
        which in any::<prop::sample::Index>(), damages in prop::collection::vec(damage(), 1..4)
    ) {
        let texts = texts();
        let text = damaged(which.get::<String>(&texts), &damages);
        let result = load_text("damaged.toml", &text, &[]);
        if let Ok(loaded) = &result {
            let plan = Plan::new(&loaded.scenario);
            prop_assert!(plan.is_ok(), "passed by the checker, then: {:?}\n{text}", plan.err());
        }
        if let Err(LoadFailure::Rejected { diagnostics, sources }) = result {
            prop_assert!(diagnostics.iter().any(|d| d.is_error()));
            for report in &diagnostics {
                prop_assert!(report.position().is_some(), "{}", report.message);
                let rendered = sources.render_plain(report);
                // Control characters that a formula holds are shown as pictures of themselves.
                let shown = report.message.chars().any(char::is_control) || rendered.contains(&report.message);
                prop_assert!(shown, "{:?} is not in\n{rendered}", report.message);
                prop_assert!(!rendered.contains('\u{1b}'), "{rendered:?}");
            }
        }
    }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn figures_of_any_formula_keep_their_order(formula in formula()) {
        const RUNS: u64 = 3_000;
        let scenario = common::text(&scenario_of(&formula));
        let summary = common::summary(&scenario, RUNS);
        let s = &summary.outputs[0].cells[0].statistics;
        prop_assert_eq!(s.count + s.non_finite.count, RUNS);
        if let (Some(min), Some(max)) = (s.min, s.max) {
            let mut last = min;
            for p in &s.percentiles {
                prop_assert!(last <= p.value && p.value <= max, "p{}: {} after {last}, max {max}", p.level, p.value);
                if let Some(interval) = p.interval {
                    prop_assert!(interval.low <= p.value && p.value <= interval.high, "{p:?}");
                }
                last = p.value;
            }
            if let (Some(mean), Some(sd)) = (s.mean, s.sd) {
                let slack = 1e-9 * (min.abs() + max.abs());
                prop_assert!(min - slack <= mean && mean <= max + slack, "{min} {mean} {max}");
                prop_assert!((0.0..=0.5 * (max - min) + slack).contains(&sd), "{min} {sd} {max}");
            }
        }
        if let Some(run) = s.non_finite.first_run {
            let value = |run| replay(&scenario, run, Design::MonteCarlo).unwrap().into_iter().find(|v| v.name == "y").unwrap().value;
            prop_assert!(!value(run).is_finite());
            prop_assert!(run == 0 || value(run - 1).is_finite());
        }
        for row in summary.tornados.iter().flat_map(|tornado| &tornado.rows) {
            // Of a constant there is no correlation.
            prop_assert!(row.spearman.abs() <= 1.0 || s.min == s.max, "{row:?}");
            // A class of the input that no finite value falls into has no mean.
            let all_met = row.class_means.iter().all(|mean| mean.is_finite());
            prop_assert!(row.swing.is_finite() || !all_met, "{row:?}");
            prop_assert!(row.low_value <= row.high_value && row.reach >= 0.0, "{row:?}");
        }
        let text = riskband::report::summary_json(&summary);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
    }
}
