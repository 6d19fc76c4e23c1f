//! What a tally file says of itself, as JSON at its start.

use std::ops::Range;
use std::path::Path;

use serde_json::{Value, json};

use super::{Identity, Shard};
use crate::program::BLOCK;
use crate::sampling::Design;
use crate::scenario::DataFile;
use crate::tally::RunSet;

/// The first section of a tally file: which simulation, which runs of it, and the scenario itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    pub identity: Identity,
    /// Stem of the scenario file.
    pub scenario: String,
    /// The part of the simulation this was meant to hold; `None` for the whole.
    pub shard: Option<Shard>,
    /// Runs that it holds.
    pub computed: RunSet,
    /// (path, text) of the scenario and the files it extends, base first.
    pub sources: Vec<(String, String)>,
    pub overrides: Vec<String>,
    pub data: Vec<DataFile>,
    /// Folder to which these paths are relative.
    pub folder: String,
}

impl Header {
    /// The sources with paths that lead to their data files from any folder.
    pub fn sources_from_anywhere(&self) -> Vec<(String, String)> {
        let place = |path: &String| match self.data.is_empty() {
            true => path.clone(),
            false => Path::new(&self.folder).join(path).display().to_string(),
        };
        self.sources.iter().map(|(path, text)| (place(path), text.clone())).collect()
    }

    /// The command that computes the simulation into a folder, as it is to be typed where this process is.
    pub fn command(&self, out: &Path) -> String {
        let path = self.sources.last().map_or("", |(path, _)| path);
        let path = match std::env::current_dir() {
            Ok(here) if here == Path::new(&self.folder) => path.to_string(),
            _ => Path::new(&self.folder).join(path).display().to_string(),
        };
        let mut words = vec!["riskband".into(), "run".into(), path];
        words.extend(["--runs".into(), self.identity.runs.to_string()]);
        words.extend(["--seed".into(), self.identity.seed.to_string()]);
        if self.identity.design != Design::MonteCarlo.name() {
            words.extend(["--design".into(), self.identity.design.clone()]);
        }
        self.overrides.iter().for_each(|change| words.extend(["--set".into(), change.clone()]));
        words.extend(["--out".into(), out.display().to_string()]);
        words.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(" ")
    }

    /// One line of JSON.
    pub fn text(&self) -> String {
        let Header { identity, .. } = self;
        let sources: Vec<Value> =
            self.sources.iter().map(|(path, text)| json!({ "path": path, "text": text })).collect();
        let data: Vec<Value> =
            self.data.iter().map(|file| json!({ "path": file.path, "sha256": file.sha256 })).collect();
        let computed: Vec<[u64; 2]> = self.computed.ranges().iter().map(|r| [r.start, r.end]).collect();
        json!({
            "scenario": self.scenario,
            "hash": identity.hash,
            "seed": identity.seed,
            "design": identity.design,
            "runs": identity.runs,
            "version": identity.version,
            "pilot": identity.pilot,
            "shard": self.shard.map(|shard| shard.to_string()),
            "computed": computed,
            "sources": sources,
            "overrides": self.overrides,
            "data_files": data,
            "folder": self.folder,
        })
        .to_string()
    }

    /// `None` where the text is no such JSON, or its runs are not whole blocks of the simulation.
    pub fn read(text: &[u8]) -> Option<Header> {
        let root: Value = serde_json::from_slice(text).ok()?;
        let text = |value: &Value, key: &str| Some(value.get(key)?.as_str()?.to_string());
        let list = |key: &str| root.get(key)?.as_array();
        let mut computed = RunSet::default();
        for range in list("computed")? {
            let (start, end) = (range.get(0)?.as_u64()?, range.get(1)?.as_u64()?);
            computed.insert(start..end);
        }
        let sources = list("sources")?.iter().map(|file| Some((text(file, "path")?, text(file, "text")?)));
        let data = list("data_files")?
            .iter()
            .map(|file| Some(DataFile { path: text(file, "path")?, sha256: text(file, "sha256")? }));
        let overrides = list("overrides")?.iter().map(|value| Some(value.as_str()?.to_string()));
        let runs = root.get("runs")?.as_u64()?;
        let is_edge = |run: u64| run.is_multiple_of(BLOCK as u64) || run == runs;
        let inside = |range: &Range<u64>| is_edge(range.start) && is_edge(range.end) && range.end <= runs;
        if runs == 0 || !computed.ranges().iter().all(inside) {
            return None;
        }
        Some(Header {
            identity: Identity {
                hash: text(&root, "hash")?,
                seed: root.get("seed")?.as_u64()?,
                design: text(&root, "design")?,
                runs,
                version: text(&root, "version")?,
                pilot: text(&root, "pilot")?,
            },
            scenario: text(&root, "scenario")?,
            shard: match root.get("shard")? {
                Value::Null => None,
                shard => Some(shard.as_str()?.parse().ok()?),
            },
            computed,
            sources: sources.collect::<Option<_>>()?,
            overrides: overrides.collect::<Option<_>>()?,
            data: data.collect::<Option<_>>()?,
            folder: text(&root, "folder")?,
        })
    }
}

/// A word as a shell takes it.
pub fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./=+:,@%".contains(c);
    match !word.is_empty() && word.chars().all(plain) {
        true => word.to_string(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn words_are_quoted_where_a_shell_would_part_them() {
        let found = ["a/b.toml", "x=1", "my file", "it's", "", "시장", "a;b"].map(quoted);
        assert_eq!(found, ["a/b.toml", "x=1", "'my file'", "'it'\\''s'", "''", "시장", "'a;b'"]);
    }
}
