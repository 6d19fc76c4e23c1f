//! `riskband distributions`: the families of the language.

use super::args::DistributionsArgs;
use super::{Exit, Failure, Ui};
use crate::distribution::FAMILIES;
use crate::report;

/// Runs the command.
///
/// # Errors
/// When stdout cannot be written.
pub fn distributions(args: &DistributionsArgs, ui: &Ui) -> Result<Exit, Failure> {
    let named = FAMILIES.iter().find(|family| args.name.as_deref() == Some(family.name));
    ui.result(&named.map_or_else(report::families, report::family))?;
    Ok(Exit::Done)
}
