//! `riskband check`: every diagnostic, then what the scenario contains.

use super::args::CheckArgs;
use super::{Exit, Failure, Ui};
use crate::analysis::repaired;
use crate::engine::tied_pairs;
use crate::program::{Program, Scope, explain};
use crate::report;

/// Runs the command: exit code 1 when any of the scenarios has an error.
///
/// # Errors
/// When a file cannot be read or stdout not written.
pub fn check(args: &CheckArgs, ui: &Ui) -> Result<Exit, Failure> {
    let mut exit = Exit::Done;
    for path in &args.scenarios {
        let Some(loaded) = ui.load(path, &args.overrides)? else {
            exit = Exit::Scenario;
            continue;
        };
        let scenario = loaded.scenario;
        let compile = |scope| Program::compile(&scenario, scope).map_err(Failure::system);
        ui.result(&report::table::contents(&scenario, &compile(Scope::Everything)?))?;
        ui.result(&report::dependence::repairs(&repaired(&scenario)))?;
        let most = report::dependence::MOST_LINES;
        let (pairs, count) = tied_pairs(&scenario, most).map_err(Failure::system)?;
        ui.result(&report::dependence::tied(&pairs, count))?;
        if args.explain {
            ui.result(&format!("\n{}", explain(&compile(Scope::Outputs)?)))?;
        }
    }
    Ok(exit)
}
