//! `riskband run --mpi`: one simulation by all ranks of an MPI job.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::args::{ProgressKind, RunArgs};
use super::broken::caught;
use super::folder::Folder;
use super::place::default_folder;
use super::results::{CHECKPOINT, RANKS, Results, TALLY, coverage, pace, tell_missing};
use super::resume::{carried, resumed};
use super::run::{manifest, threads};
use super::signals::Signals;
use super::watch::Watch;
use super::{Exit, Failure, Ui};
use crate::cluster::mpi::{End, Feed, Part, Ranks};
use crate::cluster::{Simulation, TallyFile};
use crate::diagnostic::counted;
use crate::engine::{self, Collected, Work};
use crate::report::Manifest;
use crate::scenario::read_plain;
use crate::tally::RunSet;

/// How often rank 0 tells how far it is.
const LINE_EVERY: Duration = Duration::from_secs(60);

/// Runs the command in this rank.
///
/// # Errors
/// When MPI cannot be started. Any other failure ends the process here, without a farewell to the other ranks, which
/// `mpirun` ends then.
pub fn run(args: &RunArgs) -> Result<Exit, Failure> {
    let started = Instant::now();
    let ranks = Ranks::start().map_err(Failure::system)?;
    let rank = Rank { args, ranks: &ranks, ui: Ui::new(args.quiet), started };
    match caught(|| rank.run()) {
        Ok(exit) => Ok(exit),
        Err(failure) => {
            rank.ui.error(&format!("error: {ranks:?}: {failure}"));
            std::process::exit(failure.code.into())
        }
    }
}

/// This process among the ranks.
struct Rank<'a> {
    args: &'a RunArgs,
    ranks: &'a Ranks,
    ui: Ui,
    started: Instant,
}

/// What a rank knows, on its way to rank 0.
struct Known<'a> {
    simulation: &'a Simulation,
    collected: Collected,
}

impl Part for Known<'_> {
    fn encode(&self) -> Vec<u8> {
        self.simulation.encode(None, &self.collected)
    }

    fn merge(&mut self, message: Vec<u8>) -> Result<(), String> {
        let file = TallyFile::read(&message).map_err(|flaw| flaw.to_string())?;
        let theirs = self.simulation.decode(&file).map_err(|flaw| flaw.to_string())?;
        drop(message);
        self.collected.merge(&theirs);
        Ok(())
    }
}

