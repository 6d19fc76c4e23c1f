//! The compiled scenario: every cell of every output as a flat list of vector instructions over a block of runs.
//!
//! *Takes* a checked [`crate::scenario::Scenario`], *gives* a [`Program`] and a [`Machine`] that evaluates it, *knows
//! nothing of* threads and files. The stages, a file each: `compile` unrolls axes and years into a `graph` of distinct
//! nodes with constants folded, `schedule` orders the live ones and gives them registers, `evaluate` runs them (by the loops of
//! `kernel`) over columns of [`BLOCK`] runs.

mod compile;
mod evaluate;
mod explain;
mod graph;
mod kernel;
mod quantile_table;
mod sampler;
mod schedule;
mod step_table;
#[cfg(test)]
mod tree;

pub use compile::{Cell, CompileError, Draw, DrawLaw, LawShape, Program, Scope};
pub use evaluate::{BLOCK, Machine, Sink};
pub use explain::explain;
pub use quantile_table::QuantileTable;
pub use sampler::Sampler;
pub use schedule::{Instruction, Operand};
