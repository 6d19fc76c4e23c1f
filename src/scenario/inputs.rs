//! Inputs: one law for each element, parameters checked.

use std::sync::Arc;

use super::cycles::Definition;
use super::declare::InputDeclaration;
use super::dist::{Dist, dist};
use super::draw_spec::DrawSpec;
use super::evaluate::Evaluator;
use super::expression::Symbol;
use super::fields::wrong_kind;
use super::meaning::questions;
use super::model::{AxisId, InputId, Recurrence};
use super::over::Over;
use super::parser::parse;
use super::paths::{Paths, all_laws, mixed, process_of};
use super::processes::{Hidden, Symbols};
use super::resolve::{Part, Resolver, Use};
use super::rows;
use super::shares;
use super::spread::{Spread, check_cells, spread};
use super::tree::{Node, Value};
use crate::diagnostic::{AXIS_MISMATCH, Diagnostic};
use crate::distribution::Family;

/// Where the values of an input come from: a law an element, or a recurrence an element and what drives it.
#[derive(Debug, Default)]
pub struct Values {
    pub laws: Vec<DrawSpec>,
    pub recurrences: Vec<Recurrence>,
    pub hidden: Vec<HiddenValues>,
    pub kind: Kind,
    /// Hidden inputs that draw its rows, its own and those of other inputs of the same file.
    pub drawn_by: Vec<InputId>,
    /// The median furthest from 0 among those of its laws, where their parameters are constants.
    pub median: Option<f64>,
}

/// What an input is made of, which decides what its draws can be tied to.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Kind {
    #[default]
    Drawn,
    Process,
    Dirichlet,
    LogisticNormal,
    Rows,
}

/// A hidden input of a process, over the axes of the process.
#[derive(Debug)]
pub struct HiddenValues {
    pub hidden: Hidden,
    pub laws: Vec<DrawSpec>,
    pub recurrences: Vec<Recurrence>,
    /// Of one that several inputs may share.
    pub shared: Option<Shared>,
}

/// What a hidden input is called and runs over, where that is not said by the input that it drives.
#[derive(Debug)]
pub struct Shared {
    /// Its draws are keyed by it too.
    pub name: String,
    pub unit: Option<String>,
    pub over: Vec<AxisId>,
    pub label: Option<String>,
    /// As [`super::model::Input::ranking`].
    pub ranking: Option<Arc<[f64]>>,
}

/// The values of all inputs, `None` where something is wrong with one, and what each of them mentions.
///
/// Hidden inputs are numbered behind those of the file, in the order in which they are needed.
pub fn inputs(
    declarations: &[InputDeclaration<'_>],
    evaluator: &Evaluator<'_>,
    problems: &mut Vec<Diagnostic>,
) -> (Vec<Option<Values>>, Vec<Definition>) {
    let mut all = Vec::new();
    let mut definitions = Vec::new();
    let mut first_hidden = declarations.len();
    let mut drawers = Vec::new();
    for (index, declaration) in declarations.iter().enumerate() {
        let mut reader = Reader {
            evaluator,
            symbol: Symbol::Input(InputId(index)),
            name: &declaration.head.name,
            first_hidden,
            drawers: &mut drawers,
            problems,
            initial: None,
            uses: Vec::new(),
            median: None,
        };
        let values = reader.values(declaration);
        definitions.push(Definition { symbol: reader.symbol, initial: reader.initial, formula: reader.uses });
        first_hidden += values.as_ref().map_or(0, |values| values.hidden.len());
        all.push(values);
    }
    (all, definitions)
}

struct Reader<'a> {
    evaluator: &'a Evaluator<'a>,
    symbol: Symbol,
    name: &'a str,
    first_hidden: usize,
    /// What draws the rows of files, of all inputs so far.
    drawers: &'a mut Vec<rows::Drawer>,
    problems: &'a mut Vec<Diagnostic>,
    /// Mentions in the base year, of a process.
    initial: Option<Vec<Use>>,
    uses: Vec<Use>,
    median: Option<f64>,
}

