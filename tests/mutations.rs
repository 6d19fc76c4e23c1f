//! Scenario files and data as a hand that slips would leave them: nothing panics, nothing hangs, and what is refused is
//! refused at a place.
//!
//! Every scenario of the project, right or wrong, is changed at random, by a generator with a fixed seed: bytes, tokens,
//! numbers, words, lines. Every other file is one of the right ones and changed once and gently, so that many still mean
//! something: another number, another operator, a line less, two lines swapped. What still loads is simulated, and one of
//! its runs replayed. `RISKBAND_MUTATIONS=20000` changes how many files are made, `RISKBAND_MUTATIONS_FROM=300` the first
//! of them; a file that fails is kept and named.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use riskband::engine;
use riskband::program::{BLOCK, Machine, Program, Scope};
use riskband::sampling::Design;
use riskband::scenario::{LoadFailure, Loaded, Scenario, load};

/// Folders whose scenarios and data are changed.
const FOLDERS: [&str; 5] = ["scenarios", WRONG, "tests/golden", "tests/cases", "tests/reference"];
/// Where the wrong ones are.
const WRONG: &str = "tests/mistakes";
const FILES: usize = 2_000;
/// A file must be done with in this time, on a machine that has other things to do.
const MOST_TIME: Duration = Duration::from_secs(120);
/// Scenarios of more cells are loaded and not simulated.
const MOST_CELLS: usize = 2_000;
/// Events of a run from which sums take too long.
const MOST_EVENTS: f64 = 1_000.0;

/// Splitmix: Steele, Lea & Flood (2014), Fast Splittable Pseudorandom Number Generators, figure 16.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let x = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let x = (x ^ (x >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        x ^ (x >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }
}

const NUMBERS: [&str; 26] = [
    "0",
    "-0.0",
    "1",
    "-1",
    "2",
    "0.5",
    "1e-9",
    "1e-300",
    "5e-324",
    "1e6",
    "1e9",
    "1e15",
    "1e16",
    "1e300",
    "1e308",
    "1e999",
    "-1e308",
    "inf",
    "nan",
    "0.1",
    "100",
    "9223372036854775807",
    "18446744073709551616",
    "1_000",
    "1.5e",
    "0x10",
];
const WORDS: [&str; 44] = [
    "normal",
    "lognormal",
    "pert",
    "uniform",
    "discrete",
    "truncate",
    "shift",
    "scale",
    "mixture",
    "compound",
    "splice",
    "empirical",
    "poisson",
    "bernoulli",
    "beta",
    "metalog",
    "sum",
    "max",
    "cumulative",
    "cagr",
    "npv",
    "ar1",
    "share",
    "previous",
    "clamp",
    "if",
    "year",
    "over",
    "dist",
    "formula",
    "initial",
    "extends",
    "between",
    "spearman",
    "matrix",
    "mean",
    "sd",
    "p95",
    "limit",
    "from",
    "and",
    "not",
    "pi",
    "tornado",
];
const PIECES: [&str; 34] = [
    "(", ")", "[", "]", "{", "}", "\"", "'", "\"\"\"", "=", "==", ",", ";", ":", ".", "^", "-", "--", "*",
    "/", "%", "#", "\\", "\n", "\r", "\t", "\u{0}", "\u{feff}", "\u{202e}", "é", "세포", "🙂", "\\u0000",
    "e\u{301}",
];

/// Tokens of a text: words, numbers, blanks and single characters.
fn tokens(text: &str) -> Vec<String> {
    let kind = |c: char| match c {
        c if c.is_alphanumeric() || "_.".contains(c) => 0,
        c if c.is_whitespace() => 1,
        _ => 2,
    };
    let mut found: Vec<String> = Vec::new();
    let mut last = 3;
    for c in text.chars() {
        match found.last_mut() {
            Some(token) if kind(c) == last && last != 2 => token.push(c),
            _ => found.push(c.to_string()),
        }
        last = kind(c);
    }
    found
}

