//! Which parametrisation of a family the arguments of a call make.

use super::commas;
use super::expression::Expr;
use super::form_advice::{colons, no_form, or_usage, shares_for_percent};
use super::list_words::in_pairs;
use super::literals::bind_literals;
use super::model::AxisId;
use super::other_words::{law_of_another_tool, written};
use super::resolve::{Resolved, Resolver};
use super::solved::{any_of, knowns, solved};
use super::syntax::{Argument, Word};
use crate::diagnostic::{Diagnostic, PARAMETERS, Span};
use crate::distribution::{Arguments, FamilyEntry, Form, Parameter};

/// The name that stands for any percentile in the table of families.
pub const PERCENTILE: &str = "pNN";

/// One number as `Form::build` receives it.
#[derive(Clone, Debug)]
pub struct Bound {
    /// The parameter's name as typed.
    pub name: String,
    pub expr: Expr,
    /// Axes the expression runs over.
    pub axes: Vec<AxisId>,
    /// `None` for a default.
    pub span: Option<Span>,
}

impl Bound {
    /// A number that is not typed: a default, or the level of a percentile.
    pub(super) fn number(name: &str, x: f64) -> Self {
        Bound { name: name.to_string(), expr: Expr::Number(x), axes: Vec::new(), span: None }
    }

    /// A typed parameter.
    pub fn typed(name: &str, resolved: Resolved, span: Span) -> Self {
        let axes = resolved.axes.into_iter().collect();
        Bound { name: name.to_string(), expr: resolved.expr, axes, span: Some(span) }
    }
}

/// An argument with the name it has or gets from its position.
pub(super) struct Given<'a> {
    pub name: String,
    /// Where the name is typed, if it is.
    pub name_span: Option<Span>,
    pub argument: &'a Argument,
    /// Level in (0, 1) of a percentile.
    pub level: Option<f64>,
}

impl Given<'_> {
    pub fn key(&self) -> &str {
        if self.level.is_some() { PERCENTILE } else { &self.name }
    }

    pub fn span(&self) -> Span {
        self.name_span.unwrap_or(self.argument.value.span)
    }
}

/// The form and its flattened arguments; `None` after a report.
pub fn bind(
    entry: &'static FamilyEntry,
    word: &Word,
    arguments: &[Argument],
    call: Span,
    resolver: &mut Resolver<'_>,
) -> Option<(usize, Vec<Bound>)> {
    if let Some(bound) = bind_literals(entry, word, arguments, resolver) {
        return bound;
    }
    let given = match name_all(entry, word, arguments) {
        Ok(given) => given,
        Err(report) => return resolver.refuse(*report),
    };
    let form = entry.forms.iter().position(|form| fits(form, &given));
    let Some(form) = form else { return bind_solved(entry, word, given, call, resolver) };
    let Arguments::Named(parameters) = &entry.forms[form].arguments else { return None };
    flatten(parameters, given, resolver).map(|bound| (form, bound))
}

/// The form that takes whatever fixes the law: every argument behind the number of what it is.
fn bind_solved(
    entry: &FamilyEntry,
    word: &Word,
    given: Vec<Given<'_>>,
    call: Span,
    resolver: &mut Resolver<'_>,
) -> Option<(usize, Vec<Bound>)> {
    let names: Vec<(&str, Option<f64>)> = given.iter().map(|g| (g.name.as_str(), g.level)).collect();
    let Some((form, Ok(known))) = solved(entry).map(|(form, family)| (form, knowns(family, &names))) else {
        return resolver.refuse(no_form(entry, word, &given, call));
    };
    let mut bound = Vec::new();
    let mut fine = true;
    for (argument, known) in given.iter().zip(known) {
        bound.push(Bound::number(&argument.name, known.code()));
        match resolver.resolve(&argument.argument.value) {
            Some(x) => bound.push(Bound::typed(&argument.name, x, argument.argument.value.span)),
            None => fine = false,
        }
    }
    fine.then_some((form, bound))
}

