//! `riskband replay`: every value of one run, as a table.

use super::args::ReplayArgs;
use super::{Exit, Failure, Ui};
use crate::engine;
use crate::report;

/// Runs the command.
///
/// # Errors
/// When a file cannot be read or stdout not written.
pub fn replay(args: &ReplayArgs, ui: &Ui) -> Result<Exit, Failure> {
    let Some(loaded) = ui.load(&args.scenario, &args.overrides)? else { return Ok(Exit::Scenario) };
    let mut scenario = loaded.scenario;
    scenario.seed = args.seed.unwrap_or(scenario.seed);
    let values = engine::replay(&scenario, args.run).map_err(Failure::system)?;
    ui.result(&report::table::run_values(&scenario, args.run, &values))?;
    Ok(Exit::Done)
}
