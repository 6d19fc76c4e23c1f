//! An impossible matrix that is to be repaired: said by `run` and `check`, kept in `summary.json`.

use std::process::{Command, Output};

use serde_json::{Value, json};

const SCENARIO: &str = "
[inputs]
a = { dist = 'normal(0, 1)', source = 's' }
b = { dist = 'normal(0, 1)', source = 's' }
c = { dist = 'normal(0, 1)', source = 's' }
[[correlations]]
between = ['a', 'b', 'c']
matrix = [[1, 0.9, -0.6], [0.9, 1, 0.4], [-0.6, 0.4, 1]]
repair = 'nearest'
[outputs.y]
formula = 'a + b + c'
";

fn riskband(arguments: &[&str], scenario: &str) -> (Output, Value) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scenario.toml");
    std::fs::write(&file, scenario).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_riskband"));
    command.arg(arguments[0]).arg(&file).args(&arguments[1..]);
    if arguments[0] == "run" {
        command.arg("--out").arg(folder.path());
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let summary = std::fs::read_to_string(folder.path().join("summary.json")).unwrap_or("null".into());
    (output, serde_json::from_str(&summary).unwrap())
}

#[test]
fn a_run_says_that_a_matrix_was_repaired_and_keeps_both() {
    let (output, summary) = riskband(&["run", "--runs", "20000", "--format", "json"], SCENARIO);
    let said = String::from_utf8(output.stderr).unwrap();
    let expected = "warning: the correlations of `a` and 2 more cannot hold together and were repaired: 3 of 3 moved, \
                    by 0.1759 at most; `riskband check` shows them";
    assert!(said.contains(expected), "{said}");
    let group = &summary["repaired_correlations"][0];
    assert_eq!(group["between"], json!(["a", "b", "c"]));
    assert_eq!(group["asked"], json!([[1.0, 0.9, -0.6], [0.9, 1.0, 0.4], [-0.6, 0.4, 1.0]]));
    let used = group["used"][0][1].as_f64().unwrap();
    assert!((used - 0.7241).abs() < 1e-4, "{used}");
}

#[test]
fn a_run_without_a_repair_says_nothing_of_it() {
    let possible = SCENARIO.replace("0.9", "0.1");
    let (output, summary) = riskband(&["run", "--runs", "20000", "--format", "json"], &possible);
    assert!(!String::from_utf8(output.stderr).unwrap().contains("repaired"));
    assert!(summary.get("repaired_correlations").is_none());
}

#[test]
fn a_check_shows_what_was_asked_and_what_is_used() {
    let (output, _) = riskband(&["check"], SCENARIO);
    let told = String::from_utf8(output.stdout).unwrap();
    let rows: Vec<Vec<&str>> = told.lines().map(|line| line.split_whitespace().collect()).collect();
    for row in
        [["a", "b", "0.9000", "0.7241"], ["a", "c", "-0.6000", "-0.4632"], ["b", "c", "0.4000", "0.2740"]]
    {
        assert!(rows.iter().any(|found| *found == row), "{row:?} is not in\n{told}");
    }
    // Spearman's coefficient of what is used.
    let asked = 6.0 / std::f64::consts::PI * libm::asin(0.5 * 0.7241);
    let row = rows.iter().find(|row| row.len() == 5 && row[..2] == ["a", "b"]).unwrap();
    assert!((row[2].parse::<f64>().unwrap() - asked).abs() < 1e-3, "{row:?}");
}
