//! How an input with fixed parameters turns positions into values: a closed form, a table, or steps.

use crate::distribution::{Family, Law, Lognormal, Normal, StepTable};
use crate::math::simd::vectorised;
use crate::math::{QuantileTable, fill_scores, lower_of, upper_of};
use crate::tally::RankBins;

/// The fastest way to draw from a law, chosen once when the scenario is compiled.
#[derive(Clone, Debug)]
pub enum Sampler {
    /// The law's own quantile function for every draw.
    Direct(Law),
    /// From standard normal scores, whose table all normal and lognormal inputs share.
    Scores(Law),
    /// Piecewise polynomials, checked against the quantile function when they were made; tails direct.
    Table(Law, Box<QuantileTable>),
    /// The points of a discrete law and their cumulative probabilities.
    Steps(Law, Box<StepTable>),
}

impl Sampler {
    /// Chooses for a law.
    pub fn new(law: &Law) -> Sampler {
        match law {
            Law::Uniform(_)
            | Law::Triangular(_)
            | Law::Exponential(_)
            | Law::Bernoulli(_)
            | Law::Constant(_) => {
                return Sampler::Direct(law.clone());
            }
            Law::Normal(_) | Law::Lognormal(_) => return Sampler::Scores(law.clone()),
            _ => {}
        }
        if law.is_discrete() {
            return match StepTable::new(law) {
                Some(table) => Sampler::Steps(law.clone(), Box::new(table)),
                None => Sampler::Direct(law.clone()),
            };
        }
        match QuantileTable::new(|tail| at_tail(law, tail)) {
            Some(table) => Sampler::Table(law.clone(), Box::new(table)),
            None => Sampler::Direct(law.clone()),
        }
    }

    /// One word for `check --explain`.
    pub fn name(&self) -> &'static str {
        match self {
            Sampler::Direct(_) => "quantile function",
            Sampler::Scores(_) => "normal scores",
            Sampler::Table(..) => "table",
            Sampler::Steps(..) => "steps",
        }
    }

    /// Values at these signed tails (see [`crate::sampling`]).
    pub fn fill(&self, tails: &[f64], values: &mut [f64]) {
        match self {
            Sampler::Direct(law) => fill_direct(law, tails, values),
            Sampler::Scores(law) => {
                fill_scores(tails, values);
                from_scores(law, values);
            }
            Sampler::Table(law, table) => table.fill(|tail| at_tail(law, tail), tails, values),
            Sampler::Steps(law, table) => table.fill(law, tails, values),
        }
    }

    /// Σp³ over the points of the law, p the probability of each; 0 for a continuous law. Ties among the values of an
    /// input shrink the spread of its mid-ranks by this share.
    pub fn tied(&self) -> f64 {
        match self {
            Sampler::Steps(_, table) => table.tied(),
            Sampler::Direct(Law::Bernoulli(law)) => {
                let (no, yes) = (law.cdf(0.0), law.sf(0.0));
                no * no * no + yes * yes * yes
            }
            Sampler::Direct(Law::Constant(_)) => 1.0,
            _ => 0.0,
        }
    }

    /// Bins of the input's rank for the tornado: between the jumps of a discrete law, even ones otherwise.
    pub fn rank_bins(&self) -> RankBins {
        match self {
            Sampler::Steps(_, table) => RankBins::discrete(&table.jumps()),
            Sampler::Direct(law) if law.is_discrete() => {
                RankBins::discrete(&[law.cdf(law.quantile(0.5)), law.cdf(law.support().0)])
            }
            _ => RankBins::Even,
        }
    }
}

/// Value of a law at a signed tail.
#[inline(always)]
fn at_tail(law: &impl Family, tail: f64) -> f64 {
    law.inverse(lower_of(tail), upper_of(tail))
}

fn fill_direct(law: &Law, tails: &[f64], values: &mut [f64]) {
    match law {
        Law::Uniform(law) => map_tails(law, tails, values),
        Law::Triangular(law) => map_tails(law, tails, values),
        Law::Exponential(law) => map_tails(law, tails, values),
        Law::Bernoulli(law) => map_tails(law, tails, values),
        _ => {
            for (value, &tail) in values.iter_mut().zip(tails) {
                *value = at_tail(law, tail);
            }
        }
    }
}

/// Turns standard normal scores into values of a normal or lognormal law.
fn from_scores(law: &Law, values: &mut [f64]) {
    match law {
        Law::Normal(law) => normal_values(law, values),
        Law::Lognormal(law) => lognormal_values(law, values),
        _ => {}
    }
}

vectorised! {
    fn normal_values(law: &Normal, values: &mut [f64]) {
        let law = *law;
        for value in values {
            *value = law.at_score(*value);
        }
    }
}

vectorised! {
    fn lognormal_values(law: &Lognormal, values: &mut [f64]) {
        let law = *law;
        for value in values {
            *value = law.at_score(*value);
        }
    }
}

vectorised! {
    fn map_tails<L: Family>(law: &L, tails: &[f64], values: &mut [f64]) {
        for (value, &tail) in values.iter_mut().zip(tails) {
            *value = at_tail(law, tail);
        }
    }
}
