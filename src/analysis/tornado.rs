//! The tornado: how an output moves with each input, from conditional means of the same pass.

use std::sync::Arc;

use super::first_order::{Form, Share, Shares, between_trace};
use super::groups::{Groups, Noise, Part};
use super::interval::{SIDE, normal_factor};
use super::replicates::standard_error;
use super::sampled::{SampledInput, SampledOutput};
use super::within::Within;
use crate::engine::Ends;
use crate::math::StudentTails;
use crate::tally::{Bin, Conditional, Grouping};

/// The tornado of one output cell, bars sorted by their reach.
#[derive(Clone, Debug, PartialEq)]
pub struct Tornado {
    /// Index into the outputs of the scenario.
    pub output: usize,
    /// E.g. `market[2031]`.
    pub cell: String,
    pub mean: f64,
    pub rows: Vec<TornadoRow>,
}

/// One bar. A figure that does not exist or cannot be known is NaN. Errors are standard errors, of which 1.96 make a
/// 95 % interval.
#[derive(Clone, Debug, PartialEq)]
pub struct TornadoRow {
    /// E.g. `impact[approvals]`.
    pub input: String,
    pub label: String,
    /// Of an event and its severity shown as one: the two inputs.
    pub of: Vec<String>,
    pub group: Option<String>,
    pub unit: Option<String>,
    /// Spearman's rank correlation of input and output.
    pub spearman: f64,
    pub spearman_error: f64,
    /// Share of the output's variance that the input alone explains, between 0 and 1.
    pub first_order: f64,
    pub first_order_error: f64,
    /// Whether it is not given as a few runs carry the variance.
    pub share_is_withheld: bool,
    /// Root of the mean square distance of the classes' means from the mean of the output, noise taken off.
    pub reach: f64,
    pub reach_error: f64,
    /// Whether the classes are values of the input instead of tenths.
    pub by_value: bool,
    /// Means of the output in the classes of the input, from the lowest.
    pub class_means: Vec<f64>,
    /// Mean of the output in the lowest and in the highest class.
    pub low_mean: f64,
    pub high_mean: f64,
    pub low_error: f64,
    pub high_error: f64,
    /// Mean of the input itself there.
    pub low_value: f64,
    pub high_value: f64,
    /// Of classes of several values the greatest value of the lowest, and the least of the highest.
    pub low_to: Option<f64>,
    pub high_from: Option<f64>,
    /// Of an event and its severity: whether the low end is that the event does not happen.
    pub low_is_no_event: bool,
    /// high_mean − low_mean.
    pub swing: f64,
    pub swing_error: f64,
    /// Inputs that reach the output and whose draws are tied to this one's: what moves along.
    pub tied_to: Vec<String>,
    /// The label without the member, and those of the inputs that it is tied to.
    pub title: String,
    pub ties: Vec<String>,
    /// Whether formulas join the input to the output; if not, it moves with what it is tied to.
    pub has_path: bool,
}

impl TornadoRow {
    /// Whether neither reach nor swing can be told from 0.
    pub fn is_within_error(&self) -> bool {
        let z = normal_factor();
        // The reach is 0 where its error is as large as can be: see `reach_of`.
        self.reach <= z * self.reach_error * (1.0 + 1e-12) && self.swing.abs() <= z * self.swing_error
    }
}

/// What is known of a row before its output is looked at.
#[derive(Clone, Debug)]
pub struct RowInput {
    pub input: String,
    pub label: String,
    pub group: Option<String>,
    pub unit: Option<String>,
    /// Of the lowest and the highest class.
    pub ends: Ends,
    pub joined: [Option<f64>; 2],
    pub tied_to: Vec<String>,
    pub title: String,
    pub ties: Vec<String>,
    pub has_path: bool,
    /// Whether the output depends on nothing else, so that its share is 1.
    pub is_alone: bool,
}

/// How an input is conditioned on, the same for every output.
#[derive(Clone, Debug)]
pub struct Conditioning {
    pub fine: Groups,
    /// Of the groups in `fine`, of an input with whose rank an output can be expected to vary smoothly; none of another.
    pub forms: Arc<Vec<Option<Form>>>,
    pub classes: Groups,
    pub sampled: SampledInput,
}

/// An output conditioned on each input: all runs, and the replicates of a design.
#[derive(Debug)]
pub struct Conditioned<'a> {
    pub whole: Portion<'a>,
    pub replicates: Vec<Portion<'a>>,
    pub sampled: SampledOutput,
    pub mean: f64,
    /// Standard deviation, or 1 where the output does not vary.
    pub sd: f64,
    pub varies: bool,
    /// Mean fourth power of the distance from the mean in standard deviations, NaN where it is not known.
    pub kurtosis: f64,
    /// Whether the variance means something: no single run carries it.
    pub is_settled: bool,
    /// Skewness of the squares whose average the variance is, 0 where no few of them carry it.
    pub skewness: f64,
    /// Whether a few runs carry the variance, so that it has no interval.
    pub is_carried: bool,
}

