//! Integral of exp ψ over [0, ∞) for a concave ψ that starts at 0 and falls: a tail, measured in units of its
//! own density.

/// ∫ exp ψ(v) dv from 0 to ∞ (or to `bound`).
///
/// - Formula: Newton's iteration for the length on which ψ falls to about −40, then Gauss–Legendre with 32
///   points.
/// - Domain: `concave` gives (ψ, ψ′), ψ concave with ψ(0) = 0; `guess` is a first length, `bound` the end of
///   the range.
/// - Accuracy: relative error ≤ 1e-14 for exponential, normal and doubly exponential decay; held by
///   `tests::known_integrals_are_met`.
/// - Source: DLMF 3.5.19 (Gauss–Legendre); the idea of integrating a tail from x outwards is common property.
pub(crate) fn tail_integral(guess: f64, bound: f64, concave: impl Fn(f64) -> (f64, f64)) -> f64 {
    let mut length = guess.min(bound);
    // ψ is concave: after one step the iterates come down on the root from above
    for _ in 0..40 {
        let (value, slope) = concave(length);
        let settled = (NEGLIGIBLE - SLACK..=NEGLIGIBLE).contains(&value);
        if settled || (length == bound && value > NEGLIGIBLE) {
            break;
        }
        let next = length - (value - NEGLIGIBLE + 0.3 * SLACK) / slope;
        length = if next > 0.0 { next.min(bound) } else { 0.5 * length };
    }
    let half = 0.5 * length;
    let sum = GAUSS_LEGENDRE.iter().fold(0.0, |sum, &(node, weight)| {
        let (near, far) = (concave(half * (1.0 - node)).0, concave(half * (1.0 + node)).0);
        sum + weight * (libm::exp(near) + libm::exp(far))
    });
    half * sum
}

/// Where exp ψ no longer matters, and by how much the length may overshoot it.
const NEGLIGIBLE: f64 = -38.0;
const SLACK: f64 = 10.0;

/// Positive nodes and weights of the 32-point rule on [−1, 1]; printed by `tests/reference/special.py
/// coefficients`.
pub(super) const GAUSS_LEGENDRE: [(f64, f64); 16] = [
    (0.04830766568773832, 0.0965400885147278),
    (0.1444719615827965, 0.09563872007927486),
    (0.23928736225213706, 0.09384439908080457),
    (0.33186860228212767, 0.09117387869576389),
    (0.42135127613063533, 0.08765209300440381),
    (0.5068999089322294, 0.08331192422694675),
    (0.5877157572407623, 0.07819389578707031),
    (0.6630442669302152, 0.0723457941088485),
    (0.7321821187402897, 0.06582222277636185),
    (0.7944837959679424, 0.058684093478535544),
    (0.84936761373257, 0.050998059262376175),
    (0.8963211557660521, 0.04283589802222668),
    (0.9349060759377397, 0.03427386291302143),
    (0.9647622555875064, 0.02539206530926206),
    (0.9856115115452684, 0.01627439473090567),
    (0.9972638618494816, 0.007018610009470096),
];

#[cfg(test)]
mod tests {
    use super::tail_integral;

    #[track_caller]
    fn meets(expected: f64, guess: f64, concave: impl Fn(f64) -> (f64, f64)) {
        let found = tail_integral(guess, f64::INFINITY, concave);
        assert!((found / expected - 1.0).abs() <= 1e-14, "{found} for {expected}");
    }

    #[test]
    fn known_integrals_are_met() {
        for guess in [0.1, 8.0, 40.0, 300.0] {
            meets(1.0, guess, |v| (-v, -1.0));
            meets((std::f64::consts::PI / 2.0).sqrt(), guess, |v| (-0.5 * v * v, -v));
        }
        // ∫ exp(c − c eᵛ) dv = eᶜ E₁(c): DLMF 6.2.1
        for (c, expected) in
            [(0.2, 1.4933487469322396), (1.0, 0.5963473623231941), (30.0, 0.03228973875898012)]
        {
            meets(expected, 5.0, |v| (-c * libm::expm1(v), -c * libm::exp(v)));
        }
    }

    #[test]
    fn a_bound_ends_the_range() {
        let found = tail_integral(9.0, 2.0, |v| (-v, -1.0));
        assert!((found + libm::expm1(-2.0)).abs() <= 1e-15);
    }
}
