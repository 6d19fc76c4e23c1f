//! The terminal: results to stdout, talk to stderr. Labels, paths and names of others pass through here on their way to it,
//! and what a terminal would obey in them is shown instead.

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use super::advice::near_file;
use super::{Exit, Failure};
use crate::diagnostic::{Diagnostic, Sources, counted, grouped, visible};
use crate::scenario::{LoadFailure, Loaded, load};

/// More reports than anyone reads at once.
const MOST_SHOWN: usize = 100;

/// Where a command speaks.
#[derive(Clone, Copy, Debug)]
pub struct Ui {
    quiet: bool,
    silent: bool,
    styled: bool,
    progress: bool,
}

impl Ui {
    /// Talk and warnings are left out when `quiet`, errors never; colours and progress bars are for terminals, and `NO_COLOR` is honoured.
    pub fn new(quiet: bool) -> Ui {
        let terminal = io::stderr().is_terminal();
        let colourless = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Ui { quiet, silent: false, styled: terminal && !colourless, progress: terminal && !quiet }
    }

    /// Shows nothing on stderr, not even errors: of a process beside one that shows the same.
    pub fn silent() -> Ui {
        Ui { silent: true, ..Ui::new(true) }
    }

    /// Whether a progress bar may be drawn.
    pub fn shows_progress(&self) -> bool {
        self.progress
    }

    /// Writes a result to stdout. A reader that went away, as `head` does, has what it wanted.
    ///
    /// # Errors
    /// When stdout cannot be written.
    pub fn result(&self, text: &str) -> Result<(), Failure> {
        let mut out = io::stdout().lock();
        match out.write_all(visible(text).as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::writing(Path::new("standard output"), error))
            }
            _ => Ok(()),
        }
    }

    /// Says something on stderr. A stderr that cannot be written is no reason to fail.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            self.error(text);
        }
    }

    /// Says on stderr why something cannot be done, quiet or not.
    pub fn error(&self, text: &str) {
        if !self.silent {
            let _ = writeln!(io::stderr(), "{}", visible(text));
        }
    }

    /// Shows how a command failed, if it did, and gives its exit code.
    pub fn exit(&self, ended: Result<Exit, Failure>) -> u8 {
        match ended {
            Ok(exit) => exit as u8,
            Err(failure) => {
                self.error(&format!("error: {failure}"));
                failure.code
            }
        }
    }

    /// Shows diagnostics on stderr, and how many there are; quiet: the errors alone.
    pub fn diagnostics(&self, diagnostics: &[Diagnostic], sources: &Sources) {
        if self.silent {
            return;
        }
        let told: Vec<&Diagnostic> =
            diagnostics.iter().filter(|diagnostic| diagnostic.is_error() || !self.quiet).collect();
        let errors = told.iter().filter(|d| d.is_error()).count();
        let warnings = told.len() - errors;
        // Of very many the first errors, in the order of the file.
        let mut shown = told;
        if shown.len() > MOST_SHOWN {
            shown.sort_by_key(|diagnostic| !diagnostic.is_error());
        }
        let more = shown.len().saturating_sub(MOST_SHOWN);
        for diagnostic in shown.into_iter().take(MOST_SHOWN) {
            // What they quote is made visible where they are rendered: colours are escapes too.
            let text = if self.styled {
                sources.render_styled(diagnostic)
            } else {
                sources.render_plain(diagnostic)
            };
            let _ = writeln!(io::stderr(), "{text}");
        }
        if more > 0 {
            self.error(&format!("and {} more\n", grouped(more as u64)));
        }
        let plural = |n: usize, word: &str| counted(n as u64, word);
        match (errors, warnings) {
            (0, 0) => {}
            (0, w) => self.error(&plural(w, "warning")),
            (e, 0) => self.error(&plural(e, "error")),
            (e, w) => self.error(&format!("{}, {}", plural(e, "error"), plural(w, "warning"))),
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
            Err(LoadFailure::Unreadable { path, error }) => {
                let near = near_file(&path).filter(|_| error.kind() == io::ErrorKind::NotFound);
                Err(match near {
                    Some(near) => {
                        let path = path.display();
                        Failure::system(format!(
                            "cannot read {path}: there is no such file; did you mean {near}?"
                        ))
                    }
                    None => Failure::reading(&path, error),
                })
            }
        }
    }
}
