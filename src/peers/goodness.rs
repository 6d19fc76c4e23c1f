//! Whether draws follow a law.

use statrs::distribution::{ChiSquared, ContinuousCDF};

use crate::distribution::{Family, Law};

/// How draws were held against a law.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    KolmogorovSmirnov,
    ChiSquared,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Goodness {
    pub method: Method,
    pub draws: usize,
    pub statistic: f64,
    /// Probability of a statistic so large, where the draws follow the law.
    pub p: f64,
}

/// Draws against the law they should follow; `None` where there are too few to tell.
///
/// - Continuous laws: Kolmogorov and Smirnov, D = sup |Fₙ(x) − F(x)| and P(D ≥ d) by Kolmogorov's law of
///   λ = (√n + 0.12 + 0.11/√n) d. Where the law has atoms, both sides of each are compared, and p is rather too large than
///   too small.
/// - Discrete laws: Pearson's Σ (observed − expected)² / expected over cells of neighbouring values, each with five expected
///   draws or more, by the chi-squared law of one degree of freedom less than there are cells.
/// - Sources: Kolmogorov (1933), Sulla determinazione empirica di una legge di distribuzione; Stephens (1970), Use of the
///   Kolmogorov-Smirnov, Cramér-von Mises and related statistics without extensive tables, Journal of the Royal
///   Statistical Society B 32 (λ); Noether (1963), Note on the Kolmogorov statistic in the discrete case, Metrika 7; Pearson
///   (1900), On the criterion that a given system of deviations …, Philosophical Magazine 50; Cochran (1954), Some methods
///   for strengthening the common χ² tests, Biometrics 10 (the five).
pub fn goodness(law: &Law, mut draws: Vec<f64>) -> Option<Goodness> {
    let method = if law.is_discrete() { Method::ChiSquared } else { Method::KolmogorovSmirnov };
    let count = draws.len();
    if count < FEWEST {
        return None;
    }
    let (statistic, p) = if draws.iter().any(|x| !x.is_finite()) {
        (f64::INFINITY, 0.0)
    } else if law.is_discrete() {
        chi_squared(&cells(law, count), &draws)?
    } else {
        draws.sort_unstable_by(f64::total_cmp);
        let root = (count as f64).sqrt();
        let distance = distance(law, &draws);
        (distance, kolmogorov((root + 0.12 + 0.11 / root) * distance))
    };
    Some(Goodness { method, draws: count, statistic, p })
}

/// Fewest draws that say something, and that the approximation of λ is meant for.
const FEWEST: usize = 20;

/// D of draws in rising order.
fn distance(law: &Law, draws: &[f64]) -> f64 {
    let count = draws.len() as f64;
    let about = |(place, &x): (usize, &f64)| {
        let upto = law.cdf(x);
        let below = upto - law.probability(x);
        ((place + 1) as f64 / count - upto).max(below - place as f64 / count)
    };
    draws.iter().enumerate().map(about).fold(0.0, f64::max)
}

/// P(K > λ) of Kolmogorov's law: 2 Σ (−1)^(k − 1) exp(−2 k² λ²), and for small λ, where that converges slowly,
/// 1 − √(2π)/λ Σ exp(−(2k − 1)² π² / (8 λ²)).
fn kolmogorov(lambda: f64) -> f64 {
    use std::f64::consts::PI;
    if lambda < 1.0 {
        let term = |k: f64| libm::exp(-(k * PI) * (k * PI) / (8.0 * lambda * lambda));
        let sum: f64 = [1.0, 3.0, 5.0].map(term).iter().sum();
        return if lambda > 0.0 { 1.0 - (2.0 * PI).sqrt() / lambda * sum } else { 1.0 };
    }
    let term = |k: i32| libm::exp(-2.0 * f64::from(k * k) * lambda * lambda);
    2.0 * (1..=5).map(|k| if k % 2 == 1 { term(k) } else { -term(k) }).sum::<f64>()
}

/// Neighbouring values: up to which one, and the draws that are expected there.
type Cell = (f64, f64);

/// Edges at even levels, and at fourths of levels in the tails until ten draws are left; the last cell is open.
fn cells(law: &Law, draws: usize) -> Vec<Cell> {
    let count = draws as f64;
    let tails: Vec<f64> = std::iter::successors(Some(10.0 / count), |tail| Some(4.0 * tail))
        .take_while(|&tail| tail < EVEN)
        .collect();
    let even = (1..).map(|k| f64::from(k) * EVEN).take_while(|&level| level < 1.0);
    let lower = tails.iter().map(|&tail| law.inverse(tail, 1.0 - tail));
    let upper = tails.iter().rev().map(|&tail| law.inverse(1.0 - tail, tail));
    let mut edges: Vec<f64> = lower.chain(even.map(|level| law.quantile(level))).chain(upper).collect();
    edges.dedup();
    let mut cells: Vec<Cell> = Vec::new();
    let (mut cdf, mut sf) = (0.0, 1.0);
    let greatest = law.support().1;
    for edge in edges.into_iter().filter(|&edge| edge < greatest).chain([f64::INFINITY]) {
        let reached = (law.cdf(edge), law.sf(edge));
        // Of whichever side keeps the digits.
        let share = if reached.0 < 0.5 { reached.0 - cdf } else { sf - reached.1 };
        if count * share >= FEWEST_EXPECTED {
            cells.push((edge, count * share));
            (cdf, sf) = reached;
        }
    }
    // What is left behind the last edge is too little for a cell of its own.
    if let Some(last) = cells.last_mut() {
        last.0 = f64::INFINITY;
        last.1 += count * sf;
    }
    cells
}

