//! Histogram with the cumulative curve: how often each range of values came up, and each value that many runs share.
//!
//! A spike has the scale of the bars. One that would leave the bars low is cut at the top and has its share in its label,
//! so that the bars stay readable beside it.

use super::axis::{Axis, Ends, last_digit};
use super::frame::{Frame, with_unit};
use super::labels::spread;
use super::legend::{self, Swatch, leader};
use super::number::{self, NumberFormat, percentage};
use super::scene::{Anchor, Chart, Colour, Rect, Scene};
use super::theme::{
    AXIS, BAR, GRID, HEADING, INK, LABEL, MEAN, MEDIAN, NOTE, PAPER, REFERENCE, SOFT_INK, SPIKE, TICK, VALUE,
    leading,
};
use super::words::{Words, capitalised, fill};

/// Share of runs by value of one output.
#[derive(Clone, Debug, PartialEq)]
pub struct HistogramChart {
    pub frame: Frame,
    pub unit: Option<String>,
    /// Name of the horizontal axis.
    pub x_label: String,
    /// Limits of the bars, rising; one more than there are bars.
    pub edges: Vec<f64>,
    /// Share of all runs in each bar; those at a spike are in none.
    pub shares: Vec<f64>,
    /// Values that many runs share, rising, with the share of runs at each.
    pub spikes: Vec<(f64, f64)>,
    /// Value and share of runs at or below it, rising.
    pub cumulative: Vec<(f64, f64)>,
    /// Names and values of percentiles, rising.
    pub marks: Vec<(String, f64)>,
    pub mean: Option<f64>,
    /// A value to compare with, and its label.
    pub reference: Option<(f64, String)>,
    /// Share of runs below the first edge.
    pub below: f64,
    /// Share of runs above the last edge.
    pub above: f64,
}

/// Height of each row above the plot: headings, labels.
const LANE: f64 = 36.0;
/// Space between two labels of a row.
const APART: f64 = 28.0;
/// How far labels may stand beside the plot.
const BESIDE: f64 = 60.0;
/// Width of a spike.
const SPIKE_WIDTH: f64 = 18.0;
/// A spike is cut where it is more than so many times as high as the highest bar.
const CUT: f64 = 4.0;

impl Chart for HistogramChart {
    fn scene(&self) -> Scene {
        let words = self.frame.words();
        let x = self.x_axis();
        let (y, intervals) = share_axis(top_share(&self.shares, &self.spikes));
        let (mut scene, body) = self.frame.open(640.0);
        let top = body.top + legend::draw(&mut scene, &self.legend(&x, &y), body) + 14.0;
        let plot_width = body.width() - 82.0 - 92.0;
        let (labels, unlabelled) = self.labels(&x, plot_width + 2.0 * BESIDE);
        let mut notes =
            outside_notes((self.below, self.above), (&self.edges, &x), self.unit.as_deref(), words);
        notes.extend(unlabelled.into_iter().map(|label| label.value));
        let plot = Rect {
            left: body.left + 82.0,
            top: top + 2.0 * LANE + 22.0,
            right: body.right - 92.0,
            bottom: body.bottom - 80.0 - if notes.is_empty() { 0.0 } else { leading(NOTE) },
        };
        let heading = top + 24.0;
        scene.text((body.left, heading), Anchor::Start, HEADING, &capitalised(words.share_of_runs));
        scene.text((body.right, heading), Anchor::End, HEADING, &capitalised(words.cumulative));

        draw_shares(&mut scene, &y, plot);
        draw_cumulative_scale(&mut scene, intervals, Rect { right: body.right, ..plot }, plot.right);
        draw_bars(&mut scene, (&self.edges, &self.shares), (&x, &y), plot);
        draw_spikes(&mut scene, &self.spikes, (&x, &y), plot, SPIKE_WIDTH);
        self.draw_curve(&mut scene, &x, plot);
        self.draw_lines(&mut scene, &x, plot);
        draw_labels(&mut scene, &labels, &x, plot);
        draw_values(&mut scene, &x, plot);
        let label = with_unit(&self.x_label, &x.format.unit(self.unit.as_deref()));
        let middle = ((plot.left + plot.right) / 2.0, plot.bottom + 70.0);
        scene.text(middle, Anchor::Middle, HEADING, &HEADING.shortened(&label, body.width()));
        let note = NOTE.shortened(&notes.join(" · "), body.width());
        scene.text((middle.0, middle.1 + leading(NOTE) + 4.0), Anchor::Middle, NOTE, &note);
        scene
    }
}

