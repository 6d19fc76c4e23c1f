//! The quantile sketch: a histogram whose bins are fine where the output has its runs and never end.
//!
//! With d = (y − anchor) / scale (the output's centre and spread, or finer: [`super::Resolution`]), the bins are those
//! of the floating-point number 1 + |d| cut to its first twelve fraction bits: 4,096 of equal width for |d| < 1, 4,096
//! of twice that width for 1 ≤ |d| < 3, and so on to the end of the range of f64. A percentile is therefore off by at
//! most 2⁻¹²·(1 + |d|)·scale whatever the law, and by the square of that where the density is smooth
//! (`docs/methods.md#sketch`). Values that repeat (atoms) have bins of their own and come out as exactly themselves.

use std::collections::BTreeMap;

use super::Shape;
use super::resolution::{Resolution, Scale};
use crate::math::simd::vectorised;

/// Fraction bits of 1 + |d| that make the bin number.
const FRACTION_BITS: u32 = 12;
/// Bins of a page, the unit of allocation.
const PAGE: usize = 1 << FRACTION_BITS;
/// Pages on each side of an anchor: one a binary exponent of 1 + |d|, and room for the shift by atoms.
const PAGES_A_SIDE: i64 = 1028;
/// Bins of the values below the split are numbered down from it, the others up.
const HALF: i64 = PAGES_A_SIDE * PAGE as i64;
/// Runs after which 32-bit counts are moved to 64-bit ones.
const SPILL_EVERY: u64 = 1 << 31;
/// Page number of a page nobody has touched.
const UNTOUCHED: u16 = u16::MAX;

/// Counts of an output's values in bins of bounded width; merging is addition.
#[derive(Clone, Debug)]
pub struct Sketch {
    /// Where in `counts` the page of a bin stands.
    pages: Vec<u16>,
    /// Counts since the last spill, page by page.
    counts: Vec<u32>,
    /// Counts moved out of `counts`, by bin.
    spilled: BTreeMap<i64, u64>,
    since_spill: u64,
    /// With atoms only: least and greatest value seen in each bin, so that a bin of one value gives that value.
    extremes: Vec<(f64, f64)>,
    has_atoms: bool,
    /// Bins of the block at hand.
    scratch: Vec<i64>,
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
            pages: vec![UNTOUCHED; 4 * PAGES_A_SIDE as usize],
            counts: Vec::new(),
            spilled: BTreeMap::new(),
            since_spill: 0,
            extremes: Vec::new(),
            has_atoms: !shape.atoms.is_empty(),
            scratch: Vec::new(),
        }
    }

    /// Counts finite values; others are skipped (they are counted elsewhere).
    pub fn add(&mut self, shape: &Shape, values: &[f64]) {
        self.since_spill += values.len() as u64;
        if self.since_spill >= SPILL_EVERY {
            self.spill();
        }
        let mut bins = std::mem::take(&mut self.scratch);
        bins.resize(values.len(), 0);
        fill_bins(values, &shape.resolution, &mut bins);
        for (&value, &bin) in values.iter().zip(&bins).filter(|(value, _)| value.is_finite()) {
            if self.has_atoms {
                let slot = self.slot(bin + atom_shift(&shape.atoms, value));
                self.counts[slot] += 1;
                let (low, high) = &mut self.extremes[slot];
                *low = low.min(value);
                *high = high.max(value);
            } else {
                let slot = self.slot(bin);
                self.counts[slot] += 1;
            }
        }
        self.scratch = bins;
    }

    /// Place of a bin in `counts`; the first touch of a page allocates it.
    #[inline(always)]
    fn slot(&mut self, bin: i64) -> usize {
        let place = bin + 2 * HALF;
        let page = self.pages[(place >> FRACTION_BITS) as usize];
        let page = if page == UNTOUCHED { self.allocate((place >> FRACTION_BITS) as usize) } else { page };
        ((page as usize) << FRACTION_BITS) | (place as usize & (PAGE - 1))
    }

    #[cold]
    fn allocate(&mut self, page: usize) -> u16 {
        let number = (self.counts.len() >> FRACTION_BITS) as u16;
        self.pages[page] = number;
        self.counts.resize(self.counts.len() + PAGE, 0);
        if self.has_atoms {
            self.extremes.resize(self.counts.len(), (f64::INFINITY, f64::NEG_INFINITY));
        }
        number
    }

    fn spill(&mut self) {
        for (bin, count) in self.hot() {
            *self.spilled.entry(bin).or_default() += u64::from(count);
        }
        self.counts.fill(0);
        self.since_spill = 0;
    }

    /// Bins with 32-bit counts, ascending.
    fn hot(&self) -> Vec<(i64, u32)> {
        let mut bins = Vec::new();
        for (place, &page) in self.pages.iter().enumerate().filter(|(_, p)| **p != UNTOUCHED) {
            let first = ((place as i64) << FRACTION_BITS) - 2 * HALF;
            let counts = &self.counts[(page as usize) << FRACTION_BITS..][..PAGE];
            bins.extend((first..).zip(counts.iter().copied()).filter(|(_, count)| *count > 0));
        }
        bins
    }

    /// Adds the counts of another sketch of the same shape.
    pub fn merge(&mut self, other: &Sketch) {
        for (bin, count) in other.totals() {
            *self.spilled.entry(bin).or_default() += count;
            if self.has_atoms {
                let (low, high) = other.extremes_of(bin);
                let slot = self.slot(bin);
                let mine = &mut self.extremes[slot];
                *mine = (mine.0.min(low), mine.1.max(high));
            }
        }
    }

    fn extremes_of(&self, bin: i64) -> (f64, f64) {
        let place = bin + 2 * HALF;
        let page = self.pages[(place >> FRACTION_BITS) as usize] as usize;
        self.extremes[(page << FRACTION_BITS) | (place as usize & (PAGE - 1))]
    }

    /// All counts by bin, ascending.
    fn totals(&self) -> BTreeMap<i64, u64> {
        let mut totals = self.spilled.clone();
        for (bin, count) in self.hot() {
            *totals.entry(bin).or_default() += u64::from(count);
        }
        totals
    }

    /// The bins that hold runs, in ascending order of value.
    pub fn bins(&self, shape: &Shape) -> Vec<SketchBin> {
        let atom_bins: Vec<i64> = shape
            .atoms
            .iter()
            .enumerate()
            .map(|(k, &atom)| bin(atom, &shape.resolution) + 2 * k as i64 + 1)
            .collect();
        self.totals()
            .into_iter()
            .map(|(number, count)| {
                let below = atom_bins.partition_point(|&atom| atom < number);
                if atom_bins.get(below) == Some(&number) {
                    return SketchBin { low: shape.atoms[below], high: shape.atoms[below], count };
                }
                let (mut low, mut high) = edges(number - 2 * below as i64, &shape.resolution);
                if self.has_atoms {
                    (low, high) = self.extremes_of(number);
                }
                if low > high {
                    std::mem::swap(&mut low, &mut high);
                }
                SketchBin { low, high, count }
            })
            .collect()
    }
}

