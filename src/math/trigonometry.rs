//! Sine and cosine, from the `libm` crate.

/// Sine of `x` radians, as the `libm` crate computes it on every machine.
#[inline]
pub fn sin(x: f64) -> f64 {
    libm::sin(x)
}

/// Cosine of `x` radians, as the `libm` crate computes it on every machine.
#[inline]
pub fn cos(x: f64) -> f64 {
    libm::cos(x)
}

#[cfg(test)]
mod tests {
    use super::{cos, sin};

    #[test]
    fn squares_of_sine_and_cosine_add_to_one() {
        for k in -50..50 {
            let x = f64::from(k) * 0.37;
            assert!((sin(x) * sin(x) + cos(x) * cos(x) - 1.0).abs() <= 4.0 * f64::EPSILON, "x = {x}");
        }
        assert_eq!((sin(0.0), cos(0.0)), (0.0, 1.0));
    }
}
