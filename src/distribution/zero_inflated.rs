//! Zero-inflated law: another law, or nothing.

use super::{Family, Law, ParameterError, ensure};

/// 0 with an extra probability p, else a draw of `base`.
///
/// - Formula: F(x) = (1 − p) F_base(x) below 0 and p + (1 − p) F_base(x) from 0 on, the upper tail likewise; Q(u) by
///   the base's own quantile below and above the jump at 0. Mean (1 − p) μ, variance (1 − p) σ² + p (1 − p) μ².
/// - Domain: 0 ≤ p < 1. The base may have values on both sides of 0. Over a continuous base the density is that of the
///   part without the point 0.
/// - Accuracy: that of the base; held by `tests::agrees_with_the_reference`.
/// - Source: Lambert (1992), Zero-inflated Poisson regression, Technometrics 34(1), 1–14, doi:10.2307/1269547, eq. (1);
///   Klugman, Panjer & Willmot (2012), Loss Models, 4th ed., section 6.6.
#[derive(Clone, Debug, PartialEq)]
pub struct ZeroInflated {
    base: Law,
    p: f64,
    /// 1 − p
    kept: f64,
    /// Probability below 0 and above 0.
    below: f64,
    above: f64,
}

impl ZeroInflated {
    /// `base` with extra probability p of 0.
    ///
    /// # Errors
    /// p below 0, or 1 and more.
    pub fn new(base: Law, p: f64) -> Result<Self, ParameterError> {
        ensure((0.0..1.0).contains(&p), "p", p, "be a probability below 1")?;
        let kept = 1.0 - p;
        // Just below 0, and still so where a moved law divides by its factor.
        let (below, above) = (kept * base.cdf(-f64::MIN_POSITIVE), kept * base.sf(0.0));
        Ok(Self { base, p, kept, below, above })
    }

    /// The extra probability of 0, and the law that is drawn from otherwise.
    pub fn parts(&self) -> (f64, &Law) {
        (self.p, &self.base)
    }
}

impl Family for ZeroInflated {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        let from_below = lower <= upper;
        let is_below = if from_below { lower <= self.below } else { upper >= self.above + self.p };
        let is_above = if from_below { lower > self.below + self.p } else { upper < self.above };
        if is_below {
            self.base.inverse(lower / self.kept, (upper - self.p) / self.kept)
        } else if is_above {
            self.base.inverse((lower - self.p) / self.kept, upper / self.kept)
        } else {
            0.0
        }
    }

    fn cdf(&self, x: f64) -> f64 {
        let base = self.kept * self.base.cdf(x);
        if x < 0.0 { base } else { (self.p + base).min(1.0) }
    }

    fn sf(&self, x: f64) -> f64 {
        let base = self.kept * self.base.sf(x);
        if x < 0.0 { (self.p + base).min(1.0) } else { base }
    }

    fn density(&self, x: f64) -> f64 {
        let base = self.kept * self.base.density(x);
        if x == 0.0 && self.is_discrete() { self.p + base } else { base }
    }

    fn mean(&self) -> Option<f64> {
        self.base.mean().map(|mean| self.kept * mean)
    }

    fn variance(&self) -> Option<f64> {
        let mean = self.base.mean()?;
        self.base.variance().map(|variance| self.kept * (variance + self.p * mean * mean))
    }

    fn support(&self) -> (f64, f64) {
        let (least, greatest) = self.base.support();
        (least.min(0.0), greatest.max(0.0))
    }

    fn corners(&self) -> Vec<f64> {
        let (least, greatest) = self.support();
        let (from, to) = self.base.support();
        let mut corners: Vec<f64> = self.base.corners();
        corners.extend([from, 0.0, to]);
        corners.retain(|x| least < *x && *x < greatest);
        corners.sort_by(f64::total_cmp);
        corners.dedup();
        corners
    }

    fn is_discrete(&self) -> bool {
        self.base.is_discrete()
    }

    fn has_atoms(&self) -> bool {
        self.p > 0.0 || self.base.has_atoms()
    }

    fn probability(&self, x: f64) -> f64 {
        let base = self.kept * self.base.probability(x);
        if x == 0.0 { self.p + base } else { base }
    }

    fn point_from(&self, x: f64) -> f64 {
        let base = self.base.point_from(x);
        if x <= 0.0 && self.p > 0.0 { base.min(0.0) } else { base }
    }

    fn point_until(&self, x: f64) -> f64 {
        let base = self.base.point_until(x);
        if x >= 0.0 && self.p > 0.0 { base.max(0.0) } else { base }
    }

    fn sums(&self, from: f64, to: f64, about: f64) -> Option<[f64; 3]> {
        let p = if from <= 0.0 && 0.0 <= to { self.p } else { 0.0 };
        let base = self.base.sums(from, to, about)?.map(|sum| self.kept * sum);
        Some([base[0] + p, base[1] - p * about, base[2] + p * about * about])
    }
}

#[cfg(test)]
mod tests {
    use super::ZeroInflated;
    use crate::distribution::{Discrete, Family, Law, Lognormal, Normal, Poisson, Uniform, laws, reference};

    fn inflated(base: impl Into<Law>, p: f64) -> ZeroInflated {
        ZeroInflated::new(base.into(), p).unwrap()
    }

    #[test]
    fn the_laws_hold() {
        let lognormal = Lognormal::new(1.0, 0.5).unwrap();
        for p in [0.0, 1e-9, 0.3, 0.6] {
            laws::hold(&inflated(lognormal, p));
            laws::hold(&inflated(Normal::new(0.4, 1.0).unwrap(), p));
            laws::hold(&inflated(Normal::new(-8.0, 1.0).unwrap(), p));
            laws::hold(&inflated(Poisson::new(3.0).unwrap(), p));
        }
        laws::hold(&inflated(Discrete::new(&[(-2.0, 0.2), (0.5, 0.5), (4.0, 0.3)]).unwrap(), 0.4));
        laws::hold(&inflated(Uniform::new(5.0, 6.0).unwrap(), 0.2));
        laws::inverts(&inflated(lognormal, 0.999));
    }

    #[test]
    fn agrees_with_the_reference() {
        reference::check("zero_inflated", |p| ZeroInflated::new(Lognormal::new(p[0], p[1])?.into(), p[2]));
    }

    #[test]
    fn the_jump_at_zero_has_its_probability() {
        let law = inflated(Normal::new(0.0, 1.0).unwrap(), 0.2);
        assert!((law.cdf(0.0) - 0.6).abs() < 1e-15 && (law.cdf(-1e-300) - 0.4).abs() < 1e-15);
        assert_eq!((law.quantile(0.41), law.quantile(0.5), law.quantile(0.59)), (0.0, 0.0, 0.0));
        assert!(law.quantile(0.39) < 0.0 && law.quantile(0.61) > 0.0);
        let counts = inflated(Poisson::new(3.0).unwrap(), 0.2);
        assert_eq!(counts.density(0.0), 0.2 + 0.8 * Poisson::new(3.0).unwrap().density(0.0));
    }

    #[test]
    fn only_probabilities_below_one_are_taken() {
        for p in [1.0, -0.1, f64::NAN, 2.0] {
            let base = Law::from(Normal::new(0.0, 1.0).unwrap());
            assert_eq!(ZeroInflated::new(base, p).unwrap_err().parameter, "p");
        }
    }
}
