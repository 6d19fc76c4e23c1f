//! Spliced law: one law up to a point, another beyond it.

use super::composition::condition;
use super::meant_bounds::last_meant;
use super::{Family, Law, ParameterError, ensure};

/// `body` given that it is not above `at` with probability w, `tail` given that it is above with 1 − w.
///
/// - Formula: F(x) = w F_b(x) / F_b(at) up to `at`, S(x) = (1 − w) S_t(x) / S_t(at) beyond, quantiles by those of the
///   two laws. Where w is not given, the density is continuous: w = h_t / (h_b + h_t) with h_b = f_b(at) / F_b(at) and
///   h_t = f_t(at) / S_t(at).
/// - Domain: F_b(at) and S_t(at) above 1e-290, 0 < w < 1.
/// - Accuracy: that of the two laws in both tails; moments by quadrature to a relative 1e-10; held by
///   `tests::agrees_with_the_reference`.
/// - Source: Klugman, Panjer & Willmot (2012), Loss Models, 4th ed., section 5.2.6; Scollnik (2007), On composite
///   lognormal–Pareto models, Scandinavian Actuarial Journal 2007(1), 20–33, doi:10.1080/03461230601110447 (continuity).
#[derive(Clone, Debug, PartialEq)]
pub struct Splice {
    body: Law,
    tail: Law,
    at: f64,
    /// The greatest value of the body up to `at` and the least of the tail beyond: `at` itself where there are no atoms.
    body_until: f64,
    tail_from: f64,
    /// w, and 1 − w.
    below: f64,
    above: f64,
    /// F_b(at), S_b(at) and F_t(at), S_t(at).
    body_tails: (f64, f64),
    tail_tails: (f64, f64),
}

impl Splice {
    /// With the weight below `at` that makes the density continuous.
    ///
    /// # Errors
    /// `at` not finite, or without probability on its side of a law, or with a density of 0 or none there.
    pub fn continuous(body: Law, tail: Law, at: f64) -> Result<Self, ParameterError> {
        const DENSITY: &str = "be where both laws have a density, above 0 and finite; give `p = ` too, the probability \
                               below";
        let parts = Self::new(body, tail, at, 0.5)?;
        ensure(!parts.body.has_atoms() && !parts.tail.has_atoms(), "at", at, DENSITY)?;
        let body_height = parts.body.density(at) / parts.body_tails.0;
        let tail_height = parts.tail.density(at) / parts.tail_tails.1;
        let above = |height: f64| height > 0.0 && height.is_finite();
        ensure(above(body_height) && above(tail_height), "at", at, DENSITY)?;
        // The larger height stands for 1, so that no sum leaves the range of numbers.
        let largest = body_height.max(tail_height);
        let (body_height, tail_height) = (body_height / largest, tail_height / largest);
        let total = body_height + tail_height;
        let (below, above) = (tail_height / total, body_height / total);
        ensure(below > 0.0 && above > 0.0, "at", at, DENSITY)?;
        Ok(Self { below, above, ..parts })
    }

    /// With a probability p up to `at`, to which a point belongs that rounding alone parts from it.
    ///
    /// # Errors
    /// `at` not finite, or without probability on its side of a law; p not between 0 and 1.
    pub fn new(body: Law, tail: Law, at: f64, p: f64) -> Result<Self, ParameterError> {
        ensure(at.is_finite(), "at", at, "be a finite number")?;
        ensure(p > 0.0 && p < 1.0, "p", p, "be a probability above 0 and below 1")?;
        let at = last_meant(&tail, last_meant(&body, at));
        let body_tails = (body.cdf(at), body.sf(at));
        let tail_tails = (tail.cdf(at), tail.sf(at));
        const EMPTY: f64 = 1e-290;
        ensure(body_tails.0 > EMPTY, "at", at, "leave a part of the body below it")?;
        ensure(tail_tails.1 > EMPTY, "at", at, "leave a part of the tail above it")?;
        let body_until = if body.has_atoms() { body.point_until(at) } else { at };
        let tail_from = if tail.has_atoms() { tail.point_from(at.next_up()) } else { at };
        let spliced =
            Self { body, tail, at, body_until, tail_from, below: p, above: 1.0 - p, body_tails, tail_tails };
        if spliced.has_atoms() {
            spliced.parts()?;
        }
        Ok(spliced)
    }

