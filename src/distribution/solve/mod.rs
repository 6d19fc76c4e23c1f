//! Laws from what is known of them: any parameters and statistics that together fix the law.
//!
//! A family is described by a [`Solvable`]: X = location + scale · Z, where Z is its law at location 0 and scale 1 and
//! depends on shapes alone. Whatever may be known is then one linear equation in location and scale (`equation`); those
//! are eliminated, and what is left is searched for in the shapes (`search`). The law found is asked for everything it
//! was to have before it is used (`solver`). Where there is none, `refusals` says what could be instead.

mod bounds;
mod equation;
pub(super) mod families;
mod known;
mod open;
mod refusals;
mod search;
mod solvable;
mod solver;

#[cfg(test)]
mod tests;

pub use known::Known;
pub use solvable::Solvable;
