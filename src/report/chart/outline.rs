//! The outline of a law, ready to be drawn: heights side by side, and numbers for the axis below them.

use super::axis::{Axis, Ends};
use super::number::NumberFormat;
use crate::distribution::{Family, Law};

/// Probability left out at each end, unless the law ends nearby.
const OUTSIDE: f64 = 0.005;
/// An end of the law is nearby within this part of what is shown without it.
const NEARBY: f64 = 0.25;
/// Interquartile ranges shown beyond a quartile at most, so that a heavy tail leaves room for the rest.
const TAIL: f64 = 6.0;
/// Part of the width beside a pole that has no say in the scale.
const BESIDE_POLE: f64 = 1.0 / 32.0;
/// So few values are each named.
const NAMED: usize = 6;

/// What a law looks like between its percentiles 0.5 and 99.5.
///
/// A heavy tail is cut sooner, and an end of the law that lies near is shown. A height is the mean density of a slot,
/// from the cdf, or the probability of the values in it, as a part of the highest one; beside a pole it stops at 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Outline {
    /// Height of each slot, 0 to 1, from left to right.
    pub heights: Vec<f64>,
    /// True for bars that stand apart.
    pub is_discrete: bool,
    /// Numbers of the axis, each with its place in slots from the left edge.
    pub ticks: Vec<(f64, String)>,
    /// What the numbers are to be multiplied by: `×10⁹`, or nothing.
    pub multiplier: String,
}

impl Outline {
    /// The outline of a law in `slots` slots, or fewer where it has fewer values.
    pub fn of(law: &Law, slots: usize) -> Self {
        let slots = slots.max(1);
        if law.is_discrete() { discrete(&values(law), slots) } else { continuous(law, slots) }
    }
}

fn continuous(law: &Law, slots: usize) -> Outline {
    let (low, high) = reach(law);
    let width = (high - low) / slots as f64;
    let edges: Vec<f64> =
        (0..=slots).map(|k| if k == slots { high } else { low + width * k as f64 }).collect();
    let shares: Vec<f64> = edges.iter().map(|&edge| law.cdf(edge)).collect();
    let densities: Vec<f64> = shares.windows(2).map(|pair| (pair[1] - pair[0]) / width).collect();
    let (least, greatest) = law.support();
    let mut poles = law.corners();
    poles.extend([least, greatest]);
    poles.retain(|&x| law.density(x) == f64::INFINITY);
    let beside = BESIDE_POLE * (high - low);
    let free = |k: usize| poles.iter().all(|&x| edges[k] - x >= beside || x - edges[k + 1] >= beside);
    let top = greatest_of((0..slots).filter(|&k| free(k)).map(|k| densities[k]));
    let top = if top > 0.0 { top } else { greatest_of(densities.iter().copied()) };
    let axis = axis(low, high);
    Outline {
        heights: densities.iter().map(|density| (density / top).min(1.0)).collect(),
        is_discrete: false,
        ticks: axis.ticks.iter().map(|&x| ((x - low) / width, axis.format.format(x))).collect(),
        multiplier: axis.format.multiplier(),
    }
}

/// Bars of `values`, rising, with their probabilities; neighbours share a bar where there are more than `slots`.
fn discrete(values: &[(f64, f64)], slots: usize) -> Outline {
    let (first, last) = (values[0].0, values[values.len() - 1].0);
    if first == last {
        let ticks = vec![(1.5, NumberFormat::alone(first, 4).with_unit(first, None))];
        return Outline { heights: vec![0.0, 1.0, 0.0], is_discrete: true, ticks, multiplier: String::new() };
    }
    let gap = values.windows(2).map(|pair| pair[1].0 - pair[0].0).fold(f64::INFINITY, f64::min);
    let count = ((last - first) / gap).round() + 1.0;
    let together = (count / slots as f64).ceil();
    let (low, width) = (first - 0.5 * gap, gap * together);
    let place = |x: f64| (x - low) / width;
    let mut shares = vec![0.0; (count / together).ceil() as usize];
    let end = shares.len() - 1;
    for &(x, share) in values {
        shares[(place(x) as usize).min(end)] += share;
    }
    let top = greatest_of(shares.iter().copied());
    let axis = axis(first, last);
    let (ticks, multiplier) = if values.len() <= NAMED {
        let name = |x: f64| NumberFormat::alone(x, 4).with_unit(x, None);
        (values.iter().map(|&(x, _)| (place(x), name(x))).collect(), String::new())
    } else {
        let ticks = axis.ticks.iter().map(|&x| (place(x), axis.format.format(x))).collect();
        (ticks, axis.format.multiplier())
    };
    Outline {
        heights: shares.iter().map(|share| share / top).collect(),
        is_discrete: true,
        ticks,
        multiplier,
    }
}

