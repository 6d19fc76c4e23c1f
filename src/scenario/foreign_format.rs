//! Files that are no scenario: other encodings, workbooks, tables, JSON and YAML.

use crate::diagnostic::{Diagnostic, Span, TOML_SYNTAX};

/// Why bytes are no text.
#[derive(Debug)]
pub struct NoText {
    /// What they are, for the end of a sentence.
    pub what: String,
    pub help: &'static str,
    /// The bytes as far as they can be shown, and the place of the first that is no text.
    pub shown: String,
    pub at: usize,
}

const AS_UTF8: &str = "save the file as UTF-8: editors ask for the encoding under \"Save as\"";
const AS_CSV: &str = "save the sheet as CSV in UTF-8, and name its columns by `table('file.csv', 'column')`";

/// What the first bytes of files of other kinds are.
const BEGINNINGS: [(&[u8], &str, &str); 6] = [
    (b"PK\x03\x04", "it is a workbook (.xlsx), or another ZIP archive", AS_CSV),
    (b"\xd0\xcf\x11\xe0", "it is a workbook of old Excel (.xls)", AS_CSV),
    (b"%PDF", "it is a PDF", "name a text file"),
    (b"\x1f\x8b", "it is packed with gzip", "unpack it first"),
    (b"\xff\xfe", "it is UTF-16 and not UTF-8", AS_UTF8),
    (b"\xfe\xff", "it is UTF-16 and not UTF-8", AS_UTF8),
];

/// The text of a file.
///
/// # Errors
/// What the bytes are instead.
pub fn text(bytes: Vec<u8>) -> Result<String, NoText> {
    match no_text(&bytes) {
        Some(no) => Err(no),
        None => Ok(String::from_utf8(bytes).unwrap_or_default()),
    }
}

/// What bytes are that are no text in UTF-8.
pub fn no_text(bytes: &[u8]) -> Option<NoText> {
    if let Some((beginning, what, help)) = BEGINNINGS.iter().find(|(start, ..)| bytes.starts_with(start)) {
        let shown =
            if beginning[0] >= 0xfe { utf16(&bytes[2..], beginning[0] == 0xff) } else { String::new() };
        return Some(NoText { what: (*what).to_string(), help, shown, at: 0 });
    }
    // Half of the bytes of a text in UTF-16 with Latin letters are 0.
    if bytes.len() > 3 && bytes[..4].iter().filter(|byte| **byte == 0).count() == 2 {
        let shown = utf16(bytes, bytes[1] == 0);
        return Some(NoText { what: "it is UTF-16 and not UTF-8".to_string(), help: AS_UTF8, shown, at: 0 });
    }
    let at = std::str::from_utf8(bytes).err()?.valid_up_to();
    let line = 1 + bytes[..at].iter().filter(|byte| **byte == b'\n').count();
    let what = format!(
        "it is not UTF-8: line {line} has letters of another encoding, such as CP949 or Windows-1252"
    );
    Some(NoText { what, help: AS_UTF8, shown: String::from_utf8_lossy(bytes).into_owned(), at })
}

fn utf16(bytes: &[u8], little: bool) -> String {
    let unit = |pair: &[u8]| {
        let pair = [pair[0], pair[1]];
        if little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
    };
    let units: Vec<u16> = bytes.chunks_exact(2).map(unit).collect();
    String::from_utf16_lossy(&units)
}

/// A report of a text that was written for another program.
pub fn other_format(text: &str, source: usize) -> Option<Diagnostic> {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty()).take(8).peekable();
    let first = *lines.peek()?;
    let lines: Vec<&str> = lines.collect();
    let cells = |mark: char| {
        let counts = || lines.iter().map(|line| line.matches(mark).count());
        counts().next().is_some_and(|count| count > 0 && counts().all(|other| other == count))
    };
    let toml = |line: &&str| line.contains('=') || line.trim_start().starts_with(['[', '#']);
    let yaml = |line: &&str| {
        let key = line.trim_end().strip_suffix(':');
        key.is_some_and(|key| {
            ["scenario", "axes", "constants", "inputs", "formulas", "outputs"].contains(&key)
        })
    };
    let (message, label, help) = if first.trim_start().starts_with('{') {
        (
            "this is JSON, and a scenario is TOML",
            "JSON begins so",
            "write `[inputs.cost]` and below it `dist = \"…\"`",
        )
    } else if !lines.iter().any(toml) && [',', ';', '\t'].into_iter().any(cells) {
        let help = "a scenario names a table of data in `dist`: `empirical(table('file.csv', 'column'))`";
        ("this is a table of data, not a scenario", "cells with marks between them", help)
    } else if lines.iter().any(yaml) && !lines.iter().any(|line| line.trim_start().starts_with('[')) {
        (
            "this is YAML, and a scenario is TOML",
            "YAML begins so",
            "write `[inputs.cost]` and below it `dist = \"…\"`",
        )
    } else {
        return None;
    };
    let start = text.len() - text.trim_start().len();
    let end = start + first.trim().len();
    Some(Diagnostic::error(&TOML_SYNTAX, message).label(Span { source, start, end }, label).help(help))
}

#[cfg(test)]
mod tests {
    use super::{other_format, text};

    #[test]
    fn files_of_other_kinds_are_named() {
        let what = |bytes: &[u8]| text(bytes.to_vec()).map_err(|no| no.what).unwrap_err();
        assert!(what(b"PK\x03\x04...").contains("workbook"));
        assert!(what(b"\xff\xfeh\0i\0").contains("UTF-16"));
        assert!(what(b"[\0i\0n\0").contains("UTF-16"));
        assert!(what(b"a\nb = \"\xbd\xc7\"").contains("line 2"));
        assert_eq!(text("성장".as_bytes().to_vec()).unwrap(), "성장");
    }

    #[test]
    fn tables_and_json_are_known_by_their_first_lines() {
        let said = |text: &str| other_format(text, 0).map(|report| report.message);
        assert!(said("year;price\n1;2\n3;4").unwrap().contains("table"));
        assert!(said("year,price\n1,2\n").unwrap().contains("table"));
        assert!(said("{\n \"inputs\": {}\n}").unwrap().contains("JSON"));
        assert!(said("inputs:\n  cost:\n    dist: normal(0, 1)").unwrap().contains("YAML"));
        assert_eq!(said("[inputs.cost]\ndist = \"normal(0, 1)\"\nover = [1,"), None);
        assert_eq!(said("title = Costs, all of them"), None);
    }
}
