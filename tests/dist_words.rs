//! Words that make a draw of other laws, of shares or of data: each has an example that works and a row in the
//! language's table.

use std::fs;

use riskband::distribution::FAMILIES;
use riskband::scenario::{DIST_WORDS, PROCESSES, load};
use sha2::{Digest, Sha256};

const HISTORY: &str = "price\n3\n1\n4\n1.5\n";

#[test]
fn they_are_in_order_and_no_family_or_process() {
    assert!(DIST_WORDS.is_sorted_by(|a, b| a.name < b.name));
    let taken = FAMILIES.iter().chain(PROCESSES.iter().map(|process| &process.entry)).map(|entry| entry.name);
    assert!(taken.into_iter().all(|name| DIST_WORDS.iter().all(|word| word.name != name)));
}

#[test]
fn every_example_is_a_scenario_and_names_its_data() {
    for word in DIST_WORDS {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("history.csv"), HISTORY).unwrap();
        let path = folder.path().join("scenario.toml");
        let text = format!(
            "[scenario]\nyears = [2025, 2027]\n[axes]\nregion = ['a', 'b', 'c']\n[inputs.x]\n\
             over = ['region', 'year']\ndist = \"{}\"\nassumption = 'a'\n[outputs.y]\nformula = 'x'\n",
            word.example
        );
        fs::write(&path, text).unwrap();
        let scenario =
            load(&path, &[]).unwrap_or_else(|failure| panic!("{}: {failure:?}", word.example)).scenario;
        assert!(word.example.starts_with(&format!("{}(", word.name)), "{}", word.example);
        assert!(word.spelling.starts_with(&format!("{}(", word.name)), "{}", word.spelling);
        let expected: String = Sha256::digest(HISTORY).iter().map(|byte| format!("{byte:02x}")).collect();
        let found: Vec<&str> = scenario.data.iter().map(|file| file.sha256.as_str()).collect();
        match word.example.contains("table(") {
            true => assert_eq!(found, [expected]),
            false => assert!(found.is_empty()),
        }
    }
}

#[test]
fn every_word_has_a_row_in_the_language() {
    let page = fs::read_to_string("docs/scenario-language.md").unwrap();
    for word in DIST_WORDS {
        assert!(page.contains(&format!("\n| `{}` | `(", word.name)), "{}", word.name);
    }
}
