//! Processes: inputs over years whose value rests on that of the year before.
//!
//! A process is a recurrence over shocks that are drawn anew each year. Where time is continuous the step of a year is
//! exact, not an approximation by small steps. Sources: Glasserman (2003), Monte Carlo Methods in Financial
//! Engineering, sections 3.1–3.3 and 3.5, for random walks, geometric Brownian motion, Ornstein–Uhlenbeck processes
//! and Merton's jumps; Merton (1976), Option pricing when underlying stock returns are discontinuous, Journal of
//! Financial Economics 3, 125–144, doi:10.1016/0304-405X(76)90022-2; Bollerslev (1986), Generalized autoregressive
//! conditional heteroskedasticity, Journal of Econometrics 31, 307–327, doi:10.1016/0304-4076(86)90063-1.

use super::demands::{Asked, Demand, check, watched};
use super::draw_spec::LawSpec;
use super::expression::{BinaryOp, Expr, Symbol};
use super::markov;
use super::model::{InputId, Recurrence};
use super::terms::{before, binary, choose, exp, now, number, sqrt};
use crate::distribution::{
    Arguments, FAMILIES, FamilyEntry, Form, Law, Normal, Parameter, ParameterError, ensure,
};

/// One row of [`PROCESSES`].
#[derive(Debug)]
pub struct Process {
    /// Name, forms and what they mean, as of a family; `build` checks parameters and gives the law of a year's shock.
    pub entry: FamilyEntry,
    /// The recurrence of one element, from the arguments of a form.
    pub(super) path: fn(form: usize, arguments: &[Expr], symbols: &Symbols) -> Path,
}

/// What the recurrence of an input may name: the input itself, and the hidden inputs in the order of [`Path::hidden`].
#[derive(Clone, Copy, Debug)]
pub struct Symbols {
    pub own: InputId,
    pub first_hidden: usize,
}

impl Symbols {
    pub(super) fn own(&self) -> Symbol {
        Symbol::Input(self.own)
    }

    pub(super) fn hidden(&self, place: usize) -> Symbol {
        Symbol::Input(InputId(self.first_hidden + place))
    }
}

/// How one element of a process goes from year to year.
#[derive(Debug)]
pub struct Path {
    pub value: Recurrence,
    /// What it is driven by; the first is the shock, which correlations tie.
    pub hidden: Vec<(Hidden, Driver)>,
}

/// A hidden input of a process.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hidden {
    /// Stands behind the name of the input.
    pub name: &'static str,
    pub unit: Option<&'static str>,
}

/// Where a hidden input comes from.
#[derive(Debug)]
pub enum Driver {
    Drawn(LawSpec),
    Computed(Recurrence),
}

pub(super) const SHOCK: Hidden = Hidden { name: "shock", unit: Some("sd") };
const JUMPS: Hidden = Hidden { name: "jumps", unit: None };
const JUMP_SIZE: Hidden = Hidden { name: "jump size", unit: Some("sd") };
const VARIANCE: Hidden = Hidden { name: "variance", unit: None };

pub(super) const fn parameter(name: &'static str, meaning: &'static str) -> Parameter {
    Parameter { name, default: None, meaning }
}

const START: Parameter = parameter("start", "value in the base year");
const DRIFT: Parameter = parameter("drift", "what a year adds, on average");
const GROWTH: Parameter = parameter("drift", "logarithm of a year's growth of the mean, 0.05 for about 5 %");
const SD: Parameter = parameter("sd", "standard deviation of a year's shock");
const PHI: Parameter = parameter("phi", "share of last year's distance from the mean that is left");
const VOLATILITY: Parameter =
    parameter("volatility", "standard deviation of the logarithm of a year's growth");
const LONG_RUN: Parameter = parameter("mean", "expected value in the long run");
const RETURN: Parameter = parameter("mean", "expected value of every year");
const OMEGA: Parameter = parameter("omega", "variance that is always there");
const ALPHA: Parameter = parameter("alpha", "share of last year's squared shock in the variance");
const BETA: Parameter = parameter("beta", "share of last year's variance in the variance");

