//! Formulas and parameters with every name resolved.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::model::{AxisId, ConstantId, InputId, Scenario, VariableId};

/// A resolved expression. Its axes are broadcast by name.
#[derive(Clone, Debug, PartialEq)]
pub enum Expr {
    Number(f64),
    /// The axis value `year`, as a number.
    Year,
    /// A named value, with the axes that are pinned to one member (`x[2031]`, `x["Asia-Pacific"]`).
    Reference {
        symbol: Symbol,
        pinned: Vec<(AxisId, usize)>,
    },
    /// A value `lag` years earlier: `previous`, `previous(3)` (the variable being defined), `previous(x)`,
    /// `previous(x, 3)` (any other). Before the base year it is the base year's value.
    Lagged {
        symbol: Symbol,
        pinned: Vec<(AxisId, usize)>,
        lag: usize,
    },
    Unary(UnaryOp, Box<Expr>),
    Binary(BinaryOp, Box<Expr>, Box<Expr>),
    /// `if(condition, then, otherwise)`.
    If(Box<Expr>, Box<Expr>, Box<Expr>),
    /// Along a whole axis: `sum(x, driver)`.
    Reduce(Reduction, Box<Expr>, AxisId),
    /// `share(x, axis)`: x over its sum along the axis.
    Share(Box<Expr>, AxisId),
    /// Sum over the years up to the current one.
    Cumulative(Box<Expr>),
    /// `100 * ((x[last] / x[first]) ^ (1 / steps) - 1)`; no year axis.
    Cagr(Box<Expr>),
    /// Straight line over the years, `from` in the first to `to` in the last.
    Ramp(Box<Expr>, Box<Expr>),
    /// `npv(x, rate)`: `Σ x[t] / (1 + rate)^(t − first)`; no year axis.
    Npv(Box<Expr>, Box<Expr>),
    /// `ar1(phi, shock)`: `a[first] = shock[first]`, `a[t] = phi · a[t−1] + shock[t]`.
    Ar1(Box<Expr>, Box<Expr>),
    /// `clamp(x, low, high)`.
    Clamp(Box<Expr>, Box<Expr>, Box<Expr>),
    /// The value of a column of data in a row: 1, 2, …; not a number in any other.
    Column(Arc<[f64]>, Box<Expr>),
}

/// What a [`Expr::Reference`] names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Symbol {
    Constant(ConstantId),
    Input(InputId),
    Variable(VariableId),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UnaryOp {
    Negate,
    Not,
    Abs,
    Exp,
    Ln,
    Log10,
    Sqrt,
    Sin,
    Cos,
    Floor,
    Ceil,
    Round,
    NormalCdf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Min,
    Max,
    Less,
    LessEqual,
    Greater,
    GreaterEqual,
    Equal,
    NotEqual,
    And,
    Or,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reduction {
    Sum,
    Mean,
    Product,
    Min,
    Max,
    /// `count(x, axis)`: members where x is true (not 0).
    Count,
}

impl Scenario {
    /// Axes an expression runs over, in the order of [`Scenario::axes`].
    pub fn axes_of(&self, expr: &Expr) -> BTreeSet<AxisId> {
        let union =
            |parts: &[&Expr]| -> BTreeSet<AxisId> { parts.iter().flat_map(|e| self.axes_of(e)).collect() };
        match expr {
            Expr::Number(_) => BTreeSet::new(),
            Expr::Year => self.year_axis().into_iter().collect(),
            Expr::Reference { symbol, pinned } | Expr::Lagged { symbol, pinned, .. } => {
                let over = match symbol {
                    Symbol::Constant(id) => &self.constants[id.0].over,
                    Symbol::Input(id) => &self.inputs[id.0].over,
                    Symbol::Variable(id) => &self.variables[id.0].over,
                };
                over.iter().copied().filter(|a| pinned.iter().all(|(p, _)| p != a)).collect()
            }
            Expr::Unary(_, x) | Expr::Column(_, x) => self.axes_of(x),
            Expr::Binary(_, x, y) | Expr::Ramp(x, y) | Expr::Ar1(x, y) => {
                let mut axes = union(&[x, y]);
                if matches!(expr, Expr::Ramp(..) | Expr::Ar1(..)) {
                    axes.extend(self.year_axis());
                }
                axes
            }
            Expr::If(a, b, c) | Expr::Clamp(a, b, c) => union(&[a, b, c]),
            Expr::Reduce(_, x, axis) => {
                let mut axes = self.axes_of(x);
                axes.remove(axis);
                axes
            }
            Expr::Share(x, _) => self.axes_of(x),
            Expr::Cumulative(x) => {
                let mut axes = self.axes_of(x);
                axes.extend(self.year_axis());
                axes
            }
            Expr::Cagr(x) => {
                let mut axes = self.axes_of(x);
                if let Some(year) = self.year_axis() {
                    axes.remove(&year);
                }
                axes
            }
            Expr::Npv(x, rate) => {
                let mut axes = union(&[x, rate]);
                if let Some(year) = self.year_axis() {
                    axes.remove(&year);
                }
                axes
            }
        }
    }
}
