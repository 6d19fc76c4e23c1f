//! An output in groups of an input's bins: counts, means, and how far noise alone moves the means.

use super::within::Within;
use crate::tally::{Bin, RankBins};

/// A partition of an input's bins.
#[derive(Clone, Debug)]
pub struct Groups {
    /// Group of each bin.
    pub of: Vec<usize>,
    /// Lower and upper probability of each group.
    pub intervals: Vec<(f64, f64)>,
    /// Whether each group is one value of the input.
    pub is_value: Vec<bool>,
    /// Whether they are values of the input, rare ones with their neighbours, instead of shares of it.
    by_value: bool,
}

/// Most values of an input that have a class each.
const MOST_VALUES: usize = 10;
/// Share of a class of a continuous input.
const CLASS: f64 = 0.1;
/// Runs that a group of a continuous input should hold, so that what lies in it can be told from noise.
const LEAST_RUNS: f64 = 10.0;
/// Runs that a class of a value should hold, so that its mean means something.
const LEAST_OF_VALUE: f64 = 20.0;

impl Groups {
    /// Groups for shares of variance: values and bins themselves, of bins with few of `runs` runs several together.
    pub fn fine(bins: &RankBins, runs: f64) -> Groups {
        Groups::joined(bins, |bin, share| bins.is_value(bin) || runs * share > LEAST_RUNS - 0.5)
    }

    /// The classes of a bar over so many runs: each value of an input, rare ones with their neighbours, where that makes
    /// up to ten; else tenths, or values that make up a tenth together.
    pub fn classes(bins: &RankBins, runs: f64) -> Groups {
        let values =
            if (0..bins.count()).all(|bin| bins.is_value(bin)) { Groups::values(bins, runs) } else { None };
        values.unwrap_or_else(|| Groups::joined(bins, |_, share| share > CLASS - 1e-9))
    }

    /// Values that can be expected to occur in twenty of so many runs, others together with a neighbour. The rarest class
    /// joins the rarer of its neighbours until all hold as many runs or two are left: of an event both sides have a class,
    /// however rare it is. `None` where more than ten are left.
    fn values(bins: &RankBins, runs: f64) -> Option<Groups> {
        // The first bin of each class.
        let mut firsts: Vec<usize> = (0..bins.count()).collect();
        let interval = |firsts: &[usize], class: usize| {
            let end = firsts.get(class + 1).map_or(1.0, |&next| bins.interval(next).0);
            (bins.interval(firsts[class]).0, end)
        };
        let share = |firsts: &[usize], class: usize| {
            let (low, high) = interval(firsts, class);
            high - low
        };
        while firsts.len() > 2 {
            let rarest = |classes: &mut dyn Iterator<Item = usize>| {
                classes.min_by(|&a, &b| share(&firsts, a).total_cmp(&share(&firsts, b)))
            };
            let class = rarest(&mut (0..firsts.len()))?;
            if share(&firsts, class) * runs >= LEAST_OF_VALUE {
                break;
            }
            let beside =
                class.checked_sub(1).into_iter().chain(Some(class + 1).filter(|&next| next < firsts.len()));
            let neighbour = rarest(&mut beside.into_iter())?;
            firsts.remove(class.max(neighbour));
        }
        if firsts.len() > MOST_VALUES {
            return None;
        }
        let classes = 0..firsts.len();
        let size = |class: usize| firsts.get(class + 1).map_or(bins.count(), |&next| next) - firsts[class];
        Some(Groups {
            of: classes.clone().flat_map(|class| std::iter::repeat_n(class, size(class))).collect(),
            intervals: classes.clone().map(|class| interval(&firsts, class)).collect(),
            is_value: classes.map(|class| size(class) == 1).collect(),
            by_value: true,
        })
    }

    /// Bins from the lowest on, joined until `is_enough` says so of the last bin and the share of the group; what is left
    /// at the end joins the last group.
    fn joined(bins: &RankBins, is_enough: impl Fn(usize, f64) -> bool) -> Groups {
        let mut groups =
            Groups { of: Vec::new(), intervals: Vec::new(), is_value: Vec::new(), by_value: false };
        let mut first = 0;
        for bin in 0..bins.count() {
            let (start, end) = (bins.interval(first).0, bins.interval(bin).1);
            groups.of.push(groups.intervals.len());
            if is_enough(bin, end - start) {
                groups.intervals.push((start, end));
                groups.is_value.push(first == bin && bins.is_value(bin));
                first = bin + 1;
            }
        }
        match groups.intervals.len().checked_sub(1) {
            Some(last) if first < bins.count() => {
                groups.of[first..].fill(last);
                groups.intervals[last].1 = 1.0;
                groups.is_value[last] = false;
            }
            Some(_) => {}
            None => {
                groups.intervals.push((0.0, 1.0));
                groups.is_value.push(bins.count() == 1 && bins.is_value(0));
            }
        }
        groups
    }

