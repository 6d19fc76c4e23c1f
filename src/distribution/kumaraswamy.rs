//! Kumaraswamy distribution: a quantity between two bounds, like the beta law but in closed form.

use super::burr12::spread_of_ln_gamma;
use super::parameters::{between, optional, required};
use super::table::{Arguments, FamilyEntry, Form};
use super::weibull::curvature_of_ln_gamma;
use super::{Family, ParameterError, ensure};
use crate::math;

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "kumaraswamy",
    summary: "A share, or any quantity between two bounds; shaped like the beta law.",
    forms: FORMS,
    example: "kumaraswamy(2, 5)",
};

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[
            required("alpha", "first shape: pulls towards the greatest value"),
            required("beta", "second shape: pulls towards the least value"),
            optional("a", 0.0, "least value"),
            optional("b", 1.0, "greatest value"),
        ]),
        build: |x| between(&x[2..], |b| Kumaraswamy::new(x[0], x[1], b[0], b[1])),
    },
    super::solve::families::KUMARASWAMY,
];

/// Kumaraswamy distribution of shapes `alpha`, `beta` on [`a`, `b`]; bounds and draws in the input's unit.
///
/// - Formula: S(x) = (1 − v^α)^β, v = (x − a) / (b − a); Q(u) = a + (b − a) (1 − (1 − u)^(1 / β))^(1 / α), counted from
///   the nearer bound.
/// - Domain: α, β ≥ 0.001, a < b, all finite, and so is b − a.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12; moments to 1e-12 for β ≥ 0.01, to 1e-14 / β below. Held by
///   `tests::agrees_with_the_reference`.
/// - Source: Kumaraswamy (1980), Journal of Hydrology 46, 79–88, doi:10.1016/0022-1694(80)90036-0; Jones (2009),
///   Statistical Methodology 6(1), 70–81, doi:10.1016/j.stamet.2008.04.001.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Kumaraswamy {
    alpha: f64,
    beta: f64,
    a: f64,
    b: f64,
    width: f64,
}

impl Kumaraswamy {
    /// From both shapes and the two bounds.
    ///
    /// # Errors
    /// Shapes that are below 0.001 or not finite, bounds that are not finite or not in order.
    pub fn new(alpha: f64, beta: f64, a: f64, b: f64) -> Result<Self, ParameterError> {
        ensure(alpha >= 1e-3 && alpha.is_finite(), "alpha", alpha, "be at least 0.001 and finite")?;
        ensure(beta >= 1e-3 && beta.is_finite(), "beta", beta, "be at least 0.001 and finite")?;
        ensure(a.is_finite(), "a", a, "be a finite number")?;
        ensure(b.is_finite(), "b", b, "be a finite number")?;
        ensure(a < b, "b", b, "be above `a`")?;
        ensure((b - a).is_finite(), "b", b, "lie closer to `a`: the width is beyond the range of numbers")?;
        Ok(Self { alpha, beta, a, b, width: b - a })
    }

    /// Both distances from the bounds, in units of the width.
    fn shares(&self, x: f64) -> (f64, f64) {
        ((x - self.a) / self.width, (self.b - x) / self.width)
    }

    /// v^α and 1 − v^α for x between the bounds.
    fn powers(&self, x: f64) -> (f64, f64) {
        let (below, above) = self.shares(x);
        let ln_share = if below < f64::MIN_POSITIVE {
            math::ln_quotient(x - self.a, self.width)
        } else if below <= 0.5 {
            math::ln(below)
        } else {
            math::ln_1p(-above)
        };
        let exponent = ln_share * self.alpha;
        if exponent > -0.5 {
            return (math::exp(exponent), -math::exp_m1(exponent));
        }
        let power = if below <= 0.5 {
            math::pow_quotient(x - self.a, self.width, self.alpha)
        } else {
            let share = 1.0 - above;
            let rest = (1.0 - share) - above;
            // Of a large α the rounding of the share is more than a small correction.
            let correction = self.alpha * (rest / share);
            let power = math::pow(share, self.alpha);
            if correction.abs() < 1e-7 { power + power * correction } else { math::exp(exponent) }
        };
        (power, 1.0 - power)
    }

