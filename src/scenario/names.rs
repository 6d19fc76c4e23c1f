//! What a formula can refer to: axes, and the constants, inputs and variables over them.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet};

use super::data::Tables;
use super::expression::Symbol;
use super::lexer::is_name_part;
use super::model::{Axis, AxisId, ConstantId, InputId, VariableId};
use crate::diagnostic::{Diagnostic, Span, nearest};

/// More unknown names than anyone reads about.
const MOST_COMPARED: usize = 200;

/// Every name of a scenario.
#[derive(Debug, Default)]
pub struct Names {
    pub axes: Vec<Axis>,
    /// Where each axis is defined.
    pub axis_spans: Vec<Span>,
    /// True once a part of [axes] could not be read: then a missing axis says nothing.
    pub axes_broken: bool,
    /// The data files that its laws name.
    pub tables: Tables,
    /// True once a section could not be read: then an unknown name says nothing.
    pub incomplete: bool,
    symbols: BTreeMap<String, Named>,
    /// Names that no formula can write, as they are typed.
    unwritable: BTreeSet<String>,
    /// How many unknown names were compared with all that are known.
    compared: Cell<usize>,
    /// True once a formula has named the years, or called a function that needs them.
    years_used: Cell<bool>,
    constants: Vec<Slot>,
    inputs: Vec<Slot>,
    variables: Vec<Slot>,
}

/// A name and where it is defined.
#[derive(Clone, Copy, Debug)]
pub struct Named {
    pub symbol: Symbol,
    pub span: Span,
}

/// The name and the axes of a symbol; no axes where its definition could not be understood.
#[derive(Debug, Default)]
struct Slot {
    name: String,
    over: Option<Vec<AxisId>>,
}

impl Names {
    /// Adds a name; a second one of the same name is kept under its symbol only.
    pub fn define(&mut self, name: &str, symbol: Symbol, span: Span, over: Option<Vec<AxisId>>) {
        let slots = match symbol {
            Symbol::Constant(_) => &mut self.constants,
            Symbol::Input(_) => &mut self.inputs,
            Symbol::Variable(_) => &mut self.variables,
        };
        slots.push(Slot { name: name.to_string(), over });
        self.symbols.entry(name.to_string()).or_insert(Named { symbol, span });
    }

    /// Adds a name that no formula can write; the one proposed for it stands for it.
    pub fn define_unwritable(
        &mut self,
        name: &str,
        plain: &str,
        symbol: Symbol,
        span: Span,
        over: Option<Vec<AxisId>>,
    ) {
        self.unwritable.insert(name.to_string());
        self.define(plain, symbol, span, over);
    }

    /// True where a text holds a name that no formula can write.
    pub fn has_unwritable(&self, text: &str) -> bool {
        self.unwritable.iter().any(|name| !name.is_empty() && text.contains(name.as_str()))
    }

    /// True for a word of a name that no formula can write.
    pub fn is_part_of_unwritable(&self, word: &str) -> bool {
        let mut parts = self.unwritable.iter().flat_map(|name| name.split(|c| !is_name_part(c)));
        parts.any(|part| part == word)
    }

    /// "did you mean `…`?" of all names and these words, or nothing; nothing, too, once so many names are unknown that
    /// nobody reads on.
    pub fn did_you_mean(&self, typed: &str, words: &[&str]) -> String {
        let compared = self.compared.get();
        self.compared.set(compared + 1);
        match compared {
            ..MOST_COMPARED => did_you_mean(typed, self.all().chain(words.iter().copied())),
            _ => String::new(),
        }
    }

    /// What has this name.
    pub fn find(&self, name: &str) -> Option<Named> {
        self.symbols.get(name).copied()
    }

    /// Name of a symbol.
    pub fn name(&self, symbol: Symbol) -> &str {
        &self.slot(symbol).name
    }

    /// Axes of a symbol, sorted; `None` where its definition could not be understood.
    pub fn over(&self, symbol: Symbol) -> Option<&[AxisId]> {
        self.slot(symbol).over.as_deref()
    }

    /// Sets the axes of a symbol.
    pub fn set_over(&mut self, symbol: Symbol, over: Option<Vec<AxisId>>) {
        let slot = match symbol {
            Symbol::Constant(id) => &mut self.constants[id.0],
            Symbol::Input(id) => &mut self.inputs[id.0],
            Symbol::Variable(id) => &mut self.variables[id.0],
        };
        slot.over = over;
    }

