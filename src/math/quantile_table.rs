//! A quantile function as piecewise polynomials in the smaller tail probability.
//!
//! Each octave [2⁻ᵏ⁻¹, 2⁻ᵏ) of either tail is cut into eight parts, each with its Chebyshev interpolant. Within a part
//! an analytic quantile function with a singularity at probability 0 (every tail of a beta, gamma, t or normal law)
//! has a Bernstein ellipse of parameter ρ ≥ 33.9, so six coefficients reach about 33.9⁻⁶ = 7·10⁻¹⁰ of its size there
//! (Trefethen 2013, Approximation Theory and Approximation Practice, theorem 8.2). The bound is not taken on trust: a
//! table is accepted only if it agrees with the quantile function between its nodes. Tails beyond 2⁻¹⁶ are computed
//! by the quantile function itself.

use std::sync::OnceLock;

use super::normal_score;
use super::simd::vectorised;

/// Tail probabilities below this go to the quantile function.
const DIRECT_BELOW: f64 = 1.0 / 65_536.0;
/// Octaves from there to ½.
const OCTAVES: usize = 15;
const PARTS_LOG2: u32 = 3;
const PARTS: usize = 1 << PARTS_LOG2;
/// Segments of one side, rounded up to a power of two so that an index can be masked.
const SIDE: usize = 128;
const COEFFICIENTS: usize = 6;
/// Largest deviation accepted, as a share of the law's interquartile range or of the segment's own variation,
/// whichever is wider.
pub const TOLERANCE: f64 = 3e-8;

/// Coefficients of degree 0 … 5 in the place within the segment, −½ … ½; lower side first, then the upper.
#[derive(Clone, Debug)]
pub struct QuantileTable {
    coefficients: Box<[[f64; 2 * SIDE]; COEFFICIENTS]>,
    /// Largest deviation found by the check, as a share of the interquartile range or of the variation over
    /// the segment, whichever is wider.
    pub deviation: f64,
}

impl QuantileTable {
    /// Builds and checks the table of a quantile function of signed tails (see [`super::lower_of`]); `None` where the
    /// polynomials are not good enough.
    pub fn new(quantile: impl Fn(f64) -> f64) -> Option<QuantileTable> {
        let mut table =
            QuantileTable { coefficients: Box::new([[0.0; 2 * SIDE]; COEFFICIENTS]), deviation: 0.0 };
        let spread = quantile(-0.25) - quantile(0.25);
        for upper in [false, true] {
            let inverse = |p: f64| quantile(if upper { -p } else { p });
            let mut end = inverse(DIRECT_BELOW);
            for segment in 0..OCTAVES * PARTS {
                let octave = (segment / PARTS) as i32 - 16;
                let start = libm::scalbn(1.0 + (segment % PARTS) as f64 / PARTS as f64, octave);
                let width = libm::scalbn(1.0 / PARTS as f64, octave);
                let at = |place: f64| inverse(start + width * (place + 0.5));
                let polynomial = interpolate(at);
                let ends = [end, at(0.5)];
                end = ends[1];
                let scale = spread.max((ends[1] - ends[0]).abs());
                let checks = [(-0.5, ends[0]), (0.5, ends[1]), (0.14, at(0.14))];
                for (place, exact) in checks {
                    let error = (evaluate(&polynomial, place) - exact).abs();
                    // Rounding of a value far from zero is not the table's fault.
                    let excess = (error - 4.0 * f64::EPSILON * exact.abs()).max(0.0) / scale;
                    if excess.is_nan() || excess > TOLERANCE {
                        return None;
                    }
                    table.deviation = table.deviation.max(excess);
                }
                let column = usize::from(upper) * SIDE + segment;
                for (row, c) in table.coefficients.iter_mut().zip(polynomial) {
                    row[column] = c;
                }
            }
        }
        Some(table)
    }

    /// Values at these signed tails; `quantile` is the function the table was made from.
    pub fn fill(&self, quantile: impl Fn(f64) -> f64, tails: &[f64], values: &mut [f64]) {
        let mut deepest = 1.0;
        fill_polynomials(&self.coefficients, tails, values, &mut deepest);
        if deepest < DIRECT_BELOW {
            for (value, &tail) in values.iter_mut().zip(tails) {
                if tail.abs() < DIRECT_BELOW {
                    *value = quantile(tail);
                }
            }
        }
    }
}

/// Standard normal scores of signed tails: one table for every normal and every copula.
pub fn fill_scores(tails: &[f64], scores: &mut [f64]) {
    static TABLE: OnceLock<Option<QuantileTable>> = OnceLock::new();
    match TABLE.get_or_init(|| QuantileTable::new(normal_score)) {
        Some(table) => table.fill(normal_score, tails, scores),
        None => scores.iter_mut().zip(tails).for_each(|(score, &tail)| *score = normal_score(tail)),
    }
}

