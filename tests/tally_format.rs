//! `docs/tally-format.md`: a reader written from that page, without anything of riskband, finds in a tally what
//! `summary.json` says.

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::program::{assert_exit, run, summary};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// One output without atoms and with a tornado of two inputs, one of two values, one that is not always a number.
const SCENARIO: &str = "
[inputs]
a = { dist = 'normal(3, 2)', assumption = 'test' }
b = { dist = 'exponential(0.5)', assumption = 'test' }
[outputs]
y = { formula = 'a + b' }
above = { formula = 'a > 4', tornado = false }
root = { formula = 'sqrt(a)', tornado = false }
";
const DRAWS: usize = 2;
const RUNS: u64 = 20_100;

/// Numbers as the page has them.
struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().expect("more bytes");
        self.0 = rest;
        *first
    }

    fn word(&mut self) -> u64 {
        (0..8).map(|place| u64::from(self.byte()) << (8 * place)).sum()
    }

    fn float(&mut self) -> f64 {
        f64::from_bits(self.word())
    }

    fn wide(&mut self) -> u128 {
        let (mut value, mut shift) = (0, 0);
        loop {
            let byte = self.byte();
            value |= u128::from(byte & 127) << shift;
            shift += 7;
            if byte < 128 {
                return value;
            }
        }
    }

    fn count(&mut self) -> u64 {
        self.wide().try_into().unwrap()
    }

    fn signed(&mut self) -> i128 {
        let code = self.wide() as i128;
        if code % 2 == 0 { code / 2 } else { -(code + 1) / 2 }
    }

    fn floats(&mut self) -> Vec<f64> {
        (0..self.count()).map(|_| self.float()).collect()
    }
}

/// Tags and contents, every checksum fitting and no byte left over.
fn sections(file: &[u8]) -> Vec<(String, &[u8])> {
    assert_eq!(&file[..8], b"RISKBAND");
    assert_eq!(file[8..12], [2, 0, 0, 0]);
    let (mut at, mut found) = (12, Vec::new());
    while at < file.len() {
        let length = Numbers(&file[at + 4..at + 12]).word() as usize;
        let end = at + 12 + length;
        assert_eq!(Sha256::digest(&file[at..end])[..], file[end..end + 32]);
        found.push((String::from_utf8(file[at..at + 4].to_vec()).unwrap(), &file[at + 12..end]));
        at = end + 32;
    }
    found
}

struct Shape {
    centre: f64,
    spread: f64,
    split: f64,
    /// Anchor and scale below and above.
    sides: [(f64, f64); 2],
    atoms: Vec<f64>,
    edges: Vec<f64>,
}

fn shapes(contents: &[u8]) -> Vec<Shape> {
    let mut from = Numbers(contents);
    let shapes = (0..from.count())
        .map(|_| Shape {
            centre: from.float(),
            spread: from.float(),
            split: from.float(),
            sides: [(from.float(), from.float()), (from.float(), from.float())],
            atoms: from.floats(),
            edges: from.floats(),
        })
        .collect();
    assert!(from.0.is_empty());
    shapes
}

impl Shape {
    fn raw_bin(&self, value: f64, side: usize) -> i64 {
        let (anchor, scale) = self.sides[side];
        let d = (value - anchor) / scale;
        let number = ((1.0 + d.abs()).to_bits() >> 41) as i64 - (1023 << 11);
        if d < 0.0 { -1 - number } else { number }
    }

    fn bin(&self, value: f64) -> i64 {
        let plain = if value < self.split {
            self.raw_bin(value, 0) - self.raw_bin(self.split, 0) - 1
        } else {
            self.raw_bin(value, 1) - self.raw_bin(self.split, 1)
        };
        let shift = self.atoms.iter().map(|&atom| i64::from(atom < value) + i64::from(atom <= value));
        plain + shift.sum::<i64>()
    }

    fn classes(&self) -> usize {
        let (low, high) = (self.edges[0], self.edges[self.edges.len() - 1]);
        let part = |edge: f64| (((edge - low) * (1024.0 / (high - low))) as usize).min(1023);
        let mut parts: Vec<usize> = self.edges.iter().map(|&edge| part(edge)).collect();
        if !self.atoms.is_empty() || parts.windows(3).any(|three| three[0] == three[2]) {
            return self.edges.len() + 1;
        }
        parts.dedup();
        parts.len() + 1
    }
}

/// What a cell was counted to, over all portions.
#[derive(Clone)]
struct Cell {
    not_finite: u64,
    first: Option<u64>,
    finite: u64,
    least: f64,
    greatest: f64,
    sums: [f64; 4],
    bins: Vec<(i64, u64)>,
}

