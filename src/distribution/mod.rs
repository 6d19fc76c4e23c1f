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

mod arcsine;
mod bernoulli;
mod beta;
mod beta_binomial;
mod binomial;
mod burr12;
mod cauchy;
mod chi_squared;
mod compound;
mod constant;
mod cumulative;
mod discrete;
mod euler_maclaurin;
mod exponential;
mod f;
mod family;
mod forms;
mod frechet;
mod gamma;
mod geometric;
mod gev;
mod gpd;
mod gumbel;
mod hypergeometric;
mod inverse_gaussian;
mod irwin_hall;
mod johnson_sb;
mod johnson_su;
mod kumaraswamy;
mod laplace;
mod lattice;
mod law;
#[cfg(test)]
mod laws;
mod layer;
mod logarithmic;
mod logistic;
mod loglogistic;
mod lognormal;
mod metalog;
mod moved;
mod negative_binomial;
mod normal;
mod parameters;
mod pareto;
mod pert;
mod poisson;
mod power_scale;
mod rayleigh;
#[cfg(test)]
mod reference;
mod skew_normal;
mod solve;
mod step_table;
mod student_t;
mod table;
mod tail_sums;
mod trapezoidal;
mod triangular;
mod truncated;
mod uniform;
mod uniform_int;
mod weibull;
mod zipf;

pub use arcsine::Arcsine;
pub use bernoulli::Bernoulli;
pub use beta::Beta;
pub use beta_binomial::BetaBinomial;
pub use binomial::Binomial;
pub use burr12::Burr12;
pub use cauchy::Cauchy;
pub use compound::{compound_moments, is_count};
pub use constant::Constant;
pub use cumulative::Cumulative;
pub use discrete::Discrete;
pub use exponential::Exponential;
pub use f::F;
pub use family::{Family, ParameterError, ensure, ensure_location_scale};
pub use frechet::Frechet;
pub use gamma::Gamma;
pub use geometric::Geometric;
pub use gev::Gev;
pub use gpd::Gpd;
pub use gumbel::Gumbel;
pub use hypergeometric::Hypergeometric;
pub use inverse_gaussian::InverseGaussian;
pub use irwin_hall::IrwinHall;
pub use johnson_sb::JohnsonSb;
pub use johnson_su::JohnsonSu;
pub use kumaraswamy::Kumaraswamy;
pub use laplace::Laplace;
pub use law::Law;
#[cfg(test)]
pub(crate) use laws::laws;
pub use layer::Layer;
pub use logarithmic::Logarithmic;
pub use logistic::Logistic;
pub use loglogistic::Loglogistic;
pub use lognormal::Lognormal;
pub use metalog::Metalog;
pub use moved::Moved;
pub use negative_binomial::NegativeBinomial;
pub use normal::Normal;
pub use pareto::Pareto;
pub use pert::Pert;
pub use poisson::Poisson;
pub use rayleigh::Rayleigh;
pub use skew_normal::SkewNormal;
pub use solve::{Known, Solvable};
pub use step_table::StepTable;
pub use student_t::StudentT;
pub use table::{Arguments, FAMILIES, FamilyEntry, Form, Parameter};
pub use trapezoidal::Trapezoidal;
pub use triangular::Triangular;
pub use truncated::Truncated;
pub use uniform::Uniform;
pub use uniform_int::UniformInt;
pub use weibull::Weibull;
pub use zipf::Zipf;
