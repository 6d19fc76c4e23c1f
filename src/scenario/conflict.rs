//! Correlations that cannot hold together: which of them, and the nearest matrix that can.

use std::collections::BTreeMap;

use super::model::InputElement;
use super::ties::{LEAST_PIVOT, Pairs};
use crate::diagnostic::{CORRELATION_MATRIX, Diagnostic, Span};
use crate::math::symmetric::{cholesky, eigen, nearest_correlation};

/// Least eigenvalue of the matrix proposed or taken instead: four printed digits keep it above 0.
const FLOOR: f64 = 1e-3;
/// Most elements whose matrix is repaired: each of some hundred steps is of the order of their number cubed.
pub const MOST_REPAIRED: usize = 100;
/// Groups up to this size are printed as a whole matrix.
const PRINTED: usize = 8;
/// Most elements whose repair is worked out for a report.
const PROPOSED: usize = 30;
/// Most elements of which all sets are tried.
const SEARCHED: usize = 12;

/// The nearest matrix that is a correlation matrix.
pub fn repaired(matrix: &[f64], n: usize) -> Vec<f64> {
    nearest_correlation(matrix, n, FLOOR)
}

/// The report of a matrix that is no correlation matrix.
pub fn conflict(
    elements: &[InputElement],
    labels: &[String],
    matrix: &[f64],
    pairs: &Pairs<'_>,
) -> Diagnostic {
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

/// The smallest set of elements whose own matrix is no correlation matrix, of several the one with the smallest
/// eigenvalue: by all sets up to [`SEARCHED`] elements. Of more elements triples are looked at, then what is left of the
/// elements that are heavy in the offending eigenvector when none can be spared.
fn conflicting(matrix: &[f64], n: usize, vector: &[f64]) -> Vec<usize> {
    if n <= SEARCHED {
        let smallest = (2..n).find_map(|size| {
            let sets = subsets(n, size).into_iter().filter(|set| fails(matrix, n, set));
            sets.map(|set| (least(matrix, n, &set), set)).min_by(|a, b| a.0.total_cmp(&b.0))
        });
        return smallest.map_or_else(|| (0..n).collect(), |(_, set)| set);
    }
    if let Some(triple) = worst_triple(matrix, n) {
        return triple;
    }
    let mut heavy: Vec<usize> = (0..n).collect();
    heavy.sort_by(|&i, &j| vector[j].abs().total_cmp(&vector[i].abs()));
    let enough = (4..n).find(|&size| fails(matrix, n, &heavy[..size])).unwrap_or(n);
    heavy.truncate(enough);
    for place in (0..heavy.len()).rev() {
        let mut fewer = heavy.clone();
        fewer.remove(place);
        if fails(matrix, n, &fewer) {
            heavy = fewer;
        }
    }
    heavy.sort_unstable();
    heavy
}

/// The three elements whose matrix has the smallest determinant, where it is not above 0.
fn worst_triple(matrix: &[f64], n: usize) -> Option<Vec<usize>> {
    let mut worst: Option<(f64, [usize; 3])> = None;
    for i in 0..n {
        for j in 0..i {
            let a = matrix[i * n + j];
            for k in 0..j {
                let (b, c) = (matrix[i * n + k], matrix[j * n + k]);
                let determinant = 1.0 - a * a - b * b - c * c + 2.0 * a * b * c;
                if determinant < worst.map_or(LEAST_PIVOT, |(least, _)| least) {
                    worst = Some((determinant, [k, j, i]));
                }
            }
        }
    }
    worst.map(|(_, triple)| triple.to_vec()).filter(|triple| fails(matrix, n, triple))
}

/// Sets of `size` of the numbers below `n`, in lexicographic order.
fn subsets(n: usize, size: usize) -> Vec<Vec<usize>> {
    let mut sets = vec![Vec::new()];
    for _ in 0..size {
        let longer = |set: Vec<usize>| {
            let first = set.last().map_or(0, |last| last + 1);
            (first..n).map(move |next| [set.as_slice(), &[next]].concat())
        };
        sets = sets.into_iter().flat_map(longer).collect();
    }
    sets
}

/// The matrix of some of the elements.
fn part(matrix: &[f64], n: usize, set: &[usize]) -> Vec<f64> {
    set.iter().flat_map(|&i| set.iter().map(move |&j| matrix[i * n + j])).collect()
}

fn fails(matrix: &[f64], n: usize, set: &[usize]) -> bool {
    cholesky(&part(matrix, n, set), set.len(), LEAST_PIVOT).is_none()
}

fn least(matrix: &[f64], n: usize, set: &[usize]) -> f64 {
    eigen(&part(matrix, n, set), set.len()).values[0]
}

/// The nearest valid matrix, ready to be typed; of a large one the entries that change most.
fn proposal(labels: &[String], matrix: &[f64], n: usize) -> String {
    if n > MOST_REPAIRED {
        return format!("at most {MOST_REPAIRED} elements are repaired by `repair = \"nearest\"`");
    }
    if n > PROPOSED {
        return "add `repair = \"nearest\"` to take the nearest valid matrix".to_string();
    }
    let nearest = repaired(matrix, n);
    if n <= PRINTED {
        let names: Vec<String> = labels.iter().map(|l| format!("'{l}'")).collect();
        let rows: Vec<String> = (0..n)
            .map(|i| {
                let row: Vec<String> = (0..n).map(|j| short(nearest[i * n + j])).collect();
                format!("    [{}],", row.join(", "))
            })
            .collect();
        return format!(
            "add `repair = \"nearest\"` to take the nearest valid matrix, or write it in place of these blocks:\n[[correlations]]\nbetween = [{}]\n\
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
    format!("add `repair = \"nearest\"` to take the nearest valid matrix; most change {}", most.join("; "))
}

/// At most four decimals, none that are zero.
pub fn short(x: f64) -> String {
    let text = format!("{x:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" || text == "0" {
        return if x == 0.0 || x.abs() >= 5e-5 { "0".to_string() } else { format!("{x:.1e}") };
    }
    text.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matrix_of(n: usize, pairs: &[(usize, usize, f64)]) -> Vec<f64> {
        let mut matrix: Vec<f64> = (0..n * n).map(|k| if k / n == k % n { 1.0 } else { 0.0 }).collect();
        for &(i, j, rho) in pairs {
            matrix[i * n + j] = rho;
            matrix[j * n + i] = rho;
        }
        matrix
    }

    fn found(n: usize, pairs: &[(usize, usize, f64)]) -> Vec<usize> {
        let matrix = matrix_of(n, pairs);
        conflicting(&matrix, n, &eigen(&matrix, n).vectors[0])
    }

    #[test]
    fn the_smallest_conflict_is_found_beside_a_larger_and_heavier_one() {
        // Four elements that share −0.45 have the smallest eigenvalue, −0.35; the triple has −0.02.
        let mut pairs = vec![(0, 1, 0.8), (1, 2, 0.8), (0, 2, 0.25)];
        pairs.extend((3..7).flat_map(|i| (3..i).map(move |j| (j, i, -0.45))));
        assert_eq!(found(7, &pairs), [0, 1, 2]);
        // The same among more elements than are searched in full.
        assert_eq!(found(20, &pairs), [0, 1, 2]);
    }

    #[test]
    fn of_two_triples_the_worse_one_is_named() {
        let pairs = [(0, 1, 0.8), (1, 2, 0.8), (0, 2, 0.25), (3, 4, 0.8), (4, 5, 0.8), (3, 5, -0.9)];
        assert_eq!(found(6, &pairs), [3, 4, 5]);
    }

    #[test]
    fn a_conflict_of_many_has_no_element_to_spare() {
        // Six elements that share −0.22 fail, five of them hold: −1 / 5 and −1 / 4 are the bounds.
        let six: Vec<_> = (10..16).flat_map(|i| (10..i).map(move |j| (j, i, -0.22))).collect();
        assert_eq!(found(18, &six), (10..16).collect::<Vec<_>>());
        let few: Vec<_> = (2..8).flat_map(|i| (2..i).map(move |j| (j, i, -0.22))).collect();
        assert_eq!(found(9, &few), (2..8).collect::<Vec<_>>());
    }
}
