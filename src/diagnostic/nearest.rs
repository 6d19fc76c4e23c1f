//! "Did you mean": the known name that is nearest to what was typed.

/// The candidate nearest to `typed`, if one is near enough to be meant.
///
/// - Distance: Damerau–Levenshtein (insertions, deletions, substitutions and swaps of neighbours count 1),
///   letters compared without case. Near enough is one edit for up to five letters and one more for every
///   three beyond.
/// - Ties go to the first candidate.
/// - Source: Damerau (1964), Communications of the ACM 7(3), 171–176, doi:10.1145/363958.363994.
///
/// ```
/// use riskband::diagnostic::nearest;
/// assert_eq!(nearest("impcat", ["market", "impact"]), Some("impact"));
/// assert_eq!(nearest("banana", ["market", "impact"]), None);
/// ```
pub fn nearest<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let wanted = typed.to_lowercase();
    let length = wanted.chars().count();
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        if candidate == typed {
            continue;
        }
        let name = candidate.to_lowercase();
        let letters = name.chars().count();
        let longest = length.max(letters);
        let allowed = (longest.saturating_sub(2) / 3).max(1);
        // The lengths alone may be too far apart.
        if length.abs_diff(letters) > allowed {
            continue;
        }
        let distance = strsim::damerau_levenshtein(&wanted, &name);
        if distance <= allowed && distance < longest && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_swap_of_letters_is_one_edit() {
        assert_eq!(nearest("mena", ["mean", "median"]), Some("mean"));
    }

    #[test]
    fn case_does_not_count() {
        assert_eq!(nearest("europe", ["Europe", "Asia"]), Some("Europe"));
    }

    #[test]
    fn the_nearest_wins_over_the_first() {
        assert_eq!(
            nearest("autologous_shares", ["autologous_chars", "autologous_share"]),
            Some("autologous_share")
        );
    }

    #[test]
    fn a_single_letter_is_not_replaced_by_another() {
        assert_eq!(nearest("x", ["y", "z"]), None);
    }

    #[test]
    fn korean_names_are_compared_by_letters() {
        assert_eq!(nearest("성장룰", ["성장률", "시장"]), Some("성장률"));
    }
}
