//! `riskband status`: how far a simulation is, read from the folders of its shards or ranks.

mod part;

use std::collections::BTreeMap;
use std::path::Path;

use part::{Part, State, look};

use super::args::StatusArgs;
use super::progress::duration;
use super::results::{CHECKPOINT, RANKS, SHARDS, coverage};
use super::{Exit, Failure, Ui};
use crate::cluster::{Shard, TallyFile};
use crate::tally::RunSet;

/// Parts shown that are not done.
const MOST_SHOWN: usize = 40;

/// Runs the command.
///
/// # Errors
/// When the folder cannot be read or holds no simulation. A file in it that is damaged is shown, and the exit code is that
/// of wrong data.
pub fn status(args: &StatusArgs, ui: &Ui) -> Result<Exit, Failure> {
    let folder = &args.folder;
    let whole = look(folder);
    let whole_is_damaged = whole.as_ref().is_some_and(Part::is_damaged);
    let shards = parts(&folder.join(SHARDS), |_, part| part.shard)?;
    let ranks = parts(&folder.join(RANKS), |name, _| name.parse::<u64>().ok())?;
    let damaged = whole_is_damaged || shards.values().chain(ranks.values()).any(Part::is_damaged);
    let mut text = String::new();
    if !ranks.is_empty() {
        text.push_str(&of_ranks(folder, &ranks));
    } else if let Some(of) = shards.iter().max_by_key(|(_, part)| part.asked).map(|(shard, _)| shard.of) {
        text.push_str(&of_shards(of, shards));
        text.push_str(&whole.map(|whole| format!("merged: {}\n", whole.words())).unwrap_or_default());
    } else if let Some(whole) = whole {
        let shown = folder.display().to_string();
        let name = if whole.scenario.is_empty() { &shown } else { &whole.scenario };
        text.push_str(&format!("{name}: {}\n", whole.words()));
    } else {
        return Err(Failure::data(format!(
            "{} holds no simulation: neither a tally, a checkpoint nor a running process",
            folder.display()
        )));
    }
    ui.result(&text)?;
    Ok(if damaged { Exit::Scenario } else { Exit::Done })
}

/// What the folders in a folder show, by whatever tells them apart.
fn parts<K: Ord>(
    folder: &Path,
    key: impl Fn(&str, &Part) -> Option<K>,
) -> Result<BTreeMap<K, Part>, Failure> {
    let mut parts = BTreeMap::new();
    if !folder.is_dir() {
        return Ok(parts);
    }
    for entry in std::fs::read_dir(folder).map_err(|error| Failure::reading(folder, error))? {
        let entry = entry.map_err(|error| Failure::reading(folder, error))?;
        if let Some(part) = look(&entry.path()) {
            parts.extend(key(&entry.file_name().to_string_lossy(), &part).map(|key| (key, part)));
        }
    }
    Ok(parts)
}

/// A simulation of `of` shards, of which some have begun.
fn of_shards(of: u64, mut parts: BTreeMap<Shard, Part>) -> String {
    parts.retain(|shard, _| shard.of == of);
    let (name, asked) = simulation(&parts);
    for shard in (0..of).filter_map(|index| Shard::new(index, of)) {
        parts.entry(shard).or_insert_with(|| Part::waiting(shard, &name, asked));
    }
    let runs: u64 = parts.values().map(|part| part.runs).sum();
    let mut text = heading(&name, "shard", &parts, runs, asked);
    let running = || parts.values().filter(|part| part.state == State::Running && part.rate > 0.0);
    if running().next().is_some() {
        let rate: f64 = running().map(|part| part.rate).sum();
        let left = running().map(|part| (part.of - part.runs.min(part.of)) as f64 / part.rate);
        text.push_str(&format!(
            ", {:.2} million a second, those that run need {}",
            rate / 1e6,
            duration(left.fold(0.0, f64::max))
        ));
    }
    text.push('\n');
    text + &list("shard", &parts, Part::words)
}

/// A simulation by the ranks of an MPI job, who share the runs as they come to them.
fn of_ranks(folder: &Path, parts: &BTreeMap<u64, Part>) -> String {
    let (name, asked) = simulation(parts);
    let rate: f64 = parts.values().filter(|part| part.state == State::Running).map(|part| part.rate).sum();
    let runs = match rate > 0.0 {
        true => parts.values().map(|part| part.runs).sum(),
        false => kept(folder, parts).count(),
    };
    let mut text = heading(&name, "rank", parts, runs, asked);
    if rate > 0.0 {
        let left = duration(asked.saturating_sub(runs) as f64 / rate);
        text.push_str(&format!(", {:.2} million a second, {left} left", rate / 1e6));
    }
    text.push('\n');
    text + &list("rank", parts, Part::words_of_rank)
}

/// What is said of all parts together; nothing of runs where none of the parts can be read.
fn heading<K>(name: &str, what: &str, parts: &BTreeMap<K, Part>, runs: u64, asked: u64) -> String {
    let (many, states) = (crate::diagnostic::counted(parts.len() as u64, what), counted(parts));
    match asked {
        0 => format!("{name}: {many}\n  {states}"),
        _ => {
            let all = crate::diagnostic::counted(asked, "run");
            format!("{name}: {many}, {all}\n  {states}\n  {}", coverage(runs, asked))
        }
    }
}

/// Name and runs of the simulation, as the first part that can be read says.
fn simulation<K>(parts: &BTreeMap<K, Part>) -> (String, u64) {
    let known = parts.values().find(|part| part.asked > 0);
    known.map_or(("unreadable".into(), 0), |part| (part.scenario.clone(), part.asked))
}

/// The runs in the checkpoints of a job that is over: its ranks', and what it went on from itself.
fn kept(folder: &Path, parts: &BTreeMap<u64, Part>) -> RunSet {
    let mut runs = RunSet::default();
    let ranks = parts.keys().map(|rank| folder.join(RANKS).join(rank.to_string()));
    for place in ranks.chain([folder.to_path_buf()]) {
        if let Ok(Ok(header)) = TallyFile::header_of(&place.join(CHECKPOINT)) {
            runs.merge(&header.computed);
        }
    }
    runs
}

/// `2 stopped, 1 running`.
fn counted<K>(parts: &BTreeMap<K, Part>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    parts.values().for_each(|part| *counts.entry(part.state.word()).or_default() += 1);
    let order = ["done", "running", "stopped", "killed", "failed", "damaged", "waiting"];
    let counted: Vec<String> =
        order.iter().filter_map(|word| Some(format!("{} {word}", counts.get(word)?))).collect();
    counted.join(", ")
}

/// A line for every part that is not done.
fn list<K: std::fmt::Display>(
    what: &str,
    parts: &BTreeMap<K, Part>,
    words: impl Fn(&Part) -> String,
) -> String {
    let open: Vec<(&K, &Part)> = parts.iter().filter(|(_, part)| part.state != State::Done).collect();
    let mut text = String::new();
    for (key, part) in open.iter().take(MOST_SHOWN) {
        text.push_str(&format!("  {what} {key}  {}\n", words(part)));
    }
    if open.len() > MOST_SHOWN {
        text.push_str(&format!("  and {} more\n", open.len() - MOST_SHOWN));
    }
    text
}
