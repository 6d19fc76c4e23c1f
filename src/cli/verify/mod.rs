//! `riskband verify`: a finished run computed again, whole or in part, and compared bit by bit.

mod checks;
mod files;
mod manifest;

use std::collections::BTreeSet;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use checks::Checks;

use super::args::{ProgressKind, VerifyArgs};
use super::carried::{carried, tally_in, with_tally};
use super::levels::LevelArgs;
use super::results::TALLY;
use super::run::threads;
use super::watch::Watch;
use super::{Exit, Failure, Ui};
use crate::analysis::summarise_whole;
use crate::cluster::Simulation;
use crate::diagnostic::{counted, grouped};
use crate::engine::{self, Collected, Control, Work};
use crate::sampling::Key;
use crate::scenario::DataFile;
use crate::tally::{Digests, RunSet};

/// Runs the command.
///
/// # Errors
/// When the folder cannot be read or holds no tally that can be used.
pub fn verify(args: &VerifyArgs, ui: &Ui) -> Result<Exit, Failure> {
    let path = tally_in(&args.folder)?;
    let told = |why: String| Failure::data(format!("{}: {why}", path.display()));
    let header = with_tally(&path, |file| Ok(file.header)).map_err(told)?;
    let pool = threads(args.threads)?;
    let Some(simulation) = carried(&header, args.scenario.as_deref(), &pool, ui)? else {
        return Ok(Exit::Scenario);
    };
    if let Some(difference) = simulation.identity.difference(&header.identity) {
        return Err(told(format!("{difference}; this riskband cannot compute it again")));
    }
    let mut simulation = simulation;
    LevelArgs::recorded(&args.folder).apply(&mut simulation.scenario)?;
    let claimed = with_tally(&path, |file| simulation.decode(&file).map_err(|flaw| flaw.to_string()));
    let claimed = claimed.map_err(told)?;
    let mut checks = Checks::default();
    checks.pass(TALLY, &format!("checksums fit, {}", counted(claimed.runs.count(), "run")));
    let hashes = |data: &[DataFile]| data.iter().map(|file| file.sha256.clone()).collect::<Vec<_>>();
    if hashes(&simulation.scenario.data) != hashes(&header.data) {
        checks.fail(TALLY, "the data files have other hashes than it says");
    }
    if header.shard.is_none() {
        let summary = summarise_whole(&simulation.scenario, &simulation.plan, claimed.clone().outcome());
        pool.install(|| files::follow(&args.folder, &summary, &mut checks))?;
    }
    manifest::check(&args.folder, &header, &mut checks)?;
    runs(args, &simulation, &claimed, &pool, ui, &mut checks);
    ui.result(checks.text())?;
    match checks.failures() {
        0 => Ok(Exit::Done),
        1 => Err(Failure::data(format!("{}: one check failed", args.folder.display()))),
        n => Err(Failure::data(format!("{}: {n} checks failed", args.folder.display()))),
    }
}

/// Computes runs again and compares their digests; all of them: the whole tally.
fn runs(
    args: &VerifyArgs,
    simulation: &Simulation,
    claimed: &Collected,
    pool: &rayon::ThreadPool,
    ui: &Ui,
    checks: &mut Checks,
) {
    let digests = claimed.digests();
    let ranges: Vec<u64> = digests.sums().keys().copied().collect();
    let chosen = match args.sample {
        Some(share) => sample(&ranges, share),
        None => ranges.iter().copied().collect(),
    };
    let mut again = RunSet::default();
    for range in &chosen {
        again.merge(&claimed.runs.within(runs_of(&digests, *range)));
    }
    let control = Control::default();
    let collected = Mutex::new(Collected::empty(simulation.layout));
    let watch = Watch {
        ui,
        kind: ProgressKind::Auto,
        folder: None,
        simulation,
        shard: None,
        runs: again.count(),
        control: &control,
        collected: &collected,
        every: Duration::ZERO,
        wanted: &AtomicBool::new(false),
        late: None,
    };
    let work = Work::of(&again);
    watch.over(|| {
        engine::collect(&simulation.plan, &simulation.shapes, &work, pool, &control, &collected);
    });
    let computed = collected.into_inner().unwrap_or_else(PoisonError::into_inner);
    let found = computed.digests();
    let wrong: Vec<u64> =
        chosen.iter().copied().filter(|range| found.sums().get(range) != digests.sums().get(range)).collect();
    let what = format!(
        "{} computed again, in {} of {}",
        counted(again.count(), "run"),
        grouped(chosen.len() as u64),
        counted(ranges.len() as u64, "range")
    );
    for range in wrong.iter().take(MOST_SHOWN) {
        let runs = runs_of(&digests, *range);
        let last = runs.end.min(simulation.layout.runs()) - 1;
        checks.fail("runs", &format!("{} to {} give other values", grouped(runs.start), grouped(last)));
    }
    if wrong.len() > MOST_SHOWN {
        checks.fail("runs", &format!("and in {}", counted((wrong.len() - MOST_SHOWN) as u64, "more range")));
    }
    if wrong.is_empty() {
        checks.pass("runs", &format!("{what}: the same values"));
    }
    if args.sample.is_some() {
        checks.note("a sample holds values against digests; sums and counts of the tally are");
        checks.more("computed again without --sample");
    } else if wrong.is_empty() {
        if computed == *claimed {
            checks.pass("tally", "every count and sum is the same");
        } else {
            checks.fail("tally", &differing(simulation, claimed, &computed));
        }
    }
}

/// Differences shown of a kind.
const MOST_SHOWN: usize = 5;

/// Runs of a range of the digests.
fn runs_of(digests: &Digests, range: u64) -> std::ops::Range<u64> {
    range * digests.length()..(range + 1).saturating_mul(digests.length())
}

/// A share of the ranges, one at least, chosen by the clock: who wrote the files cannot know which.
fn sample(ranges: &[u64], share: f64) -> BTreeSet<u64> {
    let wanted = ((ranges.len() as f64 * share).ceil() as usize).clamp(1, ranges.len().max(1));
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_nanos());
    let mut shuffled: Vec<u64> = ranges.to_vec();
    shuffled.sort_by_cached_key(|range| Key::new(now as u64, "verify", &[&range.to_string()]));
    shuffled.into_iter().take(wanted).collect()
}

/// Where two tallies of the same runs differ.
fn differing(simulation: &Simulation, claimed: &Collected, computed: &Collected) -> String {
    if claimed.runs != computed.runs {
        return "it claims other runs than it has".into();
    }
    let cells = &simulation.plan.program.cells;
    for (mine, theirs) in claimed.portions.iter().zip(&computed.portions) {
        let pairs = mine.tally.cells.iter().zip(&theirs.tally.cells).zip(cells);
        if let Some((_, cell)) = pairs.into_iter().find(|((a, b), _)| a != b).map(|((a, _), cell)| (a, cell))
        {
            return format!("the counts or sums of `{}` are others", cell.name);
        }
        let tornados = &simulation.plan.tornados;
        let pairs = mine.tally.conditionals.iter().zip(&theirs.tally.conditionals).zip(tornados);
        if let Some((_, tornado)) = pairs.into_iter().find(|((a, b), _)| a != b) {
            return format!("the tornado of `{}` rests on other counts or sums", cells[tornado.cell].name);
        }
    }
    "counts of refused parameters or digests are others".into()
}
