//! A quantile function as piecewise polynomials in the smaller tail probability.
//!
//! Each octave [2⁻ᵏ⁻¹, 2⁻ᵏ) of either tail is cut into quarters, each with its Chebyshev interpolant. Within a quarter
//! an analytic quantile function with a singularity at probability 0 (every tail of a beta, gamma or t law)
//! has a Bernstein ellipse of parameter ρ ≥ 17.9, so nine coefficients reach about 17.9⁻⁹ = 5·10⁻¹² of its variation
//! (Trefethen 2013, Approximation Theory and Approximation Practice, theorem 8.2). The bound is not taken on trust: a
//! table is accepted only if it agrees with the quantile function between its nodes. Tails beyond 2⁻¹⁶ are computed
//! by the quantile function itself.

use crate::distribution::{Family, Law};
use crate::math::simd::vectorised;
use crate::sampling::{lower_of, upper_of};

/// Tail probabilities below this go to the quantile function.
const DIRECT_BELOW: f64 = 1.0 / 65_536.0;
/// Octaves from there to ½.
const OCTAVES: usize = 15;
const QUARTERS: usize = 4;
/// Segments of one side, rounded up to a power of two so that an index can be masked.
const SIDE: usize = 64;
const COEFFICIENTS: usize = 9;
/// Largest deviation accepted, as a share of the law's interquartile range (plus of the value itself).
pub const TOLERANCE: f64 = 2e-11;

/// Coefficients of degree 0 … 8 in the place within the segment, −½ … ½; lower side first, then the upper.
#[derive(Clone, Debug)]
pub struct QuantileTable {
    coefficients: Box<[[f64; 2 * SIDE]; COEFFICIENTS]>,
    /// Largest deviation found by the check, in units of the interquartile range.
    pub deviation: f64,
}

impl QuantileTable {
    /// Builds and checks the table; `None` where the polynomials are not good enough.
    pub fn new(law: &Law) -> Option<QuantileTable> {
        let mut table =
            QuantileTable { coefficients: Box::new([[0.0; 2 * SIDE]; COEFFICIENTS]), deviation: 0.0 };
        let spread = law.quantile(0.75) - law.quantile(0.25);
        for upper in [false, true] {
            let inverse = |p: f64| if upper { law.upper_quantile(p) } else { law.quantile(p) };
            for segment in 0..OCTAVES * QUARTERS {
                let start = libm::scalbn(
                    1.0 + (segment % QUARTERS) as f64 / QUARTERS as f64,
                    (segment / QUARTERS) as i32 - 16,
                );
                let width = libm::scalbn(1.0 / QUARTERS as f64, (segment / QUARTERS) as i32 - 16);
                let at = |place: f64| inverse(start + width * (place + 0.5));
                let polynomial = interpolate(at);
                for place in [-0.5, -0.46, -0.22, 0.03, 0.31, 0.48] {
                    let exact = at(place);
                    let error = (evaluate(&polynomial, place) - exact).abs();
                    if error.is_nan() || error > TOLERANCE * (spread + exact.abs()) {
                        return None;
                    }
                    table.deviation = table.deviation.max(error / spread);
                }
                let column = usize::from(upper) * SIDE + segment;
                for (row, c) in table.coefficients.iter_mut().zip(polynomial) {
                    row[column] = c;
                }
            }
        }
        Some(table)
    }

    /// Values at these signed tails.
    pub fn fill(&self, law: &Law, tails: &[f64], values: &mut [f64]) {
        fill_polynomials(&self.coefficients, tails, values);
        for (value, &tail) in values.iter_mut().zip(tails) {
            if tail.abs() < DIRECT_BELOW {
                *value = law.inverse(lower_of(tail), upper_of(tail));
            }
        }
    }
}

vectorised! {
    fn fill_polynomials(coefficients: &[[f64; 2 * SIDE]; COEFFICIENTS], tails: &[f64], values: &mut [f64]) {
        // Position ½ itself belongs to the last segment; deep tails are replaced by the caller.
        const LAST: f64 = 0.5 - 5.6e-17;
        const FIRST_BITS: u64 = DIRECT_BELOW.to_bits() >> 50;
        for (value, &tail) in values.iter_mut().zip(tails) {
            let p = tail.abs();
            let p = if p > LAST { LAST } else { p };
            let p = if p < DIRECT_BELOW { DIRECT_BELOW } else { p };
            let bits = p.to_bits();
            let side = (tail.to_bits() >> 63) << 6;
            let column = (((bits >> 50) - FIRST_BITS + side) as usize) & (2 * SIDE - 1);
            // The 50 bits below the quarter, as a number in [1, 2), less 1½.
            let place = f64::from_bits(((bits << 2) & 0x000F_FFFF_FFFF_FFFF) | 0x3FF0_0000_0000_0000) - 1.5;
            let mut sum = coefficients[COEFFICIENTS - 1][column];
            let mut degree = COEFFICIENTS - 1;
            while degree > 0 {
                degree -= 1;
                sum = sum * place + coefficients[degree][column];
            }
            *value = sum;
        }
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
