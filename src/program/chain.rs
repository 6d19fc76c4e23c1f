//! Chains of arithmetic: one running value through several operations, kept in registers from the first to the last.
//!
//! An operation over a column costs little more than fetching its operands and putting its result away. Where a result
//! is needed only by the next operation, that way is saved. Every step is the operation itself, rounded as ever, so a
//! chain has the bits of its steps done one after the other.

use super::kernel::Side;
use crate::math::simd::Level;

/// What a step does with the running value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChainOp {
    /// value + operand
    Add,
    /// value − operand
    Subtract,
    /// operand − value
    SubtractFrom,
    /// value · operand
    Multiply,
    /// value / operand
    Divide,
    /// operand / value
    DivideInto,
}

/// Most steps of a chain: all its operands are columns of the nearest cache.
pub const MOST_STEPS: usize = 5;

/// A step with its operand at hand.
pub type Step<'a> = (ChainOp, Side<'a>);

/// Runs worked on from the first step to the last.
const LANES: usize = 64;

/// The steps over whole columns, whose length is a multiple of 64.
#[allow(unsafe_code)]
pub fn chain(start: Side<'_>, steps: &[Step<'_>], out: &mut [f64]) {
    match Level::current() {
        // Safety: `Level::current` never exceeds what the processor was found to have.
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => unsafe { avx512(start, steps, out) },
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => unsafe { avx2(start, steps, out) },
        _ => portable(start, steps, out),
    }
}

#[inline(always)]
fn portable(start: Side<'_>, steps: &[Step<'_>], out: &mut [f64]) {
    for (chunk, out) in out.as_chunks_mut::<LANES>().0.iter_mut().enumerate() {
        let fetch = |side: Side<'_>| match side {
            Side::Column(column) => column.as_chunks::<LANES>().0[chunk],
            Side::Constant(value) => [value; LANES],
        };
        let mut values = fetch(start);
        for &(op, operand) in steps {
            let operands = fetch(operand);
            for (value, operand) in values.iter_mut().zip(operands) {
                *value = match op {
                    ChainOp::Add => *value + operand,
                    ChainOp::Subtract => *value - operand,
                    ChainOp::SubtractFrom => operand - *value,
                    ChainOp::Multiply => *value * operand,
                    ChainOp::Divide => *value / operand,
                    ChainOp::DivideInto => operand / *value,
                };
            }
        }
        *out = values;
    }
}

/// Whether x / `divisor` is what [`quotients`] finds for every x within [`DIVIDENDS`].
///
/// - Condition: the odd part of the divisor has at most 48 digits, and nothing leaves the normal range.
/// - Proof: with y = 1/c rounded, q = x·y rounded is less than 2 ulp off, so that r = x − c·q is exact. Then q + r·y,
///   before its one rounding, is less than 2⁻⁵¹ ulp off x/c. Where x/c is not itself an f64 or halfway between two, it
///   is at least 2⁻⁴⁹ ulp away from either, as x − c·h is a multiple of a digit for every h halfway; so both round to
///   the same.
/// - Source: after Markstein (1990), Computation of elementary functions on the IBM RISC System/6000 processor,
///   doi:10.1147/rd.341.0111.
#[cfg(any(target_arch = "x86_64", test))]
fn divides_by_product(divisor: f64) -> bool {
    let odd_part = (divisor.to_bits() | 1 << 52).trailing_zeros() >= 5;
    odd_part && (DIVISORS.0..=DIVISORS.1).contains(&divisor.abs())
}

/// 2⁻¹⁰⁰ and 2¹⁰⁰.
#[cfg(any(target_arch = "x86_64", test))]
const DIVISORS: (f64, f64) = (7.888_609_052_210_118e-31, 1.267_650_600_228_229_4e30);
/// Sizes, 2⁻⁸⁰⁰ and 2⁸⁰⁰; 0 is not among them, because its sign would be lost.
#[cfg(any(target_arch = "x86_64", test))]
const DIVIDENDS: (f64, f64) = (1.499_696_813_895_631e-241, 6.668_014_432_879_854e240);

