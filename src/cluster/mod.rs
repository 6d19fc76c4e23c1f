//! One simulation on many machines: a range of runs split into shards, tallies kept in files and merged.
//!
//! *Takes* a number of runs and tallies, *gives* the runs of each shard, files that appear whole, one tally of many,
//! job scripts, *knows nothing of* formulas.

mod header;
mod identity;
mod launcher;
mod lock;
mod merge;
#[cfg(feature = "mpi")]
pub mod mpi;
mod shard;
mod simulation;
mod slurm;
mod tally_file;
mod time_limit;

pub use header::{Header, quoted};
pub use identity::{Difference, Identity};
pub use launcher::{Launched, Lookup, launched};
pub use lock::{LOCK, Lock, Locked, host};
pub use merge::{Gaps, Merger, Refusal};
pub use shard::Shard;
pub use simulation::Simulation;
pub use slurm::{Asks, Job, SIGNATURE};
pub use tally_file::{Flaw, MAGIC, TallyFile, write_tally};
pub use time_limit::TimeLimit;
