//! Trapezoidal distribution: a straight rise, a flat top, a straight fall.

use super::parameters::{between, required};
use super::table::{Arguments, FamilyEntry, Form};
use super::{Family, ParameterError, ensure};

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "trapezoidal",
    summary: "Least and greatest value, and a range between them that is equally likely.",
    forms: FORMS,
    example: "trapezoidal(1, 2, 4, 8)",
};

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Named(&[
            required("a", "least value"),
            required("b", "where the most likely values begin"),
            required("c", "where the most likely values end"),
            required("d", "greatest value"),
        ]),
        build: |x| between(x, |b| Trapezoidal::new(b[0], b[1], b[2], b[3])),
    },
    super::solve::families::TRAPEZOIDAL,
];

/// Trapezoidal distribution: density rising over [a, b], flat over [b, c], falling over [c, d]; parameters and draws in
/// the input's unit.
///
/// - Formula: with r = b − a, m = c − b, f = d − c and n = r + 2m + f, Q(u) = a + √(u n r) while u n ≤ r,
///   b + (u n − r) / 2 on the flat part, d − √((1 − u) n f) after it; each counted from the end whose tail is smaller.
/// - Domain: a ≤ b ≤ c ≤ d, a < d, all finite, and so are the lengths.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12; held by `tests::agrees_with_the_reference`.
/// - Source: Kotz and van Dorp (2004), Beyond Beta, ch. 5.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trapezoidal {
    a: f64,
    b: f64,
    c: f64,
    d: f64,
    /// r, m, f and n of the formula.
    rise: f64,
    flat: f64,
    fall: f64,
    norm: f64,
    /// √(n r) and √(n f).
    rise_scale: f64,
    fall_scale: f64,
}

impl Trapezoidal {
    /// From the four corners.
    ///
    /// # Errors
    /// Corners that are not finite, or not in order.
    pub fn new(a: f64, b: f64, c: f64, d: f64) -> Result<Self, ParameterError> {
        ensure(a.is_finite(), "a", a, "be a finite number")?;
        ensure(b.is_finite(), "b", b, "be a finite number")?;
        ensure(c.is_finite(), "c", c, "be a finite number")?;
        ensure(d.is_finite(), "d", d, "be a finite number")?;
        ensure(a < d, "d", d, "be above `a`")?;
        ensure(a <= b && b <= d, "b", b, "lie between `a` and `d`")?;
        ensure(b <= c && c <= d, "c", c, "lie between `b` and `d`")?;
        let norm = (d - a) + (c - b);
        ensure(norm.is_finite(), "d", d, "lie closer to `a`: the width is beyond the range of numbers")?;
        let (rise, flat, fall) = (b - a, c - b, d - c);
        // Roots apart, so that no product leaves the range of numbers.
        let (rise_scale, fall_scale) = (norm.sqrt() * rise.sqrt(), norm.sqrt() * fall.sqrt());
        Ok(Self { a, b, c, d, rise, flat, fall, norm, rise_scale, fall_scale })
    }

    /// Weight, mean above `a` and variance of the rising, the flat and the falling part.
    fn parts(&self) -> [(f64, f64, f64); 3] {
        let Self { rise, flat, fall, norm, .. } = *self;
        [
            (rise / norm, rise / 1.5, rise * rise / 18.0),
            (2.0 * (flat / norm), rise + 0.5 * flat, flat * flat / 12.0),
            (fall / norm, rise + flat + fall / 3.0, fall * fall / 18.0),
        ]
    }
}

