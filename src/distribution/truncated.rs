//! Truncated law: another law conditioned on an interval.

use super::{Family, Law, ParameterError, ensure};
use crate::math::integrate_tails;

/// `base` conditioned on [min, max]: values outside never occur, and those inside keep their proportions.
///
/// - Formula: Q(u) = Q_base(F(min) + u·m), equally from above with 1 − u and S(max); m is the probability of the
///   interval, taken as a difference in the smaller tail. For a discrete base P(X = min) belongs to the interval.
/// - Domain: min < max, either may be infinite; the interval must have a probability above 1e-290.
/// - Accuracy: quantile to a relative 1e-12 while u times the interval's probability stays above 1e-300; held by
///   `tests::agrees_with_the_reference`. Moments of a discrete base are sums over its points, of others quadratures, to
///   a relative 1e-10.
#[derive(Clone, Debug, PartialEq)]
pub struct Truncated {
    base: Law,
    /// The part of [min, max] that the base's support reaches.
    least: f64,
    greatest: f64,
    /// Base tails just below `least` and at `greatest`.
    from: Tails,
    to: Tails,
    mass: f64,
}

/// cdf and sf of the base at a point.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Tails {
    cdf: f64,
    sf: f64,
}

impl Tails {
    /// Probability between this point and a later one, from the tails that are small there.
    fn until(self, to: Tails) -> f64 {
        let difference = if self.sf < 0.5 {
            self.sf - to.sf
        } else if to.cdf < 0.5 {
            to.cdf - self.cdf
        } else {
            (1.0 - self.cdf) - to.sf
        };
        difference.max(0.0)
    }
}

impl Truncated {
    /// Conditions `base` on [min, max]; an infinite bound stands for a missing one.
    ///
    /// # Errors
    /// Bounds that are NaN or not in order; an interval without probability.
    pub fn new(base: Law, min: f64, max: f64) -> Result<Self, ParameterError> {
        ensure(!min.is_nan(), "min", min, "be a number")?;
        ensure(!max.is_nan(), "max", max, "be a number")?;
        ensure(min < max, "min", min, "be below `max`")?;
        if let Law::Truncated(inner) = base {
            let (least, greatest) = (min.max(inner.least), max.min(inner.greatest));
            return Self::within(inner.base, least, greatest, min);
        }
        let (least, greatest) = base.support();
        Self::within(base, min.max(least), max.min(greatest), min)
    }

    /// Conditions `base` on an interval inside its support.
    fn within(base: Law, least: f64, greatest: f64, min: f64) -> Result<Self, ParameterError> {
        const EMPTY: &str = "leave a probability above 1e-290 up to `max`";
        ensure(least <= greatest, "min", min, EMPTY)?;
        let (least, greatest) = (base.point_from(least), base.point_until(greatest));
        ensure(least <= greatest, "min", min, EMPTY)?;
        let begins_at_a_point = base.is_discrete() || (base.has_atoms() && base.probability(least) > 0.0);
        let before = if begins_at_a_point { least.next_down() } else { least };
        let from = Tails { cdf: base.cdf(before), sf: base.sf(before) };
        let to = Tails { cdf: base.cdf(greatest), sf: base.sf(greatest) };
        let mass = from.until(to);
        ensure(mass > 1e-290, "min", min, EMPTY)?;
        Ok(Self { base, least, greatest, from, to, mass })
    }

    /// The law that is truncated.
    pub fn base(&self) -> &Law {
        &self.base
    }

    /// Probability of the interval under the base.
    pub fn mass(&self) -> f64 {
        self.mass
    }

    /// Tails of the base at x.
    fn tails(&self, x: f64) -> Tails {
        Tails { cdf: self.base.cdf(x), sf: self.base.sf(x) }
    }

    /// True where a tail of the base stays whole: an infinite bound of an infinite support.
    fn is_open(&self) -> bool {
        self.least == f64::NEG_INFINITY || self.greatest == f64::INFINITY
    }

