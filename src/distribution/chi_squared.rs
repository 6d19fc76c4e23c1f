//! Chi-squared distribution: a sum of squares of standard normal quantities.

use super::parameters::required;
use super::{Arguments, FamilyEntry, Form, Gamma, Law, ParameterError, ensure};

/// Chi-squared law of `df` degrees of freedom ν: the gamma law of shape ν/2 and scale 2, with its accuracy.
///
/// - Domain: ν > 0, finite, not necessarily whole.
/// - Accuracy: relative error ≤ 1e-12 of quantile and smaller tail for ν = 0.05 … 1e9, tails down to 1e-300; held by
///   `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kotz & Balakrishnan (1994), Continuous Univariate Distributions 1, 2nd ed., ch. 18.
pub(super) fn chi_squared(df: f64) -> Result<Gamma, ParameterError> {
    let shape = 0.5 * df;
    ensure(shape > 0.0 && shape.is_finite(), "df", df, "be above 0 and finite")?;
    Gamma::new(shape, 2.0)
}

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[required("df", "degrees of freedom: how many squares are added")]),
        build: |x| chi_squared(x[0]).map(Law::from),
    },
    super::solve::families::CHI_SQUARED,
];

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "chi_squared",
    summary: "A sum of squares of standard normal quantities.",
    forms: FORMS,
    example: "chi_squared(4)",
};

#[cfg(test)]
mod tests {
    use super::chi_squared;
    use crate::distribution::{Family, laws, reference};

    #[test]
    fn the_laws_hold() {
        for df in [0.7, 1.0, 2.0, 7.5, 300.0, 2e6] {
            laws::hold(&chi_squared(df).unwrap());
        }
    }

    #[test]
    fn agrees_with_the_reference() {
        reference::check("chi_squared", |p| chi_squared(p[0]));
    }

    #[test]
    fn the_mean_is_the_degrees_of_freedom() {
        let law = chi_squared(7.0).unwrap();
        assert_eq!((law.mean(), law.variance()), (Some(7.0), Some(14.0)));
        for df in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert_eq!(chi_squared(df).unwrap_err().parameter, "df");
        }
    }
}
