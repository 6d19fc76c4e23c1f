//! `riskband percentiles`: a finished run answers at any level, and its answers are those of its own values.

mod common;

use std::fs;
use std::path::Path;

use common::program::{assert_exit, call, riskband, run, stderr};
use riskband::analysis::order_statistics;
use riskband::scenario::load;
use serde_json::{Value, json};

/// A multiple of the block, so that the values can be drawn again one by one.
const RUNS: usize = 10_240;

const SCENARIO: &str = "[scenario]\nyears = [2030, 2031]\n\
    [inputs.x]\ndist = 'lognormal(median = 20, sigma = 0.5)'\nover = ['year']\nassumption = 'a'\n\
    [inputs.k]\ndist = 'poisson(3)'\nassumption = 'a'\n\
    [outputs.market]\nformula = 'x'\nunit = 'USD bn'\ntornado = false\n\
    [outputs.count]\nformula = 'k'\ntornado = false\n\
    [outputs.high]\nformula = 'k > 5'\ntornado = false\n";

/// A folder with the scenario and its results in `out`.
fn finished(text: &str, words: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("asked.toml");
    fs::write(&path, text).unwrap();
    let runs = RUNS.to_string();
    let words = [&["--runs", &runs, "--format", "json"], words].concat();
    assert_exit(&run(path.to_str().unwrap(), &folder.path().join("out"), &words), 0);
    folder
}

fn asked(folder: &Path, words: &[&str]) -> Value {
    let out = folder.join("out");
    let found = call(&[&["percentiles", out.to_str().unwrap(), "--json"], words].concat());
    assert_exit(&found, 0);
    serde_json::from_slice(&found.stdout).unwrap()
}

fn table(folder: &Path, words: &[&str]) -> String {
    let out = folder.join("out");
    let found = call(&[&["percentiles", out.to_str().unwrap()], words].concat());
    assert_exit(&found, 0);
    String::from_utf8(found.stdout).unwrap()
}

/// Columns of the run's own values, sorted.
fn values(folder: &Path, cell: &str) -> Vec<f64> {
    let scenario = load(&folder.join("asked.toml"), &[]).unwrap().scenario;
    let mut values = common::columns(RUNS, &scenario).remove(cell).unwrap();
    values.sort_by(f64::total_cmp);
    values
}

fn pair(value: &Value) -> [f64; 2] {
    [0, 1].map(|end| value[end].as_f64().unwrap())
}

#[test]
fn percentiles_are_the_order_statistics_of_the_runs() {
    let folder = finished(SCENARIO, &[]);
    let levels = ["0.1", "5", "33.3", "50", "80", "99.5", "99.9"];
    for (cell, width) in [("market[2031]", 0.06), ("count", 0.0)] {
        let sorted = values(folder.path(), cell);
        let found = asked(folder.path(), &["--of", cell, "--at", &levels.join(",")]);
        let found = &found["cells"][cell]["percentiles"];
        assert_eq!(found.as_object().unwrap().len(), levels.len());
        for level in levels {
            let percent: f64 = level.parse().unwrap();
            let rank = (percent * RUNS as f64 / 100.0).ceil() as usize;
            let value = found[level]["value"].as_f64().unwrap();
            // Within the width of a bin, which grows with the distance from the middle.
            let bin = width * (1.0 + sorted[rank - 1] / 20.0);
            assert!(
                (value - sorted[rank - 1]).abs() <= bin,
                "{cell} p{level}: {value}, {}",
                sorted[rank - 1]
            );
            let (low, high) = order_statistics(RUNS as u64, percent / 100.0).unwrap();
            let [from, to] = pair(&found[level]["confidence"]);
            let (low, high) = (sorted[low as usize - 1], sorted[high as usize - 1]);
            assert!(from <= low && high <= to, "{cell} p{level}: {from} to {to}, ranks {low} to {high}");
            assert!(
                low - from <= bin && to - high <= bin,
                "{cell} p{level}: {from} to {to}, {low} to {high}"
            );
        }
    }
}

#[test]
fn shares_are_those_of_the_runs() {
    let folder = finished(SCENARIO, &[]);
    let found = asked(folder.path(), &["--below", "19.67,3", "--above", "3,45,-1"]);
    let share = |cell: &str, is_in: &dyn Fn(f64) -> bool| {
        values(folder.path(), cell).into_iter().filter(|&value| is_in(value)).count() as f64 / RUNS as f64
    };
    let count = &found["cells"]["count"];
    for (side, bound, expected) in [
        ("below", "3", share("count", &|value| value < 3.0)),
        ("above", "3", share("count", &|value| value > 3.0)),
        ("above", "-1", 1.0),
    ] {
        let found = &count[side][bound];
        assert_eq!(found["probability"], json!(expected), "{side} {bound}");
        let [low, high] = pair(&found["confidence"]);
        assert!(low < expected && expected <= high && high - low < 0.03, "{side} {bound}: {low} to {high}");
    }
    let market = &found["cells"]["market[2031]"];
    for (side, bound, expected) in [
        ("below", "19.67", share("market[2031]", &|value| value < 19.67)),
        ("above", "45", share("market[2031]", &|value| value > 45.0)),
    ] {
        let found = &market[side][bound];
        let probability = found["probability"].as_f64().unwrap();
        assert!((probability - expected).abs() < 1e-3, "{side} {bound}: {probability} and {expected}");
        let [low, high] = pair(&found["confidence"]);
        assert!(low < expected && expected < high && high - low < 0.025, "{side} {bound}: {low} to {high}");
    }
    assert!(market["percentiles"].as_object().unwrap().is_empty());
}

