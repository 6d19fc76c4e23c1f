//! What the Euler–Maclaurin formula adds to an integral to make it a sum.

/// B₂ᵢ / (2i)! for i = 1, 2, …: DLMF 24.2.1.
const COEFFICIENTS: [f64; 10] = [
    1.0 / 12.0,
    -1.0 / 720.0,
    1.0 / 30_240.0,
    -1.0 / 1_209_600.0,
    1.0 / 47_900_160.0,
    -691.0 / 1_307_674_368_000.0,
    1.0 / 74_724_249_600.0,
    -3_617.0 / 10_670_622_842_880_000.0,
    43_867.0 / 5_109_094_217_170_944_000.0,
    -174_611.0 / 802_857_662_698_291_200_000.0,
];

/// Where sums begin to be replaced by integrals: from here on ten corrections have all digits of f64.
pub(super) const START: f64 = 16.0;

/// −Σ B₂ᵢ / (2i)! f⁽²ⁱ⁻¹⁾(x) / f(x) for f(x) = x⁻ˢ, from x ≥ s + [`START`].
///
/// Source: DLMF 2.10.1.
pub(super) fn of_power(s: f64, x: f64) -> f64 {
    let (mut sum, mut derivative) = (0.0, s / x);
    for (i, coefficient) in COEFFICIENTS.iter().enumerate() {
        sum += coefficient * derivative;
        let order = (2 * i + 1) as f64;
        derivative *= (s + order) / x * ((s + order + 1.0) / x);
    }
    sum
}

/// −Σ B₂ᵢ / (2i)! f⁽²ⁱ⁻¹⁾(x) / f(x) for f(x) = e⁻ˢˣ / x, 0 < s ≤ 0.7, x ≥ [`START`].
///
/// The derivatives follow f⁽ⁿ⁾ = −(n f⁽ⁿ⁻¹⁾ + (−s)ⁿ f x) / x with the sign (−1)ⁿ taken out.
/// Source: DLMF 2.10.1.
pub(super) fn of_exponential(s: f64, x: f64) -> f64 {
    let (mut sum, mut derivative, mut power) = (0.0, 1.0, 1.0);
    for order in 1..2 * COEFFICIENTS.len() {
        power *= s;
        derivative = derivative * order as f64 / x + power;
        if order % 2 == 1 {
            sum += COEFFICIENTS[order / 2] * derivative;
        }
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::{START, of_exponential, of_power};

    /// f(x) + … + f(y − 1) less the integral, half the ends and the corrections, as a share of f(x).
    fn left_over(f: impl Fn(f64) -> f64, integral: f64, x: f64, y: f64, corrections: (f64, f64)) -> f64 {
        let sum: f64 = (x as u32..y as u32).map(|k| f(f64::from(k))).sum();
        (sum - integral - f(x) * (0.5 + corrections.0) + f(y) * (0.5 + corrections.1)) / f(x)
    }

    #[test]
    fn sums_of_powers_are_their_integrals_and_corrections() {
        for s in [-2.0, 0.0, 0.5, 2.0, 9.0, 40.0] {
            let (x, y) = (START + f64::max(s, 0.0).ceil(), 90.0);
            let integral = (libm::pow(x, 1.0 - s) - libm::pow(y, 1.0 - s)) / (s - 1.0);
            let corrections = (of_power(s, x), of_power(s, y));
            let error = left_over(|k| libm::pow(k, -s), integral, x, y, corrections);
            assert!(error.abs() < 1e-12, "s {s}: {error:e}");
        }
    }

    #[test]
    fn corrections_of_neighbouring_starts_differ_by_one_term() {
        for s in [1e-6, 0.1, 0.7] {
            let f = |k: f64| libm::exp(-s * k) / k;
            let rest = |x: f64| f(x) * (0.5 + of_exponential(s, x));
            let (x, y) = (40.0, 41.0);
            let middle: f64 = (0..2000).map(|i| f(x + (f64::from(i) + 0.5) / 2000.0) / 2000.0).sum();
            assert!((rest(x) - rest(y) + middle - f(x)).abs() < 1e-8 * f(x), "s {s}");
        }
    }
}
