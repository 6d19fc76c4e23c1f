//! Formulas and outputs: names resolved, dimensions checked.

use super::cycles::Definition;
use super::declare::VariableDeclaration;
use super::expression::{Expr, Symbol};
use super::model::VariableId;
use super::names::Names;
use super::resolve::{Part, Resolved, Resolver, Use, When};
use super::spread::check_cells;
use super::syntax::Ast;
use crate::diagnostic::{Diagnostic, PREVIOUS, SCENARIO_SIZE};

/// A variable's expressions.
pub struct ResolvedVariable {
    pub formula: Expr,
    pub initial: Option<Expr>,
}

/// The expressions of all variables, `None` where something is wrong with one, and what each of them
/// mentions.
pub fn variables(
    declarations: &[VariableDeclaration],
    names: &Names,
    problems: &mut Vec<Diagnostic>,
) -> (Vec<Option<ResolvedVariable>>, Vec<Definition>) {
    let mut resolved = Vec::new();
    let mut definitions = Vec::new();
    for (index, declaration) in declarations.iter().enumerate() {
        let symbol = Symbol::Variable(VariableId(index));
        let part = Part::Formula { has_initial: declaration.initial.is_some() };
        let (formula, uses) = resolve(declaration.formula.as_ref(), symbol, part, names, problems);
        let mut definition = Definition { symbol, initial: None, formula: uses };
        let initial = declaration.initial.as_ref().map(|ast| {
            let (initial, uses) = resolve(ast.as_ref(), symbol, Part::Initial, names, problems);
            let initial = initial.filter(|x| has_no_years(x, ast.as_ref(), &uses, names, problems));
            definition.initial = Some(uses);
            initial
        });
        definitions.push(definition);
        // What runs over too much usually makes all that names it run over it too: the first report is
        // enough.
        if let Some(over) = names.over(symbol)
            && problems.iter().all(|problem| problem.code != &SCENARIO_SIZE)
            && let Some(report) =
                check_cells(&format!("`{}`", declaration.head.name), over, names, declaration.head.span)
        {
            problems.push(report);
        }
        resolved.push(match (formula, initial) {
            (Some(formula), None) => Some(ResolvedVariable { formula: formula.expr, initial: None }),
            (Some(formula), Some(Some(initial))) => {
                Some(ResolvedVariable { formula: formula.expr, initial: Some(initial.expr) })
            }
            _ => None,
        });
    }
    (resolved, definitions)
}

fn resolve(
    ast: Option<&Ast>,
    symbol: Symbol,
    part: Part,
    names: &Names,
    problems: &mut Vec<Diagnostic>,
) -> (Option<Resolved>, Vec<Use>) {
    let mut resolver = Resolver::new(names, symbol, part, problems);
    let resolved = ast.and_then(|ast| resolver.resolve(ast));
    (resolved, resolver.uses)
}

/// Refuses an `initial` that runs over the years.
fn has_no_years(
    initial: &Resolved,
    ast: Option<&Ast>,
    uses: &[Use],
    names: &Names,
    problems: &mut Vec<Diagnostic>,
) -> bool {
    let (Some(year), Some(ast)) = (names.year(), ast) else { return true };
    if !initial.axes.contains(&year) {
        return true;
    }
    let first = names.years().map_or(0, |(first, _)| first);
    let report = Diagnostic::error(&PREVIOUS, "`initial` must not run over the years");
    problems.push(match uses.iter().find(|u| u.when == When::Back(0)) {
        Some(mention) => {
            let name = names.name(mention.symbol);
            report
                .label(mention.span, format!("`{name}` has a value for every year"))
                .help(format!("pin the first year: `{name}[{first}]`"))
        }
        None => report.label(ast.span, "one value, that of the first year, is taken"),
    });
    false
}
