//! Formulas over axes and years as nodes of a graph, cell by cell.
//!
//! A cell may need another, that one a third, and so on along thousands of formulas and years; so what is still to be
//! done stands in a list of steps, the next one last, and nodes that wait for what uses them in another. Steps are
//! taken in the order in which a recursion would: depth first, left to right.

use std::collections::HashMap;
use std::sync::Arc;

use super::graph::{Graph, NodeId};
use crate::scenario::{AxisId, BinaryOp, DrawSpec, Expr, InputElement, LawSpec, Scenario, Symbol, UnaryOp};

/// Member of each axis at the place being compiled; axes that do not matter there hold 0.
pub(super) type Place = Arc<[usize]>;

/// An expression by its address, and a cell of its axes.
pub(super) type Walk = (usize, usize);

/// What is still to be done. Steps that take nodes take them from the end of those that wait and leave one there.
#[derive(Clone, Debug)]
pub(super) enum Step<'a> {
    /// Of one cell of a constant, input or variable.
    Symbol(Symbol, usize),
    /// Of one element of an input that is drawn.
    Element(InputElement),
    /// Of an expression at a place.
    Value(&'a Expr, Place),
    Constant(f64),
    /// Of what is known already.
    Ready(NodeId),
    /// Takes one node.
    Unary(UnaryOp),
    /// Takes one node, a row.
    Column(&'a Arc<[f64]>),
    /// Takes two nodes.
    Binary(BinaryOp),
    /// Takes condition, then and otherwise.
    Select,
    /// Takes a value, its lower and its upper bound.
    Clamp,
    /// Takes the last and the first of a value, so many years apart.
    Growth(usize),
    /// Takes a total and a part of it.
    Share,
    /// Takes the ends of a straight line, this share of the way along it.
    Between(f64),
    /// Takes a value and a rate of so many years later.
    Discount(usize),
    /// Takes a state, the share of it that stays, and what comes in.
    Recur,
    /// Makes a draw of the nodes behind this many.
    Draw(InputElement, usize),
    /// Keeps the last node as that of a cell.
    Cell(Symbol, usize),
    /// Keeps the last node as that of an expression that walks along an axis.
    Remember(Walk),
}

/// Turns cells into nodes, each cell and each draw once.
pub struct Unroller<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) year: Option<AxisId>,
    pub graph: Graph,
    /// Element and parameter nodes of each draw, in order of first need.
    pub draws: Vec<(InputElement, Vec<NodeId>)>,
    draw_numbers: HashMap<InputElement, usize>,
    /// Cells of variables and processes.
    cells: HashMap<(Symbol, usize), NodeId>,
    steps: Vec<Step<'a>>,
    nodes: Vec<NodeId>,
    /// Expressions that walk along an axis, where they were unrolled.
    pub(super) walked: HashMap<Walk, NodeId>,
    /// Axes of those expressions.
    pub(super) walked_axes: HashMap<usize, Arc<[AxisId]>>,
}

impl<'a> Unroller<'a> {
    /// Nothing unrolled yet.
    pub fn new(scenario: &'a Scenario) -> Self {
        Unroller {
            scenario,
            year: scenario.year_axis(),
            graph: Graph::default(),
            draws: Vec::new(),
            draw_numbers: HashMap::new(),
            cells: HashMap::new(),
            steps: Vec::new(),
            nodes: Vec::new(),
            walked: HashMap::new(),
            walked_axes: HashMap::new(),
        }
    }

    /// The node of one cell of a constant, input or variable; the checker has made sure that no cell needs itself.
    pub fn symbol(&mut self, symbol: Symbol, index: usize) -> NodeId {
        self.steps.push(Step::Symbol(symbol, index));
        while let Some(step) = self.steps.pop() {
            self.take(step);
        }
        self.pop()
    }

    fn pop(&mut self) -> NodeId {
        self.nodes.pop().unwrap_or_else(|| self.graph.constant(f64::NAN))
    }

    /// Puts steps before all others, the first of them first.
    pub(super) fn before(
        &mut self,
        steps: impl IntoIterator<Item = Step<'a>, IntoIter: DoubleEndedIterator>,
    ) {
        self.steps.extend(steps.into_iter().rev());
    }

