//! `dist` strings: from a parsed call to a law of a family, parameters checked where they are constant.

use super::advice::apt;
use super::compositions::refused_part;
use super::dist_words::{all_words, dist_word};
use super::draw_spec::{LawSpec, Movement};
use super::evaluate::{Cell, Evaluator};
use super::expression::{BinaryOp, Expr};
use super::forms::{Bound, PERCENTILE, bind, forms, is_percentile, spelled};
use super::functions::function;
use super::model::AxisId;
use super::names::did_you_mean;
use super::other_words::{law_of_another_tool, written};
use super::processes::process;
use super::resolve::Resolver;
use super::spelling;
use super::syntax::{Argument, Ast, AstKind, Word};
use crate::diagnostic::{Diagnostic, FAMILY, PARAMETER, Span, figure};
use crate::distribution::{
    self, Arguments, Composition, FAMILIES, Family, FamilyEntry, Known, ParameterError, truncate,
};

/// A law with the places of its parameters.
#[derive(Debug)]
pub enum Law {
    Family {
        entry: &'static FamilyEntry,
        form: usize,
        call: Span,
        arguments: Vec<Bound>,
    },
    /// A law without parameters.
    Given {
        law: distribution::Law,
        call: Span,
    },
    Truncate {
        base: Box<Law>,
        min: Option<Typed>,
        max: Option<Typed>,
    },
    Move {
        base: Box<Law>,
        movement: Movement,
        by: Typed,
    },
    Compose {
        composition: Composition,
        call: Span,
        laws: Vec<Law>,
        numbers: Vec<Typed>,
    },
}

/// A bound of `truncate`, or what a law is moved by.
#[derive(Debug)]
pub struct Typed {
    pub expr: Expr,
    pub axes: Vec<AxisId>,
    pub span: Span,
}

/// The law a `dist` string describes; `None` after a report.
pub fn law(ast: &Ast, resolver: &mut Resolver<'_>) -> Option<Law> {
    match &ast.kind {
        AstKind::Call { function, arguments }
            if let Some(make) = dist_word(&function.text).and_then(|word| word.law) =>
        {
            make(function, arguments, ast.span, resolver)
        }
        AstKind::Call { function, arguments } => match FAMILIES.iter().find(|f| f.name == function.text) {
            Some(entry) => {
                let (form, arguments) = bind(entry, function, arguments, ast.span, resolver)?;
                Some(Law::Family { entry, form, call: ast.span, arguments })
            }
            None => resolver.refuse(unknown_family(function, arguments)),
        },
        _ => {
            let report = Diagnostic::error(&FAMILY, "a `dist` string is a call of a distribution family");
            let example = |name: &str| {
                let family = FAMILIES.iter().find(|family| family.name == name).map(|family| family.example);
                family.or_else(|| dist_word(name).map(|word| word.example))
            };
            let help = match &ast.kind {
                AstKind::Number(x) => format!("for a fixed value write `constant({x})`"),
                AstKind::Name(name) => match example(name) {
                    Some(example) => format!("write its parameters: `{example}`"),
                    None => format!("for the same value write `constant({name})`"),
                },
                AstKind::Text(text) => format!("leave the inner quotes out: `{text}`"),
                AstKind::Index { name, items } if example(&name.text.to_lowercase()).is_some() => {
                    let items: Vec<&str> = items.iter().map(|item| item.member.text.as_str()).collect();
                    format!("write `{}({})`", name.text.to_lowercase(), items.join(", "))
                }
                _ => moved_law(ast).unwrap_or("arithmetic on inputs goes into [formulas]".to_string()),
            };
            resolver.refuse(report.label(ast.span, "not a call like `normal(0, 1)`").help(help))
        }
    }
}

/// Advice for a number added to a law, or times it.
fn moved_law(ast: &Ast) -> Option<String> {
    let AstKind::Binary(op, x, y) = &ast.kind else { return None };
    let is_law = |ast: &Ast| match &ast.kind {
        AstKind::Call { function, .. } => all_words().any(|word| word == function.text),
        _ => false,
    };
    let (law, by) = match (is_law(x), is_law(y)) {
        (true, false) => (x, spelling::spelled(y)),
        (false, true) if !matches!(op, BinaryOp::Subtract | BinaryOp::Divide) => (y, spelling::spelled(x)),
        _ => return None,
    };
    let (word, by) = match op {
        BinaryOp::Add => ("shift", by),
        BinaryOp::Subtract => ("shift", format!("-({by})")),
        BinaryOp::Multiply => ("scale", by),
        BinaryOp::Divide => ("scale", format!("1 / ({by})")),
        _ => return None,
    };
    Some(format!("write `{word}({}, {by})`, or compute with the input in [formulas]", spelling::spelled(law)))
}

