//! R1 in blocks of runs, eight runs at a time: AVX-512.
//!
//! A block passes through one loop after the other, each with its tables in registers and its rows in the first cache.

use std::arch::x86_64::*;

use super::direct::{correct_curve, correct_impacts, correct_scores};
use super::lanes_avx512::{
    LANES, Resident, Step, Stream, beyond, bin, cagr, correlated, exponential, geometric, horner, impact,
    lanes, lanes_mut, largest_size, near_rank, note_stray, numbers, numbers_mut, outside, running_sum,
    square_root, to_position, to_word,
};
use super::model::{
    APPROVALS_MODE, CAGR, Curve, FACTOR, FREE_MODES, FUNDING_MODE, INPUTS, Laws, OUTPUTS, RANK_UNITS, SHOCK,
    YEARS,
};
use super::sums_avx512::Sums;
use super::tables::Tables;
use super::tally::{BINS, Counts, PADDED, Tally};

/// Vectors of a block.
pub const VECTORS: usize = 16;
const BLOCK: usize = VECTORS * LANES;

pub type Row = [__m512d; VECTORS];

/// Everything about the runs of a block; 36 kB.
pub struct Block {
    /// Positions of the static inputs in units of 2^-64.
    pub ranks: [Row; INPUTS],
    /// Shocks as part of the yearly factor, less what events take; a row more takes the events past the end.
    shocks: [Row; YEARS + 1],
    /// Normal scores of approvals, funding, op_cost, labour, regulation, batch_failure.
    scores: [Row; 6],
    /// Base market and yearly factor before the shocks.
    base: Row,
    factor: Row,
    pub outputs: [Row; OUTPUTS],
    pub bins: [[__m128i; VECTORS]; OUTPUTS],
    /// What `near_rank` says of the last market.
    pub near: Row,
}

/// Inputs whose score stands in a row of `scores` and whose position is that of the drawn word; the second members of
/// the pairs get theirs later.
const SCORED: [Option<usize>; 6] = [Some(5), None, Some(7), None, Some(9), Some(10)];

impl Block {
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    fn new() -> Self {
        let row = [_mm512_setzero_pd(); VECTORS];
        Block {
            ranks: [row; INPUTS],
            shocks: [row; YEARS + 1],
            scores: [row; 6],
            base: row,
            factor: row,
            outputs: [row; OUTPUTS],
            bins: [[_mm_setzero_si128(); VECTORS]; OUTPUTS],
            near: row,
        }
    }

    /// Everything that is random.
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    fn draw(&mut self, stream: &mut Stream, tables: &Tables) {
        self.draw_free(stream, tables);
        self.draw_scores(stream, tables);
        self.add_pairs(tables);
        self.subtract_costs(tables);
        self.subtract_rest(stream, tables);
        self.subtract_events(stream, tables);
    }

