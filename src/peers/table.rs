//! Which family is which law of `statrs` and of `rand_distr`, and with which parameters: one row a family.

use rand_distr as drawing;
use statrs::distribution as exact;

use super::draws::{Draws, drawn};
use super::exact::{Exact, continuous, counting, counting_beyond};
use crate::distribution::Law;

/// The law of these parameters; `None` where they are refused.
pub type LawOf = fn(&[f64]) -> Option<Exact>;

/// Draws of these parameters by a generator with this seed; `None` as above.
pub type DrawsOf = fn(&[f64], u64) -> Option<Draws>;

/// One row of [`PEERS`].
#[derive(Debug)]
pub struct Peer {
    /// As the language spells it.
    pub family: &'static str,
    /// The parameters of a law of this family, in the order of its first form; `None` for other laws.
    pub parameters: fn(&Law) -> Option<Vec<f64>>,
    /// Whether statrs is good to [`super::BOUND`] for these parameters, and rand_distr draws from the law.
    pub is_known: fn(&[f64]) -> bool,
    /// The law of statrs; `None` where it has no such family.
    pub statrs: Option<LawOf>,
    /// Draws of rand_distr; `None` as above.
    pub rand_distr: Option<DrawsOf>,
}

/// The row of a family.
pub fn peer(family: &str) -> Option<&'static Peer> {
    PEERS.iter().find(|peer| peer.family == family)
}

/// The row that a law has, and its parameters. A chi-squared law is a gamma law in riskband, and so it is here.
pub fn peer_of(law: &Law) -> Option<(&'static Peer, Vec<f64>)> {
    PEERS.iter().find_map(|peer| Some((peer, (peer.parameters)(law)?)))
}

macro_rules! parameters {
    ($family:ident) => {
        |law| match law {
            Law::$family(law) => Some(law.parameters().to_vec()),
            _ => None,
        }
    };
}

