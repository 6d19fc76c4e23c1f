//! How an input with fixed parameters turns positions into values: its quantile function, a table, steps, a comparison.

use std::collections::HashMap;

use super::rank_table::RankTable;
use crate::distribution::{Bernoulli, Beta, Family, Law, StepTable};
use crate::math::simd::vectorised;
use crate::math::{
    DEEP, QuantileFit, QuantileTable, TOLERANCE, continued_tail, depth_of_word, lower_of, tail_of_word,
    upper_of,
};
use crate::sampling::Positions;
use crate::tally::RankBins;

/// The fastest way to draw from a law, chosen once when the scenario is compiled.
#[derive(Clone, Debug)]
pub enum Sampler {
    /// The law's own quantile function for every draw.
    Direct(Law),
    /// Whether the word reaches a threshold: a Bernoulli law.
    Threshold(Law, u32),
    /// Piecewise polynomials, checked against the quantile function when they were made; far tails direct.
    Table(Law, QuantileTable),
    /// The points of a discrete law and their cumulative probabilities.
    Steps(Law, Box<StepTable>),
}

/// The two shapes, as bits, of beta laws that share their interpolants, which are the costly part of a table.
pub type Shapes = (u64, u64);

/// Interpolants of beta laws on [0, 1].
pub type Fits = HashMap<Shapes, QuantileFit>;

impl Sampler {
    /// Chooses for a law.
    pub fn new(law: &Law) -> Sampler {
        Sampler::with_fits(law, &Fits::new())
    }

    /// The shapes that a beta or PERT law is interpolated with, rounded to a relative 10⁻¹², so that laws which only
    /// rounding tells apart share them.
    pub fn shapes(law: &Law) -> Option<Shapes> {
        let (alpha, beta) = as_beta(law)?.shapes();
        let rounded = |shape: f64| shape.to_bits().wrapping_add(1 << 12) & !((1 << 13) - 1);
        Some((rounded(alpha), rounded(beta)))
    }

    /// The interpolants of these shapes; `None` where there is no such law.
    pub fn fit((alpha, beta): Shapes) -> Option<QuantileFit> {
        let law = Beta::new(f64::from_bits(alpha), f64::from_bits(beta), 0.0, 1.0).ok()?;
        Some(QuantileFit::new(|tail| at_tail(&law, tail)))
    }

    /// Chooses for a law; `fits` may hold its interpolants and changes nothing but the time.
    pub fn with_fits(law: &Law, fits: &Fits) -> Sampler {
        match law {
            Law::Uniform(_) | Law::Constant(_) | Law::Empirical(_) => return Sampler::Direct(law.clone()),
            Law::Bernoulli(bernoulli) => {
                return match threshold(bernoulli) {
                    Some(word) => Sampler::Threshold(law.clone(), word),
                    None => Sampler::Direct(law.clone()),
                };
            }
            _ => {}
        }
        if law.is_discrete() {
            return match StepTable::new(law) {
                Some(table) => Sampler::Steps(law.clone(), Box::new(table)),
                None => Sampler::Direct(law.clone()),
            };
        }
        if law.has_atoms() {
            return Sampler::Direct(law.clone());
        }
        // The sides of a law have polynomials of their own: they meet at the median and may have a corner there only.
        if law.corners().into_iter().any(|corner| law.cdf(corner) != 0.5) {
            return Sampler::Direct(law.clone());
        }
        let table = match (as_beta(law), Sampler::shapes(law)) {
            (Some(beta), Some(shapes)) => {
                let (a, b) = beta.bounds();
                match fits.get(&shapes) {
                    Some(fit) => fit.table(a, b - a),
                    None => Sampler::fit(shapes).and_then(|fit| fit.table(a, b - a)),
                }
            }
            _ => QuantileTable::new(|tail| at_tail(law, tail)),
        };
        match table {
            Some(table) if keeps_ranks(law, &table) => Sampler::Table(law.clone(), table),
            _ => Sampler::Direct(law.clone()),
        }
    }

    /// A few words for `check --explain`.
    pub fn name(&self) -> String {
        match self {
            Sampler::Direct(_) => "quantile function".to_string(),
            Sampler::Threshold(..) => "comparison".to_string(),
            Sampler::Table(_, table) => format!("polynomials of {} coefficients", table.terms()),
            Sampler::Steps(..) => "steps".to_string(),
        }
    }

    /// Values at these positions.
    pub fn fill(&self, positions: Positions<'_>, values: &mut [f64]) {
        match self {
            Sampler::Direct(law) => fill_direct(law, positions, values),
            Sampler::Threshold(_, word) => fill_reached(positions.words, *word, values),
            Sampler::Table(law, table) => {
                table.fill(positions.words, |place| positions.tail(place), |tail| at_tail(law, tail), values);
            }
            Sampler::Steps(law, table) => table.fill(law, |place| positions.tail(place), values),
        }
    }

