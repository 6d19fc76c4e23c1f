//! Draws of every family against its distribution function: Anderson–Darling of continuous laws, chi-squared of others.
//!
//! The draws are those of a `Sampler`, 10⁵ from a fixed seed a family. A right one is rejected with a probability of 10⁻⁶
//! by its distribution and of 6·10⁻⁷ by mean or sd; a law that is 3 % off must be rejected by the same tests.

mod common;

use common::law;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use riskband::distribution::{FAMILIES, Family, Law};
use riskband::program::{BLOCK, Sampler};
use riskband::sampling::{Key, Positions, Stream, fill_words};
use statrs::distribution::{ChiSquared, ContinuousCDF};

/// Draws of a law: 196 blocks.
const DRAWS: usize = 196 * BLOCK;

/// Probability that draws of the law itself are rejected.
const REJECTED: f64 = 1e-6;

/// What A² exceeds with that probability, in the limit of many draws: the sum of χ²ⱼ / (j (j + 1)) over j = 1, 2, … of
/// independent squares of standard normals, by Smirnov's integral for its tail. The limit holds from some ten draws on.
/// Marsaglia & Marsaglia (2004), Evaluating the Anderson–Darling distribution, Journal of Statistical Software 9(2).
const CRITICAL: f64 = 12.516;

/// Standard errors that mean and sd may be off by.
const K: f64 = 5.0;

/// Draws whose excess kurtosis is larger say nothing of the error of their sd.
const TAME: f64 = 30.0;

/// Fewest draws that a cell of a chi-squared test is to expect.
const CELL: f64 = 20.0;

fn draws(law: &Law, name: &str) -> Vec<f64> {
    let key = Key::new(2026, name, &[]);
    let stream = Stream::from(key);
    let sampler = Sampler::new(law);
    let mut words = [0; BLOCK];
    let mut values = vec![f64::NAN; DRAWS];
    for (block, values) in values.chunks_mut(BLOCK).enumerate() {
        let first = (block * BLOCK) as u64;
        fill_words(key, first, &mut words);
        sampler.fill(Positions::of_stream(&words, &stream, first), values);
    }
    assert!(values.iter().all(|x| x.is_finite()), "{name}");
    values
}

/// A² = −n − Σ ((2i − 1) ln F(xᵢ) + (2n + 1 − 2i) ln(1 − F(xᵢ))) / n over the ordered draws.
///
/// Anderson & Darling (1954), A test of goodness of fit, Journal of the American Statistical Association 49, 765–769.
fn anderson_darling(law: &Law, draws: &[f64]) -> f64 {
    let mut ordered = draws.to_vec();
    ordered.sort_by(f64::total_cmp);
    let (n, median) = (ordered.len() as f64, law.quantile(0.5));
    let sum: f64 = (1..)
        .zip(&ordered)
        .map(|(i, &x)| {
            // The smaller tail has all its digits, and gives the logarithm of the other.
            let (lower, upper) = if x < median {
                let lower = law.cdf(x);
                (libm::log(lower), libm::log1p(-lower))
            } else {
                let upper = law.sf(x);
                (libm::log1p(-upper), libm::log(upper))
            };
            let twice = 2.0 * f64::from(i);
            (twice - 1.0) * lower + (2.0 * n + 1.0 - twice) * upper
        })
        .sum();
    -n - sum / n
}

/// Probability of a chi-squared statistic as large as that of the draws over cells between quantiles of the law.
fn chi_squared(law: &Law, draws: &[f64]) -> f64 {
    let n = draws.len() as f64;
    let levels = [1e-4, 1e-3, 0.01].into_iter().chain((1..40).map(|k| f64::from(k) / 40.0));
    let mut edges: Vec<f64> = levels.chain([0.99, 0.999, 0.9999]).map(|u| law.quantile(u)).collect();
    edges.dedup();
    // Draws expected and found up to each edge, of which cells too small to count are left out.
    let up_to = |edge: f64| (n * law.cdf(edge), draws.iter().filter(|&&x| x <= edge).count() as f64);
    let mut sums = vec![(0.0, 0.0)];
    for sum in edges.into_iter().map(up_to) {
        if sum.0 - sums[sums.len() - 1].0 >= CELL && n - sum.0 >= CELL {
            sums.push(sum);
        }
    }
    sums.push((n, n));
    let cells = sums.windows(2).map(|pair| (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1));
    let statistic: f64 =
        cells.map(|(expected, found)| (found - expected) * (found - expected) / expected).sum();
    let freedom = sums.len() as f64 - 2.0;
    assert!(freedom >= 1.0, "one cell holds all of {law:?}");
    ChiSquared::new(freedom).unwrap().sf(statistic)
}

