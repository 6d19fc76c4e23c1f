//! The checked scenario: what the file says, every name resolved, every dimension known.
//!
//! Only [`super::load`] makes one, so whoever holds a [`Scenario`] holds one that passed every check.

use std::borrow::Cow;
use std::sync::Arc;

use super::draw_spec::DrawSpec;
use super::expression::Expr;
use super::levels::{AskedLevels, Levels};
use super::percent::Convention;

/// A checked scenario.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// Stem of the scenario file's name, e.g. `cell-gene-2031`.
    pub name: String,
    /// The text of the file, `extends` resolved into a list of (path, text), base first.
    pub sources: Vec<(String, String)>,
    /// Data files that tables named, in the order in which they were first named.
    pub data: Vec<DataFile>,
    /// SHA-256 of all sources, overrides and data files, hexadecimal.
    pub hash: String,
    /// Overrides given with `--set`, as typed.
    pub overrides: Vec<String>,
    pub title: String,
    pub language: Language,
    pub runs: u64,
    pub seed: u64,
    /// What the numbers of percentiles count.
    pub convention: Convention,
    /// Levels that take the place of the outputs' own.
    pub asked: AskedLevels,
    /// All axes in declared order; the year axis, where there is one, is the last.
    pub axes: Vec<Axis>,
    pub constants: Vec<Constant>,
    pub inputs: Vec<Input>,
    /// Formulas and outputs in declared order: anything computed.
    pub variables: Vec<Variable>,
    pub outputs: Vec<Output>,
    /// Inputs that tornadoes condition on, ascending; `None` for all of them.
    pub tornado_inputs: Option<Vec<InputId>>,
    pub correlations: Vec<CorrelationGroup>,
    /// Elements that load on a factor, which is a hidden input; one group a draw of the factor.
    pub factors: Vec<FactorGroup>,
}

/// A data file that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct DataFile {
    /// As it was opened: the folder of the file that names it, then the name as typed.
    pub path: String,
    /// Of its bytes, hexadecimal.
    pub sha256: String,
}

/// Language of the words the tool itself adds to charts and reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    Korean,
}

/// Index into [`Scenario::axes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AxisId(pub usize);
/// Index into [`Scenario::constants`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ConstantId(pub usize);
/// Index into [`Scenario::inputs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InputId(pub usize);
/// Index into [`Scenario::variables`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VariableId(pub usize);

/// A named axis and its members.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    pub name: String,
    pub members: Vec<String>,
    /// For the year axis: the first (base) year.
    pub first_year: Option<i32>,
}

/// Where a number comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Provenance {
    Source(String),
    Derived(String),
    Assumption(String),
    /// Nothing was said.
    Unstated,
}

/// A constant; `values` are in row-major order over `over`.
#[derive(Clone, Debug)]
pub struct Constant {
    pub name: String,
    pub label: Option<String>,
    pub unit: Option<String>,
    pub provenance: Provenance,
    /// A remark, like how it was calibrated.
    pub note: Option<String>,
    pub over: Vec<AxisId>,
    pub values: Vec<f64>,
}

/// An uncertain input: one law an element. What drives a process is an input too, hidden from formulas: its name has a
/// space, as no name of the language can, and it stands behind those of the file.
#[derive(Clone, Debug)]
pub struct Input {
    pub name: String,
    pub label: Option<String>,
    pub unit: Option<String>,
    pub group: Option<String>,
    pub provenance: Provenance,
    /// In the order of [`Scenario::axes`].
    pub over: Vec<AxisId>,
    /// How each element is drawn, row-major over `over`; nothing where it follows a recurrence.
    pub laws: Vec<DrawSpec>,
    /// One an element, where its values rest on those of the year before instead of being drawn.
    pub recurrences: Vec<Recurrence>,
    /// Name that its draws are keyed by: its own, or that of the process it is the shock of.
    pub stream: String,
    /// Correlation of the normal scores of one year with those of the next, between −1 and 1; `None` for years that are
    /// drawn independently. What is tied to such an input in one year has the same one.
    pub persistence: Option<f64>,
    /// Of an input that draws the rows of a table, 1, 2, …: the column by whose values a tornado ranks them.
    pub ranking: Option<Arc<[f64]>>,
}

/// How an element follows from the year before.
#[derive(Clone, Debug)]
pub struct Recurrence {
    /// In the base year; `None` where the formula holds there too.
    pub initial: Option<Expr>,
    pub formula: Expr,
}

/// Anything computed: a formula or the formula of an output.
#[derive(Clone, Debug)]
pub struct Variable {
    pub name: String,
    pub label: Option<String>,
    pub unit: Option<String>,
    /// In the order of [`Scenario::axes`] (so the year is last).
    pub over: Vec<AxisId>,
    /// Value in the base year, for a recurrence with a start of its own.
    pub initial: Option<Expr>,
    pub formula: Expr,
    /// The formula as the file spells it.
    pub text: String,
}

/// A variable that is reported.
#[derive(Clone, Debug)]
pub struct Output {
    pub variable: VariableId,
    pub reference: Option<Reference>,
    pub tornado: TornadoRequest,
    /// First year that is reported; `None` for all of them.
    pub from: Option<i32>,
    /// Percentiles and tail means that are reported.
    pub levels: Levels,
    /// True where it is 0 or 1 in every run: its mean is a probability.
    pub is_truth: bool,
    /// The two values that a cell takes by chance, the lower one first; none where there may be others.
    pub values: Option<[f64; 2]>,
}

