//! Calls in formulas: the right number of arguments, the right axes, the right expression.

use super::expression::{BinaryOp, Expr, Reduction};
use super::functions::{Function, FunctionKind, function};
use super::infer::axis_named;
use super::model::AxisId;
use super::resolve::{Resolved, Resolver, Scope};
use super::spelling::spelled as typed;
use super::syntax::{Argument, Ast, AstKind, Word};
use crate::diagnostic::{AXIS_MISMATCH, Diagnostic, FUNCTION_ARGUMENTS, Span};

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
}
