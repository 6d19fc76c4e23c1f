//! Runs a program over a block: instruction by instruction, whole columns at a time.

use std::ops::Range;

use super::chain::{ChainOp, MOST_STEPS, chain};
use super::choice::Scratch;
use super::compile::Program;
use super::compound::{Arguments, Events};
use super::draw::DrawLaw;
use super::kernel::{self, Side};
use super::schedule::{Instruction, Operand, Register};
use crate::distribution::Family;
use crate::math::simd::masks::{MASK, fill_nonzero};
use crate::math::{lower_of, upper_of};
use crate::sampling::{Design, MOST_LANES, Positions, Stream, Together};
use crate::scenario::operation;
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
    /// A constant as a column.
    constant: Vec<f64>,
    /// Words of a draw nobody asks the ranks of.
    words: Vec<u32>,
    /// For each draw the column of `ranks` that it fills.
    ranked: Vec<Option<usize>>,
    /// Where the positions of each draw come from.
    streams: Vec<Stream>,
    /// Positions of the members of each copula group.
    tied: Vec<Together>,
    struck: Struck,
    /// For the components of mixtures.
    chosen: Scratch,
    arguments: Vec<f64>,
    /// For draws that are sums of events.
    events: Option<Box<Events>>,
    /// Words, which are ranks, of the draws that were asked for.
    ranks: Vec<Vec<u32>>,
    /// Draws whose parameters were outside their domain, one a draw.
    refused: Vec<NonFinite>,
}

/// The runs of a block in which an event strikes, and the draws there.
#[derive(Debug)]
struct Struck {
    lanes: Vec<u32>,
    values: Vec<f64>,
}

/// For each draw its place among the ranked ones.
fn columns_of(ranked: &[usize], draws: usize) -> Vec<Option<usize>> {
    let mut columns = vec![None; draws];
    ranked.iter().enumerate().for_each(|(column, &draw)| columns[draw] = Some(column));
    columns
}

