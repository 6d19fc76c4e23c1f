//! Which outputs are probabilities: those that are 0 or 1 in every run, so that their mean is the share of runs in which
//! something is the case.
//!
//! Every expression is given the finite values it can take ([`ValueSet`]), from those of its parts and as if these went
//! their own ways: no value is missing, some may never come. So a comparison is known under any name and through `if`,
//! products, `min`, `max` and `1 − x`. Names that rest on each other through the years start without values and gain
//! some until none is new: the least fixed point (Cousot & Cousot (1977), Abstract interpretation: a unified lattice
//! model for static analysis of programs, POPL, 238–252, doi:10.1145/512950.512973).

use std::collections::VecDeque;

use super::draw_spec::{DrawSpec, LawSpec, Movement};
use super::expression::{BinaryOp, Expr, Reduction, Symbol, UnaryOp};
use super::model::{AxisId, Input, InputId, Scenario, VariableId};
use super::tree::{Table, Value};
use super::value_set::ValueSet;
use crate::diagnostic::{Diagnostic, UNIT};
use crate::distribution::{Composition, Family, Law};

/// A name gains values so many times before any are taken to be possible.
const MOST_CHANGES: usize = 16;
/// Families whose values are whole numbers, none below 0.
const COUNTS: &[&str] = &[
    "beta_binomial",
    "binomial",
    "geometric",
    "hypergeometric",
    "logarithmic",
    "negative_binomial",
    "poisson",
    "zipf",
];

/// What an expression can be.
#[derive(Clone, Debug, PartialEq)]
struct Possible {
    values: ValueSet,
    /// Rests on chance or on a condition; a table of zeros and ones alone says nothing that could be probable.
    is_claim: bool,
}

/// Marks the outputs of a scenario that are probabilities, and those that take one of two other values.
pub fn find_probabilities(scenario: &mut Scenario) {
    let possible = Search::of(scenario).run();
    for output in &mut scenario.outputs {
        let found = &possible[output.variable.0];
        output.is_truth = found.is_claim && found.values.are_within(0.0, 1.0);
        output.values = match output.is_truth {
            true => Some([0.0, 1.0]),
            false => found.values.pair().filter(|_| found.is_claim),
        };
    }
}

/// Leaves the units of probabilities out, and says so: their figures are shares of runs, whatever the unit says.
pub fn drop_units(scenario: &mut Scenario, document: &Table, problems: &mut Vec<Diagnostic>) {
    let outputs = match document.get("outputs").map(|entry| &entry.node.value) {
        Some(Value::Table(outputs)) => outputs,
        _ => return,
    };
    for output in scenario.outputs.iter().filter(|output| output.is_truth) {
        let variable = &mut scenario.variables[output.variable.0];
        let keys = match outputs.get(&variable.name).map(|entry| &entry.node.value) {
            Some(Value::Table(keys)) => keys,
            _ => continue,
        };
        let Some(unit) = keys.get("unit").filter(|_| variable.unit.take().is_some()) else { continue };
        let per_cent = matches!(&unit.node.value, Value::Text(text) if text.text.trim() == "%");
        let report = Diagnostic::warning(&UNIT, "a probability has no unit")
            .label(unit.node.span, format!("`{}` is 0 or 1 in every run", variable.name));
        problems.push(match per_cent {
            true => report.help(format!(
                "leave it out, or write `formula = \"100 * ({})\"` for figures in %",
                variable.text.trim()
            )),
            false => report.help("leave it out"),
        });
    }
}

/// What every variable and input is known to be so far.
struct Search<'a> {
    scenario: &'a Scenario,
    variables: Vec<Possible>,
    inputs: Vec<Possible>,
}

