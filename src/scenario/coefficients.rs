//! How strongly a block of [[correlations]] ties: one coefficient, or a matrix.
//!
//! All become correlations of normal scores. For a Gaussian copula with correlation r, Spearman's coefficient
//! is 6 / π · asin(r / 2) and Kendall's 2 / π · asin(r); source: Kruskal (1958), Ordinal measures of
//! association, Journal of the American Statistical Association 53(284), 814–861,
//! doi:10.1080/01621459.1958.10501481. Kendall's is the same for a t copula; source: Fang, Fang & Kotz (2002), The
//! meta-elliptical distributions with given marginals, Journal of Multivariate Analysis 82(1), 1–16.

use super::archimedean::spearman;
use super::correlations::Reader;
use super::fields::{Fields, wrong_kind};
use super::model::{Copula, Generator};
use super::tree::{Entry, Node, Value};
use crate::diagnostic::{CORRELATION, Diagnostic, Span, TOML_TYPE, counted};
use crate::math::StudentTails;

const COEFFICIENTS: [&str; 9] =
    ["rho", "spearman", "kendall", "tail", "theta", "matrix", "decay", "range", "loadings"];

impl Copula {
    /// Spearman's coefficient of a continuous pair whose normal scores have the correlation `rho`; an Archimedean copula
    /// has its own, and that of a t copula has no closed form.
    pub fn spearman(self, rho: f64) -> Option<f64> {
        match self {
            Copula::Gaussian => Some(6.0 / std::f64::consts::PI * libm::asin(0.5 * rho)),
            Copula::T { .. } => None,
            Copula::Archimedean { generator, theta, rotate } => {
                let turned = if rotate % 180 == 90 { -1.0 } else { 1.0 };
                Some(turned * spearman(generator, theta))
            }
        }
    }
}

impl Reader<'_, '_> {
    /// The copula a block names, Gaussian where it names none; `None` after a report.
    pub(super) fn copula(&mut self, fields: &Fields<'_>) -> Option<Copula> {
        let df = fields.entry("df");
        let text = match fields.entry("copula") {
            Some(_) => Some(fields.text("copula", self.problems)?),
            None => None,
        };
        let name = text.map_or("gaussian", |text| text.text.as_str());
        if let (Some(generator), None) = (Generator::named(name), df) {
            return self.archimedean(generator, fields);
        }
        if let Some(entry) = fields.entry("rotate") {
            self.problems.push(
                Diagnostic::error(&CORRELATION, "`rotate` belongs to clayton and gumbel copulas")
                    .label(entry.key_span, "this one looks the same from both ends")
                    .help("for a negative tie write a negative coefficient"),
            );
            return None;
        }
        match (name, df) {
            ("gaussian", None) => return Some(Copula::Gaussian),
            ("gaussian" | "clayton" | "frank" | "gumbel", Some(df)) => self.problems.push(
                Diagnostic::error(&CORRELATION, "`df` belongs to a t copula")
                    .label(df.key_span, "other copulas have no degrees of freedom")
                    .help("add `copula = \"t\"`, or leave `df` out"),
            ),
            ("t", Some(entry)) => {
                let df = self.figures.figure(&entry.node, "df", self.problems)?;
                if df > 0.0 && df.is_finite() {
                    return Some(Copula::T { df });
                }
                self.problems.push(
                    Diagnostic::error(&CORRELATION, "`df` must be above 0 and finite")
                        .label(entry.node.span, format!("it is {df}"))
                        .help("4 ties extremes strongly, 30 is nearly Gaussian"),
                );
            }
            ("t", None) => self.problems.push(
                Diagnostic::error(&CORRELATION, "a t copula needs its degrees of freedom")
                    .label(text.map_or(fields.span, |text| text.inner()), "how heavy are its tails?")
                    .help("add `df = 4`: the fewer, the more often extremes come together"),
            ),
            (other, _) => self.problems.push(
                Diagnostic::error(&CORRELATION, format!("unknown copula `{other}`"))
                    .label(
                        text.map_or(fields.span, |text| text.inner()),
                        "expected gaussian, t, clayton, frank or gumbel",
                    )
                    .help("leave `copula` out for the Gaussian copula"),
            ),
        }
        None
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
                        .help("add `spearman = 0.5`, or `rho`, `kendall`, `tail` or `matrix`"),
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

    /// The correlation of normal (or t) scores that one number stands for.
    pub(super) fn single(&mut self, measure: &str, node: &Node, copula: Copula) -> Option<f64> {
        if let Copula::Archimedean { theta, .. } = copula {
            return Some(theta);
        }
        let value = self.figures.figure(node, measure, self.problems)?;
        if measure == "theta" {
            self.problems.push(
                Diagnostic::error(&CORRELATION, "`theta` belongs to an Archimedean copula")
                    .label(node.span, "a parameter of clayton, frank or gumbel")
                    .help("add `copula = \"clayton\"`, or write `kendall`"),
            );
            return None;
        }
        if measure == "tail" {
            return self.of_tail_dependence(value, node.span, copula);
        }
        self.in_range(measure, value, node.span)?;
        let half_turn = std::f64::consts::PI;
        let of_spearman = 2.0 * libm::sin(half_turn * value / 6.0);
        match (measure, copula) {
            ("spearman", Copula::T { .. }) => {
                let kendall = 2.0 / half_turn * libm::asin(of_spearman);
                self.problems.push(
                    Diagnostic::error(&CORRELATION, "a t copula takes `rho`, `kendall` or `tail`")
                        .label(node.span, "its Spearman coefficient has no closed form")
                        .help(format!(
                            "`kendall = {kendall:.3}` is what a Gaussian copula has with this value"
                        )),
                );
                None
            }
            ("spearman", _) => Some(of_spearman),
            ("kendall", _) => Some(libm::sin(half_turn * value / 2.0)),
            _ => Some(value),
        }
    }

    /// The correlation of a t copula whose members share an extreme with this probability.
    ///
    /// - Formula: λ = 2 T(−√((ν + 1)(1 − ρ) / (1 + ρ))), T with ν + 1 degrees of freedom, solved for ρ.
    /// - Source: Embrechts, McNeil & Straumann (2002), Correlation and dependence in risk management, in Risk
    ///   Management: Value at Risk and Beyond, section 4.2.
    fn of_tail_dependence(&mut self, value: f64, span: Span, copula: Copula) -> Option<f64> {
        let report = match copula {
            Copula::T { df } if value > 0.0 && value < 1.0 => {
                let distance = StudentTails::new(df + 1.0).distance(0.5 * value);
                let ratio = distance * distance / (df + 1.0);
                return Some((1.0 - ratio) / (1.0 + ratio));
            }
            Copula::T { .. } => Diagnostic::error(&CORRELATION, "`tail` must lie between 0 and 1")
                .label(span, format!("it is {value}"))
                .help("it is the chance that one is extreme when the other is"),
            _ => Diagnostic::error(&CORRELATION, "a Gaussian copula has no tail dependence")
                .label(span, "extremes do not come together")
                .help("add `copula = \"t\"` and `df = 4`"),
        };
        self.problems.push(report);
        None
    }

    pub(super) fn in_range(&mut self, measure: &str, value: f64, span: Span) -> Option<()> {
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
                    format!("`matrix` has {} for {size} elements", counted(rows.len() as u64, "row")),
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
