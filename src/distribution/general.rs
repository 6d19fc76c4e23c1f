//! General distribution: a density drawn by hand, straight between its points.

use super::piecewise::{Piecewise, rising};
use super::{Arguments, FamilyEntry, Form, Law, ParameterError};

/// The law whose density runs through (x, density), in any unit of density, and is 0 before the first and beyond the
/// last point.
///
/// # Errors
/// Fewer than two points, one that is not finite or stands there twice, densities that are negative or all 0.
fn general(numbers: &[f64]) -> Result<Piecewise, ParameterError> {
    let points = rising(numbers, "density")?;
    let shapes: Vec<_> = points.windows(2).map(|pair| (pair[0].0, pair[1].0, pair[0].1, pair[1].1)).collect();
    Piecewise::new(&shapes, "density")
}

const FORMS: &[Form] = &[Form {
    arguments: Arguments::Map { key: "x", value: "density" },
    build: |x| general(x).map(Law::from),
}];

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "general",
    summary: "A density drawn by points, straight between them.",
    forms: FORMS,
    example: "general({0: 0, 2: 1, 5: 3, 9: 0})",
};

#[cfg(test)]
mod tests {
    use super::general;
    use crate::distribution::{Family, laws, reference};

    #[test]
    fn the_laws_hold() {
        laws::hold(&general(&[0.0, 0.0, 2.0, 1.0, 5.0, 3.0, 9.0, 0.0]).unwrap());
        laws::hold(&general(&[-3.0, 2.0, -1.0, 5.0, 4.0, 1.0]).unwrap());
        laws::hold(&general(&[0.0, 1.0, 1.0, 1.0]).unwrap());
    }

    #[test]
    fn agrees_with_the_reference() {
        reference::check("general", general);
    }

    #[test]
    fn three_points_make_a_triangle_whatever_their_order_and_unit() {
        let law = general(&[4.0, 0.0, 1.0, 0.0, 2.0, 700.0]).unwrap();
        let triangle = crate::distribution::Triangular::new(1.0, 2.0, 4.0).unwrap();
        for u in [1e-9, 0.1, 0.3, 0.5, 0.9, 0.999] {
            assert!((law.quantile(u) / triangle.quantile(u) - 1.0).abs() < 1e-14, "{u}");
        }
        assert!((law.variance().unwrap() / triangle.variance().unwrap() - 1.0).abs() < 1e-14);
    }

    #[test]
    fn points_that_are_no_density_are_refused() {
        let parameter = |numbers: &[f64]| general(numbers).unwrap_err().parameter;
        assert_eq!(parameter(&[0.0, 0.0, 1.0, 0.0]), "density");
        assert_eq!(parameter(&[0.0, -1.0, 1.0, 2.0]), "density");
        assert_eq!(parameter(&[0.0, f64::NAN, 1.0, 2.0]), "density");
        assert_eq!(parameter(&[0.0, 1.0]), "x");
        assert_eq!(parameter(&[0.0, 1.0, 0.0, 2.0]), "x");
        assert_eq!(parameter(&[-1e308, 1.0, 1e308, 2.0]), "x");
    }
}
