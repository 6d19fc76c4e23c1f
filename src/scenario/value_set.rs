//! The finite values that an expression can take, as far as they are few or whole.

use std::ops::RangeInclusive;

use super::expression::{BinaryOp, UnaryOp};
use super::operation;

/// Most values kept one by one.
const MOST: usize = 128;

/// A set that holds every finite value that can come.
#[derive(Clone, Debug, PartialEq)]
pub enum ValueSet {
    /// These, ascending.
    Few(Vec<f64>),
    /// Whole numbers from the first to the second, which may be infinite.
    Whole(f64, f64),
    Any,
}

impl ValueSet {
    /// No value at all.
    pub fn none() -> ValueSet {
        ValueSet::Few(Vec::new())
    }

    /// 0 and 1.
    pub fn truths() -> ValueSet {
        ValueSet::few([0.0, 1.0])
    }

    /// These values, those that are finite; more than 128 are a range of whole numbers or any.
    pub fn few(values: impl IntoIterator<Item = f64>) -> ValueSet {
        // A zero loses its sign.
        let mut values: Vec<f64> = values.into_iter().filter(|x| x.is_finite()).map(|x| x + 0.0).collect();
        values.sort_unstable_by(f64::total_cmp);
        values.dedup();
        match values.as_slice() {
            [first, .., last] if values.len() > MOST => match values.iter().all(|x| x.fract() == 0.0) {
                true => ValueSet::Whole(*first, *last),
                false => ValueSet::Any,
            },
            _ => ValueSet::Few(values),
        }
    }

    /// Whole numbers between two.
    pub fn whole(low: f64, high: f64) -> ValueSet {
        if high - low < MOST as f64 {
            let count = (high - low).max(-1.0) as i64;
            return ValueSet::few((0..=count).map(|step| low + step as f64));
        }
        ValueSet::Whole(low, high)
    }

    /// True where there are values, and none but these two.
    pub fn are_within(&self, first: f64, second: f64) -> bool {
        match self {
            ValueSet::Few(values) => !values.is_empty() && values.iter().all(|x| *x == first || *x == second),
            ValueSet::Whole(..) | ValueSet::Any => false,
        }
    }

    /// The values where they are two, the lower one first.
    pub fn pair(&self) -> Option<[f64; 2]> {
        match self {
            ValueSet::Few(values) => values.as_slice().try_into().ok(),
            ValueSet::Whole(..) | ValueSet::Any => None,
        }
    }

    /// The values of either.
    pub fn union(&self, other: &ValueSet) -> ValueSet {
        match (self, other) {
            (ValueSet::Few(none), some) | (some, ValueSet::Few(none)) if none.is_empty() => some.clone(),
            (ValueSet::Any, _) | (_, ValueSet::Any) => ValueSet::Any,
            (ValueSet::Few(x), ValueSet::Few(y)) => ValueSet::few(x.iter().chain(y).copied()),
            _ => match (self.range(), other.range()) {
                (Some(x), Some(y)) => ValueSet::whole(x.0.min(y.0), x.1.max(y.1)),
                _ => ValueSet::Any,
            },
        }
    }

    /// What a unary operator makes of them.
    pub fn each(&self, op: UnaryOp) -> ValueSet {
        match (self, op) {
            (ValueSet::Few(values), _) => ValueSet::few(values.iter().map(|x| operation::unary(op, *x))),
            (ValueSet::Whole(low, high), UnaryOp::Negate) => ValueSet::whole(-high, -low),
            (ValueSet::Whole(..), UnaryOp::Floor | UnaryOp::Ceil | UnaryOp::Round) => self.clone(),
            (ValueSet::Whole(..), UnaryOp::Abs) => ValueSet::Whole(0.0, f64::INFINITY),
            (ValueSet::Any, UnaryOp::Floor | UnaryOp::Ceil | UnaryOp::Round) => {
                ValueSet::Whole(f64::NEG_INFINITY, f64::INFINITY)
            }
            _ => ValueSet::Any,
        }
    }

