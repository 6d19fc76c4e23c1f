//! Known answers, and the properties that draws rely on.

use aes::Block;
use aes::hazmat::cipher_round;
use proptest::prelude::*;

use super::*;
use crate::math::centre_of_word;

/// 128 bits from four words, as Random123 prints them.
fn halves([a, b, c, d]: [u64; 4]) -> Halves {
    [a | (b << 32), c | (d << 32)]
}

#[test]
fn known_answers_of_random123() {
    // Random123, tests/kat_vectors, lines "ars4x32 10".
    let ones = 0xffff_ffff;
    let pi = [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344];
    let pi_key = [0xa409_3822, 0x299f_31d0, 0x082e_fa98, 0xec4e_6c89];
    for (counter, key, answer) in [
        ([0; 4], [0; 4], [0x8d73_ee19, 0x5064_01ef, 0x13c2_dbe4, 0x0cbe_9c0d]),
        (pi, pi_key, [0xa516_e7d6, 0x8357_ad74, 0x5b59_b3ec, 0x8763_fff3]),
        ([ones; 4], [ones, ones, 0, 0], [0xbb37_43b1, 0x9f63_5551, 0xecbc_87fc, 0xa194_78a9]),
    ] {
        assert_eq!(Schedule::<10>::new(halves(key)).call(halves(counter)), halves(answer));
    }
}

proptest! {
    #[test]
    fn seven_rounds_are_those_of_an_independent_aes(key: u64, counter: u64) {
        let schedule = Schedule::<ROUNDS>::of(Key(key));
        let bytes = |[low, high]: Halves| Block::from((u128::from(low) | (u128::from(high) << 64)).to_le_bytes());
        let mut state = bytes([counter ^ schedule.first[0], DRAWS ^ schedule.first[1]]);
        for &round_key in &schedule.rounds[..ROUNDS - 1] {
            cipher_round(&mut state, &bytes(round_key));
        }
        // The last round mixes no columns: it is one more whose mixing is undone.
        cipher_round(&mut state, &Block::default());
        aes::hazmat::inv_mix_columns(&mut state);
        let last = schedule.rounds[ROUNDS - 1];
        let expected = u128::from_le_bytes(state.into()) ^ (u128::from(last[0]) | (u128::from(last[1]) << 64));
        let [low, high] = schedule.call([counter, DRAWS]);
        prop_assert_eq!(u128::from(low) | (u128::from(high) << 64), expected);
    }
}

#[test]
fn every_unit_gives_the_words_of_single_calls() {
    let (key, first_run) = (Key::new(7, "x", &[]), 1 << 35);
    let schedule = Schedule::<ROUNDS>::of(key);
    let mut expected = vec![[0; LANES]; 16];
    portable::fill(&schedule, first_run / WORDS as u64, &mut expected);
    for (k, four) in expected.as_flattened().as_chunks::<WORDS>().0.iter().enumerate() {
        assert_eq!(halves(four.map(u64::from)), schedule.call([first_run / 4 + k as u64, DRAWS]));
    }
    let mut words = vec![0; 16 * LANES];
    fill_words(key, first_run, &mut words);
    assert_eq!(words, expected.as_flattened());
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("aes") && is_x86_feature_detected!("avx2") {
        let mut single = vec![[0; LANES]; 16];
        // Safety: the processor was just found to have what it needs.
        #[allow(unsafe_code)]
        unsafe {
            x86::fill(&schedule, first_run / WORDS as u64, &mut single)
        };
        assert_eq!(single, expected);
    }
    let lanes: Vec<u32> = (0..512).filter(|lane| lane % 5 < 2).collect();
    let mut listed = vec![0; lanes.len()];
    portable::fill_of(&schedule, first_run, &lanes, &mut listed);
    assert!(lanes.iter().zip(listed).all(|(&lane, word)| words[lane as usize] == word));
}

#[test]
fn events_have_a_call_each_on_every_unit() {
    let key = Key::new(7, "x", &[]);
    let schedule = Schedule::<ROUNDS>::of(key);
    let events: Vec<(u64, u32)> = (0..100).map(|k| ((1 << 40) + k / 7, (k % 7) as u32)).collect();
    let (mut words, mut beyond) = (vec![0; events.len()], vec![0; events.len()]);
    fill_events(key, &events, &mut words, &mut beyond);
    let (mut plain, mut more) = (vec![0; events.len()], vec![0; events.len()]);
    portable::fill_events(&schedule, &events, &mut plain, &mut more);
    assert_eq!((&words, &beyond), (&plain, &more));
    for (k, &(run, event)) in events.iter().enumerate() {
        let [low, high] = schedule.call([run, 4 * u64::from(event) + EVENTS]);
        assert_eq!((words[k], beyond[k]), (low as u32, high));
        assert_ne!(continued(key, run), high);
    }
}

#[test]
fn any_window_and_any_list_of_lanes_gives_the_same_words() {
    let key = Key::new(7, "x", &[]);
    let mut whole = vec![0; 1024];
    fill_words(key, 1 << 33, &mut whole);
    let mut part = vec![0; 160];
    fill_words(key, (1 << 33) + 320, &mut part);
    assert_eq!(part, whole[320..480]);
    let lanes: Vec<u32> = (0..1024).filter(|lane| lane * lane % 7 < 3).collect();
    let mut listed = vec![0; lanes.len()];
    fill_words_of(key, 1 << 33, &lanes, &mut listed);
    assert!(lanes.iter().zip(listed).all(|(&lane, word)| whole[lane as usize] == word));
}

#[test]
fn mean_variance_and_neighbour_correlation_are_those_of_uniforms() {
    let n = 1 << 16;
    let mut words = vec![0; n];
    fill_words(Key::new(1, "moments", &[]), 0, &mut words);
    let u: Vec<f64> = words.iter().map(|&word| centre_of_word(word)).collect();
    let mean = u.iter().sum::<f64>() / n as f64;
    let square = u.iter().map(|x| x * x).sum::<f64>() / n as f64;
    let product = u.windows(2).map(|w| w[0] * w[1]).sum::<f64>() / (n - 1) as f64;
    // Five standard errors: a false alarm once in 1.7 million seeds.
    assert!(mean.abs() < 5.0 * (1.0 / 12.0 / n as f64).sqrt());
    assert!((square - 1.0 / 12.0).abs() < 5.0 * (1.0 / 180.0 / n as f64).sqrt());
    assert!(product.abs() < 5.0 / 12.0 / (n as f64).sqrt());
}

#[test]
fn streams_of_neighbouring_keys_are_uncorrelated() {
    // The worst keys a hash could give: 0, 1, 2, …
    let (streams, n) = (24, 1 << 15);
    let columns: Vec<Vec<f64>> = (0..streams)
        .map(|key| {
            let mut words = vec![0; n];
            fill_words(Key(key), 0, &mut words);
            words.into_iter().map(centre_of_word).collect()
        })
        .collect();
    let mut squares = Vec::new();
    for (k, a) in columns.iter().enumerate() {
        for b in &columns[k + 1..] {
            let product: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
            let z = 12.0 * product / (n as f64).sqrt();
            assert!(z.abs() < 5.5, "{z}");
            squares.push(z * z);
        }
    }
    let pairs = squares.len() as f64;
    // z² of a pair has mean 1 and variance 2; five standard errors.
    let mean = squares.iter().sum::<f64>() / pairs;
    assert!((mean - 1.0).abs() < 5.0 * (2.0 / pairs).sqrt(), "{mean}");
}
