//! How the normal scores of a group are made from independent ones.

use crate::math::simd::vectorised;

/// Weights of a lower triangular matrix, those that are 0 left out, and what a score keeps of an earlier one.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights {
    /// For each member the columns that count, in rising order, the member itself the last.
    rows: Vec<Vec<(usize, f64)>>,
    carry: Option<Carry>,
}

/// Autoregression of the independent scores: that of member k keeps a share of that of member k − `step`, and stays
/// standard normal.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Carry {
    pub step: usize,
    /// Between −1 and 1.
    pub share: f64,
}

impl Weights {
    /// Of a lower Cholesky factor, row-major, of `size` members.
    pub fn of_cholesky(cholesky: &[f64], size: usize) -> Weights {
        Weights { rows: Weights::rows_of(cholesky, size, 0), carry: None }
    }

    /// Of one factor, the first member, and members that load on it: w z₀ + √(1 − w²) z.
    ///
    /// Whatever the loadings, this is the Cholesky factor of a correlation matrix: the product of two loadings for a
    /// pair. Source: Glasserman (2003), Monte Carlo Methods in Financial Engineering, section 9.4.2.
    pub fn of_loadings(loadings: &[f64]) -> Weights {
        let own = |loading: f64| ((1.0 - loading) * (1.0 + loading)).sqrt();
        let members = loadings.iter().enumerate().map(|(k, &w)| vec![(0, w), (k + 1, own(w))]);
        Weights { rows: std::iter::once(vec![(0, 1.0)]).chain(members).collect(), carry: None }
    }

    /// Of `blocks` blocks of the same `size` members, tied inside a block by this Cholesky factor; from block to block
    /// the independent scores keep this share.
    ///
    /// Scores of two members `d` blocks apart then have the correlation of one block times shareᵈ.
    pub fn of_blocks(cholesky: &[f64], size: usize, blocks: usize, share: f64) -> Weights {
        let rows = (0..blocks).flat_map(|block| Weights::rows_of(cholesky, size, block * size)).collect();
        Weights { rows, carry: Some(Carry { step: size, share }) }
    }

    fn rows_of(cholesky: &[f64], size: usize, first: usize) -> Vec<Vec<(usize, f64)>> {
        let row = |row: usize| {
            let weights = cholesky[row * size..=row * size + row].iter().enumerate();
            weights
                .filter(|(_, weight)| **weight != 0.0)
                .map(|(column, &weight)| (first + column, weight))
                .collect()
        };
        (0..size).map(row).collect()
    }

    /// Whether the scores of two members are correlated.
    pub fn tie(&self, one: usize, other: usize) -> bool {
        let step = self.carry.map_or(usize::MAX, |carry| carry.step);
        let in_block = |member: usize| {
            let first = member / step * step;
            self.rows[member].iter().map(move |&(column, weight)| (column - first, weight))
        };
        let apart = one / step != other / step;
        let products = in_block(one).flat_map(|(column, weight)| {
            in_block(other).filter(move |(c, _)| *c == column).map(move |(_, w)| weight * w)
        });
        let kept = !apart || self.carry.is_some_and(|carry| carry.share != 0.0);
        kept && products.sum::<f64>().abs() > 1e-12
    }

    pub(super) fn row(&self, member: usize) -> &[(usize, f64)] {
        &self.rows[member]
    }

    /// True where a member's score is its own independent one: a weight of 1 leaves nothing for others.
    pub(super) fn keeps(&self, member: usize) -> bool {
        self.rows[member].last() == Some(&(member, 1.0)) && self.carry.is_none_or(|carry| member < carry.step)
    }

    /// Puts what is kept into the independent scores, a column a member.
    pub(super) fn carry(&self, scores: &mut [Vec<f64>]) {
        let Some(Carry { step, share }) = self.carry else { return };
        let own = ((1.0 - share) * (1.0 + share)).sqrt();
        for member in step..scores.len() {
            let (earlier, later) = scores.split_at_mut(member);
            carry(&mut later[0], &earlier[member - step], own, share);
        }
    }
}

vectorised! {
    fn carry(scores: &mut [f64], earlier: &[f64], own: f64, share: f64) {
        for (score, &before) in scores.iter_mut().zip(earlier) {
            *score = own * *score + share * before;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Weights;

    #[test]
    fn members_are_tied_where_their_scores_have_a_common_part() {
        // The third is tied to the second alone.
        let cholesky = [1.0, 0.0, 0.0, 0.6, 0.8, 0.0, 0.0, 0.5, 0.75f64.sqrt()];
        let one = Weights::of_cholesky(&cholesky, 3);
        assert!(one.tie(0, 1) && one.tie(1, 2) && !one.tie(0, 2));
        let years = |share| Weights::of_blocks(&cholesky, 3, 2, share);
        assert!(
            years(0.5).tie(0, 4) && years(0.5).tie(2, 5) && !years(0.5).tie(0, 5) && !years(0.0).tie(0, 3)
        );
        let loads = Weights::of_loadings(&[0.3, 0.0, 0.7]);
        assert!(loads.tie(0, 1) && loads.tie(1, 3) && !loads.tie(0, 2));
    }
}
