//! Metalog distribution: a smooth law through given percentiles.

use super::bounded_metalog::metalog_of;
use super::parameters::optional;
use super::{Arguments, Family, FamilyEntry, Form, ParameterError, ensure};
use crate::math;

/// Unbounded metalog distribution through points (p, x), as many terms as points; x and draws in the input's unit.
///
/// - Formula: Q(u) = μ(c) + s(c) L, L = ln(u / (1 − u)), c = u − ½; μ and s polynomials whose coefficients enter in the
///   order s₀, s₁, μ₁, μ₂, s₂, μ₃, s₃ … after μ₀ and solve Q(pᵢ) = xᵢ. The cdf is its root in L by Newton's iteration
///   inside a bracket; mean and variance are integrals over u.
/// - Domain: 2 points or more, up to 30 terms, 0 < p < 1, x rising with p, dQ/dL above 0 at both ends and on a grid of 1/32 in L from −40
///   to 40, beyond which it is constant to rounding.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12 with tails down to 1e-20, for up to six points spread over the
///   range; held by `tests::agrees_with_the_reference`. Into deeper tails the error of cdf and sf grows with L, to 1e-11
///   at 1e-300. More points, or points close together, lose what the linear system loses.
/// - Source: Keelin (2016), The Metalog Distributions, Decision Analysis 13(4), 243–277, doi:10.1287/deca.2016.0338,
///   eqs. (6)–(9).
#[derive(Clone, Debug, PartialEq)]
pub struct Metalog {
    /// A value in the middle, from which all others are counted.
    centre: f64,
    /// μ less the centre, constant coefficient first.
    middle: Vec<f64>,
    /// s, constant coefficient first.
    spread: Vec<f64>,
}

/// A position in (0, 1).
#[derive(Clone, Copy)]
struct Position {
    logit: f64,
    /// u − ½
    offset: f64,
    /// u (1 − u)
    weight: f64,
}

impl Position {
    fn of_tails(lower: f64, upper: f64) -> Self {
        let (small, sign) = if lower <= upper { (lower, 1.0) } else { (upper, -1.0) };
        let large = 1.0 - small;
        let size = if small > 0.25 {
            math::ln_1p((small - large) / large)
        } else {
            math::ln(small) - math::ln_complement(small, large)
        };
        Self { logit: sign * size, offset: sign * (small - 0.5), weight: small * large }
    }

    fn of_logit(logit: f64) -> Self {
        let (small, large) = shares(logit);
        let offset = 0.5 * math::exp_m1(-logit.abs()) * large;
        let offset = if logit < 0.0 { offset } else { -offset };
        Self { logit, offset, weight: small * large }
    }
}

/// The smaller and the larger of u and 1 − u.
fn shares(logit: f64) -> (f64, f64) {
    let odds = math::exp(-logit.abs());
    (odds / (1.0 + odds), 1.0 / (1.0 + odds))
}

/// Most terms.
pub(super) const MOST_TERMS: usize = 30;

/// Beyond this logit no tail is a number above 0.
const FARTHEST: f64 = 750.0;

impl Metalog {
    /// From pairs (p, x) in any order.
    ///
    /// # Errors
    /// Fewer than 2 or more than 16 points, p outside (0, 1) or twice, x that does not rise with p, points through which
    /// the quantile function would not rise everywhere.
    pub fn new(pairs: &[(f64, f64)]) -> Result<Self, ParameterError> {
        Self::fit(pairs, pairs.len())
    }

