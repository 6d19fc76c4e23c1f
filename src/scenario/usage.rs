//! Warnings: what nothing uses, and inputs that do not say where their numbers come from.

use std::collections::{BTreeMap, BTreeSet};

use super::cycles::Definition;
use super::declare::Declarations;
use super::expression::Symbol;
use super::model::{AxisId, ConstantId, InputId, Provenance, VariableId};
use super::names::Names;
use super::resolve::Use;
use crate::diagnostic::{Diagnostic, EXTENDS_NAME, PROVENANCE, Span, UNUSED, nearest};

/// Inputs without a provenance.
pub fn provenance(declarations: &Declarations<'_>, problems: &mut Vec<Diagnostic>) {
    for input in declarations.inputs.iter().filter(|i| i.provenance == Provenance::Unstated) {
        problems.push(
            Diagnostic::warning(
                &PROVENANCE,
                format!("`{}` does not say where its numbers come from", input.head.name),
            )
            .label(input.head.span, "given, derived or assumed?")
            .help("add `source = \"…\"`, `derived = \"…\"` or `assumption = \"…\"`"),
        );
    }
}

/// Axes that nothing runs over; the years may also be used by a function.
pub fn unused_axes(names: &Names, problems: &mut Vec<Diagnostic>) {
    let symbols = names.symbols();
    for (index, axis) in names.axes.iter().enumerate() {
        let runs = |symbol: &Symbol| names.over(*symbol).is_some_and(|over| over.contains(&AxisId(index)));
        if symbols.iter().any(runs) || axis.first_year.is_some() && names.uses_years() {
            continue;
        }
        let (message, help) = match axis.first_year {
            Some(_) => (
                "nothing runs over the years".to_string(),
                "put `over = [\"year\"]` into an input, or leave `years` out".to_string(),
            ),
            None => (
                format!("nothing runs over the axis `{}`", axis.name),
                format!("put `over = [\"{}\"]` into an input, or remove the axis", axis.name),
            ),
        };
        let label = "has no effect on any result";
        problems.push(Diagnostic::warning(&UNUSED, message).label(names.axis_spans[index], label).help(help));
    }
}

/// Constants, inputs and formulas that no output needs, and correlations of such inputs.
///
/// `figures` are mentions outside of formulas, `correlated` the inputs named in correlations.
pub fn unused(
    declarations: &Declarations<'_>,
    definitions: &[Definition],
    figures: &[Use],
    correlated: &[(InputId, Span)],
    names: &Names,
    problems: &mut Vec<Diagnostic>,
) {
    let defined: BTreeMap<_, &Definition> = definitions.iter().map(|d| (key(d.symbol), d)).collect();
    let mut used = BTreeSet::new();
    let mut open: Vec<Symbol> = declarations.outputs.iter().map(|o| Symbol::Variable(o.variable)).collect();
    open.extend(figures.iter().map(|u| u.symbol));
    while let Some(symbol) = open.pop() {
        if used.insert(key(symbol)) {
            let definition = defined.get(&key(symbol));
            let mentions = definition.iter().flat_map(|d| d.initial.iter().flatten().chain(&d.formula));
            open.extend(mentions.map(|u| u.symbol));
        }
    }
    let mut report = |symbol: Symbol, what: &str, name: &str, span: Span| {
        if !used.contains(&key(symbol)) {
            // What an overlay brings and nothing uses was meant for something of the base.
            let of_the_base = names.symbols().into_iter().filter_map(|other| {
                let named = names.find(names.name(other))?;
                (named.span.source < span.source).then(|| names.name(other))
            });
            if let Some(near) = nearest(name, of_the_base) {
                problems.push(
                    Diagnostic::error(&EXTENDS_NAME, format!("the {what} `{name}` changes nothing"))
                        .label(span, "not in the base, and no output uses it")
                        .help(format!("did you mean `{near}`?")),
                );
                return;
            }
            problems.push(
                Diagnostic::warning(&UNUSED, format!("no output uses the {what} `{name}`"))
                    .label(span, "has no effect on any result")
                    .help("use it in a formula that leads to an output, or remove it"),
            );
        }
    };
    for (i, constant) in declarations.constants.iter().enumerate() {
        report(Symbol::Constant(ConstantId(i)), "constant", &constant.head.name, constant.head.span);
    }
    for (i, input) in declarations.inputs.iter().enumerate() {
        report(Symbol::Input(InputId(i)), "input", &input.head.name, input.head.span);
    }
    for (i, variable) in declarations.variables.iter().enumerate() {
        report(Symbol::Variable(VariableId(i)), "formula", &variable.head.name, variable.head.span);
    }
    for (input, span) in correlated {
        if !used.contains(&key(Symbol::Input(*input))) {
            let name = &declarations.inputs[input.0].head.name;
            problems.push(
                Diagnostic::warning(&UNUSED, format!("a correlation of `{name}`, which no output uses"))
                    .label(*span, "has no effect on any result"),
            );
        }
    }
}

fn key(symbol: Symbol) -> (u8, usize) {
    match symbol {
        Symbol::Constant(id) => (0, id.0),
        Symbol::Input(id) => (1, id.0),
        Symbol::Variable(id) => (2, id.0),
    }
}
