//! Small symmetric matrices: eigenvalues, Cholesky factor, the nearest correlation matrix.
//!
//! Matrices are row-major slices of n² numbers. Meant for n up to some hundreds.

/// Eigenvalues with their eigenvectors, in rising order of the eigenvalue.
#[derive(Clone, Debug, PartialEq)]
pub struct Eigen {
    /// Rising.
    pub values: Vec<f64>,
    /// `vectors[k]` belongs to `values[k]` and has length 1.
    pub vectors: Vec<Vec<f64>>,
}

/// Eigenvalues and eigenvectors of a symmetric matrix.
///
/// - Formula: cyclic Jacobi; each rotation sets one off-diagonal entry to zero, with the smaller of the two
///   angles.
/// - Domain: n² finite entries, symmetric; only the upper triangle and the diagonal steer the rotations.
/// - Accuracy: |A v − λ v| ≤ 1e-13 · n for entries up to 1, held by
///   `tests::eigenvectors_solve_their_equation`.
/// - Source: Golub & Van Loan (2013), Matrix Computations, 4th ed., section 8.5.
pub fn eigen(matrix: &[f64], n: usize) -> Eigen {
    let mut a = matrix.to_vec();
    let mut v: Vec<f64> = (0..n * n).map(|k| if k / n == k % n { 1.0 } else { 0.0 }).collect();
    const SWEEPS: usize = 60;
    for _ in 0..SWEEPS {
        let off: f64 =
            (0..n).flat_map(|p| (p + 1..n).map(move |q| (p, q))).map(|(p, q)| a[p * n + q].abs()).sum();
        if off == 0.0 {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut v, n, p, q);
            }
        }
    }
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| a[i * n + i].total_cmp(&a[j * n + j]));
    Eigen {
        values: order.iter().map(|&k| a[k * n + k]).collect(),
        vectors: order.iter().map(|&k| (0..n).map(|i| v[i * n + k]).collect()).collect(),
    }
}

/// One Jacobi rotation in the plane (p, q), applied to the matrix and to the vectors.
fn rotate(a: &mut [f64], v: &mut [f64], n: usize, p: usize, q: usize) {
    let (pp, qq, pq) = (a[p * n + p], a[q * n + q], a[p * n + q]);
    if pq.abs() <= f64::EPSILON * 1e-3 * (pp.abs() + qq.abs()) {
        a[p * n + q] = 0.0;
        a[q * n + p] = 0.0;
        return;
    }
    let theta = (qq - pp) / (2.0 * pq);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.0).sqrt());
    let c = 1.0 / (t * t + 1.0).sqrt();
    let s = t * c;
    for k in 0..n {
        let (x, y) = (a[k * n + p], a[k * n + q]);
        a[k * n + p] = c * x - s * y;
        a[k * n + q] = s * x + c * y;
    }
    for k in 0..n {
        let (x, y) = (a[p * n + k], a[q * n + k]);
        a[p * n + k] = c * x - s * y;
        a[q * n + k] = s * x + c * y;
    }
    a[p * n + q] = 0.0;
    a[q * n + p] = 0.0;
    for k in 0..n {
        let (x, y) = (v[k * n + p], v[k * n + q]);
        v[k * n + p] = c * x - s * y;
        v[k * n + q] = s * x + c * y;
    }
}

/// Lower Cholesky factor L with L Lᵀ = A; `None` where a pivot is not above `least_pivot`.
///
/// - Source: Golub & Van Loan (2013), Matrix Computations, 4th ed., algorithm 4.2.1.
pub fn cholesky(matrix: &[f64], n: usize, least_pivot: f64) -> Option<Vec<f64>> {
    let mut lower = vec![0.0; n * n];
    for i in 0..n {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| lower[i * n + k] * lower[j * n + k]).sum();
            let rest = matrix[i * n + j] - dot;
            if i != j {
                lower[i * n + j] = rest / lower[j * n + j];
            } else if rest > least_pivot {
                lower[i * n + i] = rest.sqrt();
            } else {
                return None;
            }
        }
    }
    Some(lower)
}