    /// ∫ g(Q(u)) du, in parts where the density has corners inside, and where a tail falls far: each part then spans no
    /// more than the range that the rule of integration resolves.
    fn integral(&self, g: impl Fn(f64) -> f64) -> f64 {
        let mut from = Tails { cdf: 0.0, sf: 1.0 };
        let mut total = 0.0;
        let mut add = |from: Tails, to: Tails| {
            let width = from.until(to);
            if width > 0.0 {
                total += width
                    * integrate_tails(|lower, upper| {
                        g(self.inverse(from.cdf + width * lower, to.sf + width * upper))
                    });
            }
        };
        for edge in self.edges() {
            let to = Tails { cdf: self.cdf(edge), sf: self.sf(edge) };
            add(from, to);
            from = to;
        }
        total
    }

    /// Where the parts of an integral end, in rising order, the greatest value last.
    fn edges(&self) -> Vec<f64> {
        let mut edges = self.corners();
        for (tail, is_lower) in [(self.from.cdf, true), (self.to.sf, false)] {
            let mut share = tail * FALL;
            while tail > 0.0 && share < self.mass {
                edges.push(if is_lower {
                    self.base.inverse(share, 1.0 - share)
                } else {
                    self.base.inverse(1.0 - share, share)
                });
                share *= FALL;
            }
        }
        edges.retain(|x| self.least < *x && *x < self.greatest);
        edges.push(self.greatest);
        edges.sort_by(f64::total_cmp);
        edges.dedup();
        edges
    }
}

/// Times a tail falls within a part of an integral.
const FALL: f64 = 1e6;

impl Family for Truncated {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        let (lower, upper) = (self.from.cdf + lower * self.mass, self.to.sf + upper * self.mass);
        // An open tail stays finite where u·m falls below the range of numbers; a sum that rounding takes above 1 is 1.
        let (lower, upper) = (lower.clamp(f64::MIN_POSITIVE, 1.0), upper.clamp(f64::MIN_POSITIVE, 1.0));
        self.base.inverse(lower, upper).clamp(self.least, self.greatest)
    }

    fn cdf(&self, x: f64) -> f64 {
        if x < self.least {
            0.0
        } else if x >= self.greatest {
            1.0
        } else {
            (self.from.until(self.tails(x)) / self.mass).min(1.0)
        }
    }

    fn sf(&self, x: f64) -> f64 {
        if x < self.least {
            1.0
        } else if x >= self.greatest {
            0.0
        } else {
            (self.tails(x).until(self.to) / self.mass).min(1.0)
        }
    }

    fn density(&self, x: f64) -> f64 {
        if self.least <= x && x <= self.greatest { self.base.density(x) / self.mass } else { 0.0 }
    }

    fn mean(&self) -> Option<f64> {
        if self.base.mean().is_none() && self.is_open() {
            return None;
        }
        // Counted from the median, so that a law far from 0 loses no digits in the sum.
        let median = self.inverse(0.5, 0.5);
        Some(match self.base.sums(self.least, self.greatest, median) {
            Some(sums) if sums[0] > 0.0 => median + sums[1] / sums[0],
            _ => median + self.integral(|x| x - median),
        })
    }

    fn variance(&self) -> Option<f64> {
        if self.base.variance().is_none() && self.is_open() {
            return None;
        }
        let mean = self.mean()?;
        Some(match self.base.sums(self.least, self.greatest, mean) {
            Some(sums) if sums[0] > 0.0 => sums[2] / sums[0],
            _ => self.integral(|x| (x - mean) * (x - mean)),
        })
    }

    fn support(&self) -> (f64, f64) {
        (self.least, self.greatest)
    }

    fn corners(&self) -> Vec<f64> {
        let inside = |x: &f64| *x > self.least && *x < self.greatest;
        self.base.corners().into_iter().filter(inside).collect()
    }

    fn is_discrete(&self) -> bool {
        self.base.is_discrete()
    }

    fn has_atoms(&self) -> bool {
        self.base.has_atoms()
    }

    fn probability(&self, x: f64) -> f64 {
        if self.least <= x && x <= self.greatest { self.base.probability(x) / self.mass } else { 0.0 }
    }

    fn point_from(&self, x: f64) -> f64 {
        let point = self.base.point_from(x.max(self.least));
        if point <= self.greatest { point } else { f64::INFINITY }
    }

    fn point_until(&self, x: f64) -> f64 {
        let point = self.base.point_until(x.min(self.greatest));
        if point >= self.least { point } else { f64::NEG_INFINITY }
    }

    fn sums(&self, from: f64, to: f64, about: f64) -> Option<[f64; 3]> {
        let sums = self.base.sums(from.max(self.least), to.min(self.greatest), about)?;
        Some(sums.map(|sum| sum / self.mass))
    }
}

