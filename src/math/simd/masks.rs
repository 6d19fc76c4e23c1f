//! Comparisons of a column as bits.

use super::Level;
#[cfg(target_arch = "x86_64")]
use super::x86::{load_f64, load_f64_four};

/// Lanes a mask.
pub const MASK: usize = 64;

/// Bit k of each mask is set where lane k of its 64 is not 0. The column's length is a multiple of 64.
#[allow(unsafe_code)]
pub fn fill_nonzero(column: &[f64], masks: &mut [u64]) {
    let (chunks, _) = column.as_chunks::<MASK>();
    match Level::current() {
        // Safety: `Level::current` never exceeds what the processor was found to have.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { avx512(chunks, masks) },
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe { avx2(chunks, masks) },
        _ => {
            for (chunk, mask) in chunks.iter().zip(masks) {
                let bits = chunk.iter().enumerate().map(|(lane, &x)| u64::from(x != 0.0) << lane);
                *mask = bits.fold(0, |mask, bit| mask | bit);
            }
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512dq")]
fn avx512(chunks: &[[f64; MASK]], masks: &mut [u64]) {
    use std::arch::x86_64::*;
    for (chunk, mask) in chunks.iter().zip(masks) {
        *mask = 0;
        for (part, lanes) in chunk.as_chunks::<8>().0.iter().enumerate() {
            let bits = _mm512_cmp_pd_mask::<_CMP_NEQ_UQ>(load_f64(lanes), _mm512_setzero_pd());
            *mask |= u64::from(bits) << (8 * part);
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn avx2(chunks: &[[f64; MASK]], masks: &mut [u64]) {
    use std::arch::x86_64::*;
    for (chunk, mask) in chunks.iter().zip(masks) {
        *mask = 0;
        for (part, lanes) in chunk.as_chunks::<4>().0.iter().enumerate() {
            let unequal = _mm256_cmp_pd::<_CMP_NEQ_UQ>(load_f64_four(lanes), _mm256_setzero_pd());
            *mask |= (_mm256_movemask_pd(unequal) as u64) << (4 * part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bit_is_set_where_the_lane_is_not_zero() {
        let column: Vec<f64> = (0..192)
            .map(|k| {
                if k % 3 == 0 {
                    0.0
                } else if k % 7 == 0 {
                    f64::NAN
                } else {
                    -0.5
                }
            })
            .collect();
        let mut masks = [0; 3];
        fill_nonzero(&column, &mut masks);
        for (lane, x) in column.iter().enumerate() {
            assert_eq!(masks[lane / MASK] >> (lane % MASK) & 1 == 1, *x != 0.0, "{lane}");
        }
    }
}
