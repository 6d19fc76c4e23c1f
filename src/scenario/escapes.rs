//! From the bytes of a decoded TOML string back to the bytes of the file.

/// Start and end in `raw` of every byte of the decoded string; `raw` is a whole literal, quotes included.
///
/// All four kinds of TOML strings are understood, with their escapes, a first line break after `"""` or `'''`
/// and line-ending backslashes. Each byte of a decoded character gets the place of the whole escape or
/// character.
pub fn origins(raw: &str) -> Vec<(usize, usize)> {
    let long = raw.starts_with("\"\"\"") || raw.starts_with("'''");
    let quote = if long { 3 } else { 1 };
    let escapes = raw.starts_with('"');
    let end = raw.len().saturating_sub(quote);
    let mut at = quote.min(end);
    if long && raw[at..end].starts_with('\n') {
        at += 1;
    }
    let mut origins = Vec::with_capacity(end - at);
    while let Some(character) = raw.get(at..end).and_then(|rest| rest.chars().next()) {
        let (read, decoded) = match character {
            '\\' if escapes => escape(&raw[at..end], long),
            other => (other.len_utf8(), other.len_utf8()),
        };
        origins.extend(std::iter::repeat_n((at, at + read), decoded));
        at += read;
    }
    origins
}

/// Bytes read and bytes decoded of the escape at the start of `rest`.
fn escape(rest: &str, long: bool) -> (usize, usize) {
    let digits = match rest[1..].chars().next() {
        Some('x') => 2,
        Some('u') => 4,
        Some('U') => 8,
        Some(c) if long && c.is_ascii_whitespace() => {
            let rest = &rest[1..];
            return (1 + rest.len() - rest.trim_start_matches([' ', '\t', '\n', '\r']).len(), 0);
        }
        Some(c) => return (1 + c.len_utf8(), 1),
        None => return (1, 1),
    };
    let code = rest.get(2..2 + digits).and_then(|hex| u32::from_str_radix(hex, 16).ok());
    let length = code.and_then(char::from_u32).map_or(1, char::len_utf8);
    ((2 + digits).min(rest.len()), length)
}

#[cfg(test)]
mod tests {
    use super::origins;

    /// The source text of each byte of the decoded string.
    fn pieces(raw: &str) -> Vec<&str> {
        origins(raw).into_iter().map(|(start, end)| &raw[start..end]).collect()
    }

    #[test]
    fn plain_strings_map_one_to_one() {
        assert_eq!(pieces("\"ab\""), ["a", "b"]);
        assert_eq!(pieces("'a\\b'"), ["a", "\\", "b"]);
        assert!(pieces("\"\"").is_empty());
    }

    #[test]
    fn an_escape_is_one_place_for_all_its_bytes() {
        assert_eq!(pieces(r#""\u0069m\"""#), ["\\u0069", "m", "\\\""]);
        assert_eq!(pieces(r#""\uC2DC""#), ["\\uC2DC"; 3]);
        assert_eq!(pieces(r#""\x41\e""#), ["\\x41", "\\e"]);
    }

    #[test]
    fn long_strings_drop_the_first_line_break_and_continuations() {
        assert_eq!(pieces("\"\"\"\na \\\n   b\"\"\""), ["a", " ", "b"]);
        assert_eq!(pieces("'''\na\n'''"), ["a", "\n"]);
    }

    #[test]
    fn every_decoded_length_is_that_of_the_toml_reader() {
        for raw in [
            "\"기준 + \\u0069mpcat\"",
            "'기준'",
            "\"\"\"\n기준 \\\n  \\\"x\\\" \\U0001F600\n\"\"\"",
            "'''\n a \\ b '''",
            "\"\"\"a\"b\"\"\"",
        ] {
            let document = format!("k = {raw}");
            let table: toml::Table = toml::from_str(&document).unwrap();
            assert_eq!(origins(raw).len(), table["k"].as_str().unwrap().len(), "{raw}");
        }
    }
}
