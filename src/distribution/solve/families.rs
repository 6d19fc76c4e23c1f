//! The families that can be solved for, and the row of each in its forms.

use super::solvable::{Map, Role, Shape};
use super::solver::solve;
use super::{Known, Solvable};
use crate::distribution::chi_squared::chi_squared;
use crate::distribution::parameters::*;
use crate::distribution::{
    Arcsine, Arguments, Bernoulli, Beta, BetaBinomial, Binomial, Burr12, Cauchy, Exponential, F, Form,
    Frechet, Gamma, Geometric, Gev, Gpd, Gumbel, InverseGaussian, JohnsonSb, JohnsonSu, Kumaraswamy, Laplace,
    Law, Logarithmic, Logistic, Loglogistic, Lognormal, NegativeBinomial, Normal, Parameter, ParameterError,
    Pareto, Pert, Poisson, Rayleigh, SkewNormal, StudentT, Trapezoidal, Triangular, Uniform, Weibull, Zipf,
};
use crate::math;

/// A law of its parameters.
type Build = fn(&[f64]) -> Result<Law, ParameterError>;

/// Declares the description of a family and its row.
macro_rules! solvable {
    ($($description:ident $row:ident $solvable:expr;)+) => {
        $(
            pub(super) static $description: Solvable = $solvable;
            pub(in crate::distribution) const $row: Form =
                Form { arguments: Arguments::Solved(&$description), build: |x| solve(&$description, x) };
        )+
    };
}

const AT_LOCATION: Role = Role::Linear(|_| (1.0, 0.0));
const AT_SCALE: Role = Role::Linear(|_| (0.0, 1.0));
const AT_END: Role = Role::Linear(|_| (1.0, 1.0));
/// The least value at the location, a share of the way to the greatest at the first shape.
const AT_SHAPE: Role = Role::Linear(|s| (1.0, s[0]));

const MOMENTS: &[Known] = &[Known::Mean, Known::Sd, Known::Cv];
const MOMENTS_MODE: &[Known] = &[Known::Mean, Known::Sd, Known::Cv, Known::Mode];

const NONE: fn(&[f64]) -> Option<f64> = |_| None;
const ZERO: fn(&[f64]) -> Option<f64> = |_| Some(0.0);

/// A shape above 0, the narrow laws at large ones.
const LARGE_IS_NARROW: Shape = Shape { search: (20.0, -6.9), map: Map::Exp };
/// A shape above 0, the narrow laws at small ones.
const SMALL_IS_NARROW: Shape = Shape { search: (-20.0, 3.5), map: Map::Exp };
/// Shapes of counts.
const COUNTED: Shape = Shape { search: (18.4, -6.9), map: Map::Exp };
const SIGNED: Shape = Shape { search: (-3.0, 3.0), map: Map::Sinh };
const SHARE: Shape = Shape { search: (0.0, 1.0), map: Map::Linear };
const CHANCE: Shape = Shape { search: (27.0, -27.0), map: Map::Odds };
const GIVEN: Shape = Shape { search: (1.0, 1.0), map: Map::Given };

const TWO_BOUNDS: [Option<usize>; 2] = [Some(0), Some(1)];
const NO_BOUNDS: [Option<usize>; 2] = [None, None];
const LOCATION_SCALE: &[(Parameter, Role)] = &[(LOCATION, AT_LOCATION), (SCALE, AT_SCALE)];
const BOUNDS: &[(Parameter, Role)] = &[(LEAST, AT_LOCATION), (GREATEST, AT_END)];
const SHAPE_SCALE: &[(Parameter, Role)] = &[(SHAPE, Role::Shape(0)), (SCALE, AT_SCALE)];
const SHARES: &[(Parameter, Role)] = &[
    (required("alpha", ""), Role::Shape(0)),
    (required("beta", ""), Role::Shape(1)),
    (optional("a", 0.0, ""), AT_LOCATION),
    (optional("b", 1.0, ""), AT_END),
];
const JOHNSON: &[(Parameter, Role)] = &[
    (required("gamma", ""), Role::Shape(0)),
    (required("delta", ""), Role::Shape(1)),
    (LOCATION, AT_LOCATION),
    (SCALE, AT_SCALE),
];
const JOHNSON_SHAPES: &[Shape] =
    &[Shape { search: (-4.0, 4.0), map: Map::Sinh }, Shape { search: (9.0, -3.0), map: Map::Exp }];
