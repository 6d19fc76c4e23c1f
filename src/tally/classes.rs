//! Classes of an output's values, found in a step or two.

/// Cells between the first and the last edge.
const CELLS: usize = 1024;
/// Edges compared at once.
const AT_ONCE: usize = 3;

/// A partition of the real line by ascending edges; class k holds the values from edge k − 1 up to below edge k.
#[derive(Clone, Debug, PartialEq)]
pub struct Classes {
    /// The edges and, so that a few can always be read on, as many infinities as are read at once.
    edges: Vec<f64>,
    low: f64,
    /// Cells a unit.
    inverse: f64,
    /// For each cell a class that is not above that of any value in it.
    start: Vec<u16>,
}

impl Classes {
    /// Between these edges, ascending and distinct.
    pub fn new(edges: Vec<f64>) -> Classes {
        let low = edges.first().copied().unwrap_or(0.0);
        let length = edges.last().copied().unwrap_or(0.0) - low;
        let inverse = if length > 0.0 { CELLS as f64 / length } else { 0.0 };
        // One cell down, so that no rounding of a value's cell can lead past its class.
        let start = (0..CELLS)
            .map(|cell| {
                let below = low + (cell as f64 - 1.0) / inverse;
                edges.partition_point(|&edge| edge <= below) as u16
            })
            .collect();
        let edges = edges.into_iter().chain([f64::INFINITY; AT_ONCE]).collect();
        Classes { edges, low, inverse, start }
    }

    /// Number of classes.
    pub fn count(&self) -> usize {
        self.edges.len() - AT_ONCE + 1
    }

    /// Class of a finite value.
    #[inline(always)]
    pub fn of(&self, value: f64) -> u16 {
        let cell = ((value - self.low) * self.inverse) as usize;
        let mut class = self.start[cell.min(CELLS - 1)] as usize;
        // A few edges at a time, without a branch on each: a cell rarely holds more.
        loop {
            let passed: usize =
                self.edges[class..class + AT_ONCE].iter().map(|&edge| usize::from(edge <= value)).sum();
            class += passed;
            if passed < AT_ONCE {
                return class as u16;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Classes;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_class_is_the_number_of_edges_not_above_the_value(mut edges in prop::collection::vec(-50i32..50, 0..40), value in -60f64..60.0) {
            edges.sort_unstable();
            edges.dedup();
            let edges: Vec<f64> = edges.into_iter().map(|e| f64::from(e) / 3.0).collect();
            let classes = Classes::new(edges.clone());
            for value in edges.iter().copied().chain([value, value / 100.0, 1e300, -1e300]) {
                prop_assert_eq!(classes.of(value) as usize, edges.partition_point(|&edge| edge <= value));
            }
        }
    }
}
