//! How many digits of a number a table shows: one rule for all of them.
//!
//! A number that an interval belongs to is written to the first digit of half the interval's width, and to two significant
//! digits at least, so that what is not 0 is never written as 0. A number that is known is written in as few digits as it
//! has. Zeros at the end stay where rounding made them and go where the number itself ends: 20.0013 is `20.0` and 7 is
//! `7`.

use crate::analysis::Interval;
use crate::diagnostic::{magnitude, thousands};

/// Significant digits of a number whose interval asks for more.
const MOST: i32 = 9;
/// Significant digits of a number whatever its interval says.
const FEWEST: i32 = 2;

/// A value with the digits that its interval carries.
pub fn told(value: f64, interval: Option<Interval>) -> String {
    told_with(value, interval, 0)
}

/// The same with further digits, as for the ends of the interval itself.
pub fn told_with(value: f64, interval: Option<Interval>, further: i32) -> String {
    match interval.map(|interval| 0.5 * (interval.high - interval.low)) {
        Some(half) if half > 0.0 && half.is_finite() => {
            let size = magnitude(value);
            let wanted = further - decade(half);
            let decimals =
                if value == 0.0 { wanted } else { wanted.clamp(FEWEST - 1 - size, MOST - 1 - size) };
            fixed(value, decimals)
        }
        _ => short(value, 6),
    }
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
    let size = magnitude(value);
    if value != 0.0 && !(-9..12).contains(&size) {
        let text = format!("{value:.*e}", (size + decimals).clamp(FEWEST - 1, MOST - 1) as usize);
        return match text.split_once('e') {
            Some((digits, power)) if is_exact(&text, value) => format!("{}e{power}", without_zeros(digits)),
            _ => text,
        };
    }
    let unit = libm::pow(10.0, f64::from(-decimals));
    let rounded = if decimals < 0 { (value / unit).round() * unit } else { value };
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
    fn two_digits_are_told_whatever_the_interval() {
        assert_eq!(about(81.3, 4000.0), "81");
        assert_eq!(about(0.000_371, 0.002), "0.00037");
        assert_eq!(about(-20.4, 1e9), "-20");
        assert_eq!(about(5432.1, 1e9), "5,400");
        assert_eq!(about(0.0, 0.002), "0");
    }

    #[test]
    fn zeros_in_which_a_number_ends_are_left_out() {
        // Beside 7 with an interval of one value, an interval of 7 to 8 made `7.0` of the next row.
        assert_eq!(told(7.0, Some(Interval { low: 7.0, high: 8.0 })), "7");
        assert_eq!(told(7.0, Some(Interval { low: 7.0, high: 7.0 })), "7");
        assert_eq!(told(0.95, Some(Interval { low: 0.95, high: 0.95 + 1e-13 })), "0.95");
        assert_eq!(told(1.0 / 3.0, Some(Interval { low: 0.333, high: 0.333 + 1e-13 })), "0.333333333");
        assert_eq!(told(7.25, None), "7.25");
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
