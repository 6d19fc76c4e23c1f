//! The floor: a program that can do nothing but R1, as fast as the machine allows. What the general engine is held to.
//!
//! It draws every input of every run in f64, with whole tails, and computes the figures of `benches/by_hand`; nothing
//! is read, compiled or planned, and no run is kept. The tricks, each told where it is used:
//!
//! - Blocks of 128 runs pass through loops, one for each table, so that tables stay in registers (`kernel_avx512`).
//! - Quantiles are polynomials on sixteen pieces, fetched by permutations of one register (`tables`); four runs at a
//!   time they are cubics on small pieces (`rows`). Rare tails are taken from riskband's own laws (`direct`).
//! - Three operations for eight random words (`lanes_avx512`).
//! - Events by the distances between them, severities for events alone (`Block::subtract_events`).
//! - Correlated inputs as functions of their normal scores, a single polynomial where that is enough.
//! - Counts of bins instead of sorting, counted while the vector units sum; the tornado from four sums an input
//!   (`sums_avx512`, `figures`, `influence`).
//!
//! ```text
//! cargo bench --bench floor -- --runs 1e7 --threads 2 --simd avx2
//! ```
//! prints one JSON object as `by_hand` does. The exit code is 1 when a result lies further than five standard errors
//! from its reference, 2 when the arguments are wrong or the processor lacks the instructions. Without `--runs` and
//! without the instructions the program says so and is content.

#![allow(unsafe_code, reason = "vector loads and stores, and functions compiled for wider vectors")]
#![allow(
    clippy::disallowed_methods,
    reason = "specialised to one model and one kind of processor; its bits are nobody's contract"
)]

#[cfg(target_arch = "x86_64")]
mod arguments;
#[cfg(target_arch = "x86_64")]
mod direct;
#[cfg(target_arch = "x86_64")]
mod figures;
#[cfg(target_arch = "x86_64")]
mod influence;
#[cfg(target_arch = "x86_64")]
mod kernel_avx2;
#[cfg(target_arch = "x86_64")]
mod kernel_avx512;
#[cfg(target_arch = "x86_64")]
mod lanes_avx2;
#[cfg(target_arch = "x86_64")]
mod lanes_avx512;
#[cfg(target_arch = "x86_64")]
mod model;
#[cfg(target_arch = "x86_64")]
#[path = "../by_hand/reference.rs"]
mod reference;
#[cfg(target_arch = "x86_64")]
mod rows;
#[cfg(target_arch = "x86_64")]
mod seed;
#[cfg(target_arch = "x86_64")]
mod sums_avx2;
#[cfg(target_arch = "x86_64")]
mod sums_avx512;
#[cfg(target_arch = "x86_64")]
mod tables;
#[cfg(target_arch = "x86_64")]
mod tally;
#[cfg(target_arch = "x86_64")]
mod workload;

use std::process::ExitCode;

#[cfg(target_arch = "x86_64")]
fn main() -> ExitCode {
    workload::main()
}

#[cfg(not(target_arch = "x86_64"))]
fn main() -> ExitCode {
    eprintln!("the floor is written for x86-64 with AVX2 or AVX-512 alone");
    let asked = std::env::args().any(|arg| arg == "--runs");
    if asked { ExitCode::from(2) } else { ExitCode::SUCCESS }
}