/// Every process of the language, in alphabetical order.
pub static PROCESSES: &[Process] = &[
    Process {
        entry: FamilyEntry {
            name: "ar1",
            summary: "A quantity that swings around its mean; each year keeps a part of the last one's distance.",
            forms: &[
                Form {
                    arguments: Arguments::Named(&[LONG_RUN, PHI, SD]),
                    build: |values| shock(AR1, values),
                },
                Form {
                    arguments: Arguments::Named(&[LONG_RUN, PHI, SD, START]),
                    build: |values| shock(AR1, values),
                },
            ],
            example: "ar1(2, 0.6, 0.8)",
        },
        path: ar1,
    },
    Process {
        entry: FamilyEntry {
            name: "garch11",
            summary: "Yearly returns whose variance rises after large shocks and calms down again.",
            forms: &[
                Form {
                    arguments: Arguments::Named(&[RETURN, OMEGA, ALPHA, BETA]),
                    build: |values| {
                        let law = shock(GARCH11, values)?;
                        let sum = values[2] + values[3];
                        let requirement =
                            "leave `alpha` + `beta` below 1; else give `start`, the first variance";
                        ensure(sum < 1.0, "beta", values[3], requirement)?;
                        Ok(law)
                    },
                },
                Form {
                    arguments: Arguments::Named(&[
                        RETURN,
                        OMEGA,
                        ALPHA,
                        BETA,
                        parameter("start", "variance in the base year"),
                    ]),
                    build: |values| shock(GARCH11, values),
                },
            ],
            example: "garch11(0.04, 0.002, 0.1, 0.8)",
        },
        path: garch11,
    },
    Process {
        entry: FamilyEntry {
            name: "gbm",
            summary: "Geometric Brownian motion: growth rates that are independent from year to year; a price, a market.",
            forms: &[Form {
                arguments: Arguments::Named(&[START, GROWTH, VOLATILITY]),
                build: |values| shock(GBM, values),
            }],
            example: "gbm(100, 0.05, 0.2)",
        },
        path: gbm,
    },
    Process {
        entry: FamilyEntry {
            name: "jump_diffusion",
            summary: "`gbm` with sudden jumps, a random number of them each year (Merton).",
            forms: &[Form {
                arguments: Arguments::Named(&[
                    START,
                    GROWTH,
                    VOLATILITY,
                    parameter("rate", "expected number of jumps a year"),
                    parameter("jump_mean", "mean of the logarithm of a jump's factor"),
                    parameter("jump_sd", "standard deviation of the logarithm of a jump's factor"),
                ]),
                build: |values| shock(JUMP_DIFFUSION, values),
            }],
            example: "jump_diffusion(100, 0.05, 0.15, 0.3, -0.2, 0.1)",
        },
        path: jump_diffusion,
    },
    Process { entry: markov::ENTRY, path: markov::path },
    Process {
        entry: FamilyEntry {
            name: "mean_reverting",
            summary: "A quantity that is pulled back to a level (Ornstein–Uhlenbeck); an interest rate, a price of energy.",
            forms: &[Form {
                arguments: Arguments::Named(&[
                    START,
                    parameter("level", "where it is pulled to"),
                    parameter("speed", "pull a year: half of a distance is left after ln 2 / speed years"),
                    parameter("sd", "standard deviation that a year without pull would add"),
                ]),
                build: |values| shock(MEAN_REVERTING, values),
            }],
            example: "mean_reverting(3, 2, 0.4, 0.5)",
        },
        path: mean_reverting,
    },
    Process {
        entry: FamilyEntry {
            name: "random_walk",
            summary: "A quantity that each year adds a shock to; it never comes back by itself.",
            forms: &[Form {
                arguments: Arguments::Named(&[START, DRIFT, SD]),
                build: |values| shock(RANDOM_WALK, values),
            }],
            example: "random_walk(10, 0.5, 2)",
        },
        path: random_walk,
    },
];

/// The row of a process.
pub fn process(name: &str) -> Option<&'static Process> {
    PROCESSES.iter().find(|process| process.entry.name == name)
}

const AR1: &[Asked] =
    &[("mean", Demand::Finite), ("phi", Demand::Inside), ("sd", Demand::Positive), ("start", Demand::Finite)];
const GBM: &[Asked] =
    &[("start", Demand::Positive), ("drift", Demand::Finite), ("volatility", Demand::Positive)];
