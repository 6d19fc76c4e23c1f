//! Mixture: one of several laws, chosen with given weights.

use super::tail_root::tail_root;
use super::{Family, Law, ParameterError, ensure};

/// A linear pool of laws; draws in the unit of its components.
///
/// - Formula: F = Σ wᵢ Fᵢ with wᵢ the weights over their sum, and so sf and density; the quantile by `tail_root`
///   between the least and the greatest of the components' quantiles, where it lies. Mean μ = Σ wᵢ μᵢ, variance
///   Σ wᵢ (σᵢ² + (μᵢ − μ)²).
/// - Domain: weights finite and not negative, at least one above 0; those of 0 are left out. The density of a mixture
///   of discrete and continuous laws is that of its continuous part.
/// - Accuracy: that of the components; held by `tests::agrees_with_the_reference`.
/// - Source: McLachlan & Peel (2000), Finite Mixture Models, section 1.4; Stone (1961), The opinion pool, Annals of
///   Mathematical Statistics 32(4), 1339–1342, doi:10.1214/aoms/1177704873.
#[derive(Clone, Debug, PartialEq)]
pub struct Mixture {
    /// Weights that add up to 1, each with its law.
    parts: Vec<(f64, Law)>,
}

impl Mixture {
    /// From weights and laws.
    ///
    /// # Errors
    /// A weight that is negative or not finite, weights that are all 0 or have no finite sum.
    pub fn new(parts: Vec<(f64, Law)>) -> Result<Self, ParameterError> {
        for &(weight, _) in &parts {
            ensure(weight >= 0.0 && weight.is_finite(), "weight", weight, "be finite and not negative")?;
        }
        let total: f64 = parts.iter().map(|(weight, _)| weight).sum();
        ensure(total > 0.0, "weight", total, "be above 0 for at least one component")?;
        ensure(
            total.is_finite(),
            "weight",
            total,
            "be small enough for the sum of all weights to be a number",
        )?;
        let shares = parts.into_iter().map(|(weight, law)| (weight / total, law));
        Ok(Self { parts: shares.filter(|(share, _)| *share > 0.0).collect() })
    }

    /// Shares and laws of the components that have a share.
    pub fn parts(&self) -> &[(f64, Law)] {
        &self.parts
    }

    fn pool(&self, of: impl Fn(&Law) -> f64) -> f64 {
        self.parts.iter().map(|(share, law)| share * of(law)).sum()
    }
}

impl Family for Mixture {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        let (mut least, mut greatest) = (f64::INFINITY, f64::NEG_INFINITY);
        for (_, law) in &self.parts {
            let x = law.inverse(lower, upper);
            (least, greatest) = (least.min(x), greatest.max(x));
        }
        tail_root(self, lower, upper, least, greatest)
    }

    fn cdf(&self, x: f64) -> f64 {
        self.pool(|law| law.cdf(x)).min(1.0)
    }

    fn sf(&self, x: f64) -> f64 {
        self.pool(|law| law.sf(x)).min(1.0)
    }

    fn density(&self, x: f64) -> f64 {
        let is_discrete = self.is_discrete();
        self.pool(|law| if law.is_discrete() == is_discrete { law.density(x) } else { 0.0 })
    }

    fn mean(&self) -> Option<f64> {
        self.parts.iter().map(|(share, law)| Some(share * law.mean()?)).sum()
    }

    fn variance(&self) -> Option<f64> {
        let mean = self.mean()?;
        let about = |law: &Law| {
            let offset = law.mean()? - mean;
            Some(law.variance()? + offset * offset)
        };
        self.parts.iter().map(|(share, law)| Some(share * about(law)?)).sum()
    }

    fn support(&self) -> (f64, f64) {
        self.parts.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(least, greatest), (_, law)| {
            let (from, to) = law.support();
            (least.min(from), greatest.max(to))
        })
    }

    fn corners(&self) -> Vec<f64> {
        let (least, greatest) = self.support();
        let mut corners: Vec<f64> = self
            .parts
            .iter()
            .flat_map(|(_, law)| {
                let (from, to) = law.support();
                law.corners().into_iter().chain([from, to])
            })
            .filter(|x| least < *x && *x < greatest)
            .collect();
        corners.sort_by(f64::total_cmp);
        corners.dedup();
        corners
    }

    fn is_discrete(&self) -> bool {
        self.parts.iter().all(|(_, law)| law.is_discrete())
    }

    fn has_atoms(&self) -> bool {
        self.parts.iter().any(|(_, law)| law.has_atoms())
    }

    fn probability(&self, x: f64) -> f64 {
        self.pool(|law| law.probability(x))
    }

    fn point_from(&self, x: f64) -> f64 {
        self.parts.iter().map(|(_, law)| law.point_from(x)).fold(f64::INFINITY, f64::min)
    }

    fn point_until(&self, x: f64) -> f64 {
        self.parts.iter().map(|(_, law)| law.point_until(x)).fold(f64::NEG_INFINITY, f64::max)
    }

    fn sums(&self, from: f64, to: f64, about: f64) -> Option<[f64; 3]> {
        let mut total = [0.0; 3];
        for (share, law) in &self.parts {
            let sums = law.sums(from, to, about)?;
            total = [0, 1, 2].map(|k: usize| total[k] + share * sums[k]);
        }
        Some(total)
    }
}

