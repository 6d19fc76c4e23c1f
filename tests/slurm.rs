//! Job files for Slurm: what is written, what is refused, and what the scripts do in a shell. `.ci/slurm` puts them
//! through a cluster.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use common::program::{assert_exit, names};

const SCENARIO: &str = "scenarios/learn/02-a-sum.toml";

fn slurm(arguments: &[&str], out: &Path) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_riskband"));
    command.arg("slurm").args(arguments).arg("--out").arg(out).output().unwrap()
}

fn stdout(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Writes a program for the shell.
#[cfg(unix)]
fn program(path: PathBuf, text: &str) -> PathBuf {
    use std::os::unix::fs::PermissionsExt;
    fs::write(&path, format!("#!/usr/bin/env bash\n{text}")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

fn lines(path: &Path) -> Vec<String> {
    fs::read_to_string(path).unwrap().lines().map(String::from).collect()
}

#[test]
fn the_files_of_an_array_are_written_and_the_command_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let output = slurm(&[SCENARIO, "--array", "4", "--time", "2:00:00"], &out);
    assert_exit(&output, 0);
    assert_eq!(names(&out), ["array.sbatch", "logs", "merge.sbatch", "submit.sh"]);
    let told = stdout(&output);
    assert_eq!(told.lines().count(), 4, "{told}");
    assert!(told.ends_with(&format!("submit with: bash {}/submit.sh\n", out.display())), "{told}");
    assert!(output.stderr.is_empty());
}

#[test]
fn mpi_is_one_job() {
    let folder = tempfile::tempdir().unwrap();
    assert_exit(&slurm(&[SCENARIO, "--array", "4", "--mpi"], folder.path()), 0);
    assert_eq!(names(folder.path()), ["logs", "mpi.sbatch", "submit.sh"]);
}

#[test]
fn nonsense_is_refused_and_nothing_written() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    for (arguments, code, says) in [
        (&["--array", "0"][..], 2, "from 1 to 1,000,000"),
        (&[], 2, "--array"),
        (&["--array", "4", "--time", "2h"], 2, "days-hours"),
        (&["--array", "4", "--time", "0"], 2, "none to Slurm"),
        (&["--array", "4", "--mem", "4 GB"], 2, "4G"),
        (&["--array", "4", "--partition", "a b"], 2, "without spaces"),
        (&["--array", "4", "--cpus", "0"], 2, "from 1"),
        (&["--array", "4", "--design", "lhs", "--runs", "1e10"], 2, "at most"),
        (&["--array", "4", "--set", "nothing=1"], 1, "nothing"),
    ] {
        let output = slurm(&[&[SCENARIO], arguments].concat(), &out);
        assert_exit(&output, code);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(says), "{arguments:?} says\n{said}");
    }
    assert_exit(&slurm(&["tests/mistakes/nowhere.toml", "--array", "4"], &out), 4);
    assert_exit(&slurm(&[SCENARIO, "--array", "4"], &folder.path().join("back\\slash")), 2);
    assert_exit(&slurm(&[SCENARIO, "--array", "4"], &folder.path().join("line\nbreak")), 2);
    assert_eq!(names(folder.path()), [""; 0]);
}

#[cfg(unix)]
#[test]
fn every_word_arrives_whole_whatever_the_paths() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("it's 50% \"of\" $HOME, 한글 `x`");
    fs::create_dir(&home).unwrap();
    let scenario = home.join("시장 a.toml");
    fs::copy(SCENARIO, &scenario).unwrap();
    let out = home.join("out");
    let arguments = ["--array", "3", "--runs", "5000", "--seed", "9", "--format", "csv,json"];
    assert_exit(&slurm(&[&[scenario.to_str().unwrap()], &arguments[..]].concat(), &out), 0);

    let told = folder.path().join("told");
    let spy = program(home.join("spy"), &format!("printf '%s\\n' \"$@\" > {}\n", told.display()));
    let bash = |file: &str| {
        let status = Command::new("bash").arg(out.join(file)).env("RISKBAND", &spy).status().unwrap();
        assert!(status.success(), "{file}");
        lines(&told)
    };
    let (path, out_path) = (scenario.to_str().unwrap(), out.to_str().unwrap());
    assert_eq!(
        bash("array.sbatch"),
        [
            "run",
            path,
            "--shard",
            "auto/3",
            "--resume",
            "--runs",
            "5000",
            "--seed",
            "9",
            "--threads",
            "1",
            "--out",
            out_path
        ]
    );
    assert_eq!(bash("merge.sbatch"), ["merge", out_path, "--format", "csv,json", "--out", out_path]);
}

