//! How the runs of a cell lie along an axis: values that many runs share, and bars for the rest.

use crate::analysis::Distribution;

/// Most values that are shown one by one where they are all there is, and where both ends are cut.
const MOST_VALUES: (usize, usize) = (40, 64);
/// Share of the runs that is left outside on each side where both ends are cut.
const OUTSIDE: f64 = 0.001;
/// A value of its own holds this share of the runs at least, and as many as the rest of a bar around it.
const LEAST_SPIKE: f64 = 0.01;
/// Most values of their own beside bars.
const MOST_SPIKES: usize = 12;
/// Where more values than that are frequent, one stands out that holds so many times what the next after them holds.
const STANDS_OUT: f64 = 2.0;
/// Bars at least and at most.
const BARS: (f64, f64) = (6.0, 60.0);

/// Runs by value, as shares of them.
#[derive(Clone, Debug, PartialEq)]
pub enum Spread {
    Values(ShownValues),
    Bars(ShownBars),
}

/// A few values with the share of runs at each, rising.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownValues {
    pub values: Vec<(f64, f64)>,
    /// Shares of the runs strictly below the first and above the last value.
    pub outside: (f64, f64),
}

/// Bars between edges, and spikes at values that many runs share, which are in no bar.
#[derive(Clone, Debug, PartialEq)]
pub struct ShownBars {
    /// One more than there are bars.
    pub edges: Vec<f64>,
    pub shares: Vec<f64>,
    pub spikes: Vec<(f64, f64)>,
    /// Value and share of runs at or below it, rising; both ends of the step at a spike.
    pub cumulative: Vec<(f64, f64)>,
    /// Shares of the runs strictly below the first and above the last edge.
    pub outside: (f64, f64),
}

/// Runs in a range, evenly spread, or at one value.
#[derive(Clone, Copy, Debug)]
struct Piece {
    low: f64,
    high: f64,
    share: f64,
}

impl Piece {
    fn is_value(&self) -> bool {
        self.low == self.high
    }

    /// Part of the share strictly below x.
    fn below(&self, x: f64) -> f64 {
        if x <= self.low {
            0.0
        } else if x > self.high {
            self.share
        } else {
            self.share * part(x, self.low, self.high)
        }
    }
}

/// Where x stands between two values, 0 to 1; their difference need not be finite.
fn part(x: f64, low: f64, high: f64) -> f64 {
    let span = high - low;
    if span.is_finite() { (x - low) / span } else { (0.5 * x - 0.5 * low) / (0.5 * high - 0.5 * low) }
}

/// The value at such a part of the way.
fn between(low: f64, high: f64, part: f64) -> f64 {
    let step = (high - low) * part;
    if step.is_finite() { low + step } else { low * (1.0 - part) + high * part }
}

impl Spread {
    /// Of a cell; `None` where no run has a finite value.
    pub fn of(distribution: &Distribution) -> Option<Spread> {
        let n = distribution.count();
        if n == 0 {
            return None;
        }
        let (min, max) = (distribution.order_statistic(1), distribution.order_statistic(n));
        let pieces: Vec<Piece> = distribution
            .bins()
            .iter()
            .map(|bin| Piece {
                low: bin.low.clamp(min, max),
                high: bin.high.clamp(min, max),
                share: bin.count as f64 / n as f64,
            })
            .collect();
        if let Some(values) = few_values(&pieces) {
            return Some(Spread::Values(values));
        }
        Some(Spread::Bars(bars(&pieces, n)))
    }
}

/// The values where there are few of them, or few between the ends.
fn few_values(pieces: &[Piece]) -> Option<ShownValues> {
    if !pieces.iter().all(Piece::is_value) {
        return None;
    }
    let (mut first, mut last) = (0, pieces.len());
    if pieces.len() > MOST_VALUES.0 {
        first = until_outside(pieces.iter());
        last -= until_outside(pieces.iter().rev());
    }
    let shown = pieces.get(first..last)?;
    let sum = |pieces: &[Piece]| pieces.iter().map(|piece| piece.share).sum::<f64>();
    (shown.len() <= MOST_VALUES.1).then(|| ShownValues {
        values: shown.iter().map(|piece| (piece.low, piece.share)).collect(),
        outside: (sum(&pieces[..first]), sum(&pieces[last..])),
    })
}