/// A value to draw beside the results.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    pub value: f64,
    /// `None` for an output without years.
    pub year: Option<i32>,
    pub label: String,
}

/// For which cells of an output a tornado is asked.
#[derive(Clone, Debug, PartialEq)]
pub enum TornadoRequest {
    /// The key was left out.
    Default,
    /// `tornado = false`.
    Off,
    /// `tornado = true`: every cell (of an output over years: the last year).
    On,
    /// `tornado = [2028, 2031]`.
    Years(Vec<i32>),
}

/// One element of an input: row-major index over its axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InputElement {
    pub input: InputId,
    pub element: usize,
}

/// How elements depend on each other beyond their correlation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Copula {
    /// As normal variables do.
    Gaussian,
    /// As t variables with a common denominator do: extremes come together, more so with fewer degrees of freedom.
    T { df: f64 },
    /// Of a generator; turned by 90, 180 or 270 degrees where it is not 0. Three and more members with θ > 0, turned by 180
    /// degrees or not at all.
    Archimedean { generator: Generator, theta: f64, rotate: u16 },
}

/// Of an Archimedean copula.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generator {
    /// Lows come together.
    Clayton,
    /// Neither end does.
    Frank,
    /// Highs come together.
    Gumbel,
}

/// A set of input elements tied by a copula.
#[derive(Clone, Debug)]
pub struct CorrelationGroup {
    pub copula: Copula,
    /// In the order of declaration of the inputs.
    pub elements: Vec<InputElement>,
    /// Correlation matrix of the normal scores, row-major, positive definite; empty with an Archimedean copula.
    pub matrix: Vec<f64>,
    /// Lower Cholesky factor of `matrix`, row-major.
    pub cholesky: Vec<f64>,
    /// What the scenario asks for, where `matrix` is the nearest to it that is a correlation matrix.
    pub asked: Option<Vec<f64>>,
}

/// Elements with a common factor: the normal score of each is w z₀ + √(1 − w²) z, with the score z₀ of the factor.
#[derive(Clone, Debug, PartialEq)]
pub struct FactorGroup {
    pub factor: InputElement,
    /// With their loadings w, between −1 and 1.
    pub members: Vec<(InputElement, f64)>,
}

impl Scenario {
    /// Gives every output the levels that were asked for.
    pub fn ask(&mut self, asked: AskedLevels) {
        self.outputs.iter_mut().for_each(|output| asked.replace(&mut output.levels, self.convention));
        self.asked = asked;
    }

    /// The year axis, if the scenario has years.
    pub fn year_axis(&self) -> Option<AxisId> {
        self.axes.iter().position(|a| a.first_year.is_some()).map(AxisId)
    }

    /// The input whose draws an input has: its shock where it is a process, else itself.
    pub fn drawn(&self, input: InputId) -> InputId {
        let own = &self.inputs[input.0];
        let is_shock = |other: &Input| other.stream == own.name && !other.laws.is_empty();
        match own.laws.is_empty() {
            true => self.inputs.iter().position(is_shock).map_or(input, InputId),
            false => input,
        }
    }

    /// Number of cells of a variable, constant or input over these axes.
    pub fn cells(&self, over: &[AxisId]) -> usize {
        over.iter().map(|a| self.axes[a.0].members.len()).product()
    }

    /// Member indices of cell `index` over these axes, row-major.
    pub fn members(&self, over: &[AxisId], mut index: usize) -> Vec<usize> {
        let mut members = vec![0; over.len()];
        for (slot, axis) in over.iter().enumerate().rev() {
            let length = self.axes[axis.0].members.len();
            members[slot] = index % length;
            index /= length;
        }
        members
    }

    /// Year of cell `index` over these axes, where the year is one of them.
    pub fn year_of(&self, over: &[AxisId], index: usize) -> Option<i32> {
        let axis = self.year_axis().filter(|year| over.contains(year))?;
        let member = self.members(over, index)[over.iter().position(|a| *a == axis)?];
        Some(self.axes[axis.0].first_year? + member as i32)
    }

    /// Name of one cell, e.g. `impact[approvals]`, `market[2031]` or plain `cagr`. Members that would not be read as one
    /// word stand in quotes, so that two cells never have the same name.
    pub fn cell_name(&self, name: &str, over: &[AxisId], index: usize) -> String {
        if over.is_empty() {
            return name.to_string();
        }
        let members: Vec<_> = self.member_names(over, index).into_iter().map(in_an_index).collect();
        format!("{name}[{}]", members.join(", "))
    }

    /// Names of the members of cell `index` along these axes.
    pub fn member_names(&self, over: &[AxisId], index: usize) -> Vec<&str> {
        over.iter().zip(self.members(over, index)).map(|(a, m)| self.axes[a.0].members[m].as_str()).collect()
    }
}

/// A member as it stands between the brackets of a name.
fn in_an_index(member: &str) -> Cow<'_, str> {
    let is_plain =
        !member.is_empty() && member.trim() == member && !member.contains([',', '[', ']', '"', '\'', '=']);
    match is_plain {
        true => Cow::Borrowed(member),
        false if member.contains('"') => Cow::Owned(format!("'{member}'")),
        false => Cow::Owned(format!("\"{member}\"")),
    }
}
