//! The program in words, for `riskband check --explain`.

use std::fmt::Write;

use super::choice::Component;
use super::compile::Program;
use super::draw::DrawLaw;
use super::schedule::{Instruction, Operand};
use crate::diagnostic::counted;

const DRAWN: &str = "quantile function, parameters drawn";

/// One line a draw, one line an instruction, and the size of what a block works on.
pub fn explain(program: &Program) -> String {
    let mut text = String::new();
    let operand = |operand: &Operand| match operand {
        Operand::Column(column) => format!("c{column}"),
        Operand::Constant(value) => format!("{value}"),
    };
    let registers = program.schedule.registers;
    let _ = writeln!(
        text,
        "{}, {}, {}, {} of {} runs ({} KiB)\n",
        counted(program.draws.len() as u64, "draw"),
        counted(program.groups.len() as u64, "copula group"),
        counted(program.schedule.instructions.len() as u64, "instruction"),
        counted(registers as u64, "column"),
        super::BLOCK,
        registers * super::BLOCK * 8 / 1024,
    );
    for (number, draw) in program.draws.iter().enumerate() {
        let method = match &draw.law {
            DrawLaw::Fixed { sampler, .. } => sampler.name(),
            DrawLaw::Drawn(_) => DRAWN.to_string(),
            DrawLaw::Chosen(choice) => {
                let names = choice.components.iter().map(|component| match component {
                    Component::Fixed(sampler) => sampler.name(),
                    Component::Drawn { .. } => DRAWN.to_string(),
                });
                format!("one of: {}", names.collect::<Vec<_>>().join("; "))
            }
            DrawLaw::Compound(sum) => sum.name(),
        };
        let dependence = draw.group.map_or(String::new(), |(group, _)| format!(", copula group {group}"));
        let _ = writeln!(text, "draw {number:<4} {:<32} {method}{dependence}", draw.name);
    }
    text.push('\n');
    for (step, instruction) in program.schedule.instructions.iter().enumerate() {
        let line = match instruction {
            Instruction::Correlate { group } => format!("correlate     group {group}"),
            Instruction::Draw { draw, arguments, to } => {
                let name = &program.draws[*draw].name;
                let values: Vec<String> = arguments.iter().map(&operand).collect();
                let given =
                    if values.is_empty() { String::new() } else { format!(" with {}", values.join(", ")) };
                format!("c{to:<4} = draw {name}{given}")
            }
            Instruction::DrawWhere { draw, event, to } => {
                format!("c{to:<4} = draw {} where c{event}", program.draws[*draw].name)
            }
            Instruction::Chain { start, steps, to } => {
                let steps: Vec<String> =
                    steps.iter().map(|(op, value)| format!(", {} {}", lower(op), operand(value))).collect();
                format!("c{to:<4} = {}{}", operand(start), steps.concat())
            }
            Instruction::Unary { op, x, to } => format!("c{to:<4} = {} c{x}", lower(op)),
            Instruction::Column { column, row, to } => format!("c{to:<4} = row c{row} of data {column}"),
            Instruction::Binary { op, x, y, to } => {
                format!("c{to:<4} = {} {} {}", lower(op), operand(x), operand(y))
            }
            Instruction::Select { condition, then, otherwise, to } => {
                format!("c{to:<4} = if c{condition} then {} else {}", operand(then), operand(otherwise))
            }
            Instruction::Emit { cell, value } => {
                format!("emit  {} = {}", program.cells[*cell].name, operand(value))
            }
        };
        let _ = writeln!(text, "{step:>5}  {line}");
    }
    text
}

/// `LessEqual` as `less_equal`.
fn lower(name: &impl std::fmt::Debug) -> String {
    let mut text = String::new();
    for letter in format!("{name:?}").chars() {
        if letter.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}
