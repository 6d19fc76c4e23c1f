//! Tallies without runs.

use std::sync::Arc;

use super::Plan;
use crate::tally::{CellTally, Conditional, RankBins, Shape, Tally};

/// What a tally of a plan looks like before its first run.
#[derive(Clone, Debug)]
pub struct Blank<'a> {
    plan: &'a Plan,
    shapes: Vec<Arc<Shape>>,
    bins: Vec<RankBins>,
}

impl<'a> Blank<'a> {
    pub fn new(plan: &'a Plan, shapes: &[Shape]) -> Blank<'a> {
        let bins = plan.ranked.iter().map(|&draw| plan.program.draws[draw].rank_bins()).collect();
        Blank { plan, shapes: shapes.iter().cloned().map(Arc::new).collect(), bins }
    }

    /// Bins of the inputs that tornadoes condition on.
    pub fn bins(&self) -> &[RankBins] {
        &self.bins
    }

    /// Draws of the program.
    pub fn draws(&self) -> usize {
        self.plan.program.draws.len()
    }

    /// A tally without runs.
    pub fn tally(&self) -> Tally {
        let conditional = |cell: usize| Conditional::new((*self.shapes[cell]).clone(), self.bins.clone());
        let cells = self.shapes.len();
        Tally {
            cells: self.shapes.iter().map(|shape| CellTally::among(Arc::clone(shape), cells)).collect(),
            conditionals: self.plan.tornados.iter().map(|tornado| conditional(tornado.cell)).collect(),
        }
    }
}
