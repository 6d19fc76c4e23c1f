//! Numbers in tables that may also be formulas of constants: `value = "headline * 1.02"`.

use super::evaluate::Evaluator;
use super::expression::Symbol;
use super::fields::expression;
use super::model::VariableId;
use super::resolve::{Part, Resolver, Use};
use super::tree::Node;
use crate::diagnostic::{CONSTANT, Diagnostic};

/// Reads figures and remembers which constants they mention.
pub struct Figures<'a> {
    pub evaluator: &'a Evaluator<'a>,
    pub uses: Vec<Use>,
}

impl Figures<'_> {
    /// A finite number; `None` after a report.
    pub fn figure(&mut self, node: &Node, key: &str, problems: &mut Vec<Diagnostic>) -> Option<f64> {
        let ast = expression(node, key, problems)?;
        // A figure defines no symbol, so none can be mistaken for its own.
        let nothing = Symbol::Variable(VariableId(usize::MAX));
        let mut resolver = Resolver::new(self.evaluator.names, nothing, Part::Figure, problems);
        let resolved = resolver.resolve(&ast);
        self.uses.append(&mut resolver.uses);
        let resolved = resolved?;
        if !resolved.axes.is_empty() {
            let axes = self.evaluator.names.list(&resolved.axes);
            problems.push(
                Diagnostic::error(&CONSTANT, format!("`{key}` takes one number"))
                    .label(ast.span, format!("runs over {axes}"))
                    .help("pin a member: `x[member]`"),
            );
            return None;
        }
        let value = self.evaluator.value(&resolved.expr, &self.evaluator.nowhere())?;
        if !value.is_finite() {
            problems.push(
                Diagnostic::error(&CONSTANT, format!("`{key}` takes a finite number"))
                    .label(node.span, format!("comes to {value}")),
            );
            return None;
        }
        Some(value)
    }
}
