//! Bins of an input's rank, by which the tornado conditions an output.

/// Bins that a rank can have at most: a bin number is one byte.
pub const MOST_BINS: usize = 256;
/// Bins of a continuous input.
const EVEN: usize = 100;
/// Cells of the look-up table: each holds at most one edge.
const CELLS: usize = 1024;
const CELL_SHIFT: u32 = 32 - 10;
const WHOLE: f64 = 4_294_967_296.0;
/// Edges that are all compared with, so that two of them may share a cell.
const FEW: usize = 8;
const MOST_EDGES: usize = 250;

/// A partition of the ranks (u as a fraction of 2³²).
#[derive(Clone, Debug, PartialEq)]
pub enum RankBins {
    /// Hundredths, for a continuous input.
    Even,
    /// Edges of their own, for an input with values that repeat.
    Uneven(Box<Edges>),
}

/// Edges with a table that finds the bin of a rank in two steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Edges {
    /// Bin in which each of the 1,024 cells begins.
    start: [u8; CELLS],
    /// Last rank of each bin, as many as `start` can name.
    last: [u32; MOST_BINS],
    /// Upper edge of each bin but the last.
    edges: Vec<u32>,
    /// For each bin the rank that all of its runs share, where it is one value of the input: the middle of its ranks.
    middles: Vec<Option<u32>>,
}

impl RankBins {
    /// For an input on separate points: an edge at each jump of its cdf, as far as there is room.
    ///
    /// The first given win where more than 250 are asked for and, of more than eight, where two fall into one of 1,024
    /// equal cells. Points that no edge keeps apart share a bin and are not one value.
    pub fn discrete(jumps: &[f64]) -> RankBins {
        let edges = edges_of(jumps);
        RankBins::uneven(&edges, |low, high| !jumps.iter().any(|&p| low < edge(p) && edge(p) < high))
    }

    /// For an input with atoms, each from a lower to an upper probability, and a continuous part between them: hundredths,
    /// but none inside an atom, whose ends are edges instead.
    pub fn with_atoms(atoms: &[(f64, f64)]) -> RankBins {
        if atoms.is_empty() {
            return RankBins::Even;
        }
        let ends = atoms.iter().flat_map(|&(low, high)| [low, high]);
        let hundredths = (1..EVEN).map(|k| k as f64 / EVEN as f64);
        let outside = hundredths.filter(|p| atoms.iter().all(|(low, high)| p <= low || p >= high));
        let edges = edges_of(&ends.chain(outside).collect::<Vec<_>>());
        let inside = |low, high| atoms.iter().any(|&(first, last)| edge(first) <= low && high <= edge(last));
        RankBins::uneven(&edges, inside)
    }

    /// Of ascending edges; `is_value` says of the ranks from one to another whether they are a single value.
    fn uneven(edges: &[u64], is_value: impl Fn(u64, u64) -> bool) -> RankBins {
        let bounds: Vec<u64> = [0].into_iter().chain(edges.iter().copied()).chain([1 << 32]).collect();
        let middles = bounds
            .windows(2)
            // Ranks are summed by their upper 16 bits, which stand for the middle of their step.
            .map(|w| is_value(w[0], w[1]).then(|| ((w[0] + w[1]) / 2).saturating_sub(1 << 15) as u32))
            .collect();
        let edges: Vec<u32> = edges.iter().map(|&edge| edge as u32).collect();
        let mut start = [0; CELLS];
        for (cell, start) in start.iter_mut().enumerate() {
            *start = edges.partition_point(|&edge| edge < ((cell as u32) << CELL_SHIFT)) as u8;
        }
        let mut last = [u32::MAX; MOST_BINS];
        for (last, edge) in last.iter_mut().zip(&edges) {
            *last = edge - 1;
        }
        RankBins::Uneven(Box::new(Edges { start, last, edges, middles }))
    }

    /// Number of bins, at most 256.
    pub fn count(&self) -> usize {
        match self {
            RankBins::Even => EVEN,
            RankBins::Uneven(table) => table.edges.len() + 1,
        }
    }

    /// Lower and upper probability of a bin.
    pub fn interval(&self, bin: usize) -> (f64, f64) {
        match self {
            RankBins::Even => (bin as f64 / EVEN as f64, (bin + 1) as f64 / EVEN as f64),
            RankBins::Uneven(table) => {
                let at = |edge: u32| f64::from(edge) / WHOLE;
                let low = if bin == 0 { 0.0 } else { at(table.edges[bin - 1]) };
                (low, table.edges.get(bin).map_or(1.0, |&edge| at(edge)))
            }
        }
    }

