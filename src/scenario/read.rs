//! TOML text to a [`Table`] with places; all syntax errors at once, and the text read as it was meant.

use toml::de::{DeTable, DeValue, Error};

use super::escapes::origins;
use super::foreign_format::other_format;
use super::mend::{Mended, Places, gather, mend, part};
use super::tree::{Entry, Node, Table, Text, Value};
use crate::diagnostic::{Diagnostic, Span, TOML_SYNTAX};

/// Reads a document, the text of source `source`, line ends already `\n`.
///
/// Where it is not TOML, every mistake is reported and the text is read as it was meant; `doubtful` gets the places whose
/// values are a guess. `None` where the rest would say nothing.
pub fn read(
    text: &str,
    source: usize,
    problems: &mut Vec<Diagnostic>,
    doubtful: &mut Vec<Span>,
) -> Option<Table> {
    let (document, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        let places = Places::default();
        let mut table = Reader { text, source, offset: 0, places: &places }.table(document.get_ref());
        part(&mut table, problems);
        return Some(table);
    }
    if let Some(report) = other_format(text, source) {
        problems.push(report);
        return None;
    }
    let Mended { text: meant, places, doubtful: guessed, problems: mistakes, readable } = mend(text, source);
    problems.extend(mistakes);
    let (document, errors) = DeTable::parse_recoverable(&meant);
    if !readable || !errors.is_empty() {
        let errors = errors.iter().filter(|_| readable);
        problems.extend(errors.map(|error| syntax(error, meant.len(), &places, source)));
        return None;
    }
    doubtful.extend(guessed.into_iter().map(|range| Span { source, start: range.start, end: range.end }));
    let mut table = Reader { text: &meant, source, offset: 0, places: &places }.table(document.get_ref());
    gather(&mut table);
    part(&mut table, problems);
    Some(table)
}

/// Reads one value that stands at byte `offset` of source `source`; `None` if it is not a TOML value.
pub fn read_value(text: &str, source: usize, offset: usize) -> Option<Node> {
    let value = DeValue::parse(text).ok()?;
    Some(Reader { text, source, offset, places: &Places::default() }.node(value.get_ref(), value.span()))
}

/// An error that nothing explains better, in TOML's words.
fn syntax(error: &Error, length: usize, places: &Places, source: usize) -> Diagnostic {
    let range = error.span().unwrap_or(length..length);
    let (start, end) = (places.start(range.start), places.end(range.end));
    let (what, expected) = error.message().split_once(", expected ").unwrap_or((error.message(), ""));
    let label = if expected.is_empty() { "here".to_string() } else { format!("expected {expected}") };
    Diagnostic::error(&TOML_SYNTAX, format!("this is not TOML: {}", what.replace("invalid ", "unreadable ")))
        .label(Span { source, start, end: end.max(start) }, label)
}

fn float(digits: &str) -> Value {
    Value::Float(digits.parse().unwrap_or(f64::NAN), digits.to_string())
}

struct Reader<'a> {
    text: &'a str,
    source: usize,
    offset: usize,
    /// Where the bytes of the text stood before it was mended.
    places: &'a Places,
}

impl Reader<'_> {
    fn span(&self, range: std::ops::Range<usize>) -> Span {
        let (start, end) = (self.places.start(range.start), self.places.end(range.end));
        Span { source: self.source, start: start + self.offset, end: end.max(start) + self.offset }
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
                Err(_) => float(digits.as_str()),
            },
            DeValue::Float(digits) => float(digits.as_str()),
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
        let first = range.start;
        let place =
            |(a, b)| (self.places.start(a + first) + self.offset, self.places.end(b + first) + self.offset);
        let mut places: Vec<(usize, usize)> = origins(raw).into_iter().map(place).collect();
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
        let table = read("b = 1\na = 2\n[z]\n[c]", 0, &mut Vec::new(), &mut Vec::new()).unwrap();
        let keys: Vec<&str> = table.entries.iter().map(|e| e.key.as_str()).collect();
        assert_eq!(keys, ["b", "a", "z", "c"]);
    }

    #[test]
    fn all_syntax_errors_are_reported_at_once() {
        let mut problems = Vec::new();
        let mut doubtful = Vec::new();
        let table = read("a = \nb = 'x\nc = [1, 2\n", 0, &mut problems, &mut doubtful).unwrap();
        assert_eq!((problems.len(), table.entries.len()), (3, 3), "{problems:?}");
        assert_eq!(doubtful, [Span { source: 0, start: 4, end: 4 }]);
    }

    #[test]
    fn a_place_inside_a_string_is_found_behind_escapes() {
        let text = "k = \"\\u0061 + \\\"b\\\"\"";
        let table = read(text, 0, &mut Vec::new(), &mut Vec::new()).unwrap();
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
