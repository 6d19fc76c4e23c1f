//! Tables for the terminal: results with as many digits as their intervals carry.

use super::chart::{Chance, Words};
use super::digits::{short, told};
use super::withheld::{Shown, withheld};
use crate::analysis::{CellSummary, Interval, OutputSummary, Statistics, Summary, TailMean, Withheld};
use crate::diagnostic::{counted, grouped, visible_line};
use crate::distribution::{Family, Law};
use crate::engine::Replayed;
use crate::program::{DrawLaw, Program};
use crate::scenario::{Convention, Language, Levels, Percent, Scenario, Symbol};

/// Percentiles that are shown where nobody chose any.
const SHOWN: [f64; 5] = [5.0, 25.0, 50.0, 75.0, 95.0];
/// Columns of a terminal that a table takes before it goes on below.
const WIDTH: usize = 100;

/// Percentiles by year and mean of every output; probabilities with their interval.
pub fn results(summary: &Summary) -> String {
    let mut text = String::new();
    let convention = summary.facts.convention;
    for output in &summary.outputs {
        if !text.is_empty() {
            text.push('\n');
        }
        text.push_str(&heading(output));
        match output.is_truth {
            true => text.push_str(&aligned(&probability_rows(output))),
            false => wrapped(&percentile_rows(output, convention))
                .iter()
                .for_each(|rows| text.push_str(&aligned(rows))),
        }
        for cell in output.cells.iter().filter(|cell| cell.statistics.non_finite.count > 0) {
            let bad = cell.statistics.non_finite;
            let run = bad.first_run.unwrap_or(0);
            text.push_str(&format!(
                "  {}: no finite value in {} of {}, first in run {run} (`riskband replay … --run {run}`)\n",
                cell.name,
                grouped(bad.count),
                counted(cell.statistics.count + bad.count, "run"),
            ));
        }
        if !output.is_truth {
            let (percentiles, tail_means) = shown(output);
            let shown = Shown { percentiles: &percentiles, tail_means };
            text.push_str(&withheld(output, shown));
        }
    }
    if convention == Convention::Exceedance && summary.outputs.iter().any(|output| !output.is_truth) {
        text.push_str("\np90 is the value that 90 % of the runs exceed, and so each percentile\n");
    }
    text
}

fn heading(output: &OutputSummary) -> String {
    let unit = output.unit.as_ref().map_or(String::new(), |unit| format!(" ({unit})"));
    let name = if output.label == output.name { String::new() } else { format!("  [{}]", output.name) };
    format!("{}\n", visible_line(&format!("{}{unit}{name}", output.label)))
}

/// Year or member of a row.
fn place(cell: &CellSummary) -> String {
    let mut parts = cell.members.clone();
    parts.extend(cell.year.map(|year| year.to_string()));
    parts.join(" ")
}

/// Levels that the table has columns of: those that somebody chose, and a few percentiles where nobody did.
fn shown(output: &OutputSummary) -> (Vec<Percent>, &[Percent]) {
    let Levels { percentiles, tail_means, chosen } = &output.levels;
    let usual = SHOWN.map(Percent::new);
    let is_shown = |level: &Percent| chosen[0] || usual.contains(&Some(*level));
    let tails: &[Percent] = if chosen[1] { tail_means } else { &[] };
    (percentiles.iter().copied().filter(is_shown).collect(), tails)
}

fn percentile_rows(output: &OutputSummary, convention: Convention) -> Vec<Vec<String>> {
    let (shown, tails) = shown(output);
    let mut rows = vec![vec![String::new()]];
    rows[0].extend(shown.iter().map(|&level| format!("p{}", convention.number(level))));
    rows[0].extend(["mean".to_string(), "sd".to_string()]);
    rows[0].extend(tails.iter().map(|&level| TailMean::name_of(level, convention).replace("_", " p")));
    for cell in &output.cells {
        let s = &cell.statistics;
        let mut row = vec![place(cell)];
        for level in &shown {
            let found = s.percentiles.iter().find(|p| p.level == *level);
            row.push(found.map_or("–".into(), |p| estimate(s, p.value, p.interval, p.withheld)));
        }
        for (value, interval, why) in
            [(s.mean, s.mean_interval, s.mean_withheld), (s.sd, s.sd_interval, s.sd_withheld)]
        {
            row.push(value.map_or("–".into(), |value| estimate(s, value, interval, why)));
        }
        for level in tails {
            let found = s.tail_means.iter().find(|mean| mean.level == *level);
            row.push(found.map_or("–".into(), |m| estimate(s, m.value, m.interval, m.withheld)));
        }
        rows.push(row);
    }
    rows
}

