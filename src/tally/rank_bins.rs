//! Bins of an input's rank, by which the tornado conditions an output.

/// Bins that a rank can have at most: a bin number is one byte.
pub const MOST_BINS: usize = 256;
/// Bins of a continuous input.
const EVEN: usize = 100;
/// Cells of the look-up table: each holds at most one edge.
const CELLS: usize = 1024;
const CELL_SHIFT: u32 = 32 - 10;
const WHOLE: f64 = 4_294_967_296.0;

/// A partition of the ranks (u as a fraction of 2³²) that always has edges at the lowest and highest tenth.
#[derive(Clone, Debug, PartialEq)]
pub enum RankBins {
    /// Hundredths, for a continuous input.
    Even,
    /// Edges of their own, for an input on separate points.
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
}

impl RankBins {
    /// For an input on separate points: an edge at each jump of its cdf, as far as there is room, and the tenths.
    ///
    /// The first given win where two fall into one cell or more than 250 are asked for.
    pub fn discrete(jumps: &[f64]) -> RankBins {
        let mut taken = [false; CELLS];
        let mut edges = Vec::new();
        for p in [0.1, 0.9].iter().chain(jumps) {
            let edge = (p * WHOLE).round();
            if (1.0..WHOLE).contains(&edge) && edges.len() < 250 {
                let cell = &mut taken[(edge as u32 >> CELL_SHIFT) as usize];
                if !*cell {
                    *cell = true;
                    edges.push(edge as u32);
                }
            }
        }
        edges.sort_unstable();
        let mut start = [0; CELLS];
        for (cell, start) in start.iter_mut().enumerate() {
            *start = edges.partition_point(|&edge| edge < ((cell as u32) << CELL_SHIFT)) as u8;
        }
        let mut last = [u32::MAX; MOST_BINS];
        for (last, edge) in last.iter_mut().zip(&edges) {
            *last = edge - 1;
        }
        RankBins::Uneven(Box::new(Edges { start, last, edges }))
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

    /// Bins of the lowest tenth: `0..lowest`; of the highest: `highest..count`.
    pub fn tenths(&self) -> (usize, usize) {
        match self {
            RankBins::Even => (EVEN / 10, EVEN - EVEN / 10),
            RankBins::Uneven(table) => {
                let after = |p: f64| table.edges.partition_point(|&e| e < (p * WHOLE).round() as u32) + 1;
                (after(0.1), after(0.9))
            }
        }
    }
}

/// Bin of a rank among the even ones.
#[inline(always)]
pub fn even_bin(rank: u32) -> u8 {
    ((u64::from(rank) * EVEN as u64) >> 32) as u8
}

impl Edges {
    /// All edges, where so few that comparing with each is quickest.
    pub fn few(&self) -> Option<&[u32]> {
        (self.edges.len() <= 8).then_some(&self.edges)
    }

    /// Bin of a rank.
    #[inline(always)]
    pub fn bin(&self, rank: u32) -> u8 {
        let start = self.start[(rank >> CELL_SHIFT) as usize];
        start + u8::from(rank > self.last[start as usize])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bin(bins: &RankBins, rank: u32) -> usize {
        match bins {
            RankBins::Even => even_bin(rank).into(),
            RankBins::Uneven(table) => table.bin(rank).into(),
        }
    }

    #[test]
    fn every_rank_lies_in_the_interval_of_its_bin() {
        for bins in [RankBins::Even, RankBins::discrete(&[0.0821, 0.0822, 0.5, 0.92, 1.0])] {
            for k in 0..=100_003u32 {
                let rank = ((f64::from(k) / 100_003.0 * WHOLE) as u64).min(u64::from(u32::MAX)) as u32;
                let (low, high) = bins.interval(bin(&bins, rank));
                let u = f64::from(rank) / WHOLE;
                assert!(low <= u + 3e-10 && u < high + 3e-10, "{u} not in [{low}, {high})");
            }
        }
    }

    #[test]
    fn the_tenths_are_whole_bins() {
        for bins in [RankBins::Even, RankBins::discrete(&[0.3, 0.92])] {
            let (lowest, highest) = bins.tenths();
            assert!((bins.interval(lowest - 1).1 - 0.1).abs() < 1e-9);
            assert!((bins.interval(highest).0 - 0.9).abs() < 1e-9);
        }
    }
}
