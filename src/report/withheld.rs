//! Why figures stand in a table without an interval.

use crate::analysis::{CellSummary, OutputSummary, Statistics, Withheld};
use crate::diagnostic::visible_line;

/// Cells that are named before the rest is counted.
const NAMED: usize = 3;

/// Whether a reason holds for a cell.
type Holds = dyn Fn(&Statistics) -> bool;

/// One line a reason, with the cells that it holds for.
pub fn withheld(output: &OutputSummary) -> String {
    let reasons: [(&str, &Holds); 7] = [
        (
            "a few runs carry mean and sd, which do not settle: no interval would hold; read the percentiles",
            &|s| s.mean_withheld == Some(Withheld::HeavyTail),
        ),
        ("a few runs carry the sd, which does not settle: no interval would hold", &|s| {
            s.sd_withheld == Some(Withheld::HeavyTail) && s.mean_withheld != Some(Withheld::HeavyTail)
        }),
        ("too few runs to tell how far mean and sd may be off", &|s| {
            s.count > 0 && s.mean_withheld == Some(Withheld::FewRuns)
        }),
        ("mean and sd have no interval: all runs gave one value, which says nothing of others", &|s| {
            s.mean_withheld == Some(Withheld::AllEqual) && s.min != s.max
        }),
        ("squares of the values are too large for a number: no sd", &|s| {
            s.sd_withheld == Some(Withheld::BeyondRange)
        }),
        (
            "the strata leave less error than the spread of the replicates tells: figures without an interval are more exact",
            &|s| [s.mean_withheld, s.sd_withheld].contains(&Some(Withheld::Stratified)),
        ),
        ("too few runs lie beyond the outer percentiles to tell how far those may be off", &|s| {
            let stratified = [s.mean_withheld, s.sd_withheld].contains(&Some(Withheld::Stratified));
            s.count > 0 && s.min != s.max && !stratified && s.percentiles.iter().any(|p| p.interval.is_none())
        }),
    ];
    let mut text = String::new();
    for (reason, holds) in reasons {
        let cells: Vec<&CellSummary> = output.cells.iter().filter(|cell| holds(&cell.statistics)).collect();
        if !cells.is_empty() {
            let named: Vec<_> = cells.iter().take(NAMED).map(|cell| visible_line(&cell.name)).collect();
            let more = cells.len() - named.len();
            let rest = if more > 0 { format!(" and {more} more") } else { String::new() };
            text.push_str(&format!("  {}{rest}: {reason}\n", named.join(", ")));
        }
    }
    text
}