/// Gives positional arguments the names of the first form.
fn name_all<'a>(
    entry: &FamilyEntry,
    word: &Word,
    arguments: &'a [Argument],
) -> Result<Vec<Given<'a>>, Box<Diagnostic>> {
    let positional: &[Parameter] = match entry.forms.first().map(|f| &f.arguments) {
        Some(Arguments::Named(parameters)) => parameters,
        _ => &[],
    };
    if let Some(report) = colons(entry, arguments).filter(|_| !positional.is_empty()) {
        return Err(Box::new(report));
    }
    let mut given: Vec<Given<'a>> = Vec::new();
    for (index, argument) in arguments.iter().enumerate() {
        let name = match &argument.name {
            Some(name) => name.text.clone(),
            None if given.last().is_some_and(|g| g.name_span.is_some()) => {
                let report = Diagnostic::error(&PARAMETERS, "parameters without a name come first")
                    .label(argument.value.span, "behind a named one");
                return Err(Box::new(or_usage(
                    report,
                    commas::advice(entry.name, arguments, 1, positional.len()),
                    entry,
                )));
            }
            None if index < positional.len() => positional[index].name.to_string(),
            None => {
                let least = positional.iter().filter(|p| p.default.is_none()).count();
                let most = positional.len();
                let count = if least == most { format!("{most}") } else { format!("{least} to {most}") };
                let message = match positional.is_empty() {
                    true => format!("`{}` takes a map", entry.name),
                    false => format!(
                        "`{}` takes {count} parameter{}",
                        entry.name,
                        if most == 1 { "" } else { "s" }
                    ),
                };
                let report = Diagnostic::error(&PARAMETERS, message)
                    .label(argument.value.span, format!("parameter number {}", index + 1))
                    .context(word.span, "in this call");
                let call = law_of_another_tool(word, arguments).map(|(_, advice)| written(&advice));
                let call =
                    call.or_else(|| in_pairs(entry.name, arguments).map(|call| format!("write `{call}`")));
                let advice = commas::advice(entry.name, arguments, least.max(1), most);
                return Err(Box::new(or_usage(report, call.map_or(advice, |call| vec![call]), entry)));
            }
        };
        let level = level(&name);
        let name_span = argument.name.as_ref().map(|n| n.span);
        let next = Given { name, name_span, argument, level };
        if let Some(level) = level
            && !(0.0 < level && level < 1.0)
        {
            return Err(Box::new(
                Diagnostic::error(&PARAMETERS, format!("`{}` is no percentile", next.name))
                    .label(next.span(), "expected a level between 0 and 100, both excluded")
                    .help("write for example `p5` or `p97.5`"),
            ));
        }
        if let Some(first) =
            given.iter().find(|g| g.name == next.name || (level.is_some() && g.level == level))
        {
            return Err(Box::new(
                Diagnostic::error(&PARAMETERS, format!("`{}` is given twice", next.name))
                    .label(next.span(), "again")
                    .context(first.span(), "first here"),
            ));
        }
        given.push(next);
    }
    match shares_for_percent(entry, &given) {
        Some(report) => Err(Box::new(report)),
        None => Ok(given),
    }
}

/// Level of a percentile's name: 0.975 for `p97.5`.
fn level(name: &str) -> Option<f64> {
    let digits = name.strip_prefix('p').filter(|d| d.starts_with(|c: char| c.is_ascii_digit()))?;
    digits.parse::<f64>().ok().map(|percent| percent / 100.0)
}

/// True for the name of a percentile as typed, such as `p5`.
pub fn is_percentile(name: &str) -> bool {
    level(name).is_some()
}