/// Families that statrs or rand_distr has, in alphabetical order.
pub static PEERS: &[Peer] = &[
    Peer {
        family: "arcsine",
        parameters: parameters!(Arcsine),
        is_known: always,
        statrs: Some(|p| Some(continuous(exact::Beta::new(0.5, 0.5))?.moved(p[0], p[1] - p[0]))),
        rand_distr: Some(|p, seed| between(drawing::Beta::new(0.5, 0.5), seed, p[0], p[1])),
    },
    Peer {
        family: "bernoulli",
        parameters: parameters!(Bernoulli),
        is_known: always,
        statrs: Some(|p| counting(exact::Bernoulli::new(p[0]))),
        rand_distr: Some(|p, seed| drawn(drawing::Bernoulli::new(p[0]), seed, |x| f64::from(u8::from(x)))),
    },
    Peer {
        family: "beta",
        parameters: |law| match law {
            Law::Beta(law) => Some([<[f64; 2]>::from(law.shapes()), law.bounds().into()].concat()),
            _ => None,
        },
        is_known: |p| are_usual(&p[..2]),
        statrs: Some(|p| Some(continuous(exact::Beta::new(p[0], p[1]))?.moved(p[2], p[3] - p[2]))),
        rand_distr: Some(|p, seed| between(drawing::Beta::new(p[0], p[1]), seed, p[2], p[3])),
    },
    Peer {
        family: "binomial",
        parameters: parameters!(Binomial),
        is_known: |p| p[0] <= 1e5,
        statrs: Some(|p| counting(exact::Binomial::new(p[1], p[0] as u64))),
        rand_distr: Some(|p, seed| drawn(drawing::Binomial::new(p[0] as u64, p[1]), seed, whole)),
    },
    Peer {
        family: "cauchy",
        parameters: parameters!(Cauchy),
        is_known: always,
        statrs: Some(|p| continuous(exact::Cauchy::new(p[0], p[1]))),
        rand_distr: Some(|p, seed| drawn(drawing::Cauchy::new(p[0], p[1]), seed, same)),
    },
    Peer {
        family: "discrete",
        parameters: |law| match law {
            Law::Discrete(law) => Some(law.pairs().flat_map(|(value, weight)| [value, weight]).collect()),
            _ => None,
        },
        is_known: always,
        statrs: Some(categorical),
        rand_distr: Some(|p, seed| {
            let values: Vec<f64> = p.iter().copied().step_by(2).collect();
            let law =
                drawing::weighted::WeightedAliasIndex::new(p.iter().copied().skip(1).step_by(2).collect());
            drawn(law, seed, move |index: usize| values[index])
        }),
    },
    Peer {
        family: "exponential",
        parameters: parameters!(Exponential),
        is_known: always,
        statrs: Some(|p| continuous(exact::Exp::new(1.0 / p[0]))),
        rand_distr: Some(|p, seed| drawn(drawing::Exp::new(1.0 / p[0]), seed, same)),
    },
    Peer {
        family: "f",
        parameters: parameters!(F),
        is_known: |p| (1.0..=200.0).contains(&p[0]) && (4.0..=200.0).contains(&p[1]),
        statrs: Some(|p| continuous(exact::FisherSnedecor::new(p[0], p[1]))),
        rand_distr: Some(|p, seed| drawn(drawing::FisherF::new(p[0], p[1]), seed, same)),
    },
    Peer {
        family: "frechet",
        parameters: parameters!(Frechet),
        is_known: always,
        statrs: None,
        rand_distr: Some(|p, seed| drawn(drawing::Frechet::new(p[2], p[1], p[0]), seed, same)),
    },
    Peer {
        family: "gamma",
        parameters: parameters!(Gamma),
        is_known: |p| (0.5..=1e5).contains(&p[0]),
        // Of scale 1, as statrs searches quantiles up to an absolute error.
        statrs: Some(|p| Some(continuous(exact::Gamma::new(p[0], 1.0))?.moved(0.0, p[1]))),
        rand_distr: Some(|p, seed| drawn(drawing::Gamma::new(p[0], p[1]), seed, same)),
    },
    Peer {
        family: "geometric",
        parameters: parameters!(Geometric),
        is_known: |p| p[0] <= 0.999,
        // That of statrs counts the success too.
        statrs: Some(|p| Some(counting(exact::Geometric::new(p[0]))?.moved(-1.0, 1.0))),
        rand_distr: Some(|p, seed| drawn(drawing::Geometric::new(p[0]), seed, whole)),
    },
    Peer {
        family: "gumbel",
        parameters: parameters!(Gumbel),
        is_known: always,
        statrs: Some(|p| continuous(exact::Gumbel::new(p[0], p[1]))),
        rand_distr: Some(|p, seed| drawn(drawing::Gumbel::new(p[0], p[1]), seed, same)),
    },
    Peer {
        family: "hypergeometric",
        parameters: parameters!(Hypergeometric),
        is_known: |p| p[0] <= 1e4,
        statrs: Some(|p| counting(exact::Hypergeometric::new(p[0] as u64, p[1] as u64, p[2] as u64))),
        rand_distr: Some(|p, seed| {
            drawn(drawing::Hypergeometric::new(p[0] as u64, p[1] as u64, p[2] as u64), seed, whole)
        }),
    },
    Peer {
        family: "inverse_gaussian",
        parameters: parameters!(InverseGaussian),
        is_known: |p| p[1] >= 1e-3 * p[0],
        statrs: None,
        rand_distr: Some(|p, seed| drawn(drawing::InverseGaussian::new(p[0], p[1]), seed, same)),
    },
    Peer {
        family: "laplace",
        parameters: parameters!(Laplace),
        is_known: always,
        statrs: Some(|p| continuous(exact::Laplace::new(p[0], p[1]))),
        rand_distr: None,
    },
    Peer {
        family: "lognormal",
        parameters: parameters!(Lognormal),
        is_known: |p| p[1] >= 1e-3,
        statrs: Some(|p| continuous(exact::LogNormal::new(p[0], p[1]))),
        rand_distr: Some(|p, seed| drawn(drawing::LogNormal::new(p[0], p[1]), seed, same)),
    },
    Peer {
        family: "negative_binomial",
        parameters: parameters!(NegativeBinomial),
        is_known: |p| p[0] <= 1e3 && p[1] >= 1e-3,
        statrs: Some(|p| counting_beyond(exact::NegativeBinomial::new(p[0], p[1]))),
        rand_distr: None,
    },
    Peer {
        family: "normal",
        parameters: parameters!(Normal),
        is_known: always,
        statrs: Some(|p| continuous(exact::Normal::new(p[0], p[1]))),
        rand_distr: Some(|p, seed| drawn(drawing::Normal::new(p[0], p[1]), seed, same)),
    },
    Peer {
        family: "pareto",
        parameters: parameters!(Pareto),
        is_known: always,
        statrs: Some(|p| continuous(exact::Pareto::new(p[1], p[0]))),
        rand_distr: Some(|p, seed| drawn(drawing::Pareto::new(p[1], p[0]), seed, same)),
    },
    Peer {
        family: "pert",
        parameters: |law| match law {
            Law::Pert(law) => {
                let ((alpha, beta), (a, b)) = (law.as_beta().shapes(), law.as_beta().bounds());
                let shape = alpha + beta - 2.0;
                Some(vec![a, a + (alpha - 1.0) / shape * (b - a), b, shape])
            }
            _ => None,
        },
        is_known: |p| are_usual(&pert_shapes(p)),
        statrs: Some(|p| {
            let [rise, fall] = pert_shapes(p);
            Some(continuous(exact::Beta::new(rise, fall))?.moved(p[0], p[2] - p[0]))
        }),
        rand_distr: Some(|p, seed| {
            drawn(drawing::Pert::new(p[0], p[2]).with_shape(p[3]).with_mode(p[1]), seed, same)
        }),
    },
    Peer {
        family: "poisson",
        parameters: parameters!(Poisson),
        is_known: |p| p[0] <= 1e6,
        statrs: Some(|p| counting(exact::Poisson::new(p[0]))),
        rand_distr: Some(|p, seed| drawn(drawing::Poisson::new(p[0]), seed, same)),
    },
    Peer {
        family: "rayleigh",
        parameters: parameters!(Rayleigh),
        is_known: always,
        // A Weibull law of shape 2.
        statrs: Some(|p| continuous(exact::Weibull::new(2.0, p[0] * std::f64::consts::SQRT_2))),
        rand_distr: Some(|p, seed| {
            drawn(drawing::Weibull::new(p[0] * std::f64::consts::SQRT_2, 2.0), seed, same)
        }),
    },
    Peer {
        family: "skew_normal",
        parameters: parameters!(SkewNormal),
        is_known: always,
        statrs: None,
        rand_distr: Some(|p, seed| drawn(drawing::SkewNormal::new(p[0], p[1], p[2]), seed, same)),
    },
    Peer {
        family: "student_t",
        parameters: parameters!(StudentT),
        is_known: |p| (2.0..=1e4).contains(&p[0]),
        statrs: Some(|p| Some(continuous(exact::StudentsT::new(0.0, 1.0, p[0]))?.moved(p[1], p[2]))),
        rand_distr: Some(|p, seed| between(drawing::StudentT::new(p[0]), seed, p[1], p[1] + p[2])),
    },
    Peer {
        family: "triangular",
        parameters: parameters!(Triangular),
        is_known: |p| p[2] - p[0] >= 1e-100,
        statrs: Some(|p| {
            let width = p[2] - p[0];
            Some(continuous(exact::Triangular::new(0.0, 1.0, (p[1] - p[0]) / width))?.moved(p[0], width))
        }),
        rand_distr: Some(|p, seed| drawn(drawing::Triangular::new(p[0], p[2], p[1]), seed, same)),
    },
    Peer {
        family: "uniform",
        parameters: parameters!(Uniform),
        is_known: always,
        statrs: Some(|p| continuous(exact::Uniform::new(p[0], p[1]))),
        rand_distr: Some(|p, seed| drawn(drawing::Uniform::new(p[0], p[1]), seed, same)),
    },
    Peer {
        family: "uniform_int",
        parameters: parameters!(UniformInt),
        is_known: always,
        statrs: Some(|p| {
            use {exact::DiscreteCDF, statrs::statistics::Distribution};
            let law = exact::DiscreteUniform::new(p[0] as i64, p[1] as i64).ok()?;
            let moments = [law.mean(), law.variance()];
            Some(Exact::new(
                law,
                moments,
                |l, x| l.cdf(x as i64),
                |l, x| l.sf(x as i64),
                |l, u| l.inverse_cdf(u) as f64,
            ))
        }),
        rand_distr: Some(|p, seed| {
            drawn(drawing::Uniform::new_inclusive(p[0] as i64, p[1] as i64), seed, |x| x as f64)
        }),
    },
    Peer {
        family: "weibull",
        parameters: parameters!(Weibull),
        is_known: |p| p[0] <= 1e3,
        statrs: Some(|p| Some(continuous(exact::Weibull::new(p[0], 1.0))?.moved(0.0, p[1]))),
        rand_distr: Some(|p, seed| drawn(drawing::Weibull::new(p[1], p[0]), seed, same)),
    },
    Peer {
        family: "zipf",
        parameters: parameters!(Zipf),
        is_known: always,
        statrs: None,
        rand_distr: Some(|p, seed| drawn(drawing::Zipf::new(p[1], p[0]), seed, same)),
    },
];

