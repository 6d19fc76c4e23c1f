//! Shards: any parts of a simulation merged in any order are the run in one piece, to the byte; what is no part of it
//! is refused by name; what is missing is named with the command that computes it.

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;

use common::program::{assert_exit, assert_same, call, header, riskband, run, stderr, summary, with_header};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use riskband::analysis::summarise;
use riskband::cluster::{Flaw, Merger, Refusal, Shard, Simulation, TallyFile};
use riskband::engine::{self, Collected, Control, Work};
use riskband::program::BLOCK;
use riskband::report::summary_json;
use riskband::sampling::Design;
use riskband::scenario::{Scenario, load_text};
use riskband::tally::RunSet;
use serde_json::json;

/// Everything a tally can hold: values that are not finite, refused parameters, values too far out to be summed given
/// an input, zeros of both signs, atoms, an output that is constant, sums and counts.
const EVERYTHING: &str = "
[scenario]
title = 'Everything a tally can hold'
seed = 5
[inputs]
a = { dist = 'normal(0, 1)', assumption = 'test' }
event = { dist = 'bernoulli(0.3)', assumption = 'test' }
calls = { dist = 'poisson(a + 1)', assumption = 'test' }
heavy = { dist = 'pareto(0.03, 1)', assumption = 'test' }
claims = { dist = 'compound(poisson(2), exponential(1))', assumption = 'test' }
[outputs]
holes = { formula = 'ln(a) + claims', tornado = true }
refused = { formula = 'calls + event', tornado = true }
wild = { formula = 'heavy * a', tornado = true }
zeros = { formula = '-event' }
constant = { formula = 'if(a > 100, 1, 7.25)' }
likely = { formula = 'a > 0.5' }
";

fn everything() -> Scenario {
    match load_text("everything.toml", EVERYTHING, &[]) {
        Ok(loaded) => loaded.scenario,
        Err(error) => panic!("{error:?}"),
    }
}

fn design(word: &str, runs: u64) -> Design {
    Design::named(word, runs).unwrap()
}

fn simulation(scenario: Scenario, word: &str, runs: u64) -> Simulation {
    Simulation::new(scenario, design(word, runs), runs).unwrap()
}

/// Computes runs of a simulation, whatever else is known.
fn computed(simulation: &Simulation, runs: &RunSet) -> Collected {
    let collected = Mutex::new(Collected::empty(simulation.layout));
    let control = Control::default();
    let Simulation { plan, shapes, .. } = simulation;
    engine::collect(plan, shapes, &Work::of(runs), &common::pool(), &control, &collected);
    collected.into_inner().unwrap()
}

/// The bytes of a shard's file.
fn shard_file(simulation: &Simulation, shard: Shard) -> Vec<u8> {
    simulation.encode(Some(shard), &computed(simulation, &simulation.runs_of(Some(shard))))
}

/// `tally.bin` and `summary.json` of what is known.
fn results(simulation: &Simulation, collected: Collected) -> (Vec<u8>, String) {
    let tally = simulation.encode(None, &collected);
    (tally, summary_json(&summarise(&simulation.scenario, &simulation.plan, &collected.outcome())))
}

/// Merges files in their order; all of them must be taken.
fn merged(simulation: &Simulation, files: &[&[u8]]) -> Collected {
    let mut merger = Merger::new(simulation);
    for file in files {
        merger.add(Path::new("part"), &TallyFile::read(file).unwrap()).unwrap();
    }
    assert!(merger.gaps().runs.is_empty());
    merger.into_collected()
}

/// An order of n things, another one for each seed (multiplicative congruence, Fisher & Yates).
fn shuffled<T>(mut things: Vec<T>, seed: u64) -> Vec<T> {
    let mut state = seed;
    for last in (1..things.len()).rev() {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        things.swap(last, (state >> 33) as usize % (last + 1));
    }
    things
}

/// Neither a multiple of a block nor of the eight replicates, and fewer blocks than the most shards.
const RUNS: u64 = 5003;

