//! `riskband verify`: what was tampered with is found and named, on a finished run, a shard and a merged result.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use riskband::cluster::{Simulation, TallyFile};
use riskband::sampling::Design;
use riskband::tally::RunSet;
use serde_json::{Value, json};

mod common;

const R1: &str = "tests/reference/r1.toml";

fn riskband(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_riskband")).args(arguments).output().unwrap()
}

#[track_caller]
fn run(folder: &Path, arguments: &[&str]) {
    let folder = folder.to_str().unwrap();
    let found = riskband(&[&["run", R1, "--runs", "30000", "--quiet", "--out", folder], arguments].concat());
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
}

/// Exit code, stdout and stderr.
fn verify(folder: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let found = riskband(&[&["verify", folder.to_str().unwrap()], arguments].concat());
    let text = [found.stdout, found.stderr].concat();
    (found.status.code(), String::from_utf8(text).unwrap())
}

#[track_caller]
fn assert_names(folder: &Path, arguments: &[&str], what: &str) {
    let (code, text) = verify(folder, arguments);
    assert!(code == Some(1) && text.contains(what), "{code:?}, `{what}` is not in:\n{text}");
}

/// Changes one file of a folder.
fn change(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

#[test]
fn a_finished_run_is_what_it_says() {
    let folder = tempfile::tempdir().unwrap();
    for design in ["mc", "lhs", "sobol"] {
        run(folder.path(), &["--design", design]);
        let (code, text) = verify(folder.path(), &[]);
        assert_eq!(code, Some(0), "{text}");
        assert!(text.contains("30,000 runs computed again, in 59 of 59 ranges: the same values"), "{text}");
        assert!(text.contains("every count and sum is the same"), "{text}");
        let (code, text) = verify(folder.path(), &["--sample", "5%"]);
        assert!(code == Some(0) && text.contains("in 3 of 59 ranges"), "{text}");
    }
}

#[test]
fn changed_files_are_named_with_the_place() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    run(folder.path(), &[]);
    let whole = |name: &str| fs::read(place(name)).unwrap();
    let (summary, bands, manifest, chart) =
        (whole("summary.json"), whole("bands.csv"), whole("manifest.json"), whole("bands-market.png"));

    let text = String::from_utf8(summary.clone()).unwrap();
    fs::write(place("summary.json"), text.replacen("\"runs\": 30000", "\"runs\": 30001", 1)).unwrap();
    assert_names(folder.path(), &["--sample", "1%"], "summary.json: runs is 30001 and should be 30000");
    fs::write(place("summary.json"), &summary).unwrap();

    let text = String::from_utf8(bands.clone()).unwrap();
    fs::write(place("bands.csv"), text.replacen("market", "markets", 1)).unwrap();
    assert_names(folder.path(), &["--sample", "1%"], "bands.csv: line 2 is `markets");
    fs::write(place("bands.csv"), &bands).unwrap();

    let text = String::from_utf8(manifest.clone()).unwrap();
    fs::write(place("manifest.json"), text.replace("\"seed\": 1,", "\"seed\": 2,")).unwrap();
    assert_names(folder.path(), &["--sample", "1%"], "manifest.json: `seed` is 2 and 1 in the tally");
    fs::write(place("manifest.json"), &manifest).unwrap();

    change(&place("bands-market.png"), |bytes| bytes[chart.len() / 2] ^= 1);
    assert_names(folder.path(), &["--sample", "1%"], "bands-market.png: another picture");
    fs::write(place("bands-market.png"), &chart).unwrap();
    assert_eq!(verify(folder.path(), &["--sample", "1%"]).0, Some(0));
}

#[test]
fn whatever_is_changed_in_a_manifest_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("manifest.json");
    let words =
        ["run", "tests/golden/rows.toml", "--runs", "1000", "--set", "scenario.seed=5", "--quiet", "--out"];
    let found = riskband(&[&words[..], &[folder.path().to_str().unwrap()]].concat());
    assert!(found.status.success(), "{}", String::from_utf8_lossy(&found.stderr));
    let whole = fs::read(&path).unwrap();
    let root: Value = serde_json::from_slice(&whole).unwrap();
    // What differs from machine to machine, and the files and levels, which have tests of their own.
    let free = [
        "percentiles",
        "tail_means",
        "merged",
        "command_line",
        "host",
        "threads",
        "simd",
        "seconds",
        "runs_here",
        "runs_per_second",
        "files",
    ];
    let mut checked = 0;
    for (key, value) in root.as_object().unwrap().iter().filter(|(key, _)| !free.contains(&key.as_str())) {
        let other = match value {
            Value::String(text) => json!(format!("{text}x")),
            Value::Number(number) => json!(number.as_u64().unwrap() + 1),
            Value::Bool(truth) => json!(!truth),
            Value::Null => json!("1/2"),
            _ => json!([]),
        };
        for changed in [Some(other), None] {
            let mut forged = root.clone();
            let map = forged.as_object_mut().unwrap();
            match changed {
                Some(value) => drop(map.insert(key.clone(), value)),
                None => drop(map.shift_remove(key)),
            }
            fs::write(&path, forged.to_string()).unwrap();
            assert_names(folder.path(), &["--sample", "1%"], &format!("WRONG  manifest.json: `{key}` is "));
        }
        checked += 1;
    }
    assert_eq!(checked, 12);
    for key in ["percentiles", "tail_means"] {
        for (levels, says) in [
            (json!("5"), format!("WRONG  manifest.json: `{key}` is ")),
            (json!([5, 200]), format!("WRONG  manifest.json: `{key}` is ")),
            (json!([7.5]), "WRONG  summary.json".to_string()),
        ] {
            let mut forged = root.clone();
            forged[key] = levels;
            fs::write(&path, forged.to_string()).unwrap();
            assert_names(folder.path(), &["--sample", "1%"], &says);
        }
    }
    for place in ["/scenario_sources/0/text", "/data_files/0/sha256", "/overrides/0"] {
        let mut forged = root.clone();
        *forged.pointer_mut(place).unwrap() = json!("y = 2");
        fs::write(&path, forged.to_string()).unwrap();
        let key = place.split('/').nth(1).unwrap();
        assert_names(folder.path(), &["--sample", "1%"], &format!("WRONG  manifest.json: `{key}` is "));
    }
    fs::write(&path, &whole).unwrap();
    assert_eq!(verify(folder.path(), &[]).0, Some(0));
}

