//! How often the printed 95 % intervals hold the true value: the table of `docs/methods.md#coverage`.
//!
//!     cargo bench --bench coverage -- [DESIGN…] [--seeds 1000] [--runs 2000,20000] [--levels]
//!
//! Every output has a law in closed form. A figure counts where its interval is printed; in brackets stands in how many
//! per cent of the seeds that was, where it was not in all. Of percentiles and tail means the least and the greatest
//! share stand in the table; with `--levels` follows a line a figure. What is printed in less than one seed of twenty has
//! no share: among so few the seeds that lack what is withheld stand out.

#[path = "truths.rs"]
mod truths;

use riskband::analysis::{Interval, Statistics, summarise};
use riskband::engine::{self, Control, Plan};
use riskband::sampling::Design;
use riskband::scenario::{Convention, Scenario, load_text};
use truths::{MODEL, Truth, truths};

/// Columns of the table, and what the names of their figures begin with.
const COLUMNS: [(&str, &str); 4] =
    [("mean, or probability", "mean"), ("sd", "sd"), ("percentiles", "p"), ("tail means", "tail")];
/// Share of the seeds in which a figure must be printed for its share of intervals to be told.
const LEAST: f64 = 0.05;

/// Intervals seen of one figure.
struct Seen {
    figure: String,
    printed: u32,
    holds: u32,
}

/// By output, in order.
type Table = Vec<(String, Vec<Seen>)>;

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
        let tables: Vec<(u64, Table)> = runs.iter().map(|&runs| (runs, table(design, runs, seeds))).collect();
        print!("{}", markdown(design, seeds, &tables));
        if arguments.iter().any(|argument| argument == "--levels") {
            tables.iter().for_each(|(runs, table)| print!("{}", levels(*runs, table)));
        }
    }
}

fn table(design: &str, runs: u64, seeds: u64) -> Table {
    let mut scenario = load_text("coverage.toml", MODEL, &[]).expect("the model has no mistake").scenario;
    let truths = truths(&scenario.outputs[0].levels);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread");
    let mut table: Table = truths.iter().map(|truth| (truth.output.to_string(), Vec::new())).collect();
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
        for (place, (figure, interval, exact)) in
            figures(&output.cells[0].statistics, truth).into_iter().enumerate()
        {
            if row.len() <= place {
                row.push(Seen { figure, printed: 0, holds: 0 });
            }
            if let Some(interval) = interval {
                row[place].printed += 1;
                row[place].holds += u32::from(interval.low <= exact && exact <= interval.high);
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
        figures.push((format!("p{}", percentile.level), percentile.interval, exact));
    }
    for (mean, &exact) in s.tail_means.iter().zip(&truth.tail_means) {
        figures.push((format!("tail {}", mean.name(Convention::Below)), mean.interval, exact));
    }
    figures
}

/// A table as it stands in the documentation.
fn markdown(design: &str, seeds: u64, tables: &[(u64, Table)]) -> String {
    let name = match design {
        "mc" => "Independent runs (`mc`)",
        "lhs" => "Latin hypercube (`lhs`)",
        _ => "Sobol' points (`sobol`)",
    };
    let headings: Vec<&str> = COLUMNS.iter().map(|(heading, _)| *heading).collect();
    let mut text = format!("{name}, per cent of the intervals over {} seeds:\n\n", grouped(seeds));
    text.push_str(&format!(
        "| output | runs | {} |\n|---|---|{}\n",
        headings.join(" | "),
        "---|".repeat(COLUMNS.len())
    ));
    let outputs = tables.first().map_or(0, |(_, table)| table.len());
    for place in 0..outputs {
        for (runs, table) in tables {
            let (output, figures) = &table[place];
            let cells = COLUMNS.map(|(_, start)| {
                let of: Vec<&Seen> = figures.iter().filter(|seen| seen.figure.starts_with(start)).collect();
                cell(&of, seeds)
            });
            text.push_str(&format!(
                "| {} | {} | {} |\n",
                output.replace('_', " "),
                grouped(*runs),
                cells.join(" | ")
            ));
        }
    }
    text.push('\n');
    text
}

/// Least and greatest share of the figures of a column, and in how many per cent of the seeds they were printed.
fn cell(figures: &[&Seen], seeds: u64) -> String {
    let range = |shares: &[f64], decimals: usize| {
        let least = shares.iter().copied().fold(f64::INFINITY, f64::min);
        let most = shares.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let [least, most] = [least, most].map(|share| format!("{:.*}", decimals, 100.0 * share));
        if least == most { least } else { format!("{least}–{most}") }
    };
    let printed: Vec<f64> = figures.iter().map(|seen| f64::from(seen.printed) / seeds as f64).collect();
    let told: Vec<f64> = figures
        .iter()
        .zip(&printed)
        .filter(|(_, printed)| **printed >= LEAST)
        .map(|(seen, _)| f64::from(seen.holds) / f64::from(seen.printed))
        .collect();
    let often = range(&printed, 0);
    match (figures.is_empty(), told.is_empty()) {
        (true, _) => String::new(),
        (false, true) => format!("– ({often})"),
        (false, false) if often == "100" => range(&told, 1),
        (false, false) => format!("{} ({often})", range(&told, 1)),
    }
}

/// A line a figure.
fn levels(runs: u64, table: &Table) -> String {
    let lines = table.iter().flat_map(|(output, figures)| {
        figures.iter().map(move |Seen { figure, printed, holds }| {
            let share = 100.0 * f64::from(*holds) / f64::from((*printed).max(1));
            format!("{runs} runs, {output}, {figure}: {share:.1} % of {printed}\n")
        })
    });
    lines.collect::<String>() + "\n"
}

/// With a comma between thousands.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let split = digits.len().saturating_sub(3);
    if split > 0 { format!("{},{}", &digits[..split], &digits[split..]) } else { digits }
}
