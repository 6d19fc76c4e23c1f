//! What the runs of a sample say of an output within the bins of an input: moments, what neighbours share, and how far
//! single runs pull a rank correlation.

use crate::tally::RankBins;

/// The ranks of an input in the runs of a sample.
#[derive(Clone, Debug)]
pub struct SampledInput {
    /// Bin of each run.
    bins: Vec<u8>,
    /// Of each bin, whether it is one value.
    is_value: Vec<bool>,
    /// Runs in rising order of the rank.
    order: Vec<u32>,
    ranks: MidRanks,
}

/// The values of an output in the runs of a sample, in standard deviations from the mean.
#[derive(Clone, Debug)]
pub struct SampledOutput {
    /// NaN where a value is not finite.
    values: Vec<f64>,
    order: Vec<u32>,
    ranks: MidRanks,
}

/// Mid-ranks of runs as fractions of their number, less ½, and the square of the share of runs with the same value.
#[derive(Clone, Debug)]
struct MidRanks {
    ranks: Vec<f64>,
    squares: Vec<f64>,
    /// Σp³ over the values that repeat.
    tied: f64,
}

/// An output where an input is in one group of bins; sums are over the runs of the sample, deviations those from their
/// mean.
#[derive(Clone, Copy, Debug, Default)]
pub struct Within {
    /// Runs of the sample.
    pub count: f64,
    mean: f64,
    /// Sums of the second, third and fourth powers of the deviation.
    second: f64,
    third: f64,
    fourth: f64,
    /// Half the square of the difference between runs that are neighbours in the input, as a mean within each bin, times
    /// its runs. Runs at the ends of a bin are also compared with the one after the next, so that every run counts twice.
    steps: f64,
}

impl Within {
    /// Of several bins as one.
    pub fn joined<'a>(bins: impl Iterator<Item = &'a Within> + Clone) -> Within {
        let mut whole = Within::default();
        for bin in bins.clone().filter(|bin| bin.count > 0.0) {
            whole.count += bin.count;
            whole.mean += bin.count * bin.mean;
            whole.steps += bin.steps;
        }
        if whole.count == 0.0 {
            return whole;
        }
        whole.mean /= whole.count;
        for bin in bins.filter(|bin| bin.count > 0.0) {
            let apart = bin.mean - whole.mean;
            let square = apart * apart;
            whole.second += bin.second + bin.count * square;
            whole.third += bin.third + 3.0 * apart * bin.second + bin.count * square * apart;
            whole.fourth += bin.fourth
                + 4.0 * apart * bin.third
                + 6.0 * square * bin.second
                + bin.count * square * square;
        }
        whole
    }

    /// Variance within the group. Nothing is known of one that the sample meets less than twice: it may vary like the
    /// output as a whole.
    pub fn variance(&self) -> f64 {
        if self.count < 2.0 { 1.0 } else { self.second / (self.count - 1.0) }
    }

    /// Mean third power of the deviation.
    pub fn third(&self) -> f64 {
        if self.count < 2.0 { 0.0 } else { self.third / self.count }
    }

    /// Mean fourth power of the deviation.
    pub fn fourth(&self) -> f64 {
        if self.count < 2.0 { 3.0 } else { self.fourth / self.count }
    }

    /// The variance that the input leaves, where its effect hardly changes from one run to the next: half the mean
    /// square of the difference between neighbours.
    pub fn rest(&self) -> f64 {
        if self.count < 2.0 { 1.0 } else { self.steps / self.count }
    }
}

/// How single runs pull Spearman's coefficient, by bin of the input.
#[derive(Clone, Debug)]
pub struct Pulls {
    /// Mean rank of the output in each bin less ½; NaN without runs.
    pub ranks: Vec<f64>,
    /// Mean square of the influence of a run there; NaN without runs.
    squares: Vec<f64>,
    counts: Vec<f64>,
    is_value: Vec<bool>,
    /// The square to expect in a bin of these mid-ranks that the sample does not meet, by the mid-rank less ½: its
    /// coefficients of 1, x and x².
    unmet: [f64; 3],
}

