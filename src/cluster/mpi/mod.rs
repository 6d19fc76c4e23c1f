//! Ranks of one MPI job: rank 0 hands out the runs, and what all ranks computed comes together along a tree.
//!
//! MPI is called by the main thread alone; other threads compute and take their runs from a queue that the main thread
//! fills. No rank waits inside MPI for another one: it looks, and sleeps for a millisecond. So the processors are left to
//! those who compute, and a signal is noticed at once, which after the loss of a rank is all that is left.

mod deck;
mod ranks;

pub use deck::Deck;
pub use ranks::{Compared, End, Feed, Part, Ranks};
