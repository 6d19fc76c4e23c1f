//! This process among the ranks of its job, and the messages they exchange.

use std::fmt;
use std::ops::Range;
use std::time::Duration;

use mpi::Threading;
use mpi::collective::SystemOperation;
use mpi::environment::Universe;
use mpi::topology::{Process, SimpleCommunicator};
use mpi::traits::{Communicator, CommunicatorCollectives, Destination, Source};

use super::Deck;
use crate::engine::SPAN;

/// A rank asks rank 0 for runs: the fewest that keep its threads busy.
const REQUEST: i32 = 1;
/// Rank 0 answers: first run and the one behind the last, the same where there are no more.
const RUNS: i32 = 2;
/// A rank asks another one for what it computed.
const READY: i32 = 3;
/// What it computed: a number of bytes, then the bytes.
const TALLY: i32 = 4;

/// Time between two looks for messages.
const PAUSE: Duration = Duration::from_millis(1);
/// Most bytes of a message; MPI counts them in i32.
const PIECE: usize = 1 << 28;

/// The threads of this rank, as the thread that calls MPI sees them.
pub struct Feed<'a> {
    pub threads: usize,
    /// Gives them runs.
    pub push: &'a dyn Fn(Range<u64>),
    /// Tells them that no more will come.
    pub close: &'a dyn Fn(),
    /// Runs that none of them has taken yet.
    pub waiting: &'a dyn Fn() -> u64,
    /// Whether all of them have ended.
    pub ended: &'a dyn Fn() -> bool,
    /// Whether a signal told this process to stop.
    pub stopped: &'a dyn Fn() -> bool,
    /// Rank 0 tells how many runs it has not handed out yet.
    pub told: &'a dyn Fn(u64),
}

/// What all ranks said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Compared {
    pub least: u64,
    pub most: u64,
    pub sum: u64,
}

/// How the handing out ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// All runs are computed, here or elsewhere.
    Complete,
    /// A signal told this process to stop. Other ranks may be gone: MPI must not be called any more.
    Stopped,
}

/// What the ranks bring together.
pub trait Part {
    /// As a message.
    fn encode(&self) -> Vec<u8>;

    /// Adds that of another rank, by its message.
    ///
    /// # Errors
    /// When it does not go together with this one.
    fn merge(&mut self, message: Vec<u8>) -> Result<(), String>;
}

/// This process among the ranks of its job.
pub struct Ranks {
    world: SimpleCommunicator,
    /// Ends MPI when it is dropped, which waits for all other ranks.
    _universe: Universe,
}

impl Ranks {
    /// Starts MPI. A process that no `mpirun` started is rank 0 of 1.
    ///
    /// # Errors
    /// When MPI was started before or allows no threads.
    pub fn start() -> Result<Ranks, String> {
        match mpi::initialize_with_threading(Threading::Funneled) {
            None => Err("MPI has been started before in this process".to_string()),
            Some((_, Threading::Single)) => {
                Err("this MPI library allows no threads (it lacks MPI_THREAD_FUNNELED)".to_string())
            }
            Some((universe, _)) => Ok(Ranks { world: universe.world(), _universe: universe }),
        }
    }

    /// Number of this rank, from 0.
    pub fn rank(&self) -> usize {
        usize::try_from(self.world.rank()).unwrap_or(0)
    }

    /// Number of ranks.
    pub fn size(&self) -> usize {
        usize::try_from(self.world.size()).unwrap_or(1)
    }

    /// Smallest, largest and sum of a number that every rank gives; it waits for all of them.
    pub fn compare(&self, number: u64) -> Compared {
        let reduce = |operation: SystemOperation| {
            let mut result = 0u64;
            self.world.all_reduce_into(&number, &mut result, operation);
            result
        };
        Compared {
            least: reduce(SystemOperation::min()),
            most: reduce(SystemOperation::max()),
            sum: reduce(SystemOperation::sum()),
        }
    }

    /// Feeds the threads of this rank until no runs are left and they have ended; rank 0 hands out `runs` (of the other
    /// ranks they are not looked at).
    pub fn deal(&self, runs: Vec<Range<u64>>, feed: &Feed) -> End {
        let low = feed.threads.max(1) as u64 * SPAN;
        match self.rank() {
            0 => self.deal_out(Deck::new(runs, self.size()), low, feed),
            _ => self.ask(low, feed),
        }
    }

