//! Negative binomial distribution: failures before a number of successes, or counts that scatter more than Poisson's.

use super::lattice::{self, Lattice};
use super::parameters::required;
use super::{Arguments, Family, FamilyEntry, Form, Law, ParameterError, ensure};
use crate::math::{BetaKernel, incomplete_beta};

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "negative_binomial",
    summary: "Number of failures before r successes: counts that scatter more than those of `poisson`.",
    forms: FORMS,
    example: "negative_binomial(2.5, 0.2)",
};

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[
            required("r", "number of successes waited for, not necessarily whole"),
            required("p", "probability of success in one trial"),
        ]),
        build: |x| NegativeBinomial::new(x[0], x[1]).map(Law::from),
    },
    super::solve::families::NEGATIVE_BINOMIAL,
];

/// Negative binomial distribution on 0, 1, 2, …: failures before `r` successes of probability `p`, without unit.
///
/// - Formula: P(X ≤ k) = I_p(r, k + 1), the incomplete beta function; for r < 1 and p ≥ 0.1 the upper tail is
///   summed from its largest term. The quantile is the smallest k with F(k) ≥ u. Mean r (1 − p) / p.
/// - Domain: 1e-3 ≤ r ≤ 1e9, 1e-12 ≤ p ≤ 1, mean ≤ 1e15, so that every count is a whole f64; p = 1 is the
///   constant 0. 0 < u < 1.
/// - Accuracy: relative error ≤ 1e-12 of both tails and of probabilities down to 1e-300; the quantile is exact
///   with respect to them; held by `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, 3rd ed., ch. 5; Loader (2000) for
///   the probabilities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NegativeBinomial {
    r: f64,
    p: f64,
}

impl NegativeBinomial {
    /// Failures before `r` successes.
    ///
    /// # Errors
    /// When `r` does not lie between 1e-3 and 1e9, `p` not between 1e-12 and 1, or the mean is above 1e15.
    pub fn new(r: f64, p: f64) -> Result<Self, ParameterError> {
        ensure((1e-3..=1e9).contains(&r), "r", r, "lie between 0.001 and 1e9")?;
        ensure((1e-12..=1.0).contains(&p), "p", p, "lie between 1e-12 and 1")?;
        ensure(
            r * (1.0 - p) / p <= 1e15,
            "p",
            p,
            "be large enough for `r` * (1 - p) / p to stay below 1e15",
        )?;
        Ok(Self { r, p })
    }

    /// P(X > k) added up from its first term, the largest for r ≤ 1.
    fn summed_from(&self, k: f64) -> f64 {
        let mut j = k + 1.0;
        let (mut sum, mut term) = (0.0, 1.0);
        while term > 0.1 * f64::EPSILON * sum {
            sum += term;
            term *= self.ratio(j);
            j += 1.0;
        }
        self.mass(k + 1.0) * sum
    }

    /// `r`, `p`, in the order of the first form.
    pub fn parameters(&self) -> [f64; 2] {
        [self.r, self.p]
    }
}

/// The least p for which adding up is short.
const LEAST_SUMMED: f64 = 0.1;

impl Family for NegativeBinomial {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        if self.p == 1.0 && lower + upper > 0.0 {
            return 0.0;
        }
        lattice::inverse(self, lower, upper)
    }

    fn cdf(&self, x: f64) -> f64 {
        lattice::cdf(self, x)
    }

    fn sf(&self, x: f64) -> f64 {
        lattice::sf(self, x)
    }

    fn density(&self, x: f64) -> f64 {
        lattice::density(self, x)
    }

    fn mean(&self) -> Option<f64> {
        Some(self.r * (1.0 - self.p) / self.p)
    }

    fn variance(&self) -> Option<f64> {
        Some(self.r * (1.0 - self.p) / (self.p * self.p))
    }

    fn support(&self) -> (f64, f64) {
        (0.0, if self.p == 1.0 { 0.0 } else { f64::INFINITY })
    }

    fn is_discrete(&self) -> bool {
        true
    }
}

impl Lattice for NegativeBinomial {
    fn cdf_at(&self, k: f64) -> f64 {
        if k == f64::INFINITY { 1.0 } else { incomplete_beta(self.r, k + 1.0, self.p, 1.0 - self.p).0 }
    }