    /// Whether a bin is one value of the input.
    pub fn is_value(&self, bin: usize) -> bool {
        match self {
            RankBins::Even => false,
            RankBins::Uneven(table) => table.middles[bin].is_some(),
        }
    }

    /// Bin of a rank.
    pub fn bin(&self, rank: u32) -> u8 {
        match self {
            RankBins::Even => even_bin(rank),
            RankBins::Uneven(table) => match table.few() {
                Some(few) => few.iter().map(|&edge| u8::from(rank >= edge)).sum(),
                None => table.bin(rank),
            },
        }
    }
}

/// A probability as a rank.
fn edge(p: f64) -> u64 {
    (p * WHOLE).round() as u64
}

/// Edges at these probabilities, ascending; the first given win where there is no room for all.
fn edges_of(probabilities: &[f64]) -> Vec<u64> {
    let mut asked: Vec<u64> = Vec::new();
    for edge in probabilities.iter().map(|&p| edge(p)).filter(|&edge| edge > 0 && edge < 1 << 32) {
        if !asked.contains(&edge) {
            asked.push(edge);
        }
    }
    if asked.len() > FEW {
        let mut taken = [false; CELLS];
        asked.retain(|&edge| !std::mem::replace(&mut taken[(edge >> CELL_SHIFT) as usize], true));
        asked.truncate(MOST_EDGES);
    }
    asked.sort_unstable();
    asked
}

/// Bin of a rank among the even ones.
#[inline(always)]
pub fn even_bin(rank: u32) -> u8 {
    ((u64::from(rank) * EVEN as u64) >> 32) as u8
}

impl Edges {
    /// All edges, where so few that comparing with each is quickest.
    pub fn few(&self) -> Option<&[u32]> {
        (self.edges.len() <= FEW).then_some(&self.edges)
    }

    /// Bin of a rank, where the edges are not few.
    #[inline(always)]
    pub fn bin(&self, rank: u32) -> u8 {
        let start = self.start[(rank >> CELL_SHIFT) as usize];
        start + u8::from(rank > self.last[start as usize])
    }

    /// For each bin the rank of all of its runs, where they share one.
    pub fn middles(&self) -> &[Option<u32>] {
        &self.middles
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rank_lies_in_the_interval_of_its_bin() {
        let many: Vec<f64> = (1..40).map(|k| f64::from(k) / 40.0).collect();
        for bins in
            [RankBins::Even, RankBins::discrete(&[0.0821, 0.0822, 0.5, 0.92, 1.0]), RankBins::discrete(&many)]
        {
            for k in 0..=100_003u32 {
                let rank = ((f64::from(k) / 100_003.0 * WHOLE) as u64).min(u64::from(u32::MAX)) as u32;
                let (low, high) = bins.interval(bins.bin(rank).into());
                let u = f64::from(rank) / WHOLE;
                assert!(low <= u + 3e-10 && u < high + 3e-10, "{u} not in [{low}, {high})");
            }
        }
    }

    #[test]
    fn values_have_bins_of_their_own_however_rare_they_are() {
        // A yes/no input just beside a tenth, and three values of which two are in one cell of the look-up table.
        for jumps in [vec![0.9003], vec![0.9997, 0.9999]] {
            let bins = RankBins::discrete(&jumps);
            assert_eq!(bins.count(), jumps.len() + 1);
            assert!((0..bins.count()).all(|bin| bins.is_value(bin)));
            assert!((bins.interval(0).1 - jumps[0]).abs() < 1e-9);
        }
    }

    #[test]
    fn bins_of_several_values_are_not_one() {
        let jumps: Vec<f64> = (1..2000).map(|k| f64::from(k) / 2000.0).collect();
        let bins = RankBins::discrete(&jumps);
        assert!((0..bins.count()).any(|bin| !bins.is_value(bin)));
        // Seven tenths at one value, hundredths above.
        let bins = RankBins::with_atoms(&[(0.0, 0.7)]);
        assert_eq!(bins.count(), 31);
        assert!(bins.is_value(0) && !bins.is_value(1));
    }
}
