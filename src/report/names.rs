//! Names of pictures: readable, taken by every file system, and no two alike where one is blind to case.

use std::collections::HashMap;

use sha2::{Digest, Sha256};

/// Bytes of a name at most, its ending included.
const LONGEST: usize = 100;
const ENDING: &str = ".png";
/// Digits of a hash that tells names apart, as many as are needed.
const DIGITS: [usize; 4] = [8, 16, 32, 64];
/// Names that Windows keeps for devices, whatever follows a dot.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// A name for each list of parts, as `["tornado", "market", "2031"]`, in the same order.
///
/// Parts are joined by `-`; what is no letter, digit, `-`, `_` or `.` becomes `_`. Where a name would be too long, that
/// of a device, or the same as another's but for case, the first digits of the SHA-256 of its parts follow.
pub fn picture_names(pictures: &[Vec<String>]) -> Vec<String> {
    let plain: Vec<String> = pictures
        .iter()
        .map(|parts| parts.iter().map(|part| safe(part)).collect::<Vec<_>>().join("-"))
        .collect();
    let mut seen: HashMap<&[String], u64> = HashMap::new();
    let hashes: Vec<String> = pictures
        .iter()
        .map(|parts| {
            let before = seen.entry(parts).or_default();
            *before += 1;
            hash(parts, *before - 1)
        })
        .collect();
    // Index into DIGITS plus 1; 0 for a name without a hash.
    let mut lengths: Vec<usize> = plain
        .iter()
        .map(|stem| usize::from(stem.len() + ENDING.len() > LONGEST || is_device(stem)))
        .collect();
    loop {
        let names: Vec<String> = (0..pictures.len())
            .map(|k| match lengths[k] {
                0 => format!("{}{ENDING}", plain[k]),
                length => with_hash(&plain[k], &hashes[k][..DIGITS[length - 1]]),
            })
            .collect();
        let mut order: Vec<(String, usize)> =
            names.iter().enumerate().map(|(k, name)| (folded(name), k)).collect();
        order.sort();
        let alike = order.chunk_by(|a, b| a.0 == b.0).filter(|chunk| chunk.len() > 1).flatten();
        let mut is_longer = false;
        for &(_, k) in alike {
            is_longer |= lengths[k] < DIGITS.len();
            lengths[k] = (lengths[k] + 1).min(DIGITS.len());
        }
        if !is_longer {
            return names;
        }
    }
}

fn safe(part: &str) -> String {
    part.chars().map(|c| if is_safe(c) { c } else { '_' }).collect()
}

/// Letters and digits, but for those that a file system may put together or take apart: what is left has one spelling.
fn is_safe(c: char) -> bool {
    let is_respelled = matches!(c,
        '\u{0300}'..='\u{036F}' | '\u{0374}' | '\u{0387}' | '\u{0900}'..='\u{0DFF}' | '\u{0F00}'..='\u{0FFF}'
        | '\u{1000}'..='\u{109F}' | '\u{1100}'..='\u{11FF}' | '\u{1F00}'..='\u{1FFF}' | '\u{2100}'..='\u{214F}'
        | '\u{A960}'..='\u{A97F}' | '\u{D7B0}'..='\u{D7FF}' | '\u{F900}'..='\u{FAFF}' | '\u{10000}'..);
    matches!(c, '-' | '_' | '.') || c.is_alphanumeric() && !is_respelled
}

/// The same text for names that differ in case alone.
fn folded(name: &str) -> String {
    name.chars().flat_map(char::to_uppercase).collect::<String>().to_lowercase()
}

fn is_device(stem: &str) -> bool {
    let first = folded(stem.split('.').next().unwrap_or(stem));
    let mut letters = first.chars();
    let (port, number) = (letters.by_ref().take(3).collect::<String>(), letters.as_str());
    let is_number = number.chars().count() == 1 && number.chars().all(|c| c.is_numeric());
    DEVICES.contains(&first.as_str()) || (port == "com" || port == "lpt") && is_number
}

fn with_hash(stem: &str, digits: &str) -> String {
    let room = LONGEST - ENDING.len() - 1 - digits.len();
    let end = (0..=room.min(stem.len())).rev().find(|&end| stem.is_char_boundary(end)).unwrap_or(0);
    format!("{}-{digits}{ENDING}", &stem[..end])
}

/// Hexadecimal digits of the SHA-256 of the parts, each led by its length, and of how many equal lists stand before.
fn hash(parts: &[String], before: u64) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    if before > 0 {
        hasher.update(before.to_le_bytes());
    }
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn names(pictures: &[&[&str]]) -> Vec<String> {
        let owned: Vec<Vec<String>> =
            pictures.iter().map(|parts| parts.iter().map(|part| part.to_string()).collect()).collect();
        picture_names(&owned)
    }

    #[test]
    fn names_that_are_safe_and_alone_stay_as_they_are() {
        let found =
            names(&[&["bands", "market"], &["tornado", "시장", "아시아", "2031"], &["histogram", "R&D"]]);
        assert_eq!(found, ["bands-market.png", "tornado-시장-아시아-2031.png", "histogram-R_D.png"]);
    }

    #[test]
    fn names_that_meet_are_told_apart_whatever_the_order() {
        let pairs = [["y", "Y"], ["<65", ">65"], ["A/B", "A B"], ["R&D", "R+D"], ["Straße", "STRASSE"]];
        for [a, b] in pairs {
            let (one, other) = (names(&[&["t", a], &["t", b]]), names(&[&["t", b], &["t", a]]));
            assert_ne!(folded(&one[0]), folded(&one[1]), "{a} {b}");
            assert_eq!([&one[0], &one[1]], [&other[1], &other[0]]);
        }
    }

    #[test]
    fn parts_that_join_to_one_text_are_told_apart_and_so_are_equal_ones() {
        let found = names(&[&["t", "a-b", "c"], &["t", "a", "b-c"], &["t", "a", "b-c"]]);
        assert!(found[0] != found[1] && found[1] != found[2] && found[0] != found[2], "{found:?}");
    }

    #[test]
    fn a_long_name_is_cut_between_letters() {
        let long = "가".repeat(300);
        let found = names(&[&["tornado", &long], &["tornado", &format!("{long}나")]]);
        assert!(found.iter().all(|name| name.len() <= LONGEST && name.starts_with("tornado-가가")));
        assert_ne!(found[0], found[1]);
    }

    #[test]
    fn devices_of_windows_are_no_names() {
        let found = names(&[&["CON"], &["lpt1"], &["com²"], &["nul.txt"], &["com10"]]);
        assert!(found[..4].iter().all(|name| name.contains('-')), "{found:?}");
        assert_eq!(found[4], "com10.png");
    }

    proptest! {
        #[test]
        fn any_names_are_safe_short_and_different(
            pictures in prop::collection::vec(
                prop::collection::vec(prop_oneof!["[a-cA-C<>/ &+.-]{0,4}", "\\PC{0,60}", "[가-힣]{0,80}"], 1..4), 1..24)
        ) {
            let found = picture_names(&pictures);
            prop_assert_eq!(found.len(), pictures.len());
            let mut seen: Vec<String> = found.iter().map(|name| folded(name)).collect();
            seen.sort();
            seen.dedup();
            prop_assert_eq!(seen.len(), found.len());
            for name in &found {
                prop_assert!(name.len() <= LONGEST && name.ends_with(ENDING), "{}", name);
                prop_assert!(name.chars().all(is_safe), "{}", name);
                prop_assert!(!is_device(name), "{}", name);
            }
            prop_assert_eq!(&found, &picture_names(&pictures));
        }
    }
}
