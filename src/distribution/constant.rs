//! Constant: a value without uncertainty, in the place of a distribution.

use super::{Family, ParameterError, ensure};

/// The law that always gives the same value, in the input's unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Constant {
    x: f64,
}

impl Constant {
    /// From the value.
    ///
    /// # Errors
    /// A value that is not finite.
    pub fn new(x: f64) -> Result<Self, ParameterError> {
        ensure(x.is_finite(), "x", x, "be a finite number")?;
        Ok(Self { x })
    }

    /// The value.
    pub fn value(&self) -> f64 {
        self.x
    }
}

impl Family for Constant {
    #[inline(always)]
    fn inverse(&self, _lower: f64, _upper: f64) -> f64 {
        self.x
    }

    fn cdf(&self, x: f64) -> f64 {
        if x < self.x { 0.0 } else { 1.0 }
    }

    fn sf(&self, x: f64) -> f64 {
        if x < self.x { 1.0 } else { 0.0 }
    }

    fn density(&self, x: f64) -> f64 {
        if x == self.x { 1.0 } else { 0.0 }
    }

    fn mean(&self) -> Option<f64> {
        Some(self.x)
    }

    fn variance(&self) -> Option<f64> {
        Some(0.0)
    }

    fn support(&self) -> (f64, f64) {
        (self.x, self.x)
    }

    fn point_from(&self, x: f64) -> f64 {
        if x <= self.x { self.x } else { f64::INFINITY }
    }

    fn point_until(&self, x: f64) -> f64 {
        if x >= self.x { self.x } else { f64::NEG_INFINITY }
    }

    fn sums(&self, from: f64, to: f64, about: f64) -> Option<[f64; 3]> {
        let (inside, offset) = (from <= self.x && self.x <= to, self.x - about);
        Some(if inside { [1.0, offset, offset * offset] } else { [0.0; 3] })
    }

    fn is_discrete(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Constant;
    use crate::distribution::laws;

    laws!(super::Constant, [(0.0,), (-2.5,), (1e300,)]);

    #[test]
    fn infinity_is_refused() {
        assert_eq!(Constant::new(f64::INFINITY).unwrap_err().parameter, "x");
    }
}
