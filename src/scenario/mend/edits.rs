//! Changes of a text, and the way back from the changed text to the original.

use std::ops::Range;

/// A stretch of the original and what stands there instead.
#[derive(Clone, Debug)]
pub struct Edit {
    pub range: Range<usize>,
    pub text: String,
}

/// Where the bytes of a changed text stand in the original.
#[derive(Clone, Debug, Default)]
pub struct Places {
    /// Of each edit, in order: its bytes in the changed text, and in the original.
    steps: Vec<(Range<usize>, Range<usize>)>,
}

impl Places {
    /// The original of the first byte of something.
    pub fn start(&self, at: usize) -> usize {
        let before = self.steps.partition_point(|(changed, _)| changed.start <= at);
        match before.checked_sub(1).map(|step| &self.steps[step]) {
            None => at,
            Some((changed, original)) if at < changed.end => original.start,
            Some((changed, original)) => original.end + (at - changed.end),
        }
    }

    /// The original of the byte behind something.
    pub fn end(&self, at: usize) -> usize {
        let before = self.steps.partition_point(|(changed, _)| changed.start < at);
        match before.checked_sub(1).map(|step| &self.steps[step]) {
            None => at,
            Some((changed, original)) if at <= changed.end => original.end,
            Some((changed, original)) => original.end + (at - changed.end),
        }
    }
}

/// The text with all edits made; one that begins inside another is left out.
pub fn apply(text: &str, edits: &mut [Edit]) -> (String, Places) {
    edits.sort_by_key(|edit| (edit.range.start, std::cmp::Reverse(edit.range.end)));
    let (mut changed, mut places, mut at) = (String::with_capacity(text.len()), Places::default(), 0);
    for edit in edits.iter().filter(|edit| !edit.text.is_empty() || !edit.range.is_empty()) {
        if edit.range.start < at {
            continue;
        }
        changed.push_str(&text[at..edit.range.start]);
        let start = changed.len();
        changed.push_str(&edit.text);
        places.steps.push((start..changed.len(), edit.range.clone()));
        at = edit.range.end;
    }
    changed.push_str(&text[at..]);
    (changed, places)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn edit(range: Range<usize>, text: &str) -> Edit {
        Edit { range, text: text.to_string() }
    }

    #[test]
    fn every_byte_of_the_changed_text_has_its_place_in_the_original() {
        let mut edits = [edit(10..10, "\""), edit(8..8, "\""), edit(11..13, "#")];
        let (changed, places) = apply("title = My // c", &mut edits);
        assert_eq!(changed, "title = \"My\" # c");
        assert_eq!((places.start(8), places.end(12)), (8, 10));
        assert_eq!((places.start(9), places.end(11)), (8, 10));
        assert_eq!((places.start(13), places.end(14)), (11, 13));
        assert_eq!((places.start(15), places.end(16)), (14, 15));
        assert_eq!((places.start(0), places.end(5)), (0, 5));
    }

    #[test]
    fn what_is_taken_out_takes_its_own_edits_with_it() {
        let mut edits = [edit(4..5, "X"), edit(2..8, "")];
        assert_eq!(apply("0123456789", &mut edits).0, "0189");
    }
}
