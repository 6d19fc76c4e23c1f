//! One panel of a fan chart: grid, bands, years and the values at its right end.

use super::axis::Axis;
use super::fan::{BandName, FanPanel, FanYear, ReferenceMark};
use super::labels::spread;
use super::legend::leader;
use super::number::NumberFormat;
use super::scene::{Anchor, Rect, Scene, TextStyle};
use super::theme::{
    AXIS, GRID, HEADING, LABEL, MEDIAN, NOTE, PAPER, REFERENCE, SOFT_INK, TICK, VALUE, bands, leading,
};
use super::words::{Words, capitalised};

/// How much a panel says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// The only panel: band names at the right end, the base year named.
    Full,
    /// One of several.
    Small,
}

/// A panel and where it is drawn.
pub(super) struct PanelDrawing<'a> {
    pub words: &'static Words,
    pub base_year: Option<i32>,
    /// Names of the bands and lines.
    pub bands: &'a [BandName],
    pub lines: &'a [String],
    pub panel: &'a FanPanel,
    pub axis: &'a Axis,
    /// The data's rectangle.
    pub plot: Rect,
    pub detail: Detail,
    /// Lines that the titles of all panels have room for.
    pub title_lines: usize,
}

impl PanelDrawing<'_> {
    /// Draws the panel into its whole place, labels included.
    pub fn draw(&self, scene: &mut Scene, place: Rect, first_column: bool) {
        self.draw_title(scene, place);
        self.draw_grid(scene, first_column);
        self.draw_bands(scene);
        self.draw_years(scene);
        if self.detail == Detail::Full {
            self.draw_base_value(scene);
        }
        self.draw_reference(scene);
        self.draw_end_labels(scene, place.right);
    }

    fn y(&self, value: f64) -> f64 {
        self.axis.place(value, self.plot.bottom, self.plot.top)
    }

    fn x(&self, year: i32) -> f64 {
        let (left, right) = (self.plot.left + self.inset(), self.plot.right - 6.0);
        match (self.panel.years.first(), self.panel.years.last()) {
            (Some(&first), Some(&last)) if last > first => {
                left + (right - left) * (f64::from(year) - f64::from(first))
                    / (f64::from(last) - f64::from(first))
            }
            _ => (self.plot.left + self.plot.right) / 2.0,
        }
    }

    /// Space left of the first year, for the label of its median.
    fn inset(&self) -> f64 {
        match self.base_label() {
            Some((_, label)) => 44.0_f64.max(VALUE.width(&label) + 30.0),
            None if self.detail == Detail::Full => 44.0,
            None => 26.0,
        }
    }

    /// The first year's median, where there are years to compare it with and room to say it.
    fn base_label(&self) -> Option<(f64, String)> {
        let (Detail::Full, [first, _, ..]) = (self.detail, self.panel.values.as_slice()) else { return None };
        let format = self.axis.format.with_resolution((self.axis.high - self.axis.low) / 100.0);
        Some((first.median, self.axis.telling(format, first.median).format(first.median)))
    }

    fn draw_title(&self, scene: &mut Scene, place: Rect) {
        if self.detail == Detail::Full {
            return;
        }
        let mut baseline = place.top - 4.0;
        for line in HEADING.wrapped(&self.panel.title, place.width(), self.title_lines) {
            baseline += leading(HEADING);
            scene.text((place.left, baseline), Anchor::Start, HEADING, &line);
        }
        if let Some(reference) = &self.panel.reference {
            let value = format!(" {}", reference_value(reference, self.axis.format));
            let style = NOTE.in_colour(REFERENCE);
            let room = place.width() - style.width(&value);
            let name = style.shortened(named(reference, self.words.reference), room);
            let at = (place.left, baseline + leading(NOTE));
            scene.text(at, Anchor::Start, style, &format!("{name}{value}"));
        }
    }

    fn draw_grid(&self, scene: &mut Scene, labelled: bool) {
        for &tick in &self.axis.ticks {
            let y = self.y(tick);
            let (width, colour) = if tick == 0.0 { (2.5, AXIS) } else { (2.0, GRID) };
            scene.line(vec![(self.plot.left, y), (self.plot.right, y)], width, colour);
            if labelled {
                let label = self.axis.format.format(tick);
                scene.text((self.plot.left - 14.0, y + TICK.drop()), Anchor::End, TICK, &label);
            }
        }
    }

    fn draw_bands(&self, scene: &mut Scene) {
        let points = |value: &dyn Fn(&FanYear) -> Option<f64>| {
            let along = self.panel.years.iter().zip(&self.panel.values);
            along
                .filter_map(|(&year, values)| Some((self.x(year), self.y(value(values)?))))
                .collect::<Vec<_>>()
        };
        let single = self.panel.years.len() == 1;
        // A single year has no extent: its bands become boxes.
        let half = if single { self.plot.width().min(240.0) / 2.0 } else { 0.0 };
        let widened = |line: Vec<(f64, f64)>| match line.as_slice() {
            [(x, y)] => vec![(x - half, *y), (x + half, *y)],
            _ => line,
        };
        for (i, colour) in bands(self.bands.len()).into_iter().enumerate() {
            let mut outline = widened(points(&|values| Some(values.bands.get(i)?.1)));
            outline.extend(widened(points(&|values| Some(values.bands.get(i)?.0))).into_iter().rev());
            scene.area(outline, colour);
        }
        for i in 0..self.lines.len() {
            scene.line(widened(points(&|values| values.lines.get(i).copied())), 2.0, MEDIAN);
        }
        let width = if self.detail == Detail::Full { 5.0 } else { 4.0 };
        scene.line(widened(points(&|values| Some(values.median))), width, MEDIAN);
    }

    fn draw_years(&self, scene: &mut Scene) {
        let baseline = self.plot.bottom + 30.0;
        let full = self.detail == Detail::Full;
        scene.line(vec![(self.plot.left, self.plot.bottom), (self.plot.right, self.plot.bottom)], 2.5, AXIS);
        for &year in &shown_years(&self.panel.years, |y| self.x(y)) {
            let x = self.x(year);
            scene.line(vec![(x, self.plot.bottom), (x, self.plot.bottom + 7.0)], 2.5, AXIS);
            scene.text((x, baseline), Anchor::Middle, TICK, &year.to_string());
        }
        if let (true, [base, _, ..]) = (full, self.panel.years.as_slice())
            && self.base_year == Some(*base)
        {
            let at = (self.x(*base), baseline + leading(TICK));
            scene.text(at, Anchor::Middle, NOTE, self.words.base_year);
        }
        if full {
            let middle = ((self.plot.left + self.plot.right) / 2.0, baseline + leading(TICK));
            let word = capitalised(self.words.year);
            scene.text(middle, Anchor::Middle, LABEL.in_colour(SOFT_INK), &word);
        }
    }

    /// The first year's median as a dot, its value left of it, where no band reaches.
    fn draw_base_value(&self, scene: &mut Scene) {
        let (Some(&base), Some((median, label))) = (self.panel.years.first(), self.base_label()) else {
            return;
        };
        let (x, y) = (self.x(base), self.y(median));
        scene.dot((x, y), 10.0, PAPER);
        scene.dot((x, y), 8.0, MEDIAN);
        // The numbers of the years begin below the plot.
        let at = (x - 18.0, y.min(self.plot.bottom - 4.0) + VALUE.drop());
        scene.text_on_paper(at, Anchor::End, VALUE.in_colour(MEDIAN), &label);
    }

    fn draw_reference(&self, scene: &mut Scene) {
        let years = self.panel.years.first().zip(self.panel.years.last());
        if let (Some(reference), Some((first, last))) = (&self.panel.reference, years)
            && (first..=last).contains(&&reference.year)
        {
            let radius = if self.detail == Detail::Full { 12.0 } else { 9.0 };
            let at = (self.x(reference.year), self.y(reference.value));
            scene.diamond(at, radius, REFERENCE, PAPER);
        }
    }

    /// Values of the last year in the column right of the plot, moved apart where they would touch.
    fn draw_end_labels(&self, scene: &mut Scene, right: f64) {
        let left = self.plot.right + if self.detail == Detail::Full { 34.0 } else { 14.0 };
        let mut labels = self.end_labels(right - left);
        if labels.is_empty() {
            return;
        }
        let wishes: Vec<(f64, f64)> = labels.iter().map(|l| (self.y(l.value), l.height())).collect();
        let centres = spread(&wishes, self.plot.top - 14.0, self.plot.bottom + 8.0);
        for (label, centre) in labels.iter_mut().zip(centres) {
            let wish = self.y(label.value);
            if self.detail == Detail::Full {
                leader(scene, (self.plot.right + 6.0, wish), (left - 8.0, centre));
            }
            let mut baseline = centre - label.text_height() / 2.0;
            for line in &label.lines {
                let mut x = left;
                let tallest = line.iter().map(|(s, _)| leading(*s)).fold(0.0, f64::max);
                baseline += tallest;
                for (style, text) in line {
                    scene.text((x, baseline - tallest * 0.26), Anchor::Start, *style, text);
                    x += style.width(text) + 10.0;
                }
            }
        }
    }

    fn end_labels(&self, width: f64) -> Vec<EndLabel> {
        let format = end_format(self.panel, self.axis);
        let words = self.words;
        let outer = self.bands.first().map(|band| [band.low.as_str(), band.high.as_str()]);
        let lines = if self.detail == Detail::Full { self.lines } else { &[] };
        let names = [words.median].into_iter().chain(outer.into_iter().flatten());
        let names = names.chain(lines.iter().map(String::as_str));
        let mut labels: Vec<EndLabel> = end_values(self.panel, self.detail)
            .into_iter()
            .zip(names)
            .map(|(value, name)| {
                let style = if name == words.median { VALUE.in_colour(MEDIAN) } else { VALUE };
                let number = (style, self.axis.telling(format, value).format(value));
                let line = match self.detail {
                    Detail::Full => vec![(LABEL.in_colour(SOFT_INK), name.to_string()), number],
                    Detail::Small => vec![number],
                };
                EndLabel { value, lines: vec![line] }
            })
            .collect();
        if let (Detail::Full, Some(reference)) = (self.detail, &self.panel.reference)
            && self.panel.years.last() == Some(&reference.year)
        {
            let style = LABEL.in_colour(REFERENCE);
            let mut lines: Vec<Vec<(TextStyle, String)>> = style
                .wrapped(named(reference, words.reference), width, 3)
                .into_iter()
                .map(|l| vec![(style, l)])
                .collect();
            let number = reference_value(reference, self.axis.format);
            lines.push(vec![(VALUE.in_colour(REFERENCE), number)]);
            labels.push(EndLabel { value: reference.value, lines });
        }
        labels
    }
}

