//! The tables [scenario] and [axes].

use unicode_normalization::UnicodeNormalization;

use super::fields::{Fields, Keys, table, wrong_kind};
use super::functions::RESERVED;
use super::levels::{self, Levels};
use super::lexer::is_name;
use super::mend::number;
use super::model::{Axis, Language};
use super::names::Names;
use super::percent::Convention;
use super::tree::{Entry, Node, Table, Value};
use crate::diagnostic::{
    AXIS_MEMBERS, Diagnostic, NAME_DUPLICATE, NAME_RESERVED, SCENARIO_SIZE, SCENARIO_VALUE, Span, TOML_LATER,
    TOML_TYPE, grouped,
};
use crate::tally::MOST_RUNS;

/// Runs where the file does not say.
const DEFAULT_RUNS: u64 = 1_000_000;
/// Seed where the file does not say.
const DEFAULT_SEED: u64 = 1;
/// More years than anyone looks at.
const MOST_YEARS: i64 = 10_000;
/// More members of an axis than a cell count allows anyway.
const MOST_MEMBERS: usize = 1_000_000;

pub(super) const KEYS: Keys = Keys {
    known: &[
        "title",
        "years",
        "runs",
        "seed",
        "language",
        "percentiles",
        "tail_means",
        "exceedance",
        "tornado_inputs",
    ],
    later: &["time"],
};

/// The values of [scenario].
#[derive(Debug)]
pub struct Settings {
    pub title: Option<String>,
    pub runs: u64,
    pub seed: u64,
    pub language: Language,
    pub convention: Convention,
    /// Of the outputs that say nothing themselves.
    pub levels: Levels,
}

/// Reads [scenario]; its years become the last axis of `names`.
pub fn settings(
    entry: Option<&Entry>,
    axes: Option<&Entry>,
    names: &mut Names,
    problems: &mut Vec<Diagnostic>,
) -> Settings {
    let empty = Table::default();
    let mut settings = Settings {
        title: None,
        runs: DEFAULT_RUNS,
        seed: DEFAULT_SEED,
        language: Language::English,
        convention: Convention::default(),
        levels: Levels::default(),
    };
    if let Some(entry) = axes {
        read_axes(entry, names, problems);
    }
    let Some(entry) = entry else { return settings };
    let table = table(entry, "`[scenario]` on a line of its own", problems).unwrap_or(&empty);
    let fields = Fields::new(table, "[scenario]", entry.key_span, &KEYS, problems);
    settings.title = fields.string("title", problems);
    if let Some(entry) = fields.entry("runs") {
        settings.runs = runs(entry, problems).unwrap_or(DEFAULT_RUNS);
    }
    if let Some(entry) = fields.entry("seed") {
        settings.seed = whole(entry, problems).unwrap_or(DEFAULT_SEED);
    }
    if let Some(text) = fields.text("language", problems) {
        match text.text.as_str() {
            "en" => settings.language = Language::English,
            "ko" => settings.language = Language::Korean,
            other => problems.push(
                Diagnostic::error(&SCENARIO_VALUE, format!("no words for the language `{other}`"))
                    .label(text.inner(), "expected en or ko")
                    .help("write `language = \"en\"` or `language = \"ko\"`"),
            ),
        }
    }
    settings.convention = levels::convention(&fields, problems);
    let lists = ["percentiles", "tail_means"].map(|key| fields.entry(key));
    settings.levels = levels::of_keys(lists, settings.convention, &settings.levels, problems);
    if let Some(entry) = fields.entry("years") {
        match years(entry, problems) {
            Some((first, last)) => {
                names.axis_spans.push(entry.node.span);
                names.axes.push(Axis {
                    name: "year".to_string(),
                    members: (first..=last).map(|y| y.to_string()).collect(),
                    first_year: Some(first),
                });
            }
            None => names.axes_broken = true,
        }
    }
    settings
}

