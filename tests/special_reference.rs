//! The families resting on the incomplete gamma and beta functions against references of 25 digits.
//!
//! A failure prints the largest error of every family and parameter set; `cargo test --test special_reference
//! -- --nocapture` prints them in any case.

use std::collections::BTreeMap;
use std::fmt::Write;

use riskband::distribution::{Beta, Binomial, Family, Gamma, Pert, Poisson, StudentT};

#[test]
fn gamma_agrees_with_its_reference() {
    compare(include_str!("reference/gamma.csv"), |p| Box::new(Gamma::new(p[0], p[1]).unwrap()));
}

#[test]
fn beta_agrees_with_its_reference() {
    compare(include_str!("reference/beta.csv"), |p| Box::new(Beta::new(p[0], p[1], p[2], p[3]).unwrap()));
}

#[test]
fn pert_agrees_with_its_reference() {
    compare(include_str!("reference/pert.csv"), |p| Box::new(Pert::new(p[0], p[1], p[2], p[3]).unwrap()));
}

#[test]
fn student_t_agrees_with_its_reference() {
    compare(include_str!("reference/student_t.csv"), |p| Box::new(StudentT::new(p[0], p[1], p[2]).unwrap()));
}

#[test]
fn poisson_agrees_with_its_reference() {
    compare(include_str!("reference/poisson.csv"), |p| Box::new(Poisson::new(p[0]).unwrap()));
}

#[test]
fn binomial_agrees_with_its_reference() {
    compare(include_str!("reference/binomial.csv"), |p| Box::new(Binomial::new(p[0], p[1]).unwrap()));
}

/// Largest relative error of quantile, smaller tail and density.
const TOLERANCE: f64 = 1e-12;

/// Values below this are compared absolutely: subnormal results have no relative accuracy.
const LEAST: f64 = 1e-300;

fn compare(file: &str, build: impl Fn(&[f64]) -> Box<dyn Family>) {
    let mut worst: BTreeMap<String, [(f64, String); 3]> = BTreeMap::new();
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        let fields: Vec<&str> = line.split(',').collect();
        let number = |i: usize| fields[i].parse::<f64>().unwrap();
        let parameters: Vec<f64> = fields[1].split(' ').map(|p| p.parse().unwrap()).collect();
        let law = build(&parameters);
        let (kind, error) = match fields[0] {
            "quantile" => {
                let p = number(3);
                let found = if fields[2] == "lower" { law.quantile(p) } else { law.upper_quantile(p) };
                (0, error(found, number(4)))
            }
            "tails" => {
                let (lower, upper) =
                    (error(law.cdf(number(2)), number(3)), error(law.sf(number(2)), number(4)));
                (1, lower.max(upper))
            }
            _ => (2, error(law.density(number(2)), number(3))),
        };
        let entry = worst.entry(fields[1].to_owned()).or_default();
        if error > entry[kind].0 {
            entry[kind] = (error, line.to_owned());
        }
    }
    assert!(worst.len() >= 8, "reference file with {} parameter sets", worst.len());
    let holds = worst.values().flatten().all(|(error, _)| *error <= TOLERANCE);
    let table = worst.iter().fold(String::new(), |mut table, (set, [quantile, tails, density])| {
        let (q, t, d) = (quantile.0, tails.0, density.0);
        writeln!(table, "{set:>24}: quantile {q:8.1e}   tails {t:8.1e}   density {d:8.1e}").unwrap();
        for (error, line) in [quantile, tails, density] {
            if *error > TOLERANCE {
                writeln!(table, "    {line}").unwrap();
            }
        }
        table
    });
    println!("{table}");
    assert!(holds, "largest relative errors above {TOLERANCE:e}:\n{table}");
}

/// Relative error; infinite where NaN was found.
fn error(found: f64, expected: f64) -> f64 {
    if found.is_nan() {
        f64::INFINITY
    } else if found == expected {
        0.0
    } else if expected.abs() < LEAST {
        if found.abs() <= 2.0 * LEAST { 0.0 } else { f64::INFINITY }
    } else {
        ((found - expected) / expected).abs()
    }
}
