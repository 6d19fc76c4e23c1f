//! Archimedean copulas: members tied so that extremes of one side come together, or none.
//!
//! The first member keeps its own position; each other one is the inverse of its conditional law given those before
//! it, at its own position, so every member rises with its own. Everything is computed from both tail probabilities and
//! in logarithms: a far tail keeps its digits. Sources: Nelsen (2006), An Introduction to Copulas, 2nd ed., sections
//! 2.9 and 4.2 (conditional method, families); Hofert, Mächler & McNeil (2012), Likelihood inference for Archimedean
//! copulas in high dimensions, Journal of Multivariate Analysis 110, 133–150, doi:10.1016/j.jmva.2012.02.019
//! (logarithmic forms).

use super::{Coordinate, Design, Positions, Stream};
use crate::math::{exp, exp_m1, ln, ln_1p, lower_of, upper_of, word_of_tail};

/// The generator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generator {
    /// Lows come together: θ > 0.
    Clayton,
    /// Neither: θ above or below 0.
    Frank,
    /// Highs come together: θ > 1.
    Gumbel,
}

/// A copula of a pair, or of any number of members, each pair alike: then of θ > 0 and turned in all members or in none.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Archimedean {
    pub generator: Generator,
    pub theta: f64,
    /// The first member is seen from its other end.
    pub flips_first: bool,
    /// All others are.
    pub flips_others: bool,
}

impl Archimedean {
    /// Signed tail of a member of a pair at its own signed tail, the first member given.
    fn second(&self, first: f64, own: f64) -> f64 {
        let first = if self.flips_first { -first } else { first };
        let own = if self.flips_others { -own } else { own };
        let tail = match self.generator {
            Generator::Clayton => Clayton::start(self.theta, first).next(self.theta, own),
            Generator::Frank => frank(self.theta, first, own),
            Generator::Gumbel => gumbel(self.theta, first, own),
        };
        if self.flips_others { -tail } else { tail }
    }

    /// Signed tails of all members, in place of their own.
    fn tie(&self, tails: &mut [f64]) {
        if let [first, second] = tails {
            *second = self.second(*first, *second);
            return;
        }
        let Some((first, others)) = tails.split_first_mut() else { return };
        let mut state = Clayton::start(self.theta, if self.flips_first { -*first } else { *first });
        for tail in others {
            let sign = if self.flips_others { -1.0 } else { 1.0 };
            *tail = sign * state.next(self.theta, sign * *tail);
        }
    }
}

/// ln u of a signed tail.
pub(super) fn ln_lower(tail: f64) -> f64 {
    if tail > 0.0 { ln(tail) } else { ln_1p(tail) }
}

/// The smaller of two tail probabilities, the upper one with a minus.
pub(super) fn signed(lower: f64, upper: f64) -> f64 {
    if lower <= upper { lower.max(f64::MIN_POSITIVE) } else { -upper.max(f64::MIN_POSITIVE) }
}

/// Signed tail of u with −ln u = `y`.
pub(super) fn of_minus_ln(y: f64) -> f64 {
    signed(exp(-y), -exp_m1(-y))
}

/// What Clayton's conditional laws need of the members before: with S = 1 + Σ (uⱼ^−θ − 1), the next member has
/// u^−θ = 1 + S a with ln(1 + a) = −θ / (1 + kθ) ln p, k members before it, and S grows by the factor 1 + a.
struct Clayton {
    members: f64,
    ln_sum: f64,
}

impl Clayton {
    fn start(theta: f64, first: f64) -> Clayton {
        Clayton { members: 1.0, ln_sum: -theta * ln_lower(first) }
    }

    fn next(&mut self, theta: f64, own: f64) -> f64 {
        let growth = -theta / (1.0 + self.members * theta) * ln_lower(own);
        let ln_power = softplus(self.ln_sum + ln_exp_m1(growth));
        self.ln_sum += growth;
        self.members += 1.0;
        of_minus_ln(ln_power / theta)
    }
}

/// ln(eˣ − 1), x > 0.
fn ln_exp_m1(x: f64) -> f64 {
    if x < 1.0 { ln(exp_m1(x)) } else { x + ln_1p(-exp(-x)) }
}

/// ln(1 + eˣ).
fn softplus(x: f64) -> f64 {
    if x > 0.0 { x + ln_1p(exp(-x)) } else { ln_1p(exp(x)) }
}

