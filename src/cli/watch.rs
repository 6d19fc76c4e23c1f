//! What goes on beside the computing: progress to whoever looks, checkpoints to disk.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use serde_json::json;

use super::Ui;
use super::args::ProgressKind;
use super::progress::{Progress, State};
use super::results::{CHECKPOINT, coverage};
use super::signals::{ENOUGH, End, HURRY, Signals};
use crate::cluster::{Shard, Simulation};
use crate::diagnostic::counted;
use crate::engine::{Collected, Control};
use crate::report::write_whole_by;

/// How often it is looked how far the run is.
const LOOK_EVERY: Duration = Duration::from_millis(50);
const LINE_EVERY: Duration = Duration::from_secs(60);
const JSON_EVERY: Duration = Duration::from_secs(1);
/// How often the folder is told, from the first second on: a shorter run leaves nothing to look at.
const TELL_EVERY: Duration = Duration::from_secs(5);
const TELL_AFTER: Duration = Duration::from_secs(1);
/// How long threads may take to hand over what they have for a checkpoint.
const PATIENCE: Duration = Duration::from_secs(60);

/// A run that is watched.
pub struct Watch<'a> {
    pub ui: &'a Ui,
    pub kind: ProgressKind,
    /// Where checkpoints go and others look; nowhere for computing that leaves no trace.
    pub folder: Option<&'a Path>,
    pub simulation: &'a Simulation,
    pub shard: Option<Shard>,
    /// Runs of this process when it is done, those included that were computed before.
    pub runs: u64,
    pub control: &'a Control,
    pub collected: &'a Mutex<Collected>,
    /// Time between checkpoints; zero for none.
    pub every: Duration,
    /// Set from outside: write a checkpoint now.
    pub wanted: &'a AtomicBool,
    /// What is done with the runs that were handed over where threads do not end in time after a signal; gives the exit
    /// code.
    pub late: Option<Late<'a>>,
}

/// The signals, and what is done when one has been waiting too long.
pub type Late<'a> = (&'a Signals, &'a (dyn Fn(Collected) -> u8 + Sync));

/// Ends the work when whoever watches it panics.
struct EndsWork<'a>(&'a Control);

impl Drop for EndsWork<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.stop();
        }
    }
}

impl Watch<'_> {
    /// Does the work and watches it; a panic in it ends the watching too.
    pub fn over<T>(&self, work: impl FnOnce() -> T) -> T {
        let end = End::default();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let _ends = EndsWork(self.control);
                self.look(&end);
            });
            let _told = end.told_at_the_end();
            work()
        })
    }

    fn look(&self, end: &End) {
        let started = Instant::now();
        let before = self.control.completed();
        let bar = self.bar();
        let lines = if self.kind == ProgressKind::Json { JSON_EVERY } else { LINE_EVERY };
        let (mut line_at, mut tell_at, mut save_at) =
            (started + lines, started + TELL_AFTER, started + self.every);
        loop {
            let ended = *end.wait(end.ended(), LOOK_EVERY);
            let now = Instant::now();
            let progress = Progress::new(
                self.simulation,
                self.shard,
                self.control.completed(),
                self.runs,
                before,
                started,
            );
            if let Some(bar) = &bar {
                bar.set_position(progress.runs);
            }
            if ended {
                break;
            }
            self.heed(end, bar.as_ref());
            if now >= line_at {
                line_at = now + lines;
                self.line(&progress, bar.is_some());
            }
            if now >= tell_at {
                tell_at = now + TELL_EVERY;
                self.folder.inspect(|folder| progress.write(folder, State::Running));
            }
            let due = !self.every.is_zero() && now >= save_at;
            if let (Some(folder), true) = (self.folder, self.wanted.swap(false, Ordering::Relaxed) || due) {
                self.checkpoint(folder, end);
                save_at = Instant::now() + self.every;
            }
        }
        if let Some(bar) = bar {
            bar.finish_and_clear();
        }
    }

    /// Makes the threads end in time after a signal; where they cannot, ends the program with what they handed over.
    fn heed(&self, end: &End, bar: Option<&ProgressBar>) {
        let Some((signals, late)) = self.late else { return };
        let Some(waiting) = signals.waiting() else { return };
        if waiting >= HURRY {
            self.control.hurry();
        }
        if waiting < ENOUGH {
            return;
        }
        let ended = end.ended();
        if *ended {
            return;
        }
        // Whoever does the work cannot go on while this is held.
        bar.inspect(|bar| bar.finish_and_clear());
        let mut collected = self.collected.lock().unwrap_or_else(PoisonError::into_inner);
        let empty = Collected::empty(collected.layout);
        let known = std::mem::replace(&mut *collected, empty);
        std::process::exit(late(known).into());
    }

    /// A bar, where there is a terminal to draw it on.
    fn bar(&self) -> Option<ProgressBar> {
        if self.kind != ProgressKind::Auto || !self.ui.shows_progress() {
            return None;
        }
        let bar = ProgressBar::with_draw_target(Some(self.runs), ProgressDrawTarget::stderr());
        let template = "{bar:30} {percent:>3} %  {human_pos} of {human_len} runs, {rate}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.with_key("rate", |state: &ProgressState, text: &mut dyn std::fmt::Write| {
                let _ = write!(text, "{:.1} million a second", state.per_sec() / 1e6);
            }));
        }
        bar.reset_eta();
        Some(bar)
    }

    fn line(&self, progress: &Progress, has_bar: bool) {
        match self.kind {
            ProgressKind::Json => self.ui.say(&progress.json(State::Running).to_string()),
            ProgressKind::Auto if !has_bar => self.ui.say(&format!(
                "{}: {}, {:.2} million a second, {} left",
                self.simulation.scenario.name,
                coverage(progress.runs, progress.of),
                progress.rate / 1e6,
                progress.left()
            )),
            _ => {}
        }
    }

    /// Lets every thread hand over what it has, then writes that.
    fn checkpoint(&self, folder: &Path, end: &End) {
        let target = self.control.completed();
        self.control.ask();
        let asked = Instant::now();
        let ended = || *end.ended();
        let known = || self.collected.lock().unwrap_or_else(PoisonError::into_inner).runs.count();
        while known() < target && !ended() && !self.control.is_stopped() && asked.elapsed() < PATIENCE {
            std::thread::sleep(Duration::from_millis(5));
        }
        if ended() || self.control.is_stopped() {
            return;
        }
        let path = folder.join(CHECKPOINT);
        // The disk is waited for when the threads can go on.
        let written = write_whole_by(&path, |to| {
            let collected = self.collected.lock().unwrap_or_else(PoisonError::into_inner);
            self.simulation.write(self.shard, &collected, to)
        });
        match written {
            Ok(()) if self.kind == ProgressKind::Json => {
                let bytes = path.metadata().map_or(0, |file| file.len());
                let event = json!({ "event": "checkpoint", "runs": known(), "bytes": bytes });
                self.ui.say(&event.to_string());
            }
            Ok(()) => {}
            Err(error) => self.ui.say(&format!(
                "warning: cannot write {}: {error}; the run goes on without a new checkpoint of {}",
                path.display(),
                counted(target, "run")
            )),
        }
    }
}
