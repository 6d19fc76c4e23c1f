//! The charts of one output: bands or probabilities over the years, histograms, probabilities of members.

use std::ops::Range;

use super::chart::{
    BandName, Chance, ChanceBarsChart, ChancePanel, ChanceYearsChart, Chart, ChartError, DiscreteChart,
    FanChart, FanPanel, FanYear, Frame, HistogramChart, HistogramPanel, HistogramPanelsChart, PanelShape,
    ProbabilityChart, ReferenceMark, Words, svg,
};
use super::charts::{frame, with_convention};
use super::shown;
use super::spread::{ShownBars, ShownValues, Spread};
use crate::analysis::{CellSummary, OutputSummary, RunFacts};
use crate::scenario::Percent;

/// Panels and bars of a picture, and pictures of an output, at most.
const PANELS: usize = 24;
const BARS: usize = 30;
const PAGES: usize = 8;

/// A drawing of an output.
#[derive(Debug)]
pub struct OutputDrawing {
    /// First part of its name, as in [`super::chart::CHARTS`].
    pub kind: &'static str,
    /// Number of the picture where the output has several.
    pub page: Option<usize>,
    pub svg: String,
}

/// An output and the run it is of.
#[derive(Clone, Copy, Debug)]
pub struct OutputCharts<'a> {
    pub output: &'a OutputSummary,
    pub facts: &'a RunFacts,
}

