//! What may be known of a law: a parameter, or a statistic.

use std::borrow::Cow;

use super::Solvable;

/// A parameter or a statistic, without its value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Known {
    /// A parameter of the family, by its place in [`Solvable::parameters`].
    Parameter(usize),
    /// Expected value.
    Mean,
    /// Standard deviation.
    Sd,
    /// Standard deviation over mean.
    Cv,
    /// The percentile of ½, by its own name.
    Median,
    /// Most likely value.
    Mode,
    /// Least value.
    Min,
    /// Greatest value.
    Max,
    /// Value with this probability, in (0, 1), below it.
    Percentile(f64),
}

/// Statistics with a name of their own, and the number that stands for each in a list of arguments.
const NAMED: [(&str, Known, f64); 7] = [
    ("mean", Known::Mean, 1.0),
    ("sd", Known::Sd, 2.0),
    ("cv", Known::Cv, 3.0),
    ("median", Known::Median, 4.0),
    ("mode", Known::Mode, 5.0),
    ("min", Known::Min, 6.0),
    ("max", Known::Max, 7.0),
];

/// The number that stands for the first parameter.
const FIRST_PARAMETER: f64 = 100.0;

impl Known {
    /// The statistic of this name, percentiles excepted.
    pub fn named(name: &str) -> Option<Known> {
        NAMED.iter().find(|(known, ..)| *known == name).map(|(_, known, _)| *known)
    }

    /// The number that stands for it in a list of arguments: the level of a percentile, a whole number otherwise.
    pub fn code(self) -> f64 {
        match self {
            Known::Parameter(index) => FIRST_PARAMETER + index as f64,
            Known::Percentile(level) => level,
            named => NAMED.iter().find(|(_, known, _)| *known == named).map_or(f64::NAN, |row| row.2),
        }
    }

    /// What [`Known::code`] stands for; `None` for a number that stands for nothing.
    pub fn of_code(code: f64) -> Option<Known> {
        if 0.0 < code && code < 1.0 {
            return Some(Known::Percentile(code));
        }
        if (FIRST_PARAMETER..1e3).contains(&code) {
            return Some(Known::Parameter((code - FIRST_PARAMETER) as usize));
        }
        NAMED.iter().find(|(.., number)| *number == code).map(|(_, known, _)| *known)
    }

    /// Its name in a refusal; every percentile is `pNN` there.
    pub fn name(self, family: &Solvable) -> &'static str {
        match self {
            Known::Parameter(index) => family.parameters[index].0.name,
            Known::Percentile(_) => "pNN",
            named => NAMED.iter().find(|(_, known, _)| *known == named).map_or("", |row| row.0),
        }
    }

    /// Its name as it is typed, `p97.5` for a percentile.
    pub fn typed(self, family: &Solvable) -> Cow<'static, str> {
        match self {
            // Twelve digits hide what the division by 100 has rounded.
            Known::Percentile(level) => format!("p{}", (level * 1e14).round() / 1e12).into(),
            known => known.name(family).into(),
        }
    }

    /// Level of a percentile; ½ for the median.
    pub fn level(self) -> Option<f64> {
        match self {
            Known::Median => Some(0.5),
            Known::Percentile(level) => Some(level),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Known, NAMED};

    #[test]
    fn codes_and_names_lead_back() {
        let parameters = [Known::Parameter(0), Known::Parameter(3), Known::Percentile(0.975)];
        for known in NAMED.iter().map(|row| row.1).chain(parameters) {
            assert_eq!(Known::of_code(known.code()), Some(known));
        }
        for (name, known, _) in NAMED {
            assert_eq!(Known::named(name), Some(known));
        }
        for code in [f64::NAN, 0.0, 1.5, 8.0, -3.0, 1e4] {
            assert_eq!(Known::of_code(code), None);
        }
        assert_eq!(Known::Percentile(0.07).typed(&super::super::families::WEIBULL_LAW), "p7");
    }
}
