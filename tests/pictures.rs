//! Which pictures a run leaves, and under which names.

use std::path::Path;
use std::process::{Command, Output};

fn riskband(arguments: &[&str], folder: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_riskband"));
    command.args(arguments).current_dir(folder).env_remove("RISKBAND_SIMD").output().unwrap()
}

/// Names of the pictures of a run of 1,000, rising; the finished run is right.
#[track_caller]
fn pictures(scenario: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("scenario.toml"), scenario).unwrap();
    let run = riskband(&["run", "scenario.toml", "--runs", "1000", "--out", "out"], folder.path());
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let verify = riskband(&["verify", "out"], folder.path());
    assert!(verify.status.success(), "{}", String::from_utf8_lossy(&verify.stdout));
    let entries = std::fs::read_dir(folder.path().join("out")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut found: Vec<String> = names.filter(|name| name.ends_with(".png")).collect();
    found.sort();
    assert!(found.iter().all(|name| name.len() <= 100), "{found:?}");
    let mut folded: Vec<String> = found.iter().map(|name| name.to_lowercase()).collect();
    folded.dedup();
    assert_eq!(folded.len(), found.len(), "{found:?}");
    found
}

/// A normal input over an axis with these members, and an output that is it.
fn over(members: &[&str], output: &str) -> String {
    format!(
        "[axes]\nm = {members:?}\n[inputs.u]\nover = ['m']\ndist = 'normal(10, 1)'\nassumption = 'x'\n{output}"
    )
}

#[test]
fn members_of_an_output_share_a_picture_and_have_a_tornado_each() {
    let output = "[outputs.y]\nformula = 'u'\ntornado = true\n";
    for members in [["<65", ">65"], ["A/B", "A B"], ["R&D", "R+D"], ["서울", "부산"], ["a", "A"]] {
        let found = pictures(&over(&members, output));
        assert_eq!(found.iter().filter(|name| *name == "histogram-y.png").count(), 1, "{found:?}");
        assert_eq!(found.iter().filter(|name| name.starts_with("tornado-y-")).count(), 2, "{found:?}");
        assert_eq!(found.len(), 3, "{found:?}");
    }
}

#[test]
fn outputs_that_differ_in_case_alone_have_pictures_of_their_own() {
    let outputs = "[outputs.y]\nformula = 'sum(u, m)'\n[outputs.Y]\nformula = 'u'\n";
    let found = pictures(&over(&["a", "b"], outputs));
    assert_eq!(found.iter().filter(|name| name.starts_with("histogram-")).count(), 2, "{found:?}");
}

#[test]
fn members_with_long_names_have_pictures() {
    let long = ["가".repeat(300), "a".repeat(300)];
    let output = "[outputs.y]\nformula = 'u'\ntornado = true\n";
    let found = pictures(&over(&[&long[0], &long[1]], output));
    assert_eq!(found.len(), 3, "{found:?}");
}

#[test]
fn many_members_are_drawn_in_parts() {
    let names: Vec<String> = (1..=55).map(|k| format!("site {k}")).collect();
    let members: Vec<&str> = names.iter().map(String::as_str).collect();
    let found = pictures(&over(&members, "[outputs.y]\nformula = 'u'\n[outputs.late]\nformula = 'u > 11'\n"));
    let expected = [
        "histogram-y-1.png",
        "histogram-y-2.png",
        "histogram-y-3.png",
        "probability-late-1.png",
        "probability-late-2.png",
    ];
    assert_eq!(found, expected);
}

#[test]
fn probabilities_over_years_and_axes_have_pictures_of_probabilities() {
    let found = pictures(
        "[scenario]\nyears = [2026, 2030]\n[axes]\nm = ['a', 'b']\n[inputs]\n\
         u = { over = ['year', 'm'], dist = 'normal(0, 1)', assumption = 'x' }\n\
         v = { over = ['m'], dist = 'bernoulli(0.1)', assumption = 'x' }\n\
         [formulas]\nlow = 'u < 0'\n\
         [outputs]\nloss = { formula = 'low' }\nfails = { formula = 'if(v, 1, 0)' }\n\
         any = { formula = 'max(v, m)' }\nnever = { formula = 'u[2030, \"a\"] > 9' }\n",
    );
    let expected =
        ["probability-any.png", "probability-fails.png", "probability-loss.png", "probability-never.png"];
    assert_eq!(found, expected);
}

#[test]
fn ranges_beyond_what_a_difference_can_hold_are_drawn() {
    let found = pictures(
        "[inputs]\nu = { dist = 'uniform(-1, 1)', assumption = 'x' }\n\
         k = { dist = 'discrete({-1: 0.5, 1: 0.5})', assumption = 'x' }\n\
         [outputs]\ny = { formula = '1.7e308 * u', tornado = false }\n\
         z = { formula = '1.7e308 * k', tornado = false }\nw = { formula = '1e-310 * u', tornado = false }\n",
    );
    assert_eq!(found, ["discrete-z.png", "histogram-w.png", "histogram-y.png"]);
}
