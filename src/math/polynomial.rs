//! Evaluation of polynomials.

/// Polynomial with the coefficients `c`, constant first, at `x`, by Horner's rule.
#[inline(always)]
pub(super) fn horner<const N: usize>(c: &[f64; N], x: f64) -> f64 {
    let mut sum = c[N - 1];
    for k in (0..N - 1).rev() {
        sum = sum * x + c[k];
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::horner;

    #[test]
    fn the_constant_coefficient_comes_first() {
        assert_eq!(horner(&[1.0, 2.0, 3.0], 10.0), 321.0);
    }
}
