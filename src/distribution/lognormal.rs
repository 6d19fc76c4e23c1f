//! Lognormal distribution: products of many small independent effects; never below 0.

use super::normal::{Percentile, check_percentile, in_order};
use super::{Family, ParameterError, ensure};
use crate::math;

/// Lognormal distribution; `mu` and `sigma` are mean and standard deviation of ln X, draws in the input's unit.
///
/// - Formula: Q(u) = exp(mu + sigma · Φ⁻¹(u)).
/// - Domain: sigma > 0, both finite. Moments beyond the range of numbers count as infinite.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12; held by `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kotz and Balakrishnan (1994), Continuous Univariate Distributions 1, 2nd ed., ch. 14.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lognormal {
    mu: f64,
    sigma: f64,
}

const SPREAD: &str = "be above 0 and finite; for a fixed value write `constant(x)`";
const POSITIVE: &str = "be above 0 and finite";

impl Lognormal {
    /// From mean and standard deviation of ln X.
    ///
    /// # Errors
    /// A `mu` that is not finite, a `sigma` that is not above 0 and finite.
    pub fn new(mu: f64, sigma: f64) -> Result<Self, ParameterError> {
        ensure(mu.is_finite(), "mu", mu, "be a finite number")?;
        ensure(sigma > 0.0 && sigma.is_finite(), "sigma", sigma, SPREAD)?;
        Ok(Self { mu, sigma })
    }

    /// The value at a standard normal score.
    #[inline(always)]
    fn at_score(&self, z: f64) -> f64 {
        math::exp(self.mu + self.sigma * z)
    }

    /// From mean and standard deviation of X.
    ///
    /// # Errors
    /// A mean or standard deviation that is not above 0 and finite.
    pub fn from_mean_sd(mean: f64, sd: f64) -> Result<Self, ParameterError> {
        positive("mean", mean)?;
        ensure(sd > 0.0 && sd.is_finite(), "sd", sd, SPREAD)?;
        ensure(
            (sd / mean).is_finite() && sd / mean > 0.0,
            "sd",
            sd,
            "be of a size comparable with the mean",
        )?;
        Self::from_mean_cv(mean, sd / mean)
    }

    /// From the mean and the coefficient of variation sd / mean.
    ///
    /// # Errors
    /// A mean or coefficient that is not above 0 and finite.
    pub fn from_mean_cv(mean: f64, cv: f64) -> Result<Self, ParameterError> {
        positive("mean", mean)?;
        Self::from_mean_sigma(mean, sigma_of_cv(cv)?)
    }

    /// From the mean of X and `sigma`.
    ///
    /// # Errors
    /// A mean or `sigma` that is not above 0 and finite.
    pub fn from_mean_sigma(mean: f64, sigma: f64) -> Result<Self, ParameterError> {
        positive("mean", mean)?;
        ensure(sigma > 0.0 && (sigma * sigma).is_finite(), "sigma", sigma, SPREAD)?;
        Self::new(math::ln(mean) - 0.5 * sigma * sigma, sigma)
    }

    /// From the median exp(mu) and `sigma`.
    ///
    /// # Errors
    /// A median or `sigma` that is not above 0 and finite.
    pub fn from_median_sigma(median: f64, sigma: f64) -> Result<Self, ParameterError> {
        positive("median", median)?;
        Self::new(math::ln(median), sigma)
    }

    /// From mean and median.
    ///
    /// # Errors
    /// A mean that is not above the median, which it is for every lognormal law; either not above 0 and finite.
    pub fn from_mean_median(mean: f64, median: f64) -> Result<Self, ParameterError> {
        positive("mean", mean)?;
        positive("median", median)?;
        ensure(mean > median, "mean", mean, "be above the median, as for every lognormal law")?;
        Self::from_median_sigma(median, (2.0 * ln_quotient(mean, median)).sqrt())
    }

    /// From mean and mode, exp(mu − sigma²).
    ///
    /// # Errors
    /// A mean that is not above the mode, which it is for every lognormal law; either not above 0 and finite.
    pub fn from_mean_mode(mean: f64, mode: f64) -> Result<Self, ParameterError> {
        positive("mean", mean)?;
        positive("mode", mode)?;
        ensure(mean > mode, "mean", mean, "be above the mode, as for every lognormal law")?;
        Self::from_mean_sigma(mean, (ln_quotient(mean, mode) / 1.5).sqrt())
    }

