//! Separators between thousands, the same in messages, tables and charts.

/// `1234567` as `1,234,567`: digits alone, no sign and no point.
pub fn thousands(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A whole number with its thousands separated.
pub fn grouped(number: u64) -> String {
    thousands(&number.to_string())
}

#[cfg(test)]
mod tests {
    use super::thousands;

    #[test]
    fn commas_stand_before_each_group_of_three() {
        assert_eq!(["7", "123", "1234", "1234567"].map(thousands), ["7", "123", "1,234", "1,234,567"]);
    }
}
