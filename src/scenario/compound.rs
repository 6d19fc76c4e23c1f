//! `compound(count, severity, …)`: the sum of a random number of severities, and what a cover pays of them.

use super::draw_spec::CompoundSpec;
use super::evaluate::{Cell, Evaluator};
use super::expression::Expr;
use super::laws::{Law, Typed, law};
use super::model::AxisId;
use super::names::did_you_mean;
use super::resolve::Resolver;
use super::syntax::{Argument, Word};
use crate::diagnostic::{Diagnostic, PARAMETER, PARAMETERS, Span, figure, grouped};
use crate::distribution::{Family, Layer, MOST_EVENTS, compound_moments, is_count};

/// The numbers of the two layers, in the order of [`CompoundSpec::layers`].
const LAYERS: [&str; 4] = ["retention", "limit", "aggregate_retention", "aggregate_limit"];

const USAGE: &str = "write `compound(poisson(3), lognormal(mean = 1, cv = 2))`; `retention = `, `limit = ` of an event \
                     and `aggregate_retention = `, `aggregate_limit = ` of the sum may follow";

/// Runs of which this share has too many events are more than an accident.
const OFTEN: f64 = 1e-3;

/// Families that count: those on whole numbers, and the two whose values are typed.
const COUNTS: [&str; 12] = [
    "bernoulli",
    "beta_binomial",
    "binomial",
    "constant",
    "discrete",
    "geometric",
    "hypergeometric",
    "logarithmic",
    "negative_binomial",
    "poisson",
    "uniform_int",
    "zipf",
];

/// A sum with the places of its parameters.
#[derive(Debug)]
pub struct Compound {
    /// Place of the call's name.
    pub call: Span,
    count: Law,
    severity: Law,
    layers: [Option<Typed>; 4],
}

/// The sum that the arguments of a call make; `None` after a report.
pub fn compound(word: &Word, arguments: &[Argument], resolver: &mut Resolver<'_>) -> Option<Compound> {
    let [count, severity, numbers @ ..] = arguments else {
        let given = if arguments.is_empty() { "nothing is given" } else { "only one is given" };
        return resolver.refuse(
            Diagnostic::error(&PARAMETERS, "`compound` takes two distributions, a count and a severity")
                .label(word.span, given)
                .help(USAGE),
        );
    };
    for (argument, name) in [(count, "count"), (severity, "severity")] {
        if let Some(wrong) = argument.name.as_ref().filter(|given| given.text != name) {
            return resolver.refuse(
                Diagnostic::error(&PARAMETERS, format!("the {name} of `compound` is missing"))
                    .label(wrong.span, "expected a distribution here")
                    .help(USAGE),
            );
        }
    }
    let (count_law, severity_law) = (law(&count.value, resolver), law(&severity.value, resolver));
    let mut layers = [const { None }; 4];
    let mut fine = true;
    for number in numbers {
        let place = number.name.as_ref().and_then(|name| LAYERS.iter().position(|known| *known == name.text));
        let span = number.name.as_ref().map_or(number.value.span, |name| name.span);
        let Some(place) = place else {
            let (message, near) = match &number.name {
                Some(name) => {
                    (format!("`compound` has no parameter `{}`", name.text), did_you_mean(&name.text, LAYERS))
                }
                None => ("what follows the two distributions has a name".to_string(), String::new()),
            };
            let label =
                if number.name.is_some() { "not a parameter of `compound`" } else { "which one is this?" };
            return resolver
                .refuse(Diagnostic::error(&PARAMETERS, message).label(span, label).help(near).help(USAGE));
        };
        if layers[place].is_some() {
            let message = format!("`{}` is given twice", LAYERS[place]);
            return resolver.refuse(Diagnostic::error(&PARAMETERS, message).label(span, "again"));
        }
        match resolver.resolve(&number.value) {
            Some(resolved) => {
                let axes = resolved.axes.into_iter().collect();
                layers[place] = Some(Typed { expr: resolved.expr, axes, span: number.value.span });
            }
            None => fine = false,
        }
    }
    let (count_law, severity) = (count_law?, severity_law?);
    let sum = Compound { call: word.span, count: count_law, severity, layers };
    if !counts(&sum.count) {
        return resolver.refuse(no_count(count.value.span, "its values are no counts"));
    }
    fine.then_some(sum)
}

/// True where the family of a law is one of counts, whatever its parameters.
fn counts(law: &Law) -> bool {
    match law {
        Law::Family { entry, .. } => COUNTS.contains(&entry.name),
        // What its values are is looked at, not its name.
        Law::Given { .. } => true,
        Law::Truncate { base, .. } | Law::Move { base, .. } => counts(base),
        Law::Compose { laws, .. } => laws.iter().all(counts),
    }
}

fn no_count(span: Span, label: &str) -> Diagnostic {
    Diagnostic::error(&PARAMETER, "the count of `compound` must be a whole number, 0 or above")
        .label(span, label)
        .help("write for example `poisson(3)`, `negative_binomial(…)` or `discrete({0: 0.9, 1: 0.1})`")
}

