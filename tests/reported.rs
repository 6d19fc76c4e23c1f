//! What is reported of an output: which percentiles and tail means, under which names, the same in every file.

mod common;

use riskband::analysis::Summary;
use riskband::report::{bands_csv, summary_json, table};
use riskband::scenario::{Percent, Scenario};
use serde_json::{Value, json};

fn read(summary: &Summary) -> Value {
    serde_json::from_str(&summary_json(summary)).unwrap()
}

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// Value, low and high of a statistic in `bands.csv`, of an output without axes.
fn csv(text: &str, output: &str, statistic: &str) -> [Option<f64>; 3] {
    let is_it = |line: &&str| {
        let fields: Vec<&str> = line.split(',').collect();
        fields[0] == output && fields[4] == statistic
    };
    let line = text.lines().find(is_it).unwrap_or_else(|| panic!("no {statistic} of {output} in\n{text}"));
    let fields: Vec<&str> = line.split(',').collect();
    [5, 6, 7].map(|field| fields[field].parse().ok())
}

#[test]
fn members_may_be_called_like_any_key() {
    let members = ["label", "unit", "value", "mean", "percentiles", "2031", "about", "A", "A, B", "null"];
    let listed = members.map(|member| format!("\"{member}\"")).join(", ");
    let scenario = common::text(&format!(
        "[scenario]\nyears = [2030, 2031]\n[axes]\nkind = [{listed}]\nside = ['A', 'B, A', 'B']\n\
         [inputs.x]\ndist = 'normal(10, 1)'\nover = ['kind']\nassumption = 'a'\n\
         [inputs.z]\ndist = 'normal(10, 1)'\nover = ['side', 'kind']\nassumption = 'a'\n\
         [outputs.plain]\nformula = 'x'\nlabel = 'Plain'\nunit = 'EUR'\ntornado = true\n\
         [outputs.yearly]\nformula = 'x * (year - 2029)'\ntornado = true\n\
         [outputs.both]\nformula = 'x + z'\ntornado = true\n"
    ));
    let found = read(&common::summary(&scenario, 1000));
    assert_eq!(found["about"]["plain"], json!({ "label": "Plain", "unit": "EUR", "axes": ["kind"] }));
    assert_eq!(
        found["about"]["yearly"],
        json!({ "label": "yearly", "unit": null, "axes": ["kind", "year"] })
    );
    for output in ["plain", "yearly", "both"] {
        assert_eq!(keys(&found["outputs"][output]), members, "{output}");
    }
    for member in members {
        let mean = |cell: &Value| cell["mean"].as_f64().unwrap();
        assert!((mean(&found["outputs"]["plain"][member]) - 10.0).abs() < 0.2, "{member}");
        assert_eq!(keys(&found["outputs"]["yearly"][member]), ["2030", "2031"]);
        assert!((mean(&found["outputs"]["yearly"][member]["2031"]) - 20.0).abs() < 0.4, "{member}");
        for side in ["A", "B, A", "B"] {
            assert!((mean(&found["outputs"]["both"][member][side]) - 20.0).abs() < 0.3, "{side} {member}");
        }
    }
    // The members, their last years, and pairs with three sides; without quotes two of them were `both[A, B, A]`.
    let cells = keys(&found["tornado"]);
    assert_eq!(cells.len(), 10 + 10 + 30, "{cells:?}");
    for cell in ["both[A, \"B, A\"]", "both[\"A, B\", A]", "plain[null]"] {
        assert!(cells.contains(&cell), "{cell} {cells:?}");
    }
}

/// A law whose order statistics are known: 0 … 999 once each, shuffled, as an output of 1,000 runs.
fn thousand(more: &str, output: &str) -> Scenario {
    common::text(&format!(
        "[scenario]\n{more}\n[inputs.x]\ndist = 'normal(100, 15)'\nassumption = 'a'\n\
         [outputs.y]\nformula = 'x'\ntornado = false\n{output}\n[outputs.z]\nformula = '2 * x'\ntornado = false\n"
    ))
}