    /// What is known of the scatter within each group, from that within the bins.
    pub fn within(&self, bins: &[Within]) -> Vec<Within> {
        let mut rest = bins;
        let sizes = self.of.chunk_by(|one, other| one == other).map(<[usize]>::len);
        sizes
            .map(|size| {
                let (group, after) = rest.split_at(size);
                rest = after;
                if let [bin] = group { *bin } else { Within::joined(group.iter()) }
            })
            .collect()
    }

    /// Number of bins of the first group, and the first bin of the last.
    pub fn ends(&self) -> (usize, usize) {
        let last = self.count() - 1;
        let first = self.of.iter().take_while(|of| **of == 0).count();
        (first, self.of.iter().take_while(|of| **of < last).count())
    }

    /// Whether the groups are values, rare ones together.
    pub fn by_value(&self) -> bool {
        self.by_value
    }

    /// Bins of the first and of the last group, where these are several.
    pub fn joined_ends(&self) -> [Option<usize>; 2] {
        let last = self.count() - 1;
        let is_joined = |group: usize| self.of.iter().filter(|of| **of == group).count() > 1;
        let below = (self.of.iter().rposition(|&of| of == 0)).filter(|_| is_joined(0));
        let above = (self.of.iter().position(|&of| of == last)).filter(|_| is_joined(last));
        [below, above]
    }

    pub fn count(&self) -> usize {
        self.intervals.len()
    }
}

/// What a portion of the runs says of an output in each group, in standard deviations of all runs from their mean.
#[derive(Clone, Debug)]
pub struct Part {
    pub counts: Vec<f64>,
    /// NaN without runs.
    pub means: Vec<f64>,
    /// Of the output in this portion.
    pub variance: f64,
    runs: f64,
}

impl Part {
    /// From the bins of a portion; `mean` and `sd` are those of all runs, `variance` that of the portion.
    pub fn new(bins: &[Bin], groups: &Groups, mean: f64, sd: f64, variance: f64) -> Part {
        let (mut counts, mut means) = (vec![0.0; groups.count()], vec![0.0; groups.count()]);
        for (bin, &group) in bins.iter().zip(&groups.of).filter(|(bin, _)| bin.count > 0) {
            counts[group] += bin.count as f64;
            means[group] += bin.count as f64 * ((bin.mean - mean) / sd);
        }
        means.iter_mut().zip(&counts).for_each(|(mean, count)| *mean /= count);
        Part::of(counts, means, variance / (sd * sd))
    }

    /// Of the runs and means of groups.
    pub fn of(counts: Vec<f64>, means: Vec<f64>, variance: f64) -> Part {
        let runs = counts.iter().sum();
        Part { counts, means, variance, runs }
    }

    /// Several portions as one.
    pub fn pooled<'a>(parts: impl Iterator<Item = &'a Part> + Clone) -> Part {
        let Some(first) = parts.clone().next() else {
            return Part::of(Vec::new(), Vec::new(), f64::NAN);
        };
        let groups = first.counts.len();
        let (mut counts, mut means) = (vec![0.0; groups], vec![0.0; groups]);
        for part in parts.clone() {
            for group in (0..groups).filter(|&group| part.counts[group] > 0.0) {
                counts[group] += part.counts[group];
                means[group] += part.counts[group] * part.means[group];
            }
        }
        means.iter_mut().zip(&counts).for_each(|(mean, count)| *mean /= count);
        let mut whole = Part::of(counts, means, 0.0);
        let (runs, mean) = (whole.runs(), whole.mean());
        let squares = parts.map(|part| {
            let apart = part.mean() - mean;
            part.runs() * (part.variance + apart * apart)
        });
        whole.variance = squares.sum::<f64>() / runs;
        whole
    }

    pub fn runs(&self) -> f64 {
        self.runs
    }

    /// Groups that hold runs.
    pub fn filled(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.counts.len()).filter(|&group| self.counts[group] > 0.0)
    }

    pub fn share(&self, group: usize) -> f64 {
        self.counts[group] / self.runs()
    }

    pub fn mean(&self) -> f64 {
        self.filled().map(|group| self.counts[group] * self.means[group]).sum::<f64>() / self.runs()
    }

    /// Variance of the means of the groups, weighted by runs, less what noise alone puts there.
    pub fn between(&self, noise: &Noise) -> f64 {
        let (runs, mean) = (self.runs(), self.mean());
        let squares = self.filled().map(|group| {
            let apart = self.means[group] - mean;
            self.counts[group] / runs * (apart * apart - noise.centred[group])
        });
        squares.sum()
    }
}

/// Variances of the means of groups, by group.
#[derive(Clone, Debug)]
pub struct Noise {
    /// Of the mean itself.
    pub own: Vec<f64>,
    /// Of the mean less that of all runs.
    pub centred: Vec<f64>,
}