#[test]
fn shards_in_any_order_are_the_run_in_one_piece() {
    let golden = |name: &str| common::file(format!("tests/golden/{name}.toml"));
    let cases: [(Scenario, &[&str]); 8] = [
        (everything(), &["mc", "lhs", "sobol"]),
        (golden("sums"), &["mc", "lhs", "sobol"]),
        (golden("ties"), &["mc", "lhs"]),
        (golden("families"), &["mc", "sobol"]),
        (golden("dependence"), &["mc", "lhs"]),
        (golden("years"), &["mc", "sobol"]),
        (golden("counts"), &["mc"]),
        (golden("rows"), &["mc"]),
    ];
    for (scenario, designs) in cases {
        for word in designs {
            let simulation = simulation(scenario.clone(), word, RUNS);
            let whole = results(&simulation, computed(&simulation, &simulation.runs_of(None)));
            for of in [1, 2, 3, 7, 64] {
                let shards = (0..of).map(|index| Shard::new(index, of).unwrap());
                let files = shards.map(|shard| shard_file(&simulation, shard)).collect();
                let files = shuffled(files, of);
                let parts: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
                let (tally, summary) = results(&simulation, merged(&simulation, &parts));
                let what = format!("{}, {word}, {of} shards", scenario.name);
                assert_eq!(summary, whole.1, "{what}");
                assert!(tally == whole.0, "{what}: tally.bin differs");
            }
        }
    }
}

#[test]
fn the_scenario_that_holds_everything_does() {
    let simulation = simulation(everything(), "mc", RUNS);
    let outcome = computed(&simulation, &simulation.runs_of(None)).outcome();
    let cell = |name: &str| {
        let place = simulation.plan.program.cells.iter().position(|cell| cell.name == name).unwrap();
        &outcome.tally.cells[place]
    };
    assert!(cell("holes").non_finite.count > 1000 && cell("holes").non_finite.first_run.is_some());
    assert!(outcome.refused.iter().any(|refused| refused.count > 100));
    assert!(outcome.tally.conditionals.iter().any(|tornado| tornado.means(0).is_none()), "nothing is wild");
    assert!(cell("refused").bins().iter().all(|bin| bin.low == bin.high), "no atoms");
    assert_eq!(cell("constant").extremes(), (7.25, 7.25));
    assert_eq!(cell("zeros").extremes(), (-1.0, 0.0));
}

#[test]
fn random_cuts_in_random_order_make_the_whole() {
    let runs = 3333u64;
    let blocks = runs.div_ceil(BLOCK as u64);
    for word in ["mc", "lhs", "sobol"] {
        let simulation = simulation(everything(), word, runs);
        let whole = results(&simulation, computed(&simulation, &simulation.runs_of(None)));
        let config = Config {
            cases: 8,
            rng_seed: RngSeed::Fixed(2031),
            failure_persistence: None,
            ..Config::default()
        };
        // Each block goes to one of four parts, and the parts are merged in some order.
        proptest!(config, |(owners in prop::collection::vec(0u64..4, blocks as usize), seed in any::<u64>())| {
            let part = |number: u64| {
                let mut set = RunSet::default();
                for (block, _) in (0..).zip(&owners).filter(|(_, owner)| **owner == number) {
                    let first = block * BLOCK as u64;
                    set.insert(first..(first + BLOCK as u64).min(runs));
                }
                simulation.encode(None, &computed(&simulation, &set))
            };
            let files = shuffled((0..4).map(part).collect(), seed);
            let parts: Vec<&[u8]> = files.iter().map(Vec::as_slice).collect();
            let found = results(&simulation, merged(&simulation, &parts));
            prop_assert_eq!(&found.1, &whole.1);
            prop_assert!(found.0 == whole.0, "tally.bin differs");
        });
    }
}

/// A scenario with data, an axis of years, atoms and a tornado.
const SCENARIO: &str = "tests/golden/rows.toml";
const RUNS_TEXT: &str = "5003";

/// A folder with shards of [`SCENARIO`].
struct Shards {
    folder: tempfile::TempDir,
    words: Vec<String>,
}

impl Shards {
    fn new(words: &[&str]) -> Shards {
        let words = ["--runs", RUNS_TEXT].iter().chain(words).map(|word| word.to_string()).collect();
        Shards { folder: tempfile::tempdir().unwrap(), words }
    }

    fn place(&self) -> PathBuf {
        self.folder.path().join("out")
    }

    fn compute(&self, shard: &str) -> PathBuf {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        assert_exit(&run(SCENARIO, &self.place(), &[&words[..], &["--shard", shard]].concat()), 0);
        let shard: Shard = shard.parse().unwrap();
        self.place().join("shards").join(shard.folder())
    }

