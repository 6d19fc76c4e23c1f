//! Every family of the scenario language: time a draw with fixed parameters, and with parameters of its own a run.
//!
//! The families are those of `FAMILIES`; a new row there needs one in [`CASES`] here, or the bench refuses to start.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

use riskband::distribution::{FAMILIES, Family, Form, Law};
use riskband::math::{centre_of_word, lower_of, upper_of};
use riskband::program::{BLOCK, Sampler};
use riskband::sampling::{Key, Positions, Stream, fill_words};

/// Deviations of u that pass: of quantile functions and steps, and of tables. These are accepted when they are within
/// 1.5·10⁻⁷ of the interquartile range, over which no density here would gather more than 1.2 if it kept its peak.
const EXACT: f64 = 1e-9;
const OF_TABLES: f64 = 2e-7;

/// Blocks whose draws are checked before any is timed.
const CHECKED: usize = 16;

/// A family with arguments of its first form, and which of them changes where they change from run to run.
struct Case {
    family: &'static str,
    arguments: &'static [f64],
    /// None where every argument is a whole number.
    changing: Option<usize>,
}

const fn case(family: &'static str, arguments: &'static [f64], changing: usize) -> Case {
    Case { family, arguments, changing: Some(changing) }
}

const fn whole(family: &'static str, arguments: &'static [f64]) -> Case {
    Case { family, arguments, changing: None }
}

const CASES: [Case; 47] = [
    case("arcsine", &[-1.0, 3.0], 1),
    case("bernoulli", &[0.08], 0),
    case("beta", &[15.0, 85.0, 0.0, 1.0], 0),
    case("beta_binomial", &[40.0, 3.0, 17.0], 1),
    case("binomial", &[40.0, 0.15], 1),
    case("burr12", &[2.0, 1.5, 100.0], 0),
    case("cauchy", &[0.0, 1.0], 1),
    case("chi_squared", &[4.0], 0),
    case("constant", &[4.2], 0),
    case("cumulative", &[0.0, 0.0, 2.0, 0.25, 5.0, 0.75, 12.0, 1.0], 6),
    case("discrete", &[1.0, 0.2, 2.0, 0.5, 10.0, 0.3], 4),
    case("exponential", &[2.5], 0),
    case("f", &[5.0, 12.0], 1),
    case("frechet", &[3.0, 2.0, 0.0], 0),
    case("gamma", &[2.0, 1.5], 0),
    case("general", &[0.0, 0.0, 2.0, 1.0, 5.0, 3.0, 9.0, 0.0], 6),
    case("geometric", &[0.3], 0),
    case("gev", &[10.0, 2.0, 0.2], 2),
    case("gpd", &[0.0, 2.0, 0.2], 2),
    case("gumbel", &[1013.0, 558.0], 1),
    case("histogram", &[0.0, 0.2, 2.0, 0.5, 5.0, 0.3, 12.0, 0.0], 6),
    whole("hypergeometric", &[50.0, 10.0, 12.0]),
    case("inverse_gaussian", &[3.0, 8.0], 1),
    whole("irwin_hall", &[4.0]),
    case("johnson_sb", &[0.5, 1.2, 0.0, 1.0], 1),
    case("johnson_su", &[-0.5, 1.5, 0.0, 1.0], 1),
    case("kumaraswamy", &[2.0, 5.0, 0.0, 1.0], 0),
    case("laplace", &[0.0, 2.0], 1),
    case("logarithmic", &[0.8], 0),
    case("logistic", &[4.0, 0.5], 1),
    case("loglogistic", &[3.0, 20.0], 0),
    case("lognormal", &[8.0, 0.2], 1),
    case("metalog", &[0.1, 3.0, 0.5, 4.0, 0.9, 6.0], 5),
    case("negative_binomial", &[4.5, 0.3], 0),
    case("normal", &[3.0, 2.0], 0),
    case("pareto", &[2.5, 1.0], 0),
    case("pert", &[1.6, 3.2, 4.8, 4.0], 1),
    case("poisson", &[3.0], 0),
    case("rayleigh", &[7.0], 0),
    case("skew_normal", &[0.0, 1.0, 4.0], 2),
    case("student_t", &[4.0, 0.0, 1.0], 0),
    case("trapezoidal", &[1.0, 2.0, 4.0, 8.0], 3),
    case("triangular", &[1.6, 3.2, 4.8], 1),
    case("uniform", &[-1.0, 1.0], 1),
    whole("uniform_int", &[1.0, 6.0]),
    case("weibull", &[1.5, 100.0], 0),
    case("zipf", &[1.2, 100.0], 0),
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
        let key = key(case);
        let words = words(key, CHECKED * BLOCK);
        let stream = Stream::from(key);
        let positions = Positions::of_stream(&words, &stream, 0);
        let mut values = vec![f64::NAN; words.len()];
        sampler.fill(positions, &mut values);
        let slack = if matches!(sampler, Sampler::Table(..)) { OF_TABLES } else { EXACT };
        for (run, &value) in values.iter().enumerate() {
            is_at(&law, value, positions.tail(run), slack, case);
        }

        let (positions, values) = (Positions::of_stream(&words[..BLOCK], &stream, 0), &mut values[..BLOCK]);
        group.bench_function(BenchmarkId::new(case.family, sampler.name()), |bencher| {
            bencher.iter(|| {
                sampler.fill(black_box(positions), values);
                black_box(&*values);
            })
        });
    }
    group.finish();
}

