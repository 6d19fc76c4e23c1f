//! The table of families: one row each, read by parser, nearest-name search, help and documentation.

use super::{Law, ParameterError, Solvable, forms};

/// One row of [`FAMILIES`].
#[derive(Debug)]
pub struct FamilyEntry {
    /// Name in a `dist` string.
    pub name: &'static str,
    /// One sentence on what it is for.
    pub summary: &'static str,
    /// The parametrisations it accepts; positional arguments fill the first form.
    pub forms: &'static [Form],
    /// A `dist` string that works.
    pub example: &'static str,
}

/// One parametrisation of a family.
#[derive(Debug)]
pub struct Form {
    /// What it takes.
    pub arguments: Arguments,
    /// Builds the law from the flattened arguments (see [`Arguments`]).
    pub build: fn(&[f64]) -> Result<Law, ParameterError>,
}

impl Form {
    /// The numbers it takes that have a name and a meaning of their own, in the order they are typed.
    pub fn parameters(&self) -> impl Iterator<Item = &'static Parameter> {
        let (first, second): (&[Parameter], &[Parameter]) = match self.arguments {
            Arguments::Named(parameters) => (parameters, &[]),
            Arguments::Mapped { before, after, .. } => (before, after),
            Arguments::Map { .. } | Arguments::Lists(_) | Arguments::Solved(_) => (&[], &[]),
        };
        first.iter().chain(second)
    }
}

/// What a [`Form`] takes, and in which order `build` receives it.
#[derive(Debug)]
pub enum Arguments {
    /// Named parameters in positional order. A parameter named `pNN` stands for a percentile (`p5`, `p97.5`) and
    /// reaches `build` as two numbers, its level in (0, 1) and its value; others as one number each.
    Named(&'static [Parameter]),
    /// A map literal `{key: value, …}` of at least one entry; `build` receives key, value, key, value, …
    Map {
        /// What a key is.
        key: &'static str,
        /// What the value of a key is.
        value: &'static str,
    },
    /// A map literal with numbers before it, by position, and behind it, by name; `build` receives those before, those
    /// behind (the default of one that is left out), then key, value, key, value, …
    Mapped {
        before: &'static [Parameter],
        key: &'static str,
        value: &'static str,
        after: &'static [Parameter],
    },
    /// Lists `[…]`, by position or name; `build` receives each one's length and then its numbers.
    Lists(&'static [&'static str]),
    /// As many parameters and statistics by name as the family has parameters, defaults apart; `build` receives
    /// pairs of what is known, as [`super::Known::code`], and its value.
    Solved(&'static Solvable),
}

/// One parameter of a [`Form`].
#[derive(Debug)]
pub struct Parameter {
    /// Name in the scenario language.
    pub name: &'static str,
    /// Value when left out; `None` makes it required.
    pub default: Option<f64>,
    /// What it means, for help and documentation.
    pub meaning: &'static str,
}

/// Every family of the language, in alphabetical order.
pub static FAMILIES: &[FamilyEntry] = &[
    super::arcsine::ENTRY,
    FamilyEntry {
        name: "bernoulli",
        summary: "Whether something happens: 1 with probability p, otherwise 0.",
        forms: forms::BERNOULLI,
        example: "bernoulli(0.3)",
    },
    FamilyEntry {
        name: "beta",
        summary: "A share, or any quantity between two bounds, with two shapes.",
        forms: forms::BETA,
        example: "beta(2, 5)",
    },
    super::beta_binomial::ENTRY,
    FamilyEntry {
        name: "binomial",
        summary: "Number of successes among n independent trials.",
        forms: forms::BINOMIAL,
        example: "binomial(40, 0.15)",
    },
    super::burr12::ENTRY,
    super::cauchy::ENTRY,
    super::chi_squared::ENTRY,
    FamilyEntry {
        name: "constant",
        summary: "A value without uncertainty.",
        forms: forms::CONSTANT,
        example: "constant(4.2)",
    },
    super::cumulative::ENTRY,
    FamilyEntry {
        name: "discrete",
        summary: "Given values with given weights.",
        forms: forms::DISCRETE,
        example: "discrete({1: 0.2, 2: 0.5, 10: 0.3})",
    },
    FamilyEntry {
        name: "exponential",
        summary: "Waiting time for an event that comes at a constant rate.",
        forms: forms::EXPONENTIAL,
        example: "exponential(2.5)",
    },
    super::f::ENTRY,
    super::frechet::ENTRY,
    FamilyEntry {
        name: "gamma",
        summary: "A positive, right-skewed quantity: a waiting time in stages, a total of claims.",
        forms: forms::GAMMA,
        example: "gamma(2, 1.5)",
    },
    super::general::ENTRY,
    super::geometric::ENTRY,
    super::gev::ENTRY,
    super::gpd::ENTRY,
    FamilyEntry {
        name: "gumbel",
        summary: "The largest of many values: a yearly flood, a worst loss.",
        forms: forms::GUMBEL,
        example: "gumbel(1013, 558)",
    },
    super::histogram::ENTRY,
    super::hypergeometric::ENTRY,
    super::inverse_gaussian::ENTRY,
    super::irwin_hall::ENTRY,
    super::johnson_sb::ENTRY,
    super::johnson_su::ENTRY,
    super::kumaraswamy::ENTRY,
    super::laplace::ENTRY,
    super::logarithmic::ENTRY,
    super::logistic::ENTRY,
    super::loglogistic::ENTRY,
    FamilyEntry {
        name: "lognormal",
        summary: "A positive quantity made by many factors: a market size, a price.",
        forms: forms::LOGNORMAL,
        example: "lognormal(p5 = 7.7, p95 = 8.3)",
    },
    super::metalog::ENTRY,
    super::negative_binomial::ENTRY,
    FamilyEntry {
        name: "normal",
        summary: "A quantity made by many small additions; it may fall below 0.",
        forms: forms::NORMAL,
        example: "normal(0, 2)",
    },
    super::pareto::ENTRY,
    FamilyEntry {
        name: "pert",
        summary: "An expert's least, most likely and greatest value, with a smooth peak.",
        forms: forms::PERT,
        example: "pert(1.6, 3.2, 4.8)",
    },
    FamilyEntry {
        name: "poisson",
        summary: "Number of events that come at a constant rate.",
        forms: forms::POISSON,
        example: "poisson(3)",
    },
    super::rayleigh::ENTRY,
    super::skew_normal::ENTRY,
    FamilyEntry {
        name: "student_t",
        summary: "A bell with heavier tails than the normal law.",
        forms: forms::STUDENT_T,
        example: "student_t(4, 0, 1)",
    },
    super::trapezoidal::ENTRY,
    FamilyEntry {
        name: "triangular",
        summary: "An expert's least, most likely and greatest value, with straight sides.",
        forms: forms::TRIANGULAR,
        example: "triangular(1.6, 3.2, 4.8)",
    },
    FamilyEntry {
        name: "uniform",
        summary: "Every value between two bounds equally likely.",
        forms: forms::UNIFORM,
        example: "uniform(-1, 1)",
    },
    super::uniform_int::ENTRY,
    FamilyEntry {
        name: "weibull",
        summary: "A lifetime whose failure rate follows a power of age.",
        forms: forms::WEIBULL,
        example: "weibull(1.5, 100)",
    },
    super::zipf::ENTRY,
];

#[cfg(test)]
mod tests {
    use super::{Arguments, FAMILIES, FamilyEntry, Form};
    use crate::distribution::{Family, Law, ParameterError};

