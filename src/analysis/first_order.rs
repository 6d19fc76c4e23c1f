//! First-order shares of variance, from the means of an output in groups of an input's bins.

use super::average::farther;
use super::groups::{Groups, Noise, Part, square};
use super::within::Within;
use crate::math::{normal_density, normal_quantile};

/// What the conditional mean inside a group adds to the variance between groups.
#[derive(Clone, Copy, Debug)]
enum Inside {
    Nothing,
    /// Times the group's share.
    Parabola(Form),
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

/// Standard errors by which what neighbours say must leave the parabola behind before it is believed.
const MISFIT: f64 = 4.5;
/// From so many on, what it may leave out at the ends counts as an error.
const DOUBT: f64 = 2.0;
/// How much larger the error of the share that neighbours tell may be than that of the means and parabolas: it rests on
/// no assumption on what lies inside a group.
const PRICE: f64 = 1.5;
/// Share of what parabolas say that may be wrong.
const LEFT_OUT: f64 = 0.05;

/// How groups of an input's bins tell its first-order share, Var(E[Y | X]) / Var(Y).
///
/// - Formula, from means: variance between the groups, less what noise alone puts there, plus the variance of the
///   conditional mean inside them. Inside a group the conditional mean is the parabola in the input's normal score that
///   has the means of the group and its neighbours, less what noise puts there; but where runs that are neighbours in
///   the input differ far less than the parabola leaves room for (a step), the variance within the group less half the
///   mean square of those differences.
/// - Formula, from neighbours: 1 − R/V, R the mean of half the squares of those differences, V the variance between the
///   groups plus that within them. Of the two the one from neighbours, unless its error is more than half as large again:
///   it is exact where the input explains nearly everything, whatever the tail, and noisy where it explains little.
/// - Source: Saltelli et al. (2008), Global Sensitivity Analysis: The Primer, section 1.2.6 (the index);
///   Cochran (1977), Sampling Techniques, 3rd ed., chapter 5A (variance between strata); Rice (1984), Bandwidth choice
///   for nonparametric regression, Annals of Statistics 12(4), 1215–1230 (differences of neighbours); von Neumann
///   (1941), Annals of Mathematical Statistics 12(4), 367–395 (their ratio to the variance scatters by 1/√n).
#[derive(Debug)]
pub struct Shares<'a> {
    groups: &'a Groups,
    within: &'a [Within],
    left: Vec<f64>,
    insides: Vec<Inside>,
    /// Square of what the parabola may leave out at the ends.
    doubt: f64,
    /// Of what lies in the groups at the ends, whether neighbours were told along a line.
    at_ends: [bool; 2],
}

