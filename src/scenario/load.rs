//! From a file to a checked scenario: the order of the checks.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::components::add_components;
use super::constants::constants;
use super::correlations::{Correlations, correlations};
use super::cycles::cycles;
use super::data::{DataBytes, Tables};
use super::declare::{Declarations, declare};
use super::evaluate::Evaluator;
use super::expression::Symbol;
use super::extends::{Unread, assemble, lay, normalised, read_text, reason, start_of};
use super::factors::{add_factors, factors};
use super::fields::{Fields, Keys};
use super::figures::Figures;
use super::finite::finite_outputs;
use super::foreign_format::NoText;
use super::hidden::add_hidden;
use super::infer::{Parts, infer};
use super::inputs::{Values, inputs};
use super::levels::{AskedLevels, of_a_probability};
use super::model::{Constant, DataFile, Input, InputId, Output, Scenario, Variable};
use super::names::Names;
use super::outputs::outputs;
use super::overrides;
use super::persistence::{check_ties, persistence};
use super::probabilities::{drop_units, find_probabilities};
use super::rates::rates;
use super::settings::{Settings, settings};
use super::tornado_inputs::tornado_inputs;
use super::tree::{Entry, Table, Value};
use super::untied::untied;
use super::usage::{provenance, unused, unused_axes};
use super::variables::{ResolvedVariable, variables};
use crate::diagnostic::{
    CORRELATION, CORRELATION_MATRIX, CORRELATION_NAME, CYCLE, Diagnostic, PARAMETER, PERCENT, REFERENCE,
    SCENARIO_SIZE, SCENARIO_VALUE, Sources, Span, TOML_SYNTAX, TOML_TYPE, counted, grouped,
};

/// More cells of all names together than anyone means.
const MOST_CELLS: usize = 20_000_000;

pub(super) const KEYS: Keys = Keys {
    known: &["extends", "scenario", "axes", "constants", "inputs", "formulas", "outputs", "correlations"],
    later: &[],
};

/// A scenario that passed every check.
#[derive(Clone, Debug)]
pub struct Loaded {
    pub scenario: Scenario,
    /// In the order of the file.
    pub warnings: Vec<Diagnostic>,
    /// The texts that the warnings point into.
    pub sources: Sources,
}

/// Why there is no scenario.
#[derive(Debug)]
pub enum LoadFailure {
    /// The text is wrong: all errors and warnings, in the order of the file.
    Rejected { diagnostics: Vec<Diagnostic>, sources: Sources },
    /// The file cannot be read.
    Unreadable { path: PathBuf, error: io::Error },
}

impl fmt::Display for LoadFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadFailure::Rejected { diagnostics, .. } => {
                let errors = diagnostics.iter().filter(|d| d.is_error()).count();
                write!(f, "{} in the scenario", counted(errors as u64, "error"))
            }
            LoadFailure::Unreadable { path, error } => {
                write!(f, "`{}` cannot be read: {}", path.display(), reason(error))
            }
        }
    }
}

impl std::error::Error for LoadFailure {}

/// Loads a scenario file; `overrides` are `name=value` as given with `--set`.
///
/// # Errors
/// [`LoadFailure`]: everything that is wrong with the text at once, or that the file cannot be read.
pub fn load(path: &Path, overrides: &[String]) -> Result<Loaded, LoadFailure> {
    match read_text(path) {
        Ok(text) => check(path, text, overrides),
        Err(Unread::System(error)) => Err(LoadFailure::Unreadable { path: path.to_path_buf(), error }),
        Err(Unread::NoText(no)) => Err(rejected(path, no)),
    }
}

/// The report of a file that holds no text.
fn rejected(path: &Path, no: NoText) -> LoadFailure {
    let mut sources = Sources::default();
    let source = sources.add(path.display().to_string(), no.shown);
    let report = Diagnostic::error(&TOML_SYNTAX, "this file is no text in UTF-8")
        .label(Span { source, start: no.at, end: no.at }, no.what)
        .help(no.help);
    LoadFailure::Rejected { diagnostics: vec![report], sources }
}

/// Loads a scenario from its text; `name` stands for the path of the file.
///
/// # Errors
/// [`LoadFailure::Rejected`], with everything that is wrong with the text at once.
///
/// ```
/// let text = "
///     [inputs.cost]
///     dist = 'normal(10, 2)'
///     assumption = 'an example'
///     [outputs.twice]
///     formula = '2 * cost'";
/// let loaded = riskband::scenario::load_text("twice.toml", text, &[]).unwrap();
/// assert_eq!(loaded.scenario.name, "twice");
/// assert!(loaded.warnings.is_empty());
/// ```
pub fn load_text(name: &str, text: &str, overrides: &[String]) -> Result<Loaded, LoadFailure> {
    check(Path::new(name), normalised(text), overrides)
}