/// A figure with the digits of its interval, or of a longer one where its own is not known. What all runs have in common
/// is known.
fn estimate(s: &Statistics, value: f64, interval: Option<Interval>, why: Option<Withheld>) -> String {
    match why {
        Some(Withheld::HeavyTail) => "unstable".into(),
        _ if s.min == s.max => short(value, 6),
        _ => told(value, interval.or_else(|| why?.longer())),
    }
}

fn probability_rows(output: &OutputSummary) -> Vec<Vec<String>> {
    let words = Words::of(Language::English);
    let mut rows = vec![vec![String::new(), words.probability.into(), words.interval_name.into()]];
    rows[0].iter_mut().for_each(|heading| *heading = plain(heading));
    for cell in &output.cells {
        let (value, interval) = match Chance::of(&cell.statistics) {
            Some(chance) => (plain(&chance.value_text()), plain(&chance.range_text(" – ", words))),
            None => ("–".into(), "–".into()),
        };
        rows.push(vec![place(cell), value, interval]);
    }
    rows
}

/// A text of a chart with the blanks of a terminal.
pub(super) fn plain(text: &str) -> String {
    text.replace('\u{2009}', " ")
}

/// The columns in tables that fit a terminal, the first column in each.
fn wrapped(rows: &[Vec<String>]) -> Vec<Vec<Vec<String>>> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| 2 + rows.iter().map(|row| display_width(&row[column])).max().unwrap_or(0);
    let mut tables: Vec<Vec<usize>> = Vec::new();
    let mut room = 0;
    for column in 1..columns {
        if room < width(column) {
            tables.push(vec![0]);
            room = WIDTH.saturating_sub(width(0)).max(width(column));
        }
        room -= width(column);
        tables.last_mut().into_iter().for_each(|table| table.push(column));
    }
    let table = |columns: Vec<usize>| {
        rows.iter().map(|row| columns.iter().map(|&column| row[column].clone()).collect()).collect()
    };
    tables.into_iter().map(table).collect()
}

