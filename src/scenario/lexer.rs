//! Formula text to tokens.

use std::ops::Range;

use super::other_words::has_points;
use super::tree::Text;
use crate::diagnostic::{Diagnostic, SYNTAX};

/// A token and its bytes in the decoded text.
#[derive(Clone, Debug, PartialEq)]
pub struct Token {
    pub kind: TokenKind,
    pub range: Range<usize>,
}

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub enum TokenKind {
    Number(f64),
    /// A name; also `p97.5` in front of `=`.
    Word(String),
    Quoted(String),
    /// An operator or punctuation mark, as written.
    Mark(&'static str),
    End,
}

/// Marks, longer ones first.
const MARKS: [&str; 21] = [
    "<=", ">=", "==", "!=", "+", "-", "*", "/", "^", "<", ">", "(", ")", "[", "]", "{", "}", ",", ":", "=",
    "?",
];

/// What people write for a mark or word of the language, and what to type instead.
const FOREIGN: [(&str, &str); 28] = [
    ("**", "write `^` for a power"),
    ("&&", "write `and`"),
    ("||", "write `or`"),
    ("<>", "write `!=` for \"is not\""),
    ("&", "write `and`"),
    ("|", "write `or`"),
    ("!", "write `not`"),
    ("%", "write `/ 100` for per cent; for a remainder use `floor`"),
    ("×", "write `*` to multiply"),
    ("·", "write `*` to multiply"),
    ("÷", "write `/` to divide"),
    ("−", "write the minus of the keyboard, `-`"),
    ("–", "write the minus of the keyboard, `-`"),
    ("≤", "write `<=`"),
    ("≥", "write `>=`"),
    ("≠", "write `!=`"),
    ("“", "write straight quotes: 'text'"),
    ("”", "write straight quotes: 'text'"),
    ("><", "write `!=` for \"is not\""),
    ("=>", "write `>=`"),
    ("=<", "write `<=`"),
    ("$", "leave the currency to `unit`"),
    ("€", "leave the currency to `unit`"),
    ("£", "leave the currency to `unit`"),
    ("√", "write `sqrt(x)`"),
    ("∑", "write `sum(x, axis)`"),
    (";", "write a comma between arguments"),
    (".", "a name has no points; members and years stand in brackets: `x[member]`, `x[2031]`"),
];

/// All tokens of a formula, the last one [`TokenKind::End`].
///
/// # Errors
/// A diagnostic at the first character that belongs to no token.
pub fn tokens(text: &Text) -> Result<Vec<Token>, Diagnostic> {
    let mut lexer = Lexer { source: text, text: &text.text, at: 0 };
    let mut tokens = Vec::new();
    loop {
        let token = lexer.next()?;
        let done = token.kind == TokenKind::End;
        tokens.push(token);
        if done {
            return Ok(tokens);
        }
    }
}

struct Lexer<'a> {
    source: &'a Text,
    text: &'a str,
    at: usize,
}

impl Lexer<'_> {
    fn next(&mut self) -> Result<Token, Diagnostic> {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
        let rest = &self.text[self.at..];
        let Some(first) = rest.chars().next() else { return Ok(self.token(TokenKind::End, 0)) };
        if first.is_ascii_digit() || (first == '.' && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
            return self.number();
        }
        if is_name_start(first) {
            let length = dotted_length(rest).unwrap_or_else(|| word_length(rest));
            return Ok(self.token(TokenKind::Word(rest[..length].to_string()), length));
        }
        if first == '"' || first == '\'' {
            return match rest[1..].find(first) {
                Some(end) => Ok(self.token(TokenKind::Quoted(rest[1..1 + end].to_string()), end + 2)),
                None => Err(self.problem("this text has no closing quote", rest.len(), "opened here", "")),
            };
        }
        if let Some((wrong, help)) = FOREIGN.iter().find(|(wrong, _)| rest.starts_with(wrong))
            && !rest.starts_with("!=")
        {
            return Err(self.problem(
                &format!("`{wrong}` has no meaning in a formula"),
                wrong.len(),
                "not part of the language",
                help,
            ));
        }
        match MARKS.iter().find(|mark| rest.starts_with(**mark)) {
            Some(mark) => Ok(self.token(TokenKind::Mark(mark), mark.len())),
            None => Err(self.problem(
                &format!("`{first}` has no meaning in a formula"),
                first.len_utf8(),
                "not part of the language",
                "",
            )),
        }
    }

    fn token(&mut self, kind: TokenKind, length: usize) -> Token {
        let range = self.at..self.at + length;
        self.at += length;
        Token { kind, range }
    }

    fn number(&mut self) -> Result<Token, Diagnostic> {
        let length = number_length(&self.text[self.at..]);
        let rest = &self.text[self.at + length..];
        let glued: usize =
            rest.chars().take_while(|c| is_name_part(*c) || *c == '.').map(char::len_utf8).sum();
        let literal = &self.text[self.at..self.at + length];
        if glued > 0 {
            let tail = &rest[..glued];
            let help = match is_name_start(tail.chars().next().unwrap_or('.')) {
                true => format!("write `{literal} * {tail}` to multiply; a name starts with a letter"),
                false => "write numbers as 1250, 1_250, 12.5 or 1.25e3".to_string(),
            };
            let message = format!("`{literal}{tail}` is neither a number nor a name");
            return Err(self.problem(&message, length + glued, "read as one word", &help));
        }
        match literal.replace('_', "").parse::<f64>() {
            Ok(value) if value.is_finite() => Ok(self.token(TokenKind::Number(value), length)),
            _ => Err(self.problem("this number is too large", length, "beyond 1.8e308", "")),
        }
    }

    fn problem(&self, message: &str, length: usize, label: &str, help: &str) -> Diagnostic {
        Diagnostic::error(&SYNTAX, message)
            .label(self.source.span_of(self.at..self.at + length), label)
            .help(help)
    }
}

