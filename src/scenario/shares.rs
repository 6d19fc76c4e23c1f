//! `dirichlet` and `logistic_normal`: the members of an axis as shares of a whole, which sum to 1 in every run.
//!
//! Both are made of independent draws, one a member, hidden behind the input. Dirichlet: gamma draws of shape a and
//! scale 1 over their sum; shares have the Dirichlet law of these a (Devroye 1986, Non-Uniform Random Variate
//! Generation, chapter XI, section 4). Logistic-normal: exponentials of normal draws over their sum; the logarithm of
//! the ratio of any two shares is normal (Aitchison & Shen 1980, Logistic-normal distributions: some properties and
//! uses, Biometrika 67(2), 261–272, doi:10.1093/biomet/67.2.261). The largest normal is taken off first, so that no
//! exponential overflows.

use super::draw_spec::DrawSpec;
use super::evaluate::{Cell, Evaluator};
use super::expression::{Expr, Reduction};
use super::infer::axis_named;
use super::inputs::{HiddenValues, Kind, Values};
use super::laws::Typed;
use super::model::{AxisId, Recurrence};
use super::names::{did_you_mean, listed};
use super::over::Over;
use super::processes::{Hidden, Symbols, drawn};
use super::resolve::Resolver;
use super::spread::Spread;
use super::syntax::{Argument, AstKind, Word};
use super::terms::{exp, now, number};
use crate::diagnostic::{AXIS_MISMATCH, AXIS_UNKNOWN, Diagnostic, PARAMETER, PARAMETERS, Span};

/// How shares are made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Recipe {
    Dirichlet,
    LogisticNormal,
}

/// Least parameter of `dirichlet`: below it the gamma draws of all members may come to less than the least f64 in one
/// run, so that nothing is left to divide. At it, a draw does with probability 3·10⁻⁷ a member.
const LEAST: f64 = 0.02;

impl Recipe {
    /// The recipe of a word.
    pub fn of(word: &str) -> Option<Recipe> {
        [Recipe::Dirichlet, Recipe::LogisticNormal].into_iter().find(|recipe| recipe.name() == word)
    }

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Recipe::Dirichlet => "dirichlet",
            Recipe::LogisticNormal => "logistic_normal",
        }
    }

    fn usage(self) -> &'static str {
        match self {
            Recipe::Dirichlet => {
                "write `dirichlet(44, 30, 26)`, a number a member, or `dirichlet(weight)` with a constant over the axis"
            }
            Recipe::LogisticNormal => {
                "write `logistic_normal(mu, sigma)`: numbers, or constants over the axis of the shares"
            }
        }
    }

    fn kind(self) -> Kind {
        match self {
            Recipe::Dirichlet => Kind::Dirichlet,
            Recipe::LogisticNormal => Kind::LogisticNormal,
        }
    }

    /// What is drawn for each member.
    fn hidden(self) -> Hidden {
        match self {
            Recipe::Dirichlet => Hidden { name: "weight", unit: None },
            Recipe::LogisticNormal => Hidden { name: "score", unit: None },
        }
    }

    /// The family of what is drawn, and its parameters.
    fn law(self, numbers: Vec<Expr>) -> Option<super::draw_spec::LawSpec> {
        match self {
            Recipe::Dirichlet => drawn("gamma", numbers.into_iter().chain([number(1.0)]).collect()),
            Recipe::LogisticNormal => drawn("normal", numbers),
        }
    }

    /// The share of a member.
    fn share(self, along: AxisId, symbols: &Symbols) -> Expr {
        let own = now(symbols.hidden(0));
        let size = match self {
            Recipe::Dirichlet => own,
            Recipe::LogisticNormal => exp(own.clone() - Expr::Reduce(Reduction::Max, Box::new(own), along)),
        };
        Expr::Share(Box::new(size), along)
    }
}

/// Shares along an axis, with the places of their parameters.
#[derive(Debug)]
pub struct Shares {
    /// Place of the call's name.
    pub call: Span,
    pub recipe: Recipe,
    along: AxisId,
    /// `dirichlet`: one for all members, or one a member. `logistic_normal`: mu and sigma.
    numbers: Vec<Typed>,
}

