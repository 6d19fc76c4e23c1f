//! A family's name and parameters, as the reference files have them, and the law of each library.

use std::sync::Arc;

use riskband::distribution::{FAMILIES, Law, Lognormal};
use statrs::distribution::*;

/// Ours, with the parameters of the reference files.
pub fn ours(family: &str, p: &[f64]) -> Option<Law> {
    if family == "lognormal" {
        return Lognormal::new(p[0], p[1]).ok().map(Law::from);
    }
    let entry = FAMILIES.iter().find(|entry| entry.name == family)?;
    Some((entry.forms[0].build)(p).expect("parameters of a reference are in the domain"))
}

type Function = Box<dyn Fn(f64) -> f64 + Send + Sync>;

/// A law of statrs.
pub struct Theirs {
    pub cdf: Function,
    pub sf: Function,
    pub quantile: Function,
}

fn continuous<L, E>(law: Result<L, E>) -> Option<Arc<Theirs>>
where
    L: ContinuousCDF<f64, f64> + Send + Sync + 'static,
{
    let law = Arc::new(law.ok()?);
    let (cdf, sf) = (law.clone(), law.clone());
    Some(Arc::new(Theirs {
        cdf: Box::new(move |x| cdf.cdf(x)),
        sf: Box::new(move |x| sf.sf(x)),
        quantile: Box::new(move |p| law.inverse_cdf(p)),
    }))
}

fn discrete<L, E>(law: Result<L, E>) -> Option<Arc<Theirs>>
where
    L: DiscreteCDF<u64, f64> + Send + Sync + 'static,
{
    let law = Arc::new(law.ok()?);
    let (cdf, sf) = (law.clone(), law.clone());
    Some(Arc::new(Theirs {
        cdf: Box::new(move |x| cdf.cdf(x as u64)),
        sf: Box::new(move |x| sf.sf(x as u64)),
        quantile: Box::new(move |p| law.inverse_cdf(p) as f64),
    }))
}

/// That of statrs; `None` where it has no such family or refuses the parameters.
pub fn statrs(family: &str, p: &[f64]) -> Option<Arc<Theirs>> {
    match family {
        "bernoulli" => discrete(Bernoulli::new(p[0])),
        // On [0, 1] only.
        "beta" if p[2..] == [0.0, 1.0] => continuous(Beta::new(p[0], p[1])),
        "binomial" => discrete(Binomial::new(p[1], p[0] as u64)),
        "cauchy" => continuous(Cauchy::new(p[0], p[1])),
        "chi_squared" => continuous(ChiSquared::new(p[0])),
        "exponential" => continuous(Exp::new(1.0 / p[0])),
        "f" => continuous(FisherSnedecor::new(p[0], p[1])),
        "gamma" => continuous(Gamma::new(p[0], 1.0 / p[1])),
        "gumbel" => continuous(Gumbel::new(p[0], p[1])),
        "hypergeometric" => discrete(Hypergeometric::new(p[0] as u64, p[1] as u64, p[2] as u64)),
        "laplace" => continuous(Laplace::new(p[0], p[1])),
        "lognormal" => continuous(LogNormal::new(p[0], p[1])),
        "negative_binomial" => discrete(NegativeBinomial::new(p[0], p[1])),
        "normal" => continuous(Normal::new(p[0], p[1])),
        "pareto" => continuous(Pareto::new(p[1], p[0])),
        "poisson" => discrete(Poisson::new(p[0])),
        "student_t" => continuous(StudentsT::new(p[1], p[2], p[0])),
        "triangular" => continuous(Triangular::new(p[0], p[2], p[1])),
        "uniform" => continuous(Uniform::new(p[0], p[1])),
        "weibull" => continuous(Weibull::new(p[0], p[1])),
        _ => None,
    }
}
