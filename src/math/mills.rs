//! Mills' ratio of the standard normal law: a tail in units of its density, which neither underflows nor cancels.

use super::exp::exp;
use super::normal::tail_without_exponential;
use super::tail_quadrature::GAUSS_LEGENDRE;

/// √(2π)
const ROOT_TWO_PI: f64 = 2.506_628_274_631_000_2;

/// R(z) = (1 − Φ(z)) / φ(z).
///
/// - Formula: the polynomial of `normal_sf` up to 40, Σ (−1)ᵏ (2k − 1)!! z⁻²ᵏ⁻¹ beyond; √(2π) exp(½z²) − R(−z) below 0.
/// - Domain: z ≥ −37; infinite below about −38.
/// - Accuracy: relative error ≤ 4e-15 for 0 ≤ z ≤ 1e9; held by `tests::the_ratio_is_met`.
/// - Source: Abramowitz and Stegun (1964), 26.2.12.
pub fn mills_ratio(z: f64) -> f64 {
    if z < 0.0 {
        return ROOT_TWO_PI * exp(0.5 * z * z) - mills_ratio(-z);
    }
    if z <= 40.0 {
        return ROOT_TWO_PI * tail_without_exponential(z);
    }
    let square = 1.0 / z / z;
    let series = (1..=7).rev().fold(1.0, |sum, k| 1.0 - f64::from(2 * k - 1) * square * sum);
    series / z
}

/// R(z) − R(z + `gap`) of [`mills_ratio`] for `gap` ≥ 0, without cancellation.
///
/// - Formula: the difference where it keeps half of R(z), else ∫ (1 − e^(−gap·s)) e^(−z s − ½s²) ds from 0 to ∞ by
///   Gauss–Legendre in two parts.
/// - Domain: −10 ≤ z.
/// - Accuracy: relative error ≤ 1e-14; held by `tests::differences_keep_their_digits`.
pub fn mills_difference(z: f64, gap: f64) -> f64 {
    let (near, far) = (mills_ratio(z), mills_ratio(z + gap));
    if far < 0.5 * near {
        return near - far;
    }
    let root = (z * z + 80.0).sqrt();
    let length = if z > 0.0 { 80.0 / (z + root) } else { root - z };
    let integrand = |s: f64| -libm::expm1(-gap * s) * libm::exp(-s * (z + 0.5 * s));
    let panel = |from: f64, to: f64| {
        let (centre, half) = (0.5 * (from + to), 0.5 * (to - from));
        let pairs = GAUSS_LEGENDRE.iter();
        half * pairs
            .map(|&(x, w)| w * (integrand(centre - half * x) + integrand(centre + half * x)))
            .sum::<f64>()
    };
    panel(0.0, 0.25 * length) + panel(0.25 * length, length)
}

#[cfg(test)]
mod tests {
    use super::{mills_difference, mills_ratio};

    #[test]
    fn the_ratio_is_met() {
        for (z, expected) in MILLS_RATIO {
            assert!((mills_ratio(z) / expected - 1.0).abs() <= 4e-15, "{z}: {}", mills_ratio(z));
        }
        assert_eq!(mills_ratio(f64::INFINITY), 0.0);
    }

    #[test]
    fn differences_keep_their_digits() {
        for (z, gap, expected) in MILLS_DIFFERENCE {
            let found = mills_difference(z, gap);
            assert!((found / expected - 1.0).abs() <= 1e-14, "{z} + {gap}: {found}");
        }
    }

    /// By mpmath 1.3.0 with 60 digits.
    const MILLS_RATIO: [(f64, f64); 12] = [
        (-3.0, 225.33489622034912),
        (-0.5, 1.9640174953579939),
        (0.0, 1.2533141373155003),
        (0.3, 1.0018374009921558),
        (1.0, 0.6556795424187984),
        (5.0, 0.19280810471531576),
        (20.0, 0.04987592598183679),
        (39.9, 0.02504694343880086),
        (40.1, 0.024922176308161615),
        (60.0, 0.016662040889713754),
        (1000.0, 0.0009999990000029999),
        (1000000000.0, 1e-09),
    ];

    const MILLS_DIFFERENCE: [(f64, f64, f64); 14] = [
        (-3.0, 0.1, 57.652619785607534),
        (-0.6, 1.3, 1.403057226716621),
        (-0.01, 0.02, 0.020000666680000192),
        (0.0, 1e-09, 9.99999999373343e-10),
        (0.0, 0.7, 0.47842028853610963),
        (0.0, 3.0, 0.948723838605397),
        (1.0, 1e-06, 3.44320301901722e-07),
        (6.0, 0.001, 2.5730048496671705e-05),
        (6.0, 4.0, 0.06334906442513553),
        (37.0, 1e-09, 7.288652902319096e-13),
        (37.0, 1.0, 0.0007097249908753717),
        (45.0, 20.0, 0.0068302878649677675),
        (300.0, 0.5, 5.546127143342087e-06),
        (1000.0, 1e-06, 9.999969990150059e-13),
    ];
}
