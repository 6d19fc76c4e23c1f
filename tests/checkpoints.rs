//! Whatever ends a run, nothing of it is half there, and `--resume` gives the bytes of a run that nothing disturbed.
#![cfg(target_os = "linux")]

mod common;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use common::program::{
    Running, assert_exit, assert_same, header, names, riskband, stderr, until, with_header,
};
use riskband::cluster::TallyFile;
use riskband::sampling::{Key, LANES, fill_words};
use serde_json::Value;

const R1: &str = "tests/reference/r1.toml";

/// A run of R1 without vectors: ten times slower, the same bits.
fn slow(folder: &Path, words: &[&str]) -> Command {
    let mut command = riskband();
    command.args(["run", R1, "--resume", "--out"]).arg(folder).args(words).env("RISKBAND_SIMD", "base");
    command
}

fn start(mut command: Command) -> Running {
    Running(command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap())
}

/// Runs in the checkpoint of a folder, which is whole or not there.
#[track_caller]
fn saved(folder: &Path) -> u64 {
    let Ok(bytes) = fs::read(folder.join("checkpoint.bin")) else { return 0 };
    TallyFile::read(&bytes).map(|file| file.header.computed.count()).unwrap()
}

/// Every file of a result that is there is whole.
#[track_caller]
fn whole(folder: &Path) {
    if let Ok(bytes) = fs::read(folder.join("tally.bin")) {
        header(&bytes);
    }
    for name in ["summary.json", "manifest.json", "progress.json"] {
        if let Ok(bytes) = fs::read(folder.join(name)) {
            serde_json::from_slice::<Value>(&bytes).unwrap_or_else(|error| panic!("{name}: {error}"));
        }
    }
}

#[test]
fn killed_at_fifty_random_moments() {
    const KILLS: usize = 50;
    let ways: [&[&str]; 4] = [
        &["--format", "json"],
        &["--format", "json", "--design", "sobol"],
        &["--shard", "2/3"],
        &["--format", "json", "--design", "lhs"],
    ];
    let folder = tempfile::tempdir().unwrap();
    let undisturbed: Vec<(PathBuf, Duration)> = (0..ways.len())
        .map(|way| {
            let out = folder.path().join(format!("undisturbed-{way}"));
            let begun = Instant::now();
            let words = [ways[way], &["--runs", "5e5", "--threads", "2"]].concat();
            assert_exit(&slow(&out, &words).output().unwrap(), 0);
            (out, begun.elapsed())
        })
        .collect();
    let mut words = vec![0; 40 * LANES];
    fill_words(Key::new(1, "moments", &[]), 0, &mut words);
    let mut moments = words.iter().map(|&word| f64::from(word) / 4_294_967_296.0);
    let (mut kills, mut kept, mut lives) = (0, 0, 0);
    while kills < KILLS {
        let way = lives % ways.len();
        lives += 1;
        let out = folder.path().join(format!("life-{lives}"));
        let (expected, length) = &undisturbed[way];
        let place = |out: &Path| if way == 2 { out.join("shards/2-of-3") } else { out.to_path_buf() };
        let mut known = 0;
        loop {
            let words = [ways[way], &["--runs", "5e5", "--threads", "2", "--checkpoint", "0.05"]].concat();
            let mut running = start(slow(&out, &words));
            // Anywhere in the life of an undisturbed run.
            std::thread::sleep(length.mul_f64(moments.next().unwrap()));
            if kills == KILLS || running.0.try_wait().unwrap().is_some() {
                let (code, said) = running.end();
                assert_eq!(code, Some(0), "{said}");
                break;
            }
            running.0.kill().unwrap();
            running.0.wait().unwrap();
            kills += 1;
            let folder = place(&out);
            if !folder.exists() {
                continue;
            }
            whole(&folder);
            let found = saved(&folder);
            // What was saved once is never lost, unless the whole of it took its place.
            assert!(
                found >= known || folder.join("tally.bin").exists(),
                "{found} runs saved, {known} before"
            );
            known = found;
            kept += usize::from(found > 0);
        }
        let (found, expected) = (place(&out), place(expected));
        assert_eq!(names(&found), names(&expected), "life {lives}");
        for name in ["tally.bin", "summary.json"].iter().filter(|name| expected.join(name).exists()) {
            let same = fs::read(found.join(name)).unwrap() == fs::read(expected.join(name)).unwrap();
            assert!(same, "{name} of life {lives} differs");
        }
    }
    println!("{kills} kills in {lives} lives; {kept} left a checkpoint");
    assert!(kept > KILLS / 5, "only {kept} of {kills} kills left a checkpoint");
}

