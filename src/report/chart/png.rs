//! An SVG of a chart as PNG, with the embedded fonts.

use std::sync::Arc;

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use super::encode::encoded;
use super::font::{embedded_fonts, missing_characters};
use super::svg::ChartError;

/// A rasterised chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The PNG file.
    pub bytes: Vec<u8>,
    /// One sentence for each thing the reader of the picture may miss.
    pub warnings: Vec<String>,
}

/// Pixels to one unit of the SVG: 2,400 pixels for a width of 1,600.
const PIXELS: f32 = 1.5;

/// Rasterises an SVG that [`super::svg`] made, 2,400 pixels wide and at least 1,500 high, anti-aliased.
///
/// Only the embedded fonts are used, so the same SVG gives the same bytes everywhere. Where a label has a character
/// they lack, the fonts of the system are asked for it, and a warning says so.
///
/// # Errors
/// [`ChartError::Reading`] where the text is no SVG, [`ChartError::Encoding`] where the picture is too large to hold
/// or to write.
pub fn png(svg: &str) -> Result<Picture, ChartError> {
    let missing = missing_characters(svg);
    let mut fonts = embedded_fonts();
    let mut warnings = Vec::new();
    if !missing.is_empty() {
        let mut with_system = (*fonts).clone();
        with_system.load_system_fonts();
        fonts = Arc::new(with_system);
        let listed: String = missing.iter().take(20).collect();
        warnings.push(format!(
            "the embedded fonts lack “{listed}”; the fonts of this system were used where they have it, so the \
             picture may differ elsewhere"
        ));
    }
    let options = Options { fontdb: fonts, font_family: "Pretendard".to_string(), ..Options::default() };
    let tree = Tree::from_str(svg, &options).map_err(|e| ChartError::Reading(e.to_string()))?;
    let size = tree.size();
    let (width, height) = ((size.width() * PIXELS).ceil(), (size.height() * PIXELS).ceil());
    let mut pixmap = Pixmap::new(width as u32, height as u32)
        .ok_or_else(|| ChartError::Encoding(format!("{width} × {height} pixels are too many")))?;
    pixmap.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(PIXELS, PIXELS), &mut pixmap.as_mut());
    let bytes = encoded(&pixmap).map_err(|e| ChartError::Encoding(e.to_string()))?;
    Ok(Picture { bytes, warnings })
}
