//! The files of a result, and what is said of it.
//!
//! What was computed is on the disk first, then the figures that follow from it, then the pictures, which take longest.

use std::path::Path;
use std::time::Duration;

use rayon::prelude::*;

use super::args::Format;
use super::broken::{broke_off, survived};
use super::folder::Folder;
use super::signals::{ENOUGH, LAST, Signals};
use super::{Exit, Failure, Ui};
use crate::analysis::{OutputSummary, Refused, Summary, summarise_whole};
use crate::cluster::Simulation;
use crate::diagnostic::{counted, grouped};
use crate::distribution::MOST_EVENTS;
use crate::engine::Collected;
use crate::program::{Draw, DrawLaw};
use crate::report::{self, Drawing, Manifest};
use crate::sampling::Design;

/// Name of the mergeable state in a folder of results.
pub const TALLY: &str = "tally.bin";
/// Name of what says of a result where it comes from.
pub const MANIFEST: &str = "manifest.json";
/// Names of the figures.
pub const SUMMARY: &str = "summary.json";
pub const BANDS: &str = "bands.csv";
/// Name of what a run that is not finished writes from time to time.
pub const CHECKPOINT: &str = "checkpoint.bin";
/// Folder of the shards in the folder of a simulation.
pub const SHARDS: &str = "shards";
/// Folder of what the ranks of an MPI job leave, in the folder of a simulation.
pub const RANKS: &str = "ranks";

/// Where a result goes.
#[derive(Clone, Copy, Debug)]
pub struct Results<'a> {
    pub folder: &'a Folder,
    pub formats: &'a [Format],
    pub simulation: &'a Simulation,
    pub manifest: &'a Manifest,
    pub signals: &'a Signals,
    pub ui: &'a Ui,
}

impl Results<'_> {
    /// Analyses what was collected, writes every file of the result into the folder and shows the table.
    ///
    /// # Errors
    /// When a file cannot be written; pictures are the last that is tried.
    pub fn write(&self, collected: Collected) -> Result<Written, Failure> {
        let Results { folder, formats, simulation, manifest, signals, ui } = *self;
        folder.write_by(TALLY, |to| simulation.write(None, &collected, to))?;
        let figures: Vec<&str> = [(Format::Csv, BANDS), (Format::Json, SUMMARY)]
            .into_iter()
            .filter_map(|(format, name)| formats.contains(&format).then_some(name))
            .collect();
        let summary = signals.over(
            LAST,
            || self.figures(collected, &figures),
            || {
                ui.say(&format!(
                    "interrupted: the tally is in {}, its figures are not; the same command with --resume writes them",
                    folder.path().display()
                ));
                folder.leave();
            },
        )?;
        let shown = ui.result(&report::table::results(&summary));
        summary.refused.iter().for_each(|refused| ui.say(&self.refusal(refused)));
        report::dependence::repair_lines(&summary.repaired).iter().for_each(|line| ui.say(line));
        report::dependence::missed_lines(&summary.missed).iter().for_each(|line| ui.say(line));
        let pictures = match formats.contains(&Format::Png) {
            true => self.pictures(&summary),
            false => Ok(Vec::new()),
        };
        folder.write_manifest(simulation, manifest)?;
        let gone = folder.gone();
        if !gone.is_empty() {
            ui.say(&format!("removed, as this run does not have them: {}", some(&gone)));
        }
        shown?;
        Ok(Written { missing: pictures?, empty: empty(&summary) })
    }

    /// Why runs have no value of an input.
    fn refusal(&self, refused: &Refused) -> String {
        let is_sum = |draw: &Draw| draw.name == refused.input && matches!(draw.law, DrawLaw::Compound(_));
        let limit = match self.simulation.plan.program.draws.iter().any(is_sum) {
            true => format!(", or their events above {},", grouped(MOST_EVENTS as u64)),
            false => String::new(),
        };
        format!(
            "warning: the parameters of `{}` were outside their domain{limit} in {} of the runs, first in run {}: no value \
             there",
            refused.input, refused.count, refused.first_run
        )
    }

    /// Writes the figures, in place of those of an older result.
    fn figures(&self, collected: Collected, names: &[&str]) -> Result<Summary, Failure> {
        let Results { folder, simulation, manifest, .. } = *self;
        let summary = summarise_whole(&simulation.scenario, &simulation.plan, collected.outcome());
        folder.clear(names);
        folder.expect(names.iter().copied());
        folder.write_manifest(simulation, manifest)?;
        for name in names {
            let text =
                if *name == BANDS { report::bands_csv(&summary) } else { report::summary_json(&summary) };
            folder.write(name, text.as_bytes())?;
        }
        Ok(summary)
    }

    /// Draws the pictures; gives the names of those that a signal left undrawn.
    fn pictures(&self, summary: &Summary) -> Result<Vec<String>, Failure> {
        let Results { folder, simulation, manifest, signals, ui, .. } = *self;
        let numbers = "the numbers are complete; the same command with --resume draws them again";
        // After a signal that came before, those are drawn that are drawn in time.
        let enough = if signals.waiting().is_some() { ENOUGH } else { Duration::ZERO };
        let draw = || {
            let drawn = survived(|| report::drawings(summary));
            let drawings = match drawn {
                Some(Ok(drawings)) => drawings,
                Some(Err(error)) => return Err(Failure::system(format!("cannot draw: {error}; {numbers}"))),
                None => return Err(broke_off(&format!("the pictures; {numbers}"))),
            };
            folder.expect(drawings.iter().map(|drawing| drawing.name.as_str()));
            folder.write_manifest(simulation, manifest)?;
            let drawn: Vec<Drawn> =
                drawings.par_iter().map(|drawing| self.picture(drawing, enough)).collect();
            let (mut missing, mut failed) = (Vec::new(), None);
            for (drawing, drawn) in drawings.iter().zip(drawn) {
                match drawn {
                    Drawn::Done(warnings) => {
                        warnings.iter().for_each(|warning| ui.say(&format!("{}: {warning}", drawing.name)));
                    }
                    Drawn::Left => missing.push(drawing.name.clone()),
                    Drawn::Failed(failure) => failed = failed.or(Some(failure)),
                }
            }
            failed.map_or(Ok(missing), Err)
        };
        signals.over(LAST, draw, || {
            ui.say(&format!(
                "interrupted while pictures were drawn: those that are not in {} yet are missing; {numbers}",
                folder.path().display()
            ));
            folder.leave();
        })
    }

    /// Draws and writes a picture, unless a signal has been waiting for so long.
    fn picture(&self, drawing: &Drawing, enough: Duration) -> Drawn {
        if self.signals.waiting().is_some_and(|waiting| waiting >= enough) {
            return Drawn::Left;
        }
        match survived(|| drawing.picture()) {
            Some(Ok(chart)) => match self.folder.write(&chart.name, &chart.bytes) {
                Ok(()) => Drawn::Done(chart.warnings),
                Err(failure) => Drawn::Failed(failure),
            },
            Some(Err(error)) => {
                Drawn::Failed(Failure::system(format!("cannot draw {}: {error}", drawing.name)))
            }
            None => {
                Drawn::Failed(broke_off(&format!("the picture {}; the numbers are complete", drawing.name)))
            }
        }
    }
}

