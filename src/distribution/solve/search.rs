//! Where a function of one coordinate takes a value.

/// Points at which the function is asked before roots are closed in on.
pub(super) const POINTS: usize = 128;

/// Bisections by which the end of what has a value is approached.
const EDGE: usize = 40;

/// What a function answers at a coordinate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Answer {
    /// A value, perhaps infinite.
    Value(f64),
    /// None, because something else is too low here.
    Low,
    /// None, because something else is too high here.
    High,
    /// None.
    Nothing,
}

impl Answer {
    /// A value that NaN is none of.
    pub fn of(value: f64) -> Answer {
        if value.is_nan() { Answer::Nothing } else { Answer::Value(value) }
    }

    fn value(self) -> f64 {
        if let Answer::Value(value) = self { value } else { f64::NAN }
    }
}

/// What a search found.
#[derive(Debug)]
pub(super) struct Found {
    /// Coordinates where the value is taken, in the order of the search.
    pub roots: Vec<f64>,
    /// Least and greatest value met, crossed where there was none at all.
    pub range: (f64, f64),
}

impl Found {
    /// The answer where no root is: on which side of `value` everything lies.
    pub fn side(&self, value: f64) -> Answer {
        match self.range {
            (_, high) if high < value && self.range.0 <= high => Answer::Low,
            (low, high) if low > value && low <= high => Answer::High,
            _ => Answer::Nothing,
        }
    }
}

/// Looks for `value` of the function between two coordinates; where it has none, it is passed over.
///
/// - Method: the function at `points` coordinates; between two of them with the value between theirs, [`close_in`].
///   Where that finds nothing, bisection looks for values between points that are too low and too high to have one, and
///   up to the edge of those that have; and a turning point of three neighbours is followed by golden sections. So two
///   roots close to each other, a narrow range of values, and the true ends of a range are seen.
/// - `thorough`: looks for edges and turning points though the value was crossed: a function that leaps from one side of
///   it to the other, as at a pole, hides them otherwise.
/// - `from_the_middle`: roots nearest to coordinate 0 come first, else those nearest to `search.0`.
pub(super) fn search(
    mut function: impl FnMut(f64) -> Answer,
    value: f64,
    search: (f64, f64),
    points: usize,
    thorough: bool,
    from_the_middle: bool,
) -> Found {
    let step = (search.1 - search.0) / (points - 1) as f64;
    let coordinate = |i: usize| if i + 1 == points { search.1 } else { search.0 + step * i as f64 };
    let mut curve: Vec<(f64, Answer)> =
        (0..points).map(|i| (coordinate(i), function(coordinate(i)))).collect();
    let crosses = |a: f64, b: f64| (a <= value) != (b <= value) && !a.is_nan() && !b.is_nan();
    let crossed = |curve: &[(f64, Answer)]| curve.windows(2).any(|w| crosses(w[0].1.value(), w[1].1.value()));
    let sort = |curve: &mut Vec<(f64, Answer)>| match search.1 > search.0 {
        true => curve.sort_by(|a, b| a.0.total_cmp(&b.0)),
        false => curve.sort_by(|a, b| b.0.total_cmp(&a.0)),
    };
    if thorough || !crossed(&curve) {
        let gaps: Vec<_> = curve.windows(2).map(|w| (w[0], w[1])).collect();
        let edges: Vec<_> = gaps.into_iter().flat_map(|(a, b)| edges(&mut function, a, b)).collect();
        curve.extend(edges);
        sort(&mut curve);
    }
    if thorough || !crossed(&curve) {
        let turns: Vec<(f64, Answer)> = curve
            .windows(3)
            .filter_map(|w| {
                let (left, middle, right) = (w[0].1.value(), w[1].1.value(), w[2].1.value());
                let peak = middle >= left && middle >= right;
                let dip = middle <= left && middle <= right;
                let mut known = |t: f64| function(t).value();
                (peak != dip).then(|| turning_point(&mut known, (w[0].0, w[2].0), peak))
            })
            .map(|(t, y)| (t, Answer::of(y)))
            .collect();
        curve.extend(turns);
        sort(&mut curve);
    }
    let mut roots: Vec<f64> = curve.iter().filter(|(_, y)| y.value() == value).map(|(t, _)| *t).collect();
    for pair in curve.windows(2) {
        let (a, b) = (pair[0].1.value(), pair[1].1.value());
        if crosses(a, b) && a != value && b != value {
            roots.push(close_in(&mut |t| function(t).value(), value, (pair[0].0, pair[1].0)));
        }
    }
    if roots.is_empty() {
        // The end of a range is a root too, though rounding may put it beside the value.
        let near = |y: f64| (y - value).abs() <= 1e-11 * value.abs();
        roots.extend(curve.iter().filter(|(_, y)| near(y.value())).map(|(t, _)| *t));
    }
    let first = |t: f64| if from_the_middle { t.abs() } else { (t - search.0).abs() };
    roots.sort_by(|a, b| first(*a).total_cmp(&first(*b)));
    let known = || curve.iter().map(|(_, y)| y.value()).filter(|y| !y.is_nan());
    let range = (known().fold(f64::INFINITY, f64::min), known().fold(f64::NEG_INFINITY, f64::max));
    Found { roots, range }
}

