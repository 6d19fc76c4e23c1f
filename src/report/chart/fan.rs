//! Fan chart: percentile bands along the years.

use std::ops::Range;

use super::axis::{Axis, Ends};
use super::frame::{Frame, with_unit};
use super::grid::Grid;
use super::legend::{self, Swatch};
use super::panel::{Detail, PanelDrawing, end_format, end_values, named, reference_value};
use super::scene::{Anchor, Chart, Rect, Scene};
use super::theme::{HEADING, LABEL, MARGIN, MEDIAN, NOTE, REFERENCE, TICK, VALUE, WIDTH, bands, leading};
use super::words::fill;

/// Bands of one output over years; several panels share one vertical scale.
#[derive(Clone, Debug, PartialEq)]
pub struct FanChart {
    pub frame: Frame,
    pub unit: Option<String>,
    /// Name of the vertical axis.
    pub y_label: String,
    /// Marked as such where a panel begins with it.
    pub base_year: Option<i32>,
    /// The widest first.
    pub bands: Vec<BandName>,
    /// Names of further percentiles, which are lines.
    pub lines: Vec<String>,
    /// All of the output's, which have one scale.
    pub panels: Vec<FanPanel>,
    /// Those that are drawn.
    pub page: Range<usize>,
}

/// What a band is called.
#[derive(Clone, Debug, PartialEq)]
pub struct BandName {
    /// Percentiles at its ends: `P5`, `P95`.
    pub low: String,
    pub high: String,
    /// Runs inside, in %.
    pub share: String,
}

/// What a [`FanPanel`] shows of a year.
#[derive(Clone, Debug, PartialEq)]
pub struct FanYear {
    pub median: f64,
    /// Ends of each band, the widest first.
    pub bands: Vec<(f64, f64)>,
    pub lines: Vec<f64>,
}

impl FanYear {
    /// Everything that is drawn.
    fn all(&self) -> impl Iterator<Item = f64> {
        let ends = self.bands.iter().flat_map(|&(low, high)| [low, high]);
        ends.chain(self.lines.iter().copied()).chain([self.median])
    }

    pub(super) fn lowest(&self) -> f64 {
        self.all().fold(f64::INFINITY, f64::min)
    }

    pub(super) fn highest(&self) -> f64 {
        self.all().fold(f64::NEG_INFINITY, f64::max)
    }
}

/// One panel of a [`FanChart`].
#[derive(Clone, Debug, PartialEq)]
pub struct FanPanel {
    /// Shown where there are several panels.
    pub title: String,
    /// Rising.
    pub years: Vec<i32>,
    /// One a year.
    pub values: Vec<FanYear>,
    pub reference: Option<ReferenceMark>,
}

/// A value to compare the bands with.
#[derive(Clone, Debug, PartialEq)]
pub struct ReferenceMark {
    pub year: i32,
    pub value: f64,
    pub label: String,
}

/// Space around the panels, the same for all of them.
struct Layout {
    grid: Grid,
    /// Width of the tick labels left of the first column.
    gutter: f64,
    /// Width of the labels right of each panel.
    column: f64,
    /// Lines of the panels' titles.
    title_lines: usize,
    /// Height above each plot, for the title and the reference.
    above: f64,
    /// Height of a panel with all its labels.
    pitch: f64,
}

const HEADING_ROOM: f64 = 46.0;

impl Chart for FanChart {
    fn scene(&self) -> Scene {
        let axis = self.axis();
        let detail = if self.panels.len() > 1 { Detail::Small } else { Detail::Full };
        let legend = self.legend(&axis, detail);
        let legend_height = legend::height(&legend, WIDTH - 2.0 * MARGIN) + 14.0;
        let layout = self.layout(&axis, detail);
        let needed = legend_height + HEADING_ROOM + layout.grid.height(layout.pitch);
        let (mut scene, body) = self.frame.open(needed);
        legend::draw(&mut scene, &legend, body);
        let top = body.top + legend_height;
        self.draw_heading(&mut scene, &axis, Rect { top, ..body }, detail);

        let all = Rect { left: body.left + layout.gutter, top: top + HEADING_ROOM, ..body };
        for (i, panel) in self.drawn().iter().enumerate() {
            let place = layout.grid.place(i, all);
            let plot = Rect {
                top: place.top + layout.above,
                right: place.right - layout.column,
                bottom: place.bottom - if detail == Detail::Full { 66.0 } else { 58.0 },
                ..place
            };
            let drawing = PanelDrawing {
                words: self.frame.words(),
                base_year: self.base_year,
                bands: &self.bands,
                lines: &self.lines,
                panel,
                axis: &axis,
                plot,
                detail,
                title_lines: layout.title_lines,
            };
            drawing.draw(&mut scene, place, i % layout.grid.columns == 0);
        }
        scene
    }
}

