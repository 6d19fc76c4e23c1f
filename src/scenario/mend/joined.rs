//! Sections whose name lacks the point: `[inputscost]`.

use super::super::lexer::is_name;
use super::super::load::KEYS;
use super::super::tree::{Entry, Node, Table, Value};
use crate::diagnostic::{Diagnostic, TOML_KEY, nearest};

/// Sections that hold names.
const SECTIONS: [&str; 4] = ["constants", "inputs", "formulas", "outputs"];

/// Section and name of a header that lacks the point between them.
pub fn parted(header: &str) -> Option<(&'static str, &str)> {
    SECTIONS.iter().find_map(|section| {
        let name = header
            .strip_prefix(section)?
            .trim_start_matches([',', ';', ':', '/', ' ', '-', '\'', '"', '“', '”']);
        is_name(name).then_some((*section, name))
    })
}

/// Puts tables of such a header where they belong.
pub fn part(document: &mut Table, problems: &mut Vec<Diagnostic>) {
    let known = || KEYS.known.iter().copied();
    let is_joined = |entry: &Entry| {
        let is_table = matches!(entry.node.value, Value::Table(_));
        let unknown = known().all(|key| key != entry.key) && nearest(&entry.key, known()).is_none();
        is_table && unknown && parted(&entry.key).is_some()
    };
    let all = std::mem::take(&mut document.entries);
    let (joined, rest): (Vec<Entry>, Vec<Entry>) = all.into_iter().partition(is_joined);
    document.entries = rest;
    for entry in joined {
        let Some((section, name)) = parted(&entry.key) else { continue };
        problems.push(
            Diagnostic::error(&TOML_KEY, format!("unknown section `{}`", entry.key))
                .label(entry.key_span, "no such section")
                .help(format!("a point parts a section from its name: `[{section}.{name}]`")),
        );
        let (key_span, span) = (entry.key_span, entry.node.span);
        let moved = Entry { key: name.to_string(), ..entry };
        match document.get_mut(section).map(|found| &mut found.node.value) {
            Some(Value::Table(table)) => table.entries.push(moved),
            Some(_) => {}
            None => {
                let table = Value::Table(Table { entries: vec![moved] });
                document.entries.push(Entry {
                    key: section.to_string(),
                    key_span,
                    node: Node { value: table, span },
                });
            }
        }
    }
}
