//! `riskband percentiles`: percentiles and shares of a finished run, read off its tally.

use super::args::PercentilesArgs;
use super::carried::{stored, tally_in, with_tally};
use super::levels::LevelArgs;
use super::results::coverage;
use super::{Exit, Failure, Ui};
use crate::analysis::{Bounds, answers, facts};
use crate::cluster::Simulation;
use crate::diagnostic::nearest;
use crate::engine::Collected;
use crate::report::{answers_json, answers_table};

/// Cells that are listed where one was not found.
const MOST_LISTED: usize = 12;

/// Runs the command.
///
/// # Errors
/// When the folder holds no tally that can be used, and when a cell is not known.
pub fn percentiles(args: &PercentilesArgs, ui: &Ui) -> Result<Exit, Failure> {
    let path = tally_in(&args.folder)?;
    let told = |why: String| Failure::data(format!("{}: {why}", path.display()));
    let read = with_tally(&path, |file| {
        // The scenario's own errors are shown by then, and are no flaw of the file.
        let Some(simulation) = stored(&file, args.scenario.as_deref(), ui)? else { return Ok(None) };
        let collected = simulation.decode(&file).map_err(|flaw| flaw.to_string())?;
        Ok(Some((simulation, collected)))
    });
    let Some((mut simulation, collected)) = read.map_err(told)? else { return Ok(Exit::Scenario) };
    let asked = match (args.at.as_slice(), args.below.len() + args.above.len()) {
        ([], 0) => LevelArgs::recorded(&args.folder),
        (at, _) => LevelArgs { percentiles: at.to_vec(), tail_means: Vec::new() },
    };
    asked.apply(&mut simulation.scenario)?;
    if args.at.is_empty() && args.below.len() + args.above.len() > 0 {
        // A question of shares alone.
        simulation.scenario.outputs.iter_mut().for_each(|output| output.levels.percentiles.clear());
    }
    let cells = chosen(&args.of, &simulation)?;
    answer(args, &simulation, collected, &cells, ui)
}

fn answer(
    args: &PercentilesArgs,
    simulation: &Simulation,
    collected: Collected,
    cells: &[usize],
    ui: &Ui,
) -> Result<Exit, Failure> {
    let Simulation { scenario, plan, .. } = simulation;
    let outcome = collected.outcome();
    let bounds = Bounds { below: distinct(&args.below), above: distinct(&args.above) };
    let found = answers(scenario, plan, &outcome, cells, &bounds);
    let facts = facts(scenario, plan, &outcome);
    if facts.runs < facts.asked {
        ui.say(&format!("the tally holds {}", coverage(facts.runs, facts.asked)));
    }
    ui.result(&match args.json {
        true => answers_json(&found, &facts),
        false => answers_table(&found, facts.convention),
    })?;
    Ok(Exit::Done)
}

/// Numbers without those that came before.
fn distinct(numbers: &[f64]) -> Vec<f64> {
    let mut seen: Vec<f64> = Vec::new();
    for &number in numbers {
        if !seen.contains(&number) {
            seen.push(number);
        }
    }
    seen
}

/// Places of the cells that are meant, in the order in which they are named; all of them where none is.
fn chosen(of: &[String], simulation: &Simulation) -> Result<Vec<usize>, Failure> {
    let cells = &simulation.plan.program.cells;
    if of.is_empty() {
        return Ok((0..cells.len()).collect());
    }
    let output = |name: &str| name.split('[').next().unwrap_or(name).to_string();
    let mut places: Vec<usize> = Vec::new();
    for wanted in of {
        let exactly = |name: &str| plain(name) == plain(wanted);
        let found: Vec<usize> = match cells.iter().position(|cell| exactly(&cell.name)) {
            Some(place) => vec![place],
            None => (0..cells.len()).filter(|&place| exactly(&output(&cells[place].name))).collect(),
        };
        if found.is_empty() {
            return Err(unknown(wanted, &cells.iter().map(|cell| cell.name.as_str()).collect::<Vec<_>>()));
        }
        for place in found {
            if !places.contains(&place) {
                places.push(place);
            }
        }
    }
    Ok(places)
}

/// A name without blanks and quotes, which may be typed in several ways.
fn plain(name: &str) -> String {
    name.chars().filter(|c| !c.is_whitespace() && !"\"'".contains(*c)).collect()
}

/// Says what is near a name that no cell has.
fn unknown(wanted: &str, cells: &[&str]) -> Failure {
    let mut outputs: Vec<&str> = cells.iter().map(|name| name.split('[').next().unwrap_or(name)).collect();
    outputs.dedup();
    let own = wanted.split('[').next().unwrap_or(wanted).trim();
    let listed = |names: &[&str]| {
        let more = names.len().saturating_sub(MOST_LISTED);
        let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
        format!("{}{rest}", names[..names.len() - more].join(", "))
    };
    let of_output: Vec<&str> = cells
        .iter()
        .copied()
        .filter(|name| outputs.contains(&own) && name.split('[').next() == Some(own))
        .collect();
    let help = if !of_output.is_empty() {
        format!("those of `{own}` are {}", listed(&of_output))
    } else if let Some(near) = nearest(wanted, cells.iter().copied().chain(outputs.iter().copied())) {
        format!("did you mean `{near}`?")
    } else {
        format!("the outputs are {}", listed(&outputs))
    };
    Failure::data(format!("no cell of the run is called `{wanted}`: {help}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_near_an_unknown_name_is_named() {
        let cells = ["market[2030]", "market[2031]", "cagr"];
        let said = |name: &str| unknown(name, &cells).to_string();
        assert!(said("market[2041]").ends_with("those of `market` are market[2030], market[2031]"));
        assert!(said("markte[2031]").ends_with("did you mean `market[2031]`?"));
        assert!(said("cgar").ends_with("did you mean `cagr`?"));
        assert!(said("profit").ends_with("the outputs are market, cagr"));
    }

    #[test]
    fn a_name_may_be_typed_with_other_blanks_and_quotes() {
        assert_eq!(plain("both[ \"A, B\" , 2031]"), plain("both[A,B,2031]"));
        assert_eq!(distinct(&[1.0, 2.0, 1.0]), [1.0, 2.0]);
    }
}
