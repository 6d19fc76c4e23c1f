//! Folders of results: a what-if has its own, nothing of somebody else is touched, nothing old stays, whatever is done.
#![cfg(unix)]

mod common;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::program::{Running, assert_exit, names, riskband, stderr, until};
use riskband::sampling::{Key, LANES, fill_words};
use serde_json::Value;

/// A scenario with these outputs, in a folder.
fn scenario(folder: &Path, name: &str, outputs: &[&str]) -> PathBuf {
    let mut text = "[inputs.u]\ndist = 'normal(10, 2)'\nassumption = 'a'\n".to_string();
    for output in outputs {
        text.push_str(&format!("[outputs.{output}]\nformula = 'u'\n"));
    }
    let path = folder.join(name);
    fs::write(&path, text).unwrap();
    path
}

/// `riskband run` in a folder.
fn run(at: &Path, words: &[&str]) -> Output {
    riskband().arg("run").args(words).args(["--runs", "1000"]).current_dir(at).output().unwrap()
}

#[track_caller]
fn assert_verified(folder: &Path) {
    let output = riskband().arg("verify").arg(folder).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout).into_owned() + &stderr(&output);
    assert!(output.status.success() && !said.contains("note"), "{said}");
}

#[test]
fn what_ifs_leave_the_base_case_alone() {
    let folder = tempfile::tempdir().unwrap();
    scenario(folder.path(), "market.toml", &["y"]);
    assert_exit(&run(folder.path(), &["market.toml"]), 0);
    let base = fs::read(folder.path().join("output/market/tally.bin")).unwrap();
    for (words, place) in [
        (&["--set", "scenario.runs=5"][..], "market@scenario.runs=5"),
        (&["--set", "scenario.runs = 5.0e0"], "market@scenario.runs=5"),
        (&["--seed", "9"], "market@seed=9"),
        (&["--design", "lhs", "--seed", "9"], "market@seed=9,design=lhs"),
        // That of the file is no other.
        (&["--seed", "1"], "market"),
    ] {
        let output = run(folder.path(), &[&["market.toml"], words].concat());
        assert_exit(&output, 0);
        assert!(stderr(&output).contains(&format!("results in output/{place}\n")), "{}", stderr(&output));
        assert_verified(&folder.path().join("output").join(place));
    }
    assert_eq!(names(&folder.path().join("output")).len(), 4);
    let twice = run(folder.path(), &["market.toml", "--set", "scenario.runs=5", "--set", "scenario.runs=6"]);
    assert_exit(&twice, 1);
    assert!(stderr(&twice).contains("set twice"), "{}", stderr(&twice));
    assert!(fs::read(folder.path().join("output/market/tally.bin")).unwrap() == base);
}

#[test]
fn what_is_replaced_is_said_and_nothing_stale_stays() {
    let folder = tempfile::tempdir().unwrap();
    scenario(folder.path(), "old.toml", &["margin"]);
    scenario(folder.path(), "new.toml", &["profit"]);
    let out = folder.path().join("out");
    let first = run(folder.path(), &["old.toml", "--out", "out"]);
    assert_exit(&first, 0);
    assert!(!stderr(&first).contains("replaced"), "{}", stderr(&first));
    let again = run(folder.path(), &["old.toml", "--out", "out"]);
    assert!(
        !stderr(&again).contains("replaced") && !stderr(&again).contains("removed"),
        "{}",
        stderr(&again)
    );
    fs::write(out.join("notes.txt"), "mine").unwrap();

    let second = run(folder.path(), &["new.toml", "--seed", "9", "--format", "png,json", "--out", "out"]);
    assert_exit(&second, 0);
    let said = stderr(&second);
    assert!(said.contains("the results in out are replaced: 1,000 runs of old (hash "), "{said}");
    let gone = "removed, as this run does not have them: bands.csv, histogram-margin.png, tornado-margin.png";
    assert!(said.contains(gone), "{said}");
    let expected = [
        "histogram-profit.png",
        "manifest.json",
        "notes.txt",
        "summary.json",
        "tally.bin",
        "tornado-profit.png",
    ];
    assert_eq!(names(&out), expected);
    fs::remove_file(out.join("notes.txt")).unwrap();
    assert_verified(&out);
}

/// Every file of a folder with its bytes.
fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    names(folder).into_iter().map(|name| (name.clone(), fs::read(folder.join(&name)).unwrap())).collect()
}

