//! The terminal: results to stdout, talk to stderr.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use super::Failure;
use crate::diagnostic::{Diagnostic, Sources};
use crate::scenario::{LoadFailure, Loaded, load};

/// Where a command speaks.
#[derive(Clone, Copy, Debug)]
pub struct Ui {
    quiet: bool,
    styled: bool,
    progress: bool,
}

impl Ui {
    /// Talk is left out when `quiet`; colours and progress bars are for terminals, and `NO_COLOR` is honoured.
    pub fn new(quiet: bool) -> Ui {
        let terminal = io::stderr().is_terminal();
        let colourless = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Ui { quiet, styled: terminal && !colourless, progress: terminal && !quiet }
    }

    /// Whether a progress bar may be drawn.
    pub fn shows_progress(&self) -> bool {
        self.progress
    }

    /// Writes a result to stdout.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn result(&self, text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())
            .and_then(|()| out.flush())
            .map_err(|error| Failure::writing(Path::new("standard output"), error))
    }

    /// Says something on stderr. A stderr that cannot be written is no reason to fail.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr(), "{text}");
        }
    }

    /// Shows diagnostics on stderr, and how many there are.
    pub fn diagnostics(&self, diagnostics: &[Diagnostic], sources: &Sources) {
        for diagnostic in diagnostics {
            let text = if self.styled {
                sources.render_styled(diagnostic)
            } else {
                sources.render_plain(diagnostic)
            };
            self.say(&text);
        }
        let errors = diagnostics.iter().filter(|d| d.is_error()).count();
        let warnings = diagnostics.len() - errors;
        let plural = |n: usize, word: &str| format!("{n} {word}{}", if n == 1 { "" } else { "s" });
        match (errors, warnings) {
            (0, 0) => {}
            (0, w) => self.say(&plural(w, "warning")),
            (e, 0) => self.say(&plural(e, "error")),
            (e, w) => self.say(&format!("{}, {}", plural(e, "error"), plural(w, "warning"))),
        }
    }

    /// Loads a scenario and shows its warnings; `None` after its errors were shown.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub fn load(&self, path: &Path, overrides: &[String]) -> Result<Option<Loaded>, Failure> {
        match load(path, overrides) {
            Ok(loaded) => {
                self.diagnostics(&loaded.warnings, &loaded.sources);
                Ok(Some(loaded))
            }
            Err(LoadFailure::Rejected { diagnostics, sources }) => {
                self.diagnostics(&diagnostics, &sources);
                Ok(None)
            }
            Err(LoadFailure::Unreadable { path, error }) => Err(Failure::reading(&path, error)),
        }
    }
}