fn cell(from: &mut Numbers<'_>) -> Cell {
    let not_finite = from.count();
    let first = (not_finite > 0).then(|| from.count());
    let (finite, least, greatest) = (from.count(), from.float(), from.float());
    let sums = std::array::from_fn(|_| {
        assert_eq!(from.count(), 0, "a term was not finite");
        let place = from.count() as i32;
        let mut digits: Vec<i128> = (0..from.count()).map(|_| from.signed()).collect();
        // A negative sum begins with −1 and has the complement of its digits behind it.
        let sign = if digits.last().is_some_and(|&last| last < 0) { -1.0 } else { 1.0 };
        if sign < 0.0 {
            let mut carry = 0;
            for digit in &mut digits {
                let negated = carry - *digit;
                *digit = negated.rem_euclid(1 << 32);
                carry = negated.div_euclid(1 << 32);
            }
        }
        let terms = (0..).zip(&digits).filter(|(_, digit)| **digit != 0);
        let terms = terms.map(|(k, &digit)| libm::scalbn(digit as f64, 32 * (place + k) - 1074));
        sign * terms.sum::<f64>()
    });
    let mut bin = 0;
    let bins = (0..from.count())
        .map(|_| {
            bin += from.signed() as i64;
            (bin, from.count())
        })
        .collect();
    for _ in 0..from.count() {
        let (_, least, greatest) = (from.signed(), from.float(), from.float());
        assert!(least <= greatest);
    }
    Cell { not_finite, first, finite, least, greatest, sums, bins }
}

fn portion(contents: &[u8], shapes: &[Shape], runs: u64) -> Vec<Cell> {
    let mut from = Numbers(contents);
    let held = from.count();
    assert_eq!(held, u64::from(runs > 0));
    if held == 0 {
        assert!(from.0.is_empty());
        return Vec::new();
    }
    let cells: Vec<Cell> = shapes.iter().map(|_| cell(&mut from)).collect();
    for _ in 0..DRAWS {
        let counts: u64 = (0..100).map(|_| from.count()).sum();
        assert_eq!((counts, from.count()), (runs, 1));
        let total: i128 = (0..100).map(|_| from.signed()).sum();
        // Rounded to 2⁻²⁰ a value.
        assert!((total as f64 / 1_048_576.0 - cells[0].sums[0]).abs() <= runs as f64 / 1_048_576.0);
    }
    let mut of_classes = 0;
    for _ in 0..=shapes[0].classes() {
        let row: Vec<u64> = (0..16).map(|_| from.count()).collect();
        assert!(row[1..=DRAWS].iter().all(|&ranks| ranks < row[0].max(1) << 16));
        assert!(row[DRAWS + 1..].iter().all(|&ranks| ranks == 0));
        of_classes += row[0];
    }
    assert_eq!(of_classes, runs);
    for _ in 0..DRAWS {
        assert_eq!(from.count(), 0, "parameters outside their domain");
    }
    assert_eq!(from.count(), 512, "runs of a digest");
    let mut range = 0;
    for number in 0..from.count() {
        let step = from.count();
        assert!(number == 0 || step > 0);
        range += step;
        from.word();
    }
    assert!(range * 512 < RUNS && from.0.is_empty());
    cells
}

/// The parts of a file by the page: header, shapes, cells of each portion.
fn read(file: &[u8]) -> (Value, Vec<Shape>, Vec<Vec<Cell>>) {
    let sections = sections(file);
    let tags: Vec<&str> = sections.iter().map(|(tag, _)| tag.as_str()).collect();
    assert_eq!(tags, ["HEAD", "SHAP", "PORT", "PORT", "DONE"]);
    assert!(sections[4].1.is_empty());
    let header: Value = serde_json::from_slice(sections[0].1).unwrap();
    let shapes = shapes(sections[1].1);
    let blocks = RUNS / 512 * 512;
    let within = |low: u64, high: u64| -> u64 {
        let ranges = header["computed"].as_array().unwrap().iter();
        ranges
            .map(|range| {
                let (start, end) = (range[0].as_u64().unwrap(), range[1].as_u64().unwrap());
                end.min(high).saturating_sub(start.max(low))
            })
            .sum()
    };
    let portions = vec![
        portion(sections[2].1, &shapes, within(0, blocks)),
        portion(sections[3].1, &shapes, within(blocks, RUNS)),
    ];
    (header, shapes, portions)
}

/// A folder with the scenario and its results.
fn simulated(words: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let scenario = folder.path().join("small.toml");
    fs::write(&scenario, SCENARIO).unwrap();
    let runs = RUNS.to_string();
    let common = ["--runs", &runs, "--seed", "7", "--quiet"];
    assert_exit(&run(scenario.to_str().unwrap(), folder.path(), &[&common[..], words].concat()), 0);
    folder
}

