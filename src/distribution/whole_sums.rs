//! Sums over the whole numbers that a discrete law sits on.

use super::Family;

/// Points on each side of the middle that are added one by one.
const SINGLE: f64 = 16_384.0;
/// What a point, or a block of them, adds to a sum at least, as a share of it; and the probability left to come.
const NEGLIGIBLE: f64 = 1e-18;
/// By how much probabilities may differ from the middle of a block to its ends, and by how much from a straight line.
const SLOPE: f64 = 5e-3;
const BEND: f64 = 2.5e-5;

/// Probability of [`from`, `to`], and the sums of (x − about) P(X = x) and (x − about)² P(X = x) over it, of a law on
/// whole numbers.
///
/// - Formula: from the middle of the interval outwards, the first points one by one, those beyond in blocks of 2m + 1
///   around c, on which a parabola h through the terms at c − m, c, c + m stands for all:
///   Σ h = (2m + 1) h(c) + (m + 1)(2m + 1) (h(c + m) − 2 h(c) + h(c − m)) / (6 m). A block is as long as the
///   probabilities in it hardly differ.
/// - Domain: a law whose probabilities change smoothly from point to point; `from` and `to` may be infinite.
/// - Accuracy: relative error below 1e-10; held by `tests` here and in `truncated`.
/// - Source: Gregory's formula to third order; Jordan (1965), Calculus of Finite Differences, 3rd ed., section 100.
pub(super) fn whole_sums(law: &(impl Family + ?Sized), from: f64, to: f64, about: f64) -> [f64; 3] {
    let (from, to) = (law.point_from(from), law.point_until(to));
    let mut sums = Sums { law, about, sums: [0.0; 3] };
    if from > to {
        return sums.sums;
    }
    let before = from.next_down();
    let middle = law.inverse(
        0.5 * law.cdf(before) + 0.5 * law.cdf(to),
        (0.5 * law.sf(before) + 0.5 * law.sf(to)).max(f64::MIN_POSITIVE),
    );
    let middle = if middle.is_nan() { from } else { middle.clamp(from, to) };
    sums.walk(middle, to, 1.0);
    if middle > from {
        sums.walk(middle - 1.0, from, -1.0);
    }
    sums.sums
}

struct Sums<'a, L: ?Sized> {
    law: &'a L,
    about: f64,
    sums: [f64; 3],
}

impl<L: Family + ?Sized> Sums<'_, L> {
    /// Adds the points from `start` to `end`, a step being 1 or −1.
    fn walk(&mut self, start: f64, end: f64, step: f64) {
        let (mut next, mut count, mut half) = (start, 0.0, 1.0);
        let outside = |x: f64| if step > 0.0 { x > end } else { x < end };
        while !outside(next) {
            let beyond = if count < SINGLE || outside(next + step * 2.0 * half) {
                self.single(next);
                next += step;
                count += 1.0;
                half = f64::max(0.5 * half, 1.0).floor();
                // What is far out on few points is near its end: only now and then is the rest worth a look.
                count % 64.0 == 0.0
            } else if self.block(next + step * half, half) {
                next += step * (2.0 * half + 1.0);
                half = (1.25 * half).ceil();
                true
            } else if half > 1.0 {
                half = (0.5 * half).floor();
                false
            } else {
                self.single(next);
                next += step;
                false
            };
            if beyond && self.is_negligible(next, half, step) {
                return;
            }
        }
    }

    fn single(&mut self, x: f64) {
        let (mass, offset) = (self.law.density(x), x - self.about);
        self.add([mass, mass * offset, mass * offset * offset]);
    }

    /// Adds the points from `centre` − `half` to `centre` + `half`, unless their probabilities differ too much.
    fn block(&mut self, centre: f64, half: f64) -> bool {
        let at = [centre - half, centre, centre + half];
        let mass = at.map(|x| self.law.density(x));
        let slope = (mass[2] - mass[0]).abs();
        let bend = (mass[2] - 2.0 * mass[1] + mass[0]).abs();
        if slope > 2.0 * SLOPE * mass[1] || bend > BEND * mass[1] {
            return false;
        }
        let (whole, curved) = (2.0 * half + 1.0, (half + 1.0) * (2.0 * half + 1.0) / (6.0 * half));
        let total = |h: [f64; 3]| whole * h[1] + curved * (h[2] - 2.0 * h[1] + h[0]);
        let offset = at.map(|x| x - self.about);
        let first = [0, 1, 2].map(|k: usize| mass[k] * offset[k]);
        let second = [0, 1, 2].map(|k: usize| first[k] * offset[k]);
        self.add([total(mass), total(first), total(second)]);
        true
    }

    fn add(&mut self, terms: [f64; 3]) {
        for (sum, term) in self.sums.iter_mut().zip(terms) {
            *sum += term;
        }
    }

    /// Whether what lies from x on, in blocks of this size, no longer matters.
    fn is_negligible(&self, x: f64, half: f64, step: f64) -> bool {
        let left = if step > 0.0 { self.law.sf(x) } else { self.law.cdf(x) };
        let block = self.law.density(x) * (2.0 * half + 1.0) * (x - self.about) * (x - self.about);
        left <= NEGLIGIBLE * self.sums[0] && block <= NEGLIGIBLE * self.sums[2]
    }
}

#[cfg(test)]
mod tests {
    use super::whole_sums;
    use crate::distribution::{BetaBinomial, Family, Law, NegativeBinomial, Poisson, UniformInt, Zipf};

    #[test]
    fn the_whole_of_a_law_has_its_moments() {
        let laws: [Law; 8] = [
            Poisson::new(3.0).unwrap().into(),
            Poisson::new(1e12).unwrap().into(),
            NegativeBinomial::new(0.01, 1e-6).unwrap().into(),
            BetaBinomial::new(1e6, 0.5, 0.3).unwrap().into(),
            BetaBinomial::new(1e5, 1e-3, 1e-3).unwrap().into(),
            UniformInt::new(-1e9, 1e9).unwrap().into(),
            Zipf::new(3.5, 1e12).unwrap().into(),
            Zipf::new(1.2, 1e9).unwrap().into(),
        ];
        for law in laws {
            let mean = law.mean().unwrap();
            let sums = whole_sums(&law, f64::NEG_INFINITY, f64::INFINITY, mean);
            let variance = law.variance().unwrap();
            assert!((sums[0] - 1.0).abs() < 1e-9, "{law:?}: {}", sums[0]);
            assert!(sums[1].abs() < 1e-9 * variance.sqrt(), "{law:?}: {}", sums[1]);
            assert!((sums[2] / variance - 1.0).abs() < 1e-9, "{law:?}: {} {variance}", sums[2]);
        }
    }
}