/// The correlation matrix nearest to a symmetric matrix, all its eigenvalues at least `floor`.
///
/// - Formula: projections in turn onto the matrices with eigenvalues ≥ `floor` (with Dykstra's correction)
///   and onto those with a unit diagonal, until a step changes no entry by more than 1e-12; distance in the
///   Frobenius norm. What the last projection leaves below the floor, some 1e-11, is lifted by the least share t of
///   the unit matrix: (1 − t) R + t I.
/// - Domain: 0 ≤ `floor` < 1; at most 1,000 steps (a hundred rows need about as many), after which the last iterate
///   is lifted.
/// - Source: Higham (2002), Computing the nearest correlation matrix, IMA Journal of Numerical Analysis
///   22(3), 329–343, doi:10.1093/imanum/22.3.329, algorithm 3.3; the floor departs from the paper, which has
///   0.
pub fn nearest_correlation(matrix: &[f64], n: usize, floor: f64) -> Vec<f64> {
    const STEPS: usize = 1000;
    let mut y = matrix.to_vec();
    let mut correction = vec![0.0; n * n];
    for _ in 0..STEPS {
        let r: Vec<f64> = y.iter().zip(&correction).map(|(y, s)| y - s).collect();
        let x = with_floor(&r, n, floor);
        for k in 0..n * n {
            correction[k] = x[k] - r[k];
        }
        let mut next = x;
        for i in 0..n {
            next[i * n + i] = 1.0;
        }
        let change = next.iter().zip(&y).fold(0.0_f64, |most, (a, b)| most.max((a - b).abs()));
        y = next;
        if change <= 1e-12 {
            break;
        }
    }
    let least = eigen(&y, n).values.first().copied().unwrap_or(1.0);
    if least < floor {
        let share = (floor - least) / (1.0 - least);
        for i in 0..n {
            for j in (0..n).filter(|&j| j != i) {
                y[i * n + j] *= 1.0 - share;
            }
        }
    }
    y
}

