//! The rooms of the house and who may import from whom.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Columns of rooms from left to right: a room imports from columns to its left, from none to its right and from no
/// neighbour in its own.
const COLUMNS: [&[&str]; 8] = [
    &["diagnostic", "math"],
    &["distribution", "sampling", "tally"],
    &["scenario", "peers"],
    &["program"],
    &["engine"],
    &["cluster", "analysis"],
    &["report"],
    &["cli"],
];

fn column(room: &str) -> Option<usize> {
    COLUMNS.iter().position(|rooms| rooms.contains(&room))
}

/// All Rust files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// Files that are compiled for tests alone, because their `mod` line says so.
fn files_of_tests() -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for path in files(Path::new("src")) {
        let text = fs::read_to_string(&path).unwrap();
        let folder = match path.file_name().unwrap().to_str() {
            Some("mod.rs" | "lib.rs" | "main.rs") => path.parent().unwrap().to_path_buf(),
            _ => path.with_extension(""),
        };
        for pair in text.lines().collect::<Vec<_>>().windows(2) {
            let name = pair[1].trim().strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';'));
            if let (true, Some(name)) = (pair[0].trim() == "#[cfg(test)]", name) {
                found.insert(folder.join(format!("{name}.rs")));
            }
        }
    }
    found
}

/// The code of a file with the lines' numbers: without comments and without its tests, which stand at its end.
fn code(text: &str) -> Vec<(usize, &str)> {
    let lines: Vec<&str> = text.lines().collect();
    let tests =
        lines.windows(2).position(|pair| pair[0] == "#[cfg(test)]" && pair[1].starts_with("mod tests"));
    let end = tests.unwrap_or(lines.len());
    let numbered = lines[..end].iter().enumerate().map(|(index, line)| (index + 1, *line));
    numbered.filter(|(_, line)| !line.trim_start().starts_with("//")).collect()
}

/// Rooms that a line of code names behind `crate::`.
fn rooms_named(line: &str) -> Vec<&str> {
    let parts = line.split("crate::").skip(1);
    parts.map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("")).collect()
}

#[test]
fn imports_go_to_the_left_only() {
    let exempt = files_of_tests();
    let mut wrong = Vec::new();
    let mut imports = 0;
    for path in files(Path::new("src")) {
        let room = path.components().nth(1).unwrap().as_os_str().to_str().unwrap();
        let (Some(own), false) = (column(room), exempt.contains(&path)) else { continue };
        for (number, line) in code(&fs::read_to_string(&path).unwrap()) {
            for other in rooms_named(line).into_iter().filter(|other| *other != room) {
                imports += 1;
                if column(other).is_none_or(|column| column >= own) {
                    wrong.push(format!("{}:{number}: `{room}` reaches for `{other}`", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert!(
        imports > 50,
        "only {imports} imports were found: the reader of this test looks in the wrong place"
    );
}

#[test]
fn every_folder_of_src_is_a_room() {
    for entry in fs::read_dir("src").unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(!path.is_dir() || column(name).is_some(), "`{name}` has no place in COLUMNS");
    }
}

#[test]
fn the_front_page_shows_the_same_order() {
    let columns: Vec<String> = COLUMNS.iter().map(|rooms| rooms.join(" ")).collect();
    let page = fs::read_to_string("src/lib.rs").unwrap();
    assert!(
        page.contains(&columns.join(" │ ")),
        "src/lib.rs tells another order than {}",
        columns.join(" │ ")
    );
}

#[test]
fn a_room_to_the_right_is_noticed() {
    assert_eq!(rooms_named("use crate::cli::Ui; let x = crate::math::exp(1.0);"), ["cli", "math"]);
    assert_eq!(code("a\n// crate::cli\n#[cfg(test)]\nmod tests {\n}"), [(1, "a")]);
}
