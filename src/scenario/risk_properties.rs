//! Functions that @RISK puts among the arguments of a law: `RiskNormal(10, 2, RiskTruncate(5, 15), RiskName("cost"))`.

use super::spelling::spelled;
use super::syntax::{Argument, AstKind, Word};

/// What such a function does to the law around it.
enum Property {
    /// The least and the greatest value, where they are given.
    Truncate(Option<String>, Option<String>),
    /// Bounds that are probabilities.
    TruncateP,
    Shift(String),
    /// Nothing to the values that are drawn.
    Other,
}

/// Those that do nothing to the values, without `risk`.
const OTHERS: [&str; 19] = [
    "name",
    "static",
    "collect",
    "category",
    "units",
    "lock",
    "seed",
    "depc",
    "indepc",
    "corrmat",
    "copula",
    "convergence",
    "isdate",
    "isdiscrete",
    "fit",
    "library",
    "sixsigma",
    "returnvalue",
    "comment",
];

/// The word of an argument that is such a function.
pub fn word_of(argument: &Argument) -> Option<&Word> {
    match &argument.value.kind {
        AstKind::Call { function, .. } => property(argument).map(|_| function),
        _ => None,
    }
}

/// The law in `law`, written without these functions, with what they do to it.
pub fn applied(law: &str, arguments: &[Argument]) -> String {
    let properties: Vec<Property> = arguments.iter().filter_map(property).collect();
    let mut text = law.to_string();
    for property in &properties {
        match property {
            Property::Truncate(least, greatest) => {
                let bound = |name: &str, x: &Option<String>| x.as_ref().map(|x| format!(", {name} = {x}"));
                let bounds: String =
                    [bound("min", least), bound("max", greatest)].into_iter().flatten().collect();
                text = format!("truncate({text}{bounds})");
            }
            Property::TruncateP => text = format!("truncate({text}, min = …, max = …)"),
            Property::Shift(_) | Property::Other => {}
        }
    }
    for property in &properties {
        if let Property::Shift(by) = property {
            text = format!("shift({text}, {by})");
        }
    }
    text
}

fn property(argument: &Argument) -> Option<Property> {
    let AstKind::Call { function, arguments } = &argument.value.kind else { return None };
    let word = function.text.to_lowercase();
    let name = word.strip_prefix("risk").or_else(|| word.strip_prefix("vose"))?;
    // An argument that is left out is an empty name.
    let given = |place: usize| {
        arguments.get(place).map(|argument| spelled(&argument.value)).filter(|text| !text.is_empty())
    };
    match name {
        "truncate" | "trunc" | "truncate2" | "xbounds" => Some(Property::Truncate(given(0), given(1))),
        "truncatep" | "truncatep2" | "pbounds" => Some(Property::TruncateP),
        "shift" if arguments.len() == 1 => given(0).map(Property::Shift),
        _ => OTHERS.contains(&name).then_some(Property::Other),
    }
}