impl Reader<'_> {
    fn values(&mut self, declaration: &InputDeclaration<'_>) -> Option<Values> {
        let (entry, over) = (declaration.dist?, declaration.over.as_ref()?);
        let names = self.evaluator.names;
        let what = format!("the input `{}`", self.name);
        if let Some(report) = check_cells(&what, &over.sorted, names, declaration.head.span) {
            self.problems.push(report);
            return None;
        }
        let spread = spread(entry, over, names, self.problems)?;
        let dists: Vec<Option<Dist>> = (0..spread.leaves.len())
            .map(|leaf| {
                let law = self.law(spread.leaves[leaf], over)?;
                self.check(&law, leaf, &spread, &over.sorted, declaration.head.unit.as_deref()).then_some(law)
            })
            .collect();
        let dists: Vec<Dist> = dists.into_iter().collect::<Option<_>>()?;
        spread.complete.then_some(())?;
        if dists.iter().filter_map(Dist::law).any(|law| process_of(law).is_some()) {
            return self.process(dists, &spread, &over.sorted);
        }
        if dists.iter().any(|dist| matches!(dist, Dist::Shares(_))) {
            return self.shares(dists, &spread, &over.sorted);
        }
        if dists.iter().any(|dist| matches!(dist, Dist::Rows(_))) {
            return self.rows(dists, &spread, &over.sorted);
        }
        let specs: Vec<DrawSpec> = dists.iter().map(Dist::spec).collect::<Option<_>>()?;
        let laws = spread.elements.iter().map(|leaf| specs[*leaf].clone()).collect();
        Some(Values { laws, median: self.median, ..Values::default() })
    }

    fn process(&mut self, dists: Vec<Dist>, spread: &Spread<'_>, over: &[AxisId]) -> Option<Values> {
        let laws = match all_laws(self.name, dists) {
            Ok(laws) => laws,
            Err(report) => {
                self.problems.push(*report);
                return None;
            }
        };
        let Symbol::Input(input) = self.symbol else { return None };
        let (evaluator, name, first_hidden) = (self.evaluator, self.name, self.first_hidden);
        let paths = Paths { evaluator, input, name, first_hidden, over };
        let values = match paths.refusal(&laws, spread) {
            Some(report) => Err(Box::new(report)),
            None => paths.values(&laws, spread),
        };
        match values {
            Ok(values) => {
                let (initial, formula) = paths.mentions(&laws, std::mem::take(&mut self.uses));
                (self.initial, self.uses) = (Some(initial), formula);
                Some(values)
            }
            Err(report) => {
                self.problems.push(*report);
                None
            }
        }
    }

    fn shares(&mut self, dists: Vec<Dist>, spread: &Spread<'_>, over: &[AxisId]) -> Option<Values> {
        let Symbol::Input(own) = self.symbol else { return None };
        let symbols = Symbols { own, first_hidden: self.first_hidden };
        let values = all_shares(self.name, dists)
            .and_then(|leaves| shares::values(self.name, &leaves, spread, over, &symbols, self.evaluator));
        values.map_err(|report| self.problems.push(*report)).ok()
    }

    fn rows(&mut self, dists: Vec<Dist>, spread: &Spread<'_>, over: &[AxisId]) -> Option<Values> {
        let frame = rows::Frame { evaluator: self.evaluator, over, first_hidden: self.first_hidden };
        let values =
            all_rows(self.name, dists).and_then(|leaves| rows::values(&leaves, spread, &frame, self.drawers));
        values.map_err(|report| self.problems.push(*report)).ok()
    }

    fn law(&mut self, node: &Node, over: &Over) -> Option<Dist> {
        let text = match &node.value {
            Value::Text(text) => text,
            other => {
                let report = wrong_kind("dist", "a distribution in quotes", other, node.span);
                self.problems.push(match other.number() {
                    Some(x) => report.help(format!("for a fixed value write `\"constant({x})\"`")),
                    None => report.help("write for example `dist = \"normal(0, 1)\"`"),
                });
                return None;
            }
        };
        let ast = match parse(text) {
            Ok(ast) => ast,
            Err(report) => {
                self.problems.push(report);
                return None;
            }
        };
        let mut resolver = Resolver::new(self.evaluator.names, self.symbol, Part::Parameter, self.problems);
        let law = dist(&ast, over, &mut resolver);
        let uses = std::mem::take(&mut resolver.uses);
        let fits = self.fits(&uses, &over.sorted);
        self.uses.extend(uses);
        law.filter(|_| fits).filter(|law| self.within(law, &over.sorted))
    }

    /// Refuses mentions that run over an axis the input lacks, one report each axis and mention.
    fn fits(&mut self, uses: &[Use], over: &[AxisId]) -> bool {
        let names = self.evaluator.names;
        let mut fits = true;
        for mention in uses {
            let foreign: Vec<AxisId> = mention.axes.iter().copied().filter(|a| !over.contains(a)).collect();
            if foreign.is_empty() {
                continue;
            }
            fits = false;
            let (axes, other) = (names.list(&foreign), names.name(mention.symbol));
            let member = &names.axes[foreign[0].0].members[0];
            let member =
                if names.year() == Some(foreign[0]) { member.clone() } else { format!("'{member}'") };
            self.problems.push(
                Diagnostic::error(
                    &AXIS_MISMATCH,
                    format!("`{other}` runs over {axes}, the input `{}` does not", self.name),
                )
                .label(mention.span, format!("runs over {}", names.list(&mention.axes)))
                .help(format!("add {axes} to `over`, or pin a member: `{other}[{member}]`")),
            );
        }
        fits
    }

    /// Refuses what runs over a foreign axis for another reason than a mention: the name `year`, `ramp(…)`.
    fn within(&mut self, law: &Dist, over: &[AxisId]) -> bool {
        let names = self.evaluator.names;
        let foreign = law.places().into_iter().find(|(_, axes)| axes.iter().any(|a| !over.contains(a)));
        let Some((span, axes)) = foreign else { return true };
        self.problems.push(
            Diagnostic::error(
                &AXIS_MISMATCH,
                format!("this parameter runs over an axis that `{}` lacks", self.name),
            )
            .label(span, format!("runs over {}", names.list(&axes)))
            .help("add the axis to `over`"),
        );
        false
    }

    /// Checks constant parameters at every element that has this law; the first refusal is reported, else the first
    /// question.
    fn check(
        &mut self,
        law: &Dist,
        leaf: usize,
        spread: &Spread<'_>,
        over: &[AxisId],
        unit: Option<&str>,
    ) -> bool {
        let (mut question, span) = (None, spread.leaves[leaf].span);
        let names = self.evaluator.names;
        let varies = law.places().iter().any(|(_, axes)| !axes.is_empty());
        for (element, _) in spread.elements.iter().enumerate().filter(|(_, l)| **l == leaf) {
            let cell = self.evaluator.cell(over, element);
            let members: Vec<&str> = over
                .iter()
                .filter_map(|axis| Some(names.axes[axis.0].members[cell[axis.0]?].as_str()))
                .collect();
            let label = varies.then(|| members.join(", "));
            match law.build(self.evaluator, &cell, label.as_deref()) {
                Ok(built) => {
                    let median = built.as_ref().map(|law| law.quantile(0.5));
                    self.median = [self.median, median]
                        .into_iter()
                        .flatten()
                        .max_by(|a, b| a.abs().total_cmp(&b.abs()));
                    let ask = |law| questions(&law, self.name, unit, span);
                    question = question.or_else(|| built.and_then(ask));
                }
                Err(report) => {
                    self.problems.push(*report);
                    return false;
                }
            }
            if !varies {
                break;
            }
        }
        self.problems.extend(question);
        true
    }
}

