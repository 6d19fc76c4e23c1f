//! What is said about a text that is wrong: where, why, and what to type instead.
//!
//! *Takes* messages, spans and the texts they point into, *gives* rendered reports, *knows nothing of*
//! scenarios.
//!
//! ```
//! use riskband::diagnostic::{Diagnostic, Sources, Span, UNKNOWN_NAME};
//! let mut sources = Sources::default();
//! let file = sources.add("growth.toml", "growth = \"impcat\"");
//! let report = Diagnostic::error(&UNKNOWN_NAME, "unknown name `impcat`")
//!     .label(Span { source: file, start: 10, end: 16 }, "nothing has this name")
//!     .help("did you mean `impact`?");
//! assert!(sources.render_plain(&report).contains("growth.toml:1:11"));
//! ```

mod code;
mod figure;
mod message;
mod nearest;
mod sources;
mod thousands;
mod visible;

pub use code::*;
pub use figure::{figure, magnitude};
pub use message::{Diagnostic, Label, Severity, Span};
pub use nearest::nearest;
pub use sources::Sources;
pub use thousands::{counted, grouped, thousands};
pub use visible::{visible, visible_line};
