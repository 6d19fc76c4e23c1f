//! `riskband status`: how far the shards of a simulation are, read from their folders.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use super::args::StatusArgs;
use super::progress::{PROGRESS, duration};
use super::results::{CHECKPOINT, TALLY, coverage};
use super::run::SHARDS;
use super::{Exit, Failure, Ui};
use crate::cluster::{Header, Lock, Shard, TallyFile, host};
use crate::diagnostic::grouped;
use crate::engine::Layout;
use crate::sampling::Design;

/// Parts shown that are not done.
const MOST_SHOWN: usize = 40;
/// Seconds after which a process of another machine that tells nothing any more counts as gone.
const SILENCE: u64 = 60;

/// Runs the command.
///
/// # Errors
/// When the folder cannot be read or holds no simulation.
pub fn status(args: &StatusArgs, ui: &Ui) -> Result<Exit, Failure> {
    let folder = &args.folder;
    let mut parts = BTreeMap::new();
    let mut found = Vec::new();
    if let Some(part) = look(folder) {
        found.push(part);
    }
    let shards = folder.join(SHARDS);
    if shards.is_dir() {
        for entry in std::fs::read_dir(&shards).map_err(|error| Failure::reading(&shards, error))? {
            let path = entry.map_err(|error| Failure::reading(&shards, error))?.path();
            found.extend(look(&path));
        }
    }
    let whole = found.iter().find(|part| part.shard.is_none());
    let Some(first) = found.iter().find(|part| part.shard.is_some() && part.asked > 0).or(whole) else {
        return Err(Failure::data(format!(
            "{} holds no simulation: neither a tally, a checkpoint nor a running process",
            folder.display()
        )));
    };
    let (name, asked) = (first.scenario.clone(), first.asked);
    let of = first.shard.map(|shard| shard.of);
    let mut text = String::new();
    let whole = whole.cloned();
    for part in found {
        if let Some(shard) = part.shard.filter(|shard| Some(shard.of) == of) {
            parts.insert(shard, part);
        }
    }
    if let Some(of) = of {
        for shard in (0..of).filter_map(|index| Shard::new(index, of)) {
            parts.entry(shard).or_insert_with(|| Part::waiting(shard, &name, asked));
        }
        text.push_str(&overview(&name, asked, &parts));
    }
    if let Some(whole) = whole.filter(|whole| of.is_none() || whole.state != State::Waiting) {
        let what = if of.is_some() { "merged" } else { &name };
        text.push_str(&format!("{what}: {}\n", whole.words()));
    }
    ui.result(&text)?;
    Ok(Exit::Done)
}

/// A process or what it left.
#[derive(Clone, Debug)]
struct Part {
    scenario: String,
    /// Runs of the whole simulation.
    asked: u64,
    shard: Option<Shard>,
    state: State,
    /// Runs it has, and how many it will have.
    runs: u64,
    of: u64,
    rate: f64,
    place: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum State {
    Done,
    Running,
    /// Ended by a signal, with a checkpoint.
    Stopped,
    /// Gone without a word.
    Killed,
    Failed(String),
    Damaged(String),
    Waiting,
}

impl State {
    fn word(&self) -> &'static str {
        match self {
            State::Done => "done",
            State::Running => "running",
            State::Stopped => "stopped",
            State::Killed => "killed",
            State::Failed(_) => "failed",
            State::Damaged(_) => "damaged",
            State::Waiting => "waiting",
        }
    }
}

impl Part {
    fn waiting(shard: Shard, scenario: &str, asked: u64) -> Part {
        let runs = shard.runs(Layout::new(Design::MonteCarlo, asked));
        Part {
            scenario: scenario.to_string(),
            asked,
            shard: Some(shard),
            state: if runs.is_empty() { State::Done } else { State::Waiting },
            runs: 0,
            of: runs.end - runs.start,
            rate: 0.0,
            place: String::new(),
        }
    }

    /// Of a file with a state in it.
    fn of_header(header: &Header, state: State) -> Part {
        let identity = &header.identity;
        let layout = Layout::new(Design::MonteCarlo, identity.runs);
        let runs = header.shard.map_or(0..identity.runs, |shard| shard.runs(layout));
        Part {
            scenario: header.scenario.clone(),
            asked: identity.runs,
            shard: header.shard,
            state,
            runs: header.computed.count(),
            of: runs.end - runs.start,
            rate: 0.0,
            place: String::new(),
        }
    }

