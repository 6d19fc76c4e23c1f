//! Geometric distribution: failures before the first success.

use super::parameters::required;
use super::{Arguments, Family, FamilyEntry, Form, Law, ParameterError, ensure};

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "geometric",
    summary: "Number of failures before the first success.",
    forms: FORMS,
    example: "geometric(0.2)",
};

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[required("p", "probability of success in one trial")]),
        build: |x| Geometric::new(x[0]).map(Law::from),
    },
    super::solve::families::GEOMETRIC,
];

/// Geometric distribution on 0, 1, 2, … with success probability `p`, without unit.
///
/// - Formula: P(X > k) = (1 − p)ᵏ⁺¹; Q(u) = ⌈ln(1 − u) / ln(1 − p)⌉ − 1, put right by the cdf (sf in the upper
///   half) of its neighbours. The negative binomial law with r = 1.
/// - Domain: 1e-12 ≤ p ≤ 1; p = 1 is the constant 0. 0 < u < 1.
/// - Accuracy: relative error ≤ 1e-12 of both tails and of probabilities down to 1e-300; the quantile is exact
///   with respect to them; held by `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, 3rd ed., section 5.2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Geometric {
    p: f64,
    /// ln(1 − p).
    ln_failure: f64,
}

impl Geometric {
    /// From the probability of success in one trial.
    ///
    /// # Errors
    /// When `p` does not lie between 1e-12 and 1.
    pub fn new(p: f64) -> Result<Self, ParameterError> {
        ensure((1e-12..=1.0).contains(&p), "p", p, "lie between 1e-12 and 1")?;
        Ok(Self { p, ln_failure: libm::log1p(-p) })
    }

    /// Logarithm of P(X > k).
    fn ln_sf(&self, k: f64) -> f64 {
        (k + 1.0) * self.ln_failure
    }

    /// The least k that `reached` accepts, from a k close to it.
    fn settle(start: f64, reached: impl Fn(f64) -> bool) -> f64 {
        let mut k = start.max(0.0);
        while !reached(k) {
            k += 1.0;
        }
        while k > 0.0 && reached(k - 1.0) {
            k -= 1.0;
        }
        k
    }

    /// `p`.
    pub fn parameters(&self) -> [f64; 1] {
        [self.p]
    }
}

impl Family for Geometric {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        if !((0.0..=1.0).contains(&lower) && (0.0..=1.0).contains(&upper)) {
            return f64::NAN;
        }
        if lower == 0.0 || self.p == 1.0 {
            return 0.0;
        }
        if upper == 0.0 {
            return f64::INFINITY;
        }
        if lower <= upper {
            let start = (libm::log1p(-lower) / self.ln_failure).ceil() - 1.0;
            Self::settle(start, |k| self.cdf(k) >= lower)
        } else {
            let start = (libm::log(upper) / self.ln_failure).ceil() - 1.0;
            Self::settle(start, |k| self.sf(k) <= upper)
        }
    }

    fn cdf(&self, x: f64) -> f64 {
        if x < 0.0 { 0.0 } else { -libm::expm1(self.ln_sf(x.floor())) }
    }

    fn sf(&self, x: f64) -> f64 {
        if x < 0.0 { 1.0 } else { libm::exp(self.ln_sf(x.floor())) }
    }

    fn density(&self, x: f64) -> f64 {
        if x == 0.0 {
            self.p
        } else if x > 0.0 && x == x.floor() && x.is_finite() {
            self.p * libm::exp(x * self.ln_failure)
        } else {
            0.0
        }
    }

    fn mean(&self) -> Option<f64> {
        Some((1.0 - self.p) / self.p)
    }

    fn variance(&self) -> Option<f64> {
        Some((1.0 - self.p) / (self.p * self.p))
    }

    fn support(&self) -> (f64, f64) {
        (0.0, if self.p == 1.0 { 0.0 } else { f64::INFINITY })
    }

    fn is_discrete(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Geometric;
    use crate::distribution::{Family, laws, reference};

    laws!(super::Geometric, [(0.2,), (0.999,), (0.02,), (0.5,), (1.0,)]);

    #[test]
    fn agrees_with_the_reference() {
        reference::check("geometric", |p| Geometric::new(p[0]));
    }

    #[test]
    fn the_quantile_is_exact_at_its_own_jumps() {
        for p in [0.5, 0.03, 0.9, 1e-3] {
            let law = Geometric::new(p).unwrap();
            for k in (0..2000).map(f64::from) {
                let (cdf, sf) = (law.cdf(k), law.sf(k));
                if cdf < 0.5 {
                    assert_eq!((law.quantile(cdf), law.quantile(cdf.next_up())), (k, k + 1.0));
                } else if sf > 1e-300 {
                    assert_eq!((law.upper_quantile(sf), law.upper_quantile(sf.next_down())), (k, k + 1.0));
                }
            }
        }
    }

    #[test]
    fn a_fair_coin_jumps_exactly() {
        let law = Geometric::new(0.5).unwrap();
        assert_eq!([0.5, 0.5f64.next_up(), 0.75].map(|u| law.quantile(u)), [0.0, 1.0, 1.0]);
    }

    #[test]
    fn certain_success_is_the_constant_zero() {
        let law = Geometric::new(1.0).unwrap();
        assert_eq!((law.quantile(1e-9), law.quantile(0.999), law.support()), (0.0, 0.0, (0.0, 0.0)));
        assert_eq!((law.cdf(0.0), law.sf(0.0), law.density(0.0), law.density(1.0)), (1.0, 0.0, 1.0, 0.0));
    }

    #[test]
    fn a_p_out_of_its_domain_is_refused() {
        for p in [0.0, 1e-13, 1.1, -0.1] {
            assert_eq!(Geometric::new(p).unwrap_err().parameter, "p");
        }
    }
}
