//! A quantile function as piecewise polynomials in the smaller tail probability.
//!
//! Each octave [2⁻ᵏ⁻¹, 2⁻ᵏ) of either tail has a polynomial. An analytic quantile function with a singularity at
//! probability 0 (every tail of a beta, gamma, t or normal law) has in an octave a Bernstein ellipse of parameter
//! ρ = 3 + √8 = 5.83, so that each coefficient more divides the error by about six (Trefethen 2013, Approximation
//! Theory and Approximation Practice, theorem 8.2). As many are used as the tolerance asks for, and the result is not
//! taken on trust: a table is accepted only if it agrees with the quantile function between its nodes. The eight
//! octaves next to ½ are evaluated in vector registers ([`super::octaves`]); those of the next eight, which one run
//! in 256 needs, one by one in f64; deeper tails by the quantile function itself.

use std::sync::{LazyLock, OnceLock};

use super::octaves::{FEWEST_TERMS, GROUP, MOST_TERMS, OCTAVES, Octaves, SEGMENTS, fused};
use super::{DEEP, depth_of_word, normal_score};

/// Interpolation points of an octave, and coefficients of the outer ones.
const POINTS: usize = MOST_TERMS + 1;
/// Words worked on at a time.
const CHUNK: usize = 512;
/// Places within an octave, −½ … ½, where a table is checked.
const CHECKS: [f64; 4] = [-0.5, -0.3, 0.14, 0.5];
/// Largest deviation accepted, as a share of the law's interquartile range or of the octave's own variation,
/// whichever is wider.
pub const TOLERANCE: f64 = 1.5e-7;

/// Interquartile ranges a table is made for: laws far out of scale are drawn by their quantile function.
const LEAST_SPREAD: f64 = 1e-18;
const MOST_SPREAD: f64 = 1e18;

/// The polynomials of a quantile function in its words (see [`super::word_of_tail`]).
#[derive(Clone, Debug)]
pub struct QuantileTable {
    inner: Box<Octaves>,
    /// Of the octaves beyond, lower side first: coefficients by rising power of the place.
    outer: Box<[[f64; POINTS]; SEGMENTS]>,
}

/// The interpolants of a quantile function, from which tables of all laws that differ by place and scale are made.
#[derive(Clone, Debug)]
pub struct QuantileFit {
    octaves: Vec<Octave>,
    spread: f64,
}

impl QuantileFit {
    /// Interpolates a quantile function of signed tails (see [`super::lower_of`]).
    pub fn new(quantile: impl Fn(f64) -> f64) -> QuantileFit {
        let spread = quantile(-0.25) - quantile(0.25);
        QuantileFit {
            octaves: (0..2 * SEGMENTS).map(|k| Octave::new(&quantile, k, spread)).collect(),
            spread,
        }
    }

    /// The checked table of `shift` + `scale` times the quantile function, `scale` above 0; `None` where the
    /// polynomials are not good enough.
    pub fn table(&self, shift: f64, scale: f64) -> Option<QuantileTable> {
        // Slopes must lie well inside the range of f32.
        if !(LEAST_SPREAD..=MOST_SPREAD).contains(&(self.spread * scale)) {
            return None;
        }
        let octaves: Vec<Octave> = self.octaves.iter().map(|octave| octave.moved(shift, scale)).collect();
        let (inner_octaves, outer_octaves) = octaves.split_at(SEGMENTS);
        let outer_deviation = outer_octaves.iter().map(Octave::deviation).fold(0.0, f64::max);
        let outer = Box::new(std::array::from_fn(|k| outer_octaves[k].polynomial(POINTS)));
        (FEWEST_TERMS..=MOST_TERMS).find_map(|terms| {
            let remainder = inner_octaves.iter().map(|octave| octave.remainder(terms)).fold(0.0, f64::max);
            if remainder.is_nan() || remainder > TOLERANCE {
                return None;
            }
            let inner = Box::new(inner_table(inner_octaves, terms));
            let deviation = (0..SEGMENTS)
                .map(|k| inner_octaves[k].deviation_of(&inner, k))
                .fold(outer_deviation, f64::max);
            (deviation <= TOLERANCE).then(|| QuantileTable { inner, outer: outer.clone() })
        })
    }
}

impl QuantileTable {
    /// Builds and checks the table of a quantile function of signed tails (see [`super::lower_of`]); `None` where the
    /// polynomials are not good enough.
    pub fn new(quantile: impl Fn(f64) -> f64) -> Option<QuantileTable> {
        QuantileFit::new(quantile).table(0.0, 1.0)
    }

    /// Coefficients that an octave of the bulk needs.
    pub fn terms(&self) -> usize {
        self.inner.terms + 1
    }

