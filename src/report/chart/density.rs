//! A small picture of a law, for a page of many: its density as a curve, or its probabilities as bars.

use super::font::Weight;
use super::outline::Outline;
use super::scene::{Anchor, Chart, Rect, Scene, TextStyle};
use super::theme::{AXIS, BANDS, BAR, MEDIAN, SOFT_INK};
use crate::distribution::Law;

/// Width and height, in canvas units: a picture of 360 by 141 pixels.
const SIZE: (f64, f64) = (240.0, 94.0);
/// Where the outline stands.
const PLOT: Rect = Rect { left: 8.0, top: 8.0, right: 232.0, bottom: 74.0 };
/// Slots of a curve: one a pixel and a half.
const SLOTS: usize = 224;
/// Numbers of a picture that is shown as large as it is.
const SMALL: TextStyle = TextStyle { size: 9.0, weight: Weight::Regular, colour: SOFT_INK };

/// What one law looks like.
#[derive(Clone, Debug, PartialEq)]
pub struct DensityChart {
    /// What the picture is called where it cannot be seen.
    pub title: String,
    pub outline: Outline,
}

impl DensityChart {
    /// The picture of a law.
    pub fn of(title: &str, law: &Law) -> Self {
        Self { title: title.to_string(), outline: Outline::of(law, SLOTS) }
    }
}

impl Chart for DensityChart {
    fn scene(&self) -> Scene {
        let mut scene = Scene::new(SIZE.0, SIZE.1, &self.title);
        if self.outline.is_discrete {
            self.draw_bars(&mut scene);
        } else {
            self.draw_curve(&mut scene);
        }
        let axis = vec![(2.0, PLOT.bottom), (SIZE.0 - 2.0, PLOT.bottom)];
        scene.line(axis, 1.0, AXIS);
        self.draw_numbers(&mut scene);
        scene
    }
}

impl DensityChart {
    /// Place along x, in slots, on the canvas.
    fn across(&self, slots: f64) -> f64 {
        PLOT.left + PLOT.width() * slots / self.outline.heights.len() as f64
    }

    fn draw_curve(&self, scene: &mut Scene) {
        let heights = &self.outline.heights;
        let level = |height: f64| PLOT.bottom - PLOT.height() * height;
        let end = heights.len() as f64;
        let mut curve = vec![(PLOT.left, level(heights[0]))];
        curve.extend(heights.iter().enumerate().map(|(k, &h)| (self.across(k as f64 + 0.5), level(h))));
        curve.push((self.across(end), level(heights[heights.len() - 1])));
        let ground = [(PLOT.right, PLOT.bottom), (PLOT.left, PLOT.bottom)];
        scene.area(curve.iter().copied().chain(ground).collect(), BAR);
        scene.line(curve, 1.5, MEDIAN);
    }

    fn draw_bars(&self, scene: &mut Scene) {
        let slot = self.across(1.0) - PLOT.left;
        let half = (0.36 * slot).clamp(0.5, 12.0);
        for (k, &height) in self.outline.heights.iter().enumerate().filter(|(_, height)| **height > 0.0) {
            let centre = self.across(k as f64 + 0.5);
            let top = PLOT.bottom - PLOT.height() * height;
            scene
                .rect(Rect { left: centre - half, top, right: centre + half, bottom: PLOT.bottom }, BANDS[2]);
        }
    }

    /// Ticks and numbers below the axis; one that would touch the number before it has a tick only.
    fn draw_numbers(&self, scene: &mut Scene) {
        let baseline = PLOT.bottom + 13.0;
        let mut limit = SIZE.0 - 2.0;
        if !self.outline.multiplier.is_empty() {
            scene.text((limit, baseline), Anchor::End, SMALL, &self.outline.multiplier);
            limit -= SMALL.width(&self.outline.multiplier) + 6.0;
        }
        let mut free = 2.0;
        for (place, text) in &self.outline.ticks {
            let (x, width) = (self.across(*place), SMALL.width(text));
            scene.line(vec![(x, PLOT.bottom), (x, PLOT.bottom + 3.0)], 1.0, AXIS);
            let left = (x - width / 2.0).clamp(2.0, SIZE.0 - 2.0 - width);
            if left >= free && left + width <= limit {
                scene.text((left, baseline), Anchor::Start, SMALL, text);
                free = left + width + 4.0;
            }
        }
    }
}
