//! The reference workload R1 written by hand: what riskband is measured against.
//!
//! A plain program as a good engineer would write it for this one model: samplers of `rand_distr` on a fast generator,
//! one a chunk of runs, `rayon` over the chunks, every column kept in memory, percentiles and ranks by sorting copies
//! in parallel. It computes what `riskband run` computes of R1 and holds each number against the exact value.
//!
//! - Kept: twelve static inputs and seven outputs, 152 bytes a run. The eighteen yearly inputs are drawn and
//!   forgotten; the tornado covers the twelve static ones, which is less than riskband's own and so to the advantage
//!   of this program.
//! - `benches/r1.rs` times the same `workload` inside one process with riskband.
//! - It uses the platform's `exp` and `powf`, as such a program would; its bits are nobody's contract.
//!
//! ```text
//! cargo bench --bench by_hand -- --runs 1e7 --threads 2
//! ```
//! prints one JSON object: results, the largest |z| against the reference, seconds, peak memory. The exit code is 1
//! when a result lies further than five standard errors from its reference, 2 when the arguments are wrong.

#![allow(
    clippy::disallowed_methods,
    reason = "written as such a program would be; its bits are nobody's contract"
)]

mod model;
mod reference;
mod statistics;
mod workload;

use std::process::ExitCode;
use std::time::Instant;

use serde_json::{Value, json};

use workload::workload;

/// What the command line asks for.
struct Args {
    runs: usize,
    threads: usize,
    seed: u64,
    /// Named filters, as cargo hands them to every bench; run only when one fits.
    filters: Vec<String>,
}

fn main() -> ExitCode {
    let args = match parse(std::env::args().skip(1)) {
        Ok(args) => args,
        Err(message) => {
            eprintln!("{message}\nusage: by_hand [--runs N] [--threads N] [--seed N]");
            return ExitCode::from(2);
        }
    };
    if !args.filters.is_empty() && !args.filters.iter().any(|f| "by_hand".contains(f.as_str())) {
        return ExitCode::SUCCESS;
    }
    let pool = match rayon::ThreadPoolBuilder::new().num_threads(args.threads).build() {
        Ok(pool) => pool,
        Err(error) => {
            eprintln!("{} threads could not be started: {error}", args.threads);
            return ExitCode::from(2);
        }
    };
    let start = Instant::now();
    let mut results = pool.install(|| workload(args.runs, args.seed));
    let seconds = start.elapsed().as_secs_f64();

    let check = match reference::check(&results, args.runs) {
        Ok(check) => check,
        Err(message) => {
            eprintln!("the reference file does not hold what is compared: {message}");
            return ExitCode::from(2);
        }
    };
    results.insert("runs".into(), json!(args.runs));
    results.insert("threads".into(), json!(pool.current_num_threads()));
    results.insert("seconds".into(), json!(seconds));
    results.insert("runs_per_second".into(), json!(args.runs as f64 / seconds));
    results.insert("peak_bytes".into(), json!(peak_bytes()));
    results.insert(
        "check".into(),
        json!({"comparisons": check.comparisons, "largest_z": check.largest_z, "at": check.at}),
    );
    println!("{:#}", Value::Object(results));
    if check.largest_z <= reference::LIMIT {
        ExitCode::SUCCESS
    } else {
        eprintln!("{} is {:.2} standard errors from its reference", check.at, check.largest_z);
        ExitCode::from(1)
    }
}

/// Reads `--runs`, `--threads` and `--seed`; numbers may be written `1e7` or `10_000_000`.
fn parse(mut args: impl Iterator<Item = String>) -> Result<Args, String> {
    let mut parsed = Args { runs: 1_000_000, threads: 0, seed: 1, filters: Vec::new() };
    while let Some(arg) = args.next() {
        let mut number = || -> Result<f64, String> {
            let text = args.next().ok_or_else(|| format!("{arg} needs a number"))?;
            let value: f64 = text.replace('_', "").parse().map_err(|_| format!("{text} is not a number"))?;
            if value >= 0.0 && value.fract() == 0.0 && value <= u32::MAX as f64 {
                Ok(value)
            } else {
                Err(format!("{arg} takes a whole number up to {}, not {text}", u32::MAX))
            }
        };
        match arg.as_str() {
            "--runs" => parsed.runs = number()? as usize,
            "--threads" => parsed.threads = number()? as usize,
            "--seed" => parsed.seed = number()? as u64,
            "--bench" | "--test" => {}
            flag if flag.starts_with('-') => return Err(format!("unknown flag {flag}")),
            filter => parsed.filters.push(filter.to_string()),
        }
    }
    if parsed.runs < 1_000 {
        return Err("--runs must be at least 1000: the shares of variance come from 500 slices".into());
    }
    Ok(parsed)
}

/// Largest resident memory of this process so far, in bytes; `None` where the system does not tell.
fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