    /// The two laws, conditioned, each with its probability.
    ///
    /// # Errors
    /// Those of [`super::truncate`].
    pub fn parts(&self) -> Result<[(f64, Law); 2], ParameterError> {
        let body = condition(self.body.clone(), f64::NEG_INFINITY, self.at)?;
        // A point of a discrete tail at `at` itself belongs to the body.
        let from = if self.tail.has_atoms() { self.at.next_up() } else { self.at };
        let tail = condition(self.tail.clone(), from, f64::INFINITY)?;
        Ok([(self.below, body), (self.above, tail)])
    }

    /// Mean and variance of the two sides.
    fn moments(&self, of: impl Fn(&Law) -> Option<f64>) -> Option<[(f64, f64); 2]> {
        let [(below, body), (above, tail)] = self.parts().ok()?;
        Some([(below, of(&body)?), (above, of(&tail)?)])
    }
}

/// The quantile of a law at probabilities that rounding, or the range of numbers, may have taken out of theirs.
fn inverse(law: &Law, lower: f64, upper: f64) -> f64 {
    law.inverse(lower.clamp(f64::MIN_POSITIVE, 1.0), upper.clamp(f64::MIN_POSITIVE, 1.0))
}

impl Family for Splice {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        let is_below = if lower <= upper { lower <= self.below } else { upper >= self.above };
        if is_below {
            let (mass, beyond) = self.body_tails;
            let share = (lower / self.below).min(1.0);
            let (lower, upper) = (mass * share, beyond + mass * (1.0 - share));
            inverse(&self.body, lower, upper).min(self.body_until)
        } else {
            let (before, mass) = self.tail_tails;
            let share = (upper / self.above).min(1.0);
            let (lower, upper) = (before + mass * (1.0 - share), mass * share);
            inverse(&self.tail, lower, upper).max(self.tail_from)
        }
    }

    fn cdf(&self, x: f64) -> f64 {
        if x <= self.at { self.below * (self.body.cdf(x) / self.body_tails.0) } else { 1.0 - self.sf(x) }
    }

    fn sf(&self, x: f64) -> f64 {
        if x <= self.at {
            let share = (self.body.sf(x) - self.body_tails.1).max(0.0) / self.body_tails.0;
            (self.above + self.below * share).min(1.0)
        } else {
            self.above * (self.tail.sf(x) / self.tail_tails.1)
        }
    }

    fn density(&self, x: f64) -> f64 {
        let (law, share) = if x <= self.at {
            (&self.body, self.below / self.body_tails.0)
        } else {
            (&self.tail, self.above / self.tail_tails.1)
        };
        if law.is_discrete() == self.is_discrete() { share * law.density(x) } else { 0.0 }
    }

    fn mean(&self) -> Option<f64> {
        self.moments(Family::mean).map(|sides| sides.iter().map(|(share, mean)| share * mean).sum())
    }

    fn variance(&self) -> Option<f64> {
        let [(below, body), (above, tail)] = self.moments(Family::mean)?;
        let within =
            self.moments(Family::variance)?.iter().map(|(share, variance)| share * variance).sum::<f64>();
        Some(within + below * above * (tail - body) * (tail - body))
    }

    fn support(&self) -> (f64, f64) {
        (self.body.support().0, self.tail.support().1)
    }

    fn corners(&self) -> Vec<f64> {
        let mut corners = self.body.corners();
        corners.retain(|x| *x < self.at);
        corners.extend([self.body.support().1, self.at, self.tail.support().0]);
        corners.extend(self.tail.corners().into_iter().filter(|x| *x > self.at));
        let (least, greatest) = self.support();
        corners.retain(|x| least < *x && *x < greatest);
        corners.sort_by(f64::total_cmp);
        corners.dedup();
        corners
    }

    fn is_discrete(&self) -> bool {
        self.body.is_discrete() && self.tail.is_discrete()
    }

    fn has_atoms(&self) -> bool {
        self.body.has_atoms() || self.tail.has_atoms()
    }

    fn probability(&self, x: f64) -> f64 {
        if x <= self.at {
            self.below * (self.body.probability(x) / self.body_tails.0)
        } else {
            self.above * (self.tail.probability(x) / self.tail_tails.1)
        }
    }

    fn point_from(&self, x: f64) -> f64 {
        let body = self.body.point_from(x);
        if body <= self.at { body } else { self.tail.point_from(x.max(self.at.next_up())) }
    }

    fn point_until(&self, x: f64) -> f64 {
        let tail = self.tail.point_until(x);
        if tail > self.at { tail } else { self.body.point_until(x.min(self.at)) }
    }

    fn sums(&self, from: f64, to: f64, about: f64) -> Option<[f64; 3]> {
        let mut total = [0.0; 3];
        if from <= self.at {
            let sums = self.body.sums(from, to.min(self.at), about)?;
            total = sums.map(|sum| self.below * (sum / self.body_tails.0));
        }
        if to > self.at {
            let sums = self.tail.sums(from.max(self.at.next_up()), to, about)?;
            total = [0, 1, 2].map(|k: usize| total[k] + self.above * (sums[k] / self.tail_tails.1));
        }
        Some(total)
    }
}

