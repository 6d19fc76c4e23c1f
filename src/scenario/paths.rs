//! Inputs that are processes: a recurrence for every element, and the hidden inputs that drive it.

use super::dist::Dist;
use super::draw_spec::DrawSpec;
use super::evaluate::Evaluator;
use super::expression::{Expr, Symbol};
use super::inputs::{HiddenValues, Kind, Values};
use super::laws::Law;
use super::markov;
use super::model::{AxisId, InputId};
use super::processes::{Driver, Process, Symbols, process};
use super::resolve::{Resolver, Use, When};
use super::spread::Spread;
use super::syntax::{Argument, Ast, AstKind, Word};
use crate::diagnostic::{AXIS_MISMATCH, CONSTANT, Diagnostic, PARAMETERS, Span};

/// The process that a `dist` string calls, with the call's name and arguments.
pub fn called(ast: &Ast) -> Option<(&'static Process, &Word, &[Argument])> {
    let AstKind::Call { function, arguments } = &ast.kind else { return None };
    Some((process(&function.text)?, function, arguments))
}

/// Its parameters, as a law of their names and places.
pub fn bound(
    process: &'static Process,
    word: &Word,
    arguments: &[Argument],
    call: Span,
    resolver: &mut Resolver<'_>,
) -> Option<Law> {
    let entry = &process.entry;
    let (form, arguments) = match entry.name == markov::ENTRY.name {
        true => (0, markov::bind(word, arguments, resolver)?),
        false => super::forms::bind(entry, word, arguments, call, resolver)?,
    };
    Some(Law::Family { entry, form, call, arguments })
}

/// The process of a law, where it is one.
pub fn process_of(law: &Law) -> Option<(&'static Process, Span)> {
    let Law::Family { entry, call, .. } = law else { return None };
    Some((process(entry.name)?, *call))
}

/// The laws of an input that has a process among them; refuses one that is more than a law.
pub fn all_laws(name: &str, dists: Vec<Dist>) -> Result<Vec<Law>, Box<Diagnostic>> {
    let call = dists.iter().filter_map(Dist::law).find_map(process_of);
    let mut laws = Vec::new();
    for dist in dists {
        match (dist, call) {
            (Dist::Law(law), _) => laws.push(law),
            (other, Some((process, call))) => {
                return Err(Box::new(mixed(name, process.entry.name, (call, "a process"), other.call())));
            }
            (_, None) => {}
        }
    }
    Ok(laws)
}

/// The report of a process, or of `what` else, beside another kind of `dist` in one input.
pub fn mixed(input: &str, word: &str, (call, what): (Span, &str), other: Span) -> Diagnostic {
    Diagnostic::error(&PARAMETERS, format!("`{input}` mixes `{word}` with something else"))
        .label(other, "another kind")
        .context(call, what)
        .help("make two inputs of it, each with one kind of `dist`")
}

/// What the paths of an input are made from.
pub struct Paths<'a> {
    pub evaluator: &'a Evaluator<'a>,
    pub input: InputId,
    pub name: &'a str,
    /// Number of the first input that is free for what drives the process.
    pub first_hidden: usize,
    pub over: &'a [AxisId],
}

