//! Runs by value of the members of an output: a small histogram each.

use std::ops::Range;

use super::axis::{Axis, Ends};
use super::discrete::room_beside;
use super::frame::{Frame, with_unit};
use super::grid::Grid;
use super::histogram::{draw_bars, draw_spikes, draw_values, top_share};
use super::legend::{self, Swatch};
use super::number::{NumberFormat, percentage};
use super::scene::{Anchor, Chart, Rect, Scene};
use super::theme::{AXIS, BAR, HEADING, INK, MARGIN, MEAN, NOTE, REFERENCE, SPIKE, WIDTH, leading};
use super::words::fill;

/// Histograms of several members.
#[derive(Clone, Debug, PartialEq)]
pub struct HistogramPanelsChart {
    pub frame: Frame,
    pub unit: Option<String>,
    /// Name of the horizontal axes.
    pub x_label: String,
    /// A value to compare with, and its label.
    pub reference: Option<(f64, String)>,
    /// All of the output's.
    pub panels: Vec<HistogramPanel>,
    /// Those that are drawn.
    pub page: Range<usize>,
}

/// One panel of a [`HistogramPanelsChart`].
#[derive(Clone, Debug, PartialEq)]
pub struct HistogramPanel {
    pub title: String,
    pub shown: PanelShape,
    /// Names and values of percentiles, rising.
    pub marks: Vec<(String, f64)>,
    pub mean: Option<f64>,
}

/// How the runs of a panel lie.
#[derive(Clone, Debug, PartialEq)]
pub enum PanelShape {
    /// Limits of bars and share of runs in each; values that many runs share with theirs.
    Bars { edges: Vec<f64>, shares: Vec<f64>, spikes: Vec<(f64, f64)> },
    /// Values with the share of runs at each.
    Values(Vec<(f64, f64)>),
}

const HEADING_ROOM: f64 = 46.0;
const PLOT_HEIGHT: f64 = 150.0;
/// Height of the numbers below a plot.
const BELOW: f64 = 74.0;
/// One axis serves all panels where half of them take this part of it at least.
const COMMON: f64 = 0.2;
const SPIKE_WIDTH: f64 = 9.0;
/// Lines for figures above a plot.
const FIGURES: usize = 3;

impl HistogramPanel {
    /// Least and greatest of what is drawn.
    fn range(&self) -> (f64, f64) {
        let mut values: Vec<f64> = self.marks.iter().map(|mark| mark.1).collect();
        match &self.shown {
            PanelShape::Bars { edges, .. } => values.extend(edges),
            PanelShape::Values(shown) => {
                let room = room_beside(shown);
                values.extend(shown.iter().flat_map(|value| [value.0 - room, value.0 + room]));
            }
        }
        let (low, high) = (f64::INFINITY, f64::NEG_INFINITY);
        values.into_iter().fold((low, high), |(low, high), value| (low.min(value), high.max(value)))
    }

    fn has_spikes(&self) -> bool {
        matches!(&self.shown, PanelShape::Bars { spikes, .. } if !spikes.is_empty())
    }

    /// Values that many runs share, the most frequent first.
    fn frequent(&self) -> Vec<(f64, f64)> {
        let mut found = match &self.shown {
            PanelShape::Bars { spikes, .. } => spikes.clone(),
            PanelShape::Values(values) => values.clone(),
        };
        found.sort_by(|a, b| b.1.total_cmp(&a.1));
        found
    }
}

