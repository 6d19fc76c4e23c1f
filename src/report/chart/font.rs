//! The embedded fonts: widths of text, shortening, wrapping, and which characters they lack.

use std::sync::{Arc, LazyLock};

use ab_glyph::{Font, FontRef};
use resvg::usvg::fontdb::{Database, Source};

/// Pretendard 1.3.9 Regular, as published (SIL Open Font License 1.1, see `fonts/LICENSE.txt`).
static REGULAR: &[u8] = include_bytes!("../fonts/Pretendard-Regular.otf");
/// Pretendard 1.3.9 SemiBold, as published.
static SEMI_BOLD: &[u8] = include_bytes!("../fonts/Pretendard-SemiBold.otf");

/// Font families of the SVG text, the embedded one first; the others serve viewers without it.
pub(super) const FAMILIES: &str = "Pretendard, Noto Sans KR, Malgun Gothic, Helvetica, Arial, sans-serif";

/// Weight of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weight {
    Regular,
    SemiBold,
}

static FACES: LazyLock<[Option<FontRef<'static>>; 2]> =
    LazyLock::new(|| [FontRef::try_from_slice(REGULAR).ok(), FontRef::try_from_slice(SEMI_BOLD).ok()]);

static DATABASE: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut database = Database::new();
    for bytes in [REGULAR, SEMI_BOLD] {
        database.load_font_source(Source::Binary(Arc::new(bytes)));
    }
    Arc::new(database)
});

/// The two embedded faces, for a rasteriser.
pub fn embedded_fonts() -> Arc<Database> {
    Arc::clone(&DATABASE)
}

/// Width of one line of text at `size` units to the em, in the same units.
///
/// The sum of the advance widths, without kerning (which only narrows); a character the fonts lack counts as one em.
pub fn text_width(text: &str, size: f64, weight: Weight) -> f64 {
    let Some(face) = face(weight) else { return size * text.chars().count() as f64 };
    let em = f64::from(face.units_per_em().unwrap_or(1000.0));
    text.chars()
        .map(|c| {
            let glyph = face.glyph_id(c);
            if glyph.0 == 0 { size } else { f64::from(face.h_advance_unscaled(glyph)) / em * size }
        })
        .sum()
}

/// The text itself where it fits into `width`, else its beginning and an ellipsis.
pub(super) fn shortened(text: &str, width: f64, size: f64, weight: Weight) -> String {
    if text_width(text, size, weight) <= width {
        return text.to_string();
    }
    let mut kept = String::new();
    for c in text.chars() {
        kept.push(c);
        if text_width(&kept, size, weight) + text_width("…", size, weight) > width {
            kept.pop();
            break;
        }
    }
    format!("{}…", kept.trim_end_matches([' ', ',', ';', '(', '·']))
}

/// The text in at most `lines` lines of `width`; the last is shortened where the text goes on.
///
/// Breaks stand at spaces, and inside a word only where the word alone is wider than a line.
pub(super) fn wrapped(text: &str, width: f64, lines: usize, size: f64, weight: Weight) -> Vec<String> {
    let fits = |s: &str| text_width(s, size, weight) <= width;
    let mut done: Vec<String> = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        if fits(rest) || done.len() + 1 >= lines {
            done.push(shortened(rest, width, size, weight));
            break;
        }
        let end = line_end(rest, fits);
        done.push(rest[..end].trim_end().to_string());
        rest = rest[end..].trim_start();
    }
    done
}

/// The text in at most two lines of `width`; where it goes on, its middle is left out: what tells members apart often
/// stands at the end.
pub(super) fn elided(text: &str, width: f64, size: f64, weight: Weight) -> Vec<String> {
    let lines = wrapped(text, width, usize::MAX, size, weight);
    if lines.len() <= 2 {
        return lines;
    }
    let fits = |s: &str| text_width(s, size, weight) <= width;
    let tails = text.char_indices().map(|(i, _)| format!("…{}", text[i..].trim()));
    let tail = tails.into_iter().find(|tail| fits(tail)).unwrap_or_else(|| "…".to_string());
    lines.into_iter().take(1).chain([tail]).collect()
}

