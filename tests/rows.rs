//! Rows of data files: columns that stay together, frequencies, blocks along the years, ranks by value.
//!
//! Bounds are five standard errors; one comparison fails by chance once in 1.7 million seeds, and the seed is fixed.

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use common::assert_within;
use riskband::sampling::Design;
use riskband::scenario::{Scenario, load};

const RUNS: usize = 1 << 15;

/// Neither column rises with the rows, and no two rows share a value.
const ROWS: [(f64, f64); 5] = [(3.5, 10.0), (-1.0, 50.0), (2.0, 20.0), (2.25, 40.0), (10.0, 30.0)];

/// A scenario beside `history.csv` with columns `price` and `volume`, years 2025 to 2030.
fn scenario(text: &str) -> Scenario {
    let folder = tempfile::tempdir().unwrap();
    let rows: String = ROWS.iter().map(|(price, volume)| format!("{price},{volume}\n")).collect();
    fs::write(folder.path().join("history.csv"), format!("price,volume\n{rows}")).unwrap();
    let path = folder.path().join("scenario.toml");
    fs::write(&path, format!("[scenario]\nyears = [2025, 2030]\nseed = 8\n{text}\n")).unwrap();
    load(&path, &[]).unwrap_or_else(|failure| panic!("{failure:?}")).scenario
}

fn two(over: &str, dist: &str, options: &str) -> Scenario {
    scenario(&format!(
        "[inputs.p]\nover = [{over}]\ndist = \"{dist}(table('history.csv', 'price'){options})\"\nassumption = 'a'\n\
         [inputs.v]\nover = [{over}]\ndist = \"{dist}(table('history.csv', 'volume'){options})\"\nassumption = 'a'\n\
         [outputs.y]\nformula = 'p + v'\ntornado = true\n"
    ))
}

/// The row of the file, from 0, whose values these are.
#[track_caller]
fn row_of(price: f64, volume: f64) -> usize {
    ROWS.iter().position(|row| *row == (price, volume)).unwrap_or_else(|| panic!("no row {price}, {volume}"))
}

/// Rows of every run by year, out of columns that must be joint.
fn rows_by_year(columns: &BTreeMap<String, Vec<f64>>) -> Vec<Vec<usize>> {
    let year = |year: i32| {
        let (p, v) = (&columns[&format!("p[{year}]")], &columns[&format!("v[{year}]")]);
        p.iter().zip(v).map(|(&p, &v)| row_of(p, v)).collect()
    };
    (2025..=2030).map(year).collect()
}

#[track_caller]
fn is_fifth(what: &str, hits: usize, of: usize) {
    let error = (0.2 * 0.8 / of as f64).sqrt();
    assert_within(what, hits as f64 / of as f64, 0.2, error, 5.0);
}

#[test]
fn columns_of_a_file_are_drawn_by_rows_each_as_likely_as_any_other() {
    let columns = common::columns(RUNS, &two("", "bootstrap", ""));
    let rows: Vec<usize> = columns["p"].iter().zip(&columns["v"]).map(|(&p, &v)| row_of(p, v)).collect();
    for row in 0..ROWS.len() {
        is_fifth("row", rows.iter().filter(|found| **found == row).count(), RUNS);
    }
    let drawn: Vec<usize> = columns["history.csv row"].iter().map(|row| *row as usize - 1).collect();
    assert_eq!(drawn, rows);
}

#[test]
fn every_year_draws_a_row_of_its_own() {
    let rows = rows_by_year(&common::columns(RUNS, &two("'year'", "bootstrap", "")));
    for year in 1..6 {
        is_fifth("same row", rows[year].iter().zip(&rows[year - 1]).filter(|(a, b)| a == b).count(), RUNS);
    }
}

