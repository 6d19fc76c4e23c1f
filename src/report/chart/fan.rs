//! Fan chart: percentile bands along the years.

use super::axis::{Axis, Ends};
use super::frame::{Frame, with_unit};
use super::legend::{self, Swatch};
use super::panel::{Detail, PanelDrawing, end_format, end_values, named, reference_value};
use super::scene::{Anchor, Chart, Rect, Scene};
use super::theme::{BANDS, HEADING, LABEL, MARGIN, MEDIAN, NOTE, REFERENCE, TICK, VALUE, WIDTH, leading};
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
    pub panels: Vec<FanPanel>,
}

/// One panel of a [`FanChart`].
#[derive(Clone, Debug, PartialEq)]
pub struct FanPanel {
    /// Shown where there are several panels.
    pub title: String,
    /// Rising.
    pub years: Vec<i32>,
    /// P5, P10, P25, P50, P75, P90 and P95 of each year.
    pub bands: Vec<[f64; 7]>,
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
    columns: usize,
    panel_width: f64,
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

const BETWEEN_PANELS: f64 = 44.0;
const HEADING_ROOM: f64 = 46.0;
/// Panels drawn at most.
const DRAWN: usize = 48;

impl Chart for FanChart {
    fn scene(&self) -> Scene {
        let axis = self.axis();
        let detail = if self.drawn().len() > 1 { Detail::Small } else { Detail::Full };
        let legend = self.legend(&axis, detail);
        let legend_height = legend::height(&legend, WIDTH - 2.0 * MARGIN) + 14.0;
        let layout = self.layout(&axis, detail);
        let rows = self.drawn().len().div_ceil(layout.columns).max(1);
        let (mut scene, body) = self.frame.open(legend_height + HEADING_ROOM + rows as f64 * layout.pitch);
        legend::draw(&mut scene, &legend, body);
        let top = body.top + legend_height;
        self.draw_heading(&mut scene, &axis, Rect { top, ..body }, detail);

        let pitch = (body.bottom - top - HEADING_ROOM) / rows as f64;
        for (i, panel) in self.drawn().iter().enumerate() {
            let (row, column) = (i / layout.columns, i % layout.columns);
            let left = body.left + layout.gutter + column as f64 * (layout.panel_width + BETWEEN_PANELS);
            let place = Rect {
                left,
                top: top + HEADING_ROOM + row as f64 * pitch,
                right: left + layout.panel_width,
                bottom: top + HEADING_ROOM + (row + 1) as f64 * pitch,
            };
            let plot = Rect {
                top: place.top + layout.above,
                right: place.right - layout.column,
                bottom: place.bottom - if detail == Detail::Full { 66.0 } else { 58.0 },
                ..place
            };
            let drawing = PanelDrawing {
                words: self.frame.words(),
                base_year: self.base_year,
                panel,
                axis: &axis,
                plot,
                detail,
                title_lines: layout.title_lines,
            };
            drawing.draw(&mut scene, place, column == 0);
        }
        scene
    }
}

impl FanChart {
    fn drawn(&self) -> &[FanPanel] {
        &self.panels[..self.panels.len().min(DRAWN)]
    }

    fn axis(&self) -> Axis {
        let mut low = f64::INFINITY;
        let mut high = f64::NEG_INFINITY;
        for panel in self.drawn() {
            let reference = panel.reference.iter().map(|r| r.value);
            for value in panel.bands.iter().flatten().copied().chain(reference) {
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
        let mut items = vec![
            (Swatch::Line(MEDIAN, 5.0), format!("{} (P50)", words.median)),
            (Swatch::Filled(BANDS[2]), words.half.to_string()),
            (Swatch::Filled(BANDS[1]), words.eighty.to_string()),
            (Swatch::Filled(BANDS[0]), words.ninety.to_string()),
        ];
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
        let columns = match self.drawn().len() {
            0 | 1 => 1,
            2 | 4 => 2,
            3 | 5..=9 => 3,
            _ => 4,
        };
        let inner = WIDTH - 2.0 * MARGIN - gutter;
        let panel_width = (inner - (columns - 1) as f64 * BETWEEN_PANELS) / columns as f64;
        let values = self.drawn().iter().flat_map(|p| {
            let format = end_format(p, axis);
            end_values(p).into_iter().map(move |v| VALUE.width(&format.format(v)))
        });
        let widest = values.fold(30.0, f64::max);
        if detail == Detail::Full {
            let named = 44.0 + LABEL.width(self.frame.words().median) + widest;
            let column = named.max(236.0);
            return Layout { columns, panel_width, gutter, column, title_lines: 0, above: 8.0, pitch: 560.0 };
        }
        let titles = self.drawn().iter().map(|p| HEADING.wrapped(&p.title, panel_width, 2).len());
        let title_lines = titles.fold(1, usize::max);
        let reference = if self.drawn().iter().any(|p| p.reference.is_some()) { leading(NOTE) } else { 0.0 };
        let above = title_lines as f64 * leading(HEADING) + reference + 14.0;
        Layout {
            columns,
            panel_width,
            gutter,
            column: widest + 14.0,
            title_lines,
            above,
            pitch: above + 258.0,
        }
    }

    fn draw_heading(&self, scene: &mut Scene, axis: &Axis, place: Rect, detail: Detail) {
        let heading = with_unit(&self.y_label, &axis.format.unit(self.unit.as_deref()));
        let words = self.frame.words();
        let mut note = if detail == Detail::Small { words.common_scale.to_string() } else { String::new() };
        if self.panels.len() > DRAWN {
            let more = fill(words.more_panels, &[&(self.panels.len() - DRAWN).to_string()]);
            note = format!("{note} · {more}");
        }
        let note_width = NOTE.width(&note) + 30.0;
        let heading = HEADING.shortened(&heading, place.width() - note_width);
        let baseline = place.top + 26.0;
        scene.text((place.left, baseline), Anchor::Start, HEADING, &heading);
        scene.text((place.right, baseline), Anchor::End, NOTE, &note);
    }
}
