//! A text that is not quite TOML: what is wrong with it, said once each, and the text as it was meant, to be read on.
//!
//! A document is cut into statements (`statements`). One that does not read alone is gone through by readers that go on
//! where TOML stops (`headers`, `keys`, `values`, `scalars`, `numbers`): they report a mistake and note the edit that
//! removes it (`edits`). Keys and sections that stand twice are found among the statements (`twice`). What cannot be
//! guessed is replaced by a value that nothing takes, and reports about it are left out.

mod document;
mod edits;
mod headers;
mod joined;
mod keys;
mod mender;
mod numbers;
mod scalars;
mod statements;
mod tables;
mod twice;
mod values;

pub use document::{Mended, mend};
pub use edits::Places;
pub use joined::part;
pub use keys::key_pattern;
pub use numbers::{number, whole_number};
pub use twice::gather;
