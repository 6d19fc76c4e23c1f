//! Cumulative distribution: a cdf drawn by hand, straight between its points.

use super::{Arguments, Family, FamilyEntry, Form, ParameterError, ensure};

/// Law whose cdf is piecewise linear through given points (x, p); x and draws in the input's unit.
///
/// - Formula: F(x) = pᵢ + (pᵢ₊₁ − pᵢ) (x − xᵢ) / (xᵢ₊₁ − xᵢ) on [xᵢ, xᵢ₊₁]; the upper tail from its own end.
/// - Domain: at least two points, finite, p rising with x, the least p 0 and the greatest 1.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12; held by `tests::agrees_with_the_reference`.
/// - Source: Vose (2008), Risk Analysis, 3rd ed., appendix III (Cumulative Ascending).
#[derive(Clone, Debug, PartialEq)]
pub struct Cumulative {
    /// In rising order.
    points: Vec<Point>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Point {
    x: f64,
    cdf: f64,
    sf: f64,
}

/// Two neighbouring points.
#[derive(Clone, Copy)]
struct Segment {
    from: Point,
    to: Point,
}

impl Segment {
    fn width(&self) -> f64 {
        self.to.x - self.from.x
    }

    /// Probability inside.
    fn mass(&self) -> f64 {
        if self.to.cdf <= 0.5 { self.to.cdf - self.from.cdf } else { self.from.sf - self.to.sf }
    }
}

impl Cumulative {
    /// From pairs (x, p) in any order.
    ///
    /// # Errors
    /// Fewer than two points, one that is not finite, p that does not rise with x from 0 to 1.
    pub fn new(pairs: &[(f64, f64)]) -> Result<Self, ParameterError> {
        for &(x, p) in pairs {
            ensure(x.is_finite(), "x", x, "be a finite number")?;
            ensure((0.0..=1.0).contains(&p), "p", p, "be a probability from 0 to 1")?;
        }
        let mut sorted = pairs.to_vec();
        sorted.sort_by(|first, second| first.0.total_cmp(&second.0));
        let (Some(&first), Some(&last)) = (sorted.first(), sorted.last()) else {
            return Err(ParameterError {
                parameter: "p",
                value: 0.0,
                requirement: "have two points or more".into(),
            });
        };
        ensure(first.1 == 0.0, "p", first.1, "be 0 at the least value")?;
        ensure(last.1 == 1.0, "p", last.1, "be 1 at the greatest value")?;
        for pair in sorted.windows(2) {
            let ((x, p), (next_x, next_p)) = (pair[0], pair[1]);
            ensure(x < next_x, "x", next_x, "stand there once")?;
            ensure(p < next_p, "p", next_p, "rise from value to value")?;
        }
        ensure(
            (last.0 - first.0).is_finite(),
            "x",
            last.0,
            "be within the range of numbers of the least value",
        )?;
        let points = sorted.into_iter().map(|(x, p)| Point { x, cdf: p, sf: 1.0 - p }).collect();
        Ok(Self { points })
    }

    /// From x, p, x, p, … as a map literal is flattened.
    ///
    /// # Errors
    /// As [`Cumulative::new`].
    pub fn from_flat(numbers: &[f64]) -> Result<Self, ParameterError> {
        let pairs: Vec<(f64, f64)> = numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        Self::new(&pairs)
    }

    /// The segment that ends at the first inner point for which `reached` holds, else the last.
    fn segment(&self, reached: impl Fn(&Point) -> bool) -> Segment {
        let inner = &self.points[1..self.points.len() - 1];
        let index = inner.partition_point(|point| !reached(point));
        Segment { from: self.points[index], to: self.points[index + 1] }
    }

    fn segments(&self) -> impl Iterator<Item = Segment> + '_ {
        self.points.windows(2).map(|pair| Segment { from: pair[0], to: pair[1] })
    }
}

