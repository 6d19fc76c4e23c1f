//! Numbers as people read them: few digits, thousands separators, a real minus sign, powers of ten in the unit.

use crate::diagnostic::thousands;

/// How the numbers of one axis or one set of labels are written.
///
/// Numbers up to a million keep their size and get separators; larger or very small ones are divided by a power of
/// 1,000 that [`NumberFormat::multiplier`] names, to be shown beside the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberFormat {
    /// Numbers are divided by 10 to this power.
    exponent: i32,
    /// Digits after the decimal point.
    decimals: usize,
}

impl NumberFormat {
    /// For numbers of at most `largest` in size, where a difference of `resolution` must show.
    ///
    /// A resolution of 0 stands for three significant digits of `largest`.
    pub fn new(largest: f64, resolution: f64) -> Self {
        let largest = largest.abs();
        if !(largest > 0.0 && largest.is_finite()) {
            return Self { exponent: 0, decimals: 0 };
        }
        let size = decade(largest);
        let exponent = if (-3..6).contains(&size) { 0 } else { size.div_euclid(3) * 3 };
        let is_known = resolution > 0.0 && resolution.is_finite();
        let finest = if is_known { resolution_decade(resolution) } else { size - 2 };
        let decimals = (exponent - finest.max(size - 11)).max(0) as usize;
        Self { exponent, decimals }
    }

    /// For one number by itself: at most `digits` significant digits (all those before the point), no trailing
    /// zeros.
    pub fn alone(value: f64, digits: i32) -> Self {
        let size = if value == 0.0 { 0 } else { decade(value.abs()) };
        Self::new(value, power_of_ten(size - digits + 1)).trimmed(value)
    }

    /// Decimals that show a difference of `resolution` in numbers that have no multiplier.
    pub(super) fn decimals_of(resolution: f64) -> usize {
        (-resolution_decade(resolution)).clamp(0, 12) as usize
    }

    /// Without the decimals in which `value` has only zeros.
    pub fn trimmed(mut self, value: f64) -> Self {
        while self.decimals > 0 && self.format(value).ends_with('0') {
            self.decimals -= 1;
        }
        self
    }

    /// The same multiplier, with the decimals that show a difference of `resolution`.
    pub fn with_resolution(self, resolution: f64) -> Self {
        if resolution > 0.0 && resolution.is_finite() {
            let decimals = (self.exponent - resolution_decade(resolution)).clamp(0, 11) as usize;
            Self { decimals, ..self }
        } else {
            self
        }
    }

    /// The same, with two significant digits of `value` at least: what is not 0 is never written as 0, and 0 without
    /// decimals.
    pub(super) fn telling(self, value: f64) -> Self {
        if value == 0.0 || !value.is_finite() {
            return self.trimmed(0.0);
        }
        let decimals = (self.exponent - decade(value.abs()) + 1).clamp(0, 15) as usize;
        Self { decimals: self.decimals.max(decimals), ..self }
    }

    /// The number alone; its multiplier is said elsewhere.
    pub fn format(&self, value: f64) -> String {
        separated(&format!("{:.*}", self.decimals, scaled(value, self.exponent)))
    }

    /// `×10⁹` and the like; empty for 1.
    pub fn multiplier(&self) -> String {
        if self.exponent == 0 { String::new() } else { format!("×10{}", superscript(self.exponent)) }
    }

    /// A unit with this format's multiplier, either of which may be missing: `USD bn ×10⁹`.
    pub fn unit(&self, unit: Option<&str>) -> String {
        let unit = unit.unwrap_or("").trim();
        let multiplier = self.multiplier();
        if unit.is_empty() || multiplier.is_empty() {
            return format!("{unit}{multiplier}");
        }
        format!("{unit} {multiplier}")
    }

    /// The number complete: multiplier at the number, unit after a thin space.
    pub fn with_unit(&self, value: f64, unit: Option<&str>) -> String {
        let number = format!("{}{}", self.format(value), self.multiplier());
        match unit.map(str::trim).filter(|u| !u.is_empty()) {
            Some(unit) => format!("{number}\u{2009}{unit}"),
            None => number,
        }
    }
}

