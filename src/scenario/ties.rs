//! Ties between pairs of elements, merged into groups with a valid correlation matrix each.

use std::collections::{BTreeMap, BTreeSet};

use super::declare::InputDeclaration;
use super::model::{Copula, CorrelationGroup, Generator, InputElement};
use super::names::Names;
use crate::diagnostic::{CORRELATION, CORRELATION_MATRIX, Diagnostic, SCENARIO_SIZE, Span, grouped};
use crate::math::symmetric::{cholesky, eigen, nearest_correlation};

/// More elements in one group than a matrix is kept for.
pub const MOST_ELEMENTS: usize = 400;
/// Least pivot of a matrix that counts as positive definite.
const LEAST_PIVOT: f64 = 1e-10;
/// Least eigenvalue of the matrix proposed instead: four printed digits keep it above 0.
const PROPOSED_FLOOR: f64 = 1e-3;
/// Groups up to this size are printed as a whole matrix.
const PRINTED: usize = 8;

/// A correlation of the normal scores of two elements, `a` < `b`.
#[derive(Clone, Debug)]
pub struct Tie {
    pub a: InputElement,
    pub b: InputElement,
    pub rho: f64,
    pub copula: Copula,
    /// The coefficient in the file.
    pub span: Span,
}

type Pairs<'a> = BTreeMap<(InputElement, InputElement), &'a Tie>;

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
    let mut groups = Vec::new();
    for elements in connected(&pairs) {
        let n = elements.len();
        if n > MOST_ELEMENTS {
            let first = pairs.iter().find(|((a, _), _)| elements.binary_search(a).is_ok());
            problems.extend(first.map(|(_, tie)| too_large(n, tie.span)));
            continue;
        }
        let Some(copula) = copula(&elements, &pairs, problems) else { continue };
        if let Copula::Archimedean { generator, rotate, .. } = copula {
            match crowded(&elements, &pairs, generator, rotate) {
                Some(report) => problems.push(report),
                None => groups.push(CorrelationGroup {
                    copula,
                    elements,
                    matrix: Vec::new(),
                    cholesky: Vec::new(),
                }),
            }
            continue;
        }
        let matrix = matrix(&elements, &pairs);
        match cholesky(&matrix, n, LEAST_PIVOT) {
            Some(cholesky) => groups.push(CorrelationGroup { copula, elements, matrix, cholesky }),
            // Inputs over years make the same group once a year.
            None if reported.insert(spans(&elements, &pairs)) => {
                let labels: Vec<String> = elements.iter().map(|e| element(*e)).collect();
                problems.push(conflict(&elements, &labels, &matrix, &pairs));
            }
            None => {}
        }
    }
    groups
}