    /// −ln S(x) for x between the bounds.
    fn cumulative_hazard(&self, x: f64) -> f64 {
        let (power, rest) = self.powers(x);
        -self.beta * if power < 0.5 { math::ln_1p(-power) } else { math::ln(rest) }
    }

    /// E vⁿ = β B(β, 1 + n / α), as a logarithm.
    fn ln_moment(&self, n: f64) -> f64 {
        math::ln(self.beta) + math::ln_beta(self.beta, 1.0 + n / self.alpha)
    }
}

impl Family for Kumaraswamy {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        let t = math::ln_complement(lower, upper) / self.beta;
        // v^α = 1 − eᵗ
        let power = -math::exp_m1(t);
        let exponent = if t > -0.5 { math::ln(power) } else { math::ln_1p(-math::exp(t)) } / self.alpha;
        if exponent < -0.5 {
            let share = if t > -0.5 { math::pow(power, 1.0 / self.alpha) } else { math::exp(exponent) };
            self.a + self.width * share
        } else {
            self.b + self.width * math::exp_m1(exponent)
        }
    }

    fn cdf(&self, x: f64) -> f64 {
        if x <= self.a {
            0.0
        } else if x >= self.b {
            1.0
        } else {
            -math::exp_m1(-self.cumulative_hazard(x))
        }
    }

    fn sf(&self, x: f64) -> f64 {
        if x <= self.a {
            1.0
        } else if x >= self.b {
            0.0
        } else {
            math::exp(-self.cumulative_hazard(x))
        }
    }

    fn density(&self, x: f64) -> f64 {
        let at_end = |shape: f64, other: f64| match shape {
            shape if shape < 1.0 => f64::INFINITY,
            1.0 => other / self.width,
            _ => 0.0,
        };
        if x < self.a || x > self.b {
            0.0
        } else if x == self.a {
            at_end(self.alpha, self.beta)
        } else if x == self.b {
            at_end(self.beta, self.alpha)
        } else {
            let (power, rest) = self.powers(x);
            self.alpha * (power / (x - self.a)) * (self.beta * self.sf(x) / rest)
        }
    }

    fn mean(&self) -> Option<f64> {
        Some(self.a + self.width * math::exp(self.ln_moment(1.0)))
    }

    fn variance(&self) -> Option<f64> {
        let x = 1.0 / self.alpha;
        let mean = self.width * math::exp(self.ln_moment(1.0));
        // ln of the second moment over the square of the first
        let ratio = if x <= 0.25 {
            let total = 1.0 + self.beta;
            curvature_of_ln_gamma(x) - spread_of_ln_gamma(total + x, x, total, total + 2.0 * x)
        } else {
            self.ln_moment(2.0) - 2.0 * self.ln_moment(1.0)
        };
        Some(mean * (mean * math::exp_m1(ratio))).filter(|variance| variance.is_finite())
    }

    fn support(&self) -> (f64, f64) {
        (self.a, self.b)
    }
}

#[cfg(test)]
mod tests {
    use super::Kumaraswamy;
    use crate::distribution::{Family, laws, reference};

    laws!(
        super::Kumaraswamy,
        [
            (2.0, 5.0, 0.0, 1.0),
            (0.5, 0.5, 0.0, 1.0),
            (1.0, 1.0, -2.0, 3.0),
            (30.0, 70.0, 5.0, 6.0),
            (1e5, 2.0, 0.0, 1.0),
        ]
    );

    #[test]
    fn agrees_with_the_reference() {
        let bounds = reference::Bounds { probability: 0.0, moments: 1e-12 };
        reference::check_within(&bounds, "kumaraswamy", |p| Kumaraswamy::new(p[0], p[1], p[2], p[3]));
    }

    #[test]
    fn parameters_out_of_their_domain_are_refused() {
        let refused = |alpha, beta, a, b| Kumaraswamy::new(alpha, beta, a, b).unwrap_err().parameter;
        assert_eq!(refused(1e-4, 1.0, 0.0, 1.0), "alpha");
        assert_eq!(refused(1.0, 0.0, 0.0, 1.0), "beta");
        assert_eq!(refused(1.0, 1.0, 1.0, 1.0), "b");
        let law = Kumaraswamy::new(1.0, 0.5, 0.0, 2.0).unwrap();
        assert_eq!((law.density(0.0), law.density(2.0)), (0.25, f64::INFINITY));
    }
}
