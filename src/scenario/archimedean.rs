//! `copula = "clayton" | "frank" | "gumbel"` of [[correlations]]: θ from the one coefficient that is given.
//!
//! Kendall's coefficient is θ / (θ + 2), 1 − 4 (1 − D₁(θ)) / θ and 1 − 1 / θ; the chance of a common extreme 2^(−1 / θ),
//! none, and 2 − 2^(1 / θ); Spearman's of Clayton's is a series below, of Frank's copula is 1 − 12 (D₁(θ) − D₂(θ)) / θ, with Debye's functions D, and
//! of Gumbel's 12 ∫ (1 + A(t))⁻² dt − 3 with A(t) = (t^θ + (1 − t)^θ)^(1 / θ). Sources: Nelsen (2006), An Introduction to
//! Copulas, 2nd ed., examples 5.3–5.5 and 5.22, exercise 5.10; Hürlimann (2003), Hutchinson–Lai's conjecture for
//! bivariate extreme value copulas, Statistics & Probability Letters 61, 191–198 (the last).

use super::correlations::Reader;
use super::fields::Fields;
use super::model::{Copula, Generator};
use crate::diagnostic::{CORRELATION, Diagnostic, Span};

/// Largest |θ|: beyond, two inputs are one.
const MOST: f64 = 500.0;

impl Generator {
    /// The generator of a name.
    pub(super) fn named(name: &str) -> Option<Generator> {
        Some(match name {
            "clayton" => Generator::Clayton,
            "frank" => Generator::Frank,
            "gumbel" => Generator::Gumbel,
            _ => return None,
        })
    }

    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Generator::Clayton => "clayton",
            Generator::Frank => "frank",
            Generator::Gumbel => "gumbel",
        }
    }
}

impl Reader<'_, '_> {
    /// The Archimedean copula of a block; `None` after a report.
    pub(super) fn archimedean(&mut self, generator: Generator, fields: &Fields<'_>) -> Option<Copula> {
        let rotate = match fields.entry("rotate") {
            None => 0.0,
            Some(entry) => {
                let turn = self.figures.figure(&entry.node, "rotate", self.problems)?;
                let help = match generator {
                    Generator::Frank => {
                        "it looks the same from both ends: for a negative tie write `kendall = -0.4`"
                    }
                    _ => "180 swaps lows and highs; 90 and 270 tie highs of one to lows of the other",
                };
                if generator == Generator::Frank || ![90.0, 180.0, 270.0].contains(&turn) {
                    let message = match generator {
                        Generator::Frank => "a Frank copula is not rotated",
                        _ => "`rotate` is 90, 180 or 270",
                    };
                    let report = Diagnostic::error(&CORRELATION, message);
                    self.problems.push(report.label(entry.node.span, format!("it is {turn}")).help(help));
                    return None;
                }
                turn
            }
        };
        let coefficient = self.coefficient(fields)?;
        let (measure, span) = (coefficient.key.as_str(), coefficient.node.span);
        if ["rho", "matrix", "decay", "range", "loadings"].contains(&measure) {
            let name = generator.name();
            self.problems.push(
                Diagnostic::error(&CORRELATION, format!("a `{name}` copula takes no `{measure}`"))
                    .label(span, "belongs to Gaussian and t copulas")
                    .help("write `theta`, `kendall`, `spearman` or `tail`"),
            );
            return None;
        }
        let value = self.figures.figure(&coefficient.node, measure, self.problems)?;
        let rotate = rotate as u16;
        let opposite = rotate % 180 == 90 && ["kendall", "spearman"].contains(&measure);
        match theta(generator, measure, if opposite { -value } else { value }) {
            Ok(theta) if theta.abs() <= MOST => Some(Copula::Archimedean { generator, theta, rotate }),
            Ok(theta) => {
                self.unfit(format!("`{measure}` makes two inputs one"), span, format!("theta is {theta:.0}"))
            }
            Err(requirement) => {
                let sign = if opposite { "; rotated by a quarter it has the opposite sign" } else { "" };
                let message =
                    format!("`{measure}` of a `{}` copula must {requirement}{sign}", generator.name());
                self.unfit(message, span, format!("it is {value}"))
            }
        }
    }

