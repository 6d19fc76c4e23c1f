//! The tables [constants], [inputs], [formulas] and [outputs], read but not yet understood.

use super::expression::Symbol;
use super::fields::{Fields, Keys, expression, table, wrong_kind};
use super::functions::RESERVED;
use super::lexer::is_name;
use super::model::{AxisId, ConstantId, InputId, Provenance, VariableId};
use super::names::Names;
use super::over::{Over, over};
use super::syntax::Ast;
use super::tree::{Entry, Node, Table, Value};
use crate::diagnostic::{
    Diagnostic, NAME_DUPLICATE, NAME_RESERVED, PREVIOUS, SCENARIO_OUTPUT, Span, TOML_TYPE,
};

/// What every definition has.
#[derive(Debug)]
pub struct Head {
    pub name: String,
    pub span: Span,
    pub label: Option<String>,
    pub unit: Option<String>,
}

/// A constant as written.
#[derive(Debug)]
pub struct ConstantDeclaration<'a> {
    pub head: Head,
    pub provenance: Provenance,
    pub note: Option<String>,
    pub over: Option<Over>,
    pub value: Option<&'a Entry>,
}

/// An input as written.
#[derive(Debug)]
pub struct InputDeclaration<'a> {
    pub head: Head,
    pub group: Option<String>,
    pub provenance: Provenance,
    pub over: Option<Over>,
    pub dist: Option<&'a Entry>,
    pub persistence: Option<&'a Entry>,
    pub factor: Option<&'a Entry>,
}

/// A formula, or the formula of an output, as written.
#[derive(Debug)]
pub struct VariableDeclaration {
    pub head: Head,
    /// `None` where it could not be parsed.
    pub formula: Option<Ast>,
    /// Outer `None`: there is none.
    pub initial: Option<Option<Ast>>,
    pub text: String,
}

/// What an output has beside its formula.
#[derive(Debug)]
pub struct OutputDeclaration<'a> {
    pub variable: VariableId,
    pub reference: Option<&'a Entry>,
    pub tornado: Option<&'a Entry>,
    pub from: Option<&'a Entry>,
    /// `percentiles` and `tail_means`.
    pub levels: [Option<&'a Entry>; 2],
}

/// Everything the file defines.
#[derive(Debug, Default)]
pub struct Declarations<'a> {
    pub constants: Vec<ConstantDeclaration<'a>>,
    pub inputs: Vec<InputDeclaration<'a>>,
    pub variables: Vec<VariableDeclaration>,
    pub outputs: Vec<OutputDeclaration<'a>>,
}

pub(super) const CONSTANT: Keys = Keys {
    known: &["value", "unit", "label", "over", "note", "source", "derived", "assumption"],
    later: &[],
};
pub(super) const INPUT: Keys = Keys {
    known: &[
        "dist",
        "unit",
        "label",
        "group",
        "over",
        "persistence",
        "factor",
        "note",
        "source",
        "derived",
        "assumption",
    ],
    later: &[],
};
pub(super) const FORMULA: Keys = Keys { known: &["formula", "initial", "label", "unit", "note"], later: &[] };
pub(super) const OUTPUT: Keys = Keys {
    known: &[
        "formula",
        "initial",
        "label",
        "unit",
        "note",
        "reference",
        "tornado",
        "from",
        "percentiles",
        "tail_means",
    ],
    later: &[],
};

/// Reads the four tables of a document, and puts every name into `names`.
pub fn declare<'a>(
    document: &Fields<'a>,
    names: &mut Names,
    problems: &mut Vec<Diagnostic>,
) -> Declarations<'a> {
    let mut reader = Reader { names, problems, unread: Vec::new(), found: Declarations::default() };
    reader.section(document, "constants", Reader::constant);
    reader.section(document, "inputs", Reader::input);
    reader.section(document, "formulas", Reader::formula);
    reader.section(document, "outputs", Reader::output);
    let Reader { found, unread, .. } = reader;
    // A formula cannot be read because of a name that is refused already.
    for (index, text) in unread.into_iter().rev() {
        if names.has_unwritable(&text) {
            problems.remove(index);
        }
    }
    if document
        .entry("outputs")
        .is_none_or(|e| matches!(&e.node.value, Value::Table(t) if t.entries.is_empty()))
    {
        let report = Diagnostic::error(&SCENARIO_OUTPUT, "the scenario has no output");
        let report = match document.entry("outputs").or(document.table.entries.first()) {
            Some(entry) => report.label(entry.key_span, "nothing to report"),
            None => report.label(super::extends::start_of(0), "the file is empty"),
        };
        problems.push(report.help("add `[outputs.NAME]` with `formula = \"…\"`"));
    }
    found
}

struct Reader<'a, 'n> {
    names: &'n mut Names,
    problems: &'n mut Vec<Diagnostic>,
    /// Reports of formulas that cannot be read, by their place among the problems, and their texts.
    unread: Vec<(usize, String)>,
    found: Declarations<'a>,
}

