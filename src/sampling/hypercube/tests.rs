use super::*;
use crate::math::{DEEP, depth_of_word, lower_of, tail_of_word};
use crate::sampling::{Coordinate, Design};

fn words(name: &str, runs: u64) -> Vec<u32> {
    let key = Key::new(1, name, &[]);
    let mut words = vec![0; (runs as usize).next_multiple_of(32)];
    Design::Hypercube { runs }.stream(Coordinate { key, dimension: 0 }).fill(0, &mut words);
    words.truncate(runs as usize);
    words
}

/// The stratum of a word's middle, of `strata`.
fn stratum(word: u32, strata: u64) -> u64 {
    (lower_of(tail_of_word(word)) * strata as f64) as u64
}

#[test]
fn every_stratum_has_one_run_for_any_number_of_runs() {
    for runs in [1, 2, 7, 8, 9, 16, 61, 97, 1000, 4096, 10_007, 100_000] {
        let mut strata: Vec<u64> = words("x", runs).into_iter().map(|word| stratum(word, runs)).collect();
        strata.sort_unstable();
        assert!(strata.into_iter().eq(0..runs), "{runs}");
    }
}

#[test]
fn every_replicate_is_a_hypercube_of_its_own() {
    for runs in [64, 1000, 80_000] {
        let all = words("y", runs);
        for part in all.chunks(runs as usize / 8) {
            let mut strata: Vec<u64> = part.iter().map(|&word| stratum(word, runs / 8)).collect();
            strata.sort_unstable();
            assert!(strata.into_iter().eq(0..runs / 8), "{runs}");
        }
    }
}

#[test]
fn any_part_of_the_runs_gets_the_same_words() {
    let stream =
        Design::Hypercube { runs: 5000 }.stream(Coordinate { key: Key::new(4, "x", &[]), dimension: 0 });
    let fill = |first: u64, length: usize| {
        let mut words = vec![0; length];
        stream.fill(first, &mut words);
        words
    };
    let whole = fill(0, 5024);
    for (first, length) in [(0, 32), (608, 64), (2048, 512), (4992, 32)] {
        assert_eq!(fill(first, length), whole[first as usize..first as usize + length], "{first}");
    }
    let mut listed = [0; 3];
    stream.fill_of(512, &[3, 70, 471], &mut listed);
    assert_eq!(listed, [whole[515], whole[582], whole[983]]);
}

#[test]
fn far_tails_stay_within_word_and_stratum() {
    for runs in [1000u64, 65_536, 1_000_000, 1 << 28] {
        let key = Key::new(2, "far", &[]);
        let (hypercube, mut found) = (Hypercube::new(key, runs), 0);
        let stream = Design::Hypercube { runs }.stream(Coordinate { key, dimension: 0 });
        for first in (0..runs.min(1 << 20)).step_by(512) {
            let mut words = [0; 512];
            stream.fill(first, &mut words);
            for (lane, &word) in words.iter().enumerate() {
                let run = first + lane as u64;
                if depth_of_word(word) >= DEEP || run >= runs {
                    continue;
                }
                found += 1;
                for bits in [0, u64::MAX, 1 << 62] {
                    let tail = hypercube.far_tail(run, word, bits);
                    let steps = tail.abs() * WORDS;
                    let depth = f64::from(depth_of_word(word));
                    assert!(depth * (1.0 - 1e-12) <= steps && steps <= (depth + 1.0) * (1.0 + 1e-12));
                    assert!(steps > 0.0 && (tail > 0.0) == (word < 1 << 31));
                    // The stratum counted from the nearer end.
                    let own = (steps / WORDS * runs as f64) as u64;
                    let end = if tail > 0.0 { stratum(word, runs) } else { runs - 1 - stratum(word, runs) };
                    assert!(own == end || (steps / WORDS * runs as f64 - own as f64) < 1e-6, "{runs} {run}");
                }
            }
        }
        assert!(found > 0 || runs < 1 << 16, "{runs}");
    }
}

#[test]
fn pairs_of_coordinates_are_as_independent_as_of_random_permutations() {
    // Boxes of a 16 × 16 grid: chi-squared with 15² degrees of freedom, margins being fixed; 5 standard deviations.
    for runs in [4096u64, 50_000] {
        let (x, y) = (words("x", runs), words("y", runs));
        let mut counts = [[0.0; 16]; 16];
        x.iter().zip(&y).for_each(|(x, y)| counts[(x >> 28) as usize][(y >> 28) as usize] += 1.0);
        let expected = runs as f64 / 256.0;
        let statistic: f64 =
            counts.iter().flatten().map(|n: &f64| (n - expected) * (n - expected) / expected).sum();
        assert!((statistic - 225.0).abs() < 5.0 * (2.0f64 * 225.0).sqrt(), "{runs}: {statistic}");
    }
}

#[test]
fn permutations_of_few_are_all_equally_likely() {
    // 24 permutations of 4, by 24,000 keys: chi-squared with 23 degrees of freedom, 5 standard deviations.
    let mut counts = std::collections::BTreeMap::new();
    for seed in 0..24_000u64 {
        let key = Key::new(seed, "x", &[]);
        let [a, b, c, d] = four_words(key, PERMUTATIONS, 0);
        let [e, f, ..] = four_words(key, PERMUTATIONS, 1);
        let permutation = Permutation::new(4, [a, b, c, d, e, f]);
        let order: Vec<u32> = (0..4).map(|number| permutation.step(number)).collect();
        *counts.entry(order).or_insert(0u32) += 1;
    }
    let square = |x: f64| x * x;
    let statistic: f64 = counts.values().map(|&n| square(f64::from(n) - 1000.0) / 1000.0).sum();
    assert!(
        statistic + 1000.0 * (24 - counts.len()) as f64 <= 23.0 + 5.0 * 46f64.sqrt(),
        "{statistic} {counts:?}"
    );
}

#[test]
fn the_mean_of_a_sum_is_exact_to_the_order_of_the_strata() {
    // Each summand's mean over n strata has the standard error 1 / (√12 n^(3/2)).
    let runs = 10_000;
    let sum: f64 =
        ["a", "b", "c"].iter().flat_map(|name| words(name, runs)).map(|w| lower_of(tail_of_word(w))).sum();
    let error = (3.0f64 / 12.0).sqrt() / (runs as f64 * (runs as f64).sqrt());
    assert!((sum / runs as f64 - 1.5).abs() < 5.0 * error);
}

#[test]
fn a_run_behind_the_last_one_has_a_tail_within_its_word() {
    for runs in [1u64, 7, 8, 9, 1000] {
        let cube = Hypercube::new(Key::new(2, "far", &[]), runs);
        for run in [runs, runs + 1, runs + 511] {
            for word in [0, 9, u32::MAX - 3] {
                let tail = cube.far_tail(run, word, 1 << 63);
                let depth = if word < 1 << 31 { tail } else { -tail };
                let steps = f64::from(if word < 1 << 31 { word } else { !word });
                assert!(depth > 0.0 && depth * 4_294_967_296.0 <= steps + 1.0, "{runs} {run} {word}: {tail}");
            }
        }
    }
}
