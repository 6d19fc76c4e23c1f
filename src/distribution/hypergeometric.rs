//! Hypergeometric distribution: successes among draws without replacement.

use super::parameters::required;
use super::tail_sums::{TailSums, masses};
use super::{Arguments, Family, FamilyEntry, Form, Law, ParameterError, ensure};
use crate::math::BetaKernel;

pub(super) const ENTRY: FamilyEntry = FamilyEntry {
    name: "hypergeometric",
    summary: "Number of successes among draws without replacement.",
    forms: FORMS,
    example: "hypergeometric(200, 12, 30)",
};

const FORMS: &[Form] = &[Form {
    arguments: Arguments::Named(&[
        required("population", "number of items there are"),
        required("successes", "number of items that count as a success"),
        required("draws", "number of items drawn"),
    ]),
    build: |x| Hypergeometric::new(x[0], x[1], x[2]).map(Law::from),
}];

/// Hypergeometric distribution: successes among `draws` items taken without replacement from `population` items, of
/// which `successes` count; without unit.
///
/// - Formula: P(X = k) = b(k; K, p) b(n − k; N − K, p) / b(n; N, p) with the binomial probabilities b and p = n / N,
///   for N items, K successes and n draws; added up from both ends when the law is made, as far as f64 reaches from
///   the most likely value. A quantile is a bisection.
/// - Domain: whole numbers, 1 ≤ N ≤ 1e9, K and n from 0 to N. 0 < u < 1.
/// - Accuracy: relative error ≤ 1e-12 of both tails and of probabilities down to 1e-300; the quantile is exact
///   with respect to them; held by `tests::agrees_with_the_reference`.
/// - Source: Johnson, Kemp & Kotz (2005), Univariate Discrete Distributions, 3rd ed., ch. 6; Loader (2000) for the
///   binomial probabilities.
#[derive(Clone, Debug, PartialEq)]
pub struct Hypergeometric {
    population: f64,
    successes: f64,
    draws: f64,
    sums: TailSums,
}

impl Hypergeometric {
    /// From the number of items, of those that count and of those drawn.
    ///
    /// # Errors
    /// When one is not a whole number, the population not from 1 to 1e9, or another above the population.
    pub fn new(population: f64, successes: f64, draws: f64) -> Result<Self, ParameterError> {
        let whole = |x: f64, least: f64, most: f64| (least..=most).contains(&x) && x == x.floor();
        ensure(
            whole(population, 1.0, 1e9),
            "population",
            population,
            "be a whole number from 1 to 1e9; for a larger one write `binomial(n, p)`",
        )?;
        ensure(
            whole(successes, 0.0, population),
            "successes",
            successes,
            "be a whole number from 0 to `population`",
        )?;
        ensure(whole(draws, 0.0, population), "draws", draws, "be a whole number from 0 to `population`")?;
        let items = Items { population, successes, draws };
        let (first, list) = items.masses();
        Ok(Self { population, successes, draws, sums: TailSums::new(first, &list) })
    }

    fn items(&self) -> Items {
        Items { population: self.population, successes: self.successes, draws: self.draws }
    }

    /// `population`, `successes`, `draws`, in the order of the first form.
    pub fn parameters(&self) -> [f64; 3] {
        [self.population, self.successes, self.draws]
    }
}

/// The three counts, from which every probability follows.
struct Items {
    population: f64,
    successes: f64,
    draws: f64,
}

impl Items {
    /// Least and greatest number of successes.
    fn ends(&self) -> (f64, f64) {
        ((self.draws - (self.population - self.successes)).max(0.0), self.successes.min(self.draws))
    }

    fn mass(&self, k: f64) -> f64 {
        let others = self.population - self.successes;
        let (x, y) = (self.draws / self.population, (self.population - self.draws) / self.population);
        let (x, y) = if x <= y { (x, 1.0 - x) } else { (1.0 - y, y) };
        binomial(k, self.successes, x, y) * binomial(self.draws - k, others, x, y)
            / binomial(self.draws, self.population, x, y)
    }

    /// P(X = k + 1) / P(X = k).
    fn ratio(&self, k: f64) -> f64 {
        let left = self.population - self.successes - self.draws;
        ((self.successes - k) / (k + 1.0)) * ((self.draws - k) / (left + k + 1.0))
    }

    /// The probabilities that f64 can tell from 0, and the number of successes of the first.
    fn masses(&self) -> (f64, Vec<f64>) {
        let (least, greatest) = self.ends();
        let mode = ((self.draws + 1.0) * ((self.successes + 1.0) / (self.population + 2.0))).floor();
        let mode = mode.clamp(least, greatest);
        let first = self.last_told(mode, least);
        let last = self.last_told(mode, greatest);
        let count = (last - first) as usize + 1;
        (first, masses(first, count, |k| self.mass(k), |k| self.ratio(k)))
    }

