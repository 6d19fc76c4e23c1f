//! `truncate`, `shift` and `scale`: a law around another one, as calls of a `dist` string.

use super::draw_spec::Movement;
use super::laws::{Law, Typed, law};
use super::parameter_words::meant;
use super::resolve::Resolver;
use super::spelling::spelled;
use super::syntax::{Argument, Ast, AstKind, Word};
use crate::diagnostic::{Diagnostic, PARAMETERS};

/// `truncate(family(…), min = , max = )`.
pub fn truncated(word: &Word, arguments: &[Argument], resolver: &mut Resolver<'_>) -> Option<Law> {
    let usage = "write `truncate(normal(0, 1), min = -2, max = 2)`; one bound may be left out";
    let Some((first, bounds)) = arguments.split_first().filter(|(first, _)| first.name.is_none()) else {
        return resolver.refuse(
            Diagnostic::error(&PARAMETERS, "`truncate` starts with a distribution")
                .label(word.span, "no distribution inside")
                .help(usage),
        );
    };
    let base = law(&first.value, resolver);
    let mut found: [Option<Typed>; 2] = [None, None];
    let mut fine = true;
    for bound in bounds {
        let slot = match bound.name.as_ref().map(|n| n.text.as_str()) {
            Some("min") => 0,
            Some("max") => 1,
            _ => {
                let span = bound.name.as_ref().map_or(bound.value.span, |n| n.span);
                let label =
                    if bound.name.is_some() { "neither `min` nor `max`" } else { "which bound is this?" };
                let report = Diagnostic::error(&PARAMETERS, "the bounds of `truncate` are `min` and `max`");
                let help = named_bounds(&first.value, bounds);
                let help = help.map_or(usage.to_string(), |call| format!("write `{call}`"));
                return resolver.refuse(report.label(span, label).help(help));
            }
        };
        if found[slot].is_some() {
            let report =
                Diagnostic::error(&PARAMETERS, "the same bound twice").label(bound.value.span, "again");
            return resolver.refuse(report);
        }
        match resolver.resolve(&bound.value) {
            Some(resolved) => {
                let axes = resolved.axes.into_iter().collect();
                found[slot] = Some(Typed { expr: resolved.expr, axes, span: bound.value.span });
            }
            None => fine = false,
        }
    }
    if bounds.is_empty() {
        return resolver.refuse(
            Diagnostic::error(&PARAMETERS, "`truncate` has no bound")
                .label(word.span, "nothing is cut off")
                .help(usage),
        );
    }
    let [min, max] = found;
    let base = Box::new(base?);
    fine.then_some(Law::Truncate { base, min, max })
}

/// The call with the names of the bounds, where it is known which is which.
fn named_bounds(law: &Ast, bounds: &[Argument]) -> Option<String> {
    let values: Vec<(Option<&str>, &Ast)> = match bounds {
        [Argument { name: None, value: Ast { kind: AstKind::List(items), .. } }] => {
            items.iter().map(|item| (None, item)).collect()
        }
        _ => bounds
            .iter()
            .map(|bound| (bound.name.as_ref().map(|name| name.text.as_str()), &bound.value))
            .collect(),
    };
    let names = ["min", "max"];
    let mut parts = vec![spelled(law)];
    for (place, (name, value)) in values.into_iter().enumerate() {
        let name = match name {
            Some(name) => meant(name, &names, &[])?,
            None => names.get(place)?,
        };
        parts.push(format!("{name} = {}", spelled(value)));
    }
    Some(format!("truncate({})", parts.join(", ")))
}

/// `shift(family(…), by)` and `scale(family(…), by)`.
pub fn moved(
    movement: Movement,
    word: &Word,
    arguments: &[Argument],
    resolver: &mut Resolver<'_>,
) -> Option<Law> {
    let name = movement.name();
    let usage = match movement {
        Movement::Shift => "write `shift(exponential(2.5), 10)`: 10 is added to every draw",
        Movement::Scale => "write `scale(poisson(3), 1.5)`: every draw is multiplied by 1.5",
    };
    let [base, by] = arguments else {
        return resolver.refuse(
            Diagnostic::error(&PARAMETERS, format!("`{name}` takes a distribution and a number"))
                .label(word.span, format!("number of arguments: {}", arguments.len()))
                .help(usage),
        );
    };
    let misnamed = base.name.as_ref().or(by.name.as_ref().filter(|name| name.text != "by"));
    if let Some(wrong) = misnamed {
        return resolver.refuse(
            Diagnostic::error(&PARAMETERS, format!("`{name}` has no argument `{}`", wrong.text))
                .label(wrong.span, "expected a distribution, then a number or `by = `")
                .help(usage),
        );
    }
    let law = law(&base.value, resolver);
    let resolved = resolver.resolve(&by.value)?;
    let axes = resolved.axes.into_iter().collect();
    let by = Typed { expr: resolved.expr, axes, span: by.value.span };
    Some(Law::Move { base: Box::new(law?), movement, by })
}
