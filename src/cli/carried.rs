//! The simulation that a tally carries: its scenario is in its header.

use std::path::{Path, PathBuf};

use rayon::ThreadPool;

use super::results::{SHARDS, TALLY};
use super::{Failure, Ui};
use crate::cluster::{Header, Simulation, TallyFile};
use crate::sampling::Design;
use crate::scenario::{LoadFailure, Scenario, load_sources, read_plain};

/// The tally of the result in a folder.
///
/// # Errors
/// Where there is none, with what to do.
pub fn tally_in(folder: &Path) -> Result<PathBuf, Failure> {
    let path = folder.join(TALLY);
    if path.exists() {
        return Ok(path);
    }
    let place = folder.display();
    Err(Failure::data(if !folder.exists() {
        format!("there is no folder {place}")
    } else if folder.is_file() {
        format!("{place} is a file: name the folder of a finished run")
    } else if folder.join(SHARDS).is_dir() {
        format!(
            "{place} has no {TALLY} but shards of one: put them together by riskband merge {place} --out {place}"
        )
    } else {
        format!("{place} has no {TALLY}: name the folder of a finished run")
    }))
}

/// Reads a tally file and does something with what is in it.
///
/// # Errors
/// Why it cannot be used, or what `then` says.
pub fn with_tally<T>(
    path: &Path,
    then: impl FnOnce(TallyFile<'_>) -> Result<T, String>,
) -> Result<T, String> {
    let bytes = read_plain(path).map_err(|error| format!("it cannot be read: {error}"))?;
    TallyFile::read(&bytes).map_err(|flaw| flaw.to_string()).and_then(then)
}

/// Makes the simulation of a header ready again, from the scenario it carries or from another copy of it; `None` after
/// the scenario's errors were shown.
///
/// # Errors
/// When a file cannot be read, and when the header asks for what this version does not know.
pub fn carried(
    header: &Header,
    copy: Option<&Path>,
    pool: &ThreadPool,
    ui: &Ui,
) -> Result<Option<Simulation>, Failure> {
    let Some((scenario, design)) = scenario_of(header, copy, ui)? else { return Ok(None) };
    let runs = header.identity.runs;
    pool.install(|| Simulation::new(scenario, design, runs)).map(Some).map_err(Failure::compiling)
}

/// Makes the simulation of a tally ready to be asked, without a run; `None` after the scenario's errors were shown.
///
/// # Errors
/// Why the tally cannot be used.
pub fn stored(file: &TallyFile<'_>, copy: Option<&Path>, ui: &Ui) -> Result<Option<Simulation>, String> {
    let shapes = file.shapes().map_err(|flaw| flaw.to_string())?;
    let told = |failure: Failure| failure.to_string();
    let Some((scenario, design)) = scenario_of(&file.header, copy, ui).map_err(told)? else {
        return Ok(None);
    };
    let simulation = Simulation::stored(scenario, design, file.header.identity.runs, shapes);
    simulation.map(Some).map_err(|error| told(Failure::compiling(error)))
}

/// The scenario of a header with its seed, and the design.
fn scenario_of(header: &Header, copy: Option<&Path>, ui: &Ui) -> Result<Option<(Scenario, Design)>, Failure> {
    let loaded = match copy {
        Some(path) => match ui.load(path, &header.overrides)? {
            Some(loaded) => loaded,
            None => return Ok(None),
        },
        None => match load_sources(&header.sources_from_anywhere(), &header.overrides) {
            Ok(loaded) => loaded,
            Err(LoadFailure::Rejected { diagnostics, sources }) => {
                ui.diagnostics(&diagnostics, &sources);
                ui.error("note: this is the scenario that the tally carries; --scenario FILE takes another copy of it");
                return Ok(None);
            }
            Err(LoadFailure::Unreadable { path, error }) => return Err(Failure::reading(&path, error)),
        },
    };
    let (name, runs) = (&header.identity.design, header.identity.runs);
    let design = Design::named(name, runs)
        .ok_or_else(|| Failure::data(format!("the tally is of a design that is unknown here: `{name}`")))?;
    let mut scenario = loaded.scenario;
    scenario.seed = header.identity.seed;
    Ok(Some((scenario, design)))
}
