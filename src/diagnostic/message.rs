//! One diagnostic: a code, a sentence, labels that point into texts, and what to type instead.

use super::Code;

/// A stretch of bytes in one of the texts of a [`super::Sources`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// Index of the text, as [`super::Sources::add`] returned it.
    pub source: usize,
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// From the start of this span to the end of `last`, which lies in the same text.
    pub fn to(self, last: Span) -> Span {
        Span { end: last.end, ..self }
    }
}

/// Whether the scenario can still be run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// It cannot.
    Error,
    /// It can; the message says what was done.
    Warning,
}

/// A span and what is to be said about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    /// Why here, with the value; may be empty.
    pub text: String,
    /// The one the report is placed at; others give context.
    pub primary: bool,
}

/// One thing to tell about a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub code: &'static Code,
    pub severity: Severity,
    /// What is wrong, in the scenario's words.
    pub message: String,
    pub labels: Vec<Label>,
    /// What to type.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// An error without labels yet.
    pub fn error(code: &'static Code, message: impl Into<String>) -> Self {
        Diagnostic {
            code,
            severity: Severity::Error,
            message: message.into(),
            labels: Vec::new(),
            help: Vec::new(),
        }
    }

    /// A warning without labels yet.
    pub fn warning(code: &'static Code, message: impl Into<String>) -> Self {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, message) }
    }

    /// Adds the place the report is about.
    pub fn label(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into(), primary: true });
        self
    }

    /// Adds another place that explains it.
    pub fn context(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into(), primary: false });
        self
    }

    /// Adds advice; an empty text adds nothing.
    pub fn help(mut self, text: impl Into<String>) -> Self {
        let text = text.into();
        if !text.is_empty() {
            self.help.push(text);
        }
        self
    }

    /// True for an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }

    /// Where the report is placed: the first primary label.
    pub fn position(&self) -> Option<Span> {
        self.labels.iter().find(|l| l.primary).map(|l| l.span)
    }
}
