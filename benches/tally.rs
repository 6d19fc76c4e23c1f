//! Statistics of outputs: time a value added, a rank arranged for the tornadoes, a value conditioned on an input, a
//! merge, a term summed exactly.
//!
//! Values are added as the engine does it, block by block and a span between two roundings of the sums.

use std::hint::black_box;
use std::ops::Range;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

use riskband::analysis::Distribution;
use riskband::distribution::{Bernoulli, Family, Lognormal, Poisson};
use riskband::engine::{PILOT_RUNS, SPAN};
use riskband::math::{lower_of, normal_score, upper_of};
use riskband::program::BLOCK;
use riskband::sampling::{Key, Positions, Stream, fill_words};
use riskband::scenario::Percent;
use riskband::tally::{CellTally, Conditional, ExactSum, RankBins, Ranks, Shape, Tally};

const INPUTS: usize = 30;

/// The words of a span of runs.
fn words(key: Key) -> Vec<u32> {
    let mut words = vec![0; SPAN as usize];
    fill_words(key, 0, &mut words);
    words
}

/// The signed tails of the same runs.
fn tails(key: Key, words: &[u32]) -> Vec<f64> {
    let stream = Stream::from(key);
    let positions = Positions::of_stream(words, &stream, 0);
    (0..words.len()).map(|run| positions.tail(run)).collect()
}

fn draws(law: &impl Family) -> Vec<f64> {
    let key = Key::new(1, "values", &[]);
    let tails = tails(key, &words(key));
    tails.into_iter().map(|tail| law.inverse(lower_of(tail), upper_of(tail))).collect()
}

fn shape(values: &[f64]) -> Shape {
    Shape::from_pilot(&mut values[..PILOT_RUNS as usize].to_vec())
}

fn add_span(tally: &mut CellTally, values: &[f64]) {
    for (block, values) in values.chunks(BLOCK).enumerate() {
        tally.add((block * BLOCK) as u64, values);
    }
}

fn cells(criterion: &mut Criterion) {
    let kinds = [
        ("continuous", draws(&Lognormal::from_median_sigma(19.0, 0.1).expect("positive parameters"))),
        ("0 or 1", draws(&Bernoulli::new(0.45).expect("a probability"))),
        ("counts", draws(&Poisson::new(3.0).expect("a positive mean"))),
    ];
    let mut group = criterion.benchmark_group("tally, a value added to a cell");
    group.throughput(Throughput::Elements(SPAN));
    for (kind, values) in &kinds {
        let mut tally = CellTally::new(shape(values));
        add_span(&mut tally, values);
        holds(&tally, values);
        group.bench_function(*kind, |bencher| {
            bencher.iter(|| {
                add_span(&mut tally, black_box(values));
                black_box(&tally);
            })
        });
    }
    group.finish();
}

/// Count, mean, sd and median are those of the values themselves.
fn holds(tally: &CellTally, values: &[f64]) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let sd = (values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / n).sqrt();
    let moments = tally.moments();
    assert_eq!(tally.count(), values.len() as u64);
    assert!(moments.mean.is_some_and(|found| (found - mean).abs() < 1e-12 * sd.max(mean)));
    assert!(moments.sd.is_some_and(|found| (found - sd).abs() < 1e-10 * sd));
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let median = Distribution::new(tally).percentile(Percent::new(50.0).expect("50 % is a level"));
    let error = (median - sorted[values.len() / 2 - 1]).abs();
    let is_repeated = sorted[0] == sorted[1];
    assert!(if is_repeated { error == 0.0 } else { error < sd / 2048.0 }, "the median is off by {error}");
}

/// An output that is the sum of thirty normal scores, and the words of these inputs, a column each.
fn influenced() -> (Vec<f64>, Vec<Vec<u32>>) {
    let keys: Vec<Key> = (0..INPUTS).map(|input| Key::new(1, &format!("input {input}"), &[])).collect();
    let columns: Vec<Vec<u32>> = keys.iter().map(|&key| words(key)).collect();
    let tails: Vec<Vec<f64>> = keys.iter().zip(&columns).map(|(&key, words)| tails(key, words)).collect();
    let values =
        (0..SPAN as usize).map(|run| tails.iter().map(|column| normal_score(column[run])).sum()).collect();
    (values, columns)
}

fn bins() -> Vec<RankBins> {
    vec![RankBins::Even; INPUTS]
}

/// The words of each block of the columns.
fn in_blocks(columns: &[Vec<u32>]) -> Vec<Vec<Vec<u32>>> {
    (0..SPAN as usize / BLOCK)
        .map(|block| columns.iter().map(|column| column[block * BLOCK..][..BLOCK].to_vec()).collect())
        .collect()
}

