//! Elements that are drawn together, by whichever copula.

use super::{Frailty, Nested, Positions, Tied};

/// Positions of the members of one group in a block of runs.
#[derive(Clone, Debug)]
pub enum Together {
    /// Through normal scores.
    Scores(Box<Tied>),
    /// One given those before.
    Nested(Nested),
    /// Given what all share.
    Frailty(Box<Frailty>),
}

impl Together {
    /// Draws runs `first_run`, `first_run` + 1, …
    pub fn fill(&mut self, first_run: u64) {
        match self {
            Together::Scores(tied) => tied.fill(first_run),
            Together::Nested(nested) => nested.fill(first_run),
            Together::Frailty(frailty) => frailty.fill(first_run),
        }
    }

    /// Positions of one member.
    pub fn positions(&self, member: usize) -> Positions<'_> {
        match self {
            Together::Scores(tied) => tied.positions(member),
            Together::Nested(nested) => nested.positions(member),
            Together::Frailty(frailty) => frailty.positions(member),
        }
    }
}