/// The shares that the arguments of a call make, of an input over these axes; `None` after a report.
pub fn shares(
    recipe: Recipe,
    word: &Word,
    arguments: &[Argument],
    call: Span,
    over: &Over,
    resolver: &mut Resolver<'_>,
) -> Option<Shares> {
    let name = recipe.name();
    let is_along = |argument: &&Argument| argument.name.as_ref().is_some_and(|name| name.text == "along");
    let named: Vec<&Argument> = arguments.iter().filter(is_along).collect();
    let given: Vec<&Argument> = arguments.iter().filter(|argument| !is_along(argument)).collect();
    let expected: &[&str] = match recipe {
        Recipe::Dirichlet => &[],
        Recipe::LogisticNormal => &["mu", "sigma"],
    };
    let misnamed = given.iter().enumerate().find_map(|(place, argument)| {
        argument.name.as_ref().filter(|name| expected.get(place) != Some(&name.text.as_str()))
    });
    if let Some(wrong) = misnamed {
        let known = expected.iter().copied().chain(["along"]);
        return resolver.refuse(
            Diagnostic::error(&PARAMETERS, format!("`{name}` has no `{}` here", wrong.text))
                .label(wrong.span, "not a parameter in this place")
                .help(did_you_mean(&wrong.text, known))
                .help(recipe.usage()),
        );
    }
    if let Some(again) = named.get(1) {
        let report = Diagnostic::error(&PARAMETERS, "`along` is given twice");
        return resolver.refuse(report.label(again.value.span, "again"));
    }
    let along = along(name, word, named.first().copied(), over, resolver)?;
    let members = resolver.names.length(along);
    let fits = match recipe {
        Recipe::Dirichlet => given.len() == 1 || given.len() == members,
        Recipe::LogisticNormal => given.len() == 2,
    };
    if !fits {
        let axis = &resolver.names.axes[along.0];
        let report = match recipe {
            Recipe::Dirichlet => Diagnostic::error(
                &PARAMETERS,
                format!("`{name}` takes {members} numbers along `{}`, or one for all", axis.name),
            ),
            Recipe::LogisticNormal => {
                Diagnostic::error(&PARAMETERS, format!("`{name}` takes `mu` and `sigma`"))
            }
        };
        let most = if recipe == Recipe::Dirichlet { members } else { 2 };
        let (span, label) = match given.get(most) {
            Some(extra) => (extra.value.span, format!("number {}", most + 1)),
            None => (
                Span { start: call.end.saturating_sub(1), ..call },
                match given.len() {
                    0 => "nothing is given".to_string(),
                    1 => "1 is given".to_string(),
                    count => format!("{count} are given"),
                },
            ),
        };
        let report = report.label(span, label).help(recipe.usage());
        return resolver.refuse(match recipe {
            Recipe::Dirichlet => {
                report.help(format!("the members are {}", listed(axis.members.iter().map(String::as_str))))
            }
            Recipe::LogisticNormal => report,
        });
    }
    let numbers: Vec<Option<Typed>> = given
        .iter()
        .map(|argument| {
            let resolved = resolver.resolve(&argument.value)?;
            let axes = resolved.axes.into_iter().collect();
            Some(Typed { expr: resolved.expr, axes, span: argument.value.span })
        })
        .collect();
    let numbers = numbers.into_iter().collect::<Option<_>>()?;
    Some(Shares { call: word.span, recipe, along, numbers })
}

/// The axis of the shares: the one that `along` names, else the last one of the input that is not the year.
fn along(
    name: &str,
    word: &Word,
    named: Option<&Argument>,
    over: &Over,
    resolver: &mut Resolver<'_>,
) -> Option<AxisId> {
    let names = resolver.names;
    let input = names.name(resolver.owner);
    let year = names.year();
    let Some(argument) = named else {
        let last = over.declared.iter().rev().copied().find(|axis| Some(*axis) != year);
        return last.or_else(|| {
            let known = || names.axes.iter().filter(|axis| axis.first_year.is_none());
            let help = match known().next() {
                Some(axis) => format!("add `over = [\"{}\"]`", axis.name),
                None => {
                    "add an axis, `[axes]` with `region = [\"…\", \"…\"]`, and `over = [\"region\"]` here"
                        .to_string()
                }
            };
            resolver.refuse(
                Diagnostic::error(
                    &AXIS_MISMATCH,
                    format!("`{name}` shares a whole along an axis, `{input}` has none"),
                )
                .label(word.span, "among which members?")
                .help(help),
            )
        });
    };
    let span = argument.value.span;
    match axis_named(&argument.value, names) {
        Some(axis) if Some(axis) == year => resolver.refuse(
            Diagnostic::error(&AXIS_MISMATCH, format!("`{name}` shares a whole among members, not years"))
                .label(span, "the years")
                .help("name another axis of the input: along the years every year has shares of its own"),
        ),
        Some(axis) if over.declared.contains(&axis) => Some(axis),
        Some(axis) => resolver.refuse(
            Diagnostic::error(
                &AXIS_MISMATCH,
                format!("`along` names `{}`, and `{input}` does not run over it", names.axes[axis.0].name),
            )
            .label(span, format!("the input runs over {}", names.list(&over.declared)))
            .help("add the axis to `over`, or name another one"),
        ),
        None if names.axes_broken => None,
        None => {
            let known = || names.axes.iter().map(|axis| axis.name.as_str());
            let near = match &argument.value.kind {
                AstKind::Name(typed) | AstKind::Text(typed) => did_you_mean(typed, known()),
                _ => String::new(),
            };
            let help = if near.is_empty() { format!("the axes are {}", listed(known())) } else { near };
            resolver.refuse(
                Diagnostic::error(&AXIS_UNKNOWN, "`along` takes the name of an axis")
                    .label(span, "not an axis of this scenario")
                    .help(help),
            )
        }
    }
}