#[test]
fn files_that_are_missing_changed_or_of_nobody_known_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    run(folder.path(), &[]);
    let said = |what: &str| assert_names(folder.path(), &["--sample", "1%"], what);
    let chart = fs::read(place("bands-market.png")).unwrap();
    fs::remove_file(place("bands-market.png")).unwrap();
    said("WRONG  bands-market.png: the manifest lists it, and it is not here");
    fs::write(place("bands-market.png"), &chart).unwrap();
    fs::write(place("histogram-old.png"), &chart).unwrap();
    said("WRONG  histogram-old.png: it is not listed in the manifest");
    fs::remove_file(place("histogram-old.png")).unwrap();
    let manifest = fs::read_to_string(place("manifest.json")).unwrap();
    fs::write(place("manifest.json"), manifest.replace("\"bands.csv\": \"", "\"bands.csv\": \"0")).unwrap();
    said("WRONG  bands.csv: it is not the file that the manifest lists");
    fs::write(place("manifest.json"), manifest.replace("\"bands.csv\"", "\"../bands.csv\"")).unwrap();
    said("`../bands.csv`, which is no file of a result");
    fs::remove_file(place("manifest.json")).unwrap();
    said("WRONG  manifest.json: it is not here");
    fs::write(place("manifest.json"), &manifest).unwrap();
    fs::write(place("notes.txt"), "mine").unwrap();
    let (code, text) = verify(folder.path(), &["--sample", "1%"]);
    assert!(code == Some(0) && text.contains("note   not of this run: notes.txt"), "{text}");
}

#[test]
fn a_flipped_bit_in_a_tally_is_found_wherever_it_is() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["--shard", "2/3"]);
    let shard = folder.path().join("shards/2-of-3");
    assert_eq!(verify(&shard, &[]).0, Some(0));
    let path = shard.join("tally.bin");
    let length = fs::metadata(&path).unwrap().len() as usize;
    for at in (0..40).map(|k| k * (length - 1) / 39) {
        change(&path, |bytes| bytes[at] ^= 1 << (at % 8));
        let (code, text) = verify(&shard, &["--sample", "1%"]);
        assert!(code == Some(1) && text.contains("tally.bin: it is "), "byte {at} of {length}: {text}");
        change(&path, |bytes| bytes[at] ^= 1 << (at % 8));
    }
    assert_eq!(verify(&shard, &["--sample", "1%"]).0, Some(0));
}

/// A tally that was forged with fitting checksums.
#[test]
fn what_was_not_computed_is_found_by_computing_it() {
    let folder = tempfile::tempdir().unwrap();
    run(folder.path(), &["--format", "json"]);
    let path = folder.path().join("tally.bin");
    let simulation = Simulation::new(common::file(R1), Design::MonteCarlo, 30_000).unwrap();
    let bytes = fs::read(&path).unwrap();
    let true_one = simulation.decode(&TallyFile::read(&bytes).unwrap()).unwrap();
    let forge = |change: &dyn Fn(&mut riskband::engine::Collected)| {
        let mut forged = true_one.clone();
        change(&mut forged);
        fs::write(&path, simulation.encode(None, &forged)).unwrap();
    };

    // Counts and sums of another output: a sample of the values cannot see that.
    forge(&|forged| {
        let cells = &mut forged.portions[0].tally.cells;
        cells[0] = cells[1].clone();
    });
    assert_eq!(
        verify(folder.path(), &["--sample", "1%"]).0,
        Some(1),
        "summary.json follows from the true tally"
    );
    assert_names(folder.path(), &[], "the counts or sums of `");
    // Another digest: as if other values had been computed.
    forge(&|forged| forged.portions[0].digests.add(0, 1024, &[3.0]));
    assert_names(folder.path(), &[], "runs: 1,024 to 1,535 give other values");
    // Runs that were never computed.
    let partial = simulation.encode(None, &{
        let mut partial = riskband::engine::Collected::empty(simulation.layout);
        partial.runs = RunSet::of(0..512);
        partial
    });
    fs::write(&path, partial).unwrap();
    assert_names(folder.path(), &[], "it makes no sense");
}

#[test]
fn a_folder_without_a_tally_is_told() {
    let folder = tempfile::tempdir().unwrap();
    assert_names(folder.path(), &[], "has no tally.bin: name the folder of a finished run");
    assert_names(&folder.path().join("nowhere"), &[], "there is no folder");
    assert_eq!(riskband(&["verify", "x", "--sample", "0"]).status.code(), Some(2));
    assert_eq!(riskband(&["verify", "x", "--sample", "101%"]).status.code(), Some(2));
}