    /// From pairs (p, x) in any order by so many terms: through all points, or with fewer terms than points nearest to
    /// them in the least squares of x (Keelin 2016, eq. (7)).
    ///
    /// # Errors
    /// As [`Metalog::new`].
    pub fn fit(pairs: &[(f64, f64)], terms: usize) -> Result<Self, ParameterError> {
        for &(p, x) in pairs {
            ensure(p > 0.0 && p < 1.0, "p", p, "be a probability above 0 and below 1")?;
            ensure(x.is_finite(), "x", x, "be a finite number")?;
        }
        let mut sorted = pairs.to_vec();
        sorted.sort_by(|first, second| first.0.total_cmp(&second.0));
        let Some(&(last_p, last_x)) = sorted.last() else {
            return Err(ParameterError {
                parameter: "p",
                value: 0.0,
                requirement: "have two points or more".into(),
            });
        };
        ensure(sorted.len() >= 2, "p", last_p, "have two points or more")?;
        ensure(
            terms <= MOST_TERMS,
            "p",
            last_p,
            "have 30 points at most; more need `terms = `, a number of terms to fit them with",
        )?;
        for pair in sorted.windows(2) {
            ensure(pair[0].0 < pair[1].0, "p", pair[1].0, "stand there once")?;
            ensure(pair[0].1 < pair[1].1, "x", pair[1].1, "rise with the probability")?;
        }
        if terms == sorted.len() && leaves_a_term_open(&sorted) {
            let requirement = format!(
                "not lie symmetrically about 0.5 where there are {terms}: as many terms are not fixed by them; move one of \
                 them, leave one out, or give `terms = {}`",
                terms - 1
            );
            return Err(ParameterError { parameter: "p", value: last_p, requirement: requirement.into() });
        }
        let centre = sorted[sorted.len() / 2].1;
        let reach = (last_x - centre).max(centre - sorted[0].1);
        ensure(reach.is_finite(), "x", last_x, "be within the range of numbers of the least value")?;
        let rows = sorted.iter().map(|&(p, x)| {
            let at = Position::of_tails(p, 1.0 - p);
            let mut row: Vec<f64> = (0..terms).map(|k| term(k, at)).collect();
            row.push(x - centre);
            row
        });
        let rows: Vec<Vec<f64>> = rows.collect();
        let weights = if terms == sorted.len() { solve(rows.clone()) } else { least_squares(rows.clone()) };
        let (mut middle, mut spread) = (Vec::new(), Vec::new());
        for (k, &weight) in weights.iter().enumerate() {
            let list = if of_spread(k) { &mut spread } else { &mut middle };
            list.resize(power(k) + 1, 0.0);
            list[power(k)] = weight;
        }
        let law = Self { centre, middle, spread };
        if terms == sorted.len() {
            let missed = |&(p, x): &(f64, f64)| (law.inverse(p, 1.0 - p) - x).abs();
            let farthest = sorted.iter().map(missed).fold(0.0, f64::max);
            ensure(
                farthest <= 1e-9 * (last_x - sorted[0].1),
                "p",
                last_p,
                "not have so many points that a smooth law through them is lost to rounding; give `terms = `",
            )?;
        }
        ensure(
            law.rises(),
            "x",
            last_x,
            "let the quantile function rise everywhere, which it does not through these points; leave points out or \
             bring them nearer to a smooth curve",
        )?;
        Ok(law)
    }

    /// From p, x, p, x, … as a map literal is flattened.
    ///
    /// # Errors
    /// As [`Metalog::new`].
    pub fn from_flat(numbers: &[f64]) -> Result<Self, ParameterError> {
        let pairs: Vec<(f64, f64)> = numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
        Self::new(&pairs)
    }

    fn rises(&self) -> bool {
        let ends = self.end_slopes();
        let above = |rate: f64| rate > 0.0 && rate.is_finite();
        ends.into_iter().all(above)
            && (-1280..=1280).all(|k| above(self.at(Position::of_logit(f64::from(k) / 32.0)).1))
    }

    /// dQ/dL at the least and at the greatest value.
    pub(super) fn end_slopes(&self) -> [f64; 2] {
        [-0.5, 0.5].map(|offset| polynomial(&self.spread, offset).0)
    }

    /// Q less the centre, and dQ/dL.
    fn at(&self, at: Position) -> (f64, f64) {
        let (middle, middle_slope) = polynomial(&self.middle, at.offset);
        let (spread, spread_slope) = polynomial(&self.spread, at.offset);
        (middle + spread * at.logit, spread + at.weight * (middle_slope + spread_slope * at.logit))
    }

    /// The logit at which Q less the centre is `distance`, within ±[`FARTHEST`].
    fn logit_of(&self, distance: f64) -> f64 {
        let (mut low, mut high) = (-FARTHEST, FARTHEST);
        let (mut logit, mut previous_gap) = (0.0, f64::INFINITY);
        for _ in 0..MOST_STEPS {
            let (value, rate) = self.at(Position::of_logit(logit));
            let gap = distance - value;
            if gap > 0.0 {
                low = logit
            } else {
                high = logit
            }
            let newton = logit + gap / rate;
            let gains = gap.abs() < 0.5 * previous_gap && newton >= low && newton <= high;
            previous_gap = gap.abs();
            let next = if gains { newton } else { 0.5 * (low + high) };
            let step = (next - logit).abs();
            logit = next;
            if step <= f64::EPSILON * logit.abs() || high - low <= f64::EPSILON * logit.abs() {
                break;
            }
        }
        logit
    }