    /// From median and standard deviation: w² − w = (sd / median)² for w = exp(sigma²).
    ///
    /// # Errors
    /// A median or standard deviation that is not above 0 and finite.
    pub fn from_median_sd(median: f64, sd: f64) -> Result<Self, ParameterError> {
        positive("median", median)?;
        ensure(sd > 0.0 && sd.is_finite(), "sd", sd, SPREAD)?;
        let ratio = sd / median;
        let square = ratio * ratio;
        ensure(square > 0.0 && square.is_finite(), "sd", sd, "be of a size comparable with the median")?;
        let w_minus_one = 2.0 * square / (1.0 + (1.0 + 4.0 * square).sqrt());
        Self::from_median_sigma(median, math::ln_1p(w_minus_one).sqrt())
    }

    /// From the median and the coefficient of variation.
    ///
    /// # Errors
    /// A median or coefficient of variation that is not above 0 and finite.
    pub fn from_median_cv(median: f64, cv: f64) -> Result<Self, ParameterError> {
        Self::from_median_sigma(median, sigma_of_cv(cv)?)
    }

    /// From two percentiles (level in (0, 1), value), in either order.
    ///
    /// # Errors
    /// Levels outside (0, 1) or equal; values that are not above 0 or do not rise with the level.
    pub fn from_percentiles(first: Percentile, second: Percentile) -> Result<Self, ParameterError> {
        let (low, high) = in_order(first, second)?;
        positive("pNN", low.1)?;
        let (z_low, z_high) = (math::normal_quantile(low.0), math::normal_quantile(high.0));
        let sigma = ln_quotient(high.1, low.1) / (z_high - z_low);
        // Weights of the two logarithms in mu: exactly a half each for p5 and p95.
        let share = z_high / (z_high - z_low);
        Self::new(math::ln(low.1) * share + math::ln(high.1) * (1.0 - share), sigma)
    }

    /// From the median and one other percentile (level in (0, 1), value).
    ///
    /// # Errors
    /// A level outside (0, 1) or of a half; a value on the wrong side of the median.
    pub fn from_median_percentile(median: f64, percentile: Percentile) -> Result<Self, ParameterError> {
        positive("median", median)?;
        let z = z_beside_the_median(percentile)?;
        let sigma = ln_quotient(percentile.1, median) / z;
        ensure(sigma > 0.0, "pNN", percentile.1, BESIDE_THE_MEDIAN)?;
        Self::from_median_sigma(median, sigma)
    }

    /// From the mean and one percentile (level in (0, 1), value).
    ///
    /// With z = Φ⁻¹(level) and d = ln(mean / value), sigma solves sigma² − 2 z sigma − 2 d = 0. For a percentile above
    /// the mean there may be two solutions; the smaller sigma is taken, which is the less skewed law.
    ///
    /// # Errors
    /// A level outside (0, 1); a value that no lognormal law of this mean has at this level.
    pub fn from_mean_percentile(mean: f64, percentile: Percentile) -> Result<Self, ParameterError> {
        positive("mean", mean)?;
        check_percentile(percentile)?;
        let (level, value) = percentile;
        positive("pNN", value)?;
        let z = math::normal_quantile(level);
        let twice_d = 2.0 * ln_quotient(mean, value);
        let square = z * z + twice_d;
        ensure(
            square >= 0.0,
            "pNN",
            value,
            "be lower: no lognormal law of this mean reaches so far at this level",
        )?;
        // The roots z ± √square have the product −2d: one is positive where d > 0, both where d < 0 and z > 0.
        let sigma = if z <= 0.0 { twice_d / (square.sqrt() - z) } else { z + square.sqrt() };
        let sigma = if z > 0.0 && twice_d < 0.0 { -twice_d / sigma } else { sigma };
        ensure(
            sigma > 0.0,
            "pNN",
            value,
            "lie below the mean for a level up to 50, away from it for a level over 50",
        )?;
        Self::from_mean_sigma(mean, sigma)
    }

    /// From `sigma` and one percentile (level in (0, 1), value).
    ///
    /// # Errors
    /// A level outside (0, 1); a value or `sigma` that is not above 0 and finite.
    pub fn from_sigma_percentile(sigma: f64, percentile: Percentile) -> Result<Self, ParameterError> {
        check_percentile(percentile)?;
        positive("pNN", percentile.1)?;
        ensure(sigma > 0.0 && (sigma * 40.0).is_finite(), "sigma", sigma, SPREAD)?;
        Self::new(math::ln(percentile.1) - sigma * math::normal_quantile(percentile.0), sigma)
    }

