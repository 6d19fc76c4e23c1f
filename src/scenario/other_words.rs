//! Words of other programs: what to write instead, with the arguments that were typed.

use super::dist_words::all_words;
use super::expression::BinaryOp;
use super::other_functions::OTHER_FUNCTIONS;
use super::other_laws::OTHER_LAWS;
use super::spelling::{operand, spelled};
use super::syntax::{Argument, Ast, Word};
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

    /// What to write for a call with these arguments, where their number fits.
    fn rewritten(&self, arguments: &[Argument]) -> Option<String> {
        let any = self.parameters.is_empty();
        let fits = if any { arguments.len() > 1 } else { arguments.len() == self.parameters.len() };
        let constant = any && !self.write.contains('{');
        if !fits && !constant || arguments.iter().any(|argument| argument.name.is_some()) {
            return None;
        }
        let joined = |mark: &str, op: BinaryOp| {
            let parts: Vec<String> = arguments.iter().map(|argument| operand(&argument.value, op)).collect();
            parts.join(mark)
        };
        let mut text = self.write.to_string();
        for (name, argument) in self.parameters.iter().zip(arguments) {
            let place = format!("{{{name}}}");
            let alone = text.contains(&format!("({place}")) || text.contains(&format!(", {place},"));
            let value = match alone && !text.contains(&format!("{place} ")) {
                true => spelled(&argument.value),
                false => operand(&argument.value, BinaryOp::Power),
            };
            text = text.replace(&place, &value);
        }
        let plain: Vec<String> = arguments.iter().map(|argument| spelled(&argument.value)).collect();
        let text = text.replace("{,}", &plain.join(", "));
        let text = text.replace("{+}", &joined(" + ", BinaryOp::Subtract));
        let text = text.replace("{*}", &joined(" * ", BinaryOp::Multiply));
        let text = text.replace("{and}", &joined(" and ", BinaryOp::And));
        let text = text.replace("{or}", &joined(" or ", BinaryOp::Or));
        Some(text.replace("{n}", &arguments.len().to_string()))
    }
}

/// Advice for a word of another program in a `dist` text; nothing where it is none.
pub fn law_of_another_tool(word: &Word, arguments: &[Argument]) -> Option<(&'static str, String)> {
    if let Some((row, text)) = found(OTHER_LAWS, &word.text, arguments) {
        return Some((row.tool, text));
    }
    let (tool, rest) = without_prefix(&word.text)?;
    let name = all_words().find(|name| name.replace('_', "") == rest.to_lowercase());
    let name = name.or_else(|| nearest(rest, all_words()))?;
    let arguments: Vec<String> = arguments.iter().map(super::spelling::argument).collect();
    Some((tool, format!("`{name}({})`", arguments.join(", "))))
}

/// Advice for a word of another program in a formula; nothing where it is none.
pub fn function_of_another_tool(word: &Word, arguments: &[Argument]) -> Option<(&'static str, String)> {
    found(OTHER_FUNCTIONS, &word.text, arguments).map(|(row, text)| (row.tool, text))
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
