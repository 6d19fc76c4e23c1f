//! What is drawn together: persistence along the years and common factors.
//!
//! Bounds are five standard errors; one comparison fails by chance once in 1.7 million seeds, and the seed is fixed.

mod common;

use riskband::program::{BLOCK, Machine, Program, Scope};

const RUNS: usize = 1 << 16;

/// Compares the mean of the products of two columns of standard normal values with their correlation.
#[track_caller]
fn correlated(x: &[f64], y: &[f64], rho: f64) {
    let n = x.len() as f64;
    let found = x.iter().zip(y).map(|(x, y)| x * y).sum::<f64>() / n;
    let error = ((1.0 + rho * rho) / n).sqrt();
    assert!((found - rho).abs() < 5.0 * error, "{found} ± {error}, expected {rho}");
}

#[track_caller]
fn share(values: &[f64], below: f64, expected: f64) {
    let n = values.len() as f64;
    let found = values.iter().filter(|x| **x < below).count() as f64 / n;
    let error = (expected * (1.0 - expected) / n).sqrt();
    assert!((found - expected).abs() < 5.0 * error, "{found} ± {error}, expected {expected}");
}

#[test]
fn persistence_is_an_autoregression_that_leaves_every_year_its_law() {
    let text = "[scenario]\nyears = [2025, 2029]\nseed = 3\n[axes]\nk = ['p', 'q']\n[inputs]\n\
                a = { dist = 'normal(0, 1)', over = ['k', 'year'], persistence = 0.6, source = 's' }\n\
                b = { dist = 'normal(0, 1)', over = ['k', 'year'], persistence = '3 / 5', source = 's' }\n\
                c = { dist = 'exponential(2)', over = ['year'], persistence = -0.5, source = 's' }\n\
                [[correlations]]\nbetween = ['a', 'b']\nrho = 0.4\n\
                [outputs.y]\nformula = 'sum(a + b, k) + c'\n";
    let columns = common::columns(RUNS, &common::text(text));
    let at = |name: &str, member: &str, year: i32| &columns[&format!("{name}[{member}, {year}]")];
    for t in 2025..=2029 {
        for s in 2025..=t {
            let kept = libm::pow(0.6, f64::from(t - s));
            for k in ["p", "q"] {
                correlated(at("a", k, t), at("a", k, s), kept);
                correlated(at("b", k, t), at("b", k, s), kept);
                correlated(at("a", k, t), at("b", k, s), 0.4 * kept);
                correlated(at("b", k, t), at("a", k, s), 0.4 * kept);
            }
            correlated(at("a", "p", t), at("a", "q", s), 0.0);
        }
        share(&columns[&format!("c[{t}]")], 1.0, -libm::expm1(-0.5));
        share(&columns[&format!("c[{t}]")], 1e-3, -libm::expm1(-5e-4));
        share(&columns[&format!("c[{t}]")], 9.0, -libm::expm1(-4.5));
    }
    // The score of an exponential draw, next year's against this year's.
    let score = |year: i32| -> Vec<f64> {
        let tail = |x: &f64| riskband::math::normal_score(-libm::exp(-0.5 * x));
        columns[&format!("c[{year}]")]
            .iter()
            .map(|x| if *x > 1.4 { tail(x) } else { -tail_of_low(*x) })
            .collect()
    };
    correlated(&score(2026), &score(2027), -0.5);
    correlated(&score(2026), &score(2028), 0.25);
}

/// Minus the normal score of a small exponential draw of mean 2.
fn tail_of_low(x: f64) -> f64 {
    -riskband::math::normal_score(-libm::expm1(-0.5 * x))
}

#[test]
fn the_first_year_and_scenarios_without_persistence_keep_their_draws() {
    let text = "[scenario]\nyears = [2025, 2027]\n[inputs.a]\ndist = 'gamma(2, 3)'\nover = ['year']\nsource = 's'\n\
                persistence = 0.9\n[outputs.y]\nformula = 'a'\n";
    let lasting = common::columns(RUNS, &common::text(text));
    let plain = common::columns(RUNS, &common::text(&text.replace("persistence = 0.9\n", "")));
    assert_eq!(lasting["a[2025]"], plain["a[2025]"]);
    assert_ne!(lasting["a[2026]"], plain["a[2026]"]);
}

