//! Logarithm of the gamma function and its relatives.

use super::polynomial::horner;

/// ln Γ(x) for x > 0.
///
/// - Formula: power series about 2 on [0.5, 2.5], Γ(x + 1) = x Γ(x) below and up to 10, Stirling's series
///   from 10 on.
/// - Domain: x > 0, no unit; NaN for x < 0 and NaN, ∞ at 0.
/// - Accuracy: relative error ≤ 1e-15 on [1e-300, 1e300], also beside the zeros at 1 and 2; held by
///   `tests::ln_gamma_agrees_with_fifty_digits`.
/// - Source: DLMF 5.7.3, 5.5.1, 5.11.1, <https://dlmf.nist.gov/5>.
pub fn ln_gamma(x: f64) -> f64 {
    if x >= STIRLING_FROM {
        (x - 0.5) * (libm::log(x) - 1.0) + (HALF_LN_2_PI - 0.5) + stirling_series(x)
    } else if x > 2.5 {
        let (mut rest, mut product) = (x, 1.0);
        while rest > 2.5 {
            rest -= 1.0;
            product *= rest;
        }
        ln_gamma_2p(rest - 2.0) + libm::log(product)
    } else if x >= 1.5 {
        ln_gamma_2p(x - 2.0)
    } else if x > 0.5 {
        ln_gamma_2p(x - 1.0) - libm::log1p(x - 1.0)
    } else if x >= 0.0 {
        ln_gamma_1p(x) - libm::log(x)
    } else {
        f64::NAN
    }
}

/// ln Γ(1 + x) for x > −½, with the digits of a small x.
///
/// - Formula: ln Γ(2 + x) − ln(1 + x) for |x| ≤ ½, ln Γ of the sum otherwise.
/// - Domain: x ≥ −½. Accuracy: relative error ≤ 1e-15; held by `tests::ln_gamma_agrees_with_fifty_digits`.
/// - Source: DLMF 5.7.3.
pub fn ln_gamma_1p(x: f64) -> f64 {
    if x.abs() <= 0.5 { ln_gamma_2p(x) - libm::log1p(x) } else { ln_gamma(1.0 + x) }
}

/// ln B(a, b) = ln Γ(a) + ln Γ(b) − ln Γ(a + b).
///
/// - Formula: the leading terms of Stirling's formula cancelled by hand, ln B = −a ln(n/a) − b ln(n/b) − ½
///   ln(a b / (2π n)) + δ(a) + δ(b) − δ(n), n = a + b, with δ of [`stirling_remainder`].
/// - Domain: a, b > 0. Accuracy: absolute error ≤ 4e-16 · (1 + |ln B|); held by
///   `tests::ln_beta_keeps_its_digits`.
/// - Source: Loader (2000), Fast and Accurate Computation of Binomial Probabilities.
pub fn ln_beta(a: f64, b: f64) -> f64 {
    let (small, large) = (a.min(b), a.max(b));
    let total = a + b;
    let leading = -small * libm::log(total / small) - large * libm::log1p(small / large);
    let remainder = stirling_remainder(small) + (stirling_remainder(large) - stirling_remainder(total));
    leading + remainder + HALF_LN_2_PI - 0.5 * libm::log(small) - 0.5 * libm::log(large / total)
}

/// What Stirling's formula leaves: δ(x) = ln Γ(x) − (x − ½) ln x + x − ½ ln 2π.
///
/// - Formula: the asymptotic series from 10 on, the definition below.
/// - Domain: x > 0. Accuracy: absolute error ≤ 1e-16 from 10 on, ≤ 8e-15 below; held by
///   `tests::stirling_remainder_agrees_with_fifty_digits`.
/// - Source: DLMF 5.11.1; Loader (2000) for its use.
pub fn stirling_remainder(x: f64) -> f64 {
    if x >= STIRLING_FROM {
        stirling_series(x)
    } else {
        ln_gamma(x) - ((x - 0.5) * libm::log(x) - x + HALF_LN_2_PI)
    }
}

const STIRLING_FROM: f64 = 10.0;

/// ½ ln 2π.
const HALF_LN_2_PI: f64 = 0.9189385332046727;

/// B₂ₖ / (2k (2k − 1)), k = 1, 2, …: DLMF 5.11.1.
const STIRLING: [f64; 9] = [
    1.0 / 12.0,
    -1.0 / 360.0,
    1.0 / 1260.0,
    -1.0 / 1680.0,
    1.0 / 1188.0,
    -691.0 / 360360.0,
    1.0 / 156.0,
    -3617.0 / 122400.0,
    43867.0 / 244188.0,
];