const EVEN: f64 = 1.0 / 32.0;
const FEWEST_EXPECTED: f64 = 5.0;

fn chi_squared(cells: &[Cell], draws: &[f64]) -> Option<(f64, f64)> {
    let law = ChiSquared::new(cells.len().checked_sub(1)? as f64).ok()?;
    let mut observed = vec![0u64; cells.len()];
    draws.iter().for_each(|&x| observed[cells.partition_point(|cell| cell.0 < x)] += 1);
    let part = |(&(_, expected), &observed): (&Cell, &u64)| {
        let difference = observed as f64 - expected;
        difference * difference / expected
    };
    let statistic: f64 = cells.iter().zip(&observed).map(part).sum();
    Some((statistic, law.sf(statistic)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::{Discrete, Normal, Poisson, Uniform};
    use crate::peers::peer;

    fn draws(family: &str, p: &[f64], count: usize) -> Vec<f64> {
        let mut values = vec![0.0; count];
        peer(family).unwrap().rand_distr.unwrap()(p, 5).unwrap()(&mut values);
        values
    }

    #[test]
    fn kolmogorov_s_law_has_the_percentiles_of_its_tables() {
        // Smirnov (1948), Table for estimating the goodness of fit of empirical distributions.
        for (lambda, above) in
            [(0.5, 0.963945), (0.83, 0.496191), (1.0, 0.270000), (1.36, 0.049486), (1.63, 0.009846)]
        {
            assert!((kolmogorov(lambda) - above).abs() < 1e-6, "{lambda}: {}", kolmogorov(lambda));
        }
        assert!((kolmogorov(1.0 - 1e-12) - kolmogorov(1.0)).abs() < 1e-9);
        assert_eq!((kolmogorov(0.0), kolmogorov(40.0)), (1.0, 0.0));
    }

    #[test]
    fn the_distance_is_that_of_the_steps_from_the_law() {
        let law = Law::from(Uniform::new(0.0, 1.0).unwrap());
        // F jumps from 1/2 to 3/4 at 0.4 and to 1 at 0.9.
        assert!((distance(&law, &[0.1, 0.3, 0.4, 0.9]) - 0.35).abs() < 1e-15);
        assert!((distance(&law, &[0.7, 0.8, 0.9, 0.95]) - 0.7).abs() < 1e-15);
    }

    #[test]
    fn draws_of_a_law_pass_and_those_of_its_neighbour_do_not() {
        let normal = Law::from(Normal::new(0.0, 1.0).unwrap());
        let p = |law: &Law, draws: Vec<f64>| goodness(law, draws).unwrap().p;
        assert!(p(&normal, draws("normal", &[0.0, 1.0], 100_000)) > 1e-3);
        assert!(p(&normal, draws("normal", &[0.03, 1.0], 100_000)) < 1e-6);
        let poisson = Law::from(Poisson::new(3.0).unwrap());
        assert!(p(&poisson, draws("poisson", &[3.0], 100_000)) > 1e-3);
        assert!(p(&poisson, draws("poisson", &[3.05], 100_000)) < 1e-6);
        assert_eq!(p(&normal, vec![f64::NAN; 30]), 0.0);
        assert_eq!(goodness(&normal, vec![0.0; 19]), None);
    }

    #[test]
    fn cells_hold_all_draws_and_each_enough() {
        let rare =
            Law::from(Discrete::new(&[(0.0, 1e-5), (1.0, 0.6), (7.0, 0.4 - 2e-5), (9.0, 1e-5)]).unwrap());
        for law in [rare, Poisson::new(3.0).unwrap().into(), Poisson::new(1e6).unwrap().into()] {
            let cells = cells(&law, 100_000);
            let expected: f64 = cells.iter().map(|cell| cell.1).sum();
            assert!((expected - 1e5).abs() < 1e-6, "{expected}");
            assert!(
                cells.iter().all(|cell| cell.1 >= 5.0) && cells.len() > 1 && cells.len() < 60,
                "{cells:?}"
            );
            assert_eq!(cells.last().unwrap().0, f64::INFINITY);
        }
    }
}
