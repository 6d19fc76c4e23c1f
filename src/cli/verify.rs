//! `riskband verify`: a finished run computed again, whole or in part, and compared bit by bit.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::args::{ProgressKind, VerifyArgs};
use super::carried::{carried, with_tally};
use super::compare::{json_differences, line_difference};
use super::results::TALLY;
use super::run::threads;
use super::watch::Watch;
use super::{Exit, Failure, Ui};
use crate::analysis::summarise;
use crate::cluster::{Header, Simulation};
use crate::diagnostic::grouped;
use crate::engine::{self, Collected, Control, Work};
use crate::report;
use crate::sampling::Key;
use crate::tally::{Digests, RunSet};

/// Runs the command.
///
/// # Errors
/// When the folder cannot be read or holds no tally that can be used.
pub fn verify(args: &VerifyArgs, ui: &Ui) -> Result<Exit, Failure> {
    let path = args.folder.join(TALLY);
    let told = |why: String| Failure::data(format!("{}: {why}", path.display()));
    let header = with_tally(&path, |file| Ok(file.header)).map_err(told)?;
    let pool = threads(args.threads)?;
    let Some(simulation) = carried(&header, args.scenario.as_deref(), &pool, ui)? else {
        return Ok(Exit::Scenario);
    };
    if let Some(difference) = simulation.identity.difference(&header.identity) {
        return Err(told(format!("{difference}; this riskband cannot compute it again")));
    }
    let claimed = with_tally(&path, |file| simulation.decode(&file).map_err(|flaw| flaw.to_string()));
    let claimed = claimed.map_err(told)?;
    let mut checks = Checks::default();
    checks.pass(TALLY, format!("checksums fit, {} runs", grouped(claimed.runs.count())));
    if header.shard.is_none() {
        pool.install(|| files(&args.folder, &simulation, &claimed, &mut checks))?;
    }
    manifest(&args.folder, &header, &mut checks)?;
    runs(args, &simulation, &claimed, &pool, ui, &mut checks);
    ui.result(&checks.text)?;
    match checks.failed {
        0 => Ok(Exit::Done),
        1 => Err(Failure::data(format!("{}: one check failed", args.folder.display()))),
        n => Err(Failure::data(format!("{}: {n} checks failed", args.folder.display()))),
    }
}

/// What was checked, a line each.
#[derive(Debug, Default)]
struct Checks {
    text: String,
    failed: usize,
}

impl Checks {
    fn pass(&mut self, what: &str, found: String) {
        self.text.push_str(&format!("  ok     {what}: {found}\n"));
    }

    fn fail(&mut self, what: &str, found: String) {
        self.text.push_str(&format!("  WRONG  {what}: {found}\n"));
        self.failed += 1;
    }
}

/// The files that follow from the tally, those of them that are there.
fn files(
    folder: &Path,
    simulation: &Simulation,
    claimed: &Collected,
    checks: &mut Checks,
) -> Result<(), Failure> {
    let summary = summarise(&simulation.scenario, &simulation.plan, &claimed.clone().outcome());
    let mut check = |name: &str, expected: &[u8], differences: &dyn Fn(&[u8]) -> String| {
        let path = folder.join(name);
        match std::fs::read(&path) {
            Ok(found) if found == expected => checks.pass(name, "as it follows from the tally".into()),
            Ok(found) => checks.fail(name, differences(&found)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::reading(&path, error)),
        }
        Ok(())
    };
    let json = report::summary_json(&summary).into_bytes();
    check("summary.json", &json, &|found| json_differences(found, &json))?;
    let csv = report::bands_csv(&summary).into_bytes();
    check("bands.csv", &csv, &|found| line_difference(found, &csv))?;
    let drawn = report::charts(&summary).map_err(|error| Failure::system(format!("cannot draw: {error}")))?;
    for chart in drawn {
        check(&chart.name, &chart.bytes, &|_| "another picture than the tally gives".into())?;
    }
    Ok(())
}

/// What the manifest says of the run, where it repeats the tally.
fn manifest(folder: &Path, header: &Header, checks: &mut Checks) -> Result<(), Failure> {
    const NAME: &str = "manifest.json";
    let path = folder.join(NAME);
    let bytes = match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Failure::reading(&path, error)),
    };
    let Ok(root) = serde_json::from_slice::<serde_json::Value>(&bytes) else {
        checks.fail(NAME, "it is no JSON".into());
        return Ok(());
    };
    let identity = &header.identity;
    let computed: Vec<[u64; 2]> = header.computed.ranges().iter().map(|r| [r.start, r.end]).collect();
    let expected = [
        ("scenario_hash", serde_json::json!(identity.hash)),
        ("seed", serde_json::json!(identity.seed)),
        ("design", serde_json::json!(identity.design)),
        ("runs_asked", serde_json::json!(identity.runs)),
        ("version", serde_json::json!(identity.version)),
        ("computed", serde_json::json!(computed)),
    ];
    match expected.iter().find(|(key, value)| root.get(key) != Some(value)) {
        None => checks.pass(NAME, "scenario, seed, design, runs and version are those of the tally".into()),
        Some((key, value)) => {
            let found = root.get(key).map_or("nothing".into(), ToString::to_string);
            checks.fail(NAME, format!("`{key}` is {found} and {value} in the tally"));
        }
    }
    Ok(())
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
        "{} runs computed again, in {} of {} ranges",
        grouped(again.count()),
        grouped(chosen.len() as u64),
        grouped(ranges.len() as u64)
    );
    for range in wrong.iter().take(MOST_SHOWN) {
        let runs = runs_of(&digests, *range);
        let last = runs.end.min(simulation.layout.runs()) - 1;
        checks.fail("runs", format!("{} to {} give other values", grouped(runs.start), grouped(last)));
    }
    if wrong.len() > MOST_SHOWN {
        checks.fail("runs", format!("and in {} more ranges", wrong.len() - MOST_SHOWN));
    }
    if wrong.is_empty() {
        checks.pass("runs", format!("{what}: the same values"));
    }
    if args.sample.is_some() {
        checks
            .text
            .push_str("  note   a sample holds values against digests; sums and counts of the tally are\n");
        checks.text.push_str("         computed again without --sample\n");
    } else if wrong.is_empty() {
        if computed == *claimed {
            checks.pass("tally", "every count and sum is the same".into());
        } else {
            checks.fail("tally", differing(simulation, claimed, &computed));
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
