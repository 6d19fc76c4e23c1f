//! Shares of a whole: moments in closed form, sums of 1, and what they are made of.
//!
//! Bounds are five standard errors; one comparison fails by chance once in 1.7 million seeds, and the seed is fixed.

mod common;

use std::collections::BTreeMap;

use libm::log;
use riskband::scenario::Scenario;

const RUNS: usize = 1 << 16;
const REGIONS: [&str; 3] = ["Europe", "Asia", "Americas"];

/// With years and products where the text runs over them.
fn scenario(input: &str, more: &str) -> Scenario {
    let when = |word: &str, line: &'static str| {
        if input.contains(word) || more.contains(word) { line } else { "" }
    };
    let (years, products) =
        (when("year", "years = [2025, 2027]\n"), when("product", "product = ['old', 'new']\n"));
    common::text(&format!(
        "[scenario]\n{years}seed = 21\n[axes]\nregion = ['Europe', 'Asia', 'Americas']\n{products}\
         [inputs.mix]\n{input}\nassumption = 'a'\n{more}\n[outputs.y]\nformula = 'mix'\n"
    ))
}

#[track_caller]
fn meets(values: impl Iterator<Item = f64>, expected: f64) {
    let (mut sum, mut squares, mut n) = (0.0, 0.0, 0.0);
    for x in values {
        (sum, squares, n) = (sum + x, squares + x * x, n + 1.0);
    }
    let mean = sum / n;
    let error = ((squares / n - mean * mean).max(0.0) / n).sqrt();
    assert!((mean - expected).abs() <= 5.0 * error + 1e-12, "{mean} ± {error}, expected {expected}");
}

/// Holds shares to the means aᵢ / a and covariances (a δᵢⱼ aᵢ − aᵢ aⱼ) / (a² (a + 1)) of a Dirichlet law.
#[track_caller]
fn is_dirichlet(shares: &[&Vec<f64>], a: &[f64]) {
    let total: f64 = a.iter().sum();
    for run in 0..RUNS {
        let sum: f64 = shares.iter().map(|share| share[run]).sum();
        assert!((sum - 1.0).abs() < 1e-15 * 4.0, "run {run}: {sum}");
    }
    for (i, x) in shares.iter().enumerate() {
        let mean = a[i] / total;
        meets(x.iter().copied(), mean);
        for (j, y) in shares.iter().enumerate().take(i + 1) {
            let other = a[j] / total;
            let own = if i == j { mean } else { 0.0 };
            let covariance = (own - mean * other) / (total + 1.0);
            meets(x.iter().zip(*y).map(|(x, y)| (x - mean) * (y - other)), covariance);
        }
    }
}

fn of<'a>(columns: &'a BTreeMap<String, Vec<f64>>, behind: &str) -> Vec<&'a Vec<f64>> {
    REGIONS.iter().map(|region| &columns[&format!("mix[{region}{behind}]")]).collect()
}

#[test]
fn dirichlet_shares_have_their_moments_in_every_year() {
    let columns =
        common::columns(RUNS, &scenario("over = ['region', 'year']\ndist = 'dirichlet(4.43, 3, 0.5)'", ""));
    for year in 2025..=2027 {
        is_dirichlet(&of(&columns, &format!(", {year}")), &[4.43, 3.0, 0.5]);
    }
    let (now, next) = (&columns["mix[Asia, 2025]"], &columns["mix[Asia, 2026]"]);
    let mean = 3.0 / 7.93;
    meets(now.iter().zip(next).map(|(x, y)| (x - mean) * (y - mean)), 0.0);
}

#[test]
fn numbers_may_come_from_a_constant_from_one_number_or_from_a_table_by_member() {
    let weight = "[constants.weight]\nover = ['region']\nvalue = { Europe = 2, Asia = 5, Americas = 1 }\nassumption = 'a'";
    let by_constant =
        common::columns(RUNS, &scenario("over = ['region']\ndist = 'dirichlet(weight)'", weight));
    is_dirichlet(&of(&by_constant, ""), &[2.0, 5.0, 1.0]);
    let by_numbers = common::columns(RUNS, &scenario("over = ['region']\ndist = 'dirichlet(2, 5, 1)'", ""));
    let table = "over = ['region']\ndist = { Europe = 'dirichlet(2)', Asia = 'dirichlet(5)', Americas = 'dirichlet(1)' }";
    let by_table = common::columns(RUNS, &scenario(table, ""));
    assert_eq!(of(&by_constant, ""), of(&by_numbers, ""));
    assert_eq!(of(&by_table, ""), of(&by_numbers, ""));
    is_dirichlet(
        &of(&common::columns(RUNS, &scenario("over = ['region']\ndist = 'dirichlet(3)'", "")), ""),
        &[3.0; 3],
    );
}

#[test]
fn the_axis_is_the_last_one_of_over_or_the_one_that_along_names() {
    let last =
        common::columns(RUNS, &scenario("over = ['product', 'region']\ndist = 'dirichlet(4, 3, 2)'", ""));
    let named = common::columns(
        RUNS,
        &scenario("over = ['region', 'product']\ndist = 'dirichlet(4, 3, 2, along = region)'", ""),
    );
    for product in ["old", "new"] {
        is_dirichlet(&of(&last, &format!(", {product}")), &[4.0, 3.0, 2.0]);
        assert_eq!(of(&last, &format!(", {product}")), of(&named, &format!(", {product}")));
    }
    let halves =
        common::columns(RUNS, &scenario("over = ['region', 'product']\ndist = 'dirichlet(2, 6)'", ""));
    meets(halves["mix[Asia, old]"].iter().copied(), 0.25);
    let (old, new) = (&halves["mix[Asia, old]"], &halves["mix[Asia, new]"]);
    assert!(old.iter().zip(new).all(|(old, new)| (old + new - 1.0).abs() < 1e-15));
}

