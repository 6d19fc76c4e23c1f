//! The value of an expression of constants at one cell of its axes.

use super::expression::{Expr, Reduction, Symbol};
use super::model::AxisId;
use super::names::Names;
use super::operation;

/// Constants already known, by index; `None` for one that could not be computed.
pub struct Evaluator<'a> {
    pub names: &'a Names,
    /// Values row-major over the constant's axes.
    pub values: &'a [Option<Vec<f64>>],
}

/// Member index of each axis of the scenario, as far as it is fixed.
pub type Cell = Vec<Option<usize>>;

impl Evaluator<'_> {
    /// A cell with no axis fixed.
    pub fn nowhere(&self) -> Cell {
        vec![None; self.names.axes.len()]
    }

    /// The cell of element `index`, row-major over `over`.
    pub fn cell(&self, over: &[AxisId], mut index: usize) -> Cell {
        let mut cell = self.nowhere();
        for axis in over.iter().rev() {
            let length = self.names.length(*axis).max(1);
            cell[axis.0] = Some(index % length);
            index /= length;
        }
        cell
    }

    /// The value at a cell that fixes every axis of the expression; `None` where it is not a constant.
    pub fn value(&self, expr: &Expr, cell: &Cell) -> Option<f64> {
        let value = |x: &Expr| self.value(x, cell);
        Some(match expr {
            Expr::Number(x) => *x,
            Expr::Year => {
                let axis = self.names.year()?;
                f64::from(self.names.axes[axis.0].first_year?) + cell[axis.0]? as f64
            }
            Expr::Reference { symbol, pinned } => self.constant(*symbol, pinned, cell, 0)?,
            Expr::Lagged { symbol, pinned, lag } => self.constant(*symbol, pinned, cell, *lag)?,
            Expr::Unary(op, x) => operation::unary(*op, value(x)?),
            Expr::Column(values, row) => operation::in_row(values, value(row)?),
            Expr::Binary(op, x, y) => operation::binary(*op, value(x)?, value(y)?),
            Expr::If(a, b, c) => operation::select(value(a)?, value(b)?, value(c)?),
            Expr::Clamp(x, low, high) => {
                let (x, low, high) = (value(x)?, value(low)?, value(high)?);
                operation::min(operation::max(x, low), high)
            }
            Expr::Reduce(reduction, x, axis) => reduce(*reduction, &self.along(x, *axis, cell)?),
            Expr::Share(x, axis) => value(x)? / self.along(x, *axis, cell)?.iter().sum::<f64>(),
            Expr::Cumulative(x) => {
                let year = self.names.year()?;
                let now = cell[year.0]?;
                self.along(x, year, cell)?[..=now].iter().sum()
            }
            Expr::Cagr(x) => {
                let flow = self.along(x, self.names.year()?, cell)?;
                let (first, last, steps) = (flow.first()?, flow.last()?, flow.len() as f64 - 1.0);
                100.0 * (operation::power(last / first, 1.0 / steps) - 1.0)
            }
            Expr::Npv(x, rate) => {
                let year = self.names.year()?;
                let (flow, rate) = (self.along(x, year, cell)?, self.along(rate, year, cell)?);
                let discounted =
                    |(t, (x, rate)): (usize, (&f64, &f64))| x / operation::power(1.0 + rate, t as f64);
                flow.iter().zip(&rate).enumerate().map(discounted).sum()
            }
            Expr::Ramp(from, to) => {
                let year = self.names.year()?;
                let steps = (self.names.length(year) as f64 - 1.0).max(1.0);
                let (from, to, now) = (value(from)?, value(to)?, cell[year.0]? as f64);
                from + (to - from) * (now / steps)
            }
            Expr::Ar1(phi, shock) => {
                let year = self.names.year()?;
                let now = cell[year.0]?;
                let (phi, shock) = (self.along(phi, year, cell)?, self.along(shock, year, cell)?);
                (1..=now).fold(shock[0], |a, t| phi[t] * a + shock[t])
            }
        })
    }

    /// The values along an axis, in its order.
    fn along(&self, expr: &Expr, axis: AxisId, cell: &Cell) -> Option<Vec<f64>> {
        let mut cell = cell.clone();
        (0..self.names.length(axis))
            .map(|member| {
                cell[axis.0] = Some(member);
                self.value(expr, &cell)
            })
            .collect()
    }

    fn constant(&self, symbol: Symbol, pinned: &[(AxisId, usize)], cell: &Cell, lag: usize) -> Option<f64> {
        let Symbol::Constant(id) = symbol else { return None };
        let mut index = 0;
        for axis in self.names.over(symbol)? {
            let pin = pinned.iter().find(|(pin, _)| pin == axis).map(|(_, member)| *member);
            let mut member = pin.or(cell[axis.0])?;
            if self.names.year() == Some(*axis) {
                member = member.saturating_sub(lag);
            }
            index = index * self.names.length(*axis) + member;
        }
        self.values.get(id.0)?.as_ref()?.get(index).copied()
    }
}

fn reduce(reduction: Reduction, values: &[f64]) -> f64 {
    match reduction {
        Reduction::Sum => values.iter().sum(),
        Reduction::Mean => values.iter().sum::<f64>() / values.len() as f64,
        Reduction::Product => values.iter().product(),
        Reduction::Min => values.iter().copied().reduce(operation::min).unwrap_or(f64::NAN),
        Reduction::Max => values.iter().copied().reduce(operation::max).unwrap_or(f64::NAN),
        Reduction::Count => values.iter().map(|x| operation::not_equal(*x, 0.0)).sum(),
    }
}
