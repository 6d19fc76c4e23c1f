//! Triangular distribution: a straight rise to the mode, a straight fall after it.

use super::{Family, ParameterError, ensure};

/// Triangular distribution on [a, b] with its peak at the mode; parameters and draws in the input's unit.
///
/// - Formula: Q(u) = a + √(u w r) while u w ≤ r, else b − √((1 − u) w f); w = b − a, r = mode − a, f = b − mode. Where
///   the other end is nearer, the same root is counted from the mode: mode − r (w (1 − u) − f) / (r + √(u w r)).
/// - Domain: a ≤ mode ≤ b, a < b, all finite, and so is b − a.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12; held by `tests::agrees_with_the_reference`.
/// - Source: Kotz and van Dorp (2004), Beyond Beta, ch. 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Triangular {
    a: f64,
    mode: f64,
    b: f64,
    /// w, r and f of the formula.
    width: f64,
    rise: f64,
    fall: f64,
    /// √(w r) and √(w f).
    rise_scale: f64,
    fall_scale: f64,
}

impl Triangular {
    /// From least, most likely and greatest value.
    ///
    /// # Errors
    /// Parameters that are not finite, or not in order.
    pub fn new(a: f64, mode: f64, b: f64) -> Result<Self, ParameterError> {
        ensure(a.is_finite(), "a", a, "be a finite number")?;
        ensure(mode.is_finite(), "mode", mode, "be a finite number")?;
        ensure(b.is_finite(), "b", b, "be a finite number")?;
        ensure(a < b, "b", b, "be above `a`")?;
        ensure((b - a).is_finite(), "b", b, "lie closer to `a`: the width is beyond the range of numbers")?;
        ensure(a <= mode && mode <= b, "mode", mode, "lie between `a` and `b`")?;
        let (width, rise, fall) = (b - a, mode - a, b - mode);
        // Roots apart, so that no product leaves the range of numbers.
        let (rise_scale, fall_scale) = (width.sqrt() * rise.sqrt(), width.sqrt() * fall.sqrt());
        Ok(Self { a, mode, b, width, rise, fall, rise_scale, fall_scale })
    }

    /// `a`, `mode`, `b`, in the order of the first form.
    pub fn parameters(&self) -> [f64; 3] {
        [self.a, self.mode, self.b]
    }
}

impl Family for Triangular {
    #[inline(always)]
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        let (up, down) = (lower.sqrt() * self.rise_scale, upper.sqrt() * self.fall_scale);
        let before_mode = self.rise / (self.rise + up) * (self.width * upper - self.fall);
        let after_mode = self.fall / (self.fall + down) * (self.width * lower - self.rise);
        let rising = if lower < upper { self.a + up } else { self.mode - before_mode };
        let falling = if lower < upper { self.mode + after_mode } else { self.b - down };
        let rising = if rising < self.mode { rising } else { self.mode };
        let falling = if falling > self.mode { falling } else { self.mode };
        if lower * self.width <= self.rise { rising } else { falling }
    }

    fn cdf(&self, x: f64) -> f64 {
        if x <= self.a {
            0.0
        } else if x <= self.mode {
            (x - self.a) / self.width * ((x - self.a) / self.rise)
        } else if x < self.b {
            let past = x - self.mode;
            self.rise / self.width + past / self.width * ((self.fall + (self.b - x)) / self.fall)
        } else {
            1.0
        }
    }

    fn sf(&self, x: f64) -> f64 {
        if x >= self.b {
            0.0
        } else if x >= self.mode {
            (self.b - x) / self.width * ((self.b - x) / self.fall)
        } else if x > self.a {
            let left = self.mode - x;
            self.fall / self.width + left / self.width * ((self.rise + (x - self.a)) / self.rise)
        } else {
            1.0
        }
    }

    fn density(&self, x: f64) -> f64 {
        if x < self.a || x > self.b {
            0.0
        } else if x < self.mode {
            2.0 * ((x - self.a) / self.rise) / self.width
        } else if x > self.mode {
            2.0 * ((self.b - x) / self.fall) / self.width
        } else {
            2.0 / self.width
        }
    }

    fn mean(&self) -> Option<f64> {
        Some(self.a + (self.rise + self.width) / 3.0)
    }

    fn variance(&self) -> Option<f64> {
        let Self { width, rise, fall, .. } = self;
        Some((width * width - rise * fall) / 18.0).filter(|variance| variance.is_finite())
    }

    fn support(&self) -> (f64, f64) {
        (self.a, self.b)
    }

    fn corners(&self) -> Vec<f64> {
        vec![self.mode]
    }
}

#[cfg(test)]
mod tests {
    use super::Triangular;
    use crate::distribution::{laws, reference};

    laws!(
        super::Triangular,
        [(-5.0, -3.5, 8.0), (0.0, 0.0, 1.0), (0.0, 1.0, 1.0), (1.6, 3.2, 4.8), (-1e200, 0.0, 1e180)]
    );

    #[test]
    fn agrees_with_the_reference() {
        reference::check("triangular", |p| Triangular::new(p[0], p[1], p[2]));
    }

    #[test]
    fn a_mode_outside_the_bounds_is_refused() {
        assert_eq!(Triangular::new(1.6, 5.2, 4.8).unwrap_err().parameter, "mode");
        assert_eq!(Triangular::new(2.0, 2.0, 2.0).unwrap_err().parameter, "b");
        assert_eq!(Triangular::new(0.0, f64::INFINITY, 1.0).unwrap_err().parameter, "mode");
    }
}
