//! What stands under a tornado chart: bars left out, inputs that move together, and what a bar is.

use super::theme::NOTE;
use super::tornado::{TornadoBar, TornadoChart};
use super::words::fill;

/// Signs of inputs that are tied, and of those that no formula joins to the output.
const TIED: char = '¹';
const NO_PATH: char = '²';

impl TornadoChart {
    /// Lines of at most this width: rows left out, ties, and what a bar is.
    pub(super) fn notes(&self, width: f64) -> Vec<String> {
        let words = self.frame.words();
        let mut notes = Vec::new();
        let rows = self.drawn();
        if self.rows.len() > rows.len() {
            notes.push(fill(words.more_bars, &[&(self.rows.len() - rows.len()).to_string()]));
        }
        let tied: Vec<&TornadoBar> = rows.iter().filter(|row| row.has_path && !row.ties.is_empty()).collect();
        let titled =
            |title: &str, rows: &[&TornadoBar]| match rows.iter().filter(|r| r.title == title).count() {
                0 | 1 => title.to_string(),
                many => fill(words.members, &[title, &many.to_string()]),
            };
        let groups: Vec<String> = tied_groups(&tied)
            .iter()
            .map(|group| group.iter().map(|title| titled(title, &tied)).collect::<Vec<_>>().join(", "))
            .collect();
        let unjoined: Vec<&TornadoBar> = rows.iter().filter(|row| !row.has_path).collect();
        let mut pairs: Vec<String> = Vec::new();
        for row in &unjoined {
            let pair = fill(words.tied_pair, &[&titled(&row.title, &unjoined), &row.ties.join(", ")]);
            if !pairs.contains(&pair) {
                pairs.push(pair);
            }
        }
        for (phrase, inputs) in [(words.tied, groups), (words.no_path, pairs)] {
            if !inputs.is_empty() {
                let text = fill(phrase, &[&format!("{}.", inputs.join("; "))]);
                notes.extend(NOTE.wrapped(&text, width, 3));
            }
        }
        let output = NOTE.shortened(&self.output_label, 500.0);
        notes.extend(NOTE.wrapped(&fill(words.bar_definition, &[&output]), width, 5));
        notes
    }
}

/// The name of an input with the sign of its footnote.
pub fn signed(row: &TornadoBar) -> String {
    match (row.has_path, row.ties.is_empty()) {
        (true, true) => row.label.clone(),
        (true, false) => format!("{}{TIED}", row.label),
        (false, _) => format!("{}{NO_PATH}", row.label),
    }
}

/// Titles of the rows and of what they are tied to, those that are tied together in one group.
fn tied_groups<'a>(rows: &[&'a TornadoBar]) -> Vec<Vec<&'a str>> {
    let mut groups: Vec<Vec<&str>> = Vec::new();
    for row in rows {
        let own = || std::iter::once(&row.title).chain(&row.ties).map(String::as_str);
        let meets = |group: &Vec<&str>| own().any(|title| group.contains(&title));
        let (together, apart): (Vec<_>, Vec<_>) = groups.into_iter().partition(meets);
        let mut group = together.concat();
        for title in own() {
            if !group.contains(&title) {
                group.push(title);
            }
        }
        groups = apart;
        groups.push(group);
    }
    groups
}