/// A share of 1 as a percentage, digits enough to tell it from 0 and 1: `41.3 %`.
pub fn percentage(share: f64) -> String {
    let nearest_end = share.min(1.0 - share).abs();
    let decimals = match nearest_end {
        0.0 => 0,
        x if x >= 0.0995 => 1,
        x if x >= 0.000_995 => 2,
        _ => 4,
    };
    percentage_with(share, decimals)
}

/// A share of 1 as a percentage with so many decimals.
pub fn percentage_with(share: f64, decimals: usize) -> String {
    format!("{}\u{2009}%", separated(&format!("{:.*}", decimals, 100.0 * share)))
}

/// Decimals of a probability as a percentage: as many as its 95 % interval carries, and two digits of what is rarer, the
/// case or its opposite, at least.
pub(super) fn chance_decimals(value: f64, interval: (f64, f64)) -> usize {
    let last = |x: f64| -decade(100.0 * x * (1.0 + 1e-9));
    let carried = last(0.5 * (interval.1 - interval.0));
    let rare = value.min(1.0 - value);
    let (least, most) = match rare > 0.0 {
        true => (last(rare) + 1, last(rare) + 3),
        false => (0, 0),
    };
    carried.max(least).min(most).clamp(0, 12) as usize
}

/// Two digits of a limit that a probability of 0 stays below, or one of 1 above: `0.19 %`, `99.81 %`.
pub(super) fn limit_text(limit: f64) -> String {
    let rare = limit.min(1.0 - limit);
    percentage_with(limit, (1 - decade(100.0 * rare * (1.0 + 1e-9))).clamp(0, 12) as usize)
}

/// Power of ten of the first digit: 1 for 12.5, −1 for 0.4; 0 for what has none.
pub(super) fn decade(value: f64) -> i32 {
    if !(value > 0.0 && value.is_finite()) {
        return 0;
    }
    let mut size = libm::floor(libm::log10(value)) as i32;
    // The logarithm may round across a power of ten.
    if power_of_ten(size + 1) <= value {
        size += 1;
    } else if power_of_ten(size) > value {
        size -= 1;
    }
    size
}

/// 10 to the power `exponent`, correctly rounded for |exponent| ≤ 22; 0 or infinite beyond the range of f64.
pub(super) fn power_of_ten(exponent: i32) -> f64 {
    libm::pow(10.0, f64::from(exponent))
}

/// Largest power of ten that does not exceed a resolution, but for rounding.
fn resolution_decade(resolution: f64) -> i32 {
    decade(resolution * (1.0 + 1e-9))
}

fn scaled(value: f64, exponent: i32) -> f64 {
    // Dividing by 10ⁿ, n > 0, and multiplying by 10ⁿ, n < 0, keep short decimals short.
    match exponent {
        0.. => value / power_of_ten(exponent),
        -300..0 => value * power_of_ten(-exponent),
        _ => value * power_of_ten(300) * power_of_ten(-300 - exponent),
    }
}

