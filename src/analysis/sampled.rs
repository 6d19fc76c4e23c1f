//! What the runs of a sample say of an output within the bins of an input, and how far single runs pull a rank
//! correlation.

use super::mid_ranks::{MidRanks, above, end_of_equal};
use super::within::Within;
use crate::math::normal_quantile;
use crate::tally::RankBins;

/// The ranks of an input in the runs of a sample.
#[derive(Clone, Debug)]
pub struct SampledInput {
    /// Runs in rising order of the rank.
    order: Vec<u32>,
    /// Where each bin begins in that order; at last their number.
    starts: Vec<usize>,
    /// Of each bin, whether it is one value.
    is_value: Vec<bool>,
    ranks: MidRanks,
    /// Runs of the group at either end with their normal scores, from the outermost on; none of an input with whose
    /// rank an output need not vary smoothly.
    ends: [End; 2],
}

/// Runs at an end of an input.
#[derive(Clone, Debug, Default)]
struct End {
    /// With their normal scores, from the outermost on; those of the group, and one more.
    runs: Vec<(u32, f64)>,
    /// How many of them are of the group.
    of_group: usize,
}

/// The values of an output in the runs of a sample, in standard deviations from the mean.
#[derive(Clone, Debug)]
pub struct SampledOutput {
    /// NaN where a value is not finite.
    values: Vec<f64>,
    order: Vec<u32>,
    ranks: MidRanks,
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
        let bin = |run: u32| usize::from(bins.bin(words[run as usize]));
        let mut starts: Vec<usize> =
            (0..bins.count()).map(|first| order.partition_point(|&run| bin(run) < first)).collect();
        starts.push(order.len());
        let is_value: Vec<bool> = (0..bins.count()).map(|bin| bins.is_value(bin)).collect();
        let mut bin = 0;
        let ranks = MidRanks::new(&order, words.len(), |place| {
            while starts[bin + 1] <= place {
                bin += 1;
            }
            match is_value[bin] {
                true => starts[bin + 1],
                false => end_of_equal(&order, place, |a, b| words[a] == words[b]),
            }
        });
        SampledInput { order, starts, is_value, ranks, ends: [End::default(), End::default()] }
    }

    /// The same of an input with whose rank an output can be expected to vary smoothly: `first` bins make up the group at
    /// its low end, those from `last` on that at its high end.
    pub fn smooth(words: &[u32], bins: &RankBins, first: usize, last: usize) -> SampledInput {
        let mut input = SampledInput::new(words, bins);
        let score = |&run: &u32| {
            let u = (f64::from(words[run as usize]) + 0.5) / 4_294_967_296.0;
            (run, normal_quantile(u))
        };
        let (low, high) = (input.starts[first], input.order.len() - input.starts[last]);
        let runs = |of_group: usize| (of_group + 1).min(input.order.len());
        let ends = [
            End { runs: input.order[..runs(low)].iter().map(score).collect(), of_group: low },
            End { runs: input.order.iter().rev().take(runs(high)).map(score).collect(), of_group: high },
        ];
        input.ends = ends;
        input
    }

    /// Runs in rising order of the input.
    pub fn in_order(&self) -> impl ExactSizeIterator<Item = usize> {
        self.order.iter().map(|&run| run as usize)
    }

    /// Runs of a bin, in rising order.
    pub fn runs_of(&self, bin: usize) -> &[u32] {
        &self.order[self.starts[bin]..self.starts[bin + 1]]
    }
}

impl SampledOutput {
    /// Of values, of which the mean and the standard deviation of all runs are known.
    pub fn new(values: &[f64], mean: f64, sd: f64) -> SampledOutput {
        let finite = |value: f64| if value.is_finite() { (value - mean) / sd } else { f64::NAN };
        let values: Vec<f64> = values.iter().map(|&value| finite(value)).collect();
        let mut keys: Vec<(f64, u32)> =
            values.iter().copied().zip(0..).filter(|(value, _)| value.is_finite()).collect();
        keys.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let order: Vec<u32> = keys.iter().map(|(_, run)| *run).collect();
        let ranks = MidRanks::new(&order, values.len(), |place| {
            end_of_equal(&order, place, |a, b| values[a] == values[b])
        });
        SampledOutput { values, order, ranks }
    }