/// How many of the first pieces together hold no more than may be left out.
fn until_outside<'a>(pieces: impl Iterator<Item = &'a Piece>) -> usize {
    let sums = pieces.scan(0.0, |sum, piece| {
        *sum += piece.share;
        Some(*sum)
    });
    sums.take_while(|sum| *sum <= OUTSIDE).count()
}

fn bars(pieces: &[Piece], n: u64) -> ShownBars {
    let candidates = frequent(pieces);
    let width = {
        let edges = edges(pieces, &candidates, n);
        0.5 * edges[1] - 0.5 * edges[0]
    };
    let is_rest = |piece: &&Piece| !(piece.is_value() && candidates.contains(&piece.low));
    let spikes: Vec<f64> = candidates
        .iter()
        .copied()
        .filter(|&value| {
            let around: f64 = pieces
                .iter()
                .filter(is_rest)
                .map(|piece| piece.below(value + width) - piece.below(value - width))
                .sum();
            share_of(pieces, value) >= around
        })
        .collect();
    let edges = edges(pieces, &spikes, n);
    let (low, high) = (edges[0], edges[edges.len() - 1]);
    let mut shares = vec![0.0; edges.len() - 1];
    let mut outside = (0.0, 0.0);
    // Pieces rise, and so do the bars they begin in.
    let mut first = 0;
    for piece in pieces.iter().filter(|piece| !(piece.is_value() && spikes.contains(&piece.low))) {
        outside.0 += piece.below(low);
        outside.1 += if piece.is_value() {
            if piece.low > high { piece.share } else { 0.0 }
        } else {
            piece.share - piece.below(high)
        };
        while first + 1 < shares.len() && edges[first + 1] <= piece.low {
            first += 1;
        }
        for bar in first..shares.len() {
            if piece.is_value() {
                if piece.low >= low
                    && (piece.low < edges[bar + 1] || bar + 1 == shares.len() && piece.low == high)
                {
                    shares[bar] += piece.share;
                }
                break;
            }
            shares[bar] += piece.below(edges[bar + 1]) - piece.below(edges[bar]);
            if piece.high <= edges[bar + 1] {
                break;
            }
        }
    }
    let spikes: Vec<(f64, f64)> = spikes.into_iter().map(|value| (value, share_of(pieces, value))).collect();
    let mut cumulative = Vec::new();
    let mut sum = outside.0;
    for (k, &edge) in edges.iter().enumerate() {
        if k > 0 {
            sum += shares[k - 1];
        }
        let stepped = |limit: f64| spikes.iter().filter(|s| s.0 <= limit).map(|s| s.1).sum::<f64>();
        let from = if k == 0 { f64::NEG_INFINITY } else { edges[k - 1] };
        for &(value, share) in spikes.iter().filter(|spike| spike.0 > from && spike.0 <= edge) {
            let rest = match k {
                0 => sum,
                _ => sum - shares[k - 1] * (1.0 - part(value, edges[k - 1], edge)),
            };
            let after = rest + stepped(value);
            cumulative.extend([(value, after - share), (value, after)]);
        }
        cumulative.push((edge, sum + stepped(edge)));
    }
    ShownBars { edges, shares, spikes, cumulative, outside }
}

/// Values that may stand out, rising.
fn frequent(pieces: &[Piece]) -> Vec<f64> {
    let mut found: Vec<Piece> =
        pieces.iter().filter(|piece| piece.is_value() && piece.share >= LEAST_SPIKE).copied().collect();
    found.sort_by(|a, b| b.share.total_cmp(&a.share));
    if let Some(next) = found.get(MOST_SPIKES).map(|piece| piece.share) {
        found.retain(|piece| piece.share >= STANDS_OUT * next);
        found.truncate(MOST_SPIKES);
    }
    let mut values: Vec<f64> = found.into_iter().map(|piece| piece.low).collect();
    values.sort_by(f64::total_cmp);
    values
}

fn share_of(pieces: &[Piece], value: f64) -> f64 {
    pieces.iter().filter(|piece| piece.is_value() && piece.low == value).map(|piece| piece.share).sum()
}