impl Chart for HistogramPanelsChart {
    fn scene(&self) -> Scene {
        let words = self.frame.words();
        let common = self.common_axis();
        let legend = self.legend();
        let legend_height = legend::height(&legend, WIDTH - 2.0 * MARGIN) + 14.0;
        let grid = Grid::new(self.drawn().len(), WIDTH - 2.0 * MARGIN);
        let titles = self.drawn().iter().map(|panel| HEADING.wrapped(&panel.title, grid.width, 2).len());
        let title_lines = titles.fold(1, usize::max);
        let axes: Vec<Axis> = self
            .drawn()
            .iter()
            .map(|panel| common.clone().unwrap_or_else(|| axis_over(panel.range())))
            .collect();
        let figures: Vec<Vec<String>> = self
            .drawn()
            .iter()
            .zip(&axes)
            .map(|(panel, axis)| NOTE.wrapped(&self.figures(panel, axis), grid.width, FIGURES))
            .collect();
        let lines = figures.iter().map(Vec::len).fold(1, usize::max);
        let above = title_lines as f64 * leading(HEADING) + lines as f64 * leading(NOTE) + 14.0;
        let needed = legend_height + HEADING_ROOM + grid.height(above + PLOT_HEIGHT + BELOW);
        let (mut scene, body) = self.frame.open(needed);
        legend::draw(&mut scene, &legend, body);
        let top = body.top + legend_height;
        let unit = match &common {
            Some(axis) => axis.format.unit(self.unit.as_deref()),
            None => self.unit.clone().unwrap_or_default(),
        };
        let note = match self.drawn().iter().any(HistogramPanel::has_spikes) {
            true => format!("{}; {}", words.panel_heights, words.panel_cut),
            false => words.panel_heights.to_string(),
        };
        let note = NOTE.shortened(&note, 0.6 * body.width());
        let heading = with_unit(&self.x_label, &unit);
        let room = body.width() - NOTE.width(&note) - 30.0;
        scene.text((body.left, top + 26.0), Anchor::Start, HEADING, &HEADING.shortened(&heading, room));
        scene.text((body.right, top + 26.0), Anchor::End, NOTE, &note);

        let all = Rect { top: top + HEADING_ROOM, ..body };
        for (number, panel) in self.drawn().iter().enumerate() {
            let place = grid.place(number, all);
            let mut baseline = place.top - 4.0;
            for line in HEADING.wrapped(&panel.title, place.width(), title_lines) {
                baseline += leading(HEADING);
                scene.text((place.left, baseline), Anchor::Start, HEADING, &line);
            }
            for line in &figures[number] {
                baseline += leading(NOTE);
                scene.text((place.left, baseline), Anchor::Start, NOTE, line);
            }
            let plot = Rect { top: place.top + above, bottom: place.bottom - BELOW, ..place };
            self.draw_plot(&mut scene, panel, &axes[number], plot);
            if common.is_none() {
                let at = (plot.right, plot.bottom + 58.0);
                scene.text(at, Anchor::End, NOTE, &axes[number].format.multiplier());
            }
        }
        scene
    }
}

impl HistogramPanelsChart {
    fn drawn(&self) -> &[HistogramPanel] {
        &self.panels[self.page.clone()]
    }

    /// One axis for all panels where that leaves half of them broad enough.
    fn common_axis(&self) -> Option<Axis> {
        let mut widths: Vec<f64> = Vec::new();
        let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
        for range in self.panels.iter().map(HistogramPanel::range) {
            widths.push(0.5 * range.1 - 0.5 * range.0);
            (low, high) = (low.min(range.0), high.max(range.1));
        }
        widths.sort_by(f64::total_cmp);
        let middle = widths.get(widths.len() / 2)?;
        (*middle >= COMMON * (0.5 * high - 0.5 * low)).then(|| axis_over((low, high)))
    }

    fn legend(&self) -> Vec<(Swatch, String)> {
        let words = self.frame.words();
        let mut legend = vec![(Swatch::Filled(BAR), words.share_of_runs.to_string())];
        if self.drawn().iter().any(HistogramPanel::has_spikes) {
            legend.push((Swatch::Filled(SPIKE), words.spikes.to_string()));
        }
        let names = self.drawn().iter().map(|panel| &panel.marks).find(|marks| !marks.is_empty());
        if let Some(marks) = names {
            let names: Vec<&str> = marks.iter().map(|mark| mark.0.as_str()).collect();
            legend.push((Swatch::Line(INK, 3.0), names.join(", ")));
        }
        legend.push((Swatch::Dashes(MEAN), words.mean.to_string()));
        if let Some((value, label)) = &self.reference {
            let name = if label.trim().is_empty() { words.reference } else { label.trim() };
            let number = NumberFormat::alone(*value, 4).with_unit(*value, self.unit.as_deref());
            legend.push((Swatch::Dashes(REFERENCE), format!("{name}: {number}")));
        }
        legend
    }

