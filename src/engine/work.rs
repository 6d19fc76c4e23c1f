//! The runs that are still to be computed, handed out span by span.

use std::collections::VecDeque;
use std::ops::Range;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use crate::program::BLOCK;
use crate::tally::RunSet;

/// Runs of a span: what a thread takes at a time.
pub const SPAN: u64 = 32 * BLOCK as u64;

/// A queue of run ranges. Whoever is free takes the next span; a queue that is still open may get more.
#[derive(Debug)]
pub struct Work {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    ranges: VecDeque<Range<u64>>,
    open: bool,
}

impl Work {
    /// These runs, and no more to come. Ranges begin where a block does.
    pub fn of(runs: &RunSet) -> Work {
        Work {
            state: Mutex::new(State { ranges: runs.ranges().iter().cloned().collect(), open: false }),
            changed: Condvar::new(),
        }
    }

    /// Nothing yet: ranges come by [`Work::push`] until [`Work::close`].
    pub fn open() -> Work {
        Work { state: Mutex::new(State { ranges: VecDeque::new(), open: true }), changed: Condvar::new() }
    }

    /// Adds a range, which begins where a block does.
    pub fn push(&self, range: Range<u64>) {
        self.state().ranges.push_back(range);
        self.changed.notify_all();
    }

    /// No more will come: those who wait for work are let go.
    pub fn close(&self) {
        self.state().open = false;
        self.changed.notify_all();
    }

    /// Runs that nobody has taken.
    pub fn waiting(&self) -> u64 {
        self.state().ranges.iter().map(|range| range.end - range.start).sum()
    }

    /// The next span, or the part of it that is asked for; waits while an open queue is empty. `None` at the end.
    pub fn take(&self) -> Option<Range<u64>> {
        let mut state = self.state();
        loop {
            if let Some(range) = state.ranges.front_mut() {
                let end = range.end.min((range.start / SPAN + 1) * SPAN);
                let span = range.start..end;
                range.start = end;
                if range.is_empty() {
                    state.ranges.pop_front();
                }
                return Some(span);
            }
            if !state.open {
                return None;
            }
            state = self.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_end_where_spans_do_and_at_the_ends_of_ranges() {
        let mut runs = RunSet::of(512..SPAN + 512);
        runs.insert(3 * SPAN..3 * SPAN + 100);
        let work = Work::of(&runs);
        assert_eq!(work.waiting(), SPAN + 100);
        let taken: Vec<_> = std::iter::from_fn(|| work.take()).collect();
        assert_eq!(taken, [512..SPAN, SPAN..SPAN + 512, 3 * SPAN..3 * SPAN + 100]);
    }

    #[test]
    fn an_open_queue_is_waited_for() {
        let work = Work::open();
        std::thread::scope(|scope| {
            let taken = scope.spawn(|| (work.take(), work.take()));
            work.push(0..512);
            work.close();
            assert_eq!(taken.join().unwrap(), (Some(0..512), None));
        });
    }
}
