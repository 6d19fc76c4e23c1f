//! Axes: round tick values, a range that contains the data, and the way from a value to a place.

use super::number::{NumberFormat, decade, power_of_ten};

/// A linear axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    pub low: f64,
    pub high: f64,
    /// Values that get a grid line and a label, rising.
    pub ticks: Vec<f64>,
    pub format: NumberFormat,
}

/// Where an axis starts and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    /// At the first tick beyond the data.
    OnTicks,
    /// At the data; ticks lie inside.
    OnData,
}

impl Axis {
    /// An axis over [`low`, `high`] with about `count` ticks.
    pub fn over(low: f64, high: f64, count: usize, ends: Ends) -> Self {
        let (low, high) = widened(low, high);
        let count = count.max(1) as f64;
        let span = high - low;
        let step = nearest_step(if span.is_finite() { span / count } else { high / count - low / count });
        let nudge = 1e-9;
        // Beyond the range of f64 no tick can stand.
        let fits =
            (low / step).floor() * step > f64::NEG_INFINITY && (high / step).ceil() * step < f64::INFINITY;
        let ends = if fits { ends } else { Ends::OnData };
        let (first, last) = match ends {
            Ends::OnTicks => ((low / step + nudge).floor(), (high / step - nudge).ceil()),
            Ends::OnData => ((low / step - nudge).ceil(), (high / step + nudge).floor()),
        };
        let ticks: Vec<f64> = multiples(first, last, step);
        let (low, high) = match ends {
            Ends::OnTicks => (ticks.first().copied().unwrap_or(low), ticks.last().copied().unwrap_or(high)),
            Ends::OnData => (low, high),
        };
        let largest = ticks.iter().fold(0.0_f64, |m, t| m.max(t.abs()));
        Self { low, high, ticks, format: NumberFormat::new(largest, last_digit(step)) }
    }

    /// An axis from 0 to at least `high` with exactly `intervals` equal steps.
    pub fn from_zero(high: f64, intervals: usize) -> Self {
        let high = if high > 0.0 { high } else { 1.0 };
        let step = step_above(high / intervals as f64);
        let ticks = multiples(0.0, intervals as f64, step);
        let top = ticks.last().copied().unwrap_or(high);
        Self { low: 0.0, high: top, ticks, format: NumberFormat::new(top, last_digit(step)) }
    }

    /// A format with two significant digits of a value on the axis at least; where 0 lies inside the axis, the format
    /// alone: digits of its own of a value near 0 would say nothing.
    pub fn telling(&self, format: NumberFormat, value: f64) -> NumberFormat {
        let parts_signs = self.low < 0.0 && self.high > 0.0;
        if parts_signs && value != 0.0 { format } else { format.telling(value) }
    }

    /// Place of `value` between `start` (the low end) and `end`.
    pub fn place(&self, value: f64, start: f64, end: f64) -> f64 {
        let span = self.high - self.low;
        let part = match span.is_finite() {
            true => (value - self.low) / span,
            // Halves, as the difference of two values need not be finite.
            false => (0.5 * value - 0.5 * self.low) / (0.5 * self.high - 0.5 * self.low),
        };
        start + (end - start) * part
    }
}

/// Low and high with room between them, whatever they are.
fn widened(low: f64, high: f64) -> (f64, f64) {
    let (low, high) = (low.min(high), low.max(high));
    let size = low.abs().max(high.abs());
    if high - low > 1e-9 * size {
        (low, high)
    } else if size > 0.0 {
        ((low - 0.1 * size).max(-f64::MAX), (high + 0.1 * size).min(f64::MAX))
    } else {
        (-1.0, 1.0)
    }
}

/// Of 1, 2, 5 and 10 times a power of ten the one nearest to `ideal`, by ratio.
fn nearest_step(ideal: f64) -> f64 {
    let unit = power_of_ten(decade(ideal));
    let ratio = |multiple: f64| (multiple * unit / ideal).max(ideal / (multiple * unit));
    let nearest = [1.0, 2.0, 5.0, 10.0].into_iter().min_by(|a, b| ratio(*a).total_cmp(&ratio(*b)));
    nearest.unwrap_or(1.0) * unit
}

/// The smallest round number that is not below `least`.
fn step_above(least: f64) -> f64 {
    let unit = power_of_ten(decade(least));
    let multiples = [1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0];
    let above = multiples.into_iter().find(|m| m * unit >= least * (1.0 - 1e-9));
    above.unwrap_or(10.0) * unit
}

