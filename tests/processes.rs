//! Processes along the years: moments in closed form, and the same numbers as the recurrence written by hand.
//!
//! Bounds are five standard errors; one comparison fails by chance once in 1.7 million seeds, and the seed is fixed.

mod common;

use libm::{exp, expm1, log, pow};
use riskband::scenario::{PROCESSES, Scenario};

const RUNS: usize = 1 << 17;

fn scenario(dist: &str) -> Scenario {
    common::text(&format!(
        "[scenario]\nyears = [2025, 2030]\nseed = 11\n[inputs.x]\nover = ['year']\ndist = '{dist}'\nsource = 's'\n\
         [outputs.y]\nformula = 'x'\n"
    ))
}

/// The six years of `x`.
fn years(dist: &str) -> Vec<Vec<f64>> {
    let mut columns = common::columns(RUNS, &scenario(dist));
    (2025..=2030).map(|year| columns.remove(&format!("x[{year}]")).unwrap()).collect()
}

fn mean(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (mut sum, mut squares, mut n) = (0.0, 0.0, 0.0);
    for x in values {
        (sum, squares, n) = (sum + x, squares + x * x, n + 1.0);
    }
    let mean = sum / n;
    (mean, ((squares / n - mean * mean).max(0.0) / n).sqrt())
}

#[track_caller]
fn meets(values: impl Iterator<Item = f64>, expected: f64) {
    let (found, error) = mean(values);
    let rounding = 1e-12 * expected.abs();
    assert!((found - expected).abs() <= 5.0 * error + rounding, "{found} ± {error}, expected {expected}");
}

/// Means, and covariances of every pair of years about these means.
#[track_caller]
fn moments(x: &[Vec<f64>], mean: impl Fn(f64) -> f64, covariance: impl Fn(f64, f64) -> f64) {
    for (t, now) in x.iter().enumerate() {
        meets(now.iter().copied(), mean(t as f64));
        for (s, before) in x.iter().enumerate().take(t + 1) {
            let (a, b) = (mean(t as f64), mean(s as f64));
            meets(now.iter().zip(before).map(|(x, y)| (x - a) * (y - b)), covariance(s as f64, t as f64));
        }
    }
}

#[test]
fn a_random_walk_has_its_moments() {
    moments(&years("random_walk(10, 0.5, 2)"), |t| 10.0 + 0.5 * t, |s, _| 4.0 * s);
}

#[test]
fn ar1_is_stationary_or_comes_from_its_start() {
    let variance = 0.64 / (1.0 - 0.36);
    moments(&years("ar1(2, 0.6, 0.8)"), |_| 2.0, |s, t| variance * pow(0.6, t - s));
    moments(
        &years("ar1(2, -0.6, 0.8, start = 5)"),
        |t| 2.0 + 3.0 * pow(-0.6, t),
        |s, t| variance * pow(-0.6, t - s) * (1.0 - pow(0.36, s)),
    );
}

#[test]
fn mean_reversion_is_that_of_continuous_time() {
    let (start, level, speed, sd) = (3.0, 2.0, 0.4, 0.5);
    moments(
        &years("mean_reverting(3, 2, 0.4, 0.5)"),
        |t| level + (start - level) * exp(-speed * t),
        |s, t| sd * sd / (2.0 * speed) * (exp(-speed * (t - s)) - exp(-speed * (t + s))),
    );
}

#[test]
fn geometric_brownian_motion_grows_by_its_drift() {
    moments(
        &years("gbm(100, 0.05, 0.2)"),
        |t| 100.0 * exp(0.05 * t),
        |s, t| 1e4 * exp(0.05 * (s + t)) * expm1(0.04 * s),
    );
}

#[test]
fn jumps_leave_the_mean_and_add_their_variance() {
    let (drift, volatility, rate, m, s) = (0.05, 0.15, 0.3, -0.2, 0.1);
    let x = years("jump_diffusion(100, 0.05, 0.15, 0.3, -0.2, 0.1)");
    let jump = exp(m + 0.5 * s * s) - 1.0;
    let pace = drift - 0.5 * volatility * volatility - rate * jump + rate * m;
    let variance = volatility * volatility + rate * (m * m + s * s);
    let logs: Vec<Vec<f64>> = x.iter().map(|year| year.iter().map(|x| log(x / 100.0)).collect()).collect();
    moments(&logs, |t| pace * t, |s, _| variance * s);
    for (t, year) in x.iter().enumerate() {
        meets(year.iter().copied(), 100.0 * exp(drift * t as f64));
    }
    // Third cumulant of a compound Poisson law: rate · E[J³].
    let third = rate * (m * m * m + 3.0 * m * s * s);
    meets(logs[1].iter().map(|x| pow(x - pace, 3.0)), third);
    // No jump in a year: the law is continuous all the same, so the chance is read off the count.
    let counts = common::columns(RUNS, &scenario("jump_diffusion(100, 0.05, 0.15, 0.3, -0.2, 0.1)"));
    meets(counts["x jumps[2027]"].iter().map(|n| f64::from(u8::from(*n == 0.0))), exp(-rate));
}

