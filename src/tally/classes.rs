//! Classes of an output's values, found in a step or two.

/// Cells between the first and the last edge.
const CELLS: usize = 1024;

/// A partition of the real line by ascending edges; class k holds the values from edge k − 1 up to below edge k.
#[derive(Clone, Debug, PartialEq)]
pub struct Classes {
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
        Classes { edges, low, inverse, start }
    }

    /// Number of classes.
    pub fn count(&self) -> usize {
        self.edges.len() + 1
    }

    /// Class of a finite value.
    #[inline(always)]
    pub fn of(&self, value: f64) -> u16 {
        let cell = ((value - self.low) * self.inverse) as usize;
        let mut class = self.start[cell.min(CELLS - 1)];
        while let Some(&edge) = self.edges.get(class as usize) {
            if edge > value {
                break;
            }
            class += 1;
        }
        class
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
