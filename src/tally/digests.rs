//! Digests of the outputs' values, a range of blocks each, by which a part of a simulation is computed again and
//! compared.
//!
//! - Formula: of the values of a cell in a block Σ (loᵢ + aᵢ)(hiᵢ + bᵢ) + 2³²·hiᵢ + loᵢ mod 2⁶⁴ over the lower and
//!   upper halves of their bits, with keys a and b by the place in the block (NH with the bits themselves added, as a
//!   factor may be 0); mixed with the cell and the first run, and added up, so that the order of cells and blocks
//!   cannot matter. Values that differ in one half of one of them never have the same sum but where a product is 2⁶⁴.
//! - Source: Black, Halevi, Krawczyk, Krovetz & Rogaway (1999), UMAC: Fast and Secure Message Authentication, section 4
//!   (NH); Steele, Lea & Flood (2014), Fast Splittable Pseudorandom Number Generators, figure 16 (the mixing).
//! - It finds faults, not forgers: the keys are public.

use std::collections::BTreeMap;

use crate::math::simd::vectorised;

/// Ranges that a simulation is divided into at most.
const MOST_RANGES: u64 = 4096;

/// Digests of ranges of blocks; memory does not grow with the number of runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digests {
    /// Runs of a range: a power of two of blocks.
    length: u64,
    /// By number of the range.
    sums: BTreeMap<u64, u64>,
}

impl Digests {
    /// None yet, of a simulation of so many runs in blocks of `block`.
    pub fn new(runs: u64, block: u64) -> Digests {
        let blocks = runs.div_ceil(block);
        let per_range = blocks.div_ceil(MOST_RANGES).next_power_of_two();
        Digests { length: per_range.saturating_mul(block), sums: BTreeMap::new() }
    }

    /// With the sums of some ranges, as they were written to a file.
    pub fn from_sums(length: u64, sums: BTreeMap<u64, u64>) -> Digests {
        Digests { length, sums }
    }

    /// Runs of a range.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Number of each range with its digest, ascending: range k holds the runs from k·length on.
    pub fn sums(&self) -> &BTreeMap<u64, u64> {
        &self.sums
    }

    /// Adds values of a cell in consecutive runs of one block.
    pub fn add(&mut self, cell: usize, first_run: u64, values: &[f64]) {
        let mut sum = 0;
        nh(values, &mut sum);
        let place = (cell as u64 + 1).wrapping_mul(CELL).wrapping_add(first_run.wrapping_mul(RUN));
        let range = self.sums.entry(first_run / self.length).or_default();
        *range = range.wrapping_add(mixed(sum ^ place));
    }

    /// Adds the digests of other runs of the same simulation.
    pub fn merge(&mut self, other: &Digests) {
        for (&range, &sum) in &other.sums {
            let mine = self.sums.entry(range).or_default();
            *mine = mine.wrapping_add(sum);
        }
    }

    /// The same runs as part of a longer simulation, whose ranges are as long or longer.
    pub fn coarser(&self, length: u64) -> Digests {
        let mut coarser = Digests { length, sums: BTreeMap::new() };
        for (&range, &sum) in &self.sums {
            let wider = coarser.sums.entry(range * self.length / length).or_default();
            *wider = wider.wrapping_add(sum);
        }
        coarser
    }
}

/// Odd multipliers that part cells and runs: √3 − 1 and √5 − 2 as fractions of 2⁶⁴, made odd.
const CELL: u64 = 0xBB67_AE85_84CA_A73B;
const RUN: u64 = 0x3C6E_F372_FE94_F82B;

/// Every bit of the result depends on every bit of the argument.
fn mixed(x: u64) -> u64 {
    let x = (x ^ (x >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ (x >> 31)
}

vectorised! {
    fn nh(values: &[f64], sum: &mut u64) {
        // One bit pattern for all that is not a number: which of them it is differs between processors.
        const NAN: u64 = 0x7FF8_0000_0000_0000;
        let mut total = 0u64;
        for (place, &value) in values.iter().enumerate() {
            let bits = if value.is_nan() { NAN } else { value.to_bits() };
            let key = (place as u32 + 1).wrapping_mul(0x9E37_79B1);
            let low = (bits as u32).wrapping_add(key);
            let high = ((bits >> 32) as u32).wrapping_add(key ^ 0x5BD1_E995);
            total = total.wrapping_add(u64::from(low) * u64::from(high)).wrapping_add(bits);
        }
        *sum = total;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BLOCK: u64 = 512;

    fn of(cell: usize, first_run: u64, values: &[f64]) -> u64 {
        let mut digests = Digests::new(10_000, BLOCK);
        digests.add(cell, first_run, values);
        digests.sums.into_values().sum()
    }

    #[test]
    fn value_place_cell_and_run_all_count() {
        let values: Vec<f64> = (0..512).map(|k| f64::from(k) * 0.37).collect();
        let base = of(0, 0, &values);
        for place in [0, 1, 100, 511] {
            for bit in [0, 31, 32, 51, 63] {
                let mut changed = values.clone();
                changed[place] = f64::from_bits(changed[place].to_bits() ^ (1 << bit));
                assert_ne!(of(0, 0, &changed), base, "bit {bit} of value {place}");
            }
        }
        let mut swapped = values.clone();
        swapped.swap(3, 4);
        assert!([of(1, 0, &values), of(0, 512, &values), of(0, 0, &swapped)].iter().all(|&d| d != base));
    }

    #[test]
    fn every_nan_is_one() {
        assert_eq!(of(0, 0, &[1.0, f64::NAN]), of(0, 0, &[1.0, -f64::NAN]));
    }

    #[test]
    fn ranges_grow_with_the_runs_and_stay_few() {
        assert_eq!(Digests::new(1, BLOCK).length, BLOCK);
        for runs in [1, 1_000_000, 10_000_000_000, 1_000_000_000_000_000u64] {
            let length = Digests::new(runs, BLOCK).length;
            assert!(runs.div_ceil(length) <= MOST_RANGES && (length / BLOCK).is_power_of_two());
        }
    }

    #[test]
    fn a_coarser_digest_is_that_of_the_longer_simulation() {
        let values = [0.5; 512];
        let (mut fine, mut coarse) = (Digests::new(10_000, BLOCK), Digests::new(100_000_000, BLOCK));
        for first in (0..10_000).step_by(512) {
            fine.add(2, first, &values);
            coarse.add(2, first, &values);
        }
        assert_ne!(fine.length, coarse.length);
        assert_eq!(fine.coarser(coarse.length), coarse);
    }
}
