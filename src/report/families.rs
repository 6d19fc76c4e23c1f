//! What `riskband distributions` prints: the tables of families, processes and other words, and one of them in full.

use super::density::density;
use super::digits::short;
use super::example::example_law;
use crate::distribution::{FAMILIES, Family, FamilyEntry, Form, Law};
use crate::scenario::{DIST_WORDS, DistWord, PROCESSES, spelled};

/// Every family, process and other word of a `dist` text with what it is for.
pub fn families() -> String {
    let families = FAMILIES.iter().map(|entry| (entry.name, entry.summary));
    let processes = PROCESSES.iter().map(|process| (process.entry.name, process.entry.summary));
    let words = DIST_WORDS.iter().map(|word| (word.name, word.summary));
    let all = families.clone().chain(processes.clone()).chain(words.clone());
    let width = all.map(|(name, _)| name.len()).max().unwrap_or(0);
    let row = |(name, summary): (&str, &str)| format!("  {name:width$}  {summary}\n");
    format!(
        "{}\nProcesses, for inputs over years:\n\n{}\nMade of other laws, of shares or of data:\n\n{}\n\
         `riskband distributions NAME` shows the parameters of one.\n",
        families.map(row).collect::<String>(),
        processes.map(row).collect::<String>(),
        words.map(row).collect::<String>()
    )
}

/// One family: what it is for, its forms with the meaning of every parameter, an example and what that looks like.
pub fn family(entry: &FamilyEntry) -> String {
    let mut text = format!("{}: {}\n", entry.name, entry.summary);
    for (index, form) in entry.forms.iter().enumerate() {
        let spelling = spelled(entry, index);
        let bare = spelling.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')).unwrap_or(&spelling);
        text.push_str(&format!("\n  {bare}\n{}", meanings(form)));
    }
    text.push_str(&format!("\nExample: dist = \"{}\"\n", entry.example));
    if let Some(law) = example_law(entry) {
        text.push_str(&format!("  {}\n\n{}", about(&law), density(&law)));
    }
    text
}

/// One word that makes a draw of other laws, of shares or of data: what it is for, how it is written, an example.
pub fn word(word: &DistWord) -> String {
    format!(
        "{}: {}\n\n  {}\n\nExample: dist = \"{}\"\n",
        word.name, word.summary, word.spelling, word.example
    )
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
    let width = form.parameters().map(|parameter| parameter.name.len()).max().unwrap_or(0);
    form.parameters().map(|p| format!("    {:width$}  {}\n", p.name, p.meaning)).collect()
}
