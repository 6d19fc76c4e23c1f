//! Texts of formulas and laws with the marks of other programs, changed to those of the language.

use super::data::is_table_file;
use super::dist_words::all_words;
use super::lexer::{is_name_part, is_name_start};
use super::other_words::law_of_another_tool;
use super::syntax::Word;

/// Ways in which a text may have been meant, the likelier ones first.
pub const WAYS: [fn(&str) -> Option<String>; 10] = [
    without_parentheses,
    |plain| Some(plain.to_string()),
    without_blanks_of_thousands,
    named_files,
    named_without_sign,
    commas_before_numbers,
    points_for_commas,
    more_or_less,
    closed,
    in_brackets,
];

/// A text without the sign in front of it and the marks behind it, with commas for semicolons, points for decimal commas
/// beside them and fractions for per cent.
pub fn plain(typed: &str) -> String {
    let plain = outside_quotes(typed.trim().trim_start_matches('=').trim(), plainly);
    plain.trim_end_matches([';', ',', ' ']).to_string()
}

/// The text with its parts outside of quotes changed.
fn outside_quotes(text: &str, change: fn(&str) -> String) -> String {
    let (mut found, mut rest) = (String::new(), text);
    while let Some(open) = rest.find(['"', '\'']) {
        let quote = rest.as_bytes()[open] as char;
        let Some(length) = rest[open + 1..].find(quote) else { break };
        found.push_str(&change(&rest[..open]));
        found.push_str(&rest[open..open + length + 2]);
        rest = &rest[open + length + 2..];
    }
    found + &change(rest)
}

/// Modules of Python and JavaScript before a function.
const MODULES: [&str; 10] = [
    "scipy.stats.",
    "numpy.random.",
    "np.random.",
    "stats.",
    "random.",
    "numpy.",
    "math.",
    "Math.",
    "np.",
    "st.",
];

/// Commas for semicolons, points for decimal commas beside them, fractions for per cent; no modules.
fn plainly(text: &str) -> String {
    let mut text = text.replace(".rvs(", "(");
    for module in MODULES {
        while let Some(at) = text.find(module).filter(|at| !text[..*at].ends_with(is_name_part)) {
            text.replace_range(at..at + module.len(), "");
        }
    }
    let text = fractions_for_per_cent(&text);
    match text.contains(';') {
        true => decimal_points(&text).replace(';', ","),
        false => text,
    }
}

