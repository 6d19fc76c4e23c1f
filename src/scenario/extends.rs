//! `extends = "base.toml"`: a small file laid over another.
//!
//! - The path is relative to the file that names it; the base may extend another file itself.
//! - A table of the overlay is laid over the table of the same name, key by key; any other value replaces the
//!   base's.
//! - A provenance (`source`, `derived`, `assumption`) replaces whichever the base had.
//! - A block of [[correlations]] replaces the base's block between the same inputs, and is added where there
//!   is none.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::plain::read_plain;
use super::read::read;
use super::tree::{Entry, Node, Table, Value};
use crate::diagnostic::{Diagnostic, EXTENDS, Sources, Span, TOML_TYPE};

/// More files in a chain than anyone lays over each other.
const LONGEST_CHAIN: usize = 32;

/// Text of a file, line ends `\n` and without a byte order mark.
///
/// # Errors
/// What the system says; also for a text that is not UTF-8, and for what is no plain file.
pub fn read_text(path: &Path) -> io::Result<String> {
    let text = String::from_utf8(read_plain(path)?);
    let text = text.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
    Ok(normalised(&text))
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
) -> Option<Table> {
    let mut chain = vec![(path.to_path_buf(), text)];
    let mut seen = vec![identity(path)];
    let mut broken = None;
    while let Some((file, text)) = chain.last() {
        let table = read(text, 0, &mut Vec::new());
        let Some(entry) = table.as_ref().and_then(|t| t.get("extends")) else { break };
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
                Diagnostic::error(&EXTENDS, format!("`{}` cannot be read", next.display()))
                    .label(span, reason(&error))
                    .help("the path is relative to the file that names it")
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
    let document = lay(chain, sources, problems);
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
) -> Option<Table> {
    let mut tables = Vec::new();
    for (path, text) in chain {
        let source = sources.add(path, text);
        tables.push(read(&sources.texts()[source].1, source, problems));
    }
    let mut tables = tables.into_iter();
    let mut document = tables.next()??;
    for table in tables {
        lay_over(&mut document, table?, &[]);
    }
    document.entries.retain(|e| e.key != "extends");
    Some(document)
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

const PROVENANCE: [&str; 3] = ["source", "derived", "assumption"];

/// Lays `overlay` over `base`, which stands below the keys `path`.
fn lay_over(base: &mut Table, overlay: Table, path: &[&str]) {
    if overlay.entries.iter().any(|e| PROVENANCE.contains(&e.key.as_str())) && path.len() >= 2 {
        base.entries.retain(|e| !PROVENANCE.contains(&e.key.as_str()));
    }
    for entry in overlay.entries {
        let Some(old) = base.get_mut(&entry.key) else {
            base.entries.push(entry);
            continue;
        };
        match (&mut old.node.value, entry.node.value) {
            (Value::Table(below), Value::Table(above)) => {
                let path: Vec<&str> = path.iter().copied().chain([entry.key.as_str()]).collect();
                lay_over(below, above, &path);
            }
            (Value::Array(below), Value::Array(above)) if path.is_empty() && entry.key == "correlations" => {
                lay_blocks(below, above);
            }
            (_, value) => *old = Entry { node: Node { value, span: entry.node.span }, ..entry },
        }
    }
}

fn lay_blocks(base: &mut Vec<Node>, overlay: Vec<Node>) {
    for block in overlay {
        match base.iter_mut().find(|old| between(old).is_some() && between(old) == between(&block)) {
            Some(old) => *old = block,
            None => base.push(block),
        }
    }
}

/// The names in `between`, sorted.
fn between(block: &Node) -> Option<Vec<&str>> {
    let Value::Table(table) = &block.value else { return None };
    let Value::Array(items) = &table.get("between")?.node.value else { return None };
    let mut names: Vec<&str> = items
        .iter()
        .filter_map(|i| if let Value::Text(t) = &i.value { Some(t.text.as_str()) } else { None })
        .collect();
    names.sort_unstable();
    Some(names)
}

/// A place to hang a report on where a file has nothing better: its start.
pub fn start_of(source: usize) -> Span {
    Span { source, start: 0, end: 0 }
}
