//! The first runs once more, value by value: what a tally cannot say of the errors of its tornadoes.
//!
//! A tally has sums; how far a share or a rank correlation scatters also depends on what lies within its bins. As a run
//! is a function of its number, the first of them are evaluated again instead of kept.

use rayon::prelude::*;

use super::{Plan, SPAN};
use crate::program::{BLOCK, Machine};

/// Runs that are looked at, where there are as many: one in [`ONE_IN`], but so many at least and at most.
const LEAST: u64 = 8 * BLOCK as u64;
const MOST: u64 = SPAN;
/// A run of the sample costs as much as some ten others.
const ONE_IN: u64 = 256;
/// Runs for each unit of kurtosis κ: a mean square of m runs is off by √(κ/m), which is 5 %.
const OF_KURTOSIS: f64 = 400.0;

/// Values of the tornadoes' cells and ranks of the draws they condition on, in runs 0, 1, ….
#[derive(Clone, Debug)]
pub struct Sample {
    /// A column a tornado.
    pub values: Vec<Vec<f64>>,
    /// A column a draw, in the order of [`Plan::ranked`].
    pub words: Vec<Vec<u32>>,
}

impl Sample {
    /// The first of so many runs of a plan: all up to 4,096, then 1 in 256, but 4,096 at least, and more of outputs with a
    /// kurtosis above 10, and 16,384 at most.
    pub fn new(plan: &Plan, runs: u64, kurtosis: f64) -> Sample {
        let least = ((OF_KURTOSIS * kurtosis).min(MOST as f64) as u64).next_multiple_of(BLOCK as u64);
        let runs = (runs / ONE_IN).clamp(least.max(LEAST), MOST).min(runs);
        // Few parts: each needs a machine of its own.
        const PARTS: u64 = 4;
        let part = runs.div_ceil(PARTS).next_multiple_of(BLOCK as u64).max(BLOCK as u64);
        let starts: Vec<u64> = (0..runs).step_by(part as usize).collect();
        let parts: Vec<Sample> =
            starts.into_par_iter().map(|first| Sample::part(plan, first, runs.min(first + part))).collect();
        let mut whole = Sample::empty(plan);
        for part in parts {
            whole.values.iter_mut().zip(part.values).for_each(|(all, more)| all.extend(more));
            whole.words.iter_mut().zip(part.words).for_each(|(all, more)| all.extend(more));
        }
        whole
    }

    fn empty(plan: &Plan) -> Sample {
        Sample { values: vec![Vec::new(); plan.tornados.len()], words: vec![Vec::new(); plan.ranked.len()] }
    }

    /// Runs from `first`, where a block begins, to before `end`.
    fn part(plan: &Plan, first: u64, end: u64) -> Sample {
        let mut tornado_of = vec![None; plan.program.cells.len()];
        for (number, tornado) in plan.tornados.iter().enumerate() {
            tornado_of[tornado.cell] = Some(number);
        }
        let mut sample = Sample::empty(plan);
        let mut machine = Machine::of_design(&plan.program, &plan.ranked, plan.design);
        for first_run in (first..end).step_by(BLOCK) {
            let lanes = (end - first_run).min(BLOCK as u64) as usize;
            let values = &mut sample.values;
            machine.run(first_run, 0..lanes, &mut |cell: usize, block: &[f64]| {
                if let Some(number) = tornado_of[cell] {
                    values[number].extend_from_slice(block);
                }
            });
            for (words, ranks) in sample.words.iter_mut().zip(machine.ranks()) {
                words.extend_from_slice(&ranks[..lanes]);
            }
        }
        sample
    }
}
