//! Other people's mathematics beside ours: the laws of a scenario against those of `statrs`, draws against `rand_distr`.
//!
//! *Takes* laws and their draws, *gives* largest differences and p-values, *knows nothing of* scenarios. No value of a run
//! passes through here: what is computed here is compared and then forgotten.

mod asked;
mod audit;
mod difference;
mod draws;
mod exact;
mod goodness;
mod table;

pub use asked::{PATIENCE, THREAD, Unanswered, asked};
pub use audit::{Audited, FALSE_ALARM, Fault, audit};
pub use difference::{BOUND, Difference, Quantity, differences};
pub use draws::Draws;
pub use exact::Exact;
pub use goodness::{Goodness, Method, goodness};
pub use table::{DrawsOf, LawOf, PEERS, Peer, peer, peer_of};