impl Paths<'_> {
    /// Refuses a process outside of the years, two kinds of it in one input, and one that changes along the years.
    pub fn refusal(&self, laws: &[Law], spread: &Spread<'_>) -> Option<Diagnostic> {
        let (first, call) = laws.iter().find_map(process_of)?;
        let name = first.entry.name;
        let year = self.evaluator.names.year().filter(|year| self.over.contains(year));
        let Some(year) = year else {
            let help = match self.evaluator.names.year() {
                Some(_) => "add `over = [\"year\"]`",
                None => "add `years = [2025, 2031]` to [scenario] and `over = [\"year\"]` here",
            };
            return Some(
                Diagnostic::error(
                    &AXIS_MISMATCH,
                    format!("`{name}` goes from year to year, `{}` has none", self.name),
                )
                .label(call, "a process along the years")
                .help(help),
            );
        };
        let kind = |law: &Law| process_of(law).map(|(process, _)| process.entry.name);
        if let Some(other) = laws.iter().find(|law| kind(law) != Some(name)) {
            return Some(mixed(self.name, name, (call, "a process"), other.call()));
        }
        let years = self.evaluator.names.length(year).max(1);
        if spread.elements.chunks(years).any(|path| path.iter().any(|leaf| *leaf != path[0])) {
            let report = Diagnostic::error(&PARAMETERS, format!("`{name}` is one process over all years"))
                .label(call, "in some of the years only");
            return Some(
                report.help("write one `dist` for all years; its parameters may be constants over `year`"),
            );
        }
        None
    }

    /// The recurrences of all elements.
    pub fn values(&self, laws: &[Law], spread: &Spread<'_>) -> Result<Values, Box<Diagnostic>> {
        let symbols = Symbols { own: self.input, first_hidden: self.first_hidden };
        let mut values = Values { kind: Kind::Process, ..Values::default() };
        for (element, leaf) in spread.elements.iter().enumerate() {
            let law = &laws[*leaf];
            let Some(((process, call), (form, bounds))) = process_of(law).zip(law.parts()) else { continue };
            let cell = self.evaluator.cell(self.over, element);
            // What is constant is put in as a number, so that nothing of it is left to compute in a run.
            let arguments: Vec<Expr> = bounds
                .iter()
                .map(|b| self.evaluator.value(&b.expr, &cell).map_or(b.expr.clone(), Expr::Number))
                .collect();
            let varying = arguments.iter().zip(bounds).find(|(x, _)| !matches!(x, Expr::Number(_)));
            if let (Some((_, bound)), true) = (varying, process.entry.name == markov::ENTRY.name) {
                return Err(Box::new(
                    Diagnostic::error(&CONSTANT, "states and weights of `markov` are constants")
                        .label(bound.span.unwrap_or(call), "differs from run to run")
                        .help("write numbers, or formulas of constants"),
                ));
            }
            let path = (process.path)(form, &arguments, &symbols);
            values.recurrences.push(path.value);
            for (place, (hidden, driver)) in path.hidden.into_iter().enumerate() {
                if values.hidden.len() == place {
                    let (laws, recurrences) = (Vec::new(), Vec::new());
                    values.hidden.push(HiddenValues { hidden, laws, recurrences, shared: None });
                }
                match driver {
                    Driver::Drawn(law) => values.hidden[place].laws.push(DrawSpec::Law(law)),
                    Driver::Computed(recurrence) => values.hidden[place].recurrences.push(recurrence),
                }
            }
        }
        Ok(values)
    }

    /// Mentions in the base year and in later ones: of `uses`, which are those of the parameters, and of the process
    /// itself a year before.
    pub fn mentions(&self, laws: &[Law], uses: Vec<Use>) -> (Vec<Use>, Vec<Use>) {
        let bounds = || laws.iter().filter_map(Law::parts).flat_map(|(_, bounds)| bounds);
        let starts = self.starts(laws);
        let of_start = |mention: &Use| {
            bounds().filter(|b| b.name == "start").filter_map(|b| b.span).any(|span| {
                let inside = span.start <= mention.span.start && mention.span.end <= span.end;
                span.source == mention.span.source && inside
            })
        };
        let initial = uses.iter().filter(|mention| !starts || of_start(mention)).cloned().collect();
        let mut formula = uses;
        if let Some((_, call)) = laws.iter().find_map(process_of) {
            let symbol = Symbol::Input(self.input);
            formula.push(Use { symbol, span: call, when: When::Back(1), axes: Vec::new() });
        }
        (initial, formula)
    }

    /// True where the base year is `start` and nothing else.
    fn starts(&self, laws: &[Law]) -> bool {
        laws.iter().all(|law| {
            let is_variance = process_of(law).is_some_and(|(process, _)| process.entry.name == "garch11");
            !is_variance && law.parts().is_some_and(|(_, bounds)| bounds.iter().any(|b| b.name == "start"))
        })
    }
}