/// What is wrong with these draws as draws of the law, if anything.
fn objection(law: &Law, draws: &[f64]) -> Option<String> {
    if law.is_discrete() || law.has_atoms() {
        let probability = chi_squared(law, draws);
        (probability < REJECTED).then(|| format!("chi-squared: {probability:e}"))
    } else {
        let square = anderson_darling(law, draws);
        (square.is_nan() || square > CRITICAL).then(|| format!("A² = {square}"))
    }
}

/// Distances of the draws' mean and sd from the law's in standard errors, as far as they exist.
fn distances(law: &Law, draws: &[f64]) -> Vec<(&'static str, f64)> {
    let (Some(mean), Some(variance)) = (law.mean(), law.variance()) else { return Vec::new() };
    let (n, sd) = (draws.len() as f64, variance.sqrt());
    let (mut first, mut square, mut fourth) = (0.0, 0.0, 0.0);
    for x in draws {
        let z = (x - mean) / sd;
        first += z / n;
        square += z * z / n;
        fourth += z * z * z * z / n;
    }
    let mut distances = vec![("mean", first * n.sqrt())];
    let kurtosis = fourth / (square * square) - 3.0;
    if kurtosis < TAME {
        distances.push(("sd", (square.sqrt() - 1.0) / ((kurtosis + 2.0) / n).sqrt() * 2.0));
    }
    distances
}

#[test]
fn every_family_is_drawn_as_it_is_told() {
    let wrong: Vec<String> = FAMILIES
        .into_par_iter()
        .flat_map_iter(|family| {
            let law = law(family.example);
            let draws = draws(&law, family.name);
            if law.variance() == Some(0.0) {
                let differs = draws.iter().any(|&x| Some(x) != law.mean());
                return differs.then(|| format!("{}: not constant", family.example)).into_iter().collect();
            }
            let moments = distances(&law, &draws)
                .into_iter()
                .filter(|(_, distance)| distance.abs() > K)
                .map(|(what, distance)| format!("{what} is {distance:.2} standard errors off"));
            let wrong = objection(&law, &draws).into_iter().chain(moments);
            wrong.map(|wrong| format!("{}: {wrong}", family.example)).collect::<Vec<_>>()
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn draws_that_spread_three_per_cent_too_far_are_rejected() {
    let passed: Vec<&str> = FAMILIES
        .into_par_iter()
        .filter(|family| {
            let law = law(family.example);
            if law.is_discrete() {
                return false;
            }
            // Where there is no sd, what tells of the scale is thinner.
            let stretch = if law.variance().is_some() { 1.03 } else { 1.06 };
            let middle = law.quantile(0.5);
            let mut draws = draws(&law, family.name);
            draws.iter_mut().for_each(|x| *x = middle + stretch * (*x - middle));
            objection(&law, &draws).is_none()
        })
        .map(|family| family.example)
        .collect();
    assert!(passed.is_empty(), "stretched draws pass for {passed:?}");
}

#[test]
fn a_law_three_per_cent_off_is_rejected() {
    for (drawn, told) in [
        ("normal(0, 2)", "normal(0, 2.06)"),
        ("gamma(2, 1.5)", "gamma(2, 1.545)"),
        ("lognormal(mean = 3, sd = 1)", "lognormal(mean = 3.09, sd = 1)"),
        ("bernoulli(0.3)", "bernoulli(0.309)"),
        ("binomial(40, 0.15)", "binomial(40, 0.1545)"),
        ("poisson(3)", "poisson(3.09)"),
        ("geometric(0.3)", "geometric(0.309)"),
        ("negative_binomial(4.5, 0.3)", "negative_binomial(4.5, 0.309)"),
        ("zipf(1.2, 100)", "zipf(1.236, 100)"),
        ("discrete({1: 0.2, 2: 0.5, 10: 0.3})", "discrete({1: 0.2, 2: 0.5, 10: 0.32})"),
    ] {
        let draws = draws(&law(drawn), drawn);
        assert_eq!(objection(&law(drawn), &draws), None, "{drawn}");
        assert!(objection(&law(told), &draws).is_some(), "{drawn} passes for {told}");
        let control = distances(&law(told), &draws).into_iter().any(|(_, distance)| distance.abs() > K);
        assert!(control, "mean and sd of {drawn} pass for {told}");
    }
}