    /// The same run in one piece, in a folder of its own.
    fn whole(&self) -> PathBuf {
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        let place = self.folder.path().join("whole");
        assert_exit(&run(SCENARIO, &place, &[&words[..], &["--format", "json"]].concat()), 0);
        place
    }

    fn merge(&self, files: &[&Path], out: &Path, words: &[&str]) -> Output {
        let mut command = riskband();
        command.arg("merge").args(files).arg("--out").arg(out).args(["--format", "json"]).args(words);
        command.output().unwrap()
    }
}

#[test]
fn merged_files_and_folders_are_those_of_one_run() {
    for word in ["mc", "lhs", "sobol"] {
        let shards = Shards::new(&["--design", word]);
        let whole = shards.whole();
        let out = shards.folder.path().join("merged");
        // A folder of shards; then divisions mixed, a part as a folder and the others as files, in another order.
        let parts = ["1/2", "2/2", "3/4", "4/4"].map(|shard| shards.compute(shard));
        let [first, _, third, fourth] = &parts;
        let (third, fourth) = (third.join("tally.bin"), fourth.join("tally.bin"));
        for files in [[&*fourth, &**first, &*third], [&*third, &*fourth, &**first]] {
            assert_exit(&shards.merge(&files, &out, &[]), 0);
            assert_same(&out, &whole, &format!("{word}, mixed divisions"));
        }
        ["03-of-4", "3-of-4", "04-of-4", "4-of-4"].iter().for_each(|name| {
            let _ = fs::remove_dir_all(shards.place().join("shards").join(name));
        });
        assert_exit(&shards.merge(&[&shards.place()], &shards.place(), &[]), 0);
        assert_same(&shards.place(), &whole, &format!("{word}, a folder of shards"));
    }
}

#[test]
fn more_shards_than_blocks_leave_some_empty() {
    let shards = Shards::new(&["--seed", "7"]);
    let of = 12;
    for index in 1..=of {
        shards.compute(&format!("{index}/{of}"));
    }
    assert_exit(&shards.merge(&[&shards.place()], &shards.place(), &[]), 0);
    assert_same(&shards.place(), &shards.whole(), "twelve shards of ten blocks");
    // Empty ones alone make nothing.
    let empty = shards.place().join("shards/01-of-12");
    assert!(header(&fs::read(empty.join("tally.bin")).unwrap()).computed.is_empty());
    let out = shards.folder.path().join("nothing");
    let found = shards.merge(&[&empty], &out, &["--partial"]);
    assert_exit(&found, 1);
    assert!(stderr(&found).contains("hold no runs") && !out.exists(), "{}", stderr(&found));
}

#[test]
fn shards_from_different_folders_merge_from_anywhere() {
    // Each machine has the scenario at a place of its own; the tally is that of where the first runs were computed.
    let folder = tempfile::tempdir().unwrap();
    let scenario = |machine: &str| {
        let home = folder.path().join(machine);
        fs::create_dir_all(home.join("data")).unwrap();
        fs::copy(SCENARIO, home.join("rows.toml")).unwrap();
        fs::copy("tests/golden/data/history.csv", home.join("data/history.csv")).unwrap();
        home
    };
    let within = |home: &Path, words: &[&str]| {
        let output = riskband().args(words).args(["--runs", RUNS_TEXT]).current_dir(home).output().unwrap();
        assert_exit(&output, 0);
    };
    let (one, two) = (scenario("one"), scenario("two"));
    within(&one, &["run", "rows.toml", "--out", "out", "--shard", "1/2"]);
    within(&one, &["run", "rows.toml", "--out", "whole", "--format", "json"]);
    within(&two, &["run", "rows.toml", "--out", "out", "--shard", "2/2"]);
    let parts = [two.join("out"), one.join("out")];
    for order in [[0, 1], [1, 0]] {
        let out = folder.path().join("merged");
        let files = order.map(|place| &parts[place]);
        let mut command = riskband();
        command.arg("merge").args(files).arg("--out").arg(&out).args(["--format", "json"]);
        assert_exit(&command.current_dir("/").output().unwrap(), 0);
        assert_same(&out, &one.join("whole"), "from another folder");
    }
}

