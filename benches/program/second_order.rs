//! A second-order model: laws whose parameters are themselves drawn, so that no table can be made for them.

use std::collections::HashMap;
use std::fmt::Write as _;

use riskband::distribution::{FAMILIES, Family, Law};
use riskband::math::{lower_of, tail_of_word};
use riskband::program::{BLOCK, Program};
use riskband::sampling::{Key, fill_words};
use riskband::scenario::Scenario;

use super::{CHECKED_RUN, holds, replayed, scenario};

/// Families, and for every parameter of their first form the bounds of the uniform law it is drawn from.
const LAWS: [(&str, &[(f64, f64)]); 12] = [
    ("beta", &[(2.0, 20.0), (5.0, 90.0), (0.0, 0.1), (0.9, 1.0)]),
    ("exponential", &[(1.0, 3.0)]),
    ("gamma", &[(1.5, 4.0), (0.5, 2.0)]),
    ("gumbel", &[(900.0, 1100.0), (300.0, 600.0)]),
    ("lognormal", &[(6.0, 9.0), (0.5, 2.0)]),
    ("normal", &[(2.0, 4.0), (0.5, 2.5)]),
    ("pert", &[(1.0, 2.0), (2.5, 3.5), (4.0, 6.0), (3.0, 5.0)]),
    ("poisson", &[(1.0, 8.0)]),
    ("student_t", &[(3.0, 9.0), (-1.0, 1.0), (0.5, 2.0)]),
    ("triangular", &[(1.0, 2.0), (2.5, 3.5), (4.0, 6.0)]),
    ("uniform", &[(-2.0, -1.0), (1.0, 2.0)]),
    ("weibull", &[(1.2, 2.0), (50.0, 150.0)]),
];

/// Twelve draws with parameters of their own in every run, and their sum.
pub fn model() -> Scenario {
    let mut text = "[scenario]\nseed = 1\n".to_string();
    let mut input = |name: &str, dist: &str| {
        writeln!(text, "[inputs.{name}]\ndist = '{dist}'\nassumption = 'generated'")
            .expect("memory suffices");
    };
    for (family, bounds) in LAWS {
        let parameters: Vec<String> = (0..bounds.len()).map(|place| parameter(family, place)).collect();
        for (name, (low, high)) in parameters.iter().zip(bounds) {
            input(name, &format!("uniform({low}, {high})"));
        }
        input(&drawn(family), &format!("{family}({})", parameters.join(", ")));
    }
    let sum = LAWS.map(|(family, _)| drawn(family)).join(" + ");
    write!(text, "[outputs.total]\nformula = '{sum}'\ntornado = false").expect("memory suffices");
    scenario("second_order.toml", &text)
}

fn drawn(family: &str) -> String {
    format!("x_{family}")
}

fn parameter(family: &str, place: usize) -> String {
    format!("{family}_{place}")
}

/// Each draw lies where the law that has this run's parameters puts its position, and the output is their sum.
pub fn model_holds(program: &Program, scenario: &Scenario) {
    let run = replayed(scenario);
    let parameters: usize = LAWS.iter().map(|(_, bounds)| bounds.len()).sum();
    assert_eq!(program.draws.len(), parameters + LAWS.len());
    for (family, bounds) in LAWS {
        let value = run[&drawn(family)];
        let law = law(family, bounds.len(), &run);
        let u = position(&drawn(family));
        let (before, here) = (law.cdf(value.next_down()), law.cdf(value));
        assert!(before - 1e-9 <= u && u <= here + 1e-9, "{family}: {value} drawn for u = {u}, cdf {here}");
    }
    let mut terms = LAWS.iter().map(|(family, _)| run[&drawn(family)]);
    let first = terms.next().expect("there are laws");
    let total = terms.fold(first, |sum, term| sum + term);
    holds(program, |_| total);
}

fn law(family: &str, parameters: usize, run: &HashMap<String, f64>) -> Law {
    let arguments: Vec<f64> = (0..parameters).map(|place| run[&parameter(family, place)]).collect();
    let entry = FAMILIES.iter().find(|entry| entry.name == family).expect("a family of the language");
    (entry.forms[0].build)(&arguments).expect("the bounds keep parameters in their domain")
}

/// Where the checked run's draw of an input lies in its law.
fn position(input: &str) -> f64 {
    let lane = CHECKED_RUN as usize % BLOCK;
    let mut words = vec![0; BLOCK];
    fill_words(Key::new(1, input, &[]), CHECKED_RUN - lane as u64, &mut words);
    lower_of(tail_of_word(words[lane]))
}
