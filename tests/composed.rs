//! Laws made of laws as inputs: who speaks, what the tornado shows, and what stays what it was.

mod common;

use common::{assert_within, summary, text};
use riskband::distribution::Family;
use riskband::engine::replay;
use riskband::program::{DrawLaw, Program, Scope};
use riskband::sampling::Design;
use riskband::scenario::Scenario;

const FIRST: &str = "normal(0, 1)";
const SECOND: &str = "gamma(2, 1.5)";

/// A scenario of `x`, with whatever else stands there.
fn of(dist: &str, more: &str) -> Scenario {
    text(&format!(
        "[inputs.x]\ndist = '{dist}'\nsource = 'x'\n{more}\n[outputs.y]\nformula = 'x'\ntornado = true\n"
    ))
}

fn value(scenario: &Scenario, name: &str, run: u64) -> f64 {
    replay(scenario, run, Design::MonteCarlo)
        .unwrap()
        .into_iter()
        .find(|value| value.name == name)
        .unwrap()
        .value
}

#[test]
fn a_mixture_is_the_quantile_of_the_component_that_speaks() {
    let mixture = of(&format!("mixture(3: {FIRST}, 1: {SECOND})"), "");
    let (first, second) = (of(FIRST, ""), of(SECOND, ""));
    let mut spoke = [0, 0];
    for run in 0..200 {
        let component = value(&mixture, "x (component)", run);
        let expected = if component == 1.0 { &first } else { &second };
        assert_eq!(value(&mixture, "x", run).to_bits(), value(expected, "x", run).to_bits(), "run {run}");
        spoke[component as usize - 1] += 1;
    }
    assert!(spoke[0] > 120 && spoke[1] > 25, "{spoke:?}");
}

#[test]
fn a_member_of_a_copula_stays_tied_whichever_component_speaks() {
    let tie = "[inputs.z]\ndist = 'normal(0, 1)'\nsource = 'x'\n[[correlations]]\nbetween = ['x', 'z']\nrho = 0.8\n\
               [formulas]\nboth = 'x + z'\n[outputs.w]\nformula = 'both'";
    let mixture = of(&format!("mixture(1: {FIRST}, 1: {SECOND})"), tie);
    let (first, second) = (of(FIRST, tie), of(SECOND, tie));
    for run in 0..100 {
        let expected = if value(&mixture, "x (component)", run) == 1.0 { &first } else { &second };
        for name in ["x", "z"] {
            assert_eq!(
                value(&mixture, name, run).to_bits(),
                value(expected, name, run).to_bits(),
                "run {run}"
            );
        }
    }
}

#[test]
fn weights_and_parameters_may_be_drawn() {
    let more =
        "[inputs.p]\ndist = 'beta(2, 2)'\nsource = 'x'\n[inputs.m]\ndist = 'normal(5, 1)'\nsource = 'x'";
    let mixture = of("mixture(p: normal(m, 1), 1 - p: uniform(-1, 1))", more);
    // Mean ½ · 5; variance ½ (1 + 1 + 25) + ½ · ⅓ − 2.5².
    let (mean, variance) = (2.5, 13.5 + 1.0 / 6.0 - 6.25);
    let runs = 200_000;
    let found = summary(&mixture, runs);
    let error = f64::sqrt(variance / runs as f64);
    assert_within("mean", found.outputs[0].cells[0].statistics.mean.unwrap(), mean, error, 5.0);
}

#[test]
fn the_pooled_law_is_what_is_drawn_and_the_tornado_has_both_bars() {
    let mixture = of(&format!("mixture(3: {FIRST}, 1: {SECOND})"), "");
    let program = Program::compile(&mixture, Scope::Outputs).unwrap();
    let draw = program.draws.iter().find(|draw| draw.name == "x").unwrap();
    let DrawLaw::Chosen(choice) = &draw.law else { panic!("{draw:?}") };
    let law = choice.pooled.as_ref().unwrap();
    let runs = 400_000;
    let found = summary(&mixture, runs);
    let statistics = &found.outputs[0].cells[0].statistics;
    let sd = law.variance().unwrap().sqrt();
    let error = sd / f64::sqrt(runs as f64);
    assert_within("mean", statistics.mean.unwrap(), law.mean().unwrap(), error, 5.0);
    for p in &statistics.percentiles {
        let level = p.level.share();
        let exact = law.quantile(level);
        let error = f64::sqrt(level * (1.0 - level) / runs as f64) / law.density(exact);
        assert_within("percentile", p.value, exact, error, 5.0);
    }
    let rows = &found.tornados[0].rows;
    let names: Vec<&str> = rows.iter().map(|row| row.input.as_str()).collect();
    assert!(names.contains(&"x") && names.contains(&"x (component)"), "{names:?}");
    // Who speaks explains the variance between the means, the position within the component nearly all the rest.
    let share = |name: &str| rows.iter().find(|row| row.input == name).unwrap().first_order;
    let between = 0.75 * 0.25 * 9.0 / law.variance().unwrap();
    assert!((share("x (component)") - between).abs() < 0.01, "{} {between}", share("x (component)"));
    assert!(share("x") > 0.4 && share("x") + share("x (component)") < 1.01);
}

#[test]
fn a_list_of_tornado_inputs_takes_the_component_along() {
    let dist = format!("mixture(3: {FIRST}, 1: {SECOND})");
    let scenario = text(&format!(
        "[scenario]\ntornado_inputs = ['x']\n[inputs]\nx = {{ dist = '{dist}', source = 'x' }}\n\
         z = {{ dist = 'normal(0, 1)', source = 'x' }}\n[outputs.y]\nformula = 'x + z'\n"
    ));
    let found = summary(&scenario, 20_000);
    let mut names: Vec<&str> = found.tornados[0].rows.iter().map(|row| row.input.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["x", "x (component)"]);
}

#[test]
fn a_range_of_no_width_is_a_constant() {
    let scenario = text(
        "[axes]\nrisk = ['A', 'B']\n[constants]\n\
         low = { over = ['risk'], value = { A = 10, B = 5 }, assumption = 'x' }\n\
         most = { over = ['risk'], value = { A = 12, B = 5 }, assumption = 'x' }\n\
         high = { over = ['risk'], value = { A = 20, B = 5 }, assumption = 'x' }\n\
         [inputs]\ncost = { over = ['risk'], dist = 'pert(low, most, high)', assumption = 'x' }\n\
         top = { dist = 'discrete({3: 1, 7: 1})', assumption = 'x' }\n\
         some = { dist = 'uniform(3, top)', assumption = 'x' }\n\
         [outputs.y]\nformula = 'sum(cost, risk) + some'\ntornado = true\n",
    );
    for run in 0..50 {
        assert_eq!(value(&scenario, "cost[B]", run), 5.0);
        let (top, some) = (value(&scenario, "top", run), value(&scenario, "some", run));
        assert!(if top == 3.0 { some == 3.0 } else { (3.0..=7.0).contains(&some) }, "{top} {some}");
    }
    let found = summary(&scenario, 5_000);
    assert!(found.refused.is_empty(), "{:?}", found.refused);
    let names: Vec<&str> = found.tornados[0].rows.iter().map(|row| row.input.as_str()).collect();
    assert!(names.contains(&"cost[A]") && !names.contains(&"cost[B]"), "{names:?}");
}
