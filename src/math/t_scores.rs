//! Normal scores of values of a t distribution: z with Φ(z) = T(t).

use super::{StudentTails, normal_quantile_tails};

/// Octaves of |t| with a polynomial, from 2^[`LEAST`] on.
const OCTAVES: usize = 36;
const LEAST: i32 = -6;
/// Interpolation points of an octave.
const POINTS: usize = 14;
/// Largest deviation accepted, a share of the score where that is above 1.
const TOLERANCE: f64 = 1e-9;
/// Places within an octave, 1 … 2, where the polynomials are checked.
const CHECKS: [f64; 5] = [1.0, 1.13, 1.5, 1.81, 1.999];

/// The map from t to its normal score, for ν degrees of freedom.
///
/// - Formula: an octave 2ᵏ ≤ |t| < 2ᵏ⁺¹ has the polynomial through 14 Chebyshev points; |t| below 2⁻⁶ and above 2³⁰, and
///   any |t| where a polynomial does not hold, is mapped by the functions themselves.
/// - Domain: any t; ν > 0 and finite.
/// - Accuracy: within 1e-9, or a relative 1e-9 where the score is above 1; checked at construction.
/// - Source: Trefethen (2013), Approximation Theory and Approximation Practice, theorem 8.2: the singularities at ±i√ν
///   lie outside a Bernstein ellipse of parameter 6 of every octave.
#[derive(Clone, Debug)]
pub struct TScores {
    tails: StudentTails,
    /// Coefficients by rising power of 2·place − 3, place from 1 to 2; none where the polynomial does not hold.
    octaves: Vec<Option<[f64; POINTS]>>,
}

impl TScores {
    /// For `df` degrees of freedom, above 0 and finite.
    pub fn new(df: f64) -> TScores {
        let tails = StudentTails::new(df);
        let octaves = (0..OCTAVES).map(|k| octave(&tails, libm::scalbn(1.0, LEAST + k as i32))).collect();
        TScores { tails, octaves }
    }

    /// The normal score of t.
    pub fn score(&self, t: f64) -> f64 {
        let size = t.abs();
        let exponent = (size.to_bits() >> 52) as i32 - 1023 - LEAST;
        let polynomial = usize::try_from(exponent).ok().and_then(|k| self.octaves.get(k)?.as_ref());
        let score = match polynomial {
            Some(coefficients) => {
                let place = f64::from_bits((size.to_bits() & ((1 << 52) - 1)) | 1f64.to_bits());
                evaluate(coefficients, 2.0 * place - 3.0)
            }
            None => direct(&self.tails, size),
        };
        score.copysign(t)
    }
}

/// The score of t ≥ 0 by the functions themselves.
fn direct(tails: &StudentTails, t: f64) -> f64 {
    if t == 0.0 {
        return 0.0;
    }
    let (beyond, within) = tails.tails(t);
    normal_quantile_tails(within, beyond)
}

/// The polynomial of the octave from `start` on, where it holds.
fn octave(tails: &StudentTails, start: f64) -> Option<[f64; POINTS]> {
    let f = |place: f64| direct(tails, start * place);
    let angle = |k: usize| std::f64::consts::PI * (k as f64 + 0.5) / POINTS as f64;
    let values: [f64; POINTS] = std::array::from_fn(|k| f(1.5 + 0.5 * libm::cos(angle(k))));
    let series: [f64; POINTS] = std::array::from_fn(|degree| {
        let terms = values.iter().enumerate().map(|(k, value)| value * libm::cos(degree as f64 * angle(k)));
        (if degree == 0 { 1.0 } else { 2.0 }) / POINTS as f64 * terms.sum::<f64>()
    });
    let coefficients = powers(&series);
    let holds = CHECKS.iter().all(|&place| {
        let exact = f(place);
        (evaluate(&coefficients, 2.0 * place - 3.0) - exact).abs() <= TOLERANCE * exact.abs().max(1.0)
    });
    holds.then_some(coefficients)
}

/// Coefficients by rising power from those of Chebyshev polynomials.
fn powers(series: &[f64; POINTS]) -> [f64; POINTS] {
    let mut result = [0.0; POINTS];
    let (mut before, mut current) = ([0.0; POINTS], [0.0; POINTS]);
    current[0] = 1.0;
    for (degree, c) in series.iter().enumerate() {
        for (sum, term) in result.iter_mut().zip(current) {
            *sum += c * term;
        }
        // T₁ = x T₀, then Tₖ₊₁ = 2x Tₖ − Tₖ₋₁.
        let factor = if degree == 0 { 1.0 } else { 2.0 };
        let mut next = before.map(|term| -term);
        for power in 1..POINTS {
            next[power] += factor * current[power - 1];
        }
        (before, current) = (current, next);
    }
    result
}

fn evaluate(coefficients: &[f64; POINTS], x: f64) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polynomials_hold_between_their_points() {
        for df in [0.3, 1.0, 2.5, 4.0, 30.0, 1e4, 1e9] {
            let scores = TScores::new(df);
            let mut polynomials = 0;
            for k in 0..4_000 {
                let t = libm::exp2(f64::from(k) * 0.009 - 8.0);
                let (got, exact) = (scores.score(t), direct(&scores.tails, t));
                // Far out the normal law has no number left.
                assert!(
                    got == exact || (got - exact).abs() <= 3.0 * TOLERANCE * exact.abs().max(1.0),
                    "{df} {t} {got} {exact}"
                );
                assert_eq!(scores.score(-t), -got);
                polynomials += u32::from(got != exact);
            }
            assert!(polynomials > 400, "{df}: {polynomials}");
        }
    }

    #[test]
    fn many_degrees_of_freedom_are_the_normal_law() {
        let scores = TScores::new(1e9);
        for t in [0.0, 1e-3, 0.7, 3.0, 5.0] {
            assert!((scores.score(t) - t).abs() < 1e-7, "{t}");
        }
    }
}