#[test]
fn two_thousand_years_of_persistence_need_no_matrix() {
    let text = "[scenario]\nyears = [1, 2000]\n[inputs.a]\ndist = 'normal(0, 1)'\nover = ['year']\nsource = 's'\n\
                persistence = 0.99\n[outputs.y]\nformula = 'a[2000] * a[1900]'\n";
    let scenario = common::text(text);
    let program = Program::compile(&scenario, Scope::Outputs).unwrap();
    let mut machine = Machine::new(&program, &[]);
    let mut sum = 0.0;
    let blocks = 8;
    for block in 0..blocks {
        machine.run(block * BLOCK as u64, 0..BLOCK, &mut |_: usize, values: &[f64]| {
            sum += values.iter().sum::<f64>()
        });
    }
    let n = (blocks as usize * BLOCK) as f64;
    let expected = libm::pow(0.99, 100.0);
    assert!((sum / n - expected).abs() < 5.0 * ((1.0 + expected * expected) / n).sqrt());
}

#[test]
fn inputs_with_a_factor_correlate_by_the_product_of_their_loadings() {
    let text = "[scenario]\nyears = [2025, 2027]\nseed = 8\n[axes]\nk = ['p', 'q']\n[inputs]\n\
                a = { dist = 'normal(0, 1)', over = ['k'], factor = { name = 'mood', loading = 0.8 }, source = 's' }\n\
                b = { dist = 'normal(0, 1)', factor = { name = 'mood', loading = -0.5 }, source = 's' }\n\
                c = { dist = 'normal(0, 1)', over = ['k', 'year'], source = 's', factor = { name = 'weather', \
                loading = 0.6, over = ['year'] } }\n\
                d = { dist = 'random_walk(0, 0, 1)', over = ['year'], source = 's', factor = { name = 'weather', \
                loading = 0.7, over = 'year' } }\n\
                [outputs.y]\nformula = 'sum(a, k) + b + sum(c, k) + d'\n";
    let scenario = common::text(text);
    let columns = common::columns(RUNS, &scenario);
    let at = |name: &str| &columns[name];
    correlated(at("mood"), at("mood"), 1.0);
    correlated(at("a[p]"), at("mood"), 0.8);
    correlated(at("a[p]"), at("a[q]"), 0.64);
    correlated(at("a[p]"), at("b"), -0.4);
    correlated(at("b"), at("mood"), -0.5);
    correlated(at("c[p, 2026]"), at("weather[2026]"), 0.6);
    correlated(at("c[p, 2026]"), at("c[q, 2026]"), 0.36);
    correlated(at("c[p, 2026]"), at("c[p, 2027]"), 0.0);
    correlated(at("c[q, 2026]"), at("d shock[2026]"), 0.42);
    // The factor has a row of its own in the tornado, which holds what it moves.
    let summary = common::summary(&scenario, 60_000);
    let rows: Vec<&str> = summary.tornados[0].rows.iter().map(|row| row.input.as_str()).collect();
    assert!(
        rows.contains(&"mood") && rows.contains(&"weather[2026]") && rows.contains(&"d shock[2026]"),
        "{rows:?}"
    );
    // Asked for one input, a tornado shows its factor too; for what does not change, the factors that do not.
    let asked = |setting: &str| {
        let text = text.replace("seed = 8", &format!("seed = 8\ntornado_inputs = {setting}"));
        let summary = common::summary(&common::text(&text), 20_000);
        let mut rows: Vec<String> = summary.tornados[0].rows.iter().map(|row| row.input.clone()).collect();
        rows.sort();
        rows
    };
    assert_eq!(asked("['b']"), ["b", "mood"]);
    assert_eq!(asked("'static'"), ["a[p]", "a[q]", "b", "mood"]);
}

#[test]
fn a_thousand_elements_may_load_on_one_factor() {
    let members: Vec<String> = (0..1000).map(|k| format!("'m{k}'")).collect();
    let text = format!(
        "[axes]\nk = [{}]\n[inputs.a]\nover = ['k']\ndist = 'normal(0, 1)'\nsource = 's'\n\
         factor = {{ name = 'mood', loading = 0.1 }}\n[outputs.y]\nformula = 'sum(a, k)'\ntornado = false\n",
        members.join(", ")
    );
    let sd = common::summary(&common::text(&text), 16_384).outputs[0].cells[0].statistics.sd.unwrap();
    let expected = (1000.0 + 1000.0 * 999.0 * 0.01f64).sqrt();
    common::assert_within("sd of the sum", sd, expected, expected / (2.0 * 16_384f64).sqrt(), 5.0);
}

