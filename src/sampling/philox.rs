//! Counter-based uniforms: Philox4x32-10, keyed by the input, indexed by the run number.
//!
//! - Source: Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, SC '11,
//!   doi:10.1145/2063384.2063405; multipliers and key increments from its section 3.3 and the Random123 library.
//! - One call makes 128 bits, two uniforms: of 16 consecutive runs aligned at a multiple of 16, call k serves
//!   run k and run k + 8, so that eight calls fill two vectors of eight without interleaving.

use super::Key;
use crate::math::simd::vectorised;

/// Runs served by one group of calls; blocks start at multiples of it and have a multiple of it as length.
pub const LANES: usize = 16;
const HALF: usize = LANES / 2;

/// Domain of the quantile path, the fourth counter word. [`super::Stream`] uses others.
const QUANTILE_DOMAIN: u64 = 0;

const MULTIPLIER_0: u64 = 0xD251_1F53;
const MULTIPLIER_1: u64 = 0xCD9E_8D57;
const WEYL_0: u64 = 0x9E37_79B9;
const WEYL_1: u64 = 0xBB67_AE85;
const LOW: u64 = 0xFFFF_FFFF;

/// One Philox4x32-10 call: 128 bits from a counter and a key.
///
/// Words are 32-bit values held in u64, the form in which all of x86's vector units multiply them.
#[inline(always)]
pub fn philox4x32(mut c: [u64; 4], key: [u64; 2]) -> [u64; 4] {
    let mut k = key;
    let mut round = 0;
    while round < 10 {
        let p0 = MULTIPLIER_0 * c[0];
        let p1 = MULTIPLIER_1 * c[2];
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1 & LOW, (p0 >> 32) ^ c[3] ^ k[1], p0 & LOW];
        k = [(k[0] + WEYL_0) & LOW, (k[1] + WEYL_1) & LOW];
        round += 1;
    }
    c
}

/// Signed tail of a 64-bit word: u = (k + ½)·2⁻⁵² with k the word's upper 52 bits, never 0, ½ or 1.
#[inline(always)]
fn tail_of_word(word: u64) -> f64 {
    // 1.k − 1.5 + 2⁻⁵³ = u − ½ exactly; then exactly u (below ½) or u − 1.
    let centred = (f64::from_bits(0x3FF0_0000_0000_0000 | (word >> 12)) - 1.5) + f64::EPSILON / 2.0;
    if centred < 0.0 { centred + 0.5 } else { centred - 0.5 }
}

vectorised! {
    /// Signed tails (see [`crate::math::lower_of`]) of runs `first_run`, `first_run` + 1, … for one input element.
    ///
    /// `first_run` and the length of `tails` are multiples of [`LANES`].
    pub fn fill_tails(key: Key, first_run: u64, tails: &mut [f64]) {
        debug_assert!(first_run.is_multiple_of(LANES as u64) && tails.len().is_multiple_of(LANES));
        let k = [key.0 & LOW, key.0 >> 32];
        for (group, lanes) in tails.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
            let call = first_run / 2 + (group * HALF) as u64;
            let mut words = [[0; HALF]; 2];
            let [first, second] = &mut words;
            for (lane, (first, second)) in first.iter_mut().zip(second).enumerate() {
                let counter = call + lane as u64;
                let c = philox4x32([counter & LOW, counter >> 32, 0, QUANTILE_DOMAIN], k);
                *first = c[0] | (c[1] << 32);
                *second = c[2] | (c[3] << 32);
            }
            for (tail, &word) in lanes.iter_mut().zip(words.as_flattened()) {
                *tail = tail_of_word(word);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{lower_of, rank_of, upper_of};

    #[test]
    fn known_answers_of_random123() {
        // Random123, tests/kat_vectors, lines "philox4x32 10".
        let zero = philox4x32([0; 4], [0; 2]);
        assert_eq!(zero, [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        let ones = philox4x32([LOW; 4], [LOW; 2]);
        assert_eq!(ones, [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]);
        let pi = philox4x32([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0]);
        assert_eq!(pi, [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]);
    }

    #[test]
    fn any_window_gives_the_same_draws() {
        let key = Key::new(7, "x", &[]);
        let mut whole = vec![0.0; 1024];
        fill_tails(key, 4096, &mut whole);
        let mut part = vec![0.0; 160];
        fill_tails(key, 4096 + 320, &mut part);
        assert_eq!(part, whole[320..480]);
    }

    #[test]
    fn the_extreme_words_stay_inside_the_unit_interval_and_keep_both_tails() {
        for (word, lower, upper) in [
            (0, libm::ldexp(1.0, -53), 1.0 - libm::ldexp(1.0, -53)),
            (u64::MAX, 1.0 - libm::ldexp(1.0, -53), libm::ldexp(1.0, -53)),
        ] {
            let tail = tail_of_word(word);
            assert_eq!(lower_of(tail), lower);
            assert_eq!(upper_of(tail), upper);
        }
        assert_eq!(rank_of(tail_of_word(u64::MAX)), u32::MAX);
        assert_eq!(rank_of(tail_of_word(0)), 0);
        assert_eq!(rank_of(tail_of_word(1 << 63)), 1 << 31);
    }

    #[test]
    fn mean_variance_and_neighbour_correlation_are_those_of_uniforms() {
        let n = 1 << 16;
        let mut tails = vec![0.0; n];
        fill_tails(Key::new(1, "moments", &[]), 0, &mut tails);
        let u: Vec<f64> = tails.iter().map(|&t| lower_of(t) - 0.5).collect();
        let mean = u.iter().sum::<f64>() / n as f64;
        let square = u.iter().map(|x| x * x).sum::<f64>() / n as f64;
        let product = u.windows(2).map(|w| w[0] * w[1]).sum::<f64>() / (n - 1) as f64;
        // Five standard errors: a false alarm once in 1.7 million seeds.
        assert!(mean.abs() < 5.0 * (1.0 / 12.0 / n as f64).sqrt());
        assert!((square - 1.0 / 12.0).abs() < 5.0 * (1.0 / 180.0 / n as f64).sqrt());
        assert!(product.abs() < 5.0 / 12.0 / (n as f64).sqrt());
    }
}
