//! Scenarios that are deep, long or wide: nothing overflows a stack, time and memory grow with the file.

use std::fmt::Write;
use std::time::{Duration, Instant};

use riskband::engine;
use riskband::program::{BLOCK, Machine, Program, Scope};
use riskband::scenario::{LoadFailure, Scenario, load_text};

mod common;

const INPUT: &str = "[inputs.u]\ndist = 'normal(0, 1)'\nassumption = 'a test'\n";

/// The columns of the outputs in the first block, with that of the input `u` first.
fn outputs(scenario: &Scenario) -> Vec<Vec<f64>> {
    let mut columns = Vec::new();
    for program in [
        Program::compile(scenario, Scope::Inputs(&[riskband::scenario::InputId(0)])),
        Program::compile(scenario, Scope::Outputs),
    ] {
        Machine::new(&program.unwrap(), &[]).run(0, 0..BLOCK, &mut |_, values: &[f64]| {
            columns.push(values.to_vec());
        });
    }
    columns
}

fn refused(text: &str) -> Vec<String> {
    match load_text("test.toml", text, &[]) {
        Err(LoadFailure::Rejected { diagnostics, .. }) => {
            diagnostics.into_iter().map(|d| d.message).collect()
        }
        other => panic!("{other:?}"),
    }
}

/// Formulas f0 … of which each needs the one before, and an output of the last.
fn chain(first: &str, formulas: usize) -> String {
    let mut text = format!("{INPUT}[formulas]\nf0 = {first}\n");
    for k in 1..formulas {
        writeln!(text, "f{k} = 'f{} * 0.9 + 1'", k - 1).unwrap();
    }
    text
}

#[test]
fn forty_formulas_over_sixty_years_are_no_depth() {
    let first = "{ initial = 'u', formula = 'previous(f39) * 0.5 + 1' }";
    let text = format!(
        "[scenario]\nyears = [2001, 2060]\n{}[outputs.last]\nformula = 'f39[2060]'\n[outputs.rate]\nformula = 'cagr(f39 + 100)'\n",
        chain(first, 40)
    );
    let found = outputs(&common::text(&text));
    let mut earliest = 0.0;
    for ((&u, &last), &rate) in found[0].iter().zip(&found[1]).zip(&found[2]) {
        let (mut value, mut start) = (u, u);
        for year in 0..60 {
            value = if year == 0 { u } else { value * 0.5 + 1.0 };
            (1..40).for_each(|_| value = value * 0.9 + 1.0);
            start = if year == 0 { value } else { start };
        }
        assert_eq!(last, value);
        let expected = 100.0 * (libm::pow((value + 100.0) / (start + 100.0), 1.0 / 59.0) - 1.0);
        assert!((rate - expected).abs() < 1e-9, "{rate} and {expected}");
        earliest += rate.abs();
    }
    assert!(earliest > 0.0);
}

#[test]
fn a_hundred_thousand_formulas_may_need_each_other_in_any_order() {
    let forwards = chain("'u'", 100_000) + "[outputs.y]\nformula = 'f99999'\n";
    let (head, formulas) = forwards.split_once("[formulas]\n").unwrap();
    let (formulas, output) = formulas.split_once("[outputs.y]").unwrap();
    let backwards: String = formulas.lines().rev().map(|line| format!("{line}\n")).collect();
    for text in [&forwards, &format!("{head}[formulas]\n{backwards}[outputs.y]{output}")] {
        let scenario = common::text(text);
        let found = outputs(&scenario);
        for (&u, &y) in found[0].iter().zip(&found[1]) {
            assert_eq!(y, (1..100_000).fold(u, |value, _| value * 0.9 + 1.0));
        }
        let names = engine::replay(&scenario, 3, riskband::sampling::Design::MonteCarlo).unwrap();
        assert!(names.len() >= 100_000);
    }
}

