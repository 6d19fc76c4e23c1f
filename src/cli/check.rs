//! `riskband check`: every diagnostic, then what the scenario contains.

use std::collections::BTreeSet;

use super::args::CheckArgs;
use super::audit::audit;
use super::budget::said;
use super::{Exit, Failure, Ui};
use crate::analysis::repaired;
use crate::engine::{Plan, tied_pairs};
use crate::program::{BLOCK, Draw, DrawLaw, Machine, Program, Scope, explain};
use crate::report;
use crate::sampling::Design;
use crate::scenario::{Scenario, Symbol};

/// Runs the command: exit code 1 when any of the scenarios has an error, or an audit finds one.
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
        if args.audit && !audit(&scenario, ui)? {
            exit = Exit::Scenario;
        }
        let plan = Plan::without_ranks(&scenario, Design::MonteCarlo).map_err(Failure::system)?;
        if args.explain {
            ui.result(&format!("\n{}", explain(&plan.program)))?;
        }
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        said(&plan, scenario.runs, threads).iter().for_each(|line| ui.say(line));
        for output in without_value(&scenario, &plan.program) {
            ui.say(&format!(
                "warning: none of the first {BLOCK} runs has a finite value of `{output}`: `riskband replay {} --run 0` \
                 shows where it is lost",
                path.display()
            ));
        }
    }
    Ok(exit)
}

/// Mean number of events a run from which a block takes too long for a look.
const MANY_EVENTS: f64 = 1e4;

/// Outputs that have no finite value in the first block of runs.
fn without_value<'a>(scenario: &'a Scenario, program: &Program) -> Vec<&'a str> {
    let is_slow = |draw: &Draw| match &draw.law {
        DrawLaw::Compound(sum) => sum.events().is_none_or(|events| events > MANY_EVENTS),
        _ => false,
    };
    if program.draws.iter().any(is_slow) {
        return Vec::new();
    }
    let mut found = BTreeSet::new();
    Machine::new(program, &[]).run(0, 0..BLOCK, &mut |cell: usize, values: &[f64]| {
        if let (Symbol::Variable(id), true) =
            (program.cells[cell].symbol, values.iter().any(|x| x.is_finite()))
        {
            found.insert(id.0);
        }
    });
    let empty = scenario.outputs.iter().filter(|output| !found.contains(&output.variable.0));
    empty.map(|output| scenario.variables[output.variable.0].name.as_str()).collect()
}
