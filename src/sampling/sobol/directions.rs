//! Direction numbers: the generating matrix of each dimension, a column a binary digit of the point's number.
//!
//! - Source: Joe & Kuo (2008), Constructing Sobol sequences with better two-dimensional projections, SIAM Journal on
//!   Scientific Computing 30(5), 2635–2654, doi:10.1137/070709359: the table new-joe-kuo-6.21201 of the authors, packed
//!   by `tests/reference/joe_kuo.py`; the recurrence from Bratley & Fox (1988), Algorithm 659, ACM Transactions on
//!   Mathematical Software 14(1), 88–100, section 2.

/// Degrees of the primitive polynomials of the second dimension and on: (degree, dimensions).
const DEGREES: [(usize, usize); 18] = [
    (1, 1),
    (2, 1),
    (3, 2),
    (4, 2),
    (5, 6),
    (6, 6),
    (7, 18),
    (8, 16),
    (9, 48),
    (10, 60),
    (11, 176),
    (12, 144),
    (13, 630),
    (14, 756),
    (15, 1800),
    (16, 2048),
    (17, 7710),
    (18, 7776),
];

/// Dimensions of the table.
pub const DIMENSIONS: usize = {
    let (mut sum, mut row) = (1, 0);
    while row < DEGREES.len() {
        sum += DEGREES[row].1;
        row += 1;
    }
    sum
};

/// Digits of a point, and of its number.
pub const DIGITS: usize = 32;

/// Bits of the coefficients and the first direction numbers of all dimensions, one after the other.
static PACKED: &[u8] = include_bytes!("joe_kuo.bin");

/// Columns of the generating matrix of a dimension below [`DIMENSIONS`]: column k is what digit k of the point's number
/// adds, exclusively or, to the point, whose first digit is the highest bit.
pub fn columns(dimension: usize) -> [u32; DIGITS] {
    let Some((degree, mut at)) = place(dimension) else {
        // The first dimension: the digits of the number mirrored at the point, van der Corput's sequence.
        return std::array::from_fn(|k| 1 << (DIGITS - 1 - k));
    };
    let mut take = |bits: usize| {
        let mut number = 0;
        for bit in 0..bits {
            number |= u32::from(PACKED[at / 8] >> (at % 8) & 1) << bit;
            at += 1;
        }
        number
    };
    let coefficients = take(degree - 1);
    let mut columns = [0; DIGITS];
    for (k, column) in columns[..degree].iter_mut().enumerate() {
        *column = (take(k) << 1 | 1) << (DIGITS - 1 - k);
    }
    for k in degree..DIGITS {
        let mut column = columns[k - degree] ^ (columns[k - degree] >> degree);
        for j in 1..degree {
            if coefficients >> (degree - 1 - j) & 1 == 1 {
                column ^= columns[k - j];
            }
        }
        columns[k] = column;
    }
    columns
}

/// Degree of a dimension and the first of its bits; `None` for the first dimension, which has no polynomial.
fn place(dimension: usize) -> Option<(usize, usize)> {
    let (mut left, mut at) = (dimension.checked_sub(1)?, 0);
    for (degree, count) in DEGREES {
        let bits = degree - 1 + degree * (degree - 1) / 2;
        if left < count {
            return Some((degree, at + left * bits));
        }
        left -= count;
        at += count * bits;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_columns_are_those_of_the_published_table() {
        // m_k = column / 2^(31 - k): lines 2, 3, 4, 8 and 21201 of the table.
        let numbers = |dimension: usize, count: usize| -> Vec<u32> {
            columns(dimension)[..count].iter().enumerate().map(|(k, column)| column >> (31 - k)).collect()
        };
        assert_eq!(numbers(1, 1), [1]);
        assert_eq!(numbers(2, 2), [1, 3]);
        assert_eq!(numbers(3, 3), [1, 3, 1]);
        assert_eq!(numbers(7, 5), [1, 1, 5, 5, 17]);
        assert_eq!(numbers(21_200, 6), [1, 1, 7, 11, 15, 7]);
        assert_eq!(numbers(21_200, 18)[15..], [26_869, 114_603, 86_317]);
        assert_eq!(DIMENSIONS, 21_201);
        // The recurrence: for x + 1 every m is the exclusive or of twice and once the one before.
        assert_eq!(numbers(1, 5), [1, 3, 5, 15, 17]);
    }

    #[test]
    fn every_matrix_is_upper_triangular_with_ones_on_the_diagonal() {
        for dimension in (0..DIMENSIONS).step_by(7).chain([1, 2, DIMENSIONS - 1]) {
            for (k, column) in columns(dimension).into_iter().enumerate() {
                assert_eq!(column.trailing_zeros() as usize, DIGITS - 1 - k, "{dimension} {k}");
            }
        }
    }
}
