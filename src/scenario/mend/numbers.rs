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
    if LEVELS.contains(&word) {
        return level(written);
    }
    if WHOLE.contains(&word)
        && let Some(value) = counted(written)
    {
        return Some(Meant {
            message: "a whole number is written out",
            label: "not a number to TOML",
            help: format!("write `{word} = {value}`"),
            value: Some(value),
        });
    }
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
        if let Some(power) = power_of(behind) {
            return Some(Meant {
                message: "a number has no word behind it",
                label: "not a number to TOML",
                help: format!("write `{word} = {sign}{plain}e{power}`"),
                value: Some(format!("{sign}{plain}e{power}")),
            });
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

/// Keys that take a whole number, and those that take levels in per cent.
const WHOLE: [&str; 2] = ["runs", "seed"];
const LEVELS: [&str; 2] = ["percentiles", "tail_means"];

/// Words for a power of ten, and that power; of a whole number `k` and `m` are no units.
const POWERS: [(&[&str], u32); 4] = [
    (&["thousand", "thsd", "tsd", "tausend", "천"], 3),
    (&["만"], 4),
    (&["million", "millions", "mio", "mln", "millionen", "백만"], 6),
    (&["billion", "billions", "bn", "bln", "mrd", "milliarden", "십억"], 9),
];

fn power_of(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.').to_lowercase();
    POWERS.iter().find(|(words, _)| words.contains(&word.as_str())).map(|(_, power)| *power)
}

/// `100k`, `1 million`, `10^5` and `1000 * 100` in digits.
fn counted(written: &str) -> Option<String> {
    let product = |text: &str| {
        let mut product: u64 = 1;
        for factor in text.split('*') {
            product = product.checked_mul(factor.trim().replace('_', "").parse().ok()?)?;
        }
        Some(product)
    };
    let value = match written.replace("**", "^").split_once('^') {
        Some((base, exponent)) => {
            base.trim().parse::<u64>().ok()?.checked_pow(exponent.trim().parse().ok()?)?
        }
        None if written.contains('*') => product(written)?,
        None => {
            let digits = written.len()
                - written.trim_start_matches(|c: char| c.is_ascii_digit() || "_.".contains(c)).len();
            let (number, behind) = (written[..digits].replace('_', ""), written[digits..].trim());
            let power = match behind.to_lowercase().as_str() {
                "k" => 3,
                "m" | "mm" => 6,
                "b" | "g" => 9,
                "" => return None,
                word if word.starts_with("run") || word.starts_with("iteration") => 0,
                _ => power_of(behind)?,
            };
            let value = format!("{number}e{power}").parse::<f64>().ok()?;
            if value.fract() != 0.0 || value >= 1e15 {
                return None;
            }
            value as u64
        }
    };
    Some(crate::diagnostic::grouped(value).replace(',', "_"))
}

/// A whole number as people write it, in the digits of TOML: `100_000` for `100k` and `100,000`.
pub fn whole_number(written: &str) -> Option<String> {
    number(written, WHOLE[0]).and_then(|meant| meant.value)
}

/// A level of `percentiles` as it is often written: `P5`, `5 %`.
fn level(written: &str) -> Option<Meant> {
    let bare = written.trim_start_matches(['p', 'P']).trim_end_matches('%').trim();
    let value = bare.replace(',', ".");
    if bare == written || value.parse::<f64>().is_err() {
        return None;
    }
    Some(Meant {
        message: "levels are numbers, in per cent",
        label: "more than a number",
        help: format!("write `{value}`"),
        value: Some(value),
    })
}

/// A list that lacks its brackets, as TOML writes it: `5, 95` or `2025-2031`.
pub fn list(written: &str, word: &str) -> Option<String> {
    let parts: Vec<&str> = match word {
        "years" => ["..", " to ", "-", "–", ":", ",", ";"].iter().find_map(|mark| {
            let parts: Vec<&str> = written.split(mark).map(str::trim).collect();
            (parts.len() > 1).then_some(parts)
        })?,
        "percentiles" | "tail_means" | "over" | "between" => {
            written.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()).collect()
        }
        _ => return None,
    };
    let is_number = |part: &&str| part.parse::<f64>().is_ok();
    let is_names = matches!(word, "over" | "between");
    if is_names && parts.iter().all(|part| super::super::lexer::is_name(part)) {
        let names: Vec<String> = parts.iter().map(|name| format!("\"{name}\"")).collect();
        return Some(format!("[{}]", names.join(", ")));
    }
    let whole = !is_names && !parts.is_empty() && parts.iter().all(is_number);
    whole.then(|| match word {
        "years" => format!("[{}, {}]", parts[0], parts[parts.len() - 1]),
        _ => format!("[{}]", parts.join(", ")),
    })
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
    let whole_number = WHOLE.contains(&word);
    match (commas, points) {
        (1, 0) if whole_number && !grouped(',') => Some(Meant {
            message: "a whole number has no comma",
            label: "a decimal comma?",
            help: format!("write `{word} = {}`", written.split(',').next().unwrap_or(written)),
            value: None,
        }),
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
    use super::{list, number};

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
        for (written, value) in [
            ("100k", "100_000"),
            ("1.5 M", "1_500_000"),
            ("1 million", "1_000_000"),
            ("1mio", "1_000_000"),
            ("10^5", "100_000"),
            ("10**5", "100_000"),
            ("1000 * 100", "100_000"),
            ("1000 runs", "1_000"),
        ] {
            assert_eq!(meant(written, "runs"), Some(Some(value.into())), "{written}");
        }
        assert_eq!(meant("1,5", "seed"), Some(None));
        assert_eq!(meant("3 million", "value"), Some(Some("3e6".into())));
        assert_eq!(meant("P97.5", "percentiles"), Some(Some("97.5".into())));
        assert_eq!(list("5, 95", "percentiles").as_deref(), Some("[5, 95]"));
        assert_eq!(list("2025..2031", "years").as_deref(), Some("[2025, 2031]"));
        assert_eq!(list("region, product", "over").as_deref(), Some("[\"region\", \"product\"]"));
        assert_eq!(list("a few", "over"), None);
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