/// One change of a text.
fn changed(text: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let Ok(readable) = std::str::from_utf8(text) else { return bytes_changed(text, random) };
    let mut lines: Vec<String> = readable.split_inclusive('\n').map(str::to_string).collect();
    let mut tokens = tokens(readable);
    let (line, token) = (random.below(lines.len()), random.below(tokens.len()));
    match random.below(12) {
        0 => return bytes_changed(text, random),
        1 if !lines.is_empty() => lines.insert(line, lines[random.below(lines.len())].clone()),
        2 if !lines.is_empty() => drop(lines.remove(line)),
        3 if !lines.is_empty() => {
            let second = random.below(lines.len());
            lines.swap(line, second);
        }
        4 => return text[..random.below(text.len())].to_vec(),
        5 => {
            let other = String::from_utf8_lossy(other);
            let others: Vec<&str> = other.split_inclusive('\n').collect();
            let from = random.below(others.len());
            lines.extend(others[from..].iter().take(1 + random.below(8)).map(|line| line.to_string()));
        }
        choice => {
            let numbers: Vec<usize> =
                (0..tokens.len()).filter(|&k| tokens[k].starts_with(|c: char| c.is_ascii_digit())).collect();
            let words: Vec<usize> =
                (0..tokens.len()).filter(|&k| tokens[k].starts_with(|c: char| c.is_alphabetic())).collect();
            match choice {
                6 | 7 if !numbers.is_empty() => {
                    tokens[numbers[random.below(numbers.len())]] = random.of(&NUMBERS).to_string();
                }
                8 if !words.is_empty() => {
                    tokens[words[random.below(words.len())]] = random.of(&WORDS).to_string();
                }
                9 if !words.is_empty() => {
                    let (a, b) = (words[random.below(words.len())], words[random.below(words.len())]);
                    tokens.swap(a, b);
                }
                10 if !tokens.is_empty() => {
                    let many = if random.below(10) == 0 { 3_000 } else { 1 + random.below(4) };
                    tokens[token] = tokens[token].repeat(many);
                }
                _ => tokens.insert(token, random.of(&PIECES).to_string()),
            }
            return tokens.concat().into_bytes();
        }
    }
    lines.concat().into_bytes()
}

fn bytes_changed(text: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = text.to_vec();
    let at = random.below(bytes.len());
    match random.below(3) {
        0 if !bytes.is_empty() => bytes[at] ^= 1 << random.below(8),
        1 if !bytes.is_empty() => drop(bytes.remove(at)),
        _ => bytes.insert(at, random.next() as u8),
    }
    bytes
}

/// One change of a text that may leave its meaning whole. Comments are left as they are.
fn gently_changed(text: &[u8], random: &mut Random) -> Vec<u8> {
    const OPERATORS: [&str; 7] = ["+", "-", "*", "/", "^", "<", ">"];
    let Ok(readable) = std::str::from_utf8(text) else { return bytes_changed(text, random) };
    let mut lines: Vec<String> = readable.split_inclusive('\n').map(str::to_string).collect();
    let said: Vec<usize> = (0..lines.len())
        .filter(|&k| !lines[k].trim().is_empty() && !lines[k].trim_start().starts_with('#'))
        .collect();
    if said.is_empty() {
        return text.to_vec();
    }
    let choice = random.below(8);
    match choice {
        0 => drop(lines.remove(said[random.below(said.len())])),
        1 => lines.swap(said[random.below(said.len())], said[random.below(said.len())]),
        _ => {
            let is_number = |token: &str| token.parse::<f64>().is_ok_and(f64::is_finite);
            let is_wanted = |token: &String| match choice {
                2 => OPERATORS.contains(&token.as_str()),
                _ => is_number(token),
            };
            let pieces: Vec<Vec<String>> = lines.iter().map(|line| tokens(line)).collect();
            let places: Vec<(usize, usize)> = (said.iter())
                .flat_map(|&line| (0..pieces[line].len()).map(move |token| (line, token)))
                .filter(|&(line, token)| is_wanted(&pieces[line][token]))
                .collect();
            if places.is_empty() {
                return text.to_vec();
            }
            let (line, token) = places[random.below(places.len())];
            let mut pieces = pieces[line].clone();
            pieces[token] = match pieces[token].parse::<f64>() {
                Ok(number) => {
                    let others =
                        [number + 1.0, number - 1.0, 0.9 * number, 1.1 * number, 2.0 * number, 10.0 * number];
                    others[random.below(others.len())].to_string()
                }
                Err(_) => random.of(&OPERATORS).to_string(),
            };
            lines[line] = pieces.concat();
        }
    }
    lines.concat().into_bytes()
}