/// A chain for one kind of register: how many make up the lanes, and the operations on them.
macro_rules! registers {
    ($name:ident, $features:literal, $register:ty, $width:literal, $load:path, $store:path, $set:path,
     $add:path, $subtract:path, $multiply:path, $divide:path,
     $quotients:path) => {
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = $features)]
        fn $name(start: Side<'_>, steps: &[Step<'_>], out: &mut [f64]) {
            const REGISTERS: usize = 8;
            const STRIDE: usize = REGISTERS * $width;
            for (chunk, out) in out.as_chunks_mut::<STRIDE>().0.iter_mut().enumerate() {
                let mut values = [$set(0.0); REGISTERS];
                match start {
                    Side::Column(column) => {
                        let (parts, _) = column[chunk * STRIDE..][..STRIDE].as_chunks::<$width>();
                        for k in 0..REGISTERS {
                            values[k] = $load(&parts[k]);
                        }
                    }
                    Side::Constant(value) => values = [$set(value); REGISTERS],
                }
                for &(op, operand) in steps {
                    macro_rules! each {
                        ($apply:expr) => {
                            match operand {
                                Side::Column(column) => {
                                    let (parts, _) = column[chunk * STRIDE..][..STRIDE].as_chunks::<$width>();
                                    for k in 0..REGISTERS {
                                        values[k] = $apply(values[k], $load(&parts[k]));
                                    }
                                }
                                Side::Constant(value) => {
                                    let operand = $set(value);
                                    for k in 0..REGISTERS {
                                        values[k] = $apply(values[k], operand);
                                    }
                                }
                            }
                        };
                    }
                    match op {
                        ChainOp::Add => each!($add),
                        ChainOp::Subtract => each!($subtract),
                        ChainOp::SubtractFrom => each!(|value: $register, operand| $subtract(operand, value)),
                        ChainOp::Multiply => each!($multiply),
                        ChainOp::Divide => match operand {
                            Side::Constant(divisor)
                                if divides_by_product(divisor) && $quotients(&mut values, divisor) => {}
                            _ => each!($divide),
                        },
                        ChainOp::DivideInto => each!(|value: $register, operand| $divide(operand, value)),
                    }
                }
                let (parts, _) = out.as_chunks_mut::<$width>();
                for k in 0..REGISTERS {
                    $store(&mut parts[k], values[k]);
                }
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
use crate::math::simd::x86::{load_f64_eight, load_f64_four, store_f64_eight, store_f64_four};

registers!(
    avx512,
    "avx512f,avx512bw,avx512cd,avx512dq,avx512vl",
    __m512d,
    8,
    load_f64_eight,
    store_f64_eight,
    _mm512_set1_pd,
    _mm512_add_pd,
    _mm512_sub_pd,
    _mm512_mul_pd,
    _mm512_div_pd,
    quotients_avx512
);
registers!(
    avx2,
    "avx2,bmi1,bmi2,fma",
    __m256d,
    4,
    load_f64_four,
    store_f64_four,
    _mm256_set1_pd,
    _mm256_add_pd,
    _mm256_sub_pd,
    _mm256_mul_pd,
    _mm256_div_pd,
    quotients_avx2
);

/// Quotients by a constant that [`divides_by_product`], by three products instead of a division; untouched and false
/// where a dividend is not within [`DIVIDENDS`].
macro_rules! quotients {
    ($name:ident, $features:literal, $register:ty, $set:path, $size:path, $least:path, $most:path, $all:path,
     $multiply:path, $rest:path, $fused:path) => {
        #[cfg(target_arch = "x86_64")]
        #[inline]
        #[target_feature(enable = $features)]
        fn $name(values: &mut [$register; 8], divisor: f64) -> bool {
            let mut sizes = ($set(f64::INFINITY), $set(0.0));
            for &value in values.iter() {
                // What is not a number is left out of both, and stays what it is.
                sizes = ($least($size(value), sizes.0), $most($size(value), sizes.1));
            }
            if !$all(sizes.0, sizes.1) {
                return false;
            }
            let (divisor, inverse) = ($set(divisor), $set(1.0 / divisor));
            for value in values {
                let quotient = $multiply(*value, inverse);
                let rest = $rest(quotient, divisor, *value);
                *value = $fused(rest, inverse, quotient);
            }
            true
        }
    };
}

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::*;

quotients!(
    quotients_avx512,
    "avx512f,avx512bw,avx512cd,avx512dq,avx512vl",
    __m512d,
    _mm512_set1_pd,
    _mm512_abs_pd,
    _mm512_min_pd,
    _mm512_max_pd,
    are_dividends_avx512,
    _mm512_mul_pd,
    _mm512_fnmadd_pd,
    _mm512_fmadd_pd
);
quotients!(
    quotients_avx2,
    "avx2,bmi1,bmi2,fma",
    __m256d,
    _mm256_set1_pd,
    size_avx2,
    _mm256_min_pd,
    _mm256_max_pd,
    are_dividends_avx2,
    _mm256_mul_pd,
    _mm256_fnmadd_pd,
    _mm256_fmadd_pd
);

#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx512f,avx512dq")]
fn are_dividends_avx512(least: __m512d, most: __m512d) -> bool {
    let small = _mm512_cmp_pd_mask::<_CMP_LT_OQ>(least, _mm512_set1_pd(DIVIDENDS.0));
    let large = _mm512_cmp_pd_mask::<_CMP_GT_OQ>(most, _mm512_set1_pd(DIVIDENDS.1));
    small | large == 0
}

#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2")]
fn are_dividends_avx2(least: __m256d, most: __m256d) -> bool {
    let small = _mm256_cmp_pd::<_CMP_LT_OQ>(least, _mm256_set1_pd(DIVIDENDS.0));
    let large = _mm256_cmp_pd::<_CMP_GT_OQ>(most, _mm256_set1_pd(DIVIDENDS.1));
    _mm256_movemask_pd(_mm256_or_pd(small, large)) == 0
}

#[cfg(target_arch = "x86_64")]
#[inline]
#[target_feature(enable = "avx2")]
fn size_avx2(value: __m256d) -> __m256d {
    _mm256_andnot_pd(_mm256_set1_pd(-0.0), value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chain_has_the_bits_of_its_steps() {
        let column = |seed: f64| -> Vec<f64> {
            (0..128).map(|k| libm::sin(seed + f64::from(k)) * libm::exp(seed * f64::from(k % 7))).collect()
        };
        let (a, b, c) = (column(0.1), column(1.7), column(-2.3));
        let ops = [
            ChainOp::Add,
            ChainOp::Subtract,
            ChainOp::SubtractFrom,
            ChainOp::Multiply,
            ChainOp::Divide,
            ChainOp::DivideInto,
        ];
        for first in ops {
            for second in ops {
                let steps = [
                    (first, Side::Column(&b)),
                    (second, Side::Constant(0.3)),
                    (ChainOp::Add, Side::Column(&c)),
                    (second, Side::Column(&a)),
                ];
                for start in [Side::Column(a.as_slice()), Side::Constant(-1.5)] {
                    let (mut found, mut expected) = (vec![0.0; 128], vec![0.0; 128]);
                    chain(start, &steps, &mut found);
                    portable(start, &steps, &mut expected);
                    assert_eq!(found, expected, "{first:?} {second:?}");
                }
            }
        }
    }

    #[test]
    fn quotients_by_constants_are_those_of_a_division() {
        // Dividends next to a multiple of the divisor and next to halves: the hardest to round.
        let divisors =
            [100.0, -7.0, 3.0, 1.0e-3f64.next_down(), 12.5, 281_474_976_710_655.0, 0.25, 1.0 / 3.0, 1e30];
        for divisor in divisors {
            let mut dividends: Vec<f64> = Vec::new();
            for k in 0..4_096 {
                let quotient = libm::exp2(f64::from(k % 61) - 30.0) * (1.0 + f64::from(k * k) * 1.234_567e-9);
                let product = quotient * divisor;
                let half = (quotient + 0.5 * (quotient.next_up() - quotient)) * divisor;
                for x in [product, product.next_up(), product.next_down(), half, half.next_up(), -half] {
                    dividends.push(x);
                }
            }
            dividends.extend([0.0, -0.0, f64::INFINITY, f64::MIN_POSITIVE, 1e-310, -1e300, 1e308]);
            dividends.resize(dividends.len().next_multiple_of(LANES), 1.0);
            let step = [(ChainOp::Divide, Side::Constant(divisor))];
            let (mut found, mut expected) = (vec![0.0; dividends.len()], vec![0.0; dividends.len()]);
            chain(Side::Column(&dividends), &step, &mut found);
            portable(Side::Column(&dividends), &step, &mut expected);
            let same = found.iter().zip(&expected).all(|(a, b)| a.to_bits() == b.to_bits());
            assert!(same, "{divisor}");
        }
    }

    #[test]
    fn divisors_of_few_digits_are_taken() {
        assert!([100.0, -7.0, 12.5, 0.25].into_iter().all(divides_by_product));
        assert!(![0.1, 1.0 / 3.0, 0.0, f64::INFINITY, f64::NAN, 1e300].into_iter().any(divides_by_product));
    }
}