vectorised! {
    fn fill_polynomials(
        coefficients: &[[f64; 2 * SIDE]; COEFFICIENTS],
        tails: &[f64],
        values: &mut [f64],
        deepest: &mut f64,
    ) {
        // Position ½ itself belongs to the last segment; deep tails are replaced by the caller.
        const LAST: f64 = 0.5 - 5.6e-17;
        const SHIFT: u32 = 52 - PARTS_LOG2;
        const FIRST_BITS: u64 = DIRECT_BELOW.to_bits() >> SHIFT;
        let mut least = 1.0;
        for (value, &tail) in values.iter_mut().zip(tails) {
            let p = tail.abs();
            least = if p < least { p } else { least };
            let p = if p > LAST { LAST } else { p };
            let p = if p < DIRECT_BELOW { DIRECT_BELOW } else { p };
            let bits = p.to_bits();
            let side = (tail.to_bits() >> 63) * SIDE as u64;
            let column = (((bits >> SHIFT) - FIRST_BITS + side) as usize) & (2 * SIDE - 1);
            // The bits below the part, as a number in [1, 2), less 1½.
            let place =
                f64::from_bits(((bits << PARTS_LOG2) & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000) - 1.5;
            let mut sum = coefficients[COEFFICIENTS - 1][column];
            let mut degree = COEFFICIENTS - 1;
            while degree > 0 {
                degree -= 1;
                sum = sum * place + coefficients[degree][column];
            }
            *value = sum;
        }
        *deepest = least;
    }
}

/// Monomial coefficients of the interpolant at the Chebyshev points of [−½, ½].
fn interpolate(f: impl Fn(f64) -> f64) -> [f64; COEFFICIENTS] {
    const N: usize = COEFFICIENTS;
    let angle = |k: usize| std::f64::consts::PI * (k as f64 + 0.5) / N as f64;
    let values: [f64; N] = std::array::from_fn(|k| f(0.5 * libm::cos(angle(k))));
    // Chebyshev series by the discrete cosine transform, then its terms as polynomials in x = 2·place.
    let mut result = [0.0; N];
    let (mut before, mut current) = ([0.0; N], [0.0; N]);
    for degree in 0..N {
        let next: [f64; N] = std::array::from_fn(|power| match degree {
            0 => f64::from(power == 0),
            1 => f64::from(power == 1),
            _ => (if power == 0 { 0.0 } else { 2.0 * current[power - 1] }) - before[power],
        });
        before = current;
        current = next;
        let sum: f64 = (0..N).map(|k| values[k] * libm::cos(degree as f64 * angle(k))).sum();
        let weight = if degree == 0 { 1.0 } else { 2.0 } / N as f64 * sum;
        for (total, term) in result.iter_mut().zip(current) {
            *total += weight * term;
        }
    }
    let mut scale = 1.0;
    for c in &mut result {
        *c *= scale;
        scale *= 2.0;
    }
    result
}

fn evaluate(polynomial: &[f64; COEFFICIENTS], place: f64) -> f64 {
    polynomial.iter().rev().fold(0.0, |sum, c| sum * place + c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{lower_of, pow, upper_of};

    /// Signed tails from the deepest to ½ on both sides, between and on the edges of the segments.
    fn tails() -> Vec<f64> {
        let magnitudes = (0..16 * 64).map(|k| libm::exp2(-16.5 + f64::from(k) / 64.0)).filter(|p| *p <= 0.5);
        magnitudes.chain([0.5, libm::ldexp(1.0, -53), 0.25, 1e-300]).flat_map(|p| [p, -p]).collect()
    }

    #[test]
    fn tables_agree_with_their_laws_within_the_tolerance_everywhere() {
        // An end at 0 of a beta or gamma law of small shape, a Cauchy tail, a wide lognormal one.
        let power = |tail: f64| if tail > 0.0 { pow(tail, 2.5) } else { 2.0 - pow(-tail, 1.4) };
        let cauchy = |tail: f64| if tail > 0.0 { -1.0 / tail } else { -1.0 / tail + 1.0 };
        let lognormal = |tail: f64| crate::math::exp(1.0 + 1.5 * normal_score(tail));
        let quantiles: [&dyn Fn(f64) -> f64; 4] = [&normal_score, &power, &cauchy, &lognormal];
        for quantile in quantiles {
            let table = QuantileTable::new(quantile).expect("analytic on each side");
            let tails = tails();
            let mut values = vec![0.0; tails.len()];
            table.fill(quantile, &tails, &mut values);
            let spread = quantile(-0.25) - quantile(0.25);
            for (&tail, value) in tails.iter().zip(values) {
                let exact = quantile(tail);
                let bound = 2.0 * TOLERANCE * spread.max(0.2 * exact.abs());
                assert!((value - exact).abs() <= bound, "at {tail:e}: {value:e} for {exact:e}");
            }
        }
    }

    #[test]
    fn a_kink_between_the_nodes_is_refused() {
        assert!(QuantileTable::new(|tail: f64| (lower_of(tail) - 0.3).abs() + upper_of(tail)).is_none());
    }

    #[test]
    fn scores_are_those_of_the_quantile_function() {
        let tails = tails();
        let mut scores = vec![0.0; tails.len()];
        fill_scores(&tails, &mut scores);
        for (&tail, score) in tails.iter().zip(scores) {
            assert!((score - normal_score(tail)).abs() < 4e-9, "{tail:e}");
        }
    }
}
