//! Errors of a designed simulation, from the spread of its replicates.
//!
//! Runs of a Latin hypercube or a Sobol' design are not independent of each other, so no formula for independent runs
//! gives their error. Replicates are: what each of them estimates is compared instead.
//!
//! - Formula: x ± t·s/√R, with s the standard deviation of the R replicates' estimates and t the 97.5 % quantile of
//!   Student's law with R − 1 degrees of freedom.
//! - Source: L'Ecuyer, Nakayama, Owen & Tuffin (2023), Confidence intervals for randomized quasi-Monte Carlo estimators,
//!   Proceedings of the Winter Simulation Conference, section 3.
//! - The replicates of a Latin hypercube share out the strata among them and so compensate for each other a little:
//!   their spread says rather too much than too little.

use super::Statistics;
use super::interval::{Interval, SIDE};
use crate::math::StudentTails;

/// Standard error of the mean of estimates; `None` for fewer than two.
pub fn standard_error(estimates: &[f64]) -> Option<f64> {
    if estimates.len() < 2 {
        return None;
    }
    let n = estimates.len() as f64;
    let mean = estimates.iter().sum::<f64>() / n;
    let squares: f64 = estimates.iter().map(|x| (x - mean) * (x - mean)).sum();
    Some((squares / (n - 1.0) / n).sqrt())
}

/// The interval around a value that so many estimates give; `None` for fewer than two.
fn around(value: f64, estimates: &[f64]) -> Option<Interval> {
    let error = standard_error(estimates)?;
    let reach = StudentTails::new(estimates.len() as f64 - 1.0).distance(SIDE) * error;
    Some(Interval { low: value - reach, high: value + reach })
}

/// Replaces the intervals of a cell by those of its replicates. With fewer than two of them, as after an early stop,
/// the intervals of independent runs stay.
pub fn widen(statistics: &mut Statistics, replicates: &[Statistics], is_truth: bool) {
    if replicates.len() < 2 {
        return;
    }
    let estimates =
        |of: &dyn Fn(&Statistics) -> Option<f64>| -> Option<Vec<f64>> { replicates.iter().map(of).collect() };
    if statistics.mean_interval.is_some() {
        let means = estimates(&|part| part.mean);
        let found = statistics.mean.zip(means).and_then(|(mean, means)| around(mean, &means));
        // A probability that is 0 or 1 in all replicates has no spread to read an error off.
        let certain = is_truth && matches!(statistics.mean, Some(0.0 | 1.0));
        if !certain {
            statistics.mean_interval = found.map(|Interval { low, high }| match is_truth {
                true => Interval { low: low.max(0.0), high: high.min(1.0) },
                false => Interval { low, high },
            });
        }
    }
    if statistics.sd_interval.is_some() {
        let sds = estimates(&|part| part.sd);
        statistics.sd_interval = statistics.sd.zip(sds).and_then(|(sd, sds)| around(sd, &sds));
    }
    for (index, percentile) in statistics.percentiles.iter_mut().enumerate() {
        let values = estimates(&|part| Some(part.percentiles.get(index)?.value));
        if let Some(interval) = values.and_then(|values| around(percentile.value, &values)) {
            percentile.interval = interval;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_students() {
        // Mean 3, s² = 2.5, five estimates: the error is √0.5, t with four degrees of freedom 2.776445.
        let estimates = [1.0, 2.0, 3.0, 4.0, 5.0];
        assert_eq!(standard_error(&estimates), Some(0.5f64.sqrt()));
        let found = around(3.0, &estimates).unwrap();
        assert!((found.high - 3.0 - 2.776_445_105 * 0.5f64.sqrt()).abs() < 1e-8, "{found:?}");
        assert_eq!(standard_error(&[1.0]), None);
    }
}