#[test]
fn what_is_no_part_is_refused_by_name_and_nothing_is_written() {
    let shards = Shards::new(&[]);
    let good = shards.compute("1/2").join("tally.bin");
    let bytes = fs::read(&good).unwrap();
    let other = |name: &str, words: &[&str]| {
        let place = shards.folder.path().join(name);
        let words = [&["--shard", "2/2"], words].concat();
        assert_exit(&run(SCENARIO, &place, &words), 0);
        place.join("shards/2-of-2/tally.bin")
    };
    let file = |name: &str, bytes: &[u8]| {
        let path = shards.folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 4;
    let mut format = bytes.clone();
    format[8] = 9;
    let version = with_header(&bytes, |header| header["version"] = json!("0.0.9"));
    let claim = with_header(&bytes, |header| header["computed"] = json!([[2560, 3072]]));
    let outside = with_header(&bytes, |header| header["computed"] = json!([[0, 512_000]]));
    let odd = other("scenario", &["--runs", RUNS_TEXT, "--set", "inputs.yearly.dist='normal(0, 1)'"]);
    let cases: Vec<(PathBuf, String)> = vec![
        (
            shards.compute("2/3").join("tally.bin"),
            format!("overlaps {}: both hold runs 1,536 to 2,559", good.display()),
        ),
        (other("seed", &["--runs", RUNS_TEXT, "--seed", "8"]), "of another seed: 8 instead of 92".into()),
        (odd, "of another scenario (hash ".into()),
        (
            other("design", &["--runs", RUNS_TEXT, "--design", "lhs"]),
            "another design: lhs instead of mc".into(),
        ),
        (other("runs", &["--runs", "6000"]), "a simulation of 6,000 runs instead of 5,003".into()),
        (
            file("truncated", &bytes[..bytes.len() - 100]),
            format!("it ends after {} bytes", bytes.len() - 100),
        ),
        (file("flipped", &flipped), "it is corrupted: bytes ".into()),
        (file("format", &format), "of version 9 of the format, and this riskband reads version 2".into()),
        (file("version", &version), "another version of riskband: 0.0.9 instead of".into()),
        (file("claim", &claim), "it makes no sense at byte 0 of section PORT 0".into()),
        (file("outside", &outside), "it makes no sense at byte 0 of section HEAD".into()),
        (file("none", b"[scenario]\n"), "it is not a tally of riskband".into()),
        (file("empty", b""), "it is not a tally of riskband".into()),
        (shards.folder.path().join("missing.bin"), "it cannot be read: ".into()),
    ];
    let out = shards.folder.path().join("merged");
    for (path, reason) in &cases {
        let found = shards.merge(&[&good, path], &out, &["--partial"]);
        assert_exit(&found, 1);
        let said = stderr(&found);
        let line = said.lines().find(|line| line.starts_with(&path.display().to_string()));
        assert!(line.is_some_and(|line| line.contains(reason)), "{reason}\n{said}");
        assert!(said.contains("1 of 2 tallies cannot be merged; nothing was written"), "{said}");
        assert!(!out.exists() && found.stdout.is_empty());
    }
    // All of them are told at once.
    let every: Vec<&Path> =
        std::iter::once(&good).chain(cases.iter().map(|(path, _)| path)).map(|p| &**p).collect();
    let said = stderr(&shards.merge(&every, &out, &[]));
    assert!(said.contains(&format!("{} of {} tallies", cases.len(), cases.len() + 1)), "{said}");
    assert!(
        cases
            .iter()
            .all(|(path, reason)| said.contains(&path.display().to_string()) && said.contains(reason))
    );
}

#[test]
fn no_damage_goes_unseen() {
    let scenario = common::one_input("lognormal(mean = 3, cv = 0.4)");
    let simulation = simulation(scenario, "mc", 1000);
    let bytes = simulation.encode(None, &computed(&simulation, &simulation.runs_of(None)));
    let refused = |bytes: &[u8]| match TallyFile::read(bytes) {
        Err(flaw) => Some(Refusal::Flaw(flaw)),
        Ok(file) => Merger::new(&simulation).add(Path::new("part"), &file).err(),
    };
    assert_eq!(refused(&bytes), None);
    for place in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[place] ^= 1 << (place % 8);
        let flaw = refused(&damaged).unwrap_or_else(|| panic!("a bit of byte {place} makes no difference"));
        match place {
            0..8 => assert_eq!(flaw, Refusal::Flaw(Flaw::NoTally)),
            8..12 => assert!(matches!(flaw, Refusal::Flaw(Flaw::Format { .. }))),
            _ => assert!(
                matches!(flaw, Refusal::Flaw(Flaw::Corrupted { .. } | Flaw::Truncated { .. })),
                "byte {place}: {flaw}"
            ),
        }
        let cut = refused(&bytes[..place]).unwrap_or_else(|| panic!("cut after byte {place}"));
        let expected = if place == 0 { Flaw::NoTally } else { Flaw::Truncated { bytes: place } };
        assert_eq!(cut, Refusal::Flaw(expected));
    }
    let longer = [&bytes[..], b"x"].concat();
    assert!(matches!(refused(&longer), Some(Refusal::Flaw(Flaw::Corrupted { .. }))));
    let twice = [&bytes[..], &bytes[12..]].concat();
    assert!(refused(&twice).is_some());
}

