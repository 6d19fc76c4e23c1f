//! Normal distribution: sums of many small independent effects.

use super::{Family, ParameterError, ensure};
use crate::math;

/// A percentile: its level in (0, 1) and its value.
pub(super) type Percentile = (f64, f64);

/// Normal distribution; mean, standard deviation and draws in the input's unit.
///
/// - Formula: Q(u) = mean + sd · Φ⁻¹(u).
/// - Domain: sd > 0, both finite.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12; held by `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kotz and Balakrishnan (1994), Continuous Univariate Distributions 1, 2nd ed., ch. 13.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Normal {
    mean: f64,
    sd: f64,
}

impl Normal {
    /// From mean and standard deviation.
    ///
    /// # Errors
    /// A mean that is not finite, a standard deviation that is not above 0 and finite.
    pub fn new(mean: f64, sd: f64) -> Result<Self, ParameterError> {
        ensure(mean.is_finite(), "mean", mean, "be a finite number")?;
        ensure(
            sd > 0.0 && sd.is_finite(),
            "sd",
            sd,
            "be above 0 and finite; for a fixed value write `constant(x)`",
        )?;
        Ok(Self { mean, sd })
    }

    /// The value at a standard normal score.
    #[inline(always)]
    fn at_score(&self, z: f64) -> f64 {
        self.mean + self.sd * z
    }

    /// From the mean and the coefficient of variation sd / |mean|.
    ///
    /// # Errors
    /// A mean of 0, for which there is none; a coefficient that is not above 0 and finite.
    pub fn from_mean_cv(mean: f64, cv: f64) -> Result<Self, ParameterError> {
        ensure(
            mean.is_finite() && mean != 0.0,
            "mean",
            mean,
            "be finite and other than 0 where `cv` is given",
        )?;
        ensure(
            cv > 0.0 && cv.is_finite(),
            "cv",
            cv,
            "be above 0 and finite; for a fixed value write `constant(x)`",
        )?;
        Self::new(mean, cv * mean.abs())
    }

    /// From two percentiles (level in (0, 1), value), in either order.
    ///
    /// # Errors
    /// Levels outside (0, 1) or equal; values that do not rise with the level.
    pub fn from_percentiles(first: Percentile, second: Percentile) -> Result<Self, ParameterError> {
        let (low, high) = in_order(first, second)?;
        let (z_low, z_high) = (math::normal_quantile(low.0), math::normal_quantile(high.0));
        let sd = (high.1 - low.1) / (z_high - z_low);
        // Weights of the two values in the mean: exactly a half each for p5 and p95.
        let share = z_high / (z_high - z_low);
        Self::new(low.1 * share + high.1 * (1.0 - share), sd)
    }

    /// From the mean, which is the median too, and one other percentile (level in (0, 1), value).
    ///
    /// # Errors
    /// A level outside (0, 1) or of a half; a value on the wrong side of the mean.
    pub fn from_mean_percentile(mean: f64, percentile: Percentile) -> Result<Self, ParameterError> {
        ensure(mean.is_finite(), "mean", mean, "be a finite number")?;
        check_percentile(percentile)?;
        let (level, value) = percentile;
        ensure(level != 0.5, "pNN", 50.0, "be another percentile than p50, which is the mean")?;
        let sd = (value - mean) / math::normal_quantile(level);
        ensure(
            sd > 0.0,
            "pNN",
            value,
            "lie below the mean for a level under 50, above it for a level over 50",
        )?;
        Self::new(mean, sd)
    }

    /// From the standard deviation and one percentile (level in (0, 1), value).
    ///
    /// # Errors
    /// A level outside (0, 1); a standard deviation that is not above 0 and finite.
    pub fn from_sd_percentile(sd: f64, percentile: Percentile) -> Result<Self, ParameterError> {
        check_percentile(percentile)?;
        Self::new(percentile.1 - sd * math::normal_quantile(percentile.0), sd).map_err(|error| {
            // The mean is derived here: what makes it overflow is the standard deviation.
            if error.parameter == "mean" {
                ParameterError { parameter: "sd", value: sd, ..error }
            } else {
                error
            }
        })
    }

    /// `mean`, `sd`, in the order of the first form.
    pub fn parameters(&self) -> [f64; 2] {
        [self.mean, self.sd]
    }
}