    /// Values at these words; `quantile` is the function the table was made from, `tail` gives the signed tail of the
    /// word at a place with all its digits.
    pub fn fill(
        &self,
        words: &[u32],
        tail: impl Fn(usize) -> f64,
        quantile: impl Fn(f64) -> f64,
        values: &mut [f64],
    ) {
        let mut masks = [0; CHUNK / GROUP];
        for (chunk, (words, values)) in words.chunks(CHUNK).zip(values.chunks_mut(CHUNK)).enumerate() {
            let masks = &mut masks[..words.len().div_ceil(GROUP)];
            self.inner.fill(words, values, masks);
            for (group, mask) in masks.iter().enumerate() {
                let mut left = *mask;
                while left != 0 {
                    let place = group * GROUP + left.trailing_zeros() as usize;
                    left &= left - 1;
                    values[place] = if depth_of_word(words[place]) < DEEP {
                        quantile(tail(chunk * CHUNK + place))
                    } else {
                        self.outer_value(words[place])
                    };
                }
            }
        }
    }

    /// Value at a word in one of the outer octaves.
    fn outer_value(&self, word: u32) -> f64 {
        let doubled = 2 * depth_of_word(word) + 1;
        let octave = doubled.leading_zeros();
        let place = f64::from((doubled << octave).wrapping_sub(0xC000_0000) as i32) * PLACE;
        let segment = (octave as usize).saturating_sub(OCTAVES) + if word >> 31 == 1 { OCTAVES } else { 0 };
        evaluate(&self.outer[segment % SEGMENTS], place)
    }
}

/// Standard normal scores of words: one table for every copula.
pub fn fill_scores(words: &[u32], tail: impl Fn(usize) -> f64, scores: &mut [f64]) {
    static TABLE: OnceLock<Option<QuantileTable>> = OnceLock::new();
    match TABLE.get_or_init(|| QuantileTable::new(normal_score)) {
        Some(table) => table.fill(words, tail, normal_score, scores),
        None => (0..words.len()).for_each(|place| scores[place] = normal_score(tail(place))),
    }
}

/// 2⁻³¹: places of words as numbers from −½ to ½.
const PLACE: f64 = 1.0 / 2_147_483_648.0;

/// The quantile function over one octave.
#[derive(Clone, Debug)]
struct Octave {
    /// Chebyshev coefficients in twice the place.
    series: [f64; POINTS],
    /// Values at [`CHECKS`].
    exact: [f64; CHECKS.len()],
    /// What deviations are a share of.
    scale: f64,
}

impl Octave {
    /// Number `k`: the inner octaves of the lower side, of the upper side, then the outer ones.
    fn new(quantile: impl Fn(f64) -> f64, k: usize, spread: f64) -> Octave {
        let (side, depth) = (k / OCTAVES % 2, k % OCTAVES + k / SEGMENTS * OCTAVES);
        let width = libm::scalbn(1.0, -2 - depth as i32);
        let at = |place: f64| {
            let smaller = width * (1.5 + place);
            quantile(if side == 0 { smaller } else { -smaller })
        };
        let exact = CHECKS.map(at);
        let scale = spread.max((exact[CHECKS.len() - 1] - exact[0]).abs());
        Octave { series: chebyshev(at), exact, scale }
    }

    /// Of `shift` + `scale` times the function.
    fn moved(&self, shift: f64, scale: f64) -> Octave {
        let mut series = self.series.map(|c| c * scale);
        series[0] += shift;
        Octave { series, exact: self.exact.map(|x| shift + x * scale), scale: self.scale * scale }
    }

    /// What leaving out all but the first `terms` + 1 coefficients costs at most.
    fn remainder(&self, terms: usize) -> f64 {
        self.series[terms + 1..].iter().map(|c| c.abs()).sum::<f64>() / self.scale
    }

    /// By rising power of the place.
    fn polynomial(&self, coefficients: usize) -> [f64; POINTS] {
        monomials(&self.series[..coefficients])
    }

    /// Largest deviation of a function of the place from the exact values.
    fn largest(&self, value: impl Fn(f64) -> f64) -> f64 {
        let mut largest = 0.0;
        for (place, exact) in CHECKS.iter().zip(self.exact) {
            let error = (value(*place) - exact).abs();
            // Rounding of a value far from zero is not the table's fault.
            let excess = (error - 4.0 * f64::EPSILON * exact.abs()).max(0.0) / self.scale;
            if excess.is_nan() {
                return f64::INFINITY;
            }
            largest = f64::max(largest, excess);
        }
        largest
    }

    fn deviation(&self) -> f64 {
        let polynomial = self.polynomial(POINTS);
        self.largest(|place| evaluate(&polynomial, place))
    }

    /// The same of the polynomial as it stands in a table.
    fn deviation_of(&self, table: &Octaves, segment: usize) -> f64 {
        self.largest(|place| {
            let slope = |x: f32| {
                let terms = table.slopes[..table.terms].iter().rev();
                terms.fold(0.0, |sum, coefficients| fused(sum, x, coefficients[segment]))
            };
            table.offsets[segment] + place / PLACE * f64::from(slope(place as f32))
        })
    }
}

