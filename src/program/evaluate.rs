//! Runs a program over a block: instruction by instruction, whole columns at a time.

use super::compile::Program;
use super::draw::{Draw, DrawLaw};
use super::kernel::{self, Side};
use super::schedule::{Instruction, Operand, Register};
use crate::distribution::Family;
use crate::math::simd::vectorised;
use crate::math::{lower_of, rank_of, upper_of};
use crate::sampling::{Scores, correlate, fill_tails};
use crate::tally::NonFinite;

/// Runs evaluated together. Columns of this length keep a typical program inside the first-level cache.
pub const BLOCK: usize = 512;

/// Receives each finished cell of a block.
pub trait Sink {
    /// The values of `cell` in the block's runs.
    fn cell(&mut self, cell: usize, values: &[f64]);
}

impl<F: FnMut(usize, &[f64])> Sink for F {
    fn cell(&mut self, cell: usize, values: &[f64]) {
        self(cell, values);
    }
}

/// The columns a program needs; made once a thread, used for every block.
#[derive(Debug)]
pub struct Machine<'a> {
    program: &'a Program,
    columns: Vec<Box<[f64]>>,
    tails: Vec<f64>,
    /// Positions of the members of each copula group.
    grouped: Vec<Vec<Vec<f64>>>,
    scores: Scores,
    arguments: Vec<f64>,
    /// Ranks of the draws, a column a draw; empty when nobody asked for them.
    ranks: Vec<Vec<u32>>,
    /// Draws whose parameters were outside their domain, one a draw.
    refused: Vec<NonFinite>,
}

impl<'a> Machine<'a> {
    /// A machine for a program; `with_ranks` keeps the ranks of the inputs for a tornado.
    pub fn new(program: &'a Program, with_ranks: bool) -> Machine<'a> {
        let column = || vec![f64::NAN; BLOCK].into_boxed_slice();
        Machine {
            program,
            columns: (0..program.schedule.registers).map(|_| column()).collect(),
            tails: vec![f64::NAN; BLOCK],
            grouped: program
                .groups
                .iter()
                .map(|group| vec![vec![f64::NAN; BLOCK]; group.keys.len()])
                .collect(),
            scores: Scores::default(),
            arguments: Vec::new(),
            ranks: if with_ranks { vec![vec![0; BLOCK]; program.draws.len()] } else { Vec::new() },
            refused: vec![NonFinite::default(); program.draws.len()],
        }
    }

    /// Evaluates runs `first_run` … `first_run + BLOCK − 1` and hands the first `lanes` of each cell to `sink`.
    ///
    /// `first_run` is a multiple of [`BLOCK`].
    pub fn run(&mut self, first_run: u64, lanes: usize, sink: &mut impl Sink) {
        let program = self.program;
        for instruction in &program.schedule.instructions {
            match instruction {
                Instruction::Correlate { group } => {
                    let columns = &mut self.grouped[*group];
                    for (column, &key) in columns.iter_mut().zip(&program.groups[*group].keys) {
                        fill_tails(key, first_run, column);
                    }
                    correlate(columns, &program.groups[*group].cholesky, &mut self.scores);
                }
                Instruction::Draw { draw, arguments, to } => {
                    self.draw(*draw, arguments, *to, first_run, lanes)
                }
                Instruction::Unary { op, x, to } => {
                    let mut out = self.take(*to);
                    kernel::unary(*op, &self.columns[*x as usize], &mut out);
                    self.columns[*to as usize] = out;
                }
                Instruction::Binary { op, x, y, to } => {
                    let mut out = self.take(*to);
                    kernel::binary(*op, self.side(*x), self.side(*y), &mut out);
                    self.columns[*to as usize] = out;
                }
                Instruction::Select { condition, then, otherwise, to } => {
                    let mut out = self.take(*to);
                    kernel::select(
                        &self.columns[*condition as usize],
                        self.side(*then),
                        self.side(*otherwise),
                        &mut out,
                    );
                    self.columns[*to as usize] = out;
                }
                Instruction::Emit { cell, value } => match value {
                    Operand::Column(column) => sink.cell(*cell, &self.columns[*column as usize][..lanes]),
                    Operand::Constant(value) => {
                        self.tails.fill(*value);
                        sink.cell(*cell, &self.tails[..lanes]);
                    }
                },
            }
        }
    }

    /// Ranks of the last block, a column a draw in the order of [`Program::draws`].
    pub fn ranks(&self) -> &[Vec<u32>] {
        &self.ranks
    }

    /// Draws refused so far, one entry a draw.
    pub fn refused(&self) -> &[NonFinite] {
        &self.refused
    }

    fn take(&mut self, register: Register) -> Box<[f64]> {
        std::mem::take(&mut self.columns[register as usize])
    }

    fn side(&self, operand: Operand) -> Side<'_> {
        match operand {
            Operand::Column(column) => Side::Column(&self.columns[column as usize]),
            Operand::Constant(value) => Side::Constant(value),
        }
    }

    fn draw(&mut self, number: usize, arguments: &[Operand], to: Register, first_run: u64, lanes: usize) {
        let program = self.program;
        let draw = &program.draws[number];
        let tails: &[f64] = match draw.group {
            Some((group, member)) => &self.grouped[group][member],
            None => {
                fill_tails(draw.key, first_run, &mut self.tails);
                &self.tails
            }
        };
        if let Some(ranks) = self.ranks.get_mut(number) {
            fill_ranks(tails, ranks);
        }
        let mut out = std::mem::take(&mut self.columns[to as usize]);
        match &draw.law {
            DrawLaw::Fixed { sampler, .. } => sampler.fill(tails, &mut out),
            DrawLaw::Drawn(_) => {
                for (run, (value, &tail)) in out.iter_mut().zip(tails).enumerate() {
                    self.arguments.clear();
                    self.arguments.extend(arguments.iter().map(|argument| match argument {
                        Operand::Column(column) => self.columns[*column as usize][run],
                        Operand::Constant(value) => *value,
                    }));
                    *value = draw_once(draw, &self.arguments, tail);
                }
                self.refused[number].add(first_run, &out[..lanes]);
            }
        }
        self.columns[to as usize] = out;
    }
}

/// One draw with parameters of its own; NaN where they are outside the law's domain.
fn draw_once(draw: &Draw, arguments: &[f64], tail: f64) -> f64 {
    match &draw.law {
        DrawLaw::Drawn(shape) => {
            shape.build(arguments).map_or(f64::NAN, |law| law.inverse(lower_of(tail), upper_of(tail)))
        }
        DrawLaw::Fixed { law, .. } => law.inverse(lower_of(tail), upper_of(tail)),
    }
}

vectorised! {
    fn fill_ranks(tails: &[f64], ranks: &mut [u32]) {
        for (rank, &tail) in ranks.iter_mut().zip(tails) {
            *rank = rank_of(tail);
        }
    }
}