#[test]
fn garch_returns_are_uncorrelated_and_their_squares_are_not() {
    let (omega, alpha, beta) = (0.002, 0.1, 0.8);
    let x = years("garch11(0.04, 0.002, 0.1, 0.8)");
    let variance = omega / (1.0 - alpha - beta);
    moments(&x, |_| 0.04, |s, t| if s == t { variance } else { 0.0 });
    // From its expected value on: E[h₂²] of the second year, and E[e₁² e₂²], by hand from E[z⁴] = 3.
    let second = variance * variance + alpha * alpha * 2.0 * variance * variance;
    let square = |x: f64| (x - 0.04) * (x - 0.04);
    meets(x[1].iter().map(|x| square(*x) * square(*x)), 3.0 * second);
    let cross = variance * (omega + (3.0 * alpha + beta) * variance);
    meets(x[0].iter().zip(&x[1]).map(|(a, b)| square(*a) * square(*b)), cross);
    let high = years("garch11(0, 0.002, 0.3, 0.7, start = 0.04)");
    meets(high[3].iter().map(|x| x * x), 0.04 + 3.0 * omega);
}

#[test]
fn a_markov_chain_has_the_powers_of_its_matrix() {
    let matrix = [[0.7, 0.2, 0.1], [0.3, 0.4, 0.3], [0.0, 0.5, 0.5]];
    let dist = "markov({10: {10: 7, 20: 2, 40: 1}, 40: {40: 0.5, 20: 0.5}, 20: {10: 3, 20: 4, 40: 3}}";
    let states = [10.0, 20.0, 40.0];
    let step =
        |law: [f64; 3]| [0, 1, 2].map(|to| (0..3).map(|from| law[from] * matrix[from][to]).sum::<f64>());
    let x = years(&format!("{dist}, start = 40)"));
    let mut law = [0.0, 0.0, 1.0];
    for year in &x {
        for (state, probability) in states.iter().zip(law) {
            meets(year.iter().map(|x| f64::from(u8::from(x == state))), probability);
        }
        law = step(law);
    }
    // Joint law of two years, and a stationary start.
    let x = years(&format!("{dist})"));
    let mut stationary = [1.0 / 3.0; 3];
    for _ in 0..200 {
        stationary = step(stationary);
    }
    for (i, from) in states.iter().enumerate() {
        meets(x[0].iter().map(|x| f64::from(u8::from(x == from))), stationary[i]);
        for (j, to) in states.iter().enumerate() {
            let both = x[3].iter().zip(&x[4]).map(|(a, b)| f64::from(u8::from(a == from && b == to)));
            meets(both, stationary[i] * matrix[i][j]);
        }
    }
}

#[test]
fn a_process_is_its_recurrence_written_by_hand_to_the_bit() {
    let text = "[scenario]\nyears = [2025, 2040]\n[axes]\nk = ['a', 'b']\n\
                [inputs.x]\nover = ['k', 'year']\nsource = 's'\ndist = 'mean_reverting(3, 2, 0.4, level_sd)'\n\
                [inputs.level_sd]\ndist = 'uniform(0.1, 0.5)'\nsource = 's'\n\
                [inputs.z]\nover = ['k', 'year']\ndist = 'normal(0, 1)'\nsource = 's'\n\
                [outputs.y]\nformula = 'x'\n\
                [outputs.by_hand]\ninitial = '3'\n\
                formula = '2 + (previous - 2) * exp(-0.4) + level_sd * sqrt((1 - exp(-0.8)) / 0.8) * z'\n";
    let by_process = common::columns(RUNS, &common::text(text));
    // The shocks are keyed by the name of the process.
    let renamed = text.replace("inputs.x]", "inputs.w]").replace("inputs.z]", "inputs.x]");
    let renamed = renamed.replace("* z'", "* x'").replace("formula = 'x'", "formula = 'w'");
    let by_hand = common::columns(RUNS, &common::text(&renamed));
    for year in 2025..=2040 {
        for k in ["a", "b"] {
            let (x, y) =
                (&by_process[&format!("x[{k}, {year}]")], &by_hand[&format!("by_hand[{k}, {year}]")]);
            for (run, (x, y)) in x.iter().zip(y).enumerate() {
                assert_eq!(x.to_bits(), y.to_bits(), "{k} {year} run {run}: {x} {y}");
            }
        }
    }
}