/// A whole number from 0 on, also written as a float like 1e7.
fn whole(entry: &Entry, problems: &mut Vec<Diagnostic>) -> Option<u64> {
    let key = &entry.key;
    let exact = 9_007_199_254_740_992.0;
    let found = match &entry.node.value {
        Value::Integer(x) => u64::try_from(*x).ok(),
        Value::Float(x, written)
            if written.contains('.') && !written.contains(['e', 'E']) && x.fract() == 0.0 =>
        {
            problems.push(with_a_point(key, written, entry.node.span));
            return None;
        }
        Value::Float(x, _) if *x >= 0.0 && x.fract() == 0.0 && *x <= exact => Some(*x as u64),
        Value::Float(..) => None,
        other => {
            let report = wrong_kind(key, "a whole number", other, entry.node.span);
            problems.push(match other {
                Value::Text(text) => report.help(without_quotes(key, text.text.trim())),
                _ => report,
            });
            return None;
        }
    };
    if found.is_none() {
        let label = match entry.node.value.number() {
            Some(x) if x < 0.0 => "below 0",
            Some(x) if x.fract() != 0.0 => "not whole",
            Some(x) if x < u64::MAX as f64 => "too large to be exact when written like this",
            _ => "too large",
        };
        problems.push(
            Diagnostic::error(&SCENARIO_VALUE, format!("`{key}` takes a whole number, 0 or above"))
                .label(entry.node.span, label)
                .help(format!("write for example `{key} = 1_000_000` or `{key} = 1e6`")),
        );
    }
    found
}

/// What to write for a number in quotes.
fn without_quotes(key: &str, written: &str) -> String {
    let value = match written.parse::<f64>() {
        Ok(_) => Some(written.to_string()),
        Err(_) => number(written, key).and_then(|meant| meant.value),
    };
    value.map_or(String::new(), |value| format!("write `{key} = {value}`"))
}

/// A whole number with a point may have been meant with thousands.
fn with_a_point(key: &str, written: &str, span: Span) -> Diagnostic {
    let (whole, behind) = written.split_once('.').unwrap_or((written, ""));
    let thousands = behind.len() == 3;
    let value = if thousands { format!("{whole}_{behind}") } else { whole.to_string() };
    Diagnostic::error(&SCENARIO_VALUE, format!("`{key}` takes a whole number without a point"))
        .label(span, format!("this is {whole}: a point begins a fraction"))
        .help(match thousands {
            true => format!("write `{key} = {value}` for thousands, `{key} = {whole}` for {whole}"),
            false => format!("write `{key} = {value}`"),
        })
}

fn runs(entry: &Entry, problems: &mut Vec<Diagnostic>) -> Option<u64> {
    if entry.node.value.number().is_some_and(|x| x < 1.0) {
        problems.push(
            Diagnostic::error(&SCENARIO_VALUE, "`runs` must be at least 1")
                .label(entry.node.span, "no run, no result")
                .help("write for example `runs = 1_000_000`"),
        );
        return None;
    }
    if let Some(runs) = entry.node.value.number().filter(|runs| *runs > MOST_RUNS as f64) {
        let years = runs / 1e7 / 3600.0 / 24.0 / 365.0;
        problems.push(
            Diagnostic::error(&SCENARIO_SIZE, format!("`runs` is above {}", grouped(MOST_RUNS)))
                .label(entry.node.span, format!("{runs:e} runs / 1e7 a second = {years:.0} years"))
                .help("a probability of a half is known to four digits at `runs = 1e9`"),
        );
        return None;
    }
    whole(entry, problems)
}

fn years(entry: &Entry, problems: &mut Vec<Diagnostic>) -> Option<(i32, i32)> {
    let span = entry.node.span;
    let example = "write the first and the last year: `years = [2025, 2031]`";
    let pair = match &entry.node.value {
        Value::Array(items) => match items.as_slice() {
            [Node { value: Value::Integer(a), .. }, Node { value: Value::Integer(b), .. }] => Some((*a, *b)),
            _ => None,
        },
        _ => None,
    };
    let several = match &entry.node.value {
        Value::Array(items) => match (items.first(), items.last()) {
            (Some(Node { value: Value::Integer(a), .. }), Some(Node { value: Value::Integer(b), .. }))
                if a < b =>
            {
                format!("write the first and the last year: `years = [{a}, {b}]`")
            }
            _ => example.to_string(),
        },
        _ => example.to_string(),
    };
    let years = pair.and_then(|(a, b)| Some((i32::try_from(a).ok()?, i32::try_from(b).ok()?)));
    let Some((first, last)) = years else {
        problems.push(
            Diagnostic::error(&TOML_TYPE, "`years` takes two whole numbers")
                .label(span, "not two years")
                .help(several),
        );
        return None;
    };
    if first > last {
        problems.push(
            Diagnostic::error(&SCENARIO_VALUE, "`years` runs backwards")
                .label(span, format!("{first} is after {last}"))
                .help(format!("write `years = [{last}, {first}]`")),
        );
        return None;
    }
    let count = i64::from(last) - i64::from(first) + 1;
    if count > MOST_YEARS {
        problems.push(
            Diagnostic::error(&SCENARIO_SIZE, "too many years")
                .label(span, format!("{last} - {first} + 1 = {} years", grouped(count as u64)))
                .help(format!("at most {} are taken", grouped(MOST_YEARS as u64))),
        );
        return None;
    }
    Some((first, last))
}