const GARCH11: &[Asked] = &[
    ("mean", Demand::Finite),
    ("omega", Demand::Positive),
    ("alpha", Demand::NotNegative),
    ("beta", Demand::NotNegative),
    ("start", Demand::Positive),
];
const JUMP_DIFFUSION: &[Asked] = &[
    ("start", Demand::Positive),
    ("drift", Demand::Finite),
    ("volatility", Demand::Positive),
    ("rate", Demand::Positive),
    ("jump_mean", Demand::Finite),
    ("jump_sd", Demand::NotNegative),
];
const MEAN_REVERTING: &[Asked] = &[
    ("start", Demand::Finite),
    ("level", Demand::Finite),
    ("speed", Demand::Positive),
    ("sd", Demand::Positive),
];
const RANDOM_WALK: &[Asked] =
    &[("start", Demand::Finite), ("drift", Demand::Finite), ("sd", Demand::Positive)];

/// The standard normal law of a shock, where the parameters of its process are in their domains.
fn shock(asked: &[Asked], values: &[f64]) -> Result<Law, ParameterError> {
    check(asked, values)?;
    Normal::new(0.0, 1.0).map(Law::from)
}

/// A law of a family in its first form.
pub(super) fn drawn(family: &str, arguments: Vec<Expr>) -> Option<LawSpec> {
    let entry = FAMILIES.iter().find(|entry| entry.name == family)?;
    Some(LawSpec::Family { entry, form: 0, arguments })
}

pub(super) fn standard_normal(hidden: Hidden) -> Option<(Hidden, Driver)> {
    Some((hidden, Driver::Drawn(drawn("normal", vec![number(0.0), number(1.0)])?)))
}

/// A process that stands at its first argument, `start`, in the base year and goes on by `formula`, driven by a
/// standard normal shock and by `more`.
fn from_start(
    asked: &[Asked],
    arguments: &[Expr],
    formula: Expr,
    more: impl IntoIterator<Item = (Hidden, Driver)>,
) -> Path {
    let initial = watched(&asked[..1], &arguments[..1], arguments[0].clone());
    let formula = watched(&asked[1..], &arguments[1..], formula);
    Path {
        value: Recurrence { initial: Some(initial), formula },
        hidden: standard_normal(SHOCK).into_iter().chain(more).collect(),
    }
}

/// x[t] = x[t − 1] + drift + sd · z[t].
fn random_walk(_: usize, arguments: &[Expr], symbols: &Symbols) -> Path {
    let [drift, sd] = [1, 2].map(|k| arguments[k].clone());
    let formula = before(symbols.own()) + drift + sd * now(symbols.hidden(0));
    from_start(RANDOM_WALK, arguments, formula, [])
}

/// x[t] = mean + phi · (x[t − 1] − mean) + sd · z[t]; in the base year `start`, or the stationary law, whose standard
/// deviation is sd / √(1 − phi²).
fn ar1(form: usize, arguments: &[Expr], symbols: &Symbols) -> Path {
    let [mean, phi, sd] = [0, 1, 2].map(|k| arguments[k].clone());
    let shock = || now(symbols.hidden(0));
    let initial = match form {
        0 => {
            let one = || number(1.0);
            let square = phi.clone() * phi.clone();
            // Near ±1 a difference of squares keeps the digits that the square loses.
            let near_one = binary(BinaryOp::Greater, square.clone(), number(0.99));
            let left = choose(near_one, (one() - phi.clone()) * (one() + phi.clone()), one() - square);
            watched(AR1, arguments, mean.clone() + sd.clone() / sqrt(left) * shock())
        }
        _ => arguments[3].clone(),
    };
    let formula = mean.clone() + phi * (before(symbols.own()) - mean) + sd * shock();
    let formula = watched(AR1, &arguments[..3], formula);
    let hidden = standard_normal(SHOCK).into_iter().collect();
    Path { value: Recurrence { initial: Some(initial), formula }, hidden }
}

/// x[t] = level + (x[t − 1] − level) e^(−speed) + sd √((1 − e^(−2 speed)) / (2 speed)) · z[t].
fn mean_reverting(_: usize, arguments: &[Expr], symbols: &Symbols) -> Path {
    let [level, speed, sd] = [1, 2, 3].map(|k| arguments[k].clone());
    let kept = exp(number(-1.0) * speed.clone());
    let twice = number(2.0) * speed;
    let rate = (number(1.0) - exp(number(-1.0) * twice.clone())) / twice.clone();
    let spread = sd * sqrt(where_small(&twice, growth_by_size(number(-1.0) * twice.clone()), rate));
    let formula = level.clone() + (before(symbols.own()) - level) * kept + spread * now(symbols.hidden(0));
    from_start(MEAN_REVERTING, arguments, formula, [])
}

