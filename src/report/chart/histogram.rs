//! Histogram with the cumulative curve: how often each range of values came up.

use super::axis::{Axis, Ends, last_digit};
use super::frame::{Frame, with_unit};
use super::labels::spread;
use super::legend::{self, Swatch, leader};
use super::number::{self, NumberFormat, percentage};
use super::scene::{Anchor, Chart, Rect, Scene};
use super::theme::{
    AXIS, BAR, GRID, HEADING, INK, LABEL, MEDIAN, NOTE, REFERENCE, SOFT_INK, TICK, VALUE, leading,
};
use super::words::{capitalised, fill};

/// Share of runs by value of one output.
#[derive(Clone, Debug, PartialEq)]
pub struct HistogramChart {
    pub frame: Frame,
    pub unit: Option<String>,
    /// Name of the horizontal axis.
    pub x_label: String,
    /// Limits of the bars, rising; one more than there are bars.
    pub edges: Vec<f64>,
    /// Share of all runs in each bar.
    pub shares: Vec<f64>,
    /// Value and share of runs at or below it, rising.
    pub cumulative: Vec<(f64, f64)>,
    /// Percentiles to mark with their names, rising: `P10`.
    pub marks: Vec<(String, f64)>,
    /// A value to compare with, and its label.
    pub reference: Option<(f64, String)>,
    /// Share of runs below the first edge.
    pub below: f64,
    /// Share of runs above the last edge.
    pub above: f64,
}

/// Height of each row above the plot: headings, percentile labels.
const LANE: f64 = 36.0;

impl Chart for HistogramChart {
    fn scene(&self) -> Scene {
        let words = self.frame.words();
        let x = self.x_axis();
        let (y, intervals) = share_axis(self.shares.iter().fold(0.0, |m: f64, s| m.max(*s)));
        let (mut scene, body) = self.frame.open(640.0);
        let mut legend = vec![
            (Swatch::Filled(BAR), words.share_of_runs.to_string()),
            (Swatch::Line(MEDIAN, 4.0), words.cumulative.to_string()),
        ];
        if let Some((value, label)) = &self.reference {
            let name = if label.trim().is_empty() { words.reference } else { label.trim() };
            let number = NumberFormat::alone(*value, 4).with_unit(*value, self.unit.as_deref());
            legend.push((Swatch::Dashes(REFERENCE), format!("{name}: {number}")));
        }
        let top = body.top + legend::draw(&mut scene, &legend, body) + 14.0;
        let notes = self.outside_notes(&x);
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
        self.draw_bars(&mut scene, &x, &y, plot);
        self.draw_curve(&mut scene, &x, plot);
        self.draw_markers(&mut scene, &x, plot);
        draw_values(&mut scene, &x, plot);
        let label = with_unit(&self.x_label, &x.format.unit(self.unit.as_deref()));
        let middle = ((plot.left + plot.right) / 2.0, plot.bottom + 70.0);
        scene.text(middle, Anchor::Middle, HEADING, &HEADING.shortened(&label, body.width()));
        let note = NOTE.shortened(&notes.join(" · "), body.width());
        scene.text((middle.0, middle.1 + leading(NOTE) + 4.0), Anchor::Middle, NOTE, &note);
        scene
    }
}

impl HistogramChart {
    /// Covers the bars and the marked values.
    fn x_axis(&self) -> Axis {
        let marked = self.marks.iter().map(|mark| mark.1).chain(self.reference.iter().map(|r| r.0));
        let (low, high) = self
            .edges
            .iter()
            .copied()
            .chain(marked)
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        Axis::over(low, high, 8, Ends::OnData)
    }

    fn outside_notes(&self, x: &Axis) -> Vec<String> {
        let words = self.frame.words();
        let limit = |edge: Option<&f64>| {
            let format = x.format.with_resolution((x.high - x.low) / 100.0);
            format.with_unit(edge.copied().unwrap_or(0.0), self.unit.as_deref())
        };
        let mut notes = Vec::new();
        if self.below > 0.0 {
            notes.push(fill(words.below, &[&percentage(self.below), &limit(self.edges.first())]));
        }
        if self.above > 0.0 {
            notes.push(fill(words.above, &[&percentage(self.above), &limit(self.edges.last())]));
        }
        notes
    }

    fn draw_bars(&self, scene: &mut Scene, x: &Axis, y: &Axis, plot: Rect) {
        for (pair, &share) in self.edges.windows(2).zip(&self.shares) {
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

    /// Percentile lines with their labels in the lane above the plot; the reference is named in the legend.
    fn draw_markers(&self, scene: &mut Scene, x: &Axis, plot: Rect) {
        let marks = &self.marks;
        let apart = marks.first().zip(marks.last()).map_or(0.0, |(first, last)| last.1 - first.1);
        let apart = if apart > 0.0 { apart } else { x.high - x.low };
        let format = x.format.with_resolution(apart / 50.0);
        // A long unit stands at the axis only, and so does any where there are many marks.
        let unit = self.unit.as_deref().filter(|u| VALUE.width(u) <= 130.0 && marks.len() <= 3);
        let text = |value: f64| {
            let format = format.telling(value);
            if x.format.multiplier().is_empty() {
                format.with_unit(value, unit)
            } else {
                format.format(value)
            }
        };
        let texts: Vec<(String, String)> =
            marks.iter().map(|(name, value)| (name.clone(), text(*value))).collect();
        let room = |(name, value): &(String, String)| LABEL.width(name) + 10.0 + VALUE.width(value);
        let at = |value: f64| x.place(value, plot.left, plot.right);
        let mut labelled: Vec<(f64, &(String, String))> =
            marks.iter().zip(&texts).map(|((_, value), text)| (*value, text)).collect();
        for (value, _) in &labelled {
            scene.line(vec![(at(*value), plot.top - 6.0), (at(*value), plot.bottom)], 3.0, INK);
        }
        let (left, right) = (plot.left - 60.0, plot.right + 60.0);
        // Where not all labels fit, the ends keep theirs.
        while labelled.len() > 2
            && labelled.iter().map(|(_, text)| room(text) + 28.0).sum::<f64>() > right - left
        {
            labelled.remove(labelled.len() / 2);
        }
        let wishes: Vec<(f64, f64)> =
            labelled.iter().map(|(value, text)| (at(*value), room(text) + 28.0)).collect();
        let lane = plot.top - 22.0;
        for ((value, text), centre) in labelled.iter().zip(spread(&wishes, left, right)) {
            leader(scene, (at(*value), plot.top - 6.0), (centre, lane + 8.0));
            let left = centre - room(text) / 2.0;
            scene.text((left, lane), Anchor::Start, LABEL.in_colour(SOFT_INK), &text.0);
            scene.text((left + room(text), lane), Anchor::End, VALUE, &text.1);
        }
        if let Some((value, _)) = &self.reference {
            scene.dashes((at(*value), plot.top), (at(*value), plot.bottom), 4.0, REFERENCE);
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
