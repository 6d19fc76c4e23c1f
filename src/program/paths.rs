//! Which draws reach a cell along some path of formulas, read off the instructions.

use super::chain::ChainOp;
use super::compile::Program;
use super::schedule::{Instruction, Operand, Register};

/// Draws as bits.
type Draws = Vec<u64>;

impl Program {
    /// For each of these cells, which draws some path of operations joins to it: one flag a draw. A draw that is missing
    /// cannot move the cell, whatever its value; one that is there need not move it.
    ///
    /// - Method: one pass over the instructions, a set of draws a register: what an instruction writes depends on all
    ///   that it reads.
    pub fn paths(&self, cells: &[usize]) -> Vec<Vec<bool>> {
        let none: Draws = vec![0; self.draws.len().div_ceil(64)];
        let mut known = vec![none.clone(); self.schedule.registers];
        let mut found = vec![vec![false; self.draws.len()]; cells.len()];
        for instruction in &self.schedule.instructions {
            let mut all = none.clone();
            let Some(to) = read(instruction, &mut |register| join(&mut all, &known[register as usize]))
            else {
                if let Instruction::Emit { cell, .. } = instruction {
                    for (_, flags) in cells.iter().zip(&mut found).filter(|(wanted, _)| *wanted == cell) {
                        flags.iter_mut().enumerate().for_each(|(draw, flag)| *flag = has(&all, draw));
                    }
                }
                continue;
            };
            if let Instruction::Draw { draw, .. } | Instruction::DrawWhere { draw, .. } = instruction {
                all[draw / 64] |= 1 << (draw % 64);
            }
            known[to as usize] = all;
        }
        found
    }
}

fn has(draws: &Draws, draw: usize) -> bool {
    draws[draw / 64] >> (draw % 64) & 1 == 1
}

fn join(all: &mut Draws, other: &Draws) {
    all.iter_mut().zip(other).for_each(|(all, other)| *all |= other);
}

/// Hands every register that an instruction reads to `each`; the register that it writes, where it writes one.
fn read(instruction: &Instruction, each: &mut impl FnMut(Register)) -> Option<Register> {
    let mut operand = |operand: &Operand| {
        if let Operand::Column(register) = operand {
            each(*register);
        }
    };
    match instruction {
        Instruction::Correlate { .. } => None,
        Instruction::Draw { arguments, to, .. } => {
            arguments.iter().for_each(operand);
            Some(*to)
        }
        Instruction::DrawWhere { event, to, .. } => {
            each(*event);
            Some(*to)
        }
        Instruction::Chain { start, steps, to } => {
            operand(start);
            steps.iter().for_each(|(_, side): &(ChainOp, Operand)| operand(side));
            Some(*to)
        }
        Instruction::Unary { x, to, .. } | Instruction::Column { row: x, to, .. } => {
            each(*x);
            Some(*to)
        }
        Instruction::Binary { x, y, to, .. } => {
            [x, y].into_iter().for_each(operand);
            Some(*to)
        }
        Instruction::Select { condition, then, otherwise, to } => {
            [then, otherwise].into_iter().for_each(operand);
            each(*condition);
            Some(*to)
        }
        Instruction::Emit { value, .. } => {
            operand(value);
            None
        }
    }
}
