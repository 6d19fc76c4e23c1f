//! First-order shares of variance, from the means of an output in the bins of an input.

use crate::math::{normal_density, normal_quantile};
use crate::tally::RankBins;

/// Bins that hold runs, as the groups of a one-way analysis of variance.
pub(super) struct Groups {
    counts: Vec<f64>,
    means: Vec<f64>,
    /// What the conditional mean inside each group adds to the variance between them; of a continuous input.
    insides: Vec<Inside>,
    total: f64,
    variance: f64,
    within: f64,
}

impl Groups {
    /// Of bins (lower u, upper u, runs, mean of the output) of an output with this variance; `scores` are those of the
    /// bins of a continuous input, and none of another.
    pub fn new(bins: &[(f64, f64, u64, f64)], variance: f64, scores: &[Score]) -> Groups {
        let filled = || bins.iter().filter(|bin| bin.2 > 0);
        let mut groups = Groups {
            counts: filled().map(|bin| bin.2 as f64).collect(),
            means: filled().map(|bin| bin.3).collect(),
            insides: Vec::new(),
            total: filled().map(|bin| bin.2 as f64).sum(),
            variance,
            within: 0.0,
        };
        let scores: Vec<&Score> =
            bins.iter().zip(scores).filter(|(bin, _)| bin.2 > 0).map(|(_, score)| score).collect();
        if let Some(last) = scores.len().checked_sub(3) {
            groups.insides.extend((0..scores.len()).filter_map(|group| {
                let first = group.saturating_sub(1).min(last);
                let three = std::array::from_fn(|j| scores[first + j]);
                let share = groups.counts[group] / groups.total;
                Some(Inside { first, form: inside(scores[group], three, share)? })
            }));
        }
        let free = (groups.total - groups.counts.len() as f64).max(1.0);
        groups.within = ((variance - groups.between()).max(0.0)) * groups.total / free;
        groups
    }

    /// Mean of the group means, weighted by runs.
    fn mean(&self) -> f64 {
        let first = self.means.first().copied().unwrap_or(0.0);
        let deviations = self.counts.iter().zip(&self.means).map(|(n, m)| n * (m - first));
        first + deviations.sum::<f64>() / self.total
    }

    /// Variance of the group means, weighted by runs.
    fn between(&self) -> f64 {
        let mean = self.mean();
        let squares = self.counts.iter().zip(&self.means).map(|(n, m)| n * (m - mean) * (m - mean));
        squares.sum::<f64>() / self.total
    }

    /// Variance of a group's mean.
    fn noise(&self, group: usize) -> f64 {
        self.within / self.counts[group]
    }

    /// First-order share of variance, Var(E[Y | X]) / Var(Y).
    ///
    /// - Formula: variance between groups, less what noise alone puts there, (k − 1)·s²/n; plus, for a continuous input,
    ///   the variance of the conditional mean inside the groups, less what noise puts there. Inside a group the
    ///   conditional mean is the parabola in the input's normal score that has the means of the group and its neighbours.
    /// - Source: Saltelli et al. (2008), Global Sensitivity Analysis: The Primer, section 1.2.6 (the index);
    ///   Cochran (1977), Sampling Techniques, 3rd ed., chapter 5A (variance between strata).
    pub fn first_order(&self) -> f64 {
        if self.variance <= 0.0 {
            return 0.0;
        }
        let noise = (self.counts.len() as f64 - 1.0) * self.within / self.total;
        let inside = self.insides.iter().map(|&Inside { first, form }| {
            let rises = [1, 2].map(|j| self.means[first + j] - self.means[first]);
            let square = form[1][1] * rises[0] * rises[0]
                + 2.0 * form[1][2] * rises[0] * rises[1]
                + form[2][2] * rises[1] * rises[1];
            square - (0..3).map(|j| form[j][j] * self.noise(first + j)).sum::<f64>()
        });
        (self.between() - noise + inside.sum::<f64>()) / self.variance
    }

