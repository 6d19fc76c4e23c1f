//! Seeds of the generators of a chunk of runs.

/// One word for each of eight lanes, by SplitMix64's finaliser of seed, chunk, lane and `part`.
pub fn lane_seeds(seed: u64, chunk: u64, part: u64) -> [u64; 8] {
    std::array::from_fn(|lane| {
        let key = mix(seed.wrapping_add(0x9E37_79B9_7F4A_7C15));
        mix(key ^ mix((chunk << 4 | (lane as u64) << 1 | part).wrapping_mul(0x9E37_79B9_7F4A_7C15)))
    })
}

fn mix(mut x: u64) -> u64 {
    x = (x ^ x >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ x >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ x >> 31
}
