//! Quantities in per cent where a fraction is meant: `npv(x, 8)`, `1 - failure_rate` with a rate of 15.
//!
//! A quantity is *in per cent* where its unit is `%` and its constant value, or the median of its law, is above 1 in size;
//! so are its sums and differences, and what a number above 1 multiplies. Everything else passes: a division by 100 makes
//! a fraction, and a fraction that is labelled `%` is computed with as it should be.

use super::declare::{Declarations, VariableDeclaration};
use super::expression::{BinaryOp, Symbol, UnaryOp};
use super::inputs::Values;
use super::names::Names;
use super::spelling::{operand, spelled};
use super::syntax::{Ast, AstKind};
use super::variables::ResolvedVariable;
use crate::diagnostic::{Diagnostic, PERCENT, figure};

/// A value that is known to be large, and whether its unit is per cent.
#[derive(Clone, Copy, Debug, Default)]
struct Size {
    /// Constant value or median.
    typical: Option<f64>,
    percent: bool,
}

/// Looks for them in all formulas.
pub fn rates(
    declarations: &Declarations<'_>,
    constants: &[Option<Vec<f64>>],
    inputs: &[Option<Values>],
    formulas: &[Option<ResolvedVariable>],
    names: &Names,
    problems: &mut Vec<Diagnostic>,
) {
    let largest = |values: &[f64]| values.iter().copied().max_by(|a, b| a.abs().total_cmp(&b.abs()));
    let of = |unit: Option<&String>, typical: Option<f64>| Size {
        typical,
        percent: unit.is_some_and(|unit| is_percent(unit)),
    };
    let constants: Vec<Size> = declarations
        .constants
        .iter()
        .zip(constants)
        .map(|(constant, values)| of(constant.head.unit.as_ref(), values.as_deref().and_then(largest)))
        .collect();
    let inputs: Vec<Size> = declarations
        .inputs
        .iter()
        .zip(inputs)
        .map(|(input, values)| of(input.head.unit.as_ref(), values.as_ref().and_then(|values| values.median)))
        .collect();
    let mut search = Search { names, constants, inputs, problems };
    for (variable, _) in
        declarations.variables.iter().zip(formulas).filter(|(_, resolved)| resolved.is_some())
    {
        search.variable(variable);
    }
}

/// True for a unit of per cent, also of such a year.
fn is_percent(unit: &str) -> bool {
    let unit = unit.trim().to_lowercase();
    unit.starts_with('%') || ["percent", "per cent", "pct"].iter().any(|word| unit.starts_with(word))
}

struct Search<'a> {
    names: &'a Names,
    constants: Vec<Size>,
    inputs: Vec<Size>,
    problems: &'a mut Vec<Diagnostic>,
}

