//! Binomial distribution: successes among a number of independent attempts.

use super::lattice::{self, Lattice};
use super::{Family, ParameterError, ensure};
use crate::math::{BetaKernel, incomplete_beta};

/// Binomial distribution of `n` attempts with success probability `p`, both without unit.
///
/// - Formula: P(X > k) = I_p(k + 1, n − k), the incomplete beta function; for n ≤ 64 the probabilities summed
///   from either end, which is exact for p = ½ and n ≤ 40. The quantile is the smallest k with F(k) ≥ u.
/// - Domain: n a whole number from 0 to 2⁵³, 0 ≤ p ≤ 1; at the ends a constant. 0 < u < 1.
/// - Accuracy: relative error ≤ 1e-12 of the smaller tail and of probabilities, tails down to 1e-300; the
///   quantile is exact with respect to them; held by `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, 3rd ed., ch. 3; Loader (2000)
///   for the probabilities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Binomial {
    n: f64,
    p: f64,
}

impl Binomial {
    /// Binomial law of `n` attempts.
    ///
    /// # Errors
    /// When `n` is not a whole number from 0 to 2⁵³, or `p` not a probability.
    pub fn new(n: f64, p: f64) -> Result<Self, ParameterError> {
        const MOST: f64 = 9_007_199_254_740_992.0;
        ensure((0.0..=MOST).contains(&n) && n == n.floor(), "n", n, "be a whole number from 0 to 2^53")?;
        ensure((0.0..=1.0).contains(&p), "p", p, "lie between 0 and 1")?;
        Ok(Self { n, p })
    }

    /// The only value there is, if there is only one.
    fn constant(&self) -> Option<f64> {
        (self.n * self.p == 0.0 || self.p == 1.0).then_some(self.n * self.p)
    }

    /// P(X ≤ `last`), added up from 0.
    fn sum_from_zero(&self, last: f64) -> f64 {
        summed(self.n, 1.0 - self.p, self.p, last)
    }

    /// P(X > k), added up from n.
    fn sum_from_n(&self, k: f64) -> f64 {
        if k >= self.n { 0.0 } else { summed(self.n, self.p, 1.0 - self.p, self.n - k - 1.0) }
    }

    fn is_summed(&self) -> bool {
        self.n <= SUMMED_UP_TO && self.p.min(1.0 - self.p) > LEAST_SUMMED
    }

    /// `n`, `p`, in the order of the first form.
    pub fn parameters(&self) -> [f64; 2] {
        [self.n, self.p]
    }
}

/// Numbers of attempts whose probabilities are added up one by one, and the least p and 1 − p for it: p^64
/// stays normal.
const SUMMED_UP_TO: f64 = 64.0;
const LEAST_SUMMED: f64 = 2e-5;

/// P(X ≤ `last`) for n attempts that fail with probability `q`, from qⁿ upwards.
fn summed(n: f64, q: f64, p: f64, last: f64) -> f64 {
    let mut mass = libm::pow(q, n);
    let mut sum = mass;
    let mut k = 0.0;
    while k < last {
        mass = mass * (n - k) / (k + 1.0) * p / q;
        k += 1.0;
        sum += mass;
    }
    sum
}

impl Family for Binomial {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        match self.constant() {
            Some(value) if lower + upper > 0.0 => value,
            _ => lattice::inverse(self, lower, upper),
        }
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
        Some(self.n * self.p)
    }

    fn variance(&self) -> Option<f64> {
        Some(self.n * self.p * (1.0 - self.p))
    }

    fn support(&self) -> (f64, f64) {
        self.constant().map_or((0.0, self.n), |value| (value, value))
    }

    fn is_discrete(&self) -> bool {
        true
    }
}

impl Lattice for Binomial {
    fn cdf_at(&self, k: f64) -> f64 {
        if k >= self.n {
            1.0
        } else if let Some(value) = self.constant() {
            if k >= value { 1.0 } else { 0.0 }
        } else if self.is_summed() {
            self.sum_from_zero(k)
        } else {
            incomplete_beta(k + 1.0, self.n - k, self.p, 1.0 - self.p).1
        }
    }

    fn sf_at(&self, k: f64) -> f64 {
        if k >= self.n {
            0.0
        } else if let Some(value) = self.constant() {
            if k >= value { 0.0 } else { 1.0 }
        } else if self.is_summed() {
            self.sum_from_n(k)
        } else {
            incomplete_beta(k + 1.0, self.n - k, self.p, 1.0 - self.p).0
        }
    }

