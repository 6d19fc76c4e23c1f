//! F distribution: the ratio of two mean squares.

use super::parameters::required;
use super::{Arguments, Family, FamilyEntry, Form, ParameterError, ensure};
use crate::math::IncompleteBeta;

/// F distribution (Fisher–Snedecor) of `d1` and `d2` degrees of freedom; draws without unit.
///
/// - Formula: F(x) = I_s(d1/2, d2/2), s = d1 x / (d1 x + d2); the rounding of s comes back as one step along the
///   density. The quantile inverts the smaller tail.
/// - Domain: d1, d2 from 0.02 to 1e9.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12, tails down to 1e-300; held by
///   `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kotz & Balakrishnan (1995), Continuous Univariate Distributions 2, 2nd ed., ch. 27.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct F {
    d1: f64,
    d2: f64,
    integral: IncompleteBeta,
}

/// x as a share of the beta law.
struct Share {
    s: f64,
    /// 1 − s
    rest: f64,
    /// What the rounding of the smaller of the two took from ln(s / rest).
    lost: f64,
}

impl F {
    /// From the degrees of freedom of numerator and denominator.
    ///
    /// # Errors
    /// Degrees of freedom outside 0.02 to 1e9.
    pub fn new(d1: f64, d2: f64) -> Result<Self, ParameterError> {
        ensure((0.02..=1e9).contains(&d1), "d1", d1, "be from 0.02 to 1e9")?;
        ensure((0.02..=1e9).contains(&d2), "d2", d2, "be from 0.02 to 1e9")?;
        Ok(Self { d1, d2, integral: IncompleteBeta::new(0.5 * d1, 0.5 * d2) })
    }

    fn share(&self, x: f64) -> Share {
        let product = self.d1 * x;
        if !(1e-250..1e250).contains(&product) {
            let odds = self.d1 / self.d2 * x;
            let (s, rest) = if x > 1.0 { (1.0, self.d2 / self.d1 / x) } else { (odds, 1.0) };
            return Share { s, rest, lost: 0.0 };
        }
        let product_rest = libm::fma(self.d1, x, -product);
        let sum = product + self.d2;
        let (large, small) = if product > self.d2 { (product, self.d2) } else { (self.d2, product) };
        let sum_rest = small - (sum - large) + product_rest;
        // t = part / sum, and what part − t · sum leaves, exact but for the last digits
        let left = |part: f64, part_rest: f64, t: f64| libm::fma(-t, sum, part) + (part_rest - t * sum_rest);
        if product <= self.d2 {
            let s = product / sum;
            Share { s, rest: 1.0 - s, lost: left(product, product_rest, s) / (s * self.d2) }
        } else {
            let rest = self.d2 / sum;
            Share { s: 1.0 - rest, rest, lost: -left(self.d2, 0.0, rest) / (rest * product) }
        }
    }

    fn tails(&self, x: f64) -> (f64, f64) {
        if x <= 0.0 {
            return (0.0, 1.0);
        }
        if x == f64::INFINITY {
            return (1.0, 0.0);
        }
        let Share { s, rest, lost } = self.share(x);
        let (lower, upper) = self.integral.tails(s, rest);
        if lost == 0.0 {
            return (lower, upper);
        }
        let step = self.integral.kernel(s, rest) * lost;
        ((lower + step).clamp(0.0, 1.0), (upper - step).clamp(0.0, 1.0))
    }

    /// `d1`, `d2`, in the order of the first form.
    pub fn parameters(&self) -> [f64; 2] {
        [self.d1, self.d2]
    }
}

impl Family for F {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        let (s, rest) = self.integral.inverse(lower, upper);
        self.d2 / self.d1 * (s / rest)
    }

    fn cdf(&self, x: f64) -> f64 {
        self.tails(x).0
    }

    fn sf(&self, x: f64) -> f64 {
        self.tails(x).1
    }

    fn density(&self, x: f64) -> f64 {
        if x < 0.0 || x == f64::INFINITY {
            return 0.0;
        }
        if x == 0.0 {
            return match self.d1 {
                d1 if d1 < 2.0 => f64::INFINITY,
                2.0 => 1.0,
                _ => 0.0,
            };
        }
        let Share { s, rest, lost } = self.share(x);
        if s == 0.0 || rest == 0.0 {
            return 0.0;
        }
        // of the kernel's logarithm in ln(s / rest)
        let slope = 0.5 * (self.d1 * rest - self.d2 * s);
        self.integral.kernel(s, rest) * (1.0 + slope * lost) / x
    }

    fn mean(&self) -> Option<f64> {
        (self.d2 > 2.0).then(|| self.d2 / (self.d2 - 2.0))
    }

    fn variance(&self) -> Option<f64> {
        (self.d2 > 4.0).then(|| {
            let mean = self.d2 / (self.d2 - 2.0);
            2.0 * mean * mean * ((self.d1 + (self.d2 - 2.0)) / self.d1) / (self.d2 - 4.0)
        })
    }

    fn support(&self) -> (f64, f64) {
        (0.0, f64::INFINITY)
    }
}

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[
            required("d1", "degrees of freedom of the numerator"),
            required("d2", "degrees of freedom of the denominator; fewer make a heavier upper tail"),
        ]),
        build: |x| F::new(x[0], x[1]).map(super::Law::from),
    },
    super::solve::families::F_RATIO,
];

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "f",
    summary: "The ratio of two mean squares, such as two estimated variances.",
    forms: FORMS,
    example: "f(5, 12)",
};

#[cfg(test)]
mod tests {
    use super::F;
    use crate::distribution::{Family, laws, reference};

    laws!(super::F, [(5.0, 12.0), (2.0, 40.0), (30.0, 9.0), (1.3, 25.0), (1e4, 2e5), (1e9, 1e9)]);

    #[test]
    fn agrees_with_the_reference() {
        reference::check("f", |p| F::new(p[0], p[1]));
    }

    #[test]
    fn moments_exist_only_beyond_their_degrees_of_freedom() {
        let law = |d2| F::new(3.0, d2).unwrap();
        assert_eq!((law(2.0).mean(), law(4.0).mean(), law(4.0).variance()), (None, Some(2.0), None));
        assert_eq!(law(2.0).density(0.0), 0.0);
        for (d1, d2) in [(0.0, 1.0), (2e9, 1.0), (f64::NAN, 1.0)] {
            assert_eq!(F::new(d1, d2).unwrap_err().parameter, "d1");
            assert_eq!(F::new(d2, d1).unwrap_err().parameter, "d2");
        }
    }

    #[test]
    fn exchanging_the_degrees_of_freedom_inverts_the_ratio() {
        let (law, other) = (F::new(0.05, 7.0).unwrap(), F::new(7.0, 0.05).unwrap());
        for x in [1e-200, 1e-9, 0.3, 1.0, 1e9, 1e200] {
            assert!((law.cdf(x) / other.sf(1.0 / x) - 1.0).abs() < 1e-13, "{x}");
        }
    }
}
