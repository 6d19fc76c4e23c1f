//! The standard normal law: quantile, both tails, density.

use super::double::split;
use super::exp::exp_pair;
use super::ln::ln;
use super::polynomial::horner;

// AS 241, PPND16, constant coefficient first
const CENTRE_NUMERATOR: [f64; 8] = [
    3.3871328727963665,
    133.14166789178438,
    1971.5909503065513,
    13731.69376550946,
    45921.95393154987,
    67265.7709270087,
    33430.57558358813,
    2509.0809287301227,
];

const CENTRE_DENOMINATOR: [f64; 8] = [
    1.0,
    42.31333070160091,
    687.1870074920579,
    5394.196021424751,
    21213.794301586597,
    39307.89580009271,
    28729.085735721943,
    5226.495278852854,
];

const NEAR_NUMERATOR: [f64; 8] = [
    1.4234371107496835,
    4.630337846156546,
    5.769497221460691,
    3.6478483247632045,
    1.2704582524523684,
    0.2417807251774506,
    0.022723844989269184,
    0.0007745450142783414,
];

const NEAR_DENOMINATOR: [f64; 8] = [
    1.0,
    2.053191626637759,
    1.6763848301838038,
    0.6897673349851,
    0.14810397642748008,
    0.015198666563616457,
    0.0005475938084995345,
    1.0507500716444169e-09,
];

const FAR_NUMERATOR: [f64; 8] = [
    6.657904643501103,
    5.463784911164114,
    1.7848265399172913,
    0.29656057182850487,
    0.026532189526576124,
    0.0012426609473880784,
    2.7115555687434876e-05,
    2.0103343992922881e-07,
];

const FAR_DENOMINATOR: [f64; 8] = [
    1.0,
    0.599832206555888,
    0.1369298809227358,
    0.014875361290850615,
    0.0007868691311456133,
    1.8463183175100548e-05,
    1.421511758316446e-07,
    2.0442631033899397e-15,
];

/// The z with Φ(z) = `lower`, where `upper` = 1 − `lower` is given as well.
///
/// - Formula: q = `lower` − ½ times a rational in q² for |q| ≤ 0.425; beyond, a rational in r = √(−ln p), p the
///   smaller of the two, with other coefficients for r > 5. All three are computed and one is selected.
/// - Domain: 0 < `lower`, `upper` < 1, no unit. 0 and 1 give infinities.
/// - Accuracy: error ≤ 6 ulp for p from 2⁻¹⁰⁰⁰; held by `tests::error_bound`.
/// - Source: Wichura (1988), AS 241 (PPND16), Applied Statistics 37(3), 477–484, doi:10.2307/2347330.
#[inline(always)]
pub fn normal_quantile_tails(lower: f64, upper: f64) -> f64 {
    let below = lower < upper;
    let p = if below { lower } else { upper };
    let from_half = 0.5 - p;
    let central = from_half <= 0.425;
    let square = 0.180625 - from_half * from_half;
    let r = (-ln(p)).sqrt();
    let far = r > 5.0;
    let near_r = r - 1.6;
    let far_r = r - 5.0;
    let tail_numerator = if far { horner(&FAR_NUMERATOR, far_r) } else { horner(&NEAR_NUMERATOR, near_r) };
    let tail_denominator =
        if far { horner(&FAR_DENOMINATOR, far_r) } else { horner(&NEAR_DENOMINATOR, near_r) };
    let numerator = if central { from_half * horner(&CENTRE_NUMERATOR, square) } else { tail_numerator };
    let denominator = if central { horner(&CENTRE_DENOMINATOR, square) } else { tail_denominator };
    let size = numerator / denominator;
    let size = if p == 0.0 { f64::INFINITY } else { size };
    if below { -size } else { size }
}

/// Inverse of the standard normal cdf: the z with Φ(z) = u. See [`normal_quantile_tails`].
#[inline(always)]
pub fn normal_quantile(u: f64) -> f64 {
    normal_quantile_tails(u, 1.0 - u)
}

/// Standard normal cdf Φ(z), with full relative accuracy in the lower tail. See [`normal_sf`].
#[inline(always)]
pub fn normal_cdf(z: f64) -> f64 {
    normal_sf(-z)
}

