//! Sobol' sequences under Owen's scrambling: a digital net for each replicate.
//!
//! - Source: Sobol' (1967), On the distribution of points in a cube and the approximate evaluation of integrals, USSR
//!   Computational Mathematics and Mathematical Physics 7(4), 86–112; Owen (1997), Scrambled net variance for
//!   integrals of smooth functions, Annals of Statistics 25(4), 1541–1562 (nested scrambling and its n^(−3/2)).
//! - Scrambling by a hash: each digit of a point is flipped by a function of the digits before it and of a seed. Laine &
//!   Karras (2011), Stratified sampling for stochastic transparency, Computer Graphics Forum 30(4), 1197–1204, section
//!   3.1; Burley (2020), Practical hash-based Owen scrambling, Journal of Computer Graphics Techniques 9(4), 1–20;
//!   constants by N. Vegdahl (2021), Building a better LK hash.
//! - Each coordinate and replicate has seeds of its own, so replicates are independent and every point is uniform.
//!   Beyond 32 digits a point is continued at random, as nested scrambling continues it.

mod directions;

pub use directions::DIMENSIONS;
use directions::{DIGITS, columns};

use super::Key;
use super::ars::{NET_SEEDS, four_words};
use super::design::{place, start};
use crate::math::simd::vectorised;

/// Points that differ in their last digits only are made together.
const GROUP_DIGITS: usize = 4;
const GROUP: usize = 1 << GROUP_DIGITS;

/// The nets of one coordinate.
#[derive(Clone, Debug)]
pub struct Net {
    key: Key,
    runs: u64,
    /// Columns of the generating matrix, the point's first digit in the lowest bit.
    columns: [u32; DIGITS],
    /// The points of the first numbers.
    group: [u32; GROUP],
}

impl Net {
    /// The nets of a coordinate with this dimension, below [`DIMENSIONS`], over so many runs.
    pub fn new(key: Key, dimension: usize, runs: u64) -> Net {
        let columns = columns(dimension).map(u32::reverse_bits);
        let mut group = [0; GROUP];
        for (number, point) in group.iter_mut().enumerate() {
            *point = of_digits(&columns, number as u64);
        }
        Net { key, runs, columns, group }
    }

    /// Words of runs `first_run`, `first_run` + 1, …; the middle for runs that the design does not have.
    pub fn fill(&self, first_run: u64, words: &mut [u32]) {
        let end = (first_run + words.len() as u64).min(self.runs);
        let mut run = first_run;
        while run < end {
            let (replicate, number) = place(self.runs, run);
            let next = start(self.runs, replicate + 1).min(end);
            let part = &mut words[(run - first_run) as usize..(next - first_run) as usize];
            self.points(number, part);
            let [add, multiply, ..] = four_words(self.key, NET_SEEDS, replicate);
            scramble(part, add, multiply | 1);
            run = next;
        }
        words[(run.max(first_run) - first_run) as usize..].fill(1 << 31);
    }

    /// Points `first`, `first` + 1, … of the sequence, first digits lowest.
    fn points(&self, first: u64, points: &mut [u32]) {
        let mut number = first;
        let mut left = points;
        while !left.is_empty() {
            let within = (number % GROUP as u64) as usize;
            let (part, rest) = left.split_at_mut(left.len().min(GROUP - within));
            let shared = of_digits(&self.columns[GROUP_DIGITS..], number / GROUP as u64);
            for (point, own) in part.iter_mut().zip(&self.group[within..]) {
                *point = shared ^ own;
            }
            number += part.len() as u64;
            left = rest;
        }
    }
}

/// The columns of the digits of a number, exclusively or'ed.
fn of_digits(columns: &[u32], mut number: u64) -> u32 {
    let mut point = 0;
    while number != 0 {
        point ^= columns[number.trailing_zeros() as usize];
        number &= number - 1;
    }
    point
}

vectorised! {
    /// Turns points, first digits lowest, into the words of scrambled ones. A bit of a sum or product depends on the
    /// bits below it alone, so a digit is changed by those before it.
    fn scramble(points: &mut [u32], add: u32, multiply: u32) {
        for point in points {
            let mut x = *point;
            x ^= x.wrapping_mul(0x3d20_adea);
            x = x.wrapping_add(add).wrapping_mul(multiply);
            x ^= x.wrapping_mul(0x0552_6c56);
            x ^= x.wrapping_mul(0x53a2_2864);
            *point = x.reverse_bits();
        }
    }
}

#[cfg(test)]
mod tests;
