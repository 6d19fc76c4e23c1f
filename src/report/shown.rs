//! Which of the reported percentiles a chart has room for.

use crate::scenario::{Levels, Percent};

/// Bands and markers where nobody chose the percentiles.
const USUAL_BANDS: [f64; 3] = [5.0, 10.0, 25.0];
const USUAL_MARKS: [f64; 3] = [10.0, 50.0, 90.0];
/// Most bands of a fan, most lines beside them, and most markers of a histogram.
const MOST_BANDS: usize = 5;
const MOST_LINES: usize = 4;
const MOST_MARKS: usize = 7;

/// What a fan chart shows beside the median.
#[derive(Clone, Debug, PartialEq)]
pub struct Fan {
    /// Levels as far from either end, the widest band first.
    pub bands: Vec<(Percent, Percent)>,
    /// Levels that lack the one as far from the other end.
    pub lines: Vec<Percent>,
}

/// Bands of a fan chart: pairs of levels; a line for what has no pair.
pub fn fan(levels: &Levels) -> Fan {
    let given = |level: &Percent| levels.percentiles.contains(level);
    let low = levels.percentiles.iter().copied().filter(|level| level.is_low());
    let pairs: Vec<(Percent, Percent)> =
        low.map(|low| (low, low.complement())).filter(|(_, high)| given(high)).collect();
    if !levels.chosen[0] {
        let usual = USUAL_BANDS.map(Percent::new);
        return Fan {
            bands: pairs.into_iter().filter(|(low, _)| usual.contains(&Some(*low))).collect(),
            lines: Vec::new(),
        };
    }
    let alone = |level: &&Percent| !given(&level.complement());
    let lines: Vec<Percent> = levels.percentiles.iter().filter(alone).copied().collect();
    Fan { bands: evenly(&pairs, MOST_BANDS), lines: evenly(&lines, MOST_LINES) }
}

/// Percentiles that a histogram marks.
pub fn marks(levels: &Levels) -> Vec<Percent> {
    let usual = USUAL_MARKS.map(Percent::new);
    let shown = levels.percentiles.iter().copied();
    let shown: Vec<Percent> =
        shown.filter(|level| levels.chosen[0] || usual.contains(&Some(*level))).collect();
    evenly(&shown, MOST_MARKS)
}

/// At most so many of a list, the first and the last among them.
fn evenly<T: Copy>(list: &[T], most: usize) -> Vec<T> {
    if list.len() <= most {
        return list.to_vec();
    }
    (0..most).map(|place| list[place * (list.len() - 1) / (most - 1)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(percents: &[f64]) -> Levels {
        let mut levels = Levels::default();
        levels.choose(Some(percents.iter().map(|&p| Percent::new(p).unwrap()).collect()), None);
        levels
    }

    fn values(levels: &[Percent]) -> Vec<f64> {
        levels.iter().map(|level| level.value()).collect()
    }

    #[test]
    fn pairs_are_bands_and_what_is_left_lines() {
        let shown = fan(&of(&[1.0, 5.0, 20.0, 50.0, 80.0, 95.0, 99.0, 99.5, 99.9]));
        let bands: Vec<f64> = shown.bands.iter().map(|(low, _)| low.value()).collect();
        assert_eq!((bands, values(&shown.lines)), (vec![1.0, 5.0, 20.0], vec![99.5, 99.9]));
        assert!(shown.bands.iter().all(|(low, high)| low.value() + high.value() == 100.0));
        let usual = fan(&Levels::default());
        let bands: Vec<f64> = usual.bands.iter().map(|(low, _)| low.value()).collect();
        assert_eq!((bands, usual.lines), (vec![5.0, 10.0, 25.0], vec![]));
        assert_eq!(values(&marks(&Levels::default())), [10.0, 50.0, 90.0]);
    }

    #[test]
    fn of_many_levels_the_outermost_stay() {
        let many: Vec<f64> = (1..=99).map(f64::from).collect();
        let shown = fan(&of(&many));
        let bands: Vec<f64> = shown.bands.iter().map(|(low, _)| low.value()).collect();
        assert_eq!((bands, shown.lines), (vec![1.0, 13.0, 25.0, 37.0, 49.0], vec![]));
        assert_eq!(values(&marks(&of(&many))), [1.0, 17.0, 33.0, 50.0, 66.0, 82.0, 99.0]);
    }
}