/// Files below a folder with one of these endings, in the order of their names.
fn files(folder: &Path, endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut entries: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            found.extend(files(&path, endings));
        } else if path.extension().is_some_and(|end| endings.iter().any(|ending| end == *ending)) {
            found.push(path);
        }
    }
    found
}

/// A copy of all scenarios and data, in which files can be changed.
struct Copy {
    root: PathBuf,
    scenarios: Vec<PathBuf>,
    data: Vec<PathBuf>,
}

impl Copy {
    fn new(root: &Path) -> Copy {
        let home = Path::new(env!("CARGO_MANIFEST_DIR"));
        let (mut scenarios, mut data) = (Vec::new(), Vec::new());
        for folder in FOLDERS {
            // What the references of laws hold is no data of a scenario.
            let endings: &[&str] = if folder == "tests/reference" { &["toml"] } else { &["toml", "csv"] };
            for from in files(&home.join(folder), endings) {
                let to = root.join(from.strip_prefix(home).unwrap());
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::copy(&from, &to).unwrap();
                if to.extension().is_some_and(|end| end == "csv") { &mut data } else { &mut scenarios }
                    .push(to);
            }
        }
        assert!(scenarios.len() > 100 && !data.is_empty());
        Copy { root: root.to_path_buf(), scenarios, data }
    }

    /// Changes one file for this number, gives the scenario to load and the file that was changed with its old bytes.
    fn change(&self, number: usize) -> (PathBuf, PathBuf, Vec<u8>) {
        let mut random = Random(number as u64);
        let any = |random: &mut Random| &self.scenarios[random.below(self.scenarios.len())];
        let gently = random.below(2) == 0;
        let mut scenario = any(&mut random).clone();
        while gently && scenario.starts_with(self.root.join(WRONG)) {
            scenario = any(&mut random).clone();
        }
        let other = fs::read(any(&mut random)).unwrap();
        let mut file = scenario.clone();
        if random.below(8) == 0 {
            file = self.data[random.below(self.data.len())].clone();
            let name = file.file_name().unwrap().to_str().unwrap();
            let users = |path: &&PathBuf| fs::read_to_string(path).is_ok_and(|text| text.contains(name));
            if let Some(user) = self.scenarios.iter().find(users) {
                scenario = user.clone();
            }
        }
        let old = fs::read(&file).unwrap();
        let mut bytes = old.clone();
        if gently {
            bytes = gently_changed(&bytes, &mut random);
        } else {
            for _ in 0..1 + random.below(3) {
                bytes = changed(&bytes, &other, &mut random);
            }
        }
        fs::write(&file, bytes).unwrap();
        (scenario, file, old)
    }
}

/// What must hold of a changed file.
fn examine(path: &Path) -> Result<bool, String> {
    let (diagnostics, sources, loaded) = match load(path, &[]) {
        Ok(Loaded { scenario, warnings, sources }) => (warnings, sources, Some(scenario)),
        Err(LoadFailure::Rejected { diagnostics, sources }) => (diagnostics, sources, None),
        Err(LoadFailure::Unreadable { .. }) => return Ok(false),
    };
    for diagnostic in &diagnostics {
        if diagnostic.position().is_none() {
            return Err(format!("no place: {}", diagnostic.message));
        }
        if sources.render_plain(diagnostic).len() > 100_000 {
            return Err(format!("an endless report: {:.200}", diagnostic.message));
        }
    }
    match loaded {
        None if !diagnostics.iter().any(|d| d.is_error()) => Err("refused without an error".to_string()),
        None => Ok(false),
        Some(scenario) => simulate(&scenario),
    }
}