impl Family for Cumulative {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        let x = if lower < upper {
            let at = self.segment(|point| point.cdf >= lower);
            at.from.x + at.width() * ((lower - at.from.cdf) / at.mass())
        } else {
            let at = self.segment(|point| point.sf <= upper);
            at.to.x - at.width() * ((upper - at.to.sf) / at.mass())
        };
        let (least, greatest) = self.support();
        x.clamp(least, greatest)
    }

    fn cdf(&self, x: f64) -> f64 {
        let (least, greatest) = self.support();
        if x <= least || x >= greatest {
            return if x >= greatest { 1.0 } else { 0.0 };
        }
        let at = self.segment(|point| point.x >= x);
        at.from.cdf + at.mass() * ((x - at.from.x) / at.width())
    }

    fn sf(&self, x: f64) -> f64 {
        let (least, greatest) = self.support();
        if x <= least || x >= greatest {
            return if x >= greatest { 0.0 } else { 1.0 };
        }
        let at = self.segment(|point| point.x >= x);
        at.to.sf + at.mass() * ((at.to.x - x) / at.width())
    }

    fn density(&self, x: f64) -> f64 {
        let (least, greatest) = self.support();
        if !(least..=greatest).contains(&x) {
            return 0.0;
        }
        let at = self.segment(|point| point.x >= x);
        at.mass() / at.width()
    }

    fn mean(&self) -> Option<f64> {
        Some(self.segments().map(|at| at.mass() * (0.5 * at.from.x + 0.5 * at.to.x)).sum())
    }

    fn variance(&self) -> Option<f64> {
        let mean = self.mean()?;
        let about = |at: Segment| {
            let (offset, width) = (0.5 * (at.from.x - mean) + 0.5 * (at.to.x - mean), at.width());
            at.mass() * (offset * offset + width * width / 12.0)
        };
        Some(self.segments().map(about).sum::<f64>()).filter(|variance| variance.is_finite())
    }

    fn support(&self) -> (f64, f64) {
        (self.points[0].x, self.points[self.points.len() - 1].x)
    }

    fn corners(&self) -> Vec<f64> {
        self.points[1..self.points.len() - 1].iter().map(|point| point.x).collect()
    }
}

const FORMS: &[Form] = &[Form {
    arguments: Arguments::Map { key: "x", value: "p" },
    build: |x| Cumulative::from_flat(x).map(super::Law::from),
}];

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "cumulative",
    summary: "A cdf given by points, straight between them.",
    forms: FORMS,
    example: "cumulative({0: 0, 2: 0.25, 5: 0.75, 12: 1})",
};

#[cfg(test)]
mod tests {
    use super::Cumulative;
    use crate::distribution::{Family, laws, reference};

    #[test]
    fn the_laws_hold() {
        laws::hold(&Cumulative::new(&[(0.0, 0.0), (2.0, 0.25), (5.0, 0.75), (12.0, 1.0)]).unwrap());
        laws::hold(&Cumulative::new(&[(-3.0, 0.0), (0.0, 0.5), (1e-3, 1.0)]).unwrap());
        laws::hold(&Cumulative::new(&[(7.0, 0.0), (8.0, 1.0)]).unwrap());
    }

    #[test]
    fn agrees_with_the_reference() {
        reference::check("cumulative", Cumulative::from_flat);
    }

    #[test]
    fn the_points_are_met_exactly_and_their_order_is_free() {
        let law = Cumulative::new(&[(9.0, 1.0), (1.0, 0.0), (4.0, 0.7), (2.0, 0.1)]).unwrap();
        for (x, p) in [(1.0, 0.0), (2.0, 0.1), (4.0, 0.7), (9.0, 1.0)] {
            assert!((law.cdf(x) - p).abs() < 1e-15 && (law.quantile(p) - x).abs() < 1e-14);
        }
        assert_eq!((law.density(0.9), law.density(9.1)), (0.0, 0.0));
    }

    #[test]
    fn points_that_are_no_cdf_are_refused() {
        let refused = |pairs: &[(f64, f64)]| Cumulative::new(pairs).unwrap_err();
        assert_eq!(refused(&[]).parameter, "p");
        assert_eq!(refused(&[(1.0, 0.0)]).requirement, "be 1 at the greatest value");
        assert_eq!(refused(&[(1.0, 0.1), (2.0, 1.0)]).value, 0.1);
        assert_eq!(refused(&[(1.0, 0.0), (2.0, 0.9)]).value, 0.9);
        assert_eq!(refused(&[(1.0, 0.0), (2.0, 0.5), (3.0, 0.5), (4.0, 1.0)]).value, 0.5);
        assert_eq!(refused(&[(1.0, 0.0), (1.0, 0.5), (4.0, 1.0)]).parameter, "x");
        assert_eq!(refused(&[(-1e308, 0.0), (1e308, 1.0)]).parameter, "x");
        assert_eq!(refused(&[(f64::NAN, 0.0), (2.0, 1.0)]).parameter, "x");
        assert_eq!(refused(&[(1.0, 0.0), (2.0, f64::NAN)]).parameter, "p");
    }
}