/// The values of a discrete law that are shown, rising, with their probabilities.
fn values(law: &Law) -> Vec<(f64, f64)> {
    let (low, high) = (law.quantile(OUTSIDE), law.upper_quantile(OUTSIDE));
    let (mut x, last) = with_near_ends(law, low, high);
    let mut values = vec![(x, law.density(x))];
    while x < last {
        // The next value is the least whose survival function is below that of this one.
        let next = law.upper_quantile(law.sf(x) * (1.0 - 1e-9));
        if next <= x {
            break;
        }
        x = next;
        values.push((x, law.density(x)));
    }
    values
}

/// Least and greatest value shown of a law that is not discrete.
fn reach(law: &Law) -> (f64, f64) {
    let (first, third) = (law.quantile(0.25), law.upper_quantile(0.25));
    let tail = TAIL * (third - first);
    let low = law.quantile(OUTSIDE).max(first - tail);
    let high = law.upper_quantile(OUTSIDE).min(third + tail);
    with_near_ends(law, low, high)
}

fn with_near_ends(law: &Law, low: f64, high: f64) -> (f64, f64) {
    let (least, greatest) = law.support();
    let near = NEARBY * (high - low);
    (if low - least <= near { least } else { low }, if greatest - high <= near { greatest } else { high })
}

/// An axis with three to five numbers, or as near to that as round ones come.
fn axis(low: f64, high: f64) -> Axis {
    let tried = [4, 5, 3, 6].map(|count| Axis::over(low, high, count, Ends::OnData));
    let fits = tried.iter().position(|axis| (3..=5).contains(&axis.ticks.len()));
    let [first, ..] = &tried;
    fits.map_or_else(|| first.clone(), |index| tried[index].clone())
}

fn greatest_of(numbers: impl Iterator<Item = f64>) -> f64 {
    numbers.fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::Outline;
    use crate::distribution::{Bernoulli, Beta, Cauchy, Constant, Law, Normal, Poisson, Uniform, Zipf};

    fn outline(law: impl Into<Law>, slots: usize) -> Outline {
        Outline::of(&law.into(), slots)
    }

    fn labels(outline: &Outline) -> Vec<&str> {
        outline.ticks.iter().map(|(_, label)| label.as_str()).collect()
    }

    #[test]
    fn a_uniform_law_is_flat_between_its_bounds() {
        let flat = outline(Uniform::new(-1.0, 1.0).unwrap(), 64);
        assert_eq!(flat.heights.len(), 64);
        assert!(flat.heights.iter().all(|height| (height - 1.0).abs() < 1e-12));
        assert_eq!(labels(&flat), ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
        assert_eq!((flat.ticks[0].0, flat.ticks[4].0), (0.0, 64.0));
    }

    #[test]
    fn a_normal_law_is_symmetric_and_cut_at_half_a_percent() {
        let bell = outline(Normal::new(0.0, 2.0).unwrap(), 64);
        for (left, right) in bell.heights.iter().zip(bell.heights.iter().rev()) {
            assert!((left - right).abs() < 1e-10);
        }
        // The density at z = 2.53, the middle of the first slot, over that at 0.04.
        assert!((bell.heights[0] - 0.0397).abs() < 2e-3, "{}", bell.heights[0]);
    }

    #[test]
    fn a_pole_is_cut_off_and_leaves_the_rest_in_sight() {
        let cup = outline(Beta::new(0.5, 0.5, 0.0, 1.0).unwrap(), 64);
        assert_eq!((cup.heights[0], cup.heights[1], cup.heights[63]), (1.0, 1.0, 1.0));
        assert!(cup.heights[32] > 0.3);
        let fall = outline(Beta::new(0.5, 3.0, 0.0, 1.0).unwrap(), 64);
        assert!(fall.heights[0] == 1.0 && fall.heights[8] > 0.3, "{:?}", fall.heights);
    }

    #[test]
    fn a_heavy_tail_leaves_room_for_the_bell() {
        let bell = outline(Cauchy::new(10.0, 2.0).unwrap(), 64);
        assert!(bell.heights.iter().filter(|&&height| height > 0.5).count() >= 4);
    }

    #[test]
    fn a_discrete_law_has_a_slot_a_value() {
        let counts = outline(Poisson::new(3.0).unwrap(), 64);
        // 0 to 8, the 99.5th percentile; the modes are 2 and 3.
        assert_eq!(counts.heights.len(), 9);
        assert!((counts.heights[2] - 1.0).abs() < 1e-12 && (counts.heights[3] - 1.0).abs() < 1e-12);
        assert!((counts.heights[0] - 2.0 / 9.0).abs() < 1e-12);
        let coin = outline(Bernoulli::new(0.25).unwrap(), 64);
        assert!((coin.heights[1] - 1.0 / 3.0).abs() < 1e-12);
        assert_eq!(labels(&coin), ["0", "1"]);
        assert_eq!(outline(Constant::new(4.2).unwrap(), 64).heights, [0.0, 1.0, 0.0]);
    }

    #[test]
    fn more_values_than_slots_share_them() {
        let ranks = outline(Zipf::new(1.1, 1000.0).unwrap(), 64);
        assert!((32..=64).contains(&ranks.heights.len()));
        assert!(ranks.heights.windows(2).all(|pair| pair[0] >= pair[1]), "{:?}", ranks.heights);
    }
}
