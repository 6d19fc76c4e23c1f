//! Quantiles of a law that has only its tails in closed form.

use super::Family;
use crate::math;

/// The least x from `low` to `high` at which the probability below reaches `lower`, that is the probability above has
/// fallen to `upper`; `low` where it does so there, `high` where it does so nowhere before.
///
/// - Formula: Newton's iteration on the logarithm of the smaller tail, inside a bracket. A step that leaves the bracket
///   or does not halve the distance is replaced by the middle of the bracket in the order of the f64, so that jumps and
///   gaps of the cdf are found too, each to the last bit.
/// - Accuracy: that of the law's tails.
/// - Source: Press, Teukolsky, Vetterling & Flannery (2007), Numerical Recipes, 3rd ed., section 9.4 (`rtsafe`).
pub(super) fn tail_root(law: &impl Family, lower: f64, upper: f64, low: f64, high: f64) -> f64 {
    let from_below = lower <= upper;
    // The smaller tail, and how far the probability below it lies beyond its target, as a logarithm.
    let look = |x: f64| {
        if from_below {
            let tail = law.cdf(x);
            (tail, excess(tail, lower))
        } else {
            let tail = law.sf(x);
            (tail, -excess(tail, upper))
        }
    };
    if low >= high || look(low).1 >= 0.0 {
        return low;
    }
    let (mut low, mut high) = (low, high);
    let (mut x, mut previous) = (middle(low, high), f64::INFINITY);
    for _ in 0..MOST_STEPS {
        let (tail, gap) = look(x);
        if gap >= 0.0 {
            high = x;
        } else {
            low = x;
        }
        let (size, density) = (gap.abs(), law.density(x));
        let smooth = density > 0.0 && !law.is_discrete();
        if smooth && (size <= CLOSE || (size <= NOISE && size > 0.5 * previous)) {
            return x;
        }
        let between = middle(low, high);
        if between == low || between == high {
            return high;
        }
        let newton = x - gap * (tail / density);
        let gains = smooth && size <= 0.5 * previous && low < newton && newton < high;
        previous = size;
        x = if gains { newton } else { between };
    }
    high
}

/// The greatest x for which `holds`, which is true up to some place and false beyond, from an x nearby.
pub(super) fn last_where(near: f64, holds: impl Fn(f64) -> bool) -> f64 {
    let (least, greatest) = (order(f64::NEG_INFINITY), order(f64::INFINITY));
    let start = if near.is_nan() { 0 } else { order(near) };
    let (mut low, mut high, mut step) = (start, start, 1);
    while low > least && !holds(of_order(low)) {
        high = low;
        low = low.saturating_sub(step).max(least);
        step = step.saturating_mul(2);
    }
    while high == low {
        let next = high.saturating_add(step).min(greatest);
        if next == low {
            return of_order(low);
        }
        if holds(of_order(next)) {
            (low, high) = (next, next);
        } else {
            high = next;
        }
        step = step.saturating_mul(2);
    }
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if holds(of_order(middle)) {
            low = middle;
        } else {
            high = middle;
        }
    }
    of_order(low)
}

/// Halvings of a bracket down to neighbours, and as many steps between them.
const MOST_STEPS: usize = 140;
/// A distance that no step makes smaller.
const CLOSE: f64 = 4.0 * f64::EPSILON;
/// The most that the rounding of a tail may hide.
const NOISE: f64 = 1e-13;

/// ln (tail / target)
fn excess(tail: f64, target: f64) -> f64 {
    let relative = (tail - target) / target;
    if relative.abs() < 0.5 { math::ln_1p(relative) } else { math::ln(tail / target) }
}

/// Halfway between two numbers in the order of the f64.
fn middle(low: f64, high: f64) -> f64 {
    let (first, last) = (order(low), order(high));
    of_order((first & last) + ((first ^ last) >> 1))
}

/// The place of a number among all f64.
fn order(x: f64) -> i64 {
    let bits = x.to_bits() as i64;
    if bits < 0 { i64::MIN - bits } else { bits }
}

fn of_order(place: i64) -> f64 {
    f64::from_bits(if place < 0 { i64::MIN - place } else { place } as u64)
}

#[cfg(test)]
mod tests {
    use super::{middle, tail_root};
    use crate::distribution::{Discrete, Family, Normal};

    #[test]
    fn the_middle_halves_any_bracket() {
        assert_eq!(middle(-1.0, 1.0), 0.0);
        assert_eq!(middle(1.0, 4.0), 2.0);
        let (mut low, mut high, mut steps) = (-1e300, 1e300, 0);
        while middle(low, high) > low && middle(low, high) < high {
            let between = middle(low, high);
            if between < -3e-7 {
                low = between;
            } else {
                high = between;
            }
            steps += 1;
        }
        assert!(steps <= 64 && high == -3e-7);
    }

    #[test]
    fn quantiles_are_those_of_the_law() {
        let law = Normal::new(0.0, 1.0).unwrap();
        for p in [1e-300, 1e-20, 0.01, 0.5] {
            let expected = law.inverse(p, 1.0 - p);
            let got = tail_root(&law, p, 1.0 - p, -40.0, 50.0);
            assert!((got - expected).abs() <= 1e-14 * expected.abs().max(1.0), "{p}: {got} {expected}");
            let got = tail_root(&law, 1.0 - p, p, -50.0, 40.0);
            assert!((got + expected).abs() <= 1e-14 * expected.abs().max(1.0), "{p}: {got} {expected}");
        }
    }

    #[test]
    fn points_of_a_discrete_law_are_met_to_the_bit() {
        let law = Discrete::new(&[(-2.5, 1.0), (0.1, 2.0), (7.0, 1.0)]).unwrap();
        for (u, expected) in [(0.1, -2.5), (0.25, -2.5), (0.26, 0.1), (0.75, 0.1), (0.76, 7.0)] {
            assert_eq!(tail_root(&law, u, 1.0 - u, -10.0, 7.0), expected);
        }
    }
}