/// Edges of the bars: from the lowest to the highest spike or permille of the rest, in as many bars as the rest has runs
/// for (2 n^⅓: Rice University's rule; Lane, Introduction to Statistics, Histograms), in steps of the values' distance
/// where they stand on a lattice.
fn edges(pieces: &[Piece], spikes: &[f64], n: u64) -> Vec<f64> {
    let rest: Vec<Piece> =
        pieces.iter().filter(|piece| !(piece.is_value() && spikes.contains(&piece.low))).copied().collect();
    let mass: f64 = rest.iter().map(|piece| piece.share).sum();
    let mut limits = (f64::INFINITY, f64::NEG_INFINITY);
    let mut widen = |value: f64| limits = (limits.0.min(value), limits.1.max(value));
    spikes.iter().copied().for_each(&mut widen);
    if !rest.is_empty() {
        widen(quantile(&rest, OUTSIDE * mass));
        widen(quantile(&rest, (1.0 - OUTSIDE) * mass));
    }
    if limits.0 >= limits.1 {
        limits = (pieces[0].low, pieces[pieces.len() - 1].high);
    }
    let (low, high) = limits;
    let count = (2.0 * libm::cbrt(mass * n as f64)).round().clamp(BARS.0, BARS.1);
    if let Some(gap) = lattice(pieces) {
        let steps = ((high - low) / gap).round() + 1.0;
        let step = gap * (steps / count).ceil();
        let bars = ((steps * gap) / step).ceil().max(1.0);
        return (0..=bars as usize).map(|k| low - 0.5 * gap + k as f64 * step).collect();
    }
    let count = count as usize;
    (0..=count).map(|k| if k == count { high } else { between(low, high, k as f64 / count as f64) }).collect()
}

/// The value with so much of the pieces' share below it.
fn quantile(pieces: &[Piece], share: f64) -> f64 {
    let mut before = 0.0;
    for piece in pieces {
        if before + piece.share >= share {
            return between(piece.low, piece.high, ((share - before) / piece.share).clamp(0.0, 1.0));
        }
        before += piece.share;
    }
    pieces[pieces.len() - 1].high
}

