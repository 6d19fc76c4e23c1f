//! What the bounds of a law say of everything else, before any law is looked for.

use super::equation::Given;
use super::refusals::refusal;
use super::{Known, Solvable};
use crate::diagnostic::figure;
use crate::distribution::ParameterError;

/// The bounds that are known, least and greatest.
fn known(family: &Solvable, given: &[Given]) -> [Option<Given>; 2] {
    [0, 1].map(|side: usize| {
        let named = [Known::Min, Known::Max][side];
        let bound = |one: &&Given| {
            one.known == named
                || family.bounds[side].is_some_and(|index| one.known == Known::Parameter(index))
        };
        given.iter().find(bound).copied()
    })
}

/// True for what is a value of the law, or lies among them.
fn is_place(family: &Solvable, known: Known) -> bool {
    match known {
        Known::Mean | Known::Median | Known::Mode | Known::Percentile(_) => true,
        Known::Parameter(index) => ["mode", "b", "c"].contains(&family.parameters[index].0.name),
        Known::Sd | Known::Cv | Known::Min | Known::Max => false,
    }
}

/// The one value of a law whose bounds are the same.
///
/// # Errors
/// Something else that is not that value, or a spread.
pub(super) fn one_value(family: &Solvable, given: &[Given]) -> Result<Option<f64>, ParameterError> {
    let [Some(least), Some(greatest)] = known(family, given) else { return Ok(None) };
    let value = least.value;
    if greatest.value != value {
        return Ok(None);
    }
    for one in given.iter().filter(|one| one.typed) {
        let name = one.known.name(family);
        if matches!(one.known, Known::Sd | Known::Cv) {
            return Err(refusal(name, one.value, "be left out where least and greatest value are the same"));
        }
        if is_place(family, one.known) && one.value != value {
            return Err(refusal(name, one.value, format!("be {value}, as least and greatest value are")));
        }
    }
    Ok(Some(value))
}

/// Refuses what no law between these bounds has: a mean, median, mode or percentile beyond them, an sd above half their
/// distance, or above √((mean − a)(b − mean)) (Bhatia & Davis 2000, A better bound on the variance, American
/// Mathematical Monthly 107(4), 353–357).
pub(super) fn inside(family: &Solvable, given: &[Given]) -> Result<(), ParameterError> {
    let bounds = known(family, given);
    let [least, greatest] = bounds;
    let (low, high) =
        (least.map_or(f64::NEG_INFINITY, |b| b.value), greatest.map_or(f64::INFINITY, |b| b.value));
    let refuse = |one: &Given, what: String| Err(refusal(one.known.name(family), one.value, what));
    let defaults: Vec<String> = bounds
        .iter()
        .flatten()
        .filter(|bound| !bound.typed)
        .map(|bound| format!("`{}` is {}", bound.known.typed(family), bound.value))
        .collect();
    let advice = match defaults.is_empty() {
        true => String::new(),
        false if defaults.len() == 1 => format!("; {} unless it is given", defaults[0]),
        false => format!("; {} unless they are given", defaults.join(" and ")),
    };
    for one in given.iter().filter(|one| one.typed && is_place(family, one.known)) {
        // A most likely value may be a bound; what others lie between has a width.
        let is_peak = matches!(one.known, Known::Mode | Known::Parameter(_));
        let holds =
            if is_peak { low <= one.value && one.value <= high } else { low < one.value && one.value < high };
        if !holds {
            return refuse(
                one,
                match (least, greatest) {
                    (Some(_), Some(_)) => format!("lie between {low} and {high}{advice}"),
                    (Some(_), None) => format!("lie above {low}{advice}"),
                    _ => format!("lie below {high}{advice}"),
                },
            );
        }
    }
    let mean = given.iter().find(|one| one.typed && one.known == Known::Mean);
    if let (Some(sd), true) =
        (given.iter().find(|one| one.typed && one.known == Known::Sd), low.is_finite() && high.is_finite())
    {
        let most = mean.map_or(0.5 * (high - low), |mean| ((mean.value - low) * (high - mean.value)).sqrt());
        if sd.value >= most {
            let beside = if mean.is_some() { " beside `mean`" } else { "" };
            return refuse(sd, format!("lie below {}{beside}{advice}", figure(most)));
        }
    }
    Ok(())
}
