//! The order of evaluation: live nodes as instructions, each with a register that is free again after its last use.

use std::collections::HashSet;

use super::chain::ChainOp;
use super::draw::{Draw, DrawLaw};
use super::fuse::{Form, forms};
use super::graph::{Graph, Node, NodeId};
use crate::scenario::{BinaryOp, UnaryOp};

/// Number of a column of the machine.
pub type Register = u32;

/// What an instruction reads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Operand {
    Column(Register),
    Constant(f64),
}

/// One step over a block of runs. `to` is never a column that the same instruction reads.
#[derive(Clone, Debug, PartialEq)]
pub enum Instruction {
    /// Positions of all members of a copula group.
    Correlate {
        group: usize,
    },
    /// Draw by quantile function; `arguments` are its parameters where they change from run to run.
    Draw {
        draw: usize,
        arguments: Vec<Operand>,
        to: Register,
    },
    /// The product of an event, 0 or 1 and rarely 1, and a draw that nothing else needs: drawn only where it counts.
    DrawWhere {
        draw: usize,
        event: Register,
        to: Register,
    },
    /// Several operations on one running value.
    Chain {
        start: Operand,
        steps: Vec<(ChainOp, Operand)>,
        to: Register,
    },
    Unary {
        op: UnaryOp,
        x: Register,
        to: Register,
    },
    /// The values of a column of data in the rows that a column of the machine says.
    Column {
        column: u32,
        row: Register,
        to: Register,
    },
    Binary {
        op: BinaryOp,
        x: Operand,
        y: Operand,
        to: Register,
    },
    Select {
        condition: Register,
        then: Operand,
        otherwise: Operand,
        to: Register,
    },
    /// Hand a finished cell to the tally.
    Emit {
        cell: usize,
        value: Operand,
    },
}

/// Instructions in order and the number of columns they need.
#[derive(Debug, Default)]
pub struct Schedule {
    pub instructions: Vec<Instruction>,
    pub registers: usize,
}

/// Orders the live nodes and assigns registers.
///
/// Nodes come in the order the compiler needed them, which is depth first and keeps values short-lived; a register is
/// given back after the last use of its value (linear scan; Poletto & Sarkar 1999, doi:10.1145/330249.330250).
pub fn schedule(
    graph: &Graph,
    live: &[bool],
    roots: &[NodeId],
    renumbered: &[usize],
    arguments: &[&[NodeId]],
    draws: &[Draw],
) -> Schedule {
    let forms = forms(graph, live, roots, renumbered, arguments, draws);
    let form = |id: NodeId| &forms[id.0 as usize];
    let operands = |id: NodeId| -> Vec<NodeId> {
        match form(id) {
            Form::LeftOut => Vec::new(),
            Form::Sparse { event, .. } => vec![*event],
            Form::Chain { start, steps } => {
                std::iter::once(*start).chain(steps.iter().map(|(_, operand)| *operand)).collect()
            }
            Form::Plain => match graph.nodes[id.0 as usize] {
                Node::Constant(_) => Vec::new(),
                Node::Draw(number) => match draws[renumbered[number as usize]].law {
                    DrawLaw::Drawn(_) | DrawLaw::Chosen(_) | DrawLaw::Compound(_) => {
                        arguments[renumbered[number as usize]].to_vec()
                    }
                    DrawLaw::Fixed { .. } => Vec::new(),
                },
                Node::Unary(_, x) | Node::Column(_, x) => vec![x],
                Node::Binary(_, x, y) => vec![x, y],
                Node::Select(c, x, y) => vec![c, x, y],
            },
        }
    };
    let order: Vec<NodeId> = (0..live.len())
        .map(|k| NodeId(k as u32))
        .filter(|&id| live[id.0 as usize] && !matches!(form(id), Form::LeftOut))
        .collect();
    let mut last_use = vec![0usize; live.len()];
    for (step, &id) in order.iter().enumerate() {
        last_use[id.0 as usize] = step;
        for operand in operands(id) {
            last_use[operand.0 as usize] = step;
        }
    }
    // Cells wait for nothing: each is emitted right after the step that makes it.
    let mut emitted_after: Vec<Vec<usize>> = vec![Vec::new(); live.len()];
    for (cell, root) in roots.iter().enumerate() {
        emitted_after[root.0 as usize].push(cell);
    }

    let mut registers = vec![Register::MAX; live.len()];
    let mut free: Vec<Register> = Vec::new();
    let mut schedule = Schedule::default();
    let mut correlated: HashSet<usize> = HashSet::new();
    for (step, &id) in order.iter().enumerate() {
        let node = graph.nodes[id.0 as usize];
        let read = |id: NodeId| match graph.value(id) {
            Some(value) => Operand::Constant(value),
            None => Operand::Column(registers[id.0 as usize]),
        };
        let value = if let Node::Constant(bits) = node {
            Operand::Constant(f64::from_bits(bits))
        } else {
            let to = free.pop().unwrap_or_else(|| {
                schedule.registers += 1;
                schedule.registers as Register - 1
            });
            let instruction = match (form(id), node) {
                (Form::LeftOut, _) | (_, Node::Constant(_)) => None,
                (Form::Sparse { event, draw }, _) => {
                    let event = registers[event.0 as usize];
                    Some(Instruction::DrawWhere { draw: *draw, event, to })
                }
                (Form::Chain { start, steps }, _) => {
                    let steps = steps.iter().map(|&(op, operand)| (op, read(operand))).collect();
                    Some(Instruction::Chain { start: read(*start), steps, to })
                }
                (Form::Plain, Node::Draw(number)) => {
                    let draw = renumbered[number as usize];
                    if let Some((group, _)) = draws[draw].group
                        && correlated.insert(group)
                    {
                        schedule.instructions.push(Instruction::Correlate { group });
                    }
                    let arguments = match draws[draw].law {
                        DrawLaw::Drawn(_) | DrawLaw::Chosen(_) | DrawLaw::Compound(_) => {
                            arguments[draw].iter().map(|&id| read(id)).collect()
                        }
                        DrawLaw::Fixed { .. } => Vec::new(),
                    };
                    Some(Instruction::Draw { draw, arguments, to })
                }
                (Form::Plain, Node::Unary(op, x)) => {
                    Some(Instruction::Unary { op, x: registers[x.0 as usize], to })
                }
                (Form::Plain, Node::Column(column, row)) => {
                    Some(Instruction::Column { column, row: registers[row.0 as usize], to })
                }
                (Form::Plain, Node::Binary(op, x, y)) => {
                    Some(Instruction::Binary { op, x: read(x), y: read(y), to })
                }
                (Form::Plain, Node::Select(condition, then, otherwise)) => Some(Instruction::Select {
                    condition: registers[condition.0 as usize],
                    then: read(then),
                    otherwise: read(otherwise),
                    to,
                }),
            };
            schedule.instructions.extend(instruction);
            registers[id.0 as usize] = to;
            Operand::Column(to)
        };
        for &cell in &emitted_after[id.0 as usize] {
            schedule.instructions.push(Instruction::Emit { cell, value });
        }
        let mut done: Vec<NodeId> = operands(id);
        done.push(id);
        done.sort_unstable();
        done.dedup();
        for used in done {
            let register = registers[used.0 as usize];
            if last_use[used.0 as usize] == step && register != Register::MAX {
                free.push(register);
            }
        }
    }
    schedule
}
