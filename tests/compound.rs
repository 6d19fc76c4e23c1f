//! Sums of a random number of severities against exact distributions, and their place in the tornado.

mod common;

use std::collections::BTreeMap;

use common::assert_within;
use riskband::engine::replay;
use riskband::sampling::Design;
use riskband::scenario::Scenario;

/// Standard errors that a figure may be off: a false alarm once in 1.7 million figures.
const K: f64 = 5.0;
const RUNS: u64 = 200_000;

fn scenario(inputs: &str, formula: &str) -> Scenario {
    let outputs = format!("[outputs.total]\nformula = '{formula}'");
    let head = "[scenario]\nseed = 11\n[inputs]\n";
    let inputs: String = inputs
        .lines()
        .filter_map(|line| line.trim().split_once(" = "))
        .map(|(name, dist)| format!("{name} = {{ dist = '{dist}', assumption = 'a test' }}\n"))
        .collect();
    common::text(&format!("{head}{inputs}{outputs}"))
}

/// The sum of the first runs of an input.
fn totals(dist: &str, runs: u64) -> Vec<f64> {
    let scenario = scenario(&format!("x = {dist}"), "x");
    let program = riskband::program::Program::compile(&scenario, riskband::program::Scope::Outputs).unwrap();
    let mut machine = riskband::program::Machine::new(&program, &[]);
    let mut values = Vec::new();
    for first_run in (0..runs).step_by(riskband::program::BLOCK) {
        machine.run(first_run, 0..riskband::program::BLOCK, &mut |_: usize, column: &[f64]| {
            values.extend_from_slice(column);
        });
    }
    values.truncate(runs as usize);
    values
}

const CASES: [(&str, &str); 5] = [
    ("plain", "compound(poisson(3), discrete({1: 4, 2: 3, 5: 2, 20: 1}))"),
    ("of_events", "compound(poisson(3), discrete({1: 4, 2: 3, 5: 2, 20: 1}), retention = 1, limit = 10)"),
    (
        "of_the_sum",
        "compound(poisson(3), discrete({1: 4, 2: 3, 5: 2, 20: 1}), aggregate_retention = 5, aggregate_limit = 25)",
    ),
    (
        "both",
        "compound(negative_binomial(2.5, 0.5), discrete({1: 4, 2: 3, 5: 2, 20: 1}), retention = 1, limit = 10, \
         aggregate_retention = 3, aggregate_limit = 12)",
    ),
    ("few", "compound(binomial(6, 0.25), discrete({1: 4, 2: 3, 5: 2, 20: 1}))"),
];

/// The exact cdf of each case, by total.
fn exact() -> BTreeMap<String, Vec<(f64, f64)>> {
    let mut found: BTreeMap<String, Vec<(f64, f64)>> = BTreeMap::new();
    for line in std::fs::read_to_string("tests/reference/compound.csv").unwrap().lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        let row = (cells[1].parse().unwrap(), cells[2].parse().unwrap());
        found.entry(cells[0].to_string()).or_default().push(row);
    }
    found
}

/// The largest distance from the exact cdf, in standard errors.
fn worst(values: &[f64], exact: &[(f64, f64)]) -> f64 {
    let n = values.len() as f64;
    let distance = |&(total, p): &(f64, f64)| {
        let found = values.iter().filter(|&&value| value <= total).count() as f64 / n;
        (found - p).abs() / (p * (1.0 - p) / n).sqrt()
    };
    exact.iter().map(distance).fold(0.0, f64::max)
}

#[test]
fn totals_follow_panjers_recursion() {
    let exact = exact();
    assert_eq!(exact.len(), CASES.len());
    for (name, dist) in CASES {
        let distance = worst(&totals(dist, RUNS), &exact[name]);
        assert!(distance < K, "{name}: {distance:.2} standard errors");
    }
    // A rate that is off by 2 % is noticed.
    let off = totals("compound(poisson(3.06), discrete({1: 4, 2: 3, 5: 2, 20: 1}))", RUNS);
    assert!(worst(&off, &exact["plain"]) > K);
}

