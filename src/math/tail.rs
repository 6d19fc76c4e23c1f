//! Positions in (0, 1): words, and signed tails that keep full precision at both ends.
//!
//! A word is a position u as a fraction of 2³², rounded down, and stands for the middle of its step. The signed tail of
//! u is t = u where u < ½ and t = −(1 − u) otherwise: the magnitude is the smaller tail probability, the sign says
//! which tail. Quantile functions read both tail probabilities off it without loss.

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

/// Words whose smaller tail is below this many steps of 2⁻³² are continued: their tail carries all digits of f64.
pub const DEEP: u32 = 1 << 15;

/// Position u as a fraction of 2³², rounded down. A copula's u is clamped into range.
#[inline(always)]
pub fn word_of_tail(tail: f64) -> u32 {
    let fraction = lower_of(tail).clamp(0.0, 1.0 - f64::EPSILON);
    ((1.0 + fraction).to_bits() >> 20) as u32
}

/// u − ½ at the middle of a word's step, exactly.
#[inline(always)]
pub fn centre_of_word(word: u32) -> f64 {
    (f64::from((word ^ 0x8000_0000) as i32) + 0.5) * STEP
}

/// Signed tail at the middle of a word's step, exactly.
#[inline(always)]
pub fn tail_of_word(word: u32) -> f64 {
    let centre = centre_of_word(word);
    if centre < 0.0 { centre + 0.5 } else { centre - 0.5 }
}

/// Distance of a word from the nearer end, in steps: the smaller tail is this and a half, times 2⁻³².
#[inline(always)]
pub fn depth_of_word(word: u32) -> u32 {
    word ^ ((word as i32 >> 31) as u32)
}

/// Signed tail of a word continued by 64 more bits.
pub fn continued_tail(word: u32, bits: u64) -> f64 {
    // 53 bits and a half: never 0, and with any word below `DEEP` never rounded to a whole step.
    let fraction = ((bits >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0;
    let smaller = (f64::from(depth_of_word(word)) + fraction) * STEP;
    if word < 0x8000_0000 { smaller } else { -smaller }
}

/// 2⁻³².
const STEP: f64 = 1.0 / 4_294_967_296.0;

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_tails_and_positions_agree() {
        for word in [0, 1, DEEP - 1, DEEP, 1 << 30, (1 << 31) - 1, 1 << 31, 3 << 30, u32::MAX - 1, u32::MAX] {
            let tail = tail_of_word(word);
            assert_eq!(lower_of(tail), (f64::from(word) + 0.5) * STEP, "{word}");
            assert_eq!(tail.abs(), (f64::from(depth_of_word(word)) + 0.5) * STEP, "{word}");
            assert_eq!(word_of_tail(tail), word);
            assert_eq!(centre_of_word(word), lower_of(tail) - 0.5);
        }
    }

    #[test]
    fn a_continued_tail_stays_inside_its_step_and_keeps_every_digit() {
        for word in [0, 1, DEEP - 1, u32::MAX, u32::MAX - 1, u32::MAX - DEEP + 1] {
            let (least, most) = (continued_tail(word, 0).abs(), continued_tail(word, u64::MAX).abs());
            let edge = f64::from(depth_of_word(word)) * STEP;
            assert!(
                0.0 < least && edge <= least && least < edge * (1.0 + 1e-12) + 1e-25,
                "{word}: {least:e}"
            );
            assert!(edge < most && most <= edge + STEP, "{word}: {most:e}");
            assert_eq!(continued_tail(word, 0).is_sign_negative(), word >= 1 << 31);
        }
    }
}