impl<'a> Search<'a> {
    fn of(scenario: &'a Scenario) -> Search<'a> {
        let nothing = |is_claim| Possible { values: ValueSet::none(), is_claim };
        Search {
            scenario,
            variables: vec![nothing(false); scenario.variables.len()],
            inputs: vec![nothing(true); scenario.inputs.len()],
        }
    }

    /// What every variable can be.
    fn run(mut self) -> Vec<Possible> {
        let (inputs, count) = (self.scenario.inputs.len(), self.scenario.variables.len());
        let mut dependents = vec![Vec::new(); inputs + count];
        for name in 0..inputs + count {
            let mut list = |symbol: Symbol| match symbol {
                Symbol::Constant(_) => {}
                Symbol::Input(InputId(input)) => dependents[input].push(name),
                Symbol::Variable(VariableId(variable)) => dependents[inputs + variable].push(name),
            };
            for expr in self.expressions(name) {
                each_symbol(expr, &mut list);
            }
        }
        let mut changes = vec![0; inputs + count];
        let mut waiting: VecDeque<usize> = (0..inputs + count).collect();
        let mut is_waiting = vec![true; inputs + count];
        while let Some(name) = waiting.pop_front() {
            is_waiting[name] = false;
            let mut now = self.name(name);
            let slot = match name.checked_sub(inputs) {
                None => &mut self.inputs[name],
                Some(variable) => &mut self.variables[variable],
            };
            if *slot == now {
                continue;
            }
            changes[name] += 1;
            if changes[name] > MOST_CHANGES {
                now.values = ValueSet::Any;
            }
            *slot = now;
            for &dependent in &dependents[name] {
                if !std::mem::replace(&mut is_waiting[dependent], true) {
                    waiting.push_back(dependent);
                }
            }
        }
        self.variables
    }

    /// The expressions that a name stands for: inputs first, then variables.
    fn expressions(&self, name: usize) -> Vec<&'a Expr> {
        match name.checked_sub(self.scenario.inputs.len()) {
            None => {
                let recurrences = self.scenario.inputs[name].recurrences.iter();
                recurrences.flat_map(|r| r.initial.iter().chain([&r.formula])).collect()
            }
            Some(variable) => {
                let variable = &self.scenario.variables[variable];
                variable.initial.iter().chain([&variable.formula]).collect()
            }
        }
    }

    fn name(&self, name: usize) -> Possible {
        let parts = self.expressions(name).into_iter().map(|expr| self.of_expr(expr));
        let computed = union(parts);
        match self.scenario.inputs.get(name) {
            Some(input) => Possible { values: computed.values.union(&self.of_draws(input)), is_claim: true },
            None => computed,
        }
    }

    fn of_draws(&self, input: &Input) -> ValueSet {
        input.laws.iter().fold(ValueSet::none(), |sum, spec| match spec {
            DrawSpec::Law(law) | DrawSpec::Chosen(_, law) => sum.union(&self.of_law(law)),
            DrawSpec::Compound(_) => ValueSet::Any,
        })
    }

    fn of_law(&self, law: &LawSpec) -> ValueSet {
        match law {
            LawSpec::Family { entry, .. } if entry.name == "bernoulli" => ValueSet::truths(),
            LawSpec::Family { entry, form, arguments } => {
                let numbers: Option<Vec<f64>> = arguments.iter().map(number).collect();
                let known = numbers.and_then(|numbers| (entry.forms[*form].build)(&numbers).ok());
                match known {
                    Some(law) if is_zero_or_one(&law) => ValueSet::truths(),
                    Some(law) if COUNTS.contains(&entry.name) || entry.name == "uniform_int" => {
                        let (least, greatest) = law.support();
                        ValueSet::whole(least, greatest)
                    }
                    None if COUNTS.contains(&entry.name) => ValueSet::whole(0.0, f64::INFINITY),
                    _ => ValueSet::Any,
                }
            }
            LawSpec::Given(law) if is_zero_or_one(law) => ValueSet::truths(),
            LawSpec::Given(_) => ValueSet::Any,
            LawSpec::Truncate { base, .. } => self.of_law(base),
            LawSpec::Move { base, movement, by } => {
                let op = match movement {
                    Movement::Shift => BinaryOp::Add,
                    Movement::Scale => BinaryOp::Multiply,
                };
                self.of_law(base).pairs(op, &self.of_expr(by).values)
            }
            LawSpec::Compose { composition, laws, .. } => {
                let start = match composition {
                    Composition::ZeroInflated => ValueSet::few([0.0]),
                    Composition::Mixture | Composition::Splice | Composition::WeightedSplice => {
                        ValueSet::none()
                    }
                };
                laws.iter().fold(start, |sum, law| sum.union(&self.of_law(law)))
            }
        }
    }

