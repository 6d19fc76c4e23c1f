//! The level of a percentile, in %.

use std::fmt;

/// Parts of a percent that are told apart: finer than any number of runs can tell.
const PARTS: u64 = 1_000_000_000_000;
/// All of them.
const WHOLE: u64 = 100 * PARTS;

/// A level above 0 % and below 100 %, as its decimal digits say: `99.9` is neither a little more nor less, so that ranks
/// and the level of the other end are exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Percent {
    parts: u64,
}

impl Percent {
    /// From a number in %, to twelve decimals; `None` where that is not above 0 and below 100.
    pub fn new(percent: f64) -> Option<Percent> {
        let parts = (percent * PARTS as f64).round();
        (parts >= 1.0 && parts < WHOLE as f64).then_some(Percent { parts: parts as u64 })
    }

    /// One of the levels that riskband itself asks for.
    pub const fn whole(percent: u64) -> Percent {
        assert!(percent > 0 && percent < 100);
        Percent { parts: percent * PARTS }
    }

    /// The median's.
    pub const MEDIAN: Percent = Percent::whole(50);

    /// In %.
    pub fn value(self) -> f64 {
        self.parts as f64 / PARTS as f64
    }

    /// As a share of 1.
    pub fn share(self) -> f64 {
        self.parts as f64 / WHOLE as f64
    }

    /// The level as far from the other end: 0.5 % for 99.5 %.
    pub fn complement(self) -> Percent {
        Percent { parts: WHOLE - self.parts }
    }

    /// What lies between this level and a higher one; `None` where that is none.
    pub fn up_to(self, high: Percent) -> Option<Percent> {
        let parts = high.parts.checked_sub(self.parts).filter(|&parts| parts > 0)?;
        Some(Percent { parts })
    }

    /// True below 50 %.
    pub fn is_low(self) -> bool {
        2 * self.parts < WHOLE
    }

    /// ⌈n·level⌉, at least 1: which of n sorted values is the inverse of their distribution function at this level.
    pub fn rank(self, n: u64) -> u64 {
        ((u128::from(n) * u128::from(self.parts)).div_ceil(u128::from(WHOLE)) as u64).max(1)
    }
}

impl fmt::Display for Percent {
    /// As few digits as say it: `5`, `99.5`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.parts / PARTS, self.parts % PARTS);
        if part == 0 {
            return f.pad(&whole.to_string());
        }
        f.pad(format!("{whole}.{part:012}").trim_end_matches('0'))
    }
}

/// What the number of a percentile counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Convention {
    /// The runs at or below: P90 is exceeded in 10 % of the runs.
    #[default]
    Below,
    /// The runs above: P90 is exceeded in 90 % of the runs.
    Exceedance,
}

impl Convention {
    /// The number by which the percentile of a level (of the runs at or below it) is called; and the level that is meant
    /// by such a number.
    pub fn number(self, level: Percent) -> Percent {
        match self {
            Convention::Below => level,
            Convention::Exceedance => level.complement(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level(percent: f64) -> Percent {
        Percent::new(percent).unwrap()
    }

    #[test]
    fn levels_are_written_in_as_few_digits_as_they_have() {
        let typed = [5.0, 99.5, 99.9, 50.0, 0.1, 1e-12, 99.999_999, 100.0 / 3.0];
        let written = typed.map(|percent| level(percent).to_string());
        let expected = ["5", "99.5", "99.9", "50", "0.1", "0.000000000001", "99.999999", "33.333333333333"];
        assert_eq!(written, expected);
        assert_eq!([99.9, 99.5, 0.05].map(|p| level(p).complement().to_string()), ["0.1", "0.5", "99.95"]);
        assert_eq!(format!("{:>5}|{:<5}|", level(5.0), level(99.5)), "    5|99.5 |");
    }

    #[test]
    fn levels_lie_between_0_and_100() {
        for wrong in [0.0, -5.0, 1e-13, 100.0, 100.5, f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert_eq!(Percent::new(wrong), None, "{wrong}");
        }
        assert!(level(49.999).is_low() && !level(50.0).is_low());
        assert!(level(99.5) < level(99.9) && level(5.0) == level(5.0));
        assert_eq!(level(0.05).up_to(level(99.95)), Some(level(99.9)));
        assert_eq!(level(99.9).up_to(level(99.9)), None);
    }

    #[test]
    fn ranks_are_exact() {
        // In f64 0.999 · 1000 and 0.07 · 100 lie above the whole number, and would give the next rank.
        let ranks =
            [(99.9, 1000), (7.0, 100), (99.5, 200), (0.1, 5), (50.0, 7)].map(|(p, n)| level(p).rank(n));
        assert_eq!(ranks, [999, 7, 199, 1, 4]);
        assert_eq!(level(99.9).rank(100_000_000_000_000), 99_900_000_000_000);
        assert_eq!((level(99.9).share(), level(5.0).share(), level(99.9).value()), (0.999, 0.05, 99.9));
    }

    #[test]
    fn the_numbers_of_an_exceedance_count_from_the_other_end() {
        assert_eq!(Convention::Below.number(level(90.0)), level(90.0));
        assert_eq!(Convention::Exceedance.number(level(90.0)), level(10.0));
    }
}
