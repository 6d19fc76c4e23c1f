//! `--set name=value`: single values laid over the file.
//!
//! `baseline=3.1` sets a constant, `split[Europe]=30` an element of one, and `inputs.shock.dist=normal(0, 3)`
//! any value by the keys that lead to it. A constant or formula with a table keeps its label, unit and the
//! like. A value that is not TOML is taken as a text.

use std::ops::Range;

use super::lexer::is_name;
use super::mend::{key_pattern, number};
use super::names::{did_you_mean, listed};
use super::read::read_value;
use super::tree::{Entry, Node, Table, Text, Value};
use crate::diagnostic::{Diagnostic, SET_FORM, SET_NAME, SET_TWICE, Span};

/// Path of the source that holds the overrides, one a line.
pub const SOURCE: &str = "--set";

/// Keys of [scenario] that may be set where the file does not have them.
const SETTINGS: [&str; 6] = ["title", "years", "runs", "seed", "language", "tornado_inputs"];

/// Applies the overrides, which are the lines of source `source`, in order.
pub fn apply(document: &mut Table, overrides: &[String], source: usize, problems: &mut Vec<Diagnostic>) {
    let mut offset = 0;
    let mut done: Vec<(Vec<String>, Span)> = Vec::new();
    for line in overrides {
        let given = Override { line, source, offset };
        match given.apply(document) {
            Ok(keys) => {
                let span = given.span(&(0..line.len()));
                if let Some((_, first)) = done.iter().find(|(earlier, _)| earlier.starts_with(&keys)) {
                    problems.push(
                        Diagnostic::error(&SET_TWICE, format!("`{}` is set twice", given.name()))
                            .label(span, "again")
                            .context(*first, "first here")
                            .help("leave one of them out"),
                    );
                }
                done.push((keys, span));
            }
            Err(report) => problems.push(*report),
        }
        offset += line.len() + 1;
    }
}

/// An override with its number as riskband writes it, so that `a=3.50` and `a = 3.5` are the same text.
pub fn plain(line: &str) -> String {
    let given = Override { line, source: 0, offset: 0 };
    let Ok((_, at)) = given.path() else { return line.to_string() };
    let number = match read_value(line[at..].trim(), 0, 0).map(|node| node.value) {
        Some(Value::Integer(whole)) => whole.to_string(),
        // Whole numbers up to here are f64 one and all.
        Some(Value::Float(x, _)) if x.abs() < 1e15 => (x + 0.0).to_string(),
        Some(Value::Float(x, _)) => format!("{x:e}"),
        _ => return line.to_string(),
    };
    format!("{}={number}", line[..at - 1].trim())
}

struct Override<'a> {
    line: &'a str,
    source: usize,
    offset: usize,
}

/// One key of the path and its place in the line.
struct Step {
    key: String,
    range: Range<usize>,
    /// Written in brackets: a member of an axis.
    is_member: bool,
}

