//! What `riskband distributions` prints: the table of families, and one of them in full.

use super::density::density;
use super::example::example_law;
use super::table::short;
use crate::distribution::{Arguments, FAMILIES, Family, FamilyEntry, Form, Law};
use crate::scenario::{PROCESSES, spelled};

/// Every family with what it is for.
pub fn families() -> String {
    let processes = || PROCESSES.iter().map(|process| &process.entry);
    let width = FAMILIES.iter().chain(processes()).map(|entry| entry.name.len()).max().unwrap_or(0);
    let row = |entry: &FamilyEntry| format!("  {:width$}  {}\n", entry.name, entry.summary);
    format!(
        "{}\nProcesses, for inputs over years:\n\n{}\n`truncate(law, min = , max = )`, `shift(law, by)`, `scale(law, by)`, \
         `mixture(weight: law, …)`,\n`splice(body, tail, at)` and `zero_inflated(law, p)` take any family.\n\
         `riskband distributions NAME` shows the parameters of one.\n",
        FAMILIES.iter().map(row).collect::<String>(),
        processes().map(row).collect::<String>()
    )
}

/// One family: what it is for, its forms with the meaning of every parameter, an example and what that looks like.
pub fn family(entry: &FamilyEntry) -> String {
    let mut text = format!("{}: {}\n", entry.name, entry.summary);
    for (index, form) in entry.forms.iter().enumerate() {
        text.push_str(&format!("\n  {}\n{}", spelled(entry, index).trim_matches('`'), meanings(form)));
    }
    text.push_str(&format!("\nExample: dist = \"{}\"\n", entry.example));
    if let Some(law) = example_law(entry) {
        text.push_str(&format!("  {}\n\n{}", about(&law), density(&law)));
    }
    text
}

/// Where a law lies, its mean and standard deviation to four digits: `0 to 1, mean 0.5, sd 0.2887`.
pub fn about(law: &Law) -> String {
    let (least, greatest) = law.support();
    let digits = |x: f64| short(x, 4);
    let place = match (least.is_finite(), greatest.is_finite()) {
        _ if least == greatest => "one value".to_string(),
        (true, true) => format!("{} to {}", digits(least), digits(greatest)),
        (true, false) => format!("from {} on", digits(least)),
        (false, true) => format!("up to {}", digits(greatest)),
        (false, false) => "all numbers".to_string(),
    };
    let told = |x: Option<f64>| x.map_or("none".to_string(), digits);
    format!("{place}, mean {}, sd {}", told(law.mean()), told(law.variance().map(f64::sqrt)))
}

fn meanings(form: &Form) -> String {
    let (before, after) = match form.arguments {
        Arguments::Named(parameters) => (parameters, &[][..]),
        Arguments::Mapped { before, after, .. } => (before, after),
        _ => return String::new(),
    };
    let parameters = || before.iter().chain(after);
    let width = parameters().map(|parameter| parameter.name.len()).max().unwrap_or(0);
    parameters().map(|p| format!("    {:width$}  {}\n", p.name, p.meaning)).collect()
}