const LOCATION_SCALE_SHAPE: &[(Parameter, Role)] =
    &[(LOCATION, AT_LOCATION), (SCALE, AT_SCALE), (SHAPE, Role::Shape(0))];

/// A law of location and scale without shapes, symmetric about 0 or with its peak there.
const fn peaked(build: Build) -> Solvable {
    Solvable {
        parameters: LOCATION_SCALE,
        location: true,
        scale: true,
        shapes: &[],
        statistics: MOMENTS_MODE,
        percentiles: true,
        bounds: NO_BOUNDS,
        mode: ZERO,
        build,
    }
}

/// A law above 0 of one shape and a scale.
const fn positive(shapes: &'static [Shape], mode: fn(&[f64]) -> Option<f64>, build: Build) -> Solvable {
    Solvable { parameters: SHAPE_SCALE, location: false, shapes, mode, ..peaked(build) }
}

/// A count, known by its moments alone.
const fn count(
    parameters: &'static [(Parameter, Role)],
    shapes: &'static [Shape],
    statistics: &'static [Known],
    build: Build,
) -> Solvable {
    Solvable {
        parameters,
        shapes,
        statistics,
        location: false,
        scale: false,
        percentiles: false,
        mode: NONE,
        ..peaked(build)
    }
}

solvable! {
    ARCSINE_LAW ARCSINE Solvable {
        parameters: BOUNDS,
        bounds: TWO_BOUNDS,
        statistics: MOMENTS,
        mode: NONE,
        ..peaked(|x| Arcsine::new(x[0], x[1]).map(Law::from))
    };
    BERNOULLI_LAW BERNOULLI count(
        &[(P, Role::Shape(0))], &[SHARE], &[Known::Mean], |x| Bernoulli::new(x[0]).map(Law::from)
    );
    BETA_LAW BETA Solvable {
        parameters: SHARES,
        shapes: &[Shape { search: (18.4, -11.5), map: Map::Exp }, Shape { search: (18.4, -11.5), map: Map::Exp }],
        bounds: [Some(2), Some(3)],
        mode: |s| (s[0] > 1.0 && s[1] > 1.0).then(|| (s[0] - 1.0) / (s[0] - 1.0 + (s[1] - 1.0))),
        ..peaked(|x| Beta::new(x[0], x[1], x[2], x[3]).map(Law::from))
    };
    BETA_BINOMIAL_LAW BETA_BINOMIAL count(
        &[
            (required("n", ""), Role::Shape(0)),
            (required("alpha", ""), Role::Shape(1)),
            (required("beta", ""), Role::Shape(2)),
        ],
        &[GIVEN, COUNTED, COUNTED],
        MOMENTS,
        |x| BetaBinomial::new(x[0], x[1], x[2]).map(Law::from)
    );
    BINOMIAL_LAW BINOMIAL count(
        &[(required("n", ""), Role::Shape(0)), (P, Role::Shape(1))],
        &[GIVEN, SHARE],
        &[Known::Mean],
        |x| Binomial::new(x[0], x[1]).map(Law::from)
    );
    BURR12_LAW BURR12 Solvable {
        parameters: &[
            (required("c", ""), Role::Shape(0)),
            (required("k", ""), Role::Shape(1)),
            (optional("scale", 1.0, ""), AT_SCALE),
        ],
        mode: |s| (s[0] > 1.0).then(|| math::pow((s[0] - 1.0) / (s[0] * s[1] + 1.0), 1.0 / s[0])),
        ..positive(
            &[Shape { search: (9.0, -5.0), map: Map::Exp }, Shape { search: (9.0, -5.0), map: Map::Exp }],
            NONE,
            |x| Burr12::new(x[0], x[1], x[2]).map(Law::from),
        )
    };
    CAUCHY_LAW CAUCHY Solvable {
        statistics: &[Known::Mode],
        ..peaked(|x| Cauchy::new(x[0], x[1]).map(Law::from))
    };
    CHI_SQUARED_LAW CHI_SQUARED Solvable {
        parameters: &[(required("df", ""), Role::Shape(0))],
        scale: false,
        ..positive(
            &[Shape { search: (-6.9, 20.0), map: Map::Exp }],
            |s| (s[0] > 2.0).then(|| s[0] - 2.0),
            |x| chi_squared(x[0]).map(Law::from),
        )
    };
    EXPONENTIAL_LAW EXPONENTIAL Solvable {
        parameters: &[(MEAN, AT_SCALE)],
        statistics: &[Known::Sd],
        ..positive(&[], NONE, |x| Exponential::new(x[0]).map(Law::from))
    };
    F_LAW F_RATIO Solvable {
        parameters: &[(required("d1", ""), Role::Shape(0)), (required("d2", ""), Role::Shape(1))],
        scale: false,
        ..positive(
            &[Shape { search: (20.7, -3.9), map: Map::Exp }, Shape { search: (20.7, -3.9), map: Map::Exp }],
            |s| (s[0] > 2.0).then(|| (s[0] - 2.0) / s[0] * (s[1] / (s[1] + 2.0))),
            |x| F::new(x[0], x[1]).map(Law::from),
        )
    };
    FRECHET_LAW FRECHET Solvable {
        parameters: &[
            (SHAPE, Role::Shape(0)),
            (SCALE, AT_SCALE),
            (optional("location", 0.0, ""), AT_LOCATION),
        ],
        shapes: &[LARGE_IS_NARROW],
        bounds: [Some(2), None],
        mode: |s| Some(math::pow(s[0] / (1.0 + s[0]), 1.0 / s[0])),
        ..peaked(|x| Frechet::new(x[0], x[1], x[2]).map(Law::from))
    };
    GAMMA_LAW GAMMA positive(
        &[LARGE_IS_NARROW],
        |s| (s[0] > 1.0).then(|| s[0] - 1.0),
        |x| Gamma::new(x[0], x[1]).map(Law::from)
    );
    GEOMETRIC_LAW GEOMETRIC count(
        &[(P, Role::Shape(0))], &[CHANCE], MOMENTS, |x| Geometric::new(x[0]).map(Law::from)
    );
    GEV_LAW GEV Solvable {
        parameters: LOCATION_SCALE_SHAPE,
        shapes: &[SIGNED],
        statistics: &[Known::Mean, Known::Sd, Known::Cv, Known::Mode, Known::Min, Known::Max],
        mode: |s| match s[0] {
            0.0 => Some(0.0),
            shape if shape > -1.0 => Some(math::exp_m1(-shape * math::ln_1p(shape)) / shape),
            _ => None,
        },
        ..peaked(|x| Gev::new(x[0], x[1], x[2]).map(Law::from))
    };
    GPD_LAW GPD Solvable {
        parameters: LOCATION_SCALE_SHAPE,
        shapes: &[SIGNED],
        statistics: &[Known::Mean, Known::Sd, Known::Cv, Known::Max],
        bounds: [Some(0), None],
        mode: NONE,
        ..peaked(|x| Gpd::new(x[0], x[1], x[2]).map(Law::from))
    };
    GUMBEL_LAW GUMBEL peaked(|x| Gumbel::new(x[0], x[1]).map(Law::from));
    INVERSE_GAUSSIAN_LAW INVERSE_GAUSSIAN Solvable {
        parameters: &[(MEAN, AT_SCALE), (SHAPE, Role::Linear(|s| (0.0, s[0])))],
        ..positive(
            &[Shape { search: (20.0, -16.0), map: Map::Exp }],
            |s| {
                let e = 1.5 / s[0];
                Some(1.0 / ((1.0 + e * e).sqrt() + e))
            },
            |x| InverseGaussian::new(x[0], x[1]).map(Law::from),
        )
    };
    JOHNSON_SB_LAW JOHNSON_SB Solvable {
        parameters: JOHNSON,
        shapes: JOHNSON_SHAPES,
        statistics: &[Known::Mean, Known::Sd, Known::Cv, Known::Max],
        bounds: [Some(2), None],
        mode: NONE,
        ..peaked(|x| JohnsonSb::new(x[0], x[1], x[2], x[3]).map(Law::from))
    };
    JOHNSON_SU_LAW JOHNSON_SU Solvable {
        parameters: JOHNSON,
        shapes: JOHNSON_SHAPES,
        statistics: MOMENTS,
        mode: NONE,
        ..peaked(|x| JohnsonSu::new(x[0], x[1], x[2], x[3]).map(Law::from))
    };
    KUMARASWAMY_LAW KUMARASWAMY Solvable {
        parameters: SHARES,
        shapes: &[Shape { search: (10.0, -5.0), map: Map::Exp }, Shape { search: (18.0, -5.0), map: Map::Exp }],
        bounds: [Some(2), Some(3)],
        mode: |s| {
            let base = (s[0] - 1.0) / (s[0] * s[1] - 1.0);
            (s[0] > 1.0 && s[1] > 1.0).then(|| math::pow(base, 1.0 / s[0]))
        },
        ..peaked(|x| Kumaraswamy::new(x[0], x[1], x[2], x[3]).map(Law::from))
    };
    LAPLACE_LAW LAPLACE peaked(|x| Laplace::new(x[0], x[1]).map(Law::from));
    LOGARITHMIC_LAW LOGARITHMIC count(
        &[(P, Role::Shape(0))],
        &[Shape { search: (-40.0, 27.0), map: Map::Odds }],
        MOMENTS,
        |x| Logarithmic::new(x[0]).map(Law::from)
    );
    LOGISTIC_LAW LOGISTIC peaked(|x| Logistic::new(x[0], x[1]).map(Law::from));
    LOGLOGISTIC_LAW LOGLOGISTIC positive(
        &[LARGE_IS_NARROW],
        |s| (s[0] > 1.0).then(|| math::pow((s[0] - 1.0) / (s[0] + 1.0), 1.0 / s[0])),
        |x| Loglogistic::new(x[0], x[1]).map(Law::from)
    );
    LOGNORMAL_LAW LOGNORMAL Solvable {
        parameters: &[(MU, Role::LogScale), (SIGMA, Role::Shape(0))],
        ..positive(
            &[SMALL_IS_NARROW],
            |s| Some(math::exp(-s[0] * s[0])),
            |x| Lognormal::new(x[0], x[1]).map(Law::from),
        )
    };
    NEGATIVE_BINOMIAL_LAW NEGATIVE_BINOMIAL count(
        &[(required("r", ""), Role::Shape(0)), (P, Role::Shape(1))],
        &[COUNTED, CHANCE],
        MOMENTS,
        |x| NegativeBinomial::new(x[0], x[1]).map(Law::from)
    );
    NORMAL_LAW NORMAL Solvable {
        parameters: &[(MEAN, AT_LOCATION), (SD, AT_SCALE)],
        ..peaked(|x| Normal::new(x[0], x[1]).map(Law::from))
    };
    PARETO_LAW PARETO Solvable {
        parameters: &[(SHAPE, Role::Shape(0)), (required("least", ""), AT_SCALE)],
        bounds: [Some(1), None],
        statistics: MOMENTS,
        ..positive(&[LARGE_IS_NARROW], NONE, |x| Pareto::new(x[0], x[1]).map(Law::from))
    };
    PERT_LAW PERT Solvable {
        parameters: &[
            (LEAST, AT_LOCATION),
            (MODE, AT_SHAPE),
            (GREATEST, AT_END),
            (optional("shape", 4.0, ""), Role::Shape(1)),
        ],
        shapes: &[SHARE, LARGE_IS_NARROW],
        statistics: MOMENTS,
        bounds: [Some(0), Some(2)],
        mode: NONE,
        ..peaked(|x| Pert::new(x[0], x[1], x[2], x[3]).map(Law::from))
    };
    POISSON_LAW POISSON count(
        &[(MEAN, Role::Shape(0))],
        &[Shape { search: (-20.0, 20.0), map: Map::Exp }],
        MOMENTS,
        |x| Poisson::new(x[0]).map(Law::from)
    );
    RAYLEIGH_LAW RAYLEIGH Solvable {
        parameters: &[(SCALE, AT_SCALE)],
        ..positive(&[], |_| Some(1.0), |x| Rayleigh::new(x[0]).map(Law::from))
    };
    SKEW_NORMAL_LAW SKEW_NORMAL Solvable {
        parameters: LOCATION_SCALE_SHAPE,
        shapes: &[Shape { search: (-8.0, 8.0), map: Map::Sinh }],
        statistics: MOMENTS,
        mode: NONE,
        ..peaked(|x| SkewNormal::new(x[0], x[1], x[2]).map(Law::from))
    };
    STUDENT_T_LAW STUDENT_T Solvable {
        parameters: &[
            (required("df", ""), Role::Shape(0)),
            (optional("location", 0.0, ""), AT_LOCATION),
            (optional("scale", 1.0, ""), AT_SCALE),
        ],
        shapes: &[Shape { search: (20.0, -0.7), map: Map::Exp }],
        ..peaked(|x| StudentT::new(x[0], x[1], x[2]).map(Law::from))
    };
    TRAPEZOIDAL_LAW TRAPEZOIDAL Solvable {
        parameters: &[
            (LEAST, AT_LOCATION),
            (required("b", ""), AT_SHAPE),
            (required("c", ""), Role::Linear(|s| (1.0, s[0] + s[1] * (1.0 - s[0])))),
            (required("d", ""), AT_END),
        ],
        shapes: &[SHARE, SHARE],
        statistics: MOMENTS,
        bounds: [Some(0), Some(3)],
        mode: NONE,
        ..peaked(|x| Trapezoidal::new(x[0], x[1], x[2], x[3]).map(Law::from))
    };
    TRIANGULAR_LAW TRIANGULAR Solvable {
        parameters: &[(LEAST, AT_LOCATION), (MODE, AT_SHAPE), (GREATEST, AT_END)],
        shapes: &[SHARE],
        statistics: MOMENTS,
        bounds: [Some(0), Some(2)],
        mode: NONE,
        ..peaked(|x| Triangular::new(x[0], x[1], x[2]).map(Law::from))
    };
    UNIFORM_LAW UNIFORM Solvable {
        parameters: BOUNDS,
        bounds: TWO_BOUNDS,
        statistics: MOMENTS,
        mode: NONE,
        ..peaked(|x| Uniform::new(x[0], x[1]).map(Law::from))
    };
    WEIBULL_LAW WEIBULL positive(
        &[LARGE_IS_NARROW],
        |s| (s[0] > 1.0).then(|| math::pow((s[0] - 1.0) / s[0], 1.0 / s[0])),
        |x| Weibull::new(x[0], x[1]).map(Law::from)
    );
    ZIPF_LAW ZIPF count(
        &[(required("s", ""), Role::Shape(0)), (required("n", ""), Role::Shape(1))],
        &[Shape { search: (50.0, 0.0), map: Map::Linear }, GIVEN],
        MOMENTS,
        |x| Zipf::new(x[0], x[1]).map(Law::from)
    );
}
