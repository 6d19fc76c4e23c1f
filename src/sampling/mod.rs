//! Uniforms and dependence: where every draw of every run comes from.
//!
//! *Takes* a seed, an input's name and element, and run numbers; *gives* the input's position in its own law for
//! each run, independent or tied to others by a Gaussian copula; *knows nothing of* laws and formulas. Nothing here
//! carries state: the position of input j in run i is a pure function of (seed, name of j, i).

mod copula;
mod key;
mod philox;
mod positions;
mod stream;

pub use copula::Tied;
pub use key::Key;
pub use philox::{LANES, fill_words, fill_words_of, philox4x32};
pub use positions::Positions;
pub use stream::Stream;