    fn mass(&self, k: f64) -> f64 {
        let (n, p) = (self.n, self.p);
        if let Some(value) = self.constant() {
            return if k == value { 1.0 } else { 0.0 };
        }
        if k == 0.0 {
            libm::exp(n * libm::log1p(-p))
        } else if k == n {
            libm::exp(n * libm::log(p))
        } else {
            // pᵏ qⁿ⁻ᵏ / B(k, n − k), and n! / (k! (n − k)!) = n / (k (n − k) B(k, n − k))
            BetaKernel::new(k, n - k).at(p, 1.0 - p) / k * (n / (n - k))
        }
    }

    fn ratio(&self, k: f64) -> f64 {
        (self.n - k) / (k + 1.0) * (self.p / (1.0 - self.p))
    }

    fn greatest(&self) -> f64 {
        self.n
    }

    fn moments(&self) -> (f64, f64, f64) {
        let mean = self.n * self.p;
        let sd = (mean * (1.0 - self.p)).sqrt();
        (mean, sd, (1.0 - 2.0 * self.p) / sd)
    }
}

#[cfg(test)]
mod tests {
    use super::{Binomial, Family};

    crate::distribution::laws!(
        Binomial,
        [(40.0, 0.15), (1.0, 0.5), (1000.0, 1e-3), (2000.0, 0.3), (100.0, 0.97), (5.0, 1e-9), (1e6, 1e-4)]
    );

    #[test]
    fn agrees_with_the_reference() {
        crate::distribution::reference::check("binomial", |p| Binomial::new(p[0], p[1]));
    }

    #[test]
    fn dyadic_probabilities_jump_exactly() {
        let law = Binomial::new(2.0, 0.5).unwrap();
        let values = [0.25, 0.25f64.next_up(), 0.5, 0.75, 0.75f64.next_up()].map(|u| law.quantile(u));
        assert_eq!(values, [0.0, 1.0, 1.0, 1.0, 2.0]);
        assert_eq!(Binomial::new(1.0, 0.5).unwrap().quantile(0.5), 0.0);
    }

    #[test]
    fn fair_coins_are_counted_exactly() {
        let law = Binomial::new(40.0, 0.5).unwrap();
        let (mut choose, mut sum) = (1u64, 0u64);
        for k in 0..40 {
            sum += choose;
            choose = choose * (40 - k) / (k + 1);
            assert_eq!(law.cdf(k as f64), sum as f64 / (1u64 << 40) as f64);
            assert_eq!(law.sf(k as f64), ((1u64 << 40) - sum) as f64 / (1u64 << 40) as f64);
        }
    }

    #[test]
    fn the_quantile_is_exact_at_its_own_jumps() {
        for (n, p) in [(40.0, 0.15), (64.0, 0.9), (300.0, 0.4), (1000.0, 1e-3)] {
            let law = Binomial::new(n, p).unwrap();
            for k in (0..).map(f64::from).take_while(|k| *k < n) {
                let (cdf, sf) = (law.cdf(k), law.sf(k));
                if cdf < 0.5 && cdf > 1e-300 {
                    assert_eq!(law.inverse(cdf, 1.0 - cdf), k, "n {n}, p {p}");
                    let above = cdf.next_up();
                    assert_eq!(law.inverse(above, 1.0 - above), k + 1.0, "n {n}, p {p}");
                } else if sf < 0.5 && sf > 1e-300 {
                    assert_eq!(law.inverse(1.0 - sf, sf), k, "n {n}, p {p}");
                    let below = sf.next_down();
                    assert_eq!(law.inverse(1.0 - below, below), k + 1.0, "n {n}, p {p}");
                }
            }
        }
    }

    #[test]
    fn certain_outcomes_are_constants() {
        for (n, p, value) in [(0.0, 0.3, 0.0), (7.0, 0.0, 0.0), (7.0, 1.0, 7.0)] {
            let law = Binomial::new(n, p).unwrap();
            assert_eq!(
                (law.quantile(1e-9), law.quantile(0.9), law.support()),
                (value, value, (value, value))
            );
            assert_eq!((law.density(value), law.cdf(value), law.sf(value)), (1.0, 1.0, 0.0));
            assert_eq!(law.variance(), Some(0.0));
        }
    }

    #[test]
    fn parameters_out_of_their_domain_are_refused() {
        for n in [-1.0, 2.5, 1e16, f64::INFINITY] {
            assert_eq!(Binomial::new(n, 0.5).unwrap_err().parameter, "n");
        }
        for p in [-1e-9, 1.1] {
            assert_eq!(Binomial::new(3.0, p).unwrap_err().parameter, "p");
        }
    }
}
