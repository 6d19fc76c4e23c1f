//! What a tally means: percentiles with intervals, moments with errors, tornadoes.
//!
//! *Takes* tallies, *gives* a [`Summary`] that reports are drawn from, *knows nothing of* drawing.

mod distribution;
mod first_order;
mod interval;
mod repaired;
mod replicates;
mod statistics;
mod summary;
mod tornado;

pub use distribution::Distribution;
pub use interval::{Interval, order_statistics, wilson};
pub use repaired::{Repaired, repaired};
pub use statistics::{Percentile, Statistics, TailMean, statistics};
pub use summary::{CellSummary, OutputSummary, Refused, RunFacts, Summary, summarise};
pub use tornado::{Tornado, TornadoRow};
