//! `riskband slurm`: the job files that simulate a scenario on a Slurm cluster.

use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::args::{DesignName, SlurmArgs};
use super::place::default_folder;
use super::{Exit, Failure, Ui};
use crate::cluster::{Asks, Job, SIGNATURE, quoted};
use crate::engine::Plan;
use crate::report::write_whole;
use crate::scenario::read_plain;

/// Runs the command: nothing is written for a scenario that could not be run.
///
/// # Errors
/// When a path cannot stand in a job script, or a file cannot be read or written.
pub fn slurm(args: &SlurmArgs, ui: &Ui) -> Result<Exit, Failure> {
    let Some(loaded) = ui.load(&args.scenario, &args.overrides)? else { return Ok(Exit::Scenario) };
    let mut scenario = loaded.scenario;
    let seed = args.seed.filter(|seed| *seed != scenario.seed);
    args.levels.apply(&mut scenario)?;
    let design = args.design.of(args.runs.unwrap_or(scenario.runs)).map_err(Failure::usage)?;
    Plan::of_design(&scenario, design).map_err(Failure::compiling)?;

    let folder = args.out.clone();
    let folder = folder.unwrap_or_else(|| default_folder(&scenario.name, &args.overrides, seed, design));
    let job = job(args, &scenario.name, &folder)?;
    let logs = folder.join("logs");
    std::fs::create_dir_all(&logs).map_err(|error| Failure::writing(&logs, error))?;

    let files: &[(&str, String)] = &if args.mpi {
        vec![("mpi.sbatch", job.mpi()), ("submit.sh", job.submit_mpi())]
    } else {
        vec![("array.sbatch", job.array()), ("merge.sbatch", job.merge()), ("submit.sh", job.submit_array())]
    };
    let mut told = String::new();
    for (name, _) in files {
        let path = folder.join(name);
        let own = |bytes: &[u8]| String::from_utf8_lossy(bytes).contains(SIGNATURE);
        if std::fs::symlink_metadata(&path).is_ok() && !read_plain(&path).is_ok_and(|bytes| own(&bytes)) {
            return Err(Failure::system(format!(
                "{} was not written by `riskband slurm`: move it away, or choose another folder with --out",
                path.display()
            )));
        }
    }
    for (name, text) in files {
        let path = folder.join(name);
        write_whole(&path, text.as_bytes()).map_err(|error| Failure::writing(&path, error))?;
        told.push_str(&format!("wrote {}\n", job.file(name)));
    }
    ui.result(&format!("{told}submit with: bash {}\n", quoted(&job.file("submit.sh"))))?;
    Ok(Exit::Done)
}

/// The job, its paths made absolute.
fn job(args: &SlurmArgs, name: &str, folder: &Path) -> Result<Job, Failure> {
    let program = std::env::current_exe()
        .map_err(|error| Failure::system(format!("cannot find the program's own path: {error}")))?;
    let directory = std::env::current_dir()
        .map_err(|error| Failure::system(format!("cannot find the working directory: {error}")))?;
    let out = absolute(folder)?;
    if out.contains('\\') {
        return Err(Failure::usage(format!(
            "the folder {out} has a backslash in its path, and Slurm writes no logs there: choose another by --out"
        )));
    }
    let scenario = absolute(&args.scenario)?;
    Ok(Job {
        program: text(program)?,
        directory: text(directory)?,
        scenario,
        name: name.into(),
        out,
        tasks: args.array,
        options: options(args),
        formats: [formats(args), args.levels.words()].concat(),
        asks: Asks {
            time: args.time.clone(),
            memory: args.mem.clone(),
            partition: args.partition.clone(),
            account: args.account.clone(),
            cpus: args.cpus,
        },
    })
}

/// What every task of `riskband run` is given beside its shard.
fn options(args: &SlurmArgs) -> Vec<String> {
    let mut words = Vec::new();
    let mut give = |name: &str, value: String| words.extend([name.to_string(), value]);
    if let Some(runs) = args.runs {
        give("--runs", runs.to_string());
    }
    if let Some(seed) = args.seed {
        give("--seed", seed.to_string());
    }
    if args.design != DesignName::Mc {
        give("--design", word(args.design));
    }
    for value in &args.overrides {
        // One word: a value may begin with a dash.
        words.push(format!("--set={value}"));
    }
    words
}

fn formats(args: &SlurmArgs) -> Vec<String> {
    if args.format.is_empty() {
        return Vec::new();
    }
    let names: Vec<String> = args.format.iter().map(|format| word(*format)).collect();
    vec!["--format".into(), names.join(",")]
}

/// The word that stands for a value on the command line.
fn word(value: impl ValueEnum) -> String {
    value.to_possible_value().map(|value| value.get_name().to_string()).unwrap_or_default()
}

fn absolute(path: &Path) -> Result<String, Failure> {
    let absolute = std::path::absolute(path)
        .map_err(|error| Failure::system(format!("cannot make {} absolute: {error}", path.display())))?;
    text(absolute)
}

/// A path as it can stand in a script.
fn text(path: PathBuf) -> Result<String, Failure> {
    match path.to_str() {
        Some(text) if !text.chars().any(char::is_control) => Ok(text.into()),
        _ => Err(Failure::usage(format!(
            "the path {path:?} cannot stand in a job script: it has a line break, another control character or bytes \
             that are not UTF-8"
        ))),
    }
}
