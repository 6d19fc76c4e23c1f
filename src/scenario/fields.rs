//! Strict reading of a table: known keys only, each with the kind of value it takes.

use super::names::listed;
use super::parser::parse;
use super::syntax::{Ast, AstKind};
use super::tree::{Entry, Node, Table, Text, Value};
use crate::diagnostic::{Diagnostic, Span, TOML_KEY, TOML_LATER, TOML_MISSING, TOML_TYPE, nearest};

/// The keys a kind of table has.
pub struct Keys {
    pub known: &'static [&'static str],
    /// Keys of the language that this version does not have.
    pub later: &'static [&'static str],
}

/// A table being read.
pub struct Fields<'a> {
    pub table: &'a Table,
    /// As it is called in messages, e.g. `[inputs.shock]`.
    pub place: String,
    /// Where the table is named.
    pub span: Span,
    /// Keys that are misspelt in the table, and the entry that is taken for each.
    meant: Vec<(&'static str, &'a Entry)>,
}

impl<'a> Fields<'a> {
    /// Starts reading; reports every key that is not known.
    pub fn new(
        table: &'a Table,
        place: impl Into<String>,
        span: Span,
        keys: &Keys,
        problems: &mut Vec<Diagnostic>,
    ) -> Self {
        let place = place.into();
        let mut meant = Vec::new();
        for entry in &table.entries {
            let key = entry.key.as_str();
            if keys.later.contains(&key) {
                problems.push(
                    Diagnostic::error(&TOML_LATER, format!("`{key}` is not part of this version"))
                        .label(entry.key_span, "a key of a later version"),
                );
            } else if !keys.known.contains(&key) {
                let near = nearest(key, keys.known.iter().copied());
                let help = match near {
                    None => format!("the keys are {}", listed(keys.known.iter().copied())),
                    Some(near) => format!("did you mean `{near}`?"),
                };
                meant.extend(near.map(|near| (near, entry)));
                problems.push(
                    Diagnostic::error(&TOML_KEY, format!("unknown key `{key}` in {place}"))
                        .label(entry.key_span, "no such key here")
                        .help(help),
                );
            }
        }
        Fields { table, place, span, meant }
    }

    /// The entry of a key, or of a misspelt one that is taken for it.
    pub fn entry(&self, key: &str) -> Option<&'a Entry> {
        let misspelt = || self.meant.iter().find(|(near, _)| *near == key).map(|(_, entry)| *entry);
        self.table.get(key).or_else(misspelt)
    }

    /// The entry of a key that must be there; reports its absence.
    pub fn required(&self, key: &str, example: &str, problems: &mut Vec<Diagnostic>) -> Option<&'a Entry> {
        let entry = self.entry(key);
        if entry.is_none() {
            problems.push(
                Diagnostic::error(&TOML_MISSING, format!("{} has no `{key}`", self.place))
                    .label(self.span, format!("`{key}` is missing"))
                    .help(format!("add `{example}`")),
            );
        }
        entry
    }

    /// A text; reports another kind of value.
    pub fn text(&self, key: &str, problems: &mut Vec<Diagnostic>) -> Option<&'a Text> {
        let entry = self.entry(key)?;
        match &entry.node.value {
            Value::Text(text) => Some(text),
            other => {
                let report = wrong_kind(key, "a text in quotes", other, entry.node.span);
                problems.push(report.help(format!("write `{key} = \"…\"`")));
                None
            }
        }
    }

    /// A text as its own string.
    pub fn string(&self, key: &str, problems: &mut Vec<Diagnostic>) -> Option<String> {
        self.text(key, problems).map(|t| t.text.clone())
    }
}

/// "`key` takes …" with what was found.
pub fn wrong_kind(key: &str, expected: &str, found: &Value, span: Span) -> Diagnostic {
    Diagnostic::error(&TOML_TYPE, format!("`{key}` takes {expected}"))
        .label(span, format!("found {}", found.kind()))
}

/// A formula: a text that is parsed, or a number alone.
pub fn expression(node: &Node, key: &str, problems: &mut Vec<Diagnostic>) -> Option<Ast> {
    match &node.value {
        Value::Text(text) => parse(text).map_err(|problem| problems.push(problem)).ok(),
        other => match other.number() {
            Some(x) => Some(Ast { kind: AstKind::Number(x), span: node.span }),
            None => {
                problems.push(wrong_kind(key, "a formula in quotes, or a number", other, node.span));
                None
            }
        },
    }
}

/// A table, or a report of what stands there instead.
pub fn table<'a>(entry: &'a Entry, example: &str, problems: &mut Vec<Diagnostic>) -> Option<&'a Table> {
    match &entry.node.value {
        Value::Table(table) => Some(table),
        other => {
            problems.push(
                wrong_kind(&entry.key, "a table", other, entry.node.span).help(format!("write {example}")),
            );
            None
        }
    }
}
