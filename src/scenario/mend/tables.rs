//! Tables in braces: `{ CD19 = 0.32, BCMA = 0.36 }`.

use std::ops::Range;

use super::keys::sign;
use super::mender::Mender;
use super::values::Around;

impl Mender<'_> {
    /// A table in braces.
    pub fn table(&mut self) {
        let open = self.at;
        self.at += 1;
        let mut seen: Vec<(String, Range<usize>)> = Vec::new();
        let mut last = open..open;
        while self.part_begins(open, '}') {
            if self.decimal_comma(&mut last) {
                self.comma(|c| c == '}' || c == ']' || c == ')');
                continue;
            }
            let start = self.at;
            let Some(key) = self.entry() else { return };
            last = self.at..self.at;
            last.start = self.text[..self.at].rfind(|c: char| !c.is_ascii_digit()).map_or(0, |at| at + 1);
            let end = self.at;
            self.comma(|c| c == '}' || c == ']' || c == ')');
            match seen.iter().find(|(known, _)| *known == key) {
                Some((_, first)) => {
                    let first = self.span(first.clone());
                    let place = start..start + key.len().min(end - start);
                    self.report(&format!("`{key}` is given twice"), place, "again", "keep one of them");
                    if let Some(report) = self.reports.last_mut() {
                        *report = report.clone().context(first, "first here");
                    }
                    let behind = if self.text[..self.at].ends_with(',') { self.at } else { end };
                    self.edit(start..behind, "");
                }
                None => seen.push((key.clone(), start..start + key.len().min(end - start))),
            }
        }
    }

    /// Digits behind a comma that stands in a number; `last` is the whole number before it.
    fn decimal_comma(&mut self, last: &mut Range<usize>) -> bool {
        let rest = self.rest();
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let joined =
            last.end > last.start && self.at == last.end + 1 && self.text[last.end..].starts_with(',');
        let behind = rest[digits..].trim_start();
        let ends = !rest[digits..].starts_with(|c: char| c.is_alphanumeric() || "_-.".contains(c));
        if digits == 0 || !joined || !ends || behind.starts_with(['=', ':']) {
            return false;
        }
        let (whole, fraction) = (&self.text[last.clone()], &rest[..digits]);
        let help = format!("write decimal fractions with a point: `{whole}.{fraction}`");
        self.report("a comma stands in a number", last.end..last.end + 1, "a decimal comma?", help);
        self.edit(last.end..last.end + 1, ".");
        self.at += digits;
        *last = self.at..self.at;
        true
    }

    /// One key with its value; the key, or nothing where the rest of the table is given up.
    fn entry(&mut self) -> Option<String> {
        let (start, line) = (self.at, self.rest_of_line());
        // The sign of this entry and not of one behind it.
        let end = cut(line);
        let Some(sign) = sign(&line[..end]).or_else(|| sign(line)) else {
            let wanted = start..start + end.max(1);
            let label = "expected `name = value`";
            let help = "write for example `{ CD19 = 0.32, BCMA = 0.36 }`";
            self.report("a part of a table has no name or no value", wanted, label, help);
            self.give_up_on(start..self.end);
            self.edits.last_mut()?.text = "}".to_string();
            self.at = self.end;
            return None;
        };
        let key = start..start + line[..sign.start].trim_end().len();
        let written = self.text[key.clone()].to_string();
        let parts = self.parts(key);
        let depth = self.depth.max(3);
        let spelled: Vec<String> = parts.iter().map(|part| self.quoted_part(part.clone(), depth).0).collect();
        let right = format!("{} = …", spelled.join("."));
        for part in parts {
            self.part(part, depth, &right);
        }
        self.separator(start + sign.start..start + sign.end, &right);
        self.at = start + sign.end;
        self.skip_blanks();
        match self.peek() {
            None | Some(',' | '}' | '\n' | '#') => {
                let at = self.at;
                self.report(
                    "a key has no value",
                    at..at,
                    "expected a value",
                    format!("write `{written} = 1.5`"),
                );
                self.give_up_on(at..at);
            }
            Some(_) => self.value(Around::Table, &written),
        }
        Some(written)
    }
}

/// The bytes up to the first comma outside of quotes and brackets.
fn cut(line: &str) -> usize {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '[' | '{' | '(') => depth += 1,
            (None, ',' | '}') if depth == 0 => return at,
            (None, ']' | '}' | ')') => depth = depth.saturating_sub(1),
            (None, _) => {}
        }
    }
    line.len()
}
