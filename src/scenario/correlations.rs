//! [[correlations]]: pairs and matrices of inputs, merged into groups that a copula can have.

use std::collections::BTreeMap;

use super::declare::InputDeclaration;
use super::evaluate::Evaluator;
use super::expression::Symbol;
use super::fields::{Fields, Keys, wrong_kind};
use super::figures::Figures;
use super::model::{AxisId, Copula, CorrelationGroup, InputElement, InputId};
use super::names::{Named, Names, did_you_mean};
use super::over::Over;
use super::parser::parse;
use super::pins::find;
use super::syntax::{AstKind, IndexItem, Word};
use super::ties::{MOST_ELEMENTS, Tie, groups, too_large};
use super::tree::{Entry, Node, Text, Value};
use crate::diagnostic::{AXIS_MISMATCH, CORRELATION_NAME, Diagnostic, Span, TOML_MISSING};

pub(super) const KEYS: Keys = Keys {
    known: &[
        "between",
        "rho",
        "spearman",
        "kendall",
        "matrix",
        "decay",
        "range",
        "loadings",
        "tail",
        "theta",
        "copula",
        "df",
        "rotate",
        "repair",
        "note",
        "source",
        "derived",
        "assumption",
    ],
    later: &[],
};

/// What [[correlations]] gives.
#[derive(Debug, Default)]
pub struct Correlations {
    pub groups: Vec<CorrelationGroup>,
    /// Inputs that are named, with the places.
    pub named: Vec<(InputId, Span)>,
}

/// Reads all blocks.
pub fn correlations(
    entry: Option<&Entry>,
    inputs: &[InputDeclaration<'_>],
    evaluator: &Evaluator<'_>,
    figures: &mut Figures<'_>,
    problems: &mut Vec<Diagnostic>,
) -> Correlations {
    let Some(entry) = entry else { return Correlations::default() };
    let example = "write `[[correlations]]` and below it `between = [\"a\", \"b\"]` and `spearman = 0.5`";
    let Value::Array(blocks) = &entry.node.value else {
        problems.push(
            wrong_kind("correlations", "a list of tables", &entry.node.value, entry.key_span).help(example),
        );
        return Correlations::default();
    };
    let mut reader =
        Reader { names: evaluator.names, inputs, figures, problems, ties: Vec::new(), named: Vec::new() };
    let before = reader.problems.len();
    for block in blocks {
        reader.block(block, entry);
    }
    let (ties, named) = (reader.ties, reader.named);
    // With a mistake in one block the others may look worse than they are.
    let groups =
        if problems.len() > before { Vec::new() } else { groups(&ties, inputs, evaluator.names, problems) };
    Correlations { groups, named }
}

pub(super) struct Reader<'a, 'f> {
    names: &'a Names,
    inputs: &'a [InputDeclaration<'a>],
    pub(super) figures: &'a mut Figures<'f>,
    pub(super) problems: &'a mut Vec<Diagnostic>,
    ties: Vec<Tie>,
    named: Vec<(InputId, Span)>,
}

/// One name in `between`: an input with some axes pinned.
struct Partner {
    input: InputId,
    pinned: Vec<(AxisId, usize)>,
    free: Vec<AxisId>,
    span: Span,
    typed: String,
}

impl Reader<'_, '_> {
    fn block(&mut self, block: &Node, entry: &Entry) -> Option<()> {
        let Value::Table(table) = &block.value else {
            self.problems.push(wrong_kind("correlations", "tables", &block.value, block.span));
            return None;
        };
        if table.entries.is_empty() {
            let report = Diagnostic::error(&TOML_MISSING, "a block of [[correlations]] is empty");
            let report = report.label(block.span, "nothing below it");
            self.problems
                .push(report.help("add `between = [\"a\", \"b\"]` and `spearman = 0.5`, or remove it"));
            return None;
        }
        let span = table.entries.first().map_or(entry.key_span, |e| e.key_span);
        let fields = Fields::new(table, "[[correlations]]", span, &KEYS, self.problems);
        for key in ["note", "source", "derived", "assumption"] {
            fields.string(key, self.problems);
        }
        let copula = self.copula(&fields);
        let repair = self.repair(&fields, copula);
        let partners = fields
            .required("between", "between = [\"a\", \"b\"]", self.problems)
            .and_then(|between| self.between(between));
        // An Archimedean copula that is there has read its coefficient and found it right.
        let coefficient = match copula {
            None if fields.entry("copula").is_some() => None,
            _ => self.coefficient(&fields),
        };
        let partners = partners?;
        for partner in &partners {
            self.named.push((partner.input, partner.span));
        }
        let (coefficient, copula, repair) = (coefficient?, copula?, repair?);
        self.tie(&partners, coefficient, copula, repair)
    }

