//! A function of a word as one polynomial an octave of the smaller tail, held in vector registers.
//!
//! *Takes* words (positions as fractions of 2³²), *gives* values of a smooth function of the position, *knows nothing
//! of* laws. Each of the eight octaves [2⁻ᵏ⁻¹, 2⁻ᵏ) of either tail has a polynomial in the place within the octave,
//! offset + place·slope(place): the offset and the product in f64, the slope in f32, because it counts for the
//! variation within the octave only. Sixteen coefficients of a power fill one register of sixteen f32, so that the
//! one that a run needs comes by a permutation instead of from memory.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod portable;

pub use portable::fused;

use super::simd::Level;

/// Octaves of either tail; beyond the last a word is reported as outer.
pub const OCTAVES: usize = 8;
/// Octaves of both tails: the lower one's first.
pub const SEGMENTS: usize = 2 * OCTAVES;
/// Fewest and most coefficients of a slope.
pub const FEWEST_TERMS: usize = 4;
pub const MOST_TERMS: usize = 9;
/// Words a group: a bit of a mask each.
pub const GROUP: usize = 16;

/// Polynomials of all octaves. For each run: value = offset + place·slope(place·2⁻³¹), place from −2³⁰ up to below
/// 2³⁰.
#[derive(Clone, Debug)]
#[repr(align(64))]
pub struct Octaves {
    pub offsets: [f64; SEGMENTS],
    /// Coefficients of the slope by rising power.
    pub slopes: [[f32; SEGMENTS]; MOST_TERMS],
    /// How many of them are used.
    pub terms: usize,
}

impl Octaves {
    /// Values at the words; a set bit of `outer` marks a word beyond the last octave, whose value means nothing.
    ///
    /// As many values as words, and a mask for every sixteen of them begun.
    pub fn fill(&self, words: &[u32], values: &mut [f64], outer: &mut [u16]) {
        let whole = words.len() / GROUP;
        let (groups, rest) = words.as_chunks::<GROUP>();
        let (out, rest_out) = values.as_chunks_mut::<GROUP>();
        self.fill_groups(groups, out, &mut outer[..whole]);
        if !rest.is_empty() {
            let (mut last, mut last_out) = ([[1 << 31; GROUP]], [[0.0; GROUP]]);
            last[0][..rest.len()].copy_from_slice(rest);
            self.fill_groups(&last, &mut last_out, &mut outer[whole..=whole]);
            rest_out.copy_from_slice(&last_out[0][..rest.len()]);
        }
    }

    fn fill_groups(&self, words: &[[u32; GROUP]], values: &mut [[f64; GROUP]], outer: &mut [u16]) {
        match self.terms {
            4 => self.fill_terms::<4>(words, values, outer),
            5 => self.fill_terms::<5>(words, values, outer),
            6 => self.fill_terms::<6>(words, values, outer),
            7 => self.fill_terms::<7>(words, values, outer),
            8 => self.fill_terms::<8>(words, values, outer),
            _ => self.fill_terms::<MOST_TERMS>(words, values, outer),
        }
    }

    #[allow(unsafe_code)]
    fn fill_terms<const TERMS: usize>(
        &self,
        words: &[[u32; GROUP]],
        values: &mut [[f64; GROUP]],
        outer: &mut [u16],
    ) {
        match Level::current() {
            // Safety: `Level::current` never exceeds what the processor was found to have.
            #[cfg(target_arch = "x86_64")]
            Level::Avx512 => unsafe { avx512::fill::<TERMS>(self, words, values, outer) },
            #[cfg(target_arch = "x86_64")]
            Level::Avx2 => unsafe { avx2::fill::<TERMS>(self, words, values, outer) },
            _ => portable::fill::<TERMS>(self, words, values, outer),
        }
    }
}
