//! A scene: marks and texts on a canvas, before any file format.
//!
//! Coordinates are canvas units (a picture is 1,600 wide), x to the right and y downwards.

use super::font::{self, Weight};
use super::theme::PAPER;

/// Anything that can be drawn.
pub trait Chart {
    /// Lays the chart out.
    fn scene(&self) -> Scene;
}

/// Red, green and blue, opaque.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Colour(pub u8, pub u8, pub u8);

/// Size, weight and colour of a text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TextStyle {
    /// Canvas units to the em.
    pub size: f64,
    pub weight: Weight,
    pub colour: Colour,
}

/// Which point of a text its x names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

/// One thing drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// A filled polygon.
    Area { points: Vec<(f64, f64)>, fill: Colour },
    /// A stroked polyline.
    Line { points: Vec<(f64, f64)>, width: f64, stroke: Colour },
    /// A filled rectangle.
    Box { rect: Rect, fill: Colour },
    /// A filled circle.
    Dot { centre: (f64, f64), radius: f64, fill: Colour },
    /// One line of text; `baseline` is the y its letters stand on.
    Text { x: f64, baseline: f64, anchor: Anchor, style: TextStyle, content: String },
}

/// Marks on a canvas, the first lowest.
#[derive(Clone, Debug, PartialEq)]
pub struct Scene {
    pub width: f64,
    pub height: f64,
    /// What the picture is called where it cannot be seen.
    pub title: String,
    pub marks: Vec<Mark>,
}

/// An upright rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Rect {
    /// Extent along x.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Extent along y.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }
}

impl TextStyle {
    /// Width of `text` in this style.
    pub fn width(&self, text: &str) -> f64 {
        font::text_width(text, self.size, self.weight)
    }

    /// `text`, shortened with an ellipsis where it is wider than `width`.
    pub fn shortened(&self, text: &str, width: f64) -> String {
        font::shortened(text, width, self.size, self.weight)
    }

    /// `text` in at most `lines` lines of `width`.
    pub fn wrapped(&self, text: &str, width: f64, lines: usize) -> Vec<String> {
        font::wrapped(text, width, lines, self.size, self.weight)
    }

    /// `text` in at most two lines of `width`, its middle left out where it is longer.
    pub fn elided(&self, text: &str, width: f64) -> Vec<String> {
        font::elided(text, width, self.size, self.weight)
    }

    /// The same style in another colour.
    pub fn in_colour(self, colour: Colour) -> Self {
        Self { colour, ..self }
    }

    /// Distance from the middle of the capitals down to the baseline.
    pub fn drop(&self) -> f64 {
        self.size * 0.353
    }
}

impl Scene {
    /// An empty canvas.
    pub fn new(width: f64, height: f64, title: &str) -> Self {
        Self { width, height, title: title.to_string(), marks: Vec::new() }
    }

    /// A filled polygon.
    pub fn area(&mut self, points: Vec<(f64, f64)>, fill: Colour) {
        self.marks.push(Mark::Area { points, fill });
    }

    /// A stroked polyline.
    pub fn line(&mut self, points: Vec<(f64, f64)>, width: f64, stroke: Colour) {
        self.marks.push(Mark::Line { points, width, stroke });
    }

    /// A straight line of dashes, 12 units on and 8 off.
    pub fn dashes(&mut self, from: (f64, f64), to: (f64, f64), width: f64, stroke: Colour) {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (dx * dx + dy * dy).sqrt();
        let point = |s: f64| (from.0 + dx * s / length, from.1 + dy * s / length);
        let mut start = 0.0;
        while start < length {
            self.line(vec![point(start), point(f64::min(start + 12.0, length))], width, stroke);
            start += 20.0;
        }
    }

    /// A filled rectangle.
    pub fn rect(&mut self, rect: Rect, fill: Colour) {
        self.marks.push(Mark::Box { rect, fill });
    }

    /// A filled circle.
    pub fn dot(&mut self, centre: (f64, f64), radius: f64, fill: Colour) {
        self.marks.push(Mark::Dot { centre, radius, fill });
    }

    /// A diamond with a rim of `rim`, the sign of a reference value.
    pub fn diamond(&mut self, (x, y): (f64, f64), radius: f64, fill: Colour, rim: Colour) {
        for (r, colour) in [(radius + 3.0, rim), (radius, fill)] {
            self.area(vec![(x, y - r), (x + r, y), (x, y + r), (x - r, y)], colour);
        }
    }

    /// One line of text standing on `baseline`; an empty one is left out.
    pub fn text(&mut self, (x, baseline): (f64, f64), anchor: Anchor, style: TextStyle, content: &str) {
        if !content.trim().is_empty() {
            self.marks.push(Mark::Text { x, baseline, anchor, style, content: content.to_string() });
        }
    }

    /// One line of text on a patch of paper that keeps grid lines off it.
    pub fn text_on_paper(&mut self, at: (f64, f64), anchor: Anchor, style: TextStyle, content: &str) {
        let width = style.width(content);
        let left = match anchor {
            Anchor::Start => at.0,
            Anchor::Middle => at.0 - width / 2.0,
            Anchor::End => at.0 - width,
        };
        let (top, bottom) = (at.1 - 0.9 * style.size, at.1 + 0.25 * style.size);
        self.rect(Rect { left: left - 4.0, top, right: left + width + 4.0, bottom }, PAPER);
        self.text(at, anchor, style, content);
    }
}