/// What a result that is written lacks.
#[derive(Debug, Default)]
pub struct Written {
    /// Names of pictures that a signal left undrawn.
    pub missing: Vec<String>,
    /// Names of outputs of which no run has a value.
    pub empty: Vec<String>,
}

impl Written {
    /// How the command ends.
    ///
    /// # Errors
    /// Where an output has no value at all: what is written marks its runs and holds no result of it.
    pub fn exit(&self) -> Result<Exit, Failure> {
        if self.empty.is_empty() {
            return Ok(if self.missing.is_empty() { Exit::Done } else { Exit::Interrupted });
        }
        Err(Failure::data(format!(
            "no run has a finite value of {}: what is written holds no result of it; `riskband replay` shows where a run \
             loses its value",
            some(&self.empty)
        )))
    }
}

/// Outputs that have no finite value in any cell.
fn empty(summary: &Summary) -> Vec<String> {
    let is_empty = |output: &&OutputSummary| output.cells.iter().all(|cell| cell.statistics.count == 0);
    summary.outputs.iter().filter(is_empty).map(|output| format!("`{}`", output.name)).collect()
}

/// What became of a picture.
enum Drawn {
    /// It is written, with these warnings.
    Done(Vec<String>),
    /// A signal came first.
    Left,
    Failed(Failure),
}

/// Says which pictures are missing, if any.
pub fn tell_missing(missing: &[String], folder: &Path, ui: &Ui) {
    if !missing.is_empty() {
        ui.say(&format!(
            "interrupted: the numbers in {} are complete, these pictures are not drawn: {}; the same command with --resume \
             draws them",
            folder.display(),
            some(missing)
        ));
    }
}
/// The first of many names, and how many more there are.
pub fn some(names: &[impl AsRef<str>]) -> String {
    const MOST: usize = 6;
    let shown: Vec<&str> = names.iter().take(MOST).map(AsRef::as_ref).collect();
    match names.len().saturating_sub(MOST) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

/// `years: 1000 runs in 0.10 s (0.01 million a second) on 2 threads`.
pub fn pace(scenario: &str, manifest: &Manifest) -> String {
    let runs = manifest.computed_here;
    format!(
        "{scenario}: {}{} in {:.2} s ({:.2} million a second) on {}",
        counted(runs, "run"),
        match manifest.design {
            Design::MonteCarlo => "",
            Design::Hypercube { .. } => " (Latin hypercube)",
            Design::Sobol { .. } => " (scrambled Sobol' points)",
        },
        manifest.seconds,
        runs as f64 / manifest.seconds / 1e6,
        counted(manifest.threads as u64, "thread"),
    )
}

/// `12.5 % of 10,000,000 runs`.
pub fn coverage(runs: u64, asked: u64) -> String {
    // Rounded down, so that only all of them are 100 %.
    let share = (runs as f64 / asked as f64 * 1000.0) as u64;
    format!("{}.{} % of {}", share / 10, share % 10, counted(asked, "run"))
}
