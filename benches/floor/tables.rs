//! Quantiles as polynomials on sixteen pieces: small enough to stay in registers for a whole loop.
//!
//! A piece is chosen by four bits and evaluated in its own variable t in [-1/2, 1/2]. Two ways of cutting serve:
//!
//! - by octaves of the smaller tail v: position words are read as signed integers, so that the sign tells the tail,
//!   the exponent of the converted word the octave, and its mantissa t. Laws with a tail like a power or a logarithm
//!   are equally smooth on every octave. 2^-15 < v < 1/2 is used: the words of these octaves are told from smaller
//!   ones by two bits.
//! - by steps of the normal score z: there every law of R1 is smooth, and a correlated input has its score anyway.
//!   |z| < 4.5 is covered. Where one polynomial of few terms does for all of that, it is taken instead.
//!
//! What lies beyond is rare, and taken from the law itself. Largest errors, as shares of the interquartile range: the
//! normal score 5.1e-7 and the free impacts 3.1e-7 by octaves; costs and regulation 2.8e-7 by steps; approvals and
//! funding 4.2e-8, batch failure 3.2e-7 and severity 3.5e-7 by one polynomial.

use super::direct::severity;
use super::model::{Curve, Laws, SHOCK, score};

pub const PIECES: usize = 16;
/// Words below this size, taken as signed, lie in the tails beyond the octaves.
pub const LEAST_WORD: f64 = 562_949_953_421_312.0; // 2^49
const LEAST_EXPONENT: i32 = 47;
/// Width of a step of the score; step k is centred at k times this, k from -8 to 7.
pub const STEP: f64 = 0.6;
/// Scores beyond this are outside the steps.
pub const LARGEST_SCORE: f64 = 4.5;

/// Sixteen polynomials of degree N, coefficient by coefficient.
///
/// The constant terms are full numbers; of the others only the upper half of the bits is free, and the lower half
/// repeats it. So a coefficient is fetched by a permutation of half numbers, which reaches sixteen entries in one
/// register and leaves the units of the multiplications alone. Their rounding, 2^-21 of a term that is itself small,
/// is part of the measured error.
#[derive(Debug)]
pub struct Pieces<const N: usize> {
    pub constant: [f64; PIECES],
    /// Coefficients of t, t^2, ... t^N.
    pub higher: [[u32; PIECES]; N],
}

impl<const N: usize> Pieces<N> {
    /// By octaves of the smaller tail: `quantile(v)` is the value at position v below 1/2.
    pub fn octaves(quantile: impl Fn(f64) -> f64) -> Self {
        let mut pieces = Pieces { constant: [0.0; PIECES], higher: [[0; PIECES]; N] };
        for exponent in LEAST_EXPONENT..LEAST_EXPONENT + PIECES as i32 {
            let unit = f64::from(exponent - 64).exp2();
            pieces.fit((1023 + exponent) as usize % PIECES, |t| quantile((1.5 + t) * unit));
        }
        pieces
    }

    /// By steps of the normal score.
    pub fn scores(curve: impl Fn(f64) -> f64) -> Self {
        let mut pieces = Pieces { constant: [0.0; PIECES], higher: [[0; PIECES]; N] };
        for step in -8..8 {
            pieces.fit(step as usize % PIECES, |t| curve((f64::from(step) + t) * STEP));
        }
        pieces
    }

    /// Puts a polynomial near `f` into one slot.
    ///
    /// From the highest coefficient down: Chebyshev's of what is left at his nodes, rounded to a half and taken off,
    /// so that the lower ones make up for the rounding of the higher.
    fn fit(&mut self, slot: usize, f: impl Fn(f64) -> f64) {
        let count = (N + 1) as f64;
        let angles: Vec<f64> = (0..=N).map(|k| (k as f64 + 0.5) * std::f64::consts::PI / count).collect();
        let mut left: Vec<f64> = angles.iter().map(|angle| f(0.5 * angle.cos())).collect();
        for power in (1..=N as i32).rev() {
            let waves = left.iter().zip(&angles).map(|(left, angle)| left * (f64::from(power) * angle).cos());
            let share = 2.0 / count * waves.sum::<f64>();
            // The highest term of Chebyshev's polynomial of 2 t is t^power times this.
            let coefficient = half(share * f64::from(2 * power - 1).exp2());
            self.higher[power as usize - 1][slot] = coefficient;
            for (left, angle) in left.iter_mut().zip(&angles) {
                *left -= whole(coefficient) * (0.5 * angle.cos()).powi(power);
            }
        }
        self.constant[slot] = left.iter().sum::<f64>() / count;
    }
}

/// The number that a coefficient's half stands for.
fn whole(half: u32) -> f64 {
    f64::from_bits(u64::from(half) << 32 | u64::from(half))
}

