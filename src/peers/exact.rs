//! A law of `statrs`: its functions and moments, whatever its type.

use std::sync::Arc;

use statrs::distribution::{ContinuousCDF, DiscreteCDF};
use statrs::statistics::{DiscreteDistribution, Distribution};

/// A function of a law.
pub type Function = Box<dyn Fn(f64) -> f64 + Send + Sync>;

/// A law of statrs.
pub struct Exact {
    pub cdf: Function,
    pub sf: Function,
    pub quantile: Function,
    /// Where it exists and statrs tells it.
    pub mean: Option<f64>,
    pub variance: Option<f64>,
}

impl std::fmt::Debug for Exact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Exact")
            .field("mean", &self.mean)
            .field("variance", &self.variance)
            .finish_non_exhaustive()
    }
}

impl Exact {
    /// From a law, its mean and variance and its three functions.
    pub fn new<L: Send + Sync + 'static>(
        law: L,
        moments: [Option<f64>; 2],
        cdf: fn(&L, f64) -> f64,
        sf: fn(&L, f64) -> f64,
        quantile: fn(&L, f64) -> f64,
    ) -> Exact {
        let [mean, variance] = moments.map(|moment| moment.filter(|moment| moment.is_finite()));
        let law = Arc::new(law);
        let (first, second) = (law.clone(), law.clone());
        Exact {
            cdf: Box::new(move |x| cdf(&first, x)),
            sf: Box::new(move |x| sf(&second, x)),
            quantile: Box::new(move |u| quantile(&law, u)),
            mean,
            variance,
        }
    }

    /// The law of by + scale · X, scale above 0.
    pub fn moved(self, by: f64, scale: f64) -> Exact {
        let Exact { cdf, sf, quantile, mean, variance } = self;
        Exact {
            cdf: Box::new(move |x| cdf((x - by) / scale)),
            sf: Box::new(move |x| sf((x - by) / scale)),
            quantile: Box::new(move |u| by + scale * quantile(u)),
            mean: mean.map(|mean| by + scale * mean),
            variance: variance.map(|variance| scale * scale * variance),
        }
    }
}

/// A continuous law; `None` where statrs refuses the parameters.
pub fn continuous<L, E>(law: Result<L, E>) -> Option<Exact>
where
    L: ContinuousCDF<f64, f64> + Distribution<f64> + Send + Sync + 'static,
{
    let law = law.ok()?;
    let moments = [law.mean(), law.variance()];
    Some(Exact::new(law, moments, L::cdf, L::sf, L::inverse_cdf))
}

/// A law on 0, 1, 2, …; `None` where statrs refuses the parameters.
pub fn counting<L, E>(law: Result<L, E>) -> Option<Exact>
where
    L: DiscreteCDF<u64, f64> + Distribution<f64> + Send + Sync + 'static,
{
    let law = law.ok()?;
    let moments = [law.mean(), law.variance()];
    Some(counting_with(law, moments))
}

/// The same of one that tells its moments by another trait.
pub fn counting_beyond<L, E>(law: Result<L, E>) -> Option<Exact>
where
    L: DiscreteCDF<u64, f64> + DiscreteDistribution<f64> + Send + Sync + 'static,
{
    let law = law.ok()?;
    let moments = [law.mean(), law.variance()];
    Some(counting_with(law, moments))
}

fn counting_with<L: DiscreteCDF<u64, f64> + Send + Sync + 'static>(
    law: L,
    moments: [Option<f64>; 2],
) -> Exact {
    let (cdf, sf) = (|law: &L, x: f64| law.cdf(x as u64), |law: &L, x: f64| law.sf(x as u64));
    Exact::new(law, moments, cdf, sf, |law, u| law.inverse_cdf(u) as f64)
}