/// A label in the row above the plot: soft words, then strong ones.
struct Label {
    at: f64,
    name: String,
    value: String,
    colour: Colour,
}

impl Label {
    fn width(&self) -> f64 {
        let gap = if self.name.is_empty() { 0.0 } else { 10.0 };
        LABEL.width(&self.name) + gap + VALUE.width(&self.value)
    }
}

impl HistogramChart {
    /// Covers the bars and the marked values.
    fn x_axis(&self) -> Axis {
        let marked = self.marks.iter().map(|m| m.1).chain(self.reference.iter().map(|r| r.0));
        let (low, high) = self
            .edges
            .iter()
            .copied()
            .chain(marked)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        Axis::over(low, high, 8, Ends::OnData)
    }

    fn legend(&self, x: &Axis, y: &Axis) -> Vec<(Swatch, String)> {
        let words = self.frame.words();
        let mut legend = vec![(Swatch::Filled(BAR), words.share_of_runs.to_string())];
        if !self.spikes.is_empty() {
            let is_cut = self.spikes.iter().any(|spike| spike.1 > y.high);
            let cut = if is_cut { format!(" ({})", words.cut) } else { String::new() };
            legend.push((Swatch::Filled(SPIKE), format!("{}{cut}", words.spikes)));
        }
        legend.push((Swatch::Line(MEDIAN, 4.0), words.cumulative.to_string()));
        if let Some(mean) = self.mean {
            let number = x.telling(self.mark_format(x), mean).with_unit(mean, self.unit.as_deref());
            legend.push((Swatch::Dashes(MEAN), format!("{}: {number}", words.mean)));
        }
        if let Some((value, label)) = &self.reference {
            let name = if label.trim().is_empty() { words.reference } else { label.trim() };
            let number = NumberFormat::alone(*value, 4).with_unit(*value, self.unit.as_deref());
            legend.push((Swatch::Dashes(REFERENCE), format!("{name}: {number}")));
        }
        legend
    }

    /// Digits that show a fiftieth of the distance between the outer percentiles.
    fn mark_format(&self, x: &Axis) -> NumberFormat {
        let distance = match (self.marks.first(), self.marks.last()) {
            (Some(first), Some(last)) if last.1 > first.1 => last.1 - first.1,
            _ => x.high - x.low,
        };
        x.format.with_resolution(distance / 50.0)
    }

    /// Labels of percentiles, those of one value together, and of spikes as far as there is room for them, the largest
    /// first; and those without room.
    fn labels(&self, x: &Axis, width: f64) -> (Vec<Label>, Vec<Label>) {
        let words = self.frame.words();
        let format = self.mark_format(x);
        // A long unit stands at the axis only, and so does any where there are many marks.
        let unit = self.unit.as_deref().filter(|u| VALUE.width(u) <= 130.0 && self.marks.len() <= 3);
        let text = |format: NumberFormat, value: f64| {
            let format = x.telling(format, value);
            if x.format.multiplier().is_empty() {
                format.with_unit(value, unit)
            } else {
                format.format(value)
            }
        };
        let mut shown: Vec<Label> = Vec::new();
        for (name, value) in &self.marks {
            match shown.last_mut().filter(|label| label.at == *value) {
                Some(label) => label.name = format!("{}, {name}", label.name),
                None => shown.push(Label {
                    at: *value,
                    name: name.clone(),
                    value: text(format, *value),
                    colour: INK,
                }),
            }
        }
        let mut left = width - shown.iter().map(|label| label.width() + APART).sum::<f64>();
        let mut spikes = self.spikes.clone();
        spikes.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut without = Vec::new();
        for (value, share) in spikes {
            let told = fill(words.spike, &[&percentage(share), &text(format.trimmed(value), value)]);
            // A percentile at the very value gives its place to what is said of the value.
            let mark = shown.iter().position(|label| label.at == value);
            let needed = match mark {
                Some(mark) => VALUE.width(&told) - VALUE.width(&shown[mark].value),
                None => VALUE.width(&told) + APART,
            };
            let fits = without.is_empty() && needed <= left;
            match mark.filter(|_| fits) {
                Some(mark) => (shown[mark].value, shown[mark].colour) = (told, SPIKE),
                None => {
                    let label = Label { at: value, name: String::new(), value: told, colour: SPIKE };
                    if fits { shown.push(label) } else { without.push(label) }
                }
            }
            if fits {
                left -= needed;
            }
        }
        (shown, without)
    }

