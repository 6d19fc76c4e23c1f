//! Small multiples: panels of one size in rows.

use super::scene::Rect;

const BETWEEN: f64 = 44.0;

/// Columns for so many panels.
fn columns(panels: usize) -> usize {
    match panels {
        0 | 1 => 1,
        2 | 4 => 2,
        3 | 5..=9 => 3,
        _ => 4,
    }
}

/// Panels of a picture, row by row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    pub columns: usize,
    rows: usize,
    /// Width of a panel.
    pub width: f64,
}

impl Grid {
    /// So many panels in a place of this width.
    pub fn new(panels: usize, width: f64) -> Grid {
        let columns = columns(panels);
        let width = (width - (columns - 1) as f64 * BETWEEN) / columns as f64;
        Grid { columns, rows: panels.div_ceil(columns).max(1), width }
    }

    /// Height of rows of this height.
    pub fn height(&self, row: f64) -> f64 {
        self.rows as f64 * row
    }

    /// The place of a panel in that of all of them.
    pub fn place(&self, panel: usize, all: Rect) -> Rect {
        let (row, column) = ((panel / self.columns) as f64, (panel % self.columns) as f64);
        let height = all.height() / self.rows as f64;
        let left = all.left + column * (self.width + BETWEEN);
        let top = all.top + row * height;
        Rect { left, top, right: left + self.width, bottom: top + height }
    }
}