    /// Builds the law of a `dist` string as simple as the examples are.
    fn build(text: &str) -> Result<Law, ParameterError> {
        let (name, rest) = text.split_once('(').unwrap();
        let entry = FAMILIES.iter().find(|entry| entry.name == name).unwrap();
        let inside = rest.strip_suffix(')').unwrap();
        if let Some(map) = inside.strip_prefix('{') {
            let numbers = map.trim_end_matches('}').split([',', ':']);
            let flat: Vec<f64> = numbers.map(|number| number.trim().parse().unwrap()).collect();
            return (entry.forms[0].build)(&flat);
        }
        let mut named: Vec<(&str, f64)> = Vec::new();
        for (index, argument) in inside.split(',').enumerate() {
            let (key, value) = match argument.split_once('=') {
                Some((key, value)) => (key.trim(), value),
                None => (parameters(&entry.forms[0])[index], argument),
            };
            named.push((key, value.trim().parse().unwrap()));
        }
        build_named(entry, &named)
    }

    /// Fills the form whose parameters are those given, but for defaults.
    fn build_named(entry: &FamilyEntry, named: &[(&str, f64)]) -> Result<Law, ParameterError> {
        let level = |key: &str| key.strip_prefix('p').and_then(|digits| digits.parse::<f64>().ok());
        for form in entry.forms {
            let Arguments::Named(parameters) = form.arguments else { continue };
            let (mut flat, mut left) = (Vec::new(), named.to_vec());
            for parameter in parameters {
                let fits =
                    |key: &str| key == parameter.name || (parameter.name == "pNN" && level(key).is_some());
                match left.iter().position(|&(key, _)| fits(key)) {
                    Some(index) => {
                        let (key, value) = left.remove(index);
                        flat.extend(level(key).map(|percent| percent / 100.0));
                        flat.push(value);
                    }
                    None => flat.extend(parameter.default),
                }
            }
            let size: usize = parameters.iter().map(|p| if p.name == "pNN" { 2 } else { 1 }).sum();
            if left.is_empty() && flat.len() == size {
                return (form.build)(&flat);
            }
        }
        panic!("{} has no form for {named:?}", entry.name);
    }

