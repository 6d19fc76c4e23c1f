//! R1 as constants: its names, its laws, and the roughly known size of its outputs.

use riskband::distribution::{Beta, Family, Pert};
use riskband::math::{normal_cdf, normal_quantile_tails, normal_sf};

/// Static inputs, in the order of every array over inputs.
pub const INPUT_NAMES: [&str; INPUTS] = [
    "base_market",
    "cancer",
    "personalised",
    "rare_disease",
    "allogeneic",
    "approvals",
    "funding",
    "op_cost",
    "labour",
    "regulation",
    "batch_failure",
    "autologous_share",
];
pub const INPUTS: usize = 12;
/// Simulated years, 2026 to 2031.
pub const YEARS: usize = 6;
/// The six markets and cagr.
pub const OUTPUTS: usize = YEARS + 1;
pub const LAST_MARKET: usize = YEARS - 1;
pub const CAGR: usize = YEARS;

/// Published size that `reaches_headline` asks for, USD bn.
pub const HEADLINE: f64 = 19.67;
/// Modes of the impacts, pp: cancer, personalised, rare_disease, allogeneic; then approvals and funding.
pub const FREE_MODES: [f64; 4] = [3.2, 2.8, 1.9, 2.4];
pub const APPROVALS_MODE: f64 = 3.6;
pub const FUNDING_MODE: f64 = 2.5;
/// Correlations of the normal scores, and what is left for the second score's own part.
pub const IMPACT_RHO: f64 = 0.4;
pub const IMPACT_REST: f64 = 0.916_515_138_991_168;
pub const COST_RHO: f64 = 0.5;
pub const COST_REST: f64 = 0.866_025_403_784_438_6;
/// Yearly factor with every impact at its mode, before costs: 1 + (sum of modes + centre) / 100, where centre is
/// 16.18 - 16.4 + 2.8 + 0.08 * 3 * exp(0.125).
pub const FACTOR: f64 = 1.0 + (16.4 + 16.18 - 16.4 + 2.8 + 0.24 * 1.133_148_453_066_826_3) / 100.0;
/// Standard deviation of a yearly shock, as part of the factor.
pub const SHOCK: f64 = 0.02;
/// ln(0.92), the chance that an event does not occur; and the median and sigma of a severity.
pub const LN_NO_EVENT: f64 = -0.083_381_608_939_051_06;
pub const SEVERITY_MEDIAN: f64 = 3.0;
pub const SEVERITY_SIGMA: f64 = 0.5;

/// Rough centre and spread of each output: the origin of the power sums and the middle of the bins. They need not be
/// exact, only near, so that sums keep their digits and bins are not wasted.
pub const CENTRES: [f64; OUTPUTS] = [9.3, 10.8, 12.5, 14.5, 16.8, 19.5, 15.9];
pub const SPREADS: [f64; OUTPUTS] = [0.3, 0.48, 0.72, 1.03, 1.43, 1.93, 1.9];

/// A share of a static input's law, as a function of its normal score.
#[derive(Clone, Copy, Debug)]
pub enum Curve {
    /// Distance of any impact from its mode, as a share of the mode.
    Impact,
    /// What the yearly factor loses to the cost.
    OpCost,
    Labour,
    Regulation,
    /// What the yearly factor loses to batch failures per unit of autologous share.
    BatchFailure,
    /// Position of the input in units of 2^-64.
    Rank,
}

/// One unit of position, as random 64-bit words count it.
pub const RANK_UNITS: f64 = 18_446_744_073_709_551_616.0;

/// The laws that are beta functions in disguise; the others are short enough to be written where they are used.
#[derive(Debug)]
pub struct Laws {
    /// Every impact is its mode times (1/2 + this).
    impact: Beta,
    op_cost: Pert,
    labour: Pert,
    regulation: Pert,
    batch_failure: Beta,
}

impl Laws {
    pub fn new() -> Self {
        let pert = |low, mode, high| Pert::new(low, mode, high, 4.0).expect("low < mode < high");
        Laws {
            impact: Beta::new(3.0, 3.0, 0.0, 1.0).expect("positive shapes"),
            op_cost: pert(0.5, 1.2, 2.4),
            labour: pert(0.4, 1.0, 2.2),
            regulation: pert(0.2, 0.6, 1.4),
            batch_failure: Beta::new(15.0, 85.0, 0.0, 1.0).expect("positive shapes"),
        }
    }

    /// `curve` where the input's position is `lower` from below and `upper` from above.
    pub fn at(&self, curve: Curve, lower: f64, upper: f64) -> f64 {
        match curve {
            Curve::Impact => self.impact.inverse(lower, upper) - 0.5,
            Curve::OpCost => 0.01 * self.op_cost.inverse(lower, upper),
            Curve::Labour => 0.01 * self.labour.inverse(lower, upper),
            Curve::Regulation => 0.01 * self.regulation.inverse(lower, upper),
            Curve::BatchFailure => 0.5 * (self.batch_failure.inverse(lower, upper) - 0.15),
            Curve::Rank => RANK_UNITS * lower,
        }
    }

    /// `curve` at the normal score `z`; neither tail is taken as the other's complement.
    pub fn at_score(&self, curve: Curve, z: f64) -> f64 {
        self.at(curve, normal_cdf(z), normal_sf(z))
    }

    /// A quantity that grows in a straight line with the value of input number `input`.
    pub fn value(&self, input: usize, lower: f64, upper: f64) -> f64 {
        match input {
            0 => triangle(lower, upper),
            1..=6 => self.at(Curve::Impact, lower, upper),
            7 => self.at(Curve::OpCost, lower, upper),
            8 => self.at(Curve::Labour, lower, upper),
            9 => self.at(Curve::Regulation, lower, upper),
            10 => self.at(Curve::BatchFailure, lower, upper),
            _ => lower,
        }
    }
}

/// The normal score of a position.
pub fn score(lower: f64, upper: f64) -> f64 {
    normal_quantile_tails(lower, upper)
}

/// Quantile of the symmetric triangular law on [-1, 1].
fn triangle(lower: f64, upper: f64) -> f64 {
    if lower <= upper { (2.0 * lower).sqrt() - 1.0 } else { 1.0 - (2.0 * upper).sqrt() }
}