    fn draw_curve(&self, scene: &mut Scene, x: &Axis, plot: Rect) {
        let inside = self.cumulative.iter().filter(|(value, _)| (x.low..=x.high).contains(value));
        let points: Vec<(f64, f64)> = inside
            .map(|(value, share)| {
                (x.place(*value, plot.left, plot.right), plot.bottom - plot.height() * share.clamp(0.0, 1.0))
            })
            .collect();
        if points.len() > 1 {
            scene.line(points, 4.0, MEDIAN);
        }
    }

    /// Percentiles, mean and reference; the last two are named in the legend.
    fn draw_lines(&self, scene: &mut Scene, x: &Axis, plot: Rect) {
        let at = |value: f64| x.place(value, plot.left, plot.right);
        for (_, value) in &self.marks {
            scene.line(vec![(at(*value), plot.top - 6.0), (at(*value), plot.bottom)], 3.0, INK);
        }
        if let Some(mean) = self.mean.filter(|mean| (x.low..=x.high).contains(mean)) {
            scene.dashes((at(mean), plot.top), (at(mean), plot.bottom), 4.0, MEAN);
        }
        if let Some((value, _)) = &self.reference {
            scene.dashes((at(*value), plot.top), (at(*value), plot.bottom), 4.0, REFERENCE);
        }
    }
}

/// The row of labels above the plot, each joined to its value.
fn draw_labels(scene: &mut Scene, labels: &[Label], x: &Axis, plot: Rect) {
    let at = |label: &Label| x.place(label.at, plot.left, plot.right);
    let wishes: Vec<(f64, f64)> = labels.iter().map(|l| (at(l), l.width() + APART)).collect();
    let lane = plot.top - 22.0;
    for (label, centre) in labels.iter().zip(spread(&wishes, plot.left - BESIDE, plot.right + BESIDE)) {
        leader(scene, (at(label), plot.top - 6.0), (centre, lane + 8.0));
        let (left, right) = (centre - label.width() / 2.0, centre + label.width() / 2.0);
        scene.text((left, lane), Anchor::Start, LABEL.in_colour(SOFT_INK), &label.name);
        scene.text((right, lane), Anchor::End, VALUE.in_colour(label.colour), &label.value);
    }
}

/// What is said of runs outside of the bars.
pub(super) fn outside_notes(
    (below, above): (f64, f64),
    (edges, x): (&[f64], &Axis),
    unit: Option<&str>,
    words: &Words,
) -> Vec<String> {
    let format = x.format.with_resolution((x.high - x.low) / 100.0);
    let note = |phrase: &str, share: f64, edge: Option<&f64>| {
        let limit = edge.map(|edge| format.with_unit(*edge, unit));
        limit.filter(|_| share > 0.0).map(|limit| fill(phrase, &[&percentage(share), &limit]))
    };
    [note(words.below, below, edges.first()), note(words.above, above, edges.last())]
        .into_iter()
        .flatten()
        .collect()
}

pub(super) fn draw_bars(
    scene: &mut Scene,
    (edges, shares): (&[f64], &[f64]),
    (x, y): (&Axis, &Axis),
    plot: Rect,
) {
    for (pair, &share) in edges.windows(2).zip(shares) {
        if share > 0.0 {
            let (left, right) =
                (x.place(pair[0], plot.left, plot.right), x.place(pair[1], plot.left, plot.right));
            let gap = ((right - left) * 0.08).min(1.5);
            let rect = Rect {
                left: left + gap,
                top: y.place(share, plot.bottom, plot.top),
                right: f64::max(right - gap, left + gap + 2.0),
                bottom: plot.bottom,
            };
            scene.rect(rect, BAR);
        }
    }
}

