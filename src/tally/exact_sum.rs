//! A sum of f64s without rounding, so that its order cannot matter.

/// Bits between the weights of neighbouring digits.
const DIGIT_BITS: u32 = 32;
/// Enough digits for 2⁻¹⁰⁷⁴ … 2¹⁰²⁴ times 2⁶³ terms.
const DIGITS: usize = 70;
/// Additions a digit can take before its carry must be passed on: each adds less than 2³² to a digit of 2⁶³.
const CARRY_EVERY: u32 = 1 << 30;

/// Exact sum of finite f64s as a fixed-point number over the whole range of f64.
///
/// - Formula: Σ dₖ·2^(32k − 1074), dₖ signed 64-bit digits, carries passed on lazily.
/// - Accuracy: exact; [`ExactSum::value`] is the sum rounded once, to nearest, ties to even.
/// - Source: Kulisch (2013), Computer Arithmetic and Validity, 2nd ed., chapter 8 (long accumulator); Neal (2015),
///   Fast exact summation using small and large superaccumulators, arXiv:1505.05571 (lazy carries).
///
/// A term that is not finite makes the value NaN.
#[derive(Clone, Debug)]
pub struct ExactSum {
    digits: [i64; DIGITS],
    since_carry: u32,
    not_finite: bool,
}

impl Default for ExactSum {
    fn default() -> Self {
        ExactSum { digits: [0; DIGITS], since_carry: 0, not_finite: false }
    }
}

impl ExactSum {
    /// Adds one term.
    pub fn add(&mut self, term: f64) {
        if !term.is_finite() {
            self.not_finite = true;
            return;
        }
        let bits = term.to_bits();
        let exponent = ((bits >> 52) & 0x7FF) as u32;
        let fraction = bits & ((1 << 52) - 1);
        let (significand, shift) =
            if exponent == 0 { (fraction, 0) } else { (fraction | (1 << 52), exponent - 1) };
        if significand == 0 {
            return;
        }
        let wide = u128::from(significand) << (shift % DIGIT_BITS);
        let digit = (shift / DIGIT_BITS) as usize;
        let sign = if term < 0.0 { -1 } else { 1 };
        for place in 0..3 {
            let part = ((wide >> (DIGIT_BITS * place)) & 0xFFFF_FFFF) as i64;
            self.digits[digit + place as usize] += sign * part;
        }
        self.since_carry += 1;
        if self.since_carry >= CARRY_EVERY {
            self.carry();
        }
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &ExactSum) {
        self.carry();
        let mut other = other.clone();
        other.carry();
        for (mine, theirs) in self.digits.iter_mut().zip(&other.digits) {
            *mine += theirs;
        }
        self.since_carry = 1;
        self.not_finite |= other.not_finite;
        self.carry();
    }

    /// The sum, rounded to the nearest f64; NaN if a term was not finite.
    pub fn value(&self) -> f64 {
        if self.not_finite {
            return f64::NAN;
        }
        let mut sum = self.clone();
        sum.carry();
        let negative = sum.digits[DIGITS - 1] < 0;
        if negative {
            for digit in &mut sum.digits {
                *digit = -*digit;
            }
            sum.carry();
        }
        let Some(top) = sum.digits.iter().rposition(|&d| d != 0) else { return 0.0 };
        // 96 bits from the top digit down hold more than 64 significant ones; what lies below only breaks ties.
        let bottom = top.saturating_sub(2);
        let mut window = 0u128;
        for digit in (bottom..=top).rev() {
            window = (window << DIGIT_BITS) | sum.digits[digit] as u128;
        }
        if sum.digits[..bottom].iter().any(|&d| d != 0) {
            window |= 1;
        }
        let scaled = libm::scalbn(window as f64, (DIGIT_BITS as usize * bottom) as i32 - 1074);
        if negative { -scaled } else { scaled }
    }

    /// The digits, every one but the last in [0, 2³²): equal sums have equal ones.
    pub(super) fn canonical(&self) -> [i64; DIGITS] {
        let mut sum = self.clone();
        sum.carry();
        sum.digits
    }

    /// Whether a term was not finite.
    pub(super) fn is_not_finite(&self) -> bool {
        self.not_finite
    }

    /// From digits of that form, the first of them at a place; `None` where they are not.
    pub(super) fn from_canonical(first: usize, digits: &[i64], not_finite: bool) -> Option<ExactSum> {
        let mut sum = ExactSum { not_finite, ..ExactSum::default() };
        let end = first.checked_add(digits.len())?;
        sum.digits.get_mut(first..end)?.copy_from_slice(digits);
        let (last, others) = sum.digits.split_last()?;
        let carried = others.iter().all(|digit| (0..1 << DIGIT_BITS).contains(digit));
        (carried && last.abs() < 1 << 62).then_some(sum)
    }

    /// Brings every digit but the last into [0, 2³²): the canonical form of the sum.
    fn carry(&mut self) {
        for place in 0..DIGITS - 1 {
            let carry = self.digits[place] >> DIGIT_BITS;
            self.digits[place] -= carry << DIGIT_BITS;
            self.digits[place + 1] += carry;
        }
        self.since_carry = 0;
    }
}

impl PartialEq for ExactSum {
    fn eq(&self, other: &Self) -> bool {
        let (mut a, mut b) = (self.clone(), other.clone());
        a.carry();
        b.carry();
        a.digits == b.digits && a.not_finite == b.not_finite
    }
}

#[cfg(test)]
mod tests {
    use super::ExactSum;
    use proptest::prelude::*;

    fn sum(terms: &[f64]) -> ExactSum {
        let mut total = ExactSum::default();
        terms.iter().for_each(|&t| total.add(t));
        total
    }

    #[test]
    fn cancellation_loses_nothing() {
        assert_eq!(sum(&[1e300, 1.0, -1e300, 1e-300]).value(), 1.0);
        assert_eq!(sum(&[1e300, 1e-300, -1e300]).value(), 1e-300);
        assert_eq!(sum(&[f64::MAX, f64::MAX, -f64::MAX, -f64::MAX]).value(), 0.0);
        assert_eq!(sum(&[5e-324, 5e-324]).value(), 1e-323);
        assert_eq!(sum(&[-3.5, 1.25]).value(), -2.25);
    }

    #[test]
    fn the_value_is_rounded_to_nearest_even() {
        let half_ulp = f64::EPSILON / 2.0;
        assert_eq!(sum(&[1.0, half_ulp]).value(), 1.0);
        assert_eq!(sum(&[1.0, half_ulp, 5e-324]).value(), 1.0 + f64::EPSILON);
        assert_eq!(sum(&[1.0 + f64::EPSILON, half_ulp]).value(), 1.0 + 2.0 * f64::EPSILON);
    }

    #[test]
    fn a_term_that_is_not_finite_makes_the_sum_nan() {
        assert!(sum(&[1.0, f64::INFINITY]).value().is_nan());
    }

    proptest! {
        #[test]
        fn order_and_grouping_do_not_matter(mut terms in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL, 1..60), cut in 0usize..60) {
            let forward = sum(&terms);
            let cut = cut.min(terms.len());
            let mut halves = sum(&terms[cut..]);
            halves.merge(&sum(&terms[..cut]));
            prop_assert_eq!(&halves, &forward);
            terms.reverse();
            prop_assert_eq!(sum(&terms).value().to_bits(), forward.value().to_bits());
        }
    }
}
