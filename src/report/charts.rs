//! Which charts a run gets, and the figures each is drawn from.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::chart::{
    BandName, ChartError, DiscreteChart, FanChart, FanPanel, FanYear, Frame, HistogramChart,
    ProbabilityChart, ReferenceMark, TornadoBar, TornadoChart, Words, png, svg,
};
use super::shown;
use crate::analysis::{CellSummary, OutputSummary, RunFacts, Summary, Tornado};
use crate::diagnostic::grouped;
use crate::scenario::{Convention, Percent};

/// Most bars of a discrete chart.
const MOST_VALUES: usize = 40;
/// Bars of a histogram, and the share of runs left outside of it on each side.
const BARS: usize = 60;
const OUTSIDE: f64 = 0.001;

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
    fn new(name: &str, svg: String) -> Drawing {
        Drawing { name: safe(name), svg }
    }

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

/// Every chart of a run: for each output its bands, histogram or probability, and each tornado.
///
/// # Errors
/// What the drawing library says; a chart of finite figures draws.
pub fn drawings(summary: &Summary) -> Result<Vec<Drawing>, ChartError> {
    let mut drawings = Vec::new();
    for output in &summary.outputs {
        if output.has_years {
            if let Some(chart) = fan(summary, output) {
                drawings.push((format!("bands-{}.png", output.name), svg(&chart)?));
            }
        } else {
            for cell in &output.cells {
                let name =
                    cell.members.iter().fold(output.name.clone(), |name, member| format!("{name}-{member}"));
                if let Some((kind, drawing)) = single(summary, output, cell)? {
                    drawings.push((format!("{kind}-{name}.png"), drawing));
                }
            }
        }
    }
    let groups = groups(summary);
    for tornado in summary.tornados.iter().filter(|tornado| !tornado.rows.is_empty()) {
        let output = &summary.outputs[tornado.output];
        drawings.push((tornado_name(output, tornado), svg(&bars(summary, output, tornado, &groups))?));
    }
    Ok(drawings.into_iter().map(|(name, svg)| Drawing::new(&name, svg)).collect())
}

/// A name that every file system takes.
fn safe(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect()
}

/// `tornado-market-2031.png` for `market[2031]`.
fn tornado_name(output: &OutputSummary, tornado: &Tornado) -> String {
    let place = tornado.cell[output.name.len()..].replace(['[', ']'], "").replace(", ", "-");
    if place.is_empty() {
        format!("tornado-{}.png", output.name)
    } else {
        format!("tornado-{}-{place}.png", output.name)
    }
}

