//! A discrete law as its points and their cumulative probabilities from both ends.

use super::{Family, Law};
use crate::math::{lower_of, upper_of};

/// Cells of the guide: where the search for a position begins.
const CELLS: usize = 1024;
/// Probability beyond which the law's own quantile function is asked.
const TAIL: f64 = 1e-18;
/// Largest table; a law with more points between its tails is drawn directly.
const MOST_POINTS: usize = 1 << 16;

/// Points of a discrete law between two negligible tails.
#[derive(Clone, Debug)]
pub struct StepTable {
    points: Vec<f64>,
    /// P(X ≤ point).
    lower: Vec<f64>,
    /// P(X > point).
    upper: Vec<f64>,
    /// First candidate for positions in each of the cells of u.
    guide: Vec<u32>,
}

impl StepTable {
    /// The table of a discrete law; `None` where it would be too large.
    ///
    /// - Source: Chen & Asau (1974), On generating random variates from an empirical distribution, AIIE Transactions
    ///   6(2), 163–166 (guide tables).
    pub fn new(law: &Law) -> Option<StepTable> {
        let last = law.upper_quantile(TAIL);
        let mut points = vec![law.quantile(TAIL)];
        while points[points.len() - 1] < last {
            if points.len() == MOST_POINTS {
                return None;
            }
            // The next point is the quantile just above the probability up to this one.
            let here = points[points.len() - 1];
            let (below, above) = (law.cdf(here), law.sf(here));
            let next = if below < 0.5 {
                law.quantile(below.next_up())
            } else {
                law.upper_quantile(above.next_down())
            };
            if next <= here {
                // Probabilities of neighbours differ by less than f64 can tell: step over.
                return None;
            }
            points.push(next);
        }
        let lower: Vec<f64> = points.iter().map(|&x| law.cdf(x)).collect();
        let upper: Vec<f64> = points.iter().map(|&x| law.sf(x)).collect();
        let guide = (0..CELLS)
            .map(|cell| lower.partition_point(|&p| p < cell as f64 / CELLS as f64) as u32)
            .collect();
        Some(StepTable { points, lower, upper, guide })
    }

    /// The smallest point with P(X ≤ point) ≥ u, `tail` giving the signed tail at each place.
    pub fn fill(&self, law: &Law, tail: impl Fn(usize) -> f64, values: &mut [f64]) {
        let most = self.points.len() - 1;
        for (place, value) in values.iter_mut().enumerate() {
            let tail = tail(place);
            let cell = ((lower_of(tail) * CELLS as f64) as usize).min(CELLS - 1);
            let mut k = (self.guide[cell] as usize).min(most);
            let short = |k: usize| if tail > 0.0 { self.lower[k] < tail } else { self.upper[k] > -tail };
            while k < most && short(k) {
                k += 1;
            }
            *value = if tail.abs() < 2.0 * TAIL {
                law.inverse(lower_of(tail), upper_of(tail))
            } else {
                self.points[k]
            };
        }
    }

    /// Cumulative probabilities at which the quantile function jumps.
    pub fn jumps(&self) -> Vec<f64> {
        let mut weighted: Vec<(f64, f64)> = self
            .lower
            .iter()
            .enumerate()
            .map(|(k, &p)| (p - if k == 0 { 0.0 } else { self.lower[k - 1] }, p))
            .collect();
        // The heaviest points first: they get an edge of their own where room is short.
        weighted.sort_by(|a, b| b.0.total_cmp(&a.0));
        weighted.into_iter().map(|(_, p)| p).collect()
    }
}