/// A plain decimal with a true minus sign and separators from 1,000 on; a negative zero loses its sign.
fn separated(plain: &str) -> String {
    let (negative, digits) = match plain.strip_prefix('-') {
        Some(rest) => (rest.chars().any(|c| c.is_ascii_digit() && c != '0'), rest),
        None => (false, plain),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut text = format!("{}{}", if negative { "−" } else { "" }, thousands(whole));
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

fn superscript(exponent: i32) -> String {
    exponent
        .to_string()
        .chars()
        .map(|c| match c {
            '-' => '⁻',
            '1' => '¹',
            '2' => '²',
            '3' => '³',
            digit => char::from_u32('⁰' as u32 + digit as u32 - '0' as u32).unwrap_or(digit),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resolution_sets_the_decimals() {
        assert_eq!(NumberFormat::new(27.1, 0.14).format(27.1234), "27.1");
        assert_eq!(NumberFormat::new(25.0, 5.0).format(25.0), "25");
        assert_eq!(NumberFormat::new(2.5, 0.5).format(-0.5), "−0.5");
        assert_eq!(NumberFormat::new(0.3, 0.1).format(3.0 * 0.1), "0.3");
        assert_eq!(NumberFormat::new(100.0, 100.0).format(100.0), "100");
    }

    #[test]
    fn large_and_small_numbers_get_a_multiplier() {
        let trillion = NumberFormat::new(1.5e12, 5e11);
        assert_eq!((trillion.format(1.5e12).as_str(), trillion.multiplier().as_str()), ("1.5", "×10¹²"));
        let nano = NumberFormat::new(4e-9, 1e-9);
        assert_eq!((nano.format(4e-9).as_str(), nano.multiplier().as_str()), ("4", "×10⁻⁹"));
        assert_eq!(nano.unit(Some("m")), "m ×10⁻⁹");
        let plain = NumberFormat::new(-250_000.0, 50_000.0);
        assert_eq!((plain.format(-250_000.0).as_str(), plain.multiplier().as_str()), ("−250,000", ""));
    }

    #[test]
    fn no_sign_on_zero_and_no_seventeen_digits() {
        assert_eq!(NumberFormat::new(5.0, 0.1).format(-0.04), "0.0");
        assert!(NumberFormat::new(1e6, 1e-14).format(1e6 / 3.0).len() < 16);
        assert_eq!(NumberFormat::new(0.0, 0.0).format(0.0), "0");
    }

    #[test]
    fn a_number_alone_has_no_trailing_zeros() {
        let cases =
            [(19.67, "19.67"), (20.0, "20"), (0.5, "0.5"), (12_345.6, "12,346"), (0.0, "0"), (-1.0, "−1")];
        for (value, text) in cases {
            assert_eq!(NumberFormat::alone(value, 4).with_unit(value, None), text);
        }
        assert_eq!(NumberFormat::alone(2.5e9, 4).with_unit(2.5e9, Some("EUR")), "2.5×10⁹\u{2009}EUR");
    }

    #[test]
    fn percentages_tell_rare_from_never() {
        assert_eq!(percentage(0.4131), "41.3\u{2009}%");
        assert_eq!(percentage(0.0), "0\u{2009}%");
        assert_eq!(percentage(1.0), "100\u{2009}%");
        assert_eq!(percentage(0.000_02), "0.0020\u{2009}%");
        assert_eq!(percentage(0.9999), "99.9900\u{2009}%");
    }

    #[test]
    fn two_digits_are_told_of_whatever_is_not_0() {
        let coarse = NumberFormat::new(5000.0, 100.0);
        let told = [0.0, 4.23, -81.0, 4321.0, 0.000_123].map(|value| coarse.telling(value).format(value));
        assert_eq!(told, ["0", "4.2", "−81", "4,321", "0.00012"]);
    }

    #[test]
    fn probabilities_have_the_digits_their_interval_carries_and_two_at_least() {
        let text =
            |value: f64, low: f64, high: f64| percentage_with(value, chance_decimals(value, (low, high)));
        assert_eq!(text(0.4131, 0.4121, 0.4141), "41.3\u{2009}%");
        assert_eq!(text(0.4, 0.1, 0.7), "40\u{2009}%");
        assert_eq!(text(0.000_012, 0.000_007, 0.000_021), "0.0012\u{2009}%");
        assert_eq!(text(0.014, 0.008, 0.023), "1.4\u{2009}%");
        assert_eq!(text(0.999_9, 0.9996, 0.999_97), "99.990\u{2009}%");
        assert_eq!(text(0.0, 0.0, 0.0019), "0\u{2009}%");
        assert_eq!(limit_text(0.001_913), "0.19\u{2009}%");
        assert_eq!(limit_text(0.998_087), "99.81\u{2009}%");
        assert_eq!(limit_text(0.000_003_8), "0.00038\u{2009}%");
    }

    #[test]
    fn the_ends_of_the_range_of_f64_are_numbers_too() {
        assert_eq!(NumberFormat::alone(f64::MAX, 4).with_unit(f64::MAX, None), "179.8×10³⁰⁶");
        assert_eq!(NumberFormat::alone(5e-324, 4).with_unit(5e-324, None), "4.94×10⁻³²⁴");
        for resolution in [0.0, f64::INFINITY, f64::NAN, 5e-324] {
            let format = NumberFormat::new(1.7e308, resolution).with_resolution(resolution);
            assert!(format.format(1.7e308).len() < 20, "{format:?}");
        }
        assert_eq!([decade(0.0), decade(f64::INFINITY), decade(f64::NAN)], [0; 3]);
    }

    #[test]
    fn decades_hold_at_powers_of_ten() {
        for k in -300..300 {
            assert_eq!(decade(power_of_ten(k)), k);
            assert_eq!(decade(power_of_ten(k) * 9.99), k);
        }
    }
}
