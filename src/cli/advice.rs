//! What may have been meant by a command or a file that does not exist.

use std::path::Path;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{CommandFactory, Error};

use super::args::Cli;
use crate::diagnostic::nearest;

/// What people call a command, and what it is called here.
const OTHER_NAMES: [(&str, &str); 14] = [
    ("simulate", "run"),
    ("sim", "run"),
    ("start", "run"),
    ("exec", "run"),
    ("validate", "check"),
    ("lint", "check"),
    ("test", "check"),
    ("families", "distributions"),
    ("dist", "distributions"),
    ("laws", "distributions"),
    ("list", "distributions"),
    ("show", "replay"),
    ("progress", "status"),
    ("quantiles", "percentiles"),
];

/// More files of a folder are not looked through.
const MOST_FILES: usize = 10_000;

/// Advice on wrong arguments, to stand below what is wrong.
pub fn on_arguments(error: &Error) -> Option<String> {
    if error.kind() != ErrorKind::InvalidSubcommand {
        return None;
    }
    let Some(ContextValue::String(typed)) = error.get(ContextKind::InvalidSubcommand) else { return None };
    if typed.ends_with(".toml") || Path::new(typed).is_file() {
        return Some(format!("write `riskband run {typed}`"));
    }
    let command = Cli::command();
    let names: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
    let other = OTHER_NAMES.iter().find(|(name, _)| name == typed).map(|(_, command)| *command);
    let meant = other.filter(|name| names.contains(name)).or_else(|| nearest(typed, names.iter().copied()));
    // A name that is short and begins alike is near enough.
    let begins = || names.iter().copied().find(|name| !typed.is_empty() && name.starts_with(typed.as_str()));
    meant.or_else(begins).map(|name| format!("did you mean `riskband {name}`?"))
}

/// The file that may have been meant by one that is not there: its name with `.toml`, or one of its folder with a name like
/// it.
pub fn near_file(path: &Path) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    let with_ending = path.with_file_name(format!("{name}.toml"));
    if with_ending.is_file() {
        return Some(with_ending.display().to_string());
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let entries = std::fs::read_dir(folder).ok()?.take(MOST_FILES).flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    let scenarios = || names.iter().filter(|name| name.ends_with(".toml")).map(String::as_str);
    let wanted = if name.ends_with(".toml") { name.to_string() } else { format!("{name}.toml") };
    let near = nearest(&wanted, scenarios()).or_else(|| nearest(name, names.iter().map(String::as_str)))?;
    Some(path.with_file_name(near).display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Parser;

    fn advice(arguments: &[&str]) -> Option<String> {
        on_arguments(&Cli::try_parse_from(arguments).unwrap_err())
    }

    #[test]
    fn a_command_that_does_not_exist_has_one_near_it() {
        assert_eq!(advice(&["riskband", "rnu", "a.toml"]).as_deref(), Some("did you mean `riskband run`?"));
        assert_eq!(
            advice(&["riskband", "simulate", "a.toml"]).as_deref(),
            Some("did you mean `riskband run`?")
        );
        assert_eq!(advice(&["riskband", "model1.toml"]).as_deref(), Some("write `riskband run model1.toml`"));
        assert_eq!(advice(&["riskband", "distr"]).as_deref(), Some("did you mean `riskband distributions`?"));
        assert_eq!(advice(&["riskband", "zzzzzz"]), None);
        assert_eq!(advice(&["riskband", "run"]), None);
    }

    #[test]
    fn a_file_that_is_not_there_has_one_near_it() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["model1.toml", "data.csv"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let near = |name: &str| near_file(&folder.path().join(name));
        let model = folder.path().join("model1.toml").display().to_string();
        assert_eq!(near("modle1.toml"), Some(model.clone()));
        assert_eq!(near("model1"), Some(model.clone()));
        assert_eq!(near("modle1"), Some(model));
        assert_eq!(near("something.else"), None);
    }
}
