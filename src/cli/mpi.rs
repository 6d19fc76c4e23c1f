//! `riskband run --mpi`: one simulation by all ranks of an MPI job.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use super::args::{ProgressKind, RunArgs};
use super::progress::PROGRESS;
use super::results::{CHECKPOINT, RANKS, TALLY, coverage, pace, results};
use super::resume::{carried, resumed};
use super::run::{manifest, remove, take, threads};
use super::signals::Signals;
use super::watch::Watch;
use super::{Exit, Failure, Ui};
use crate::cluster::mpi::{End, Feed, Part, Ranks};
use crate::cluster::{Lock, Simulation, TallyFile};
use crate::diagnostic::grouped;
use crate::engine::{self, Collected, Work};
use crate::report::{Manifest, write_whole};
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
    match rank.run() {
        Ok(exit) => Ok(exit),
        Err(failure) if failure.is_broken_pipe() => std::process::exit(failure.code.into()),
        Err(failure) => {
            eprintln!("error: {ranks:?}: {failure}");
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
        let Some((simulation, folder)) = self.simulation(&pool)? else { return Ok(Exit::Scenario) };
        let own = folder.join(RANKS).join(ranks.rank().to_string());
        let _lock = self.is_first().then(|| self.open(&folder)).transpose()?;
        // Nobody writes a checkpoint before those of an earlier job are put together.
        let known = match (self.is_first(), args.resume) {
            (true, true) => self.resumed(&folder, &simulation)?,
            _ => Collected::empty(simulation.layout),
        };
        let all_threads = ranks.compare(pool.current_num_threads() as u64).sum;
        // By its lock others see that a rank is alive.
        let _own = take(&own)?;

        let before = known.runs.count();
        let missing = known.runs.missing(simulation.layout.runs());
        let signals = Signals::listen()?;
        signals.control.resume(before);
        let collected = Mutex::new(known);
        let end = self.compute(&simulation, &own, &signals, &collected, &missing, &pool);
        let collected = collected.into_inner().unwrap_or_else(PoisonError::into_inner);
        let mine = Known { simulation: &simulation, collected };
        if end == End::Stopped {
            self.leave(&own, &mine);
        }
        let look = |mine: &Known<'_>| {
            if signals.control.is_stopped() {
                self.leave(&own, mine);
            }
        };
        let Some(all) = ranks.gather(mine, &look).map_err(Failure::system)? else { return Ok(Exit::Done) };
        let all = all.collected;
        let manifest = Manifest {
            computed_here: all.runs.count() - before,
            threads: usize::try_from(all_threads).unwrap_or(usize::MAX),
            ..manifest(&simulation, &all, 0, self.started.elapsed().as_secs_f64())
        };
        pool.install(|| results(&folder, &args.format, &simulation, all, &manifest, ui))?;
        remove(&folder.join(CHECKPOINT));
        let _ = std::fs::remove_dir_all(folder.join(RANKS));
        let size = ranks.size();
        ui.say(&format!(
            "{} of {size} rank{}; results in {}",
            pace(&simulation.scenario.name, &manifest),
            if size == 1 { "" } else { "s" },
            folder.display()
        ));
        Ok(Exit::Done)
    }

    /// The simulation, which must be the same in all ranks, and its folder; `None` where the scenario is wrong.
    fn simulation(&self, pool: &rayon::ThreadPool) -> Result<Option<(Simulation, PathBuf)>, Failure> {
        let Rank { args, ranks, ui, .. } = self;
        let ui = if self.is_first() { *ui } else { Ui::new(true) };
        let Some(loaded) = ui.load(&args.scenario, &args.overrides)? else {
            ranks.compare(0);
            return Ok(None);
        };
        let mut scenario = loaded.scenario;
        scenario.seed = args.seed.unwrap_or(scenario.seed);
        let runs = args.runs.unwrap_or(scenario.runs);
        let design = args.design.of(runs).map_err(Failure::usage)?;
        let folder = args.out.clone().unwrap_or_else(|| Path::new("output").join(&scenario.name));
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
    fn open(&self, folder: &Path) -> Result<Lock, Failure> {
        let lock = take(folder)?;
        let ranks = folder.join(RANKS);
        if !self.args.resume && ranks.exists() {
            std::fs::remove_dir_all(&ranks).map_err(|error| Failure::writing(&ranks, error))?;
            self.ui.say(&format!("checkpoints of an earlier job in {} were removed", ranks.display()));
        }
        Ok(lock)
    }

    /// What an earlier job or an earlier run left in the folder, put together in one checkpoint.
    fn resumed(&self, folder: &Path, simulation: &Simulation) -> Result<Collected, Failure> {
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
            "resuming from {used} checkpoint{} in {}, which hold{} {} runs",
            if used == 1 { "" } else { "s" },
            folder.display(),
            if used == 1 { "s" } else { "" },
            grouped(known.runs.count())
        ));
        write_whole(&main, &simulation.encode(None, &known))
            .map_err(|error| Failure::writing(&main, error))?;
        std::fs::remove_dir_all(&ranks).map_err(|error| Failure::writing(&ranks, error))?;
        Ok(known)
    }

    fn read(&self, path: &Path, simulation: &Simulation) -> Result<Collected, Failure> {
        let bytes = std::fs::read(path).map_err(|error| Failure::reading(path, error))?;
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
        own: &Path,
        signals: &Signals,
        collected: &Mutex<Collected>,
        missing: &RunSet,
        pool: &rayon::ThreadPool,
    ) -> End {
        let control = &signals.control;
        let watch = Watch {
            ui: &self.ui,
            kind: ProgressKind::None,
            folder: Some(own),
            simulation,
            shard: None,
            runs: simulation.layout.runs(),
            control,
            collected,
            every: self.args.checkpoint,
            wanted: &signals.checkpoint,
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

    /// Writes a checkpoint of what this rank knows and ends the process: a signal came, and with it the end of the job.
    fn leave(&self, own: &Path, known: &Known<'_>) -> ! {
        let runs = known.collected.runs.count();
        let path = own.join(CHECKPOINT);
        remove(&own.join(PROGRESS));
        let (code, kept) = match runs {
            0 => (Exit::Interrupted as u8, "it had no complete runs".to_string()),
            _ => match write_whole(&path, &known.encode()) {
                Ok(()) => {
                    (Exit::Interrupted as u8, format!("its {} runs are in {}", grouped(runs), path.display()))
                }
                Err(error) => {
                    let failure = Failure::writing(&path, error);
                    (failure.code, format!("its {} runs are lost: {failure}", grouped(runs)))
                }
            },
        };
        self.ui.say(&format!(
            "{:?} was told to stop, by a signal of the user, of the batch system, or of mpirun after another rank was lost; \
             {kept}; start the same command with --resume for the rest",
            self.ranks
        ));
        std::process::exit(code.into())
    }
}
