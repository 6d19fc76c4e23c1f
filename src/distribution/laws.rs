//! The battery every family passes: identities that hold between the methods of any probability law.
//!
//! Families promise quantile, cdf and sf to a relative 1e-12; the bounds below follow from that promise alone.

use super::Family;

/// Relative error promised for quantile, cdf and sf.
const PROMISE: f64 = 1e-12;

/// Tests of a family: its type and parameter tuples for its `new`, each of which must build.
///
/// `laws!(super::Triangular, [(-5.0, -3.5, 8.0), (0.0, 0.0, 1.0)]);`
macro_rules! laws {
    ($family:ty, [$(($($parameter:expr),+ $(,)?)),+ $(,)?]) => {
        $crate::distribution::laws!(@test $family, [$(($($parameter),+)),+],
            quantile_inverts_the_cdf_into_both_tails => inverts,
            cdf_and_sf_add_to_one => adds_to_one,
            quantile_is_monotone => is_monotone,
            moments_equal_their_integrals => integrates_to_moments,
            density_adds_up_to_the_cdf => adds_up_density,
            support_bounds_the_quantile => stays_in_support,
        );
        #[test]
        fn nan_parameters_are_refused() {
            $($crate::distribution::laws!(@nan $family, (), $($parameter,)+);)+
        }
    };
    (@test $family:ty, $tuples:tt, $($name:ident => $check:ident),+ $(,)?) => {
        $($crate::distribution::laws!(@each $family, $tuples, $name, $check);)+
    };
    (@each $family:ty, [$(($($parameter:expr),+)),+], $name:ident, $check:ident) => {
        #[test]
        fn $name() {
            $($crate::distribution::laws::$check(&<$family>::new($($parameter),+).unwrap());)+
        }
    };
    (@nan $family:ty, ($($before:expr,)*),) => {};
    (@nan $family:ty, ($($before:expr,)*), $head:expr, $($after:expr,)*) => {
        let refused = <$family>::new($($before,)* f64::NAN, $($after,)*).unwrap_err();
        assert!(refused.value.is_nan(), "{refused}");
        $crate::distribution::laws!(@nan $family, ($($before,)* $head,), $($after,)*);
    };
}
pub(crate) use laws;

/// Every check of the battery on one law, for laws that have no constructor of plain numbers.
pub(crate) fn hold(law: &impl Family) {
    inverts(law);
    adds_to_one(law);
    is_monotone(law);
    integrates_to_moments(law);
    adds_up_density(law);
    stays_in_support(law);
}

/// Tail probabilities from 1e-300 to ½.
fn tails() -> impl Iterator<Item = f64> {
    let deep = [1e-300, 1e-200, 1e-100, 1e-50, 1e-30];
    let powers = (4..=60).rev().map(|k| 1.0 / (1u64 << k) as f64);
    deep.into_iter().chain(powers).chain([0.1, 0.2, 0.3, 0.37, 0.45, 0.5])
}

/// What rounding may move a quantile by when the law sits away from 0: a few ulp of its middle and width.
pub(super) fn rounding(law: &impl Family) -> f64 {
    let (least, greatest) = law.support();
    let (low, high) = (law.quantile(0.25), law.quantile(0.75));
    let anchored =
        if least == 0.0 || greatest == 0.0 { 0.0 } else { low.abs().max(high.abs()) + (high - low) };
    4.0 * f64::EPSILON * anchored + f64::MIN_POSITIVE
}

/// Points just below and just above a quantile: wider than its promised error.
fn around(law: &impl Family, x: f64) -> (f64, f64) {
    if law.is_discrete() {
        return (x.next_down(), x);
    }
    let x = x.clamp(-f64::MAX, f64::MAX);
    let margin = PROMISE * x.abs() + rounding(law);
    (x - margin, x + margin)
}

/// cdf(Q(u)) = u and sf(Q(1 − q)) = q, read off both sides of the quantile.
#[track_caller]
pub(crate) fn inverts(law: &impl Family) {
    for p in tails() {
        let x = law.inverse(p, 1.0 - p);
        let (below, above) = around(law, x);
        let (from, to) = (law.cdf(below), law.cdf(above));
        assert!(
            from <= p * (1.0 + PROMISE) && p * (1.0 - PROMISE) <= to,
            "Q({p:e}) = {x}: cdf {from:e} … {to:e}"
        );
        let x = law.inverse(1.0 - p, p);
        let (below, above) = around(law, x);
        let (from, to) = (law.sf(above), law.sf(below));
        assert!(
            from <= p * (1.0 + PROMISE) && p * (1.0 - PROMISE) <= to,
            "Q(1 − {p:e}) = {x}: sf {from:e} … {to:e}"
        );
    }
}

