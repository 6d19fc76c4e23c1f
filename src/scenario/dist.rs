//! What a `dist` string describes: a law, or a draw that is more than one law.

use super::compound::{Compound, compound};
use super::draw_spec::DrawSpec;
use super::evaluate::{Cell, Evaluator};
use super::laws::{Law, law};
use super::model::AxisId;
use super::other_words::{law_of_another_tool, written};
use super::over::Over;
use super::paths::{bound, called};
use super::resolve::Resolver;
use super::risk_properties::word_of;
use super::rows::{Rows, is_rows, rows};
use super::shares::{Recipe, Shares, shares};
use super::syntax::{Ast, AstKind};
use crate::diagnostic::{Diagnostic, FAMILY, Span};
use crate::distribution;

/// How an element is drawn, with the places of its parameters.
#[derive(Debug)]
pub enum Dist {
    Law(Law),
    Compound(Box<Compound>),
    Shares(Shares),
    Rows(Rows),
}

/// What a `dist` string of an input over these axes describes; `None` after a report.
pub fn dist(ast: &Ast, over: &Over, resolver: &mut Resolver<'_>) -> Option<Dist> {
    if let AstKind::Call { function, arguments } = &ast.kind
        && let Some(word) = arguments.iter().find_map(word_of)
        && let Some((tool, advice)) = law_of_another_tool(function, arguments)
    {
        let report =
            Diagnostic::error(&FAMILY, format!("`{}` does not stand inside a distribution", word.text));
        return resolver.refuse(report.label(word.span, format!("a word of {tool}")).help(written(&advice)));
    }
    if let AstKind::Call { function, arguments } = &ast.kind
        && let Some(recipe) = Recipe::of(&function.text)
    {
        return shares(recipe, function, arguments, ast.span, over, resolver).map(Dist::Shares);
    }
    match &ast.kind {
        AstKind::Call { function, arguments } if is_rows(&function.text) => {
            rows(function, arguments, over, resolver).map(Dist::Rows)
        }
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
            Dist::Compound(_) | Dist::Shares(_) | Dist::Rows(_) => None,
        }
    }

    /// Place of the call.
    pub fn call(&self) -> Span {
        match self {
            Dist::Law(law) => law.call(),
            Dist::Compound(sum) => sum.call,
            Dist::Shares(shares) => shares.call,
            Dist::Rows(rows) => rows.call,
        }
    }

    /// The draw without places, where the value is drawn and not computed.
    pub fn spec(&self) -> Option<DrawSpec> {
        match self {
            Dist::Law(law) => Some(DrawSpec::Law(law.spec())),
            Dist::Compound(sum) => Some(DrawSpec::Compound(Box::new(sum.spec()))),
            Dist::Shares(_) | Dist::Rows(_) => None,
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
            Dist::Shares(shares) => {
                shares.check(evaluator, cell, element).map_or(Ok(None), |report| Err(Box::new(report)))
            }
            Dist::Rows(rows) => rows.check(evaluator).map_or(Ok(None), |report| Err(Box::new(report))),
        }
    }

    /// Places of the parameters that are typed, with the axes each runs over.
    pub fn places(&self) -> Vec<(Span, Vec<AxisId>)> {
        match self {
            Dist::Law(law) => law.places(),
            Dist::Compound(sum) => sum.places(),
            Dist::Shares(shares) => shares.places(),
            Dist::Rows(rows) => rows.places(),
        }
    }
}
