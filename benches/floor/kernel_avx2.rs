//! R1 in blocks of runs, four runs at a time: AVX2 with FMA.
//!
//! The tables stay in memory, so one pass draws all inputs of four runs; events and sums have passes of their own.

use std::arch::x86_64::*;

use super::direct::{correct_cagr, correct_curve, correct_impacts, correct_losses, correct_scores};
use super::lanes_avx2::{
    Draw, LANES, Step, Stream, beyond, bin, cagr, geometric, horner, impact, lanes, lanes_mut, near_rank,
    numbers, numbers_mut, outside,
};
use super::model::{
    APPROVALS_MODE, CAGR, COST_REST, COST_RHO, Curve, FACTOR, FREE_MODES, FUNDING_MODE, IMPACT_REST,
    IMPACT_RHO, INPUTS, Laws, OUTPUTS, RANK_UNITS, SHOCK, YEARS,
};
use super::rows::Rows;
use super::sums_avx2::Sums;
use super::tally::{BINS, Counts, PADDED, Tally};

/// Vectors of a block.
pub const VECTORS: usize = 32;
const BLOCK: usize = VECTORS * LANES;

pub type Row = [__m256d; VECTORS];

/// Everything about the runs of a block.
pub struct Block {
    /// Positions of the static inputs in units of 2^-64.
    pub ranks: [Row; INPUTS],
    /// Shocks as part of the yearly factor, less what events take; a row more takes the events past the end.
    shocks: [Row; YEARS + 1],
    base: Row,
    /// Yearly factor before the shocks.
    factor: Row,
    pub outputs: [Row; OUTPUTS],
    pub bins: [[__m256i; VECTORS]; OUTPUTS],
    /// What `near_rank` says of the last market.
    pub near: Row,
}

impl Block {
    #[target_feature(enable = "avx2,fma")]
    fn new() -> Self {
        let row = [_mm256_setzero_pd(); VECTORS];
        Block {
            ranks: [row; INPUTS],
            shocks: [row; YEARS + 1],
            base: row,
            factor: row,
            outputs: [row; OUTPUTS],
            bins: [[_mm256_setzero_si256(); VECTORS]; OUTPUTS],
            near: row,
        }
    }

    /// Everything that is random.
    #[target_feature(enable = "avx2,fma")]
    fn draw(&mut self, stream: &mut Stream, rows: &Rows) {
        for v in 0..VECTORS {
            self.factor[v] = self.draw_free(v, stream, rows);
            self.draw_scored(v, stream, rows);
            self.draw_shocks(v, stream, rows);
        }
        self.subtract_events(stream, rows);
    }

    /// Base market and the four free impacts; gives the yearly factor.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn draw_free(&mut self, v: usize, stream: &mut Stream, rows: &Rows) -> __m256d {
        let c = _mm256_set1_pd;
        let base = stream.draw();
        self.ranks[0][v] = base.position();
        let root = _mm256_sqrt_pd(_mm256_mul_pd(base.size, c(2.0 / RANK_UNITS)));
        let below = _mm256_fmsub_pd(root, c(0.4), c(0.4));
        self.base[v] = _mm256_add_pd(base.signed(below), c(8.0));