/// The copula that all ties of a group name; `None` after a report of two.
fn copula(elements: &[InputElement], pairs: &Pairs<'_>, problems: &mut Vec<Diagnostic>) -> Option<Copula> {
    let mut ties = pairs.iter().filter(|((a, _), _)| elements.binary_search(a).is_ok()).map(|(_, tie)| tie);
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

/// Refuses an Archimedean copula of more members than it ties, or of members that are not all alike.
fn crowded(
    elements: &[InputElement],
    pairs: &Pairs<'_>,
    generator: Generator,
    rotate: u16,
) -> Option<Diagnostic> {
    let n = elements.len();
    let own = || pairs.iter().filter(|((a, _), _)| elements.binary_search(a).is_ok());
    let span = own().next().map(|(_, tie)| tie.span)?;
    let name = generator.name();
    let report = |message: String, label: String, help: &str| {
        Some(Diagnostic::error(&CORRELATION, message).label(span, label).help(help))
    };
    if n > 2 && generator != Generator::Clayton {
        let help = "take pairs, `copula = \"clayton\"` (with `rotate = 180` for highs), or a t copula";
        return report(format!("a `{name}` copula ties pairs"), format!("{n} elements are tied"), help);
    }
    if n > 2 && rotate % 180 == 90 {
        let help = "for three and more elements `rotate` is 180";
        return report(
            format!("a `{name}` copula rotated by {rotate} ties pairs"),
            format!("{n} elements are tied"),
            help,
        );
    }
    if own().count() < n * (n - 1) / 2 {
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

/// The report of a matrix that is no correlation matrix.
fn conflict(elements: &[InputElement], labels: &[String], matrix: &[f64], pairs: &Pairs<'_>) -> Diagnostic {
    let n = elements.len();
    let eigen = eigen(matrix, n);
    let least = eigen.values[0];
    let members = conflicting(matrix, n, &eigen.vectors[0]);
    let mut entries = Vec::new();
    let mut spans: BTreeMap<Span, Vec<String>> = BTreeMap::new();
    let mut unnamed = false;
    for (place, &i) in members.iter().enumerate() {
        for &j in &members[..place] {
            let (a, b) = (i.min(j), i.max(j));
            let rho = matrix[a * n + b];
            match pairs.get(&(elements[a], elements[b])) {
                Some(tie) => {
                    let text = format!("`{}` with `{}`: rho = {}", labels[a], labels[b], short(rho));
                    spans.entry(tie.span).or_default().push(text.clone());
                    entries.push(text);
                }
                None => {
                    unnamed = true;
                    entries
                        .push(format!("`{}` with `{}`: 0, as no correlation is given", labels[a], labels[b]));
                }
            }
        }
    }
    let singular = least > -1e-9;
    let message = if singular {
        "these correlations leave no freedom"
    } else {
        "these correlations cannot hold together"
    };
    let mut report = Diagnostic::error(&CORRELATION_MATRIX, message);
    for (index, (span, texts)) in spans.into_iter().enumerate() {
        let text = match texts.as_slice() {
            [one] => one.clone(),
            several => format!("for each of {} pairs", several.len()),
        };
        report = if index == 0 { report.label(span, text) } else { report.context(span, text) };
    }
    if entries.len() <= 10 {
        report = report.help(format!("in conflict: {}", entries.join("; ")));
    }
    report = report.help(match singular {
        true => "the smallest eigenvalue is 0: one of the inputs is fixed by the others, so compute it in \
                 [formulas] instead of drawing it"
            .to_string(),
        false => {
            format!(
                "the smallest eigenvalue is {}, where a valid matrix has positive ones only",
                short(least)
            )
        }
    });
    if let Some(shared) = shared(matrix, n).filter(|_| n > 2 && !singular) {
        let bound = -1.0 / (n as f64 - 1.0);
        report = report.help(format!(
            "{n} elements can share one correlation only above -1 / {} = {}; {} is given",
            n - 1,
            short(bound),
            short(shared)
        ));
    }
    if unnamed {
        report = report.help("give the missing pairs a correlation too, or weaken the others");
    }
    report.help(proposal(labels, matrix, n))
}

/// The correlation of all pairs, where it is one and the same.
fn shared(matrix: &[f64], n: usize) -> Option<f64> {
    let mut pairs = (0..n).flat_map(|i| (0..i).map(move |j| i * n + j)).map(|k| matrix[k]);
    let first = pairs.next()?;
    pairs.all(|rho| rho == first).then_some(first)
}

/// The fewest elements, heaviest in the offending eigenvector first, whose own matrix is no correlation
/// matrix.
fn conflicting(matrix: &[f64], n: usize, vector: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    order.sort_by(|&i, &j| vector[j].abs().total_cmp(&vector[i].abs()));
    for size in 2..n {
        let part = &order[..size];
        let sub: Vec<f64> = part.iter().flat_map(|&i| part.iter().map(move |&j| matrix[i * n + j])).collect();
        if cholesky(&sub, size, LEAST_PIVOT).is_none() {
            order.truncate(size);
            break;
        }
    }
    order.sort_unstable();
    order
}

/// The nearest valid matrix, ready to be typed; of a large one the entries that change most.
fn proposal(labels: &[String], matrix: &[f64], n: usize) -> String {
    const LARGEST: usize = 30;
    if n > LARGEST {
        return String::new();
    }
    let nearest = nearest_correlation(matrix, n, PROPOSED_FLOOR);
    if n <= PRINTED {
        let names: Vec<String> = labels.iter().map(|l| format!("'{l}'")).collect();
        let rows: Vec<String> = (0..n)
            .map(|i| {
                let row: Vec<String> = (0..n).map(|j| short(nearest[i * n + j])).collect();
                format!("    [{}],", row.join(", "))
            })
            .collect();
        return format!(
            "the nearest valid matrix, in place of these blocks:\n[[correlations]]\nbetween = [{}]\n\
             matrix = [\n{}\n]",
            names.join(", "),
            rows.join("\n")
        );
    }
    let mut changes: Vec<(usize, usize)> = (0..n).flat_map(|i| (0..i).map(move |j| (j, i))).collect();
    let change = |&(i, j): &(usize, usize)| (nearest[i * n + j] - matrix[i * n + j]).abs();
    changes.sort_by(|a, b| change(b).total_cmp(&change(a)));
    let most: Vec<String> = changes
        .iter()
        .take(5)
        .map(|&(i, j)| {
            let (from, to) = (short(matrix[i * n + j]), short(nearest[i * n + j]));
            format!("`{}` with `{}` {from} → {to}", labels[i], labels[j])
        })
        .collect();
    format!("towards the nearest valid matrix change most: {}", most.join("; "))
}

/// At most four decimals, none that are zero.
fn short(x: f64) -> String {
    let text = format!("{x:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" || text == "0" {
        return if x == 0.0 || x.abs() >= 5e-5 { "0".to_string() } else { format!("{x:.1e}") };
    }
    text.to_string()
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