    fn unfit<T>(&mut self, message: String, span: Span, label: String) -> Option<T> {
        self.problems.push(Diagnostic::error(&CORRELATION, message).label(span, label));
        None
    }
}

/// θ of a coefficient, or what is asked of it.
fn theta(generator: Generator, measure: &str, value: f64) -> Result<f64, &'static str> {
    let share = 0.0 < value && value < 1.0;
    let two_sided = value.abs() < 1.0 && value != 0.0;
    match (generator, measure) {
        (Generator::Clayton, "theta") if value > 0.0 => Ok(value),
        (Generator::Clayton, "theta") => Err("be above 0"),
        (Generator::Frank, "theta") if value != 0.0 => Ok(value),
        (Generator::Frank, "theta") => Err("not be 0, which is independence"),
        (Generator::Gumbel, "theta") if value > 1.0 => Ok(value),
        (Generator::Gumbel, "theta") => Err("be above 1; 1 is independence"),
        (Generator::Clayton, "kendall") if share => Ok(2.0 * value / (1.0 - value)),
        (Generator::Gumbel, "kendall") if share => Ok(1.0 / (1.0 - value)),
        (Generator::Frank, "kendall") if two_sided => {
            Ok(value.signum() * solve(frank_kendall, value.abs(), 0.0))
        }
        (Generator::Frank, "spearman") if two_sided => {
            Ok(value.signum() * solve(frank_spearman, value.abs(), 0.0))
        }
        (Generator::Gumbel, "spearman") if share => Ok(solve(gumbel_spearman, value, 1.0)),
        (Generator::Clayton, "spearman") if share => Ok(solve(clayton_spearman, value, 0.0)),
        (Generator::Clayton, "tail") if share => Ok(-std::f64::consts::LN_2 / libm::log(value)),
        (Generator::Gumbel, "tail") if share => Ok(std::f64::consts::LN_2 / libm::log(2.0 - value)),
        (Generator::Frank, "tail") => Err("be left out: its extremes do not come together"),
        (Generator::Frank, _) => Err("lie between -1 and 1 and not be 0"),
        _ => Err("lie between 0 and 1"),
    }
}

/// The θ above `least` at which a rising function has a value; infinite where it lies beyond [`MOST`].
fn solve(f: fn(f64) -> f64, value: f64, least: f64) -> f64 {
    let (mut low, mut high) = (least, 2.0 * MOST);
    if f(high) < value {
        return f64::INFINITY;
    }
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return middle;
        }
        if f(middle) < value {
            low = middle;
        } else {
            high = middle;
        }
    }
}

/// Spearman's coefficient of a pair.
pub(super) fn spearman(generator: Generator, theta: f64) -> f64 {
    match generator {
        Generator::Clayton => clayton_spearman(theta),
        Generator::Frank => theta.signum() * frank_spearman(theta.abs()),
        Generator::Gumbel => gumbel_spearman(theta),
    }
}

