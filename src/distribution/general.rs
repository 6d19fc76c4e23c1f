//! General distribution: a density drawn by hand, straight between its points.

use super::parameters::required;
use super::piecewise::{Piecewise, rising};
use super::{Arguments, FamilyEntry, Form, Law, ParameterError, ensure};

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

/// The same between two ends, where the density is 0 unless a point says otherwise.
///
/// # Errors
/// As [`general`], and points outside of the ends.
fn between(numbers: &[f64]) -> Result<Piecewise, ParameterError> {
    let (ends, points) = numbers.split_at(2);
    let (min, max) = (ends[0], ends[1]);
    ensure(min.is_finite(), "min", min, "be a finite number")?;
    ensure(max.is_finite() && max > min, "max", max, "be above `min` and finite")?;
    let mut all = points.to_vec();
    for (x, _) in points.as_chunks::<2>().0.iter().map(|pair| (pair[0], pair[1])) {
        ensure(x >= min && x <= max, "x", x, "lie between `min` and `max`")?;
    }
    for end in ends.iter().filter(|end| points.iter().step_by(2).all(|x| x != *end)) {
        all.extend([*end, 0.0]);
    }
    general(&all)
}

const FORMS: &[Form] = &[
    Form { arguments: Arguments::Map { key: "x", value: "density" }, build: |x| general(x).map(Law::from) },
    Form {
        arguments: Arguments::Mapped {
            before: &[required("min", "least value"), required("max", "greatest value")],
            key: "x",
            value: "density",
            after: &[],
        },
        build: |x| between(x).map(Law::from),
    },
];

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "general",
    summary: "A density drawn by points, straight between them.",
    forms: FORMS,
    example: "general({0: 0, 2: 1, 5: 3, 9: 0})",
};

#[cfg(test)]
mod tests {
    use super::{between, general};
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
    fn between_ends_the_density_falls_to_zero_unless_a_point_stands_there() {
        let law = between(&[0.0, 9.0, 2.0, 1.0, 5.0, 3.0]).unwrap();
        assert_eq!(law, general(&[0.0, 0.0, 2.0, 1.0, 5.0, 3.0, 9.0, 0.0]).unwrap());
        let law = between(&[2.0, 9.0, 2.0, 1.0, 5.0, 3.0]).unwrap();
        assert_eq!(law, general(&[2.0, 1.0, 5.0, 3.0, 9.0, 0.0]).unwrap());
        let parameter = |numbers: &[f64]| between(numbers).unwrap_err().parameter;
        assert_eq!(parameter(&[3.0, 1.0, 2.0, 1.0]), "max");
        assert_eq!(parameter(&[0.0, 1.0, 2.0, 1.0]), "x");
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
