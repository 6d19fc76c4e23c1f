//! Values without quotes or brackets: numbers as people write them, true and false, texts that lack their quotes.

use std::ops::Range;

use toml::de::DeValue;

use super::mender::Mender;
use super::numbers::{list, number};
use super::values::{Around, quoted};

/// Quotes of text programs, and what looks like one.
pub const TYPOGRAPHIC: &str = "“”„‟«»‘’‚‛＂＇`´";

impl Mender<'_> {
    /// An unquoted value at `range`.
    pub fn scalar(&mut self, range: Range<usize>, around: Around, word: &str) {
        let mut range = range;
        let written = &self.text[range.clone()];
        if around == Around::Line {
            self.at = range.end;
        }
        if DeValue::parse(written).is_ok() {
            return;
        }
        let trimmed = written.trim_end_matches([',', ';', ' ']);
        if around == Around::Line && DeValue::parse(trimmed).is_ok() {
            let marks = range.start + trimmed.len()..range.end;
            let help = format!("write `{word} = {trimmed}`");
            self.report("no mark stands at the end of a line", marks.clone(), "behind the value", help);
            return self.edit(marks, "");
        }
        if let Some(right) = list(trimmed, word).filter(|_| around != Around::List) {
            let help = format!("write `{word} = {right}`");
            self.report("a list stands in brackets", range.clone(), "without brackets", help);
            return self.edit(range, right);
        }
        if let Some(right) =
            list(written, word).filter(|_| word == "years" && written.contains(['-', '.', '–']))
        {
            let inner = right.trim_matches(['[', ']']).to_string();
            self.report(
                "a comma stands between two years",
                range.clone(),
                "one word",
                format!("write `{word} = {right}`"),
            );
            return self.edit(range, inner);
        }
        if let Some(found) = number(written, word) {
            self.report(found.message, range.clone(), found.label, found.help);
            match found.value {
                Some(value) => self.edit(range, value),
                None => self.give_up_on(range),
            }
            return;
        }
        let truth = match written.to_lowercase().as_str() {
            "true" | "yes" | "on" => Some("true"),
            "false" | "no" | "off" => Some("false"),
            _ => None,
        };
        if let Some(truth) = truth {
            let help = format!("write `{truth}`");
            self.report("TOML knows `true` and `false` alone", range.clone(), "another word", help);
            return self.edit(range, truth);
        }
        if matches!(written.to_lowercase().as_str(), "null" | "none" | "nil" | "na" | "n/a") {
            let help = "leave the key out where it has no value";
            self.report("there is no empty value", range.clone(), "stands for nothing", help);
            return self.give_up_on(range);
        }
        let last = written.chars().last().filter(|c| TYPOGRAPHIC.contains(*c) || "\"'".contains(*c));
        if let Some(last) = last
            && !written[..written.len() - last.len_utf8()].contains(last)
        {
            let bare = written[..written.len() - last.len_utf8()].trim_start_matches([',', ';', ':', ' ']);
            let right = quoted(bare);
            let help = format!("write `{}{right}`", before(around, word));
            self.report("a text has no opening quote", range.clone(), "begins without a quote", help);
            return self.edit(range, right);
        }
        if around == Around::Line
            && let Some(more) = second_key(written)
        {
            range.end = range.start + more;
        }
        let text = self.text[range.clone()].trim_end();
        range.end = range.start + text.len();
        let right = quoted(text);
        let help = format!("write `{}{right}`", before(around, word));
        self.report("a text needs quotes", range.clone(), "not a number, date, true or false", help);
        let quote = right[..1].to_string();
        self.edit(range.start..range.start, quote.clone());
        self.edit(range.end..range.end, quote);
        if around == Around::Line {
            self.at = range.end;
        }
    }
}

fn before(around: Around, word: &str) -> String {
    if around == Around::List || word.is_empty() { String::new() } else { format!("{word} = ") }
}

/// Where another key with a value begins behind a call: `pert(1, 2, 3) unit = …`.
fn second_key(written: &str) -> Option<usize> {
    let close = written.find(')')?;
    let rest = &written[close + 1..];
    super::keys::key_pattern(rest).then_some(close + 1)
}
