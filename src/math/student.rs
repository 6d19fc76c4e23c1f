//! Tails of Student's t distribution.

use super::{IncompleteBeta, ln_beta};

/// The standard t distribution with ν degrees of freedom.
///
/// - Formula: P(|T| > t) = I_x(ν/2, ½), x = ν / (ν + t²), and its complement from y = 1 − x, so that the median region
///   keeps its digits; the power law alone beyond t = 1e9 √ν.
/// - Domain: ν > 0 and finite.
/// - Accuracy: relative error ≤ 1e-12 of the smaller tail for ν = 0.5 … 1e9, down to 1e-300; held
///   through the family, `agrees_with_the_reference`.
/// - Source: DLMF 8.17.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StudentTails {
    df: f64,
    integral: IncompleteBeta,
    ln_power: f64,
}

/// ln 1e9: beyond, the power law of the tail is exact to rounding.
const LN_FAR: f64 = 20.72326583694641;

impl StudentTails {
    /// With `df` degrees of freedom, above 0 and finite.
    pub fn new(df: f64) -> StudentTails {
        let half = 0.5 * df;
        // P(|T| > t) → (√ν / t)^ν / (½ν B(½ν, ½))
        let ln_power = -libm::log(half) - ln_beta(half, 0.5);
        StudentTails { df, integral: IncompleteBeta::new(half, 0.5), ln_power }
    }

    /// Degrees of freedom.
    pub fn df(&self) -> f64 {
        self.df
    }

    /// The logarithm of 1 / (½ν B(½ν, ½)).
    pub fn ln_power(&self) -> f64 {
        self.ln_power
    }

    /// The t > 0 with P(T > t) = `tail` ≤ ½.
    pub fn distance(&self, tail: f64) -> f64 {
        let central = 1.0 - 2.0 * tail;
        if self.df == 1.0 {
            use std::f64::consts::PI;
            return if tail <= 0.25 { 1.0 / libm::tan(PI * tail) } else { libm::tan(PI * (0.5 - tail)) };
        }
        if self.df == 2.0 {
            return central / (2.0 * tail * (1.0 - tail)).sqrt();
        }
        let ln_far = (self.ln_power - libm::log(2.0 * tail)) / self.df;
        if ln_far > LN_FAR {
            return libm::exp(ln_far) * self.df.sqrt();
        }
        let (x, y) = self.integral.inverse(2.0 * tail, central);
        (y / x).sqrt() * self.df.sqrt()
    }

    /// P(T > t) and P(T < t) by the power law alone, where `ln_relative` = ln(t / √ν) is above ln 1e9.
    fn far_tails(&self, ln_relative: f64) -> (f64, f64) {
        let tail = 0.5 * libm::exp(self.ln_power - self.df * ln_relative);
        (tail, 1.0 - tail)
    }

    /// P(T > `distance` / `scale`) and P(T < `distance` / `scale`), both 0 or above; the quotient may overflow.
    pub fn tails_of_quotient(&self, distance: f64, scale: f64) -> (f64, f64) {
        let t = distance / scale;
        if (t / self.df.sqrt()).is_finite() {
            return self.tails(t);
        }
        self.far_tails(libm::log(distance) - libm::log(scale) - 0.5 * libm::log(self.df))
    }

    /// P(T > |t|) and P(T < |t|).
    pub fn tails(&self, t: f64) -> (f64, f64) {
        let relative = t.abs() / self.df.sqrt();
        if libm::log(relative) > LN_FAR {
            return self.far_tails(libm::log(relative));
        }
        let square = t / self.df * t;
        let (x, y) = (1.0 / (1.0 + square), square / (1.0 + square));
        let (both, central) = self.integral.tails(x, y);
        (0.5 * both, if central < 0.5 { 0.5 + 0.5 * central } else { 1.0 - 0.5 * both })
    }
}
