//! `riskband run`: simulate a scenario or a shard of it, write the results, show the table.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::args::{RunArgs, ShardChoice};
use super::progress::{PROGRESS, Progress, State};
use super::results::{CHECKPOINT, SHARDS, TALLY, coverage, pace, results};
use super::resume::resumed;
use super::signals::Signals;
use super::watch::Watch;
use super::{Exit, Failure, Ui};
use crate::cluster::{Lock, Locked, Shard, Simulation, host, launched};
use crate::diagnostic::grouped;
use crate::engine::{self, Collected, Work};
use crate::math::simd::Level;
use crate::report::{Manifest, manifest_json, remove_parts, write_whole};
use crate::tally::RunSet;

/// Runs the command.
///
/// # Errors
/// When a file cannot be read or written, and when arguments do not go together.
pub fn run(args: &RunArgs, ui: &Ui) -> Result<Exit, Failure> {
    let started = Instant::now();
    let Some(loaded) = ui.load(&args.scenario, &args.overrides)? else { return Ok(Exit::Scenario) };
    let mut scenario = loaded.scenario;
    scenario.seed = args.seed.unwrap_or(scenario.seed);
    let runs = args.runs.unwrap_or(scenario.runs);
    let design = args.design.of(runs).map_err(Failure::usage)?;
    let shard = args.shard.map(|choice| shard(choice, ui)).transpose()?;
    let place = args.out.clone().unwrap_or_else(|| Path::new("output").join(&scenario.name));
    let folder = shard.map_or(place.clone(), |shard| place.join(SHARDS).join(shard.folder()));
    let _lock = take(&folder)?;

    let pool = threads(args.threads)?;
    let signals = Signals::listen()?;
    let simulation = pool.install(|| Simulation::new(scenario, design, runs)).map_err(Failure::compiling)?;
    let known = match args.resume {
        true => resumed(&folder, &simulation, shard, ui)?,
        false => Collected::empty(simulation.layout),
    };
    warn_of_checkpoint(&folder, args.resume, ui);
    let wanted = simulation.runs_of(shard);
    let missing = wanted.common(&known.runs.missing(runs));
    let before = known.runs.count();
    signals.control.resume(before);
    let collected = Mutex::new(known);
    let watch = Watch {
        ui,
        kind: args.progress,
        folder: Some(&folder),
        simulation: &simulation,
        shard,
        runs: wanted.count(),
        control: &signals.control,
        collected: &collected,
        every: args.checkpoint,
        wanted: &signals.checkpoint,
    };
    let work = Work::of(&missing);
    watch.over(|| {
        engine::collect(&simulation.plan, &simulation.shapes, &work, &pool, &signals.control, &collected);
    });
    let collected = collected.into_inner().unwrap_or_else(PoisonError::into_inner);
    let done =
        Done { args, ui, folder: &folder, place: &place, simulation: &simulation, shard, wanted, before };
    let written = pool.install(|| done.write(collected, started, pool.current_num_threads()));
    match (&written, shard) {
        // Nobody waits beside a shard to see its error.
        (Err(failure), Some(_)) => {
            let runs = signals.control.completed();
            let progress = Progress::new(&simulation, shard, runs, done.wanted.count(), before, started);
            progress.write(&folder, State::Failed(failure.to_string()));
        }
        _ => remove(&folder.join(PROGRESS)),
    }
    written
}

/// A run that is over, complete or not.
struct Done<'a> {
    args: &'a RunArgs,
    ui: &'a Ui,
    folder: &'a Path,
    /// Where the whole simulation leaves its results.
    place: &'a Path,
    simulation: &'a Simulation,
    shard: Option<Shard>,
    wanted: RunSet,
    before: u64,
}

