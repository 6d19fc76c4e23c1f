//! How strongly a block of [[correlations]] ties: one coefficient, or a matrix.
//!
//! All become correlations of normal scores. For a Gaussian copula with correlation r, Spearman's coefficient
//! is 6 / π · asin(r / 2) and Kendall's 2 / π · asin(r); source: Kruskal (1958), Ordinal measures of
//! association, Journal of the American Statistical Association 53(284), 814–861,
//! doi:10.1080/01621459.1958.10501481.

use super::correlations::Reader;
use super::fields::{Fields, wrong_kind};
use super::tree::{Entry, Node, Value};
use crate::diagnostic::{CORRELATION, Diagnostic, Span, TOML_LATER, TOML_TYPE};

const COEFFICIENTS: [&str; 4] = ["rho", "spearman", "kendall", "matrix"];

impl Reader<'_, '_> {
    /// Refuses every copula but the Gaussian.
    pub(super) fn copula(&mut self, fields: &Fields<'_>) {
        let Some(text) = fields.text("copula", self.problems) else { return };
        match text.text.as_str() {
            "gaussian" => {}
            "t" => self.problems.push(
                Diagnostic::error(&TOML_LATER, "the t copula is not part of this version")
                    .label(text.inner(), "a copula of a later version")
                    .help("leave `copula` out for the Gaussian copula"),
            ),
            other => self.problems.push(
                Diagnostic::error(&CORRELATION, format!("unknown copula `{other}`"))
                    .label(text.inner(), "expected gaussian")
                    .help("leave `copula` out for the Gaussian copula"),
            ),
        }
    }

    /// The one coefficient of a block.
    pub(super) fn coefficient<'t>(&mut self, fields: &Fields<'t>) -> Option<&'t Entry> {
        let given: Vec<&Entry> = COEFFICIENTS.iter().filter_map(|key| fields.entry(key)).collect();
        match given.as_slice() {
            [one] => Some(one),
            [] => {
                self.problems.push(
                    Diagnostic::error(&CORRELATION, "this block has no coefficient")
                        .label(fields.span, "tied, but how strongly?")
                        .help("add `spearman = 0.5`, or `rho`, `kendall` or `matrix`"),
                );
                None
            }
            [first, second, ..] => {
                self.problems.push(
                    Diagnostic::error(&CORRELATION, "this block has two coefficients")
                        .label(second.key_span, "the second")
                        .context(first.key_span, "the first")
                        .help("keep one of them: each says how strong the tie is, in its own measure"),
                );
                None
            }
        }
    }

    /// The correlation of normal scores that one number stands for.
    pub(super) fn single(&mut self, measure: &str, node: &Node) -> Option<f64> {
        let value = self.figures.figure(node, measure, self.problems)?;
        self.in_range(measure, value, node.span)?;
        let half_turn = std::f64::consts::PI;
        Some(match measure {
            "spearman" => 2.0 * libm::sin(half_turn * value / 6.0),
            "kendall" => libm::sin(half_turn * value / 2.0),
            _ => value,
        })
    }

    fn in_range(&mut self, measure: &str, value: f64, span: Span) -> Option<()> {
        if value.abs() < 1.0 {
            return Some(());
        }
        let report = if value.abs() == 1.0 {
            Diagnostic::error(&CORRELATION, format!("a `{measure}` of {value} makes two inputs one"))
                .label(span, "no freedom is left between them")
                .help("use one input in both places, or a value inside -1 and 1, like 0.99")
        } else {
            Diagnostic::error(&CORRELATION, format!("`{measure}` must lie between -1 and 1"))
                .label(span, format!("it is {value}"))
        };
        self.problems.push(report);
        None
    }

    /// The entries of a matrix, row by row, with their places.
    pub(super) fn matrix(&mut self, node: &Node, size: usize) -> Option<Vec<(f64, Span)>> {
        let example =
            format!("write {size} rows of {size} numbers: `matrix = [[1, 0.5, …], [0.5, 1, …], …]`");
        let Value::Array(rows) = &node.value else {
            self.problems.push(wrong_kind("matrix", "a list of rows", &node.value, node.span).help(example));
            return None;
        };
        if rows.len() != size {
            self.problems.push(
                Diagnostic::error(
                    &TOML_TYPE,
                    format!("`matrix` has {} rows for {size} elements", rows.len()),
                )
                .label(node.span, format!("{size} rows are needed"))
                .help(example),
            );
            return None;
        }
        let mut entries: Vec<(f64, Span)> = Vec::new();
        for row in rows {
            let Value::Array(items) = &row.value else {
                self.problems
                    .push(wrong_kind("matrix", "rows of numbers", &row.value, row.span).help(example));
                return None;
            };
            if items.len() != size {
                self.problems.push(
                    Diagnostic::error(&TOML_TYPE, format!("a row of `matrix` has {} numbers", items.len()))
                        .label(row.span, format!("{size} are needed"))
                        .help(example),
                );
                return None;
            }
            for item in items {
                entries.push((self.figures.figure(item, "matrix", self.problems)?, item.span));
            }
        }
        for i in 0..size {
            let (diagonal, span) = entries[i * size + i];
            if diagonal != 1.0 {
                self.problems.push(
                    Diagnostic::error(&CORRELATION, "the diagonal of `matrix` must be 1")
                        .label(span, format!("row {} has {diagonal} with itself", i + 1)),
                );
                return None;
            }
            for j in 0..i {
                let ((lower, span), (upper, mirror)) = (entries[i * size + j], entries[j * size + i]);
                self.in_range("matrix", lower, span)?;
                if lower != upper {
                    self.problems.push(
                        Diagnostic::error(&CORRELATION, "`matrix` must be symmetric")
                            .label(span, format!("row {}, column {}: {lower}", i + 1, j + 1))
                            .context(mirror, format!("row {}, column {}: {upper}", j + 1, i + 1)),
                    );
                    return None;
                }
            }
        }
        Some(entries)
    }
}