    fn parameters(form: &Form) -> Vec<&'static str> {
        match form.arguments {
            Arguments::Named(parameters) => parameters.iter().map(|parameter| parameter.name).collect(),
            Arguments::Mapped { before, after, .. } => {
                before.iter().chain(after).map(|parameter| parameter.name).collect()
            }
            Arguments::Lists(names) => names.to_vec(),
            Arguments::Map { .. } | Arguments::Solved(_) => Vec::new(),
        }
    }

    #[test]
    fn names_are_unique_and_in_alphabetical_order() {
        let names: Vec<&str> = FAMILIES.iter().map(|entry| entry.name).collect();
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "{names:?}");
        assert!(
            names
                .iter()
                .all(|name| name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_'))
        );
    }

    #[test]
    fn every_example_builds_the_family_it_stands_beside() {
        for entry in FAMILIES {
            assert!(entry.example.starts_with(&format!("{}(", entry.name)), "{}", entry.example);
            let law = build(entry.example).unwrap();
            assert!(law.quantile(0.2) <= law.quantile(0.9), "{}", entry.example);
        }
    }

    #[test]
    fn every_row_is_documented() {
        for entry in FAMILIES {
            assert!(entry.summary.ends_with('.') && !entry.forms.is_empty(), "{}", entry.name);
            for form in entry.forms {
                let Arguments::Named(parameters) = form.arguments else { continue };
                assert!(parameters.iter().all(|parameter| !parameter.meaning.is_empty()), "{}", entry.name);
                // What may be left out comes last, so that positions stay clear.
                let required = parameters.iter().take_while(|parameter| parameter.default.is_none()).count();
                assert!(
                    parameters[required..].iter().all(|parameter| parameter.default.is_some()),
                    "{}",
                    entry.name
                );
            }
        }
    }

    #[test]
    fn no_two_forms_of_a_family_take_the_same_names() {
        for entry in FAMILIES {
            let mut sets: Vec<Vec<&str>> = entry.forms.iter().map(parameters).collect();
            sets.iter_mut().for_each(|names| names.sort_unstable());
            let count = sets.len();
            sets.sort();
            sets.dedup();
            assert_eq!(sets.len(), count, "{}", entry.name);
        }
    }

    #[test]
    fn every_form_refuses_nan() {
        for entry in FAMILIES {
            for form in entry.forms {
                let count = parameters(form)
                    .iter()
                    .map(|&name| if name == "pNN" { 2 } else { 1 })
                    .sum::<usize>()
                    .max(2);
                assert!((form.build)(&vec![f64::NAN; count]).is_err(), "{} {:?}", entry.name, form.arguments);
            }
        }
    }

    #[test]
    fn parametrisations_reach_the_law_they_describe() {
        let close = |text: &str, level: f64, expected: f64| {
            let got = build(text).unwrap().quantile(level);
            assert!((got / expected - 1.0).abs() < 1e-13, "{text}: {got}");
        };
        close("lognormal(p5 = 7.7, p95 = 8.3)", 0.95, 8.3);
        close("lognormal(median = 3, p97.5 = 4)", 0.975, 4.0);
        close("lognormal(mean = 3, p90 = 4)", 0.9, 4.0);
        close("lognormal(cv = 0.5, p10 = 4)", 0.1, 4.0);
        close("lognormal(sigma = 0.5, p10 = 4)", 0.1, 4.0);
        close("lognormal(mu = 0.5, p10 = 1)", 0.1, 1.0);
        close("lognormal(median = 3, cv = 0.2)", 0.5, 3.0);
        close("lognormal(median = 3, sd = 0.2)", 0.5, 3.0);
        close("lognormal(mean = 4, median = 3)", 0.5, 3.0);
        close("normal(p10 = 1, p90 = 4)", 0.9, 4.0);
        close("normal(mean = 1, p90 = 4)", 0.9, 4.0);
        close("normal(median = 1, p90 = 4)", 0.9, 4.0);
        close("normal(sd = 1, p90 = 4)", 0.9, 4.0);
        close("normal(mean = 5, cv = 0.1)", 0.5, 5.0);
        close("exponential(rate = 0.5)", 0.5, 2.0 * std::f64::consts::LN_2);
    }
}