fn always(_: &[f64]) -> bool {
    true
}

/// Shapes of beta laws for which the incomplete beta function of statrs and its inverse hold.
fn are_usual(shapes: &[f64]) -> bool {
    shapes.iter().all(|shape| (0.5..=300.0).contains(shape))
}

/// The two shapes of a PERT law as a beta law.
fn pert_shapes(p: &[f64]) -> [f64; 2] {
    let (width, shape) = (p[2] - p[0], p[3]);
    [1.0 + shape * (p[1] - p[0]) / width, 1.0 + shape * (p[2] - p[1]) / width]
}

fn same(x: f64) -> f64 {
    x
}

fn whole(x: u64) -> f64 {
    x as f64
}

/// Draws of a law on [0, 1], or around 0, put where 0 is `from` and 1 is `to`.
fn between<E>(
    law: Result<impl drawing::Distribution<f64> + Send + 'static, E>,
    seed: u64,
    from: f64,
    to: f64,
) -> Option<Draws> {
    drawn(law, seed, move |x| from + (to - from) * x)
}

/// Values, each with its weight, by the law of their places; statrs tells no moments of the values.
fn categorical(p: &[f64]) -> Option<Exact> {
    let (values, weights): (Vec<f64>, Vec<f64>) = p.chunks_exact(2).map(|pair| (pair[0], pair[1])).unzip();
    let places = counting(exact::Categorical::new(&weights))?;
    let place = values.clone();
    let at = move |x: f64| place.partition_point(|&value| value <= x).checked_sub(1);
    let before = at.clone();
    Some(Exact {
        cdf: Box::new(move |x| at(x).map_or(0.0, |place| (places.cdf)(place as f64))),
        sf: Box::new(move |x| before(x).map_or(1.0, |place| (places.sf)(place as f64))),
        quantile: Box::new(move |u| values[(places.quantile)(u) as usize]),
        mean: None,
        variance: None,
    })
}