#[test]
fn a_poisson_number_of_gamma_claims_has_mean_20_and_variance_60() {
    // Cumulants of a compound Poisson sum are λ E Xᵏ: 20, 60, 240 and 1,200.
    let values = totals("compound(poisson(10), gamma(2, 1))", RUNS);
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / (n - 1.0);
    assert_within("mean", mean, 20.0, (60.0 / n).sqrt(), K);
    assert_within("variance", variance, 60.0, ((1200.0 + 2.0 * 3600.0) / n).sqrt(), K);
}

#[test]
fn parameters_that_are_drawn_give_what_fixed_ones_give() {
    let fixed = scenario("x = compound(poisson(3), lognormal(mean = 1, cv = 2), limit = 4)", "x");
    let drawn = scenario(
        "rate = constant(3)\nsize = constant(1)\nmost = constant(4)
         x = compound(poisson(rate), lognormal(mean = size, cv = 2), limit = most)",
        "x",
    );
    for run in 0..200 {
        let value =
            |scenario: &Scenario| replay(scenario, run, Design::MonteCarlo).unwrap().last().unwrap().value;
        let (one, other) = (value(&fixed), value(&drawn));
        // A table is within 1.5e-7 of the interquartile range of the severity, about 1, for each event.
        assert!((one - other).abs() < 2e-6, "run {run}: {one} and {other}");
    }
}

#[test]
fn a_rate_that_is_uncertain_widens_the_sum() {
    // N is negative binomial: Var S = E Λ (E X² ) + Var Λ (E X)², here 3 · 2 + 3 · 1.
    let scenario = scenario("rate = gamma(3, 1)\nx = compound(poisson(rate), exponential(1))", "x");
    let summary = common::summary(&scenario, RUNS);
    let statistics = &summary.outputs[0].cells[0].statistics;
    let n = RUNS as f64;
    assert_within("mean", statistics.mean.unwrap(), 3.0, (9.0 / n).sqrt(), K);
    // The fourth cumulant is below 1,200.
    let sd = statistics.sd.unwrap();
    assert_within("variance", sd * sd, 9.0, ((1200.0 + 162.0) / n).sqrt(), K);
}

#[test]
fn a_run_away_count_and_one_that_is_not_whole_are_counted() {
    let text = "many = uniform_int(0, 3)
         x = compound(scale(constant(many), 2e6), constant(1))
         y = compound(scale(constant(many), 0.5), constant(2))
         z = compound(constant(2), constant(5), retention = many - 2)";
    let summary = common::summary(&scenario(text, "x + y + z"), 20_000);
    let refused: Vec<&str> = summary.refused.iter().map(|refused| refused.input.as_str()).collect();
    assert_eq!(refused, ["x", "y", "z"]);
    // More than a million events unless `many` is 0; half an event where it is 1 or 3; a retention below 0 at 0 and 1.
    for (refused, share) in summary.refused.iter().zip([0.75, 0.5, 0.5]) {
        let n = 20_000.0;
        assert_within(&refused.input, refused.count as f64 / n, share, (share * (1.0 - share) / n).sqrt(), K);
    }
}

#[test]
fn the_tornado_ranks_a_sum_by_its_total() {
    let scenario = scenario("x = compound(poisson(4), gamma(2, 1))\ny = normal(0, 3)", "x + y");
    let summary = common::summary(&scenario, RUNS);
    let rows = &summary.tornados[0].rows;
    let x = rows.iter().find(|row| row.input == "x").unwrap();
    // Var x = 4 · 6, Var y = 9.
    assert_within("share", x.first_order, 24.0 / 33.0, 0.01, 1.0);
    let alone = common::summary(&self::scenario("x = compound(poisson(4), gamma(2, 1))", "x"), RUNS);
    let row = &alone.tornados[0].rows[0];
    assert!(row.spearman > 0.995 && row.first_order > 0.98, "{row:?}");
    assert!(
        (row.low_mean - row.low_value).abs() < 0.2 && (row.high_mean - row.high_value).abs() < 0.5,
        "{row:?}"
    );
}
