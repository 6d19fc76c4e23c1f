//! Numbers in advice.

/// Four significant digits.
pub fn figure(x: f64) -> String {
    let size = magnitude(x);
    if (-4..7).contains(&size) { format!("{x:.*}", (3 - size).max(0) as usize) } else { format!("{x:.3e}") }
}

/// The power of ten of the first of four significant digits; 0 of 0 and of what is not finite.
pub fn magnitude(x: f64) -> i32 {
    let rounded = format!("{x:.3e}");
    rounded.split_once('e').and_then(|(_, power)| power.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn four_digits_whatever_the_size() {
        let found = [0.0, 1.0 / 3.0, 0.999_99, -98.765_43, 12_345.6, 1.5e9, 2.5e-7].map(figure);
        assert_eq!(found, ["0.000", "0.3333", "1.000", "-98.77", "12346", "1.500e9", "2.500e-7"]);
    }
}