impl Family for Normal {
    #[inline(always)]
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        self.at_score(math::normal_quantile_tails(lower, upper))
    }

    fn cdf(&self, x: f64) -> f64 {
        math::normal_cdf((x - self.mean) / self.sd)
    }

    fn sf(&self, x: f64) -> f64 {
        math::normal_sf((x - self.mean) / self.sd)
    }

    fn density(&self, x: f64) -> f64 {
        math::normal_density((x - self.mean) / self.sd) / self.sd
    }

    fn mean(&self) -> Option<f64> {
        Some(self.mean)
    }

    fn variance(&self) -> Option<f64> {
        Some(self.sd * self.sd).filter(|variance| variance.is_finite())
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }
}

/// Passes for a level inside (0, 1) and a finite value.
pub(super) fn check_percentile((level, value): Percentile) -> Result<(), ParameterError> {
    ensure(0.0 < level && level < 1.0, "pNN", 100.0 * level, "have a level between 0 and 100")?;
    ensure(value.is_finite(), "pNN", value, "be a finite number")
}

/// The two percentiles, the lower level first; their values must rise with the level.
pub(super) fn in_order(
    first: Percentile,
    second: Percentile,
) -> Result<(Percentile, Percentile), ParameterError> {
    check_percentile(first)?;
    check_percentile(second)?;
    ensure(first.0 != second.0, "pNN", 100.0 * second.0, "be two percentiles of different levels")?;
    let (low, high) = if first.0 < second.0 { (first, second) } else { (second, first) };
    ensure(low.1 < high.1, "pNN", high.1, "be above the value of the lower percentile")?;
    Ok((low, high))
}

#[cfg(test)]
mod tests {
    use super::Normal;
    use crate::distribution::{Family, laws, reference};

    laws!(super::Normal, [(0.0, 1.0), (2.6, 0.01), (-1e6, 3.0), (0.0, 1e-30)]);

    #[test]
    fn agrees_with_the_reference() {
        reference::check("normal", |p| Normal::new(p[0], p[1]));
    }

    #[test]
    fn parametrisations_give_back_what_they_were_given() {
        let close =
            |got: f64, expected: f64| assert!((got - expected).abs() < 1e-14 * 20.0, "{got} {expected}");
        let law = Normal::from_percentiles((0.9, 12.0), (0.2, 7.0)).unwrap();
        close(law.quantile(0.9), 12.0);
        close(law.quantile(0.2), 7.0);
        assert_eq!(Normal::from_percentiles((0.05, 7.0), (0.95, 9.0)).unwrap().mean(), Some(8.0));
        close(Normal::from_mean_percentile(3.0, (0.05, 1.0)).unwrap().quantile(0.05), 1.0);
        close(Normal::from_sd_percentile(2.0, (0.99, 1.0)).unwrap().quantile(0.99), 1.0);
        assert_eq!(Normal::from_mean_cv(-20.0, 0.1), Normal::new(-20.0, 2.0));
    }

    #[test]
    fn impossible_percentiles_are_refused() {
        let refused = |law: Result<Normal, crate::distribution::ParameterError>| law.unwrap_err().to_string();
        assert_eq!(
            refused(Normal::new(0.0, 0.0)),
            "`sd` must be above 0 and finite; for a fixed value write `constant(x)`, it is 0"
        );
        assert!(
            refused(Normal::from_percentiles((0.1, 2.0), (0.9, 1.0)))
                .contains("above the value of the lower")
        );
        assert!(refused(Normal::from_percentiles((0.1, 2.0), (0.1, 3.0))).contains("different levels"));
        assert!(refused(Normal::from_percentiles((0.0, 2.0), (0.1, 3.0))).contains("between 0 and 100"));
        assert!(refused(Normal::from_mean_percentile(2.0, (0.1, 3.0))).contains("below the mean"));
        assert!(refused(Normal::from_mean_percentile(2.0, (0.5, 2.0))).contains("p50"));
        assert!(refused(Normal::from_mean_cv(0.0, 0.1)).contains("other than 0"));
        assert!(refused(Normal::from_sd_percentile(f64::NAN, (0.1, 0.0))).contains("`sd`"));
    }
}
