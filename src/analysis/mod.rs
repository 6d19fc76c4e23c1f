//! What a tally means: percentiles with intervals, moments with errors, tornadoes.
//!
//! *Takes* tallies, *gives* a [`Summary`] that reports are drawn from, *knows nothing of* drawing.

mod answers;
mod average;
mod distribution;
mod event_row;
mod first_order;
mod groups;
mod interval;
mod mid_ranks;
mod repaired;
mod replicates;
mod sampled;
mod statistics;
mod strata;
mod summary;
mod tornado;
mod tornado_rows;
mod within;

pub use answers::{Answer, Bounds, Share, answers};
pub use distribution::Distribution;
pub use interval::{Interval, normal_factor, order_statistics, wilson};
pub use repaired::{Repaired, repaired};
pub use statistics::{Part, Percentile, Statistics, TailMean, Withheld, statistics};
pub use summary::{
    CellSummary, OutputSummary, Refused, RunFacts, Summary, facts, summarise, summarise_whole,
};
pub use tornado::{Tornado, TornadoRow};