impl OutputCharts<'_> {
    /// Every chart of the output; none where it has no finite value.
    ///
    /// # Errors
    /// What the drawing library says.
    pub fn draw(&self) -> Result<Vec<OutputDrawing>, ChartError> {
        match (self.output.is_truth, self.output.has_years) {
            (true, true) => self.chances_by_year(),
            (true, false) => self.chances(),
            (false, true) => self.fan(),
            (false, false) => self.histograms(),
        }
    }

    /// A drawing for each part of so many members.
    fn pages<C: Chart>(
        &self,
        kind: &'static str,
        (count, at_most): (usize, usize),
        chart: impl Fn(Frame, Range<usize>) -> C,
    ) -> Result<Vec<OutputDrawing>, ChartError> {
        let words = Words::of(self.facts.language);
        let pages = count.div_ceil(at_most);
        let drawn = pages.min(PAGES);
        (0..drawn)
            .map(|page| {
                let mut frame = frame(self.facts, self.output.label.clone());
                if pages > 1 {
                    frame.subtitle = format!("{} · {}", frame.subtitle, words.page(page + 1, pages));
                }
                if pages > drawn && page + 1 == drawn {
                    frame.subtitle = format!("{} · {}", frame.subtitle, words.more(count - drawn * at_most));
                }
                let range = page * at_most..count.min((page + 1) * at_most);
                let page = (pages > 1).then_some(page + 1);
                Ok(OutputDrawing { kind, page, svg: svg(&chart(frame, range))? })
            })
            .collect()
    }

    /// Bands over the years, a panel for each member of the other axes.
    fn fan(&self) -> Result<Vec<OutputDrawing>, ChartError> {
        let shown = shown::fan(&self.output.levels);
        let mut panels: Vec<(&[String], FanPanel)> = Vec::new();
        for cell in self.output.cells.iter().filter(|cell| cell.statistics.count > 0) {
            let Some(year) = cell.year else { continue };
            let distribution = cell.distribution();
            let at = |level: Percent| distribution.percentile(level);
            let values = FanYear {
                median: at(Percent::MEDIAN),
                bands: shown.bands.iter().map(|&(low, high)| (at(low), at(high))).collect(),
                lines: shown.lines.iter().map(|&level| at(level)).collect(),
            };
            if panels.last().is_none_or(|(members, _)| *members != cell.members) {
                panels.push((&cell.members, self.empty_panel(cell)));
            }
            if let Some((_, panel)) = panels.last_mut() {
                panel.years.push(year);
                panel.values.push(values);
            }
        }
        let panels: Vec<FanPanel> = panels.into_iter().map(|(_, panel)| panel).collect();
        self.pages("bands", (panels.len(), PANELS), |frame, page| FanChart {
            frame: with_convention(frame, self.facts),
            unit: self.output.unit.clone(),
            y_label: self.output.label.clone(),
            base_year: self.output.base_year,
            bands: shown.bands.iter().map(|&band| self.band_name(band)).collect(),
            lines: shown.lines.iter().map(|&level| self.percentile_name(level)).collect(),
            panels: panels.clone(),
            page,
        })
    }

    /// `P90` for a level.
    fn percentile_name(&self, level: Percent) -> String {
        format!("P{}", self.facts.convention.number(level))
    }

    fn band_name(&self, (low, high): (Percent, Percent)) -> BandName {
        BandName {
            low: self.percentile_name(low),
            high: self.percentile_name(high),
            share: low.up_to(high).map_or(String::new(), |share| share.to_string()),
        }
    }

    fn empty_panel(&self, cell: &CellSummary) -> FanPanel {
        let reference = self.output.reference.as_ref().and_then(|reference| {
            Some(ReferenceMark {
                year: reference.year?,
                value: reference.value,
                label: reference.label.clone(),
            })
        });
        FanPanel { title: title(cell), years: Vec::new(), values: Vec::new(), reference }
    }

    /// Probabilities over the years, a panel for each member of the other axes.
    fn chances_by_year(&self) -> Result<Vec<OutputDrawing>, ChartError> {
        let mut panels: Vec<(&[String], ChancePanel)> = Vec::new();
        for cell in &self.output.cells {
            let (Some(year), Some(chance)) = (cell.year, Chance::of(&cell.statistics)) else { continue };
            if panels.last().is_none_or(|(members, _)| *members != cell.members) {
                let panel = ChancePanel { title: title(cell), years: Vec::new(), chances: Vec::new() };
                panels.push((&cell.members, panel));
            }
            if let Some((_, panel)) = panels.last_mut() {
                panel.years.push(year);
                panel.chances.push(chance);
            }
        }
        let panels: Vec<ChancePanel> = panels.into_iter().map(|(_, panel)| panel).collect();
        self.pages("probability", (panels.len(), PANELS), |frame, page| ChanceYearsChart {
            frame,
            panels: panels.clone(),
            page,
        })
    }

    /// A card of one probability, bars of several.
    fn chances(&self) -> Result<Vec<OutputDrawing>, ChartError> {
        let rows: Vec<(String, Chance)> = self
            .output
            .cells
            .iter()
            .filter_map(|cell| Some((title(cell), Chance::of(&cell.statistics)?)))
            .collect();
        if let ([(_, chance)], []) = (rows.as_slice(), self.output.axes.as_slice()) {
            return self.pages("probability", (1, 1), |frame, _| ProbabilityChart {
                frame,
                statement: self.output.label.clone(),
                chance: *chance,
            });
        }
        let highest = rows.iter().map(|row| row.1.high).fold(0.0, f64::max);
        self.pages("probability", (rows.len(), BARS), |frame, page| ChanceBarsChart {
            frame,
            rows: rows[page].to_vec(),
            highest,
        })
    }

    /// Runs by value: one chart, or a panel for each member.
    fn histograms(&self) -> Result<Vec<OutputDrawing>, ChartError> {
        let cells: Vec<(&CellSummary, Spread)> = self
            .output
            .cells
            .iter()
            .filter_map(|cell| Some((cell, Spread::of(&cell.distribution())?)))
            .collect();
        let kind = match cells.iter().all(|(_, spread)| matches!(spread, Spread::Values(_))) {
            true => "discrete",
            false => "histogram",
        };
        let unit = &self.output.unit;
        let x_label = &self.output.label;
        match cells.as_slice() {
            [(cell, Spread::Values(ShownValues { values, outside }))] => {
                self.pages(kind, (1, 1), |frame, _| DiscreteChart {
                    frame: titled(frame, cell),
                    unit: unit.clone(),
                    x_label: x_label.clone(),
                    values: values.clone(),
                    mean: cell.statistics.mean,
                    outside: *outside,
                })
            }
            [(cell, Spread::Bars(bars))] => self.pages(kind, (1, 1), |frame, _| HistogramChart {
                frame: with_convention(titled(frame, cell), self.facts),
                unit: unit.clone(),
                x_label: x_label.clone(),
                edges: bars.edges.clone(),
                shares: bars.shares.clone(),
                spikes: bars.spikes.clone(),
                cumulative: bars.cumulative.clone(),
                marks: self.marks(cell),
                mean: cell.statistics.mean,
                reference: self.reference(),
                below: bars.outside.0,
                above: bars.outside.1,
            }),
            _ => {
                let panels: Vec<HistogramPanel> = cells
                    .iter()
                    .map(|(cell, spread)| HistogramPanel {
                        title: title(cell),
                        shown: shape(spread),
                        marks: self.marks(cell),
                        mean: cell.statistics.mean,
                    })
                    .collect();
                self.pages(kind, (panels.len(), PANELS), |frame, page| HistogramPanelsChart {
                    frame: with_convention(frame, self.facts),
                    unit: unit.clone(),
                    x_label: x_label.clone(),
                    reference: self.reference(),
                    panels: panels.clone(),
                    page,
                })
            }
        }
    }

    fn marks(&self, cell: &CellSummary) -> Vec<(String, f64)> {
        let levels = shown::marks(&self.output.levels).into_iter();
        let distribution = cell.distribution();
        levels.map(|level| (self.percentile_name(level), distribution.percentile(level))).collect()
    }

    fn reference(&self) -> Option<(f64, String)> {
        self.output.reference.as_ref().map(|reference| (reference.value, reference.label.clone()))
    }
}

/// Members of a cell, as a title.
fn title(cell: &CellSummary) -> String {
    cell.members.join(" · ")
}

/// A frame whose title names the members of the one cell there is.
fn titled(frame: Frame, cell: &CellSummary) -> Frame {
    let members = cell.members.iter();
    Frame { title: members.fold(frame.title, |title, member| format!("{title} · {member}")), ..frame }
}

fn shape(spread: &Spread) -> PanelShape {
    match spread {
        Spread::Values(ShownValues { values, .. }) => PanelShape::Values(values.clone()),
        Spread::Bars(ShownBars { edges, shares, spikes, .. }) => {
            PanelShape::Bars { edges: edges.clone(), shares: shares.clone(), spikes: spikes.clone() }
        }
    }
}
