//! Bars for an output that takes few values: counts, stages, amounts that many runs share.

use super::axis::{Axis, Ends};
use super::frame::{Frame, with_unit};
use super::histogram::{draw_shares, draw_values, share_axis};
use super::number::{NumberFormat, percentage_with};
use super::scene::{Anchor, Chart, Rect, Scene};
use super::theme::{AXIS, BANDS, HEADING, TICK};
use super::words::capitalised;

/// Share of runs at each value of an output that takes at most about 40.
#[derive(Clone, Debug, PartialEq)]
pub struct DiscreteChart {
    pub frame: Frame,
    pub unit: Option<String>,
    /// Name of the horizontal axis.
    pub x_label: String,
    /// Value and share of runs that took it, rising.
    pub values: Vec<(f64, f64)>,
}

impl Chart for DiscreteChart {
    fn scene(&self) -> Scene {
        let words = self.frame.words();
        let (y, _) = share_axis(self.values.iter().fold(0.0, |m: f64, v| m.max(v.1)));
        let (mut scene, body) = self.frame.open(640.0);
        scene.text((body.left, body.top + 30.0), Anchor::Start, HEADING, &capitalised(words.share_of_runs));
        let plot = Rect {
            left: body.left + 90.0,
            top: body.top + 76.0,
            right: body.right - 20.0,
            bottom: body.bottom - 80.0,
        };
        draw_shares(&mut scene, &y, plot);
        let x = self.draw_bars(&mut scene, &y, plot);
        let label = with_unit(&self.x_label, &x.format.unit(self.unit.as_deref()));
        let middle = ((plot.left + plot.right) / 2.0, plot.bottom + 70.0);
        scene.text(middle, Anchor::Middle, HEADING, &HEADING.shortened(&label, body.width()));
        scene
    }
}

impl DiscreteChart {
    /// Bars, each with its share above and its value below where these fit; gives the axis of the values.
    fn draw_bars(&self, scene: &mut Scene, y: &Axis, plot: Rect) -> Axis {
        let gaps = self.values.windows(2).map(|pair| pair[1].0 - pair[0].0);
        let (low, high) = match (self.values.first(), self.values.last()) {
            (Some(first), Some(last)) => (first.0, last.0),
            _ => (0.0, 1.0),
        };
        let smallest = gaps.fold(f64::INFINITY, f64::min);
        let room = if smallest.is_finite() { (high - low) * 0.02 + smallest * 0.5 } else { 0.0 };
        let x = Axis::over(low - room, high + room, 8, Ends::OnData);
        let at = |value: f64| x.place(value, plot.left, plot.right);
        let spacing = if smallest.is_finite() { at(low + smallest) - at(low) } else { plot.width() };
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
        self.draw_names(scene, &x, plot, spacing);
        x
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
