//! Tornado chart: how far each input alone moves the mean of an output.

use super::axis::{Axis, Ends};
use super::frame::{Frame, with_unit};
use super::labels::spread;
use super::legend::{self, Swatch};
use super::number::NumberFormat;
use super::scene::{Anchor, Chart, Colour, Rect, Scene};
use super::theme::{
    AXIS, GRID, GROUPS, HEADING, INK, LABEL, MARGIN, NOTE, SOFT_INK, TICK, VALUE, WIDTH, leading, tint,
};
use super::tornado_notes::signed;
use super::words::{capitalised, fill};

/// Bars of one output cell, those of the widest reach first.
#[derive(Clone, Debug, PartialEq)]
pub struct TornadoChart {
    pub frame: Frame,
    /// Name of the output, with its year or member.
    pub output_label: String,
    /// Unit of the output.
    pub unit: Option<String>,
    /// Mean of the output over all runs.
    pub mean: f64,
    /// Groups in the order of their colours; groups of rows that are not listed follow.
    pub groups: Vec<String>,
    /// Sorted by reach, widest first; the first fifteen are drawn.
    pub rows: Vec<TornadoBar>,
}

/// One input of a [`TornadoChart`].
#[derive(Clone, Debug, PartialEq)]
pub struct TornadoBar {
    pub label: String,
    pub group: Option<String>,
    /// Unit of the input.
    pub unit: Option<String>,
    /// Mean of the output over the runs in which the input is in its lowest tenth, or at its lowest value.
    pub low_mean: f64,
    /// The same for the highest.
    pub high_mean: f64,
    /// Half the widths of their 95 % intervals.
    pub low_error: f64,
    pub high_error: f64,
    /// Means of the output in all tenths or at all values, the two above included.
    pub class_means: Vec<f64>,
    /// Mean of the input itself where it is lowest.
    pub low_value: f64,
    /// Mean of the input itself where it is highest.
    pub high_value: f64,
    pub by_value: bool,
    /// Of classes of several values the greatest value of the lowest, and the least of the highest.
    pub low_to: Option<f64>,
    pub high_from: Option<f64>,
    /// An event and its size whose low end is that it does not happen.
    pub low_is_no_event: bool,
    /// Root mean square distance of the class means from the mean.
    pub reach: f64,
    /// Whether the bar cannot be told from none.
    pub is_within_error: bool,
    /// The label without the member, and those of the inputs that move along.
    pub title: String,
    pub ties: Vec<String>,
    /// Whether a formula joins the input to the output.
    pub has_path: bool,
}

