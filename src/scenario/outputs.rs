//! What an output has beside its formula: a reference value, a request for tornados, the years to report.

use super::declare::{OutputDeclaration, VariableDeclaration};
use super::expression::Symbol;
use super::fields::{Fields, Keys, wrong_kind};
use super::figures::Figures;
use super::levels::of_keys;
use super::model::{Output, Reference, TornadoRequest};
use super::names::Names;
use super::settings::Settings;
use super::tree::{Entry, Node, Value};
use crate::diagnostic::{Diagnostic, REFERENCE, Span};

pub(super) const KEYS: Keys = Keys { known: &["value", "year", "label"], later: &[] };
/// Label of a reference that has none.
const DEFAULT_LABEL: &str = "reference";

/// The outputs, none of them known as a probability yet; reports go to `problems`.
pub fn outputs(
    declarations: &[OutputDeclaration<'_>],
    variables: &[VariableDeclaration],
    settings: &Settings,
    names: &Names,
    figures: &mut Figures<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Output> {
    let mut reader = Reader { names, figures, problems };
    declarations
        .iter()
        .map(|declaration| {
            let name = &variables[declaration.variable.0].head.name;
            let over = names.over(Symbol::Variable(declaration.variable));
            let over = over.filter(|_| !names.axes_broken);
            let has_years = over.map(|over| names.year().is_some_and(|year| over.contains(&year)));
            Output {
                variable: declaration.variable,
                reference: declaration.reference.and_then(|e| reader.reference(e, name, has_years)),
                tornado: declaration
                    .tornado
                    .map_or(TornadoRequest::Default, |e| reader.tornado(e, name, has_years)),
                levels: of_keys(declaration.levels, settings.convention, &settings.levels, reader.problems),
                from: declaration.from.and_then(|e| reader.from(e, name, has_years)),
                is_truth: false,
                values: None,
            }
        })
        .collect()
}

struct Reader<'a, 'f> {
    names: &'a Names,
    figures: &'a mut Figures<'f>,
    problems: &'a mut Vec<Diagnostic>,
}

impl Reader<'_, '_> {
    /// `has_years` is `None` where the formula is not understood.
    fn reference(&mut self, entry: &Entry, name: &str, has_years: Option<bool>) -> Option<Reference> {
        let Value::Table(table) = &entry.node.value else {
            let report = wrong_kind("reference", "a table", &entry.node.value, entry.node.span);
            self.problems
                .push(report.help("write `reference = { value = 19.67, year = 2031, label = \"…\" }`"));
            return None;
        };
        let place = format!("the reference of `{name}`");
        let fields = Fields::new(table, place, entry.key_span, &KEYS, self.problems);
        let value = fields
            .required("value", "value = 19.67", self.problems)
            .and_then(|e| self.figures.figure(&e.node, "value", self.problems));
        let label = fields.string("label", self.problems).unwrap_or_else(|| DEFAULT_LABEL.to_string());
        let year = match (fields.entry("year"), has_years) {
            (None, Some(true)) => {
                let last = self.names.years().map_or(0, |(_, last)| last);
                self.problems.push(
                    Diagnostic::error(&REFERENCE, format!("the reference of `{name}` names no year"))
                        .label(entry.key_span, "to be drawn in which year?")
                        .help(format!("add `year = {last}`")),
                );
                return None;
            }
            (Some(year), Some(false)) => {
                self.problems.push(
                    Diagnostic::error(&REFERENCE, format!("`{name}` has no years"))
                        .label(year.key_span, "one value for all time")
                        .help("leave `year` out"),
                );
                return None;
            }
            (Some(year), _) => Some(self.year(&year.node, "year")?),
            (None, _) => None,
        };
        Some(Reference { value: value?, year, label })
    }

    fn tornado(&mut self, entry: &Entry, name: &str, has_years: Option<bool>) -> TornadoRequest {
        match &entry.node.value {
            Value::Boolean(true) => TornadoRequest::On,
            Value::Boolean(false) => TornadoRequest::Off,
            Value::Array(_) if has_years == Some(false) => {
                self.problems.push(
                    Diagnostic::error(&REFERENCE, format!("`{name}` has no years"))
                        .label(entry.node.span, "a list of years")
                        .help("write `tornado = true`"),
                );
                TornadoRequest::Default
            }
            Value::Array(years) => {
                let years: Vec<i32> = years.iter().filter_map(|year| self.year(year, "tornado")).collect();
                TornadoRequest::Years(years)
            }
            other => {
                let expected = "true, false or a list of years";
                let report = wrong_kind("tornado", expected, other, entry.node.span);
                self.problems.push(report.help("write `tornado = [2031]`, or `tornado = true`"));
                TornadoRequest::Default
            }
        }
    }

    fn from(&mut self, entry: &Entry, name: &str, has_years: Option<bool>) -> Option<i32> {
        if has_years == Some(false) {
            self.problems.push(
                Diagnostic::error(&REFERENCE, format!("`{name}` has no years"))
                    .label(entry.key_span, "the first year to report")
                    .help("leave `from` out"),
            );
            return None;
        }
        self.year(&entry.node, "from")
    }

    fn year(&mut self, node: &Node, key: &str) -> Option<i32> {
        let Value::Integer(year) = node.value else {
            self.problems.push(wrong_kind(key, "years", &node.value, node.span));
            return None;
        };
        let (first, last) = self.names.years()?;
        if (i128::from(first)..=i128::from(last)).contains(&year) {
            return i32::try_from(year).ok();
        }
        self.problems.push(outside(node.span, first, last));
        None
    }
}

fn outside(span: Span, first: i32, last: i32) -> Diagnostic {
    Diagnostic::error(&REFERENCE, "this year is not in the scenario")
        .label(span, format!("the years are {first} to {last}"))
}
