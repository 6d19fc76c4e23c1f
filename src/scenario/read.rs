//! TOML text to a [`Table`] with places; all syntax errors at once.

use toml::de::{DeTable, DeValue, Error};

use super::escapes::origins;
use super::tree::{Entry, Node, Table, Text, Value};
use crate::diagnostic::{Diagnostic, Span, TOML_SYNTAX};

/// Reads a document, the text of source `source`, line ends already `\n`.
///
/// Adds one diagnostic for each syntax error; with any, the tree is not given, as what follows an error may
/// have been read as something it is not.
pub fn read(text: &str, source: usize, problems: &mut Vec<Diagnostic>) -> Option<Table> {
    let (document, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Some(Reader { text, source, offset: 0 }.table(document.get_ref()));
    }
    problems.extend(errors.iter().map(|error| syntax(error, text, source)));
    None
}

/// Reads one value that stands at byte `offset` of source `source`; `None` if it is not a TOML value.
pub fn read_value(text: &str, source: usize, offset: usize) -> Option<Node> {
    let value = DeValue::parse(text).ok()?;
    Some(Reader { text, source, offset }.node(value.get_ref(), value.span()))
}

fn syntax(error: &Error, text: &str, source: usize) -> Diagnostic {
    let range = error.span().unwrap_or(text.len()..text.len());
    let span = Span { source, start: range.start, end: range.end.max(range.start) };
    let (what, expected) = error.message().split_once(", expected ").unwrap_or((error.message(), ""));
    let at_end =
        text.get(range.start..).is_none_or(|rest| rest.trim_start_matches(' ').starts_with(['\n', '#']));
    let expected = if expected.is_empty() { String::new() } else { format!("expected {expected}") };
    let (message, label, help) = match what {
        "duplicate key" => {
            ("this key stands here a second time", "given before".to_string(), "keep one of them")
        }
        "string values must be quoted" if at_end || range.is_empty() => (
            "a key has no value",
            "expected a value".to_string(),
            "write `key = 1.5`, `key = \"text\"` or `key = [1, 2]`",
        ),
        "string values must be quoted" => {
            ("a text needs quotes", "not a number, date, true or false".to_string(), "write `key = \"text\"`")
        }
        "invalid basic string" | "invalid literal string" | "invalid multi-line basic string" => {
            ("a text has no closing quote", expected, "")
        }
        _ => {
            let message = format!("this is not TOML: {}", what.replace("invalid ", "unreadable "));
            let label = if expected.is_empty() { "here".to_string() } else { expected };
            return Diagnostic::error(&TOML_SYNTAX, message).label(span, label);
        }
    };
    Diagnostic::error(&TOML_SYNTAX, message).label(span, label).help(help)
}

struct Reader<'a> {
    text: &'a str,
    source: usize,
    offset: usize,
}

impl Reader<'_> {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        Span { source: self.source, start: range.start + self.offset, end: range.end + self.offset }
    }

    fn table(&self, table: &DeTable<'_>) -> Table {
        let mut entries: Vec<Entry> = table
            .iter()
            .map(|(key, value)| Entry {
                key: key.get_ref().to_string(),
                key_span: self.span(key.span()),
                node: self.node(value.get_ref(), value.span()),
            })
            .collect();
        entries.sort_by_key(|e| e.key_span.start);
        Table { entries }
    }

    fn node(&self, value: &DeValue<'_>, range: std::ops::Range<usize>) -> Node {
        let span = self.span(range.clone());
        let value = match value {
            DeValue::String(text) => Value::Text(self.string(text, range)),
            DeValue::Integer(digits) => match i128::from_str_radix(digits.as_str(), digits.radix()) {
                Ok(integer) => Value::Integer(integer),
                Err(_) => Value::Float(digits.as_str().parse().unwrap_or(f64::NAN)),
            },
            DeValue::Float(digits) => Value::Float(digits.as_str().parse().unwrap_or(f64::NAN)),
            DeValue::Boolean(truth) => Value::Boolean(*truth),
            DeValue::Datetime(_) => Value::Date,
            DeValue::Array(items) => {
                Value::Array(items.iter().map(|item| self.node(item.get_ref(), item.span())).collect())
            }
            DeValue::Table(table) => Value::Table(self.table(table)),
        };
        Node { value, span }
    }

    fn string(&self, decoded: &str, range: std::ops::Range<usize>) -> Text {
        let raw = self.text.get(range.clone()).unwrap_or("");
        let start = range.start + self.offset;
        let mut places: Vec<(usize, usize)> =
            origins(raw).into_iter().map(|(a, b)| (a + start, b + start)).collect();
        let span = self.span(range);
        places.resize(decoded.len(), (span.start, span.end));
        let end = Span { start: span.end.saturating_sub(1).max(span.start), ..span };
        Text { text: decoded.to_string(), origins: places, span, end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_in_the_order_of_the_file() {
        let table = read("b = 1\na = 2\n[z]\n[c]", 0, &mut Vec::new()).unwrap();
        let keys: Vec<&str> = table.entries.iter().map(|e| e.key.as_str()).collect();
        assert_eq!(keys, ["b", "a", "z", "c"]);
    }

    #[test]
    fn all_syntax_errors_are_reported_at_once() {
        let mut problems = Vec::new();
        assert!(read("a = \nb = 'x\nc = [1, 2\n", 0, &mut problems).is_none());
        assert!(problems.len() >= 2, "{problems:?}");
    }

    #[test]
    fn a_place_inside_a_string_is_found_behind_escapes() {
        let text = "k = \"\\u0061 + \\\"b\\\"\"";
        let table = read(text, 0, &mut Vec::new()).unwrap();
        let Value::Text(string) = &table.entries[0].node.value else { panic!("not a string") };
        let at = string.text.find('b').unwrap();
        let span = string.span_of(at..at + 1);
        assert_eq!(&text[span.start..span.end], "b");
        let span = string.span_of(0..1);
        assert_eq!(&text[span.start..span.end], "\\u0061");
    }

    #[test]
    fn a_value_alone_is_placed_by_its_offset() {
        let node = read_value("3.5", 2, 10).unwrap();
        assert_eq!(node.span, Span { source: 2, start: 10, end: 13 });
        assert!(read_value("normal(0, 1)", 0, 0).is_none());
    }
}
