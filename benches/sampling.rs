//! Positions in (0, 1): time an element of uniforms, of a tied pair, and of the stream behind rand's traits.
//!
//! `rand_philox`, another implementation of the same generator, stands beside ours: it must give the same words, and
//! its time is the peer's.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use rand::{Rng, RngExt};
use rand_philox::Philox;

use riskband::math::{lower_of, normal_score};
use riskband::program::BLOCK;
use riskband::sampling::{Key, LANES, Scores, Stream, correlate, fill_tails};

/// Correlation of the pair, and its Cholesky factor.
const RHO: f64 = 0.4;
const FACTOR: [f64; 4] = [1.0, 0.0, RHO, 0.916_515_138_991_168];

fn uniforms(criterion: &mut Criterion) {
    let key = Key::new(1, "uniforms", &[]);
    every_position_is_a_word_of_the_peer(key);
    let mut tails = vec![0.0; BLOCK];
    let mut first_run = 0;
    let mut group = criterion.benchmark_group("sampling");
    group.throughput(Throughput::Elements(BLOCK as u64));
    group.bench_function("uniforms", |bencher| {
        bencher.iter(|| {
            fill_tails(black_box(key), first_run, &mut tails);
            first_run += BLOCK as u64;
            black_box(&tails);
        })
    });
    group.finish();
}

/// Of 16 runs, call k of the generator serves run k with its first word and run k + 8 with its second.
fn every_position_is_a_word_of_the_peer(key: Key) {
    let first_run = 1 << 33;
    let mut tails = vec![0.0; BLOCK];
    fill_tails(key, first_run, &mut tails);
    for (group, lanes) in tails.chunks(LANES).enumerate() {
        let half = LANES / 2;
        let mut peer = Philox::new(halves(key), u128::from(first_run) / 2 + (group * half) as u128);
        for lane in 0..half {
            for tail in [lanes[lane], lanes[lane + half]] {
                let centred = (peer.next_u64() >> 12) as f64 + 0.5;
                assert_eq!(lower_of(tail), centred * f64::EPSILON);
            }
        }
    }
}

fn copula(criterion: &mut Criterion) {
    let keys = ["first", "second"].map(|name| Key::new(1, name, &[]));
    let mut pair = vec![vec![0.0; BLOCK]; 2];
    let mut scratch = Scores::default();
    let mut tie = |first_run: u64, pair: &mut [Vec<f64>]| {
        for (column, &key) in pair.iter_mut().zip(&keys) {
            fill_tails(key, first_run, column);
        }
        correlate(pair, &FACTOR, &mut scratch);
    };

    let blocks = 256;
    let mut products = 0.0;
    for block in 0..blocks {
        tie(block * BLOCK as u64, &mut pair);
        products +=
            pair[0].iter().zip(&pair[1]).map(|(&a, &b)| normal_score(a) * normal_score(b)).sum::<f64>();
    }
    let runs = (blocks * BLOCK as u64) as f64;
    // The product of two standard normals has variance 1 + ρ²; five standard errors.
    let error = ((1.0 + RHO * RHO) / runs).sqrt();
    assert!((products / runs - RHO).abs() < 5.0 * error, "correlation {}", products / runs);

    let mut first_run = 0;
    let mut group = criterion.benchmark_group("sampling");
    group.throughput(Throughput::Elements(2 * BLOCK as u64));
    group.bench_function("copula pair, uniforms included", |bencher| {
        bencher.iter(|| {
            tie(first_run, &mut pair);
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
    let mut peer = Philox::new(halves(key), u128::from(Stream::BOOTSTRAP) << 96);
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
fn halves(key: Key) -> [u32; 2] {
    [key.0 as u32, (key.0 >> 32) as u32]
}

criterion_group!(benches, uniforms, copula, streams);
criterion_main!(benches);