    fn take(&mut self, step: Step<'a>) {
        let node = match step {
            Step::Symbol(symbol, index) => return self.open_cell(symbol, index),
            Step::Element(element) => return self.open_draw(element),
            Step::Value(expr, place) => return self.open(expr, place),
            Step::Constant(value) => self.graph.constant(value),
            Step::Ready(node) => node,
            Step::Unary(op) => {
                let x = self.pop();
                self.graph.unary(op, x)
            }
            Step::Column(values) => {
                let row = self.pop();
                self.graph.column(values, row)
            }
            Step::Binary(op) => {
                let (y, x) = (self.pop(), self.pop());
                self.graph.binary(op, x, y)
            }
            Step::Select => {
                let (otherwise, then, condition) = (self.pop(), self.pop(), self.pop());
                self.graph.select(condition, then, otherwise)
            }
            Step::Clamp => {
                let (high, low, x) = (self.pop(), self.pop(), self.pop());
                let raised = self.graph.binary(BinaryOp::Max, x, low);
                self.graph.binary(BinaryOp::Min, raised, high)
            }
            Step::Growth(years) => {
                let (start, end) = (self.pop(), self.pop());
                let ratio = self.graph.binary(BinaryOp::Divide, end, start);
                let root = self.graph.constant(1.0 / years as f64);
                let factor = self.graph.binary(BinaryOp::Power, ratio, root);
                let one = self.graph.constant(1.0);
                let rate = self.graph.binary(BinaryOp::Subtract, factor, one);
                let hundred = self.graph.constant(100.0);
                self.graph.binary(BinaryOp::Multiply, hundred, rate)
            }
            Step::Share => {
                let (part, total) = (self.pop(), self.pop());
                self.graph.binary(BinaryOp::Divide, part, total)
            }
            Step::Between(share) => {
                let (to, from) = (self.pop(), self.pop());
                let way = self.graph.binary(BinaryOp::Subtract, to, from);
                let done = self.graph.constant(share);
                let step = self.graph.binary(BinaryOp::Multiply, way, done);
                self.graph.binary(BinaryOp::Add, from, step)
            }
            Step::Discount(years) => {
                let (rate, x) = (self.pop(), self.pop());
                let one = self.graph.constant(1.0);
                let growth = self.graph.binary(BinaryOp::Add, one, rate);
                let steps = self.graph.constant(years as f64);
                let factor = self.graph.binary(BinaryOp::Power, growth, steps);
                self.graph.binary(BinaryOp::Divide, x, factor)
            }
            Step::Recur => {
                let (shock, phi, state) = (self.pop(), self.pop(), self.pop());
                let kept = self.graph.binary(BinaryOp::Multiply, phi, state);
                self.graph.binary(BinaryOp::Add, kept, shock)
            }
            Step::Draw(element, first) => {
                let arguments = self.nodes.split_off(first);
                let number = self.draws.len();
                self.draws.push((element, arguments));
                self.draw_numbers.insert(element, number);
                self.graph.draw(number)
            }
            Step::Cell(symbol, index) => {
                let node = self.pop();
                self.cells.insert((symbol, index), node);
                node
            }
            Step::Remember(known) => {
                let node = self.pop();
                self.walked.insert(known, node);
                node
            }
        };
        self.nodes.push(node);
    }

    fn place(&self, over: &[AxisId], index: usize) -> Place {
        let mut place = vec![0; self.scenario.axes.len()];
        for (axis, member) in over.iter().zip(self.scenario.members(over, index)) {
            place[axis.0] = member;
        }
        place.into()
    }

    pub(super) fn index(&self, over: &[AxisId], member: impl Fn(AxisId) -> usize) -> usize {
        over.iter().fold(0, |index, &axis| index * self.scenario.axes[axis.0].members.len() + member(axis))
    }

    /// Steps to a cell: its initial value in the base year, where it has one, and its formula in the others.
    fn open_cell(&mut self, symbol: Symbol, index: usize) {
        let scenario = self.scenario;
        let (over, initial, formula) = match symbol {
            Symbol::Constant(id) => {
                return self.steps.push(Step::Constant(scenario.constants[id.0].values[index]));
            }
            Symbol::Input(input) => {
                let Some(recurrence) = scenario.inputs[input.0].recurrences.get(index) else {
                    return self.steps.push(Step::Element(InputElement { input, element: index }));
                };
                (&scenario.inputs[input.0].over, recurrence.initial.as_ref(), &recurrence.formula)
            }
            Symbol::Variable(id) => {
                let variable = &scenario.variables[id.0];
                (&variable.over, variable.initial.as_ref(), &variable.formula)
            }
        };
        if let Some(&node) = self.cells.get(&(symbol, index)) {
            return self.steps.push(Step::Ready(node));
        }
        let place = self.place(over, index);
        let year = self.year.filter(|year| over.contains(year));
        let expr = match initial {
            Some(initial) if year.is_some_and(|axis| place[axis.0] == 0) => initial,
            _ => formula,
        };
        self.before([Step::Value(expr, place), Step::Cell(symbol, index)]);
    }