        let mut factor = c(FACTOR);
        let draws: [Draw; 4] = [stream.draw(), stream.draw(), stream.draw(), stream.draw()];
        for (k, (draw, mode)) in draws.iter().zip(FREE_MODES).enumerate() {
            self.ranks[1 + k][v] = draw.position();
            factor = _mm256_fmadd_pd(draw.quantile(&rows.impact), c(0.01 * mode), factor);
        }
        if beyond(&draws) {
            for (draw, mode) in draws.iter().zip(FREE_MODES) {
                let (word, of_table) = (draw.word(), draw.quantile(&rows.impact));
                correct_impacts(
                    lanes_mut(&mut factor),
                    lanes(&word),
                    lanes(&of_table),
                    0.01 * mode,
                    &rows.laws,
                );
            }
        }
        factor
    }

    /// The inputs that go through their normal scores, and the autologous share.
    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn draw_scored(&mut self, v: usize, stream: &mut Stream, rows: &Rows) {
        let c = _mm256_set1_pd;
        let draws: [Draw; 6] =
            [stream.draw(), stream.draw(), stream.draw(), stream.draw(), stream.draw(), stream.draw()];
        let mut scores = draws.map(|draw| draw.quantile(&rows.normal));
        if beyond(&draws) {
            for (z, draw) in scores.iter_mut().zip(&draws) {
                correct_scores(lanes_mut(z), lanes(&draw.word()), 1.0);
            }
        }
        let [approvals, _, op_cost, _, regulation, batch_failure] = scores;
        let funding = _mm256_fmadd_pd(approvals, c(IMPACT_RHO), _mm256_mul_pd(scores[1], c(IMPACT_REST)));
        let labour = _mm256_fmadd_pd(op_cost, c(COST_RHO), _mm256_mul_pd(scores[3], c(COST_REST)));
        for (input, draw) in [(5, 0), (7, 2), (9, 4), (10, 5)] {
            self.ranks[input][v] = draws[draw].position();
        }
        let share = stream.draw().position();
        self.ranks[11][v] = share;
        let share = _mm256_fmadd_pd(share, c(0.15 / RANK_UNITS), c(0.25));

        let (at_funding, at_labour) = (Step::new(funding), Step::new(labour));
        let mut funding_rank = at_funding.at(&rows.rank);
        let mut labour_rank = at_labour.at(&rows.rank);
        let mut parts = [
            impact(approvals, &rows.whole.impact),
            impact(funding, &rows.whole.impact),
            Step::new(op_cost).at(&rows.op_cost),
            at_labour.at(&rows.labour),
            Step::new(regulation).at(&rows.regulation),
            horner(&rows.whole.batch_failure, batch_failure),
        ];
        let scores = [approvals, funding, op_cost, labour, regulation, batch_failure];
        if outside(&scores) {
            let curves = [
                Curve::Impact,
                Curve::Impact,
                Curve::OpCost,
                Curve::Labour,
                Curve::Regulation,
                Curve::BatchFailure,
            ];
            for ((part, z), curve) in parts.iter_mut().zip(scores).zip(curves) {
                correct(part, z, curve, &rows.laws);
            }
            correct(&mut funding_rank, funding, Curve::Rank, &rows.laws);
            correct(&mut labour_rank, labour, Curve::Rank, &rows.laws);
        }
        self.ranks[6][v] = funding_rank;
        self.ranks[8][v] = labour_rank;
        let [approvals, funding, op_cost, labour, regulation, batch_failure] = parts;
        let gain = _mm256_fmadd_pd(approvals, c(0.01 * APPROVALS_MODE), self.factor[v]);
        let gain = _mm256_fmadd_pd(funding, c(0.01 * FUNDING_MODE), gain);
        let loss = _mm256_add_pd(_mm256_add_pd(op_cost, labour), regulation);
        self.factor[v] = _mm256_fnmadd_pd(share, batch_failure, _mm256_sub_pd(gain, loss));
    }

    #[inline]
    #[target_feature(enable = "avx2,fma")]
    fn draw_shocks(&mut self, v: usize, stream: &mut Stream, rows: &Rows) {
        let draws: [Draw; YEARS] =
            [stream.draw(), stream.draw(), stream.draw(), stream.draw(), stream.draw(), stream.draw()];
        for (shocks, draw) in self.shocks.iter_mut().zip(&draws) {
            shocks[v] = _mm256_mul_pd(draw.quantile(&rows.normal), _mm256_set1_pd(SHOCK));
        }
        if beyond(&draws) {
            for (shocks, draw) in self.shocks.iter_mut().zip(&draws) {
                correct_scores(lanes_mut(&mut shocks[v]), lanes(&draw.word()), SHOCK);
            }
        }
    }

    /// Events by their distances, as in the wider kernel.
    #[inline(never)]
    #[target_feature(enable = "avx2,fma")]
    fn subtract_events(&mut self, stream: &mut Stream, rows: &Rows) {
        let shocks = numbers_mut(self.shocks.as_flattened_mut());
        let places = YEARS * BLOCK;
        let mut place = 0;
        while place < places {
            let mut distances = [0_u32; LANES];
            // Safety: the array has room for four lanes.
            unsafe {
                _mm_storeu_si128(distances.as_mut_ptr().cast(), geometric(stream.draw(), &rows.whole.log2))
            };
            let draw = stream.draw();
            let mut z = draw.quantile(&rows.normal);
            if beyond(&[draw]) {
                correct_scores(lanes_mut(&mut z), lanes(&draw.word()), 1.0);
            }
            let mut losses = horner(&rows.whole.severity, z);
            if outside(&[z]) {
                correct_losses(lanes_mut(&mut losses), lanes(&z));
            }
            for (distance, loss) in distances.into_iter().zip(lanes(&losses)) {
                place += distance as usize;
                shocks[place.min(places + 1) - 1] -= loss;
            }
        }
    }

    /// The markets, cagr, the bins of all, and the guess at the last market's rank. True if a value has no bin: then
    /// its bin is a wrong one.
    #[inline(never)]
    #[target_feature(enable = "avx2,fma")]
    fn evaluate(&mut self, rows: &Rows) -> bool {
        let mut stray = _mm256_setzero_si256();
        for v in 0..VECTORS {
            let factor = self.factor[v];
            let mut market = self.base[v];
            let mut growth = _mm256_set1_pd(1.0);
            for year in 0..YEARS {
                let of_year = _mm256_add_pd(self.shocks[year][v], factor);
                market = _mm256_mul_pd(market, of_year);
                growth = _mm256_mul_pd(growth, of_year);
                self.outputs[year][v] = market;
            }
            self.near[v] = near_rank(market);
            let (mut root, unusual) = cagr(growth, &rows.whole.sixth_root);
            if unusual {
                correct_cagr(lanes_mut(&mut root), lanes(&growth));
            }
            self.outputs[CAGR][v] = root;
            for output in 0..OUTPUTS {
                let (bin, outside) = bin(self.outputs[output][v], output);
                self.bins[output][v] = bin;
                stray = _mm256_or_si256(stray, outside);
            }
        }
        _mm256_testz_si256(stray, stray) == 0
    }

    /// Takes back, ahead of time, what will be counted for values without a bin, and keeps them.
    #[cold]
    #[target_feature(enable = "avx2,fma")]
    fn keep_strays(&self, counts: &mut Counts, tally: &mut Tally) {
        for (output, counts) in counts.iter_mut().enumerate() {
            for &vector in &self.outputs[output] {
                let bins = _mm256_castsi256_pd(bin(vector, output).0);
                for (&value, bin) in lanes(&vector).iter().zip(lanes(&bins)) {
                    if tally.keep_stray(output, value) {
                        let count = &mut counts[bin.to_bits() as usize % BINS];
                        *count = count.wrapping_sub(1);
                    }
                }
            }
        }
    }
}