    /// Standard error of the share, the group means being normal with their noise as variance.
    ///
    /// - Formula: the share is a quadratic form m'Am of the means, A symmetric, whose variance is
    ///   4 m'ADAm + 2 tr(ADAD) with D the diagonal of their noise. A is that of the variance between groups, B, and a
    ///   band C of the insides; tr(BDBD) = (k − 1)·s⁴/n².
    /// - Source: Searle (1971), Linear Models, section 2.5, corollary 1.3.
    pub fn first_order_error(&self) -> f64 {
        if self.variance <= 0.0 {
            return 0.0;
        }
        let (k, mean) = (self.counts.len(), self.mean());
        let share = |group: usize| self.counts[group] / self.total;
        let mut gradient: Vec<f64> = (0..k).map(|group| share(group) * (self.means[group] - mean)).collect();
        // C[i][i + step] for steps 0, 1 and 2.
        let mut band = vec![[0.0; 3]; k];
        for &Inside { first, ref form } in &self.insides {
            for (i, row) in form.iter().enumerate() {
                for (j, weight) in row.iter().enumerate() {
                    gradient[first + i] += weight * (self.means[first + j] - self.means[first]);
                    if j >= i {
                        band[first + i][j - i] += weight;
                    }
                }
            }
        }
        let linear: f64 = gradient.iter().enumerate().map(|(i, g)| g * g * self.noise(i)).sum();
        let noise = self.within / self.total;
        let mut square = (k as f64 - 1.0) * noise * noise;
        for (i, steps) in band.iter().enumerate() {
            for (step, &c) in steps.iter().enumerate().filter(|(_, c)| **c != 0.0) {
                let j = i + step;
                let b = if step == 0 { share(i) * (1.0 - share(i)) } else { -share(i) * share(j) };
                let times = if step == 0 { 1.0 } else { 2.0 };
                square += times * c * (2.0 * b + c) * self.noise(i) * self.noise(j);
            }
        }
        (4.0 * linear + 2.0 * square).sqrt() / self.variance
    }
}

/// Variance of the conditional mean inside a group as a quadratic form in the means of three groups from `first` on.
#[derive(Clone, Copy, Debug)]
struct Inside {
    first: usize,
    form: [[f64; 3]; 3],
}

/// Moments of a standard normal score given that its probability lies in an interval.
#[derive(Clone, Copy, Debug)]
pub(super) struct Score {
    mean: f64,
    /// Central moments.
    variance: f64,
    third: f64,
    fourth: f64,
}

/// The form that gives, from the means of three groups, the variance inside a group of the parabola a + b·d + c·d² with
/// those means, times the group's share; d is the score less its mean in the group. `None` where no parabola is
/// determined.
///
/// - Formula: b²μ₂ + 2bc·μ₃ + c²(μ₄ − μ₂²), where b and c are linear in the means.
fn inside(group: &Score, three: [&Score; 3], share: f64) -> Option<[[f64; 3]; 3]> {
    let steps = three.map(|score| score.mean - group.mean);
    let squares: [f64; 3] = std::array::from_fn(|j| three[j].variance + steps[j] * steps[j]);
    let (x1, x2) = (steps[1] - steps[0], steps[2] - steps[0]);
    let (y1, y2) = (squares[1] - squares[0], squares[2] - squares[0]);
    let determinant = x1 * y2 - x2 * y1;
    let b = [y1 - y2, y2, -y1].map(|part| part / determinant);
    let c = [x2 - x1, -x2, x1].map(|part| part / determinant);
    let spread = group.fourth - group.variance * group.variance;
    let form: [[f64; 3]; 3] = std::array::from_fn(|i| {
        std::array::from_fn(|j| {
            let mixed = b[i] * c[j] + c[i] * b[j];
            share * (b[i] * b[j] * group.variance + mixed * group.third + c[i] * c[j] * spread)
        })
    });
    form.as_flattened().iter().all(|weight| weight.is_finite()).then_some(form)
}

impl Score {
    /// Of the positions in each bin.
    pub fn of_bins(bins: &RankBins) -> Vec<Score> {
        (0..bins.count()).map(|bin| bins.interval(bin)).map(|(low, high)| score_moments(low, high)).collect()
    }
}

