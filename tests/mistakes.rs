//! One broken scenario a file: the rendered diagnostics are kept beside it and compared.
//!
//! `RISKBAND_RENEW=1 cargo test --test mistakes` writes them anew. A first line `# --set name=value` gives an
//! override.

use std::fs;
use std::path::{Path, PathBuf};

use riskband::diagnostic::DIAGNOSTICS;
use riskband::scenario::{LoadFailure, load, load_text};

/// All files of `tests/mistakes`, sorted.
fn files() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for stage in fs::read_dir("tests/mistakes").unwrap() {
        for file in fs::read_dir(stage.unwrap().path()).unwrap() {
            files.push(file.unwrap().path());
        }
    }
    files.retain(|path| path.extension().is_some_and(|e| e == "toml"));
    files.sort();
    files
}

/// The text of a file, of which some have another encoding.
fn text_of(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()
}

/// Codes and the rendered text of everything said about a file.
fn said(path: &Path) -> (Vec<&'static str>, String) {
    let text = text_of(path);
    let overrides: Vec<String> =
        text.lines().map_while(|l| l.strip_prefix("# --set ")).map(String::from).collect();
    let (diagnostics, sources) = match load(path, &overrides) {
        Ok(loaded) => (loaded.warnings, loaded.sources),
        Err(LoadFailure::Rejected { diagnostics, sources }) => (diagnostics, sources),
        Err(LoadFailure::Unreadable { error, .. }) => panic!("{}: {error}", path.display()),
    };
    let codes = diagnostics.iter().map(|d| d.code.name).collect();
    let rendered: Vec<String> = diagnostics.iter().map(|d| sources.render_plain(d)).collect();
    (codes, rendered.join("\n").replace('\\', "/"))
}

#[test]
fn every_mistake_is_reported_as_kept() {
    let renew = std::env::var_os("RISKBAND_RENEW").is_some();
    let mut different = Vec::new();
    for path in files() {
        let (_, rendered) = said(&path);
        let kept = path.with_extension("txt");
        if renew {
            fs::write(&kept, &rendered).unwrap();
        } else if fs::read_to_string(&kept).unwrap_or_default() != rendered {
            different.push(format!("{}\n{rendered}", path.display()));
        }
    }
    assert!(different.is_empty(), "not as kept:\n{}", different.join("\n"));
}

#[test]
fn one_mistake_makes_one_report() {
    for path in files() {
        let several = ["several", "syntax", "correlation_of_an_unused_input"];
        if several.iter().all(|part| !path.display().to_string().contains(part)) {
            let (codes, rendered) = said(&path);
            assert_eq!(codes.len(), 1, "{}\n{rendered}", path.display());
        }
    }
}

#[test]
fn every_code_is_shown_by_a_mistake() {
    let shown: Vec<&str> = files().iter().flat_map(|path| said(path).0).collect();
    for (_, code) in DIAGNOSTICS {
        assert!(shown.contains(&code.name), "no file in tests/mistakes shows {}", code.name);
    }
}

#[test]
fn every_report_points_into_the_text_and_says_why() {
    for path in files() {
        let text = text_of(&path);
        let sets: Vec<String> =
            text.lines().map_while(|l| l.strip_prefix("# --set ")).map(String::from).collect();
        let Err(LoadFailure::Rejected { diagnostics, .. }) = load(&path, &sets) else { continue };
        for report in diagnostics {
            assert!(report.position().is_some(), "{}: no place", path.display());
            assert!(report.labels.iter().all(|l| !l.text.is_empty()), "{}: empty label", path.display());
            assert!(!report.message.ends_with('.'), "{}: {}", path.display(), report.message);
            for word in ["invalid", "failed to", "TODO"] {
                assert!(!report.message.contains(word), "{}: {}", path.display(), report.message);
            }
        }
    }
}

/// A text that is proposed in the place of a whole formula or law loads, and has no such mistake itself.
#[test]
fn what_is_proposed_for_words_of_elsewhere_can_be_pasted() {
    let mut pasted = 0;
    for path in files().into_iter().filter(|path| path.starts_with("tests/mistakes/words")) {
        let Err(LoadFailure::Rejected { diagnostics, .. }) = load(&path, &[]) else { continue };
        let proposed =
            diagnostics[0].help.iter().filter_map(|help| help.strip_prefix("write `")?.strip_suffix('`'));
        // Names that stand for what the scenario does not say.
        let open = ["axis", "column", "…", "`"];
        let Some(proposed) = proposed.into_iter().find(|text| open.iter().all(|word| !text.contains(word)))
        else {
            continue;
        };
        let text = text_of(&path);
        let start = diagnostics[0].position().map_or(0, |place| place.start);
        let line = text[..start].matches('\n').count();
        let right: Vec<String> = text
            .lines()
            .enumerate()
            .map(|(place, written)| match written.split_once('=') {
                Some((key, _)) if place == line => format!("{key}= \"{proposed}\""),
                _ => written.to_string(),
            })
            .collect();
        if let Err(LoadFailure::Rejected { diagnostics, .. }) =
            load_text("words.toml", &right.join("\n"), &[])
        {
            panic!("{}: {proposed}: {:?}", path.display(), diagnostics[0]);
        }
        pasted += 1;
    }
    assert!(pasted > 30, "{pasted}");
}

#[test]
fn seven_mistakes_are_reported_at_once() {
    let (codes, rendered) = said(Path::new("tests/mistakes/several/seven_mistakes.toml"));
    assert_eq!(codes.len(), 7, "{rendered}");
    let lines: Vec<usize> = rendered
        .lines()
        .filter_map(|line| line.trim().strip_prefix("--> ")?.split(':').nth(1)?.parse().ok())
        .collect();
    assert!(lines.windows(2).all(|pair| pair[0] <= pair[1]), "not in the order of the file: {lines:?}");
}
