//! Uniform distribution on whole numbers: a die, a random month.

use super::parameters::{GREATEST, LEAST};
use super::{Arguments, Constant, Family, FamilyEntry, Form, Law, ParameterError, ensure};

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "uniform_int",
    summary: "Every whole number between two bounds equally likely, the bounds included.",
    forms: FORMS,
    example: "uniform_int(1, 6)",
};

const FORMS: &[Form] = &[Form {
    arguments: Arguments::Named(&[LEAST, GREATEST]),
    build: |x| match UniformInt::new(x[0], x[1]) {
        Ok(_) if x[0] == x[1] => Constant::new(x[0]).map(Law::from),
        law => law.map(Law::from),
    },
}];

/// Uniform distribution on the whole numbers `a`, `a` + 1, …, `b`, in the input's unit.
///
/// - Formula: F(x) = (x − a + 1) / N, N = b − a + 1; Q(u) = a − 1 + ⌈u N⌉ from the lower end, b − ⌊(1 − u) N⌋
///   from the upper one.
/// - Domain: a ≤ b, whole numbers, N ≤ 2⁵³. 0 < u < 1.
/// - Accuracy: cdf, sf and density are one division; the quantile is exact with respect to them; held by
///   `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, 3rd ed., section 6.10.1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UniformInt {
    a: f64,
    b: f64,
    count: f64,
}

impl UniformInt {
    /// From the least and the greatest value.
    ///
    /// # Errors
    /// A bound that is not a whole number between −2⁵³ and 2⁵³, bounds out of order, more than 2⁵³ values.
    pub fn new(a: f64, b: f64) -> Result<Self, ParameterError> {
        const MOST: f64 = 9_007_199_254_740_992.0;
        let whole = |x: f64| x.abs() <= MOST && x == x.floor();
        ensure(whole(a), "a", a, "be a whole number between -2^53 and 2^53")?;
        ensure(whole(b), "b", b, "be a whole number between -2^53 and 2^53")?;
        ensure(a <= b, "b", b, "not lie below `a`")?;
        ensure(b - a < MOST, "b", b, "lie less than 2^53 above `a`")?;
        Ok(Self { a, b, count: b - a + 1.0 })
    }

    /// The least number of values whose share of all reaches `lower`.
    fn at_least(&self, lower: f64) -> f64 {
        let mut reached = (lower * self.count).ceil();
        while reached / self.count < lower {
            reached += 1.0;
        }
        while reached > 1.0 && (reached - 1.0) / self.count >= lower {
            reached -= 1.0;
        }
        reached.max(1.0)
    }

    /// The greatest number of values whose share of all does not exceed `upper`.
    fn at_most(&self, upper: f64) -> f64 {
        let mut left = (upper * self.count).floor();
        while left > 0.0 && left / self.count > upper {
            left -= 1.0;
        }
        while (left + 1.0) / self.count <= upper {
            left += 1.0;
        }
        left
    }

    /// `a`, `b`, in the order of the first form.
    pub fn parameters(&self) -> [f64; 2] {
        [self.a, self.b]
    }
}

impl Family for UniformInt {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        if !((0.0..=1.0).contains(&lower) && (0.0..=1.0).contains(&upper)) {
            f64::NAN
        } else if lower <= upper {
            self.a + (self.at_least(lower) - 1.0)
        } else {
            self.b - self.at_most(upper)
        }
    }

    fn cdf(&self, x: f64) -> f64 {
        ((x.clamp(self.a - 1.0, self.b).floor() - self.a + 1.0) / self.count).clamp(0.0, 1.0)
    }

    fn sf(&self, x: f64) -> f64 {
        ((self.b - x.clamp(self.a - 1.0, self.b).floor()) / self.count).clamp(0.0, 1.0)
    }

    fn density(&self, x: f64) -> f64 {
        if (self.a..=self.b).contains(&x) && x == x.floor() { 1.0 / self.count } else { 0.0 }
    }

    fn mean(&self) -> Option<f64> {
        Some(self.a + (self.b - self.a) * 0.5)
    }

    fn variance(&self) -> Option<f64> {
        Some((self.count - 1.0) * (self.count + 1.0) / 12.0)
    }

    fn support(&self) -> (f64, f64) {
        (self.a, self.b)
    }

    fn is_discrete(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::UniformInt;
    use crate::distribution::{Family, laws, reference};

    laws!(super::UniformInt, [(1.0, 6.0), (-3.0, 3.0), (5.0, 5.0), (0.0, 9999.0)]);

    #[test]
    fn agrees_with_the_reference() {
        reference::check("uniform_int", |p| UniformInt::new(p[0], p[1]));
    }

    #[test]
    fn the_quantile_is_exact_at_its_own_jumps() {
        for (a, b) in [(1.0, 6.0), (-70.0, 29.0), (0.0, 1022.0)] {
            let law = UniformInt::new(a, b).unwrap();
            let mut k = a;
            while k < b {
                let (cdf, sf) = (law.cdf(k), law.sf(k));
                if cdf < 0.5 {
                    assert_eq!((law.quantile(cdf), law.quantile(cdf.next_up())), (k, k + 1.0));
                } else {
                    assert_eq!((law.upper_quantile(sf), law.upper_quantile(sf.next_down())), (k, k + 1.0));
                }
                k += 1.0;
            }
        }
    }

    #[test]
    fn a_billion_values_and_more_are_answered_one_by_one() {
        let law = UniformInt::new(1.0, 1e9).unwrap();
        assert_eq!((law.quantile(0.25), law.quantile(0.25f64.next_up())), (2.5e8, 2.5e8 + 1.0));
        assert_eq!((law.quantile(1e-300), law.upper_quantile(1e-300)), (1.0, 1e9));
        let widest = UniformInt::new(-4_503_599_627_370_496.0, 4_503_599_627_370_495.0).unwrap();
        assert_eq!((widest.quantile(0.5), widest.cdf(-1.0), widest.sf(-1.0)), (-1.0, 0.5, 0.5));
    }

    #[test]
    fn bounds_out_of_their_domain_are_refused() {
        let refused = |a, b| UniformInt::new(a, b).unwrap_err().parameter;
        assert_eq!((refused(0.5, 3.0), refused(0.0, 2.5), refused(2.0, 1.0)), ("a", "b", "b"));
        assert_eq!((refused(f64::NEG_INFINITY, 0.0), refused(-1e15, 9e15)), ("a", "b"));
    }
}
