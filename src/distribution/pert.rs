//! PERT distribution: a smooth peak between the least and the greatest value an expert holds possible.

use super::{Beta, Family, ParameterError, ensure};

/// PERT distribution with its peak at `mode` between `a` and `b`; all three and draws in the input's unit.
///
/// - Formula: a + (b − a) X with X beta of shapes 1 + s (mode − a)/(b − a) and 1 + s (b − mode)/(b − a); s is
///   `shape`, the weight of the mode, 4 by custom: mean = (a + s·mode + b) / (s + 2).
/// - Domain: a ≤ mode ≤ b, a < b, s > 0, finite; 0 < u < 1. Accuracy: as [`Beta`].
/// - Source: Malcolm, Roseboom, Clark & Fazar (1959), Operations Research 7, 646–669,
///   doi:10.1287/opre.7.5.646; Vose (2008), Risk Analysis, 3rd ed., for a shape other than 4.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pert {
    law: Beta,
}

impl Pert {
    /// PERT law of the given bounds, mode and shape.
    ///
    /// # Errors When the bounds are not finite and in order, the mode lies outside them, or the shape is not
    /// positive and finite.
    pub fn new(a: f64, mode: f64, b: f64, shape: f64) -> Result<Self, ParameterError> {
        ensure(a.is_finite(), "a", a, "be finite")?;
        ensure(a < b && (b - a).is_finite(), "b", b, "be finite and above `a`")?;
        ensure(a <= mode && mode <= b, "mode", mode, "lie between `a` and `b`")?;
        ensure(shape > 0.0 && shape.is_finite(), "shape", shape, "be above 0 and finite")?;
        ensure(shape < 1e15, "shape", shape, "be below 1e15, beyond which the law is a constant")?;
        let width = b - a;
        let law = Beta::new(1.0 + shape * (mode - a) / width, 1.0 + shape * (b - mode) / width, a, b)?;
        Ok(Self { law })
    }

    /// The same law as a beta law.
    pub fn as_beta(&self) -> Beta {
        self.law
    }
}

impl Family for Pert {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        self.law.inverse(lower, upper)
    }

    fn cdf(&self, x: f64) -> f64 {
        self.law.cdf(x)
    }

    fn sf(&self, x: f64) -> f64 {
        self.law.sf(x)
    }

    fn density(&self, x: f64) -> f64 {
        self.law.density(x)
    }

    fn mean(&self) -> Option<f64> {
        self.law.mean()
    }

    fn variance(&self) -> Option<f64> {
        self.law.variance()
    }

    fn support(&self) -> (f64, f64) {
        self.law.support()
    }
}

#[cfg(test)]
mod tests {
    use super::{Family, Pert};

    crate::distribution::laws!(
        Pert,
        [
            (1.6, 3.2, 4.8, 4.0),
            (0.0, 0.0, 1.0, 4.0),
            (0.0, 10.0, 10.0, 4.0),
            (-5.0, -3.0, 9.0, 0.5),
            (0.0, 3.0, 10.0, 40.0)
        ]
    );

    #[test]
    fn agrees_with_the_reference() {
        crate::distribution::reference::check("pert", |p| Pert::new(p[0], p[1], p[2], p[3]));
    }

    #[test]
    fn the_mean_weighs_the_mode_four_times() {
        let law = Pert::new(1.0, 3.0, 11.0, 4.0).unwrap();
        assert!((law.mean().unwrap() - (1.0 + 4.0 * 3.0 + 11.0) / 6.0).abs() < 1e-14);
    }

    #[test]
    fn parameters_out_of_their_domain_are_refused() {
        let refused = |a, mode, b, shape| Pert::new(a, mode, b, shape).unwrap_err().parameter;
        assert_eq!(refused(0.0, 2.0, 1.0, 4.0), "mode");
        assert_eq!(refused(0.0, 0.0, 0.0, 4.0), "b");
        assert_eq!(refused(f64::NEG_INFINITY, 0.0, 1.0, 4.0), "a");
        assert_eq!(refused(0.0, 0.5, 1.0, 0.0), "shape");
    }
}
