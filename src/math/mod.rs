//! Elementary and special functions with the same bits on every machine.
//!
//! *Takes* numbers, *gives* numbers, *knows nothing of* laws, runs and blocks. The functions of the sampled path are
//! scalar, free of branches, and marked `#[inline(always)]`: a plain loop over a slice vectorises inside a function
//! compiled for wider vectors, and gives the bits of the scalar call. Fused multiply-adds stand only where every
//! processor gets the fused result: in the products of `double` and in the polynomials of `octaves`. What is only
//! needed once per law (`exp_m1`, `ln_1p`, `sin`, `cos`) comes from the `libm` crate.
//!
//! ```
//! use riskband::math;
//! assert!((math::pow(2.0, 0.5) - 2f64.sqrt()).abs() < 1e-15);
//! assert!((math::normal_sf(30.0) / 4.906713927148187e-198 - 1.0).abs() < 1e-14);
//! let (lower, upper) = math::incomplete_gamma(1.0, 40.0);
//! assert_eq!(lower, 1.0);
//! assert!((upper / 4.248354255291589e-18 - 1.0).abs() < 1e-14);
//! ```

mod double;
mod exp;
mod incomplete_beta;
mod incomplete_gamma;
mod kernel;
mod ln;
mod ln_gamma;
mod log_root;
mod mills;
mod normal;
mod octaves;
mod polynomial;
mod pow;
mod quadrature;
mod quantile_table;
mod root;
mod score_words;
pub mod simd;
mod student;
pub mod symmetric;
mod t_scores;
mod tail;
mod tail_quadrature;
mod trigonometry;

#[cfg(test)]
mod reference;

pub use double::{Fused, Split};
pub(crate) use double::{two_product, two_sum};
pub use exp::{exp, exp_m1};
pub use incomplete_beta::{IncompleteBeta, incomplete_beta, inverse_incomplete_beta};
pub use incomplete_gamma::{IncompleteGamma, incomplete_gamma, inverse_incomplete_gamma};
pub use kernel::{BetaKernel, GammaKernel, expm1mx, log1pmx};
pub use ln::{ln, ln_1p, ln_complement, ln_quotient, ln_ratio, log10};
pub use ln_gamma::{ln_beta, ln_gamma, ln_gamma_1p, stirling_remainder};
pub(crate) use log_root::{Tail, log_root};
pub use mills::{mills_difference, mills_ratio};
pub use normal::{normal_cdf, normal_density, normal_quantile, normal_quantile_tails, normal_sf};
pub use pow::{ORDINARY_BASES, ORDINARY_EXPONENT, pow, pow_by, pow_ordinary, pow_quotient, scaled_pow};
pub use quadrature::integrate_tails;
pub use quantile_table::{QuantileFit, QuantileTable, TOLERANCE, fill_scores};
pub use root::{degree_of, power_of_root, root};
pub use score_words::fill_words_of_scores;
pub use student::StudentTails;
pub use t_scores::TScores;
pub use tail::{
    DEEP, centre_of_word, continued_tail, depth_of_word, lower_of, normal_score, tail_of_score, tail_of_word,
    upper_of, word_of_tail,
};
pub(crate) use tail_quadrature::tail_integral;
pub use trigonometry::{cos, sin};
