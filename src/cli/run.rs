//! `riskband run`: simulate a scenario or a shard of it, write the results, show the table.

use std::io::Write;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::args::{RunArgs, ShardChoice};
use super::broken::{broke_off, survived};
use super::budget::within;
use super::folder::Folder;
use super::place::default_folder;
use super::progress::{PROGRESS, Progress, State};
use super::results::{CHECKPOINT, Results, SHARDS, TALLY, Written, coverage, pace, tell_missing};
use super::resume::resumed;
use super::signals::Signals;
use super::watch::Watch;
use super::{Exit, Failure, Ui};
use crate::cluster::{Shard, Simulation, host, launched};
use crate::diagnostic::{counted, grouped};
use crate::engine::{self, Collected, Work};
use crate::math::simd::Level;
use crate::report::Manifest;
use crate::scenario::Scenario;
use crate::tally::RunSet;

/// Runs the command.
///
/// # Errors
/// When a file cannot be read or written, and when arguments do not go together.
pub fn run(args: &RunArgs, ui: &Ui) -> Result<Exit, Failure> {
    let started = Instant::now();
    let Some(loaded) = ui.load(&args.scenario, &args.overrides)? else { return Ok(Exit::Scenario) };
    let mut scenario = loaded.scenario;
    let seed = args.seed.filter(|seed| *seed != scenario.seed);
    scenario.seed = seed.unwrap_or(scenario.seed);
    let runs = args.runs.unwrap_or(scenario.runs);
    args.levels.apply(&mut scenario)?;
    let design = args.design.of(runs).map_err(Failure::usage)?;
    let shard = args.shard.map(|choice| shard(choice, ui)).transpose()?;
    let place =
        args.out.clone().unwrap_or_else(|| default_folder(&scenario.name, &args.overrides, seed, design));
    let folder = shard.map_or(place.clone(), |shard| place.join(SHARDS).join(shard.folder()));
    check_data_can_be_named(&args.scenario, &scenario)?;
    let signals = Signals::listen()?;
    let folder = Folder::take(&folder)?;

    let pool = threads(args.threads)?;
    let nothing = || {
        ui.say("interrupted before the first runs were complete; nothing was written");
        folder.leave();
    };
    let prepare = || pool.install(|| Simulation::new(scenario, design, runs));
    let simulation = signals.over(Duration::ZERO, prepare, nothing).map_err(Failure::compiling)?;
    within(&simulation.plan, runs, pool.current_num_threads()).inspect_err(|_| folder.leave())?;
    let known = match args.resume {
        true => resumed(folder.path(), &simulation, shard, ui)?,
        false => Collected::empty(simulation.layout),
    };
    if !args.resume {
        folder.tell_replaced(&simulation, ui);
        warn_of_checkpoint(folder.path(), ui);
    }
    let wanted = simulation.runs_of(shard);
    let missing = wanted.common(&known.runs.missing(runs));
    let before = known.runs.count();
    signals.control.resume(before);
    let collected = Mutex::new(known);
    let (threads, work) = (pool.current_num_threads(), Work::of(&missing));
    let done = Done {
        args,
        ui,
        signals: &signals,
        folder: &folder,
        place: &place,
        simulation: &simulation,
        shard,
        wanted,
        before,
        started,
        threads,
    };
    let late = |collected: Collected| done.late(collected);
    let watch = Watch {
        ui,
        kind: args.progress,
        folder: Some(folder.path()),
        simulation: &simulation,
        shard,
        runs: done.wanted.count(),
        control: &signals.control,
        collected: &collected,
        every: args.checkpoint,
        wanted: &signals.checkpoint,
        late: Some((&signals, &late)),
    };
    let computed = survived(|| {
        watch.over(|| {
            engine::collect(&simulation.plan, &simulation.shapes, &work, &pool, &signals.control, &collected);
        });
    });
    if computed.is_none() {
        return Err(kept(&folder, &simulation, shard, collected));
    }
    let collected = collected.into_inner().unwrap_or_else(PoisonError::into_inner);
    let written = pool.install(|| done.write(collected));
    done.tell(&written);
    written
}