/// u = −ln(1 − p (1 − e^−θ) / (p + (1 − p) e^(−θ u₁))) / θ. The copula looks the same from both ends, which gives 1 − u
/// to full precision; for θ < 0 the member is turned round.
fn frank(theta: f64, first: f64, own: f64) -> f64 {
    let (size, turned) = (theta.abs(), theta < 0.0);
    let own = if turned { -own } else { own };
    let side = |first: f64, p: f64, rest: f64| {
        let kept = rest * exp(-size * first);
        let whole = p + kept;
        let share = -p * exp_m1(-size) / whole;
        let ln_rest = if share < 0.5 { ln_1p(-share) } else { ln((kept + p * exp(-size)) / whole) };
        -ln_rest / size
    };
    let (p, rest) = (lower_of(own), upper_of(own));
    let tail = signed(side(lower_of(first), p, rest), side(upper_of(first), rest, p));
    if turned { -tail } else { tail }
}

/// With x = −ln u₁ and s = (x^θ + y^θ)^(1/θ) the conditional law is r + (θ − 1) ln(1 + r / x) = −ln p for r = s − x;
/// then y = x (e^(θ ln(1 + r / x)) − 1)^(1/θ) = −ln u.
///
/// The left side is convex in ln r: Newton's method from above comes down to the root and never passes it.
fn gumbel(theta: f64, first: f64, own: f64) -> f64 {
    const MOST_STEPS: usize = 100;
    let (x, target) = (-ln_lower(first), -ln_lower(own));
    let ln_x = ln(x);
    // Each of the two terms alone is at most the target.
    let mut ln_r = ln(target).min(ln_x + ln_exp_m1(target / (theta - 1.0)));
    for _ in 0..MOST_STEPS {
        let (r, ratio) = (exp(ln_r), exp(ln_r - ln_x));
        let value = r + (theta - 1.0) * ln_1p(ratio) - target;
        let slope = r + (theta - 1.0) * (ratio / (1.0 + ratio));
        let next = ln_r - value / slope;
        // Rounding ends the descent.
        if next >= ln_r || next.is_nan() {
            break;
        }
        ln_r = next;
    }
    let power = theta * softplus(ln_r - ln_x);
    of_minus_ln(exp(ln_x + ln_exp_m1(power) / theta))
}

/// Positions of the members of a group in a block of runs.
#[derive(Clone, Debug)]
pub struct Nested {
    copula: Archimedean,
    streams: Vec<Stream>,
    first_run: u64,
    words: Vec<Vec<u32>>,
    /// Signed tails of all members but the first.
    tails: Vec<Vec<f64>>,
    /// Those of the run at hand.
    own: Vec<f64>,
}

impl Nested {
    /// Columns of `runs` runs for members with these coordinates.
    pub fn new(coordinates: &[Coordinate], copula: Archimedean, design: Design, runs: usize) -> Nested {
        Nested {
            copula,
            streams: coordinates.iter().map(|&coordinate| design.stream(coordinate)).collect(),
            first_run: 0,
            words: vec![vec![0; runs]; coordinates.len()],
            tails: vec![vec![0.0; runs]; coordinates.len() - 1],
            own: vec![0.0; coordinates.len()],
        }
    }

    /// Draws runs `first_run`, `first_run` + 1, …
    pub fn fill(&mut self, first_run: u64) {
        let Nested { copula, streams, words, tails, own, .. } = self;
        self.first_run = first_run;
        for (stream, words) in streams.iter().zip(words.iter_mut()) {
            stream.fill(first_run, words);
        }
        for place in 0..words[0].len() {
            for ((own, stream), words) in own.iter_mut().zip(streams.iter()).zip(words.iter()) {
                *own = Positions::of_stream(words, stream, first_run).tail(place);
            }
            copula.tie(own);
            for ((tails, words), &tail) in tails.iter_mut().zip(&mut words[1..]).zip(&own[1..]) {
                tails[place] = tail;
                words[place] = word_of_tail(tail);
            }
        }
    }