fn unknown_family(word: &Word, arguments: &[Argument]) -> Diagnostic {
    let name = word.text.as_str();
    if process(name).is_some() {
        return Diagnostic::error(&FAMILY, format!("`{name}` is a process, not one distribution"))
            .label(word.span, "cannot be cut, shifted or scaled here")
            .help("make it an input of its own, and transform it in [formulas]");
    }
    if dist_word(name).is_some() {
        return Diagnostic::error(&FAMILY, format!("`{name}` does not stand inside another distribution"))
            .label(word.span, "not a law by itself")
            .help(
                "give it an input of its own, and move or cut its values in a formula: `2 * x`, `max(x, 0)`",
            );
    }
    if function(name).is_some() {
        return Diagnostic::error(&FAMILY, format!("`{name}` is a function, not a distribution"))
            .label(word.span, "stands in formulas alone")
            .help(format!(
                "give what is drawn an input of its own, and write `{name}(…)` of it in [formulas]"
            ));
    }
    let report = Diagnostic::error(&FAMILY, format!("unknown distribution `{name}`"));
    if let Some((tool, advice)) = law_of_another_tool(word, arguments) {
        return report.label(word.span, format!("a word of {tool}")).help(written(&advice));
    }
    report.label(word.span, "no family has this name").help(match did_you_mean(name, all_words()) {
        near if near.is_empty() => "`riskband distributions` lists all families".to_string(),
        near => near,
    })
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
            Law::Given { law, .. } => LawSpec::Given(law.clone()),
            Law::Move { base, movement, by } => {
                LawSpec::Move { base: Box::new(base.spec()), movement: *movement, by: by.expr.clone() }
            }
            Law::Compose { composition, laws, numbers, .. } => LawSpec::Compose {
                composition: *composition,
                laws: laws.iter().map(Law::spec).collect(),
                numbers: numbers.iter().map(|number| number.expr.clone()).collect(),
            },
            Law::Truncate { base, min, max } => {
                LawSpec::Truncate { base: Box::new(base.spec()), min: bare(min), max: bare(max) }
            }
        }
    }

    /// Place of the call.
    pub fn call(&self) -> Span {
        match self {
            Law::Family { call, .. } | Law::Given { call, .. } | Law::Compose { call, .. } => *call,
            Law::Truncate { base, .. } | Law::Move { base, .. } => base.call(),
        }
    }

    /// Form and parameters of a family or process.
    pub fn parts(&self) -> Option<(usize, &[Bound])> {
        match self {
            Law::Family { form, arguments, .. } => Some((*form, arguments)),
            Law::Given { .. } | Law::Truncate { .. } | Law::Move { .. } | Law::Compose { .. } => None,
        }
    }

    /// Places of the parameters that are typed, with the axes each runs over.
    pub(super) fn places(&self) -> Vec<(Span, Vec<AxisId>)> {
        match self {
            Law::Family { arguments, .. } => {
                arguments.iter().filter_map(|a| Some((a.span?, a.axes.clone()))).collect()
            }
            Law::Compose { laws, numbers, .. } => {
                let mut places: Vec<_> = laws.iter().flat_map(Law::places).collect();
                places.extend(numbers.iter().map(|number| (number.span, number.axes.clone())));
                places
            }
            Law::Given { .. } => Vec::new(),
            Law::Move { base, by, .. } => {
                let mut places = base.places();
                places.push((by.span, by.axes.clone()));
                places
            }
            Law::Truncate { base, min, max } => {
                let mut places = base.places();
                places.extend(min.iter().chain(max).map(|bound| (bound.span, bound.axes.clone())));
                places
            }
        }
    }

    /// Refuses constant parameters outside their domain, for the element at `cell`, called `element`.
    pub fn check(&self, evaluator: &Evaluator<'_>, cell: &Cell, element: Option<&str>) -> Option<Diagnostic> {
        self.build(evaluator, cell, element).err().map(|report| *report)
    }

    /// The distribution where every parameter is a constant, `None` where one is not.
    pub(super) fn build(
        &self,
        evaluator: &Evaluator<'_>,
        cell: &Cell,
        element: Option<&str>,
    ) -> Result<Option<distribution::Law>, Box<Diagnostic>> {
        match self {
            Law::Family { entry, form, call, arguments } => {
                let values: Option<Vec<f64>> =
                    arguments.iter().map(|a| evaluator.value(&a.expr, cell)).collect();
                let Some(values) = values else { return Ok(None) };
                match (entry.forms[*form].build)(&values) {
                    Ok(law) => Ok(Some(law)),
                    Err(error) => {
                        Err(Box::new(refused(entry, *form, *call, arguments, &values, error, element)))
                    }
                }
            }
            Law::Given { law, .. } => Ok(Some(law.clone())),
            Law::Move { base, movement, by } => {
                let law = base.build(evaluator, cell, element)?;
                let Some(value) = evaluator.value(&by.expr, cell) else { return Ok(None) };
                // A base whose parameters are drawn is not there to be moved; the number can be wrong even so.
                let any = || distribution::Constant::new(0.0).map(distribution::Law::from);
                let built = match &law {
                    Some(law) => movement.build(law.clone(), value),
                    None => any().and_then(|any| movement.build(any, value)),
                };
                let at = element.map_or(String::new(), |element| format!(" for `{element}`"));
                match built {
                    Ok(moved) => Ok(law.map(|_| moved)),
                    Err(error) => Err(Box::new(
                        Diagnostic::error(
                            &PARAMETER,
                            format!("`by` of `{}` must {}", movement.name(), error.requirement),
                        )
                        .label(by.span, format!("it is {value}{at}")),
                    )),
                }
            }
            Law::Compose { composition, call, laws, numbers } => {
                let parts: Vec<Option<distribution::Law>> =
                    laws.iter().map(|law| law.build(evaluator, cell, element)).collect::<Result<_, _>>()?;
                let values: Option<Vec<f64>> =
                    numbers.iter().map(|number| evaluator.value(&number.expr, cell)).collect();
                let (Some(parts), Some(values)) = (parts.into_iter().collect(), values) else {
                    return Ok(None);
                };
                match composition.build(parts, &values) {
                    Ok(law) => Ok(Some(law)),
                    Err(error) => {
                        Err(Box::new(refused_part(*composition, *call, numbers, &values, &error, element)))
                    }
                }
            }
            Law::Truncate { base, min, max } => {
                let law = base.build(evaluator, cell, element)?;
                let bound = |typed: &Option<Typed>, open: f64| {
                    typed.as_ref().map_or(Some(open), |typed| evaluator.value(&typed.expr, cell))
                };
                let (Some(low), Some(high)) = (bound(min, f64::NEG_INFINITY), bound(max, f64::INFINITY))
                else {
                    return Ok(None);
                };
                let places = || {
                    let min = min.as_ref().map(|bound| (bound.span, format!("min is {low}")));
                    let max = max.as_ref().map(|bound| (bound.span, format!("max is {high}")));
                    max.into_iter().chain(min)
                };
                let at = element.map_or(String::new(), |element| format!(" for `{element}`"));
                let report = |message: &str| {
                    let mut report = Diagnostic::error(&PARAMETER, message);
                    for (place, (span, text)) in places().enumerate() {
                        report = match place {
                            0 => report.label(span, format!("{text}{at}")),
                            _ => report.context(span, text),
                        };
                    }
                    report
                };
                if low.is_nan() || high.is_nan() || low > high {
                    return Err(Box::new(report("`min` of `truncate` must not lie above `max`")));
                }
                let Some(law) = law else { return Ok(None) };
                let reach = reach(&law);
                let (least, greatest) = law.support();
                let between_values = law.is_discrete() && least < high && low < greatest;
                match truncate(law, low, high) {
                    Ok(truncated) => Ok(Some(truncated)),
                    Err(_) if between_values => {
                        let between = format!("no value of the distribution lies between {low} and {high}");
                        Err(Box::new(report(&between).help(reach)))
                    }
                    Err(_) => {
                        Err(Box::new(report("`truncate` leaves no part of its distribution").help(reach)))
                    }
                }
            }
        }
    }
}

