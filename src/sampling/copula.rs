//! Gaussian and t copulas: positions tied through their normal scores.

use super::{Coordinate, Design, Positions, Stream, Weights};
use crate::math::simd::vectorised;
use crate::math::{
    IncompleteGamma, QuantileTable, TScores, fill_scores, fill_words_of_scores, lower_of, upper_of,
};

/// What makes a copula of normal scores one of t scores: the random denominator that all members share.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Denominator {
    /// Where it is drawn.
    pub coordinate: Coordinate,
    /// Degrees of freedom, above 0 and finite.
    pub df: f64,
}

/// A denominator with what it is drawn by.
#[derive(Clone, Debug)]
struct Mixing {
    stream: Stream,
    df: f64,
    gamma: IncompleteGamma,
    table: Option<QuantileTable>,
    scores: TScores,
    words: Vec<u32>,
    /// √(ν / χ²) of each run.
    factors: Vec<f64>,
}

impl Mixing {
    fn new(Denominator { coordinate, df }: Denominator, design: Design, runs: usize) -> Mixing {
        let gamma = IncompleteGamma::new(0.5 * df);
        let table = QuantileTable::new(|tail| factor(&gamma, df, tail));
        Mixing {
            stream: design.stream(coordinate),
            df,
            gamma,
            table,
            scores: TScores::new(df),
            words: vec![0; runs],
            factors: vec![0.0; runs],
        }
    }

    /// Draws the factors of runs `first_run`, `first_run` + 1, …
    fn fill(&mut self, first_run: u64) {
        let Mixing { stream, df, gamma, table, words, factors, .. } = self;
        stream.fill(first_run, words);
        let positions = Positions::of_stream(words, stream, first_run);
        match table {
            Some(table) => {
                table.fill(words, |place| positions.tail(place), |tail| factor(gamma, *df, tail), factors)
            }
            None => {
                for (place, value) in factors.iter_mut().enumerate() {
                    *value = factor(gamma, *df, positions.tail(place));
                }
            }
        }
    }

    /// The normal scores of a member's t scores, in place of the normal scores they come from.
    fn apply(&self, scores: &mut [f64]) {
        for (score, factor) in scores.iter_mut().zip(&self.factors) {
            *score = self.scores.score(*score * factor);
        }
    }
}

/// √(ν / χ²) at its signed tail: large where χ² is small.
fn factor(gamma: &IncompleteGamma, df: f64, tail: f64) -> f64 {
    (0.5 * df / gamma.inverse(upper_of(tail), lower_of(tail))).sqrt()
}

/// Positions of the members of one copula group in a block of runs.
#[derive(Clone, Debug)]
pub struct Tied {
    streams: Vec<Stream>,
    weights: Weights,
    /// Of a t copula.
    mixing: Option<Mixing>,
    first_run: u64,
    words: Vec<Vec<u32>>,
    /// Scores before they are tied.
    independent: Vec<Vec<f64>>,
    /// Scores after; a member that keeps its position has none.
    tied: Vec<Vec<f64>>,
}

impl Tied {
    /// Columns of `runs` runs for members with these coordinates, tied with these weights; by a t copula where there is
    /// a denominator.
    pub fn new(
        coordinates: &[Coordinate],
        weights: &Weights,
        denominator: Option<Denominator>,
        design: Design,
        runs: usize,
    ) -> Tied {
        let size = coordinates.len();
        let keeps = |row: usize| denominator.is_none() && weights.keeps(row);
        Tied {
            streams: coordinates.iter().map(|&coordinate| design.stream(coordinate)).collect(),
            weights: weights.clone(),
            mixing: denominator.map(|denominator| Mixing::new(denominator, design, runs)),
            first_run: 0,
            words: vec![vec![0; runs]; size],
            independent: vec![vec![0.0; runs]; size],
            tied: (0..size).map(|row| vec![0.0; if keeps(row) { 0 } else { runs }]).collect(),
        }
    }

