//! Probabilities along the years: a line with its interval, a panel for each member.

use std::ops::Range;

use super::axis::Axis;
use super::chance::{Chance, chance_axis, chance_ticks};
use super::frame::Frame;
use super::grid::Grid;
use super::legend::{self, Swatch};
use super::panel::shown_years;
use super::scene::{Anchor, Chart, Rect, Scene};
use super::theme::{AXIS, BANDS, GRID, HEADING, LABEL, MEDIAN, NOTE, SOFT_INK, TICK, VALUE, leading};
use super::words::capitalised;

/// The probability of each year.
#[derive(Clone, Debug, PartialEq)]
pub struct ChanceYearsChart {
    pub frame: Frame,
    /// All of the output's, which have one scale.
    pub panels: Vec<ChancePanel>,
    /// Those that are drawn.
    pub page: Range<usize>,
}

/// One panel of a [`ChanceYearsChart`].
#[derive(Clone, Debug, PartialEq)]
pub struct ChancePanel {
    /// Shown where there are several panels.
    pub title: String,
    /// Rising.
    pub years: Vec<i32>,
    /// One a year.
    pub chances: Vec<Chance>,
}

/// Up to so many years have a dot each.
const DOTS: usize = 16;
const HEADING_ROOM: f64 = 46.0;
/// Space around the first and the last year.
const INSET: f64 = 44.0;

/// Where and how panels are drawn.
struct Layout {
    grid: Grid,
    gutter: f64,
    /// Width of the values right of each plot.
    column: f64,
    title_lines: usize,
    /// Height above and below each plot.
    above: f64,
    below: f64,
    is_alone: bool,
}

impl Chart for ChanceYearsChart {
    fn scene(&self) -> Scene {
        let words = self.frame.words();
        let axis = chance_axis(
            self.panels.iter().flat_map(|panel| panel.chances.iter().copied()),
            if self.panels.len() > 1 { 3 } else { 6 },
        );
        let layout = self.layout(&axis);
        let legend = vec![
            (Swatch::Line(MEDIAN, 5.0), words.probability.to_string()),
            (Swatch::Filled(BANDS[1]), words.interval_name.to_string()),
        ];
        let plot_height = if layout.is_alone { 480.0 } else { 190.0 };
        let needed = 50.0 + HEADING_ROOM + layout.grid.height(layout.above + plot_height + layout.below);
        let (mut scene, body) = self.frame.open(needed);
        let top = body.top + legend::draw(&mut scene, &legend, body) + 14.0;
        scene.text((body.left, top + 26.0), Anchor::Start, HEADING, &capitalised(words.probability));
        if !layout.is_alone {
            scene.text((body.right, top + 26.0), Anchor::End, NOTE, words.common_scale);
        }
        let all = Rect { left: body.left + layout.gutter, top: top + HEADING_ROOM, ..body };
        for (number, panel) in self.drawn().iter().enumerate() {
            let place = layout.grid.place(number, all);
            self.draw_panel(&mut scene, panel, &axis, &layout, place, number % layout.grid.columns == 0);
        }
        scene
    }
}

impl ChanceYearsChart {
    fn drawn(&self) -> &[ChancePanel] {
        &self.panels[self.page.clone()]
    }

    fn layout(&self, axis: &Axis) -> Layout {
        let is_alone = self.panels.len() == 1;
        let ticks = chance_ticks(axis);
        let gutter = ticks.iter().map(|(_, text)| TICK.width(text)).fold(40.0, f64::max) + 18.0;
        let width = super::theme::WIDTH - 2.0 * super::theme::MARGIN - gutter;
        let grid = Grid::new(self.drawn().len(), width);
        let last = self.drawn().iter().filter_map(|panel| panel.chances.last());
        let column = last.map(|chance| VALUE.width(&chance.value_text())).fold(30.0, f64::max) + 22.0;
        let titles = self.drawn().iter().map(|panel| HEADING.wrapped(&panel.title, grid.width, 2).len());
        let title_lines = if is_alone { 0 } else { titles.fold(1, usize::max) };
        Layout {
            grid,
            gutter,
            column,
            title_lines,
            above: title_lines as f64 * leading(HEADING) + 14.0,
            below: if is_alone { 104.0 } else { 58.0 },
            is_alone,
        }
    }

