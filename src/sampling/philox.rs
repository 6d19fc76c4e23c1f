//! Counter-based uniforms: Philox4x32, keyed by the input, indexed by the run number.
//!
//! - Source: Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, SC '11,
//!   doi:10.1145/2063384.2063405; multipliers and key increments from its section 3.3 and the Random123 library.
//! - Rounds: seven, the fewest for which the authors report that every test of TestU01's BigCrush is passed
//!   (table 2 of the paper); `docs/methods.md#uniforms` tells what was tested here.
//! - One call makes 128 bits, the words of four runs: of 32 consecutive runs aligned at a multiple of 32, call k
//!   serves runs 2k, 2k + 1, 2k + 16 and 2k + 17, so that eight calls fill two vectors of sixteen without
//!   interleaving.

use super::Key;
use crate::math::simd::vectorised;

/// Runs served by one group of calls; blocks start at multiples of it and have a multiple of it as length.
pub const LANES: usize = 32;
const CALLS: usize = 8;

/// Rounds of the uniforms.
pub const ROUNDS: usize = 7;

/// Domains, the fourth counter word: the words of runs, and the bits that continue the words of far tails.
/// [`super::Stream`] uses others.
const WORDS: u64 = 0;
const CONTINUED: u64 = 0xFFFF_FFFF;

const MULTIPLIER_0: u64 = 0xD251_1F53;
const MULTIPLIER_1: u64 = 0xCD9E_8D57;
const WEYL_0: u64 = 0x9E37_79B9;
const WEYL_1: u64 = 0xBB67_AE85;
const LOW: u64 = 0xFFFF_FFFF;

/// One Philox4x32 call: 128 bits from a counter and a key.
///
/// Words are 32-bit values held in u64, the form in which all of x86's vector units multiply them.
#[inline(always)]
pub fn philox4x32<const ROUNDS: usize>(mut c: [u64; 4], key: [u64; 2]) -> [u64; 4] {
    let mut k = key;
    let mut round = 0;
    while round < ROUNDS {
        let p0 = MULTIPLIER_0 * (c[0] & LOW);
        let p1 = MULTIPLIER_1 * (c[2] & LOW);
        // Upper halves are left as they come: the next round's product does not read them.
        c = [(p1 >> 32) ^ c[1] ^ k[0], p1, (p0 >> 32) ^ c[3] ^ k[1], p0];
        k = [(k[0] + WEYL_0) & LOW, (k[1] + WEYL_1) & LOW];
        round += 1;
    }
    c.map(|word| word & LOW)
}

vectorised! {
    /// Words of runs `first_run`, `first_run` + 1, … for one input element: the position u as a fraction of 2³².
    ///
    /// `first_run` and the length of `words` are multiples of [`LANES`].
    pub fn fill_words(key: Key, first_run: u64, words: &mut [u32]) {
        debug_assert!(first_run.is_multiple_of(LANES as u64) && words.len().is_multiple_of(LANES));
        let k = [key.0 & LOW, key.0 >> 32];
        for (group, lanes) in words.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
            let call = first_run / 4 + (group * CALLS) as u64;
            let mut pairs = [[0; CALLS]; 2];
            let [first, second] = &mut pairs;
            for (lane, (first, second)) in first.iter_mut().zip(second).enumerate() {
                let counter = call + lane as u64;
                let c = philox4x32::<ROUNDS>([counter & LOW, counter >> 32, 0, WORDS], k);
                *first = c[0] | (c[1] << 32);
                *second = c[2] | (c[3] << 32);
            }
            for (two, pair) in lanes.as_chunks_mut::<2>().0.iter_mut().zip(pairs.as_flattened()) {
                *two = [*pair as u32, (*pair >> 32) as u32];
            }
        }
    }
}

vectorised! {
    /// Words of the runs `first_run` + lane for a list of lanes: those that [`fill_words`] gives there.
    pub fn fill_words_of(key: Key, first_run: u64, lanes: &[u32], words: &mut [u32]) {
        let k = [key.0 & LOW, key.0 >> 32];
        for (word, &lane) in words.iter_mut().zip(lanes) {
            let place = u64::from(lane) % LANES as u64;
            let counter = (first_run + u64::from(lane)) / LANES as u64 * CALLS as u64 + (place & 15) / 2;
            let c = philox4x32::<ROUNDS>([counter & LOW, counter >> 32, 0, WORDS], k);
            let pair = if place < 16 { c[0] | (c[1] << 32) } else { c[2] | (c[3] << 32) };
            *word = (pair >> (32 * (place & 1))) as u32;
        }
    }
}

