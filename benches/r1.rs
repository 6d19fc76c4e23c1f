//! The reference workload R1 as a whole, riskband beside the same model written by hand, on one and two threads.
//!
//! Before anything is timed both sides are held against the exact values: no figure of either may lie further than
//! five standard errors from its reference. Timed is everything from the model to the figures: for riskband reading
//! the scenario, compiling it, the pilot, the runs and the summary; for the program by hand building its laws, the
//! runs and the figures. riskband reports more than is compared (2025, intervals, the yearly inputs in the tornado);
//! the program by hand leaves that out, to its advantage. `benches/peers/compare.sh` compares whole processes.

#![allow(
    clippy::disallowed_methods,
    reason = "the program by hand uses the platform's mathematics, as such a program would"
)]

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use rayon::{ThreadPool, ThreadPoolBuilder};
use serde_json::{Map, Value, json};

use riskband::analysis::{Statistics, Summary, summarise};
use riskband::engine::{self, Control, Plan};
use riskband::report::summary_json;
use riskband::scenario::{Convention, load_text};

#[path = "by_hand/model.rs"]
mod model;
#[path = "by_hand/reference.rs"]
mod reference;
#[path = "by_hand/statistics.rs"]
mod statistics;
#[path = "by_hand/workload.rs"]
mod workload;

const RUNS: u64 = 1_000_000;
const SEED: u64 = 1;

/// From the scenario's text to its figures.
fn riskband(pool: &ThreadPool) -> Summary {
    pool.install(|| {
        let text = include_str!("../tests/reference/r1.toml");
        let mut scenario = load_text("r1.toml", text, &[]).expect("R1 has no mistake").scenario;
        scenario.seed = SEED;
        let plan = Plan::new(&scenario).expect("a checked scenario compiles");
        let shapes = engine::shapes(&plan.program);
        let outcome = engine::run(&plan, &shapes, RUNS, pool, &Control::default());
        summarise(&scenario, &plan, &outcome)
    })
}

fn by_hand(pool: &ThreadPool) -> Map<String, Value> {
    pool.install(|| workload::workload(RUNS as usize, SEED))
}

/// riskband's figures under the keys of the reference.
fn by_key(summary: &Summary) -> Map<String, Value> {
    let mut results = Map::new();
    for cell in summary.outputs.iter().flat_map(|output| &output.cells) {
        results.insert(plain(&cell.name), figures(&cell.statistics));
    }
    if let Some(reached) = results.remove("reaches_headline")
        && let Some(Value::Object(market)) = results.get_mut("market.2031")
    {
        market.insert("prob_ge_19.67".into(), reached["mean"].clone());
    }
    for row in summary.tornados.iter().flat_map(|tornado| &tornado.rows) {
        let influence = json!({
            "spearman": row.spearman,
            "mean_lowest_decile": row.low_mean,
            "mean_highest_decile": row.high_mean,
            "sobol_first_order": row.first_order,
        });
        let name = plain(&row.input);
        results.insert(format!("tornado.{}", name.strip_prefix("impact.").unwrap_or(&name)), influence);
    }
    results
}

/// `market[2031]` as `market.2031`.
fn plain(name: &str) -> String {
    name.replace('[', ".").replace(']', "")
}

fn figures(statistics: &Statistics) -> Value {
    let mut figures = Map::new();
    figures.insert("mean".into(), json!(statistics.mean));
    figures.insert("sd".into(), json!(statistics.sd));
    figures.insert("skewness".into(), json!(statistics.skewness));
    figures.insert("excess_kurtosis".into(), json!(statistics.excess_kurtosis));
    for percentile in &statistics.percentiles {
        figures.insert(format!("p{}", percentile.level), json!(percentile.value));
    }
    for mean in &statistics.tail_means {
        let name = mean.name(Convention::Below).replace('_', "_p");
        figures.insert(format!("tail_mean_{name}"), json!(mean.value));
    }
    Value::Object(figures)
}

fn holds(who: &str, results: &Map<String, Value>) {
    let check = reference::check(results, RUNS as usize)
        .unwrap_or_else(|missing| panic!("{who} does not report what is compared: {missing}"));
    println!(
        "{who}: {} figures within {:.2} standard errors of their references, {} furthest",
        check.comparisons, check.largest_z, check.at
    );
    assert!(check.largest_z <= reference::LIMIT, "{who}: {} is too far from its reference", check.at);
}

fn r1(criterion: &mut Criterion) {
    let pools = [1, 2].map(|threads| {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build();
        pool.expect("the threads of a bench can be started")
    });
    let summaries = pools.each_ref().map(riskband);
    assert_eq!(summary_json(&summaries[0]), summary_json(&summaries[1]), "threads change the result");
    holds("riskband", &by_key(&summaries[0]));
    holds("by hand", &by_hand(&pools[1]));

    let mut group = criterion.benchmark_group("R1, 1e6 runs");
    group.throughput(Throughput::Elements(RUNS));
    group.sample_size(10);
    for pool in &pools {
        let threads = match pool.current_num_threads() {
            1 => "1 thread".to_string(),
            threads => format!("{threads} threads"),
        };
        group.bench_with_input(BenchmarkId::new("riskband", &threads), pool, |bencher, pool| {
            bencher.iter(|| black_box(riskband(pool)))
        });
        group.bench_with_input(BenchmarkId::new("by hand", &threads), pool, |bencher, pool| {
            bencher.iter(|| black_box(by_hand(pool)))
        });
    }
    group.finish();
}

criterion_group!(benches, r1);
criterion_main!(benches);