fn stirling_series(x: f64) -> f64 {
    let inverse = 1.0 / x;
    let square = inverse * inverse;
    horner(&STIRLING, square) * inverse
}

/// 1 − γ.
const ONE_MINUS_EULER: f64 = 0.42278433509846713;

/// (−1)ᵏ (ζ(k) − 1) / k, k = 2, 3, …; printed by `tests/reference/special.py coefficients`.
const ZETA: [f64; 29] = [
    0.3224670334241132,
    -0.0673523010531981,
    0.020580808427784546,
    -0.007385551028673986,
    0.0028905103307415234,
    -0.001192753911703261,
    0.0005096695247430425,
    -0.00022315475845357939,
    9.945751278180853e-05,
    -4.492623673813314e-05,
    2.050721277567069e-05,
    -9.439488275268397e-06,
    4.374866789907488e-06,
    -2.039215753801366e-06,
    9.55141213040742e-07,
    -4.492469198764566e-07,
    2.1207184805554665e-07,
    -1.0043224823968099e-07,
    4.7698101693639804e-08,
    -2.2711094608943164e-08,
    1.0838659214896955e-08,
    -5.183475041970047e-09,
    2.4836745438024785e-09,
    -1.1921401405860912e-09,
    5.731367241678862e-10,
    -2.7595228851242334e-10,
    1.330476437424449e-10,
    -6.4229645638381e-11,
    3.1044247747322276e-11,
];

/// ln Γ(2 + x), |x| ≤ ½, by its power series.
fn ln_gamma_2p(x: f64) -> f64 {
    x * (ONE_MINUS_EULER + x * horner(&ZETA, x))
}

#[cfg(test)]
pub(super) mod tests {
    use super::{ln_beta, ln_gamma, ln_gamma_1p, stirling_remainder};

    /// Rows (x, y, value) of a function in `tests/reference/helpers.csv`.
    pub(in crate::math) fn rows(function: &'static str) -> impl Iterator<Item = (f64, f64, f64)> {
        let file = include_str!("../../tests/reference/helpers.csv");
        file.lines().filter_map(move |line| {
            let mut fields =
                line.strip_prefix(function)?.strip_prefix(',')?.split(',').map(|f| f.parse().unwrap());
            Some((fields.next()?, fields.next()?, fields.next()?))
        })
    }

    /// Largest of `error(found, expected)` with its arguments, over at least ten rows.
    pub(in crate::math) fn largest(
        function: &'static str,
        f: impl Fn(f64, f64) -> f64,
        error: fn(f64, f64) -> f64,
    ) -> f64 {
        let errors: Vec<f64> = rows(function).map(|(x, y, expected)| error(f(x, y), expected)).collect();
        assert!(errors.len() >= 10 && errors.iter().all(|error| error.is_finite()), "{function}: {errors:?}");
        errors.into_iter().fold(0.0, f64::max)
    }

    pub(in crate::math) fn relative(found: f64, expected: f64) -> f64 {
        ((found - expected) / expected).abs()
    }

    #[test]
    fn ln_gamma_agrees_with_fifty_digits() {
        let worst = largest("ln_gamma", |x, _| ln_gamma(x), relative);
        assert!(worst <= 1e-15, "{worst:e}");
        let worst = largest("ln_gamma_1p", |x, _| ln_gamma_1p(x), relative);
        assert!(worst <= 1e-15, "{worst:e}");
        assert_eq!((ln_gamma(1.0), ln_gamma(2.0), ln_gamma(0.0)), (0.0, 0.0, f64::INFINITY));
        assert!(ln_gamma(-0.5).is_nan() && ln_gamma(f64::NAN).is_nan());
    }

    #[test]
    fn ln_beta_keeps_its_digits() {
        let worst =
            largest("ln_beta", ln_beta, |found, expected| (found - expected).abs() / (1.0 + expected.abs()));
        assert!(worst <= 4e-16, "{worst:e}");
    }

    #[test]
    fn stirling_remainder_agrees_with_fifty_digits() {
        for (x, _, expected) in rows("stirling_remainder") {
            let bound = if x >= 10.0 { 1e-16 } else { 8e-15 };
            let error = (stirling_remainder(x) - expected).abs();
            assert!(error <= bound, "{error:e} at {x}");
        }
    }
}
