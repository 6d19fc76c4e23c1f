//! The quantile sketch: a histogram whose bins are fine where the output has its runs and never end.
//!
//! The bins are those of [`super::grid`]. A percentile is off by at most 2⁻¹¹·(1 + |d|)·scale whatever the law, d the
//! distance from the anchor in units of the scale, and by the square of that where the density is smooth
//! (`docs/methods.md#sketch`). Values that repeat (atoms) have bins of their own and come out as exactly themselves.

use std::collections::BTreeMap;
use std::ops::Bound;

use super::Shape;
use super::grid::{FRACTION_BITS, Grid, Window, fill_bins, fill_places};
use crate::math::simd::vectorised;

/// Bins kept as plain counters: a window that grows by whole pages up to so many.
const PAGE: i64 = 1 << FRACTION_BITS;
const MOST_PAGES: i64 = 48;
/// Windows up to this length have places of 16 bits.
const MOST_SHORT: usize = 1 << 16;
/// Atoms up to this number are compared with one by one.
const FEW_ATOMS: usize = 8;
/// Values that wait to be counted.
const PENDING: usize = 1 << 14;
/// Values whose places are found at a time.
pub(super) const CHUNK: usize = 512;
/// No bin is farther from 0: an octave for each exponent on either side, twice, and room for atoms.
const FARTHEST: u64 = 1 << 23;
/// Runs after which 32-bit counts are moved to 64-bit ones.
const SPILL_EVERY: u64 = 1 << 31;

/// Counts of an output's values in bins of bounded width; merging is addition.
#[derive(Clone, Debug)]
pub struct Sketch {
    grid: Grid,
    /// Bin of the first counter.
    first: i64,
    /// Counts since the last spill of the bins in the window, which holds nearly all runs.
    counts: Vec<u32>,
    /// Counts moved out of `counts`, of the same bins; empty before the first spill.
    spilled: Vec<u64>,
    /// Counts of the bins outside the window.
    others: BTreeMap<i64, u64>,
    since_spill: u64,
    /// With atoms only: least and greatest value seen in each bin, so that a bin of one value gives that value.
    pub(super) extremes: BTreeMap<i64, (f64, f64)>,
    has_atoms: bool,
    /// Counters of values that were not counted yet: they are counted many blocks at a time, so that the counters of
    /// one cell are in the nearest cache while they are.
    pending: Box<[u16; PENDING]>,
    /// While they are counted: counters that take half the room.
    short: Vec<u16>,
    /// How many of them there are.
    waiting: usize,
    bins: Vec<i64>,
}

/// One bin that holds runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SketchBin {
    /// Values in the bin lie in [low, high]; equal for an atom.
    pub low: f64,
    pub high: f64,
    pub count: u64,
}

impl Sketch {
    /// An empty sketch with the bins that `shape` fixes.
    pub fn new(shape: &Shape) -> Sketch {
        Sketch {
            grid: Grid::new(&shape.resolution),
            first: 0,
            counts: Vec::new(),
            spilled: Vec::new(),
            others: BTreeMap::new(),
            since_spill: 0,
            extremes: BTreeMap::new(),
            has_atoms: !shape.atoms.is_empty(),
            pending: Box::new([0; PENDING]),
            short: Vec::new(),
            waiting: 0,
            bins: Vec::new(),
        }
    }

    /// Counts finite values; others are skipped (they are counted elsewhere).
    pub fn add(&mut self, shape: &Shape, values: &[f64]) {
        self.make_room(values.len());
        if self.has_atoms && self.add_atoms(shape, values) {
            return;
        }
        if self.has_atoms {
            self.add_beside_atoms(shape, values);
            return;
        }
        let (mut places, mut greatest) = ([0; CHUNK], 0);
        for values in values.chunks(CHUNK) {
            let places = &mut places[..values.len()];
            fill_places(values, &self.window(), places, &mut greatest);
            self.place(values, places, greatest);
        }
    }

    /// Where values are counted, as long as nothing is added.
    pub(super) fn window(&self) -> Window {
        self.grid.window(self.first, self.length() as u32)
    }