    fn slot(&self, symbol: Symbol) -> &Slot {
        match symbol {
            Symbol::Constant(id) => &self.constants[id.0],
            Symbol::Input(id) => &self.inputs[id.0],
            Symbol::Variable(id) => &self.variables[id.0],
        }
    }

    /// All names of constants, inputs, formulas and outputs.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.symbols.keys().map(String::as_str)
    }

    /// Every symbol: constants, then inputs, then variables.
    pub fn symbols(&self) -> Vec<Symbol> {
        let constants = (0..self.constants.len()).map(|i| Symbol::Constant(ConstantId(i)));
        let inputs = (0..self.inputs.len()).map(|i| Symbol::Input(InputId(i)));
        let variables = (0..self.variables.len()).map(|i| Symbol::Variable(VariableId(i)));
        constants.chain(inputs).chain(variables).collect()
    }

    /// True where some definition could not be understood.
    pub fn any_broken(&self) -> bool {
        self.axes_broken
            || self.incomplete
            || self.symbols().iter().any(|symbol| self.over(*symbol).is_none())
    }

    /// The axis of this name.
    pub fn axis(&self, name: &str) -> Option<AxisId> {
        self.axes.iter().position(|a| a.name == name).map(AxisId)
    }

    /// The year axis, if the scenario has years.
    pub fn year(&self) -> Option<AxisId> {
        self.axes.iter().position(|a| a.first_year.is_some()).map(AxisId)
    }

    /// First and last year.
    pub fn years(&self) -> Option<(i32, i32)> {
        let axis = &self.axes[self.year()?.0];
        let first = axis.first_year?;
        Some((first, first + axis.members.len() as i32 - 1))
    }

    /// Notes that a formula needs the years.
    pub fn use_years(&self) {
        self.years_used.set(true);
    }

    /// True where a formula needs the years.
    pub fn uses_years(&self) -> bool {
        self.years_used.get()
    }

    /// Number of members of an axis.
    pub fn length(&self, axis: AxisId) -> usize {
        self.axes[axis.0].members.len()
    }

    /// Number of cells over these axes; saturates.
    pub fn cells(&self, over: &[AxisId]) -> usize {
        over.iter().fold(1, |cells: usize, a| cells.saturating_mul(self.length(*a)))
    }

    /// Index of a member of an axis.
    pub fn member(&self, axis: AxisId, name: &str) -> Option<usize> {
        self.axes[axis.0].members.iter().position(|m| m == name)
    }

    /// "driver and year", or "no axis".
    pub fn list<'a>(&self, axes: impl IntoIterator<Item = &'a AxisId>) -> String {
        let names: BTreeSet<AxisId> = axes.into_iter().copied().collect();
        let names: Vec<String> = names.iter().map(|a| format!("`{}`", self.axes[a.0].name)).collect();
        match names.split_last() {
            None => "no axis".to_string(),
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
        }
    }

    /// Label for the place where a symbol is defined: "runs over … here".
    pub fn defined(&self, named: Named) -> Option<(Span, String)> {
        let over = self.over(named.symbol)?;
        let name = self.name(named.symbol);
        let what = match over {
            [] => format!("`{name}` has no axis"),
            _ => format!("`{name}` runs over {}", self.list(over)),
        };
        Some((named.span, what))
    }
}

/// "did you mean `…`?" or nothing.
pub fn did_you_mean<'a>(typed: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(typed, candidates).map_or(String::new(), |name| format!("did you mean `{name}`?"))
}

/// `a`, `b` and `c`: a list for a sentence, cut after ten.
pub fn listed<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let names: Vec<String> = names.into_iter().map(|n| format!("`{n}`")).collect();
    match names.split_last() {
        None => "none".to_string(),
        Some((last, [])) => last.clone(),
        Some(_) if names.len() > 10 => format!("{} and {} more", names[..10].join(", "), names.len() - 10),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// Adds the place of definition of a symbol to a diagnostic.
pub fn with_definition(report: Diagnostic, names: &Names, named: Named) -> Diagnostic {
    match names.defined(named) {
        Some((span, text)) => report.context(span, text),
        None => report,
    }
}
