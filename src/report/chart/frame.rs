//! What surrounds every chart: title and subtitle above, provenance below.

use super::scene::{Anchor, Rect, Scene};
use super::theme::{self, FOOT_ROOM, GRID, MARGIN, NOTE, SUBTITLE, TITLE, WIDTH, leading};
use super::words::Words;
use crate::scenario::Language;

/// Title, subtitle and footer of a chart, and the language of the tool's own words in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Frame {
    pub title: String,
    pub subtitle: String,
    /// Number of runs, seed, version and short hash, ready to print.
    pub footer: String,
    pub language: Language,
}

impl Frame {
    /// The tool's own words.
    pub(super) fn words(&self) -> &'static Words {
        Words::of(self.language)
    }

    /// Draws the frame for a chart that needs `needed` units of height between subtitle and footer.
    ///
    /// Gives the scene and the place for the chart, which is higher than asked where the picture would fall short
    /// of its least height.
    pub(super) fn open(&self, needed: f64) -> (Scene, Rect) {
        let width = WIDTH - 2.0 * MARGIN;
        let title = TITLE.wrapped(&self.title, width, 2);
        let subtitle = SUBTITLE.wrapped(&self.subtitle, width, 2);
        let footer = NOTE.wrapped(&self.footer, width, 2);
        let head =
            40.0 + title.len() as f64 * leading(TITLE) + subtitle.len() as f64 * leading(SUBTITLE) + 18.0;
        let foot = FOOT_ROOM + footer.len() as f64 * leading(NOTE);
        let height = theme::HEIGHT.max((head + needed + foot).ceil());

        let mut scene = Scene::new(WIDTH, height, &self.title);
        let mut y = 40.0;
        for line in &title {
            y += leading(TITLE);
            scene.text((MARGIN, y - 10.0), Anchor::Start, TITLE, line);
        }
        for line in &subtitle {
            y += leading(SUBTITLE);
            scene.text((MARGIN, y - 4.0), Anchor::Start, SUBTITLE, line);
        }
        let rule = height - foot + 22.0;
        scene.line(vec![(MARGIN, rule), (WIDTH - MARGIN, rule)], 2.0, GRID);
        for (i, line) in footer.iter().enumerate() {
            let baseline = rule + 8.0 + (i + 1) as f64 * leading(NOTE);
            scene.text((MARGIN, baseline), Anchor::Start, NOTE, line);
        }
        (scene, Rect { left: MARGIN, top: head, right: WIDTH - MARGIN, bottom: height - foot })
    }
}

/// A unit in the heading of an axis: `Market size, USD bn`.
pub(super) fn with_unit(label: &str, unit: &str) -> String {
    match (label.trim(), unit.trim()) {
        (label, "") => label.to_string(),
        ("", unit) => unit.to_string(),
        (label, unit) => format!("{label}, {unit}"),
    }
}