/// Runs the first block and replays one of its runs.
fn simulate(scenario: &Scenario) -> Result<bool, String> {
    let inputs = scenario.inputs.iter().map(|input| &input.over);
    let variables = scenario.variables.iter().map(|variable| &variable.over);
    if inputs.chain(variables).map(|over| scenario.cells(over)).sum::<usize>() > MOST_CELLS {
        return Ok(false);
    }
    let program = Program::compile(scenario, Scope::Outputs).map_err(|error| error.to_string())?;
    let is_long = |draw: &riskband::program::Draw| match &draw.law {
        riskband::program::DrawLaw::Compound(sum) => sum.events().is_none_or(|events| events > MOST_EVENTS),
        _ => false,
    };
    if program.draws.iter().any(is_long) {
        return Ok(false);
    }
    let run = 237;
    let mut values = vec![f64::NAN; program.cells.len()];
    Machine::new(&program, &[])
        .run(0, 0..BLOCK, &mut |cell: usize, column: &[f64]| values[cell] = column[run]);
    let again =
        engine::replay(scenario, run as u64, Design::MonteCarlo).map_err(|error| error.to_string())?;
    for (cell, value) in program.cells.iter().zip(values) {
        let of_cell =
            |replayed: &&engine::Replayed| replayed.symbol == cell.symbol && replayed.name == cell.name;
        let replayed = again.iter().find(of_cell).ok_or_else(|| format!("{} is not replayed", cell.name))?;
        if replayed.value.to_bits() != value.to_bits() && !(replayed.value.is_nan() && value.is_nan()) {
            return Err(format!("{}: {value} and replayed {}", cell.name, replayed.value));
        }
    }
    Ok(true)
}

fn number(name: &str, default: usize) -> usize {
    std::env::var(name).map_or(default, |text| text.parse().unwrap())
}

#[test]
fn changed_files_are_simulated_or_refused_with_a_place() {
    let count = number("RISKBAND_MUTATIONS", FILES);
    let first = number("RISKBAND_MUTATIONS_FROM", 0);
    let folder = std::env::temp_dir().join(format!("riskband-mutations-{}", std::process::id()));
    let (next, simulated) = (AtomicUsize::new(first), AtomicUsize::new(0));
    let failures: Vec<String> = std::thread::scope(|scope| {
        let work = |worker: usize| {
            let copy = Copy::new(&folder.join(worker.to_string()));
            let mut failures = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= first + count {
                    return failures;
                }
                let (scenario, file, old) = copy.change(number);
                let (done, wait) = channel();
                let path = scenario.clone();
                // A thread of its own: it may panic, or never end.
                std::thread::spawn(move || done.send(examine(&path)));
                let why = match wait.recv_timeout(MOST_TIME) {
                    Ok(Ok(ran)) => {
                        simulated.fetch_add(usize::from(ran), Ordering::Relaxed);
                        None
                    }
                    Ok(Err(why)) => Some(why),
                    Err(RecvTimeoutError::Disconnected) => Some("a panic".to_string()),
                    Err(RecvTimeoutError::Timeout) => Some("no end".to_string()),
                };
                if let Some(why) = why {
                    let kept =
                        folder.join(format!("failed-{number}-{}", file.file_name().unwrap().display()));
                    fs::copy(&file, &kept).unwrap();
                    failures.push(format!(
                        "{number}: {}: {why}; {}",
                        scenario.strip_prefix(&copy.root).unwrap().display(),
                        kept.display()
                    ));
                }
                fs::write(&file, old).unwrap();
            }
        };
        let threads = [0, 1].map(|worker| scope.spawn(move || work(worker)));
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let simulated = simulated.into_inner();
    println!("{simulated} of {count} simulated");
    assert!(failures.is_empty(), "{} of {count}:\n{}", failures.len(), failures.join("\n"));
    fs::remove_dir_all(&folder).unwrap();
    // Else hardly anything would have been tried; about a third are.
    assert!(simulated > count / 5, "{simulated} of {count} simulated");
}