impl Search<'_> {
    fn variable(&mut self, variable: &VariableDeclaration) {
        let Some(formula) = &variable.formula else { return };
        let own = variable.head.unit.as_ref().is_some_and(|unit| is_percent(unit));
        if !own
            && let AstKind::Binary(BinaryOp::Subtract, one, rate) = &formula.kind
            && is_one(one)
            && self.is_in_percent(rate)
        {
            self.problems.push(self.report(formula, one, rate, "-", false));
            return;
        }
        self.look(formula);
    }

    /// Looks at an expression and all its parts.
    fn look(&mut self, ast: &Ast) {
        match &ast.kind {
            AstKind::Binary(op, x, y) => {
                let factors = match op {
                    BinaryOp::Multiply | BinaryOp::Divide => vec![x, y],
                    BinaryOp::Power => vec![x],
                    _ => Vec::new(),
                };
                for factor in factors {
                    self.factor(factor);
                }
                self.look(x);
                self.look(y);
            }
            AstKind::Unary(_, x) => self.look(x),
            AstKind::Call { function, arguments } => {
                match (function.text.as_str(), arguments.as_slice()) {
                    ("npv", [_, rate]) => self.rate_of_npv(&rate.value),
                    ("product", [factor, _]) => self.factor(&factor.value),
                    _ => {}
                }
                for argument in arguments {
                    self.look(&argument.value);
                }
            }
            _ => {}
        }
    }

    /// 1 and a quantity in per cent, multiplied with something.
    fn factor(&mut self, ast: &Ast) {
        let (one, rate, sign) = match &ast.kind {
            AstKind::Binary(BinaryOp::Add, one, rate) if is_one(one) => (one, rate, "+"),
            AstKind::Binary(BinaryOp::Add, rate, one) if is_one(one) => (one, rate, "+"),
            AstKind::Binary(BinaryOp::Subtract, one, rate) if is_one(one) => (one, rate, "-"),
            _ => return,
        };
        if self.is_in_percent(rate) {
            self.problems.push(self.report(ast, one, rate, sign, true));
        }
    }

    fn report(&self, whole: &Ast, one: &Ast, rate: &Ast, sign: &str, error: bool) -> Diagnostic {
        let message = format!("`{}` takes per cent for a fraction", spelled(whole));
        let report =
            if error { Diagnostic::error(&PERCENT, message) } else { Diagnostic::warning(&PERCENT, message) };
        let label = match self.typical(rate) {
            Some(x) => format!("in %, about {}", figure(x)),
            None => "in %".to_string(),
        };
        let rate_written = operand(rate, BinaryOp::Power);
        report
            .label(rate.span, label)
            .context(one.span, "1 is the whole")
            .help(format!("write `1 {sign} {rate_written} / 100`"))
    }

    fn rate_of_npv(&mut self, rate: &Ast) {
        let typical = self.typical(rate);
        let size = self.size(rate);
        let percent = size.is_some_and(|size| size.percent) || self.is_in_percent(rate);
        let large = typical.is_some_and(|x| x.abs() >= 1.0);
        if !percent && !large {
            return;
        }
        let label = match (typical, percent) {
            (Some(x), true) => format!("{} %, and `npv` reads it as {} %", figure(x), figure(100.0 * x)),
            (Some(x), false) => format!("{} is {} % a year", figure(x), figure(100.0 * x)),
            (None, _) => "in %".to_string(),
        };
        let written = match &rate.kind {
            AstKind::Number(x) => format!("{}", x / 100.0),
            _ => format!("{} / 100", operand(rate, BinaryOp::Power)),
        };
        self.problems.push(
            Diagnostic::error(&PERCENT, "the rate of `npv` is a fraction, not per cent")
                .label(rate.span, label)
                .help(format!("write `npv(…, {written})`")),
        );
    }

    fn size(&self, ast: &Ast) -> Option<Size> {
        let name = match &ast.kind {
            AstKind::Name(name) => name,
            AstKind::Index { name, .. } => &name.text,
            AstKind::Number(x) => return Some(Size { typical: Some(*x), percent: false }),
            _ => return None,
        };
        match self.names.find(name)?.symbol {
            Symbol::Constant(id) => self.constants.get(id.0).copied(),
            Symbol::Input(id) => self.inputs.get(id.0).copied(),
            Symbol::Variable(_) => None,
        }
    }

    fn typical(&self, ast: &Ast) -> Option<f64> {
        self.size(ast)?.typical
    }

    fn is_in_percent(&self, ast: &Ast) -> bool {
        let number = |ast: &Ast| matches!(ast.kind, AstKind::Number(x) if x.abs() > 1.0);
        match &ast.kind {
            AstKind::Name(_) | AstKind::Index { .. } => {
                self.size(ast).is_some_and(|size| size.percent && size.typical.is_some_and(|x| x.abs() > 1.0))
            }
            AstKind::Unary(UnaryOp::Negate, x) => self.is_in_percent(x),
            AstKind::Binary(BinaryOp::Add | BinaryOp::Subtract, x, y) => {
                self.is_in_percent(x) && self.is_in_percent(y)
            }
            AstKind::Binary(BinaryOp::Multiply, x, y) => {
                number(x) && self.is_in_percent(y) || number(y) && self.is_in_percent(x)
            }
            AstKind::Call { function, arguments } => match (function.text.as_str(), arguments.as_slice()) {
                ("cagr", _) => true,
                ("max" | "min" | "clamp", [x, ..]) => self.is_in_percent(&x.value),
                ("previous" | "mean", [x, ..]) => self.is_in_percent(&x.value),
                _ => false,
            },
            _ => false,
        }
    }
}

fn is_one(ast: &Ast) -> bool {
    matches!(ast.kind, AstKind::Number(x) if x == 1.0)
}
