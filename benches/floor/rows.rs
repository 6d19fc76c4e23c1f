//! Quantiles as cubics on many small pieces, for a processor without wide permutations.
//!
//! The pieces are those of `tables`, each octave cut in eight and the steps of the score shortened to suit cubics. A
//! piece is one row of four coefficients: one load for a run, then four rows are turned into four columns.

use super::model::{Curve, Laws, score};
use super::tables::{WholePolynomials, through_chebyshev_nodes};

/// A piece by four bits of the exponent and three of the mantissa.
pub const OCTAVE_ROWS: usize = 128;
/// A piece of the score, centred at a multiple of `SHORT_STEP`.
pub const SCORE_ROWS: usize = 64;
pub const SHORT_STEP: f64 = 0.15;

/// Coefficients of 1, t, t^2, t^3; 32 bytes, so that no row crosses a cache line.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub struct CubicRow(pub [f64; 4]);

pub type Octaves = [CubicRow; OCTAVE_ROWS];
pub type Scores = [CubicRow; SCORE_ROWS];

/// Every table of the kernel for four runs at a time.
#[derive(Debug)]
pub struct Rows {
    pub laws: Laws,
    pub impact: Octaves,
    pub normal: Octaves,
    pub op_cost: Scores,
    pub labour: Scores,
    pub regulation: Scores,
    pub rank: Scores,
    pub whole: WholePolynomials,
}

impl Rows {
    pub fn new() -> Self {
        let laws = Laws::new();
        let curve = |curve| scores(|z| laws.at_score(curve, z));
        Rows {
            impact: octaves(|v| laws.at(Curve::Impact, v, 1.0 - v)),
            normal: octaves(|v| score(v, 1.0 - v)),
            op_cost: curve(Curve::OpCost),
            labour: curve(Curve::Labour),
            regulation: curve(Curve::Regulation),
            whole: WholePolynomials::new(&laws),
            rank: curve(Curve::Rank),
            laws,
        }
    }
}

/// t is the mantissa less the middle of its eighth.
fn octaves(quantile: impl Fn(f64) -> f64) -> Octaves {
    let mut rows = [CubicRow([0.0; 4]); OCTAVE_ROWS];
    for exponent in 47..63 {
        for eighth in 0..8 {
            let middle = 1.0 + (f64::from(eighth) + 0.5) / 8.0;
            let unit = f64::from(exponent - 64).exp2();
            rows[((1023 + exponent) * 8 + eighth) as usize % OCTAVE_ROWS] =
                cubic(0.0625, |t| quantile((middle + t) * unit));
        }
    }
    rows
}

/// t is the distance from the nearest whole number of steps.
fn scores(curve: impl Fn(f64) -> f64) -> Scores {
    let mut rows = [CubicRow([0.0; 4]); SCORE_ROWS];
    for step in -32..32 {
        rows[step as usize % SCORE_ROWS] = cubic(0.5, |t| curve((f64::from(step) + t) * SHORT_STEP));
    }
    rows
}

fn cubic(radius: f64, f: impl Fn(f64) -> f64) -> CubicRow {
    CubicRow(through_chebyshev_nodes(3, radius, f).try_into().expect("four coefficients"))
}
