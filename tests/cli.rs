//! The program from the outside: exit codes, files, what goes to stdout and what to stderr.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};

use common::program::{Running, assert_exit, names, riskband, stderr};
use riskband::cluster::{LOCK, TallyFile};
use serde_json::Value;

const R1: &str = "tests/reference/r1.toml";

fn output(arguments: &[&str]) -> Output {
    riskband().args(arguments).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn designs_refuse_what_they_have_no_room_for() {
    let refused = |arguments: &[&str], says: &str| {
        let found = output(arguments);
        let said = String::from_utf8_lossy(&found.stderr).into_owned();
        assert_eq!(found.status.code(), Some(2), "{said}");
        assert!(said.contains(says), "{said}");
    };
    let scenario = "scenarios/learn/02-a-sum.toml";
    refused(&["run", scenario, "--design", "lhs", "--runs", "1e10"], "at most 4,294,967,296 runs");
    refused(
        &["replay", scenario, "--design", "sobol", "--runs", "100", "--run", "100"],
        "the last one is 99",
    );
    refused(&["run", scenario, "--design", "halton"], "possible values: mc, lhs, sobol");
}

#[test]
fn schema_is_json_that_knows_the_sections() {
    let shown = output(&["schema"]);
    assert!(shown.status.success());
    let schema: serde_json::Value = serde_json::from_slice(&shown.stdout).unwrap();
    assert!(schema["properties"]["inputs"]["additionalProperties"]["properties"]["dist"].is_object());
}

#[test]
fn distributions_lists_families_and_describes_each() {
    let listed = output(&["distributions"]);
    assert_exit(&listed, 0);
    let processes = riskband::scenario::PROCESSES.iter().map(|process| &process.entry);
    for family in riskband::distribution::FAMILIES.iter().chain(processes) {
        assert!(stdout(&listed).contains(&format!("  {} ", family.name)), "{}", family.name);
        let shown = output(&["distributions", family.name]);
        assert_exit(&shown, 0);
        assert!(stdout(&shown).contains(family.example) && stdout(&shown).contains(family.summary));
    }
    for word in riskband::scenario::DIST_WORDS {
        assert!(stdout(&listed).contains(&format!("  {} ", word.name)), "{}", word.name);
        let shown = stdout(&output(&["distributions", word.name]));
        assert!(
            [word.spelling, word.summary, word.example].iter().all(|part| shown.contains(part)),
            "{shown}"
        );
    }
    let unknown = output(&["distributions", "lognormall"]);
    assert_exit(&unknown, 2);
    assert!(stderr(&unknown).contains("did you mean lognormal?"), "{}", stderr(&unknown));
}

#[test]
fn functions_are_listed_and_each_is_described() {
    let listed = output(&["functions"]);
    assert_exit(&listed, 0);
    for function in riskband::scenario::FUNCTIONS {
        assert!(stdout(&listed).contains(function.meaning), "{}", function.name);
        let shown = stdout(&output(&["functions", function.name]));
        assert!(shown.contains(function.meaning) && shown.contains(function.example), "{shown}");
    }
}

/// Rows of arguments, the exit code, and what is said.
#[test]
fn what_was_meant_is_proposed_on_the_command_line() {
    let learn = "scenarios/learn/01-one-input.toml";
    let cases: [(&[&str], i32, &str); 12] = [
        (&["rnu", learn], 2, "did you mean `riskband run`?"),
        (&["simulate", learn], 2, "did you mean `riskband run`?"),
        (&["model1.toml"], 2, "write `riskband run model1.toml`"),
        (&["run", "scenarios/learn/01-one-inptu.toml"], 4, "did you mean scenarios/learn/01-one-input.toml?"),
        (&["run", "scenarios/learn/01-one-input"], 4, "did you mean scenarios/learn/01-one-input.toml?"),
        (&["run", "scenarios"], 4, "it is a folder"),
        (&["run", learn, "--runs", "1e16"], 2, "at most 1e14 runs"),
        (&["run", learn, "--runs", "10.000"], 2, "write 10_000 for thousands"),
        (&["distributions", "nope"], 2, "riskband distributions lists them all"),
        (&["distributions", "if"], 2, "riskband functions if"),
        (&["distributions", "RiskTriang"], 2, "triangular(min, most_likely, max)"),
        (&["check", learn, "--set", "clean_room=3"], 1, "--set 'inputs.clean_room.dist=constant(3)'"),
    ];
    for (arguments, code, says) in cases {
        let found = output(arguments);
        assert_exit(&found, code);
        let said = stderr(&found);
        assert!(said.contains(says) && said.len() < 700, "{arguments:?}: {said}");
    }
}

#[test]
fn of_many_reports_the_first_hundred_are_shown() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("many.toml");
    let text: String = (0..3_000).map(|i| format!("[outputs.o{i}]\nformula = \"zz{i}\"\n")).collect();
    fs::write(&path, text).unwrap();
    let found = output(&["check", path.to_str().unwrap()]);
    assert_exit(&found, 1);
    let said = stderr(&found);
    assert_eq!(said.matches("error[").count(), 100);
    assert!(
        said.contains("and 2,900 more") && said.contains("3,000 errors"),
        "{}",
        &said[said.len() - 200..]
    );
}

