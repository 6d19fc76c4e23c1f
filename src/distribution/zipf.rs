//! Zipf distribution: ranks whose weight falls with a power of the rank.

use super::euler_maclaurin::{START, of_power};
use super::lattice::{self, Lattice};
use super::parameters::required;
use super::{Arguments, Family, FamilyEntry, Form, Law, ParameterError, ensure};

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "zipf",
    summary: "A rank from 1 to n whose weight falls with a power of the rank: sizes of firms, demand for titles.",
    forms: FORMS,
    example: "zipf(1.1, 1000)",
};

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[
            required("s", "exponent: how steeply the weight falls"),
            required("n", "greatest rank"),
        ]),
        build: |x| Zipf::new(x[0], x[1]).map(Law::from),
    },
    super::solve::families::ZIPF,
];

/// Zipf distribution on the ranks 1, 2, …, `n` with weights k⁻ˢ, without unit.
///
/// - Formula: P(X ≤ k) = Σ j⁻ˢ over j ≤ k, divided by the sum over j ≤ n; from the rank s + 16 on a sum is its
///   integral with the corrections of Euler and Maclaurin. The quantile is the smallest k with F(k) ≥ u.
/// - Domain: 0 ≤ s ≤ 1000; n a whole number from 1 to 1e12. 0 < u < 1.
/// - Accuracy: relative error ≤ 1e-12 of both tails and of probabilities down to 1e-300; the quantile is exact
///   with respect to them; held by `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, 3rd ed., section 11.2.20; DLMF 2.10.1
///   for the sums.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Zipf {
    s: f64,
    n: f64,
    total: f64,
    /// E(X − 1) and the variance.
    moments: (f64, f64),
}

impl Zipf {
    /// From the exponent and the greatest rank.
    ///
    /// # Errors
    /// When `s` does not lie between 0 and 1000, or `n` is not a whole number from 1 to 1e12.
    pub fn new(s: f64, n: f64) -> Result<Self, ParameterError> {
        ensure((0.0..=1000.0).contains(&s), "s", s, "lie between 0 and 1000")?;
        ensure((1.0..=1e12).contains(&n) && n == n.floor(), "n", n, "be a whole number from 1 to 1e12")?;
        let total = powers(s, 1.0, n);
        // E(X − 1) and E(X − 1)² from the ranks above 1, so that a law close to the constant 1 keeps its digits
        let [none, one, two] = [0.0, 1.0, 2.0].map(|power| powers(s - power, 2.0, n) / total);
        let (mean, square) = (one - none, two - 2.0 * one + none);
        Ok(Self { s, n, total, moments: (mean, square - mean * mean) })
    }

    /// `s`, `n`, in the order of the first form.
    pub fn parameters(&self) -> [f64; 2] {
        [self.s, self.n]
    }
}

/// Σ k⁻ˢ over a ≤ k ≤ b.
fn powers(s: f64, a: f64, b: f64) -> f64 {
    let start = a.max((s.max(0.0) + START).ceil());
    let (mut sum, mut k) = (0.0, a);
    while k <= b && (k < start || b - k < START) {
        let term = libm::pow(k, -s);
        sum += term;
        if k > 2.0 && term * k < 0.01 * f64::EPSILON * sum && s > 2.0 {
            return sum;
        }
        k += 1.0;
    }
    if k > b {
        return sum;
    }
    let (first, last) = (libm::pow(k, -s), libm::pow(b, -s));
    let ln_reach = libm::log1p((b - k) / k);
    let power = (1.0 - s) * ln_reach;
    let integral = if power.abs() < 1e-300 { ln_reach } else { libm::expm1(power) / (1.0 - s) };
    sum + first * (k * integral + 0.5 + of_power(s, k)) + last * (0.5 - of_power(s, b))
}

impl Family for Zipf {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        if self.n == 1.0 && lower + upper > 0.0 {
            return 1.0;
        }
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
        if (1.0..=self.n).contains(&x) && x == x.floor() { self.mass(x - 1.0) } else { 0.0 }
    }

    fn mean(&self) -> Option<f64> {
        Some(1.0 + self.moments.0)
    }

    fn variance(&self) -> Option<f64> {
        Some(self.moments.1)
    }

    fn support(&self) -> (f64, f64) {
        (1.0, self.n)
    }

    fn is_discrete(&self) -> bool {
        true
    }
}

/// The lattice counts the ranks from 0.
impl Lattice for Zipf {
    fn cdf_at(&self, k: f64) -> f64 {
        if k >= self.n - 1.0 { 1.0 } else { (powers(self.s, 1.0, k + 1.0) / self.total).min(1.0) }
    }

    fn sf_at(&self, k: f64) -> f64 {
        if k >= self.n - 1.0 { 0.0 } else { powers(self.s, k + 2.0, self.n) / self.total }
    }

    fn mass(&self, k: f64) -> f64 {
        libm::pow(k + 1.0, -self.s) / self.total
    }

    fn ratio(&self, k: f64) -> f64 {
        libm::pow((k + 1.0) / (k + 2.0), self.s)
    }

    fn greatest(&self) -> f64 {
        self.n - 1.0
    }

    fn moments(&self) -> (f64, f64, f64) {
        (self.moments.0, self.moments.1.sqrt(), 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{Zipf, powers};
    use crate::distribution::{Family, laws, reference};

    laws!(super::Zipf, [(1.0, 10.0), (0.0, 100.0), (2.5, 1000.0), (1.0, 1.0), (50.0, 1e6), (0.5, 3000.0)]);

    #[test]
    fn agrees_with_the_reference() {
        reference::check("zipf", |p| Zipf::new(p[0], p[1]));
    }

    #[test]
    fn sums_by_integrals_are_the_sums_of_the_terms() {
        for s in [-2.0, -0.5, 0.0, 0.9, 1.0, 1.1, 3.0, 30.0, 200.0] {
            for (a, b) in [(1.0, 16.0), (1.0, 40.0), (5.0, 400.0), (300.0, 320.0), (250.0, 1000.0)] {
                let terms = (a as u32..=b as u32).rev().map(|k| libm::pow(f64::from(k), -s));
                let sum: f64 = terms.sum();
                let found = powers(s, a, b);
                assert!((found - sum).abs() <= 1e-13 * sum, "s {s} from {a} to {b}: {found:e}, {sum:e}");
            }
        }
    }

    #[test]
    fn the_quantile_is_exact_at_its_own_jumps() {
        for (s, n) in [(1.0, 500.0), (0.2, 90.0), (3.0, 1e6)] {
            let law = Zipf::new(s, n).unwrap();
            for k in (1..500).map(f64::from).take_while(|k| *k < n) {
                let (cdf, sf) = (law.cdf(k), law.sf(k));
                if cdf < 0.5 {
                    assert_eq!((law.quantile(cdf), law.quantile(cdf.next_up())), (k, k + 1.0));
                } else {
                    assert_eq!((law.upper_quantile(sf), law.upper_quantile(sf.next_down())), (k, k + 1.0));
                }
            }
        }
    }

    #[test]
    fn parameters_out_of_their_domain_are_refused() {
        let refused = |s, n| Zipf::new(s, n).unwrap_err().parameter;
        assert_eq!((refused(-0.1, 5.0), refused(f64::INFINITY, 5.0)), ("s", "s"));
        assert_eq!((refused(1.0, 0.0), refused(1.0, 2.5), refused(1.0, 1e13)), ("n", "n", "n"));
    }
}
