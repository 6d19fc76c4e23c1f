//! Laws made of laws at random, against lists of their points and probabilities worked out beside them, and those with
//! continuous parts against their own quantile functions.

use riskband::distribution::{
    Bernoulli, Binomial, Composition, Constant, Discrete, Empirical, Family, Geometric, Law, Layer, Moved,
    Poisson, Triangular, Uniform, UniformInt, compound_moments, truncate,
};
use riskband::program::{BLOCK, Sampler};
use riskband::sampling::{Key, Positions, Stream, fill_words};

/// Points with their probabilities, in rising order.
type Points = Vec<(f64, f64)>;

/// Numbers that look drawn: Steele, Lea & Flood (2014), Fast splittable pseudorandom number generators (SplitMix64).
struct Chance(u64);

impl Chance {
    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    fn below(&mut self, count: usize) -> usize {
        (self.word() % count as u64) as usize
    }

    fn one_of<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    fn share(&mut self) -> f64 {
        (self.word() >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Equal points together, in order, the probabilities adding up to 1; those below 1e-25 are no matter.
fn gathered(mut points: Points) -> Points {
    points.iter_mut().for_each(|point| point.0 += 0.0);
    points.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut found: Points = Vec::new();
    for (x, p) in points {
        match found.last_mut() {
            Some(last) if last.0 == x => last.1 += p,
            _ => found.push((x, p)),
        }
    }
    let total: f64 = found.iter().map(|point| point.1).sum();
    found.iter_mut().for_each(|point| point.1 /= total);
    found
}

fn listed(law: &Law, from: i32, to: i32) -> Points {
    gathered((from..=to).map(|k| (f64::from(k), law.density(f64::from(k)))).filter(|p| p.1 > 1e-30).collect())
}

const VALUES: [f64; 12] = [0.0, 0.1, 0.25, 1.0 / 3.0, 0.7, 1.0, 2.0, 2.5, 7.3, 12.75, 100.01, -1.5];
const FACTORS: [f64; 9] = [0.1, 0.3, 1.0 / 3.0, 0.7, 3.0, 5.0, 1000.0, 1e-9, 12.34];
const SHIFTS: [f64; 8] = [0.1, -0.1, 1.0, -3.0, 1e6 + 0.1, 0.3, -7.7, 1e-3];

fn plain(chance: &mut Chance) -> (Law, Points) {
    match chance.below(8) {
        0 => {
            let law = Poisson::new(chance.one_of(&[0.2, 1.0, 3.0, 8.5])).unwrap().into();
            let points = listed(&law, 0, 60);
            (law, points)
        }
        1 => {
            let law = Binomial::new(7.0, chance.one_of(&[0.1, 0.5, 0.9])).unwrap().into();
            let points = listed(&law, 0, 7);
            (law, points)
        }
        2 => {
            let law = UniformInt::new(-2.0, 4.0).unwrap().into();
            let points = listed(&law, -2, 4);
            (law, points)
        }
        3 => {
            let law = Geometric::new(0.4).unwrap().into();
            let points = listed(&law, 0, 130);
            (law, points)
        }
        4 => {
            let law = Bernoulli::new(0.3).unwrap().into();
            let points = listed(&law, 0, 1);
            (law, points)
        }
        5 => {
            let x = chance.one_of(&VALUES);
            (Constant::new(x).unwrap().into(), vec![(x, 1.0)])
        }
        6 => {
            let rows: Vec<f64> = (0..9).map(|_| chance.one_of(&VALUES)).collect();
            let points = gathered(rows.iter().map(|x| (*x, 1.0)).collect());
            (Empirical::new(&rows, false).unwrap().into(), points)
        }
        _ => {
            let pairs: Points = (0..5).map(|_| (chance.one_of(&VALUES), 0.05 + chance.share())).collect();
            (Discrete::new(&pairs).unwrap().into(), gathered(pairs))
        }
    }
}

/// A law of some depth and its points; `None` where a cut leaves too little of it.
fn made(chance: &mut Chance, depth: usize) -> Option<(Law, Points)> {
    if depth == 0 {
        return Some(plain(chance));
    }
    let (law, points) = made(chance, depth - 1)?;
    let scaled = |points: &Points, p: f64| points.iter().map(|(x, q)| (*x, p * q)).collect::<Points>();
    match chance.below(7) {
        0 => {
            let by = chance.one_of(&SHIFTS);
            let points = points.iter().map(|(x, p)| (by + x, *p)).collect();
            Some((Moved::shifted(law, by).unwrap().into(), gathered(points)))
        }
        1 | 2 => {
            let by = chance.one_of(&FACTORS);
            let points = points.iter().map(|(x, p)| (by * x, *p)).collect();
            Some((Moved::scaled(law, by).unwrap().into(), gathered(points)))
        }
        3 => {
            let (other, others) = made(chance, depth - 1)?;
            let law = Composition::Mixture.build(vec![law, other], &[1.0, 3.0]).unwrap();
            Some((law, gathered([scaled(&points, 0.25), scaled(&others, 0.75)].concat())))
        }
        4 => {
            let law = Composition::ZeroInflated.build(vec![law], &[0.3]).unwrap();
            Some((law, gathered([scaled(&points, 0.7), vec![(0.0, 0.3)]].concat())))
        }
        5 => {
            let (other, others) = made(chance, depth - 1)?;
            let at = cut(chance, &[points.clone(), others.clone()].concat());
            let (body, tail): (Points, Points) = (
                points.into_iter().filter(|point| point.0 <= at).collect(),
                others.into_iter().filter(|point| point.0 > at).collect(),
            );
            let total = |points: &Points| points.iter().map(|point| point.1).sum::<f64>();
            if total(&body) < 1e-6 || total(&tail) < 1e-6 {
                return None;
            }
            let law = Composition::WeightedSplice.build(vec![law, other], &[at, 0.4]).unwrap();
            Some((law, gathered([scaled(&gathered(body), 0.4), scaled(&gathered(tail), 0.6)].concat())))
        }
        _ => {
            let (first, second) = (cut(chance, &points), cut(chance, &points));
            let (min, max) = match chance.below(3) {
                0 => (f64::NEG_INFINITY, first),
                1 => (first, f64::INFINITY),
                _ => (first.min(second), first.max(second)),
            };
            let left: Points = points.into_iter().filter(|point| min <= point.0 && point.0 <= max).collect();
            if min >= max || left.iter().map(|point| point.1).sum::<f64>() < 1e-6 {
                return None;
            }
            Some((truncate(law, min, max).unwrap(), gathered(left)))
        }
    }
}

/// A place at one of the points, beside it, or somewhere between two; nearer to a point than rounding is on it.
fn cut(chance: &mut Chance, points: &Points) -> f64 {
    let place = chance.below(points.len());
    let (one, other) = (points[place].0, chance.one_of(points).0);
    let beside = |place: Option<usize>| {
        let next = place.and_then(|place| points.get(place)).map_or(one, |next| next.0);
        one + 1e-6 * (next - one)
    };
    match chance.below(4) {
        0 => one,
        1 => beside(Some(place + 1)),
        2 => beside(place.checked_sub(1)),
        _ => 0.3 * one + 0.7 * other,
    }
}

/// What differs between a law and its points, if anything does.
fn difference(law: &Law, points: &Points) -> Option<String> {
    // Long chains of probabilities agree to this; of less than that, who is first and last is no matter.
    const CLOSE: f64 = 1e-11;
    let close = |a: f64, b: f64| (a - b).abs() <= CLOSE;
    if !law.is_discrete() {
        return Some("not discrete".into());
    }
    let (mut below, mut last) = (0.0, f64::NEG_INFINITY);
    for &(x, p) in points {
        let (before, at) = (law.cdf(x.next_down()), law.cdf(x));
        if !close(before, below) || !close(at, below + p) || !close(law.sf(x), 1.0 - below - p) {
            return Some(format!("cdf at {x}: {before} and {at}, not {below} and {}", below + p));
        }
        if !close(law.density(x), p) || !close(law.probability(x), p) {
            return Some(format!("probability of {x}: {}, not {p}", law.density(x)));
        }
        if p > 1e-9 {
            let u = below + 0.5 * p;
            let found = law.inverse(u, 1.0 - u);
            if found != x {
                return Some(format!("Q({u}) is {found}, not {x}"));
            }
            if law.point_from(x) != x || law.point_until(x) != x {
                return Some(format!("{x} is no point: {} {}", law.point_from(x), law.point_until(x)));
            }
            let (from, until) = (law.point_from(last.next_up()), law.point_until(x.next_down()));
            if last.is_finite() && below > 1e-9 && (from > x || until < last) {
                return Some(format!("{from} and {until} are next to {last} and {x}"));
            }
            last = x;
        }
        below += p;
    }
    let mean: f64 = points.iter().map(|(x, p)| x * p).sum();
    let variance: f64 = points.iter().map(|(x, p)| p * (x - mean) * (x - mean)).sum();
    let size = points.iter().map(|(x, p)| p * x.abs()).sum::<f64>();
    let (found, spread) = (law.mean().unwrap_or(f64::NAN), law.variance().unwrap_or(f64::NAN));
    if (found - mean).abs() > 1e-10 * size || found.is_nan() {
        return Some(format!("mean {found}, not {mean}"));
    }
    if (spread - variance).abs() > 1e-9 * variance + 1e-13 * size * size || spread.is_nan() {
        return Some(format!("variance {spread}, not {variance}"));
    }
    drawn(law, points)
}

/// Draws against the probabilities: every point is drawn as often as it should, and nothing else.
fn drawn(law: &Law, points: &Points) -> Option<String> {
    const BLOCKS: usize = 4;
    let key = Key::new(1, "points", &[]);
    let (sampler, stream) = (Sampler::new(law), Stream::from(key));
    let (mut words, mut values) = ([0; BLOCK], [0.0; BLOCK]);
    let mut counts = vec![0.0; points.len()];
    for first in (0..BLOCKS as u64).map(|block| block * BLOCK as u64) {
        fill_words(key, first, &mut words);
        sampler.fill(Positions::of_stream(&words, &stream, first), &mut values);
        for value in values {
            match points.iter().position(|point| point.0 == value) {
                Some(place) => counts[place] += 1.0,
                None => return Some(format!("{value} is drawn")),
            }
        }
    }
    let n = (BLOCKS * BLOCK) as f64;
    let off = points.iter().zip(counts).find(|((_, p), count)| {
        // Six standard errors, and what a Poisson count needs beyond them where it is small.
        (count - n * p).abs() > 6.0 * (n * p * (1.0 - p)).sqrt() + 6.0
    });
    off.map(|((x, p), count)| format!("{x} is drawn {count} times of {n}, not with {p}"))
}

#[test]
fn laws_made_of_laws_are_what_their_points_say() {
    let mut chance = Chance(20);
    let mut wrong = Vec::new();
    let mut made_of_depth = [0; 5];
    for case in 0..1500 {
        let depth = case % 5;
        let Some((law, points)) = made(&mut chance, depth) else { continue };
        made_of_depth[depth] += 1;
        if let Some(difference) = difference(&law, &points) {
            wrong.push(format!("case {case}: {difference}\n  {law:?}"));
        }
    }
    assert!(made_of_depth.iter().all(|&count| count > 150), "{made_of_depth:?}");
    assert!(wrong.is_empty(), "{} wrong, first:\n{}", wrong.len(), wrong[..wrong.len().min(6)].join("\n"));
}

#[test]
fn a_point_that_rounding_parts_from_a_bound_is_on_it() {
    let grid = |law: Law, step: f64| -> Law { Moved::scaled(law, step).unwrap().into() };
    let dice = || UniformInt::new(1.0, 10.0).unwrap().into();
    let poisson = || Poisson::new(3.0).unwrap().into();
    // Of a count of mean 3 up to 3: Σ k·3ᵏ/k! / Σ 3ᵏ/k! = 25.5 / 13.
    let up_to_three = 25.5 / 13.0;
    let shifted = Moved::shifted(grid(UniformInt::new(0.0, 10.0).unwrap().into(), 0.1), 0.2).unwrap().into();
    let none_or_one = Moved::shifted(grid(Bernoulli::new(0.3).unwrap().into(), 0.2), 0.1).unwrap().into();
    let cases: [(Law, f64, f64, f64); 7] = [
        (grid(dice(), 0.1), 0.3, 0.7, 0.5),
        (grid(dice(), 0.7), 2.1, 4.9, 3.5),
        (grid(poisson(), 0.1), f64::NEG_INFINITY, 0.3, 0.1 * up_to_three),
        (grid(poisson(), 1.1), f64::NEG_INFINITY, 3.3, 1.1 * up_to_three),
        (grid(Binomial::new(10.0, 0.5).unwrap().into(), 0.1), 0.4, 0.6, 0.5),
        (shifted, 0.3, 0.9, 0.6),
        (none_or_one, f64::NEG_INFINITY, 0.3, 0.16),
    ];
    for (law, min, max, mean) in cases {
        let cut = truncate(law, min, max).unwrap();
        let found = cut.mean().unwrap();
        assert!((found - mean).abs() < 1e-12, "{cut:?}: {found}, not {mean}");
        assert!((cut.inverse(1.0 - 1e-12, 1e-12) - max).abs() < 1e-12, "{cut:?}");
    }
    // A bound that is no rounding away from a point leaves it out.
    let cut = truncate(grid(dice(), 0.1), 0.3, 0.699_999).unwrap();
    assert!((cut.mean().unwrap() - 0.45).abs() < 1e-12);
}

/// A law with continuous parts or points among them.
fn partly_continuous(chance: &mut Chance, depth: usize) -> Option<Law> {
    if depth == 0 {
        return Some(match chance.below(5) {
            0 => Uniform::new(-1.0, 2.5).unwrap().into(),
            1 => Triangular::new(0.0, 1.0, 4.0).unwrap().into(),
            2 => Empirical::new(&[0.0, 1.0, 1.0, 1.0, 2.5, 7.5, 7.5], true).unwrap().into(),
            _ => plain(chance).0,
        });
    }
    let law = partly_continuous(chance, depth - 1)?;
    Some(match chance.below(6) {
        0 => Moved::shifted(law, chance.one_of(&[0.1, -1.0, 2.5])).unwrap().into(),
        1 => Moved::scaled(law, chance.one_of(&[0.1, 0.7, 3.0])).unwrap().into(),
        2 => {
            let other = partly_continuous(chance, depth - 1)?;
            Composition::Mixture.build(vec![law, other], &[2.0, 3.0]).unwrap()
        }
        3 => Composition::ZeroInflated.build(vec![law], &[0.2]).unwrap(),
        4 => {
            let other = partly_continuous(chance, depth - 1)?;
            let at = chance.one_of(&[0.0, 0.1, 1.0, 2.2]);
            Composition::WeightedSplice.build(vec![law, other], &[at, 0.7]).ok()?
        }
        _ => {
            let (first, second) = (law.quantile(chance.share()), law.quantile(chance.share()));
            truncate(law, first.min(second), first.max(second) + 0.5).ok()?
        }
    })
}

/// The mean of g(Q(u)) at the middles of even steps of u.
fn over_positions(law: &Law, g: impl Fn(f64) -> f64) -> f64 {
    const STEPS: u32 = 1 << 12;
    let u = (0..STEPS).map(|k| (f64::from(k) + 0.5) / f64::from(STEPS));
    u.map(|u| g(law.inverse(u, 1.0 - u))).sum::<f64>() / f64::from(STEPS)
}

#[test]
fn moments_of_laws_with_continuous_parts_are_those_of_their_quantiles() {
    let mut chance = Chance(3);
    let mut wrong = Vec::new();
    let mut count = 0;
    for case in 0..400 {
        let Some(law) = partly_continuous(&mut chance, case % 4) else { continue };
        count += 1;
        let (mean, variance) = (law.mean().unwrap_or(f64::NAN), law.variance().unwrap_or(f64::NAN));
        let expected = over_positions(&law, |x| x);
        let spread = over_positions(&law, |x| (x - expected) * (x - expected));
        let width = law.inverse(1.0 - 1e-5, 1e-5) - law.inverse(1e-5, 1.0 - 1e-5);
        let slack = |width: f64| 3e-3 * width + 1e-9;
        let holds =
            (mean - expected).abs() < slack(width) && (variance - spread).abs() < slack(width * width);
        if !holds {
            wrong.push(format!("case {case}: {mean} {variance}, not {expected} {spread}\n  {law:?}"));
        }
        // What a layer pays, as the severity of a sum.
        let layer =
            Layer::new(Some(chance.one_of(&[0.0, 0.5, 1.0])), Some(chance.one_of(&[0.5, 2.0, 9.0]))).unwrap();
        let (mean, variance) = layer.moments(&law);
        let (mean, variance) = (mean.unwrap_or(f64::NAN), variance.unwrap_or(f64::NAN));
        let expected = over_positions(&law, |x| layer.pays(x));
        let spread = over_positions(&law, |x| (layer.pays(x) - expected) * (layer.pays(x) - expected));
        let holds =
            (mean - expected).abs() < slack(width) && (variance - spread).abs() < slack(width * width);
        if !holds {
            wrong.push(format!(
                "case {case}, {layer:?}: {mean} {variance}, not {expected} {spread}\n  {law:?}"
            ));
        }
    }
    assert!(count > 200);
    assert!(
        wrong.is_empty(),
        "{} wrong of {count}, first:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(6)].join("\n")
    );
}

#[test]
fn losses_of_the_register_are_cut_where_they_are() {
    let losses = [12_500.75, 18_000.10, 40_250.30, 99_999.99, 2_500_000.50];
    let law = truncate(Empirical::new(&losses, false).unwrap().into(), 15_000.0, f64::INFINITY).unwrap();
    assert_eq!(
        [0.2, 0.3, 0.6, 0.9].map(|u| law.quantile(u)),
        [18_000.10, 40_250.30, 99_999.99, 2_500_000.50]
    );
    assert!((law.mean().unwrap() - 664_562.722_5).abs() < 1e-6);
    let scaled = |law: Law, by: f64| Law::from(Moved::scaled(law, by).unwrap());
    let fives = truncate(scaled(Bernoulli::new(0.3).unwrap().into(), 5.0), f64::NEG_INFINITY, 7.0).unwrap();
    assert_eq!([0.69, 0.71].map(|u| fives.quantile(u)), [0.0, 5.0]);
    assert!((fives.mean().unwrap() - 1.5).abs() < 1e-14);
    let counts = scaled(Poisson::new(3.0).unwrap().into(), 1000.0);
    let cut = truncate(counts, f64::NEG_INFINITY, 4500.0).unwrap();
    // Σ k 3ᵏ/k! over Σ 3ᵏ/k!, k up to 4.
    assert!((cut.mean().unwrap() - 39.0 / 16.375 * 1000.0).abs() < 1e-9 && cut.quantile(0.01) == 0.0);
}

#[test]
fn moments_of_sums_of_data_in_a_layer_are_those_by_hand() {
    let data = Law::from(Empirical::new(&[1.5, 2.5, 3.25, 10.5, 20.75], false).unwrap());
    let layer = Layer::new(Some(2.0), Some(10.0)).unwrap();
    let (mean, variance) = compound_moments(&Poisson::new(2.0).unwrap().into(), layer.moments(&data));
    // What is paid: 0, 0.5, 1.25, 8.5, 10.
    assert!((mean.unwrap() - 8.1).abs() < 1e-13);
    let square = (0.25 + 1.5625 + 72.25 + 100.0) / 5.0;
    assert!((variance.unwrap() - 2.0 * square).abs() < 1e-12);
}
