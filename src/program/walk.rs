//! Functions that walk along an axis: sums over it, and what runs along the years.
//!
//! What such a function gives at a cell of its own axes is remembered, and a running sum goes on from the year before;
//! so the steps grow with the members of the axis, however often and however deeply the function is used.

use std::sync::Arc;

use super::unroll::{Place, Step, Unroller, Walk};
use crate::scenario::{AxisId, BinaryOp, Expr, Reduction};

impl<'a> Unroller<'a> {
    /// Steps to a function that walks along an axis, or its node where it is known.
    pub(super) fn walk(&mut self, expr: &'a Expr, place: Place) {
        let walk = self.walk_at(expr, &place);
        if let Expr::Share(x, axis) = expr {
            let total =
                self.remembered(walk).unwrap_or_else(|| self.reduced(Reduction::Sum, x, *axis, &place));
            let rest = [Step::Remember(walk), Step::Value(x, place), Step::Share];
            return self.before(total.into_iter().chain(rest));
        }
        let mut steps = self.remembered(walk).unwrap_or_else(|| self.way(expr, &place));
        steps.push(Step::Remember(walk));
        self.before(steps);
    }

    /// The expression and its cell at a place: of a share those of the total.
    fn walk_at(&mut self, expr: &Expr, place: &Place) -> Walk {
        let address = std::ptr::from_ref(expr).addr();
        let scenario = self.scenario;
        let axes = self.walked_axes.entry(address).or_insert_with(|| {
            let mut axes = scenario.axes_of(expr);
            if let Expr::Share(_, axis) = expr {
                axes.remove(axis);
            }
            axes.into_iter().collect()
        });
        let axes = Arc::clone(axes);
        (address, self.index(&axes, |axis| place[axis.0]))
    }

    fn remembered(&self, walk: Walk) -> Option<Vec<Step<'a>>> {
        self.walked.get(&walk).map(|&node| vec![Step::Ready(node)])
    }

    fn members(&self, axis: AxisId) -> usize {
        self.scenario.axes[axis.0].members.len()
    }

    /// First member to last, left to right.
    fn reduced(&self, reduction: Reduction, x: &'a Expr, axis: AxisId, place: &Place) -> Vec<Step<'a>> {
        let op = match reduction {
            Reduction::Sum | Reduction::Mean | Reduction::Count => BinaryOp::Add,
            Reduction::Product => BinaryOp::Multiply,
            Reduction::Min => BinaryOp::Min,
            Reduction::Max => BinaryOp::Max,
        };
        let members = self.members(axis);
        let mut steps = Vec::new();
        for member in 0..members {
            steps.push(Step::Value(x, at(place, axis, member)));
            if reduction == Reduction::Count {
                steps.extend([Step::Constant(0.0), Step::Binary(BinaryOp::NotEqual)]);
            }
            if member > 0 {
                steps.push(Step::Binary(op));
            }
        }
        if members == 0 {
            steps.push(Step::Constant(f64::NAN));
        }
        if reduction == Reduction::Mean {
            steps.extend([Step::Constant(members as f64), Step::Binary(BinaryOp::Divide)]);
        }
        steps
    }

    fn way(&mut self, expr: &'a Expr, place: &Place) -> Vec<Step<'a>> {
        if let Expr::Reduce(reduction, x, axis) = expr {
            return self.reduced(*reduction, x, *axis, place);
        }
        let Some(year) = self.year else { return vec![Step::Constant(f64::NAN)] };
        let last = self.members(year) - 1;
        let value = |x: &'a Expr, member: usize| Step::Value(x, at(place, year, member));
        match expr {
            Expr::Cumulative(x) => self.running(expr, place, year, |member| {
                let sum = (member > 0).then_some(Step::Binary(BinaryOp::Add));
                [value(x, member)].into_iter().chain(sum).collect()
            }),
            Expr::Ar1(phi, shock) => self.running(expr, place, year, |member| match member {
                0 => vec![value(shock, 0)],
                _ => vec![value(phi, member), value(shock, member), Step::Recur],
            }),
            Expr::Cagr(x) => vec![value(x, last), value(x, 0), Step::Growth(last)],
            Expr::Npv(x, rate) => {
                let mut steps = Vec::new();
                for member in 0..=last {
                    steps.extend([value(x, member), value(rate, member), Step::Discount(member)]);
                    steps.extend((member > 0).then_some(Step::Binary(BinaryOp::Add)));
                }
                steps
            }
            _ => vec![Step::Constant(f64::NAN)],
        }
    }

    /// Along the years up to that of the place, from the last one that is known: `next` goes on from the year before.
    fn running(
        &mut self,
        expr: &'a Expr,
        place: &Place,
        year: AxisId,
        next: impl Fn(usize) -> Vec<Step<'a>>,
    ) -> Vec<Step<'a>> {
        let (mut steps, mut walks) = (Vec::new(), Vec::new());
        let mut first = place[year.0] + 1;
        while first > 0 && steps.is_empty() {
            let walk = self.walk_at(expr, &at(place, year, first - 1));
            match self.remembered(walk) {
                Some(ready) => steps = ready,
                None => {
                    walks.push(walk);
                    first -= 1;
                }
            }
        }
        for (member, walk) in (first..).zip(walks.into_iter().rev()) {
            steps.extend(next(member));
            steps.push(Step::Remember(walk));
        }
        steps
    }
}

/// A place with another member of an axis.
fn at(place: &Place, axis: AxisId, member: usize) -> Place {
    let mut place: Vec<usize> = place.to_vec();
    place[axis.0] = member;
    place.into()
}