/// The half whose [`whole`] is nearest to `x`.
fn half(x: f64) -> u32 {
    let near = (x.to_bits() >> 32) as u32;
    let distance = |half: &u32| (whole(*half) - x).abs();
    let candidates = [near.wrapping_sub(1), near, near.wrapping_add(1)];
    candidates.into_iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).expect("three candidates")
}

/// Coefficients, lowest first, of the polynomial that meets `f` at Chebyshev's nodes of [-radius, radius].
pub fn through_chebyshev_nodes(degree: usize, radius: f64, f: impl Fn(f64) -> f64) -> Vec<f64> {
    let count = degree + 1;
    let node = |k: usize| radius * ((k as f64 + 0.5) * std::f64::consts::PI / count as f64).cos();
    let nodes: Vec<f64> = (0..count).map(node).collect();
    let mut differences: Vec<f64> = nodes.iter().map(|&t| f(t)).collect();
    for order in 1..count {
        for k in (order..count).rev() {
            differences[k] = (differences[k] - differences[k - 1]) / (nodes[k] - nodes[k - order]);
        }
    }
    let mut coefficients = vec![0.0; count];
    for k in (0..count).rev() {
        for power in (0..count).rev() {
            let below = if power > 0 { coefficients[power - 1] } else { differences[k] };
            coefficients[power] = below - nodes[k] * coefficients[power];
        }
    }
    coefficients
}

/// As [`through_chebyshev_nodes`], as an array.
fn polynomial<const N: usize>(radius: f64, f: impl Fn(f64) -> f64) -> [f64; N] {
    through_chebyshev_nodes(N - 1, radius, f).try_into().expect("as many coefficients as asked for")
}

/// What one polynomial does over the whole of its range.
#[derive(Debug)]
pub struct WholePolynomials {
    /// An impact of the score z, over z, as a function of z^2 - `HALF_SQUARE`: odd, so half the terms suffice.
    pub impact: [f64; 8],
    /// Batch failure as a function of its score.
    pub batch_failure: [f64; 8],
    /// What a severity takes from the yearly factor, as a function of its score.
    pub severity: [f64; 11],
    /// log2(1.5 + t) on [-1/2, 1/2].
    pub log2: [f64; 9],
    /// growth^(-1/6) as a function of growth - `USUAL_GROWTH`.
    pub sixth_root: [f64; 6],
}

/// Half the largest square of a score.
pub const HALF_SQUARE: f64 = 0.5 * LARGEST_SCORE * LARGEST_SCORE;

/// Growth over the six years around which the sixth root is expanded, and the distance it reaches: seven spreads.
pub const USUAL_GROWTH: f64 = 2.6;
const GROWTH_REACH: f64 = 1.3;

impl WholePolynomials {
    pub fn new(laws: &Laws) -> Self {
        let impact = |square: f64| laws.at_score(Curve::Impact, square.sqrt()) / square.sqrt();
        WholePolynomials {
            impact: polynomial(HALF_SQUARE, |d| impact(HALF_SQUARE + d)),
            batch_failure: polynomial(LARGEST_SCORE, |z| laws.at_score(Curve::BatchFailure, z)),
            severity: polynomial(LARGEST_SCORE, severity),
            log2: polynomial(0.5, |t| (1.5 + t).log2()),
            sixth_root: polynomial(GROWTH_REACH, |d| (USUAL_GROWTH + d).powf(-1.0 / 6.0)),
        }
    }
}

/// Every table of the kernel; made in about a millisecond.
#[derive(Debug)]
pub struct Tables {
    pub laws: Laws,
    /// Impact and normal score by octaves.
    pub impact: Pieces<6>,
    pub normal: Pieces<6>,
    /// The normal score as a shock's part of the yearly factor.
    pub shock: Pieces<6>,
    /// By steps of the score.
    pub op_cost: Pieces<4>,
    pub labour: Pieces<4>,
    pub regulation: Pieces<4>,
    pub rank: Pieces<4>,
    pub whole: WholePolynomials,
}

impl Tables {
    pub fn new() -> Self {
        let laws = Laws::new();
        let curve = |curve| {
            let laws = &laws;
            move |z| laws.at_score(curve, z)
        };
        Tables {
            impact: Pieces::octaves(|v| laws.at(Curve::Impact, v, 1.0 - v)),
            normal: Pieces::octaves(|v| score(v, 1.0 - v)),
            shock: Pieces::octaves(|v| SHOCK * score(v, 1.0 - v)),
            op_cost: Pieces::scores(curve(Curve::OpCost)),
            labour: Pieces::scores(curve(Curve::Labour)),
            regulation: Pieces::scores(curve(Curve::Regulation)),
            whole: WholePolynomials::new(&laws),
            rank: Pieces::scores(curve(Curve::Rank)),
            laws,
        }
    }
}
