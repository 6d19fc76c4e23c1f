//! First-order shares of variance, from the means of an output in groups of an input's bins.

use super::groups::{Groups, Noise, Part, square};
use super::sampled::Within;
use crate::math::{normal_density, normal_quantile};

/// What the conditional mean inside a group adds to the variance between groups.
#[derive(Clone, Copy, Debug)]
enum Inside {
    Nothing,
    /// A quadratic form in the means of three groups from `first` on, times the group's share.
    Parabola {
        first: usize,
        form: [[f64; 3]; 3],
    },
    /// A variance read off neighbours, with its standard error.
    Known {
        variance: f64,
        error: f64,
    },
}

/// A share of variance and its standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    pub value: f64,
    pub error: f64,
}

/// Standard errors by which what neighbours say must leave the parabola behind before it is believed: in the groups at
/// the ends, where a parabola says least, and in all others.
const MISFIT_AT_ENDS: f64 = 3.0;
const MISFIT: f64 = 4.5;
/// From so many on, what it may leave out at the ends counts as an error.
const DOUBT: f64 = 1.0;

/// How groups of an input's bins tell its first-order share, Var(E[Y | X]) / Var(Y).
///
/// - Formula: variance between the groups, less what noise alone puts there, plus the variance of the conditional mean
///   inside them. Inside a group the conditional mean is the parabola in the input's normal score that has the means of
///   the group and its neighbours, less what noise puts there; but where runs that are neighbours in the input differ far
///   less than the parabola leaves room for (a step, a heavy tail), the variance within the group less half the mean
///   square of those differences.
/// - Source: Saltelli et al. (2008), Global Sensitivity Analysis: The Primer, section 1.2.6 (the index);
///   Cochran (1977), Sampling Techniques, 3rd ed., chapter 5A (variance between strata); Rice (1984), Bandwidth choice
///   for nonparametric regression, Annals of Statistics 12(4), 1215–1230 (differences of neighbours); von Neumann
///   (1941), Annals of Mathematical Statistics 12(4), 367–395 (their ratio to the variance scatters by 1/√n).
#[derive(Debug)]
pub struct Shares<'a> {
    within: &'a [Within],
    insides: Vec<Inside>,
    /// Square of what the parabola may leave out at the ends.
    doubt: f64,
}