/// cdf + sf = 1, each within its promise.
#[track_caller]
pub(crate) fn adds_to_one(law: &impl Family) {
    for p in tails() {
        for x in [law.inverse(p, 1.0 - p), law.inverse(1.0 - p, p)] {
            let (cdf, sf) = (law.cdf(x), law.sf(x));
            assert!((cdf + sf - 1.0).abs() <= PROMISE && cdf >= 0.0 && sf >= 0.0, "{cdf} + {sf} at {x}");
        }
    }
}

/// The quantile never falls along u, apart from its promised error.
#[track_caller]
pub(crate) fn is_monotone(law: &impl Family) {
    let lower: Vec<f64> = tails().map(|p| law.inverse(p, 1.0 - p)).collect();
    let upper: Vec<f64> = tails().map(|p| law.inverse(1.0 - p, p)).collect();
    let slack = if law.is_discrete() { 0.0 } else { rounding(law) };
    let rising: Vec<f64> = lower.into_iter().chain(upper.into_iter().rev()).collect();
    for pair in rising.windows(2) {
        let (first, second) = (pair[0], pair[1]);
        let error = if law.is_discrete() { 0.0 } else { PROMISE * first.abs().min(f64::MAX) };
        assert!(first <= second + error + slack, "{first} before {second}");
    }
}

/// Quantiles, even of the smallest probabilities, lie inside the support; beyond it cdf and sf are 0 and 1.
#[track_caller]
pub(crate) fn stays_in_support(law: &impl Family) {
    let (least, greatest) = law.support();
    assert!(least <= greatest);
    for p in tails() {
        for x in [law.inverse(p, 1.0 - p), law.inverse(1.0 - p, p)] {
            assert!(least <= x && x <= greatest, "{x} outside [{least}, {greatest}]");
        }
    }
    assert_eq!((law.cdf(f64::NEG_INFINITY), law.sf(f64::NEG_INFINITY)), (0.0, 1.0));
    assert_eq!((law.cdf(f64::INFINITY), law.sf(f64::INFINITY)), (1.0, 0.0));
    if least.is_finite() {
        let x = least - least.abs().max(1.0) * 0.5;
        assert_eq!((law.cdf(x), law.sf(x), law.density(x)), (0.0, 1.0, 0.0));
    }
    if greatest.is_finite() {
        let x = greatest + greatest.abs().max(1.0) * 0.5;
        assert_eq!((law.cdf(x), law.sf(x), law.density(x)), (1.0, 0.0, 0.0));
    }
}

/// Mean = ∫ Q du and variance = ∫ (Q − mean)² du; for a discrete law the sums over its points.
#[track_caller]
pub(crate) fn integrates_to_moments(law: &impl Family) {
    // Quantiles carry a relative 1e-12; a few times that, and the quadrature's own 1e-11, on the size of the law.
    const BOUND: f64 = 5e-11;
    let Some(mean) = law.mean() else { return };
    let integral = expectation(law, |x| x);
    let size = mean.abs() + expectation(law, |x| (x - mean).abs());
    assert!((integral - mean).abs() <= BOUND * size, "mean {mean}, integral {integral}");
    let Some(variance) = law.variance() else { return };
    let integral = expectation(law, |x| (x - mean) * (x - mean));
    // A deviation x − mean carries the rounding of the mean: its share of the variance comes on top.
    let offset = f64::EPSILON * mean.abs() * variance.sqrt() * 16.0;
    assert!(
        (integral - variance).abs() <= BOUND * variance + offset,
        "variance {variance}, integral {integral}"
    );
}

/// E g(X), from the points of a discrete law or by quadrature over u otherwise.
fn expectation(law: &impl Family, g: impl Fn(f64) -> f64) -> f64 {
    if law.is_discrete() { points(law).iter().map(|&(x, p)| p * g(x)).sum() } else { over_quantile(law, g) }
}

/// The points of a discrete law with their probabilities, down to upper tails of 1e-30.
fn points(law: &impl Family) -> Vec<(f64, f64)> {
    // A step just past the probability reached so far lands on the next point.
    const STEP: f64 = 4.0 * PROMISE;
    let mut found = Vec::new();
    let mut x = law.inverse(1e-30, 1.0);
    loop {
        found.push((x, law.density(x)));
        let (cdf, sf) = (law.cdf(x), law.sf(x));
        assert!(found.len() < 100_000, "too many points for this battery");
        if sf <= 1e-30 {
            return found;
        }
        let next = if cdf < 0.5 {
            let lower = cdf * (1.0 + STEP);
            law.inverse(lower, 1.0 - lower)
        } else {
            let upper = sf * (1.0 - STEP);
            law.inverse(1.0 - upper, upper)
        };
        assert!(next > x, "no point after {x}");
        x = next;
    }
}