#[test]
fn a_signal_leaves_a_checkpoint_that_is_gone_on_from() {
    let folder = tempfile::tempdir().unwrap();
    let runs = ["--runs", "2e7", "--threads", "2"];
    let plain = folder.path().join("plain");
    let output =
        riskband().args(["run", R1, "--shard", "1/1", "--out"]).arg(&plain).args(runs).output().unwrap();
    assert_exit(&output, 0);
    for signal in ["TERM", "INT", "HUP"] {
        let out = folder.path().join(signal);
        let place = out.join("shards/1-of-1");
        let running = start(slow(&out, &[&runs[..], &["--shard", "1/1", "--checkpoint", "0.05"]].concat()));
        until("a first checkpoint", || saved(&place) > 0);
        // Twice, as by a launcher that tells a process and its group; it may be gone before the second.
        let twice = format!("kill -{signal} {0}; kill -TERM {0} 2> /dev/null || true", running.0.id());
        assert!(Command::new("bash").args(["-c", &twice]).status().unwrap().success());
        let (code, said) = running.end();
        assert_eq!(code, Some(3), "{signal}: {said}");
        assert!(said.contains("interrupted: the checkpoint holds") && said.contains("--resume"), "{said}");
        let held = saved(&place);
        assert!(held > 0 && held < 20_000_000 && !place.join("tally.bin").exists(), "{held} runs");
        let mut again = riskband();
        let output = again
            .args(["run", R1, "--resume", "--shard", "1/1", "--out"])
            .arg(&out)
            .args(runs)
            .output()
            .unwrap();
        assert_exit(&output, 0);
        assert!(stderr(&output).contains("resuming from"), "{}", stderr(&output));
        let tally = |out: &Path| fs::read(out.join("shards/1-of-1/tally.bin")).unwrap();
        assert!(tally(&out) == tally(&plain), "{signal}: tally.bin differs");
        assert_eq!(names(&place), ["manifest.json", "tally.bin"]);
    }
}

#[test]
fn usr1_writes_a_checkpoint_and_the_run_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let mut running =
        start(slow(folder.path(), &["--runs", "1e14", "--checkpoint", "0", "--progress", "json"]));
    let mut lines = BufReader::new(running.0.stderr.take().unwrap()).lines();
    // Other lines are talk.
    let mut event = |what: &str| -> Value {
        loop {
            let line = lines.next().unwrap().unwrap();
            match serde_json::from_str::<Value>(&line) {
                Ok(value) if value["event"] == what => return value,
                _ => {}
            }
        }
    };
    event("progress");
    assert_eq!(saved(folder.path()), 0);
    running.signal("USR1");
    let written = event("checkpoint");
    let held = saved(folder.path());
    assert!(held > 0 && written["runs"].as_u64().unwrap() >= held, "{written}");
    assert!(event("progress")["runs"].as_u64().unwrap() > held);
    assert!(running.0.try_wait().unwrap().is_none());
}