impl<'a> Shares<'a> {
    /// `scores` are those of the groups of an input with whose rank the output can be expected to vary smoothly, none of
    /// another; `part` and `noise` are of all runs.
    pub fn new(
        groups: &Groups,
        scores: &[Score],
        within: &'a [Within],
        part: &Part,
        noise: &Noise,
    ) -> Shares<'a> {
        let mut shares = Shares { within, insides: vec![Inside::Nothing; groups.count()], doubt: 0.0 };
        let ends = [0, groups.count() - 1];
        for group in part.filled().filter(|&group| !groups.is_value[group]) {
            if let Some(last) = scores.len().checked_sub(3) {
                let first = group.saturating_sub(1).min(last);
                let three = std::array::from_fn(|j| &scores[first + j]);
                let full = (first..first + 3).all(|j| part.counts[j] > 0.0);
                if let Some(form) = inside(&scores[group], three, 1.0).filter(|_| full) {
                    shares.insides[group] = Inside::Parabola { first, form };
                }
            }
            let Within { count, .. } = within[group];
            let (variance, fourth, rest) =
                (within[group].variance(), within[group].fourth(), within[group].rest());
            if !(variance > 0.0 && count > 4.0) {
                continue;
            }
            let smooth = shares.inside(group, part, noise) / part.share(group);
            let gap = variance - rest - smooth;
            // Where a few runs carry the variance, only they can tell.
            let telling = (3.0 * count * variance * variance / fourth).min(count);
            let distance = gap / variance * telling.sqrt();
            let at_end = ends.contains(&group);
            if distance > if at_end { MISFIT_AT_ENDS } else { MISFIT } {
                let explained = variance - rest;
                let of_variance = (fourth / (variance * variance) - 1.0).max(0.0);
                let relative = (1.0 + of_variance * (explained / variance) * (explained / variance)) / count;
                shares.insides[group] =
                    Inside::Known { variance: explained, error: variance * relative.sqrt() };
            } else if at_end && distance > DOUBT {
                shares.doubt += square(part.share(group) * gap);
            }
        }
        shares
    }

    /// Variance of the conditional mean inside a group times the group's share.
    fn inside(&self, group: usize, part: &Part, noise: &Noise) -> f64 {
        let share = part.share(group);
        match &self.insides[group] {
            Inside::Nothing => 0.0,
            Inside::Known { variance, .. } => share * variance,
            Inside::Parabola { first, form } => {
                let rises = [1, 2].map(|j| part.means[first + j] - part.means[*first]);
                let square = form[1][1] * rises[0] * rises[0]
                    + 2.0 * form[1][2] * rises[0] * rises[1]
                    + form[2][2] * rises[1] * rises[1];
                let noisy: f64 = (0..3).map(|j| form[j][j] * noise.own[first + j]).sum();
                share * (square - noisy)
            }
        }
    }

    /// The share that a portion of the runs tells.
    pub fn share(&self, part: &Part, noise: &Noise) -> f64 {
        let inside: f64 = part.filled().map(|group| self.inside(group, part, noise)).sum();
        (part.between(noise) + inside) / part.variance
    }

    /// Standard error of what lies inside the groups beyond what their means tell.
    pub fn unseen(&self, part: &Part) -> f64 {
        let known = part.filled().map(|group| match self.insides[group] {
            Inside::Known { error, .. } => square(part.share(group) * error),
            _ => 0.0,
        });
        (self.doubt + known.sum::<f64>()).sqrt() / part.variance
    }

    /// The share of independent runs with its standard error.
    ///
    /// - Formula: a run in a group of mean a, from the mean of all runs, and e from that of its group moves the share S by
    ///   ((1 − S)(a² + 2ae) − S e²) / n in units of the variance, e being what the input leaves; the mean square of that
    ///   over n, with what the noise of the means adds to a² taken off. As the share is a quadratic form m'Am of the
    ///   means, their noise D alone adds 2 tr(ADAD).
    ///   `kurtosis` is the mean fourth power of the output's distance from its mean in units of the squared variance: as it
    ///   and the variance are known of all runs, the scatter within groups that the sample shows is scaled to them.
    /// - Source: van der Vaart (1998), Asymptotic Statistics, section 20.1 (influence functions); Searle (1971), Linear
    ///   Models, section 2.5, corollary 1.3 (quadratic forms).
    pub fn of_runs(&self, part: &Part, noise: &Noise, kurtosis: f64) -> Share {
        let share = self.share(part, noise);
        let (s, mean) = (share.clamp(0.0, 1.0), part.mean());
        let (of_variance, of_fourth) = self.scales(part, kurtosis);
        let (mut pull, mut square) = (0.0, 0.0);
        for group in part.filled() {
            let (within, apart) = (&self.within[group], part.means[group] - mean);
            let variance = of_variance * within.variance();
            let inside = (self.inside(group, part, noise) / part.share(group)).clamp(0.0, variance);
            let left = if variance > 0.0 { 1.0 - inside / variance } else { 1.0 };
            let rest = variance * left;
            // What the noise of the mean adds to its square is taken off where there is more.
            let level = (apart * apart - noise.centred[group]).max(0.0) + inside;
            let skew = (of_variance * of_fourth).sqrt() * within.third() * left * left.sqrt();
            let squares = (1.0 - s) * (1.0 - s) * (level * level + 4.0 * level * rest)
                + s * s * of_fourth * within.fourth() * left * left
                - 2.0 * s * (1.0 - s) * (level * rest + 2.0 * apart * skew);
            let expected = (1.0 - s) * level - s * rest;
            pull += part.share(group) * expected;
            square += part.share(group) * squares;
        }
        let linear = (square - pull * pull).max(0.0) / part.runs();
        let sampling = (linear + 2.0 * self.trace(part, noise)).sqrt() / part.variance;
        Share { value: share, error: libm::hypot(sampling, self.unseen(part)) }
    }

    /// By how much the variances and the fourth moments within groups are to be scaled, so that they and the means make the
    /// variance and the fourth moment of the output.
    fn scales(&self, part: &Part, kurtosis: f64) -> (f64, f64) {
        let mean = part.mean();
        let (mut between, mut variances, mut others, mut fourths) = (0.0, 0.0, 0.0, 0.0);
        for group in part.filled() {
            let (share, within) = (part.share(group), &self.within[group]);
            let apart = part.means[group] - mean;
            let square = apart * apart;
            between += share * square;
            variances += share * within.variance();
            fourths += share * within.fourth();
            others +=
                share * (square * square + 6.0 * square * within.variance() + 4.0 * apart * within.third());
        }
        let scale = |wanted: f64, found: f64| {
            let scale = wanted / found;
            if scale > 0.0 && scale.is_finite() { scale } else { 1.0 }
        };
        let fourth = kurtosis * part.variance * part.variance;
        (scale(part.variance - between, variances), scale(fourth - others, fourths))
    }

    /// tr(ADAD) of the form of the shares and the noise of the means: A is that of the variance between groups and a band
    /// C of the insides.
    fn trace(&self, part: &Part, noise: &Noise) -> f64 {
        let own = |group: usize| noise.own[group];
        // C[i][i + step] for steps 0, 1 and 2.
        let mut band = vec![[0.0; 3]; part.counts.len()];
        for (group, inside) in self.insides.iter().enumerate() {
            let Inside::Parabola { first, form } = inside else { continue };
            for (i, row) in form.iter().enumerate() {
                for (j, weight) in row.iter().enumerate().filter(|(j, _)| *j >= i) {
                    band[first + i][j - i] += part.share(group) * weight;
                }
            }
        }
        let mut trace = between_trace(part, noise);
        for (i, steps) in band.iter().enumerate() {
            for (step, &c) in steps.iter().enumerate().filter(|(_, c)| **c != 0.0) {
                let j = i + step;
                let (f, g) = (part.share(i), part.share(j));
                let b = if step == 0 { f * (1.0 - f) } else { -f * g };
                let times = if step == 0 { 1.0 } else { 2.0 };
                trace += times * c * (2.0 * b + c) * own(i) * own(j);
            }
        }
        trace
    }
}

