//! Colours, sizes and text styles of all charts.
//!
//! Hues are those of Okabe and Ito (2008), "Color Universal Design", which stay apart for colour-blind readers; bands
//! and bar sides differ in lightness besides, so that a grey print still tells them apart.

use super::font::Weight;
use super::scene::{Colour, TextStyle};

/// Width of every picture, in canvas units.
pub(super) const WIDTH: f64 = 1600.0;
/// Least height of a picture; charts with many rows are taller.
pub(super) const HEIGHT: f64 = 1000.0;
/// Height of the footer without its lines.
pub(super) const FOOT_ROOM: f64 = 60.0;
/// Empty border left and right.
pub(super) const MARGIN: f64 = 64.0;

pub(super) const PAPER: Colour = Colour(255, 255, 255);
pub(super) const INK: Colour = Colour(31, 36, 43);
/// Axis labels, notes.
pub(super) const SOFT_INK: Colour = Colour(84, 92, 102);
/// Axis lines.
pub(super) const AXIS: Colour = Colour(120, 128, 138);
/// Grid lines.
pub(super) const GRID: Colour = Colour(226, 229, 233);

/// Bands from the widest to the narrowest.
pub(super) const BANDS: [Colour; 3] = [Colour(217, 232, 244), Colour(164, 203, 230), Colour(92, 157, 206)];
/// Colours of so many bands, from the widest to the narrowest.
pub(super) fn bands(count: usize) -> Vec<Colour> {
    let between = |a: u8, b: u8, t: f64| (f64::from(a) + (f64::from(b) - f64::from(a)) * t).round() as u8;
    let at = |place: f64| {
        let index = (place as usize).min(BANDS.len() - 2);
        let (Colour(r, g, b), Colour(to_r, to_g, to_b)) = (BANDS[index], BANDS[index + 1]);
        let t = place - index as f64;
        Colour(between(r, to_r, t), between(g, to_g, t), between(b, to_b, t))
    };
    match count {
        1 => vec![BANDS[1]],
        _ => (0..count).map(|band| at(2.0 * band as f64 / (count - 1) as f64)).collect(),
    }
}

/// Median and cumulative curve.
pub(super) const MEDIAN: Colour = Colour(8, 56, 97);
/// Bars of a histogram.
pub(super) const BAR: Colour = Colour(142, 189, 222);
/// Spikes of a histogram.
pub(super) const SPIKE: Colour = Colour(0, 104, 156);
/// Means (bluish green).
pub(super) const MEAN: Colour = Colour(0, 128, 94);
/// Reference values (vermillion).
pub(super) const REFERENCE: Colour = Colour(200, 80, 0);
/// A part of a whole that is not filled.
pub(super) const EMPTY: Colour = Colour(232, 236, 240);

/// Groups of a tornado in the order of appearance; the last serves all groups beyond.
pub(super) const GROUPS: [Colour; 7] = [
    Colour(0, 114, 178),
    Colour(213, 94, 0),
    Colour(0, 158, 115),
    Colour(190, 100, 150),
    Colour(196, 138, 0),
    Colour(72, 160, 214),
    Colour(110, 116, 124),
];

pub(super) const TITLE: TextStyle = TextStyle { size: 40.0, weight: Weight::SemiBold, colour: INK };
pub(super) const SUBTITLE: TextStyle = TextStyle { size: 25.0, weight: Weight::Regular, colour: SOFT_INK };
/// Names of axes, panels and columns.
pub(super) const HEADING: TextStyle = TextStyle { size: 23.0, weight: Weight::SemiBold, colour: INK };
pub(super) const LABEL: TextStyle = TextStyle { size: 22.0, weight: Weight::Regular, colour: INK };
pub(super) const TICK: TextStyle = TextStyle { size: 21.0, weight: Weight::Regular, colour: SOFT_INK };
pub(super) const VALUE: TextStyle = TextStyle { size: 22.0, weight: Weight::SemiBold, colour: INK };
pub(super) const NOTE: TextStyle = TextStyle { size: 20.0, weight: Weight::Regular, colour: SOFT_INK };

/// Distance between the baselines of two lines of this style.
pub(super) fn leading(style: TextStyle) -> f64 {
    (style.size * 1.32).ceil()
}

/// The colour mixed with paper: `strength` 1 leaves it, 0 gives paper.
pub(super) fn tint(colour: Colour, strength: f64) -> Colour {
    let mix = |c: u8, p: u8| (f64::from(p) + (f64::from(c) - f64::from(p)) * strength).round() as u8;
    Colour(mix(colour.0, PAPER.0), mix(colour.1, PAPER.1), mix(colour.2, PAPER.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// WCAG 2 contrast ratio against paper.
    fn contrast(c: Colour) -> f64 {
        let linear = |v: u8| {
            let v = f64::from(v) / 255.0;
            if v <= 0.04045 { v / 12.92 } else { libm::pow((v + 0.055) / 1.055, 2.4) }
        };
        1.05 / (0.2126 * linear(c.0) + 0.7152 * linear(c.1) + 0.0722 * linear(c.2) + 0.05)
    }

    #[test]
    fn text_colours_reach_a_contrast_of_four_and_a_half() {
        for colour in [INK, SOFT_INK, REFERENCE, MEDIAN, SPIKE, MEAN] {
            assert!(contrast(colour) >= 4.5, "{colour:?} has {}", contrast(colour));
        }
    }

    #[test]
    fn no_text_is_smaller_than_twenty_pixels() {
        for style in [TITLE, SUBTITLE, HEADING, LABEL, TICK, VALUE, NOTE] {
            assert!(style.size >= 20.0);
        }
    }

    #[test]
    fn bands_darken_inwards_and_group_colours_are_distinct() {
        for count in 1..=6 {
            let colours = bands(count);
            assert_eq!(colours.len(), count);
            assert!(colours.windows(2).all(|w| contrast(w[0]) < contrast(w[1])));
        }
        assert_eq!(bands(3), BANDS);
        for (i, a) in GROUPS.iter().enumerate() {
            assert!(GROUPS[..i].iter().all(|b| a != b));
        }
    }
}
