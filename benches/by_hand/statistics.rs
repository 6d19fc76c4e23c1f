//! Statistics of stored columns, by sorting copies of them.

use rayon::prelude::*;
use serde_json::{Map, Value, json};

/// Reported percentiles, in %.
const PERCENTILES: [usize; 9] = [1, 5, 10, 25, 50, 75, 90, 95, 99];
/// Slices of equal count behind a first-order share of variance.
const SLICES: usize = 500;
/// Runs summed at a time.
const PART: usize = 1 << 16;

/// What is reported of one output.
pub struct Summary {
    mean: f64,
    sd: f64,
    skewness: f64,
    excess_kurtosis: f64,
    percentiles: [f64; PERCENTILES.len()],
    below_p5: f64,
    above_p95: f64,
}

impl Summary {
    pub fn of(column: &[f64]) -> Self {
        let n = column.len();
        let mean = sum(column, |x| x) / n as f64;
        let moment = |power: i32| sum(column, |x| (x - mean).powi(power)) / n as f64;
        let sd = moment(2).sqrt();
        let mut sorted = column.to_vec();
        sorted.par_sort_unstable_by(f64::total_cmp);
        let tail = n / 20;
        Summary {
            mean,
            sd,
            skewness: moment(3) / sd.powi(3),
            excess_kurtosis: moment(4) / sd.powi(4) - 3.0,
            percentiles: PERCENTILES.map(|p| sorted[(n * p).div_ceil(100) - 1]),
            below_p5: sum(&sorted[..tail], |x| x) / tail as f64,
            above_p95: sum(&sorted[n - tail..], |x| x) / tail as f64,
        }
    }

    pub fn to_json(&self) -> Map<String, Value> {
        let mut map = Map::new();
        map.insert("mean".into(), json!(self.mean));
        map.insert("sd".into(), json!(self.sd));
        map.insert("skewness".into(), json!(self.skewness));
        map.insert("excess_kurtosis".into(), json!(self.excess_kurtosis));
        for (p, value) in PERCENTILES.iter().zip(self.percentiles) {
            map.insert(format!("p{p}"), json!(value));
        }
        map.insert("tail_mean_below_p5".into(), json!(self.below_p5));
        map.insert("tail_mean_above_p95".into(), json!(self.above_p95));
        map
    }
}

/// An output with the rank of each of its runs.
pub struct Ranked {
    sorted: Vec<f64>,
    /// Position of a run in `sorted`.
    ranks: Vec<u32>,
    mean: f64,
    variance: f64,
}

impl Ranked {
    pub fn new(column: &[f64]) -> Self {
        let mut pairs: Vec<(f64, u32)> =
            column.par_iter().enumerate().map(|(run, &value)| (value, run as u32)).collect();
        pairs.par_sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut ranks = vec![0; column.len()];
        for (rank, &(_, run)) in pairs.iter().enumerate() {
            ranks[run as usize] = rank as u32;
        }
        let n = column.len() as f64;
        let mean = sum(column, |x| x) / n;
        let variance = sum(column, |x| (x - mean) * (x - mean)) / n;
        Ranked { sorted: pairs.into_par_iter().map(|(value, _)| value).collect(), ranks, mean, variance }
    }
}

/// What one input does to an output.
pub struct Influence {
    spearman: f64,
    mean_lowest_decile: f64,
    mean_highest_decile: f64,
    first_order: f64,
}

/// Sorts the runs by the input, carrying the output's rank along: the position is then the input's rank.
///
/// The first-order share is the variance of the slice means less what the slices' own noise adds to it; the slices
/// are fixed strata, hence the factor 1 - 1 / slices.
pub fn influence(input: &[f64], output: &Ranked) -> Influence {
    let n = input.len();
    let mut pairs: Vec<(f64, u32)> =
        input.par_iter().copied().zip(output.ranks.par_iter().copied()).collect();
    pairs.par_sort_unstable_by(|a, b| a.0.total_cmp(&b.0));

    let middle = (n as f64 - 1.0) / 2.0;
    let products: f64 = pairs
        .par_chunks(PART)
        .enumerate()
        .map(|(part, chunk)| {
            let ranks = (part * PART..).zip(chunk);
            ranks.map(|(rank, &(_, other))| (rank as f64 - middle) * (f64::from(other) - middle)).sum::<f64>()
        })
        .collect::<Vec<f64>>()
        .iter()
        .sum();
    let count = n as f64;
    let spearman = 12.0 * (products / count) / (count * count - 1.0);

    let value = |pair: &(f64, u32)| output.sorted[pair.1 as usize];
    let mean_of = |pairs: &[(f64, u32)]| pairs.iter().map(value).sum::<f64>() / pairs.len() as f64;
    let slices: Vec<(f64, f64)> = (0..SLICES)
        .into_par_iter()
        .map(|slice| {
            let members = &pairs[n * slice / SLICES..n * (slice + 1) / SLICES];
            let mean = mean_of(members);
            let squares: f64 = members.iter().map(|pair| (value(pair) - mean).powi(2)).sum();
            let size = members.len() as f64;
            ((mean - output.mean).powi(2), squares / (size - 1.0) / size)
        })
        .collect();
    let slice_count = SLICES as f64;
    let between = slices.iter().map(|s| s.0).sum::<f64>() / slice_count;
    let noise = slices.iter().map(|s| s.1).sum::<f64>() / slice_count * (1.0 - 1.0 / slice_count);
    Influence {
        spearman,
        mean_lowest_decile: mean_of(&pairs[..n / 10]),
        mean_highest_decile: mean_of(&pairs[n - n / 10..]),
        first_order: (between - noise) / output.variance,
    }
}

impl Influence {
    pub fn to_json(&self) -> Map<String, Value> {
        let mut map = Map::new();
        map.insert("spearman".into(), json!(self.spearman));
        map.insert("mean_lowest_decile".into(), json!(self.mean_lowest_decile));
        map.insert("mean_highest_decile".into(), json!(self.mean_highest_decile));
        map.insert("sobol_first_order".into(), json!(self.first_order));
        map
    }
}

/// Sum of `f` over a column: parts in parallel, their sums in order, so that threads do not change it.
fn sum(column: &[f64], f: impl Fn(f64) -> f64 + Sync) -> f64 {
    let parts: Vec<f64> = column.par_chunks(PART).map(|part| part.iter().map(|&x| f(x)).sum()).collect();
    parts.iter().sum()
}