    fn between(&mut self, entry: &Entry) -> Option<Vec<Partner>> {
        let example = "write `between = [\"a\", \"b\"]`";
        let Value::Array(items) = &entry.node.value else {
            let report = wrong_kind("between", "a list of inputs", &entry.node.value, entry.node.span);
            self.problems.push(report.help(example));
            return None;
        };
        let partners: Vec<Option<Partner>> = items
            .iter()
            .map(|item| match &item.value {
                Value::Text(text) => self.partner(text),
                other => {
                    self.problems
                        .push(wrong_kind("between", "inputs in quotes", other, item.span).help(example));
                    None
                }
            })
            .collect();
        let partners: Vec<Partner> = partners.into_iter().collect::<Option<_>>()?;
        let alone = match partners.as_slice() {
            [] => true,
            [one] => self.names.cells(&one.free) < 2,
            _ => false,
        };
        if alone {
            self.problems.push(
                Diagnostic::error(&CORRELATION_NAME, "a correlation is between at least two")
                    .label(entry.node.span, if partners.is_empty() { "nothing is named" } else { "one only" })
                    .help(example),
            );
            return None;
        }
        if let Some(other) = partners.iter().find(|p| p.free != partners[0].free) {
            let runs = |p: &Partner| match p.free.is_empty() {
                true => format!("`{}` is one value", p.typed),
                false => format!("`{}` runs over {}", p.typed, self.names.list(&p.free)),
            };
            self.problems.push(
                Diagnostic::error(&CORRELATION_NAME, "these inputs run over different axes")
                    .label(other.span, runs(other))
                    .context(partners[0].span, runs(&partners[0]))
                    .help(
                        "inputs over the same axes are tied element by element; else name single elements: \
                         `x[member]`",
                    ),
            );
            return None;
        }
        Some(partners)
    }

    fn partner(&mut self, text: &Text) -> Option<Partner> {
        let ast = match parse(text) {
            Ok(ast) => ast,
            Err(report) => {
                self.problems.push(report);
                return None;
            }
        };
        let (word, items): (Word, Vec<IndexItem>) = match ast.kind {
            AstKind::Name(name) => (Word { text: name, span: ast.span }, Vec::new()),
            AstKind::Index { name, items } => (name, items),
            _ => {
                self.problems.push(
                    Diagnostic::error(&CORRELATION_NAME, "a correlation is between inputs")
                        .label(ast.span, "an expression")
                        .help("write the name of an input, or of an element like `impact[approvals]`"),
                );
                return None;
            }
        };
        let (input, named) = self.input(&word)?;
        let over = self.names.over(named.symbol)?.to_vec();
        let mut pinned = Vec::new();
        for item in &items {
            match find(self.names, named, &over, item) {
                Ok(pin) => pinned.push(pin),
                Err(report) => {
                    self.problems.extend(report.map(|r| *r));
                    return None;
                }
            }
        }
        let free = over.iter().copied().filter(|a| pinned.iter().all(|(pin, _)| pin != a)).collect();
        Some(Partner { input, pinned, free, span: text.inner(), typed: text.text.clone() })
    }