    /// Value of a run.
    pub fn value(&self, run: usize) -> f64 {
        self.values[run]
    }

    /// Whether every value is finite.
    fn is_finite(&self) -> bool {
        self.order.len() == self.values.len()
    }

    /// The output in each bin of an input.
    pub fn within(&self, input: &SampledInput) -> Vec<Within> {
        let mut values = Vec::new();
        (0..input.is_value.len())
            .map(|bin| {
                values.clear();
                values.extend(input.runs_of(bin).iter().map(|&run| self.values[run as usize]));
                if !self.is_finite() {
                    values.retain(|value| value.is_finite());
                }
                Within::of(&values)
            })
            .collect()
    }

    /// The variance that an input leaves in the groups at its ends, where its effect is about straight in the normal score
    /// from one run to the next but one; NaN where that is not known.
    ///
    /// - Formula: mean of (y − t y₁ − (1 − t) y₂)²/(1 + t² + (1 − t)²), y₁ and y₂ the neighbours of a run and t its place
    ///   between them in the score; of the outermost run the two next.
    /// - Source: Gasser, Sroka & Jennen-Steinmetz (1986), Residual variance and residual pattern in nonlinear regression,
    ///   Biometrika 73(3), 625–633.
    pub fn left_at_ends(&self, input: &SampledInput) -> [f64; 2] {
        [0, 1].map(|side| {
            let end = &input.ends[side];
            let point = |&(run, score): &(u32, f64)| (score, self.values[run as usize]);
            let is_finite = |(_, value): &(f64, f64)| value.is_finite();
            let points: Vec<(f64, f64)> = end.runs.iter().map(point).filter(is_finite).collect();
            let of_group = end.runs[..end.of_group].iter().map(point).filter(is_finite).count();
            if points.len() < 3 || of_group == 0 {
                return f64::NAN;
            }
            let residual = |run: usize| {
                let (a, b) = match run {
                    0 => (1, 2),
                    run if run + 1 < points.len() => (run - 1, run + 1),
                    run => (run - 2, run - 1),
                };
                let apart = points[b].0 - points[a].0;
                let t = if apart == 0.0 { 0.5 } else { (points[b].0 - points[run].0) / apart };
                let rest = points[run].1 - t * points[a].1 - (1.0 - t) * points[b].1;
                rest * rest / (1.0 + t * t + (1.0 - t) * (1.0 - t))
            };
            (0..of_group).map(residual).sum::<f64>() / of_group as f64
        })
    }

