//! What is too large is refused before it is begun, and what gives nothing does not end as if it gave something.

use std::fmt::Write;
use std::fs;
use std::path::Path;
#[cfg(target_os = "linux")]
use std::process::{Command, Output};

use common::program::{assert_exit, call, run, stderr};

mod common;

fn scenario(folder: &Path, text: &str) -> String {
    let path = folder.join("scenario.toml");
    fs::write(&path, text).unwrap();
    path.display().to_string()
}

/// A scenario with so many reported cells, each a normal variable.
fn cells(count: usize) -> String {
    let mut members = String::new();
    (0..count).for_each(|member| write!(members, "'m{member}', ").unwrap());
    format!(
        "[axes]\nmember = [{members}]\n[inputs]\nx = {{ dist = 'normal(0, 1)', assumption = 'a test' }}\n\
         level = {{ over = ['member'], dist = 'constant(3)', assumption = 'a test' }}\n\
         [outputs.y]\nformula = 'x * level'\n"
    )
}

/// The program with so many kilobytes of address space.
#[cfg(target_os = "linux")]
fn within(kilobytes: u32, words: &[&str]) -> Output {
    Command::new("sh")
        .args(["-c", &format!("ulimit -v {kilobytes}; exec \"$@\""), "sh", env!("CARGO_BIN_EXE_riskband")])
        .args(words)
        // Address space that an allocator reserves for each thread is no memory.
        .env("MALLOC_ARENA_MAX", "1")
        .output()
        .unwrap()
}

#[test]
#[cfg(target_os = "linux")]
fn ten_thousand_cells_fit_five_hundred_megabytes_of_address_space() {
    let folder = tempfile::tempdir().unwrap();
    let path = scenario(folder.path(), &cells(10_000));
    let out = folder.path().join("out").display().to_string();
    // More runs than may wait to be counted, so that every cell has its counters.
    let words = ["run", &path, "--runs", "6000", "--threads", "2", "--format", "json", "--out", &out];
    assert_exit(&within(488_000, &words), 0);
}

#[test]
#[cfg(target_os = "linux")]
fn a_run_without_room_is_refused_before_it_is_begun() {
    let folder = tempfile::tempdir().unwrap();
    let path = scenario(folder.path(), &cells(10_000));
    let out = folder.path().join("out");
    let named = out.display().to_string();
    let words = ["run", &path, "--runs", "1e9", "--threads", "2", "--format", "json", "--out", &named];
    let refused = within(700_000, &words);
    assert_exit(&refused, 1);
    let said = stderr(&refused);
    assert!(
        said.contains("10000 reported cells on 2 threads needs about ") && said.contains("717 MB"),
        "{said}"
    );
    assert!(!out.join("summary.json").exists());
    let said = stderr(&within(700_000, &["check", &path]));
    assert!(said.contains("reported cells") && said.contains("of memory"), "{said}");
}

#[test]
fn an_output_without_any_value_is_an_error_after_its_files() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[inputs]\nx = { dist = 'normal(0, 1)', assumption = 'a test' }\n\
                [outputs.fine]\nformula = 'x'\n[outputs.lost]\nformula = 'ln(-1 - x * x)'\n";
    let path = scenario(folder.path(), text);
    let out = folder.path().join("out");
    let ended = run(&path, &out, &["--runs", "1000", "--format", "json", "--quiet"]);
    assert_exit(&ended, 1);
    assert!(stderr(&ended).contains("no run has a finite value of `lost`"), "{}", stderr(&ended));
    let summary = fs::read_to_string(out.join("summary.json")).unwrap();
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    assert_eq!(summary["outputs"]["lost"]["value"]["non_finite"], 1000);
    assert!(summary["outputs"]["fine"]["value"]["mean"].is_number());
    let checked = call(&["check", &path]);
    assert_exit(&checked, 0);
    let said = stderr(&checked);
    assert!(said.contains("none of the first 512 runs has a finite value of `lost`"), "{said}");
    assert!(!said.contains("`fine`"), "{said}");
}

#[test]
fn a_run_with_too_many_events_names_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[inputs]\nmany = { dist = 'discrete({0: 0.5, 2e6: 0.5})', assumption = 'a test' }\n\
                sum = { dist = 'compound(poisson(many), constant(1))', assumption = 'a test' }\n\
                [outputs.y]\nformula = 'sum'\ntornado = false\n";
    let path = scenario(folder.path(), text);
    let ended = run(&path, &folder.path().join("out"), &["--runs", "1000", "--format", "json"]);
    assert_exit(&ended, 0);
    let said = stderr(&ended);
    assert!(said.contains("or their events above 1,000,000"), "{said}");
}