fn inner_table(octaves: &[Octave], terms: usize) -> Octaves {
    let mut table = Octaves { offsets: [0.0; SEGMENTS], slopes: [[0.0; SEGMENTS]; MOST_TERMS], terms };
    for (segment, octave) in octaves.iter().enumerate() {
        let polynomial = octave.polynomial(terms + 1);
        table.offsets[segment] = polynomial[0];
        for (slopes, c) in table.slopes.iter_mut().zip(&polynomial[1..]) {
            slopes[segment] = (c * PLACE) as f32;
        }
    }
    table
}

/// Chebyshev coefficients, in x = 2·place, of the interpolant at the Chebyshev points of [−½, ½].
fn chebyshev(f: impl Fn(f64) -> f64) -> [f64; POINTS] {
    /// Cosine of degree (row) times the angle of a point.
    static COSINES: LazyLock<[[f64; POINTS]; POINTS]> = LazyLock::new(|| {
        let angle = |k: usize| std::f64::consts::PI * (k as f64 + 0.5) / POINTS as f64;
        std::array::from_fn(|degree| std::array::from_fn(|k| libm::cos(degree as f64 * angle(k))))
    });
    let values = COSINES[1].map(|x| f(0.5 * x));
    std::array::from_fn(|degree| {
        let sum: f64 = values.iter().zip(&COSINES[degree]).map(|(value, cosine)| value * cosine).sum();
        (if degree == 0 { 1.0 } else { 2.0 }) / POINTS as f64 * sum
    })
}

/// The same polynomial by rising power of the place.
fn monomials(series: &[f64]) -> [f64; POINTS] {
    let mut result = [0.0; POINTS];
    let (mut before, mut current) = ([0.0; POINTS], [0.0; POINTS]);
    for (degree, weight) in series.iter().enumerate() {
        let next: [f64; POINTS] = std::array::from_fn(|power| match degree {
            0 => f64::from(power == 0),
            1 => f64::from(power == 1),
            _ => (if power == 0 { 0.0 } else { 2.0 * current[power - 1] }) - before[power],
        });
        before = current;
        current = next;
        for (total, term) in result.iter_mut().zip(current) {
            *total += weight * term;
        }
    }
    let mut scale = 1.0;
    for c in &mut result {
        *c *= scale;
        scale *= 2.0;
    }
    result
}

fn evaluate(polynomial: &[f64; POINTS], place: f64) -> f64 {
    polynomial.iter().rev().fold(0.0, |sum, c| sum * place + c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{continued_tail, lower_of, pow, tail_of_word, upper_of};

    /// Words from the deepest to ½ on both sides, between and on the edges of the octaves.
    fn words() -> Vec<u32> {
        let depths = (0..31 * 64).map(|k| libm::exp2(f64::from(k) / 64.0) as u32);
        let edges = (0..31).flat_map(|k| [(1 << k) - 1, 1 << k, (1 << k) + 1]);
        let depths = depths.chain(edges).chain([(1 << 31) - 1]).filter(|&depth| depth < 1 << 31);
        depths.flat_map(|depth| [depth, !depth]).collect()
    }

    fn tail(word: u32) -> f64 {
        if depth_of_word(word) < DEEP { continued_tail(word, 3 << 60) } else { tail_of_word(word) }
    }

    #[test]
    fn tables_agree_with_their_laws_within_the_tolerance_everywhere() {
        // An end at 0 of a beta or gamma law of small shape, a Cauchy tail, a wide lognormal one.
        let power = |tail: f64| if tail > 0.0 { pow(tail, 2.5) } else { 2.0 - pow(-tail, 1.4) };
        let cauchy = |tail: f64| if tail > 0.0 { -1.0 / tail } else { -1.0 / tail + 1.0 };
        let lognormal = |tail: f64| crate::math::exp(1.0 + 0.7 * normal_score(tail));
        let quantiles: [&dyn Fn(f64) -> f64; 4] = [&normal_score, &power, &cauchy, &lognormal];
        for quantile in quantiles {
            let table = QuantileTable::new(quantile).expect("analytic on each side");
            let words = words();
            let mut values = vec![0.0; words.len()];
            table.fill(&words, |place| tail(words[place]), quantile, &mut values);
            let spread = quantile(-0.25) - quantile(0.25);
            for (&word, value) in words.iter().zip(values) {
                let exact = quantile(tail(word));
                let bound = 2.0 * TOLERANCE * spread.max(exact.abs());
                assert!((value - exact).abs() <= bound, "at {word}: {value:e} for {exact:e}");
            }
        }
    }

    #[test]
    fn a_kink_between_the_nodes_is_refused() {
        assert!(QuantileTable::new(|tail: f64| (lower_of(tail) - 0.3).abs() + upper_of(tail)).is_none());
    }

    #[test]
    fn scores_are_those_of_the_quantile_function() {
        let words = words();
        let mut scores = vec![0.0; words.len()];
        fill_scores(&words, |place| tail(words[place]), &mut scores);
        for (&word, score) in words.iter().zip(scores) {
            assert!((score - normal_score(tail(word))).abs() < 1.4 * TOLERANCE, "{word}");
        }
    }
}