/// The commands that were printed, as a shell runs them.
fn follow(said: &str) -> usize {
    let lines: Vec<&str> = said.lines().filter_map(|line| line.strip_prefix("  riskband ")).collect();
    for line in &lines {
        let command = format!("{} {line}", env!("CARGO_BIN_EXE_riskband"));
        assert_exit(&Command::new("sh").args(["-c", &command]).output().unwrap(), 0);
    }
    lines.len()
}

#[test]
fn gaps_are_named_with_the_command_that_fills_them() {
    for words in
        [vec![], vec!["--design", "sobol", "--seed", "3", "--set", "inputs.yearly.dist='uniform(10, 20)'"]]
    {
        let shards = Shards::new(&words);
        let whole = shards.whole();
        ["1/6", "3/6", "5/6"].iter().for_each(|shard| drop(shards.compute(shard)));
        let out = shards.folder.path().join("merged");
        let found = shards.merge(&[&shards.place()], &out, &[]);
        assert_exit(&found, 1);
        let said = stderr(&found);
        assert!(!out.exists(), "{said}");
        for part in [
            "of 5,003 runs are missing from 3 tallies",
            "  runs 512 to 1,535\n",
            "compute these shards:",
            "--shard 2/6",
            "--shard 4/6",
            "--shard 6/6",
        ] {
            assert!(said.contains(part), "{part} is not in\n{said}");
        }
        let array = format!("  sbatch --array=1,3,5 {}", shards.place().join("array.sbatch").display());
        assert!(said.lines().any(|line| line == array), "{said}");
        assert_eq!(follow(&said), 3);
        assert_exit(&shards.merge(&[&shards.place()], &out, &[]), 0);
        assert_same(&out, &whole, "gaps filled by the commands that were printed");
    }
}

#[test]
fn a_partial_merge_says_what_it_holds_and_can_be_completed() {
    for word in ["mc", "lhs"] {
        let shards = Shards::new(&["--design", word]);
        let whole = shards.whole();
        // Shards of two divisions: no job array helps, so the rest is computed in one piece.
        let parts = [shards.compute("2/5"), shards.compute("4/4")];
        let out = shards.folder.path().join("merged");
        let found = shards.merge(&[&parts[0], &parts[1]], &out, &[]);
        assert_exit(&found, 1);
        assert!(stderr(&found).contains("accept the rest with --partial") && !out.exists());
        let found = shards.merge(&[&parts[1], &parts[0]], &out, &["--partial"]);
        assert_exit(&found, 0);
        let said = stderr(&found);
        assert!(said.contains("not shards of one division") && !said.contains("sbatch"), "{said}");
        assert!(said.contains("48.8 % of 5,003 runs"), "{said}");
        let partial = summary(&out);
        assert_eq!(partial["runs"], 2443);
        assert_eq!(partial["partial"]["computed"], json!([[1024, 2048], [3584, 5003]]));
        assert_eq!(partial["partial"]["runs_asked"], 5003);
        let manifest: serde_json::Value =
            serde_json::from_str(&fs::read_to_string(out.join("manifest.json")).unwrap()).unwrap();
        assert_eq!(manifest["partial"], true);
        assert_eq!(manifest["computed"], partial["partial"]["computed"]);
        assert_eq!(follow(&said), 1);
        assert_same(&out, &whole, "holes filled by run --resume");
        assert!(summary(&out).get("partial").is_none());
    }
}

