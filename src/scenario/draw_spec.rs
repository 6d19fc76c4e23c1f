//! How an element of an input is drawn, its parameters being expressions.

use super::expression::Expr;
use super::model::InputId;
use crate::distribution::{Composition, FamilyEntry, Law, Moved, ParameterError};

/// How an element of an input is drawn.
#[derive(Clone, Debug)]
pub enum DrawSpec {
    /// By the quantile function of its law.
    Law(LawSpec),
    /// As the component of a mixture that another input draws.
    Chosen(InputId, LawSpec),
    /// As the sum of a random number of severities.
    Compound(Box<CompoundSpec>),
}

/// The law of a sum of a random number of severities.
#[derive(Clone, Debug)]
pub struct CompoundSpec {
    /// Of the number of events.
    pub count: LawSpec,
    /// Of what an event costs.
    pub severity: LawSpec,
    /// `retention` and `limit` of an event, `aggregate_retention` and `aggregate_limit` of the sum, where given.
    pub layers: [Option<Expr>; 4],
}

/// A law whose parameters are expressions.
#[derive(Clone, Debug)]
pub enum LawSpec {
    /// A family in one of its forms; `arguments` flattened as `Form::build` wants them.
    Family { entry: &'static FamilyEntry, form: usize, arguments: Vec<Expr> },
    /// A law without parameters: that of a column of data.
    Given(Law),
    /// The base law conditioned on [min, max].
    Truncate { base: Box<LawSpec>, min: Option<Expr>, max: Option<Expr> },
    /// The base law shifted or stretched.
    Move { base: Box<LawSpec>, movement: Movement, by: Expr },
    /// A law made of others and of numbers.
    Compose { composition: Composition, laws: Vec<LawSpec>, numbers: Vec<Expr> },
}

/// How a law is moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Movement {
    /// `shift`: every value plus a number.
    Shift,
    /// `scale`: every value times a number above 0.
    Scale,
}

impl Movement {
    /// The word of the language.
    pub fn name(self) -> &'static str {
        match self {
            Movement::Shift => "shift",
            Movement::Scale => "scale",
        }
    }

    /// The moved law.
    ///
    /// # Errors
    /// A number that the movement cannot be made with.
    pub fn build(self, base: Law, by: f64) -> Result<Law, ParameterError> {
        match self {
            Movement::Shift => Moved::shifted(base, by).map(Law::from),
            Movement::Scale => Moved::scaled(base, by).map(Law::from),
        }
    }
}
