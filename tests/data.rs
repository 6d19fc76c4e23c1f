//! Columns of data files as laws of inputs.

mod common;

use std::fs;

use common::assert_within;
use riskband::scenario::{Scenario, load};

/// A scenario of one input beside a file of data, in a folder of its own.
fn scenario(dist: &str, data: &str) -> (tempfile::TempDir, Scenario) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("history.csv"), data).unwrap();
    let text = format!(
        "[inputs.x]\ndist = \"{dist}\"\nassumption = 'a test'\n[outputs.y]\nformula = 'x'\ntornado = true\n"
    );
    let path = folder.path().join("scenario.toml");
    fs::write(&path, text).unwrap();
    let scenario = load(&path, &[]).unwrap().scenario;
    (folder, scenario)
}

const SAMPLE: &str =
    "\u{feff}\"month, of 2023\", price\r\n1, 3.5\r\n2, -1\r\n3, 2\r\n4, 2.25\r\n5, 1e1\r\n\r\n6, 7\r\n";

#[test]
fn every_row_is_as_likely_as_any_other() {
    let (_folder, scenario) = scenario("empirical(table('history.csv', 'price'))", SAMPLE);
    let runs = 60_000;
    let summary = common::summary(&scenario, runs);
    let cell = &summary.outputs[0].cells[0];
    let (mean, variance) = (3.958_333_333_333_333, 13.425_347_222_222_221_f64);
    assert_within("mean", cell.statistics.mean.unwrap(), mean, (variance / runs as f64).sqrt(), 5.0);
    // An output that is the input: all its variance, rank correlation 1, a bin for each value.
    let row = &summary.tornados[0].rows[0];
    assert!((row.first_order - 1.0).abs() < 1e-3 && (row.spearman - 1.0).abs() < 1e-3, "{row:?}");
}

#[test]
fn the_hash_is_one_of_the_data_too() {
    let (_one, first) = scenario("empirical(table('history.csv', 'price'))", SAMPLE);
    let (_other, second) =
        scenario("empirical(table('history.csv', 'price'))", &SAMPLE.replace("2.25", "2.5"));
    assert_ne!(first.hash, second.hash);
}

#[test]
fn an_override_may_name_data_beside_the_scenario() {
    let (folder, _) = scenario("constant(1)", SAMPLE);
    let set = "inputs.x.dist=empirical(table('history.csv', 'price'), smooth = true)".to_string();
    assert!(load(&folder.path().join("scenario.toml"), &[set]).is_ok());
}

#[test]
fn a_long_column_is_a_law_like_a_short_one() {
    let rows: String = (0..200_000).map(|k| format!("{}\n", f64::from(k) / 200_000.0)).collect();
    for dist in
        ["empirical(table('history.csv', 'u'))", "empirical(table('history.csv', 'u'), smooth = true)"]
    {
        let (_folder, scenario) = scenario(dist, &format!("u\n{rows}"));
        let summary = common::summary(&scenario, 100_000);
        let statistics = &summary.outputs[0].cells[0].statistics;
        assert_within("mean", statistics.mean.unwrap(), 0.5, (1.0 / 12.0 / 1e5_f64).sqrt(), 5.0);
        assert!((summary.tornados[0].rows[0].spearman - 1.0).abs() < 1e-3);
    }
}