    /// Takes up to [`CHUNK`] values and their places in the window, of which `greatest` is the greatest.
    pub(super) fn place(&mut self, values: &[f64], places: &[u32], greatest: u32) {
        if (greatest as usize) >= self.length() {
            // Some lie outside the window, which may widen: one by one.
            self.count_pending();
            for &value in values.iter().filter(|value| value.is_finite()) {
                self.count(self.grid.bin(value), 1);
            }
        } else if self.length() <= MOST_SHORT {
            if self.waiting + places.len() > PENDING {
                self.count_pending();
            }
            let waiting = &mut self.pending[self.waiting..self.waiting + places.len()];
            shorten(places, waiting);
            self.waiting += places.len();
        } else {
            let counts = self.counts.as_mut_slice();
            places.iter().for_each(|&place| counts[place as usize] += 1);
        }
    }

    /// Counts the values that wait.
    fn count_pending(&mut self) {
        if self.waiting == 0 {
            return;
        }
        self.short.resize(self.counts.len(), 0);
        let short = self.short.as_mut_slice();
        for &place in &self.pending[..self.waiting] {
            short[usize::from(place)] += 1;
        }
        move_counts(short, &mut self.counts);
        self.waiting = 0;
    }

    /// Bins in the window.
    fn length(&self) -> usize {
        self.counts.len()
    }

    fn add_beside_atoms(&mut self, shape: &Shape, values: &[f64]) {
        let mut bins = std::mem::take(&mut self.bins);
        bins.resize(values.len(), 0);
        fill_bins(values, &self.grid, &mut bins);
        for (&value, &bin) in values.iter().zip(&bins).filter(|(value, _)| value.is_finite()) {
            let bin = bin + atom_shift(&shape.atoms, value);
            self.count(bin, 1);
            self.widen(bin, (value, value));
        }
        self.bins = bins;
    }

    /// Whether values can be counted without looking for atoms.
    pub(super) fn is_smooth(&self) -> bool {
        !self.has_atoms
    }

    /// To be called before values are counted: moves counts on before they could overflow.
    pub(super) fn make_room(&mut self, values: usize) {
        self.since_spill += values as u64;
        if self.since_spill >= SPILL_EVERY {
            self.spill();
        }
    }

    /// Counts values that are all among a few atoms, as those of a comparison are; false if they are not.
    fn add_atoms(&mut self, shape: &Shape, values: &[f64]) -> bool {
        let atoms = &shape.atoms;
        if atoms.len() > FEW_ATOMS {
            return false;
        }
        let mut equal = [0; FEW_ATOMS];
        for (count, &atom) in equal.iter_mut().zip(atoms) {
            count_equal(values, atom, count);
        }
        if equal.iter().sum::<u64>() != values.len() as u64 {
            return false;
        }
        for (&count, &atom) in equal.iter().zip(atoms).filter(|(count, _)| **count > 0) {
            let bin = self.grid.bin(atom) + atom_shift(atoms, atom);
            self.count(bin, count);
            self.widen(bin, (atom, atom));
        }
        true
    }

    /// Adds to a bin, moving the window's ends outwards where there is room.
    fn count(&mut self, bin: i64, count: u64) {
        if !self.reaches(bin) && !self.grow(bin) {
            *self.others.entry(bin).or_default() += count;
            return;
        }
        self.counts[(bin - self.first) as usize] += count as u32;
    }

    /// Makes the window reach a bin; false where it would become too large.
    #[cold]
    fn grow(&mut self, bin: i64) -> bool {
        let page = bin.div_euclid(PAGE) * PAGE;
        let (mut first, mut end) = (page, page + PAGE);
        if self.length() > 0 {
            (first, end) = (first.min(self.first), end.max(self.first + self.length() as i64));
        }
        if end - first > MOST_PAGES * PAGE {
            return false;
        }
        let before = if self.length() == 0 { 0 } else { (self.first - first) as usize };
        let length = (end - first) as usize;
        self.counts = moved(&self.counts, before, length);
        if !self.spilled.is_empty() {
            self.spilled = moved(&self.spilled, before, length);
        }
        self.first = first;
        // Bins that were outside until now move in, so that each bin has one place.
        let inside: Vec<i64> = self.others.range(first..end).map(|(&bin, _)| bin).collect();
        for bin in inside {
            let count = self.others.remove(&bin).unwrap_or(0);
            self.spilled.resize(length, 0);
            self.spilled[(bin - first) as usize] += count;
        }
        true
    }

    fn widen(&mut self, bin: i64, seen: (f64, f64)) {
        // A zero is positive, whichever came first.
        let seen = (seen.0 + 0.0, seen.1 + 0.0);
        let (low, high) = self.extremes.entry(bin).or_insert(seen);
        *low = low.min(seen.0);
        *high = high.max(seen.1);
    }

