//! A whole document, statement by statement.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::edits::{Edit, Places, apply};
use super::mender::Mender;
use super::statements::{Statement, statements};
use super::twice::Given;
use crate::diagnostic::Diagnostic;

/// A document that was not TOML.
pub struct Mended {
    /// As it was meant, where each of its bytes stood, and which places of the original are a guess.
    pub text: String,
    pub places: Places,
    pub doubtful: Vec<Range<usize>>,
    pub problems: Vec<Diagnostic>,
    /// False where it is not known what was meant.
    pub readable: bool,
}

/// True for a text that is TOML.
pub fn reads(text: &str) -> bool {
    DeTable::parse_recoverable(text).1.is_empty()
}

/// Goes through a document, the text of source `source`, that TOML does not read.
pub fn mend(text: &str, source: usize) -> Mended {
    let (mut edits, mut problems, mut doubtful): (Vec<Edit>, Vec<Diagnostic>, Vec<_>) = Default::default();
    let mut readable = true;
    let mut given = Given::default();
    let (mut depth, mut section) = (0, String::new());
    for statement in statements(text) {
        let Statement { range, is_header } = statement;
        let mut mender = Mender::new(text, source, range.clone(), depth, &section);
        let mut meant = text[range.clone()].to_string();
        if !reads(&meant) {
            match is_header {
                true => mender.header(),
                false => mender.key_with_value(),
            }
            meant = made(text, &range, &mender.edits);
            if !reads(&meant) && mender.readable {
                unexplained(&mut mender, &range, is_header);
                meant = made(text, &range, &mender.edits);
            }
        }
        // A header may have lost its brackets.
        let is_header = meant.starts_with('[');
        if mender.readable {
            given.take(&meant, range, is_header, &mut mender);
        }
        if is_header {
            let names = names_of(&meant);
            (depth, section) = (names.len(), names.into_iter().next().unwrap_or_default());
        }
        readable &= mender.readable;
        edits.append(&mut mender.edits);
        doubtful.append(&mut mender.doubtful);
        problems.append(&mut mender.reports);
    }
    let (text, places) = apply(text, &mut edits);
    Mended { text, places, doubtful, problems, readable }
}

/// A stretch of the text with its edits made.
fn made(text: &str, range: &Range<usize>, edits: &[Edit]) -> String {
    let within = |edit: &Edit| Edit {
        range: edit.range.start - range.start..edit.range.end - range.start,
        text: edit.text.clone(),
    };
    let mut edits: Vec<Edit> = edits.iter().map(within).collect();
    apply(&text[range.clone()], &mut edits).0
}

/// Nothing here explains what TOML does not read: it is told in TOML's words, and the value is left alone.
fn unexplained(mender: &mut Mender<'_>, range: &Range<usize>, is_header: bool) {
    let text = &mender.text[range.clone()];
    if mender.reports.is_empty()
        && let Some(error) = DeTable::parse_recoverable(text).1.first()
    {
        let found = error.span().unwrap_or(0..0);
        let place = range.start + found.start.min(text.len())..range.start + found.end.min(text.len());
        let (what, expected) = error.message().split_once(", expected ").unwrap_or((error.message(), ""));
        let message = format!("this is not TOML: {}", what.replace("invalid ", "unreadable "));
        let label = if expected.is_empty() { "here".to_string() } else { format!("expected {expected}") };
        mender.report(&message, place, label, "");
    }
    let value = text.find('=').filter(|_| !is_header).map(|at| range.start + at + 1..range.end);
    match value {
        Some(value)
            if reads(&format!("{} {}", &mender.text[range.start..value.start], super::mender::NOTHING)) =>
        {
            mender.edits.clear();
            mender.give_up_on(value);
        }
        _ => mender.readable = false,
    }
}

/// The names of a header.
fn names_of(header: &str) -> Vec<String> {
    let (document, _) = DeTable::parse_recoverable(header);
    let (mut names, mut table) = (Vec::new(), document.get_ref());
    while let Some((name, value)) = table.iter().next() {
        names.push(name.get_ref().to_string());
        match value.get_ref() {
            DeValue::Table(inner) => table = inner,
            _ => break,
        }
    }
    names
}
