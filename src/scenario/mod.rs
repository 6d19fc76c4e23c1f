//! The scenario language: what a scenario file may say, and everything that is wrong with one, said at once.
//!
//! *Takes* TOML text, *gives* a checked [`Scenario`] or diagnostics that point into the text, *knows nothing
//! of* sampling and threads. The stages, each in a file of its own:
//! `extends`, `overlay` and `overrides` assemble the text (`read`, `escapes`, `tree`; `mend` where it is not TOML, `foreign_format`
//! where it is no scenario); `settings` and `declare` read the
//! tables (`fields`, `over`, `spread`); `lexer` and `parser` (`complaints`) read formulas
//! (`other_words` knows those of other programs); `infer` finds
//! their axes; `resolve` with `calls` and `pins` checks names and dimensions against `names` and `functions`;
//! `constants`, `inputs` (`dist`, `laws`, `forms`, `compound`, `rows`, `shares`), `variables`, `outputs` and `correlations`
//! (`coefficients`, `structures`, `ties`, `conflict`) make the parts of the model; `cycles`, `usage` and `rates` look at the whole.
//!
//! ```
//! use riskband::scenario::{LoadFailure, load_sources, load_text};
//! let text = "
//!     [inputs.cost]
//!     dist = 'normal(10, 2)'
//!     assumption = 'an example'
//!     [outputs.twice]
//!     formula = '2 * cots'";
//! let Err(failure) = load_text("twice.toml", text, &[]) else { panic!("it has a mistake") };
//! let LoadFailure::Rejected { diagnostics, sources } = failure else { panic!("it was read") };
//! assert_eq!(diagnostics[0].message, "unknown name `cots`");
//! assert!(sources.render_plain(&diagnostics[0]).contains("did you mean `cost`?"));
//! ```

mod advice;
mod archimedean;
mod call_advice;
mod calls;
mod circles;
mod coefficients;
mod commas;
mod complaints;
mod components;
mod compositions;
mod compound;
mod conflict;
mod constants;
mod correlations;
mod cycles;
mod data;
mod declare;
mod demands;
mod dist;
mod dist_words;
mod draw_spec;
mod empirical;
mod escapes;
mod evaluate;
mod expression;
mod extends;
mod factors;
mod fields;
mod figures;
mod finite;
mod foreign_format;
mod foreign_syntax;
mod foreign_texts;
mod form_advice;
mod forms;
mod functions;
mod hidden;
mod infer;
mod inputs;
mod laws;
mod levels;
mod lexer;
mod list_words;
mod literals;
mod load;
mod markov;
mod meaning;
mod mend;
mod model;
mod names;
pub mod operation;
mod other_functions;
mod other_laws;
mod other_words;
mod outputs;
mod over;
mod overlay;
mod overrides;
mod parameter_words;
mod parser;
mod paths;
mod percent;
mod persistence;
mod pins;
mod plain;
mod probabilities;
mod processes;
mod rates;
mod read;
mod resolve;
mod risk_properties;
mod rows;
mod schema;
mod settings;
mod shares;
mod solved;
mod spelling;
mod spread;
mod structures;
mod syntax;
mod terms;
mod ties;
mod tornado_inputs;
mod tree;
mod untied;
mod usage;
mod value_set;
mod variables;
mod wrapped;

pub use dist_words::{DIST_WORDS, DistWord};
pub use draw_spec::{CompoundSpec, DrawSpec, LawSpec, Movement};
pub use expression::{BinaryOp, Expr, Reduction, Symbol, UnaryOp};
pub use forms::spelled;
pub use functions::{FUNCTIONS, Function};
pub use levels::{AskedLevels, Levels, MOST_LEVELS, WrongLevel, levels};
pub use load::{LoadFailure, Loaded, load, load_sources, load_text};
pub use mend::whole_number;
pub use model::*;
pub use other_functions::OTHER_FUNCTIONS;
pub use other_laws::OTHER_LAWS;
pub use other_words::OtherWord;
pub use overrides::plain as plain_override;
pub use percent::{Convention, Percent};
pub use plain::{plain, read_plain};
pub use processes::{PROCESSES, Process};
pub use schema::schema;