fn read_axes(entry: &Entry, names: &mut Names, problems: &mut Vec<Diagnostic>) {
    let before = problems.len();
    if let Some(table) = table(entry, "`[axes]` on a line of its own", problems) {
        for entry in &table.entries {
            axis(entry, names, problems);
        }
    }
    names.axes_broken |= problems.len() > before;
}

fn axis(entry: &Entry, names: &mut Names, problems: &mut Vec<Diagnostic>) {
    let name = entry.key.as_str();
    if RESERVED.contains(&name) {
        let help = if name == "year" { "the years are set by `years` in [scenario]" } else { "" };
        problems.push(
            Diagnostic::error(&NAME_RESERVED, format!("`{name}` is a word of the language"))
                .label(entry.key_span, "not for an axis")
                .help(help),
        );
        return;
    }
    if !is_name(name) {
        problems.push(
            Diagnostic::error(&NAME_RESERVED, format!("`{name}` cannot be the name of an axis"))
                .label(entry.key_span, "letters, digits and `_`, a letter first")
                .help("members of an axis may have any name"),
        );
        return;
    }
    let Some(members) = members(entry, problems) else { return };
    names.axis_spans.push(entry.key_span);
    names.axes.push(Axis { name: name.to_string(), members, first_year: None });
}

/// What is seen of a name: accents and letters as one character each, blanks as one, nothing of no width.
///
/// - Source: Unicode Standard Annex #15, normalisation form C.
fn look(name: &str) -> String {
    const NO_WIDTH: [char; 6] = ['\u{ad}', '\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}'];
    let visible: String = name.chars().filter(|c| !NO_WIDTH.contains(c) && !is_unseen(*c)).nfc().collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// True for a control character that is no blank.
fn is_unseen(c: char) -> bool {
    c.is_control() && !c.is_whitespace()
}

fn members(entry: &Entry, problems: &mut Vec<Diagnostic>) -> Option<Vec<String>> {
    let name = &entry.key;
    let example = format!("write the members in order: `{name} = [\"one\", \"two\"]`");
    let items = match &entry.node.value {
        Value::Array(items) => items,
        Value::Table(_) => {
            problems.push(
                Diagnostic::error(&TOML_LATER, "an axis nested in another is not part of this version")
                    .label(entry.key_span, "a table")
                    .help(example),
            );
            return None;
        }
        other => {
            problems.push(wrong_kind(name, "a list of members", other, entry.node.span).help(example));
            return None;
        }
    };
    if items.is_empty() {
        problems.push(
            Diagnostic::error(&AXIS_MEMBERS, format!("the axis `{name}` has no members"))
                .label(entry.node.span, "an empty list")
                .help(example),
        );
        return None;
    }
    if items.len() > MOST_MEMBERS {
        problems.push(
            Diagnostic::error(&SCENARIO_SIZE, format!("the axis `{name}` has too many members"))
                .label(entry.key_span, format!("{} members", grouped(items.len() as u64)))
                .help(format!("at most {} are taken", grouped(MOST_MEMBERS as u64))),
        );
        return None;
    }
    let mut seen = std::collections::BTreeMap::new();
    let mut fine = true;
    for item in items {
        match &item.value {
            Value::Text(text) => {
                let look = look(&text.text);
                if look.is_empty() {
                    fine = false;
                    problems.push(
                        Diagnostic::error(
                            &AXIS_MEMBERS,
                            format!("a member of the axis `{name}` has no name"),
                        )
                        .label(text.span, "nothing to be seen")
                        .help("give it one, or leave it out"),
                    );
                } else if let Some((first, written)) = seen.insert(look, (text.inner(), &text.text)) {
                    fine = false;
                    let again = match *written == text.text {
                        true => "again",
                        false => "looks the same and is written in other characters",
                    };
                    problems.push(
                        Diagnostic::error(
                            &NAME_DUPLICATE,
                            format!("`{}` twice in the axis `{name}`", text.text),
                        )
                        .label(text.inner(), again)
                        .context(first, "first here"),
                    );
                }
            }
            other => {
                fine = false;
                problems.push(wrong_kind(name, "members in quotes", other, item.span).help(example.as_str()));
            }
        }
    }
    let member = |item: &Node| match &item.value {
        Value::Text(text) => Some(text.text.clone()),
        _ => None,
    };
    if fine { items.iter().map(member).collect() } else { None }
}