impl PartialEq for Sketch {
    fn eq(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.totals(), other.totals());
        mine == theirs
            && (!self.has_atoms || mine.keys().all(|&bin| self.extremes_of(bin) == other.extremes_of(bin)))
    }
}

/// Bin of a value before the shift by atoms; monotone in the value.
#[inline(always)]
fn bin(value: f64, resolution: &Resolution) -> i64 {
    let Resolution { split, low, high } = resolution;
    let below = value < *split;
    let (anchor, inverse) =
        if below { (low.anchor, 1.0 / low.scale) } else { (high.anchor, 1.0 / high.scale) };
    let d = ((value - anchor) * inverse).clamp(-f64::MAX, f64::MAX);
    let k = (((1.0 + d.abs()).to_bits() >> (52 - FRACTION_BITS)) as i64) - (1023 << FRACTION_BITS);
    let signed = if d < 0.0 { -1 - k } else { k };
    if below { signed - HALF } else { signed + HALF }
}

vectorised! {
    fn fill_bins(values: &[f64], resolution: &Resolution, bins: &mut [i64]) {
        let resolution = *resolution;
        for (place, &value) in bins.iter_mut().zip(values) {
            *place = bin(value, &resolution);
        }
    }
}

/// Twice the atoms below the value, and one more where it is an atom: keeps bins in the order of the values.
#[inline(always)]
fn atom_shift(atoms: &[f64], value: f64) -> i64 {
    if atoms.len() <= 8 {
        atoms.iter().map(|&atom| i64::from(atom < value) + i64::from(atom <= value)).sum()
    } else {
        let below = atoms.partition_point(|&atom| atom < value);
        2 * below as i64 + i64::from(atoms.get(below) == Some(&value))
    }
}

/// Lower and upper edge of a bin (without the shift by atoms).
fn edges(bin: i64, resolution: &Resolution) -> (f64, f64) {
    let below = bin < 0;
    let (Scale { anchor, scale }, bin) =
        if below { (resolution.low, bin + HALF) } else { (resolution.high, bin - HALF) };
    let k = if bin < 0 { -1 - bin } else { bin };
    let distance = |k: i64| {
        let bits = ((k + (1023 << FRACTION_BITS)) as u64) << (52 - FRACTION_BITS);
        (f64::from_bits(bits) - 1.0).min(f64::MAX / scale.max(1.0)) * scale
    };
    let (low, high) = if bin < 0 {
        (anchor - distance(k + 1), anchor - distance(k))
    } else {
        (anchor + distance(k), anchor + distance(k + 1))
    };
    // A bin that the split runs through belongs to one side of it only.
    if below { (low, high.min(resolution.split)) } else { (low.max(resolution.split), high) }
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
            prop_assert!(found.high - found.low <= (1.0 + d) / 4096.0 * 0.5 + slack);
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
