//! From a scenario to a program: axes and years unrolled, each input element that matters turned into a draw.

use std::collections::{HashMap, HashSet};
use std::fmt;

use rayon::prelude::*;

use super::graph::{Graph, Node, NodeId};
use super::sampler::Sampler;
use super::schedule::{Schedule, schedule};
use crate::distribution::{Law, ParameterError, Truncated};
use crate::sampling::Key;
use crate::scenario::{
    AxisId, BinaryOp, CorrelationGroup, Expr, InputElement, InputId, LawSpec, Reduction, Scenario, Symbol,
    VariableId,
};
use crate::tally::RankBins;

/// A compiled scenario.
#[derive(Debug)]
pub struct Program {
    /// Input elements that some cell depends on, in the order they are first needed.
    pub draws: Vec<Draw>,
    /// Copula groups with at least one live member.
    pub groups: Vec<Group>,
    /// What is reported, in the order asked for.
    pub cells: Vec<Cell>,
    pub(super) schedule: Schedule,
}

/// What a program computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope<'a> {
    /// The cells of the outputs, and only what they need.
    Outputs,
    /// Every element of these inputs, and what their parameters need.
    Inputs(&'a [InputId]),
    /// Every element of every input and every cell of every formula and output.
    Everything,
}

/// One reported value of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Cell {
    pub symbol: Symbol,
    /// Row-major index over the axes of the symbol.
    pub index: usize,
    /// E.g. `market[2031]`.
    pub name: String,
}

/// One input element that is drawn in every run.
#[derive(Clone, Debug)]
pub struct Draw {
    pub element: InputElement,
    /// E.g. `impact[approvals]`.
    pub name: String,
    pub key: Key,
    pub law: DrawLaw,
    /// Place in [`Program::groups`] and among the members of the group.
    pub group: Option<(usize, usize)>,
}

/// The law of a draw.
#[derive(Clone, Debug)]
pub enum DrawLaw {
    /// The same in every run.
    Fixed { law: Law, sampler: Sampler },
    /// Its parameters change from run to run.
    Drawn(LawShape),
}

/// How to build a law from a flat list of parameter values.
#[derive(Clone, Debug)]
pub enum LawShape {
    Family { build: fn(&[f64]) -> Result<Law, ParameterError>, arguments: usize },
    Truncate { base: Box<LawShape>, min: bool, max: bool },
}

/// Why a scenario does not compile.
#[derive(Clone, Debug, PartialEq)]
pub enum CompileError {
    /// The fixed parameters of a law are outside their domain.
    Law { input: String, error: ParameterError },
    /// Two input elements hash to the same stream of draws.
    SameKey { first: String, second: String },
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CompileError::Law { input, error } => write!(f, "the law of `{input}` cannot be built: {error}"),
            CompileError::SameKey { first, second } => {
                write!(f, "`{first}` and `{second}` would get the same draws: rename one or change the seed")
            }
        }
    }
}

impl std::error::Error for CompileError {}

fn distinct_keys(draws: &[Draw]) -> Result<(), CompileError> {
    let mut seen: HashMap<Key, &str> = HashMap::new();
    for draw in draws {
        if let Some(first) = seen.insert(draw.key, &draw.name) {
            return Err(CompileError::SameKey { first: first.to_string(), second: draw.name.clone() });
        }
    }
    Ok(())
}

/// A copula group: keys of all its members and the Cholesky factor of their normal scores.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    pub keys: Vec<Key>,
    pub cholesky: Vec<f64>,
}

impl Draw {
    /// Bins of the input's rank for the tornado.
    pub fn rank_bins(&self) -> RankBins {
        match &self.law {
            DrawLaw::Fixed { sampler, .. } => sampler.rank_bins(),
            DrawLaw::Drawn(_) => RankBins::Even,
        }
    }
}

impl LawShape {
    /// The law with these parameter values, in the order the shape was compiled from.
    ///
    /// # Errors
    /// The first parameter outside its domain.
    pub fn build(&self, values: &[f64]) -> Result<Law, ParameterError> {
        match self {
            LawShape::Family { build, .. } => build(values),
            LawShape::Truncate { base, min, max } => {
                let (inner, bounds) = values.split_at(base.arguments());
                let mut bounds = bounds.iter().copied();
                let low = if *min { bounds.next() } else { None }.unwrap_or(f64::NEG_INFINITY);
                let high = if *max { bounds.next() } else { None }.unwrap_or(f64::INFINITY);
                Ok(Law::Truncated(Box::new(Truncated::new(base.build(inner)?, low, high)?)))
            }
        }
    }

