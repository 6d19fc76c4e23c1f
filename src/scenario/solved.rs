//! Parameters and statistics by name that a family is solved for.

use crate::distribution::{Arguments, FamilyEntry, Known, Solvable};

/// The form of a family that takes whatever fixes it, if it has one.
pub fn solved(entry: &FamilyEntry) -> Option<(usize, &'static Solvable)> {
    entry.forms.iter().enumerate().find_map(|(index, form)| match form.arguments {
        Arguments::Solved(family) => Some((index, family)),
        _ => None,
    })
}

/// What keeps names from being enough, or makes them too many.
#[derive(Debug, PartialEq)]
pub enum Misfit {
    /// The name of this place is nothing the family can be solved for.
    Stranger(usize),
    /// The names of these places mean the same.
    Same(usize, usize),
    /// So many more are needed.
    TooFew(usize),
    /// Only so many are needed.
    TooMany(usize),
    /// A parameter that nothing stands for.
    Lacks(&'static str),
}

/// What the names, with the levels of percentiles, stand for.
pub fn knowns(family: &Solvable, names: &[(&str, Option<f64>)]) -> Result<Vec<Known>, Misfit> {
    let mut knowns: Vec<Known> = Vec::new();
    for (place, (name, level)) in names.iter().enumerate() {
        let known = family.known(name, *level).ok_or(Misfit::Stranger(place))?;
        if let Some(first) = knowns.iter().position(|other| *other == known) {
            return Err(Misfit::Same(first, place));
        }
        knowns.push(known);
    }
    let lacking = family.indispensable().find(|index| !knowns.contains(&Known::Parameter(*index)));
    if let Some(index) = lacking {
        return Err(Misfit::Lacks(family.parameters[index].0.name));
    }
    match (knowns.len(), family.count()) {
        (count, (least, _)) if count < least => Err(Misfit::TooFew(least - count)),
        (count, (_, most)) if count > most => Err(Misfit::TooMany(most)),
        _ => Ok(knowns),
    }
}

/// How such a form is written: "any two of `shape`, `scale`, …", or "`n`, and one of `p`, `mean`".
pub fn any_of(family: &Solvable) -> String {
    let quoted = |name: &str| format!("`{name}`");
    let always: Vec<&str> = family.indispensable().map(|index| family.parameters[index].0.name).collect();
    let (least, most) = family.count();
    let (least, most) = (least - always.len(), most - always.len());
    let names: Vec<String> =
        family.names().into_iter().filter(|name| !always.contains(name)).map(quoted).collect();
    let percentiles = if family.percentiles { " and percentiles such as `p5`" } else { "" };
    let count = match most - least {
        0 => word(least),
        1 => format!("{} or {}", word(least), word(most)),
        _ => format!("{} to {}", word(least), word(most)),
    };
    let some = format!("{count} of {}{percentiles}", names.join(", "));
    match always.is_empty() {
        true => format!("any {some}"),
        false => format!("{}, and {some}", always.into_iter().map(quoted).collect::<Vec<_>>().join(", ")),
    }
}

fn word(count: usize) -> String {
    match count {
        1 => "one".into(),
        2 => "two".into(),
        3 => "three".into(),
        4 => "four".into(),
        many => many.to_string(),
    }
}
