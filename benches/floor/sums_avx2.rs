//! The tally of whole blocks, four runs at a time.

use std::arch::x86_64::*;

use super::kernel_avx2::{Block, VECTORS};
use super::lanes_avx2::{LANES, lanes};
use super::model::{CENTRES, HEADLINE, INPUTS, LAST_MARKET, OUTPUTS};
use super::tally::{Counts, HIGHEST_DECILE, LOWEST_DECILE, PADDED, Tally};

/// Inputs of one pass over the rows: four sums for each stay in the sixteen registers.
const GROUP: usize = 2;

/// Sums over whole vectors, poured into a tally at the end of a chunk.
pub struct Sums {
    powers: [[__m256d; 4]; OUTPUTS],
    /// Position times distance, position times near rank, distances in the lowest decile, in the highest.
    influences: [[__m256d; 4]; INPUTS],
}

impl Sums {
    #[target_feature(enable = "avx2,fma")]
    pub fn new() -> Self {
        let zero = _mm256_setzero_pd();
        Sums { powers: [[zero; 4]; OUTPUTS], influences: [[zero; 4]; INPUTS] }
    }

    /// Adds a block.
    #[target_feature(enable = "avx2,fma")]
    pub fn add(&mut self, block: &Block, counts: &mut Counts, tally: &mut Tally) {
        for (output, counts) in counts.iter_mut().enumerate() {
            self.add_powers(block, output, counts);
        }
        for first in (0..INPUTS).step_by(GROUP) {
            self.add_influences(block, first, tally);
        }
        let headline = _mm256_set1_pd(HEADLINE);
        for &market in &block.outputs[LAST_MARKET] {
            tally.reached += runs(_mm256_cmp_pd::<_CMP_GE_OQ>(market, headline));
        }
    }

    /// Power sums and counts of one output.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn add_powers(&mut self, block: &Block, output: usize, counts: &mut [u16; PADDED]) {
        let mut sums = self.powers[output];
        for v in 0..VECTORS {
            let d = _mm256_sub_pd(block.outputs[output][v], _mm256_set1_pd(CENTRES[output]));
            let d2 = _mm256_mul_pd(d, d);
            sums[0] = _mm256_add_pd(sums[0], d);
            sums[1] = _mm256_add_pd(sums[1], d2);
            sums[2] = _mm256_fmadd_pd(d, d2, sums[2]);
            sums[3] = _mm256_fmadd_pd(d2, d2, sums[3]);
            // Safety: a vector of 32 bytes is four u64.
            let bins: &[u64; LANES] = unsafe { &*std::ptr::from_ref(&block.bins[output][v]).cast() };
            for &bin in bins {
                // Safety: `bin` cuts every bin to be below BINS.
                let count = unsafe { counts.get_unchecked_mut(bin as usize) };
                *count = count.wrapping_add(1);
            }
        }
        self.powers[output] = sums;
    }

    /// The tornado's sums of a group of inputs.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn add_influences(&mut self, block: &Block, first: usize, tally: &mut Tally) {
        let mut sums: [[__m256d; 4]; GROUP] = [self.influences[first], self.influences[first + 1]];
        let mut members = [[0; 2]; GROUP];
        let (low, high) = (_mm256_set1_pd(LOWEST_DECILE), _mm256_set1_pd(HIGHEST_DECILE));
        for v in 0..VECTORS {
            let market = block.outputs[LAST_MARKET][v];
            let distance = _mm256_sub_pd(market, _mm256_set1_pd(CENTRES[LAST_MARKET]));
            for (k, (sums, members)) in sums.iter_mut().zip(&mut members).enumerate() {
                let position = block.ranks[first + k][v];
                let lowest = _mm256_cmp_pd::<_CMP_LT_OQ>(position, low);
                let highest = _mm256_cmp_pd::<_CMP_GT_OQ>(position, high);
                sums[0] = _mm256_fmadd_pd(position, distance, sums[0]);
                sums[1] = _mm256_fmadd_pd(position, block.near[v], sums[1]);
                sums[2] = _mm256_add_pd(sums[2], _mm256_and_pd(lowest, distance));
                sums[3] = _mm256_add_pd(sums[3], _mm256_and_pd(highest, distance));
                members[0] += runs(lowest);
                members[1] += runs(highest);
            }
        }
        for (k, (sums, members)) in sums.into_iter().zip(members).enumerate() {
            self.influences[first + k] = sums;
            tally.influences[first + k].lowest_runs += members[0];
            tally.influences[first + k].highest_runs += members[1];
        }
    }

    /// Adds the sums to a tally.
    pub fn pour(&self, tally: &mut Tally) {
        for (powers, sums) in tally.powers.iter_mut().zip(&self.powers) {
            for (power, sum) in powers.iter_mut().zip(sums) {
                *power += total(sum);
            }
        }
        for (influence, sums) in tally.influences.iter_mut().zip(&self.influences) {
            influence.position_distance += total(&sums[0]);
            influence.position_rank += total(&sums[1]);
            influence.lowest += total(&sums[2]);
            influence.highest += total(&sums[3]);
        }
    }
}

fn total(sum: &__m256d) -> f64 {
    lanes(sum).iter().sum()
}

/// Number of lanes set.
#[inline]
#[target_feature(enable = "avx2,fma")]
fn runs(mask: __m256d) -> u64 {
    u64::from(_mm256_movemask_pd(mask).count_ones())
}
