//! Values that need each other within one year.
//!
//! Formulas may name each other in any order, and through `previous` also in circles: each year then rests on
//! the one before. What must not be is a circle within one year. The search goes cell by cell — a cell is a
//! value in one year — so that `market[2025]` inside a formula that `market` needs in later years is no
//! mistake. In the base year `previous(x)` is the base year's own value, so there it counts as the same year,
//! unless `initial` stands instead.

use std::collections::{BTreeMap, BTreeSet};

use super::circles::circles;
use super::expression::Symbol;
use super::names::Names;
use super::resolve::{Use, When};
use crate::diagnostic::{CYCLE, Diagnostic};

/// What a definition mentions.
#[derive(Debug)]
pub struct Definition {
    pub symbol: Symbol,
    /// Mentions of `initial`, where there is one.
    pub initial: Option<Vec<Use>>,
    pub formula: Vec<Use>,
}

/// One report for each set of definitions that need each other within a year.
pub fn cycles(definitions: &[Definition], names: &Names, problems: &mut Vec<Diagnostic>) {
    let index: BTreeMap<_, usize> =
        definitions.iter().enumerate().map(|(i, d)| (order(d.symbol), i)).collect();
    let years = names.year().map_or(1, |axis| names.length(axis));
    let mut search = Search { definitions, index, years, inside: BTreeSet::new(), states: BTreeMap::new() };
    for component in search.components() {
        search.inside = component.iter().copied().collect();
        if let Some(path) = search.find(&component) {
            problems.push(report(&path, definitions, names));
        }
    }
}

fn order(symbol: Symbol) -> (u8, usize) {
    match symbol {
        Symbol::Constant(id) => (0, id.0),
        Symbol::Input(id) => (1, id.0),
        Symbol::Variable(id) => (2, id.0),
    }
}

/// A value in one year, or all its values up to a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cell {
    At(usize, usize),
    UpTo(usize, usize),
    Every(usize),
}

/// A step of the path: a cell, and the mention in its definition that leads on.
type Step<'a> = (Cell, Option<&'a Use>);

struct Search<'a> {
    definitions: &'a [Definition],
    index: BTreeMap<(u8, usize), usize>,
    years: usize,
    /// Definitions under search.
    inside: BTreeSet<usize>,
    /// Cells seen: false while they are on the path, true when done.
    states: BTreeMap<Cell, bool>,
}

impl<'a> Search<'a> {
    /// Sets of definitions that reach each other by any mention, those of one without a mention of itself
    /// left out.
    fn components(&self) -> Vec<Vec<usize>> {
        let targets = |d: &Definition| -> Vec<usize> {
            d.initial.iter().flatten().chain(&d.formula).filter_map(|u| self.target(u)).collect()
        };
        circles(&self.definitions.iter().map(targets).collect::<Vec<_>>())
    }

    fn target(&self, mention: &Use) -> Option<usize> {
        self.index.get(&order(mention.symbol)).copied()
    }

    /// A path of cells that ends where it began.
    fn find(&mut self, component: &[usize]) -> Option<Vec<(usize, &'a Use)>> {
        for &definition in component {
            for year in 0..self.years {
                if let Some(path) = self.walk(Cell::At(definition, year)) {
                    return Some(path);
                }
            }
        }
        None
    }

    /// Depth first from one cell, without recursion.
    fn walk(&mut self, start: Cell) -> Option<Vec<(usize, &'a Use)>> {
        if self.states.contains_key(&start) {
            return None;
        }
        let mut stack: Vec<(Step<'a>, Vec<Step<'a>>)> = vec![((start, None), self.next(start))];
        self.states.insert(start, false);
        while let Some((_, successors)) = stack.last_mut() {
            let Some((cell, mention)) = successors.pop() else {
                if let Some(((cell, _), _)) = stack.pop() {
                    self.states.insert(cell, true);
                }
                continue;
            };
            match self.states.get(&cell) {
                Some(true) => {}
                Some(false) => {
                    let from = stack.iter().position(|((c, _), _)| *c == cell).unwrap_or(0);
                    let mut steps: Vec<Step<'a>> = stack[from..].iter().map(|(step, _)| *step).collect();
                    steps.push((cell, mention));
                    return Some(mentions(&steps));
                }
                None => {
                    self.states.insert(cell, false);
                    let next = self.next(cell);
                    stack.push(((cell, mention), next));
                }
            }
        }
        None
    }