    /// How single runs pull Spearman's coefficient with an input.
    ///
    /// - Formula: of c = E[x y], x and y the mid-ranks less ½, a run at (x, y) changes x y + A(x) + B(y) − 3c, where A(x)
    ///   is the mean of y' over the runs above x, those at x counting half, and B the same of x' over y; of the
    ///   coefficient 12 c / √((1 − T)(1 − S)), T = Σp³ over values of the input, also what the run changes in T and S,
    ///   3 (p² − T).
    /// - Source: van der Vaart (1998), Asymptotic Statistics, 12.3 (projection of a U-statistic); the ties are ours.
    pub fn pulls(&self, input: &SampledInput) -> Pulls {
        let (x, y) = (&input.ranks, &self.ranks);
        let n = self.order.len() as f64;
        let products = self.order.iter().zip(&y.sorted).map(|(&run, rank)| x.ranks[run as usize] * rank);
        let covariance = products.sum::<f64>() / n;
        let spread = ((1.0 - x.tied) * (1.0 - y.tied)).sqrt();
        let (factor, of_ties) = (12.0 / spread, 18.0 * covariance / spread);
        // A run without a finite value has the rank 0 and adds nothing.
        let above_x = above(&input.order, &x.sorted, &y.ranks, n);
        let mut above_y = vec![0.0; self.values.len()];
        for (&run, above) in self.order.iter().zip(above(&self.order, &y.sorted, &x.ranks, n)) {
            above_y[run as usize] = above - 3.0 * covariance;
        }
        let mut pulls = Pulls {
            ranks: Vec::new(),
            squares: Vec::new(),
            counts: Vec::new(),
            is_value: input.is_value.clone(),
            unmet: [0.0; 3],
        };
        let is_finite = self.is_finite();
        for places in input.starts.windows(2).map(|edges| edges[0]..edges[1]) {
            let (mut count, mut ranks, mut squares) = (0.0, 0.0, 0.0);
            for place in places {
                let run = input.order[place] as usize;
                if !is_finite && !self.values[run].is_finite() {
                    continue;
                }
                let (rank, constant) = (y.ranks[run], above_y[run]);
                let direct = x.sorted[place] * rank + above_x[place] + constant;
                let pull = factor * direct + of_ties * (x.ties[run] + y.ties[run]);
                count += 1.0;
                ranks += rank;
                squares += pull * pull;
                // At an end of the input A is 0; y is taken as independent of a value that the sample does not meet.
                pulls.unmet[0] += constant * constant;
                pulls.unmet[1] += rank * constant;
                pulls.unmet[2] += rank * rank;
            }
            pulls.counts.push(count);
            pulls.ranks.push(ranks / count);
            pulls.squares.push(squares / count);
        }
        let scale = factor * factor / n;
        pulls.unmet = [scale * pulls.unmet[0], 2.0 * scale * pulls.unmet[1], scale * pulls.unmet[2]];
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

/// Runs in rising order of their words: two passes of a radix sort by the upper 22 bits, and what these leave.
fn order_of(words: &[u32]) -> Vec<u32> {
    const DIGIT: u32 = 11;
    let mut keys: Vec<u64> = words.iter().zip(0..).map(|(&word, run)| u64::from(word) << 32 | run).collect();
    let mut sorted = vec![0; keys.len()];
    for shift in [u64::BITS - 2 * DIGIT, u64::BITS - DIGIT] {
        let digit = |key: u64| (key >> shift) as usize & ((1 << DIGIT) - 1);
        let mut starts = [0u32; 1 << DIGIT];
        keys.iter().for_each(|&key| starts[digit(key)] += 1);
        let mut below = 0;
        for start in &mut starts {
            below += std::mem::replace(start, below);
        }
        for &key in &keys {
            let start = &mut starts[digit(key)];
            sorted[*start as usize] = key;
            *start += 1;
        }
        std::mem::swap(&mut keys, &mut sorted);
    }
    for mut place in 1..keys.len() {
        while place > 0 && keys[place - 1] > keys[place] {
            keys.swap(place - 1, place);
            place -= 1;
        }
    }
    keys.iter().map(|&key| key as u32).collect()
}

/// Runs of a sample below which a value does not speak for itself.
const FEW: f64 = 5.0;

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
        assert!(order.windows(2).all(|pair| words[pair[0] as usize] <= words[pair[1] as usize]));
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
        assert!((whole.left() / whole.variance() - 1.0).abs() < 5.0 / 128.0, "{}", whole.left());
        // The kurtosis of a uniform law; twice the mean of ((e − e')²/2)² scatters by 0.05, 3r² by another 0.05.
        assert!((whole.fourth_left() - 1.8).abs() < 0.4, "{}", whole.fourth_left());
    }

    #[test]
    fn a_straight_mean_and_a_line_in_the_score_leave_nothing() {
        let words = words(4_096);
        let u = |word: &u32| (f64::from(*word) + 0.5) / 4_294_967_296.0;
        let straight: Vec<f64> = words.iter().map(u).collect();
        let input = SampledInput::smooth(&words, &RankBins::Even, 1, 99);
        let within = Within::joined(SampledOutput::new(&straight, 0.5, 1.0).within(&input).iter());
        // Of 1/12 per squared width of a bin neighbours tell 0.7 %, and nearly all of that is taken off.
        let whole = 1e-4 / 12.0;
        assert!((0.004..0.012).contains(&(within.rest() / whole)), "{within:?}");
        assert!(within.left().abs() < 1e-3 * whole, "{within:?}");
        let scores: Vec<f64> = words.iter().map(|word| normal_quantile(u(word))).collect();
        let found = SampledOutput::new(&scores, 0.0, 1.0).left_at_ends(&input);
        assert!(found.iter().all(|&left| left < 1e-20), "{found:?}");
    }
}
