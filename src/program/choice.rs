//! A draw from a mixture: another draw says which component speaks, and its quantile at the input's position is the
//! value.

use super::compound::Arguments;
use super::draw::LawShape;
use super::sampler::Sampler;
use crate::distribution::{Family, Law};
use crate::math::{lower_of, upper_of};
use crate::sampling::Positions;

/// The components of a mixture.
#[derive(Clone, Debug)]
pub struct Choice {
    pub components: Vec<Component>,
    /// The mixture as one law, where all its numbers are fixed.
    pub pooled: Option<Law>,
}

/// One component.
#[derive(Clone, Debug)]
pub enum Component {
    /// The same law in every run.
    Fixed(Sampler),
    /// Its parameters change: `arguments` of them, from place `first` of the draw's.
    Drawn { shape: LawShape, first: usize, arguments: usize },
}

/// What the draws of one component are made in.
#[derive(Debug)]
pub struct Scratch {
    lanes: Vec<u32>,
    words: Vec<u32>,
    values: Vec<f64>,
    /// Which component speaks, run by run.
    numbers: Vec<f64>,
}

impl Scratch {
    /// For blocks of so many runs.
    pub fn new(block: usize) -> Scratch {
        Scratch {
            lanes: Vec::with_capacity(block),
            words: Vec::with_capacity(block),
            values: vec![0.0; block],
            numbers: Vec::with_capacity(block),
        }
    }
}

impl Choice {
    /// Values of a block at these positions: each component draws in the runs where it speaks. Not a number where none
    /// does. `rows` are the component's number, then the parameters of all laws.
    pub fn fill(
        &self,
        positions: Positions<'_>,
        rows: &mut impl Arguments,
        scratch: &mut Scratch,
        out: &mut [f64],
    ) {
        scratch.numbers.clear();
        scratch.numbers.extend((0..out.len()).map(|run| rows.of(run, 0, 1)[0]));
        out.fill(f64::NAN);
        for (index, component) in self.components.iter().enumerate() {
            let spoken =
                scratch.numbers.iter().enumerate().filter(|(_, number)| **number == index as f64 + 1.0);
            scratch.lanes.clear();
            scratch.lanes.extend(spoken.map(|(run, _)| run as u32));
            match component {
                Component::Fixed(sampler) => fixed(sampler, positions, scratch, out),
                Component::Drawn { shape, first, arguments } => {
                    for run in scratch.lanes.iter().map(|&lane| lane as usize) {
                        let (tail, law) =
                            (positions.tail(run), shape.build(rows.of(run, *first, *arguments)));
                        out[run] = law.map_or(f64::NAN, |law| law.inverse(lower_of(tail), upper_of(tail)));
                    }
                }
            }
        }
    }
}

/// Values of a sampler in the runs `scratch.lanes`.
fn fixed(sampler: &Sampler, positions: Positions<'_>, scratch: &mut Scratch, out: &mut [f64]) {
    let Scratch { lanes, words, values, .. } = scratch;
    words.clear();
    words.extend(lanes.iter().map(|&lane| positions.words[lane as usize]));
    let values = &mut values[..lanes.len()];
    sampler.fill(Positions::of_places(words, &positions, lanes), values);
    lanes.iter().zip(values).for_each(|(&lane, value)| out[lane as usize] = *value);
}