// NORMAL_TAIL: degree 22 on [-1.0, 0.777778], relative error 6.22e-17
const NORMAL_TAIL: [f64; 23] = [
    0.769193049750063,
    -0.6653825028900567,
    0.4953056159699766,
    -0.31353315667130516,
    0.16502036617037502,
    -0.06911863870629469,
    0.02079506680009146,
    -0.002993376770649268,
    -0.0007978694007392487,
    0.000544899065037323,
    -5.937571381647131e-05,
    -4.9762810377903036e-05,
    1.6681160364586646e-05,
    3.980871285666973e-06,
    -2.7691457822822777e-06,
    -3.3651220434990697e-07,
    4.329837037415609e-07,
    4.209183333886914e-08,
    -6.58488684007974e-08,
    -9.144502081289173e-09,
    7.667236107202653e-09,
    1.6891057665153782e-09,
    -1.8073212078146044e-10,
];

/// Standard normal survival function 1 − Φ(z), with full relative accuracy in the upper tail.
///
/// - Formula: exp(−½z²) T(t) / (z + 5) for z ≥ 0, t = (z − 5) / (z + 5), T a polynomial of degree 22; z² to twice the
///   digits. One minus that of −z below 0.
/// - Domain: all z.
/// - Accuracy: error ≤ 6 ulp down to 1e-300; held by `tests::error_bound`.
/// - Source: the variable t of Schonfelder (1978), Mathematics of Computation 32, 1232–1240,
///   doi:10.1090/S0025-5718-1978-0494846-8; coefficients by `tests/reference/coefficients.py`.
#[inline(always)]
pub fn normal_sf(z: f64) -> f64 {
    let size = z.abs();
    let size = if size > 40.0 { 40.0 } else { size };
    let tail = exp_of_half_square(size) * tail_without_exponential(size);
    if z < 0.0 { 1.0 - tail } else { tail }
}

/// (1 − Φ(z)) exp(½z²) for 0 ≤ z ≤ 40.
#[inline(always)]
pub(super) fn tail_without_exponential(z: f64) -> f64 {
    let reciprocal = 1.0 / (z + 5.0);
    let t = (z - 5.0) * reciprocal;
    horner(&NORMAL_TAIL, t) * reciprocal
}

/// Standard normal density exp(−½z²) / √(2π).
///
/// - Accuracy: error ≤ 2 ulp on the reference points, |z| ≤ 37; held by `tests::error_bound`.
#[inline(always)]
pub fn normal_density(z: f64) -> f64 {
    /// 1 / √(2π)
    const ROOT: f64 = 0.398_942_280_401_432_7;
    let size = z.abs();
    ROOT * exp_of_half_square(if size > 40.0 { 40.0 } else { size })
}

/// exp(−½z²) for 0 ≤ z ≤ 40, with z² as a pair of f64: z = h + l, z² = h² + (z + h) l, h² exact.
#[inline(always)]
fn exp_of_half_square(z: f64) -> f64 {
    let (high, low) = split(z);
    exp_pair(-0.5 * (high * high), -0.5 * ((z + high) * low))
}

#[cfg(test)]
mod tests {
    use super::{normal_cdf, normal_density, normal_quantile, normal_quantile_tails, normal_sf};
    use crate::math::reference;

    #[test]
    fn error_bound() {
        reference::check("normal_quantile_tails", 6.0, normal_quantile_tails);
        reference::check("normal_quantile_tails", 6.0, |p, q| -normal_quantile_tails(q, p));
        reference::check("normal_cdf", 6.0, |z, _| normal_cdf(z));
        reference::check("normal_sf", 6.0, |z, _| normal_sf(z));
        reference::check("normal_density", 2.0, |z, _| normal_density(z));
    }

    #[test]
    fn the_ends_are_exact() {
        assert_eq!(normal_quantile(0.5), 0.0);
        assert_eq!(normal_quantile(0.0), f64::NEG_INFINITY);
        assert_eq!(normal_quantile(1.0), f64::INFINITY);
        assert!(normal_quantile(f64::NAN).is_nan());
        assert_eq!(normal_sf(f64::INFINITY), 0.0);
        assert_eq!(normal_sf(f64::NEG_INFINITY), 1.0);
        assert_eq!(normal_sf(0.0), 0.5);
        assert_eq!(normal_density(f64::INFINITY), 0.0);
        assert!(normal_sf(f64::NAN).is_nan() && normal_density(f64::NAN).is_nan());
    }

    #[test]
    fn pieces_of_the_quantile_join() {
        // Both sides of |q| = 0.425 and of r = 5 (p = e⁻²⁵): z must rise, and by no more than its slope allows.
        for p in [0.075, 1.388_794_386_496_402e-11] {
            let step = p * 1e-12;
            let rise = normal_quantile(p + step) - normal_quantile(p - step);
            let expected = 2.0 * step / normal_density(normal_quantile(p));
            assert!((rise - expected).abs() < 4e-15, "{rise} at {p}");
        }
    }
}