#[test]
fn a_checkpoint_that_cannot_be_used_is_refused_with_the_reason() {
    let folder = tempfile::tempdir().unwrap();
    let words = ["run", R1, "--runs", "2000", "--format", "json", "--resume", "--out"];
    let resume = || riskband().args(words).arg(folder.path()).output().unwrap();
    assert_exit(&resume(), 0);
    let whole = fs::read(folder.path().join("tally.bin")).unwrap();
    fs::remove_file(folder.path().join("tally.bin")).unwrap();
    let before = names(folder.path());
    let (mut flipped, mut later) = (whole.clone(), whole.clone());
    flipped[whole.len() / 2] ^= 1;
    later[8] = 3;
    let with = |key: &str, value: Value| with_header(&whole, |header| header[key] = value);
    for (bytes, reason) in [
        (with("version", "0.0.9".into()), "it is of another version of riskband: 0.0.9 instead of "),
        (with("hash", "0".repeat(64).into()), "it is of another scenario (hash 000000000000"),
        (with("seed", 8.into()), "it is of another seed: 8 instead of "),
        (with("design", "lhs".into()), "it is of another design: lhs instead of mc"),
        (with("pilot", "0".repeat(64).into()), "it was made by another build of the same version"),
        (with("shard", "1/2".into()), "it is of shard 1/2 instead of the whole run"),
        (later, "it is of version 3 of the format, and this riskband reads version 2"),
        (flipped, "it is corrupted: bytes "),
        (whole[..whole.len() - 40].to_vec(), "it is truncated: it ends after "),
        (Vec::new(), "it is not a tally of riskband"),
    ] {
        let checkpoint = folder.path().join("checkpoint.bin");
        fs::write(&checkpoint, bytes).unwrap();
        let output = resume();
        assert_exit(&output, 1);
        let said = stderr(&output);
        let named = format!("error: cannot resume from {}: {reason}", checkpoint.display());
        assert!(said.contains(&named), "{named}\n{said}");
        assert!(said.contains("remove it, or leave --resume out, to start from run 0"), "{said}");
        fs::remove_file(&checkpoint).unwrap();
        assert_eq!(names(folder.path()), before);
    }
}

/// Runs a script in which mounts can be made, with the program as `$riskband`.
fn with_mounts(folder: &Path, script: &str) -> Output {
    let scenario = fs::canonicalize(R1).unwrap();
    let start = format!(
        "set -u; riskband={}; scenario={}; mkdir -p out; mount -t tmpfs tmpfs . || exit 99; mkdir -p out; {script}",
        env!("CARGO_BIN_EXE_riskband"),
        scenario.display()
    );
    let unshare = ["--mount", "--map-root-user", "bash", "-c", &start];
    let output = Command::new("unshare").args(unshare).current_dir(folder).output().unwrap();
    assert_ne!(output.status.code(), Some(99), "mounts are not allowed here: {}", stderr(&output));
    output
}

#[test]
#[ignore = "needs the right to mount; .ci/run asks for it"]
fn a_full_disk_is_told_and_forgiven() {
    let folder = tempfile::tempdir().unwrap();
    let script = "run() { \"$riskband\" run \"$scenario\" --runs 4e6 --format json --out \"$@\"; }
        run plain > /dev/null 2>&1
        mount -t tmpfs -o size=100k tmpfs out
        RISKBAND_SIMD=base run out --checkpoint 0.05 > /dev/null
        echo \"code $?\"
        ls -A out | grep -vx checkpoint.bin | paste -sd ' '
        mount -o remount,size=9m out
        run out --resume > /dev/null 2>&1
        echo \"code $?\"
        cmp plain/summary.json out/summary.json && cmp plain/tally.bin out/tally.bin && echo same";
    let output = with_mounts(folder.path(), script);
    let (told, said) = (String::from_utf8_lossy(&output.stdout), stderr(&output));
    assert_eq!(told, "code 4\n\ncode 0\nsame\n", "{said}");
    let warning = "warning: cannot write out/checkpoint.bin: No space left on device";
    assert!(said.contains(warning) && said.contains("the run goes on"), "{said}");
    assert!(said.contains("error: cannot write out/tally.bin: No space left on device"), "{said}");
}

