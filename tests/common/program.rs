//! The program as it is started from a shell, and the files it leaves.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Output};
use std::time::{Duration, Instant};

use riskband::cluster::{Header, TallyFile};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// The program, with nothing of a job launcher in its environment.
pub fn riskband() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_riskband"));
    command.env_remove("RISKBAND_SIMD");
    command
}

/// Starts it with words and waits.
pub fn call(words: &[&str]) -> Output {
    riskband().args(words).output().unwrap()
}

/// `riskband run SCENARIO … --out FOLDER`.
pub fn run(scenario: &str, folder: &Path, words: &[&str]) -> Output {
    riskband().args(["run", scenario, "--out"]).arg(folder).args(words).output().unwrap()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

#[track_caller]
pub fn assert_exit(output: &Output, code: i32) {
    let stdout = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(code), "{stdout}{}", stderr(output));
}

/// The two files that are a function of scenario, seed, design and runs: the tally and the summary.
pub fn outcome(folder: &Path) -> (Vec<u8>, String) {
    (fs::read(folder.join("tally.bin")).unwrap(), fs::read_to_string(folder.join("summary.json")).unwrap())
}

/// Panics unless both folders hold the same results, to the byte.
#[track_caller]
pub fn assert_same(found: &Path, expected: &Path, what: &str) {
    let (found, expected) = (outcome(found), outcome(expected));
    assert_eq!(found.1, expected.1, "{what}: summary.json differs");
    assert_eq!(header(&found.0), header(&expected.0), "{what}: the headers of tally.bin differ");
    assert!(found.0 == expected.0, "{what}: tally.bin differs");
}

pub fn header(tally: &[u8]) -> Header {
    TallyFile::read(tally).unwrap().header
}

/// A tally file with another header, its checksum fitting.
pub fn with_header(tally: &[u8], change: impl FnOnce(&mut Value)) -> Vec<u8> {
    let length = u64::from_le_bytes(tally[16..24].try_into().unwrap()) as usize;
    let mut header: Value = serde_json::from_slice(&tally[24..24 + length]).unwrap();
    change(&mut header);
    let text = header.to_string();
    let mut section = [b"HEAD", &(text.len() as u64).to_le_bytes()[..], text.as_bytes()].concat();
    section.extend_from_slice(&Sha256::digest(&section));
    [&tally[..12], &section, &tally[24 + length + 32..]].concat()
}

/// `summary.json` of a folder.
pub fn summary(folder: &Path) -> Value {
    serde_json::from_str(&fs::read_to_string(folder.join("summary.json")).unwrap()).unwrap()
}

/// A process that is killed when a test ends early.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    /// Sends it a signal by its name without SIG.
    #[track_caller]
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([format!("-{name}"), self.0.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for the end; exit code and stderr.
    pub fn end(mut self) -> (Option<i32>, String) {
        let code = self.0.wait().unwrap().code();
        let mut said = String::new();
        if let Some(mut stderr) = self.0.stderr.take() {
            std::io::Read::read_to_string(&mut stderr, &mut said).unwrap();
        }
        (code, said)
    }
}

/// Waits until something holds, a minute at most.
#[track_caller]
pub fn until(what: &str, holds: impl Fn() -> bool) {
    let begun = Instant::now();
    while !holds() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Names of the files in a folder, ascending.
pub fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}
