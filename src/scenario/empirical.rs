//! `empirical(table("file.csv", "column"), smooth = true)`: the law of a column of data.

use super::laws::Law;
use super::list_words::in_pairs;
use super::resolve::Resolver;
use super::syntax::{Argument, Ast, AstKind, Word};
use crate::diagnostic::{Diagnostic, PARAMETERS, Span};
use crate::distribution::Empirical;

const USAGE: &str = "write `empirical(table('history.csv', 'price'))`; `smooth = true` may follow";

/// The law that the arguments of a call make; `None` after a report.
pub fn empirical(
    word: &Word,
    arguments: &[Argument],
    call: Span,
    resolver: &mut Resolver<'_>,
) -> Option<Law> {
    let Some((table, options)) = arguments.split_first().filter(|(table, _)| table.name.is_none()) else {
        return resolver.refuse(
            Diagnostic::error(&PARAMETERS, "`empirical` starts with a table")
                .label(word.span, "no table inside")
                .help(USAGE),
        );
    };
    if let AstKind::Number(_) | AstKind::List(_) = table.value.kind
        && let Some(call) = in_pairs("duniform", arguments)
    {
        return resolver.refuse(
            Diagnostic::error(&PARAMETERS, "`empirical` takes its values from a file")
                .label(table.value.span, "a value")
                .help(format!("write `{call}`")),
        );
    }
    if let (AstKind::Text(file), [Argument { name: None, value: Ast { kind: AstKind::Text(column), .. } }]) =
        (&table.value.kind, options)
    {
        return resolver.refuse(
            Diagnostic::error(&PARAMETERS, "`empirical` takes a table")
                .label(table.value.span, "a file and a column without `table`")
                .help(format!("write `empirical(table('{file}', '{column}'))`")),
        );
    }
    let mut is_smooth = None;
    for option in options {
        let named = option.name.as_ref().filter(|name| name.text == "smooth");
        let value = match &option.value.kind {
            AstKind::Name(name) => name.parse::<bool>().ok(),
            _ => None,
        };
        match (named, value) {
            (Some(_), Some(value)) if is_smooth.is_none() => is_smooth = Some(value),
            (named, _) => {
                let span = option.name.as_ref().map_or(option.value.span, |name| name.span);
                let (span, label) = match named {
                    Some(_) if is_smooth.is_some() => (span, "given twice"),
                    Some(_) => (option.value.span, "neither `true` nor `false`"),
                    None => (span, "not a parameter of `empirical`"),
                };
                let report = Diagnostic::error(&PARAMETERS, "what follows the table is `smooth = true`");
                return resolver.refuse(report.label(span, label).help(USAGE));
            }
        }
    }
    let column = match resolver.names.tables.column(&table.value) {
        Ok(column) => column,
        Err(report) => return resolver.refuse(*report),
    };
    match Empirical::new(&column.values, is_smooth.unwrap_or(false)) {
        Ok(law) => Some(Law::Given { law: law.into(), call }),
        Err(error) => resolver.refuse(
            Diagnostic::error(&PARAMETERS, format!("the column must {}", error.requirement))
                .label(table.value.span, "all its values are the same"),
        ),
    }
}