/// `riskband run` into a folder of its own.
fn run(scenario: &str, arguments: &[&str]) -> (tempfile::TempDir, Output) {
    let folder = tempfile::tempdir().unwrap();
    let output =
        riskband().args(["run", scenario, "--out"]).arg(folder.path()).args(arguments).output().unwrap();
    (folder, output)
}

fn json(path: PathBuf) -> Value {
    serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap()
}

/// All scenarios that are shipped.
fn shipped() -> Vec<String> {
    let mut found = Vec::new();
    for folder in ["scenarios", "scenarios/learn"] {
        for name in names(Path::new(folder)).iter().filter(|name| name.ends_with(".toml")) {
            found.push(format!("{folder}/{name}"));
        }
    }
    found
}

#[test]
fn every_shipped_scenario_runs_without_a_warning() {
    let scenarios = shipped();
    assert!(scenarios.len() >= 11, "{scenarios:?}");
    for scenario in scenarios {
        let (folder, output) = run(&scenario, &["--runs", "2000"]);
        assert_exit(&output, 0);
        let talk = stderr(&output);
        assert_eq!(talk.lines().count(), 1, "{scenario}:\n{talk}");
        assert!(talk.contains("2,000 runs in "), "{talk}");
        let summary = json(folder.path().join("summary.json"));
        assert_eq!(summary["runs"], 2000);
        for (name, output) in summary["outputs"].as_object().unwrap() {
            assert!(!output.to_string().contains("first_non_finite_run"), "{scenario}: {name} is not finite");
        }
    }
}

#[test]
fn the_manifest_names_the_data_with_their_hashes() {
    let (folder, output) = run("tests/golden/rows.toml", &["--runs", "1000"]);
    assert_exit(&output, 0);
    let manifest = json(folder.path().join("manifest.json"));
    let data = manifest["data_files"].as_array().unwrap();
    assert_eq!(data.len(), 1);
    assert!(data[0]["path"].as_str().unwrap().ends_with("history.csv"));
    assert_eq!(data[0]["sha256"].as_str().unwrap().len(), 64);
}

#[test]
fn a_run_writes_these_files_and_no_other() {
    let (folder, output) = run(R1, &["--runs", "1e4"]);
    assert_exit(&output, 0);
    let expected = [
        "bands-market.png",
        "bands.csv",
        "histogram-cagr.png",
        "manifest.json",
        "probability-reaches_headline.png",
        "summary.json",
        "tally.bin",
        "tornado-market-2031.png",
    ];
    assert_eq!(names(folder.path()), expected);
    for name in expected.iter().filter(|name| name.ends_with(".png")) {
        let bytes = fs::read(folder.path().join(name)).unwrap();
        assert_eq!(&bytes[..8], b"\x89PNG\r\n\x1a\n", "{name}");
        let side = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        assert!(side(16) >= 1600 && side(20) >= 1000, "{name} is {} × {} pixels", side(16), side(20));
    }
    let manifest = json(folder.path().join("manifest.json"));
    assert_eq!(manifest["computed"], serde_json::json!([[0, 10_000]]));
    assert_eq!(manifest["partial"], false);
    assert_eq!(manifest["data_files"], serde_json::json!([]));
    assert_eq!(manifest["scenario_sources"][0]["text"], fs::read_to_string(R1).unwrap());
    let bands = fs::read_to_string(folder.path().join("bands.csv")).unwrap();
    assert!(bands.lines().count() > 100 && bands.lines().any(|line| line.starts_with("market")), "{bands}");
}