/// The distance that all values are multiples of, as counts are of 1; `None` for runs that lie anywhere.
fn lattice(pieces: &[Piece]) -> Option<f64> {
    if !pieces.iter().all(Piece::is_value) {
        return None;
    }
    let gap = pieces.windows(2).map(|pair| pair[1].low - pair[0].low).fold(f64::INFINITY, f64::min);
    let off = |piece: &Piece| {
        let steps = (piece.low - pieces[0].low) / gap;
        (steps - steps.round()).abs()
    };
    (gap.is_finite() && pieces.iter().all(|piece| off(piece) < 1e-6)).then_some(gap)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::{CellTally, Shape};

    fn spread(values: &[f64]) -> Spread {
        let shape = Shape::from_pilot(&mut values.to_vec());
        let mut tally = CellTally::new(shape);
        tally.add(0, values);
        Spread::of(&Distribution::new(&tally)).unwrap()
    }

    fn shown_bars(values: &[f64]) -> ShownBars {
        match spread(values) {
            Spread::Bars(bars) => bars,
            Spread::Values(values) => panic!("{values:?}"),
        }
    }

    /// Points of a law with median 5, evenly by probability.
    fn bell(count: usize) -> Vec<f64> {
        (0..count)
            .map(|k| 5.0 + 2.0 * crate::math::normal_quantile((k as f64 + 0.5) / count as f64))
            .collect()
    }

    fn total(bars: &ShownBars) -> f64 {
        let inside: f64 = bars.shares.iter().sum::<f64>() + bars.spikes.iter().map(|s| s.1).sum::<f64>();
        inside + bars.outside.0 + bars.outside.1
    }

    #[test]
    fn many_runs_at_the_least_value_are_a_spike_and_not_below_it() {
        let mut values = vec![0.0; 7000];
        values.extend(bell(3000).into_iter().map(|x| x.abs() + 1.0));
        let bars = shown_bars(&values);
        assert_eq!(bars.spikes, [(0.0, 0.7)]);
        assert_eq!((bars.edges[0], bars.outside.0), (0.0, 0.0));
        assert!(bars.outside.1 > 0.0 && bars.outside.1 <= 0.0004, "{:?}", bars.outside);
        assert!((total(&bars) - 1.0).abs() < 1e-9);
        assert_eq!(bars.cumulative[..2], [(0.0, 0.0), (0.0, 0.7)]);
        // The rest is spread over the bars as if it stood alone.
        assert!(bars.shares.iter().filter(|share| **share > 0.003).count() > 12);
    }

    #[test]
    fn mass_at_the_greatest_value_and_at_both_ends_is_not_above_or_below() {
        let cut: Vec<f64> = bell(10_000).into_iter().map(|x| x.clamp(3.0, 6.0)).collect();
        let bars = shown_bars(&cut);
        let values: Vec<f64> = bars.spikes.iter().map(|s| s.0).collect();
        assert_eq!(values, [3.0, 6.0]);
        assert!((bars.spikes[0].1 - 0.1587).abs() < 2e-4 && (bars.spikes[1].1 - 0.3085).abs() < 2e-4);
        assert_eq!(bars.outside, (0.0, 0.0));
        assert!((total(&bars) - 1.0).abs() < 1e-9);
        assert!((bars.cumulative[bars.cumulative.len() - 1].1 - 1.0).abs() < 1e-9);
        assert!(bars.cumulative.is_sorted_by(|a, b| a.0 <= b.0 && a.1 <= b.1 + 1e-12));
    }

    #[test]
    fn one_run_and_equal_runs_are_one_value() {
        let shape = Shape::from_pilot(&mut bell(1000));
        let mut tally = CellTally::new(shape);
        tally.add(0, &[5.25]);
        let one = Spread::of(&Distribution::new(&tally)).unwrap();
        let whole = |value| Spread::Values(ShownValues { values: vec![(value, 1.0)], outside: (0.0, 0.0) });
        assert_eq!(one, whole(5.25));
        assert_eq!(spread(&[7.0; 300]), whole(7.0));
    }

    #[test]
    fn what_lies_outside_of_the_bars_is_a_permille_on_each_side() {
        let bars = shown_bars(&bell(20_000));
        assert!(bars.spikes.is_empty());
        assert!((bars.outside.0 - 0.001).abs() < 3e-4 && (bars.outside.1 - 0.001).abs() < 3e-4);
        assert!((total(&bars) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn a_value_no_more_frequent_than_its_neighbourhood_is_no_spike() {
        let mut values = bell(9850);
        values.extend([5.0; 150]);
        assert!(shown_bars(&values).spikes.is_empty());
        values.extend([5.0; 850]);
        assert_eq!(shown_bars(&values).spikes.len(), 1);
    }

    #[test]
    fn counts_are_shown_one_by_one_or_in_bars_of_as_many_each() {
        // 20 % of what is left each time: 41 and more values, nearly all runs on the first 31.
        let geometric: Vec<f64> = (0..100_000)
            .map(|k| (libm::log((f64::from(k) + 0.5) / 100_000.0) / libm::log(0.8)).floor())
            .collect();
        let Spread::Values(shown) = spread(&geometric) else { panic!("no values") };
        assert_eq!(shown.values[0].0, 0.0);
        assert!(shown.outside.0 == 0.0 && shown.outside.1 > 0.0 && shown.outside.1 <= OUTSIDE);
        let wide: Vec<f64> = (0..8000).map(|k| f64::from(k % 200)).collect();
        let bars = shown_bars(&wide);
        let step = bars.edges[1] - bars.edges[0];
        assert!(step == step.round() && bars.spikes.is_empty(), "{step}");
        let inner = &bars.shares[1..bars.shares.len() - 1];
        assert!(inner.iter().all(|share| (share - step / 200.0).abs() < 1e-9), "{inner:?}");
    }

    #[test]
    fn ranges_that_no_difference_can_hold_have_finite_edges() {
        let wide: Vec<f64> = (0..=1000).map(|k| (f64::from(k) - 500.0) / 500.0 * 1.7e308 * 0.999).collect();
        let bars = shown_bars(&wide);
        assert!(bars.edges.iter().chain(&bars.shares).all(|x| x.is_finite()), "{bars:?}");
        assert!(bars.edges.is_sorted());
        assert!((total(&bars) - 1.0).abs() < 1e-9);
    }
}
