//! Mean, standard deviation, skewness and excess kurtosis from sums about the pilot's centre.

use super::{ExactSum, Shape};
use crate::math::simd::vectorised;

/// Running sums kept apart, so that they vectorise and their order is the runs' own at every vector width.
pub(super) const LANES: usize = 8;

/// Sums of d, d², d³, d⁴ with d = (y − centre) / spread.
///
/// The values of one call are summed in f64 in eight lanes by run number, the lanes pairwise; that sum enters an
/// [`ExactSum`]. So the totals depend on which runs were added together, and on no order.
#[derive(Clone, Debug, PartialEq)]
pub struct MomentSums {
    pub(super) min: f64,
    pub(super) max: f64,
    pub(super) totals: [ExactSum; 4],
    /// Finite values seen.
    pub count: u64,
}

/// The sums of a block, and the least and greatest value so far.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Running {
    pub sums: [[f64; LANES]; 4],
    pub min: f64,
    pub max: f64,
}

/// Moments of the values seen; `None` where there are too few values or a sum left the range of f64.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moments {
    pub mean: Option<f64>,
    /// Of the population: divided by n.
    pub sd: Option<f64>,
    pub skewness: Option<f64>,
    pub excess_kurtosis: Option<f64>,
    /// Largest squared deviation of one value, as a share of the sum of all: near 0 for a tame output; not a number where
    /// the variance is not known.
    pub heaviest_share: f64,
}

impl Default for MomentSums {
    fn default() -> Self {
        MomentSums { min: f64::INFINITY, max: f64::NEG_INFINITY, totals: Default::default(), count: 0 }
    }
}

impl MomentSums {
    /// Adds the values of a block; those that are not finite are left out. Returns how many that were.
    pub fn add(&mut self, shape: &Shape, values: &[f64]) -> u64 {
        let mut finite = 0;
        let mut running = self.running();
        let Running { sums, min, max } = &mut running;
        add_lanes(sums, min, max, &mut finite, values, shape.centre, 1.0 / shape.spread);
        self.close(&running);
        self.count += finite;
        values.len() as u64 - finite
    }

    /// Sums of no value yet, for a loop that adds a block to them and gives them to [`MomentSums::take`].
    pub(super) fn running(&self) -> Running {
        Running { sums: [[0.0; LANES]; 4], min: self.min, max: self.max }
    }

    /// Takes sums that `count` values were added to; false, and nothing changes, unless all of them were finite.
    pub(super) fn take(&mut self, running: &Running, count: usize) -> bool {
        let all_finite = running.sums[3].iter().all(|sum| sum.is_finite());
        if all_finite {
            self.close(running);
            self.count += count as u64;
        }
        all_finite
    }

    /// Least and greatest finite value seen; a zero is positive, as which of two zeros came first says nothing.
    pub fn extremes(&self) -> (f64, f64) {
        (self.min + 0.0, self.max + 0.0)
    }

    /// Adds the sums of a block to the exact totals.
    fn close(&mut self, running: &Running) {
        for (total, [a, b, c, d, e, f, g, h]) in self.totals.iter_mut().zip(running.sums) {
            total.add(((a + b) + (c + d)) + ((e + f) + (g + h)));
        }
        (self.min, self.max) = (running.min, running.max);
    }

    /// Adds the totals of another set of runs.
    pub fn merge(&mut self, other: &MomentSums) {
        for (mine, theirs) in self.totals.iter_mut().zip(&other.totals) {
            mine.merge(theirs);
        }
        self.count += other.count;
        let (min, max) = other.extremes();
        self.min = self.min.min(min);
        self.max = self.max.max(max);
    }

    /// Moments of everything seen.
    ///
    /// - Formula: central moments of d from raw ones; the pilot's centre lies within the spread of the mean, so
    ///   nothing cancels. Skewness m₃/m₂^1.5, excess kurtosis m₄/m₂² − 3.
    pub fn moments(&self, shape: &Shape) -> Moments {
        let n = self.count as f64;
        let (min, max) = self.extremes();
        let [d1, d2, d3, d4] = [0, 1, 2, 3].map(|k| self.totals[k].value() / n);
        let finite = |x: f64| x.is_finite().then_some(x);
        // Values that differ have a variance: where rounding, or the range of f64, left nothing of it, it is not known.
        let m2 = d2 - d1 * d1;
        let m2 = if m2 > 0.0 { m2 } else { f64::NAN };
        let m3 = d3 - 3.0 * d1 * d2 + 2.0 * d1 * d1 * d1;
        let m4 = d4 - 4.0 * d1 * d3 + 6.0 * d1 * d1 * d2 - 3.0 * d1 * d1 * d1 * d1;
        let constant = min == max;
        let farthest = ((max - shape.centre) / shape.spread - d1)
            .abs()
            .max(((min - shape.centre) / shape.spread - d1).abs());
        let heaviest_share = if constant { 0.0 } else { farthest * farthest / (n * m2) };
        if constant {
            return Moments {
                mean: finite(min),
                sd: finite(min).filter(|_| self.count > 1).map(|_| 0.0),
                skewness: None,
                excess_kurtosis: None,
                heaviest_share,
            };
        }
        Moments {
            mean: finite(shape.centre + shape.spread * d1),
            sd: finite(shape.spread * m2.sqrt()),
            skewness: finite(m3 / (m2 * m2.sqrt())),
            excess_kurtosis: finite(m4 / (m2 * m2) - 3.0),
            heaviest_share,
        }
    }
}