impl Family for Trapezoidal {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        let Self { a, b, c, d, rise, flat, fall, norm, .. } = *self;
        let (up, down) = (lower.sqrt() * self.rise_scale, upper.sqrt() * self.fall_scale);
        if lower < upper {
            let twice = lower * norm - rise;
            if twice <= 0.0 {
                (a + up).min(b)
            } else if twice <= 2.0 * flat {
                (b + 0.5 * twice).min(c)
            } else {
                (c + fall / (fall + down) * (twice - 2.0 * flat)).min(d)
            }
        } else {
            let twice = upper * norm - fall;
            if twice <= 0.0 {
                (d - down).max(c)
            } else if twice <= 2.0 * flat {
                (c - 0.5 * twice).max(b)
            } else {
                (b - rise / (rise + up) * (twice - 2.0 * flat)).max(a)
            }
        }
    }

    fn cdf(&self, x: f64) -> f64 {
        let Self { a, b, c, d, rise, flat, fall, norm, .. } = *self;
        if x <= a {
            0.0
        } else if x <= b {
            (x - a) / norm * ((x - a) / rise)
        } else if x <= c {
            rise / norm + 2.0 * ((x - b) / norm)
        } else if x < d {
            rise / norm + 2.0 * (flat / norm) + (x - c) / norm * ((fall + (d - x)) / fall)
        } else {
            1.0
        }
    }

    fn sf(&self, x: f64) -> f64 {
        let Self { a, b, c, d, rise, flat, fall, norm, .. } = *self;
        if x >= d {
            0.0
        } else if x >= c {
            (d - x) / norm * ((d - x) / fall)
        } else if x >= b {
            fall / norm + 2.0 * ((c - x) / norm)
        } else if x > a {
            fall / norm + 2.0 * (flat / norm) + (b - x) / norm * ((rise + (x - a)) / rise)
        } else {
            1.0
        }
    }

    fn density(&self, x: f64) -> f64 {
        if x < self.a || x > self.d {
            0.0
        } else if x < self.b {
            2.0 * ((x - self.a) / self.rise) / self.norm
        } else if x > self.c {
            2.0 * ((self.d - x) / self.fall) / self.norm
        } else {
            2.0 / self.norm
        }
    }

    fn mean(&self) -> Option<f64> {
        Some(self.a + self.parts().iter().map(|&(weight, mean, _)| weight * mean).sum::<f64>())
    }

    fn variance(&self) -> Option<f64> {
        let [first, second, third] = self.parts();
        let between = |(p, x, _): (f64, f64, f64), (q, y, _): (f64, f64, f64)| p * q * (y - x) * (y - x);
        let inside: f64 = [first, second, third].iter().map(|&(weight, _, variance)| weight * variance).sum();
        let variance = inside + between(first, second) + between(second, third) + between(first, third);
        Some(variance).filter(|variance| variance.is_finite())
    }

    fn support(&self) -> (f64, f64) {
        (self.a, self.d)
    }

    fn corners(&self) -> Vec<f64> {
        vec![self.b, self.c]
    }
}

#[cfg(test)]
mod tests {
    use super::Trapezoidal;
    use crate::distribution::{Family, Triangular, laws, reference};

    laws!(
        super::Trapezoidal,
        [
            (1.0, 2.0, 4.0, 8.0),
            (0.0, 0.0, 1.0, 1.0),
            (0.0, 0.0, 1.0, 3.0),
            (-4.0, -1.0, 0.0, 0.0),
            (-1.0, 5.0, 5.0, 6.0),
            (-1e100, 0.0, 1e80, 1e99),
        ]
    );

    #[test]
    fn agrees_with_the_reference() {
        reference::check("trapezoidal", |p| Trapezoidal::new(p[0], p[1], p[2], p[3]));
    }

    #[test]
    fn without_a_flat_part_it_is_triangular() {
        let (law, triangular) =
            (Trapezoidal::new(-5.0, -3.5, -3.5, 8.0).unwrap(), Triangular::new(-5.0, -3.5, 8.0).unwrap());
        for u in [1e-9, 0.05, 0.3, 0.6, 0.999] {
            assert!((law.quantile(u) / triangular.quantile(u) - 1.0).abs() < 1e-14, "u = {u}");
        }
    }

    #[test]
    fn corners_out_of_order_are_refused() {
        let refused = |a, b, c, d| Trapezoidal::new(a, b, c, d).unwrap_err().parameter;
        assert_eq!(refused(0.0, 5.0, 1.0, 2.0), "b");
        assert_eq!(refused(0.0, 1.0, 0.5, 2.0), "c");
        assert_eq!(refused(0.0, 0.0, 0.0, 0.0), "d");
        assert_eq!(refused(-1e308, 0.0, 0.0, 1e308), "d");
    }
}
