//! Outputs that are the same in every run and have no finite value.

use super::declare::Declarations;
use super::evaluate::Evaluator;
use super::expression::Symbol;
use super::variables::ResolvedVariable;
use crate::diagnostic::{CONSTANT, Diagnostic};

/// Cells of an output whose constant values are looked at.
const MOST_LOOKED_AT: usize = 1_000;

/// Refuses an output that is the same in every run and has no finite value.
pub fn finite_outputs(
    declarations: &Declarations<'_>,
    formulas: &[Option<ResolvedVariable>],
    evaluator: &Evaluator<'_>,
    problems: &mut Vec<Diagnostic>,
) {
    let names = evaluator.names;
    for output in &declarations.outputs {
        let id = output.variable;
        let declaration = &declarations.variables[id.0];
        let over = names.over(Symbol::Variable(id)).unwrap_or(&[]);
        let (Some(resolved), Some(ast)) = (&formulas[id.0], &declaration.formula) else { continue };
        let cells = names.cells(over);
        let value = |cell: usize| evaluator.value(&resolved.formula, &evaluator.cell(over, cell));
        let lost = |cell: usize| value(cell).is_some_and(|value| !value.is_finite());
        if resolved.initial.is_none() && (1..=MOST_LOOKED_AT).contains(&cells) && (0..cells).all(lost) {
            let name = &declaration.head.name;
            problems.push(
                Diagnostic::error(&CONSTANT, format!("`{name}` has no finite value in any run"))
                    .label(ast.span, format!("comes to {}", value(0).unwrap_or(f64::NAN)))
                    .help("look for a division by zero, or a root or logarithm of a negative number"),
            );
        }
    }
}
