//! The rows of every tornado of a run: which inputs have one, what they are called and tied to, and their order.

use std::collections::HashMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::Distribution;
use super::average::{Spread, none_carries_squares};
use super::event_row::{Ranked, event_row};
use super::first_order::Form;
use super::groups::Groups;
use super::sampled::{SampledInput, SampledOutput};
use super::tornado::{Conditioned, Conditioning, Portion, RowInput, Tornado, TornadoRow, row};
use crate::engine::{Ends, Outcome, Plan, Sample, input_ends, value_at};
use crate::program::Pair;
use crate::scenario::Scenario;
use crate::tally::{RankBins, Tally};

/// Share of the sum of squares that one run may carry before shares of variance say nothing.
const HEAVIEST_SHARE: f64 = 0.25;
/// Runs up to which one may carry as much by chance.
const FEW_RUNS: u64 = 100;

/// Every tornado of a plan, bars by their reach.
pub fn tornados(scenario: &Scenario, plan: &Plan, outcome: &Outcome) -> Vec<Tornado> {
    let Some(first) = outcome.tally.conditionals.first() else { return Vec::new() };
    let runs = outcome.runs.count();
    let cells = plan.tornados.iter().map(|tornado| &outcome.tally.cells[tornado.cell]);
    let kurtosis = cells.filter_map(|cell| cell.moments().excess_kurtosis).fold(0.0, f64::max) + 3.0;
    let sample = Sample::new(plan, runs, kurtosis);
    // Those of all continuous inputs without atoms.
    let even = Arc::new(Form::of_groups(&Groups::fine(&RankBins::Even, runs as f64)));
    let inputs: Vec<Conditioning> = (plan.ranked.par_iter().zip(&sample.words).enumerate())
        .map(|(index, (&number, words))| {
            // All tornadoes have the same bins.
            let bins = first.bins(index);
            let fine = Groups::fine(bins, runs as f64);
            let classes = Groups::classes(bins, runs as f64);
            if !plan.program.draws[number].is_continuous() {
                let sampled = SampledInput::new(words, bins);
                return Conditioning { fine, forms: Arc::default(), classes, sampled };
            }
            let forms = match bins {
                RankBins::Even => even.clone(),
                RankBins::Uneven(_) => Arc::new(Form::of_groups(&fine)),
            };
            let (first, last) = fine.ends();
            Conditioning { sampled: SampledInput::smooth(words, bins, first, last), fine, forms, classes }
        })
        .collect();
    let shares: Vec<Ends> = (inputs.iter())
        .map(|input| {
            let share = |(low, high): (f64, f64)| high - low;
            let intervals = &input.classes.intervals;
            Ends { low: share(intervals[0]), high: share(intervals[intervals.len() - 1]) }
        })
        .collect();
    let ends = input_ends(scenario, &plan.program, &plan.ranked, &shares);
    let joined: Vec<[Option<f64>; 2]> = (plan.ranked.iter().zip(&inputs).enumerate())
        .map(|(index, (&number, input))| {
            let of = if input.classes.by_value() { input.classes.joined_ends() } else { [None; 2] };
            of.map(|bin| {
                let (low, high) = first.bins(index).interval(bin?);
                value_at(&plan.program.draws[number], 0.5 * (low + high))
            })
        })
        .collect();
    let cells: Vec<usize> = plan.tornados.iter().map(|tornado| tornado.cell).collect();
    let paths = plan.program.paths(&cells);
    let mut severity_ends = SeverityEnds { scenario, plan, known: HashMap::new() };
    let tornados = plan.tornados.iter().zip(&paths).zip(&sample.values).enumerate();
    tornados
        .map(|(place, ((tornado, paths), values))| {
            let output = conditioned(outcome, place, tornado.cell, values);
            let labels: Vec<Option<RowInput>> = (plan.ranked.iter().zip(&ends).zip(&joined))
                .map(|((&number, &ends), &joined)| row_input(scenario, plan, paths, number, ends, joined))
                .collect();
            let mut rows: Vec<_> = inputs
                .par_iter()
                .zip(&labels)
                .enumerate()
                .filter_map(|(index, (input, labels))| row(&output, index, input, labels.clone()?))
                .collect();
            rows.extend(event_rows(&mut severity_ends, paths, tornado.cell, &output, &inputs, &labels));
            rows.sort_by(|a, b| {
                let by_reach = b.reach.total_cmp(&a.reach);
                by_reach
                    .then_with(|| b.swing.abs().total_cmp(&a.swing.abs()))
                    .then_with(|| a.input.cmp(&b.input))
            });
            let mean = outcome.tally.cells[tornado.cell].moments().mean.unwrap_or(f64::NAN);
            let cell = plan.program.cells[tornado.cell].name.clone();
            Tornado { output: tornado.output, cell, mean, rows }
        })
        .collect()
}