#[cfg(test)]
mod tests {
    use super::Mixture;
    use crate::distribution::{
        Constant, Exponential, Family, Gamma, Law, Lognormal, Normal, ParameterError, Poisson, Uniform, laws,
        reference,
    };

    fn normal(mean: f64, sd: f64) -> Law {
        Normal::new(mean, sd).unwrap().into()
    }

    #[test]
    fn the_laws_hold() {
        let lognormal = || Law::from(Lognormal::new(1.0, 0.5).unwrap());
        laws::hold(&Mixture::new(vec![(0.6, normal(0.0, 1.0)), (0.4, lognormal())]).unwrap());
        laws::hold(&Mixture::new(vec![(3.0, normal(-2.0, 1.0)), (1e-3, normal(3.0, 0.5))]).unwrap());
        laws::inverts(&Mixture::new(vec![(3.0, normal(-20.0, 1.0)), (1e-3, normal(30.0, 0.5))]).unwrap());
        laws::hold(&Mixture::new(vec![(1.0, lognormal())]).unwrap());
        let poisson = |mean: f64| Law::from(Poisson::new(mean).unwrap());
        laws::hold(&Mixture::new(vec![(0.3, poisson(1.0)), (0.7, poisson(30.0))]).unwrap());
        // A gap without probability between two bounded laws.
        let uniform = |a: f64, b: f64| Law::from(Uniform::new(a, b).unwrap());
        let apart = Mixture::new(vec![(0.25, uniform(0.0, 1.0)), (0.75, uniform(5.0, 6.0))]).unwrap();
        laws::inverts(&apart);
        laws::is_monotone(&apart);
        laws::stays_in_support(&apart);
        assert!((apart.quantile(0.1) - 0.4).abs() < 1e-14 && (apart.quantile(0.7) - 5.6).abs() < 1e-14);
    }

    #[test]
    fn agrees_with_the_reference() {
        // Weight, mean, sd of normal laws, one after the other; the last is lognormal.
        let build = |p: &[f64]| -> Result<Mixture, ParameterError> {
            let (normals, last) = p.split_at(p.len() - 3);
            let mut parts = vec![(last[0], Law::from(Lognormal::new(last[1], last[2])?))];
            for part in normals.chunks_exact(3) {
                parts.push((part[0], Law::from(Normal::new(part[1], part[2])?)));
            }
            Mixture::new(parts)
        };
        reference::check("mixture", build);
    }

    #[test]
    fn a_point_among_continuous_laws_keeps_its_probability() {
        let gamma = Law::from(Gamma::new(2.0, 1.5).unwrap());
        let point = Law::from(Constant::new(1.0).unwrap());
        let law = Mixture::new(vec![(0.5, gamma.clone()), (0.5, point)]).unwrap();
        laws::inverts(&law);
        laws::adds_to_one(&law);
        laws::integrates_to_moments(&law);
        assert!(law.has_atoms() && !law.is_discrete());
        let (before, at) = (law.cdf(1f64.next_down()), law.cdf(1.0));
        assert!((at - before - 0.5).abs() < 1e-15);
        assert_eq!((law.quantile(before + 0.01), law.quantile(at - 0.01)), (1.0, 1.0));
        assert_eq!(law.density(1.0), 0.5 * gamma.density(1.0));
    }

    #[test]
    fn weights_that_make_no_law_are_refused() {
        let of = |weights: [f64; 2]| Mixture::new(weights.map(|w| (w, normal(0.0, 1.0))).to_vec());
        for weights in [[0.0, 0.0], [-1.0, 2.0], [f64::NAN, 1.0], [f64::INFINITY, 1.0], [1e308, 1e308]] {
            assert_eq!(of(weights).unwrap_err().parameter, "weight", "{weights:?}");
        }
        assert_eq!(of([0.0, 2.0]).unwrap().parts().len(), 1);
        assert!(Mixture::new(Vec::new()).is_err());
        let heavy = Law::from(crate::distribution::Cauchy::new(0.0, 1.0).unwrap());
        let law = Mixture::new(vec![(1.0, heavy), (9.0, Exponential::new(1.0).unwrap().into())]).unwrap();
        assert_eq!((law.mean(), law.variance()), (None, None));
    }
}
