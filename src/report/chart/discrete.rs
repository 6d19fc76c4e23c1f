//! Bars for an output that takes few values: counts, stages, amounts that many runs share.

use super::axis::{Axis, Ends};
use super::frame::{Frame, with_unit};
use super::histogram::{draw_shares, draw_values, outside_notes, share_axis};
use super::legend::{self, Swatch};
use super::number::{NumberFormat, percentage_with};
use super::scene::{Anchor, Chart, Rect, Scene};
use super::theme::{AXIS, BANDS, HEADING, MEAN, NOTE, TICK, leading};
use super::words::capitalised;

/// Share of runs at each value of an output that takes few.
#[derive(Clone, Debug, PartialEq)]
pub struct DiscreteChart {
    pub frame: Frame,
    pub unit: Option<String>,
    /// Name of the horizontal axis.
    pub x_label: String,
    /// Value and share of runs that took it, rising.
    pub values: Vec<(f64, f64)>,
    pub mean: Option<f64>,
    /// Shares of the runs below the first and above the last value.
    pub outside: (f64, f64),
}

impl Chart for DiscreteChart {
    fn scene(&self) -> Scene {
        let words = self.frame.words();
        let (y, _) = share_axis(self.values.iter().fold(0.0, |m: f64, v| m.max(v.1)));
        let (mut scene, body) = self.frame.open(640.0);
        let x = self.x_axis();
        let mut legend = vec![(Swatch::Filled(BANDS[2]), words.share_of_runs.to_string())];
        if let Some(mean) = self.mean {
            let format = x.format.with_resolution((x.high - x.low) / 200.0);
            let number = x.telling(format, mean).with_unit(mean, self.unit.as_deref());
            legend.push((Swatch::Dashes(MEAN), format!("{}: {number}", words.mean)));
        }
        let top = body.top + legend::draw(&mut scene, &legend, body) + 14.0;
        let ends: Vec<f64> =
            [self.values.first(), self.values.last()].into_iter().flatten().map(|value| value.0).collect();
        let notes = outside_notes(self.outside, (&ends, &x), self.unit.as_deref(), words);
        scene.text((body.left, top + 30.0), Anchor::Start, HEADING, &capitalised(words.share_of_runs));
        let plot = Rect {
            left: body.left + 90.0,
            top: top + 76.0,
            right: body.right - 20.0,
            bottom: body.bottom - 80.0 - if notes.is_empty() { 0.0 } else { leading(NOTE) },
        };
        draw_shares(&mut scene, &y, plot);
        self.draw_bars(&mut scene, &x, &y, plot);
        if let Some(mean) = self.mean.filter(|mean| (x.low..=x.high).contains(mean)) {
            let at = x.place(mean, plot.left, plot.right);
            scene.dashes((at, plot.top), (at, plot.bottom), 4.0, MEAN);
        }
        let label = with_unit(&self.x_label, &x.format.unit(self.unit.as_deref()));
        let middle = ((plot.left + plot.right) / 2.0, plot.bottom + 70.0);
        scene.text(middle, Anchor::Middle, HEADING, &HEADING.shortened(&label, body.width()));
        let note = NOTE.shortened(&notes.join(" · "), body.width());
        scene.text((middle.0, middle.1 + leading(NOTE) + 4.0), Anchor::Middle, NOTE, &note);
        scene
    }
}

/// Half the least distance between values: room for a bar on each side of one.
pub(super) fn room_beside(values: &[(f64, f64)]) -> f64 {
    let gaps = values.windows(2).map(|pair| 0.5 * pair[1].0 - 0.5 * pair[0].0);
    let least = gaps.fold(f64::INFINITY, f64::min);
    if least.is_finite() { least } else { 0.0 }
}

impl DiscreteChart {
    /// Axis of the values, with room for the outer bars.
    fn x_axis(&self) -> Axis {
        let (low, high) = match (self.values.first(), self.values.last()) {
            (Some(first), Some(last)) => (first.0, last.0),
            _ => (0.0, 1.0),
        };
        let room = (0.5 * high - 0.5 * low) * 0.04 + room_beside(&self.values);
        let (low, high) = ((low - room).max(-f64::MAX), (high + room).min(f64::MAX));
        Axis::over(low, high, 8, Ends::OnData)
    }

    /// Bars, each with its share above and its value below where these fit.
    fn draw_bars(&self, scene: &mut Scene, x: &Axis, y: &Axis, plot: Rect) {
        let at = |value: f64| x.place(value, plot.left, plot.right);
        let spacing = match room_beside(&self.values) {
            0.0 => plot.width(),
            room => at(self.values[0].0 + room) - at(self.values[0].0 - room),
        };
        let half = (spacing * 0.36).clamp(2.0, 60.0);
        for &(value, share) in &self.values {
            let (centre, top) = (at(value), y.place(share, plot.bottom, plot.top));
            let rect = Rect { left: centre - half, top, right: centre + half, bottom: plot.bottom };
            scene.rect(rect, BANDS[2]);
        }
        let shares: Vec<String> = self.values.iter().map(|v| share_text(v.1)).collect();
        if shares.iter().all(|s| TICK.width(s) + 10.0 <= spacing) {
            for ((value, share), text) in self.values.iter().zip(&shares) {
                let top = y.place(*share, plot.bottom, plot.top);
                scene.text_on_paper((at(*value), top - 10.0), Anchor::Middle, TICK, text);
            }
        }
        self.draw_names(scene, x, plot, spacing);
    }

    /// Each value under its bar where they fit, else round values along the axis.
    fn draw_names(&self, scene: &mut Scene, x: &Axis, plot: Rect, spacing: f64) {
        let name = |value: f64| {
            if x.format.multiplier().is_empty() {
                NumberFormat::alone(value, 4).with_unit(value, None)
            } else {
                x.format.with_resolution((x.high - x.low) / 100.0).format(value)
            }
        };
        let names: Vec<String> = self.values.iter().map(|v| name(v.0)).collect();
        if names.iter().any(|n| TICK.width(n) + 16.0 > spacing) {
            draw_values(scene, x, plot);
            return;
        }
        for ((value, _), name) in self.values.iter().zip(&names) {
            let at = x.place(*value, plot.left, plot.right);
            scene.line(vec![(at, plot.bottom), (at, plot.bottom + 7.0)], 2.5, AXIS);
            scene.text((at, plot.bottom + 34.0), Anchor::Middle, TICK, name);
        }
    }
}

/// A share with one decimal; one too small for that reads `<0.1 %`.
fn share_text(share: f64) -> String {
    if share > 0.0 && share < 0.0005 {
        format!("<{}", percentage_with(0.001, 1))
    } else {
        percentage_with(share, 1)
    }
}
