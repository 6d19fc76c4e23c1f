//! Arguments of a family that hold a map `{…}` or lists `[…]`.

use super::forms::{Bound, forms};
use super::list_words::in_pairs;
use super::resolve::Resolver;
use super::syntax::{Argument, Ast, AstKind, Word};
use crate::diagnostic::{Diagnostic, PARAMETERS, Span};
use crate::distribution::{Arguments, FamilyEntry, Parameter};

/// Binds a call with a map or a list among its arguments: the form and its numbers, in the order of
/// [`Arguments`]. Outer `None`: there is neither; inner `None`: after a report.
pub fn bind_literals(
    entry: &'static FamilyEntry,
    word: &Word,
    arguments: &[Argument],
    resolver: &mut Resolver<'_>,
) -> Option<Option<(usize, Vec<Bound>)>> {
    let map = arguments.iter().position(|a| matches!(a.value.kind, AstKind::Map(_)));
    if let Some(place) = map {
        return Some(bind_map(entry, arguments, place, resolver));
    }
    let list = arguments.iter().find(|a| matches!(a.value.kind, AstKind::List(_)))?;
    Some(bind_lists(entry, word, arguments, list, resolver))
}

fn bind_map(
    entry: &'static FamilyEntry,
    arguments: &[Argument],
    place: usize,
    resolver: &mut Resolver<'_>,
) -> Option<(usize, Vec<Bound>)> {
    let (before, map, after) = (&arguments[..place], &arguments[place], &arguments[place + 1..]);
    let AstKind::Map(entries) = &map.value.kind else { return None };
    let usage = || format!("write {}", forms(entry));
    let mut takers = entry.forms.iter().enumerate().filter_map(|(index, form)| match &form.arguments {
        Arguments::Map { key, value } => Some((index, &[][..], (*key, *value), &[][..])),
        Arguments::Mapped { before, key, value, after } => Some((index, *before, (*key, *value), *after)),
        _ => None,
    });
    let Some(first) = takers.next() else {
        let report = Diagnostic::error(&PARAMETERS, format!("`{}` takes no map", entry.name));
        return resolver.refuse(report.label(map.value.span, "a map").help(usage()));
    };
    let fits = |(_, positional, _, named): &(usize, &[Parameter], _, &[Parameter])| {
        positional.len() == before.len()
            && after.iter().all(|a| named.iter().any(|p| a.name.as_ref().is_some_and(|n| n.text == p.name)))
    };
    let all: Vec<_> = std::iter::once(first).chain(takers).collect();
    let Some(&(form, positional, (key, value), named)) = all.iter().find(|taker| fits(taker)) else {
        let wrong = after.iter().chain(before).next().unwrap_or(map);
        let span = wrong.name.as_ref().map_or(wrong.value.span, |name| name.span);
        return resolver.refuse(
            Diagnostic::error(&PARAMETERS, format!("`{}` does not take this beside its map", entry.name))
                .label(span, "not expected here")
                .help(usage()),
        );
    };
    let mut bound = Vec::new();
    let mut fine = true;
    let mut typed = |name: &str, ast: &Ast, bound: &mut Vec<Bound>| match resolver.resolve(ast) {
        Some(x) => bound.push(Bound::typed(name, x, ast.span)),
        None => fine = false,
    };
    for (parameter, argument) in positional.iter().zip(before) {
        typed(parameter.name, &argument.value, &mut bound);
    }
    for parameter in named {
        let given = after.iter().find(|a| a.name.as_ref().is_some_and(|name| name.text == parameter.name));
        match (given, parameter.default) {
            (Some(argument), _) => typed(parameter.name, &argument.value, &mut bound),
            (None, Some(default)) => bound.push(Bound::number(parameter.name, default)),
            (None, None) => return None,
        }
    }
    for (part, name) in entries.iter().flat_map(|(k, v)| [(k, key), (v, value)]) {
        typed(name, part, &mut bound);
    }
    fine.then_some((form, bound))
}

fn bind_lists(
    entry: &'static FamilyEntry,
    word: &Word,
    arguments: &[Argument],
    list: &Argument,
    resolver: &mut Resolver<'_>,
) -> Option<(usize, Vec<Bound>)> {
    let usage = || format!("write {}", forms(entry));
    let taker = entry.forms.iter().enumerate().find_map(|(index, form)| match &form.arguments {
        Arguments::Lists(names) => Some((index, *names)),
        _ => None,
    });
    let Some((form, names)) = taker else {
        let report = Diagnostic::error(&PARAMETERS, format!("`{}` takes no list", entry.name));
        let help = in_pairs(entry.name, arguments).map_or_else(usage, |call| format!("write `{call}`"));
        return resolver.refuse(report.label(list.value.span, "a list").help(help));
    };
    let mut bound = Vec::new();
    for (place, name) in names.iter().enumerate() {
        let named = arguments.iter().find(|a| a.name.as_ref().is_some_and(|n| n.text == *name));
        let argument = named.or_else(|| arguments.get(place).filter(|a| a.name.is_none()));
        let Some((argument, items)) = argument.and_then(|a| match &a.value.kind {
            AstKind::List(items) => Some((a, items)),
            _ => None,
        }) else {
            let span = argument.map_or(word.span, |a| a.value.span);
            return resolver.refuse(
                Diagnostic::error(&PARAMETERS, format!("`{}` lacks the list `{name}`", entry.name))
                    .label(span, "no list `[…]` here")
                    .help(usage()),
            );
        };
        bound.push(count(name, items.len(), argument.value.span));
        for item in items {
            bound.push(Bound::typed(name, resolver.resolve(item)?, item.span));
        }
    }
    match arguments.get(names.len()) {
        None => Some((form, bound)),
        Some(surplus) => resolver.refuse(
            Diagnostic::error(&PARAMETERS, format!("`{}` takes {} lists", entry.name, names.len()))
                .label(surplus.value.span, "one too many")
                .help(usage()),
        ),
    }
}

/// The length of a list, which stands before its numbers; a refusal of it points at the list.
fn count(name: &str, length: usize, span: Span) -> Bound {
    Bound { span: Some(span), ..Bound::number(name, length as f64) }
}