fn ranks(criterion: &mut Criterion) {
    let (_, columns) = influenced();
    let words = in_blocks(&columns).remove(0);
    let mut ranks = Ranks::new(bins(), BLOCK);
    let block = ranks.block(&words, 0);
    for (input, words) in words.iter().enumerate() {
        for (&word, &bin) in words.iter().zip(block.column(input)) {
            let (low, high) = RankBins::Even.interval(bin.into());
            let u = f64::from(word) / 4_294_967_296.0;
            assert!(low <= u && u < high, "input {input}: {u} is not in [{low}, {high})");
        }
    }

    let mut group = criterion.benchmark_group("tally, the bin of a rank");
    group.throughput(Throughput::Elements((BLOCK * INPUTS) as u64));
    group.bench_function("30 inputs", |bencher| {
        bencher.iter(|| {
            black_box(ranks.block(black_box(&words), 0));
        })
    });
    group.finish();
}

/// Conditions the values of some blocks, each on its ranks.
fn condition(conditional: &mut Conditional, values: &[f64], words: &[Vec<Vec<u32>>]) {
    let mut ranks = Ranks::new(bins(), BLOCK);
    for (values, words) in values.chunks(BLOCK).zip(words) {
        conditional.add(values, &ranks.block(words, 0));
    }
    conditional.settle();
}

fn conditionals(criterion: &mut Criterion) {
    let (values, columns) = influenced();
    let words = in_blocks(&columns);
    let mut conditional = Conditional::new(shape(&values), bins());
    condition(&mut conditional, &values, &words);
    let grouping = conditional.grouping();
    // Of jointly normal scores with correlation 1/√30; the standard error is below 1/√n.
    let expected = 6.0 / std::f64::consts::PI * libm::asin(0.5 / (INPUTS as f64).sqrt());
    for input in 0..INPUTS {
        let spearman = conditional.spearman(input, &grouping, &[]).expect("both vary");
        assert!((spearman - expected).abs() < 5.0 / (SPAN as f64).sqrt(), "input {input}: {spearman}");
    }

    let mut group = criterion.benchmark_group("tally, a value conditioned on an input");
    group.throughput(Throughput::Elements(SPAN * INPUTS as u64));
    group.bench_function("30 inputs", |bencher| {
        bencher.iter(|| {
            condition(&mut conditional, black_box(&values), black_box(&words));
            black_box(&conditional);
        })
    });
    group.finish();
}

fn merge(criterion: &mut Criterion) {
    const CELLS: usize = 8;
    let (values, columns) = influenced();
    let words = in_blocks(&columns);
    let empty = Tally {
        cells: vec![CellTally::new(shape(&values)); CELLS],
        conditionals: vec![Conditional::new(shape(&values), bins())],
    };
    let of = |blocks: Range<usize>| {
        let mut tally = empty.clone();
        let values = &values[blocks.start * BLOCK..blocks.end * BLOCK];
        for (block, values) in blocks.clone().zip(values.chunks(BLOCK)) {
            tally.cells.iter_mut().for_each(|cell| cell.add((block * BLOCK) as u64, values));
        }
        condition(&mut tally.conditionals[0], values, &words[blocks]);
        tally.settle();
        tally
    };
    let (left, right) = (of(0..words.len() / 2), of(words.len() / 2..words.len()));
    let (mut forward, mut backward) = (left.clone(), right.clone());
    forward.merge(&right);
    backward.merge(&left);
    assert_eq!(forward, backward);
    assert_eq!(forward.cells[0].count(), SPAN);

    let mut group = criterion.benchmark_group("tally, a merge");
    group.bench_function("8 cells and a tornado of 30 inputs", |bencher| {
        bencher.iter_batched_ref(|| left.clone(), |left| left.merge(black_box(&right)), BatchSize::LargeInput)
    });
    group.finish();
}

fn exact_sum(criterion: &mut Criterion) {
    let terms = draws(&Lognormal::from_median_sigma(1.0, 20.0).expect("positive parameters"));
    let sum = |terms: &mut dyn Iterator<Item = f64>| {
        let mut sum = ExactSum::default();
        terms.for_each(|term| sum.add(term));
        sum
    };
    assert_eq!(sum(&mut terms.iter().copied()), sum(&mut terms.iter().rev().copied()));
    let mut cancelled = terms.iter().copied().chain([2.5]).chain(terms.iter().map(|&term| -term));
    assert_eq!(sum(&mut cancelled).value(), 2.5);

    let mut group = criterion.benchmark_group("tally, a term summed exactly");
    group.throughput(Throughput::Elements(terms.len() as u64));
    let mut total = ExactSum::default();
    group.bench_function("terms over many decades", |bencher| {
        bencher.iter(|| {
            black_box(&terms).iter().for_each(|&term| total.add(term));
            black_box(&total);
        })
    });
    group.finish();
}

criterion_group!(benches, cells, ranks, conditionals, merge, exact_sum);
criterion_main!(benches);