/// A label at the right end of a panel; each line is a row of texts.
struct EndLabel {
    value: f64,
    lines: Vec<Vec<(TextStyle, String)>>,
}

impl EndLabel {
    /// Height of the lines, with some air where there are several.
    fn height(&self) -> f64 {
        let air = if self.lines.len() > 1 { 10.0 } else { 0.0 };
        air + self.text_height()
    }

    fn text_height(&self) -> f64 {
        self.lines.iter().map(|l| l.iter().map(|(s, _)| leading(*s)).fold(0.0, f64::max)).sum()
    }
}

/// The median of the last year, the ends of its widest band, and its lines where there is room for them.
pub(super) fn end_values(panel: &FanPanel, detail: Detail) -> Vec<f64> {
    let Some(last) = panel.values.last() else { return Vec::new() };
    let outer = last.bands.first().map(|&(low, high)| [low, high]);
    let lines = if detail == Detail::Full { last.lines.as_slice() } else { &[] };
    [last.median].into_iter().chain(outer.into_iter().flatten()).chain(lines.iter().copied()).collect()
}

/// Digits that show a fiftieth of the last year's spread; in small panels no finer than the common scale deserves,
/// but one digit of the median at least.
pub(super) fn end_format(panel: &FanPanel, axis: &Axis) -> NumberFormat {
    let Some(last) = panel.values.last() else { return axis.format };
    let common = ((axis.high - axis.low) / 1500.0).min(last.median.abs() / 10.0);
    axis.format.with_resolution(((last.highest() - last.lowest()) / 50.0).max(common))
}

