//! `extends = "base.toml"`: a small file laid over another.
//!
//! - The path is relative to the file that names it; the base may extend another file itself.
//! - A table of the overlay is laid over the table of the same name, key by key; any other value replaces the
//!   base's.
//! - A provenance (`source`, `derived`, `assumption`) replaces whichever the base had.
//! - A block of [[correlations]] replaces the base's block between the same inputs, and is added where there
//!   is none.
//! - A number alone, `price = 3`, keeps the label, unit and the like of the base's constant or formula.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::foreign_format::{NoText, text};
use super::load::KEYS;
use super::overlay::lay_over;
use super::plain::read_plain;
use super::read::read;
use super::tree::{Entry, Table, Value};
use crate::diagnostic::{Diagnostic, EXTENDS, Sources, Span, TOML_TYPE, nearest};

/// More files in a chain than anyone lays over each other.
const LONGEST_CHAIN: usize = 32;

/// Why a file has no text.
pub enum Unread {
    System(io::Error),
    NoText(NoText),
}

/// Text of a file, line ends `\n` and without a byte order mark.
///
/// # Errors
/// What the system says, also for what is no plain file, or what the file is instead of a text.
pub fn read_text(path: &Path) -> Result<String, Unread> {
    let bytes = read_plain(path).map_err(Unread::System)?;
    text(bytes).map(|text| normalised(&text)).map_err(Unread::NoText)
}

/// Line ends `\n`, no byte order mark.
pub fn normalised(text: &str) -> String {
    text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n")
}

/// Reads the chain of files that ends with `text` at `path` into `sources`, base first, and lays them over
/// each other.
///
/// `None` where one of them cannot be read or is not TOML.
pub fn assemble(
    path: &Path,
    text: String,
    sources: &mut Sources,
    problems: &mut Vec<Diagnostic>,
    doubtful: &mut Vec<Span>,
) -> Option<Table> {
    let mut chain = vec![(path.to_path_buf(), text)];
    let mut seen = vec![identity(path)];
    let mut broken = None;
    while let Some((file, text)) = chain.last() {
        let table = read(text, 0, &mut Vec::new(), &mut Vec::new());
        let Some(entry) = table.as_ref().and_then(named_base) else { break };
        let next = match base_of(entry, file) {
            Ok(next) => next,
            Err(report) => {
                broken = Some(*report);
                break;
            }
        };
        let span = entry.node.span;
        let base = if seen.contains(&identity(&next)) {
            Err(Diagnostic::error(&EXTENDS, "a file that extends itself has no end")
                .label(span, "leads back to a file that was read already"))
        } else if chain.len() == LONGEST_CHAIN {
            Err(Diagnostic::error(&EXTENDS, "too many files extend each other")
                .label(span, format!("more than {LONGEST_CHAIN}")))
        } else {
            read_text(&next).map_err(|error| {
                let (why, help) = match &error {
                    Unread::System(error) => {
                        (reason(error), "the path is relative to the file that names it")
                    }
                    Unread::NoText(no) => (no.what.clone(), no.help),
                };
                Diagnostic::error(&EXTENDS, format!("`{}` cannot be read", next.display()))
                    .label(span, why)
                    .help(help)
            })
        };
        match base {
            Ok(text) => {
                seen.push(identity(&next));
                chain.push((next, text));
            }
            Err(report) => {
                broken = Some(report);
                break;
            }
        }
    }
    let chain = chain.into_iter().rev().map(|(path, text)| (path.display().to_string(), text));
    let document = lay(chain, sources, problems, doubtful);
    // The file whose base is missing is the first of the sources, as it was read last.
    let complete = broken.is_none();
    problems.extend(broken);
    document.filter(|_| complete)
}

/// Adds the texts of a chain of files, base first, to `sources` and lays them over each other.
///
/// `None` where one of them is not TOML.
pub fn lay(
    chain: impl Iterator<Item = (String, String)>,
    sources: &mut Sources,
    problems: &mut Vec<Diagnostic>,
    doubtful: &mut Vec<Span>,
) -> Option<Table> {
    let mut tables = Vec::new();
    for (path, text) in chain {
        let source = sources.add(path, text);
        tables.push(read(&sources.texts()[source].1, source, problems, doubtful));
    }
    let mut tables = tables.into_iter();
    let mut document = tables.next()??;
    for (above, table) in tables.enumerate() {
        lay_over(&mut document, table?, above + 1, problems);
    }
    document.entries.retain(|e| e.key != "extends");
    Some(document)
}

/// The entry that names a base, also where its key is misspelt.
fn named_base(table: &Table) -> Option<&Entry> {
    let misspelt = |entry: &&Entry| nearest(&entry.key, KEYS.known.iter().copied()) == Some("extends");
    table.get("extends").or_else(|| table.entries.iter().find(misspelt))
}

fn base_of(entry: &Entry, file: &Path) -> Result<PathBuf, Box<Diagnostic>> {
    match &entry.node.value {
        Value::Text(text) => Ok(file.parent().unwrap_or(Path::new("")).join(&text.text)),
        other => Err(Box::new(
            Diagnostic::error(&TOML_TYPE, "`extends` takes the path of a file")
                .label(entry.node.span, format!("found {}", other.kind()))
                .help("write `extends = \"base.toml\"`"),
        )),
    }
}

/// Why a file cannot be read, in words that do not depend on the system where they need not.
pub fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_string(),
        io::ErrorKind::InvalidData => "it is not UTF-8 text".to_string(),
        _ => error.to_string(),
    }
}

fn identity(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

/// A place to hang a report on where a file has nothing better: its start.
pub fn start_of(source: usize) -> Span {
    Span { source, start: 0, end: 0 }
}