#[cfg(test)]
mod tests {
    use super::Truncated;
    use crate::distribution::{
        Bernoulli, Beta, Binomial, Constant, Discrete, Exponential, Family, Gamma, Gumbel, Laplace, Law,
        Lognormal, Normal, ParameterError, Poisson, StudentT, Trapezoidal, Triangular, Uniform, laws,
        reference,
    };

    const INF: f64 = f64::INFINITY;

    fn truncated(base: impl Into<Law>, min: f64, max: f64) -> Result<Truncated, ParameterError> {
        Truncated::new(base.into(), min, max)
    }

    #[test]
    fn the_laws_hold() {
        laws::hold(&truncated(Normal::new(0.0, 1.0).unwrap(), -1.0, 2.0).unwrap());
        laws::hold(&truncated(Normal::new(5.0, 2.0).unwrap(), -INF, 4.0).unwrap());
        laws::hold(&truncated(Lognormal::new(1.0, 0.5).unwrap(), 0.0, 10.0).unwrap());
        laws::hold(&truncated(Gumbel::new(1013.0, 558.0).unwrap(), -1.0, INF).unwrap());
        laws::hold(&truncated(Triangular::new(49.0, 50.0, 51.0).unwrap(), 49.5, 50.7).unwrap());
        laws::hold(&truncated(Laplace::new(2.0, 0.5).unwrap(), 1.0, INF).unwrap());
        laws::hold(&truncated(Trapezoidal::new(1.0, 2.0, 4.0, 8.0).unwrap(), 1.5, 7.0).unwrap());
        laws::hold(
            &truncated(Discrete::new(&[(1.0, 0.2), (2.5, 0.5), (4.0, 0.3)]).unwrap(), 2.0, 9.0).unwrap(),
        );
    }

    #[test]
    fn agrees_with_the_reference() {
        // The parameters of the base are followed by min and max.
        // Probabilities are differences here: the relative 1e-12 of the base becomes absolute.
        let bounds = reference::Bounds { probability: 1e-12, moments: 1e-10 };
        reference::check_within(&bounds, "truncated_normal", |p| {
            truncated(Normal::new(p[0], p[1])?, p[2], p[3])
        });
        reference::check_within(&bounds, "truncated_gumbel", |p| {
            truncated(Gumbel::new(p[0], p[1])?, p[2], p[3])
        });
        reference::check_within(&bounds, "truncated_exponential", |p| {
            truncated(Exponential::new(p[0])?, p[1], p[2])
        });
    }

    #[test]
    fn moments_have_closed_forms_to_agree_with() {
        let close = |got: Option<f64>, expected: f64| {
            let got = got.unwrap();
            assert!((got / expected - 1.0).abs() < 1e-10, "{got} {expected}");
        };
        // An exponential law beyond a point starts anew there; a uniform one stays uniform.
        let law = truncated(Exponential::new(3.0).unwrap(), 600.0, INF).unwrap();
        close(law.mean(), 603.0);
        close(law.variance(), 9.0);
        let law = truncated(Uniform::new(-1.0, 9.0).unwrap(), 2.0, 20.0).unwrap();
        close(law.mean(), 5.5);
        close(law.variance(), 49.0 / 12.0);
        // Right-angled triangle on [0.5, 1] left of the mode: density 2x / 0.75.
        let law = truncated(Triangular::new(0.0, 1.0, 4.0).unwrap(), 0.5, 1.0).unwrap();
        close(law.mean(), (2.0 / 3.0) * (1.0 - 0.125) / 0.75);
        let law = truncated(Discrete::new(&[(1.0, 1.0), (2.0, 1.0), (4.0, 2.0)]).unwrap(), 1.5, 5.0).unwrap();
        close(law.mean(), 10.0 / 3.0);
        close(law.variance(), 8.0 / 9.0);
    }

