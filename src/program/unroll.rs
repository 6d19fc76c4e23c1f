//! Formulas over axes and years as nodes of a graph, cell by cell.

use std::collections::HashMap;

use super::graph::{Graph, NodeId};
use crate::scenario::{
    AxisId, BinaryOp, DrawSpec, Expr, InputElement, InputId, LawSpec, Recurrence, Reduction, Scenario,
    Symbol, VariableId,
};

/// Member of each axis at the place being compiled; axes that do not matter there hold 0.
type Place = Vec<usize>;

/// Turns cells into nodes, each cell and each draw once.
pub struct Unroller<'a> {
    scenario: &'a Scenario,
    year: Option<AxisId>,
    pub graph: Graph,
    /// Element and parameter nodes of each draw, in order of first need.
    pub draws: Vec<(InputElement, Vec<NodeId>)>,
    draw_numbers: HashMap<InputElement, usize>,
    /// Cells of variables and processes.
    cells: HashMap<(Symbol, usize), NodeId>,
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
        }
    }

    fn place(&self, over: &[AxisId], index: usize) -> Place {
        let mut place = vec![0; self.scenario.axes.len()];
        for (axis, member) in over.iter().zip(self.scenario.members(over, index)) {
            place[axis.0] = member;
        }
        place
    }

    fn index(&self, over: &[AxisId], place: &Place) -> usize {
        over.iter().fold(0, |index, axis| index * self.scenario.axes[axis.0].members.len() + place[axis.0])
    }

    /// The node of one cell of a constant, input or variable.
    pub fn symbol(&mut self, symbol: Symbol, index: usize) -> NodeId {
        match symbol {
            Symbol::Constant(id) => self.graph.constant(self.scenario.constants[id.0].values[index]),
            Symbol::Input(input) => match self.scenario.inputs[input.0].recurrences.is_empty() {
                true => self.draw(InputElement { input, element: index }),
                false => self.process(input, index),
            },
            Symbol::Variable(id) => self.variable(id, index),
        }
    }

    fn draw(&mut self, element: InputElement) -> NodeId {
        let number = match self.draw_numbers.get(&element) {
            Some(&number) => number,
            None => {
                let input = &self.scenario.inputs[element.input.0];
                let place = self.place(&input.over, element.element);
                let mut arguments = Vec::new();
                self.draw_arguments(element, &input.laws[element.element], &place, &mut arguments);
                self.draws.push((element, arguments));
                self.draw_numbers.insert(element, self.draws.len() - 1);
                self.draws.len() - 1
            }
        };
        self.graph.draw(number)
    }

    fn draw_arguments(
        &mut self,
        element: InputElement,
        spec: &DrawSpec,
        place: &Place,
        nodes: &mut Vec<NodeId>,
    ) {
        match spec {
            DrawSpec::Law(law) => self.arguments(law, place, nodes),
            DrawSpec::Chosen(component, mixture) => {
                let component = self.draw(InputElement { input: *component, ..element });
                nodes.push(component);
                self.arguments(mixture, place, nodes);
            }
            DrawSpec::Compound(sum) => {
                self.arguments(&sum.count, place, nodes);
                self.arguments(&sum.severity, place, nodes);
                for number in sum.layers.iter().flatten() {
                    let node = self.node(number, place);
                    nodes.push(node);
                }
            }
        }
    }

    fn arguments(&mut self, spec: &LawSpec, place: &Place, nodes: &mut Vec<NodeId>) {
        match spec {
            LawSpec::Family { arguments, .. } => {
                for argument in arguments {
                    let node = self.node(argument, place);
                    nodes.push(node);
                }
            }
            LawSpec::Given(_) => {}
            LawSpec::Move { base, by, .. } => {
                self.arguments(base, place, nodes);
                let node = self.node(by, place);
                nodes.push(node);
            }
            LawSpec::Compose { laws, numbers, .. } => {
                for law in laws {
                    self.arguments(law, place, nodes);
                }
                for number in numbers {
                    let node = self.node(number, place);
                    nodes.push(node);
                }
            }
            LawSpec::Truncate { base, min, max } => {
                self.arguments(base, place, nodes);
                for bound in [min, max].into_iter().flatten() {
                    let node = self.node(bound, place);
                    nodes.push(node);
                }
            }
        }
    }

    /// The node of one cell of a variable; the checker has made sure that no cell needs itself.
    fn variable(&mut self, id: VariableId, index: usize) -> NodeId {
        let variable = &self.scenario.variables[id.0];
        let recurrence = (variable.initial.as_ref(), &variable.formula);
        self.cell(Symbol::Variable(id), &variable.over, index, recurrence)
    }

    /// The node of one element of an input that follows a recurrence.
    fn process(&mut self, id: InputId, index: usize) -> NodeId {
        let input = &self.scenario.inputs[id.0];
        let Recurrence { initial, formula } = &input.recurrences[index];
        self.cell(Symbol::Input(id), &input.over, index, (initial.as_ref(), formula))
    }

    /// The node of a cell: its initial value in the base year, where it has one, and its formula in the others.
    fn cell(
        &mut self,
        symbol: Symbol,
        over: &[AxisId],
        index: usize,
        (initial, formula): (Option<&Expr>, &Expr),
    ) -> NodeId {
        if let Some(&node) = self.cells.get(&(symbol, index)) {
            return node;
        }
        let place = self.place(over, index);
        let year = self.year.filter(|year| over.contains(year));
        let expr = match initial {
            Some(initial) if year.is_some_and(|axis| place[axis.0] == 0) => initial,
            _ => formula,
        };
        let node = self.node(expr, &place);
        self.cells.insert((symbol, index), node);
        node
    }

    fn reference(
        &mut self,
        symbol: Symbol,
        pinned: &[(AxisId, usize)],
        mut place: Place,
        lag: usize,
    ) -> NodeId {
        if let Some(year) = self.year {
            place[year.0] = place[year.0].saturating_sub(lag);
        }
        for &(axis, member) in pinned {
            place[axis.0] = member;
        }
        let over = match symbol {
            Symbol::Constant(id) => &self.scenario.constants[id.0].over,
            Symbol::Input(id) => &self.scenario.inputs[id.0].over,
            Symbol::Variable(id) => &self.scenario.variables[id.0].over,
        };
        let index = self.index(over, &place);
        self.symbol(symbol, index)
    }

    fn node(&mut self, expr: &Expr, place: &Place) -> NodeId {
        match expr {
            Expr::Number(value) => self.graph.constant(*value),
            Expr::Year => {
                let year = self.year_number(place);
                self.graph.constant(year)
            }
            Expr::Reference { symbol, pinned } => self.reference(*symbol, pinned, place.clone(), 0),
            Expr::Lagged { symbol, pinned, lag } => self.reference(*symbol, pinned, place.clone(), *lag),
            Expr::Unary(op, x) => {
                let x = self.node(x, place);
                self.graph.unary(*op, x)
            }
            Expr::Column(values, row) => {
                let row = self.node(row, place);
                self.graph.column(values, row)
            }
            Expr::Binary(op, x, y) => {
                let (x, y) = (self.node(x, place), self.node(y, place));
                self.graph.binary(*op, x, y)
            }
            Expr::If(condition, then, otherwise) => {
                let condition = self.node(condition, place);
                let (then, otherwise) = (self.node(then, place), self.node(otherwise, place));
                self.graph.select(condition, then, otherwise)
            }
            Expr::Clamp(x, low, high) => {
                let (x, low, high) = (self.node(x, place), self.node(low, place), self.node(high, place));
                let raised = self.graph.binary(BinaryOp::Max, x, low);
                self.graph.binary(BinaryOp::Min, raised, high)
            }
            Expr::Reduce(reduction, x, axis) => self.reduce(*reduction, x, *axis, place),
            Expr::Share(x, axis) => {
                let total = self.reduce(Reduction::Sum, x, *axis, place);
                let part = self.node(x, place);
                self.graph.binary(BinaryOp::Divide, part, total)
            }
            Expr::Cumulative(_) | Expr::Cagr(_) | Expr::Ramp(..) | Expr::Npv(..) | Expr::Ar1(..) => {
                self.along_years(expr, place)
            }
        }
    }

    fn year_number(&self, place: &Place) -> f64 {
        let Some(axis) = self.year else { return f64::NAN };
        f64::from(self.scenario.axes[axis.0].first_year.unwrap_or(0)) + place[axis.0] as f64
    }

    /// First member to last, left to right.
    fn reduce(&mut self, reduction: Reduction, x: &Expr, axis: AxisId, place: &Place) -> NodeId {
        let members = self.scenario.axes[axis.0].members.len();
        let op = match reduction {
            Reduction::Sum | Reduction::Mean | Reduction::Count => BinaryOp::Add,
            Reduction::Product => BinaryOp::Multiply,
            Reduction::Min => BinaryOp::Min,
            Reduction::Max => BinaryOp::Max,
        };
        let mut place = place.clone();
        let mut result = None;
        for member in 0..members {
            place[axis.0] = member;
            let mut term = self.node(x, &place);
            if reduction == Reduction::Count {
                let zero = self.graph.constant(0.0);
                term = self.graph.binary(BinaryOp::NotEqual, term, zero);
            }
            result = Some(match result {
                None => term,
                Some(sum) => self.graph.binary(op, sum, term),
            });
        }
        let result = result.unwrap_or_else(|| self.graph.constant(f64::NAN));
        if reduction == Reduction::Mean {
            let count = self.graph.constant(members as f64);
            return self.graph.binary(BinaryOp::Divide, result, count);
        }
        result
    }

    /// Functions that walk the years.
    fn along_years(&mut self, expr: &Expr, place: &Place) -> NodeId {
        let Some(axis) = self.year else { return self.graph.constant(f64::NAN) };
        let last = self.scenario.axes[axis.0].members.len() - 1;
        let at = |member: usize| {
            let mut place = place.clone();
            place[axis.0] = member;
            place
        };
        match expr {
            Expr::Cumulative(x) => {
                let mut sum = self.node(x, &at(0));
                for year in 1..=place[axis.0] {
                    let term = self.node(x, &at(year));
                    sum = self.graph.binary(BinaryOp::Add, sum, term);
                }
                sum
            }
            Expr::Cagr(x) => {
                let (end, start) = (self.node(x, &at(last)), self.node(x, &at(0)));
                let ratio = self.graph.binary(BinaryOp::Divide, end, start);
                let root = self.graph.constant(1.0 / last as f64);
                let factor = self.graph.binary(BinaryOp::Power, ratio, root);
                let one = self.graph.constant(1.0);
                let rate = self.graph.binary(BinaryOp::Subtract, factor, one);
                let hundred = self.graph.constant(100.0);
                self.graph.binary(BinaryOp::Multiply, hundred, rate)
            }
            Expr::Ramp(from, to) => {
                let (from, to) = (self.node(from, place), self.node(to, place));
                let way = self.graph.binary(BinaryOp::Subtract, to, from);
                let done = self.graph.constant(place[axis.0] as f64 / last.max(1) as f64);
                let step = self.graph.binary(BinaryOp::Multiply, way, done);
                self.graph.binary(BinaryOp::Add, from, step)
            }
            Expr::Npv(x, rate) => {
                let one = self.graph.constant(1.0);
                let mut sum = None;
                for year in 0..=last {
                    let (x, rate) = (self.node(x, &at(year)), self.node(rate, &at(year)));
                    let growth = self.graph.binary(BinaryOp::Add, one, rate);
                    let steps = self.graph.constant(year as f64);
                    let factor = self.graph.binary(BinaryOp::Power, growth, steps);
                    let term = self.graph.binary(BinaryOp::Divide, x, factor);
                    sum = Some(match sum {
                        None => term,
                        Some(sum) => self.graph.binary(BinaryOp::Add, sum, term),
                    });
                }
                sum.unwrap_or(one)
            }
            Expr::Ar1(phi, shock) => {
                let mut state = self.node(shock, &at(0));
                for year in 1..=place[axis.0] {
                    let (phi, shock) = (self.node(phi, &at(year)), self.node(shock, &at(year)));
                    let kept = self.graph.binary(BinaryOp::Multiply, phi, state);
                    state = self.graph.binary(BinaryOp::Add, kept, shock);
                }
                state
            }
            _ => self.node(expr, place),
        }
    }
}
