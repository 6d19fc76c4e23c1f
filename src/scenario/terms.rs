//! Arithmetic on expressions, for formulas that the language writes itself.

use std::ops::{Add, Div, Mul, Sub};

use super::expression::{BinaryOp, Expr, Symbol, UnaryOp};

macro_rules! arithmetic {
    ($($trait:ident $method:ident $op:ident)*) => {$(
        impl $trait for Expr {
            type Output = Expr;
            fn $method(self, other: Expr) -> Expr {
                binary(BinaryOp::$op, self, other)
            }
        }
    )*};
}

arithmetic! {
    Add add Add
    Sub sub Subtract
    Mul mul Multiply
    Div div Divide
}

/// One operation on two expressions.
pub fn binary(op: BinaryOp, x: Expr, y: Expr) -> Expr {
    Expr::Binary(op, Box::new(x), Box::new(y))
}

/// e to the power of an expression.
pub fn exp(x: Expr) -> Expr {
    Expr::Unary(UnaryOp::Exp, Box::new(x))
}

/// Square root of an expression.
pub fn sqrt(x: Expr) -> Expr {
    Expr::Unary(UnaryOp::Sqrt, Box::new(x))
}

/// A fixed number.
pub fn number(x: f64) -> Expr {
    Expr::Number(x)
}

/// A named value in the year at hand.
pub fn now(symbol: Symbol) -> Expr {
    Expr::Reference { symbol, pinned: Vec::new() }
}

/// A named value one year earlier.
pub fn before(symbol: Symbol) -> Expr {
    Expr::Lagged { symbol, pinned: Vec::new(), lag: 1 }
}

/// One of two values, chosen by a condition.
pub fn choose(condition: Expr, then: Expr, otherwise: Expr) -> Expr {
    Expr::If(Box::new(condition), Box::new(then), Box::new(otherwise))
}