    fn arguments(&self) -> usize {
        match self {
            LawShape::Family { arguments, .. } => *arguments,
            LawShape::Truncate { base, min, max } => base.arguments() + usize::from(*min) + usize::from(*max),
        }
    }

    fn of(spec: &LawSpec) -> LawShape {
        match spec {
            LawSpec::Family { entry, form, arguments } => {
                LawShape::Family { build: entry.forms[*form].build, arguments: arguments.len() }
            }
            LawSpec::Truncate { base, min, max } => LawShape::Truncate {
                base: Box::new(LawShape::of(base)),
                min: min.is_some(),
                max: max.is_some(),
            },
        }
    }
}

impl Program {
    /// Compiles what `scope` asks for.
    ///
    /// # Errors
    /// [`CompileError`]; a scenario that passed the checker has none but the last, which is one in 10¹⁵.
    pub fn compile(scenario: &Scenario, scope: Scope<'_>) -> Result<Program, CompileError> {
        let mut compiler = Compiler::new(scenario);
        let mut cells = Vec::new();
        let mut roots = Vec::new();
        type From = Option<i32>;
        let mut emit = |compiler: &mut Compiler, symbol: Symbol, name: &str, over: &[AxisId], from: From| {
            for index in 0..scenario.cells(over) {
                if scenario.year_of(over, index).is_some_and(|year| from.is_some_and(|from| year < from)) {
                    continue;
                }
                roots.push(compiler.symbol(symbol, index));
                cells.push(Cell { symbol, index, name: scenario.cell_name(name, over, index) });
            }
        };
        match scope {
            Scope::Outputs => {
                for output in &scenario.outputs {
                    let variable = &scenario.variables[output.variable.0];
                    let symbol = Symbol::Variable(output.variable);
                    emit(&mut compiler, symbol, &variable.name, &variable.over, output.from);
                }
            }
            Scope::Inputs(inputs) => {
                for &id in inputs {
                    let input = &scenario.inputs[id.0];
                    emit(&mut compiler, Symbol::Input(id), &input.name, &input.over, None);
                }
            }
            Scope::Everything => {
                for (id, input) in scenario.inputs.iter().enumerate() {
                    emit(&mut compiler, Symbol::Input(InputId(id)), &input.name, &input.over, None);
                }
                for (id, variable) in scenario.variables.iter().enumerate() {
                    let symbol = Symbol::Variable(VariableId(id));
                    emit(&mut compiler, symbol, &variable.name, &variable.over, None);
                }
            }
        }
        compiler.finish(cells, &roots)
    }
}

/// Member of each axis at the place being compiled; axes that do not matter there hold 0.
type Place = Vec<usize>;

struct Compiler<'a> {
    scenario: &'a Scenario,
    year: Option<AxisId>,
    graph: Graph,
    /// Draw number, element and parameter nodes, in order of first need.
    draws: Vec<(InputElement, Vec<NodeId>)>,
    draw_numbers: HashMap<InputElement, usize>,
    variables: HashMap<(usize, usize), NodeId>,
}