    /// The law's value at a signed tail.
    pub fn at(&self, tail: f64) -> f64 {
        match self {
            Sampler::Direct(law)
            | Sampler::Threshold(law, _)
            | Sampler::Table(law, _)
            | Sampler::Steps(law, _) => at_tail(law, tail),
        }
    }

    /// Whether draws are 0 except in at most so many of the runs, and then 1.
    pub fn is_rare_event(&self, share: f64) -> bool {
        matches!(self, Sampler::Threshold(law, _) if law.sf(0.0) <= share)
    }

    /// Whether every draw is finite and not below 0, so that no draw makes more of a product with 0 than 0.
    pub fn is_finite_and_positive(&self) -> bool {
        let law = match self {
            Sampler::Direct(law) | Sampler::Table(law, _) => law,
            Sampler::Threshold(..) | Sampler::Steps(..) => return false,
        };
        // No word and nothing that continues it leads further out.
        let farthest = continued_tail(0, 0);
        let ends = law.support().0 >= 0.0
            && at_tail(law, farthest) >= 0.0
            && at_tail(law, -farthest) < f64::INFINITY;
        // What a table gives must not fall below 0 by its error either, where the quantiles begin that it is used for.
        let error = TOLERANCE * at_tail(law, -0.25);
        let first = at_tail(law, f64::from(DEEP) / WORDS);
        ends && (matches!(self, Sampler::Direct(_)) || first > 2.0 * error)
    }

    /// Bins of the input's rank for the tornado: one a value where values repeat, as far as there is room, even ones
    /// otherwise.
    pub fn rank_bins(&self) -> RankBins {
        match self {
            Sampler::Steps(_, table) => RankBins::discrete(&table.jumps()),
            Sampler::Direct(Law::Bernoulli(law)) | Sampler::Threshold(Law::Bernoulli(law), _) => {
                RankBins::discrete(&[law.cdf(0.0)])
            }
            Sampler::Direct(Law::Constant(_)) => RankBins::discrete(&[]),
            Sampler::Direct(law @ Law::Empirical(empirical)) => match empirical.jumps(MOST_JUMPS) {
                Some(jumps) => RankBins::discrete(&jumps),
                None => at_even_positions(law).bins(),
            },
            Sampler::Direct(law) if law.has_atoms() => at_even_positions(law).bins(),
            _ => RankBins::Even,
        }
    }
}

/// Values of a law at even positions: where it has atoms, to 1/4,096 of probability.
fn at_even_positions(law: &Law) -> RankTable {
    let positions = (0..POSITIONS).map(|k| (f64::from(k) + 0.5) / f64::from(POSITIONS));
    RankTable::new(positions.map(|u| law.quantile(u)).collect())
}

fn as_beta(law: &Law) -> Option<Beta> {
    match law {
        Law::Beta(law) => Some(*law),
        Law::Pert(law) => Some(law.as_beta()),
        _ => None,
    }
}

/// Positions at which a law with atoms is asked what it repeats.
const POSITIONS: u32 = 4096;

/// Most that a table may move a draw in rank, |F(Q̃(u)) − u|.
const RANK_TOLERANCE: f64 = 1e-6;

/// Whether the cdf leads from a table's values back to their positions, at four places of every octave. Where a density
/// has a pole, an error that is small against the spread of the law is not small among the values there.
fn keeps_ranks(law: &Law, table: &QuantileTable) -> bool {
    let octaves = 1..=DEEP.leading_zeros();
    let lower = octaves
        .flat_map(|octave| [0x8000_0000u32, 0x9999_9999, 0xD47A_E147, 0xFFFF_FFFF].map(|x| x >> octave));
    let words: Vec<u32> = lower.flat_map(|word| [word, !word]).collect();
    let mut values = vec![0.0; words.len()];
    table.fill(&words, |place| tail_of_word(words[place]), |tail| at_tail(law, tail), &mut values);
    words.iter().zip(values).all(|(&word, value)| {
        let tail = tail_of_word(word);
        let rank = if tail > 0.0 { law.cdf(value) } else { law.sf(value) };
        (rank - tail.abs()).abs() <= RANK_TOLERANCE
    })
}

/// Value of a law at a signed tail.
#[inline(always)]
fn at_tail(law: &impl Family, tail: f64) -> f64 {
    law.inverse(lower_of(tail), upper_of(tail))
}

/// Values of a sample up to which each has a bin of its own.
const MOST_JUMPS: usize = 100;