/// 24 a² Σ (−1)ᵏ (a)ₖ / ((2a + k) (3a)ₖ₊₁) − 3 with a = 1 / θ.
///
/// It is 12 ∫∫ C − 3 with u = e^(−a (m + d)), v = e^(−a m) for d > 0, which becomes 24 a² ∫∫ (1 − w)^(3a − 1) z^(2a − 1)
/// (1 + z w)^(−a) over the unit square, and there the binomial series. Its terms are moments of a positive measure, so
/// that the weights of Cohen, Rodriguez Villegas & Zagier (2000), Convergence acceleration of alternating series,
/// Experimental Mathematics 9(1), 3–12, algorithm 1, leave 5.8⁻²⁸ of the first.
fn clayton_spearman(theta: f64) -> f64 {
    const TERMS: usize = 28;
    let a = 1.0 / theta;
    let count = TERMS as f64;
    let base = libm::pow(3.0 + libm::sqrt(8.0), count);
    let whole = 0.5 * (base + 1.0 / base);
    let (mut weight, mut partial, mut sum) = (-1.0, -whole, 0.0);
    let mut ratio = 1.0 / 3.0;
    for k in 0..TERMS {
        let k = k as f64;
        partial = weight - partial;
        sum += partial * a * ratio / (2.0 * a + k);
        weight *= (k + count) * (k - count) / ((k + 0.5) * (k + 1.0));
        ratio *= (a + k) / (3.0 * a + k + 1.0);
    }
    24.0 * sum / whole - 3.0
}

fn frank_kendall(theta: f64) -> f64 {
    1.0 - 4.0 * (1.0 - debye(1, theta)) / theta
}

fn frank_spearman(theta: f64) -> f64 {
    1.0 - 12.0 * (debye(1, theta) - debye(2, theta)) / theta
}

/// Dₙ(x) = n / xⁿ ∫₀ˣ tⁿ / (eᵗ − 1) dt for n = 1 or 2, x > 0; Gauss–Legendre with five points on 256 panels.
fn debye(n: i32, x: f64) -> f64 {
    const NODES: [(f64, f64); 5] = [
        (-0.906_179_845_938_664, 0.236_926_885_056_189_1),
        (-0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
        (0.0, 0.568_888_888_888_888_9),
        (0.538_469_310_105_683_1, 0.478_628_670_499_366_5),
        (0.906_179_845_938_664, 0.236_926_885_056_189_1),
    ];
    const PANELS: usize = 256;
    // Beyond 60 nothing is left to a double.
    let half = 0.5 * x.min(60.0) / PANELS as f64;
    let term = |t: f64| if n == 1 { t / libm::expm1(t) } else { t * t / libm::expm1(t) };
    let panel = |panel: usize| -> f64 {
        let middle = (2 * panel + 1) as f64 * half;
        NODES.iter().map(|(node, weight)| weight * term(middle + node * half)).sum()
    };
    let integral = half * (0..PANELS).map(panel).sum::<f64>();
    if n == 1 { integral / x } else { 2.0 * integral / (x * x) }
}

/// The integral over t = 1 / (1 + e^−s) by the trapezoidal rule, which converges exponentially there; its integrand is
/// the same for t and 1 − t.
fn gumbel_spearman(theta: f64) -> f64 {
    const REACH: f64 = 40.0;
    let step = (0.4 / theta).min(0.1);
    let term = |k: usize| {
        let s = k as f64 * step;
        let rest = libm::exp(-s);
        let t = 1.0 / (1.0 + rest);
        let a = t * libm::exp(libm::log1p(libm::exp(-theta * s)) / theta);
        t * t * rest / ((1.0 + a) * (1.0 + a))
    };
    let count = (REACH / step) as usize;
    let integral = step * (term(0) + 2.0 * (1..count).map(term).sum::<f64>());
    12.0 * integral - 3.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By mpmath at 60 digits: `tests/reference/archimedean.py`.
    #[test]
    fn coefficients_lead_to_their_theta() {
        let text = include_str!("../../tests/reference/archimedean.csv");
        let mut worst = 0.0f64;
        for line in text.lines().skip(1) {
            let fields: Vec<&str> = line.split(',').collect();
            let generator = Generator::named(fields[0]).unwrap();
            let [expected, value] = [fields[1], fields[3]].map(|x| x.parse::<f64>().unwrap());
            let found = theta(generator, fields[2], value).unwrap();
            worst = worst.max((found / expected - 1.0).abs());
        }
        assert!(worst < 1e-10, "{worst:e}");
    }
}
