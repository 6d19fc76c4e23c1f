//! Quantiles of laws on 0, 1, 2, … whose probabilities rise to one peak (log-concave), such as Poisson and
//! binomial.
//!
//! The answer is the one that the law's own cdf (sf in the upper half) gives; short cuts only find it faster.

/// What the search needs to know of a law on 0, 1, …, `greatest`.
pub(super) trait Lattice {
    /// P(X ≤ k) for a whole k from 0 to `greatest`.
    fn cdf_at(&self, k: f64) -> f64;
    /// P(X > k) for a whole k from 0 to `greatest`.
    fn sf_at(&self, k: f64) -> f64;
    /// P(X = k).
    fn mass(&self, k: f64) -> f64;
    /// P(X = k + 1) / P(X = k).
    fn ratio(&self, k: f64) -> f64;
    /// Greatest value, ∞ where there is none.
    fn greatest(&self) -> f64;
    /// Mean, standard deviation (positive) and skewness.
    fn moments(&self) -> (f64, f64, f64);
}

/// P(X ≤ x) for any x.
pub(super) fn cdf<L: Lattice>(law: &L, x: f64) -> f64 {
    match x {
        x if x.is_nan() => f64::NAN,
        x if x < 0.0 => 0.0,
        x => law.cdf_at(x.floor().min(law.greatest())),
    }
}

/// P(X > x) for any x.
pub(super) fn sf<L: Lattice>(law: &L, x: f64) -> f64 {
    match x {
        x if x.is_nan() => f64::NAN,
        x if x < 0.0 => 1.0,
        x => law.sf_at(x.floor().min(law.greatest())),
    }
}

/// P(X = x) for any x.
pub(super) fn density<L: Lattice>(law: &L, x: f64) -> f64 {
    if x >= 0.0 && x <= law.greatest() && x == x.floor() && x.is_finite() { law.mass(x) } else { 0.0 }
}

/// The smallest k with F(k) ≥ `lower`, decided as P(X > k) ≤ `upper` where `upper` is the smaller.
///
/// - Formula: for small means the probabilities summed from 0; else Newton's iteration on the logarithm of
///   the smaller tail from a Cornish–Fisher start, the last steps walked by the ratio of neighbouring
///   probabilities. Sums that come within 1e-11 of the boundary are decided by the law's own cdf or sf.
/// - Domain: `lower` + `upper` = 1, both in [0, 1]; NaN outside. Accuracy: exact with respect to the law's
///   cdf and sf.
/// - Source: Cornish & Fisher (1938), Revue de l'Institut International de Statistique 5, 307–320.
pub(super) fn inverse<L: Lattice>(law: &L, lower: f64, upper: f64) -> f64 {
    if !((0.0..=1.0).contains(&lower) && (0.0..=1.0).contains(&upper)) {
        return f64::NAN;
    }
    if lower == 0.0 {
        return 0.0;
    }
    if upper == 0.0 {
        return law.greatest();
    }
    let (mean, sd, skewness) = law.moments();
    if mean <= SUMMED_UP_TO && lower <= 0.99 {
        let first = law.mass(0.0);
        if first > 1e-290 {
            return summed(law, first, lower, upper);
        }
    }
    let z = crate::math::normal_quantile_tails(lower, upper);
    let start = (mean + sd * (z + skewness * (z * z - 1.0) / 6.0)).clamp(0.0, law.greatest()).floor();
    if lower <= upper {
        View { law, side: Side::Lower, target: lower }.search(start)
    } else {
        -View { law, side: Side::Upper, target: upper }.search(-start)
    }
}

/// Means up to which summing from 0 is the fastest way.
const SUMMED_UP_TO: f64 = 40.0;

/// Relative distance from the boundary below which the law itself decides.
const TIE: f64 = 1e-11;

/// Steps walked by the ratio before another evaluation of the tail.
const WALK: f64 = 24.0;

fn summed<L: Lattice>(law: &L, first: f64, lower: f64, upper: f64) -> f64 {
    let greatest = law.greatest();
    let (mut k, mut mass, mut sum) = (0.0, first, first);
    while sum < lower && k < greatest {
        mass *= law.ratio(k);
        k += 1.0;
        sum += mass;
    }
    let slack = TIE * lower;
    if sum - lower > slack && lower - (sum - mass) > slack {
        return k;
    }
    if lower <= upper {
        View { law, side: Side::Lower, target: lower }.settle(k)
    } else {
        -View { law, side: Side::Upper, target: upper }.settle(-k)
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Lower,
    Upper,
}

/// A law seen from one end. From the upper end the coordinate is j = −k, the tail P(X ≥ k), and the wanted k
/// the largest with P(X ≥ k) > `target`: again the smallest j that reaches the target.
struct View<'a, L> {
    law: &'a L,
    side: Side,
    target: f64,
}

