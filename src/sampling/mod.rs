//! Uniforms and dependence: where every draw of every run comes from.
//!
//! *Takes* a seed, an input's name and element, and run numbers; *gives* the input's position in its own law for
//! each run, independent or tied to others by a copula; *knows nothing of* laws and formulas. Nothing here
//! carries state: the position of input j in run i is a pure function of (seed, name of j, i), and where the design is
//! not Monte Carlo of the number of runs.

mod archimedean;
mod ars;
mod copula;
mod design;
mod dimensions;
mod frailty;
mod hypercube;
mod key;
mod positions;
mod sobol;
mod stream;
mod together;
mod weights;

pub use archimedean::{Archimedean, Generator, Nested};
pub use ars::{LANES, fill_events, fill_words};
pub use copula::{Denominator, Tied};
pub use design::{Coordinate, Design, MOST_DESIGNED_RUNS, REPLICATES};
pub use dimensions::dimensions;
pub use frailty::Frailty;
pub use key::Key;
pub use positions::Positions;
pub use stream::{MOST_LANES, Stream};
pub use together::Together;
pub use weights::Weights;