impl<'a> Compiler<'a> {
    fn new(scenario: &'a Scenario) -> Self {
        Compiler {
            scenario,
            year: scenario.year_axis(),
            graph: Graph::default(),
            draws: Vec::new(),
            draw_numbers: HashMap::new(),
            variables: HashMap::new(),
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

    fn symbol(&mut self, symbol: Symbol, index: usize) -> NodeId {
        match symbol {
            Symbol::Constant(id) => self.graph.constant(self.scenario.constants[id.0].values[index]),
            Symbol::Input(input) => self.draw(InputElement { input, element: index }),
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
                self.arguments(&input.laws[element.element], &place, &mut arguments);
                self.draws.push((element, arguments));
                self.draw_numbers.insert(element, self.draws.len() - 1);
                self.draws.len() - 1
            }
        };
        self.graph.draw(number)
    }

    fn arguments(&mut self, spec: &LawSpec, place: &Place, nodes: &mut Vec<NodeId>) {
        match spec {
            LawSpec::Family { arguments, .. } => {
                for argument in arguments {
                    let node = self.node(argument, place);
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

    /// The node of one cell. Earlier years come first, so that a long recurrence does not recurse deeply.
    fn variable(&mut self, id: VariableId, index: usize) -> NodeId {
        if let Some(&node) = self.variables.get(&(id.0, index)) {
            return node;
        }
        let variable = &self.scenario.variables[id.0];
        let place = self.place(&variable.over, index);
        let year = self.year.filter(|year| variable.over.contains(year));
        if let Some(axis) = year {
            // The year is the last axis, so earlier years of the same members are the cells just before.
            for earlier in index - place[axis.0]..index {
                self.variable(id, earlier);
            }
        }
        let expr = match &variable.initial {
            Some(initial) if year.is_some_and(|axis| place[axis.0] == 0) => initial,
            _ => &variable.formula,
        };
        let node = self.node(expr, &place);
        self.variables.insert((id.0, index), node);
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

    fn finish(self, cells: Vec<Cell>, roots: &[NodeId]) -> Result<Program, CompileError> {
        let live = self.live(roots);
        let live_elements: HashSet<InputElement> = self
            .graph
            .nodes
            .iter()
            .zip(&live)
            .filter_map(|(node, live)| match node {
                Node::Draw(number) if *live => Some(self.draws[*number as usize].0),
                _ => None,
            })
            .collect();
        let mut groups = Vec::new();
        let mut group_places = HashMap::new();
        for group in &self.scenario.correlations {
            if group.elements.iter().any(|element| live_elements.contains(element)) {
                for (member, element) in group.elements.iter().enumerate() {
                    group_places.insert(*element, (groups.len(), member));
                }
                groups.push(self.group(group));
            }
        }
        let mut order = Vec::new();
        let mut renumbered = vec![usize::MAX; self.draws.len()];
        for (node, _) in self.graph.nodes.iter().zip(&live).filter(|(_, live)| **live) {
            if let Node::Draw(number) = node {
                renumbered[*number as usize] = order.len();
                order.push(*number as usize);
            }
        }
        // Tables of quantiles are the costly part of compiling, and independent of one another.
        let draws: Vec<Draw> = order
            .par_iter()
            .map(|&number| {
                let (element, nodes) = &self.draws[number];
                self.compile_draw(*element, nodes, group_places.get(element).copied())
            })
            .collect::<Result<_, _>>()?;
        distinct_keys(&draws)?;
        let arguments: Vec<&[NodeId]> = order.iter().map(|&number| self.draws[number].1.as_slice()).collect();
        let schedule = schedule(&self.graph, &live, roots, &renumbered, &arguments, &draws);
        Ok(Program { draws, groups, cells, schedule })
    }

    fn compile_draw(
        &self,
        element: InputElement,
        nodes: &[NodeId],
        group: Option<(usize, usize)>,
    ) -> Result<Draw, CompileError> {
        let input = &self.scenario.inputs[element.input.0];
        let name = self.scenario.cell_name(&input.name, &input.over, element.element);
        let shape = LawShape::of(&input.laws[element.element]);
        let fixed: Option<Vec<f64>> = nodes.iter().map(|&node| self.graph.value(node)).collect();
        let law = match fixed {
            Some(values) => {
                let law =
                    shape.build(&values).map_err(|error| CompileError::Law { input: name.clone(), error })?;
                DrawLaw::Fixed { sampler: Sampler::new(&law), law }
            }
            None => DrawLaw::Drawn(shape),
        };
        Ok(Draw { element, name, key: self.key(element), law, group })
    }

    fn key(&self, element: InputElement) -> Key {
        let input = &self.scenario.inputs[element.input.0];
        let names = self.scenario.member_names(&input.over, element.element);
        Key::new(self.scenario.seed, &input.name, &names)
    }

    fn group(&self, group: &CorrelationGroup) -> Group {
        Group {
            keys: group.elements.iter().map(|&element| self.key(element)).collect(),
            cholesky: group.cholesky.clone(),
        }
    }

    /// Nodes that some root depends on, through operands and parameters of draws.
    fn live(&self, roots: &[NodeId]) -> Vec<bool> {
        let mut live = vec![false; self.graph.nodes.len()];
        let mut open: Vec<NodeId> = roots.to_vec();
        while let Some(id) = open.pop() {
            if std::mem::replace(&mut live[id.0 as usize], true) {
                continue;
            }
            match self.graph.nodes[id.0 as usize] {
                Node::Constant(_) => {}
                Node::Draw(number) => open.extend(&self.draws[number as usize].1),
                Node::Unary(_, x) => open.push(x),
                Node::Binary(_, x, y) => open.extend([x, y]),
                Node::Select(c, x, y) => open.extend([c, x, y]),
            }
        }
        live
    }
}
