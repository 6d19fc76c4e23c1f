//! What a run computes beside its outputs: which tornadoes.

use crate::program::{Program, Scope};
use crate::scenario::{Scenario, Symbol, TornadoRequest};

/// Most tornadoes drawn without being asked for.
const MOST_BY_DEFAULT: usize = 8;

/// A compiled scenario and the cells a tornado is made for.
#[derive(Debug)]
pub struct Plan {
    pub program: Program,
    /// In the order of the cells.
    pub tornados: Vec<Tornado>,
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
    /// Compiles the outputs of a scenario and chooses its tornadoes.
    ///
    /// Where no output says `tornado`, every number without axes gets one, and every number over years alone gets
    /// one for the last year, up to eight in all; where one output does, only what is asked for is made.
    ///
    /// # Errors
    /// A message for a law that cannot be built, which the checker should have refused.
    pub fn new(scenario: &Scenario) -> Result<Plan, String> {
        let program = Program::compile(scenario, Scope::Outputs)
            .map_err(|(input, error)| format!("the law of `{input}` cannot be built: {error}"))?;
        let anyone_asks = scenario
            .outputs
            .iter()
            .any(|output| matches!(output.tornado, TornadoRequest::On | TornadoRequest::Years(_)));
        let mut tornados = Vec::new();
        for (number, output) in scenario.outputs.iter().enumerate() {
            let variable = &scenario.variables[output.variable.0];
            let year = scenario.year_axis().filter(|axis| variable.over.contains(axis));
            let last = year.map(|axis| scenario.axes[axis.0].members.len() - 1);
            let plain = variable.over.len() == usize::from(year.is_some());
            let cells = program
                .cells
                .iter()
                .enumerate()
                .filter(|(_, cell)| cell.symbol == Symbol::Variable(output.variable));
            for (cell, place) in cells {
                let member = year.map(|_| place.index % (last.unwrap_or(0) + 1));
                let wanted = match &output.tornado {
                    TornadoRequest::Off => false,
                    TornadoRequest::Default => {
                        !anyone_asks
                            && !output.is_truth
                            && plain
                            && member == last
                            && tornados.len() < MOST_BY_DEFAULT
                    }
                    TornadoRequest::On => member == last,
                    TornadoRequest::Years(years) => member.is_none_or(|member| {
                        let first = year.and_then(|axis| scenario.axes[axis.0].first_year).unwrap_or(0);
                        years.contains(&(first + member as i32))
                    }),
                };
                if wanted {
                    tornados.push(Tornado { output: number, cell });
                }
            }
        }
        Ok(Plan { program, tornados })
    }
}
