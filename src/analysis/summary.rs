//! Everything a report says of a run, in the order of the scenario.

use super::interval::KnownRanks;
use super::repaired::{Repaired, repaired};
use super::statistics::{Part, statistics};
use super::tornado::Tornado;
use super::tornado_rows::tornados;
use super::{Distribution, Statistics};
use crate::engine::{Outcome, Plan, TiedPair, missed_pairs};
use crate::sampling::Design;
use crate::scenario::{Convention, Language, Levels, Reference, Scenario, Symbol};
use crate::tally::{CellTally, RunSet};

/// What was run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunFacts {
    /// Stem of the scenario file.
    pub scenario: String,
    pub title: String,
    pub language: Language,
    /// Runs that the results hold, how many that are, and how many were asked for: fewer after an interruption, and
    /// where shards are missing.
    pub computed: RunSet,
    pub runs: u64,
    pub asked: u64,
    pub seed: u64,
    /// What the numbers of percentiles count.
    pub convention: Convention,
    /// How the runs are laid out, and the replicates its errors come from: 0 where the runs are independent.
    pub design: Design,
    pub replicates: usize,
    /// SHA-256 of the scenario.
    pub hash: String,
    /// Version of riskband.
    pub version: &'static str,
}

/// One output with all its cells.
#[derive(Clone, Debug)]
pub struct OutputSummary {
    pub name: String,
    pub label: String,
    pub unit: Option<String>,
    /// A comparison: its mean is a probability.
    pub is_truth: bool,
    /// Names of its axes other than the years.
    pub axes: Vec<String>,
    pub has_years: bool,
    /// First year of the scenario, for an output over years.
    pub base_year: Option<i32>,
    pub reference: Option<Reference>,
    /// Percentiles and tail means that its cells have.
    pub levels: Levels,
    pub cells: Vec<CellSummary>,
}

/// One cell of an output.
#[derive(Clone, Debug)]
pub struct CellSummary {
    /// E.g. `market[2031]`.
    pub name: String,
    /// Members along [`OutputSummary::axes`].
    pub members: Vec<String>,
    pub year: Option<i32>,
    pub statistics: Statistics,
    /// What its values were read off.
    tally: CellTally,
}

impl CellSummary {
    /// The values by their order; made anew, as of many cells it takes more memory than all the rest.
    pub fn distribution(&self) -> Distribution {
        Distribution::new(&self.tally)
    }
}

/// An input whose drawn parameters were outside their domain in some runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Refused {
    pub input: String,
    pub count: u64,
    pub first_run: u64,
}

/// The results of a run, ready to be reported.
#[derive(Clone, Debug)]
pub struct Summary {
    pub facts: RunFacts,
    pub outputs: Vec<OutputSummary>,
    pub tornados: Vec<Tornado>,
    pub refused: Vec<Refused>,
    pub repaired: Vec<Repaired>,
    /// Tied pairs whose rank correlation is not that asked for.
    pub missed: Vec<TiedPair>,
}

/// Most pairs that are measured for [`Summary::missed`].
const MOST_PAIRS: usize = 20;

/// What was run.
pub fn facts(scenario: &Scenario, plan: &Plan, outcome: &Outcome) -> RunFacts {
    RunFacts {
        scenario: scenario.name.clone(),
        title: scenario.title.clone(),
        language: scenario.language,
        computed: outcome.runs.clone(),
        runs: outcome.runs.count(),
        asked: outcome.asked,
        seed: scenario.seed,
        convention: scenario.convention,
        design: plan.design,
        replicates: outcome.replicates.len(),
        hash: scenario.hash.clone(),
        version: env!("CARGO_PKG_VERSION"),
    }
}

/// Reads the figures of every output and tornado off the tally.
pub fn summarise(scenario: &Scenario, plan: &Plan, outcome: &Outcome) -> Summary {
    let tornados = tornados(scenario, plan, outcome);
    of_cells(scenario, plan, outcome, outcome.tally.cells.iter().cloned(), tornados)
}

/// The same of an outcome that nobody else needs: its tallies, which are most of its memory, are not copied.
pub fn summarise_whole(scenario: &Scenario, plan: &Plan, mut outcome: Outcome) -> Summary {
    let tornados = tornados(scenario, plan, &outcome);
    let tallies = std::mem::take(&mut outcome.tally.cells);
    of_cells(scenario, plan, &outcome, tallies.into_iter(), tornados)
}

/// A summary of what is known of each cell of the program.
fn of_cells(
    scenario: &Scenario,
    plan: &Plan,
    outcome: &Outcome,
    mut tallies: impl Iterator<Item = CellTally>,
    tornados: Vec<Tornado>,
) -> Summary {
    let ranks = KnownRanks::default();
    let (mut outputs, mut next) = (Vec::new(), 0);
    for output in &scenario.outputs {
        let variable = &scenario.variables[output.variable.0];
        let year = scenario.year_axis().filter(|axis| variable.over.contains(axis));
        let cells: Vec<CellSummary> = plan
            .program
            .cells
            .iter()
            .enumerate()
            // The cells of an output stand together, in the order of the outputs.
            .skip(next)
            .take_while(|(_, cell)| cell.symbol == Symbol::Variable(output.variable))
            .zip(tallies.by_ref())
            .map(|((number, cell), tally)| {
                let members = scenario.members(&variable.over, cell.index);
                let distribution = Distribution::new(&tally);
                let parts: Vec<Part<'_>> =
                    outcome.replicates.iter().map(|part| Part::new(&part.cells[number])).collect();
                let (levels, values) = ((&output.levels, &ranks), output.values);
                let statistics = statistics(&tally, &parts, plan.design, &distribution, levels, values);
                CellSummary {
                    name: cell.name.clone(),
                    members: variable
                        .over
                        .iter()
                        .zip(&members)
                        .filter(|(axis, _)| Some(**axis) != year)
                        .map(|(axis, &member)| scenario.axes[axis.0].members[member].clone())
                        .collect(),
                    year: scenario.year_of(&variable.over, cell.index),
                    statistics,
                    tally,
                }
            })
            .collect();
        next += cells.len();
        outputs.push(OutputSummary {
            name: variable.name.clone(),
            label: variable.label.clone().unwrap_or_else(|| variable.name.clone()),
            unit: variable.unit.clone(),
            is_truth: output.is_truth,
            axes: variable
                .over
                .iter()
                .filter(|axis| Some(**axis) != year)
                .map(|axis| scenario.axes[axis.0].name.clone())
                .collect(),
            has_years: year.is_some(),
            base_year: year.and_then(|axis| scenario.axes[axis.0].first_year),
            reference: output.reference.clone(),
            levels: output.levels.clone(),
            cells,
        });
    }
    Summary {
        facts: facts(scenario, plan, outcome),
        outputs,
        tornados,
        refused: plan
            .program
            .draws
            .iter()
            .zip(&outcome.refused)
            .filter_map(|(draw, refused)| {
                refused.first_run.map(|first_run| Refused {
                    input: draw.name.clone(),
                    count: refused.count,
                    first_run,
                })
            })
            .collect(),
        repaired: repaired(scenario),
        // The inputs of a program that was compiled can be compiled.
        missed: missed_pairs(scenario, &plan.program, MOST_PAIRS).unwrap_or_default(),
    }
}
