//! Runs a program over a block: instruction by instruction, whole columns at a time.

use super::compile::{Draw, DrawLaw, Program};
use super::operation as op;
use super::schedule::{Instruction, Operand, Register};
use crate::distribution::Family;
use crate::math::{self, simd::vectorised};
use crate::sampling::{correlate, fill_tails, lower_of, rank_of, upper_of};
use crate::scenario::{BinaryOp, UnaryOp};
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
    scores: Vec<f64>,
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
            scores: Vec::with_capacity(BLOCK),
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
                    unary(*op, &self.columns[*x as usize], &mut out);
                    self.columns[*to as usize] = out;
                }
                Instruction::Binary { op, x, y, to } => {
                    let mut out = self.take(*to);
                    binary(*op, self.side(*x), self.side(*y), &mut out);
                    self.columns[*to as usize] = out;
                }
                Instruction::Select { condition, then, otherwise, to } => {
                    let mut out = self.take(*to);
                    select(
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

/// An operand with its column at hand.
#[derive(Clone, Copy)]
enum Side<'a> {
    Column(&'a [f64]),
    Constant(f64),
}

vectorised! {
    fn map_one<F: Fn(f64) -> f64>(f: F, x: &[f64], out: &mut [f64]) {
        for (out, &x) in out.iter_mut().zip(x) {
            *out = f(x);
        }
    }
}

vectorised! {
    fn map_two<F: Fn(f64, f64) -> f64>(f: F, x: &[f64], y: &[f64], out: &mut [f64]) {
        for ((out, &x), &y) in out.iter_mut().zip(x).zip(y) {
            *out = f(x, y);
        }
    }
}

vectorised! {
    fn map_right<F: Fn(f64, f64) -> f64>(f: F, x: &[f64], y: f64, out: &mut [f64]) {
        for (out, &x) in out.iter_mut().zip(x) {
            *out = f(x, y);
        }
    }
}

vectorised! {
    fn map_left<F: Fn(f64, f64) -> f64>(f: F, x: f64, y: &[f64], out: &mut [f64]) {
        for (out, &y) in out.iter_mut().zip(y) {
            *out = f(x, y);
        }
    }
}

fn unary(name: UnaryOp, x: &[f64], out: &mut [f64]) {
    match name {
        UnaryOp::Negate => map_one(op::negate, x, out),
        UnaryOp::Not => map_one(op::not, x, out),
        UnaryOp::Abs => map_one(op::abs, x, out),
        UnaryOp::Exp => map_one(math::exp, x, out),
        UnaryOp::Ln => map_one(math::ln, x, out),
        UnaryOp::Log10 => map_one(math::log10, x, out),
        UnaryOp::Sqrt => map_one(op::sqrt, x, out),
        UnaryOp::Sin => map_one(math::sin, x, out),
        UnaryOp::Cos => map_one(math::cos, x, out),
        UnaryOp::Floor => map_one(op::floor, x, out),
        UnaryOp::Ceil => map_one(op::ceil, x, out),
        UnaryOp::Round => map_one(op::round, x, out),
        UnaryOp::NormalCdf => map_one(math::normal_cdf, x, out),
    }
}

fn apply<F: Fn(f64, f64) -> f64>(f: F, x: Side, y: Side, out: &mut [f64]) {
    match (x, y) {
        (Side::Column(x), Side::Column(y)) => map_two(f, x, y, out),
        (Side::Column(x), Side::Constant(y)) => map_right(f, x, y, out),
        (Side::Constant(x), Side::Column(y)) => map_left(f, x, y, out),
        (Side::Constant(x), Side::Constant(y)) => out.fill(f(x, y)),
    }
}

fn binary(name: BinaryOp, x: Side, y: Side, out: &mut [f64]) {
    match name {
        BinaryOp::Add => apply(op::add, x, y, out),
        BinaryOp::Subtract => apply(op::subtract, x, y, out),
        BinaryOp::Multiply => apply(op::multiply, x, y, out),
        BinaryOp::Divide => apply(op::divide, x, y, out),
        BinaryOp::Power => power(x, y, out),
        BinaryOp::Min => apply(op::min, x, y, out),
        BinaryOp::Max => apply(op::max, x, y, out),
        BinaryOp::Less => apply(op::less, x, y, out),
        BinaryOp::LessEqual => apply(op::less_equal, x, y, out),
        BinaryOp::Greater => apply(op::greater, x, y, out),
        BinaryOp::GreaterEqual => apply(op::greater_equal, x, y, out),
        BinaryOp::Equal => apply(op::equal, x, y, out),
        BinaryOp::NotEqual => apply(op::not_equal, x, y, out),
        BinaryOp::And => apply(op::and, x, y, out),
        BinaryOp::Or => apply(op::or, x, y, out),
    }
}

/// A constant exponent is looked at once a block, not once a run; the result is that of [`op::power`].
fn power(x: Side, y: Side, out: &mut [f64]) {
    match (x, y) {
        (Side::Column(x), Side::Constant(2.0)) => map_one(op::square, x, out),
        (Side::Column(x), Side::Constant(3.0)) => map_one(op::cube, x, out),
        (Side::Column(x), Side::Constant(4.0)) => map_one(op::fourth, x, out),
        (Side::Column(x), Side::Constant(-1.0)) => map_one(op::reciprocal, x, out),
        (Side::Column(x), Side::Constant(y)) => map_right(math::pow, x, y, out),
        _ => apply(op::power, x, y, out),
    }
}

fn select(condition: &[f64], then: Side, otherwise: Side, out: &mut [f64]) {
    let at = |side: Side, run: usize| match side {
        Side::Column(column) => column[run],
        Side::Constant(value) => value,
    };
    for (run, (out, &condition)) in out.iter_mut().zip(condition).enumerate() {
        *out = op::select(condition, at(then, run), at(otherwise, run));
    }
}
