//! Signals: what ends a run and what makes it write a checkpoint.

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use super::{Exit, Failure};
use crate::engine::Control;

/// Signals within this time are one: launchers and batch systems tell a process and its group.
const AGAIN: Duration = Duration::from_secs(1);
/// After this time without an end, threads stop within their spans.
pub const HURRY: Duration = Duration::from_millis(1000);
/// After this time nothing more is begun that can be left out, and threads are no longer waited for.
pub const ENOUGH: Duration = Duration::from_millis(1400);
/// After this time the program ends, whatever it is doing but writing what was computed.
pub const LAST: Duration = Duration::from_millis(1800);
/// How often it is looked for a signal.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What signals set.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    pub control: Arc<Control>,
    /// A checkpoint is wanted.
    pub checkpoint: Arc<AtomicBool>,
    /// When the first signal came.
    first: Arc<OnceLock<Instant>>,
}

impl Signals {
    /// Listens: SIGINT, SIGTERM and SIGHUP end the run after the spans at hand, one that comes [`AGAIN`] later ends the
    /// program at once; SIGUSR1 asks for a checkpoint.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn listen() -> Result<Signals, Failure> {
        let signals = Signals::default();
        let Signals { control, first, .. } = signals.clone();
        ctrlc::set_handler(move || {
            if first.get_or_init(Instant::now).elapsed() >= AGAIN {
                std::process::exit(130);
            }
            control.stop();
        })
        .map_err(|error| Failure::system(format!("cannot listen for signals: {error}")))?;
        #[cfg(unix)]
        signal_hook::flag::register(signal_hook::consts::SIGUSR1, Arc::clone(&signals.checkpoint))
            .map_err(|error| Failure::system(format!("cannot listen for signals: {error}")))?;
        Ok(signals)
    }

    /// How long the first signal has been waiting for an end.
    pub fn waiting(&self) -> Option<Duration> {
        self.first.get().map(Instant::elapsed)
    }

    /// Does work that looks for no signal. One that has been waiting for `patience` ends the program in its midst, after
    /// `leave` has done what is left to do; the exit code is [`Exit::Interrupted`].
    pub fn over<T>(&self, patience: Duration, work: impl FnOnce() -> T, leave: impl FnOnce() + Send) -> T {
        let end = End::default();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let mut ended = end.ended();
                while !*ended {
                    if self.waiting().is_some_and(|waiting| waiting >= patience) {
                        // The work cannot end while this is done: it waits for the lock.
                        leave();
                        std::process::exit(Exit::Interrupted as i32);
                    }
                    ended = end.wait(ended, LOOK_EVERY);
                }
            });
            let _told = end.told_at_the_end();
            work()
        })
    }
}

/// Whether some work has ended, for a thread that looks on.
#[derive(Debug, Default)]
pub struct End {
    ended: Mutex<bool>,
    changed: Condvar,
}

impl End {
    /// Whether it has; it cannot while the answer is held.
    pub fn ended(&self) -> std::sync::MutexGuard<'_, bool> {
        self.ended.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the end, so long at most.
    pub fn wait<'a>(
        &self,
        ended: std::sync::MutexGuard<'a, bool>,
        most: Duration,
    ) -> std::sync::MutexGuard<'a, bool> {
        self.changed.wait_timeout(ended, most).unwrap_or_else(PoisonError::into_inner).0
    }

    /// The end is told when what this gives is dropped: by a panic too, for which nobody is to wait in vain.
    pub fn told_at_the_end(&self) -> Told<'_> {
        Told(self)
    }
}

/// Tells the end of the work when dropped.
#[derive(Debug)]
pub struct Told<'a>(&'a End);

impl Drop for Told<'_> {
    fn drop(&mut self) {
        *self.0.ended() = true;
        self.0.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_that_panics_is_not_waited_for() {
        let signals = Signals::default();
        let broken = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            signals.over(Duration::ZERO, || panic!("on purpose"), || {})
        }));
        assert!(broken.is_err());
        assert_eq!(signals.over(Duration::ZERO, || 7, || unreachable!("no signal came")), 7);
    }
}
