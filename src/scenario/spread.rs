//! A value for every element of some axes: one for all, or a table by member, nested by axis.

use super::names::{Names, did_you_mean, listed};
use super::over::Over;
use super::tree::{Entry, Node, Table, Value};
use crate::diagnostic::{AXIS_MEMBERS, Diagnostic, SCENARIO_SIZE, Span, grouped};

/// More cells of one thing than anyone means.
pub const MOST_CELLS: usize = 1_000_000;

/// The different values, and which of them each element has.
#[derive(Debug)]
pub struct Spread<'a> {
    pub leaves: Vec<&'a Node>,
    /// Index into `leaves` of each element, row-major over the sorted axes.
    pub elements: Vec<usize>,
    /// False after a report: some element has no value. What is there can still be looked at.
    pub complete: bool,
}

/// Spreads the value of `entry` over the axes; `None` where there are too many elements.
pub fn spread<'a>(
    entry: &'a Entry,
    over: &Over,
    names: &Names,
    problems: &mut Vec<Diagnostic>,
) -> Option<Spread<'a>> {
    let elements = names.cells(&over.sorted);
    if elements > MOST_CELLS {
        return None;
    }
    let mut spreader = Spreader {
        key: &entry.key,
        over,
        names,
        problems,
        spread: Spread { leaves: Vec::new(), elements: vec![usize::MAX; elements], complete: true },
    };
    spreader.fill(&entry.node, entry.key_span, &mut Vec::new());
    Some(spreader.spread)
}

/// Refuses more cells than [`MOST_CELLS`], the arithmetic shown.
pub fn check_cells(
    what: &str,
    over: &[super::model::AxisId],
    names: &Names,
    span: Span,
) -> Option<Diagnostic> {
    let cells = names.cells(over);
    (cells > MOST_CELLS).then(|| {
        let lengths: Vec<String> = over.iter().map(|a| grouped(names.length(*a) as u64)).collect();
        Diagnostic::error(&SCENARIO_SIZE, format!("{what} has too many cells"))
            .label(span, format!("{} = {} cells", lengths.join(" × "), grouped(cells as u64)))
            .help(format!("at most {} are taken for one name", grouped(MOST_CELLS as u64)))
    })
}

struct Spreader<'a, 'n> {
    key: &'n str,
    over: &'n Over,
    names: &'n Names,
    problems: &'n mut Vec<Diagnostic>,
    spread: Spread<'a>,
}

impl<'a> Spreader<'a, '_> {
    /// `fixed` holds the members of the first declared axes.
    fn fill(&mut self, node: &'a Node, span: Span, fixed: &mut Vec<usize>) {
        let Value::Table(table) = &node.value else {
            self.spread.leaves.push(node);
            self.assign(fixed);
            return;
        };
        let Some(axis) = self.over.declared.get(fixed.len()).copied() else {
            self.spread.complete = false;
            let keys = listed(table.entries.iter().map(|e| e.key.as_str()));
            let help = match fixed.is_empty() {
                true => "name the axis of these members: `over = [\"…\"]`".to_string(),
                false => "`over` names fewer axes than the table has levels".to_string(),
            };
            self.problems.push(
                Diagnostic::error(
                    &AXIS_MEMBERS,
                    format!("`{}` has a table here, where one value is taken", self.key),
                )
                .label(span, format!("a table of {keys}"))
                .help(help),
            );
            return;
        };
        let axis_name = self.names.axes[axis.0].name.clone();
        for entry in &table.entries {
            match self.names.member(axis, &entry.key) {
                Some(member) => {
                    fixed.push(member);
                    self.fill(&entry.node, entry.key_span, fixed);
                    fixed.pop();
                }
                None => self.extra(entry, axis, &axis_name),
            }
        }
        self.missing(table, axis, span);
    }

    fn assign(&mut self, fixed: &mut Vec<usize>) {
        let Some(axis) = self.over.declared.get(fixed.len()) else {
            let leaf = self.spread.leaves.len() - 1;
            let mut index = 0;
            for axis in &self.over.sorted {
                let place = self.over.declared.iter().position(|a| a == axis).unwrap_or(0);
                index = index * self.names.length(*axis) + fixed[place];
            }
            self.spread.elements[index] = leaf;
            return;
        };
        for member in 0..self.names.length(*axis) {
            fixed.push(member);
            self.assign(fixed);
            fixed.pop();
        }
    }

    fn extra(&mut self, entry: &Entry, axis: super::model::AxisId, axis_name: &str) {
        self.spread.complete = false;
        let members = || self.names.axes[axis.0].members.iter().map(String::as_str);
        let near = did_you_mean(&entry.key, members());
        let help =
            if near.is_empty() { format!("the members are {}", listed(members())) } else { near.clone() };
        self.problems.push(
            Diagnostic::error(&AXIS_MEMBERS, format!("`{}` is not a member of `{axis_name}`", entry.key))
                .label(entry.key_span, if near.is_empty() { "one too many" } else { "no such member" })
                .context(self.names.axis_spans[axis.0], "the axis")
                .help(help),
        );
    }

    fn missing(&mut self, table: &Table, axis: super::model::AxisId, span: Span) {
        let members = &self.names.axes[axis.0];
        let missing: Vec<&str> =
            members.members.iter().map(String::as_str).filter(|m| table.get(m).is_none()).collect();
        let Some(first) = missing.first() else { return };
        self.spread.complete = false;
        // A misspelt member is both missing and one too many; the latter report says it all.
        let misspelt = table.entries.iter().filter(|e| !members.members.contains(&e.key)).any(|e| {
            crate::diagnostic::nearest(&e.key, missing.iter().copied()).is_some() && missing.len() == 1
        });
        if misspelt {
            return;
        }
        let first = if is_bare_key(first) { first.to_string() } else { format!("\"{first}\"") };
        let value = if self.key == "dist" { "\"…\"" } else { "…" };
        self.problems.push(
            Diagnostic::error(&AXIS_MEMBERS, format!("`{}` lacks a member of `{}`", self.key, members.name))
                .label(span, format!("nothing for {}", listed(missing.iter().copied())))
                .context(self.names.axis_spans[axis.0], "the axis")
                .help(format!("add `{}.{first} = {value}`", self.key)),
        );
    }
}

/// True for a key that TOML takes without quotes.
fn is_bare_key(key: &str) -> bool {
    !key.is_empty() && key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}