#[test]
fn files_of_somebody_else_are_refused_before_anything_is_computed() {
    let folder = tempfile::tempdir().unwrap();
    scenario(folder.path(), "s.toml", &["y"]);
    let out = folder.path().join("out");
    fs::create_dir(&out).unwrap();
    // More runs than anybody waits for.
    let refused = |name: &str| {
        let before = names(&out);
        let output = riskband()
            .args(["run", "s.toml", "--runs", "1e14", "--out", "out"])
            .current_dir(folder.path())
            .output()
            .unwrap();
        assert_exit(&output, 4);
        assert!(stderr(&output).contains(&format!("out holds `{name}`")), "{name}: {}", stderr(&output));
        assert_eq!(names(&out), before);
    };
    for name in [
        "bands.csv",
        "summary.json",
        "manifest.json",
        "tally.bin",
        "checkpoint.bin",
        ".lock",
        "histogram-z.png",
    ] {
        fs::write(out.join(name), "mine").unwrap();
        refused(name);
        assert_eq!(fs::read(out.join(name)).unwrap(), b"mine");
        fs::remove_file(out.join(name)).unwrap();
        let target = folder.path().join("precious");
        fs::write(&target, "mine").unwrap();
        symlink(&target, out.join(name)).unwrap();
        refused(name);
        assert_eq!(fs::read(&target).unwrap(), b"mine");
        fs::remove_file(out.join(name)).unwrap();
        fs::create_dir(out.join(name)).unwrap();
        refused(name);
        fs::remove_dir(out.join(name)).unwrap();
    }
    // The same of a merge, and of job files.
    let parts = folder.path().join("parts");
    assert_exit(&run(folder.path(), &["s.toml", "--shard", "1/1", "--out", "parts"]), 0);
    fs::write(out.join("bands.csv"), "mine").unwrap();
    let merged = riskband().arg("merge").arg(&parts).arg("--out").arg(&out).output().unwrap();
    assert_exit(&merged, 4);
    fs::write(parts.join("submit.sh"), "mine").unwrap();
    let slurm = riskband()
        .args(["slurm", "s.toml", "--array", "2", "--out", "parts"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_exit(&slurm, 4);
    assert!(stderr(&slurm).contains("submit.sh was not written by"), "{}", stderr(&slurm));
    assert_eq!(
        (names(&out), names(&parts)),
        (vec!["bands.csv".into()], vec!["logs".into(), "shards".into(), "submit.sh".into()])
    );
}

/// Numbers that a seed gives, below a bound each.
struct Numbers(Vec<u32>);

impl Numbers {
    fn new(seed: u64) -> Numbers {
        let mut words = vec![0; 100 * LANES];
        fill_words(Key::new(seed, "numbers", &[]), 0, &mut words);
        Numbers(words)
    }

    fn below(&mut self, bound: usize) -> usize {
        self.0.pop().unwrap() as usize % bound
    }
}

/// Runs, what-ifs, files of others, lost files and kills in any order: after every run the folder is what its manifest
/// says, and what is somebody else's is as it was.
#[test]
fn whatever_is_done_to_a_folder_it_is_right_after_a_run() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let outputs: [&[&str]; 3] = [&["a"], &["a", "b"], &["c"]];
    for (number, outputs) in outputs.iter().enumerate() {
        scenario(folder.path(), &format!("{number}.toml"), outputs);
    }
    let strange = ["bands.csv", "summary.json", "histogram-x.png", "notes.txt", "data.csv", "photo.png"];
    let (mut numbers, mut runs, mut refusals) = (Numbers::new(3), 0, 0);
    let mut mine: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    for step in 0..60 {
        match numbers.below(9) {
            0 | 1 => {
                let name = strange[numbers.below(strange.len())];
                if out.is_dir() && !out.join(name).exists() {
                    fs::write(out.join(name), format!("mine {step}")).unwrap();
                    mine.insert(name.into(), format!("mine {step}").into());
                }
            }
            2 => {
                let lost = if out.is_dir() { names(&out) } else { Vec::new() };
                if let Some(name) = lost.get(numbers.below(12)).filter(|name| *name != "manifest.json") {
                    fs::remove_file(out.join(name)).unwrap();
                    mine.remove(name);
                }
            }
            3 => {
                let name = format!("{}.toml", numbers.below(3));
                let mut command = riskband();
                command
                    .args(["run", &name, "--runs", "1000", "--out", "out", "--quiet"])
                    .current_dir(folder.path());
                let mut running = Running(command.stdout(std::process::Stdio::null()).spawn().unwrap());
                // Anywhere in its life, by the time that other work takes.
                let spin = numbers.below(3_000_000);
                std::hint::black_box(
                    (0..spin).fold(0_u64, |sum, i| sum.rotate_left(1) ^ std::hint::black_box(i as u64)),
                );
                running.0.kill().unwrap();
                running.0.wait().unwrap();
            }
            _ => {
                let name = format!("{}.toml", numbers.below(3));
                let seed = numbers.below(2).to_string();
                let format = ["png,csv,json", "json", "csv", "png"][numbers.below(4)];
                let design = ["mc", "lhs"][numbers.below(2)];
                let words = [&name, "--seed", &seed, "--format", format, "--design", design, "--out", "out"];
                let before = out.is_dir().then(|| contents(&out));
                let output = run(folder.path(), &words);
                let foreign = mine.keys().any(|name| strange[..3].contains(&name.as_str()));
                if foreign {
                    assert_exit(&output, 4);
                    assert_eq!(Some(contents(&out)), before, "step {step}");
                    refusals += 1;
                    let name =
                        mine.keys().find(|name| strange[..3].contains(&name.as_str())).unwrap().clone();
                    mine.remove(&name);
                    fs::remove_file(out.join(name)).unwrap();
                    continue;
                }
                assert_exit(&output, 0);
                runs += 1;
                let verified = riskband().arg("verify").arg(&out).output().unwrap();
                assert_exit(&verified, 0);
                let manifest: Value =
                    serde_json::from_slice(&fs::read(out.join("manifest.json")).unwrap()).unwrap();
                let mut expected: Vec<String> =
                    manifest["files"].as_object().unwrap().keys().cloned().collect();
                expected.extend(["manifest.json".to_string()].into_iter().chain(mine.keys().cloned()));
                expected.sort();
                assert_eq!(names(&out), expected, "step {step}");
            }
        }
        for (name, bytes) in &mine {
            assert_eq!(fs::read(out.join(name)).unwrap(), *bytes, "step {step}: {name}");
        }
    }
    assert!(runs >= 20 && refusals >= 2, "{runs} runs, {refusals} refusals");
}

#[test]
fn names_that_are_not_utf8_work_or_are_wrong_usage() {
    let folder = tempfile::tempdir().unwrap();
    let strange = |name: &[u8]| folder.path().join(OsStr::from_bytes(name));
    fs::copy(scenario(folder.path(), "s.toml", &["y"]), strange(b"n\xff.toml")).unwrap();
    let out = strange(b"o\xff");
    let output = riskband()
        .args(["run", "--runs", "2000", "--format", "json"])
        .arg(strange(b"n\xff.toml"))
        .arg("--out")
        .arg(&out)
        .output()
        .unwrap();
    assert_exit(&output, 0);
    assert_verified(&out);
    for words in [[&b"--set"[..], b"u=\xff"], [b"--seed", b"\xff"]] {
        let output = riskband()
            .args(["run", "s.toml"])
            .args(words.map(OsStr::from_bytes))
            .current_dir(folder.path())
            .output();
        assert_exit(&output.unwrap(), 2);
    }
    // What the tally says of its data leads to no file then, so nothing could compute it again.
    fs::write(folder.path().join("d.csv"), "x\n1\n2\n").unwrap();
    let text = "[inputs.u]\ndist = \"empirical(table('d.csv', 'x'))\"\nassumption = 'a'\n[outputs.y]\nformula = 'u'\n";
    fs::write(strange(b"d\xff.toml"), text).unwrap();
    let output = riskband().arg("run").arg(strange(b"d\xff.toml")).arg("--out").arg(&out).output().unwrap();
    assert_exit(&output, 2);
    assert!(stderr(&output).contains("not UTF-8"), "{}", stderr(&output));
}

#[test]
fn what_is_no_plain_file_is_refused_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    assert!(Command::new("mkfifo").arg(place("pipe")).status().unwrap().success());
    let uses = |name: &str, text: &str| {
        fs::write(place(name), format!("{text}[outputs.y]\nformula = '1'\n")).unwrap();
    };
    let table = |file: &str| {
        format!(
            "[inputs.u]\nassumption = 'a'\ndist = \"empirical(table('{file}', 'x'))\"\n[outputs.z]\nformula = 'u'\n"
        )
    };
    uses("extends.toml", "extends = 'pipe'\n");
    uses("data.toml", &table("pipe"));
    uses("zero.toml", &table("/dev/zero"));
    uses("folder.toml", &table("."));
    fs::create_dir_all(place("results/shards/1-of-1")).unwrap();
    symlink(place("pipe"), place("results/tally.bin")).unwrap();
    symlink("/dev/zero", place("results/progress.json")).unwrap();
    let said = |words: &[&str], code: i32, what: &str| {
        let output = riskband().args(words).current_dir(folder.path()).output().unwrap();
        assert_eq!(output.status.code(), Some(code), "{words:?} {}", stderr(&output));
        let shown = String::from_utf8_lossy(&output.stdout).into_owned() + &stderr(&output);
        assert!(shown.contains(&format!("it is {what}, not a plain file")), "{words:?}: {shown}");
    };
    for (file, code, what) in [
        ("extends.toml", 1, "a pipe"),
        ("data.toml", 1, "a pipe"),
        ("zero.toml", 1, "a device"),
        ("folder.toml", 1, "a folder"),
        ("pipe", 4, "a pipe"),
        ("/dev/zero", 4, "a device"),
        (".", 4, "a folder"),
    ] {
        said(&["check", file], code, what);
        said(&["run", file, "--out", "elsewhere"], code, what);
    }
    said(&["verify", "results"], 1, "a pipe");
    said(&["percentiles", "results"], 1, "a pipe");
    said(&["merge", "pipe", "--out", "elsewhere"], 1, "a pipe");
    said(&["status", "results"], 1, "a device");
    assert!(!place("elsewhere").exists());
}