/// A tally of an output conditioned on each input.
#[derive(Debug)]
pub struct Portion<'a> {
    conditional: &'a Conditional,
    grouping: Grouping,
    variance: f64,
}

impl<'a> Portion<'a> {
    pub fn new(conditional: &'a Conditional, variance: f64) -> Portion<'a> {
        Portion { conditional, grouping: conditional.grouping(), variance }
    }

    /// The output in each bin of input `index`.
    pub fn means(&self, index: usize) -> Option<Vec<Bin>> {
        self.conditional.means(index)
    }

    fn part(&self, bins: &[Bin], groups: &Groups, output: &Conditioned<'_>) -> Part {
        Part::new(bins, groups, output.mean, output.sd, self.variance)
    }
}

/// The output in each bin of an input: all runs, and the replicates of a design.
struct Bins {
    whole: Vec<Bin>,
    replicates: Vec<Vec<Bin>>,
}

impl Bins {
    fn new(output: &Conditioned<'_>, index: usize) -> Option<Bins> {
        let replicates: Option<_> = output.replicates.iter().map(|portion| portion.means(index)).collect();
        Some(Bins { whole: output.whole.means(index)?, replicates: replicates? })
    }
}

/// An input's groups or classes: of all runs and of the replicates.
struct Parts {
    whole: Part,
    replicates: Vec<Part>,
    noise: Noise,
}

impl Parts {
    fn new(output: &Conditioned<'_>, bins: &Bins, groups: &Groups, within: &[Within]) -> Parts {
        let whole = output.whole.part(&bins.whole, groups, output);
        let replicates: Vec<Part> = (output.replicates.iter().zip(&bins.replicates))
            .map(|(portion, bins)| portion.part(bins, groups, output))
            .collect();
        let noise = match replicates.len() {
            0 | 1 => Noise::of_runs(&whole, within),
            _ => Noise::of_replicates(&replicates.iter().collect::<Vec<_>>(), &whole),
        };
        Parts { whole, replicates, noise }
    }

    /// Standard error of what `estimate` makes of a portion, by leaving out each replicate in turn; `None` where runs
    /// are independent.
    ///
    /// - Source: Kott (2001), The delete-a-group jackknife, Journal of Official Statistics 17(4), 521–526.
    fn jackknife(&self, estimate: impl Fn(&Part, &Noise) -> f64) -> Option<f64> {
        let many = self.replicates.len();
        if many < 2 {
            return None;
        }
        let without: Vec<f64> = (0..many)
            .map(|left_out| {
                let others: Vec<&Part> = (self.replicates.iter().enumerate())
                    .filter(|(number, _)| *number != left_out)
                    .map(|(_, part)| part)
                    .collect();
                let part = Part::pooled(others.iter().copied());
                estimate(&part, &Noise::of_replicates(&others, &part))
            })
            .collect();
        // Leaving one out moves the estimate by 1 / (R − 1) of how far it lies from the others.
        Some(standard_error(&without)? * (many as f64 - 1.0) * few(many as f64))
    }
}

/// By how much an error from so few values is to be widened so that 1.96 of it make a 95 % interval: that of Student.
fn few(values: f64) -> f64 {
    // Beyond, the two agree to four digits, and nothing is looked up.
    if values > 10_000.0 {
        return 1.0;
    }
    StudentTails::new(values - 1.0).distance(SIDE) / normal_factor()
}

/// The row of input `index`; `None` where the output is too wild for conditional means.
pub fn row(
    output: &Conditioned<'_>,
    index: usize,
    input: &Conditioning,
    labels: RowInput,
) -> Option<TornadoRow> {
    let sd = output.sd;
    let Conditioning { classes, sampled, .. } = input;
    let bins = Bins::new(output, index)?;
    let in_bins = output.sampled.within(sampled);
    let within = classes.within(&in_bins);
    let in_classes = Parts::new(output, &bins, classes, &within);
    let (reach, reach_error) = reach_of(&in_classes, &within);
    let first_order = first_order(output, &bins, input, &in_bins, labels.is_alone);
    let (spearman, spearman_error) = spearman(output, &bins, index, input);
    let means: Vec<f64> = (0..classes.count())
        .map(|class| {
            let bins = bins.whole.iter().zip(&classes.of).filter(|(_, of)| **of == class);
            mean_of(bins.map(|(bin, _)| bin))
        })
        .collect();
    let last = means.len() - 1;
    let error = |class: usize| {
        // Of independent runs the variance is known from those of the sample in the class.
        let widened = match (in_classes.replicates.len(), within[class].count) {
            (0 | 1, count) if count >= 2.0 => few(count),
            (0 | 1, _) => 1.0,
            (many, _) => few(many as f64),
        };
        sd * in_classes.noise.own[class].sqrt() * widened
    };
    let (low_error, high_error) = (error(0), error(last));
    let swings: Vec<f64> =
        in_classes.replicates.iter().map(|part| part.means[last] - part.means[0]).collect();
    let swing_error = match standard_error(&swings).filter(|error| error.is_finite()) {
        Some(error) => sd * error * few(swings.len() as f64),
        None => libm::hypot(low_error, high_error),
    };
    Some(TornadoRow {
        input: labels.input,
        label: labels.label,
        of: Vec::new(),
        group: labels.group,
        unit: labels.unit,
        spearman,
        spearman_error,
        first_order: first_order.map_or(f64::NAN, |share| share.value),
        first_order_error: first_order.map_or(f64::NAN, |share| share.error),
        share_is_withheld: output.varies && first_order.is_none(),
        reach: sd * reach,
        reach_error: sd * reach_error,
        by_value: classes.by_value(),
        low_mean: means[0],
        high_mean: means[last],
        low_error,
        high_error,
        low_value: labels.ends.low,
        high_value: labels.ends.high,
        low_to: labels.joined[0],
        high_from: labels.joined[1],
        low_is_no_event: false,
        swing: means[last] - means[0],
        swing_error,
        class_means: means,
        tied_to: labels.tied_to,
        title: labels.title,
        ties: labels.ties,
        has_path: labels.has_path,
    })
}

/// Mean of an output over bins, summed as deviations from the first; NaN without runs.
fn mean_of<'a>(bins: impl Iterator<Item = &'a Bin> + Clone) -> f64 {
    let filled = bins.filter(|bin| bin.count > 0);
    let Some(first) = filled.clone().next() else { return f64::NAN };
    let count: f64 = filled.clone().map(|bin| bin.count as f64).sum();
    first.mean + filled.map(|bin| bin.count as f64 * (bin.mean - first.mean)).sum::<f64>() / count
}

