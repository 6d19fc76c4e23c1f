//! `riskband functions`: the functions of formulas.

use super::args::FunctionsArgs;
use super::{Exit, Failure, Ui};
use crate::report;
use crate::scenario::FUNCTIONS;

/// Runs the command.
///
/// # Errors
/// When stdout cannot be written.
pub fn functions(args: &FunctionsArgs, ui: &Ui) -> Result<Exit, Failure> {
    let row = FUNCTIONS.iter().find(|function| args.name.as_deref() == Some(function.name));
    ui.result(&row.map_or_else(report::functions, report::function))?;
    Ok(Exit::Done)
}
