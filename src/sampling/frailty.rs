//! Archimedean groups of three and more by their frailty: what all members share beside their own positions.
//!
//! A member is ψ(E / V) with its own unit exponential E and one V of the group, whose Laplace transform ψ is the inverse
//! generator; it rises with its own position. V is drawn from two positions of the group. Sources: Marshall & Olkin
//! (1988), Families of multivariate distributions, Journal of the American Statistical Association 83(403), 834–841
//! (the construction); Hofert, Mächler & McNeil (2012), Likelihood inference for Archimedean copulas in high dimensions,
//! Journal of Multivariate Analysis 110, 133–150, doi:10.1016/j.jmva.2012.02.019, section 2 and table 1 (V of each
//! family).

use super::archimedean::{ln_lower, of_minus_ln, signed};
use super::{Archimedean, Coordinate, Design, Generator, Positions, Stream};
use crate::math::{exp, exp_m1, ln, ln_1p, lower_of, word_of_tail};

/// Positions of the members of a group, and of what they share, in a block of runs.
#[derive(Clone, Debug)]
pub struct Frailty {
    copula: Archimedean,
    shared: [Stream; 2],
    streams: Vec<Stream>,
    /// Of what is shared.
    shared_words: [Vec<u32>; 2],
    ln_frailties: Vec<f64>,
    words: Vec<Vec<u32>>,
    /// Signed tails of the members.
    tails: Vec<Vec<f64>>,
}

impl Frailty {
    /// Columns of `runs` runs for members with these coordinates, who share those of `shared`.
    pub fn new(
        coordinates: &[Coordinate],
        shared: [Coordinate; 2],
        copula: Archimedean,
        design: Design,
        runs: usize,
    ) -> Frailty {
        Frailty {
            copula,
            shared: shared.map(|coordinate| design.stream(coordinate)),
            streams: coordinates.iter().map(|&coordinate| design.stream(coordinate)).collect(),
            shared_words: [vec![0; runs], vec![0; runs]],
            ln_frailties: vec![0.0; runs],
            words: vec![vec![0; runs]; coordinates.len()],
            tails: vec![vec![0.0; runs]; coordinates.len()],
        }
    }

    /// Draws runs `first_run`, `first_run` + 1, …
    pub fn fill(&mut self, first_run: u64) {
        let Frailty { copula, shared, streams, shared_words, ln_frailties, words, tails } = self;
        for (stream, words) in shared.iter().zip(shared_words.iter_mut()) {
            stream.fill(first_run, words);
        }
        let [first, second] = [0, 1].map(|k| Positions::of_stream(&shared_words[k], &shared[k], first_run));
        for (place, ln_frailty) in ln_frailties.iter_mut().enumerate() {
            *ln_frailty = match copula.generator {
                Generator::Frank => ln_logarithmic(copula.theta, first.tail(place), second.tail(place)),
                _ => ln_stable(copula.theta, first.tail(place), second.tail(place)),
            };
        }
        let turn = if copula.flips_others { -1.0 } else { 1.0 };
        for ((stream, words), tails) in streams.iter().zip(words).zip(tails) {
            stream.fill(first_run, words);
            let own = Positions::of_stream(words, stream, first_run);
            for ((place, tail), &ln_frailty) in tails.iter_mut().enumerate().zip(ln_frailties.iter()) {
                let ln_ratio = ln(-ln_lower(turn * own.tail(place))) - ln_frailty;
                *tail = turn
                    * match copula.generator {
                        Generator::Frank => of_frank(copula.theta, exp(ln_ratio)),
                        _ => of_minus_ln(exp(ln_ratio / copula.theta)),
                    };
            }
            for (word, &tail) in words.iter_mut().zip(tails.iter()) {
                *word = word_of_tail(tail);
            }
        }
    }

    /// Positions of one member.
    pub fn positions(&self, member: usize) -> Positions<'_> {
        Positions::of_tails(&self.words[member], &self.tails[member])
    }
}

/// ln V, V positive stable of index a = 1 / θ with the transform exp(−tᵃ), from two signed tails.
///
/// - Formula: V = sin(aφ) / sin(φ)^(1/a) · (sin((1 − a)φ) / W)^((1 − a)/a), φ uniform on (0, π), W unit exponential.
/// - Source: Kanter (1975), Stable densities under change of scale and total variation inequalities, Annals of
///   Probability 3(4), 697–707, corollary 4.1; Chambers, Mallows & Stuck (1976), A method for simulating stable random
///   variables, Journal of the American Statistical Association 71(354), 340–344.
fn ln_stable(theta: f64, angle: f64, own: f64) -> f64 {
    let pi = std::f64::consts::PI;
    let (a, rest) = (1.0 / theta, (theta - 1.0) / theta);
    let phi = pi * lower_of(angle);
    // Near π from the other end, where no digit is lost.
    let ln_sine = ln(libm::sin(pi * angle.abs()));
    let ln_w = ln(-ln_lower(own));
    ln(libm::sin(a * phi)) - theta * ln_sine + (theta - 1.0) * (ln(libm::sin(rest * phi)) - ln_w)
}