/// Rows of events with what they are multiplied by, where the product reaches the cell.
fn event_rows(
    severity_ends: &mut SeverityEnds<'_>,
    paths: &[bool],
    cell: usize,
    output: &Conditioned<'_>,
    inputs: &[Conditioning],
    labels: &[Option<RowInput>],
) -> Vec<TornadoRow> {
    let plan = severity_ends.plan;
    let ranked = |draw: usize| {
        let index = plan.ranked.binary_search(&draw).ok().filter(|_| paths[draw])?;
        Some(Ranked { index, conditioning: &inputs[index], labels: labels[index].as_ref()? })
    };
    let row = |pair: &Pair| {
        let ends = |classes| severity_ends.of(pair.severity, classes);
        event_row(output, &ranked(pair.event)?, &ranked(pair.severity)?, ends)
    };
    plan.program.severities.iter().filter(|pair| pair.reaches(cell)).filter_map(row).collect()
}

/// Means of severities in their lowest and highest class, each computed once for all tornadoes.
struct SeverityEnds<'a> {
    scenario: &'a Scenario,
    plan: &'a Plan,
    /// By draw and number of classes.
    known: HashMap<(usize, usize), Ends>,
}

impl SeverityEnds<'_> {
    /// Of a draw in so many classes of equal size.
    fn of(&mut self, draw: usize, classes: usize) -> Ends {
        *self.known.entry((draw, classes)).or_insert_with(|| {
            let share = 1.0 / classes as f64;
            let share = Ends { low: share, high: share };
            input_ends(self.scenario, &self.plan.program, &[draw], &[share])[0]
        })
    }
}

/// What is known of the cell of the tornado at a place.
fn conditioned<'a>(outcome: &'a Outcome, place: usize, cell: usize, values: &[f64]) -> Conditioned<'a> {
    let portion = |tally: &'a Tally| {
        let variance = tally.cells[cell].moments().sd.map_or(0.0, |sd| sd * sd);
        Portion::new(&tally.conditionals[place], variance)
    };
    let tally = &outcome.tally.cells[cell];
    let moments = tally.moments();
    let mean = moments.mean.unwrap_or(f64::NAN);
    let sd = moments.sd.filter(|sd| *sd > 0.0);
    let varies = sd.is_some();
    let sd = sd.unwrap_or(1.0);
    let kurtosis = moments.excess_kurtosis.map_or(f64::NAN, |excess| excess + 3.0);
    let none_carries = none_carries_squares(moments.heaviest_share, kurtosis, tally.count() as f64);
    let squares = match varies && !none_carries {
        true => {
            let distribution = Distribution::new(tally);
            let squares = distribution.middles().map(|(y, runs)| ((y - mean) * (y - mean), runs));
            Spread::of(sd * sd, squares).ok()
        }
        false => None,
    };
    let is_carried = squares.is_some_and(|squares| match outcome.replicates.len() {
        0 | 1 => squares.heavy(),
        _ => squares.heavy_for_replicates(),
    });
    Conditioned {
        whole: portion(&outcome.tally),
        replicates: outcome.replicates.iter().map(portion).collect(),
        sampled: SampledOutput::new(values, mean, sd),
        mean,
        sd,
        varies,
        kurtosis,
        is_settled: tally.count() <= FEW_RUNS || moments.heaviest_share <= HEAVIEST_SHARE,
        skewness: squares.map_or(0.0, |squares| squares.skewness()),
        is_carried,
    }
}

/// What is known of a draw as a row of a tornado whose cell the flagged draws reach; `None` where neither it nor
/// anything that it is tied to reaches the cell.
fn row_input(
    scenario: &Scenario,
    plan: &Plan,
    paths: &[bool],
    number: usize,
    ends: Ends,
    joined: [Option<f64>; 2],
) -> Option<RowInput> {
    let draws = &plan.program.draws;
    let draw = &draws[number];
    let input = &scenario.inputs[draw.element.input.0];
    let (mut tied_to, mut ties): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    if let Some((group, member)) = draw.group {
        let reaching = draws.iter().enumerate().filter(|(other, _)| *other != number && paths[*other]);
        for (_, other) in reaching {
            let tied = &scenario.inputs[other.element.input.0];
            let is_tied = other.group.is_some_and(|(other, place)| {
                other == group && plan.program.groups[group].ties(member, place)
            });
            if is_tied && !tied_to.contains(&tied.name) {
                tied_to.push(tied.name.clone());
                ties.push(tied.label.clone().unwrap_or_else(|| tied.name.clone()));
            }
        }
    }
    let has_path = paths[number];
    let label = input.label.clone().unwrap_or_else(|| input.name.clone());
    (has_path || !tied_to.is_empty()).then(|| RowInput {
        input: draw.name.clone(),
        label: titled(&label, &scenario.member_names(&input.over, draw.element.element)),
        group: input.group.clone(),
        unit: input.unit.clone(),
        ends,
        joined,
        tied_to,
        title: label,
        ties,
        has_path,
        is_alone: has_path && paths.iter().filter(|reaches| **reaches).count() == 1,
    })
}

/// `Impact on growth: approvals` for a member of an axis.
fn titled(label: &str, members: &[&str]) -> String {
    if members.is_empty() { label.to_string() } else { format!("{label}: {}", members.join(" · ")) }
}
