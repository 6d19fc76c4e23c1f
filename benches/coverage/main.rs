//! How often the printed 95 % intervals hold the true value: the table of `docs/methods.md#coverage`.
//!
//!     cargo bench --bench coverage -- [DESIGN…] [--seeds 1000] [--runs 2000,20000] [--levels]
//!
//! Every output has a law in closed form. A figure counts where its interval is printed; beside the share of intervals
//! that hold the truth stands how many were printed, where that is not all. With `--levels` every percentile has a column
//! of its own; without, the least and the greatest share of all percentiles stand in one.

#[path = "truths.rs"]
mod truths;

use std::collections::BTreeMap;

use riskband::analysis::{Interval, Statistics, summarise};
use riskband::engine::{self, Control, Plan};
use riskband::sampling::Design;
use riskband::scenario::{Convention, Scenario, load_text};
use truths::{MODEL, Truth, truths};

/// Intervals seen of one figure.
#[derive(Clone, Copy, Default)]
struct Seen {
    printed: u32,
    holds: u32,
}

/// By output, in order, and by figure.
type Table = Vec<(String, BTreeMap<String, Seen>)>;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let value = |name: &str, usual: &str| {
        let place = arguments.iter().position(|argument| argument == name);
        place.and_then(|place| arguments.get(place + 1)).map_or(usual, String::as_str).to_string()
    };
    if arguments.iter().any(|argument| argument == "--test") {
        return;
    }
    let seeds: u64 = value("--seeds", "1000").parse().expect("a number of seeds");
    let runs: Vec<u64> = value("--runs", "2000,20000")
        .split(',')
        .map(|runs| runs.parse().expect("a number of runs"))
        .collect();
    let asked = |design: &&&str| arguments.iter().any(|argument| argument == **design);
    let all = ["mc", "lhs", "sobol"];
    let some: Vec<&str> = all.iter().filter(asked).copied().collect();
    let designs = if some.is_empty() { all.to_vec() } else { some };
    for design in designs {
        for &runs in &runs {
            let table = table(design, runs, seeds);
            print(design, runs, seeds, &table, arguments.iter().any(|argument| argument == "--levels"));
        }
    }
}

fn table(design: &str, runs: u64, seeds: u64) -> Table {
    let mut scenario = load_text("coverage.toml", MODEL, &[]).expect("the model has no mistake").scenario;
    let truths = truths(&scenario.outputs[0].levels);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let mut table: Table = truths.iter().map(|truth| (truth.output.to_string(), BTreeMap::new())).collect();
    for seed in 1..=seeds {
        scenario.seed = seed;
        let design = Design::named(design, runs).expect("a design");
        add(&scenario, design, runs, &pool, &truths, &mut table);
    }
    table
}

fn add(
    scenario: &Scenario,
    design: Design,
    runs: u64,
    pool: &rayon::ThreadPool,
    truths: &[Truth],
    table: &mut Table,
) {
    let plan = Plan::of_design(scenario, design).expect("a checked scenario compiles");
    let shapes = engine::shapes(&plan.program);
    let outcome = engine::run(&plan, &shapes, runs, pool, &Control::default());
    let summary = summarise(scenario, &plan, &outcome);
    for ((output, truth), (_, row)) in summary.outputs.iter().zip(truths).zip(table) {
        assert_eq!(output.name, truth.output);
        for (figure, interval, exact) in figures(&output.cells[0].statistics, truth) {
            let seen = row.entry(figure).or_default();
            if let Some(interval) = interval {
                seen.printed += 1;
                seen.holds += u32::from(interval.low <= exact && exact <= interval.high);
            }
        }
    }
}

/// Every figure with its interval and what is exact.
fn figures(s: &Statistics, truth: &Truth) -> Vec<(String, Option<Interval>, f64)> {
    let mut figures = vec![("mean".to_string(), s.mean_interval, truth.mean)];
    if truth.is_probability {
        return figures;
    }
    figures.push(("sd".to_string(), s.sd_interval, truth.sd));
    for (percentile, &exact) in s.percentiles.iter().zip(&truth.percentiles) {
        figures.push((format!("p{:>5}", percentile.level), percentile.interval, exact));
    }
    for (mean, &exact) in s.tail_means.iter().zip(&truth.tail_means) {
        figures.push((format!("tail {}", mean.name(Convention::Below)), mean.interval, exact));
    }
    figures
}

fn print(design: &str, runs: u64, seeds: u64, table: &Table, levels: bool) {
    let text = |seen: Seen| match seen {
        Seen { printed: 0, .. } => "–".to_string(),
        Seen { printed, holds } => {
            let share = 100.0 * f64::from(holds) / f64::from(printed);
            let all = u64::from(printed) == seeds;
            let of = if all {
                String::new()
            } else {
                format!(" of {:.0} %", 100.0 * f64::from(printed) / seeds as f64)
            };
            format!("{share:.1}{of}")
        }
    };
    println!("\n{design}, {runs} runs, {seeds} seeds");
    for (output, figures) in table {
        let (percentiles, others): (Vec<_>, Vec<_>) =
            figures.iter().partition(|(name, _)| name.starts_with('p'));
        let mut cells: Vec<String> =
            others.iter().map(|(name, seen)| format!("{name} {}", text(**seen))).collect();
        if levels {
            cells.extend(percentiles.iter().map(|(name, seen)| format!("{name} {}", text(**seen))));
        } else if !percentiles.is_empty() {
            let share = |seen: &&Seen| f64::from(seen.holds) / f64::from(seen.printed);
            let mut seen: Vec<Seen> =
                percentiles.iter().map(|(_, seen)| **seen).filter(|seen| seen.printed > 0).collect();
            seen.sort_by(|a, b| share(&a).total_cmp(&share(&b)));
            cells.extend(seen.first().map(|least| format!("percentiles {}", text(*least))));
            cells.extend(seen.last().map(|most| format!("to {}", text(*most))));
        }
        println!("| {output} | {} |", cells.join(" | "));
    }
}