/// A run that is over, complete or not.
struct Done<'a> {
    args: &'a RunArgs,
    ui: &'a Ui,
    signals: &'a Signals,
    folder: &'a Folder,
    /// Where the whole simulation leaves its results.
    place: &'a Path,
    simulation: &'a Simulation,
    shard: Option<Shard>,
    wanted: RunSet,
    before: u64,
    started: Instant,
    threads: usize,
}

impl Done<'_> {
    /// Writes what there is.
    fn write(&self, collected: Collected) -> Result<Exit, Failure> {
        let Done { args, ui, signals, folder, simulation, shard, .. } = self;
        let (runs, asked) = (self.wanted.common(&collected.runs).count(), self.wanted.count());
        let complete = self.wanted.common(&collected.runs) == self.wanted;
        if runs == 0 && !complete {
            ui.say("interrupted before the first runs were complete; nothing was written");
            return Ok(Exit::Interrupted);
        }
        let manifest = Manifest {
            shard: shard.map(|shard| shard.to_string()),
            computed_here: runs - self.before,
            ..manifest(simulation, &collected, self.threads, self.started.elapsed().as_secs_f64())
        };
        let pace = pace(&simulation.scenario.name, &manifest);
        let mut written = Written::default();
        if let Some(shard) = shard {
            self.write_shard(*shard, &collected, complete, &manifest)?;
        } else {
            let formats = &args.format;
            let results = Results { folder, formats, simulation, manifest: &manifest, signals, ui };
            written = results.write(collected)?;
            folder.remove(CHECKPOINT);
        }
        if !complete {
            ui.say(&format!(
                "interrupted: {} {} of {}{}; run the same command with --resume for the rest",
                if shard.is_some() { "the checkpoint holds" } else { "the results hold" },
                grouped(runs),
                counted(asked, "run"),
                if shard.is_some() { "" } else { " and are marked partial" }
            ));
        }
        tell_missing(&written.missing, folder.path(), ui);
        let kind = match (shard, complete) {
            (None, _) => "results",
            (Some(_), true) => "tally",
            (Some(_), false) => "checkpoint",
        };
        ui.say(&format!("{pace}; {kind} in {}", folder.path().display()));
        if let (Some(shard), true) = (shard, complete) {
            ui.say(&format!(
                "shard {shard} is complete; when all {} are: riskband merge {} --out {}",
                shard.of,
                self.place.display(),
                self.place.display()
            ));
        }
        let exit = written.exit()?;
        Ok(if complete { exit } else { Exit::Interrupted })
    }

    /// The tally of a complete shard, the checkpoint of one that is not.
    fn write_shard(
        &self,
        shard: Shard,
        collected: &Collected,
        complete: bool,
        manifest: &Manifest,
    ) -> Result<(), Failure> {
        let write = |to: &mut dyn Write| self.simulation.write(Some(shard), collected, to);
        if !complete {
            return self.folder.put_by(CHECKPOINT, write);
        }
        self.folder.write_by(TALLY, write)?;
        self.folder.write_manifest(self.simulation, manifest)?;
        self.folder.remove(CHECKPOINT);
        self.ui.result(&format!(
            "shard {shard}: {}\n",
            coverage(collected.runs.count(), self.simulation.layout.runs())
        ))
    }

    /// Tells the folder how it ended.
    fn tell(&self, written: &Result<Exit, Failure>) {
        match (written, self.shard) {
            // Nobody waits beside a shard to see its error.
            (Err(failure), Some(_)) => {
                let runs = self.signals.control.completed();
                let (of, before) = (self.wanted.count(), self.before);
                let progress = Progress::new(self.simulation, self.shard, runs, of, before, self.started);
                progress.write(self.folder.path(), State::Failed(failure.to_string()));
            }
            _ => self.folder.remove(PROGRESS),
        }
    }

    /// Writes what was handed over, where threads do not come to an end of their blocks, and gives the exit code.
    fn late(&self, collected: Collected) -> u8 {
        let written = self.write(collected);
        self.tell(&written);
        let code = self.ui.exit(written);
        self.folder.leave();
        code
    }
}

