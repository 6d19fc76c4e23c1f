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

const FORMS: &[Form] = &[Form {
    arguments: Arguments::Map { key: "x", value: "weight" },
    build: |x| histogram(x).map(Law::from),
}];

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "histogram",
    summary: "Bins with given weights: from each edge to the next, the last edge with weight 0.",
    forms: FORMS,
    example: "histogram({0: 0.2, 2: 0.5, 5: 0.3, 12: 0})",
};

#[cfg(test)]
mod tests {
    use super::histogram;
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
    fn edges_that_are_no_bins_are_refused() {
        let refused = |numbers: &[f64]| histogram(numbers).unwrap_err();
        assert_eq!(refused(&[0.0, 1.0, 1.0, 2.0]).value, 2.0);
        assert_eq!(refused(&[0.0, 0.0, 1.0, 0.0]).parameter, "weight");
        assert_eq!(refused(&[0.0, f64::INFINITY, 1.0, 0.0]).parameter, "weight");
        assert_eq!(refused(&[f64::NAN, 1.0, 1.0, 0.0]).parameter, "x");
        assert_eq!(refused(&[1.0, 0.0]).parameter, "x");
    }
}