/// Bars drawn at most.
const DRAWN: usize = 15;
/// Width of the names of the inputs.
const NAMES: f64 = 420.0;
/// Lightness of the low side, and of what lies beyond both ends.
const LIGHT: f64 = 0.42;
const PALE: f64 = 0.16;
/// Bars within their error.
const GREY: Colour = Colour(170, 175, 181);
/// Widest value at a bar's end.
const WIDEST_VALUE: f64 = 200.0;
impl Chart for TornadoChart {
    fn scene(&self) -> Scene {
        let width = WIDTH - 2.0 * MARGIN;
        let words = self.frame.words();
        let rows = self.drawn();
        let legend = self.legend(rows);
        let legend_height = legend::height(&legend, width) + 16.0;
        let two_lines = rows.iter().any(|r| LABEL.width(&signed(r)) > NAMES);
        let least_pitch = if two_lines { 60.0 } else { 46.0 };
        let notes = self.notes(width);
        // Mean label above the rows; ticks, heading and notes below.
        let around = legend_height + 44.0 + 96.0 + notes.len() as f64 * leading(NOTE);
        let (mut scene, body) = self.frame.open(around + least_pitch * rows.len().max(1) as f64);
        legend::draw(&mut scene, &legend, body);
        let pitch = ((body.height() - around) / rows.len().max(1) as f64).clamp(least_pitch, 150.0);

        let top = body.top + legend_height + 44.0;
        let heading = self.reach_heading();
        let plot = Rect {
            left: body.left + NAMES + 24.0,
            top,
            right: body.right - self.reach_column(rows, &heading) - 24.0,
            bottom: top + pitch * rows.len().max(1) as f64,
        };
        let scale = Scale::new(self, rows, plot);
        self.draw_scale(&mut scene, &scale, plot);
        let at = (body.right, top - 16.0);
        scene.text(at, Anchor::End, HEADING.in_colour(SOFT_INK), &heading);
        for (i, row) in rows.iter().enumerate() {
            let lane = Rect { top: top + i as f64 * pitch, bottom: top + (i + 1) as f64 * pitch, ..plot };
            self.draw_row(&mut scene, &scale, row, lane, body);
        }
        let mean = scale.x(self.mean);
        scene.line(vec![(mean, plot.top - 6.0), (mean, plot.bottom + 4.0)], 4.0, INK);
        if rows.is_empty() {
            scene.text((body.left, top + 40.0), Anchor::Start, LABEL, words.no_bars);
        }
        let below = body.bottom - notes.len() as f64 * leading(NOTE);
        for (i, line) in notes.iter().enumerate() {
            let baseline = below + (i as f64 + 0.7) * leading(NOTE);
            scene.text((body.left, baseline), Anchor::Start, NOTE, line);
        }
        scene
    }
}

/// From means of the output to places, with room left for the values at the bar ends.
struct Scale {
    axis: Axis,
    left: f64,
    right: f64,
}

impl Scale {
    fn new(chart: &TornadoChart, rows: &[TornadoBar], plot: Rect) -> Self {
        let means = rows.iter().flat_map(|row| {
            let whiskers = [(row.low_mean, row.low_error), (row.high_mean, row.high_error)];
            let ends = whiskers.into_iter().flat_map(|(mean, error)| [mean - error, mean + error]);
            ends.chain(row.class_means.iter().copied()).filter(|mean| mean.is_finite()).collect::<Vec<_>>()
        });
        let (low, high) = means.fold((chart.mean, chart.mean), |(low, high), m| (low.min(m), high.max(m)));
        let axis = Axis::over(low, high, 6, Ends::OnData);
        let (mut before, mut after) = (0.0_f64, 0.0_f64);
        for row in rows {
            for end in chart.ends(row) {
                let room = TICK.width(&end.text) + 16.0;
                if end.leftwards { before = before.max(room) } else { after = after.max(room) }
            }
        }
        Self { axis, left: plot.left + before + 4.0, right: plot.right - after - 4.0 }
    }

    fn x(&self, mean: f64) -> f64 {
        self.axis.place(mean, self.left, self.right)
    }
}

/// One end of a bar.
struct End {
    mean: f64,
    /// Half the width of its interval.
    error: f64,
    text: String,
    colour_strength: f64,
    /// True where the text stands left of the mean line.
    leftwards: bool,
}

impl TornadoBar {
    fn is_one_sided(&self, mean: f64) -> bool {
        (self.low_mean - mean) * (self.high_mean - mean) > 0.0
    }

    /// Least and greatest of the means in its classes, its whiskers and the mean of all runs.
    fn extent(&self, mean: f64) -> (f64, f64) {
        let whiskers = [(self.low_mean, self.low_error), (self.high_mean, self.high_error)];
        let ends = whiskers.into_iter().flat_map(|(mean, error)| [mean - error, mean + error]);
        let all = ends.chain(self.class_means.iter().copied()).filter(|mean| mean.is_finite());
        all.fold((mean, mean), |(low, high), m| (low.min(m), high.max(m)))
    }
}

impl TornadoChart {
    /// The rows that have a bar.
    pub(super) fn drawn(&self) -> &[TornadoBar] {
        &self.rows[..self.rows.len().min(DRAWN)]
    }