/// The shares of an input that has some among its elements; refuses anything else beside them.
fn all_shares(name: &str, dists: Vec<Dist>) -> Result<Vec<shares::Shares>, Box<Diagnostic>> {
    only(name, dists, "shares of a whole", |dist| match dist {
        Dist::Shares(shares) => Some((shares.recipe.name(), shares)),
        _ => None,
    })
}

/// The rows of an input that has some among its elements; refuses anything else beside them.
fn all_rows(name: &str, dists: Vec<Dist>) -> Result<Vec<rows::Rows>, Box<Diagnostic>> {
    only(name, dists, "rows of a file", |dist| match dist {
        Dist::Rows(rows) => Some((rows.word(), rows)),
        _ => None,
    })
}

/// The elements of one kind, called `what`, of which `one` gives the word too; refuses another kind beside them.
fn only<T>(
    name: &str,
    dists: Vec<Dist>,
    what: &str,
    one: impl Fn(Dist) -> Option<(&'static str, T)>,
) -> Result<Vec<T>, Box<Diagnostic>> {
    let (mut all, mut first, mut other) = (Vec::new(), None, None);
    for dist in dists {
        let call = dist.call();
        match one(dist) {
            Some((word, kept)) => {
                first = first.or(Some((word, call)));
                all.push(kept);
            }
            None => other = other.or(Some(call)),
        }
    }
    match (first, other) {
        (Some((word, call)), Some(other)) => Err(Box::new(mixed(name, word, (call, what), other))),
        _ => Ok(all),
    }
}
