//! From a tally to the figures, under the keys of the reference file.

use serde_json::{Map, Value, json};

use super::influence::Projection;
use super::model::{CENTRES, INPUT_NAMES, LAST_MARKET, Laws, OUTPUTS, RANK_UNITS};
use super::tally::{BIN_OFFSETS, BIN_SCALES, Tally, near_rank};

/// Reported percentiles, in %.
const PERCENTILES: [u32; 9] = [1, 5, 10, 25, 50, 75, 90, 95, 99];

/// Every figure that is compared.
pub fn figures(tally: &Tally, laws: &Laws) -> Map<String, Value> {
    let mut results = Map::new();
    for output in 0..OUTPUTS {
        let mut summary = Shape::new(tally, output).to_json();
        if output == LAST_MARKET {
            summary.insert("prob_ge_19.67".into(), json!(tally.reached as f64 / tally.runs as f64));
        }
        let year = 2026 + output;
        let name = if output <= LAST_MARKET { format!("market.{year}") } else { "cagr".into() };
        results.insert(name, Value::Object(summary));
    }
    for (name, row) in INPUT_NAMES.iter().zip(tornado(tally, laws)) {
        results.insert(format!("tornado.{name}"), row);
    }
    results
}

/// One output in order: its bins with the stray values on both sides.
struct Shape<'a> {
    output: usize,
    runs: f64,
    powers: [f64; 4],
    below: Vec<f64>,
    counts: &'a [u32],
    above: Vec<f64>,
}

impl<'a> Shape<'a> {
    fn new(tally: &'a Tally, output: usize) -> Self {
        let strays = tally.outliers.iter().filter(|outlier| outlier.0 == output).map(|outlier| outlier.1);
        let (mut below, mut above): (Vec<f64>, Vec<f64>) = strays.partition(|&value| value < CENTRES[output]);
        below.sort_unstable_by(f64::total_cmp);
        above.sort_unstable_by(f64::total_cmp);
        let runs = tally.runs as f64;
        Shape { output, runs, powers: tally.powers[output], below, counts: &tally.counts[output], above }
    }

    fn edge(&self, bin: f64) -> f64 {
        (bin - BIN_OFFSETS[self.output]) / BIN_SCALES[self.output]
    }

    /// The value below which `target` runs lie, and the sum of the values of these runs.
    fn cut(&self, target: f64) -> (f64, f64) {
        let (mut before, mut sum) = (0.0, 0.0);
        for &value in &self.below {
            before += 1.0;
            sum += value;
            if before >= target {
                return (value, sum);
            }
        }
        for (bin, &count) in self.counts.iter().enumerate() {
            let count = f64::from(count);
            if before + count >= target {
                let inside = target - before;
                let at = self.edge(bin as f64 + inside / count);
                return (at, sum + inside * 0.5 * (self.edge(bin as f64) + at));
            }
            before += count;
            sum += count * self.edge(bin as f64 + 0.5);
        }
        for &value in &self.above {
            before += 1.0;
            sum += value;
            if before >= target {
                return (value, sum);
            }
        }
        (f64::NAN, f64::NAN)
    }

    fn to_json(&self) -> Map<String, Value> {
        let [m1, m2, m3, m4] = self.powers.map(|sum| sum / self.runs);
        let mean = CENTRES[self.output] + m1;
        let variance = m2 - m1 * m1;
        let third = m3 - 3.0 * m1 * m2 + 2.0 * m1 * m1 * m1;
        let fourth = m4 - 4.0 * m1 * m3 + 6.0 * m1 * m1 * m2 - 3.0 * m1 * m1 * m1 * m1;
        let mut map = Map::new();
        map.insert("mean".into(), json!(mean));
        map.insert("sd".into(), json!(variance.sqrt()));
        map.insert("skewness".into(), json!(third / (variance * variance.sqrt())));
        map.insert("excess_kurtosis".into(), json!(fourth / (variance * variance) - 3.0));
        for p in PERCENTILES {
            map.insert(format!("p{p}"), json!(self.cut(self.runs * f64::from(p) / 100.0).0));
        }
        let tail = 0.05 * self.runs;
        let below = self.cut(tail).1;
        let above = self.cut(self.runs).1 - self.cut(self.runs - tail).1;
        map.insert("tail_mean_below_p5".into(), json!(below / tail));
        map.insert("tail_mean_above_p95".into(), json!(above / tail));
        map
    }
}

/// The tornado of the last market, input by input.
fn tornado<'a>(tally: &'a Tally, laws: &'a Laws) -> impl Iterator<Item = Value> + 'a {
    let runs = tally.runs as f64;
    let [mean, square, ..] = tally.powers[LAST_MARKET].map(|sum| sum / runs);
    let variance = square - mean * mean;
    let RankWeights { of_rank, of_distance, near } = RankWeights::new(tally);
    let projections = Projection::all(laws);
    tally.influences.iter().enumerate().map(move |(input, influence)| {
        let unit = RANK_UNITS * runs;
        let with_distance = influence.position_distance / unit - 0.5 * mean;
        let with_rank = influence.position_rank / unit - 0.5 * near;
        let lowest = influence.lowest / influence.lowest_runs as f64;
        let highest = influence.highest / influence.highest_runs as f64;
        let kept = [with_distance, 0.5 * (lowest + highest) - mean, 0.5 * (highest - lowest)];
        let share = projections[input].share(kept, variance, runs);
        json!({
            "spearman": 12.0 * (of_rank * with_rank + of_distance * with_distance),
            "mean_lowest_decile": CENTRES[LAST_MARKET] + lowest,
            "mean_highest_decile": CENTRES[LAST_MARKET] + highest,
            "sobol_first_order": share,
        })
    })
}

/// Weights of [`near_rank`] and of the distance from the centre that come nearest to the share of smaller markets.
///
/// The shares come from the bins, the weights from least squares over all runs. What is left is uncorrelated with
/// both; the mean position of an input given the market is nearly a mixture of the two as well, so what is left has
/// nothing to add to Spearman's sum that would be seen at 10^8 runs.
struct RankWeights {
    of_rank: f64,
    of_distance: f64,
    /// Mean of [`near_rank`].
    near: f64,
}

impl RankWeights {
    fn new(tally: &Tally) -> Self {
        let shape = Shape::new(tally, LAST_MARKET);
        let mut sums = [[0.0; 4]; 4];
        let mut before = shape.below.len() as f64;
        for (bin, &count) in shape.counts.iter().enumerate() {
            let count = f64::from(count);
            let market = shape.edge(bin as f64 + 0.5);
            let share = (before + 0.5 * count) / shape.runs;
            let terms = [1.0, near_rank(market), market - CENTRES[LAST_MARKET], share];
            for (row, &left) in sums.iter_mut().zip(&terms) {
                for (sum, &right) in row.iter_mut().zip(&terms) {
                    *sum += count * left * right;
                }
            }
            before += count;
        }
        let total = sums[0][0];
        let covariance = |i: usize, j: usize| (sums[i][j] - sums[0][i] * sums[0][j] / total) / total;
        let (rr, rd, dd) = (covariance(1, 1), covariance(1, 2), covariance(2, 2));
        let (rs, ds) = (covariance(1, 3), covariance(2, 3));
        let determinant = rr * dd - rd * rd;
        RankWeights {
            of_rank: (rs * dd - ds * rd) / determinant,
            of_distance: (ds * rr - rs * rd) / determinant,
            near: sums[0][1] / total,
        }
    }
}