/// ∫₀¹ g(Q(u)) du over panels that halve towards both ends, refined where a panel and its halves disagree.
fn over_quantile(law: &impl Family, g: impl Fn(f64) -> f64) -> f64 {
    let lower = |p: f64| g(law.inverse(p, 1.0 - p));
    let upper = |p: f64| g(law.inverse(1.0 - p, p));
    let mut total = 0.0;
    let jumps = jumps(law);
    for (side, breaks) in [(&lower as &dyn Fn(f64) -> f64, &jumps.0), (&upper, &jumps.1)] {
        let mut right = 0.5;
        let mut negligible = 0;
        while negligible < 4 && right > 1e-290 {
            let left = 0.5 * right;
            let mut edges: Vec<f64> = breaks.iter().copied().filter(|&p| left < p && p < right).collect();
            edges.extend([left, right]);
            edges.sort_by(f64::total_cmp);
            if edges.len() > 2 {
                edges = edges.windows(2).flat_map(|pair| halved(pair[0], pair[1])).collect();
            }
            let panel: f64 =
                edges.windows(2).map(|pair| adaptive(side, pair[0], pair[1], total, DEPTH)).sum();
            total += panel;
            negligible = if panel.abs() <= 1e-17 * f64::abs(total) { negligible + 1 } else { 0 };
            right = left;
        }
    }
    total
}

/// Places that halve the way to either end, where the quantile function of a law with atoms may rise without bound.
fn halved(from: f64, to: f64) -> Vec<f64> {
    const HALVINGS: i32 = 60;
    let near = |k: i32| 0.5 * (to - from) * libm::scalbn(1.0, -k);
    let up = (0..HALVINGS).rev().map(|k| from + near(k));
    let down = (1..HALVINGS).map(|k| to - near(k));
    [from].into_iter().chain(up).chain(down).chain([to]).collect()
}

/// Probabilities below and above each atom of a law that is not discrete, where its quantile function has a corner.
fn jumps(law: &impl Family) -> (Vec<f64>, Vec<f64>) {
    if !law.has_atoms() {
        return (Vec::new(), Vec::new());
    }
    let (least, greatest) = law.support();
    let atoms = law.corners().into_iter().chain([least, greatest]);
    let sides: Vec<f64> = atoms.flat_map(|x| [x.next_down(), x]).collect();
    (sides.iter().map(|&x| law.cdf(x)).collect(), sides.iter().map(|&x| law.sf(x)).collect())
}

/// Differences of the cdf (of the sf in the upper half) equal the integrals of the density; for a discrete law the
/// probabilities of its points are the steps of the cdf and sum to one.
#[track_caller]
pub(crate) fn adds_up_density(law: &impl Family) {
    if law.is_discrete() {
        let points = points(law);
        let total: f64 = points.iter().map(|&(_, p)| p).sum();
        assert!((total - 1.0).abs() <= PROMISE * 10.0, "probabilities sum to {total}");
        for &(x, p) in points.iter().filter(|&&(_, p)| p > 1e-3) {
            let step = law.cdf(x) - law.cdf(x.next_down());
            assert!((step - p).abs() <= 2.0 * PROMISE, "step {step}, probability {p} at {x}");
            assert_eq!(law.density(x.next_down()), 0.0);
        }
        return;
    }
    // Of a law with atoms only what lies between them is density; they are among its corners, or at its ends.
    let (least, greatest) = law.support();
    let atoms: Vec<f64> =
        if law.has_atoms() { [vec![least, greatest], law.corners()].concat() } else { Vec::new() };
    let is_free = |a: f64, b: f64| atoms.iter().all(|&atom| b < atom || atom < a);
    let edges = [1e-15, 1e-14, 1e-6, 1e-5, 0.01, 0.1, 0.25, 0.5];
    for pair in edges.windows(2) {
        let (p, q) = (pair[0], pair[1]);
        let (a, b) = (law.inverse(p, 1.0 - p), law.inverse(q, 1.0 - q));
        if is_free(a, b) {
            compare_density(law, a, b, law.cdf(b) - law.cdf(a));
        }
        let (a, b) = (law.inverse(1.0 - q, q), law.inverse(1.0 - p, p));
        if is_free(a, b) {
            compare_density(law, a, b, law.sf(a) - law.sf(b));
        }
    }
}