impl SampledInput {
    pub fn new(words: &[u32], bins: &RankBins) -> SampledInput {
        let order = order_of(words);
        let of_run: Vec<u8> = words.iter().map(|&word| bins.bin(word)).collect();
        let same = |a: u32, b: u32| {
            let (a, b) = (a as usize, b as usize);
            words[a] == words[b] || of_run[a] == of_run[b] && bins.is_value(of_run[a].into())
        };
        let ranks = MidRanks::new(&order, words.len(), same);
        let is_value = (0..bins.count()).map(|bin| bins.is_value(bin)).collect();
        SampledInput { bins: of_run, is_value, order, ranks }
    }

    /// Runs in rising order of the input.
    pub fn in_order(&self) -> impl Iterator<Item = usize> {
        self.order.iter().map(|&run| run as usize)
    }

    /// Bin of a run.
    pub fn bin(&self, run: usize) -> u8 {
        self.bins[run]
    }
}

impl SampledOutput {
    /// Of values, of which the mean and the standard deviation of all runs are known.
    pub fn new(values: &[f64], mean: f64, sd: f64) -> SampledOutput {
        let finite = |value: f64| if value.is_finite() { (value - mean) / sd } else { f64::NAN };
        let values: Vec<f64> = values.iter().map(|&value| finite(value)).collect();
        let mut order: Vec<u32> =
            (0..values.len() as u32).filter(|&run| values[run as usize].is_finite()).collect();
        order.sort_by(|&a, &b| values[a as usize].total_cmp(&values[b as usize]));
        let ranks = MidRanks::new(&order, values.len(), |a, b| values[a as usize] == values[b as usize]);
        SampledOutput { values, order, ranks }
    }

    /// Value of a run.
    pub fn value(&self, run: usize) -> f64 {
        self.values[run]
    }

    /// The output in each bin of an input.
    pub fn within(&self, input: &SampledInput) -> Vec<Within> {
        let mut found = vec![Within::default(); input.is_value.len()];
        let runs = || self.values.iter().zip(&input.bins).filter(|(value, _)| value.is_finite());
        for (&value, &bin) in runs() {
            let bin = &mut found[usize::from(bin)];
            bin.count += 1.0;
            bin.mean += value;
        }
        for bin in found.iter_mut().filter(|bin| bin.count > 0.0) {
            bin.mean /= bin.count;
        }
        for (&value, &bin) in runs() {
            let bin = &mut found[usize::from(bin)];
            let deviation = value - bin.mean;
            let square = deviation * deviation;
            bin.second += square;
            bin.third += square * deviation;
            bin.fourth += square * square;
        }
        // The two runs before, and how many there were.
        let mut last = vec![([f64::NAN; 2], 0.0); found.len()];
        for &run in &input.order {
            let (value, bin) = (self.values[run as usize], usize::from(input.bins[run as usize]));
            if !value.is_finite() {
                continue;
            }
            let ([before, earlier], seen) = last[bin];
            let square = |other: f64| if other.is_nan() { 0.0 } else { (value - other) * (value - other) };
            found[bin].steps += square(before);
            // The first run and the third, the last and the one before the last but one.
            if seen == 2.0 || seen + 1.0 == found[bin].count {
                found[bin].steps += square(earlier);
            }
            last[bin] = ([value, before], seen + 1.0);
        }
        for bin in &mut found {
            bin.steps /= 2.0 * (bin.count + 1.0);
            bin.steps *= bin.count;
        }
        found
    }