    /// P(X ≤ x) and P(X > x).
    fn tails(&self, x: f64) -> (f64, f64) {
        if x.is_infinite() {
            return if x < 0.0 { (0.0, 1.0) } else { (1.0, 0.0) };
        }
        let logit = self.logit_of(x - self.centre);
        let (small, large) = shares(logit);
        if logit < 0.0 { (small, large) } else { (large, small) }
    }
}

/// Halvings of the bracket down to rounding, and as many steps between them.
const MOST_STEPS: usize = 140;

/// Whether term k belongs to s.
fn of_spread(k: usize) -> bool {
    k == 1 || k == 2 || (k > 3 && k % 2 == 1)
}

/// The power of c in term k.
fn power(k: usize) -> usize {
    match k {
        0 | 1 => 0,
        2 | 3 => 1,
        _ => k / 2,
    }
}

/// Whether probabilities symmetric about ½ leave one of as many terms open: in c some terms are even and some odd, and
/// pairs of points fix as many of either as there are pairs, the one in the middle an even one.
fn leaves_a_term_open(sorted: &[(f64, f64)]) -> bool {
    let symmetric =
        sorted.iter().zip(sorted.iter().rev()).all(|(low, high)| (low.0 + high.0 - 1.0).abs() < 1e-12);
    let even =
        (0..sorted.len()).filter(|&k| (power(k) + usize::from(of_spread(k))).is_multiple_of(2)).count();
    symmetric && even != sorted.len().div_ceil(2)
}

fn term(k: usize, at: Position) -> f64 {
    let factor = (0..power(k)).fold(1.0, |product, _| product * at.offset);
    if of_spread(k) { factor * at.logit } else { factor }
}

/// A polynomial, constant coefficient first, and its slope.
fn polynomial(coefficients: &[f64], x: f64) -> (f64, f64) {
    coefficients.iter().rev().fold((0.0, 0.0), |(value, slope), &c| (value * x + c, slope * x + value))
}

/// The solution of a linear system given as rows with their right sides, by elimination with row pivots.
fn solve(mut rows: Vec<Vec<f64>>) -> Vec<f64> {
    let n = rows.len();
    for column in 0..n {
        let size = |row: &usize| rows[*row][column].abs();
        let pivot = (column..n).max_by(|a, b| size(a).total_cmp(&size(b))).unwrap_or(column);
        rows.swap(column, pivot);
        let (done, below) = rows.split_at_mut(column + 1);
        let first = &done[column];
        for row in below {
            let factor = row[column] / first[column];
            for (entry, above) in row[column..].iter_mut().zip(&first[column..]) {
                *entry -= factor * above;
            }
        }
    }
    let mut solution = vec![0.0; n];
    for index in (0..n).rev() {
        let row = &rows[index];
        let known: f64 = (index + 1..n).map(|k| row[k] * solution[k]).sum();
        solution[index] = (row[n] - known) / row[index];
    }
    solution
}

/// The least-squares solution of more equations than unknowns, given as rows with their right sides, by Householder
/// reflections: Golub & Van Loan (2013), Matrix Computations, 4th ed., algorithms 5.2.1 and 5.3.2.
fn least_squares(mut rows: Vec<Vec<f64>>) -> Vec<f64> {
    let n = rows[0].len() - 1;
    for column in 0..n {
        let norm = rows[column..].iter().map(|row| row[column] * row[column]).sum::<f64>().sqrt();
        let first = rows[column][column];
        let target = if first > 0.0 { -norm } else { norm };
        let mut reflector: Vec<f64> = rows[column..].iter().map(|row| row[column]).collect();
        reflector[0] -= target;
        let square: f64 = reflector.iter().map(|v| v * v).sum();
        if square == 0.0 {
            continue;
        }
        for place in column..=n {
            let product: f64 = reflector.iter().zip(&rows[column..]).map(|(v, row)| v * row[place]).sum();
            for (v, row) in reflector.iter().zip(&mut rows[column..]) {
                row[place] -= 2.0 * product / square * v;
            }
        }
    }
    rows.truncate(n);
    solve(rows)
}