#[test]
fn formats_choose_the_files() {
    for (format, expected) in [
        ("json", vec!["manifest.json", "summary.json", "tally.bin"]),
        ("csv", vec!["bands.csv", "manifest.json", "tally.bin"]),
    ] {
        let (folder, output) = run(R1, &["--runs", "1000", "--format", format]);
        assert_exit(&output, 0);
        assert_eq!(names(folder.path()), expected);
    }
}

#[test]
fn the_table_of_a_run_is_as_kept() {
    let (_folder, output) = run("tests/cases/black_scholes.toml", &["--runs", "20_000", "--format", "json"]);
    assert_exit(&output, 0);
    let kept = Path::new("tests/cli/black_scholes.txt");
    if std::env::var_os("RISKBAND_RENEW").is_some() {
        fs::write(kept, stdout(&output)).unwrap();
    }
    assert_eq!(stdout(&output), fs::read_to_string(kept).unwrap());
}

#[test]
fn quiet_keeps_stderr_empty_and_results_on_stdout() {
    let (_folder, loud) = run(R1, &["--runs", "1000", "--format", "json"]);
    let (_other, quiet) = run(R1, &["--runs", "1000", "--format", "json", "--quiet"]);
    assert!(!loud.stderr.is_empty());
    assert_eq!(stderr(&quiet), "");
    assert_eq!(stdout(&loud), stdout(&quiet));
    let warned = output(&["check", "tests/mistakes/warnings/no_provenance.toml", "--quiet"]);
    assert_exit(&warned, 0);
    assert_eq!(stderr(&warned), "");
}

#[test]
fn quiet_hides_no_error() {
    let seven = "tests/mistakes/several/seven_mistakes.toml";
    for command in [
        &["check", seven][..],
        &["run", seven],
        &["replay", seven, "--run", "0"],
        &["slurm", seven, "--array", "2"],
    ] {
        let [loud, quiet] = [&[][..], &["--quiet"]].map(|more| output(&[command, more].concat()));
        assert_exit(&quiet, 1);
        let count = |output: &Output| stderr(output).matches("error[").count();
        assert_eq!((count(&quiet), count(&loud)), (6, 6), "{command:?}: {}", stderr(&quiet));
        assert!(!stderr(&quiet).contains("warning["), "{}", stderr(&quiet));
        assert!(stderr(&quiet).trim_end().ends_with("6 errors"), "{}", stderr(&quiet));
    }
    let (folder, _) = run(R1, &["--runs", "2000", "--shard", "1/2", "--quiet"]);
    let place = folder.path().to_str().unwrap();
    let merged = output(&["merge", place, "--out", place, "--quiet"]);
    assert_exit(&merged, 1);
    assert!(stderr(&merged).contains("--shard 2/2 --resume"), "{}", stderr(&merged));
}

#[test]
fn what_a_terminal_would_obey_is_shown_by_every_command() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("escapes\u{1b}[31m.toml");
    let text = r#"
        [scenario]
        title = "T \u001b]0;title\u0007\u001b[2J\nsecond line"
        [inputs.u]
        label = "\u202eL"
        unit = "\u009b31m"
        dist = "normal(10, 2)"
        assumption = "x"
        [outputs.y]
        label = "\u001b]8;;http://example.invalid\u0007click\nforged  1  2"
        unit = "\u2067"
        formula = "u + 0 * sqrt(u - 1000)"
    "#;
    fs::write(&scenario, text).unwrap();
    let (scenario, out) = (scenario.to_str().unwrap(), folder.path().join("out\u{7}"));
    let out = out.to_str().unwrap();
    for command in [
        &["check", scenario, "--explain"][..],
        &["run", scenario, "--runs", "1000", "--out", out],
        &["run", scenario, "--runs", "1000", "--shard", "1/1", "--out", out],
        &["merge", out, "--out", out],
        &["status", out],
        &["verify", out],
        &["replay", scenario, "--run", "3"],
        &["check", "\u{1b}[2J.toml"],
        &["\u{1b}[2J"],
    ] {
        let found = output(command);
        let shown = stdout(&found) + &stderr(&found);
        let bad = |c: &char| {
            (c.is_control() && *c != '\n') || ('\u{2066}'..='\u{2069}').contains(c) || *c == '\u{202e}'
        };
        assert_eq!(shown.chars().find(bad), None, "{command:?}: {shown:?}");
        assert!(
            !shown.lines().any(|line| line.starts_with("forged") || line.starts_with("second")),
            "{shown}"
        );
    }
}

