//! A TOML document as a tree in which every key and value knows where it stands.

use std::ops::Range;

use crate::diagnostic::Span;

/// A value and its place.
#[derive(Clone, Debug)]
pub struct Node {
    pub value: Value,
    pub span: Span,
}

/// What TOML can hold.
#[derive(Clone, Debug)]
pub enum Value {
    Text(Text),
    Integer(i128),
    /// With its digits as they are written.
    Float(f64, String),
    Boolean(bool),
    Date,
    Array(Vec<Node>),
    Table(Table),
}

/// Keys and values in the order of the file.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub entries: Vec<Entry>,
}

/// One key with its value.
#[derive(Clone, Debug)]
pub struct Entry {
    pub key: String,
    pub key_span: Span,
    pub node: Node,
}

/// A string together with the source bytes of each of its bytes.
#[derive(Clone, Debug)]
pub struct Text {
    pub text: String,
    /// Start and end in the source of each byte of `text`.
    pub origins: Vec<(usize, usize)>,
    /// The whole literal, quotes included.
    pub span: Span,
    /// The closing quote, or the empty span behind an unquoted text.
    pub end: Span,
}

impl Text {
    /// A text that stands nowhere else.
    pub fn plain(text: &str) -> Text {
        let bytes = text
            .char_indices()
            .flat_map(|(at, c)| std::iter::repeat_n((at, at + c.len_utf8()), c.len_utf8()));
        let span = Span { source: 0, start: 0, end: text.len() };
        Text { text: text.to_string(), origins: bytes.collect(), span, end: Span { start: span.end, ..span } }
    }

    /// Source bytes of a stretch of the decoded text; an empty stretch is placed where it stands.
    pub fn span_of(&self, range: Range<usize>) -> Span {
        if range.start >= self.origins.len() {
            return self.end;
        }
        let start = self.origins[range.start].0;
        let end = if range.end > range.start {
            self.origins[range.end.min(self.origins.len()) - 1].1
        } else {
            self.origins[range.start].1
        };
        Span { source: self.span.source, start, end }
    }

    /// The text inside the quotes.
    pub fn inner(&self) -> Span {
        match (self.origins.first(), self.origins.last()) {
            (Some(first), Some(last)) => Span { source: self.span.source, start: first.0, end: last.1 },
            _ => self.span,
        }
    }
}

impl Table {
    /// The entry with this key.
    pub fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|e| e.key == key)
    }

    /// The entry with this key, to change it.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|e| e.key == key)
    }
}

impl Value {
    /// What it is, for "expected …, found …".
    pub fn kind(&self) -> &'static str {
        match self {
            Value::Text(_) => "a string",
            Value::Integer(_) | Value::Float(..) => "a number",
            Value::Boolean(_) => "true or false",
            Value::Date => "a date",
            Value::Array(_) => "an array",
            Value::Table(_) => "a table",
        }
    }

    /// The number, if it is one.
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Integer(x) => Some(*x as f64),
            Value::Float(x, _) => Some(*x),
            _ => None,
        }
    }
}
