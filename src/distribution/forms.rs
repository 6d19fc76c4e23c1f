//! The parametrisations of every family, as the table of families lists them.

use super::parameters::*;
use super::solve::families;
use super::{
    Arguments, Bernoulli, Constant, Discrete, Exponential, Form, Gumbel, Law, Lognormal, Normal, Triangular,
    Uniform, Weibull,
};
use super::{Beta, Binomial, Gamma, ParameterError, Pert, Poisson, StudentT, ensure};

pub(super) static BERNOULLI: &[Form] = &[
    Form { arguments: Arguments::Named(&[P]), build: |x| Bernoulli::new(x[0]).map(Law::from) },
    families::BERNOULLI,
];

pub(super) static BETA: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[
            required("alpha", "first shape: pulls towards the greatest value"),
            required("beta", "second shape: pulls towards the least value"),
            optional("a", 0.0, "least value"),
            optional("b", 1.0, "greatest value"),
        ]),
        build: |x| between(&x[2..], |b| Beta::new(x[0], x[1], b[0], b[1])),
    },
    families::BETA,
];

pub(super) static BINOMIAL: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[
            required("n", "number of trials"),
            required("p", "probability of success in one trial"),
        ]),
        build: |x| Binomial::new(x[0], x[1]).map(Law::from),
    },
    families::BINOMIAL,
];

pub(super) static CONSTANT: &[Form] = &[Form {
    arguments: Arguments::Named(&[required("x", "the value")]),
    build: |x| Constant::new(x[0]).map(Law::from),
}];

pub(super) static DISCRETE: &[Form] = &[Form {
    arguments: Arguments::Map { key: "value", value: "weight" },
    build: |x| Discrete::from_flat(x).map(Law::from),
}];

pub(super) static EXPONENTIAL: &[Form] = &[
    Form { arguments: Arguments::Named(&[MEAN]), build: |x| Exponential::new(x[0]).map(Law::from) },
    Form {
        arguments: Arguments::Named(&[required("rate", "events per unit: 1 / mean")]),
        build: |x| Exponential::from_rate(x[0]).map(Law::from),
    },
    families::EXPONENTIAL,
];

pub(super) static GAMMA: &[Form] = &[
    Form { arguments: Arguments::Named(&[SHAPE, SCALE]), build: |x| Gamma::new(x[0], x[1]).map(Law::from) },
    Form {
        arguments: Arguments::Named(&[MEAN, SD]),
        build: |x| gamma_of_mean_cv(x[0], "sd", x[1], x[1] / x[0]),
    },
    Form { arguments: Arguments::Named(&[MEAN, CV]), build: |x| gamma_of_mean_cv(x[0], "cv", x[1], x[1]) },
    families::GAMMA,
];

/// Gamma law of shape 1 / cv² and scale mean · cv²; `given` is what `parameter` was said to be.
fn gamma_of_mean_cv(mean: f64, parameter: &'static str, given: f64, cv: f64) -> Result<Law, ParameterError> {
    ensure(mean > 0.0 && mean.is_finite(), "mean", mean, "be above 0 and finite")?;
    let (shape, scale) = (1.0 / (cv * cv), mean * (cv * cv));
    let representable = given > 0.0 && shape.is_finite() && shape > 0.0 && scale.is_finite() && scale > 0.0;
    ensure(representable, parameter, given, "be above 0 and finite; for a fixed value write `constant(x)`")?;
    Gamma::new(shape, scale).map(Law::from)
}

pub(super) static GUMBEL: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[LOCATION, SCALE]),
        build: |x| Gumbel::new(x[0], x[1]).map(Law::from),
    },
    families::GUMBEL,
];

