//! How many digits of a number a table shows: one rule for all of them.
//!
//! - An estimate with an interval: to the first digit of half its width, and two significant digits of the number at
//!   least, so that what is not 0 is not written as 0. Where the interval holds 0, these go no further than the second
//!   digit of half its width: 0.00063 in −0.0178 … 0.0171 is `0.001`, as no digit of its own says anything.
//! - An estimate without an interval: three significant digits.
//! - A number that is known: as few digits as it has.
//!
//! The ends of an interval have one digit more than the number between them, where that has no more already. Zeros at the end
//! stay where rounding made them and go where the number itself ends: 20.0013 is `20.0` and 7 is `7`.

use crate::analysis::Interval;
use crate::diagnostic::{magnitude, thousands};

/// Significant digits of a number whose interval asks for more.
const MOST: i32 = 9;
/// Significant digits of a number whose interval asks for fewer.
const FEWEST: i32 = 2;
/// Significant digits of an estimate whose error is not known.
const WITHOUT_INTERVAL: i32 = 3;

/// An estimate with the digits that its interval carries; without one with few.
pub fn told(value: f64, interval: Option<Interval>) -> String {
    match interval {
        Some(interval) => told_with(value, interval, 0),
        None => fixed(value, WITHOUT_INTERVAL - 1 - magnitude(value)),
    }
}

/// The digits that an interval carries, and further ones, as for the ends of the interval itself. An interval without width
/// says that the value is known.
pub fn told_with(value: f64, interval: Interval, further: i32) -> String {
    let half = 0.5 * (interval.high - interval.low);
    if !(half > 0.0 && half.is_finite()) {
        return short(value, 6);
    }
    let (first, size) = (-decade(half), magnitude(value));
    let holds_0 = interval.low <= 0.0 && interval.high >= 0.0;
    let least = if holds_0 { (first + 1).min(FEWEST - 1 - size) } else { FEWEST - 1 - size };
    fixed(value, (first + further).clamp(least, MOST - 1 - size))
}

/// A value that is known, in as few digits as it has, `most` at most.
pub fn short(value: f64, most: i32) -> String {
    without_zeros(&fixed(value, (most - 1 - magnitude(value)).max(0)))
}

/// With so many decimals, fewer than none rounding before the point; the zeros in which the value itself ends left out.
fn fixed(value: f64, decimals: i32) -> String {
    if !value.is_finite() {
        return value.to_string();
    }
    let unit = libm::pow(10.0, f64::from(-decimals));
    let rounded = if decimals < 0 { (value / unit).round() * unit } else { value };
    let size = magnitude(rounded);
    if rounded != 0.0 && !(-9..12).contains(&size) && size + decimals >= 0 {
        let text = format!("{rounded:.*e}", (size + decimals).min(MOST - 1) as usize);
        return match text.split_once('e') {
            Some((digits, power)) if is_exact(&text, value) => format!("{}e{power}", without_zeros(digits)),
            _ => text,
        };
    }
    let text = format!("{rounded:.*}", decimals.clamp(0, 20) as usize);
    let text = if is_exact(&text, value) { without_zeros(&text) } else { text };
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) if digits.bytes().any(|byte| (b'1'..=b'9').contains(&byte)) => ("-", digits),
        Some(digits) => ("", digits),
        None => ("", text.as_str()),
    };
    match digits.split_once('.') {
        Some((whole, fraction)) => format!("{sign}{}.{fraction}", thousands(whole)),
        None => format!("{sign}{}", thousands(digits)),
    }
}

/// Whether a text is the value itself, not rounded.
fn is_exact(text: &str, value: f64) -> bool {
    text.parse() == Ok(value)
}

/// Without the zeros behind the point.
fn without_zeros(text: &str) -> String {
    match text.contains('.') && !text.contains('e') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_string(),
        false => text.to_string(),
    }
}

