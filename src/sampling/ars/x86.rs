//! Rounds by the instructions of x86-64 for AES: of one block, or of four side by side.

use std::arch::x86_64::*;

use super::{DRAWS, Halves, LANES, Schedule, WORDS, of_event};
use crate::math::simd::x86::{store_u32, store_u32_four};

/// Calls of a group.
const CALLS: usize = LANES / WORDS;

#[inline]
#[target_feature(enable = "sse2")]
fn block([low, high]: Halves) -> __m128i {
    _mm_set_epi64x(high as i64, low as i64)
}

/// A block in each of the four places.
#[inline]
#[target_feature(enable = "avx512f")]
fn four_blocks(halves: Halves) -> __m512i {
    _mm512_broadcast_i32x4(block(halves))
}

/// [`super::fill_words`] from call `call` on, four calls a vector.
#[target_feature(enable = "avx512f,aes,vaes")]
pub fn fill_by_four<const ROUNDS: usize>(
    schedule: &Schedule<ROUNDS>,
    call: u64,
    groups: &mut [[u32; LANES]],
) {
    let first = four_blocks(schedule.first);
    let mut keys = [first; ROUNDS];
    for (key, halves) in keys.iter_mut().zip(schedule.rounds) {
        *key = four_blocks(halves);
    }
    let (last, others) = keys.split_last().expect("at least one round");
    let four = _mm512_set_epi64(0, 4, 0, 4, 0, 4, 0, 4);
    let mut counters = _mm512_add_epi64(_mm512_set_epi64(0, 3, 0, 2, 0, 1, 0, 0), four_blocks([call, DRAWS]));
    for group in groups {
        let next = _mm512_add_epi64(counters, four);
        let mut states = [_mm512_xor_si512(counters, first), _mm512_xor_si512(next, first)];
        for &key in others {
            states = states.map(|state| _mm512_aesenc_epi128(state, key));
        }
        for (state, words) in states.into_iter().zip(group.as_chunks_mut().0) {
            store_u32(words, _mm512_aesenclast_epi128(state, *last));
        }
        counters = _mm512_add_epi64(next, four);
    }
}

/// [`super::fill_words`] from call `call` on, a call a vector, those of a group side by side.
#[target_feature(enable = "avx2,aes")]
pub fn fill<const ROUNDS: usize>(schedule: &Schedule<ROUNDS>, call: u64, groups: &mut [[u32; LANES]]) {
    let (last, others) = schedule.rounds.split_last().expect("at least one round");
    let first = block(schedule.first);
    for (group, words) in groups.iter_mut().enumerate() {
        let call = call + (group * CALLS) as u64;
        let mut states = [first; CALLS];
        for (state, counter) in states.iter_mut().zip(call..) {
            *state = _mm_xor_si128(block([counter, DRAWS]), first);
        }
        for &key in others {
            let key = block(key);
            for state in &mut states {
                *state = _mm_aesenc_si128(*state, key);
            }
        }
        for (state, words) in states.into_iter().zip(words.as_chunks_mut().0) {
            store_u32_four(words, _mm_aesenclast_si128(state, block(*last)));
        }
    }
}

/// [`super::fill_words_of`], a call a lane.
#[target_feature(enable = "avx2,aes")]
pub fn fill_of<const ROUNDS: usize>(
    schedule: &Schedule<ROUNDS>,
    first_run: u64,
    lanes: &[u32],
    out: &mut [u32],
) {
    let (last, others) = schedule.rounds.split_last().expect("at least one round");
    for (word, &lane) in out.iter_mut().zip(lanes) {
        let run = first_run + u64::from(lane);
        let mut state = _mm_xor_si128(block([run / WORDS as u64, DRAWS]), block(schedule.first));
        for &key in others {
            state = _mm_aesenc_si128(state, block(key));
        }
        let mut words = [0; WORDS];
        store_u32_four(&mut words, _mm_aesenclast_si128(state, block(*last)));
        *word = words[(run % WORDS as u64) as usize];
    }
}

/// [`super::fill_events`], a call an event.
#[target_feature(enable = "avx2,aes")]
pub fn fill_events<const ROUNDS: usize>(
    schedule: &Schedule<ROUNDS>,
    events: &[(u64, u32)],
    words: &mut [u32],
    beyond: &mut [u64],
) {
    let (last, others) = schedule.rounds.split_last().expect("at least one round");
    for ((word, beyond), &event) in words.iter_mut().zip(beyond).zip(events) {
        let mut state = _mm_xor_si128(block(of_event(event)), block(schedule.first));
        for &key in others {
            state = _mm_aesenc_si128(state, block(key));
        }
        let state = _mm_aesenclast_si128(state, block(*last));
        *word = _mm_cvtsi128_si32(state) as u32;
        *beyond = _mm_cvtsi128_si64(_mm_unpackhi_epi64(state, state)) as u64;
    }
}