/// After a panic: keeps what the threads had handed over, and says what is lost.
fn kept(
    folder: &Folder,
    simulation: &Simulation,
    shard: Option<Shard>,
    collected: Mutex<Collected>,
) -> Failure {
    let begun = "what was computed is lost";
    let Ok(collected) = collected.into_inner() else { return broke_off(begun) };
    let runs = collected.runs.count();
    if runs == 0 {
        return broke_off(begun);
    }
    let write = |to: &mut dyn Write| simulation.write(shard, &collected, to);
    match folder.put_by(CHECKPOINT, write) {
        Ok(()) => broke_off(&format!(
            "{} kept in {}, from which the same command with --resume goes on; what came after them is lost",
            counted(runs, "run"),
            folder.path().join(CHECKPOINT).display()
        )),
        Err(failure) => broke_off(&format!("{} lost: {failure}", counted(runs, "run"))),
    }
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

/// A tally names the scenario's data files, to be found again from anywhere; a name that is no text would be lost in it.
fn check_data_can_be_named(path: &Path, scenario: &Scenario) -> Result<(), Failure> {
    let named = std::path::absolute(path).is_ok_and(|path| path.to_str().is_some());
    match named || scenario.data.is_empty() {
        true => Ok(()),
        false => Err(Failure::usage(format!(
            "the path {path:?} is not UTF-8, and results could not name the data files beside it: rename it"
        ))),
    }
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
fn warn_of_checkpoint(folder: &Path, ui: &Ui) {
    let path = folder.join(CHECKPOINT);
    if path.exists() {
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
        command_line: std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect(),
        host: host(),
        threads,
        simd: Level::current().name(),
        seconds,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cluster::TallyFile;
    use crate::engine::Control;
    use crate::sampling::Design;

    const TEXT: &str = "
        [inputs.x]
        dist = 'normal(0, 1)'
        assumption = 'a'
        [outputs.y]
        formula = 'x'
        tornado = false";

    #[test]
    fn a_panic_of_a_thread_keeps_what_was_handed_over_and_says_what_is_lost() {
        let place = tempfile::tempdir().unwrap();
        let folder = Folder::take(place.path()).unwrap();
        let scenario = crate::scenario::load_text("x.toml", TEXT, &[]).unwrap().scenario;
        let simulation = Simulation::new(scenario, Design::MonteCarlo, 100_000).unwrap();
        let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        let nothing = || Mutex::new(Collected::empty(simulation.layout));

        let failure = kept(&folder, &simulation, None, nothing());
        assert!(failure.code == 4 && failure.to_string().ends_with("what was computed is lost"), "{failure}");

        let collected = nothing();
        let (plan, shapes, control) = (&simulation.plan, &simulation.shapes, Control::default());
        engine::collect(plan, shapes, &Work::of(&RunSet::of(0..2048)), &pool, &control, &collected);
        assert!(survived(|| pool.broadcast(|_| panic!("on purpose"))).is_none());
        let failure = kept(&folder, &simulation, None, collected);
        let checkpoint = place.path().join(CHECKPOINT);
        let said = format!(
            "riskband broke off by a mistake of its own, told above: 2,048 runs kept in {}, from which the same command with \
             --resume goes on; what came after them is lost",
            checkpoint.display()
        );
        assert_eq!((failure.code, failure.to_string()), (4, said));
        let bytes = std::fs::read(&checkpoint).unwrap();
        assert_eq!(TallyFile::read(&bytes).unwrap().header.identity, simulation.identity);

        // A thread that panicked while it handed over leaves nothing that could be trusted.
        let half = nothing();
        assert!(
            survived(|| std::thread::scope(|scope| {
                scope.spawn(|| half.lock().map(|_held| panic!("on purpose")).unwrap_or(()));
            }))
            .is_none()
        );
        let failure = kept(&folder, &simulation, None, half);
        assert!(failure.to_string().ends_with("what was computed is lost"), "{failure}");
    }
}
