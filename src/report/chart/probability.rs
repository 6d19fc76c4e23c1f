//! A probability as one bar, a number and a phrase.

use super::chance::Chance;
use super::frame::Frame;
use super::number::percentage_with;
use super::scene::{Anchor, Chart, Rect, Scene, TextStyle};
use super::theme::{AXIS, BANDS, EMPTY, HEADING, INK, LABEL, MEDIAN, SOFT_INK, SUBTITLE, TICK, leading};
use super::words::{Words, fill};

/// How often a statement came true.
#[derive(Clone, Debug, PartialEq)]
pub struct ProbabilityChart {
    pub frame: Frame,
    /// What is or is not the case in a run.
    pub statement: String,
    /// In which share of runs it is.
    pub chance: Chance,
}

impl Chart for ProbabilityChart {
    fn scene(&self) -> Scene {
        let words = self.frame.words();
        let (mut scene, body) = self.frame.open(620.0);
        let figure = TextStyle { size: 132.0, colour: MEDIAN, ..HEADING };
        let mut y = body.top + (body.height() - 620.0) * 0.3 + 30.0;
        let statement = TextStyle { size: 30.0, ..HEADING };
        for line in statement.wrapped(&self.statement, body.width(), 3) {
            y += leading(statement);
            scene.text((body.left, y), Anchor::Start, statement, &line);
        }
        let number = self.chance.value_text();
        y += 154.0;
        scene.text((body.left - 6.0, y), Anchor::Start, figure, &number);
        let phrase_style = TextStyle { size: 44.0, ..SUBTITLE.in_colour(INK) };
        y += 74.0;
        scene.text((body.left, y), Anchor::Start, phrase_style, &in_words(self.chance.value, words));

        let bar = Rect { left: body.left, top: y + 56.0, right: body.right, bottom: y + 116.0 };
        self.draw_bar(&mut scene, bar);
        let mut interval = self.chance.interval_text(words.interval, words);
        if matches!(self.chance.value, 0.0 | 1.0) {
            interval = format!("{interval} · {}", words.interval_name);
        }
        let at = (body.left, bar.bottom + 100.0);
        scene.text(at, Anchor::Start, LABEL.in_colour(SOFT_INK), &interval);
        scene
    }
}

impl ProbabilityChart {
    fn draw_bar(&self, scene: &mut Scene, bar: Rect) {
        let at = |share: f64| bar.left + bar.width() * share.clamp(0.0, 1.0);
        scene.rect(bar, EMPTY);
        scene.rect(Rect { right: at(self.chance.value), ..bar }, BANDS[2]);
        let middle = (bar.top + bar.bottom) / 2.0;
        let (low, high) = (at(self.chance.low), at(self.chance.high));
        scene.line(vec![(low, middle), (high, middle)], 4.0, INK);
        for x in [low, high] {
            scene.line(vec![(x, middle - 16.0), (x, middle + 16.0)], 3.0, INK);
        }
        for tick in 0..=4 {
            let share = f64::from(tick) / 4.0;
            let anchor = match tick {
                0 => Anchor::Start,
                4 => Anchor::End,
                _ => Anchor::Middle,
            };
            scene.line(vec![(at(share), bar.bottom), (at(share), bar.bottom + 9.0)], 2.5, AXIS);
            scene.text((at(share), bar.bottom + 38.0), anchor, TICK, &percentage_with(share, 0));
        }
    }
}

/// A probability as a fraction people can picture: `about 2 in 5 runs`.
fn in_words(probability: f64, words: &Words) -> String {
    if probability <= 0.0 {
        return words.never.to_string();
    }
    if probability >= 1.0 {
        return words.always.to_string();
    }
    let rare = probability.min(1.0 - probability);
    if rare < 0.075 {
        let phrase = if probability < 0.5 { words.about } else { words.all_but };
        let digits = if rare > 0.01 { 2 } else { 1 };
        let format = super::number::NumberFormat::new(1.0 / rare, 1.0);
        return fill(phrase, &["1", &format.with_unit(rounded(1.0 / rare, digits), None)]);
    }
    let (count, of) = nearest_fraction(probability);
    fill(words.about, &[&count.to_string(), &of.to_string()])
}

/// `value` to so many significant digits.
fn rounded(value: f64, digits: i32) -> f64 {
    let unit = super::number::power_of_ten(super::number::decade(value) - digits + 1);
    (value / unit).round() * unit
}

/// The fraction nearest to a probability, small denominators preferred.
fn nearest_fraction(probability: f64) -> (u32, u32) {
    let distance = |(count, of): (u32, u32)| {
        (f64::from(count) / f64::from(of) - probability).abs() + 0.001 * f64::from(of)
    };
    let candidates = [2, 3, 4, 5, 10, 20].into_iter().flat_map(|of| (1..of).map(move |count| (count, of)));
    candidates.min_by(|a, b| distance(*a).total_cmp(&distance(*b))).unwrap_or((1, 2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Language;

    #[test]
    fn probabilities_read_as_fractions() {
        let words = Words::of(Language::English);
        let cases = [
            (0.0, "in none of the runs"),
            (0.0004, "about 1 in 3,000 runs"),
            (0.04, "about 1 in 25 runs"),
            (0.413, "about 2 in 5 runs"),
            (0.5, "about 1 in 2 runs"),
            (0.66, "about 2 in 3 runs"),
            (0.9, "about 9 in 10 runs"),
            (0.98, "in all but about 1 in 50 runs"),
            (1.0, "in every run"),
        ];
        for (probability, phrase) in cases {
            assert_eq!(in_words(probability, words), phrase);
        }
        assert_eq!(in_words(0.413, Words::of(Language::Korean)), "시행 5회 중 약 2회");
    }

    #[test]
    fn fractions_are_within_three_hundredths() {
        for i in 75..=925 {
            let probability = f64::from(i) / 1000.0;
            let (count, of) = nearest_fraction(probability);
            assert!((f64::from(count) / f64::from(of) - probability).abs() <= 0.035, "{probability}");
        }
    }
}