#[test]
#[ignore = "needs the right to mount; .ci/run asks for it"]
fn where_the_disk_can_only_be_read_nothing_is_computed() {
    let folder = tempfile::tempdir().unwrap();
    let script = "mount -t tmpfs -o ro tmpfs out; exec \"$riskband\" run \"$scenario\" --runs 1e14 --out out";
    let output = with_mounts(folder.path(), script);
    assert_exit(&output, 4);
    let said = stderr(&output);
    assert!(said.starts_with("error: cannot write into out: Read-only file system"), "{said}");
}

/// A file that may not grow beyond a limit needs no mount: the system sends SIGXFSZ, or refuses the write.
#[test]
fn a_file_that_may_not_grow_is_told_and_forgiven() {
    let folder = tempfile::tempdir().unwrap();
    let [out, plain] = ["out", "plain"].map(|name| folder.path().join(name));
    let words = ["run", R1, "--runs", "5e5", "--format", "json", "--checkpoint", "0.05", "--out"];
    let script = format!(
        "ulimit -f 100; exec '{}' {} '{}'",
        env!("CARGO_BIN_EXE_riskband"),
        words.join(" "),
        out.display()
    );
    let output = Command::new("bash").args(["-c", &script]).env("RISKBAND_SIMD", "base").output().unwrap();
    assert_exit(&output, 4);
    let said = stderr(&output);
    assert!(said.contains("checkpoint.bin: File too large") && said.contains("the run goes on"), "{said}");
    assert!(said.contains("tally.bin: File too large"), "{said}");
    // A checkpoint of few runs may have been small enough; nothing is half there.
    assert!(names(&out).iter().all(|name| name == "checkpoint.bin"), "{:?}", names(&out));
    for (folder, resume) in [(&out, &["--resume"][..]), (&plain, &[])] {
        assert_exit(&riskband().args(words).arg(folder).args(resume).output().unwrap(), 0);
    }
    assert_same(&out, &plain, "after a file that could not grow");
}

#[test]
fn where_nothing_can_be_written_nothing_is_computed() {
    let folder = tempfile::tempdir().unwrap();
    // More runs than anybody waits for.
    let words = ["run", R1, "--runs", "1e14", "--out"];
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    for (place, reason) in [
        (file.as_path(), "it is a file, and results need a folder"),
        (&file.join("out"), "Not a directory"),
        // Nobody can make a folder there.
        (Path::new("/proc/riskband"), "No such file or directory"),
    ] {
        let output = riskband().args(words).arg(place).output().unwrap();
        assert_exit(&output, 4);
        let said = stderr(&output);
        assert!(
            said.starts_with(&format!("error: cannot write into {}: {reason}", place.display())),
            "{said}"
        );
        assert!(said.contains("choose another"), "{said}");
    }
    assert_eq!(fs::read(&file).unwrap(), b"");
}

#[test]
fn a_folder_has_one_process_and_is_free_when_that_is_killed() {
    let folder = tempfile::tempdir().unwrap();
    let mut first = start(slow(folder.path(), &["--runs", "1e14"]));
    until("the first process", || {
        fs::read_to_string(folder.path().join(".lock")).is_ok_and(|owner| !owner.is_empty())
    });
    let mut second = riskband();
    let output = second.args(["run", R1, "--runs", "1000", "--out"]).arg(folder.path()).output().unwrap();
    assert_exit(&output, 4);
    let owner = format!("another riskband (process {} on ", first.0.id());
    assert!(stderr(&output).contains(&owner), "{}", stderr(&output));
    first.0.kill().unwrap();
    first.0.wait().unwrap();
    let mut third = riskband();
    let output = third.args(["run", R1, "--runs", "1000", "--out"]).arg(folder.path()).output().unwrap();
    assert_exit(&output, 0);
    assert!(!folder.path().join(".lock").exists());
}
