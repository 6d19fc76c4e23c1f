//! Statistics of outputs: time a value added, a value conditioned on an input, a merge, a term summed exactly.
//!
//! Values are added as the engine does it, block by block and a span between two roundings of the sums.

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

use riskband::analysis::Distribution;
use riskband::distribution::{Bernoulli, Family, Lognormal, Poisson};
use riskband::engine::{PILOT_RUNS, SPAN};
use riskband::math::{lower_of, normal_score, rank_of, upper_of};
use riskband::program::BLOCK;
use riskband::sampling::{Key, fill_tails};
use riskband::tally::{CellTally, Conditional, ExactSum, RankBins, Shape, Tally};

const INPUTS: usize = 30;

/// A span of runs of each input.
fn tails(names: impl Iterator<Item = String>) -> Vec<Vec<f64>> {
    names
        .map(|name| {
            let mut tails = vec![f64::NAN; SPAN as usize];
            fill_tails(Key::new(1, &name, &[]), 0, &mut tails);
            tails
        })
        .collect()
}

fn draws(law: &impl Family) -> Vec<f64> {
    let tails = tails(std::iter::once("values".to_string())).remove(0);
    tails.into_iter().map(|tail| law.inverse(lower_of(tail), upper_of(tail))).collect()
}

fn shape(values: &[f64]) -> Shape {
    Shape::from_pilot(&mut values[..PILOT_RUNS as usize].to_vec())
}

fn add_span(tally: &mut CellTally, values: &[f64]) {
    for (block, values) in values.chunks(BLOCK).enumerate() {
        tally.add((block * BLOCK) as u64, values);
    }
    tally.close_span();
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
    let median = Distribution::new(tally).percentile(50);
    let error = (median - sorted[values.len() / 2 - 1]).abs();
    let is_repeated = sorted[0] == sorted[1];
    assert!(if is_repeated { error == 0.0 } else { error < sd / 2048.0 }, "the median is off by {error}");
}

/// The sum of thirty normal scores, and the ranks of each.
fn influenced() -> (Vec<f64>, Vec<Vec<u32>>) {
    let tails = tails((0..INPUTS).map(|input| format!("input {input}")));
    let values =
        (0..SPAN as usize).map(|run| tails.iter().map(|column| normal_score(column[run])).sum()).collect();
    let ranks = tails.iter().map(|column| column.iter().map(|&tail| rank_of(tail)).collect()).collect();
    (values, ranks)
}

/// The columns as a machine hands them out: a block of every input.
fn in_blocks(ranks: &[Vec<u32>]) -> Vec<Vec<Vec<u32>>> {
    (0..SPAN as usize / BLOCK)
        .map(|block| ranks.iter().map(|column| column[block * BLOCK..][..BLOCK].to_vec()).collect())
        .collect()
}

fn condition_span(conditional: &mut Conditional, values: &[f64], ranks: &[Vec<Vec<u32>>]) {
    for (values, ranks) in values.chunks(BLOCK).zip(ranks) {
        conditional.add(values, ranks);
    }
    conditional.close_span();
}

fn conditionals(criterion: &mut Criterion) {
    let (values, ranks) = influenced();
    let ranks = in_blocks(&ranks);
    let mut conditional = Conditional::new(shape(&values), vec![RankBins::Even; INPUTS]);
    condition_span(&mut conditional, &values, &ranks);
    // Of jointly normal scores with correlation 1/√30; the standard error is below 1/√n.
    let expected = 6.0 / std::f64::consts::PI * libm::asin(0.5 / (INPUTS as f64).sqrt());
    for input in 0..INPUTS {
        let spearman = conditional.means(input).expect("finite values have means").spearman;
        assert!((spearman - expected).abs() < 5.0 / (SPAN as f64).sqrt(), "input {input}: {spearman}");
    }

    let mut group = criterion.benchmark_group("tally, a value conditioned on an input");
    group.throughput(Throughput::Elements(SPAN * INPUTS as u64));
    group.bench_function("30 inputs", |bencher| {
        bencher.iter(|| {
            condition_span(&mut conditional, black_box(&values), black_box(&ranks));
            black_box(&conditional);
        })
    });
    group.finish();
}

fn merge(criterion: &mut Criterion) {
    const CELLS: usize = 8;
    let (values, ranks) = influenced();
    let ranks = in_blocks(&ranks);
    let empty = Tally {
        cells: vec![CellTally::new(shape(&values)); CELLS],
        conditionals: vec![Conditional::new(shape(&values), vec![RankBins::Even; INPUTS])],
    };
    let of = |values: &[f64], ranks: &[Vec<Vec<u32>>]| {
        let mut tally = empty.clone();
        for (block, (values, ranks)) in values.chunks(BLOCK).zip(ranks).enumerate() {
            tally.cells.iter_mut().for_each(|cell| cell.add((block * BLOCK) as u64, values));
            tally.conditionals[0].add(values, ranks);
        }
        tally.close_span();
        tally
    };
    let (left, right) = (of(&values[..values.len() / 2], &ranks), of(&values[values.len() / 2..], &ranks));
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

criterion_group!(benches, cells, conditionals, merge, exact_sum);
criterion_main!(benches);