/// True for a character that may start a name: a letter of any script or `_`.
pub fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

/// True for a character that may continue a name.
pub fn is_name_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// True for a text that a formula can use as a name.
pub fn is_name(text: &str) -> bool {
    text.starts_with(is_name_start) && text.chars().all(is_name_part)
}

/// Bytes of the word at the start of `rest`; a percentile's name may hold a decimal point.
fn word_length(rest: &str) -> usize {
    let length = rest.chars().take_while(|c| is_name_part(*c)).map(char::len_utf8).sum();
    let is_percentile = rest[..length].strip_prefix('p').is_some_and(all_digits);
    let Some(fraction) = rest[length..].strip_prefix('.') else { return length };
    let digits = fraction.bytes().take_while(u8::is_ascii_digit).count();
    if is_percentile && digits > 0 { length + 1 + digits } else { length }
}

/// Bytes of a word with points that another program knows and that is called here, such as `NORM.INV(`.
fn dotted_length(rest: &str) -> Option<usize> {
    let length = rest.chars().take_while(|c| is_name_part(*c) || *c == '.').map(char::len_utf8).sum();
    let called = rest[length..].trim_start().starts_with('(');
    (called && rest[..length].contains('.') && has_points(&rest[..length])).then_some(length)
}

fn all_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Bytes of the number at the start of `rest`.
fn number_length(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|b| b.is_ascii_digit() || **b == b'_').count();
    let mut length = digits(0);
    if bytes.get(length) == Some(&b'.') && bytes.get(length + 1).is_some_and(u8::is_ascii_digit) {
        length += 1 + digits(length + 1);
    }
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let exponent =
            bytes[(length + 1 + sign).min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
        if exponent > 0 {
            length += 1 + sign + exponent;
        }
    }
    length
}

#[cfg(test)]
mod tests {
    use super::super::parser::tests::text;
    use super::*;

    fn kinds(formula: &str) -> Vec<TokenKind> {
        tokens(&text(formula)).unwrap().into_iter().map(|t| t.kind).collect()
    }

    #[test]
    fn numbers_take_underscores_fractions_and_exponents() {
        for (written, value) in [("1_000", 1000.0), (".5", 0.5), ("1e6", 1e6), ("2.5E-3", 2.5e-3), ("7", 7.0)]
        {
            assert_eq!(kinds(written)[0], TokenKind::Number(value), "{written}");
        }
    }

    #[test]
    fn a_number_glued_to_a_word_is_refused_with_advice() {
        let problem = tokens(&text("2x + 1")).unwrap_err();
        assert!(problem.help[0].contains("2 * x"), "{problem:?}");
    }

    #[test]
    fn names_are_unicode_and_percentiles_may_have_a_point() {
        assert_eq!(kinds("시장")[0], TokenKind::Word("시장".into()));
        assert_eq!(kinds("p97.5 = 1")[0], TokenKind::Word("p97.5".into()));
        assert_eq!(kinds("p5")[0], TokenKind::Word("p5".into()));
    }

    #[test]
    fn not_equal_is_not_a_foreign_exclamation_mark() {
        assert_eq!(kinds("a != b")[1], TokenKind::Mark("!="));
        assert!(tokens(&text("!a")).unwrap_err().help[0].contains("not"));
    }
}