/// Replaces, where the score `z` lies outside the steps, what the table gave of `curve`.
#[cold]
#[inline(never)]
#[target_feature(enable = "avx2,fma")]
fn correct(part: &mut __m256d, z: __m256d, curve: Curve, laws: &Laws) {
    let of_table = *part;
    correct_curve(lanes_mut(part), lanes(&z), lanes(&of_table), 1.0, curve, laws);
}

/// Runs `runs` runs, at most 65,535, of chunk number `chunk` into `tally`.
#[target_feature(enable = "avx2,fma")]
pub fn run_chunk(rows: &Rows, seed: u64, chunk: u64, runs: usize, tally: &mut Tally) {
    let mut stream = Stream::new(seed, chunk);
    let mut block = Block::new();
    let mut sums = Sums::new();
    let mut counts = [[0; PADDED]; OUTPUTS];
    for _ in 0..runs / BLOCK {
        block.draw(&mut stream, rows);
        if block.evaluate(rows) {
            block.keep_strays(&mut counts, tally);
        }
        sums.add(&block, &mut counts, tally);
    }
    let rest = runs % BLOCK;
    tally.runs += (runs - rest) as u64;
    tally.add_counts(&counts);
    sums.pour(tally);
    if rest > 0 {
        block.draw(&mut stream, rows);
        block.evaluate(rows);
        for run in 0..rest {
            let outputs = block.outputs.each_ref().map(|row| numbers(row)[run]);
            let ranks = block.ranks.each_ref().map(|row| numbers(row)[run]);
            tally.add_run(outputs, ranks);
        }
    }
}
