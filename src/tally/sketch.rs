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
/// Most values that wait to be counted.
const MOST_WAITING: usize = 1 << 14;
/// Values of all sketches of a thread that wait to be counted, at most.
const WAITING_IN_ALL: usize = 1 << 24;
/// Values whose places are found at a time.
pub(super) const CHUNK: usize = 512;
/// No bin is farther from 0: an octave for each exponent on either side, twice, and room for atoms.
const FARTHEST: u64 = 1 << 23;

/// Counts of an output's values in bins of bounded width; merging is addition.
///
/// Its memory follows what is counted: places of the values as long as they are few, then counters of 16 bits, and of
/// 64 once those do not suffice.
#[derive(Clone, Debug)]
pub struct Sketch {
    grid: Grid,
    /// Bin of the first counter.
    first: i64,
    /// Bins in the window, which holds nearly all runs.
    length: usize,
    /// Counts of the bins in the window; empty before the first value is counted.
    short: Vec<u16>,
    /// None of them is greater.
    most: u32,
    /// Counts that were moved out of `short`, of the same bins; empty before the first.
    long: Vec<u64>,
    /// Counts of the bins outside the window.
    others: BTreeMap<i64, u64>,
    /// With atoms only: least and greatest value seen in each bin, so that a bin of one value gives that value.
    pub(super) extremes: BTreeMap<i64, (f64, f64)>,
    has_atoms: bool,
    /// Counters of values that were not counted yet: they are counted many blocks at a time, so that the counters of
    /// one cell are in the nearest cache while they are.
    pending: Vec<u16>,
    /// How many of them there are.
    waiting: usize,
    /// How many there may be.
    room: usize,
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
        Sketch::among(shape, 1)
    }

    /// The same as one of so many, which share the room for values that wait.
    pub fn among(shape: &Shape, sketches: usize) -> Sketch {
        Sketch {
            grid: Grid::new(&shape.resolution),
            first: 0,
            length: 0,
            short: Vec::new(),
            most: 0,
            long: Vec::new(),
            others: BTreeMap::new(),
            extremes: BTreeMap::new(),
            has_atoms: !shape.atoms.is_empty(),
            pending: Vec::new(),
            waiting: 0,
            room: room_among(sketches),
        }
    }

    /// How many values may wait in each of so many sketches, where that is less than in a single one.
    pub fn scarce_room(sketches: usize) -> Option<u64> {
        let room = room_among(sketches);
        (room < MOST_WAITING).then_some(room as u64)
    }

    /// About how many bytes one of so many sketches needs beside itself for so many values: of a law like the normal one,
    /// which fills the bins of three or four octaves on either side.
    pub fn memory(sketches: usize, values: u64) -> u64 {
        const BINS: u64 = 7 * PAGE as u64;
        let place = size_of::<u16>() as u64;
        let room = room_among(sketches) as u64;
        if values <= room {
            return values * place;
        }
        // A bin at the centre of a normal law holds less than one value in 2,048.
        let counters = match values >> FRACTION_BITS {
            few if few <= u64::from(u16::MAX) => BINS * place,
            _ => BINS * (place + size_of::<u64>() as u64),
        };
        // Where the room is scarce, values are counted when nobody adds any, and none waits any longer.
        counters + if Sketch::scarce_room(sketches).is_some() { 0 } else { room * place }
    }

    /// Counts finite values; others are skipped (they are counted elsewhere).
    pub fn add(&mut self, shape: &Shape, values: &[f64]) {
        if self.has_atoms && self.add_atoms(shape, values) {
            return;
        }
        if self.has_atoms {
            values.chunks(CHUNK).for_each(|values| self.add_beside_atoms(shape, values));
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
        self.grid.window(self.first, self.length as u32)
    }

    /// Takes up to [`CHUNK`] values and their places in the window, of which `greatest` is the greatest.
    pub(super) fn place(&mut self, values: &[f64], places: &[u32], greatest: u32) {
        if (greatest as usize) >= self.length {
            // Some lie outside the window, which may widen: one by one.
            for &value in values.iter().filter(|value| value.is_finite()) {
                self.wait(self.grid.bin(value));
            }
        } else if self.length <= MOST_SHORT {
            if self.waiting + places.len() > self.pending.len() {
                self.make_room(places.len());
            }
            let waiting = &mut self.pending[self.waiting..self.waiting + places.len()];
            shorten(places, waiting);
            self.waiting += places.len();
        } else {
            self.before_counting(places.len());
            let counts = self.short.as_mut_slice();
            places.iter().for_each(|&place| counts[place as usize] += 1);
        }
    }

    /// Takes one value of a bin, the window's ends moved outwards where it must be.
    fn wait(&mut self, bin: i64) {
        if !self.reaches(bin) && !self.grow(bin) {
            *self.others.entry(bin).or_default() += 1;
            return;
        }
        let place = (bin - self.first) as usize;
        if self.length > MOST_SHORT {
            self.before_counting(1);
            self.short[place] += 1;
            return;
        }
        if self.waiting == self.pending.len() {
            self.make_room(1);
        }
        self.pending[self.waiting] = place as u16;
        self.waiting += 1;
    }

    /// Lets so many more values wait: in more memory up to the room there is, then in place of those that wait.
    #[cold]
    fn make_room(&mut self, values: usize) {
        let length = (2 * self.pending.len()).max(self.waiting + values).min(self.room);
        self.pending.resize(length.max(self.pending.len()), 0);
        if self.waiting + values > length {
            self.count_pending();
        }
    }

    /// Counts the values that wait.
    fn count_pending(&mut self) {
        if self.waiting == 0 {
            return;
        }
        self.before_counting(self.waiting);
        let short = self.short.as_mut_slice();
        for &place in &self.pending[..self.waiting] {
            short[usize::from(place)] += 1;
        }
        self.waiting = 0;
    }

    /// Makes sure that no counter overflows when up to 16,384 values are counted.
    fn before_counting(&mut self, values: usize) {
        self.short.resize(self.length, 0);
        self.most += values as u32;
        if self.most > u32::from(u16::MAX) {
            self.look_at_counters(values as u32);
        }
    }

    #[cold]
    fn look_at_counters(&mut self, values: u32) {
        let mut greatest = 0;
        greatest_of(&self.short, &mut greatest);
        self.most = u32::from(greatest) + values;
        if self.most > u32::from(u16::MAX) {
            self.long.resize(self.length, 0);
            move_counts(&mut self.short, &mut self.long);
            self.most = values;
        }
    }

    fn add_beside_atoms(&mut self, shape: &Shape, values: &[f64]) {
        let mut bins = [0; CHUNK];
        fill_bins(values, &self.grid, &mut bins[..values.len()]);
        for (&value, &bin) in values.iter().zip(&bins).filter(|(value, _)| value.is_finite()) {
            let bin = bin + atom_shift(&shape.atoms, value);
            self.wait(bin);
            self.widen(bin, (value, value));
        }
    }

    /// Whether values can be counted without looking for atoms.
    pub(super) fn is_smooth(&self) -> bool {
        !self.has_atoms
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
            self.add_total(bin, count);
            self.widen(bin, (atom, atom));
        }
        true
    }

    /// Makes the window reach a bin; false where it would become too large.
    #[cold]
    fn grow(&mut self, bin: i64) -> bool {
        let page = bin.div_euclid(PAGE) * PAGE;
        let (mut first, mut end) = (page, page + PAGE);
        if self.length > 0 {
            (first, end) = (first.min(self.first), end.max(self.first + self.length as i64));
        }
        if end - first > MOST_PAGES * PAGE {
            return false;
        }
        let before = if self.length == 0 { 0 } else { (self.first - first) as usize };
        let length = (end - first) as usize;
        if length > MOST_SHORT {
            self.count_pending();
        }
        self.pending[..self.waiting].iter_mut().for_each(|place| *place += before as u16);
        if !self.short.is_empty() {
            self.short = moved(&self.short, before, length);
        }
        if !self.long.is_empty() {
            self.long = moved(&self.long, before, length);
        }
        (self.first, self.length) = (first, length);
        // Bins that were outside until now move in, so that each bin has one place.
        let inside: Vec<i64> = self.others.range(first..end).map(|(&bin, _)| bin).collect();
        for bin in inside {
            let count = self.others.remove(&bin).unwrap_or(0);
            self.add_total(bin, count);
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

    /// Adds the counts of another sketch of the same shape.
    pub fn merge(&mut self, other: &Sketch) {
        if !other.short.is_empty() || !self.take_waiting(other) {
            other.totals().into_iter().for_each(|(bin, count)| self.take_total(bin, count));
        }
        other.extremes.iter().for_each(|(&bin, &seen)| self.widen(bin, seen));
    }

    /// Takes the values of a sketch without counters, place by place; false, and none is taken, where the window
    /// cannot reach all of them.
    fn take_waiting(&mut self, other: &Sketch) -> bool {
        let places = &other.pending[..other.waiting];
        if places.is_empty() || !other.others.is_empty() {
            return false;
        }
        let mut reaches = |bin: i64| self.reaches(bin) || self.grow(bin);
        if !reaches(other.first) || !reaches(other.first + other.length as i64 - 1) {
            return false;
        }
        let before = (other.first - self.first) as usize;
        if self.short.is_empty() && self.waiting + places.len() <= self.room && self.length <= MOST_SHORT {
            self.pending.truncate(self.waiting);
            self.pending.reserve_exact(places.len());
            self.pending.extend(places.iter().map(|place| place + before as u16));
            self.waiting = self.pending.len();
            return true;
        }
        self.count_pending();
        self.pending = Vec::new();
        self.before_counting(places.len());
        let short = &mut self.short[before..];
        places.iter().for_each(|&place| short[usize::from(place)] += 1);
        true
    }

    /// Adds counts of bins and what was seen there, as they were written to a file; false where there are no such bins.
    pub(super) fn add_totals(&mut self, totals: &[(i64, u64)], extremes: &[(i64, (f64, f64))]) -> bool {
        let mut bins = totals.iter().map(|(bin, _)| bin).chain(extremes.iter().map(|(bin, _)| bin));
        if bins.any(|bin| bin.unsigned_abs() > FARTHEST) || !(self.has_atoms || extremes.is_empty()) {
            return false;
        }
        totals.iter().for_each(|&(bin, count)| self.take_total(bin, count));
        extremes.iter().for_each(|&(bin, seen)| self.widen(bin, seen));
        true
    }

    /// Adds a count that comes from elsewhere: values that are few wait, which takes less memory than counters.
    fn take_total(&mut self, bin: i64, count: u64) {
        match self.short.is_empty() && count <= self.room.saturating_sub(self.waiting) as u64 {
            true => (0..count).for_each(|_| self.wait(bin)),
            false => self.add_total(bin, count),
        }
    }

    /// Adds a count to a bin, wherever it has its counter.
    fn add_total(&mut self, bin: i64, count: u64) {
        if !self.reaches(bin) && !self.grow(bin) {
            *self.others.entry(bin).or_default() += count;
            return;
        }
        let place = (bin - self.first) as usize;
        self.short.resize(self.length, 0);
        let sum = u64::from(self.short[place]) + count;
        if let Ok(short) = u16::try_from(sum) {
            self.short[place] = short;
            self.most = self.most.max(u32::from(short));
        } else {
            self.long.resize(self.length, 0);
            self.short[place] = 0;
            self.long[place] += sum;
        }
    }

    /// Whether a bin lies in the window.
    fn reaches(&self, bin: i64) -> bool {
        (self.first..self.first + self.length as i64).contains(&bin)
    }

    /// All counts that are not 0 by bin, ascending.
    pub(super) fn totals(&self) -> Vec<(i64, u64)> {
        let end = self.first + self.length as i64;
        let outside =
            |range: (Bound<i64>, Bound<i64>)| self.others.range(range).map(|(&bin, &count)| (bin, count));
        let mut counts = self.long.clone();
        counts.resize(self.length, 0);
        self.short.iter().zip(&mut counts).for_each(|(&short, count)| *count += u64::from(short));
        self.pending[..self.waiting].iter().for_each(|&place| counts[usize::from(place)] += 1);
        let mut totals: Vec<(i64, u64)> = outside((Bound::Unbounded, Bound::Excluded(self.first))).collect();
        totals.reserve(counts.iter().filter(|count| **count > 0).count() + self.others.len());
        for (place, &count) in counts.iter().enumerate() {
            if count > 0 {
                totals.push((self.first + place as i64, count));
            }
        }
        totals.extend(outside((Bound::Included(end.max(self.first)), Bound::Unbounded)));
        totals
    }

    /// The bins that hold runs, in ascending order of value.
    pub fn bins(&self, shape: &Shape) -> Vec<SketchBin> {
        let plain = |(bin, count): (i64, u64)| {
            let (low, high) = self.grid.edges(bin);
            SketchBin { low, high, count }
        };
        if !self.has_atoms {
            return self.totals().into_iter().map(plain).collect();
        }
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

/// How many values may wait in each of so many sketches.
fn room_among(sketches: usize) -> usize {
    (WAITING_IN_ALL / sketches.max(1) / CHUNK * CHUNK).clamp(CHUNK, MOST_WAITING)
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
    fn move_counts(short: &mut [u16], long: &mut [u64]) {
        for (long, short) in long.iter_mut().zip(short) {
            *long += u64::from(*short);
            *short = 0;
        }
    }
}

vectorised! {
    fn greatest_of(counts: &[u16], greatest: &mut u16) {
        *greatest = counts.iter().copied().fold(0, u16::max);
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
