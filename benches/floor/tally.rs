//! What is kept of the runs: bins, power sums and the sums behind the tornado, 60 kB a thread.

use super::model::{CENTRES, HEADLINE, INPUTS, LAST_MARKET, OUTPUTS, RANK_UNITS, SPREADS};

/// Bins of an output; they reach `REACH` spreads to both sides of its centre.
pub const BINS: usize = 2048;
const REACH: f64 = 6.5;
/// Positions below and above which an input lies in its lowest and highest decile, in units of 2^-64.
pub const LOWEST_DECILE: f64 = 0.1 * RANK_UNITS;
pub const HIGHEST_DECILE: f64 = 0.9 * RANK_UNITS;

/// Bin of a value: value * BIN_SCALES + BIN_OFFSETS, cut to a whole number.
pub const BIN_SCALES: [f64; OUTPUTS] = {
    let mut scales = [0.0; OUTPUTS];
    let mut output = 0;
    while output < OUTPUTS {
        scales[output] = BINS as f64 / (2.0 * REACH * SPREADS[output]);
        output += 1;
    }
    scales
};
pub const BIN_OFFSETS: [f64; OUTPUTS] = {
    let mut offsets = [0.0; OUTPUTS];
    let mut output = 0;
    while output < OUTPUTS {
        // A whole number and a half: a kernel may round value * scale + offset - 1/2 by adding a large number.
        let offset = BINS as f64 / 2.0 - CENTRES[output] * BIN_SCALES[output];
        offsets[output] = offset as i64 as f64 + 0.5;
        output += 1;
    }
    offsets
};

/// Counts of a chunk: small, so that what is counted often stays in the first cache.
///
/// Rows of 4,096 bytes would put the middle bins of all outputs at the same place of a page; then the processor takes
/// a load for one that waits for an earlier store, which costs a nanosecond a run.
pub type Counts = [[u16; PADDED]; OUTPUTS];
pub const PADDED: usize = BINS + 320;

/// What an input had to do with the last market's distance from its centre.
#[derive(Clone, Copy, Debug, Default)]
pub struct Influence {
    /// Sum of position (in units of 2^-64) times distance, and times [`near_rank`] of the market.
    pub position_distance: f64,
    pub position_rank: f64,
    /// Sums of distance over the runs with the input in an outer decile, and their number.
    pub lowest: f64,
    pub highest: f64,
    pub lowest_runs: u64,
    pub highest_runs: u64,
}

/// Everything kept of a thread's runs.
#[derive(Debug)]
pub struct Tally {
    pub runs: u64,
    pub counts: Vec<[u32; BINS]>,
    /// The few values outside the bins: output and value.
    pub outliers: Vec<(usize, f64)>,
    /// Sums of the distance from the centre and of its second, third and fourth power.
    pub powers: [[f64; 4]; OUTPUTS],
    /// Runs that reached the headline.
    pub reached: u64,
    pub influences: [Influence; INPUTS],
}

impl Tally {
    pub fn new() -> Self {
        Tally {
            runs: 0,
            counts: vec![[0; BINS]; OUTPUTS],
            outliers: Vec::new(),
            powers: [[0.0; 4]; OUTPUTS],
            reached: 0,
            influences: [Influence::default(); INPUTS],
        }
    }

    /// Adds one run, slowly: what the kernels do eight or four at a time, for the runs that fill no block.
    pub fn add_run(&mut self, outputs: [f64; OUTPUTS], ranks: [f64; INPUTS]) {
        self.runs += 1;
        for (output, value) in outputs.into_iter().enumerate() {
            self.count(output, value);
            let mut power = 1.0;
            for sum in &mut self.powers[output] {
                power *= value - CENTRES[output];
                *sum += power;
            }
        }
        let market = outputs[LAST_MARKET];
        let distance = market - CENTRES[LAST_MARKET];
        self.reached += u64::from(market >= HEADLINE);
        for (influence, rank) in self.influences.iter_mut().zip(ranks) {
            influence.position_distance += rank * distance;
            influence.position_rank += rank * near_rank(market);
            if rank < LOWEST_DECILE {
                influence.lowest += distance;
                influence.lowest_runs += 1;
            }
            if rank > HIGHEST_DECILE {
                influence.highest += distance;
                influence.highest_runs += 1;
            }
        }
    }

    /// Counts one value in its bin, or keeps it when it has none.
    fn count(&mut self, output: usize, value: f64) {
        if !self.keep_stray(output, value) {
            self.counts[output][place(output, value) as usize] += 1;
        }
    }

    /// Keeps a value if it has no bin, and tells whether it did.
    pub fn keep_stray(&mut self, output: usize, value: f64) -> bool {
        let stray = !(0.0..BINS as f64).contains(&place(output, value));
        if stray {
            self.outliers.push((output, value));
        }
        stray
    }

    /// Adds the counts of a chunk.
    pub fn add_counts(&mut self, counts: &Counts) {
        for (sums, counts) in self.counts.iter_mut().zip(counts) {
            for (sum, &count) in sums.iter_mut().zip(counts) {
                *sum += u32::from(count);
            }
        }
    }

    /// Adds what another thread kept.
    pub fn merge(&mut self, other: &Tally) {
        self.runs += other.runs;
        for (count, more) in self.counts.as_flattened_mut().iter_mut().zip(other.counts.as_flattened()) {
            *count += more;
        }
        self.outliers.extend(&other.outliers);
        for (sum, more) in self.powers.as_flattened_mut().iter_mut().zip(other.powers.as_flattened()) {
            *sum += more;
        }
        self.reached += other.reached;
        for (mine, theirs) in self.influences.iter_mut().zip(&other.influences) {
            mine.position_distance += theirs.position_distance;
            mine.position_rank += theirs.position_rank;
            mine.lowest += theirs.lowest;
            mine.highest += theirs.highest;
            mine.lowest_runs += theirs.lowest_runs;
            mine.highest_runs += theirs.highest_runs;
        }
    }
}

/// Where a value lies among the bins.
fn place(output: usize, value: f64) -> f64 {
    (value * BIN_SCALES[output] + BIN_OFFSETS[output]).floor()
}

/// A sixth of the last market's skewness, roughly; and the share of the square that bends the score best to a rank.
pub const SKEW: f64 = 0.03;
pub const BEND: f64 = 0.37;

/// A guess at how the share of smaller markets grows with a last market, in no particular unit.
///
/// The distance in spreads, straightened for skewness, is nearly a normal score; score / sqrt(1 + BEND score^2) bends
/// it much like a rank. The figures correct it by the bins.
pub fn near_rank(market: f64) -> f64 {
    let distance = (market - CENTRES[LAST_MARKET]) / SPREADS[LAST_MARKET];
    let score = distance - SKEW * (distance * distance - 1.0);
    score / (1.0 + BEND * score * score).sqrt()
}