impl Family for Metalog {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        self.centre + self.at(Position::of_tails(lower, upper)).0
    }

    fn cdf(&self, x: f64) -> f64 {
        self.tails(x).0
    }

    fn sf(&self, x: f64) -> f64 {
        self.tails(x).1
    }

    fn density(&self, x: f64) -> f64 {
        if x.is_infinite() {
            return 0.0;
        }
        let at = Position::of_logit(self.logit_of(x - self.centre));
        at.weight / self.at(at).1
    }

    fn mean(&self) -> Option<f64> {
        Some(self.centre + self.mean_distance())
    }

    fn variance(&self) -> Option<f64> {
        let mean = self.mean_distance();
        let square = |lower, upper| {
            let from_mean = self.at(Position::of_tails(lower, upper)).0 - mean;
            from_mean * from_mean
        };
        Some(math::integrate_tails(square)).filter(|variance| variance.is_finite())
    }

    fn support(&self) -> (f64, f64) {
        (f64::NEG_INFINITY, f64::INFINITY)
    }
}

impl Metalog {
    /// Mean less the centre.
    fn mean_distance(&self) -> f64 {
        math::integrate_tails(|lower, upper| self.at(Position::of_tails(lower, upper)).0)
    }
}

const FORMS: &[Form] = &[
    Form {
        arguments: Arguments::Map { key: "p", value: "x" },
        build: |x| Metalog::from_flat(x).map(super::Law::from),
    },
    Form {
        arguments: Arguments::Mapped {
            before: &[],
            key: "p",
            value: "x",
            after: &[
                optional(
                    "terms",
                    0.0,
                    "number of terms: as many as points, or fewer, fitted by least squares",
                ),
                optional("lower", f64::NEG_INFINITY, "least value"),
                optional("upper", f64::INFINITY, "greatest value"),
            ],
        },
        build: metalog_of,
    },
];

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "metalog",
    summary: "A smooth law through given percentiles, with bounds or without.",
    forms: FORMS,
    example: "metalog({0.1: 3, 0.5: 4, 0.9: 6})",
};

#[cfg(test)]
mod tests {
    use super::Metalog;
    use crate::distribution::{Family, laws, reference};

    #[test]
    fn the_laws_hold() {
        for pairs in [
            &[(0.1, 3.0), (0.9, 5.0)][..],
            &[(0.1, 3.0), (0.5, 4.0), (0.9, 6.0)],
            &[(0.05, -10.0), (0.25, -5.0), (0.5, 0.0), (0.75, 7.0), (0.95, 25.0)],
            &[(0.1, 1.0), (0.3, 2.0), (0.6, 3.0), (0.9, 6.0)],
        ] {
            laws::hold(&Metalog::new(pairs).unwrap());
        }
    }

    #[test]
    fn agrees_with_the_reference() {
        reference::check("metalog", Metalog::from_flat);
    }

    #[test]
    fn the_points_are_met_and_their_order_is_free() {
        let pairs = [(0.98, 8.5), (0.02, 1.0), (0.3, 3.6), (0.1, 2.5), (0.85, 6.0), (0.6, 4.7)];
        let law = Metalog::new(&pairs).unwrap();
        for (p, x) in pairs {
            assert!((law.quantile(p) / x - 1.0).abs() < 1e-13 && (law.cdf(x) / p - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn two_points_make_a_logistic_law() {
        let law = Metalog::new(&[(0.1, -1.0), (0.9, 1.0)]).unwrap();
        let scale = 1.0 / crate::math::ln(9.0);
        let sd = std::f64::consts::PI * scale / 3f64.sqrt();
        assert!((law.variance().unwrap().sqrt() / sd - 1.0).abs() < 1e-13);
    }

    #[test]
    fn points_that_make_no_law_are_refused() {
        let refused = |pairs: &[(f64, f64)]| Metalog::new(pairs).unwrap_err();
        assert_eq!(refused(&[]).parameter, "p");
        assert_eq!(refused(&[(0.5, 1.0)]).requirement, "have two points or more");
        assert_eq!(
            (refused(&[(0.0, 1.0), (0.5, 2.0)]).value, refused(&[(0.1, 1.0), (1.0, 2.0)]).value),
            (0.0, 1.0)
        );
        assert_eq!(refused(&[(0.5, 1.0), (0.5, 2.0)]).parameter, "p");
        assert_eq!(refused(&[(0.2, 2.0), (0.5, 1.0)]).parameter, "x");
        assert_eq!(refused(&[(0.2, f64::NAN), (0.5, 1.0)]).parameter, "x");
        // Keelin (2016), section 3.3: three terms are a law while |a₃| < 1.66711 a₂.
        assert!(refused(&[(0.1, 0.0), (0.5, 1.0), (0.9, 10.0)]).requirement.starts_with("let the quantile"));
        assert!(
            refused(&[(0.1, 0.0), (0.4, 9.0), (0.6, 9.1), (0.9, 10.0)]).requirement.starts_with("let the")
        );
    }
}
