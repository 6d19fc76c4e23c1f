//! Which inputs the tornadoes condition on: `tornado_inputs` of [scenario].

use super::expression::Symbol;
use super::fields::wrong_kind;
use super::model::InputId;
use super::names::{Named, Names, did_you_mean, with_definition};
use super::tree::{Entry, Node, Value};
use crate::diagnostic::{Diagnostic, SCENARIO_VALUE};

/// What the key takes, for reports.
const CHOICES: &str = "`all`, `static` or a list of inputs";

/// The inputs asked for, `None` for all of them; reports go to `problems`.
pub fn tornado_inputs(
    entry: Option<&Entry>,
    names: &Names,
    problems: &mut Vec<Diagnostic>,
) -> Option<Vec<InputId>> {
    let entry = entry?;
    match &entry.node.value {
        Value::Text(text) if text.text == "all" => None,
        Value::Text(text) if text.text == "static" => Some(without_years(names)),
        Value::Text(text) => {
            let word = text.text.as_str();
            let report = Diagnostic::error(&SCENARIO_VALUE, format!("`tornado_inputs` takes {CHOICES}"));
            problems.push(match names.find(word) {
                Some(Named { symbol: Symbol::Input(_), .. }) => report
                    .label(text.inner(), "a name of its own, outside a list")
                    .help(format!("write `tornado_inputs = [\"{word}\"]`")),
                _ => report
                    .label(text.inner(), "neither `all` nor `static`")
                    .help(did_you_mean(word, ["all", "static"]))
                    .help("`static` means the inputs that are not over the years"),
            });
            None
        }
        Value::Array(nodes) if nodes.is_empty() => {
            problems.push(
                Diagnostic::error(&SCENARIO_VALUE, "`tornado_inputs` names no input")
                    .label(entry.node.span, "an empty list")
                    .help("to draw no tornado write `tornado = false` at the outputs"),
            );
            None
        }
        Value::Array(nodes) => {
            let mut inputs: Vec<InputId> =
                nodes.iter().filter_map(|node| input(node, names, problems)).collect();
            inputs.sort_unstable();
            inputs.dedup();
            Some(inputs)
        }
        other => {
            let report = wrong_kind("tornado_inputs", CHOICES, other, entry.node.span);
            problems.push(report.help("write `tornado_inputs = \"static\"`"));
            None
        }
    }
}

fn without_years(names: &Names) -> Vec<InputId> {
    let year = names.year();
    let inputs = names.symbols().into_iter().filter_map(|symbol| match symbol {
        Symbol::Input(id) => Some(id),
        _ => None,
    });
    inputs
        .filter(|&id| {
            let over = names.over(Symbol::Input(id)).unwrap_or(&[]);
            year.is_none_or(|year| !over.contains(&year))
        })
        .collect()
}

fn input(node: &Node, names: &Names, problems: &mut Vec<Diagnostic>) -> Option<InputId> {
    let Value::Text(text) = &node.value else {
        let report = wrong_kind("tornado_inputs", "names of inputs in its list", &node.value, node.span);
        problems.push(report.help("write each name in quotes, `[\"cost\", \"volume\"]`"));
        return None;
    };
    let name = text.text.as_str();
    match names.find(name) {
        Some(named) => match named.symbol {
            Symbol::Input(id) => Some(id),
            _ => {
                let report = Diagnostic::error(&SCENARIO_VALUE, format!("`{name}` is not an input"))
                    .label(text.inner(), "a tornado has a bar an input")
                    .help(format!("leave `{name}` out of the list"));
                problems.push(with_definition(report, names, named));
                None
            }
        },
        None => {
            let is_input =
                |name: &str| names.find(name).is_some_and(|named| matches!(named.symbol, Symbol::Input(_)));
            let whole = name.split('[').next().unwrap_or(name).trim();
            let help = match is_input(whole) {
                true => format!("write `{whole}`, which stands for all its members and years"),
                false => did_you_mean(name, names.all().filter(|name| is_input(name))),
            };
            problems.push(
                Diagnostic::error(&SCENARIO_VALUE, format!("unknown input `{name}`"))
                    .label(text.inner(), "no input has this name")
                    .help(help),
            );
            None
        }
    }
}