/// Columns padded to their widest entry: the first to the left, the others to the right.
pub(super) fn aligned(rows: &[Vec<String>]) -> String {
    let shown = |row: &Vec<String>| row.iter().map(|entry| visible_line(entry).into_owned()).collect();
    let rows: Vec<Vec<String>> = rows.iter().map(shown).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|text| display_width(text)).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut text = String::new();
    for row in &rows {
        let mut line = String::from("  ");
        for (column, entry) in row.iter().enumerate() {
            let padding = " ".repeat(widths[column] - display_width(entry));
            if column == 0 {
                line.push_str(entry);
                line.push_str(&padding);
            } else {
                line.push_str("  ");
                line.push_str(&padding);
                line.push_str(entry);
            }
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Columns of a terminal: Hangul, kana and Han are two wide.
fn display_width(text: &str) -> usize {
    let wide = |c: char| matches!(c, '\u{1100}'..='\u{115F}' | '\u{2E80}'..='\u{A4CF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{FF00}'..='\u{FF60}');
    text.chars().map(|c| if wide(c) { 2 } else { 1 }).sum()
}

/// Every value of one run, with units.
pub fn run_values(scenario: &Scenario, run: u64, values: &[Replayed]) -> String {
    let mut text = format!("{}, seed {}, run {run}\n", visible_line(&scenario.title), scenario.seed);
    let is_output =
        |symbol: &Symbol| scenario.outputs.iter().any(|o| Symbol::Variable(o.variable) == *symbol);
    let section_of = |symbol: &Symbol| match symbol {
        Symbol::Input(_) | Symbol::Constant(_) => "inputs",
        _ if is_output(symbol) => "outputs",
        Symbol::Variable(_) => "formulas",
    };
    for title in ["inputs", "formulas", "outputs"] {
        let rows: Vec<Vec<String>> = values
            .iter()
            .filter(|value| section_of(&value.symbol) == title)
            .map(|value| {
                let unit = match value.symbol {
                    Symbol::Input(id) => scenario.inputs[id.0].unit.as_deref(),
                    Symbol::Variable(id) => scenario.variables[id.0].unit.as_deref(),
                    Symbol::Constant(id) => scenario.constants[id.0].unit.as_deref(),
                };
                vec![value.name.clone(), short(value.value, 9), unit.unwrap_or("").to_string()]
            })
            .collect();
        if !rows.is_empty() {
            text.push_str(&format!("\n{title}\n"));
            text.push_str(&aligned_with_unit(&rows));
        }
    }
    text
}

/// What a scenario contains: settings, inputs with what their laws mean, outputs.
pub fn contents(scenario: &Scenario, program: &Program) -> String {
    let mut text = format!("{}: {}\n", visible_line(&scenario.name), visible_line(&scenario.title));
    text.push_str(&format!("{}, seed {}\n", counted(scenario.runs, "run"), scenario.seed));
    let mut rows = vec![["input", "mean", "sd", "p1", "p99", "unit"].map(String::from).to_vec()];
    for draw in &program.draws {
        let unit = scenario.inputs[draw.element.input.0].unit.clone().unwrap_or_default();
        let told = |text: &str| [text, text, text, text].map(String::from);
        let of_law = |law: &Law| {
            [
                law.mean().map_or("none".into(), figure),
                law.variance().map_or("none".into(), |variance| figure(variance.sqrt())),
                figure(law.quantile(0.01)),
                figure(law.quantile(0.99)),
            ]
        };
        let figures = match &draw.law {
            DrawLaw::Fixed { law, .. } => of_law(law),
            DrawLaw::Chosen(choice) => choice.pooled.as_ref().map_or_else(|| told("drawn"), of_law),
            DrawLaw::Drawn(_) => told("drawn"),
            DrawLaw::Compound(sum) => {
                let of_moment = |value: Option<f64>| value.map_or("none".into(), figure);
                let [mean, sd] =
                    sum.moments().map_or(["summed".to_string(), "summed".to_string()], |(mean, variance)| {
                        [of_moment(mean), of_moment(variance.map(f64::sqrt))]
                    });
                [mean, sd, "summed".into(), "summed".into()]
            }
        };
        rows.push([vec![draw.name.clone()], figures.to_vec(), vec![unit]].concat());
    }
    text.push('\n');
    text.push_str(&aligned(&rows));
    let mut rows = vec![["output", "cells", "unit"].map(String::from).to_vec()];
    for output in &scenario.outputs {
        let variable = &scenario.variables[output.variable.0];
        let unit = if output.is_truth {
            "probability".to_string()
        } else {
            variable.unit.clone().unwrap_or_default()
        };
        rows.push(vec![variable.name.clone(), scenario.cells(&variable.over).to_string(), unit]);
    }
    text.push('\n');
    text.push_str(&aligned(&rows));
    text
}

/// Four significant digits.
fn figure(value: f64) -> String {
    short(value, 4)
}

/// Name to the left, number to the right, unit to the left again.
fn aligned_with_unit(rows: &[Vec<String>]) -> String {
    let widest = rows.iter().map(|row| display_width(&row[2])).max().unwrap_or(0);
    let padded: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let unit = format!("{}{}", row[2], " ".repeat(widest - display_width(&row[2])));
            vec![row[0].clone(), row[1].clone(), unit]
        })
        .collect();
    aligned(&padded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_with_hangul() {
        let rows = vec![vec!["시장".to_string(), "1".to_string()], vec!["a".to_string(), "10".to_string()]];
        assert_eq!(aligned(&rows), "  시장   1\n  a     10\n");
    }
}
