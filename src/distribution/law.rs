//! One law of any family.

use super::{
    Arcsine, Bernoulli, Beta, BetaBinomial, Binomial, BoundedMetalog, Burr12, Cauchy, Constant, Cumulative,
    Discrete, Empirical, Exponential, F, Family, Frechet, Gamma, Geometric, Gev, Gpd, Gumbel, Hypergeometric,
    InverseGaussian, IrwinHall, JohnsonSb, JohnsonSu, Kumaraswamy, Laplace, Logarithmic, Logistic,
    Loglogistic, Lognormal, Metalog, Mixture, Moved, NegativeBinomial, Normal, Pareto, Pert, Piecewise,
    Poisson, Rayleigh, SkewNormal, Splice, StudentT, Trapezoidal, Triangular, Truncated, Uniform, UniformInt,
    Weibull, ZeroInflated, Zipf,
};

/// Declares [`Law`] with a variant for each family, and passes every question on to it.
macro_rules! laws_of {
    ($($(#[$doc:meta])* $family:ident($law:ty),)+) => {
        /// A law of any family of the scenario language.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Law {
            $($(#[$doc])* $family($law),)+
        }

        $(impl From<$law> for Law {
            fn from(law: $law) -> Self {
                Law::$family(law)
            }
        })+

        impl Family for Law {
            fn inverse(&self, lower: f64, upper: f64) -> f64 {
                match self {
                    $(Law::$family(law) => law.inverse(lower, upper),)+
                }
            }

            fn cdf(&self, x: f64) -> f64 {
                match self {
                    $(Law::$family(law) => law.cdf(x),)+
                }
            }

            fn sf(&self, x: f64) -> f64 {
                match self {
                    $(Law::$family(law) => law.sf(x),)+
                }
            }

            fn density(&self, x: f64) -> f64 {
                match self {
                    $(Law::$family(law) => law.density(x),)+
                }
            }

            fn mean(&self) -> Option<f64> {
                let mean = match self {
                    $(Law::$family(law) => law.mean(),)+
                };
                mean.filter(|mean| mean.is_finite())
            }

            fn variance(&self) -> Option<f64> {
                let (least, greatest) = self.support();
                if least == greatest {
                    // What rounding leaves of a difference of squares is no spread.
                    return Some(0.0);
                }
                let variance = match self {
                    $(Law::$family(law) => law.variance(),)+
                };
                // A square below the range of numbers is not known, unless there is no spread.
                let has_spread = || {
                    let (low, high) = (self.inverse(1e-12, 1.0 - 1e-12), self.inverse(1.0 - 1e-12, 1e-12));
                    low < high || self.mean().is_some_and(|mean| (mean - low).abs() > 1e-9 * low.abs())
                };
                variance.filter(|v| v.is_finite() && (*v >= f64::MIN_POSITIVE || !has_spread()))
            }

            fn support(&self) -> (f64, f64) {
                match self {
                    $(Law::$family(law) => law.support(),)+
                }
            }

            fn corners(&self) -> Vec<f64> {
                match self {
                    $(Law::$family(law) => law.corners(),)+
                }
            }

            fn is_discrete(&self) -> bool {
                match self {
                    $(Law::$family(law) => law.is_discrete(),)+
                }
            }

            fn has_atoms(&self) -> bool {
                match self {
                    $(Law::$family(law) => law.has_atoms(),)+
                }
            }

            fn probability(&self, x: f64) -> f64 {
                match self {
                    $(Law::$family(law) => law.probability(x),)+
                }
            }

            fn point_from(&self, x: f64) -> f64 {
                match self {
                    $(Law::$family(law) => law.point_from(x),)+
                }
            }

            fn point_until(&self, x: f64) -> f64 {
                match self {
                    $(Law::$family(law) => law.point_until(x),)+
                }
            }

            fn sums(&self, from: f64, to: f64, about: f64) -> Option<[f64; 3]> {
                match self {
                    $(Law::$family(law) => law.sums(from, to, about),)+
                }
            }
        }
    };
}

laws_of! {
    /// A quantity that swings between two bounds.
    Arcsine(Arcsine),
    /// Whether something happens.
    Bernoulli(Bernoulli),
    /// A smooth law through given percentiles, with bounds.
    BoundedMetalog(BoundedMetalog),
    /// A share, or any quantity between two bounds.
    Beta(Beta),
    /// Successes among trials of uncertain probability.
    BetaBinomial(BetaBinomial),
    /// Successes among independent trials.
    Binomial(Binomial),
    /// A positive quantity with a shape for each end.
    Burr12(Burr12),
    /// A bell too heavy in its tails for a mean.
    Cauchy(Cauchy),
    /// A value without uncertainty.
    Constant(Constant),
    /// A cdf drawn by hand.
    Cumulative(Cumulative),
    /// Given values with given weights.
    Discrete(Discrete),
    /// A sample of data.
    Empirical(Empirical),
    /// Waiting time at a constant rate.
    Exponential(Exponential),
    /// The ratio of two mean squares.
    F(F),
    /// The largest of many values with a heavy tail.
    Frechet(Frechet),
    /// A positive, right-skewed quantity.
    Gamma(Gamma),
    /// Failures before the first success.
    Geometric(Geometric),
    /// The largest of many values, whatever their tail.
    Gev(Gev),
    /// Excess over a threshold.
    Gpd(Gpd),
    /// The largest of many values.
    Gumbel(Gumbel),
    /// Successes among draws without replacement.
    Hypergeometric(Hypergeometric),
    /// The time a drifting random walk needs.
    InverseGaussian(InverseGaussian),
    /// A sum of uniform quantities.
    IrwinHall(IrwinHall),
    /// A normal score squeezed between two bounds.
    JohnsonSb(JohnsonSb),
    /// A normal score stretched to heavy tails.
    JohnsonSu(JohnsonSu),
    /// A share between two bounds, in closed form.
    Kumaraswamy(Kumaraswamy),
    /// An exponential fall on both sides of a peak.
    Laplace(Laplace),
    /// A count with many ones and a long tail.
    Logarithmic(Logarithmic),
    /// A bell with exponential tails.
    Logistic(Logistic),
    /// A positive quantity whose odds follow a power of it.
    Loglogistic(Loglogistic),
    /// A product of many small effects.
    Lognormal(Lognormal),
    /// A smooth law through percentiles.
    Metalog(Metalog),
    /// One of several laws.
    Mixture(Mixture),
    /// Another law, shifted or stretched.
    Moved(Box<Moved>),
    /// Failures before a number of successes.
    NegativeBinomial(NegativeBinomial),
    /// A sum of many small effects.
    Normal(Normal),
    /// Sizes above a least one, without a typical size.
    Pareto(Pareto),
    /// A smooth peak between two bounds.
    Pert(Pert),
    /// A density of straight pieces.
    Piecewise(Piecewise),
    /// Number of events at a constant rate.
    Poisson(Poisson),
    /// The distance from an aim missed in two directions.
    Rayleigh(Rayleigh),
    /// A bell with one side heavier.
    SkewNormal(SkewNormal),
    /// One law up to a point, another beyond.
    Splice(Box<Splice>),
    /// A bell with heavy tails.
    StudentT(StudentT),
    /// A straight rise, a flat top, a straight fall.
    Trapezoidal(Trapezoidal),
    /// A straight rise to a peak and a straight fall.
    Triangular(Triangular),
    /// Another law conditioned on an interval.
    Truncated(Box<Truncated>),
    /// Every value between two bounds equally likely.
    Uniform(Uniform),
    /// Every whole number between two bounds equally likely.
    UniformInt(UniformInt),
    /// Lifetimes whose failure rate follows a power of age.
    Weibull(Weibull),
    /// Another law, or nothing.
    ZeroInflated(Box<ZeroInflated>),
    /// A rank whose weight falls with a power of it.
    Zipf(Zipf),
}

impl From<Moved> for Law {
    fn from(law: Moved) -> Self {
        Law::Moved(Box::new(law))
    }
}

impl From<Splice> for Law {
    fn from(law: Splice) -> Self {
        Law::Splice(Box::new(law))
    }
}

impl From<ZeroInflated> for Law {
    fn from(law: ZeroInflated) -> Self {
        Law::ZeroInflated(Box::new(law))
    }
}

impl From<Truncated> for Law {
    fn from(law: Truncated) -> Self {
        Law::Truncated(Box::new(law))
    }
}

#[cfg(test)]
mod tests {
    use super::Law;
    use crate::distribution::{Family, Normal, Truncated};

    #[test]
    fn a_law_answers_as_its_family_does() {
        let normal = Normal::new(3.0, 2.0).unwrap();
        let law = Law::from(normal);
        assert_eq!(law.quantile(0.3), normal.quantile(0.3));
        assert_eq!(law.upper_quantile(1e-100), normal.upper_quantile(1e-100));
        assert_eq!(
            (law.cdf(4.0), law.sf(4.0), law.density(4.0)),
            (normal.cdf(4.0), normal.sf(4.0), normal.density(4.0))
        );
        assert_eq!(
            (law.mean(), law.variance(), law.support()),
            (normal.mean(), normal.variance(), normal.support())
        );
        let truncated = Truncated::new(law, 3.0, 5.0).unwrap();
        assert_eq!(Law::from(truncated.clone()).quantile(0.3), truncated.quantile(0.3));
    }
}