impl<'a> Reader<'a, '_> {
    fn section(&mut self, document: &Fields<'a>, key: &str, each: fn(&mut Self, &'a Entry)) {
        let Some(entry) = document.entry(key) else { return };
        if let Value::Array(items) = &entry.node.value {
            let part = items.first().and_then(|item| named_part(item)).unwrap_or("NAME");
            self.names.incomplete = true;
            self.problems.push(
                Diagnostic::error(&TOML_TYPE, format!("each part of `{key}` has a section of its own"))
                    .label(entry.node.span, "a list")
                    .help(format!("write `[{key}.{part}]`, and its keys below it")),
            );
            return;
        }
        if let Some(table) = table(entry, &format!("`[{key}]` on a line of its own"), self.problems) {
            for entry in &table.entries {
                each(self, entry);
            }
        }
    }

    fn constant(&mut self, entry: &'a Entry) {
        let symbol = Symbol::Constant(ConstantId(self.found.constants.len()));
        let declaration = match &entry.node.value {
            Value::Table(table) => {
                let fields = self.fields(table, "constants", entry, &CONSTANT);
                let over = over(&fields, self.names, self.problems);
                ConstantDeclaration {
                    head: self.head(&fields, entry),
                    provenance: self.provenance(&fields),
                    note: fields.string("note", self.problems),
                    over,
                    value: fields.required("value", "value = 1.0", self.problems),
                }
            }
            _ => ConstantDeclaration {
                head: bare(entry),
                provenance: Provenance::Unstated,
                note: None,
                over: Some(Over::default()),
                value: Some(entry),
            },
        };
        let over = declaration.over.as_ref().map(|o| o.sorted.clone());
        self.define(entry, symbol, over);
        self.found.constants.push(declaration);
    }

    fn input(&mut self, entry: &'a Entry) {
        let symbol = Symbol::Input(InputId(self.found.inputs.len()));
        let name = &entry.key;
        let Value::Table(table) = &entry.node.value else {
            let dist = Some(spelled(&entry.node)).filter(|text| !text.is_empty());
            let dist = dist.unwrap_or("normal(0, 1)".to_string());
            let report = wrong_kind(name, "a table", &entry.node.value, entry.node.span)
                .help(format!("write `[inputs.{name}]` and below it `dist = \"{dist}\"`"));
            self.problems.push(report);
            let declaration = InputDeclaration {
                head: bare(entry),
                group: None,
                provenance: Provenance::Source(String::new()),
                over: None,
                dist: None,
                persistence: None,
                factor: None,
            };
            self.define(entry, symbol, None);
            self.found.inputs.push(declaration);
            return;
        };
        let fields = self.fields(table, "inputs", entry, &INPUT);
        let over = over(&fields, self.names, self.problems);
        fields.string("note", self.problems);
        let declaration = InputDeclaration {
            head: self.head(&fields, entry),
            group: fields.string("group", self.problems),
            provenance: self.provenance(&fields),
            over,
            dist: fields.required("dist", "dist = \"normal(0, 1)\"", self.problems),
            persistence: fields.entry("persistence"),
            factor: fields.entry("factor"),
        };
        let over = declaration.over.as_ref().map(|o| o.sorted.clone());
        self.define(entry, symbol, over);
        self.found.inputs.push(declaration);
    }

    fn formula(&mut self, entry: &'a Entry) {
        let declaration = match &entry.node.value {
            Value::Table(table) => {
                let fields = self.fields(table, "formulas", entry, &FORMULA);
                self.variable(&fields, entry)
            }
            _ => VariableDeclaration {
                head: bare(entry),
                formula: self.expression(&entry.node, &entry.key),
                initial: None,
                text: spelled(&entry.node),
            },
        };
        self.define_variable(entry, declaration);
    }

    fn output(&mut self, entry: &'a Entry) {
        let variable = VariableId(self.found.variables.len());
        let name = &entry.key;
        let Value::Table(table) = &entry.node.value else {
            let formula =
                Some(spelled(&entry.node)).filter(|text| !text.is_empty()).unwrap_or("…".to_string());
            let report = wrong_kind(name, "a table", &entry.node.value, entry.node.span)
                .help(format!("write `[outputs.{name}]` and below it `formula = \"{formula}\"`"));
            self.problems.push(report);
            let declaration =
                VariableDeclaration { head: bare(entry), formula: None, initial: None, text: String::new() };
            self.define_variable(entry, declaration);
            return;
        };
        let fields = self.fields(table, "outputs", entry, &OUTPUT);
        let declaration = self.variable(&fields, entry);
        let [reference, tornado, from] = ["reference", "tornado", "from"].map(|key| fields.entry(key));
        let levels = ["percentiles", "tail_means"].map(|key| fields.entry(key));
        self.found.outputs.push(OutputDeclaration { variable, reference, tornado, from, levels });
        self.define_variable(entry, declaration);
    }

    fn variable(&mut self, fields: &Fields<'a>, entry: &Entry) -> VariableDeclaration {
        let head = self.head(fields, entry);
        fields.string("note", self.problems);
        let formula = fields.required("formula", "formula = \"…\"", self.problems);
        let initial = fields.entry("initial");
        if let (Some(initial), None, false) = (initial, self.names.year(), self.names.axes_broken) {
            self.problems.push(
                Diagnostic::error(&PREVIOUS, "`initial` needs years, and the scenario has none")
                    .label(initial.key_span, "the value in the first year")
                    .help("add `years = [2025, 2031]` to [scenario], or leave `initial` out"),
            );
        }
        VariableDeclaration {
            head,
            formula: formula.and_then(|e| self.expression(&e.node, "formula")),
            initial: initial.map(|e| self.expression(&e.node, "initial")),
            text: formula.map_or(String::new(), |e| spelled(&e.node)),
        }
    }

    fn expression(&mut self, node: &Node, key: &str) -> Option<Ast> {
        let found = expression(node, key, self.problems);
        if found.is_none() {
            self.unread.push((self.problems.len() - 1, spelled(node)));
        }
        found
    }

    fn define_variable(&mut self, entry: &Entry, declaration: VariableDeclaration) {
        let symbol = Symbol::Variable(VariableId(self.found.variables.len()));
        let whole = declaration.formula.is_some() && !matches!(declaration.initial, Some(None));
        self.define(entry, symbol, whole.then(Vec::new));
        self.found.variables.push(declaration);
    }

    fn fields(&mut self, table: &'a Table, section: &str, entry: &Entry, keys: &Keys) -> Fields<'a> {
        Fields::new(table, format!("[{section}.{}]", entry.key), entry.key_span, keys, self.problems)
    }

    fn head(&mut self, fields: &Fields<'_>, entry: &Entry) -> Head {
        Head {
            label: fields.string("label", self.problems),
            unit: fields.string("unit", self.problems),
            ..bare(entry)
        }
    }

    fn provenance(&mut self, fields: &Fields<'_>) -> Provenance {
        let keys = ["source", "derived", "assumption"];
        let given: Vec<&Entry> = keys.iter().filter_map(|key| fields.entry(key)).collect();
        if let [first, second, ..] = given.as_slice() {
            self.problems.push(
                Diagnostic::error(
                    &TOML_TYPE,
                    format!("{} has both `{}` and `{}`", fields.place, first.key, second.key),
                )
                .label(second.key_span, "a second provenance")
                .context(first.key_span, "the first")
                .help("keep the one that describes the number, and move the rest into `note`"),
            );
        }
        let mut text = |key| fields.string(key, self.problems).filter(|t| !t.trim().is_empty());
        let (source, derived, assumption) = (text("source"), text("derived"), text("assumption"));
        source
            .map(Provenance::Source)
            .or(derived.map(Provenance::Derived))
            .or(assumption.map(Provenance::Assumption))
            .unwrap_or(Provenance::Unstated)
    }

    /// Puts a name into the table of names, or says why it cannot be one.
    fn define(&mut self, entry: &Entry, symbol: Symbol, over: Option<Vec<AxisId>>) {
        let (name, span) = (entry.key.as_str(), entry.key_span);
        if RESERVED.contains(&name) {
            self.problems.push(
                Diagnostic::error(&NAME_RESERVED, format!("`{name}` is a word of the language"))
                    .label(span, "not free as a name")
                    .help("choose another name; `label` says how it is called in charts"),
            );
        } else if !is_name(name) {
            let plain: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { '_' }).collect();
            let plain = if is_name(&plain) { plain } else { format!("x_{plain}") };
            self.problems.push(
                Diagnostic::error(&NAME_RESERVED, format!("`{name}` cannot be written in a formula"))
                    .label(span, "a name has letters, digits and `_`, a letter first")
                    .help(format!("name it `{plain}` and put `label = \"{name}\"` below it")),
            );
            return self.names.define_unwritable(name, &plain, symbol, span, over);
        } else if let Some(axis) = self.names.axis(name) {
            self.problems.push(
                Diagnostic::error(&NAME_DUPLICATE, format!("`{name}` is the name of an axis"))
                    .label(span, "here for a value")
                    .context(self.names.axis_spans[axis.0], "the axis"),
            );
        } else if let Some(first) =
            self.names.find(name).filter(|first| self.names.name(first.symbol) == name)
        {
            self.problems.push(
                Diagnostic::error(&NAME_DUPLICATE, format!("two things have the name `{name}`"))
                    .label(span.max(first.span), "the second")
                    .context(span.min(first.span), "the first")
                    .help("constants, inputs, formulas and outputs share their names: rename one of them"),
            );
        }
        self.names.define(name, symbol, span, over);
    }
}

fn bare(entry: &Entry) -> Head {
    Head { name: entry.key.clone(), span: entry.key_span, label: None, unit: None }
}

/// The name that a table gives itself by a key.
fn named_part(item: &Node) -> Option<&str> {
    let Value::Table(table) = &item.value else { return None };
    let name = ["name", "id"].iter().find_map(|key| table.get(key))?;
    match &name.node.value {
        Value::Text(text) => Some(&text.text).filter(|name| is_name(name)).map(String::as_str),
        _ => None,
    }
}

/// A formula as the file spells it.
fn spelled(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => text.text.clone(),
        other => other.number().map_or(String::new(), |x| x.to_string()),
    }
}