impl<'a> Shares<'a> {
    /// `forms` are those of the groups of an input with whose rank the output can be expected to vary smoothly, none of
    /// another; `part` and `noise` are of all runs; `at_ends` is the variance that the input leaves in the groups at its
    /// ends as told along lines, NaN where it is not.
    pub fn new(
        groups: &'a Groups,
        forms: &[Option<Form>],
        within: &'a [Within],
        at_ends: [f64; 2],
        part: &Part,
        noise: &Noise,
    ) -> Shares<'a> {
        let count = groups.count();
        let mut shares = Shares {
            groups,
            within,
            left: within.iter().map(Within::left).collect(),
            insides: vec![Inside::Nothing; count],
            doubt: 0.0,
            at_ends: [false; 2],
        };
        for (side, group) in [0, count - 1].into_iter().enumerate() {
            if at_ends[side].is_finite() && !groups.is_value[group] {
                (shares.left[group], shares.at_ends[side]) = (at_ends[side], true);
            }
        }
        for group in part.filled().filter(|&group| !groups.is_value[group]) {
            if let Some(form) = forms.get(group).copied().flatten()
                && (form.first..form.first + 3).all(|j| part.counts[j] > 0.0)
            {
                shares.insides[group] = Inside::Parabola(form);
            }
            let Within { count, .. } = within[group];
            let (variance, fourth) = (within[group].variance(), within[group].fourth());
            if !(variance > 0.0 && count > 4.0) {
                continue;
            }
            let is_line = shares.is_line(group);
            let rest = if is_line { shares.left[group] } else { within[group].rest() };
            let smooth = shares.inside(group, part, noise) / part.share(group);
            let gap = variance - rest - smooth;
            // Where a few runs carry the variance, only they can tell.
            let telling = (3.0 * count * variance * variance / fourth).min(count);
            let distance = gap / variance * telling.sqrt();
            if distance > MISFIT {
                let explained = variance - rest;
                let of_variance = (fourth / (variance * variance) - 1.0).max(0.0);
                let relative = (1.0 + of_variance * (explained / variance) * (explained / variance)) / count;
                shares.insides[group] =
                    Inside::Known { variance: explained, error: variance * relative.sqrt() };
            } else if (group == 0 || group + 1 == groups.count()) && distance > DOUBT {
                shares.doubt += square(part.share(group) * gap);
            }
        }
        shares
    }

    /// Whether what the input leaves in a group was told along a line.
    fn is_line(&self, group: usize) -> bool {
        group == 0 && self.at_ends[0] || group + 1 == self.left.len() && self.at_ends[1]
    }

    /// Variance of the conditional mean inside a group times the group's share.
    fn inside(&self, group: usize, part: &Part, noise: &Noise) -> f64 {
        let share = part.share(group);
        match &self.insides[group] {
            Inside::Nothing => 0.0,
            Inside::Known { variance, .. } => share * variance,
            Inside::Parabola(Form { first, form }) => {
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

    /// Standard error of what lies inside the groups beyond what their means tell: of what neighbours say, and 5 % of what
    /// parabolas do, about as much as they miss where the mean is the exponential of the score or its probability.
    pub fn unseen(&self, part: &Part, noise: &Noise) -> f64 {
        let (mut known, mut parabolas) = (0.0, 0.0);
        for group in part.filled() {
            match self.insides[group] {
                Inside::Known { error, .. } => known += square(part.share(group) * error),
                Inside::Parabola(_) => parabolas += self.inside(group, part, noise),
                Inside::Nothing => {}
            }
        }
        (self.doubt + known + square(LEFT_OUT * parabolas)).sqrt() / part.variance
    }

    /// The share with its standard error. `replicated` is that of the share from means where runs are not independent;
    /// `skewness` is that of the squares whose average the variance is.
    ///
    /// - Formula: a run in a group of mean a, from the mean of all runs, and e from that of its group moves the share S by
    ///   ((1 − S)(a² + 2ae) − S e²) / n in units of the variance, e being what the input leaves; the mean square of that
    ///   over n, with what the noise of the means adds to a² taken off. As the share is a quadratic form m'Am of the
    ///   means, their noise D alone adds 2 tr(ADAD).
    ///   `kurtosis` is the mean fourth power of the output's distance from its mean in units of the squared variance: as it
    ///   and the variance are known of all runs, the scatter within groups that the sample shows is scaled to them.
    /// - Source: van der Vaart (1998), Asymptotic Statistics, section 20.1 (influence functions); Searle (1971), Linear
    ///   Models, section 2.5, corollary 1.3 (quadratic forms).
    pub fn known(
        &self,
        part: &Part,
        noise: &Noise,
        kurtosis: f64,
        skewness: f64,
        replicated: Option<f64>,
    ) -> Share {
        let scales = self.scales(part, kurtosis);
        let of_means = self.share(part, noise);
        let of_runs = || {
            let explained = |group: usize| self.inside(group, part, noise) / part.share(group);
            let linear = self.linear(part, noise, of_means, scales, explained) / part.runs();
            (linear + 2.0 * self.trace(part, noise)).sqrt() / part.variance * farther(skewness, part.runs())
        };
        let error = libm::hypot(replicated.unwrap_or_else(of_runs), self.unseen(part, noise));
        let by_neighbours = self.by_neighbours(part, noise, scales, skewness);
        match by_neighbours.error < PRICE * error {
            true => by_neighbours,
            false => Share { value: of_means.clamp(0.0, 1.0), error },
        }
    }

    /// The share that neighbours tell.
    ///
    /// - Formula: 1 − R/V. Of its error the part that all runs tell is that of the share from means; R also scatters as a
    ///   mean of e⁴ over the m runs of the sample instead of all n, and by R²/n as differences of neighbours are not
    ///   independent. What was taken off for a straight mean within bins, and at the ends all that lines leave, may be in
    ///   doubt as a whole. The skewness of e² is taken for that of a gamma law with its mean and variance.
    /// - Source: Gasser, Sroka & Jennen-Steinmetz (1986), Residual variance and residual pattern in nonlinear regression,
    ///   Biometrika 73(3), 625–633 (variance of the estimate).
    fn by_neighbours(&self, part: &Part, noise: &Noise, scales: (f64, f64), skewness: f64) -> Share {
        let mean = part.mean();
        let (mut whole, mut left, mut doubt, mut fourths, mut squares) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for group in part.filled() {
            let (share, within) = (part.share(group), &self.within[group]);
            let (variance, rest) = (within.variance(), self.rest(group));
            whole += share * (square(part.means[group] - mean) + variance * (1.0 - 1.0 / part.counts[group]));
            left += share * rest;
            squares += share * rest * rest;
            if variance > 0.0 {
                fourths += share * self.fourth_of_rest(group, rest / variance);
            }
            if self.is_line(group) {
                doubt += share * rest;
            } else if !self.groups.is_value[group] {
                doubt += share * (within.rest() - rest).abs();
            }
        }
        let sample: f64 = self.within.iter().map(|within| within.count).sum();
        // Of a gamma law, such as that of the square of a normal variable, the skewness is twice the coefficient of variation.
        let of_squares = 2.0 * (fourths / (left * left) - 1.0).max(0.0).sqrt();
        let skewness = skewness.max(if left > 0.0 { of_squares } else { 0.0 });
        let value = (1.0 - left / whole).clamp(0.0, 1.0);
        let explained = |group: usize| {
            let variance = self.within[group].variance();
            scales.0 * (variance - self.rest(group))
        };
        let runs = part.runs();
        let linear = self.linear(part, noise, value, scales, explained) / runs;
        let sampling = fourths * (1.0 / sample - 1.0 / runs).max(0.0) + squares / runs;
        let spread = linear * square(farther(skewness, runs))
            + sampling * square(farther(skewness, sample))
            + square(doubt);
        Share { value, error: spread.sqrt() / part.variance }
    }

    /// The variance that the input leaves in a group.
    fn rest(&self, group: usize) -> f64 {
        if self.groups.is_value[group] { self.within[group].variance() } else { self.left[group].max(0.0) }
    }

    /// Mean fourth power of what the input leaves in a group, which is this share of the variance within: told by neighbours,
    /// else as if it had the shape of the whole.
    fn fourth_of_rest(&self, group: usize, left: f64) -> f64 {
        match self.groups.is_value[group] || self.is_line(group) {
            true => self.within[group].fourth() * left * left,
            false => self.within[group].fourth_left(),
        }
    }

    /// Mean square of the pulls of single runs, where `explained` is the variance of the conditional mean inside a group.
    fn linear(
        &self,
        part: &Part,
        noise: &Noise,
        share: f64,
        (of_variance, of_fourth): (f64, f64),
        explained: impl Fn(usize) -> f64,
    ) -> f64 {
        let (s, mean) = (share.clamp(0.0, 1.0), part.mean());
        let (mut pull, mut square) = (0.0, 0.0);
        for group in part.filled() {
            let (within, apart) = (&self.within[group], part.means[group] - mean);
            let variance = of_variance * within.variance();
            let inside = explained(group).clamp(0.0, variance);
            let left = if variance > 0.0 { 1.0 - inside / variance } else { 1.0 };
            let rest = variance * left;
            // What the noise of the mean adds to its square is taken off where there is more.
            let level = (apart * apart - noise.centred[group]).max(0.0) + inside;
            let skew = (of_variance * of_fourth).sqrt() * within.third() * left * left.sqrt();
            let squares = (1.0 - s) * (1.0 - s) * (level * level + 4.0 * level * rest)
                + s * s * of_fourth * self.fourth_of_rest(group, left)
                - 2.0 * s * (1.0 - s) * (level * rest + 2.0 * apart * skew);
            let expected = (1.0 - s) * level - s * rest;
            pull += part.share(group) * expected;
            square += part.share(group) * squares;
        }
        (square - pull * pull).max(0.0)
    }

    /// By how much the variances and the fourth moments within groups are to be scaled, so that they and the means make the
    /// variance and the fourth moment of the output; the latter only where they are most of it, as elsewhere the difference
    /// is noise.
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
        let of_fourth = if fourths > others { scale(fourth - others, fourths) } else { 1.0 };
        (scale(part.variance - between, variances), of_fourth)
    }

    /// tr(ADAD) of the form of the shares and the noise of the means: A is that of the variance between groups and a band
    /// C of the insides.
    fn trace(&self, part: &Part, noise: &Noise) -> f64 {
        let own = |group: usize| noise.own[group];
        // C[i][i + step] for steps 0, 1 and 2.
        let mut band = vec![[0.0; 3]; part.counts.len()];
        for (group, inside) in self.insides.iter().enumerate() {
            let Inside::Parabola(Form { first, form }) = inside else { continue };
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
struct Score {
    mean: f64,
    /// Central moments.
    variance: f64,
    third: f64,
    fourth: f64,
}

/// The variance inside a group of the parabola that has the means of three groups.
#[derive(Clone, Copy, Debug)]
pub struct Form {
    /// The first of the three.
    first: usize,
    /// A quadratic form in their means.
    form: [[f64; 3]; 3],
}

impl Form {
    /// Of each group of positions; `None` where no parabola is determined.
    pub fn of_groups(groups: &Groups) -> Vec<Option<Form>> {
        let scores: Vec<Score> =
            groups.intervals.iter().map(|&(low, high)| score_moments(low, high)).collect();
        let Some(last) = scores.len().checked_sub(3) else { return Vec::new() };
        let of = |group: usize| {
            let first = group.saturating_sub(1).min(last);
            let form = inside(&scores[group], std::array::from_fn(|j| &scores[first + j]), 1.0)?;
            Some(Form { first, form })
        };
        (0..scores.len()).map(of).collect()
    }
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
        let part = Part::of(vec![1e7; 100], means, variance);
        let noise = Noise { own: vec![0.0; 100], centred: vec![0.0; 100] };
        let within = vec![Within::default(); 100];
        let forms = if is_smooth { Form::of_groups(&groups) } else { Vec::new() };
        Shares::new(&groups, &forms, &within, [f64::NAN; 2], &part, &noise).share(&part, &noise)
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