    fn spill(&mut self) {
        self.count_pending();
        self.spilled.resize(self.length(), 0);
        for (total, count) in self.spilled.iter_mut().zip(&mut self.counts) {
            *total += u64::from(std::mem::take(count));
        }
        self.since_spill = 0;
    }

    /// Adds the counts of another sketch of the same shape.
    pub fn merge(&mut self, other: &Sketch) {
        self.spill();
        other.totals().into_iter().for_each(|(bin, count)| self.add_total(bin, count));
        other.extremes.iter().for_each(|(&bin, &seen)| self.widen(bin, seen));
    }

    /// Adds counts of bins and what was seen there, as they were written to a file; false where there are no such bins.
    pub(super) fn add_totals(&mut self, totals: &[(i64, u64)], extremes: &[(i64, (f64, f64))]) -> bool {
        let mut bins = totals.iter().map(|(bin, _)| bin).chain(extremes.iter().map(|(bin, _)| bin));
        if bins.any(|bin| bin.unsigned_abs() > FARTHEST) || !(self.has_atoms || extremes.is_empty()) {
            return false;
        }
        self.spill();
        totals.iter().for_each(|&(bin, count)| self.add_total(bin, count));
        extremes.iter().for_each(|&(bin, seen)| self.widen(bin, seen));
        true
    }

    fn add_total(&mut self, bin: i64, count: u64) {
        if self.reaches(bin) || self.grow(bin) {
            self.spilled.resize(self.length(), 0);
            self.spilled[(bin - self.first) as usize] += count;
        } else {
            *self.others.entry(bin).or_default() += count;
        }
    }

    /// Whether a bin lies in the window.
    fn reaches(&self, bin: i64) -> bool {
        (self.first..self.first + self.length() as i64).contains(&bin)
    }

    /// All counts that are not 0 by bin, ascending.
    pub(super) fn totals(&self) -> Vec<(i64, u64)> {
        let end = self.first + self.length() as i64;
        let outside =
            |range: (Bound<i64>, Bound<i64>)| self.others.range(range).map(|(&bin, &count)| (bin, count));
        let mut counts = self.counts.clone();
        self.pending[..self.waiting].iter().for_each(|&place| counts[usize::from(place)] += 1);
        let window = counts.into_iter().enumerate().map(|(offset, count)| {
            let spilled = self.spilled.get(offset).copied().unwrap_or(0);
            (self.first + offset as i64, u64::from(count) + spilled)
        });
        outside((Bound::Unbounded, Bound::Excluded(self.first)))
            .chain(window.filter(|(_, count)| *count > 0))
            .chain(outside((Bound::Included(end.max(self.first)), Bound::Unbounded)))
            .collect()
    }

    /// The bins that hold runs, in ascending order of value.
    pub fn bins(&self, shape: &Shape) -> Vec<SketchBin> {
        let atom_bins: Vec<i64> =
            shape.atoms.iter().map(|&atom| self.grid.bin(atom) + atom_shift(&shape.atoms, atom)).collect();
        self.totals()
            .into_iter()
            .map(|(bin, count)| {
                let below = atom_bins.partition_point(|&atom| atom < bin);
                if atom_bins.get(below) == Some(&bin) {
                    return SketchBin { low: shape.atoms[below], high: shape.atoms[below], count };
                }
                let (low, high) = match self.extremes.get(&bin) {
                    Some(&seen) => seen,
                    None => self.grid.edges(bin - 2 * below as i64),
                };
                SketchBin { low, high, count }
            })
            .collect()
    }
}

impl PartialEq for Sketch {
    fn eq(&self, other: &Self) -> bool {
        self.totals() == other.totals() && self.extremes == other.extremes
    }
}

/// Counters of a wider window, the old ones from `before` on.
fn moved<T: Clone + Default>(counts: &[T], before: usize, length: usize) -> Vec<T> {
    let mut wider = vec![T::default(); length];
    wider[before..before + counts.len()].clone_from_slice(counts);
    wider
}

vectorised! {
    fn move_counts(short: &mut [u16], counts: &mut [u32]) {
        for (count, short) in counts.iter_mut().zip(short) {
            *count += u32::from(*short);
            *short = 0;
        }
    }
}