    /// What a binary operator makes of every pair.
    pub fn pairs(&self, op: BinaryOp, other: &ValueSet) -> ValueSet {
        let is_none = |values: &ValueSet| matches!(values, ValueSet::Few(list) if list.is_empty());
        if is_none(self) || is_none(other) {
            return ValueSet::none();
        }
        if let (ValueSet::Few(x), ValueSet::Few(y)) = (self, other)
            && x.len() * y.len() <= MOST * MOST
        {
            return ValueSet::few(
                x.iter().flat_map(|&x| y.iter().map(move |&y| operation::binary(op, x, y))),
            );
        }
        let (Some(x), Some(y)) = (self.range(), other.range()) else { return ValueSet::Any };
        match op {
            BinaryOp::Add => ValueSet::whole(x.0 + y.0, x.1 + y.1),
            BinaryOp::Subtract => ValueSet::whole(x.0 - y.1, x.1 - y.0),
            BinaryOp::Min => ValueSet::whole(x.0.min(y.0), x.1.min(y.1)),
            BinaryOp::Max => ValueSet::whole(x.0.max(y.0), x.1.max(y.1)),
            BinaryOp::Multiply => {
                let ends = [x.0 * y.0, x.0 * y.1, x.1 * y.0, x.1 * y.1].map(|end| match end.is_nan() {
                    // Nothing, however often.
                    true => 0.0,
                    false => end,
                });
                let low = ends.into_iter().fold(f64::INFINITY, f64::min);
                ValueSet::whole(low, ends.into_iter().fold(f64::NEG_INFINITY, f64::max))
            }
            _ => ValueSet::Any,
        }
    }

    /// Sums of so many of them.
    pub fn sums(&self, counts: RangeInclusive<usize>) -> ValueSet {
        let (least, most) = (*counts.start() as f64, *counts.end() as f64);
        let (mut sum, mut found) = (ValueSet::few([0.0]), ValueSet::none());
        for count in 1..=*counts.end() {
            sum = sum.pairs(BinaryOp::Add, self);
            match (&sum, self.range()) {
                (ValueSet::Few(_), _) if counts.contains(&count) => found = found.union(&sum),
                (ValueSet::Few(_), _) => {}
                (_, Some((low, high))) => {
                    let (low, high) = ((low * least).min(low * most), (high * least).max(high * most));
                    return ValueSet::whole(low, high);
                }
                (_, None) => return ValueSet::Any,
            }
        }
        found
    }

    /// Products of so many of them.
    pub fn products(&self, count: usize) -> ValueSet {
        let mut product = self.clone();
        for _ in 1..count {
            let next = product.pairs(BinaryOp::Multiply, self);
            if next == product || next == ValueSet::Any {
                return next;
            }
            product = match next {
                ValueSet::Whole(..) => return ValueSet::Whole(f64::NEG_INFINITY, f64::INFINITY),
                few => few,
            };
        }
        product
    }

    /// Ends of a set of whole numbers; `None` for others.
    fn range(&self) -> Option<(f64, f64)> {
        match self {
            ValueSet::Few(values) => match values.as_slice() {
                [] => None,
                values if values.iter().any(|x| x.fract() != 0.0) => None,
                values => Some((values[0], values[values.len() - 1])),
            },
            ValueSet::Whole(low, high) => Some((*low, *high)),
            ValueSet::Any => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers_between_two_limits_are_few_again() {
        let counts = ValueSet::whole(0.0, f64::INFINITY);
        assert_eq!(counts.pairs(BinaryOp::Min, &ValueSet::few([1.0])), ValueSet::truths());
        let shifted = counts.pairs(BinaryOp::Subtract, &ValueSet::few([3.0]));
        assert_eq!(shifted, ValueSet::Whole(-3.0, f64::INFINITY));
        assert_eq!(shifted.pairs(BinaryOp::Multiply, &ValueSet::few([0.0])), ValueSet::few([0.0]));
        assert_eq!(counts.pairs(BinaryOp::Divide, &ValueSet::few([2.0])), ValueSet::Any);
    }

    #[test]
    fn sums_and_products_hold_every_value_of_theirs() {
        assert_eq!(ValueSet::truths().sums(3..=3), ValueSet::few([0.0, 1.0, 2.0, 3.0]));
        assert_eq!(ValueSet::few([0.5]).sums(1..=3), ValueSet::few([0.5, 1.0, 1.5]));
        assert_eq!(ValueSet::truths().sums(500..=500), ValueSet::Whole(0.0, 500.0));
        assert_eq!(ValueSet::truths().products(500), ValueSet::truths());
        assert_eq!(ValueSet::few([2.0]).products(3), ValueSet::few([8.0]));
        assert_eq!(ValueSet::Any.sums(2..=2), ValueSet::Any);
    }

    #[test]
    fn what_is_not_finite_is_no_value_and_zero_has_no_sign() {
        let quotients = ValueSet::truths().pairs(BinaryOp::Divide, &ValueSet::truths());
        assert_eq!(quotients, ValueSet::truths());
        assert_eq!(ValueSet::few([-0.0, 0.0]), ValueSet::few([0.0]));
        assert!(!ValueSet::none().are_within(0.0, 1.0));
    }

    #[test]
    fn nothing_stays_nothing_and_adds_nothing() {
        let counts = ValueSet::whole(0.0, f64::INFINITY);
        assert_eq!(ValueSet::none().pairs(BinaryOp::Add, &counts), ValueSet::none());
        assert_eq!(ValueSet::none().union(&counts), counts);
        assert_eq!(ValueSet::truths().union(&counts), counts);
    }
}
