//! Inversion of a tail: where a distribution function in a logarithmic coordinate λ reaches a given
//! probability.

/// A tail at a point: probability F, its derivative F′ in λ, and (ln F′)′.
#[derive(Clone, Copy)]
pub(crate) struct Tail {
    pub(crate) probability: f64,
    pub(crate) kernel: f64,
    pub(crate) slope: f64,
    /// −(ln F′)″, positive.
    pub(crate) curvature: f64,
}

/// The point where an increasing tail F(λ) equals `target`.
///
/// - Formula: Halley's iteration on ln F(λ) = ln `target`; ln F is concave in λ for gamma (λ = ln x) and beta
///   (λ = ln(x/y)) laws, so it converges from any start; a bracket of offsets catches steps spoiled by
///   underflow. It stops where the error left by the last step, of third order, is below rounding.
/// - Domain: 0 < `target` ≤ ½ or so; `shift` moves a point by a difference in λ.
/// - Accuracy: that of `tail`. Source: DLMF 3.8.6 (Halley's rule).
pub(crate) fn log_root<P: Copy>(
    start: P,
    target: f64,
    tail: impl Fn(P) -> Tail,
    shift: impl Fn(P, f64) -> P,
) -> P {
    let mut point = start;
    let (mut offset, mut low, mut high) = (0.0, f64::NEG_INFINITY, f64::INFINITY);
    let (mut stride, mut previous_gap) = (0.0f64, f64::INFINITY);
    for _ in 0..MOST_STEPS {
        let here = tail(point);
        let rate = here.kernel / here.probability;
        let gap = log_ratio(here.probability, target);
        if gap < 0.0 {
            low = offset
        } else {
            high = offset
        }
        let newton = -gap / rate;
        let step = newton / (1.0 + 0.5 * newton * (here.slope - rate)).max(0.5);
        let scale = here.slope.abs() + here.curvature.sqrt();
        // inside a bracket a step must at least have halved the gap, else the bracket is halved
        let gains = gap.abs() < 0.5 * previous_gap || !(low.is_finite() && high.is_finite());
        previous_gap = gap.abs();
        if gains && offset + step >= low && offset + step <= high {
            point = shift(point, step);
            offset += step;
            let width = rate.max(scale);
            if gap.abs() < NEAR && (step * step * step).abs() * width * width < ROUNDING {
                break;
            }
        } else {
            stride = (8.0 * stride).max(1.0 / scale).min(LONGEST_STRIDE);
            offset = match (low.is_finite(), high.is_finite()) {
                (true, true) => 0.5 * (low + high),
                (true, false) => low + stride,
                _ => high - stride,
            };
            point = shift(start, offset);
        }
    }
    point
}

const MOST_STEPS: usize = 200;

/// Longest step into the open when a tail has underflowed.
const LONGEST_STRIDE: f64 = 64.0;

/// What the last step may leave, relative.
const ROUNDING: f64 = 1e-16;

/// Where the last step's error is of third order.
const NEAR: f64 = 0.03;

/// ln(value / target), exact to the last digits where the two are close.
fn log_ratio(value: f64, target: f64) -> f64 {
    let relative = (value - target) / target;
    if relative.abs() < 0.5 { libm::log1p(relative) } else { libm::log(value) - libm::log(target) }
}

#[cfg(test)]
mod tests {
    use super::{Tail, log_root};

    #[test]
    fn any_start_reaches_the_root() {
        // the exponential law in λ = ln x: F = 1 − exp(−x), F′ = x exp(−x)
        let tail = |lambda: f64| {
            let x = libm::exp(lambda);
            Tail { probability: -libm::expm1(-x), kernel: x * libm::exp(-x), slope: 1.0 - x, curvature: x }
        };
        for target in [1e-300, 1e-20, 0.1, 0.5] {
            let exact = libm::log(-libm::log1p(-target));
            for start in [-2000.0, exact - 5.0, exact, exact + 3.0, 300.0] {
                let found = log_root(start, target, tail, |lambda, step| lambda + step);
                assert!(
                    (found - exact).abs() <= 1e-15 * (1.0 + exact.abs()),
                    "{found} from {start} for {exact}"
                );
            }
        }
    }
}