impl<L: Lattice> View<'_, L> {
    fn tail(&self, j: f64) -> f64 {
        match self.side {
            Side::Lower => self.law.cdf_at(j),
            Side::Upper if j == 0.0 => 1.0,
            Side::Upper => self.law.sf_at(-j - 1.0),
        }
    }

    fn reached(&self, tail: f64) -> bool {
        match self.side {
            Side::Lower => tail >= self.target,
            Side::Upper => tail > self.target,
        }
    }

    fn mass(&self, j: f64) -> f64 {
        self.law.mass(if self.side == Side::Lower { j } else { -j })
    }

    /// Probability of j + 1 over that of j.
    fn ratio(&self, j: f64) -> f64 {
        if self.side == Side::Lower { self.law.ratio(j) } else { 1.0 / self.law.ratio(-j - 1.0) }
    }

    /// Least and greatest j.
    fn ends(&self) -> (f64, f64) {
        if self.side == Side::Lower { (0.0, self.law.greatest()) } else { (-self.law.greatest(), 0.0) }
    }

    /// The smallest j that reaches the target, by the tail alone, from a j close to it.
    fn settle(&self, start: f64) -> f64 {
        let (least, greatest) = self.ends();
        let mut j = start;
        while j < greatest && !self.reached(self.tail(j)) {
            j += 1.0;
        }
        while j > least && self.reached(self.tail(j - 1.0)) {
            j -= 1.0;
        }
        j
    }

    /// The smallest j that reaches the target, from any start.
    fn search(&self, start: f64) -> f64 {
        let (least, greatest) = self.ends();
        // `low` does not reach the target, `high` does
        let (mut low, mut high) = (least - 1.0, greatest);
        let mut j = start;
        while high - low > 1.0 {
            let tail = self.tail(j);
            let reached = self.reached(tail);
            if reached {
                high = j
            } else {
                low = j
            }
            let step = self.step(j, tail);
            if !reached && (0.0..WALK).contains(&step) {
                match self.walk(j, tail) {
                    Some(found) => return found,
                    None => low = j + WALK,
                }
            }
            // one short of the estimate, so that the walk starts below the answer
            let estimate = (j + step).floor() - 1.0;
            j = if estimate > low && estimate < high {
                estimate
            } else if estimate <= low && low.is_finite() && high - low > 2.0 && step.is_finite() {
                low + 1.0
            } else {
                between(low, high)
            };
        }
        high
    }

    /// Newton's step towards the target with Halley's correction; NaN or infinite where the tail underflows.
    fn step(&self, j: f64, tail: f64) -> f64 {
        let mass = self.mass(j);
        let rate = -libm::log1p(-mass / tail);
        let newton = (libm::log(self.target) - libm::log(tail)) / rate;
        let bend = libm::log(self.ratio(j)) - rate;
        newton / (1.0 + 0.5 * newton * bend).max(0.5)
    }

    /// Adds up probabilities from a j below the answer; `None` when [`WALK`] steps do not reach it.
    fn walk(&self, from: f64, tail: f64) -> Option<f64> {
        let greatest = self.ends().1;
        let (mut j, mut sum, mut mass) = (from, tail, self.mass(from));
        let slack = TIE * self.target;
        while j < from + WALK && j < greatest {
            mass *= self.ratio(j);
            j += 1.0;
            sum += mass;
            if (sum - self.target).abs() <= slack {
                return Some(self.settle(j));
            }
            if sum > self.target {
                return Some(j);
            }
        }
        (j == greatest).then_some(greatest)
    }
}

/// A whole number inside a bracket that may be open on one side.
fn between(low: f64, high: f64) -> f64 {
    match (low.is_finite(), high.is_finite()) {
        (true, true) => (0.5 * (low + high)).floor(),
        (true, false) => 2.0 * low.abs() + 16.0,
        _ => -2.0 * high.abs() - 16.0,
    }
}
