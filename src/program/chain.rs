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

/// A chain for one kind of register: how many make up the lanes, and the operations on them.
macro_rules! registers {
    ($name:ident, $features:literal, $register:ty, $width:literal, $load:path, $store:path, $set:path,
     $add:path, $subtract:path, $multiply:path, $divide:path) => {
        #[cfg(target_arch = "x86_64")]
        #[target_feature(enable = $features)]
        fn $name(start: Side<'_>, steps: &[Step<'_>], out: &mut [f64]) {
            use std::arch::x86_64::*;
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
                        ChainOp::Divide => each!($divide),
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
    _mm512_div_pd
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
    _mm256_div_pd
);

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
}