fn changing(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("distribution, parameters change");
    group.throughput(Throughput::Elements(BLOCK as u64));
    let factors = words(Key::new(1, "factor", &[]), BLOCK);
    for (case, form) in forms() {
        let Some(changing) = case.changing else { continue };
        let key = key(case);
        let words = words(key, BLOCK);
        let stream = Stream::from(key);
        let positions = Positions::of_stream(&words, &stream, 0);
        let arguments: Vec<Vec<f64>> = factors
            .iter()
            .map(|&factor| {
                let mut arguments = case.arguments.to_vec();
                arguments[changing] *= 1.0 + 0.2 * centre_of_word(factor);
                arguments
            })
            .collect();
        let draw = |arguments: &[f64], tail: f64| {
            (form.build)(arguments).map_or(f64::NAN, |law| law.inverse(lower_of(tail), upper_of(tail)))
        };
        for (run, arguments) in arguments.iter().enumerate() {
            let law = (form.build)(arguments).expect("the changed arguments are in the domain");
            let tail = positions.tail(run);
            is_at(&law, draw(arguments, tail), tail, EXACT, case);
        }

        let mut values = vec![f64::NAN; BLOCK];
        group.bench_function(case.family, |bencher| {
            bencher.iter(|| {
                let positions = black_box(positions);
                for (run, (value, arguments)) in values.iter_mut().zip(black_box(&arguments)).enumerate() {
                    *value = draw(arguments, positions.tail(run));
                }
                black_box(&values);
            })
        });
    }
    group.finish();
}

fn key(case: &Case) -> Key {
    Key::new(1, case.family, &[])
}

fn words(key: Key, runs: usize) -> Vec<u32> {
    let mut words = vec![0; runs];
    fill_words(key, 0, &mut words);
    words
}

/// A value belongs to position u when the cdf reaches u there and not before, give or take `slack`.
fn is_at(law: &Law, value: f64, tail: f64, slack: f64, case: &Case) {
    let u = lower_of(tail);
    let (before, here) = (law.cdf(value.next_down()), law.cdf(value));
    assert!(
        before - slack <= u && u <= here + slack,
        "{} {:?}: {value} drawn for u = {u}, but the cdf goes from {before} to {here} there",
        case.family,
        case.arguments
    );
}

criterion_group!(benches, fixed, changing);
criterion_main!(benches);
