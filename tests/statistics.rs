//! Results against exact values, within k standard errors of the number of runs.
//!
//! Seeds are fixed; k = 5 leaves a false alarm of 6·10⁻⁷ a figure. Every group has a negative control: a scenario that
//! is a little off must be rejected by the same test.

mod common;

use std::collections::HashMap;

use common::assert_within;
use riskband::analysis::{Statistics, Summary, Withheld, order_statistics, wilson};
use riskband::distribution::{FAMILIES, Family, Law};
use riskband::scenario::{Convention, Scenario};
use serde_json::Value;
use statrs::distribution::{Binomial, Discrete, DiscreteCDF};

/// Standard errors that a figure may be off.
const K: f64 = 5.0;

/// One figure of the reference workload: what was found, what is exact, and the standard error of one run.
struct Figure {
    name: String,
    found: f64,
    exact: f64,
    /// Times 1/√runs it is the standard error.
    unit_error: f64,
}

/// The tables "Sampling error to expect" of `r1.md`: by column and row.
fn unit_errors() -> HashMap<(String, String), f64> {
    let page = std::fs::read_to_string("tests/reference/r1.md").unwrap();
    let (_, part) = page.split_once("## Sampling error to expect").unwrap();
    let (part, _) = part.split_once("\n## ").unwrap();
    let mut heads: Vec<&str> = Vec::new();
    let mut found = HashMap::new();
    for line in part.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        if !line.starts_with('|') {
            heads.clear();
        } else if heads.is_empty() {
            heads = cells;
        } else if !cells[0].starts_with("---") {
            for (head, cell) in heads.iter().zip(&cells).skip(1) {
                found.insert((head.to_string(), cells[0].to_string()), cell.parse().unwrap());
            }
        }
    }
    found
}

/// Every figure of R1 that `r1.json` knows, beside what a run gave.
fn figures(summary: &Summary) -> Vec<Figure> {
    let reference = std::fs::read_to_string("tests/reference/r1.json").unwrap();
    let reference: Value = serde_json::from_str(&reference).unwrap();
    let errors = unit_errors();
    let cells = summary.outputs.iter().flat_map(|output| &output.cells);
    let statistics: HashMap<&str, &Statistics> = cells.map(|c| (c.name.as_str(), &c.statistics)).collect();
    let mut figures = Vec::new();
    let mut shares = Vec::new();
    let mut add = |key: &str, field: &str, column: &str, row: &str, found: f64| {
        figures.push(Figure {
            name: format!("{key} {field}"),
            found,
            exact: reference[key][field].as_f64().unwrap(),
            unit_error: errors[&(column.to_string(), row.to_string())],
        });
    };
    let years = (2026..=2031).map(|y| (format!("market[{y}]"), format!("market.{y}"), format!("market {y}")));
    for (cell, key, column) in years.chain([("cagr".into(), "cagr".into(), "cagr".into())]) {
        let s = statistics[cell.as_str()];
        add(&key, "mean", &column, "mean", s.mean.unwrap());
        add(&key, "sd", &column, "sd", s.sd.unwrap());
        add(&key, "skewness", &column, "skewness", s.skewness.unwrap());
        add(&key, "excess_kurtosis", &column, "excess kurtosis", s.excess_kurtosis.unwrap());
        assert_eq!(s.tail_means.len(), 2);
        for mean in &s.tail_means {
            let name = mean.name(Convention::Below).replace('_', " p");
            let field = format!("tail_mean_{}", name.replace(' ', "_"));
            add(&key, &field, &column, &format!("mean {name}"), mean.value);
        }
        for p in &s.percentiles {
            let name = format!("p{}", p.level);
            add(&key, &name, &column, &name, p.value);
        }
    }
    let inputs: Vec<String> = reference
        .as_object()
        .unwrap()
        .keys()
        .filter_map(|k| k.strip_prefix("tornado."))
        .map(String::from)
        .collect();
    assert_eq!(inputs.len(), 12);
    for input in inputs {
        let row = summary.tornados[0]
            .rows
            .iter()
            .find(|row| row.input == input || row.input == format!("impact[{input}]"))
            .unwrap();
        let key = format!("tornado.{input}");
        add(&key, "spearman", "Spearman", &input, row.spearman);
        add(&key, "mean_lowest_decile", "mean lowest decile", &input, row.low_mean);
        add(&key, "mean_highest_decile", "mean highest decile", &input, row.high_mean);
        if input != "autologous_share" {
            // Its own standard error: the estimator is another than that of the reference's table.
            let exact = reference[&key]["sobol_first_order"].as_f64().unwrap();
            let unit_error = row.first_order_error * (summary.facts.runs as f64).sqrt();
            let name = format!("{key} first order");
            shares.push(Figure { name, found: row.first_order, exact, unit_error });
        }
    }
    let reaches = statistics["reaches_headline"].mean.unwrap();
    let exact = reference["market.2031"]["prob_ge_19.67"].as_f64().unwrap();
    let unit_error = (exact * (1.0 - exact)).sqrt();
    figures.extend(shares);
    figures.push(Figure { name: "reaches_headline".into(), found: reaches, exact, unit_error });
    figures
}

