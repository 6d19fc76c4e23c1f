//! The reader that goes on where TOML stops: what it has found so far.

use std::ops::Range;

use super::edits::Edit;
use super::statements::line_end;
use crate::diagnostic::{Diagnostic, Label, Span, TOML_SYNTAX};

/// A value that nothing in the language takes, in the place of one that cannot be guessed.
pub const NOTHING: &str = "\"?\"";

/// Goes through one statement.
pub struct Mender<'a> {
    /// The whole document.
    pub text: &'a str,
    pub source: usize,
    /// The next byte, and the end of the statement.
    pub at: usize,
    pub end: usize,
    /// Names above the next key, and above the keys of this line: a section has one, `[inputs.cost]` two.
    pub depth: usize,
    pub line_depth: usize,
    /// Brackets that the next byte stands in.
    pub nested: usize,
    /// The section that the statement stands in, or begins.
    pub section: String,
    pub reports: Vec<Diagnostic>,
    pub edits: Vec<Edit>,
    /// Places whose value is a guess: what is said about them later is left out.
    pub doubtful: Vec<Range<usize>>,
    /// False once something is gone without which the rest says nothing.
    pub readable: bool,
}

/// More places of one mistake than this are not shown.
const MOST_PLACES: usize = 8;
/// What the last of those shown says then.
const MORE: &str = ", and more behind it";

impl<'a> Mender<'a> {
    pub fn new(
        text: &'a str,
        source: usize,
        statement: Range<usize>,
        depth: usize,
        section: &str,
    ) -> Mender<'a> {
        Mender {
            text,
            source,
            at: statement.start,
            end: statement.end,
            depth,
            line_depth: depth,
            nested: 0,
            section: section.to_string(),
            reports: Vec::new(),
            edits: Vec::new(),
            doubtful: Vec::new(),
            readable: true,
        }
    }

    /// Reports a mistake; the same one elsewhere in the statement is another place of the first report, as far as there
    /// are few.
    pub fn report(
        &mut self,
        message: &str,
        range: Range<usize>,
        label: impl Into<String>,
        help: impl Into<String>,
    ) {
        let span = self.span(range);
        match self.reports.iter_mut().find(|report| report.message == message) {
            Some(report) if report.labels.len() < MOST_PLACES => {
                report.labels.push(Label { span, text: label.into(), primary: true });
            }
            Some(report) => {
                if let Some(last) = report.labels.last_mut().filter(|last| !last.text.ends_with(MORE)) {
                    last.text.push_str(MORE);
                }
            }
            None => {
                let report = Diagnostic::error(&TOML_SYNTAX, message).label(span, label);
                self.reports.push(report.help(help));
            }
        }
    }

    pub fn span(&self, range: Range<usize>) -> Span {
        Span { source: self.source, start: range.start, end: range.end }
    }

    pub fn edit(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.edits.push(Edit { range, text: text.into() });
    }

    /// Takes a value for one that cannot be guessed.
    pub fn give_up_on(&mut self, range: Range<usize>) {
        self.edits.retain(|edit| edit.range.end <= range.start || edit.range.start >= range.end);
        self.edit(range.clone(), format!(" {NOTHING}"));
        self.doubtful.push(range);
    }

    /// The statement from the next byte on.
    pub fn rest(&self) -> &'a str {
        &self.text[self.at..self.end]
    }

    /// The next character of the statement.
    pub fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// What is left of the line, without a comment and blanks at its end.
    pub fn rest_of_line(&self) -> &'a str {
        let line = &self.text[self.at..line_end(self.text, self.at).min(self.end)];
        line.split('#').next().unwrap_or(line).trim_end()
    }

    pub fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\u{a0}']).len();
    }

    /// Skips blanks, line breaks and comments.
    pub fn skip_space(&mut self) {
        loop {
            let rest = self.rest();
            self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{a0}']).len();
            if self.peek() != Some('#') {
                return;
            }
            self.at = line_end(self.text, self.at).min(self.end);
        }
    }
}