    /// The four free impacts.
    #[inline(never)]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    fn draw_free(&mut self, stream: &mut Stream, tables: &Tables) {
        let table = Resident::new(&tables.impact);
        let mut s = *stream;
        for v in 0..VECTORS {
            let mut factor = _mm512_set1_pd(FACTOR);
            let mut words = [_mm512_setzero_pd(); 4];
            for (k, mode) in FREE_MODES.into_iter().enumerate() {
                let word = s.next();
                self.ranks[1 + k][v] = to_position(word);
                words[k] = to_word(word);
                factor = _mm512_fmadd_pd(table.at_word(words[k]), _mm512_set1_pd(0.01 * mode), factor);
            }
            self.factor[v] = factor;
            if beyond(&words) {
                for (word, mode) in words.into_iter().zip(FREE_MODES) {
                    let of_table = table.at_word(word);
                    let factor = lanes_mut(&mut self.factor[v]);
                    correct_impacts(factor, lanes(&word), lanes(&of_table), 0.01 * mode, &tables.laws);
                }
            }
        }
        *stream = s;
    }

    /// Normal scores: six shocks, then six static inputs.
    #[inline(never)]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    fn draw_scores(&mut self, stream: &mut Stream, tables: &Tables) {
        let shock = Resident::new(&tables.shock);
        let mut s = *stream;
        for v in 0..VECTORS {
            let mut words = [_mm512_setzero_pd(); YEARS];
            for (year, saved) in words.iter_mut().enumerate() {
                let word = to_word(s.next());
                *saved = word;
                self.shocks[year][v] = shock.at_word(word);
            }
            if beyond(&words) {
                for (year, word) in words.into_iter().enumerate() {
                    correct_scores(lanes_mut(&mut self.shocks[year][v]), lanes(&word), SHOCK);
                }
            }
        }
        let table = Resident::new(&tables.normal);
        for v in 0..VECTORS {
            let mut words = [_mm512_setzero_pd(); 6];
            for (k, rank) in SCORED.into_iter().enumerate() {
                let position = s.next();
                if let Some(rank) = rank {
                    self.ranks[rank][v] = to_position(position);
                }
                let word = to_word(position);
                words[k] = word;
                self.scores[k][v] = table.at_word(word);
            }
            if beyond(&words) {
                for (k, word) in words.into_iter().enumerate() {
                    correct_scores(lanes_mut(&mut self.scores[k][v]), lanes(&word), 1.0);
                }
            }
        }
        *stream = s;
    }

    /// Approvals and funding from their scores, and the positions of the second of both pairs.
    #[inline(never)]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    fn add_pairs(&mut self, tables: &Tables) {
        let coefficients = &tables.whole.impact;
        let rank = Resident::new(&tables.rank);
        for v in 0..VECTORS {
            let approvals = self.scores[0][v];
            let funding = correlated::<0>(approvals, self.scores[1][v]);
            let labour = correlated::<1>(self.scores[2][v], self.scores[3][v]);
            self.scores[1][v] = funding;
            self.scores[3][v] = labour;
            let (at_funding, at_labour) = (Step::new(funding), Step::new(labour));
            let (x_approvals, x_funding) = (impact(approvals, coefficients), impact(funding, coefficients));
            let mut factor = self.factor[v];
            factor = _mm512_fmadd_pd(x_approvals, _mm512_set1_pd(0.01 * APPROVALS_MODE), factor);
            factor = _mm512_fmadd_pd(x_funding, _mm512_set1_pd(0.01 * FUNDING_MODE), factor);
            self.ranks[6][v] = rank.at_step(at_funding);
            self.ranks[8][v] = rank.at_step(at_labour);
            self.factor[v] = factor;
            let largest = largest_size(approvals, largest_size(funding, labour));
            if outside(largest) {
                let laws = &tables.laws;
                let factor = &mut self.factor[v];
                correct(factor, approvals, x_approvals, 0.01 * APPROVALS_MODE, Curve::Impact, laws);
                correct(factor, funding, x_funding, 0.01 * FUNDING_MODE, Curve::Impact, laws);
                correct(&mut self.ranks[6][v], funding, rank.at_step(at_funding), 1.0, Curve::Rank, laws);
                correct(&mut self.ranks[8][v], labour, rank.at_step(at_labour), 1.0, Curve::Rank, laws);
            }
        }
    }

    /// The two costs.
    #[inline(never)]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    fn subtract_costs(&mut self, tables: &Tables) {
        let (op_cost, labour) = (Resident::new(&tables.op_cost), Resident::new(&tables.labour));
        for v in 0..VECTORS {
            let [z_op_cost, z_labour] = [self.scores[2][v], self.scores[3][v]];
            let (a, b) = (op_cost.at_step(Step::new(z_op_cost)), labour.at_step(Step::new(z_labour)));
            self.factor[v] = _mm512_sub_pd(self.factor[v], _mm512_add_pd(a, b));
            if outside(largest_size(z_op_cost, z_labour)) {
                correct(&mut self.factor[v], z_op_cost, a, -1.0, Curve::OpCost, &tables.laws);
                correct(&mut self.factor[v], z_labour, b, -1.0, Curve::Labour, &tables.laws);
            }
        }
    }

    /// Regulation, batch failures times autologous share, and the base market.
    #[inline(never)]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    fn subtract_rest(&mut self, stream: &mut Stream, tables: &Tables) {
        let regulation = Resident::new(&tables.regulation);
        let mut s = *stream;
        for v in 0..VECTORS {
            let position = to_position(s.next());
            self.ranks[11][v] = position;
            let unit = RANK_UNITS.recip();
            let share = _mm512_fmadd_pd(position, _mm512_set1_pd(0.15 * unit), _mm512_set1_pd(0.25));
            let [z_regulation, z_batch] = [self.scores[4][v], self.scores[5][v]];
            let a = regulation.at_step(Step::new(z_regulation));
            let mut b = horner(&tables.whole.batch_failure, z_batch);
            let mut corrected = _mm512_setzero_pd();
            if outside(largest_size(z_regulation, z_batch)) {
                correct(&mut corrected, z_regulation, a, -1.0, Curve::Regulation, &tables.laws);
                let of_table = b;
                correct(&mut b, z_batch, of_table, 1.0, Curve::BatchFailure, &tables.laws);
            }
            let factor = _mm512_add_pd(_mm512_sub_pd(self.factor[v], a), corrected);
            self.factor[v] = _mm512_fnmadd_pd(share, b, factor);

            let base = s.next();
            self.ranks[0][v] = to_position(base);
            let word = to_word(base);
            let twice_tail = _mm512_mul_pd(_mm512_abs_pd(word), _mm512_set1_pd(2.0 * unit));
            let size = _mm512_fmsub_pd(square_root(twice_tail), _mm512_set1_pd(0.4), _mm512_set1_pd(0.4));
            let sign = _mm512_and_pd(word, _mm512_set1_pd(-0.0));
            self.base[v] = _mm512_add_pd(_mm512_xor_pd(size, sign), _mm512_set1_pd(8.0));
        }
        *stream = s;
    }

    /// Events and their severities.
    ///
    /// The 6 * 128 shocks are one line of places, each with an event at 8 %; the distance from one event to the next
    /// is geometric. Drawing distances takes one number for an event instead of one for a place, finds the events
    /// without a comparison, and draws severities for them alone.
    #[inline(never)]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    fn subtract_events(&mut self, stream: &mut Stream, tables: &Tables) {
        let table = Resident::new(&tables.normal);
        let shocks = numbers_mut(self.shocks.as_flattened_mut());
        let places = YEARS * BLOCK;
        let end = _mm512_set1_epi64(places as i64);
        let mut s = *stream;
        let mut last = _mm512_set1_epi64(-1);
        loop {
            let distance = geometric(to_position(s.next()), &tables.whole.log2);
            let place = _mm512_add_epi64(running_sum(distance), last);
            last = _mm512_permutexvar_epi64(_mm512_set1_epi64(7), place);
            let word = to_word(s.next());
            let mut z = table.at_word(word);
            if beyond(&[word]) {
                correct_scores(lanes_mut(&mut z), lanes(&word), 1.0);
            }
            let loss = exponential(z, &tables.whole.severity);
            let place = _mm512_cvtepi64_epi32(_mm512_min_epi64(place, end));
            let (mut places_of, mut losses) = ([0_u32; LANES], [0.0; LANES]);
            // Safety: both arrays have room for eight lanes.
            unsafe {
                _mm256_storeu_si256(places_of.as_mut_ptr().cast(), place);
                _mm512_storeu_pd(losses.as_mut_ptr(), loss);
            }
            for (place, loss) in places_of.into_iter().zip(losses) {
                shocks[place as usize] -= loss;
            }
            if _mm_cvtsi128_si64(_mm512_castsi512_si128(last)) >= places as i64 - 1 {
                break;
            }
        }
        *stream = s;
    }

    /// The markets, cagr, the bins of all, and the guess at the last market's rank. True if a value has no bin: then
    /// its bin is a wrong one.
    #[inline(never)]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    fn evaluate(&mut self, tables: &Tables) -> bool {
        let mut stray = _mm512_setzero_si512();
        for v in 0..VECTORS {
            let factor = self.factor[v];
            let mut market = self.base[v];
            let mut growth = _mm512_set1_pd(1.0);
            for year in 0..YEARS {
                let of_year = _mm512_add_pd(self.shocks[year][v], factor);
                market = _mm512_mul_pd(market, of_year);
                growth = if year == 0 { of_year } else { _mm512_mul_pd(growth, of_year) };
                self.outputs[year][v] = market;
            }
            self.near[v] = near_rank(market);
            self.outputs[CAGR][v] = cagr(growth, &tables.whole.sixth_root);
            for output in 0..OUTPUTS {
                let bin = bin(self.outputs[output][v], output);
                stray = note_stray(stray, bin);
                let mask = _mm_set1_epi16(BINS as i16 - 1);
                self.bins[output][v] = _mm_and_si128(_mm512_cvtepi64_epi16(_mm512_castpd_si512(bin)), mask);
            }
        }
        _mm512_test_epi64_mask(stray, _mm512_set1_epi64(-(BINS as i64))) != 0
    }

    /// Takes back, ahead of time, what will be counted for values without a bin, and keeps them.
    #[cold]
    #[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
    fn keep_strays(&self, counts: &mut Counts, tally: &mut Tally) {
        for (output, counts) in counts.iter_mut().enumerate() {
            for &vector in &self.outputs[output] {
                for (&value, bin) in lanes(&vector).iter().zip(lanes(&bin(vector, output))) {
                    if tally.keep_stray(output, value) {
                        let count = &mut counts[bin.to_bits() as usize % BINS];
                        *count = count.wrapping_sub(1);
                    }
                }
            }
        }
    }
}

