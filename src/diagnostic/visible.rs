//! Text of somebody else on a terminal: what would move the cursor, change colours or turn the order of letters is shown as
//! the escape a TOML or JSON text has for it.

use std::borrow::Cow;

/// The text with control characters but line ends, marks of direction and invisible characters as `\u001b`.
pub fn visible(text: &str) -> Cow<'_, str> {
    escaped(text, |c| c != '\n' && is_unseen(c))
}

/// The same on one line: line ends too.
pub fn visible_line(text: &str) -> Cow<'_, str> {
    escaped(text, is_unseen)
}

fn escaped(text: &str, unseen: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&unseen) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        if unseen(c) {
            shown.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            shown.push(c);
        }
    }
    Cow::Owned(shown)
}

/// Control characters (Unicode category Cc), line and paragraph separators, marks, embeddings and isolates of direction
/// (Unicode Standard Annex 9), and characters without width that join nothing.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}')
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_obey_is_shown() {
        assert_eq!(visible("T \u{1b}]0;x\u{7}\n\u{202e}L\r"), "T \\u001b]0;x\\u0007\n\\u202eL\\u000d");
        assert_eq!(visible_line("a\nb\u{85}\u{9b}1m"), "a\\u000ab\\u0085\\u009b1m");
        for plain in ["시장 규모, 2031 – “x” ×", "e\u{301}", "👩\u{200d}🔬"] {
            assert!(matches!(visible_line(plain), Cow::Borrowed(same) if same == plain), "{plain}");
        }
    }
}
