//! Round trips: laws whose statistics are taken, and which must come back from them.

use super::families::*;
use super::solvable::Role;
use super::solver::solve;
use super::{Known, Solvable};
use crate::distribution::{Family, Law};

/// A statistic of a law by its own methods; `None` where it has none. Modes are asked of the description.
fn statistic(family: &Solvable, law: &Law, parameters: &[f64], known: Known) -> Option<f64> {
    let sd = || law.variance().map(f64::sqrt);
    match known {
        Known::Parameter(index) => Some(parameters[index]),
        Known::Mean => law.mean(),
        Known::Sd => sd(),
        Known::Cv => Some(sd()? / law.mean()?).filter(|cv| *cv > 0.0),
        Known::Median => Some(law.quantile(0.5)),
        Known::Percentile(level) => Some(law.quantile(level)),
        Known::Min => Some(law.support().0),
        Known::Max => Some(law.support().1),
        Known::Mode => mode(family, parameters),
    }
    .filter(|value| value.is_finite())
}

fn mode(family: &Solvable, parameters: &[f64]) -> Option<f64> {
    let mut shapes = vec![0.0; family.shapes.len()];
    for ((_, role), value) in family.parameters.iter().zip(parameters) {
        if let Role::Shape(place) = role {
            shapes[*place] = *value;
        }
    }
    let of = |name: &str| family.parameters.iter().position(|(parameter, _)| parameter.name == name);
    let value = |name: &str| of(name).map(|index| parameters[index]);
    let scale = match (value("scale"), value("b"), value("a")) {
        (Some(scale), ..) => scale,
        (_, Some(b), Some(a)) => b - a,
        _ if value("mu").is_some() => crate::math::exp(value("mu")?),
        _ => value("sd").or(value("mean")).unwrap_or(1.0),
    };
    let location = value("location").or(value("a")).or(value("sd").and(value("mean"))).unwrap_or(0.0);
    // The inverse Gaussian's shape is a multiple of its scale, the mean.
    if family.shapes.len() == 1
        && matches!(family.parameters.last()?.1, Role::Linear(_))
        && of("mean") == Some(0)
    {
        shapes[0] = parameters[1] / parameters[0];
    }
    (family.mode)(&shapes).map(|mode| location + scale * mode)
}

/// All choices of `count` out of so many.
fn choices(of: usize, count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let with = |last: usize| {
        choices(last, count - 1).into_iter().map(move |mut c| {
            c.push(last);
            c
        })
    };
    (count - 1..of).flat_map(with).collect()
}

const STATISTICS: [Known; 7] = [
    Known::Percentile(0.05),
    Known::Percentile(0.9),
    Known::Median,
    Known::Mean,
    Known::Sd,
    Known::Cv,
    Known::Mode,
];