/// ∫ density over [a, b] against the probability between them.
#[track_caller]
fn compare_density(law: &impl Family, a: f64, b: f64, probability: f64) {
    // Towards an end of the support, or out into a tail, the interval may span many decades, or shrink to nothing.
    let (least, greatest) = law.support();
    let middle = law.quantile(0.5);
    let least = if least.is_finite() { least } else { middle };
    let greatest = if greatest.is_finite() { greatest } else { middle };
    if (b - a) <= 1e-6 * a.abs().max(b.abs()) || probability <= 0.0 {
        return;
    }
    let density = |x: f64| law.density(x);
    let mut total = 0.0;
    if least.is_finite() && b - least > 2.0 * (a - least) && a > least {
        let mut left = a;
        while left < b {
            let right = (least + 2.0 * (left - least)).min(b);
            total += adaptive(&density, left, right, total, DEPTH);
            left = right;
        }
    } else if greatest.is_finite() && greatest - a > 2.0 * (greatest - b) && b < greatest {
        let mut right = b;
        while right > a {
            let left = (greatest - 2.0 * (greatest - right)).max(a);
            total += adaptive(&density, left, right, total, DEPTH);
            right = left;
        }
    } else {
        let corners = law.corners().into_iter().filter(|&corner| a < corner && corner < b);
        let edges: Vec<f64> = [a].into_iter().chain(corners).chain([b]).collect();
        for pair in edges.windows(2) {
            total += adaptive(&density, pair[0], pair[1], 0.0, DEPTH);
        }
    }
    assert!(
        (total / probability - 1.0).abs() <= 1e-9,
        "density adds up to {total:e} on [{a}, {b}], not {probability:e}"
    );
}

/// Halvings of a panel at most: a corner is then known to 2⁻¹⁰ of it, and rounding cannot make the work grow further.
const DEPTH: u32 = 10;

/// ∫ f over [a, b] by Gauss–Legendre, halved until the halves agree with the whole to 1e-11 of it or of `total`.
fn adaptive(f: &dyn Fn(f64) -> f64, a: f64, b: f64, total: f64, depth: u32) -> f64 {
    let middle = 0.5 * (a + b);
    let whole = gauss(f, a, b);
    let halves = gauss(f, a, middle) + gauss(f, middle, b);
    if depth == 0 || (halves - whole).abs() <= 1e-11 * halves.abs().max(total.abs()) {
        halves
    } else {
        adaptive(f, a, middle, total, depth - 1) + adaptive(f, middle, b, total, depth - 1)
    }
}

/// ∫ f over [a, b] by the Gauss–Legendre rule of ten points, exact for polynomials of degree 19.
fn gauss(f: &dyn Fn(f64) -> f64, a: f64, b: f64) -> f64 {
    /// Positive abscissas and their weights: Abramowitz and Stegun (1964), table 25.4, computed by numpy.
    const RULE: [(f64, f64); 5] = [
        (0.14887433898163122, 0.2955242247147528),
        (0.4333953941292472, 0.2692667193099965),
        (0.6794095682990244, 0.219086362515982),
        (0.8650633666889845, 0.1494513491505804),
        (0.9739065285171717, 0.06667134430868814),
    ];
    let (centre, half) = (0.5 * (a + b), 0.5 * (b - a));
    half * RULE.iter().map(|&(x, weight)| weight * (f(centre - half * x) + f(centre + half * x))).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::hold;
    use crate::distribution::{Family, Normal};

    /// The standard normal law with one method a millionth off.
    struct Faulty {
        law: Normal,
        method: &'static str,
    }

    impl Faulty {
        fn bend(&self, method: &str, value: f64) -> f64 {
            if self.method == method { value * (1.0 + 1e-6) + 1e-9 } else { value }
        }
    }

    impl Family for Faulty {
        fn inverse(&self, lower: f64, upper: f64) -> f64 {
            self.bend("inverse", self.law.inverse(lower, upper))
        }

        fn cdf(&self, x: f64) -> f64 {
            self.bend("cdf", self.law.cdf(x))
        }

        fn sf(&self, x: f64) -> f64 {
            self.bend("sf", self.law.sf(x))
        }

        fn density(&self, x: f64) -> f64 {
            self.bend("density", self.law.density(x))
        }

        fn mean(&self) -> Option<f64> {
            self.law.mean().map(|mean| self.bend("mean", mean))
        }

        fn variance(&self) -> Option<f64> {
            self.law.variance().map(|variance| self.bend("variance", variance))
        }

        fn support(&self) -> (f64, f64) {
            if self.method == "support" { (-5.0, f64::INFINITY) } else { self.law.support() }
        }
    }

    #[test]
    fn a_law_with_one_method_a_millionth_off_is_rejected() {
        let law = Normal::new(0.0, 1.0).unwrap();
        hold(&Faulty { law, method: "none" });
        for method in ["inverse", "cdf", "sf", "density", "mean", "variance", "support"] {
            let outcome = std::panic::catch_unwind(|| hold(&Faulty { law, method }));
            assert!(outcome.is_err(), "nobody noticed the fault in {method}");
        }
    }
}
