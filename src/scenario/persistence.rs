//! `persistence` of inputs over years: how much of one year's position is left in the next.

use super::declare::InputDeclaration;
use super::figures::Figures;
use super::inputs::{Kind, Values};
use super::model::{Copula, CorrelationGroup, InputId};
use super::names::Names;
use crate::diagnostic::{AXIS_MISMATCH, CORRELATION, Diagnostic, Span};

/// The persistence of every input.
pub fn persistence(
    declarations: &[InputDeclaration<'_>],
    values: &[Option<Values>],
    names: &Names,
    figures: &mut Figures<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Option<f64>> {
    let mut one = |declaration: &InputDeclaration<'_>, values: &Option<Values>| {
        let entry = declaration.persistence?;
        let value = figures.figure(&entry.node, "persistence", problems)?;
        let over = declaration.over.as_ref()?;
        let report = if value.is_nan() || value.abs() >= 1.0 {
            Diagnostic::error(&CORRELATION, "`persistence` must lie between -1 and 1, both excluded")
                .label(entry.node.span, format!("it is {value}"))
                .help("it is the correlation of one year with the next; what never changes is an input without years")
        } else if names.year().is_none_or(|year| !over.sorted.contains(&year)) {
            Diagnostic::error(&AXIS_MISMATCH, "`persistence` is along the years, and this input has none")
                .label(entry.key_span, "drawn once a run")
                .help("add `over = [\"year\"]`, or leave `persistence` out")
        } else if values.as_ref().is_some_and(|values| values.kind == Kind::Process) {
            Diagnostic::error(&CORRELATION, "a process has a memory of its own")
                .label(entry.key_span, "a second one")
                .help("leave `persistence` out, or use an ordinary distribution")
        } else if values.as_ref().is_some_and(|values| values.kind == Kind::Rows) {
            Diagnostic::error(&CORRELATION, "rows of a file have no position to last")
                .label(entry.key_span, "what lasts is a block of rows")
                .help("leave `persistence` out, or write `block_bootstrap(table(…), length = 3)`")
        } else {
            return Some(value);
        };
        problems.push(report);
        None
    };
    declarations.iter().zip(values).map(|(declaration, values)| one(declaration, values)).collect()
}

/// Refuses ties of what lasts with what does not, in one year and not in another, or by a t copula. `named` are the
/// places of inputs in [[correlations]].
pub fn check_ties(
    groups: &[CorrelationGroup],
    lasting: &[Option<f64>],
    years: usize,
    inputs: &[InputDeclaration<'_>],
    named: &[(InputId, Span)],
    problems: &mut Vec<Diagnostic>,
) {
    let of = |input: InputId| lasting.get(input.0).copied().flatten();
    for (index, group) in groups.iter().enumerate() {
        let Some(first) = group.elements.iter().find(|element| of(element.input).is_some()) else { continue };
        let place = |input: InputId| named.iter().find(|(id, _)| *id == input).map(|(_, span)| *span);
        let Some(span) = place(first.input) else { continue };
        let name = |input: InputId| &inputs[input.0].head.name;
        let year = first.element % years;
        let report = if let Some(other) = group.elements.iter().find(|e| of(e.input) != of(first.input)) {
            let value = of(other.input).map_or("none".to_string(), |value| value.to_string());
            let other = other.input;
            let report = Diagnostic::error(
                &CORRELATION,
                format!("`{}` and `{}` are tied and differ in `persistence`", name(first.input), name(other)),
            );
            let report = report.label(place(other).unwrap_or(span), format!("its persistence is {value}"));
            let own = of(first.input).unwrap_or(0.0);
            report.context(span, format!("its persistence is {own}")).help("give both the same `persistence`")
        } else if group.copula != Copula::Gaussian {
            Diagnostic::error(&CORRELATION, "`persistence` takes the Gaussian copula")
                .label(span, "tied by another copula")
                .help("leave `copula` out, or `persistence`")
        } else {
            let same_year = group.elements.iter().all(|element| element.element % years == year);
            // In every other year the same members are tied by the same numbers.
            let is_later = |other: &&CorrelationGroup| {
                let pairs = other.elements.iter().zip(&group.elements);
                other.matrix == group.matrix
                    && other.elements.len() == group.elements.len()
                    && pairs
                        .into_iter()
                        .all(|(a, b)| a.input == b.input && a.element / years == b.element / years)
            };
            if same_year && groups.iter().filter(is_later).count() == years {
                continue;
            }
            Diagnostic::error(&CORRELATION, "what lasts is tied in all years alike")
                .label(span, "in some years only, or across years")
                .help("name the input without a year: `between = [\"a\", \"b\"]`")
        };
        let reported = groups[..index].iter().any(|g| g.elements.iter().any(|e| e.input == first.input));
        if !reported {
            problems.push(report);
        }
    }
}
