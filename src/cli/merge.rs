//! `riskband merge`: the tallies of shards put together into one result.

use std::path::PathBuf;
use std::time::Instant;

use super::args::MergeArgs;
use super::carried::{carried, with_tally};
use super::folder::Folder;
use super::origin::check_free;
use super::results::{Results, SHARDS, TALLY, coverage, tell_missing};
use super::run::{manifest, threads};
use super::signals::Signals;
use super::{Exit, Failure, Ui};
use crate::cluster::{Gaps, Header, Merger, quoted};
use crate::diagnostic::{counted, grouped};
use crate::report::Manifest;

/// Runs the command.
///
/// # Errors
/// When a tally cannot be used, when runs are missing, and when a file cannot be read or written.
pub fn merge(args: &MergeArgs, ui: &Ui) -> Result<Exit, Failure> {
    let started = Instant::now();
    let files = tallies(&args.tallies)?;
    if args.out.is_dir() {
        check_free(&args.out)?;
    }
    let header = first_header(&files)?;
    let pool = threads(None)?;
    let Some(simulation) = carried(&header, args.scenario.as_deref(), &pool, ui)? else {
        return Ok(Exit::Scenario);
    };
    let mut merger = Merger::new(&simulation);
    let mut refused = Vec::new();
    for path in &files {
        let added = with_tally(path, |file| merger.add(path, &file).map_err(|refusal| refusal.to_string()));
        if let Err(why) = added {
            refused.push(format!("{}: {why}", path.display()));
        }
    }
    if !refused.is_empty() {
        refused.iter().for_each(|line| ui.error(line));
        return Err(Failure::data(format!(
            "{} of {} cannot be merged; nothing was written: compute them again, or leave them out",
            refused.len(),
            counted(files.len() as u64, "tally")
        )));
    }
    let gaps = merger.gaps();
    if !gaps.runs.is_empty() {
        tell_gaps(&gaps, &header, args, merger.files(), ui);
        if !args.partial {
            return Err(Failure::data(
                "runs are missing; nothing was written: compute them, or accept the rest with --partial",
            ));
        }
    }
    let (merged, first) = (Some(merger.files()), merger.first().cloned());
    let collected = merger.into_collected();
    let mut simulation = simulation;
    args.levels.apply(&mut simulation.scenario)?;
    if let (Some(Header { sources, data, folder, .. }), None) = (first, &args.scenario) {
        // The files are called what they were called where the first part was computed, as in a run in one piece.
        (simulation.scenario.sources, simulation.scenario.data) = (sources, data);
        simulation.folder = folder;
    }
    let (runs, asked) = (collected.runs.count(), header.identity.runs);
    if runs == 0 {
        return Err(Failure::data("the tallies hold no runs; nothing was written"));
    }
    let signals = Signals::listen()?;
    let folder = Folder::take(&args.out)?;
    folder.tell_replaced(&simulation, ui);
    let seconds = started.elapsed().as_secs_f64();
    let manifest = Manifest {
        merged,
        computed_here: 0,
        ..manifest(&simulation, &collected, pool.current_num_threads(), seconds)
    };
    let (folder, formats, simulation) = (&folder, &args.format, &simulation);
    let results = Results { folder, formats, simulation, manifest: &manifest, signals: &signals, ui };
    let written = pool.install(|| results.write(collected))?;
    tell_missing(&written.missing, &args.out, ui);
    ui.say(&format!(
        "{}: {} merged, {}; results in {}",
        simulation.scenario.name,
        counted(files.len() as u64, "tally"),
        coverage(runs, asked),
        args.out.display()
    ));
    written.exit()
}

/// The files that are meant: a folder stands for its shards, where it has some, else for its tally.
fn tallies(given: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in given {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let shards = path.join(SHARDS);
        if !shards.is_dir() {
            files.push(path.join(TALLY));
            continue;
        }
        let entries = std::fs::read_dir(&shards).map_err(|error| Failure::reading(&shards, error))?;
        let mut found = Vec::new();
        for entry in entries {
            let tally = entry.map_err(|error| Failure::reading(&shards, error))?.path().join(TALLY);
            if tally.is_file() {
                found.push(tally);
            }
        }
        if found.is_empty() {
            return Err(Failure::data(format!("no shard in {} is complete", shards.display())));
        }
        found.sort();
        files.extend(found);
    }
    Ok(files)
}

/// The header of the first file that has one: the simulation that the others must belong to.
fn first_header(files: &[PathBuf]) -> Result<Header, Failure> {
    let mut first = None;
    for path in files {
        match with_tally(path, |file| Ok(file.header)) {
            Ok(header) => return Ok(header),
            Err(why) => first = first.or(Some(format!("{}: {why}", path.display()))),
        }
    }
    Err(Failure::data(first.unwrap_or_else(|| "no tally was given".into())))
}

/// Names what is missing and says how to get it.
fn tell_gaps(gaps: &Gaps, header: &Header, args: &MergeArgs, files: usize, ui: &Ui) {
    const MOST: usize = 12;
    let tell = |text: &str| if args.partial { ui.say(text) } else { ui.error(text) };
    let asked = header.identity.runs;
    tell(&format!(
        "{} of {} runs are missing from {}:",
        grouped(gaps.runs.count()),
        grouped(asked),
        counted(files as u64, "tally")
    ));
    let ranges = gaps.runs.ranges();
    for range in ranges.iter().take(MOST) {
        tell(&format!("  runs {} to {}", grouped(range.start), grouped(range.end - 1)));
    }
    if ranges.len() > MOST {
        tell(&format!("  and {}", counted((ranges.len() - MOST) as u64, "more range")));
    }
    let place = args.tallies.iter().find(|path| path.is_dir()).unwrap_or(&args.out);
    let command = header.command(place);
    let Some(shards) = &gaps.shards else {
        tell(&format!(
            "the tallies are not shards of one division; merge them with --partial, then compute the rest:\n  {} --resume",
            header.command(&args.out)
        ));
        return;
    };
    tell(if shards.len() == 1 { "compute this shard:" } else { "compute these shards:" });
    for shard in shards.iter().take(MOST) {
        tell(&format!("  {command} --shard {shard} --resume"));
    }
    if shards.len() > MOST {
        tell(&format!("  and {} more", shards.len() - MOST));
    }
    if let Some(array) = gaps.array() {
        tell(&format!(
            "or, where `riskband slurm` made the job:\n  sbatch --array={array} {}",
            quoted(&place.join("array.sbatch").display().to_string())
        ));
    }
}