#[cfg(test)]
mod tests {
    use super::Splice;
    use crate::distribution::{
        Family, Gpd, Law, Lognormal, Normal, Pareto, Poisson, Uniform, laws, reference,
    };

    fn lognormal() -> Law {
        Lognormal::new(1.0, 0.5).unwrap().into()
    }

    #[test]
    fn the_laws_hold() {
        let gpd = Law::from(Gpd::new(4.0, 2.0, 0.2).unwrap());
        laws::hold(&Splice::continuous(lognormal(), gpd.clone(), 4.0).unwrap());
        laws::hold(&Splice::new(lognormal(), gpd, 4.0, 0.9).unwrap());
        let normal = |mean, sd| Law::from(Normal::new(mean, sd).unwrap());
        laws::hold(&Splice::continuous(normal(0.0, 1.0), normal(0.0, 3.0), 0.5).unwrap());
        laws::hold(&Splice::new(normal(0.0, 1.0), normal(1.0, 2.0), -3.0, 0.5).unwrap());
        let poisson = |mean: f64| Law::from(Poisson::new(mean).unwrap());
        laws::hold(&Splice::new(poisson(3.0), poisson(30.0), 6.0, 0.8).unwrap());
    }

    #[test]
    fn agrees_with_the_reference() {
        // A lognormal body and a generalised Pareto tail: mu, sigma, location, scale, shape, at, and p where it is given.
        let bounds = reference::Bounds { probability: 0.0, moments: 1e-10 };
        reference::check_within(&bounds, "splice", |p| {
            let body = Lognormal::new(p[0], p[1])?.into();
            let tail = Gpd::new(p[2], p[3], p[4])?.into();
            match p.get(6) {
                Some(&weight) => Splice::new(body, tail, p[5], weight),
                None => Splice::continuous(body, tail, p[5]),
            }
        });
    }

    #[test]
    fn the_density_goes_on_where_no_weight_is_given() {
        let law = Splice::continuous(lognormal(), Pareto::new(2.5, 1.0).unwrap().into(), 5.0).unwrap();
        let (before, after) = (law.density(5.0), law.density(5.0f64.next_up()));
        assert!((before / after - 1.0).abs() < 1e-13, "{before} {after}");
        assert!((law.cdf(5.0) + law.sf(5.0) - 1.0).abs() < 1e-15);
    }

    #[test]
    fn laws_that_cannot_meet_are_refused() {
        let uniform = |a: f64, b: f64| Law::from(Uniform::new(a, b).unwrap());
        let refused = |body: Law, tail: Law, at: f64| Splice::continuous(body, tail, at).unwrap_err();
        assert!(refused(uniform(0.0, 1.0), uniform(3.0, 4.0), 2.0).requirement.starts_with("be where both"));
        assert!(Splice::new(uniform(0.0, 1.0), uniform(3.0, 4.0), 2.0, 0.5).is_ok());
        assert!(refused(uniform(3.0, 4.0), uniform(3.0, 4.0), 2.0).requirement.contains("body below"));
        assert!(refused(uniform(0.0, 1.0), uniform(0.0, 1.0), 2.0).requirement.contains("tail above"));
        assert_eq!(refused(lognormal(), lognormal(), f64::NAN).parameter, "at");
        let counts = || Law::from(Poisson::new(3.0).unwrap());
        assert!(refused(counts(), lognormal(), 2.0).requirement.contains("give `p = `"));
        assert_eq!(Splice::new(lognormal(), lognormal(), 2.0, 1.0).unwrap_err().parameter, "p");
    }
}