    /// From `mu` and one percentile other than the median (level in (0, 1), value).
    ///
    /// # Errors
    /// A level outside (0, 1) or of a half; a value on the wrong side of exp(mu).
    pub fn from_mu_percentile(mu: f64, percentile: Percentile) -> Result<Self, ParameterError> {
        ensure(mu.is_finite(), "mu", mu, "be a finite number")?;
        let z = z_beside_the_median(percentile)?;
        let sigma = math::ln_ratio(percentile.1, mu) / z;
        ensure(sigma > 0.0, "pNN", percentile.1, BESIDE_THE_MEDIAN)?;
        Self::new(mu, sigma)
    }

    /// From the coefficient of variation and one percentile (level in (0, 1), value).
    ///
    /// # Errors
    /// A level outside (0, 1); a value or coefficient that is not above 0 and finite.
    pub fn from_cv_percentile(cv: f64, percentile: Percentile) -> Result<Self, ParameterError> {
        Self::from_sigma_percentile(sigma_of_cv(cv)?, percentile)
    }

    /// `mu`, `sigma`, in the order of the first form.
    pub fn parameters(&self) -> [f64; 2] {
        [self.mu, self.sigma]
    }
}

impl Family for Lognormal {
    #[inline(always)]
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        self.at_score(math::normal_quantile_tails(lower, upper))
    }

    fn cdf(&self, x: f64) -> f64 {
        if x > 0.0 { math::normal_cdf(math::ln_ratio(x, self.mu) / self.sigma) } else { 0.0 }
    }

    fn sf(&self, x: f64) -> f64 {
        if x > 0.0 { math::normal_sf(math::ln_ratio(x, self.mu) / self.sigma) } else { 1.0 }
    }

    fn density(&self, x: f64) -> f64 {
        let scale = self.sigma * x;
        let density = math::normal_density(math::ln_ratio(x, self.mu) / self.sigma) / scale;
        if scale > 0.0 && density.is_finite() { density } else { 0.0 }
    }

    fn mean(&self) -> Option<f64> {
        let mean = math::exp(self.mu + 0.5 * self.sigma * self.sigma);
        mean.is_finite().then_some(mean)
    }

    fn variance(&self) -> Option<f64> {
        let mean = self.mean()?;
        let variance = mean * (mean * math::exp_m1(self.sigma * self.sigma));
        variance.is_finite().then_some(variance)
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}

/// Passes for a finite number above 0.
fn positive(parameter: &'static str, value: f64) -> Result<(), ParameterError> {
    ensure(value > 0.0 && value.is_finite(), parameter, value, POSITIVE)
}

/// sigma = √ln(1 + cv²).
fn sigma_of_cv(cv: f64) -> Result<f64, ParameterError> {
    ensure(cv > 0.0 && (cv * cv).is_finite(), "cv", cv, SPREAD)?;
    // Below 1e-150 the square would underflow, and sigma is cv to the last bit.
    Ok(if cv < 1e-150 { cv } else { math::ln_1p(cv * cv).sqrt() })
}

/// ln(a / b) of positive numbers, with full accuracy where they are close.
fn ln_quotient(a: f64, b: f64) -> f64 {
    let difference = (a - b) / b;
    if difference.abs() < 0.5 { math::ln_1p(difference) } else { math::ln(a) - math::ln(b) }
}

const BESIDE_THE_MEDIAN: &str = "lie below the median for a level under 50, above it for a level over 50";

/// Φ⁻¹(level) of a percentile with a positive value that is not the median.
fn z_beside_the_median(percentile: Percentile) -> Result<f64, ParameterError> {
    check_percentile(percentile)?;
    positive("pNN", percentile.1)?;
    ensure(percentile.0 != 0.5, "pNN", 50.0, "be another percentile than p50, which is the median")?;
    Ok(math::normal_quantile(percentile.0))
}

#[cfg(test)]
mod tests {
    use super::Lognormal;
    use crate::distribution::{Family, laws, reference};

    laws!(super::Lognormal, [(0.0, 1.0), (2.07, 0.024), (-30.0, 2.0), (7.0, 0.001), (0.0, 0.25)]);

