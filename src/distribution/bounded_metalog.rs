//! Bounded metalog distribution: a metalog law of a logarithm, which one or two bounds hold in.

use super::metalog::{MOST_TERMS, Metalog};
use super::{Family, Law, ParameterError, ensure};
use crate::math;

/// Metalog distribution with a least value, a greatest value or both; x and draws in the input's unit.
///
/// - Formula: with M the unbounded metalog quantile function through the transformed points, Q = b + e^M above a least
///   value b (points ln(x − b)), b − e^(−M) below a greatest value (points −ln(b − x)), and (a + b e^M) / (1 + e^M)
///   between both (points ln((x − a) / (b − x))).
/// - Domain: as [`Metalog`], points inside the bounds. The quantile function rises where that of M does.
/// - Accuracy: as [`Metalog`]; near a bound x − b keeps its digits as far as the bound lets it.
/// - Moments: integrals over u; `None` where the tail is too heavy, e^M growing as (1 − u)^(−s) with s the slope of M in
///   the logit there: no mean for s ≥ 1, no variance for s ≥ ½.
/// - Source: Keelin (2016), The Metalog Distributions, Decision Analysis 13(4), 243–277, doi:10.1287/deca.2016.0338,
///   sections 4.1 and 4.2, eqs. (11) and (13).
#[derive(Clone, Debug, PartialEq)]
pub struct BoundedMetalog {
    inner: Metalog,
    bounds: Bounds,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Bounds {
    Least(f64),
    Greatest(f64),
    Both(f64, f64),
}

impl Bounds {
    fn of(lower: f64, upper: f64) -> Option<Bounds> {
        match (lower.is_finite(), upper.is_finite()) {
            (false, false) => None,
            (true, false) => Some(Bounds::Least(lower)),
            (false, true) => Some(Bounds::Greatest(upper)),
            (true, true) => Some(Bounds::Both(lower, upper)),
        }
    }

    /// The transformed value; infinite at a bound and beyond.
    fn inner(self, x: f64) -> f64 {
        let ln = |x: f64| if x > 0.0 { math::ln(x) } else { f64::NEG_INFINITY };
        match self {
            Bounds::Least(b) => ln(x - b),
            Bounds::Greatest(b) => -ln(b - x),
            Bounds::Both(a, _) if x <= a => f64::NEG_INFINITY,
            Bounds::Both(_, b) if x >= b => f64::INFINITY,
            Bounds::Both(a, b) => ln((x - a) / (b - x)),
        }
    }

    /// The value of a transformed one.
    fn outer(self, m: f64) -> f64 {
        match self {
            Bounds::Least(b) => b + math::exp(m),
            Bounds::Greatest(b) => b - math::exp(-m),
            Bounds::Both(a, b) => {
                let odds = math::exp(-m.abs());
                let part = (b - a) * (odds / (1.0 + odds));
                if m < 0.0 { a + part } else { b - part }
            }
        }
    }

    /// Derivative of [`Bounds::inner`] inside the bounds.
    fn rate(self, x: f64) -> f64 {
        match self {
            Bounds::Least(b) => 1.0 / (x - b),
            Bounds::Greatest(b) => 1.0 / (b - x),
            Bounds::Both(a, b) => 1.0 / (x - a) + 1.0 / (b - x),
        }
    }
}

/// The law of terms (0: as many as points), lower and upper bound (infinite: none), then p, x, p, x, …
///
/// # Errors
/// As [`Metalog::new`]; a number of terms that is not whole or not between 2 and the points; bounds that hold no number;
/// a point outside of them.
pub fn metalog_of(numbers: &[f64]) -> Result<Law, ParameterError> {
    let [terms, lower, upper] = [numbers[0], numbers[1], numbers[2]];
    let pairs = numbers[3..].as_chunks::<2>().0;
    let most = pairs.len().min(MOST_TERMS);
    ensure(!lower.is_nan() && lower < f64::INFINITY, "lower", lower, "be a finite number")?;
    ensure(upper > f64::NEG_INFINITY, "upper", upper, "be a finite number")?;
    ensure(lower < upper, "upper", upper, "be above `lower`")?;
    let whole = terms >= 2.0 && terms.fract() == 0.0 && terms <= most as f64;
    ensure(
        whole || terms == 0.0,
        "terms",
        terms,
        "be a whole number from 2 to the number of points, 30 at most",
    )?;
    let bounds = Bounds::of(lower, upper);
    let mut points = Vec::with_capacity(pairs.len());
    for &[p, x] in pairs {
        ensure(x > lower && x < upper, "x", x, "lie between the bounds `lower` and `upper`")?;
        points.push((p, bounds.map_or(x, |bounds| bounds.inner(x))));
    }
    let terms = if terms == 0.0 { points.len() } else { terms as usize };
    let inner = Metalog::fit(&points, terms).map_err(|error| match error.parameter {
        // What is refused is a point, not its logarithm.
        "x" => ParameterError { value: pairs.last().map_or(f64::NAN, |pair| pair[1]), ..error },
        _ => error,
    })?;
    Ok(match bounds {
        Some(bounds) => BoundedMetalog { inner, bounds }.into(),
        None => inner.into(),
    })
}

impl BoundedMetalog {
    /// Slope of M in the logit at either end: how fast e^−M and e^M grow there.
    fn growth(&self) -> f64 {
        let [low, high] = self.inner.end_slopes();
        match self.bounds {
            Bounds::Least(_) => high,
            Bounds::Greatest(_) => low,
            Bounds::Both(..) => 0.0,
        }
    }

