//! From the tree of a formula to an expression whose names and dimensions are known to be right.

use std::collections::BTreeSet;

use super::expression::{Expr, Symbol};
use super::functions::{FUNCTIONS, RESERVED};
use super::model::AxisId;
use super::names::{Named, Names, with_definition};
use super::syntax::{Ast, AstKind, Word};
use crate::diagnostic::{
    AXIS_MISMATCH, CONSTANT, CYCLE, Diagnostic, FUNCTION_ARGUMENTS, PREVIOUS, Span, UNKNOWN_NAME,
};

/// An expression and the axes it runs over.
#[derive(Clone, Debug)]
pub struct Resolved {
    pub expr: Expr,
    pub axes: BTreeSet<AxisId>,
}

/// One mention of a value, for the search for cycles and for what is never used.
#[derive(Clone, Debug)]
pub struct Use {
    pub symbol: Symbol,
    pub span: Span,
    pub when: When,
    /// Axes of the mention, those left out that are pinned or summed up around it.
    pub axes: Vec<AxisId>,
}

/// Which years of a value a mention needs, seen from the year being computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The value has no years.
    Timeless,
    /// So many years earlier, 0 for the same year.
    Back(usize),
    /// All years up to so many earlier.
    UpTo(usize),
    /// One year, by its index.
    At(usize),
    Every,
}

/// What is being defined, which decides what it may mention.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The formula of a variable; `has_initial` allows `previous`.
    Formula {
        has_initial: bool,
    },
    Initial,
    /// A parameter of an input's law.
    Parameter,
    /// The value of a constant.
    Constant,
    /// A number in a table, like a reference value: constants only, and nothing to define.
    Figure,
}

/// Resolves the expressions of one definition; reports go to `problems`, mentions to `uses`.
pub struct Resolver<'a> {
    pub names: &'a Names,
    pub owner: Symbol,
    pub part: Part,
    pub problems: &'a mut Vec<Diagnostic>,
    pub uses: Vec<Use>,
    pub(super) scope: Scope,
    /// Axes that functions around the current expression sum up.
    pub(super) summed: Vec<AxisId>,
}

/// Which years of an operand the surrounding functions read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Scope {
    Here,
    UpTo,
    Every,
}

impl<'a> Resolver<'a> {
    /// A resolver for one part of the definition of `owner`.
    pub fn new(names: &'a Names, owner: Symbol, part: Part, problems: &'a mut Vec<Diagnostic>) -> Self {
        Resolver { names, owner, part, problems, uses: Vec::new(), scope: Scope::Here, summed: Vec::new() }
    }

    /// The expression; `None` where something is wrong with it, reported here or where it is defined.
    pub fn resolve(&mut self, ast: &Ast) -> Option<Resolved> {
        match &ast.kind {
            AstKind::Number(x) => Some(Resolved { expr: Expr::Number(*x), axes: BTreeSet::new() }),
            AstKind::Text(text) => self.refuse(
                Diagnostic::error(&FUNCTION_ARGUMENTS, "a quoted text is not a value")
                    .label(ast.span, "only axes and their members may be quoted")
                    .help(match text.trim().parse::<f64>() {
                        Ok(_) => format!("leave the quotes out: `{}`", text.trim()),
                        Err(_) if self.names.find(text).is_some() => {
                            format!("leave the quotes out: `{text}`")
                        }
                        Err(_) => String::new(),
                    }),
            ),
            AstKind::Map(_) => self.refuse(
                Diagnostic::error(&FUNCTION_ARGUMENTS, "a map `{…}` is not a value")
                    .label(ast.span, "only distributions like `discrete` take one"),
            ),
            AstKind::List(_) => self.refuse(
                Diagnostic::error(&FUNCTION_ARGUMENTS, "a list `[…]` is not a value")
                    .label(ast.span, "only distributions like `histogram` take one"),
            ),
            AstKind::Weighted(weight, _) => self.refuse(
                Diagnostic::error(&FUNCTION_ARGUMENTS, "a weight `…:` cannot stand here")
                    .label(weight.span, "only the components of `mixture` have one"),
            ),
            AstKind::Name(name) => self.name(name, ast.span),
            AstKind::Index { name, .. } if RESERVED.contains(&name.text.as_str()) => {
                let help = if name.text == "previous" { "`previous(2)` goes back two years" } else { "" };
                self.refuse(
                    Diagnostic::error(&FUNCTION_ARGUMENTS, format!("`{}` cannot be indexed", name.text))
                        .label(ast.span, "a word of the language")
                        .help(help),
                )
            }
            AstKind::Index { name, items } => {
                let named = self.known(&name.text, name.span)?;
                self.reference(named, ast.span, items)
            }
            AstKind::Unary(op, x) => {
                let x = self.resolve(x)?;
                Some(Resolved { expr: Expr::Unary(*op, Box::new(x.expr)), axes: x.axes })
            }
            AstKind::Binary(op, x, y) => {
                let (x, y) = (self.resolve(x), self.resolve(y));
                let (x, y) = (x?, y?);
                let axes = x.axes.union(&y.axes).copied().collect();
                Some(Resolved { expr: Expr::Binary(*op, Box::new(x.expr), Box::new(y.expr)), axes })
            }
            AstKind::Call { function, arguments } => self.call(function, arguments, ast.span),
        }
    }

