//! Beta-binomial distribution: successes among trials whose common probability is itself uncertain.

use super::parameters::required;
use super::tail_sums::{TailSums, masses};
use super::{Arguments, Family, FamilyEntry, Form, Law, ParameterError, ensure};
use crate::math::BetaKernel;

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "beta_binomial",
    summary: "Number of successes among n trials whose common probability follows a beta law.",
    forms: FORMS,
    example: "beta_binomial(40, 3, 17)",
};

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[
            required("n", "number of trials"),
            required("alpha", "first shape of the beta law: pulls towards n"),
            required("beta", "second shape of the beta law: pulls towards 0"),
        ]),
        build: |x| BetaBinomial::new(x[0], x[1], x[2]).map(Law::from),
    },
    super::solve::families::BETA_BINOMIAL,
];

/// Beta-binomial distribution of `n` trials, whose probability of success follows a beta law of shapes `alpha` and
/// `beta`; without unit.
///
/// - Formula: P(X = k) = n! / (k! (n − k)!) · B(k + α, n − k + β) / B(α, β), added up from both ends when the law
///   is made; a quantile is a bisection.
/// - Domain: n a whole number from 0 to 1e6, shapes from 1e-3 to 1e9. 0 < u < 1.
/// - Accuracy: relative error ≤ 1e-12 of both tails and of probabilities down to 1e-300; the quantile is exact
///   with respect to them; held by `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, 3rd ed., section 6.2.2.
#[derive(Clone, Debug, PartialEq)]
pub struct BetaBinomial {
    n: f64,
    alpha: f64,
    beta: f64,
    sums: TailSums,
}

impl BetaBinomial {
    /// Law of `n` trials and the given shapes.
    ///
    /// # Errors
    /// When `n` is not a whole number from 0 to 1e6, or a shape does not lie between 1e-3 and 1e9.
    pub fn new(n: f64, alpha: f64, beta: f64) -> Result<Self, ParameterError> {
        ensure((0.0..=1e6).contains(&n) && n == n.floor(), "n", n, "be a whole number from 0 to 1e6")?;
        ensure((1e-3..=1e9).contains(&alpha), "alpha", alpha, "lie between 0.001 and 1e9")?;
        ensure((1e-3..=1e9).contains(&beta), "beta", beta, "lie between 0.001 and 1e9")?;
        let shape = BetaKernel::new(alpha, beta);
        let ratio = |k: f64| (n - k) / (k + 1.0) * ((k + alpha) / (n - k - 1.0 + beta));
        let list = masses(0.0, n as usize + 1, |k| mass(n, alpha, beta, &shape, k), ratio);
        Ok(Self { n, alpha, beta, sums: TailSums::new(0.0, &list) })
    }
}

/// P(X = k): each beta function as xᵃ yᵇ over its kernel, at the x where the one of k peaks; powers of x and y
/// cancel.
fn mass(n: f64, alpha: f64, beta: f64, shape: &BetaKernel, k: f64) -> f64 {
    if n == 0.0 {
        return 1.0;
    }
    let total = n + alpha + beta;
    let (x, y) = (k + alpha, n - k + beta);
    let (x, y) = if x <= y { (x / total, 1.0 - x / total) } else { (1.0 - y / total, y / total) };
    let mixed = shape.at(x, y) / BetaKernel::new(k + alpha, n - k + beta).at(x, y);
    if k == 0.0 {
        mixed * libm::exp(n * ln_of(y, x))
    } else if k == n {
        mixed * libm::exp(n * ln_of(x, y))
    } else {
        mixed * (BetaKernel::new(k, n - k).at(x, y) / k * (n / (n - k)))
    }
}

/// ln x, where `rest` = 1 − x and the smaller of the two is exact.
fn ln_of(x: f64, rest: f64) -> f64 {
    if x <= rest { libm::log(x) } else { libm::log1p(-rest) }
}

impl Family for BetaBinomial {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        self.sums.inverse(lower, upper)
    }

    fn cdf(&self, x: f64) -> f64 {
        self.sums.cdf(x)
    }

    fn sf(&self, x: f64) -> f64 {
        self.sums.sf(x)
    }

    fn density(&self, x: f64) -> f64 {
        if (0.0..=self.n).contains(&x) && x == x.floor() {
            mass(self.n, self.alpha, self.beta, &BetaKernel::new(self.alpha, self.beta), x)
        } else {
            0.0
        }
    }

    fn mean(&self) -> Option<f64> {
        Some(self.n * (self.alpha / (self.alpha + self.beta)))
    }

    fn variance(&self) -> Option<f64> {
        let total = self.alpha + self.beta;
        Some(self.n * (self.alpha / total) * (self.beta / total) * ((total + self.n) / (total + 1.0)))
    }

    fn support(&self) -> (f64, f64) {
        (0.0, self.n)
    }

    fn is_discrete(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::BetaBinomial;
    use crate::distribution::{Binomial, Family, laws, reference};

    laws!(
        super::BetaBinomial,
        [(40.0, 3.0, 17.0), (0.0, 1.0, 1.0), (30.0, 0.05, 0.05), (1000.0, 2.0, 1e6), (300.0, 1e-3, 50.0)]
    );

    #[test]
    fn agrees_with_the_reference() {
        reference::check("beta_binomial", |p| BetaBinomial::new(p[0], p[1], p[2]));
    }

    #[test]
    fn shapes_of_one_make_every_count_equally_likely() {
        let law = BetaBinomial::new(9.0, 1.0, 1.0).unwrap();
        for k in (0..10).map(f64::from) {
            assert!((law.density(k) - 0.1).abs() < 1e-15 && (law.cdf(k) - (k + 1.0) / 10.0).abs() < 1e-15);
        }
    }

    #[test]
    fn a_million_trials_keep_their_digits() {
        let law = BetaBinomial::new(1e6, 1.0, 1.0).unwrap();
        for k in [0.0, 255.0, 256.0, 123_456.0, 999_000.0] {
            let exact = (k + 1.0) / 1_000_001.0;
            assert!((law.cdf(k) / exact - 1.0).abs() < 1e-13, "{k}");
            assert!((law.sf(k) / (1.0 - exact) - 1.0).abs() < 1e-12, "{k}");
        }
    }

    #[test]
    fn large_shapes_come_close_to_the_binomial_law() {
        let (law, binomial) = (BetaBinomial::new(20.0, 3e8, 7e8).unwrap(), Binomial::new(20.0, 0.3).unwrap());
        for k in (0..20).map(f64::from) {
            assert!((law.cdf(k) / binomial.cdf(k) - 1.0).abs() < 1e-6);
        }
    }

    #[test]
    fn parameters_out_of_their_domain_are_refused() {
        let refused = |n, alpha, beta| BetaBinomial::new(n, alpha, beta).unwrap_err().parameter;
        assert_eq!(
            (refused(2.5, 1.0, 1.0), refused(-1.0, 1.0, 1.0), refused(2e6, 1.0, 1.0)),
            ("n", "n", "n")
        );
        assert_eq!((refused(3.0, 0.0, 1.0), refused(3.0, 1.0, 1e10)), ("alpha", "beta"));
    }
}
