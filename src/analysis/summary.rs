//! Everything a report says of a run, in the order of the scenario.

use rayon::prelude::*;

use super::statistics::statistics;
use super::tornado::{RowLabels, Tornado, row};
use super::{Distribution, Statistics};
use crate::distribution::Family;
use crate::engine::{Outcome, Plan, input_tenths};
use crate::program::DrawLaw;
use crate::scenario::{Language, Reference, Scenario, Symbol};

/// What was run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunFacts {
    /// Stem of the scenario file.
    pub scenario: String,
    pub title: String,
    pub language: Language,
    /// Runs completed and asked for; they differ after an interruption.
    pub runs: u64,
    pub asked: u64,
    pub seed: u64,
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
    pub distribution: Distribution,
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
}

/// Reads the figures of every output and tornado off the tally.
pub fn summarise(scenario: &Scenario, plan: &Plan, outcome: &Outcome, asked: u64) -> Summary {
    let mut outputs = Vec::new();
    for output in &scenario.outputs {
        let variable = &scenario.variables[output.variable.0];
        let year = scenario.year_axis().filter(|axis| variable.over.contains(axis));
        let cells = plan
            .program
            .cells
            .iter()
            .zip(&outcome.tally.cells)
            .filter(|(cell, _)| cell.symbol == Symbol::Variable(output.variable))
            .map(|(cell, tally)| {
                let members = scenario.members(&variable.over, cell.index);
                let distribution = Distribution::new(tally);
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
                    statistics: statistics(tally, &distribution, output.is_truth),
                    distribution,
                }
            })
            .collect();
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
            cells,
        });
    }
    Summary {
        facts: RunFacts {
            scenario: scenario.name.clone(),
            title: scenario.title.clone(),
            language: scenario.language,
            runs: outcome.runs,
            asked,
            seed: scenario.seed,
            hash: scenario.hash.clone(),
            version: env!("CARGO_PKG_VERSION"),
        },
        outputs,
        tornados: tornados(scenario, plan, outcome),
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
    }
}

/// `Impact on growth: approvals` for a member of an axis.
fn titled(label: &str, members: &[&str]) -> String {
    if members.is_empty() { label.to_string() } else { format!("{label}: {}", members.join(" · ")) }
}

fn tornados(scenario: &Scenario, plan: &Plan, outcome: &Outcome) -> Vec<Tornado> {
    if plan.tornados.is_empty() {
        return Vec::new();
    }
    let tenths = input_tenths(scenario, &plan.program, &plan.ranked);
    plan.tornados
        .iter()
        .zip(&outcome.tally.conditionals)
        .map(|(tornado, conditional)| {
            let moments = outcome.tally.cells[tornado.cell].moments();
            let variance = moments.sd.map_or(0.0, |sd| sd * sd);
            let mut rows: Vec<_> = plan
                .ranked
                .par_iter()
                .zip(&tenths)
                .enumerate()
                .filter_map(|(index, (&number, &tenths))| {
                    let draw = &plan.program.draws[number];
                    let input = &scenario.inputs[draw.element.input.0];
                    let label = input.label.clone().unwrap_or_else(|| input.name.clone());
                    let labels = RowLabels {
                        input: draw.name.clone(),
                        label: titled(&label, &scenario.member_names(&input.over, draw.element.element)),
                        group: input.group.clone(),
                        unit: input.unit.clone(),
                        tenths,
                        is_continuous: matches!(&draw.law, DrawLaw::Fixed { law, .. } if !law.is_discrete()),
                        tied: draw.tied(),
                    };
                    row(conditional, index, variance, labels)
                })
                .collect();
            rows.sort_by(|a, b| b.swing.abs().total_cmp(&a.swing.abs()).then_with(|| a.input.cmp(&b.input)));
            Tornado {
                output: tornado.output,
                cell: plan.program.cells[tornado.cell].name.clone(),
                mean: moments.mean.unwrap_or(f64::NAN),
                rows,
            }
        })
        .collect()
}