/// The highest share that the scale has to hold: that of bars, and of spikes that leave these high enough.
pub(super) fn top_share(shares: &[f64], spikes: &[(f64, f64)]) -> f64 {
    let bars = shares.iter().fold(0.0, |most: f64, share| most.max(*share));
    let held = spikes.iter().map(|spike| spike.1).filter(|share| *share <= CUT * bars);
    held.fold(bars, f64::max)
}

/// Spikes; one beyond the scale ends at the top and has a gap below.
pub(super) fn draw_spikes(
    scene: &mut Scene,
    spikes: &[(f64, f64)],
    (x, y): (&Axis, &Axis),
    plot: Rect,
    width: f64,
) {
    for &(value, share) in spikes {
        let centre = x.place(value, plot.left, plot.right);
        let (left, right) = (centre - width / 2.0, centre + width / 2.0);
        let top = y.place(share, plot.bottom, plot.top).max(plot.top);
        scene.rect(Rect { left, top, right, bottom: plot.bottom }, SPIKE);
        if share > y.high {
            let gap = plot.top + 0.1 * plot.height();
            let (from, to) = ((left - 3.0, gap + 0.3 * width), (right + 3.0, gap - 0.3 * width));
            scene.area(vec![from, to, (to.0, to.1 + 8.0), (from.0, from.1 + 8.0)], PAPER);
        }
    }
}

/// An axis from 0 to at least this share, as percentages, with 4 or 5 steps, whichever is tighter.
pub(super) fn share_axis(highest: f64) -> (Axis, usize) {
    let highest = if highest > 0.0 { highest } else { 1.0 };
    let (four, five) = (Axis::from_zero(highest, 4), Axis::from_zero(highest, 5));
    if four.high <= five.high { (four, 4) } else { (five, 5) }
}

/// Grid lines with percentages left of the plot.
pub(super) fn draw_shares(scene: &mut Scene, axis: &Axis, plot: Rect) {
    let step = axis.ticks.get(1).copied().unwrap_or(1.0);
    let format = NumberFormat::new(100.0 * axis.high, 100.0 * last_digit(step));
    for &tick in &axis.ticks {
        let y = axis.place(tick, plot.bottom, plot.top);
        let (width, colour) = if tick == 0.0 { (2.5, AXIS) } else { (2.0, GRID) };
        scene.line(vec![(plot.left, y), (plot.right, y)], width, colour);
        let label = format.with_unit(100.0 * tick, Some("%"));
        scene.text((plot.left - 14.0, y + TICK.drop()), Anchor::End, TICK, &label);
    }
}

/// 0 to 100 % right of the plot, on the grid lines of the left axis.
fn draw_cumulative_scale(scene: &mut Scene, intervals: usize, place: Rect, plot_right: f64) {
    for i in 0..=intervals {
        let share = i as f64 / intervals as f64;
        let y = place.bottom - place.height() * share;
        let label = number::percentage_with(share, 0);
        scene.text((plot_right + 14.0, y + TICK.drop()), Anchor::Start, TICK.in_colour(MEDIAN), &label);
    }
}

/// Ticks and values under the plot, as many as fit.
pub(super) fn draw_values(scene: &mut Scene, axis: &Axis, plot: Rect) {
    let widest = axis.ticks.iter().map(|t| TICK.width(&axis.format.format(*t))).fold(0.0, f64::max) + 20.0;
    let spacing = match axis.ticks.as_slice() {
        [a, b, ..] => axis.place(*b, plot.left, plot.right) - axis.place(*a, plot.left, plot.right),
        _ => widest,
    };
    let every = (widest / spacing.max(1e-9)).ceil().clamp(1.0, 1000.0) as usize;
    for &tick in axis.ticks.iter().step_by(every) {
        let x = axis.place(tick, plot.left, plot.right);
        scene.line(vec![(x, plot.bottom), (x, plot.bottom + 7.0)], 2.5, AXIS);
        scene.text((x, plot.bottom + 34.0), Anchor::Middle, TICK, &axis.format.format(tick));
    }
}