/// True where every argument is a parameter of the form and no required one is missing.
fn fits(form: &Form, given: &[Given<'_>]) -> bool {
    let Arguments::Named(parameters) = &form.arguments else { return false };
    missing(parameters, given).is_empty() && superfluous(parameters, given).is_empty()
}

/// Required parameters that are not given.
pub(super) fn missing<'p>(parameters: &'p [Parameter], given: &[Given<'_>]) -> Vec<&'p str> {
    let mut left: Vec<&str> = given.iter().map(Given::key).collect();
    let mut missing = Vec::new();
    for parameter in parameters {
        match left.iter().position(|name| *name == parameter.name) {
            Some(index) => drop(left.swap_remove(index)),
            None if parameter.default.is_none() => missing.push(parameter.name),
            None => {}
        }
    }
    missing
}

/// Indices of arguments that the form does not have.
pub(super) fn superfluous(parameters: &[Parameter], given: &[Given<'_>]) -> Vec<usize> {
    let mut left: Vec<&str> = parameters.iter().map(|p| p.name).collect();
    let mut superfluous = Vec::new();
    for (index, argument) in given.iter().enumerate() {
        match left.iter().position(|name| *name == argument.key()) {
            Some(place) => drop(left.swap_remove(place)),
            None => superfluous.push(index),
        }
    }
    superfluous
}

/// Puts the arguments in the order of the form, defaults filled in, percentiles in rising order.
fn flatten(
    parameters: &[Parameter],
    given: Vec<Given<'_>>,
    resolver: &mut Resolver<'_>,
) -> Option<Vec<Bound>> {
    let mut given: Vec<(Given<'_>, Option<Resolved>)> = given
        .into_iter()
        .map(|g| {
            let resolved = resolver.resolve(&g.argument.value);
            (g, resolved)
        })
        .collect();
    given.sort_by(|(a, _), (b, _)| a.level.unwrap_or(0.0).total_cmp(&b.level.unwrap_or(0.0)));
    let mut bound = Vec::new();
    for parameter in parameters {
        let Some(place) = given.iter().position(|(g, _)| g.key() == parameter.name) else {
            bound.push(Bound::number(parameter.name, parameter.default?));
            continue;
        };
        let (argument, resolved) = given.remove(place);
        if let Some(level) = argument.level {
            bound.push(Bound::number(&argument.name, level));
        }
        bound.push(Bound::typed(&argument.name, resolved?, argument.argument.value.span));
    }
    Some(bound)
}

/// How a family is written, from its row of the table: its first form, those with names of their own, and from what it
/// is solved.
pub fn forms(entry: &FamilyEntry) -> String {
    let mut ways = vec![spelled(entry, 0)];
    let solved = solved(entry).map(|(_, family)| family);
    let names = solved.map(|family| family.names()).unwrap_or_default();
    for (index, form) in entry.forms.iter().enumerate().skip(1) {
        let Arguments::Named(parameters) = &form.arguments else {
            if matches!(form.arguments, Arguments::Mapped { .. } | Arguments::Lists(_)) {
                ways.push(spelled(entry, index));
            }
            continue;
        };
        if parameters.iter().any(|p| p.name != PERCENTILE && !names.contains(&p.name)) {
            ways.push(spelled(entry, index));
        }
    }
    ways.extend(solved.map(any_of));
    let last = ways.pop().unwrap_or_default();
    if ways.is_empty() { last } else { format!("{}, or {last}", ways.join(", ")) }
}

/// How one form of a family is written: `normal(mean, sd)` or `normal(p5 = …, p95 = …)`.
pub fn spelled(entry: &FamilyEntry, form: usize) -> String {
    let parameters = match &entry.forms[form].arguments {
        Arguments::Named(parameters) => parameters,
        Arguments::Map { key, value } => return format!("`{}({{{key}: {value}, …}})`", entry.name),
        Arguments::Mapped { before, key, value, after } => {
            let before: String = before.iter().map(|p| format!("{}, ", p.name)).collect();
            let after: String = after.iter().map(|p| format!(", {} = …", p.name)).collect();
            return format!("`{}({before}{{{key}: {value}, …}}{after})`", entry.name);
        }
        Arguments::Lists(names) => {
            let lists: Vec<String> = names.iter().map(|name| format!("[{name}, …]")).collect();
            return format!("`{}({})`", entry.name, lists.join(", "));
        }
        Arguments::Solved(family) => return format!("or {}", any_of(family)),
    };
    let spell = |(place, p): (usize, &Parameter)| match p.default {
        _ if p.name == PERCENTILE => {
            let second = parameters[..place].iter().any(|q| q.name == PERCENTILE);
            if second { "p95 = …".to_string() } else { "p5 = …".to_string() }
        }
        Some(default) => format!("{} = {default}", p.name),
        None if form == 0 => p.name.to_string(),
        None => format!("{} = …", p.name),
    };
    let parameters: Vec<String> = parameters.iter().enumerate().map(spell).collect();
    format!("`{}({})`", entry.name, parameters.join(", "))
}