/// Root of the variance between classes and its error, in standard deviations of the output.
///
/// - Formula: √B with B = Σ f (m − mean)² less what noise puts there. The variance of B is that of a² + 2ae over runs, a
///   the distance of the class's mean and e that of the run from it, and 2 tr(BDBD) of the noise D. The error is the wider
///   of the two sides of the interval that √ makes of B ± 1.96 errors, over 1.96: near 0 a root is no straight line.
fn reach_of(classes: &Parts, within: &[Within]) -> (f64, f64) {
    let (part, noise) = (&classes.whole, &classes.noise);
    let square = part.between(noise);
    let of_runs = || {
        let mean = part.mean();
        let pulls = part.filled().map(|class| {
            let apart = part.means[class] - mean;
            let level = (apart * apart - noise.centred[class]).max(0.0);
            part.share(class) * (level * level + 4.0 * level * within[class].variance())
        });
        let linear = (pulls.sum::<f64>() - square * square).max(0.0) / part.runs();
        (linear + 2.0 * between_trace(part, noise)).sqrt()
    };
    let error = classes.jackknife(|part, noise| part.between(noise)).unwrap_or_else(of_runs);
    root_of(square, error)
}

/// The root of a square that is known with this standard error, and its error, as if 1.96 of it made an interval.
pub fn root_of(square: f64, error: f64) -> (f64, f64) {
    let z = normal_factor();
    let root = |square: f64| square.max(0.0).sqrt();
    let reach = root(square);
    let wider = (root(square.max(0.0) + z * error) - reach).max(reach - root(square - z * error));
    (reach, wider / z)
}

/// The first-order share of an input; `None` where the output does not vary or a few runs carry its variance.
///
/// A share S moves by S(1 − S) of what the variance is off by, relative to it: where that is within an error of the share
/// for a variance that may be off as a whole, a variance that few runs carry does no harm.
fn first_order(
    output: &Conditioned<'_>,
    bins: &Bins,
    input: &Conditioning,
    in_bins: &[Within],
    is_alone: bool,
) -> Option<Share> {
    if !output.varies {
        return None;
    }
    if is_alone {
        return Some(Share { value: 1.0, error: 0.0 });
    }
    if !output.is_settled {
        return None;
    }
    let groups = &input.fine;
    let within = groups.within(in_bins);
    let parts = Parts::new(output, bins, groups, &within);
    let at_ends = output.sampled.left_at_ends(&input.sampled);
    let shares = Shares::new(groups, &input.forms, &within, at_ends, &parts.whole, &parts.noise);
    let replicated = parts.jackknife(|part, noise| shares.share(part, noise));
    let share = shares.known(&parts.whole, &parts.noise, output.kurtosis, output.skewness, replicated);
    let is_moved = share.value * (1.0 - share.value) > share.error;
    Some(share).filter(|_| !(output.is_carried && is_moved))
}

/// Spearman's coefficient and its error.
fn spearman(output: &Conditioned<'_>, bins: &Bins, index: usize, input: &Conditioning) -> (f64, f64) {
    let pulls = output.sampled.pulls(&input.sampled);
    let of = |portion: &Portion<'_>| {
        portion.conditional.spearman(index, &portion.grouping, &pulls.ranks).unwrap_or(f64::NAN)
    };
    let replicates: Vec<f64> = output.replicates.iter().map(of).collect();
    let error = match standard_error(&replicates) {
        Some(error) => error * few(replicates.len() as f64),
        None => pulls.error(&bins.whole.iter().map(|bin| bin.count as f64).collect::<Vec<_>>()),
    };
    (of(&output.whole).clamp(-1.0, 1.0), error)
}
