//! Printed 95 % intervals hold the truth as often as they say: a small version of the table in `docs/methods.md`, whose
//! script is `benches/coverage`.
//!
//! Seeds are fixed. A figure fails where its intervals hold so seldom that a share of 93 % would be five standard errors
//! away, a false alarm of 3·10⁻⁷ each.

mod common;

#[path = "../benches/coverage/truths.rs"]
mod truths;

use riskband::analysis::{Interval, Statistics, summarise};
use riskband::engine::{self, Control, Plan};
use riskband::sampling::Design;
use truths::{MODEL, Truth, truths};

const SEEDS: u64 = 150;
const RUNS: u64 = 2_000;

/// Standard errors that a share may be off.
const K: f64 = 5.0;

/// How often a figure was printed, and how often its interval held the truth.
struct Seen {
    figure: String,
    printed: u32,
    holds: u32,
}

fn figures(s: &Statistics, truth: &Truth) -> Vec<(String, Option<Interval>, f64)> {
    let mut figures = vec![("mean".to_string(), s.mean_interval, truth.mean)];
    if !truth.is_probability {
        figures.push(("sd".into(), s.sd_interval, truth.sd));
        let percentiles = s.percentiles.iter().zip(&truth.percentiles);
        figures.extend(percentiles.map(|(p, &exact)| (format!("p{}", p.level), p.interval, exact)));
        let tails = s.tail_means.iter().zip(&truth.tail_means);
        figures.extend(tails.map(|(mean, &exact)| (format!("tail {}", mean.level), mean.interval, exact)));
    }
    figures
}

/// Every figure of every output under a design of [`RUNS`] runs.
fn seen(design: &str) -> Vec<Seen> {
    let mut scenario = common::text(MODEL);
    let truths = truths(&scenario.outputs[0].levels);
    let design = Design::named(design, RUNS).unwrap();
    let pool = common::pool();
    let mut seen: Vec<Seen> = Vec::new();
    for seed in 1..=SEEDS {
        scenario.seed = seed;
        let plan = Plan::of_design(&scenario, design).unwrap();
        let outcome = engine::run(&plan, &engine::shapes(&plan.program), RUNS, &pool, &Control::default());
        let summary = summarise(&scenario, &plan, &outcome);
        let found = summary.outputs.iter().zip(&truths).flat_map(|(output, truth)| {
            assert_eq!(output.name, truth.output);
            let figures = figures(&output.cells[0].statistics, truth);
            figures
                .into_iter()
                .map(|(figure, interval, exact)| (format!("{} {figure}", truth.output), interval, exact))
        });
        for (place, (figure, interval, exact)) in found.enumerate() {
            if seen.len() <= place {
                seen.push(Seen { figure, printed: 0, holds: 0 });
            }
            if let Some(Interval { low, high }) = interval {
                seen[place].printed += 1;
                seen[place].holds += u32::from(low <= exact && exact <= high);
            }
        }
    }
    seen
}

/// Every share of 93 % or more, as far as so many seeds can tell.
fn assert_holds(design: &str, seen: &[Seen]) {
    for Seen { figure, printed, holds } in seen {
        let n = f64::from(*printed);
        let least = 0.93 * n - K * (0.93 * 0.07 * n).sqrt();
        assert!(f64::from(*holds) >= least, "{design}: {figure} holds {holds} of {printed} times");
    }
}

fn of<'a>(seen: &'a [Seen], figure: &str) -> &'a Seen {
    seen.iter().find(|seen| seen.figure == figure).unwrap()
}

/// Outputs whose mean has an interval in nearly all seeds, their draws independent of each other.
const SETTLED: [&str; 5] = ["normal", "five_normals", "gamma", "lognormal_half", "compound"];

#[test]
fn independent_runs_have_intervals_that_hold_as_often_as_they_say() {
    let seen = seen("mc");
    assert_holds("mc", &seen);
    // All means together: neither below 93 % nor above 97 %, within five standard errors.
    let means = SETTLED.map(|output| of(&seen, &format!("{output} mean")));
    let printed: u32 = means.iter().map(|mean| mean.printed).sum();
    let holds: u32 = means.iter().map(|mean| mean.holds).sum();
    assert_eq!(printed, 5 * SEEDS as u32);
    let (n, holds) = (f64::from(printed), f64::from(holds));
    assert!(holds >= 0.93 * n - K * (0.93 * 0.07 * n).sqrt(), "{holds} of {n}");
    assert!(holds <= 0.97 * n + K * (0.97 * 0.03 * n).sqrt(), "{holds} of {n}");
    // A probability always has its interval; what a few runs carry has none.
    for output in ["one_in_2", "one_in_100", "one_in_1000"] {
        assert_eq!(of(&seen, &format!("{output} mean")).printed, SEEDS as u32);
    }
    for figure in ["lognormal_wide sd", "pareto sd", "pareto tail 99"] {
        assert!(of(&seen, figure).printed <= 5, "{figure}");
    }
    assert!(of(&seen, "lognormal_half sd").printed > SEEDS as u32 / 2);
}

#[test]
fn replicates_of_a_latin_hypercube_have_intervals_that_hold() {
    let seen = seen("lhs");
    assert_holds("lhs", &seen);
    assert_eq!(of(&seen, "compound mean").printed, SEEDS as u32);
    // What the strata leave of one input, or of a sum of inputs, eight replicates cannot tell.
    for figure in ["normal mean", "normal p50", "gamma p5", "five_normals mean"] {
        assert!(of(&seen, figure).printed <= 12, "{figure}");
    }
    assert_eq!(of(&seen, "count p50").printed, SEEDS as u32);
}

#[test]
fn replicates_of_sobol_points_have_intervals_that_hold() {
    let seen = seen("sobol");
    assert_holds("sobol", &seen);
    for output in ["five_normals", "compound"] {
        assert_eq!(of(&seen, &format!("{output} p25")).printed, SEEDS as u32, "{output}");
    }
    // Percentiles of one input: an interval between runs, not by whole steps of counts, which would cover 99 %.
    let levels = ["p10", "p25", "p75", "p90"];
    let of_one = ["normal", "gamma", "lognormal_half", "lognormal_wide", "pareto"]
        .iter()
        .flat_map(|output| levels.iter().map(move |level| format!("{output} {level}")));
    let (mut printed, mut holds) = (0, 0);
    for figure in of_one {
        let seen = of(&seen, &figure);
        (printed, holds) = (printed + seen.printed, holds + seen.holds);
    }
    let n = f64::from(printed);
    assert!(printed > 10 * SEEDS as u32, "{printed}");
    assert!(f64::from(holds) <= 0.97 * n + K * (0.97 * 0.03 * n).sqrt(), "{holds} of {printed}");
    // The last run or two of a replicate, and where a stratum ends at the percentile.
    for figure in ["normal p99.5", "five_normals p99", "normal p50"] {
        assert!(of(&seen, figure).printed <= 12, "{figure}");
    }
    for figure in ["lognormal_wide mean", "pareto mean"] {
        assert!(of(&seen, figure).printed <= 3, "{figure}");
    }
}