vectorised! {
    fn add_lanes(
        sums: &mut [[f64; LANES]; 4],
        min: &mut f64,
        max: &mut f64,
        finite: &mut u64,
        values: &[f64],
        centre: f64,
        scale: f64,
    ) {
        let mut lanes = Lanes { sums: *sums, min: [*min; LANES], max: [*max; LANES] };
        let mut all_finite = true;
        for value in values {
            all_finite &= value.abs() < f64::INFINITY;
        }
        let (chunks, rest) = values.as_chunks::<LANES>();
        if all_finite {
            for values in chunks {
                lanes.add(values, centre, scale);
            }
            rest.iter().enumerate().for_each(|(lane, &value)| lanes.add_one(lane, value, centre, scale));
            *finite = values.len() as u64;
        } else {
            *finite = 0;
            for (run, &value) in values.iter().enumerate().filter(|(_, value)| value.is_finite()) {
                lanes.add_one(run % LANES, value, centre, scale);
                *finite += 1;
            }
        }
        *sums = lanes.sums;
        *min = lanes.min.iter().fold(*min, |a, &b| a.min(b));
        *max = lanes.max.iter().fold(*max, |a, &b| a.max(b));
    }
}

/// Eight lanes of everything that is summed, each a wide register in the loop.
struct Lanes {
    sums: [[f64; LANES]; 4],
    min: [f64; LANES],
    max: [f64; LANES],
}

impl Lanes {
    #[inline(always)]
    fn add(&mut self, values: &[f64; LANES], centre: f64, scale: f64) {
        for (lane, &value) in values.iter().enumerate() {
            self.add_one(lane, value, centre, scale);
        }
    }

    #[inline(always)]
    fn add_one(&mut self, lane: usize, value: f64, centre: f64, scale: f64) {
        let d = (value - centre) * scale;
        let square = d * d;
        self.sums[0][lane] += d;
        self.sums[1][lane] += square;
        self.sums[2][lane] += square * d;
        self.sums[3][lane] += square * square;
        self.min[lane] = if value < self.min[lane] { value } else { self.min[lane] };
        self.max[lane] = if value > self.max[lane] { value } else { self.max[lane] };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments_of(values: &[f64]) -> Moments {
        let shape = Shape::from_pilot(&mut values.to_vec());
        let mut sums = MomentSums::default();
        sums.add(&shape, values);
        sums.moments(&shape)
    }

    #[test]
    fn a_large_mean_and_a_small_spread_lose_no_digits() {
        // 1e6 ± 1e-3, each value an exact multiple of 2⁻³⁰ so that the expected moments are exact.
        let step = libm::ldexp(1.0, -30);
        let values: Vec<f64> = (-1000..=1000).map(|k| 1e6 + f64::from(k) * 1000.0 * step).collect();
        let found = moments_of(&values);
        let sd = 1000.0 * step * ((2001.0 * 2001.0 - 1.0) / 12.0f64).sqrt();
        assert_eq!(found.mean, Some(1e6));
        assert!((found.sd.unwrap() / sd - 1.0).abs() < 1e-14);
        assert!(found.skewness.unwrap().abs() < 1e-14);
        let kurtosis = -6.0 / 5.0 * ((2001.0 * 2001.0) + 1.0) / ((2001.0 * 2001.0) - 1.0);
        assert!((found.excess_kurtosis.unwrap() - kurtosis).abs() < 1e-13);
    }

    #[test]
    fn the_order_of_positive_and_negative_zeros_does_not_show() {
        let shape = Shape::plain(0.0, 1.0, vec![]);
        for values in [[0.0, -0.0], [-0.0, 0.0], [-0.0, -0.0]] {
            let mut sums = MomentSums::default();
            sums.add(&shape, &values);
            let (min, max) = sums.extremes();
            assert!(min.is_sign_positive() && max.is_sign_positive());
            assert!(sums.moments(&shape).mean.is_some_and(f64::is_sign_positive));
        }
    }

    #[test]
    fn a_constant_has_no_shape() {
        let found = moments_of(&[7.25; 100]);
        assert_eq!((found.mean, found.sd, found.skewness), (Some(7.25), Some(0.0), None));
    }

    #[test]
    fn values_that_are_not_finite_are_left_out_and_told() {
        let shape = Shape::from_pilot(&mut [1.0, 2.0, 3.0]);
        let mut sums = MomentSums::default();
        assert_eq!(sums.add(&shape, &[1.0, f64::NAN, 3.0, f64::INFINITY]), 2);
        assert_eq!(sums.count, 2);
        assert_eq!(sums.moments(&shape).mean, Some(2.0));
        assert_eq!(sums.extremes(), (1.0, 3.0));
    }
}
