//! Words of other programs: what to write instead, with the arguments that were typed.

use super::dist_words::all_words;
use super::expression::BinaryOp;
use super::foreign_syntax::translated;
use super::list_words::in_pairs;
use super::other_functions::OTHER_FUNCTIONS;
use super::other_laws::OTHER_LAWS;
use super::parameter_words;
use super::risk_properties::{applied, word_of};
use super::spelling::{self, operand, spelled};
use super::syntax::{Argument, Ast, AstKind, Word};
use crate::diagnostic::nearest;

/// One row of [`OTHER_LAWS`] or [`OTHER_FUNCTIONS`].
#[derive(Debug)]
pub struct OtherWord {
    /// What is typed; case does not count.
    pub words: &'static [&'static str],
    /// Whose words they are.
    pub tool: &'static str,
    /// Its parameters there, in order; empty for any number.
    pub parameters: &'static [&'static str],
    /// What to write: `{name}` is a parameter, `{+}`, `{*}`, `{,}`, `{and}` and `{or}` are all arguments with that
    /// between them, `{n}` is their number. Without a brace it is advice.
    pub write: &'static str,
}

/// One row.
pub(super) const fn row(
    words: &'static [&'static str],
    tool: &'static str,
    parameters: &'static [&'static str],
    write: &'static str,
) -> OtherWord {
    OtherWord { words, tool, parameters, write }
}

impl OtherWord {
    /// What to write, with the parameters' names.
    pub fn general(&self) -> String {
        let mut text = self.write.to_string();
        for name in self.parameters {
            text = text.replace(&format!("{{{name}}}"), name);
        }
        let all =
            [("{+}", "a + b"), ("{*}", "a * b"), ("{,}", "a, b"), ("{and}", "a and b"), ("{or}", "a or b")];
        all.iter().fold(text, |text, (mark, names)| text.replace(mark, names)).replace("{n}", "2")
    }

    /// True for advice that is no expression.
    pub fn is_advice(&self) -> bool {
        self.write.contains('`') || !self.write.contains(['(', '{'])
    }

    /// What to write for a call with these arguments, where their number and names fit.
    fn rewritten(&self, arguments: &[Argument]) -> Option<String> {
        let any = self.parameters.is_empty();
        let fits = if any { arguments.len() > 1 } else { arguments.len() == self.parameters.len() };
        let constant = any && !self.write.contains('{');
        let is_named = arguments.iter().any(|argument| argument.name.is_some());
        if !fits && !constant || any && is_named {
            return None;
        }
        let arguments: Vec<Ast> = match any {
            true => arguments.iter().map(|argument| argument.value.clone()).collect(),
            false => self.in_order(arguments)?,
        };
        let joined = |mark: &str, op: BinaryOp| {
            let parts: Vec<String> = arguments.iter().map(|argument| operand(argument, op)).collect();
            parts.join(mark)
        };
        let mut text = self.write.to_string();
        for (name, argument) in self.parameters.iter().zip(&arguments) {
            let place = format!("{{{name}}}");
            let alone = text.contains(&format!("({place}")) || text.contains(&format!(", {place},"));
            let value = match alone && !text.contains(&format!("{place} ")) {
                true => spelled(argument),
                false => operand(argument, BinaryOp::Power),
            };
            text = text.replace(&place, &value);
        }
        let plain: Vec<String> = arguments.iter().map(spelled).collect();
        let text = text.replace("{,}", &plain.join(", "));
        let text = text.replace("{+}", &joined(" + ", BinaryOp::Subtract));
        let text = text.replace("{*}", &joined(" * ", BinaryOp::Multiply));
        let text = text.replace("{and}", &joined(" and ", BinaryOp::And));
        let text = text.replace("{or}", &joined(" or ", BinaryOp::Or));
        Some(text.replace("{n}", &arguments.len().to_string()))
    }

    /// The values of its parameters: those without a name by their place, the others by their name.
    fn in_order(&self, arguments: &[Argument]) -> Option<Vec<Ast>> {
        let value = |(place, name): (usize, &&str)| {
            let named =
                |a: &&Argument| a.name.as_ref().is_some_and(|word| word.text.eq_ignore_ascii_case(name));
            let by_place = arguments.get(place).filter(|argument| argument.name.is_none());
            arguments.iter().find(named).or(by_place).map(|argument| argument.value.clone())
        };
        self.parameters.iter().enumerate().map(value).collect()
    }
}

/// Advice for a word of another program in a `dist` text, or for a law with functions of @RISK among its arguments; nothing
/// where it is neither.
pub fn law_of_another_tool(word: &Word, arguments: &[Argument]) -> Option<(&'static str, String)> {
    law_with(word, &all_translated(arguments))
}

/// The same for arguments that have no words of other programs any more.
pub fn law_with(word: &Word, arguments: &[Argument]) -> Option<(&'static str, String)> {
    if arguments.iter().any(|argument| word_of(argument).is_some()) {
        let own: Vec<Argument> =
            arguments.iter().filter(|argument| word_of(argument).is_none()).cloned().collect();
        let law = match law_with(word, &own) {
            Some((_, advice)) => advice.strip_prefix('`')?.strip_suffix('`')?.to_string(),
            None => format!("{}({})", known_word(&word.text)?, listed(&own)),
        };
        return Some(("@RISK", format!("`{}`", applied(&law, arguments))));
    }
    if let Some(call) = in_pairs(&word.text, arguments).filter(|_| known_word(&word.text).is_none()) {
        let tool = found(OTHER_LAWS, &word.text, arguments).map_or("other programs", |(row, _)| row.tool);
        return Some((tool, format!("`{call}`")));
    }
    if let Some((row, text)) = found(OTHER_LAWS, &word.text, arguments) {
        return Some((row.tool, text));
    }
    if let Some(call) = by_percentiles(&word.text, arguments) {
        return Some(("@RISK", format!("`{call}`")));
    }
    let (tool, rest) = without_prefix(&word.text)?;
    let name = all_words().find(|name| name.replace('_', "") == rest.to_lowercase());
    let name = name.or_else(|| nearest(rest, all_words()))?;
    Some((tool, format!("`{name}({})`", listed(arguments))))
}

