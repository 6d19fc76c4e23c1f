//! Golden bits: what the scenarios of `tests/golden` gave when they were last written down.
//!
//! A change of these bits is a change of every user's results. They are renewed by
//! `RISKBAND_RENEW=1 cargo test --test golden`, and only in a commit whose subject says *changes values*.
//! `values` are f64 as hexadecimal bits, by run and name; `summary` is the SHA-256 of `summary.json` at 20,000 runs
//! with the version left out.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use riskband::engine::replay;
use riskband::report::summary_json;
use riskband::sampling::Design;
use riskband::scenario::Scenario;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// Runs written down: the first, both sides of a block's end, and one that needs more than 32 bits.
const RUNS: [u64; 5] = [0, 1, 511, 512, 5_000_000_000];

fn scenarios() -> Vec<PathBuf> {
    let entries = fs::read_dir("tests/golden").unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<PathBuf> =
        entries.filter(|path| path.extension().is_some_and(|extension| extension == "toml")).collect();
    found.sort();
    found
}

fn values(scenario: &Scenario) -> Value {
    let mut runs = Map::new();
    for run in RUNS {
        let values = replay(scenario, run, Design::MonteCarlo).unwrap();
        let hex = values.into_iter().map(|v| (v.name, json!(format!("{:016x}", v.value.to_bits()))));
        runs.insert(run.to_string(), Value::Object(hex.collect()));
    }
    Value::Object(runs)
}

fn digest(scenario: &Scenario) -> String {
    let mut summary = common::summary(scenario, 20_000);
    summary.facts.version = "";
    Sha256::digest(summary_json(&summary)).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn golden(path: &Path) -> Value {
    let scenario = common::file(path);
    json!({
        "about": "renewed only by a commit marked *changes values*",
        "values": values(&scenario),
        "summary": digest(&scenario),
    })
}

#[test]
fn the_bits_are_those_written_down() {
    let paths = scenarios();
    assert_eq!(paths.len(), 18);
    for path in paths {
        let kept = path.with_extension("json");
        let found = golden(&path);
        if std::env::var_os("RISKBAND_RENEW").is_some() {
            fs::write(&kept, serde_json::to_string_pretty(&found).unwrap() + "\n").unwrap();
            continue;
        }
        let expected: Value = serde_json::from_str(&fs::read_to_string(&kept).unwrap()).unwrap();
        for (run, values) in expected["values"].as_object().unwrap() {
            for (name, bits) in values.as_object().unwrap() {
                assert_eq!(found["values"][run][name], *bits, "{}: {name} in run {run}", path.display());
            }
        }
        assert_eq!(found, expected, "{}: names or figures of the summary changed", path.display());
    }
}

#[test]
fn every_family_is_among_them() {
    let text: String = scenarios().iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    for family in riskband::distribution::FAMILIES {
        assert!(text.contains(&format!("\"{}(", family.name)), "no golden bits of `{}`", family.name);
    }
}

#[test]
fn every_process_is_among_them() {
    let text: String = scenarios().iter().map(|path| fs::read_to_string(path).unwrap()).collect();
    for process in riskband::scenario::PROCESSES {
        assert!(
            text.contains(&format!("\"{}(", process.entry.name)),
            "no golden bits of `{}`",
            process.entry.name
        );
    }
}
