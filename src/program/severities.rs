//! Events and what they are multiplied by: pairs of draws that act as one.

use std::collections::HashMap;

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

/// An event and what it is multiplied by.
#[derive(Clone, Debug)]
pub struct Pair {
    /// Draws of the program.
    pub event: usize,
    pub severity: usize,
    /// Cells that some path joins to the product, as bits.
    cells: Vec<u64>,
}

impl Pair {
    /// Whether some path of formulas joins the product to the cell of this number.
    pub fn reaches(&self, cell: usize) -> bool {
        self.cells[cell / 64] >> (cell % 64) & 1 == 1
    }
}

/// Events and severities in the live nodes: an event, 0 or 1 with a fixed probability, or a constant times it, is
/// multiplied by something that depends on one other draw alone, or decides with `if` between that and 0. Each pair once,
/// in the order of the nodes. `parameters` are the nodes that the laws of the draws depend on, by draw as `renumbered`,
/// `roots` the nodes of the cells.
pub fn severities(
    graph: &Graph,
    live: &[bool],
    roots: &[NodeId],
    renumbered: &[usize],
    parameters: &[&[NodeId]],
    draws: &[Draw],
) -> Vec<Pair> {
    let products = products(graph, live, renumbered, parameters, draws);
    let mut pairs: Vec<Pair> = Vec::new();
    let mut place: HashMap<[usize; 2], usize> = HashMap::new();
    let mut number_of = |[event, severity]: [usize; 2]| {
        *place.entry([event, severity]).or_insert_with(|| {
            pairs.push(Pair { event, severity, cells: vec![0; roots.len().div_ceil(64)] });
            pairs.len() - 1
        })
    };
    let products: Vec<(NodeId, usize)> =
        products.into_iter().map(|(node, pair)| (node, number_of(pair))).collect();
    // The pairs that each node depends on, 64 at a time.
    let mut known = vec![0u64; graph.nodes.len()];
    for first in (0..pairs.len()).step_by(64) {
        known.fill(0);
        let mut here = products.iter().filter(|(_, pair)| (first..first + 64).contains(pair)).peekable();
        for (k, node) in graph.nodes.iter().enumerate().filter(|(k, _)| live[*k]) {
            let of = |id: NodeId| known[id.0 as usize];
            let mut all = match *node {
                Node::Constant(_) => 0,
                Node::Draw(number) => {
                    parameters[renumbered[number as usize]].iter().fold(0, |all, &id| all | of(id))
                }
                Node::Unary(_, x) | Node::Column(_, x) => of(x),
                Node::Binary(_, x, y) => of(x) | of(y),
                Node::Select(c, x, y) => of(c) | of(x) | of(y),
            };
            while let Some((_, pair)) = here.next_if(|(node, _)| node.0 as usize == k) {
                all |= 1 << (pair - first);
            }
            known[k] = all;
        }
        for (cell, root) in roots.iter().enumerate() {
            let mut all = known[root.0 as usize];
            while all != 0 {
                pairs[first + all.trailing_zeros() as usize].cells[cell / 64] |= 1 << (cell % 64);
                all &= all - 1;
            }
        }
    }
    pairs
}

/// The nodes that multiply an event by its severity, with the two draws.
fn products(
    graph: &Graph,
    live: &[bool],
    renumbered: &[usize],
    parameters: &[&[NodeId]],
    draws: &[Draw],
) -> Vec<(NodeId, [usize; 2])> {
    let mut depends = vec![Depends::OnNone; graph.nodes.len()];
    // For each node the event that it is, or is a multiple of.
    let mut events: Vec<Option<usize>> = vec![None; graph.nodes.len()];
    let mut found: Vec<(NodeId, [usize; 2])> = Vec::new();
    for (k, node) in graph.nodes.iter().enumerate().filter(|(k, _)| live[*k]) {
        let of = |id: NodeId| depends[id.0 as usize];
        let event = |id: NodeId| events[id.0 as usize];
        let mut pair = |id: NodeId, other: NodeId| {
            if let (Some(event), Depends::On(severity)) = (event(id), of(other))
                && event != severity
                && !is_event(&draws[severity])
            {
                found.push((NodeId(k as u32), [event, severity]));
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
    found
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
