//! Ranks of the rows of a table, by the values of one of its columns instead of their places in the file.

use std::sync::Arc;

use super::sampler::Sampler;
use crate::distribution::{Empirical, Law, ParameterError};

/// Rows in rising order of a column; rows of equal value stand as in the file.
#[derive(Clone, Debug)]
pub struct RowOrder {
    /// For each row of the file its place in the order, from 0.
    places: Arc<[u32]>,
    /// The law of the column: what the draw is worth by its rank.
    pub sampler: Sampler,
}

impl RowOrder {
    /// Of the rows of a column.
    ///
    /// # Errors
    /// A column that has no law, which the scenario has refused before.
    pub fn new(column: &[f64]) -> Result<RowOrder, ParameterError> {
        let law: Law = Empirical::new(column, false)?.into();
        let mut rows: Vec<u32> = (0..column.len() as u32).collect();
        rows.sort_by(|&a, &b| column[a as usize].total_cmp(&column[b as usize]));
        let mut places = vec![0; column.len()];
        for (place, &row) in rows.iter().enumerate() {
            places[row as usize] = place as u32;
        }
        Ok(RowOrder { places: places.into(), sampler: Sampler::new(&law) })
    }

    /// The rank of a row that is drawn at this word, both fractions of 2³²: rows have equal parts of the words in the
    /// order of the file, and equal parts of the ranks in that of the column.
    pub fn rank(&self, word: u32) -> u32 {
        let rows = self.places.len() as u64;
        let scaled = u64::from(word) * rows;
        let place = u64::from(self.places[(scaled >> 32) as usize]);
        (((place << 32) + (scaled & 0xffff_ffff)) / rows) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_its_part_of_the_ranks_where_its_value_stands() {
        let order = RowOrder::new(&[30.0, 10.0, 40.0, 20.0]).unwrap();
        let quarter = 1_u32 << 30;
        let inside = [0, 1, quarter / 2, quarter - 1];
        for (row, place) in [2, 0, 3, 1].into_iter().enumerate() {
            for word in inside {
                assert_eq!(order.rank(row as u32 * quarter + word), place * quarter + word);
            }
        }
        let thirds = RowOrder::new(&[1.0, 3.0, 2.0]).unwrap();
        assert!(thirds.rank(u32::MAX) < 2_863_311_531 && thirds.rank(u32::MAX) > 2_863_311_520);
    }
}