    /// Low and high end of a bar.
    ///
    /// Where both lie on the same side of the mean, the values of both stand there, told apart by words.
    fn ends(&self, row: &TornadoBar) -> [End; 2] {
        let words = self.frame.words();
        let [low, high] = self.end_texts(row);
        let (from_low, from_high) = (row.low_mean - self.mean, row.high_mean - self.mean);
        // An end at the mean itself takes the side that the other leaves free.
        let low_left = if from_low == 0.0 { from_high >= 0.0 } else { from_low < 0.0 };
        let (texts, high_left) = match row.is_one_sided(self.mean) {
            true => ([format!("{} {low}, {} {high}", words.low, words.high), String::new()], low_left),
            false => ([low, high], !low_left),
        };
        let [low, high] = texts;
        [
            End {
                mean: row.low_mean,
                error: row.low_error,
                text: low,
                colour_strength: LIGHT,
                leftwards: low_left,
            },
            End {
                mean: row.high_mean,
                error: row.high_error,
                text: high,
                colour_strength: 1.0,
                leftwards: high_left,
            },
        ]
    }

    fn draw_row(&self, scene: &mut Scene, scale: &Scale, row: &TornadoBar, lane: Rect, body: Rect) {
        let middle = (lane.top + lane.bottom) / 2.0;
        let half = (lane.bottom - lane.top).min(100.0) * 0.34;
        let lines = LABEL.elided(&signed(row), NAMES);
        let ink = if row.is_within_error { SOFT_INK } else { INK };
        let mut baseline = middle + LABEL.drop() - (lines.len() as f64 - 1.0) * leading(LABEL) / 2.0;
        for line in &lines {
            scene.text((body.left + NAMES, baseline), Anchor::End, LABEL.in_colour(ink), line);
            baseline += leading(LABEL);
        }
        let colour = if row.is_within_error { GREY } else { self.colour(row) };
        let mean = scale.x(self.mean);
        let finite = || row.class_means.iter().copied().filter(|mean| mean.is_finite());
        let (least, most) = finite().fold((self.mean, self.mean), |(l, h), m| (l.min(m), h.max(m)));
        let all =
            Rect { left: scale.x(least), right: scale.x(most), top: middle - half, bottom: middle + half };
        scene.rect(all, tint(colour, PALE));
        let ends = self.ends(row);
        // Bars on the same side share the lane: the low one above, the high one below.
        let lanes = match row.is_one_sided(self.mean) {
            false => [(middle - half, middle + half); 2],
            true => [(middle - half, middle - 1.0), (middle + 1.0, middle + half)],
        };
        let finite_ends = || ends.iter().zip(lanes).filter(|(end, _)| end.mean.is_finite());
        for (end, (top, bottom)) in finite_ends() {
            let tip = scale.x(end.mean);
            let rect = Rect { left: mean.min(tip), right: mean.max(tip), top, bottom };
            scene.rect(rect, tint(colour, end.colour_strength));
        }
        for class in finite().filter(|&class| class != row.low_mean && class != row.high_mean) {
            let x = scale.x(class);
            scene.line(vec![(x, middle - half), (x, middle + half)], 2.0, SOFT_INK);
        }
        for (end, (top, bottom)) in finite_ends().filter(|(end, _)| end.error.is_finite()) {
            let (left, right) = (scale.x(end.mean - end.error), scale.x(end.mean + end.error));
            let (y, cap) = ((top + bottom) / 2.0, (bottom - top) * 0.22);
            scene.line(vec![(left, y), (right, y)], 3.0, INK);
            for x in [left, right] {
                scene.line(vec![(x, y - cap), (x, y + cap)], 3.0, INK);
            }
        }
        let (left, right) = row.extent(self.mean);
        for (end, _) in finite_ends().filter(|(end, _)| !end.text.is_empty()) {
            let outer = if end.leftwards { scale.x(left) - 12.0 } else { scale.x(right) + 12.0 };
            let anchor = if end.leftwards { Anchor::End } else { Anchor::Start };
            scene.text_on_paper((outer, middle + TICK.drop()), anchor, TICK, &end.text);
        }
        let reach = self.reach_format().format(row.reach);
        scene.text((body.right, middle + VALUE.drop()), Anchor::End, VALUE.in_colour(ink), &reach);
    }

