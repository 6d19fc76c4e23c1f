//! Tallies of parts into the tally of the whole, one file at a time.

use std::collections::BTreeSet;
use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::{Flaw, Header, Shard, Simulation, TallyFile};
use crate::diagnostic::grouped;
use crate::engine::Collected;
use crate::tally::RunSet;

/// Parts of one simulation put together. Of each file only its name and runs are kept, of the first also its header.
#[derive(Debug)]
pub struct Merger<'a> {
    simulation: &'a Simulation,
    collected: Collected,
    files: Vec<(PathBuf, RunSet)>,
    /// Of the part that holds the lowest run.
    first: Option<(u64, Header)>,
    /// Numbers of shards that the files say they are parts of.
    of: BTreeSet<Option<u64>>,
}

/// Why a file cannot be added.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    Flaw(Flaw),
    /// It holds runs that another file holds too.
    Overlap {
        other: PathBuf,
        runs: Range<u64>,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Flaw(flaw) => flaw.fmt(f),
            Refusal::Overlap { other, runs } => write!(
                f,
                "it overlaps {}: both hold runs {} to {}",
                other.display(),
                grouped(runs.start),
                grouped(runs.end - 1)
            ),
        }
    }
}

impl<'a> Merger<'a> {
    /// Of no part yet.
    pub fn new(simulation: &'a Simulation) -> Merger<'a> {
        let collected = Collected::empty(simulation.layout);
        Merger { simulation, collected, files: Vec::new(), first: None, of: BTreeSet::new() }
    }

    /// Adds a file; one that is refused changes nothing.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn add(&mut self, path: &Path, file: &TallyFile<'_>) -> Result<(), Refusal> {
        if let Some(difference) = self.simulation.identity.difference(&file.header.identity) {
            return Err(Refusal::Flaw(difference.into()));
        }
        let runs = &file.header.computed;
        if let Some(twice) = self.collected.runs.common(runs).ranges().first() {
            let first = |known: &RunSet| known.common(runs).ranges().first().cloned();
            let other = self.files.iter().find_map(|(other, known)| Some((other, first(known)?)));
            let (other, twice) = other.map_or((path, twice.clone()), |(other, runs)| (other.as_path(), runs));
            return Err(Refusal::Overlap { other: other.to_path_buf(), runs: twice });
        }
        let collected = self.simulation.decode(file).map_err(Refusal::Flaw)?;
        self.collected.merge(&collected);
        self.files.push((path.to_path_buf(), runs.clone()));
        let lowest = runs.ranges().first().map_or(u64::MAX, |range| range.start);
        if self.first.as_ref().is_none_or(|(known, _)| lowest < *known) {
            self.first = Some((lowest, file.header.clone()));
        }
        self.of.insert(file.header.shard.map(|shard| shard.of));
        Ok(())
    }

    /// Files that were added.
    pub fn files(&self) -> usize {
        self.files.len()
    }

    /// The header of the part that holds the lowest run, whatever the order of the files.
    pub fn first(&self) -> Option<&Header> {
        self.first.as_ref().map(|(_, header)| header)
    }

    /// What the parts know together.
    pub fn collected(&self) -> &Collected {
        &self.collected
    }

    /// The same, when nothing more is to be added.
    pub fn into_collected(self) -> Collected {
        self.collected
    }

    /// What is missing.
    pub fn gaps(&self) -> Gaps {
        let layout = self.simulation.layout;
        let runs = self.collected.runs.missing(layout.runs());
        let of = match self.of.iter().collect::<Vec<_>>()[..] {
            [Some(of)] => Some(*of),
            _ => None,
        };
        let shards = of.map(|of| {
            let shards = (0..of).filter_map(|index| Shard::new(index, of));
            shards.filter(|shard| !runs.within(shard.runs(layout)).is_empty()).collect()
        });
        Gaps { runs, shards }
    }
}

/// Runs that no part holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gaps {
    pub runs: RunSet,
    /// The shards they lie in, where all parts are shards of one division.
    pub shards: Option<Vec<Shard>>,
}

impl Gaps {
    /// The shards' numbers from 0 as a job array lists them: `1,4-6`.
    pub fn array(&self) -> Option<String> {
        let mut indices = RunSet::default();
        self.shards.as_ref()?.iter().for_each(|shard| indices.insert(shard.index..shard.index + 1));
        let part = |range: &Range<u64>| match range.end - range.start {
            1 => range.start.to_string(),
            _ => format!("{}-{}", range.start, range.end - 1),
        };
        Some(indices.ranges().iter().map(part).collect::<Vec<_>>().join(","))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_shards_are_listed_as_an_array() {
        let shards = [1, 4, 5, 6].map(|index| Shard { index, of: 8 });
        let gaps = Gaps { runs: RunSet::default(), shards: Some(shards.to_vec()) };
        assert_eq!(gaps.array().as_deref(), Some("1,4-6"));
        assert_eq!(Gaps { runs: RunSet::default(), shards: None }.array(), None);
    }
}