    fn deal_out(&self, mut deck: Deck, low: u64, feed: &Feed) -> End {
        let mut asking = self.size() - 1;
        let mut open = true;
        loop {
            if (feed.stopped)() {
                return End::Stopped;
            }
            while let Some((message, _)) = self.world.any_process().immediate_matched_probe_with_tag(REQUEST)
            {
                let (least, status): (u64, _) = message.matched_receive();
                let runs = deck.take(least);
                asking -= usize::from(runs.is_none());
                let runs = runs.map_or([0, 0], |runs| [runs.start, runs.end]);
                self.world.process_at_rank(status.source_rank()).send_with_tag(&runs[..], RUNS);
            }
            if open && (feed.waiting)() < low {
                open = feed.give(deck.take(low));
            }
            (feed.told)(deck.left());
            if asking == 0 && !open && (feed.ended)() {
                return End::Complete;
            }
            std::thread::sleep(PAUSE);
        }
    }

    fn ask(&self, low: u64, feed: &Feed) -> End {
        let root = self.world.process_at_rank(0);
        let (mut open, mut asked) = (true, false);
        loop {
            if (feed.stopped)() {
                return End::Stopped;
            }
            if open && !asked && (feed.waiting)() < low {
                root.send_with_tag(&low, REQUEST);
                asked = true;
            }
            if asked && root.immediate_probe_with_tag(RUNS).is_some() {
                let mut runs = [0u64; 2];
                root.receive_into_with_tag(&mut runs[..], RUNS);
                asked = false;
                open = feed.give(Some(runs[0]..runs[1]).filter(|runs| !runs.is_empty()));
            }
            if !open && (feed.ended)() {
                return End::Complete;
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Brings what all ranks have together at rank 0, which gets the sum; others get `None`.
    ///
    /// Along a binomial tree: a rank holds its own part and one that it received, and merges them before it asks for the
    /// next. While it waits it calls `look` with its part, which saves it and ends the process where a signal came: a rank may
    /// be gone in the middle of a message.
    ///
    /// # Errors
    /// Those of [`Part::merge`].
    pub fn gather<T: Part>(&self, mut mine: T, look: &dyn Fn(&T)) -> Result<Option<T>, String> {
        let (rank, size) = (self.rank(), self.size());
        let mut sent = false;
        for step in (0..usize::BITS).map(|bit| 1 << bit).take_while(|&step| step < size) {
            if rank & step != 0 {
                self.send(rank - step, &mine, look);
                sent = true;
                break;
            }
            if rank + step < size {
                let message = self.receive(rank + step, &|| look(&mine));
                mine.merge(message)?;
            }
        }
        // Until rank 0 has everything, what this rank has may still be needed.
        let mut barrier = self.world.immediate_barrier();
        while let Err(again) = barrier.test() {
            barrier = again;
            look(&mine);
            std::thread::sleep(PAUSE);
        }
        Ok(Some(mine).filter(|_| !sent))
    }

    fn send<T: Part>(&self, to: usize, part: &T, look: &dyn Fn(&T)) {
        let to = self.process(to);
        while to.immediate_probe_with_tag(READY).is_none() {
            look(part);
            std::thread::sleep(PAUSE);
        }
        let _: (u8, _) = to.receive_with_tag(READY);
        let bytes = part.encode();
        to.send_with_tag(&(bytes.len() as u64), TALLY);
        for piece in bytes.chunks(PIECE) {
            mpi::request::scope(|scope| {
                let mut request = to.immediate_send_with_tag(scope, piece, TALLY);
                while let Err(again) = request.test() {
                    request = again;
                    look(part);
                    std::thread::yield_now();
                }
            });
        }
    }

    fn receive(&self, from: usize, look: &dyn Fn()) -> Vec<u8> {
        let from = self.process(from);
        from.send_with_tag(&1u8, READY);
        while from.immediate_probe_with_tag(TALLY).is_none() {
            look();
            std::thread::sleep(PAUSE);
        }
        let (length, _): (u64, _) = from.receive_with_tag(TALLY);
        let mut bytes = vec![0u8; usize::try_from(length).unwrap_or(usize::MAX)];
        for piece in bytes.chunks_mut(PIECE) {
            mpi::request::scope(|scope| {
                let mut request = from.immediate_receive_into_with_tag(scope, piece, TALLY);
                while let Err(again) = request.test() {
                    request = again;
                    look();
                    std::thread::yield_now();
                }
            });
        }
        bytes
    }

    fn process(&self, rank: usize) -> Process<'_> {
        self.world.process_at_rank(i32::try_from(rank).unwrap_or(i32::MAX))
    }
}

impl Feed<'_> {
    /// Hands runs on, or the news that there are none; whether there were.
    fn give(&self, runs: Option<Range<u64>>) -> bool {
        let some = runs.is_some();
        match runs {
            Some(runs) => (self.push)(runs),
            None => (self.close)(),
        }
        some
    }
}

impl fmt::Debug for Ranks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "rank {} of {}", self.rank(), self.size())
    }
}

impl fmt::Debug for Feed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} threads", self.threads)
    }
}
