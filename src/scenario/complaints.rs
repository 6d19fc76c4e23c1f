//! What the parser says about a token that does not fit.

use super::functions::{Function, function};
use super::lexer::TokenKind;
use super::parser::Parser;
use crate::diagnostic::{Diagnostic, SYNTAX, Span};

impl Parser<'_> {
    /// The closing mark's place, or a report that shows where the bracket was opened.
    pub(super) fn close(&mut self, mark: &'static str, open: Span) -> Result<Span, Diagnostic> {
        let span = self.span();
        if self.take(mark) {
            return Ok(span);
        }
        let opened = match mark {
            ")" => "(",
            "]" => "[",
            _ => "{",
        };
        let expected = if mark == "]" { format!("`{mark}`") } else { format!("`{mark}` or an operator") };
        Err(self.unexpected(&expected).context(open, format!("`{opened}` opened here")))
    }

    pub(super) fn unexpected(&self, expected: &str) -> Diagnostic {
        let label = format!("expected {expected}");
        let report = match self.peek() {
            TokenKind::End => Diagnostic::error(&SYNTAX, "the formula ends too early"),
            TokenKind::Mark("=") => Diagnostic::error(&SYNTAX, "`=` cannot stand here")
                .help("write `==` to compare; a formula has no assignments"),
            _ => Diagnostic::error(&SYNTAX, format!("unexpected `{}`", self.written())),
        };
        report.label(self.span(), label)
    }

    /// Something stands behind a whole expression.
    pub(super) fn leftover(&self) -> Diagnostic {
        match self.peek() {
            TokenKind::Mark("=") => self.unexpected("an operator or the end"),
            TokenKind::Mark(")" | "]" | "}") => {
                Diagnostic::error(&SYNTAX, format!("`{}` without its opening bracket", self.written()))
                    .label(self.span(), "nothing is open here")
            }
            TokenKind::Mark(",") => Diagnostic::error(&SYNTAX, "a comma stands between arguments only")
                .label(self.span(), "no call is open here")
                .help("write decimal fractions with a point: 0.5"),
            TokenKind::Word(_) | TokenKind::Number(_) | TokenKind::Mark("(" | "[" | "{") => {
                let report = Diagnostic::error(&SYNTAX, format!("no operator before `{}`", self.written()))
                    .label(self.span(), "expected an operator or the end");
                report.help(self.missing_operator())
            }
            _ => self.unexpected("an operator or the end"),
        }
    }

    /// What may have been meant by two things side by side.
    fn missing_operator(&self) -> String {
        let before = self.at.checked_sub(1).map(|at| &self.tokens[at].kind);
        match before {
            Some(TokenKind::Word(word)) if function(word).is_some() => {
                format!(
                    "a function takes its arguments in parentheses: {}",
                    function(word).map_or(String::new(), Function::spelled)
                )
            }
            Some(TokenKind::Word(word)) if self.written().starts_with('.') => {
                format!("years stand in brackets: `{word}[{}]`", &self.written()[1..])
            }
            _ => "write `*` to multiply".to_string(),
        }
    }
}
