//! What every operator of a formula computes, for one run.
//!
//! The checker, constant folding, the block evaluator and the tests' tree walker all call these, so they agree to the
//! bit. A value that is not a number stays one: `min`, `max`, comparisons and `if` hand NaN on instead of hiding it. What
//! is asked of an infinite value has no answer either, as the value has none: `1 / 0 > 5` is neither true nor false.

use super::expression::{BinaryOp, UnaryOp};
use crate::math;

/// 1 for true, 0 for false, NaN where an operand is not finite.
#[inline(always)]
fn truth(holds: bool, x: f64, y: f64) -> f64 {
    if !(x.is_finite() & y.is_finite()) {
        f64::NAN
    } else if holds {
        1.0
    } else {
        0.0
    }
}

macro_rules! operators {
    ($($(#[$doc:meta])* $name:ident($($x:ident),+) = $value:expr;)+) => {
        $($(#[$doc])* #[inline(always)] pub fn $name($($x: f64),+) -> f64 { $value })+
    };
}

operators! {
    negate(x) = -x;
    not(x) = truth(x == 0.0, x, 0.0);
    abs(x) = x.abs();
    sqrt(x) = x.sqrt();
    floor(x) = x.floor();
    ceil(x) = x.ceil();
    /// Half away from zero.
    round(x) = x.round();
    add(x, y) = x + y;
    subtract(x, y) = x - y;
    multiply(x, y) = x * y;
    divide(x, y) = x / y;
    min(x, y) = if (x <= y) | x.is_nan() { x } else { y };
    max(x, y) = if (x >= y) | x.is_nan() { x } else { y };
    less(x, y) = truth(x < y, x, y);
    less_equal(x, y) = truth(x <= y, x, y);
    greater(x, y) = truth(x > y, x, y);
    greater_equal(x, y) = truth(x >= y, x, y);
    equal(x, y) = truth(x == y, x, y);
    not_equal(x, y) = truth(x != y, x, y);
    and(x, y) = truth((x != 0.0) & (y != 0.0), x, y);
    or(x, y) = truth((x != 0.0) | (y != 0.0), x, y);
    /// `if(condition, then, otherwise)`; NaN where the condition is not finite.
    select(condition, then, otherwise) =
        if !condition.is_finite() { f64::NAN } else if condition != 0.0 { then } else { otherwise };
    square(x) = x * x;
    cube(x) = x * x * x;
    fourth(x) = (x * x) * (x * x);
    reciprocal(x) = 1.0 / x;
    /// `x ^ y` for all exponents but 1/3 to 1/12: small whole ones by multiplication, others by [`math::pow`].
    rootless_power(x, y) =
        if y == 2.0 { square(x) }
        else if y == 1.0 { x }
        else if y == -1.0 { reciprocal(x) }
        else if y == 3.0 { cube(x) }
        else if y == 4.0 { fourth(x) }
        else { math::pow(x, y) };
}

/// `x ^ y`: an exponent of 1/3 to 1/12 asks for a root, others for [`rootless_power`].
pub fn power(x: f64, y: f64) -> f64 {
    match math::degree_of(y) {
        Some(degree) => math::power_of_root(x, degree),
        None => rootless_power(x, y),
    }
}

/// Applies a unary operator by name.
pub fn unary(op: UnaryOp, x: f64) -> f64 {
    match op {
        UnaryOp::Negate => negate(x),
        UnaryOp::Not => not(x),
        UnaryOp::Abs => abs(x),
        UnaryOp::Exp => math::exp(x),
        UnaryOp::Ln => math::ln(x),
        UnaryOp::Log10 => math::log10(x),
        UnaryOp::Sqrt => sqrt(x),
        UnaryOp::Sin => math::sin(x),
        UnaryOp::Cos => math::cos(x),
        UnaryOp::Floor => floor(x),
        UnaryOp::Ceil => ceil(x),
        UnaryOp::Round => round(x),
        UnaryOp::NormalCdf => math::normal_cdf(x),
    }
}

/// Applies a binary operator by name.
pub fn binary(op: BinaryOp, x: f64, y: f64) -> f64 {
    match op {
        BinaryOp::Add => add(x, y),
        BinaryOp::Subtract => subtract(x, y),
        BinaryOp::Multiply => multiply(x, y),
        BinaryOp::Divide => divide(x, y),
        BinaryOp::Power => power(x, y),
        BinaryOp::Min => min(x, y),
        BinaryOp::Max => max(x, y),
        BinaryOp::Less => less(x, y),
        BinaryOp::LessEqual => less_equal(x, y),
        BinaryOp::Greater => greater(x, y),
        BinaryOp::GreaterEqual => greater_equal(x, y),
        BinaryOp::Equal => equal(x, y),
        BinaryOp::NotEqual => not_equal(x, y),
        BinaryOp::And => and(x, y),
        BinaryOp::Or => or(x, y),
    }
}

/// The value of a column of data in a row, 1 the first; not a number where there is no such row.
pub fn in_row(values: &[f64], row: f64) -> f64 {
    if row >= 1.0 && row <= values.len() as f64 { values[row as usize - 1] } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nan_is_handed_on_by_every_operator_that_could_hide_it() {
        for op in [min, max, less, less_equal, greater, greater_equal, equal, not_equal, and, or] {
            assert!(op(f64::NAN, 1.0).is_nan() && op(1.0, f64::NAN).is_nan());
        }
        assert!(select(f64::NAN, 1.0, 2.0).is_nan() && not(f64::NAN).is_nan());
        assert_eq!(select(0.0, f64::NAN, 2.0), 2.0);
    }

    #[test]
    fn nothing_is_true_or_false_of_an_infinite_value() {
        for infinite in [f64::INFINITY, f64::NEG_INFINITY] {
            for op in [less, less_equal, greater, greater_equal, equal, not_equal, and, or] {
                assert!(op(infinite, 1.0).is_nan() && op(0.0, infinite).is_nan());
                assert!(op(infinite, infinite).is_nan());
            }
            assert!(not(infinite).is_nan() && select(infinite, 1.0, 0.0).is_nan());
            assert_eq!(select(1.0, 3.0, infinite), 3.0);
        }
        assert_eq!(less(-f64::MAX, f64::MAX), 1.0);
    }

    #[test]
    fn whole_exponents_multiply() {
        assert_eq!(power(1.1, 2.0), 1.1 * 1.1);
        assert_eq!(power(-2.0, 3.0), -8.0);
        assert_eq!(power(2.0, -1.0), 0.5);
        assert_eq!(power(2.0, 10.0), 1024.0);
        assert_eq!(power(9.0, 0.5), 3.0);
    }
}