/// Where a distribution lies, for advice: its support, or nearly all of it where that has no end.
fn reach(law: &distribution::Law) -> String {
    let (least, greatest) = law.support();
    if least.is_finite() && greatest.is_finite() {
        return format!("the distribution lies between {least} and {greatest}");
    }
    let least = if least.is_finite() { least } else { law.quantile(1e-6) };
    let greatest = if greatest.is_finite() { greatest } else { law.upper_quantile(1e-6) };
    format!("nearly all of the distribution lies between {} and {}", figure(least), figure(greatest))
}

/// The family's refusal, at the parameter it is about.
fn refused(
    entry: &FamilyEntry,
    form: usize,
    call: Span,
    arguments: &[Bound],
    values: &[f64],
    error: ParameterError,
    element: Option<&str>,
) -> Diagnostic {
    if error.value.is_nan() && error.requirement.contains("be given together with more") {
        return Diagnostic::error(
            &PARAMETER,
            format!("`{}` lacks another parameter or statistic", entry.name),
        )
        .label(call, "these alone do not fix it")
        .help(format!("write {}", forms(entry)));
    }
    let index = place_of(arguments, values, &error);
    let written = index.map_or(error.parameter, |i| arguments[i].name.as_str());
    let at = element.map_or(String::new(), |element| format!(" for `{element}`"));
    let label = match index {
        Some(i) if matches!(arguments[i].expr, Expr::Number(_)) => format!("it is {}{at}", values[i]),
        Some(i) => format!("it comes to {}{at}", values[i]),
        None => format!("it is {}{at}", error.value),
    };
    let said = as_typed(&error.requirement, entry, form, arguments, values);
    let (requirement, advice) = match said.split_once("; ") {
        Some((requirement, advice)) => (requirement, advice.to_string()),
        None if form == 0 => (said.as_str(), format!("write {}", spelled(entry, form))),
        None => (said.as_str(), String::new()),
    };
    let advice = apt(entry, form, arguments, values, index).unwrap_or(advice);
    let mut report =
        Diagnostic::error(&PARAMETER, format!("`{written}` of `{}` must {requirement}", entry.name))
            .label(index.and_then(|i| arguments[i].span).unwrap_or(call), label);
    for (other, bound) in arguments.iter().enumerate().filter(|(other, _)| Some(*other) != index) {
        let name = &bound.name;
        let named = requirement.contains(&format!("`{name}`"))
            || (is_percentile(name) && requirement.contains("lower percentile"));
        if let Some(span) = bound.span.filter(|_| named) {
            report = report.context(span, format!("`{name}` is {}", values[other]));
        }
    }
    report.help(advice)
}

