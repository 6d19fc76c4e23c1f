//! The compiled scenario: every cell of every output as a flat list of vector instructions over a block of runs.
//!
//! *Takes* a checked [`crate::scenario::Scenario`], *gives* a [`Program`] and a [`Machine`] that evaluates it, *knows
//! nothing of* threads and files. The stages, a file each: `compile` has axes and years `unroll`ed into a `graph` of
//! distinct nodes with constants folded, and keeps what matters; `fuse` finds nodes that are better computed together,
//! `schedule` orders the live ones and gives them registers, `evaluate` runs them (by the loops of `kernel` and
//! `chain`) over columns of [`BLOCK`] runs.

mod chain;
mod choice;
mod compile;
mod compound;
mod coordinates;
mod dependence;
mod draw;
mod evaluate;
mod explain;
mod fuse;
mod graph;
mod kernel;
mod paths;
mod rank_table;
mod row_order;
mod sampler;
mod schedule;
mod severities;
#[cfg(test)]
mod tree;
mod unroll;
mod walk;

pub use choice::{Choice, Component};
pub use compile::{Cell, Program, Scope};
pub use compound::Compound;
pub use draw::{CompileError, Draw, DrawLaw, Group, LawShape};
pub use evaluate::{BLOCK, Machine, Sink};
pub use explain::explain;
pub use rank_table::RankTable;
pub use sampler::{Fits, Sampler, Shapes};
pub use schedule::{Instruction, Operand};
pub use severities::Pair;
