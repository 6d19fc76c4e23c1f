//! Whose the files in a folder are: riskband's, by a manifest that lists them or by what they begin with, or somebody
//! else's.

use std::collections::BTreeSet;
use std::fs::{self, DirEntry};
use std::io::Read;
use std::path::Path;

use serde_json::Value;

use super::Failure;
use super::progress::PROGRESS;
use super::results::{BANDS, CHECKPOINT, MANIFEST, SUMMARY, TALLY, some};
use crate::cluster::{LOCK, MAGIC};
use crate::report::chart::CHARTS;
use crate::scenario::read_plain;

/// Whether a result may have a file of this name.
pub fn is_of_result(name: &str) -> bool {
    let is_chart = |chart: &str| name.strip_prefix(chart).is_some_and(|rest| rest.starts_with('-'));
    [TALLY, MANIFEST, SUMMARY, BANDS].contains(&name)
        || (name.ends_with(".png")
            && !name.contains(['/', '\\'])
            && CHARTS.iter().any(|chart| is_chart(chart.file)))
}

/// Whether a process that computes may write a file of this name.
pub fn is_written(name: &str) -> bool {
    is_of_result(name) || [CHECKPOINT, PROGRESS].contains(&name)
}

/// Names of the files in a folder that a result may have.
///
/// # Errors
/// When the folder cannot be read.
pub fn result_names(folder: &Path) -> Result<BTreeSet<String>, Failure> {
    let names = entries(folder)?.into_iter().filter_map(|entry| entry.file_name().into_string().ok());
    Ok(names.filter(|name| is_of_result(name)).collect())
}

/// The manifest of a folder; `None` where there is none.
///
/// # Errors
/// When it cannot be read or is not riskband's.
pub fn manifest_of(folder: &Path) -> Result<Option<Value>, Failure> {
    let path = folder.join(MANIFEST);
    let bytes = match read_plain(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::reading(&path, error)),
    };
    let known = |root: &Value| ["scenario_hash", "version"].iter().all(|key| root[*key].is_string());
    match serde_json::from_slice::<Value>(&bytes).ok().filter(known) {
        Some(root) => Ok(Some(root)),
        None => Err(foreign(folder, &[MANIFEST.to_string()])),
    }
}

/// Names that a manifest lists; `None` of one of an earlier version, which lists none.
pub fn listed(manifest: &Value) -> Option<BTreeSet<String>> {
    let files = manifest.get("files")?.as_object()?;
    Some(files.keys().filter(|name| is_of_result(name)).cloned().collect())
}

/// Refuses a folder that has a file of somebody else under a name that riskband may write.
///
/// # Errors
/// [`Failure`] that names the files.
pub fn check_free(folder: &Path) -> Result<(), Failure> {
    let mut others = Vec::new();
    let mut asked: Option<Option<BTreeSet<String>>> = None;
    for entry in entries(folder)? {
        let Ok(name) = entry.file_name().into_string() else { continue };
        let of_result = is_of_result(&name);
        if !of_result && ![CHECKPOINT, PROGRESS, LOCK].contains(&name.as_str()) {
            continue;
        }
        let plain = entry.file_type().is_ok_and(|kind| kind.is_file());
        if !plain {
            others.push(name);
            continue;
        }
        if of_result && asked.is_none() {
            // Of an earlier version, whose manifests list nothing, everything with such a name.
            let all = || result_names(folder);
            asked = Some(match manifest_of(folder)? {
                Some(manifest) => Some(listed(&manifest).map_or_else(all, Ok)?),
                None => None,
            });
        }
        let names = asked.as_ref().and_then(Option::as_ref);
        let known = name == MANIFEST || names.is_some_and(|names| names.contains(&name));
        if !(known && of_result || is_told_by_itself(&entry, &name)) {
            others.push(name);
        }
    }
    others.sort();
    if others.is_empty() { Ok(()) } else { Err(foreign(folder, &others)) }
}

/// Whether a file shows by its first bytes that riskband wrote it; an empty one is nobody's loss.
fn is_told_by_itself(entry: &DirEntry, name: &str) -> bool {
    let begins: &[u8] = match name {
        TALLY | CHECKPOINT => MAGIC,
        PROGRESS => b"{\"event\":\"progress\"",
        LOCK => b"process ",
        _ => return false,
    };
    let mut bytes = Vec::new();
    let read = fs::File::open(entry.path()).and_then(|file| file.take(64).read_to_end(&mut bytes));
    read.is_ok() && (bytes.is_empty() || bytes.starts_with(begins))
}

fn entries(folder: &Path) -> Result<Vec<DirEntry>, Failure> {
    let read = |error| Failure::reading(folder, error);
    fs::read_dir(folder).map_err(read)?.collect::<Result<_, _>>().map_err(read)
}

fn foreign(folder: &Path, names: &[String]) -> Failure {
    let them = if names.len() == 1 { "it" } else { "them" };
    let shown: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    Failure::system(format!(
        "{} holds {}, and no manifest there says that riskband wrote {them}: nothing was computed; move {them} away, or \
         choose another folder with --out",
        folder.display(),
        some(&shown)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_results_are_known_and_lead_nowhere_else() {
        for name in ["tally.bin", "bands.csv", "bands-market.png", "tornado-a-2031.png", "histogram-비용.png"]
        {
            assert!(is_of_result(name), "{name}");
        }
        for name in
            ["notes.txt", "bands.png", "bands-/../x.png", "photo.png", "checkpoint.bin", "bands-a.pdf"]
        {
            assert!(!is_of_result(name), "{name}");
        }
    }

    #[test]
    fn what_is_riskbands_shows_it() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
        let refused = || check_free(folder.path()).err().map(|failure| failure.to_string());
        put("notes.txt", b"mine");
        put("tally.bin", b"RISKBAND and more");
        put("checkpoint.bin", b"");
        put("progress.json", b"{\"event\":\"progress\",\"state\":\"running\"}");
        put(".lock", b"process 12 on here");
        assert_eq!(refused(), None);
        for (name, mine) in [
            ("tally.bin", "my own"),
            ("checkpoint.bin", "mine"),
            ("progress.json", "{}"),
            (".lock", "secret"),
            ("bands.csv", "a,b"),
            ("manifest.json", "{}"),
        ] {
            let before = fs::read(folder.path().join(name)).ok();
            put(name, mine.as_bytes());
            assert!(refused().is_some_and(|said| said.contains(&format!("`{name}`"))), "{name}");
            match before {
                Some(bytes) => put(name, &bytes),
                None => fs::remove_file(folder.path().join(name)).unwrap(),
            }
        }
        // Listed, it is riskband's; of an earlier version, which listed nothing, everything is.
        put("bands.csv", b"a,b");
        put("manifest.json", br#"{"scenario_hash": "0", "version": "0", "files": {"bands.csv": null}}"#);
        assert_eq!(refused(), None);
        put("summary.json", b"{}");
        assert!(refused().is_some());
        put("manifest.json", br#"{"scenario_hash": "0", "version": "0"}"#);
        assert_eq!(refused(), None);
        fs::create_dir(folder.path().join("bands-a.png")).unwrap();
        assert!(refused().is_some_and(|said| said.contains("bands-a.png")));
    }
}
