//! A scene as SVG, drawn by plotters.
//!
//! plotters' SVG backend rounds every coordinate to an integer. The scene is therefore drawn on a canvas eight times
//! as large and shown at an eighth of it, so that curves stay smooth and text stands where it was measured.

use std::fmt;

use plotters::coord::Shift;
use plotters::prelude::{
    Circle, DrawingArea, IntoDrawingArea, PathElement, Polygon, RGBColor, Rectangle, SVGBackend, Text,
};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle};

use super::font::{FAMILIES, Weight};
use super::scene::{Anchor, Chart, Colour, Mark, Scene, TextStyle};
use super::theme::PAPER;

/// Why a picture could not be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ChartError {
    /// The drawing layer refused a mark.
    Drawing(String),
    /// The SVG text cannot be read.
    Reading(String),
    /// The picture cannot be written as PNG.
    Encoding(String),
}

impl fmt::Display for ChartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Drawing(why) => write!(f, "the chart cannot be drawn: {why}"),
            Self::Reading(why) => write!(f, "the SVG cannot be read: {why}"),
            Self::Encoding(why) => write!(f, "the picture cannot be written as PNG: {why}"),
        }
    }
}

impl std::error::Error for ChartError {}

/// Canvas units of the SVG to one unit of the scene.
const SCALE: f64 = 8.0;

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

/// The chart as an SVG document, 1,600 wide and at least 1,000 high; the same bytes for the same chart.
///
/// # Errors
/// [`ChartError::Drawing`] where the drawing layer refuses a mark.
pub fn svg(chart: &impl Chart) -> Result<String, ChartError> {
    render(&chart.scene())
}

fn render(scene: &Scene) -> Result<String, ChartError> {
    let mut text = String::new();
    {
        let size = (enlarged(scene.width).max(1) as u32, enlarged(scene.height).max(1) as u32);
        let area = SVGBackend::with_string(&mut text, size).into_drawing_area();
        area.fill(&rgb(PAPER)).map_err(refusal)?;
        for mark in &scene.marks {
            draw(&area, mark).map_err(refusal)?;
        }
        area.present().map_err(refusal)?;
    }
    Ok(shown_at_scene_size(&text, scene))
}

fn draw(area: &Area, mark: &Mark) -> Result<(), impl fmt::Display + use<>> {
    match mark {
        Mark::Area { points, fill } => area.draw(&Polygon::new(enlarged_points(points), rgb(*fill).filled())),
        Mark::Line { points, width, stroke } => {
            let style = rgb(*stroke).stroke_width(enlarged(*width).max(1) as u32);
            area.draw(&PathElement::new(enlarged_points(points), style))
        }
        Mark::Box { rect, fill } => {
            let corners =
                [(enlarged(rect.left), enlarged(rect.top)), (enlarged(rect.right), enlarged(rect.bottom))];
            area.draw(&Rectangle::new(corners, rgb(*fill).filled()))
        }
        Mark::Dot { centre, radius, fill } => {
            area.draw(&Circle::new(enlarged_point(centre), enlarged(*radius), rgb(*fill).filled()))
        }
        Mark::Text { x, baseline, anchor, style, content } => {
            // At VPos::Top the backend sets the baseline 0.76 em below the point it is given.
            let top = enlarged_point(&(*x, baseline - 0.76 * style.size));
            area.draw(&Text::new(printable(content), top, text_style(style, *anchor)))
        }
    }
}

fn text_style(style: &TextStyle, anchor: Anchor) -> plotters::style::TextStyle<'static> {
    let weight = match style.weight {
        Weight::Regular => FontStyle::Normal,
        Weight::SemiBold => FontStyle::Bold,
    };
    let horizontal = match anchor {
        Anchor::Start => HPos::Left,
        Anchor::Middle => HPos::Center,
        Anchor::End => HPos::Right,
    };
    plotters::style::TextStyle {
        // The backend divides sizes by 1.24 to reach the size in SVG.
        font: FontDesc::new(FontFamily::Name(FAMILIES), style.size * SCALE * 1.24, weight),
        color: rgb(style.colour).to_backend_color(),
        pos: Pos::new(horizontal, VPos::Top),
    }
}

/// Gives the root element the scene's size and name; its `viewBox` keeps the enlarged coordinates.
fn shown_at_scene_size(text: &str, scene: &Scene) -> String {
    let enlarged_size = format!(r#"width="{}" height="{}""#, enlarged(scene.width), enlarged(scene.height));
    let size = format!(
        r#"width="{}" height="{}" role="img" aria-label="{}""#,
        scene.width,
        scene.height,
        escaped(&printable(&scene.title))
    );
    text.replacen(&enlarged_size, &size, 1)
}

/// Control characters, which XML forbids, become spaces.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') { ' ' } else { c })
        .collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn enlarged(units: f64) -> i32 {
    (units * SCALE).round() as i32
}

fn enlarged_point(point: &(f64, f64)) -> (i32, i32) {
    (enlarged(point.0), enlarged(point.1))
}

fn enlarged_points(points: &[(f64, f64)]) -> Vec<(i32, i32)> {
    points.iter().map(enlarged_point).collect()
}

fn rgb(colour: Colour) -> RGBColor {
    RGBColor(colour.0, colour.1, colour.2)
}

fn refusal(why: impl fmt::Display) -> ChartError {
    ChartError::Drawing(why.to_string())
}
