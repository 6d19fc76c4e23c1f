//! What two tallies must have in common to be parts of one simulation.

use std::fmt;

use sha2::{Digest, Sha256};

use crate::diagnostic::{counted, grouped};
use crate::engine::{Layout, Plan};
use crate::scenario::Scenario;
use crate::tally::{Shape, Writer};

/// Which simulation a tally belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// SHA-256 of the scenario's texts, overrides and data.
    pub hash: String,
    pub seed: u64,
    /// Word of the command line.
    pub design: String,
    /// Runs of the whole simulation.
    pub runs: u64,
    /// Version of riskband.
    pub version: String,
    /// SHA-256 of what the pilot found: two builds that draw other numbers differ in it.
    pub pilot: String,
}

impl Identity {
    pub fn new(scenario: &Scenario, plan: &Plan, shapes: &[Shape], layout: Layout) -> Identity {
        let mut writer = Writer::default();
        shapes.iter().for_each(|shape| shape.write(&mut writer));
        // What a tornado conditions on is part of it: tallies with other inputs do not fit together.
        plan.ranked.iter().for_each(|&draw| writer.count(draw as u64));
        let digest = Sha256::digest(&writer.bytes);
        Identity {
            hash: scenario.hash.clone(),
            seed: scenario.seed,
            design: layout.design().name().to_string(),
            runs: layout.runs(),
            version: env!("CARGO_PKG_VERSION").to_string(),
            pilot: digest.iter().map(|byte| format!("{byte:02x}")).collect(),
        }
    }

    /// How another one differs, the first difference that matters; `None` where it does not.
    pub fn difference(&self, other: &Identity) -> Option<Difference> {
        let same_runs = Identity { runs: self.runs, ..other.clone() };
        let runs = || Difference::Runs { expected: self.runs, found: other.runs };
        if let Some(difference) = self.difference_but_runs(&same_runs) {
            return Some(difference);
        }
        (self.runs != other.runs).then(runs)
    }

    /// The same, where the number of runs may differ.
    pub fn difference_but_runs(&self, other: &Identity) -> Option<Difference> {
        let texts = |what, expected: &String, found: &String| {
            (expected != found).then(|| Difference::Text {
                what,
                expected: expected.clone(),
                found: found.clone(),
            })
        };
        texts("version of riskband", &self.version, &other.version)
            .or_else(|| texts("scenario", &self.hash, &other.hash))
            .or_else(|| texts("seed", &self.seed.to_string(), &other.seed.to_string()))
            .or_else(|| texts("design", &self.design, &other.design))
            .or_else(|| (self.pilot != other.pilot).then_some(Difference::Build))
    }
}

/// Why two tallies do not belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    Text {
        what: &'static str,
        expected: String,
        found: String,
    },
    Runs {
        expected: u64,
        found: u64,
    },
    /// Same version and scenario, other numbers.
    Build,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Difference::Text { what: "scenario", expected, found } => {
                let short = |hash: &str| hash.chars().take(12).collect::<String>();
                let (expected, found) = (short(expected), short(found));
                write!(
                    f,
                    "it is of another scenario (hash {found}… instead of {expected}…): its text, a `--set` or its data \
                     differ"
                )
            }
            Difference::Text { what, expected, found } => {
                write!(f, "it is of another {what}: {found} instead of {expected}")
            }
            Difference::Runs { expected, found } => {
                write!(
                    f,
                    "it is part of a simulation of {} instead of {}",
                    counted(*found, "run"),
                    grouped(*expected)
                )
            }
            Difference::Build => {
                write!(f, "it was made by another build of the same version, whose pilot found other numbers")
            }
        }
    }
}