/// Points with a value between two neighbours of which one has none: up to the edge, or on both sides of the first
/// one found between too low and too high.
fn edges(function: &mut impl FnMut(f64) -> Answer, a: (f64, Answer), b: (f64, Answer)) -> Vec<(f64, Answer)> {
    let has = |answer: Answer| matches!(answer, Answer::Value(_));
    let opposite = matches!((a.1, b.1), (Answer::Low, Answer::High) | (Answer::High, Answer::Low));
    let mut found = Vec::new();
    if has(a.1) == has(b.1) && !opposite {
        return found;
    }
    let (mut a, mut b) = (a, b);
    for _ in 0..EDGE {
        let t = 0.5 * (a.0 + b.0);
        let middle = (t, function(t));
        if has(middle.1) {
            found.push(middle);
            if opposite {
                found.extend(edges(function, a, middle));
                found.extend(edges(function, middle, b));
                return found;
            }
        }
        let left = if opposite { middle.1 == a.1 } else { has(middle.1) == has(a.1) };
        *(if left { &mut a } else { &mut b }) = middle;
    }
    found
}

/// Coordinate and value of a peak or dip between two coordinates, by 40 golden sections.
fn turning_point(function: &mut impl FnMut(f64) -> f64, between: (f64, f64), peak: bool) -> (f64, f64) {
    const GOLDEN: f64 = 0.618_033_988_749_894_8;
    let (mut a, mut b) = between;
    let mut at = |t: f64| (t, function(t));
    let (mut left, mut right) = (at(b - GOLDEN * (b - a)), at(a + GOLDEN * (b - a)));
    for _ in 0..40 {
        if (left.1 >= right.1) == peak {
            b = right.0;
            right = left;
            left = at(b - GOLDEN * (b - a));
        } else {
            a = left.0;
            left = right;
            right = at(a + GOLDEN * (b - a));
        }
    }
    if (left.1 >= right.1) == peak { left } else { right }
}

