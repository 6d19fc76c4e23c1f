//! Values of keys: texts and lists, and what stands behind them.

use std::ops::Range;

use super::keys::key_pattern;
use super::mender::Mender;
use super::scalars::TYPOGRAPHIC;
use super::statements::{closing, line_end};

/// Brackets within each other that are read.
const MOST_NESTED: usize = 64;

/// What a value stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Around {
    Line,
    List,
    Table,
}

impl Mender<'_> {
    /// The value of a key on a line of its own; `word` is the key.
    pub fn line_value(&mut self, word: &str) {
        let start = self.at;
        match self.peek() {
            None | Some('\n' | '#') => {
                self.report("a key has no value", start..start, "expected a value", example(word));
                self.give_up_on(start..start);
            }
            Some('[' | '{') if self.odd_quotes() => {
                self.report(
                    "a text has no closing quote",
                    start..line_end(self.text, start).min(self.end),
                    "an odd number of quotes",
                    "every text has a quote in front and one behind: `[\"one\", \"two\"]`",
                );
                self.give_up_on(start..self.end);
                self.at = self.end;
            }
            Some('[' | '{' | '"' | '\'') => {
                self.value(Around::Line, word);
                self.behind(start);
            }
            Some(c) if TYPOGRAPHIC.contains(c) => {
                self.value(Around::Line, word);
                self.behind(start);
            }
            Some(_) => {
                let length = self.rest_of_line().len();
                self.scalar(start..start + length, Around::Line, word);
            }
        }
    }

    /// A value; the next byte is its first.
    pub fn value(&mut self, around: Around, word: &str) {
        match self.peek() {
            Some('[' | '{') if self.nested == MOST_NESTED => self.too_deep(),
            Some(bracket @ ('[' | '{')) => {
                self.nested += 1;
                if bracket == '[' {
                    self.list(word)
                } else {
                    self.table()
                }
                self.nested -= 1;
            }
            Some('"' | '\'') => self.text(around),
            Some(c) if TYPOGRAPHIC.contains(c) => self.other_quotes(around),
            _ => {
                let range = self.bare(around);
                self.scalar(range, around, word);
            }
        }
    }

    /// Brackets within more brackets than any scenario has: nothing behind them is read.
    fn too_deep(&mut self) {
        let place = self.at..self.at + 1;
        self.report(
            "brackets are nested too deeply",
            place,
            format!("within {MOST_NESTED} others"),
            "a scenario nests a few; is a bracket repeated?",
        );
        self.readable = false;
        self.at = self.end;
    }

    /// True where a line of the list or table has a quote too many.
    fn odd_quotes(&self) -> bool {
        self.rest().lines().any(|line| {
            let code = line.split('#').next().unwrap_or(line);
            !line.contains('\'') && !line.contains("\"\"\"") && code.matches('"').count() % 2 == 1
        })
    }

    /// A text in straight quotes.
    fn text(&mut self, around: Around) {
        let start = self.at;
        let quote = &self.text[start..=start];
        let long = quote.repeat(3);
        if self.rest().starts_with(&long) {
            match self.text[start + 3..self.end].find(&long) {
                Some(length) => self.at = start + 3 + length + 3,
                None => {
                    let message = "a text has no closing quotes";
                    self.report(message, start..start + 3, "opened here", format!("close it with `{long}`"));
                    self.readable = false;
                    self.at = self.end;
                }
            }
            return;
        }
        let line = line_end(self.text, start).min(self.end);
        let whole = self.rest_of_line().len();
        let Some(close) = closing(self.text, start).filter(|close| *close < line) else {
            return self.no_closing(start, start + whole, around);
        };
        let behind = self.text[close + 1..line].trim();
        let last = start + whole - 1;
        if around == Around::Line
            && last > close
            && self.text.as_bytes()[last] == quote.as_bytes()[0]
            && !behind.starts_with([',', ';', '#'])
            && !key_pattern(behind)
        {
            return self.quotes_inside(start..last + 1);
        }
        self.at = close + 1;
        if quote == "\"" && !super::document::reads(&format!("k = {}", &self.text[start..=close])) {
            let inner = &self.text[start + 1..close];
            self.report(
                "a backslash has a meaning of its own in double quotes",
                start..close + 1,
                "not a sign that TOML knows behind `\\`",
                format!("write single quotes: `'{inner}'`"),
            );
            match inner.contains('\'') {
                true => self.give_up_on(start..close + 1),
                false => self.edit(start..close + 1, format!("'{inner}'")),
            }
        }
    }

    /// The text that opens at `start` has no closing quote on its line, whose code ends at `line`.
    fn no_closing(&mut self, start: usize, line: usize, around: Around) {
        let content = &self.text[start + 1..line];
        let end = match around {
            Around::Line => line,
            Around::List | Around::Table => {
                start + 1 + content.find([',', ']', '}']).unwrap_or(content.len())
            }
        };
        let whole = end;
        // Another mark may stand in the place of the quote.
        let content = self.text[start + 1..end].trim_end_matches([' ', '\t', ':', ';', ',']);
        let end = if around == Around::Line { whole } else { start + 1 + content.len() };
        self.at = end;
        if let Some(last) = content.chars().last().filter(|c| TYPOGRAPHIC.contains(*c) || "\"'".contains(*c))
        {
            let right = quoted(&content[..content.len() - last.len_utf8()]);
            self.typographic(start..end, &right);
            self.edit(start..end, right);
            return;
        }
        let right = quoted(content);
        self.report(
            "a text has no closing quote",
            start..end,
            format!("expected `{}` behind it", &self.text[start..=start]),
            format!("write `{right}`"),
        );
        self.edit(start..end, right);
    }

    /// Quotes of the same kind within a text and around it.
    fn quotes_inside(&mut self, range: Range<usize>) {
        let inner = &self.text[range.start + 1..range.end - 1];
        let (outer, other) =
            if self.text[range.clone()].starts_with('"') { ('"', '\'') } else { ('\'', '"') };
        let right = format!("{outer}{}{outer}", inner.replace(outer, &other.to_string()));
        self.report(
            "a quote within the text ends it",
            range.clone(),
            format!("has more than two `{outer}`"),
            format!("write `{right}`"),
        );
        self.at = range.end;
        if inner.contains(other) {
            return self.give_up_on(range);
        }
        for (at, _) in inner.match_indices(outer) {
            self.edit(range.start + 1 + at..range.start + 2 + at, other);
        }
    }

    /// A text in quotes that a keyboard for programs does not have.
    fn other_quotes(&mut self, around: Around) {
        let start = self.at;
        let line = self.rest_of_line();
        let opening = line.chars().next().map_or(1, char::len_utf8);
        let is_closing = |c: char| TYPOGRAPHIC.contains(c) || c == '"' || c == '\'';
        let mut places = line[opening..].char_indices().filter(|(_, c)| is_closing(*c));
        let close = if around == Around::Line { places.next_back() } else { places.next() };
        let (content, end) = match close {
            Some((at, c)) => (&line[opening..opening + at], start + opening + at + c.len_utf8()),
            None => (&line[opening..], start + line.len()),
        };
        let right = quoted(content.trim_end());
        self.typographic(start..end, &right);
        self.edit(start..start + opening, &right[..1]);
        self.edit(start + opening + content.trim_end().len()..end, &right[..1]);
        self.at = end;
    }

    /// Reports quotes that are not straight, or do not match.
    pub fn typographic(&mut self, range: Range<usize>, right: &str) {
        self.report(
            "these quotes are not the straight ones that TOML wants",
            range,
            "quotes of a text program, or of two kinds",
            format!("write `{right}`"),
        );
    }

    /// A list.
    fn list(&mut self, word: &str) {
        let open = self.at;
        self.at += 1;
        while self.part_begins(open, ']') {
            self.value(Around::List, word);
            self.comma(|c| c == ']' || c == '}' || c == ')');
        }
    }

    /// Goes to the next part of a list or table that opened at `open`; false behind its end, which is `bracket`.
    pub fn part_begins(&mut self, open: usize, bracket: char) -> bool {
        loop {
            self.skip_space();
            match self.peek() {
                None => self.missing_bracket(open, bracket),
                Some(c) if c == bracket => self.at += 1,
                Some(c @ (')' | ']' | '}')) => self.wrong_bracket(c, bracket),
                Some(',' | ';') => {
                    let place = self.at..self.at + 1;
                    self.report("a comma too many", place.clone(), "nothing before it", "leave it out");
                    self.edit(place, "");
                    self.at += 1;
                    continue;
                }
                Some(_) => return true,
            }
            return false;
        }
    }

    /// What parts two elements of a list or table; `ends` knows the closing brackets.
    pub fn comma(&mut self, ends: fn(char) -> bool) {
        let behind = self.at;
        self.skip_space();
        match self.peek() {
            Some(',') => self.at += 1,
            Some(';') => {
                let message = "a comma stands between the parts of a list";
                self.report(message, self.at..self.at + 1, "not `;`", "write `,`");
                self.edit(self.at..self.at + 1, ",");
                self.at += 1;
            }
            Some(c) if !ends(c) => {
                let right =
                    format!("write `{}, {}`", last_word(&self.text[..behind]), first_word(self.rest()));
                self.report(
                    "a comma is missing",
                    self.at..self.at + c.len_utf8(),
                    "expected `,` before this",
                    right,
                );
                self.edit(behind..behind, ",");
            }
            _ => {}
        }
    }

    fn missing_bracket(&mut self, open: usize, bracket: char) {
        if !self.readable {
            return;
        }
        let end = self.text[..self.end].trim_end().len();
        self.report(
            "a bracket is missing",
            open..open + 1,
            format!("opened here, and no `{bracket}` closes it"),
            format!("add `{bracket}` behind the last part"),
        );
        // A comment may stand on the last line.
        let line = self.text[..end].rfind('\n').map_or(0, |at| at + 1);
        let comment = self.text[line.max(open)..end].find('#').map_or(end, |at| line.max(open) + at);
        self.edit(self.text[..comment].trim_end().len()..comment, format!("{bracket} "));
        self.at = self.end;
    }

    fn wrong_bracket(&mut self, found: char, bracket: char) {
        let message = "this bracket does not match the one it closes";
        self.report(message, self.at..self.at + 1, format!("found `{found}`"), format!("write `{bracket}`"));
        self.edit(self.at..self.at + 1, bracket.to_string());
        self.at += 1;
    }

    /// What stands behind the value of a line, which began at `start`.
    fn behind(&mut self, start: usize) {
        self.skip_blanks();
        let (at, rest) = (self.at, self.rest_of_line());
        let end = at + rest.len();
        let marks = rest.len() - rest.trim_start_matches([',', ';', ' ']).len();
        if rest.is_empty() {
        } else if marks == rest.len() {
            self.report(
                "no mark stands at the end of a line",
                at..end,
                "behind the value",
                format!("leave out `{rest}`"),
            );
            self.edit(at..end, "");
        } else if key_pattern(&rest[marks..]) {
            let message = "a key stands on a line of its own";
            self.report(message, at + marks..end, "behind another value", "begin a new line here");
            self.edit(at..at + marks, "\n");
            self.at = at + marks;
            let depth = self.depth;
            self.depth = self.line_depth;
            self.key_with_value();
            self.depth = depth;
        } else if rest.chars().all(|c| "])}".contains(c)) {
            let message = format!("`{rest}` without its opening bracket");
            self.report(&message, at..end, "nothing is open here", "leave it out");
            self.edit(at..end, "");
        } else {
            let message = "nothing stands behind a value on its line";
            self.report(message, at..end, "not part of the value", "a comment begins with `#`");
            self.give_up_on(start..end);
        }
    }

    /// An unquoted value within a list or table: up to a comma or a closing bracket, but those of a call.
    fn bare(&mut self, around: Around) -> Range<usize> {
        let start = self.at;
        let line = self.rest_of_line();
        let call = line.starts_with(|c: char| c.is_alphabetic());
        let (mut depth, mut end) = (0_usize, line.len());
        for (at, c) in line.char_indices() {
            match c {
                '(' | '[' if call => depth += 1,
                ')' | ']' if depth > 0 => depth -= 1,
                ',' | ']' | '}' | ';' if depth == 0 => {
                    end = at;
                    break;
                }
                ' ' if !call || around == Around::Table && key_pattern(&line[at..]) => {
                    end = at;
                    break;
                }
                _ => {}
            }
        }
        let end = start + line[..end].trim_end().len();
        self.at = end.max(start + self.peek().map_or(0, char::len_utf8));
        start..end.max(start)
    }
}

/// The text in the quotes that suit it.
pub fn quoted(text: &str) -> String {
    match text.contains('"') || text.contains('\\') {
        true => format!("'{text}'"),
        false => format!("\"{text}\""),
    }
}

fn last_word(text: &str) -> &str {
    let start = text.rfind([' ', ',', '[', '{', '\n']).map_or(0, |at| at + 1);
    &text[start..]
}

fn first_word(text: &str) -> &str {
    let end = text.find([' ', ',', ']', '}', '\n']).unwrap_or(text.len());
    &text[..end]
}

/// A value for a key.
fn example(word: &str) -> String {
    let value = match word {
        "dist" => "\"normal(0, 1)\"",
        "formula" | "initial" => "\"a + b\"",
        "years" => "[2025, 2031]",
        "runs" => "100_000",
        "over" | "between" => "[\"one\", \"two\"]",
        "title" | "unit" | "label" | "source" | "derived" | "assumption" | "note" | "group" => "\"text\"",
        _ => return format!("write `{word} = 1.5`, `{word} = \"text\"` or `{word} = [1, 2]`"),
    };
    format!("write for example `{word} = {value}`")
}
