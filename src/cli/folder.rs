//! A folder of results: what riskband wrote there before, and what a new result takes the place of.
//!
//! The manifest of a result lists its files. What the old one lists is riskband's to replace and, where the new result does
//! not have it, to remove. What is somebody else's is refused before anything is computed ([`super::origin`]).

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::origin::{check_free, is_written, listed, manifest_of, result_names};
use super::progress::PROGRESS;
use super::results::{MANIFEST, TALLY};
use super::{Failure, Ui};
use crate::cluster::{Lock, Locked, Simulation};
use crate::diagnostic::counted;
use crate::report::{Listed, Manifest, manifest_json, remove_parts, write_whole_by};

/// A folder that this process alone writes into.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    lock: Lock,
    /// The manifest of the result that was here before, and the files it lists.
    old: Option<Value>,
    stale: BTreeSet<String>,
    /// Files of the new result.
    files: Mutex<Listed>,
}

impl Folder {
    /// Makes the folder where there is none and takes it for this process.
    ///
    /// # Errors
    /// When another process has it, when it cannot be written, and when it holds what is not riskband's.
    pub fn take(path: &Path) -> Result<Folder, Failure> {
        if path.exists() && !path.is_dir() {
            return Err(Failure::system(format!(
                "cannot write into {}: it is a file, and results need a folder: choose another with --out",
                path.display()
            )));
        }
        let refused = |error| {
            Failure::system(format!(
                "cannot write into {}: {error}: choose another folder with --out",
                path.display()
            ))
        };
        fs::create_dir_all(path).map_err(refused)?;
        check_free(path)?;
        let lock = Lock::take(path).map_err(|locked| match locked {
            Locked::Refused(error) => refused(error),
            Locked::Taken(owner) => Failure::system(format!(
                "{} is being written by another riskband ({owner}): wait for it, or choose another folder with --out",
                path.display()
            )),
        })?;
        remove_parts(path, is_written);
        let old = manifest_of(path)?;
        let stale = match &old {
            Some(old) => listed(old).map_or_else(|| result_names(path), Ok)?,
            None => BTreeSet::new(),
        };
        Ok(Folder { path: path.to_path_buf(), lock, old, stale, files: Mutex::default() })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Says which results will be replaced, where they are not of the same simulation.
    pub fn tell_replaced(&self, simulation: &Simulation, ui: &Ui) {
        let Some(old) = &self.old else { return };
        let identity = &simulation.identity;
        let text = |key: &str| old.get(key).and_then(Value::as_str).unwrap_or("?");
        let number = |key: &str| old.get(key).and_then(Value::as_u64).unwrap_or(0);
        let same = text("scenario_hash") == identity.hash
            && number("seed") == identity.seed
            && text("design") == identity.design
            && number("runs_asked") == identity.runs;
        if same {
            return;
        }
        let changes = old.get("overrides").and_then(Value::as_array).into_iter().flatten();
        let changes: String =
            changes.filter_map(Value::as_str).map(|change| format!(" with --set {change}")).collect();
        ui.say(&format!(
            "the results in {} are replaced: {} of {} (hash {}…){changes}, seed {}, design {}",
            self.path.display(),
            counted(number("runs_asked"), "run"),
            text("scenario"),
            text("scenario_hash").get(..8).unwrap_or("?"),
            number("seed"),
            text("design"),
        ));
    }

    /// Writes a file of the result.
    ///
    /// # Errors
    /// What the system says.
    pub fn write(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        self.write_by(name, |to| to.write_all(bytes))
    }

    /// The same of what `write` writes.
    ///
    /// # Errors
    /// What the system says.
    pub fn write_by(
        &self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let mut hash = Sha256::new();
        self.put_by(name, |to| write(&mut Hashed { to, hash: &mut hash }))?;
        let digest = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        self.files().insert(name.to_string(), Some(digest));
        Ok(())
    }

    /// Writes a file that no manifest lists.
    ///
    /// # Errors
    /// What the system says.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        self.put_by(name, |to| to.write_all(bytes))
    }

    /// The same of what `write` writes.
    ///
    /// # Errors
    /// What the system says.
    pub fn put_by(
        &self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let path = self.path.join(name);
        write_whole_by(&path, write).map_err(|error| Failure::writing(&path, error))
    }

    /// Names files that are still to be written: until they are, the manifest lists them without a hash.
    pub fn expect<'a>(&self, names: impl IntoIterator<Item = &'a str>) {
        let mut files = self.files();
        for name in names {
            files.entry(name.to_string()).or_insert(None);
        }
    }

    /// Removes the files of the old result, but for those of these names, which are replaced in one step.
    pub fn clear(&self, kept: &[&str]) {
        let goes = |name: &&String| ![&[TALLY, MANIFEST], kept].concat().contains(&name.as_str());
        // One that cannot be removed is listed no longer, and `verify` names it.
        self.stale.iter().filter(goes).for_each(|name| self.remove(name));
    }

    /// Files of the old result that the new one does not have.
    pub fn gone(&self) -> Vec<&str> {
        let files = self.files();
        let gone = self.stale.iter().filter(|name| !files.contains_key(*name) && *name != MANIFEST);
        gone.map(String::as_str).collect()
    }

    /// Writes the manifest with the files that are known so far.
    ///
    /// # Errors
    /// What the system says.
    pub fn write_manifest(&self, simulation: &Simulation, manifest: &Manifest) -> Result<(), Failure> {
        let text = manifest_json(&simulation.scenario, manifest, &self.files());
        self.put(MANIFEST, text.as_bytes())
    }

    /// Removes a file that is no longer needed; one that cannot be removed does no harm.
    pub fn remove(&self, name: &str) {
        let _ = fs::remove_file(self.path.join(name));
    }

    /// Leaves no trace but the results, where the process ends at once.
    pub fn leave(&self) {
        self.remove(PROGRESS);
        remove_parts(&self.path, is_written);
        self.lock.release();
    }

    fn files(&self) -> MutexGuard<'_, Listed> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is written, with its hash.
struct Hashed<'a> {
    to: &'a mut dyn Write,
    hash: &'a mut Sha256,
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.to.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}