fn frame(facts: &RunFacts, title: String) -> Frame {
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

/// `P90` for a level.
fn name(level: Percent, convention: Convention) -> String {
    format!("P{}", convention.number(level))
}

fn band_name((low, high): (Percent, Percent), convention: Convention) -> BandName {
    BandName {
        low: name(low, convention),
        high: name(high, convention),
        share: low.up_to(high).map_or(String::new(), |share| share.to_string()),
    }
}

/// Says below a chart of percentiles that they count from above, where they do.
fn with_convention(mut frame: Frame, facts: &RunFacts) -> Frame {
    if facts.convention == Convention::Exceedance {
        frame.footer = format!("{} · {}", Words::of(facts.language).exceedance, frame.footer);
    }
    frame
}

/// Bands of one output over the years, a panel for each member of its other axes; `None` without finite values.
fn fan(summary: &Summary, output: &OutputSummary) -> Option<FanChart> {
    let mut panels: Vec<(Vec<String>, FanPanel)> = Vec::new();
    let shown = shown::fan(&output.levels);
    for cell in &output.cells {
        let (Some(year), false) = (cell.year, cell.statistics.percentiles.is_empty()) else { continue };
        let at = |level: Percent| cell.distribution.percentile(level);
        let values = FanYear {
            median: at(Percent::MEDIAN),
            bands: shown.bands.iter().map(|&(low, high)| (at(low), at(high))).collect(),
            lines: shown.lines.iter().map(|&level| at(level)).collect(),
        };
        if panels.last().is_none_or(|(members, _)| *members != cell.members) {
            let reference = output.reference.as_ref().and_then(|reference| {
                Some(ReferenceMark {
                    year: reference.year?,
                    value: reference.value,
                    label: reference.label.clone(),
                })
            });
            let title = cell.members.join(" · ");
            panels.push((
                cell.members.clone(),
                FanPanel { title, years: Vec::new(), values: Vec::new(), reference },
            ));
        }
        let (_, panel) = panels.last_mut()?;
        panel.years.push(year);
        panel.values.push(values);
    }
    (!panels.is_empty()).then(|| FanChart {
        frame: with_convention(frame(&summary.facts, output.label.clone()), &summary.facts),
        unit: output.unit.clone(),
        y_label: output.label.clone(),
        base_year: output.base_year,
        bands: shown.bands.iter().map(|&band| band_name(band, summary.facts.convention)).collect(),
        lines: shown.lines.iter().map(|&level| name(level, summary.facts.convention)).collect(),
        panels: panels.into_iter().map(|(_, panel)| panel).collect(),
    })
}

/// Chart of a cell without years, with the first part of its file name.
fn single(
    summary: &Summary,
    output: &OutputSummary,
    cell: &CellSummary,
) -> Result<Option<(&'static str, String)>, ChartError> {
    let statistics = &cell.statistics;
    let label = cell.members.iter().fold(output.label.clone(), |label, member| format!("{label} · {member}"));
    let frame = frame(&summary.facts, label.clone());
    if output.is_truth {
        let (Some(mean), Some(interval)) = (statistics.mean, statistics.mean_interval) else {
            return Ok(None);
        };
        let chart = ProbabilityChart {
            frame,
            statement: label,
            probability: mean,
            interval: (interval.low, interval.high),
        };
        return Ok(Some(("probability", svg(&chart)?)));
    }
    let bins = cell.distribution.bins();
    let n = cell.distribution.count() as f64;
    if n == 0.0 {
        return Ok(None);
    }
    if bins.len() <= MOST_VALUES && bins.iter().all(|bin| bin.low == bin.high) {
        let values = bins.iter().map(|bin| (bin.low, bin.count as f64 / n)).collect();
        let chart = DiscreteChart { frame, unit: output.unit.clone(), x_label: label, values };
        return Ok(Some(("discrete", svg(&chart)?)));
    }
    let marks = shown::marks(&output.levels);
    let marks = marks
        .into_iter()
        .map(|level| (name(level, summary.facts.convention), cell.distribution.percentile(level)));
    let frame = with_convention(frame, &summary.facts);
    Ok(Some(("histogram", svg(&histogram(output, cell, marks.collect(), frame, label))?)))
}

fn histogram(
    output: &OutputSummary,
    cell: &CellSummary,
    marks: Vec<(String, f64)>,
    frame: Frame,
    x_label: String,
) -> HistogramChart {
    let distribution = &cell.distribution;
    let n = distribution.count();
    let rank = |share: f64| ((share * n as f64) as u64).clamp(1, n);
    let (mut low, mut high) =
        (distribution.order_statistic(rank(OUTSIDE)), distribution.order_statistic(rank(1.0 - OUTSIDE)));
    if low >= high {
        (low, high) = (distribution.order_statistic(1), distribution.order_statistic(n));
    }
    let edges: Vec<f64> = (0..=BARS).map(|k| low + (high - low) * k as f64 / BARS as f64).collect();
    let up_to: Vec<f64> = edges.iter().map(|&edge| distribution.share_up_to(edge)).collect();
    HistogramChart {
        frame,
        unit: output.unit.clone(),
        x_label,
        shares: up_to.windows(2).map(|pair| pair[1] - pair[0]).collect(),
        cumulative: edges.iter().copied().zip(up_to.iter().copied()).collect(),
        marks,
        reference: output.reference.as_ref().map(|reference| (reference.value, reference.label.clone())),
        below: up_to[0],
        above: 1.0 - up_to[BARS],
        edges,
    }
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
                low_value: row.low_value,
                high_value: row.high_value,
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
