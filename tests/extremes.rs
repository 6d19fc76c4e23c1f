//! Every family with parameters from 1e-300 to 1e300: what is not refused keeps its promises.

use std::collections::BTreeMap;

use rayon::iter::{IntoParallelRefIterator, ParallelIterator};
use riskband::distribution::{Arguments, FAMILIES, Family, FamilyEntry, Law};

const SIZES: [f64; 13] =
    [1e-300, 1e-200, 1e-100, 1e-30, 1e-12, 1e-3, 1.0, 2.5, 1e3, 1e12, 1e30, 1e200, 1e300];
/// Of families with three parameters, and with four.
const FEW: [f64; 8] = [-2.0, 0.0, 1e-200, 1e-12, 0.4, 3.0, 1e12, 1e200];
const FEWER: [f64; 5] = [-2.0, 1e-200, 0.4, 1e12, 1e200];
/// Positions whose values are set against mean and sd.
const MIDDLES: usize = 100;

const POSITIONS: [f64; 13] =
    [1e-12, 1e-6, 1e-3, 0.05, 0.2, 0.4, 0.5, 0.6, 0.8, 0.95, 0.999, 0.999999, 0.999999999999];

/// Parameters of the first form: every choice of sizes.
fn choices(family: &FamilyEntry) -> Vec<Vec<f64>> {
    let Arguments::Named(parameters) = &family.forms[0].arguments else { return Vec::new() };
    let sizes: &[f64] = match parameters.len() {
        ..3 => &SIZES,
        3 => &FEW,
        _ => &FEWER,
    };
    let mut choices = vec![Vec::new()];
    for _ in *parameters {
        let longer =
            |choice: &Vec<f64>| sizes.iter().map(|x| [choice.as_slice(), &[*x]].concat()).collect::<Vec<_>>();
        choices = choices.iter().flat_map(longer).collect();
    }
    // Whole numbers, shares and bounds that rise are of no use among others alone.
    let mut more: Vec<Vec<f64>> = Vec::new();
    for choice in &choices {
        let shares = choice.iter().skip(1).copied();
        let mut share: Vec<f64> = shares.map(|x| x / (1.0 + x)).collect();
        share.insert(0, choice[0]);
        more.push(share);
        let mut rising = choice.clone();
        rising.sort_by(f64::total_cmp);
        more.push(rising);
        more.push(choice.iter().map(|x| x.ceil()).collect());
    }
    choices.extend(more);
    choices.sort_by(|a, b| a.partial_cmp(b).unwrap());
    choices.dedup();
    choices
}

/// What a law promises and does not keep.
fn broken(law: &Law) -> Option<String> {
    let ulps = |x: f64| 16.0 * f64::EPSILON * x.abs() + f64::MIN_POSITIVE;
    let (least, greatest) = law.support();
    let quantiles: Vec<f64> = POSITIONS.iter().map(|u| law.inverse(*u, 1.0 - u)).collect();
    if quantiles.iter().any(|x| x.is_nan()) {
        return Some(format!("quantiles {quantiles:?}"));
    }
    if let Some(x) = quantiles.iter().find(|x| !(least..=greatest).contains(*x)) {
        return Some(format!("{x} outside of {least} to {greatest}"));
    }
    for (pair, u) in quantiles.windows(2).zip(POSITIONS) {
        if pair[0] > pair[1] + ulps(pair[0]) {
            return Some(format!("Q({u}) = {}, then {}", pair[0], pair[1]));
        }
    }
    for (&x, u) in quantiles.iter().zip(POSITIONS) {
        // A value below the range of numbers leads nowhere back; one beyond is asked at the end of the range.
        if x.abs() < 1e-290 {
            continue;
        }
        let x = x.clamp(-f64::MAX, f64::MAX);
        let margin = if law.is_discrete() { 0.0 } else { 1e-11 * x.abs() + ulps(x) + ulps(quantiles[6]) };
        let (below, above) = if law.is_discrete() { (x.next_down(), x) } else { (x - margin, x + margin) };
        let (before, at) = (law.cdf(below), law.cdf(above));
        if !(before <= u * (1.0 + 1e-9) + 1e-14 && u * (1.0 - 1e-9) - 1e-14 <= at) {
            return Some(format!("Q({u}) = {x}: cdf {before} to {at}"));
        }
        let total = law.cdf(x) + law.sf(x);
        if (total - 1.0).abs() > 1e-9 {
            return Some(format!("cdf and sf of {x} add up to {total}"));
        }
    }
    let (Some(mean), Some(variance)) = (law.mean(), law.variance()) else { return None };
    if variance < 0.0 {
        return Some(format!("variance {variance}"));
    }
    // Cantelli: no law has less than u below its mean less √((1 − u) / u) sd, and so above.
    let sd = variance.sqrt();
    for (&x, u) in quantiles.iter().zip(POSITIONS) {
        let slack = 1e-9 * sd + ulps(mean) + ulps(x);
        let (low, high) = (mean - sd * ((1.0 - u) / u).sqrt(), mean + sd * (u / (1.0 - u)).sqrt());
        if x < low - slack || x > high + slack {
            return Some(format!("Q({u}) = {x} cannot be with mean {mean} and sd {sd}"));
        }
    }
    let middles = (0..MIDDLES).map(|k| (k as f64 + 0.5) / MIDDLES as f64).map(|u| law.inverse(u, 1.0 - u));
    let (median, n) = (law.quantile(0.5), MIDDLES as f64);
    let offsets: Vec<f64> = middles.map(|x| x - median).collect();
    let average = offsets.iter().map(|x| x / n).sum::<f64>();
    let spread = offsets.iter().map(|x| (x - average) / sd * ((x - average) / sd)).sum::<f64>() / n;
    // Of a law as narrow as the rounding of its values there is nothing to see.
    if !spread.is_finite() || sd < 1e3 * ulps(mean) {
        return None;
    }
    // What lies beyond the outermost positions only adds to the spread; where it adds little, the mean is met too.
    if spread > 1.05 {
        return Some(format!("spread {} of the sd {sd}", spread.sqrt()));
    }
    let met = (median + average - mean).abs() <= 0.1 * sd;
    (spread > 0.9 && !met).then(|| format!("mean {}, not {mean}, sd {sd}", median + average))
}

#[test]
fn what_is_not_refused_keeps_its_promises() {
    let found: Vec<(&str, usize, usize, Vec<String>)> = FAMILIES
        .par_iter()
        .map(|family| {
            let choices = choices(family);
            let laws = choices.iter().filter_map(|x| Some((x, (family.forms[0].build)(x).ok()?)));
            let mut wrong = Vec::new();
            let mut built = 0;
            for (parameters, law) in laws {
                built += 1;
                if let Some(what) = broken(&law) {
                    wrong.push(format!("{}{parameters:?}: {what}", family.name));
                }
            }
            (family.name, choices.len(), built, wrong)
        })
        .collect();
    let counts: BTreeMap<&str, (usize, usize, usize)> =
        found.iter().map(|(name, all, built, wrong)| (*name, (*all, *built, wrong.len()))).collect();
    let wrong: Vec<&String> = found.iter().flat_map(|(.., wrong)| wrong.iter().take(12)).collect();
    let named = found.iter().filter(|(_, all, ..)| *all > 0);
    assert!(
        wrong.is_empty(),
        "{counts:?}\n{}",
        wrong.iter().map(|w| w.as_str()).collect::<Vec<_>>().join("\n")
    );
    for (name, _, built, _) in named {
        assert!(*built > 0, "no law of {name} was built");
    }
}