impl Noise {
    /// Of independent runs: the variance within the group over its runs, of which the mean of all runs shares a part.
    ///
    /// - Source: Cochran (1977), Sampling Techniques, 3rd ed., chapter 5A.
    pub fn of_runs(part: &Part, within: &[Within]) -> Noise {
        let own: Vec<f64> = within.iter().zip(&part.counts).map(|(w, count)| w.variance() / count).collect();
        let centred = own.iter().enumerate().map(|(group, own)| own * (1.0 - part.share(group))).collect();
        Noise { own, centred }
    }

    /// Of runs that depend on each other within a replicate: from the spread of the replicates' means.
    ///
    /// - Formula: R/(R − 1) Σ (nᵣ/n)² (mᵣ − m)² over R replicates, n the runs of the group.
    /// - Source: Cochran (1977), Sampling Techniques, 3rd ed., 9A.2 (clusters of unequal size).
    pub fn of_replicates(replicates: &[&Part], whole: &Part) -> Noise {
        let many = replicates.len() as f64;
        let spread = |group: usize, centre: &dyn Fn(&Part) -> f64| {
            let apart = |part: &Part| part.means[group] - centre(part) - (whole.means[group] - centre(whole));
            let squares = replicates.iter().filter(|part| part.counts[group] > 0.0).map(|part| {
                let pull = part.counts[group] / whole.counts[group] * apart(part);
                pull * pull
            });
            many / (many - 1.0) * squares.sum::<f64>()
        };
        let means: Vec<(f64, &Part)> =
            replicates.iter().copied().chain([whole]).map(|part| (part.mean(), part)).collect();
        let mean_of = |part: &Part| {
            means.iter().find(|(_, known)| std::ptr::eq(*known, part)).map_or(f64::NAN, |(mean, _)| *mean)
        };
        let groups = 0..whole.counts.len();
        Noise {
            own: groups.clone().map(|group| spread(group, &|_| 0.0)).collect(),
            centred: groups.map(|group| spread(group, &mean_of)).collect(),
        }
    }
}

pub fn square(x: f64) -> f64 {
    x * x
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_values_or_tenths() {
        let even = Groups::classes(&RankBins::Even, 1e5);
        assert!(even.count() == 10 && !even.by_value() && even.of[9] == 0 && even.of[10] == 1);
        let event = Groups::classes(&RankBins::discrete(&[0.98]), 10.0);
        assert!(event.count() == 2 && event.by_value() && (event.intervals[0].1 - 0.98).abs() < 1e-9);
        // A count of which 5 can be expected in 1.6 of 100,000 runs and 4 in 25.
        let count =
            Groups::classes(&RankBins::discrete(&[0.740818, 0.963064, 0.9964, 0.999734, 0.999984]), 1e5);
        assert!(count.by_value() && count.of == [0, 1, 2, 3, 4, 4], "{count:?}");
        assert_eq!(count.joined_ends(), [None, Some(4)]);
        // Of three values two are rare: they stay apart from the third.
        let rare = Groups::classes(&RankBins::discrete(&[0.9985, 0.9995]), 2e3);
        assert_eq!(rare.of, [0, 1, 1]);
        // Fourteen values, of which only the middle ones make up a tenth.
        let jumps: Vec<f64> =
            [0.01, 0.03, 0.06, 0.12, 0.3, 0.5, 0.7, 0.85, 0.92, 0.95, 0.97, 0.99, 0.999].to_vec();
        let many = Groups::classes(&RankBins::discrete(&jumps), 1e6);
        assert!(!many.by_value() && many.intervals.iter().all(|(low, high)| high - low > 0.0999));
        assert_eq!((many.intervals[0].1 * 100.0).round(), 12.0);
        assert_eq!(many.intervals[many.count() - 1].1, 1.0);
    }

    #[test]
    fn few_runs_have_wide_groups() {
        assert_eq!(Groups::fine(&RankBins::Even, 100_000.0).count(), 100);
        assert_eq!(Groups::fine(&RankBins::Even, 200.0).count(), 20);
        assert_eq!(Groups::fine(&RankBins::discrete(&[0.999]), 200.0).count(), 2);
        assert_eq!(Groups::fine(&RankBins::Even, 5.0).count(), 1);
    }

    #[test]
    fn parts_add_up() {
        let part =
            |counts: &[f64], means: &[f64], variance| Part::of(counts.to_vec(), means.to_vec(), variance);
        // 1, 3 in the first group and 5 in the second; then 2 in the first.
        let (a, b) = (part(&[2.0, 1.0], &[2.0, 5.0], 8.0 / 3.0), part(&[1.0, 0.0], &[2.0, f64::NAN], 0.0));
        let whole = Part::pooled([&a, &b].into_iter());
        assert_eq!(whole.means, [2.0, 5.0]);
        assert!((whole.variance - (1.0 + 9.0 + 25.0 + 4.0) / 4.0 + 2.75 * 2.75).abs() < 1e-12);
        let none = Noise { own: vec![0.0; 2], centred: vec![0.0; 2] };
        assert!((whole.between(&none) - 0.75 * 0.25 * 9.0).abs() < 1e-12);
    }
}
