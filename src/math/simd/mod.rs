//! One source, three instruction sets: loops compiled for the baseline, AVX2 and AVX-512, chosen at run time.
//!
//! Every width gives the same bits: an operation over a vector is that of its lanes, and the compiler neither
//! contracts nor rearranges arithmetic unasked (`docs/methods.md#same-bits-everywhere`). Where a loop is better written
//! out in the processor's own operations ([`masks`], `math::octaves`, `program::chain`, …), it repeats a scalar form
//! lane by lane, with the loads and stores of `x86`. `tests/sameness.rs` compares the levels;
//! `RISKBAND_SIMD=base|avx2|avx512` forces one (never above what the processor has), for tests and measurements.

pub mod masks;
#[cfg(target_arch = "x86_64")]
pub(crate) mod x86;

use std::sync::OnceLock;

/// Name of the environment's variable that asks for a level.
pub const SWITCH: &str = "RISKBAND_SIMD";

/// Instruction set a loop is compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What every processor of the target has (SSE2 on x86-64, NEON on aarch64).
    Base,
    /// x86-64 with AVX2 and FMA: four f64 a vector.
    Avx2,
    /// x86-64 with AVX-512 F, BW, CD, DQ, VL: eight f64 a vector.
    Avx512,
}

impl Level {
    /// The best level of this processor, or the lower one that `RISKBAND_SIMD` asks for; found once.
    pub fn current() -> Level {
        static LEVEL: OnceLock<Level> = OnceLock::new();
        *LEVEL.get_or_init(|| {
            let asked = std::env::var(SWITCH).ok().and_then(|name| Level::named(&name));
            asked.unwrap_or(Level::Avx512).min(Level::detected())
        })
    }

    /// The level of a name.
    pub fn named(name: &str) -> Option<Level> {
        [Level::Base, Level::Avx2, Level::Avx512].into_iter().find(|level| level.name() == name)
    }

    #[cfg(target_arch = "x86_64")]
    fn detected() -> Level {
        if is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512cd")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
        {
            Level::Avx512
        } else if is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("fma")
        {
            Level::Avx2
        } else {
            Level::Base
        }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn detected() -> Level {
        Level::Base
    }

    /// Name as `RISKBAND_SIMD` spells it.
    pub fn name(self) -> &'static str {
        match self {
            Level::Base => "base",
            Level::Avx2 => "avx2",
            Level::Avx512 => "avx512",
        }
    }
}

/// Compiles a function once a [`Level`] and calls the one of [`Level::current`].
///
/// The body must be plain safe Rust over slices; functions it calls in its loop must be `#[inline(always)]`.
macro_rules! vectorised {
    ($(#[$attribute:meta])* $vis:vis fn $name:ident $(<$($generic:ident : $bound:path),+>)?
     ($($argument:ident : $kind:ty),* $(,)?) $body:block) => {
        $(#[$attribute])*
        #[allow(unsafe_code, clippy::too_many_arguments)]
        $vis fn $name $(<$($generic : $bound),+>)? ($($argument : $kind),*) {
            #[inline(always)]
            fn body $(<$($generic : $bound),+>)? ($($argument : $kind),*) $body

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx2,bmi1,bmi2,fma")]
            fn avx512 $(<$($generic : $bound),+>)? ($($argument : $kind),*) {
                body($($argument),*)
            }

            #[cfg(target_arch = "x86_64")]
            #[target_feature(enable = "avx2,bmi1,bmi2,fma")]
            fn avx2 $(<$($generic : $bound),+>)? ($($argument : $kind),*) {
                body($($argument),*)
            }

            match $crate::math::simd::Level::current() {
                // Safety: `Level::current` never exceeds what the processor was found to have.
                #[cfg(target_arch = "x86_64")]
                $crate::math::simd::Level::Avx512 => unsafe { avx512($($argument),*) },
                #[cfg(target_arch = "x86_64")]
                $crate::math::simd::Level::Avx2 => unsafe { avx2($($argument),*) },
                _ => body($($argument),*),
            }
        }
    };
}
pub(crate) use vectorised;
