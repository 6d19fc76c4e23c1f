//! Which axes every formula and output runs over, before anything is checked.
//!
//! A formula runs over the union of the axes of what it names, less those it reduces or pins. Formulas name
//! each other, and themselves through `previous`, so the axes are a least fixed point: all sets start empty
//! and grow until nothing changes. A formula that names something unknown has no answer, and neither has what
//! depends on it; those are left alone by later checks, so that one mistake makes one report.

use std::collections::{BTreeSet, VecDeque};

use super::expression::Symbol;
use super::functions::{FunctionKind, function};
use super::model::{AxisId, VariableId};
use super::names::Names;
use super::syntax::{Ast, AstKind, IndexItem};

/// The parts of a variable that decide its axes.
pub struct Parts<'a> {
    /// `None` where it could not be parsed.
    pub formula: Option<&'a Ast>,
    /// Outer `None`: no `initial`; inner `None`: could not be parsed.
    pub initial: Option<Option<&'a Ast>>,
}

/// Sets the axes of all variables in `names`, which hold `Some(empty)` or `None` before.
///
/// Every variable is looked at once, and again whenever the axes of one that it names have grown, which they do at most
/// once an axis.
pub fn infer(variables: &[Parts<'_>], names: &mut Names) {
    let mut named_by: Vec<Vec<usize>> = vec![Vec::new(); variables.len()];
    for (index, parts) in variables.iter().enumerate() {
        for ast in parts.formula.into_iter().chain(parts.initial.flatten()) {
            ast.each_name(&mut |name| {
                if let Some(Symbol::Variable(id)) = names.find(name).map(|named| named.symbol) {
                    named_by[id.0].push(index);
                }
            });
        }
    }
    let mut waiting: VecDeque<usize> = (0..variables.len()).collect();
    let mut waits = vec![true; variables.len()];
    while let Some(index) = waiting.pop_front() {
        waits[index] = false;
        let symbol = Symbol::Variable(VariableId(index));
        let Some(before) = names.over(symbol).map(<[AxisId]>::to_vec) else { continue };
        let after = over(&variables[index], symbol, names).map(|axes| axes.into_iter().collect::<Vec<_>>());
        if after.as_ref() != Some(&before) {
            names.set_over(symbol, after);
            // Itself too, for what it says of `previous`.
            for &user in named_by[index].iter().chain([&index]) {
                if !std::mem::replace(&mut waits[user], true) {
                    waiting.push_back(user);
                }
            }
        }
    }
}

fn over(parts: &Parts<'_>, symbol: Symbol, names: &Names) -> Option<BTreeSet<AxisId>> {
    let mut axes = axes(parts.formula?, symbol, names)?;
    if let Some(initial) = parts.initial {
        axes.extend(self::axes(initial?, symbol, names)?);
        axes.extend(names.year());
    }
    axes.extend(names.over(symbol)?);
    Some(axes)
}

/// Axes of an expression in the definition of `owner`; `None` where it names something unknown.
fn axes(ast: &Ast, owner: Symbol, names: &Names) -> Option<BTreeSet<AxisId>> {
    match &ast.kind {
        AstKind::Number(_) => Some(BTreeSet::new()),
        AstKind::Text(_) | AstKind::Map(_) | AstKind::List(_) | AstKind::Weighted(..) => None,
        AstKind::Name(name) => match name.as_str() {
            "pi" | "e" => Some(BTreeSet::new()),
            "year" => Some([names.year()?].into()),
            "previous" => lagged_self(owner, names),
            _ => Some(names.over(names.find(name)?.symbol)?.iter().copied().collect()),
        },
        AstKind::Index { name, items } => {
            let over = names.over(names.find(&name.text)?.symbol)?;
            Some(over.iter().copied().filter(|a| !items.iter().any(|item| pins(item, *a, names))).collect())
        }
        AstKind::Unary(_, x) => axes(x, owner, names),
        AstKind::Binary(_, x, y) => union([&**x, &**y], owner, names),
        AstKind::Call { function, arguments } => {
            let arguments: Vec<&Ast> = arguments.iter().map(|a| &a.value).collect();
            call(&function.text, &arguments, owner, names)
        }
    }
}

fn call(name: &str, arguments: &[&Ast], owner: Symbol, names: &Names) -> Option<BTreeSet<AxisId>> {
    let kind = function(name)?.kind;
    let all = || union(arguments.iter().copied(), owner, names);
    match (kind, arguments) {
        (FunctionKind::Extreme(..) | FunctionKind::Reduce(_), [first, second]) => {
            let (operand, axis) = match (axis_named(second, names), axis_named(first, names)) {
                (Some(axis), _) => (first, axis),
                (None, Some(axis)) if matches!(kind, FunctionKind::Reduce(_)) => (second, axis),
                (None, _) if matches!(kind, FunctionKind::Reduce(_)) => return None,
                _ => return all(),
            };
            let mut axes = axes(operand, owner, names)?;
            axes.remove(&axis);
            Some(axes)
        }
        (FunctionKind::Share, [operand, _]) => axes(operand, owner, names),
        (FunctionKind::Previous, []) => lagged_self(owner, names),
        (FunctionKind::Previous, [first, ..]) if matches!(first.kind, AstKind::Number(_)) => {
            lagged_self(owner, names)
        }
        (FunctionKind::Previous, [first, ..]) => {
            let mut axes = axes(first, owner, names)?;
            axes.insert(names.year()?);
            Some(axes)
        }
        (FunctionKind::Cagr | FunctionKind::Npv, _) => {
            let mut axes = all()?;
            axes.remove(&names.year()?);
            Some(axes)
        }
        (FunctionKind::Cumulative | FunctionKind::Ramp | FunctionKind::Ar1, _) => {
            let mut axes = all()?;
            axes.insert(names.year()?);
            Some(axes)
        }
        _ => all(),
    }
}

fn union<'a>(
    parts: impl IntoIterator<Item = &'a Ast>,
    owner: Symbol,
    names: &Names,
) -> Option<BTreeSet<AxisId>> {
    let mut axes = BTreeSet::new();
    for part in parts {
        axes.extend(self::axes(part, owner, names)?);
    }
    Some(axes)
}

fn lagged_self(owner: Symbol, names: &Names) -> Option<BTreeSet<AxisId>> {
    let mut axes: BTreeSet<AxisId> = names.over(owner)?.iter().copied().collect();
    axes.insert(names.year()?);
    Some(axes)
}

/// The axis an argument names, where it is nothing but a name or a text.
pub fn axis_named(ast: &Ast, names: &Names) -> Option<AxisId> {
    match &ast.kind {
        AstKind::Name(name) | AstKind::Text(name) => names.axis(name),
        _ => None,
    }
}

/// True where the item fixes this axis.
fn pins(item: &IndexItem, axis: AxisId, names: &Names) -> bool {
    match &item.axis {
        Some(word) => names.axis(&word.text) == Some(axis),
        None if Some(axis) == names.year() => item.member.text.parse::<i32>().is_ok(),
        None => names.member(axis, &item.member.text).is_some(),
    }
}
