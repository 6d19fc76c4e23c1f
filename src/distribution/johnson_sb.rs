//! Johnson's bounded system: a normal score squeezed between two bounds, with one peak or two.

use super::johnson_su::{DELTA, GAMMA, ensure_johnson};
use super::parameters::required;
use super::table::{Arguments, FamilyEntry, Form};
use super::{Family, Law, ParameterError, ensure};
use crate::math::{self, two_sum};

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "johnson_sb",
    summary: "A quantity between two bounds, its middle moved and its peak sharpened freely.",
    forms: FORMS,
    example: "johnson_sb(1, 2, 0, 10)",
};

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[
            GAMMA,
            DELTA,
            required("location", "least value"),
            required("scale", "greatest value less the least"),
        ]),
        build: |x| JohnsonSb::new(x[0], x[1], x[2], x[3]).map(Law::from),
    },
    super::solve::families::JOHNSON_SB,
];

/// Johnson's S_B distribution on [location, location + scale]; γ and δ without unit, the others and draws in the input's
/// unit.
///
/// - Formula: X = location + scale / (1 + exp(−(Z − γ) / δ)), Z standard normal; counted from the nearer bound.
/// - Domain: |γ| ≤ 100, δ ≥ 0.001, scale > 0, all finite.
/// - Accuracy: quantile to a relative 1e-12. cdf and sf to a relative 1e-12 for |γ| ≤ 5; moments by the
///   trapezoidal rule over Z, to 1e-12; held by `tests::agrees_with_the_reference`. Beyond, γ cancels and costs digits
///   as it grows.
/// - Source: Johnson (1949), Biometrika 36(1/2), 149–176, doi:10.1093/biomet/36.1-2.149; Trefethen and Weideman (2014),
///   SIAM Review 56(3), 385–458, doi:10.1137/130932132, for the rule.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct JohnsonSb {
    gamma: f64,
    delta: f64,
    location: f64,
    scale: f64,
}

impl JohnsonSb {
    /// From γ, δ, location (the least value) and scale (the width).
    ///
    /// # Errors
    /// Parameters that are not finite, γ beyond ±100, δ below 0.001, a scale that is not above 0 or that is lost beside
    /// the location.
    pub fn new(gamma: f64, delta: f64, location: f64, scale: f64) -> Result<Self, ParameterError> {
        ensure_johnson(gamma, delta, location, scale)?;
        ensure(delta >= 1e-3, "delta", delta, "be at least 0.001")?;
        let end = location + scale;
        ensure(
            location < end && end.is_finite(),
            "scale",
            scale,
            "be felt beside `location`, and within the range of numbers",
        )?;
        Ok(Self { gamma, delta, location, scale })
    }

    /// Distances of x from both bounds, negative beyond them.
    fn distances(&self, x: f64) -> (f64, f64) {
        if x.is_infinite() {
            return (x, -x);
        }
        let (below, rest) = two_sum(x, -self.location);
        (below + rest, (self.scale - below) - rest)
    }

    /// The normal score at these distances.
    fn score(&self, below: f64, above: f64) -> f64 {
        let excess = (below - above) / above;
        let logit = if excess.abs() < 0.5 { math::ln_1p(excess) } else { math::ln(below) - math::ln(above) };
        self.gamma + self.delta * logit
    }

    /// Mean and variance of the share for |γ|, the mean counted from the share at Z = 0, and that share.
    fn share_moments(&self) -> (f64, f64, f64) {
        let skew = self.gamma.abs();
        let (centre, _) = shares(-skew / self.delta);
        // Poles of the share lie π δ off the real axis; the peak of share · density at most this far from 0.
        let step = (0.5 * self.delta).min(0.25);
        let reach = 12.0 + skew.min(1.0 / self.delta);
        let count = (reach / step).ceil() as i64;
        let (mut first, mut second) = (0.0, 0.0);
        for index in -count..=count {
            let z = index as f64 * step;
            let weight = math::normal_density(z) * step;
            let (share, _) = shares((z - skew) / self.delta);
            let turn = z / self.delta;
            // share · (1 − centre) · (1 − e^(−turn)) is the difference of two shares.
            let difference =
                if turn.abs() < 1.0 { -share * math::exp_m1(-turn) * (1.0 - centre) } else { share - centre };
            first += weight * difference;
            second += weight * (difference * difference);
        }
        (first, second - first * first, centre)
    }
}

/// 1 / (1 + e^−w) and 1 / (1 + eʷ).
fn shares(w: f64) -> (f64, f64) {
    let falling = math::exp(-w.abs());
    let (small, large) = (falling / (1.0 + falling), 1.0 / (1.0 + falling));
    if w < 0.0 { (small, large) } else { (large, small) }
}

impl Family for JohnsonSb {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        let z = math::normal_quantile_tails(lower, upper);
        let (below, above) = shares((z - self.gamma) / self.delta);
        if below < above {
            self.location + self.scale * below
        } else {
            (self.location + self.scale) - self.scale * above
        }
    }

    fn cdf(&self, x: f64) -> f64 {
        let (below, above) = self.distances(x);
        if below <= 0.0 {
            0.0
        } else if above <= 0.0 {
            1.0
        } else {
            math::normal_cdf(self.score(below, above))
        }
    }

    fn sf(&self, x: f64) -> f64 {
        let (below, above) = self.distances(x);
        if below <= 0.0 {
            1.0
        } else if above <= 0.0 {
            0.0
        } else {
            math::normal_sf(self.score(below, above))
        }
    }

    fn density(&self, x: f64) -> f64 {
        let (below, above) = self.distances(x);
        if below > 0.0 && above > 0.0 {
            let density = math::normal_density(self.score(below, above));
            density / below * (self.delta * (self.scale / above))
        } else {
            0.0
        }
    }

    fn mean(&self) -> Option<f64> {
        let (first, _, centre) = self.share_moments();
        let share = self.scale * (centre + first);
        Some(if self.gamma < 0.0 { (self.location + self.scale) - share } else { self.location + share })
    }

    fn variance(&self) -> Option<f64> {
        let variance = self.scale * (self.scale * self.share_moments().1);
        Some(variance).filter(|variance| variance.is_finite())
    }

    fn support(&self) -> (f64, f64) {
        (self.location, self.location + self.scale)
    }
}

#[cfg(test)]
mod tests {
    use super::JohnsonSb;
    use crate::distribution::{laws, reference};

    laws!(
        super::JohnsonSb,
        [(1.0, 2.0, 0.0, 10.0), (0.0, 0.5, 0.0, 1.0), (-2.0, 0.8, -5.0, 1e-3), (0.5, 1e6, 0.0, 1e6)]
    );

    #[test]
    fn agrees_with_the_reference() {
        let bounds = reference::Bounds { probability: 0.0, moments: 1e-12 };
        reference::check_within(&bounds, "johnson_sb", |p| JohnsonSb::new(p[0], p[1], p[2], p[3]));
    }

    #[test]
    fn parameters_out_of_their_domain_are_refused() {
        let refused = |g, d, l, s| JohnsonSb::new(g, d, l, s).unwrap_err().parameter;
        assert_eq!(refused(1e3, 1.0, 0.0, 1.0), "gamma");
        assert_eq!(refused(0.0, 1e-4, 0.0, 1.0), "delta");
        assert_eq!(refused(0.0, 1.0, f64::INFINITY, 1.0), "location");
        assert_eq!(refused(0.0, 1.0, 1e20, 1.0), "scale");
    }
}