impl Override<'_> {
    /// Sets the value; gives the keys that lead to it.
    fn apply(&self, document: &mut Table) -> Result<Vec<String>, Box<Diagnostic>> {
        let (mut steps, at) = self.path()?;
        let value = self.value(at)?;
        let top = ["scenario", "axes", "constants", "inputs", "formulas", "outputs", "correlations"];
        if steps.len() == 1 || steps[1].is_member || !top.contains(&steps[0].key.as_str()) {
            self.is_constant(&steps[0], &value, document)?;
            steps.insert(0, Step { key: "constants".into(), range: 0..0, is_member: false });
        }
        // Of a constant or formula that is a table the value has a key of its own.
        let own = match (steps[0].key.as_str(), steps.get(2)) {
            ("constants", None) => Some("value"),
            ("constants", Some(step)) if step.is_member => Some("value"),
            ("formulas", None) => Some("formula"),
            _ => None,
        };
        if let (Some(own), [section, name, ..]) = (own, steps.as_slice()) {
            let found = child(document, &section.key).and_then(|t| t.get(&name.key));
            if found.is_some_and(|e| matches!(e.node.value, Value::Table(_))) {
                let step = Step { key: own.to_string(), range: name.range.clone(), is_member: false };
                steps.insert(2, step);
            }
        }
        self.set(document, &steps, value)?;
        Ok(steps.into_iter().map(|step| step.key).collect())
    }

    /// What stands before the value.
    fn name(&self) -> &str {
        let end = self.path().map_or(self.line.len(), |(_, at)| at - 1);
        self.line[..end].trim()
    }

    /// Refuses a bare name that is no constant.
    fn is_constant(&self, step: &Step, value: &Node, document: &Table) -> Result<(), Box<Diagnostic>> {
        let constants = child(document, "constants");
        if constants.is_some_and(|t| t.get(&step.key).is_some()) {
            return Ok(());
        }
        let name = &step.key;
        if let Some(help) = self.as_option(name) {
            return Err(Box::new(
                Diagnostic::error(&SET_NAME, format!("`{name}` is no constant"))
                    .label(self.span(&step.range), "a setting")
                    .help(help),
            ));
        }
        for (section, key) in [("inputs", "dist"), ("formulas", ""), ("outputs", "formula")] {
            let Some(found) = child(document, section).and_then(|t| t.get(name)) else { continue };
            let is_table = matches!(found.node.value, Value::Table(_));
            let key = match (section, is_table) {
                ("formulas", true) => ".formula",
                ("formulas", false) => "",
                _ if key == "dist" => ".dist",
                _ => ".formula",
            };
            let value = match (&value.value, section) {
                (Value::Text(text), _) => text.text.clone(),
                (other, "inputs") => other.number().map_or("…".to_string(), |x| format!("constant({x})")),
                (other, _) => other.number().map_or("…".to_string(), |x| x.to_string()),
            };
            return Err(Box::new(
                Diagnostic::error(&SET_NAME, format!("`{name}` is no constant"))
                    .label(self.span(&step.range), "only constants are set by their name alone")
                    .context(found.key_span, "defined here")
                    .help(format!("write `--set '{section}.{name}{key}={value}'`")),
            ));
        }
        let known = constants.iter().flat_map(|t| t.entries.iter().map(|e| e.key.as_str()));
        Err(Box::new(
            Diagnostic::error(&SET_NAME, format!("no constant `{name}` to set"))
                .label(self.span(&step.range), "not in the scenario")
                .help(did_you_mean(name, known)),
        ))
    }

    /// What to type for a setting of the whole scenario, or of the run.
    fn as_option(&self, name: &str) -> Option<String> {
        let value = self.line.split_once('=').map_or("…", |(_, value)| value.trim());
        match name {
            "runs" | "seed" | "design" | "threads" | "out" | "format" => {
                Some(format!("write `--{name} {value}` and no `--set`"))
            }
            "percentiles" | "tail_means" => {
                let levels = value.trim_matches(['[', ']']).replace(' ', "");
                Some(format!("write `--{} {levels}` and no `--set`", name.replace('_', "-")))
            }
            _ if SETTINGS.contains(&name) => Some(format!("write `--set 'scenario.{name}={value}'`")),
            _ => None,
        }
    }

    fn set(&self, table: &mut Table, steps: &[Step], value: Node) -> Result<(), Box<Diagnostic>> {
        let [step, rest @ ..] = steps else { return Ok(()) };
        let may_add = rest.is_empty() && SETTINGS.contains(&step.key.as_str());
        let Some(position) = table.entries.iter().position(|e| e.key == step.key) else {
            if step.key == "scenario" && rest.len() == 1 {
                let empty = Node { value: Value::Table(Table::default()), span: value.span };
                table.entries.insert(0, self.entry(step, empty));
                return self.set(table, steps, value);
            }
            if may_add && self.line.trim_start().starts_with("scenario") {
                table.entries.push(self.entry(step, value));
                return Ok(());
            }
            return Err(Box::new(self.unknown(step, table)));
        };
        let entry = &mut table.entries[position];
        if rest.is_empty() {
            entry.node = value;
            return Ok(());
        }
        match &mut entry.node.value {
            Value::Table(table) => self.set(table, rest, value),
            other => Err(Box::new(
                Diagnostic::error(&SET_NAME, format!("`{}` has nothing below it", step.key))
                    .label(self.span(&rest[0].range), format!("`{}` holds {}", step.key, other.kind()))
                    .help(match rest[0].is_member {
                        true => format!("set it for all members: `{}=…`", step.key),
                        false => String::new(),
                    }),
            )),
        }
    }

    fn unknown(&self, step: &Step, table: &Table) -> Diagnostic {
        let known = || table.entries.iter().map(|e| e.key.as_str());
        let near = did_you_mean(&step.key, known());
        Diagnostic::error(&SET_NAME, format!("nothing named `{}` to set", step.key))
            .label(self.span(&step.range), "not in the scenario")
            .help(if near.is_empty() { format!("there are {}", listed(known())) } else { near })
    }

    fn entry(&self, step: &Step, node: Node) -> Entry {
        Entry { key: step.key.clone(), key_span: self.span(&step.range), node }
    }

    /// The keys in front of `=`, and the byte behind it.
    fn path(&self) -> Result<(Vec<Step>, usize), Box<Diagnostic>> {
        let mut steps = Vec::new();
        let mut at = 0;
        let bytes = self.line.as_bytes();
        loop {
            let is_member = bytes.get(at) == Some(&b'[');
            let close: &[char] = if is_member { &[']'] } else { &['.', '=', '['] };
            let start = at + usize::from(is_member);
            let quote = bytes.get(start).copied().filter(|b| matches!(b, b'"' | b'\''));
            let range = match quote {
                Some(quote) => {
                    let end =
                        self.line[start + 1..].find(char::from(quote)).ok_or_else(|| self.malformed())?;
                    at = start + end + 2;
                    start + 1..start + 1 + end
                }
                None => {
                    let end = self.line[start..].find(close).ok_or_else(|| self.malformed())?;
                    at = start + end;
                    start..at
                }
            };
            for part in if is_member && quote.is_none() { split(self.line, range) } else { vec![range] } {
                let part = trimmed(self.line, part);
                let key = self.line[part.clone()].to_string();
                if key.is_empty() {
                    return Err(self.malformed());
                }
                steps.push(Step { key, range: part, is_member });
            }
            at += usize::from(is_member);
            match bytes.get(at) {
                Some(b'=') => return Ok((steps, at + 1)),
                Some(b'.') => at += 1,
                Some(b'[') => {}
                _ => return Err(self.malformed()),
            }
        }
    }

    fn value(&self, at: usize) -> Result<Node, Box<Diagnostic>> {
        let raw = &self.line[at..];
        let start = at + raw.len() - raw.trim_start().len();
        let text = raw.trim();
        if text.is_empty() {
            return Err(self.malformed());
        }
        if let Some(node) = read_value(text, self.source, self.offset + start) {
            return Ok(node);
        }
        let name = self.line[..at - 1].trim();
        let place = self.span(&(start..start + text.len()));
        let refused = |message: &str, label: &str, help: String| {
            Err(Box::new(Diagnostic::error(&SET_FORM, message).label(place, label).help(help)))
        };
        if let Some(value) = text.strip_prefix('=') {
            let help = format!("write `--set {name}={}`", value.trim());
            return refused("one `=` stands between name and value", "another `=`", help);
        }
        if let Some((first, second)) = text.split_once(',').filter(|(_, rest)| key_pattern(rest)) {
            let help = format!("write `--set {name}={} --set {}`", first.trim(), second.trim());
            return refused("each value has a `--set` of its own", "two values", help);
        }
        if text.ends_with(['k', 'K', 'M'])
            && let Some(value) = number(text, "runs").and_then(|meant| meant.value)
        {
            return refused(
                "a number has no word behind it",
                "not a number",
                format!("write `--set {name}={value}`"),
            );
        }
        if let Some(meant) = number(text, name) {
            let help = match meant.value {
                Some(value) => format!("write `--set {name}={value}`"),
                None => meant.help,
            };
            return refused(meant.message, meant.label, help);
        }
        let first = self.offset + start;
        let mut origins = Vec::with_capacity(text.len());
        for (index, character) in text.char_indices() {
            let place = (first + index, first + index + character.len_utf8());
            origins.extend(std::iter::repeat_n(place, character.len_utf8()));
        }
        let span = Span { source: self.source, start: first, end: first + text.len() };
        let end = Span { start: span.end, ..span };
        Ok(Node { value: Value::Text(Text { text: text.to_string(), origins, span, end }), span })
    }

    fn malformed(&self) -> Box<Diagnostic> {
        let parted = self.line.trim().split_once([':', ' ']);
        let meant =
            parted.filter(|(name, value)| is_name(name) && !value.contains('=') && !value.trim().is_empty());
        let help = match meant {
            Some((name, value)) => format!("write `--set {name}={}`", value.trim()),
            None => "write for example `--set baseline=3.1` or `--set 'inputs.shock.dist=normal(0, 3)'`"
                .to_string(),
        };
        Box::new(
            Diagnostic::error(&SET_FORM, "`--set` takes a name, `=` and a value")
                .label(self.span(&(0..self.line.len())), "not of this form")
                .help(help),
        )
    }

    fn span(&self, range: &Range<usize>) -> Span {
        Span { source: self.source, start: self.offset + range.start, end: self.offset + range.end }
    }
}

/// The range without blanks at its ends.
fn trimmed(line: &str, range: Range<usize>) -> Range<usize> {
    let text = &line[range.clone()];
    let start = range.start + text.len() - text.trim_start().len();
    start..start + text.trim().len()
}

/// The parts of `a, b` in brackets.
fn split(line: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut start = range.start;
    line[range]
        .split(',')
        .map(|part| {
            let from = start;
            start += part.len() + 1;
            from..from + part.len()
        })
        .collect()
}

fn child<'a>(document: &'a Table, key: &str) -> Option<&'a Table> {
    match &document.get(key)?.node.value {
        Value::Table(table) => Some(table),
        _ => None,
    }
}