/// The matrix with its eigenvalues lifted to `floor` where they are below.
fn with_floor(matrix: &[f64], n: usize, floor: f64) -> Vec<f64> {
    let eigen = eigen(matrix, n);
    let mut result = vec![0.0; n * n];
    for (value, vector) in eigen.values.iter().zip(&eigen.vectors) {
        let lifted = value.max(floor);
        for i in 0..n {
            for j in 0..n {
                result[i * n + j] += lifted * vector[i] * vector[j];
            }
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A symmetric matrix with unit diagonal and entries in (−1, 1) from a small congruential sequence.
    fn example(n: usize) -> Vec<f64> {
        let mut state = 12345_u64;
        let mut matrix = vec![0.0; n * n];
        for i in 0..n {
            matrix[i * n + i] = 1.0;
            for j in 0..i {
                state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                let x = (state >> 11) as f64 / (1_u64 << 53) as f64 * 2.0 - 1.0;
                matrix[i * n + j] = x;
                matrix[j * n + i] = x;
            }
        }
        matrix
    }

    #[test]
    fn eigenvectors_solve_their_equation() {
        for n in [1, 2, 3, 7, 20, 60] {
            let matrix = example(n);
            let eigen = eigen(&matrix, n);
            for (value, vector) in eigen.values.iter().zip(&eigen.vectors) {
                for i in 0..n {
                    let product: f64 = (0..n).map(|j| matrix[i * n + j] * vector[j]).sum();
                    assert!((product - value * vector[i]).abs() <= 1e-13 * n as f64, "n = {n}");
                }
                let length: f64 = vector.iter().map(|x| x * x).sum();
                assert!((length - 1.0).abs() < 1e-13 * n as f64);
            }
            let trace: f64 = eigen.values.iter().sum();
            assert!((trace - n as f64).abs() < 1e-12 * n as f64);
            assert!(eigen.values.windows(2).all(|w| w[0] <= w[1]));
        }
    }

    #[test]
    fn eigenvalues_of_an_exchangeable_matrix_are_known() {
        let (n, r) = (5, 0.3);
        let matrix: Vec<f64> = (0..n * n).map(|k| if k / n == k % n { 1.0 } else { r }).collect();
        let values = eigen(&matrix, n).values;
        assert!(values[..n - 1].iter().all(|x| (x - (1.0 - r)).abs() < 1e-14));
        assert!((values[n - 1] - (1.0 + 4.0 * r)).abs() < 1e-14);
    }

    #[test]
    fn the_cholesky_factor_gives_the_matrix_back() {
        let n = 6;
        let matrix = nearest_correlation(&example(n), n, 0.01);
        let lower = cholesky(&matrix, n, 0.0).unwrap();
        for i in 0..n {
            for j in 0..n {
                let entry: f64 = (0..n).map(|k| lower[i * n + k] * lower[j * n + k]).sum();
                assert!((entry - matrix[i * n + j]).abs() < 1e-14);
            }
        }
    }

    #[test]
    fn a_matrix_that_is_not_positive_definite_has_no_factor() {
        assert!(cholesky(&[1.0, 0.9, 0.0, 0.9, 1.0, 0.9, 0.0, 0.9, 1.0], 3, 0.0).is_none());
        assert!(cholesky(&[1.0, 1.0, 1.0, 1.0], 2, 1e-12).is_none());
    }

    /// Higham (2002), section 4: the nearest correlation matrix of the second difference pattern, printed
    /// there to four digits.
    #[test]
    fn the_example_of_higham_comes_out() {
        let nearest = nearest_correlation(&[1.0, 1.0, 0.0, 1.0, 1.0, 1.0, 0.0, 1.0, 1.0], 3, 0.0);
        for (k, expected) in [(1, 0.7607), (2, 0.1573), (5, 0.7607)] {
            assert!((nearest[k] - expected).abs() < 5e-5, "{} is not {expected}", nearest[k]);
        }
    }

    /// The second difference matrix, a worked example of the routines that descend from the paper; 30 digits of the
    /// same projections in `tests/reference/nearest_correlation.py`.
    #[test]
    fn the_nearest_to_the_second_differences_is_right_to_ten_digits() {
        let second = [2.0, -1.0, 0.0, 0.0, -1.0, 2.0, -1.0, 0.0, 0.0, -1.0, 2.0, -1.0, 0.0, 0.0, -1.0, 2.0];
        let nearest = nearest_correlation(&second, 4, 0.0);
        let expected = [
            (1, 0, -0.808_412_498_149_300_2),
            (2, 0, 0.191_587_501_850_699_83),
            (3, 0, 0.106_775_049_025_514_9),
            (2, 1, -0.656_232_694_806_623_6),
        ];
        for (i, j, value) in expected {
            for found in [nearest[i * 4 + j], nearest[j * 4 + i]] {
                assert!((found - value).abs() < 1e-10, "{found} is not {value}");
            }
        }
    }

    #[test]
    fn a_correlation_matrix_is_its_own_nearest() {
        let matrix = [1.0, 0.5, 0.2, 0.5, 1.0, -0.3, 0.2, -0.3, 1.0];
        for (a, b) in nearest_correlation(&matrix, 3, 1e-3).iter().zip(&matrix) {
            assert!((a - b).abs() < 1e-12);
        }
    }

    #[test]
    fn the_nearest_matrix_keeps_its_floor_and_its_diagonal() {
        let n = 8;
        let nearest = nearest_correlation(&example(n), n, 1e-3);
        assert!(eigen(&nearest, n).values[0] > 1e-3 - 1e-14);
        assert!((0..n).all(|i| nearest[i * n + i] == 1.0));
        assert!(nearest.iter().all(|x| x.abs() <= 1.0));
    }
}
