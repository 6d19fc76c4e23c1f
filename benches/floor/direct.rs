//! The tails that no table covers, from the laws themselves: one draw in 16,384, so it need not be fast.

use super::model::{Curve, Laws, RANK_UNITS, SEVERITY_MEDIAN, SEVERITY_SIGMA, score};
use super::tables::{LARGEST_SCORE, LEAST_WORD};

/// Replaces, in each lane of `factor` whose word lies beyond the octaves, what the table gave of a free impact.
#[cold]
#[inline(never)]
pub fn correct_impacts(factor: &mut [f64], words: &[f64], table: &[f64], scale: f64, laws: &Laws) {
    for ((factor, &word), table) in factor.iter_mut().zip(words).zip(table) {
        if let Some((lower, upper)) = tails(word) {
            *factor += scale * (laws.at(Curve::Impact, lower, upper) - table);
        }
    }
}

/// Replaces the scores, times `scale`, whose words lie beyond the octaves.
#[cold]
#[inline(never)]
pub fn correct_scores(scores: &mut [f64], words: &[f64], scale: f64) {
    for (z, &word) in scores.iter_mut().zip(words) {
        if let Some((lower, upper)) = tails(word) {
            *z = scale * score(lower, upper);
        }
    }
}

/// Replaces, in each lane of `sum` whose score lies beyond the steps, what the table gave of `curve`.
#[cold]
#[inline(never)]
pub fn correct_curve(sum: &mut [f64], scores: &[f64], table: &[f64], scale: f64, curve: Curve, laws: &Laws) {
    for ((sum, &z), table) in sum.iter_mut().zip(scores).zip(table) {
        if z.abs() >= LARGEST_SCORE {
            *sum += scale * (laws.at_score(curve, z) - table);
        }
    }
}

/// What events of these scores take from the yearly factor.
#[cold]
#[inline(never)]
pub fn correct_losses(losses: &mut [f64], scores: &[f64]) {
    for (loss, z) in losses.iter_mut().zip(scores) {
        *loss = severity(*z);
    }
}

/// The same for one event.
pub fn severity(z: f64) -> f64 {
    0.01 * SEVERITY_MEDIAN * (SEVERITY_SIGMA * z).exp()
}

/// cagr in each lane from the growth of six years.
#[cold]
#[inline(never)]
pub fn correct_cagr(cagr: &mut [f64], growth: &[f64]) {
    for (cagr, growth) in cagr.iter_mut().zip(growth) {
        *cagr = 100.0 * (growth.powf(1.0 / 6.0) - 1.0);
    }
}

/// Both tail probabilities of a word beyond the octaves.
fn tails(word: f64) -> Option<(f64, f64)> {
    let tail = (word.abs() + 0.5) / RANK_UNITS;
    let tails = if word >= 0.0 { (tail, 1.0 - tail) } else { (1.0 - tail, tail) };
    (word.abs() < LEAST_WORD).then_some(tails)
}
