//! Which percentiles and tail means are reported: `percentiles`, `tail_means` and `exceedance` of [scenario], the first
//! two of an output too.

use super::fields::{Fields, wrong_kind};
use super::percent::{Convention, Percent};
use super::tree::{Entry, Node, Value};
use crate::diagnostic::{Diagnostic, SCENARIO_VALUE, Span};

/// Percentiles where nothing is said.
const PERCENTILES: [u64; 9] = [1, 5, 10, 25, 50, 75, 90, 95, 99];
/// Tail means where nothing is said.
const TAIL_MEANS: [u64; 2] = [5, 95];
/// Most levels of a list.
pub const MOST_LEVELS: usize = 200;

/// What is read off the tally of an output. Levels count the runs at or below, whatever the convention, and rise.
#[derive(Clone, Debug, PartialEq)]
pub struct Levels {
    pub percentiles: Vec<Percent>,
    /// Below 50 %: the mean of as large a share of the lowest values. From 50 % on: of the values above the percentile.
    pub tail_means: Vec<Percent>,
    /// Whether somebody chose the percentiles, and whether the tail means: what nobody chose, a table may leave out.
    pub chosen: [bool; 2],
}

impl Default for Levels {
    fn default() -> Levels {
        Levels {
            percentiles: PERCENTILES.map(Percent::whole).to_vec(),
            tail_means: TAIL_MEANS.map(Percent::whole).to_vec(),
            chosen: [false; 2],
        }
    }
}

impl Levels {
    /// Takes what was chosen in place of what there is.
    pub fn choose(&mut self, percentiles: Option<Vec<Percent>>, tail_means: Option<Vec<Percent>>) {
        let lists = [(&mut self.percentiles, percentiles), (&mut self.tail_means, tail_means)];
        for ((list, chosen), flag) in lists.into_iter().zip(&mut self.chosen) {
            if let Some(chosen) = chosen {
                (*list, *flag) = (chosen, true);
            }
        }
    }
}

/// Levels that were asked for beside the scenario, as they were typed; empty where none were.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AskedLevels {
    pub percentiles: Vec<f64>,
    pub tail_means: Vec<f64>,
}

impl AskedLevels {
    /// In place of an output's own; a list that cannot be taken is left out.
    pub(super) fn replace(&self, own: &mut Levels, convention: Convention) {
        let list = |numbers: &[f64]| levels(numbers, convention).ok().filter(|levels| !levels.is_empty());
        own.choose(list(&self.percentiles), list(&self.tail_means));
    }
}

/// A level that cannot be taken, by its place in the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongLevel {
    /// Not above 0 and below 100.
    Outside(usize),
    /// Given a second time, after the first.
    Again(usize, usize),
}

/// The levels that numbers of this convention mean, rising; and what is wrong with the numbers.
///
/// # Errors
/// Every number that cannot be taken.
pub fn levels(numbers: &[f64], convention: Convention) -> Result<Vec<Percent>, Vec<WrongLevel>> {
    let (mut found, mut wrong): (Vec<(Percent, usize)>, Vec<WrongLevel>) = (Vec::new(), Vec::new());
    for (place, &number) in numbers.iter().enumerate() {
        match Percent::new(number) {
            None => wrong.push(WrongLevel::Outside(place)),
            Some(level) => match found.iter().find(|(other, _)| *other == level) {
                Some(&(_, first)) => wrong.push(WrongLevel::Again(place, first)),
                None => found.push((level, place)),
            },
        }
    }
    let mut levels: Vec<Percent> = found.into_iter().map(|(number, _)| convention.number(number)).collect();
    levels.sort_unstable();
    if wrong.is_empty() { Ok(levels) } else { Err(wrong) }
}

/// `exceedance` of [scenario].
pub(super) fn convention(fields: &Fields<'_>, problems: &mut Vec<Diagnostic>) -> Convention {
    match fields.entry("exceedance").map(|entry| &entry.node) {
        None | Some(Node { value: Value::Boolean(false), .. }) => Convention::Below,
        Some(Node { value: Value::Boolean(true), .. }) => Convention::Exceedance,
        Some(other) => {
            let report = wrong_kind("exceedance", "true or false", &other.value, other.span);
            problems
                .push(report.help("with `exceedance = true` P90 is the value that 90 % of the runs exceed"));
            Convention::Below
        }
    }
}

