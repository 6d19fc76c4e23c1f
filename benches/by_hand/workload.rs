//! The whole of R1: runs, figures of every output, tornado.

use serde_json::{Map, Value, json};

use super::model::{CAGR, COLUMNS, Columns, INPUTS, MARKET_2026, MARKET_2031};
use super::statistics::{Ranked, Summary, influence};

/// Published size that `reaches_headline` asks for, USD bn.
const HEADLINE: f64 = 19.67;

/// Draws, evaluates and summarises; keys as in the reference file.
pub fn workload(runs: usize, seed: u64) -> Map<String, Value> {
    let columns = Columns::simulate(runs, seed);
    let mut results = Map::new();
    for (index, year) in (MARKET_2026..=MARKET_2031).zip(2026..) {
        let mut summary = Summary::of(&columns.values[index]).to_json();
        if index == MARKET_2031 {
            let reached = columns.values[index].iter().filter(|&&market| market >= HEADLINE).count();
            summary.insert("prob_ge_19.67".into(), json!(reached as f64 / runs as f64));
        }
        results.insert(format!("market.{year}"), Value::Object(summary));
    }
    results.insert("cagr".into(), Value::Object(Summary::of(&columns.values[CAGR]).to_json()));

    let market = Ranked::new(&columns.values[MARKET_2031]);
    for (name, column) in COLUMNS[..INPUTS].iter().zip(&columns.values) {
        results.insert(format!("tornado.{name}"), Value::Object(influence(column, &market).to_json()));
    }
    results
}