/// The coordinate between two others, on either side of the value, where the function takes it, to the last digit
/// (or to 1e-18).
///
/// - Method: inverse quadratic interpolation where the curve allows it, bisection elsewhere. The difference is taken
///   relative to both numbers, so that a function that grows without bound does not spoil the interpolation.
/// - Source: Chandrupatla (1997), Advances in Engineering Software 28(3), 145-149.
fn close_in(function: &mut impl FnMut(f64) -> f64, value: f64, between: (f64, f64)) -> f64 {
    let mut difference = |t: f64| {
        let y = function(t);
        if y.is_infinite() { y.signum() } else { (y - value) / (y.abs() + value.abs() + f64::MIN_POSITIVE) }
    };
    let (mut a, mut b) = between;
    let (mut fa, mut fb) = (difference(a), difference(b));
    let (mut share, mut best) = (0.5, a);
    for _ in 0..200 {
        let t = a + share * (b - a);
        let ft = difference(t);
        let (c, fc) = if (ft > 0.0) == (fa > 0.0) {
            (a, fa)
        } else {
            let old = (b, fb);
            (b, fb) = (a, fa);
            old
        };
        (a, fa) = (t, ft);
        best = if fa.abs() <= fb.abs() { a } else { b };
        let least = 0.5 * f64::EPSILON * best.abs().max(1e-18) / (b - a).abs();
        // NaN ends the search too: the law that follows is checked.
        if fa == 0.0 || fb == 0.0 || least.is_nan() || least >= 0.5 {
            break;
        }
        let (xi, phi) = ((a - b) / (c - b), (fa - fb) / (fc - fb));
        let quadratic = phi * phi < xi && (1.0 - phi) * (1.0 - phi) < 1.0 - xi;
        share = if quadratic {
            fa / (fb - fa) * (fc / (fb - fc)) + (c - a) / (b - a) * (fa / (fc - fa)) * (fb / (fc - fb))
        } else {
            0.5
        };
        share = share.clamp(least, 1.0 - least);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::{Answer, POINTS, search};
    use crate::math;

    #[test]
    fn roots_are_found_to_the_last_digit() {
        let found = search(|t| Answer::of(math::exp(t)), 5.0, (-20.0, 20.0), POINTS, false, false);
        assert!((found.roots[0] - math::ln(5.0)).abs() <= 4e-16, "{found:?}");
        let found = search(|t| Answer::of(t * t * t), 0.0, (-1.0, 2.0), POINTS, false, false);
        assert!(found.roots[0].abs() < 1e-5, "{found:?}");
    }

    #[test]
    fn of_two_roots_the_side_asked_for_comes_first() {
        let square = |t: f64| Answer::of((t - 1.0) * (t - 1.0));
        let first = |range, middle| search(square, 0.25, range, POINTS, false, middle).roots[0];
        assert!((first((-3.0, 5.0), false) - 0.5).abs() < 1e-15);
        assert!((first((5.0, -3.0), false) - 1.5).abs() < 1e-15);
        assert!((first((5.0, -3.0), true) - 0.5).abs() < 1e-15);
    }

    #[test]
    fn a_dip_between_two_points_is_seen() {
        let dip = |t: f64| Answer::of((t - 0.123) * (t - 0.123));
        let found = search(dip, 1e-7, (-3.0, 5.0), 16, false, false);
        assert_eq!(found.roots.len(), 2, "{found:?}");
        let none = search(dip, -1.0, (-3.0, 5.0), 16, false, false);
        assert!(none.roots.is_empty() && none.range.0 < 1e-12, "{none:?}");
    }

    #[test]
    fn a_dip_beside_a_leap_is_seen_by_a_thorough_search() {
        let leap = |t: f64| Answer::of(if t < 2.03 { (t - 0.123) * (t - 0.123) } else { -1.0 });
        let roots = |thorough| search(leap, 1e-7, (-3.0, 5.0), 16, thorough, false).roots;
        assert_eq!((roots(false).len(), roots(true).len()), (1, 3));
    }

    #[test]
    fn what_is_no_number_is_passed_over() {
        let found = search(|t: f64| Answer::of(t.sqrt()), 1.5, (-3.0, 5.0), POINTS, false, false);
        assert!((found.roots[0] - 2.25).abs() < 1e-15, "{found:?}");
        let none = search(|_| Answer::Nothing, 1.5, (-3.0, 5.0), POINTS, false, false);
        assert!(none.roots.is_empty() && none.range.0 > none.range.1);
    }

    #[test]
    fn values_in_a_narrow_gap_are_seen() {
        let gap = |t: f64| match t {
            t if t < 0.123 => Answer::Low,
            t if t > 0.1231 => Answer::High,
            t => Answer::Value(t),
        };
        let found = search(gap, 0.12309, (-3.0, 5.0), 16, false, false);
        assert!((found.roots[0] - 0.12309).abs() < 1e-15, "{found:?}");
        assert!((found.range.0 - 0.123).abs() < 1e-9 && (found.range.1 - 0.1231).abs() < 1e-4);
    }
}
