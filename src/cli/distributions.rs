//! `riskband distributions`: the families, processes and other words of a `dist` text.

use super::args::DistributionsArgs;
use super::{Exit, Failure, Ui};
use crate::distribution::FAMILIES;
use crate::report;
use crate::scenario::{DIST_WORDS, PROCESSES};

/// Runs the command.
///
/// # Errors
/// When stdout cannot be written.
pub fn distributions(args: &DistributionsArgs, ui: &Ui) -> Result<Exit, Failure> {
    let processes = PROCESSES.iter().map(|process| &process.entry);
    let name = args.name.as_deref();
    let entry = FAMILIES.iter().chain(processes).find(|entry| name == Some(entry.name));
    let word = DIST_WORDS.iter().find(|word| name == Some(word.name));
    let text = entry.map(report::family).or_else(|| word.map(report::word));
    ui.result(&text.unwrap_or_else(report::families))?;
    Ok(Exit::Done)
}
