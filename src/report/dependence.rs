//! What ties the inputs of a scenario: matrices that were repaired, coefficients asked for and reached.

use super::table::aligned;
use crate::analysis::Repaired;
use crate::diagnostic::counted;
use crate::engine::{Achieved, Loosened, TiedPair};

/// Most lines of a table.
pub const MOST_LINES: usize = 20;

/// Each repaired matrix, asked and used; those that are the same in other elements, like other years, once.
pub fn repairs(groups: &[Repaired]) -> String {
    let mut text = String::new();
    for (group, alike) in distinct(groups) {
        let n = group.elements.len();
        let moved = group.moved();
        let mut rows = vec![["repaired", "", "asked", "used"].map(String::from).to_vec()];
        for &(i, j) in moved.iter().take(MOST_LINES) {
            let figure = |matrix: &[f64]| format!("{:.4}", matrix[i * n + j]);
            let [a, b] = [i, j].map(|place| group.elements[place].clone());
            rows.push(vec![a, b, figure(&group.asked), figure(&group.used)]);
        }
        text.push('\n');
        text.push_str(&aligned(&rows));
        if moved.len() > MOST_LINES {
            let more = counted((moved.len() - MOST_LINES) as u64, "more pair");
            text.push_str(&format!("and {more}, which moved less\n"));
        }
        if alike > 0 {
            text.push_str(&format!("and {alike} more of the same matrix\n"));
        }
    }
    text
}

/// A line a repaired matrix.
pub fn repair_lines(groups: &[Repaired]) -> Vec<String> {
    let line = |(group, alike): (&Repaired, usize)| {
        let n = group.elements.len();
        let moved = group.moved();
        let most =
            moved.first().map_or(0.0, |&(i, j)| (group.used[i * n + j] - group.asked[i * n + j]).abs());
        let others = match n - 1 {
            1 => format!("`{}`", group.elements[1]),
            more => format!("{more} more"),
        };
        let again = if alike > 0 { format!(", and so in {alike} more") } else { String::new() };
        format!(
            "warning: the correlations of `{}` and {others} cannot hold together and were repaired: {} of {} moved, by \
             {most:.4} at most{again}; `riskband check` shows them",
            group.elements[0],
            moved.len(),
            n * (n - 1) / 2,
        )
    };
    distinct(groups).into_iter().map(line).collect()
}

/// Each matrix asked for, with the number of other groups of as many elements that ask for it.
fn distinct(groups: &[Repaired]) -> Vec<(&Repaired, usize)> {
    let mut found: Vec<(&Repaired, usize)> = Vec::new();
    for group in groups {
        match found.iter_mut().find(|(first, _)| first.asked == group.asked) {
            Some((_, alike)) => *alike += 1,
            None => found.push((group, 0)),
        }
    }
    found
}

/// Coefficients asked for and reached, a pair a line; `count` is the number of all pairs.
pub fn tied(pairs: &[TiedPair], count: usize) -> String {
    if pairs.is_empty() {
        return String::new();
    }
    let mut rows = vec![["tied", "", "spearman asked", "reached", "±"].map(String::from).to_vec()];
    for pair in pairs {
        let [a, b] = pair.names.clone();
        let asked = pair.asked.map_or("unknown".into(), |asked| format!("{asked:.3}"));
        let (reached, error) = match pair.achieved {
            Some(Achieved { spearman, error, .. }) => (format!("{spearman:.3}"), format!("{error:.3}")),
            None => ("none".into(), String::new()),
        };
        rows.push(vec![a, b, asked, reached, error]);
    }
    let mut text = format!("\n{}", aligned(&rows));
    if count > pairs.len() {
        text.push_str(&format!("and {}\n", counted((count - pairs.len()) as u64, "more pair")));
    }
    for note in pairs.iter().flat_map(notes) {
        text.push_str(&format!("note: {note}\n"));
    }
    text
}

/// A line a pair whose coefficient is not that asked for.
pub fn missed_lines(pairs: &[TiedPair]) -> Vec<String> {
    let line = |pair: &TiedPair| {
        let (Achieved { spearman, error, .. }, asked) = pair.missed()?;
        let [a, b] = &pair.names;
        let why: String = notes(pair).iter().map(|note| format!("; {note}")).collect();
        Some(format!(
            "warning: the rank correlation of `{a}` and `{b}` is {spearman:.3} ± {error:.3}, and {asked:.3} was asked for{why}"
        ))
    };
    pairs.iter().filter_map(line).collect()
}

/// In words why a pair has not what was asked of it.
fn notes(pair: &TiedPair) -> Vec<String> {
    let name = |member: usize| &pair.names[member];
    let mut notes = Vec::new();
    if pair.without_value > 0 {
        let [a, b] = &pair.names;
        let runs = counted(pair.without_value as u64, "run");
        notes.push(format!("`{a}` or `{b}` has no value in {runs}, left out here"));
    }
    let Some((Achieved { bound, .. }, asked)) = pair.missed() else { return notes };
    if asked.abs() > bound.abs() {
        let few = pair.loosened.first().map_or(0, |(member, _)| *member);
        notes.push(format!(
            "`{}` with `{}` cannot reach {asked:.3}: the values of `{}` repeat, which leaves {bound:.3} at most",
            name(0),
            name(1),
            name(few)
        ));
        return notes;
    }
    for &(member, loosened) in &pair.loosened {
        let name = name(member);
        notes.push(match loosened {
            Loosened::Repeats => {
                format!("`{name}` has values that repeat: their ties weaken a rank correlation")
            }
            Loosened::Sum => format!("`{name}` is a sum of events: what is tied is their number"),
            Loosened::Mixture => {
                format!("`{name}` is a mixture: what is tied is the place within its component")
            }
            Loosened::Varies => {
                format!("the law of `{name}` changes from run to run: what is tied is the place within it")
            }
        });
    }
    notes
}
