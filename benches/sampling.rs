//! Positions in (0, 1): time a word of one input, of a few runs picked out of a block, of a tied pair, and of the
//! stream behind rand's traits.
//!
//! `rand_philox`, another implementation of the same generator but with ten rounds only, stands beside ours: at ten
//! rounds both must give the same words, and its time is the peer's of the stream.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rand::{Rng, RngExt};
use rand_philox::{Philox, philox4x32_10};

use riskband::math::normal_score;
use riskband::program::BLOCK;
use riskband::sampling::{Key, LANES, Stream, Tied, fill_words, fill_words_of, philox4x32};

/// Words that a call of the generator makes, one a run, and calls that serve a group of [`LANES`] runs.
const WORDS: usize = 4;
const CALLS: usize = LANES / WORDS;

/// Where the checked runs begin: their calls are counted beyond 32 bits.
const CHECKED_RUN: u64 = 1 << 35;

/// Share of the runs that a sparse list picks out.
const SPARSE: f64 = 0.08;

/// Correlation of the pair, and its Cholesky factor.
const RHO: f64 = 0.4;
const FACTOR: [f64; 4] = [1.0, 0.0, RHO, 0.916_515_138_991_168];

fn words(criterion: &mut Criterion) {
    let key = Key::new(1, "words", &[]);
    ten_rounds_are_those_of_the_peer(key);
    every_word_is_of_seven_rounds_where_the_layout_says(key);
    let mut words = vec![0; BLOCK];
    let mut first_run = 0;
    let mut group = criterion.benchmark_group("sampling");
    group.throughput(Throughput::Elements(BLOCK as u64));
    group.bench_function("words", |bencher| {
        bencher.iter(|| {
            fill_words(black_box(key), first_run, &mut words);
            first_run += BLOCK as u64;
            black_box(&words);
        })
    });
    group.finish();
}

fn ten_rounds_are_those_of_the_peer(key: Key) {
    for call in CHECKED_RUN / WORDS as u64..(CHECKED_RUN + BLOCK as u64) / WORDS as u64 {
        for domain in [0, Stream::BOOTSTRAP, u64::from(u32::MAX)] {
            let counter = counter(call, domain);
            let peer = philox4x32_10(counter.map(|word| word as u32), halves(key).map(|half| half as u32));
            assert_eq!(philox4x32::<10>(counter, halves(key)), peer.map(u64::from), "call {call}");
        }
    }
}

/// Of 32 aligned runs, call k of the generator serves runs 2k, 2k + 1, 2k + 16 and 2k + 17, in the order of its words.
fn every_word_is_of_seven_rounds_where_the_layout_says(key: Key) {
    let mut words = vec![0; BLOCK];
    fill_words(key, CHECKED_RUN, &mut words);
    for (group, lanes) in words.chunks(LANES).enumerate() {
        for k in 0..CALLS {
            let call = CHECKED_RUN / WORDS as u64 + (group * CALLS + k) as u64;
            let served = [2 * k, 2 * k + 1, 2 * k + 16, 2 * k + 17].map(|lane| u64::from(lanes[lane]));
            assert_eq!(served, philox4x32::<7>(counter(call, 0), halves(key)), "call {call}");
        }
    }
}

/// The words of a few runs of a block: those in which an event, drawn itself, happens.
fn sparse_words(criterion: &mut Criterion) {
    let mut event = vec![0; BLOCK];
    fill_words(Key::new(1, "event", &[]), 0, &mut event);
    // The lowest words of the block rather than those below a threshold: the share is met to a lane.
    let mut lanes: Vec<u32> = (0..BLOCK as u32).collect();
    lanes.sort_by_key(|&lane| event[lane as usize]);
    lanes.truncate((SPARSE * BLOCK as f64).round() as usize);
    lanes.sort_unstable();

    let key = Key::new(1, "sparse", &[]);
    let mut listed = vec![0; lanes.len()];
    let mut words = vec![0; BLOCK];
    fill_words_of(key, CHECKED_RUN, &lanes, &mut listed);
    fill_words(key, CHECKED_RUN, &mut words);
    for (&lane, &word) in lanes.iter().zip(&listed) {
        assert_eq!(word, words[lane as usize], "lane {lane}");
    }

    let mut first_run = 0;
    let mut group = criterion.benchmark_group("sampling");
    group.throughput(Throughput::Elements(lanes.len() as u64));
    group.bench_function("words of 8 % of the runs", |bencher| {
        bencher.iter(|| {
            fill_words_of(black_box(key), first_run, black_box(&lanes), &mut listed);
            first_run += BLOCK as u64;
            black_box(&listed);
        })
    });
    group.finish();
}

fn copula(criterion: &mut Criterion) {
    let keys = ["first", "second"].map(|name| Key::new(1, name, &[]));
    let mut pair = Tied::new(&keys, &FACTOR, BLOCK);

    let blocks = 256;
    let mut products = 0.0;
    for block in 0..blocks {
        pair.fill(block * BLOCK as u64);
        let score = |member: usize, lane: usize| normal_score(pair.positions(member).tail(lane));
        products += (0..BLOCK).map(|lane| score(0, lane) * score(1, lane)).sum::<f64>();
    }
    let runs = (blocks * BLOCK as u64) as f64;
    // The product of two standard normals has variance 1 + ρ²; five standard errors.
    let error = ((1.0 + RHO * RHO) / runs).sqrt();
    assert!((products / runs - RHO).abs() < 5.0 * error, "correlation {}", products / runs);

    let mut first_run = 0;
    let mut group = criterion.benchmark_group("sampling");
    group.throughput(Throughput::Elements(2 * BLOCK as u64));
    group.bench_function("copula pair, independent words included", |bencher| {
        bencher.iter(|| {
            pair.fill(first_run);
            first_run += BLOCK as u64;
            black_box(&pair);
        })
    });
    group.finish();
}

fn streams(criterion: &mut Criterion) {
    let key = Key::new(1, "stream", &[]);
    let mut ours = Stream::new(key, Stream::BOOTSTRAP);
    // The domain is the counter's uppermost word.
    let mut peer = Philox::new(halves(key).map(|half| half as u32), u128::from(Stream::BOOTSTRAP) << 96);
    for _ in 0..2 * BLOCK {
        assert_eq!(ours.next_u64(), peer.next_u64());
    }

    let mut values = vec![0.0; BLOCK];
    let mut group = criterion.benchmark_group("sampling");
    group.throughput(Throughput::Elements(BLOCK as u64));
    group.bench_function("stream through rand", |bencher| {
        bencher.iter(|| {
            values.fill_with(|| ours.random::<f64>());
            black_box(&values);
        })
    });
    group.bench_function("stream through rand, peer rand_philox", |bencher| {
        bencher.iter(|| {
            values.fill_with(|| peer.random::<f64>());
            black_box(&values);
        })
    });
    group.finish();
}

/// The key as two words.
fn halves(key: Key) -> [u64; 2] {
    [key.0 & 0xFFFF_FFFF, key.0 >> 32]
}

/// The counter of a call in a domain; that of draws is 0.
fn counter(call: u64, domain: u64) -> [u64; 4] {
    [call & 0xFFFF_FFFF, call >> 32, 0, domain]
}

criterion_group!(benches, words, sparse_words, copula, streams);
criterion_main!(benches);
