//! Going on from what a folder holds.

use std::path::Path;

use super::results::{CHECKPOINT, TALLY};
use super::{Failure, Ui};
use crate::cluster::{Flaw, Shard, Simulation, TallyFile};
use crate::diagnostic::{counted, grouped};
use crate::engine::Collected;
use crate::scenario::read_plain;

/// What the folder knows of the simulation: its checkpoint or its tally, whichever holds more runs. Without either,
/// nothing. A tally that cannot be used is left aside where there is a checkpoint: it is of an earlier run.
///
/// # Errors
/// When what is there cannot be used, with the reason: to compute everything anew is for the user to decide.
pub fn resumed(
    folder: &Path,
    simulation: &Simulation,
    shard: Option<Shard>,
    ui: &Ui,
) -> Result<Collected, Failure> {
    let mut best: Option<(Collected, &str)> = None;
    for name in [CHECKPOINT, TALLY] {
        let path = folder.join(name);
        let bytes = match read_plain(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(Failure::reading(&path, error)),
        };
        let collected = match (carried(&bytes, simulation, shard), &best) {
            (Ok(collected), _) => collected,
            (Err(why), Some(_)) => {
                ui.say(&format!("note: {} is left aside and will be replaced: {why}", path.display()));
                continue;
            }
            (Err(why), None) => {
                return Err(Failure::data(format!(
                    "cannot resume from {}: {why}; remove it, or leave --resume out, to start from run 0",
                    path.display()
                )));
            }
        };
        if best.as_ref().is_none_or(|(known, _)| known.runs.count() < collected.runs.count()) {
            best = Some((collected, name));
        }
    }
    let Some((collected, name)) = best else {
        ui.say(&format!("nothing to resume in {}: starting from the first run", folder.display()));
        return Ok(Collected::empty(simulation.layout));
    };
    ui.say(&format!(
        "resuming from {}, which holds {}",
        folder.join(name).display(),
        counted(collected.runs.count(), "run")
    ));
    Ok(collected)
}

/// The runs of a tally file as part of the simulation.
///
/// # Errors
/// Why the file cannot be used.
pub fn carried(bytes: &[u8], simulation: &Simulation, shard: Option<Shard>) -> Result<Collected, String> {
    let flaw = |flaw: Flaw| flaw.to_string();
    let file = TallyFile::read(bytes).map_err(flaw)?;
    if file.header.shard != shard {
        let told =
            |shard: Option<Shard>| shard.map_or("the whole run".into(), |shard| format!("shard {shard}"));
        return Err(format!("it is of {} instead of {}", told(file.header.shard), told(shard)));
    }
    let held = file.header.identity.runs;
    let asked = simulation.layout.runs();
    let collected = simulation.decode(&file).map_err(flaw)?;
    let wanted = simulation.runs_of(shard);
    if shard.is_some() && wanted.common(&collected.runs) != collected.runs {
        return Err(format!(
            "it is of a simulation of {} and {} are asked for, whose shards hold other runs",
            counted(held, "run"),
            grouped(asked)
        ));
    }
    let independent = simulation.layout.design() == crate::sampling::Design::MonteCarlo;
    collected.carried_to(simulation.layout).ok_or_else(|| match independent {
        true => format!(
            "it is of {} and {} are asked for, and a tally cannot be made shorter",
            counted(held, "run"),
            grouped(asked)
        ),
        false => format!(
            "it is of {} and {} are asked for, and in this design every run depends on how many there are",
            counted(held, "run"),
            grouped(asked)
        ),
    })
}
