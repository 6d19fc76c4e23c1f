//! An output within bins of an input: moments, and what runs that are neighbours in the input share.

use super::groups::square;

/// An output where an input is in one group of bins; sums are over the runs of the sample, deviations those from their
/// mean.
#[derive(Clone, Copy, Debug, Default)]
pub struct Within {
    /// Runs of the sample.
    pub count: f64,
    mean: f64,
    /// Sums of the second, third and fourth powers of the deviation.
    second: f64,
    third: f64,
    fourth: f64,
    /// Half the square of the difference between runs that are neighbours in the input, as a mean within each bin, times
    /// its runs. Runs at the ends of a bin are also compared with the one after the next, so that every run counts twice.
    steps: f64,
    /// The same less what a mean that is straight within each bin puts there.
    left: f64,
    /// Square of half the square of the difference between neighbours, as a mean within each bin, times its runs.
    steps_squared: f64,
}

impl Within {
    /// Of several bins as one.
    pub fn joined<'a>(bins: impl Iterator<Item = &'a Within> + Clone) -> Within {
        let mut whole = Within::default();
        for bin in bins.clone().filter(|bin| bin.count > 0.0) {
            whole.count += bin.count;
            whole.mean += bin.count * bin.mean;
            whole.steps += bin.steps;
            whole.left += bin.left;
            whole.steps_squared += bin.steps_squared;
        }
        if whole.count == 0.0 {
            return whole;
        }
        whole.mean /= whole.count;
        for bin in bins.filter(|bin| bin.count > 0.0) {
            let apart = bin.mean - whole.mean;
            let square = apart * apart;
            whole.second += bin.second + bin.count * square;
            whole.third += bin.third + 3.0 * apart * bin.second + bin.count * square * apart;
            whole.fourth += bin.fourth
                + 4.0 * apart * bin.third
                + 6.0 * square * bin.second
                + bin.count * square * square;
        }
        whole
    }

    /// Variance within the group. Nothing is known of one that the sample meets less than twice: it may vary like the
    /// output as a whole.
    pub fn variance(&self) -> f64 {
        if self.count < 2.0 { 1.0 } else { self.second / (self.count - 1.0) }
    }

    /// Mean third power of the deviation.
    pub fn third(&self) -> f64 {
        if self.count < 2.0 { 0.0 } else { self.third / self.count }
    }

    /// Mean fourth power of the deviation.
    pub fn fourth(&self) -> f64 {
        if self.count < 2.0 { 3.0 } else { self.fourth / self.count }
    }

    /// The variance that the input leaves, where its effect hardly changes from one run to the next: half the mean
    /// square of the difference between neighbours.
    pub fn rest(&self) -> f64 {
        if self.count < 2.0 { 1.0 } else { self.steps / self.count }
    }

    /// The same less what a mean that is straight within each bin puts there; noise may leave less than 0.
    ///
    /// - Formula: of k runs at random places of a bin the squared distance of neighbours is on average 2/((k + 1)(k + 2)) of
    ///   that of the ends, of the next but one 6/((k + 1)(k + 2)), the variance 1/12 of it. So a straight mean with the
    ///   variance T adds cT to half the mean square R, c = 12 (k + 5)/((k + 1)²(k + 2)), and (R − cV)/(1 − c) is what is left
    ///   of the whole variance V.
    /// - Source: David & Nagaraja (2003), Order Statistics, 3rd ed., section 2.2 (spacings of a uniform sample).
    pub fn left(&self) -> f64 {
        if self.count < 2.0 { 1.0 } else { self.left / self.count }
    }

    /// Mean fourth power of what the input leaves, told by neighbours.
    ///
    /// - Formula: of two independent deviations of variance r the mean of ((e − e')²/2)² is ½E[e⁴] + 3/2·r².
    pub fn fourth_left(&self) -> f64 {
        if self.count < 2.0 {
            return 3.0;
        }
        let square = square(self.left().max(0.0));
        (2.0 * self.steps_squared / self.count - 3.0 * square).max(square)
    }

    /// Of the values of a bin's runs, in the order of the input.
    pub fn of(values: &[f64]) -> Within {
        let count = values.len() as f64;
        let mut within = Within { count, ..Within::default() };
        if values.is_empty() {
            return within;
        }
        within.mean = values.iter().sum::<f64>() / count;
        for &value in values {
            let deviation = value - within.mean;
            let square = deviation * deviation;
            within.second += square;
            within.third += square * deviation;
            within.fourth += square * square;
        }
        let between = |one: usize, other: usize| square(values[one] - values[other]);
        let (mut steps, mut squared) = (0.0, 0.0);
        for run in 1..values.len() {
            let step = between(run, run - 1);
            steps += step;
            squared += step * step;
        }
        if count > 1.0 {
            within.steps_squared = 0.25 * squared / (count - 1.0) * count;
        }
        // The first run and the third, the last and the one before the last but one.
        let last = values.len() - 1;
        if last >= 2 {
            steps += between(2, 0) + if last > 2 { between(last, last - 2) } else { 0.0 };
        }
        within.steps = steps / (2.0 * (count + 1.0)) * count;
        within.left = match count > 3.0 {
            true => {
                let c = 12.0 * (count + 5.0) / (square(count + 1.0) * (count + 2.0));
                (within.steps - c * within.second * count / (count - 1.0)) / (1.0 - c)
            }
            false => within.steps,
        };
        within
    }
}