/// Of a score whose probability lies in (low, high).
///
/// - Formula: raw moments by Mₙ = (n − 1)·Mₙ₋₂ + (zₗⁿ⁻¹φ(zₗ) − zₕⁿ⁻¹φ(zₕ)) / (high − low), the integral of zⁿφ by parts.
fn score_moments(low: f64, high: f64) -> Score {
    // φ, zφ, z²φ and z³φ.
    let edge = |u: f64| {
        if u <= 0.0 || u >= 1.0 {
            return [0.0; 4];
        }
        let z = normal_quantile(u);
        let density = normal_density(z);
        [density, z * density, z * z * density, z * z * z * density]
    };
    let (at_low, at_high) = (edge(low), edge(high));
    let part: [f64; 4] = std::array::from_fn(|n| (at_low[n] - at_high[n]) / (high - low));
    let mean = part[0];
    let second = 1.0 + part[1];
    let third = 2.0 * mean + part[2];
    let fourth = 3.0 * second + part[3];
    let square = mean * mean;
    Score {
        mean,
        variance: (second - square).max(0.0),
        third: third - 3.0 * mean * second + 2.0 * mean * square,
        fourth: fourth - 4.0 * mean * third + 6.0 * square * second - 3.0 * square * square,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{exp, ln, normal_cdf, normal_score, tail_of_word};
    use crate::sampling::{Key, LANES, fill_words};

    /// Hundredths with so many runs each, and a mean.
    fn bins(runs: u64, mean: impl Fn(f64, f64) -> f64) -> Vec<(f64, f64, u64, f64)> {
        let edge = |k: u32| f64::from(k) / 100.0;
        (0..100).map(|k| (edge(k), edge(k + 1), runs, mean(edge(k), edge(k + 1)))).collect()
    }

    fn hundredths() -> Vec<Score> {
        Score::of_bins(&RankBins::Even)
    }

    #[test]
    fn the_error_is_the_spread_of_the_share_over_draws_of_the_means() {
        // Y = 3 z(U) + 4 E.
        let (bins, scores) = (bins(41, |low, high| 3.0 * score_moments(low, high).mean), hundredths());
        let known = Groups::new(&bins, 25.0, &scores);
        let k = known.counts.len();
        let replicates = 4_000;
        let mut words = vec![0; (replicates * k).next_multiple_of(LANES)];
        fill_words(Key::new(1, "replicates", &[]), 0, &mut words);
        let mut shares = Vec::new();
        for words in words.chunks_exact(k).take(replicates) {
            let mut drawn = Groups::new(&bins, 25.0, &scores);
            for (group, &word) in words.iter().enumerate() {
                drawn.means[group] += normal_score(tail_of_word(word)) * known.noise(group).sqrt();
            }
            // The noise stays the known one; only the means move.
            drawn.within = known.within;
            shares.push(drawn.first_order());
        }
        let n = replicates as f64;
        let mean = shares.iter().sum::<f64>() / n;
        let sd = (shares.iter().map(|s| (s - mean) * (s - mean)).sum::<f64>() / (n - 1.0)).sqrt();
        // A standard deviation of nearly normal values is known to 1/√(2n), their mean to sd/√n; five of these.
        assert!((sd / known.first_order_error() - 1.0).abs() < 5.0 / (2.0 * n).sqrt(), "{sd}");
        assert!((mean - 0.36).abs() < 5.0 * sd / n.sqrt(), "{mean}");
    }

    #[test]
    fn what_lies_inside_the_bins_is_found() {
        // The output is a function of the input alone, so the share is 1. Means over (a, b) in closed form.
        type Mean = fn(f64, f64) -> f64;
        let x_ln_x = |x: f64| if x > 0.0 { x * ln(x) } else { 0.0 };
        let exponential = move |a: f64, b: f64| 1.0 + (x_ln_x(1.0 - b) - x_ln_x(1.0 - a)) / (b - a);
        let even: Mean = |a, b| 0.5 * (a + b);
        // √u has the density 2x: steep at one end of the bins.
        let root: Mean = |a, b| 2.0 / 3.0 * (b * b.sqrt() - a * a.sqrt()) / (b - a);
        // exp(0.3 z): E over z < q is exp(0.045)·Φ(q − 0.3).
        let lognormal: Mean = |a, b| {
            let below = |u: f64| match u {
                0.0 => 0.0,
                1.0 => 1.0,
                u => normal_cdf(normal_quantile(u) - 0.3),
            };
            exp(0.045) * (below(b) - below(a)) / (b - a)
        };
        for (what, bins, variance, tolerance) in [
            ("exponential", bins(1 << 50, exponential), 1.0, 5e-5),
            ("even", bins(1 << 50, even), 1.0 / 12.0, 1e-5),
            ("root", bins(1 << 50, root), 1.0 / 18.0, 2e-5),
            ("lognormal", bins(1 << 50, lognormal), exp(0.09) * (exp(0.09) - 1.0), 3e-4),
            ("normal", bins(1 << 50, |a, b| score_moments(a, b).mean), 1.0, 1e-12),
        ] {
            let share = Groups::new(&bins, variance, &hundredths()).first_order();
            assert!((share - 1.0).abs() < tolerance, "{what}: {share}");
            let between = Groups::new(&bins, variance, &[]).first_order();
            assert!(1.0 - between > 5.0 * tolerance, "{what}: nothing inside in {between}");
        }
    }

    #[test]
    fn score_moments_add_up_to_those_of_a_standard_normal() {
        let mut raw = [0.0; 4];
        for k in 0..50 {
            let score = score_moments(f64::from(k) / 50.0, f64::from(k + 1) / 50.0);
            let Score { mean: m, variance: v, third, fourth } = score;
            let moments = [
                m,
                v + m * m,
                third + 3.0 * m * v + m * m * m,
                fourth + 4.0 * m * third + 6.0 * m * m * v + m * m * m * m,
            ];
            raw.iter_mut().zip(moments).for_each(|(sum, moment)| *sum += moment / 50.0);
        }
        for (found, exact) in raw.iter().zip([0.0, 1.0, 0.0, 3.0]) {
            assert!((found - exact).abs() < 1e-12, "{raw:?}");
        }
    }
}
