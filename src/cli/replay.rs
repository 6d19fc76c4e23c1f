//! `riskband replay`: every value of one run, as a table.

use super::args::ReplayArgs;
use super::{Exit, Failure, Ui};
use crate::engine;
use crate::report;
use crate::sampling::Design;

/// Runs the command.
///
/// # Errors
/// When a file cannot be read or stdout not written.
pub fn replay(args: &ReplayArgs, ui: &Ui) -> Result<Exit, Failure> {
    let Some(loaded) = ui.load(&args.scenario, &args.overrides)? else { return Ok(Exit::Scenario) };
    let mut scenario = loaded.scenario;
    scenario.seed = args.seed.unwrap_or(scenario.seed);
    let runs = args.runs.unwrap_or(scenario.runs);
    let design = args.design.of(runs).map_err(Failure::usage)?;
    if design != Design::MonteCarlo && args.run >= runs {
        return Err(Failure::usage(format!(
            "run {} of a design of {runs} runs does not exist: the last one is {}",
            args.run,
            runs - 1
        )));
    }
    let values = engine::replay(&scenario, args.run, design).map_err(Failure::compiling)?;
    ui.result(&report::table::run_values(&scenario, args.run, &values))?;
    Ok(Exit::Done)
}
