//! Latin hypercube: each coordinate has one run in each of n equally likely strata, and no table of n to say which.
//!
//! - Source: McKay, Beckman & Conover (1979), A comparison of three methods for selecting values of input variables in
//!   the analysis of output from a computer code, Technometrics 21(2), 239–245; Qian (2012), Sliced Latin hypercube
//!   designs, Journal of the American Statistical Association 107(497), 393–399 (every replicate is a Latin hypercube
//!   of its own, and all together are one).
//! - The permutation: a Feistel network over pairs from ℤ_a × ℤ_b with a·b ≥ m, walked on while it leaves 0 … m − 1.
//!   Black & Rogaway (2002), Ciphers with arbitrary finite domains, CT-RSA, LNCS 2271, 114–130, sections 4 and 5. Its
//!   rounds hash by C. Wellons (2018), Prospecting for hash functions (lowbias32).

use super::Key;
use super::ars::{PERMUTATIONS, four_words};
use super::design::{REPLICATES, place, start};
use crate::math::simd::vectorised;

/// Rounds of the Feistel network.
const ROUNDS: usize = 6;

/// 2³².
const WORDS: f64 = 4_294_967_296.0;

/// The strata of one coordinate.
#[derive(Clone, Copy, Debug)]
pub struct Hypercube {
    key: Key,
    runs: u64,
}

/// What places the runs of one replicate in strata.
#[derive(Clone, Copy, Debug)]
struct Slice {
    replicate: u32,
    /// Groups of [`REPLICATES`] neighbouring strata, of which each replicate has one; then come `rest` strata.
    groups: u32,
    rest: u32,
    permutation: Permutation,
    /// Of the hash that says who has which stratum of a group; the same in all replicates.
    share: u32,
}

/// A permutation of 0 … size − 1.
#[derive(Clone, Copy, Debug)]
struct Permutation {
    size: u32,
    sides: [u32; 2],
    /// 2⁴⁵ / the first side, rounded up.
    reciprocal: u64,
    keys: [u32; ROUNDS],
}

/// Binary places of [`Permutation::reciprocal`]. Numbers are below the square of a side of up to 2¹⁵, so the quotients
/// are exact: the rounding adds less than number / 2⁴⁵ < 1 / side.
const PLACES: u32 = 45;

impl Hypercube {
    /// The strata of a coordinate over so many runs, at most 2³².
    pub fn new(key: Key, runs: u64) -> Hypercube {
        Hypercube { key, runs }
    }

    /// Moves independent words of runs `first_run`, `first_run` + 1, … into the runs' strata.
    pub fn place(&self, first_run: u64, words: &mut [u32]) {
        let end = (first_run + words.len() as u64).min(self.runs);
        let mut run = first_run;
        while run < end {
            let (replicate, number) = place(self.runs, run);
            let next = start(self.runs, replicate + 1).min(end);
            let part = &mut words[(run - first_run) as usize..(next - first_run) as usize];
            let slice = self.slice(replicate);
            for (chunk, part) in part.chunks_mut(CHUNK).enumerate() {
                let mut strata = [0; CHUNK];
                let strata = &mut strata[..part.len()];
                slice.strata(number as u32 + (chunk * CHUNK) as u32, strata);
                into_strata(part, strata, WORDS / self.runs as f64);
            }
            run = next;
        }
    }

    /// Signed tail of a run far out, within what its word and its stratum have in common; of a run behind the last one,
    /// which the last block has and the design has not, within its word.
    pub fn far_tail(&self, run: u64, word: u32, bits: u64) -> f64 {
        let lower = word < 1 << 31;
        // Steps from the nearer end.
        let depth = if lower { word } else { !word };
        let (mut low, mut high) = (f64::from(depth), f64::from(depth) + 1.0);
        if run < self.runs {
            let (replicate, number) = place(self.runs, run);
            let mut stratum = [0];
            self.slice(replicate).strata(number as u32, &mut stratum);
            let stratum = match lower {
                true => u64::from(stratum[0]),
                false => self.runs - 1 - u64::from(stratum[0]),
            };
            let width = WORDS / self.runs as f64;
            (low, high) = ((stratum as f64 * width).max(low), ((stratum + 1) as f64 * width).min(high));
        }
        let fraction = ((bits >> 11) as f64 + 0.5) / 9_007_199_254_740_992.0;
        let smaller = (low + fraction * (high - low)) / WORDS;
        if lower { smaller } else { -smaller }
    }

