//! Rounds of AES without an instruction for them: its four steps on one column by four look-ups in a table.
//!
//! The table's bytes are derived here from their definition (FIPS 197, sections 4.2 and 5.1).

use super::{DRAWS, Halves, LANES, Schedule, WORDS, of_event};

/// Product in GF(2⁸) modulo x⁸ + x⁴ + x³ + x + 1.
const fn product(mut a: u8, mut b: u8) -> u8 {
    let mut sum = 0;
    while b != 0 {
        if b & 1 != 0 {
            sum ^= a;
        }
        a = (a << 1) ^ (0x1b * (a >> 7));
        b >>= 1;
    }
    sum
}

/// SubBytes of one byte: its inverse, x²⁵⁴, through the affine map.
const fn substituted(byte: u8) -> u8 {
    let mut inverse = 1;
    let mut square = byte;
    let mut power = 1;
    while power < 8 {
        square = product(square, square);
        inverse = product(inverse, square);
        power += 1;
    }
    inverse
        ^ inverse.rotate_left(1)
        ^ inverse.rotate_left(2)
        ^ inverse.rotate_left(3)
        ^ inverse.rotate_left(4)
        ^ 0x63
}

/// A byte of the first row after SubBytes and MixColumns: what it gives to the four rows of its column, the first in
/// the lowest byte. A byte of row k gives the same, rotated by k bytes.
static MIXED: [u32; 256] = {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let s = substituted(byte as u8);
        table[byte] = u32::from_le_bytes([product(s, 2), s, s, product(s, 3)]);
        byte += 1;
    }
    table
};

/// Byte `row` of a column.
#[inline(always)]
fn byte(column: u32, row: usize) -> usize {
    (column >> (8 * row)) as usize & 0xFF
}

/// SubBytes, ShiftRows and MixColumns of a state of four columns.
#[inline(always)]
fn round(state: [u32; 4]) -> [u32; 4] {
    std::array::from_fn(|column| {
        let mixed = |row: usize| MIXED[byte(state[(column + row) % 4], row)].rotate_left(8 * row as u32);
        mixed(0) ^ mixed(1) ^ mixed(2) ^ mixed(3)
    })
}

/// SubBytes and ShiftRows, of which the last round consists.
#[inline(always)]
fn last_round(state: [u32; 4]) -> [u32; 4] {
    std::array::from_fn(|column| {
        // The second byte of an entry is the substituted byte itself.
        let shifted = |row: usize| (MIXED[byte(state[(column + row) % 4], row)] >> 8 & 0xFF) << (8 * row);
        shifted(0) | shifted(1) | shifted(2) | shifted(3)
    })
}

/// A state's four columns from its halves.
#[inline(always)]
fn columns([low, high]: Halves) -> [u32; 4] {
    [low as u32, (low >> 32) as u32, high as u32, (high >> 32) as u32]
}

#[inline(always)]
fn xor(a: [u32; 4], b: [u32; 4]) -> [u32; 4] {
    std::array::from_fn(|column| a[column] ^ b[column])
}

/// The four words of one call.
#[inline(always)]
fn words<const ROUNDS: usize>(schedule: &Schedule<ROUNDS>, counter: Halves) -> [u32; WORDS] {
    let mut state = xor(columns(counter), columns(schedule.first));
    let (last, others) = schedule.rounds.split_last().expect("at least one round");
    for key in others {
        state = xor(round(state), columns(*key));
    }
    xor(last_round(state), columns(*last))
}

/// One call as two halves.
#[inline(always)]
pub fn call<const ROUNDS: usize>(schedule: &Schedule<ROUNDS>, counter: Halves) -> Halves {
    let [a, b, c, d] = words(schedule, counter).map(u64::from);
    [a | (b << 32), c | (d << 32)]
}

/// [`super::fill_words`] from call `call` on.
pub fn fill<const ROUNDS: usize>(schedule: &Schedule<ROUNDS>, call: u64, groups: &mut [[u32; LANES]]) {
    let calls = groups.as_flattened_mut().as_chunks_mut::<WORDS>().0;
    for (counter, four) in (call..).zip(calls) {
        *four = words(schedule, [counter, DRAWS]);
    }
}

/// [`super::fill_words_of`].
pub fn fill_of<const ROUNDS: usize>(
    schedule: &Schedule<ROUNDS>,
    first_run: u64,
    lanes: &[u32],
    out: &mut [u32],
) {
    for (word, &lane) in out.iter_mut().zip(lanes) {
        let run = first_run + u64::from(lane);
        *word = words(schedule, [run / WORDS as u64, DRAWS])[(run % WORDS as u64) as usize];
    }
}

/// [`super::fill_events`].
pub fn fill_events<const ROUNDS: usize>(
    schedule: &Schedule<ROUNDS>,
    events: &[(u64, u32)],
    words: &mut [u32],
    beyond: &mut [u64],
) {
    for ((word, beyond), &event) in words.iter_mut().zip(beyond).zip(events) {
        let [low, high] = call(schedule, of_event(event));
        (*word, *beyond) = (low as u32, high);
    }
}
