//! Formulas and `dist` texts in the grammar of other programs, and how they are written here.
//!
//! A text that is refused is changed in the ways that people know from elsewhere — `;` between arguments, decimal commas,
//! per cent signs, a call without parentheses — and read by a parser that also knows `a ? b : c`, `if a then b else c` and
//! lists in braces. What it makes of it is spelled out as advice.

use super::calls::along_values;
use super::data::is_table_file;
use super::dist_words::all_words;
use super::functions::function;
use super::lexer::{TokenKind, is_name_part, is_name_start};
use super::list_words::in_pairs;
use super::other_words::{function_with, law_of_another_tool, written};
use super::parser::{Parser, read_loosely};
use super::spelling::spelled;
use super::syntax::{Argument, Ast, AstKind, Word};
use super::tree::Text;
use crate::diagnostic::Diagnostic;

/// The report with what to type instead of the whole text, where that is known.
pub fn advised(text: &Text, report: Diagnostic) -> Diagnostic {
    match meant(&text.text) {
        Some(help) => Diagnostic { help: vec![help], ..report },
        None => report,
    }
}

/// What to type instead of a text that is refused.
fn meant(typed: &str) -> Option<String> {
    let plain = outside_quotes(typed.trim().trim_start_matches('=').trim(), plainly);
    let plain = plain.trim_end_matches([';', ',', ' ']);
    if typed.contains(';')
        && let Some(joined) = without_points_of_thousands(plain)
        && let (Some(large), Some(small)) = (written_out(&joined), written_out(plain))
    {
        let small = small.trim_start_matches("write ");
        return Some(format!("{large} for thousands, or with points as fractions: {small}"));
    }
    let ways: [fn(&str) -> Option<String>; 9] = [
        without_parentheses,
        |plain| Some(plain.to_string()),
        without_blanks_of_thousands,
        named_files,
        named_without_sign,
        points_for_commas,
        more_or_less,
        closed,
        in_brackets,
    ];
    ways.iter().find_map(|way| written_out(&way(plain)?))
}

fn written_out(text: &str) -> Option<String> {
    advice(&read_loosely(text).ok()?)
}

fn advice(ast: &Ast) -> Option<String> {
    let AstKind::Call { function, arguments } = &ast.kind else {
        return Some(format!("write `{}`", spelled(&translated(ast))));
    };
    let has_list = arguments.iter().any(|argument| matches!(argument.value.kind, AstKind::List(_)));
    if let Some(call) = in_pairs(&function.text, arguments).filter(|_| has_list) {
        return Some(format!("write `{call}`"));
    }
    match law_of_another_tool(function, arguments) {
        Some((_, advice)) => Some(written(&advice)),
        None => (!has_list).then(|| format!("write `{}`", spelled(&translated(ast)))),
    }
}