#[test]
fn table_csv_and_json_have_the_levels_that_were_asked_for() {
    let scenario = thousand("percentiles = [99.9, 50, 0.5, 20, 80]\ntail_means = [99, 1]", "");
    let summary = common::summary(&scenario, 20_000);
    let (found, bands, shown) = (read(&summary), bands_csv(&summary), table::results(&summary));
    let y = &found["outputs"]["y"]["value"];
    assert_eq!(keys(&y["percentiles"]), ["0.5", "20", "50", "80", "99.9"]);
    assert_eq!(keys(&y["confidence"])[2..7], ["0.5", "20", "50", "80", "99.9"]);
    assert_eq!(keys(&y["confidence"])[7..], ["tail_mean_below_1", "tail_mean_above_99"]);
    assert_eq!(keys(&y["tail_mean"]), ["below_1", "above_99"]);
    for level in ["0.5", "20", "50", "80", "99.9"] {
        let [value, low, high] = csv(&bands, "y", &format!("p{level}"));
        assert_eq!(y["percentiles"][level], json!(value.unwrap()));
        assert_eq!(y["confidence"][level], json!([low.unwrap(), high.unwrap()]));
    }
    assert_eq!(y["tail_mean"]["above_99"], json!(csv(&bands, "y", "tail_mean_above_99")[0]));
    assert!(!bands.contains("p95,") && !bands.contains("above_95"), "{bands}");
    let heading: Vec<&str> = shown.lines().nth(1).unwrap().split_whitespace().collect();
    assert_eq!(
        heading,
        ["p0.5", "p20", "p50", "p80", "p99.9", "mean", "sd", "below", "p1", "above", "p99"],
        "{shown}"
    );
    // Of a normal law: quantiles, and the mean beyond the 99th percentile, φ(z)/0.01 = 2.6652 sds from the mean.
    for (level, z) in [("0.5", -2.5758), ("20", -0.8416), ("50", 0.0), ("80", 0.8416), ("99.9", 3.0902)] {
        let value = y["percentiles"][level].as_f64().unwrap();
        assert!((value - (100.0 + 15.0 * z)).abs() < 3.0, "p{level}: {value}");
    }
    let above = y["tail_mean"]["above_99"].as_f64().unwrap();
    assert!((above - (100.0 + 15.0 * 2.6652)).abs() < 1.5, "{above}");
}

#[test]
fn an_output_has_levels_of_its_own() {
    let scenario = thousand("percentiles = [10, 90]", "percentiles = [99.5]\ntail_means = []");
    let found = read(&common::summary(&scenario, 2000));
    let [y, z] = ["y", "z"].map(|output| &found["outputs"][output]["value"]);
    assert_eq!((keys(&y["percentiles"]), keys(&y["tail_mean"])), (vec!["99.5"], vec![]));
    assert_eq!(
        (keys(&z["percentiles"]), keys(&z["tail_mean"])),
        (vec!["10", "90"], vec!["below_5", "above_95"])
    );
}

#[test]
fn an_exceedance_turns_the_numbers_and_no_value() {
    let levels = "percentiles = [90, 50, 99.5]\ntail_means = [5, 95]";
    let usual = common::summary(&thousand("percentiles = [10, 50, 0.5]\ntail_means = [5, 95]", ""), 5000);
    let turned = common::summary(&thousand(&format!("{levels}\nexceedance = true"), ""), 5000);
    let (bands, shown) = (bands_csv(&turned), table::results(&turned));
    let (usual, turned) = (read(&usual), read(&turned));
    assert_eq!(usual["about"]["y"]["percentile_convention"], Value::Null);
    assert_eq!(turned["about"]["y"]["percentile_convention"], "exceedance");
    let [usual, turned] = [&usual, &turned].map(|found| &found["outputs"]["y"]["value"]);
    // Rising in value in both.
    assert_eq!(keys(&turned["percentiles"]), ["99.5", "90", "50"]);
    for (level, number) in [("0.5", "99.5"), ("10", "90"), ("50", "50")] {
        assert_eq!(usual["percentiles"][level], turned["percentiles"][number], "{level}");
        assert_eq!(usual["confidence"][level], turned["confidence"][number], "{level}");
        assert_eq!(turned["percentiles"][number], json!(csv(&bands, "y", &format!("p{number}"))[0]));
    }
    assert_eq!(usual["tail_mean"]["below_5"], turned["tail_mean"]["below_95"]);
    assert_eq!(usual["tail_mean"]["above_95"], turned["tail_mean"]["above_5"]);
    assert_eq!(csv(&bands, "y", "tail_mean_below_95")[0], usual["tail_mean"]["below_5"].as_f64());
    assert!(shown.lines().nth(1).unwrap().split_whitespace().take(3).eq(["p99.5", "p90", "p50"]), "{shown}");
    assert!(shown.contains("90 % of the runs exceed"), "{shown}");
}

#[test]
fn of_two_runs_no_figure_is_told_as_0() {
    let scenario = thousand("", "");
    let shown = table::results(&common::summary(&scenario, 2));
    let figures: Vec<f64> =
        shown.split_whitespace().filter_map(|word| word.replace(',', "").parse().ok()).collect();
    assert!(figures.len() >= 12 && figures.iter().all(|figure| *figure > 1.0), "{shown}");
}

