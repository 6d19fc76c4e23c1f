//! Piecewise law: a density of straight pieces, the common ground of `general` and `histogram`.

use super::{Family, ParameterError, ensure};

/// Law whose density is straight between given places, with steps or without; x and draws in the input's unit.
///
/// - Formula: with density f at the start of a piece and slope s, the probability of its first t is t (f + s t / 2), and
///   t = 2c / (f + √(f² + 2 s c)) reaches the probability c; each tail, and each half of a piece, from its own end.
///   Moments are those of trapezia: with heights f and g over a width h, the centre lies h (f + 2g) / (3 (f + g)) from
///   the start, and the variance about it is h² (f² + 4fg + g²) / (18 (f + g)²).
/// - Domain: as the families ask.
/// - Accuracy: quantile, cdf and sf to a relative 1e-12; held by the tests of `general` and `histogram`.
/// - Source: Vose (2008), Risk Analysis, 3rd ed., appendix III (Histogram, Relative); areas of trapezia.
#[derive(Clone, Debug, PartialEq)]
pub struct Piecewise {
    /// In rising order, each with a probability above 0.
    pieces: Vec<Piece>,
}

/// A trapezium under the density.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Piece {
    from: f64,
    to: f64,
    /// Density at either end.
    start: f64,
    end: f64,
    /// P(X ≤ from), P(X ≤ to), P(X > from) and P(X > to).
    before: f64,
    reached: f64,
    left: f64,
    beyond: f64,
}

impl Piece {
    fn width(&self) -> f64 {
        self.to - self.from
    }

    fn mass(&self) -> f64 {
        self.width() * (0.5 * self.start + 0.5 * self.end)
    }

    /// Probability of the first `t`.
    fn first(&self, t: f64) -> f64 {
        t * (self.start + (self.end - self.start) * (t / self.width()) * 0.5)
    }

    /// Probability of the last `t`.
    fn last(&self, t: f64) -> f64 {
        t * (self.end + (self.start - self.end) * (t / self.width()) * 0.5)
    }

    /// The place with the probability `first` of the piece before it and `last` behind it; the smaller counts.
    fn place(&self, first: f64, last: f64) -> f64 {
        let slope = (self.end - self.start) / self.width();
        let x = if first <= last {
            self.from + distance(self.start, slope, first)
        } else {
            self.to - distance(self.end, -slope, last)
        };
        x.clamp(self.from, self.to)
    }
}

/// The way over which a density that starts at `height` gathers `mass`.
fn distance(height: f64, slope: f64, mass: f64) -> f64 {
    if mass <= 0.0 {
        return 0.0;
    }
    2.0 * mass / (height + (height * height + 2.0 * slope * mass).max(0.0).sqrt())
}

impl Piecewise {
    /// From pieces (from, to, height at from, height at to) that rise and follow on each other; heights in any unit.
    ///
    /// # Errors
    /// Heights of which none is above 0, or whose area is no number; the refusal names `height`.
    pub(super) fn new(shapes: &[(f64, f64, f64, f64)], height: &'static str) -> Result<Self, ParameterError> {
        // Heights as shares of the greatest, so that no product leaves the range of numbers for their sake.
        let greatest = shapes.iter().fold(0.0, |most: f64, shape| most.max(shape.2).max(shape.3));
        ensure(greatest > 0.0, height, greatest, "be above 0 somewhere")?;
        let area = |&(from, to, start, end): &(f64, f64, f64, f64)| {
            (to - from) * (0.5 * (start / greatest) + 0.5 * (end / greatest))
        };
        let total: f64 = shapes.iter().map(area).sum();
        ensure(total > 0.0 && total.is_finite(), height, greatest, "span an area that is a number above 0")?;
        let mut pieces: Vec<Piece> = shapes
            .iter()
            .map(|&(from, to, start, end)| Piece {
                from,
                to,
                start: start / greatest / total,
                end: end / greatest / total,
                before: 0.0,
                reached: 1.0,
                left: 1.0,
                beyond: 0.0,
            })
            .filter(|piece| piece.mass() > 0.0)
            .collect();
        let (mut below, mut above) = (0.0, 0.0);
        let last = pieces.len() - 1;
        for place in 0..=last {
            let piece = &mut pieces[place];
            piece.before = below;
            below += piece.mass();
            piece.reached = if place == last { 1.0 } else { below.min(1.0) };
            let piece = &mut pieces[last - place];
            piece.beyond = above;
            above += piece.mass();
            piece.left = if place == last { 1.0 } else { above.min(1.0) };
        }
        Ok(Self { pieces })
    }

