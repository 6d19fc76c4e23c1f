//! Logarithmic (log-series) distribution: individuals a species, items a purchase.

use super::euler_maclaurin::{START, of_exponential};
use super::lattice::{self, Lattice};
use super::parameters::required;
use super::{Arguments, Family, FamilyEntry, Form, Law, ParameterError, ensure};
use crate::math::log1pmx;

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "logarithmic",
    summary: "A count of at least 1 with many ones and a long tail: items a purchase, individuals a species.",
    forms: FORMS,
    example: "logarithmic(0.7)",
};

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[required("p", "by how much the next count is rarer, in (0, 1)")]),
        build: |x| Logarithmic::new(x[0]).map(Law::from),
    },
    super::solve::families::LOGARITHMIC,
];

/// Logarithmic (log-series) distribution on 1, 2, 3, … with P(X = k) = pᵏ / (k L), L = −ln(1 − p); without unit.
///
/// - Formula: the upper tail is Σ pʲ / j over j > k, divided by L: the series for p < ½, else its terms up to 16
///   and from there on the exponential integral E₁ with the corrections of Euler and Maclaurin. The quantile is
///   the smallest k with F(k) ≥ u.
/// - Domain: 1e-300 ≤ p ≤ 1 − 1e-12. 0 < u < 1.
/// - Accuracy: relative error ≤ 1e-12 of both tails and of probabilities down to 1e-300; the quantile is exact
///   with respect to them; held by `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, 3rd ed., ch. 7; DLMF 2.10.1 for the
///   sum, 6.6.2 and 6.9.1 for E₁.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Logarithmic {
    p: f64,
    ln_p: f64,
    /// −ln(1 − p).
    scale: f64,
}

impl Logarithmic {
    /// From the parameter `p`.
    ///
    /// # Errors
    /// When `p` does not lie between 1e-300 and 1 − 1e-12.
    pub fn new(p: f64) -> Result<Self, ParameterError> {
        ensure((1e-300..=1.0 - 1e-12).contains(&p), "p", p, "lie between 1e-300 and 1 - 1e-12")?;
        Ok(Self { p, ln_p: libm::log(p), scale: -libm::log1p(-p) })
    }

    /// pᵏ / k.
    fn term(&self, k: f64) -> f64 {
        libm::exp(k * self.ln_p) / k
    }

    /// Σ pʲ / j over j > k.
    fn above(&self, k: f64) -> f64 {
        let mut j = k + 1.0;
        let mut term = self.term(j);
        let mut sum = 0.0;
        if self.p < 0.5 {
            while term > 0.1 * f64::EPSILON * sum {
                sum += term;
                term *= self.p * (j / (j + 1.0));
                j += 1.0;
            }
            return sum;
        }
        while j < START {
            sum += term;
            j += 1.0;
            term = self.term(j);
        }
        let s = -self.ln_p;
        sum + term * (j * scaled_exponential_integral(s * j) + 0.5 + of_exponential(s, j))
    }

    /// Σ pʲ / j over j ≤ k, for k ≤ [`FEW`].
    fn below(&self, k: f64) -> f64 {
        let (mut sum, mut j) = (0.0, k);
        while j >= 1.0 {
            sum += self.term(j);
            j -= 1.0;
        }
        sum
    }
}

/// Counts up to which the lower tail is added up; beyond, it is so large that a complement keeps its digits.
const FEW: f64 = 40.0;

/// eˣ E₁(x).
///
/// - Formula: the power series for x < 1, the continued fraction beyond. Domain: x > 0.
/// - Source: DLMF 6.6.2, 6.9.1.
fn scaled_exponential_integral(x: f64) -> f64 {
    /// Euler's constant γ.
    const EULER: f64 = 0.577_215_664_901_532_9;
    if x < 1.0 {
        let (mut sum, mut power) = (0.0, -1.0);
        for k in (1..22).map(f64::from) {
            power *= -x / k;
            sum += power / k;
        }
        return libm::exp(x) * (sum - EULER - libm::log(x));
    }
    // 1 / (x + 1 − 1² / (x + 3 − 2² / (x + 5 − …))), from as far in as x needs.
    let depth = (20.0 + 100.0 / x).ceil() as u32;
    let inner = (1..=depth).rev().map(f64::from).fold(0.0, |inner, k| k * k / (x + 2.0 * k + 1.0 - inner));
    1.0 / (x + 1.0 - inner)
}

