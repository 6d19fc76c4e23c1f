//! A document cut into statements: headers, and keys with their values.

use std::ops::Range;

use super::super::declare;
use super::super::lexer::{is_name_part, is_name_start};
use super::super::load;
use crate::diagnostic::nearest;

/// A stretch of a document that stands for itself.
#[derive(Clone, Debug)]
pub struct Statement {
    pub range: Range<usize>,
    pub is_header: bool,
}

/// All statements of a text; comments and blank lines are none.
pub fn statements(text: &str) -> Vec<Statement> {
    let (mut found, mut at) = (Vec::new(), 0);
    while at < text.len() {
        let line = &text[at..line_end(text, at)];
        let start = at + line.len() - line.trim_start().len();
        let (end, is_header) = match line.trim_start().chars().next() {
            None | Some('#') => {
                at += line.len() + 1;
                continue;
            }
            Some('[') => (at + line.len(), true),
            Some(_) => {
                let patient = value_end(text, start, false);
                let whole = super::document::reads(&text[start..patient]);
                (if whole { patient } else { value_end(text, start, true) }, false)
            }
        };
        found.push(Statement { range: start..end, is_header });
        at = end + 1;
    }
    found
}

/// The end of the line that holds a byte.
pub fn line_end(text: &str, at: usize) -> usize {
    text[at..].find('\n').map_or(text.len(), |length| at + length)
}

/// The end of a key with its value, which begins at `start`: of its line, or of that of its last bracket. Where a
/// bracket is not closed, the next header or key ends it; to the impatient, also a key of the language within braces.
fn value_end(text: &str, start: usize, impatient: bool) -> usize {
    let bytes = text.as_bytes();
    let (mut open, mut at) = (Vec::new(), start);
    while at < bytes.len() {
        match bytes[at] {
            b'\n' => {
                let Some(innermost) = open.last() else { return at };
                let next = &text[(at + 1).min(text.len())..line_end(text, (at + 1).min(text.len()))];
                let key = key_of(next);
                let ends = match key {
                    Some(_) if *innermost == b'[' => true,
                    Some(key) => impatient && is_word_of_the_language(key),
                    None => is_header(next),
                };
                if ends {
                    return at;
                }
            }
            b'#' => {
                at = line_end(text, at);
                continue;
            }
            b'"' | b'\'' => {
                at = behind_string(text, at);
                continue;
            }
            bracket @ (b'[' | b'{') => open.push(bracket),
            b']' | b'}' => {
                open.pop();
            }
            _ => {}
        }
        at += 1;
    }
    text.trim_end().len().max(start)
}

/// The byte behind the string that opens at `at`; of one that is not closed, the end of its line, or of the text where
/// it may have many.
fn behind_string(text: &str, at: usize) -> usize {
    let quote = &text[at..=at];
    let long = quote.repeat(3);
    if text[at..].starts_with(&long) {
        return text[at + 3..].find(&long).map_or(text.len(), |length| at + 3 + length + 3);
    }
    closing(text, at).map_or(line_end(text, at), |close| close + 1)
}

/// The quote that closes the string of one line that opens at `at`.
pub fn closing(text: &str, at: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut next = at + 1;
    while next < bytes.len() && bytes[next] != b'\n' {
        match bytes[next] {
            b'\\' if bytes[at] == b'"' => next += 1,
            quote if quote == bytes[at] => return Some(next),
            _ => {}
        }
        next += 1;
    }
    None
}

/// The key of a line that looks like `key = …`.
pub fn key_of(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let length: usize =
        line.chars().take_while(|c| is_name_part(*c) || "-.".contains(*c)).map(char::len_utf8).sum();
    let behind = line[length..].trim_start_matches([' ', '\t']);
    let is_key = line.starts_with(is_name_start) && behind.starts_with('=') && !behind.starts_with("==");
    is_key.then_some(&line[..length])
}

/// The section of this name, or the one that was meant.
pub fn section(word: &str) -> Option<&'static str> {
    let known = || load::KEYS.known.iter().copied().filter(|key| *key != "extends");
    known().find(|key| *key == word).or_else(|| nearest(word, known()))
}

fn is_header(line: &str) -> bool {
    let inner = line.trim_start().trim_start_matches('[');
    let word: String = inner.chars().take_while(|c| is_name_part(*c)).collect();
    line.trim_start().starts_with('[')
        && inner[word.len()..].starts_with(['.', ']'])
        && section(&word).is_some()
}

fn is_word_of_the_language(key: &str) -> bool {
    let keys = [&declare::CONSTANT, &declare::INPUT, &declare::FORMULA, &declare::OUTPUT];
    keys.iter().any(|keys| keys.known.contains(&key))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        statements(text).into_iter().map(|statement| &text[statement.range]).collect()
    }

    #[test]
    fn lists_and_tables_may_have_many_lines() {
        let text = "a = [\n  [1, 2],\n  # no end ]\n  [3, 4],\n]\n\n[x]\nb = {\n  label = 'a',\n  unit = '}' }\nc = '''\n]\n'''";
        assert_eq!(cut(text).len(), 4, "{:?}", cut(text));
    }

    #[test]
    fn a_bracket_that_is_not_closed_ends_before_the_next_key_or_section() {
        assert_eq!(cut("over = [\"a\",\nunit = 'x'\n"), ["over = [\"a\",", "unit = 'x'"]);
        assert_eq!(cut("v = { a = 1,\n[outputs.y]\n"), ["v = { a = 1,", "[outputs.y]"]);
        assert_eq!(cut("v = { a = 1\nunit = 'x'"), ["v = { a = 1", "unit = 'x'"]);
        assert_eq!(cut("t = 'no end\nunit = 'x'"), ["t = 'no end", "unit = 'x'"]);
    }
}