/// The family or word of this name, whatever its case.
fn known_word(word: &str) -> Option<&'static str> {
    all_words().find(|known| known.eq_ignore_ascii_case(word))
}

fn listed(arguments: &[Argument]) -> String {
    let arguments: Vec<String> = arguments.iter().map(spelling::argument).collect();
    arguments.join(", ")
}

/// `RiskNormalAlt(0.05, 2, 0.95, 4)`: a law by its percentiles and parameters, each in front of its value.
fn by_percentiles(word: &str, arguments: &[Argument]) -> Option<String> {
    let base = word.strip_suffix("Alt").or_else(|| word.strip_suffix("alt"))?;
    let (_, rest) = without_prefix(base).unwrap_or(("", base));
    let row = OTHER_LAWS.iter().find(|row| row.words.iter().any(|known| known.eq_ignore_ascii_case(base)));
    let name = known_word(rest).or_else(|| row.and_then(|row| row.write.split('(').next()))?;
    if arguments.is_empty() || arguments.len() % 2 == 1 {
        return None;
    }
    let known = ["min", "max", "mode", "mean", "sd", "median", "mu", "sigma", "shape", "scale"];
    let pair = |pair: &[Argument]| {
        let name = match &pair[0].value.kind {
            AstKind::Number(x) if 0.0 < *x && *x < 1.0 => format!("p{}", (1e8 * x).round() / 1e6),
            AstKind::Text(text) if text.to_lowercase().contains("likely") => "mode".to_string(),
            AstKind::Text(text) => parameter_words::meant(text, &known, &[])?.to_string(),
            _ => return None,
        };
        Some(format!("{name} = {}", spelled(&pair[1].value)))
    };
    let pairs: Vec<String> = arguments.chunks(2).map(pair).collect::<Option<_>>()?;
    Some(format!("{name}({})", pairs.join(", ")))
}

/// Arguments as they are written here, but for functions of @RISK about the law around them. Each is gone through once:
/// whoever has them translated asks the functions that take them so.
pub fn all_translated(arguments: &[Argument]) -> Vec<Argument> {
    let one = |argument: &Argument| match word_of(argument) {
        Some(_) => argument.clone(),
        None => Argument { value: translated(&argument.value), ..argument.clone() },
    };
    arguments.iter().map(one).collect()
}

/// What to write for a function of another program with these translated arguments, where it is one that can be written here.
pub fn function_with(word: &str, arguments: &[Argument]) -> Option<String> {
    let rows = OTHER_FUNCTIONS.iter().filter(|row| !row.is_advice());
    let of_it = rows.filter(|row| row.words.iter().any(|known| known.eq_ignore_ascii_case(word)));
    of_it.into_iter().find_map(|row| row.rewritten(arguments))
}

/// Advice for a word of another program in a formula; nothing where it is none.
pub fn function_of_another_tool(word: &Word, arguments: &[Argument]) -> Option<(&'static str, String)> {
    found(OTHER_FUNCTIONS, &word.text, &all_translated(arguments)).map(|(row, text)| (row.tool, text))
}

/// Advice as a sentence.
pub fn written(advice: &str) -> String {
    if advice.starts_with('`') { format!("write {advice}") } else { advice.to_string() }
}

/// True for a word with points in it that another program knows, such as `NORM.INV`.
pub fn has_points(word: &str) -> bool {
    let known =
        |rows: &[OtherWord]| rows.iter().any(|row| row.words.iter().any(|w| w.eq_ignore_ascii_case(word)));
    known(OTHER_LAWS)
        || known(OTHER_FUNCTIONS)
        || word.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("cb."))
}

/// Programs whose words begin alike.
const PREFIXES: [(&str, &str); 4] =
    [("risk", "@RISK"), ("vose", "ModelRisk"), ("cb.", "Crystal Ball"), ("psi", "Analytic Solver")];

fn without_prefix(word: &str) -> Option<(&'static str, &str)> {
    PREFIXES.iter().find_map(|(prefix, tool)| {
        let start = word.get(..prefix.len())?;
        start.eq_ignore_ascii_case(prefix).then(|| (*tool, &word[prefix.len()..]))
    })
}

/// The row of a word, that of as many parameters first, and what to write.
fn found(
    rows: &'static [OtherWord],
    word: &str,
    arguments: &[Argument],
) -> Option<(&'static OtherWord, String)> {
    let of_it = || rows.iter().filter(|row| row.words.iter().any(|known| known.eq_ignore_ascii_case(word)));
    let first = of_it().next()?;
    let rewritten = of_it().find_map(|row| Some((row, row.rewritten(arguments)?)));
    let text = |row: &OtherWord, text: String| if row.is_advice() { text } else { format!("`{text}`") };
    Some(match rewritten {
        Some((row, written)) => (row, text(row, written)),
        None => (first, text(first, first.general())),
    })
}

/// Maps of values with weights for two lists in braces: `discrete({1, 2}, {0.5, 0.5})`.
pub fn paired(keys: &[Ast], values: &[Ast]) -> String {
    let pairs: Vec<String> = match keys.len() == values.len() {
        true => keys
            .iter()
            .zip(values)
            .map(|(key, value)| format!("{}: {}", spelled(key), spelled(value)))
            .collect(),
        false => vec!["value: weight".to_string(), "…".to_string()],
    };
    format!("{{{}}}", pairs.join(", "))
}