    /// How single runs pull Spearman's coefficient with an input.
    ///
    /// - Formula: of c = E[x y], x and y the mid-ranks less ½, a run at (x, y) changes x y + A(x) + B(y) − 3c, where A(x)
    ///   is the mean of y' over the runs above x, those at x counting half, and B the same of x' over y; of the
    ///   coefficient 12 c / √((1 − T)(1 − S)), T = Σp³ over values of the input, also what the run changes in T and S,
    ///   3 (p² − T).
    /// - Source: van der Vaart (1998), Asymptotic Statistics, 12.3 (projection of a U-statistic); the ties are ours.
    pub fn pulls(&self, input: &SampledInput) -> Pulls {
        let bins = input.is_value.len();
        let (x, y) = (&input.ranks, &self.ranks);
        let n = self.order.len() as f64;
        let finite = |run: usize| self.values[run].is_finite();
        let covariance =
            self.order.iter().map(|&run| x.ranks[run as usize] * y.ranks[run as usize]).sum::<f64>() / n;
        let spread = ((1.0 - x.tied) * (1.0 - y.tied)).sqrt();
        let coefficient = 12.0 * covariance / spread;
        let kept: Vec<u32> = input.order.iter().copied().filter(|&run| finite(run as usize)).collect();
        let above_x = above(&kept, &y.ranks, &x.ranks, n);
        let above_y = above(&self.order, &x.ranks, &y.ranks, n);
        let mut pulls = Pulls {
            ranks: vec![0.0; bins],
            squares: vec![0.0; bins],
            counts: vec![0.0; bins],
            is_value: input.is_value.clone(),
            unmet: [0.0; 3],
        };
        for &run in &self.order {
            let run = run as usize;
            let bin = usize::from(input.bins[run]);
            let ties = |ranks: &MidRanks| (ranks.squares[run] - ranks.tied) / (1.0 - ranks.tied);
            let direct = x.ranks[run] * y.ranks[run] + above_x[run] + above_y[run] - 3.0 * covariance;
            let pull = 12.0 * direct / spread + 1.5 * coefficient * (ties(x) + ties(y));
            pulls.counts[bin] += 1.0;
            pulls.ranks[bin] += y.ranks[run];
            pulls.squares[bin] += pull * pull;
            // At an end of the input A is 0; y is taken as independent of a value that the sample does not meet.
            let (slope, constant) =
                (12.0 * y.ranks[run] / spread, 12.0 * (above_y[run] - 3.0 * covariance) / spread);
            let terms = [constant * constant, 2.0 * slope * constant, slope * slope];
            pulls.unmet.iter_mut().zip(terms).for_each(|(sum, term)| *sum += term / n);
        }
        for (bin, &count) in pulls.counts.iter().enumerate() {
            pulls.ranks[bin] /= count;
            pulls.squares[bin] /= count;
        }
        pulls
    }
}

impl Pulls {
    /// Standard error of the coefficient of so many independent runs, from the runs in each bin.
    pub fn error(&self, counts: &[f64]) -> f64 {
        let n: f64 = counts.iter().sum();
        let (mut below, mut square, mut known) = (0.0, 0.0, 0.0);
        for (bin, &count) in counts.iter().enumerate() {
            let middle = (below + 0.5 * count) / n - 0.5;
            below += count;
            let expected = self.unmet[0] + middle * (self.unmet[1] + middle * self.unmet[2]);
            let found = match self.is_value[bin] && self.counts[bin] < FEW {
                true => expected,
                false => self.squares[bin],
            };
            // A bin that the sample does not meet is taken for one like the others.
            if found.is_finite() {
                square += count * found;
                known += count;
            }
        }
        (square / known / n).sqrt()
    }
}

/// Runs in rising order of the upper 22 bits of their words: two passes of a radix sort.
fn order_of(words: &[u32]) -> Vec<u32> {
    const DIGIT: u32 = 11;
    let mut order: Vec<u32> = (0..words.len() as u32).collect();
    let mut sorted = order.clone();
    for shift in [u32::BITS - 2 * DIGIT, u32::BITS - DIGIT] {
        let digit = |run: u32| (words[run as usize] >> shift) as usize & ((1 << DIGIT) - 1);
        let mut starts = [0u32; 1 << DIGIT];
        order.iter().for_each(|&run| starts[digit(run)] += 1);
        let mut below = 0;
        for start in &mut starts {
            below += std::mem::replace(start, below);
        }
        for &run in &order {
            let start = &mut starts[digit(run)];
            sorted[*start as usize] = run;
            *start += 1;
        }
        std::mem::swap(&mut order, &mut sorted);
    }
    order
}

