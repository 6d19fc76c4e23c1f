//! Nodes that are better computed together: draws that only a rare event needs, and chains of arithmetic.

use super::chain::{ChainOp, MOST_STEPS};
use super::draw::{Draw, DrawLaw};
use super::graph::{Graph, Node, NodeId};
use crate::scenario::BinaryOp;

/// How a node is computed.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    /// As it stands in the graph.
    Plain,
    /// Inside another node.
    LeftOut,
    /// An event times the draw of this number, drawn only where the event strikes.
    Sparse { event: NodeId, draw: usize },
    /// A start and what is done to it, at least two steps.
    Chain { start: NodeId, steps: Vec<(ChainOp, NodeId)> },
}

/// Events up to this probability are worth drawing for one by one.
const RARE: f64 = 0.25;

/// The form of every node.
pub fn forms(
    graph: &Graph,
    live: &[bool],
    roots: &[NodeId],
    renumbered: &[usize],
    arguments: &[&[NodeId]],
    draws: &[Draw],
) -> Vec<Form> {
    let uses = uses(graph, live, roots, arguments);
    let mut forms = vec![Form::Plain; live.len()];
    let draw_of = |id: NodeId| match graph.nodes[id.0 as usize] {
        Node::Draw(number) => Some(renumbered[number as usize]),
        _ => None,
    };
    let sampler = |id: NodeId| match &draws[draw_of(id)?].law {
        DrawLaw::Fixed { sampler, .. } => Some(sampler),
        DrawLaw::Drawn(_) | DrawLaw::Chosen(_) | DrawLaw::Compound(_) => None,
    };
    // A product of a rare event and an independent draw that is used nowhere else, finite and not below 0: where the
    // event does not strike it is 0 whatever the draw, to the bit.
    let is_sparse = |event: NodeId, severity: NodeId| {
        let rare = sampler(event).is_some_and(|sampler| sampler.is_rare_event(RARE));
        let tame = || sampler(severity).is_some_and(|sampler| sampler.is_finite_and_positive());
        let alone = || draw_of(severity).is_some_and(|draw| draws[draw].group.is_none());
        rare && event != severity && uses[severity.0 as usize] == 1 && tame() && alone()
    };
    for (k, node) in graph.nodes.iter().enumerate().filter(|(k, _)| live[*k]) {
        let Node::Binary(op, x, y) = *node else { continue };
        if op == BinaryOp::Multiply {
            let pair = [(x, y), (y, x)].into_iter().find(|&(event, severity)| is_sparse(event, severity));
            if let Some((event, severity)) = pair
                && let Some(draw) = draw_of(severity)
            {
                forms[severity.0 as usize] = Form::LeftOut;
                forms[k] = Form::Sparse { event, draw };
                continue;
            }
        }
        let Some((forward, backward)) = steps_of(op) else { continue };
        let chained = [(x, forward, y), (y, backward, x)].into_iter().find_map(|(inner, op, operand)| {
            let (start, mut steps) = chain_of(graph, &forms, inner)?;
            if uses[inner.0 as usize] != 1 || inner == operand || steps.len() == MOST_STEPS {
                return None;
            }
            steps.push((op, operand));
            Some((inner, start, steps))
        });
        if let Some((inner, start, steps)) = chained {
            forms[inner.0 as usize] = Form::LeftOut;
            forms[k] = Form::Chain { start, steps };
        }
    }
    forms
}

/// How often each node is needed, by nodes, cells and parameters of draws.
fn uses(graph: &Graph, live: &[bool], roots: &[NodeId], arguments: &[&[NodeId]]) -> Vec<u32> {
    let mut uses = vec![0; live.len()];
    let mut count = |id: NodeId| uses[id.0 as usize] += 1;
    roots.iter().copied().for_each(&mut count);
    arguments.iter().copied().flatten().copied().for_each(&mut count);
    for (node, _) in graph.nodes.iter().zip(live).filter(|(_, live)| **live) {
        match *node {
            Node::Constant(_) | Node::Draw(_) => {}
            Node::Unary(_, x) | Node::Column(_, x) => count(x),
            Node::Binary(_, x, y) => [x, y].into_iter().for_each(&mut count),
            Node::Select(c, x, y) => [c, x, y].into_iter().for_each(&mut count),
        }
    }
    uses
}

/// The step of an operator with the running value on its left, and on its right.
fn steps_of(op: BinaryOp) -> Option<(ChainOp, ChainOp)> {
    match op {
        BinaryOp::Add => Some((ChainOp::Add, ChainOp::Add)),
        BinaryOp::Subtract => Some((ChainOp::Subtract, ChainOp::SubtractFrom)),
        BinaryOp::Multiply => Some((ChainOp::Multiply, ChainOp::Multiply)),
        BinaryOp::Divide => Some((ChainOp::Divide, ChainOp::DivideInto)),
        _ => None,
    }
}

/// A node as the start and the steps of a chain; `None` where it is no arithmetic of two operands.
fn chain_of(graph: &Graph, forms: &[Form], id: NodeId) -> Option<(NodeId, Vec<(ChainOp, NodeId)>)> {
    match (&forms[id.0 as usize], graph.nodes[id.0 as usize]) {
        (Form::Chain { start, steps }, _) => Some((*start, steps.clone())),
        (Form::Plain, Node::Binary(op, x, y)) => Some((x, vec![(steps_of(op)?.0, y)])),
        _ => None,
    }
}