    fn draw_scale(&self, scene: &mut Scene, scale: &Scale, plot: Rect) {
        let axis = &scale.axis;
        let widest = axis.ticks.iter().map(|t| TICK.width(&axis.format.format(*t))).fold(0.0, f64::max);
        let places: Vec<f64> = axis.ticks.iter().map(|t| scale.x(*t)).collect();
        let spacing = places.windows(2).map(|p| p[1] - p[0]).fold(f64::INFINITY, f64::min);
        let every = if spacing.is_finite() {
            ((widest + 24.0) / spacing).ceil().clamp(1.0, 100.0) as usize
        } else {
            1
        };
        for (tick, &x) in axis.ticks.iter().zip(&places).step_by(every) {
            scene.line(vec![(x, plot.top), (x, plot.bottom)], 2.0, GRID);
            scene.text((x, plot.bottom + 32.0), Anchor::Middle, TICK, &axis.format.format(*tick));
        }
        scene.line(vec![(plot.left, plot.bottom), (plot.right, plot.bottom)], 2.5, AXIS);
        let words = self.frame.words();
        let name = capitalised(&fill(words.mean_of, &[&self.output_label]));
        let heading = with_unit(&name, &axis.format.unit(self.unit.as_deref()));
        let room = WIDTH - 2.0 * MARGIN;
        let heading = HEADING.shortened(&heading, room);
        let half = HEADING.width(&heading) / 2.0;
        let centre = ((plot.left + plot.right) / 2.0).min(WIDTH - MARGIN - half);
        scene.text((centre, plot.bottom + 70.0), Anchor::Middle, HEADING, &heading);
        let value = self.mean_format(axis.format).format(self.mean);
        let label = format!("{} {value}", words.mean);
        let wish = [(scale.x(self.mean), VALUE.width(&label))];
        let centre = spread(&wish, plot.left, plot.right)[0];
        scene.text((centre, plot.top - 16.0), Anchor::Middle, VALUE, &label);
    }

    fn legend(&self, rows: &[TornadoBar]) -> Vec<(Swatch, String)> {
        let words = self.frame.words();
        let groups = self.named_groups(rows);
        let plain = if groups.is_empty() { GROUPS[0] } else { Colour(84, 92, 102) };
        let by_value = rows.iter().any(|row| row.by_value);
        let [lowest, highest] = match by_value {
            true => [words.lowest_class, words.highest_class],
            false => [words.lowest_tenth, words.highest_tenth],
        };
        let mut items = vec![
            (Swatch::Filled(tint(plain, LIGHT)), lowest.to_string()),
            (Swatch::Filled(plain), highest.to_string()),
        ];
        if rows.iter().any(|row| row.class_means.len() > 2) {
            items.push((Swatch::Filled(tint(plain, PALE)), words.other_classes.to_string()));
        }
        let last = GROUPS.len() - 1;
        for group in &groups {
            let colour = self.group_colour(group);
            if colour != GROUPS[last] {
                items.push((Swatch::Split(tint(colour, LIGHT), colour), (*group).to_string()));
            }
        }
        if !groups.is_empty() && rows.iter().any(|r| self.colour(r) == GROUPS[last]) {
            items.push((
                Swatch::Split(tint(GROUPS[last], LIGHT), GROUPS[last]),
                words.other_groups.to_string(),
            ));
        }
        items
    }

