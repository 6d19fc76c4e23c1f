//! Mid-ranks of runs, and sums over the runs above each.

/// Mid-ranks of runs as fractions of their number, less ½.
#[derive(Clone, Debug)]
pub struct MidRanks {
    /// By run.
    pub ranks: Vec<f64>,
    /// In rising order.
    pub sorted: Vec<f64>,
    /// By run, what it adds to the share of ties: (p² − T)/(1 − T), p the share of runs with its value and T all Σp³.
    pub ties: Vec<f64>,
    /// Σp³ over the values that repeat.
    pub tied: f64,
}

impl MidRanks {
    /// Of runs in rising order; `end_of_ties` says where the runs end that have one value with the first of them, asked for
    /// rising places.
    pub fn new(order: &[u32], runs: usize, mut end_of_ties: impl FnMut(usize) -> usize) -> MidRanks {
        let n = order.len() as f64;
        let sorted = Vec::with_capacity(order.len());
        let mut found = MidRanks { ranks: vec![0.0; runs], sorted, ties: vec![0.0; runs], tied: 0.0 };
        let mut start = 0;
        while start < order.len() {
            let end = end_of_ties(start);
            let share = (end - start) as f64 / n;
            let rank = start as f64 / n + 0.5 * share - 0.5;
            for &run in &order[start..end] {
                found.ranks[run as usize] = rank;
                found.ties[run as usize] = share * share;
                found.sorted.push(rank);
            }
            found.tied += share * share * share;
            start = end;
        }
        let (tied, scale) = (found.tied, 1.0 / (1.0 - found.tied));
        found.ties.iter_mut().for_each(|ties| *ties = (*ties - tied) * scale);
        found
    }
}

/// Where the runs end that are the same as the one at a place.
pub fn end_of_equal(order: &[u32], place: usize, same: impl Fn(usize, usize) -> bool) -> usize {
    let first = order[place] as usize;
    let mut end = place + 1;
    while end < order.len() && same(first, order[end] as usize) {
        end += 1;
    }
    end
}

/// For each place of `order` the sum of `of` over the runs above it, those with the same rank counting half, over n.
/// `ranks` are those of the places, `of` is by run.
pub fn above(order: &[u32], ranks: &[f64], of: &[f64], n: f64) -> Vec<f64> {
    let mut found: Vec<f64> = order.iter().map(|&run| of[run as usize]).collect();
    let (mut sum, mut end, scale) = (0.0, found.len(), 1.0 / n);
    while end > 0 {
        let mut start = end - 1;
        let mut own = found[start];
        while start > 0 && ranks[start - 1] == ranks[start] {
            start -= 1;
            own += found[start];
        }
        let half = (sum + 0.5 * own) * scale;
        found[start..end].iter_mut().for_each(|above| *above = half);
        sum += own;
        end = start;
    }
    found
}
