//! Gaussian copula: positions tied through their normal scores.

use crate::math::simd::vectorised;
use crate::math::{fill_scores, tail_of_score};

/// Columns of normal scores, kept from block to block.
#[derive(Clone, Debug, Default)]
pub struct Scores {
    members: Vec<Vec<f64>>,
    sums: Vec<f64>,
}

/// Replaces the independent signed tails of a group by those of a Gaussian copula.
///
/// - Formula: z = L·Φ⁻¹(u) with L the lower Cholesky factor of the correlation matrix of the normal scores; u' = Φ(z).
/// - `columns` holds one column a member; `cholesky` is row-major, its rows in the order of the columns. A member
///   whose row has 1 on the diagonal (the first, and any independent of those before) keeps its position to the bit.
/// - Source: Nelsen (2006), An Introduction to Copulas, 2nd ed., section 2.3; Glasserman (2003), Monte Carlo Methods
///   in Financial Engineering, section 2.3.3.
pub fn correlate(columns: &mut [Vec<f64>], cholesky: &[f64], scores: &mut Scores) {
    let size = columns.len();
    let Scores { members, sums } = scores;
    members.resize_with(size.max(members.len()), Vec::new);
    for (scores, tails) in members.iter_mut().zip(columns.iter()) {
        scores.resize(tails.len(), 0.0);
        fill_scores(tails, scores);
    }
    for (row, tails) in columns.iter_mut().enumerate() {
        let weights = &cholesky[row * size..row * size + row + 1];
        if weights[row] == 1.0 {
            continue;
        }
        sums.clear();
        sums.resize(tails.len(), 0.0);
        for (scores, &weight) in members.iter().zip(weights).filter(|(_, weight)| **weight != 0.0) {
            add_weighted(sums, scores, weight);
        }
        to_tails(tails, sums);
    }
}

vectorised! {
    fn add_weighted(sums: &mut [f64], scores: &[f64], weight: f64) {
        for (sum, &score) in sums.iter_mut().zip(scores) {
            *sum += weight * score;
        }
    }
}

vectorised! {
    fn to_tails(tails: &mut [f64], scores: &[f64]) {
        for (tail, &score) in tails.iter_mut().zip(scores) {
            *tail = tail_of_score(score);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Key, fill_tails};
    use super::*;
    use crate::math::lower_of;

    fn columns(n: usize, names: &[&str]) -> Vec<Vec<f64>> {
        names
            .iter()
            .map(|name| {
                let mut tails = vec![0.0; n];
                fill_tails(Key::new(3, name, &[]), 0, &mut tails);
                tails
            })
            .collect()
    }

    #[test]
    fn the_pearson_correlation_of_the_ranks_is_six_over_pi_arcsine_of_half_rho() {
        let (n, rho) = (1 << 16, 0.6f64);
        let mut pair = columns(n, &["a", "b"]);
        let first = pair[0].clone();
        correlate(&mut pair, &[1.0, 0.0, rho, (1.0 - rho * rho).sqrt()], &mut Scores::default());
        assert_eq!(pair[0], first);
        let covariance = pair[0]
            .iter()
            .zip(&pair[1])
            .map(|(&a, &b)| (lower_of(a) - 0.5) * (lower_of(b) - 0.5))
            .sum::<f64>()
            / n as f64;
        let expected = 6.0 / std::f64::consts::PI * libm::asin(rho / 2.0);
        // Standard error of Spearman's coefficient under normality is below 1/√n.
        assert!((12.0 * covariance - expected).abs() < 5.0 / (n as f64).sqrt());
    }

    #[test]
    fn rows_read_the_scores_from_before_the_change() {
        let half = 0.5f64;
        let mut three = columns(64, &["a", "b", "c"]);
        let scores: Vec<Vec<f64>> = three
            .iter()
            .map(|tails| {
                let mut scores = vec![0.0; tails.len()];
                fill_scores(tails, &mut scores);
                scores
            })
            .collect();
        let root = (1.0 - half * half).sqrt();
        correlate(&mut three, &[1.0, 0.0, 0.0, half, root, 0.0, 0.0, half, root], &mut Scores::default());
        for run in 0..64 {
            let z = half * scores[1][run] + root * scores[2][run];
            assert_eq!(three[2][run], tail_of_score(z));
        }
    }
}