    #[test]
    fn agrees_with_the_reference() {
        reference::check("lognormal", |p| Lognormal::new(p[0], p[1]));
    }

    /// Every parametrisation, fed with what the law of mu = 0.7, sigma = 0.4 has, gives that law back.
    #[test]
    fn parametrisations_give_back_the_law() {
        let law = Lognormal::new(0.7, 0.4).unwrap();
        let mean = law.mean().unwrap();
        let sd = law.variance().unwrap().sqrt();
        let (median, mode) = (law.quantile(0.5), crate::math::exp(0.7 - 0.16));
        let percentile = |level: f64| (level, law.quantile(level));
        let same = |other: Result<Lognormal, _>, what: &str| {
            let other = other.unwrap();
            let off = (other.mu - 0.7).abs().max((other.sigma - 0.4).abs());
            assert!(off < 2e-14, "{what}: {other:?}");
        };
        same(Lognormal::from_mean_sd(mean, sd), "mean, sd");
        same(Lognormal::from_mean_cv(mean, sd / mean), "mean, cv");
        same(Lognormal::from_mean_sigma(mean, 0.4), "mean, sigma");
        same(Lognormal::from_mean_median(mean, median), "mean, median");
        same(Lognormal::from_mean_mode(mean, mode), "mean, mode");
        same(Lognormal::from_median_sigma(median, 0.4), "median, sigma");
        same(Lognormal::from_median_sd(median, sd), "median, sd");
        same(Lognormal::from_median_cv(median, sd / mean), "median, cv");
        for level in [0.05, 0.3, 0.55, 0.99] {
            same(Lognormal::from_percentiles(percentile(level), percentile(0.8)), "two percentiles");
            same(Lognormal::from_median_percentile(median, percentile(level)), "median, percentile");
            same(Lognormal::from_mean_percentile(mean, percentile(level)), "mean, percentile");
            same(Lognormal::from_sigma_percentile(0.4, percentile(level)), "sigma, percentile");
            same(Lognormal::from_mu_percentile(0.7, percentile(level)), "mu, percentile");
            same(Lognormal::from_cv_percentile(sd / mean, percentile(level)), "cv, percentile");
        }
    }

    #[test]
    fn the_smaller_of_two_sigmas_is_taken() {
        // For sigma = 3 and z = 1.645 the other solution is 2 z − 3 = 0.29, of the same mean and p95.
        let wide = Lognormal::new(0.0, 3.0).unwrap();
        let mean = wide.mean().unwrap();
        let law = Lognormal::from_mean_percentile(mean, (0.95, wide.quantile(0.95))).unwrap();
        assert!((law.sigma - (2.0 * 1.6448536269514722 - 3.0)).abs() < 1e-12, "{law:?}");
        assert!((law.mean().unwrap() / mean - 1.0).abs() < 1e-12);
    }

    #[test]
    fn impossible_parametrisations_say_why() {
        let refused =
            |law: Result<Lognormal, crate::distribution::ParameterError>| law.unwrap_err().to_string();
        assert!(refused(Lognormal::from_mean_median(1.0, 2.0)).contains("above the median"));
        assert!(refused(Lognormal::from_mean_mode(1.0, 1.0)).contains("above the mode"));
        assert!(refused(Lognormal::from_mean_percentile(1.0, (0.9, 100.0))).contains("be lower"));
        assert!(refused(Lognormal::from_mean_percentile(1.0, (0.1, 2.0))).contains("below the mean"));
        assert!(refused(Lognormal::from_median_percentile(1.0, (0.1, 2.0))).contains("below the median"));
        assert!(refused(Lognormal::from_mu_percentile(0.0, (0.5, 1.0))).contains("p50"));
        assert!(refused(Lognormal::from_percentiles((0.1, -1.0), (0.9, 1.0))).contains("above 0"));
        assert!(refused(Lognormal::from_mean_sd(0.0, 1.0)).contains("`mean`"));
        assert!(refused(Lognormal::from_mean_sd(1.0, 0.0)).contains("constant(x)"));
        assert!(refused(Lognormal::from_mean_sd(1.0, f64::INFINITY)).contains("`sd`"));
        assert!(refused(Lognormal::from_median_cv(1.0, f64::NAN)).contains("`cv`"));
    }
}