/// The reference value in the axis's multiplier, with its own digits.
pub(super) fn reference_value(reference: &ReferenceMark, axis: NumberFormat) -> String {
    if axis.multiplier().is_empty() {
        return NumberFormat::alone(reference.value, 4).with_unit(reference.value, None);
    }
    axis.with_resolution(reference.value.abs() / 1000.0).trimmed(reference.value).format(reference.value)
}

pub(super) fn named<'a>(reference: &'a ReferenceMark, otherwise: &'a str) -> &'a str {
    if reference.label.trim().is_empty() { otherwise } else { reference.label.trim() }
}

/// Years whose labels fit: the first, the last and evenly spaced ones between.
pub(super) fn shown_years(years: &[i32], x: impl Fn(i32) -> f64) -> Vec<i32> {
    let (Some(&first), Some(&last)) = (years.first(), years.last()) else { return Vec::new() };
    let room = |year: i32| TICK.width(&year.to_string()) + 14.0;
    let apart = |a: i32, b: i32| x(b) - x(a) >= (room(a) + room(b)) / 2.0;
    let steps = [1, 2, 5, 10, 20, 25, 50, 100, 200, 500, 1000, i64::MAX];
    for step in steps {
        let mut shown: Vec<i32> =
            years.iter().copied().filter(|&y| (i64::from(y) - i64::from(first)) % step == 0).collect();
        if shown.last() != Some(&last) {
            while shown.len() > 1 && shown.last().is_some_and(|&y| !apart(y, last)) {
                shown.pop();
            }
            shown.push(last);
        }
        if shown.windows(2).all(|pair| apart(pair[0], pair[1])) {
            return shown;
        }
    }
    vec![last]
}