/// The expression with functions and laws of other programs as they are called here.
pub fn translated(ast: &Ast) -> Ast {
    let kind = match &ast.kind {
        AstKind::Call { function: word, arguments } => {
            let arguments: Vec<Argument> = arguments
                .iter()
                .map(|argument| Argument { name: argument.name.clone(), value: translated(&argument.value) })
                .collect();
            let is_here = |name: &str| function(name).is_some() || all_words().any(|known| known == name);
            let small = word.text.to_lowercase();
            let law = || {
                law_of_another_tool(word, &arguments).map(|(_, advice)| advice.trim_matches('`').to_string())
            };
            let foreign = || match is_here(&small) {
                false => function_with(&word.text, &arguments).or_else(law),
                true => function_with(&word.text, &arguments),
            };
            if !is_here(&word.text)
                && let Some(found) = foreign().and_then(|call| read_loosely(&call).ok())
            {
                return found;
            }
            let values: Vec<&Ast> = arguments.iter().map(|argument| &argument.value).collect();
            let axis_last =
                matches!(values.last().map(|ast| &ast.kind), Some(AstKind::Name(_) | AstKind::Text(_)));
            if let Some(row) =
                function(&small).filter(|_| values.len() > 2 || values.len() == 2 && !axis_last)
                && let Some(found) = along_values(row.kind, &values).and_then(|text| read_loosely(&text).ok())
            {
                return found;
            }
            let text = if is_here(&small) { small } else { word.text.clone() };
            AstKind::Call { function: Word { text, span: word.span }, arguments }
        }
        AstKind::Map(entries) => {
            AstKind::Map(entries.iter().map(|(key, value)| (translated(key), translated(value))).collect())
        }
        AstKind::List(items) => AstKind::List(items.iter().map(translated).collect()),
        AstKind::Weighted(x, y) => AstKind::Weighted(Box::new(translated(x)), Box::new(translated(y))),
        AstKind::Unary(op, x) => AstKind::Unary(*op, Box::new(translated(x))),
        AstKind::Binary(op, x, y) => AstKind::Binary(*op, Box::new(translated(x)), Box::new(translated(y))),
        AstKind::Number(_) | AstKind::Text(_) | AstKind::Name(_) | AstKind::Index { .. } => ast.kind.clone(),
    };
    Ast { kind, span: ast.span }
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
fn without_points_of_thousands(text: &str) -> Option<String> {
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
    let word = Word { text: name.to_string(), span: super::extends::start_of(0) };
    let small = name.to_lowercase();
    let known = all_words().any(|known| known == small) || law_of_another_tool(&word, &[]).is_some();
    let inner = match rest.chars().next()? {
        '[' => rest[1..].strip_suffix(']')?,
        '{' => rest[1..].strip_suffix('}')?,
        c if c == '(' || !(c.is_ascii_digit() || c == '-' || is_name_start(c)) => return None,
        _ => rest,
    };
    let parts: Vec<&str> = inner.split_whitespace().collect();
    let inner = if inner.contains(',') { inner.to_string() } else { parts.join(", ") };
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

impl Parser<'_> {
    /// `condition ? a : b` and `a if condition else b`, whose first part is read.
    pub(super) fn chosen(&mut self, first: Ast) -> Result<Ast, Diagnostic> {
        if self.take("?") {
            let then = self.expression()?;
            return match self.take(":") {
                true => Ok(conditional([first, then, self.expression()?])),
                false => Err(self.unexpected("`:`")),
            };
        }
        if !self.take_keyword("if") {
            return Ok(first);
        }
        let condition = self.expression()?;
        match self.take_keyword("else") {
            true => Ok(conditional([condition, first, self.expression()?])),
            false => Err(self.unexpected("`else`")),
        }
    }

    /// `if condition then a else b`, whose first word is read.
    pub(super) fn in_words(&mut self) -> Result<Ast, Diagnostic> {
        let condition = self.expression()?;
        if !self.take_keyword("then") {
            return Err(self.unexpected("`then`"));
        }
        let then = self.expression()?;
        match self.take_keyword("else") {
            true => Ok(conditional([condition, then, self.expression()?])),
            false => Err(self.unexpected("`else`")),
        }
    }

    /// True, and read over, where a word of whatever case stands next.
    fn take_keyword(&mut self, keyword: &str) -> bool {
        let found = matches!(self.peek(), TokenKind::Word(word) if word.eq_ignore_ascii_case(keyword));
        self.at += usize::from(found);
        found
    }
}

fn conditional(parts: [Ast; 3]) -> Ast {
    let span = parts[0].span;
    let arguments = parts.into_iter().map(|value| Argument { name: None, value }).collect();
    Ast { kind: AstKind::Call { function: Word { text: "if".to_string(), span }, arguments }, span }
}

#[cfg(test)]
mod tests {
    use super::meant;

    #[test]
    fn texts_of_other_programs_are_written_as_here() {
        for (typed, here) in [
            ("normal(10,5; 2)", "normal(10.5, 2)"),
            ("pert(1.000,5; 2000; 3.500,25)", "pert(1000.5, 2000, 3500.25)"),
            ("RiskDiscrete({1;2};{0,5;0,5})", "discrete({1: 0.5, 2: 0.5})"),
            ("discrete({1; 0.5})", "discrete({1: 0.5})"),
            ("discrete({1;0.25},{2;0.75})", "discrete({1: 0.25, 2: 0.75})"),
            ("RiskCumul(0,10,{1,5},{0.3,0.8})", "cumulative({0: 0, 1: 0.3, 5: 0.8, 10: 1})"),
            ("RiskCumulD(0,10,{1,5},{0.7,0.2})", "cumulative({0: 0, 1: 0.3, 5: 0.8, 10: 1})"),
            ("RiskGeneral(0,10,{1,5},{2,3})", "general({0: 0, 1: 2, 5: 3, 10: 0})"),
            ("RiskHistogrm(0,10,{1,5})", "histogram({0: 1, 5: 5, 10: 0})"),
            ("RiskDUniform({1,2,3})", "discrete({1: 1, 2: 1, 3: 1})"),
            ("RiskNormal(10,2,RiskTruncate(5,))", "truncate(normal(10, 2), min = 5)"),
            ("RiskNormal(10,2,RiskTruncate(,15))", "truncate(normal(10, 2), max = 15)"),
            ("normal 10, 2", "normal(10, 2)"),
            ("Normal 10 2", "normal(10, 2)"),
            ("RiskPert[4; 6; 9]", "pert(4, 6, 9)"),
            ("normal(mean 10, sd 2)", "normal(mean = 10, sd = 2)"),
            ("10 ± 2", "normal(10, 2)"),
            ("normal(10, 20%)", "normal(10, 0.2)"),
            ("normal(10, 2", "normal(10, 2)"),
            ("normal(10, 2))", "normal(10, 2)"),
            ("np.random.normal(10, 2)", "normal(10, 2)"),
            ("empirical(data.csv)", "empirical(table('data.csv', 'column'))"),
            ("empirical(table(data/a.csv, price))", "empirical(table('data/a.csv', 'price'))"),
            ("a > b ? 1 : 0", "if(a > b, 1, 0)"),
            ("2 * (a > b ? a : b)", "2 * if(a > b, a, b)"),
            ("a if a > b else b", "if(a > b, a, b)"),
            ("IF a > b THEN a ELSE b", "if(a > b, a, b)"),
            ("if (a > b) then a else b", "if(a > b, a, b)"),
            ("=IF(a>1,5;POWER(a;2);0)", "if(a > 1.5, a^2, 0)"),
            ("=SUM(a,-20)", "a + -20"),
            ("=SUM(a;b;c)/3", "(a + b + c) / 3"),
            ("a.Asia + 1", "a[Asia] + 1"),
            ("1,5 * a", "1.5 * a"),
            ("a * 5 %", "a * 0.05"),
            ("normal(1 000, 50)", "normal(1000, 50)"),
            ("normal(1'000'000, 50)", "normal(1000000, 50)"),
            ("a * 1 000", "a * 1000"),
            (
                "normal(1.000; 50)",
                "normal(1000, 50)` for thousands, or with points as fractions: `normal(1, 50)",
            ),
        ] {
            assert_eq!(meant(typed).as_deref(), Some(format!("write `{here}`").as_str()), "{typed}");
        }
    }

    #[test]
    fn what_may_mean_two_things_is_left_to_the_report() {
        for typed in
            ["a * 1,250", "a b", "0 < a < 1", "normal(10,,2)", "a % b", "x = 3", "", "((", "if a", "a ? b"]
        {
            assert_eq!(meant(typed), None, "{typed}");
        }
    }
}