/// x[t] = x[t − 1] exp(drift − volatility² / 2 + volatility · z[t]).
fn gbm(_: usize, arguments: &[Expr], symbols: &Symbols) -> Path {
    let [drift, volatility] = [1, 2].map(|k| arguments[k].clone());
    let pace = drift - half_square(&volatility);
    let formula = before(symbols.own()) * exp(pace + volatility * now(symbols.hidden(0)));
    from_start(GBM, arguments, formula, [])
}

/// x[t] = x[t − 1] exp(drift − volatility² / 2 − rate (e^(m + s² / 2) − 1) + volatility · z[t] + m n[t] + s √n[t] ·
/// y[t]), with n jumps, a Poisson number of mean `rate`, whose logarithms have mean m and standard deviation s. The
/// third term keeps the mean at start · e^(drift t).
fn jump_diffusion(_: usize, arguments: &[Expr], symbols: &Symbols) -> Path {
    let [drift, volatility, rate, mean, sd] = [1, 2, 3, 4, 5].map(|k| arguments[k].clone());
    let size = mean.clone() + half_square(&sd);
    let jump =
        where_small(&size, size.clone() * growth_by_size(size.clone()), exp(size.clone()) - number(1.0));
    let pace = drift - half_square(&volatility) - rate.clone() * jump;
    let jumps = || now(symbols.hidden(1));
    let sizes = mean * jumps() + sd * sqrt(jumps()) * now(symbols.hidden(2));
    let formula = before(symbols.own()) * exp(pace + volatility * now(symbols.hidden(0)) + sizes);
    let count = drawn("poisson", vec![rate]).map(|law| (JUMPS, Driver::Drawn(law)));
    let more = count.into_iter().chain(standard_normal(JUMP_SIZE));
    from_start(JUMP_DIFFUSION, arguments, formula, more)
}

/// x[t] = mean + √h[t] · z[t] with h[t] = omega + h[t − 1] (alpha z[t − 1]² + beta); h is omega / (1 − alpha − beta) in
/// the base year, its expected value, or `start`.
fn garch11(form: usize, arguments: &[Expr], symbols: &Symbols) -> Path {
    let [mean, omega, alpha, beta] = [0, 1, 2, 3].map(|k| arguments[k].clone());
    let (shock, variance) = (symbols.hidden(0), symbols.hidden(1));
    let initial = match form {
        0 => {
            let left = number(1.0) - alpha.clone() - beta.clone();
            let stationary = omega.clone() / left.clone();
            let is_stable = binary(BinaryOp::Greater, left, number(0.0));
            choose(is_stable, stationary, number(f64::NAN))
        }
        _ => arguments[4].clone(),
    };
    let square = before(shock) * before(shock);
    let formula = omega + before(variance) * (alpha * square + beta);
    let initial = watched(GARCH11, arguments, initial);
    let formula = watched(GARCH11, &arguments[..4], formula);
    let variance_path = Recurrence { initial: Some(initial), formula };
    let value = Recurrence { initial: None, formula: mean + sqrt(now(variance)) * now(shock) };
    let computed = [(VARIANCE, Driver::Computed(variance_path))];
    Path { value, hidden: standard_normal(SHOCK).into_iter().chain(computed).collect() }
}

/// `small` where |x| is below 2⁻⁷, where a difference of e^x and 1 has lost two digits, `otherwise` else.
fn where_small(x: &Expr, small: Expr, otherwise: Expr) -> Expr {
    let is_small = binary(BinaryOp::Less, x.clone() * x.clone(), number(1.0 / 16_384.0));
    choose(is_small, small, otherwise)
}

/// (e^x − 1) / x for |x| up to 2⁻⁷, by the first seven terms of its series 1 + x / 2 + x² / 6 + …; relative error below
/// 10⁻¹⁷.
fn growth_by_size(x: Expr) -> Expr {
    (2..=8).rev().fold(number(1.0), |sum, n| number(1.0) + x.clone() / number(f64::from(n)) * sum)
}

fn half_square(x: &Expr) -> Expr {
    number(0.5) * (x.clone() * x.clone())
}