    fn slice(&self, replicate: u64) -> Slice {
        let size = start(self.runs, replicate + 1) - start(self.runs, replicate);
        let [a, b, c, d] = four_words(self.key, PERMUTATIONS, 2 * replicate);
        let [e, f, ..] = four_words(self.key, PERMUTATIONS, 2 * replicate + 1);
        let [share, ..] = four_words(self.key, PERMUTATIONS, 2 * REPLICATES);
        Slice {
            replicate: replicate as u32,
            groups: (self.runs / REPLICATES) as u32,
            rest: (self.runs % REPLICATES) as u32,
            permutation: Permutation::new(size as u32, [a, b, c, d, e, f]),
            share,
        }
    }
}

/// Runs placed together.
const CHUNK: usize = 512;

impl Slice {
    /// Strata, of all n, of the replicate's runs `first`, `first` + 1, …
    fn strata(&self, first: u32, strata: &mut [u32]) {
        let mut greatest = 0;
        (strata.iter_mut().zip(first..)).for_each(|(place, number)| *place = number);
        network(&self.permutation, strata, &mut greatest);
        if greatest >= self.permutation.size {
            for place in strata.iter_mut() {
                while *place >= self.permutation.size {
                    *place = self.permutation.step(*place);
                }
            }
        }
        spread(self, strata);
    }
}

impl Permutation {
    fn new(size: u32, keys: [u32; ROUNDS]) -> Permutation {
        let a = f64::from(size).sqrt().ceil().max(1.0) as u32;
        let reciprocal = (1u64 << PLACES).div_ceil(u64::from(a));
        Permutation { size, sides: [a, size.div_ceil(a).max(1)], reciprocal, keys }
    }

    /// The network on one number below the product of the sides.
    fn step(&self, number: u32) -> u32 {
        let mut number = [number];
        network(self, &mut number, &mut 0);
        number[0]
    }
}

/// Every bit of the result depends on every bit of x.
#[inline(always)]
fn hashed(mut x: u32) -> u32 {
    x ^= x >> 16;
    x = x.wrapping_mul(0x7feb_352d);
    x ^= x >> 15;
    x = x.wrapping_mul(0x846c_a68b);
    x ^ (x >> 16)
}

/// x plus a number below the side that hashing y gives, modulo the side.
#[inline(always)]
fn turned(x: u32, y: u32, key: u32, side: u32) -> u32 {
    let by = ((u64::from(hashed(y ^ key)) * u64::from(side)) >> 32) as u32;
    let sum = x + by;
    if sum >= side { sum - side } else { sum }
}

vectorised! {
    /// The network on numbers as pairs (number mod a, number / a); `greatest` is the greatest that comes out.
    fn network(permutation: &Permutation, numbers: &mut [u32], greatest: &mut u32) {
        let Permutation { sides: [a, b], reciprocal, keys, .. } = *permutation;
        let mut most = 0;
        for number in numbers {
            let mut r = ((u64::from(*number) * reciprocal) >> PLACES) as u32;
            let mut l = *number - r * a;
            for pair in keys.as_chunks::<2>().0 {
                l = turned(l, r, pair[0], a);
                r = turned(r, l, pair[1], b);
            }
            *number = r * a + l;
            most = most.max(*number);
        }
        *greatest = most;
    }
}

vectorised! {
    /// From places within the replicate to strata of all: in each group the replicates are dealt out by a permutation
    /// that hashing the group gives, the same for whichever replicate asks.
    fn spread(slice: &Slice, places: &mut [u32]) {
        let Slice { replicate, groups, rest, share, .. } = *slice;
        let all = REPLICATES as u32;
        // The strata after the last whole group, at most one a replicate, are dealt out in turn.
        let last = (replicate + hashed(share) % rest.max(1)) % rest.max(1);
        for place in places {
            let hash = hashed(*place ^ share);
            let mut own = replicate ^ hash;
            own = own.wrapping_mul(hash >> 3 | 1);
            own ^= (own & (all - 1)) >> 1;
            own = (own ^ hash >> 6).wrapping_mul(hash >> 9 | 1) ^ hash >> 12;
            *place = *place * all + if *place < groups { own & (all - 1) } else { last };
        }
    }
}

vectorised! {
    /// Words within strata `width` words wide: one of those whose middle lies in it, by the independent word.
    fn into_strata(words: &mut [u32], strata: &[u32], width: f64) {
        for (word, &stratum) in words.iter_mut().zip(strata) {
            let first = nearest(f64::from(stratum) * width);
            let next = nearest((f64::from(stratum) + 1.0) * width);
            *word = (first + ((u64::from(*word) * (next - first)) >> 32)) as u32;
        }
    }
}

/// The nearest whole number of a number from 0 to 2³².
#[inline(always)]
fn nearest(x: f64) -> u64 {
    const SHIFT: f64 = 4_503_599_627_370_496.0;
    (x + SHIFT).to_bits() & ((1 << 52) - 1)
}

#[cfg(test)]
mod tests;
