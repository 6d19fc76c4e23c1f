//! Keys with their values, and the names that need quotes.

use std::ops::Range;

use super::super::lexer::is_name;
use super::mender::Mender;
use super::scalars::TYPOGRAPHIC;
use super::statements::{key_of, section};

/// What people begin a comment with.
const COMMENTS: [&str; 6] = ["//", "--", ";", "/*", "*", "%"];

impl Mender<'_> {
    /// Goes through a key with its value on lines of their own.
    pub fn key_with_value(&mut self) {
        let (start, line) = (self.at, self.rest_of_line());
        let Some(sign) = sign(line) else { return self.no_key(start, line) };
        let key = start..start + line[..sign.start].trim_end().len();
        let parts = self.parts(key.clone());
        let depth = self.depth;
        if parts.iter().any(|part| self.text[part.clone()].trim().is_empty()) {
            return self.no_key(start, line);
        }
        let spelled: Vec<String> = parts
            .iter()
            .enumerate()
            .map(|(place, part)| self.quoted_part(part.clone(), depth + place).0)
            .collect();
        let value = line[sign.end..].trim();
        let value = if toml::de::DeValue::parse(value).is_ok() { value } else { "…" };
        let right = format!("{} = {value}", spelled.join("."));
        let word = spelled.last().cloned().unwrap_or_default();
        for (place, part) in parts.into_iter().enumerate() {
            self.part(part, depth + place, &right);
        }
        self.separator(start + sign.start..start + sign.end, &right);
        self.at = start + sign.end;
        self.skip_blanks();
        self.depth += spelled.len();
        self.line_value(&word);
        self.depth = depth;
    }

    /// Reports what stands in the place of `=`.
    pub fn separator(&mut self, sign: Range<usize>, right: &str) {
        let written = &self.text[sign.clone()];
        if written == "=" {
            return;
        }
        let (message, label) = match written {
            "" => ("an `=` is missing", "expected `=`".to_string()),
            _ => ("`=` stands between a key and its value", format!("not `{written}`")),
        };
        self.report(message, sign.clone(), label, format!("write `{right}`"));
        self.edit(sign, " = ");
    }

    /// The parts of a key between points, without blanks at their ends.
    pub fn parts(&self, key: Range<usize>) -> Vec<Range<usize>> {
        let mut parts = Vec::new();
        let (mut start, mut quote) = (key.start, None);
        for (at, c) in self.text[key.clone()].char_indices() {
            match quote {
                Some(open) if c == open => quote = None,
                Some(_) => {}
                None if (c == '"' || c == '\'') && self.text[key.start + at + 1..key.end].contains(c) => {
                    quote = Some(c);
                }
                None if c == '.' => {
                    parts.push(start..key.start + at);
                    start = key.start + at + 1;
                }
                None => {}
            }
        }
        parts.push(start..key.end);
        let trimmed = |part: Range<usize>| {
            let text = &self.text[part.clone()];
            let start = part.start + text.len() - text.trim_start().len();
            start..start + text.trim().len()
        };
        parts.into_iter().map(trimmed).collect()
    }

    /// A part as TOML writes it, and why it does not stand so.
    pub fn quoted_part(&self, part: Range<usize>, depth: usize) -> (String, Wrong) {
        let written = &self.text[part];
        let is_bare = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
        let quoted = written.len() > 1
            && (written.starts_with('"') && written.ends_with('"')
                || written.starts_with('\'') && written.ends_with('\''));
        if is_bare(written) || quoted {
            return (written.to_string(), Wrong::Nothing);
        }
        let bare = written.trim_matches(|c| TYPOGRAPHIC.contains(c) || c == '"' || c == '\'');
        let right = if bare.contains('"') { format!("'{bare}'") } else { format!("\"{bare}\"") };
        if bare.len() < written.len() {
            return (right, Wrong::Marks);
        }
        // What is no name is refused as such later on, and a word that the language does not know likewise.
        let holds_names = !matches!(section(&self.section), Some("scenario" | "correlations") | None);
        let named = depth == 1 && holds_names && is_name(bare);
        let wrong = if named || depth > 2 { Wrong::Quotes } else { Wrong::Name };
        (right, wrong)
    }

    /// Reports a part of a key that needs quotes.
    pub fn part(&mut self, part: Range<usize>, depth: usize, right: &str) {
        let (quoted, wrong) = self.quoted_part(part.clone(), depth);
        match wrong {
            Wrong::Nothing => return,
            Wrong::Name => {}
            Wrong::Marks => self.typographic(part.clone(), right),
            Wrong::Quotes => {
                let written = &self.text[part.clone()];
                let help = match is_name(written) && depth < 3 {
                    true => format!("write `{right}`; in formulas the name stands without quotes"),
                    false => format!("write `{right}`"),
                };
                let label = "without quotes a key has the letters a to z, digits, `-` and `_`";
                self.report(&format!("`{written}` needs quotes here"), part.clone(), label, help);
            }
        }
        self.edit(part, quoted);
    }

    /// A line that is neither a section nor a key.
    fn no_key(&mut self, start: usize, line: &str) {
        let end = start + line.len();
        self.at = self.end;
        // Without its first bracket, or with another mark in its place.
        let opening = [';', ':', ',', '\'', '"', '“', '(', '{', '<'];
        let bare = match line.ends_with([']', ')', '}', '>']) {
            true => line.trim_start_matches(opening).trim_end_matches([']', ')', '}', '>']),
            false => line.trim_end_matches(':'),
        };
        let first = bare.split('.').next().unwrap_or(bare);
        if let Some(known) = section(first)
            && bare.split('.').all(|part| !part.trim().is_empty() && !part.contains(['=', '"', ',']))
        {
            let rest: Vec<String> =
                bare.split('.').skip(1).map(|part| format!(".{}", key(part.trim()))).collect();
            let right = match known {
                "correlations" => "[[correlations]]".to_string(),
                known => format!("[{known}{}]", rest.concat()),
            };
            self.report(
                "a section stands in brackets",
                start..end,
                "without brackets",
                format!("write `{right}`"),
            );
            self.edit(start..self.end, right);
            return;
        }
        if let Some(mark) = COMMENTS.iter().find(|mark| line.starts_with(**mark)) {
            self.report(
                "a comment begins with `#`",
                start..start + mark.len(),
                "not the sign of a comment here",
                "write `# …`",
            );
            self.edit(start..self.end, "");
            return;
        }
        self.report(
            "this line is neither a section nor a key with a value",
            start..end,
            "expected `[section]` or `key = value`",
            "a comment begins with `#`; a long text stands in three quotes: `'''…'''`",
        );
        self.readable = false;
    }
}