#[test]
fn more_runs_on_top_of_a_finished_run_are_the_long_run() {
    let place = tempfile::tempdir().unwrap();
    let finished = |name: &str, words: &[&str]| {
        let folder = place.path().join(name);
        let found = run(SCENARIO, &folder, &[words, &["--format", "json"]].concat());
        (folder, found)
    };
    let (long, found) = finished("long", &["--runs", "20000"]);
    assert_exit(&found, 0);
    // From a number of runs that is no multiple of a block, less than one block, and in several steps.
    for (name, steps) in [
        ("odd", &["700", "20000"][..]),
        ("small", &["3", "20000"]),
        ("steps", &["512", "513", "16384", "20000", "20000"]),
    ] {
        for (step, runs) in steps.iter().enumerate() {
            let (_, found) = finished(name, &["--runs", runs, "--resume"]);
            assert_exit(&found, 0);
            let said = stderr(&found);
            assert_eq!(said.contains("nothing to resume"), step == 0, "{said}");
        }
        assert_same(&place.path().join(name), &long, name);
    }
}

#[test]
fn what_cannot_be_resumed_is_refused_with_the_reason() {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("out");
    let finished =
        |words: &[&str]| run(SCENARIO, &folder, &[&["--runs", "2000", "--format", "json"], words].concat());
    assert_exit(&finished(&[]), 0);
    let before = common::program::outcome(&folder);
    let refused = |words: &[&str], reason: &str| {
        let found = run(SCENARIO, &folder, &[words, &["--format", "json", "--resume"]].concat());
        assert_exit(&found, 1);
        let said = stderr(&found);
        let named = format!("cannot resume from {}: ", folder.join("tally.bin").display());
        assert!(said.contains(&named) && said.contains(reason), "{said}");
        assert!(said.contains("remove it, or leave --resume out, to start from run 0"), "{said}");
        assert_eq!(common::program::outcome(&folder), before);
    };
    refused(&["--runs", "1999"], "of 2,000 runs and 1,999 are asked for, and a tally cannot be made shorter");
    refused(&["--runs", "2000", "--seed", "3"], "of another seed: 92 instead of 3");
    refused(&["--runs", "2000", "--design", "lhs"], "of another design: mc instead of lhs");
    refused(&["--runs", "2000", "--set", "inputs.yearly.dist='normal(0, 1)'"], "of another scenario");
    // In a design every run depends on how many there are.
    assert_exit(&finished(&["--design", "sobol"]), 0);
    let before = common::program::outcome(&folder);
    let found = run(SCENARIO, &folder, &["--runs", "3000", "--design", "sobol", "--resume"]);
    assert_exit(&found, 1);
    assert!(stderr(&found).contains("in this design every run depends on how many there are"));
    assert_eq!(common::program::outcome(&folder), before);
}

#[test]
fn a_shard_takes_no_runs_of_another() {
    // Shard 2 of 2 of a longer simulation begins where that of a shorter one ends.
    let place = tempfile::tempdir().unwrap();
    let shard = |runs: &str, shard: &str| {
        run(SCENARIO, place.path(), &["--runs", runs, "--shard", shard, "--resume"])
    };
    assert_exit(&shard("2048", "1/2"), 0);
    assert_exit(&shard("2048", "2/2"), 0);
    let found = shard("4096", "2/2");
    assert_exit(&found, 1);
    assert!(stderr(&found).contains("whose shards hold other runs"), "{}", stderr(&found));
    // The first one goes on from what it has.
    assert_exit(&shard("4096", "1/2"), 0);
    fs::remove_dir_all(place.path().join("shards/2-of-2")).unwrap();
    assert_exit(&shard("4096", "2/2"), 0);
    let path = place.path().to_str().unwrap();
    assert_exit(&call(&["merge", path, "--out", path, "--format", "json"]), 0);
    let whole = tempfile::tempdir().unwrap();
    assert_exit(&run(SCENARIO, whole.path(), &["--runs", "4096", "--format", "json"]), 0);
    assert_same(place.path(), whole.path(), "a shard that grew");
}
