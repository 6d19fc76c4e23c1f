//! A probability with its interval, and how both are written and placed.

use super::axis::{Axis, Ends, last_digit};
use super::number::{NumberFormat, chance_decimals, decade, limit_text, percentage_with};
use super::words::{Words, fill};
use crate::analysis::Statistics;

/// A probability and its 95 % confidence interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chance {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

impl Chance {
    /// The mean of a cell that is 0 or 1; `None` where nothing finite was seen.
    pub fn of(statistics: &Statistics) -> Option<Chance> {
        let (value, interval) = (statistics.mean?, statistics.mean_interval?);
        Some(Chance { value, low: interval.low, high: interval.high })
    }

    /// `41.3 %`.
    pub fn value_text(&self) -> String {
        percentage_with(self.value, chance_decimals(self.value, (self.low, self.high)))
    }

    /// `41.2–41.5 %`; of a probability of 0 or 1 the end that says something.
    pub fn range_text(&self, dash: &str, words: &Words) -> String {
        self.interval_text(&format!("{{}}{dash}{{}}"), words).replace(&format!("\u{2009}%{dash}"), dash)
    }

    /// Both ends by a phrase, with two digits of their distance.
    pub(super) fn interval_text(&self, phrase: &str, words: &Words) -> String {
        if self.value <= 0.0 {
            return fill(words.at_most, &[&limit_text(self.high)]);
        }
        if self.value >= 1.0 {
            return fill(words.at_least, &[&limit_text(self.low)]);
        }
        let decimals = (1 - decade(100.0 * (self.high - self.low))).clamp(0, 12) as usize;
        let [low, high] = [self.low, self.high].map(|end| percentage_with(end, decimals));
        fill(phrase, &[&low, &high])
    }
}

/// A scale for probabilities: from 0, or up to 1 where all of them are near it.
pub(super) fn chance_axis(chances: impl Iterator<Item = Chance>, ticks: usize) -> Axis {
    let (low, high) = chances.fold((1.0_f64, 0.0_f64), |(low, high), c| (low.min(c.low), high.max(c.high)));
    let (low, high) = if low >= 0.9 { (low, 1.0) } else { (0.0, high) };
    let (low, high) = if low < high { (low, high) } else { (0.0, 1.0) };
    Axis::over(low, high, ticks, Ends::OnTicks)
}

/// The ticks of such a scale as percentages.
pub(super) fn chance_ticks(axis: &Axis) -> Vec<(f64, String)> {
    let step = match axis.ticks.as_slice() {
        [first, second, ..] => second - first,
        _ => 1.0,
    };
    let decimals = NumberFormat::decimals_of(100.0 * last_digit(step));
    let text = |tick: f64| percentage_with(tick, if tick == 0.0 { 0 } else { decimals });
    axis.ticks.iter().map(|&tick| (tick, text(tick))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Language;

    fn texts(value: f64, low: f64, high: f64) -> [String; 2] {
        let (chance, words) = (Chance { value, low, high }, Words::of(Language::English));
        [chance.value_text(), chance.interval_text("{} to {}", words)]
            .map(|text| text.replace('\u{2009}', " "))
    }

    #[test]
    fn probabilities_read_with_their_intervals() {
        assert_eq!(texts(0.413, 0.4121, 0.4139), ["41.30 %", "41.21 % to 41.39 %"]);
        assert_eq!(texts(0.0, 0.0, 0.0019), ["0 %", "at most 0.19 %"]);
        assert_eq!(texts(1.0, 0.9981, 1.0), ["100 %", "at least 99.81 %"]);
        assert_eq!(texts(0.000_012, 0.000_007, 0.000_021), ["0.0012 %", "0.0007 % to 0.0021 %"]);
    }

    #[test]
    fn a_range_has_one_sign_of_percent() {
        let (chance, words) =
            (Chance { value: 0.0369, low: 0.0357, high: 0.038 }, Words::of(Language::English));
        assert_eq!(chance.range_text(" – ", words), "3.57 – 3.80\u{2009}%");
        let none = Chance { value: 0.0, low: 0.0, high: 0.0019 };
        assert_eq!(none.range_text("–", Words::of(Language::Korean)), "최대 0.19\u{2009}%");
    }

    #[test]
    fn the_scale_fits_what_is_rare_and_what_is_nearly_certain() {
        let ticks = |low: f64, high: f64| {
            let axis = chance_axis([Chance { value: low, low, high }].into_iter(), 5);
            chance_ticks(&axis).into_iter().map(|(_, text)| text.replace('\u{2009}', " ")).collect::<Vec<_>>()
        };
        assert_eq!(ticks(0.0, 0.000_02), ["0 %", "0.0005 %", "0.0010 %", "0.0015 %", "0.0020 %"]);
        assert_eq!(ticks(0.2, 0.97), ["0 %", "20 %", "40 %", "60 %", "80 %", "100 %"]);
        assert_eq!(ticks(0.991, 0.994).last().unwrap(), "100.0 %");
        assert_eq!(ticks(0.0, 0.0).last().unwrap(), "100 %");
    }
}