    fn input(&mut self, word: &Word) -> Option<(InputId, Named)> {
        let known = self.inputs.iter().map(|i| i.head.name.as_str());
        let report = match self.names.find(&word.text) {
            Some(named) => match named.symbol {
                Symbol::Input(id) => return Some((id, named)),
                Symbol::Constant(_) => {
                    Diagnostic::error(&CORRELATION_NAME, format!("`{}` is a constant", word.text))
                        .label(word.span, "the same in every run")
                        .help("only inputs can be correlated")
                }
                Symbol::Variable(_) => {
                    Diagnostic::error(&CORRELATION_NAME, format!("`{}` is computed, not drawn", word.text))
                        .label(word.span, "a formula or an output")
                        .help("correlate the inputs it is made of")
                }
            },
            None => Diagnostic::error(&CORRELATION_NAME, format!("unknown input `{}`", word.text))
                .label(word.span, "no input has this name")
                .help(did_you_mean(&word.text, known)),
        };
        self.problems.push(report);
        None
    }

    /// Turns a block into ties of pairs of elements.
    fn tie(&mut self, partners: &[Partner], coefficient: &Entry, copula: Copula, repair: bool) -> Option<()> {
        let tuples = self.tuples(partners)?;
        let size = tuples.first().map_or(0, Vec::len);
        if size > MOST_ELEMENTS {
            self.problems.push(too_large(size, coefficient.node.span));
            return None;
        }
        let entries = match coefficient.key.as_str() {
            "matrix" => self.matrix(&coefficient.node, size)?,
            "loadings" => self.loadings(&coefficient.node, size)?,
            measure @ ("decay" | "range") => {
                let two_axes = partners.iter().find(|p| partners.len() == 1 && p.free.len() > 1);
                if let Some(partner) = two_axes {
                    self.problems.push(
                        Diagnostic::error(&AXIS_MISMATCH, format!("`{measure}` is along one axis"))
                            .label(partner.span, format!("it runs over {}", self.names.list(&partner.free)))
                            .help("name a part of it: `x[member]` is left with one axis less"),
                    );
                    return None;
                }
                self.along(measure, &coefficient.node, size)?
            }
            measure => {
                let rho = self.single(measure, &coefficient.node, copula)?;
                vec![(rho, coefficient.node.span); size * size]
            }
        };
        for tuple in &tuples {
            for i in 0..size {
                for j in 0..i {
                    let (a, b) = (tuple[i].min(tuple[j]), tuple[i].max(tuple[j]));
                    let (rho, span) = entries[i * size + j];
                    self.ties.push(Tie { a, b, rho, copula, repair, span });
                }
            }
        }
        Some(())
    }

    /// Elements that are tied to each other: one tuple for each cell of the axes the partners share.
    fn tuples(&mut self, partners: &[Partner]) -> Option<Vec<Vec<InputElement>>> {
        let cells = self.names.cells(&partners[0].free);
        let elements = |p: &Partner| -> Vec<InputElement> {
            (0..cells).map(|cell| InputElement { input: p.input, element: self.element(p, cell) }).collect()
        };
        let columns: Vec<Vec<InputElement>> = partners.iter().map(elements).collect();
        let mut seen = BTreeMap::new();
        for (partner, column) in partners.iter().zip(&columns) {
            if let Some(first) = column.first().and_then(|element| seen.insert(*element, partner.span)) {
                self.problems.push(
                    Diagnostic::error(&CORRELATION_NAME, format!("`{}` is named twice", partner.typed))
                        .label(partner.span, "again")
                        .context(first, "first here"),
                );
                return None;
            }
        }
        Some(match columns.as_slice() {
            [one] => vec![one.clone()],
            _ => (0..cells).map(|cell| columns.iter().map(|column| column[cell]).collect()).collect(),
        })
    }

    /// Row-major index of the element of a partner at one cell of its free axes.
    fn element(&self, partner: &Partner, mut cell: usize) -> usize {
        let mut members: BTreeMap<AxisId, usize> = partner.pinned.iter().copied().collect();
        for axis in partner.free.iter().rev() {
            let length = self.names.length(*axis);
            members.insert(*axis, cell % length);
            cell /= length;
        }
        let none = Over::default();
        let over = self.inputs[partner.input.0].over.as_ref().unwrap_or(&none);
        over.sorted.iter().fold(0, |index, axis| index * self.names.length(*axis) + members[axis])
    }
}