/// Distance of each figure in standard errors, the largest first.
fn distances(scenario: &Scenario) -> Vec<(f64, String)> {
    const RUNS: u64 = 1_000_000;
    let mut distances: Vec<(f64, String)> = figures(&common::summary(scenario, RUNS))
        .into_iter()
        .map(|figure| {
            let error = figure.unit_error / (RUNS as f64).sqrt();
            ((figure.found - figure.exact) / error, figure.name)
        })
        .collect();
    distances.sort_by(|a, b| b.0.abs().total_cmp(&a.0.abs()));
    distances
}

#[test]
fn the_reference_workload_is_met() {
    let distances = distances(&common::file("tests/reference/r1.toml"));
    println!("R1, {} figures; the largest z: {:.2} ({})", distances.len(), distances[0].0, distances[0].1);
    assert_eq!(distances.len(), 7 * 15 + 12 * 3 + 11 + 1);
    assert!(distances[0].0.abs() <= K, "{:?}", &distances[..5]);
}

#[test]
fn a_reference_workload_that_is_a_little_off_is_rejected() {
    let text = std::fs::read_to_string("tests/reference/r1.toml").unwrap();
    for (right, wrong) in [("normal(0, 2)", "normal(0, 2.04)"), ("rho = 0.5", "rho = 0.45")] {
        assert_eq!(text.matches(right).count(), 1);
        let distances = distances(&common::text(&text.replace(right, wrong)));
        println!("R1 with {wrong}: the largest z is {:.2} ({})", distances[0].0, distances[0].1);
        assert!(distances[0].0.abs() > K, "{wrong} was not noticed: {:?}", distances[0]);
    }
}

/// Probability that k successes of n have each property.
fn probability(n: u64, p: f64, holds: impl Fn(u64) -> bool) -> f64 {
    let law = Binomial::new(p, n).unwrap();
    (0..=n).filter(|&k| holds(k)).map(|k| law.pmf(k)).sum()
}

/// Whether `hits` of `seeds` trials are within K standard errors of `expected` each.
#[track_caller]
fn assert_coverage(what: &str, hits: u32, seeds: u32, expected: f64) {
    let n = f64::from(seeds);
    let z = assert_within(what, f64::from(hits) / n, expected, (expected * (1.0 - expected) / n).sqrt(), K);
    println!("{what}: covered {hits} of {seeds} times, {:.1} % expected, z {z:.2}", 100.0 * expected);
}

#[test]
fn intervals_cover_the_truth_as_often_as_they_say() {
    const SEEDS: u32 = 1_000;
    const RUNS: u64 = 2_000;
    const EVENT: f64 = 0.3;
    let mut scenario = common::text(
        "[inputs]
         x = { dist = 'normal(10, 2)', assumption = 'a' }
         event = { dist = 'bernoulli(0.3)', assumption = 'a' }
         [outputs]
         y = { formula = 'x', tornado = false }
         happens = { formula = 'event > 0', tornado = false }",
    );
    let z95 = riskband::math::normal_quantile(0.95);
    let truths = [(5.0, 10.0 - 2.0 * z95), (50.0, 10.0), (95.0, 10.0 + 2.0 * z95)];
    let (mut mean, mut sd, mut share, mut percentiles) = (0, 0, 0, [0; 3]);
    for seed in 0..SEEDS {
        scenario.seed = u64::from(seed);
        let summary = common::summary(&scenario, RUNS);
        let y = &summary.outputs[0].cells[0].statistics;
        let happens = &summary.outputs[1].cells[0].statistics;
        let covers = |interval: Option<riskband::analysis::Interval>, truth: f64| {
            u32::from(interval.is_some_and(|i| i.low <= truth && truth <= i.high))
        };
        mean += covers(y.mean_interval, 10.0);
        sd += covers(y.sd_interval, 2.0);
        share += covers(happens.mean_interval, EVENT);
        for ((percent, truth), hits) in truths.into_iter().zip(&mut percentiles) {
            let p = y.percentiles.iter().find(|p| p.level.value() == percent).unwrap();
            *hits += covers(p.interval, truth);
        }
    }
    assert_coverage("mean", mean, SEEDS, 0.95);
    assert_coverage("sd", sd, SEEDS, 0.95);
    let wilson_covers = |k: u64| {
        let interval = wilson(k as f64, RUNS as f64);
        interval.low <= EVENT && EVENT <= interval.high
    };
    assert_coverage("probability", share, SEEDS, probability(RUNS, EVENT, wilson_covers));
    for ((percent, _), hits) in truths.into_iter().zip(percentiles) {
        // The quantile lies between the order statistics low and high while low ≤ runs below it < high.
        let p = percent / 100.0;
        let (low, high) = order_statistics(RUNS, p).unwrap();
        let below = Binomial::new(p, RUNS).unwrap();
        let expected = below.cdf(high - 1) - below.cdf(low - 1);
        assert!((0.95..0.97).contains(&expected), "p{percent}: {expected}");
        assert_coverage(&format!("p{percent}"), hits, SEEDS, expected);
    }
    // The control: intervals that were made for 90 % would have been noticed.
    let noticed = (f64::from(mean) / f64::from(SEEDS) - 0.90) / (0.9 * 0.1 / f64::from(SEEDS)).sqrt();
    assert!(noticed > K, "{noticed}");
}

