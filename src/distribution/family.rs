//! What every distribution family answers, and how it refuses a parameter.

use std::borrow::Cow;
use std::fmt;

use super::whole_sums::whole_sums;

/// A probability law on the real line, in the unit of the input it describes.
pub trait Family {
    /// The x with F(x) = `lower`, where `upper` = 1 − `lower`.
    ///
    /// Both tail probabilities are given so that the smaller one carries full precision: implementations work on
    /// the smaller one. Discrete laws give the smallest x of the support with F(x) ≥ `lower`.
    fn inverse(&self, lower: f64, upper: f64) -> f64;

    /// Inverse of the cdf, 0 < u < 1.
    fn quantile(&self, u: f64) -> f64 {
        self.inverse(u, 1.0 - u)
    }

    /// Inverse of the survival function: the x with P(X > x) = `q`, 0 < q < 1.
    fn upper_quantile(&self, q: f64) -> f64 {
        self.inverse(1.0 - q, q)
    }

    /// P(X ≤ x).
    fn cdf(&self, x: f64) -> f64;

    /// P(X > x), computed as itself so that the upper tail keeps its digits.
    fn sf(&self, x: f64) -> f64;

    /// Density at x (probability of x itself for a discrete law).
    fn density(&self, x: f64) -> f64;

    /// Expected value; `None` where it does not exist.
    fn mean(&self) -> Option<f64>;

    /// Variance; `None` where it does not exist or is infinite.
    fn variance(&self) -> Option<f64>;

    /// Least and greatest value, infinite where there is none.
    fn support(&self) -> (f64, f64);

    /// Values inside the support where the density or its slope jumps: neither a polynomial nor a quadrature rule may
    /// reach across.
    fn corners(&self) -> Vec<f64> {
        Vec::new()
    }

    /// True where the law sits on separate points.
    fn is_discrete(&self) -> bool {
        false
    }

    /// True where some point has a probability of its own: of a discrete law each, of others a few.
    fn has_atoms(&self) -> bool {
        self.is_discrete()
    }

    /// P(X = x).
    fn probability(&self, x: f64) -> f64 {
        if self.is_discrete() { self.density(x) } else { 0.0 }
    }

    /// The least value that is not below x, ∞ where there is none. Laws that are discrete and say nothing else sit on
    /// the whole numbers of their support.
    fn point_from(&self, x: f64) -> f64 {
        let (least, greatest) = self.support();
        let x = x.max(least);
        let point = if self.is_discrete() { x.ceil() + 0.0 } else { x };
        if point <= greatest { point } else { f64::INFINITY }
    }

    /// The greatest value that is not above x, −∞ where there is none.
    fn point_until(&self, x: f64) -> f64 {
        let (least, greatest) = self.support();
        let x = x.min(greatest);
        let point = if self.is_discrete() { x.floor() } else { x };
        if point >= least { point } else { f64::NEG_INFINITY }
    }

    /// P(from ≤ X ≤ to) and the sums of (x − about) P(X = x) and (x − about)² P(X = x) over that interval; `None` where
    /// they are integrals.
    fn sums(&self, from: f64, to: f64, about: f64) -> Option<[f64; 3]> {
        self.is_discrete().then(|| whole_sums(self, from, to, about))
    }
}

/// A parameter outside the domain of its family.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterError {
    /// Name of the parameter as the scenario language spells it.
    pub parameter: &'static str,
    /// The value that was given.
    pub value: f64,
    /// What is asked of it, completing "`name` must …".
    pub requirement: Cow<'static, str>,
}

impl fmt::Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` must {}, it is {}", self.parameter, self.requirement, self.value)
    }
}

impl std::error::Error for ParameterError {}

/// Passes when `holds`; conditions are written in the positive, so that NaN fails them.
///
/// # Errors
/// A [`ParameterError`] with the given name, value and requirement.
pub fn ensure(
    holds: bool,
    parameter: &'static str,
    value: f64,
    requirement: &'static str,
) -> Result<(), ParameterError> {
    if holds { Ok(()) } else { Err(ParameterError { parameter, value, requirement: requirement.into() }) }
}

/// Passes when a location and a scale can be those of a law.
///
/// # Errors
/// A location that is not finite, a scale that is not above 0 and finite.
pub fn ensure_location_scale(location: f64, scale: f64) -> Result<(), ParameterError> {
    ensure(location.is_finite(), "location", location, "be a finite number")?;
    let requirement = "be above 0 and finite; for a fixed value write `constant(x)`";
    ensure(scale > 0.0 && scale.is_finite(), "scale", scale, requirement)
}
