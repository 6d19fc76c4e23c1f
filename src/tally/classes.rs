//! Classes of an output's values, found in a step or two.

use crate::math::simd::vectorised;

/// Cells between the first and the last edge.
const CELLS: usize = 1024;
/// Edges compared at once.
const AT_ONCE: usize = 3;
/// Cells are told apart by the edges alone where none holds more of them than this.
const MOST_EDGES_A_CELL: usize = 2;

/// A partition of the real line, near what ascending edges ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct Classes {
    low: f64,
    /// Cells a unit.
    inverse: f64,
    kind: Kind,
    /// Cells of the block at hand.
    cells: Vec<u32>,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    /// Each class is a run of whole cells: its number for every cell and, last, for values that are not finite.
    Cells { class: Vec<u16>, count: usize },
    /// Class k holds the values from edge k − 1 up to below edge k. The edges and, so that a few can always be read
    /// on, as many infinities as are read at once; for each cell a class that is not above that of any value in it.
    Edges { edges: Vec<f64>, start: Vec<u16> },
}

impl Classes {
    /// From edges, ascending and distinct. `exact` keeps them to the bit; otherwise, where they are spread evenly
    /// enough, they move to the nearest of a thousand cells.
    pub fn new(edges: &[f64], exact: bool) -> Classes {
        let low = edges.first().copied().unwrap_or(0.0);
        let length = edges.last().copied().unwrap_or(0.0) - low;
        let inverse = if length > 0.0 && length.is_finite() { CELLS as f64 / length } else { 0.0 };
        let cell = |edge: f64| cell_of(edge, low, inverse) as usize;
        let crowded = edges.windows(MOST_EDGES_A_CELL + 1).any(|w| cell(w[0]) == cell(w[MOST_EDGES_A_CELL]));
        let kind = if exact || crowded || inverse == 0.0 {
            // One cell down, so that no rounding of a value's cell can lead past its class. The first cell holds all that
            // is below, however far, and a cell may be narrower than the step of f64 there.
            let start = (0..=CELLS)
                .map(|cell| {
                    if cell == 0 {
                        return 0;
                    }
                    let below = low + (cell as f64 - 1.0) / inverse;
                    edges.partition_point(|&edge| edge <= below) as u16
                })
                .collect();
            Kind::Edges { edges: edges.iter().copied().chain([f64::INFINITY; AT_ONCE]).collect(), start }
        } else {
            let mut starts: Vec<usize> = edges.iter().map(|&edge| cell(edge)).collect();
            starts.dedup();
            let count = starts.len() + 1;
            let class = (0..CELLS).map(|cell| starts.partition_point(|&start| start <= cell) as u16);
            Kind::Cells { class: class.chain([count as u16]).collect(), count }
        };
        Classes { low, inverse, kind, cells: Vec::new() }
    }

    /// Number of classes; the class of that number holds values that are not finite.
    pub fn count(&self) -> usize {
        match &self.kind {
            Kind::Cells { count, .. } => *count,
            Kind::Edges { edges, .. } => edges.len() - AT_ONCE + 1,
        }
    }

    /// The edges, where classes keep to them.
    pub fn exact_edges(&self) -> Option<&[f64]> {
        match &self.kind {
            Kind::Cells { .. } => None,
            Kind::Edges { edges, .. } => Some(&edges[..edges.len() - AT_ONCE]),
        }
    }

    /// Class of each value.
    pub fn fill(&mut self, values: &[f64], classes: &mut [u16]) {
        self.cells.resize(values.len(), 0);
        fill_cells(values, self.low, self.inverse, &mut self.cells);
        match &self.kind {
            Kind::Cells { class, .. } => {
                for (to, &cell) in classes.iter_mut().zip(&self.cells) {
                    *to = class[cell as usize];
                }
            }
            Kind::Edges { edges, start } => {
                let none = self.count() as u16;
                for ((to, &cell), &value) in classes.iter_mut().zip(&self.cells).zip(values) {
                    *to = if value.is_finite() { class_of(edges, start[cell as usize], value) } else { none };
                }
            }
        }
    }
}