impl FanChart {
    fn drawn(&self) -> &[FanPanel] {
        &self.panels[self.page.clone()]
    }

    fn axis(&self) -> Axis {
        let mut low = f64::INFINITY;
        let mut high = f64::NEG_INFINITY;
        for panel in &self.panels {
            let reference = panel.reference.iter().map(|r| r.value);
            for value in panel.values.iter().flat_map(FanYear::all).chain(reference) {
                (low, high) = (low.min(value), high.max(value));
            }
        }
        if low > high {
            (low, high) = (0.0, 1.0);
        }
        // A scale from 0 where that costs less than half of the height.
        if low > 0.0 && low <= 0.5 * high {
            low = 0.0;
        }
        if high < 0.0 && high >= 0.5 * low {
            high = 0.0;
        }
        Axis::over(low, high, if self.drawn().len() > 4 { 3 } else { 6 }, Ends::OnTicks)
    }

    fn legend(&self, axis: &Axis, detail: Detail) -> Vec<(Swatch, String)> {
        let words = self.frame.words();
        let mut items = vec![(Swatch::Line(MEDIAN, 5.0), format!("{} (P50)", words.median))];
        for (band, colour) in self.bands.iter().zip(bands(self.bands.len())).rev() {
            let name = match band.share.as_str() {
                "50" => fill(words.half, &[&band.low, &band.high]),
                share => fill(words.band, &[share, &band.low, &band.high]),
            };
            items.push((Swatch::Filled(colour), name));
        }
        if !self.lines.is_empty() {
            items.push((Swatch::Line(MEDIAN, 2.0), self.lines.join(", ")));
        }
        let references = self.drawn().iter().filter_map(|p| Some((p, p.reference.as_ref()?)));
        for (panel, reference) in references.take(1) {
            if detail == Detail::Small {
                items.push((Swatch::Diamond(REFERENCE), words.reference.to_string()));
            } else if panel.years.last() != Some(&reference.year) {
                let value = reference_value(reference, axis.format);
                let text = format!("{}, {}: {value}", named(reference, words.reference), reference.year);
                items.push((Swatch::Diamond(REFERENCE), text));
            }
        }
        items
    }

    fn layout(&self, axis: &Axis, detail: Detail) -> Layout {
        let ticks = axis.ticks.iter().map(|t| TICK.width(&axis.format.format(*t)));
        let gutter = ticks.fold(40.0, f64::max) + 18.0;
        let grid = Grid::new(self.drawn().len(), WIDTH - 2.0 * MARGIN - gutter);
        let values = self.drawn().iter().flat_map(|p| {
            let format = end_format(p, axis);
            end_values(p, detail).into_iter().map(move |v| VALUE.width(&axis.telling(format, v).format(v)))
        });
        let widest = values.fold(30.0, f64::max);
        if detail == Detail::Full {
            let ends = self.bands.iter().flat_map(|band| [&band.low, &band.high]).chain(&self.lines);
            let names = ends.map(String::as_str).chain([self.frame.words().median]);
            let named = 44.0 + names.map(|name| LABEL.width(name)).fold(0.0, f64::max) + widest;
            let column = named.max(236.0);
            return Layout { grid, gutter, column, title_lines: 0, above: 8.0, pitch: 560.0 };
        }
        let titles = self.drawn().iter().map(|p| HEADING.wrapped(&p.title, grid.width, 2).len());
        let title_lines = titles.fold(1, usize::max);
        let reference = if self.drawn().iter().any(|p| p.reference.is_some()) { leading(NOTE) } else { 0.0 };
        let above = title_lines as f64 * leading(HEADING) + reference + 14.0;
        Layout { grid, gutter, column: widest + 14.0, title_lines, above, pitch: above + 258.0 }
    }

    fn draw_heading(&self, scene: &mut Scene, axis: &Axis, place: Rect, detail: Detail) {
        let heading = with_unit(&self.y_label, &axis.format.unit(self.unit.as_deref()));
        let words = self.frame.words();
        let note = if detail == Detail::Small { words.common_scale } else { "" };
        let note_width = NOTE.width(note) + 30.0;
        let heading = HEADING.shortened(&heading, place.width() - note_width);
        let baseline = place.top + 26.0;
        scene.text((place.left, baseline), Anchor::Start, HEADING, &heading);
        scene.text((place.right, baseline), Anchor::End, NOTE, note);
    }
}
