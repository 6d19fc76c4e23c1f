//! `manifest.json`: what was run, by which version, where and how fast.

use serde_json::json;

use crate::analysis::RunFacts;
use crate::scenario::DataFile;

/// What the summary does not hold because it changes from machine to machine.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// (path, text) of the scenario and the files it extends, base first.
    pub sources: Vec<(String, String)>,
    /// Data files that the scenario read.
    pub data: Vec<DataFile>,
    pub overrides: Vec<String>,
    pub command_line: Vec<String>,
    pub host: Option<String>,
    pub threads: usize,
    /// Instruction set of the vector loops.
    pub simd: &'static str,
    pub seconds: f64,
}

/// The text of `manifest.json`.
pub fn manifest_json(facts: &RunFacts, manifest: &Manifest) -> String {
    let sources: Vec<_> =
        manifest.sources.iter().map(|(path, text)| json!({ "path": path, "text": text })).collect();
    let data: Vec<_> =
        manifest.data.iter().map(|file| json!({ "path": file.path, "sha256": file.sha256 })).collect();
    let root = json!({
        "scenario": facts.scenario,
        "scenario_hash": facts.hash,
        "scenario_sources": sources,
        "data_files": data,
        "overrides": manifest.overrides,
        "seed": facts.seed,
        "run_range": [0, facts.runs],
        "runs_asked": facts.asked,
        "partial": facts.runs < facts.asked,
        "design": facts.design.name(),
        "version": facts.version,
        "command_line": manifest.command_line,
        "host": manifest.host,
        "threads": manifest.threads,
        "simd": manifest.simd,
        "seconds": manifest.seconds,
        "runs_per_second": facts.runs as f64 / manifest.seconds,
    });
    let mut text = serde_json::to_string_pretty(&root).unwrap_or_default();
    text.push('\n');
    text
}