#[test]
fn a_count_beside_another_has_no_decimals() {
    let scenario = common::text(
        "[axes]\nk = ['a', 'b']\n[constants]\nmean = { over = ['k'], value = { a = 7, b = 40 } }\n\
         [inputs.x]\ndist = 'poisson(mean)'\nover = ['k']\nassumption = 'a'\n\
         [outputs.y]\nformula = 'x'\ntornado = false\npercentiles = [5, 50, 95]\n",
    );
    let shown = table::results(&common::summary(&scenario, 3000));
    for row in shown.lines().filter(|line| line.starts_with("  a") || line.starts_with("  b")) {
        let counts: Vec<&str> = row.split_whitespace().skip(1).take(3).collect();
        assert!(counts.iter().all(|count| count.parse::<u64>().is_ok()), "{shown}");
    }
}

#[test]
fn what_cannot_be_told_from_0_has_the_digits_of_its_interval() {
    let scenario = common::text(
        "[inputs.x]\ndist = 'normal(0, 1)'\nassumption = 'a'\n[outputs.y]\nformula = 'x'\ntornado = false\n",
    );
    let summary = common::summary(&scenario, 20_000);
    let statistics = &summary.outputs[0].cells[0].statistics;
    let median = statistics.percentiles.iter().find(|p| p.level == Percent::MEDIAN).unwrap();
    let interval = median.interval.unwrap();
    let half = 0.5 * (interval.high - interval.low);
    assert!(interval.low < 0.0 && interval.high > 0.0 && half > 0.01 && half < 0.03, "{interval:?}");
    let shown = table::results(&summary);
    assert!(shown.contains(&format!(" {:.3} ", median.value)), "{median:?}\n{shown}");
}

#[test]
fn a_figure_without_an_interval_has_three_digits_and_a_reason() {
    let scenario = common::text(
        "[scenario]\npercentiles = [50, 99.9]\ntail_means = [50, 99]\n\
         [inputs.x]\ndist = 'uniform(1000, 2000)'\nassumption = 'a'\n\
         [outputs.y]\nformula = 'x'\ntornado = false\n\
         [outputs.heavy]\nformula = '1 / (x - 1000)'\ntornado = false\n",
    );
    let summary = common::summary(&scenario, 1000);
    let shown = table::results(&summary);
    let row = |output: usize| -> Vec<String> {
        let line = shown.split("\n\n").nth(output).unwrap().lines().nth(2).unwrap();
        line.split_whitespace().map(String::from).collect()
    };
    // p99.9 of 1,000 runs and the mean of ten of them.
    assert_eq!((row(0)[1].as_str(), row(0)[5].as_str()), ("2,000", "2,000"), "{shown}");
    assert!(shown.contains("too few runs lie beyond the outer percentiles"), "{shown}");
    assert!(shown.contains("too few runs lie in a tail to tell how far its mean may be off"), "{shown}");
    assert_eq!(row(1)[2..5], ["unstable", "unstable", "unstable"], "{shown}");
}

#[test]
fn values_too_large_for_an_interval_keep_their_sd_and_say_so() {
    let scenario = common::text(
        "[inputs.u]\ndist = 'uniform(-1, 1)'\nassumption = 'a'\n\
         [outputs.y]\nformula = '1.7e308 * u'\ntornado = false\n\
         [outputs.z]\nformula = '1e100 * u'\ntornado = false\n",
    );
    let summary = common::summary(&scenario, 2000);
    let shown = table::results(&summary);
    let [y, z] = [0, 1].map(|output| &summary.outputs[output].cells[0].statistics);
    assert!(y.mean_interval.is_some_and(|i| i.low < 0.0 && i.high > 0.0 && i.high < 1e307), "{shown}");
    assert!(y.sd.is_some() && y.sd_interval.is_none());
    assert!(!shown.contains("no sd"), "{shown}");
    assert!(shown.contains("y: the values are too large for their fourth powers to be numbers"), "{shown}");
    assert!(z.mean_interval.is_some() && z.sd_interval.is_some());
}

#[test]
fn runs_without_a_finite_value_are_counted_in_words() {
    let scenario = common::text(
        "[inputs.x]\ndist = 'uniform(0, 1)'\nassumption = 'a'\n\
         [outputs.y]\nformula = '1 / max(x - 0.001, 0)'\ntornado = false\n",
    );
    for runs in [1, 2000] {
        let summary = common::summary(&scenario, runs);
        let bad = summary.outputs[0].cells[0].statistics.non_finite.count;
        let shown = table::results(&summary);
        assert_eq!(bad > 0, runs > 1);
        assert_eq!(shown.contains(&format!("no finite value in {bad} of 2,000 runs, first in run")), bad > 0);
    }
}
