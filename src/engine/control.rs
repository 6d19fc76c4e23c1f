//! The only thing shared by the threads of a run: how far it is, and whether to stop.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Progress of a run and the request to end it.
#[derive(Debug, Default)]
pub struct Control {
    completed: AtomicU64,
    asked: AtomicU64,
    stop: AtomicBool,
    hurry: AtomicBool,
}

impl Control {
    /// Runs completed so far.
    pub fn completed(&self) -> u64 {
        self.completed.load(Ordering::Relaxed)
    }

    /// Counts runs that were completed before.
    pub fn resume(&self, runs: u64) {
        self.add(runs);
    }

    /// Asks every thread to hand over what it has after the span at hand, and to go on.
    pub fn ask(&self) {
        self.asked.fetch_add(1, Ordering::Relaxed);
    }

    /// How often that was asked for.
    pub(super) fn asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Asks every thread to stop after the span at hand.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked to stop.
    pub fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    /// Asks every thread that was asked to stop to do so after the block at hand.
    pub fn hurry(&self) {
        self.hurry.store(true, Ordering::Relaxed);
    }

    /// Whether a span is too long to be waited for.
    pub(super) fn is_hurried(&self) -> bool {
        self.hurry.load(Ordering::Relaxed)
    }

    pub(super) fn add(&self, runs: u64) {
        self.completed.fetch_add(runs, Ordering::Relaxed);
    }
}
