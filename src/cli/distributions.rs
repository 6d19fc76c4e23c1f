//! `riskband distributions`: the families and processes of the language.

use super::args::DistributionsArgs;
use super::{Exit, Failure, Ui};
use crate::distribution::FAMILIES;
use crate::report;
use crate::scenario::PROCESSES;

/// Runs the command.
///
/// # Errors
/// When stdout cannot be written.
pub fn distributions(args: &DistributionsArgs, ui: &Ui) -> Result<Exit, Failure> {
    let processes = PROCESSES.iter().map(|process| &process.entry);
    let named = FAMILIES.iter().chain(processes).find(|entry| args.name.as_deref() == Some(entry.name));
    ui.result(&named.map_or_else(report::families, report::family))?;
    Ok(Exit::Done)
}
