//! R1 itself: its laws, its formulas, its columns.

use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use rand_distr::{Beta, Distribution, LogNormal, Normal, Pert, StandardNormal, Triangular};
use rayon::prelude::*;
use statrs::distribution::{Beta as ExactBeta, ContinuousCDF, Normal as ExactNormal};

/// Names of the columns: the static inputs, then the outputs.
pub const COLUMNS: [&str; 19] = [
    "base_market",
    "cancer",
    "personalised",
    "rare_disease",
    "allogeneic",
    "approvals",
    "funding",
    "op_cost",
    "labour",
    "regulation",
    "batch_failure",
    "autologous_share",
    "market.2026",
    "market.2027",
    "market.2028",
    "market.2029",
    "market.2030",
    "market.2031",
    "cagr",
];
/// Static inputs come first in [`COLUMNS`].
pub const INPUTS: usize = 12;
pub const MARKET_2026: usize = 12;
pub const MARKET_2031: usize = 17;
pub const CAGR: usize = 18;

/// Runs that share one generator.
const CHUNK: usize = 1 << 16;

/// Every run of every column.
pub struct Columns {
    pub values: Vec<Vec<f64>>,
}

impl Columns {
    /// Simulates `runs` runs, one generator a chunk, so that the result does not depend on the threads.
    pub fn simulate(runs: usize, seed: u64) -> Self {
        let mut values: Vec<Vec<f64>> = COLUMNS.iter().map(|_| vec![0.0; runs]).collect();
        let mut chunks: Vec<Vec<&mut [f64]>> = (0..runs.div_ceil(CHUNK)).map(|_| Vec::new()).collect();
        for column in &mut values {
            for (chunk, part) in chunks.iter_mut().zip(column.chunks_mut(CHUNK)) {
                chunk.push(part);
            }
        }
        let laws = Laws::new();
        chunks.into_par_iter().enumerate().for_each(|(index, mut chunk)| {
            let mut rng =
                SmallRng::seed_from_u64(seed ^ (index as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
            let mut run = [0.0; COLUMNS.len()];
            for i in 0..chunk[0].len() {
                laws.run(&mut rng, &mut run);
                for (column, value) in chunk.iter_mut().zip(run) {
                    column[i] = value;
                }
            }
        });
        Columns { values }
    }
}

/// The laws of R1, built once.
struct Laws {
    base_market: Triangular<f64>,
    free_impacts: [Pert<f64>; 4],
    approvals: NormalScoreTable,
    funding: NormalScoreTable,
    op_cost: NormalScoreTable,
    labour: NormalScoreTable,
    regulation: Pert<f64>,
    batch_failure: Beta<f64>,
    shock: Normal<f64>,
    severity: LogNormal<f64>,
    centre: f64,
}

impl Laws {
    fn new() -> Self {
        let impact = |mode: f64| pert(0.5 * mode, mode, 1.5 * mode);
        Laws {
            base_market: Triangular::new(7.6, 8.4, 8.0).expect("7.6 < 8.0 < 8.4"),
            free_impacts: [impact(3.2), impact(2.8), impact(1.9), impact(2.4)],
            approvals: NormalScoreTable::pert(1.8, 3.6, 5.4),
            funding: NormalScoreTable::pert(1.25, 2.5, 3.75),
            op_cost: NormalScoreTable::pert(0.5, 1.2, 2.4),
            labour: NormalScoreTable::pert(0.4, 1.0, 2.2),
            regulation: pert(0.2, 0.6, 1.4),
            batch_failure: Beta::new(15.0, 85.0).expect("positive shapes"),
            shock: Normal::new(0.0, 2.0).expect("positive sd"),
            severity: LogNormal::new(3.0_f64.ln(), 0.5).expect("positive sigma"),
            centre: 16.18 - 16.4 + 2.8 + 0.08 * 3.0 * 0.125_f64.exp(),
        }
    }

    /// One run, in the order of [`COLUMNS`].
    fn run(&self, rng: &mut SmallRng, run: &mut [f64; COLUMNS.len()]) {
        run[0] = self.base_market.sample(rng);
        for (value, law) in run[1..5].iter_mut().zip(&self.free_impacts) {
            *value = law.sample(rng);
        }
        let (first, second) = normal_pair(rng, 0.4);
        run[5] = self.approvals.at(first);
        run[6] = self.funding.at(second);
        let (first, second) = normal_pair(rng, 0.5);
        run[7] = self.op_cost.at(first);
        run[8] = self.labour.at(second);
        run[9] = self.regulation.sample(rng);
        run[10] = self.batch_failure.sample(rng);
        run[11] = rng.random_range(0.25..0.40);

        let drivers: f64 = run[1..7].iter().sum();
        let restraints = run[7] + run[8] + run[9] + 50.0 * run[11] * (run[10] - 0.15);
        let static_growth = drivers - restraints + self.centre;
        let mut market = run[0];
        for value in &mut run[MARKET_2026..=MARKET_2031] {
            let mut growth = static_growth + self.shock.sample(rng);
            if rng.random::<f64>() < 0.08 {
                growth -= self.severity.sample(rng);
            }
            market *= 1.0 + growth / 100.0;
            *value = market;
        }
        run[CAGR] = 100.0 * ((market / run[0]).powf(1.0 / 6.0) - 1.0);
    }
}

/// Two standard normals of this correlation.
fn normal_pair(rng: &mut SmallRng, rho: f64) -> (f64, f64) {
    let first: f64 = rng.sample(StandardNormal);
    let other: f64 = rng.sample(StandardNormal);
    (first, rho * first + (1.0 - rho * rho).sqrt() * other)
}

fn pert(low: f64, mode: f64, high: f64) -> Pert<f64> {
    Pert::new(low, high).with_mode(mode).expect("low < mode < high")
}

/// Quantile of a law at Φ(z) as a function of z, interpolated in a straight line: a copula needs the quantile, and
/// solving the incomplete beta for every draw would take most of the time.
///
/// Error: h² / 8 · max |q″| with h = 16 / 4096, below 2e-6 of the width of the law; what lies beyond |z| = 8 has
/// probability 1e-15 and takes the end value.
struct NormalScoreTable {
    values: Vec<f64>,
}

impl NormalScoreTable {
    const POINTS: usize = 4097;
    const EDGE: f64 = 8.0;
    const SCALE: f64 = (Self::POINTS - 1) as f64 / (2.0 * Self::EDGE);

    fn pert(low: f64, mode: f64, high: f64) -> Self {
        let width = high - low;
        let law = ExactBeta::new(1.0 + 4.0 * (mode - low) / width, 1.0 + 4.0 * (high - mode) / width)
            .expect("low < mode < high");
        let normal = ExactNormal::standard();
        let score = |i: usize| i as f64 / Self::SCALE - Self::EDGE;
        let values = (0..Self::POINTS).map(|i| low + width * law.inverse_cdf(normal.cdf(score(i)))).collect();
        NormalScoreTable { values }
    }

    fn at(&self, z: f64) -> f64 {
        let position = ((z + Self::EDGE) * Self::SCALE).clamp(0.0, (Self::POINTS - 1) as f64);
        let index = (position as usize).min(Self::POINTS - 2);
        let (left, right) = (self.values[index], self.values[index + 1]);
        left + (right - left) * (position - index as f64)
    }
}
