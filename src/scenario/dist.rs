//! What a `dist` string describes: a law, or a draw that is more than one law.

use super::compound::{Compound, compound};
use super::evaluate::{Cell, Evaluator};
use super::laws::{Law, law};
use super::model::{AxisId, DrawSpec};
use super::paths::{bound, called};
use super::resolve::Resolver;
use super::syntax::{Ast, AstKind};
use crate::diagnostic::{Diagnostic, Span};
use crate::distribution;

/// How an element is drawn, with the places of its parameters.
#[derive(Debug)]
pub enum Dist {
    Law(Law),
    Compound(Box<Compound>),
}

/// What a `dist` string describes; `None` after a report.
pub fn dist(ast: &Ast, resolver: &mut Resolver<'_>) -> Option<Dist> {
    match &ast.kind {
        AstKind::Call { function, arguments } if function.text == "compound" => {
            compound(function, arguments, resolver).map(|sum| Dist::Compound(Box::new(sum)))
        }
        _ => match called(ast) {
            Some((process, word, arguments)) => bound(process, word, arguments, ast.span, resolver),
            None => law(ast, resolver),
        }
        .map(Dist::Law),
    }
}

impl Dist {
    /// The law, where it is one.
    pub fn law(&self) -> Option<&Law> {
        match self {
            Dist::Law(law) => Some(law),
            Dist::Compound(_) => None,
        }
    }

    /// Place of the call.
    pub fn call(&self) -> Span {
        match self {
            Dist::Law(law) => law.call(),
            Dist::Compound(sum) => sum.call,
        }
    }

    /// The draw without places.
    pub fn spec(&self) -> DrawSpec {
        match self {
            Dist::Law(law) => DrawSpec::Law(law.spec()),
            Dist::Compound(sum) => DrawSpec::Compound(Box::new(sum.spec())),
        }
    }

    /// The law where there is one and every parameter is a constant, for the element at `cell`, called `element`.
    ///
    /// # Errors
    /// A report of constant parameters outside their domain.
    pub fn build(
        &self,
        evaluator: &Evaluator<'_>,
        cell: &Cell,
        element: Option<&str>,
    ) -> Result<Option<distribution::Law>, Box<Diagnostic>> {
        match self {
            Dist::Law(law) => law.build(evaluator, cell, element),
            Dist::Compound(sum) => {
                sum.check(evaluator, cell, element).map_or(Ok(None), |report| Err(Box::new(report)))
            }
        }
    }

    /// Places of the parameters that are typed, with the axes each runs over.
    pub fn places(&self) -> Vec<(Span, Vec<AxisId>)> {
        match self {
            Dist::Law(law) => law.places(),
            Dist::Compound(sum) => sum.places(),
        }
    }
}
