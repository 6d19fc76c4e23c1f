//! Distinct values of a program: equal sub-expressions are one node, constants are folded as they appear.

use std::collections::HashMap;
use std::sync::Arc;

use crate::scenario::{BinaryOp, UnaryOp, operation};

/// Index of a node; operands come before what uses them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

/// One value of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Node {
    /// The bits of a constant.
    Constant(u64),
    /// The draw of this number.
    Draw(u32),
    Unary(UnaryOp, NodeId),
    Binary(BinaryOp, NodeId, NodeId),
    Select(NodeId, NodeId, NodeId),
    /// The value that the column of this number has in a row.
    Column(u32, NodeId),
}

/// Nodes in the order they were first needed.
#[derive(Debug, Default)]
pub struct Graph {
    pub nodes: Vec<Node>,
    /// Columns of data that nodes read.
    pub columns: Vec<Arc<[f64]>>,
    /// Their numbers by address.
    column_numbers: HashMap<usize, u32>,
    known: HashMap<Node, NodeId>,
}

impl Graph {
    fn intern(&mut self, node: Node) -> NodeId {
        *self.known.entry(node).or_insert_with(|| {
            self.nodes.push(node);
            NodeId(self.nodes.len() as u32 - 1)
        })
    }

    pub fn constant(&mut self, value: f64) -> NodeId {
        self.intern(Node::Constant(value.to_bits()))
    }

    pub fn draw(&mut self, number: usize) -> NodeId {
        self.intern(Node::Draw(number as u32))
    }

    /// The value of a node that is a constant.
    pub fn value(&self, id: NodeId) -> Option<f64> {
        match self.nodes[id.0 as usize] {
            Node::Constant(bits) => Some(f64::from_bits(bits)),
            _ => None,
        }
    }

    pub fn unary(&mut self, op: UnaryOp, x: NodeId) -> NodeId {
        match self.value(x) {
            Some(x) => self.constant(operation::unary(op, x)),
            None => self.intern(Node::Unary(op, x)),
        }
    }

    pub fn binary(&mut self, op: BinaryOp, mut x: NodeId, mut y: NodeId) -> NodeId {
        let (left, right) = (self.value(x), self.value(y));
        if let (Some(x), Some(y)) = (left, right) {
            return self.constant(operation::binary(op, x, y));
        }
        // Only rewritings that keep every bit.
        match (op, left, right) {
            (BinaryOp::Multiply, Some(1.0), _) => return y,
            (BinaryOp::Multiply | BinaryOp::Divide | BinaryOp::Power, _, Some(1.0)) => return x,
            _ => {}
        }
        if matches!(op, BinaryOp::Add | BinaryOp::Multiply) && x > y {
            std::mem::swap(&mut x, &mut y);
        }
        self.intern(Node::Binary(op, x, y))
    }

    /// The value of a column in a row.
    pub fn column(&mut self, values: &Arc<[f64]>, row: NodeId) -> NodeId {
        if let Some(row) = self.value(row) {
            return self.constant(operation::in_row(values, row));
        }
        let columns = &mut self.columns;
        let number = *self.column_numbers.entry(Arc::as_ptr(values).addr()).or_insert_with(|| {
            columns.push(values.clone());
            columns.len() as u32 - 1
        });
        self.intern(Node::Column(number, row))
    }

    pub fn select(&mut self, condition: NodeId, then: NodeId, otherwise: NodeId) -> NodeId {
        match self.value(condition) {
            Some(c) if !c.is_finite() => self.constant(f64::NAN),
            Some(c) => {
                if c != 0.0 {
                    then
                } else {
                    otherwise
                }
            }
            None => self.intern(Node::Select(condition, then, otherwise)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_expressions_are_one_node_and_constants_fold() {
        let mut graph = Graph::default();
        let x = graph.draw(0);
        let two = graph.constant(2.0);
        let a = graph.binary(BinaryOp::Multiply, x, two);
        let b = graph.binary(BinaryOp::Multiply, two, x);
        assert_eq!(a, b);
        let three = graph.constant(3.0);
        let six = graph.binary(BinaryOp::Multiply, two, three);
        assert_eq!(graph.value(six), Some(6.0));
        let one = graph.constant(1.0);
        assert_eq!(graph.binary(BinaryOp::Divide, x, one), x);
        assert_eq!(graph.select(one, x, two), x);
    }

    #[test]
    fn a_condition_that_is_not_finite_chooses_nothing() {
        let mut graph = Graph::default();
        let (x, zero, one) = (graph.draw(0), graph.constant(0.0), graph.constant(1.0));
        let infinite = graph.binary(BinaryOp::Divide, one, zero);
        let chosen = graph.select(infinite, x, one);
        assert!(graph.value(chosen).is_some_and(f64::is_nan));
        let compared = graph.binary(BinaryOp::Less, infinite, zero);
        assert!(graph.value(compared).is_some_and(f64::is_nan));
    }
}
