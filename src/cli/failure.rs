//! How a command ends.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::program::CompileError;

/// Exit codes of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    Done = 0,
    /// The scenario or its data are wrong.
    Scenario = 1,
    /// Ended early by a signal, with what was done written.
    Interrupted = 3,
}

/// Exit codes of failures: wrong data, wrong arguments, and what the disk or the system refused.
const DATA: u8 = 1;
const USAGE: u8 = 2;
const SYSTEM: u8 = 4;

/// Disk or system refused something, or the arguments do not go together.
#[derive(Debug)]
pub struct Failure {
    /// Exit code of the contract.
    pub code: u8,
    /// What was being done, with the path.
    what: String,
    error: Option<io::Error>,
    /// What is left behind.
    left: &'static str,
}

impl Failure {
    /// Exit code where the disk or the system refused something, or riskband itself is wrong.
    pub const SYSTEM: u8 = SYSTEM;

    pub fn reading(path: &Path, error: io::Error) -> Failure {
        Failure {
            code: SYSTEM,
            what: format!("cannot read {}", path.display()),
            error: Some(error),
            left: "",
        }
    }

    pub fn writing(path: &Path, error: io::Error) -> Failure {
        let left = "files written before it are complete";
        Failure { code: SYSTEM, what: format!("cannot write {}", path.display()), error: Some(error), left }
    }

    pub fn system(what: impl fmt::Display) -> Failure {
        Failure { code: SYSTEM, what: what.to_string(), error: None, left: "" }
    }

    /// A design without room for the scenario is a wrong argument; all else is the system's.
    pub fn compiling(error: CompileError) -> Failure {
        match error {
            CompileError::Dimensions { .. } => Failure::usage(error),
            _ => Failure::system(error),
        }
    }

    /// Tallies that cannot be used.
    pub fn data(what: impl fmt::Display) -> Failure {
        Failure { code: DATA, what: what.to_string(), error: None, left: "" }
    }

    pub fn usage(what: impl fmt::Display) -> Failure {
        Failure { code: USAGE, what: what.to_string(), error: None, left: "" }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.what)?;
        if let Some(error) = &self.error {
            write!(f, ": {error}")?;
        }
        if !self.left.is_empty() {
            write!(f, " ({})", self.left)?;
        }
        Ok(())
    }
}

impl From<(PathBuf, io::Error)> for Failure {
    fn from((path, error): (PathBuf, io::Error)) -> Failure {
        Failure::reading(&path, error)
    }
}