vectorised! {
    fn shorten(places: &[u32], short: &mut [u16]) {
        for (short, &place) in short.iter_mut().zip(places) {
            *short = place as u16;
        }
    }
}

vectorised! {
    fn count_equal(values: &[f64], atom: f64, count: &mut u64) {
        *count = values.iter().map(|&value| u64::from(value == atom)).sum();
    }
}

/// Twice the atoms below the value, and one more where it is an atom: keeps bins in the order of the values.
#[inline(always)]
fn atom_shift(atoms: &[f64], value: f64) -> i64 {
    if atoms.len() <= FEW_ATOMS {
        atoms.iter().map(|&atom| i64::from(atom < value) + i64::from(atom <= value)).sum()
    } else {
        let below = atoms.partition_point(|&atom| atom < value);
        2 * below as i64 + i64::from(atoms.get(below) == Some(&value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shape(centre: f64, spread: f64, atoms: &[f64]) -> Shape {
        Shape::plain(centre, spread, atoms.to_vec())
    }

    proptest! {
        #[test]
        fn every_value_lies_in_its_bin_and_the_bin_is_no_wider_than_promised(value in -1e9f64..1e9, centre in -1e3f64..1e3) {
            let shape = shape(centre, 0.5, &[]);
            let mut sketch = Sketch::new(&shape);
            sketch.add(&shape, &[value]);
            let found = sketch.bins(&shape)[0];
            let d = (value - centre).abs() / 0.5;
            let slack = 1e-12 * (value.abs() + centre.abs());
            prop_assert!(found.low <= value + slack && value <= found.high + slack);
            prop_assert!(found.high - found.low <= (1.0 + d) / PAGE as f64 * 0.5 + slack);
        }

        #[test]
        fn bins_come_in_the_order_of_the_values(mut values in prop::collection::vec(-50i32..50, 2..80)) {
            let all: Vec<f64> = values.iter().map(|&v| f64::from(v) / 8.0).collect();
            let shape = shape(0.3, 1.0, &[-2.0, 0.0, 0.125, 3.0]);
            let mut sketch = Sketch::new(&shape);
            sketch.add(&shape, &all);
            let bins = sketch.bins(&shape);
            values.sort_unstable();
            let mut expanded = Vec::new();
            for bin in &bins {
                prop_assert_eq!(bin.low, bin.high);
                expanded.extend(std::iter::repeat_n(bin.low, bin.count as usize));
            }
            let sorted: Vec<f64> = values.iter().map(|&v| f64::from(v) / 8.0).collect();
            prop_assert_eq!(expanded, sorted);
        }

        #[test]
        fn merge_is_the_same_in_any_order(left in prop::collection::vec(-1e3f64..1e3, 0..50), right in prop::collection::vec(-1e3f64..1e3, 0..50)) {
            let shape = shape(0.0, 2.0, &[]);
            let (mut a, mut b, mut whole) = (Sketch::new(&shape), Sketch::new(&shape), Sketch::new(&shape));
            a.add(&shape, &left);
            b.add(&shape, &right);
            whole.add(&shape, &left);
            whole.add(&shape, &right);
            let (mut ab, mut ba) = (a.clone(), b.clone());
            ab.merge(&b);
            ba.merge(&a);
            prop_assert_eq!(&ab, &ba);
            prop_assert_eq!(&ab, &whole);
        }
    }

    #[test]
    fn an_atom_keeps_apart_from_its_neighbours_in_the_same_bin() {
        let shape = shape(0.0, 1.0, &[0.0]);
        let mut sketch = Sketch::new(&shape);
        sketch.add(&shape, &[0.0, 1e-9, -1e-9, 0.0]);
        let bins = sketch.bins(&shape);
        let found: Vec<(f64, u64)> = bins.iter().map(|b| (b.low, b.count)).collect();
        assert_eq!(found, [(-1e-9, 1), (0.0, 2), (1e-9, 1)]);
    }

    #[test]
    fn the_ends_of_the_range_of_f64_have_bins() {
        let shape = shape(0.0, libm::ldexp(1.0, -900), &[]);
        let mut sketch = Sketch::new(&shape);
        sketch.add(&shape, &[f64::MAX, -f64::MAX, f64::NAN, f64::INFINITY]);
        let bins = sketch.bins(&shape);
        assert_eq!(bins.iter().map(|b| b.count).sum::<u64>(), 2);
        assert!(bins.iter().all(|b| !b.low.is_nan() && !b.high.is_nan()));
    }
}
