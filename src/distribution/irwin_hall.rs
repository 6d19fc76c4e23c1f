//! Irwin–Hall distribution: the sum of uniform quantities.

use super::parameters::required;
use super::{Arguments, Family, FamilyEntry, Form, ParameterError, ensure};
use crate::math::{self, Tail, log_root};

/// Irwin–Hall distribution: the sum of `n` independent quantities uniform on (0, 1); draws without unit.
///
/// - Formula: the density is the cardinal B-spline Mₙ, m Mₘ₊₁(x) = x Mₘ(x) + (m + 1 − x) Mₘ(x − 1); F(x) is the sum of
///   Mₙ₊₁(x − j) over j = 0 … ⌊x⌋: positive terms alone. The upper half is the mirrored lower one.
/// - Domain: n whole, 1 to 20.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12, tails down to 1e-300; held by
///   `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kotz & Balakrishnan (1995), Continuous Univariate Distributions 2, 2nd ed., ch. 26; de Boor
///   (1972), Journal of Approximation Theory 6, 50–62, doi:10.1016/0021-9045(72)90080-9, for the recurrence.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct IrwinHall {
    n: u32,
}

/// Most quantities in a sum.
const MOST: usize = 20;

/// The law at a point of its lower half.
struct Point {
    cdf: f64,
    density: f64,
    slope: f64,
}

impl IrwinHall {
    /// From the number of quantities.
    ///
    /// # Errors
    /// An `n` that is not whole or outside 1 to 20.
    pub fn new(n: f64) -> Result<Self, ParameterError> {
        let whole = (1.0..=MOST as f64).contains(&n) && n % 1.0 == 0.0;
        ensure(
            whole,
            "n",
            n,
            "be a whole number from 1 to 20; for more write `normal` of mean n / 2 and variance n / 12",
        )?;
        Ok(Self { n: n as u32 })
    }

    /// The number of quantities.
    fn size(&self) -> f64 {
        f64::from(self.n)
    }

    /// For 0 ≤ x ≤ n/2.
    fn at(&self, x: f64) -> Point {
        let n = self.n as usize;
        let index = x as usize;
        let t = x - index as f64;
        // Mₘ(t + j) for j = 0 … m − 1
        let mut splines = [0.0; MOST + 1];
        splines[0] = 1.0;
        let difference = |splines: &[f64]| splines[index] - if index > 0 { splines[index - 1] } else { 0.0 };
        let mut slope = 0.0;
        for m in 1..n {
            if m + 1 == n {
                slope = difference(&splines);
            }
            raise(&mut splines, m, t);
        }
        let density = splines[index];
        raise(&mut splines, n, t);
        Point { cdf: splines[..=index].iter().sum(), density, slope }
    }

    /// The smaller of x and n − x, and whether x lies in the lower half.
    fn fold(&self, x: f64) -> (f64, bool) {
        let below = x <= 0.5 * self.size();
        (if below { x } else { self.size() - x }, below)
    }

    /// The x ≤ n/2 with F(x) = `tail`.
    fn lower_quantile(&self, tail: f64) -> f64 {
        let n = self.size();
        let factorial: f64 = (1..=self.n).map(f64::from).product();
        if tail * factorial <= 1.0 {
            return math::pow(tail * factorial, 1.0 / n);
        }
        let at = |x: f64| {
            let point = self.at(x.min(0.5 * n));
            Tail {
                probability: point.cdf,
                kernel: x * point.density,
                slope: 1.0 + x * point.slope / point.density,
                curvature: 12.0 * x * x / n,
            }
        };
        log_root(1.0, tail, at, |x, step| x * libm::exp(step)).min(0.5 * n)
    }
}

/// From Mₘ(t + j) to Mₘ₊₁(t + j).
fn raise(splines: &mut [f64], m: usize, t: f64) {
    for j in (0..=m).rev() {
        let before = if j > 0 { splines[j - 1] } else { 0.0 };
        splines[j] = ((t + j as f64) * splines[j] + ((m + 1 - j) as f64 - t) * before) / m as f64;
    }
}

impl Family for IrwinHall {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        if lower <= upper { self.lower_quantile(lower) } else { self.size() - self.lower_quantile(upper) }
    }

    fn cdf(&self, x: f64) -> f64 {
        match self.fold(x) {
            (x, below) if x <= 0.0 => {
                if below {
                    0.0
                } else {
                    1.0
                }
            }
            (x, true) => self.at(x).cdf,
            (x, false) => 1.0 - self.at(x).cdf,
        }
    }

    fn sf(&self, x: f64) -> f64 {
        match self.fold(x) {
            (x, below) if x <= 0.0 => {
                if below {
                    1.0
                } else {
                    0.0
                }
            }
            (x, true) => 1.0 - self.at(x).cdf,
            (x, false) => self.at(x).cdf,
        }
    }

    fn density(&self, x: f64) -> f64 {
        let (x, _) = self.fold(x);
        if x >= 0.0 { self.at(x).density } else { 0.0 }
    }

    fn mean(&self) -> Option<f64> {
        Some(0.5 * self.size())
    }

    fn variance(&self) -> Option<f64> {
        Some(self.size() / 12.0)
    }

    fn support(&self) -> (f64, f64) {
        (0.0, self.size())
    }

    fn corners(&self) -> Vec<f64> {
        if self.n == 2 { vec![1.0] } else { Vec::new() }
    }
}

const FORMS: &[Form] = &[Form {
    arguments: Arguments::Named(&[required("n", "number of quantities, each uniform between 0 and 1")]),
    build: |x| IrwinHall::new(x[0]).map(super::Law::from),
}];

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "irwin_hall",
    summary: "The sum of n quantities that are uniform between 0 and 1.",
    forms: FORMS,
    example: "irwin_hall(4)",
};

#[cfg(test)]
mod tests {
    use super::IrwinHall;
    use crate::distribution::{Family, laws, reference};

    laws!(super::IrwinHall, [(1.0), (2.0), (3.0), (4.0), (7.0), (12.0), (20.0)]);

    #[test]
    fn agrees_with_the_reference() {
        reference::check("irwin_hall", |p| IrwinHall::new(p[0]));
    }

    #[test]
    fn one_and_two_are_the_uniform_and_the_triangular_law() {
        let (one, two) = (IrwinHall::new(1.0).unwrap(), IrwinHall::new(2.0).unwrap());
        assert_eq!((one.cdf(0.3), one.sf(0.75), one.density(1.0)), (0.3, 0.25, 1.0));
        assert_eq!((two.cdf(0.5), two.sf(1.5), two.density(1.0)), (0.125, 0.125, 1.0));
        for n in [0.0, 1.5, 21.0, f64::INFINITY, f64::NAN] {
            assert_eq!(IrwinHall::new(n).unwrap_err().parameter, "n");
        }
    }
}
