//! A law drawn with characters, for a terminal.

use super::chart::Outline;
use crate::distribution::Law;

/// Columns of the outline; indentation and margins come to it.
const COLUMNS: usize = 64;
/// Lines of the outline.
const ROWS: usize = 6;
/// Columns of a bar at most.
const WIDEST: usize = 5;
/// What stands left of everything: indentation, and a column of margin.
const INDENT: &str = "   ";
/// Filled from below by eighths.
const BLOCKS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The density of a law, or the probabilities of its values, over an axis with a few numbers: eight lines of at most 70
/// columns.
pub fn density(law: &Law) -> String {
    let outline = Outline::of(law, COLUMNS);
    let slot = COLUMNS / outline.heights.len();
    let levels = levels(&outline, slot);
    let mut text = String::new();
    for row in (0..ROWS).rev() {
        let line: String = levels.iter().map(|level| BLOCKS[level.saturating_sub(8 * row).min(8)]).collect();
        text.push_str(format!("{INDENT}{line}").trim_end());
        text.push('\n');
    }
    // A number at the right end of the last slot stands in the margin.
    let column = |place: f64| ((place * slot as f64) as usize).min(levels.len());
    let mut axis = vec!['─'; levels.len() + 1];
    outline.ticks.iter().for_each(|(place, _)| axis[column(*place)] = '┬');
    text.push_str(&format!("  ─{}\n", axis.iter().collect::<String>()));
    let mut numbers: Vec<char> = Vec::new();
    for (place, label) in &outline.ticks {
        let width = label.chars().count();
        let left = (INDENT.len() + column(*place)).saturating_sub(width / 2);
        if numbers.is_empty() || left > numbers.len() {
            numbers.resize(left, ' ');
            numbers.extend(label.chars());
        }
    }
    let numbers: String = numbers.iter().collect();
    text.push_str(format!("{numbers} {}", outline.multiplier).trim_end());
    text.push('\n');
    text
}

/// Eighths of a line to be filled in each column, where a slot takes `slot` of them. What is not nothing has one at
/// least.
fn levels(outline: &Outline, slot: usize) -> Vec<usize> {
    let bar = if outline.is_discrete { slot.saturating_sub(1).clamp(1, WIDEST) } else { slot };
    let before = (slot - bar).div_ceil(2);
    let mut levels = vec![0; outline.heights.len() * slot];
    for (place, &height) in levels.chunks_mut(slot).zip(&outline.heights) {
        let level = (height * (8 * ROWS) as f64).round() as usize;
        place[before..before + bar].fill(if height > 0.0 { level.max(1) } else { 0 });
    }
    levels
}

#[cfg(test)]
mod tests {
    use super::density;
    use crate::distribution::{Beta, FAMILIES, Law, Normal, Poisson, Uniform};
    use crate::report::example_law;

    fn drawn(law: impl Into<Law>) -> String {
        format!("\n{}", density(&law.into()))
    }

    #[test]
    fn a_normal_law_is_a_bell() {
        let expected = "
                            ▂▄▅▆▇████▇▆▅▄▂
                        ▂▄▆████████████████▆▄▂
                     ▃▅▇██████████████████████▇▅▃
                 ▂▄▆██████████████████████████████▆▄▂
            ▁▃▄▆██████████████████████████████████████▆▄▃▁
   ▂▂▃▃▄▅▆▇████████████████████████████████████████████████▇▆▅▄▃▃▂▂
  ────────┬───────────┬────────────┬───────────┬───────────┬────────
         −4          −2            0           2           4
";
        assert_eq!(drawn(Normal::new(0.0, 2.0).unwrap()), expected);
    }

    #[test]
    fn a_poisson_law_has_a_bar_a_value() {
        let expected = "
                  █████  █████
                  █████  █████  ▄▄▄▄▄
           █████  █████  █████  █████
           █████  █████  █████  █████  ▆▆▆▆▆
    ▃▃▃▃▃  █████  █████  █████  █████  █████  ▃▃▃▃▃
    █████  █████  █████  █████  █████  █████  █████  ▅▅▅▅▅  ▂▂▂▂▂
  ────┬─────────────┬─────────────┬─────────────┬─────────────┬────
      0             2             4             6             8
";
        assert_eq!(drawn(Poisson::new(3.0).unwrap()), expected);
    }

    #[test]
    fn a_pole_reaches_the_top() {
        let expected = "
   ███
   ████▂
   █████▇▄▁
   ████████▇▆▄▃▂▁
   ███████████████▇▆▆▅▄▄▃▃▂▂▁▁▁
   ██████████████████████████████▇▇▇▆▆▆▆▅▅▅▅▄▄▄▄▃▃▃▃▃▂▂▂▂▂▁▁▁▁▁▁▁▁▁
  ─┬───────────────────────────────┬───────────────────────────────┬
  0.0                             0.5                             1.0
";
        assert_eq!(drawn(Beta::new(0.5, 2.0, 0.0, 1.0).unwrap()), expected);
    }

    #[test]
    fn a_uniform_law_is_a_block() {
        let expected = "
   ████████████████████████████████████████████████████████████████
   ████████████████████████████████████████████████████████████████
   ████████████████████████████████████████████████████████████████
   ████████████████████████████████████████████████████████████████
   ████████████████████████████████████████████████████████████████
   ████████████████████████████████████████████████████████████████
  ─┬───────────────┬───────────────┬───────────────┬───────────────┬
 −1.0            −0.5             0.0             0.5             1.0
";
        assert_eq!(drawn(Uniform::new(-1.0, 1.0).unwrap()), expected);
    }
    #[test]
    fn every_family_fits_a_terminal_and_reaches_the_top() {
        for entry in FAMILIES {
            let text = example_law(entry).as_ref().map(density).unwrap_or_default();
            assert_eq!(text.lines().count(), 8, "{}\n{text}", entry.name);
            assert!(text.lines().all(|line| line.chars().count() <= 78), "{}\n{text}", entry.name);
            assert!(text.lines().next().is_some_and(|top| !top.trim().is_empty()), "{}\n{text}", entry.name);
        }
    }
}
