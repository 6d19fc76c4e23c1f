//! Published cases: scenarios whose results come from standards, textbooks, papers or exact theory.
//!
//! `tests/cases/README.md` says where each comes from and how `expected.json` is read. Tolerances are 5 standard errors
//! of 1e6 runs (a false alarm once in 1.7 million figures); for other numbers of runs they are multiplied by
//! √(1e6 / runs), except where they are 0. The total indices of `expected.json` need a second pass that this version
//! does not make; they are counted and left out.

mod common;

use std::fmt::Write as _;

use riskband::sampling::Design;
use serde_json::{Map, Value};

/// Runs of a case.
const RUNS: u64 = 1_000_000;

/// Leaves of a case compared, left out, and the worst of them.
#[derive(Default)]
struct Verdict {
    compared: usize,
    totals: usize,
    /// Deviation in units of the tolerance, and of what.
    worst: (f64, String),
    wrong: Vec<String>,
}

impl Verdict {
    /// Compares one figure with `{value, tolerance}`.
    fn leaf(&mut self, place: &str, leaf: &Map<String, Value>, found: Option<f64>) {
        let (value, tolerance) = (leaf["value"].as_f64().unwrap(), leaf["tolerance"].as_f64().unwrap());
        let Some(found) = found else {
            self.wrong.push(format!("{place}: not in the results"));
            return;
        };
        self.compared += 1;
        let deviation = (found - value).abs();
        let allowed = tolerance * (1e6 / RUNS as f64).sqrt();
        let units = match allowed {
            0.0 if deviation == 0.0 => 0.0,
            0.0 => f64::INFINITY,
            _ => deviation / allowed,
        };
        if units > self.worst.0 || self.worst.1.is_empty() {
            self.worst = (units, place.to_string());
        }
        if units.is_nan() || units > 1.0 {
            self.wrong
                .push(format!("{place}: {found} instead of {value} ± {allowed:.3e} ({units:.2} of it)"));
        }
    }

    /// Walks what is expected and what was found side by side.
    fn outputs(&mut self, place: &str, expected: &Value, found: &Value) {
        let Some(expected) = expected.as_object() else { panic!("{place}: not a table") };
        if expected.contains_key("tolerance") {
            return self.leaf(place, expected, found.as_f64());
        }
        for (key, part) in expected {
            self.outputs(&format!("{place}.{key}"), part, &found[key]);
        }
    }

    /// Compares the rows of the tornadoes.
    fn tornado(&mut self, expected: &Value, found: &Value) {
        for (output, inputs) in expected.as_object().into_iter().flatten() {
            for (input, fields) in inputs.as_object().unwrap() {
                let rows = found[output].as_array().into_iter().flatten();
                let row = rows.into_iter().find(|row| row["input"] == input.as_str());
                for (field, leaf) in fields.as_object().unwrap() {
                    if field == "total" {
                        self.totals += 1;
                        continue;
                    }
                    let place = format!("{output} by {input}, {field}");
                    self.leaf(&place, leaf.as_object().unwrap(), row.and_then(|row| row[field].as_f64()));
                }
            }
        }
    }
}

fn expected() -> Value {
    serde_json::from_str(&std::fs::read_to_string("tests/cases/expected.json").unwrap()).unwrap()
}

#[test]
fn published_results_are_met() {
    met(Design::MonteCarlo);
}

#[test]
fn published_results_are_met_by_a_latin_hypercube() {
    met(Design::Hypercube { runs: RUNS });
}

#[test]
fn published_results_are_met_by_scrambled_sobol_points() {
    met(Design::Sobol { runs: RUNS });
}

/// Compares every case under a design; a design other than Monte Carlo must do at least as well.
fn met(design: Design) {
    let expected = expected();
    let cases = expected["cases"].as_object().unwrap();
    assert_eq!(cases.len(), 15);
    let mut table = format!("{:<25} figures   worst, in tolerances\n", format!("case ({})", design.name()));
    let mut wrong = Vec::new();
    for (name, case) in cases {
        let scenario = common::file(format!("tests/cases/{}", case["scenario"].as_str().unwrap()));
        let found = common::json_of(&scenario, design, RUNS);
        let mut verdict = Verdict::default();
        for (output, part) in case["outputs"].as_object().unwrap() {
            verdict.outputs(output, part, &found["outputs"][output]);
        }
        verdict.tornado(&case["tornado"], &found["tornado"]);
        assert!(verdict.compared > 0, "{name}: nothing was compared");
        let left = if verdict.totals > 0 {
            format!("  ({} totals left out)", verdict.totals)
        } else {
            String::new()
        };
        writeln!(
            table,
            "{name:<25} {:>7}   {:.2} {}{left}",
            verdict.compared, verdict.worst.0, verdict.worst.1
        )
        .unwrap();
        wrong.extend(verdict.wrong.into_iter().map(|what| format!("{name}: {what}")));
    }
    println!("{table}");
    assert!(wrong.is_empty(), "{table}\n{}", wrong.join("\n"));
}

#[test]
fn a_figure_beyond_its_tolerance_is_noticed() {
    let leaf = |value: f64, tolerance: f64| serde_json::json!({ "value": value, "tolerance": tolerance });
    let mut verdict = Verdict::default();
    let widened = 0.1 * (1e6 / RUNS as f64).sqrt();
    verdict.outputs("near", &leaf(1.0, 0.1), &Value::from(1.0 + 0.99 * widened));
    verdict.outputs("exact", &leaf(3.0, 0.0), &Value::from(3.0));
    assert!(verdict.wrong.is_empty());
    verdict.outputs("far", &leaf(1.0, 0.1), &Value::from(1.0 + 1.01 * widened));
    verdict.outputs("not exact", &leaf(3.0, 0.0), &Value::from(3.000_001));
    verdict.outputs("missing", &leaf(3.0, 0.1), &Value::Null);
    assert_eq!(verdict.wrong.len(), 3, "{:?}", verdict.wrong);
}

#[test]
fn a_mean_that_does_not_exist_is_not_sold_as_converged() {
    let found = common::json(&common::file("tests/cases/cauchy_ratio.toml"), RUNS);
    for output in ["ratio", "student"] {
        let figures = &found["outputs"][output]["value"];
        assert_eq!(figures["unstable"], true, "{output}");
        assert!(figures["confidence"]["mean"].is_null() && figures["confidence"]["sd"].is_null(), "{output}");
        let median = figures["confidence"]["50"].as_array().unwrap();
        assert!(median[0].as_f64().unwrap() < 0.0 && 0.0 < median[1].as_f64().unwrap(), "{output}");
    }
    let tame = common::json(&common::file("tests/cases/black_scholes.toml"), 20_000);
    assert!(tame["outputs"]["stock"]["value"]["unstable"].is_null());
}
