//! Which charts a run gets, and the figures each is drawn from.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::chart::{ChartError, Frame, TornadoBar, TornadoChart, Words, png, svg};
use super::names::picture_names;
use super::output_charts::OutputCharts;
use crate::analysis::{OutputSummary, RunFacts, Summary, Tornado, normal_factor};
use crate::diagnostic::grouped;
use crate::scenario::Convention;

/// A picture, ready to be written.
#[derive(Debug)]
pub struct ChartFile {
    /// File name, e.g. `bands-market.png`.
    pub name: String,
    pub bytes: Vec<u8>,
    /// What could not be drawn as asked, e.g. a character that no font has.
    pub warnings: Vec<String>,
}

/// A chart as vectors, and the name of its picture.
#[derive(Debug)]
pub struct Drawing {
    pub name: String,
    svg: String,
}

impl Drawing {
    /// The picture, which takes longer than the drawing.
    ///
    /// # Errors
    /// What the drawing library says.
    pub fn picture(&self) -> Result<ChartFile, ChartError> {
        let picture = png(&self.svg)?;
        Ok(ChartFile { name: self.name.clone(), bytes: picture.bytes, warnings: picture.warnings })
    }
}

/// The pictures of a run, see [`drawings`].
///
/// # Errors
/// What the drawing library says; a chart of finite figures draws.
pub fn charts(summary: &Summary) -> Result<Vec<ChartFile>, ChartError> {
    drawings(summary)?.par_iter().map(Drawing::picture).collect()
}

/// Every chart of a run: for each output its bands, histogram or probabilities, and each tornado.
///
/// # Errors
/// What the drawing library says; a chart of finite figures draws.
pub fn drawings(summary: &Summary) -> Result<Vec<Drawing>, ChartError> {
    let mut drawings = Vec::new();
    for output in &summary.outputs {
        for drawing in (OutputCharts { output, facts: &summary.facts }).draw()? {
            let mut parts = vec![drawing.kind.to_string(), output.name.clone()];
            parts.extend(drawing.page.map(|page| page.to_string()));
            drawings.push((parts, drawing.svg));
        }
    }
    let groups = groups(summary);
    for tornado in summary.tornados.iter().filter(|tornado| !tornado.rows.is_empty()) {
        let output = &summary.outputs[tornado.output];
        drawings.push((tornado_parts(output, tornado), svg(&bars(summary, output, tornado, &groups))?));
    }
    let (parts, drawings): (Vec<_>, Vec<_>) = drawings.into_iter().unzip();
    let names = picture_names(&parts).into_iter();
    Ok(names.zip(drawings).map(|(name, svg)| Drawing { name, svg }).collect())
}

/// `tornado`, the output, its members and the year of the cell.
fn tornado_parts(output: &OutputSummary, tornado: &Tornado) -> Vec<String> {
    let mut parts = vec!["tornado".to_string(), output.name.clone()];
    if let Some(cell) = output.cells.iter().find(|cell| cell.name == tornado.cell) {
        parts.extend(cell.members.iter().cloned());
        parts.extend(cell.year.map(|year| year.to_string()));
    }
    parts
}

/// What surrounds a chart of a run.
pub(super) fn frame(facts: &RunFacts, title: String) -> Frame {
    let words = Words::of(facts.language);
    let (runs, asked) = (grouped(facts.runs), grouped(facts.asked));
    let runs = if facts.runs < facts.asked { words.part(&runs, &asked) } else { words.run_count(&runs) };
    let hash = facts.hash.get(..8).unwrap_or(&facts.hash);
    Frame {
        title,
        subtitle: facts.title.clone(),
        footer: format!(
            "{runs}{} · {} {} · riskband {} · {hash}",
            words.laid_out(facts.design),
            words.seed,
            facts.seed,
            facts.version
        ),
        language: facts.language,
    }
}

/// Says below a chart of percentiles that they count from above, where they do.
pub(super) fn with_convention(mut frame: Frame, facts: &RunFacts) -> Frame {
    if facts.convention == Convention::Exceedance {
        frame.footer = format!("{} · {}", Words::of(facts.language).exceedance, frame.footer);
    }
    frame
}

/// Groups of the inputs in the order they first appear by name, so that a group keeps its colour in every tornado.
fn groups(summary: &Summary) -> Vec<String> {
    let mut first: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, row) in summary.tornados.iter().flat_map(|tornado| &tornado.rows).enumerate() {
        if let Some(group) = &row.group {
            first.entry(group).or_insert(place);
        }
    }
    let mut groups: Vec<(usize, &str)> = first.into_iter().map(|(group, place)| (place, group)).collect();
    groups.sort_unstable();
    groups.into_iter().map(|(_, group)| group.to_string()).collect()
}

fn bars(summary: &Summary, output: &OutputSummary, tornado: &Tornado, groups: &[String]) -> TornadoChart {
    let place = tornado.cell[output.name.len()..].replace(['[', ']'], "");
    let label = if place.is_empty() { output.label.clone() } else { format!("{}, {place}", output.label) };
    TornadoChart {
        frame: frame(&summary.facts, label.clone()),
        output_label: label,
        unit: output.unit.clone(),
        mean: tornado.mean,
        groups: groups.to_vec(),
        rows: tornado
            .rows
            .iter()
            .map(|row| TornadoBar {
                label: row.label.clone(),
                group: row.group.clone(),
                unit: row.unit.clone(),
                low_mean: row.low_mean,
                high_mean: row.high_mean,
                low_error: normal_factor() * row.low_error,
                high_error: normal_factor() * row.high_error,
                class_means: row.class_means.clone(),
                low_value: row.low_value,
                high_value: row.high_value,
                by_value: row.by_value,
                low_to: row.low_to,
                high_from: row.high_from,
                low_is_no_event: row.low_is_no_event,
                reach: row.reach,
                is_within_error: row.is_within_error(),
                title: row.title.clone(),
                ties: row.ties.clone(),
                has_path: row.has_path,
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sampling::Design;
    use crate::scenario::Language;
    use crate::tally::RunSet;

    #[test]
    fn the_footer_of_a_partial_result_says_how_many_of_how_many_runs() {
        let footer = |language: Language, runs: u64| {
            let facts = RunFacts {
                scenario: "market".into(),
                title: "Market".into(),
                language,
                computed: RunSet::of(0..runs),
                runs,
                asked: 20_000,
                seed: 7,
                convention: Convention::Below,
                design: Design::MonteCarlo,
                replicates: 0,
                hash: "0123456789".into(),
                version: "1.2.3",
            };
            frame(&facts, "Market".into()).footer
        };
        let (english, korean) = (Language::English, Language::Korean);
        assert_eq!(
            footer(english, 12_000),
            "partial: 12,000 of 20,000 runs · seed 7 · riskband 1.2.3 · 01234567"
        );
        assert_eq!(
            footer(korean, 12_000),
            "부분 결과: 시행 20,000회 중 12,000회 · 시드 7 · riskband 1.2.3 · 01234567"
        );
        assert!(footer(english, 20_000).starts_with("20,000 runs · seed"));
    }
}
