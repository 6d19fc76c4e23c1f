//! `over = ["region", "year"]`: the axes of a constant or an input.

use super::fields::{Fields, wrong_kind};
use super::model::AxisId;
use super::names::{Names, did_you_mean, listed};
use super::tree::{Node, Value};
use crate::diagnostic::{AXIS_UNKNOWN, Diagnostic, NAME_DUPLICATE};

/// The axes of a definition, as written and in the order of the scenario.
#[derive(Clone, Debug, Default)]
pub struct Over {
    pub declared: Vec<AxisId>,
    pub sorted: Vec<AxisId>,
}

/// The axes named by `over`; `None` where one of them is wrong.
pub fn over(fields: &Fields<'_>, names: &Names, problems: &mut Vec<Diagnostic>) -> Option<Over> {
    let Some(entry) = fields.entry("over") else { return Some(Over::default()) };
    let items = match &entry.node.value {
        Value::Array(items) => items.as_slice(),
        Value::Text(_) => std::slice::from_ref(&entry.node),
        other => {
            let report = wrong_kind("over", "a list of axes", other, entry.node.span);
            problems.push(report.help("write `over = [\"year\"]`"));
            return None;
        }
    };
    let mut over = Over::default();
    let mut fine = true;
    for item in items {
        match axis(item, &over, names, problems) {
            Some(axis) => over.declared.push(axis),
            None => fine = false,
        }
    }
    over.sorted = over.declared.clone();
    over.sorted.sort_unstable();
    fine.then_some(over)
}

fn axis(item: &Node, over: &Over, names: &Names, problems: &mut Vec<Diagnostic>) -> Option<AxisId> {
    let Value::Text(text) = &item.value else {
        let report = wrong_kind("over", "names of axes in quotes", &item.value, item.span);
        problems.push(report);
        return None;
    };
    let name = text.text.as_str();
    let report = match names.axis(name) {
        Some(axis) if over.declared.contains(&axis) => {
            Diagnostic::error(&NAME_DUPLICATE, format!("`{name}` twice in `over`"))
                .label(text.inner(), "again")
        }
        Some(axis) => return Some(axis),
        None if names.axes_broken => return None,
        None if name == "year" => {
            Diagnostic::error(&AXIS_UNKNOWN, "`over` names `year`, and the scenario has no years")
                .label(text.inner(), "no `years` in [scenario]")
                .help("add `years = [2025, 2031]` to [scenario]")
        }
        None => {
            let known = || names.axes.iter().map(|a| a.name.as_str());
            let near = did_you_mean(name, known());
            let help = match (near.is_empty(), known().next()) {
                (false, _) => near,
                (true, None) => format!("add [axes] with `{name} = [\"…\", \"…\"]`"),
                (true, Some(_)) => format!("the axes are {}", listed(known())),
            };
            Diagnostic::error(&AXIS_UNKNOWN, format!("unknown axis `{name}`"))
                .label(text.inner(), "not an axis of this scenario")
                .help(help)
        }
    };
    problems.push(report);
    None
}
