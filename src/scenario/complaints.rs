//! What the parser says about a token that does not fit.

use super::expression::BinaryOp;
use super::functions::{Function, function};
use super::lexer::{TokenKind, is_name_part};
use super::other_words::paired;
use super::parser::Parser;
use super::spelling::operand;
use super::syntax::{Ast, AstKind};
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
            TokenKind::Mark("?") => Diagnostic::error(&SYNTAX, "`?` has no meaning in a formula")
                .help("write `if(condition, then, otherwise)`"),
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

    /// True where the parenthesis that opens next, if one does, holds several arguments.
    pub(super) fn is_whole_call(&self) -> bool {
        let mut depth = 0_usize;
        for token in &self.tokens[self.at..] {
            match token.kind {
                TokenKind::Mark("(" | "[" | "{") => depth += 1,
                TokenKind::Mark(")" | "]" | "}") if depth <= 1 => return false,
                TokenKind::Mark(")" | "]" | "}") => depth -= 1,
                TokenKind::Mark(",") if depth == 1 => return true,
                _ if depth == 0 => return false,
                _ => {}
            }
        }
        false
    }

    /// True where a parenthesis opens behind the next token.
    pub(super) fn opens_behind(&self) -> bool {
        self.tokens.get(self.at + 1).is_some_and(|next| next.kind == TokenKind::Mark("("))
    }

    /// `and(a, b)` and `or(a, b)`.
    pub(super) fn not_a_function(&self, call: &Ast) -> Diagnostic {
        let AstKind::Call { function, arguments } = &call.kind else { return self.unexpected("a value") };
        let op = if function.text == "and" { BinaryOp::And } else { BinaryOp::Or };
        let parts: Vec<String> = arguments.iter().map(|argument| operand(&argument.value, op)).collect();
        Diagnostic::error(&SYNTAX, format!("`{}` is no function", function.text))
            .label(function.span, "stands between what it joins")
            .help(format!("write `{}`", parts.join(&format!(" {} ", function.text))))
    }

    /// A value stands behind an argument, with nothing between them.
    pub(super) fn missing_comma(&self) -> Option<Diagnostic> {
        let begins = match self.peek() {
            TokenKind::Number(_) | TokenKind::Quoted(_) | TokenKind::Mark("{") => true,
            TokenKind::Word(word) => !matches!(word.as_str(), "and" | "or" | "not"),
            _ => false,
        };
        let before = self.tokens.get(self.at.checked_sub(1)?)?.range.clone();
        let before = self.source.text.get(before)?;
        let written = self.written();
        begins.then(|| {
            let report = Diagnostic::error(&SYNTAX, format!("a comma is missing before `{written}`"))
                .label(self.span(), "expected `,` between two arguments")
                .help(format!("write `{before}, {written}`"));
            match self.peek() {
                TokenKind::Word(_) => report.help(format!("to multiply write `{before} * {written}`")),
                _ => report,
            }
        })
    }

    /// What opens like a map has no value behind its first key: values and weights may stand in two lists.
    pub(super) fn no_map(&mut self, first: Ast, open: Span) -> Diagnostic {
        let at = self.at;
        let report = self.unexpected("`:` between a key and its value");
        let Some(keys) = self.listed(first) else { return report };
        let second = match self.take(",") && self.take("{") {
            true => self.expression().ok().and_then(|first| self.listed(first)),
            false => None,
        };
        self.at = at;
        Diagnostic::error(&SYNTAX, "values and weights stand in pairs")
            .label(open.to(self.span()), "a list of values alone")
            .help(format!("write `{}`", self.called(open, &paired(&keys, &second.unwrap_or_default()))))
    }

    /// What stands in the brace at `open`, in the call that it is the first argument of.
    fn called(&self, open: Span, inner: &str) -> String {
        let brace = self.tokens.iter().position(|token| self.source.span_of(token.range.clone()) == open);
        let function = brace.and_then(|at| at.checked_sub(2)).map(|at| &self.tokens[at].kind);
        match function {
            Some(TokenKind::Word(name)) => format!("{name}({inner})"),
            _ => inner.to_string(),
        }
    }

    /// The rest of a list in braces, whose first value is read.
    pub(super) fn listed(&mut self, first: Ast) -> Option<Vec<Ast>> {
        let mut items = vec![first];
        while self.take(",") {
            items.push(self.expression().ok()?);
        }
        self.take("}").then_some(items)
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
            Some(_) => {
                let before = &self.tokens[self.at - 1].range;
                let (before, written) = (self.source.text.get(before.clone()).unwrap_or(""), self.written());
                let is_value = |text: &str| text.chars().all(|c| is_name_part(c) || c == '.');
                match written {
                    _ if !is_value(before) || !is_value(written) => "write `*` to multiply".to_string(),
                    "mod" | "MOD" => "write a remainder as `a - b * floor(a / b)`".to_string(),
                    "xor" | "XOR" => "of two conditions one alone: `a != b`".to_string(),
                    _ => format!("write `{before} * {written}` to multiply"),
                }
            }
            None => "write `*` to multiply".to_string(),
        }
    }
}