#[test]
fn a_circle_of_a_hundred_thousand_formulas_is_one_report() {
    let text = chain("'f99999 + u'", 100_000) + "[outputs.y]\nformula = 'f5'\n";
    let began = Instant::now();
    let messages = refused(&text);
    assert_eq!(messages.len(), 1);
    assert!(messages[0].starts_with("a circle: f0 → f99999"), "{}", &messages[0][..80]);
    assert!(messages[0].len() < 400, "{} bytes", messages[0].len());
    assert!(began.elapsed() < Duration::from_secs(60));
}

#[test]
fn inputs_may_be_parameters_of_each_other_twenty_thousand_deep() {
    let mut text = INPUT.replace("inputs.u", "inputs.u0");
    for k in 1..20_000 {
        writeln!(text, "[inputs.u{k}]\ndist = 'normal(u{}, 1)'\nassumption = 'a test'", k - 1).unwrap();
    }
    let scenario = common::text(&(text + "[outputs.y]\nformula = 'u19999'\n"));
    assert_eq!(Program::compile(&scenario, Scope::Outputs).unwrap().draws.len(), 20_000);
}

#[test]
fn constants_may_need_each_other_in_any_order() {
    let mut text = String::from("[constants]\n");
    for k in (1..20_000).rev() {
        writeln!(text, "c{k} = 'c{} + 1'", k - 1).unwrap();
    }
    let scenario = common::text(&format!("{text}c0 = 1\n{INPUT}[outputs.y]\nformula = 'u + c19999'\n"));
    assert_eq!(scenario.constants[0].values, [20_000.0]);
}

#[test]
fn what_is_nested_too_deeply_is_refused_with_words() {
    let formula = |formula: &str| refused(&format!("{INPUT}[outputs.y]\nformula = '{formula}'\n"));
    let deep = |open: &str, close: &str| open.repeat(100_000) + "u" + &close.repeat(100_000);
    for text in
        [deep("(", ")"), deep("-", ""), deep("not ", ""), deep("max(", ", 1)"), vec!["u"; 100_000].join("+")]
    {
        let messages = formula(&text);
        assert!(messages[0].contains("too long") || messages[0].contains("too deeply"), "{messages:?}");
    }
    for toml in [
        format!("x = {}{}", "[".repeat(100_000), "]".repeat(100_000)),
        format!("x = {}1{}", "{a = ".repeat(100_000), "}".repeat(100_000)),
        format!("[{}]\nx = 1\n", vec!["a"; 100_000].join(".")),
    ] {
        assert!(!refused(&toml).is_empty());
    }
}

#[test]
fn sums_along_the_years_are_linear_in_them_however_nested() {
    let text = "[scenario]\nyears = [1, 3000]\n".to_string()
        + &INPUT.replace("dist", "over = ['year']\ndist")
        + "[outputs.v]\nformula = 'sum(cumulative(cumulative(u)), year)'\n[outputs.w]\nfrom = 3000\nformula = 'cumulative(share(cumulative(u), year)) + ar1(0.5, ar1(0.5, cumulative(u)))'\n";
    let scenario = common::text(&text);
    let began = Instant::now();
    let program = Program::compile(&scenario, Scope::Outputs).unwrap();
    // Cubic in the years it would be 10¹⁰ steps.
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    let mut draws = Vec::new();
    let inputs = Program::compile(&scenario, Scope::Inputs(&[riskband::scenario::InputId(0)])).unwrap();
    Machine::new(&inputs, &[]).run(0, 0..BLOCK, &mut |_, values: &[f64]| draws.push(values[7]));
    let mut found = Vec::new();
    Machine::new(&program, &[]).run(0, 0..BLOCK, &mut |_, values: &[f64]| found.push(values[7]));
    let (mut once, mut twice, mut sum, mut inner, mut outer) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (year, draw) in draws.iter().enumerate() {
        once += draw;
        twice += once;
        sum += twice;
        inner = if year == 0 { once } else { 0.5 * inner + once };
        outer = if year == 0 { inner } else { 0.5 * outer + inner };
    }
    assert!((found[0] - sum).abs() < 1e-9 * sum.abs(), "{} and {sum}", found[0]);
    // Shares of all years add up to 1.
    assert!((found[1] - (1.0 + outer)).abs() < 1e-9 * outer.abs(), "{} and {outer}", found[1]);
}