/// Size of the last digit of a round step: 1.5 and 2.5 need one decimal more than 2 or 5.
pub(super) fn last_digit(step: f64) -> f64 {
    let unit = power_of_ten(decade(step * (1.0 + 1e-9)));
    let multiple = step / unit;
    if (multiple - multiple.round()).abs() > 0.1 { unit / 10.0 } else { unit }
}

fn multiples(first: f64, last: f64, step: f64) -> Vec<f64> {
    let count = (last - first).clamp(-1.0, 1000.0) as i64;
    (0..=count).map(|i| (first + i as f64) * step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<String> {
        axis.ticks.iter().map(|t| axis.format.format(*t)).collect()
    }

    #[test]
    fn two_digits_of_a_value_are_told_unless_0_lies_inside_the_axis() {
        let told = |low: f64, high: f64, value: f64| {
            let axis = Axis::over(low, high, 6, Ends::OnData);
            axis.telling(axis.format.with_resolution((high - low) / 50.0), value).format(value)
        };
        assert_eq!(told(0.0, 5000.0, 4.23), "4.2");
        assert_eq!(told(-1.7, 1.6, 0.000_63), "0.00");
        assert_eq!(told(-1.7, 1.6, 0.0), "0");
        assert_eq!(told(-1.7, 1.6, -0.85), "−0.85");
    }

    #[test]
    fn ticks_are_round_and_contain_the_data() {
        let axis = Axis::over(0.0, 27.1, 6, Ends::OnTicks);
        assert_eq!(labels(&axis), ["0", "5", "10", "15", "20", "25", "30"]);
        let axis = Axis::over(-0.31, 0.42, 5, Ends::OnTicks);
        assert_eq!(labels(&axis), ["−0.4", "−0.2", "0.0", "0.2", "0.4", "0.6"]);
        let axis = Axis::over(13.2, 27.1, 6, Ends::OnData);
        assert_eq!(labels(&axis), ["14", "16", "18", "20", "22", "24", "26"]);
        assert_eq!((axis.low, axis.high), (13.2, 27.1));
    }

    #[test]
    fn equal_values_and_extremes_still_make_an_axis() {
        for (low, high) in
            [(0.0, 0.0), (5.0, 5.0), (-3.0, -3.0), (1e12, 1e12), (1e-9, 1e-9), (1e6, 1e6 + 1e-6)]
        {
            let axis = Axis::over(low, high, 5, Ends::OnTicks);
            assert!(axis.ticks.len() >= 3 && axis.ticks.len() <= 9, "{axis:?}");
            assert!(axis.low <= low && high <= axis.high);
            let mut seen = labels(&axis);
            seen.dedup();
            assert_eq!(seen.len(), axis.ticks.len(), "labels repeat: {seen:?}");
        }
    }

    #[test]
    fn ranges_up_to_the_largest_numbers_have_an_axis() {
        let most = f64::MAX;
        for (low, high) in [(-most, most), (-1.7e308, 1.7e308), (most, most), (-most, 0.0), (5e-324, 1e-322)]
        {
            for ends in [Ends::OnTicks, Ends::OnData] {
                let axis = Axis::over(low, high, 6, ends);
                assert!(!axis.ticks.is_empty() && axis.ticks.iter().all(|tick| tick.is_finite()), "{axis:?}");
                let places = [low, high].map(|value| axis.place(value, 0.0, 100.0));
                assert!(places.iter().all(|place| (-1e-9..=100.1).contains(place)), "{axis:?} {places:?}");
                assert!(labels(&axis).iter().all(|label| label.len() < 24 && !label.contains("inf")));
            }
        }
    }

    #[test]
    fn an_axis_from_zero_has_the_steps_it_was_asked_for() {
        let axis = Axis::from_zero(0.081, 4);
        assert_eq!(axis.ticks.len(), 5);
        assert!(axis.high >= 0.081);
        assert_eq!(Axis::from_zero(0.0, 4).high, 1.0);
    }

    #[test]
    fn places_run_from_start_to_end() {
        let axis = Axis::over(0.0, 10.0, 5, Ends::OnTicks);
        assert_eq!(axis.place(0.0, 500.0, 100.0), 500.0);
        assert_eq!(axis.place(10.0, 500.0, 100.0), 100.0);
        assert_eq!(axis.place(5.0, 500.0, 100.0), 300.0);
    }
}
