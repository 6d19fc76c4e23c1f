//! How far a law of riskband and the same law of `statrs` are apart.

use std::sync::Arc;
use std::time::Duration;

use super::asked::{Unanswered, asked};
use super::exact::Exact;
use crate::distribution::{Family, Law};

/// What is compared of a law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    Quantile,
    Cdf,
    Sf,
    Mean,
    Variance,
}

impl Quantity {
    pub fn name(self) -> &'static str {
        match self {
            Quantity::Quantile => "quantile",
            Quantity::Cdf => "cdf",
            Quantity::Sf => "sf",
            Quantity::Mean => "mean",
            Quantity::Variance => "variance",
        }
    }
}

/// What was found of a quantity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    pub quantity: Quantity,
    /// The largest; `None` where nothing could be compared.
    pub largest: Option<f64>,
    /// Answers that statrs did not give, and why the first of them is missing.
    pub unanswered: Option<(usize, Unanswered)>,
}

/// Most that a difference may be. The laws of riskband are good to 1e-12 ([`crate::distribution`]); statrs is good to this
/// for the parameters that [`super::Peer::is_known`] names, which `tests/peers.rs` holds against the references.
pub const BOUND: f64 = 1e-8;

/// Probabilities at which laws are compared, from below and from above. No round numbers: at those a discrete law may
/// step, and rounding decides what its quantile is.
const LEVELS: [f64; 12] =
    [1.23e-12, 1.23e-9, 1.23e-6, 1.23e-4, 1.23e-3, 0.0123, 0.0517, 0.1234, 0.2179, 0.3217, 0.4129, 0.4871];

/// What rounding may move a level by.
const SLACK: f64 = 4.0 * f64::EPSILON;

/// The largest difference of each quantity.
///
/// - Quantiles at 12 levels and at what they leave to 1; the difference as a share of the quantile, or of the distance of
///   the quartiles where that is more. It counts from the quantiles of the level ± 4·2⁻⁵², as an f64 near 1 and a cdf
///   that is near 1 have no more digits, which statrs searches in.
/// - Cdf and sf at those quantiles; the difference itself.
/// - The mean as a share of itself, or of the standard deviation where that is more; the variance as a share of itself.
///   They are compared where both sides tell them.
pub fn differences(law: &Law, peer: Exact, patience: Duration) -> Vec<Difference> {
    let peer = Arc::new(peer);
    let spread = law.inverse(0.75, 0.25) - law.inverse(0.25, 0.75);
    let below = LEVELS.map(|level| (level, 1.0 - level));
    let above = LEVELS.map(|level| (1.0 - level, level));
    let tails: Vec<(f64, f64)> = below.into_iter().chain(above).collect();
    let points: Vec<f64> = tails.iter().map(|&(lower, upper)| law.inverse(lower, upper)).collect();
    let share = |ours: f64, theirs: f64, of: f64| match (ours - theirs).abs() {
        0.0 => 0.0,
        // NaN where they do not answer with a number.
        difference if difference.is_nan() => f64::INFINITY,
        difference => difference / of.max(f64::MIN_POSITIVE),
    };
    let of_grid =
        |quantity, grid: &[f64], theirs: fn(&Exact, f64) -> f64, between: &dyn Fn(f64) -> (f64, f64)| {
            let mut found = Difference { quantity, largest: None, unanswered: None };
            for &argument in grid {
                let peer = peer.clone();
                match asked(patience, move || theirs(&peer, argument)) {
                    Ok(theirs) => {
                        let (low, high) = between(argument);
                        let unit = if quantity == Quantity::Quantile { low.abs().max(spread) } else { 1.0 };
                        let nearest = theirs.max(low.min(high)).min(high.max(low));
                        let difference = share(nearest, theirs, unit);
                        found.largest =
                            Some(found.largest.map_or(difference, |largest| largest.max(difference)));
                    }
                    Err(why) => {
                        let missing = found.unanswered.map_or(1, |(missing, _)| missing + 1);
                        found.unanswered = Some((missing, found.unanswered.map_or(why, |(_, first)| first)));
                        // Whoever is late once is late again.
                        if why == Unanswered::Late {
                            break;
                        }
                    }
                }
            }
            found
        };
    let of_moment = |quantity, ours: Option<f64>, theirs: Option<f64>, least: f64| {
        let largest = ours.zip(theirs).map(|(ours, theirs)| share(ours, theirs, ours.abs().max(least)));
        Difference { quantity, largest, unanswered: None }
    };
    let levels: Vec<f64> = tails.iter().map(|&(lower, _)| lower).collect();
    let about = |u: f64| (law.inverse(u - SLACK, 1.0 - u + SLACK), law.inverse(u + SLACK, 1.0 - u - SLACK));
    let exactly = |value: f64| (value, value);
    vec![
        of_grid(Quantity::Quantile, &levels, |peer, u| (peer.quantile)(u), &about),
        of_grid(Quantity::Cdf, &points, |peer, x| (peer.cdf)(x), &|x| exactly(law.cdf(x))),
        of_grid(Quantity::Sf, &points, |peer, x| (peer.sf)(x), &|x| exactly(law.sf(x))),
        of_moment(Quantity::Mean, law.mean(), peer.mean, law.variance().map_or(0.0, f64::sqrt)),
        of_moment(Quantity::Variance, law.variance(), peer.variance, 0.0),
    ]
}