/// `15 %` as `0.15`.
fn fractions_for_per_cent(text: &str) -> String {
    let has_commas = text.contains(';');
    let is_part = |c: char| c.is_ascii_digit() || c == '.' || c == ',' && has_commas;
    let (mut found, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('%') {
        let (before, behind) = (rest[..at].trim_end(), &rest[at + 1..]);
        let start = before.trim_end_matches(is_part).len();
        let number = &before[start..];
        let goes_on = behind.trim_start().starts_with(|c: char| is_name_part(c) || c == '(');
        match number.replace(',', ".").parse::<f64>() {
            Ok(x) if !goes_on => {
                found.push_str(&before[..start]);
                found.push_str(&((x * 1e12).round() / 1e14).to_string());
            }
            _ => found.push_str(&rest[..=at]),
        }
        rest = behind;
    }
    found + rest
}

/// Points in place of commas between digits; points of thousands before them go.
fn decimal_points(text: &str) -> String {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let mut found = String::new();
    for (at, c) in text.char_indices() {
        let (before, behind) = (text[..at].chars().next_back(), text[at + c.len_utf8()..].chars().next());
        if c == ',' && digit(before) && digit(behind) {
            let start = found.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').len();
            let whole = found[start..].replace('.', "");
            found.truncate(start);
            found.push_str(&whole);
            found.push('.');
        } else {
            found.push(c);
        }
    }
    found
}

/// Groups of three digits in one number, where one of these marks stands before each; nothing where there are none.
fn without_marks(text: &str, marks: &[char]) -> Option<String> {
    let bytes = text.as_bytes();
    let digits =
        |from: usize| bytes[from.min(bytes.len())..].iter().take_while(|b| b.is_ascii_digit()).count();
    let (mut found, mut before) = (String::new(), 0);
    for (at, c) in text.char_indices() {
        let parts = marks.contains(&c) && (1..=3).contains(&before) && digits(at + c.len_utf8()) == 3;
        if !parts {
            found.push(c);
        }
        before = match c.is_ascii_digit() {
            true => before + 1,
            false if parts => 0,
            // Digits of a fraction or a name are none of thousands.
            false if c == '.' || is_name_part(c) => 9,
            false => 0,
        };
    }
    (found != text).then_some(found)
}

/// `1 000` and `1'000`.
fn without_blanks_of_thousands(text: &str) -> Option<String> {
    without_marks(text, &[' ', '\'', '’', '\u{a0}', '\u{202f}'])
}

/// `1.000`.
pub fn without_points_of_thousands(text: &str) -> Option<String> {
    without_marks(text, &['.'])
}

/// Decimal commas where nothing else has commas; what may be thousands is not guessed.
fn points_for_commas(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split(',').collect();
    let thousands = parts.windows(2).any(|pair| {
        let whole = &pair[0][pair[0].trim_end_matches(|c: char| c.is_ascii_digit() || c == '.').len()..];
        let digits = pair[1].bytes().take_while(u8::is_ascii_digit).count();
        digits == 3 && whole != "0" && !whole.contains('.')
    });
    let points = decimal_points(text);
    (!thousands && !points.contains(',') && points != text).then_some(points)
}

/// `empirical(data.csv)`: the file in quotes, and a column of it.
fn named_files(text: &str) -> Option<String> {
    let is_part = |c: char| is_name_part(c) || ".-/\\".contains(c);
    let word = text.split(|c| !is_part(c)).find(|word| is_table_file(word))?;
    let at = text.find(word)?;
    let (before, behind) = (&text[..at], &text[at + word.len()..]);
    if before.ends_with(['"', '\'']) {
        return None;
    }
    let word = word.replace('\\', "/");
    let Some(column) =
        behind.trim_start().strip_prefix(',').filter(|_| before.trim_end().ends_with("table("))
    else {
        return Some(format!("{before}table('{word}', 'column'){behind}"));
    };
    let end = column.find([',', ')'])?;
    let name = column[..end].trim().trim_matches(['"', '\'']);
    Some(format!("{before}'{word}', '{name}'{}", &column[end..]))
}

/// `normal 10, 2`, `normal[10, 2]` and `normal{10, 2}`.
fn without_parentheses(text: &str) -> Option<String> {
    let length = text.find(|c: char| !is_name_part(c))?;
    let (name, rest) = (&text[..length], text[length..].trim());
    let inner = match rest.chars().next()? {
        '[' => rest[1..].strip_suffix(']')?,
        '{' => rest[1..].strip_suffix('}')?,
        c if c == '(' || !(c.is_ascii_digit() || c == '-' || is_name_start(c)) => return None,
        _ => rest,
    };
    let parts: Vec<&str> = inner.split_whitespace().collect();
    let inner = if inner.contains(',') { inner.to_string() } else { parts.join(", ") };
    let word = Word { text: name.to_string(), span: super::extends::start_of(0) };
    let small = name.to_lowercase();
    let known = all_words().any(|known| known == small) || law_of_another_tool(&word, &[]).is_some();
    known.then(|| format!("{name}({inner})"))
}

/// `normal(mean 10, sd 2)` and `normal(mean: 10, sd: 2)`.
fn named_without_sign(text: &str) -> Option<String> {
    let (head, inner) = text.split_once('(')?;
    let inner = inner.strip_suffix(')')?;
    let named = |part: &str| {
        let part = part.trim();
        let length = part.find(|c: char| !is_name_part(c))?;
        let value = part[length..].trim_start().trim_start_matches(':').trim();
        let is_name =
            part.starts_with(is_name_start) && value.starts_with(|c: char| c.is_ascii_digit() || c == '-');
        Some(if is_name { format!("{} = {value}", &part[..length]) } else { part.to_string() })
    };
    let parts: Option<Vec<String>> = inner.split(',').map(named).collect();
    parts.map(|parts| format!("{head}({})", parts.join(", ")))
}

/// `pert(4 6, 9)`.
fn commas_before_numbers(text: &str) -> Option<String> {
    let mut found = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let lacks = found.ends_with(|c: char| c.is_ascii_digit() || c == ')' || c == '}');
        let begins = word.starts_with(|c: char| c.is_ascii_digit() || c == '{');
        found.push_str(match (found.is_empty(), lacks && begins) {
            (true, _) => "",
            (false, true) => ", ",
            (false, false) => " ",
        });
        found.push_str(word);
    }
    (found != text).then_some(found)
}

/// `10 ± 2`.
fn more_or_less(text: &str) -> Option<String> {
    let (mean, sd) = text.split_once('±').or_else(|| text.split_once("+/-"))?;
    let (mean, sd) = (mean.trim(), sd.trim());
    Some(if mean.contains('(') { format!("{mean}, {sd}") } else { format!("normal({mean}, {sd})") })
}

/// The text with the parenthesis that it lacks at its end, or without the one too many there.
fn closed(text: &str) -> Option<String> {
    let (open, close) = (text.matches('(').count(), text.matches(')').count());
    match open.cmp(&close) {
        std::cmp::Ordering::Greater => Some(format!("{text}{}", ")".repeat(open - close))),
        std::cmp::Ordering::Less if close == open + 1 => text.strip_suffix(')').map(str::to_string),
        _ => None,
    }
}

/// `x.Asia` and `x.2031`: the member in brackets.
fn in_brackets(text: &str) -> Option<String> {
    let is_point = |at: &usize| {
        let before = text[..*at].trim_end_matches(is_name_part);
        text[before.len()..*at].starts_with(is_name_start) && text[at + 1..].starts_with(is_name_part)
    };
    let at = text.match_indices('.').map(|(at, _)| at).find(is_point)?;
    let length = text[at + 1..].find(|c: char| !is_name_part(c)).unwrap_or(text.len() - at - 1);
    let (member, rest) = text[at + 1..].split_at(length);
    (!rest.starts_with(['(', '.'])).then(|| format!("{}[{member}]{rest}", &text[..at]))
}