#[test]
fn levels_that_the_runs_cannot_tell_are_said_to_be_so() {
    let folder = finished(SCENARIO, &[]);
    let found = asked(folder.path(), &["--of", "count", "--at", "99.9999"]);
    let found = &found["cells"]["count"]["percentiles"]["99.9999"];
    let greatest = *values(folder.path(), "count").last().unwrap();
    assert_eq!((&found["value"], &found["confidence"]), (&json!(greatest), &Value::Null));
    assert!(table(folder.path(), &["--at", "99.9999"]).contains("too few runs lie beyond it to tell"));
}

#[test]
fn a_probability_is_told_as_one() {
    let folder = finished(SCENARIO, &[]);
    let found = asked(folder.path(), &["--of", "high"]);
    let summary: Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("out/summary.json")).unwrap()).unwrap();
    let figures = &summary["outputs"]["high"]["value"];
    let expected = json!({ "value": figures["mean"], "confidence": figures["confidence"]["mean"] });
    assert_eq!(found["cells"]["high"]["probability"], expected);
    let shown = table(folder.path(), &["--of", "high"]);
    assert!(shown.contains("probability  ") && !shown.contains("p50"), "{shown}");
}

#[test]
fn nothing_asked_answers_with_the_levels_of_the_run() {
    let folder = finished(SCENARIO, &["--percentiles", "20,99.5", "--tail-means", "99"]);
    let summary: Value =
        serde_json::from_str(&fs::read_to_string(folder.path().join("out/summary.json")).unwrap()).unwrap();
    let found = asked(folder.path(), &[]);
    let cells = found["cells"].as_object().unwrap();
    assert_eq!(cells.keys().collect::<Vec<_>>(), ["market[2030]", "market[2031]", "count", "high"]);
    let figures = &summary["outputs"]["market"]["2031"];
    let percentiles = found["cells"]["market[2031]"]["percentiles"].as_object().unwrap();
    assert_eq!(percentiles.keys().collect::<Vec<_>>(), ["20", "99.5"]);
    for (level, answer) in percentiles {
        assert_eq!(answer["value"], figures["percentiles"][level]);
        assert_eq!(answer["confidence"], figures["confidence"][level]);
    }
    assert_eq!(figures["tail_mean"].as_object().unwrap().keys().collect::<Vec<_>>(), ["above_99"]);
}

#[test]
fn an_exceedance_counts_from_above_and_a_design_has_errors_from_replicates() {
    let turned = SCENARIO.replace("[scenario]", "[scenario]\nexceedance = true");
    let folder = finished(&turned, &[]);
    let sorted = values(folder.path(), "count");
    let found = asked(folder.path(), &["--of", "count", "--at", "90"]);
    assert_eq!(found["percentile_convention"], "exceedance");
    assert_eq!(found["cells"]["count"]["percentiles"]["90"]["value"], json!(sorted[RUNS / 10 - 1]));
    assert!(table(folder.path(), &["--at", "90"]).contains("90 % of the runs exceed"));

    // A Sobol' design of one input: far more exact than independent runs.
    let folder = finished(SCENARIO, &["--design", "sobol"]);
    let found = asked(folder.path(), &["--of", "market[2031]", "--below", "20"]);
    let found = &found["cells"]["market[2031]"]["below"]["20"];
    let [low, high] = pair(&found["confidence"]);
    assert!(low <= 0.5 && 0.5 <= high && high - low < 0.005, "{found}");
}

/// Percentiles of an output without axes in a folder's summary.
fn reported(folder: &Path) -> Vec<String> {
    let summary: Value =
        serde_json::from_str(&fs::read_to_string(folder.join("summary.json")).unwrap()).unwrap();
    let found = &summary["outputs"]["count"]["value"]["percentiles"];
    found.as_object().unwrap().keys().cloned().collect()
}