/// A task of the array whose program ends by `trap` at TERM, and with 0 when the test tells it to.
#[cfg(unix)]
struct Task {
    folder: tempfile::TempDir,
    shell: std::process::Child,
}

#[cfg(unix)]
impl Task {
    /// Starts the script with a `riskband` and a `scontrol` of this test, and waits until the program is up.
    fn start(trap: &str) -> Task {
        let folder = tempfile::tempdir().unwrap();
        assert_exit(&slurm(&[SCENARIO, "--array", "3"], folder.path()), 0);
        let here = folder.path().display();
        let text =
            format!("trap '{trap}' TERM\ntouch {here}/up\nuntil [ -e {here}/end ]; do sleep 0.01; done\n");
        let fake = program(folder.path().join("riskband"), &text);
        fs::create_dir(folder.path().join("bin")).unwrap();
        program(folder.path().join("bin/scontrol"), &format!("echo \"$@\" >> {here}/told\n"));
        let mut shell = Command::new("bash")
            .arg(folder.path().join("array.sbatch"))
            .env("RISKBAND", &fake)
            .env("PATH", format!("{here}/bin:{}", std::env::var("PATH").unwrap()))
            .env("SLURM_ARRAY_JOB_ID", "12")
            .env("SLURM_ARRAY_TASK_ID", "2")
            .spawn()
            .unwrap();
        while !folder.path().join("up").exists() {
            assert!(shell.try_wait().unwrap().is_none(), "the script ended before its program was up");
            std::thread::yield_now();
        }
        Task { folder, shell }
    }

    /// Sends a signal to the shell alone, as Slurm does with USR1.
    fn signal(&self, name: &str) {
        let status = Command::new("kill").args([format!("-{name}"), self.shell.id().to_string()]).status();
        assert!(status.unwrap().success());
    }

    /// The exit code, and what `scontrol` was told.
    fn end(mut self) -> (Option<i32>, String) {
        let code = self.shell.wait().unwrap().code();
        (code, fs::read_to_string(self.folder.path().join("told")).unwrap_or_default())
    }
}

#[cfg(unix)]
#[test]
fn the_end_of_the_time_stops_riskband_and_queues_the_task_again() {
    let task = Task::start("exit 3");
    task.signal("USR1");
    assert_eq!(task.end(), (Some(3), "requeue 12_2\n".into()));
}

#[cfg(unix)]
#[test]
fn a_task_that_was_done_or_failed_is_not_queued_again() {
    for code in [0, 4] {
        let task = Task::start(&format!("exit {code}"));
        task.signal("USR1");
        assert_eq!(task.end(), (Some(code), String::new()));
    }
}

/// Slurm tells every process of a cancelled job itself; a second TERM would end riskband without a checkpoint.
#[cfg(unix)]
#[test]
fn a_cancelled_task_waits_for_riskband_and_hands_nothing_on() {
    let task = Task::start("exit 9");
    task.signal("TERM");
    fs::write(task.folder.path().join("end"), "").unwrap();
    assert_eq!(task.end(), (Some(0), String::new()));
}

#[test]
fn levels_are_handed_to_what_writes_the_results() {
    let folder = tempfile::tempdir().unwrap();
    let words = ["--array", "4", "--percentiles", "5,99.5", "--tail-means", "99"];
    assert_exit(&slurm(&[&[SCENARIO], words.as_slice()].concat(), folder.path()), 0);
    let levels = "--percentiles 5,99.5 --tail-means 99";
    assert!(lines(&folder.path().join("merge.sbatch")).iter().any(|line| line.contains(levels)));
    assert!(!lines(&folder.path().join("array.sbatch")).iter().any(|line| line.contains("--percentiles")));
    assert_exit(&slurm(&[&[SCENARIO, "--mpi"], words.as_slice()].concat(), folder.path()), 0);
    assert!(lines(&folder.path().join("mpi.sbatch")).iter().any(|line| line.contains(levels)));
}
