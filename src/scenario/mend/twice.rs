//! Keys and sections that stand twice.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::super::tree::{Table, Value};
use super::edits::Edit;
use super::mender::Mender;

/// First part of a section that stands a second time; no text has it.
const AGAIN: &str = "\u{1}again";

/// What the sections and keys of a document are called, and where each was given first.
#[derive(Default)]
pub struct Given {
    first: BTreeMap<Vec<String>, Range<usize>>,
    /// How often each list of tables was begun.
    lists: BTreeMap<Vec<String>, usize>,
    section: Vec<String>,
    sections: usize,
}

impl Given {
    /// Takes in a statement that stands at `place`, as it was meant; reports one that was given before.
    pub fn take(&mut self, meant: &str, place: Range<usize>, is_header: bool, mender: &mut Mender<'_>) {
        let Some(path) = path(meant) else { return };
        let many = meant.starts_with("[[");
        if is_header {
            self.section.clear();
        }
        let mut full = self.section.clone();
        for part in path {
            full.push(part);
            if let Some(count) = self.lists.get(&full) {
                full.push(count.to_string());
            }
        }
        if is_header && many {
            if full.last().is_some_and(|last| last.bytes().all(|b| b.is_ascii_digit())) {
                full.pop();
            }
            let count = self.lists.entry(full.clone()).or_default();
            *count += 1;
            full.push(count.to_string());
            self.section = full;
            return;
        }
        if is_header {
            self.section.clone_from(&full);
        }
        let Some(first) = self.first.get(&full) else {
            self.first.insert(full, place);
            return;
        };
        let line = mender.text[place.clone()].split(['\n', '=']).next().unwrap_or_default().trim().len();
        let name = if is_header {
            "this section".to_string()
        } else {
            format!("`{}`", full.last().map_or("", |n| n))
        };
        let help = if is_header {
            "keep one of them and put its keys below it, or give this one another name"
        } else {
            "keep one of them"
        };
        let context = mender.span(
            first.start
                ..first.start
                    + mender.text[first.clone()].split(['\n', '=']).next().map_or(0, |l| l.trim().len()),
        );
        mender.report(&format!("{name} is given twice"), place.start..place.start + line, "again", help);
        if let Some(report) = mender.reports.last_mut() {
            *report = report.clone().context(context, "first here");
        }
        if is_header {
            // Its keys are taken where the first has none of the same name.
            self.sections += 1;
            self.section.insert(0, format!("{AGAIN}{}", self.sections));
            let start = place.start + mender.text[place.clone()].find(|c| c != '[').unwrap_or(0);
            mender
                .edits
                .push(Edit { range: start..start, text: format!("\"\\u0001again{}\".", self.sections) });
        } else {
            mender.edits.push(Edit { range: place, text: String::new() });
        }
    }
}

/// The names that a statement is made of.
fn path(meant: &str) -> Option<Vec<String>> {
    let (document, _) = DeTable::parse_recoverable(meant);
    let mut path = Vec::new();
    let mut table = document.get_ref();
    let is_header = meant.starts_with('[');
    let parts = if is_header { usize::MAX } else { parts_of(meant) };
    while let (Some((key, value)), true) = (table.iter().next(), path.len() < parts) {
        path.push(key.get_ref().to_string());
        let inner = match value.get_ref() {
            DeValue::Table(inner) => inner,
            DeValue::Array(items) if is_header => match items.first().map(|item| item.get_ref()) {
                Some(DeValue::Table(inner)) => inner,
                _ => break,
            },
            _ => break,
        };
        table = inner;
    }
    (!path.is_empty()).then_some(path)
}

/// Number of parts of the key of a statement.
fn parts_of(meant: &str) -> usize {
    let (mut parts, mut quote) = (1, None);
    for c in meant.chars() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if c == '"' || c == '\'' => quote = Some(c),
            None if c == '=' => break,
            None => parts += usize::from(c == '.'),
        }
    }
    parts
}

/// Puts what stands in sections that were given twice into the first of them, where it lacks it.
pub fn gather(document: &mut Table) {
    let is_again = |key: &str| key.starts_with(AGAIN);
    let mut again = Vec::new();
    document.entries.retain_mut(|entry| {
        let found = is_again(&entry.key);
        if let (true, Value::Table(table)) = (found, &mut entry.node.value) {
            again.push(std::mem::take(table));
        }
        !found
    });
    for table in again {
        add(document, table);
    }
}

fn add(table: &mut Table, more: Table) {
    for entry in more.entries {
        match table.get_mut(&entry.key).map(|known| &mut known.node.value) {
            None => table.entries.push(entry),
            Some(Value::Table(known)) => {
                if let Value::Table(more) = entry.node.value {
                    add(known, more);
                }
            }
            Some(_) => {}
        }
    }
}