/// What is wrong with a part of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    Nothing,
    /// It lacks quotes.
    Quotes,
    /// It has quotes of another kind, or one too few.
    Marks,
    /// It cannot be a name even with quotes.
    Name,
}

/// A name as a key of TOML.
pub fn key(name: &str) -> String {
    match name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) {
        true => name.to_string(),
        false => format!("\"{name}\""),
    }
}

/// True for a text that begins with a key and an `=`.
pub fn key_pattern(text: &str) -> bool {
    key_of(text).is_some()
}

/// What stands between key and value of a line: `=`, another sign, or nothing in front of a value.
pub fn sign(line: &str) -> Option<Range<usize>> {
    let mut quote = None;
    let mut colon = None;
    for (at, c) in line.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if (c == '"' || c == '\'') && line[at + 1..].contains(c) => {
                // A value in quotes: no sign is left of it.
                if line[..at].ends_with(' ') && !line[..at].trim().is_empty() && colon.is_none() {
                    break;
                }
                quote = Some(c);
            }
            None if c == '=' => {
                let longer = line[at..].starts_with("==") || line[at..].starts_with("=>");
                let colon =
                    colon.filter(|colon| *colon + 1 == at || line[colon + 1..].starts_with([' ', '"', '\'']));
                return Some(match colon {
                    Some(colon) if colon + 1 == at => colon..at + 1,
                    Some(colon) => colon..colon + 1,
                    None => at..at + 1 + usize::from(longer),
                });
            }
            None if c == ':' && colon.is_none() => colon = Some(at),
            None if (c == '{' || c == '[') && colon.is_none() && line[..at].ends_with(' ') => {
                let word = line[..at].trim_end();
                return word.split('.').all(is_name).then_some(word.len()..at);
            }
            None => {}
        }
    }
    if let Some(colon) = colon {
        let value = line[colon + 1..].trim();
        return (!value.is_empty() && is_name(line[..colon].trim())).then_some(colon..colon + 1);
    }
    let word: usize = line.chars().take_while(|c| !c.is_whitespace()).map(char::len_utf8).sum();
    let value = line[word..].trim_start();
    let is_key = line[..word].split('.').all(is_name);
    // Another mark alone in the place of the sign.
    let mut after = value.chars();
    if is_key
        && let (Some(mark), Some(' ')) = (after.next(), after.next())
        && (TYPOGRAPHIC.contains(mark) || "'\"-~".contains(mark))
        && word < line.len()
    {
        let at = line.len() - value.len();
        return Some(at..at + mark.len_utf8());
    }
    let begins = value.starts_with(['"', '\'', '[', '{', '“']) || value.parse::<f64>().is_ok();
    (is_key && begins && word < line.len()).then(|| {
        let at = line.len() - value.len();
        word..at
    })
}