    /// `running, 43.1 % of 1,000 runs, 4.20 million a second, 20 min 3 s left (process 12 on node07)`.
    fn words(&self) -> String {
        let mut text = self.state.word().to_string();
        if self.state != State::Waiting {
            text.push_str(&format!(", {}", coverage(self.runs, self.of.max(1))));
        }
        match &self.state {
            State::Running if self.rate > 0.0 => {
                let left = (self.of - self.runs.min(self.of)) as f64 / self.rate;
                text.push_str(&format!(", {:.2} million a second, {} left", self.rate / 1e6, duration(left)));
            }
            State::Stopped | State::Killed => text.push_str(", to be started again with --resume"),
            State::Failed(error) | State::Damaged(error) => text.push_str(&format!(": {error}")),
            _ => {}
        }
        if !self.place.is_empty() {
            text.push_str(&format!(" ({})", self.place));
        }
        text
    }
}

/// What a folder shows, if it is one of a run.
fn look(folder: &Path) -> Option<Part> {
    let damaged = |name: &str, why: String| Part {
        scenario: String::new(),
        asked: 0,
        shard: shard_of(folder),
        state: State::Damaged(format!("{name}: {why}")),
        runs: 0,
        of: 0,
        rate: 0.0,
        place: String::new(),
    };
    let told = told(folder);
    let read = |name: &str, state: State| match TallyFile::header_of(&folder.join(name)) {
        Ok(Ok(header)) => Some(Part::of_header(&header, state)),
        Ok(Err(flaw)) => Some(damaged(name, flaw.to_string())),
        Err(_) => None,
    };
    let saved = read(CHECKPOINT, State::Stopped);
    match told {
        Some(part) if part.state == State::Killed => {
            // What was computed after the last checkpoint is lost.
            let runs = saved.map_or(0, |saved| saved.runs);
            Some(Part { runs, ..part })
        }
        Some(part) => Some(part),
        None => saved.or_else(|| {
            let mut part = read(TALLY, State::Done)?;
            if part.runs < part.of && part.state == State::Done {
                part.state = State::Stopped;
            }
            Some(part)
        }),
    }
}

/// What the process of a folder last told of itself.
fn told(folder: &Path) -> Option<Part> {
    let root: Value = serde_json::from_slice(&std::fs::read(folder.join(PROGRESS)).ok()?).ok()?;
    let number = |key: &str| root.get(key).and_then(Value::as_u64);
    let text = |key: &str| root.get(key).and_then(Value::as_str);
    let at = text("host").unwrap_or("?");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let silent = now.saturating_sub(number("time")?);
    // Locks of another machine may not reach this one; a process there is believed as long as it speaks.
    let here = host().as_deref() == Some(at);
    let alive = Lock::is_taken(folder) || (!here && silent < SILENCE);
    let state = match text("error") {
        Some(error) => State::Failed(error.to_string()),
        None if alive => State::Running,
        None => State::Killed,
    };
    Some(Part {
        scenario: text("scenario")?.to_string(),
        asked: number("runs_asked")?,
        shard: text("shard").and_then(|shard| shard.parse().ok()),
        state,
        runs: number("runs")?,
        of: number("of")?,
        rate: root.get("runs_per_second").and_then(Value::as_f64).unwrap_or(0.0),
        place: format!("process {} on {at}", number("process").unwrap_or(0)),
    })
}

/// The shard that a folder is named after.
fn shard_of(folder: &Path) -> Option<Shard> {
    let (index, of) = folder.file_name()?.to_str()?.split_once("-of-")?;
    format!("{index}/{of}").parse().ok()
}

/// Counts, total rate and time left, then every shard that is not done.
fn overview(name: &str, asked: u64, parts: &BTreeMap<Shard, Part>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    parts.values().for_each(|part| *counts.entry(part.state.word()).or_default() += 1);
    let order = ["done", "running", "stopped", "killed", "failed", "damaged", "waiting"];
    let counted: Vec<String> =
        order.iter().filter_map(|word| Some(format!("{} {word}", counts.get(word)?))).collect();
    let runs: u64 = parts.values().map(|part| part.runs).sum();
    let running = || parts.values().filter(|part| part.state == State::Running && part.rate > 0.0);
    let mut text = format!("{name}: {} shards, {} runs\n", parts.len(), grouped(asked));
    text.push_str(&format!("  {}\n  {}", counted.join(", "), coverage(runs, asked.max(1))));
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
    let open: Vec<(&Shard, &Part)> = parts.iter().filter(|(_, part)| part.state != State::Done).collect();
    for (shard, part) in open.iter().take(MOST_SHOWN) {
        text.push_str(&format!("  shard {shard}  {}\n", part.words()));
    }
    if open.len() > MOST_SHOWN {
        text.push_str(&format!("  and {} more\n", open.len() - MOST_SHOWN));
    }
    text
}
