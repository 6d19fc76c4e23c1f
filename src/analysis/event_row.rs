//! One bar for an event and what it is multiplied by: what happens where it strikes, by how hard.

use super::groups::square;
use super::sampled::{SampledInput, SampledOutput};
use super::tornado::{Conditioned, Conditioning, RowInput, TornadoRow, root_of};
use crate::engine::Ends;

/// Runs of a sample that a class of the severity should hold, and most classes.
const LEAST_RUNS: usize = 20;
const MOST_CLASSES: usize = 10;

/// An input with its number among those that tornadoes condition on.
pub struct Ranked<'a> {
    pub index: usize,
    pub conditioning: &'a Conditioning,
    pub labels: &'a RowInput,
}

/// The row of an event and its severity; `None` where the sample holds too few runs in which the event strikes.
///
/// - Formula: classes are the runs without the event, and those with it in up to ten classes of the severity of equal
///   size. How often and how strongly the event moves the output is known from all runs, how the severity's classes
///   differ within the event from a sample: the mean of a class is that of the event plus its distance from it in the
///   sample. The reach is that of a row over these classes, √(p (1 − p) Δ² + p V), Δ the swing of the event and V the
///   variance between its classes; noise is taken off both.
/// - Ends: that the event does not happen and the highest class of the severity; where the mean without the event lies
///   between those of the lowest and of the highest class, these two. `ends` are the means of the severity in the lowest
///   and the highest of so many equal classes.
pub fn event_row(
    output: &Conditioned<'_>,
    event: &Ranked<'_>,
    severity: &Ranked<'_>,
    ends: impl FnOnce(usize) -> Ends,
) -> Option<TornadoRow> {
    let (bins, sd) = (output.whole.means(event.index)?, output.sd);
    let [no, yes] = bins.as_slice() else { return None };
    let struck = output.sampled.where_highest(&event.conditioning.sampled, &severity.conditioning.sampled);
    let count = (struck.len() / LEAST_RUNS).min(MOST_CLASSES);
    if count < 2 || no.count == 0 || yes.count == 0 {
        return None;
    }
    let (in_event, classes) = (Spread::of(&struck), classes(&struck, count));
    let outside = output.sampled.variance_in_lowest(&event.conditioning.sampled);
    let runs = (no.count + yes.count) as f64;
    let p = yes.count as f64 / runs;
    let rise = (yes.mean - no.mean) / sd;
    let (low_noise, noise) = (outside / no.count as f64, in_event.variance / yes.count as f64);
    let weight = p * (1.0 - p);
    let of_event = weight * (rise * rise - low_noise - noise);
    let event_error = square(2.0 * weight * rise) * (low_noise + noise)
        + square(rise * rise * (1.0 - 2.0 * p)) * weight / runs
        + 2.0 * square(weight * (low_noise + noise));
    let (between, between_error) = between(&in_event, &classes, struck.len() as f64);
    let spread = of_event + p * between;
    let error = (event_error + square(p * between_error)).sqrt();
    let (reach, reach_error) = root_of(spread, error);
    let last = &classes[count - 1];
    let class_means: Vec<f64> = std::iter::once(no.mean)
        .chain(classes.iter().map(|class| yes.mean + sd * (class.mean - in_event.mean)))
        .collect();
    let of_class = |class: &Spread| sd * (noise + class.variance / class.count).sqrt();
    let (first_mean, high_mean) = (class_means[1], class_means[count]);
    let straddles = (first_mean - no.mean) * (high_mean - no.mean) < 0.0;
    let (low_mean, low_error) = match straddles {
        true => (first_mean, of_class(&classes[0])),
        false => (no.mean, sd * low_noise.sqrt()),
    };
    let high_error = of_class(last);
    let ends = ends(count);
    let (one, other) = (event.labels, severity.labels);
    let all = |one: &[String], other: &[String]| {
        let mut all = one.to_vec();
        all.extend(other.iter().filter(|name| !one.contains(name)).cloned());
        all
    };
    let label = format!("{} × {}", one.label, other.label);
    Some(TornadoRow {
        input: format!("{} × {}", one.input, other.input),
        title: label.clone(),
        label,
        of: vec![one.input.clone(), other.input.clone()],
        group: other.group.clone().or_else(|| one.group.clone()),
        unit: other.unit.clone(),
        spearman: f64::NAN,
        spearman_error: f64::NAN,
        first_order: f64::NAN,
        first_order_error: f64::NAN,
        share_is_withheld: false,
        reach: sd * reach,
        reach_error: sd * reach_error,
        by_value: true,
        low_mean,
        high_mean,
        low_error,
        high_error,
        low_value: if straddles { ends.low } else { 0.0 },
        high_value: ends.high,
        low_to: None,
        high_from: None,
        low_is_no_event: !straddles,
        swing: high_mean - low_mean,
        swing_error: libm::hypot(low_error, high_error),
        class_means,
        tied_to: all(&one.tied_to, &other.tied_to),
        ties: all(&one.ties, &other.ties),
        has_path: true,
    })
}

/// Mean and variance of some values.
struct Spread {
    count: f64,
    mean: f64,
    variance: f64,
}

impl Spread {
    fn of(values: &[f64]) -> Spread {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean) * (value - mean)).sum();
        Spread { count, mean, variance: squares / (count - 1.0) }
    }
}

/// So many classes of about equal size of values in the order of the severity.
fn classes(values: &[f64], count: usize) -> Vec<Spread> {
    let edge = |class: usize| class * values.len() / count;
    (0..count).map(|class| Spread::of(&values[edge(class)..edge(class + 1)])).collect()
}

/// Variance between classes less what noise puts there, and its standard error, from so many values.
fn between(all: &Spread, classes: &[Spread], values: f64) -> (f64, f64) {
    let (mut spread, mut pulls, mut trace) = (0.0, 0.0, 0.0);
    for class in classes {
        let share = class.count / values;
        let noise = class.variance / class.count;
        let level = square(class.mean - all.mean) - noise * (1.0 - share);
        spread += share * level;
        pulls += share * (level * level + 4.0 * level.max(0.0) * class.variance);
        trace += share * share * noise * noise;
    }
    let linear = (pulls - spread * spread).max(0.0) / values;
    (spread, (linear + 2.0 * trace).sqrt())
}

impl SampledOutput {
    /// Values of the runs with the event, whose bin is the second of two, in the order of another input.
    fn where_highest(&self, event: &SampledInput, other: &SampledInput) -> Vec<f64> {
        let mut strikes = vec![false; other.in_order().len()];
        event.runs_of(1).iter().for_each(|&run| strikes[run as usize] = true);
        other
            .in_order()
            .filter(|&run| strikes[run])
            .map(|run| self.value(run))
            .filter(|v| v.is_finite())
            .collect()
    }

    /// Variance of the values without the event.
    fn variance_in_lowest(&self, event: &SampledInput) -> f64 {
        let outside: Vec<f64> =
            event.runs_of(0).iter().map(|&run| self.value(run as usize)).filter(|v| v.is_finite()).collect();
        Spread::of(&outside).variance
    }
}