    /// Draws runs `first_run`, `first_run` + 1, …: independent positions, then those of the copula.
    ///
    /// - Formula: z = L·Φ⁻¹(u) with L the Cholesky factor; u' = Φ(z), or of a t copula u' = T(z √(ν / χ²)) with one χ²
    ///   of ν degrees of freedom for all members. Of a Gaussian copula a member whose row has 1 on the diagonal (the
    ///   first, and any independent of those before) keeps its position to the bit.
    /// - Source: Demarta & McNeil (2005), The t copula and related copulas, International Statistical Review 73(1),
    ///   section 2; Nelsen (2006), An Introduction to Copulas, 2nd ed., section 2.3; Glasserman (2003), Monte Carlo
    ///   Methods in Financial Engineering, section 2.3.3.
    pub fn fill(&mut self, first_run: u64) {
        let Tied { streams, weights, mixing, words, independent, tied, .. } = self;
        self.first_run = first_run;
        for ((stream, words), scores) in streams.iter().zip(words.iter_mut()).zip(independent.iter_mut()) {
            stream.fill(first_run, words);
            let positions = Positions::of_stream(words, stream, first_run);
            fill_scores(words, |place| positions.tail(place), scores);
        }
        weights.carry(independent);
        if let Some(mixing) = mixing {
            mixing.fill(first_run);
        }
        for (row, (words, sums)) in words.iter_mut().zip(tied).enumerate() {
            if sums.is_empty() {
                continue;
            }
            let mut terms = weights.row(row).iter().map(|&(column, weight)| (&independent[column], weight));
            match terms.next() {
                Some((scores, weight)) => weigh(sums, scores, weight),
                None => sums.fill(0.0),
            }
            for (scores, weight) in terms {
                add_weighted(sums, scores, weight);
            }
            if let Some(mixing) = mixing {
                mixing.apply(sums);
            }
            fill_words_of_scores(sums, words);
        }
    }

    /// Positions of one member.
    pub fn positions(&self, member: usize) -> Positions<'_> {
        let words = &self.words[member];
        match self.tied[member].as_slice() {
            [] => Positions::of_stream(words, &self.streams[member], self.first_run),
            scores => Positions::of_scores(words, scores),
        }
    }
}

vectorised! {
    fn weigh(sums: &mut [f64], scores: &[f64], weight: f64) {
        for (sum, &score) in sums.iter_mut().zip(scores) {
            *sum = weight * score;
        }
    }
}

