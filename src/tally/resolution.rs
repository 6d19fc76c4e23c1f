//! How fine the sketch's bins are, and where: from the pilot, before the run.

/// Bins of an octave of 1 + |d|: see [`super::Sketch`].
const BINS_AN_OCTAVE: f64 = 2048.0;
/// Bins must be this many times finer than the stretch that holds as many runs as the tail beyond a percentile.
const BINS_A_TAIL: f64 = 50.0;
/// Levels at which that must hold, and their complements: the reported percentiles and a little beyond.
const LEVELS: [f64; 6] = [0.005, 0.01, 0.05, 0.1, 0.25, 0.5];

/// Where bins are finest on each side of the centre.
///
/// For most outputs both sides have the centre as anchor and the spread as scale. Where the density piles up away
/// from the centre, as at the end of a gamma law of small shape or of a wide lognormal one, such bins would hold too
/// many runs; the pilot's percentiles show it, and the anchor of that side moves to where the bins must be fine.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resolution {
    /// Values below it belong to `low`, others to `high`.
    pub split: f64,
    pub low: Scale,
    pub high: Scale,
}

/// Bins have width 2⁻¹¹·max(scale, |y − anchor|), up to a factor of 2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    pub anchor: f64,
    /// A power of two, at most the spread.
    pub scale: f64,
}

impl Resolution {
    /// Finest at the centre, growing from the spread.
    pub fn plain(centre: f64, spread: f64) -> Resolution {
        let scale = Scale { anchor: centre, scale: spread };
        Resolution { split: centre, low: scale, high: scale }
    }

    /// From the sorted finite values of the pilot.
    pub fn from_pilot(sorted: &[f64], centre: f64, spread: f64) -> Resolution {
        let at = |p: f64| sorted[((sorted.len() - 1) as f64 * p).round() as usize];
        let side = |level: &dyn Fn(f64) -> f64| {
            // Each level with the stretch around it that holds as many runs as lie beyond it; none where values tie.
            let stretches: Vec<(f64, f64)> = LEVELS
                .iter()
                .map(|&p| (level(p), (level(1.5 * p) - level(0.5 * p)).abs()))
                .filter(|(_, stretch)| *stretch > 0.0)
                .collect();
            Scale::of(&stretches, level(0.0), centre, spread)
        };
        Resolution { split: centre, low: side(&at), high: side(&|p| at(1.0 - p)) }
    }
}

impl Scale {
    /// The widest scale, up to the spread, that resolves every stretch; the anchor is the centre if that will do,
    /// else the end or one of the levels.
    fn of(stretches: &[(f64, f64)], end: f64, centre: f64, spread: f64) -> Scale {
        let widest = |anchor: f64| {
            let room = stretches
                .iter()
                .map(|&(place, stretch)| BINS_AN_OCTAVE / BINS_A_TAIL * stretch - (place - anchor).abs());
            room.fold(f64::INFINITY, f64::min)
        };
        let plain = Scale { anchor: centre, scale: spread };
        if widest(centre) >= spread {
            return plain;
        }
        let anchors = stretches.iter().map(|&(place, _)| place).chain([end]);
        let (scale, anchor) = anchors
            .map(|anchor| (widest(anchor).min(spread), anchor))
            .fold((0.0, centre), |best, next| if next.0 > best.0 { next } else { best });
        // Where no anchor resolves everything the bins keep to the spread, whose bound holds whatever the law.
        if scale > 0.0 {
            Scale { anchor, scale: libm::scalbn(1.0, libm::ilogb(scale).max(-960)) }
        } else {
            plain
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::{normal_quantile, pow};
    use crate::tally::Shape;

    /// The shape of an output whose pilot is its quantile function at even steps.
    fn shape_of(quantile: impl Fn(f64) -> f64) -> Shape {
        Shape::from_pilot(&mut (1..8192).map(|k| quantile(f64::from(k) / 8192.0)).collect::<Vec<f64>>())
    }

    fn width(scale: Scale, place: f64) -> f64 {
        (scale.scale + (place - scale.anchor).abs()) / BINS_AN_OCTAVE
    }

    #[test]
    fn ordinary_outputs_keep_centre_and_spread() {
        let shape = shape_of(|u| 100.0 + 5.0 * normal_quantile(u));
        assert_eq!(shape.resolution, Resolution::plain(shape.centre, shape.spread));
    }

    #[test]
    fn a_pile_at_one_end_moves_the_finest_bins_of_that_side_there() {
        // Near 0 the quantiles of a gamma law of shape 0.3 are u^(1/0.3): one run in a hundred lies below 10⁻⁶.
        let quantile = |u| pow(u, 1.0 / 0.3);
        let shape = shape_of(quantile);
        assert!(
            width(shape.resolution.low, quantile(0.01)) < quantile(0.01) / 20.0,
            "{:?}",
            shape.resolution
        );
        let stretch = quantile(0.995) - quantile(0.985);
        assert!(width(shape.resolution.high, quantile(0.99)) < stretch / 20.0, "{:?}", shape.resolution);
    }

    #[test]
    fn piles_at_both_ends_are_both_resolved() {
        let quantile = |u: f64| if u < 0.5 { pow(u, 4.0) } else { 1.0 - pow(1.0 - u, 4.0) };
        let Resolution { low, high, .. } = shape_of(quantile).resolution;
        assert!(width(low, quantile(0.01)) < quantile(0.01) / 20.0, "{low:?}");
        assert!(width(high, quantile(0.99)) < (1.0 - quantile(0.99)) / 20.0, "{high:?}");
    }
}
