//! Moved law: another law shifted by a constant and stretched by a factor.

use super::tail_root::last_where;
use super::{Family, Law, ParameterError, ensure};

/// shift + factor · X for X of the law `base`.
///
/// - Formula: Q(u) = shift + factor · Q_base(u); F(x) = F_base((x − shift) / factor), density over the factor.
/// - Domain: shift finite, factor above 0 and finite.
/// - Accuracy: that of the base, and two roundings. The cdf of a base with atoms is asked at the greatest number that
///   becomes x or less, so that every atom is met, wherever rounding takes it.
/// - Source: Johnson, Kotz & Balakrishnan (1994), Continuous Univariate Distributions 1, 2nd ed., section 12.1.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    base: Law,
    shift: f64,
    factor: f64,
    /// Whether the base has atoms, whose places must be met to the last bit.
    has_atoms: bool,
}

impl Moved {
    /// `base` shifted by a constant.
    ///
    /// # Errors
    /// A shift that is not finite.
    pub fn shifted(base: Law, by: f64) -> Result<Self, ParameterError> {
        ensure(by.is_finite(), "by", by, "be a finite number")?;
        Ok(Self { has_atoms: base.has_atoms(), base, shift: by, factor: 1.0 })
    }

    /// `base` stretched by a factor.
    ///
    /// # Errors
    /// A factor that is not above 0 and finite.
    pub fn scaled(base: Law, by: f64) -> Result<Self, ParameterError> {
        ensure(by > 0.0 && by.is_finite(), "by", by, "be above 0 and finite")?;
        Ok(Self { has_atoms: base.has_atoms(), base, shift: 0.0, factor: by })
    }

    /// The law that is moved.
    pub fn base(&self) -> &Law {
        &self.base
    }

    /// True where every whole number of the base becomes a whole number.
    pub fn keeps_whole_numbers(&self) -> bool {
        self.shift.fract() == 0.0 && self.factor.fract() == 0.0
    }

    /// Another law, moved in the same way.
    pub fn of(&self, base: Law) -> Self {
        Self { has_atoms: base.has_atoms(), base, shift: self.shift, factor: self.factor }
    }

    /// The number of the base that becomes x; over atoms the greatest that becomes x or less.
    fn of_base(&self, x: f64) -> f64 {
        let near = (x - self.shift) / self.factor;
        if self.has_atoms && x.is_finite() { last_where(near, |y| self.to_here(y) <= x) } else { near }
    }

    fn to_here(&self, x: f64) -> f64 {
        self.shift + self.factor * x
    }
}

/// Numbers of a partly continuous base that are looked at, of those that become the same.
const NEIGHBOURS: usize = 64;

impl Family for Moved {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        self.to_here(self.base.inverse(lower, upper))
    }

    fn cdf(&self, x: f64) -> f64 {
        self.base.cdf(self.of_base(x))
    }

    fn sf(&self, x: f64) -> f64 {
        self.base.sf(self.of_base(x))
    }

    fn density(&self, x: f64) -> f64 {
        if self.is_discrete() {
            return self.probability(x);
        }
        self.base.density((x - self.shift) / self.factor) / self.factor
    }

    fn mean(&self) -> Option<f64> {
        self.base.mean().map(|mean| self.to_here(mean))
    }

    fn variance(&self) -> Option<f64> {
        self.base.variance().map(|variance| self.factor * self.factor * variance)
    }

    fn support(&self) -> (f64, f64) {
        let (least, greatest) = self.base.support();
        (self.to_here(least), self.to_here(greatest))
    }

    fn corners(&self) -> Vec<f64> {
        self.base.corners().into_iter().map(|x| self.to_here(x)).collect()
    }

    fn is_discrete(&self) -> bool {
        self.base.is_discrete()
    }

    fn has_atoms(&self) -> bool {
        self.has_atoms
    }

    fn probability(&self, x: f64) -> f64 {
        if !self.has_atoms || !x.is_finite() {
            return 0.0;
        }
        let last = self.of_base(x);
        let first = self.of_base(x.next_down()).next_up();
        // Rounding may bring several points of the base together; as a rule one lies between, or none.
        let (from, until) = (self.base.point_from(first), self.base.point_until(last));
        if self.base.is_discrete() && from < until {
            let before = from.next_down();
            let (lower, upper) = (self.base.cdf(until), self.base.sf(before));
            return if lower < upper { lower - self.base.cdf(before) } else { upper - self.base.sf(until) };
        }
        if self.base.is_discrete() {
            return if from == until { self.base.probability(from) } else { 0.0 };
        }
        let near = std::iter::successors(Some(first), |y| Some(y.next_up()));
        near.take_while(|y| *y <= last).take(NEIGHBOURS).map(|y| self.base.probability(y)).sum()
    }

    fn point_from(&self, x: f64) -> f64 {
        if !self.has_atoms || !x.is_finite() {
            return self.to_here(self.base.point_from(self.of_base(x)));
        }
        self.to_here(self.base.point_from(self.of_base(x.next_down()).next_up()))
    }

    fn point_until(&self, x: f64) -> f64 {
        self.to_here(self.base.point_until(self.of_base(x)))
    }

    fn sums(&self, from: f64, to: f64, about: f64) -> Option<[f64; 3]> {
        let from = if from.is_finite() { self.of_base(from.next_down()).next_up() } else { from };
        let sums = self.base.sums(from, self.of_base(to), (about - self.shift) / self.factor)?;
        Some([sums[0], self.factor * sums[1], self.factor * self.factor * sums[2]])
    }
}

#[cfg(test)]
mod tests {
    use super::Moved;
    use crate::distribution::{Family, Gamma, Law, Poisson, laws};

    fn gamma() -> Law {
        Gamma::new(2.0, 1.5).unwrap().into()
    }

    #[test]
    fn laws_hold() {
        let moved = Moved::scaled(Moved::shifted(gamma(), -2.0).unwrap().into(), 0.3).unwrap();
        laws::adds_to_one(&moved);
        laws::is_monotone(&moved);
        laws::inverts(&moved);
        assert_eq!(moved.support(), (-0.6, f64::INFINITY));
        assert!((moved.mean().unwrap() - 0.3).abs() < 1e-15);
        assert!((moved.variance().unwrap() - 0.405).abs() < 1e-15);
    }

    #[test]
    fn a_discrete_base_stays_discrete() {
        let moved = Moved::shifted(Poisson::new(3.0).unwrap().into(), 0.5).unwrap();
        assert!(moved.is_discrete());
        assert_eq!(moved.quantile(0.5), 3.5);
        assert_eq!(moved.density(3.5), Poisson::new(3.0).unwrap().density(3.0));
        assert_eq!(moved.cdf(3.4), Poisson::new(3.0).unwrap().cdf(2.0));
    }

    #[test]
    fn a_factor_must_be_positive() {
        assert_eq!(Moved::scaled(gamma(), 0.0).unwrap_err().parameter, "by");
        assert_eq!(Moved::shifted(gamma(), f64::NAN).unwrap_err().parameter, "by");
    }
}