    /// Groups that occur in the rows, in the order of their colours.
    fn named_groups<'a>(&'a self, rows: &'a [TornadoBar]) -> Vec<&'a str> {
        let all = self.all_groups();
        let used = |g: &&str| rows.iter().any(|r| group_name(r) == Some(g));
        all.into_iter().filter(used).collect()
    }

    fn all_groups(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        let listed = self.groups.iter().map(|g| g.trim()).filter(|g| !g.is_empty());
        for group in listed.chain(self.rows.iter().filter_map(group_name)) {
            if !all.contains(&group) {
                all.push(group);
            }
        }
        all
    }

    fn group_colour(&self, group: &str) -> Colour {
        let last = GROUPS.len() - 1;
        let index = self.all_groups().iter().position(|g| *g == group);
        GROUPS[index.unwrap_or(last).min(last)]
    }

    fn colour(&self, row: &TornadoBar) -> Colour {
        match group_name(row) {
            Some(group) => self.group_colour(group),
            None if self.rows.iter().all(|r| group_name(r).is_none()) => GROUPS[0],
            None => GROUPS[GROUPS.len() - 1],
        }
    }

    /// The name of the column, with the output's unit where that is short.
    fn reach_heading(&self) -> String {
        let name = capitalised(self.frame.words().reach);
        let full = with_unit(&name, &self.reach_format().unit(self.unit.as_deref()));
        if HEADING.width(&full) <= 190.0 { full } else { name }
    }

    fn reach_column(&self, rows: &[TornadoBar], heading: &str) -> f64 {
        let format = self.reach_format();
        let reaches = rows.iter().map(|row| VALUE.width(&format.format(row.reach)));
        reaches.fold(HEADING.width(heading), f64::max)
    }

    /// Reaches in the multiplier of the axis, so that they are lengths on it.
    fn reach_format(&self) -> NumberFormat {
        let means = self.rows.iter().flat_map(|row| [row.low_mean.abs(), row.high_mean.abs()]);
        let largest = means.filter(|mean| mean.is_finite()).fold(self.mean.abs(), f64::max);
        NumberFormat::new(largest, 1.0).with_resolution(self.widest() / 50.0)
    }

    fn mean_format(&self, axis: NumberFormat) -> NumberFormat {
        axis.with_resolution(self.widest() / 50.0)
    }

    fn widest(&self) -> f64 {
        let swings = self.rows.iter().map(|row| (row.high_mean - row.low_mean).abs().max(row.reach));
        swings.filter(|swing| swing.is_finite()).fold(0.0, f64::max)
    }

    /// Values of the input at the low and the high end, with its unit; of an event what they mean.
    fn end_texts(&self, row: &TornadoBar) -> [String; 2] {
        let words = self.frame.words();
        if row.by_value && row.class_means.len() == 2 && [row.low_value, row.high_value] == [0.0, 1.0] {
            return [words.happens_not, words.happens].map(|text| TICK.shortened(text, WIDEST_VALUE));
        }
        let largest = row.low_value.abs().max(row.high_value.abs());
        let format = NumberFormat::new(largest, (row.high_value - row.low_value).abs() / 10.0);
        let ends =
            [(row.low_value, row.low_to, words.and_less), (row.high_value, row.high_from, words.and_more)];
        let [low, high] = ends.map(|(mean, bound, several)| {
            let value = bound.unwrap_or(mean);
            // A value itself, not a mean of several, has no more digits than it needs.
            let format = if row.by_value { format.trimmed(value) } else { format };
            let text = format.with_unit(value, row.unit.as_deref());
            let text = if bound.is_some() { fill(several, &[&text]) } else { text };
            TICK.shortened(&text, WIDEST_VALUE)
        });
        match row.low_is_no_event {
            true => [TICK.shortened(words.happens_not, WIDEST_VALUE), high],
            false => [low, high],
        }
    }
}

fn group_name(row: &TornadoBar) -> Option<&str> {
    row.group.as_deref().map(str::trim).filter(|g| !g.is_empty())
}
