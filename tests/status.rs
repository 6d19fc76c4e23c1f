//! `riskband status`: what is done, what runs, what was stopped, killed or failed.
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::path::Path;
use std::process::{Output, Stdio};

use common::program::{Running, riskband, until};
use serde_json::{Value, json};

const R1: &str = "tests/reference/r1.toml";

fn status(folder: &Path) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = riskband().arg("status").arg(folder).output().unwrap();
    (status.code(), String::from_utf8([stdout, stderr].concat()).unwrap())
}

/// A shard that would run for days, once it tells how far it is.
fn shard(folder: &Path, shard: &str) -> Running {
    let child = riskband()
        .args(["run", R1, "--runs", "1e14", "--shard", shard, "--quiet", "--out"])
        .arg(folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let running = Running(child);
    let told = folder.join(format!("shards/{}/progress.json", shard.replace('/', "-of-")));
    until("a word from the shard", || told.exists());
    running
}

#[test]
fn every_state_has_its_word() {
    let folder = tempfile::tempdir().unwrap();
    let (code, text) = status(folder.path());
    assert!(code == Some(1) && text.contains("holds no simulation"), "{text}");

    let mut killed = shard(folder.path(), "2/5");
    let stopped = shard(folder.path(), "3/5");
    let (code, text) = status(folder.path());
    assert_eq!(code, Some(0), "{text}");
    assert!(text.starts_with("r1: 5 shards, 100,000,000,000,000 runs\n  2 running, 3 waiting\n"), "{text}");
    assert!(text.contains(" million a second, "), "{text}");
    assert!(text.contains("shard 3/5  running, 0.0 % of 20,000,000,000,000 runs"), "{text}");

    killed.0.kill().unwrap();
    killed.0.wait().unwrap();
    let mut stopped = stopped;
    stopped.signal("TERM");
    assert_eq!(stopped.0.wait().unwrap().code(), Some(3));
    // A shard that could not write its tally.
    let failed = folder.path().join("shards/4-of-5");
    fs::create_dir_all(&failed).unwrap();
    let progress = folder.path().join("shards/2-of-5/progress.json");
    let mut told: Value = serde_json::from_slice(&fs::read(progress).unwrap()).unwrap();
    told["shard"] = "4/5".into();
    told["error"] = "no space".into();
    fs::write(failed.join("progress.json"), told.to_string()).unwrap();
    let damaged = folder.path().join("shards/5-of-5");
    fs::create_dir_all(&damaged).unwrap();
    fs::write(damaged.join("tally.bin"), b"RISKBAND").unwrap();

    let (code, text) = status(folder.path());
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("1 stopped, 1 killed, 1 failed, 1 damaged, 1 waiting"), "{text}");
    assert!(
        text.contains("shard 2/5  killed, 0.0 %") && text.contains("started again with --resume"),
        "{text}"
    );
    assert!(text.contains("shard 4/5  failed, ") && text.contains(": no space"), "{text}");
    assert!(text.contains("shard 5/5  damaged: ") && text.contains("tally.bin: it is truncated"), "{text}");
}

#[test]
fn a_damaged_file_is_told_with_exit_code_1() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    for (name, bytes, reason) in [
        ("tally.bin", &b"RISKBAND"[..], "tally.bin: it is truncated"),
        ("tally.bin", b"no tally at all, and longer", "tally.bin: it is not a tally"),
        ("checkpoint.bin", b"", "checkpoint.bin: it is truncated"),
        ("progress.json", b"{\"event\": ", "progress.json: it tells nothing of a run"),
        ("progress.json", b"[1]", "progress.json: it tells nothing of a run"),
    ] {
        file(name, bytes);
        let (code, text) = status(folder.path());
        assert!(code == Some(1) && text.contains("damaged") && text.contains(reason), "{code:?} {text}");
        fs::remove_file(folder.path().join(name)).unwrap();
    }
    // Of a part that cannot be read nobody knows how many runs the whole has.
    fs::create_dir_all(folder.path().join("shards/1-of-2")).unwrap();
    file("shards/1-of-2/tally.bin", b"RISKBAND");
    let (code, text) = status(folder.path());
    assert!(code == Some(1) && text.contains("2 shards\n") && !text.contains("1 run"), "{text}");
    fs::remove_dir_all(folder.path().join("shards")).unwrap();
    // What another machine is called does not reach the terminal as it is.
    let told = json!({ "event": "progress", "scenario": "x\u{1b}[2J", "runs_asked": 10, "runs": 1, "of": 10, "time": 0,
                       "host": "\u{202e}host", "error": null });
    file("progress.json", told.to_string().as_bytes());
    let (code, text) = status(folder.path());
    assert!(code == Some(0) && text.contains("x\\u001b[2J") && text.contains("\\u202ehost"), "{text}");
}

