//! Headers: `[inputs.cost]`, `[[correlations]]`.

use super::joined::parted;
use super::keys::{key, key_pattern};
use super::mender::Mender;
use super::statements::section;

impl Mender<'_> {
    /// Goes through a header.
    pub fn header(&mut self) {
        let (start, line) = (self.at, self.rest_of_line());
        let opening = (line.len() - line.trim_start_matches('[').len()).min(2);
        let close = unquoted(line, ']').unwrap_or(line.len());
        let named = &line[opening..close.max(opening)];
        let odd = |quote: char| named.matches(quote).count() % 2 == 1;
        // A mark in the place of the bracket, or before it.
        let marks = |c: char| ",;: “”".contains(c) || (c == '"' || c == '\'') && odd(c);
        let inner = start + opening..start + opening + named.trim_end_matches(marks).len();
        let closing = line[close..].len() - line[close..].trim_start_matches(']').len();
        let behind = line[(close + closing).min(line.len())..].trim();
        let parts = self.parts(inner.clone());
        if parts.iter().any(|part| self.text[part.clone()].trim().is_empty()) {
            self.report(
                "a section needs a name",
                start..start + line.len(),
                "a part of the name is empty",
                "write for example `[scenario]` or `[inputs.cost]`",
            );
            self.readable = false;
            return;
        }
        self.section = self.text[parts[0].clone()].to_string();
        if let (Some((section, name)), [only], None) =
            (parted(&self.section), &parts[..], section(&self.section))
        {
            let right = format!("[{section}.{}]", key(name));
            let help = format!("a point parts a section from its name: `{right}`");
            self.report("a section has no point before its name", only.clone(), "no such section", help);
            self.edit(start..start + line.len(), right);
            return;
        }
        let spelled: Vec<String> =
            parts.iter().enumerate().map(|(depth, part)| self.quoted_part(part.clone(), depth).0).collect();
        (self.depth, self.line_depth) = (spelled.len(), spelled.len());
        let many = section(&spelled[0]) == Some("correlations") && spelled.len() == 1;
        let wanted = match (opening, closing) {
            (1, 1) | (2, 2) => opening,
            (opening, 0) => opening,
            _ => 1 + usize::from(many),
        };
        let (open, shut) = ("[".repeat(wanted), "]".repeat(wanted));
        let right = format!("{open}{}{shut}", spelled.join("."));
        for (depth, part) in parts.into_iter().enumerate() {
            self.part(part, depth, &right);
        }
        if closing != wanted || opening != wanted {
            let place = match closing {
                0 => start..start + line.len().max(1),
                _ => start + close..start + close + closing,
            };
            let (message, label) = match closing {
                0 => ("a bracket is missing", format!("expected `{shut}` at the end")),
                _ => {
                    ("the brackets of this section do not match", format!("{opening} open, {closing} close"))
                }
            };
            self.report(message, place, label, format!("write `{right}`"));
            self.edit(start..start + opening, open);
            self.edit(inner.end..start + close + closing, shut);
        } else if inner.end < start + close {
            let marks = inner.end..start + close;
            self.report(
                "nothing stands behind the name of a section",
                marks.clone(),
                "not part of it",
                format!("write `{right}`"),
            );
            self.edit(marks, "");
        }
        if behind.is_empty() {
            return;
        }
        let at = start + line.len() - line[close + closing..].trim_start().len();
        if key_pattern(behind) {
            self.report(
                "a key stands on a line of its own",
                at..start + line.len(),
                "behind a section",
                "begin a new line here",
            );
            self.edit(at..at, "\n");
            self.at = at;
            self.key_with_value();
        } else {
            self.report(
                "nothing stands behind a section",
                at..start + line.len(),
                "not part of it",
                format!("write `{right}`; a comment begins with `#`"),
            );
            self.edit(at..start + line.len(), "");
        }
    }
}

/// The first such mark that is not within quotes.
fn unquoted(line: &str, mark: char) -> Option<usize> {
    let mut quote = None;
    for (at, c) in line.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if (c == '"' || c == '\'') && line[at + 1..].contains(c) => quote = Some(c),
            None if c == mark => return Some(at),
            None => {}
        }
    }
    None
}