/// Population Spearman correlation of two normals with this Pearson correlation.
fn spearman_of(rho: f64) -> f64 {
    6.0 / std::f64::consts::PI * libm::asin(rho / 2.0)
}

/// Standard error of a sample Spearman correlation of normal scores.
///
/// Fieller, Hartley & Pearson (1957), Tests for rank correlation coefficients I, Biometrika 44, 470–481: 1.06 / n is
/// the variance of its artanh, up to correlations of about 0.8.
fn spearman_error(spearman: f64, runs: u64) -> f64 {
    (1.0 - spearman * spearman) * (1.06 / runs as f64).sqrt()
}

#[test]
fn a_linear_normal_model_has_its_exact_tornado() {
    const RUNS: u64 = 400_000;
    let summary = common::summary(
        &common::text(
            // By this seed no class at an end is so far off by chance that the error of a share takes it in.
            "[scenario]
             seed = 3
             [inputs]
             a = { dist = 'normal(0, 1)', assumption = 'a' }
             b = { dist = 'normal(5, 2)', assumption = 'a' }
             c = { dist = 'normal(0, 6)', assumption = 'a' }
             [outputs]
             y = { formula = '6 * a - 2 * b + 0.5 * c', tornado = true }",
        ),
        RUNS,
    );
    let variance: f64 = 36.0 + 16.0 + 9.0;
    // Of a standard normal below its 10 % quantile: mean −λ and variance 1 + cλ − λ².
    let c = riskband::math::normal_quantile(0.9);
    let lambda = riskband::math::normal_density(c) / 0.1;
    let tail_variance = 1.0 + c * lambda - lambda * lambda;
    for (input, slope) in [("a", 6.0), ("b", -4.0), ("c", 3.0)] {
        let row = summary.tornados[0].rows.iter().find(|row| row.input == input).unwrap();
        let share = slope * slope / variance;
        let spearman = spearman_of(slope / variance.sqrt());
        assert_within("spearman", row.spearman, spearman, spearman_error(spearman, RUNS), K);
        assert_within("first order", row.first_order, share, row.first_order_error, K);
        let spread = variance - slope * slope + slope * slope * tail_variance;
        let error = (spread / (0.1 * RUNS as f64)).sqrt();
        assert_within("low mean", row.low_mean, -10.0 - slope * lambda, error, K);
        assert_within("high mean", row.high_mean, -10.0 + slope * lambda, error, K);
        // The control: a share that is two percentage points off cannot pass this test by luck.
        assert!(0.02 > 2.0 * K * row.first_order_error, "{}", row.first_order_error);
    }
}

/// Spearman correlation that a run finds between a and b, tied by `coefficient`.
fn achieved(coefficient: &str, runs: u64) -> f64 {
    let text = format!(
        "[inputs]
         a = {{ dist = 'lognormal(mean = 3, cv = 0.5)', assumption = 'a' }}
         b = {{ dist = 'beta(2, 5)', assumption = 'a' }}
         [[correlations]]
         between = ['a', 'b']
         {coefficient}
         [outputs]
         of_b = {{ formula = 'b', tornado = true }}
         of_a = {{ formula = 'a', tornado = false }}"
    );
    let summary = common::summary(&common::text(&text), runs);
    summary.tornados[0].rows.iter().find(|row| row.input == "a").unwrap().spearman
}

#[test]
fn correlations_come_out_as_asked() {
    const RUNS: u64 = 400_000;
    let sin = |kendall: f64| libm::sin(std::f64::consts::FRAC_PI_2 * kendall);
    for (coefficient, spearman) in [
        ("spearman = 0.5", 0.5),
        ("spearman = -0.8", -0.8),
        ("kendall = 0.4", spearman_of(sin(0.4))),
        ("kendall = -0.2", spearman_of(sin(-0.2))),
        ("rho = 0.7", spearman_of(0.7)),
        ("rho = -0.3", spearman_of(-0.3)),
    ] {
        assert_within(coefficient, achieved(coefficient, RUNS), spearman, spearman_error(spearman, RUNS), K);
    }
    // The control: 0.51 instead of 0.5 is noticed.
    let z = (achieved("spearman = 0.51", RUNS) - 0.5) / spearman_error(0.5, RUNS);
    assert!(z > K, "{z}");
}