impl Done<'_> {
    /// Writes what there is.
    fn write(&self, collected: Collected, started: Instant, threads: usize) -> Result<Exit, Failure> {
        let Done { args, ui, folder, simulation, shard, .. } = self;
        let (runs, asked) = (self.wanted.common(&collected.runs).count(), self.wanted.count());
        let complete = self.wanted.common(&collected.runs) == self.wanted;
        if runs == 0 && !complete {
            ui.say("interrupted before the first runs were complete; nothing was written");
            return Ok(Exit::Interrupted);
        }
        let seconds = started.elapsed().as_secs_f64();
        let manifest = Manifest {
            shard: shard.map(|shard| shard.to_string()),
            computed_here: runs - self.before,
            ..manifest(simulation, &collected, threads, seconds)
        };
        let pace = pace(&simulation.scenario.name, &manifest);
        if let Some(shard) = shard {
            self.write_shard(*shard, &collected, complete, &manifest)?;
        } else {
            results(folder, &args.format, simulation, collected, &manifest, ui)?;
            remove(&folder.join(CHECKPOINT));
        }
        if !complete {
            ui.say(&format!(
                "interrupted: {} {} of {} runs{}; run the same command with --resume for the rest",
                if shard.is_some() { "the checkpoint holds" } else { "the results hold" },
                grouped(runs),
                grouped(asked),
                if shard.is_some() { "" } else { " and are marked partial" }
            ));
        }
        let kind = match (shard, complete) {
            (None, _) => "results",
            (Some(_), true) => "tally",
            (Some(_), false) => "checkpoint",
        };
        ui.say(&format!("{pace}; {kind} in {}", folder.display()));
        if let (Some(shard), true) = (shard, complete) {
            ui.say(&format!(
                "shard {shard} is complete; when all {} are: riskband merge {} --out {}",
                shard.of,
                self.place.display(),
                self.place.display()
            ));
        }
        Ok(if complete { Exit::Done } else { Exit::Interrupted })
    }

    /// The tally of a complete shard, the checkpoint of one that is not.
    fn write_shard(
        &self,
        shard: Shard,
        collected: &Collected,
        complete: bool,
        manifest: &Manifest,
    ) -> Result<(), Failure> {
        let write = |name: &str, bytes: &[u8]| {
            let path = self.folder.join(name);
            write_whole(&path, bytes).map_err(|error| Failure::writing(&path, error))
        };
        let bytes = self.simulation.encode(Some(shard), collected);
        if !complete {
            return write(CHECKPOINT, &bytes);
        }
        write(TALLY, &bytes)?;
        write("manifest.json", manifest_json(&self.simulation.scenario, manifest).as_bytes())?;
        remove(&self.folder.join(CHECKPOINT));
        self.ui.result(&format!(
            "shard {shard}: {}\n",
            coverage(collected.runs.count(), self.simulation.layout.runs())
        ))
    }
}

/// Removes what is no longer needed; what cannot be removed does no harm.
pub fn remove(path: &Path) {
    let _ = std::fs::remove_file(path);
}

/// The shard that was asked for.
fn shard(choice: ShardChoice, ui: &Ui) -> Result<Shard, Failure> {
    let of = match choice {
        ShardChoice::Given(shard) => return Ok(shard),
        ShardChoice::Launched { of } => of,
    };
    let found = launched(&|name| std::env::var(name).ok(), of).map_err(Failure::usage)?;
    let shard = Shard::new(found.index, found.of)
        .ok_or_else(|| Failure::usage(format!("{} makes no shard", found.by)))?;
    ui.say(&format!("shard {shard}, from {}", found.by));
    Ok(shard)
}

/// Makes the folder and takes it for this process.
///
/// # Errors
/// When another process has it, and when it cannot be written.
pub fn take(folder: &Path) -> Result<Lock, Failure> {
    std::fs::create_dir_all(folder).map_err(|error| Failure::writing(folder, error))?;
    let lock = Lock::take(folder).map_err(|locked| match locked {
        Locked::Refused(error) => Failure::writing(folder, error),
        Locked::Taken(owner) => Failure::system(format!(
            "{} is being written by another riskband ({owner}): wait for it, or choose another folder with --out",
            folder.display()
        )),
    })?;
    remove_parts(folder);
    Ok(lock)
}

/// A pool of so many threads; all processors when nothing is said.
///
/// # Errors
/// When the system refuses.
pub fn threads(number: Option<usize>) -> Result<rayon::ThreadPool, Failure> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(number.unwrap_or(0))
        .build()
        .map_err(|error| Failure::system(format!("cannot start threads: {error}")))
}

/// Says what becomes of a checkpoint that nobody asked to go on from.
fn warn_of_checkpoint(folder: &Path, resume: bool, ui: &Ui) {
    let path: PathBuf = folder.join(CHECKPOINT);
    if !resume && path.exists() {
        ui.say(&format!(
            "warning: {} of an earlier run is here and will be replaced; to go on from it, stop now and add --resume",
            path.display()
        ));
    }
}

/// What the summary does not hold, of a process that computed all the runs itself.
pub fn manifest(simulation: &Simulation, collected: &Collected, threads: usize, seconds: f64) -> Manifest {
    Manifest {
        design: simulation.layout.design(),
        shard: None,
        merged: None,
        computed: collected.runs.clone(),
        asked: simulation.layout.runs(),
        computed_here: collected.runs.count(),
        command_line: std::env::args().collect(),
        host: host(),
        threads,
        simd: Level::current().name(),
        seconds,
    }
}
