//! Rank covariances with an output that is grouped into classes, and what grouping takes from them.

use crate::math::{normal_cdf, normal_density, normal_quantile};

/// The classes of an output that hold runs, ascending, and what does not depend on the input of the ranks in them.
#[derive(Clone, Debug)]
pub struct Grouping {
    classes: Vec<Class>,
    /// Σ p³ over the classes that are one value, p the share of a class.
    tied: f64,
}

#[derive(Clone, Copy, Debug)]
struct Class {
    number: usize,
    /// Its runs, as a share of all.
    share: f64,
    /// Middle of the ranks of its values, less ½.
    middle: f64,
    /// Mean of z = Φ⁻¹(R) of its ranks R.
    score: f64,
    /// cov(R, z) inside it; 0 where it is one value, whose ranks are tied.
    covariance: f64,
}

impl Grouping {
    /// From the runs of each class and whether it is one value.
    pub(super) fn new(counted: impl Iterator<Item = (u64, bool)> + Clone) -> Grouping {
        let n = counted.clone().map(|(count, _)| count).sum::<u64>() as f64;
        let (mut below, mut tied, mut classes) = (0, 0.0, Vec::new());
        for (number, (count, is_atom)) in counted.enumerate().filter(|(_, (count, _))| *count > 0) {
            let (low, high) = (below as f64 / n, (below + count) as f64 / n);
            below += count;
            let share = high - low;
            let (score, inside) = score(low, high);
            let covariance = if is_atom { 0.0 } else { inside };
            tied += if is_atom { share * share * share } else { 0.0 };
            classes.push(Class { number, share, middle: 0.5 * (low + high) - 0.5, score, covariance });
        }
        Grouping { classes, tied }
    }

    /// cov(R, U) of the ranks R of the output and the position U of an input, from the mean of U in each class, by number.
    ///
    /// - Formula: Σ p·(R̄ − ½)·Ū over the classes plus, inside those that are not one value, Σ p·β·cov(R, z), with
    ///   z = Φ⁻¹(R) and β the slope of Ū in the mean of z between the class's neighbours. In z the mean position is nearly
    ///   straight, which in R it is not near the ends: under a normal copula of any strength what remains is below 2·10⁻⁶
    ///   of Spearman's coefficient with 128 classes.
    /// - Source: Kendall & Gibbons (1990), Rank Correlation Methods, 5th ed., sections 3.7–3.8, for what ties take; the
    ///   normal scores are ours.
    pub(super) fn covariance(&self, mean: impl Fn(usize) -> f64) -> f64 {
        let Grouping { classes, .. } = self;
        let means: Vec<f64> = classes.iter().map(|class| mean(class.number)).collect();
        let last = classes.len().saturating_sub(1);
        // The mid-ranks average to ½ exactly, so the mean of U drops out.
        let between: f64 =
            classes.iter().zip(&means).map(|(class, mean)| class.share * class.middle * mean).sum();
        let inside = classes.iter().enumerate().map(|(k, class)| {
            let (left, right) = (k.saturating_sub(1), (k + 1).min(last));
            let run = classes[right].score - classes[left].score;
            let slope = if run > 0.0 { (means[right] - means[left]) / run } else { 0.0 };
            class.share * slope * class.covariance
        });
        between + inside.sum::<f64>()
    }

    /// Σ p³ over the classes that are one value: the share by which ties shrink the variance of the mid-ranks, 1/12.
    pub fn tied(&self) -> f64 {
        self.tied
    }
}

/// Mean of z = Φ⁻¹(R), and cov(R, z), of an R that is even in (low, high).
///
/// ∫ z φ = −φ and ∫ Φ z φ = −Φ φ + Φ(√2 z) / (2√π).
fn score(low: f64, high: f64) -> (f64, f64) {
    // z, φ and the second integral at an end.
    let at = |rank: f64| {
        if rank <= 0.0 || rank >= 1.0 {
            let end = if rank <= 0.0 { 0.0 } else { HALF_OVER_ROOT_PI };
            return (0.0, end);
        }
        let z = normal_quantile(rank);
        let density = normal_density(z);
        (density, HALF_OVER_ROOT_PI * normal_cdf(std::f64::consts::SQRT_2 * z) - rank * density)
    };
    let ((density_low, product_low), (density_high, product_high)) = (at(low), at(high));
    let share = high - low;
    let mean = (density_low - density_high) / share;
    (mean, ((product_high - product_low) / share - 0.5 * (low + high) * mean).max(0.0))
}

/// 1 / (2√π).
const HALF_OVER_ROOT_PI: f64 = 0.282_094_791_773_878_14;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wide_class_has_the_moments_of_a_normal_score() {
        // cov(Φ(z), z) of a standard normal z is E[φ(z)] = 1 / (2√π).
        let (mean, covariance) = score(0.0, 1.0);
        assert!(mean.abs() < 1e-16 && (covariance - HALF_OVER_ROOT_PI).abs() < 1e-15);
    }

    #[test]
    fn a_narrow_class_is_straight() {
        // cov(R, z) = p² / (12 φ) where φ hardly changes; the mean is that of z(R) with its curvature z / φ².
        for low in [0.1, 0.5, 0.8] {
            let (mean, covariance) = score(low, low + 1e-3);
            let z = normal_quantile(low + 5e-4);
            let density = normal_density(z);
            assert!((mean - z - 1e-6 / 24.0 * z / (density * density)).abs() < 1e-9, "{low}: {mean}");
            assert!((covariance / (1e-6 / 12.0 / density) - 1.0).abs() < 1e-4, "{low}: {covariance}");
        }
    }

    #[test]
    fn what_classes_leave_out_of_a_normal_copula_is_put_back() {
        const STEPS: u32 = 2_000;
        for rho in [-0.95, -0.3, 0.1, 0.46, 0.8] {
            // E[U | R] = Φ(ρ z / √(2 − ρ²)), with (j + ½)/n squared from the nearer end, where it is steep.
            let mean = |class: usize| -> f64 {
                let (low, high) = (class as f64 / 128.0, (class + 1) as f64 / 128.0);
                let points = (0..STEPS).map(|j| {
                    let part = (f64::from(j) + 0.5) / f64::from(STEPS);
                    let (rank, weight) = match class {
                        0 => (high * part * part, 2.0 * part),
                        127 => (1.0 - (1.0 - low) * part * part, 2.0 * part),
                        _ => (low + (high - low) * part, 1.0),
                    };
                    weight * normal_cdf(rho * normal_quantile(rank) / f64::sqrt(2.0 - rho * rho))
                });
                points.sum::<f64>() / f64::from(STEPS)
            };
            let covariance = |is_atom| Grouping::new((0..128).map(|_| (1000, is_atom))).covariance(mean);
            let exact = 6.0 / std::f64::consts::PI * libm::asin(rho / 2.0);
            let (grouped, found) = (12.0 * covariance(true), 12.0 * covariance(false));
            assert!((found - exact).abs() < 2e-6, "rho {rho}: {found} instead of {exact}");
            assert!((grouped - exact).abs() > 5e-6, "rho {rho}: nothing to put back in {grouped}");
        }
    }
}