pub(super) static LOGNORMAL: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[MEAN, SD]),
        build: |x| Lognormal::from_mean_sd(x[0], x[1]).map(Law::from),
    },
    Form {
        arguments: Arguments::Named(&[MEAN, CV]),
        build: |x| Lognormal::from_mean_cv(x[0], x[1]).map(Law::from),
    },
    Form { arguments: Arguments::Named(&[MU, SIGMA]), build: |x| Lognormal::new(x[0], x[1]).map(Law::from) },
    Form {
        arguments: Arguments::Named(&[MEDIAN, SIGMA]),
        build: |x| Lognormal::from_median_sigma(x[0], x[1]).map(Law::from),
    },
    Form {
        arguments: Arguments::Named(&[MEAN, SIGMA]),
        build: |x| Lognormal::from_mean_sigma(x[0], x[1]).map(Law::from),
    },
    Form {
        arguments: Arguments::Named(&[MEAN, MEDIAN]),
        build: |x| Lognormal::from_mean_median(x[0], x[1]).map(Law::from),
    },
    Form {
        arguments: Arguments::Named(&[MEAN, MODE]),
        build: |x| Lognormal::from_mean_mode(x[0], x[1]).map(Law::from),
    },
    Form {
        arguments: Arguments::Named(&[MEDIAN, SD]),
        build: |x| Lognormal::from_median_sd(x[0], x[1]).map(Law::from),
    },
    Form {
        arguments: Arguments::Named(&[MEDIAN, CV]),
        build: |x| Lognormal::from_median_cv(x[0], x[1]).map(Law::from),
    },
    Form {
        arguments: Arguments::Named(&[PERCENTILE, PERCENTILE]),
        build: |x| Lognormal::from_percentiles((x[0], x[1]), (x[2], x[3])).map(Law::from),
    },
    Form {
        arguments: Arguments::Named(&[MEDIAN, PERCENTILE]),
        build: |x| Lognormal::from_median_percentile(x[0], (x[1], x[2])).map(Law::from),
    },
    Form {
        arguments: Arguments::Named(&[MEAN, PERCENTILE]),
        build: |x| Lognormal::from_mean_percentile(x[0], (x[1], x[2])).map(Law::from),
    },
    Form {
        arguments: Arguments::Named(&[SIGMA, PERCENTILE]),
        build: |x| Lognormal::from_sigma_percentile(x[0], (x[1], x[2])).map(Law::from),
    },
    Form {
        arguments: Arguments::Named(&[MU, PERCENTILE]),
        build: |x| Lognormal::from_mu_percentile(x[0], (x[1], x[2])).map(Law::from),
    },
    Form {
        arguments: Arguments::Named(&[CV, PERCENTILE]),
        build: |x| Lognormal::from_cv_percentile(x[0], (x[1], x[2])).map(Law::from),
    },
    families::LOGNORMAL,
];

pub(super) static NORMAL: &[Form] = &[
    Form { arguments: Arguments::Named(&[MEAN, SD]), build: |x| Normal::new(x[0], x[1]).map(Law::from) },
    Form {
        arguments: Arguments::Named(&[MEAN, CV]),
        build: |x| Normal::from_mean_cv(x[0], x[1]).map(Law::from),
    },
    Form { arguments: Arguments::Named(&[MEDIAN, SD]), build: |x| Normal::new(x[0], x[1]).map(Law::from) },
    Form {
        arguments: Arguments::Named(&[PERCENTILE, PERCENTILE]),
        build: |x| Normal::from_percentiles((x[0], x[1]), (x[2], x[3])).map(Law::from),
    },
    Form {
        arguments: Arguments::Named(&[MEAN, PERCENTILE]),
        build: |x| Normal::from_mean_percentile(x[0], (x[1], x[2])).map(Law::from),
    },
    Form {
        arguments: Arguments::Named(&[MEDIAN, PERCENTILE]),
        build: |x| Normal::from_mean_percentile(x[0], (x[1], x[2])).map(Law::from),
    },
    Form {
        arguments: Arguments::Named(&[SD, PERCENTILE]),
        build: |x| Normal::from_sd_percentile(x[0], (x[1], x[2])).map(Law::from),
    },
    families::NORMAL,
];

pub(super) static PERT: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[
            LEAST,
            MODE,
            GREATEST,
            optional("shape", 4.0, "weight of the mode against the bounds; higher is narrower"),
        ]),
        build: |x| between(&x[..3], |b| Pert::new(b[0], b[1], b[2], x[3])),
    },
    families::PERT,
];

pub(super) static POISSON: &[Form] = &[
    Form { arguments: Arguments::Named(&[MEAN]), build: |x| Poisson::new(x[0]).map(Law::from) },
    families::POISSON,
];

pub(super) static STUDENT_T: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[
            required("df", "degrees of freedom; fewer make heavier tails"),
            optional("location", 0.0, "most likely value"),
            optional("scale", 1.0, "scale, in the unit of the input"),
        ]),
        build: |x| StudentT::new(x[0], x[1], x[2]).map(Law::from),
    },
    families::STUDENT_T,
];

pub(super) static TRIANGULAR: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[LEAST, MODE, GREATEST]),
        build: |x| between(x, |b| Triangular::new(b[0], b[1], b[2])),
    },
    families::TRIANGULAR,
];

pub(super) static UNIFORM: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[LEAST, GREATEST]),
        build: |x| between(x, |b| Uniform::new(b[0], b[1])),
    },
    families::UNIFORM,
];

pub(super) static WEIBULL: &[Form] = &[
    Form { arguments: Arguments::Named(&[SHAPE, SCALE]), build: |x| Weibull::new(x[0], x[1]).map(Law::from) },
    families::WEIBULL,
];