#[test]
fn numbers_that_are_drawn_make_shares_of_second_order() {
    let sure = "[inputs.sure]\ndist = 'discrete({2: 1, 20: 1})'\nassumption = 'a'";
    let columns = common::columns(
        RUNS,
        &scenario("over = ['region']\ndist = 'dirichlet(sure, 3 * sure, 4 * sure)'", sure),
    );
    let pick = |value: f64| columns["sure"].iter().map(move |sure| *sure == value);
    for (value, total) in [(2.0, 16.0), (20.0, 160.0)] {
        let chosen = || columns["mix[Asia]"].iter().zip(pick(value)).filter(|(_, is)| *is).map(|(x, _)| *x);
        meets(chosen(), 0.375);
        meets(chosen().map(|x| (x - 0.375) * (x - 0.375)), 0.375 * 0.625 / (total + 1.0));
    }
}

#[test]
fn the_logarithm_of_a_ratio_of_logistic_normal_shares_is_normal() {
    let mu = "[constants.mu]\nover = ['region']\nvalue = { Europe = 0.5, Asia = 1, Americas = -1 }\nassumption = 'a'";
    let columns =
        common::columns(RUNS, &scenario("over = ['region']\ndist = 'logistic_normal(mu, 0.7)'", mu));
    let shares = of(&columns, "");
    let ratio = |run: usize, i: usize| log(shares[i][run] / shares[2][run]);
    for run in 0..RUNS {
        assert!((shares.iter().map(|share| share[run]).sum::<f64>() - 1.0).abs() < 1e-15 * 4.0);
    }
    let means = [1.5, 2.0];
    for (i, mean) in means.into_iter().enumerate() {
        meets((0..RUNS).map(|run| ratio(run, i)), mean);
        meets((0..RUNS).map(|run| (ratio(run, i) - mean) * (ratio(run, i) - mean)), 0.98);
    }
    meets((0..RUNS).map(|run| (ratio(run, 0) - means[0]) * (ratio(run, 1) - means[1])), 0.49);
}

#[test]
fn correlations_tie_the_normals_and_persistence_lasts_in_them() {
    let tied = "[[correlations]]\nbetween = ['mix[Europe]', 'mix[Asia]']\nrho = 0.6";
    let columns = common::columns(RUNS, &scenario("over = ['region']\ndist = 'logistic_normal(0, 1)'", tied));
    let shares = of(&columns, "");
    let ratio = |run: usize| log(shares[0][run] / shares[1][run]);
    meets((0..RUNS).map(|run| ratio(run) * ratio(run)), 2.0 - 2.0 * 0.6);
    let lasting = "over = ['region', 'year']\npersistence = 0.8\ndist = 'logistic_normal(0, 1)'";
    let columns = common::columns(RUNS, &scenario(lasting, ""));
    let ratio = |run: usize, year: i32| {
        log(columns[&format!("mix[Europe, {year}]")][run] / columns[&format!("mix[Asia, {year}]")][run])
    };
    meets((0..RUNS).map(|run| ratio(run, 2025) * ratio(run, 2026)), 2.0 * 0.8);
    meets((0..RUNS).map(|run| ratio(run, 2025) * ratio(run, 2027)), 2.0 * 0.64);
}

#[test]
fn far_scores_neither_overflow_nor_vanish_together() {
    let columns =
        common::columns(RUNS, &scenario("over = ['region']\ndist = 'logistic_normal(1000 * 3, 200)'", ""));
    for run in 0..RUNS {
        let sum: f64 = of(&columns, "").iter().map(|share| share[run]).sum();
        assert!((sum - 1.0).abs() < 1e-15 * 4.0, "{sum}");
    }
}

#[test]
fn the_smallest_numbers_leave_shares_in_every_run() {
    let columns = common::columns(RUNS, &scenario("over = ['region']\ndist = 'dirichlet(0.02)'", ""));
    let shares = of(&columns, "");
    for run in 0..RUNS {
        assert!((shares.iter().map(|share| share[run]).sum::<f64>() - 1.0).abs() < 1e-15 * 4.0);
    }
    meets(shares[0].iter().map(|x| (x - 1.0 / 3.0) * (x - 1.0 / 3.0)), 2.0 / 9.0 / 1.06);
}

#[test]
fn the_tornado_has_a_bar_for_what_is_drawn_of_each_member() {
    let scenario = common::text(
        "[axes]\nregion = ['Europe', 'Asia']\n[scenario]\nseed = 5\ntornado_inputs = ['mix']\n[inputs.mix]\n\
         over = ['region']\ndist = 'dirichlet(4, 6)'\nassumption = 'a'\n\
         [outputs.y]\nformula = 'mix[Europe]'\ntornado = true\n",
    );
    let results = common::json(&scenario, 40_000);
    let bars = results["tornado"]["y"].as_array().unwrap();
    let spearman = |name: &str| {
        let bar = bars.iter().find(|bar| bar["input"] == name).unwrap_or_else(|| panic!("{bars:?}"));
        bar["spearman"].as_f64().unwrap()
    };
    assert!(spearman("mix weight[Europe]") > 0.5 && spearman("mix weight[Asia]") < -0.4);
    assert_eq!(bars.len(), 2);
}