    #[test]
    fn a_discrete_base_keeps_the_ends_of_the_interval() {
        let law = truncated(Discrete::new(&[(1.0, 1.0), (2.0, 1.0), (3.0, 2.0)]).unwrap(), 1.0, 2.0).unwrap();
        assert_eq!((law.density(1.0), law.density(2.0), law.density(3.0)), (0.5, 0.5, 0.0));
        assert_eq!((law.quantile(1e-300), law.quantile(0.5), law.quantile(0.6)), (1.0, 1.0, 2.0));
        let law = truncated(Bernoulli::new(0.1).unwrap(), 0.5, INF).unwrap();
        assert_eq!((law.quantile(1e-300), law.support()), (1.0, (1.0, 1.0)));
        assert_eq!(truncated(Constant::new(2.0).unwrap(), 1.0, 3.0).unwrap().quantile(0.3), 2.0);
    }

    #[test]
    fn truncating_twice_is_truncating_to_the_intersection() {
        let normal = Normal::new(0.0, 1.0).unwrap();
        let twice = truncated(Law::Truncated(Box::new(truncated(normal, -1.0, 3.0).unwrap())), 0.5, 9.0);
        assert_eq!(twice, truncated(normal, 0.5, 3.0));
    }

    #[test]
    fn empty_intervals_are_refused() {
        let normal = Normal::new(0.0, 1.0).unwrap();
        for (min, max, parameter) in [
            (1.0, 1.0, "min"),
            (2.0, 1.0, "min"),
            (f64::NAN, 1.0, "min"),
            (0.0, f64::NAN, "max"),
            (50.0, INF, "min"),
        ] {
            assert_eq!(truncated(normal, min, max).unwrap_err().parameter, parameter, "[{min}, {max}]");
        }
        assert!(truncated(Uniform::new(0.0, 1.0).unwrap(), 1.0, 2.0).is_err());
        assert!(truncated(Uniform::new(0.0, 1.0).unwrap(), 2.0, 3.0).is_err());
        assert!(truncated(Bernoulli::new(0.5).unwrap(), 0.2, 0.8).is_err());
        assert!(truncated(Constant::new(0.5).unwrap(), 0.6, 0.8).is_err());
    }

    #[test]
    fn the_laws_hold_for_lattices_and_special_functions() {
        laws::hold(&truncated(Poisson::new(3.0).unwrap(), 0.5, 6.5).unwrap());
        laws::hold(&truncated(Poisson::new(3.0).unwrap(), 8.0, INF).unwrap());
        laws::hold(&truncated(Binomial::new(40.0, 0.15).unwrap(), 1.0, INF).unwrap());
        laws::hold(&truncated(Gamma::new(0.3, 1.0).unwrap(), 0.0, 2.0).unwrap());
        laws::hold(&truncated(Beta::new(2.0, 5.0, 0.0, 1.0).unwrap(), 0.1, 0.9).unwrap());
        laws::hold(&truncated(StudentT::new(2.5, 0.0, 1.0).unwrap(), -1.0, INF).unwrap());
    }

    #[test]
    fn a_heavy_tail_has_no_moments_until_it_is_cut() {
        let cauchy = StudentT::new(1.0, 0.0, 1.0).unwrap();
        assert_eq!(truncated(cauchy, -1.0, INF).unwrap().mean(), None);
        let cut = truncated(cauchy, -1.0, 1.0).unwrap();
        laws::hold(&cut);
        // ∫ x² / (1 + x²) over [−1, 1], over that of 1 / (1 + x²): 4 / π − 1.
        assert!((cut.variance().unwrap() / (4.0 / std::f64::consts::PI - 1.0) - 1.0).abs() < 1e-10);
    }

    #[test]
    fn a_lattice_of_many_points_is_summed_in_strides() {
        // Above its mean λ a Poisson law has the mean λ + λ p(λ) / P(X ≥ λ); both values from 40 digits.
        let law = truncated(Poisson::new(1e14).unwrap(), 1e14, INF).unwrap();
        let (mean, variance) = (law.mean().unwrap(), law.variance().unwrap());
        assert!((mean - 1e14 - 7_978_845.395_822_062).abs() < 0.02, "{}", mean - 1e14);
        assert!((variance / 36_338_026_149_569.09 - 1.0).abs() < 1e-10, "{variance}");
    }
}