/// Byte index at which the first line of `text` ends; at least one character on.
fn line_end(text: &str, fits: impl Fn(&str) -> bool) -> usize {
    let spaces = text.char_indices().filter(|(_, c)| *c == ' ').map(|(i, _)| i);
    if let Some(end) = spaces.take_while(|&i| fits(&text[..i])).last()
        && end > 0
    {
        return end;
    }
    let first = text.chars().next().map_or(0, char::len_utf8);
    let ends = text.char_indices().map(|(i, c)| i + c.len_utf8());
    ends.take_while(|&i| fits(&text[..i])).last().unwrap_or(first)
}

/// Characters of `text` that the embedded fonts cannot draw, each once, in order of appearance.
pub(super) fn missing_characters(text: &str) -> Vec<char> {
    let Some(face) = face(Weight::Regular) else { return Vec::new() };
    let mut missing = Vec::new();
    for c in text.chars() {
        if !c.is_control() && face.glyph_id(c).0 == 0 && !missing.contains(&c) {
            missing.push(c);
        }
    }
    missing
}

fn face(weight: Weight) -> Option<&'static FontRef<'static>> {
    let [regular, semi_bold] = &*FACES;
    match weight {
        Weight::Regular => regular.as_ref(),
        Weight::SemiBold => semi_bold.as_ref(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_embedded_faces_load_and_cover_latin_hangul_and_the_signs_in_use() {
        assert!(face(Weight::Regular).is_some() && face(Weight::SemiBold).is_some());
        assert_eq!(embedded_fonts().len(), 2);
        let used = "AZaz09 가힣쀍 −–·…×±≥%µ€⁰¹²³⁴⁵⁶⁷⁸⁹⁻\u{2009}\u{202f}";
        assert_eq!(missing_characters(used), Vec::<char>::new());
        assert_eq!(missing_characters("漢 a 漢 🙂"), vec!['漢', '🙂']);
    }

    #[test]
    fn shortened_text_fits_and_ends_with_an_ellipsis() {
        let text = "Long labels are shortened where they do not fit";
        let short = shortened(text, 150.0, 20.0, Weight::Regular);
        assert!(short.ends_with('…') && text_width(&short, 20.0, Weight::Regular) <= 150.0);
        assert!(text_width(&short, 20.0, Weight::Regular) > 100.0);
        assert_eq!(shortened(text, 2000.0, 20.0, Weight::Regular), text);
    }

    #[test]
    fn wrapped_lines_fit_and_hold_the_whole_text() {
        let text = "One two three 네 다섯 여섯 seven-and-a-very-long-word-that-has-no-space eight";
        let lines = wrapped(text, 200.0, 20, 20.0, Weight::SemiBold);
        assert!(lines.len() > 3);
        assert!(lines.iter().all(|l| text_width(l, 20.0, Weight::SemiBold) <= 200.0));
        let bare = |s: &str| s.replace(' ', "");
        assert_eq!(bare(&lines.concat()), bare(text));
        let two = wrapped(text, 200.0, 2, 20.0, Weight::SemiBold);
        assert!(two.len() == 2 && two[1].ends_with('…'));
    }

    #[test]
    fn an_elided_text_keeps_its_end() {
        let text =
            "Impact of the regulation on the growth of the market in the second half: approvals of 2031";
        let lines = elided(text, 300.0, 20.0, Weight::Regular);
        assert!(lines.len() == 2 && lines[0].starts_with("Impact of") && lines[1].starts_with('…'));
        assert!(lines[1].ends_with("approvals of 2031"));
        assert!(lines.iter().all(|l| text_width(l, 20.0, Weight::Regular) <= 300.0));
        assert_eq!(elided("Two words", 300.0, 20.0, Weight::Regular), ["Two words"]);
    }

    #[test]
    fn a_width_below_one_character_still_ends() {
        assert_eq!(wrapped("abc", 1.0, 5, 20.0, Weight::Regular).len(), 3);
        assert!(wrapped("  ", 100.0, 5, 20.0, Weight::Regular).is_empty());
        assert_eq!(elided("abcd", 1.0, 20.0, Weight::Regular).len(), 2);
    }
}
