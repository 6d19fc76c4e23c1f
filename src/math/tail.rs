//! The signed tail: one number for a position in (0, 1) that keeps full precision at both ends.
//!
//! A position u is stored as t = u where u < ½ and as t = −(1 − u) otherwise: the magnitude is the smaller tail
//! probability, the sign says which tail. Quantile functions read both tail probabilities off it without loss.

use super::normal::{normal_quantile_tails, normal_sf};

/// u, the probability below.
#[inline(always)]
pub fn lower_of(tail: f64) -> f64 {
    if tail > 0.0 { tail } else { 1.0 + tail }
}

/// 1 − u, the probability above.
#[inline(always)]
pub fn upper_of(tail: f64) -> f64 {
    if tail > 0.0 { 1.0 - tail } else { -tail }
}

/// u as a fraction of 2³², rounded down: the rank the tornado sorts runs by.
#[inline(always)]
pub fn rank_of(tail: f64) -> u32 {
    // 1 + k·2⁻⁵² for u = (k + ½)·2⁻⁵²: the fraction bits of the sum are k, exactly; a copula's u is clamped into range.
    const HALF_STEP: f64 = f64::EPSILON / 2.0;
    let fraction = (lower_of(tail) - HALF_STEP).clamp(0.0, 1.0 - f64::EPSILON);
    ((1.0 + fraction).to_bits() >> 20) as u32
}

/// z with Φ(z) = u.
#[inline(always)]
pub fn normal_score(tail: f64) -> f64 {
    normal_quantile_tails(lower_of(tail), upper_of(tail))
}

/// The signed tail of Φ(z).
#[inline(always)]
pub fn tail_of_score(z: f64) -> f64 {
    let smaller = normal_sf(z.abs());
    if z < 0.0 { smaller } else { -smaller }
}
