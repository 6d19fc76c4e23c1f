//! First-order share of variance from three sums.
//!
//! Given an input at x, the mean of the last market is nearly a polynomial of degree three in x: of an input of its own
//! it is one of degree six whose upper terms are tiny, of a member of a pair it bends once more through the other
//! member. With p1, p2, p3 orthonormal under the law of x and mean(x) = mean + c1 p1(x) + c2 p2(x) + c3 p3(x), the share
//! is (c1^2 + c2^2 + c3^2) / variance. The covariance with the input's position and the means of the two outer deciles
//! give the three coefficients; all three are kept for the rest of the tornado anyway, so the share costs nothing per
//! run.

use super::model::{INPUTS, Laws, score};
use riskband::math::{normal_cdf, normal_density, normal_sf};

/// Means of the polynomials, weighted as the kept sums are.
#[derive(Clone, Copy, Debug)]
pub struct Projection {
    /// Rows: weighted by position - 1/2; the mean of the outer deciles' means; half their difference.
    means: Matrix,
}

type Matrix = [[f64; 3]; 3];

impl Projection {
    /// One for each input; the impacts have one law and share it.
    pub fn all(laws: &Laws) -> [Self; INPUTS] {
        let impact = Projection::new(laws, 1);
        std::array::from_fn(
            |input| if (1..=6).contains(&input) { impact } else { Projection::new(laws, input) },
        )
    }

    /// Integrates over the law of input number `input`.
    fn new(laws: &Laws, input: usize) -> Self {
        let points = points(|lower, upper| laws.value(input, lower, upper));
        let integral = |f: &dyn Fn(usize) -> f64| -> f64 {
            points.iter().enumerate().map(|(k, point)| point.weight * f(k)).sum()
        };
        // Gram and Schmidt, from 1 and the three powers of x.
        let mut basis: Vec<Vec<f64>> = vec![vec![1.0; points.len()]];
        for power in 1..=3 {
            let mut next: Vec<f64> = points.iter().zip(&basis[power - 1]).map(|(x, p)| x.value * p).collect();
            for lower in &basis {
                let shared = integral(&|k| next[k] * lower[k]);
                next.iter_mut().zip(lower).for_each(|(next, lower)| *next -= shared * lower);
            }
            let size = integral(&|k| next[k] * next[k]).sqrt();
            next.iter_mut().for_each(|next| *next /= size);
            basis.push(next);
        }
        let row = |weight: &dyn Fn(&Point) -> f64| {
            [1, 2, 3].map(|power| integral(&|k| weight(&points[k]) * basis[power][k]))
        };
        let means = [
            row(&|point| point.position),
            row(&|point| if point.outer { 5.0 } else { 0.0 }),
            row(&|point| if point.outer { 5.0 * point.position.signum() } else { 0.0 }),
        ];
        Projection { means }
    }

    /// The share, from the covariance with the position, the mean of both outer deciles less the whole mean, and half
    /// their difference; less what the noise of `runs` runs adds to the squares.
    pub fn share(&self, kept: [f64; 3], variance: f64, runs: f64) -> f64 {
        // Variances and covariance of the three kept sums, in units of the output's variance over the runs.
        const NOISE: Matrix = [[1.0 / 12.0, 0.0, 0.45], [0.0, 4.0, 0.0], [0.45, 0.0, 5.0]];
        let inverse = inverse(&self.means);
        let squares: f64 = inverse.iter().map(|row| dot(row, &kept).powi(2)).sum();
        let noise: f64 = inverse.iter().map(|row| dot(row, &NOISE.map(|column| dot(row, &column)))).sum();
        squares / variance - noise / runs
    }
}

fn dot(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// By cofactors.
fn inverse(m: &Matrix) -> Matrix {
    let minor = |i: usize, j: usize| {
        let [a, b] = [(i + 1) % 3, (i + 2) % 3];
        let [c, d] = [(j + 1) % 3, (j + 2) % 3];
        m[a][c] * m[b][d] - m[a][d] * m[b][c]
    };
    let determinant: f64 = (0..3).map(|j| m[0][j] * minor(0, j)).sum();
    std::array::from_fn(|i| std::array::from_fn(|j| minor(j, i) / determinant))
}

/// One node of the integration over an input's law.
struct Point {
    weight: f64,
    /// Position of the input less 1/2.
    position: f64,
    value: f64,
    /// In one of the outer deciles.
    outer: bool,
}

/// Gauss-Legendre nodes of order 8 between the deciles, the median and the ends, in the normal score, where every law
/// is smooth between these.
fn points(value: impl Fn(f64, f64) -> f64) -> Vec<Point> {
    const NODES: [(f64, f64); 4] = [
        (0.183_434_642_495_649_8, 0.362_683_783_378_362),
        (0.525_532_409_916_329, 0.313_706_645_877_887_3),
        (0.796_666_477_413_626_7, 0.222_381_034_453_374_48),
        (0.960_289_856_497_536_3, 0.101_228_536_290_376_26),
    ];
    let decile = score(0.9, 0.1);
    let edges = [-7.0, -4.0, -2.4, -decile, -0.7, 0.0, 0.7, decile, 2.4, 4.0, 7.0];
    let mut points = Vec::new();
    for pair in edges.windows(2) {
        let (middle, radius) = (0.5 * (pair[0] + pair[1]), 0.5 * (pair[1] - pair[0]));
        for (node, weight) in NODES.iter().flat_map(|&(node, weight)| [(node, weight), (-node, weight)]) {
            let z = middle + radius * node;
            points.push(Point {
                weight: radius * weight * normal_density(z),
                position: normal_cdf(z) - 0.5,
                value: value(normal_cdf(z), normal_sf(z)),
                outer: middle.abs() > decile,
            });
        }
    }
    points
}
