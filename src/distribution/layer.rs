//! What a cover pays of a loss: the part above a retention, up to a limit.

use super::composition::condition;
use super::{Family, Law, ParameterError, ensure};

/// The layer `limit` in excess of `retention`: min(max(x − retention, 0), limit).
///
/// - Domain: retention 0 or above and finite, limit above 0; an infinite one stands for none.
/// - Source: Klugman, Panjer & Willmot (2012), Loss Models, 4th ed., sections 8.2 (deductible) and 8.4 (limit).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layer {
    retention: f64,
    limit: f64,
}

impl Layer {
    /// A layer; `None` for a retention of 0, for no limit.
    ///
    /// # Errors
    /// A retention below 0 or not finite, a limit that is not above 0.
    pub fn new(retention: Option<f64>, limit: Option<f64>) -> Result<Self, ParameterError> {
        let (retention, limit) = (retention.unwrap_or(0.0), limit.unwrap_or(f64::INFINITY));
        ensure(
            retention >= 0.0 && retention.is_finite(),
            "retention",
            retention,
            "be 0 or above and finite",
        )?;
        ensure(limit > 0.0, "limit", limit, "be above 0")?;
        Ok(Self { retention, limit })
    }

    /// What is paid of a loss; a loss that is not a number stays one.
    pub fn pays(&self, loss: f64) -> f64 {
        let above = loss - self.retention;
        if above < 0.0 {
            0.0
        } else if above > self.limit {
            self.limit
        } else {
            above
        }
    }

    /// Mean and variance of what is paid of a loss of this law; `None` where they do not exist.
    ///
    /// - Formula: with T the law on [r, r + l] and m its probability, E Y = m (E T − r) + l P(X > r + l), and E Y²
    ///   alike with squares.
    pub fn moments(&self, loss: &Law) -> (Option<f64>, Option<f64>) {
        let end = self.retention + self.limit;
        let beyond = if end.is_finite() { loss.sf(end) } else { 0.0 };
        let before = if loss.has_atoms() { self.retention.next_down() } else { self.retention };
        let inside = loss.sf(before) - beyond;
        let capped =
            if beyond > 0.0 { (self.limit * beyond, self.limit * self.limit * beyond) } else { (0.0, 0.0) };
        let Ok(within) = condition(loss.clone(), self.retention, end) else {
            return (Some(capped.0), Some(capped.1 - capped.0 * capped.0));
        };
        let excess = within.mean().map(|mean| mean - self.retention);
        let mean = excess.map(|excess| inside * excess + capped.0);
        let square = excess.zip(within.variance()).map(|(e, v)| inside * (v + e * e) + capped.1);
        (mean, mean.zip(square).map(|(mean, square)| (square - mean * mean).max(0.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::{Discrete, Exponential};

    #[test]
    fn a_layer_pays_between_its_ends() {
        let layer = Layer::new(Some(2.0), Some(5.0)).unwrap();
        assert_eq!([1.0, 2.0, 4.5, 7.0, 9.0].map(|loss| layer.pays(loss)), [0.0, 0.0, 2.5, 5.0, 5.0]);
        assert!(layer.pays(f64::NAN).is_nan());
        assert_eq!(Layer::new(Some(-1.0), None).unwrap_err().parameter, "retention");
        assert_eq!(Layer::new(None, Some(0.0)).unwrap_err().parameter, "limit");
        assert_eq!(Layer::new(Some(f64::NAN), None).unwrap_err().parameter, "retention");
    }

    #[test]
    fn moments_of_a_layer_of_an_exponential_loss_are_those_in_closed_form() {
        // Of a loss with mean 1 the layer l above r has mean e⁻ʳ(1 − e⁻ˡ) and E Y² = 2 e⁻ʳ(1 − e⁻ˡ − l e⁻ˡ).
        let loss = Exponential::new(1.0).unwrap().into();
        for (r, l) in [(0.5, 2.0), (0.0, 1.0), (3.0, f64::INFINITY)] {
            let (mean, variance) = Layer::new(Some(r), Some(l)).unwrap().moments(&loss);
            let (kept, cut) = (libm::exp(-r), libm::exp(-l));
            let tail = if cut > 0.0 { l * cut } else { 0.0 };
            let expected = kept * (1.0 - cut);
            let square = 2.0 * kept * (1.0 - cut - tail);
            assert!((mean.unwrap() - expected).abs() < 1e-10, "{r} {l}: {mean:?}");
            assert!(
                (variance.unwrap() - (square - expected * expected)).abs() < 1e-10,
                "{r} {l}: {variance:?}"
            );
        }
    }

    #[test]
    fn moments_of_a_layer_of_a_discrete_loss_are_sums() {
        let loss = Discrete::new(&[(1.0, 0.2), (2.0, 0.3), (4.0, 0.4), (9.0, 0.1)]).unwrap().into();
        let (mean, variance) = Layer::new(Some(2.0), Some(2.0)).unwrap().moments(&loss);
        assert!((mean.unwrap() - 1.0).abs() < 1e-14 && (variance.unwrap() - 1.0).abs() < 1e-14);
    }
}
