//! Matrices of [[correlations]] by their structure, and whether an impossible one is repaired.
//!
//! With the elements in the order of `between`, or of the axis of a single input: `decay = r` is r^|i − j|, the
//! autoregression of first order; `range = s` is exp(−|i − j| / s), the exponential variogram; `loadings` is L Lᵀ off the
//! diagonal, the factor model. All are correlation matrices whatever the numbers. Sources: Brockwell & Davis (2016),
//! Introduction to Time Series and Forecasting, 3rd ed., section 2.2; Cressie (1993), Statistics for Spatial Data,
//! section 2.3.1; Glasserman (2003), Monte Carlo Methods in Financial Engineering, section 9.4.2.

use super::correlations::Reader;
use super::fields::{Fields, wrong_kind};
use super::model::Copula;
use super::tree::{Node, Value};
use crate::diagnostic::{CORRELATION, Diagnostic, Span, TOML_TYPE};

/// What rounding may add to a row whose squares sum to 1.
const ROUNDING: f64 = 1e-12;

impl Reader<'_, '_> {
    /// Whether a block asks for the nearest matrix; `None` after a report.
    pub(super) fn repair(&mut self, fields: &Fields<'_>, copula: Option<Copula>) -> Option<bool> {
        let Some(entry) = fields.entry("repair") else { return Some(false) };
        let text = fields.text("repair", self.problems)?;
        let report = if text.text != "nearest" {
            Diagnostic::error(&CORRELATION, format!("unknown repair `{}`", text.text))
                .label(text.inner(), "expected nearest")
                .help("leave `repair` out to have an impossible matrix refused")
        } else if matches!(copula, Some(Copula::Archimedean { .. })) {
            Diagnostic::error(&CORRELATION, "`repair` belongs to Gaussian and t copulas")
                .label(entry.key_span, "this copula has no matrix")
                .help("leave `repair` out")
        } else {
            return Some(true);
        };
        self.problems.push(report);
        None
    }

    /// The matrix of a correlation that fades with the distance of two elements, row by row, with the place.
    pub(super) fn along(&mut self, measure: &str, node: &Node, size: usize) -> Option<Vec<(f64, Span)>> {
        let value = self.figures.figure(node, measure, self.problems)?;
        if measure == "decay" {
            self.in_range(measure, value, node.span)?;
        } else if !(value > 0.0 && value.is_finite()) {
            self.problems.push(
                Diagnostic::error(&CORRELATION, "`range` must be above 0 and finite")
                    .label(node.span, format!("it is {value}"))
                    .help("it is the distance at which a correlation of 0.37 is left"),
            );
            return None;
        }
        let entry = |distance: usize| match measure {
            "decay" => libm::pow(value, distance as f64),
            _ => libm::exp(-(distance as f64) / value),
        };
        Some((0..size * size).map(|k| (entry((k / size).abs_diff(k % size)), node.span)).collect())
    }

    /// The matrix of common factors, row by row, with the places of the rows.
    pub(super) fn loadings(&mut self, node: &Node, size: usize) -> Option<Vec<(f64, Span)>> {
        let example = format!(
            "write {size} numbers, `loadings = [0.5, 0.7, …]`, or {size} rows of as many as there are factors"
        );
        let Value::Array(items) = &node.value else {
            self.problems.push(
                wrong_kind("loadings", "a list of numbers or rows", &node.value, node.span).help(example),
            );
            return None;
        };
        let mut rows: Vec<(Vec<f64>, Span)> = Vec::with_capacity(items.len());
        for item in items {
            let row: Vec<&Node> = match &item.value {
                Value::Array(numbers) => numbers.iter().collect(),
                _ => vec![item],
            };
            let figure = |number: &&Node| self.figures.figure(number, "loadings", self.problems);
            rows.push((row.iter().map(figure).collect::<Option<_>>()?, item.span));
        }
        let factors = rows.first().map_or(0, |(row, _)| row.len());
        let report = if rows.len() != size {
            let message = format!("`loadings` has {} for {size} elements", rows.len());
            Some(Diagnostic::error(&TOML_TYPE, message).label(node.span, format!("{size} are needed")))
        } else {
            let other = rows.iter().find(|(row, _)| row.len() != factors || row.is_empty());
            other.map(|(row, span)| {
                Diagnostic::error(&TOML_TYPE, "rows of `loadings` have different lengths")
                    .label(*span, format!("{} here, {factors} in the first", row.len()))
            })
        };
        if let Some(report) = report {
            self.problems.push(report.help(example));
            return None;
        }
        for (row, span) in &rows {
            let squares: f64 = row.iter().map(|loading| loading * loading).sum();
            if squares.is_nan() || squares > 1.0 + ROUNDING {
                self.problems.push(
                    Diagnostic::error(&CORRELATION, "the squares of a row of `loadings` sum to 1 at most")
                        .label(*span, format!("they sum to {squares}"))
                        .help("the sum is the share of the variance that the factors explain"),
                );
                return None;
            }
        }
        let entry = |k: usize| {
            let ((a, span), (b, _)) = (&rows[k / size], &rows[k % size]);
            let product: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
            (if k / size == k % size { 1.0 } else { product }, *span)
        };
        Some((0..size * size).map(entry).collect())
    }
}
