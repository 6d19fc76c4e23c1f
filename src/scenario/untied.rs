//! Refuses ties of inputs whose draws stand for something that a tie would change.

use super::declare::InputDeclaration;
use super::inputs::{Kind, Values};
use super::model::InputId;
use crate::diagnostic::{CORRELATION_NAME, Diagnostic, Span};

/// Reports every tie of an input that can have none. `named` are the places of inputs in [[correlations]].
pub fn untied(
    declarations: &[InputDeclaration<'_>],
    values: &[Option<Values>],
    named: &[(InputId, Span)],
    problems: &mut Vec<Diagnostic>,
) {
    for (index, (declaration, values)) in declarations.iter().zip(values).enumerate() {
        let Some((reason, help)) = values.as_ref().and_then(|values| reason(values.kind)) else { continue };
        let name = &declaration.head.name;
        let place = named.iter().find(|(id, _)| id.0 == index).map(|(_, span)| *span);
        let factor = declaration.factor.map(|entry| entry.key_span);
        for span in place.into_iter().chain(factor) {
            problems.push(
                Diagnostic::error(&CORRELATION_NAME, format!("`{name}` cannot be tied: {reason}"))
                    .label(span, "tied here")
                    .help(help),
            );
        }
    }
}

/// Why an input of this kind cannot be tied, and what to do instead.
fn reason(kind: Kind) -> Option<(&'static str, &'static str)> {
    match kind {
        Kind::Drawn | Kind::Process | Kind::LogisticNormal => None,
        Kind::Rows => Some((
            "its rows are drawn as they stand in the file",
            "other columns of the file come along as they did in the data; the draws of `empirical` can be correlated",
        )),
        Kind::Dirichlet => Some((
            "Dirichlet shares are made of independent draws",
            "`logistic_normal(mu, sigma)` makes shares whose draws can be correlated",
        )),
    }
}