/// tr(BDBD) of the variance between groups, B = diag(f) − ff', and the noise D of their means.
pub fn between_trace(part: &Part, noise: &Noise) -> f64 {
    let (mut squares, mut sum) = (0.0, 0.0);
    for group in part.filled() {
        let f = part.share(group);
        let own = noise.own[group];
        squares += f * f * (1.0 - 2.0 * f) * own * own;
        sum += f * f * own;
    }
    squares + sum * sum
}

/// Moments of a standard normal score given that its probability lies in an interval.
#[derive(Clone, Copy, Debug)]
pub struct Score {
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
    /// Of the positions in each group.
    pub fn of_groups(groups: &Groups) -> Vec<Score> {
        groups.intervals.iter().map(|&(low, high)| score_moments(low, high)).collect()
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
    use crate::math::{exp, ln, normal_cdf};
    use crate::tally::RankBins;

    type Mean = fn(f64, f64) -> f64;

    /// Hundredths without noise: the share that their means tell.
    fn share(mean: Mean, variance: f64, is_smooth: bool) -> f64 {
        let groups = Groups::fine(&RankBins::Even, 1e9);
        let means = groups.intervals.iter().map(|&(low, high)| mean(low, high)).collect();
        let part = Part { counts: vec![1e7; 100], means, variance };
        let noise = Noise { own: vec![0.0; 100], centred: vec![0.0; 100] };
        let within = vec![Within::default(); 100];
        let scores = if is_smooth { Score::of_groups(&groups) } else { Vec::new() };
        Shares::new(&groups, &scores, &within, &part, &noise).share(&part, &noise)
    }

    #[test]
    fn what_lies_inside_the_bins_is_found() {
        // The output is a function of the input alone, so the share is 1. Means over (a, b) in closed form.
        let exponential: Mean = |a, b| {
            let x_ln_x = |x: f64| if x > 0.0 { x * ln(x) } else { 0.0 };
            1.0 + (x_ln_x(1.0 - b) - x_ln_x(1.0 - a)) / (b - a)
        };
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
        for (what, mean, variance, tolerance) in [
            ("exponential", exponential, 1.0, 5e-5),
            ("even", even, 1.0 / 12.0, 1e-5),
            ("root", root, 1.0 / 18.0, 2e-5),
            ("lognormal", lognormal, exp(0.09) * (exp(0.09) - 1.0), 3e-4),
            ("normal", |a, b| score_moments(a, b).mean, 1.0, 1e-12),
        ] {
            let found = share(mean, variance, true);
            assert!((found - 1.0).abs() < tolerance, "{what}: {found}");
            let between = share(mean, variance, false);
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
