use super::*;

fn words(dimension: usize, seed: u64, runs: u64) -> Vec<u32> {
    let net = Net::new(Key::new(seed, "x", &[&dimension.to_string()]), dimension, runs);
    let mut words = vec![0; runs as usize];
    net.fill(0, &mut words);
    words
}

/// Whether every interval of each replicate's 2^k equal ones holds one of its 2^k points.
fn stratified(words: &[u32]) -> bool {
    let size = words.len() / 8;
    words.chunks(size).all(|part| {
        let mut strata: Vec<u32> = part.iter().map(|word| word >> (32 - size.ilog2())).collect();
        strata.sort_unstable();
        strata.into_iter().eq(0..size as u32)
    })
}

#[test]
fn every_dimension_is_stratified_in_every_replicate() {
    for dimension in [0, 1, 2, 3, 10, 100, 1000, 10_000, DIMENSIONS - 1] {
        assert!(stratified(&words(dimension, 5, 8 << 9)), "{dimension}");
    }
}

#[test]
fn pairs_of_the_first_dimensions_are_nets() {
    // The first two dimensions are a (0, m, 2)-net: each box of 2^a × 2^b strata with a + b = m holds one point.
    let (x, y) = (words(0, 9, 8 << 8), words(1, 9, 8 << 8));
    for a in 1..8 {
        for replicate in 0..8 {
            let mut boxes: Vec<u32> = (replicate * 256..(replicate + 1) * 256)
                .map(|run| (x[run] >> (32 - a)) << (8 - a) | y[run] >> (24 + a))
                .collect();
            boxes.sort_unstable();
            assert!(boxes.into_iter().eq(0..256), "{a} {replicate}");
        }
    }
}

#[test]
fn any_part_of_the_runs_gets_the_same_words() {
    let net = Net::new(Key::new(1, "x", &[]), 17, 1000);
    let whole = words_of(&net, 0, 1024);
    for (first, length) in [(0, 32), (96, 64), (992, 32), (512, 512)] {
        assert_eq!(words_of(&net, first, length), whole[first as usize..first as usize + length], "{first}");
    }
    assert!(whole[1000..].iter().all(|word| *word == 1 << 31));
}

fn words_of(net: &Net, first_run: u64, length: usize) -> Vec<u32> {
    let mut words = vec![0; length];
    net.fill(first_run, &mut words);
    words
}

#[test]
fn a_point_is_uniform_over_the_seeds_and_replicates_are_independent() {
    // The first point of the sequence is 0 in every dimension: only the scrambling moves it.
    let seeds = 4096;
    let firsts: Vec<[f64; 2]> = (0..seeds)
        .map(|seed| {
            let net = Net::new(Key::new(seed, "x", &[]), 3, 256);
            let words = words_of(&net, 0, 64);
            [words[0], words[32]].map(|word| f64::from(word) / 4_294_967_296.0 - 0.5)
        })
        .collect();
    let mean = |of: &dyn Fn(&[f64; 2]) -> f64| firsts.iter().map(of).sum::<f64>() / seeds as f64;
    let error = 1.0 / (12.0 * seeds as f64).sqrt();
    assert!(mean(&|[a, _]| *a).abs() < 5.0 * error);
    assert!((12.0 * mean(&|[a, _]| a * a) - 1.0).abs() < 5.0 * (0.8 / seeds as f64).sqrt());
    // Two positions of independent replicates have the covariance 0, with the error 1 / (12 √n).
    assert!(mean(&|[a, b]| a * b).abs() < 5.0 / (12.0 * (seeds as f64).sqrt()));
}

#[test]
fn the_mean_of_a_smooth_function_converges_faster_than_the_root() {
    // ∏ (1 + (u − ½) / k) over six dimensions has the mean 1; the error of Monte Carlo with 2^13 runs would be 0.0044.
    let runs = 1 << 13;
    let columns: Vec<Vec<u32>> = (0..6).map(|dimension| words(dimension, 3, runs)).collect();
    let value = |run: usize| -> f64 {
        let factor = |k: usize| 1.0 + (f64::from(columns[k][run]) / 4_294_967_296.0 - 0.5) / (k + 1) as f64;
        (0..6).map(factor).product()
    };
    let mean = (0..runs as usize).map(value).sum::<f64>() / runs as f64;
    assert!((mean - 1.0).abs() < 2e-5, "{mean}");
}