    /// Adds a report and gives up on the expression.
    pub(super) fn refuse<T>(&mut self, report: Diagnostic) -> Option<T> {
        self.problems.push(report);
        None
    }

    fn name(&mut self, name: &str, span: Span) -> Option<Resolved> {
        let number = |x| Some(Resolved { expr: Expr::Number(x), axes: BTreeSet::new() });
        match name {
            "pi" => number(std::f64::consts::PI),
            "e" => number(std::f64::consts::E),
            "previous" => self.lagged_self(1, span),
            "year" => match self.names.year() {
                Some(axis) => {
                    self.names.use_years();
                    Some(Resolved { expr: Expr::Year, axes: [axis].into() })
                }
                None => self.needs_years("`year`", span),
            },
            _ => {
                let named = self.known(name, span)?;
                self.reference(named, span, &[])
            }
        }
    }

    /// Reports that something needs a year axis.
    pub(super) fn needs_years<T>(&mut self, what: &str, span: Span) -> Option<T> {
        if self.names.axes_broken {
            return None;
        }
        self.refuse(
            Diagnostic::error(&AXIS_MISMATCH, format!("{what} needs years, and the scenario has none"))
                .label(span, "no `years` in [scenario]")
                .help("add `years = [2025, 2031]` to [scenario]"),
        )
    }

    /// What has this name; reports a name that nothing has.
    pub(super) fn known(&mut self, name: &str, span: Span) -> Option<Named> {
        if let Some(named) = self.names.find(name) {
            return Some(named);
        }
        if self.names.incomplete || self.names.is_part_of_unwritable(name) {
            return None;
        }
        let report = if let Some(axis) = self.names.axis(name) {
            Diagnostic::error(&UNKNOWN_NAME, format!("`{name}` is an axis, not a value"))
                .label(span, "an axis")
                .context(self.names.axis_spans[axis.0], "defined here")
                .help(format!("an axis is named as second argument: `sum(x, {name})`"))
        } else if let Some(function) = super::functions::function(name) {
            Diagnostic::error(&UNKNOWN_NAME, format!("`{name}` is a function"))
                .label(span, "called without arguments")
                .help(format!("write {}", function.spelled()))
        } else {
            let help = match word_of_elsewhere(name) {
                Some(help) => help,
                None => self.names.did_you_mean(name, &["year", "pi", "previous"]),
            };
            Diagnostic::error(&UNKNOWN_NAME, format!("unknown name `{name}`"))
                .label(span, "no constant, input, formula or output has this name")
                .help(help)
        };
        self.refuse(report)
    }