/// Loads a scenario again from its sources, base first, as [`Scenario::sources`] had them; data files are read beside
/// their paths.
///
/// # Errors
/// See [`load_text`].
pub fn load_sources(sources: &[(String, String)], overrides: &[String]) -> Result<Loaded, LoadFailure> {
    let path = sources.last().map_or(PathBuf::new(), |(path, _)| PathBuf::from(path));
    let chain = sources.iter().cloned();
    understood(&path, overrides, |sources, problems, doubtful| lay(chain, sources, problems, doubtful))
}

fn check(path: &Path, text: String, overrides: &[String]) -> Result<Loaded, LoadFailure> {
    let read = |sources: &mut Sources, problems: &mut Vec<Diagnostic>, doubtful: &mut Vec<Span>| {
        assemble(path, text, sources, problems, doubtful)
    };
    understood(path, overrides, read)
}

/// Checks the document that `read` makes of the scenario's files.
fn understood(
    path: &Path,
    overrides: &[String],
    read: impl FnOnce(&mut Sources, &mut Vec<Diagnostic>, &mut Vec<Span>) -> Option<Table>,
) -> Result<Loaded, LoadFailure> {
    let mut sources = Sources::default();
    let mut problems = Vec::new();
    let mut doubtful = Vec::new();
    let document = read(&mut sources, &mut problems, &mut doubtful);
    let mistakes = problems.len();
    let files = sources.texts().to_vec();
    let scenario = document.and_then(|mut document| {
        if !overrides.is_empty() {
            let source = sources.add(overrides::SOURCE, overrides.join("\n"));
            overrides::apply(&mut document, overrides, source, &mut problems);
        }
        understand(&document, Tables::beside(files.iter().map(|(path, _)| path.as_str())), &mut problems)
    });
    let mut later = problems.split_off(mistakes);
    later.retain(|report| {
        !report.position().is_some_and(|at| doubtful.iter().any(|guess| within(at, *guess)))
    });
    // What is wrong with a whole value says more than what made it readable.
    let replaced = |earlier: &Diagnostic| {
        let is_at = |report: &Diagnostic| {
            let codes = [&TOML_TYPE, &SCENARIO_VALUE];
            codes.contains(&report.code) && report.position() == earlier.position()
        };
        earlier.code == &TOML_SYNTAX && earlier.labels.len() == 1 && later.iter().any(is_at)
    };
    problems.retain(|earlier| !replaced(earlier));
    problems.extend(later);
    let place = |d: &Diagnostic| d.position().map_or((usize::MAX, 0, 0), |s| (s.source, s.start, s.end));
    problems.sort_by_key(place);
    let rejected = problems.iter().any(Diagnostic::is_error);
    match scenario {
        Some((scenario, tables)) if !rejected => {
            let stem = path.file_stem().map_or("scenario".into(), |stem| stem.to_string_lossy());
            let typed_alike: Vec<String> = overrides.iter().map(|line| overrides::plain(line)).collect();
            let hash = hash(&files, &typed_alike, &tables);
            let scenario = Scenario {
                title: if scenario.title.is_empty() { stem.to_string() } else { scenario.title },
                name: stem.to_string(),
                hash,
                sources: files,
                data: data_files(&tables),
                overrides: overrides.to_vec(),
                ..scenario
            };
            Ok(Loaded { scenario, warnings: problems, sources })
        }
        _ => Err(LoadFailure::Rejected { diagnostics: problems, sources }),
    }
}

/// True for a place inside another.
fn within(place: Span, whole: Span) -> bool {
    place.source == whole.source && whole.start <= place.start && place.end <= whole.end
}

