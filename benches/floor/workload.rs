//! The program itself: arguments, threads, figures, check.

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use serde_json::{Map, Value, json};

use super::arguments::{Args, Simd, parse};
use super::figures::figures;
use super::rows::Rows;
use super::tables::Tables;
use super::tally::Tally;
use super::{kernel_avx2, kernel_avx512, reference};

pub fn main() -> ExitCode {
    let args = match parse(std::env::args().skip(1)) {
        Ok(args) => args,
        Err(message) => {
            eprintln!("{message}\nusage: floor [--runs N] [--threads N] [--seed N] [--simd avx2|avx512]");
            return ExitCode::from(2);
        }
    };
    if !args.filters.is_empty() && !args.filters.iter().any(|filter| "floor".contains(filter.as_str())) {
        return ExitCode::SUCCESS;
    }
    let widths = [Simd::Avx512, Simd::Avx2];
    let simd =
        widths.into_iter().find(|&simd| args.simd.is_none_or(|asked| asked == simd) && simd.is_present());
    match simd {
        Some(simd) => run(&args, simd),
        None => {
            eprintln!("this processor lacks the vector instructions the floor is written for");
            if args.runs.is_some() || args.simd.is_some() { ExitCode::from(2) } else { ExitCode::SUCCESS }
        }
    }
}

/// Runs, checks and prints.
fn run(args: &Args, simd: Simd) -> ExitCode {
    let runs = args.runs.unwrap_or(1_000_000);
    let threads = match args.threads {
        0 => std::thread::available_parallelism().map_or(1, usize::from),
        threads => threads,
    };
    let start = Instant::now();
    let mut results = workload(simd, runs, threads, args.seed);
    let seconds = start.elapsed().as_secs_f64();

    let check = match reference::check(&results, runs) {
        Ok(check) => check,
        Err(message) => {
            eprintln!("the reference file does not hold what is compared: {message}");
            return ExitCode::from(2);
        }
    };
    results.insert("runs".into(), json!(runs));
    results.insert("threads".into(), json!(threads));
    results.insert("simd".into(), json!(simd.name()));
    results.insert("seconds".into(), json!(seconds));
    results.insert("runs_per_second".into(), json!(runs as f64 / seconds));
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

/// Tables, runs and figures; keys as in the reference file.
fn workload(simd: Simd, runs: usize, threads: usize, seed: u64) -> Map<String, Value> {
    match simd {
        Simd::Avx512 => {
            let tables = Tables::new();
            let tally = tally(runs, threads, |chunk, runs, tally| {
                // Safety: `main` has seen that the processor has the instructions.
                unsafe { kernel_avx512::run_chunk(&tables, seed, chunk as u64, runs, tally) }
            });
            figures(&tally, &tables.laws)
        }
        Simd::Avx2 => {
            let rows = Rows::new();
            let tally = tally(runs, threads, |chunk, runs, tally| {
                // Safety: `main` has seen that the processor has the instructions.
                unsafe { kernel_avx2::run_chunk(&rows, seed, chunk as u64, runs, tally) }
            });
            figures(&tally, &rows.laws)
        }
    }
}

/// Runs that share one set of generators and are counted in 16 bits.
const CHUNK: usize = 1 << 15;

/// Shares the chunks out to the threads, whoever is free taking the next; a tally each, merged at the end. The
/// chunks, not the threads, own the generators: threads change only the order of the sums.
fn tally(runs: usize, threads: usize, run_chunk: impl Fn(usize, usize, &mut Tally) + Sync) -> Tally {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut tally = Tally::new();
        loop {
            let chunk = next.fetch_add(1, Ordering::Relaxed);
            let first = chunk * CHUNK;
            if first >= runs {
                return tally;
            }
            run_chunk(chunk, CHUNK.min(runs - first), &mut tally);
        }
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut tally = work();
        for other in others {
            tally.merge(&other.join().expect("a worker does not panic"));
        }
        tally
    })
}

/// Largest resident memory of this process so far, in bytes; `None` where the system does not tell.
fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}
