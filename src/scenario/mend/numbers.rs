//! Numbers as people write them, and as TOML wants them.

/// What a number that TOML does not read was meant to be.
pub struct Meant {
    pub message: &'static str,
    pub label: &'static str,
    pub help: String,
    /// `None` where it may mean two things.
    pub value: Option<String>,
}

/// What a value that begins like a number may mean; `word` is its key.
pub fn number(written: &str, word: &str) -> Option<Meant> {
    let (sign, body) = match written.trim_start_matches('+').strip_prefix(['-', '−', '–']) {
        Some(body) => ("-", body.trim_start()),
        None => ("", written.trim_start_matches('+')),
    };
    let money = body.trim_start_matches(['$', '€', '£', '¥', '₩']).trim_start();
    if !money.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let length = digits(money);
    let behind = money[length..].trim_start();
    let plain = money[..length].trim_end();
    if behind.starts_with('%') && behind.len() == 1 {
        let plain = plainly(plain, word).and_then(|meant| meant.value).unwrap_or(plain.to_string());
        let fraction = plain.parse::<f64>().map_or(String::new(), |x| format!("{sign}{}", x / 100.0));
        return Some(Meant {
            message: "`%` cannot stand behind a number",
            label: "not part of a number",
            help: format!(
                "write `{fraction}`, or `{sign}{plain}` with `unit = \"%\"` and `/ 100` in formulas"
            ),
            value: None,
        });
    }
    if money.len() < body.len()
        || behind.starts_with(char::is_alphabetic)
        || behind.starts_with(['$', '€', '£'])
    {
        // `10 * pert(…)` and `2 + x` are formulas.
        if behind.contains(['(', '+', '*', '/', '^']) {
            return None;
        }
        return Some(Meant {
            message: "a number stands alone",
            label: "a number with its unit",
            help: format!("write `{word} = {sign}{plain}` and `unit = \"…\"` below it"),
            value: None,
        });
    }
    if !behind.is_empty() {
        return None;
    }
    let meant = plainly(plain, word)?;
    Some(Meant { value: meant.value.map(|value| format!("{sign}{value}")), ..meant })
}

/// Bytes of digits with the marks that people put between them.
fn digits(text: &str) -> usize {
    let mut length = 0;
    for (at, c) in text.char_indices() {
        let next = text[at + c.len_utf8()..].chars().next();
        let between = ",.'’_ \u{a0}\u{202f}".contains(c) && next.is_some_and(|c| c.is_ascii_digit());
        let exponent =
            matches!(c, 'e' | 'E') && next.is_some_and(|c| c.is_ascii_digit() || c == '-' || c == '+');
        let in_exponent = matches!(c, '-' | '+') && text[..at].ends_with(['e', 'E']);
        let last_point = c == '.' && next.is_none();
        if !(c.is_ascii_digit() || between || exponent || in_exponent || last_point) {
            break;
        }
        length = at + c.len_utf8();
    }
    length
}

