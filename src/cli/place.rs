//! Where results go when nobody says: a folder for the scenario as it is in its file, and one of its own for every what-if.
//!
//! `output/NAME/` has the file as it is; `output/NAME@baseline=3.5,seed=9/` what `--set`, another seed and a design made of
//! it. The number of runs makes no other folder: more runs of a simulation are the same figures, better known.

use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::sampling::Design;
use crate::scenario::plain_override;

/// Most bytes of a folder's name, and of the name of the scenario in it: file systems take 255.
const MOST: usize = 160;
const MOST_OF_NAME: usize = 80;

/// The folder of a scenario called `name`; `seed` is given where it is not that of the file.
pub fn default_folder(name: &str, overrides: &[String], seed: Option<u64>, design: Design) -> PathBuf {
    let overrides: Vec<String> = overrides.iter().map(|change| plain_override(change)).collect();
    let mut changes = overrides.clone();
    changes.extend(seed.map(|seed| format!("seed={seed}")));
    if design != Design::MonteCarlo {
        changes.push(format!("design={}", design.name()));
    }
    // A file `...toml` has a stem that leads to another folder.
    let name = if [".", "..", ""].contains(&name) { "scenario" } else { name };
    if changes.is_empty() {
        return Path::new("output").join(name);
    }
    let text = changes.join(",");
    let plain = |c: char| (c.is_alphanumeric() && !c.is_uppercase()) || "._=+-,".contains(c);
    let told: String = text.split_whitespace().collect();
    let told: String = told.chars().map(|c| if plain(c) || c.is_uppercase() { c } else { '_' }).collect();
    let head = format!("{}@", shortened(name, MOST_OF_NAME));
    let told = shortened(&told, MOST.saturating_sub(head.len()));
    // What a name cannot say, or systems that ignore case cannot tell apart, the digest does.
    let whole = overrides.iter().all(|change| !change.contains(','));
    let exact = told == text && text.chars().all(plain) && head.len() == name.len() + 1 && whole;
    let digest = Sha256::digest([name, &changes.join("\0")].join("\0"));
    let digest: String = digest.iter().take(4).map(|byte| format!("{byte:02x}")).collect();
    let folder = if exact { format!("{head}{told}") } else { format!("{head}{told}~{digest}") };
    Path::new("output").join(folder)
}

/// So many bytes at most, whole characters.
fn shortened(text: &str, most: usize) -> &str {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn place(name: &str, overrides: &[&str], seed: Option<u64>, design: Design) -> String {
        let overrides: Vec<String> = overrides.iter().map(|text| text.to_string()).collect();
        default_folder(name, &overrides, seed, design).display().to_string()
    }

    #[test]
    fn a_what_if_has_a_folder_that_says_what_it_is() {
        let mc = Design::MonteCarlo;
        assert_eq!(place("market", &[], None, mc), "output/market");
        assert_eq!(place("market", &["baseline=3.5"], None, mc), "output/market@baseline=3.5");
        assert_eq!(place("market", &["a=1", "b.x=-2e3"], None, mc), "output/market@a=1,b.x=-2000");
        assert_eq!(
            place("market", &["성장률=0.1"], Some(9), Design::Hypercube { runs: 10 }),
            "output/market@성장률=0.1,seed=9,design=lhs"
        );
        assert_eq!(place("..", &[], None, mc), "output/scenario");
    }

    #[test]
    fn a_number_has_one_folder_however_it_is_typed() {
        for typed in ["a=3.5", "a=3.50", " a = 3.5 ", "a=35e-1", "a=+3.5"] {
            assert_eq!(place("market", &[typed], None, Design::MonteCarlo), "output/market@a=3.5", "{typed}");
        }
        let of_seed = |seed: u64| place("m", &[&format!("scenario.seed={seed}")], None, Design::MonteCarlo);
        assert_ne!(of_seed(u64::MAX - 1), of_seed(u64::MAX - 2));
    }

    #[test]
    fn folders_of_different_what_ifs_differ_even_where_case_is_ignored() {
        let long = "x".repeat(300);
        let changes: [&[&str]; 13] = [
            &["a=1"],
            &["A=1"],
            &["a=1", "b=2"],
            &["a=1,b=2"],
            &["b=2", "a=1"],
            &["a=1/2"],
            &["a=1_2"],
            &["a=1 2"],
            &["inputs.a.dist=normal(0, 1)"],
            &["inputs.a.dist=normal(0,1)"],
            &["../../x=1"],
            &[&long],
            &[&long, "a=1"],
        ];
        let mut seen = BTreeSet::new();
        for change in changes {
            let found = place("market", change, None, Design::MonteCarlo);
            let folder = found.strip_prefix("output/").unwrap();
            assert!(!folder.contains(['/', '\\', ' ']) && folder.len() <= 200, "{found}");
            assert!(seen.insert(found.to_lowercase()), "{found} twice");
        }
        let names = ["y".repeat(250), "y".repeat(249)];
        let [one, two] = names.map(|name| place(&name, &["a=1"], None, Design::MonteCarlo));
        assert!(one != two && one.len() < 200, "{one} {two}");
    }
}