/// The levels of [scenario] or of an output; those of `otherwise` for what it does not say.
pub(super) fn of_keys(
    keys: [Option<&Entry>; 2],
    convention: Convention,
    otherwise: &Levels,
    problems: &mut Vec<Diagnostic>,
) -> Levels {
    let [percentiles, tail_means] = keys.map(|entry| list(entry?, convention, problems));
    let mut levels = otherwise.clone();
    levels.choose(percentiles, tail_means);
    levels
}

/// Says that levels which a probability asks for say nothing.
pub(super) fn of_a_probability(key: &Entry, name: &str) -> Diagnostic {
    let levels = &key.key;
    Diagnostic::warning(&SCENARIO_VALUE, format!("`{name}` is a probability: `{levels}` tell nothing of it"))
        .label(key.key_span, "each run is 0 or 1, and the share of 1 is reported with its interval")
        .help(format!("leave `{levels}` out"))
}

/// A list of levels; reports what is wrong with it.
fn list(entry: &Entry, convention: Convention, problems: &mut Vec<Diagnostic>) -> Option<Vec<Percent>> {
    let key = entry.key.as_str();
    let example = match key {
        "percentiles" => "write the levels in %: `percentiles = [5, 50, 95, 99.5]`",
        _ => "write the levels in %: `tail_means = [1, 95, 99.5]`",
    };
    let Value::Array(nodes) = &entry.node.value else {
        let report = wrong_kind(key, "a list of levels", &entry.node.value, entry.node.span);
        let report = match entry.node.value.number() {
            Some(number) => report.help(format!("write `{key} = [{number}]`")),
            None => report.help(example),
        };
        problems.push(report);
        return None;
    };
    let refused = |span: Span, message: String, label: &str| {
        Diagnostic::error(&SCENARIO_VALUE, message).label(span, label).help(example)
    };
    if nodes.is_empty() && key == "percentiles" {
        problems.push(refused(entry.node.span, format!("`{key}` names no level"), "an empty list"));
        return None;
    }
    if nodes.len() > MOST_LEVELS {
        let message = format!("`{key}` takes at most {MOST_LEVELS} levels");
        problems.push(refused(entry.node.span, message, &format!("{} levels", nodes.len())));
        return None;
    }
    let before = problems.len();
    for node in nodes.iter().filter(|node| node.value.number().is_none()) {
        let report = wrong_kind(key, "numbers in its list", &node.value, node.span);
        problems.push(report.help(example));
    }
    if problems.len() > before {
        return None;
    }
    let numbers: Vec<f64> = nodes.iter().filter_map(|node| node.value.number()).collect();
    match levels(&numbers, convention) {
        Ok(levels) => {
            if !numbers.is_empty() && numbers.iter().all(|&number| number < 1.0) {
                let (number, span) = (numbers[0], nodes[0].span);
                problems.push(
                    Diagnostic::warning(&SCENARIO_VALUE, format!("every level of `{key}` is below 1 %"))
                        .label(span, format!("{number} % of the runs, not {} %", 100.0 * number))
                        .help(example),
                );
            }
            Some(levels)
        }
        Err(wrong) => {
            problems.extend(wrong.into_iter().map(|wrong| {
                match wrong {
                    WrongLevel::Outside(place) => {
                        let message = format!("a level of `{key}` lies above 0 and below 100");
                        let label = match numbers[place] {
                            number if number >= 100.0 => "not below 100",
                            number if number <= 0.0 => "not above 0",
                            _ => "nearer to an end than levels are told apart",
                        };
                        let report = refused(nodes[place].span, message, label);
                        report
                            .help("the least and the greatest value are always reported, as `min` and `max`")
                    }
                    WrongLevel::Again(place, first) => {
                        Diagnostic::error(&SCENARIO_VALUE, format!("`{key}` names a level twice"))
                            .label(nodes[place].span, "again")
                            .context(nodes[first].span, "first here")
                            .help("leave one of them out")
                    }
                }
            }));
            None
        }
    }
}
