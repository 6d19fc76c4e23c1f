//! Which dimension of a Sobol' sequence each coordinate of a scenario gets: one that its name asks for.
//!
//! A name is hashed to a list of dimensions, two below 16, two below 32, and so on to the end of the table: the first
//! dimensions have the best projections, and of a list whose range doubles only the first few entries are needed.
//! Coordinates are served in the order of their hashes, and each gets the first dimension of its list that is free. So
//! one that is added takes a dimension from another only where both ask for it and its hash is the lower one.

use super::Key;
use super::sobol::DIMENSIONS;

/// Dimensions among which the first entries of a list lie.
const FIRST_RANGE: usize = 16;
/// Entries below each bound.
const ENTRIES: usize = 2;
/// Entries of a list; behind them comes whatever is free.
const MOST_ENTRIES: usize = 64;

/// A dimension for each of the names, no two the same; all 0 where there are more names than dimensions.
pub fn dimensions(names: &[Key]) -> Vec<usize> {
    let mut dimensions = vec![0; names.len()];
    if names.len() > DIMENSIONS {
        return dimensions;
    }
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|&name| names[name]);
    let mut taken = vec![false; DIMENSIONS];
    for name in order {
        let asked = preferences(names[name]);
        let start = (names[name].0 % DIMENSIONS as u64) as usize;
        let others = (start..DIMENSIONS).chain(0..start);
        if let Some(free) = asked.chain(others).find(|&dimension| !taken[dimension]) {
            taken[free] = true;
            dimensions[name] = free;
        }
    }
    dimensions
}

/// The dimensions that a name asks for, the most wanted first.
///
/// - Source of the mixing: Steele, Lea & Flood (2014), Fast splittable pseudorandom number generators, OOPSLA '14,
///   453–472, doi:10.1145/2660193.2660195.
fn preferences(Key(hash): Key) -> impl Iterator<Item = usize> {
    (0..MOST_ENTRIES).map(move |entry| {
        let range = (FIRST_RANGE << (entry / ENTRIES).min(16)).min(DIMENSIONS);
        let mut x = hash.wrapping_add((entry as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        x ^= x >> 31;
        ((u128::from(x) * range as u128) >> 64) as usize
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn names(count: usize) -> Vec<Key> {
        (0..count).map(|name| Key::new(0, &format!("input {name}"), &[])).collect()
    }

    #[test]
    fn every_name_has_a_dimension_of_its_own_as_long_as_there_are_some() {
        for count in [0, 1, 30, 1000, DIMENSIONS] {
            let found: BTreeSet<usize> = dimensions(&names(count)).into_iter().collect();
            assert_eq!(found.len(), count);
            assert!(found.iter().all(|dimension| *dimension < DIMENSIONS));
        }
        assert_eq!(dimensions(&names(DIMENSIONS + 1)), vec![0; DIMENSIONS + 1]);
        // Thirty names share out the first dimensions, a thousand those of a few ranges more.
        assert!(dimensions(&names(30)).into_iter().all(|dimension| dimension < 128));
        assert!(dimensions(&names(1000)).into_iter().all(|dimension| dimension < 4096));
    }

    #[test]
    fn the_order_of_declaration_does_not_matter() {
        let mut names = names(500);
        let mut found: Vec<(Key, usize)> = names.iter().copied().zip(dimensions(&names)).collect();
        names.reverse();
        let mut again: Vec<(Key, usize)> = names.iter().copied().zip(dimensions(&names)).collect();
        found.sort_unstable();
        again.sort_unstable();
        assert_eq!(found, again);
    }

    #[test]
    fn a_name_that_is_added_moves_few_others() {
        // How many of `count` names get another dimension where one is added, on average over 400 of them.
        let moved = |count: usize| {
            let all = names(count + 400);
            let before = dimensions(&all[..count]);
            let moves = all[count..].iter().map(|&added| {
                let with: Vec<Key> = all[..count].iter().copied().chain([added]).collect();
                before.iter().zip(dimensions(&with)).filter(|(old, new)| *old != new).count()
            });
            moves.sum::<usize>() as f64 / 400.0
        };
        let found = [10, 30, 300].map(moved);
        assert!(found[0] < 0.6 && found[1] < 1.5 && found[2] < 2.5, "{found:?}");
        assert!(found[0] > 0.0, "{found:?}");
    }
}
