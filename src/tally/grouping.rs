//! What is lost of a rank covariance by grouping an output into classes.

use crate::math::{normal_cdf, normal_density, normal_quantile};

/// A class of the output that holds runs.
#[derive(Clone, Copy, Debug)]
pub(super) struct RankClass {
    /// Ranks of its values, as shares of all runs.
    pub low: f64,
    pub high: f64,
    /// Mean of the input's position in it.
    pub mean: f64,
    /// It is one value: its ranks are tied.
    pub is_atom: bool,
}

impl RankClass {
    pub fn share(&self) -> f64 {
        self.high - self.low
    }
}

/// cov(R, E\[U | R\]) inside the classes, R the rank of the output and U the position of the input: what mid-ranks leave
/// out. Classes ascend.
///
/// - Formula: Σ p·β·cov(R, z) over the classes that are not one value, p the share of a class, z = Φ⁻¹(R), β the slope of
///   the mean position in mean z between the class's neighbours. In z the mean position is nearly straight, which in R it
///   is not near the ends: under a normal copula of any strength what remains is below 2·10⁻⁶ with 128 classes.
/// - Source: Kendall & Gibbons (1990), Rank Correlation Methods, 5th ed., sections 3.7–3.8, for what ties take; the
///   normal scores are ours.
pub(super) fn inside(classes: &[RankClass]) -> f64 {
    let scores: Vec<(f64, f64)> = classes.iter().map(|class| score(class.low, class.high)).collect();
    let last = classes.len().saturating_sub(1);
    let inside = classes.iter().enumerate().filter(|(_, class)| !class.is_atom).map(|(k, class)| {
        let (left, right) = (k.saturating_sub(1), (k + 1).min(last));
        let run = scores[right].0 - scores[left].0;
        let slope = if run > 0.0 { (classes[right].mean - classes[left].mean) / run } else { 0.0 };
        class.share() * slope * scores[k].1
    });
    inside.sum()
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
pub(super) const HALF_OVER_ROOT_PI: f64 = 0.282_094_791_773_878_14;

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
        const CLASSES: u32 = 128;
        const STEPS: u32 = 2_000;
        for rho in [-0.95, -0.3, 0.1, 0.46, 0.8] {
            let (mut between, mut classes) = (0.0, Vec::new());
            for k in 0..CLASSES {
                let (low, high) = (f64::from(k) / 128.0, f64::from(k + 1) / 128.0);
                // E[U | R] = Φ(ρ z / √(2 − ρ²)), with (j + ½)/n squared from the nearer end, where it is steep.
                let mean = (0..STEPS)
                    .map(|j| {
                        let part = (f64::from(j) + 0.5) / f64::from(STEPS);
                        let (rank, weight) = match k {
                            0 => (high * part * part, 2.0 * part),
                            127 => (1.0 - (1.0 - low) * part * part, 2.0 * part),
                            _ => (low + (high - low) * part, 1.0),
                        };
                        let z = normal_quantile(rank);
                        weight * normal_cdf(rho * z / f64::sqrt(2.0 - rho * rho)) / f64::from(STEPS)
                    })
                    .sum();
                between += (high - low) * (0.5 * (low + high) - 0.5) * mean;
                classes.push(RankClass { low, high, mean, is_atom: false });
            }
            let exact = 6.0 / std::f64::consts::PI * libm::asin(rho / 2.0);
            let (grouped, found) = (12.0 * between, 12.0 * (between + inside(&classes)));
            assert!((found - exact).abs() < 2e-6, "rho {rho}: {found} instead of {exact}");
            assert!((grouped - exact).abs() > 5e-6, "rho {rho}: nothing to put back in {grouped}");
        }
    }
}