#[test]
fn correlations_tie_the_shocks() {
    let text = "[scenario]\nyears = [2025, 2027]\n[inputs.x]\nover = ['year']\ndist = 'random_walk(0, 0, 1)'\n\
                source = 's'\n[inputs.y]\nover = ['year']\ndist = 'gbm(1, 0, 0.1)'\nsource = 's'\n\
                [[correlations]]\nbetween = ['x', 'y']\nrho = 0.6\n[outputs.o]\nformula = 'x + y'\n";
    let columns = common::columns(RUNS, &common::text(text));
    for year in 2025..=2027 {
        let (a, b) = (&columns[&format!("x shock[{year}]")], &columns[&format!("y shock[{year}]")]);
        meets(a.iter().zip(b).map(|(a, b)| a * b), 0.6);
    }
    meets(columns["x[2027]"].iter().zip(&columns["y[2027]"]).map(|(x, y)| x * (log(*y) + 0.01)), 0.12);
}

#[test]
fn a_parameter_that_leaves_its_domain_makes_no_number() {
    let text = "[scenario]\nyears = [2025, 2027]\n[inputs.sd]\ndist = 'normal(1, 1)'\nsource = 's'\n[inputs.x]\n\
                over = ['year']\ndist = 'random_walk(0, 0, sd)'\nsource = 's'\n[outputs.o]\nformula = 'x[2027]'\n";
    let scenario = common::text(text);
    let columns = common::columns(RUNS, &scenario);
    assert!(columns["sd"].iter().zip(&columns["o"]).all(|(sd, o)| o.is_finite() == (*sd > 0.0)));
    let figures = common::summary(&scenario, 20_000);
    let first = columns["sd"].iter().position(|sd| *sd <= 0.0);
    assert_eq!(figures.outputs[0].cells[0].statistics.non_finite.first_run.map(|run| run as usize), first);
}

#[test]
fn a_drift_may_answer_to_the_year_before() {
    let text = "[scenario]\nyears = [2025, 2040]\n[formulas]\npull = '0.5 * (10 - previous(x))'\n[inputs.x]\n\
                over = ['year']\ndist = 'random_walk(0, pull, 1)'\nsource = 's'\n[outputs.o]\nformula = 'x[2040]'\n";
    meets(common::columns(RUNS, &common::text(text))["o"].iter().copied(), 10.0 * (1.0 - pow(0.5, 15.0)));
}

#[test]
fn every_process_has_an_example_that_runs() {
    for process in PROCESSES {
        let x = years(process.entry.example);
        assert!(x.iter().flatten().all(|x| x.is_finite()), "{}", process.entry.name);
        assert!(process.entry.example.starts_with(&format!("{}(", process.entry.name)));
        let same = riskband::distribution::FAMILIES.iter().any(|family| family.name == process.entry.name);
        assert!(!same, "{} is a family too", process.entry.name);
    }
    let names: Vec<&str> = PROCESSES.iter().map(|process| process.entry.name).collect();
    assert!(names.is_sorted());
}

#[test]
fn a_pull_that_is_hardly_there_leaves_a_random_walk() {
    let free = years("random_walk(3, 0, 0.5)");
    for speed in ["1e-13", "1e-17", "1e-300"] {
        let pulled = years(&format!("mean_reverting(3, 2, {speed}, 0.5)"));
        for (x, y) in pulled.iter().flatten().zip(free.iter().flatten()) {
            assert!((x - y).abs() < 1e-11, "{speed}: {x} {y}");
        }
    }
    // Either way of writing the spread, at the place where they meet: √((1 − e⁻²ᵏ) / 2k).
    for speed in [0.003, 0.0039, 0.004] {
        let found = years(&format!("mean_reverting(0, 0, {speed}, 1)"));
        let steps = years("random_walk(0, 0, 1)");
        let expected = (-expm1(-2.0 * speed) / (2.0 * speed)).sqrt();
        for (x, y) in found[1].iter().zip(&steps[1]) {
            assert!((x - expected * y).abs() <= 1e-13 * y.abs(), "{speed}: {x} {y}");
        }
    }
}

#[test]
fn jumps_of_no_size_keep_the_mean() {
    // A million jumps a year of a millionth of a millionth: the compensation must keep its digits.
    let found = years("jump_diffusion(1, 0, 1e-9, 1e12, 1e-13, 0)");
    let mean = found[1].iter().sum::<f64>() / RUNS as f64;
    // Each factor has a mean of 1 and an sd of 10⁻⁷ and 10⁻⁹ together.
    assert!((mean - 1.0).abs() < 5.0 * 1.01e-7 / (RUNS as f64).sqrt(), "{mean}");
}

#[test]
fn a_stationary_start_keeps_its_digits_near_a_random_walk() {
    let near: f64 = 0.999_999_999_9;
    let (slow, quick) = (years("ar1(0, 0.9999999999, 1)"), years("ar1(0, 0.5, 1)"));
    let (left, other) = ((1.0 - near) * (1.0 + near), f64::sqrt(0.75));
    for (x, y) in slow[0].iter().zip(&quick[0]) {
        assert!((x * left.sqrt() - y * other).abs() <= 1e-14 * y.abs() + 1e-16, "{x} {y}");
    }
}
