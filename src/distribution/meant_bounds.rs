//! Bounds as they are typed, beside points that come out of arithmetic.

use super::{Family, Law};

/// Share of the distance between two points within which a bound is taken for a point: `7 * 0.1` is not `0.7`, but off by
/// less than this on any grid of up to a million points.
const SAME_POINT: f64 = 1e-9;

/// The lower bound that is meant: the point of a discrete law just below it, if rounding alone can part them.
pub(super) fn first_meant(law: &Law, min: f64) -> f64 {
    let below = law.point_until(min.next_down());
    if is_same(law, below, min - below) { below } else { min }
}

/// The upper bound that is meant: the point of a discrete law just above it, if rounding alone can part them.
pub(super) fn last_meant(law: &Law, max: f64) -> f64 {
    let above = law.point_from(max.next_up());
    if is_same(law, above, above - max) { above } else { max }
}

/// Whether a bound at this distance from a point is on it: measured by the distance to the point next to it.
fn is_same(law: &Law, point: f64, distance: f64) -> bool {
    if !law.is_discrete() || !point.is_finite() || !distance.is_finite() {
        return false;
    }
    let next = [point - law.point_until(point.next_down()), law.point_from(point.next_up()) - point];
    let gap = next.into_iter().filter(|gap| gap.is_finite()).fold(f64::INFINITY, f64::min);
    let gap = if gap.is_finite() { gap } else { point.abs() };
    distance <= SAME_POINT * gap && law.probability(point) > 0.0
}