    /// Cells a cell needs, each with the mention that says so.
    fn next(&self, cell: Cell) -> Vec<Step<'a>> {
        match cell {
            Cell::Every(d) => (0..self.years).map(|year| (Cell::At(d, year), None)).collect(),
            Cell::UpTo(d, year) => {
                let mut next = vec![(Cell::At(d, year), None)];
                next.extend(year.checked_sub(1).map(|before| (Cell::UpTo(d, before), None)));
                next
            }
            Cell::At(d, year) => {
                let definition = &self.definitions[d];
                let uses = match &definition.initial {
                    Some(initial) if year == 0 => initial,
                    _ => &definition.formula,
                };
                uses.iter().filter_map(|u| Some((self.needed(u, year)?, Some(u)))).collect()
            }
        }
    }

    fn needed(&self, mention: &Use, year: usize) -> Option<Cell> {
        let target = self.target(mention).filter(|t| self.inside.contains(t))?;
        Some(match mention.when {
            When::Timeless => Cell::At(target, 0),
            When::Back(lag) => Cell::At(target, year.saturating_sub(lag)),
            When::UpTo(lag) => Cell::UpTo(target, year.saturating_sub(lag)),
            When::At(year) => Cell::At(target, year),
            When::Every => Cell::Every(target),
        })
    }
}

/// The definitions along a path and the mention in each of them that leads to the next.
fn mentions<'a>(steps: &[Step<'a>]) -> Vec<(usize, &'a Use)> {
    let mut path = Vec::new();
    let mut at = None;
    for (cell, mention) in steps {
        if let (Some(definition), Some(mention)) = (at, mention) {
            path.push((definition, *mention));
        }
        at = match cell {
            Cell::At(d, _) | Cell::UpTo(d, _) | Cell::Every(d) => Some(*d),
        };
    }
    path
}

/// More places of a circle than this are not shown, nor more than twice as many names.
const MOST_PLACES: usize = 8;

fn report(path: &[(usize, &Use)], definitions: &[Definition], names: &Names) -> Diagnostic {
    let name = |definition: usize| names.name(definitions[definition].symbol).to_string();
    // The circle starts at the definition that stands first; what it passes again in another year is shown
    // once.
    let first = (0..path.len()).min_by_key(|i| path[*i].1.span).unwrap_or(0);
    let mut known = BTreeSet::new();
    let steps: Vec<(usize, &Use)> = (0..path.len())
        .map(|step| path[(first + step) % path.len()])
        .filter(|(_, mention)| known.insert(mention.span))
        .collect();
    let mut circle: Vec<String> = steps.iter().map(|(d, _)| name(*d)).collect();
    circle.dedup();
    circle.extend(circle.first().cloned());
    if let Some(more) = circle.len().checked_sub(2 * MOST_PLACES + 1).filter(|more| *more > 0) {
        circle.splice(MOST_PLACES..MOST_PLACES + more, [format!("{more} more")]);
    }
    let mut report = Diagnostic::error(&CYCLE, format!("a circle: {}", circle.join(" → ")));
    for (step, (definition, mention)) in steps.iter().enumerate().take(MOST_PLACES) {
        let label = format!("`{}` needs {}", name(*definition), needed(mention, names));
        report =
            if step == 0 { report.label(mention.span, label) } else { report.context(mention.span, label) };
    }
    let any = |wanted: fn(&When) -> bool| steps.iter().any(|(_, mention)| wanted(&mention.when));
    let drawn = |symbol: Symbol| matches!(symbol, Symbol::Constant(_) | Symbol::Input(_));
    report.help(match () {
        () if any(|when| matches!(when, When::At(_) | When::Every)) => {
            "what needs these years cannot be needed within them: pin an earlier year, or read `previous(x)`"
        }
        () if any(|when| matches!(when, When::Back(1..) | When::UpTo(1..))) => {
            "in the first year `previous(x)` is the first year's own value: give one of them an `initial`"
        }
        () if names.year().is_none() || steps.iter().any(|(d, _)| drawn(definitions[*d].symbol)) => {
            "one of them must stand on its own"
        }
        () => "read one of them a year earlier: `previous(x)`, with an `initial` for the first year",
    })
}

/// What a mention needs, in words.
fn needed(mention: &Use, names: &Names) -> String {
    let name = names.name(mention.symbol);
    let first = names.years().map_or(0, |(first, _)| first);
    match mention.when {
        When::Timeless | When::Back(0) => format!("`{name}`"),
        When::Back(1) => format!("`{name}` of the year before"),
        When::Back(lag) => format!("`{name}` of {lag} years before"),
        When::UpTo(0) => format!("`{name}` up to the same year"),
        When::UpTo(_) => format!("`{name}` of the years before"),
        When::At(year) => format!("`{name}` of {}", i64::from(first) + year as i64),
        When::Every => format!("`{name}` of every year"),
    }
}
