//! What a run computes beside its outputs: which tornadoes.

use std::collections::{BTreeSet, HashMap};

use super::pilot::rank_tables;
use crate::program::{Cell, CompileError, DrawLaw, Program, Scope};
use crate::sampling::Design;
use crate::scenario::{InputId, Scenario, Symbol, TornadoRequest};

/// Most tornadoes drawn without being asked for.
const MOST_BY_DEFAULT: usize = 8;

/// A compiled scenario and the cells a tornado is made for.
#[derive(Debug)]
pub struct Plan {
    pub program: Program,
    /// In the order of the cells.
    pub tornados: Vec<Tornado>,
    /// How the runs are laid out; its number of runs is the one to ask for.
    pub design: Design,
    /// Draws that the tornadoes condition on, indices into [`Program::draws`] in rising order.
    pub ranked: Vec<usize>,
}

/// A tornado to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tornado {
    /// Index into [`crate::scenario::Scenario::outputs`].
    pub output: usize,
    /// Index into [`Program::cells`].
    pub cell: usize,
}

impl Plan {
    /// The plan of a Monte Carlo run; see [`Plan::of_design`].
    ///
    /// # Errors
    /// See [`Program::compile`].
    pub fn new(scenario: &Scenario) -> Result<Plan, CompileError> {
        Plan::of_design(scenario, Design::MonteCarlo)
    }

    /// Compiles the outputs of a scenario and chooses its tornadoes.
    ///
    /// Where no output says `tornado`, every number without axes gets one, and every number over years alone gets
    /// one for the last year, up to eight in all; where one output does, only what is asked for is made.
    ///
    /// # Errors
    /// See [`Program::compile`] and [`Program::fits`].
    pub fn of_design(scenario: &Scenario, design: Design) -> Result<Plan, CompileError> {
        let mut plan = Plan::without_ranks(scenario, design)?;
        rank_by_value(scenario, &mut plan.program, &plan.ranked)?;
        Ok(plan)
    }

    /// The same before the pilot of what is ranked by value: all that is needed to know how large a run is.
    ///
    /// # Errors
    /// See [`Plan::of_design`].
    pub fn without_ranks(scenario: &Scenario, design: Design) -> Result<Plan, CompileError> {
        let program = Program::compile(scenario, Scope::Outputs)?;
        program.fits(design)?;
        let anyone_asks = scenario
            .outputs
            .iter()
            .any(|output| matches!(output.tornado, TornadoRequest::On | TornadoRequest::Years(_)));
        let (mut tornados, mut next) = (Vec::new(), 0);
        for (number, output) in scenario.outputs.iter().enumerate() {
            let variable = &scenario.variables[output.variable.0];
            let last = scenario.year_of(&variable.over, scenario.cells(&variable.over) - 1);
            let plain = variable.over.len() == usize::from(last.is_some());
            // The cells of an output stand together, in the order of the outputs.
            let own = |place: &Cell| place.symbol == Symbol::Variable(output.variable);
            let first = next;
            next += program.cells[first..].iter().take_while(|&place| own(place)).count();
            for (cell, place) in program.cells.iter().enumerate().take(next).skip(first) {
                let year = scenario.year_of(&variable.over, place.index);
                let wanted = match &output.tornado {
                    TornadoRequest::Off => false,
                    TornadoRequest::Default => {
                        !anyone_asks
                            && !output.is_truth
                            && plain
                            && year == last
                            && tornados.len() < MOST_BY_DEFAULT
                    }
                    TornadoRequest::On => year == last,
                    TornadoRequest::Years(years) => year.is_none_or(|year| years.contains(&year)),
                };
                if wanted {
                    tornados.push(Tornado { output: number, cell });
                }
            }
        }
        let chosen: Option<BTreeSet<InputId>> =
            scenario.tornado_inputs.as_ref().map(|inputs| inputs.iter().copied().collect());
        let wanted = |draw: usize| {
            let asked =
                chosen.as_ref().is_none_or(|inputs| inputs.contains(&program.draws[draw].element.input));
            asked && !program.draws[draw].is_constant()
        };
        let ranked = match tornados.as_slice() {
            [] => Vec::new(),
            _ => (0..program.draws.len()).filter(|&draw| wanted(draw)).collect(),
        };
        Ok(Plan { program, tornados, design, ranked })
    }
}

/// Gives sums of events that a tornado conditions on the table of their pilot: what they are worth does not follow the
/// position, which is that of the number of events.
fn rank_by_value(scenario: &Scenario, program: &mut Program, ranked: &[usize]) -> Result<(), CompileError> {
    let is_sum = |&draw: &usize| matches!(program.draws[draw].law, DrawLaw::Compound(_));
    let sums: Vec<usize> = ranked.iter().copied().filter(is_sum).collect();
    let inputs: BTreeSet<InputId> = sums.iter().map(|&draw| program.draws[draw].element.input).collect();
    if inputs.is_empty() {
        return Ok(());
    }
    let mut tables: HashMap<_, _> =
        rank_tables(scenario, &inputs.into_iter().collect::<Vec<_>>())?.into_iter().collect();
    for number in sums {
        let draw = &mut program.draws[number];
        draw.ranks = tables.remove(&draw.element);
    }
    Ok(())
}
