//! Sampling designs: what their strata, their errors and their replay promise.

mod common;

use riskband::engine::replay;
use riskband::sampling::Design;
use riskband::scenario::Scenario;

/// A sum and a product, two inputs tied; every moment is known.
const MODEL: &str = "
[inputs]
a = { dist = 'uniform(0, 1)', assumption = 'an example' }
b = { dist = 'normal(1, 0.5)', assumption = 'an example' }
c = { dist = 'normal(2, 0.25)', assumption = 'an example' }
d = { dist = 'discrete({0: 1, 1: 3})', assumption = 'an example' }
[outputs]
y = { formula = 'a + d * b * c' }
often = { formula = 'a < 0.25' }
[[correlations]]
between = ['b', 'c']
rho = 0.6
";

/// E[bc] = E[b]E[c] + cov(b, c).
const MEAN: f64 = 0.5 + 0.75 * (2.0 + 0.6 * 0.5 * 0.25);

fn designs(runs: u64) -> [Design; 2] {
    [Design::Hypercube { runs }, Design::Sobol { runs }]
}

fn value(scenario: &Scenario, run: u64, design: Design, name: &str) -> f64 {
    let values = replay(scenario, run, design).unwrap();
    values.into_iter().find(|value| value.name == name).unwrap().value
}

#[test]
fn replay_shows_one_run_in_each_stratum() {
    let scenario = common::text(MODEL);
    for runs in [100u64, 61] {
        let design = Design::Hypercube { runs };
        let mut strata: Vec<u64> =
            (0..runs).map(|run| (value(&scenario, run, design, "a") * runs as f64) as u64).collect();
        strata.sort_unstable();
        assert!(strata.into_iter().eq(0..runs));
    }
}

#[test]
fn a_draw_belongs_to_a_name_in_every_design() {
    // What an input is worth does not follow from where it and others are declared; nor, but where both ask for the same
    // dimension of a Sobol' sequence, from an input that is added above it.
    let model = |names: &[&str], more: &str| {
        let input = |name| format!("{name} = {{ dist = 'normal(0, 1)', assumption = 'an example' }}\n");
        let inputs: String = names.iter().map(input).collect();
        common::text(&format!("[inputs]\n{inputs}[outputs.y]\nformula = '{}'\n{more}", names.join(" + ")))
    };
    let tie = "[[correlations]]\nbetween = ['price', 'cost', 'volume']\nrho = 0.3\ncopula = 't'\ndf = 4\n";
    let names = ["price", "cost", "volume", "rate"];
    let added = ["added", "price", "cost", "volume", "rate"];
    let pairs = [
        [model(&names, ""), model(&["rate", "volume", "cost", "price"], "")],
        [model(&names, ""), model(&added, "")],
        [model(&names, tie), model(&added, tie)],
    ];
    for design in designs(800) {
        for run in [0, 1, 99, 100, 417, 799] {
            for scenarios in &pairs {
                for name in names {
                    let [found, expected] = scenarios.each_ref().map(|of| value(of, run, design, name));
                    assert_eq!(found.to_bits(), expected.to_bits(), "{}: {name} in run {run}", design.name());
                }
            }
        }
    }
}

#[test]
fn a_discrete_input_takes_its_values_as_often_as_it_should() {
    let scenario = common::text(MODEL);
    let found = common::json_of(&scenario, Design::Hypercube { runs: 10_000 }, 10_000);
    assert_eq!(found["outputs"]["often"]["value"]["mean"], 0.25);
}

#[test]
fn the_intervals_hold_the_mean_as_often_as_they_say() {
    let (runs, seeds) = (4096, 200);
    for design in designs(runs) {
        let (mut outside, mut squares, mut errors) = (0, 0.0, 0.0);
        for seed in 0..seeds {
            let scenario = common::text(&format!("[scenario]\nseed = {seed}\n{MODEL}"));
            let found = common::json_of(&scenario, design, runs);
            let figures = &found["outputs"]["y"]["value"];
            let mean = figures["mean"].as_f64().unwrap();
            let [low, high] = [0, 1].map(|end| figures["confidence"]["mean"][end].as_f64().unwrap());
            outside += u32::from(MEAN < low || high < MEAN);
            // t with seven degrees of freedom.
            let error = 0.5 * (high - low) / 2.364_624;
            squares += (mean - MEAN) * (mean - MEAN);
            errors += error * error;
        }
        // 5 % of 200, and five standard deviations of that count; none outside would be as wrong.
        assert!((1..=25).contains(&outside), "{}: {outside} of {seeds}", design.name());
        // The variances agree within five standard errors of their ratio, √(2/200 + 2/1400).
        let ratio = errors / squares;
        assert!((ratio - 1.0).abs() < 5.0 * 0.107, "{}: {ratio}", design.name());
        // Monte Carlo has the variance 1.93 / n.
        assert!(squares / f64::from(seeds) < 0.4 / runs as f64, "{}: {squares}", design.name());
    }
}

#[test]
fn few_runs_are_no_crash_and_have_no_interval_or_one_that_holds() {
    let seeds = 100;
    for runs in [1, 2, 7, 8, 9, 17, 40] {
        for design in designs(runs) {
            let (mut given, mut outside) = (0, 0);
            for seed in 0..seeds {
                let scenario = common::text(&format!("[scenario]\nseed = {seed}\n{MODEL}"));
                let found = common::json_of(&scenario, design, runs);
                assert_eq!(found["runs"], runs);
                assert_eq!(found["design"], design.name());
                let figures = &found["outputs"]["y"]["value"];
                assert!(figures["mean"].as_f64().unwrap().is_finite());
                let [low, high] = [0, 1].map(|end| figures["confidence"]["mean"][end].as_f64());
                let (Some(low), Some(high)) = (low, high) else { continue };
                given += 1;
                outside += u32::from(MEAN < low || high < MEAN);
            }
            // From twenty runs on. Of 100 intervals 5 may miss, and five standard deviations of that count.
            assert!(runs >= 20 || given == 0, "{runs} runs, {}: {given}", design.name());
            assert!(outside <= 16, "{runs} runs, {}: {outside} of {given} miss", design.name());
        }
    }
}

#[test]
fn a_run_behind_the_last_one_is_drawn_for_nobody_and_breaks_nothing() {
    // The last block has 512 lanes; with this seed a lane behind the seventh run lands far out in a tail.
    for (runs, seeds) in [(7, 0..200), (1, 0..50), (100, 0..50)] {
        for seed in seeds {
            let text = "[inputs.a]\ndist = 'normal(0, 1)'\nassumption = 'a'\n[outputs.y]\nformula = 'a'\ntornado = false";
            let scenario = common::text(&format!("[scenario]\nseed = {seed}\n{text}"));
            let found = common::json_of(&scenario, Design::Hypercube { runs }, runs);
            assert_eq!(found["outputs"]["y"]["value"]["non_finite"], 0);
        }
    }
}
