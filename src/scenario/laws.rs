//! `dist` strings: from a parsed call to a law of a family, parameters checked where they are constant.

use super::evaluate::{Cell, Evaluator};
use super::forms::{Bound, bind, forms};
use super::model::{AxisId, Expr, LawSpec};
use super::names::did_you_mean;
use super::resolve::Resolver;
use super::syntax::{Argument, Ast, AstKind, Word};
use crate::diagnostic::{Diagnostic, FAMILY, PARAMETER, PARAMETERS, Span, TOML_LATER};
use crate::distribution::{FAMILIES, FamilyEntry, ParameterError};

/// Families that the language has but this version does not.
const LATER: [&str; 20] = [
    "arcsine",
    "beta_binomial",
    "cauchy",
    "compound",
    "cumulative",
    "dirichlet",
    "empirical",
    "geometric",
    "gev",
    "gpd",
    "hypergeometric",
    "laplace",
    "logistic",
    "metalog",
    "mixture",
    "negative_binomial",
    "pareto",
    "shift",
    "trapezoidal",
    "uniform_int",
];

/// A law with the places of its parameters.
#[derive(Debug)]
pub enum Law {
    Family { entry: &'static FamilyEntry, form: usize, call: Span, arguments: Vec<Bound> },
    Truncate { base: Box<Law>, min: Option<Typed>, max: Option<Typed> },
}

/// A bound of `truncate`.
#[derive(Debug)]
pub struct Typed {
    pub expr: Expr,
    pub axes: Vec<AxisId>,
    pub span: Span,
}

/// The law a `dist` string describes; `None` after a report.
pub fn law(ast: &Ast, resolver: &mut Resolver<'_>) -> Option<Law> {
    match &ast.kind {
        AstKind::Call { function, arguments } if function.text == "truncate" => {
            truncate(function, arguments, resolver)
        }
        AstKind::Call { function, arguments } => match FAMILIES.iter().find(|f| f.name == function.text) {
            Some(entry) => {
                let (form, arguments) = bind(entry, function, arguments, ast.span, resolver)?;
                Some(Law::Family { entry, form, call: ast.span, arguments })
            }
            None => resolver.refuse(unknown_family(function)),
        },
        _ => {
            let report = Diagnostic::error(&FAMILY, "a `dist` string is a call of a distribution family");
            let help = match &ast.kind {
                AstKind::Number(x) => format!("for a fixed value write `constant({x})`"),
                AstKind::Name(name) if FAMILIES.iter().any(|f| f.name == name) => String::new(),
                AstKind::Name(name) => format!("for the same value write `constant({name})`"),
                _ => "arithmetic on inputs goes into [formulas]".to_string(),
            };
            let example = match &ast.kind {
                AstKind::Name(name) => FAMILIES.iter().find(|f| f.name == name).map(|f| f.example),
                _ => None,
            };
            let help = example.map_or(help, |example| format!("write its parameters: `{example}`"));
            resolver.refuse(report.label(ast.span, "not a call like `normal(0, 1)`").help(help))
        }
    }
}

fn unknown_family(word: &Word) -> Diagnostic {
    let name = word.text.as_str();
    if !FAMILIES.iter().any(|f| f.name == name) && LATER.contains(&name) {
        return Diagnostic::error(&TOML_LATER, format!("`{name}` is not part of this version"))
            .label(word.span, "a family of a later version");
    }
    let known = FAMILIES.iter().map(|f| f.name).chain(["truncate"]);
    Diagnostic::error(&FAMILY, format!("unknown distribution `{name}`"))
        .label(word.span, "no family has this name")
        .help(match did_you_mean(name, known) {
            near if near.is_empty() => "`riskband distributions` lists all families".to_string(),
            near => near,
        })
}

/// `truncate(family(…), min = , max = )`.
fn truncate(word: &Word, arguments: &[Argument], resolver: &mut Resolver<'_>) -> Option<Law> {
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
                return resolver.refuse(report.label(span, label).help(usage));
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

impl Law {
    /// The law without places.
    pub fn spec(&self) -> LawSpec {
        let bare = |bound: &Option<Typed>| bound.as_ref().map(|bound| bound.expr.clone());
        match self {
            Law::Family { entry, form, arguments, .. } => LawSpec::Family {
                entry,
                form: *form,
                arguments: arguments.iter().map(|a| a.expr.clone()).collect(),
            },
            Law::Truncate { base, min, max } => {
                LawSpec::Truncate { base: Box::new(base.spec()), min: bare(min), max: bare(max) }
            }
        }
    }

    /// Refuses constant parameters outside their domain, for the element at `cell`, called `element`.
    pub fn check(&self, evaluator: &Evaluator<'_>, cell: &Cell, element: Option<&str>) -> Option<Diagnostic> {
        let value = |expr: &Expr| evaluator.value(expr, cell);
        match self {
            Law::Family { entry, form, call, arguments } => {
                let values: Vec<f64> = arguments.iter().map(|a| value(&a.expr)).collect::<Option<_>>()?;
                let error = (entry.forms[*form].build)(&values).err()?;
                Some(refused(entry, *call, arguments, &values, error, element))
            }
            Law::Truncate { base, min, max } => {
                if let Some(report) = base.check(evaluator, cell, element) {
                    return Some(report);
                }
                let (min, max) = (min.as_ref()?, max.as_ref()?);
                let (low, high) = (value(&min.expr)?, value(&max.expr)?);
                (low.is_nan() || high.is_nan() || low >= high).then(|| {
                    Diagnostic::error(&PARAMETER, "`min` of `truncate` must be below `max`")
                        .label(max.span, format!("max is {high}"))
                        .context(min.span, format!("min is {low}"))
                })
            }
        }
    }
}

/// The family's refusal, at the parameter it is about.
fn refused(
    entry: &FamilyEntry,
    call: Span,
    arguments: &[Bound],
    values: &[f64],
    error: ParameterError,
    element: Option<&str>,
) -> Diagnostic {
    let same = |index: &usize| values[*index].to_bits() == error.value.to_bits();
    let places = || (0..arguments.len()).filter(|i| arguments[*i].span.is_some());
    let index = places()
        .find(|i| arguments[*i].name == error.parameter && same(i))
        .or_else(|| places().find(|i| arguments[*i].name == error.parameter))
        .or_else(|| places().find(same));
    let written = index.map_or(error.parameter, |i| arguments[i].name.as_str());
    let at = element.map_or(String::new(), |element| format!(" for `{element}`"));
    let is = match index.map(|i| &arguments[i].expr) {
        Some(Expr::Number(_)) | None => "it is",
        Some(_) => "it comes to",
    };
    let mut report =
        Diagnostic::error(&PARAMETER, format!("`{written}` of `{}` must {}", entry.name, error.requirement))
            .label(
                index.and_then(|i| arguments[i].span).unwrap_or(call),
                format!("{is} {}{at}", error.value),
            );
    for other in places().filter(|i| Some(*i) != index) {
        let name = &arguments[other].name;
        if let Some(span) = arguments[other].span.filter(|_| error.requirement.contains(&format!("`{name}`")))
        {
            report = report.context(span, format!("`{name}` is {}", values[other]));
        }
    }
    report.help(format!("write {}", forms(entry)))
}
