//! Counter-based uniforms: ARS, rounds of AES with a cheap key schedule, keyed by the input, indexed by the run number.
//!
//! - Source: Salmon, Moraes, Dror & Shaw (2011), Parallel random numbers: as easy as 1, 2, 3, SC '11,
//!   doi:10.1145/2063384.2063405, section 3.1 (rounds, Weyl constants); the round of AES from FIPS 197, section 5.1.
//! - Rounds: seven, the authors' default; five are the fewest for which they report that every test of TestU01's
//!   BigCrush is passed (table 2 of the paper). `docs/methods.md#uniforms` tells what was tested here.
//! - One call makes 128 bits, the words of four consecutive runs.
//!
//! Processors do a round in one instruction, [`x86`] and [`aarch64`]; [`portable`] does without.

#[cfg(target_arch = "aarch64")]
mod aarch64;
mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

use super::Key;
#[cfg(target_arch = "x86_64")]
use crate::math::simd::Level;

/// Runs are asked for in groups of this many: blocks start at multiples of it and have a multiple of it as length.
pub const LANES: usize = 32;

/// Words of one call.
const WORDS: usize = 4;

/// Rounds of the uniforms.
pub const ROUNDS: usize = 7;

/// Uses of a key, the upper half of the counter: the words of runs, the bits that continue the words of far tails, and the
/// events of a run, whose number stands above two bits that nothing else has.
const DRAWS: u64 = 0;
const CONTINUED: u64 = 1;
const EVENTS: u64 = 2;
const EVENT_SHIFT: u32 = 2;
/// The same for what designs draw: the permutations of a Latin hypercube, and the seeds that scramble nets.
pub const PERMUTATIONS: u64 = 16;
pub const NET_SEEDS: u64 = 17;

/// Added to the halves of a round's key to give the next: the golden ratio and √3 − 1, as fractions of 2⁶⁴.
const WEYL: [u64; 2] = [0x9E37_79B9_7F4A_7C15, 0xBB67_AE85_84CA_A73B];

/// A state or a round's key: 128 bits as two little-endian halves, the lower first.
type Halves = [u64; 2];

/// The keys of all rounds; the first is added to the counter.
#[derive(Clone, Copy, Debug)]
pub struct Schedule<const ROUNDS: usize> {
    first: Halves,
    rounds: [Halves; ROUNDS],
}

impl<const ROUNDS: usize> Schedule<ROUNDS> {
    /// The round keys of a key.
    #[inline(always)]
    pub fn new(key: Halves) -> Schedule<ROUNDS> {
        let mut running = key;
        let rounds = std::array::from_fn(|_| {
            running = [running[0].wrapping_add(WEYL[0]), running[1].wrapping_add(WEYL[1])];
            running
        });
        Schedule { first: key, rounds }
    }

    /// Of an input: its 64 bits below, nothing above.
    #[inline(always)]
    fn of(key: Key) -> Schedule<ROUNDS> {
        Schedule::new([key.0, 0])
    }

    /// One call: 128 bits from a counter.
    #[inline(always)]
    pub fn call(&self, counter: Halves) -> Halves {
        portable::call(self, counter)
    }
}

/// Words of runs `first_run`, `first_run` + 1, … for one input element: the position u as a fraction of 2³².
///
/// `first_run` and the length of `words` are multiples of [`LANES`].
#[allow(unsafe_code)]
pub fn fill_words(key: Key, first_run: u64, words: &mut [u32]) {
    debug_assert!(first_run.is_multiple_of(LANES as u64) && words.len().is_multiple_of(LANES));
    let schedule = Schedule::<ROUNDS>::of(key);
    let call = first_run / WORDS as u64;
    let groups = words.as_chunks_mut::<LANES>().0;
    match Unit::current() {
        // Safety: `Unit::current` never exceeds what the processor was found to have.
        #[cfg(target_arch = "x86_64")]
        Unit::FourBlocks => unsafe { x86::fill_by_four(&schedule, call, groups) },
        #[cfg(target_arch = "x86_64")]
        Unit::Block => unsafe { x86::fill(&schedule, call, groups) },
        #[cfg(target_arch = "aarch64")]
        Unit::Block => unsafe { aarch64::fill(&schedule, call, groups) },
        Unit::None => portable::fill(&schedule, call, groups),
    }
}

/// Words of the runs `first_run` + lane for a list of lanes: those that [`fill_words`] gives there.
#[allow(unsafe_code)]
pub fn fill_words_of(key: Key, first_run: u64, lanes: &[u32], words: &mut [u32]) {
    let schedule = Schedule::<ROUNDS>::of(key);
    match Unit::current() {
        // Safety: `Unit::current` never exceeds what the processor was found to have.
        #[cfg(target_arch = "x86_64")]
        Unit::FourBlocks | Unit::Block => unsafe { x86::fill_of(&schedule, first_run, lanes, words) },
        #[cfg(target_arch = "aarch64")]
        Unit::Block => unsafe { aarch64::fill_of(&schedule, first_run, lanes, words) },
        Unit::None => portable::fill_of(&schedule, first_run, lanes, words),
    }
}

/// For each pair of a run and the number of an event in it: a word, and 64 bits that continue it.
#[allow(unsafe_code)]
pub fn fill_events(key: Key, events: &[(u64, u32)], words: &mut [u32], beyond: &mut [u64]) {
    let schedule = Schedule::<ROUNDS>::of(key);
    match Unit::current() {
        // Safety: `Unit::current` never exceeds what the processor was found to have.
        #[cfg(target_arch = "x86_64")]
        Unit::FourBlocks | Unit::Block => unsafe { x86::fill_events(&schedule, events, words, beyond) },
        #[cfg(target_arch = "aarch64")]
        Unit::Block => unsafe { aarch64::fill_events(&schedule, events, words, beyond) },
        Unit::None => portable::fill_events(&schedule, events, words, beyond),
    }
}

/// The counter of an event.
#[inline(always)]
fn of_event((run, event): (u64, u32)) -> Halves {
    [run, (u64::from(event) << EVENT_SHIFT) | EVENTS]
}

/// 64 bits that continue the word of a run.
pub fn continued(key: Key, run: u64) -> u64 {
    Schedule::<ROUNDS>::of(key).call([run, CONTINUED])[0]
}

/// Four words of a use other than draws.
pub fn four_words(key: Key, of: u64, number: u64) -> [u32; 4] {
    let [low, high] = Schedule::<ROUNDS>::of(key).call([number, of]);
    [low as u32, (low >> 32) as u32, high as u32, (high >> 32) as u32]
}

/// What does the rounds.
#[derive(Clone, Copy, Debug)]
enum Unit {
    /// An instruction for four blocks at once.
    #[cfg(target_arch = "x86_64")]
    FourBlocks,
    /// An instruction for one block.
    #[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
    Block,
    /// Tables.
    None,
}

impl Unit {
    /// The best of this processor, within the level asked for.
    #[cfg(target_arch = "x86_64")]
    #[inline]
    fn current() -> Unit {
        let level = Level::current();
        if level == Level::Avx512 && is_x86_feature_detected!("vaes") {
            Unit::FourBlocks
        } else if level != Level::Base && is_x86_feature_detected!("aes") {
            Unit::Block
        } else {
            Unit::None
        }
    }

    #[cfg(target_arch = "aarch64")]
    fn current() -> Unit {
        if std::arch::is_aarch64_feature_detected!("aes") { Unit::Block } else { Unit::None }
    }

    #[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
    fn current() -> Unit {
        Unit::None
    }
}

#[cfg(test)]
mod tests;
