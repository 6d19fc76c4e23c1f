//! `mixture`, `zero_inflated` and `splice`: laws made of laws, as calls of a `dist` string.

use super::advice::{is_percent, percent};
use super::laws::{Law, Typed, law};
use super::names::did_you_mean;
use super::resolve::Resolver;
use super::syntax::{Argument, Ast, AstKind, Word};
use crate::diagnostic::{Diagnostic, PARAMETER, PARAMETERS, Span};
use crate::distribution::{Composition, ParameterError};

/// The law of a call; `None` after a report.
pub fn composed(word: &Word, arguments: &[Argument], call: Span, resolver: &mut Resolver<'_>) -> Option<Law> {
    match word.text.as_str() {
        "mixture" => mixture(word, arguments, call, resolver),
        "splice" => {
            let shape = Shape {
                laws: &["body", "tail"],
                numbers: &["at", "p"],
                required: 1,
                usage: "write `splice(lognormal(1, 0.5), pareto(2.5, 4), 5)`: the first law up to 5, the second beyond",
            };
            let (laws, numbers) = shape.read(word, arguments, resolver)?;
            let composition =
                if numbers.len() == 1 { Composition::Splice } else { Composition::WeightedSplice };
            Some(Law::Compose { composition, call, laws, numbers })
        }
        _ => {
            let shape = Shape {
                laws: &["law"],
                numbers: &["p"],
                required: 1,
                usage: "write `zero_inflated(lognormal(1, 0.5), 0.3)`: 0 with probability 0.3, else the law",
            };
            let (laws, numbers) = shape.read(word, arguments, resolver)?;
            Some(Law::Compose { composition: Composition::ZeroInflated, call, laws, numbers })
        }
    }
}

/// `mixture(weight: family(…), …)`.
fn mixture(word: &Word, arguments: &[Argument], call: Span, resolver: &mut Resolver<'_>) -> Option<Law> {
    const USAGE: &str =
        "write `mixture(0.6: normal(0, 1), 0.4: lognormal(1, 0.5))`; weights need not add up to 1";
    if arguments.is_empty() {
        return resolver.refuse(
            Diagnostic::error(&PARAMETERS, "`mixture` has no component")
                .label(word.span, "a mixture of nothing")
                .help(USAGE),
        );
    }
    let (mut laws, mut numbers) = (Vec::new(), Vec::new());
    for argument in arguments {
        if let Some(name) = &argument.name {
            return resolver.refuse(
                Diagnostic::error(&PARAMETERS, "a component of `mixture` has a weight, not a name")
                    .label(name.span, "expected `weight: distribution`")
                    .help(USAGE),
            );
        }
        let AstKind::Weighted(weight, part) = &argument.value.kind else {
            return resolver.refuse(
                Diagnostic::error(&PARAMETERS, "a component of `mixture` has no weight")
                    .label(argument.value.span, "expected `weight: distribution`")
                    .help(USAGE),
            );
        };
        let (weight, part) = (number(weight, resolver), law(part, resolver));
        numbers.push(weight);
        laws.push(part);
    }
    let laws = laws.into_iter().collect::<Option<_>>()?;
    let numbers = numbers.into_iter().collect::<Option<_>>()?;
    Some(Law::Compose { composition: Composition::Mixture, call, laws, numbers })
}

/// What a word takes: laws first, then numbers of which some may be left out.
struct Shape {
    laws: &'static [&'static str],
    numbers: &'static [&'static str],
    required: usize,
    usage: &'static str,
}

impl Shape {
    fn read(
        &self,
        word: &Word,
        arguments: &[Argument],
        resolver: &mut Resolver<'_>,
    ) -> Option<(Vec<Law>, Vec<Typed>)> {
        let name = word.text.as_str();
        let (least, most) = (self.laws.len() + self.required, self.laws.len() + self.numbers.len());
        let report = |message: String| Diagnostic::error(&PARAMETERS, message);
        if arguments.len() < least || arguments.len() > most {
            let numbers = if self.numbers.len() == 1 {
                format!("`{}`", self.numbers[0])
            } else {
                format!("`{}`, and `{}` or not", self.numbers[0], self.numbers[1])
            };
            let laws = if self.laws.len() == 1 {
                "a distribution".to_string()
            } else {
                "two distributions".to_string()
            };
            return resolver.refuse(
                report(format!("`{name}` takes {laws} and {numbers}"))
                    .label(word.span, format!("number of arguments: {}", arguments.len()))
                    .help(self.usage),
            );
        }
        let names = || self.laws.iter().chain(self.numbers).copied();
        for (argument, expected) in arguments.iter().zip(names()) {
            if let Some(given) = argument.name.as_ref().filter(|given| given.text != expected) {
                return resolver.refuse(
                    report(format!("`{name}` has no `{}` here", given.text))
                        .label(given.span, format!("expected `{expected}`"))
                        .help(did_you_mean(&given.text, names()))
                        .help(self.usage),
                );
            }
        }
        let (first, rest) = arguments.split_at(self.laws.len());
        let laws: Vec<Option<Law>> = first.iter().map(|argument| law(&argument.value, resolver)).collect();
        let numbers: Vec<Option<Typed>> =
            rest.iter().map(|argument| number(&argument.value, resolver)).collect();
        Some((laws.into_iter().collect::<Option<_>>()?, numbers.into_iter().collect::<Option<_>>()?))
    }
}

fn number(ast: &Ast, resolver: &mut Resolver<'_>) -> Option<Typed> {
    let resolved = resolver.resolve(ast)?;
    Some(Typed { expr: resolved.expr, axes: resolved.axes.into_iter().collect(), span: ast.span })
}

/// The refusal of a composed law, at the number it is about.
pub fn refused_part(
    composition: Composition,
    call: Span,
    numbers: &[Typed],
    values: &[f64],
    error: &ParameterError,
    element: Option<&str>,
) -> Diagnostic {
    let (name, parameters): (&str, &[&str]) = match composition {
        Composition::Mixture => ("mixture", &[]),
        Composition::Splice | Composition::WeightedSplice => ("splice", &["at", "p"]),
        Composition::ZeroInflated => ("zero_inflated", &["p"]),
    };
    let named = parameters.iter().position(|parameter| *parameter == error.parameter);
    let place = named.or_else(|| values.iter().position(|value| value.to_bits() == error.value.to_bits()));
    let at = element.map_or(String::new(), |element| format!(" for `{element}`"));
    let in_percent = is_percent(error.parameter, error.value).then(|| percent(error.value));
    let (requirement, advice) = error.requirement.split_once("; ").unwrap_or((&error.requirement, ""));
    Diagnostic::error(&PARAMETER, format!("`{}` of `{name}` must {requirement}", error.parameter))
        .label(
            place.and_then(|place| numbers.get(place)).map_or(call, |number| number.span),
            format!("it is {}{at}", error.value),
        )
        .help(in_percent.unwrap_or_else(|| advice.to_string()))
}