    fn sf_at(&self, k: f64) -> f64 {
        if k == f64::INFINITY {
            0.0
        } else if self.r < 1.0 && self.p >= LEAST_SUMMED {
            self.summed_from(k)
        } else {
            incomplete_beta(self.r, k + 1.0, self.p, 1.0 - self.p).1
        }
    }

    fn mass(&self, k: f64) -> f64 {
        if k == 0.0 {
            libm::exp(self.r * libm::log(self.p))
        } else if self.p == 1.0 {
            0.0
        } else {
            // Γ(k + r) / (k! Γ(r)) = 1 / (k B(r, k))
            BetaKernel::new(self.r, k).at(self.p, 1.0 - self.p) / k
        }
    }

    fn ratio(&self, k: f64) -> f64 {
        (k + self.r) / (k + 1.0) * (1.0 - self.p)
    }

    fn greatest(&self) -> f64 {
        f64::INFINITY
    }

    fn moments(&self) -> (f64, f64, f64) {
        let q = 1.0 - self.p;
        let root = (self.r * q).sqrt();
        (self.r * q / self.p, root / self.p, (1.0 + q) / root)
    }
}

#[cfg(test)]
mod tests {
    use super::NegativeBinomial;
    use crate::distribution::{Family, Geometric, laws, reference};

    laws!(
        super::NegativeBinomial,
        [(2.5, 0.2), (1.0, 0.5), (0.05, 0.3), (40.0, 0.01), (1e6, 0.999), (0.5, 0.9), (1e4, 0.8), (3.0, 1.0)]
    );

    #[test]
    fn agrees_with_the_reference() {
        reference::check("negative_binomial", |p| NegativeBinomial::new(p[0], p[1]));
    }

    #[test]
    fn one_success_is_the_geometric_law() {
        for p in [0.7, 0.03, 1e-6] {
            let (law, geometric) = (NegativeBinomial::new(1.0, p).unwrap(), Geometric::new(p).unwrap());
            for k in [0.0, 1.0, 7.0, 400.0, 1e6] {
                let close = |x: f64, y: f64| (x - y).abs() <= 1e-12 * y + 1e-300;
                assert!(close(law.cdf(k), geometric.cdf(k)) && close(law.sf(k), geometric.sf(k)));
                assert!(close(law.density(k), geometric.density(k)));
            }
        }
    }

    #[test]
    fn the_quantile_is_exact_at_its_own_jumps() {
        for (r, p) in [(2.5, 0.2), (0.3, 0.05), (60.0, 0.4), (900.0, 0.6)] {
            let law = NegativeBinomial::new(r, p).unwrap();
            for k in (0..1200).map(f64::from) {
                let (cdf, sf) = (law.cdf(k), law.sf(k));
                if cdf < 0.5 && cdf > 1e-300 {
                    assert_eq!(law.inverse(cdf, 1.0 - cdf), k, "r {r}, p {p}");
                    let above = cdf.next_up();
                    assert_eq!(law.inverse(above, 1.0 - above), k + 1.0, "r {r}, p {p}");
                } else if sf < 0.5 && sf > 1e-300 {
                    assert_eq!(law.inverse(1.0 - sf, sf), k, "r {r}, p {p}");
                    let below = sf.next_down();
                    assert_eq!(law.inverse(1.0 - below, below), k + 1.0, "r {r}, p {p}");
                }
            }
        }
    }

    #[test]
    fn certain_success_is_the_constant_zero() {
        let law = NegativeBinomial::new(3.0, 1.0).unwrap();
        assert_eq!((law.quantile(1e-9), law.quantile(0.999), law.support()), (0.0, 0.0, (0.0, 0.0)));
        assert_eq!((law.cdf(0.0), law.sf(0.0), law.density(0.0), law.density(1.0)), (1.0, 0.0, 1.0, 0.0));
    }

    #[test]
    fn parameters_out_of_their_domain_are_refused() {
        let refused = |r, p| NegativeBinomial::new(r, p).unwrap_err().parameter;
        assert_eq!((refused(0.0, 0.5), refused(1e10, 0.5), refused(f64::INFINITY, 0.5)), ("r", "r", "r"));
        assert_eq!((refused(1.0, 0.0), refused(1.0, 1.1), refused(1e6, 1e-12)), ("p", "p", "p"));
    }
}
