//! The files of a result, and what is said of it.

use std::path::{Path, PathBuf};

use super::args::Format;
use super::{Failure, Ui};
use crate::analysis::{Summary, summarise};
use crate::cluster::Simulation;
use crate::diagnostic::grouped;
use crate::engine::Collected;
use crate::report::{self, Manifest, write_whole};
use crate::sampling::Design;

/// Name of the mergeable state in a folder of results.
pub const TALLY: &str = "tally.bin";
/// Name of what a run that is not finished writes from time to time.
pub const CHECKPOINT: &str = "checkpoint.bin";
/// Folder of the shards in the folder of a simulation.
pub const SHARDS: &str = "shards";
/// Folder of what the ranks of an MPI job leave, in the folder of a simulation.
pub const RANKS: &str = "ranks";

/// Analyses what was collected, writes every file of the result into a folder and shows the table.
///
/// # Errors
/// When a file cannot be written.
pub fn results(
    folder: &Path,
    formats: &[Format],
    simulation: &Simulation,
    collected: Collected,
    manifest: &Manifest,
    ui: &Ui,
) -> Result<Summary, Failure> {
    let tally = simulation.encode(None, &collected);
    let summary = summarise(&simulation.scenario, &simulation.plan, &collected.outcome());
    // What took longest to compute is on the disk first.
    let mut files: Vec<(PathBuf, Vec<u8>)> = vec![(folder.join(TALLY), tally)];
    if formats.contains(&Format::Png) {
        let charts =
            report::charts(&summary).map_err(|error| Failure::system(format!("cannot draw: {error}")))?;
        for chart in charts {
            chart.warnings.iter().for_each(|warning| ui.say(&format!("{}: {warning}", chart.name)));
            files.push((folder.join(chart.name), chart.bytes));
        }
    }
    if formats.contains(&Format::Csv) {
        files.push((folder.join("bands.csv"), report::bands_csv(&summary).into_bytes()));
    }
    if formats.contains(&Format::Json) {
        files.push((folder.join("summary.json"), report::summary_json(&summary).into_bytes()));
    }
    files.push((
        folder.join("manifest.json"),
        report::manifest_json(&simulation.scenario, manifest).into_bytes(),
    ));
    for (path, bytes) in files {
        write_whole(&path, &bytes).map_err(|error| Failure::writing(&path, error))?;
    }
    ui.result(&report::table::results(&summary))?;
    for refused in &summary.refused {
        ui.say(&format!(
            "warning: the parameters of `{}` were outside their domain in {} of the runs, first in run {}: no value there",
            refused.input, refused.count, refused.first_run
        ));
    }
    report::dependence::repair_lines(&summary.repaired).iter().for_each(|line| ui.say(line));
    Ok(summary)
}

/// `years: 1000 runs in 0.10 s (0.01 million a second) on 2 threads`.
pub fn pace(scenario: &str, manifest: &Manifest) -> String {
    let runs = manifest.computed_here;
    format!(
        "{scenario}: {} runs{} in {:.2} s ({:.2} million a second) on {} thread{}",
        grouped(runs),
        match manifest.design {
            Design::MonteCarlo => "",
            Design::Hypercube { .. } => " (Latin hypercube)",
            Design::Sobol { .. } => " (scrambled Sobol' points)",
        },
        manifest.seconds,
        runs as f64 / manifest.seconds / 1e6,
        manifest.threads,
        if manifest.threads == 1 { "" } else { "s" },
    )
}

/// `12.5 % of 10,000,000 runs`.
pub fn coverage(runs: u64, asked: u64) -> String {
    // Rounded down, so that only all of them are 100 %.
    let share = (runs as f64 / asked as f64 * 1000.0) as u64;
    format!("{}.{} % of {} runs", share / 10, share % 10, grouped(asked))
}
