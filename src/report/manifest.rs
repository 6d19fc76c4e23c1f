//! `manifest.json`: what was run, by which version, where and how fast.

use std::collections::BTreeMap;

use serde_json::json;

use crate::sampling::Design;
use crate::scenario::Scenario;
use crate::tally::RunSet;

/// What the summary does not hold because it changes from machine to machine.
#[derive(Clone, Debug)]
pub struct Manifest {
    pub design: Design,
    /// The part of the simulation this is, as `3/16`.
    pub shard: Option<String>,
    /// Tallies that were put together, where that was done.
    pub merged: Option<usize>,
    /// Runs that the result holds, how many were asked for, and how many this process computed itself.
    pub computed: RunSet,
    pub asked: u64,
    pub computed_here: u64,
    pub command_line: Vec<String>,
    pub host: Option<String>,
    pub threads: usize,
    /// Instruction set of the vector loops.
    pub simd: &'static str,
    pub seconds: f64,
}

/// Names of the files of a result with the SHA-256 of each; none of a file that is still to be written.
pub type Listed = BTreeMap<String, Option<String>>;

/// The text of `manifest.json`.
pub fn manifest_json(scenario: &Scenario, manifest: &Manifest, files: &Listed) -> String {
    let sources: Vec<_> =
        scenario.sources.iter().map(|(path, text)| json!({ "path": path, "text": text })).collect();
    let data: Vec<_> =
        scenario.data.iter().map(|file| json!({ "path": file.path, "sha256": file.sha256 })).collect();
    let computed: Vec<[u64; 2]> = manifest.computed.ranges().iter().map(|r| [r.start, r.end]).collect();
    let root = json!({
        "scenario": scenario.name,
        "scenario_hash": scenario.hash,
        "scenario_sources": sources,
        "data_files": data,
        "overrides": scenario.overrides,
        "percentiles": scenario.asked.percentiles,
        "tail_means": scenario.asked.tail_means,
        "seed": scenario.seed,
        "shard": manifest.shard,
        "merged": manifest.merged,
        "computed": computed,
        "runs_asked": manifest.asked,
        "partial": manifest.computed.count() < manifest.asked && manifest.shard.is_none(),
        "design": manifest.design.name(),
        "version": env!("CARGO_PKG_VERSION"),
        "files": files,
        "command_line": manifest.command_line,
        "host": manifest.host,
        "threads": manifest.threads,
        "simd": manifest.simd,
        "seconds": manifest.seconds,
        "runs_here": manifest.computed_here,
        "runs_per_second": manifest.computed_here as f64 / manifest.seconds,
    });
    let mut text = serde_json::to_string_pretty(&root).unwrap_or_default();
    text.push('\n');
    text
}
