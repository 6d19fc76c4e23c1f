//! From a scenario to a program: cells unrolled, what matters kept, draws prepared, instructions scheduled.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use super::choice::{Choice, Component};
use super::compound::Compound;
use super::coordinates::{Coordinates, DENOMINATOR, FRAILTY, element_name};
use super::dependence::{Tie, Together, dependence};
use super::draw::{CompileError, Draw, DrawLaw, Group, GroupTie, LawShape};
use super::graph::{Node, NodeId};
use super::row_order::RowOrder;
use super::sampler::{Fits, Sampler, Shapes};
use super::schedule::{Schedule, schedule};
use super::severities::{Pair, severities};
use super::unroll::Unroller;
use crate::distribution::Law;
use crate::sampling::{Denominator, Design, Key};
use crate::scenario::{AxisId, DrawSpec, InputElement, InputId, Scenario, Symbol, VariableId};

/// A compiled scenario.
#[derive(Debug)]
pub struct Program {
    /// Input elements that some cell depends on, in the order they are first needed.
    pub draws: Vec<Draw>,
    /// Copula groups with at least one live member.
    pub groups: Vec<Group>,
    /// What is reported, in the order asked for.
    pub cells: Vec<Cell>,
    /// Events among the draws, each with a draw that it is multiplied by.
    pub severities: Vec<Pair>,
    /// Coordinates of the scenario: elements of its inputs, and what copulas draw beside them.
    pub dimensions: usize,
    /// Columns of data that it reads.
    pub(super) data: Vec<Arc<[f64]>>,
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

impl Program {
    /// Compiles what `scope` asks for.
    ///
    /// # Errors
    /// [`CompileError`]; a scenario that passed the checker has none but the last, which is one in 10¹⁵.
    pub fn compile(scenario: &Scenario, scope: Scope<'_>) -> Result<Program, CompileError> {
        let wanted = wanted(scenario, scope);
        let mut unroller = Unroller::new(scenario);
        let roots = wanted.iter().map(|cell| unroller.symbol(cell.symbol, cell.index)).collect();
        let groups = dependence(scenario);
        let coordinates = Coordinates::new(scenario, &groups);
        Compiler { scenario, unroller, coordinates }.finish(wanted, roots, groups)
    }

    /// Columns that a machine works on.
    pub fn columns(&self) -> usize {
        self.schedule.registers
    }

    /// Whether a design has a dimension for every coordinate.
    ///
    /// # Errors
    /// [`CompileError::Dimensions`].
    pub fn fits(&self, design: Design) -> Result<(), CompileError> {
        match design.most_dimensions() {
            Some(most) if self.dimensions > most => {
                Err(CompileError::Dimensions { most, found: self.dimensions })
            }
            _ => Ok(()),
        }
    }
}

/// The cells of a scope, in declared order.
fn wanted(scenario: &Scenario, scope: Scope<'_>) -> Vec<Cell> {
    let mut cells = Vec::new();
    let mut want = |symbol: Symbol, name: &str, over: &[AxisId], from: Option<i32>| {
        for index in 0..scenario.cells(over) {
            let early = scenario.year_of(over, index).zip(from).is_some_and(|(year, from)| year < from);
            if !early {
                cells.push(Cell { symbol, index, name: scenario.cell_name(name, over, index) });
            }
        }
    };
    match scope {
        Scope::Outputs => {
            for output in &scenario.outputs {
                let variable = &scenario.variables[output.variable.0];
                want(Symbol::Variable(output.variable), &variable.name, &variable.over, output.from);
            }
        }
        Scope::Inputs(inputs) => {
            for &id in inputs {
                let input = &scenario.inputs[id.0];
                want(Symbol::Input(id), &input.name, &input.over, None);
            }
        }
        Scope::Everything => {
            for (id, input) in scenario.inputs.iter().enumerate() {
                want(Symbol::Input(InputId(id)), &input.name, &input.over, None);
            }
            for (id, variable) in scenario.variables.iter().enumerate() {
                want(Symbol::Variable(VariableId(id)), &variable.name, &variable.over, None);
            }
        }
    }
    cells
}

struct Compiler<'a> {
    scenario: &'a Scenario,
    unroller: Unroller<'a>,
    coordinates: Coordinates<'a>,
}

