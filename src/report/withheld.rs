//! Why figures stand in a table without an interval.

use crate::analysis::{CellSummary, OutputSummary, Percentile, Statistics, TailMean, Withheld};
use crate::diagnostic::visible_line;
use crate::scenario::Percent;

/// Cells that are named before the rest is counted.
const NAMED: usize = 3;

/// Whether a reason holds for a cell.
type Holds<'a> = dyn Fn(&Statistics) -> bool + 'a;

/// Levels that a table shows.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    pub percentiles: &'a [Percent],
    pub tail_means: &'a [Percent],
}

impl Shown<'_> {
    fn percentiles<'s>(&self, s: &'s Statistics) -> impl Iterator<Item = &'s Percentile> {
        s.percentiles.iter().filter(|found| self.percentiles.contains(&found.level))
    }

    fn tail_means<'s>(&self, s: &'s Statistics) -> impl Iterator<Item = &'s TailMean> {
        s.tail_means.iter().filter(|found| self.tail_means.contains(&found.level))
    }
}

/// One line a reason, with the cells that it holds for.
pub fn withheld(output: &OutputSummary, shown: Shown<'_>) -> String {
    let of_moments = |s: &Statistics| [s.mean_withheld, s.sd_withheld];
    let of_tails = |s: &Statistics, why: Withheld| shown.tail_means(s).any(|mean| mean.withheld == Some(why));
    let is_stratified = |why: Option<Withheld>| matches!(why, Some(Withheld::Stratified(_)));
    let reasons: [(&str, &Holds<'_>); 12] = [
        (
            "a few runs carry mean and sd, which do not settle: no interval would hold; read the percentiles",
            &|s| s.mean_withheld == Some(Withheld::HeavyTail),
        ),
        ("a few runs carry the sd, which does not settle: no interval would hold", &|s| {
            s.sd_withheld == Some(Withheld::HeavyTail) && s.mean_withheld != Some(Withheld::HeavyTail)
        }),
        ("a few runs carry the mean of a tail, which does not settle: no interval would hold", &|s| {
            s.mean_withheld != Some(Withheld::HeavyTail) && of_tails(s, Withheld::HeavyTail)
        }),
        ("too few runs to tell how far mean and sd may be off", &|s| {
            s.count > 0 && s.mean_withheld == Some(Withheld::FewRuns)
        }),
        ("mean and sd have no interval: all runs gave one value, which says nothing of others", &|s| {
            s.mean_withheld == Some(Withheld::AllEqual) && s.min != s.max
        }),
        (
            "the values are too large for their squares to be numbers: no sd, and no interval of the mean",
            &|s| s.mean.is_some() && s.sd.is_none() && s.mean_withheld == Some(Withheld::BeyondRange),
        ),
        ("the values are too large for their squares to be numbers: no interval of mean and sd", &|s| {
            s.sd.is_some() && s.mean_withheld == Some(Withheld::BeyondRange)
        }),
        ("the values are too large for their fourth powers to be numbers: no interval of the sd", &|s| {
            s.sd.is_some()
                && s.sd_withheld == Some(Withheld::BeyondRange)
                && s.mean_withheld != Some(Withheld::BeyondRange)
        }),
        (
            "the design leaves less error than can be told: a figure without an interval is more exact than its digits say",
            &|s| {
                let levels = shown.percentiles(s).map(|p| p.withheld);
                let all = levels.chain(of_moments(s)).chain(shown.tail_means(s).map(|mean| mean.withheld));
                all.into_iter().any(is_stratified)
            },
        ),
        ("too few runs lie beyond the outer percentiles to tell how far those may be off", &|s| {
            s.min != s.max && shown.percentiles(s).any(|p| p.withheld == Some(Withheld::FewRuns))
        }),
        ("too few runs lie in a tail to tell how far its mean may be off", &|s| {
            s.min != s.max && of_tails(s, Withheld::FewRuns)
        }),
        (
            "nearly all runs of a tail have one value, which says nothing of others: no interval of its mean",
            &|s| s.min != s.max && of_tails(s, Withheld::AllEqual),
        ),
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