/// Runs of a sample below which a value does not speak for itself.
const FEW: f64 = 5.0;

impl MidRanks {
    /// Of runs in rising order, `same` telling whether two neighbours have one value.
    fn new(order: &[u32], runs: usize, same: impl Fn(u32, u32) -> bool) -> MidRanks {
        let n = order.len() as f64;
        let mut found = MidRanks { ranks: vec![0.0; runs], squares: vec![0.0; runs], tied: 0.0 };
        let mut below = 0;
        for ties in order.chunk_by(|&a, &b| same(a, b)) {
            let share = ties.len() as f64 / n;
            let rank = below as f64 / n + 0.5 * share - 0.5;
            for &run in ties {
                found.ranks[run as usize] = rank;
                found.squares[run as usize] = share * share;
            }
            found.tied += share * share * share;
            below += ties.len();
        }
        found
    }
}

/// For each run the sum of `of` over the runs above it in `order`, those with the same `rank` counting half, over n.
fn above(order: &[u32], of: &[f64], rank: &[f64], n: f64) -> Vec<f64> {
    let mut found = vec![0.0; of.len()];
    let mut sum = 0.0;
    for ties in order.chunk_by(|&a, &b| rank[a as usize] == rank[b as usize]).rev() {
        let own: f64 = ties.iter().map(|&run| of[run as usize]).sum();
        for &run in ties {
            found[run as usize] = (sum + 0.5 * own) / n;
        }
        sum += own;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling::{Key, fill_words};

    fn words(runs: usize) -> Vec<u32> {
        let mut words = vec![0; runs];
        fill_words(Key::new(1, "sample", &[]), 0, &mut words);
        words
    }

    #[test]
    fn runs_are_ordered_by_their_words() {
        let words = words(5_120);
        let order = order_of(&words);
        assert!(order.windows(2).all(|pair| words[pair[0] as usize] >> 10 <= words[pair[1] as usize] >> 10));
        let mut runs = order.clone();
        runs.sort_unstable();
        assert!(runs.iter().enumerate().all(|(k, &run)| k == run as usize));
    }

    #[test]
    fn joined_bins_have_the_moments_of_all_their_runs() {
        let words = words(1_024);
        let u = |run: usize| f64::from(words[run]) / 4_294_967_296.0;
        let values: Vec<f64> = (0..words.len()).map(|run| u(run) * u(run) * u(run)).collect();
        let output = SampledOutput::new(&values, 0.0, 1.0);
        let within = output.within(&SampledInput::new(&words, &RankBins::Even));
        let whole = Within::joined(within.iter());
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let moment = |power: usize| {
            values.iter().map(|v| std::iter::repeat_n(v - mean, power).product::<f64>()).sum::<f64>() / n
        };
        assert!((whole.variance() - moment(2) * n / (n - 1.0)).abs() < 1e-13);
        assert!((whole.third() - moment(3)).abs() < 1e-13);
        assert!((whole.fourth() - moment(4)).abs() < 1e-13);
        // A function of the input: neighbours differ by little.
        assert!(whole.rest() < 1e-3 * whole.variance(), "{whole:?}");
    }

    #[test]
    fn independent_neighbours_leave_the_whole_variance() {
        let words = words(16_384);
        let values: Vec<f64> =
            words.iter().map(|word| f64::from(word.wrapping_mul(0x9E37_79B9) >> 8)).collect();
        let mean = values.iter().sum::<f64>() / 16_384.0;
        let variance = values.iter().map(|v| (v - mean) * (v - mean)).sum::<f64>() / 16_384.0;
        let output = SampledOutput::new(&values, mean, variance.sqrt());
        let within = output.within(&SampledInput::new(&words, &RankBins::Even));
        let whole = Within::joined(within.iter());
        // Von Neumann's ratio scatters by 1/√n; five of these.
        assert!((whole.rest() / whole.variance() - 1.0).abs() < 5.0 / 128.0, "{}", whole.rest());
    }
}
