//! Probability laws: the distribution families of the scenario language.
//!
//! *Takes* a family and its parameters, *gives* quantile, cdf, sf, density, moments and support, *knows nothing of*
//! runs and blocks. Every family is a file of its own and a row of [`FAMILIES`], the table that the parser of `dist`
//! strings, the nearest-name search, the help and the documentation read.
//!
//! ```
//! use riskband::distribution::{Family, Normal};
//! let law = Normal::new(0.0, 2.0).unwrap();
//! assert!((law.quantile(0.975) - 3.919927969080108).abs() < 1e-14);
//! ```

mod bernoulli;
mod beta;
mod binomial;
mod constant;
mod discrete;
mod exponential;
mod family;
mod forms;
mod gamma;
mod gumbel;
mod lattice;
mod law;
#[cfg(test)]
mod laws;
mod lognormal;
mod moved;
mod normal;
mod parameters;
mod pert;
mod poisson;
#[cfg(test)]
mod reference;
mod step_table;
mod student_t;
mod table;
mod triangular;
mod truncated;
mod uniform;
mod weibull;

pub use bernoulli::Bernoulli;
pub use beta::Beta;
pub use binomial::Binomial;
pub use constant::Constant;
pub use discrete::Discrete;
pub use exponential::Exponential;
pub use family::{Family, ParameterError, ensure};
pub use gamma::Gamma;
pub use gumbel::Gumbel;
pub use law::Law;
#[cfg(test)]
pub(crate) use laws::laws;
pub use lognormal::Lognormal;
pub use moved::Moved;
pub use normal::Normal;
pub use pert::Pert;
pub use poisson::Poisson;
pub use step_table::StepTable;
pub use student_t::StudentT;
pub use table::{Arguments, FAMILIES, FamilyEntry, Form, Parameter};
pub use triangular::Triangular;
pub use truncated::Truncated;
pub use uniform::Uniform;
pub use weibull::Weibull;