fn matrices(correlations: &str) -> Vec<(Vec<f64>, Option<Vec<f64>>)> {
    let text = format!(
        "[scenario]\nyears = [2025, 2028]\n[axes]\nk = ['p', 'q', 'r']\n[inputs]\n\
         a = {{ dist = 'normal(0, 1)', over = ['k'], source = 's' }}\n\
         b = {{ dist = 'normal(0, 1)', over = ['year'], source = 's' }}\n\
         c = {{ dist = 'bernoulli(0.02)', over = ['year'], source = 's' }}\n\
         d = {{ dist = 'normal(0, 1)', over = ['year'], source = 's' }}\n\
         {correlations}\n[outputs.y]\nformula = 'sum(a, k) + b + c + d'\n"
    );
    let scenario = common::text(&text);
    scenario.correlations.into_iter().map(|group| (group.matrix, group.asked)).collect()
}

#[test]
fn structures_are_their_matrices() {
    let exactly = |correlations: &str, expected: &[f64]| {
        let found = matrices(correlations);
        let close = found[0].0.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15);
        assert!(close && found.len() == 1 && found[0].0.len() == expected.len(), "{correlations}: {found:?}");
    };
    let r = |d: f64| libm::exp(-d / 3.0);
    let ranged = [1.0, r(1.0), r(2.0), r(1.0), 1.0, r(1.0), r(2.0), r(1.0), 1.0];
    exactly("[[correlations]]\nbetween = ['a']\nrange = 3\n", &ranged);
    let four: Vec<f64> = (0..16i32).map(|k| libm::pow(-0.8, f64::from((k / 4 - k % 4).abs()))).collect();
    exactly("[[correlations]]\nbetween = ['b']\ndecay = -0.8\n", &four);
    let one = [1.0, 0.35, -0.2, 0.35, 1.0, -0.28, -0.2, -0.28, 1.0];
    exactly("[[correlations]]\nbetween = ['a']\nloadings = [0.5, 0.7, -0.4]\n", &one);
    exactly("[[correlations]]\nbetween = ['a']\nloadings = [[0.5], ['7 / 10'], [-0.4]]\n", &one);
    let two = [1.0, 0.35, 0.1, 0.35, 1.0, 0.14, 0.1, 0.14, 1.0];
    exactly("[[correlations]]\nbetween = ['a']\nloadings = [[0.5, 0.5], [0.7, 0], [0.2, 0]]\n", &two);
    let matrix = [1.0, 0.5, 0.2, 0.5, 1.0, 0.3, 0.2, 0.3, 1.0];
    exactly(
        "[[correlations]]\nbetween = ['a']\nmatrix = [[1, 0.5, 0.2], [0.5, 1, 0.3], [0.2, 0.3, 1]]\n",
        &matrix,
    );
    let listed = "[[correlations]]\nbetween = ['a[r]', 'a[p]', 'a[q]']\ndecay = 0.5\n";
    // In the order of `between`: r is next to p.
    exactly(listed, &[1.0, 0.5, 0.5, 0.5, 1.0, 0.25, 0.5, 0.25, 1.0]);
}

#[test]
fn a_repaired_matrix_is_the_nearest_and_keeps_what_was_asked() {
    let impossible = "[[correlations]]\nbetween = ['b', 'd']\nrho = 0.9\nrepair = 'nearest'\n\
                      [[correlations]]\nbetween = ['b', 'c']\nrho = 0.9\n\
                      [[correlations]]\nbetween = ['c', 'd']\nrho = -0.4\n";
    let found = matrices(impossible);
    assert_eq!(found.len(), 4);
    let (used, asked) = &found[0];
    assert_eq!(asked.as_deref(), Some(&[1.0, 0.9, 0.9, 0.9, 1.0, -0.4, 0.9, -0.4, 1.0][..]));
    let nearest = riskband::math::symmetric::nearest_correlation(asked.as_ref().unwrap(), 3, 1e-3);
    assert_eq!(*used, nearest);
    assert!(found.iter().all(|group| *group == found[0]), "years differ");
    // What is possible is left alone.
    let found = matrices("[[correlations]]\nbetween = ['b', 'd']\nrho = 0.9\nrepair = 'nearest'\n");
    assert!(found.iter().all(|group| *group == (vec![1.0, 0.9, 0.9, 1.0], None)), "{found:?}");
}

