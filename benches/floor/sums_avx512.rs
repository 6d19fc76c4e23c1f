//! The tally of whole blocks, eight runs at a time.

use std::arch::x86_64::*;

use super::kernel_avx512::{Block, VECTORS};
use super::lanes_avx512::{LANES, lanes};
use super::model::{CENTRES, HEADLINE, INPUTS, LAST_MARKET, OUTPUTS};
use super::tally::{Counts, HIGHEST_DECILE, LOWEST_DECILE, PADDED, Tally};

/// Inputs of one pass over the rows: four sums for each stay in registers.
const GROUP: usize = 4;
/// Lanes whose bins are counted beside a pass; counting uses none of the units the sums need. It goes from output to
/// output before it comes back to the same one: a count that is still on its way to memory stops the next of its bin.
const COUNTED: [std::ops::Range<usize>; INPUTS / GROUP] = [0..3, 3..6, 6..LANES];

/// Sums over whole vectors, poured into a tally at the end of a chunk.
pub struct Sums {
    powers: [[__m512d; 4]; OUTPUTS],
    /// Position times distance, position times near rank, distances in the lowest decile, in the highest.
    influences: [[__m512d; 4]; INPUTS],
}

impl Sums {
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    pub fn new() -> Self {
        let zero = _mm512_setzero_pd();
        Sums { powers: [[zero; 4]; OUTPUTS], influences: [[zero; 4]; INPUTS] }
    }

    /// Adds a block.
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    pub fn add(&mut self, block: &Block, counts: &mut Counts, tally: &mut Tally) {
        self.add_powers::<0, 4>(block);
        self.add_powers::<4, 3>(block);
        self.add_influences::<0>(block, counts, tally);
        self.add_influences::<1>(block, counts, tally);
        self.add_influences::<2>(block, counts, tally);
    }

    /// Power sums of `COUNT` outputs from `FIRST` on.
    #[inline(never)]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    fn add_powers<const FIRST: usize, const COUNT: usize>(&mut self, block: &Block) {
        let mut sums: [[__m512d; 4]; COUNT] = std::array::from_fn(|k| self.powers[FIRST + k]);
        for v in 0..VECTORS {
            for (k, sums) in sums.iter_mut().enumerate() {
                let d = _mm512_sub_pd(block.outputs[FIRST + k][v], _mm512_set1_pd(CENTRES[FIRST + k]));
                let d2 = _mm512_mul_pd(d, d);
                sums[0] = _mm512_add_pd(sums[0], d);
                sums[1] = _mm512_add_pd(sums[1], d2);
                sums[2] = _mm512_fmadd_pd(d, d2, sums[2]);
                sums[3] = _mm512_fmadd_pd(d2, d2, sums[3]);
            }
        }
        self.powers[FIRST..FIRST + COUNT].copy_from_slice(&sums);
    }

    /// The tornado's sums of a group of inputs.
    #[inline(never)]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    fn add_influences<const PASS: usize>(&mut self, block: &Block, counts: &mut Counts, tally: &mut Tally) {
        let first = PASS * GROUP;
        let mut sums: [[__m512d; 4]; GROUP] = std::array::from_fn(|k| self.influences[first + k]);
        let mut runs = [[0; 2]; GROUP];
        let (low, high) = (_mm512_set1_pd(LOWEST_DECILE), _mm512_set1_pd(HIGHEST_DECILE));
        for v in 0..VECTORS {
            let market = block.outputs[LAST_MARKET][v];
            let distance = _mm512_sub_pd(market, _mm512_set1_pd(CENTRES[LAST_MARKET]));
            let near = block.near[v];
            if PASS == 0 {
                let reached = _mm512_cmp_pd_mask::<_CMP_GE_OQ>(market, _mm512_set1_pd(HEADLINE));
                tally.reached += u64::from(reached.count_ones());
            }
            for (k, sums) in sums.iter_mut().enumerate() {
                let position = block.ranks[first + k][v];
                let lowest = _mm512_cmp_pd_mask::<_CMP_LT_OQ>(position, low);
                let highest = _mm512_cmp_pd_mask::<_CMP_GT_OQ>(position, high);
                sums[0] = _mm512_fmadd_pd(position, distance, sums[0]);
                sums[1] = _mm512_fmadd_pd(position, near, sums[1]);
                sums[2] = _mm512_mask_add_pd(sums[2], lowest, sums[2], distance);
                sums[3] = _mm512_mask_add_pd(sums[3], highest, sums[3], distance);
                runs[k][0] += u64::from(lowest.count_ones());
                runs[k][1] += u64::from(highest.count_ones());
            }
            for lane in COUNTED[PASS].clone() {
                for (bins, counts) in block.bins.iter().zip(counts.iter_mut()) {
                    count(&bins[v], lane, counts);
                }
            }
        }
        for (influence, [lowest, highest]) in tally.influences[first..first + GROUP].iter_mut().zip(runs) {
            influence.lowest_runs += lowest;
            influence.highest_runs += highest;
        }
        self.influences[first..first + GROUP].copy_from_slice(&sums);
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

fn total(sum: &__m512d) -> f64 {
    lanes(sum).iter().sum()
}

/// Counts one of eight values in its bin.
#[inline(always)]
fn count(bins: &__m128i, lane: usize, counts: &mut [u16; PADDED]) {
    // Safety: a vector of 16 bytes is eight u16.
    let bins: &[u16; LANES] = unsafe { &*std::ptr::from_ref(bins).cast() };
    // Safety: `evaluate` masks every bin to be below BINS.
    let count = unsafe { counts.get_unchecked_mut(usize::from(bins[lane])) };
    *count = count.wrapping_add(1);
}
