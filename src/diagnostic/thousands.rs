//! Separators between thousands and numbers of things, the same in messages, tables and charts.

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

/// A number of things: `1 run`, `2,000 runs`.
pub fn counted(number: u64, thing: &str) -> String {
    match number {
        1 => format!("1 {thing}"),
        _ => format!("{} {}", grouped(number), plural(thing)),
    }
}

/// More than one of a thing, the last of whose words is counted.
fn plural(thing: &str) -> String {
    match thing.strip_suffix('y') {
        Some(stem) if !stem.ends_with(['a', 'e', 'o', 'u']) => format!("{stem}ies"),
        _ => format!("{thing}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::{counted, thousands};

    #[test]
    fn one_thing_is_not_said_as_many() {
        let told = [(0, "run"), (1, "run"), (2000, "run"), (1, "tally"), (3, "tally"), (2, "more year")];
        let told = told.map(|(number, thing)| counted(number, thing));
        assert_eq!(told, ["0 runs", "1 run", "2,000 runs", "1 tally", "3 tallies", "2 more years"]);
    }

    #[test]
    fn commas_stand_before_each_group_of_three() {
        assert_eq!(["7", "123", "1234", "1234567"].map(thousands), ["7", "123", "1,234", "1,234,567"]);
    }
}
