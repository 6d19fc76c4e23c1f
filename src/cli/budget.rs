//! Whether a simulation fits the memory there is, before it is begun.

use std::fs::read_to_string;

use super::Failure;
use crate::engine::{self, Plan};

/// From here on `check` says how much memory a run takes.
const WORTH_SAYING: u64 = 1 << 28;

/// Refuses a simulation that takes more memory than there is.
///
/// # Errors
/// [`Failure::data`], with what would help.
pub fn within(plan: &Plan, runs: u64, threads: usize) -> Result<(), Failure> {
    let needed = engine::memory(plan, runs, threads);
    match available() {
        Some(there) if needed > there => Err(Failure::data(format!(
            "{} needs about {} of memory, and there are {}: {}",
            asked(plan, threads),
            size(needed),
            size(there),
            advice(plan, runs, threads, there)
        ))),
        _ => Ok(()),
    }
}

/// What `check` says of the memory of a large run.
pub fn said(plan: &Plan, runs: u64, threads: usize) -> Option<String> {
    let needed = engine::memory(plan, runs, threads);
    let there = available().filter(|&there| needed > there);
    let short = there.map_or(String::new(), |there| {
        format!(", and there are {}: {}", size(there), advice(plan, runs, threads, there))
    });
    (needed >= WORTH_SAYING || there.is_some())
        .then(|| format!("{} takes about {} of memory{short}", asked(plan, threads), size(needed)))
}

fn asked(plan: &Plan, threads: usize) -> String {
    let plural = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    format!("a run of {} on {}", plural(plan.program.cells.len(), "reported cell"), plural(threads, "thread"))
}

fn advice(plan: &Plan, runs: u64, threads: usize, there: u64) -> String {
    let fits = |threads: &usize| engine::memory(plan, runs, *threads) <= there;
    match (1..threads).rev().find(fits) {
        Some(fewer) => format!("use `--threads {fewer}`, or report fewer cells"),
        None => "report fewer cells: sums over an axis, or later years with `from`".to_string(),
    }
}

fn size(bytes: u64) -> String {
    match bytes as f64 / 1e6 {
        small if small < 1000.0 => format!("{small:.0} MB"),
        large => format!("{:.1} GB", large / 1000.0),
    }
}

/// The least of what the process may address, what its group may use and what the machine has; `None` where the system
/// says nothing of them.
fn available() -> Option<u64> {
    let limits = read_to_string("/proc/self/limits").ok().and_then(|text| of_limits(&text));
    let group = read_to_string("/sys/fs/cgroup/memory.max").ok().and_then(|text| text.trim().parse().ok());
    let machine = read_to_string("/proc/meminfo").ok().and_then(|text| of_machine(&text));
    [limits, group, machine].into_iter().flatten().min()
}

/// The soft limit of the address space in bytes.
fn of_limits(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("Max address space"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Memory that is free or can be freed, in bytes.
fn of_machine(text: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.split_whitespace().next()?.parse::<u64>().ok().map(|kib| kib * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_read_as_the_system_writes_them() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max address space         4096000000           unlimited            bytes     \n";
        assert_eq!(of_limits(limits), Some(4_096_000_000));
        assert_eq!(of_limits(&limits.replace("4096000000", "unlimited ")), None);
        assert_eq!(of_machine("MemTotal:  8 kB\nMemAvailable:   23456 kB\n"), Some(23_456 * 1024));
        assert_eq!((size(86_400_000), size(5_900_000_000)), ("86 MB".into(), "5.9 GB".into()));
    }
}