/// 64 bits that continue the word of a run.
pub fn continued(key: Key, run: u64) -> u64 {
    let c = philox4x32::<ROUNDS>([run & LOW, run >> 32, 0, CONTINUED], [key.0 & LOW, key.0 >> 32]);
    c[0] | (c[1] << 32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::centre_of_word;

    #[test]
    fn known_answers_of_random123() {
        // Random123, tests/kat_vectors, lines "philox4x32 7" and "philox4x32 10".
        let pi = [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344];
        let pi_key = [0xa409_3822, 0x299f_31d0];
        assert_eq!(philox4x32::<7>([0; 4], [0; 2]), [0x5f6f_b709, 0x0d89_3f64, 0x4f12_1f81, 0x4f73_0a48]);
        assert_eq!(philox4x32::<7>([LOW; 4], [LOW; 2]), [0x5207_ddc2, 0x4516_5e59, 0x4d8e_e751, 0x8c52_f662]);
        assert_eq!(philox4x32::<7>(pi, pi_key), [0x4dfc_caba, 0x190a_87f0, 0xc473_62ba, 0xb6b5_242a]);
        assert_eq!(philox4x32::<10>([0; 4], [0; 2]), [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]);
        assert_eq!(
            philox4x32::<10>([LOW; 4], [LOW; 2]),
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        );
        assert_eq!(philox4x32::<10>(pi, pi_key), [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]);
    }

    #[test]
    fn any_window_and_any_list_of_lanes_gives_the_same_words() {
        let key = Key::new(7, "x", &[]);
        let mut whole = vec![0; 1024];
        fill_words(key, 1 << 33, &mut whole);
        let mut part = vec![0; 160];
        fill_words(key, (1 << 33) + 320, &mut part);
        assert_eq!(part, whole[320..480]);
        let lanes: Vec<u32> = (0..1024).filter(|lane| lane * lane % 7 < 3).collect();
        let mut listed = vec![0; lanes.len()];
        fill_words_of(key, 1 << 33, &lanes, &mut listed);
        assert!(lanes.iter().zip(listed).all(|(&lane, word)| whole[lane as usize] == word));
    }

    #[test]
    fn mean_variance_and_neighbour_correlation_are_those_of_uniforms() {
        let n = 1 << 16;
        let mut words = vec![0; n];
        fill_words(Key::new(1, "moments", &[]), 0, &mut words);
        let u: Vec<f64> = words.iter().map(|&word| centre_of_word(word)).collect();
        let mean = u.iter().sum::<f64>() / n as f64;
        let square = u.iter().map(|x| x * x).sum::<f64>() / n as f64;
        let product = u.windows(2).map(|w| w[0] * w[1]).sum::<f64>() / (n - 1) as f64;
        // Five standard errors: a false alarm once in 1.7 million seeds.
        assert!(mean.abs() < 5.0 * (1.0 / 12.0 / n as f64).sqrt());
        assert!((square - 1.0 / 12.0).abs() < 5.0 * (1.0 / 180.0 / n as f64).sqrt());
        assert!(product.abs() < 5.0 / 12.0 / (n as f64).sqrt());
    }

    #[test]
    fn streams_of_neighbouring_keys_are_uncorrelated() {
        // The worst keys a hash could give: 0, 1, 2, …
        let (streams, n) = (24, 1 << 15);
        let columns: Vec<Vec<f64>> = (0..streams)
            .map(|key| {
                let mut words = vec![0; n];
                fill_words(Key(key), 0, &mut words);
                words.into_iter().map(centre_of_word).collect()
            })
            .collect();
        let mut squares = Vec::new();
        for (k, a) in columns.iter().enumerate() {
            for b in &columns[k + 1..] {
                let product: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
                let z = 12.0 * product / (n as f64).sqrt();
                assert!(z.abs() < 5.5, "{z}");
                squares.push(z * z);
            }
        }
        let pairs = squares.len() as f64;
        // z² of a pair has mean 1 and variance 2; five standard errors.
        let mean = squares.iter().sum::<f64>() / pairs;
        assert!((mean - 1.0).abs() < 5.0 * (2.0 / pairs).sqrt(), "{mean}");
    }
}
