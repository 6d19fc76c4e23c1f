//! Words of a `dist` text that are neither a family nor a process: they make a draw of other laws, of shares or of data.

use super::compositions::composed;
use super::draw_spec::Movement;
use super::empirical::empirical;
use super::laws::Law;
use super::processes::PROCESSES;
use super::resolve::Resolver;
use super::syntax::{Argument, Word};
use super::wrapped::{moved, truncated};
use crate::diagnostic::Span;
use crate::distribution::FAMILIES;

/// The law of a call with these arguments, which stands at the span; `None` after a report.
type MakeLaw = fn(&Word, &[Argument], Span, &mut Resolver<'_>) -> Option<Law>;

/// One row of [`DIST_WORDS`].
#[derive(Debug)]
pub struct DistWord {
    pub name: &'static str,
    /// How it is written.
    pub spelling: &'static str,
    /// What it is for, in one sentence.
    pub summary: &'static str,
    pub example: &'static str,
    /// `None` for a word that makes more than a law, and so stands inside no other distribution.
    pub(super) law: Option<MakeLaw>,
}

/// Every such word of the language, in alphabetical order.
pub static DIST_WORDS: &[DistWord] = &[
    DistWord {
        name: "block_bootstrap",
        spelling: "block_bootstrap(table('file.csv', 'column'), length = )",
        summary: "Rows of a data file for consecutive years, so that what one year has to do with the next stays.",
        example: "block_bootstrap(table('history.csv', 'price'), length = 3)",
        law: None,
    },
    DistWord {
        name: "bootstrap",
        spelling: "bootstrap(table('file.csv', 'column'))",
        summary: "A row of a data file; all inputs of the file have the same one, so that columns stay together.",
        example: "bootstrap(table('history.csv', 'price'))",
        law: None,
    },
    DistWord {
        name: "compound",
        spelling: "compound(count, severity, retention = , limit = , aggregate_retention = , aggregate_limit = )",
        summary: "The sum of a random number of severities, and what a cover pays of it; the last four may be left out.",
        example: "compound(poisson(3), lognormal(mean = 1, cv = 2))",
        law: None,
    },
    DistWord {
        name: "dirichlet",
        spelling: "dirichlet(a1, a2, …, along = axis)",
        summary: "Shares of the members of an axis; a number each, or one for all. `along` may be left out.",
        example: "dirichlet(44.3, 30, 25.7)",
        law: None,
    },
    DistWord {
        name: "empirical",
        spelling: "empirical(table('file.csv', 'column'), smooth = false)",
        summary: "What was observed: the values of a column of data, or with `smooth = true` those between them too.",
        example: "empirical(table('history.csv', 'price'))",
        law: Some(empirical),
    },
    DistWord {
        name: "logistic_normal",
        spelling: "logistic_normal(mu, sigma, along = axis)",
        summary: "Shares of the members of an axis, made of normal draws that correlations can tie.",
        example: "logistic_normal(0, 0.5)",
        law: None,
    },
    DistWord {
        name: "mixture",
        spelling: "mixture(weight: law, …)",
        summary: "One of several laws, each as often as its weight says; weights need not sum to 1.",
        example: "mixture(0.6: normal(0, 1), 0.4: lognormal(1, 0.5))",
        law: Some(composed),
    },
    DistWord {
        name: "scale",
        spelling: "scale(law, by)",
        summary: "A law with every draw multiplied by a number above 0.",
        example: "scale(poisson(3), 1.5)",
        law: Some(|word, arguments, _, resolver| moved(Movement::Scale, word, arguments, resolver)),
    },
    DistWord {
        name: "shift",
        spelling: "shift(law, by)",
        summary: "A law with a number added to every draw.",
        example: "shift(exponential(2.5), 10)",
        law: Some(|word, arguments, _, resolver| moved(Movement::Shift, word, arguments, resolver)),
    },
    DistWord {
        name: "splice",
        spelling: "splice(body, tail, at, p = )",
        summary: "One law up to a point and another beyond, p the probability below it; `p` may be left out.",
        example: "splice(lognormal(1, 0.5), pareto(2.5, 4), 5)",
        law: Some(composed),
    },
    DistWord {
        name: "truncate",
        spelling: "truncate(law, min = , max = )",
        summary: "A law given that it stays between two bounds, of which one may be left out.",
        example: "truncate(normal(0, 1), min = -2, max = 2)",
        law: Some(|word, arguments, _, resolver| truncated(word, arguments, resolver)),
    },
    DistWord {
        name: "zero_inflated",
        spelling: "zero_inflated(law, p)",
        summary: "0 with probability p, else the law.",
        example: "zero_inflated(lognormal(1, 0.5), 0.3)",
        law: Some(composed),
    },
];

/// The row of a word.
pub fn dist_word(name: &str) -> Option<&'static DistWord> {
    DIST_WORDS.iter().find(|word| word.name == name)
}

/// Every word that a `dist` text may begin with: families, processes and these.
pub fn all_words() -> impl Iterator<Item = &'static str> {
    let processes = PROCESSES.iter().map(|process| process.entry.name);
    let words = DIST_WORDS.iter().map(|word| word.name);
    FAMILIES.iter().map(|family| family.name).chain(processes).chain(words)
}