#[test]
fn ranks_share_the_runs() {
    let folder = tempfile::tempdir().unwrap();
    let running = shard(folder.path(), "1/1");
    let progress = fs::read(folder.path().join("shards/1-of-1/progress.json")).unwrap();
    drop(running);
    fs::remove_dir_all(folder.path().join("shards")).unwrap();
    let mut told: Value = serde_json::from_slice(&progress).unwrap();
    told["shard"] = Value::Null;
    told["runs_asked"] = 1_000_000_000_u64.into();
    told["runs_per_second"] = 2e6.into();
    told["runs"] = 250_000_000_u64.into();
    // Of another machine, whose locks cannot be seen: it is believed as long as it speaks.
    told["host"] = "node03".into();
    for rank in ["0", "1"] {
        fs::create_dir_all(folder.path().join("ranks").join(rank)).unwrap();
        fs::write(folder.path().join("ranks").join(rank).join("progress.json"), told.to_string()).unwrap();
    }
    told["time"] = 0.into();
    fs::create_dir_all(folder.path().join("ranks/10")).unwrap();
    fs::write(folder.path().join("ranks/10/progress.json"), told.to_string()).unwrap();

    let (code, text) = status(folder.path());
    assert_eq!(code, Some(0), "{text}");
    let expected = "r1: 3 ranks, 1,000,000,000 runs
  2 running, 1 killed
  50.0 % of 1,000,000,000 runs, 4.00 million a second, 2 min 5 s left
  rank 0  running, 250,000,000 runs, 2.00 million a second (process";
    assert!(text.starts_with(expected), "{text}");
    assert!(text.contains("rank 10  killed, 0 runs, to be started again with --resume"), "{text}");

    // When all are gone, what counts is in the checkpoints.
    fs::remove_dir_all(folder.path().join("ranks/0")).unwrap();
    fs::remove_dir_all(folder.path().join("ranks/10")).unwrap();
    let mut command = riskband();
    command.args(["run", R1, "--runs", "5120", "--quiet", "--out"]).arg(folder.path());
    assert!(command.output().unwrap().status.success());
    let checkpoint = folder.path().join("ranks/1/checkpoint.bin");
    fs::rename(folder.path().join("tally.bin"), checkpoint).unwrap();
    fs::remove_file(folder.path().join("ranks/1/progress.json")).unwrap();
    let (_, text) = status(folder.path());
    assert!(text.starts_with("r1: 1 rank, 5,120 runs\n  1 stopped\n  100.0 % of 5,120 runs\n"), "{text}");
}

#[test]
fn what_is_done_is_done() {
    let folder = tempfile::tempdir().unwrap();
    for shard in ["1/3", "3/3"] {
        let mut command = riskband();
        command.args(["run", R1, "--runs", "2000", "--shard", shard, "--quiet", "--out"]).arg(folder.path());
        assert!(command.output().unwrap().status.success());
    }
    let (_, text) = status(folder.path());
    let expected =
        "r1: 3 shards, 2,000 runs\n  2 done, 1 waiting\n  74.4 % of 2,000 runs\n  shard 2/3  waiting\n";
    assert_eq!(text, expected);
}

#[test]
fn lines_of_json_tell_the_progress() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = riskband();
    command.args(["run", R1, "--runs", "1e14", "--progress", "json", "--out"]).arg(folder.path());
    let child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut running = Running(child);
    let mut lines = std::io::BufRead::lines(std::io::BufReader::new(running.0.stderr.take().unwrap()));
    let mut next = || -> Value { serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap() };
    let (one, two) = (next(), next());
    for line in [&one, &two] {
        assert_eq!((&line["event"], &line["of"]), (&"progress".into(), &100_000_000_000_000_u64.into()));
        assert!(
            line["runs_per_second"].as_f64().unwrap() > 0.0 && line["seconds_left"].is_number(),
            "{line}"
        );
    }
    assert!(two["runs"].as_u64() > one["runs"].as_u64());
}
