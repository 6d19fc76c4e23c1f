//! Runs a program over a range of runs with all threads and gives the tally.
//!
//! *Takes* a [`crate::program::Program`] and runs to compute, *gives* what is known of them, mergeable
//! ([`Collected`]) and in sum ([`Outcome`]); progress and an early stop through a [`Control`]; *knows nothing of* charts
//! and the command line. [`Work`] goes out in spans of [`SPAN`] runs; whoever is free takes the next one, and because
//! tallies merge without order the result is the same for every number of threads.

mod achieved;
mod blank;
mod collected;
mod control;
mod drawn;
mod layout;
mod memory;
mod pilot;
mod plan;
mod replay;
mod run;
mod sample;
mod work;

pub use achieved::{Achieved, Loosened, TiedPair, missed_pairs, tied_pairs};
pub use blank::Blank;
pub use collected::{Collected, Portion};
pub use control::Control;
pub use drawn::drawn;
pub use layout::Layout;
pub use memory::memory;
pub use pilot::{PILOT_RUNS, shapes};
pub use plan::{Plan, Tornado};
pub use replay::{Ends, Replayed, input_ends, replay, value_at};
pub use run::{Outcome, collect, run};
pub use sample::Sample;
pub use work::{SPAN, Work};
