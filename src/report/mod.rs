//! Files and tables from a summary.
//!
//! *Takes* a [`crate::analysis::Summary`], *gives* JSON, CSV, PNG and a table for the terminal, *knows nothing of* how
//! the figures were computed. Files appear whole or not at all.

mod answers;
mod audit;
pub mod chart;
mod charts;
mod csv;
mod density;
pub mod dependence;
mod digits;
mod example;
mod families;
mod files;
mod functions;
mod json;
mod manifest;
mod names;
mod output_charts;
mod shown;
mod spread;
pub mod table;
mod withheld;

pub use answers::{answers_json, answers_table};
pub use audit::{AuditRow, audit};
pub use charts::{ChartFile, Drawing, charts, drawings};
pub use csv::bands_csv;
pub use density::density;
pub use example::example_law;
pub use families::{about, families, family, word};
pub use files::{remove_parts, write_whole, write_whole_by};
pub use functions::{function, functions};
pub use json::summary_json;
pub use manifest::{Listed, Manifest, manifest_json};