impl Shares {
    /// The numbers of the element at `cell`.
    fn of(&self, cell: &Cell) -> Vec<&Typed> {
        match self.recipe {
            Recipe::Dirichlet if self.numbers.len() > 1 => {
                cell[self.along.0].and_then(|member| self.numbers.get(member)).into_iter().collect()
            }
            _ => self.numbers.iter().collect(),
        }
    }

    /// Refuses constant parameters outside their domain, for the element at `cell`, called `element`.
    pub fn check(&self, evaluator: &Evaluator<'_>, cell: &Cell, element: Option<&str>) -> Option<Diagnostic> {
        let at = element.map_or(String::new(), |element| format!(" for `{element}`"));
        self.of(cell).into_iter().enumerate().find_map(|(place, typed)| {
            let x = evaluator.value(&typed.expr, cell)?;
            let (what, holds, requirement) = match (self.recipe, place) {
                (Recipe::Dirichlet, _) => ("a number", x >= LEAST, "0.02 or above, and finite"),
                (Recipe::LogisticNormal, 0) => ("`mu`", true, "a finite number"),
                (Recipe::LogisticNormal, _) => ("`sigma`", x > 0.0, "above 0 and finite"),
            };
            if holds && x.is_finite() {
                return None;
            }
            let it = if matches!(typed.expr, Expr::Number(_)) { "it is" } else { "it comes to" };
            let report = Diagnostic::error(
                &PARAMETER,
                format!("{what} of `{}` must be {requirement}", self.recipe.name()),
            )
            .label(typed.span, format!("{it} {x}{at}"));
            Some(match self.recipe {
                Recipe::Dirichlet if x > 0.0 => report.help(
                    "so small a number gives everything to one member in nearly every run: draw the member by \
                     `discrete` instead",
                ),
                Recipe::Dirichlet => {
                    report.help("the mean of a share is its number over the sum of all of them")
                }
                Recipe::LogisticNormal => report,
            })
        })
    }

    /// Places of the parameters, with the axes each runs over.
    pub fn places(&self) -> Vec<(Span, Vec<AxisId>)> {
        let differs = self.recipe == Recipe::Dirichlet && self.numbers.len() > 1;
        let along = differs.then_some(self.along);
        let axes = |typed: &Typed| typed.axes.iter().copied().chain(along).collect();
        self.numbers.iter().map(|typed| (typed.span, axes(typed))).collect()
    }
}

/// The values of an input whose elements are shares, `leaves` those of the spread.
///
/// # Errors
/// A report of elements that are shares of another kind, or along another axis.
pub fn values(
    input: &str,
    leaves: &[Shares],
    spread: &Spread<'_>,
    over: &[AxisId],
    symbols: &Symbols,
    evaluator: &Evaluator<'_>,
) -> Result<Values, Box<Diagnostic>> {
    let first = &leaves[0];
    let same = |other: &&Shares| (other.recipe, other.along) != (first.recipe, first.along);
    if let Some(other) = leaves.iter().find(same) {
        return Err(Box::new(
            Diagnostic::error(&PARAMETERS, format!("`{input}` shares in two ways"))
                .label(other.call, "another way")
                .context(first.call, "one way")
                .help("write one distribution, along one axis, for all members"),
        ));
    }
    let mut laws = Vec::new();
    for (element, leaf) in spread.elements.iter().enumerate() {
        let cell = evaluator.cell(over, element);
        let constant = |typed: &&Typed| {
            evaluator.value(&typed.expr, &cell).map_or_else(|| typed.expr.clone(), Expr::Number)
        };
        let numbers = leaves[*leaf].of(&cell).iter().map(constant).collect();
        laws.extend(first.recipe.law(numbers).map(DrawSpec::Law));
    }
    let formula = first.recipe.share(first.along, symbols);
    let recurrences = vec![Recurrence { initial: None, formula }; spread.elements.len()];
    let hidden = HiddenValues { hidden: first.recipe.hidden(), laws, recurrences: Vec::new(), shared: None };
    Ok(Values { recurrences, hidden: vec![hidden], kind: first.recipe.kind(), ..Values::default() })
}