/// ln V, V logarithmic with the parameter 1 − e^−θ, from two signed tails.
///
/// - Formula: V is geometric with P(V > k) = qᵏ and q = 1 − e^(−θu), u uniform: V = 1 + ⌊ln u' / ln q⌋.
/// - Source: Kemp (1981), Efficient generation of logarithmically distributed pseudo-random variables, Applied
///   Statistics 30(3), 249–253.
fn ln_logarithmic(theta: f64, share: f64, own: f64) -> f64 {
    let exponent = theta * lower_of(share);
    let ln_q = if exponent < 0.5 { ln(-exp_m1(-exponent)) } else { ln_1p(-exp(-exponent)) };
    ln(1.0 + (ln_lower(own) / ln_q).floor())
}

/// Signed tail of u = −ln(1 − (1 − e^−θ) e^−t) / θ; 1 − u = ln(1 + (e^θ − 1) (1 − e^−t)) / θ.
fn of_frank(theta: f64, t: f64) -> f64 {
    let missed = -exp_m1(-t);
    let share = -exp_m1(-theta) * exp(-t);
    let ln_rest = if share < 0.5 { ln_1p(-share) } else { ln(exp(-theta) - exp_m1(-theta) * missed) };
    signed(-ln_rest / theta, ln_1p(exp_m1(theta) * missed) / theta)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling::Key;

    fn drawn(copula: Archimedean, members: usize, n: usize) -> Vec<Vec<f64>> {
        let coordinate = |name: &str, dimension: usize| Coordinate {
            key: Key::new(5, name, &[&dimension.to_string()]),
            dimension,
        };
        let coordinates: Vec<Coordinate> = (0..members).map(|k| coordinate("member", k)).collect();
        let shared = [members, members + 1].map(|k| coordinate("shared", k));
        let mut frailty = Frailty::new(&coordinates, shared, copula, Design::MonteCarlo, n);
        frailty.fill(0);
        let of = |member| {
            let positions = frailty.positions(member);
            (0..n).map(|place| lower_of(positions.tail(place))).collect()
        };
        (0..members).map(of).collect()
    }

    /// Share of the runs within five standard errors of its expectation.
    #[track_caller]
    fn meets(holds: impl Iterator<Item = bool>, expected: f64, n: usize) {
        let found = holds.filter(|holds| *holds).count() as f64 / n as f64;
        let error = (expected * (1.0 - expected) / n as f64).sqrt();
        assert!((found - expected).abs() < 5.0 * error, "{found} ± {error}, expected {expected}");
    }

    /// ψ(d ψ⁻¹(u)): the chance that d members are all below u.
    fn diagonal(generator: Generator, theta: f64, d: f64, u: f64) -> f64 {
        match generator {
            Generator::Frank => {
                let ln_kept = |u: f64| libm::log1p(-libm::exp(-theta * u));
                -libm::log(-libm::expm1(d * ln_kept(u) - (d - 1.0) * ln_kept(1.0))) / theta
            }
            _ => libm::pow(u, libm::pow(d, 1.0 / theta)),
        }
    }

    #[test]
    fn margins_pairs_and_corners_are_those_of_the_copula() {
        let n = 1 << 17;
        // Kendall's coefficients of Frank's copula by `tests/reference/archimedean.py`.
        let cases = [
            (Generator::Gumbel, 1.25, 0.2),
            (Generator::Gumbel, 5.5, 1.0 - 1.0 / 5.5),
            (Generator::Frank, 3.0, 0.307_246_959_430_723_44),
            (Generator::Frank, 90.0, 0.956_367_868_674_986_8),
        ];
        for (generator, theta, tau) in cases {
            for flips in [false, true] {
                let copula = Archimedean { generator, theta, flips_first: flips, flips_others: flips };
                let u = drawn(copula, 4, n);
                for (i, member) in u.iter().enumerate() {
                    for p in [0.001, 0.1, 0.5, 0.9, 0.999] {
                        meets(member.iter().map(|u| *u < p), p, n);
                    }
                    for other in &u[..i] {
                        // Two runs are in order for both members with probability (1 + τ) / 2.
                        let runs = member.chunks_exact(2).zip(other.chunks_exact(2));
                        let in_order = runs.map(|(a, b)| (a[0] < a[1]) == (b[0] < b[1]));
                        meets(in_order, 0.5 * (1.0 + tau), n / 2);
                    }
                }
                for q in [0.1, 0.5, 0.97] {
                    let below = |u: f64| if flips { 1.0 - u < q } else { u < q };
                    for members in [2, 4] {
                        let all = (0..n).map(|run| u[..members].iter().all(|u| below(u[run])));
                        meets(all, diagonal(generator, theta, members as f64, q), n);
                    }
                }
            }
        }
    }

    #[test]
    fn far_positions_give_positions() {
        let tails = [1e-26, 1e-9, 0.3, 0.5, -0.3, -1e-9, -1e-26];
        let valid = |tail: f64| tail != 0.0 && tail.abs() <= 0.5;
        for theta in [1e-3, 1.001, 3.0, 500.0] {
            for first in tails {
                for second in tails {
                    let logarithmic = ln_logarithmic(theta, first, second);
                    assert!(logarithmic >= 0.0 && logarithmic.is_finite(), "{theta} {first} {second}");
                    for own in tails {
                        let ln_e = ln(-ln_lower(own));
                        let tail = of_frank(theta, exp(ln_e - logarithmic));
                        assert!(valid(tail), "frank {theta} {first} {second} {own}: {tail}");
                        if theta > 1.0 {
                            let stable = ln_stable(theta, first, second);
                            let tail = of_minus_ln(exp((ln_e - stable) / theta));
                            assert!(valid(tail), "gumbel {theta} {first} {second} {own}: {tail}");
                        }
                    }
                }
            }
        }
    }
}
