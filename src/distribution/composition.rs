//! Laws made of laws, and how each is built from its parts.

use super::meant_bounds::{first_meant, last_meant};
use super::{Constant, Family, Law, Mixture, ParameterError, Splice, Truncated, ZeroInflated, ensure};

/// A word of the language that makes one law of others and of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Composition {
    /// `mixture(weight: law, …)`: laws, and a weight for each.
    Mixture,
    /// `splice(body, tail, at)`: two laws and where they meet, the density continuous there.
    Splice,
    /// `splice(body, tail, at, p)`: the same with the probability below.
    WeightedSplice,
    /// `zero_inflated(law, p)`: a law and the extra probability of 0.
    ZeroInflated,
}

impl Composition {
    /// The composed law.
    ///
    /// # Errors
    /// A number outside its domain, or parts that do not fit, as the law says; a wrong count of either.
    pub fn build(self, laws: Vec<Law>, numbers: &[f64]) -> Result<Law, ParameterError> {
        let mut laws = laws.into_iter();
        match (self, laws.next(), laws.next(), numbers) {
            (Composition::Mixture, Some(first), second, _) => {
                let laws = [Some(first), second].into_iter().flatten().chain(laws);
                let weights = numbers.iter().copied();
                Mixture::new(weights.zip(laws).collect()).map(Law::from)
            }
            (Composition::Splice, Some(body), Some(tail), &[at]) => {
                Splice::continuous(body, tail, at).map(Law::from)
            }
            (Composition::WeightedSplice, Some(body), Some(tail), &[at, p]) => {
                Splice::new(body, tail, at, p).map(Law::from)
            }
            (Composition::ZeroInflated, Some(base), None, &[p]) => ZeroInflated::new(base, p).map(Law::from),
            _ => Err(ParameterError {
                parameter: "law",
                value: numbers.len() as f64,
                requirement: "have as many parts as its word takes".into(),
            }),
        }
    }
}

/// `base` conditioned on [min, max], a point that rounding alone parts from a bound included.
///
/// # Errors
/// As [`Truncated::new`].
pub fn truncate(base: Law, min: f64, max: f64) -> Result<Law, ParameterError> {
    let (min, max) = (first_meant(&base, min), last_meant(&base, max));
    condition(base, min, max)
}

/// `base` conditioned on [min, max]; of a law made of others every part is, its weight times what is left of it.
///
/// # Errors
/// As [`Truncated::new`].
pub(super) fn condition(base: Law, min: f64, max: f64) -> Result<Law, ParameterError> {
    if min == max {
        // A range of no width is a value, where the law has it.
        let has = base.probability(min) > 0.0 || (!base.is_discrete() && base.density(min) > 0.0);
        ensure(has, "min", min, "be a value of the distribution, as it is `max` too")?;
        return Constant::new(min).map(Law::from);
    }
    let Some(parts) = parts(&base)? else { return Truncated::new(base, min, max).map(Law::from) };
    ensure(!min.is_nan(), "min", min, "be a number")?;
    ensure(!max.is_nan(), "max", max, "be a number")?;
    ensure(min < max, "min", min, "be below `max`")?;
    let mut left = Vec::new();
    let mut refusal = None;
    for (weight, part) in parts {
        match cut(part, min, max) {
            Ok((mass, law)) => left.push((weight * mass, law)),
            Err(error) => refusal = Some(error),
        }
    }
    match (Mixture::new(left), refusal) {
        (Ok(mixture), _) => Ok(mixture.into()),
        (Err(_), Some(error)) => Err(error),
        (Err(error), None) => Err(error),
    }
}

/// A law conditioned on [min, max], and the probability of the interval.
fn cut(law: Law, min: f64, max: f64) -> Result<(f64, Law), ParameterError> {
    // Of a law that is cut already, the new interval is a part of the old.
    let known = if let Law::Truncated(cut) = &law { cut.mass() } else { 1.0 };
    let truncated = Truncated::new(law, min, max)?;
    Ok((truncated.mass() / known, truncated.into()))
}

