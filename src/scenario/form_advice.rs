//! What is said of arguments that make no form of a family.

use super::expression::BinaryOp;
use super::forms::{Given, PERCENTILE, forms, is_percentile, missing, superfluous};
use super::names::did_you_mean;
use super::parameter_words;
use super::solved::{Misfit, knowns, solved};
use super::spelling;
use super::syntax::{Argument, AstKind, Word};
use crate::diagnostic::{Diagnostic, PARAMETERS, Span};
use crate::distribution::{Arguments, FamilyEntry, Parameter};

/// The report with advice, or with how the family is written where there is none.
pub(super) fn or_usage(report: Diagnostic, advice: Vec<String>, entry: &FamilyEntry) -> Diagnostic {
    match advice.is_empty() {
        true => report.help(format!("write {}", forms(entry))),
        false => advice.into_iter().fold(report, Diagnostic::help),
    }
}

/// `normal(mean: 10, sd: 2)`.
pub(super) fn colons(entry: &FamilyEntry, arguments: &[Argument]) -> Option<Diagnostic> {
    let named = |argument: &Argument| match &argument.value.kind {
        AstKind::Weighted(name, value) => match &name.kind {
            AstKind::Name(name) => Some(format!("{name} = {}", spelling::spelled(value))),
            _ => None,
        },
        _ => Some(spelling::argument(argument)),
    };
    let first = arguments.iter().find(|argument| matches!(argument.value.kind, AstKind::Weighted(..)))?;
    let written: Vec<String> = arguments.iter().map(named).collect::<Option<_>>()?;
    Some(
        Diagnostic::error(&PARAMETERS, "`=` stands between a parameter and its value")
            .label(first.value.span, "not `:`")
            .help(format!("write `{}({})`", entry.name, written.join(", "))),
    )
}

