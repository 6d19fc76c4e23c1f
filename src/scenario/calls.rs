//! Calls in formulas: the right number of arguments, the right axes, the right expression.

use super::commas;
use super::dist_words::all_words;
use super::expression::{BinaryOp, Expr, Reduction};
use super::functions::{Function, FunctionKind, LATER, function};
use super::infer::axis_named;
use super::model::AxisId;
use super::names::did_you_mean;
use super::other_words::{function_of_another_tool, law_of_another_tool, written};
use super::resolve::{Resolved, Resolver, Scope, function_names};
use super::spelling::{self, operand, spelled as typed};
use super::syntax::{Argument, Ast, AstKind, Word};
use crate::diagnostic::{
    AXIS_MISMATCH, AXIS_UNKNOWN, Diagnostic, FUNCTION_ARGUMENTS, FUNCTION_UNKNOWN, Span, TOML_LATER, nearest,
};

impl Resolver<'_> {
    /// A call of a function.
    pub(super) fn call(&mut self, word: &Word, arguments: &[Argument], span: Span) -> Option<Resolved> {
        let Some(row) = function(&word.text) else { return self.unknown_function(word, arguments) };
        if let Some(name) = arguments.iter().find_map(|a| a.name.as_ref()) {
            return self.refuse(
                Diagnostic::error(&FUNCTION_ARGUMENTS, format!("`{}` takes no named arguments", row.name))
                    .label(name.span, "a name")
                    .help(format!("write {}", row.spelled())),
            );
        }
        if arguments.len() < row.arity.0 || arguments.len() > row.arity.1 {
            return self.wrong_count(row, word, arguments, span);
        }
        self.apply(row, arguments, word)
    }

    fn apply(&mut self, row: &Function, given: &[Argument], word: &Word) -> Option<Resolved> {
        let arguments: Vec<&Ast> = given.iter().map(|argument| &argument.value).collect();
        match (row.kind, arguments.as_slice()) {
            (FunctionKind::Unary(op), [x]) => {
                let x = self.resolve(x)?;
                Some(Resolved { expr: Expr::Unary(op, Box::new(x.expr)), axes: x.axes })
            }
            (FunctionKind::Extreme(_, reduction), [x, axis]) if axis_named(axis, self.names).is_some() => {
                self.along(row, x, axis, |x, axis| Expr::Reduce(reduction, x, axis))
            }
            (FunctionKind::Extreme(op, _), _) => self.fold(&arguments, op),
            (FunctionKind::Reduce(reduction), [x, axis]) => {
                let count = reduction == Reduction::Count;
                let swapped =
                    count && axis_named(axis, self.names).is_none() && axis_named(x, self.names).is_some();
                let (x, axis) = if swapped { (axis, x) } else { (x, axis) };
                self.along(row, x, axis, |x, axis| Expr::Reduce(reduction, x, axis))
            }
            (FunctionKind::Share, [x, axis]) => {
                let share = self.along(row, x, axis, Expr::Share)?;
                let mut axes = share.axes;
                if let Expr::Share(_, axis) = &share.expr {
                    axes.insert(*axis);
                }
                Some(Resolved { expr: share.expr, axes })
            }
            (FunctionKind::If, [a, b, c]) => self.three(a, b, c, Expr::If),
            (FunctionKind::Clamp, [a, b, c]) => self.three(a, b, c, Expr::Clamp),
            (FunctionKind::Previous, _) => self.previous(&arguments, word.span),
            (FunctionKind::Cumulative, [x]) => {
                let year = self.year_of(row, word.span)?;
                let x = self.within(Scope::UpTo, x)?;
                let mut axes = x.axes;
                axes.insert(year);
                Some(Resolved { expr: Expr::Cumulative(Box::new(x.expr)), axes })
            }
            (FunctionKind::Cagr, [x]) => {
                let year = self.year_of(row, word.span)?;
                let span = x.span;
                let x = self.over_all_years(year, x)?;
                self.over_years(row, "x", &x, year, span)?;
                let mut axes = x.axes;
                axes.remove(&year);
                Some(Resolved { expr: Expr::Cagr(Box::new(x.expr)), axes })
            }
            (FunctionKind::Npv, [x, rate]) => self.npv(row, x, rate, word.span),
            (FunctionKind::Ramp, [from, to]) => {
                let year = self.year_of(row, word.span)?;
                let (a, b) = (self.resolve(from), self.resolve(to));
                let (a, b) = (a?, b?);
                self.not_over_years(row, "from", &a, year, from.span)?;
                self.not_over_years(row, "to", &b, year, to.span)?;
                let mut axes: std::collections::BTreeSet<AxisId> = a.axes.union(&b.axes).copied().collect();
                axes.insert(year);
                Some(Resolved { expr: Expr::Ramp(Box::new(a.expr), Box::new(b.expr)), axes })
            }
            (FunctionKind::Ar1, [phi, shock]) => {
                let year = self.year_of(row, word.span)?;
                let phi = self.within(Scope::UpTo, phi);
                let span = shock.span;
                let shock = self.within(Scope::UpTo, shock);
                let (phi, shock) = (phi?, shock?);
                self.over_years(row, "shock", &shock, year, span)?;
                let axes = phi.axes.union(&shock.axes).copied().collect();
                Some(Resolved { expr: Expr::Ar1(Box::new(phi.expr), Box::new(shock.expr)), axes })
            }
            _ => self.wrong_count(row, word, given, word.span),
        }
    }

    fn npv(&mut self, row: &Function, x: &Ast, rate: &Ast, span: Span) -> Option<Resolved> {
        let year = self.year_of(row, span)?;
        let (flow, discount) = (self.over_all_years(year, x), self.resolve(rate));
        let (flow, discount) = (flow?, discount?);
        if !flow.axes.contains(&year) && discount.axes.contains(&year) {
            return self.refuse(
                Diagnostic::error(&AXIS_MISMATCH, "`npv` takes the values first and then the rate")
                    .label(x.span, "one value for all years")
                    .context(rate.span, "a value for every year")
                    .help(format!("swap them: `npv({}, {})`", typed(rate), typed(x))),
            );
        }
        self.over_years(row, "x", &flow, year, x.span)?;
        self.not_over_years(row, "rate", &discount, year, rate.span)?;
        let mut axes: std::collections::BTreeSet<AxisId> = flow.axes.union(&discount.axes).copied().collect();
        axes.remove(&year);
        Some(Resolved { expr: Expr::Npv(Box::new(flow.expr), Box::new(discount.expr)), axes })
    }

    /// `min(a, b, c)` as `min(min(a, b), c)`.
    fn fold(&mut self, arguments: &[&Ast], op: BinaryOp) -> Option<Resolved> {
        let parts: Vec<Option<Resolved>> = arguments.iter().map(|a| self.resolve(a)).collect();
        let mut parts = parts.into_iter();
        let mut folded = parts.next()??;
        for part in parts {
            let part = part?;
            folded.expr = Expr::Binary(op, Box::new(folded.expr), Box::new(part.expr));
            folded.axes.extend(part.axes);
        }
        Some(folded)
    }

    fn three(
        &mut self,
        a: &Ast,
        b: &Ast,
        c: &Ast,
        make: impl FnOnce(Box<Expr>, Box<Expr>, Box<Expr>) -> Expr,
    ) -> Option<Resolved> {
        let (a, b, c) = (self.resolve(a), self.resolve(b), self.resolve(c));
        let (a, b, c) = (a?, b?, c?);
        let axes = a.axes.into_iter().chain(b.axes).chain(c.axes).collect();
        Some(Resolved { expr: make(Box::new(a.expr), Box::new(b.expr), Box::new(c.expr)), axes })
    }

    /// A function of a value along an axis; the axis is gone from the result.
    fn along(
        &mut self,
        row: &Function,
        operand: &Ast,
        axis: &Ast,
        make: impl FnOnce(Box<Expr>, AxisId) -> Expr,
    ) -> Option<Resolved> {
        let id = match axis_named(axis, self.names) {
            Some(id) => id,
            None => return self.no_axis(row, operand, axis),
        };
        let scope = if self.names.year() == Some(id) { Scope::Every } else { self.scope };
        self.summed.push(id);
        let x = self.within(scope, operand);
        self.summed.pop();
        let x = x?;
        let mut axes = x.axes;
        if !axes.remove(&id) {
            let name = &self.names.axes[id.0].name;
            let report = Diagnostic::error(
                &AXIS_MISMATCH,
                format!("`{}` over `{name}` of a value that does not run over it", row.name),
            )
            .label(axis.span, "not an axis of the value")
            .context(
                operand.span,
                match axes.is_empty() {
                    true => "one value".to_string(),
                    false => format!("runs over {}", self.names.list(&axes)),
                },
            );
            let is_extreme = matches!(row.kind, FunctionKind::Extreme(..));
            let report = match axes.first() {
                _ if is_extreme && self.names.year() == Some(id) => {
                    report.help(format!("to compare with the year itself write `{}(year, …)`", row.name))
                }
                Some(first) => {
                    report.help(format!("write `{}(…, {})`", row.name, self.names.axes[first.0].name))
                }
                None => {
                    report.help(format!("the value is the same along `{name}`: leave `{}` out", row.name))
                }
            };
            return self.refuse(report);
        }
        Some(Resolved { expr: make(Box::new(x.expr), id), axes })
    }

    /// The second argument is no axis.
    fn no_axis(&mut self, row: &Function, operand: &Ast, axis: &Ast) -> Option<Resolved> {
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

    /// Resolves an operand of which all years go into one value.
    fn over_all_years(&mut self, year: AxisId, operand: &Ast) -> Option<Resolved> {
        self.summed.push(year);
        let resolved = self.within(Scope::Every, operand);
        self.summed.pop();
        resolved
    }

    /// Resolves an operand of which a function reads other years too.
    fn within(&mut self, scope: Scope, operand: &Ast) -> Option<Resolved> {
        let outer = self.scope;
        self.scope = outer.max(scope);
        let resolved = self.resolve(operand);
        self.scope = outer;
        resolved
    }

    /// All spellings of `previous(…)`.
    fn previous(&mut self, arguments: &[&Ast], span: Span) -> Option<Resolved> {
        match arguments {
            [] => self.lagged_self(1, span),
            [Ast { kind: AstKind::Number(_), .. }] => {
                let lag = self.lag(arguments[0])?;
                self.lagged_self(lag, span.to(arguments[0].span))
            }
            [x] => self.lagged(x, 1),
            [x, lag, ..] => {
                let lag = self.lag(lag)?;
                self.lagged(x, lag)
            }
        }
    }

    fn lag(&mut self, ast: &Ast) -> Option<usize> {
        match ast.kind {
            AstKind::Number(x) if x >= 1.0 && x.fract() == 0.0 && x <= 1e6 => Some(x as usize),
            _ => self.refuse(
                Diagnostic::error(&FUNCTION_ARGUMENTS, "`previous` goes back a whole number of years")
                    .label(ast.span, "expected 1, 2, 3 …")
                    .help("write the number itself: `previous(x, 2)`"),
            ),
        }
    }

    fn year_of(&mut self, row: &Function, span: Span) -> Option<AxisId> {
        match self.names.year() {
            Some(year) => {
                self.names.use_years();
                Some(year)
            }
            None => self.needs_years(&format!("`{}`", row.name), span),
        }
    }

    fn over_years(
        &mut self,
        row: &Function,
        what: &str,
        x: &Resolved,
        year: AxisId,
        span: Span,
    ) -> Option<()> {
        if x.axes.contains(&year) {
            return Some(());
        }
        self.refuse(
            Diagnostic::error(&AXIS_MISMATCH, format!("`{}` needs a value for every year", row.name))
                .label(span, format!("`{what}` runs over {}, not over `year`", self.names.list(&x.axes))),
        )
    }

    fn not_over_years(
        &mut self,
        row: &Function,
        what: &str,
        x: &Resolved,
        year: AxisId,
        span: Span,
    ) -> Option<()> {
        if !x.axes.contains(&year) {
            return Some(());
        }
        self.refuse(
            Diagnostic::error(
                &AXIS_MISMATCH,
                format!("`{what}` of `{}` must be one value for all years", row.name),
            )
            .label(span, "runs over `year`")
            .help("pin a year: `x[2025]`"),
        )
    }

    fn wrong_count(
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

    fn unknown_function(&mut self, word: &Word, arguments: &[Argument]) -> Option<Resolved> {
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
