//! Sums of a random number of independent severities: what their count may be, and their moments.

use super::{Family, Law};

/// Most events of one run: more than anyone means, and minutes for a few thousand runs.
pub const MOST_EVENTS: f64 = 1e6;

/// Mean and variance of a sum of independent severities with the given mean and variance, `count` of them.
///
/// - Formula: E S = E N · E Y; Var S = E N · Var Y + Var N · (E Y)².
/// - Source: Klugman, Panjer & Willmot (2012), Loss Models, 4th ed., equation 9.9.
pub fn compound_moments(count: &Law, severity: (Option<f64>, Option<f64>)) -> (Option<f64>, Option<f64>) {
    let (events, severity_mean) = (count.mean(), severity.0);
    let mean = events.zip(severity_mean).map(|(n, y)| n * y);
    let variance = match (events, count.variance(), severity_mean, severity.1) {
        (Some(n), Some(scatter), Some(y), Some(v)) => Some(n * v + scatter * y * y),
        _ => None,
    };
    (mean, variance)
}

/// True for a law of whole numbers, none below 0.
pub fn is_count(law: &Law) -> bool {
    law.support().0 >= 0.0 && is_whole(law)
}

fn is_whole(law: &Law) -> bool {
    match law {
        Law::Constant(_) => law.support().0.fract() == 0.0,
        Law::Discrete(law) => law.values().iter().all(|value| value.fract() == 0.0),
        Law::Mixture(law) => law.parts().iter().all(|(_, part)| is_whole(part)),
        Law::Splice(law) => law.parts().is_ok_and(|parts| parts.iter().all(|(_, part)| is_whole(part))),
        Law::ZeroInflated(law) => is_whole(law.parts().1),
        Law::Moved(moved) => moved.keeps_whole_numbers() && is_whole(moved.base()),
        Law::Empirical(law) => law.is_whole(),
        Law::Truncated(truncated) => is_whole(truncated.base()),
        law => law.is_discrete(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::{Constant, Discrete, Gamma, Moved, Normal, Poisson, Truncated};

    #[test]
    fn a_compound_of_poisson_and_gamma_has_the_moments_of_the_textbook() {
        let (count, severity) =
            (Poisson::new(10.0).unwrap().into(), Law::from(Gamma::new(2.0, 1.0).unwrap()));
        let (mean, variance) = compound_moments(&count, (severity.mean(), severity.variance()));
        assert!((mean.unwrap() - 20.0).abs() < 1e-12 && (variance.unwrap() - 60.0).abs() < 1e-12);
    }

    #[test]
    fn counts_are_whole_and_not_negative() {
        let poisson = || Law::from(Poisson::new(3.0).unwrap());
        let discrete = |values: &[f64]| {
            Law::from(Discrete::new(&values.iter().map(|&x| (x, 1.0)).collect::<Vec<_>>()).unwrap())
        };
        assert!(is_count(&poisson()) && is_count(&discrete(&[0.0, 4.0])));
        assert!(
            is_count(&Constant::new(4.0).unwrap().into()) && !is_count(&Constant::new(4.5).unwrap().into())
        );
        assert!(!is_count(&discrete(&[0.5, 1.0])) && !is_count(&discrete(&[-1.0, 1.0])));
        assert!(is_count(&Moved::shifted(poisson(), 1.0).unwrap().into()));
        assert!(!is_count(&Moved::shifted(poisson(), -1.0).unwrap().into()));
        assert!(!is_count(&Moved::scaled(poisson(), 1.5).unwrap().into()));
        assert!(is_count(&Truncated::new(poisson(), 1.0, 5.0).unwrap().into()));
        assert!(!is_count(&Normal::new(3.0, 1.0).unwrap().into()));
    }
}