    /// A value in the middle, from which moments are counted.
    fn centre(&self) -> f64 {
        self.quantile(0.5)
    }

    fn mean_distance(&self) -> f64 {
        let centre = self.centre();
        math::integrate_tails(|lower, upper| self.inverse(lower, upper) - centre)
    }
}

impl Family for BoundedMetalog {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        self.bounds.outer(self.inner.inverse(lower, upper))
    }

    fn cdf(&self, x: f64) -> f64 {
        self.inner.cdf(self.bounds.inner(x))
    }

    fn sf(&self, x: f64) -> f64 {
        self.inner.sf(self.bounds.inner(x))
    }

    fn density(&self, x: f64) -> f64 {
        let m = self.bounds.inner(x);
        if m.is_finite() { self.inner.density(m) * self.bounds.rate(x) } else { 0.0 }
    }

    fn mean(&self) -> Option<f64> {
        (self.growth() < 1.0).then(|| self.centre() + self.mean_distance()).filter(|mean| mean.is_finite())
    }

    fn variance(&self) -> Option<f64> {
        if self.growth() >= 0.5 {
            return None;
        }
        let mean = self.centre() + self.mean_distance();
        let square = |lower, upper| {
            let from_mean = self.inverse(lower, upper) - mean;
            from_mean * from_mean
        };
        Some(math::integrate_tails(square)).filter(|variance| variance.is_finite())
    }

    fn support(&self) -> (f64, f64) {
        match self.bounds {
            Bounds::Least(b) => (b, f64::INFINITY),
            Bounds::Greatest(b) => (f64::NEG_INFINITY, b),
            Bounds::Both(a, b) => (a, b),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::{laws, reference};

    const INF: f64 = f64::INFINITY;

    #[test]
    fn the_laws_hold() {
        for numbers in [
            &[0.0, 0.0, INF, 0.1, 3.0, 0.5, 4.0, 0.9, 6.0][..],
            &[0.0, -INF, 10.0, 0.1, 3.0, 0.5, 6.0, 0.9, 8.0],
            &[0.0, 0.0, 10.0, 0.1, 1.0, 0.5, 2.5, 0.9, 6.0],
            &[2.0, 0.0, INF, 0.1, 3.0, 0.5, 4.0, 0.9, 6.0],
        ] {
            laws::hold(&metalog_of(numbers).unwrap());
        }
    }

    #[test]
    fn agrees_with_the_reference() {
        reference::check("bounded_metalog", metalog_of);
    }

    #[test]
    fn the_points_are_met() {
        let pairs = [(0.05, 1.0), (0.3, 2.0), (0.7, 4.0), (0.98, 9.5)];
        for [lower, upper] in [[0.0, INF], [-INF, 12.0], [0.0, 12.0]] {
            let flat: Vec<f64> =
                [0.0, lower, upper].into_iter().chain(pairs.iter().flat_map(|&(p, x)| [p, x])).collect();
            let law = metalog_of(&flat).unwrap();
            for (p, x) in pairs {
                assert!((law.quantile(p) / x - 1.0).abs() < 1e-13, "{lower} {upper} {p}");
            }
        }
    }

    #[test]
    fn fewer_terms_than_points_leave_the_least_squares() {
        // Points of a law of two terms, so that two terms find it among any number of points.
        let logistic = |p: f64| 5.0 + 2.0 * math::ln(p / (1.0 - p));
        let points: Vec<f64> =
            (1..40).flat_map(|k| [f64::from(k) / 40.0, logistic(f64::from(k) / 40.0)]).collect();
        for terms in [2.0, 3.0, 5.0] {
            let flat: Vec<f64> = [terms, -INF, INF].into_iter().chain(points.iter().copied()).collect();
            let law = metalog_of(&flat).unwrap();
            for p in [0.001, 0.2, 0.5, 0.9, 0.9999] {
                assert!((law.quantile(p) / logistic(p) - 1.0).abs() < 1e-11, "{terms} {p}");
            }
        }
    }

    #[test]
    fn what_makes_no_law_is_refused() {
        let parameter = |numbers: &[f64]| metalog_of(numbers).unwrap_err().parameter;
        let points = [0.1, 3.0, 0.5, 4.0, 0.9, 6.0];
        let with = |head: [f64; 3]| parameter(&[&head[..], &points].concat());
        assert_eq!(with([0.0, 3.5, INF]), "x");
        assert_eq!(with([0.0, 9.0, 8.0]), "upper");
        assert_eq!(with([4.0, -INF, INF]), "terms");
        assert_eq!(with([2.5, -INF, INF]), "terms");
        assert_eq!(with([0.0, f64::NAN, INF]), "lower");
        assert_eq!(parameter(&[0.0, 0.0, INF, 0.1, 3.0, 0.5, 3.1, 0.9, 600.0]), "x");
    }
}
