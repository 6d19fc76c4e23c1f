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

/// The same in two interleaved halves, even and odd powers: half the waiting of a chain of dependent steps.
#[inline(always)]
pub(super) fn even_odd<const N: usize>(coefficients: &[f64; N], x: f64) -> f64 {
    let square = x * x;
    let (mut even, mut odd) = (0.0, 0.0);
    let mut power = N;
    while power > 0 {
        power -= 1;
        if power.is_multiple_of(2) {
            even = if power + 2 < N { even * square + coefficients[power] } else { coefficients[power] };
        } else {
            odd = if power + 2 < N { odd * square + coefficients[power] } else { coefficients[power] };
        }
    }
    even + x * odd
}

#[cfg(test)]
mod tests {
    use super::horner;

    #[test]
    fn the_constant_coefficient_comes_first() {
        assert_eq!(horner(&[1.0, 2.0, 3.0], 10.0), 321.0);
    }
}