/// Number of the edges not above a value, from a class that is not above its own.
#[inline(always)]
fn class_of(edges: &[f64], start: u16, value: f64) -> u16 {
    let mut class = start as usize;
    // A few edges at a time, without a branch on each: a cell rarely holds more.
    loop {
        let passed: usize =
            edges[class..class + AT_ONCE].iter().map(|&edge| usize::from(edge <= value)).sum();
        class += passed;
        if passed < AT_ONCE {
            return class as u16;
        }
    }
}

/// Cell of a value, those beyond the ends in the first and the last; [`CELLS`] where it is not finite.
#[inline(always)]
fn cell_of(value: f64, low: f64, inverse: f64) -> u32 {
    let place = (value - low) * inverse;
    let place = if place > 0.0 { place } else { 0.0 };
    let place = if place < (CELLS - 1) as f64 { place } else { (CELLS - 1) as f64 };
    // 2⁵² added leaves the whole part in the low bits; half a cell less turns rounding to nearest into truncation.
    let cell = ((place - 0.5 + ROUND).to_bits() & 0xFFFF) as u32;
    let cell = if place < 0.5 { 0 } else { cell };
    if value.abs() < f64::INFINITY { cell } else { CELLS as u32 }
}

/// 2⁵².
const ROUND: f64 = 4_503_599_627_370_496.0;

vectorised! {
    fn fill_cells(values: &[f64], low: f64, inverse: f64, cells: &mut [u32]) {
        for (cell, &value) in cells.iter_mut().zip(values) {
            *cell = cell_of(value, low, inverse);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn class(classes: &mut Classes, value: f64) -> usize {
        let mut found = [0];
        classes.fill(&[value], &mut found);
        found[0].into()
    }

    proptest! {
        #[test]
        fn the_class_is_the_number_of_edges_not_above_the_value(mut edges in prop::collection::vec(-50i32..50, 0..40), value in -60f64..60.0) {
            edges.sort_unstable();
            edges.dedup();
            let edges: Vec<f64> = edges.into_iter().map(|e| f64::from(e) / 3.0).collect();
            let mut classes = Classes::new(&edges, true);
            for value in edges.iter().copied().chain([value, value / 100.0, 1e300, -1e300]) {
                prop_assert_eq!(class(&mut classes, value), edges.partition_point(|&edge| edge <= value));
            }
            prop_assert_eq!(class(&mut classes, f64::NAN), classes.count());
        }

        #[test]
        fn classes_of_cells_ascend_with_the_value(mut values in prop::collection::vec(-2f64..3.0, 2..60)) {
            values.sort_by(f64::total_cmp);
            let edges: Vec<f64> = (0..100).map(|k| f64::from(k) / 100.0).collect();
            let mut classes = Classes::new(&edges, false);
            prop_assert!(classes.exact_edges().is_none());
            let found: Vec<usize> = values.iter().map(|&value| class(&mut classes, value)).collect();
            prop_assert!(found.is_sorted());
            for (&value, &class) in values.iter().zip(&found) {
                // An edge moves by less than a cell.
                let exact = edges.partition_point(|&edge| edge <= value);
                prop_assert!(class.abs_diff(exact) <= 1);
            }
            prop_assert_eq!(class(&mut classes, f64::INFINITY), classes.count());
        }
    }

    #[test]
    fn values_below_neighbouring_edges_have_a_class_of_their_own() {
        let mut classes = Classes::new(&[1.0, 1f64.next_up()], true);
        for (value, expected) in [(0.0, 0), (1f64.next_down(), 0), (1.0, 1), (1f64.next_up(), 2), (9.0, 2)] {
            assert_eq!(class(&mut classes, value), expected, "{value}");
        }
    }

    #[test]
    fn edges_that_crowd_together_are_kept() {
        let edges: Vec<f64> = (0..30).map(|k| libm::exp(f64::from(k) - 15.0)).collect();
        assert!(Classes::new(&edges, false).exact_edges().is_some());
    }
}
