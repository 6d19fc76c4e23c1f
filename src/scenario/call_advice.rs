//! What is said of calls that are wrong: not a function, too many arguments, no axis.

use super::commas;
use super::dist_words::all_words;
use super::expression::{BinaryOp, Reduction};
use super::functions::{Function, FunctionKind, LATER};
use super::infer::axis_named;
use super::model::AxisId;
use super::names::did_you_mean;
use super::other_words::{function_of_another_tool, law_of_another_tool, written};
use super::resolve::{Resolved, Resolver, function_names};
use super::spelling::{self, operand, spelled as typed};
use super::syntax::{Argument, Ast, AstKind, Word};
use crate::diagnostic::{
    AXIS_UNKNOWN, Diagnostic, FUNCTION_ARGUMENTS, FUNCTION_UNKNOWN, Span, TOML_LATER, nearest,
};

impl Resolver<'_> {
    /// The second argument is no axis.
    pub(super) fn no_axis(&mut self, row: &Function, operand: &Ast, axis: &Ast) -> Option<Resolved> {
        let known = || self.names.axes.iter().map(|a| a.name.as_str());
        let (AstKind::Name(typed) | AstKind::Text(typed)) = &axis.kind else {
            return self.refuse(
                Diagnostic::error(
                    &FUNCTION_ARGUMENTS,
                    format!("the last argument of `{}` is an axis", row.name),
                )
                .label(axis.span, "not the name of an axis")
                .help(format!("write {}", row.spelled())),
            );
        };
        if self.names.axes_broken {
            return None;
        }
        if typed == "year" {
            return self.needs_years(&format!("`{}` along the years", row.name), axis.span);
        }
        let report = Diagnostic::error(&AXIS_UNKNOWN, format!("unknown axis `{typed}`"));
        if self.names.find(typed).is_some() && axis_named(operand, self.names).is_none() {
            let report = Diagnostic::error(&AXIS_UNKNOWN, format!("`{typed}` is a value, not an axis"))
                .label(axis.span, format!("`{}` runs along an axis", row.name));
            let written = along_values(row.kind, &[operand, axis]);
            return self.refuse(report.help(written.map_or(String::new(), |text| format!("write `{text}`"))));
        }
        let report = if axis_named(operand, self.names).is_some() {
            report
                .label(axis.span, "not an axis")
                .context(operand.span, "the axis stands first")
                .help(format!("the axis goes last: `{}({typed}, {})`", row.name, spelled(operand)))
        } else if known().next().is_none() {
            report
                .label(axis.span, "the scenario has no axes")
                .help(format!("add [axes] with `{typed} = [\"…\", \"…\"]`"))
        } else {
            let near = did_you_mean(typed, known());
            let help = if near.is_empty() {
                format!("the axes are {}", super::names::listed(known()))
            } else {
                near
            };
            report.label(axis.span, "not an axis of this scenario").help(help)
        };
        self.refuse(report)
    }

    /// A call with too few or too many arguments.
    pub(super) fn wrong_count(
        &mut self,
        row: &Function,
        word: &Word,
        given: &[Argument],
        span: Span,
    ) -> Option<Resolved> {
        let found = given.len();
        let values: Vec<&Ast> = given.iter().map(|argument| &argument.value).collect();
        let advice = commas::advice(row.name, given, row.arity.0, row.arity.1);
        let meant = match found {
            _ if !advice.is_empty() => Some(advice.join("; ")),
            1 => self.along_its_axis(row.name, given),
            ..=2 => None,
            _ => along_values(row.kind, &values).map(|text| format!("write `{text}`")),
        };
        let meant = meant.or_else(|| {
            let (_, advice) = function_of_another_tool(word, given)?;
            Some(written(&advice))
        });
        let expected = match row.arity {
            (least, most) if least == most => format!("{least}"),
            (least, usize::MAX) => format!("at least {least}"),
            (least, most) => format!("{least} to {most}"),
        };
        let plural = if row.arity == (1, 1) { "" } else { "s" };
        self.refuse(
            Diagnostic::error(
                &FUNCTION_ARGUMENTS,
                format!("`{}` takes {expected} argument{plural}", row.name),
            )
            .label(span, if found == 1 { "1 is given".to_string() } else { format!("{found} are given") })
            .help(meant.unwrap_or_else(|| format!("write {}", row.spelled()))),
        )
    }

    /// What to write for a function that other programs call without an axis, where it is known along which it goes.
    fn along_its_axis(&self, name: &str, arguments: &[Argument]) -> Option<String> {
        let word = name.to_lowercase();
        let of = |x: &str, axis: &str| match word.as_str() {
            "average" | "avg" | "mean" => format!("mean({x}, {axis})"),
            "any" | "some" => format!("count({x}, {axis}) > 0"),
            "all" | "every" => format!("count(not ({x}), {axis}) == 0"),
            _ => format!("{word}({x}, {axis})"),
        };
        let known = [
            "average", "avg", "mean", "any", "some", "all", "every", "sum", "product", "count", "min", "max",
        ];
        if !known.contains(&word.as_str()) || arguments.iter().any(|argument| argument.name.is_some()) {
            return None;
        }
        match arguments {
            [
                Argument {
                    value: Ast { kind: AstKind::Weighted(..) | AstKind::List(_) | AstKind::Map(_), .. },
                    ..
                },
            ] => None,
            [only] => {
                let x = typed(&only.value);
                let ways: Vec<String> = self
                    .axes_named_in(&only.value)?
                    .iter()
                    .map(|axis| format!("`{}`", of(&x, &self.names.axes[axis.0].name)))
                    .collect();
                Some(match ways.is_empty() {
                    true => format!("`{x}` is one value in a run: leave `{name}` out"),
                    false => format!("write {}", ways.join(" or ")),
                })
            }
            [x, axis] if axis_named(&axis.value, self.names).is_some() => {
                Some(format!("write `{}`", of(&typed(&x.value), &typed(&axis.value))))
            }
            [_, _, ..] => {
                let op = match word.as_str() {
                    "any" | "some" => BinaryOp::Or,
                    "all" | "every" => BinaryOp::And,
                    _ => return None,
                };
                let between = if op == BinaryOp::Or { " or " } else { " and " };
                let parts: Vec<String> = arguments.iter().map(|x| operand(&x.value, op)).collect();
                Some(format!("write `{}`", parts.join(between)))
            }
            [] => None,
        }
    }

    /// Axes of the values that an expression names; nothing where they are not known.
    fn axes_named_in(&self, ast: &Ast) -> Option<std::collections::BTreeSet<AxisId>> {
        let mut axes = Some(std::collections::BTreeSet::new());
        ast.each_name(&mut |name| {
            let over = self.names.find(name).and_then(|named| self.names.over(named.symbol));
            match (over, axes.as_mut()) {
                (Some(over), Some(axes)) => axes.extend(over.iter().copied()),
                _ => axes = None,
            }
        });
        axes
    }

    /// A call of something that is no function here.
    pub(super) fn unknown_function(&mut self, word: &Word, arguments: &[Argument]) -> Option<Resolved> {
        let name = word.text.as_str();
        let report = if LATER.contains(&name) {
            let advice = function_of_another_tool(word, arguments).map(|(_, advice)| written(&advice));
            Diagnostic::error(&TOML_LATER, format!("`{name}` is not part of this version"))
                .label(word.span, "a function of a later version")
                .help(advice.unwrap_or_default())
        } else if self.names.find(name).is_some() {
            let help = match arguments {
                [Argument { name: None, value }] => indexed(name, value),
                _ => format!("write `{name} * (…)` to multiply, `{name}[…]` to index"),
            };
            Diagnostic::error(&FUNCTION_UNKNOWN, format!("`{name}` is a value, not a function"))
                .label(word.span, "called like a function")
                .help(help)
        } else if let Some(advice) = self.along_its_axis(name, arguments) {
            Diagnostic::error(&FUNCTION_UNKNOWN, format!("unknown function `{name}`"))
                .label(word.span, "a word of other programs")
                .help(advice)
        } else if all_words().any(|word| word == name) {
            Diagnostic::error(&FUNCTION_UNKNOWN, "a distribution cannot stand in a formula")
                .label(word.span, "a family of distributions")
                .help({
                    let given: Vec<String> = arguments.iter().map(spelling::argument).collect();
                    let law = if given.is_empty() { "…".to_string() } else { given.join(", ") };
                    format!(
                        "make it an input: [inputs.NAME] with `dist = \"{name}({law})\"`, and use NAME here"
                    )
                })
        } else if let Some((tool, advice)) = function_of_another_tool(word, arguments) {
            Diagnostic::error(&FUNCTION_UNKNOWN, format!("unknown function `{name}`"))
                .label(word.span, format!("a word of {tool}"))
                .help(written(&advice))
        } else if let (Some((tool, advice)), true) =
            (law_of_another_tool(word, arguments), nearest(name, function_names()).is_none())
        {
            let law = advice.trim_matches('`');
            Diagnostic::error(&FUNCTION_UNKNOWN, "a distribution cannot stand in a formula")
                .label(word.span, format!("a word of {tool}"))
                .help(format!("make it an input: [inputs.NAME] with `dist = \"{law}\"`, and use NAME here"))
        } else {
            Diagnostic::error(&FUNCTION_UNKNOWN, format!("unknown function `{name}`"))
                .label(word.span, "no function has this name")
                .help(did_you_mean(name, function_names()))
        };
        self.refuse(report)
    }
}

