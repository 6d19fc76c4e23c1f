//! What a process asks of its parameters: checked where they are constants, watched in every run where they are not.

use super::expression::{BinaryOp, Expr};
use super::terms::{binary, choose, number};
use crate::distribution::{ParameterError, ensure};

/// A parameter and what is asked of it.
pub type Asked = (&'static str, Demand);

/// The domain of one parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Demand {
    Finite,
    Positive,
    NotNegative,
    /// Between −1 and 1, both excluded.
    Inside,
}

/// Refuses values outside of their domains; `asked` may be longer than `values`.
///
/// # Errors
/// The first value that is refused.
pub fn check(asked: &[Asked], values: &[f64]) -> Result<(), ParameterError> {
    for (&(name, demand), &x) in asked.iter().zip(values) {
        let (holds, requirement) = match demand {
            Demand::Finite => (true, "be a finite number"),
            Demand::Positive => (x > 0.0, "be above 0 and finite"),
            Demand::NotNegative => (x >= 0.0, "be 0 or above and finite"),
            Demand::Inside => (x.abs() < 1.0, "lie between -1 and 1, both excluded"),
        };
        ensure(holds && x.is_finite(), name, x, requirement)?;
    }
    Ok(())
}

/// The value where every parameter is in its domain, no number elsewhere. What is constant costs nothing in a run.
pub fn watched(asked: &[Asked], arguments: &[Expr], value: Expr) -> Expr {
    let conditions = asked.iter().zip(arguments).filter_map(|(&(_, demand), x)| condition(demand, x));
    match conditions.reduce(|all, next| binary(BinaryOp::And, all, next)) {
        Some(all) => choose(all, value, number(f64::NAN)),
        None => value,
    }
}

/// What is not finite makes the value not finite too, and needs no condition.
fn condition(demand: Demand, x: &Expr) -> Option<Expr> {
    let above = |op, bound| binary(op, x.clone(), number(bound));
    match demand {
        _ if matches!(x, Expr::Number(_)) => None,
        Demand::Finite => None,
        Demand::Positive => Some(above(BinaryOp::Greater, 0.0)),
        Demand::NotNegative => Some(above(BinaryOp::GreaterEqual, 0.0)),
        Demand::Inside => {
            Some(binary(BinaryOp::And, above(BinaryOp::Greater, -1.0), above(BinaryOp::Less, 1.0)))
        }
    }
}