    /// Positions of one member.
    pub fn positions(&self, member: usize) -> Positions<'_> {
        let words = &self.words[member];
        match member.checked_sub(1) {
            None => Positions::of_stream(words, &self.streams[0], self.first_run),
            Some(later) => Positions::of_tails(words, &self.tails[later]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling::Key;

    const GENERATORS: [(Generator, f64); 7] = [
        (Generator::Clayton, 2.0),
        (Generator::Clayton, 0.05),
        (Generator::Frank, 5.0),
        (Generator::Frank, -200.0),
        (Generator::Frank, 1e-3),
        (Generator::Gumbel, 1.001),
        (Generator::Gumbel, 3.0),
    ];

    fn pair(generator: Generator, theta: f64) -> Archimedean {
        Archimedean { generator, theta, flips_first: false, flips_others: false }
    }

    /// ∂C/∂u₁, by its textbook formula.
    fn conditional(generator: Generator, theta: f64, u: f64, v: f64) -> f64 {
        match generator {
            Generator::Clayton => {
                libm::pow(1.0 + libm::pow(u, theta) * (libm::pow(v, -theta) - 1.0), -1.0 - 1.0 / theta)
            }
            Generator::Frank => {
                let (a, b) = (libm::exp(-theta * u), libm::expm1(-theta * v));
                a * b / (libm::expm1(-theta) + libm::expm1(-theta * u) * b)
            }
            Generator::Gumbel => {
                let (x, y) = (-libm::log(u), -libm::log(v));
                let s = libm::pow(libm::pow(x, theta) + libm::pow(y, theta), 1.0 / theta);
                libm::exp(-s) * libm::pow(x / s, theta - 1.0) / u
            }
        }
    }

    #[test]
    fn the_conditional_law_is_inverted_in_the_middle() {
        for (generator, theta) in GENERATORS.into_iter().filter(|(_, theta)| *theta > -100.0) {
            for u in [0.05, 0.3, 0.5, 0.8, 0.97] {
                for p in [0.02, 0.25, 0.5, 0.75, 0.99] {
                    let tail = |x: f64| if x < 0.5 { x } else { x - 1.0 };
                    let v = pair(generator, theta).second(tail(u), tail(p));
                    let found = conditional(generator, theta, u, lower_of(v));
                    assert!((found - p).abs() < 1e-11, "{generator:?} {theta} {u} {p}: {found}");
                }
            }
        }
    }

    #[test]
    fn a_member_rises_with_its_own_position_out_to_the_far_tails() {
        let tails = [1e-26, 1e-17, 1e-9, 1e-3, 0.4, -0.4, -1e-3, -1e-9, -1e-17, -1e-26];
        let place = |tail: f64| if tail > 0.0 { libm::log(tail) } else { -libm::log(-tail) };
        for (generator, theta) in GENERATORS {
            for first in tails {
                let mut before = f64::NEG_INFINITY;
                for own in tails {
                    let tail = pair(generator, theta).second(first, own);
                    let at = if tail > 0.0 { place(tail) } else { 2.0 + place(tail) };
                    assert!(
                        tail != 0.0 && tail.abs() <= 0.5 && at >= before,
                        "{generator:?} {theta} {first} {own} {tail}"
                    );
                    before = at;
                }
            }
        }
    }

    #[test]
    fn far_tails_have_their_limits() {
        // Clayton, both far down: v = u ((p^(−θ/(1+θ)) − 1) + u^θ)^(−1/θ).
        let found = pair(Generator::Clayton, 2.0).second(1e-20, 0.3);
        let expected = 1e-20 / libm::sqrt(libm::pow(0.3, -2.0 / 3.0) - 1.0);
        assert!((found / expected - 1.0).abs() < 1e-13, "{found} {expected}");
        // Gumbel, both far up: s = x (1 + r / x) with (θ − 1) ln(1 + r / x) = −ln p to leading order.
        let found = pair(Generator::Gumbel, 3.0).second(-1e-20, 0.3);
        let expected = 1e-20 * libm::cbrt(libm::pow(0.3, -1.5) - 1.0);
        assert!((-found / expected - 1.0).abs() < 1e-13, "{found} {expected}");
        // Frank near independence at the low end: ∂C/∂u₁ = p gives v = p (1 − e^−θ) / θ for small p and u₁ = 0.
        let found = pair(Generator::Frank, 5.0).second(1e-20, 1e-20);
        assert!((found / (1e-20 * -libm::expm1(-5.0) / 5.0) - 1.0).abs() < 1e-13, "{found}");
        let above = pair(Generator::Frank, 5.0).second(-1e-20, -1e-20);
        assert_eq!(above, -found);
    }

    fn drawn(copula: Archimedean, members: usize, n: usize) -> Vec<Vec<f64>> {
        let coordinates: Vec<Coordinate> = (0..members)
            .map(|dimension| Coordinate { key: Key::new(5, "member", &[&dimension.to_string()]), dimension })
            .collect();
        let mut nested = Nested::new(&coordinates, copula, Design::MonteCarlo, n);
        nested.fill(0);
        (0..members)
            .map(|member| {
                let positions = nested.positions(member);
                (0..n).map(|place| lower_of(positions.tail(place))).collect()
            })
            .collect()
    }

    /// Share of the runs within five standard errors of its expectation.
    #[track_caller]
    fn meets(holds: impl Iterator<Item = bool>, expected: f64, n: usize) {
        let found = holds.filter(|holds| *holds).count() as f64 / n as f64;
        let error = (expected * (1.0 - expected) / n as f64).sqrt();
        assert!((found - expected).abs() < 5.0 * error, "{found} ± {error}, expected {expected}");
    }

    /// Two runs are in order for both members with probability (1 + τ) / 2.
    #[track_caller]
    fn concordance(a: &[f64], b: &[f64], tau: f64) {
        let pairs = a.chunks_exact(2).zip(b.chunks_exact(2));
        meets(pairs.map(|(a, b)| (a[0] < a[1]) == (b[0] < b[1])), 0.5 * (1.0 + tau), a.len() / 2);
    }

    #[test]
    fn margins_concordance_and_tails_are_those_of_the_copula() {
        let n = 1 << 17;
        let cases = [(Generator::Clayton, 2.0, 0.5), (Generator::Gumbel, 2.0, 0.5)];
        for (generator, theta, tau) in cases {
            for (flips_first, flips_others, sign) in
                [(false, false, 1.0), (true, false, -1.0), (true, true, 1.0), (false, true, -1.0)]
            {
                let u = drawn(Archimedean { generator, theta, flips_first, flips_others }, 2, n);
                for member in &u {
                    for p in [0.001, 0.1, 0.5, 0.9, 0.999] {
                        meets(member.iter().map(|u| *u < p), p, n);
                    }
                }
                concordance(&u[0], &u[1], sign * tau);
                // Both in the corner of the tail, of probability C(q, q) there.
                let q = 0.01f64;
                let corner = match generator {
                    Generator::Clayton => libm::pow(2.0 * libm::pow(q, -theta) - 1.0, -1.0 / theta),
                    _ => 2.0 * q - 1.0 + libm::pow(1.0 - q, libm::pow(2.0, 1.0 / theta)),
                };
                let low = |u: f64, flips: bool| {
                    let from_below = (generator == Generator::Clayton) != flips;
                    if from_below { u < q } else { 1.0 - u < q }
                };
                let both = u[0].iter().zip(&u[1]).map(|(a, b)| low(*a, flips_first) && low(*b, flips_others));
                meets(both, corner, n);
            }
        }
        // Frank: C(½, ½), and the same for −θ turned round.
        let theta = 5.0;
        let half = libm::expm1(-0.5 * theta);
        let quadrant = -libm::log1p(half * half / libm::expm1(-theta)) / theta;
        let u = drawn(pair(Generator::Frank, theta), 2, n);
        meets(u[0].iter().zip(&u[1]).map(|(a, b)| *a < 0.5 && *b < 0.5), quadrant, n);
        let u = drawn(pair(Generator::Frank, -theta), 2, n);
        meets(u[0].iter().zip(&u[1]).map(|(a, b)| *a < 0.5 && *b >= 0.5), quadrant, n);
    }

    #[test]
    fn the_members_of_a_group_are_alike() {
        let n = 1 << 17;
        for (flips, theta) in [(false, 1.0), (true, 3.0)] {
            let copula =
                Archimedean { generator: Generator::Clayton, theta, flips_first: flips, flips_others: flips };
            let u = drawn(copula, 4, n);
            for i in 0..4 {
                meets(u[i].iter().map(|u| *u < 0.2), 0.2, n);
                for j in 0..i {
                    concordance(&u[i], &u[j], theta / (theta + 2.0));
                }
            }
            let q = 0.05f64;
            let all = (0..n).map(|run| u.iter().all(|u| if flips { 1.0 - u[run] < q } else { u[run] < q }));
            meets(all, libm::pow(4.0 * libm::pow(q, -theta) - 3.0, -1.0 / theta), n);
        }
    }
}
