//! Poisson distribution: how many independent events fall into a period.

use super::lattice::{self, Lattice};
use super::{Family, ParameterError, ensure};
use crate::math::{GammaKernel, incomplete_gamma};

/// Poisson distribution of the given `mean`, without unit.
///
/// - Formula: P(X > k) = P(k + 1, mean), the incomplete gamma function; the quantile is the smallest k with
///   F(k) ≥ u.
/// - Domain: 0 ≤ mean ≤ 1e15, so that every count is a whole f64; mean 0 is the constant 0. 0 < u < 1.
/// - Accuracy: relative error ≤ 1e-12 of the smaller tail and of probabilities, tails down to 1e-300; the
///   quantile is exact with respect to them; held by `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, 3rd ed., ch. 4; Loader (2000)
///   for the probabilities.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Poisson {
    mean: f64,
}

impl Poisson {
    /// Poisson law of the given mean.
    ///
    /// # Errors
    /// When the mean is negative or above 1e15.
    pub fn new(mean: f64) -> Result<Self, ParameterError> {
        ensure((0.0..=1e15).contains(&mean), "mean", mean, "lie between 0 and 1e15")?;
        Ok(Self { mean })
    }

    /// `mean`.
    pub fn parameters(&self) -> [f64; 1] {
        [self.mean]
    }
}

impl Family for Poisson {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        if self.mean == 0.0 && lower + upper > 0.0 {
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
        Some(self.mean)
    }

    fn variance(&self) -> Option<f64> {
        Some(self.mean)
    }

    fn support(&self) -> (f64, f64) {
        (0.0, if self.mean == 0.0 { 0.0 } else { f64::INFINITY })
    }

    fn is_discrete(&self) -> bool {
        true
    }
}

impl Lattice for Poisson {
    fn cdf_at(&self, k: f64) -> f64 {
        if k == f64::INFINITY { 1.0 } else { incomplete_gamma(k + 1.0, self.mean).1 }
    }

    fn sf_at(&self, k: f64) -> f64 {
        if k == f64::INFINITY { 0.0 } else { incomplete_gamma(k + 1.0, self.mean).0 }
    }

    fn mass(&self, k: f64) -> f64 {
        if k == 0.0 {
            libm::exp(-self.mean)
        } else if self.mean == 0.0 {
            0.0
        } else {
            GammaKernel::new(k).at(self.mean) / k
        }
    }

    fn ratio(&self, k: f64) -> f64 {
        self.mean / (k + 1.0)
    }

    fn greatest(&self) -> f64 {
        f64::INFINITY
    }

    fn moments(&self) -> (f64, f64, f64) {
        let sd = self.mean.sqrt();
        (self.mean, sd, 1.0 / sd)
    }
}

#[cfg(test)]
mod tests {
    use super::{Family, Poisson};

    crate::distribution::laws!(Poisson, [(0.1,), (3.7,), (39.0,), (50.0,), (1e4,), (1e-3,)]);

    #[test]
    fn agrees_with_the_reference() {
        crate::distribution::reference::check("poisson", |p| Poisson::new(p[0]));
    }

    #[test]
    fn mean_zero_is_the_constant_zero() {
        let law = Poisson::new(0.0).unwrap();
        assert_eq!((law.quantile(1e-9), law.quantile(0.999), law.support()), (0.0, 0.0, (0.0, 0.0)));
        assert_eq!((law.cdf(0.0), law.sf(0.0), law.density(0.0), law.density(1.0)), (1.0, 0.0, 1.0, 0.0));
    }

    #[test]
    fn the_quantile_is_exact_at_its_own_jumps() {
        for mean in [0.1, 3.7, 20.0, 50.0, 700.5] {
            let law = Poisson::new(mean).unwrap();
            let widest = mean + 12.0 * mean.sqrt() + 12.0;
            for k in (0..).map(f64::from).take_while(|k| *k < widest) {
                let (cdf, sf) = (law.cdf(k), law.sf(k));
                if cdf < 0.5 && cdf > 0.0 {
                    assert_eq!(law.inverse(cdf, 1.0 - cdf), k, "mean {mean}");
                    let above = cdf.next_up();
                    assert_eq!(law.inverse(above, 1.0 - above), k + 1.0, "mean {mean}");
                } else if sf < 0.5 && sf > 1e-300 {
                    assert_eq!(law.inverse(1.0 - sf, sf), k, "mean {mean}");
                    let below = sf.next_down();
                    assert_eq!(law.inverse(1.0 - below, below), k + 1.0, "mean {mean}");
                }
            }
        }
    }

    #[test]
    fn a_mean_out_of_its_domain_is_refused() {
        for mean in [-1e-9, 1.1e15, f64::INFINITY] {
            assert_eq!(Poisson::new(mean).unwrap_err().parameter, "mean");
        }
    }
}
