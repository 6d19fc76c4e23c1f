//! The scale on which excesses and maxima of any tail look alike: a power that becomes an exponential at shape 0.

use super::{ParameterError, ensure, ensure_location_scale};
use crate::math::{self, two_product, two_sum};

/// Location, scale and shape ξ of x = location + scale · (e^{ξt} − 1) / ξ, its limit location + scale · t at ξ = 0.
///
/// - Domain: scale > 0, all finite; shapes nearer to 0 than 1e-30 count as 0.
/// - Accuracy: `at` to a relative error of a few ulp times 1 + |ξt|; `decay` to a few ulp.
/// - Source: Coles (2001), An Introduction to Statistical Modeling of Extreme Values, ch. 3 and 4.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PowerScale {
    pub(super) location: f64,
    pub(super) scale: f64,
    pub(super) shape: f64,
    /// location − scale / ξ, where the scale ends: above for ξ < 0, below for ξ > 0.
    end: f64,
}

impl PowerScale {
    pub(super) fn new(location: f64, scale: f64, shape: f64) -> Result<Self, ParameterError> {
        ensure_location_scale(location, scale)?;
        ensure(shape.is_finite(), "shape", shape, "be a finite number")?;
        let shape = if shape.abs() < 1e-30 { 0.0 } else { shape };
        Ok(Self { location, scale, shape, end: location - scale / shape })
    }

    /// Least value of the whole scale.
    pub(super) fn least(&self) -> f64 {
        if self.shape > 0.0 { self.end } else { f64::NEG_INFINITY }
    }

    /// Greatest value of the whole scale.
    pub(super) fn greatest(&self) -> f64 {
        if self.shape < 0.0 { self.end } else { f64::INFINITY }
    }

    /// x at t. Near the end of the scale it is counted from there.
    pub(super) fn at(&self, t: f64) -> f64 {
        let z = self.shape * t;
        if z < -1.0 {
            return self.end + self.scale / self.shape * math::exp(z);
        }
        if z > 500.0 {
            let unit = self.scale / self.shape;
            if unit < f64::MIN_POSITIVE {
                return self.location + math::exp(z + (math::ln(self.scale) - math::ln(self.shape)));
            }
            let half = math::exp(0.5 * z);
            return self.location + half * unit * half;
        }
        let stretch = if z == 0.0 { 1.0 } else { math::exp_m1(z) / z };
        (self.location + self.scale * (t * stretch)).clamp(self.least(), self.greatest())
    }

    /// t at x; beyond the end of the scale what it runs to there.
    pub(super) fn time(&self, x: f64) -> f64 {
        let Self { location, scale, shape, .. } = *self;
        let y = (x - location) / scale;
        let z = shape * y;
        if shape == 0.0 || z == 0.0 {
            y
        } else if z.abs() < 0.5 {
            y * (math::ln_1p(z) / z)
        } else if z > 1e100 {
            (math::ln(shape.abs()) + (math::ln((x - location).abs()) - math::ln(scale))) / shape
        } else if z > 0.0 {
            math::ln_1p(z) / shape
        } else {
            let base = if z < -1e100 { 0.0 } else { self.base(x).0.max(0.0) };
            math::ln(base) / shape
        }
    }

    /// e^{−t} at x: (1 + ξy)^(−1 / ξ), y = (x − location) / scale.
    pub(super) fn decay(&self, x: f64) -> f64 {
        let shape = self.shape;
        let z = shape * ((x - self.location) / self.scale);
        if shape == 0.0 || z.abs() > 1e100 {
            return math::exp(-self.time(x));
        }
        let (base, rest) = self.base(x);
        if base <= 0.0 {
            return if shape > 0.0 { f64::INFINITY } else { 0.0 };
        }
        let power = -1.0 / shape;
        // What the rounding of the base and of the power leave out.
        let (product, product_rest) = two_product(power, shape);
        let power_rest = -((product + 1.0) + product_rest) / shape;
        let correction = power * (rest / base) + power_rest * math::ln(base);
        let decay = math::pow(base, power);
        if correction.abs() < 0.5 {
            decay + decay * math::exp_m1(correction)
        } else {
            decay * math::exp(correction)
        }
    }

    /// dt/dx at x: 1 / (scale · (1 + ξy)), infinite at the end of the scale and negative beyond it.
    pub(super) fn slope(&self, x: f64) -> f64 {
        let z = self.shape * ((x - self.location) / self.scale);
        let base = if self.shape == 0.0 {
            1.0
        } else if z.abs() > 1e100 {
            z
        } else {
            self.base(x).0
        };
        1.0 / base / self.scale
    }

    /// 1 + ξy as a pair of f64, for |ξy| ≤ 1e100.
    fn base(&self, x: f64) -> (f64, f64) {
        let (difference, difference_rest) = two_sum(x, -self.location);
        let y = difference / self.scale;
        let (back, back_rest) = two_product(y, self.scale);
        let y_rest = ((difference - back) - back_rest + difference_rest) / self.scale;
        let (z, z_rest) = two_product(self.shape, y);
        let (sum, sum_rest) = two_sum(1.0, z);
        let rest = sum_rest + (z_rest + self.shape * y_rest);
        let rest = if rest.is_finite() { rest } else { 0.0 };
        two_sum(sum, rest)
    }
}

#[cfg(test)]
mod tests {
    use super::PowerScale;

    #[test]
    fn time_and_decay_undo_the_scale() {
        for shape in [-3.0, -0.5, -1e-9, 0.0, 1e-25, 1e-12, 0.3] {
            let law = PowerScale::new(2.0, 0.5, shape).unwrap();
            for t in [-0.7, 1e-3, 0.4] {
                let x = law.at(t);
                assert!((law.time(x) - t).abs() < 1e-12, "shape {shape}, t {t}: {}", law.time(x));
                assert!((law.decay(x) * libm::exp(t) - 1.0).abs() < 1e-12, "shape {shape}, t {t}");
            }
        }
    }

    #[test]
    fn beyond_the_ends_nothing_is_left() {
        let of = |shape: f64, x: f64| PowerScale::new(0.0, 1.0, shape).unwrap().decay(x);
        assert_eq!((of(-0.5, 3.0), of(0.5, -3.0)), (0.0, f64::INFINITY));
        assert_eq!((of(-0.5, f64::INFINITY), of(0.5, f64::NEG_INFINITY)), (0.0, f64::INFINITY));
        assert_eq!((of(0.5, f64::INFINITY), of(-0.5, f64::NEG_INFINITY)), (0.0, f64::INFINITY));
        assert_eq!((of(0.0, f64::INFINITY), of(0.0, f64::NEG_INFINITY)), (0.0, f64::INFINITY));
        // (20 · 1e308)^(−1 / 20), whose base is beyond the range of numbers.
        assert!(
            (of(20.0, 1e308) * libm::exp((308.0 * std::f64::consts::LN_10 + libm::log(20.0)) / 20.0) - 1.0)
                .abs()
                < 1e-13
        );
    }
}
