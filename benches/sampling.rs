//! Positions in (0, 1): time a word of one input under every design, of a few runs picked out of a block, and of
//! pairs tied by a Gaussian and by an Archimedean copula.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

use riskband::math::{lower_of, normal_score};
use riskband::program::BLOCK;
use riskband::sampling::{Archimedean, Coordinate, Design, Generator, Key, Nested, Stream, Tied, Weights};

/// Where the checked runs begin: their calls are counted beyond 32 bits.
const CHECKED_RUN: u64 = 1 << 35;

/// Share of the runs that a sparse list picks out.
const SPARSE: f64 = 0.08;

/// Correlation of the pair, and its Cholesky factor.
const RHO: f64 = 0.4;
const FACTOR: [f64; 4] = [1.0, 0.0, RHO, 0.916_515_138_991_168];

fn words(criterion: &mut Criterion) {
    let runs = 10_000_000;
    let mut group = criterion.benchmark_group("sampling");
    group.throughput(Throughput::Elements(BLOCK as u64));
    for design in [Design::MonteCarlo, Design::Hypercube { runs }, Design::Sobol { runs }] {
        let key = Key::new(1, "words", &[]);
        let stream = design.stream(Coordinate { key, dimension: 7 });
        let mut words = vec![0; BLOCK];
        let mut first_run = 0;
        group.bench_function(format!("words, {}", design.name()), |bencher| {
            bencher.iter(|| {
                black_box(&stream).fill(first_run, &mut words);
                first_run = (first_run + BLOCK as u64) % (runs - BLOCK as u64).next_multiple_of(32);
                black_box(&words);
            })
        });
    }
    group.finish();
}

/// The words of a few runs of a block: those in which an event, drawn itself, happens.
fn sparse_words(criterion: &mut Criterion) {
    let mut event = vec![0; BLOCK];
    Stream::from(Key::new(1, "event", &[])).fill(0, &mut event);
    // The lowest words of the block rather than those below a threshold: the share is met to a lane.
    let mut lanes: Vec<u32> = (0..BLOCK as u32).collect();
    lanes.sort_by_key(|&lane| event[lane as usize]);
    lanes.truncate((SPARSE * BLOCK as f64).round() as usize);
    lanes.sort_unstable();

    let stream = Stream::from(Key::new(1, "sparse", &[]));
    let mut listed = vec![0; lanes.len()];
    let mut words = vec![0; BLOCK];
    stream.fill_of(CHECKED_RUN, &lanes, &mut listed);
    stream.fill(CHECKED_RUN, &mut words);
    for (&lane, &word) in lanes.iter().zip(&listed) {
        assert_eq!(word, words[lane as usize], "lane {lane}");
    }

    let mut first_run = 0;
    let mut group = criterion.benchmark_group("sampling");
    group.throughput(Throughput::Elements(lanes.len() as u64));
    group.bench_function("words of 8 % of the runs", |bencher| {
        bencher.iter(|| {
            black_box(&stream).fill_of(first_run, black_box(&lanes), &mut listed);
            first_run += BLOCK as u64;
            black_box(&listed);
        })
    });
    group.finish();
}

fn copula(criterion: &mut Criterion) {
    let coordinate = |(dimension, name)| Coordinate { key: Key::new(1, name, &[]), dimension };
    let pair: Vec<Coordinate> = ["first", "second"].into_iter().enumerate().map(coordinate).collect();
    let mut pair = Tied::new(&pair, &Weights::of_cholesky(&FACTOR, 2), None, Design::MonteCarlo, BLOCK);

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

/// Kendall's coefficient of the Archimedean pair, of a Gumbel copula with θ = 2.
const TAU: f64 = 0.5;

fn archimedean(criterion: &mut Criterion) {
    let coordinate = |(dimension, name)| Coordinate { key: Key::new(1, name, &[]), dimension };
    let pair: Vec<Coordinate> = ["first", "second"].into_iter().enumerate().map(coordinate).collect();
    let gumbel =
        Archimedean { generator: Generator::Gumbel, theta: 2.0, flips_first: false, flips_others: false };
    let mut pair = Nested::new(&pair, gumbel, Design::MonteCarlo, BLOCK);

    // Two runs are in order for both with probability (1 + τ) / 2; five standard errors.
    let blocks = 64;
    let mut in_order = 0;
    for block in 0..blocks {
        pair.fill(block * BLOCK as u64);
        let place = |member: usize, lane: usize| lower_of(pair.positions(member).tail(lane));
        let alike =
            |lane: &usize| (place(0, *lane) < place(0, lane + 1)) == (place(1, *lane) < place(1, lane + 1));
        in_order += (0..BLOCK).step_by(2).filter(alike).count();
    }
    let (pairs, expected) = (blocks as f64 * BLOCK as f64 / 2.0, 0.5 * (1.0 + TAU));
    let error = (expected * (1.0 - expected) / pairs).sqrt();
    assert!((in_order as f64 / pairs - expected).abs() < 5.0 * error, "{in_order} of {pairs} in order");

    let mut first_run = 0;
    let mut group = criterion.benchmark_group("sampling");
    group.throughput(Throughput::Elements(2 * BLOCK as u64));
    group.bench_function("Gumbel pair, independent words included", |bencher| {
        bencher.iter(|| {
            pair.fill(first_run);
            first_run += BLOCK as u64;
            black_box(&pair);
        })
    });
    group.finish();
}

criterion_group!(benches, words, sparse_words, copula, archimedean);
criterion_main!(benches);
