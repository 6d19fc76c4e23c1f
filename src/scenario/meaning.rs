//! Warnings about laws that may mean something else than was wanted.

use crate::diagnostic::{Diagnostic, MEANING_MEAN, MEANING_NEGATIVE, Span, figure};
use crate::distribution::{Family, Law};

/// Units of quantities that are as well below 0 as above: shares of change and temperatures.
const BOTH_SIGNS: [&str; 8] = ["%", "pp", "bp", "bps", "°C", "°F", "dB", "log"];

/// Where so much lies below 0, the law was meant to go there.
const MEANT: f64 = 0.2;

/// What to ask about the law of the input `name`, which stands at `span`.
///
/// - A mean below p5 or above p95 is carried by a tail that few runs see. Laws of separate points are passed over: their
///   percentiles are steps.
/// - An input with a unit that is not one of changes, whose law has no least value, a p1 below 0 and a mean above 0, may
///   be a size that was not meant to be negative. A stated least value, or more than a fifth of the law below 0, says
///   that it was.
pub fn questions(law: &Law, name: &str, unit: Option<&str>, span: Span) -> Option<Diagnostic> {
    if law.is_discrete() {
        return None;
    }
    let mean = law.mean()?;
    let (low, high) = (law.quantile(0.05), law.upper_quantile(0.05));
    if mean < low || mean > high {
        let (side, end, value) = if mean < low { ("below", "p5", low) } else { ("above", "p95", high) };
        return Some(
            Diagnostic::warning(&MEANING_MEAN, format!("the mean of `{name}` lies {side} its {end}"))
                .label(span, format!("mean {}, {end} {}", figure(mean), figure(value)))
                .help("a tail that few runs see carries the mean: is the law as heavy as that?"),
        );
    }
    let size = unit.is_some_and(|unit| !BOTH_SIGNS.iter().any(|sign| unit.trim() == *sign));
    let below = law.cdf(0.0);
    let p1 = law.quantile(0.01);
    let negative = law.support().0 == f64::NEG_INFINITY && p1 < 0.0 && mean > 0.0 && below < MEANT;
    (size && negative).then(|| {
        Diagnostic::warning(
            &MEANING_NEGATIVE,
            format!("`{name}` falls below 0 in {} % of the runs", figure(100.0 * below)),
        )
        .label(span, format!("mean {}, p1 {}", figure(mean), figure(p1)))
        .help("for a size write a law above 0, such as `lognormal`, or `truncate(…, min = 0)`")
        .help(format!("where it may be negative, say how far: `truncate(…, min = {})`", figure(3.0 * p1)))
    })
}

#[cfg(test)]
mod tests {
    use super::questions;
    use crate::diagnostic::Span;
    use crate::distribution::{Binomial, Law, Lognormal, Normal, Truncated};

    fn asked(law: impl Into<Law>, unit: Option<&str>) -> Option<&'static str> {
        questions(&law.into(), "x", unit, Span { source: 0, start: 0, end: 1 }).map(|report| report.code.name)
    }

    #[test]
    fn a_mean_outside_the_bulk_is_asked_about() {
        assert_eq!(asked(Lognormal::new(0.0, 4.0).unwrap(), None), Some("warning::mean"));
        assert_eq!(asked(Lognormal::new(0.0, 1.0).unwrap(), None), None);
        assert_eq!(asked(Binomial::new(1.0, 0.01).unwrap(), None), None);
    }

    #[test]
    fn a_size_that_may_be_negative_is_asked_about() {
        let law = Normal::new(30.0, 15.0).unwrap();
        assert_eq!(asked(law, Some("USD m")), Some("warning::negative"));
        assert_eq!((asked(law, None), asked(law, Some("pp")), asked(law, Some("%"))), (None, None, None));
        assert_eq!(asked(Normal::new(30.0, 10.0).unwrap(), Some("USD m")), None);
        assert_eq!(asked(Normal::new(3.0, 15.0).unwrap(), Some("USD m")), None);
        let stated = Truncated::new(law.into(), -20.0, f64::INFINITY).unwrap();
        assert_eq!(asked(stated, Some("USD m")), None);
    }
}