vectorised! {
    fn add_weighted(sums: &mut [f64], scores: &[f64], weight: f64) {
        for (sum, &score) in sums.iter_mut().zip(scores) {
            *sum += weight * score;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{centre_of_word, tail_of_score, word_of_tail};
    use crate::sampling::{Key, fill_words};

    fn coordinates(names: &[&str]) -> Vec<Coordinate> {
        let key = |name: &&str| Key::new(3, name, &[]);
        names.iter().enumerate().map(|(dimension, name)| Coordinate { key: key(name), dimension }).collect()
    }

    #[test]
    fn the_pearson_correlation_of_the_ranks_is_six_over_pi_arcsine_of_half_rho() {
        let (n, rho) = (1 << 16, 0.6f64);
        let ab = coordinates(&["a", "b"]);
        let weights = Weights::of_cholesky(&[1.0, 0.0, rho, (1.0 - rho * rho).sqrt()], 2);
        let mut pair = Tied::new(&ab, &weights, None, Design::MonteCarlo, n);
        pair.fill(0);
        let mut first = vec![0; n];
        fill_words(ab[0].key, 0, &mut first);
        assert_eq!(pair.positions(0).words, first);
        let (a, b) = (pair.positions(0).words, pair.positions(1).words);
        let products = a.iter().zip(b).map(|(&a, &b)| centre_of_word(a) * centre_of_word(b));
        let covariance = products.sum::<f64>() / n as f64;
        let expected = 6.0 / std::f64::consts::PI * libm::asin(rho / 2.0);
        // Standard error of Spearman's coefficient under normality is below 1/√n.
        assert!((12.0 * covariance - expected).abs() < 5.0 / (n as f64).sqrt());
    }

    #[test]
    fn rows_read_the_scores_from_before_the_change() {
        let half = 0.5f64;
        let root = (1.0 - half * half).sqrt();
        let abc = coordinates(&["a", "b", "c"]);
        let weights = Weights::of_cholesky(&[1.0, 0.0, 0.0, half, root, 0.0, 0.0, half, root], 3);
        let mut three = Tied::new(&abc, &weights, None, Design::MonteCarlo, 64);
        three.fill(32);
        let scores: Vec<Vec<f64>> = abc
            .iter()
            .map(|&Coordinate { key, .. }| {
                let (mut words, mut scores) = (vec![0; 64], vec![0.0; 64]);
                fill_words(key, 32, &mut words);
                fill_scores(&words, |_| f64::NAN, &mut scores);
                scores
            })
            .collect();
        let words = three.positions(2).words;
        for ((b, c), word) in scores[1].iter().zip(&scores[2]).zip(words) {
            let expected = word_of_tail(tail_of_score(half * b + root * c));
            assert!(word.abs_diff(expected) <= 1);
        }
    }

    #[test]
    fn a_score_that_is_carried_on_is_an_autoregression_of_its_own_and_the_earlier_one() {
        let (rho, share) = (0.6f64, 0.8f64);
        let cholesky = [1.0, 0.0, rho, (1.0 - rho * rho).sqrt()];
        let names = ["a1", "b1", "a2", "b2", "a3", "b3"];
        let n = 1 << 16;
        let weights = Weights::of_blocks(&cholesky, 2, 3, share);
        let mut tied = Tied::new(&coordinates(&names), &weights, None, Design::MonteCarlo, n);
        tied.fill(0);
        let mut first = vec![0; n];
        fill_words(coordinates(&names)[0].key, 0, &mut first);
        assert_eq!(tied.positions(0).words, first);
        let score = |member: usize| {
            let mut scores = vec![0.0; n];
            let positions = tied.positions(member);
            fill_scores(positions.words, |place| positions.tail(place), &mut scores);
            scores
        };
        let scores: Vec<Vec<f64>> = (0..6).map(score).collect();
        for i in 0..6 {
            for j in 0..=i {
                let apart = (i / 2 - j / 2) as f64;
                let expected = libm::pow(share, apart) * if i % 2 == j % 2 { 1.0 } else { rho };
                let found = scores[i].iter().zip(&scores[j]).map(|(x, y)| x * y).sum::<f64>() / n as f64;
                let error = ((1.0 + expected * expected) / n as f64).sqrt();
                assert!((found - expected).abs() < 5.0 * error, "{i} {j}: {found} {expected}");
            }
        }
    }

    #[test]
    fn a_far_tail_of_a_tied_member_comes_from_its_score() {
        let scores = [-6.5, 0.3, 5.5];
        let mut words = [0; 3];
        fill_words_of_scores(&scores, &mut words);
        let positions = Positions::of_scores(&words, &scores);
        assert_eq!(positions.tail(0), tail_of_score(-6.5));
        assert_eq!(positions.tail(2), tail_of_score(5.5));
    }

    #[test]
    fn a_t_copula_has_uniform_members_its_quadrants_and_its_tails() {
        let (n, rho, df) = (1 << 17, 0.5f64, 4.0);
        let root = (1.0 - rho * rho).sqrt();
        let coordinate = Coordinate { key: Key::new(3, "t copula", &["a"]), dimension: 2 };
        let (ab, denominator) = (coordinates(&["a", "b"]), Denominator { coordinate, df });
        let weights = Weights::of_cholesky(&[1.0, 0.0, rho, root], 2);
        let mut pair = Tied::new(&ab, &weights, Some(denominator), Design::MonteCarlo, n);
        pair.fill(0);
        let share = |holds: &dyn Fn(u32, u32) -> bool| {
            let (a, b) = (pair.positions(0).words, pair.positions(1).words);
            a.iter().zip(b).filter(|&(&a, &b)| holds(a, b)).count() as f64 / n as f64
        };
        let below = |p: f64| move |word: u32| f64::from(word) < p * 4_294_967_296.0;
        let meets = |found: f64, expected: f64| {
            let error = (expected * (1.0 - expected) / n as f64).sqrt();
            assert!((found - expected).abs() < 5.0 * error, "{found} {expected}");
        };
        for p in [0.001, 0.01, 0.3, 0.9] {
            meets(share(&|a, _| below(p)(a)), p);
            meets(share(&|_, b| below(p)(b)), p);
        }
        // 1/4 + asin(ρ) / 2π for any elliptical law.
        meets(share(&|a, b| below(0.5)(a) && below(0.5)(b)), 1.0 / 3.0);
        // Both below their 1 %: the bivariate normal probability integrated over the law of the denominator. A Gaussian
        // copula has 0.00129.
        meets(share(&|a, b| below(0.01)(a) && below(0.01)(b)), 0.002_876_784_3);
    }
}
