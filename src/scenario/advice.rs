//! What to type instead of a parameter that a family refuses.

use super::expression::Expr;
use super::forms::Bound;
use crate::distribution::FamilyEntry;

/// Parameters that say how far a law spreads, and those that say where it lies.
const SPREADS: [&str; 4] = ["sd", "sigma", "scale", "cv"];
const PLACES: [&str; 4] = ["mean", "median", "location", "mode"];

/// Parameters that rise from the first to the last, as far as a family has them.
const ROWS: [&[&str]; 3] = [&["a", "mode", "b"], &["a", "b", "c", "d"], &["min", "max"]];

/// What was meant by the values of a call whose argument at `index` is refused, where it can be told.
pub fn apt(
    entry: &FamilyEntry,
    form: usize,
    arguments: &[Bound],
    values: &[f64],
    index: Option<usize>,
) -> Option<String> {
    let index = index?;
    let (name, value) = (arguments[index].name.as_str(), values[index]);
    if is_percent(name, value) {
        return Some(percent(value));
    }
    if let Some(advice) = rising(entry, form, arguments, values, name) {
        return Some(advice);
    }
    if !SPREADS.contains(&name) {
        return None;
    }
    if value == 0.0 {
        let place = arguments.iter().position(|other| PLACES.contains(&other.name.as_str()))?;
        return Some(match &arguments[place].expr {
            Expr::Number(x) => format!("for a fixed value write `constant({x})`"),
            _ => {
                format!("for a fixed value write `constant(…)` with what `{}` is here", arguments[place].name)
            }
        });
    }
    let positive = call(entry, form, arguments, values, |place| (place == index).then_some(-value));
    (value < 0.0 && value.is_finite()).then(|| format!("`{name}` is never negative{}", meant(positive)))
}

/// True for a probability that was given in per cent.
pub fn is_percent(name: &str, value: f64) -> bool {
    name == "p" && value > 1.0 && value <= 100.0
}

/// What to write for a probability in per cent.
pub fn percent(value: f64) -> String {
    format!("{value} %? write {}", share(value))
}

/// A hundredth, without what the division leaves behind the last digit.
fn share(percent: f64) -> f64 {
    (percent * 1e12).round() / 1e14
}

/// The same call with its bounds, and what lies between them, in rising order.
fn rising(
    entry: &FamilyEntry,
    form: usize,
    arguments: &[Bound],
    values: &[f64],
    name: &str,
) -> Option<String> {
    let has = |row: &&[&str]| {
        row.contains(&name)
            && row.iter().all(|one| arguments.iter().any(|a| a.name == *one && a.span.is_some()))
    };
    let two = [&["a", "b"] as &[&str]];
    let row = ROWS.iter().chain(&two).find(|row| has(row))?;
    let places: Vec<usize> =
        row.iter().filter_map(|one| arguments.iter().position(|argument| argument.name == *one)).collect();
    let mut sorted: Vec<f64> = places.iter().map(|place| values[*place]).collect();
    if sorted.iter().any(|x| !x.is_finite()) || sorted.is_sorted() {
        return None;
    }
    sorted.sort_by(f64::total_cmp);
    let call = call(entry, form, arguments, values, |place| {
        places.iter().position(|other| *other == place).map(|rank| sorted[rank])
    });
    Some(match (call, places.len()) {
        (Some(call), 2) => format!("swap them: `{call}`"),
        (Some(call), _) => format!("in rising order: `{call}`"),
        (None, 2) => format!("swap `{}` and `{}`", row[0], row[1]),
        (None, _) => return None,
    })
}

/// The call in its first form with some values replaced; `None` where its arguments are no plain numbers.
fn call(
    entry: &FamilyEntry,
    form: usize,
    arguments: &[Bound],
    values: &[f64],
    replaced: impl Fn(usize) -> Option<f64>,
) -> Option<String> {
    let typed = || arguments.iter().enumerate().filter(|(_, argument)| argument.span.is_some());
    let plain = typed().all(|(_, argument)| matches!(argument.expr, Expr::Number(_) | Expr::Unary(..)));
    if form != 0 || !plain {
        return None;
    }
    let mut numbers = Vec::new();
    for (place, argument) in typed() {
        let x = replaced(place).unwrap_or(values[place]);
        // Behind a default the arguments have names.
        let is_positional = arguments[..place].iter().all(|before| before.span.is_some());
        numbers.push(if is_positional { format!("{x}") } else { format!("{} = {x}", argument.name) });
    }
    Some(format!("{}({})", entry.name, numbers.join(", ")))
}

fn meant(call: Option<String>) -> String {
    call.map_or(String::new(), |call| format!(": did you mean `{call}`?"))
}