/// The plain laws that a law is made of, with their weights; `None` for one that is not made of others.
fn parts(law: &Law) -> Result<Option<Vec<(f64, Law)>>, ParameterError> {
    let direct = match law {
        Law::Mixture(law) => law.parts().to_vec(),
        Law::Splice(law) => law.parts()?.to_vec(),
        Law::ZeroInflated(law) => {
            let (p, base) = law.parts();
            vec![(p, Constant::new(0.0)?.into()), (1.0 - p, base.clone())]
        }
        Law::Moved(law) => {
            let Some(inner) = parts(law.base())? else { return Ok(None) };
            let moved = |part: Law| {
                let is_point = matches!(part, Law::Constant(_));
                let moved = Law::from(law.of(part));
                if is_point { Constant::new(moved.quantile(0.5)).map(Law::from) } else { Ok(moved) }
            };
            return inner
                .into_iter()
                .map(|(weight, part)| Ok((weight, moved(part)?)))
                .collect::<Result<_, _>>()
                .map(Some);
        }
        _ => return Ok(None),
    };
    let mut plain = Vec::new();
    for (weight, part) in direct {
        match parts(&part)? {
            Some(inner) => plain.extend(inner.into_iter().map(|(share, law)| (weight * share, law))),
            None => plain.push((weight, part)),
        }
    }
    Ok(Some(plain))
}

#[cfg(test)]
mod tests {
    use super::{Composition, truncate};
    use crate::distribution::{Family, Law, Lognormal, Moved, Normal, Poisson, laws};

    fn normal() -> Law {
        Normal::new(0.0, 1.0).unwrap().into()
    }

    fn lognormal() -> Law {
        Lognormal::new(1.0, 0.5).unwrap().into()
    }

    /// cdf of the truncated law against that of the base.
    fn conditions(base: &Law, min: f64, max: f64) {
        let law = truncate(base.clone(), min, max).unwrap();
        let before = base.cdf(min.next_down());
        let mass = base.cdf(max) - before;
        for k in 0..=20 {
            let x = min + (max - min) * f64::from(k) / 20.0;
            let expected = (base.cdf(x) - before) / mass;
            assert!((law.cdf(x) - expected).abs() < 1e-12, "{x}: {} {expected}", law.cdf(x));
        }
        laws::inverts(&law);
        laws::is_monotone(&law);
        laws::integrates_to_moments(&law);
    }

    #[test]
    fn truncation_goes_to_the_parts() {
        let mixture = Composition::Mixture.build(vec![normal(), lognormal()], &[0.6, 0.4]).unwrap();
        conditions(&mixture, -1.0, 4.0);
        conditions(&mixture, 3.0, 9.0);
        let inflated = Composition::ZeroInflated.build(vec![normal()], &[0.3]).unwrap();
        conditions(&inflated, 0.0, 2.0);
        conditions(&Moved::scaled(inflated, 2.0).unwrap().into(), -1.0, 0.0);
        let spliced = Composition::Splice.build(vec![normal(), lognormal()], &[2.0]).unwrap();
        conditions(&spliced, -1.0, 6.0);
        let nested = Composition::Mixture.build(vec![spliced, normal()], &[1.0, 1.0]).unwrap();
        conditions(&nested, -1.0, 6.0);
    }

    #[test]
    fn a_part_without_probability_is_left_out() {
        let counts = Law::from(Poisson::new(3.0).unwrap());
        let mixture = Composition::Mixture.build(vec![normal(), counts.clone()], &[0.5, 0.5]).unwrap();
        let law = truncate(mixture.clone(), 60.0, 90.0).unwrap();
        let expected = truncate(counts, 60.0, 90.0).unwrap();
        assert!(law.is_discrete() && law.density(60.0) == expected.density(60.0));
        assert!(truncate(mixture.clone(), 1e9, 2e9).is_err());
        assert_eq!(truncate(mixture, 2.0, 1.0).unwrap_err().parameter, "min");
    }

    #[test]
    fn a_wrong_count_of_parts_is_refused() {
        assert!(Composition::Splice.build(vec![normal()], &[1.0]).is_err());
        assert!(Composition::ZeroInflated.build(vec![normal()], &[]).is_err());
        assert!(Composition::Mixture.build(Vec::new(), &[]).is_err());
    }
}