/// Solves every choice of parameters and statistics of each law, as many as the family has parameters, and asks the
/// law found for what it was solved from. Passed over: what a law does not have, what fixes no law, and the sd beside
/// the coefficient of variation, which together are a mean with few digits.
#[track_caller]
fn round_trips(family: &Solvable, statistics: &[Known], laws: &[&[f64]]) {
    let mut known: Vec<Known> = (0..family.parameters.len()).map(Known::Parameter).collect();
    known.extend(statistics.iter().filter(|one| match one {
        Known::Median | Known::Percentile(_) => family.percentiles,
        one => family.statistics.contains(one),
    }));
    let (mut failures, mut solved, mut open) = (Vec::new(), 0, 0);
    for parameters in laws {
        let law = (family.build)(parameters).unwrap();
        let (low, high) = (law.quantile(0.25), law.quantile(0.75));
        let rounding = 32.0 * f64::EPSILON * low.abs().max(high.abs());
        for choice in choices(known.len(), family.parameters.len()) {
            let choice: Vec<Known> = choice.into_iter().map(|i| known[i]).collect();
            let given: Option<Vec<(Known, f64)>> =
                choice.iter().map(|one| Some((*one, statistic(family, &law, parameters, *one)?))).collect();
            let Some(given) = given else { continue };
            let lacks = |index: usize| !choice.contains(&Known::Parameter(index));
            let twice = choice.contains(&Known::Sd) && choice.contains(&Known::Cv);
            if twice || family.indispensable().any(lacks) {
                continue;
            }
            let arguments: Vec<f64> =
                given.iter().flat_map(|(known, value)| [known.code(), *value]).collect();
            let words: Vec<String> =
                given.iter().map(|(k, v)| format!("{} = {v}", k.typed(family))).collect();
            let words = format!("{parameters:?} by {}", words.join(", "));
            match solve(family, &arguments) {
                Err(error) if error.requirement.contains("fix no law") => {}
                Err(error) if error.requirement.contains("leave the law open") => open += 1,
                Err(error) => failures.push(format!("{words}: {error}")),
                Ok(back) => {
                    for (known, value) in given {
                        if matches!(known, Known::Parameter(_) | Known::Mode) {
                            continue;
                        }
                        let got = statistic(family, &back, parameters, known).unwrap();
                        let relative = if known == Known::Cv { rounding / (high - low) } else { 0.0 };
                        let slack = if known == Known::Cv { 0.0 } else { (high - low) * 1e-12 + rounding };
                        if (got - value).abs() > (1e-12 + relative) * value.abs() + slack {
                            failures.push(format!("{words}: {} is {got}", known.typed(family)));
                        }
                    }
                    solved += 1;
                }
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        failures.len() + solved,
        failures.join("\n")
    );
    // Figures of one side of a triangle, or of its top, say the same; most do not.
    assert!(solved >= laws.len() && 8 * open <= solved, "{solved} {open}");
}

#[test]
fn location_and_scale_come_back() {
    let laws: &[&[f64]] = &[&[3.0, 2.0], &[1e-3, 1e4], &[-2.0, 1e-3], &[1e6, 1.0], &[5.0, 3.0]];
    for family in [&NORMAL_LAW, &LOGISTIC_LAW, &LAPLACE_LAW, &GUMBEL_LAW, &CAUCHY_LAW] {
        round_trips(family, &STATISTICS, laws);
    }
    let laws: &[&[f64]] = &[&[1.0, 4.0], &[0.0, 1.0], &[-5.0, 8.0], &[1e6, 1e6 + 1.0], &[1e-9, 1e9]];
    for family in [&UNIFORM_LAW, &ARCSINE_LAW] {
        round_trips(family, &STATISTICS, laws);
    }
    let laws: &[&[f64]] = &[&[1.0], &[1e-9], &[1e9], &[0.3], &[1e-100]];
    for family in [&RAYLEIGH_LAW, &EXPONENTIAL_LAW] {
        round_trips(family, &STATISTICS, laws);
    }
}

#[test]
fn one_shape_and_a_scale_come_back() {
    round_trips(
        &WEIBULL_LAW,
        &STATISTICS,
        &[&[1.5, 100.0], &[0.05, 1.0], &[0.7, 3.0], &[8.0, 1e-6], &[300.0, 1e9]],
    );
    round_trips(
        &GAMMA_LAW,
        &STATISTICS,
        &[&[2.0, 1.5], &[0.05, 1.0], &[1.0, 1e-6], &[1e6, 2.0], &[20.0, 1e8]],
    );
    round_trips(
        &LOGNORMAL_LAW,
        &STATISTICS,
        &[&[2.0, 1.5], &[-3.0, 0.05], &[0.0, 1e-6], &[1.0, 3.0], &[20.0, 0.7]],
    );
    let heavy: &[&[f64]] = &[&[4.0, 10.0], &[0.5, 1.0], &[2.5, 1e-6], &[1e3, 2.0], &[20.0, 1e8]];
    for family in [&LOGLOGISTIC_LAW, &PARETO_LAW, &INVERSE_GAUSSIAN_LAW] {
        round_trips(family, &STATISTICS, heavy);
    }
}

#[test]
fn location_scale_and_a_shape_come_back() {
    round_trips(
        &FRECHET_LAW,
        &STATISTICS,
        &[&[4.0, 10.0, 0.0], &[0.5, 1.0, 3.0], &[2.5, 0.01, 1.0], &[100.0, 2.0, 0.0], &[20.0, 1e8, -5.0]],
    );
    round_trips(
        &GEV_LAW,
        &STATISTICS[..6],
        &[&[4.0, 10.0, 0.1], &[0.5, 1.0, 0.2], &[2.5, 0.1, -0.3], &[1e3, 2.0, 0.9], &[20.0, 1e8, -2.0]],
    );
    round_trips(
        &GPD_LAW,
        &STATISTICS,
        &[&[4.0, 10.0, 0.1], &[0.5, 1.0, 0.2], &[2.5, 0.1, -0.3], &[1e3, 2.0, 0.9], &[20.0, 1e8, -2.0]],
    );
    round_trips(
        &STUDENT_T_LAW,
        &STATISTICS[..6],
        &[&[4.0, 10.0, 1.0], &[1.0, 1.0, 0.2], &[2.5, 10.0, 3.0], &[1e3, 2.0, 0.9], &[20.0, 1e8, 2e7]],
    );
    round_trips(
        &SKEW_NORMAL_LAW,
        &STATISTICS,
        &[&[4.0, 10.0, 1.0], &[1.0, 1.0, 0.2], &[2.5, 1.0, 3.0], &[100.0, 2.0, 0.9], &[20.0, 1e8, -2.0]],
    );
    round_trips(
        &TRIANGULAR_LAW,
        &STATISTICS,
        &[
            &[1.0, 2.0, 4.0],
            &[-5.0, 7.0, 8.0],
            &[1e3, 1e3 + 0.25, 1e3 + 1.0],
            &[-1.0, 0.0, 2.0],
            &[0.1, 0.2, 1e3],
        ],
    );
}

/// The cv has a pole where the mean passes 0, and near it two solutions lie close together.
#[test]
fn laws_with_a_mean_close_to_0_come_back() {
    round_trips(
        &STUDENT_T_LAW,
        &[Known::Percentile(0.05), Known::Cv],
        &[&[3.0, 0.02, 1.0], &[2.2, 0.1, 1.0], &[5.0, 0.05, 2.0], &[10.0, 1e-3, 1.0], &[30.0, 0.5, 1.0]],
    );
    round_trips(
        &GEV_LAW,
        &[Known::Cv, Known::Mode, Known::Percentile(0.9)],
        &[&[0.0, 1.0, 0.1], &[-0.5, 1.0, 0.05], &[0.3, 1.0, -0.3], &[-0.6, 1.0, 0.2], &[-0.3, 2.0, -0.2]],
    );
}

#[test]
fn shapes_without_scale_come_back() {
    round_trips(&CHI_SQUARED_LAW, &STATISTICS, &[&[1.0], &[4.0], &[1e6], &[0.05], &[33.3]]);
    round_trips(&POISSON_LAW, &STATISTICS, &[&[1.0], &[1e-6], &[1e6], &[0.3], &[44.0]]);
    round_trips(&GEOMETRIC_LAW, &STATISTICS, &[&[0.5], &[1e-6], &[0.9], &[0.2], &[0.999]]);
    round_trips(&LOGARITHMIC_LAW, &STATISTICS, &[&[0.5], &[1e-3], &[0.999], &[0.9], &[0.1]]);
    let zipf: &[&[f64]] = &[&[0.5, 10.0], &[1.0, 1000.0], &[3.0, 50.0], &[0.1, 1e6], &[2.0, 2.0]];
    round_trips(&ZIPF_LAW, &[Known::Mean], zipf);
    round_trips(&BERNOULLI_LAW, &STATISTICS, &[&[0.5], &[1e-6], &[0.9], &[0.0], &[1.0]]);
    let binomial: &[&[f64]] = &[&[40.0, 0.5], &[10.0, 1e-6], &[5.0, 0.9], &[1e6, 0.3], &[1.0, 0.25]];
    round_trips(&BINOMIAL_LAW, &STATISTICS, binomial);
}

#[test]
fn two_shapes_come_back() {
    let counts: &[&[f64]] = &[&[2.5, 0.2], &[0.5, 0.9], &[100.0, 0.9], &[1e4, 0.5], &[0.1, 1e-3]];
    round_trips(&NEGATIVE_BINOMIAL_LAW, &STATISTICS, counts);
    let trials: &[&[f64]] =
        &[&[40.0, 3.0, 17.0], &[10.0, 0.5, 0.5], &[1e3, 20.0, 20.0], &[2.0, 1.0, 3.0], &[100.0, 0.1, 5.0]];
    round_trips(&BETA_BINOMIAL_LAW, &STATISTICS, trials);
    round_trips(
        &F_LAW,
        &STATISTICS,
        &[&[5.0, 12.0], &[1.3, 25.0], &[40.0, 9.0], &[100.0, 200.0], &[2.0, 6.0]],
    );
    round_trips(
        &BURR12_LAW,
        &STATISTICS,
        &[&[3.0, 2.0, 100.0], &[1.5, 4.0, 1e-3], &[8.0, 0.6, 1.0], &[5.0, 5.0, 1e6], &[2.0, 1.5, 3.0]],
    );
}

#[test]
fn four_parameters_come_back() {
    const FOUR: [Known; 5] = [
        Known::Percentile(0.05),
        Known::Percentile(0.3),
        Known::Percentile(0.8),
        Known::Percentile(0.99),
        Known::Mean,
    ];
    const TWO: [Known; 2] = [Known::Mean, Known::Sd];
    let shares: &[&[f64]] = &[
        &[3.0, 2.0, 0.0, 1.0],
        &[0.5, 0.7, -1.0, 5.0],
        &[20.0, 40.0, 0.0, 1e-6],
        &[1.0, 9.0, 100.0, 200.0],
        &[300.0, 2.0, 0.0, 1.0],
    ];
    for family in [&BETA_LAW, &KUMARASWAMY_LAW] {
        round_trips(family, &TWO, shares);
    }
    round_trips(&BETA_LAW, &FOUR, &shares[..1]);
    let pert: &[&[f64]] = &[
        &[1.0, 2.0, 4.0, 4.0],
        &[-5.0, 7.0, 8.0, 4.0],
        &[0.0, 0.3, 1.0, 10.0],
        &[100.0, 130.0, 150.0, 2.0],
        &[0.1, 0.2, 1e3, 4.0],
    ];
    round_trips(&PERT_LAW, &[Known::Percentile(0.1), Known::Percentile(0.9), Known::Mean], pert);
    let johnson: &[&[f64]] = &[
        &[1.0, 2.0, 0.0, 10.0],
        &[-0.5, 0.8, 5.0, 1e-3],
        &[0.1, 1.0, -100.0, 1e6],
        &[2.0, 3.0, 1.0, 1.0],
        &[-1.0, 1.5, 0.0, 1.0],
    ];
    for family in [&JOHNSON_SB_LAW, &JOHNSON_SU_LAW] {
        round_trips(family, &FOUR[..4], johnson);
    }
    let trapezoids: &[&[f64]] = &[
        &[0.0, 1.0, 3.0, 4.0],
        &[-5.0, -4.0, 0.0, 9.0],
        &[0.0, 0.1, 0.2, 1.0],
        &[100.0, 150.0, 170.0, 180.0],
        &[0.0, 5.0, 6.0, 1e3],
    ];
    round_trips(&TRAPEZOIDAL_LAW, &[Known::Percentile(0.1), Known::Percentile(0.9)], trapezoids);
}

#[test]
fn a_mode_is_where_the_density_is_greatest() {
    for (family, parameters) in [
        (&WEIBULL_LAW, &[2.5, 3.0][..]),
        (&GAMMA_LAW, &[2.5, 3.0]),
        (&LOGNORMAL_LAW, &[1.0, 0.7]),
        (&LOGLOGISTIC_LAW, &[2.5, 3.0]),
        (&FRECHET_LAW, &[2.5, 3.0, 1.0]),
        (&GEV_LAW, &[1.0, 2.0, 0.2]),
        (&GEV_LAW, &[1.0, 2.0, -0.2]),
        (&INVERSE_GAUSSIAN_LAW, &[2.0, 3.0]),
        (&BURR12_LAW, &[3.0, 2.0, 5.0]),
        (&BETA_LAW, &[3.0, 2.0, 0.0, 4.0]),
        (&KUMARASWAMY_LAW, &[3.0, 2.0, 0.0, 4.0]),
        (&F_LAW, &[5.0, 12.0]),
        (&CHI_SQUARED_LAW, &[7.0]),
        (&RAYLEIGH_LAW, &[3.0]),
        (&GUMBEL_LAW, &[1.0, 2.0]),
    ] {
        let law = (family.build)(parameters).unwrap();
        let at = mode(family, parameters).unwrap();
        let step = 1e-3 * (law.quantile(0.75) - law.quantile(0.25));
        let peak = law.density(at);
        assert!(peak > law.density(at - step) && peak > law.density(at + step), "{law:?}: {at}");
    }
}

#[test]
fn what_cannot_be_is_refused_with_the_range_in_which_it_could() {
    let refused = |family: &Solvable, given: &[(Known, f64)]| {
        let arguments: Vec<f64> = given.iter().flat_map(|(known, value)| [known.code(), *value]).collect();
        solve(family, &arguments).unwrap_err()
    };
    let error = refused(&BETA_LAW, &[(Known::Mean, 0.3), (Known::Sd, 0.5)]);
    assert_eq!((error.parameter, error.value), ("sd", 0.5));
    assert!(error.requirement.starts_with("lie below 0.4583 beside `mean`; `a` is 0 and `b`"), "{error}");
    let error = refused(&WEIBULL_LAW, &[(Known::Percentile(0.1), 3.0), (Known::Percentile(0.9), 3.0)]);
    assert_eq!(error.requirement, "be above `p10`, the lower percentile");
    let error = refused(&GUMBEL_LAW, &[(Known::Mean, 3.0), (Known::Percentile(0.9), 2.0)]);
    assert_eq!((error.parameter, &*error.requirement), ("mean", "be below `p90`"));
    let error = refused(&GUMBEL_LAW, &[(Known::Mean, 3.0), (Known::Sd, -1.0)]);
    assert_eq!(error.requirement, "be above 0; for a fixed value write `constant(x)`");
    let error = refused(&CAUCHY_LAW, &[(Known::Median, 3.0), (Known::Mean, 1.0)]);
    assert_eq!(error.requirement, "be left out: with these parameters the law has none");
    let error = refused(&WEIBULL_LAW, &[(Known::Mean, -3.0), (Known::Sd, 1.0)]);
    assert_eq!((error.parameter, &*error.requirement), ("mean", "be above 0"));
    let error = refused(&LOGISTIC_LAW, &[(Known::Mean, 3.0), (Known::Median, 3.0)]);
    assert_eq!(error.requirement, "be replaced by something else beside `median`: together they fix no law");
    let error = refused(&LOGNORMAL_LAW, &[(Known::Parameter(0), 0.0), (Known::Median, 1.0)]);
    assert_eq!(error.requirement, "be replaced by something else beside `mu`: together they fix no law");
    for number in [f64::NAN, f64::INFINITY] {
        let error = refused(&GAMMA_LAW, &[(Known::Percentile(0.1), number), (Known::Percentile(0.9), 3.0)]);
        assert_eq!(error.requirement, "be a finite number");
    }
}