#[test]
fn a_level_of_vectors_that_does_not_exist_is_refused() {
    for name in ["foo", "AVX2"] {
        let found = riskband().args(["check", R1]).env("RISKBAND_SIMD", name).output().unwrap();
        assert_exit(&found, 2);
        assert!(stderr(&found).contains("base, avx2 or avx512"), "{}", stderr(&found));
    }
}

#[test]
fn numbers_are_written_as_people_write_them() {
    for (runs, expected) in [("1e3", 1000), ("1_000", 1000), ("2.5e3", 2500)] {
        let (folder, output) = run(R1, &["--runs", runs, "--format", "json"]);
        assert_exit(&output, 0);
        assert_eq!(json(folder.path().join("summary.json"))["runs"], expected);
    }
}

#[test]
fn a_value_may_be_changed_from_outside() {
    let median = |arguments: &[&str]| {
        let (folder, output) = run(R1, &[&["--runs", "2000", "--format", "json"], arguments].concat());
        assert_exit(&output, 0);
        let manifest = json(folder.path().join("manifest.json"));
        let summary = json(folder.path().join("summary.json"));
        let hash = summary["hash"].as_str().unwrap().to_string();
        let median = summary["outputs"]["market"]["2031"]["percentiles"]["50"].as_f64().unwrap();
        (median, hash, manifest["overrides"].clone())
    };
    let (plain, hash, _) = median(&[]);
    let (changed, other_hash, overrides) = median(&["--set", "failure_norm=0.25"]);
    // 50 · 0.325 · 0.10 = 1.6 percentage points more growth a year, for six years.
    assert!(changed / plain > 1.07 && changed / plain < 1.11, "{plain} {changed}");
    assert_ne!(hash, other_hash);
    assert_eq!(overrides, serde_json::json!(["failure_norm=0.25"]));
    let unknown = output(&["run", R1, "--set", "failure_nrom=0.25"]);
    assert_exit(&unknown, 1);
    assert!(stderr(&unknown).contains("failure_norm"), "{}", stderr(&unknown));
}

#[test]
fn a_what_if_is_laid_over_its_base() {
    let folder = tempfile::tempdir().unwrap();
    fs::copy(R1, folder.path().join("base.toml")).unwrap();
    let what_if = folder.path().join("what_if.toml");
    fs::write(&what_if, "extends = 'base.toml'\n[constants.failure_norm]\nvalue = 0.25\n").unwrap();
    let (results, output) = run(what_if.to_str().unwrap(), &["--runs", "2000", "--format", "json"]);
    assert_exit(&output, 0);
    let (set, _) = run(R1, &["--runs", "2000", "--format", "json", "--set", "failure_norm=0.25"]);
    let outputs = |folder: &Path| json(folder.join("summary.json"))["outputs"].clone();
    assert_eq!(outputs(results.path()), outputs(set.path()), "the same change in two ways");
    let manifest = json(results.path().join("manifest.json"));
    assert_eq!(manifest["scenario_sources"].as_array().unwrap().len(), 2);
}

#[test]
fn check_lists_what_a_scenario_contains() {
    let listed = output(&["check", R1]);
    assert_exit(&listed, 0);
    assert_eq!(stderr(&listed), "");
    for name in ["base_market", "impact", "severity", "market", "cagr", "reaches_headline"] {
        assert!(stdout(&listed).contains(name), "{name} is not listed:\n{}", stdout(&listed));
    }
    let explained = output(&["check", R1, "--explain"]);
    assert!(
        stdout(&explained).starts_with(&stdout(&listed)) && explained.stdout.len() > 2 * listed.stdout.len()
    );
}

