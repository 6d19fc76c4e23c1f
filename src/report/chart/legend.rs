//! The legend: a row of swatches with their names, above the data, never over them.

use super::scene::{Anchor, Colour, Rect, Scene};
use super::theme::{INK, LABEL, PAPER, SOFT_INK};

/// The sign before a legend's text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Swatch {
    Filled(Colour),
    /// Two shades, light left and dark right.
    Split(Colour, Colour),
    Line(Colour, f64),
    Dashes(Colour),
    Diamond(Colour),
}

const SWATCH: f64 = 38.0;
const GAP: f64 = 12.0;
const BETWEEN: f64 = 36.0;
const ROW: f64 = 36.0;

/// Height of the legend in a place of this width.
pub(super) fn height(items: &[(Swatch, String)], width: f64) -> f64 {
    rows(items, width).last().map_or(0.0, |(_, row, _)| (row + 1) as f64 * ROW)
}

/// Draws the items from left to right, in as many rows as they need; gives the height used.
pub(super) fn draw(scene: &mut Scene, items: &[(Swatch, String)], place: Rect) -> f64 {
    for ((x, row, text), (swatch, _)) in rows(items, place.width()).iter().zip(items) {
        let middle = place.top + *row as f64 * ROW + ROW / 2.0;
        draw_swatch(scene, *swatch, place.left + x, middle);
        let at = (place.left + x + SWATCH + GAP, middle + LABEL.drop());
        scene.text(at, Anchor::Start, LABEL.in_colour(INK), text);
    }
    height(items, place.width())
}

/// Offset, row and (shortened) text of each item.
fn rows(items: &[(Swatch, String)], width: f64) -> Vec<(f64, usize, String)> {
    let (mut x, mut row) = (0.0, 0);
    items
        .iter()
        .map(|(_, text)| {
            let text = LABEL.shortened(text, (width - SWATCH - GAP).min(640.0));
            let length = SWATCH + GAP + LABEL.width(&text);
            if x > 0.0 && x + length > width {
                (x, row) = (0.0, row + 1);
            }
            let at = x;
            x += length + BETWEEN;
            (at, row, text)
        })
        .collect()
}

fn draw_swatch(scene: &mut Scene, swatch: Swatch, left: f64, middle: f64) {
    let part = |from: f64, to: f64| Rect {
        left: left + from * SWATCH,
        top: middle - 10.0,
        right: left + to * SWATCH,
        bottom: middle + 10.0,
    };
    let ends = ((left, middle), (left + SWATCH, middle));
    match swatch {
        Swatch::Filled(colour) => scene.rect(part(0.0, 1.0), colour),
        Swatch::Split(light, dark) => {
            scene.rect(part(0.0, 0.5), light);
            scene.rect(part(0.5, 1.0), dark);
        }
        Swatch::Line(colour, width) => scene.line(vec![ends.0, ends.1], width, colour),
        Swatch::Dashes(colour) => scene.dashes(ends.0, ends.1, 3.0, colour),
        Swatch::Diamond(colour) => scene.diamond((left + SWATCH / 2.0, middle), 11.0, colour, PAPER),
    }
}

/// A thin line from a label that had to move to the thing it names.
pub(super) fn leader(scene: &mut Scene, from: (f64, f64), to: (f64, f64)) {
    scene.line(vec![from, to], 2.0, SOFT_INK);
}