#[test]
fn levels_of_the_command_line_change_no_draw_and_are_verified() {
    let own = SCENARIO.replace("[outputs.count]", "[outputs.count]\npercentiles = [1, 2]");
    let folder = finished(&own, &["--percentiles", "99.5,50"]);
    let (out, other) = (folder.path().join("out"), folder.path().join("other"));
    assert_eq!(reported(&out), ["50", "99.5"]);
    let scenario = folder.path().join("asked.toml");
    let runs = RUNS.to_string();
    assert_exit(&run(scenario.to_str().unwrap(), &other, &["--runs", &runs]), 0);
    assert_eq!(reported(&other), ["1", "2"]);
    assert!(fs::read(out.join("tally.bin")).unwrap() == fs::read(other.join("tally.bin")).unwrap());
    assert_exit(&call(&["verify", out.to_str().unwrap()]), 0);
    // Read anew from the same tally, as often as wanted.
    let (tally, merged) = (out.join("tally.bin"), folder.path().join("merged"));
    let merged_to = ["--out", merged.to_str().unwrap(), "--percentiles", "80", "--tail-means", "1,99"];
    assert_exit(&call(&[&["merge", tally.to_str().unwrap()], merged_to.as_slice()].concat()), 0);
    assert_eq!(reported(&merged), ["80"]);
    assert_exit(&call(&["verify", merged.to_str().unwrap()]), 0);
    // Without the manifest the levels are the scenario's, and the summary has others.
    fs::remove_file(merged.join("manifest.json")).unwrap();
    assert_exit(&call(&["verify", merged.to_str().unwrap()]), 1);
    let resumed = ["--resume", "--runs", "20480", "--percentiles", "10"];
    assert_exit(&run(scenario.to_str().unwrap(), &out, &resumed), 0);
    assert_eq!(reported(&out), ["10"]);
    for wrong in [["--percentiles", "5,5"], ["--tail-means", "0"], ["--percentiles", "P90"]] {
        assert_exit(&run(scenario.to_str().unwrap(), &out, &wrong), 2);
    }
}

#[test]
fn what_cannot_be_asked_is_said() {
    let folder = finished(SCENARIO, &[]);
    let out = folder.path().join("out");
    let refused = |words: &[&str], code: i32, told: &str| {
        let found = call(&[&["percentiles"], words].concat());
        assert_exit(&found, code);
        assert!(stderr(&found).contains(told), "no {told:?} in {}", stderr(&found));
    };
    let out = out.to_str().unwrap();
    refused(&[out, "--of", "markte[2031]"], 1, "did you mean `market[2031]`?");
    refused(&[out, "--of", "market[2040]"], 1, "those of `market` are market[2030], market[2031]");
    refused(&[out, "--of", "profit"], 1, "the outputs are market, count, high");
    refused(&[out, "--at", "100"], 2, "above 0 and below 100");
    refused(&[out, "--at", "5,5"], 2, "twice");
    refused(&[out, "--below", "a lot"], 2, "write numbers");
    refused(&[folder.path().to_str().unwrap()], 1, "has no tally.bin");
    refused(&["no/such/folder"], 1, "there is no folder");
    fs::create_dir_all(folder.path().join("parts/shards")).unwrap();
    refused(&[folder.path().join("parts").to_str().unwrap()], 1, "riskband merge");
    fs::write(folder.path().join("out/tally.bin"), b"RISKBAND nonsense").unwrap();
    refused(&[out], 1, "tally.bin: it is");
}

#[test]
fn a_share_is_written_as_a_probability_of_the_run_is() {
    let text = format!("{SCENARIO}[outputs.never]\nformula = 'k > 40'\ntornado = false\n");
    let folder = finished(&text, &[]);
    let path = folder.path().join("asked.toml");
    let out = folder.path().join("again");
    let shown = run(path.to_str().unwrap(), &out, &["--runs", &RUNS.to_string(), "--format", "json"]);
    let shown = String::from_utf8(shown.stdout).unwrap();
    // Probability and interval as the run shows them are those of the same event asked of its counts.
    let figures = |text: &str, start: &str| -> String {
        let mut lines = text.lines().skip_while(|line| !line.starts_with(start)).skip(1);
        let line = lines.find(|line| line.contains('%') && !line.contains("interval")).unwrap();
        line[line.find(|c: char| c.is_ascii_digit()).unwrap()..].to_string()
    };
    let of_count = |bound: &str| {
        let found = table(folder.path(), &["--of", "count", "--above", bound]);
        let line = found.lines().find(|line| line.contains(&format!("above {bound} "))).unwrap().to_string();
        line.split(&format!("above {bound} ")).nth(1).unwrap().trim().to_string()
    };
    for (output, bound) in [("high", "5"), ("never", "40")] {
        let spaced = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(spaced(of_count(bound)), spaced(figures(&shown, output)), "{shown}");
    }
    assert!(of_count("40").contains("at most"), "{}", of_count("40"));
}

#[test]
fn a_reader_that_goes_away_has_what_it_wanted() {
    use std::process::Stdio;
    let folder = finished(SCENARIO, &[]);
    let (out, path) = (folder.path().join("out"), folder.path().join("asked.toml"));
    let (out, path) = (out.to_str().unwrap(), path.to_str().unwrap());
    let again = folder.path().join("again");
    let again = again.to_str().unwrap();
    for words in [&["percentiles", out][..], &["run", path, "--runs", "1000", "--quiet", "--out", again]] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ended = riskband().args(words).stdout(writer).stderr(Stdio::piped()).output().unwrap();
        assert_exit(&ended, 0);
        assert_eq!(stderr(&ended), "", "{words:?}");
    }
    assert_exit(&call(&["verify", again]), 0);
}