impl Compiler<'_> {
    fn finish(
        mut self,
        cells: Vec<Cell>,
        roots: Vec<NodeId>,
        ties: Vec<Together>,
    ) -> Result<Program, CompileError> {
        let mut live = self.live(&roots);
        self.add_factors(&mut live);
        let live_elements: HashSet<InputElement> = self.live_elements(&live).collect();
        let mut groups = Vec::new();
        let mut group_places = HashMap::new();
        for group in ties {
            if group.elements.iter().any(|element| live_elements.contains(element)) {
                for (member, element) in group.elements.iter().enumerate() {
                    group_places.insert(*element, (groups.len(), member));
                }
                groups.push(self.group(group));
            }
        }
        let mut order = Vec::new();
        let mut renumbered = vec![usize::MAX; self.unroller.draws.len()];
        for (node, _) in self.unroller.graph.nodes.iter().zip(&live).filter(|(_, live)| **live) {
            if let Node::Draw(number) = node {
                renumbered[*number as usize] = order.len();
                order.push(*number as usize);
            }
        }
        // Tables of quantiles are the costly part of compiling, and independent of one another.
        let laws: Vec<Option<Law>> = order
            .par_iter()
            .map(|&number| self.fixed_law(&self.unroller.draws[number]))
            .collect::<Result<_, _>>()?;
        let shapes: BTreeSet<Shapes> = laws.iter().flatten().filter_map(Sampler::shapes).collect();
        let fits: Fits =
            shapes.into_par_iter().filter_map(|shapes| Some((shapes, Sampler::fit(shapes)?))).collect();
        let draws: Vec<Draw> = order
            .par_iter()
            .zip(laws)
            .map(|(&number, law)| {
                let (element, nodes) = &self.unroller.draws[number];
                self.compile_draw(*element, nodes, law, &fits, group_places.get(element).copied())
            })
            .collect::<Result<_, _>>()?;
        distinct_keys(&draws)?;
        let arguments: Vec<&[NodeId]> =
            order.iter().map(|&number| self.unroller.draws[number].1.as_slice()).collect();
        let schedule = schedule(&self.unroller.graph, &live, &roots, &renumbered, &arguments, &draws);
        let severities = severities(&self.unroller.graph, &live, &roots, &renumbered, &arguments, &draws);
        let dimensions = self.coordinates.count();
        let data = self.unroller.graph.columns;
        Ok(Program { draws, groups, cells, severities, dimensions, data, schedule })
    }

    /// Makes the common factors of live draws live too: no value needs them, and the tornado has a row of each.
    fn add_factors(&mut self, live: &mut Vec<bool>) {
        let drawn: HashSet<InputElement> = self.live_elements(live).collect();
        for group in &self.scenario.factors {
            if group.members.iter().any(|(element, _)| drawn.contains(element)) {
                let node = self.unroller.symbol(Symbol::Input(group.factor.input), group.factor.element);
                live.resize(self.unroller.graph.nodes.len(), false);
                live[node.0 as usize] = true;
            }
        }
    }

    fn live_elements(&self, live: &[bool]) -> impl Iterator<Item = InputElement> {
        let nodes = self.unroller.graph.nodes.iter().zip(live);
        nodes.filter_map(|(node, live)| match node {
            Node::Draw(number) if *live => Some(self.unroller.draws[*number as usize].0),
            _ => None,
        })
    }

    /// The law of a draw that has one, where its parameters are constants.
    fn fixed_law(&self, (element, nodes): &(InputElement, Vec<NodeId>)) -> Result<Option<Law>, CompileError> {
        let DrawSpec::Law(spec) = self.spec(*element) else { return Ok(None) };
        let Some(values) = self.values(nodes).collect::<Option<Vec<f64>>>() else { return Ok(None) };
        let law = LawShape::of(spec).build(&values);
        law.map(Some).map_err(|error| CompileError::Law { input: self.name(*element), error })
    }

    /// Values of nodes, `None` for one that changes from run to run.
    fn values(&self, nodes: &[NodeId]) -> impl Iterator<Item = Option<f64>> {
        nodes.iter().map(|&node| self.unroller.graph.value(node))
    }

    fn compile_draw(
        &self,
        element: InputElement,
        nodes: &[NodeId],
        law: Option<Law>,
        fits: &Fits,
        group: Option<(usize, usize)>,
    ) -> Result<Draw, CompileError> {
        let name = self.name(element);
        let law = match (law, self.spec(element)) {
            (Some(law), _) => DrawLaw::Fixed { sampler: Sampler::with_fits(&law, fits), law },
            (None, DrawSpec::Law(spec)) => DrawLaw::Drawn(LawShape::of(spec)),
            (None, DrawSpec::Chosen(_, mixture)) => {
                DrawLaw::Chosen(self.choice(element, &LawShape::of(mixture), &nodes[1..], fits)?)
            }
            (None, DrawSpec::Compound(spec)) => {
                match Compound::new(spec, &self.values(nodes).collect::<Vec<_>>()) {
                    Ok(sum) => DrawLaw::Compound(Box::new(sum)),
                    Err(error) => return Err(CompileError::Law { input: name, error }),
                }
            }
        };
        let ranking = self.scenario.inputs[element.input.0].ranking.as_deref();
        let order = ranking.map(RowOrder::new).transpose();
        let order = order.map_err(|error| CompileError::Law { input: name.clone(), error })?;
        Ok(Draw {
            element,
            name,
            coordinate: self.coordinates.of_element(element),
            law,
            group,
            order,
            ranks: None,
        })
    }

    /// The components of a mixture of this shape; `nodes` are its parameters.
    fn choice(
        &self,
        element: InputElement,
        shape: &LawShape,
        nodes: &[NodeId],
        fits: &Fits,
    ) -> Result<Choice, CompileError> {
        let fixed = |shape: &LawShape, nodes: &[NodeId]| -> Result<Option<Law>, CompileError> {
            let Some(values) = self.values(nodes).collect::<Option<Vec<f64>>>() else { return Ok(None) };
            let law = shape.build(&values);
            law.map(Some).map_err(|error| CompileError::Law { input: self.name(element), error })
        };
        let laws = match shape {
            LawShape::Compose { laws, .. } => laws.as_slice(),
            _ => &[],
        };
        let (mut components, mut first) = (Vec::new(), 0);
        for shape in laws {
            let arguments = shape.arguments();
            components.push(match fixed(shape, &nodes[first..first + arguments])? {
                Some(law) => Component::Fixed(Sampler::with_fits(&law, fits)),
                // Behind the component's number.
                None => Component::Drawn { shape: shape.clone(), first: first + 1, arguments },
            });
            first += arguments;
        }
        Ok(Choice { components, pooled: fixed(shape, nodes)? })
    }

    fn spec(&self, element: InputElement) -> &DrawSpec {
        &self.scenario.inputs[element.input.0].laws[element.element]
    }

    /// E.g. `impact[approvals]`.
    fn name(&self, element: InputElement) -> String {
        element_name(self.scenario, element)
    }

    fn group(&self, group: Together) -> Group {
        let shared = |kind| self.coordinates.shared(kind, group.elements[0]);
        let tie = match group.tie {
            Tie::Scores { weights, denominator } => {
                let denominator = denominator.map(|df| Denominator { coordinate: shared(DENOMINATOR), df });
                GroupTie::Scores { weights, denominator }
            }
            Tie::Archimedean(copula) => GroupTie::Archimedean(copula),
            Tie::Frailty(copula) => GroupTie::Frailty { copula, shared: FRAILTY.map(shared) },
        };
        let members = group.elements.iter();
        Group { coordinates: members.map(|&element| self.coordinates.of_element(element)).collect(), tie }
    }

    /// Nodes that some root depends on, through operands and parameters of draws.
    fn live(&self, roots: &[NodeId]) -> Vec<bool> {
        let mut live = vec![false; self.unroller.graph.nodes.len()];
        let mut open: Vec<NodeId> = roots.to_vec();
        while let Some(id) = open.pop() {
            if std::mem::replace(&mut live[id.0 as usize], true) {
                continue;
            }
            match self.unroller.graph.nodes[id.0 as usize] {
                Node::Constant(_) => {}
                Node::Draw(number) => open.extend(&self.unroller.draws[number as usize].1),
                Node::Unary(_, x) | Node::Column(_, x) => open.push(x),
                Node::Binary(_, x, y) => open.extend([x, y]),
                Node::Select(c, x, y) => open.extend([c, x, y]),
            }
        }
        live
    }
}

fn distinct_keys(draws: &[Draw]) -> Result<(), CompileError> {
    let mut seen: HashMap<Key, &str> = HashMap::new();
    for draw in draws {
        if let Some(first) = seen.insert(draw.coordinate.key, &draw.name) {
            return Err(CompileError::SameKey { first: first.to_string(), second: draw.name.clone() });
        }
    }
    Ok(())
}
