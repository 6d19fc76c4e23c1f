//! Rounds by the instructions of aarch64 for AES.
//!
//! Theirs add a key before the substitution, x86's after the mixing: a round here starts with a key of zeros and adds
//! its own at the end.

use std::arch::aarch64::*;

use super::{DRAWS, Halves, LANES, Schedule, WORDS, of_event};

/// Calls of a group.
const CALLS: usize = LANES / WORDS;

#[inline]
#[target_feature(enable = "neon")]
fn block([low, high]: Halves) -> uint8x16_t {
    vreinterpretq_u8_u64(vcombine_u64(vcreate_u64(low), vcreate_u64(high)))
}

#[inline]
#[target_feature(enable = "neon")]
fn words_of(state: uint8x16_t) -> [u32; WORDS] {
    let words = vreinterpretq_u32_u8(state);
    [
        vgetq_lane_u32::<0>(words),
        vgetq_lane_u32::<1>(words),
        vgetq_lane_u32::<2>(words),
        vgetq_lane_u32::<3>(words),
    ]
}

#[inline]
#[target_feature(enable = "neon,aes")]
fn calls<const ROUNDS: usize, const N: usize>(
    schedule: &Schedule<ROUNDS>,
    counters: [Halves; N],
) -> [[u32; WORDS]; N] {
    let (last, others) = schedule.rounds.split_last().expect("at least one round");
    let zero = vdupq_n_u8(0);
    let mut states = [zero; N];
    for (state, counter) in states.iter_mut().zip(counters) {
        *state = veorq_u8(block(counter), block(schedule.first));
    }
    for &key in others {
        for state in &mut states {
            *state = veorq_u8(vaesmcq_u8(vaeseq_u8(*state, zero)), block(key));
        }
    }
    let mut words = [[0; WORDS]; N];
    for (words, state) in words.iter_mut().zip(states) {
        *words = words_of(veorq_u8(vaeseq_u8(state, zero), block(*last)));
    }
    words
}

/// [`super::fill_words`] from call `call` on, the calls of a group side by side.
#[target_feature(enable = "neon,aes")]
pub fn fill<const ROUNDS: usize>(schedule: &Schedule<ROUNDS>, call: u64, groups: &mut [[u32; LANES]]) {
    for (group, words) in groups.iter_mut().enumerate() {
        let call = call + (group * CALLS) as u64;
        let counters: [Halves; CALLS] = std::array::from_fn(|k| [call + k as u64, DRAWS]);
        words.copy_from_slice(calls(schedule, counters).as_flattened());
    }
}

/// [`super::fill_words_of`], a call a lane.
#[target_feature(enable = "neon,aes")]
pub fn fill_of<const ROUNDS: usize>(
    schedule: &Schedule<ROUNDS>,
    first_run: u64,
    lanes: &[u32],
    out: &mut [u32],
) {
    for (word, &lane) in out.iter_mut().zip(lanes) {
        let run = first_run + u64::from(lane);
        *word = calls(schedule, [[run / WORDS as u64, DRAWS]])[0][(run % WORDS as u64) as usize];
    }
}

/// [`super::fill_events`], a call an event.
#[target_feature(enable = "neon,aes")]
pub fn fill_events<const ROUNDS: usize>(
    schedule: &Schedule<ROUNDS>,
    events: &[(u64, u32)],
    words: &mut [u32],
    beyond: &mut [u64],
) {
    for ((word, beyond), &event) in words.iter_mut().zip(beyond).zip(events) {
        let [first, _, low, high] = calls(schedule, [of_event(event)])[0];
        (*word, *beyond) = (first, u64::from(low) | (u64::from(high) << 32));
    }
}
