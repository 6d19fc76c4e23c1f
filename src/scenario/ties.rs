//! Ties between pairs of elements, merged into groups with a valid correlation matrix each.

use std::collections::{BTreeMap, BTreeSet};

use super::conflict::{MOST_REPAIRED, conflict, repaired, short};
use super::declare::InputDeclaration;
use super::model::{Copula, CorrelationGroup, Generator, InputElement};
use super::names::Names;
use crate::diagnostic::{CORRELATION, Diagnostic, SCENARIO_SIZE, Span, grouped};
use crate::math::symmetric::cholesky;

/// More elements in one group than a matrix is kept for.
pub const MOST_ELEMENTS: usize = 400;
/// Least pivot of a matrix that counts as positive definite.
pub const LEAST_PIVOT: f64 = 1e-10;

/// A correlation of the normal scores of two elements, `a` < `b`.
#[derive(Clone, Debug)]
pub struct Tie {
    pub a: InputElement,
    pub b: InputElement,
    pub rho: f64,
    pub copula: Copula,
    /// Whether the nearest matrix is taken where this and others cannot hold together.
    pub repair: bool,
    /// The coefficient in the file.
    pub span: Span,
}

pub type Pairs<'a> = BTreeMap<(InputElement, InputElement), &'a Tie>;

/// The groups of elements that are tied to each other, directly or through others; pairs that are not named
/// are 0.
pub fn groups(
    ties: &[Tie],
    inputs: &[InputDeclaration<'_>],
    names: &Names,
    problems: &mut Vec<Diagnostic>,
) -> Vec<CorrelationGroup> {
    let element = |e: InputElement| element_name(e, inputs, names);
    let mut pairs: Pairs<'_> = BTreeMap::new();
    let mut quarrels = BTreeSet::new();
    for tie in ties {
        let first = *pairs.entry((tie.a, tie.b)).or_insert(tie);
        if first.rho != tie.rho && quarrels.insert((first.span, tie.span)) {
            problems.push(
                Diagnostic::error(&CORRELATION, "two correlations of the same pair")
                    .label(tie.span, format!("`{}` with `{}` again", element(tie.a), element(tie.b)))
                    .context(first.span, "first here, with another value")
                    .help("keep one of them"),
            );
        }
    }
    if !quarrels.is_empty() {
        return Vec::new();
    }
    let mut reported = BTreeSet::new();
    let mut repairs: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    let mut groups = Vec::new();
    for elements in connected(&pairs) {
        let n = elements.len();
        if n > MOST_ELEMENTS {
            problems.extend(own(&elements, &pairs).next().map(|tie| too_large(n, tie.span)));
            continue;
        }
        let Some(copula) = copula(&elements, &pairs, problems) else { continue };
        if let Copula::Archimedean { generator, theta, rotate } = copula {
            match crowded(&elements, &pairs, (generator, theta, rotate)) {
                Some(report) => problems.push(report),
                None => groups.push(CorrelationGroup {
                    copula,
                    elements,
                    matrix: Vec::new(),
                    cholesky: Vec::new(),
                    asked: None,
                }),
            }
            continue;
        }
        let matrix = matrix(&elements, &pairs);
        if let Some(cholesky) = cholesky(&matrix, n, LEAST_PIVOT) {
            groups.push(CorrelationGroup { copula, elements, matrix, cholesky, asked: None });
            continue;
        }
        if n <= MOST_REPAIRED && own(&elements, &pairs).any(|tie| tie.repair) {
            // Inputs over years ask for the same matrix once a year.
            let known = repairs.iter().find(|(asked, _)| *asked == matrix).map(|(_, used)| used.clone());
            let used = known.unwrap_or_else(|| repaired(&matrix, n));
            if let Some(cholesky) = cholesky(&used, n, LEAST_PIVOT) {
                repairs.push((matrix.clone(), used.clone()));
                groups.push(CorrelationGroup {
                    copula,
                    elements,
                    matrix: used,
                    cholesky,
                    asked: Some(matrix),
                });
                continue;
            }
        }
        if reported.insert(spans(&elements, &pairs)) {
            let labels: Vec<String> = elements.iter().map(|e| element(*e)).collect();
            problems.push(conflict(&elements, &labels, &matrix, &pairs));
        }
    }
    groups
}

/// The ties of a group.
fn own<'p>(elements: &'p [InputElement], pairs: &'p Pairs<'_>) -> impl Iterator<Item = &'p Tie> {
    pairs.iter().filter(|((a, _), _)| elements.binary_search(a).is_ok()).map(|(_, tie)| *tie)
}

/// The copula that all ties of a group name; `None` after a report of two.
fn copula(elements: &[InputElement], pairs: &Pairs<'_>, problems: &mut Vec<Diagnostic>) -> Option<Copula> {
    let mut ties = own(elements, pairs);
    let first = ties.next()?;
    let Some(other) = ties.find(|tie| tie.copula != first.copula) else { return Some(first.copula) };
    problems.push(
        Diagnostic::error(&CORRELATION, "elements tied to each other have two copulas")
            .label(other.span, spelled(other.copula))
            .context(first.span, spelled(first.copula))
            .help("give all blocks that share inputs the same `copula`, and the same `df`"),
    );
    None
}