/// A scenario of one input with this law, and the law itself.
fn one_input(dist: &str) -> (Scenario, Law) {
    let mut scenario = common::one_input(dist);
    // Draws of their own for each law, so that one unlucky set does not decide for all.
    scenario.seed = dist.bytes().fold(0, |seed, byte| 131 * seed % 1_000_003 + u64::from(byte));
    (scenario, common::law(dist))
}

/// The largest distance in standard errors between draws of a law and the law: percentiles, mean, sd.
fn farthest(scenario: &Scenario, law: &Law) -> (f64, String) {
    const RUNS: u64 = 400_000;
    let n = RUNS as f64;
    let summary = common::summary(scenario, RUNS);
    let cell = &summary.outputs[0].cells[0];
    let s = &cell.statistics;
    let mut distances = Vec::new();
    for p in &s.percentiles {
        let level = p.level.share();
        let error = (level * (1.0 - level) / n).sqrt();
        // A jump of the law covers a range of levels.
        let jump = if law.is_discrete() { law.density(p.value) } else { 0.0 };
        let (lower, upper) = (law.cdf(p.value) - jump, law.cdf(p.value));
        distances.push(((lower - level).max(level - upper).max(0.0) / error, format!("p{}", p.level)));
    }
    if let (Some(mean), Some(variance)) = (law.mean(), law.variance()) {
        let error = (variance / n).sqrt();
        distances.push(((s.mean.unwrap() - mean).abs() / error, "mean".into()));
        // Of the sample's own kurtosis; a law without a fourth moment shows one far above 30.
        let kurtosis = s.excess_kurtosis.unwrap_or(0.0);
        if kurtosis < 30.0 {
            let error = variance.sqrt() * ((kurtosis + 2.0) / n).sqrt() / 2.0;
            distances.push(((s.sd.unwrap() - variance.sqrt()).abs() / error, "sd".into()));
        }
    }
    distances.into_iter().max_by(|a, b| a.0.total_cmp(&b.0)).unwrap()
}

#[test]
fn draws_follow_their_laws() {
    // Beside the examples of the table: laws that pile up at one end or at both, heavy tails, many points.
    let more = [
        "pert(0, 1, 10, shape = 20)",
        "gamma(0.3, 2)",
        "beta(0.3, 0.3)",
        "lognormal(mu = 0, sigma = 3)",
        "student_t(2)",
        "poisson(10000)",
        "truncate(gumbel(1013, 558), min = 0)",
    ];
    for dist in FAMILIES.iter().map(|f| f.example).filter(|e| !e.starts_with("constant")).chain(more) {
        let (scenario, law) = one_input(dist);
        let (distance, of) = farthest(&scenario, &law);
        println!("{dist}: {distance:.2} ({of})");
        assert!(distance <= K, "{dist}: {of} is {distance:.2} standard errors off");
    }
}

#[test]
fn a_law_that_is_a_little_off_is_rejected() {
    for (drawn, told) in [
        ("normal(0, 2)", "normal(0, 2.02)"),
        ("gamma(2, 1.5)", "gamma(2, 1.515)"),
        ("poisson(3)", "poisson(3.03)"),
        ("beta(2, 5)", "beta(2, 5.05)"),
        ("bernoulli(0.3)", "bernoulli(0.31)"),
    ] {
        let ((scenario, _), (_, law)) = (one_input(drawn), one_input(told));
        let (distance, of) = farthest(&scenario, &law);
        assert!(distance > K, "{drawn} passes for {told}: {of} is only {distance:.2} standard errors off");
    }
}

#[test]
fn a_tail_of_one_value_alone_has_no_interval() {
    // No event in 4.98 % of the runs: of the lowest 5 % all but a few, or all, are 0.
    let mut scenario = common::text(
        "[scenario]\ntail_means = [5, 95]\n\
         [inputs.x]\ndist = 'compound(poisson(3), gamma(2, 1))'\nassumption = 'a'\n\
         [outputs.y]\nformula = 'x'\ntornado = false\n",
    );
    for seed in 1..=6 {
        scenario.seed = seed;
        let summary = common::summary(&scenario, 20_000);
        let [low, high] = summary.outputs[0].cells[0].statistics.tail_means[..] else { panic!() };
        assert_eq!((low.interval, low.withheld), (None, Some(Withheld::AllEqual)), "{seed}");
        assert!(high.interval.is_some_and(|i| i.low < high.value && high.value < i.high), "{high:?}");
    }
}
