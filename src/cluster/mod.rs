//! One simulation on many machines: a range of runs split into shards, tallies kept in files and merged.
//!
//! *Takes* a number of runs and tallies, *gives* the runs of each shard, files that appear whole, one tally of many,
//! job scripts, *knows nothing of* formulas.

mod launcher;
#[cfg(feature = "mpi")]
pub mod mpi;

pub use launcher::{Launched, Lookup, launched};
