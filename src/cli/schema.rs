//! `riskband schema`: the JSON Schema of scenario files.

use super::{Exit, Failure, Ui};
use crate::scenario;

/// Runs the command.
///
/// # Errors
/// When stdout cannot be written.
pub fn schema(ui: &Ui) -> Result<Exit, Failure> {
    ui.result(&format!("{:#}\n", scenario::schema()))?;
    Ok(Exit::Done)
}