/// SHA-256 of all texts, overrides as [`overrides::plain`] writes them, and data files, each led by its length, as hexadecimal digits.
fn hash(files: &[(String, String)], overrides: &[String], tables: &[DataBytes]) -> String {
    let mut hasher = Sha256::new();
    let texts = files.iter().map(|(_, text)| text).chain(overrides).map(String::as_bytes);
    for bytes in texts.chain(tables.iter().map(|(_, bytes)| bytes.as_slice())) {
        hasher.update((bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    }
    hexadecimal(hasher)
}

fn hexadecimal(hasher: Sha256) -> String {
    hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The data files as the manifest names them.
fn data_files(tables: &[DataBytes]) -> Vec<DataFile> {
    let one = |(path, bytes): &DataBytes| DataFile {
        path: path.display().to_string(),
        sha256: hexadecimal(Sha256::new_with_prefix(bytes)),
    };
    tables.iter().map(one).collect()
}

/// All checks of a document; `None` where it has errors. The caller fills in what stands outside of the
/// document.
fn understand(
    document: &Table,
    tables: Tables,
    problems: &mut Vec<Diagnostic>,
) -> Option<(Scenario, Vec<DataBytes>)> {
    let start = document.entries.first().map_or(start_of(0), |e| e.key_span);
    let fields = Fields::new(document, "the scenario", start, &KEYS, problems);
    let mut names = Names::default();
    names.tables = tables;
    let settings = settings(fields.entry("scenario"), fields.entry("axes"), &mut names, problems);
    let declarations = declare(&fields, &mut names, problems);
    let parts: Vec<Parts<'_>> = declarations
        .variables
        .iter()
        .map(|v| Parts { formula: v.formula.as_ref(), initial: v.initial.as_ref().map(Option::as_ref) })
        .collect();
    infer(&parts, &mut names);
    let (values, mut definitions) = constants(&declarations.constants, &names, problems);
    let evaluator = Evaluator { names: &names, values: &values };
    let mut figures = Figures { evaluator: &evaluator, uses: Vec::new() };
    let (inputs, more) = inputs(&declarations.inputs, &evaluator, problems);
    definitions.extend(more);
    let (formulas, more) = variables(&declarations.variables, &names, problems);
    definitions.extend(more);
    cycles(&definitions, &names, problems);
    finite_outputs(&declarations, &formulas, &evaluator, problems);
    rates(&declarations, &values, &inputs, &formulas, &names, problems);
    let outputs =
        outputs(&declarations.outputs, &declarations.variables, &settings, &names, &mut figures, problems);
    let asked = match fields.entry("scenario").map(|entry| &entry.node.value) {
        Some(Value::Table(table)) => table.get("tornado_inputs"),
        _ => None,
    };
    let tornado_inputs = tornado_inputs(asked, &names, problems);
    let is_list = |entry: &&Entry| entry.key == "correlations" || matches!(entry.node.value, Value::Array(_));
    let correlated = fields.entry("correlations").filter(is_list);
    let correlations = correlations(correlated, &declarations.inputs, &evaluator, &mut figures, problems);
    let static_inputs =
        asked.is_some_and(|entry| matches!(&entry.node.value, Value::Text(t) if t.text == "static"));
    untied(&declarations.inputs, &inputs, &correlations.named, problems);
    let lasting = persistence(&declarations.inputs, &inputs, &names, &mut figures, problems);
    let years = names.year().map_or(1, |axis| names.length(axis).max(1));
    check_ties(&correlations.groups, &lasting, years, &declarations.inputs, &correlations.named, problems);
    let factors = factors(&declarations.inputs, &names, &correlations.named, &mut figures, problems);
    if problems.iter().all(|problem| problem.code != &SCENARIO_SIZE) {
        problems.extend(total_size(&declarations, &names));
    }
    provenance(&declarations, problems);
    if !names.any_broken() && !problems.iter().any(hides_uses) {
        unused(&declarations, &definitions, &figures.uses, &correlations.named, &names, problems);
        if !problems.iter().any(Diagnostic::is_error) {
            unused_axes(&names, problems);
        }
    }
    let own_levels: Vec<_> = declarations.outputs.iter().map(|output| output.levels).collect();
    let (mut scenario, tables) = build(
        settings,
        declarations,
        Checked { values, inputs, lasting, formulas, outputs, tornado_inputs, correlations },
        names,
    )?;
    add_factors(&mut scenario, factors, static_inputs);
    find_probabilities(&mut scenario);
    for (output, keys) in scenario.outputs.iter().zip(own_levels).filter(|(output, _)| output.is_truth) {
        let name = &scenario.variables[output.variable.0].name;
        problems.extend(keys.into_iter().flatten().map(|key| of_a_probability(key, name)));
    }
    drop_units(&mut scenario, document, problems);
    Some((scenario, tables))
}

/// True for an error after which something may look unused that is not.
fn hides_uses(problem: &Diagnostic) -> bool {
    let harmless = [
        &SCENARIO_VALUE,
        &SCENARIO_SIZE,
        &PARAMETER,
        &CORRELATION,
        &CORRELATION_NAME,
        &CORRELATION_MATRIX,
        &REFERENCE,
        &CYCLE,
        &PERCENT,
    ];
    problem.is_error() && !harmless.contains(&problem.code)
}

/// Refuses more cells than [`MOST_CELLS`] in all, the largest names shown.
fn total_size(declarations: &Declarations<'_>, names: &Names) -> Option<Diagnostic> {
    let heads = declarations.constants.iter().map(|c| &c.head);
    let heads = heads.chain(declarations.inputs.iter().map(|i| &i.head));
    let heads = heads.chain(declarations.variables.iter().map(|v| &v.head));
    let mut sizes: Vec<(usize, &str, Span)> = heads
        .zip(names.symbols())
        .map(|(head, symbol)| (names.cells(names.over(symbol).unwrap_or(&[])), head.name.as_str(), head.span))
        .collect();
    let total = sizes.iter().fold(0_usize, |sum, (cells, ..)| sum.saturating_add(*cells));
    let (_, _, span) = *sizes.iter().max_by_key(|(cells, ..)| *cells)?;
    if total <= MOST_CELLS {
        return None;
    }
    sizes.sort_by_key(|(cells, ..)| std::cmp::Reverse(*cells));
    let largest: Vec<String> =
        sizes.iter().take(5).map(|(cells, name, _)| format!("{} `{name}`", grouped(*cells as u64))).collect();
    let rest = if sizes.len() > 5 { " + …" } else { "" };
    let sum = format!("{}{rest} = {} cells", largest.join(" + "), grouped(total as u64));
    Some(
        Diagnostic::error(&SCENARIO_SIZE, "the scenario has too many cells")
            .label(span, "the largest")
            .help(sum)
            .help(format!("at most {} are taken in all", grouped(MOST_CELLS as u64))),
    )
}

/// What the checks have made of the declarations.
struct Checked {
    values: Vec<Option<Vec<f64>>>,
    inputs: Vec<Option<Values>>,
    lasting: Vec<Option<f64>>,
    formulas: Vec<Option<ResolvedVariable>>,
    outputs: Vec<Output>,
    tornado_inputs: Option<Vec<InputId>>,
    correlations: Correlations,
}

fn build(
    settings: Settings,
    declarations: Declarations<'_>,
    checked: Checked,
    names: Names,
) -> Option<(Scenario, Vec<DataBytes>)> {
    let over = |symbol: Symbol| names.over(symbol).map(<[_]>::to_vec);
    let symbols = names.symbols();
    let mut symbols = symbols.into_iter();
    let mut constants = Vec::new();
    for (declaration, values) in declarations.constants.into_iter().zip(checked.values) {
        constants.push(Constant {
            over: over(symbols.next()?)?,
            values: values?,
            name: declaration.head.name,
            label: declaration.head.label,
            unit: declaration.head.unit,
            provenance: declaration.provenance,
            note: declaration.note,
        });
    }
    let mut inputs = Vec::new();
    let (mut hidden, mut drawn_by) = (Vec::new(), Vec::new());
    for (index, (declaration, values)) in declarations.inputs.into_iter().zip(checked.inputs).enumerate() {
        let values = values?;
        hidden.extend(values.hidden.into_iter().map(|values| (index, values)));
        drawn_by.extend(values.drawn_by.into_iter().map(|drawer| (InputId(index), drawer)));
        inputs.push(Input {
            over: over(symbols.next()?)?,
            laws: values.laws,
            recurrences: values.recurrences,
            persistence: checked.lasting[index],
            ranking: None,
            stream: declaration.head.name.clone(),
            name: declaration.head.name,
            label: declaration.head.label,
            unit: declaration.head.unit,
            group: declaration.group,
            provenance: declaration.provenance,
        });
    }
    let (mut groups, mut tornado_inputs) = (checked.correlations.groups, checked.tornado_inputs);
    add_hidden(hidden, &drawn_by, &mut inputs, &mut groups, &mut tornado_inputs);
    add_components(&mut inputs, tornado_inputs.as_mut(), settings.language);
    let mut variables = Vec::new();
    for (declaration, resolved) in declarations.variables.into_iter().zip(checked.formulas) {
        let resolved = resolved?;
        variables.push(Variable {
            over: over(symbols.next()?)?,
            initial: resolved.initial,
            formula: resolved.formula,
            name: declaration.head.name,
            label: declaration.head.label,
            unit: declaration.head.unit,
            text: declaration.text,
        });
    }
    drop(symbols);
    let tables = names.tables.into_files();
    let scenario = Scenario {
        name: String::new(),
        sources: Vec::new(),
        data: Vec::new(),
        hash: String::new(),
        overrides: Vec::new(),
        title: settings.title.unwrap_or_default(),
        language: settings.language,
        runs: settings.runs,
        seed: settings.seed,
        convention: settings.convention,
        asked: AskedLevels::default(),
        axes: names.axes,
        constants,
        inputs,
        variables,
        outputs: checked.outputs,
        tornado_inputs,
        correlations: groups,
        factors: Vec::new(),
    };
    Some((scenario, tables))
}
