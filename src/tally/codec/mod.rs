//! Tallies as bytes, the same on every machine: what `docs/tally-format.md` describes.
//!
//! What is written is canonical: equal tallies give equal bytes. What is read is checked and may be any bytes.

mod bytes;
mod cell;
mod conditional;
mod digests;
mod shape;

pub use bytes::{Malformed, Reader, Writer};

use super::Tally;

impl Tally {
    /// Writes every cell, then every tornado, and hands each over alone: all together may be large. The tally is settled.
    pub fn write(&self, piece: &mut dyn FnMut(&[u8])) {
        let mut to = Writer::default();
        for cell in &self.cells {
            cell.write(&mut to);
            piece(&to.bytes);
            to.bytes.clear();
        }
        for conditional in &self.conditionals {
            conditional.write(&mut to);
            piece(&to.bytes);
            to.bytes.clear();
        }
    }

    /// Reads what [`Tally::write`] wrote into a tally of the same scenario without runs.
    ///
    /// # Errors
    /// When the bytes are no such tally; what was read until then is then of no use.
    pub fn read(&mut self, from: &mut Reader<'_>) -> Result<(), Malformed> {
        self.cells.iter_mut().try_for_each(|cell| cell.read(from))?;
        self.conditionals.iter_mut().try_for_each(|conditional| conditional.read(from))
    }
}