impl Family for Logarithmic {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        1.0 + lattice::inverse(self, lower, upper)
    }

    fn cdf(&self, x: f64) -> f64 {
        if x.is_nan() {
            f64::NAN
        } else if x < 1.0 {
            0.0
        } else {
            self.cdf_at(x.floor() - 1.0)
        }
    }

    fn sf(&self, x: f64) -> f64 {
        if x.is_nan() {
            f64::NAN
        } else if x < 1.0 {
            1.0
        } else {
            self.sf_at(x.floor() - 1.0)
        }
    }

    fn density(&self, x: f64) -> f64 {
        if x >= 1.0 && x == x.floor() && x.is_finite() { self.mass(x - 1.0) } else { 0.0 }
    }

    fn mean(&self) -> Option<f64> {
        Some(self.p / self.scale / (1.0 - self.p))
    }

    fn variance(&self) -> Option<f64> {
        // L − p without cancellation
        let excess = -log1pmx(-self.p);
        Some(self.p / self.scale * (excess / self.scale) / ((1.0 - self.p) * (1.0 - self.p)))
    }

    fn support(&self) -> (f64, f64) {
        (1.0, f64::INFINITY)
    }

    fn is_discrete(&self) -> bool {
        true
    }
}

/// The lattice counts from 0.
impl Lattice for Logarithmic {
    fn cdf_at(&self, k: f64) -> f64 {
        let lower = if k < FEW { self.below(k + 1.0) / self.scale } else { 1.0 - self.sf_at(k) };
        lower.min(1.0)
    }

    fn sf_at(&self, k: f64) -> f64 {
        if k == f64::INFINITY { 0.0 } else { (self.above(k + 1.0) / self.scale).min(1.0) }
    }

    fn mass(&self, k: f64) -> f64 {
        self.term(k + 1.0) / self.scale
    }

    fn ratio(&self, k: f64) -> f64 {
        self.p * ((k + 1.0) / (k + 2.0))
    }

    fn greatest(&self) -> f64 {
        f64::INFINITY
    }

    fn moments(&self) -> (f64, f64, f64) {
        let q = 1.0 - self.p;
        let mean = self.p / self.scale / q;
        let sd = (mean * (-log1pmx(-self.p) / self.scale) / q).sqrt();
        (mean - 1.0, sd, 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Logarithmic, scaled_exponential_integral};
    use crate::distribution::{Family, laws, reference};

    laws!(super::Logarithmic, [(0.7,), (0.05,), (0.99,), (1e-9,), (0.5,)]);

    #[test]
    fn agrees_with_the_reference() {
        reference::check("logarithmic", |p| Logarithmic::new(p[0]));
    }

    #[test]
    fn the_exponential_integral_is_that_of_the_tables() {
        // Abramowitz & Stegun, tables 5.1 and 5.2.
        for (x, value) in [(0.5, 0.559773594776), (1.0, 0.219383934396), (2.0, 0.048900510708)] {
            let found = libm::exp(-x) * scaled_exponential_integral(x);
            assert!((found / value - 1.0).abs() < 1e-10, "{x}: {found}");
        }
        let (left, right) = (1f64.next_down(), 1.0);
        let jump = scaled_exponential_integral(left) / scaled_exponential_integral(right) - 1.0;
        assert!(jump.abs() < 2e-15, "{jump:e}");
    }

    #[test]
    fn the_quantile_is_exact_at_its_own_jumps() {
        for p in [0.3, 0.9, 0.9999] {
            let law = Logarithmic::new(p).unwrap();
            for k in (1..500).map(f64::from) {
                let (cdf, sf) = (law.cdf(k), law.sf(k));
                if cdf < 0.5 {
                    assert_eq!((law.quantile(cdf), law.quantile(cdf.next_up())), (k, k + 1.0), "p {p}");
                } else if sf > 1e-300 {
                    let below = law.upper_quantile(sf.next_down());
                    assert_eq!((law.upper_quantile(sf), below), (k, k + 1.0), "p {p}");
                }
            }
        }
    }

    #[test]
    fn a_p_out_of_its_domain_is_refused() {
        for p in [0.0, 1.0, -0.5, 1.5, 1.0 - 1e-13] {
            assert_eq!(Logarithmic::new(p).unwrap_err().parameter, "p");
        }
    }
}
