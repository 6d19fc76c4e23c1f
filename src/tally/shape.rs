//! Where an output lives: what a pilot says of its centre, spread and repeated values.
//!
//! The bins of a tally must be fixed before the run, or merging would not be addition. They follow from a pilot, the
//! first few thousand runs of the same scenario and seed, so every shard and every restart has the same.

use super::Resolution;

/// Most repeated values that get a bin of their own.
const MOST_ATOMS: usize = 4096;
/// Classes of an output's values that Spearman's coefficient is summed by.
pub const CLASSES: usize = 128;

/// Centre, spread and atoms of an output, from its pilot.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    /// Median of the pilot: sums are taken of y − centre.
    pub centre: f64,
    /// A power of two near the pilot's standard deviation (by its interquartile range), in the output's unit.
    pub spread: f64,
    /// Where the bins of the sketch are finest, and the width they grow from.
    pub resolution: Resolution,
    /// Values that the pilot saw more than once, ascending: each has a bin of its own.
    pub atoms: Vec<f64>,
    /// Values that divide the pilot into about 128 parts, ascending and distinct; an edge that is an atom is
    /// followed by the next f64 above it, so that the atom has a class of its own.
    pub class_edges: Vec<f64>,
}

impl Shape {
    /// About how many bytes a shape without atoms takes.
    pub const MEMORY: u64 = (size_of::<Shape>() + CLASSES * size_of::<f64>()) as u64;

    /// A shape without atoms and classes, its bins finest at the centre.
    pub fn plain(centre: f64, spread: f64, atoms: Vec<f64>) -> Shape {
        Shape {
            centre,
            spread,
            resolution: Resolution::plain(centre, spread),
            atoms,
            class_edges: Vec::new(),
        }
    }

    /// From the output's values in the pilot runs, which are sorted in place. Non-finite values are left out.
    pub fn from_pilot(values: &mut [f64]) -> Shape {
        values.sort_unstable_by(f64::total_cmp);
        let finite: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).map(|v| v + 0.0).collect();
        let at = |p: f64| finite[((finite.len() - 1) as f64 * p).round() as usize];
        if finite.is_empty() {
            return Shape::plain(0.0, 1.0, Vec::new());
        }
        let centre = at(0.5);
        let mut spread = 0.0;
        for (low, high, normal_width) in [(0.25, 0.75, 1.349), (0.05, 0.95, 3.29), (0.0, 1.0, 7.5)] {
            spread = (at(high) - at(low)) / normal_width;
            if spread > 0.0 && spread.is_finite() {
                break;
            }
        }
        if !(spread > 0.0 && spread.is_finite()) {
            spread = if centre == 0.0 { 1.0 } else { centre.abs() };
        }
        // Down to a power of two, so that scaling by it is exact; away from the ends of the range of f64.
        let exponent = libm::ilogb(spread).clamp(-960, 960);
        let mut class_edges: Vec<f64> = (1..CLASSES).map(|k| at(k as f64 / CLASSES as f64)).collect();
        let atoms = repeated(&finite);
        let above: Vec<f64> = class_edges
            .iter()
            .filter(|edge| atoms.binary_search_by(|atom| atom.total_cmp(edge)).is_ok())
            .map(|edge| edge.next_up())
            .collect();
        class_edges.extend(above);
        class_edges.sort_by(f64::total_cmp);
        class_edges.dedup();
        let spread = libm::scalbn(1.0, exponent);
        let resolution = Resolution::from_pilot(&finite, centre, spread);
        Shape { centre, spread, resolution, atoms, class_edges }
    }
}

/// Values that occur more than once in a sorted slice, at most [`MOST_ATOMS`], the most frequent kept.
fn repeated(sorted: &[f64]) -> Vec<f64> {
    let mut counted: Vec<(usize, f64)> =
        sorted.chunk_by(|a, b| a == b).filter(|run| run.len() > 1).map(|run| (run.len(), run[0])).collect();
    counted.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.total_cmp(&b.1)));
    counted.truncate(MOST_ATOMS);
    let mut atoms: Vec<f64> = counted.into_iter().map(|(_, value)| value).collect();
    atoms.sort_by(f64::total_cmp);
    atoms
}

#[cfg(test)]
mod tests {
    use super::Shape;

    #[test]
    fn centre_and_spread_follow_the_values_and_the_spread_is_a_power_of_two() {
        let mut values: Vec<f64> = (0..=1000).map(|k| 1e6 + 1e-3 * f64::from(k)).collect();
        let shape = Shape::from_pilot(&mut values);
        assert_eq!(shape.centre, 1e6 + 0.5);
        assert_eq!(shape.spread, 0.25);
        assert!(shape.atoms.is_empty());
    }

    #[test]
    fn repeated_values_are_atoms_and_minus_zero_is_zero() {
        let shape = Shape::from_pilot(&mut [0.0, -0.0, 1.0, 1.0, 2.5, f64::NAN, f64::INFINITY]);
        assert_eq!(shape.atoms, [0.0, 1.0]);
    }

    #[test]
    fn constants_and_empty_pilots_have_a_usable_spread() {
        assert_eq!(Shape::from_pilot(&mut [7.25; 50]).spread, 4.0);
        assert_eq!(Shape::from_pilot(&mut [0.0; 50]).spread, 1.0);
        assert_eq!(Shape::from_pilot(&mut [f64::NAN; 3]).spread, 1.0);
    }
}
