//! Parameters that several families have in common, in the words of the language's help.

use super::{Constant, Law, Parameter, ParameterError};

/// The law between these bounds, or the one value that is left where they are all the same.
///
/// # Errors
/// Those of the law, whose other parameters are looked at in either case.
pub(super) fn between<L: Into<Law>>(
    bounds: &[f64],
    law: impl FnOnce(&[f64]) -> Result<L, ParameterError>,
) -> Result<Law, ParameterError> {
    match bounds {
        [x, others @ ..] if x.is_finite() && others.iter().all(|other| other == x) => {
            let apart = [0.0, 1.0, 2.0, 3.0];
            law(&apart[..bounds.len()])?;
            Constant::new(*x).map(Law::from)
        }
        _ => law(bounds).map(L::into),
    }
}

/// A parameter that must be given.
pub(super) const fn required(name: &'static str, meaning: &'static str) -> Parameter {
    Parameter { name, default: None, meaning }
}

/// A parameter that may be left out.
pub(super) const fn optional(name: &'static str, default: f64, meaning: &'static str) -> Parameter {
    Parameter { name, default: Some(default), meaning }
}

pub(super) const MEAN: Parameter = required("mean", "expected value");
pub(super) const SD: Parameter = required("sd", "standard deviation");
pub(super) const CV: Parameter = required("cv", "coefficient of variation: sd / mean");
pub(super) const MEDIAN: Parameter = required("median", "value with a half of the probability below it");
pub(super) const MODE: Parameter = required("mode", "most likely value");
pub(super) const PERCENTILE: Parameter =
    required("pNN", "value with NN % of the probability below it, such as p5 or p97.5");
pub(super) const MU: Parameter = required("mu", "mean of the natural logarithm");
pub(super) const SIGMA: Parameter = required("sigma", "standard deviation of the natural logarithm");
pub(super) const LEAST: Parameter = required("a", "least value");
pub(super) const GREATEST: Parameter = required("b", "greatest value");
pub(super) const LOCATION: Parameter = required("location", "most likely value");
pub(super) const SCALE: Parameter = required("scale", "scale, in the unit of the input");
pub(super) const SHAPE: Parameter = required("shape", "shape, without unit");
pub(super) const P: Parameter = required("p", "probability");
