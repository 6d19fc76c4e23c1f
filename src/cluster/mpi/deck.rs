//! The runs that no rank has been given yet, and how many to give at a time.

use std::ops::Range;

use crate::engine::SPAN;

/// Runs to hand out.
///
/// Shares are guided: half of an even share of what is left, so large ones first, when there is time to make up for a slow
/// rank, and small ones last, so that all end together.
#[derive(Debug)]
pub struct Deck {
    /// In falling order, so that the first is at the end.
    left: Vec<Range<u64>>,
    ranks: u64,
}

impl Deck {
    /// Of runs in rising order, for so many ranks.
    pub fn new(mut runs: Vec<Range<u64>>, ranks: usize) -> Deck {
        runs.retain(|range| !range.is_empty());
        runs.reverse();
        Deck { left: runs, ranks: ranks.max(1) as u64 }
    }

    /// Runs that are not handed out.
    pub fn left(&self) -> u64 {
        self.left.iter().map(|range| range.end - range.start).sum()
    }

    /// The next runs, `least` or more where one piece has as many; `None` when there are no more. They end with a span,
    /// or with the runs.
    pub fn take(&mut self, least: u64) -> Option<Range<u64>> {
        let share = (self.left() / (2 * self.ranks)).max(least).max(1);
        let first = self.left.last_mut()?;
        let end = first.start.saturating_add(share).checked_next_multiple_of(SPAN).unwrap_or(u64::MAX);
        let taken = first.start..end.min(first.end);
        first.start = taken.end;
        if first.is_empty() {
            self.left.pop();
        }
        Some(taken)
    }
}

#[cfg(test)]
mod tests {
    use std::iter::once;

    use super::*;

    fn all_of(mut deck: Deck, least: u64) -> Vec<Range<u64>> {
        std::iter::from_fn(|| deck.take(least)).collect()
    }

    #[test]
    fn shares_shrink_and_leave_nothing_out() {
        let runs = 1000 * SPAN + 5;
        let shares = all_of(Deck::new(once(0..runs).collect(), 4), SPAN);
        assert_eq!(shares[0], 0..125 * SPAN);
        assert_eq!(shares.last().map(|share| share.end), Some(runs));
        for pair in shares.windows(2) {
            assert_eq!(pair[0].end, pair[1].start);
            assert_eq!(pair[0].end % SPAN, 0);
            assert!(pair[1].end - pair[1].start <= pair[0].end - pair[0].start);
        }
        assert!((20..60).contains(&shares.len()), "{}", shares.len());
    }

    #[test]
    fn pieces_that_a_lost_rank_left_are_kept_apart() {
        let pieces = vec![0..SPAN, 5 * SPAN..7 * SPAN, 9 * SPAN..9 * SPAN, 10 * SPAN..10 * SPAN + 3];
        let shares = all_of(Deck::new(pieces.clone(), 1), 100 * SPAN);
        assert_eq!(shares, [pieces[0].clone(), pieces[1].clone(), pieces[3].clone()]);
    }

    #[test]
    fn the_most_runs_do_not_overflow() {
        let mut deck = Deck::new(once(0..u64::MAX).collect(), 1);
        assert_eq!(deck.take(u64::MAX), Some(0..u64::MAX));
        assert_eq!(deck.take(1), None);
    }
}