impl Rank<'_> {
    fn is_first(&self) -> bool {
        self.ranks.rank() == 0
    }

    fn run(&self) -> Result<Exit, Failure> {
        let Rank { args, ranks, ui, .. } = self;
        let pool = threads(args.threads)?;
        let Some((simulation, place)) = self.simulation(&pool)? else { return Ok(Exit::Scenario) };
        let own = place.join(RANKS).join(ranks.rank().to_string());
        let folder = self.is_first().then(|| self.open(&place, &simulation)).transpose()?;
        // Nobody writes a checkpoint before those of an earlier job are put together.
        let known = match &folder {
            Some(folder) if args.resume => self.resumed(folder, &simulation)?,
            _ => Collected::empty(simulation.layout),
        };
        let all_threads = ranks.compare(pool.current_num_threads() as u64).sum;
        // By its lock others see that a rank is alive.
        let own = Folder::take(&own)?;

        let before = known.runs.count();
        let missing = known.runs.missing(simulation.layout.runs());
        let signals = Signals::listen()?;
        signals.control.resume(before);
        let collected = Mutex::new(known);
        let end = self.compute(&simulation, &own, &signals, &collected, &missing, &pool);
        let collected = collected.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mine = Known { simulation: &simulation, collected };
        if end == End::Stopped {
            leave(&self.ui, &format!("{:?}", self.ranks), &own, &mine);
        }
        let look = |mine: &Known<'_>| {
            if signals.control.is_stopped() {
                leave(&self.ui, &format!("{:?}", self.ranks), &own, mine);
            }
        };
        let Some(all) = ranks.gather(mine, &look).map_err(Failure::system)? else { return Ok(Exit::Done) };
        let (all, Some(folder)) = (all.collected, folder) else { return Ok(Exit::Done) };
        let manifest = Manifest {
            computed_here: all.runs.count() - before,
            threads: usize::try_from(all_threads).unwrap_or(usize::MAX),
            ..manifest(&simulation, &all, 0, self.started.elapsed().as_secs_f64())
        };
        let (folder, formats, simulation) = (&folder, &args.format, &simulation);
        let results = Results { folder, formats, simulation, manifest: &manifest, signals: &signals, ui };
        let written = pool.install(|| results.write(all))?;
        folder.remove(CHECKPOINT);
        drop(own);
        let _ = std::fs::remove_dir_all(place.join(RANKS));
        tell_missing(&written.missing, &place, ui);
        let size = ranks.size();
        ui.say(&format!(
            "{} of {}; results in {}",
            pace(&simulation.scenario.name, &manifest),
            counted(size as u64, "rank"),
            place.display()
        ));
        written.exit()
    }

    /// The simulation, which must be the same in all ranks, and its folder; `None` where the scenario is wrong.
    fn simulation(&self, pool: &rayon::ThreadPool) -> Result<Option<(Simulation, PathBuf)>, Failure> {
        let Rank { args, ranks, ui, .. } = self;
        let ui = if self.is_first() { *ui } else { Ui::silent() };
        let Some(loaded) = ui.load(&args.scenario, &args.overrides)? else {
            ranks.compare(0);
            return Ok(None);
        };
        let mut scenario = loaded.scenario;
        let seed = args.seed.filter(|seed| *seed != scenario.seed);
        scenario.seed = seed.unwrap_or(scenario.seed);
        let runs = args.runs.unwrap_or(scenario.runs);
        args.levels.apply(&mut scenario)?;
        let design = args.design.of(runs).map_err(Failure::usage)?;
        let folder = args.out.clone();
        let folder = folder.unwrap_or_else(|| default_folder(&scenario.name, &args.overrides, seed, design));
        let simulation =
            pool.install(|| Simulation::new(scenario, design, runs)).map_err(Failure::compiling)?;
        let digest = Sha256::digest(format!("{:?}", simulation.identity));
        let number = digest.iter().take(8).fold(0, |number, &byte| number << 8 | u64::from(byte)) | 1;
        let compared = ranks.compare(number);
        if compared.least != compared.most {
            return Err(Failure::system(
                "the ranks do not agree on the simulation: each must find the same scenario, the same data and the same \
                 riskband",
            ));
        }
        Ok(Some((simulation, folder)))
    }

    /// Takes the folder for this job; without `--resume` nothing that an earlier one left is kept.
    fn open(&self, path: &Path, simulation: &Simulation) -> Result<Folder, Failure> {
        let folder = Folder::take(path)?;
        let ranks = path.join(RANKS);
        if self.args.resume {
            return Ok(folder);
        }
        folder.tell_replaced(simulation, &self.ui);
        if ranks.exists() {
            let reading = |error| Failure::reading(&ranks, error);
            for entry in std::fs::read_dir(&ranks).map_err(reading)? {
                let name = entry.map_err(reading)?.file_name();
                if name.to_str().is_none_or(|name| name.parse::<u64>().is_err()) {
                    return Err(Failure::system(format!(
                        "{} holds {name:?}, which is of no rank: move it away, or choose another folder with --out",
                        ranks.display()
                    )));
                }
            }
            std::fs::remove_dir_all(&ranks).map_err(|error| Failure::writing(&ranks, error))?;
            self.ui.say(&format!("checkpoints of an earlier job in {} were removed", ranks.display()));
        }
        Ok(folder)
    }

    /// What an earlier job or an earlier run left in the folder, put together in one checkpoint.
    fn resumed(&self, taken: &Folder, simulation: &Simulation) -> Result<Collected, Failure> {
        let folder = taken.path();
        let ranks = folder.join(RANKS);
        let mut paths = Vec::new();
        for entry in std::fs::read_dir(&ranks).into_iter().flatten() {
            paths.push(entry.map_err(|error| Failure::reading(&ranks, error))?.path().join(CHECKPOINT));
        }
        paths.retain(|path| path.exists());
        if paths.is_empty() {
            return resumed(folder, simulation, None, &self.ui);
        }
        let main = folder.join(CHECKPOINT);
        paths.extend([main.clone(), folder.join(TALLY)].into_iter().filter(|path| path.exists()));
        let mut files = Vec::new();
        for path in paths {
            files.push((self.read(&path, simulation)?.runs.count(), path));
        }
        // The one that holds most first: where a rank was lost while tallies were merged, it holds others too.
        files.sort_by_key(|(runs, path)| (std::cmp::Reverse(*runs), path.clone()));
        let mut known = Collected::empty(simulation.layout);
        let mut used = 0;
        for (_, path) in &files {
            let more = self.read(path, simulation)?;
            if known.runs.common(&more.runs).is_empty() {
                known.merge(&more);
                used += 1;
            }
        }
        self.ui.say(&format!(
            "resuming from {} in {}, which hold{} {}",
            counted(used, "checkpoint"),
            folder.display(),
            if used == 1 { "s" } else { "" },
            counted(known.runs.count(), "run")
        ));
        taken.put(CHECKPOINT, &simulation.encode(None, &known))?;
        std::fs::remove_dir_all(&ranks).map_err(|error| Failure::writing(&ranks, error))?;
        Ok(known)
    }

    fn read(&self, path: &Path, simulation: &Simulation) -> Result<Collected, Failure> {
        let bytes = read_plain(path).map_err(|error| Failure::reading(path, error))?;
        carried(&bytes, simulation, None).map_err(|why| {
            Failure::data(format!(
                "cannot resume from {}: {why}; remove it to compute its runs again",
                path.display()
            ))
        })
    }

    /// Computes what rank 0 hands out; MPI is called from this thread, the others compute.
    fn compute(
        &self,
        simulation: &Simulation,
        own: &Folder,
        signals: &Signals,
        collected: &Mutex<Collected>,
        missing: &RunSet,
        pool: &rayon::ThreadPool,
    ) -> End {
        let control = &signals.control;
        // Other threads have no business with MPI: they get words.
        let (ui, who) = (&self.ui, format!("{:?}", self.ranks));
        let late = |collected: Collected| -> u8 { leave(ui, &who, own, &Known { simulation, collected }) };
        let watch = Watch {
            ui: &self.ui,
            kind: ProgressKind::None,
            folder: Some(own.path()),
            simulation,
            shard: None,
            runs: simulation.layout.runs(),
            control,
            collected,
            every: self.args.checkpoint,
            wanted: &signals.checkpoint,
            late: Some((signals, &late)),
        };
        let work = Work::open();
        let line = Mutex::new(Instant::now());
        let told = |left: u64| {
            let mut line = line.lock().unwrap_or_else(PoisonError::into_inner);
            if line.elapsed() >= LINE_EVERY && self.args.progress != ProgressKind::None {
                *line = Instant::now();
                let runs = simulation.layout.runs();
                let name = &simulation.scenario.name;
                self.ui.say(&format!("{name}: handed out {}", coverage(runs - left, runs)));
            }
        };
        watch.over(|| {
            std::thread::scope(|scope| {
                let computing = scope.spawn(|| {
                    let Simulation { plan, shapes, .. } = simulation;
                    engine::collect(plan, shapes, &work, pool, control, collected);
                });
                let feed = Feed {
                    threads: pool.current_num_threads(),
                    push: &|runs| work.push(runs),
                    close: &|| work.close(),
                    waiting: &|| work.waiting(),
                    ended: &|| computing.is_finished(),
                    stopped: &|| control.is_stopped(),
                    told: &told,
                };
                let end = self.ranks.deal(missing.ranges().to_vec(), &feed);
                work.close();
                end
            })
        })
    }
}

/// Writes a checkpoint of what this rank knows and ends the process: a signal came, and with it the end of the job.
fn leave(ui: &Ui, who: &str, own: &Folder, known: &Known<'_>) -> ! {
    let runs = known.collected.runs.count();
    let path = own.path().join(CHECKPOINT);
    let (code, kept) = match runs {
        0 => (Exit::Interrupted as u8, "it had no complete runs".to_string()),
        _ => match own.put(CHECKPOINT, &known.encode()) {
            Ok(()) => {
                (Exit::Interrupted as u8, format!("its {} are in {}", counted(runs, "run"), path.display()))
            }
            Err(failure) => (failure.code, format!("its {} are lost: {failure}", counted(runs, "run"))),
        },
    };
    ui.say(&format!(
        "{who} was told to stop, by a signal of the user, of the batch system, or of mpirun after another rank was lost; \
         {kept}; start the same command with --resume for the rest"
    ));
    own.leave();
    std::process::exit(code.into())
}