    /// Index of the first piece that reaches x, or the last.
    fn piece(&self, x: f64) -> &Piece {
        let last = self.pieces.len() - 1;
        &self.pieces[self.pieces.partition_point(|piece| piece.to < x).min(last)]
    }

    fn sum(&self, of: impl Fn(&Piece) -> f64) -> f64 {
        self.pieces.iter().map(|piece| piece.mass() * of(piece)).sum()
    }
}

/// Where the centre of a piece lies.
fn centre(piece: &Piece) -> f64 {
    piece.from + piece.width() * (piece.start + 2.0 * piece.end) / (3.0 * (piece.start + piece.end))
}

impl Family for Piecewise {
    fn inverse(&self, lower: f64, upper: f64) -> f64 {
        let last = self.pieces.len() - 1;
        if lower <= upper {
            let index = self.pieces.partition_point(|piece| piece.reached < lower).min(last);
            let piece = &self.pieces[index];
            piece.place(lower - piece.before, piece.reached - lower)
        } else {
            let index = self.pieces.partition_point(|piece| piece.beyond > upper).min(last);
            let piece = &self.pieces[index];
            piece.place(piece.left - upper, upper - piece.beyond)
        }
    }

    fn cdf(&self, x: f64) -> f64 {
        let piece = self.piece(x);
        if x <= piece.from {
            piece.before
        } else if x >= piece.to {
            piece.reached
        } else {
            piece.before + piece.first(x - piece.from)
        }
    }

    fn sf(&self, x: f64) -> f64 {
        let piece = self.piece(x);
        if x <= piece.from {
            piece.left
        } else if x >= piece.to {
            piece.beyond
        } else {
            piece.beyond + piece.last(piece.to - x)
        }
    }

    fn density(&self, x: f64) -> f64 {
        let piece = self.piece(x);
        if !(piece.from..=piece.to).contains(&x) {
            return 0.0;
        }
        (piece.start * (piece.to - x) + piece.end * (x - piece.from)) / piece.width()
    }

    fn mean(&self) -> Option<f64> {
        Some(self.sum(centre))
    }

    fn variance(&self) -> Option<f64> {
        let mean = self.mean()?;
        Some(self.sum(|piece| {
            let (offset, width, total) = (centre(piece) - mean, piece.width(), piece.start + piece.end);
            let (start, end) = (piece.start / total, piece.end / total);
            offset * offset + width * width * (start * start + 4.0 * start * end + end * end) / 18.0
        }))
        .filter(|variance| variance.is_finite())
    }

    fn support(&self) -> (f64, f64) {
        (self.pieces[0].from, self.pieces[self.pieces.len() - 1].to)
    }

    fn corners(&self) -> Vec<f64> {
        let (least, greatest) = self.support();
        let mut corners: Vec<f64> = self.pieces.iter().flat_map(|piece| [piece.from, piece.to]).collect();
        corners.retain(|x| least < *x && *x < greatest);
        corners.dedup();
        corners
    }
}

/// Pairs (x, height) in rising order, from a flat list.
///
/// # Errors
/// Fewer than two places, one that is not finite or stands there twice, a height that is negative or not finite.
pub(super) fn rising(numbers: &[f64], height: &'static str) -> Result<Vec<(f64, f64)>, ParameterError> {
    let mut pairs: Vec<(f64, f64)> = numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    for &(x, value) in &pairs {
        ensure(x.is_finite(), "x", x, "be a finite number")?;
        ensure(value >= 0.0 && value.is_finite(), height, value, "be finite and not negative")?;
    }
    pairs.sort_by(|first, second| first.0.total_cmp(&second.0));
    let (first, last) = (pairs.first().map_or(0.0, |pair| pair.0), pairs.last().map_or(0.0, |pair| pair.0));
    ensure(pairs.len() > 1, "x", last, "stand at two places or more")?;
    ensure((last - first).is_finite(), "x", last, "be within the range of numbers of the least value")?;
    for pair in pairs.windows(2) {
        ensure(pair[0].0 < pair[1].0, "x", pair[1].0, "stand there once")?;
    }
    Ok(pairs)
}