/// Advice for a value that is called like a function.
fn indexed(name: &str, argument: &Ast) -> String {
    match &argument.kind {
        AstKind::Number(year) if (1000.0..10_000.0).contains(year) => format!("write `{name}[{year}]`"),
        AstKind::Binary(BinaryOp::Subtract, now, lag) => match (&now.kind, &lag.kind) {
            (AstKind::Name(now), AstKind::Number(1.0)) if matches!(now.as_str(), "t" | "year") => {
                format!("for an earlier year write `previous({name})`")
            }
            (AstKind::Name(now), AstKind::Number(lag)) if matches!(now.as_str(), "t" | "year") => {
                format!("for an earlier year write `previous({name}, {lag})`")
            }
            _ => format!("write `{name} * ({})` to multiply", typed(argument)),
        },
        AstKind::Name(now) if now == "t" || now == "year" => {
            format!("write `{name}` alone for the year that is computed")
        }
        _ => format!("write `{name} * {}` to multiply", operand(argument, BinaryOp::Divide)),
    }
}

/// What a function along an axis may have been meant to do with several values.
pub(super) fn along_values(kind: FunctionKind, values: &[&Ast]) -> Option<String> {
    let joined = |op: BinaryOp, mark: &str| {
        let parts: Vec<String> = values.iter().map(|value| operand(value, op)).collect();
        parts.join(mark)
    };
    // As the first part of a sum needs no parentheses that a later one does not.
    let sum = || joined(BinaryOp::Or, " + ");
    match kind {
        FunctionKind::Reduce(Reduction::Sum | Reduction::Count) => Some(sum()),
        FunctionKind::Reduce(Reduction::Product) => Some(joined(BinaryOp::Add, " * ")),
        FunctionKind::Reduce(Reduction::Mean) => Some(format!("({}) / {}", sum(), values.len())),
        FunctionKind::Share => Some(format!("{} / ({})", operand(values[0], BinaryOp::Power), sum())),
        _ => None,
    }
}

/// A name as it is written.
fn spelled(ast: &Ast) -> &str {
    match &ast.kind {
        AstKind::Name(name) | AstKind::Text(name) => name,
        _ => "axis",
    }
}