#[test]
fn coefficients_reached_are_those_asked_for() {
    let text = "[scenario]\nyears = [2025, 2028]\nseed = 4\n[axes]\nk = ['p', 'q', 'r']\n[inputs]\n\
                a = { dist = 'gamma(2, 3)', over = ['k'], source = 's' }\n\
                b = { dist = 'normal(0, 1)', over = ['year'], persistence = 0.7, source = 's' }\n\
                c = { dist = 'lognormal(mean = 3, sd = 1)', source = 's' }\n\
                d = { dist = 'beta(2, 3)', source = 's' }\n\
                m = { dist = 'normal(0, 1)', factor = { name = 'mood', loading = 0.8 }, source = 's' }\n\
                f = { dist = 'uniform(0, 1)', factor = { name = 'mood', loading = -0.5 }, source = 's' }\n\
                g = { dist = 'pert(1, 2, 4)', source = 's' }\n\
                h = { dist = 'normal(0, 1)', source = 's' }\n\
                [[correlations]]\nbetween = ['a']\ncopula = 'clayton'\nspearman = 0.5\n\
                [[correlations]]\nbetween = ['c', 'd']\ncopula = 'gumbel'\nrotate = 90\nspearman = -0.6\n\
                [[correlations]]\nbetween = ['g', 'h']\ncopula = 't'\ndf = 4\nkendall = 0.4\n\
                [outputs.y]\nformula = 'sum(a, k) + b + c * d + m * f + g * h'\n";
    let scenario = common::text(text);
    let (pairs, count) = riskband::engine::tied_pairs(&scenario, 20).unwrap();
    let asked: Vec<Option<f64>> =
        pairs.iter().map(|pair| pair.asked.map(|asked| (asked * 1e9).round() / 1e9)).collect();
    let gaussian = |rho: f64| Some((6.0 / std::f64::consts::PI * libm::asin(0.5 * rho) * 1e9).round() / 1e9);
    let half = Some(0.5);
    let (to_mood, mutual, lasting) = ([gaussian(0.8), gaussian(-0.5)], gaussian(-0.4), gaussian(0.7));
    let expected =
        [half, half, half, Some(-0.6), None, to_mood[0], to_mood[1], mutual, lasting, lasting, lasting];
    assert_eq!((asked, count), (expected.to_vec(), expected.len()));
    for pair in &pairs {
        let achieved = pair.achieved.unwrap();
        assert!(achieved.error > 0.003 && achieved.error < 0.02, "{pair:?}");
        let asked = pair.asked.unwrap_or(6.0 / std::f64::consts::PI * libm::asin(0.5 * 0.587_785));
        // The t copula's is near that of the Gaussian one with the same rho; the jackknife is good to an eighth.
        assert!((achieved.spearman - asked).abs() < 5.0 * 1.25 * achieved.error + 0.02, "{pair:?}");
        assert!(pair.loosened.is_empty() && pair.without_value == 0);
    }
    let (few, count) = riskband::engine::tied_pairs(&scenario, 4).unwrap();
    assert_eq!((few.as_slice(), count), (&pairs[..4], 11));
}

#[test]
fn a_rare_event_cannot_reach_a_high_coefficient_and_the_check_says_so() {
    let text = "[inputs]\na = { dist = 'bernoulli(0.02)', source = 's' }\nb = { dist = 'normal(0, 1)', source = 's' }\n\
                [[correlations]]\nbetween = ['a', 'b']\nspearman = 0.7\n[outputs.y]\nformula = 'a * b'\n";
    let (pairs, count) = riskband::engine::tied_pairs(&common::text(text), 20).unwrap();
    let told = riskband::report::dependence::tied(&pairs, count);
    // √(3 p (1 − p)) = 0.242 for the share of the runs in which it happens.
    assert!(
        told.contains("`a` with `b` cannot reach 0.700: the values of `a` repeat, which leaves 0.2"),
        "{told}"
    );
}