/// 2³².
const WORDS: f64 = 4_294_967_296.0;

/// The first word that gives 1; `None` where it lies so far out that words alone do not tell.
fn threshold(law: &Bernoulli) -> Option<u32> {
    let happens = |word: u32| at_tail(law, tail_of_word(word)) == 1.0;
    let (mut below, mut reached) = (0, u32::MAX);
    if happens(below) || !happens(reached) {
        return None;
    }
    while reached - below > 1 {
        let middle = below + (reached - below) / 2;
        if happens(middle) {
            reached = middle;
        } else {
            below = middle;
        }
    }
    (depth_of_word(reached) > DEEP && depth_of_word(below) > DEEP).then_some(reached)
}

fn fill_direct(law: &Law, positions: Positions<'_>, values: &mut [f64]) {
    let mut least = u32::MAX;
    match law {
        Law::Uniform(law) => map_words(law, positions.words, values, &mut least),
        Law::Triangular(law) => map_words(law, positions.words, values, &mut least),
        Law::Exponential(law) => map_words(law, positions.words, values, &mut least),
        Law::Bernoulli(law) => map_words(law, positions.words, values, &mut least),
        _ => {
            for (place, value) in values.iter_mut().enumerate() {
                *value = at_tail(law, positions.tail(place));
            }
        }
    }
    if least < DEEP {
        for (place, value) in values.iter_mut().enumerate() {
            if depth_of_word(positions.words[place]) < DEEP {
                *value = at_tail(law, positions.tail(place));
            }
        }
    }
}

vectorised! {
    fn fill_reached(words: &[u32], threshold: u32, values: &mut [f64]) {
        for (value, &word) in values.iter_mut().zip(words) {
            *value = if word >= threshold { 1.0 } else { 0.0 };
        }
    }
}

vectorised! {
    /// `least` is the least depth of the words.
    fn map_words<L: Family>(law: &L, words: &[u32], values: &mut [f64], least: &mut u32) {
        let mut depth = u32::MAX;
        for (value, &word) in values.iter_mut().zip(words) {
            *value = at_tail(law, tail_of_word(word));
            depth = depth.min(depth_of_word(word));
        }
        *least = depth;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::{Burr12, Gamma, Lognormal, StudentT, Weibull, ZeroInflated};

    #[test]
    fn a_table_leads_back_to_the_positions_it_was_asked_for() {
        let laws: [Law; 7] = [
            Gamma::new(0.1, 1.0).unwrap().into(),
            Lognormal::new(0.0, 1.0).unwrap().into(),
            Gamma::new(2.0, 1.5).unwrap().into(),
            Beta::new(2.0, 5.0, 0.0, 1.0).unwrap().into(),
            Weibull::new(1.5, 100.0).unwrap().into(),
            StudentT::new(4.0, 0.0, 1.0).unwrap().into(),
            Burr12::new(2.0, 3.0, 1.0).unwrap().into(),
        ];
        let words: Vec<u32> = (0..1 << 14).map(|k: u32| k.wrapping_mul(0x9E37_79B9)).collect();
        for law in laws {
            let Sampler::Table(_, table) = Sampler::new(&law) else { panic!("{law:?} has no table") };
            let mut values = vec![0.0; words.len()];
            table.fill(&words, |place| tail_of_word(words[place]), |tail| at_tail(&law, tail), &mut values);
            for (&word, &value) in words.iter().zip(&values) {
                // Between the places that are checked the largest error is up to twice that at them.
                assert!((law.cdf(value) - lower_of(tail_of_word(word))).abs() < 2.0 * RANK_TOLERANCE);
            }
        }
    }

    #[test]
    fn an_atom_has_a_bin_of_its_own() {
        let law = ZeroInflated::new(Lognormal::new(1.0, 0.5).unwrap().into(), 0.6).unwrap().into();
        let bins = Sampler::new(&law).rank_bins();
        assert!(bins.is_value(0) && (bins.interval(0).1 - 0.6).abs() < 1.0 / f64::from(POSITIONS));
        assert!((1..bins.count()).all(|bin| !bins.is_value(bin)));
        assert_eq!(Sampler::new(&Lognormal::new(1.0, 0.5).unwrap().into()).rank_bins(), RankBins::Even);
    }

    #[test]
    fn the_table_of_a_law_that_differs_in_the_fifth_digit_is_refused() {
        let (law, other) = (Gamma::new(2.0, 1.0).unwrap().into(), Gamma::new(2.00002, 1.0).unwrap().into());
        let Sampler::Table(_, table) = Sampler::new(&law) else { panic!("no table") };
        assert!(keeps_ranks(&law, &table) && !keeps_ranks(&other, &table));
    }
}
