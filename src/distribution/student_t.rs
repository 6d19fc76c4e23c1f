//! Student's t distribution: a bell with heavy tails.

use super::{Family, ParameterError, ensure};
use crate::math::StudentTails;

/// Student's t distribution with `df` degrees of freedom ν, moved and stretched; `location`, `scale` and
/// draws in the input's unit.
///
/// - Formula: [`StudentTails`], and its inverse.
/// - Domain: ν > 0, scale > 0, all finite; 0 < u < 1.
/// - Accuracy: relative error ≤ 1e-12 of quantile (from the location) and smaller tail for ν = 0.5 … 1e9,
///   tails down to 1e-300; held by `tests::agrees_with_the_reference`.
/// - Source: DLMF 8.17; Johnson, Kotz & Balakrishnan (1995), Continuous Univariate Distributions 2, 2nd ed.,
///   ch. 28.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StudentT {
    tails: StudentTails,
    location: f64,
    scale: f64,
}

impl StudentT {
    /// Student's law of the given degrees of freedom, location and scale.
    ///
    /// # Errors
    /// When `df` or `scale` is not positive and finite, or `location` not finite.
    pub fn new(df: f64, location: f64, scale: f64) -> Result<Self, ParameterError> {
        ensure(df > 0.0 && df.is_finite(), "df", df, "be above 0 and finite")?;
        ensure(location.is_finite(), "location", location, "be finite")?;
        ensure(scale > 0.0 && scale.is_finite(), "scale", scale, "be above 0 and finite")?;
        Ok(Self { tails: StudentTails::new(df), location, scale })
    }

    /// `df`, `location`, `scale`, in the order of the first form.
    pub fn parameters(&self) -> [f64; 3] {
        [self.tails.df(), self.location, self.scale]
    }
}

impl Family for StudentT {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        if lower < upper {
            self.location - self.scale * self.tails.distance(lower)
        } else if lower > upper {
            self.location + self.scale * self.tails.distance(upper)
        } else if lower == upper {
            self.location
        } else {
            f64::NAN
        }
    }

    fn cdf(&self, x: f64) -> f64 {
        let distance = x - self.location;
        let (beyond, within) = self.tails.tails_of_quotient(distance.abs(), self.scale);
        if distance < 0.0 { beyond } else { within }
    }

    fn sf(&self, x: f64) -> f64 {
        let distance = x - self.location;
        let (beyond, within) = self.tails.tails_of_quotient(distance.abs(), self.scale);
        if distance < 0.0 { within } else { beyond }
    }

    fn density(&self, x: f64) -> f64 {
        let t = (x - self.location) / self.scale;
        let df = self.tails.df();
        let square = t / df * t;
        let spread = if square.is_finite() {
            0.5 * (df + 1.0) * libm::log1p(square)
        } else {
            (df + 1.0) * libm::log(t.abs() / df.sqrt())
        };
        // 1 / (½ B(½ν, ½)) carries the factor ν / 2 that `ln_power` divides by
        0.5 * df.sqrt() * libm::exp(self.tails.ln_power() - spread) / self.scale
    }

    fn mean(&self) -> Option<f64> {
        (self.tails.df() > 1.0).then_some(self.location)
    }

    fn variance(&self) -> Option<f64> {
        let df = self.tails.df();
        (df > 2.0).then(|| self.scale * self.scale * (df / (df - 2.0)))
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }
}

#[cfg(test)]
mod tests {
    use super::{Family, StudentT};

    crate::distribution::laws!(
        StudentT,
        [(3.3, 0.0, 1.0), (10.0, 2.0, 3.0), (1e3, 0.0, 1.0), (1e6, -7.0, 0.1),]
    );

    #[test]
    fn agrees_with_the_reference() {
        crate::distribution::reference::check("student_t", |p| StudentT::new(p[0], p[1], p[2]));
    }

    #[test]
    fn closed_forms_agree_with_their_neighbours() {
        for df in [1.0, 2.0] {
            let (closed, near) =
                (StudentT::new(df, 0.0, 1.0).unwrap(), StudentT::new(df + 1e-13, 0.0, 1.0).unwrap());
            for u in [1e-9, 0.1, 0.3, 0.5 - 1e-9, 0.6, 0.999] {
                assert!((closed.quantile(u) / near.quantile(u) - 1.0).abs() < 1e-11);
            }
        }
    }

    #[test]
    fn laws_hold_in_heavy_tails() {
        for df in [0.7, 1.0, 2.0] {
            let law = StudentT::new(df, 0.0, 1.0).unwrap();
            crate::distribution::laws::adds_to_one(&law);
            crate::distribution::laws::is_monotone(&law);
        }
        for df in [1.0, 2.0] {
            crate::distribution::laws::inverts(&StudentT::new(df, 0.0, 1.0).unwrap());
        }
    }

    #[test]
    fn moments_exist_only_beyond_their_degrees_of_freedom() {
        let law = |df| StudentT::new(df, 5.0, 1.0).unwrap();
        assert_eq!((law(1.0).mean(), law(1.5).mean()), (None, Some(5.0)));
        assert_eq!((law(2.0).variance(), law(4.0).variance()), (None, Some(2.0)));
    }

    #[test]
    fn parameters_out_of_their_domain_are_refused() {
        assert_eq!(StudentT::new(0.0, 0.0, 1.0).unwrap_err().parameter, "df");
        assert_eq!(StudentT::new(3.0, f64::INFINITY, 1.0).unwrap_err().parameter, "location");
        assert_eq!(StudentT::new(3.0, 0.0, -1.0).unwrap_err().parameter, "scale");
    }
}
