//! How far a run is, as it tells others: `progress.json` in its folder, lines of `--progress json`.

use std::path::Path;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};

use crate::cluster::{Shard, Simulation, host};
use crate::report::write_whole;

/// Name of the file that tells how far a run is while it is running.
pub const PROGRESS: &str = "progress.json";

/// How far a run is.
#[derive(Clone, Debug, PartialEq)]
pub struct Progress {
    /// Stem of the scenario file, and runs of the whole simulation.
    pub scenario: String,
    pub asked: u64,
    pub shard: Option<Shard>,
    /// Runs that are known, and how many it will be.
    pub runs: u64,
    pub of: u64,
    /// Runs a second, since this process began.
    pub rate: f64,
    pub seconds: f64,
}

/// What a run is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    Running,
    /// It ended with this error.
    Failed(String),
}

impl Progress {
    /// Of a process that began with `before` runs at `started`.
    pub fn new(
        simulation: &Simulation,
        shard: Option<Shard>,
        runs: u64,
        of: u64,
        before: u64,
        started: Instant,
    ) -> Progress {
        let seconds = started.elapsed().as_secs_f64();
        let rate = (runs - before) as f64 / seconds.max(1e-9);
        let scenario = simulation.scenario.name.clone();
        Progress { scenario, asked: simulation.layout.runs(), shard, runs, of, rate, seconds }
    }

    /// Seconds until it is done, at the present rate.
    pub fn seconds_left(&self) -> Option<f64> {
        (self.rate > 0.0).then(|| (self.of - self.runs.min(self.of)) as f64 / self.rate)
    }

    /// The same in words.
    pub fn left(&self) -> String {
        self.seconds_left().map_or("unknown time".into(), duration)
    }

    /// One object, for a line or a file.
    pub fn json(&self, state: State) -> Value {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |time| time.as_secs());
        let (state, error) = match state {
            State::Running => ("running", None),
            State::Failed(error) => ("failed", Some(error)),
        };
        json!({
            "event": "progress",
            "state": state,
            "error": error,
            "scenario": self.scenario,
            "runs_asked": self.asked,
            "shard": self.shard.map(|shard| shard.to_string()),
            "runs": self.runs,
            "of": self.of,
            "runs_per_second": self.rate.round(),
            "seconds": (self.seconds * 10.0).round() / 10.0,
            "seconds_left": self.seconds_left().map(f64::round),
            "host": host(),
            "process": std::process::id(),
            "time": now,
        })
    }

    /// Tells the folder. That nobody can be told is no reason to end a run.
    pub fn write(&self, folder: &Path, state: State) {
        let _ = write_whole(&folder.join(PROGRESS), self.json(state).to_string().as_bytes());
    }
}

/// `3 h 12 min`, `45 s`.
pub fn duration(seconds: f64) -> String {
    let whole = seconds.round() as u64;
    let (days, hours, minutes) = (whole / 86_400, whole / 3600 % 24, whole / 60 % 60);
    match (days, hours, minutes) {
        (0, 0, 0) => format!("{whole} s"),
        (0, 0, _) => format!("{minutes} min {} s", whole % 60),
        (0, ..) => format!("{hours} h {minutes} min"),
        _ => format!("{days} d {hours} h"),
    }
}

#[cfg(test)]
mod tests {
    use super::duration;

    #[test]
    fn durations_have_two_parts() {
        let found = [0.4, 59.6, 61.0, 7_300.0, 200_000.0].map(duration);
        assert_eq!(found, ["0 s", "1 min 0 s", "1 min 1 s", "2 h 1 min", "2 d 7 h"]);
    }
}