    fn of_expr(&self, expr: &Expr) -> Possible {
        let plain = |values: ValueSet| Possible { values, is_claim: false };
        let truth = || Possible { values: ValueSet::truths(), is_claim: true };
        match expr {
            Expr::Number(value) => plain(ValueSet::few([*value])),
            Expr::Year => plain(ValueSet::Any),
            Expr::Reference { symbol, .. } | Expr::Lagged { symbol, .. } => match symbol {
                Symbol::Constant(id) => {
                    plain(ValueSet::few(self.scenario.constants[id.0].values.iter().copied()))
                }
                Symbol::Input(id) => self.inputs[id.0].clone(),
                Symbol::Variable(id) => self.variables[id.0].clone(),
            },
            Expr::Unary(UnaryOp::Not, _) => truth(),
            Expr::Unary(op, x) => {
                let x = self.of_expr(x);
                Possible { values: x.values.each(*op), ..x }
            }
            Expr::Binary(op, ..) if is_logical(*op) => truth(),
            Expr::Binary(op, x, y) => both(self.of_expr(x), &self.of_expr(y), *op),
            Expr::If(condition, then, otherwise) => {
                let branches = union([self.of_expr(then), self.of_expr(otherwise)].into_iter());
                Possible { is_claim: branches.is_claim || self.of_expr(condition).is_claim, ..branches }
            }
            Expr::Clamp(x, low, high) => {
                let raised = both(self.of_expr(x), &self.of_expr(low), BinaryOp::Max);
                both(raised, &self.of_expr(high), BinaryOp::Min)
            }
            Expr::Reduce(reduction, x, axis) => {
                let x = self.of_expr(x);
                Possible { values: self.reduced(*reduction, &x.values, *axis), ..x }
            }
            Expr::Cumulative(x) => {
                let x = self.of_expr(x);
                let years = self.scenario.year_axis().map_or(1, |axis| self.members(axis));
                Possible { values: x.values.sums(1..=years), ..x }
            }
            Expr::Column(column, row) => Possible {
                values: ValueSet::few(column.iter().copied()),
                is_claim: self.of_expr(row).is_claim,
            },
            Expr::Share(..) | Expr::Cagr(_) | Expr::Ramp(..) | Expr::Npv(..) | Expr::Ar1(..) => {
                plain(ValueSet::Any)
            }
        }
    }

    fn reduced(&self, reduction: Reduction, x: &ValueSet, axis: AxisId) -> ValueSet {
        let members = self.members(axis);
        match reduction {
            Reduction::Min | Reduction::Max => x.clone(),
            Reduction::Product => x.products(members),
            Reduction::Sum => x.sums(members..=members),
            Reduction::Count => ValueSet::whole(0.0, members as f64),
            Reduction::Mean => {
                let count = ValueSet::few([members as f64]);
                x.sums(members..=members).pairs(BinaryOp::Divide, &count)
            }
        }
    }

    /// Members of an axis, two at least: a sum stays a count where an axis happens to have a single member.
    fn members(&self, axis: AxisId) -> usize {
        self.scenario.axes[axis.0].members.len().max(2)
    }
}

fn number(expr: &Expr) -> Option<f64> {
    match expr {
        Expr::Number(value) => Some(*value),
        _ => None,
    }
}

fn is_logical(op: BinaryOp) -> bool {
    use BinaryOp::{And, Equal, Greater, GreaterEqual, Less, LessEqual, NotEqual, Or};
    matches!(op, Less | LessEqual | Greater | GreaterEqual | Equal | NotEqual | And | Or)
}

fn union(parts: impl Iterator<Item = Possible>) -> Possible {
    let nothing = Possible { values: ValueSet::none(), is_claim: false };
    parts.fold(nothing, |sum, part| Possible {
        values: sum.values.union(&part.values),
        is_claim: sum.is_claim || part.is_claim,
    })
}

fn both(x: Possible, y: &Possible, op: BinaryOp) -> Possible {
    Possible { values: x.values.pairs(op, &y.values), is_claim: x.is_claim || y.is_claim }
}

/// True for a law with no probability but at 0 and 1.
fn is_zero_or_one(law: &Law) -> bool {
    law.is_discrete() && law.support() == (0.0, 1.0) && law.cdf(1.0_f64.next_down()) == law.cdf(0.0)
}

/// Calls `list` with every name in an expression.
fn each_symbol(expr: &Expr, list: &mut impl FnMut(Symbol)) {
    match expr {
        Expr::Number(_) | Expr::Year => {}
        Expr::Reference { symbol, .. } | Expr::Lagged { symbol, .. } => list(*symbol),
        Expr::Unary(_, x)
        | Expr::Column(_, x)
        | Expr::Reduce(_, x, _)
        | Expr::Share(x, _)
        | Expr::Cumulative(x)
        | Expr::Cagr(x) => each_symbol(x, list),
        Expr::Binary(_, x, y) | Expr::Ramp(x, y) | Expr::Npv(x, y) | Expr::Ar1(x, y) => {
            each_symbol(x, list);
            each_symbol(y, list);
        }
        Expr::If(a, b, c) | Expr::Clamp(a, b, c) => {
            each_symbol(a, list);
            each_symbol(b, list);
            each_symbol(c, list);
        }
    }
}