/// Tells a process to end, and waits: exit code, seconds and what it said.
fn ended(running: Running) -> (Option<i32>, f64, String) {
    let told = std::time::Instant::now();
    running.signal("TERM");
    let (code, said) = running.end();
    (code, told.elapsed().as_secs_f64(), said)
}

fn start(at: &Path, words: &[&str]) -> Running {
    let mut command = riskband();
    command.arg("run").args(words).current_dir(at);
    Running(command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped()).spawn().unwrap())
}

/// Two seconds are promised; a machine that is busy with other tests may take more.
const IN_TIME: f64 = 6.0;

#[test]
fn a_signal_ends_the_pilot() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[inputs.u]\ndist = 'compound(constant(1000000), uniform(0, 1))'\nassumption = 'a'\n[outputs.y]\nformula = 'u'";
    fs::write(folder.path().join("slow.toml"), text).unwrap();
    let running = start(folder.path(), &["slow.toml", "--runs", "1", "--out", "out"]);
    until("the folder", || folder.path().join("out/.lock").exists());
    let (code, seconds, said) = ended(running);
    assert!(code == Some(3) && seconds < IN_TIME, "{code:?} after {seconds} s: {said}");
    assert!(said.contains("nothing was written"), "{said}");
    assert_eq!(names(&folder.path().join("out")), [""; 0]);
}

