//! Where two files differ, in words.

use serde_json::Value;

use crate::diagnostic::counted;

/// Differences that are named.
const MOST: usize = 5;

/// The keys whose values differ: `outputs.market.2031.mean is 1 and should be 2`.
pub fn json_differences(found: &[u8], expected: &[u8]) -> String {
    let read = |bytes| serde_json::from_slice::<Value>(bytes);
    let (Ok(found), Ok(expected)) = (read(found), read(expected)) else { return "it is no JSON".into() };
    let mut differences = Vec::new();
    collect("", &found, &expected, &mut differences);
    match differences.len() {
        0 => "other spaces or another order of its keys".into(),
        n if n > MOST => format!("{}; and {} more", differences[..MOST].join("; "), n - MOST),
        _ => differences.join("; "),
    }
}

fn collect(path: &str, found: &Value, expected: &Value, differences: &mut Vec<String>) {
    let at = |key: &str| if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
    match (found, expected) {
        (Value::Object(a), Value::Object(b)) => {
            for (key, expected) in b {
                match a.get(key) {
                    Some(found) => collect(&at(key), found, expected, differences),
                    None => differences.push(format!("{} is missing", at(key))),
                }
            }
            for key in a.keys().filter(|key| !b.contains_key(*key)) {
                differences.push(format!("{} should not be there", at(key)));
            }
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            for (index, (found, expected)) in a.iter().zip(b).enumerate() {
                collect(&at(&index.to_string()), found, expected, differences);
            }
        }
        _ if found == expected => {}
        _ => differences.push(format!("{path} is {found} and should be {expected}")),
    }
}

/// The first line that differs.
pub fn line_difference(found: &[u8], expected: &[u8]) -> String {
    let (found, expected) = (String::from_utf8_lossy(found), String::from_utf8_lossy(expected));
    let differs = found.lines().zip(expected.lines()).zip(1..).find(|((a, b), _)| a != b);
    match differs {
        Some(((found, expected), line)) => format!("line {line} is `{found}` and should be `{expected}`"),
        None => {
            let lines = counted(found.lines().count() as u64, "line");
            format!("{lines} instead of {}", expected.lines().count())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_to_a_difference_is_named() {
        let found = br#"{"a": {"b": [1, 2]}, "extra": 1}"#;
        let expected = br#"{"a": {"b": [1, 3]}, "missing": 1}"#;
        let said = "a.b.1 is 2 and should be 3; missing is missing; extra should not be there";
        assert_eq!(json_differences(found, expected), said);
        assert_eq!(json_differences(b"{ }", b"{}"), "other spaces or another order of its keys");
        assert_eq!(line_difference(b"a\nb\n", b"a\nc\n"), "line 2 is `b` and should be `c`");
        assert_eq!(line_difference(b"a\n", b"a\nc\n"), "1 line instead of 2");
    }
}