/// Percentiles of levels below 1 alone, such as `p0.05` and `p0.95`: shares were meant.
pub(super) fn shares_for_percent(entry: &FamilyEntry, given: &[Given<'_>]) -> Option<Diagnostic> {
    let percentiles: Vec<&Given<'_>> = given.iter().filter(|g| g.level.is_some()).collect();
    let meant = |g: &Given<'_>| format!("p{}", (g.level.unwrap_or(0.0) * 1e6).round() / 100.0);
    let [first, _, ..] = percentiles[..] else { return None };
    if percentiles.iter().any(|g| g.level >= Some(0.01)) {
        return None;
    }
    let written: Vec<String> =
        given.iter().filter(|g| g.level.is_some()).map(|g| format!("{} = …", meant(g))).collect();
    let level = first.name.trim_start_matches('p');
    Some(
        Diagnostic::error(&PARAMETERS, "the levels of percentiles are in per cent")
            .label(first.span(), format!("below this lie {level} % of the draws"))
            .help(format!("write `{}({})`", entry.name, written.join(", "))),
    )
}

/// Says what keeps the arguments from being a form of the family.
pub(super) fn no_form(entry: &FamilyEntry, word: &Word, given: &[Given<'_>], call: Span) -> Diagnostic {
    let named: Vec<&[Parameter]> = entry
        .forms
        .iter()
        .filter_map(
            |f| if let Arguments::Named(parameters) = &f.arguments { Some(*parameters) } else { None },
        )
        .collect();
    let usage = format!("write {}", forms(entry));
    let solvable = solved(entry).map(|(_, family)| family);
    let further = || solvable.into_iter().flat_map(|family| family.names());
    let percentile = solvable.filter(|family| family.percentiles).map(|_| PERCENTILE);
    let known = || {
        let parameters = named.iter().flat_map(|parameters| parameters.iter().map(|p| p.name));
        parameters.chain(further()).chain(percentile)
    };
    if let Some(stranger) = given.iter().find(|g| known().all(|name| name != g.key())) {
        let small = stranger.name.to_lowercase();
        let is_known = known().any(|name| name == small || (name == PERCENTILE && is_percentile(&small)));
        let near = match is_known {
            true => format!("did you mean `{small}`?"),
            false => did_you_mean(&stranger.name, known().filter(|n| *n != PERCENTILE)),
        };
        let all: Vec<&str> = known().filter(|name| *name != PERCENTILE).collect();
        let report =
            Diagnostic::error(&PARAMETERS, format!("`{}` has no parameter `{}`", entry.name, stranger.name))
                .label(stranger.span(), "not a parameter of this family");
        return match renamed(entry, given, &all, percentile.is_some()) {
            Some(call) => report.help(format!("write `{call}`")),
            None => report.help(near).help(usage),
        };
    }
    let names: Vec<(&str, Option<f64>)> = given.iter().map(|g| (g.name.as_str(), g.level)).collect();
    match solvable.map(|family| knowns(family, &names)) {
        Some(Err(Misfit::Same(first, second))) => {
            let (first, second) = (&given[first], &given[second]);
            let message = format!("`{}` and `{}` of `{}` are the same", first.name, second.name, entry.name);
            return Diagnostic::error(&PARAMETERS, message)
                .label(second.span(), "again")
                .context(first.span(), "first here");
        }
        Some(Err(Misfit::TooMany(most))) if !given.is_empty() => {
            let message = format!("`{}` is fixed by {most} of these, there are {}", entry.name, given.len());
            return Diagnostic::error(&PARAMETERS, message)
                .label(given[most.min(given.len() - 1)].span(), "one too many")
                .help(usage);
        }
        Some(Err(Misfit::TooFew(missing))) if !given.is_empty() => {
            let what = match missing {
                1 => "another parameter or statistic".to_string(),
                more => format!("{more} more parameters or statistics"),
            };
            return Diagnostic::error(&PARAMETERS, format!("`{}` lacks {what}", entry.name))
                .label(
                    Span { start: call.end.saturating_sub(1), ..call },
                    match given.len() {
                        1 => format!("only `{}` is given", given[0].name),
                        _ => "more is needed here".to_string(),
                    },
                )
                .help(usage);
        }
        _ => {}
    }
    let closest = named
        .iter()
        .filter(|parameters| superfluous(parameters, given).is_empty())
        .min_by_key(|parameters| missing(parameters, given).len());
    let report = match closest {
        Some(parameters) => {
            let missing = missing(parameters, given);
            let listed: Vec<String> = missing
                .iter()
                .map(
                    |name| {
                        if *name == PERCENTILE { "another percentile".into() } else { format!("`{name}`") }
                    },
                )
                .collect();
            let what = match given.is_empty() && entry.forms.len() > 1 {
                true => "its parameters".to_string(),
                false => listed.join(" and "),
            };
            Diagnostic::error(&PARAMETERS, format!("`{}` lacks {what}", entry.name)).label(
                Span { start: call.end.saturating_sub(1), ..call },
                match given.len() {
                    0 => "nothing is given".to_string(),
                    1 => format!("only `{}` is given", given[0].name),
                    _ => "more is needed here".to_string(),
                },
            )
        }
        None if named.is_empty() => Diagnostic::error(&PARAMETERS, format!("`{}` takes a map", entry.name))
            .label(call, "no map `{…}` here"),
        None => {
            let names: Vec<String> = given.iter().map(|g| format!("`{}`", g.name)).collect();
            let together = names.join(" and ");
            Diagnostic::error(
                &PARAMETERS,
                format!("`{}` is not described by {together} together", entry.name),
            )
            .label(word.span, "no such combination")
        }
    };
    report.help(usage)
}

/// The call with the names of this family for those of other programs; nothing where one of them is not known.
fn renamed(entry: &FamilyEntry, given: &[Given<'_>], known: &[&str], percentiles: bool) -> Option<String> {
    let mut taken: Vec<&str> =
        given.iter().map(|g| g.name.as_str()).filter(|name| known.contains(name)).collect();
    let mut parts = Vec::new();
    for argument in given {
        let value = spelling::spelled(&argument.argument.value);
        let name = argument.name.as_str();
        if argument.name_span.is_none() {
            parts.push(value);
        } else if known.contains(&name) || argument.level.is_some() {
            parts.push(format!("{name} = {value}"));
        } else if let Some(own) = parameter_words::percentile(name).filter(|_| percentiles) {
            parts.push(format!("{own} = {value}"));
        } else if let Some(own) = parameter_words::meant(name, known, &taken) {
            taken.push(own);
            parts.push(format!("{own} = {value}"));
        } else {
            // What is known under another name is not the same number.
            let value = spelling::operand(&argument.argument.value, BinaryOp::Divide);
            parts.push(match name.to_lowercase().as_str() {
                "variance" | "var" if known.contains(&"sd") => format!("sd = sqrt({value})"),
                "rate" | "lambda" | "λ" if known.contains(&"scale") => format!("scale = 1 / {value}"),
                "precision" | "tau" if known.contains(&"sd") => format!("sd = 1 / sqrt({value})"),
                _ => return None,
            });
        }
    }
    Some(format!("{}({})", entry.name, parts.join(", ")))
}
