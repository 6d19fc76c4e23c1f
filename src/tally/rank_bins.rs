//! Bins of an input's rank, by which the tornado conditions an output.

/// Cells of the look-up table: each holds at most one edge.
const CELLS: usize = 1024;
const CELL_SHIFT: u32 = 32 - 10;

/// A partition of the ranks (u as a fraction of 2³²) that always has edges at the lowest and highest tenth.
#[derive(Clone, Debug, PartialEq)]
pub struct RankBins {
    /// Bin in which each of the 1,024 cells begins.
    start: Vec<u8>,
    /// Upper edge of each bin but the last.
    edges: Vec<u32>,
    /// Last rank of each bin, as many as `start` can name.
    last: Box<[u32; 256]>,
}

impl RankBins {
    /// For a continuous input: hundredths, and thousandths in the lowest and highest hundredth, where the quantile
    /// function is steep.
    pub fn continuous() -> RankBins {
        let tail = (1..10).map(|k| f64::from(k) / 1000.0);
        let edges = tail.clone().chain((1..100).map(|k| f64::from(k) / 100.0)).chain(tail.map(|p| 1.0 - p));
        RankBins::new(edges.collect())
    }

    /// For an input on separate points: an edge at each jump of its cdf, as far as there is room, and the tenths.
    pub fn discrete(jumps: &[f64]) -> RankBins {
        RankBins::new([0.1, 0.9].iter().chain(jumps).copied().collect())
    }

    /// The first edges given win where two fall into one cell or more than 250 are asked for.
    fn new(probabilities: Vec<f64>) -> RankBins {
        let mut taken = [false; CELLS];
        let mut edges = Vec::new();
        for p in [0.1, 0.9].into_iter().chain(probabilities) {
            let edge = (p * 4_294_967_296.0).round();
            if (1.0..4_294_967_296.0).contains(&edge) && edges.len() < 250 {
                let cell = &mut taken[(edge as u32 >> CELL_SHIFT) as usize];
                if !*cell {
                    *cell = true;
                    edges.push(edge as u32);
                }
            }
        }
        edges.sort_unstable();
        let start = (0..CELLS as u32)
            .map(|cell| edges.partition_point(|&edge| edge < (cell << CELL_SHIFT)) as u8)
            .collect();
        let mut last = Box::new([u32::MAX; 256]);
        for (last, edge) in last.iter_mut().zip(&edges) {
            *last = edge - 1;
        }
        RankBins { start, edges, last }
    }

    /// Number of bins.
    pub fn len(&self) -> usize {
        self.edges.len() + 1
    }

    /// Never true: there is always the bin between the tenths.
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Bin of a rank.
    #[inline(always)]
    pub fn bin(&self, rank: u32) -> usize {
        let start = self.start[(rank >> CELL_SHIFT) as usize];
        start as usize + usize::from(rank > self.last[start as usize])
    }

    /// Lower and upper probability of a bin.
    pub fn interval(&self, bin: usize) -> (f64, f64) {
        let at = |edge: u32| f64::from(edge) / 4_294_967_296.0;
        let low = if bin == 0 { 0.0 } else { at(self.edges[bin - 1]) };
        (low, self.edges.get(bin).map_or(1.0, |&edge| at(edge)))
    }

    /// Bins of the lowest tenth: `0..lowest`; of the highest: `highest..len`.
    pub fn tenths(&self) -> (usize, usize) {
        let edge = |p: f64| (p * 4_294_967_296.0_f64).round() as u32;
        let after = |p| self.edges.partition_point(|&e| e < edge(p)) + 1;
        (after(0.1), after(0.9))
    }
}

#[cfg(test)]
mod tests {
    use super::RankBins;

    fn rank(u: f64) -> u32 {
        (u * 4_294_967_296.0) as u32
    }

    #[test]
    fn every_rank_lies_in_the_interval_of_its_bin() {
        for bins in [RankBins::continuous(), RankBins::discrete(&[0.0821, 0.0822, 0.5, 0.92, 1.0])] {
            for k in 0..100_003u32 {
                let u = f64::from(k) / 100_003.0;
                let (low, high) = bins.interval(bins.bin(rank(u)));
                assert!(low <= u + 3e-10 && u < high + 3e-10, "{u} not in [{low}, {high})");
            }
        }
    }

    #[test]
    fn the_tenths_are_whole_bins() {
        for bins in [RankBins::continuous(), RankBins::discrete(&[0.3, 0.92])] {
            let (lowest, highest) = bins.tenths();
            assert!((bins.interval(lowest - 1).1 - 0.1).abs() < 1e-9);
            assert!((bins.interval(highest).0 - 0.9).abs() < 1e-9);
        }
    }

    #[test]
    fn a_continuous_input_has_hundredths_with_finer_ends() {
        assert_eq!(RankBins::continuous().len(), 118);
    }
}
