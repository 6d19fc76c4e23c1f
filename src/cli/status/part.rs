//! One process of a simulation, or what it left: a shard, a rank or the whole.

use std::io::{Error, ErrorKind};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::Value;

use crate::cli::progress::{PROGRESS, duration};
use crate::cli::results::{CHECKPOINT, TALLY, coverage};
use crate::cluster::{Header, Lock, Shard, TallyFile, host};
use crate::diagnostic::counted;
use crate::engine::Layout;
use crate::sampling::Design;
use crate::scenario::read_plain;

/// Seconds after which a process of another machine that tells nothing any more counts as gone.
const SILENCE: u64 = 60;

/// A process or what it left.
#[derive(Clone, Debug)]
pub struct Part {
    pub scenario: String,
    /// Runs of the whole simulation.
    pub asked: u64,
    pub shard: Option<Shard>,
    pub state: State,
    /// Runs it has, and how many it will have.
    pub runs: u64,
    pub of: u64,
    pub rate: f64,
    place: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
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
    pub fn word(&self) -> &'static str {
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
    pub fn is_damaged(&self) -> bool {
        matches!(self.state, State::Damaged(_))
    }

    pub fn waiting(shard: Shard, scenario: &str, asked: u64) -> Part {
        let runs = shard.runs(Layout::new(Design::MonteCarlo, asked));
        Part {
            scenario: scenario.to_string(),
            asked,
            shard: Some(shard),
            // Of a simulation that cannot be read nobody knows whether this part is empty.
            state: if runs.is_empty() && asked > 0 { State::Done } else { State::Waiting },
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
    pub fn words(&self) -> String {
        let left = (self.of - self.runs.min(self.of)) as f64 / self.rate;
        let known = (self.of > 0).then(|| coverage(self.runs, self.of));
        self.told(known, &format!(", {} left", duration(left)))
    }

    /// The same of a rank, which does not know how many runs it will be given.
    pub fn words_of_rank(&self) -> String {
        self.told((self.asked > 0).then(|| counted(self.runs, "run")), "")
    }

    /// `runs` are what it has of them, where that is known.
    fn told(&self, runs: Option<String>, left: &str) -> String {
        let mut text = self.state.word().to_string();
        if let (Some(runs), true) = (runs, self.state != State::Waiting) {
            text.push_str(&format!(", {runs}"));
        }
        match &self.state {
            State::Running if self.rate > 0.0 => {
                text.push_str(&format!(", {:.2} million a second{left}", self.rate / 1e6));
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
pub fn look(folder: &Path) -> Option<Part> {
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
    let told = match told(folder) {
        Ok(told) => told,
        Err(why) => {
            let damaged = damaged(PROGRESS, why);
            // Beside it a file may say whose progress it is.
            let headers = [CHECKPOINT, TALLY].map(|name| TallyFile::header_of(&folder.join(name)));
            let header = headers.iter().find_map(|header| header.as_ref().ok()?.as_ref().ok());
            return Some(match header {
                Some(header) => Part::of_header(header, damaged.state),
                None => damaged,
            });
        }
    };
    let read = |name: &str, state: State| match TallyFile::header_of(&folder.join(name)) {
        Ok(Ok(header)) => Some(Part::of_header(&header, state)),
        Ok(Err(flaw)) => Some(damaged(name, flaw.to_string())),
        Err(error) if is_absent(&error) => None,
        Err(error) => Some(damaged(name, error.to_string())),
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
///
/// # Errors
/// Why what is there cannot be read.
fn told(folder: &Path) -> Result<Option<Part>, String> {
    match read_plain(&folder.join(PROGRESS)) {
        Ok(bytes) => {
            let root: Option<Value> = serde_json::from_slice(&bytes).ok();
            root.and_then(|root| told_by(folder, &root)).map(Some).ok_or("it tells nothing of a run".into())
        }
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error.to_string()),
    }
}

fn is_absent(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn told_by(folder: &Path, root: &Value) -> Option<Part> {
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