#[test]
fn check_tells_all_seven_mistakes_at_once() {
    let seven = "tests/mistakes/several/seven_mistakes.toml";
    let checked = output(&["check", R1, seven]);
    assert_exit(&checked, 1);
    let talk = stderr(&checked);
    let reports =
        talk.lines().filter(|line| line.starts_with("error[") || line.starts_with("warning[")).count();
    assert_eq!(reports, 7, "{talk}");
    assert!(
        talk.starts_with(&fs::read_to_string("tests/mistakes/several/seven_mistakes.txt").unwrap()),
        "{talk}"
    );
    assert!(talk.trim_end().ends_with("6 errors, 1 warning"), "{talk}");
    let (folder, output) = run(seven, &[]);
    assert_exit(&output, 1);
    assert!(output.stdout.is_empty() && names(folder.path()).is_empty());
}

#[test]
fn wrong_usage_is_told_with_exit_code_2() {
    for arguments in [
        vec!["run"],
        vec!["run", R1, "--runs", "0"],
        vec!["run", R1, "--runs", "many"],
        vec!["run", R1, "--threads", "0"],
        vec!["run", R1, "--format", "xls"],
        vec!["replay", R1],
        vec!["dance"],
    ] {
        let output = output(&arguments);
        assert_exit(&output, 2);
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn a_refusing_system_is_told_with_exit_code_4() {
    let missing = output(&["run", "scenarios/nowhere.toml"]);
    assert_exit(&missing, 4);
    assert!(stderr(&missing).contains("scenarios/nowhere.toml"), "{}", stderr(&missing));
    let folder = tempfile::tempdir().unwrap();
    let blocked = folder.path().join("results");
    fs::write(&blocked, "a file where the folder should be").unwrap();
    let blocked_text = blocked.to_str().unwrap();
    let output = output(&["run", R1, "--runs", "1000", "--out", blocked_text]);
    assert_exit(&output, 4);
    assert!(stderr(&output).contains(blocked_text), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(&blocked).unwrap(), "a file where the folder should be");
}

#[test]
fn a_replayed_run_shows_units_and_is_one_of_the_runs() {
    let (folder, _) = run(R1, &["--runs", "40", "--format", "json"]);
    let market = &json(folder.path().join("summary.json"))["outputs"]["market"]["2031"];
    let mut seen: Vec<f64> = Vec::new();
    for number in 0..40 {
        let replayed = output(&["replay", R1, "--run", &number.to_string()]);
        assert_exit(&replayed, 0);
        let table = stdout(&replayed);
        let line = table.lines().find(|line| line.trim_start().starts_with("market[2031]")).unwrap();
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(&words[2..], ["USD", "bn"], "{line}");
        seen.push(words[1].parse().unwrap());
    }
    seen.sort_by(f64::total_cmp);
    for (found, expected) in [(seen[0], &market["min"]), (seen[39], &market["max"])] {
        assert!((found / expected.as_f64().unwrap() - 1.0).abs() < 1e-8, "{found} is not {expected}");
    }
    let mean = seen.iter().sum::<f64>() / 40.0;
    assert!((mean / market["mean"].as_f64().unwrap() - 1.0).abs() < 1e-8, "{mean}");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = riskband()
        .args(["check", R1, "--explain"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(stderr(&output), "");
}

#[cfg(target_os = "linux")]
impl Running {
    /// Starts a run that would take days, and waits until it has used two seconds of processor time.
    fn for_days(folder: &Path) -> Running {
        let child = riskband()
            .args(["run", R1, "--runs", "1e12", "--format", "json", "--threads", "2", "--out"])
            .arg(folder)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let running = Running(child);
        // In hundredths of a second, fields 14 of the kernel's table; the name in field 2 may hold blanks.
        let ticks = || -> u64 {
            let table = fs::read_to_string(format!("/proc/{}/stat", running.0.id())).unwrap();
            let (_, fields) = table.rsplit_once(") ").unwrap();
            fields.split(' ').nth(11).unwrap().parse().unwrap()
        };
        while ticks() < 200 {
            std::thread::yield_now();
        }
        running
    }
}

#[cfg(target_os = "linux")]
#[test]
fn an_interrupted_run_keeps_what_it_has() {
    let folder = tempfile::tempdir().unwrap();
    let mut running = Running::for_days(folder.path());
    running.signal("INT");
    assert_eq!(running.0.wait().unwrap().code(), Some(3));
    let mut talk = String::new();
    std::io::Read::read_to_string(running.0.stderr.as_mut().unwrap(), &mut talk).unwrap();
    assert!(talk.contains("marked partial"), "{talk}");

    let mut partial = json(folder.path().join("summary.json"));
    let runs = partial["runs"].as_u64().unwrap();
    assert!(runs > 0 && talk.contains("of 1,000,000,000,000 runs"), "{talk}");
    let mark = partial.as_object_mut().unwrap().shift_remove("partial").unwrap();
    assert_eq!(mark["runs_asked"], 1_000_000_000_000_u64);
    assert_eq!(json(folder.path().join("manifest.json"))["partial"], true);
    let verified = output(&["verify", folder.path().to_str().unwrap()]);
    assert_exit(&verified, 0);
    // On a machine so busy that a span takes a second, whole blocks count, and runs between them are missing.
    if mark["computed"] == serde_json::json!([[0, runs]]) {
        let (whole, output) = run(R1, &["--runs", &runs.to_string(), "--format", "json"]);
        assert_exit(&output, 0);
        assert_eq!(partial, json(whole.path().join("summary.json")), "not the first {runs} runs");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_killed_run_leaves_the_old_files_whole() {
    let (folder, _) = run(R1, &["--runs", "1000", "--format", "json"]);
    let read = || ["summary.json", "manifest.json"].map(|name| fs::read(folder.path().join(name)).unwrap());
    let before = read();
    let mut running = Running::for_days(folder.path());
    running.0.kill().unwrap();
    assert_eq!(running.0.wait().unwrap().code(), None);
    // The lock is the system's, and of what is left of it nobody is kept out.
    let mut left = names(folder.path());
    left.retain(|name| name != LOCK && name != "progress.json");
    assert_eq!(left, ["manifest.json", "summary.json", "tally.bin"]);
    assert_eq!(read(), before);
    let again = riskband().args(["run", R1, "--runs", "1000", "--out"]).arg(folder.path()).output().unwrap();
    assert_exit(&again, 0);
}

/// Whether a result file is complete, by what its format ends with.
fn is_whole(path: &Path) -> bool {
    let bytes = fs::read(path).unwrap();
    match path.extension().unwrap().to_str().unwrap() {
        "png" => bytes.starts_with(b"\x89PNG") && bytes.ends_with(b"IEND\xaeB`\x82"),
        "json" => serde_json::from_slice::<Value>(&bytes).is_ok(),
        "csv" => bytes.ends_with(b"\n"),
        "bin" => TallyFile::read(&bytes).is_ok(),
        other => panic!("a file of kind {other}: {}", path.display()),
    }
}

#[test]
fn a_run_that_is_killed_while_it_writes_leaves_whole_files_only() {
    let folder = tempfile::tempdir().unwrap();
    let child = riskband()
        .args(["run", R1, "--runs", "1000", "--quiet", "--out"])
        .arg(folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let mut running = Running(child);
    let is_result = |name: &String| !name.ends_with(".part") && name != LOCK;
    while !names(folder.path()).iter().any(is_result) {
        assert!(running.0.try_wait().unwrap().is_none_or(|status| status.success()));
        std::thread::yield_now();
    }
    running.0.kill().unwrap();
    running.0.wait().unwrap();
    // What was not renamed yet bears another name than any result.
    for name in names(folder.path()).iter().filter(|name| is_result(name)) {
        assert!(is_whole(&folder.path().join(name)), "{name} was cut off");
    }
    let (whole, _) = run(R1, &["--runs", "1000", "--quiet"]);
    assert!(names(whole.path()).iter().all(|name| is_whole(&whole.path().join(name))));
}

#[test]
fn help_shows_an_example_of_every_command_and_it_works() {
    for command in ["run", "check", "replay"] {
        let help = stdout(&output(&[command, "--help"]));
        let example = help.lines().find_map(|line| line.strip_prefix("Example: riskband ")).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let example = example.replace("1e7", "1e3").replace("output/market", folder.path().to_str().unwrap());
        let words: Vec<&str> = example.split_whitespace().collect();
        assert_eq!(words[0], command);
        assert_exit(&output(&words), 0);
    }
}