#[test]
fn a_quarter_turn_ties_the_ends_that_the_page_says() {
    // Runs with the first in its lowest or highest 2 % and the other in its own.
    let corners = |copula: &str, rotate: u32| {
        let turn = if rotate == 0 { String::new() } else { format!("rotate = {rotate}\n") };
        let text = format!(
            "[inputs]\na = {{ dist = 'uniform(0, 1)', source = 's' }}\nb = {{ dist = 'uniform(0, 1)', source = 's' }}\n\
             [[correlations]]\nbetween = ['a', 'b']\ncopula = '{copula}'\n{turn}theta = 3\n\
             [outputs.y]\nformula = 'a + b'\n"
        );
        let columns = common::columns(1 << 16, &common::text(&text));
        let count = |first: fn(f64) -> bool, other: fn(f64) -> bool| {
            columns["a"].iter().zip(&columns["b"]).filter(|(a, b)| first(**a) && other(**b)).count()
        };
        let low: fn(f64) -> bool = |x| x < 0.02;
        let high: fn(f64) -> bool = |x| x > 0.98;
        [count(low, low), count(low, high), count(high, low), count(high, high)]
    };
    // Independent inputs have 26 runs in a corner; the tail that is tied has many more than any other, of which a Gumbel
    // copula of theta 3 ties the opposite too.
    for (copula, rotate, tied) in [
        ("clayton", 0, 0),
        ("clayton", 90, 2),
        ("clayton", 180, 3),
        ("clayton", 270, 1),
        ("gumbel", 0, 3),
        ("gumbel", 90, 1),
        ("gumbel", 180, 0),
        ("gumbel", 270, 2),
    ] {
        let corners = corners(copula, rotate);
        assert!(corners[tied] > 500, "{copula} {rotate}: {corners:?}");
        let others = corners.iter().enumerate().filter(|(place, _)| *place != tied);
        assert!(
            others.clone().all(|(_, count)| 3 * count < 2 * corners[tied]),
            "{copula} {rotate}: {corners:?}"
        );
    }
}

#[test]
fn a_run_says_where_a_rank_correlation_was_not_reached() {
    let text = |tied: &str| {
        format!(
            "[scenario]\nruns = 1000\n[inputs]\n\
             a = {{ dist = 'compound(poisson(3), lognormal(mean = 1, cv = 2))', source = 's' }}\n\
             b = {{ dist = 'compound(poisson(3), lognormal(mean = 1, cv = 2))', source = 's' }}\n\
             c = {{ dist = 'normal(0, 1)', source = 's' }}\nd = {{ dist = 'gamma(2, 1)', source = 's' }}\n\
             k = {{ dist = 'poisson(50)', source = 's' }}\n\
             [[correlations]]\nbetween = {tied}\nspearman = 0.6\n[outputs.y]\nformula = 'a + b + c + d + k'\n"
        )
    };
    let summary = common::json(&common::text(&text("['a', 'b']")), 1000);
    let missed = &summary["missed_correlations"];
    assert_eq!(missed.as_array().map(Vec::len), Some(1), "{missed}");
    assert_eq!((&missed[0]["between"], &missed[0]["asked"]), (&serde_json::json!(["a", "b"]), &0.6.into()));
    let (reached, error) =
        (missed[0]["reached"].as_f64().unwrap(), missed[0]["reached_error"].as_f64().unwrap());
    // What is tied is the number of events: the totals, whose sizes are independent, have less of it.
    assert!(reached > 0.15 && reached < 0.5 && error > 0.005 && error < 0.02, "{missed}");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("scenario.toml");
    std::fs::write(&path, text("['a', 'b']")).unwrap();
    let path = path.display().to_string();
    let ended = common::program::run(&path, &folder.path().join("out"), &["--format", "json"]);
    let said = common::program::stderr(&ended);
    assert!(
        said.contains("warning: the rank correlation of `a` and `b` is 0.")
            && said.contains("and 0.600 was asked for; `a` is a sum of events: what is tied is their number"),
        "{said}"
    );
    // Continuous inputs have what was asked for, and so has a count whose repeated values change nothing that could be told.
    for tied in ["['c', 'd']", "['c', 'k']"] {
        let summary = common::json(&common::text(&text(tied)), 1000);
        assert!(summary.get("missed_correlations").is_none(), "{summary}");
    }
}
