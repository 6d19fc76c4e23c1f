//! Events and what they are multiplied by: pairs of draws that act as one.

use super::draw::{Draw, DrawLaw};
use super::graph::{Graph, Node, NodeId};
use crate::distribution::Law;
use crate::scenario::{BinaryOp, UnaryOp};

/// The draws that a node depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Depends {
    OnNone,
    On(usize),
    OnSeveral,
}

/// Draws (event, severity) of the live nodes in which an event, 0 or 1 with a fixed probability, or a constant times it, is
/// multiplied by
/// something that depends on one other draw alone, or decides with `if` between that and 0; each pair once, in the
/// order of the nodes. `parameters` are the nodes that the laws of the draws depend on, by draw as `renumbered`.
pub fn severities(
    graph: &Graph,
    live: &[bool],
    renumbered: &[usize],
    parameters: &[&[NodeId]],
    draws: &[Draw],
) -> Vec<[usize; 2]> {
    let mut depends = vec![Depends::OnNone; graph.nodes.len()];
    // For each node the event that it is, or is a multiple of.
    let mut events: Vec<Option<usize>> = vec![None; graph.nodes.len()];
    let mut pairs: Vec<[usize; 2]> = Vec::new();
    for (k, node) in graph.nodes.iter().enumerate().filter(|(k, _)| live[*k]) {
        let of = |id: NodeId| depends[id.0 as usize];
        let event = |id: NodeId| events[id.0 as usize];
        let mut pair = |id: NodeId, other: NodeId| {
            if let (Some(event), Depends::On(severity)) = (event(id), of(other))
                && event != severity
                && !is_event(&draws[severity])
                && !pairs.contains(&[event, severity])
            {
                pairs.push([event, severity]);
            }
        };
        match *node {
            Node::Binary(BinaryOp::Multiply, x, y) => {
                pair(x, y);
                pair(y, x);
            }
            Node::Select(condition, then, otherwise) if graph.value(otherwise) == Some(0.0) => {
                pair(condition, then)
            }
            _ => {}
        }
        let multiple = match *node {
            Node::Draw(number) => Some(renumbered[number as usize]).filter(|&draw| is_event(&draws[draw])),
            Node::Unary(UnaryOp::Negate, x) => event(x),
            Node::Binary(BinaryOp::Multiply, x, y) => match (graph.value(x), graph.value(y)) {
                (Some(_), _) => event(y),
                (_, Some(_)) => event(x),
                _ => None,
            },
            Node::Binary(BinaryOp::Divide, x, y) if graph.value(y).is_some() => event(x),
            _ => None,
        };
        events[k] = multiple;
        depends[k] = match *node {
            Node::Constant(_) => Depends::OnNone,
            Node::Draw(number) => {
                let draw = renumbered[number as usize];
                let varies = parameters[draw].iter().any(|&id| of(id) != Depends::OnNone);
                if varies { Depends::OnSeveral } else { Depends::On(draw) }
            }
            Node::Unary(_, x) | Node::Column(_, x) => of(x),
            Node::Binary(_, x, y) => both(of(x), of(y)),
            Node::Select(c, x, y) => both(of(c), both(of(x), of(y))),
        };
    }
    pairs
}

fn both(a: Depends, b: Depends) -> Depends {
    match (a, b) {
        (Depends::OnNone, other) | (other, Depends::OnNone) => other,
        (a, b) if a == b => a,
        _ => Depends::OnSeveral,
    }
}

fn is_event(draw: &Draw) -> bool {
    matches!(draw.law, DrawLaw::Fixed { law: Law::Bernoulli(_), .. })
}