    /// Percentiles, mean and the most frequent value in words.
    fn figures(&self, panel: &HistogramPanel, axis: &Axis) -> String {
        let words = self.frame.words();
        let distance = match (panel.marks.first(), panel.marks.last()) {
            (Some(first), Some(last)) if last.1 > first.1 => last.1 - first.1,
            _ => axis.high - axis.low,
        };
        let format = axis.format.with_resolution(distance / 50.0);
        // A percentile of a few values is one of them, and told as such.
        let of_few = matches!(panel.shown, PanelShape::Values(_));
        let told = |value: f64| {
            let format = axis.telling(format, value);
            if of_few { format.trimmed(value) } else { format }.format(value)
        };
        let mut parts: Vec<String> =
            panel.marks.iter().map(|(name, value)| format!("{name}\u{00A0}{}", told(*value))).collect();
        parts.extend(
            panel
                .mean
                .map(|mean| format!("{}\u{00A0}{}", words.mean, axis.telling(format, mean).format(mean))),
        );
        if let Some((value, share)) = panel.frequent().first() {
            let value = format.trimmed(*value).format(*value);
            parts.push(fill(words.spike, &[&percentage(*share), &value]));
        }
        // A line ends between figures, not inside one.
        let whole: Vec<String> = parts.iter().map(|part| part.replace(' ', "\u{00A0}")).collect();
        whole.join(" · ")
    }

    fn draw_plot(&self, scene: &mut Scene, panel: &HistogramPanel, axis: &Axis, plot: Rect) {
        let at = |value: f64| axis.place(value, plot.left, plot.right);
        match &panel.shown {
            PanelShape::Bars { edges, shares, spikes } => {
                let y = height_axis(top_share(shares, spikes));
                draw_bars(scene, (edges, shares), (axis, &y), plot);
                draw_spikes(scene, spikes, (axis, &y), plot, SPIKE_WIDTH);
            }
            PanelShape::Values(values) => {
                let y = height_axis(values.iter().map(|value| value.1).fold(0.0, f64::max));
                let half = match room_beside(values) {
                    0.0 => SPIKE_WIDTH,
                    room => (at(values[0].0 + 0.72 * room) - at(values[0].0)).clamp(1.5, 40.0),
                };
                for &(value, share) in values {
                    let top = y.place(share, plot.bottom, plot.top);
                    let (left, right) = (at(value) - half, at(value) + half);
                    scene.rect(Rect { left, top, right, bottom: plot.bottom }, BAR);
                }
            }
        }
        for (_, value) in &panel.marks {
            scene.line(vec![(at(*value), plot.top), (at(*value), plot.bottom)], 2.0, INK);
        }
        let reference = self.reference.as_ref().map(|reference| (reference.0, REFERENCE));
        for (value, colour) in panel.mean.map(|mean| (mean, MEAN)).into_iter().chain(reference) {
            if (axis.low..=axis.high).contains(&value) {
                scene.dashes((at(value), plot.top), (at(value), plot.bottom), 3.0, colour);
            }
        }
        scene.line(vec![(plot.left, plot.bottom), (plot.right, plot.bottom)], 2.5, AXIS);
        let inside = Axis { ticks: ticks_inside(axis, plot), ..axis.clone() };
        draw_values(scene, &inside, plot);
    }
}

fn axis_over((low, high): (f64, f64)) -> Axis {
    Axis::over(low, high, 4, Ends::OnData)
}

/// From 0 to the highest share.
fn height_axis(highest: f64) -> Axis {
    Axis { high: if highest > 0.0 { highest } else { 1.0 }, ..Axis::from_zero(1.0, 4) }
}

/// Ticks whose numbers stay over the panel.
fn ticks_inside(axis: &Axis, plot: Rect) -> Vec<f64> {
    let reach = |tick: f64| super::theme::TICK.width(&axis.format.format(tick)) / 2.0 - 20.0;
    let fits = |tick: &f64| {
        let x = axis.place(*tick, plot.left, plot.right);
        x - reach(*tick) >= plot.left && x + reach(*tick) <= plot.right
    };
    axis.ticks.iter().copied().filter(fits).collect()
}
