//! Gaussian copula: positions tied through their normal scores.

use super::{Key, Positions, fill_words};
use crate::math::simd::vectorised;
use crate::math::{fill_scores, fill_words_of_scores};

/// Positions of the members of one copula group in a block of runs.
#[derive(Clone, Debug)]
pub struct Tied {
    keys: Vec<Key>,
    /// Lower Cholesky factor of the correlation matrix of the normal scores, row-major.
    cholesky: Vec<f64>,
    first_run: u64,
    words: Vec<Vec<u32>>,
    /// Scores before they are tied.
    independent: Vec<Vec<f64>>,
    /// Scores after; a member that keeps its position has none.
    tied: Vec<Vec<f64>>,
}

impl Tied {
    /// Columns of `runs` runs for members with these keys, tied by this Cholesky factor.
    pub fn new(keys: &[Key], cholesky: &[f64], runs: usize) -> Tied {
        let size = keys.len();
        let keeps = |row: usize| cholesky[row * size + row] == 1.0;
        Tied {
            keys: keys.to_vec(),
            cholesky: cholesky.to_vec(),
            first_run: 0,
            words: vec![vec![0; runs]; size],
            independent: vec![vec![0.0; runs]; size],
            tied: (0..size).map(|row| vec![0.0; if keeps(row) { 0 } else { runs }]).collect(),
        }
    }

    /// Draws runs `first_run`, `first_run` + 1, …: independent positions, then those of a Gaussian copula.
    ///
    /// - Formula: z = L·Φ⁻¹(u) with L the Cholesky factor; u' = Φ(z). A member whose row has 1 on the diagonal (the
    ///   first, and any independent of those before) keeps its position to the bit.
    /// - Source: Nelsen (2006), An Introduction to Copulas, 2nd ed., section 2.3; Glasserman (2003), Monte Carlo
    ///   Methods in Financial Engineering, section 2.3.3.
    pub fn fill(&mut self, first_run: u64) {
        let Tied { keys, cholesky, words, independent, tied, .. } = self;
        self.first_run = first_run;
        let size = keys.len();
        for ((&key, words), scores) in keys.iter().zip(words.iter_mut()).zip(independent.iter_mut()) {
            fill_words(key, first_run, words);
            let positions = Positions::of_stream(words, key, first_run);
            fill_scores(words, |place| positions.tail(place), scores);
        }
        for (row, (words, sums)) in words.iter_mut().zip(tied).enumerate() {
            if sums.is_empty() {
                continue;
            }
            let weights = &cholesky[row * size..row * size + row + 1];
            let mut terms = independent.iter().zip(weights).filter(|(_, weight)| **weight != 0.0);
            match terms.next() {
                Some((scores, &weight)) => weigh(sums, scores, weight),
                None => sums.fill(0.0),
            }
            for (scores, &weight) in terms {
                add_weighted(sums, scores, weight);
            }
            fill_words_of_scores(sums, words);
        }
    }

    /// Positions of one member.
    pub fn positions(&self, member: usize) -> Positions<'_> {
        let words = &self.words[member];
        match self.tied[member].as_slice() {
            [] => Positions::of_stream(words, self.keys[member], self.first_run),
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

    fn keys(names: &[&str]) -> Vec<Key> {
        names.iter().map(|name| Key::new(3, name, &[])).collect()
    }

    #[test]
    fn the_pearson_correlation_of_the_ranks_is_six_over_pi_arcsine_of_half_rho() {
        let (n, rho) = (1 << 16, 0.6f64);
        let keys = keys(&["a", "b"]);
        let mut pair = Tied::new(&keys, &[1.0, 0.0, rho, (1.0 - rho * rho).sqrt()], n);
        pair.fill(0);
        let mut first = vec![0; n];
        fill_words(keys[0], 0, &mut first);
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
        let keys = keys(&["a", "b", "c"]);
        let mut three = Tied::new(&keys, &[1.0, 0.0, 0.0, half, root, 0.0, 0.0, half, root], 64);
        three.fill(32);
        let scores: Vec<Vec<f64>> = keys
            .iter()
            .map(|&key| {
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
    fn a_far_tail_of_a_tied_member_comes_from_its_score() {
        let scores = [-6.5, 0.3, 5.5];
        let mut words = [0; 3];
        fill_words_of_scores(&scores, &mut words);
        let positions = Positions::of_scores(&words, &scores);
        assert_eq!(positions.tail(0), tail_of_score(-6.5));
        assert_eq!(positions.tail(2), tail_of_score(5.5));
    }
}
