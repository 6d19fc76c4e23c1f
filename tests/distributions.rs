//! `docs/distributions.md` and its pictures are what the table of families gives.
//!
//! `RISKBAND_RENEW=1 cargo test --test distributions` writes them anew.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use riskband::distribution::{FAMILIES, FamilyEntry, Form, Law};
use riskband::report::chart::{DensityChart, png, svg};
use riskband::report::{about, example_law};
use riskband::scenario::spelled;

const PAGE: &str = "docs/distributions.md";
const PICTURES: &str = "docs/pictures";
/// Bytes of a picture at most.
const LARGEST: usize = 5 * 1024;

const OPENING: &str = "\
# Distribution families

Every family of the [scenario language](scenario-language.md#distribution-families): what it is for, how it may be
given, and what its example looks like from the 0.5th percentile to the 99.5th, or to an end of the law nearby; tails
that are very heavy are cut sooner, and a density that goes to infinity is cut off. `pNN` is any percentile, `p5` or
`p97.5`. `riskband distributions NAME` says the same in a terminal.

This page is written from the table of families: `RISKBAND_RENEW=1 cargo test --test distributions`.
";

fn law(entry: &FamilyEntry) -> Law {
    example_law(entry).unwrap_or_else(|| panic!("`{}` is no law", entry.example))
}

fn page() -> String {
    let links: Vec<String> = FAMILIES.iter().map(|f| format!("[{0}](#{0})", f.name)).collect();
    format!("{OPENING}\n{}\n{}", links.join(" ·\n"), FAMILIES.iter().map(section).collect::<String>())
}

fn section(entry: &FamilyEntry) -> String {
    let forms: String = (0..entry.forms.len()).map(|form| format!("- {}\n", spelled(entry, form))).collect();
    let mut meanings: Vec<String> = Vec::new();
    for parameter in entry.forms.iter().flat_map(Form::parameters) {
        let row = format!("| `{}` | {} |\n", parameter.name, parameter.meaning);
        if !meanings.contains(&row) {
            meanings.push(row);
        }
    }
    let parameters = match meanings.is_empty() {
        true => String::new(),
        false => format!("\n| parameter | is |\n|---|---|\n{}", meanings.concat()),
    };
    format!(
        "\n## {0}\n\n{1}\n\n![Density of {2}](pictures/density-{0}.png)\n\n`{2}`: {3}.\n\n{forms}{parameters}",
        entry.name,
        entry.summary,
        entry.example,
        about(&law(entry)),
    )
}

fn renews() -> bool {
    std::env::var_os("RISKBAND_RENEW").is_some()
}

#[test]
fn the_page_is_what_the_table_gives() {
    let page = page();
    if renews() {
        fs::write(PAGE, page).unwrap();
        return;
    }
    let kept = fs::read_to_string(PAGE).unwrap();
    for (kept, found) in kept.split("\n## ").zip(page.split("\n## ")) {
        assert_eq!(kept, found, "{PAGE} is to be renewed");
    }
    assert_eq!(kept, page, "{PAGE} is to be renewed");
}

#[test]
fn every_picture_is_what_its_law_gives() {
    for entry in FAMILIES {
        let chart = DensityChart::of(entry.example, &law(entry));
        let picture = png(&svg(&chart).unwrap()).unwrap();
        assert!(picture.warnings.is_empty(), "{}: {:?}", entry.name, picture.warnings);
        assert!(picture.bytes.len() <= LARGEST, "{}: {} bytes", entry.name, picture.bytes.len());
        let path = Path::new(PICTURES).join(format!("density-{}.png", entry.name));
        if renews() {
            fs::write(&path, &picture.bytes).unwrap();
            continue;
        }
        let kept = fs::read(&path).unwrap_or_default();
        assert!(kept == picture.bytes, "{} is to be renewed", path.display());
    }
}

#[test]
fn no_picture_is_left_over() {
    let names: BTreeSet<String> = FAMILIES.iter().map(|f| format!("density-{}.png", f.name)).collect();
    for entry in fs::read_dir(PICTURES).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(!name.starts_with("density-") || names.contains(&name), "{name} belongs to no family");
    }
}
