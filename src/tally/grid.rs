//! The bins of an output's values: from a value to its bin or its place in a window of counters, and back.
//!
//! With d = (y − anchor) / scale (the output's centre and spread, or finer: [`super::Resolution`]), the bins are those
//! of the floating-point number 1 + |d| cut to its first eleven fraction bits: 2,048 of equal width for |d| < 1, 2,048
//! of twice that width for 1 ≤ |d| < 3, and so on to the end of the range of f64.

use super::resolution::{Resolution, Scale};
use crate::math::simd::vectorised;

/// Fraction bits of 1 + |d| that make the bin number.
pub const FRACTION_BITS: u32 = 11;

/// The bins of an output: of each side of the split in its own scale, numbered so that they join there.
#[derive(Clone, Copy, Debug)]
pub struct Grid {
    split: f64,
    low: Scale,
    high: Scale,
    /// Numbers of the two sides' bins at the split, in their own counting.
    low_end: i64,
    high_start: i64,
    /// Greatest distances from the two anchors, in units of their scales, that are numbers.
    farthest: (f64, f64),
}

impl Grid {
    pub fn new(resolution: &Resolution) -> Grid {
        let Resolution { split, low, high } = *resolution;
        Grid {
            split,
            low,
            high,
            low_end: raw_bin(split, low.anchor, 1.0 / low.scale),
            high_start: raw_bin(split, high.anchor, 1.0 / high.scale),
            farthest: (f64::MAX / low.scale.max(1.0), f64::MAX / high.scale.max(1.0)),
        }
    }

    /// The window of `length` bins from `first` on.
    pub fn window(&self, first: i64, length: u32) -> Window {
        let Grid { split, low, high, low_end, high_start, .. } = *self;
        Window {
            split,
            low: (low.anchor, 1.0 / low.scale, (low_end + 1 + first) as u32),
            high: (high.anchor, 1.0 / high.scale, (high_start + first) as u32),
            length,
        }
    }

    /// Bin of a value before the shift by atoms; monotone in the value, below 0 on the lower side.
    #[inline(always)]
    pub fn bin(&self, value: f64) -> i64 {
        let below = value < self.split;
        let (anchor, inverse, join) = if below {
            (self.low.anchor, 1.0 / self.low.scale, self.low_end + 1)
        } else {
            (self.high.anchor, 1.0 / self.high.scale, self.high_start)
        };
        raw_bin(value, anchor, inverse) - join
    }

    /// Lower and upper edge of a bin (without the shift by atoms).
    pub fn edges(&self, bin: i64) -> (f64, f64) {
        let below = bin < 0;
        let (Scale { anchor, scale }, farthest, raw) = match below {
            true => (self.low, self.farthest.0, bin + self.low_end + 1),
            false => (self.high, self.farthest.1, bin + self.high_start),
        };
        let k = if raw < 0 { -1 - raw } else { raw };
        let distance = |k: i64| {
            let bits = ((k + (1023 << FRACTION_BITS)) as u64) << (52 - FRACTION_BITS);
            (f64::from_bits(bits) - 1.0).min(farthest) * scale
        };
        let (low, high) = if raw < 0 {
            (anchor - distance(k + 1), anchor - distance(k))
        } else {
            (anchor + distance(k), anchor + distance(k + 1))
        };
        // A bin that the split runs through belongs to one side of it only.
        if below { (low, high.min(self.split)) } else { (low.max(self.split), high) }
    }
}

/// Bin of a value in one scale, counted from its anchor.
#[inline(always)]
fn raw_bin(value: f64, anchor: f64, inverse: f64) -> i64 {
    let d = ((value - anchor) * inverse).clamp(-f64::MAX, f64::MAX);
    let k = (((1.0 + d.abs()).to_bits() >> (52 - FRACTION_BITS)) as i64) - (1023 << FRACTION_BITS);
    if d < 0.0 { -1 - k } else { k }
}

/// The counters as a loop over values sees them: a window of the bins, in both scales.
#[derive(Clone, Copy, Debug)]
pub struct Window {
    split: f64,
    /// Of each side anchor, inverse scale and, in wrapping arithmetic, the bin of the first counter.
    low: (f64, f64, u32),
    high: (f64, f64, u32),
    length: u32,
}

/// What the forms written out for a vector of values read.
#[cfg(target_arch = "x86_64")]
impl Window {
    /// What a bin, unshifted by the exponent of 1, is subtracted from below the split, and what is subtracted from it
    /// above, where both sides have one scale.
    pub fn plain_firsts(&self) -> (u32, u32) {
        let bias: u32 = 1023 << FRACTION_BITS;
        (bias.wrapping_sub(1).wrapping_sub(self.low.2), bias.wrapping_add(self.high.2))
    }

    /// Counters; also the place of what lies outside.
    pub fn length(&self) -> u32 {
        self.length
    }
}

impl Window {
    /// Bits of 1 + |d| below the bin.
    pub const SHIFT: u32 = 52 - FRACTION_BITS;

    /// Whether both sides have one scale, with this anchor.
    pub fn is_plain(&self, anchor: f64, inverse: f64) -> bool {
        (self.low.0, self.low.1) == (anchor, inverse) && (self.high.0, self.high.1) == (anchor, inverse)
    }

    /// Counter of a finite value, `length` where it lies outside.
    #[inline(always)]
    fn place(&self, value: f64) -> u32 {
        let below = value < self.split;
        let (anchor, inverse, first) = if below { self.low } else { self.high };
        self.counter((value - anchor) * inverse, first)
    }

    /// The same where both sides have one scale, from the value in that scale.
    #[inline(always)]
    pub fn plain_place(&self, scaled: f64) -> u32 {
        self.counter(scaled, if scaled < 0.0 { self.low.2 } else { self.high.2 })
    }

    #[inline(always)]
    fn counter(&self, scaled: f64, first: u32) -> u32 {
        // See `raw_bin`; −1 − k is k with all bits turned.
        let k = ((1.0 + scaled.abs()).to_bits() >> Self::SHIFT) as u32;
        let k = k.wrapping_sub(1023 << FRACTION_BITS);
        let k = if scaled < 0.0 { !k } else { k };
        k.wrapping_sub(first).min(self.length)
    }
}

vectorised! {
    pub fn fill_places(values: &[f64], window: &Window, places: &mut [u32], greatest: &mut u32) {
        let window = *window;
        let mut most = 0;
        for (place, &value) in places.iter_mut().zip(values) {
            let inside = window.place(value);
            *place = if value.abs() < f64::INFINITY { inside } else { window.length };
            most = most.max(*place);
        }
        *greatest = most;
    }
}

vectorised! {
    pub fn fill_bins(values: &[f64], grid: &Grid, bins: &mut [i64]) {
        let grid = *grid;
        for (bin, &value) in bins.iter_mut().zip(values) {
            *bin = grid.bin(value);
        }
    }
}