    fn open_draw(&mut self, element: InputElement) {
        if let Some(&number) = self.draw_numbers.get(&element) {
            let node = self.graph.draw(number);
            return self.steps.push(Step::Ready(node));
        }
        let input = &self.scenario.inputs[element.input.0];
        let place = self.place(&input.over, element.element);
        let mut steps = Vec::new();
        draw_arguments(element, &input.laws[element.element], &place, &mut steps);
        steps.push(Step::Draw(element, self.nodes.len()));
        self.before(steps);
    }

    fn reference(&mut self, symbol: Symbol, pinned: &[(AxisId, usize)], place: &Place, lag: usize) {
        let over = match symbol {
            Symbol::Constant(id) => &self.scenario.constants[id.0].over,
            Symbol::Input(id) => &self.scenario.inputs[id.0].over,
            Symbol::Variable(id) => &self.scenario.variables[id.0].over,
        };
        let index = self.index(over, |axis| {
            let pin = pinned.iter().find(|(pin, _)| *pin == axis);
            let lag = if self.year == Some(axis) { lag } else { 0 };
            pin.map_or(place[axis.0].saturating_sub(lag), |(_, member)| *member)
        });
        self.steps.push(Step::Symbol(symbol, index));
    }

    /// Steps to an expression at a place.
    fn open(&mut self, expr: &'a Expr, place: Place) {
        let value = |x: &'a Expr| Step::Value(x, place.clone());
        match expr {
            Expr::Number(value) => self.steps.push(Step::Constant(*value)),
            Expr::Year => self.steps.push(Step::Constant(self.year_number(&place))),
            Expr::Reference { symbol, pinned } => self.reference(*symbol, pinned, &place, 0),
            Expr::Lagged { symbol, pinned, lag } => self.reference(*symbol, pinned, &place, *lag),
            Expr::Unary(op, x) => self.before([value(x), Step::Unary(*op)]),
            Expr::Column(values, row) => self.before([value(row), Step::Column(values)]),
            Expr::Binary(op, x, y) => self.before([value(x), value(y), Step::Binary(*op)]),
            Expr::If(condition, then, otherwise) => {
                self.before([value(condition), value(then), value(otherwise), Step::Select]);
            }
            Expr::Clamp(x, low, high) => self.before([value(x), value(low), value(high), Step::Clamp]),
            Expr::Ramp(from, to) => {
                let share = self.share_of_years(&place);
                self.before([value(from), value(to), Step::Between(share)]);
            }
            Expr::Reduce(..)
            | Expr::Share(..)
            | Expr::Cumulative(_)
            | Expr::Cagr(_)
            | Expr::Npv(..)
            | Expr::Ar1(..) => self.walk(expr, place),
        }
    }

    fn year_number(&self, place: &Place) -> f64 {
        let Some(axis) = self.year else { return f64::NAN };
        f64::from(self.scenario.axes[axis.0].first_year.unwrap_or(0)) + place[axis.0] as f64
    }

    fn share_of_years(&self, place: &Place) -> f64 {
        let Some(axis) = self.year else { return f64::NAN };
        let last = self.scenario.axes[axis.0].members.len() - 1;
        place[axis.0] as f64 / last.max(1) as f64
    }
}

/// Steps to the parameters of a draw.
fn draw_arguments<'a>(element: InputElement, spec: &'a DrawSpec, place: &Place, steps: &mut Vec<Step<'a>>) {
    match spec {
        DrawSpec::Law(law) => arguments(law, place, steps),
        DrawSpec::Chosen(component, mixture) => {
            steps.push(Step::Element(InputElement { input: *component, ..element }));
            arguments(mixture, place, steps);
        }
        DrawSpec::Compound(sum) => {
            arguments(&sum.count, place, steps);
            arguments(&sum.severity, place, steps);
            steps.extend(sum.layers.iter().flatten().map(|number| Step::Value(number, place.clone())));
        }
    }
}

fn arguments<'a>(spec: &'a LawSpec, place: &Place, steps: &mut Vec<Step<'a>>) {
    let value = |number: &'a Expr| Step::Value(number, place.clone());
    match spec {
        LawSpec::Family { arguments, .. } => steps.extend(arguments.iter().map(value)),
        LawSpec::Given(_) => {}
        LawSpec::Move { base, by, .. } => {
            arguments(base, place, steps);
            steps.push(value(by));
        }
        LawSpec::Compose { laws, numbers, .. } => {
            laws.iter().for_each(|law| arguments(law, place, steps));
            steps.extend(numbers.iter().map(value));
        }
        LawSpec::Truncate { base, min, max } => {
            arguments(base, place, steps);
            steps.extend([min, max].into_iter().flatten().map(value));
        }
    }
}