impl Compound {
    /// The sum without places.
    pub fn spec(&self) -> CompoundSpec {
        let bare = |number: &Option<Typed>| number.as_ref().map(|number| number.expr.clone());
        CompoundSpec {
            count: self.count.spec(),
            severity: self.severity.spec(),
            layers: [0, 1, 2, 3].map(|place: usize| bare(&self.layers[place])),
        }
    }

    /// Refuses constant parameters outside their domain, for the element at `cell`, called `element`.
    pub fn check(&self, evaluator: &Evaluator<'_>, cell: &Cell, element: Option<&str>) -> Option<Diagnostic> {
        let count = match self.count.build(evaluator, cell, element) {
            Ok(count) => count,
            Err(report) => return Some(*report),
        };
        if let Some(law) = count.filter(|law| !is_count(law)) {
            let (least, at) =
                (law.support().0, element.map_or(String::new(), |name| format!(" for `{name}`")));
            let label =
                if least < 0.0 { format!("it begins at {least}{at}") } else { format!("not whole{at}") };
            return Some(no_count(self.count.call(), &label));
        }
        self.severity
            .check(evaluator, cell, element)
            .or_else(|| self.too_many(evaluator, cell, element))
            .or_else(|| {
                let [retention, limit, above, most] = [0, 1, 2, 3].map(|k| (LAYERS[k], &self.layers[k]));
                [(retention, limit), (above, most)]
                    .into_iter()
                    .find_map(|(retention, limit)| refused(retention, limit, evaluator, cell, element))
            })
    }

    /// Refuses a constant count that is often above the most there may be.
    fn too_many(&self, evaluator: &Evaluator<'_>, cell: &Cell, element: Option<&str>) -> Option<Diagnostic> {
        let count = self.count.build(evaluator, cell, element).ok()??;
        let beyond = count.sf(MOST_EVENTS);
        if beyond <= OFTEN {
            return None;
        }
        let at = element.map_or(String::new(), |name| format!(" for `{name}`"));
        let mean =
            count.mean().map_or(String::new(), |mean| format!(", {} on average", grouped(mean as u64)));
        let report = Diagnostic::error(
            &PARAMETER,
            format!("`compound` takes at most {} events a run", grouped(MOST_EVENTS as u64)),
        )
        .label(self.count.call(), format!("{} % of the runs have more{mean}{at}", figure(100.0 * beyond)));
        let severity = self.severity.build(evaluator, cell, element).ok().flatten();
        let whole = severity.filter(|_| self.layers.iter().all(Option::is_none));
        let sum = whole.map(|law| compound_moments(&count, (law.mean(), law.variance())));
        Some(match sum {
            Some((Some(mean), Some(variance))) => report.help(format!(
                "a sum of so many is nearly normal: `normal({}, {})` has its mean and its sd",
                figure(mean),
                figure(libm::sqrt(variance))
            )),
            _ => report
                .help("draw the sum of so many from one law, or cut the count: `truncate(…, max = 1e6)`"),
        })
    }

    /// Places of the parameters that are typed, with the axes each runs over.
    pub fn places(&self) -> Vec<(Span, Vec<AxisId>)> {
        let mut places = [self.count.places(), self.severity.places()].concat();
        places.extend(self.layers.iter().flatten().map(|number| (number.span, number.axes.clone())));
        places
    }
}

/// A number of a layer with its name.
type Number<'a> = (&'static str, &'a Option<Typed>);

/// Why the numbers of a layer make none, as far as they are constants.
fn refused(
    retention: Number<'_>,
    limit: Number<'_>,
    evaluator: &Evaluator<'_>,
    cell: &Cell,
    element: Option<&str>,
) -> Option<Diagnostic> {
    let value = |number: &Option<Typed>| evaluator.value(&number.as_ref()?.expr, cell);
    let error = Layer::new(value(retention.1), value(limit.1)).err()?;
    let (name, number) = if error.parameter == "limit" { limit } else { retention };
    let number = number.as_ref()?;
    let it = if matches!(number.expr, Expr::Number(_)) { "it is" } else { "it comes to" };
    let at = element.map_or(String::new(), |element| format!(" for `{element}`"));
    Some(
        Diagnostic::error(&PARAMETER, format!("`{name}` of `compound` must {}", error.requirement))
            .label(number.span, format!("{it} {}{at}", error.value)),
    )
}

#[cfg(test)]
mod tests {
    use super::COUNTS;
    use crate::distribution::FAMILIES;
    use crate::scenario::load_text;

    /// Whether a family's example is taken as a count.
    fn is_taken(example: &str) -> bool {
        let text = format!(
            "[inputs.x]\ndist = \"compound({example}, constant(1))\"\nassumption = 'a'\n[outputs.y]\nformula = 'x'"
        );
        load_text("a.toml", &text, &[]).is_ok()
    }

    #[test]
    fn the_families_of_counts_are_those_on_whole_numbers() {
        for family in FAMILIES {
            let expected = COUNTS.contains(&family.name) && family.name != "constant";
            assert_eq!(is_taken(family.example), expected, "{}", family.example);
        }
        assert!(is_taken("constant(4)") && is_taken("shift(poisson(2), 1)"));
        assert!(!is_taken("shift(poisson(2), 0.5)") && !is_taken("discrete({0.5: 1})"));
    }
}
