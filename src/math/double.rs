//! Sums and products of two f64 with their rounding error, as an unevaluated pair (high, low).

/// The sum `a + b` and its rounding error, whatever the sizes of `a` and `b`.
///
/// - Source: Knuth (1998), The Art of Computer Programming 2, 3rd ed., section 4.2.2, theorem B.
#[inline(always)]
pub(crate) fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let b_part = sum - a;
    let a_part = sum - b_part;
    (sum, (a - a_part) + (b - b_part))
}

/// The sum `a + b` and its rounding error, where |`a`| ≥ |`b`| or `a` = 0.
///
/// - Source: Dekker (1971), Numerische Mathematik 18, 224–242, doi:10.1007/BF01397083.
#[inline(always)]
pub(super) fn fast_two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    (sum, b - (sum - a))
}

/// The product `a · b` and its rounding error, for sizes below 2⁹⁹⁵ and results above 2⁻⁹⁶⁰.
///
/// - Formula: both factors are cut into halves of 26 bits (Veltkamp), whose products are exact.
/// - Source: Dekker (1971), Numerische Mathematik 18, 224–242, doi:10.1007/BF01397083.
#[inline(always)]
pub(crate) fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    let (a_high, a_low) = split(a);
    let (b_high, b_low) = split(b);
    let error = ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low;
    (product, error)
}

/// How a product and its rounding error are found; both ways give the same bits, as the error is exact.
pub trait Product {
    /// The product `a · b` and its rounding error, for sizes below 2⁹⁹⁵ and results above 2⁻⁹⁶⁰.
    fn two(a: f64, b: f64) -> (f64, f64);
}

/// By halves of the factors, on any processor.
#[derive(Clone, Copy, Debug)]
pub struct Split;

/// By the fused operation of the processor, for loops compiled for one that has it: elsewhere it is slow.
///
/// - Source: Ogita, Rump & Oishi (2005), Accurate sum and dot product, SIAM Journal on Scientific Computing 26(6),
///   algorithm 3.5, doi:10.1137/030601818.
#[derive(Clone, Copy, Debug)]
pub struct Fused;

impl Product for Split {
    #[inline(always)]
    fn two(a: f64, b: f64) -> (f64, f64) {
        two_product(a, b)
    }
}

impl Product for Fused {
    #[inline(always)]
    #[allow(clippy::disallowed_methods, reason = "exact, and so the same wherever it is computed")]
    fn two(a: f64, b: f64) -> (f64, f64) {
        let product = a * b;
        (product, a.mul_add(b, -product))
    }
}

/// 2²⁷ + 1, the factor of Veltkamp's split.
const SPLITTER: f64 = 134_217_729.0;

/// `a` as a sum of two numbers of at most 26 bits each.
#[inline(always)]
pub(super) fn split(a: f64) -> (f64, f64) {
    let scaled = SPLITTER * a;
    let high = scaled - (scaled - a);
    (high, a - high)
}

#[cfg(test)]
mod tests {
    use super::{fast_two_sum, two_product, two_sum};

    #[test]
    fn a_sum_keeps_what_rounding_drops() {
        assert_eq!(two_sum(1.0, 1e-30), (1.0, 1e-30));
        assert_eq!(two_sum(1e-30, 1.0), (1.0, 1e-30));
        assert_eq!(fast_two_sum(1.0, 1e-30), (1.0, 1e-30));
    }

    #[test]
    fn a_product_keeps_what_rounding_drops() {
        let step = 1.0 / 1_073_741_824.0;
        assert_eq!(two_product(1.0 + step, 1.0 + step), (1.0 + 2.0 * step, step * step));
    }
}
