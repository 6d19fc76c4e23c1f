//! Which inputs the tornadoes condition on: `tornado_inputs` of [scenario].

use super::fields::wrong_kind;
use super::model::{InputId, Symbol};
use super::names::{Names, did_you_mean, with_definition};
use super::tree::{Entry, Node, Value};
use crate::diagnostic::{Diagnostic, SCENARIO_VALUE};

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
            problems.push(
                Diagnostic::error(
                    &SCENARIO_VALUE,
                    "`tornado_inputs` takes `all`, `static` or a list of inputs",
                )
                .label(text.inner(), "none of these")
                .help("`static` leaves out the inputs that are drawn anew each year")
                .help(format!("for one input write `tornado_inputs = [\"{}\"]`", text.text)),
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
            let report =
                wrong_kind("tornado_inputs", "`all`, `static` or a list of inputs", other, entry.node.span);
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
        problems.push(wrong_kind("tornado_inputs", "names of inputs", &node.value, node.span));
        return None;
    };
    let name = text.text.as_str();
    match names.find(name) {
        Some(named) => match named.symbol {
            Symbol::Input(id) => Some(id),
            _ => {
                let report = Diagnostic::error(&SCENARIO_VALUE, format!("`{name}` is not an input"))
                    .label(text.inner(), "a tornado conditions on inputs");
                problems.push(with_definition(report, names, named));
                None
            }
        },
        None => {
            let inputs = names.all().filter(|name| {
                names.find(name).is_some_and(|named| matches!(named.symbol, Symbol::Input(_)))
            });
            problems.push(
                Diagnostic::error(&SCENARIO_VALUE, format!("unknown input `{name}`"))
                    .label(text.inner(), "no input has this name")
                    .help(did_you_mean(name, inputs)),
            );
            None
        }
    }
}