/// Refuses an Archimedean copula of more members than it ties, or of members that are not all alike; θ and the
/// rotation beside the generator.
fn crowded(
    elements: &[InputElement],
    pairs: &Pairs<'_>,
    (generator, theta, rotate): (Generator, f64, u16),
) -> Option<Diagnostic> {
    let n = elements.len();
    let span = own(elements, pairs).next()?.span;
    let name = generator.name();
    let report = |message: String, label: String, help: &str| {
        Some(Diagnostic::error(&CORRELATION, message).label(span, label).help(help))
    };
    if n > 2 && generator == Generator::Frank && theta < 0.0 {
        let help =
            "three inputs cannot all move against each other like this: take pairs, or a Gaussian copula";
        return report(
            "a `frank` copula of three and more elements is positive".to_string(),
            format!("theta is {} for {n} elements", short(theta)),
            help,
        );
    }
    if n > 2 && rotate % 180 == 90 {
        let help = "for three and more elements `rotate` is 180";
        return report(
            format!("a `{name}` copula rotated by {rotate} ties pairs"),
            format!("{n} elements are tied"),
            help,
        );
    }
    if own(elements, pairs).count() < n * (n - 1) / 2 {
        let help = "name all of them in one block: `between = [\"a\", \"b\", \"c\"]`";
        let label = "some pairs of these are not named".to_string();
        return report(format!("a `{name}` copula ties all pairs of a group alike"), label, help);
    }
    None
}

fn spelled(copula: Copula) -> String {
    match copula {
        Copula::Archimedean { generator, theta, rotate } => {
            let turned = if rotate == 0 { String::new() } else { format!(", rotate = {rotate}") };
            format!("a {} copula with theta = {}{turned}", generator.name(), short(theta))
        }
        Copula::Gaussian => "a Gaussian copula".to_string(),
        Copula::T { df } => format!("a t copula with df = {df}"),
    }
}

/// Places of all coefficients of a group.
fn spans(elements: &[InputElement], pairs: &Pairs<'_>) -> BTreeSet<Span> {
    let all = elements.iter().enumerate().flat_map(|(i, a)| elements[i + 1..].iter().map(move |b| (*a, *b)));
    all.filter_map(|pair| pairs.get(&pair)).map(|tie| tie.span).collect()
}

/// Refuses a group of `n` elements.
pub fn too_large(n: usize, span: Span) -> Diagnostic {
    let n = n as u64;
    Diagnostic::error(&SCENARIO_SIZE, "too many elements are correlated with each other")
        .label(span, format!("{} elements = a matrix of {} numbers", grouped(n), grouped(n * n)))
        .help(format!("at most {MOST_ELEMENTS} are taken in one group"))
}

/// Sets of elements connected by pairs, each in rising order.
fn connected(pairs: &Pairs<'_>) -> Vec<Vec<InputElement>> {
    let mut neighbours: BTreeMap<InputElement, Vec<InputElement>> = BTreeMap::new();
    for (a, b) in pairs.keys() {
        neighbours.entry(*a).or_default().push(*b);
        neighbours.entry(*b).or_default().push(*a);
    }
    let mut seen = BTreeSet::new();
    let mut groups = Vec::new();
    for start in neighbours.keys() {
        let mut group = BTreeSet::new();
        let mut open = vec![*start];
        while let Some(element) = open.pop() {
            if seen.insert(element) {
                group.insert(element);
                open.extend(&neighbours[&element]);
            }
        }
        if !group.is_empty() {
            groups.push(group.into_iter().collect());
        }
    }
    groups
}

fn matrix(elements: &[InputElement], pairs: &Pairs<'_>) -> Vec<f64> {
    let n = elements.len();
    let mut matrix = vec![0.0; n * n];
    for i in 0..n {
        matrix[i * n + i] = 1.0;
        for j in 0..i {
            let rho = pairs.get(&(elements[j], elements[i])).map_or(0.0, |tie| tie.rho);
            matrix[i * n + j] = rho;
            matrix[j * n + i] = rho;
        }
    }
    matrix
}

/// `impact[approvals]`, or `base` of an input without axes.
fn element_name(element: InputElement, inputs: &[InputDeclaration<'_>], names: &Names) -> String {
    let input = &inputs[element.input.0];
    let over = input.over.as_ref().map_or(&[][..], |o| &o.sorted);
    let mut members = Vec::new();
    let mut index = element.element;
    for axis in over.iter().rev() {
        let length = names.length(*axis).max(1);
        members.insert(0, names.axes[axis.0].members[index % length].as_str());
        index /= length;
    }
    if members.is_empty() {
        input.head.name.clone()
    } else {
        format!("{}[{}]", input.head.name, members.join(", "))
    }
}