/// A number of digits and marks alone.
fn plainly(written: &str, word: &str) -> Option<Meant> {
    let is_group = |part: &str| part.len() == 3 && part.bytes().all(|b| b.is_ascii_digit());
    let (commas, points) = (written.matches(',').count(), written.matches('.').count());
    let grouped = |mark: char| {
        let mut parts = written.split(mark);
        let first = parts.next().unwrap_or_default();
        (1..=3).contains(&first.len()) && !first.starts_with('0') && parts.all(is_group)
    };
    let spelled =
        |marks: &[char], point: char| written.replace(marks, "_").replace(point, ".").replace(' ', "_");
    let thousands = |value: String| Meant {
        message: "thousands are parted by `_` or not at all",
        label: "not a number to TOML",
        help: format!("write `{word} = {value}`"),
        value: Some(value),
    };
    let fraction = |value: String| Meant {
        message: "a comma stands in a number",
        label: "a decimal comma?",
        help: format!("write decimal fractions with a point: `{value}`"),
        value: Some(value),
    };
    let whole_number = matches!(word, "runs" | "seed");
    match (commas, points) {
        (0, 0) if written.contains([' ', '\'', '’', '\u{a0}', '\u{202f}']) => {
            Some(thousands(written.replace([' ', '\'', '’', '\u{a0}', '\u{202f}'], "_")))
        }
        (0, 0) if written.len() > 1 && written.starts_with('0') => Some(Meant {
            message: "a number does not begin with 0",
            label: "not a number to TOML",
            help: format!("write `{}` or `0.{}`", zeros(written), zeros(written)),
            value: None,
        }),
        (0, 1) => {
            let value = match (written.strip_prefix('.'), written.strip_suffix('.')) {
                (Some(fraction), _) => format!("0.{fraction}"),
                (_, Some(whole)) => format!("{whole}.0"),
                _ => zeros(written),
            };
            (value != written).then(|| Meant {
                message: "a number has digits before and behind its point",
                label: "not a number to TOML",
                help: format!("write `{value}`"),
                value: Some(value),
            })
        }
        (0, _) => grouped('.').then(|| thousands(written.replace('.', "_"))),
        (1, 0) if grouped(',') && whole_number => Some(thousands(written.replace(',', "_"))),
        (1, 0) if grouped(',') => {
            let (large, small) = (written.replace(',', "_"), written.replace(',', "."));
            Some(Meant {
                message: "a comma stands in a number",
                label: "thousands, or a decimal comma?",
                help: format!("write `{large}` for thousands, `{small}` for a fraction"),
                value: None,
            })
        }
        (1, 0) => Some(fraction(written.replace(',', "."))),
        (_, 0) => grouped(',').then(|| thousands(written.replace(',', "_"))),
        (_, 1) if written.rfind('.') > written.rfind(',') => Some(thousands(spelled(&[','], '.'))),
        (1, _) if written.rfind(',') > written.rfind('.') => Some(fraction(spelled(&['.'], ','))),
        _ => None,
    }
}

/// The number without zeros before its first digit.
fn zeros(written: &str) -> String {
    let bare = written.trim_start_matches('0');
    if bare.is_empty() || bare.starts_with('.') { format!("0{bare}") } else { bare.to_string() }
}

#[cfg(test)]
mod tests {
    use super::number;

    fn meant(written: &str, word: &str) -> Option<Option<String>> {
        number(written, word).map(|meant| meant.value)
    }

    #[test]
    fn marks_between_digits_are_read_as_they_are_meant() {
        for (written, value) in [
            ("0,32", "0.32"),
            ("-0,5", "-0.5"),
            ("1,000,000", "1_000_000"),
            ("1.000.000", "1_000_000"),
            ("1 000 000", "1_000_000"),
            ("1'000", "1_000"),
            ("1,000.5", "1_000.5"),
            ("1.000,5", "1_000.5"),
            (".5", "0.5"),
            ("5.", "5.0"),
            ("−3", "-3"),
        ] {
            let found = meant(written, "value");
            let found = found
                .unwrap_or_else(|| written.replace('−', "-").parse::<f64>().ok().map(|_| written.into()));
            assert_eq!(found.as_deref(), Some(value), "{written}");
        }
        assert_eq!(meant("100,000", "runs"), Some(Some("100_000".into())));
    }

    #[test]
    fn what_may_mean_two_things_is_not_guessed() {
        for written in ["1,250", "15 %", "5 USD", "$5", "10k", "07"] {
            assert_eq!(meant(written, "value"), Some(None), "{written}");
        }
    }

    #[test]
    fn formulas_and_texts_are_no_numbers() {
        for written in ["2 * pert(1, 2, 3)", "a", "2 + x", "3rd (draft)"] {
            assert_eq!(meant(written, "value"), None, "{written}");
        }
    }
}
