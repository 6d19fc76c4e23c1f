//! Every family of the scenario language: time a draw with fixed parameters, and with parameters of its own a run.
//!
//! The families are those of `FAMILIES`; a new row there needs one in [`CASES`] here, or the bench refuses to start.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

use riskband::distribution::{FAMILIES, Family, Form, Law};
use riskband::math::{lower_of, upper_of};
use riskband::program::{BLOCK, Sampler};
use riskband::sampling::{Key, fill_tails};

/// Blocks whose draws are checked before any is timed.
const CHECKED: usize = 16;

/// A family with arguments of its first form, and which of them changes where they change from run to run.
struct Case {
    family: &'static str,
    arguments: &'static [f64],
    changing: usize,
}

const fn case(family: &'static str, arguments: &'static [f64], changing: usize) -> Case {
    Case { family, arguments, changing }
}

const CASES: [Case; 16] = [
    case("bernoulli", &[0.08], 0),
    case("beta", &[15.0, 85.0, 0.0, 1.0], 0),
    case("binomial", &[40.0, 0.15], 1),
    case("constant", &[4.2], 0),
    case("discrete", &[1.0, 0.2, 2.0, 0.5, 10.0, 0.3], 4),
    case("exponential", &[2.5], 0),
    case("gamma", &[2.0, 1.5], 0),
    case("gumbel", &[1013.0, 558.0], 1),
    case("lognormal", &[8.0, 0.2], 1),
    case("normal", &[3.0, 2.0], 0),
    case("pert", &[1.6, 3.2, 4.8, 4.0], 1),
    case("poisson", &[3.0], 0),
    case("student_t", &[4.0, 0.0, 1.0], 0),
    case("triangular", &[1.6, 3.2, 4.8], 1),
    case("uniform", &[-1.0, 1.0], 1),
    case("weibull", &[1.5, 100.0], 0),
];

fn forms() -> Vec<(&'static Case, &'static Form)> {
    let listed: Vec<&str> = FAMILIES.iter().map(|entry| entry.name).collect();
    assert_eq!(listed, CASES.each_ref().map(|case| case.family), "one case a row of FAMILIES, in its order");
    CASES.iter().zip(FAMILIES).map(|(case, entry)| (case, &entry.forms[0])).collect()
}

fn fixed(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("distribution, fixed parameters");
    group.throughput(Throughput::Elements(BLOCK as u64));
    for (case, form) in forms() {
        let law = (form.build)(case.arguments).expect("the arguments of the case are in the domain");
        let sampler = Sampler::new(&law);
        let tails = tails(case, CHECKED * BLOCK);
        let mut values = vec![f64::NAN; tails.len()];
        sampler.fill(&tails, &mut values);
        values.iter().zip(&tails).for_each(|(&value, &tail)| is_at(&law, value, tail, case));

        let (tails, values) = (&tails[..BLOCK], &mut values[..BLOCK]);
        group.bench_function(BenchmarkId::new(case.family, sampler.name()), |bencher| {
            bencher.iter(|| {
                sampler.fill(black_box(tails), values);
                black_box(&*values);
            })
        });
    }
    group.finish();
}

fn changing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("distribution, parameters change");
    group.throughput(Throughput::Elements(BLOCK as u64));
    for (case, form) in forms() {
        let tails = tails(case, BLOCK);
        let mut factors = vec![f64::NAN; BLOCK];
        fill_tails(Key::new(1, "factor", &[]), 0, &mut factors);
        let arguments: Vec<Vec<f64>> = factors
            .iter()
            .map(|&factor| {
                let mut arguments = case.arguments.to_vec();
                arguments[case.changing] *= 0.9 + 0.2 * lower_of(factor);
                arguments
            })
            .collect();
        let draw = |arguments: &[f64], tail: f64| {
            (form.build)(arguments).map_or(f64::NAN, |law| law.inverse(lower_of(tail), upper_of(tail)))
        };
        for (arguments, &tail) in arguments.iter().zip(&tails) {
            let law = (form.build)(arguments).expect("the changed arguments are in the domain");
            is_at(&law, draw(arguments, tail), tail, case);
        }

        let mut values = vec![f64::NAN; BLOCK];
        group.bench_function(case.family, |bencher| {
            bencher.iter(|| {
                for ((value, arguments), &tail) in values.iter_mut().zip(black_box(&arguments)).zip(&tails) {
                    *value = draw(arguments, tail);
                }
                black_box(&values);
            })
        });
    }
    group.finish();
}

fn tails(case: &Case, runs: usize) -> Vec<f64> {
    let mut tails = vec![f64::NAN; runs];
    fill_tails(Key::new(1, case.family, &[]), 0, &mut tails);
    tails
}

/// A value belongs to position u when the cdf reaches u there and not before.
fn is_at(law: &Law, value: f64, tail: f64, case: &Case) {
    let u = lower_of(tail);
    let (before, here) = (law.cdf(value.next_down()), law.cdf(value));
    assert!(
        before - 1e-9 <= u && u <= here + 1e-9,
        "{} {:?}: {value} drawn for u = {u}, but the cdf goes from {before} to {here} there",
        case.family,
        case.arguments
    );
}

criterion_group!(benches, fixed, changing);
criterion_main!(benches);
