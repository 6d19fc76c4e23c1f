//! Numbers in advice.

/// Four significant digits.
pub fn figure(x: f64) -> String {
    let size = if x == 0.0 { 0 } else { libm::floor(libm::log10(x.abs())) as i32 };
    if (-4..7).contains(&size) { format!("{x:.*}", (3 - size).max(0) as usize) } else { format!("{x:.3e}") }
}

#[cfg(test)]
mod tests {
    use super::figure;

    #[test]
    fn four_digits_whatever_the_size() {
        let found = [0.0, 1.0 / 3.0, -98.765_43, 12_345.6, 1.5e9, 2.5e-7].map(figure);
        assert_eq!(found, ["0.000", "0.3333", "-98.77", "12346", "1.500e9", "2.500e-7"]);
    }
}