/// [`correct_curve`] on vectors.
#[cold]
#[inline(never)]
fn correct(sum: &mut __m512d, z: __m512d, of_table: __m512d, scale: f64, curve: Curve, laws: &Laws) {
    correct_curve(lanes_mut(sum), lanes(&z), lanes(&of_table), scale, curve, laws);
}

/// Runs `runs` runs, at most 65,535, of chunk number `chunk` into `tally`.
#[target_feature(enable = "avx512f,avx512dq,avx512vl,avx512bw,avx512vbmi")]
pub fn run_chunk(tables: &Tables, seed: u64, chunk: u64, runs: usize, tally: &mut Tally) {
    let mut stream = Stream::new(seed, chunk);
    let mut block = Block::new();
    let mut sums = Sums::new();
    let mut counts = [[0; PADDED]; OUTPUTS];
    for _ in 0..runs / BLOCK {
        block.draw(&mut stream, tables);
        if block.evaluate(tables) {
            block.keep_strays(&mut counts, tally);
        }
        sums.add(&block, &mut counts, tally);
    }
    let rest = runs % BLOCK;
    tally.runs += (runs - rest) as u64;
    tally.add_counts(&counts);
    sums.pour(tally);
    if rest > 0 {
        block.draw(&mut stream, tables);
        block.evaluate(tables);
        for run in 0..rest {
            let outputs = block.outputs.each_ref().map(|row| numbers(row)[run]);
            let ranks = block.ranks.each_ref().map(|row| numbers(row)[run]);
            tally.add_run(outputs, ranks);
        }
    }
}