    fn draw_panel(
        &self,
        scene: &mut Scene,
        panel: &ChancePanel,
        axis: &Axis,
        layout: &Layout,
        place: Rect,
        is_first: bool,
    ) {
        let mut baseline = place.top - 4.0;
        for line in HEADING.wrapped(&panel.title, place.width(), layout.title_lines.max(1)) {
            if layout.title_lines > 0 {
                baseline += leading(HEADING);
                scene.text((place.left, baseline), Anchor::Start, HEADING, &line);
            }
        }
        let plot = Rect {
            top: place.top + layout.above,
            right: place.right - layout.column,
            bottom: place.bottom - layout.below,
            ..place
        };
        let y = |share: f64| axis.place(share, plot.bottom, plot.top);
        for (tick, text) in chance_ticks(axis) {
            let (width, colour) = if tick == 0.0 { (2.5, AXIS) } else { (2.0, GRID) };
            scene.line(vec![(plot.left, y(tick)), (plot.right, y(tick))], width, colour);
            if is_first {
                scene.text((plot.left - 14.0, y(tick) + TICK.drop()), Anchor::End, TICK, &text);
            }
        }
        let inset = if layout.is_alone { INSET } else { 26.0 };
        let x = |year: i32| match (panel.years.first(), panel.years.last()) {
            (Some(&first), Some(&last)) if last > first => {
                let part = (f64::from(year) - f64::from(first)) / (f64::from(last) - f64::from(first));
                plot.left + inset + (plot.width() - inset - 14.0) * part
            }
            _ => (plot.left + plot.right) / 2.0,
        };
        let points: Vec<(f64, Chance)> =
            panel.years.iter().zip(&panel.chances).map(|(&year, &chance)| (x(year), chance)).collect();
        draw_line(scene, &points, y, if layout.is_alone { 7.0 } else { 3.5 });
        scene.line(vec![(plot.left, plot.bottom), (plot.right, plot.bottom)], 2.5, AXIS);
        self.draw_years(scene, panel, plot, x, layout.is_alone);
        if let (Some(&(_, last)), false) = (points.last(), layout.is_alone) {
            let middle = y(last.value).clamp(plot.top + 8.0, plot.bottom);
            let at = (plot.right + 12.0, middle + VALUE.drop());
            scene.text(at, Anchor::Start, VALUE.in_colour(MEDIAN), &last.value_text());
        }
    }

    /// Years below the plot; with their values and intervals where the panel is alone.
    fn draw_years(
        &self,
        scene: &mut Scene,
        panel: &ChancePanel,
        plot: Rect,
        x: impl Fn(i32) -> f64,
        is_alone: bool,
    ) {
        let words = self.frame.words();
        let baseline = plot.bottom + 30.0;
        let shown = shown_years(&panel.years, &x);
        let texts: Vec<[String; 2]> = shown
            .iter()
            .filter_map(|year| panel.years.iter().position(|other| other == year))
            .map(|place| {
                let chance = panel.chances[place];
                [chance.value_text(), chance.range_text("–", words)]
            })
            .collect();
        let apart = shown.windows(2).map(|pair| x(pair[1]) - x(pair[0])).fold(plot.width(), f64::min) - 18.0;
        // The first value may reach as far to the left as the scale stands.
        let room = apart.min(2.0 * INSET + 120.0);
        let fits = |row: usize| texts.iter().all(|text| [VALUE, NOTE][row].width(&text[row]) <= room);
        for (&year, text) in shown.iter().zip(&texts) {
            let at = x(year);
            scene.line(vec![(at, plot.bottom), (at, plot.bottom + 7.0)], 2.5, AXIS);
            scene.text((at, baseline), Anchor::Middle, TICK, &year.to_string());
            if is_alone && fits(0) {
                let value = (at, baseline + leading(VALUE));
                scene.text(value, Anchor::Middle, VALUE.in_colour(MEDIAN), &text[0]);
                if fits(1) {
                    let interval = (at, baseline + leading(VALUE) + leading(NOTE));
                    scene.text(interval, Anchor::Middle, NOTE, &text[1]);
                }
            }
        }
        if is_alone && !fits(0) {
            let middle = ((plot.left + plot.right) / 2.0, baseline + leading(TICK));
            scene.text(middle, Anchor::Middle, LABEL.in_colour(SOFT_INK), &capitalised(words.year));
        }
    }
}

/// The interval as an area, the probability as a line; of a single year a whisker.
fn draw_line(scene: &mut Scene, points: &[(f64, Chance)], y: impl Fn(f64) -> f64, radius: f64) {
    let line = |of: fn(&Chance) -> f64| points.iter().map(|(x, c)| (*x, y(of(c)))).collect::<Vec<_>>();
    if points.len() > 1 {
        let mut area = line(|c| c.high);
        area.extend(line(|c| c.low).into_iter().rev());
        scene.area(area, BANDS[1]);
        scene.line(line(|c| c.value), 3.0, MEDIAN);
    }
    if points.len() <= DOTS {
        for &(x, chance) in points {
            scene.line(vec![(x, y(chance.low)), (x, y(chance.high))], 2.5, MEDIAN);
            scene.dot((x, y(chance.value)), radius, MEDIAN);
        }
    }
}
