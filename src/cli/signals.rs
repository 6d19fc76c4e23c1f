//! Signals: what ends a run and what makes it write a checkpoint.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant};

use super::Failure;
use crate::engine::Control;

/// Signals within this time are one: launchers and batch systems tell a process and its group.
const AGAIN: Duration = Duration::from_secs(1);

/// What signals set.
#[derive(Clone, Debug, Default)]
pub struct Signals {
    pub control: Arc<Control>,
    /// A checkpoint is wanted.
    pub checkpoint: Arc<AtomicBool>,
}

impl Signals {
    /// Listens: SIGINT, SIGTERM and SIGHUP end the run after the spans at hand, one that comes [`AGAIN`] later ends the
    /// program at once; SIGUSR1 asks for a checkpoint.
    ///
    /// # Errors
    /// When the system refuses.
    pub fn listen() -> Result<Signals, Failure> {
        let signals = Signals::default();
        let control = Arc::clone(&signals.control);
        let mut first = None;
        ctrlc::set_handler(move || {
            if first.get_or_insert_with(Instant::now).elapsed() >= AGAIN {
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
}
