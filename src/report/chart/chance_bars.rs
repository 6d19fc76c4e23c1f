//! Probabilities of members beside each other: a bar each, with the interval as a whisker.

use super::axis::Axis;
use super::chance::{Chance, chance_axis, chance_ticks};
use super::frame::Frame;
use super::legend::{self, Swatch};
use super::scene::{Anchor, Chart, Rect, Scene};
use super::theme::{AXIS, BANDS, EMPTY, GRID, HEADING, INK, LABEL, NOTE, TICK, VALUE};
use super::words::capitalised;

/// The probability of each member, in declared order.
#[derive(Clone, Debug, PartialEq)]
pub struct ChanceBarsChart {
    pub frame: Frame,
    /// Names and probabilities of the members that are drawn.
    pub rows: Vec<(String, Chance)>,
    /// Largest upper end of all members, those of other pictures too: these have the same scale.
    pub highest: f64,
}

const ROW: f64 = 46.0;
const BAR_HEIGHT: f64 = 26.0;
const WIDEST_NAME: f64 = 460.0;

impl Chart for ChanceBarsChart {
    fn scene(&self) -> Scene {
        let words = self.frame.words();
        let texts: Vec<[String; 2]> = self
            .rows
            .iter()
            .map(|(_, chance)| {
                let interval = chance.range_text("–", words);
                [chance.value_text(), interval]
            })
            .collect();
        let widest = |column: usize| {
            let style = [VALUE, NOTE][column];
            texts.iter().map(|text| style.width(&text[column])).fold(60.0, f64::max)
        };
        let (values, intervals) = (widest(0), widest(1).max(NOTE.width(words.interval_name)));
        let names = self.rows.iter().map(|(name, _)| LABEL.width(name)).fold(60.0, f64::max).min(WIDEST_NAME);
        let legend = vec![
            (Swatch::Filled(BANDS[2]), words.probability.to_string()),
            (Swatch::Line(INK, 4.0), words.interval_name.to_string()),
        ];
        let (mut scene, body) = self.frame.open(50.0 + self.rows.len() as f64 * ROW + 100.0);
        let top = body.top + legend::draw(&mut scene, &legend, body) + 20.0;
        let plot = Rect {
            left: body.left + names + 20.0,
            top,
            right: body.right - values - intervals - 50.0,
            bottom: top + self.rows.len() as f64 * ROW,
        };
        let all = Chance { value: 0.0, low: 0.0, high: self.highest };
        let axis = fitting_axis(all, plot);
        let x = |share: f64| axis.place(share, plot.left, plot.right);
        for (tick, text) in chance_ticks(&axis) {
            let (width, colour) = if tick == 0.0 { (2.5, AXIS) } else { (2.0, GRID) };
            scene.line(vec![(x(tick), plot.top), (x(tick), plot.bottom)], width, colour);
            scene.text((x(tick), plot.bottom + 32.0), Anchor::Middle, TICK, &text);
        }
        let middle = ((plot.left + plot.right) / 2.0, plot.bottom + 72.0);
        scene.text(middle, Anchor::Middle, HEADING, &capitalised(words.probability));
        for (number, ((name, chance), text)) in self.rows.iter().zip(&texts).enumerate() {
            let middle = plot.top + (number as f64 + 0.5) * ROW;
            let (top, bottom) = (middle - BAR_HEIGHT / 2.0, middle + BAR_HEIGHT / 2.0);
            let name = LABEL.shortened(name, names);
            scene.text((plot.left - 20.0, middle + LABEL.drop()), Anchor::End, LABEL, &name);
            scene.rect(Rect { left: x(0.0), top, right: x(chance.value), bottom }, BANDS[2]);
            scene.line(vec![(x(chance.low), middle), (x(chance.high), middle)], 4.0, INK);
            for end in [chance.low, chance.high] {
                scene.line(vec![(x(end), middle - 8.0), (x(end), middle + 8.0)], 3.0, INK);
            }
            let right = body.right - intervals - 24.0;
            scene.text((right, middle + VALUE.drop()), Anchor::End, VALUE, &text[0]);
            scene.text((body.right, middle + NOTE.drop()), Anchor::End, NOTE, &text[1]);
            if number > 0 {
                let line = plot.top + number as f64 * ROW;
                scene.line(vec![(body.left, line), (plot.left - 8.0, line)], 1.0, EMPTY);
            }
        }
        scene
    }
}

/// A scale with as many ticks as there is room for.
fn fitting_axis(all: Chance, plot: Rect) -> Axis {
    let mut axes = (2..=5).rev().map(|ticks| chance_axis([all].into_iter(), ticks));
    let fits = |axis: &Axis| {
        let widest = chance_ticks(axis).iter().map(|(_, text)| TICK.width(text)).fold(0.0, f64::max);
        widest + 24.0 <= plot.width() / (axis.ticks.len().max(2) - 1) as f64
    };
    axes.find(fits).unwrap_or_else(|| chance_axis([all].into_iter(), 1))
}