    /// The value furthest from `mode` towards `end` whose probability is above 0 in f64, by bisection.
    fn last_told(&self, mode: f64, end: f64) -> f64 {
        if self.mass(end) > 0.0 {
            return end;
        }
        let (mut told, mut lost) = (mode, end);
        while (told - lost).abs() > 1.0 {
            let middle = (0.5 * (told + lost)).floor();
            if self.mass(middle) > 0.0 { told = middle } else { lost = middle }
        }
        told
    }
}

/// Probability of k successes among n trials, x and y = 1 − x those of success and failure; the smaller is exact.
fn binomial(k: f64, n: f64, x: f64, y: f64) -> f64 {
    let ln = |z: f64, rest: f64| if z <= rest { libm::log(z) } else { libm::log1p(-rest) };
    if n == 0.0 {
        1.0
    } else if k == 0.0 {
        if y == 0.0 { 0.0 } else { libm::exp(n * ln(y, x)) }
    } else if k == n {
        if x == 0.0 { 0.0 } else { libm::exp(n * ln(x, y)) }
    } else if x == 0.0 || y == 0.0 {
        0.0
    } else {
        BetaKernel::new(k, n - k).at(x, y) / k * (n / (n - k))
    }
}

impl Family for Hypergeometric {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        self.sums.inverse(lower, upper)
    }

    fn cdf(&self, x: f64) -> f64 {
        self.sums.cdf(x)
    }

    fn sf(&self, x: f64) -> f64 {
        self.sums.sf(x)
    }

    fn density(&self, x: f64) -> f64 {
        let (least, greatest) = self.support();
        if (least..=greatest).contains(&x) && x == x.floor() { self.items().mass(x) } else { 0.0 }
    }

    fn mean(&self) -> Option<f64> {
        Some(self.draws * self.successes / self.population)
    }

    fn variance(&self) -> Option<f64> {
        let n = self.population;
        let left = if n > 1.0 { (n - self.draws) / (n - 1.0) } else { 0.0 };
        Some(self.draws * (self.successes / n) * ((n - self.successes) / n) * left)
    }

    fn support(&self) -> (f64, f64) {
        self.items().ends()
    }

    fn is_discrete(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Hypergeometric;
    use crate::distribution::{Family, laws, reference};

    laws!(
        super::Hypergeometric,
        [(200.0, 12.0, 30.0), (10.0, 7.0, 8.0), (5.0, 0.0, 3.0), (5.0, 5.0, 3.0), (1e6, 1000.0, 2e5)]
    );

    #[test]
    fn agrees_with_the_reference() {
        reference::check("hypergeometric", |p| Hypergeometric::new(p[0], p[1], p[2]));
    }

    #[test]
    fn a_hand_of_cards_is_counted() {
        let law = Hypergeometric::new(52.0, 4.0, 5.0).unwrap();
        let hands = 2_598_960.0;
        for (aces, count) in [(0.0, 1_712_304.0), (1.0, 778_320.0), (3.0, 4_512.0), (4.0, 48.0)] {
            assert!((law.density(aces) * hands / count - 1.0).abs() < 1e-13);
        }
        assert_eq!(law.support(), (0.0, 4.0));
    }

    #[test]
    fn successes_and_draws_may_be_exchanged() {
        let (one, other) =
            (Hypergeometric::new(1e9, 3e4, 5e8).unwrap(), Hypergeometric::new(1e9, 5e8, 3e4).unwrap());
        for u in [1e-200, 1e-9, 0.3, 0.5] {
            assert_eq!(one.quantile(u), other.quantile(u));
            assert_eq!(one.upper_quantile(u), other.upper_quantile(u));
        }
    }

    #[test]
    fn certain_outcomes_are_constants() {
        for (population, successes, draws, value) in
            [(9.0, 9.0, 4.0, 4.0), (9.0, 3.0, 9.0, 3.0), (9.0, 3.0, 0.0, 0.0)]
        {
            let law = Hypergeometric::new(population, successes, draws).unwrap();
            assert_eq!((law.support(), law.quantile(0.5)), ((value, value), value));
            assert_eq!((law.density(value), law.variance()), (1.0, Some(0.0)));
        }
    }

    #[test]
    fn parameters_out_of_their_domain_are_refused() {
        let refused = |n, k, d| Hypergeometric::new(n, k, d).unwrap_err().parameter;
        assert_eq!((refused(0.0, 0.0, 0.0), refused(1e10, 1.0, 1.0)), ("population", "population"));
        assert_eq!((refused(5.0, 6.0, 1.0), refused(5.0, 1.0, 2.5)), ("successes", "draws"));
    }
}
