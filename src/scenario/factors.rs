//! `factor = { name, loading, over }` of inputs: a common factor that several of them move with.

use std::collections::BTreeMap;

use super::declare::InputDeclaration;
use super::draw_spec::DrawSpec;
use super::fields::{Fields, Keys, table};
use super::figures::Figures;
use super::model::{AxisId, FactorGroup, Input, InputElement, InputId, Provenance, Scenario};
use super::names::Names;
use super::over::over;
use super::processes::{Driver, standard_normal};
use super::tree::Entry;
use crate::diagnostic::{AXIS_MISMATCH, CORRELATION, CORRELATION_NAME, Diagnostic, NAME_DUPLICATE, Span};

pub(super) const KEYS: Keys = Keys { known: &["name", "loading", "over"], later: &[] };
const EXAMPLE: &str = "`factor = { name = \"optimism\", loading = 0.5 }`";

/// A factor and the inputs that load on it.
#[derive(Debug)]
pub struct Factor {
    pub name: String,
    /// Axes along which the factor is drawn anew, sorted.
    pub over: Vec<AxisId>,
    pub members: Vec<(InputId, f64)>,
    span: Span,
}

/// Reads the factors of all inputs; `correlated` are the inputs that stand in [[correlations]].
pub fn factors(
    declarations: &[InputDeclaration<'_>],
    names: &Names,
    correlated: &[(InputId, Span)],
    figures: &mut Figures<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Vec<Factor> {
    let mut found: BTreeMap<String, Factor> = BTreeMap::new();
    for (index, declaration) in declarations.iter().enumerate() {
        let Some(entry) = declaration.factor else { continue };
        let Some((one, loading)) = factor(entry, declaration, names, figures, problems) else { continue };
        let input = InputId(index);
        if let Some(report) = twice(declaration, correlated.iter().find(|(id, _)| *id == input)) {
            problems.push(report);
            continue;
        }
        let (span, over) = (one.span, one.over.clone());
        let known = found.entry(one.name.clone()).or_insert(one);
        if known.over != over {
            problems.push(
                Diagnostic::error(
                    &AXIS_MISMATCH,
                    format!("the factor `{}` runs over other axes here", known.name),
                )
                .label(span, runs(&over, names))
                .context(known.span, runs(&known.over, names))
                .help("give all inputs that share a factor the same `over` inside of `factor`"),
            );
            continue;
        }
        known.members.push((input, loading));
    }
    found.into_values().collect()
}

fn runs(over: &[AxisId], names: &Names) -> String {
    if over.is_empty() { "drawn once a run".to_string() } else { format!("drawn over {}", names.list(over)) }
}

fn factor(
    entry: &Entry,
    declaration: &InputDeclaration<'_>,
    names: &Names,
    figures: &mut Figures<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Option<(Factor, f64)> {
    let fields = Fields::new(table(entry, EXAMPLE, problems)?, "`factor`", entry.key_span, &KEYS, problems);
    let name = fields.required("name", "name = \"optimism\"", problems).and(fields.text("name", problems));
    let axes = over(&fields, names, problems);
    let loading = fields.required("loading", "loading = 0.5", problems)?;
    let value = figures.figure(&loading.node, "loading", problems)?;
    let (name, axes) = (name?, axes?);
    if value.is_nan() || value.abs() >= 1.0 {
        problems.push(
            Diagnostic::error(&CORRELATION, "`loading` must lie between -1 and 1, both excluded")
                .label(loading.node.span, format!("it is {value}"))
                .help("it is the correlation with the factor; two inputs have the product of their loadings"),
        );
        return None;
    }
    if let Some(known) = names.find(&name.text) {
        problems.push(
            Diagnostic::error(
                &NAME_DUPLICATE,
                format!("`{}` is the name of a value, not of a factor", name.text),
            )
            .label(name.inner(), "a factor has a name of its own")
            .context(known.span, "the value"),
        );
        return None;
    }
    let own = declaration.over.as_ref()?;
    if let Some(foreign) = axes.sorted.iter().find(|axis| !own.sorted.contains(axis)) {
        let foreign = names.list(std::slice::from_ref(foreign));
        problems.push(
            Diagnostic::error(&AXIS_MISMATCH, format!("the factor runs over {foreign}, the input does not"))
                .label(entry.node.span, runs(&axes.sorted, names))
                .help("a factor runs over axes that all of its inputs have, or over none"),
        );
        return None;
    }
    let factor =
        Factor { name: name.text.clone(), over: axes.sorted, members: Vec::new(), span: entry.node.span };
    Some((factor, value))
}

/// Refuses an input that is tied in a second way.
fn twice(declaration: &InputDeclaration<'_>, correlated: Option<&(InputId, Span)>) -> Option<Diagnostic> {
    let entry = declaration.factor?;
    let name = &declaration.head.name;
    if let Some((_, span)) = correlated {
        return Some(
            Diagnostic::error(
                &CORRELATION_NAME,
                format!("`{name}` has a factor and stands in [[correlations]]"),
            )
            .label(*span, "tied a second time")
            .context(entry.key_span, "its factor")
            .help("the factor says all: correlations are products of loadings. Keep one of the two"),
        );
    }
    declaration.persistence.map(|persistence| {
        Diagnostic::error(&CORRELATION, format!("`{name}` has a factor and `persistence`"))
            .label(persistence.key_span, "tied a second time")
            .context(entry.key_span, "its factor")
            .help("keep one of the two, or add up two inputs in a formula")
    })
}

/// Adds the factors as hidden inputs; where a tornado is asked for an input, it shows its factor too. `static_inputs` is
/// true where it shows what is not drawn anew each year.
pub fn add_factors(scenario: &mut Scenario, factors: Vec<Factor>, static_inputs: bool) {
    let year = scenario.year_axis();
    for factor in factors {
        let id = InputId(scenario.inputs.len());
        let Some((_, Driver::Drawn(law))) = standard_normal(super::processes::SHOCK) else { continue };
        scenario.inputs.push(Input {
            label: None,
            unit: Some("sd".to_string()),
            group: None,
            provenance: Provenance::Unstated,
            laws: vec![DrawSpec::Law(law); scenario.cells(&factor.over)],
            over: factor.over.clone(),
            recurrences: Vec::new(),
            stream: factor.name.clone(),
            persistence: None,
            ranking: None,
            name: factor.name,
        });
        if let Some(asked) = &mut scenario.tornado_inputs {
            let is_static = static_inputs && year.is_none_or(|year| !factor.over.contains(&year));
            if is_static || factor.members.iter().any(|(member, _)| asked.contains(member)) {
                asked.push(id);
            }
        }
        let mut members = vec![Vec::new(); scenario.cells(&factor.over)];
        for (input, loading) in factor.members {
            let over = scenario.inputs[input.0].over.clone();
            let drawn = scenario.drawn(input);
            for element in 0..scenario.cells(&over) {
                let places = scenario.members(&over, element);
                let place = |axis: &AxisId| over.iter().position(|a| a == axis).map_or(0, |at| places[at]);
                let cell = factor
                    .over
                    .iter()
                    .fold(0, |cell, axis| cell * scenario.axes[axis.0].members.len() + place(axis));
                members[cell].push((InputElement { input: drawn, element }, loading));
            }
        }
        for (element, members) in members.into_iter().enumerate() {
            scenario.factors.push(FactorGroup { factor: InputElement { input: id, element }, members });
        }
    }
}