#[test]
fn a_signal_among_slow_blocks_keeps_those_that_are_whole() {
    let folder = tempfile::tempdir().unwrap();
    let text = "[inputs.u]\ndist = 'compound(constant(500), uniform(0, 1))'\nassumption = 'a'\n[outputs.y]\nformula = 'u'\n\
                tornado = false";
    fs::write(folder.path().join("slow.toml"), text).unwrap();
    let words = ["slow.toml", "--runs", "1e9", "--format", "json", "--threads", "2", "--out", "out"];
    let running = start(folder.path(), &words);
    let told = || fs::read_to_string(folder.path().join("out/progress.json")).unwrap_or_default();
    until("runs", || told().contains("\"runs\":") && !told().contains("\"runs\":0,"));
    let (code, seconds, said) = ended(running);
    assert!(code == Some(3) && seconds < IN_TIME, "{code:?} after {seconds} s: {said}");
    assert!(said.contains("are marked partial"), "{said}");
    assert_verified(&folder.path().join("out"));
}

#[test]
fn a_signal_ends_the_drawing_when_the_numbers_are_safe() {
    let folder = tempfile::tempdir().unwrap();
    let outputs: Vec<String> = (0..150).map(|number| format!("y{number}")).collect();
    let outputs: Vec<&str> = outputs.iter().map(String::as_str).collect();
    scenario(folder.path(), "many.toml", &outputs);
    let out = folder.path().join("out");
    let running = start(folder.path(), &["many.toml", "--runs", "2000", "--threads", "1", "--out", "out"]);
    until("the first picture", || {
        out.is_dir()
            && names(&out).iter().any(|name| name.starts_with("histogram-") && name.ends_with(".png"))
    });
    let whole = fs::read(out.join("tally.bin")).unwrap();
    let (code, seconds, said) = ended(running);
    assert!(code == Some(3) && seconds < IN_TIME, "{code:?} after {seconds} s: {said}");
    assert!(said.contains("the same command with --resume draws them"), "{said}");
    let verified = riskband().arg("verify").arg(&out).output().unwrap();
    assert_exit(&verified, 0);
    assert!(String::from_utf8_lossy(&verified.stdout).contains("not written before the run was interrupted"));
    let again = riskband()
        .args(["run", "many.toml", "--runs", "2000", "--resume", "--out", "out"])
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_exit(&again, 0);
    assert!(fs::read(out.join("tally.bin")).unwrap() == whole);
    assert_verified(&out);
}