    /// A mention of a value, some of its axes pinned.
    fn reference(
        &mut self,
        named: Named,
        span: Span,
        items: &[super::syntax::IndexItem],
    ) -> Option<Resolved> {
        self.allowed(named, span)?;
        if named.symbol == self.owner {
            return self.self_reference(named, span);
        }
        let over = self.names.over(named.symbol)?.to_vec();
        let pinned = self.pins(named, &over, items)?;
        let axes: Vec<AxisId> =
            over.iter().copied().filter(|axis| pinned.iter().all(|(pin, _)| pin != axis)).collect();
        let year = self.names.year();
        let when = match pinned.iter().find(|(axis, _)| Some(*axis) == year) {
            Some((_, index)) => When::At(*index),
            None => self.when(&over, 0),
        };
        self.mention(named.symbol, span, when, &axes);
        let expr = Expr::Reference { symbol: named.symbol, pinned };
        Some(Resolved { expr, axes: axes.into_iter().collect() })
    }

    fn mention(&mut self, symbol: Symbol, span: Span, when: When, axes: &[AxisId]) {
        let axes = axes.iter().copied().filter(|axis| !self.summed.contains(axis)).collect();
        self.uses.push(Use { symbol, span, when, axes });
    }

    /// Years a mention needs, `lag` years back, under the functions around it.
    fn when(&self, over: &[AxisId], lag: usize) -> When {
        match self.scope {
            _ if self.names.year().is_none_or(|year| !over.contains(&year)) => When::Timeless,
            Scope::Here => When::Back(lag),
            Scope::UpTo => When::UpTo(lag),
            Scope::Every => When::Every,
        }
    }

    /// Reports a mention that this kind of definition cannot have.
    fn allowed(&mut self, named: Named, span: Span) -> Option<()> {
        let constants_only = matches!(self.part, Part::Constant | Part::Figure);
        if !constants_only || matches!(named.symbol, Symbol::Constant(_)) {
            return Some(());
        }
        let name = self.names.name(named.symbol);
        let what = if matches!(named.symbol, Symbol::Input(_)) { "an input" } else { "a formula" };
        let help = match self.part {
            Part::Constant => "write the whole as a formula in [formulas]",
            _ => "write a number, or a formula of constants",
        };
        let report = Diagnostic::error(&CONSTANT, format!("`{name}` is {what}, so this is not constant"))
            .label(span, "differs from run to run")
            .help(help);
        self.refuse(report)
    }

    fn self_reference(&mut self, named: Named, span: Span) -> Option<Resolved> {
        let name = self.names.name(named.symbol).to_string();
        let help = match (self.part, self.names.year()) {
            (Part::Formula { .. }, Some(_)) => {
                format!(
                    "write `previous` for `{name}` one year earlier, and give `initial` for the first year"
                )
            }
            _ => String::new(),
        };
        self.refuse(
            Diagnostic::error(&CYCLE, format!("`{name}` needs itself"))
                .label(span, "named in its own definition")
                .help(help),
        )
    }

    /// `previous` of the variable being defined.
    pub(super) fn lagged_self(&mut self, lag: usize, span: Span) -> Option<Resolved> {
        let name = match self.part {
            Part::Figure => String::new(),
            _ => self.names.name(self.owner).to_string(),
        };
        match self.part {
            _ if self.names.year().is_none() => return self.needs_years("`previous`", span),
            Part::Formula { has_initial: true } => {}
            Part::Formula { has_initial: false } => {
                return self.refuse(
                    Diagnostic::error(&PREVIOUS, format!("`{name}` uses `previous` and has no `initial`"))
                        .label(span, "nothing stands before the first year")
                        .help(format!("add `initial = \"…\"`, the value of `{name}` in the first year")),
                );
            }
            Part::Initial => {
                return self.refuse(
                    Diagnostic::error(&PREVIOUS, "`initial` cannot use `previous`")
                        .label(span, "nothing stands before the first year"),
                );
            }
            Part::Parameter => {
                return self.refuse(
                    Diagnostic::error(&PREVIOUS, format!("the input `{name}` has no `previous` of its own"))
                        .label(span, "an input is drawn anew in every year")
                        .help("write a recurrence in [formulas], for example `ar1(0.6, shock)`"),
                );
            }
            Part::Constant | Part::Figure => {
                return self.refuse(
                    Diagnostic::error(&PREVIOUS, "a constant has no `previous`")
                        .label(span, "only formulas recur"),
                );
            }
        }
        let mut axes: BTreeSet<AxisId> = self.names.over(self.owner)?.iter().copied().collect();
        axes.extend(self.names.year());
        let over: Vec<AxisId> = axes.iter().copied().collect();
        let when = self.when(&over, lag);
        self.mention(self.owner, span, when, &over);
        Some(Resolved { expr: Expr::Lagged { symbol: self.owner, pinned: Vec::new(), lag }, axes })
    }