#[test]
fn a_reader_of_the_page_finds_what_the_summary_says() {
    let folder = simulated(&["--format", "json"]);
    let (header, shapes, portions) = read(&fs::read(folder.path().join("tally.bin")).unwrap());
    let summary = summary(folder.path());
    assert_eq!(header["hash"], summary["hash"]);
    assert_eq!(
        (&header["seed"], &header["design"], &header["runs"]),
        (&7.into(), &"mc".into(), &RUNS.into())
    );
    assert_eq!(header["computed"], serde_json::json!([[0, RUNS]]));
    assert_eq!(header["shard"], Value::Null);
    assert_eq!(header["sources"][0]["text"], SCENARIO);
    assert_eq!(header["folder"], std::env::current_dir().unwrap().to_str().unwrap());

    for (number, name) in ["y", "above", "root"].iter().enumerate() {
        let told = &summary["outputs"][name]["value"];
        let (shape, [a, b]) = (&shapes[number], [&portions[0][number], &portions[1][number]]);
        let number = |key: &str| told[key].as_f64().unwrap();
        let n = (a.finite + b.finite) as f64;
        let moment = |k: usize| (a.sums[k] + b.sums[k]) / n;
        let mean = shape.centre + shape.spread * moment(0);
        let sd = shape.spread * (moment(1) - moment(0) * moment(0)).sqrt();
        assert!((mean / number("mean") - 1.0).abs() < 1e-14, "{name}: mean {mean} and {told}");
        assert!((sd / number("sd") - 1.0).abs() < 1e-12, "{name}: sd {sd} and {told}");
        assert_eq!(a.least.min(b.least), number("min"));
        assert_eq!(a.greatest.max(b.greatest), number("max"));
        assert_eq!(Some(a.not_finite + b.not_finite), told["non_finite"].as_u64());
        assert_eq!(a.finite + a.not_finite + b.finite + b.not_finite, RUNS);
        assert_eq!(a.first.is_some(), *name == "root");

        // Each reported percentile lies in the bin where the counts reach it.
        let mut bins = [a.bins.clone(), b.bins.clone()].concat();
        bins.sort();
        assert_eq!(bins.iter().map(|(_, count)| *count).sum::<u64>(), n as u64);
        for (percent, value) in told["percentiles"].as_object().unwrap() {
            let rank = (percent.parse::<f64>().unwrap() / 100.0 * n).ceil();
            let mut below = 0.0;
            let reached = bins.iter().find(|(_, count)| {
                below += *count as f64;
                below >= rank
            });
            let found = shape.bin(value.as_f64().unwrap());
            // A percentile between two bins may be either's.
            assert!((reached.unwrap().0 - found).abs() <= 1, "{name} p{percent}: {reached:?} and {found}");
        }
    }
    assert_eq!(shapes[1].atoms, [0.0, 1.0]);
}

#[test]
fn a_shard_has_the_same_format() {
    let folder = simulated(&["--shard", "2/3"]);
    let (header, _, portions) = read(&fs::read(folder.path().join("shards/2-of-3/tally.bin")).unwrap());
    assert_eq!(header["shard"], "2/3");
    assert_eq!(header["computed"], serde_json::json!([[6656, 13312]]));
    assert_eq!(portions[0][0].finite, 6656);
    assert!(portions[1].is_empty());
}

#[test]
fn the_page_shows_how_a_file_begins() {
    let page = fs::read_to_string("docs/tally-format.md").unwrap();
    let (_, example) = page.split_once("A file begins:\n\n```text\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let bytes: Vec<u8> = example
        .lines()
        .flat_map(|line| line.split("   ").next().unwrap().split_whitespace())
        .map(|byte| u8::from_str_radix(byte, 16).unwrap())
        .collect();
    assert!(bytes.len() >= 16);
    let folder = simulated(&["--format", "json"]);
    assert!(fs::read(folder.path().join("tally.bin")).unwrap().starts_with(&bytes));
}

#[track_caller]
fn refused(folder: &Path, why: &str) {
    let output = Command::new(env!("CARGO_BIN_EXE_riskband")).arg("verify").arg(folder).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(1) && said.contains(why), "{said}");
}

#[test]
fn damage_is_named_by_section_and_another_format_by_both_numbers() {
    let folder = simulated(&["--format", "json"]);
    let path = folder.path().join("tally.bin");
    let whole = fs::read(&path).unwrap();
    let mut at = 12;
    for (tag, contents) in sections(&whole) {
        let mut damaged = whole.clone();
        // In the contents, or where there are none in the checksum.
        damaged[at + 12 + contents.len() / 2] ^= 0x10;
        fs::write(&path, &damaged).unwrap();
        refused(folder.path(), &format!("(section {tag})"));
        at += 12 + contents.len() + 32;
    }
    let mut later = whole;
    later[8] = 3;
    fs::write(&path, &later).unwrap();
    refused(folder.path(), "it is of version 3 of the format, and this riskband reads version 2");
}
