//! Uniforms and dependence: where every draw of every run comes from.
//!
//! *Takes* a seed, an input's name and element, and run numbers; *gives* the input's position in its own law for
//! each run, independent or tied to others by a copula; *knows nothing of* laws and formulas. Nothing here
//! carries state: the position of input j in run i is a pure function of (seed, name of j, i).

mod ars;
mod copula;
mod key;
mod positions;

pub use ars::{LANES, fill_words, fill_words_of};
pub use copula::{Denominator, Tied};
pub use key::Key;
pub use positions::Positions;