/// A requirement with the names that were typed: `max` for a bound that the family calls `b`.
fn as_typed(
    requirement: &str,
    entry: &FamilyEntry,
    form: usize,
    arguments: &[Bound],
    values: &[f64],
) -> String {
    let Arguments::Solved(family) = entry.forms[form].arguments else { return requirement.to_string() };
    let mut said = requirement.to_string();
    for (pair, numbers) in arguments.chunks(2).zip(values.chunks(2)) {
        let own = Known::of_code(numbers[0]).map_or("", |known| known.name(family));
        if let Some(typed) = pair.last().filter(|typed| own != PERCENTILE && typed.name != own) {
            said = said.replace(&format!("`{own}`"), &format!("`{}`", typed.name));
        }
    }
    said
}

/// Index of the typed argument that a refusal is about.
///
/// The family calls every percentile `pNN`: of those, the value decides, or the level where that is what is refused;
/// of two equal values it is the higher level that does not lie above the other.
fn place_of(arguments: &[Bound], values: &[f64], error: &ParameterError) -> Option<usize> {
    let typed = |i: &usize| arguments[*i].span.is_some();
    let same = |i: &usize| values[*i].to_bits() == error.value.to_bits();
    let places = || (0..arguments.len()).filter(typed);
    if error.parameter == PERCENTILE {
        let percentiles = || places().filter(|i| is_percentile(&arguments[*i].name));
        let level = |i: &usize| 100.0 * values[*i - 1];
        return percentiles().rfind(same).or_else(|| percentiles().find(|i| level(i) == error.value));
    }
    let named = || places().filter(|i| arguments[*i].name == error.parameter);
    named().find(same).or_else(|| named().next()).or_else(|| places().find(same))
}