#[test]
fn blocks_are_rows_in_the_order_of_the_file_and_the_first_follows_the_last() {
    let rows = rows_by_year(&common::columns(RUNS, &two("'year'", "block_bootstrap", ", length = 4")));
    for year in 1..6 {
        let follows = |(now, before): &(&usize, &usize)| **now == (**before + 1) % ROWS.len();
        let hits = rows[year].iter().zip(&rows[year - 1]).filter(follows).count();
        if year % 4 == 0 { is_fifth("a new block", hits, RUNS) } else { assert_eq!(hits, RUNS) }
    }
    for row in 0..ROWS.len() {
        for year in &rows {
            is_fifth("row", year.iter().filter(|found| **found == row).count(), RUNS);
        }
    }
}

#[test]
fn a_second_column_leaves_the_draws_of_the_first_alone() {
    let alone = scenario(
        "[inputs.p]\ndist = \"bootstrap(table('history.csv', 'price'))\"\nassumption = 'a'\n[outputs.y]\nformula = 'p'",
    );
    assert_eq!(common::columns(RUNS, &alone)["p"], common::columns(RUNS, &two("", "bootstrap", ""))["p"]);
}

#[test]
fn elements_of_an_input_share_the_row_too() {
    let table = "{ a = \"bootstrap(table('history.csv', 'price'))\", b = \"bootstrap(table('history.csv', 'volume'))\" }";
    let scenario = scenario(&format!(
        "[axes]\nside = ['a', 'b']\n[inputs.x]\nover = ['side']\ndist = {table}\nassumption = 'a'\n\
         [outputs.y]\nformula = 'x'"
    ));
    let columns = common::columns(RUNS, &scenario);
    let found: BTreeSet<usize> =
        columns["x[a]"].iter().zip(&columns["x[b]"]).map(|(&p, &v)| row_of(p, v)).collect();
    assert_eq!(found.len(), ROWS.len());
}

#[test]
fn a_hypercube_draws_every_row_as_often() {
    let scenario = scenario(
        "[inputs.p]\ndist = \"bootstrap(table('history.csv', 'price'))\"\nassumption = 'a'\n\
         [outputs.low]\nformula = 'p < 0'\n[outputs.y]\nformula = 'p'",
    );
    let found = common::json_of(&scenario, Design::Hypercube { runs: 10_000 }, 10_000);
    assert_eq!(found["outputs"]["low"]["value"]["mean"], 0.2);
    let mean = found["outputs"]["y"]["value"]["mean"].as_f64().unwrap();
    assert!((mean - 3.35).abs() < 1e-12, "{mean}");
}

#[test]
fn the_tornado_ranks_rows_by_the_first_column_that_is_used() {
    let results = common::json(&two("", "bootstrap", ""), 40_000);
    let bars = results["tornado"]["y"].as_array().unwrap();
    assert_eq!(bars.len(), 1);
    let bar = |key: &str| bars[0][key].as_f64().unwrap();
    // All the variance; the lowest and the highest tenth are rows −1 and 10 of `price`.
    assert!((bar("first_order") - 1.0).abs() < 1e-3);
    assert_eq!((bar("low_value"), bar("high_value")), (-1.0, 10.0));
    assert_eq!((bar("low_mean"), bar("high_mean")), (49.0, 40.0));
    let alone = scenario(
        "[inputs.p]\ndist = \"bootstrap(table('history.csv', 'price'))\"\nassumption = 'a'\n\
         [outputs.y]\nformula = 'exp(p)'\ntornado = true",
    );
    let bar = &common::json(&alone, 40_000)["tornado"]["y"][0];
    assert!((bar["spearman"].as_f64().unwrap() - 1.0).abs() < 1e-3, "{bar}");
}

#[test]
fn a_tornado_of_one_input_shows_the_rows_that_another_one_draws_too() {
    let text = "tornado_inputs = ['v']\n\
         [inputs.p]\ndist = \"bootstrap(table('history.csv', 'price'))\"\nassumption = 'a'\n\
         [inputs.v]\ndist = \"bootstrap(table('history.csv', 'volume'))\"\nassumption = 'a'\n\
         [outputs.y]\nformula = 'p + v'\ntornado = true";
    let results = common::json(&scenario(text), 20_000);
    assert_eq!(results["tornado"]["y"][0]["input"], "history.csv row");
}