    /// `previous(x)` and `previous(x, lag)`.
    pub(super) fn lagged(&mut self, ast: &Ast, lag: usize) -> Option<Resolved> {
        let (word, items): (Word, &[_]) = match &ast.kind {
            AstKind::Name(text) if !RESERVED.contains(&text.as_str()) => {
                (Word { text: text.clone(), span: ast.span }, &[])
            }
            AstKind::Index { name, items } => (name.clone(), items),
            _ => {
                return self.refuse(
                    Diagnostic::error(&FUNCTION_ARGUMENTS, "`previous` takes a name")
                        .label(ast.span, "an expression")
                        .help("give the expression a name in [formulas], then write `previous(that_name)`"),
                );
            }
        };
        let named = self.known(&word.text, word.span)?;
        self.allowed(named, word.span)?;
        if named.symbol == self.owner && items.is_empty() {
            return self.lagged_self(lag, ast.span);
        }
        if named.symbol == self.owner {
            return self.self_reference(named, ast.span);
        }
        let over = match self.names.over(named.symbol) {
            Some(over) => over.to_vec(),
            // Two formulas that need each other's `previous` have no axes for that reason alone.
            None if self.names.year().is_none() => return self.needs_years("`previous`", ast.span),
            None => return None,
        };
        let pinned = self.pins(named, &over, items)?;
        let axes: Vec<AxisId> =
            over.iter().copied().filter(|axis| pinned.iter().all(|(pin, _)| pin != axis)).collect();
        if self.names.year().is_none_or(|year| !axes.contains(&year)) {
            let report = Diagnostic::error(
                &AXIS_MISMATCH,
                format!("`{}` has no years, so it has no previous value", self.names.name(named.symbol)),
            )
            .label(ast.span, "the same in every year")
            .help(format!("write `{}` alone", self.names.name(named.symbol)));
            let report = with_definition(report, self.names, named);
            return self.refuse(report);
        }
        let when = self.when(&over, lag);
        self.mention(named.symbol, ast.span, when, &axes);
        let expr = Expr::Lagged { symbol: named.symbol, pinned, lag };
        Some(Resolved { expr, axes: axes.into_iter().collect() })
    }
}

/// All function names, for the nearest one.
pub(super) fn function_names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|f| f.name)
}

/// What to write for a word that other languages have for a value.
fn word_of_elsewhere(name: &str) -> Option<String> {
    let power =
        name.strip_suffix('²').map(|base| (base, 2)).or_else(|| name.strip_suffix('³').map(|base| (base, 3)));
    if let Some((base, exponent)) = power.filter(|(base, _)| !base.is_empty()) {
        return Some(format!("write `{base}^{exponent}`"));
    }
    Some(match name.to_lowercase().as_str() {
        "true" => "write `1` for true".to_string(),
        "false" => "write `0` for false".to_string(),
        "null" | "none" | "nil" | "na" | "nan" => {
            "runs without a value come of themselves, as from a division by 0, and are counted".to_string()
        }
        "inf" | "infinity" => "write a number beyond all that is possible, such as `1e30`".to_string(),
        "π" => "write `pi`".to_string(),
        _ => return None,
    })
}
