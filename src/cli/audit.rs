//! `riskband check --audit`: the laws of a scenario beside the same laws of other libraries.

use rayon::prelude::*;

use super::{Failure, Ui};
use crate::distribution::Law;
use crate::engine::{SPAN, drawn};
use crate::peers;
use crate::program::{Draw, DrawLaw, Program, Scope};
use crate::report::{self, AuditRow};
use crate::scenario::{InputElement, InputId, Scenario};

/// Draws of an element that are held against its law.
const DRAWS: u64 = SPAN;
/// Elements whose draws are held at a time.
const TOGETHER: usize = 256;

/// Shows every law of a scenario beside its peers, and says whether they agree.
///
/// # Errors
/// When stdout cannot be written.
pub fn audit(scenario: &Scenario, ui: &Ui) -> Result<bool, Failure> {
    let inputs: Vec<InputId> = (0..scenario.inputs.len()).map(InputId).collect();
    let program = Program::compile(scenario, Scope::Inputs(&inputs)).map_err(Failure::system)?;
    let mut laws: Vec<Vec<usize>> = Vec::new();
    let mut numbers: Vec<usize> = (0..program.draws.len()).collect();
    numbers.sort_by_key(|&number| {
        let InputElement { input, element } = program.draws[number].element;
        (input.0, element)
    });
    for number in numbers {
        let draw = &program.draws[number];
        match laws.last_mut() {
            Some(last) if last.len() < TOGETHER && is_alike(&program.draws[last[0]], draw) => {
                last.push(number)
            }
            _ => laws.push(vec![number]),
        }
    }
    let mut rows = Vec::new();
    while !laws.is_empty() {
        let mut elements = 0;
        let fits = |law: &&Vec<usize>| {
            elements += law.len();
            elements <= TOGETHER
        };
        let rest = laws.split_off(laws.iter().take_while(fits).count());
        // Another seed of rand_distr for each law, so that laws of one family do not share their luck.
        let seed = scenario.seed.wrapping_add(rows.len() as u64);
        rows.extend(audited(&program, &laws, seed));
        laws = rest;
    }
    let (text, agree) = report::audit(&rows);
    ui.result(&text)?;
    Ok(agree)
}

/// The law of a draw, or why it has none that could be compared.
fn law_of(draw: &Draw) -> Result<&Law, &'static str> {
    match &draw.law {
        DrawLaw::Fixed { law, .. } if draw.order.is_none() => Ok(law),
        DrawLaw::Fixed { .. } => Err("rows of a table"),
        DrawLaw::Drawn(_) => Err("its parameters change from run to run"),
        DrawLaw::Compound(_) => Err("a sum of events"),
        DrawLaw::Chosen(_) => Err("one of several laws in each run"),
    }
}

/// Whether two draws are elements of one input with the same law.
fn is_alike(first: &Draw, second: &Draw) -> bool {
    first.element.input == second.element.input && law_of(first) == law_of(second)
}

fn audited(program: &Program, laws: &[Vec<usize>], seed: u64) -> Vec<AuditRow> {
    let elements: Vec<InputElement> =
        laws.iter().flatten().map(|&number| program.draws[number].element).collect();
    let mut columns = drawn(program, &elements, DRAWS).into_iter();
    let draws: Vec<Vec<Vec<f64>>> =
        laws.iter().map(|law| columns.by_ref().take(law.len()).collect()).collect();
    (laws.par_iter().zip(draws).enumerate())
        .map(|(place, (numbers, draws))| {
            let seed = seed.wrapping_add(place as u64);
            let first = &program.draws[numbers[0]];
            AuditRow {
                name: first.name.clone(),
                elements: numbers.len(),
                audited: law_of(first).map(|law| peers::audit(law, draws, seed)),
            }
        })
        .collect()
}