impl<'a> Machine<'a> {
    /// A machine for a program that keeps the ranks of the draws `ranked`, for a tornado; Monte Carlo runs.
    pub fn new(program: &'a Program, ranked: &[usize]) -> Machine<'a> {
        Machine::of_design(program, ranked, Design::MonteCarlo)
    }

    /// The same for runs laid out by a design.
    pub fn of_design(program: &'a Program, ranked: &[usize], design: Design) -> Machine<'a> {
        const { assert!(BLOCK <= MOST_LANES) };
        let column = || vec![f64::NAN; BLOCK].into_boxed_slice();
        Machine {
            program,
            columns: (0..program.schedule.registers).map(|_| column()).collect(),
            constant: vec![f64::NAN; BLOCK],
            words: vec![0; BLOCK],
            streams: program.draws.iter().map(|draw| design.stream(draw.coordinate)).collect(),
            tied: (program.groups.iter()).map(|group| group.together(design, BLOCK)).collect(),
            struck: Struck { lanes: vec![0; BLOCK], values: vec![0.0; BLOCK] },
            chosen: Scratch::new(BLOCK),
            arguments: Vec::new(),
            events: (program.draws.iter())
                .any(|draw| matches!(draw.law, DrawLaw::Compound(_)))
                .then(|| Box::new(Events::new(BLOCK))),
            ranked: columns_of(ranked, program.draws.len()),
            ranks: vec![vec![0; BLOCK]; ranked.len()],
            refused: vec![NonFinite::default(); program.draws.len()],
        }
    }

    /// Evaluates runs `first_run` … `first_run + BLOCK − 1` and hands those of `lanes` of each cell to `sink`.
    ///
    /// `first_run` is a multiple of [`BLOCK`].
    pub fn run(&mut self, first_run: u64, lanes: Range<usize>, sink: &mut impl Sink) {
        let program = self.program;
        for instruction in &program.schedule.instructions {
            match instruction {
                Instruction::Correlate { group } => self.tied[*group].fill(first_run),
                Instruction::Draw { draw, arguments, to } => {
                    self.draw(*draw, arguments, *to, first_run, &lanes)
                }
                Instruction::DrawWhere { draw, event, to } => self.draw_where(*draw, *event, *to, first_run),
                Instruction::Chain { start, steps, to } => {
                    let mut out = self.take(*to);
                    let mut sides = [(ChainOp::Add, Side::Constant(0.0)); MOST_STEPS];
                    for (side, (op, operand)) in sides.iter_mut().zip(steps) {
                        *side = (*op, self.side(*operand));
                    }
                    chain(self.side(*start), &sides[..steps.len()], &mut out);
                    self.columns[*to as usize] = out;
                }
                Instruction::Unary { op, x, to } => {
                    let mut out = self.take(*to);
                    kernel::unary(*op, &self.columns[*x as usize], &mut out);
                    self.columns[*to as usize] = out;
                }
                Instruction::Column { column, row, to } => {
                    let mut out = self.take(*to);
                    let values = &program.data[*column as usize];
                    let rows = self.columns[*row as usize].iter();
                    out.iter_mut().zip(rows).for_each(|(out, &row)| *out = operation::in_row(values, row));
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
                    Operand::Column(column) => {
                        sink.cell(*cell, &self.columns[*column as usize][lanes.clone()])
                    }
                    Operand::Constant(value) => {
                        self.constant.fill(*value);
                        sink.cell(*cell, &self.constant[lanes.clone()]);
                    }
                },
            }
        }
    }

    /// Ranks of the last block, u as a fraction of 2³²: a column for each of the draws asked for, in their order.
    pub fn ranks(&self) -> &[Vec<u32>] {
        &self.ranks
    }

    /// Draws only in the runs where the event column is not 0; 0 elsewhere.
    fn draw_where(&mut self, number: usize, event: Register, to: Register, first_run: u64) {
        let draw = &self.program.draws[number];
        let DrawLaw::Fixed { sampler, .. } = &draw.law else { return };
        let stream = &self.streams[number];
        let mut masks = [0; BLOCK / MASK];
        fill_nonzero(&self.columns[event as usize], &mut masks);
        let struck = &mut self.struck;
        let mut count = 0;
        for (part, mask) in masks.into_iter().enumerate() {
            let mut left = mask;
            while left != 0 {
                struck.lanes[count] = (part * MASK) as u32 + left.trailing_zeros();
                count += 1;
                left &= left - 1;
            }
        }
        let (lanes, words) = (&struck.lanes[..count], &mut self.words[..count]);
        match self.ranked[number] {
            Some(column) => {
                let ranks = &mut self.ranks[column];
                stream.fill(first_run, ranks);
                words.iter_mut().zip(lanes).for_each(|(word, &lane)| *word = ranks[lane as usize]);
            }
            None => stream.fill_of(first_run, lanes, words),
        }
        let values = &mut struck.values[..count];
        sampler.fill(Positions::of_lanes(words, stream, first_run, lanes), values);
        let out = &mut self.columns[to as usize];
        out.fill(0.0);
        lanes.iter().zip(values).for_each(|(&lane, value)| out[lane as usize] = *value);
    }

    /// Draws refused since this was last asked, one entry a draw.
    pub fn take_refused(&mut self) -> Vec<NonFinite> {
        let none = vec![NonFinite::default(); self.refused.len()];
        std::mem::replace(&mut self.refused, none)
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

    fn draw(
        &mut self,
        number: usize,
        arguments: &[Operand],
        to: Register,
        first_run: u64,
        lanes: &Range<usize>,
    ) {
        let program = self.program;
        let draw = &program.draws[number];
        let positions = match draw.group {
            Some((group, member)) => {
                let positions = self.tied[group].positions(member);
                if let Some(column) = self.ranked[number] {
                    self.ranks[column].copy_from_slice(positions.words);
                }
                positions
            }
            None => {
                let words = match self.ranked[number] {
                    Some(column) => &mut self.ranks[column],
                    None => &mut self.words,
                };
                let stream = &self.streams[number];
                stream.fill(first_run, words);
                Positions::of_stream(words, stream, first_run)
            }
        };
        let mut out = std::mem::take(&mut self.columns[to as usize]);
        match &draw.law {
            DrawLaw::Fixed { sampler, .. } => {
                sampler.fill(positions, &mut out);
                if let (Some(column), Some(order)) = (self.ranked[number], &draw.order) {
                    self.ranks[column].iter_mut().for_each(|rank| *rank = order.rank(*rank));
                }
            }
            DrawLaw::Chosen(choice) => {
                let mut rows = Rows { columns: &self.columns, arguments, row: &mut self.arguments };
                choice.fill(positions, &mut rows, &mut self.chosen, &mut out);
                self.refused[number].add(first_run + lanes.start as u64, &out[lanes.clone()]);
            }
            DrawLaw::Drawn(shape) => {
                let mut rows = Rows { columns: &self.columns, arguments, row: &mut self.arguments };
                for (run, value) in out.iter_mut().enumerate() {
                    let (tail, law) = (positions.tail(run), shape.build(rows.of(run, 0, arguments.len())));
                    *value = law.map_or(f64::NAN, |law| law.inverse(lower_of(tail), upper_of(tail)));
                }
                self.refused[number].add(first_run + lanes.start as u64, &out[lanes.clone()]);
            }
            DrawLaw::Compound(sum) => {
                if let Some(events) = &mut self.events {
                    let mut rows = Rows { columns: &self.columns, arguments, row: &mut self.arguments };
                    sum.fill(draw.coordinate.key, first_run, positions, &mut rows, events, &mut out);
                    if let (Some(column), Some(table)) = (self.ranked[number], &draw.ranks) {
                        sum.rank(
                            table,
                            draw.coordinate.key,
                            first_run,
                            &out,
                            events,
                            &mut self.ranks[column],
                        );
                    }
                }
                self.refused[number].add(first_run + lanes.start as u64, &out[lanes.clone()]);
            }
        }
        self.columns[to as usize] = out;
    }
}

/// The arguments of a draw, run by run.
struct Rows<'a> {
    columns: &'a [Box<[f64]>],
    arguments: &'a [Operand],
    row: &'a mut Vec<f64>,
}

impl Arguments for Rows<'_> {
    fn of(&mut self, lane: usize, from: usize, count: usize) -> &[f64] {
        let values = self.arguments[from..from + count].iter().map(|argument| match argument {
            Operand::Column(column) => self.columns[*column as usize][lane],
            Operand::Constant(value) => *value,
        });
        self.row.clear();
        self.row.extend(values);
        self.row
    }
}
