//! What the manifest says: the simulation, where it repeats the tally, and the files of the folder.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::checks::Checks;
use crate::cli::Failure;
use crate::cli::levels::LevelArgs;
use crate::cli::origin::is_of_result;
use crate::cli::progress::PROGRESS;
use crate::cli::results::{CHECKPOINT, MANIFEST, some};
use crate::cluster::{Header, LOCK};
use crate::scenario::read_plain;

/// Longest values that are shown; of longer ones it is said that they differ.
const MOST_SHOWN: usize = 100;

/// Checks the manifest of a folder against the header of its tally, and the files against the manifest.
///
/// # Errors
/// When a file cannot be read.
pub fn check(folder: &Path, header: &Header, checks: &mut Checks) -> Result<(), Failure> {
    let path = folder.join(MANIFEST);
    let bytes = match read_plain(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            checks.fail(MANIFEST, "it is not here, and without it nobody knows which files are of the run");
            return Ok(());
        }
        Err(error) => return Err(Failure::reading(&path, error)),
    };
    let Ok(root) = serde_json::from_slice::<Value>(&bytes) else {
        checks.fail(MANIFEST, "it is no JSON");
        return Ok(());
    };
    let mut wrong: Vec<String> = expected(header)
        .into_iter()
        .filter_map(|(key, expected)| difference(key, root.get(key), &expected))
        .collect();
    wrong.extend(LevelArgs::unreadable(&root).map(|key| format!("`{key}` is no list of levels in %")));
    match wrong.is_empty() {
        true => checks
            .pass(MANIFEST, "scenario, changes, data, seed, design, runs and version are those of the tally"),
        false => wrong.iter().for_each(|difference| checks.fail(MANIFEST, difference)),
    }
    let Some(files) = root.get("files").and_then(Value::as_object) else {
        checks.note("manifest.json is of an earlier version, and lists no files");
        return Ok(());
    };
    let files = files.iter().map(|(name, hash)| (name.as_str(), hash.as_str())).collect();
    listed(folder, &files, checks)?;
    unlisted(folder, &files, checks)
}

/// Everything of the manifest on which results depend, as the tally has it.
fn expected(header: &Header) -> Vec<(&'static str, Value)> {
    let identity = &header.identity;
    let computed: Vec<[u64; 2]> = header.computed.ranges().iter().map(|r| [r.start, r.end]).collect();
    let sources = header.sources.iter().map(|(path, text)| json!({ "path": path, "text": text }));
    let data = header.data.iter().map(|file| json!({ "path": file.path, "sha256": file.sha256 }));
    vec![
        ("scenario", json!(header.scenario)),
        ("scenario_hash", json!(identity.hash)),
        ("scenario_sources", sources.collect()),
        ("data_files", data.collect()),
        ("overrides", json!(header.overrides)),
        ("seed", json!(identity.seed)),
        ("shard", json!(header.shard.map(|shard| shard.to_string()))),
        ("computed", json!(computed)),
        ("runs_asked", json!(identity.runs)),
        ("partial", json!(header.shard.is_none() && header.computed.count() < identity.runs)),
        ("design", json!(identity.design)),
        ("version", json!(identity.version)),
    ]
}

fn difference(key: &str, found: Option<&Value>, expected: &Value) -> Option<String> {
    if found == Some(expected) {
        return None;
    }
    let found = found.map_or("nothing".into(), ToString::to_string);
    let expected = expected.to_string();
    Some(match found.len().max(expected.len()) {
        ..=MOST_SHOWN => format!("`{key}` is {found} and {expected} in the tally"),
        _ => format!("`{key}` is not what the tally has"),
    })
}

/// The files that are listed, each with its hash or, where a signal came first, without.
fn listed(folder: &Path, files: &BTreeMap<&str, Option<&str>>, checks: &mut Checks) -> Result<(), Failure> {
    let (mut same, mut missing) = (0, Vec::new());
    for (name, hash) in files {
        if !is_of_result(name) {
            checks.fail(MANIFEST, &format!("it lists `{name}`, which is no file of a result"));
            continue;
        }
        let path = folder.join(name);
        let found = match read_plain(&path) {
            Ok(bytes) => {
                Some(Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect::<String>())
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => return Err(Failure::reading(&path, error)),
        };
        match (found, hash) {
            (None, Some(_)) => checks.fail(name, "the manifest lists it, and it is not here"),
            (None, None) => missing.push(*name),
            (Some(found), Some(hash)) if found != *hash && !checks.has_failed(name) => {
                checks.fail(name, "it is not the file that the manifest lists");
            }
            _ => same += 1,
        }
    }
    if !missing.is_empty() {
        checks.note(&format!(
            "not written before the run was interrupted, `riskband run … --resume` does it: {}",
            some(&missing)
        ));
    }
    if same == files.len() {
        checks.pass("files", &format!("the {same} that the manifest lists are here"));
    }
    Ok(())
}

/// What is in the folder and not listed: wrong where it could be taken for a part of the result.
fn unlisted(folder: &Path, files: &BTreeMap<&str, Option<&str>>, checks: &mut Checks) -> Result<(), Failure> {
    let reading = |error| Failure::reading(folder, error);
    let mut others = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(reading)? {
        let entry = entry.map_err(reading)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let own = [MANIFEST, CHECKPOINT, PROGRESS, LOCK, "submit.sh"].contains(&name.as_str());
        let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if !own && !is_folder && !name.ends_with(".sbatch") && !files.contains_key(name.as_str()) {
            others.push(name);
        }
    }
    others.sort();
    let (results, others): (Vec<String>, Vec<String>) =
        others.into_iter().partition(|name| is_of_result(name));
    for name in results {
        checks.fail(&name, "it is not listed in the manifest: of another run, or of nobody known");
    }
    if !others.is_empty() {
        checks.note(&format!("not of this run: {}", some(&others)));
    }
    Ok(())
}
