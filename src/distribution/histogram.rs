//! Histogram distribution: probabilities of bins, each spread evenly.

use super::piecewise::{Piecewise, rising};
use super::{Arguments, FamilyEntry, Form, Law, ParameterError, ensure};

/// The law that gives the bin from each edge to the next the probability of the edge's weight over the sum of weights;
/// the last edge ends the last bin and has the weight 0.
///
/// # Errors
/// Fewer than two edges, one that is not finite or stands there twice, weights that are negative or all 0, a last
/// weight that is not 0.
fn histogram(numbers: &[f64]) -> Result<Piecewise, ParameterError> {
    let edges = rising(numbers, "weight")?;
    let last = edges[edges.len() - 1].1;
    ensure(last == 0.0, "weight", last, "be 0 at the last edge, where the last bin ends")?;
    let bins = edges.windows(2).map(|pair| {
        let height = pair[0].1 / (pair[1].0 - pair[0].0);
        (pair[0].0, pair[1].0, height, height)
    });
    Piecewise::new(&bins.collect::<Vec<_>>(), "weight")
}

/// The same from a list of edges and a list of weights, each after its length: one edge more than weights.
///
/// # Errors
/// As [`histogram`], and other lengths.
fn of_lists(numbers: &[f64]) -> Result<Piecewise, ParameterError> {
    let edges = numbers[0];
    ensure(edges >= 2.0, "edges", edges, "be two numbers or more")?;
    let (edges, rest) = numbers[1..].split_at(edges as usize);
    let weights = &rest[1..];
    ensure(
        weights.len() + 1 == edges.len(),
        "weights",
        rest[0],
        "be one fewer than the edges: one for each bin",
    )?;
    ensure(edges.windows(2).all(|pair| pair[0] < pair[1]), "edges", numbers[0], "rise")?;
    let pairs = edges.iter().zip(weights.iter().chain(&[0.0])).flat_map(|(&edge, &weight)| [edge, weight]);
    histogram(&pairs.collect::<Vec<_>>())
}

const FORMS: &[Form] = &[
    Form { arguments: Arguments::Map { key: "x", value: "weight" }, build: |x| histogram(x).map(Law::from) },
    Form { arguments: Arguments::Lists(&["edges", "weights"]), build: |x| of_lists(x).map(Law::from) },
];

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "histogram",
    summary: "Bins with given weights: from each edge to the next, the last edge with weight 0.",
    forms: FORMS,
    example: "histogram({0: 0.2, 2: 0.5, 5: 0.3, 12: 0})",
};

#[cfg(test)]
mod tests {
    use super::{histogram, of_lists};
    use crate::distribution::{Family, laws, reference};

    #[test]
    fn the_laws_hold() {
        laws::hold(&histogram(&[0.0, 0.2, 2.0, 0.5, 5.0, 0.3, 12.0, 0.0]).unwrap());
        laws::hold(&histogram(&[-3.0, 7.0, 0.0, 0.0]).unwrap());
        let gap = histogram(&[0.0, 1.0, 1.0, 0.0, 5.0, 3.0, 6.0, 0.0]).unwrap();
        laws::inverts(&gap);
        laws::adds_to_one(&gap);
        laws::stays_in_support(&gap);
        assert_eq!((gap.quantile(0.25), gap.density(3.0)), (1.0, 0.0));
    }

    #[test]
    fn agrees_with_the_reference() {
        reference::check("histogram", histogram);
    }

    #[test]
    fn every_bin_has_its_share() {
        let law = histogram(&[0.0, 2.0, 2.0, 5.0, 5.0, 3.0, 12.0, 0.0]).unwrap();
        for (x, p) in [(0.0, 0.0), (2.0, 0.2), (5.0, 0.7), (12.0, 1.0)] {
            assert!((law.cdf(x) - p).abs() < 1e-15 && (law.sf(x) - (1.0 - p)).abs() < 1e-15, "{x}");
        }
    }

    #[test]
    fn lists_are_the_map_in_other_words() {
        let law = of_lists(&[4.0, 0.0, 2.0, 5.0, 12.0, 3.0, 0.2, 0.5, 0.3]).unwrap();
        assert_eq!(law, histogram(&[0.0, 0.2, 2.0, 0.5, 5.0, 0.3, 12.0, 0.0]).unwrap());
        let refused = |numbers: &[f64]| of_lists(numbers).unwrap_err();
        assert_eq!(refused(&[3.0, 0.0, 1.0, 2.0, 1.0, 0.5]).parameter, "weights");
        assert_eq!(refused(&[3.0, 0.0, 2.0, 1.0, 2.0, 0.5, 0.5]).requirement, "rise");
        assert_eq!(refused(&[1.0, 0.0, 0.0]).parameter, "edges");
    }

    #[test]
    fn edges_that_are_no_bins_are_refused() {
        let refused = |numbers: &[f64]| histogram(numbers).unwrap_err();
        assert_eq!(refused(&[0.0, 1.0, 1.0, 2.0]).value, 2.0);
        assert_eq!(refused(&[0.0, 0.0, 1.0, 0.0]).parameter, "weight");
        assert_eq!(refused(&[0.0, f64::INFINITY, 1.0, 0.0]).parameter, "weight");
        assert_eq!(refused(&[f64::NAN, 1.0, 1.0, 0.0]).parameter, "x");
        assert_eq!(refused(&[1.0, 0.0]).parameter, "x");
    }
}