/// Power of ten of the first digit of a number above 0.
fn decade(x: f64) -> i32 {
    let text = format!("{x:e}");
    text.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about(value: f64, half: f64) -> String {
        told(value, Some(Interval { low: value - half, high: value + half }))
    }

    #[test]
    fn digits_stop_where_the_interval_begins() {
        assert_eq!(about(19.478_386_8, 0.0038), "19.478");
        assert_eq!(about(1_234_567.8, 240.0), "1,234,600");
        assert_eq!(about(-0.001_234, 0.000_02), "-0.00123");
        assert_eq!(about(20.0013, 0.2), "20.0");
    }

    #[test]
    fn of_what_is_told_from_0_two_digits_are_told_whatever_the_interval() {
        assert_eq!(about(81.3, 79.0), "81");
        assert_eq!(about(0.000_371, 0.000_37), "0.00037");
        assert_eq!(about(-20.4, 20.3), "-20");
        assert_eq!(told_with(0.000_42, Interval { low: 0.000_42, high: 3.1 }, 1), "0.00042");
    }

    #[test]
    fn what_cannot_be_told_from_0_has_no_digits_beyond_its_interval() {
        let about_0 = Interval { low: -0.0178, high: 0.0171 };
        let ends = [about_0.low, about_0.high].map(|end| told_with(end, about_0, 1));
        assert_eq!(
            (told(0.000_63, Some(about_0)).as_str(), ends),
            ("0.001", ["-0.018", "0.017"].map(String::from))
        );
        assert_eq!(about(0.0148, 0.017), "0.015");
        assert_eq!(about(0.000_371, 0.002), "0.0004");
        assert_eq!(about(-0.000_000_4, 0.002), "0.0000");
        assert_eq!([about(81.3, 4000.0), about(-20.4, 1e9)], ["100", "0"]);
        assert_eq!(about(4e-12, 0.3), "0.00");
        assert_eq!(about(7e13, 4e15), "1e14");
        assert_eq!(told(0.0123, Some(Interval { low: 0.0, high: 9.0 })), "0.0");
        assert_eq!(told(12.3, Some(Interval { low: 0.0, high: 17.0 })), "12");
        assert_eq!(about(0.0, 0.002), "0");
    }

    #[test]
    fn three_digits_are_told_where_no_interval_is_known() {
        let found =
            [318.909, 12_345.6, -0.000_123_456, 7.25, 7.0, 2.0004, 1.234_56e14].map(|x| told(x, None));
        assert_eq!(found, ["319", "12,300", "-0.000123", "7.25", "7", "2.00", "1.23e14"]);
    }

    #[test]
    fn zeros_in_which_a_number_ends_are_left_out() {
        // Beside 7 with an interval of one value, an interval of 7 to 8 made `7.0` of the next row.
        assert_eq!(told(7.0, Some(Interval { low: 7.0, high: 8.0 })), "7");
        assert_eq!(told(7.0, Some(Interval { low: 7.0, high: 7.0 })), "7");
        assert_eq!(told(0.95, Some(Interval { low: 0.95, high: 0.95 + 1e-13 })), "0.95");
        assert_eq!(told(1.0 / 3.0, Some(Interval { low: 0.333, high: 0.333 + 1e-13 })), "0.333333333");
        assert_eq!(told(1.0 / 3.0, Some(Interval { low: 1.0 / 3.0, high: 1.0 / 3.0 })), "0.333333");
        assert_eq!(
            [1.0 / 3.0, 0.0, 100.0, 2.5e-7].map(|x| short(x, 9)),
            ["0.333333333", "0", "100", "0.00000025"]
        );
    }

    #[test]
    fn very_large_and_very_small_numbers_have_a_power_of_ten() {
        assert_eq!(about(1.234_567e15, 3e12), "1.235e15");
        assert_eq!(about(5e300, 1e298), "5e300");
        assert_eq!([3e12, 1.5e-12, -2e14].map(|x| short(x, 6)), ["3e12", "1.5e-12", "-2e14"]);
        assert_eq!(short(f64::NAN, 4), "NaN");
    }
}
