//! The values of the constants, in the order in which they need each other.

use std::collections::VecDeque;

use super::cycles::Definition;
use super::declare::ConstantDeclaration;
use super::evaluate::Evaluator;
use super::expression::{Expr, Symbol};
use super::fields::expression;
use super::model::{AxisId, ConstantId};
use super::names::Names;
use super::resolve::{Part, Resolver, Use};
use super::spread::{check_cells, spread};
use crate::diagnostic::{AXIS_MISMATCH, CONSTANT, Diagnostic, Span};

/// A constant whose expressions are resolved but not evaluated.
struct Prepared {
    over: Vec<AxisId>,
    /// The different expressions with their places, and which of them each element has.
    leaves: Vec<(Expr, Span)>,
    elements: Vec<usize>,
    needs: Vec<ConstantId>,
}

/// The values of all constants, `None` where something is wrong with one, and what each of them mentions.
pub fn constants(
    declarations: &[ConstantDeclaration<'_>],
    names: &Names,
    problems: &mut Vec<Diagnostic>,
) -> (Vec<Option<Vec<f64>>>, Vec<Definition>) {
    let mut prepared = Vec::new();
    let mut definitions = Vec::new();
    for (index, declaration) in declarations.iter().enumerate() {
        let symbol = Symbol::Constant(ConstantId(index));
        let mut uses = Vec::new();
        prepared.push(prepare(declaration, symbol, names, &mut uses, problems));
        definitions.push(Definition { symbol, initial: None, formula: uses });
    }
    let mut values: Vec<Option<Vec<f64>>> = vec![None; prepared.len()];
    // A constant is computed once all it needs are known; what is left needs itself or something wrong.
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); prepared.len()];
    let mut missing = vec![0; prepared.len()];
    for (index, constant) in prepared.iter().enumerate() {
        for id in constant.iter().flat_map(|constant| &constant.needs) {
            needed_by[id.0].push(index);
            missing[index] += 1;
        }
    }
    let mut ready: VecDeque<usize> = (0..prepared.len()).filter(|&index| missing[index] == 0).collect();
    while let Some(index) = ready.pop_front() {
        let Some(constant) = prepared[index].take() else { continue };
        let name = &declarations[index].head.name;
        values[index] = evaluate(&constant, name, &Evaluator { names, values: &values }, problems);
        if values[index].is_some() {
            for &user in &needed_by[index] {
                missing[user] -= 1;
                if missing[user] == 0 {
                    ready.push_back(user);
                }
            }
        }
    }
    (values, definitions)
}

fn prepare(
    declaration: &ConstantDeclaration<'_>,
    symbol: Symbol,
    names: &Names,
    uses: &mut Vec<Use>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Prepared> {
    let (entry, over) = (declaration.value?, declaration.over.as_ref()?);
    let name = &declaration.head.name;
    if let Some(report) =
        check_cells(&format!("the constant `{name}`"), &over.sorted, names, declaration.head.span)
    {
        problems.push(report);
        return None;
    }
    let spread = spread(entry, over, names, problems)?;
    let mut leaves = Vec::new();
    let mut fine = spread.complete;
    for node in &spread.leaves {
        let leaf = expression(node, "value", problems).and_then(|ast| {
            let mut resolver = Resolver::new(names, symbol, Part::Constant, problems);
            let resolved = resolver.resolve(&ast)?;
            uses.append(&mut resolver.uses);
            let foreign: Vec<AxisId> =
                resolved.axes.iter().copied().filter(|axis| !over.sorted.contains(axis)).collect();
            if foreign.is_empty() {
                return Some((resolved.expr, node.span));
            }
            let axes = names.list(&foreign);
            problems.push(
                Diagnostic::error(
                    &AXIS_MISMATCH,
                    format!("the value of `{name}` runs over {axes}, `{name}` does not"),
                )
                .label(ast.span, format!("runs over {}", names.list(&resolved.axes)))
                .help(format!("add {axes} to `over`, or pin a member")),
            );
            None
        });
        match leaf {
            Some(leaf) => leaves.push(leaf),
            None => fine = false,
        }
    }
    let needs = uses.iter().filter_map(|u| if let Symbol::Constant(id) = u.symbol { Some(id) } else { None });
    fine.then(|| Prepared {
        over: over.sorted.clone(),
        leaves,
        elements: spread.elements,
        needs: needs.collect(),
    })
}

fn evaluate(
    constant: &Prepared,
    name: &str,
    evaluator: &Evaluator<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Option<Vec<f64>> {
    let mut values = Vec::with_capacity(constant.elements.len());
    for (element, leaf) in constant.elements.iter().enumerate() {
        let (expr, span) = &constant.leaves[*leaf];
        let value = evaluator.value(expr, &evaluator.cell(&constant.over, element))?;
        if !value.is_finite() {
            problems.push(
                Diagnostic::error(&CONSTANT, format!("the constant `{name}` is not a finite number"))
                    .label(*span, format!("comes to {value}"))
                    .help("look for a division by zero, or a root or logarithm of a negative number"),
            );
            return None;
        }
        values.push(value);
    }
    Some(values)
}
